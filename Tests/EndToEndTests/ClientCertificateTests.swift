import Foundation
import Glibc
import Testing

/// The built client with a certificate, against the built server: how one comes to it, logs in with it, signs with it, and
/// what is said when it serves no more.
@Suite(.serialized) struct ClientCertificateTests {
    /// A server, and a machine for each person.
    private struct Place {
        let server: ServerProcess
        let scratch: Scratch

        init(copying prepared: Scratch? = nil) throws {
            server = try ServerProcess(copying: prepared ?? Prepared.founded.get())
            try server.start()
            scratch = try Scratch()
            _ = try scratch.write(ServerProcess.password + "\n", "mat-khau")
        }

        var address: String { "localhost:\(server.port)" }

        func home(_ person: String) -> String { scratch.path("home-" + person) }

        /// Where this person's things are kept.
        func own(_ person: String, _ name: String) throws -> String {
            let folders = try FileManager.default.contentsOfDirectory(atPath: home(person))
            let server = try #require(folders.first { $0.contains("localhost") })
            return [home(person), server, person, name].joined(separator: "/")
        }

        /// The client of a person without anything that could log them in but what is kept.
        func client(_ person: String, _ words: String..., password: String? = nil) throws -> Outcome {
            var environment = ["PHANBIEN_HOME": home(person), "LC_ALL": "C.UTF-8"]
            if let password { environment["PHANBIEN_PASSWORD_FILE"] = try scratch.write(password + "\n", "bi-mat") }
            return try run(Programs.client, words, environment: environment)
        }

        func logIn(_ person: String) throws {
            let outcome = try client(
                person, "login", address, person, "--ca", server.authority, password: ServerProcess.password)
            try #require(outcome.status == 0, "\(outcome.errors)")
        }

        /// A code with which a person gets a certificate.
        func code(for person: String) throws -> String {
            if !FileManager.default.fileExists(atPath: home("quan")) { try logIn("quan") }
            let outcome = try client("quan", "invite", person, "--for", "certificate")
            let line = outcome.output.split(separator: "\n").first { $0.contains("Mã mời: ") }
            return String(try #require(line?.split(separator: " ").last, "\(outcome.errors)\(outcome.output)"))
        }

        @discardableResult
        func enrol(_ person: String, code: String) throws -> Outcome {
            try client(person, "enrol", address, person, "--ca", server.authority, password: code)
        }
    }

    /// What a person was told, wherever the lines broke.
    private func said(_ outcome: Outcome) -> String {
        (outcome.errors + " " + outcome.output).split { $0 == " " || $0 == "\n" }.joined(separator: " ")
    }

    @Test func whoEnrolledLogsInWithoutAPassword() throws {
        let place = try Place()
        let outcome = try place.enrol("bich", code: place.code(for: "bich"))
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(said(outcome).contains("Đã nhận chứng thư"), "\(outcome.errors)")
        #expect(said(outcome).contains("Đã đăng nhập: Hoàng Thị Bích"), "\(outcome.output)")
        #expect(said(outcome).contains("ký thay bich được"), "\(outcome.errors)")
        let identity = try place.own("bich", "identity.pem")
        let mode = try FileManager.default.attributesOfItem(atPath: identity)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        #expect(!FileManager.default.fileExists(atPath: try place.own("bich", "enrolment.pem")))
        #expect(!FileManager.default.fileExists(atPath: try place.own("bich", "token")))

        #expect(try place.client("bich", "whoami").output.contains("Hoàng Thị Bích"))
        let listed = try place.client("bich", "certificates")
        #expect(listed.output.contains("Có giá trị đến hết") && listed.output.contains("Đang dùng"), "\(listed.output)")

        // The one that is given up is gone from this machine as well.
        let json = try place.client("bich", "certificates", "--json")
        let digits = try #require(json.output.firstMatch(of: /"sha256":"([0-9a-f]{64})"/)?.1)
        let deleted = try place.client("bich", "--yes", "certificate", "delete", String(digits.prefix(16)))
        #expect(deleted.status == 0, "\(deleted.errors)")
        #expect(said(deleted).contains("Đã bỏ chứng thư và khóa riêng trên máy này."), "\(deleted.errors)")
        #expect(!FileManager.default.fileExists(atPath: identity))
        #expect(try place.client("bich", "whoami").status == 77)
    }

    /// An answer that was lost is asked for again by the same command: the same key, the same code, the same certificate.
    @Test func anEnrolmentWhoseAnswerWasLostIsFinished() throws {
        let place = try Place()
        let code = try place.code(for: "bich")
        let wrong = try place.enrol("bich", code: "AAAA-AAAA-AAAA")
        #expect(wrong.status == 77)
        #expect(said(wrong).contains("Mã mời sai"), "\(wrong.errors)")
        let pending = try String(contentsOfFile: place.own("bich", "enrolment.pem"), encoding: .utf8)
        #expect(try place.enrol("bich", code: code).status == 0)
        let first = try String(contentsOfFile: place.own("bich", "identity.pem"), encoding: .utf8)
        let key = try #require(pending.firstRange(of: "-----BEGIN PRIVATE KEY"))
        #expect(first.hasSuffix(pending[key.lowerBound...]))

        try FileManager.default.removeItem(atPath: place.own("bich", "identity.pem"))
        try pending.write(toFile: place.own("bich", "enrolment.pem"), atomically: true, encoding: .utf8)
        #expect(try place.enrol("bich", code: code).status == 0)
        #expect(try String(contentsOfFile: place.own("bich", "identity.pem"), encoding: .utf8) == first)
    }

    @Test func aCodeOfSomebodyElseGivesNothing() throws {
        let place = try Place()
        let outcome = try place.enrol("bich", code: place.code(for: "minh"))
        #expect(outcome.status == 77)
        #expect(said(outcome).contains("Mã mời này là của minh"), "\(outcome.errors)")
        #expect(!FileManager.default.fileExists(atPath: try place.own("bich", "identity.pem")))
    }

    @Test func aCertificateThatWasTakenAwayGivesWayToThePassword() throws {
        let place = try Place()
        #expect(try place.enrol("minh", code: place.code(for: "minh")).status == 0)
        let json = try place.client("quan", "certificates", "--person", "minh", "--json")
        let digits = try #require(json.output.firstMatch(of: /"sha256":"([0-9a-f]{64})"/)?.1, "\(json.output)")
        #expect(try place.client("quan", "--yes", "certificate", "delete", String(digits)).status == 0)
        let outcome = try place.client("minh", "whoami", password: ServerProcess.password)
        #expect(outcome.status == 0)
        #expect(said(outcome).contains("Máy chủ không nhận chứng thư của máy này"), "\(outcome.errors)")
        #expect(outcome.output.contains("Trần Văn Minh"))
    }

    /// A certificate of another authority breaks the handshake: that is said, and the password serves.
    @Test func aCertificateOfAnotherAuthorityGivesWayToThePassword() throws {
        let (place, other) = (try Place(), try Place(copying: ServerProcess().scratch))
        #expect(try other.enrol("minh", code: other.code(for: "minh")).status == 0)
        try place.logIn("minh")
        try FileManager.default.removeItem(atPath: place.own("minh", "token"))
        try FileManager.default.copyItem(
            atPath: other.own("minh", "identity.pem"), toPath: place.own("minh", "identity.pem"))
        let outcome = try place.client("minh", "whoami", password: ServerProcess.password)
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(said(outcome).ranges(of: "Máy chủ không nhận chứng thư").count == 1, "\(outcome.errors)")
        #expect(outcome.output.contains("Trần Văn Minh"))
    }

    /// What cannot be used is not presented: the server sees none of it, and the person is told what to do.
    @Test func aCertificateThatHasExpiredOrIsBrokenStaysAtHome() throws {
        let place = try Place()
        try place.logIn("minh")
        let (key, request, expired) = (
            place.scratch.path("cu.key"), place.scratch.path("cu.csr"), place.scratch.path("cu.pem")
        )
        for words in [
            ["ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", key],
            ["req", "-new", "-key", key, "-subj", "/CN=minh", "-out", request],
            ["x509", "-req", "-in", request, "-signkey", key, "-days", "-1", "-out", expired],
        ] {
            let outcome = try run(URL(filePath: "/usr/bin/openssl"), words)
            try #require(outcome.status == 0, "\(outcome.errors)")
        }
        let identity = try place.own("minh", "identity.pem")
        let pair = try [expired, key].map { try String(contentsOfFile: $0, encoding: .utf8) }.joined()
        for (text, words) in [
            (pair, "Không dùng chứng thư: chứng thư đã hết hạn ngày"), ("rác\n", "không đọc được chứng thư trong"),
        ] {
            try text.write(toFile: identity, atomically: true, encoding: .utf8)
            let outcome = try place.client("minh", "whoami")
            #expect(outcome.status == 0, "the token serves: \(outcome.errors)")
            #expect(said(outcome).contains(words), "\(outcome.errors)")
            #expect(said(outcome).contains("phanbien enrol") == (text == pair), "\(outcome.errors)")
            #expect(!said(outcome).contains("Máy chủ không nhận"), "\(outcome.errors)")
        }
    }

    private static let enter = "\r"

    /// The server may have given a certificate for its request already: whoever cannot open it loses nothing.
    @Test func aLockedKeyOfAnUnfinishedEnrolmentIsKept() throws {
        let place = try Place()
        let code = try place.code(for: "minh")
        let enrolling = try Pseudoterminal(
            Programs.client, ["enrol", place.address, "minh", "--ca", place.server.authority],
            environment: ["PHANBIEN_HOME": place.home("minh")])
        for question in ["Đặt mật khẩu bảo vệ khóa riêng", "Nhập lại mật khẩu bảo vệ khóa"] {
            try enrolling.see(question)
            enrolling.type("khóa của tôi" + Self.enter)
        }
        try enrolling.see("Mã mời của minh:")
        enrolling.type(Self.enter)
        #expect(try enrolling.end() != .status(0))
        let pending = try String(contentsOfFile: place.own("minh", "enrolment.pem"), encoding: .utf8)
        #expect(pending.contains("BEGIN ENCRYPTED PRIVATE KEY"))

        let blind = try place.enrol("minh", code: code)
        #expect(blind.status == 77)
        #expect(said(blind).contains("vẫn chưa mở được; không đổi gì"), "\(blind.errors)")
        #expect(try String(contentsOfFile: place.own("minh", "enrolment.pem"), encoding: .utf8) == pending)
    }

    @Test func aLockedKeyIsAskedForOnce() throws {
        let place = try Place()
        let code = try place.code(for: "minh")
        let environment = ["PHANBIEN_HOME": place.home("minh")]
        let enrolling = try Pseudoterminal(
            Programs.client, ["enrol", place.address, "minh", "--ca", place.server.authority], environment: environment)
        try enrolling.see("Đặt mật khẩu bảo vệ khóa riêng")
        enrolling.type("khóa của tôi" + Self.enter)
        try enrolling.see("Nhập lại mật khẩu bảo vệ khóa")
        enrolling.type("khóa của tôi" + Self.enter)
        try enrolling.see("Mã mời của minh:")
        enrolling.type(code + Self.enter)
        try enrolling.see("Đã đăng nhập")
        #expect(try enrolling.end() == .status(0))
        let kept = try String(contentsOfFile: place.own("minh", "identity.pem"), encoding: .utf8)
        #expect(kept.contains("BEGIN ENCRYPTED PRIVATE KEY") && !kept.contains("BEGIN PRIVATE KEY"))

        let terminal = try Pseudoterminal(Programs.client, [], environment: environment)
        try terminal.see("Mật khẩu bảo vệ khóa riêng của minh")
        terminal.type("sai" + Self.enter)
        // Only what is typed at the second question is its answer.
        try terminal.wait(for: "the passphrase once more") {
            $0.text.ranges(of: "Mật khẩu bảo vệ khóa riêng của minh").count == 2
        }
        #expect(terminal.display.text.contains("Sai mật khẩu bảo vệ khóa."))
        terminal.type("khóa của tôi" + Self.enter)
        try terminal.see("2025-4")
        terminal.type("qc")
        #expect(try terminal.end() == .status(0))

        // Enter goes on with the password of the account.
        let other = try Pseudoterminal(Programs.client, ["whoami"], environment: environment)
        try other.see("Mật khẩu bảo vệ khóa riêng của minh")
        other.type(Self.enter)
        try other.see("Mật khẩu của minh:")
        other.type(ServerProcess.password + Self.enter)
        try other.see("Trần Văn Minh")
        #expect(try other.end() == .status(0))
        // That session is kept, and goes before a key that would have to be unlocked.
        let third = try Pseudoterminal(Programs.client, ["whoami"], environment: environment)
        try third.see("Trần Văn Minh")
        #expect(try third.end() == .status(0))
        #expect(!third.display.text.contains("Mật khẩu"))
    }

    /// A place where 2025-2 waits for its approval, and the Director has a certificate.
    private func placeOfApproval() throws -> Place {
        let place = try Place()
        var people: [String: HandConnection] = [:]
        for (person, request) in Self.life {
            if people[person] == nil {
                let connection = try HandConnection(place.server)
                try connection.logIn(person)
                people[person] = connection
            }
            let reply = try people[person]?.ask(request)
            try #require(reply?.last?.hasPrefix("OK ") == true, "\(request): \(reply ?? [])")
        }
        try #require(try place.enrol("bich", code: place.code(for: "bich")).status == 0)
        return place
    }

    /// The digest of the draft that is up for approval.
    private func digest(_ place: Place) throws -> String {
        let shown = try place.client("bich", "show", "2025-2@1", "--json")
        return String(try #require(shown.output.firstMatch(of: /"sha256":"([0-9a-f]{64})"/)?.1, "\(shown.output)"))
    }

    @Test func theDirectorSignsWhatIsApproved() throws {
        let place = try placeOfApproval()
        let outcome = try place.client("bich", "--yes", "approve", "2025-2@1", "--digest", digest(place))
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(said(outcome).contains("Sẽ ký số bằng chứng thư"), "\(outcome.errors)")
        #expect(said(outcome).contains("Đã ký số bằng chứng thư"), "\(outcome.output)")
        #expect(try place.client("bich", "show", "2025-2").output.contains("Ký số bằng chứng thư"))
    }

    @Test func theDirectorSignsInTheScreen() throws {
        let place = try placeOfApproval()
        let digits = try digest(place)
        let terminal = try Pseudoterminal(
            Programs.client, [], environment: ["PHANBIEN_HOME": place.home("bich")], columns: 100, rows: 40)
        try terminal.see("2025-4")
        // What waits for the Director is the approval.
        terminal.type(Self.enter)
        try terminal.see("Sẽ ký số bằng chứng thư")
        terminal.type("\u{1B}[F" + digits.prefix(4) + Self.enter)
        try terminal.see("Đã ký số bằng chứng thư")
        terminal.type("q")
        try terminal.see("2025-4")
        terminal.type("qc")
        #expect(try terminal.end() == .status(0))
    }

    /// The topic 2025-2 on its way to the approval.
    private static let life = [
        ("son", "ASSIGN 2025-2 lan as=author"), ("hoa", "ASSIGN 2025-2 minh as=reviewer"),
        ("bich", "ASSIGN 2025-2 dung as=secretary"), ("bich", "ASSIGN 2025-2 van as=format"),
        ("lan", "PUSH 2025-2 if=@0 <<\n\(ByHandTests.draft)\n."), ("son", "SUBMIT 2025-2"), ("bich", "SUBMIT 2025-2"),
        ("minh", "ASSESS 2025-2@1 verdict=pass <\nĐạt."), ("hoa", "ENDORSE P1"), ("son", "SUBMIT 2025-2"),
        ("bich", "PLENARY 2025-2 OPEN at=2025-06-25T08:00 place=\"Phòng họp\" chair=bich secretary=dung"),
        ("bich", "ATTEND 2025-2 present=bich,son,lan,minh absent=tung"),
        ("bich", "PLENARY 2025-2 CLOSE <\nThống nhất nội dung."), ("bich", "CONFIRM 2025-2"),
        ("dung", "CONFIRM 2025-2"), ("son", "VOUCH 2025-2@1"), ("van", "FORMAT 2025-2@1 as=pass"),
        ("son", "SUBMIT 2025-2"),
    ]
}
