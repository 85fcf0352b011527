import ReviewCore
import ReviewProtocol
import ReviewTestKit
import Testing

@testable import ReviewEngine

@Suite struct WatchTests {
    private struct Seen: Equatable {
        let sequence: Int64
        let previous: Int64
    }

    private func events(_ lines: [String]) -> [Seen] {
        lines.compactMap { line in
            let words = line.split(separator: " ")
            guard words.first == "EVENT", words.count > 2, let sequence = Int64(words[1]),
                let previous = Int64(words[2].dropFirst("prev=".count))
            else { return nil }
            return Seen(sequence: sequence, previous: previous)
        }
    }

    /// Every `prev=` is the event before it.
    private func isChain(_ seen: [Seen], after: Int64) -> Bool {
        zip([after] + seen.map(\.sequence), seen).allSatisfy { $0 == $1.previous && $0 < $1.sequence }
    }

    @Test func everythingComesFromTheLogWhenTheRingIsEmpty() throws {
        let shell = try TestShell()
        shell.logIn(1, "minh")
        let lines = shell.ask(1, "WATCH after=0")
        #expect(lines.first?.hasPrefix("OK log=01J8TEST tail=\(shell.log.events.count) after=0") == true)
        #expect(lines.last == "SYNC \(shell.log.events.count)")
        let seen = events(lines)
        #expect(isChain(seen, after: 0))
        // Passwords of others are nobody's business.
        let hidden = shell.log.events.filter { $0.fact.type.hasPrefix("CREDENTIAL") && $0.person?.text != "minh" }
        #expect(!hidden.isEmpty)
        #expect(seen.count < shell.log.events.count)
    }

    @Test func farBehindComesInPages() throws {
        let shell = try TestShell()
        shell.logIn(1, "bich")
        for _ in 0..<400 {
            shell.send(1, "POSTPONE 2025-3 <\nx\nUNPOSTPONE 2025-3\n")
            _ = shell.lines(1)
        }
        let tail = Int64(shell.log.events.count)
        // Another engine over the same log knows none of it by heart.
        let fresh = try shell.restarted()
        fresh.logIn(2, "lan")
        let before = fresh.loads.count
        let lines = fresh.ask(2, "WATCH 2025-3 after=10")
        let seen = events(lines)
        #expect(seen.count == 800)
        #expect(isChain(seen, after: 10))
        #expect(lines.last == "SYNC \(tail)")
        #expect(fresh.loads.count - before == 4)
        #expect(fresh.sends[2]?.allSatisfy { $0.count <= EngineConfiguration.catchUpOctets + 500 } == true)
    }

    @Test func aTopicThatFillsTheTurnTakesNoPageFromAnother() throws {
        let shell = try TestShell()
        shell.logIn(1, "bich")
        shell.logIn(2, "lan")
        let start = Int64(shell.log.events.count)
        for _ in 0..<450 {
            shell.send(1, "POSTPONE 2025-3 <\nx\nUNPOSTPONE 2025-3\n")
            _ = shell.lines(1)
        }
        // The one is at hand and more than a turn may send; the other has to come from the log.
        shell.send(2, "WATCH 2025-2 after=0\nWATCH 2025-3 after=\(start)\n")
        let lines = shell.lines(2)
        #expect(events(lines.filter { $0.contains(" topic=2025-3") }).count == 900)
        #expect(lines.contains { $0.contains(" TOPIC.PLANNED topic=2025-2") })
        #expect(lines.last == "SYNC \(shell.log.events.count)")
        #expect(shell.sends[2]?.allSatisfy { $0.count <= EngineConfiguration.catchUpOctets + 500 } == true)
    }

    @Test func newEventsReachWatchersInOneWrite() throws {
        let shell = try TestShell()
        shell.logIn(1, "son")
        shell.logIn(2, "lan")
        _ = shell.ask(2, "WATCH")
        let before = shell.sends[2]?.count ?? 0
        shell.send(1, "ASSIGN 2025-2 lan as=author\nASSIGN 2025-3 lan as=author\nUNASSIGN 2025-3 lan as=author\n")
        let tail = Int64(shell.log.events.count)
        #expect(shell.sends[2]?.count == before + 1)
        let seen = events(shell.lines(2))
        #expect(seen.map(\.sequence) == [tail - 2, tail - 1, tail])
        #expect(isChain(seen, after: tail - 3))
    }

    @Test(
        "What one turn made durable comes to each kind of watcher as if event by event, also when it is too much for one piece",
        arguments: [1, 2, 16, 31, 32, 40, 300])
    func eachKindOfWatcherGetsItsOwnLines(_ rounds: Int) throws {
        let shell = try TestShell()
        for (connection, name) in [(1, "son"), (2, "lan"), (3, "minh"), (4, "bich"), (5, "bich")] as [(UInt64, String)]
        {
            shell.logIn(connection, name)
        }
        _ = shell.ask(2, "WATCH")
        _ = shell.ask(3, "WATCH 2025-2")
        _ = shell.ask(4, "WATCH")
        // This one comes in the midst of the log, and one event was hidden from it before.
        let start = Int64(shell.log.events.count)
        _ = shell.ask(5, "WATCH 2025-3 after=\(start - 3)")
        shell.send(
            1, String(repeating: "ASSIGN 2025-2 lan as=author\nUNASSIGN 2025-2 lan as=author\n", count: rounds))
        shell.send(1, "ASSIGN 2025-3 lan as=author\n")
        let new = shell.log.events.filter { $0.sequence > start }
        #expect(new.count == 2 * rounds + 1)
        for connection in [2, 4] as [UInt64] {
            let seen = events(shell.lines(connection))
            #expect(isChain(seen, after: start))
            #expect(seen.map(\.sequence) == new.map(\.sequence))
        }
        let ofTopic = events(shell.lines(3))
        #expect(isChain(ofTopic, after: start))
        #expect(ofTopic.map(\.sequence) == new.map(\.sequence).dropLast())
        let late = shell.lines(5)
        #expect(events(late).map(\.sequence) == [start + Int64(new.count)])
        #expect(late.count == 1)
    }

    @Test func ownEventsFollowTheReply() throws {
        let shell = try TestShell()
        shell.logIn(1, "son")
        _ = shell.ask(1, "WATCH")
        let lines = shell.ask(1, "ASSIGN 2025-2 lan as=author")
        #expect(lines.map { String($0.prefix(5)) } == ["OK to", "EVENT"])
    }

    @Test func aSlowReaderCostsACursor() throws {
        let shell = try TestShell()
        shell.logIn(1, "bich")
        shell.logIn(2, "lan")
        _ = shell.ask(2, "WATCH")
        let start = Int64(shell.log.events.count)
        shell.handle(.blocked(ConnectionID(2)))
        for _ in 0..<(EngineConfiguration.recentEvents / 2 + 50) {
            shell.send(1, "POSTPONE 2025-3 <\nx\nUNPOSTPONE 2025-3\n")
            _ = shell.lines(1)
            shell.now = shell.now.adding(milliseconds: 10)
        }
        #expect(shell.lines(2) == [])
        shell.handle(.drained(ConnectionID(2)))
        shell.run()
        let seen = events(shell.lines(2))
        #expect(isChain(seen, after: start))
        #expect(seen.last?.sequence == Int64(shell.log.events.count))
        #expect(Int64(seen.count) == Int64(shell.log.events.count) - start)
        #expect(shell.sends[2]?.allSatisfy { $0.count <= EngineConfiguration.catchUpOctets + 500 } == true)
    }

    @Test func whatMayBeSeenIsDecidedAtDelivery() throws {
        let shell = try TestShell()
        for (connection, name) in [(1, "son"), (2, "lan"), (3, "bich"), (4, "minh")] as [(UInt64, String)] {
            shell.logIn(connection, name)
        }
        shell.ask(1, "ASSIGN 2025-2 lan as=author")
        let start = shell.log.events.count
        shell.handle(.blocked(ConnectionID(4)))
        shell.send(4, "WATCH 2025-2 after=\(start)\n")
        shell.ask(2, "PUSH 2025-2 if=@0 <<", "# A", "", "x", ".")
        shell.ask(1, "SUBMIT 2025-2")
        shell.ask(3, "SUBMIT 2025-2")
        // The push was hidden when it happened; now the review office may read it.
        shell.handle(.drained(ConnectionID(4)))
        shell.run()
        let lines = shell.lines(4)
        #expect(lines.contains { $0.contains(" REVISION.PUSHED topic=2025-2 revision=1 by=lan") })
        #expect(isChain(events(lines), after: Int64(start)))
    }

    @Test func topicsHaveTheirOwnChains() throws {
        let shell = try TestShell()
        shell.logIn(1, "son")
        shell.logIn(2, "lan")
        let start = Int64(shell.log.events.count)
        #expect(shell.ask(2, "WATCH 2025-2").count == 2)
        #expect(shell.ask(2, "WATCH 2025-3").count == 2)
        shell.ask(1, "ASSIGN 2025-2 lan as=author", "ASSIGN 2025-3 lan as=author", "UNASSIGN 2025-2 lan as=author")
        let lines = shell.lines(2)
        #expect(isChain(events(lines.filter { $0.contains("topic=2025-2") }), after: start))
        #expect(isChain(events(lines.filter { $0.contains("topic=2025-3") }), after: start))
        #expect(events(lines).count == 3)
        // Everything replaces the topics: no event comes twice.
        #expect(shell.ask(2, "WATCH").first?.hasPrefix("OK") == true)
        shell.ask(1, "ASSIGN 2025-2 lan as=author")
        #expect(events(shell.lines(2)).count == 1)
        #expect(shell.ask(2, "UNWATCH").first == "OK watching=0")
        shell.ask(1, "UNASSIGN 2025-2 lan as=author")
        #expect(shell.lines(2) == [])
    }

    @Test func aNewCursorReplacesTheOldOne() throws {
        let shell = try TestShell()
        shell.logIn(1, "lan")
        shell.send(1, "WATCH after=5\nWATCH after=0\nWATCH 2025-2 after=3\nWATCH after=12\n")
        let lines = shell.lines(1)
        #expect(lines.filter { $0.hasPrefix("OK") }.count == 4)
        #expect(isChain(events(lines), after: 12))
        #expect(lines.last == "SYNC \(shell.log.events.count)")
        #expect(lines.filter { $0.hasPrefix("SYNC") }.count == 1)
    }

    /// Each WATCH that armed an alarm of its own would have it tell more SYNC, and take more memory, than one.
    @Test func howeverOftenSomebodyWatchesOneSyncComesInItsTime() throws {
        let shell = try TestShell()
        shell.logIn(1, "lan")
        for _ in 0..<3 {
            _ = shell.ask(1, "WATCH")
            _ = shell.ask(1, "UNWATCH")
        }
        _ = shell.ask(1, "WATCH")
        shell.pass(milliseconds: Int64(Limits().syncSeconds) * 1_000)
        #expect(shell.lines(1) == ["SYNC \(shell.log.events.count)"])
    }

    @Test func topicsOfOneConnectionAreBounded() throws {
        var limits = Limits()
        limits.watches = 2
        let shell = try TestShell(limits: limits)
        shell.logIn(1, "lan")
        _ = shell.ask(1, "WATCH 2025-1")
        _ = shell.ask(1, "WATCH 2025-2")
        _ = shell.ask(1, "WATCH 2025-2 after=1")
        #expect(shell.ask(1, "WATCH 2025-3").last?.hasPrefix("NO QUOTA retry=later") == true)
        #expect(shell.ask(1, "WATCH").first?.hasPrefix("OK") == true)
    }

    @Test func aPositionIsKeptForEveryClient() throws {
        let shell = try TestShell()
        shell.logIn(1, "lan")
        let tail = shell.log.events.count
        #expect(shell.ask(1, "WATCH client=x").first?.contains(" after=\(tail)") == true)
        #expect(shell.ask(1, "ACK 7 client=x") == ["OK position=7 client=x"])
        #expect(shell.ask(1, "ACK 9") == ["OK position=9"])
        #expect(shell.ask(1, "WATCH client=x").first?.contains(" after=7") == true)
        #expect(shell.ask(1, "WATCH client=x after=8").first?.contains(" after=8") == true)
        shell.logIn(2, "minh")
        #expect(shell.ask(2, "WATCH client=x").first?.contains(" after=\(tail)") == true)
    }

    @Test func nobodyWatchesFromBehindTheEnd() throws {
        let shell = try TestShell()
        shell.logIn(1, "lan")
        let tail = Int64(shell.log.events.count)
        #expect(shell.ask(1, "WATCH after=\(tail)").first == "OK log=01J8TEST tail=\(tail) after=\(tail)")
        #expect(shell.ask(1, "WATCH after=\(tail + 1)").first?.hasPrefix("NO CURSOR-AHEAD ") == true)
        // Acknowledged in a log that was put back to an earlier state since.
        shell.log.positions["lan/x"] = tail + 5
        #expect(shell.ask(1, "WATCH client=x").first?.contains(" after=\(tail)") == true)
    }

    @Test func aStoreThatCannotReadLosesNothing() throws {
        let shell = try TestShell()
        shell.logIn(1, "lan")
        shell.failsLoads = true
        #expect(shell.ask(1, "WATCH after=0").count == 1)
        shell.failsLoads = false
        shell.pass(milliseconds: 30_000)
        let lines = shell.lines(1)
        #expect(isChain(events(lines), after: 0))
        #expect(lines.last == "SYNC \(shell.log.events.count)")
    }

    /// The store may give an event out before the engine hears that it is durable: who sees it is judged by the state that
    /// has it.
    @Test func aPageEndsWhereTheEngineKnowsTheLog() throws {
        let shell = try TestShell()
        shell.logIn(1, "bich")
        shell.logIn(2, "lan")
        let tail = Int64(shell.log.events.count)
        shell.holdsAppends = true
        shell.send(1, "POSTPONE 2025-3 <\nx\n")
        let batch = try #require(shell.heldBatches.first)
        guard case .appended = shell.log.append(batch) else {
            Issue.record("the batch did not fit")
            return
        }
        let page = shell.ask(2, "WATCH after=0")
        #expect(events(page).last.map { $0.sequence <= tail } == true)
        #expect(page.last == "SYNC \(tail)")
        shell.handle(.appended)
        shell.run()
        #expect(events(shell.lines(2)).last?.sequence == tail + 1)
    }

    @Test func aDisabledPersonIsToldNothingMore() throws {
        let shell = try TestShell()
        shell.logIn(1, "root")
        shell.logIn(2, "lan")
        _ = shell.ask(2, "WATCH")
        shell.ask(1, "PERSON DISABLE lan <", "x")
        #expect(shell.lines(2).map { String($0.prefix(11)) } == ["BYE REVOKED"])
        #expect(shell.closed == [2])
    }
}
