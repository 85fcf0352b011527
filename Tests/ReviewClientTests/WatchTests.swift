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

/// What happens when the caller follows something else, or the server asks for patience.
struct WatchAgainTests {
    private let ready = "HELLO phanbien/1 log=01J8 tail=100\n"

    /// A session that is logged in and follows from a place; what it wrote is thrown away.
    private func following(_ subscription: Subscription) -> ClientSession {
        var session = ClientSession(configuration: ClientConfiguration(), credentials: [.token(ScriptedServer.token)])
        _ = session.handle(.watch(subscription), now: 0)
        _ = session.handle(.connected, now: 0)
        _ = session.handle(.received(Array(ready.utf8)), now: 0)
        _ = session.handle(.received(Array("OK #c1 person=minh\nOK #c2 body=literal\n".utf8)), now: 0)
        return session
    }

    private func told(_ effects: [ClientEffect]) -> [Int64] {
        effects.compactMap { if case .event(let event) = $0 { event.sequence } else { nil } }
    }

    private func written(_ effects: [ClientEffect]) -> String {
        effects.map { if case .write(let octets) = $0 { String(decoding: octets, as: UTF8.self) } else { "" } }.joined()
    }

    private func event(_ sequence: Int64, _ previous: Int64, _ topic: String) -> String {
        "EVENT \(sequence) prev=\(previous) 2025-06-16T09:12:01.101+07:00 X.DONE topic=\(topic)\n"
    }

    @Test func whatTheOldSubscriptionStillTellsIsNotTheNewOnes() {
        var session = following(Subscription(after: 50))
        _ = session.handle(.received(Array("OK #c3 after=50\n".utf8)), now: 0)
        let request = session.handle(.watch(Subscription(topic: "2025-1", after: 50)), now: 0)
        #expect(written(request) == "#c4 WATCH 2025-1 after=50\n")
        let late = session.handle(.received(Array((event(51, 50, "2025-2") + "SYNC 100\n").utf8)), now: 0)
        #expect(told(late).isEmpty)
        #expect(session.position == 50, "a SYNC of the old subscription says nothing about the new one")
        let lines = "OK #c4 after=50\n" + event(60, 50, "2025-1")
        #expect(told(session.handle(.received(Array(lines.utf8)), now: 0)) == [60])
    }

    @Test func onlyTheAnswerToTheLastWatchCounts() {
        var session = following(Subscription(after: 50))
        _ = session.handle(.watch(Subscription(after: 10)), now: 0)
        let first = session.handle(.received(Array(("OK #c3 after=50\n" + event(51, 50, "2025-2")).utf8)), now: 0)
        #expect(told(first).isEmpty)
        let second = session.handle(.received(Array(("OK #c4 after=10\n" + event(11, 10, "2025-2")).utf8)), now: 0)
        #expect(told(second) == [11])
    }

    @Test func anotherTopicEndsTheSubscriptionOfTheFirst() {
        var session = following(Subscription(topic: "2025-1", after: 50))
        _ = session.handle(.received(Array("OK #c3 after=50\n".utf8)), now: 0)
        let request = session.handle(.watch(Subscription(topic: "2025-2", after: 50)), now: 0)
        #expect(written(request) == "#c4 UNWATCH 2025-1\n#c5 WATCH 2025-2 after=50\n")
    }

    @Test func theFirstTopicIsEndedEvenIfTheServerIsBusy() {
        var session = following(Subscription(topic: "2025-1", after: 50))
        _ = session.handle(.received(Array("OK #c3 after=50\n".utf8)), now: 0)
        _ = session.handle(.watch(Subscription(topic: "2025-2", after: 50)), now: 0)
        let lines = "NO RATE #c4 retry=later after=700\nOK #c5 after=50\n"
        _ = session.handle(.received(Array(lines.utf8)), now: 0)
        let other = session.handle(.received(Array(event(60, 50, "2025-1").utf8)), now: 0)
        #expect(told(other).isEmpty)
        #expect(!other.contains(.disconnect), "an event of the first topic is no gap in the second")
        #expect(told(session.handle(.received(Array(event(61, 50, "2025-2").utf8)), now: 0)) == [61])
        #expect(written(session.handle(.timer, now: 700)) == "#c4 UNWATCH 2025-1\n")
    }

    @Test func aReplacedSubscriptionIsNotAskedForAgain() {
        var session = following(Subscription(after: 50))
        _ = session.handle(.watch(Subscription(after: 10)), now: 0)
        let lines = "NO RATE #c3 retry=later after=700\nOK #c4 after=10\n" + event(11, 10, "2025-1")
        #expect(told(session.handle(.received(Array(lines.utf8)), now: 0)) == [11])
        #expect(written(session.handle(.timer, now: 700)) == "")
    }

    @Test func theEndOfATopicIsForgottenWhenTheTopicIsFollowedAgain() {
        var session = following(Subscription(topic: "2025-1", after: 50))
        _ = session.handle(.received(Array("OK #c3 after=50\n".utf8)), now: 0)
        _ = session.handle(.watch(Subscription(topic: "2025-2", after: 50)), now: 0)
        _ = session.handle(.received(Array("NO RATE #c4 retry=later after=700\nOK #c5 after=50\n".utf8)), now: 0)
        let request = session.handle(.watch(Subscription(topic: "2025-1", after: 50)), now: 0)
        #expect(written(request) == "#c6 UNWATCH 2025-2\n#c7 WATCH 2025-1 after=50\n")
        #expect(written(session.handle(.timer, now: 700)) == "")
    }

    @Test func aSubscriptionRefusedForTheMomentIsAskedForAgain() {
        var session = following(Subscription(after: 50))
        let refused = session.handle(.received(Array("NO RATE #c3 retry=later after=700\n".utf8)), now: 0)
        #expect(refused.contains(.setTimer(700)))
        #expect(session.position == 50)
        #expect(written(session.handle(.timer, now: 700)) == "#c3 WATCH after=50 log=01J8\n")
        let lines = "OK #c3 after=50\n" + event(60, 50, "2025-1")
        #expect(told(session.handle(.received(Array(lines.utf8)), now: 700)) == [60])
    }
}
