import COpenSSL

/// The server's own certificate authority: one EC P-256 key, signing with ECDSA and SHA-256.
///
/// A value of two PEM texts; the objects of OpenSSL live only as long as one call. The key stays out of every
/// description.
public struct CertificateAuthority: Sendable {
    /// Ten years: changing the authority means handing a new file to every client.
    public static let authorityDays = 3_650
    /// The longest life that macOS and iOS accept of a server certificate from a private authority, so that the same
    /// certificate also serves tools there; renewal does not concern the clients.
    public static let serverDays = 825

    /// The authority's certificate as PEM.
    ///
    /// Clients are given it as `ca.pem`; it is not secret.
    public let certificatePEM: String
    /// The authority's private key as unencrypted PKCS #8.
    ///
    /// Secret: whoever has it can imitate the server and every person who identifies by certificate.
    public let keyPEM: String

    /// Creates a new key and its self-signed certificate.
    ///
    /// - Parameters:
    ///   - commonName: The authority's name, 1 to 64 characters, for example "phanbien – Bộ Tư pháp".
    ///   - organisation: The organisation's name, 1 to 64 characters.
    ///   - notBefore: Seconds since 1970-01-01 UTC. One hour before now forgives clients whose clocks are late.
    ///   - days: How long it is valid, 1 to 36,525 days.
    /// - Throws: `invalidParameter` for names and times out of bounds.
    public static func create(
        commonName: String, organisation: String, notBefore: Int64, days: Int = authorityDays
    ) throws(SignatureError) -> CertificateAuthority {
        guard let key = phanbien_generate_p256() else { throw .fromLibrary("generating a key") }
        defer { EVP_PKEY_free(key) }
        guard let certificate = X509_new() else { throw .fromLibrary("certificate") }
        defer { X509_free(certificate) }
        let builder = CertificateBuilder(certificate: certificate, issuer: certificate)
        try builder.setSerialNumber()
        try builder.setSubject([
            (NID_countryName, "VN"), (NID_organizationName, organisation), (NID_commonName, commonName),
        ])
        try builder.setIssuerName()
        try builder.setValidity(notBefore: notBefore, days: days)
        try builder.setPublicKey(key)
        try builder.add(NID_basic_constraints, "critical,CA:TRUE,pathlen:0")
        try builder.add(NID_key_usage, "critical,keyCertSign,cRLSign")
        try builder.add(NID_subject_key_identifier, "hash")
        try builder.add(NID_authority_key_identifier, "keyid:always")
        return CertificateAuthority(
            trusted: try builder.signed(with: key), key: try PEM.text(privateKey: key))
    }

    /// Takes an authority that was stored.
    ///
    /// Of several certificates, while one authority follows another, it is the one that the key belongs to.
    ///
    /// - Throws: `unreadable` for a text that is no certificate or key, or a key with a passphrase; `unsuitable` when
    ///   the key belongs to another certificate, or the certificate may not sign others.
    public init(certificatePEM: String, keyPEM: String) throws(SignatureError) {
        let key = try PEM.privateKey(keyPEM)
        defer { EVP_PKEY_free(key) }
        for text in try PEM.certificateTexts(certificatePEM) {
            let certificate = try PEM.certificate(text)
            defer { X509_free(certificate) }
            guard X509_check_private_key(certificate, key) == 1 else {
                ERR_clear_error()
                continue
            }
            guard X509_check_ca(certificate) == 1, X509_get_key_usage(certificate) & UInt32(KU_KEY_CERT_SIGN) != 0
            else { throw .unsuitable("the certificate is not a certificate authority's") }
            self.init(trusted: text, key: keyPEM)
            return
        }
        throw .unsuitable("the private key belongs to another certificate")
    }

    private init(trusted certificatePEM: String, key keyPEM: String) {
        self.certificatePEM = certificatePEM
        self.keyPEM = keyPEM
    }

    /// Issues a server certificate with a new EC P-256 key.
    ///
    /// - Parameters:
    ///   - hosts: DNS names and IP addresses, at most 100 besides `localhost`, `127.0.0.1` and `::1`, which are always
    ///     added.
    ///   - notBefore: Seconds since 1970-01-01 UTC.
    ///   - days: How long it is valid; never longer than the authority itself.
    /// - Throws: `invalidParameter` naming the host that is neither a name nor an address.
    public func issueServer(
        hosts: [String], notBefore: Int64, days: Int = serverDays
    ) throws(SignatureError) -> (certificatePEM: String, keyPEM: String) {
        var names: [HostName] = []
        for host in hosts {
            guard let name = HostName(host) else { throw .invalidParameter("host \(host.debugDescription)") }
            if !names.contains(name) { names.append(name) }
            guard names.count <= 100 + HostName.local.count else { throw .invalidParameter("at most 100 hosts") }
        }
        // The common name serves people who look at the certificate; programs read the alternative names alone.
        let commonName = hosts.first { CertificateName.isAcceptable($0) } ?? "localhost"
        for name in HostName.local where !names.contains(name) { names.append(name) }
        guard let key = phanbien_generate_p256() else { throw .fromLibrary("generating a key") }
        defer { EVP_PKEY_free(key) }
        let certificatePEM = try issue(
            subject: [(NID_commonName, commonName)], publicKey: key, notBefore: notBefore, days: days,
            keyUsage: "critical,digitalSignature", extendedKeyUsage: "serverAuth", alternativeNames: names)
        return (certificatePEM, try PEM.text(privateKey: key))
    }

    /// The SHA-256 of the certificate as `openssl x509 -fingerprint -sha256` prints it: 32 pairs with colons.
    public static func fingerprint(certificatePEM: String) throws(SignatureError) -> String {
        fingerprint(digest: try digest(certificatePEM: certificatePEM))
    }

    /// SHA-256 of the certificate's DER, 32 octets.
    public static func digest(certificatePEM: String) throws(SignatureError) -> [UInt8] {
        let certificate = try PEM.certificate(certificatePEM)
        defer { X509_free(certificate) }
        return try digest(of: certificate)
    }

    static func digest(of certificate: OpaquePointer) throws(SignatureError) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: 32)
        guard X509_digest(certificate, EVP_sha256(), &digest, nil) == 1 else { throw .fromLibrary("fingerprint") }
        return digest
    }

    /// The same fingerprint, of a certificate as it comes out of a TLS handshake.
    public static func fingerprint(certificateDER: [UInt8]) -> String {
        var digest = [UInt8](repeating: 0, count: 32)
        SHA256(certificateDER, certificateDER.count, &digest)
        return fingerprint(digest: digest)
    }

    /// The first second at which the certificate is valid, in seconds since 1970-01-01 UTC.
    public static func notBefore(certificatePEM: String) throws(SignatureError) -> Int64 {
        let certificate = try PEM.certificate(certificatePEM)
        defer { X509_free(certificate) }
        return try seconds(X509_get0_notBefore(certificate))
    }

    /// The last second at which the certificate is valid, in seconds since 1970-01-01 UTC.
    public static func notAfter(certificatePEM: String) throws(SignatureError) -> Int64 {
        let certificate = try PEM.certificate(certificatePEM)
        defer { X509_free(certificate) }
        return try seconds(X509_get0_notAfter(certificate))
    }

    /// In seconds since 1970-01-01 UTC.
    static func seconds(_ time: UnsafePointer<ASN1_TIME>?) throws(SignatureError) -> Int64 {
        guard let epoch = ASN1_TIME_set(nil, 0) else { throw .fromLibrary("time") }
        defer { ASN1_TIME_free(epoch) }
        var days: Int32 = 0
        var seconds: Int32 = 0
        guard ASN1_TIME_diff(&days, &seconds, epoch, time) == 1 else {
            throw .fromLibrary("validity")
        }
        return Int64(days) * 86_400 + Int64(seconds)
    }

    /// Whether a certificate can name an organisation or a person so.
    public static func isName(_ text: String) -> Bool { CertificateName.isAcceptable(text) }

    /// Whether a certificate can list this as a name or an address under which its server is reached.
    public static func isHost(_ text: String) -> Bool { HostName(text) != nil }

    /// The names and addresses under which a certificate's server is reached, in the certificate's order; none when it
    /// lists none.
    ///
    /// - Throws: `unreadable` for no certificate; `unsuitable` when it lists something that is neither a DNS name nor an
    ///   address.
    public static func hosts(certificatePEM: String) throws(SignatureError) -> [String] {
        let certificate = try PEM.certificate(certificatePEM)
        defer { X509_free(certificate) }
        guard let names = X509_get_ext_d2i(certificate, NID_subject_alt_name, nil, nil).map({ OpaquePointer($0) })
        else {
            ERR_clear_error()
            return []
        }
        defer { GENERAL_NAMES_free(names) }
        var hosts: [String] = []
        for index in 0..<phanbien_general_names_count(names) {
            guard let name = phanbien_general_names_at(names, index), let host = HostName.text(of: name) else {
                throw .unsuitable("the certificate lists what is neither a DNS name nor an address")
            }
            hosts.append(host)
        }
        return hosts
    }

    /// Issues an end certificate, for a server or a person.
    func issue(
        subject: [(identifier: Int32, value: String)], publicKey: OpaquePointer, notBefore: Int64, days: Int,
        keyUsage: StaticString, extendedKeyUsage: StaticString, alternativeNames: [HostName]
    ) throws(SignatureError) -> String {
        let issuer = try PEM.certificate(certificatePEM)
        defer { X509_free(issuer) }
        let issuerKey = try PEM.privateKey(keyPEM)
        defer { EVP_PKEY_free(issuerKey) }
        guard let certificate = X509_new() else { throw .fromLibrary("certificate") }
        defer { X509_free(certificate) }
        let builder = CertificateBuilder(certificate: certificate, issuer: issuer)
        try builder.setSerialNumber()
        try builder.setSubject(subject)
        try builder.setIssuerName()
        try builder.setValidity(notBefore: notBefore, days: days)
        try builder.setPublicKey(publicKey)
        try builder.add(NID_basic_constraints, "critical,CA:FALSE")
        try builder.add(NID_key_usage, keyUsage)
        try builder.add(NID_ext_key_usage, extendedKeyUsage)
        try builder.add(NID_subject_key_identifier, "hash")
        try builder.add(NID_authority_key_identifier, "keyid:always")
        if !alternativeNames.isEmpty { try builder.add(alternativeNames: alternativeNames) }
        return try builder.signed(with: issuerKey)
    }

    private static func fingerprint(digest: [UInt8]) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var result: [UInt8] = []
        result.reserveCapacity(digest.count * 3)
        for octet in digest {
            if !result.isEmpty { result.append(UInt8(ascii: ":")) }
            result.append(digits[Int(octet >> 4)])
            result.append(digits[Int(octet & 0xF)])
        }
        return String(decoding: result, as: UTF8.self)
    }
}

extension CertificateAuthority: CustomStringConvertible, CustomReflectable {
    /// Names the kind of value alone, so that the key cannot slip into a log.
    public var description: String { "CertificateAuthority" }

    /// No children, for the same reason.
    public var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}
