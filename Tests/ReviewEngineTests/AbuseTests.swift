import ReviewCore
import ReviewProtocol
import ReviewTestKit
import Testing

@testable import ReviewEngine

/// What people who mean ill may cost the engine; the same attacks against the built server: `make abuse`.
@Suite struct AbuseTests {
    @Test func alarmsOfThoseWhoHaveGoneDoNotPileUp() throws {
        let shell = try TestShell()
        for connection in 1...5_000 as ClosedRange<UInt64> {
            shell.open(connection)
            shell.close(connection)
        }
        #expect(shell.engine.alarms.count <= 1_024 + 8)
    }

    @Test func alarmsThatAreKeptStillRingInTheirOrder() {
        var alarms = Alarms()
        for number in 0..<100 as Range<Int64> {
            alarms.add(
                Alarm(
                    instant: Instant(milliseconds: number * 37 % 100), connection: ConnectionID(UInt64(number)),
                    kind: .idle))
        }
        alarms.keep { $0.connection.number % 2 == 0 }
        #expect(alarms.count == 50)
        var instants: [Int64] = []
        while let alarm = alarms.take(at: Instant(milliseconds: 100)) { instants.append(alarm.instant.milliseconds) }
        #expect(instants.count == 50)
        #expect(instants == instants.sorted())
    }

    /// Requests that wait behind a full socket keep nobody for ever who does not read.
    @Test func whoDoesNotReadIsIdle() throws {
        let shell = try TestShell()
        shell.logIn(1, "minh")
        shell.handle(.blocked(ConnectionID(1)))
        shell.send(1, "LIST\nLIST\n")
        #expect(shell.lines(1) == [])
        shell.pass(milliseconds: 1_799_000)
        #expect(!shell.closed.contains(1))
        shell.pass(milliseconds: 2_000)
        #expect(shell.closed.contains(1))
        #expect(shell.lines(1).last?.hasPrefix("BYE IDLE") == true)
    }

    /// A long stretch of the log is read page by page, so that others have their turns in between; the answer is the same.
    @Test func aLongStretchOfTheLogIsReadInPages() throws {
        let shell = try TestShell()
        shell.logIn(1, "bich")
        for _ in 0..<EngineConfiguration.eventPage {
            shell.send(1, "POSTPONE 2025-3 <\nx\nUNPOSTPONE 2025-3\n")
            shell.now = shell.now.adding(milliseconds: 1_000)
        }
        _ = shell.lines(1)
        let tail = shell.log.events.count
        func asked(since count: Int) -> [Int] {
            shell.loads.dropFirst(count).compactMap { if case .events(_, let limit, _) = $0 { limit } else { nil } }
        }
        var before = shell.loads.count
        let whole = shell.ask(1, "LOG limit=1000")
        #expect(asked(since: before).count == tail / EngineConfiguration.eventPage + 1)
        #expect(asked(since: before).allSatisfy { $0 <= EngineConfiguration.eventPage })
        #expect(whole.last?.hasPrefix("OK events=\(whole.count - 1) next=\(tail) tail=\(tail)") == true)

        before = shell.loads.count
        // The credentials of others are passed over.
        let part = shell.ask(1, "LOG after=10 limit=300")
        #expect(asked(since: before) == [EngineConfiguration.eventPage, EngineConfiguration.eventPage])
        func place(_ row: String) -> Int { Int(row.prefixMatch(of: /- event seq=([0-9]+)/)?.1 ?? "") ?? 0 }
        let expected = whole.filter { place($0) > 10 }.prefix(300)
        #expect(part.dropLast().elementsEqual(expected))
        #expect(part.last?.contains("events=300 next=\(place(expected.last ?? "")) tail=\(tail) more=yes") == true)

        before = shell.loads.count
        let topic = shell.ask(1, "LOG 2025-3 after=\(tail - 3) limit=5")
        #expect(asked(since: before) == [5])
        #expect(topic.count == 4 && topic.last?.contains("more=yes") == false)
    }

    /// WATCH after WATCH moves the cursor before its page has come; the pages on the way are bounded.
    @Test func movingACursorDoesNotPileUpPages() throws {
        let shell = try TestShell()
        shell.logIn(1, "minh")
        var engine = shell.engine
        let request = Array(String(repeating: "WATCH after=0\nUNWATCH\n", count: 30).utf8)
        var framer = Framer(limits: Limits())
        framer.authenticated = true
        framer.append(request)
        var received: [Received] = []
        while let item = framer.next() { received.append(item) }
        var asked: [LoadID] = []
        func handle(_ input: Input) {
            for effect in engine.handle(input, now: shell.now) {
                if case .load(let id, .events) = effect { asked.append(id) }
            }
        }
        for item in received {
            handle(.received(ConnectionID(1), [item], pending: .nothing))
            handle(.turn)
        }
        #expect(asked.count <= EngineConfiguration.pagesAtOnce)
        // Once they have come, what is watched now is served.
        handle(
            .received(
                ConnectionID(1),
                [
                    .request(
                        Request(
                            tag: nil, verb: "WATCH",
                            arguments: [
                                Argument(key: "after", value: "0")
                            ], body: nil))
                ], pending: .nothing))
        handle(.turn)
        var lines = ""
        for _ in 0..<20 where !asked.isEmpty {
            let id = asked.removeFirst()
            for input in [Input.loaded(id, .events(shell.log.events)), .turn] {
                for effect in engine.handle(input, now: shell.now) {
                    if case .load(let next, .events) = effect { asked.append(next) }
                    if case .send(_, let octets) = effect { lines += String(decoding: octets, as: UTF8.self) }
                }
            }
        }
        #expect(lines.contains("EVENT 1 prev=0 "))
        #expect(lines.contains("SYNC "))
    }
}

extension Engine {
    /// What a copy of the engine would do.
    fileprivate func handled(_ input: Input, now: Instant) -> [Effect] {
        var copy = self
        return copy.handle(input, now: now)
    }
}
