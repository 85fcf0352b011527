import ArgumentParser
import Glibc
import ReviewCore
import ReviewServer
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
    var file: String?
    @Option(
        help: ArgumentHelp(
            "Hoặc thư mục: tệp được đặt tên theo thời điểm. / Or a directory: the file is named after the moment.",
            valueName: "DIR"))
    var into: String?
    @Option(
        help: ArgumentHelp(
            "Trong thư mục --into chỉ giữ N bản mới nhất. / Keep the N newest backups in the directory of --into.",
            valueName: "N"))
    var keep: Int?
    @Flag(help: "Không kiểm tra bản sao lưu sau khi ghi. / Do not verify the backup when it is written.")
    var noVerify = false

    func validate() throws {
        guard (file == nil) != (into == nil) else {
            throw ValidationError("Cần FILE hoặc --into DIR. / Give either FILE or --into DIR.")
        }
        guard keep == nil || into != nil else {
            throw ValidationError("--keep chỉ dùng với --into. / --keep goes with --into.")
        }
        guard keep ?? 1 >= 1 else { throw ValidationError("--keep: từ 1 trở lên. / 1 or more.") }
    }

    func run() async throws {
        let now = WallClock.now()
        let name = BackupSeries.name(now)
        let target = file ?? "\(into ?? "")/\(name)"
        if let into, !Files.exists(into) {
            let problem = Failure.system(into)
            throw problem.status == .noInput ? Failure(.noParent(path: target)) : problem
        }
        let head: Int64
        do throws(OpenProblem) {
            head = try SQLiteArchive.backup(directory: data.data, to: target)
        } catch {
            throw Failure(error, backup: target, permit: Files.mayWrite(FileSystem.directory(of: target)))
        }
        if !noVerify { try verify(target, now: now) }
        do throws(Failure) {
            try BackupMark.write(data.data, head: head, file: target, now: WallClock.now())
        } catch {
            // Only STATUS and the alert will not know of it.
            Console.complain(
                Wording(
                    "Bản sao lưu đã xong\(noVerify ? "" : " và nguyên vẹn"); chỉ chưa ghi được dấu “last-backup” nên STATUS và cảnh báo chưa biết. \(error.wording.vietnamese)",
                    "The backup is done\(noVerify ? "" : " and intact"); only its mark “last-backup” could not be written, so STATUS and the alert do not know of it. \(error.wording.english)"
                ))
        }
        Console.say("BACKUP \(target) events=\(head) verified=\(noVerify ? "no" : "yes")")
        guard let into, let keep else { return }
        let series = BackupSeries(FileSystem.names(in: into), newest: name)
        var problem: Failure?
        for name in series.outdated(keeping: keep) {
            do throws(Failure) {
                try Files.remove("\(into)/\(name)")
                Console.say("REMOVED \(into)/\(name)")
            } catch {
                problem = problem ?? error
            }
        }
        for name in series.later {
            Console.complain(
                Wording(
                    "Lưu ý: “\(into)/\(name)” mang thời điểm muộn hơn bây giờ (đồng hồ từng chạy sai?), nên không tính vào --keep và không bị xóa. Kiểm tra đồng hồ; xem tệp đó rồi đổi tên hoặc xóa.",
                    "Note: “\(into)/\(name)” is named after a moment that is still to come (was the clock wrong once?), so --keep neither counts nor removes it. Check the clock; look at the file, then rename or remove it."
                ))
        }
        guard let problem else { return }
        throw Failure(
            problem.status,
            "Bản sao lưu đã xong; chỉ chưa xóa được hết các bản quá cũ, đĩa sẽ đầy dần. \(problem.wording.vietnamese)",
            "The backup is done; only not every one that is too old could be removed, and the disk will fill. \(problem.wording.english)"
        )
    }

    /// A copy that is not sound is no backup: it keeps its octets under another name, and removes no older one.
    private func verify(_ target: String, now: Instant) throws {
        let findings: SQLiteArchive.Findings
        do throws(OpenProblem) {
            findings = try SQLiteArchive.verify(path: target, now: now, progress: ProgressLine().show)
        } catch {
            try? Files.rename(target, to: target + ".damaged")
            throw Failure(error)
        }
        guard !findings.isIntact else { return }
        findings.say()
        try Files.rename(target, to: target + ".damaged")
        throw Failure(
            .data,
            "Bản sao lưu không nguyên vẹn; đã đổi tên thành “\(target).damaged”. Dữ liệu gốc có thể đã hỏng: chạy “phanbiend verify --data \(data.data)”.",
            "The backup is not intact; it is now “\(target).damaged”. The data itself may be damaged: run “phanbiend verify --data \(data.data)”."
        )
    }
}

/// The files that `backup --into` makes.
struct BackupSeries {
    private static let prefix = "phanbien-"
    private static let suffix = ".db"

    /// The names of the series up to the backup that was just made, oldest first.
    private let earlier: [String]
    /// Names after that one, in order: whoever made them had another clock, so nobody knows how old they are.
    let later: [String]
    /// What backups left behind that were cut off, by a power cut for one; another one has been made since then, so that
    /// nobody is still writing to them.
    private let abandoned: [String]

    /// Finds the series among the names of a directory; other files are never in it.
    ///
    /// - Parameter newest: the backup that was just made, which no other one may push out.
    init(_ names: [String], newest: String) {
        let series = names.filter(Self.isName).sorted()
        earlier = series.filter { $0 <= newest }
        later = series.filter { $0 > newest }
        let before = earlier.dropLast().last ?? ""
        abandoned = names.sorted().filter { name in
            guard let end = name.firstRange(of: ".partial") else { return false }
            let whole = String(name[..<end.lowerBound])
            return Self.isName(whole) && whole < before
        }
    }

    /// `phanbien-2026-11-25-013000.db`, in the time of Vietnam: in the order of names is the order of time.
    static func name(_ moment: Instant) -> String {
        let text = moment.rfc3339
        return prefix + text.prefix(10) + "-" + text.dropFirst(11).prefix(8).filter { $0 != ":" } + suffix
    }

    /// The names to remove, oldest first, so that `keeping` of them stay, from 1: the one that was just made and those
    /// before it.
    ///
    /// What is no backup comes after them.
    func outdated(keeping: Int) -> [String] { Array(earlier.dropLast(max(1, keeping))) + abandoned }

    private static func isName(_ name: String) -> Bool {
        guard name.hasPrefix(prefix), name.hasSuffix(suffix) else { return false }
        let form = name.dropFirst(prefix.count).dropLast(suffix.count).map { $0.isASCII && $0.isNumber ? "0" : $0 }
        return String(form) == "0000-00-00-000000"
    }
}

/// A percentage on the operator's terminal, for what takes long; silent elsewhere.
final class ProgressLine {
    private let isShown = isatty(STDERR_FILENO) == 1
    private var last: Int64 = -1

    func show(_ done: Int64, of total: Int64) {
        guard isShown, total > 0 else { return }
        let percent = done * 100 / total
        guard percent != last else { return }
        last = percent
        Console.overwrite("Kiểm tra / verifying: \(percent) %")
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

    /// What lets the account of the service read a backup that somebody brought.
    private static func permit(_ file: String) -> Wording {
        Wording(
            "Tài khoản chạy lệnh phải đọc được tệp và vào được mọi thư mục trên nó. Chép tệp vào nơi ấy: install -o phanbien -g phanbien -m 600 \(file) /var/backups/phanbien/",
            "The account that runs this has to be able to read the file and to enter every directory above it. Copy it to such a place: install -o phanbien -g phanbien -m 600 \(file) /var/backups/phanbien/"
        )
    }

    func run() async throws {
        do throws(OpenProblem) {
            let (head, former) = try SQLiteArchive.restore(
                file, to: data.data, now: WallClock.now(), replacing: replace, progress: ProgressLine().show)
            Console.say("RESTORED \(data.data) events=\(head)")
            if let former { Console.say("FORMER \(former)") }
        } catch {
            if case .exists(let path) = error {
                throw Failure(
                    .cannotCreate,
                    "“\(path)” đã có. Thêm --replace để thay bằng bản sao lưu (bản đang có được giữ lại bên cạnh), hoặc chọn thư mục khác.",
                    "“\(path)” exists already. Add --replace to put the backup in its place (the database that is there is kept beside it), or choose another directory."
                )
            }
            throw Failure(error, backup: file, permit: Self.permit(file))
        }
    }
}

/// `phanbiend verify`: recomputes everything; status 0 when it is intact, 1 when it is not.
struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract:
            "Kiểm tra toàn bộ nhật ký và tệp dữ liệu; mã thoát 0 nếu nguyên vẹn, 1 nếu không. / Check the whole log and its file; status 0 if intact, 1 if not.",
        discussion: """
            Tính lại chuỗi băm và mã băm của từng nội dung, để SQLite kiểm tra cấu trúc tệp, rồi diễn lại cả nhật ký và so \
            với các bảng: chuyên đề, chỉ mục tìm kiếm, trạng thái khi khởi động. Câu trả lời đã lưu theo key= nằm ngoài \
            chuỗi băm: chỉ xem có đủ và của đúng người, không biết từng chữ có bị sửa không. Chạy được khi máy chủ đang \
            phục vụ.

            Recomputes the chain and every text's digest, lets SQLite check the file, then replays the whole log and \
            compares it with the tables: topics, the search index, the state at a start. Replies stored under key= are \
            outside the chain: whether they are there, and whose, is seen, not whether their words were altered. Works \
            while the server runs.
            """)

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
        let findings: SQLiteArchive.Findings
        let now = WallClock.now()
        let progress = ProgressLine()
        do throws(OpenProblem) {
            findings =
                if let file {
                    try SQLiteArchive.verify(path: file, now: now, progress: progress.show)
                } else {
                    try SQLiteArchive.verify(directory: data ?? "", now: now, progress: progress.show)
                }
        } catch {
            switch error {
            case .damaged, .lostEnd, .otherLog, .unreadableMark:
                Console.complain(error.wording)
                throw Self.notIntact()
            default: throw Failure(error)
            }
        }
        findings.say()
        guard findings.isIntact else { throw Self.notIntact() }
        guard !findings.projections.isOfAnEarlierSchema else {
            // What was not looked at is not said to be well.
            Console.say(
                Wording(
                    "NGUYÊN VẸN: mọi sự kiện, nội dung khớp với chuỗi băm. Các bảng là của phiên bản trước nên chưa xem được: nâng cấp xong thì kiểm tra lại.",
                    "INTACT: every event and text matches the chain. The tables are an earlier version's and were not looked at: verify again after the upgrade."
                ))
            return
        }
        Console.say(
            Wording(
                "NGUYÊN VẸN: mọi sự kiện, nội dung khớp với chuỗi băm, các bảng khớp với nhật ký.",
                "INTACT: every event and text matches the chain, the tables match the log."))
    }

    /// Says what an operator has to know first, and gives the status for it.
    private static func notIntact() -> ExitCode {
        Console.say(
            Wording(
                "KHÔNG NGUYÊN VẸN: giữ nguyên tệp và khôi phục từ bản sao lưu gần nhất.",
                "NOT INTACT: keep the file as it is, and restore the latest backup."))
        return ExitCode(1)
    }
}

extension SQLiteArchive.Findings {
    /// Counts and problems, a line each.
    func say() {
        Console.say("EVENTS \(records.events)")
        Console.say("BODIES \(records.bodies)")
        Console.say("REDACTED \(records.redacted)")
        Console.say("HEAD \(records.chain.head) link=\(records.chain.link)")
        Console.say(projections.isOfAnEarlierSchema ? "REPLAYED - schema=earlier" : "REPLAYED \(projections.events)")
        for problem in records.problems { Console.say(problem.wording) }
        Self.sayMore(records.problemCount - records.problems.count)
        for problem in file { Console.say(Wording("Tệp dữ liệu: \(problem)", "Database file: \(problem)")) }
        for difference in projections.differences { Console.say(difference.wording) }
        Self.sayMore(projections.count - projections.differences.count)
    }

    private static func sayMore(_ count: Int) {
        guard count > 0 else { return }
        Console.say(Wording("… và \(count) lỗi nữa.", "… and \(count) more problems."))
    }
}
