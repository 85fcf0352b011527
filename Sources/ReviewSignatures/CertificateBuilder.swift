import COpenSSL

/// Fills in an X.509 version 3 certificate (RFC 5280 §4.1).
///
/// The caller owns the certificate and the keys.
struct CertificateBuilder {
    let certificate: OpaquePointer
    /// The issuing certificate; for a certificate authority's own, the certificate itself.
    let issuer: OpaquePointer

    /// Sets the version and a serial number of 126 random bits (RFC 5280 §4.1.2.2 wants it positive and unique).
    func setSerialNumber() throws(SignatureError) {
        guard X509_set_version(certificate, Int(X509_VERSION_3)) == 1 else { throw .fromLibrary("certificate version") }
        var octets = try SecureRandom.octets(16)
        octets[0] = octets[0] & 0x3F | 0x40
        guard let number = BN_bin2bn(octets, Int32(octets.count), nil) else { throw .fromLibrary("serial number") }
        defer { BN_free(number) }
        guard BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)) != nil else {
            throw .fromLibrary("serial number")
        }
    }

    /// Sets the subject; the issuer's name must be set by `setIssuerName` afterwards.
    func setSubject(_ parts: [(identifier: Int32, value: String)]) throws(SignatureError) {
        let name = try CertificateName.object(parts)
        defer { X509_NAME_free(name) }
        guard X509_set_subject_name(certificate, name) == 1 else { throw .fromLibrary("subject") }
    }

    func setIssuerName() throws(SignatureError) {
        guard X509_set_issuer_name(certificate, X509_get_subject_name(issuer)) == 1 else {
            throw .fromLibrary("issuer name")
        }
    }

    /// Sets the validity: `days` days from `notBefore`, both ends included, but never beyond the issuer's own.
    func setValidity(notBefore: Int64, days: Int) throws(SignatureError) {
        // 9999-12-31 is the last day that a certificate can name (RFC 5280 §4.1.2.5).
        guard (0...253_402_300_799).contains(notBefore), (1...36_525).contains(days) else {
            throw .invalidParameter("a validity of 1 to 36525 days, from 1970 on")
        }
        let notAfter = notBefore + Int64(days) * 86_400 - 1
        guard notAfter <= 253_402_300_799,
            ASN1_TIME_set(X509_getm_notBefore(certificate), Int(notBefore)) != nil,
            ASN1_TIME_set(X509_getm_notAfter(certificate), Int(notAfter)) != nil
        else { throw .invalidParameter("a validity that ends before the year 10000") }
        guard issuer != certificate else { return }
        if ASN1_TIME_compare(X509_get0_notBefore(certificate), X509_get0_notBefore(issuer)) < 0 {
            guard X509_set1_notBefore(certificate, X509_get0_notBefore(issuer)) == 1 else {
                throw .fromLibrary("validity")
            }
        }
        if ASN1_TIME_compare(X509_get0_notAfter(certificate), X509_get0_notAfter(issuer)) > 0 {
            guard X509_set1_notAfter(certificate, X509_get0_notAfter(issuer)) == 1 else {
                throw .fromLibrary("validity")
            }
        }
        guard ASN1_TIME_compare(X509_get0_notBefore(certificate), X509_get0_notAfter(certificate)) < 0 else {
            throw .unsuitable("the certificate authority has expired")
        }
    }

    /// Sets the public key; the key identifiers among the extensions are computed from it.
    func setPublicKey(_ key: OpaquePointer) throws(SignatureError) {
        guard X509_set_pubkey(certificate, key) == 1 else { throw .fromLibrary("public key") }
    }

    /// Adds an extension in OpenSSL's own notation, of which the value is always a constant of ours.
    func add(_ identifier: Int32, _ value: StaticString) throws(SignatureError) {
        var context = X509V3_CTX()
        X509V3_set_ctx(&context, issuer, certificate, nil, nil, 0)
        let pointer = UnsafeRawPointer(value.utf8Start).assumingMemoryBound(to: CChar.self)
        guard let created = X509V3_EXT_conf_nid(nil, &context, identifier, pointer) else {
            throw .fromLibrary("extension \(value)")
        }
        defer { X509_EXTENSION_free(created) }
        guard X509_add_ext(certificate, created, -1) == 1 else { throw .fromLibrary("extension \(value)") }
    }

    /// Adds the names and addresses under which the server may be reached.
    ///
    /// They are built as objects, never through OpenSSL's text notation, in which a comma would begin a second name.
    func add(alternativeNames hosts: [HostName]) throws(SignatureError) {
        guard let names = GENERAL_NAMES_new() else { throw .fromLibrary("alternative names") }
        defer { GENERAL_NAMES_free(names) }
        for host in hosts {
            guard let value = ASN1_STRING_type_new(host.stringType) else { throw .fromLibrary("alternative names") }
            let octets = host.octets
            guard ASN1_STRING_set(value, octets, Int32(octets.count)) == 1, let name = GENERAL_NAME_new() else {
                ASN1_STRING_free(value)
                throw .fromLibrary("alternative names")
            }
            // From here the name owns the value, and after the push the list owns the name.
            GENERAL_NAME_set0_value(name, host.generalNameType, value)
            guard phanbien_general_names_push(names, name) > 0 else {
                GENERAL_NAME_free(name)
                throw .fromLibrary("alternative names")
            }
        }
        guard X509_add1_ext_i2d(certificate, NID_subject_alt_name, UnsafeMutableRawPointer(names), 0, 0) == 1 else {
            throw .fromLibrary("alternative names")
        }
    }

    /// Signs with ECDSA and SHA-256, and returns the certificate as PEM.
    func signed(with key: OpaquePointer) throws(SignatureError) -> String {
        guard X509_sign(certificate, key, EVP_sha256()) > 0 else { throw .fromLibrary("signing the certificate") }
        return try PEM.text(certificate: certificate)
    }
}

/// The rule for names of people and organisations in a certificate.
enum CertificateName {
    /// RFC 5280 appendix A.1 allows 64 characters for common name, organisation and title.
    static let longest = 64

    static func isAcceptable(_ name: String) -> Bool {
        let scalars = name.unicodeScalars
        return (1...longest).contains(scalars.count) && scalars.allSatisfy(isAcceptable)
    }

    /// As much of a name as a certificate can hold; empty when that is nothing.
    ///
    /// Control and format characters are left out. The end is cut between two letters, never between a letter and its
    /// tone mark.
    static func fitted(_ name: String) -> String {
        var kept = String.UnicodeScalarView()
        kept.append(contentsOf: name.unicodeScalars.filter(isAcceptable).drop { $0.properties.isWhitespace })
        var fitted = String.UnicodeScalarView()
        for letter in String(kept) {
            guard fitted.count + letter.unicodeScalars.count <= longest else { break }
            fitted.append(contentsOf: letter.unicodeScalars)
        }
        while fitted.last?.properties.isWhitespace == true { fitted.removeLast() }
        return String(fitted)
    }

    /// An `X509_NAME` of which the caller becomes the owner.
    ///
    /// - Throws: `invalidParameter` for a part that is not acceptable.
    static func object(_ parts: [(identifier: Int32, value: String)]) throws(SignatureError) -> OpaquePointer {
        guard let name = X509_NAME_new() else { throw .fromLibrary("name") }
        do throws(SignatureError) {
            for part in parts { try add(part.identifier, part.value, to: name) }
            return name
        } catch {
            X509_NAME_free(name)
            throw error
        }
    }

    private static func add(_ identifier: Int32, _ value: String, to name: OpaquePointer) throws(SignatureError) {
        guard isAcceptable(value) else {
            throw .invalidParameter("a name in a certificate has 1 to 64 characters and no control characters")
        }
        let octets = Array(value.utf8)
        guard X509_NAME_add_entry_by_NID(name, identifier, MBSTRING_UTF8, octets, Int32(octets.count), -1, 0) == 1
        else { throw .fromLibrary("name") }
    }

    private static func isAcceptable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned: false
        default: true
        }
    }
}

extension HostName {
    fileprivate var stringType: Int32 {
        switch self {
        case .name: V_ASN1_IA5STRING
        case .address: V_ASN1_OCTET_STRING
        }
    }

    fileprivate var generalNameType: Int32 {
        switch self {
        case .name: GEN_DNS
        case .address: GEN_IPADD
        }
    }

    fileprivate var octets: [UInt8] {
        switch self {
        case .name(let name): Array(name.utf8)
        case .address(let octets): octets
        }
    }

    /// The name or address of a certificate as text; nil for any other kind of name.
    ///
    /// A DNS name is given as it stands there, even one that no certificate of ours would list, such as a wildcard.
    static func text(of name: UnsafePointer<GENERAL_NAME>) -> String? {
        var kind: Int32 = 0
        guard let value = GENERAL_NAME_get0_value(name, &kind), kind == GEN_DNS || kind == GEN_IPADD else { return nil }
        let string = UnsafePointer(value.assumingMemoryBound(to: ASN1_STRING.self))
        let octets = Array(
            UnsafeBufferPointer(start: ASN1_STRING_get0_data(string), count: Int(ASN1_STRING_length(string))))
        return kind == GEN_DNS ? String(validating: octets, as: UTF8.self) : text(address: octets)
    }
}
