import COpenSSL

/// A certificate request (PKCS #10, RFC 2986) whose own signature is right and whose key is strong enough.
///
/// Only the key is kept of it: what a certificate says of its owner is for the authority to say.
public struct CertificateRequest: Sendable {
    /// The most octets that are read of a request; one for an RSA key of 4096 bits has fewer than 2,000.
    static let longestTextOctets = 16 * 1024

    let publicKeyPEM: String

    /// Reads one PEM request; remarks before and after it are tolerated, such as `openssl req -text` writes.
    ///
    /// - Throws: `unreadable` for what is not exactly one request, or is longer than 16 KiB; `unsuitable` when it is
    ///   not signed with its own key, or the key is neither EC P-256 or P-384 nor RSA of 2048 to 4096 bits.
    public init(pem: [UInt8]) throws(SignatureError) {
        let request = try PEM.request(pem)
        defer { X509_REQ_free(request) }
        defer { ERR_clear_error() }
        guard let key = X509_REQ_get_pubkey(request) else { throw KeyStrength.problem }
        defer { EVP_PKEY_free(key) }
        // The strength first: what it bounds is also the work of the checks after it.
        guard KeyStrength.isEnough(key) else { throw KeyStrength.problem }
        guard X509_REQ_verify(request, key) == 1 else {
            throw .unsuitable("the certificate request is not signed with its own key")
        }
        publicKeyPEM = try PEM.text(publicKey: key)
    }
}

/// Which keys people may have.
enum KeyStrength {
    static let problem = SignatureError.unsuitable(
        "the key is neither EC P-256 or P-384 nor RSA of 2048 to 4096 bits")

    /// Whether a key is of a kind and size that is accepted, and its public part is sound.
    static func isEnough(_ key: OpaquePointer) -> Bool {
        defer { ERR_clear_error() }
        switch EVP_PKEY_get_base_id(key) {
        case EVP_PKEY_EC:
            guard [NID_X9_62_prime256v1, NID_secp384r1].contains(phanbien_named_curve(key)) else { return false }
        case EVP_PKEY_RSA:
            guard (2_048...4_096).contains(EVP_PKEY_get_bits(key)) else { return false }
        default: return false
        }
        // For RSA among others that the exponent is not 1, with which everybody could sign.
        guard let context = EVP_PKEY_CTX_new(key, nil) else { return false }
        defer { EVP_PKEY_CTX_free(context) }
        return EVP_PKEY_public_check(context) == 1
    }
}
