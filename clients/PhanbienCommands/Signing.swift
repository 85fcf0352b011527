package import ReviewClient
public import ReviewProtocol

/// What a person can sign with on this machine.
public enum Signer: Sendable, Equatable {
    /// There is no certificate.
    case none
    /// There is one that cannot be used now, and why.
    case unusable(Bilingual)
    /// A certificate: its SHA-256 as 64 hexadecimal digits, and the last day on which it is valid.
    case certificate(sha256: String, until: CalendarDay)

    /// Whether something can be signed.
    public var isReady: Bool { if case .certificate = self { true } else { false } }

    /// What becomes of an approval's signature, before it is given; nil where nobody expects one.
    package var outlook: Bilingual? {
        switch self {
        case .none: nil
        case .unusable(let reason):
            Bilingual("Không ký số: \(reason.vietnamese).", "Not signed digitally: \(reason.english).")
        case .certificate:
            Bilingual("Sẽ ký số bằng \(name.vietnamese).", "To be signed digitally with \(name.english).")
        }
    }

    /// Why a certificate that the server refused is of no use.
    package static let refused = Bilingual(
        "máy chủ không nhận chứng thư của máy này", "the server does not take this machine's certificate")

    /// What became of it, once the server has taken it.
    package var outcome: Bilingual {
        Bilingual("Đã ký số bằng \(name.vietnamese).", "Signed digitally with \(name.english).")
    }

    /// The certificate, so that people know which one.
    private var name: Bilingual {
        guard case .certificate(let sha256, let until) = self else {
            return Bilingual("chứng thư", "the certificate")
        }
        let digits = Fingerprint.short(sha256)
        return Bilingual(
            "chứng thư \(digits), có giá trị đến hết \(until.text)",
            "the certificate \(digits), valid until \(until.text)"
        )
    }
}

/// The text that an approver signs.
package enum Manifest {
    /// The octets of MANIFEST's reply.
    ///
    /// - Throws: where they are not the manifest of exactly this revision, with the digest of the text that was read: the
    ///   server cannot have another one signed.
    package static func octets(
        of reply: Reply, revision: String, digest: String
    ) throws(CommandFailure) -> [UInt8] {
        let octets = reply.text
        let lines = octets.split(separator: 0x0A)
        func values(_ key: String) -> [String] {
            lines.filter { $0.starts(with: "\(key) ".utf8) }.map {
                String(decoding: $0.dropFirst(key.utf8.count + 1), as: UTF8.self)
            }
        }
        guard values("phanbien-manifest") == ["1"], values("revision") == [revision], values("sha256") == [digest]
        else {
            throw CommandFailure(
                .protocolError,
                "Bản kê máy chủ đưa để ký không phải của đúng văn bản đã đọc. Không ký, không phê duyệt.",
                "The manifest to be signed is not of exactly the text that was read. Not signed, not approved.",
                next: Bilingual("Báo quản trị hệ thống.", "Tell the administrator."))
        }
        return octets
    }

    /// Whether an approval was refused because something happened to the topic since its manifest was signed.
    package static func isOutdated(_ reply: Reply) -> Bool { reply.status.outcome == .no(NoCode.conflict.rawValue) }
}

extension CommandRunner {
    /// The signature over the present manifest of a revision.
    func signature(of revision: String, _ digest: String) throws(CommandFailure) -> [UInt8] {
        let manifest = try require(.of("MANIFEST", revision))
        return try surroundings.sign(try Manifest.octets(of: manifest, revision: revision, digest: digest))
    }
}

/// What is said of a person's certificate in more than one place.
package enum CertificateWords {
    /// How one comes to another certificate.
    package static let next = Bilingual(
        "Cần chứng thư mới: xin quản trị hệ thống mã mời (phanbien invite … --for certificate), rồi gõ: phanbien enrol.",
        "For a new one: ask the administrator for an invitation code (phanbien invite … --for certificate), then type: phanbien enrol."
    )
    /// The server knows no account of this certificate.
    package static let refused = Bilingual(
        "Máy chủ không nhận chứng thư của máy này (đã xóa, hết hạn hoặc do CA khác cấp). " + next.vietnamese,
        "The server does not take this machine's certificate (deleted, expired, or of another CA). " + next.english)
}
