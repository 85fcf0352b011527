import COpenSSL

/// A person's private key, EC P-256 when it is made here.
///
/// A value of one PEM text; the objects of OpenSSL live only as long as one call. The key stays out of every description.
public struct PersonalKey: Sendable {
    /// The most octets of a passphrase: OpenSSL's own tools take no longer one.
    static let longestPassphraseOctets = 1_024
    /// How often PBKDF2 hashes a passphrase: about half a second of one core (OWASP's number for HMAC-SHA-256).
    private static let rounds: Int32 = 600_000
    /// NIST SP 800-132 §5.1 wants 128 bits; OpenSSL's own default is half of it.
    private static let saltOctets: Int32 = 16

    /// The key as unencrypted PKCS #8.
    ///
    /// Secret: whoever has it can log in and sign in the person's name.
    public let pem: String

    /// Makes a new key.
    public static func create() throws(SignatureError) -> PersonalKey {
        guard let key = phanbien_generate_p256() else { throw .fromLibrary("generating a key") }
        defer { EVP_PKEY_free(key) }
        return PersonalKey(trusted: try PEM.text(privateKey: key))
    }

    /// Takes a key that was stored, here or by another program.
    ///
    /// The passphrase is not looked at when the key has none.
    ///
    /// - Throws: `locked` for a key with a passphrase when none or a wrong one is given; `unreadable` for a text that is
    ///   no private key; `unsuitable` for a key that is neither EC P-256 or P-384 nor RSA of 2048 to 4096 bits.
    public init(pem: String, passphrase: [UInt8]? = nil) throws(SignatureError) {
        let key = try PEM.privateKey(pem, passphrase: passphrase)
        defer { EVP_PKEY_free(key) }
        guard KeyStrength.isEnough(key) else { throw KeyStrength.problem }
        self.init(trusted: try PEM.text(privateKey: key))
    }

    private init(trusted pem: String) { self.pem = pem }

    /// The key as PKCS #8 with a passphrase (PBES2 of RFC 8018: AES-256-CBC, PBKDF2 with HMAC-SHA-256), PEM.
    ///
    /// Takes about half a second, and so does reading it.
    ///
    /// - Parameter passphrase: 1 to 1,024 octets as typed; the caller decides about Unicode normalisation.
    /// - Throws: `invalidParameter` for a passphrase of another length.
    public func locked(passphrase: [UInt8]) throws(SignatureError) -> String {
        guard (1...Self.longestPassphraseOctets).contains(passphrase.count) else {
            throw .invalidParameter("a passphrase has 1 to \(Self.longestPassphraseOctets) octets")
        }
        let key = try PEM.privateKey(pem)
        defer { EVP_PKEY_free(key) }
        guard let plain = EVP_PKEY2PKCS8(key) else { throw .fromLibrary("locking the key") }
        defer { PKCS8_PRIV_KEY_INFO_free(plain) }
        // Without a salt of ours OpenSSL draws one.
        let locked = passphrase.withUnsafeBytes { passphrase in
            PKCS8_encrypt(
                NID_hmacWithSHA256, EVP_aes_256_cbc(), passphrase.baseAddress?.assumingMemoryBound(to: CChar.self),
                Int32(passphrase.count), nil, Self.saltOctets, Self.rounds, plain)
        }
        guard let locked else { throw .fromLibrary("locking the key") }
        defer { X509_SIG_free(locked) }
        return try PEM.text(lockedKey: locked)
    }

    /// A certificate request (PKCS #10, RFC 2986) for this key, PEM.
    ///
    /// - Parameter commonName: 1 to 64 characters; the authority decides whether it takes the name over.
    /// - Throws: `invalidParameter` for a name out of bounds or with control characters.
    public func request(commonName: String) throws(SignatureError) -> String {
        let key = try PEM.privateKey(pem)
        defer { EVP_PKEY_free(key) }
        let name = try CertificateName.object([(NID_commonName, commonName)])
        defer { X509_NAME_free(name) }
        guard let request = X509_REQ_new() else { throw .fromLibrary("certificate request") }
        defer { X509_REQ_free(request) }
        guard X509_REQ_set_version(request, Int(X509_REQ_VERSION_1)) == 1,
            X509_REQ_set_subject_name(request, name) == 1, X509_REQ_set_pubkey(request, key) == 1,
            X509_REQ_sign(request, key, EVP_sha256()) > 0
        else { throw .fromLibrary("certificate request") }
        return try PEM.text(request: request)
    }

    /// A detached CMS signature (RFC 5652) over the octets as they are, PEM.
    ///
    /// With SHA-256, the signer's certificate, the signing time of this machine's clock, and signingCertificateV2
    /// (RFC 5035), which makes it a CAdES-BES (ETSI EN 319 122-1, RFC 5126).
    ///
    /// - Parameters:
    ///   - content: Less than 2 GiB.
    ///   - certificatePEM: The certificate of this key.
    /// - Throws: `unreadable` for no certificate, `unsuitable` for another key's.
    public func sign(_ content: [UInt8], certificatePEM: String) throws(SignatureError) -> String {
        let certificate = try PEM.certificate(certificatePEM)
        defer { X509_free(certificate) }
        let key = try PEM.privateKey(pem)
        defer { EVP_PKEY_free(key) }
        guard X509_check_private_key(certificate, key) == 1 else {
            ERR_clear_error()
            throw .unsuitable("the private key belongs to another certificate")
        }
        // Partial at first, because only then the digest can be chosen.
        let flags = UInt32(CMS_BINARY | CMS_DETACHED | CMS_NOSMIMECAP | CMS_CADES | CMS_PARTIAL)
        guard let signature = CMS_sign(nil, nil, nil, nil, flags) else { throw .fromLibrary("signing") }
        defer { CMS_ContentInfo_free(signature) }
        let isSigned: Bool? = content.withUnsafeBytes { content in
            MemoryReader.with(content) { reader in
                CMS_add1_signer(signature, certificate, key, EVP_sha256(), flags) != nil
                    && CMS_final(signature, reader, nil, flags) == 1
            }
        }
        guard isSigned == true else { throw .fromLibrary("signing") }
        return try PEM.text(signature: signature)
    }
}

extension PersonalKey: CustomStringConvertible, CustomReflectable {
    /// Names the kind of value alone, so that the key cannot slip into a log.
    public var description: String { "PersonalKey" }

    /// No children, for the same reason.
    public var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}
