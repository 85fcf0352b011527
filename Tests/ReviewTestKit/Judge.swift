/// Runs the transcripts of a suite against one implementation, each in every way in which it can be sent.
public struct Judge<Host: TopicHost> {
    /// Which runs are made.
    public struct Plan: Sendable {
        /// In one piece.
        public var whole = true
        /// Octet by octet on the network.
        public var octets = true
        /// A TLS record per octet.
        public var records = true
        /// How many offsets to cut at; nil for every one.
        public var cuts: Int?
        /// What chooses the offsets when not all are taken.
        public var seed: UInt64 = 1

        /// Everything.
        public init() {}
    }

    /// What became of a transcript.
    public struct Verdict: Sendable {
        /// How often it ran.
        public var runs = 0
        /// What did not fit, with the way in which it was sent; empty when it passed.
        public var failures: [(delivery: Delivery, mismatch: Mismatch)] = []
    }

    /// Beyond so many octets cuts are made near the ends of a burst only, and octets are not sent one by one.
    public static var longBurst: Int { 700 }

    private let suite: Suite
    private var host: Host
    private var standing: Standing
    private let prefix: String
    private var count = 0

    /// A judge.
    ///
    /// - Parameter prefix: Begins every name that is made up, so that nothing of an earlier judge is met again on a
    ///   server that lives on: lower-case letters and digits.
    public init(_ suite: Suite, on host: Host, standing: Standing, prefix: String) {
        self.suite = suite
        self.host = host
        self.standing = standing
        self.prefix = prefix
    }

    /// Runs one transcript in all ways of the plan, until one fails.
    public mutating func judge(_ transcript: Transcript, _ plan: Plan) async throws -> Verdict {
        var verdict = Verdict()
        var longest = 0
        if plan.whole || plan.cuts != 0 {
            longest = try await attempt(transcript, .whole, &verdict)
        }
        guard verdict.failures.isEmpty, transcript.repetition != .once else { return verdict }
        for delivery in deliveries(transcript, longest: longest, plan) {
            // A host in memory never waits, and others want their turn as well.
            await Task.yield()
            _ = try await attempt(transcript, delivery, &verdict)
            guard verdict.failures.isEmpty else { break }
        }
        return verdict
    }

    private func deliveries(_ transcript: Transcript, longest: Int, _ plan: Plan) -> [Delivery] {
        var ways: [Delivery] = []
        let isLong = longest > Self.longBurst
        if plan.octets, !isLong { ways.append(.octets) }
        if plan.records, !isLong { ways.append(.records) }
        // What is made up anew for each run may be an octet longer the next time.
        let offsets = isLong ? Array(1...40) + Array((longest - 40)..<longest) : Array(1..<max(1, longest + 1))
        let most = transcript.repetition == .few ? min(plan.cuts ?? 3, 3) : plan.cuts ?? offsets.count
        guard most < offsets.count else { return ways + offsets.map { .cut($0) } }
        var dice = SplitMix64(seed: plan.seed ^ UInt64(truncatingIfNeeded: transcript.firstLine &* 0x9E37))
        return ways + (0..<most).map { _ in .cut(offsets[Int(dice.next() % UInt64(offsets.count))]) }
    }

    /// One run; gives the length of its longest burst.
    private mutating func attempt(
        _ transcript: Transcript, _ delivery: Delivery, _ verdict: inout Verdict
    ) async throws -> Int {
        if transcript.isAlone { try await leaveAll() }
        let prepared = try await host.begin(at: transcript.stage, &standing)
        var values = try await names(for: transcript)
        if let prepared {
            values.merge(prepared) { $1 }
        } else if let stage = transcript.stage {
            values.merge(try await topic(at: stage)) { $1 }
        }
        let (mismatches, after) = try await run(transcript, delivery, values)
        verdict.runs += 1
        verdict.failures += mismatches.map { (delivery, $0) }
        if let topic = values["topic"] { try await host.dismiss(topic: topic, &standing) }
        return after.longestBurst
    }

    private mutating func run(
        _ transcript: Transcript, _ delivery: Delivery, _ values: [String: String]
    ) async throws -> ([Mismatch], TranscriptRunner<Host>) {
        var runner = TranscriptRunner(
            transcript, on: host, delivery: delivery, values: values, standing: standing, endCheck: .ping)
        let (mismatches, _) = try await runner.run()
        host = runner.host
        standing = runner.standing
        return (mismatches, runner)
    }

    // MARK: What a run begins with

    /// The host, to look at after the runs.
    public var judged: Host { host }

    /// Names that nobody used before, for what a transcript makes.
    private mutating func names(for transcript: Transcript) async throws -> [String: String] {
        count += 1
        var values: [String: String] = [:]
        for name in ["key", "person", "other", "number"] { values[name] = "\(prefix)\(name.prefix(1))\(count)" }
        if transcript.mentions("plan") { values["plan"] = try await host.unusedYear(&standing) }
        return values
    }

    /// A fresh topic in a stage, with the names that were learnt on the way.
    public mutating func topic(at stage: String) async throws -> [String: String] {
        if stage == "assigned" {
            let topic = try await host.freshTopic(&standing)
            return ["topic": topic, "year": String(topic.prefix { $0 != "-" })]
        }
        guard let way = suite.stages[stage], let from = way.header["from"]?.first else {
            throw TranscriptError(name: "stages", line: 0, problem: "no topic can begin at stage \(stage)")
        }
        let (mismatches, after) = try await run(way, .whole, try await topic(at: from))
        if let mismatch = mismatches.first {
            throw TranscriptError(name: mismatch.name, line: mismatch.line, problem: "\(mismatch)")
        }
        return after.values
    }

    private mutating func leaveAll() async throws {
        for connection in standing.open.sorted() { try await host.close(connection) }
        standing.open = []
    }
}

/// A host that can provide fresh topics.
public protocol TopicHost: TranscriptHost {
    /// A run begins.
    ///
    /// - Returns: What is known of a topic that waits in the stage asked for, when the host has a short way to one; nil
    ///   when the way has to be gone over the wire.
    mutating func begin(at stage: String?, _ standing: inout Standing) async throws -> [String: String]?
    /// A topic that was planned and nothing else.
    mutating func freshTopic(_ standing: inout Standing) async throws -> String
    /// A year without a plan.
    mutating func unusedYear(_ standing: inout Standing) async throws -> String
    /// A topic is not needed any more.
    mutating func dismiss(topic: String, _ standing: inout Standing) async throws
}
