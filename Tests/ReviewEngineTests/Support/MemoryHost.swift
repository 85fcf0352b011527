import ReviewCore
import ReviewDigest
import ReviewFiles
import ReviewProtocol
import ReviewTestKit

/// Runs transcripts against the engine in memory.
struct MemoryHost: TopicHost {
    private var shell: TestShell
    private let hasFixedClock: Bool
    private var numbers: [Transcript.ConnectionName: UInt64] = [:]
    private var last: UInt64 = 0
    private var plans = PlanPool(topicsPerPlan: 20)
    /// Where runs begin; nil while the beginnings themselves are made.
    private let stages: [String: Stage]?

    /// A topic in a stage, as every run finds it.
    struct Stage {
        let beginning: TestShell.Beginning
        let values: [String: String]
    }

    /// Where time is not the subject, so much of it passes while a line is waited for: the longest delay of a
    /// login.
    private static let patienceMilliseconds: Int64 = 16_000

    init(_ transcript: Transcript, stages: [String: Stage]? = nil) throws {
        var limits = Limits()
        for (name, value) in transcript.limits { try limits.set(name, to: value) }
        // Where a real clock may stand in, every deadline of the plan is past: so it is there, too.
        let now = transcript.hasFixedClock ? TestShell.start : Instant(rfc3339: "2026-06-16T09:12:00+07:00")
        let plain = try TestShell(
            people: transcript.people, limits: limits, now: now ?? TestShell.start, readPlan: { PlanFile.read($0) })
        shell = plain
        hasFixedClock = transcript.hasFixedClock
        self.stages = stages
        restart = { beginning in
            TestShell(beginning ?? plain.founded, limits: limits, now: plain.now, readPlan: { PlanFile.read($0) })
        }
    }

    private let restart: (TestShell.Beginning?) -> TestShell

    /// Everything that happened, folded.
    var snapshot: TestShell.Beginning {
        var state = State()
        for event in shell.log.events { state.apply(event) }
        return TestShell.Beginning(state: state, events: shell.log.events)
    }

    // MARK: Connections

    mutating func open(_ connection: Transcript.ConnectionName, _ options: OpenOptions) async throws -> Bool {
        last += 1
        numbers[connection] = last
        // One machine, as over the loopback; where everybody waits for the same delay, each has their own.
        shell.open(
            last, address: hasFixedClock ? "192.0.2.\(connection)" : "192.0.2.1",
            certificate: options.certificate.flatMap { Digest(hexadecimal: $0.digits) })
        return true
    }

    func send(_ connection: Transcript.ConnectionName, _ octets: [UInt8], _ delivery: Delivery) async throws {
        guard let number = numbers[connection] else { return }
        // In memory there are no records: octet by octet is the same with and without them.
        let way = delivery == .octets ? .records : delivery
        for piece in way.pieces(of: octets) {
            shell.feed(number, piece)
            shell.run()
        }
    }

    func nextLine(_ connection: Transcript.ConnectionName) async throws -> HostLine {
        guard let number = numbers[connection] else { return .closed }
        if let line = shell.line(number) { return .line(line) }
        if !hasFixedClock, let timer = shell.timer, timer <= shell.now.adding(milliseconds: Self.patienceMilliseconds) {
            shell.pass(milliseconds: max(0, timer.milliseconds - shell.now.milliseconds))
            if let line = shell.line(number) { return .line(line) }
        }
        guard shell.closed.contains(number) else { return .nothing }
        // The socket is gone then, and the engine hears of it.
        shell.close(number)
        return .closed
    }

    mutating func close(_ connection: Transcript.ConnectionName) async throws {
        if let number = numbers.removeValue(forKey: connection) { shell.close(number) }
    }

    func setClock(_ step: String) async throws {
        if step.hasPrefix("+"), let milliseconds = Int64(step.dropFirst()) {
            shell.pass(milliseconds: milliseconds)
        } else if let instant = Instant(rfc3339: step) {
            shell.pass(milliseconds: max(0, instant.milliseconds - shell.now.milliseconds))
        } else {
            throw TranscriptError(name: "", line: 0, problem: "no instant: \(step)")
        }
    }

    // MARK: Topics

    mutating func begin(at stage: String?, _ standing: inout Standing) async throws -> [String: String]? {
        guard let stages else { return nil }
        // Each run has an engine of its own, so none meets what another left.
        shell = restart(stage.flatMap { stages[$0]?.beginning })
        numbers = [:]
        standing = Standing(people: Array(standing.people.values))
        return stage.flatMap { stages[$0]?.values } ?? [:]
    }

    mutating func freshTopic(_ standing: inout Standing) async throws -> String {
        var pool = plans
        defer { plans = pool }
        return try await pool.topic(on: &self, &standing)
    }

    mutating func unusedYear(_ standing: inout Standing) async throws -> String { "9990" }

    mutating func dismiss(topic: String, _ standing: inout Standing) async throws {}
}
