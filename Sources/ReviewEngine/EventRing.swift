import ReviewCore
import ReviewProtocol

/// An event with its line, written once for all watchers, who share it.
final class RecentEvent: Sendable {
    /// The event: who may see it is decided at each delivery.
    let event: Event
    /// Its place in the log.
    let sequence: Int64
    /// Its topic.
    let topic: TopicID?
    /// The line but for `prev=`.
    let line: EncodedEvent

    /// Prepares the line.
    init(_ event: Event, limit: Int) {
        self.event = event
        sequence = event.sequence
        topic = event.fact.topic
        line = EncodedEvent(
            EventLine(
                sequence: event.sequence, previous: event.sequence, time: event.time.rfc3339, type: event.fact.type,
                pairs: event.shownPairs), limit: limit)
    }
}

extension Event {
    /// What a line tells of the event: where, what, by whom, and then the rest.
    ///
    /// References only, never texts.
    var shownPairs: [Pair] {
        var details = fact.reference
        if case .commentSettled = fact, let place = details.firstIndex(where: { $0.key == "in" }) {
            // Stored as a number, written as everywhere else.
            details[place] = Detail("in", "@\(details[place].value)")
        }
        let leading = details.prefix { $0.key == "topic" || $0.key == "revision" || $0.key == "id" }
        var pairs = Array(leading).pairs
        pairs.add("by", person?.text)
        pairs += Array(details.dropFirst(leading.count)).pairs
        // Of an account `office=` is the account's own, and only where the fact is about it.
        if !fact.isOfAccount { pairs.add("office", office?.text) }
        return pairs
    }
}

extension Fact {
    /// Whether it is about an account or an office, whoever did it.
    fileprivate var isOfAccount: Bool {
        switch self {
        case .officeAdded, .officeRenamed, .personAdded, .personChanged, .personDisabled, .personEnabled,
            .personInvited,
            .credentialSet, .tokenIssued, .tokensWithdrawn, .certificateIssued, .certificateDeleted, .delegationGiven:
            true
        default: false
        }
    }
}

/// The latest events, bounded in number and in what their texts hold; a watcher who is further behind is served
/// from the log (specification §1.6).
struct EventRing: Sendable {
    private struct Place: Sendable {
        let event: Event
        /// The texts it holds, in octets.
        let octets: Int
    }

    private let lineOctets: Int
    private var events: [Place?]
    /// Written when the first watcher gets it: most of the time nobody watches.
    private var recent: [RecentEvent?]
    /// How many are held; the newest one is `last`.
    private var count = 0
    private var octets = 0
    /// The newest event's number, also when none is held.
    private(set) var last: Int64

    /// An empty ring behind an event, for lines of at most so many octets.
    init(after last: Int64, lineOctets: Int) {
        self.last = last
        self.lineOctets = lineOctets
        events = Array(repeating: nil, count: EngineConfiguration.recentEvents)
        recent = Array(repeating: nil, count: EngineConfiguration.recentEvents)
    }

    /// The oldest event held; one beyond `last` when there is none.
    var first: Int64 { last - Int64(count) + 1 }

    private func index(_ sequence: Int64) -> Int { Int(sequence % Int64(events.count)) }

    /// Adds the next event.
    mutating func append(_ event: Event) {
        if count == events.count { dropFirst() }
        let place = Place(event: event, octets: event.fact.textOctets)
        last = event.sequence
        events[index(last)] = place
        count += 1
        octets += place.octets
        while octets > EngineConfiguration.recentOctets, count > 1 { dropFirst() }
    }

    private mutating func dropFirst() {
        let place = index(first)
        octets -= events[place]?.octets ?? 0
        events[place] = nil
        recent[place] = nil
        count -= 1
    }

    /// The event with a number, its line written; nil when it is not held.
    mutating func event(_ sequence: Int64) -> RecentEvent? {
        guard count > 0, sequence >= first, sequence <= last else { return nil }
        let place = index(sequence)
        if let known = recent[place] { return known }
        guard let event = events[place]?.event else { return nil }
        let written = RecentEvent(event, limit: lineOctets)
        recent[place] = written
        return written
    }
}
