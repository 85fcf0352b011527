/// How long to wait before a connection is tried again: twice as long each time, up to a bound, spread by a random
/// number so that a hundred clients do not all come back in the same instant after the server was restarted.
public struct BackOff: Sendable, Equatable {
    /// The first wait in milliseconds.
    public var firstMilliseconds: Milliseconds = 250
    /// The longest wait in milliseconds.
    public var longestMilliseconds: Milliseconds = 30_000

    /// The usual waits: 250 ms to 30 s.
    public init() {}

    /// Makes a back-off with other waits; both are taken as at least 1 ms and at most an hour.
    public init(firstMilliseconds: Milliseconds, longestMilliseconds: Milliseconds) {
        self.firstMilliseconds = min(max(firstMilliseconds, 1), 3_600_000)
        self.longestMilliseconds = min(max(longestMilliseconds, self.firstMilliseconds), 3_600_000)
    }

    /// The wait before the next try after so many failures (1 or more): between half of the bound and all of it.
    public func milliseconds(afterFailures failures: Int, jitter: UInt32) -> Milliseconds {
        let doublings = min(max(failures - 1, 0), 20)
        let bound = min(firstMilliseconds << Milliseconds(doublings), longestMilliseconds)
        let half = bound / 2
        return bound - half + half * Milliseconds(jitter) / Milliseconds(UInt32.max)
    }
}
