import Foundation
import Glibc
import ReviewTestKit
import Synchronization
import Testing

/// The power is cut under load: everything that was acknowledged is there, once, and the log is whole.
///
/// PHANBIEN_POWER_CUTS sets how many times (4 in an ordinary run), PHANBIEN_SEED where chance begins.
@Suite(.serialized) struct PowerTests {
    private static let variables = ProcessInfo.processInfo.environment
    private static let cuts = variables["PHANBIEN_POWER_CUTS"].flatMap { Int($0) } ?? 4
    private static let seed = variables["PHANBIEN_SEED"].flatMap { UInt64($0) } ?? UInt64.random(in: 1...999_999)

    /// Where the power fails, beside anywhere.
    private static let moments: [(name: String, instruction: @Sendable (inout SplitMix64) -> String?)] = [
        ("at random", { _ in nil }),
        ("inside a transaction", { "write:wal:\(2 + $0.next() % 200):kill-within" }),
        ("before a commit's sync", { "sync:wal:\(1 + $0.next() % 16):kill-before" }),
        ("between a commit's sync and its replies", { "sync:wal:\(1 + $0.next() % 16):kill-after" }),
        ("during a checkpoint", { "write:db:\(1 + $0.next() % 200):kill-within" }),
        ("before a checkpoint's sync", { _ in "sync:db:1:kill-before" }),
        ("when the write-ahead log begins anew", { _ in "write:header:2:kill-within" }),
        ("at a write of the mark", { "write:mark:\(1 + $0.next() % 16):kill-within" }),
    ]

    /// What a cycle came to.
    private enum Verdict: Equatable {
        case kept
        /// The loss that was found: by the server itself at its start, or by a writer who was promised something.
        case lost(String)
    }

    /// One round on one copy of the prepared server.
    private struct Round {
        let server: ServerProcess
        let writers = Writers(4)
        var dice: SplitMix64
        let lie: String?

        init(seed: UInt64, lie: String? = nil) throws {
            server = try ServerProcess(copying: Prepared.reviewed.get())
            dice = SplitMix64(seed: seed)
            self.lie = lie
        }

        /// Load, then darkness, then a start and a look.
        mutating func cycle(
            _ instruction: String?, restarts: Bool, _ survival: PowerCut.Survival
        ) throws -> (
            Verdict, met: Bool
        ) {
            let power = try PowerCut(folder: server.data)
            let fault = try Fault(instruction, folder: server.data, lie: lie)
            if let ending = try server.attempt(
                Prepared.options, environment: fault.environment(isGated: true, keepsJournal: true))
            {
                return (.lost("the server did not start: \(ending) \(server.log.suffix(600))"), false)
            }
            let isAtCheckpoint = instruction.map { $0.hasPrefix("write:header") || $0.contains(":db:") } ?? false
            writers.start(server, isVoluminous: isAtCheckpoint)
            usleep(UInt32(100_000 + dice.next() % 300_000))
            fault.openGate()
            if instruction == nil || !writers.wait(for: server) { server.killHard() }
            guard writers.join() else { return (.lost("a writer did not end"), fault.wasMet) }
            if let failure = writers.failure { return (.lost(failure), fault.wasMet) }
            if restarts {
                // The process died first, another one answered from what it found, and then the power went.
                fault.closeGate()
                try server.start(Prepared.options, environment: fault.environment(isGated: true, keepsJournal: true))
                let reader = try HandConnection(server)
                try reader.logIn("lan")
                for writer in writers.writers { try writer.settle(reader) }
                // What has been found there again is promised again.
                for writer in writers.writers { writer.progress.withLock { $0.settled = max(0, $0.settled - 40) } }
                server.killHard()
            }
            try power.follow(fault.journal)
            try power.cut(survival, &dice)
            return (try look(), fault.wasMet)
        }

        /// Starts on what is left, and asks for everything that was promised in this cycle.
        private func look() throws -> Verdict {
            if let ending = try server.attempt(Prepared.options) {
                return .lost("the server refused with \(ending): \(server.log.suffix(900))")
            }
            let reader = try HandConnection(server)
            try reader.logIn("lan")
            for writer in writers.writers {
                try writer.settle(reader)
                if let failure = writer.progress.withLock({ $0.failure }) { return .lost(failure) }
            }
            return server.stop() == 0 ? .kept : .lost("the server did not end well")
        }
    }

    @Test func everythingAcknowledgedSurvivesAPowerCut() throws {
        var met: [String: Int] = [:]
        var acknowledged = 0
        var cut = 0
        for round in 0..<((Self.cuts + 29) / 30) {
            var play = try Round(seed: Self.seed &+ UInt64(round))
            for _ in 0..<min(30, Self.cuts - cut) {
                let moment = Self.moments[cut % Self.moments.count]
                let survivals = PowerCut.Survival.allCases
                let survival = survivals[(cut + cut / survivals.count) % survivals.count]
                let instruction = moment.instruction(&play.dice)
                cut += 1
                let (verdict, wasMet) = try play.cycle(instruction, restarts: cut % 3 == 0, survival)
                met[wasMet || instruction == nil ? moment.name : "not met, so at random", default: 0] += 1
                guard verdict == .kept else {
                    Issue.record(
                        "cut \(cut), seed \(Self.seed), \(moment.name), survives \(survival): \(verdict)")
                    return
                }
            }
            try play.server.start(Prepared.options)
            try play.writers.check(play.server)
            try #require(play.server.stop() == 0)
            try play.server.operate(["verify", "--data", play.server.data])
            acknowledged += play.writers.acknowledged
            Progress.say("power: \(cut) of \(Self.cuts), \(acknowledged) acknowledged")
        }
        #expect(acknowledged > cut)
        print("power: cuts=\(cut) acknowledged=\(acknowledged) lost=0 seed=\(Self.seed)")
        for (name, count) in met.sorted(by: { $0.key < $1.key }) { print("power:   \(count) × \(name)") }
    }

    /// Killed between writing a commit and syncing it: what the next start reads of it, it may promise, so it has to be on
    /// the disk by then.
    @Test(arguments: 3...6) func whatAStartReadsIsOnTheDisk(commit: Int) throws {
        var dice = SplitMix64(seed: Self.seed)
        let server = try ServerProcess(copying: Prepared.reviewed.get())
        let writers = Writers(2)
        let power = try PowerCut(folder: server.data)
        let fault = try Fault("sync:wal:\(commit):kill-before", folder: server.data)
        try server.start(Prepared.options, environment: fault.environment(isGated: true, keepsJournal: true))
        fault.openGate()
        writers.start(server)
        try #require(server.ending(within: 300) == -SIGKILL)
        try #require(writers.join())
        // A start that dies as soon as it is done, before anything of its own is written, or closed in order.
        let second = try Fault("write:mark:1:kill-before", folder: server.data)
        let ending = try server.attempt(
            Prepared.options,
            environment: second.environment().merging(["FAULTS_JOURNAL": fault.journal]) { $1 })
        try #require(ending == -SIGKILL && second.wasMet)
        let found = try server.operate(["verify", "--data", server.data]).output
        try power.follow(fault.journal)
        try power.cut(.nothing, &dice)
        #expect(try server.operate(["verify", "--data", server.data]).output == found)
    }

    /// The harness has to find a server that does not wait for its disk: the same cycles, and syncs that do nothing.
    @Test(arguments: ["all", "commit"]) func aServerThatDoesNotSyncIsCaught(_ lie: String) throws {
        var play = try Round(seed: Self.seed, lie: lie)
        for cycle in 1...20 {
            let (verdict, _) = try play.cycle(nil, restarts: false, .nothing)
            if case .lost(let how) = verdict {
                print("power: syncs of \(lie) left out: caught at cut \(cycle): \(how.prefix(160))")
                return
            }
        }
        Issue.record("20 power cuts without syncs (\(lie)), and nothing was missed")
    }
}
