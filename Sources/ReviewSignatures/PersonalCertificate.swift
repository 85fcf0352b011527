import COpenSSL

extension CertificateAuthority {
    /// Two years.
    public static let personDays = 730

    /// Whom a certificate stands for.
    public struct Person: Sendable {
        /// The account's name, 1 to 64 characters; never cut, because it tells the person from others.
        public let account: String
        /// The name as the person writes it.
        public let name: String
        /// The position; may be empty.
        public let title: String
        /// The office; may be empty.
        public let office: String

        /// Takes the four texts as they are.
        public init(account: String, name: String, title: String, office: String) {
            self.account = account
            self.name = name
            self.title = title
            self.office = office
        }
    }

    /// Issues a person's certificate for the key of a request: to log in by TLS, and to sign.
    ///
    /// Its subject is the person's and says nothing of the request's: C=VN, O=office, title, CN=name, UID=account. Name,
    /// title and office are cut to the 64 characters that a certificate can hold; control characters are left out, and
    /// so is an office or title of which nothing is left.
    ///
    /// - Parameters:
    ///   - notBefore: Seconds since 1970-01-01 UTC.
    ///   - days: How long it is valid, 1 to 36,525 days; never longer than the authority itself.
    /// - Throws: `invalidParameter` for a validity or an account out of bounds, or a name of which nothing is left;
    ///   `unsuitable` when the authority has expired.
    public func issue(
        to person: Person, for request: CertificateRequest, notBefore: Int64, days: Int = personDays
    ) throws(SignatureError) -> String {
        let key = try PEM.publicKey(request.publicKeyPEM)
        defer { EVP_PKEY_free(key) }
        var subject: [(identifier: Int32, value: String)] = [(NID_countryName, "VN")]
        for (identifier, text) in [(NID_organizationName, person.office), (NID_title, person.title)] {
            let fitted = CertificateName.fitted(text)
            if !fitted.isEmpty { subject.append((identifier, fitted)) }
        }
        subject.append((NID_commonName, CertificateName.fitted(person.name)))
        subject.append((NID_userId, person.account))
        return try issue(
            subject: subject, publicKey: key, notBefore: notBefore, days: days,
            keyUsage: "critical,digitalSignature,nonRepudiation", extendedKeyUsage: "clientAuth,emailProtection",
            alternativeNames: [])
    }
}
