import PhanbienCommands
import ReviewClient
import ReviewProtocol
import Terminal
import Testing

struct PieceTests {
    @Test(arguments: [
        ("2025-06-16", "2025-06-20", "còn 4 ngày", "4 days left"),
        ("2025-06-19", "2025-06-20", "còn 1 ngày", "1 day left"),
        ("2025-06-20", "2025-06-20", "hạn cuối hôm nay", "last day today"),
        ("2025-06-23", "2025-06-20", "quá hạn 3 ngày", "3 days overdue"),
        ("2024-02-28", "2024-03-01", "còn 2 ngày", "2 days left"),
        ("2025-12-31", "2026-01-01", "còn 1 ngày", "1 day left"),
    ])
    func distances(today: String, due: String, vietnamese: String, english: String) throws {
        let day = try #require(CalendarDay(due))
        let now = try #require(CalendarDay(today))
        #expect(day.distance(from: now, .vietnamese) == vietnamese)
        #expect(day.distance(from: now, .english) == english)
    }

    @Test func daysCountAndAreWrittenBack() throws {
        var previous = try #require(CalendarDay("1999-12-31"))
        var count = 0
        for year in 2000...2032 {
            for month in 1...12 {
                for day in 1...31 {
                    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
                    guard let date = CalendarDay("\(year)-\(two(month))-\(two(day))") else { continue }
                    #expect(date.number == previous.number + 1)
                    #expect(date.text == "\(day)/\(month)/\(year)")
                    previous = date
                    count += 1
                }
            }
        }
        #expect(count == 12_054)
    }

    @Test func aDayInVietnamBeginsAtSeventeenHoursUniversalTime() {
        #expect(CalendarDay(secondsSince1970: 1_750_352_399).text == "19/6/2025")
        #expect(CalendarDay(secondsSince1970: 1_750_352_400).text == "20/6/2025")
        #expect(CalendarDay(secondsSince1970: -25_200).text == "1/1/1970")
        #expect(CalendarDay(secondsSince1970: -25_201).text == "31/12/1969")
        #expect(CalendarDay(secondsSince1970: .max).number > 0)
        #expect(CalendarDay(secondsSince1970: .min).number < 0)
    }

    @Test(arguments: ["", "2025", "2025-13-01", "2025-02-29", "2025-00-10", "20250-1-1", "abcd-ef-gh", "2025/06/20"])
    func notDays(text: String) { #expect(CalendarDay(text) == nil) }

    @Test(arguments: [
        ("Tiếp thu một phần", "tiep-thu-mot-phan"), ("ĐỒNG Ý", "dong-y"), ("Nguye\u{302}\u{303}n", "nguyen"),
        ("chính tả, câu chữ", "chinh-ta-cau-chu"),
        ("…", ""), ("Ngữ ơ ư ọ", "ngu-o-u-o"),
    ])
    func slugs(text: String, slug: String) { #expect(Folding.slug(text) == slug) }

    @Test func aCertificateThatDoesNotServeSaysWhy() {
        let facts = CertificateFacts(
            names: ["phanbien.example.vn", "10.0.0.5"], begins: 1_750_352_400, ends: 1_750_438_800)
        func words(_ host: String, _ now: Int) -> String? {
            facts.complaint(host: host, now: now)?.message.vietnamese
        }
        #expect(words("Phanbien.example.vn", 1_750_352_400) == nil)
        #expect(words("10.0.0.5", 1_750_438_800) == nil)
        #expect(words("10.0.0.5", 1_750_352_399) == "Chứng thư của máy chủ đến ngày 20/6/2025 mới có hiệu lực.")
        #expect(words("10.0.0.5", 1_750_438_801) == "Chứng thư của máy chủ đã hết hạn ngày 21/6/2025.")
        #expect(
            words("may-chu", 1_750_352_400)
                == "Chứng thư của máy chủ không dùng cho tên “may-chu”; các tên trong chứng thư: phanbien.example.vn, 10.0.0.5."
        )
        #expect(facts.complaint(host: "10.0.0.5", now: 0)?.next?.vietnamese.contains("đồng hồ của máy này sai") == true)
    }

    @Test func fingerprintsAreReadHoweverTheyAreWritten() {
        let digits = String(repeating: "0123456789abcdef", count: 4)
        #expect(Fingerprint.digits(digits.uppercased()) == digits)
        #expect(Fingerprint.digits(Fingerprint.grouped(digits).joined(separator: " ")) == digits)
        #expect(Fingerprint.digits("01:23" + digits.dropFirst(4)) == digits)
        #expect(Fingerprint.digits(String(digits.dropLast())) == nil)
        #expect(Fingerprint.digits(digits.dropLast() + "g") == nil)
        #expect(Fingerprint.grouped("abcdef01") == ["abcd ef01"])
        #expect(Fingerprint.paired("abcdef01") == ["AB:CD:EF:01"])
        #expect(Fingerprint.paired(digits).map(\.utf8.count) == [47, 47])
        #expect(Fingerprint.paired("") == [])
    }

    @Test func whatIsRememberedHasSafeNames() {
        #expect(Memory.lastRevision(topic: "../../etc").name == "revision-etc")
        #expect(Memory.lastRevision(topic: "2025-2").name == "revision-2025-2")
    }

    @Test func addressesAreFolderNames() throws {
        #expect(try #require(ServerAddress("LocalHost:7443")).folderName == "localhost_7443")
        #expect(try #require(ServerAddress("[::1]")).folderName == "--1_7443")
    }

    // MARK: the server's sentences

    @Test(arguments: [
        (
            "Đã nộp phiếu P2: đạt; Trưởng phòng phản biện xác nhận bằng ENDORSE P2.",
            "Đã nộp phiếu P2: đạt; Trưởng phòng phản biện xác nhận bằng “phanbien endorse P2”."
        ),
        ("xác nhận phiếu (ENDORSE), hoặc lãnh đạo", "xác nhận phiếu (“phanbien endorse”), hoặc lãnh đạo"),
        ("chủ trì kết luận: PLENARY 2025-2 CLOSE.", "chủ trì kết luận: “phanbien plenary close 2025-2”."),
        ("Chưa mở: PLENARY 2025-2 OPEN.", "Chưa mở: “phanbien plenary open 2025-2”."),
        ("xác nhận biên bản bằng CONFIRM 2025-2.", "xác nhận biên bản bằng “phanbien confirm 2025-2”."),
        (
            "Cần secretary= thư ký, hoặc cử trước bằng ASSIGN 2025-2 NGƯỜI as=secretary.",
            "Cần --secretary thư ký, hoặc cử trước bằng “phanbien assign 2025-2 NGƯỜI secretary”."
        ),
        ("phân công thêm bằng ASSIGN.", "phân công thêm bằng “phanbien assign”."),
        ("Nạp được bằng PLAN LOAD; chưa ghi gì", "Nạp được bằng “phanbien plan load”; chưa ghi gì"),
        ("đang chờ phê duyệt (APPROVE).", "đang chờ phê duyệt (“phanbien approve”)."),
        ("hãy đặt mật khẩu trước bằng PASSWD <<", "hãy đặt mật khẩu trước bằng “phanbien passwd”"),
        ("dùng WATCH không kèm chuyên đề", "dùng “phanbien watch” không kèm chuyên đề"),
        ("in=: không có bản @9 từ bản @1 trở đi.", "--in: không có bản @9 từ bản @1 trở đi."),
        ("suggest= cần quote= cho biết", "--suggest cần --quote cho biết"),
        ("sha256= không khớp bản 2025-2@3:", "SHA-256 không khớp bản 2025-2@3:"),
        ("Mã key= này đã dùng", "Mã --key này đã dùng"),
        (
            "“không tiếp thu” phải có giải trình: thêm << và nội dung.",
            "“không tiếp thu” phải có giải trình: thêm nội dung."
        ),
        ("needs an explanation: add << and the text.", "needs an explanation: add the text."),
        ("Sở Tư pháp (NĐ 30/2020/NĐ-CP, Điều 12) và KT. a=b", "Sở Tư pháp (NĐ 30/2020/NĐ-CP, Điều 12) và KT. a=b"),
    ])
    func theServersSentencesNameCommandsAndOptions(sentence: String, words: String) {
        let world = ScriptedSurroundings([("PING", Reply(status: Status(.no(.invalid), human: sentence)))])
        world.screen.width = 200
        run("ping", in: world)
        #expect(world.told.split(separator: "\n").first.map(String.init) == words)
    }

    /// Whoever mistypes a number is told where the log ends, and not that the server was restored from a backup.
    @Test func aNumberBehindTheEndOfTheLogIsNoRestoredLog() {
        let sentence = "Nhật ký chỉ đến sự kiện 12"
        let refusal = reply("NO CURSOR-AHEAD retry=refresh tail=12 :\(sentence)")
        let world = ScriptedSurroundings([("ACK", refusal), ("LOG", refusal)])
        #expect(run("ack", "9999", in: world) == .refused)
        #expect(run("log", "--after", "9999", in: world) == .refused)
        #expect(world.told == sentence + "\n" + sentence + "\n")
    }

    /// A leader's opinion has its text behind it, the sign-offs after it are a table, and all of them are one part.
    @Test func aHeadingStandsOnceAlthoughATextPartsItsRows() {
        let world = ScriptedSurroundings([
            (
                "SHOW",
                reply(
                    """
                    - topic id=2025-2 stage=issued
                    - vote kind=leadership by=bich value=direct revision=1
                    | Bám sát số liệu.
                    - vote kind=content by=son value=vouch revision=3
                    - vote kind=format by=van value=pass revision=3
                    - issued number=12/CĐ-TGPL date=2025-07-01
                    OK topic=2025-2
                    """)
            )
        ])
        #expect(run("show", "2025-2", in: world) == .done)
        #expect(world.shown.ranges(of: "Ý kiến lãnh đạo, xác nhận").count == 1, "\(world.shown)")
        #expect(world.shown.contains("chịu trách nhiệm") && world.shown.contains("Ban hành"))
    }

    @Test func whereATextIsMissingItIsSaidHowToGiveIt() {
        let world = ScriptedSurroundings([
            ("SETTLE", reply("NO INVALID retry=fix :“không tiếp thu” phải có giải trình: thêm << và nội dung."))
        ])
        #expect(run("settle", "C9", "declined", in: world) == .refused)
        #expect(world.told.contains("--file TỆP"))
        #expect(!world.told.contains("INVALID"))
    }

    @Test func whatWentWellIsSaidInTheSameWords() {
        let words = "OK seq=9 :Đã kết luận; xác nhận biên bản bằng CONFIRM 2025-2."
        let world = ScriptedSurroundings([("AGREE", reply(words))])
        run("agree", "C9", in: world)
        #expect(world.shown == "Đã kết luận; xác nhận biên bản bằng “phanbien confirm 2025-2”.\n")
    }

    // MARK: completions

    @Test(arguments: ["bash", "zsh", "fish"]) func completionsNameEveryCommandAndOption(shell: String) {
        let world = ScriptedSurroundings()
        #expect(run("completions", shell, in: world) == .done)
        for form in CommandTable.forms {
            #expect(world.shown.contains(form.path[0]), "\(form.name)")
            #expect(world.shown.contains(form.alias[0]), "\(form.name)")
            for option in form.options { #expect(world.shown.contains(option.name), "\(form.name) \(option.name)") }
        }
        #expect(world.shown.contains("pass-if-revised"))
    }

    // MARK: the shell

    private static let known: KnownNames = {
        var known = KnownNames()
        known.learn(
            reply(
                "- topic id=2025-1 lead=nv\n- topic id=2025-2 lead=nv\n- comment id=C88 by=minh\n- person id=lan name=x\nOK revision=2025-2@1"
            ))
        return known
    }()

    @Test(arguments: [
        ("COMM", ["COMMENT", "COMMENTS"]), ("comments ", ["2025-1", "2025-2"]), ("CHECK 2025-", ["2025-1", "2025-2"]),
        ("THREAD C", ["C88"]), ("SETTLE C88 as=p", ["as=partly"]), ("SETTLE C88 i", ["in="]),
        ("PLENARY 2025-1 ", ["OPEN", "CLOSE"]),
        ("ASSIGN 2025-1 l", ["lan"]), ("PUSH 2025-2 addresses=C88,C", ["addresses=C88,C88"]), ("HELP SETT", ["SETTLE"]),
        ("SHOW 2025-2@", ["2025-2@1", "2025-2@"]), ("NOPE x", []), ("LIST stage=draf", ["stage=drafting"]),
        ("EXI", ["EXIT"]),
    ])
    func shellCompletion(text: String, expected: [String]) {
        #expect(ShellCompletion.offer(before: text, known: Self.known).candidates == expected)
    }

    @Test func completionReplacesTheWordBeingTyped() {
        let offer = ShellCompletion.offer(before: "THREAD C", known: Self.known)
        #expect(offer.replacedCount == 1)
        #expect(offer.suffix == " ")
        #expect(ShellCompletion.offer(before: "SETTLE C88 i", known: Self.known).suffix == "")
    }

    @Test func namesSeenAreBounded() {
        var known = KnownNames()
        for number in 1...2_000 { known.learn(reply("- comment id=C\(number)\nOK")) }
        #expect(ShellCompletion.offer(before: "THREAD ", known: known).candidates.count == 500)
    }

    @Test func theShellShowsTheProtocolWithControlsMasked() {
        let screen = Screen(language: .vietnamese, today: CalendarDay(number: 0))
        let lines = ProtocolText.lines(
            reply("- topic id=2025-1 title=\"a b\"\n= {4}\nx\u{1B}\ny\nOK #c1 id=C1 :xong"), screen)
        #expect(lines == ["- topic id=2025-1 title=\"a b\"", "| x\\u{1B}", "| y", "OK id=C1 :xong"])
    }
}
