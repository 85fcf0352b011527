public import ReviewDigest

/// A person was given a client certificate for an invitation code, which is used up by it.
public struct CertificateIssued: FactPayload {
    static let type = "CERTIFICATE.ISSUED"
    /// The certificate.
    public let certificate: ClientCertificate

    func write(to fields: inout FactFields) {
        fields.put("person", certificate.person.text)
        fields.put("sha256", certificate.digest)
        fields.put("from", certificate.from.rfc3339)
        fields.put("until", certificate.until.rfc3339)
        fields.put("code", certificate.code)
        fields.put("request", certificate.request)
        fields.put("certificate", certificate.text)
    }

    init(_ certificate: ClientCertificate) { self.certificate = certificate }

    init(from reader: FactReader) throws(CodecProblem) {
        self.init(
            ClientCertificate(
                person: try reader.person("person"), digest: try reader.digest("sha256"),
                from: try reader.instant("from"), until: try reader.instant("until"), code: try reader.text("code"),
                request: try reader.digest("request"), text: try reader.body("certificate")))
    }
}

/// A client certificate lost its force: nobody comes in with it any more, and nothing is signed with it.
///
/// What was signed before stays signed.
public struct CertificateDeleted: FactPayload {
    static let type = "CERTIFICATE.DELETED"
    /// Whose.
    public let person: PersonID
    /// SHA-256 of its DER form.
    public let digest: Digest
}

extension CertificateDeleted {
    func write(to fields: inout FactFields) {
        fields.put("person", person.text)
        fields.put("sha256", digest)
    }

    init(from reader: FactReader) throws(CodecProblem) {
        self.init(person: try reader.person("person"), digest: try reader.digest("sha256"))
    }
}
