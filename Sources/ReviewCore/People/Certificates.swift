public import ReviewDigest

/// A client certificate by which a person comes in, and with whose key they sign (specification §6, ENROL).
///
/// It is known by its digest alone: what its names say decides nothing.
public struct ClientCertificate: Sendable, Equatable {
    /// Whose.
    public let person: PersonID
    /// SHA-256 of its DER form.
    public let digest: Digest
    /// From when it is valid.
    public let from: Instant
    /// Until when.
    public let until: Instant
    /// SHA-256 (hex) of the invitation code that it was given for.
    public let code: String
    /// SHA-256 of the request that it was given for.
    public let request: Digest
    /// The certificate, PEM.
    public let text: Body

    /// A certificate that was issued for an invitation code and a request.
    public init(
        person: PersonID, digest: Digest, from: Instant, until: Instant, code: String, request: Digest, text: Body
    ) {
        self.person = person
        self.digest = digest
        self.from = from
        self.until = until
        self.code = code
        self.request = request
        self.text = text
    }

    /// Whether it is valid at a moment.
    public func isValid(at now: Instant) -> Bool { from <= now && now <= until }
}

extension State {
    /// Who may have a certificate for an invitation code, by its digest: also one that is good for nothing else.
    public func person(invitedBy code: String) -> Person? {
        people.values.first { !$0.isDisabled && ($0.invitation == code || $0.enrolment == code) }
    }

    /// What was issued for a code and a request before, for whoever missed the answer.
    public func certificate(for code: String, request: Digest) -> ClientCertificate? {
        certificates.values.first {
            $0.code == code && $0.request == request && people[$0.person]?.isDisabled == false
        }
    }

    /// The certificate with this digest (hex).
    public func certificate(_ digits: String?) -> ClientCertificate? {
        digits.flatMap { Digest(hexadecimal: $0) }.flatMap { certificates[$0] }
    }

    /// A person's certificates, the newest first.
    public func certificates(of person: PersonID) -> [ClientCertificate] {
        certificates.values.filter { $0.person == person }
            .sorted { ($0.from, $0.digest.description) > ($1.from, $1.digest.description) }
    }

    /// How many certificates that have not lapsed one person may have: one for each of their machines.
    static let certificatesOfPerson = 16

    /// Judges whether a person may have one more certificate.
    ///
    /// - Throws: `conflict` when they have as many as anybody may have.
    public func mayEnrol(_ person: PersonID, now: Instant) throws(Refusal) {
        guard certificates(of: person).count(where: { $0.isValid(at: now) }) >= Self.certificatesOfPerson else {
            return
        }
        throw Refusal(
            .conflict,
            Wording(
                "Đã có \(Self.certificatesOfPerson) chứng thư; hãy xóa bớt bằng CERT DELETE.",
                "There are \(Self.certificatesOfPerson) certificates; delete some with CERT DELETE."))
    }

    func decideEnrol(
        _ certificate: ClientCertificate, by person: Person, now: Instant
    ) throws(Refusal) -> Outcome {
        guard certificate.person == person.id,
            certificate.code == person.invitation || certificate.code == person.enrolment
        else {
            throw Refusal(
                .forbidden, Wording("Mã mời không còn hiệu lực.", "The invitation code is not in force any more."))
        }
        try mayEnrol(person.id, now: now)
        return Outcome(
            [.certificateIssued(CertificateIssued(certificate))], details: certificate.details,
            echo: certificate.text.text,
            wording: Wording(
                "Đã cấp chứng thư cho \(person.name), dùng đến hết ngày \(certificate.until.date.vietnamese). Hãy kết nối lại bằng chứng thư này, rồi gõ AUTH EXTERNAL.",
                "\(person.name) has a certificate now, good until \(certificate.until.date). Connect again with it, then say AUTH EXTERNAL."
            ))
    }

    func decideDeleteCertificate(_ digits: String, by person: Person) throws(Refusal) -> Outcome {
        let found = certificates.values.filter {
            $0.digest.description.hasPrefix(digits.lowercased())
                && ($0.person == person.id || person.position == .admin)
        }
        guard let certificate = found.first, digits.utf8.count >= 16, found.count == 1 else {
            throw Refusal(
                .notFound,
                Wording(
                    "Không có chứng thư \(digits); xem danh sách: CERT LIST.",
                    "There is no certificate \(digits); CERT LIST shows them."))
        }
        return Outcome(
            [.certificateDeleted(CertificateDeleted(person: certificate.person, digest: certificate.digest))],
            details: [Detail("sha256", certificate.digest.description), Detail("person", certificate.person.text)],
            wording: Wording(
                "Đã xóa chứng thư của \(personName(certificate.person)); các phiên vào bằng chứng thư này bị ngắt.",
                "Deleted a certificate of \(personName(certificate.person)); sessions that came in with it end."))
    }
}

extension ClientCertificate {
    /// What ENROL says of it.
    public var details: [Detail] {
        [
            Detail("person", person.text), Detail("sha256", digest.description),
            Detail("until", until.date.description),
        ]
    }
}

extension State {
    mutating func apply(_ fact: CertificateIssued) {
        certificates[fact.certificate.digest] = fact.certificate
        let person = fact.certificate.person
        if people[person]?.invitation == fact.certificate.code { people[person]?.invitation = nil }
        if people[person]?.enrolment == fact.certificate.code { people[person]?.enrolment = nil }
    }

    mutating func apply(_ fact: CertificateDeleted) { certificates[fact.digest] = nil }
}
