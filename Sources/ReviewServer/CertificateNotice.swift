import ReviewCore

/// When the end of the server's certificate is due for a line of the log: each day of its last month, and each day after it.
///
/// A start says it as well; but a server may run for years, and then nobody else tells an operator who does not look at the
/// figures.
struct CertificateNotice {
    /// How many days before the end it begins.
    private static let daysBefore: Int64 = 30
    private static let dayMilliseconds: Int64 = 86_400_000

    /// When it was last looked at.
    private var last: Instant

    /// Begins a day after a start.
    init(started: Instant) { last = started }

    /// The days that are left, when they are to be said now; negative when it has ended.
    mutating func due(ends: Instant?, now: Instant) -> Int64? {
        let passed = now.milliseconds - last.milliseconds
        // A clock that was set back must not make it wait until it is as late again.
        guard passed < 0 || passed >= Self.dayMilliseconds, let ends else { return nil }
        last = now
        let left = ends.milliseconds - now.milliseconds
        let days = left >= 0 ? left / Self.dayMilliseconds : (left + 1) / Self.dayMilliseconds - 1
        return days < Self.daysBefore ? days : nil
    }
}
