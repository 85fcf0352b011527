import ReviewCore

/// The wall clock of the server's machine: virtual time plus whatever somebody set it to.
struct SimulatedClock {
    /// The morning on which every run begins.
    static let begin = Instant(rfc3339: "2025-02-10T08:00:00+07:00") ?? Instant(milliseconds: 0)
    /// Milliseconds by which the clock was moved so far.
    private(set) var offset: Int64 = 0
    private var last = Instant(milliseconds: .min)

    /// Sets the clock forward, or back.
    mutating func jump(milliseconds: Int64) { offset += milliseconds }

    /// The time as the server reads it: small steps back are waited out, large ones are followed, like the shell does.
    mutating func read(_ elapsed: Int64) -> Instant {
        let time = Self.begin.adding(milliseconds: elapsed + offset)
        if time < last, last <= time.adding(milliseconds: 5_000) { return last }
        last = time
        return time
    }
}
