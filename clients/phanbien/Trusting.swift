import Glibc
import NIOCore
import NIOSSL
import PhanbienCommands
import ReviewDigest
import ReviewProtocol
import Terminal

/// The server's own certificate authority: shown and agreed to at the first login, pinned from then on.
enum Trusting {
    /// The authority to trust for a login: from a file, as pinned before, or taken from the server and agreed to.
    ///
    /// It is pinned by `pin`, after it has served.
    ///
    /// - Parameter agree: asks the person; nil when there is nobody to ask.
    static func authority(
        _ program: Program, _ profile: Profile, agree: ((_ question: [String]) -> Bool)?
    ) throws(CommandFailure) -> [UInt8] {
        if let path = program.invocation.option("ca") {
            return try certificate(in: path)
        }
        if let pinned = profile.authority { return pinned }
        let der = try presented(by: profile.address)
        let digest = Digest(hashing: der).description
        if let expected = program.invocation.option("fingerprint") {
            guard let digits = Fingerprint.digits(expected) else {
                throw CommandFailure(
                    .usage, "--fingerprint cần 64 chữ số thập lục phân.", "--fingerprint takes 64 hexadecimal digits.")
            }
            guard digits == digest else {
                throw CommandFailure(
                    .notPermitted,
                    "Vân tay CA của máy chủ khác vân tay đã cho. Không đăng nhập. Vân tay của máy chủ:\(fingerprint(digest))",
                    "The server's CA has another fingerprint than the one given. Not logged in. It is:\(fingerprint(digest))"
                )
            }
        } else {
            guard let agree else {
                throw CommandFailure(
                    .notPermitted, "Máy chủ \(profile.address.text) chưa được tin cậy trên máy này.",
                    "\(profile.address.text) is not trusted on this machine yet.",
                    next: Bilingual(
                        "Thêm --ca TỆP (ca.pem của máy chủ) hoặc --fingerprint \(digest) nếu đúng là vân tay quản trị hệ thống đã báo.",
                        "Add --ca FILE (the server's ca.pem), or --fingerprint \(digest) if that is what the administrator told you."
                    ))
            }
            let screen = program.screen
            let question =
                [
                    screen.text(
                        Bilingual(
                            "Lần đầu kết nối máy chủ \(profile.address.text). Vân tay SHA-256 của chứng thư CA:",
                            "First connection to \(profile.address.text). SHA-256 fingerprint of its CA certificate:"))
                ] + Fingerprint.paired(digest).map { "  " + $0 } + [
                    screen.text(
                        Bilingual(
                            "Hãy so với vân tay quản trị hệ thống đã báo trước khi đồng ý.",
                            "Compare it with what the administrator told you before you agree."))
                ]
            guard agree(question) else {
                throw CommandFailure(
                    .notPermitted, "Chưa tin cậy máy chủ; không đăng nhập.", "The server is not trusted; not logged in."
                )
            }
        }
        return pem(der)
    }

    /// Keeps an authority, once a server has proved itself by it and a person has logged in there.
    static func pin(_ pem: [UInt8], _ profile: Profile) throws(CommandFailure) {
        do {
            try profile.pin(pem)
        } catch {
            throw PrivateFolder.failure(error, at: profile.authorityPath)
        }
    }

    private static func certificate(in path: String) throws(CommandFailure) -> [UInt8] {
        let named = SafeText.escape(path)
        let octets: [UInt8]
        do {
            octets = try Files.read(path, largest: 1_048_576)
        } catch {
            let reason = World.reason(error.code)
            throw CommandFailure(
                .noInput, "Không đọc được tệp \(named): \(reason.vietnamese).",
                "\(named) cannot be read: \(reason.english).")
        }
        guard let found = try? NIOSSLCertificate.fromPEMBytes(octets), !found.isEmpty else {
            throw CommandFailure(
                .badData, "Tệp \(named) không phải chứng thư PEM.", "\(named) holds no PEM certificate.")
        }
        return octets
    }

    /// The authority's certificate (DER) that a server shows: the last of its chain.
    private static func presented(by address: ServerAddress) throws(CommandFailure) -> [UInt8] {
        let chain = try chain(of: address)
        guard chain.count >= 2, let last = chain.last else {
            throw CommandFailure(
                .unavailable, "Máy chủ \(address.text) không gửi kèm chứng thư CA.",
                "\(address.text) does not show its CA certificate.",
                next: Bilingual("Thêm --ca TỆP (ca.pem của máy chủ).", "Add --ca FILE (the server's ca.pem)."))
        }
        return last
    }

    /// The certificates that a server shows, without telling it anything.
    private static func chain(of address: ServerAddress) throws(CommandFailure) -> [[UInt8]] {
        guard let mailbox = try? Mailbox() else {
            throw CommandFailure(.inputOutput, "Hệ thống không mở được đường ống.", "The system has no pipe left.")
        }
        let wire = Wire(mailbox)
        wire.connect(to: address, trust: .inspection)
        let deadline = Link.now() + 15_000
        while Link.now() < deadline {
            _ = mailbox.wait(milliseconds: Int(clamping: deadline - Link.now()))
            for arrival in mailbox.take().arrivals {
                switch arrival {
                case .certificates(_, let chain):
                    wire.disconnect()
                    return chain
                case .ended(_, let error):
                    throw CommandFailure(
                        .unavailable, "Không kết nối được máy chủ \(address.text): \(error.message.vietnamese).",
                        "Cannot connect to \(address.text): \(error.message.english).",
                        next: Bilingual(
                            "Kiểm tra máy chủ đã chạy chưa, địa chỉ và cổng có đúng không.",
                            "Check that the server runs, and that address and port are right."))
                case .connected, .octets, .wentOut, .done: break
                }
            }
        }
        throw CommandFailure(.unavailable, "Máy chủ \(address.text) không trả lời.", "No answer from \(address.text).")
    }

    /// Why the pinned authority does not vouch for the server any more.
    static func changedAuthority(_ profile: Profile, pinned: [UInt8]) throws(CommandFailure) -> CommandFailure {
        let known = (try? NIOSSLCertificate.fromPEMBytes(pinned))?.compactMap { try? $0.toDERBytes() } ?? []
        let chain = (try? chain(of: profile.address)) ?? []
        let now = chain.last
        if let now, known.contains(where: { $0 == now }) {
            var clock = timespec()
            clock_gettime(CLOCK_REALTIME, &clock)
            if let failure = facts(chain)?.complaint(host: profile.address.host, now: clock.tv_sec) { return failure }
        }
        guard profile.authority == pinned else {
            return CommandFailure(
                .notPermitted,
                "Chứng thư của máy chủ \(profile.address.text) không do CA đã cho ký. Không gửi gì cho máy chủ này.",
                "The certificate of \(profile.address.text) was not issued by the CA given. Nothing was sent to this server.",
                next: Bilingual("Hỏi quản trị hệ thống tệp ca.pem đúng.", "Ask the administrator for the right ca.pem.")
            )
        }
        let before = known.first.map { fingerprint(Digest(hashing: $0).description) } ?? " ?"
        let after = now.map { fingerprint(Digest(hashing: $0).description) } ?? " ?"
        let path = SafeText.escape(profile.authorityPath)
        return CommandFailure(
            .notPermitted,
            "CHỨNG THƯ CA CỦA MÁY CHỦ \(profile.address.text) ĐÃ THAY ĐỔI. Có thể có người đứng giữa. Không gửi gì cho máy chủ này.\nĐã ghim:\(before)\nHiện nay:\(after)",
            "THE CA OF \(profile.address.text) HAS CHANGED. Somebody may sit in between. Nothing was sent to this server.\nPinned:\(before)\nNow:\(after)",
            next: Bilingual(
                "Hỏi quản trị hệ thống. Nếu đúng là CA mới: phanbien login … --ca TỆP, hoặc xóa \(path) rồi đăng nhập lại.",
                "Ask the administrator. If the new CA is right: phanbien login … --ca FILE, or remove \(path) and log in again."
            ))
    }

    /// What the first certificate of a chain says, within the dates of those above it.
    private static func facts(_ chain: [[UInt8]]) -> CertificateFacts? {
        let certificates = chain.compactMap { try? NIOSSLCertificate(bytes: $0, format: .der) }
        guard certificates.count == chain.count, let own = certificates.first else { return nil }
        let names = own._subjectAlternativeNames().compactMap { name -> String? in
            switch name.nameType {
            case .dnsName: String(decoding: name.contents, as: UTF8.self)
            case .ipAddress:
                try? SocketAddress(packedIPAddress: ByteBuffer(bytes: Array(name.contents)), port: 0).ipAddress
            default: nil
            }
        }
        return CertificateFacts(
            names: names, begins: certificates.map { Int($0.notValidBefore) }.max() ?? 0,
            ends: certificates.map { Int($0.notValidAfter) }.min() ?? 0)
    }

    /// A digest as at the first login, in lines of its own that no window breaks, so that two can be compared by eye.
    private static func fingerprint(_ digest: String) -> String {
        Fingerprint.paired(digest).map { "\n  " + $0 }.joined()
    }

    /// DER as PEM (RFC 7468).
    static func pem(_ der: [UInt8]) -> [UInt8] {
        let digits = Array(Base64.encode(der).utf8)
        var text = Array("-----BEGIN CERTIFICATE-----\n".utf8)
        for start in stride(from: 0, to: digits.count, by: 64) {
            text += digits[start..<min(start + 64, digits.count)] + [0x0A]
        }
        return text + Array("-----END CERTIFICATE-----\n".utf8)
    }
}
