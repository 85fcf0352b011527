import ReviewCore
import ReviewDigest
import ReviewEngine
import ReviewProtocol
import Testing

/// Client certificates: how they are given, how somebody comes in with one, how they lose their force, and what is signed
/// with them.
@Suite struct EnrolmentTests {
    private static func request(_ name: String) -> String {
        "-----BEGIN CERTIFICATE REQUEST-----\n\(name)\n-----END CERTIFICATE REQUEST-----\n"
    }

    /// The digest under which the test's pool issues a certificate for a request.
    private static func digest(_ name: String) -> Digest { Digest(hashing: request(name)) }

    private func code(_ shell: TestShell, for person: String, _ purpose: String = "certificate") throws -> String {
        let reply = shell.ask(1, "INVITE \(person) for=\(purpose)").first { $0.hasPrefix("OK ") } ?? ""
        return String(try #require(reply.firstMatch(of: #/ code=(\S+)/#)).1)
    }

    /// A connection of somebody who is not logged in, and has read HELLO.
    private func arrive(_ shell: TestShell, _ connection: UInt64) {
        shell.open(connection)
        _ = shell.lines(connection)
    }

    private func enrol(_ shell: TestShell, _ connection: UInt64, _ code: String, _ name: String) -> [String] {
        let text = Self.request(name)
        shell.send(connection, "ENROL \(code) {\(text.utf8.count)}\n\(text)\n")
        return shell.lines(connection)
    }

    /// A shell where root is logged in on 1, and a person has a certificate for a request of the same name.
    private func shell(with people: String...) throws -> TestShell {
        let shell = try TestShell()
        shell.logIn(1, "root")
        for (number, person) in people.enumerated() {
            let connection = UInt64(100 + number)
            arrive(shell, connection)
            let reply = enrol(shell, connection, try code(shell, for: person), person)
            #expect(reply.last?.hasPrefix("OK person=\(person) sha256=\(Self.digest(person)) until=") == true)
            shell.close(connection)
        }
        return shell
    }

    private func comeIn(_ shell: TestShell, _ connection: UInt64, _ name: String) -> String {
        shell.open(connection, certificate: Self.digest(name))
        _ = shell.lines(connection)
        shell.send(connection, "AUTH EXTERNAL\n")
        // Whoever tried the wrong thing before waits longer and longer.
        if let reply = shell.line(connection) { return reply }
        shell.pass(milliseconds: 16_000)
        return shell.line(connection) ?? ""
    }

    @Test func whoHasACertificateComesInWithIt() throws {
        let shell = try shell(with: "minh")
        #expect(comeIn(shell, 2, "minh").hasPrefix("OK person=minh office=hcth position=staff"))
        #expect(shell.ask(2, "CERT LIST").first?.contains("current=yes") == true)
        #expect(shell.ask(2, "AUTH EXTERNAL").last?.hasPrefix("NO INVALID") == true, "logged in already")
        let greeting = shell
        greeting.open(3)
        #expect(greeting.lines(3).first?.contains(" auth=EXTERNAL,PLAIN,LOGIN,TOKEN ") == true)
    }

    @Test func aCertificateOfNobodyWaitsLikeAWrongPassword() throws {
        let shell = try shell(with: "minh")
        for connection in 10...14 as ClosedRange<UInt64> {
            #expect(comeIn(shell, connection, "ai đó").hasPrefix("NO AUTH-FAILED"))
        }
        shell.open(2, certificate: Self.digest("ai đó"))
        _ = shell.lines(2)
        #expect(shell.ask(2, "AUTH EXTERNAL").isEmpty, "the sixth is not answered at once")
        arrive(shell, 3)
        #expect(shell.ask(3, "AUTH EXTERNAL").last?.hasPrefix("NO AUTH-FAILED") == true, "none presented: at once")
    }

    @Test func aCertificateThatLapsedIsNone() throws {
        let shell = try shell(with: "minh")
        shell.pass(milliseconds: 731 * 86_400_000)
        #expect(comeIn(shell, 2, "minh").hasPrefix("NO AUTH-FAILED"))
    }

    @Test func deletingACertificateEndsItsSessionsAndNoOthers() throws {
        let shell = try shell(with: "minh", "lan")
        #expect(comeIn(shell, 2, "minh").hasPrefix("OK"))
        #expect(comeIn(shell, 3, "lan").hasPrefix("OK"))
        shell.logIn(4, "minh")
        #expect(shell.ask(4, "CERT DELETE \(Self.digest("minh"))").last?.hasPrefix("OK sha256=") == true)
        #expect(shell.lines(2).last?.hasPrefix("BYE REVOKED") == true)
        #expect(shell.ask(3, "PING").last?.hasPrefix("OK") == true)
        #expect(shell.ask(4, "PING").last?.hasPrefix("OK") == true)
        #expect(comeIn(shell, 5, "minh").hasPrefix("NO AUTH-FAILED"))
    }

    @Test func ofSeveralCertificatesOnlyTheSessionsOfTheDeletedOneEnd() throws {
        let shell = try shell(with: "minh")
        arrive(shell, 90)
        #expect(enrol(shell, 90, try code(shell, for: "minh"), "máy khác").last?.hasPrefix("OK person=minh") == true)
        #expect(comeIn(shell, 2, "minh").hasPrefix("OK person=minh"))
        #expect(comeIn(shell, 3, "máy khác").hasPrefix("OK person=minh"))
        #expect(shell.ask(2, "CERT LIST").last == "OK certificates=2")
        #expect(shell.ask(3, "CERT DELETE \(Self.digest("minh"))").last?.hasPrefix("OK sha256=") == true)
        #expect(shell.lines(2).last?.hasPrefix("BYE REVOKED") == true)
        #expect(shell.ask(3, "PING").last?.hasPrefix("OK") == true)
    }

    /// What a session sends behind the deletion of its certificate, in the same batch, is not done.
    @Test func nothingIsDoneByADeletedCertificate() throws {
        let shell = try shell(with: "hoa")
        #expect(comeIn(shell, 2, "hoa").hasPrefix("OK person=hoa"))
        shell.feed(2, Array("CERT DELETE \(Self.digest("hoa"))\nASSIGN 2025-1 minh as=author\n".utf8))
        shell.run()
        let lines = shell.lines(2)
        #expect(lines.first?.hasPrefix("OK sha256=") == true)
        #expect(lines.dropFirst().first?.hasPrefix("NO FORBIDDEN") == true, "\(lines)")
        #expect(lines.last?.hasPrefix("BYE REVOKED") == true)
    }

    /// Whoever came in with a code has nothing any more once somebody else has enrolled with it.
    @Test func aCodeThatWasUsedUpSetsNoPassword() throws {
        let shell = try TestShell()
        shell.logIn(1, "root")
        let code = try code(shell, for: "minh", "account")
        arrive(shell, 2)
        #expect(shell.ask(2, "LOGIN minh <", code).last?.contains(" must=passwd") == true)
        arrive(shell, 3)
        #expect(enrol(shell, 3, code, "minh").last?.hasPrefix("OK person=minh") == true)
        #expect(shell.lines(2).last?.hasPrefix("BYE REVOKED") == true)
    }

    /// The same while the new password is being hashed: both are decided in one batch.
    @Test func aCodeThatIsUsedUpMeanwhileSetsNoPassword() throws {
        let shell = try TestShell()
        shell.logIn(1, "root")
        let code = try code(shell, for: "minh", "account")
        for connection in [2, 3] as [UInt64] { arrive(shell, connection) }
        #expect(shell.ask(2, "LOGIN minh <", code).last?.contains(" must=passwd") == true)
        shell.holdsVerifications = true
        _ = enrol(shell, 3, code, "minh")
        _ = shell.ask(2, "PASSWD <<", "mat khau trom", ".")
        shell.holdsVerifications = false
        shell.verifyHeld()
        #expect(shell.lines(3).last?.hasPrefix("OK person=minh") == true)
        #expect(shell.lines(2).last?.hasPrefix("BYE REVOKED") == true)
        arrive(shell, 4)
        shell.send(4, "LOGIN minh <\nmat khau trom\n")
        shell.pass(milliseconds: 16_000)
        #expect(shell.lines(4).last?.hasPrefix("NO AUTH-FAILED") == true)
    }

    @Test func theSameTwiceInOneBatchGivesTheSameCertificate() throws {
        let shell = try TestShell()
        shell.logIn(1, "root")
        let code = try code(shell, for: "minh")
        for connection in [2, 3] as [UInt64] { arrive(shell, connection) }
        shell.holdsVerifications = true
        for connection in [2, 3] as [UInt64] { _ = enrol(shell, connection, code, "minh") }
        shell.holdsVerifications = false
        shell.verifyHeld()
        let replies = [2, 3].map { shell.lines($0).last.map { String($0.prefix(14)) } ?? "" }
        #expect(replies.sorted() == ["OK person=minh", "OK replay=yes "])
        #expect(shell.ask(1, "CERT LIST person=minh").last == "OK certificates=1")
    }

    @Test func aDisabledPersonLosesSessionsByCertificateAndANewPasswordLeavesThem() throws {
        let shell = try shell(with: "minh")
        #expect(comeIn(shell, 2, "minh").hasPrefix("OK"))
        shell.logIn(3, "minh")
        #expect(shell.ask(3, "PASSWD <<", "mat khau minh", "mat khau moi", ".").last?.hasPrefix("OK") == true)
        #expect(shell.ask(2, "PING").last?.hasPrefix("OK") == true)
        _ = try code(shell, for: "minh", "account")
        #expect(shell.lines(3).last?.hasPrefix("BYE REVOKED") == true)
        #expect(shell.ask(2, "PING").last?.hasPrefix("OK") == true)
        _ = shell.ask(1, "PERSON DISABLE minh <", "Chuyển công tác")
        #expect(shell.lines(2).last?.hasPrefix("BYE REVOKED") == true)
        #expect(comeIn(shell, 4, "minh").hasPrefix("NO AUTH-FAILED"))
    }

    @Test func theFirstPasswordOfAnAccountIsSetByCertificateWithTheNewOneAlone() throws {
        let shell = try shell(with: "minh")
        #expect(comeIn(shell, 2, "minh").hasPrefix("OK"))
        #expect(
            shell.ask(2, "PASSWD <<", "mat khau moi", ".").last?.hasPrefix("NO INVALID") == true,
            "the account has a password")
        _ = shell.ask(1, "PERSON ADD mai name=Mai office=nv position=staff")
        arrive(shell, 3)
        #expect(enrol(shell, 3, try code(shell, for: "mai"), "mai").last?.hasPrefix("OK person=mai") == true)
        #expect(comeIn(shell, 4, "mai").hasPrefix("OK"))
        #expect(shell.ask(4, "PASSWD <<", "mat khau moi", ".").last?.hasPrefix("OK person=mai") == true)
        #expect(shell.ask(4, "PING").last?.hasPrefix("OK") == true, "the session stays")
        #expect(shell.ask(4, "PASSWD <<", "mat khau khac", ".").last?.hasPrefix("NO INVALID") == true)
        arrive(shell, 5)
        #expect(shell.ask(5, "LOGIN mai <", "mat khau moi").last?.hasPrefix("OK person=mai") == true)
    }

    /// Who found the laptop has its certificate; the code that the administrator gave out is the owner's.
    @Test func noCertificateSetsAPasswordWhileACodeIsGivenOut() throws {
        let shell = try shell(with: "minh")
        #expect(comeIn(shell, 2, "minh").hasPrefix("OK"))
        let invited = shell.ask(1, "INVITE minh").last ?? ""
        let code = try #require(invited.firstMatch(of: #/ code=(\S+)/#)).1
        #expect(invited.contains("Chứng thư vẫn dùng được"), "\(invited)")
        #expect(shell.ask(2, "PASSWD <<", "mat khau trom", ".").last?.hasPrefix("NO AUTH-FAILED") == true)
        #expect(
            shell.ask(2, "PASSWD <<", "mat khau minh", "mat khau trom", ".").last?.hasPrefix("NO AUTH-FAILED") == true)
        arrive(shell, 3)
        #expect(shell.ask(3, "LOGIN minh <", "\(code)").last?.contains(" must=passwd") == true)
        #expect(shell.ask(3, "PASSWD <<", "mat khau moi", ".").last?.hasPrefix("OK person=minh") == true)
    }

    /// The same when the code is given out while the password is being hashed.
    @Test func noCertificateSetsAPasswordOnceACodeIsGivenOut() throws {
        let shell = try TestShell()
        shell.logIn(1, "root")
        _ = shell.ask(1, "PERSON ADD mai name=Mai office=nv position=staff")
        arrive(shell, 3)
        #expect(enrol(shell, 3, try code(shell, for: "mai"), "mai").last?.hasPrefix("OK person=mai") == true)
        #expect(comeIn(shell, 2, "mai").hasPrefix("OK"))
        shell.holdsVerifications = true
        _ = shell.ask(1, "INVITE mai")
        _ = shell.ask(2, "PASSWD <<", "mat khau trom", ".")
        shell.holdsVerifications = false
        shell.verifyHeld()
        #expect(shell.lines(1).last?.contains(" code=") == true)
        #expect(shell.lines(2).last?.hasPrefix("NO AUTH-FAILED") == true)
    }

    /// A code for a certificate is no code for an account, which goes on.
    @Test func enrollingLeavesWhatCameInWithACodeThatIsStillGood() throws {
        let shell = try TestShell()
        shell.logIn(1, "root")
        let account = try code(shell, for: "minh", "account")
        arrive(shell, 2)
        #expect(shell.ask(2, "LOGIN minh <", account).last?.contains(" must=passwd") == true)
        arrive(shell, 3)
        #expect(enrol(shell, 3, try code(shell, for: "minh"), "minh").last?.hasPrefix("OK person=minh") == true)
        #expect(shell.ask(2, "PASSWD <<", "mat khau moi", ".").last?.hasPrefix("OK person=minh") == true)
    }

    @Test func anAnswerThatWasLostIsGivenAgain() throws {
        let shell = try TestShell()
        shell.logIn(1, "root")
        let code = try code(shell, for: "minh")
        arrive(shell, 2)
        shell.holdsAppends = true
        #expect(enrol(shell, 2, code, "minh").isEmpty, "OK means on disk")
        shell.close(2)
        shell.holdsAppends = false
        shell.release()
        arrive(shell, 3)
        let again = enrol(shell, 3, code, "minh")
        #expect(again.last?.hasPrefix("OK replay=yes person=minh sha256=\(Self.digest("minh"))") == true)
        #expect(again.contains { $0.hasPrefix("| minh \(Self.digest("minh"))") })
        #expect(enrol(shell, 3, code, "other").last?.hasPrefix("NO AUTH-FAILED") == true, "another request is too late")
    }

    @Test func twoRequestsForOneCodeInOneBatchGiveOneCertificate() throws {
        let shell = try TestShell()
        shell.logIn(1, "root")
        let code = try code(shell, for: "minh")
        for connection in [2, 3] as [UInt64] { arrive(shell, connection) }
        shell.holdsVerifications = true
        _ = enrol(shell, 2, code, "a")
        _ = enrol(shell, 3, code, "b")
        shell.holdsVerifications = false
        shell.verifyHeld()
        shell.pass(milliseconds: 2_000)
        let replies = [2, 3].map { shell.lines($0).last.map { String($0.prefix(14)) } ?? "" }
        #expect(replies.sorted() == ["NO AUTH-FAILED", "OK person=minh"])
        #expect(shell.ask(1, "CERT LIST person=minh").last == "OK certificates=1")
    }

    @Test func aCodeThatIsTakenBackMeanwhileGivesNothing() throws {
        let shell = try TestShell()
        shell.logIn(1, "root")
        let code = try code(shell, for: "minh")
        arrive(shell, 2)
        shell.holdsVerifications = true
        _ = enrol(shell, 2, code, "a")
        _ = shell.ask(1, "PERSON DISABLE minh <", "Nghỉ việc")
        shell.holdsVerifications = false
        shell.verifyHeld()
        shell.pass(milliseconds: 2_000)
        #expect(shell.lines(2).last?.hasPrefix("NO AUTH-FAILED") == true)
    }

    @Test func whatCannotBeIssuedLeavesTheCode() throws {
        let shell = try TestShell()
        shell.logIn(1, "root")
        let code = try code(shell, for: "minh")
        arrive(shell, 2)
        #expect(enrol(shell, 2, code, "vắng khóa").last?.hasPrefix("NO UNAVAILABLE retry=later after=600000") == true)
        #expect(
            shell.ask(2, "ENROL \(code) <", "CERTIFICATE REQUEST-----").last?.hasPrefix(
                "NO INVALID retry=fix argument=body") == true)
        shell.failures = [.full]
        #expect(enrol(shell, 2, code, "a").last?.hasPrefix("NO READ-ONLY") == true)
        #expect(enrol(shell, 2, code, "a").last?.hasPrefix("OK person=minh") == true)
    }

    @Test func whatIsStoredIsThereAfterARestart() throws {
        let shell = try shell(with: "minh")
        let restarted = try shell.restarted()
        restarted.open(2, certificate: Self.digest("minh"))
        _ = restarted.lines(2)
        #expect(restarted.ask(2, "AUTH EXTERNAL").last?.hasPrefix("OK person=minh") == true)
    }

    @Test func nobodyElseIsToldOfACertificate() throws {
        let shell = try TestShell()
        shell.logIn(1, "root")
        shell.logIn(2, "minh")
        shell.logIn(3, "lan")
        for connection in [1, 2, 3] as [UInt64] { _ = shell.ask(connection, "WATCH") }
        let code = try code(shell, for: "minh")
        arrive(shell, 4)
        _ = enrol(shell, 4, code, "minh")
        func told(_ connection: UInt64) -> [String] { shell.lines(connection).filter { $0.contains("CERTIFICATE.") } }
        for connection in [1, 2] as [UInt64] {
            let lines = told(connection)
            #expect(lines.count == 1 && lines.first?.contains(" sha256=\(Self.digest("minh"))") == true)
            #expect(lines.first?.contains(InvitationDigest.digest(of: code.utf8)) == false)
            #expect(lines.first?.contains(" request=") == false && lines.first?.contains(" code=") == false)
        }
        #expect(told(3).isEmpty)
    }

    // MARK: The signature of an approval

    /// A log in which topic 1 waits for its approval, and the Director has a certificate for the request `bich`.
    private static func atApproval() throws -> TestShell.Beginning {
        var (state, events) = try Cast.founding(Cast.people, at: TestShell.start)
        let topic = try #require(TopicID(year: 2025, number: 1))
        func perform(_ who: String, _ command: Command) throws {
            let person = try #require(PersonID(who))
            let outcome = try state.decide(command, by: .person(person), now: TestShell.start)
            for fact in outcome.facts {
                let event = Event(
                    sequence: state.lastSequence + 1, time: TestShell.start, person: person,
                    office: state.people[person]?.office, fact: fact)
                state.apply(event)
                events.append(event)
            }
        }
        let bich = try #require(PersonID("bich"))
        try perform("root", .invite(bich, code: "mã", for: .certificate))
        let issued = ClientCertificate(
            person: bich, digest: digest("bich"), from: TestShell.start,
            until: TestShell.start.adding(milliseconds: 86_400_000), code: "mã",
            request: Digest(hashing: request("bich")), text: Body("PEM\n"))
        try perform("bich", .enrol(issued))
        let text = "# Mở đầu\n\nMột.\n\n# Nội dung\n\nHai.\n\n# Kết luận\n\nBa.\n"
        try perform("minh", .push(topic, base: 0, addresses: [], note: nil, text: Array(text.utf8)))
        for who in ["hoa", "bich", "bich", "hoa"] { try perform(who, .submit(topic)) }
        try perform(
            "bich", .openPlenary(topic, at: "2025-06-16T08:00", place: nil, chair: bich, secretary: PersonID("dung")))
        try perform("bich", .closePlenary(topic, conclusion: Array("Thống nhất".utf8)))
        for requirement in Requirement.allCases where requirement != .approval {
            try perform("bich", .override(topic, requirement, reason: Array("Thử.".utf8)))
        }
        try perform("hoa", .submit(topic))
        #expect(state.topics[topic]?.stage == .approval)
        return TestShell.Beginning(state: state, events: events)
    }

    private func manifest(_ shell: TestShell, _ connection: UInt64) -> [UInt8] {
        let lines = shell.ask(connection, "MANIFEST 2025-1@1").filter { $0.hasPrefix("| ") }
        return Array(lines.map { $0.dropFirst(2) + "\n" }.joined().utf8)
    }

    private func approve(_ shell: TestShell, _ connection: UInt64, _ signature: String, _ more: String = "") -> String {
        let digest =
            shell.ask(connection, "SHOW 2025-1@1").last?.split(separator: " ").first { $0.hasPrefix("sha256=") } ?? ""
        shell.send(
            connection, "APPROVE 2025-1@1 \(digest)\(more) {\(signature.utf8.count)}\n\(signature)\n")
        return shell.lines(connection).last ?? ""
    }

    @Test func anApprovalIsSignedOverTheManifest() throws {
        let shell = TestShell(try Self.atApproval())
        shell.logIn(2, "bich")
        let signature = TestPool.signature(by: Self.digest("bich"), over: manifest(shell, 2))
        #expect(approve(shell, 2, signature, " dry-run=yes").hasPrefix("OK dry-run=yes revision=2025-1@1"))
        let reply = approve(shell, 2, signature)
        #expect(reply.hasPrefix("OK revision=2025-1@1 ") && reply.contains(" stage=approved signed=yes "))
        let shown = shell.ask(2, "SHOW 2025-1")
        #expect(shown.contains { $0.hasPrefix("- approval ") && $0.hasSuffix(" signed=\(Self.digest("bich"))") })
        let files = shell.ask(2, "DOSSIER 2025-1").filter { $0.hasPrefix("- file ") }
        for name in ["ban-ke-phe-duyet.txt", "chu-ky-phe-duyet.pem", "ca.pem"] {
            #expect(files.contains { $0.contains(" name=\(name) ") }, "\(name)")
        }
        #expect(approve(shell, 2, signature).contains(" signed=yes already=yes"), "again")
    }

    @Test func anApprovalWithoutASignatureIsNotSignedAfterwards() throws {
        let shell = TestShell(try Self.atApproval())
        shell.logIn(2, "bich")
        let signature = TestPool.signature(by: Self.digest("bich"), over: manifest(shell, 2))
        let digest = shell.ask(2, "SHOW 2025-1@1").last?.firstMatch(of: #/ (sha256=\S+)/#)?.1 ?? ""
        let reply = shell.ask(2, "APPROVE 2025-1@1 \(digest)").last ?? ""
        #expect(reply.hasPrefix("OK revision=2025-1@1") && !reply.contains("signed"))
        #expect(approve(shell, 2, signature).hasPrefix("NO CONFLICT retry=refresh"))
        #expect(shell.ask(2, "APPROVE 2025-1@1 \(digest)").last?.contains(" already=yes") == true)
    }

    @Test func aSignatureThatIsNotRightApprovesNothing() throws {
        let shell = TestShell(try Self.atApproval())
        shell.logIn(1, "root")
        shell.logIn(2, "bich")
        let signed = manifest(shell, 2)
        let right = TestPool.signature(by: Self.digest("bich"), over: signed)
        #expect(approve(shell, 2, "không phải chữ ký").hasPrefix("NO INVALID retry=fix argument=body"))
        #expect(
            approve(shell, 2, TestPool.signature(by: .zero, over: signed)).hasPrefix(
                "NO INVALID retry=fix argument=body"))
        #expect(
            approve(shell, 2, TestPool.signature(by: Self.digest("minh"), over: signed))
                .hasPrefix("NO INVALID retry=fix argument=body sha256=\(Self.digest("minh"))"))
        #expect(
            approve(shell, 2, TestPool.signature(by: Self.digest("bich"), over: signed.dropLast() + [0x20]))
                .hasPrefix("NO CONFLICT retry=refresh"))
        #expect(shell.ask(2, "OPINION 2025-1@1 as=agree").last?.hasPrefix("OK") == true)
        #expect(approve(shell, 2, right).hasPrefix("NO CONFLICT retry=refresh"), "something happened to the topic")
        #expect(shell.ask(1, "CERT DELETE \(Self.digest("bich"))").last?.hasPrefix("OK") == true)
        let late = TestPool.signature(by: Self.digest("bich"), over: manifest(shell, 2))
        #expect(approve(shell, 2, late).hasPrefix("NO INVALID"), "the certificate was deleted")
        #expect(shell.ask(2, "SHOW 2025-1").first?.contains(" stage=approval ") == true)
        let digest = shell.ask(2, "SHOW 2025-1@1").last?.firstMatch(of: #/ (sha256=\S+)/#)?.1 ?? ""
        #expect(
            shell.ask(2, "APPROVE 2025-1@1 \(digest)").last?.hasPrefix("OK revision=2025-1@1") == true, "without one")
    }

    @Test func whoeverMayNotApproveLearnsThatFirst() throws {
        let shell = TestShell(try Self.atApproval())
        shell.logIn(2, "tung")
        #expect(approve(shell, 2, "không phải chữ ký").hasPrefix("NO FORBIDDEN"))
        shell.logIn(3, "bich")
        shell.send(3, "APPROVE 2025-1@1 sha256=0000000000000000 <\nx\n")
        #expect(shell.lines(3).last?.hasPrefix("NO CONFLICT retry=refresh current=2025-1@1") == true)
    }
}
