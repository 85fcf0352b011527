import ReviewCore
import ReviewProtocol
import ReviewTestKit
import Testing

@testable import ReviewEngine

@Suite struct StructureTests {
    @Test(arguments: [1, 2, 3, 4, 5] as [UInt64])
    func alarmsComeInTheirOrder(_ seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var alarms = Alarms()
        var instants: [Int64] = []
        for number in 0..<300 {
            let instant = Int64.random(in: 0..<1_000, using: &random)
            instants.append(instant)
            alarms.add(
                Alarm(instant: Instant(milliseconds: instant), connection: ConnectionID(UInt64(number)), kind: .idle))
        }
        var taken: [Int64] = []
        while let alarm = alarms.take(at: Instant(milliseconds: 499)) { taken.append(alarm.instant.milliseconds) }
        #expect(taken == instants.filter { $0 <= 499 }.sorted(), "seed \(seed)")
        #expect(alarms.earliest?.milliseconds == instants.filter { $0 > 499 }.min(), "seed \(seed)")
    }

    @Test func theRingHoldsTheLatest() throws {
        let fact = try Self.fact("x")
        var ring = EventRing(after: 10, lineOctets: 500)
        #expect(ring.event(10) == nil)
        #expect(ring.first == 11)
        let count = Int64(EngineConfiguration.recentEvents)
        for sequence in 11...(10 + count + 5) { ring.append(Self.event(sequence, fact)) }
        #expect(ring.last == 10 + count + 5)
        #expect(ring.first == 16)
        #expect(ring.event(15) == nil)
        #expect(ring.event(16)?.event.sequence == 16)
        #expect(ring.event(ring.last)?.event.sequence == ring.last)
        #expect(ring.event(ring.last + 1) == nil)
        #expect(ring.event(0) == nil)
        #expect(ring.event(-1) == nil)
    }

    @Test func theRingIsBoundedByItsTexts() throws {
        var ring = EventRing(after: 0, lineOctets: 500)
        let large = try Self.fact(String(repeating: "x", count: 2_000_000))
        for sequence in 1...40 { ring.append(Self.event(Int64(sequence), large)) }
        let held = EngineConfiguration.recentOctets / 2_000_000
        #expect(ring.first == Int64(40 - held + 1))
        #expect(ring.event(40) != nil)
    }

    private static func fact(_ reason: String) throws -> Fact {
        let (state, _) = try Cast.founding(Cast.people, at: TestShell.start)
        let topic = try #require(TopicID("2025-1"))
        let director = try #require(PersonID("bich"))
        let command = Command.postpone(topic, reason: Array(reason.utf8))
        return try #require(try state.decide(command, by: .person(director), now: TestShell.start).facts.first)
    }

    private static func event(_ sequence: Int64, _ fact: Fact) -> Event {
        Event(sequence: sequence, time: TestShell.start, person: nil, office: nil, fact: fact)
    }

    @Test func aListOfConnectionsIsInOrder() {
        var list = ConnectionList()
        for number in [5, 1, 3, 5, 2, 4, 1] as [UInt64] { list.insert(ConnectionID(number)) }
        list.remove(ConnectionID(3))
        list.remove(ConnectionID(9))
        #expect(list.all.map(\.number) == [1, 2, 4, 5])
    }

    @Test func storedRepliesGetTheNewTag() {
        func repeated(_ text: String, _ tag: String?, isTried: Bool = false, literal: Bool = false) -> String {
            let octets = StoredReplies.repeated(Array(text.utf8), tag: tag, isTried: isTried, literal: literal)
            return String(decoding: octets, as: UTF8.self)
        }
        #expect(repeated("OK id=C1 :x\n", "t") == "OK #t replay=yes id=C1 :x\n")
        #expect(repeated("| OK\n| b\nOK id=C1\n", nil) == "| OK\n| b\nOK replay=yes id=C1\n")
        #expect(repeated("OK\n", "t") == "OK #t replay=yes\n")
        #expect(repeated("", nil) == " replay=yes")
        #expect(
            repeated("| một\n|\n|  OK\nOK id=C1\n", "t", literal: true) == "= {10}\nmột\n\n OKOK #t replay=yes id=C1\n")
        #expect(repeated("OK id=C1\n", nil, literal: true) == "OK replay=yes id=C1\n")
        #expect(repeated("OK id=C1\n", "t", isTried: true) == "OK #t dry-run=yes replay=yes id=C1\n")
    }

    @Test func aQueueKeepsItsOrderAndItsOctets() {
        var connection = Connection(id: ConnectionID(1), address: "", certificate: nil, now: TestShell.start)
        for number in 0..<200 {
            connection.enqueue(.fatal(.frame), octets: number)
            if number.isMultiple(of: 3) { connection.dequeue() }
        }
        #expect(connection.unanswered == 200 - 67)
        #expect(connection.next?.serial == 67)
        var seen: [Int] = []
        while let next = connection.next {
            seen.append(next.serial)
            connection.dequeue()
        }
        #expect(seen == Array(67..<200))
        #expect(connection.queuedOctets == 0)
        connection.dequeue()
        #expect(connection.unanswered == 0)
    }

    @Test func requestsAreToldApart() throws {
        func identity(_ line: String, body: String? = nil) throws -> String {
            var framer = Framer(limits: Limits())
            framer.authenticated = true
            framer.append(Array((body.map { "\(line) <<\n\($0)\n.\n" } ?? line + "\n").utf8))
            guard case .request(let request) = framer.next() else { throw ReadFailure() }
            return try VerbTable.call(for: request).identity
        }
        let base = try identity("SETTLE C1 as=noted in=@2 key=a", body: "x")
        #expect(try identity("#t settle c1 in=@2 as=noted key=b", body: "x") == base)
        #expect(try identity("SETTLE C1 as=noted in=@2", body: "y") != base)
        #expect(try identity("SETTLE C1 as=noted in=@2") != base)
        #expect(try identity("SETTLE C2 as=noted in=@2", body: "x") != base)
        #expect(try identity("SETTLE C1 as=noted in=@3", body: "x") != base)
        #expect(try identity("SETTLE C1 as=noted", body: "x") != base)
        // Of passwords nothing is kept that is quick to guess.
        #expect(try identity("PASSWD key=a", body: "old\nnew") == identity("PASSWD key=a", body: "old\nother"))
        #expect(try identity("ASSIGN 2025-1 minh as=author") != identity("UNASSIGN 2025-1 minh as=author"))
    }

    private struct ReadFailure: Error {}
}
