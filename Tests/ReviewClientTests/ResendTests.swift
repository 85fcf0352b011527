import ReviewClient
import ReviewProtocol
import Testing

/// However often and wherever the line breaks, every write happens once and every reply is given on once, in order.
struct ResendTests {
    private static func rehearse(budgets: [Int], cut: Int) -> Rehearsal {
        var rehearsal = Rehearsal(
            credentials: [.token(ScriptedServer.token), .password(person: "minh", ScriptedServer.password)],
            budgets: budgets)
        for number in 0..<4 {
            rehearsal.input(.send(RequestIdentifier(UInt64(number)), comment(number)))
        }
        rehearsal.input(.send(RequestIdentifier(4), Request(verb: "SHOW", arguments: [Argument(value: "2025-2")])))
        rehearsal.run(cut: cut)
        return rehearsal
    }

    private static func check(_ rehearsal: Rehearsal, _ label: Comment) {
        #expect(rehearsal.failures == [], label)
        #expect(rehearsal.delivered.map(\.0.number) == [0, 1, 2, 3, 4], label)
        #expect(rehearsal.server.effects == ["k0", "k1", "k2", "k3"], label)
        for (index, delivered) in rehearsal.delivered.prefix(4).enumerated() {
            #expect(delivered.1.status.isOK, label)
            #expect(delivered.1["id"] == "C\(1001 + index)", label)
        }
        #expect(rehearsal.delivered.last?.1.text == Array("| OK\nNO x\n".utf8), label)
    }

    @Test func everyCutOnceWithinTheFirstConnection() {
        let whole = Self.rehearse(budgets: [], cut: 13)
        Self.check(whole, "uncut")
        #expect(whole.passed > 500)
        for budget in 1...whole.passed {
            Self.check(Self.rehearse(budgets: [budget], cut: 13), "cut after \(budget) octets")
        }
    }

    @Test(arguments: [UInt64](1...60)) func manyCutsAtRandom(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let budgets = (0..<4).map { _ in Int.random(in: 200...900, using: &random) }
        Self.check(
            Self.rehearse(budgets: budgets, cut: Int.random(in: 1...40, using: &random)), "seed \(seed): \(budgets)")
    }

    @Test func whatIsSentAgainIsTheSameOctetForOctet() {
        var session = ClientSession(configuration: ClientConfiguration(), credentials: [.token(ScriptedServer.token)])
        var writes: [[UInt8]] = []
        func feed(_ input: ClientInput, at now: Milliseconds) {
            for case .write(let octets) in session.handle(input, now: now) { writes.append(octets) }
        }
        func line(_ text: String) -> ClientInput { .received(Array((text + "\n").utf8)) }
        feed(.send(RequestIdentifier(1), comment(1)), at: 0)
        feed(.connected, at: 1)
        feed(line("HELLO phanbien/1 log=A"), at: 2)
        feed(line("OK person=minh"), at: 3)
        let first = writes.last ?? []
        feed(.disconnected(reason: "gone", jitter: 0), at: 4)
        feed(.timer, at: 10_000)
        feed(.connected, at: 10_001)
        feed(line("HELLO phanbien/1 log=A"), at: 10_002)
        feed(line("OK person=minh"), at: 10_003)
        let second = writes.last ?? []
        func write(_ octets: [UInt8]) -> Substring {
            let text = String(decoding: octets, as: UTF8.self)
            return text[(text.range(of: "COMMENT") ?? text.endIndex..<text.endIndex).lowerBound...]
        }
        #expect(write(first).hasPrefix("COMMENT 2025-2@1 kind=content level=must key=k1 {"))
        #expect(write(first) == write(second))
    }

    @Test func aRequestThatAlwaysBreaksTheLineIsGivenUp() {
        var configuration = ClientConfiguration()
        configuration.sendsPerRequest = 3
        var rehearsal = Rehearsal(
            credentials: [.token(ScriptedServer.token)], budgets: Array(repeating: 330, count: 20),
            configuration: configuration)
        rehearsal.server.acceptsToken = true
        let big = Request(
            verb: "COMMENT", arguments: [Argument(key: "key", value: "big")],
            body: .literal([UInt8](repeating: 0x61, count: 5000)))
        rehearsal.input(.send(RequestIdentifier(9), big))
        rehearsal.run()
        #expect(rehearsal.givenUp == [RequestIdentifier(9)])
        #expect(rehearsal.failures.isEmpty)
        #expect(rehearsal.delivered.isEmpty)
        #expect(rehearsal.session.unanswered == 0)
        #expect(!rehearsal.session.isOver)
    }

    @Test func whatStandsBehindARequestThatIsGivenUpGetsThrough() {
        var configuration = ClientConfiguration()
        configuration.sendsPerRequest = 3
        // The first connections break within the big request, the one after it was given up for reasons of its own: that is the
        // first try of what stands behind it.
        var rehearsal = Rehearsal(
            credentials: [.token(ScriptedServer.token)], budgets: Array(repeating: 330, count: 3) + [100],
            configuration: configuration)
        let big = Request(
            verb: "COMMENT", arguments: [Argument(key: "key", value: "big")],
            body: .literal([UInt8](repeating: 0x61, count: 5000)))
        rehearsal.input(.send(RequestIdentifier(9), big))
        rehearsal.input(.send(RequestIdentifier(10), comment(1)))
        rehearsal.run()
        #expect(rehearsal.givenUp == [RequestIdentifier(9)])
        #expect(rehearsal.delivered.map(\.0) == [RequestIdentifier(10)])
        #expect(rehearsal.failures.isEmpty)
    }

    /// After a restore C1 may be another comment: what was meant for the former one is not sent to it unasked.
    @Test(arguments: [("A", false), ("B", true)])
    func aWriteIsNotSentAgainToAnotherLog(second: String, isGivenUp: Bool) {
        var session = ClientSession(configuration: ClientConfiguration(), credentials: [.token(ScriptedServer.token)])
        var effects: [ClientEffect] = []
        func line(_ text: String) -> ClientInput { .received(Array((text + "\n").utf8)) }
        let settle = Request(
            verb: "SETTLE",
            arguments: ["C1"].map { Argument(key: nil, value: $0) } + [Argument(key: "key", value: "k")], body: nil)
        let inputs: [ClientInput] = [
            .send(RequestIdentifier(1), settle), .send(RequestIdentifier(2), Request(verb: "LIST")), .connected,
            line("HELLO phanbien/1 log=A"), line("OK person=minh"), .disconnected(reason: "", jitter: 0), .timer,
            .connected, line("HELLO phanbien/1 log=\(second)"), line("OK person=minh"),
        ]
        for (index, input) in inputs.enumerated() {
            effects += session.handle(input, now: Milliseconds(index) * 60_000)
        }
        #expect(effects.contains(.giveUp(RequestIdentifier(1), .logChanged)) == isGivenUp)
        let written = effects.compactMap {
            if case .write(let octets) = $0 { String(decoding: octets, as: UTF8.self) } else { nil }
        }
        #expect(written.count { $0.contains("SETTLE") } == (isGivenUp ? 1 : 2), "\(written)")
        #expect(written.count { $0.contains("LIST") } == 2, "\(written)")
    }

    /// The same of one that the server was too busy for, and that was to be sent a while later.
    @Test func aWriteThatWasPutOffIsNotSentToAnotherLog() {
        var session = ClientSession(configuration: ClientConfiguration(), credentials: [.token(ScriptedServer.token)])
        var effects: [ClientEffect] = []
        func line(_ text: String) -> ClientInput { .received(Array((text + "\n").utf8)) }
        let inputs: [ClientInput] = [
            .send(RequestIdentifier(1), Request(verb: "LIST")), .connected, line("HELLO phanbien/1 log=A"),
            line("OK person=minh"), .disconnected(reason: "", jitter: 0),
            .sendLater(RequestIdentifier(2), comment(2), milliseconds: 60_000), .timer, .connected,
            line("HELLO phanbien/1 log=B"), line("OK person=minh"), .timer,
        ]
        for (index, input) in inputs.enumerated() {
            effects += session.handle(input, now: Milliseconds(index) * 40_000)
        }
        #expect(effects.count { $0 == .giveUp(RequestIdentifier(2), .logChanged) } == 1)
        let written = effects.compactMap {
            if case .write(let octets) = $0 { String(decoding: octets, as: UTF8.self) } else { nil }
        }
        #expect(!written.joined().contains("key=k2"), "\(written)")
    }

    @Test func theWindowBoundsWhatIsOnTheWire() {
        var configuration = ClientConfiguration()
        configuration.windowRequests = 3
        var rehearsal = Rehearsal(credentials: [.token(ScriptedServer.token)], configuration: configuration)
        for number in 0..<20 { rehearsal.input(.send(RequestIdentifier(UInt64(number)), comment(number))) }
        rehearsal.run(cut: 5)
        #expect(rehearsal.delivered.map(\.0.number) == (0..<20).map { UInt64($0) })
        #expect(rehearsal.server.effects.count == 20)
    }
}

extension String {
    fileprivate func range(of part: String) -> Range<Index>? { firstRange(of: part) }
}

/// Steele, Lea, Flood: fast splittable pseudorandom number generators.
struct SplitMix64: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
