import COpenSSL

/// Why no client accepts what a server presents, although each of its files can be read.
public enum ServerCertificateProblem: Error, Sendable, Equatable {
    /// It is not valid before this second since 1970-01-01 UTC.
    case notYetValid(Int64)
    /// It ended with this second.
    case ended(Int64)
    /// Another authority signed it.
    case otherAuthority
    /// The key belongs to another certificate.
    case otherKey
}

extension CertificateAuthority {
    /// What is wrong with a server's certificate; nil when clients with this authority accept it.
    ///
    /// - Parameter authorityPEM: one certificate, or several while an authority follows another.
    /// - Throws: `unreadable` for what is no certificate or key.
    public static func problem(
        certificatePEM: String, keyPEM: String, authorityPEM: String, now: Int64
    ) throws(SignatureError) -> ServerCertificateProblem? {
        let certificate = try PEM.certificate(certificatePEM)
        defer { X509_free(certificate) }
        let key = try PEM.privateKey(keyPEM)
        defer { EVP_PKEY_free(key) }
        defer { ERR_clear_error() }
        guard X509_check_private_key(certificate, key) == 1 else { return .otherKey }
        guard try isSigned(certificate, byOneOf: authorityPEM) else { return .otherAuthority }
        let begins = try seconds(X509_get0_notBefore(certificate))
        if now < begins { return .notYetValid(begins) }
        let ends = try seconds(X509_get0_notAfter(certificate))
        return now > ends ? .ended(ends) : nil
    }

    private static func isSigned(
        _ certificate: OpaquePointer, byOneOf authorities: String
    ) throws(SignatureError) -> Bool {
        for text in try PEM.certificateTexts(authorities) {
            let authority = try PEM.certificate(text)
            defer { X509_free(authority) }
            guard let key = X509_get_pubkey(authority) else { continue }
            defer { EVP_PKEY_free(key) }
            if X509_verify(certificate, key) == 1 { return true }
        }
        return false
    }
}
