import ReviewProtocol

/// Where a follower of the log stands: what proves that no event is missing, and where to resume (specification §4).
struct Cursor: Sendable, Equatable {
    /// The topic followed, or nil for everything.
    let topic: String?
    /// The identity of the log, once known.
    var log: String?
    /// Everything up to here has been seen: the place to resume from.
    private(set) var seen: Int64?
    /// What the next event must name as its predecessor; nil when the server has not said where the subscription begins.
    private(set) var previous: Int64?
    /// The event at which a gap was already reported once, so that a server that keeps skipping is not asked for ever.
    private var reportedGap: Int64?

    init(_ subscription: Subscription) {
        topic = subscription.topic
        log = subscription.log
        seen = subscription.after
        previous = subscription.after
    }

    /// What to do with an event.
    enum Verdict: Equatable {
        /// It is the next one.
        case next
        /// It has been seen already.
        case known
        /// Events between `expected` and the one it names are missing; `askAgain` when resuming may still bring them.
        case gap(expected: Int64, askAgain: Bool)
    }

    /// Takes an event in, unless it shows a gap that asking again may close.
    mutating func take(_ event: EventLine) -> Verdict {
        if let seen, event.sequence <= seen { return .known }
        if let expected = previous, event.previous != expected {
            let askAgain = reportedGap != event.sequence
            reportedGap = event.sequence
            if !askAgain { accept(event.sequence) }
            return .gap(expected: expected, askAgain: askAgain)
        }
        accept(event.sequence)
        return .next
    }

    private mutating func accept(_ sequence: Int64) {
        seen = sequence
        previous = sequence
    }

    /// `SYNC n`: everything up to n has been seen.
    ///
    /// The next event still names the last event, not n.
    mutating func synchronise(_ sequence: Int64) {
        seen = max(seen ?? sequence, sequence)
    }

    /// A new subscription on the wire begins after `seen`; its first event repeats that number.
    mutating func resume() {
        previous = seen
    }

    /// The server's answer to a subscription without `after=` says where it begins.
    mutating func begin(after sequence: Int64?) {
        guard seen == nil else { return }
        seen = sequence
        previous = sequence
    }

    /// The log is another one: begin at its end.
    mutating func forget() {
        seen = nil
        previous = nil
        log = nil
    }

    /// The request that puts the subscription on the wire.
    var request: Request {
        var arguments: [Argument] = []
        if let topic { arguments.append(Argument(key: nil, value: topic)) }
        if let seen { arguments.append(Argument(key: "after", value: String(seen))) }
        if seen != nil, let log { arguments.append(Argument(key: "log", value: log)) }
        return Request(tag: nil, verb: "WATCH", arguments: arguments, body: nil)
    }
}
