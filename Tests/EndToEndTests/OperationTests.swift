import Foundation
import GRDB
import Glibc
import ReviewTestKit
import Testing

/// What whoever runs the server relies on: the built programs under systemd's eyes, backed up while they write, and
/// rid of a text for good.
@Suite(.serialized) struct OperationTests {
    @Test func systemdIsToldAndTheJournalGetsPriorities() throws {
        let server = try ServerProcess()
        let socket = try NotifySocket(isAbstract: false)
        // Standard error goes to this file, so this is what JOURNAL_STREAM says of a journal that is there.
        let log = server.scratch.path("server.log")
        _ = FileManager.default.createFile(atPath: log, contents: nil)
        var status = stat()
        try #require(stat(log, &status) == 0)
        try server.start(
            environment: socket.environment([
                "WATCHDOG_USEC": "60000000", "JOURNAL_STREAM": "\(status.st_dev):\(status.st_ino)",
            ]))
        #expect(
            socket.next(beginning: "READY=1") == "READY=1\nSTATUS=Đang phục vụ tại 127.0.0.1:\(server.port)")
        #expect(socket.next(beginning: "WATCHDOG=1") != nil)
        let before = try String(contentsOfFile: server.certificates + "/server.pem", encoding: .utf8)
        try server.operate(["certificate", "renew", "--certs", server.certificates, "--host", "localhost"])
        #expect(try String(contentsOfFile: server.certificates + "/server.pem", encoding: .utf8) != before)
        kill(server.processIdentifier, SIGHUP)
        #expect(socket.next(beginning: "RELOADING=1\nMONOTONIC_USEC=") != nil)
        #expect(socket.next(beginning: "READY=1") == "READY=1\nSTATUS=Đã đọc lại chứng thư")
        try "không phải chứng thư".write(toFile: server.certificates + "/server.pem", atomically: true, encoding: .utf8)
        kill(server.processIdentifier, SIGHUP)
        #expect(
            socket.next(beginning: "READY=1")
                == "READY=1\nSTATUS=Không đọc được chứng thư mới, vẫn dùng chứng thư cũ; xem nhật ký")
        let person = try HandConnection(server)
        try person.logIn("bich")
        #expect(server.stop() == 0)
        #expect(socket.next(beginning: "STOPPING=1") == "STOPPING=1\nSTATUS=Đang dừng")
        let lines = server.log.split(separator: "\n")
        #expect(lines.contains { $0.hasPrefix("<5>server.listening address=") }, "\(lines)")
        #expect(lines.contains { $0.hasPrefix("<5>certificate.reloaded ends=") })
        #expect(
            lines.contains {
                $0.hasPrefix("<3>certificate.not-reloaded error=\"“\(server.certificates)/server.pem” không")
            },
            "\(lines)")
        #expect(lines.allSatisfy { $0.hasPrefix("<") }, "\(lines)")
    }

    /// `journalctl -p warning` shows what is wrong with an option, not only that something is.
    @Test func theJournalGetsTheWholeOfAWrongOption() throws {
        let server = try ServerProcess(copying: Prepared.founded.get())
        let log = server.scratch.path("server.log")
        _ = FileManager.default.createFile(atPath: log, contents: nil)
        var status = stat()
        try #require(stat(log, &status) == 0)
        let ending = try server.attempt(
            ["--listen", "127.0.0.1"], environment: ["JOURNAL_STREAM": "\(status.st_dev):\(status.st_ino)"])
        #expect(ending == 64)
        let lines = server.log.split(separator: "\n")
        #expect(lines.contains { $0.hasPrefix("<3>Error: --listen: “127.0.0.1” không phải") }, "\(lines)")
        #expect(lines.allSatisfy { $0.hasPrefix("<3>") }, "\(lines)")
    }

    /// A service that is passed over looks as if all were well: that is for a machine before `init`, not for one whose
    /// database is gone.
    @Test(arguments: ["phanbiend", "phanbien-backup"]) func aUnitIsPassedOverBeforeInitOnly(_ unit: String) throws {
        let text = try String(
            contentsOf: Programs.top.appending(path: "Sources/Packaging/systemd/\(unit).service"), encoding: .utf8)
        let conditions = text.split(separator: "\n").filter { $0.hasPrefix("Condition") }
        // Any one of those with a bar lets the unit start.
        let mark = "ConditionPathExists=|/var/lib/phanbien/"
        #expect(conditions.allSatisfy { $0.hasPrefix(mark) }, "\(conditions)")
        let scratch = try Scratch()
        let data = scratch.path("data")
        func isStarted() -> Bool {
            conditions.contains { FileManager.default.fileExists(atPath: data + "/" + $0.dropFirst(mark.count)) }
        }
        #expect(!isStarted())
        let made = try run(Programs.server, ["init", "--data", data, "--certs", scratch.path("certs")])
        #expect(made.status == 0 && isStarted(), "\(made.errors)")
        try FileManager.default.removeItem(atPath: data + "/phanbien.db")
        #expect(isStarted())
        let backup = try run(Programs.server, ["backup", "--data", data, scratch.path("sao-luu.db")])
        #expect(backup.status == 66, "\(backup.errors)")
    }

    @Test func aMetricsPageForOtherMachinesIsRefused() throws {
        let outcome = try run(
            Programs.server, ["serve", "--data", "x", "--certs", "y", "--metrics", "0.0.0.0:9464"], seconds: 30)
        #expect(outcome.status == 64)
        #expect(outcome.errors.contains("127.0.0.1"))
    }

    // MARK: Backup

    /// A backup that is made while people write is one moment of the log: a prefix of it, and verified.
    @Test func aBackupUnderLoadIsAPrefixAndStartsANewHistory() throws {
        let server = try ServerProcess()
        try server.start()
        try Self.openForComments(server)
        let series = server.scratch.path("sao-luu")
        try FileManager.default.createDirectory(atPath: series, withIntermediateDirectories: false)
        let foreign = try server.scratch.write("của tôi", "sao-luu/ghi-chu.db")
        let writer = try HandConnection(server)
        try writer.logIn("bich")
        // More than fits one batch, and answered only after the backup was asked for.
        let count = 400
        for number in 1...count {
            try writer.type(
                "COMMENT 2025-1@1 kind=content level=should key=k\(number) <\nÝ kiến số \(number) khi sao lưu.")
        }
        let outcomes = try (1...3).map { _ in
            let outcome = try server.operate(["backup", "--data", server.data, "--into", series, "--keep", "2"])
            // Names tell seconds apart.
            sleepUntilTheNextSecond()
            return outcome
        }
        for _ in 1...count { #expect(try writer.reply().last?.hasPrefix("OK id=C") == true) }
        for outcome in outcomes { #expect(outcome.output.contains("verified=yes"), "\(outcome.output)") }
        #expect(outcomes[2].output.contains("REMOVED "))
        let kept = try FileManager.default.contentsOfDirectory(atPath: series).filter { $0.hasPrefix("phanbien-") }
            .sorted()
        #expect(kept.count == 2)
        #expect(FileManager.default.fileExists(atPath: foreign), "only its own files are removed")

        let restored = server.scratch.path("khoi-phuc")
        let said = try run(Programs.server, ["restore", "--data", restored, series + "/" + kept[0]])
        #expect(said.status == 0, "\(said.errors)")
        let second = try ServerProcess(data: restored, certificates: server.certificates)
        try second.start()
        let original = try Self.events(server)
        let copy = try Self.events(second)
        #expect(copy.count > 0 && copy.count <= original.count)
        #expect(original.starts(with: copy), "a prefix, event by event")
        let stranger = try HandConnection(second)
        let hello = try stranger.line()
        let epoch = try #require(server.hello().firstMatch(of: #/ log=([a-z0-9]+) /#)).1
        #expect(!hello.contains(" log=\(epoch) "))
        #expect(try stranger.ask("LOGIN bich <\n\(ServerProcess.password)").last?.hasPrefix("OK ") == true)
        #expect(try stranger.ask("WATCH after=1 log=\(epoch)").last?.hasPrefix("NO LOG-CHANGED retry=refresh") == true)
        #expect(second.stop() == 0)
        let admin = try HandConnection(server)
        try admin.logIn("quan")
        // STATUS is some seconds old; the note itself is what it reads.
        #expect(FileManager.default.fileExists(atPath: server.data + "/last-backup"))
        #expect(try admin.ask("STATUS").contains { $0.hasPrefix("- figure name=last-backup value=") })
        #expect(server.stop() == 0)
    }

    private func sleepUntilTheNextSecond() {
        let now = time(nil)
        while time(nil) == now { usleep(20_000) }
    }

    /// The rows of LOG, all of them, as the Director sees them.
    private static func events(_ server: ServerProcess) throws -> [String] {
        let person = try HandConnection(server)
        try person.logIn("bich")
        var rows: [String] = []
        var after = "0"
        while true {
            let reply = try person.ask("LOG after=\(after) limit=500")
            rows += reply.filter { $0.hasPrefix("- event ") }
            guard let status = reply.last, status.contains(" more=yes"),
                let next = status.firstMatch(of: #/ next=([0-9]+)/#)?.1
            else { return rows }
            after = String(next)
        }
    }

    /// Brings topic 2025-1 as far as leadership's comments.
    static func openForComments(_ server: ServerProcess, password: String = ServerProcess.password) throws {
        let head = try HandConnection(server)
        try head.logIn("hoa", password: password)
        let text = "# Mở đầu\n\nNăm 2024 có 57 vụ việc.\n\n# Kết luận\n\nHết.\n"
        #expect(
            try head.ask("PUSH 2025-1 if=@0 {\(text.utf8.count)}\n" + text).last?.hasPrefix("OK revision=2025-1@1")
                == true)
        #expect(try head.ask("SUBMIT 2025-1").last?.hasPrefix("OK ") == true)
    }

    // MARK: Redaction

    @Test func aTextIsRemovedForGoodAndEverythingElseStays() throws {
        let server = try ServerProcess()
        try server.start()
        try Self.openForComments(server)
        let secret = "Nôngvănbímật căncước 0123456789 trúởxóm7"
        let words = ["Nôngvănbímật", "nongvanbimat", "0123456789", "truoxom7", "trúởxóm7"]
        let request = "COMMENT 2025-1@1 at=I/1 kind=content level=should key=lan-dau <\n\(secret)"
        let person = try HandConnection(server)
        try person.logIn("bich")
        let stored = try person.ask(request)
        #expect(stored.first == "| \(secret)")
        #expect(stored.last?.hasPrefix("OK id=C1 ") == true, "\(stored)")
        #expect(
            try person.ask("COMMENT 2025-1@1 kind=content level=note <\nÝ kiến ở lại.").last?.hasPrefix("OK id=C2")
                == true)
        #expect(try person.ask("FIND 0123456789").last?.hasPrefix("OK hits=1") == true)
        // Not under a running server: one writer.
        let arguments = [
            "redact", "--data", server.data, "--document", "15/QĐ-TGPL ngày 3/11/2025", "--reason",
            "Theo yêu cầu của chủ thể dữ liệu", "C1",
        ]
        #expect(try run(Programs.server, arguments + ["--yes"]).status == 75)
        #expect(server.stop() == 0)
        #expect(!(try Self.traces(of: words, in: server.data)).isEmpty, "the test would find it")
        let tried = try server.operate(arguments + ["--dry-run"])
        #expect(tried.output.contains("type=COMMENT.ADDED field=body"))
        #expect(!tried.output.contains("căncước"), "what is to go is not repeated")
        let unsure = try run(Programs.server, arguments)
        #expect(unsure.status == 64 && unsure.errors.contains("--yes"))
        #expect(!(try Self.traces(of: words, in: server.data)).isEmpty)
        // Who reads holds on to what the files hold: the text is gone from the database all the same, and that is said.
        var configuration = Configuration()
        configuration.readonly = true
        configuration.allowsUnsafeTransactions = true
        let reader = try DatabaseQueue(path: server.data + "/phanbien.db", configuration: configuration)
        try reader.unsafeRead { try $0.execute(sql: "BEGIN; SELECT count(*) FROM events") }
        let held = try run(Programs.server, arguments + ["--yes"])
        #expect(held.status == 75, "\(held.errors)")
        #expect(held.output.contains("REDACTED texts=1\n") && held.output.contains("make a new backup"))
        #expect(held.errors.contains("chạy lại đúng lệnh này") && held.errors.contains("run the same command again"))
        #expect(!held.errors.contains("chưa ghi được gì") && !held.errors.contains("khôi phục"), "\(held.errors)")
        #expect(!(try Self.traces(of: words, in: server.data)).isEmpty)
        try reader.unsafeRead { try $0.execute(sql: "COMMIT") }
        try reader.close()
        #expect(
            try server.operate(arguments + ["--yes"]).output.contains("REDACTED texts=0"),
            "the second time does the rest")
        #expect(try Self.traces(of: words, in: server.data) == [])
        // Former databases, and what a restore that was cut off left, are out of its reach, and named.
        let copies = ["phanbien.db.before-v8-0123456789ab", "phanbien.db.restored", "phanbien.db.restored.partial"]
        for name in copies { _ = try server.scratch.write("", "data/" + name) }
        let named = try server.operate(arguments + ["--yes"]).output
        #expect(named.contains(copies.map { "COPY \(server.data)/\($0)\n" }.joined()), "\(named)")
        #expect(try server.operate(["verify", "--data", server.data]).output.contains("REDACTED 1\n"))

        try server.start()
        let again = try HandConnection(server)
        try again.logIn("bich")
        let notice = "| [nội dung đã xóa theo 15/QĐ-TGPL ngày 3/11/2025]"
        #expect(try again.ask("THREAD C1").contains(notice))
        let repeated = try again.ask(request)
        #expect(repeated.first == notice)
        #expect(repeated.last?.hasPrefix("OK replay=yes id=C1 ") == true, "\(repeated)")
        #expect(try again.ask("FIND 0123456789").last?.hasPrefix("OK hits=0") == true)
        #expect(try again.ask("FIND \"ở lại\"").last?.hasPrefix("OK hits=1") == true)
        let table = try again.ask("FORM name=bang-tiep-thu-giai-trinh 2025-1")
        #expect(table.contains { $0.contains("[nội dung đã xóa theo 15/QĐ-TGPL ngày 3/11/2025]") })
        #expect(
            try again.ask("LOG 2025-1").contains {
                $0.contains("type=BODY.REDACTED") && $0.contains("document=\"15/QĐ-TGPL ngày 3/11/2025\"")
            })
        #expect(server.stop() == 0)
        for wrong in ["C99", "P1", "2025-1@9", "99999", "x!"] {
            let outcome = try run(
                Programs.server,
                ["redact", "--data", server.data, "--document", "1/QĐ", "--reason", "x", "--yes", wrong])
            #expect(outcome.status == 65, "\(wrong): \(outcome.errors)")
        }
        let newest = try run(
            Programs.server,
            ["redact", "--data", server.data, "--document", "1/QĐ", "--reason", "x", "--yes", "2025-1@1"])
        #expect(newest.status == 65 && newest.errors.contains("2025-1@1"))
    }

    /// A database grows with every year's Word files, and the machine's memory does not.
    @Test func aTextIsRemovedWithoutHoldingTheDatabaseInMemory() throws {
        let server = try ServerProcess(copying: Prepared.reviewed.get())
        try server.start()
        let lan = try HandConnection(server)
        try lan.logIn("lan")
        #expect(try lan.ask("COMMENT 2025-1@1 kind=content level=note <\nGóp ý.").last?.hasPrefix("OK id=C1 ") == true)
        #expect(server.stop() == 0)
        let queue = try DatabaseQueue(path: server.data + "/phanbien.db")
        try queue.write { database in
            try database.execute(sql: "CREATE TABLE padding (octets BLOB)")
            for _ in 0..<Self.paddingMebioctets {
                try database.execute(sql: "INSERT INTO padding VALUES (zeroblob(1048576))")
            }
        }
        try queue.close()
        let process = Process()
        process.executableURL = Programs.server
        process.arguments = [
            "redact", "--data", server.data, "--document", "15/QĐ-TGPL", "--reason", "Theo yêu cầu", "--yes", "C1",
        ]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        var peak = 0
        while process.isRunning {
            peak = max(peak, Self.peakKibioctets(of: process.processIdentifier))
            usleep(2_000)
        }
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        #expect(peak > 0 && peak < Self.paddingMebioctets * 1_024, "\(peak) KiB")
        #expect(try FileManager.default.contentsOfDirectory(atPath: server.data).allSatisfy { !$0.contains("etilqs") })
    }

    /// More than the program itself takes.
    private static let paddingMebioctets = 160

    /// The most memory that a process had so far; 0 when it has ended.
    private static func peakKibioctets(of process: pid_t) -> Int {
        let status = (try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)) ?? ""
        return status.firstMatch(of: #/VmHWM:\s+([0-9]+) kB/#).flatMap { Int($0.1) } ?? 0
    }

    /// What is removed does not come back, so what counts as the second message is said where people look it up.
    @Test func theSecondMessageOfACommentIsItsFirstAnswer() throws {
        let server = try ServerProcess()
        try server.start()
        try Self.openForComments(server)
        let person = try HandConnection(server)
        try person.logIn("bich")
        for request in [
            "COMMENT 2025-1@1 kind=content level=should <\nÝ kiến.", "ANSWER C1 <\nLời đầu.",
            "ANSWER C1 <\nLời thứ hai.",
        ] {
            #expect(try person.ask(request).last?.hasPrefix("OK id=C1 ") == true)
        }
        #expect(server.stop() == 0)
        for (object, text) in [("C1", "Ý kiến."), ("C1/1", "Ý kiến."), ("C1/2", "Lời đầu."), ("C1/3", "Lời thứ hai.")] {
            let tried = try server.operate([
                "redact", "--data", server.data, "--document", "1/QĐ", "--reason", "x", "--dry-run", object,
            ])
            #expect(tried.output.contains(" bytes=\(text.utf8.count) "), "\(object): \(tried.output)")
        }
        let help = try run(Programs.server, ["help", "redact"]).output.split { $0.isWhitespace }.joined(separator: " ")
        #expect(help.contains("lời thứ 1 là chính ý kiến") && help.contains("the first is the comment itself"))
    }

    /// The files of a folder that hold any of the words.
    private static func traces(of words: [String], in folder: String) throws -> [String] {
        var found: [String] = []
        for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
            let octets = try Data(contentsOf: URL(filePath: folder + "/" + name))
            for word in words where octets.range(of: Data(word.utf8)) != nil { found.append("\(name): \(word)") }
        }
        return found
    }
}
