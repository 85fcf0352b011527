import NIOSSL
import PhanbienCommands
import ReviewDigest
import ReviewSignatures

/// A person's certificate with its private key, opened.
struct Identity {
    /// The certificate, PEM.
    let certificate: String
    let key: PersonalKey
    /// What the program says of it.
    let facts: Facts

    /// What is read from a certificate.
    struct Facts {
        /// SHA-256 of its DER, 64 hexadecimal digits.
        let sha256: String
        /// The second after which it is no longer valid.
        let ends: Int
        var until: CalendarDay { CalendarDay(secondsSince1970: ends) }

        /// Nil for what is no certificate.
        init?(_ certificate: String) {
            guard let read = try? NIOSSLCertificate(bytes: Array(certificate.utf8), format: .pem),
                let der = try? read.toDERBytes()
            else { return nil }
            sha256 = Digest(hashing: der).description
            ends = Int(read.notValidAfter)
        }
    }

    /// Nil for what is no certificate.
    init?(certificate: String, key: PersonalKey) {
        guard let facts = Facts(certificate) else { return nil }
        (self.certificate, self.key, self.facts) = (certificate, key, facts)
    }

    var signer: Signer { .certificate(sha256: facts.sha256, until: facts.until) }

    /// The certificate and its key as a TLS connection presents them.
    ///
    /// - Throws: where the two do not belong together, as soon as a connection is made with them.
    func present(in configuration: inout TLSConfiguration) throws {
        configuration.certificateChain = [
            .certificate(try NIOSSLCertificate(bytes: Array(certificate.utf8), format: .pem))
        ]
        configuration.privateKey = .privateKey(try NIOSSLPrivateKey(bytes: Array(key.pem.utf8), format: .pem))
    }
}

/// A private key, perhaps locked, behind what it belongs to – a certificate, or the request for one – in one file, so that
/// the two never come apart.
struct KeyFile {
    /// The certificate or the request, PEM.
    let head: String
    /// The private key, PEM.
    let key: String

    init(head: String, key: String) {
        func whole(_ block: String) -> String { block.hasSuffix("\n") ? block : block + "\n" }
        (self.head, self.key) = (whole(head), whole(key))
    }

    /// Parts a file's text; of what is no such file neither half can be read.
    init(_ text: String) {
        let end = text.firstRange(of: "-----\n-----BEGIN")
        let cut = end.map { text.index($0.lowerBound, offsetBy: 6) } ?? text.endIndex
        self.init(head: String(text[..<cut]), key: String(text[cut...]))
    }

    /// Whether the key has a passphrase.
    var isLocked: Bool { key.hasPrefix("-----BEGIN ENCRYPTED PRIVATE KEY") }

    var octets: [UInt8] { Array((head + key).utf8) }
}
