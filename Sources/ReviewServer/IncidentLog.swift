import NIOCore
import ReviewEngine

/// Which refusals at the door are due for a line of the log: of one address at once, and again after a minute at the
/// soonest, with how often since then.
struct IncidentLog {
    /// How long an address is not named again.
    static let pause = TimeAmount.minutes(1)
    /// Lines at a time; further addresses share one.
    static let mostLines = 16

    enum Kind: Hashable {
        case failedLogin
        case turnedAway
    }

    struct Line: Equatable {
        let kind: Kind
        let address: String
        let count: Int64
    }

    private struct Source: Hashable {
        let kind: Kind
        let address: String
    }

    private var counts: [Source: Int64] = [:]
    private var named: [Source: NIODeadline] = [:]

    /// Takes in what is new, and gives what is to be written now, the most frequent first.
    mutating func due(_ incidents: Incidents, at now: NIODeadline) -> [Line] {
        for (address, count) in incidents.failedLogins { add(count, Source(kind: .failedLogin, address: address)) }
        for (address, count) in incidents.turnedAway { add(count, Source(kind: .turnedAway, address: address)) }
        named = named.filter { now < $0.value + Self.pause }
        let waiting = counts.filter { named[$0.key] == nil }
            .sorted { ($1.value, $0.key.address) < ($0.value, $1.key.address) }
        for (source, count) in waiting.dropFirst(Self.mostLines) {
            counts[source] = nil
            add(count, Source(kind: source.kind, address: Incidents.others))
        }
        let others = [Kind.failedLogin, .turnedAway].map { Source(kind: $0, address: Incidents.others) }
        return (waiting.prefix(Self.mostLines).map(\.key) + others).compactMap { source in
            guard named[source] == nil, let count = counts.removeValue(forKey: source) else { return nil }
            named[source] = now
            return Line(kind: source.kind, address: source.address, count: count)
        }
    }

    private mutating func add(_ count: Int64, _ source: Source) { counts[source, default: 0] &+= count }
}
