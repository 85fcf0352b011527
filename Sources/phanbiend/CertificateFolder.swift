import Glibc
import ReviewCore
import ReviewServer
import ReviewSignatures
import ReviewStoreSQLite

/// The four files of `--certs`: the authority's certificate and key, the server's certificate and key.
struct CertificateFolder {
    /// No certificate or key that is read here has a reason to be longer.
    static let longestOctets = 65_536

    let path: String

    /// Given to every client.
    var authority: String { path + "/ca.pem" }
    /// The authority's key: `init`, `certificate renew` and ENROL need it; it may be kept elsewhere.
    var authorityKey: String { path + "/ca.key" }
    var server: String { path + "/server.pem" }
    var serverKey: String { path + "/server.key" }

    /// Refuses a folder that holds any of the four files.
    func expectEmpty() throws(Failure) {
        for file in [authority, authorityKey, server, serverKey] where Files.exists(file) {
            throw Failure(
                .cannotCreate,
                "“\(file)” đã có; khóa cũ không bị ghi đè. Dùng thư mục --certs khác, chuyển các tệp cũ đi, hoặc chạy “phanbiend certificate renew --certs \(path)” để cấp lại chứng thư máy chủ.",
                "“\(file)” exists; keys are never written over. Use another --certs directory, move the old files away, or run “phanbiend certificate renew --certs \(path)” to issue the server's certificate anew."
            )
        }
    }

    /// What `prepare` made and `create` writes.
    struct Keys {
        fileprivate let authority: CertificateAuthority
        fileprivate let server: (certificatePEM: String, keyPEM: String)
    }

    /// Makes an authority and a server certificate, in memory.
    func prepare(hosts: [String], organisation given: String) throws(Failure) -> Keys {
        try Self.expectNames(hosts)
        // A letter and its tone mark are one of 64 characters only in NFC, and some systems type them apart. What has no
        // canonical form is no name.
        let organisation = (try? CanonicalText.field(given, maximumOctets: Self.longestOctets)) ?? ""
        guard CertificateAuthority.isName(organisation) else {
            throw Failure(
                .data,
                "--organisation: tên cơ quan trong chứng thư phải có từ 1 đến 64 ký tự, không có ký tự điều khiển (Tab, xuống dòng) hay ký tự ẩn. Viết gọn lại, ví dụ: “Trung tâm TGPL nhà nước tỉnh Lạng Sơn”.",
                "--organisation: the organisation's name in a certificate has 1 to 64 characters, no control characters (TAB, line ends) and none that cannot be seen. Write a shorter one, as in “Trung tâm TGPL nhà nước tỉnh Lạng Sơn”."
            )
        }
        do throws(SignatureError) {
            let created = try CertificateAuthority.create(
                commonName: "phanbien", organisation: organisation, notBefore: Self.notBefore)
            return Keys(
                authority: created, server: try created.issueServer(hosts: hosts, notBefore: Self.notBefore))
        } catch {
            throw Failure(error)
        }
    }

    /// Refuses what a certificate cannot hold, with what can be given instead.
    private static func expectNames(_ hosts: [String]) throws(Failure) {
        guard let wrong = hosts.first(where: { !CertificateAuthority.isHost($0) }) else { return }
        throw Failure(
            .data,
            "--host: “\(wrong)” không phải tên máy hay địa chỉ IP. Tên máy gồm chữ không dấu, số, gạch nối và dấu chấm (phanbien.coquan.vn); tên có dấu ghi ở dạng xn--….",
            "--host: “\(wrong)” is no host's name or IP address. A name has letters without accents, digits, hyphens and full stops (phanbien.coquan.vn); one with accents is given in its form xn--…."
        )
    }

    /// Writes what was prepared; nothing is ever written over.
    func create(_ keys: Keys) throws(Failure) {
        try expectEmpty()
        let (created, issued) = (keys.authority, keys.server)
        try Files.makeDirectory(path, permissions: 0o755)
        var written: [String] = []
        do throws(Failure) {
            for (file, text, permissions) in [
                (authorityKey, created.keyPEM, 0o600), (serverKey, issued.keyPEM, 0o600),
                (authority, created.certificatePEM, 0o644), (server, issued.certificatePEM, 0o644),
            ] as [(String, String, mode_t)] {
                try Files.create(file, text, permissions: permissions)
                written.append(file)
            }
        } catch {
            // Half a set would keep the next attempt from running.
            for file in written { FileSystem.remove(file) }
            throw error
        }
    }

    /// Issues a new server certificate from the authority that is there; the former files stay beside it as `.old`.
    ///
    /// - Parameter given: the names; none: those of the certificate that is there, so that no client is locked out.
    /// - Returns: the names of the new certificate, those that only the former one had, and the day on which the authority
    ///   ends, where that is why the certificate does.
    func renew(hosts given: [String]) throws(Failure) -> (names: [String], lost: [String], authorityEnds: String?) {
        let former = try formerHosts(isNeeded: given.isEmpty)
        try Self.expectNames(given)
        let hosts = given.isEmpty ? former : Self.hosts(given)
        let opened = try openAuthority(try readAuthority())
        let issued: (certificatePEM: String, keyPEM: String)
        let names: [String]
        let (ends, authorityEnds): (Int64, Int64)
        do throws(SignatureError) {
            issued = try opened.issueServer(hosts: hosts, notBefore: Self.notBefore)
            names = try CertificateAuthority.hosts(certificatePEM: issued.certificatePEM)
            ends = try CertificateAuthority.notAfter(certificatePEM: issued.certificatePEM)
            authorityEnds = try CertificateAuthority.notAfter(certificatePEM: opened.certificatePEM)
        } catch {
            throw Failure(error)
        }
        for (file, text, permissions) in [
            (serverKey, issued.keyPEM, 0o600), (server, issued.certificatePEM, 0o644),
        ] as [(String, String, mode_t)] {
            FileSystem.remove(file + ".new")
            try Files.create(file + ".new", text, permissions: permissions)
        }
        for file in [serverKey, server] where Files.exists(file) { try Files.keep(file, as: file + ".old") }
        // One right after the other. Where the power fails between the two, `problem` says how to go on.
        try Files.rename(serverKey + ".new", to: serverKey)
        try Files.settle(server + ".new", as: server)
        return (
            names, former.filter { !names.contains($0.lowercased()) },
            ends < authorityEnds ? nil : String(Instant(milliseconds: authorityEnds * 1_000).rfc3339.prefix(10))
        )
    }

    /// The authority's certificate and its key, which is mostly kept elsewhere.
    func readAuthority() throws(Failure) -> (certificate: String, key: String) {
        let certificate = try authorityText()
        guard Files.exists(authorityKey) else {
            throw Failure(
                .noInput,
                "Không có “\(authorityKey)”: khóa của CA được cất ở nơi khác. Đem về: install -o phanbien -g phanbien -m 600 ca.key \(path)/ — xong việc thì xóa khỏi máy này.",
                "There is no “\(authorityKey)”: the authority's key is kept elsewhere. Bring it: install -o phanbien -g phanbien -m 600 ca.key \(path)/ — and remove it from this machine afterwards."
            )
        }
        // The service's unit keeps it from the key, whoever owns that.
        let permit = Wording(
            "Giao tệp cho tài khoản của dịch vụ: chown phanbien: \(authorityKey) — máy chủ đang chạy còn phải được phép đọc tệp: systemctl edit phanbiend, [Service], InaccessiblePaths= (hướng dẫn vận hành, mục 6).",
            "Give the file to the service's account: chown phanbien: \(authorityKey) — a server that runs has to be let to it as well: systemctl edit phanbiend, [Service], InaccessiblePaths= (operations guide, section 6)."
        )
        return (certificate, try Files.readText(authorityKey, atMost: Self.longestOctets, permit: permit))
    }

    /// What signs; a key that is none, or another authority's, is said to be so.
    func openAuthority(_ texts: (certificate: String, key: String)) throws(Failure) -> CertificateAuthority {
        do throws(SignatureError) {
            return try CertificateAuthority(certificatePEM: texts.certificate, keyPEM: texts.key)
        } catch {
            if case .library = error { throw Failure(error) }
            throw Failure(
                .data,
                "“\(authorityKey)” không phải khóa của chứng thư nào trong “\(authority)”, hoặc không đọc được (cần dạng PEM, khóa không có mật khẩu). Đem đúng cặp tệp từ nơi cất giữ về.",
                "“\(authorityKey)” is not the key of any certificate in “\(authority)”, or cannot be read (PEM is needed, and a key without a passphrase). Bring the right pair from where it is kept."
            )
        }
    }

    /// The names of the server's certificate that is there; none where they cannot be told and are not needed.
    private func formerHosts(isNeeded: Bool) throws(Failure) -> [String] {
        do throws(Failure) {
            let certificate = try Files.readText(server, atMost: Self.longestOctets)
            do throws(SignatureError) {
                return try CertificateAuthority.hosts(certificatePEM: certificate)
            } catch {
                throw Failure(error)
            }
        } catch {
            guard isNeeded else { return [] }
            throw Failure(
                error.status,
                "Không lấy được các tên từ “\(server)” (\(error.wording.vietnamese)) Ghi mọi tên mà máy trạm dùng bằng --host.",
                "The names cannot be taken from “\(server)” (\(error.wording.english)) Give every name that clients use with --host."
            )
        }
    }

    /// The authority's certificate, or several while one follows another.
    func authorityText() throws(Failure) -> String { try Files.readText(authority, atMost: Self.longestOctets) }

    /// The SHA-256 of the authority's certificate, as people compare it over the telephone.
    ///
    /// Where an authority follows another the file has both: clients are shown the one that the server's certificate leads to.
    func fingerprint() throws(Failure) -> String {
        let certificates = try authorityText()
        let chain = try? CertificateAuthority.chain(
            certificatePEM: Files.readText(server, atMost: Self.longestOctets), authorityPEM: certificates)
        do throws(SignatureError) {
            return try CertificateAuthority.fingerprint(
                certificatePEM: chain?.certificatePEMs.last ?? certificates)
        } catch {
            throw Failure(error)
        }
    }

    /// Days until clients begin to refuse the server's certificate; negative when they do already.
    ///
    /// It needs no key: whoever may not read that learns the days all the same.
    func daysLeft() throws(Failure) -> Int64 {
        let own = try Files.readText(server, atMost: Self.longestOctets)
        let authorities = try authorityText()
        do throws(SignatureError) {
            let chain = try CertificateAuthority.chain(certificatePEM: own, authorityPEM: authorities)
            let ends = if let chain { chain.ends } else { try CertificateAuthority.notAfter(certificatePEM: own) }
            return (ends - Self.now) / 86_400
        } catch {
            throw Failure(error)
        }
    }

    /// What stands in the files that the server presents.
    private struct Texts {
        let authority: String
        let server: String
        let key: String
    }

    private func texts() throws(Failure) -> Texts {
        func text(_ file: String) throws(Failure) -> String {
            let text = try Files.readText(file, atMost: Self.longestOctets)
            // OpenSSL reads over it, the server's TLS does not.
            guard text.unicodeScalars.first != "\u{FEFF}" else {
                throw Failure(
                    .data,
                    "“\(file)” bắt đầu bằng dấu BOM, do một trình soạn thảo (Notepad) ghi thêm. Lưu lại với mã UTF-8 không có BOM, hoặc trả lại tệp gốc.",
                    "“\(file)” begins with a byte order mark that an editor (Notepad) has put there. Save it as UTF-8 without one, or put the file back as it was."
                )
            }
            return text
        }
        return Texts(authority: try text(authority), server: try text(server), key: try text(serverKey))
    }

    /// Why clients will not accept what the server presents: the file, and what to do; nil when they will.
    func problem() throws(Failure) -> (file: String, wording: Wording)? { try problem(with: texts()) }

    private func problem(with texts: Texts) throws(Failure) -> (file: String, wording: Wording)? {
        let problem: ServerCertificateProblem?
        do throws(SignatureError) {
            problem = try CertificateAuthority.problem(
                certificatePEM: texts.server, keyPEM: texts.key, authorityPEM: texts.authority, now: Self.now)
        } catch {
            guard case .unreadable = error else { throw Failure(error) }
            // Which of the three it is.
            let file =
                if !CertificateAuthority.isReadable(certificatesPEM: texts.server) {
                    server
                } else if !CertificateAuthority.isReadable(certificatesPEM: texts.authority) {
                    authority
                } else {
                    serverKey
                }
            throw Failure(
                .data,
                "“\(file)” không đọc được (cần dạng PEM, khóa không có mật khẩu). Trả lại đúng tệp, bản trước có thể có đuôi .old.",
                "“\(file)” cannot be read (PEM is needed, and a key without a passphrase). Put the right file back; the former one may end in .old."
            )
        }
        let renew = "phanbiend certificate renew --certs \(path)"
        func day(_ second: Int64) -> String { String(Instant(milliseconds: second * 1_000).rfc3339.prefix(16)) }
        return switch problem {
        case .notYetValid(let begins):
            (
                server,
                Wording(
                    "Chứng thư chỉ có hiệu lực từ \(day(begins)); đồng hồ máy này có thể sai. Chỉnh đồng hồ, hoặc: \(renew)",
                    "The certificate is not valid before \(day(begins)); this machine's clock may be wrong. Set it, or: \(renew)"
                )
            )
        case .ended(let ends):
            (
                server,
                Wording(
                    "Chứng thư đã hết hạn \(day(ends)), máy trạm sẽ từ chối máy chủ. Gia hạn: \(renew)",
                    "The certificate ended \(day(ends)), clients refuse the server. Renew it: \(renew)")
            )
        case .otherAuthority:
            (
                server,
                Wording(
                    "Chứng thư không do CA trong “\(authority)” cấp, máy trạm sẽ từ chối máy chủ. Trả lại đúng tệp ca.pem (CA gốc); nếu do CA trung gian cấp, nối chứng thư của CA ấy vào sau trong server.pem; hoặc: \(renew)",
                    "The certificate was not issued by the authority in “\(authority)”, clients refuse the server. Put the right ca.pem (the root) back; where an intermediate authority issued it, put that one's certificate behind it in server.pem; or: \(renew)"
                )
            )
        case .otherKey where isRenewalUnfinished(texts):
            (
                serverKey,
                Wording(
                    "Lần gia hạn trước dừng giữa chừng: khóa mới đã ở đây, chứng thư của nó còn ở “\(server).new”. Làm nốt: mv \(server).new \(server)",
                    "A renewal stopped halfway: the new key is here, its certificate is still “\(server).new”. Finish it: mv \(server).new \(server)"
                )
            )
        case .otherKey:
            (
                serverKey,
                Wording(
                    "Khóa này không khớp với chứng thư “\(server)”. Trả lại đúng cặp tệp (bản trước có đuôi .old), hoặc: \(renew)",
                    "This key does not belong to the certificate “\(server)”. Put the right pair back (the former ones end in .old), or: \(renew)"
                )
            )
        case nil: nil
        }
    }

    /// Whether the key is that of the certificate which `renew` was about to put in its place.
    private func isRenewalUnfinished(_ texts: Texts) -> Bool {
        guard let waiting = try? Files.readText(server + ".new", atMost: Self.longestOctets) else { return false }
        do throws(SignatureError) {
            return try CertificateAuthority.problem(
                certificatePEM: waiting, keyPEM: texts.key, authorityPEM: texts.authority, now: Self.now) != .otherKey
        } catch {
            return false
        }
    }

    /// What the server presents.
    func load() throws(Failure) -> ServerCertificates {
        let texts = try texts()
        // Those that clients refuse are served all the same, with a line of the log; a key that does not fit cannot be.
        if let (file, wording) = try problem(with: texts), file == serverKey {
            throw Failure(
                .data, "“\(file)”: \(wording.vietnamese)", "“\(file)”: \(wording.english)")
        }
        do {
            return try ServerCertificates(
                certificatePEM: texts.server, keyPEM: texts.key, authorityPEM: texts.authority)
        } catch {
            throw Failure(
                .data, "Chứng thư trong “\(path)” không dùng được: \(error).",
                "The certificates in “\(path)” cannot be used: \(error).")
        }
    }

    /// The names under which this machine is reached, those given first.
    static func hosts(_ given: [String]) -> [String] {
        var name = [CChar](repeating: 0, count: 256)
        guard gethostname(&name, name.count - 1) == 0 else { return given }
        let octets = name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        let host = String(decoding: octets, as: UTF8.self).lowercased()
        // A name that no certificate can hold is left out; the operator gives better ones with --host.
        return CertificateAuthority.isHost(host) && !given.contains(host) ? given + [host] : given
    }

    private static var now: Int64 { Int64(time(nil)) }

    /// An hour ago, for clients whose clocks are late.
    private static var notBefore: Int64 { now - 3_600 }
}
