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
    /// Its place in the log.
    let event: Int64
    /// What it covers; nil in logs from before this was kept, where it covers whatever is missing.
    public let reach: OverrideReach?

    /// Whether a change of the text ends it: what was missing of a text says nothing about another one.
    func ends(with change: ChangeKind?) -> Bool {
        guard reach != nil else { return false }
        switch change {
        case .identical, nil: return false
        // What was found stands at places of this text: the next one may have something else there.
        case .cosmetic, .addressed: return [.content, .format, .personalData].contains(requirement)
        case .other: return true
        }
    }
}

/// What an override covers: exactly what was missing when it was given.
public struct OverrideReach: Sendable, Equatable {
    /// The revision on which it was given.
    public let revision: Int
    /// What was missing, as CHECK names it; empty where it names nothing.
    public let missing: [String]
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
    /// The approver's signature; nil where they approved by their login alone.
    public let evidence: Evidence?
    /// When.
    public let time: Instant
    /// Its place in the log.
    let event: Int64
}
