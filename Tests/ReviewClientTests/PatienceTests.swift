import ReviewClient
import ReviewProtocol
import Testing

/// How long a session waits, and what it does meanwhile.
struct PatienceTests {
    private var session: ClientSession

    init() {
        var configuration = ClientConfiguration()
        configuration.laterAttempts = nil
        configuration.backOff = BackOff(firstMilliseconds: 100, longestMilliseconds: 100)
        session = ClientSession(configuration: configuration, credentials: [.token(ScriptedServer.token)])
    }

    private func written(_ effects: [ClientEffect]) -> String {
        effects.reduce(into: "") { text, effect in
            if case .write(let octets) = effect { text += String(decoding: octets, as: UTF8.self) }
        }
    }

    private mutating func say(_ lines: String, at now: Milliseconds = 0) -> [ClientEffect] {
        session.handle(.received(Array((lines + "\n").utf8)), now: now)
    }

    private mutating func connect(at now: Milliseconds = 0) {
        _ = session.handle(.connected, now: now)
        _ = say("HELLO phanbien/1 log=A", at: now)
    }

    @Test mutating func aServerThatIsTooBusyToLogInIsAskedAgainWhenItSaid() {
        _ = session.handle(.watch(Subscription()), now: 0)
        connect()
        _ = say("OK")
        _ = session.handle(.disconnected(reason: "mất mạng", jitter: .max), now: 10)
        _ = session.handle(.timer, now: 110)
        connect(at: 110)
        let refused = say("NO BUSY retry=later after=7000 :Đang bận.", at: 120)
        #expect(refused.contains(.disconnect))
        #expect(!refused.contains { if case .needsCredential = $0 { true } else { false } })
        let waiting = session.handle(.disconnected(reason: "", jitter: .max), now: 120)
        #expect(waiting.contains(.note(.reconnecting(reason: "Đang bận.", afterMilliseconds: 7_000))))
        #expect(session.handle(.timer, now: 7_120).contains(.connect))
        // The token is as good as before.
        _ = session.handle(.connected, now: 7_120)
        #expect(written(say("HELLO phanbien/1 log=A", at: 7_120)).contains("AUTH TOKEN"))
        #expect(say("OK", at: 7_130).contains(.ready))
    }

    @Test func whoLogsInForTheFirstTimeIsToldThatTheServerIsBusy() {
        var session = ClientSession(configuration: ClientConfiguration(), credentials: [.token(ScriptedServer.token)])
        _ = session.handle(.send(RequestIdentifier(1), Request(verb: "PING")), now: 0)
        _ = session.handle(.connected, now: 0)
        _ = session.handle(.received(Array("HELLO phanbien/1 log=A\n".utf8)), now: 0)
        let refused = session.handle(.received(Array("NO BUSY retry=later\n".utf8)), now: 0)
        #expect(refused.contains { if case .needsCredential(.some) = $0 { true } else { false } })
    }

    @Test mutating func aConnectionOnWhichALargeRequestStillGoesOutIsNotTakenForDead() {
        _ = session.handle(.send(RequestIdentifier(1), comment(1)), now: 0)
        connect()
        _ = say("OK")
        // Nothing comes back while it goes out, for longer than a silent server is waited for.
        for minute in 1...10 {
            let now = Milliseconds(minute) * 40_000
            let effects = session.handle(.wentOut, now: now) + session.handle(.timer, now: now + 1)
            #expect(!effects.contains(.disconnect) && written(effects).isEmpty)
        }
        // Then it stands still.
        #expect(written(session.handle(.timer, now: 400_000 + 45_000)).contains("PING"))
        #expect(session.handle(.timer, now: 400_000 + 90_000).contains(.disconnect))
    }

    /// A request that fills the window keeps the sign of life waiting behind it, once and not for ever anew.
    @Test mutating func aSignOfLifeThatHasToWaitIsAskedForOnce() {
        var large = comment(1)
        large.body = .literal([UInt8](repeating: 0x61, count: 200_000))
        _ = session.handle(.send(RequestIdentifier(1), large), now: 0)
        connect()
        _ = say("OK")
        #expect(written(say("OK")).contains("{200000}"))
        let before = session.unanswered
        let effects = session.handle(.timer, now: 45_000)
        #expect(session.unanswered == before + 1 && written(effects).isEmpty)
        #expect(effects.contains(.setTimer(90_000)), "\(effects)")
        #expect(session.handle(.timer, now: 90_000).contains(.disconnect))
        #expect(session.unanswered == before + 1)
    }

    /// Who waits for something large is told that it comes: a line, or a reply, of which a part is there.
    @Test mutating func aReplyIsUnderWayFromItsFirstOctetToItsStatus() {
        _ = session.handle(.send(RequestIdentifier(1), Request(verb: "FETCH")), now: 0)
        connect()
        _ = say("OK\nOK")
        #expect(!session.isAmidReply)
        _ = session.handle(.received(Array("- text octets".utf8)), now: 1)
        #expect(session.isAmidReply)
        _ = say("=9")
        #expect(session.isAmidReply)
        _ = say("OK")
        #expect(!session.isAmidReply && session.isQuiet)
    }

    @Test mutating func aConnectionThatIsNeverMadeIsLeft() {
        #expect(session.handle(.watch(Subscription()), now: 5).contains(.setTimer(20_005)))
        #expect(session.handle(.timer, now: 20_005).contains(.disconnect))
    }

    @Test mutating func whatIsPutOffGoesOutWhenTheServerSaidAndOutlivesTheConnection() {
        _ = session.handle(.send(RequestIdentifier(1), Request(verb: "PING")), now: 0)
        connect()
        _ = say("OK")
        _ = say("OK\nOK")
        let later = session.handle(.sendLater(RequestIdentifier(2), comment(2), milliseconds: 700), now: 100)
        #expect(written(later).isEmpty)
        #expect(later.contains(.setTimer(800)))
        #expect(session.unanswered == 1)
        #expect(written(session.handle(.timer, now: 800)).contains("key=k2"))
        _ = say("OK", at: 900)
        #expect(session.isQuiet)

        _ = session.handle(.sendLater(RequestIdentifier(3), comment(3), milliseconds: .max), now: 1_000)
        _ = session.handle(.disconnected(reason: "mất mạng", jitter: .max), now: 1_010)
        _ = session.handle(.timer, now: 1_110)
        connect(at: 1_110)
        #expect(written(say("OK", at: 1_120)).contains("key=k3"))
    }

    @Test mutating func theLanguageChosenLastHoldsForTheNextConnection() {
        _ = session.handle(.watch(Subscription()), now: 0)
        connect()
        _ = say("OK")
        let lang = Request(verb: "LANG", arguments: [Argument(value: "en")])
        _ = session.handle(.send(RequestIdentifier(1), lang), now: 0)
        _ = say("OK\nOK\nOK")
        #expect(session.isQuiet)
        _ = session.handle(.disconnected(reason: "mất mạng", jitter: .max), now: 10)
        _ = session.handle(.timer, now: 110)
        connect(at: 110)
        #expect(written(say("OK", at: 120)).contains("LANG en"))
    }
}
