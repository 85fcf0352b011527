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

/// What leads from a server's certificate to an authority: the way that clients go when they check it.
public struct ServerChain: Sendable, Equatable {
    /// The certificates in this order, the server's own first and the authority's last, as PEM.
    public let certificatePEMs: [String]
    /// The first second at which all certificates of the chain are valid, in seconds since 1970-01-01 UTC.
    public let begins: Int64
    /// The last one.
    public let ends: Int64
}

extension CertificateAuthority {
    /// What is wrong with a server's certificate; nil when clients with this authority accept it.
    ///
    /// - Parameters:
    ///   - certificatePEM: the server's certificate, and behind it those of intermediate authorities.
    ///   - authorityPEM: one certificate, or several while an authority follows another.
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
        guard let chain = try chain(certificatePEM: certificatePEM, authorityPEM: authorityPEM) else {
            return .otherAuthority
        }
        if now < chain.begins { return .notYetValid(chain.begins) }
        return now > chain.ends ? .ended(chain.ends) : nil
    }

    /// The chain from a server's certificate, by way of those that stand with it or with the authorities, to an authority; nil
    /// when it leads to none.
    ///
    /// An authority is one that has issued its own certificate: clients of ours trust no other. Of several with one key,
    /// authorities and those between alike, the one that lasts longest counts.
    ///
    /// - Throws: `unreadable` for what is no certificate.
    public static func chain(
        certificatePEM: String, authorityPEM: String
    ) throws(SignatureError) -> ServerChain? {
        var (own, authorities): ([OpaquePointer], [OpaquePointer]) = ([], [])
        defer {
            for certificate in own + authorities { X509_free(certificate) }
            ERR_clear_error()
        }
        for text in try PEM.certificateTexts(certificatePEM) { own.append(try PEM.certificate(text)) }
        for text in try PEM.certificateTexts(authorityPEM) { authorities.append(try PEM.certificate(text)) }
        func lastsLonger(_ one: OpaquePointer, _ other: OpaquePointer) -> Bool {
            ASN1_TIME_compare(X509_get0_notAfter(one), X509_get0_notAfter(other)) > 0
        }
        let roots = authorities.filter { hasIssued($0, $0) }.sorted(by: lastsLonger)
        var chain = Array(own.prefix(1))
        var rest = (own.dropFirst() + authorities).sorted(by: lastsLonger)
        while let last = chain.last {
            if let root = roots.first(where: { hasIssued($0, last) }) { return try ServerChain(of: chain + [root]) }
            guard let next = rest.firstIndex(where: { hasIssued($0, last) }) else { return nil }
            chain.append(rest.remove(at: next))
        }
        return nil
    }

    /// Whether a text has certificates, and each of them can be read.
    public static func isReadable(certificatesPEM text: String) -> Bool {
        guard let texts = try? PEM.certificateTexts(text) else { return false }
        return texts.allSatisfy { (try? digest(certificatePEM: $0)) != nil }
    }

    /// Whether one certificate is another one's issuer, and says that it may be.
    private static func hasIssued(_ issuer: OpaquePointer, _ certificate: OpaquePointer) -> Bool {
        guard X509_check_issued(issuer, certificate) == X509_V_OK, let key = X509_get_pubkey(issuer) else {
            return false
        }
        defer { EVP_PKEY_free(key) }
        return X509_verify(certificate, key) == 1
    }
}

extension ServerChain {
    fileprivate init(of certificates: [OpaquePointer]) throws(SignatureError) {
        var (texts, begins, ends): ([String], Int64, Int64) = ([], .min, .max)
        for certificate in certificates {
            texts.append(try PEM.text(certificate: certificate))
            begins = max(begins, try CertificateAuthority.seconds(X509_get0_notBefore(certificate)))
            ends = min(ends, try CertificateAuthority.seconds(X509_get0_notAfter(certificate)))
        }
        self.init(certificatePEMs: texts, begins: begins, ends: ends)
    }
}
