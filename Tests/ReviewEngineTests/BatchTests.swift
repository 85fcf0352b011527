import ReviewCore
import ReviewTestKit
import Testing

@testable import ReviewEngine

/// The funnel: one batch, replies when it is durable and never earlier, and what happens when it is not stored.
@Suite struct BatchTests {
    /// The lead office's author, the heads of both offices.
    private func shell(_ limits: [String: String] = [:]) throws -> TestShell {
        let shell = try TestShell()
        shell.logIn(1, "son")
        shell.logIn(2, "lan")
        shell.logIn(3, "hoa")
        shell.ask(1, "ASSIGN 2025-2 lan as=author")
        return shell
    }

    @Test func nothingIsSaidBeforeItIsDurable() throws {
        let shell = try shell()
        shell.holdsAppends = true
        shell.send(1, "#a ASSIGN 2025-3 lan as=author\n")
        shell.send(2, "#b PUSH 2025-2 if=@0 <<\n# A\n.\n")
        #expect(shell.lines(1) == [])
        #expect(shell.lines(2) == [])
        // The first append is on its way; the second request waits for the next one.
        #expect(shell.heldBatches.count == 1)
        shell.release()
        #expect(shell.lines(1).map { String($0.prefix(6)) } == ["OK #a "])
        #expect(shell.lines(2) == [])
        shell.release()
        #expect(shell.lines(2).map { String($0.prefix(6)) } == ["OK #b "])
    }

    @Test func everythingAtHandIsOneBatch() throws {
        let shell = try shell()
        let before = shell.log.appends
        shell.feed(1, Array("#a ASSIGN 2025-3 lan as=author\n#b UNASSIGN 2025-3 lan as=author\n".utf8))
        shell.feed(2, Array("#c PUSH 2025-2 if=@0 <<\n# A\n.\n".utf8))
        shell.feed(3, Array("#d ASSIGN 2025-1 minh as=author\n".utf8))
        shell.run()
        #expect(shell.log.appends == before + 1)
        #expect(shell.lines(1).map { String($0.prefix(6)) } == ["OK #a ", "OK #b "])
        #expect(shell.lines(2).map { String($0.prefix(6)) } == ["OK #c "])
        #expect(shell.lines(3).map { String($0.prefix(6)) } == ["OK #d "])
        // One write per connection and turn.
        #expect(shell.sends[1]?.last.map { $0.split(separator: 0x0A).count } == 2)
    }

    @Test func keyedWritesAreLookedUpTogetherAndStayOneBatch() throws {
        let shell = try shell()
        let before = shell.log.appends
        let loads = shell.loads.count
        shell.feed(1, Array("ASSIGN 2025-3 lan as=author key=k1\nUNASSIGN 2025-3 lan as=author key=k2\n".utf8))
        shell.feed(2, Array("PUSH 2025-2 if=@0 key=k1 <<\n# A\n.\n".utf8))
        shell.feed(3, Array("ASSIGN 2025-1 minh as=author\n".utf8))
        shell.run()
        #expect(shell.log.appends == before + 1)
        #expect(shell.loads.count == loads + 1)
        guard case .replies(let keys) = shell.loads.last else {
            Issue.record("no look-up")
            return
        }
        #expect(keys.map { "\($0.person)/\($0.key)" } == ["son/k1", "son/k2", "lan/k1"])
        #expect(shell.lines(1).count == 2)
    }

    @Test func theSameKeyTwiceInOneBatchIsDoneOnce() throws {
        let shell = try shell()
        shell.logIn(4, "son")
        let before = shell.log.appends
        let events = shell.log.events.count
        shell.feed(1, Array("#a ASSIGN 2025-3 lan as=author key=k\n#b ASSIGN 2025-3 lan as=author key=k\n".utf8))
        shell.feed(4, Array("#c ASSIGN 2025-3 lan as=author key=k\n#d SUBMIT 2025-3 key=k\n".utf8))
        shell.run()
        #expect(shell.log.appends == before + 1)
        #expect(shell.log.events.count == events + 1)
        let first = shell.lines(1)
        #expect(first.map { $0.contains("replay=yes") } == [false, true])
        #expect(first.map { String($0.prefix(6)) } == ["OK #a ", "OK #b "])
        let second = shell.lines(4)
        #expect(second.first?.hasPrefix("OK #c replay=yes") == true)
        #expect(second.last?.hasPrefix("NO KEY-REUSED #d retry=never") == true)
    }

    @Test("What the store said of a key before a batch was stored is not believed after it")
    func aKeyIsLookedUpAgainAfterABatch() throws {
        let shell = try shell()
        shell.logIn(4, "son")
        shell.holdsAppends = true
        shell.send(1, "ASSIGN 2025-3 lan as=author key=k\n")
        #expect(shell.heldBatches.count == 1)
        shell.holdsLoads = true
        shell.send(4, "ASSIGN 2025-3 lan as=author key=k\n")
        shell.holdsAppends = false
        shell.release()
        let appends = shell.log.appends
        shell.loadHeld()
        #expect(shell.lines(4).map { String($0.prefix(13)) } == ["OK replay=yes"])
        #expect(shell.log.appends == appends)
    }

    @Test func whatReadsWaitsForTheWritesBeforeIt() throws {
        let shell = try shell()
        shell.send(2, "PUSH 2025-2 if=@0 <<\n# A\n.\nSHOW 2025-2@1\nPUSH 2025-2 if=@1 <<\n# B\n.\nSHOW 2025-2@2\n")
        let lines = shell.lines(2)
        #expect(lines.filter { $0.hasPrefix("| ") } == ["| # A", "| # B"])
        #expect(lines.filter { $0.hasPrefix("OK") }.count == 4)
    }

    @Test func aDryRunWaitsToo() throws {
        let shell = try shell()
        shell.send(2, "PUSH 2025-2 if=@0 <<\n# A\n.\n#d PUSH 2025-2 if=@1 dry-run=yes <<\n# B\n.\n")
        #expect(shell.lines(2).last?.hasPrefix("OK #d dry-run=yes revision=2025-2@2") == true)
    }

    @Test func refusalsKeepTheirPlaceBehindWrites() throws {
        let shell = try shell()
        shell.holdsAppends = true
        shell.send(2, "#a PUSH 2025-2 if=@0 <<\n# A\n.\n#b PUSH 2025-2 if=@0 <<\n# B\n.\n#c BOGUS\n#d PING\n")
        #expect(shell.lines(2) == [])
        shell.release()
        let starts = shell.lines(2).map { $0.split(separator: " ").prefix(3).joined(separator: " ") }
        #expect(starts.count == 4)
        #expect(starts[0].hasPrefix("OK #a"))
        #expect(starts[1] == "NO STALE #b")
        #expect(starts[2] == "BAD UNKNOWN-VERB #c")
        #expect(starts[3].hasPrefix("OK #d"))
    }

    @Test func aWriteOutlivesItsConnection() throws {
        let shell = try shell()
        shell.holdsAppends = true
        shell.send(2, "PUSH 2025-2 if=@0 key=k <<\n# A\n.\n")
        shell.handle(.closed(ConnectionID(2)))
        shell.holdsAppends = false
        shell.release()
        shell.logIn(5, "lan")
        #expect(shell.ask(5, "PUSH 2025-2 if=@0 key=k <<", "# A", ".").last?.hasPrefix("OK replay=yes") == true)
    }

    @Test(arguments: [(AppendFailure.full, "NO READ-ONLY"), (.broken("x"), "NO UNAVAILABLE")])
    func whatWasNotStoredDidNotHappen(_ failure: AppendFailure, _ code: String) throws {
        let shell = try shell()
        shell.logIn(4, "lan")
        _ = shell.ask(4, "WATCH")
        let tail = shell.log.events.count
        shell.failures = [failure]
        shell.feed(2, Array("#a PUSH 2025-2 if=@0 key=k <<\n# A\n.\n#b PUSH 2025-2 if=@1 <<\n# B\n.\n".utf8))
        shell.feed(1, Array("#c ASSIGN 2025-3 lan as=author\n".utf8))
        shell.run()
        let lines = shell.lines(2)
        #expect(lines.allSatisfy { $0.hasPrefix(code) && $0.contains("retry=later after=") })
        #expect(lines.count == 2)
        #expect(shell.lines(1).first?.hasPrefix("\(code) #c") == true)
        #expect(shell.lines(4) == [])
        #expect(shell.log.events.count == tail)
        #expect(!shell.hasStopped)
        // The key is free, and the topic as it was.
        #expect(shell.ask(2, "PUSH 2025-2 if=@0 key=k <<", "# A", ".").last?.hasPrefix("OK revision=2025-2@1") == true)
    }

    @Test(
        "Another writer is the end, and so is a disk that takes nothing more",
        arguments: [AppendFailure.conflict, .final("x")])
    func whatOnlyARestartMendsIsTheEnd(_ failure: AppendFailure) throws {
        let shell = try shell()
        shell.failures = [failure]
        shell.send(2, "PUSH 2025-2 if=@0 <<\n# A\n.\n")
        #expect(
            shell.lines(2).map { $0.split(separator: " ").prefix(2).joined(separator: " ") } == [
                "NO UNAVAILABLE", "BYE SHUTDOWN",
            ])
        #expect(shell.lines(1).first?.hasPrefix("BYE SHUTDOWN") == true)
        #expect(shell.hasStopped)
        #expect(shell.closed == [1, 2, 3])
    }

    /// Whether it is stored is not known: neither OK nor NO would be true, so there is no answer, and the process ends.
    @Test func aWriteThatFailedHalfwayHasNoAnswer() throws {
        let shell = try shell()
        shell.failures = [.uncertain("x")]
        shell.send(2, "PUSH 2025-2 if=@0 key=k <<\n# A\n.\n")
        #expect(shell.lines(2).map { $0.split(separator: " ").prefix(2).joined(separator: " ") } == ["BYE SHUTDOWN"])
        #expect(shell.lines(1).first?.hasPrefix("BYE SHUTDOWN") == true)
        #expect(shell.hasStopped)
        #expect(shell.closed == [1, 2, 3])
    }

    @Test func aBrokenStoreRefusesReadsThatNeedIt() throws {
        let shell = try TestShell()
        shell.logIn(1, "son")
        shell.failsLoads = true
        #expect(shell.ask(1, "LOG").last?.hasPrefix("NO UNAVAILABLE retry=later") == true)
        #expect(shell.ask(1, "ASSIGN 2025-2 lan as=author key=k").last?.hasPrefix("NO UNAVAILABLE retry=later") == true)
        shell.failsLoads = false
        #expect(shell.ask(1, "ASSIGN 2025-2 lan as=author key=k").last?.hasPrefix("OK topic=2025-2") == true)
    }

    @Test func theWindowPausesAndResumes() throws {
        let shell = try shell()
        shell.holdsAppends = true
        shell.send(1, "ASSIGN 2025-3 lan as=author\n")
        shell.send(1, String(repeating: "PING\n", count: 63))
        #expect(shell.paused == [])
        shell.send(1, "PING\n")
        #expect(shell.paused == [1])
        shell.holdsAppends = false
        shell.release()
        #expect(shell.paused == [])
        #expect(shell.lines(1).count == 65)
    }

    @Test func largeBodiesFillTheWindow() throws {
        let shell = try shell()
        shell.holdsAppends = true
        let text = String(repeating: "x", count: 3_000) + "\n"
        let body = String(repeating: text, count: 100)
        shell.send(2, "PUSH 2025-2 if=@0 <<\n# A\n.\n")
        shell.send(2, "SHOW 2025-2\n")
        #expect(shell.paused == [])
        shell.send(2, "PUSH 2025-2 if=@1 <<\n# B\n\n\(body).\n")
        #expect(shell.paused == [2])
        shell.holdsAppends = false
        shell.release()
        #expect(shell.paused == [])
    }

    @Test func stoppingAnswersWhatIsInFlight() throws {
        let shell = try shell()
        shell.holdsAppends = true
        shell.send(2, "PUSH 2025-2 if=@0 <<\n# A\n.\nPUSH 2025-2 if=@1 <<\n# B\n.\n")
        shell.send(1, "ASSIGN 2025-3 lan as=author\n")
        shell.handle(.stop)
        #expect(!shell.hasStopped)
        shell.send(3, "PING\n")
        shell.release()
        #expect(shell.hasStopped)
        let lines = shell.lines(2).map { String($0.prefix(12)) }
        #expect(lines == ["OK revision=", "OK revision=", "BYE SHUTDOWN"])
        // What was not decided did not happen.
        #expect(shell.lines(1).map { String($0.prefix(12)) } == ["BYE SHUTDOWN"])
        #expect(shell.lines(3).map { String($0.prefix(12)) } == ["BYE SHUTDOWN"])
    }

    @Test func stoppingInIdlenessIsQuick() throws {
        let shell = try shell()
        shell.handle(.stop)
        #expect(shell.hasStopped)
        #expect(shell.closed == [1, 2, 3])
    }

    /// A password whose check has begun is answered and stored; what was not begun is not.
    @Test func stoppingFinishesPasswordsThatAreBeingChecked() throws {
        let shell = try shell()
        shell.holdsVerifications = true
        shell.send(1, "PASSWD <<\nmat khau son\nmat khau moi cua son\n.\n#p PING\n")
        shell.open(4, address: "192.0.2.4")
        shell.send(4, "LOGIN minh token=yes <\nmat khau minh\n")
        shell.open(5, address: "192.0.2.5")
        shell.send(5, "LOGIN dung <\nsai\n")
        for id in 1...5 as ClosedRange<UInt64> { _ = shell.lines(id) }
        shell.handle(.stop)
        shell.run()
        #expect(!shell.hasStopped)
        shell.verifyHeld(1)
        #expect(!shell.hasStopped)
        shell.verifyHeld()
        #expect(shell.hasStopped)
        #expect(shell.lines(1).map { String($0.prefix(6)) } == ["OK per", "BYE SH"])
        #expect(shell.lines(4).map { String($0.prefix(6)) } == ["OK per", "BYE SH"])
        #expect(shell.lines(5).map { String($0.prefix(6)) } == ["NO AUT", "BYE SH"])
        #expect(shell.log.events.suffix(2).map(\.fact.type).sorted() == ["CREDENTIAL.SET", "TOKEN.ISSUED"])
    }

    @Test func aLogThatMayNotBeWrittenIsReadOnly() throws {
        let shell = try shell()
        shell.failures = [.readOnly]
        #expect(
            shell.ask(1, "ASSIGN 2025-3 lan as=author").last?.hasPrefix("NO READ-ONLY retry=later after=60000") == true)
        #expect(shell.ask(1, "ASSIGN 2025-3 lan as=author").last?.hasPrefix("OK ") == true)
    }
}
