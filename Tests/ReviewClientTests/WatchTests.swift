import ReviewClient
import ReviewProtocol
import Testing

struct WatchTests {
    private func watching(_ subscription: Subscription, budgets: [Int] = []) -> Rehearsal {
        var rehearsal = Rehearsal(credentials: [.token(ScriptedServer.token)], budgets: budgets)
        for sequence in Int64(1001)...1010 { rehearsal.server.happen(sequence * 2) }
        rehearsal.input(.watch(subscription))
        rehearsal.run()
        return rehearsal
    }

    @Test func withoutAPlaceItBeginsWithTheNextEvent() {
        var rehearsal = watching(Subscription())
        #expect(rehearsal.events == [])
        rehearsal.server.happen(3000)
        rehearsal.run()
        #expect(rehearsal.events == [3000])
        #expect(rehearsal.session.position == 3000)
    }

    @Test func everyEventOnceWhereverTheLineBreaks() {
        let expected = (Int64(1003)...1010).map { $0 * 2 }
        let whole = watching(Subscription(after: 2004))
        #expect(whole.events == expected)
        for budget in 1...whole.passed {
            let rehearsal = watching(Subscription(after: 2004, log: "01J8"), budgets: [budget])
            #expect(rehearsal.events == expected, "cut after \(budget) octets")
            #expect(!rehearsal.notes.contains { if case .gap = $0 { true } else { false } })
        }
    }

    @Test func afterSyncThePredecessorIsStillTheLastEvent() {
        var rehearsal = watching(Subscription(after: 2004))
        rehearsal.input(.received(Array("SYNC 2500\n".utf8)))
        #expect(rehearsal.session.position == 2500)
        rehearsal.input(.received(Array("EVENT 2600 prev=2020 2025-06-16T09:12:01.101+07:00 X.DONE\n".utf8)))
        #expect(rehearsal.events.last == 2600)
        #expect(rehearsal.notes.isEmpty)
    }

    @Test func aMissingEventIsNoticedAndAskedForAgain() {
        var rehearsal = watching(Subscription(after: 2004))
        let before = rehearsal.events
        // The server commits 3000 and 3002 but this connection is only told of the second.
        rehearsal.server.events.append(
            EventLine(sequence: 3000, previous: 0, time: "2025-06-16T09:12:01.101+07:00", type: "X.DONE"))
        rehearsal.server.events.append(
            EventLine(sequence: 3002, previous: 0, time: "2025-06-16T09:12:01.101+07:00", type: "X.DONE"))
        rehearsal.input(.received(Array("EVENT 3002 prev=3000 2025-06-16T09:12:01.101+07:00 X.DONE\n".utf8)))
        #expect(rehearsal.notes.contains(.gap(expected: 2020, found: 3000, sequence: 3002)))
        rehearsal.run()
        #expect(rehearsal.events == before + [3000, 3002])
    }

    @Test func aGapThatStaysIsReportedAndDoesNotLoop() {
        var rehearsal = watching(Subscription(after: 2004))
        for _ in 0..<2 {
            rehearsal.input(.received(Array("EVENT 3002 prev=3000 2025-06-16T09:12:01.101+07:00 X.DONE\n".utf8)))
            rehearsal.run()
        }
        #expect(rehearsal.events.last == 3002)
        let gaps = rehearsal.notes.filter { if case .gap = $0 { true } else { false } }
        #expect(gaps.count == 2)
    }

    @Test func knownEventsAreNotRepeated() {
        var rehearsal = watching(Subscription(after: 2004))
        let before = rehearsal.events
        rehearsal.input(.received(Array("EVENT 2010 prev=2008 2025-06-16T09:12:01.101+07:00 X.DONE\n".utf8)))
        #expect(rehearsal.events == before)
        #expect(rehearsal.notes.isEmpty)
    }

    @Test func anotherLogIsSaidAndFollowedFromItsEnd() {
        var rehearsal = watching(Subscription(after: 2004))
        rehearsal.server.log = "01K2"
        rehearsal.break_()
        rehearsal.run()
        #expect(rehearsal.notes.contains(.logChanged(from: "01J8", to: "01K2")))
        let before = rehearsal.events
        rehearsal.server.happen(5000)
        rehearsal.run()
        #expect(rehearsal.events == before + [5000])
    }

    @Test func aPlaceInAnotherLogIsRefusedByTheServerAndGivenUp() {
        let rehearsal = watching(Subscription(after: 4, log: "old"))
        #expect(rehearsal.notes.contains(.logChanged(from: "old", to: "01J8")))
        #expect(rehearsal.failures.isEmpty)
        #expect(rehearsal.events.isEmpty)
    }

    @Test func eventsBetweenRepliesDoNotDisturbThem() {
        var rehearsal = watching(Subscription(after: 2020))
        for number in 0..<5 { rehearsal.input(.send(RequestIdentifier(UInt64(number)), comment(number))) }
        rehearsal.run()
        #expect(rehearsal.delivered.map(\.0.number) == [0, 1, 2, 3, 4])
        #expect(rehearsal.events.count == 5)
    }

    @Test func afterUnwatchNothingIsGivenOn() {
        var rehearsal = watching(Subscription(after: 2020))
        rehearsal.input(.unwatch)
        rehearsal.input(.received(Array("EVENT 2022 prev=2020 2025-06-16T09:12:01.101+07:00 X.DONE\n".utf8)))
        #expect(rehearsal.events.isEmpty)
        #expect(rehearsal.failures.isEmpty)
    }
}
