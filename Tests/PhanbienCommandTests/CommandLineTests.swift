import PhanbienCommands
import ReviewProtocol
import Testing

struct CommandLineTests {
    private func parse(_ line: String) throws(UsageError) -> Invocation {
        try CommandLineParser.parse(Shell.words("phanbien " + line))
    }

    private func message(_ line: String) -> String {
        do {
            _ = try parse(line)
            return ""
        } catch {
            return error.message.vietnamese
        }
    }

    @Test func optionsStandAnywhere() throws {
        for line in [
            "--as lan comments 2025-2 --open --json", "comments --json --as=lan --open 2025-2",
            "--json --as lan comments --open 2025-2",
        ] {
            let invocation = try parse(line)
            #expect(invocation.form.name == "comments")
            #expect(invocation.operand("topic") == "2025-2")
            #expect(invocation.option("open") == "yes")
            #expect(invocation.global.person == "lan")
            #expect(invocation.global.json)
        }
    }

    @Test func vietnameseNamesWorkWithAndWithoutMarks() throws {
        #expect(try parse("viec").form.name == "todo")
        #expect(try parse("việc").form.name == "todo")
        #expect(try parse("phê-duyệt 2025-2").form.name == "approve")
        #expect(try parse("sinh-hoat ket-thuc 2025-2 xong").form.name == "plenary close")
        #expect(try parse("kế-hoạch").form.name == "plans")
        #expect(try parse("kế-hoạch xem 2025").form.name == "plan show")
    }

    @Test func choicesAreTakenInVietnamese() throws {
        #expect(try parse("settle C1 \"tiếp thu một phần\" vì").operand("disposition") == "partly")
        #expect(try parse("settle C1 tiep-thu").operand("disposition") == "accepted")
        #expect(try parse("comment 2025-2 x --level \"bắt buộc\"").option("level") == "must")
        #expect(try parse("topics --stage phản-biện").option("stage") == "review")
        // A postponed topic keeps its stage; the server lists none that is called so.
        #expect(message("topics --stage \"tạm hoãn\"").contains("--stage nhận một trong"))
    }

    @Test(arguments: [
        ("opinion 2025-2 \"chỉ đạo\"", "opinion", "direct"), ("opinion 2025-2 chi-dao", "opinion", "direct"),
        ("opinion 2025-2 \"không thống nhất\"", "opinion", "object"),
        ("opinion 2025-2 thốngnhất", "opinion", "agree"),
        ("format 2025-2 đạt", "result", "pass"), ("format 2025-2 \"chưa đạt\"", "result", "fail"),
        ("settle C1 không", "disposition", "declined"), ("settle C1 \"một phần\"", "disposition", "partly"),
        ("assign 2025-2 lan \"soạn thảo\"", "role", "author"),
    ])
    func aClearPartOfATermIsEnough(line: String, operand: String, identifier: String) throws {
        #expect(try parse(line).operand(operand) == identifier)
    }

    @Test func exactWordsGoBeforeParts() throws {
        #expect(try parse("review 2025-2 --verdict đạt").option("verdict") == "pass")
        #expect(try parse("comment 2025-2 x --level batbuoc").option("level") == "must")
    }

    @Test(arguments: [
        // Of two terms, none, half a word, and a part that would turn the meaning round.
        "review 2025-2 --verdict \"chỉnh sửa\"", "review 2025-2 --verdict xuất-sắc", "format 2025-2 \"thể thức\"",
        "comments 2025-2 --state \"giải quyết\"", "comment 2025-2 x --level buo", "comment 2025-2 x --level …",
    ])
    func anUnclearPartIsNone(line: String) {
        #expect(message(line).contains("nhận một trong"))
    }

    @Test func aNameOfTwoWordsNeedsNoHyphen() throws {
        #expect(try parse("tiếp thu C1 accepted").form.name == "settle")
        #expect(try parse("help tiep thu").operand("command") == "tiep thu")
        #expect(CommandLineParser.form(named: ["tiep", "thu"])?.name == "settle")
        #expect(CommandLineParser.form(named: ["sinh", "hoat", "ket", "thuc"])?.name == "plenary close")
    }

    @Test func textIsTheRestOfTheLine() throws {
        #expect(try parse("reply C1 một hai ba").operand("text") == "một hai ba")
        #expect(try parse("reply C1 -- --không phải tùy chọn").operand("text") == "--không phải tùy chọn")
        #expect(try parse("reply C1 -").operand("text") == "-")
        #expect(try parse("reply C1").operand("text") == nil)
    }

    @Test func datesAreWrittenAsPeopleWriteThem() throws {
        #expect(try parse("issue 2025-2 --number 1 --date 5/7/2025").option("date") == "2025-07-05")
        #expect(try parse("issue 2025-2 --number 1 --date 2025-07-05").option("date") == "2025-07-05")
        #expect(message("issue 2025-2 --number 1 --date 31/2/2025").contains("20/6/2025"))
        #expect(try parse("issue 2025-2 --number 1 --date 5-07-2025").option("date") == "2025-07-05")
        #expect(message("issue 2025-2 --number 1 --date mai").contains("20/6/2025"))
        // A time of day belongs to a moment.
        #expect(message("issue 2025-2 --number 1 --date 2025-07-05T14:00").contains("20/6/2025"))
    }

    private func plenary(_ time: String) throws -> String? {
        try parse("plenary open 2025-2 --at \"\(time)\" --place x --chair lan --secretary yen").option("at")
    }

    @Test(arguments: [
        "14:00 25/6/2025", "25/6/2025 14:00", "14h00 ngày 25/6/2025", "14 giờ 25/6/2025", "14h 25-6-2025",
        "Lúc 14g00, ngày 25/06/2025", "14 giờ 00 phút 25/6/2025", "2025-06-25T14:00", "2025-06-25 14:00",
    ])
    func momentsAreWrittenAsPeopleWriteThem(time: String) throws {
        #expect(try plenary(time) == "2025-06-25T14:00")
    }

    @Test func theMinutesAndShortHoursOfAMomentAreKept() throws {
        #expect(try plenary("8h30 25/6/2025") == "2025-06-25T08:30")
        #expect(try plenary("25/6/2025 8 giờ 5 phút") == "2025-06-25T08:05")
        #expect(try plenary("2025-06-25T08:30:15") == "2025-06-25T08:30:15")
    }

    @Test(arguments: [
        "25/6/2025", "2025-06-25", "14:00", "24:00 25/6/2025", "14:60 25/6/2025", "14:00 31/6/2025", "14: 25/6/2025",
        "14:0 25/6/2025", "14 25/6/2025", "14:00 25/6", "14:00 25/6/2025 26/6/2025", "chiều 25/6/2025",
        "14hphut 25/6/2025",
    ])
    func aMomentIsATimeAndADay(time: String) {
        #expect(
            message("plenary open 2025-2 --at \"\(time)\"").contains(
                "--at: cần cả giờ và ngày, viết như 14:00 25/6/2025"))
    }

    @Test(arguments: [
        ("CĐ2/2025", "2025-2"), ("cd2/2025", "2025-2"), ("cđ 02/2025", "2025-2"), ("2/2025", "2025-2"),
        ("2025-2", "2025-2"), ("CĐ12/2025@3", "2025-12@3"), ("2025-2@1", "2025-2@1"), ("p5", "P5"), ("P5", "P5"),
    ])
    func codesAreTakenAsPeopleWriteThem(typed: String, code: String) throws {
        #expect(try parse("show \"\(typed)\"").operand("revision") == code)
    }

    @Test func numbersAreEnoughWhereTheyCanMeanOneThing() throws {
        #expect(try parse("thread 9").operand("comment") == "C9")
        #expect(try parse("thread c9").operand("comment") == "C9")
        #expect(try parse("endorse 2").operand("review") == "P2")
        #expect(try parse("settle 9 accepted --in 2").option("in") == "@2")
        #expect(try parse("settle 9 accepted --in @2").option("in") == "@2")
        #expect(try parse("push 2025-2 a.md --if 0 --addresses \"c1, 4\"").option("addresses") == "C1,C4")
        #expect(try parse("push 2025-2 a.md --if 0").option("if") == "@0")
        #expect(try parse("attend cd2/2025 --present \"minh, Lan\"").option("present") == "minh,lan")
        #expect(try parse("confirm CĐ2/2025").operand("object") == "2025-2")
        #expect(try parse("confirm c20").operand("object") == "C20")
    }

    @Test(arguments: [
        ("show 2", "2025-2 hoặc CĐ2/2025", "phanbien topics"),
        ("show cd2", "phiếu phản biện như P5", "phanbien topics"),
        ("show 2025-2@", "một bản như 2025-2@1", "phanbien topics"),
        ("check 2025", "mã chuyên đề viết như 2025-2", "phanbien topics"),
        ("check 2025-2@1", "không phải \"2025-2@1\"", "phanbien topics"),
        ("check cd/2025", "mã chuyên đề viết như", "phanbien topics"),
        ("manifest 2025-2", "viết như 2025-2@1", "phanbien topics"),
        ("comment 2 x", "một bản viết như 2025-2@1", "phanbien topics"),
        ("thread x", "mã ý kiến viết như C14", "phanbien comments CHUYÊN-ĐỀ"),
        ("thread C0", "mã ý kiến viết như C14", "phanbien comments CHUYÊN-ĐỀ"),
        ("endorse C2", "mã phiếu phản biện viết như P5", "phanbien reviews CHUYÊN-ĐỀ"),
        ("confirm 9", "mã ý kiến như C14", "phanbien topics"),
        ("settle C9 accepted --in hai", "--in: số bản viết như @2", "phanbien help settle"),
        ("push 2025-2 a --addresses C1,", "--addresses: các mã ý kiến", "phanbien comments CHUYÊN-ĐỀ"),
        ("attend 2025-2 --present \"Lý Lan\"", "--present: các mã người dùng", "phanbien people"),
        ("invite \"Lý Lan\"", "mã người dùng viết như lan", "phanbien people"),
        ("topics --office HC:1", "mã phòng viết như hcth", "phanbien offices"),
        ("comment 2025-2 x --at \"mục II\"", "--at: vị trí viết như II.1/2", "phanbien help comment"),
        ("topics --year 25", "--year: năm viết như 2025", "phanbien help topics"),
    ])
    func aMistypedCodeIsExplained(line: String, words: String, next: String) {
        do {
            _ = try parse(line)
            Issue.record("taken: \(line)")
        } catch {
            #expect(
                error.message.vietnamese.lowercased().contains(words.lowercased()), "\(error.message.vietnamese)")
            #expect(error.hint.vietnamese == "Gõ: " + next)
        }
    }

    @Test(arguments: [
        ("coment 2025-2", "ý bạn là \"comment\""), ("xyzzyx", "Không có lệnh"),
        ("plenary 2025-2", "\"plenary open\", \"plenary close\""),
        ("find nguồn", "ý bạn là \"search\" (tim)?"), ("LIST", "ý bạn là \"topics\" (chuyen-de)?"),
        ("serch x", "ý bạn là \"search\" (tim)?"),
        ("show", "còn thiếu CHUYÊN-ĐỀ"), ("show 2025-2 b", "Thừa \"b\""),
        ("show 2025-2 --nope", "không có tùy chọn --nope"),
        ("show 2025-2 --nubmers", "không có tùy chọn --nubmers; ý bạn là --numbers?"),
        ("show 2025-2 --Numbers", "ý bạn là --numbers?"), ("topics --tiemout 5", "ý bạn là --timeout?"),
        ("comment 2025-2 --level", "--level cần một giá trị"),
        ("comment 2025-2 --level x", "bắt buộc (must), nên sửa (should), tham khảo (note)"),
        ("comment 2025-2 --kind x", "thể thức (format); chính tả, câu chữ (language); câu hỏi"),
        ("show 2025-2 --numbers=yes", "không nhận giá trị"), ("issue 2025-2 --number 5", "cần --date"),
        ("todo --dry-run", "không cần --dry-run"), ("comment 2025-2 x --at L1 --at L2", "ghi hai lần"),
        ("comment 2025-2 x --file y", "ghi hai lần"), ("log --limit ba", "cần một số"),
        ("agree C1 --key \"\"", "không được để trống"), ("search \"\"", "còn thiếu NỘI-DUNG"),
        ("y-kien 2025-2", "ý bạn là \"comment\" (gop-y), \"comments\" (ds-y-kien)?"),
        ("ykien 2025-2", "\"comments\" (ds-y-kien)?"), ("nộp 2025-2 a.md", "ý bạn là \"push\" (gui-ban)?"),
    ])
    func whatIsWrongIsSaid(line: String, words: String) {
        #expect(message(line).contains(words), "\(message(line))")
    }

    @Test func aShortWordIsNotTakenForAnother() {
        #expect(message("auth") == "Không có lệnh \"auth\"")
        #expect(!message("show 2025-2 --at").contains("ý bạn là"), "two letters are near to everything")
        #expect(message("psh a b").contains("ý bạn là \"push\" (gui-ban)?"))
        #expect(message("\"\" 2025-2") == "Không có lệnh \"\"", "an empty word is near to every name")
    }

    @Test func nothingAtAllIsTheScreen() throws {
        #expect(try parse("").form.name == "screen")
        #expect(try parse("--version").form.name == "version")
        #expect(try parse("comment --help").global.help)
    }

    /// What every other program answers to these.
    @Test(arguments: ["--help", "-h", "--lang en -h", "-h --lang en"])
    func helpWithoutACommandIsThatOnAllOfThem(line: String) throws {
        let invocation = try parse(line)
        let language: Language = line.contains("en") ? .english : .vietnamese
        let world = ScriptedSurroundings(language: language)
        #expect(CommandRunner(invocation, in: world).run() == .done)
        #expect(world.shown == HelpText.overview(language))
        #expect(invocation.global.language == (language == .english ? .english : nil))
    }

    @Test func theVersionHasItsUsualLetter() throws {
        #expect(try parse("-V").form.name == "version")
        #expect(message("-x") == "Không có tùy chọn -x")
        #expect(message("todo -x") == "Lệnh \"todo\" không có tùy chọn -x")
    }

    @Test func theLanguageIsKnownEvenOfALineThatMakesNoSense() {
        #expect(CommandLineParser.language(in: ["nope", "--lang", "en"]) == .english)
        #expect(CommandLineParser.language(in: ["--lang=vi"]) == .vietnamese)
        #expect(CommandLineParser.language(in: ["--lang"]) == nil)
    }

    @Test(arguments: [
        ("localhost:7443", "localhost", 7443), ("10.0.0.1", "10.0.0.1", 7443), ("[::1]:99", "::1", 99),
        ("[fe80::1]", "fe80::1", 7443),
    ])
    func addresses(text: String, host: String, port: Int) throws {
        let address = try #require(ServerAddress(text))
        #expect(address.host == host)
        #expect(address.port == port)
    }

    @Test(arguments: ["", ":7443", "a:0", "a:65536", "a:b", "a:-1", "a b", "a/../b", "[::1", "a:1:2", "a:"])
    func notAddresses(text: String) {
        #expect(ServerAddress(text) == nil)
    }
}
