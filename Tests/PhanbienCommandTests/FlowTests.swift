import Foundation
import PhanbienCommands
import ReviewClient
import ReviewDigest
import ReviewProtocol
import Testing

/// The commands that are a conversation: what is asked, what is sent, what is kept.
struct FlowTests {
    private static let topic = "- topic id=2025-2 stage=approval revision=3 title=x\nOK topic=2025-2"

    // MARK: push

    @Test func pushBuildsOnTheNewestRevision() {
        let world = ScriptedSurroundings([
            ("SHOW 2025-2", reply(Self.topic)), ("PUSH", reply("OK revision=2025-2@4 seq=9 :Đã nhận bản 4")),
        ])
        world.files["a.md"] = Array("# Mở đầu\n".utf8)
        #expect(run("push", "2025-2", "a.md", "--note", "Sửa số liệu", "--addresses", "C1,C4", in: world) == .done)
        #expect(world.lines.last == "PUSH 2025-2 if=@3 addresses=C1,C4 note=\"Sửa số liệu\" key=key-1 | # Mở đầu\n")
        #expect(world.remembered["revision-2025-2"] == "4 01J8")
    }

    @Test func theFirstPushBuildsOnNothing() {
        let world = ScriptedSurroundings([("SHOW 2025-2", reply("- topic id=2025-2 revision=0\nOK"))])
        world.files["-"] = Array("x\n".utf8)
        #expect(run("push", "2025-2", "-", in: world) == .done)
        #expect(world.lines.last == "PUSH 2025-2 if=@0 key=key-1 | x\n")
    }

    @Test(
        arguments: [
            ([0x61, 0x0A, 0x62, 0x1B], "dòng 2, cột 2"), ([0x61, 0xFF], "dòng 1, cột 2"),
            ([0xC3, 0xA9, 0xE2, 0x80, 0xAE], "dòng 1, cột 2"),
            ([0x61, 0x00], "dòng 1, cột 2"),
        ] as [([UInt8], String)])
    func pushRefusesWhatTheServerWould(octets: [UInt8], place: String) {
        let world = ScriptedSurroundings()
        world.files["a.md"] = octets
        #expect(run("push", "2025-2", "a.md", in: world) == .badData)
        #expect(world.told.contains(place), "\(world.told)")
        #expect(world.requests.isEmpty)
    }

    @Test func theMarkOfNotepadIsTakenOff() {
        let world = ScriptedSurroundings()
        world.files["a.md"] = [0xEF, 0xBB, 0xBF, 0x61, 0x0D, 0x0A]
        #expect(run("push", "2025-2", "a.md", "--if", "2", in: world) == .done)
        #expect(world.requests.last?.body == .literal([0x61, 0x0D, 0x0A]))
        #expect(world.requests.last?.value("if") == "@2")
    }

    @Test(
        arguments: [
            ([0xD0, 0xCF, 0x11, 0xE0, 0xA1], "đời cũ"), (Array("%PDF-1.7\n\u{1}".utf8), "tệp PDF"),
            ([0xFF, 0xFE, 0x61, 0x00], "UTF-16"), ([0xFE, 0xFF, 0x00, 0x61], "UTF-16"),
            ([0x61, 0, 0x62, 0, 0x63, 0, 0x64, 0], "tệp nhị phân"),
        ] as [([UInt8], String)])
    func aFileThatIsNoTextIsNamed(octets: [UInt8], name: String) {
        let world = ScriptedSurroundings()
        world.files["a.docx"] = octets
        for words in [["push", "2025-2", "a.docx"], ["comment", "2025-2@1", "--file", "a.docx"]] {
            do {
                #expect(CommandRunner(try CommandLineParser.parse(words), in: world).run() == .badData)
            } catch {
                Issue.record(error)
            }
        }
        let said = world.told.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
        #expect(said.split(separator: name).count == 3, "\(world.told)")
        #expect(said.contains("a.docx: đây là") && said.contains("(.txt, UTF-8)"))
        #expect(world.requests.isEmpty)
    }

    /// A file of Word's, as Word's own library for Python writes it.
    private static func wordFile(_ name: String = "heading-styles") throws -> [UInt8] {
        let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        return Array(try Data(contentsOf: tests.appending(path: "Fixtures/word/\(name).docx")))
    }

    @Test(arguments: ["có", "không"])
    func ofAWordFileThePersonSeesTheHeadingsBeforeItIsSent(answer: String) throws {
        let world = ScriptedSurroundings([
            ("SHOW 2025-2", reply(Self.topic)), ("PUSH", reply("OK revision=2025-2@4 seq=9 :Đã nhận bản 4")),
            ("ATTACH", reply("OK sha256=\(Digest(hashing: try Self.wordFile()))")),
        ])
        world.files["chuyên đề.docx"] = try Self.wordFile()
        world.canAsk = true
        world.answers = [answer]
        #expect(run("push", "2025-2", "chuyên đề.docx", in: world) == (answer == "có" ? .done : .refused))
        #expect(world.told.contains("6 đề mục") && world.told.contains("II.1. Kết quả đạt được"), "\(world.told)")
        #expect(world.questions.count == 1)
        let pushed = world.lines.filter { $0.hasPrefix("PUSH") }
        #expect(pushed.count == (answer == "có" ? 1 : 0))
        #expect(pushed.allSatisfy { $0.contains("# Mở đầu") && $0.contains("2024 | 57 | tăng 5 %") })
    }

    @Test func aWordFileIsSentUnaskedByAProgramAndTriedUnasked() throws {
        for words in [
            ["push", "2025-2", "a"], ["push", "2025-2", "a", "--dry-run"], ["push", "2025-2", "a", "--yes"],
        ] {
            let world = ScriptedSurroundings([
                ("SHOW 2025-2", reply(Self.topic)), ("PUSH", reply("OK revision=2025-2@4 seq=9")),
                ("ATTACH", reply("OK sha256=\(Digest(hashing: try Self.wordFile()))")),
            ])
            world.files["a"] = try Self.wordFile()
            world.canAsk = words.count > 3
            #expect(CommandRunner(try CommandLineParser.parse(words), in: world).run() == .done)
            #expect(world.questions.isEmpty && world.told.contains("6 đề mục"))
        }
    }

    @Test func aCommentMayStandInAWordFile() throws {
        let world = ScriptedSurroundings([("COMMENT", reply("OK id=C1 seq=9"))])
        world.files["a.docx"] = try Self.wordFile()
        #expect(run("comment", "2025-2@1", "--file", "a.docx", in: world) == .done)
        #expect(world.lines.last?.contains("- Nghiên cứu hồ sơ") == true, "\(world.lines)")
        // Of headings a comment need not be told, but of what did not come along.
        #expect(!world.told.contains("đề mục"), "\(world.told)")
        world.files["b.docx"] = try Self.wordFile("picture")
        #expect(run("comment", "2025-2@1", "--file", "b.docx", in: world) == .done)
        #expect(world.told.contains("Tệp Word: bỏ lại 1 hình."), "\(world.told)")
    }

    @Test func aDamagedWordFileIsNamedWithWhatToDo() {
        let world = ScriptedSurroundings()
        world.files["a.docx"] = Array("PK\u{3}\u{4}\u{14}\u{0}".utf8)
        #expect(run("push", "2025-2", "a.docx", in: world) == .badData)
        let said = world.told.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
        #expect(said.contains("a.docx: tệp Word bị hỏng; mở tệp bằng Word rồi lưu lại thành .docx."), "\(said)")
        #expect(world.requests.isEmpty)
    }

    // MARK: text from everywhere

    /// `"$LY_DO"` of a variable that is not set.
    @Test(arguments: [
        ["comment", "2025-2@1", ""], ["reply", "C1", " "], ["person", "disable", "minh", ""],
        ["send-back", "2025-2", ""], ["opinion", "2025-2@1", "agree", ""], ["comment", "2025-2@1", "--file", "rong"],
        ["push", "2025-2", "rong"],
    ])
    func anEmptyTextIsNotSent(words: [String]) throws {
        let world = ScriptedSurroundings()
        world.files["rong"] = [0x0A]
        if words[0] == "push" { world.files["rong"] = [] }
        #expect(CommandRunner(try CommandLineParser.parse(words), in: world).run() == .noInput)
        #expect(world.requests.isEmpty)
        #expect(world.drafts.isEmpty)
    }

    @Test func theTextComesFromTheArgumentAFileOrStandardInput() {
        for (words, pipe) in [
            (["reply", "C1", "một", "hai"], false), (["reply", "C1", "--file", "a"], false),
            (["reply", "C1", "-"], false), (["reply", "C1"], true),
        ] {
            let world = ScriptedSurroundings()
            world.files = ["a": Array("một hai\n".utf8), "-": Array("một hai\r\n\n".utf8)]
            world.hasPipedInput = pipe
            do {
                let invocation = try CommandLineParser.parse(words)
                #expect(CommandRunner(invocation, in: world).run() == .done)
            } catch {
                Issue.record(error)
            }
            #expect(world.lines == ["ANSWER C1 key=key-1 | một hai"])
        }
    }

    @Test func theEditorIsOpenedAndWhatIsBelowTheLineIsDropped() {
        let world = ScriptedSurroundings([("SHOW 2025-2", reply(Self.topic))])
        world.canAsk = true
        world.edited = Array("Ý kiến.\n\n------------------------ >8 ------------------------\nhướng dẫn\n".utf8)
        #expect(run("comment", "2025-2", in: world) == .done)
        #expect(world.lines.last == "COMMENT 2025-2@3 kind=content level=should key=key-1 | Ý kiến.")
        #expect(String(decoding: world.offered ?? [], as: UTF8.self).contains("comment 2025-2@3"))
        #expect(world.drafts.isEmpty)
    }

    @Test func anEmptyTextGivesUp() {
        let world = ScriptedSurroundings()
        world.canAsk = true
        world.edited = Array("\n \n------------------------ >8 ------------------------\n".utf8)
        #expect(run("comment", "2025-2@1", in: world) == .refused)
        #expect(world.requests.isEmpty)
    }

    /// `EDITOR=true`, and whoever leaves the editor without saving: nothing was written, so nothing is sent.
    @Test func anEditorThatSavesNothingSendsNothing() {
        let review = ScriptedSurroundings([("FORM", reply("= {6}\nPHIEU\nOK"))])
        review.canAsk = true
        review.leavesThePage = true
        #expect(run("review", "2025-2@3", "--verdict", "pass", in: review) == .refused)
        #expect(review.lines == ["FORM 2025-2 name=phieu-phan-bien"])
        #expect(review.drafts.isEmpty)
        #expect(review.told.contains("chưa được sửa"), "\(review.told)")
    }

    @Test func anUnchangedDraftIsSentOnlyWhenItsWriterSaysSo() {
        for (answers, words, sent) in [
            (["không"], [], 0), ([nil], [], 0), ([], [], 0), (["có"], [], 1), ([], ["--yes"], 1),
        ] as [([String?], [String], Int)] {
            let world = ScriptedSurroundings()
            world.canAsk = true
            world.leavesThePage = true
            world.answers = answers
            world.drafts = ["comment-2025-2-1.md": Array("Viết cho chỗ khác.".utf8)]
            do {
                let invocation = try CommandLineParser.parse(["comment", "2025-2@1", "--at", "I/1"] + words)
                #expect(CommandRunner(invocation, in: world).run() == (sent == 1 ? .done : .refused))
            } catch {
                Issue.record(error)
            }
            #expect(world.requests.count == sent)
            #expect(world.drafts.count == 1 - sent)
            if sent == 0 { #expect(world.told.contains("vẫn ở /nhà/comment-2025-2-1.md"), "\(world.told)") }
        }
    }

    @Test func aRefusedTextIsKeptAndTakenUpAgain() {
        let world = ScriptedSurroundings([("COMMENT", reply("NO STAGE retry=refresh :Chưa đến bước góp ý"))])
        world.canAsk = true
        world.edited = Array("Viết cả giờ.".utf8)
        #expect(run("comment", "2025-2@1", in: world) == .refused)
        #expect(world.drafts["comment-2025-2-1.md"] == Array("Viết cả giờ.".utf8))
        #expect(world.told.contains("/nhà/comment-2025-2-1.md"))
        world.answers = ["có"]
        #expect(run("comment", "2025-2@1", in: world) == .done)
        #expect(world.offered?.starts(with: "Viết cả giờ.".utf8) == true)
        #expect(world.drafts.isEmpty)
    }

    private static let refusal = "NO STAGE retry=refresh :Chưa đến bước góp ý"

    /// Every refused text has a name of its own, and only the one that arrived goes.
    @Test func aKeptTextIsNeitherOverwrittenNorThrownAwayWithAnother() {
        let world = ScriptedSurroundings([
            ("COMMENT", reply(Self.refusal)), ("COMMENT", reply(Self.refusal)), ("COMMENT", reply(Self.refusal)),
        ])
        for text in ["một", "hai", "một"] { run("comment", "2025-2@1", text, in: world) }
        let kept = ["comment-2025-2-1.md": Array("một".utf8), "comment-2025-2-1.2.md": Array("hai".utf8)]
        #expect(world.drafts == kept)
        #expect(run("comment", "2025-2@1", "ba", in: world) == .done)
        #expect(world.drafts == kept)
        #expect(run("comment", "2025-2@1", "một", in: world) == .done)
        #expect(world.drafts == ["comment-2025-2-1.2.md": Array("hai".utf8)])
        // A freed name is not taken for an older text than the one that stands behind it.
        world.replies = [("COMMENT", reply(Self.refusal))]
        run("comment", "2025-2@1", "bốn", in: world)
        #expect(world.drafts["comment-2025-2-1.3.md"] == Array("bốn".utf8))
    }

    @Test func theNewestDraftIsTakenUpAndReplacedByItsNewerState() {
        let world = ScriptedSurroundings([("COMMENT", reply(Self.refusal))])
        world.canAsk = true
        world.drafts = ["comment-2025-2-1.md": Array("cũ".utf8), "comment-2025-2-1.12.md": Array("mới".utf8)]
        world.edited = Array("mới, viết tiếp".utf8)
        #expect(run("comment", "2025-2@1", in: world) == .refused)
        #expect(world.offered?.starts(with: "mới\n".utf8) == true)
        #expect(
            world.drafts == [
                "comment-2025-2-1.md": Array("cũ".utf8), "comment-2025-2-1.13.md": Array("mới, viết tiếp".utf8),
            ])
        world.edited = Array("mới, viết xong".utf8)
        #expect(run("comment", "2025-2@1", in: world) == .done)
        #expect(world.drafts == ["comment-2025-2-1.md": Array("cũ".utf8)])
    }

    @Test func whatCannotBeKeptIsShown() {
        let world = ScriptedSurroundings([("COMMENT", reply(Self.refusal))])
        world.isFull = true
        run("comment", "2025-2@1", "một\nhai", in: world)
        #expect(world.told.contains("Không giữ được nội dung đã viết:\nmột\nhai\n"))
    }

    /// Not only comments and reviews take an hour to write.
    @Test func theTextOfEveryCommandIsKept() {
        let world = ScriptedSurroundings([("MAINTAIN", reply(Self.refusal)), ("CANCEL", reply("OK dry-run=yes"))])
        #expect(run("maintain", "C88", "vì", in: world) == .refused)
        #expect(world.drafts == ["maintain-c88.md": Array("vì".utf8)])
        // Nobody is there to confirm it.
        #expect(run("cancel", "2025-2", "thôi", in: world) == .usage)
        #expect(world.drafts["cancel-2025-2.md"] == Array("thôi".utf8))
    }

    @Test func aFileAndTheWordsOfATrialAreNotCopied() {
        let world = ScriptedSurroundings([("COMMENT", reply(Self.refusal))])
        world.files["a.txt"] = Array("một".utf8)
        #expect(run("comment", "2025-2@1", "--file", "a.txt", in: world) == .refused)
        #expect(run("comment", "2025-2@1", "một", "--dry-run", in: world) == .done)
        #expect(world.drafts.isEmpty)
        world.canAsk = true
        world.edited = Array("hai".utf8)
        #expect(run("comment", "2025-2@1", "--dry-run", in: world) == .done)
        #expect(world.drafts == ["comment-2025-2-1.md": Array("hai".utf8)])
    }

    @Test func withoutATerminalThereIsNoEditor() {
        let world = ScriptedSurroundings()
        #expect(run("comment", "2025-2@1", in: world) == .noInput)
    }

    // MARK: review

    @Test func aReviewBeginsWithTheBlankFormAndAsksTheVerdict() {
        let world = ScriptedSurroundings([
            ("SHOW 2025-2", reply(Self.topic)), ("FORM 2025-2 name=phieu-phan-bien", reply("= {6}\nPHIEU\nOK")),
        ])
        world.canAsk = true
        world.edited = Array("PHIẾU\nƯu điểm: rõ.".utf8)
        world.answers = ["9", "đạt nếu chỉnh sửa"]
        #expect(run("review", "2025-2", in: world) == .done)
        #expect(world.offered?.starts(with: "PHIEU\n".utf8) == true)
        #expect(world.lines.last == "ASSESS 2025-2@3 verdict=pass-if-revised key=key-1 | PHIẾU\nƯu điểm: rõ.")
    }

    @Test func aReviewInterruptedAtTheVerdictIsKept() {
        let world = ScriptedSurroundings([("FORM", reply("= {6}\nPHIEU\nOK"))])
        world.canAsk = true
        world.edited = Array("PHIẾU dài".utf8)
        #expect(run("review", "2025-2@3", in: world) == .refused)
        #expect(world.drafts["review-2025-2-3.md"] == Array("PHIẾU dài".utf8))
    }

    // MARK: what cannot be undone

    @Test func whatCannotBeUndoneIsTriedShownAndConfirmed() {
        let world = ScriptedSurroundings([
            ("SUBMIT 2025-2 dry-run=yes", reply("OK dry-run=yes stage=review :Sẽ chuyển sang phản biện")),
            ("SUBMIT", reply("OK seq=5 :Đã chuyển")),
        ])
        world.canAsk = true
        world.answers = ["có"]
        #expect(run("submit", "2025-2", in: world) == .done)
        #expect(world.lines == ["SUBMIT 2025-2 dry-run=yes", "SUBMIT 2025-2 key=key-1"])
        #expect(world.told.contains("Sẽ chuyển sang phản biện"))
    }

    @Test func anythingButAYesLeavesItAsItWas() {
        for answer in ["", "không", "c ó", nil] {
            let world = ScriptedSurroundings()
            world.canAsk = true
            world.answers = [answer]
            #expect(run("submit", "2025-2", in: world) == .refused)
            #expect(world.lines == ["SUBMIT 2025-2 dry-run=yes"])
        }
    }

    @Test func withoutATerminalOnlyYesGoesOn() {
        let world = ScriptedSurroundings()
        #expect(run("submit", "2025-2", in: world) == .usage)
        #expect(run("submit", "2025-2", "--yes", in: world) == .done)
        #expect(world.lines == ["SUBMIT 2025-2 dry-run=yes", "SUBMIT 2025-2 dry-run=yes", "SUBMIT 2025-2 key=key-1"])
    }

    @Test func aTrialChangesNothing() {
        let world = ScriptedSurroundings()
        #expect(run("agree", "C1", "--dry-run", in: world) == .done)
        #expect(run("cancel", "2025-2", "vì", "--dry-run", in: world) == .done)
        #expect(world.lines == ["AGREE C1 dry-run=yes", "CANCEL 2025-2 dry-run=yes | vì"])
    }

    @Test func aGivenKeyIsUsed() {
        let world = ScriptedSurroundings()
        run("agree", "C1", "--key", "lan-7", in: world)
        #expect(world.lines == ["AGREE C1 key=lan-7"])
    }

    @Test func busyIsTriedAgainWithTheSameKey() {
        let world = ScriptedSurroundings([
            ("AGREE", reply("NO BUSY retry=later after=300")), ("AGREE", reply("NO RATE retry=later after=20")),
        ])
        #expect(run("agree", "C1", in: world) == .done)
        #expect(world.pauses == [300, 20])
        #expect(world.lines == Array(repeating: "AGREE C1 key=key-1", count: 3))
    }

    // MARK: approve

    private static func approving(_ digest: String = "ab12") -> ScriptedSurroundings {
        let world = ScriptedSurroundings([
            ("CHECK 2025-2", reply("- requirement id=approval state=unmet count=0 waiting=bich\nOK")),
            ("COMMENTS 2025-2 state=maintained", reply("- comment id=C3 state=maintained by=lan\nOK comments=1")),
            ("THREAD C3", reply("- comment id=C3 state=maintained\n- message n=1 by=lan\n| Chưa nêu ai đánh giá.\nOK")),
            ("DIFF 2025-2 from=@1 to=@3", reply("| -cũ\n| +mới\nOK change=other")),
            ("DIFF 2025-2 from=@2 to=@3", reply("| -hai\n| +ba\nOK change=other")),
            ("SHOW 2025-2@3", reply("= {5}\nabcd\nOK revision=2025-2@3 sha256=\(digest)")),
            ("SHOW 2025-2", reply(topic)),
            ("APPROVE 2025-2@3 sha256=", reply("OK dry-run=yes :Sẽ phê duyệt")),
            ("APPROVE 2025-2@3 sha256=", reply("OK seq=77 :Đã phê duyệt")),
        ])
        world.canAsk = true
        return world
    }

    private static let digest = "ab12" + String(repeating: "0", count: 59) + "5"

    @Test func approvingShowsEverythingAndAsksForTheDigest() {
        let world = Self.approving()
        world.answers = ["", "AB12"]
        #expect(run("approve", "2025-2", in: world) == .done)
        #expect(world.lines.last == "APPROVE 2025-2@3 sha256=\(Self.digest) seen=C3 key=key-1")
        for words in [
            "phê duyệt của Giám đốc", "Ý kiến được giữ: C3", "Chưa nêu ai đánh giá.", "từ bản đầu tiên @1 đến @3",
            "+mới",
        ] {
            #expect(world.shown.contains(words), "\(words)")
        }
        #expect(world.told.contains("ab12 0000 0000"))
        #expect(world.remembered["revision-2025-2"] == "3 01J8")
    }

    @Test func theChangesAreThoseSinceOnesLastLook() {
        let world = Self.approving()
        world.remembered["revision-2025-2"] = "2 01J8"
        world.answers = ["", "ab12"]
        #expect(run("approve", "2025-2", in: world) == .done)
        #expect(world.shown.contains("từ bản đã xem @2 đến @3"))
        #expect(world.shown.contains("+ba"))
    }

    /// After a restore the number of a revision that was seen may stand for another text.
    @Test(arguments: ["2 01J7", "3 01J7"]) func whatWasSeenInAnotherLogWasNotSeen(kept: String) {
        let world = Self.approving()
        world.remembered["revision-2025-2"] = kept
        world.answers = ["", "ab12"]
        #expect(run("approve", "2025-2", in: world) == .done)
        #expect(world.shown.contains("từ bản đầu tiên @1 đến @3"), "\(world.shown)")
        #expect(world.remembered["revision-2025-2"] == "3 01J8")
    }

    /// Of a and 6 an input method makes one letter: nothing is approved, and it is said why.
    @Test func aDigestThatAnInputMethodChangedIsTold() {
        let world = Self.approving()
        world.answers = ["", "â12"]
        #expect(run("approve", "2025-2", in: world) == .refused)
        #expect(world.told.contains("“â” không có trong mã; bộ gõ tiếng Việt đang bật"), "\(world.told)")
    }

    @Test(arguments: [["", "ab13"], ["", ""], [nil], ["", nil]] as [[String?]])
    func anyOtherAnswerApprovesNothing(answers: [String?]) {
        let world = Self.approving()
        world.answers = answers
        #expect(run("approve", "2025-2", in: world) == .refused)
        #expect(!world.lines.contains { $0.hasPrefix("APPROVE") && !$0.contains("dry-run") })
    }

    @Test func aDigestThatIsNotTheTextsOwnIsRefused() {
        let world = Self.approving("ffff")
        world.answers = ["", "ab12"]
        #expect(run("approve", "2025-2", in: world) == .protocolError)
        #expect(!world.lines.contains { $0.hasPrefix("APPROVE") })
    }

    @Test func aScriptNamesTheDigestItRead() {
        let right = Self.approving()
        right.canAsk = false
        #expect(run("approve", "2025-2@3", "--yes", "--digest", Self.digest, in: right) == .done)
        #expect(right.lines.last == "APPROVE 2025-2@3 sha256=\(Self.digest) seen=C3 key=key-1")
        for words in [
            ["--yes"], ["--yes", "--digest", "ab12"], ["--yes", "--digest", String(repeating: "f", count: 64)],
            ["--digest", Self.digest],
        ] {
            let world = Self.approving()
            world.canAsk = false
            do {
                let exit = CommandRunner(try CommandLineParser.parse(["approve", "2025-2@3"] + words), in: world).run()
                #expect(exit != .done)
            } catch {
                Issue.record(error)
            }
            #expect(!world.lines.contains { $0.hasPrefix("APPROVE") && !$0.contains("dry-run") })
        }
    }

    /// `phanbien approve … | head`: what nobody has read is approved by nobody.
    @Test func whatGoesIntoAClosedPipeIsNotApproved() throws {
        let world = Self.approving()
        world.canAsk = false
        world.isOutputGone = true
        let words = ["approve", "2025-2@3", "--yes", "--digest", Self.digest]
        #expect(CommandRunner(try CommandLineParser.parse(words), in: world).run() == .inputOutput)
        #expect(!world.lines.contains { $0.hasPrefix("APPROVE") && !$0.contains("dry-run") })
        #expect(world.told.contains("Không thay đổi gì"))
        #expect(world.remembered.isEmpty, "what was not read is compared with nothing later")
    }

    @Test func aSignatureGoesWithTheApproval() {
        let world = Self.approving()
        world.files["ky.pem"] = Array("-----BEGIN CMS-----\n".utf8)
        world.answers = ["", "ab12"]
        #expect(run("approve", "2025-2@3", "--signature", "ky.pem", in: world) == .done)
        #expect(world.requests.last?.body == .literal(Array("-----BEGIN CMS-----\n".utf8)))
    }

    // MARK: names and empty lists

    @Test func eventsAreToldWithNames() {
        let world = ScriptedSurroundings(
            [
                (
                    "LOG",
                    reply(
                        """
                        - event seq=1 time=2025-01-02T08:00:00.000+07:00 type=TOPIC.PLANNED topic=2025-2 lead=nv review=hcth
                        - event seq=2 time=2025-01-02T08:00:00.000+07:00 type=COMMENT.ADDED topic=2025-2 id=C1 by=yen behalf=person:son
                        - event seq=3 time=2025-01-02T08:00:00.000+07:00 type=COMMENT.ADDED topic=2025-2 id=C2 by=yen behalf=office:nv
                        OK events=3 next=3 tail=3
                        """)
                )
            ], terminal: false)
        world.known = Directory(
            people: ["yen": "Hoàng Hải Yến", "son": "Lương Văn Sơn"],
            offices: ["nv": "Phòng Nghiệp vụ", "hcth": "Phòng Hành chính"])
        run("log", in: world)
        for words in [
            "chủ trì Phòng Nghiệp vụ, phản biện Phòng Hành chính",
            "Hoàng Hải Yến góp ý kiến C1, thay mặt Lương Văn Sơn",
            "C2, thay mặt Phòng Nghiệp vụ",
        ] {
            #expect(world.shown.contains(words), "\(world.shown)")
        }
        let event = EventLine(
            sequence: 4, previous: 3, time: "2025-01-02T08:00:00.000+07:00", type: "REVIEW.FILED",
            pairs: [Pair("id", "P2"), Pair("by", "son"), Pair("review", "hcth")])
        world.happenings = [.event(event)]
        run("watch", in: world)
        #expect(world.shown.contains("Lương Văn Sơn lập phiếu phản biện P2"))
        world.screen.isJSON = true
        run("watch", in: world)
        #expect(world.shown.contains("\"by\":\"son\""))
    }

    @Test func theOfficeThatACommentSpeaksForIsNamed() {
        let world = ScriptedSurroundings([
            ("COMMENTS", reply("- comment id=C1 by=yen office=nv behalf=office\nOK topic=2025-2 comments=1"))
        ])
        world.known = Directory(people: [:], offices: ["nv": "Phòng Nghiệp vụ"])
        run("comments", "2025-2", in: world)
        #expect(world.shown.contains("Phòng Nghiệp vụ (yen ghi)"), "\(world.shown)")
    }

    @Test func whatATaskIsAboutIsNamed() {
        let world = ScriptedSurroundings([
            (
                "TODO",
                reply(
                    "- task topic=2025-2 act=lift object=tung\n- task topic=2025-3 act=appoint object=nv\nOK tasks=2")
            )
        ])
        world.known = Directory(people: ["tung": "Lương Thanh Tùng"], offices: ["nv": "Phòng Nghiệp vụ"])
        run("todo", in: world)
        let words = world.shown.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
        #expect(words.contains("Lương Thanh Tùng") && words.contains("Phòng Nghiệp vụ"), "\(world.shown)")
    }

    @Test func whoSpokeIsNamedBeforeWhoKeyedItIn() {
        let row = "by=yen office=hcth kind=content level=should state=open anchor=whole"
        let world = ScriptedSurroundings([
            (
                "COMMENTS",
                reply("- comment id=C1 \(row) behalf=son\n- comment id=C2 \(row)\nOK topic=2025-2 comments=2")
            )
        ])
        world.known = Directory(people: ["yen": "Vi Hải Yến", "son": "Hoàng Văn Sơn"], offices: [:])
        run("comments", "2025-2", in: world)
        let words = world.shown.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
        #expect(words.contains("Hoàng Văn Sơn") && words.contains("ghi)"), "\(world.shown)")
    }

    @Test(arguments: [
        (["search", "zzz", "y"], "OK hits=0", "Không tìm thấy \"zzz y\".\n"),
        (["comments", "2025-2"], "OK topic=2025-2 comments=0", "Không có ý kiến nào.\n"),
        (["comments", "2025-2", "--open"], "OK comments=0", "Không có ý kiến nào chưa giải quyết.\n"),
        (
            ["comments", "2025-2", "--level", "must", "--by", "lan"], "OK comments=0",
            "Không có ý kiến nào mức “bắt buộc”, của lan.\n"
        ),
        (["comments", "2025-2", "--state", "withdrawn"], "OK comments=0", "Không có ý kiến nào đã rút.\n"),
        (["reviews", "2025-2"], "OK topic=2025-2 reviews=0", "Chưa có phiếu phản biện nào.\n"),
        (
            ["reviews", "2025-2"], "OK topic=2025-2 reviews=0 hidden=2",
            "Chuyên đề: 2025-2 · Số phiếu: 0 · Chưa được xem: 2\n"
        ),
        (["topics"], "OK topics=0", "Không có chuyên đề nào.\n"),
    ])
    func anEmptyListSaysSo(words: [String], status: String, shown: String) throws {
        let world = ScriptedSurroundings()
        world.respond = { _ in reply(status) }
        #expect(CommandRunner(try CommandLineParser.parse(words), in: world).run() == .done)
        #expect(world.shown == shown)
    }

    /// "Trước ngày 20/6": nobody is told the date on which the act is already late as the day that it is due.
    @Test(arguments: [
        ("2025-06-19", "Hạn trước 20/6/2025 – còn 1 ngày"), ("2025-06-20", "Hạn 20/6/2025 – còn 2 ngày"),
        ("2025-06-13", "Hạn trước 20/6/2025 – quá hạn 5 ngày"),
    ])
    func aDeadlineIsPrintedByItsRule(lastDay: String, shown: String) {
        let world = ScriptedSurroundings([
            ("SHOW", reply("- topic id=2025-2 stage=review due=2025-06-20 last-day=\(lastDay)\nOK topic=2025-2"))
        ])
        run("show", "2025-2", in: world)
        let words = world.shown.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
        #expect(words.contains(shown), "\(world.shown)")
    }

    @Test func aSuggestionIsShownOnceAndAsAText() {
        let row = "- comment id=C9 by=lan level=must suggest=yes"
        let thread = ScriptedSurroundings([
            ("THREAD", reply("\(row)\n- text kind=suggest\n| 75 vụ việc\nOK id=C9 messages=1"))
        ])
        run("thread", "C9", in: thread)
        #expect(thread.shown.split(separator: "Đề nghị sửa thành").count == 2, "\(thread.shown)")
        #expect(!thread.shown.contains("yes"))
        let list = ScriptedSurroundings([("COMMENTS", reply("\(row)\nOK topic=2025-2 comments=1"))])
        run("comments", "2025-2", in: list)
        #expect(list.shown.contains("Có đề nghị sửa  có"), "\(list.shown)")
    }

    // MARK: help

    @Test(arguments: [
        (["tiep", "thu"], "phanbien settle"), (["tiếp thu"], "phanbien settle"),
        (["sinh", "hoạt"], "phanbien plenary open"),
        (["plenary"], "phanbien plenary close"), (["người"], "phanbien person add"),
    ])
    func helpFindsVietnameseNamesOfSeveralWords(words: [String], found: String) throws {
        let world = ScriptedSurroundings()
        #expect(CommandRunner(try CommandLineParser.parse(["help"] + words), in: world).run() == .done)
        #expect(world.shown.contains(found))
    }

    // MARK: the log

    /// A server whose log has so many events, of which the person sees those that are wanted.
    private static func log(_ tail: Int, _ isSeen: @escaping (Int) -> Bool = { _ in true }) -> ScriptedSurroundings {
        let world = ScriptedSurroundings()
        world.respond = { request in
            let after = request.value("after").flatMap { Int($0) } ?? 0
            let limit = request.value("limit").flatMap { Int($0) } ?? 100
            // As the server counts: of a topic's log only its own events, of the whole log also the hidden ones.
            let isOfTopic = request.arguments.contains { $0.key == nil }
            let stretch = (1...tail).filter { $0 > after && (!isOfTopic || isSeen($0)) }.prefix(limit)
            let isMore = stretch.count == limit && (stretch.last ?? tail) < tail
            let rows = stretch.filter(isSeen).map { "- event seq=\($0) time=2025-06-16T09:12:01.101+07:00 type=X" }
            return reply(
                (rows + [
                    "OK events=\(rows.count) next=\(isMore ? stretch.last ?? 0 : tail) tail=\(tail)\(isMore ? " more=yes" : "")"
                ])
                .joined(separator: "\n"))
        }
        return world
    }

    private func numbers(_ world: ScriptedSurroundings) -> [Int] {
        world.shown.split(separator: " ").compactMap { $0.first == "#" ? Int($0.dropFirst()) : nil }
    }

    @Test func theLogBeginsWithItsNewestEvents() {
        let world = Self.log(224)
        #expect(run("log", "--limit", "8", in: world) == .done)
        #expect(numbers(world) == Array(217...224))
        #expect(world.told.contains("Còn sự kiện trước đó; gõ: phanbien log --before 217 --limit 8"))
        let all = Self.log(224)
        #expect(run("log", in: all) == .done)
        #expect(numbers(all) == Array(125...224))
        #expect(all.told.contains("phanbien log --before 125\n"))
    }

    @Test func aShortLogComesWholeAndWithOneRequest() {
        let world = Self.log(100)
        #expect(run("log", in: world) == .done)
        #expect(numbers(world) == Array(1...100))
        #expect(world.told.isEmpty)
        #expect(world.lines == ["LOG limit=100"])
    }

    @Test func theNewestOfATopicAreFoundHoweverFarApartTheyLie() {
        let world = Self.log(50_000) { $0 % 5_000 == 7 }
        #expect(run("log", "2025-2", "--limit", "3", in: world) == .done)
        #expect(numbers(world) == [35_007, 40_007, 45_007])
        #expect(world.told.contains("phanbien log 2025-2 --before 35007 --limit 3"))
        #expect(world.requests.count < 12)
        let few = Self.log(50_000) { $0 == 9 || $0 == 40_000 }
        #expect(run("log", "2025-2", "--limit", "2", in: few) == .done)
        #expect(numbers(few) == [9, 40_000])
    }

    @Test func whatIsBeforeAnEventAndNoMore() {
        let world = Self.log(224)
        #expect(run("log", "--before", "217", "--limit", "8", in: world) == .done)
        #expect(numbers(world) == Array(209...216))
        let beginning = Self.log(224)
        #expect(run("log", "--before", "6", "--limit", "8", in: beginning) == .done)
        #expect(numbers(beginning) == Array(1...5))
        #expect(beginning.told.isEmpty)
    }

    @Test func somebodyWhoSeesNearlyNothingIsNotKeptWaiting() {
        let world = Self.log(300_000) { $0 == 1 }
        #expect(run("log", "--limit", "2", in: world) == .done)
        #expect(world.requests.count < 30)
        #expect(world.told.contains("Còn sự kiện trước đó; gõ: phanbien log --before 28"))
    }

    @Test func afterMeansWhatItSaysAndNamesWhereItGoesOn() {
        let world = Self.log(224)
        #expect(run("log", "--after", "0", in: world) == .done)
        #expect(numbers(world) == Array(1...100))
        #expect(world.told.contains("Còn nữa; gõ: phanbien log --after 100"))
        #expect(world.lines == ["LOG after=0"])
        let end = Self.log(224)
        #expect(run("log", "--after", "220", in: end) == .done)
        #expect(end.told.isEmpty)
        #expect(run("log", "--after", "1", "--before", "9", in: end) == .usage)
        #expect(run("log", "--limit", "0", in: end) == .usage)
        #expect(run("log", "--limit", "1001", in: end) == .usage)
    }

    // MARK: passwords, watching, exit codes

    @Test func thePasswordIsNeverAnArgumentAndIsTypedTwice() {
        let world = ScriptedSurroundings()
        world.canAsk = true
        world.secrets = [Array("cũ".utf8), Array("mới".utf8), Array("mới".utf8)]
        #expect(run("passwd", in: world) == .done)
        #expect(world.lines == ["PASSWD key=key-1 | cũ\nmới"])
        // Two that differ are asked for again, and nothing is sent meanwhile.
        world.secrets = ["cũ", "mới", "khác", "mới 2", "mới 2"].map { Array($0.utf8) }
        #expect(run("passwd", in: world) == .done)
        #expect(world.lines.last == "PASSWD key=key-2 | cũ\nmới 2")
        world.secrets = ["cũ", "mới", "khác"].map { Array($0.utf8) }
        #expect(run("passwd", in: world) == .refused)
        #expect(world.requests.count == 2)
    }

    @Test func watchingGoesOnWhereItEnded() {
        let world = ScriptedSurroundings()
        world.happenings = [.synchronised(1050)]
        #expect(run("watch", in: world) == .done)
        #expect(world.remembered["event"] == "1050 01J8")
        #expect(run("watch", "--resume", in: world) == .done)
        #expect(world.lines == ["WATCH", "WATCH 1050"])
        // One topic proves nothing about the others.
        let event = EventLine(
            sequence: 1090, previous: 1050, time: "2025-06-16T09:12:01.101+07:00", type: "STAGE.ENTERED",
            pairs: [Pair("topic", "2025-2")])
        world.happenings = [.event(event), .synchronised(1100)]
        #expect(run("watch", "2025-2", in: world) == .done)
        #expect(world.remembered["event"] == "1050 01J8")
        world.happenings = [.event(event)]
        #expect(run("watch", in: world) == .done)
        #expect(world.remembered["event"] == "1090 01J8")
    }

    @Test func aWriteWithoutAnAnswerIsTypedAgainWithItsKey() {
        let world = ScriptedSurroundings()
        world.failure = CommandFailure(.unavailable, "Không trả lời.", "No reply.")
        #expect(run("submit", "2025-2", "--yes", in: world) == .unavailable)
        #expect(!world.told.contains("--key"), "a trial writes nothing")
        #expect(run("agree", "C1", in: world) == .unavailable)
        #expect(world.told.replacing("\n", with: " ").contains("--key key-"))
        #expect(run("agree", "C1", "--key", "mine", in: world) == .unavailable)
        #expect(world.told.replacing("\n", with: " ").contains("--key mine"))
    }

    /// After a restore the same words may be about something else.
    @Test func aWriteForAnotherLogIsNotSaidToBeTypedAgain() {
        let world = ScriptedSurroundings()
        world.failure = ScriptedSurroundings.restored
        #expect(run("agree", "C1", in: world) == .unavailable)
        #expect(world.told.contains("Hãy xem lại.") && !world.told.contains("--key"), "\(world.told)")
    }

    @Test func nothingOfAnEventIsLostInJSON() {
        let world = ScriptedSurroundings(json: true)
        world.happenings = [
            .event(
                EventLine(
                    sequence: 11, previous: 10, time: "2025-06-16T09:12:01.101+07:00", type: "BODY.REDACTED",
                    pairs: [Pair("event", "7"), Pair("time", "mai"), Pair("field", "text")]))
        ]
        #expect(run("watch", in: world) == .done)
        #expect(
            world.shown == #"{"seq":11,"prev":10,"time":"2025-06-16T09:12:01.101+07:00","type":"BODY.REDACTED","#
                + #""event":"7","_time":"mai","field":"text"}"# + "\n")
    }

    @Test func watchingThatIsRefusedSaysWhy() {
        let world = ScriptedSurroundings()
        world.happenings = [.note(.watchRefused(Status(.no(.notFound), human: "Không có chuyên đề này")))]
        #expect(run("watch", "2025-9", in: world) == .refused)
        #expect(world.told.contains("Không có chuyên đề này"))
    }

    @Test(arguments: [
        ("OK", ExitCode.done), ("NO FORBIDDEN", .notPermitted), ("NO AUTH-FAILED", .notPermitted),
        ("NO NOT-FOUND", .refused), ("NO UNMET", .refused),
        ("NO QUOTA retry=later", .tryLater), ("NO NEVER-SEEN", .refused), ("BAD SYNTAX", .protocolError),
    ])
    func exitCodes(text: String, exit: ExitCode) {
        #expect(run("ping", in: ScriptedSurroundings([("PING", reply(text))])) == exit)
        #expect(run("ping", in: ScriptedSurroundings([("PING", reply(text))], json: true)) == exit)
    }

    @Test func aRemovedTextIsNamedInWords() {
        let world = ScriptedSurroundings([
            (
                "SHOW",
                reply(
                    "| [nội dung đã xóa theo 5/QĐ]\nOK revision=2025-2@1 lines=1 bytes=1 sha256=b91611d5 redacted=yes")
            )
        ])
        run("show", "2025-2@1", in: world)
        let words = (world.shown + world.told).split { $0 == " " || $0 == "\n" }.joined(separator: " ")
        #expect(words.contains("Nội dung đã xóa: có") && !words.contains("redacted"), "\(words)")
    }

    @Test func textForAFileIsTheTextAndNothingElse() {
        let world = ScriptedSurroundings([("SHOW", reply("= {5}\na\u{202E}\n\nOK revision=2025-2@1"))], terminal: false)
        #expect(run("show", "2025-2@1", in: world) == .done)
        #expect(world.output == Array("a\u{202E}\n".utf8))
    }

    // MARK: the calendar

    private static let calendar = """
        | BEGIN:VCALENDAR
        | DESCRIPTION:Nâng cao năng lực truyền thông
        |   về trợ giúp pháp lý
        | END:VCALENDAR
        OK events=1 lines=4 bytes=90 :Lịch có 1 mục
        """

    @Test func aCalendarForAFileHasTheLineEndsOfItsFormat() {
        let world = ScriptedSurroundings([("CALENDAR", reply(Self.calendar))], terminal: false)
        #expect(run("calendar", in: world) == .done)
        let file =
            "BEGIN:VCALENDAR\r\nDESCRIPTION:Nâng cao năng lực truyền thông\r\n  về trợ giúp pháp lý\r\nEND:VCALENDAR\r\n"
        #expect(world.output == Array(file.utf8), "\(world.shown)")
        #expect(world.told == "Lịch có 1 mục\n", "what is said of it stands beside it")
    }

    @Test func aCalendarOnTheScreenSaysHowItIsKept() {
        let world = ScriptedSurroundings([("CALENDAR", reply(Self.calendar))])
        #expect(run("lịch", in: world) == .done)
        #expect(world.shown.contains("BEGIN:VCALENDAR\n") && !world.shown.contains("\r"))
        #expect(world.told.contains("phanbien calendar > chuyen-de.ics"), "\(world.told)")
    }

    @Test func aCalendarWithoutEventsIsNoFile() {
        let empty = "OK events=0 lines=0 bytes=0 :Không có mốc nào"
        for isTerminal in [true, false] {
            let world = ScriptedSurroundings([("CALENDAR", reply(empty))], terminal: isTerminal)
            #expect(run("calendar", in: world) == .done)
            #expect(world.output.isEmpty && world.told.contains("Không có mốc nào") && !world.told.contains(".ics"))
        }
        let refused = ScriptedSurroundings([("CALENDAR", reply("NO BUSY retry=later"))], terminal: false)
        #expect(run("calendar", in: refused) == .tryLater)
        #expect(refused.output.isEmpty)
    }

    // MARK: the dossier

    private static let texts = ["manifest.txt": "bản kê", "van-ban.txt": "văn bản"]

    private static func list(_ names: [String]) -> String {
        let rows = names.map { name in
            "- file name=\(name) bytes=\(texts[name, default: ""].utf8.count + 1) sha256=\(Digest(hashing: texts[name, default: ""] + "\n")) text=\"Tệp\""
        }
        return (rows + ["OK topic=2025-2 files=\(names.count) bytes=18 sha256=ab"]).joined(separator: "\n")
    }

    private static func dossier(_ names: [String] = ["manifest.txt", "van-ban.txt"]) -> ScriptedSurroundings {
        let fetched = names.map { ("FETCH", reply("| \(texts[$0, default: ""])\nOK topic=2025-2 name=\($0)")) }
        return ScriptedSurroundings([("DOSSIER", reply(list(names)))] + fetched)
    }

    @Test func aDossierIsFetchedFileByFileAndSavedAsAFolder() {
        let world = Self.dossier()
        #expect(run("ho-so", "2025-2", in: world) == .done)
        #expect(world.lines.first == "DOSSIER 2025-2" && world.lines.count == 3)
        #expect(world.lines.dropFirst().allSatisfy { $0.hasPrefix("FETCH ") && $0.hasSuffix(" topic=2025-2") })
        #expect(
            world.saved == [
                "ho-so-2025-2/manifest.txt": Array("bản kê\n".utf8),
                "ho-so-2025-2/van-ban.txt": Array("văn bản\n".utf8),
            ])
        #expect(world.shown.contains("van-ban.txt") && world.shown.contains("Đã lưu 2 tệp"), "\(world.shown)")
        #expect(world.shown.contains(": /nhà/ho-so-2025-2\n"), "\(world.shown)")
    }

    @Test func aDossierGoesIntoTheFolderThatWasNamed() {
        let world = Self.dossier()
        #expect(run("dossier", "2025-2", "--folder", "luu tru", in: world) == .done)
        #expect(world.saved.keys.sorted() == ["luu tru/manifest.txt", "luu tru/van-ban.txt"])
        let full = Self.dossier()
        full.isFull = true
        #expect(run("dossier", "2025-2", in: full) == .cannotCreate)
        #expect(full.told.contains("Đĩa đầy"))
    }

    @Test func aDossierThatIsOnlyListedIsNotFetched() {
        let world = Self.dossier()
        #expect(run("dossier", "2025-2", "--list", in: world) == .done)
        #expect(world.lines == ["DOSSIER 2025-2"] && world.saved.isEmpty)
        #expect(world.shown.contains("manifest.txt"), "\(world.shown)")
    }

    @Test func aFileThatIsNotTheOneListedIsNotSaved() {
        let world = ScriptedSurroundings([
            ("DOSSIER", reply(Self.list(["manifest.txt", "van-ban.txt"]))),
            ("FETCH", reply("| bản kê\nOK")), ("FETCH", reply("| văn bản khác\nOK")),
        ])
        #expect(run("dossier", "2025-2", in: world) == .protocolError)
        #expect(world.saved.isEmpty && world.told.contains("van-ban.txt"), "\(world.told)")
    }

    @Test func aListThatLeadsOutOfTheFolderIsRefused() {
        for names in [["../khoa"], [".bashrc"], ["a.txt", "A.txt"], ["a/b"], ["a", "a"], ["văn.txt"], [""], []] {
            let world = Self.dossier(names)
            #expect(run("dossier", "2025-2", in: world) == .protocolError, "\(names)")
            #expect(world.saved.isEmpty && world.lines.count == 1)
        }
    }

    @Test func aDossierThatIsRefusedSavesNothing() {
        let world = ScriptedSurroundings([
            ("DOSSIER", reply("NO STAGE retry=refresh stage=review :Chuyên đề 2025-2 chưa được phê duyệt"))
        ])
        #expect(run("dossier", "2025-2", in: world) == .refused)
        #expect(world.saved.isEmpty && world.told.contains("chưa được phê duyệt"), "\(world.told)")
    }
}
