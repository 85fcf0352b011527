import ReviewCore
import ReviewProtocol

/// An event with its line, written once for all watchers.
struct RecentEvent: Sendable {
    /// The event: who may see it is decided at each delivery.
    let event: Event
    /// The line but for `prev=`.
    let line: EncodedEvent
    /// The texts it holds, in octets.
    let octets: Int

    /// Prepares the line.
    init(_ event: Event, limit: Int) {
        self.event = event
        line = EncodedEvent(
            EventLine(
                sequence: event.sequence, previous: event.sequence, time: event.time.rfc3339, type: event.fact.type,
                pairs: event.shownPairs), limit: limit)
        var octets = 0
        for body in event.fact.fields.bodies { octets += body.body.text?.utf8.count ?? 0 }
        self.octets = octets
    }
}

extension Event {
    /// What a line tells of the event: where, what, by whom, and then the rest.
    ///
    /// References only, never texts.
    var shownPairs: [Pair] {
        let details = fact.reference
        let leading = details.prefix { $0.key == "topic" || $0.key == "revision" || $0.key == "id" }
        var pairs = Array(leading).pairs
        pairs.add("by", person?.text)
        pairs += Array(details.dropFirst(leading.count)).pairs
        // Some facts are about an office themselves; a key stands once in a line.
        if !details.contains(where: { $0.key == "office" }) { pairs.add("office", office?.text) }
        return pairs
    }
}

/// The latest events, bounded in number and in what their texts hold; a watcher who is further behind is served
/// from the log (specification §1.6).
struct EventRing: Sendable {
    private var events: [RecentEvent?]
    /// How many are held; the newest one is `last`.
    private var count = 0
    private var octets = 0
    /// The newest event's number, also when none is held.
    private(set) var last: Int64

    /// An empty ring behind an event.
    init(after last: Int64) {
        self.last = last
        events = Array(repeating: nil, count: EngineConfiguration.recentEvents)
    }

    /// The oldest event held; one beyond `last` when there is none.
    var first: Int64 { last - Int64(count) + 1 }

    private func index(_ sequence: Int64) -> Int { Int(sequence % Int64(events.count)) }

    /// Adds the next event.
    mutating func append(_ event: RecentEvent) {
        if count == events.count { dropFirst() }
        last = event.event.sequence
        events[index(last)] = event
        count += 1
        octets += event.octets
        while octets > EngineConfiguration.recentOctets, count > 1 { dropFirst() }
    }

    private mutating func dropFirst() {
        let place = index(first)
        octets -= events[place]?.octets ?? 0
        events[place] = nil
        count -= 1
    }

    /// The event with a number; nil when it is not held.
    subscript(sequence: Int64) -> RecentEvent? {
        guard count > 0, sequence >= first, sequence <= last else { return nil }
        return events[index(sequence)]
    }
}
