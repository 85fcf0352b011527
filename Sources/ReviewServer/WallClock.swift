import Glibc
public import ReviewCore

/// The machine's clock.
public enum WallClock {
    /// What time it is, to the millisecond.
    public static func now() -> Instant {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Instant(milliseconds: Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000)
    }
}

/// Keeps a clock from running backwards by the small steps with which time services correct it.
///
/// Events of one log should not seem to precede their causes. A large step back is a clock that somebody set right: it is
/// followed, or the server would stamp everything with the wrong hour until the right one comes.
struct SteadyClock {
    /// Steps back up to this many milliseconds are waited out.
    static let toleranceMilliseconds: Int64 = 5_000

    private let read: @Sendable () -> Instant
    private var last = Instant(milliseconds: .min)

    init(_ read: @escaping @Sendable () -> Instant) { self.read = read }

    mutating func now() -> Instant {
        let time = read()
        if time < last, last <= time.adding(milliseconds: Self.toleranceMilliseconds) { return last }
        last = time
        return time
    }
}
