import Foundation
import ReviewTestKit
import Testing

/// The conformance suite against the engine in memory: every transcript whole, cut in two at every offset, and octet by
/// octet, each run on an engine of its own.
///
/// `make conformance` runs the same transcripts over TLS, against this server or another.
///
/// One after the other: some fifty thousand runs at once would keep the tests that wait for a real server from their turn.
@Suite(.serialized) struct ConformanceTests {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Conformance").path
    static let suite = try? Suite(folder: folder)
    static let transcripts: [Transcript] = (suite?.transcripts ?? []).filter(\.runsInMemory)

    @Test func theSuiteCanBeRead() throws {
        let suite = try Suite(folder: Self.folder)
        #expect(suite.transcripts.count >= 300)
    }

    @Test func theBeginningIsTheOneOfTheTests() throws {
        #expect(try Suite.people(folder: Self.folder) == Transcript.standardPeople)
    }

    @Test(arguments: transcripts.indices) func answersAsTheSpecificationSays(_ index: Int) async throws {
        let suite = try #require(Self.suite)
        let transcript = Self.transcripts[index]
        let stages = try await MemoryStages.shared.all(of: suite)
        var judge = Judge(
            suite, on: try MemoryHost(transcript, stages: stages), standing: Standing(), prefix: "t")
        var plan = Judge<MemoryHost>.Plan()
        // In memory there are no records, so octet by octet is one way, not two.
        plan.records = false
        let verdict = try await judge.judge(transcript, plan)
        for failure in verdict.failures {
            Issue.record("\(transcript.title), sent \(failure.delivery.description): \(failure.mismatch)")
        }
    }
}

/// Topics in every stage, each brought there once over the wire as the suite says.
actor MemoryStages {
    static let shared = MemoryStages()
    private var known: Task<[String: MemoryHost.Stage], any Error>?

    func all(of suite: Suite) async throws -> [String: MemoryHost.Stage] {
        if let known { return try await known.value }
        let task = Task { try await Self.make(suite) }
        known = task
        return try await task.value
    }

    private static func make(_ suite: Suite) async throws -> [String: MemoryHost.Stage] {
        let plain = try Transcript(name: "plain", text: "1> PING\n1< OK …\n")
        var stages: [String: MemoryHost.Stage] = [:]
        for stage in suite.stages.keys.sorted() + ["assigned"] {
            var judge = Judge(suite, on: try MemoryHost(plain), standing: Standing(), prefix: "s")
            let values = try await judge.topic(at: stage)
            stages[stage] = MemoryHost.Stage(beginning: judge.judged.snapshot, values: values)
        }
        return stages
    }
}
