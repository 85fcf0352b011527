import COpenSSL

/// A CMS signature (RFC 5652) kept apart from what it signs.
public enum DetachedSignature {
    /// The most octets that are read of a signature; one of ours has about 1,500.
    static let longestTextOctets = 64 * 1024

    /// Who signed.
    public struct Signer: Sendable, Equatable {
        /// SHA-256 of the signer's certificate as DER, 32 octets.
        public let certificateDigest: [UInt8]
        /// The authority's certificate that issued it, alone, as PEM.
        public let authorityPEM: String
        /// The signature alone, as PEM: whatever stood around it is gone.
        public let signaturePEM: String
    }

    /// Why a signature counts for nothing.
    public enum Problem: Error, Sendable, Equatable {
        /// Not exactly one PEM signature without content of its own, by exactly one signer, whose certificate it
        /// carries, with SHA-256, SHA-384 or SHA-512; or longer than 64 KiB.
        case unreadable
        /// The signer signed something else, or the signature was changed.
        case notOverThisContent
        /// No authority issued the signer's certificate, or the certificate or its authority is not valid at the time,
        /// or is not meant for signatures.
        case untrusted
    }

    /// Finds out who signed exactly these octets.
    ///
    /// The trust is checked first, so that nobody unknown decides how much work the rest is.
    ///
    /// - Parameters:
    ///   - signaturePEM: PEM as `openssl cms -sign -binary -outform PEM` writes it, at most 64 KiB.
    ///   - content: What was signed, less than 2 GiB.
    ///   - authorityPEM: One authority's certificate, or several. One of them must have issued the signer's itself;
    ///     intermediate authorities are not looked for. A text that cannot be read is nobody's authority.
    ///   - now: The time at which certificates must be valid, in seconds since 1970-01-01 UTC; what the signature says
    ///     of its own time is only the signer's word.
    public static func signer(
        of signaturePEM: [UInt8], over content: [UInt8], authorityPEM: String, now: Int64
    ) throws(Problem) -> Signer {
        defer { ERR_clear_error() }
        guard let signature = try? PEM.signature(signaturePEM) else { throw .unreadable }
        defer { CMS_ContentInfo_free(signature) }
        guard let certificate = onlyCertificate(of: signature),
            let digest = try? CertificateAuthority.digest(of: certificate)
        else { throw .unreadable }
        guard let authority = authority(of: certificate, among: authorityPEM, now: now) else { throw .untrusted }
        let isOverThis: Bool? = content.withUnsafeBytes { content in
            MemoryReader.with(content) { reader in
                CMS_verify(signature, nil, nil, reader, nil, UInt32(CMS_BINARY | CMS_NO_SIGNER_CERT_VERIFY)) == 1
            }
        }
        guard isOverThis == true else { throw .notOverThisContent }
        guard let text = try? PEM.text(signature: signature) else { throw .unreadable }
        return Signer(certificateDigest: digest, authorityPEM: authority, signaturePEM: text)
    }

    /// The certificate of the only signer, which belongs to the signature; nil for a signature in another form.
    private static func onlyCertificate(of signature: OpaquePointer) -> OpaquePointer? {
        guard OBJ_obj2nid(CMS_get0_type(signature)) == NID_pkcs7_signed,
            OBJ_obj2nid(CMS_get0_eContentType(signature)) == NID_pkcs7_data, CMS_is_detached(signature) == 1,
            phanbien_cms_signers_count(signature) == 1, let signer = phanbien_cms_signers_at(signature, 0),
            CMS_set1_signers_certs(signature, nil, 0) == 1
        else { return nil }
        var certificate: OpaquePointer?
        var digest: UnsafeMutablePointer<X509_ALGOR>?
        CMS_SignerInfo_get0_algs(signer, nil, &certificate, &digest, nil)
        // For MD5 and SHA-1 two contents with the same digest can be made.
        guard let digest, [NID_sha256, NID_sha384, NID_sha512].contains(OBJ_obj2nid(digest.pointee.algorithm)),
            // What has another unknown digest in its list fails here; in CMS_verify it would cost memory for good.
            let digests = CMS_dataInit(signature, nil)
        else { return nil }
        BIO_free_all(digests)
        return certificate
    }

    /// The first authority that issued a certificate and with which it is valid, as PEM.
    private static func authority(of certificate: OpaquePointer, among authorities: String, now: Int64) -> String? {
        guard let texts = try? PEM.certificateTexts(authorities) else { return nil }
        for text in texts {
            guard let authority = try? PEM.certificate(text) else { continue }
            defer { X509_free(authority) }
            if isValid(certificate, of: authority, now: now) { return try? PEM.text(certificate: authority) }
        }
        return nil
    }

    /// Whether a chain of the two alone is valid for signatures (RFC 5280 §6).
    private static func isValid(_ certificate: OpaquePointer, of authority: OpaquePointer, now: Int64) -> Bool {
        // Without this a certificate that stands in the list itself would count as its own authority.
        guard X509_check_issued(authority, certificate) == X509_V_OK, let store = X509_STORE_new() else { return false }
        defer { X509_STORE_free(store) }
        guard let context = X509_STORE_CTX_new() else { return false }
        defer { X509_STORE_CTX_free(context) }
        guard X509_STORE_add_cert(store, authority) == 1,
            X509_STORE_CTX_init(context, store, certificate, nil) == 1,
            X509_STORE_CTX_set_purpose(context, X509_PURPOSE_SMIME_SIGN) == 1,
            let parameters = X509_STORE_CTX_get0_param(context)
        else { return false }
        X509_VERIFY_PARAM_set_time(parameters, Int(now))
        // The authority is trusted because it is in the list, also when another one issued its certificate.
        guard X509_VERIFY_PARAM_set_flags(parameters, UInt(X509_V_FLAG_PARTIAL_CHAIN)) == 1 else { return false }
        return X509_verify_cert(context) == 1
    }
}
