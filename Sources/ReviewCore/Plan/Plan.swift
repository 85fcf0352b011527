import ReviewDigest

/// A year's plan (Kế hoạch) as loaded.
public struct Plan: Sendable, Equatable {
    /// The id: its year, `2025`.
    public let id: String
    /// Số; blank when the document's is.
    public internal(set) var number: String
    /// The plan it carries out.
    public let reference: String
    /// The date as the document gives it.
    public internal(set) var date: String
    /// Trích yếu.
    public let title: String
    /// The issuing body.
    public let issuer: String
    /// The body above it.
    public let parent: String
    /// Who signs.
    public let signer: String
    /// The office that synthesises and reports (III.1).
    public let coordinator: OfficeID
    /// The general content requirements (II.2), in order.
    public let requirements: [ContentRequirement]
    /// The plan file as loaded.
    public internal(set) var source: Body
    /// When it was loaded.
    public let loaded: Instant
    /// What it said before something blank was filled in.
    var former = Formers<Head>()

    /// What is filled in, with the file that says it.
    struct Head: Sendable, Equatable {
        let number: String
        let date: String
        let source: Body
    }

    /// The digest of the file as it was loaded first: what its topics are known by for ever.
    var origin: Digest { (former.first?.source ?? source).digest }

    /// The plan when an event happened; nil for the present.
    func asOf(_ event: Int64?) -> Plan {
        guard let then = former.value(asOf: event) else { return self }
        var plan = self
        (plan.number, plan.date, plan.source) = (then.number, then.date, then.source)
        return plan
    }

    /// One general content requirement.
    public struct ContentRequirement: Sendable, Equatable {
        /// The short name.
        public let key: String
        /// What a person reads.
        public let text: String
    }
}
