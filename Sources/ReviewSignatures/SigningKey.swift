import COpenSSL

/// A key that signs: Ed25519 (RFC 8032), whose signature over the same octets is always the same.
///
/// A value of one PEM text; the objects of OpenSSL live only as long as one call. The key stays out of every description.
public struct SigningKey: Sendable {
    /// The octets of a public key, and of the seed from which a private one follows.
    static let keyOctetCount = 32
    /// The octets of a signature.
    public static let signatureOctetCount = 64

    /// The private key as unencrypted PKCS #8.
    ///
    /// Secret: whoever has it can sign in the server's name.
    public let keyPEM: String
    /// The public key's 32 octets.
    public let publicKey: [UInt8]

    /// Makes a new key.
    public static func create() throws(SignatureError) -> SigningKey {
        guard let key = phanbien_generate_ed25519() else { throw .fromLibrary("generating a key") }
        defer { EVP_PKEY_free(key) }
        return try SigningKey(key)
    }

    /// Takes a key that was stored.
    ///
    /// - Throws: `unreadable` for a text that is no private key, or one with a passphrase; `unsuitable` for another kind
    ///   of key.
    public init(keyPEM: String) throws(SignatureError) {
        let key = try PEM.privateKey(keyPEM)
        defer { EVP_PKEY_free(key) }
        guard EVP_PKEY_get_id(key) == EVP_PKEY_ED25519 else { throw .unsuitable("the key is not Ed25519") }
        self = try SigningKey(key)
    }

    /// The key of a seed of 32 octets (RFC 8032 section 5.1.5).
    public init(seed: [UInt8]) throws(SignatureError) {
        guard seed.count == Self.keyOctetCount else {
            throw .invalidParameter("a seed has \(Self.keyOctetCount) octets, not \(seed.count)")
        }
        guard let key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nil, seed, seed.count) else {
            throw .fromLibrary("the key of a seed")
        }
        defer { EVP_PKEY_free(key) }
        self = try SigningKey(key)
    }

    private init(_ key: OpaquePointer) throws(SignatureError) {
        keyPEM = try PEM.text(privateKey: key)
        var octets = [UInt8](repeating: 0, count: Self.keyOctetCount)
        var count = octets.count
        guard EVP_PKEY_get_raw_public_key(key, &octets, &count) == 1, count == octets.count else {
            throw .fromLibrary("the public key")
        }
        publicKey = octets
    }

    /// Signs octets as they are.
    public func sign(_ octets: [UInt8]) throws(SignatureError) -> [UInt8] {
        let key = try PEM.privateKey(keyPEM)
        defer { EVP_PKEY_free(key) }
        guard let context = EVP_MD_CTX_new() else { throw .fromLibrary("signing") }
        defer { EVP_MD_CTX_free(context) }
        var signature = [UInt8](repeating: 0, count: Self.signatureOctetCount)
        var count = signature.count
        guard EVP_DigestSignInit(context, nil, nil, nil, key) == 1,
            EVP_DigestSign(context, &signature, &count, octets, octets.count) == 1, count == signature.count
        else { throw .fromLibrary("signing") }
        return signature
    }

    /// Whether this is the signature of a public key's owner over exactly these octets.
    public static func verifies(_ signature: [UInt8], of octets: [UInt8], by publicKey: [UInt8]) -> Bool {
        guard signature.count == signatureOctetCount, publicKey.count == keyOctetCount,
            let key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nil, publicKey, publicKey.count)
        else { return false }
        defer { EVP_PKEY_free(key) }
        guard let context = EVP_MD_CTX_new() else { return false }
        defer { EVP_MD_CTX_free(context) }
        let isRight =
            EVP_DigestVerifyInit(context, nil, nil, nil, key) == 1
            && EVP_DigestVerify(context, signature, signature.count, octets, octets.count) == 1
        if !isRight { ERR_clear_error() }
        return isRight
    }
}

extension SigningKey: CustomStringConvertible, CustomReflectable {
    /// Names the kind of value alone, so that the key cannot slip into a log.
    public var description: String { "SigningKey" }

    /// No children, for the same reason.
    public var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}
