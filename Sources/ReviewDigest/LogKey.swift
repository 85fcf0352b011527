/// The public half of the key with which a server signs what it says of its log: Ed25519 (RFC 8032).
///
/// Signing and checking are done elsewhere; this is its forms for files and lines.
public struct LogKey: Sendable, Equatable {
    /// The octets of a key.
    public static let octetCount = 32
    /// The octets of a signature.
    public static let signatureOctetCount = 64

    /// What stands before the key in a SubjectPublicKeyInfo (RFC 8410 section 4): the algorithm, and that 32 octets follow.
    private static let prefix: [UInt8] = [0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00]

    /// The key's 32 octets.
    public let octets: [UInt8]

    /// Takes a key; nil unless it has 32 octets.
    public init?(octets: [UInt8]) {
        guard octets.count == Self.octetCount else { return nil }
        self.octets = octets
    }

    /// Reads the one line of base 64 that stands in a PEM file.
    public init?(line: some StringProtocol) {
        guard let information = Base64.decode(line.utf8), information.starts(with: Self.prefix) else { return nil }
        self.init(octets: Array(information.dropFirst(Self.prefix.count)))
    }

    /// The SubjectPublicKeyInfo as one line of base 64.
    public var line: String { Base64.encode(information) }

    /// The file that openssl reads as a public key.
    public var pem: String { "-----BEGIN PUBLIC KEY-----\n\(line)\n-----END PUBLIC KEY-----\n" }

    /// The SHA-256 of the SubjectPublicKeyInfo (DER): what people compare over the telephone.
    public var fingerprint: Digest { Digest(hashing: information) }

    private var information: [UInt8] { Self.prefix + octets }
}
