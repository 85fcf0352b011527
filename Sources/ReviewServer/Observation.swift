import NIOCore
public import ReviewCore
import ReviewEngine
import ReviewProtocol
import Synchronization

/// What the store's files and the last backup say, for STATUS and the metrics.
public struct StoreFigures: Sendable, Equatable {
    /// The database, in octets.
    public var databaseOctets: Int64 = 0
    /// Its write-ahead log, in octets.
    public var writeAheadOctets: Int64 = 0
    /// What is left for the server on the file system, in octets; nil when the system does not tell.
    public var freeOctets: Int64?
    /// Events that the search index has not seen yet.
    public var unindexedEvents: Int64 = 0
    /// When the last backup was finished; nil before the first one.
    public var lastBackup: Instant?

    /// Nothing is known.
    public init() {}
}

/// What connections come to before the engine knows them; counted on every loop.
final class DoorCounters: Sendable {
    private let accepted = Atomic<Int64>(0)
    private let refused = Atomic<Int64>(0)
    private let unacceptable = Atomic<Int64>(0)
    private let failedHandshakes = Atomic<Int64>(0)

    /// One was let into its handshake.
    func isAccepted() { accepted.wrappingAdd(1, ordering: .relaxed) }
    /// One was closed, since there are too many.
    func isRefused() { refused.wrappingAdd(1, ordering: .relaxed) }
    /// One could not be accepted.
    func isUnacceptable() { unacceptable.wrappingAdd(1, ordering: .relaxed) }
    /// A handshake failed.
    func hasFailedHandshake() { failedHandshakes.wrappingAdd(1, ordering: .relaxed) }

    /// All of them now.
    var counts: Counts {
        Counts(
            accepted: accepted.load(ordering: .relaxed), refused: refused.load(ordering: .relaxed),
            unacceptable: unacceptable.load(ordering: .relaxed),
            failedHandshakes: failedHandshakes.load(ordering: .relaxed))
    }

    struct Counts: Equatable {
        var accepted: Int64 = 0
        var refused: Int64 = 0
        var unacceptable: Int64 = 0
        var failedHandshakes: Int64 = 0
    }
}

/// Everything that STATUS and the metrics tell, at one moment: both are made from this, so they never contradict.
struct Observation {
    var census: Census
    var tally: Tally
    var door: DoorCounters.Counts
    /// Connections in their TLS handshake.
    var handshaking: Int
    /// Password hashes under way or waiting.
    var passwordQueue: Int
    var store: StoreFigures
    var process: ProcessFigures
    /// When the server's certificate ends.
    var certificateEnds: Instant?
    /// When the server was started.
    var started: Instant
    var now: Instant

    /// The part that STATUS prints besides what the engine knows itself; `-` stands for what is not known.
    var statusPairs: [Pair] {
        func shown(_ number: Int64?) -> String { number.map(String.init) ?? "-" }
        let answers = tally.requests.values
        let days = certificateEnds.map { ($0.milliseconds - now.milliseconds) / 86_400_000 }
        return [
            Pair("handshaking", String(handshaking)), Pair("accepted", String(door.accepted)),
            Pair("turned-away", String(door.refused + door.unacceptable + tally.turnedAway)),
            Pair("tls-failures", String(door.failedHandshakes)),
            Pair("requests", String(answers.reduce(0) { $0 + $1.ok + $1.no + $1.bad })),
            Pair("refusals", String(tally.refusals.values.reduce(0, +))), Pair("logins", String(tally.logins)),
            Pair("failed-logins", String(tally.refusals[NoCode.authenticationFailed.rawValue] ?? 0)),
            Pair("password-queue", String(passwordQueue)), Pair("deliveries", String(tally.deliveries)),
            Pair("open-files", String(process.openFiles)), Pair("wal-bytes", String(store.writeAheadOctets)),
            Pair("free-bytes", shown(store.freeOctets)), Pair("index-backlog", String(store.unindexedEvents)),
            Pair("certificate-days", shown(days)), Pair("last-backup", store.lastBackup?.rfc3339 ?? "-"),
        ]
    }

    /// The sentence that `systemctl status` shows.
    var sentence: String {
        "\(census.authenticated) kết nối đã đăng nhập, \(census.anonymous) kết nối khác, nhật ký đến sự kiện \(census.head)"
    }
}
