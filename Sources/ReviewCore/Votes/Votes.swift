/// A leader's opinion on a revision.
public struct OpinionVote: Sendable, Equatable {
    /// The revision.
    public let revision: Int
    /// The leader.
    public let person: PersonID
    /// The opinion.
    public let opinion: Opinion
    /// The words.
    public let body: Body?
    /// When.
    public let time: Instant
    /// Its place in the log.
    let event: Int64
    /// Who lifted an objection, and why.
    public internal(set) var lifted: Lift?

    /// The lifting of an objection.
    public struct Lift: Sendable, Equatable {
        /// The Director, or the owner of the objection.
        public let person: PersonID
        /// Why.
        public let reason: Body?
    }
}

/// The head's sign-off for the content of one revision.
public struct ContentSignoff: Sendable, Equatable {
    /// The revision.
    public let revision: Int
    /// The head.
    public let person: PersonID
    /// Vouched for, or returned.
    public let vote: ContentVote
    /// The words.
    public let body: Body?
    /// When.
    public let time: Instant
    /// False once the text changed.
    public internal(set) var isInForce = true
}

/// The format check of one revision.
public struct FormatSignoff: Sendable, Equatable {
    /// The revision.
    public let revision: Int
    /// The person the Director named.
    public let person: PersonID
    /// Passed, or failed.
    public let vote: FormatVote
    /// The words.
    public let body: Body?
    /// When.
    public let time: Instant
    /// False once the text changed.
    public internal(set) var isInForce = true
}
