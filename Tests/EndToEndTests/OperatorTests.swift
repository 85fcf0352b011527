import Foundation
import Glibc
import Testing

/// The operator's commands, as specification §9 gives them.
@Suite(.serialized) struct OperatorTests {
    @Test func aPlanWithInconsistenciesIsReportedLineByLine() throws {
        let scratch = try Scratch()
        _ = try run(Programs.server, ["init", "--data", scratch.path("data"), "--certs", scratch.path("certs")])
        let good = try String(
            contentsOf: Programs.top.appending(path: "clients/demo/ke-hoach-2025.yaml"), encoding: .utf8)
        let bad = good.replacing("final: 2025-03-28", with: "final: 2025-02-30")
            .replacing(
                "    lead: hcth\n    review: nv\n    quarter: 1", with: "    lead: hcht\n    review: nv\n    quarter: 1"
            )
            .replacing("  - number: 3", with: "  - number: 2")
        let file = try scratch.write(bad, "ke-hoach.yaml")
        let outcome = try run(Programs.server, ["plan", "load", "--data", scratch.path("data"), file])
        let said = outcome.output + outcome.errors
        #expect(outcome.status == 65)
        let lines = bad.split(separator: "\n", omittingEmptySubsequences: false)
        for needle in ["2025-02-30", "lead: hcht"] {
            let number = try #require(lines.firstIndex { $0.contains(needle) }) + 1
            #expect(
                said.contains("Dòng \(number)") || said.contains("dòng \(number)"),
                "line \(number) (\(needle)) is not named:\n\(said)")
        }
        // Nothing half-done: the plan can be loaded once it is mended.
        let mended = try scratch.write(good, "ke-hoach-2.yaml")
        let second = try run(Programs.server, ["plan", "load", "--data", scratch.path("data"), mended])
        #expect(second.status == 0, "\(second.errors)")
    }

    @Test func aSecondProcessOnTheSameDataIsRefused() throws {
        let server = try ServerProcess()
        try server.start()
        let second = try run(
            Programs.server,
            ["serve", "--data", server.data, "--certs", server.certificates, "--listen", "127.0.0.1:0"], seconds: 30)
        #expect(second.status == 75)
        #expect(
            second.errors.contains("\(server.processIdentifier)"), "the message names the process: \(second.errors)")
        #expect(server.stop() == 0)
    }

    @Test func backupAndVerifyWorkWhileTheServerRuns() throws {
        let server = try ServerProcess()
        try server.start()
        let copy = server.scratch.path("sao-luu.db")
        #expect(try run(Programs.server, ["backup", "--data", server.data, copy]).status == 0)
        #expect(try run(Programs.server, ["verify", "--data", server.data]).status == 0)
        let restored = server.scratch.path("khoi-phuc")
        let outcome = try run(Programs.server, ["restore", "--data", restored, copy])
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(try run(Programs.server, ["verify", "--data", restored]).status == 0)
        #expect(server.stop() == 0)
    }

    /// A clock that was ahead once leaves a name behind that sorts after every backup to come.
    @Test func aBackupOfALaterNameDoesNotPushOutTheOneJustMade() throws {
        let server = try ServerProcess(copying: Prepared.founded.get())
        let series = server.scratch.path("sao-luu")
        try FileManager.default.createDirectory(atPath: series, withIntermediateDirectories: false)
        _ = try server.scratch.write("", "sao-luu/phanbien-2001-01-01-000000.db")
        let later = try server.scratch.write("", "sao-luu/phanbien-9001-01-01-000000.db")
        let outcome = try run(
            Programs.server, ["backup", "--data", server.data, "--into", series, "--keep", "1"])
        #expect(outcome.status == 0, "\(outcome.errors)")
        let made = try #require(outcome.output.firstMatch(of: #/BACKUP (\S+) /#)).1
        #expect(FileManager.default.fileExists(atPath: String(made)))
        #expect(FileManager.default.fileExists(atPath: later), "nobody knows how old it is")
        #expect(outcome.output.hasSuffix("REMOVED \(series)/phanbien-2001-01-01-000000.db\n"), "\(outcome.output)")
        #expect(outcome.errors.contains("“\(later)” mang thời điểm muộn hơn"), "\(outcome.errors)")
    }

    /// What a power cut left of a backup is as long as one, and goes once nobody can still be writing it.
    @Test func whatIsLeftOfAnUnfinishedBackupGoesWithTheOldOnes() throws {
        let server = try ServerProcess(copying: Prepared.founded.get())
        let series = server.scratch.path("sao-luu")
        try FileManager.default.createDirectory(atPath: series, withIntermediateDirectories: false)
        let (old, recent) = ("phanbien-2001-01-01-000000.db.partial", "phanbien-2003-01-01-000000.db.partial")
        let names = [old, old + "-journal", "phanbien-2002-01-01-000000.db", recent, "của-tôi.db.partial"]
        for name in names { _ = try server.scratch.write("", "sao-luu/" + name) }
        let outcome = try run(
            Programs.server, ["backup", "--data", server.data, "--into", series, "--keep", "2"])
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(
            outcome.output.hasSuffix("REMOVED \(series)/\(old)\nREMOVED \(series)/\(old)-journal\n"),
            "\(outcome.output)")
        let left = try FileManager.default.contentsOfDirectory(atPath: series)
        #expect(Set(names.dropFirst(2)).isSubset(of: left) && left.count == 4, "\(left)")
    }

    /// Whoever relies on --keep has to learn that the disk fills.
    @Test func anOldBackupThatStaysIsNotSaidToBeRemoved() throws {
        let server = try ServerProcess(copying: Prepared.founded.get())
        let series = server.scratch.path("sao-luu")
        let (stays, goes) = ("phanbien-2001-01-01-000000.db", "phanbien-2002-01-01-000000.db")
        try FileManager.default.createDirectory(atPath: series + "/" + stays, withIntermediateDirectories: true)
        _ = try server.scratch.write("", "sao-luu/" + goes)
        let outcome = try run(
            Programs.server, ["backup", "--data", server.data, "--into", series, "--keep", "1"])
        #expect(outcome.status == 66, "\(outcome.status)")
        #expect(outcome.output.contains("BACKUP ") && outcome.output.hasSuffix("REMOVED \(series)/\(goes)\n"))
        #expect(!outcome.output.contains(stays), "\(outcome.output)")
        #expect(outcome.errors.contains("Bản sao lưu đã xong") && outcome.errors.contains("\(series)/\(stays)"))
    }

    /// A data folder that cannot be made leaves no keys behind that would keep the next attempt from running; and an attempt
    /// that is refused for its keys makes no data.
    @Test func whatInitCouldNotDoIsInNobodysWay() throws {
        let scratch = try Scratch()
        let (data, certificates) = (scratch.path("data"), scratch.path("certs"))
        let failed = try run(Programs.server, ["init", "--data", "/proc/none/data", "--certs", certificates])
        #expect(failed.status != 0 && !FileManager.default.fileExists(atPath: certificates), "\(failed.errors)")
        let wrong = try run(Programs.server, ["init", "--data", data, "--certs", certificates, "--host", "a b"])
        #expect(wrong.status == 65 && !FileManager.default.fileExists(atPath: certificates), "\(wrong.errors)")
        #expect(wrong.errors.contains("xn--") && !FileManager.default.fileExists(atPath: data), "\(wrong.errors)")
        let second = try run(Programs.server, ["init", "--data", data, "--certs", certificates])
        #expect(second.status == 0, "\(second.errors)")
        let other = scratch.path("khac")
        let refused = try run(Programs.server, ["init", "--data", other, "--certs", certificates])
        #expect(refused.status == 73 && !FileManager.default.fileExists(atPath: other), "\(refused.errors)")
    }

    /// A code that nobody saw is lost, so that a full disk behind `>` must not look like success.
    @Test func aResultThatCannotBeWrittenIsAFailure() throws {
        let server = try ServerProcess(copying: Prepared.founded.get())
        let arguments = ["person", "password", "--data", server.data, "--invitation", "minh"]
        let command = ([Programs.server.path] + arguments).map { "'\($0)'" }.joined(separator: " ") + " >/dev/full"
        let lost = try run(URL(filePath: "/bin/bash"), ["-c", command])
        #expect(lost.status == 74 && lost.errors.contains("person password --invitation"), "\(lost.errors)")
        #expect(try run(Programs.server, arguments).status == 0)
    }

    @Test func anAccountThatWasDisabledIsOpenedAgain() throws {
        let server = try ServerProcess(copying: Prepared.founded.get())
        try server.start()
        let administrator = try HandConnection(server)
        try administrator.logIn("quan")
        #expect(try administrator.ask("PERSON DISABLE minh <\nNghỉ thai sản.").last?.hasPrefix("OK") == true)
        #expect(server.stop() == 0)
        let person = ["--data", server.data, "minh"]
        let refused = try run(Programs.server, ["person", "password", "--invitation"] + person)
        #expect(refused.status == 65 && refused.errors.contains("phanbiend person enable"), "\(refused.errors)")
        let list = try server.scratch.write(
            "id,name,office,position,password\nminh,Trần Minh,hcth,staff,\n", "nhan-su-moi.csv")
        let changed = try run(Programs.server, ["people", "import", "--data", server.data, list])
        #expect(changed.status == 65 && changed.output.contains("đã khóa"), "\(changed.output)")
        let enabled = try run(Programs.server, ["person", "enable"] + person)
        #expect(enabled.status == 0 && enabled.output.hasPrefix("ENABLED minh\n"), "\(enabled.output)")
        try server.start()
        try HandConnection(server).logIn("minh")
        #expect(server.stop() == 0)
    }

    @Test func aListThatLeavesNobodyInChargeSaysSo() throws {
        let server = try ServerProcess(copying: Prepared.founded.get())
        let list = try server.scratch.write(
            "id,name,office,position,password\nquan,Ma Văn Quân,hcth,staff,\n", "nhan-su-moi.csv")
        let outcome = try run(Programs.server, ["people", "import", "--data", server.data, list])
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.output.contains("không còn tài khoản nào giữ chức vụ quản trị hệ thống"), "\(outcome.output)")
        #expect(!outcome.output.contains("Giám đốc"), "\(outcome.output)")
    }

    /// Who enrolled with their code has a way in, so the same list gives them no other.
    @Test func aListInvitesNobodyWhoHasACertificate() throws {
        let server = try ServerProcess(copying: Prepared.founded.get())
        let list = try server.scratch.write(
            "id,name,office,position,password\nmai,Nông Thị Mai,nv,staff,\n", "nhan-su-moi.csv")
        let arguments = ["people", "import", "--data", server.data, list]
        let added = try run(Programs.server, arguments)
        #expect(added.status == 0 && added.output.contains("ADDED mai\nINVITATION mai "), "\(added.output)")
        let code = String(try #require(added.output.firstMatch(of: #/INVITATION mai (\S+)/#)).1)
        try server.start()
        let request = [
            "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=mai",
        ]
        let files = ["-keyout", server.scratch.path("key.pem"), "-out", server.scratch.path("request.pem")]
        #expect(try run(URL(filePath: "/usr/bin/openssl"), request + files).status == 0)
        let pem = try String(contentsOfFile: server.scratch.path("request.pem"), encoding: .utf8)
        let hand = try HandConnection(server)
        let reply = try hand.ask("ENROL \(code) {\(pem.utf8.count)}\n\(pem)")
        #expect(reply.last?.hasPrefix("OK person=mai") == true, "\(reply)")
        #expect(server.stop() == 0)
        let again = try run(Programs.server, arguments)
        #expect(again.status == 0 && again.output.contains("SAME mai"), "\(again.output)")
        #expect(!again.output.contains("INVITATION"), "\(again.output)")
    }

    /// What is in the way is told apart, with a status that says whether trying again can help.
    @Test func whatIsMissingOrInTheWayIsNamed() throws {
        let server = try ServerProcess(copying: Prepared.founded.get())
        func fails(_ arguments: [String], _ status: Int32, _ words: String) throws {
            let outcome = try run(Programs.server, arguments, seconds: 30)
            #expect(outcome.status == status, "\(arguments): \(outcome.status) \(outcome.errors)")
            #expect(outcome.errors.contains(words), "\(arguments): \(outcome.errors)")
        }
        let (none, folder) = (server.scratch.path("không-có"), server.scratch.path("trống"))
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        for command in ["verify", "backup"] {
            let rest = command == "backup" ? [server.scratch.path("a.db")] : []
            try fails([command, "--data", none] + rest, 66, "Không có “\(none)”")
            try fails([command, "--data", folder] + rest, 66, "phanbiend init --data \(folder)")
        }
        try fails(["verify", "--file", none], 66, "Không có “\(none)”")
        try fails(["verify", "--file", folder], 66, "là một thư mục")
        try fails(["plan", "load", "--data", server.data, folder], 66, "là một thư mục")
        try fails(["backup", "--data", server.data, none + "/a.db"], 73, "“\(none)/a.db”")
        try fails(["backup", "--data", server.data, "--into", none], 73, "“\(none)”")
        let copy = server.scratch.path("sao-luu.db")
        #expect(try run(Programs.server, ["backup", "--data", server.data, copy]).status == 0)
        _ = try server.scratch.write("x", "trống/ghi chú.txt")
        try fails(["restore", "--data", folder, copy], 73, "ghi chú.txt")
        try fails(["restore", "--data", none + "/sâu", copy], 73, "“\(none)/sâu”")
        try fails(["help", "foo"], 64, "“foo”")
        try fails(
            ["redact", "--data", server.data, "--document", "1/QĐ", "--reason", "x", "1"], 65, "không chứa nội dung")
        let serve = ["serve", "--data", server.data, "--certs", server.certificates]
        try fails(serve + ["--loops", "0"], 64, "Usage: phanbiend serve")
        try fails(serve + ["--before-date", "lỏng"], 64, "working-day; không phải “lỏng”")
        try fails(serve + ["--limit", "body=8388608"], 64, "Sửa thành body=2097152, hoặc bỏ hẳn tùy chọn này")
        let service = try run(
            Programs.server, serve + ["--limit", "body=8388608"],
            environment: ["PHANBIEN_OPTIONS": "--limit body=8388608", "INVOCATION_ID": "5c7e"])
        #expect(service.status == 64 && service.errors.contains("PHANBIEN_OPTIONS của dịch vụ"), "\(service.errors)")
        try fails(serve + ["--listen", "may.khong.co.invalid:0"], 69, "may.khong.co.invalid")
        try server.start()
        let second = try ServerProcess(copying: Prepared.founded.get())
        try fails(
            ["serve", "--data", second.data, "--certs", second.certificates, "--listen", "127.0.0.1:\(server.port)"],
            69, "chương trình khác đang giữ cổng")
        #expect(server.stop() == 0)
    }

    /// What lies elsewhere, or came from elsewhere, is named with the way to put it right.
    @Test func keysAndFilesThatCameFromElsewhereAreNamed() throws {
        let server = try ServerProcess(copying: Prepared.founded.get())
        let (certificates, scratch) = (server.certificates, server.scratch)
        func fails(_ words: [String], _ status: Int32, _ said: String, as user: [String] = []) throws {
            let words = user + [Programs.server.path] + words
            let outcome = try run(URL(filePath: words[0]), Array(words.dropFirst()), seconds: 30)
            #expect(outcome.status == status && outcome.errors.contains(said), "\(outcome.status) \(outcome.errors)")
        }
        let long = String(repeating: "a", count: 65)
        let (none, other) = (scratch.path("chua-co"), scratch.path("khac"))
        try fails(
            ["init", "--data", none, "--certs", other, "--organisation", long], 65, "--organisation: tên cơ quan")
        #expect(!FileManager.default.fileExists(atPath: none) && !FileManager.default.fileExists(atPath: other))
        // Sixty-four characters, however the system types them: a letter and its tone mark apart are one.
        let decomposed = String(repeating: "a\u{302}\u{301}", count: 64)
        try server.operate(["init", "--data", none, "--certs", other, "--organisation", decomposed])
        let subject = try run(
            URL(filePath: "/usr/bin/openssl"),
            ["x509", "-in", other + "/ca.pem", "-noout", "-subject", "-nameopt", "utf8,-esc_msb"])
        #expect(subject.output.contains(String(repeating: "ấ", count: 64)), "\(subject.output)\(subject.errors)")

        let (key, kept) = (certificates + "/ca.key", scratch.path("ca.key"))
        let renew = ["certificate", "renew", "--certs", certificates]
        try FileManager.default.moveItem(atPath: key, toPath: kept)
        try fails(renew, 66, "install -o phanbien -g phanbien -m 600 ca.key \(certificates)/")
        try FileManager.default.copyItem(atPath: other + "/ca.key", toPath: key)
        try fails(renew, 65, "“\(key)” không phải khóa của chứng thư nào trong “\(certificates)/ca.pem”")
        try FileManager.default.removeItem(atPath: key)
        try FileManager.default.moveItem(atPath: kept, toPath: key)
        let copy = scratch.path("sao-luu.db")
        try server.operate(["backup", "--data", server.data, copy])
        // Root may read everything, and somebody else only what is given to them.
        let user = ClientTests.withoutPrivileges
        let isBound = geteuid() != 0 || !user.isEmpty
        let place = scratch.path("moi")
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: false)
        if isBound {
            for file in [key, copy] { try #require(chmod(file, 0) == 0) }
            try fails(renew, 77, "chown phanbien: \(key)", as: user)
            try fails(["restore", "--data", place, copy], 77, "-m 600 \(copy) /var/backups/phanbien/", as: user)
            for file in [key, copy] { try #require(chmod(file, 0o600) == 0) }
        }
        try fails(["restore", "--data", none, copy], 73, "Thêm --replace")

        let file = certificates + "/server.pem"
        let text = try String(contentsOfFile: file, encoding: .utf8)
        try ("\u{FEFF}" + text).write(toFile: file, atomically: true, encoding: .utf8)
        try fails(
            ["serve", "--data", server.data, "--certs", certificates, "--listen", "127.0.0.1:0"], 65,
            "“\(file)” bắt đầu bằng dấu BOM")
    }

    /// A truncated file is not intact, in the words and with the status that the documents promise.
    @Test func aTruncatedBackupIsNotIntact() throws {
        let server = try ServerProcess(copying: Prepared.founded.get())
        let copy = server.scratch.path("sao-luu.db")
        #expect(try run(Programs.server, ["backup", "--data", server.data, copy]).status == 0)
        let octets = try Data(contentsOf: URL(filePath: copy))
        try octets.prefix(octets.count / 2).write(to: URL(filePath: copy))
        let found = try run(Programs.server, ["verify", "--file", copy])
        #expect(found.status == 1 && found.output.contains("KHÔNG NGUYÊN VẸN"), "\(found.status) \(found.errors)")
    }

    /// Whoever keeps the server reads in its log that nobody will be able to connect, and from where passwords are guessed.
    @Test func theLogSaysWhatKeepsPeopleOut() throws {
        let server = try ServerProcess(copying: Prepared.founded.get())
        let other = server.scratch.path("khác")
        try server.operate(["init", "--data", server.scratch.path("d2"), "--certs", other])
        let key = server.certificates + "/server.key"
        let good = try Data(contentsOf: URL(filePath: key))
        try Data(contentsOf: URL(filePath: other + "/server.key")).write(to: URL(filePath: key))
        let refused = try run(
            Programs.server,
            ["serve", "--data", server.data, "--certs", server.certificates, "--listen", "127.0.0.1:0"], seconds: 30)
        #expect(refused.status == 65 && refused.errors.contains("“\(key)”: Khóa này không khớp"), "\(refused.errors)")
        try good.write(to: URL(filePath: key))
        try server.start()
        let stranger = try HandConnection(server)
        _ = try stranger.line()
        #expect(try stranger.ask("LOGIN minh <\nsai sai sai").last?.hasPrefix("NO AUTH-FAILED") == true)
        #expect(server.stop() == 0 && !server.log.contains("certificate.unusable"))
        let authority = URL(filePath: server.certificates + "/ca.pem")
        try Data(contentsOf: URL(filePath: other + "/ca.pem")).write(to: authority)
        try server.start()
        #expect(server.stop() == 0)
        #expect(
            server.log.contains("error certificate.unusable file=\(server.certificates)/server.pem"), "\(server.log)")
        #expect(server.log.contains("notice login.failed address=127.0.0.1 count=1"), "\(server.log)")
    }

    /// Whoever thinks better of it gets the terminal back as it was.
    @Test(arguments: [SIGINT, SIGQUIT, SIGTERM, SIGHUP]) func aPasswordPromptThatIsLeftShowsTypingAgain(
        number: Int32
    ) throws {
        let terminal = try Pseudoterminal(
            Programs.server, ["person", "password", "--data", "/none", "minh"], environment: [:])
        try terminal.see("New password:")
        try terminal.wait(forLineModes: { $0 & tcflag_t(ECHO) == 0 })
        if number == SIGINT { terminal.type("\u{3}") } else { terminal.signal(number) }
        #expect(try terminal.end() == .signal(number))
        #expect(terminal.leftBehind() == [])
    }

    /// A renewal that forgot a name would lock out whoever connects by it.
    @Test func aRenewedCertificateKeepsItsNamesUnlessOthersAreGiven() throws {
        let scratch = try Scratch()
        let certificates = scratch.path("certs")
        let names = ["phanbien.example.vn", "10.0.0.5"]
        let made = try run(
            Programs.server,
            ["init", "--data", scratch.path("data"), "--certs", certificates, "--host", names[0], "--host", names[1]])
        #expect(made.status == 0, "\(made.errors)")
        let renew = ["certificate", "renew", "--certs", certificates]
        let kept = try run(Programs.server, renew)
        #expect(kept.status == 0 && kept.errors.isEmpty, "\(kept.errors)")
        for name in names + ["localhost"] { #expect(kept.output.contains("HOST \(name)\n"), "\(kept.output)") }
        #expect(!kept.output.contains("LOST"))
        let changed = try run(Programs.server, renew + ["--host", "moi.example.vn", "--host", names[1]])
        #expect(changed.status == 0)
        #expect(changed.output.contains("HOST moi.example.vn\n") && changed.output.contains("HOST \(names[1])\n"))
        #expect(changed.output.contains("LOST \(names[0])\n") && !changed.output.contains("LOST \(names[1])"))
        #expect(changed.errors.contains("không còn mang tên \(names[0]);"), "\(changed.errors)")
        try FileManager.default.removeItem(atPath: certificates + "/server.pem")
        let unknown = try run(Programs.server, renew)
        #expect(unknown.status == 66 && unknown.errors.contains("--host"), "\(unknown.errors)")
        #expect(try run(Programs.server, renew + ["--host", names[0]]).status == 0)
    }

    /// Whichever of two authorities stands first in the file, the one that clients meet is named.
    @Test func theFingerprintIsThatOfTheServersAuthority() throws {
        let scratch = try Scratch()
        let (certificates, other) = (scratch.path("certs"), scratch.path("former"))
        for (folder, data) in [(certificates, "data"), (other, "data-2")] {
            let made = try run(Programs.server, ["init", "--data", scratch.path(data), "--certs", folder])
            #expect(made.status == 0, "\(made.errors)")
        }
        func fingerprint() throws -> String {
            try run(Programs.server, ["fingerprint", "--certs", certificates]).output
        }
        let alone = try fingerprint()
        #expect(alone.hasPrefix("FINGERPRINT "))
        let authorities = try [certificates, other].map { try String(contentsOfFile: $0 + "/ca.pem", encoding: .utf8) }
        for both in [authorities[0] + authorities[1], authorities[1] + authorities[0]] {
            try both.write(toFile: certificates + "/ca.pem", atomically: true, encoding: .utf8)
            #expect(try fingerprint() == alone)
        }
    }

    /// Between its two renames a renewal leaves a key without its certificate, and says how to go on.
    @Test func aRenewalThatStoppedHalfwayIsFinishedByOneCommand() throws {
        let server = try ServerProcess(copying: Prepared.founded.get())
        let (pem, key) = (server.certificates + "/server.pem", server.certificates + "/server.key")
        let former = try (String(contentsOfFile: pem, encoding: .utf8), String(contentsOfFile: key, encoding: .utf8))
        try server.operate(["certificate", "renew", "--certs", server.certificates])
        #expect(try String(contentsOfFile: pem + ".old", encoding: .utf8) == former.0)
        #expect(try String(contentsOfFile: key + ".old", encoding: .utf8) == former.1)
        let files = FileManager.default
        try files.moveItem(atPath: pem, toPath: pem + ".new")
        try files.moveItem(atPath: pem + ".old", toPath: pem)
        let refused = try run(
            Programs.server,
            ["serve", "--data", server.data, "--certs", server.certificates, "--listen", "127.0.0.1:0"], seconds: 30)
        #expect(refused.status == 65 && refused.errors.contains("mv \(pem).new \(pem)"), "\(refused.errors)")
        try files.removeItem(atPath: pem)
        try files.moveItem(atPath: pem + ".new", toPath: pem)
        // Of several certificates the second may be what is wrong.
        let authority = server.certificates + "/ca.pem"
        let good = try String(contentsOfFile: authority, encoding: .utf8)
        try (good + "-----BEGIN CERTIFICATE-----\nx\n").write(toFile: authority, atomically: true, encoding: .utf8)
        let unread = try run(
            Programs.server,
            ["serve", "--data", server.data, "--certs", server.certificates, "--listen", "127.0.0.1:0"], seconds: 30)
        #expect(unread.status == 65 && unread.errors.contains("“\(authority)” không đọc được"), "\(unread.errors)")
        try good.write(toFile: authority, atomically: true, encoding: .utf8)
        try server.start()
        #expect(server.stop() == 0 && !server.log.contains("certificate.unusable"), "\(server.log)")
    }

    /// In an authority's last years its end is that of every certificate, and renewing does not help.
    @Test func aCertificateThatEndsWithItsAuthoritySaysSo() throws {
        let scratch = try Scratch()
        let certificates = scratch.path("certs")
        let renew = ["certificate", "renew", "--certs", certificates, "--host", "phanbien.example.vn"]
        #expect(
            try run(Programs.server, ["init", "--data", scratch.path("data"), "--certs", certificates]).status == 0)
        let early = try run(Programs.server, renew)
        #expect(early.status == 0 && !early.errors.contains("CA hết hạn"), "\(early.errors)")
        let made = try run(
            URL(filePath: "/usr/bin/openssl"),
            [
                "req", "-x509", "-key", certificates + "/ca.key", "-subj", "/CN=phanbien", "-days", "400", "-addext",
                "keyUsage=critical,keyCertSign,cRLSign", "-out", certificates + "/ca.pem",
            ])
        try #require(made.status == 0, "\(made.errors)")
        let late = try run(Programs.server, renew)
        // In the same second or a later one.
        #expect(late.status == 0 && late.output.contains(#/server\.pem days=(399|400)\n/#), "\(late.output)")
        #expect(late.errors.contains("chứng thư CA hết hạn ngày 20"), "\(late.errors)")
    }

    @Test func aWrongPasswordIsRefusedAndTheRightOneStillServes() throws {
        let server = try ServerProcess()
        try server.start()
        let person = try HandConnection(server)
        _ = try person.line()
        let wrong = try person.ask("LOGIN minh <\nsai rồi")
        let unknown = try person.ask("LOGIN ai-do <\nsai rồi")
        #expect(wrong.last?.hasPrefix("NO AUTH-FAILED retry=fix") == true)
        #expect(wrong == unknown, "the words are the same for people who do not exist")
        let right = try person.ask("LOGIN minh <\n\(ServerProcess.password)")
        #expect(right.last?.hasPrefix("OK person=minh office=hcth position=staff") == true, "\(right)")
        #expect(server.stop() == 0)
    }
}
