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
        #expect(message("issue 2025-2 --number 1 --date mai").contains("20/6/2025"))
    }

    @Test(arguments: [
        ("coment 2025-2", "ý bạn là \"comment\""), ("xyzzyx", "Không có lệnh"),
        ("plenary 2025-2", "\"plenary open\", \"plenary close\""),
        ("find nguồn", "ý bạn là \"search\" (tim)?"), ("LIST", "ý bạn là \"topics\" (chuyen-de)?"),
        ("serch x", "ý bạn là \"search\" (tim)?"),
        ("show", "còn thiếu CHUYÊN-ĐỀ"), ("show a b", "Thừa \"b\""), ("show 2025-2 --nope", "không có tùy chọn --nope"),
        ("comment 2025-2 --level", "--level cần một giá trị"), ("comment 2025-2 --level x", "must, should, note"),
        ("show 2025-2 --numbers=yes", "không nhận giá trị"), ("issue 2025-2 --number 5", "cần --date"),
        ("todo --dry-run", "không cần --dry-run"), ("comment 2025-2 x --at L1 --at L2", "ghi hai lần"),
        ("comment 2025-2 x --file y", "ghi hai lần"), ("log --limit ba", "cần một số"),
        ("agree C1 --key \"\"", "không được để trống"),
    ])
    func whatIsWrongIsSaid(line: String, words: String) {
        #expect(message(line).contains(words), "\(message(line))")
    }

    @Test func aShortWordIsNotTakenForAnother() {
        #expect(message("auth") == "Không có lệnh \"auth\"")
        #expect(message("psh a b").contains("ý bạn là \"push\" (nop)?"))
    }

    @Test func nothingAtAllIsTheScreen() throws {
        #expect(try parse("").form.name == "screen")
        #expect(try parse("--version").form.name == "version")
        #expect(try parse("comment --help").global.help)
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
