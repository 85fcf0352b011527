/// Who acts: a person as they stand in the state at this moment, or the operator at the server's own console.
public enum Actor: Sendable, Equatable {
    case person(PersonID)
    case `operator`

    /// The person, if it is one.
    public var person: PersonID? {
        switch self {
        case .person(let person): person
        case .operator: nil
        }
    }
}

/// Everything that can be asked for and changes something; one case per verb of specification §6.
///
/// Texts arrive as the peer sent them; `decide` makes them canonical or refuses them.
public enum Command: Sendable, Equatable {
    // People.
    case addOffice(OfficeID, name: String)
    case addPerson(
        PersonID, name: String, office: OfficeID, position: Position, credential: String?, invitation: String?)
    case changePerson(PersonID, name: String?, office: OfficeID?, position: Position?)
    case disablePerson(PersonID, reason: [UInt8])
    /// The operator opens a disabled account again.
    case enablePerson(PersonID)
    /// `code` is SHA-256 (hex) of the invitation code.
    case invite(PersonID, code: String, for: InvitationPurpose = .account)
    /// A new password hash for oneself; withdraws tokens and a pending invitation.
    case setCredential(hash: String)
    /// The operator sets a forgotten password.
    case setCredentialOf(PersonID, hash: String)
    /// `token` is SHA-256 (hex) of the session token.
    case issueToken(token: String, expires: Instant)
    /// Takes a session token of one's own back, by its SHA-256 (hex).
    case withdrawToken(String)
    /// A client certificate for oneself, which the server has issued for one's invitation code.
    case enrol(ClientCertificate)
    /// Takes a client certificate away, by the first digits of its SHA-256 (hex).
    case deleteCertificate(String)
    case delegate(PersonID, from: CivilDate, until: CivilDate, reference: String)
    /// Removes the texts of an event from the store for good.
    case redact(Event, document: String, reason: [UInt8])
    // Plans and topics.
    case loadPlan(PlanDraft, source: [UInt8])
    case assign(TopicID, PersonID, Assignment)
    case unassign(TopicID, PersonID, Assignment)
    case extend(TopicID, Milestone, to: CivilDate, reference: String, reason: [UInt8])
    case postpone(TopicID, reason: [UInt8])
    case resume(TopicID)
    case cancel(TopicID, reason: [UInt8])
    case submit(TopicID)
    case sendBack(TopicID, reason: [UInt8])
    // Text and comments.
    /// `prepared` is what the text was found to mean beforehand, if it was.
    case push(
        TopicID, base: Int, addresses: [CommentID], note: String?, text: [UInt8], prepared: PreparedDraft? = nil)
    /// `octets` is the file in base 64; `prepared` what it was found to be beforehand, if it was.
    case attach(RevisionID, name: String, octets: [UInt8], prepared: OriginalContent? = nil)
    case comment(
        RevisionID, at: String?, quote: String?, kind: CommentKind, level: CommentLevel, suggestion: String?,
        behalf: String?, body: [UInt8])
    case answer(CommentID, body: [UInt8])
    case settle(CommentID, Disposition, revision: Int?, body: [UInt8]?)
    case agree(CommentID)
    case maintain(CommentID, body: [UInt8])
    case withdraw(CommentID, reason: [UInt8])
    case confirmRemark(CommentID)
    // Reviews and votes.
    case assess(RevisionID, Verdict, body: [UInt8])
    case endorse(ReviewID)
    case opine(RevisionID, Opinion, body: [UInt8]?)
    case lift(TopicID, PersonID, reason: [UInt8])
    case vouch(RevisionID, ContentVote, body: [UInt8]?)
    case checkFormat(RevisionID, FormatVote, body: [UInt8]?)
    // Plenary and approval.
    case openPlenary(TopicID, at: String, place: String?, chair: PersonID?, secretary: PersonID?)
    case attend(TopicID, present: [PersonID], absent: [PersonID])
    case closePlenary(TopicID, conclusion: [UInt8])
    case confirmMinutes(TopicID)
    case override(TopicID, Requirement, reason: [UInt8])
    /// `digest` is the hexadecimal prefix (at least 16 digits) of the revision's SHA-256 that the approver saw.
    ///
    /// `evidence` is the approver's signature, where they signed.
    case approve(RevisionID, digest: String, seen: [CommentID], evidence: Evidence? = nil)
    case issue(TopicID, number: String, date: CivilDate)
}

/// What a decision gives: the facts to append, and what the reply says besides `seq=`.
public struct Outcome: Sendable, Equatable {
    /// New facts in their order; empty when the wish was already fulfilled.
    public var facts: [Fact]
    /// Pairs of the reply, in order.
    public var details: [Detail]
    /// The stored text, echoed so that a letter lost on the way is seen (specification §1.7).
    public var echo: String?
    /// The sentence for the person.
    public var wording: Wording
    /// What was worked out about a pushed text, so that applying its fact need not do it again.
    public var draft: PreparedDraft?

    /// Makes an outcome.
    public init(
        _ facts: [Fact], details: [Detail] = [], echo: String? = nil, wording: Wording, draft: PreparedDraft? = nil
    ) {
        self.facts = facts
        self.details = details
        self.echo = echo
        self.wording = wording
        self.draft = draft
    }
}
