import Foundation
import Glibc
import ReviewTestKit
import Testing

/// `kill -9` under load, at random moments and at named points: nothing that was acknowledged is lost, nothing is there
/// twice, and the next start goes on by itself.
///
/// PHANBIEN_CRASHES sets how many times (10 in an ordinary run), PHANBIEN_SEED where chance begins.
@Suite(.serialized) struct CrashTests {
    /// A place in the server's work at which it can die.
    private struct Point: Sendable {
        let name: String
        /// Where the fault counts from: the process's first call, or the moment when everybody posts.
        var isAtStart = false
        /// Whether it takes a checkpoint to come there, and so many octets.
        var isAtCheckpoint = false
        let instruction: @Sendable (inout SplitMix64) -> String?
    }

    private static let points = [
        Point(name: "at random") { _ in nil },
        Point(name: "before an append") { _ in "write:wal:1:kill-before" },
        Point(name: "inside a transaction") { "write:wal:\(2 + $0.next() % 200):kill-within" },
        Point(name: "written, not yet synced") { "sync:wal:\(1 + $0.next() % 16):kill-before" },
        Point(name: "committed, not yet answered") { "sync:wal:\(1 + $0.next() % 16):kill-after" },
        Point(name: "at the mark after a commit") { "write:mark:\(1 + $0.next() % 16):kill-within" },
        Point(name: "during a checkpoint", isAtCheckpoint: true) { "write:db:\(1 + $0.next() % 100):kill-within" },
        Point(name: "at a checkpoint's sync", isAtCheckpoint: true) {
            "sync:db:1:\($0.next() % 2 == 0 ? "kill-before" : "kill-after")"
        },
        Point(name: "when the write-ahead log begins anew", isAtCheckpoint: true) {
            "write:header:1:\($0.next() % 2 == 0 ? "kill-within" : "kill-after")"
        },
        Point(name: "during a start", isAtStart: true) { "any:any:\(1 + $0.next() % 20):kill-before" },
    ]

    private static let variables = ProcessInfo.processInfo.environment
    private static let crashes = variables["PHANBIEN_CRASHES"].flatMap { Int($0) } ?? 10
    private static let seed = variables["PHANBIEN_SEED"].flatMap { UInt64($0) } ?? UInt64.random(in: 1...999_999)
    /// After so many crashes a round begins anew, so that starts do not grow with everything that was ever posted.
    private static let crashesPerRound = 40

    @Test func nothingAcknowledgedIsLostOrDoubled() throws {
        var dice = SplitMix64(seed: Self.seed)
        var met: [String: Int] = [:]
        var (acknowledged, crash) = (0, 0)
        while crash < Self.crashes {
            let server = try ServerProcess(copying: Prepared.reviewed.get())
            let writers = Writers(5)
            for _ in 0..<min(Self.crashesPerRound, Self.crashes - crash) {
                let point = Self.points[crash % Self.points.count]
                crash += 1
                let fault = try Fault(point.instruction(&dice), folder: server.data)
                if let ending = try server.attempt(
                    Prepared.options, environment: fault.environment(isGated: !point.isAtStart))
                {
                    try #require(ending == -SIGKILL && fault.wasMet, "ended with \(ending): \(server.log.suffix(900))")
                    met[point.name, default: 0] += 1
                    continue
                }
                writers.start(server, isVoluminous: point.isAtCheckpoint)
                usleep(UInt32(120_000 + dice.next() % 200_000))
                fault.openGate()
                if fault.instruction == nil { usleep(UInt32(dice.next() % 300_000)) }
                if fault.instruction == nil || !writers.wait(for: server) { server.killHard() }
                met[fault.wasMet || fault.instruction == nil ? point.name : "at random", default: 0] += 1
                try #require(writers.join(), "writers of crash \(crash) did not end")
                try #require(
                    writers.failure == nil, "crash \(crash) \(point.name), seed \(Self.seed): \(writers.failure ?? "")")
            }
            try server.start(Prepared.options)
            try writers.check(server)
            try #require(server.stop() == 0)
            try server.operate(["verify", "--data", server.data])
            acknowledged += writers.acknowledged
            Progress.say("crash: \(crash) of \(Self.crashes), \(acknowledged) acknowledged")
        }
        #expect(acknowledged > crash)
        print("crash: kills=\(crash) acknowledged=\(acknowledged) lost=0 doubled=0 seed=\(Self.seed)")
        for (name, count) in met.sorted(by: { $0.key < $1.key }) { print("crash:   \(count) × \(name)") }
        // Each named point has to be met, or this test proves less than it says.
        guard Self.crashes >= Self.points.count else { return }
        for point in Self.points { #expect(met[point.name] != nil, "never killed \(point.name)") }
    }
}
