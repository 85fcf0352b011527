/// A plenary (buổi sinh hoạt chuyên đề).
public struct Plenary: Sendable, Equatable {
    /// The revision shown; the text is frozen at it.
    public let revision: Int
    /// The time as announced, `2025-06-25T08:00`.
    public let at: String
    /// Where.
    public let place: Body
    /// Who chairs it.
    public let chair: PersonID
    /// Who takes the minutes.
    public let secretary: PersonID
    /// When it was opened.
    public let opened: Instant
    /// Who was there.
    public internal(set) var present: [PersonID] = []
    /// Who was not.
    public internal(set) var absent: [PersonID] = []
    /// The chair's conclusion; nil while it is open.
    public internal(set) var conclusion: Body?
    /// When it was closed.
    public internal(set) var closed: Instant?
    /// Who confirmed the minutes.
    public internal(set) var confirmedBy: [PersonID] = []

    /// Of chair and secretary those who have not confirmed the minutes.
    var unconfirmed: [PersonID] { [chair, secretary].filter { !confirmedBy.contains($0) } }

    /// Whether the minutes are confirmed by chair and secretary.
    public var isConfirmed: Bool { conclusion != nil && unconfirmed.isEmpty }
}
