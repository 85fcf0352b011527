import ArgumentParser
import ReviewCore
import ReviewStore
import ReviewStoreSQLite

/// `phanbiend backup`: one moment of the log in one file, while the server goes on.
struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract:
            "Sao lưu toàn bộ dữ liệu vào một tệp; máy chủ vẫn chạy. / Copy all data into one file; the server goes on.",
        discussion: """
            Tệp sao lưu chứa mã băm mật khẩu: cất như hồ sơ mật.

            The backup holds password hashes: keep it like a confidential file.
            """)

    @OptionGroup var data: DataOption
    @Argument(
        help: ArgumentHelp("Tệp sao lưu, chưa có. / The backup, a file that does not exist yet.", valueName: "FILE"))
    var file: String

    func run() async throws {
        do throws(OpenProblem) {
            let head = try SQLiteArchive.backup(directory: data.data, to: file)
            Console.say("BACKUP \(file) events=\(head)")
        } catch {
            throw Failure(error)
        }
    }
}

/// `phanbiend restore`: a backup becomes the log, under a new `log=`.
struct RestoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Khôi phục dữ liệu từ một tệp sao lưu. / Restore the data from a backup.",
        discussion: """
            Tệp sao lưu được kiểm tra trước. Thư mục dữ liệu phải mới hoặc trống; với --replace, cơ sở dữ liệu cũ được giữ \
            lại bên cạnh. Máy trạm sẽ biết lịch sử đã thay đổi (log= mới).

            The backup is verified first. The data directory has to be new or empty; with --replace the former database is \
            kept beside the new one. Clients learn that history changed (a new log=).
            """)

    @OptionGroup var data: DataOption
    @Argument(help: ArgumentHelp("Tệp sao lưu. / The backup.", valueName: "FILE"))
    var file: String
    @Flag(
        help:
            "Thay cơ sở dữ liệu đang có; bản cũ được giữ lại. / Replace the database that is there; the former one is kept."
    )
    var replace = false

    func run() async throws {
        guard Files.exists(file) else { throw Failure.system(file) }
        do throws(OpenProblem) {
            let (head, former) = try SQLiteArchive.restore(file, to: data.data, replacing: replace)
            Console.say("RESTORED \(data.data) events=\(head)")
            if let former { Console.say("FORMER \(former)") }
        } catch {
            throw Failure(error)
        }
    }
}

/// `phanbiend verify`: recomputes everything; status 0 when it is intact, 1 when it is not.
struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract:
            "Kiểm tra toàn bộ nhật ký và tệp dữ liệu; mã thoát 0 nếu nguyên vẹn, 1 nếu không. / Check the whole log and its file; status 0 if intact, 1 if not."
    )

    @Option(help: ArgumentHelp("Thư mục dữ liệu. / The data directory.", valueName: "DIR"))
    var data: String?
    @Option(help: ArgumentHelp("Hoặc một tệp sao lưu. / Or a backup.", valueName: "FILE"))
    var file: String?

    func validate() throws {
        guard (data == nil) != (file == nil) else {
            throw ValidationError("Cần --data DIR hoặc --file FILE. / Give either --data DIR or --file FILE.")
        }
    }

    func run() async throws {
        let report: VerificationReport
        let fileProblems: [String]
        do throws(OpenProblem) {
            if let file {
                (report, fileProblems) = try SQLiteArchive.verify(path: file)
            } else {
                (report, fileProblems) = try SQLiteArchive.verify(directory: data ?? "")
            }
        } catch {
            throw Failure(error)
        }
        Console.say("EVENTS \(report.events)")
        Console.say("BODIES \(report.bodies)")
        Console.say("REDACTED \(report.redacted)")
        Console.say("HEAD \(report.chain.head) link=\(report.chain.link)")
        for problem in report.problems { Console.say(problem.wording) }
        if report.problemCount > report.problems.count {
            let more = report.problemCount - report.problems.count
            Console.say(Wording("… và \(more) lỗi nữa.", "… and \(more) more problems."))
        }
        for problem in fileProblems {
            Console.say(Wording("Tệp dữ liệu: \(problem)", "Database file: \(problem)"))
        }
        guard report.isIntact, fileProblems.isEmpty else {
            Console.say(
                Wording(
                    "KHÔNG NGUYÊN VẸN: giữ nguyên tệp và khôi phục từ bản sao lưu gần nhất.",
                    "NOT INTACT: keep the file as it is, and restore the latest backup."))
            throw ExitCode(1)
        }
        Console.say(Wording("NGUYÊN VẸN: mọi sự kiện khớp với chuỗi băm.", "INTACT: every event matches the chain."))
    }
}
