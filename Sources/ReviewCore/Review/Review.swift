/// A review (phiếu nhận xét, phản biện) of one revision; never overwritten.
public struct Review: Sendable {
    /// The identifier, over all topics.
    public let id: ReviewID
    /// The revision it judges.
    public let revision: Int
    /// The review round.
    public let round: Int
    /// Who filed it.
    public let person: PersonID
    /// Their office at that moment.
    public let office: OfficeID?
    /// The verdict.
    public let verdict: Verdict
    /// The filled form.
    public let body: Body
    /// When.
    public let time: Instant
    /// Its place in the log.
    let event: Int64
    /// The head who made it the office's review.
    public internal(set) var endorsedBy: PersonID?
    /// When it was endorsed.
    var endorsedAt: Instant?
    /// The event that endorsed it.
    var endorsing: Int64?
    /// Whether the verdict still counts; a positive one falls when the text changed beyond the addressed comments.
    public internal(set) var isInForce = true
    /// Whether a later review of the same person took its place, in the same round or a later one.
    public internal(set) var isSuperseded = false
}
