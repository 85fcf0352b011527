import ReviewCore
import ReviewProtocol
import ReviewTestKit
import Testing

@testable import ReviewEngine

@Suite struct SessionTests {
    // MARK: Prompts

    @Test func aPromptComesWhenAPersonTypes() throws {
        let shell = try TestShell()
        shell.open(1)
        _ = shell.lines(1)
        #expect(shell.ask(1, "LOGIN minh <") == ["+ Mật khẩu (chữ sẽ hiện trên màn hình):"])
        #expect(shell.ask(1, "mat khau minh").first?.hasPrefix("OK") == true)
        let block = shell.ask(1, "ANSWER C1 <<")
        #expect(block.count == 1)
        #expect(block.first?.hasPrefix("+ ") == true)
        // Once, however the text arrives.
        #expect(shell.ask(1, "một dòng") == [])
        #expect(shell.ask(1, ".").first?.hasPrefix("NO NOT-FOUND") == true)
        #expect(shell.ask(1, "LANG en").first?.hasPrefix("OK") == true)
        #expect(shell.ask(1, "ANSWER C1 <") == ["+ Type the text in one line:"])
    }

    @Test func noPromptWhenTheBodyIsThereOrAReplyIsOutstanding() throws {
        let shell = try TestShell()
        shell.open(1)
        _ = shell.lines(1)
        shell.send(1, "LOGIN minh <\nmat khau minh\n")
        #expect(shell.lines(1).allSatisfy { !$0.hasPrefix("+") })
        shell.logIn(2, "son")
        shell.holdsAppends = true
        shell.send(2, "ASSIGN 2025-2 lan as=author\nCANCEL 2025-2 <<\n")
        #expect(shell.lines(2) == [])
        shell.holdsAppends = false
        shell.release()
        let lines = shell.lines(2)
        #expect(lines.map { String($0.prefix(2)) } == ["OK", "+ "])
        // A program's counted octets get none.
        shell.send(1, "ANSWER C1 {20}\n")
        #expect(shell.lines(1) == [])
    }

    @Test func aPromptThatCameTooLateIsDropped() throws {
        let shell = try TestShell()
        shell.logIn(1, "son")
        shell.holdsAppends = true
        shell.send(1, "ASSIGN 2025-2 lan as=author\nCANCEL 2025-2 <<\n")
        shell.send(1, "x\n.\n")
        shell.holdsAppends = false
        shell.release()
        #expect(shell.lines(1).map { String($0.prefix(2)) } == ["OK", "NO"])
    }

    // MARK: Logging in

    @Test func verificationsInFlightAreBounded() throws {
        let shell = try TestShell()
        shell.holdsVerifications = true
        for connection in 1...4 as ClosedRange<UInt64> {
            shell.open(connection, address: "192.0.2.\(connection)")
            shell.send(connection, "LOGIN minh <\nmat khau minh\n")
            _ = shell.lines(connection)
        }
        // Another name from another address does not wait for them.
        shell.open(5, address: "192.0.2.5")
        shell.send(5, "LOGIN lan <\nmat khau lan\n")
        #expect(shell.heldVerifications.count == 3)
        shell.verifyHeld(1)
        #expect(shell.heldVerifications.count == 3)
        #expect(shell.lines(1).last?.hasPrefix("OK person=minh") == true)
        shell.holdsVerifications = false
        shell.verifyHeld()
        for connection in 2...4 as ClosedRange<UInt64> {
            #expect(shell.lines(connection).last?.hasPrefix("OK person=minh") == true)
        }
    }

    @Test func tooManyWaitingLoginsAreTurnedAway() throws {
        let shell = try TestShell()
        shell.holdsVerifications = true
        let last = UInt64(EngineConfiguration.verificationsInFlight + EngineConfiguration.waitingLogins + 1)
        for connection in 1...last {
            shell.open(connection, address: "2001:db8::\(connection)")
            shell.send(connection, "LOGIN minh <\nmat khau minh\n")
        }
        // Not at once, so that nobody who tries again without a pause is answered without one.
        #expect(shell.lines(last).count == 1)
        shell.pass(milliseconds: EngineConfiguration.busyMilliseconds)
        #expect(shell.lines(last).last?.hasPrefix("NO BUSY retry=later after=1000") == true)
        #expect(shell.lines(last - 1).count == 1)
        // Who hangs up gives the place back.
        shell.close(last - 1)
        shell.send(last, "LOGIN minh <\nmat khau minh\n")
        #expect(shell.lines(last) == [])
    }

    @Test func hangingUpDoesNotEscapeTheCount() throws {
        let shell = try TestShell()
        for connection in 1...3 as ClosedRange<UInt64> {
            shell.holdsVerifications = true
            shell.open(connection, address: "192.0.2.\(connection)")
            shell.send(connection, "LOGIN minh <\nsai\n")
            shell.close(connection)
            shell.holdsVerifications = false
            shell.verifyHeld()
        }
        shell.open(9, address: "192.0.2.9")
        _ = shell.lines(9)
        shell.send(9, "LOGIN minh <\nmat khau minh\n")
        #expect(shell.lines(9) == [])
        shell.pass(milliseconds: 999)
        #expect(shell.lines(9) == [])
        shell.pass(milliseconds: 1)
        #expect(shell.lines(9).first?.hasPrefix("OK person=minh") == true)
    }

    @Test func aPasswordThatChangesMeanwhileNoLongerCounts() throws {
        let shell = try TestShell()
        shell.logIn(1, "minh")
        shell.open(2)
        _ = shell.lines(2)
        shell.holdsVerifications = true
        shell.send(2, "LOGIN minh <\nmat khau minh\n")
        // Counted as it is hashed, not as it was typed: seven octets.
        #expect(
            shell.ask(1, "PASSWD <<", "mat khau minh", "aaaae\u{302}\u{301}", ".").last?.hasPrefix("NO INVALID") == true
        )
        shell.send(1, "PASSWD <<\nmat khau minh\nmat khau moi\n.\n")
        #expect(shell.heldVerifications.count == 2)
        // The change comes first, although it was asked for later.
        shell.verifyLast()
        #expect(shell.lines(1).last?.hasPrefix("OK person=minh") == true)
        shell.verifyHeld()
        #expect(shell.lines(2).last?.hasPrefix("NO AUTH-FAILED") == true)
    }

    @Test func aNewInvitationEndsWhatCameWithTheOldOne() throws {
        let shell = try TestShell()
        shell.logIn(1, "root")
        shell.logIn(2, "minh")
        func invite() -> String {
            let words = shell.ask(1, "INVITE minh").last?.split(separator: " ") ?? []
            return String(words.first { $0.hasPrefix("code=") }?.dropFirst(5) ?? "")
        }
        let old = invite()
        shell.open(3)
        _ = shell.lines(3)
        #expect(shell.ask(3, "LOGIN minh <", old).last?.contains("must=passwd") == true)
        let new = invite()
        #expect(shell.lines(3).last?.hasPrefix("BYE REVOKED") == true)
        shell.open(4)
        _ = shell.lines(4)
        shell.send(4, "LOGIN minh <\n\(old)\nLOGIN minh <\n\(new)\n")
        shell.pass(milliseconds: 250)
        #expect(shell.lines(4).map { String($0.prefix(14)) } == ["NO AUTH-FAILED", "OK person=minh"])
    }

    /// Whoever found the password, or a laptop that is logged in, is out as soon as the administrator gives a code.
    @Test func anInvitationEndsThePasswordAndWhatCameInWithIt() throws {
        let shell = try TestShell()
        shell.logIn(1, "root")
        shell.logIn(2, "minh")
        shell.open(3)
        _ = shell.lines(3)
        let welcome = shell.ask(3, "LOGIN minh token=yes <", "mat khau minh").last ?? ""
        let token = try #require(welcome.firstMatch(of: #/ token=(\S+)/#)).1
        let invited = shell.ask(1, "INVITE minh").last ?? ""
        let code = try #require(invited.firstMatch(of: #/ code=(\S+)/#)).1
        for connection in [2, 3] as [UInt64] { #expect(shell.lines(connection).last?.hasPrefix("BYE REVOKED") == true) }
        shell.open(4)
        _ = shell.lines(4)
        shell.send(
            4, "AUTH TOKEN {\(token.utf8.count)}\n\(token)\nLOGIN minh <\nmat khau minh\nLOGIN minh <\n\(code)\n")
        shell.pass(milliseconds: 2_000)
        #expect(
            shell.lines(4).map { String($0.prefix(14)) } == ["NO AUTH-FAILED", "NO AUTH-FAILED", "OK person=minh"])
    }

    /// A change of password whose check was done when the code was given must not bring the thief back.
    @Test func aPasswordThatLostItsForceIsNotChanged() throws {
        let shell = try TestShell()
        shell.logIn(1, "root")
        shell.logIn(2, "minh")
        shell.holdsVerifications = true
        shell.send(1, "INVITE minh\n")
        shell.send(2, "PASSWD <<\nmat khau minh\nmat khau khac\n.\n")
        shell.holdsVerifications = false
        // Both in one batch.
        shell.verifyHeld()
        #expect(shell.lines(1).last?.contains(" code=") == true)
        #expect(shell.lines(2).last?.hasPrefix("BYE REVOKED") == true)
        shell.open(3)
        _ = shell.lines(3)
        shell.send(3, "LOGIN minh <\nmat khau khac\n")
        shell.pass(milliseconds: 2_000)
        #expect(shell.lines(3).last?.hasPrefix("NO AUTH-FAILED") == true)
    }

    @Test func twoWhoSetAPasswordAtOnceKeepOneSession() throws {
        let shell = try TestShell()
        shell.logIn(1, "minh")
        shell.logIn(2, "minh")
        shell.holdsVerifications = true
        shell.send(1, "PASSWD <<\nmat khau minh\nmat khau mot\n.\n")
        shell.send(2, "PASSWD <<\nmat khau minh\nmat khau hai\n.\n")
        shell.holdsVerifications = false
        shell.verifyHeld()
        #expect(shell.lines(1).map { String($0.prefix(11)) } == ["OK person=m", "BYE REVOKED"])
        #expect(shell.lines(2).map { String($0.prefix(11)) } == ["OK person=m"])
        shell.open(3)
        _ = shell.lines(3)
        #expect(shell.ask(3, "LOGIN minh <", "mat khau hai").last?.hasPrefix("OK") == true)
    }

    /// The addresses are for the operator's log; who was guessed at is nobody's business there.
    @Test func whoIsRefusedAtTheDoorIsToldByAddressOnce() throws {
        var limits = Limits()
        limits.connectionsPerAddress = 1
        let shell = try TestShell(limits: limits)
        shell.open(1, address: "192.0.2.7")
        shell.send(1, "LOGIN minh <\nsai sai sai\nLOGIN ai-do <\nsai sai sai\nAUTH TOKEN {3}\nsai\n")
        shell.pass(milliseconds: 5_000)
        shell.open(2, address: "192.0.2.7")
        shell.logIn(3, "lan", address: "192.0.2.8")
        let told = shell.takeIncidents()
        #expect(told.failedLogins == ["192.0.2.7": 3] && told.turnedAway == ["192.0.2.7": 1])
        #expect(shell.engine.tally.turnedAway == 1)
        #expect(shell.takeIncidents() == Incidents())
    }

    @Test func connectionsOfOnePersonAreBounded() throws {
        var limits = Limits()
        limits.connectionsPerPerson = 2
        let shell = try TestShell(limits: limits)
        for connection in 1...2 as ClosedRange<UInt64> { shell.logIn(connection, "minh") }
        shell.open(3)
        _ = shell.lines(3)
        #expect(
            shell.ask(3, "LOGIN minh <", "mat khau minh").last?
                .hasPrefix("NO QUOTA retry=later after=5000 limit=connections-per-person") == true)
        #expect(shell.ask(3, "LOGIN lan <", "mat khau lan").last?.hasPrefix("OK") == true)
        shell.close(1)
        shell.open(4)
        _ = shell.lines(4)
        #expect(shell.ask(4, "LOGIN minh <", "mat khau minh").last?.hasPrefix("OK") == true)
    }

    /// NO means that nothing was stored, so no token is made for whom there is no room.
    @Test func noTokenIsMadeForAConnectionTooMany() throws {
        var limits = Limits()
        limits.connectionsPerPerson = 2
        let shell = try TestShell(limits: limits)
        shell.logIn(1, "minh")
        for connection in [2, 3, 4] as [UInt64] {
            shell.open(connection)
            _ = shell.lines(connection)
        }
        shell.holdsAppends = true
        shell.holdsVerifications = true
        for connection in [2, 3] as [UInt64] { shell.send(connection, "LOGIN minh token=yes <\nmat khau minh\n") }
        shell.holdsVerifications = false
        shell.verifyHeld()
        #expect(shell.lines(2).isEmpty, "not durable yet")
        shell.send(4, "LOGIN minh <\nmat khau minh\n")
        #expect(shell.lines(4).last?.hasPrefix("NO QUOTA") == true, "who waits for the disk counts")
        shell.holdsAppends = false
        shell.release()
        #expect(shell.lines(2).last?.hasPrefix("OK person=minh") == true)
        #expect(shell.lines(3).last?.hasPrefix("NO QUOTA") == true)
        shell.logIn(5, "root")
        let issued = shell.ask(5, "LOG").filter { $0.contains("TOKEN.ISSUED") }
        #expect(issued.count == 1, "\(issued)")
    }

    /// What goes before on a connection counts, whether it is durable yet or not.
    @Test func whoWasJustAddedIsInvited() throws {
        let shell = try TestShell()
        shell.logIn(1, "root")
        shell.send(1, "PERSON ADD mai name=Mai office=nv position=staff\nINVITE mai\n")
        let lines = shell.lines(1)
        #expect(lines.count == 2 && lines.last?.contains(" code=") == true, "\(lines)")
    }

    @Test func aPasswordThatWasJustSetIsTheCurrentOne() throws {
        let shell = try TestShell()
        shell.logIn(1, "minh")
        shell.send(
            1, "PASSWD <<\nmat khau minh\nmat khau hai\n.\nPASSWD <<\nmat khau hai\nmat khau ba\n.\n")
        #expect(shell.lines(1).map { String($0.prefix(14)) } == ["OK person=minh", "OK person=minh"])
        shell.open(2)
        _ = shell.lines(2)
        #expect(shell.ask(2, "LOGIN minh <", "mat khau ba").last?.hasPrefix("OK person=minh") == true)
    }

    @Test func connectionsOfOneAddressAreBounded() throws {
        var limits = Limits()
        limits.connectionsPerAddress = 2
        limits.connections = 3
        let shell = try TestShell(limits: limits)
        for connection in 1...3 as ClosedRange<UInt64> { shell.open(connection, address: "192.0.2.1") }
        #expect(shell.lines(3).first?.hasPrefix("BYE ABUSE limit=connections-per-address") == true)
        #expect(shell.closed == [3])
        shell.close(3)
        shell.open(4, address: "192.0.2.4")
        #expect(shell.lines(4).first?.hasPrefix("HELLO") == true)
        shell.open(5, address: "192.0.2.5")
        #expect(shell.lines(5).first?.hasPrefix("BYE ABUSE limit=connections ") == true)
        shell.close(1)
        shell.close(5)
        shell.open(6, address: "192.0.2.1")
        #expect(shell.lines(6).first?.hasPrefix("HELLO") == true)
    }

    @Test func beforeLoginNobodyGetsMoreThanTheLimit() throws {
        var limits = Limits()
        limits.anonymousTotal = 2_000
        let shell = try TestShell(limits: limits)
        shell.open(1)
        #expect(shell.ask(1, "HELP").last?.hasPrefix("BYE ABUSE limit=anonymous-total") == true)
        #expect(shell.sends[1]?.allSatisfy { $0.count <= 2_000 } == true)
        #expect(shell.closed == [1])
    }

    @Test func theRateIsAPersonsOwn() throws {
        var limits = Limits()
        limits.requestsPerSecond = 5
        let shell = try TestShell(limits: limits)
        shell.logIn(1, "minh")
        shell.logIn(2, "minh")
        shell.logIn(3, "lan")
        shell.send(1, String(repeating: "PING\n", count: 6))
        shell.send(2, String(repeating: "PING\n", count: 6))
        #expect(shell.lines(1).filter { $0.hasPrefix("OK") }.count == 6)
        let second = shell.lines(2)
        #expect(second.filter { $0.hasPrefix("OK") }.count == 4)
        #expect(second.last?.hasPrefix("NO RATE retry=later after=200") == true)
        #expect(shell.ask(3, "PING").first?.hasPrefix("OK") == true)
        shell.pass(milliseconds: 200)
        #expect(shell.ask(2, "PING").first?.hasPrefix("OK") == true)
    }

    @Test func aBlockedConnectionIsNotWorkedOn() throws {
        let shell = try TestShell()
        shell.logIn(1, "minh")
        shell.handle(.blocked(ConnectionID(1)))
        shell.send(1, "PING\nPING\n")
        #expect(shell.lines(1) == [])
        shell.handle(.drained(ConnectionID(1)))
        shell.run()
        #expect(shell.lines(1).count == 2)
    }

    @Test func whoeverAsksForMuchGetsItInPortions() throws {
        let shell = try TestShell()
        shell.logIn(1, "son")
        shell.logIn(2, "lan")
        shell.ask(1, "ASSIGN 2025-2 lan as=author")
        let text = "# A\n\n" + String(repeating: String(repeating: "x", count: 999) + "\n", count: 100)
        shell.ask(2, "PUSH 2025-2 if=@0 <<", text + ".")
        let before = shell.sends[2]?.count ?? 0
        shell.send(2, String(repeating: "SHOW 2025-2@1\n", count: 20))
        #expect(shell.lines(2).filter { $0.hasPrefix("OK") }.count == 20)
        let sends = shell.sends[2]?.dropFirst(before) ?? []
        #expect(sends.count > 3)
        #expect(sends.allSatisfy { $0.count <= EngineConfiguration.outputOctets + 110_000 })
    }

    @Test func aTurnThatEndsAtABoundAsksForAnother() throws {
        let shell = try TestShell()
        shell.logIn(1, "son")
        shell.logIn(2, "lan")
        shell.ask(1, "ASSIGN 2025-2 lan as=author")
        let text = "# A\n\n" + String(repeating: String(repeating: "x", count: 999) + "\n", count: 60)
        shell.ask(2, "PUSH 2025-2 if=@0 <<", text + ".")
        shell.feed(2, Array(String(repeating: "SHOW 2025-2@1\n", count: 20).utf8))
        shell.handle(.turn)
        #expect(shell.timer == shell.now)
    }

    // MARK: The table

    /// Every verb of the table that this release has is known to the engine.
    @Test func everyVerbIsHandled() throws {
        let shell = try TestShell()
        shell.logIn(1, "root")
        for form in VerbTable.forms where form.session != .anonymous && form.verb != "LOGOUT" {
            let example = form.example.english.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            var text = example.joined(separator: "\n") + "\n"
            if let first = example.first, let brace = first.lastIndex(of: "{") {
                // Counted octets of the examples are not spelt out.
                text = first[..<brace] + "<\nplan: 1\n"
            }
            shell.send(1, text)
            let reply = shell.lines(1).filter { !$0.hasPrefix("+") }
            #expect(
                reply.last.map { !$0.contains("chưa có lệnh") && !$0.contains("chưa xử lý") } == true,
                "\(form.name): \(reply)")
            #expect(reply.last.map { !$0.hasPrefix("BAD") } == true, "\(form.name): \(reply)")
        }
    }

    // MARK: Logging out

    private func token(_ lines: [String]) -> String? {
        lines.last?.split(separator: " ").first { $0.hasPrefix("token=") }.map { String($0.dropFirst(6)) }
    }

    @Test func aTokenOutlivesLogoutUnlessItIsToGoToo() throws {
        let shell = try TestShell()
        for id in 1...4 as ClosedRange<UInt64> { shell.open(id) }
        let first = try #require(token(shell.ask(1, "LOGIN minh token=yes <", "mat khau minh")))
        let second = try #require(token(shell.ask(2, "LOGIN minh token=yes <", "mat khau minh")))
        #expect(shell.ask(2, "#l LOGOUT").map { String($0.prefix(5)) } == ["OK #l", "BYE L"])
        let come = { (id: UInt64, token: String) in "AUTH TOKEN {\(token.utf8.count)}\n\(token)" }
        #expect(shell.ask(3, come(3, second)).last?.hasPrefix("OK person=minh") == true)
        #expect(shell.ask(4, come(4, first)).last?.hasPrefix("OK person=minh") == true)
        // The one that is given back goes, with whoever came with it; what was sent behind it is not done.
        let appends = shell.log.appends
        #expect(
            shell.ask(1, "#l LOGOUT token=yes", "ANSWER C1 <", "x").map { String($0.prefix(5)) } == ["OK #l", "BYE L"])
        #expect(shell.log.appends == appends + 1)
        #expect(shell.log.events.last?.fact.type == "TOKENS.WITHDRAWN")
        #expect(shell.lines(4).map { String($0.prefix(11)) } == ["BYE REVOKED"])
        #expect(!shell.closed.contains(3))
        shell.open(5)
        #expect(shell.ask(5, come(5, first)).last?.hasPrefix("NO AUTH-FAILED") == true)
        #expect(shell.ask(3, "#l LOGOUT token=yes").map { String($0.prefix(5)) } == ["OK #l", "BYE L"])
        // Without a token there is nothing to give back, and before login neither.
        shell.logIn(6, "dung", address: "192.0.2.6")
        #expect(shell.ask(6, "LOGOUT token=yes").map { String($0.prefix(5)) } == ["OK", "BYE L"])
        shell.open(7)
        _ = shell.lines(7)
        #expect(shell.ask(7, "LOGOUT token=yes").map { String($0.prefix(5)) } == ["OK", "BYE L"])
    }

    @Test func aTokenThatCannotBeWithdrawnKeepsItsSession() throws {
        let shell = try TestShell()
        shell.open(1)
        #expect(token(shell.ask(1, "LOGIN minh token=yes <", "mat khau minh")) != nil)
        shell.failures = [.readOnly]
        let lines = shell.ask(1, "#l LOGOUT token=yes", "#p PING")
        #expect(lines.map { String($0.prefix(16)) }.first == "NO READ-ONLY #l ")
        #expect(lines.last?.hasPrefix("OK #p") == true)
        #expect(!shell.closed.contains(1))
    }
}
