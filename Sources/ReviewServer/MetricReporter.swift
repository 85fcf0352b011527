import CoreMetrics
import NIOCore
import ReviewCore
import ReviewEngine
import ReviewStore

/// Reports observations through swift-metrics; on the engine's loop only.
///
/// What the engine counts are plain numbers; here their growth since the last report is handed on.
struct MetricReporter {
    private let factory: any MetricsFactory
    private let commitDuration: CoreMetrics.Timer
    private let batchEvents: Recorder
    private var counters: [Series: (counter: Counter, reported: Int64)] = [:]
    private var meters: [Series: Meter] = [:]

    private struct Series: Hashable {
        let name: String
        let labels: [String]
    }

    init(factory: any MetricsFactory, version: String, started: Instant) {
        self.factory = factory
        commitDuration = CoreMetrics.Timer(label: "phanbien_commit_duration_seconds", factory: factory)
        batchEvents = Recorder(label: "phanbien_batch_events", factory: factory)
        set("phanbien_build", [("version", version)], 1)
        set("phanbien_start_timestamp_seconds", [], seconds(started))
        // Those that should stay at nothing are there from the start: only then is their first one seen as growth.
        for cause in Cause.allCases { count("phanbien_commit_failures", [("cause", cause.rawValue)], 0) }
    }

    /// A batch is durable.
    func committed(in time: TimeAmount, events: Int) {
        commitDuration.recordNanoseconds(time.nanoseconds)
        batchEvents.record(events)
    }

    /// Nothing of a batch was stored.
    func failed(_ error: LogError) {
        let cause: Cause =
            switch error {
            case .full: .full
            case .readOnly: .readOnly
            case .movedAway: .moved
            case .unreachable: .unreachable
            case .conflict: .conflict
            case .uncertain: .uncertain
            case .broken: .broken
            }
        Counter(label: "phanbien_commit_failures", dimensions: [("cause", cause.rawValue)], factory: factory)
            .increment()
    }

    /// Why a commit failed, by what an operator has to do: whoever is told to stop the server over a file that was moved
    /// away loses it.
    private enum Cause: String, CaseIterable {
        case full
        case readOnly = "read-only"
        case moved
        case unreachable
        case conflict
        case uncertain
        case broken
    }

    /// Hands on what was observed.
    mutating func report(_ seen: Observation) {
        set("phanbien_connections", [("state", "handshaking")], Double(seen.handshaking))
        set("phanbien_connections", [("state", "anonymous")], Double(seen.census.anonymous))
        set("phanbien_connections", [("state", "authenticated")], Double(seen.census.authenticated))
        count("phanbien_connections_accepted", [], seen.door.accepted)
        count("phanbien_connections_refused", [("reason", "too-many")], seen.door.refused + seen.tally.turnedAway)
        count("phanbien_connections_refused", [("reason", "not-accepted")], seen.door.unacceptable)
        count("phanbien_tls_failures", [], seen.door.failedHandshakes)
        set("phanbien_watchers", [], Double(seen.census.watching))
        for (form, answers) in seen.tally.requests {
            count("phanbien_requests", [("verb", form), ("status", "ok")], answers.ok)
            count("phanbien_requests", [("verb", form), ("status", "no")], answers.no)
            count("phanbien_requests", [("verb", form), ("status", "bad")], answers.bad)
        }
        for (code, number) in seen.tally.refusals { count("phanbien_refusals", [("code", code)], number) }
        for (code, number) in seen.tally.goodbyes { count("phanbien_goodbyes", [("code", code)], number) }
        count("phanbien_logins", [], seen.tally.logins)
        set("phanbien_password_queue", [], Double(seen.passwordQueue))
        count("phanbien_event_deliveries", [], seen.tally.deliveries)
        set("phanbien_log_events", [], Double(seen.census.head))
        set("phanbien_index_backlog_events", [], Double(seen.store.unindexedEvents))
        set("phanbien_store_bytes", [], Double(seen.store.databaseOctets))
        set("phanbien_wal_bytes", [], Double(seen.store.writeAheadOctets))
        if let free = seen.store.freeOctets { set("phanbien_free_bytes", [], Double(free)) }
        set("phanbien_resident_memory_bytes", [], Double(seen.process.residentOctets))
        set("phanbien_open_files", [], Double(seen.process.openFiles))
        set("phanbien_people", [], Double(seen.census.people))
        set("phanbien_open_topics", [], Double(seen.census.openTopics))
        if let ends = seen.certificateEnds { set("phanbien_certificate_expiry_timestamp_seconds", [], seconds(ends)) }
        if let last = seen.store.lastBackup { set("phanbien_last_backup_timestamp_seconds", [], seconds(last)) }
    }

    private func seconds(_ instant: Instant) -> Double { Double(instant.milliseconds) / 1_000 }

    private mutating func set(_ name: String, _ labels: [(String, String)], _ value: Double) {
        let series = Series(name: name, labels: labels.map(\.1))
        let meter = meters[series] ?? Meter(label: name, dimensions: labels, factory: factory)
        meters[series] = meter
        meter.set(value)
    }

    private mutating func count(_ name: String, _ labels: [(String, String)], _ total: Int64) {
        let series = Series(name: name, labels: labels.map(\.1))
        let (counter, reported) =
            counters[series] ?? (Counter(label: name, dimensions: labels, factory: factory), 0)
        if total > reported { counter.increment(by: total - reported) }
        counters[series] = (counter, max(total, reported))
    }
}
