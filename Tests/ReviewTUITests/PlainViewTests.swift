import Terminal
import Testing

@testable import ReviewTUI

/// The client line by line: everything can be done by typed lines, and only what is new is said.
@Suite struct PlainViewTests {
    /// A person who types lines and hears what is said.
    private final class Listener {
        let desk: Desk
        private var view = PlainView()

        init(_ desk: Desk) {
            self.desk = desk
            desk.resize(PlainView.size.columns, PlainView.size.rows)
        }

        func hear() -> [String] { view.announce(desk.model) }

        @discardableResult
        func type(_ lines: String...) -> [String] {
            var heard: [String] = []
            for line in lines {
                for key in PlainView.keys(line, desk.model) { desk.press(key) }
                heard += hear()
            }
            return heard
        }
    }

    private func listener(_ stage: Stage, _ person: (Story) -> Desk) throws -> Listener {
        let story = try Story()
        try story.advance(to: stage)
        return Listener(person(story))
    }

    @Test func theBeginningSaysWhatWaitsAndDrawsNothing() throws {
        let lan = try listener(.revision) { $0.lan }
        let said = lan.hear()
        #expect(said.contains("Chờ tôi xử lý (4)"))
        #expect(said.contains { $0.hasPrefix("> 2025-2") && $0.contains("giải trình C1") })
        #expect(!said.joined().contains { "│─┌└▌".contains($0) })
        #expect(lan.hear().isEmpty, "nothing is said twice")
    }

    @Test func movingSaysOnlyWhereOneIs() throws {
        let lan = try listener(.revision) { $0.lan }
        _ = lan.hear()
        let said = lan.type("")
        #expect(said.count == 1 && said[0].contains("giải trình C2"), "\(said)")
    }

    @Test func aParagraphIsReadWithItsComments() throws {
        let minh = try listener(.review) { $0.minh }
        _ = minh.hear()
        minh.desk.open(2)
        _ = minh.hear()
        let said = minh.type("")
        #expect(said.contains { $0.contains("Năm 2024 Trung tâm thực hiện 57 vụ việc") }, "\(said)")
        #expect(said.contains { $0.contains("C1 bắt buộc") })
        #expect(!said.contains { $0.contains("khiếu nại") }, "the next paragraph is not said yet")
    }

    @Test func aCommentIsWrittenAndSent() throws {
        let minh = try listener(.review) { $0.minh }
        minh.desk.open(2)
        minh.type("", "c", "Dòng một.", "Dòng hai.")
        let said = minh.type(".")
        #expect(said.contains { $0.contains("Đã ghi ý kiến C5") }, "\(said)")
    }

    /// What was typed before the question came is no answer to it, whatever letter it begins with.
    @Test(arguments: [("comments", false), ("yêu cầu", false), ("có", true), ("c", true)])
    func onlyAYesIsAYes(line: String, says: Bool) throws {
        let story = try Story()
        let bich = Listener(story.bich)
        bich.desk.open(2).command("huy").type("Không làm nữa.").press(.control("s"))
        #expect(bich.hear().contains { $0.contains("không rút lại được") })
        bich.type(line)
        #expect(bich.desk.model.overlay == nil)
        #expect((bich.desk.model.library.topic("2025-2")?.stage == "cancelled") == says)
    }

    @Test func choicesAreMadeByTheirNumbers() throws {
        let lan = try listener(.revision) { $0.lan }
        lan.desk.open(2)
        lan.type("")
        lan.type("s", "Không cần.", ",")
        let said = lan.type("3", ".")
        #expect(said.contains { $0.contains("không tiếp thu") }, "\(said)")
    }

    @Test func theHelpNamesWhatIsTypedHere() throws {
        let bich = Listener(Desk("bich", at: try Office(), isPlain: true))
        _ = bich.hear()
        let said = bich.type("?")
        #expect(said.contains { $0.hasPrefix(".") && $0.hasSuffix("mở mục đang chọn") }, "\(said)")
        #expect(!said.contains { $0.hasPrefix("Enter") && $0.contains("mở mục") })
        // Nobody can type a key that has no letter as a line.
        #expect(said.contains { $0.hasPrefix("doc-lai") && $0.hasSuffix("đọc lại từ máy chủ") }, "\(said)")
        #expect(!said.contains { $0.contains("Ctrl-") || $0.contains("F2") || $0.contains("PgUp") }, "\(said)")
    }

    @Test func aCommandIsFoundByItsName() throws {
        let bich = try listener(.review) { $0.bich }
        bich.desk.open(2)
        _ = bich.hear()
        let said = bich.type("cho y kien")
        #expect(said.contains("> ý kiến chỉ đạo"), "\(said)")
        let done = bich.type("", ".", ".")
        #expect(done.contains { $0.contains("Đã ghi ý kiến lãnh đạo") }, "\(done)")
    }

    @Test func aLineThatIsNoCommandIsAnswered() throws {
        let minh = try listener(.review) { $0.minh }
        _ = minh.hear()
        #expect(minh.type("xyzw").contains { $0.contains("Không có lệnh “xyzw”.") })
    }

    /// The terminal's width is its own business: a sentence is said whole.
    @Test func nothingIsCut() throws {
        let lan = try listener(.revision) { $0.lan }
        let said = lan.hear()
        #expect(!said.contains { $0.contains("…") }, "\(said)")
        #expect(
            said.contains { $0.contains("C1 – ý kiến của Trần Văn Minh chưa có tiếp thu, giải trình  còn 11 ngày") })
    }

    @Test func whatWasSaidNamesItsComment() throws {
        let story = try Story()
        try story.advance(to: .review)
        let minh = Listener(Desk("minh", at: story.office, run: 2, isPlain: true))
        minh.desk.open(2)
        _ = minh.hear()
        #expect(minh.type("").contains { $0.contains("C1 · Trần Văn Minh") })
    }

    @Test func theDirectorApprovesByFourCharacters() throws {
        let story = try Story()
        try story.advance(to: .approval)
        let bich = Listener(story.bich)
        _ = bich.hear()
        let said = bich.type(".")
        let digest = try #require(said.first { $0.count == 39 && $0.allSatisfy { $0.isHexDigit || $0 == " " } })
        #expect(bich.type("", ".").contains { $0.contains("Nguyên nhân hồ sơ chậm") })
        // What was typed wrong stands in nobody's way, nor does an input method that is on.
        let wrong = digest.hasPrefix("0000") ? "1111" : "0000"
        #expect(bich.type(wrong).contains { $0.contains("Gõ đúng bốn ký tự đầu") })
        #expect(bich.type("3à1").contains { $0.contains("Bộ gõ tiếng Việt đang bật") })
        #expect(bich.type(String(digest.prefix(4))).contains { $0.contains("Đã phê duyệt") })
    }

    /// What is asked stands in the frame of a box, and is said before what can be chosen.
    @Test func theQuestionIsSaid() throws {
        let story = try Story()
        try story.advance(to: .review)
        let minh = Listener(Desk("minh", at: story.office, run: 2, isPlain: true))
        minh.desk.open(2)
        _ = minh.hear()
        #expect(minh.type("/").first == "Tìm (không dấu cũng được)")
        minh.type("..")
        #expect(minh.type("o").first == "Mục lục – . để nhảy tới")
        minh.type("..")
        let son = Listener(Desk("son", at: story.office, run: 2, isPlain: true))
        son.desk.open(2)
        _ = son.hear()
        let said = son.type("phan-cong")
        #expect(said.first?.contains("phân công") == true && said.count > 1, "\(said)")
        #expect(!said.joined().contains("─"))
    }

    @Test func theWayOutIsAsked() throws {
        let minh = Listener(Desk("minh", at: try Story().office, isPlain: true))
        _ = minh.hear()
        #expect(minh.type("q") == ["Thoát phanbien?", "c, y hoặc q: thoát · dòng khác: ở lại"])
        minh.type("c")
        #expect(minh.desk.hasQuit)
    }
}
