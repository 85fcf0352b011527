import ReviewClient
import ReviewProtocol
import Testing

struct LoginTests {
    @Test func theTokenComesFirstAndThePasswordOnlyWhenItFails() {
        var rehearsal = Rehearsal(
            credentials: [.token(ScriptedServer.token), .password(person: "minh", ScriptedServer.password)])
        rehearsal.input(.send(RequestIdentifier(1), Request(verb: "PING")))
        rehearsal.run()
        #expect(rehearsal.server.logins == ["token"])
        #expect(rehearsal.delivered.count == 1)

        rehearsal = Rehearsal(
            credentials: [.token(Array("old".utf8)), .password(person: "minh", ScriptedServer.password)])
        rehearsal.input(.send(RequestIdentifier(1), Request(verb: "PING")))
        rehearsal.run()
        #expect(rehearsal.server.logins == ["token", "password"])
        #expect(rehearsal.tokens == [ScriptedServer.token])
        #expect(rehearsal.delivered.count == 1)
    }

    @Test func theCertificateComesFirstAndBringsNoToken() {
        var rehearsal = Rehearsal(credentials: [.certificate, .token(ScriptedServer.token)])
        rehearsal.server.acceptsCertificate = true
        rehearsal.input(.watch(Subscription()))
        rehearsal.run()
        rehearsal.break_()
        rehearsal.run()
        #expect(rehearsal.server.logins == ["certificate", "certificate"])
        #expect(rehearsal.tokens.isEmpty && rehearsal.asked == 0)
        #expect(!rehearsal.notes.contains(.certificateRefused))
    }

    /// What the server does not know any more is said once, and not tried again; the password's token comes behind it.
    @Test func aCertificateThatIsRefusedGivesWayToWhatComesNext() {
        var rehearsal = Rehearsal(credentials: [.certificate, .password(person: "minh", ScriptedServer.password)])
        rehearsal.input(.watch(Subscription()))
        rehearsal.run()
        rehearsal.break_()
        rehearsal.run()
        #expect(rehearsal.server.logins == ["certificate", "password", "token"])
        #expect(rehearsal.notes.count { $0 == .certificateRefused } == 1)
    }

    /// A server that is only too busy says nothing about the certificate: it is tried again with the next connection.
    @Test func aCertificateThatWaitsStaysTheFirst() {
        var session = ClientSession(
            configuration: ClientConfiguration(),
            credentials: [.certificate, .password(person: "minh", ScriptedServer.password)])
        _ = session.handle(.watch(Subscription()), now: 0)
        for (answer, expected) in [
            ("NO BUSY retry=later after=20\n", "LOGIN minh"), ("OK person=minh token=t\n", "SET"),
        ] {
            if answer.hasPrefix("NO") {
                _ = session.handle(.connected, now: 0)
                _ = session.handle(.received(Array("HELLO phanbien/1 log=A\n".utf8)), now: 0)
            }
            let effects = session.handle(.received(Array(answer.utf8)), now: 0)
            #expect(!effects.contains(.note(.certificateRefused)))
            #expect(written(effects).contains(expected), "\(effects)")
        }
        _ = session.handle(.disconnected(reason: "broken", jitter: 0), now: 1)
        _ = session.handle(.timer, now: 60_000)
        _ = session.handle(.connected, now: 60_000)
        let greeted = session.handle(.received(Array("HELLO phanbien/1 log=A\n".utf8)), now: 60_000)
        #expect(written(greeted).contains("AUTH EXTERNAL"))
    }

    private func written(_ effects: [ClientEffect]) -> String {
        effects.map { if case .write(let octets) = $0 { String(decoding: octets, as: UTF8.self) } else { "" } }.joined()
    }

    /// ENROL goes out before any login, and once more when its answer was lost.
    @Test func anAnonymousSessionAsksForNothing() {
        var configuration = ClientConfiguration()
        configuration.isAnonymous = true
        var rehearsal = Rehearsal(credentials: [], budgets: [60], configuration: configuration)
        rehearsal.input(.send(RequestIdentifier(1), Request(verb: "PING")))
        rehearsal.run()
        #expect(rehearsal.delivered.map(\.0.number) == [1])
        #expect(rehearsal.server.logins.isEmpty && rehearsal.asked == 0)
    }

    @Test func aNewTokenServesTheNextConnection() {
        var rehearsal = Rehearsal(credentials: [.password(person: "minh", ScriptedServer.password)])
        rehearsal.input(.watch(Subscription()))
        rehearsal.run()
        rehearsal.break_()
        rehearsal.run()
        #expect(rehearsal.server.logins == ["password", "token"])
    }

    /// A token that could not be looked at, since the server was too busy, gives way to the newer one.
    @Test func aNewTokenTakesThePlaceOfTheFormer() {
        var session = ClientSession(
            configuration: ClientConfiguration(),
            credentials: [.token(Array("old".utf8)), .password(person: "minh", ScriptedServer.password)])
        func say(_ line: String) -> String { written(session.handle(.received(Array((line + "\n").utf8)), now: 0)) }
        _ = session.handle(.watch(Subscription()), now: 0)
        _ = session.handle(.connected, now: 0)
        #expect(say("HELLO phanbien/1 log=A").contains("old"))
        #expect(say("NO BUSY retry=later").contains("LOGIN minh"))
        #expect(say("OK person=minh token=new").contains("SET"))
        _ = session.handle(.disconnected(reason: "broken", jitter: 0), now: 1)
        _ = session.handle(.timer, now: 60_000)
        _ = session.handle(.connected, now: 60_000)
        #expect(say("HELLO phanbien/1 log=A").contains("new"))
        #expect(say("NO AUTH-FAILED retry=fix").contains("LOGIN minh"))
    }

    @Test func withoutAnythingThatIsAcceptedThePersonIsAsked() {
        var rehearsal = Rehearsal(credentials: [.token(Array("old".utf8))])
        rehearsal.input(.send(RequestIdentifier(1), Request(verb: "PING")))
        rehearsal.run()
        #expect(rehearsal.asked == 1)
        #expect(rehearsal.delivered.isEmpty)
        rehearsal.input(.credential(.password(person: "minh", Array("sai".utf8))))
        rehearsal.run()
        #expect(rehearsal.asked == 2)
        rehearsal.input(.credential(.password(person: "minh", ScriptedServer.password)))
        rehearsal.run()
        #expect(rehearsal.delivered.count == 1)
        #expect(rehearsal.failures.isEmpty)
    }

    @Test func aPasswordThatCannotBeWrittenIsAWrongPassword() {
        var rehearsal = Rehearsal(credentials: [.password(person: "minh", Array("a\nb".utf8))])
        rehearsal.input(.send(RequestIdentifier(1), Request(verb: "PING")))
        rehearsal.run()
        #expect(rehearsal.asked == 1)
        #expect(rehearsal.server.logins.isEmpty)
    }

    @Test func englishIsAskedForAndTextAlwaysByteForByte() {
        var session = ClientSession(
            configuration: ClientConfiguration(language: .english), credentials: [.token(ScriptedServer.token)])
        _ = session.handle(.send(RequestIdentifier(1), Request(verb: "PING")), now: 0)
        _ = session.handle(.connected, now: 0)
        _ = session.handle(.received(Array("HELLO phanbien/1 log=A :hi\n".utf8)), now: 0)
        let effects = session.handle(.received(Array("OK person=minh\n".utf8)), now: 0)
        let written = effects.compactMap {
            if case .write(let octets) = $0 { String(decoding: octets, as: UTF8.self) } else { nil }
        }
        #expect(written.count == 1)
        let lines = written.joined().split(separator: "\n").map { $0.drop { $0 != " " } }
        #expect(lines == [" SET body=literal", " LANG en", " PING"])
    }

    @Test func aServerThatCannotBeReachedIsSaidAtOnce() {
        var session = ClientSession(configuration: ClientConfiguration(), credentials: [])
        #expect(session.handle(.send(RequestIdentifier(1), Request(verb: "PING")), now: 0).contains(.connect))
        let effects = session.handle(.disconnected(reason: "connection refused", jitter: 0), now: 5)
        #expect(effects.contains(.failed(.unreachable(reason: "connection refused"))))
        #expect(session.isOver)
    }

    @Test(arguments: [
        ("LOGOUT", false), ("REVOKED", false), ("ABUSE", false), ("FRAME", false), ("IDLE", true), ("SHUTDOWN", true),
        ("NEWER", false),
    ])
    func whatFollowsAfterBye(code: String, returns: Bool) {
        var rehearsal = Rehearsal(credentials: [.token(ScriptedServer.token)])
        rehearsal.input(.watch(Subscription()))
        rehearsal.run()
        rehearsal.input(.received(Array("BYE \(code) :hẹn gặp lại\n".utf8)))
        rehearsal.break_()
        if returns {
            #expect(rehearsal.failures.isEmpty)
            rehearsal.run()
            #expect(rehearsal.isConnected)
        } else {
            #expect(rehearsal.failures == [.closedByServer(code: code, limit: nil, human: "hẹn gặp lại")])
        }
    }

    /// Who has too many connections may come back with fewer: the shell has to know that it was only that.
    @Test func theLimitThatClosedIsTold() {
        var rehearsal = Rehearsal(credentials: [.token(ScriptedServer.token)])
        rehearsal.input(.watch(Subscription()))
        rehearsal.run()
        rehearsal.input(.received(Array("BYE ABUSE limit=connections-per-address :hãy đóng bớt\n".utf8)))
        rehearsal.break_()
        #expect(
            rehearsal.failures == [
                .closedByServer(code: "ABUSE", limit: "connections-per-address", human: "hãy đóng bớt")
            ])
    }

    @Test func anIdleConnectionIsMadeAgainOnlyWhenItIsNeeded() {
        var rehearsal = Rehearsal(credentials: [.token(ScriptedServer.token)])
        rehearsal.input(.send(RequestIdentifier(1), Request(verb: "PING")))
        rehearsal.run()
        rehearsal.input(.received(Array("BYE IDLE\n".utf8)))
        rehearsal.break_()
        #expect(!rehearsal.isConnected)
        #expect(rehearsal.notes.isEmpty)
        rehearsal.input(.send(RequestIdentifier(2), Request(verb: "PING")))
        rehearsal.run()
        #expect(rehearsal.delivered.map(\.0.number) == [1, 2])
    }

    @Test func aSilentServerIsGivenUpAfterASignOfLifeWasAskedFor() {
        var session = ClientSession(configuration: ClientConfiguration(), credentials: [.token(ScriptedServer.token)])
        _ = session.handle(.watch(Subscription()), now: 0)
        _ = session.handle(.connected, now: 0)
        _ = session.handle(.received(Array("HELLO phanbien/1 log=A\n".utf8)), now: 0)
        let ready = session.handle(.received(Array("OK\n".utf8)), now: 1000)
        #expect(ready.contains(.setTimer(46_000)))
        let asked = session.handle(.timer, now: 46_000)
        #expect(
            asked.contains {
                if case .write(let octets) = $0 {
                    String(decoding: octets, as: UTF8.self).hasSuffix("PING\n")
                } else {
                    false
                }
            })
        #expect(session.handle(.timer, now: 91_000).contains(.disconnect))
        let waiting = session.handle(.disconnected(reason: "silent", jitter: .max), now: 91_001)
        #expect(waiting.contains(.note(.reconnecting(reason: "silent", afterMilliseconds: 250))))
        #expect(session.handle(.timer, now: 91_251).contains(.connect))
    }

    @Test func aServerThatNeverGreetsIsLeft() {
        var session = ClientSession(configuration: ClientConfiguration(), credentials: [])
        _ = session.handle(.send(RequestIdentifier(1), Request(verb: "PING")), now: 0)
        #expect(session.handle(.connected, now: 10).contains(.setTimer(20_010)))
        #expect(session.handle(.timer, now: 20_010).contains(.disconnect))
    }

    @Test(arguments: [
        "OK\n", "- topic id=1\n", "= {3}\nabc\n", "HELLO phanbien/1\nHELLO phanbien/1\n", "HELLO phanbien/2\n",
    ])
    func whatIsNotTheProtocolEndsTheSession(said: String) {
        var session = ClientSession(configuration: ClientConfiguration(), credentials: [.token(ScriptedServer.token)])
        _ = session.handle(.send(RequestIdentifier(1), Request(verb: "PING")), now: 0)
        _ = session.handle(.connected, now: 0)
        let effects = session.handle(.received(Array(said.utf8)), now: 0)
        #expect(effects.contains { if case .failed(.protocolViolation) = $0 { true } else { false } })
    }

    @Test func anotherTagMeansThatBothSidesCountDifferently() {
        var rehearsal = Rehearsal(credentials: [.token(ScriptedServer.token)])
        rehearsal.input(.send(RequestIdentifier(1), Request(verb: "PING")))
        rehearsal.run()
        rehearsal.input(.send(RequestIdentifier(2), Request(verb: "PING")))
        rehearsal.input(.received(Array("OK #other\n".utf8)))
        #expect(rehearsal.failures.count == 1)
        #expect(rehearsal.delivered.count == 1)
    }

    @Test func aReplyWithoutEndIsBounded() {
        var configuration = ClientConfiguration()
        configuration.replyOctets = 10_000
        var rehearsal = Rehearsal(credentials: [.token(ScriptedServer.token)], configuration: configuration)
        rehearsal.input(.send(RequestIdentifier(1), Request(verb: "PING")))
        rehearsal.run()
        rehearsal.input(.send(RequestIdentifier(2), Request(verb: "LIST")))
        for _ in 0..<1_000 { rehearsal.input(.received(Array("- topic id=2025-1\n".utf8))) }
        #expect(rehearsal.failures.count == 1)
        // The shortest rows take memory, too.
        rehearsal = Rehearsal(credentials: [.token(ScriptedServer.token)], configuration: configuration)
        rehearsal.input(.send(RequestIdentifier(1), Request(verb: "PING")))
        rehearsal.run()
        rehearsal.input(.send(RequestIdentifier(2), Request(verb: "LIST")))
        for _ in 0..<400 { rehearsal.input(.received(Array("- a\n".utf8))) }
        #expect(rehearsal.failures.count == 1)
    }

    @Test func theBackOffDoublesUpToItsBoundAndIsSpread() {
        let backOff = BackOff()
        #expect(backOff.milliseconds(afterFailures: 1, jitter: .max) == 250)
        #expect(backOff.milliseconds(afterFailures: 1, jitter: 0) == 125)
        #expect(backOff.milliseconds(afterFailures: 3, jitter: .max) == 1000)
        #expect(backOff.milliseconds(afterFailures: 900, jitter: .max) == 30_000)
        #expect(backOff.milliseconds(afterFailures: 900, jitter: 0) == 15_000)
    }
}
