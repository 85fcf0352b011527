public import ReviewDigest

/// The Director's decision that one requirement need not be met.
public struct Override: Sendable, Equatable {
    /// Which.
    public let requirement: Requirement
    /// By whom.
    public let person: PersonID
    /// Why; printed in the papers.
    public let reason: Body
    /// When.
    public let time: Instant
}

/// The approval of one revision by its exact digest.
public struct Approval: Sendable, Equatable {
    /// The revision.
    public let revision: Int
    /// Its SHA-256.
    public let digest: Digest
    /// The Director, or the deputy.
    public let person: PersonID
    /// The document under which a deputy approved; nil for the Director.
    public let delegation: String?
    /// Maintained comments the approver has seen.
    public let seen: [CommentID]
    /// Whether the approver is an author of the topic, or pushed a revision of it.
    public let isOwnWork: Bool
    /// When.
    public let time: Instant
}
