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
    /// The event that opened it.
    let opening: Int64
    /// When its text was pushed: nobody met on it before.
    let pushed: Instant?
    /// Who was there.
    public internal(set) var present: [PersonID] = []
    /// Who was not.
    public internal(set) var absent: [PersonID] = []
    /// The chair's conclusion; nil while it is open.
    public internal(set) var conclusion: Body?
    /// When it was closed.
    public internal(set) var closed: Instant?
    /// When the topic left it without a conclusion: it was sent back, or the plenary opened anew.
    public internal(set) var brokenOff: Instant?
    /// The event with which it ended, in one way or the other.
    var ending: Int64?
    /// Who confirmed the minutes.
    public internal(set) var confirmedBy: [PersonID] = []

    /// The moment for which it is announced; nil in an old log that names none.
    var announced: Instant? { Instant(rfc3339: at + ":00+07:00") }

    /// When it began: at the time announced, since it is often opened in the program beforehand, or a little late.
    ///
    /// One that ended before that time met early: on the day of its opening then, or nobody knows when. One for which a time
    /// before its text was announced met when it was opened.
    var start: Instant? {
        guard let announced, announced >= pushed ?? announced else { return opened }
        guard let end = closed ?? brokenOff, end < announced else { return announced }
        return opened.date == end.date ? opened : nil
    }

    /// The day of the meeting, in every paper.
    var day: CivilDate { (start ?? closed ?? brokenOff ?? opened).date }

    /// Whether people met: it was concluded, or somebody was there.
    var wasHeld: Bool { conclusion != nil || !present.isEmpty }

    /// Of chair and secretary those who have not confirmed the minutes.
    var unconfirmed: [PersonID] { [chair, secretary].filter { !confirmedBy.contains($0) } }

    /// Whether the minutes are confirmed by chair and secretary.
    public var isConfirmed: Bool { conclusion != nil && unconfirmed.isEmpty }
}
