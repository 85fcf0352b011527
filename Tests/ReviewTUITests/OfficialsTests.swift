import PhanbienCommands
import ReviewClient
import Terminal
import Testing

@testable import ReviewTUI

/// What officials stumbled over when they went through a whole topic by themselves.
@Suite struct OfficialsTests {
    // MARK: Nothing that was entered is lost

    @Test func theRollCallBeginsWithWhatIsRecorded() throws {
        let story = try Story()
        try story.advance(to: .plenary)
        let lan = story.lan.open(2).press(.character("M"), .character("R"), .character("*"), Key(.enter))
        #expect(lan.shows("Đã điểm danh: 8 có mặt, 0 vắng."))
        // One of them had to leave, not the chair: only that one is corrected.
        lan.press(.character("R"))
        #expect(!lan.shows("[      ]"), "\(lan.screen)")
        lan.press(Key(.down), .character("v"), Key(.enter))
        #expect(lan.shows("Đã điểm danh: 7 có mặt, 1 vắng."), "\(lan.screen)")
    }

    @Test func aDraftComesBackWithWhatWasChosenBesideIt() throws {
        let story = try Story()
        try story.advance(to: .review)
        let minh = story.minh.open(2)
        try minh.goTo("II.2/1").press(.character("c")).type("Sửa lại.")
        // The level: the second field; then the suggestion behind the text.
        minh.press(Key(.tab, .shift), Key(.tab, .shift)).type("1")
        minh.press(Key(.tab), Key(.tab), Key(.tab)).type(" Nhiều").press(Key(.escape))
        let later = Desk("minh", at: story.office, run: 2, after: minh).open(2)
        try later.goTo("II.2/1").press(.character("c"))
        #expect(later.shows("Sửa lại.") && later.shows("[bắt buộc]") && later.shows("Nhiều"), "\(later.screen)")
        later.press(.control("s"))
        #expect(later.shows("Đã ghi ý kiến C5"), "\(later.screen)")
        #expect(later.drafts.isEmpty)
    }

    @Test func aRefusalAfterALostConnectionSaysWhereTheTextIs() throws {
        let story = try Story()
        try story.advance(to: .leadership)
        let bich = story.bich.open(2)
        bich.cut(true)
        try bich.goTo("I/1").press(.character("c")).type("Viết khi mất mạng.").press(.control("s"))
        try story.say("CANCEL 2025-2 <\nThôi.", by: "bich")
        bich.cut(false)
        #expect(bich.unsent.isEmpty)
        #expect(bich.shows("Nội dung còn trong bản nháp"), "\(bich.screen)")
        #expect(bich.drafts.values.contains("Viết khi mất mạng."))
    }

    // MARK: What is offered works

    @Test func aSuggestionWithoutSelectedWordsIsForTheParagraph() throws {
        let story = try Story()
        try story.advance(to: .review)
        let minh = story.minh.open(2)
        try minh.goTo("II.2/1").press(.character("c")).type("Viết rõ hơn.").press(Key(.tab)).type(" Nhiều")
        minh.press(.control("s"))
        #expect(minh.shows("Đã ghi ý kiến C5"), "\(minh.screen)")
    }

    @Test(arguments: [("", false), ("Chưa rõ nguồn số liệu.", true)])
    func anOpinionThatObjectsAsksForItsReason(reason: String, isTaken: Bool) throws {
        let story = try Story()
        try story.advance(to: .leadership)
        let bich = story.bich.open(2)
        bich.command("cho-y-kien").type("khong thong nhat").press(Key(.enter))
        bich.type(reason).press(.control("s"))
        #expect(bich.shows("Đã ghi ý kiến lãnh đạo") == isTaken, "\(bich.screen)")
        #expect(bich.shows("Chưa có nội dung.") != isTaken)
    }

    @Test(arguments: ["thong nhat", "khong thong nhat", "chi dao"])
    func theFormSaysWhichOpinionIsWritten(typed: String) throws {
        let story = try Story()
        try story.advance(to: .leadership)
        let bich = story.bich.open(2).command("cho-y-kien").type(typed).press(Key(.enter))
        let words = ["thong nhat": "thống nhất", "khong thong nhat": "không thống nhất", "chi dao": "ý kiến chỉ đạo"]
        #expect(bich.screen.contains("Ý kiến của lãnh đạo: \(words[typed] ?? "?")"), "\(bich.screen)")
    }

    @Test func theTextBelowTheFormIsNotLeftInTheMidstOfChoosing() throws {
        let story = try Story()
        try story.advance(to: .review)
        let minh = story.minh.open(2)
        minh.press(.character("P"), Key(.tab), Key(.tab), .control("g"), Key(.down), Key(.enter), Key(.escape))
        #expect(!minh.shows("lấy đoạn này"), "\(minh.screen)")
        #expect(minh.press(.character("c")).shows("Góp ý kiến 2025-2@1"), "\(minh.screen)")
    }

    @Test func aPaperIsMadeForTheTopicThatIsOpen() throws {
        let story = try Story()
        try story.advance(to: .revision)
        let lan = story.lan.open(2).command("bieu mau")
        lan.type("tiep thu, giai trinh").press(Key(.enter))
        #expect(lan.shows("BẢNG TỔNG HỢP Ý KIẾN, TIẾP THU, GIẢI TRÌNH"), "\(lan.screen)")
    }

    @Test func aKeyThatCannotDoAnythingSaysWhy() throws {
        let office = try Office()
        let lan = Desk("lan", at: office).open(3)
        #expect(!lan.shows("c góp ý") && lan.shows(": lệnh"))
        #expect(lan.press(.character("c")).shows("! Chưa có bản dự thảo nào."), "\(lan.screen)")
    }

    // MARK: The next step

    @Test func whatWaitsIsBegunByOneKey() throws {
        let story = try Story()
        try story.advance(to: .leadership)
        let bich = story.bich.press(Key(.home), Key(.enter))
        #expect(bich.shows("Việc của bạn: cho ý kiến. Phím w") && bich.shows("w cho ý kiến"), "\(bich.screen)")
        bich.press(.character("w"))
        #expect(bich.shows("ý kiến chỉ đạo") && bich.shows("thống nhất"), "\(bich.screen)")
        bich.type("thong nhat").press(Key(.enter), .control("s"))
        #expect(bich.shows("Đã ghi ý kiến lãnh đạo"), "\(bich.screen)")
        // The next one is to pass it on: nothing happens before it is confirmed.
        #expect(bich.shows("w trình, chuyển bước"), "\(bich.screen)")
        bich.press(.character("w"))
        #expect(bich.shows("c hoặc y: thực hiện") && bich.shows("lãnh đạo cho ý kiến"), "\(bich.screen)")
        bich.confirm()
        #expect(bich.shows("phản biện"), "\(bich.screen)")
        #expect(bich.press(.character("w")).shows("không có việc nào chờ bạn"), "\(bich.screen)")
    }

    @Test func aReviewIsReadBeforeItIsEndorsed() throws {
        let story = try Story()
        try story.advance(to: .review)
        try story.act("hoa", "ASSIGN 2025-2 minh as=reviewer")
        try story.act("minh", "ASSESS 2025-2@1 verdict=pass <\nĐạt yêu cầu.")
        let hoa = story.hoa.listen()
        hoa.open(2).press(.character("w"))
        #expect(hoa.shows("Phiếu P1") && !hoa.shows("Đã xác nhận"), "\(hoa.screen)")
        hoa.press(.character("w"))
        #expect(hoa.shows("c hoặc y: thực hiện"), "\(hoa.screen)")
        #expect(hoa.confirm().shows("xác nhận"), "\(hoa.screen)")
        #expect(!hoa.model.library.tasks.contains { $0.act == "endorse" })
    }

    /// The first thing that waits on the topic is another one.
    @Test func theKeyBeginsWhatWasChosenFromTheList() throws {
        let story = try Story()
        try story.advance(to: .review)
        try story.act("minh", "ASSESS 2025-2@1 verdict=pass <\nĐạt yêu cầu.")
        let hoa = story.hoa.listen()
        #expect(hoa.model.tasks(of: "2025-2").map(\.act) == ["assign", "assess", "endorse"])
        // Behind two of another topic.
        for _ in 0..<4 { hoa.press(Key(.down)) }
        hoa.press(Key(.enter))
        #expect(hoa.shows("Phiếu P1") && hoa.shows("w xác nhận phiếu"), "\(hoa.screen)")
        hoa.press(.character("w"))
        #expect(hoa.shows("thực hiện") && hoa.shows("P1"), "\(hoa.screen)")
        hoa.press(Key(.escape), Key(.escape))
        #expect(hoa.shows("w xác nhận phiếu"), "on the text as well: \(hoa.screen)")
        // By its name it asks, too.
        hoa.command("xac nhan phieu", "P1")
        #expect(hoa.shows("thực hiện") && hoa.model.outbox.isEmpty, "\(hoa.screen)")
        #expect(hoa.confirm().shows("xác nhận"), "\(hoa.screen)")
        #expect(hoa.shows("w phân công") || !hoa.shows("w xác nhận phiếu"), "\(hoa.screen)")
    }

    @Test func theKeyAnswersTheCommentThatIsRead() throws {
        let story = try Story()
        try story.advance(to: .revision)
        let lan = story.lan.open(2)
        try lan.goTo("II.2").press(Key(.tab), .character("w"))
        #expect(lan.shows("Tiếp thu, giải trình ý kiến C3"), "\(lan.screen)")
    }

    // MARK: Lists

    @Test func whatIsSelectedStaysSelectedWhenATaskComes() throws {
        let office = try Office()
        let bich = Desk("bich", at: office)
        bich.press(Key(.end), Key(.up))
        let selected = bich.selectedLine
        #expect(selected.contains("2025-"))
        let story = try Story(office: office)
        #expect(bich.listen().model.library.tasks.count == 2, "an opinion, and to pass it on")
        #expect(bich.selectedLine.prefix(10) == selected.prefix(10), "\(bich.screen)")
        #expect(story.bich.selectedLine.contains("cho ý kiến"), "whoever chose nothing stands at the top")
    }

    @Test func aPostponedTopicIsNotLate() throws {
        let office = try Office()
        let bich = Desk("bich", at: office)
        let late = try #require(bich.lines.first { $0.contains("2025-1") })
        #expect(late.contains("quá hạn"), "\(bich.screen)")
        bich.press(Key(.end)).command("tam hoan").type("Chờ hướng dẫn.").press(.control("s"))
        let topic = try #require(bich.model.library.topics.first { $0.row["postponed"] == "yes" })
        let line = try #require(bich.press(Key(.escape)).lines.first { $0.contains(topic.id) && $0.contains("[") })
        #expect(line.contains("[tạm hoãn, đã giao]") && !line.contains("quá hạn"), "\(line)")
    }

    @Test func aNameIsFoundByItsLetters() throws {
        let story = try Story()
        try story.advance(to: .review)
        let hoa = story.hoa.open(2).command("phan cong")
        hoa.type("minh")
        #expect(hoa.shows("Trần Văn Minh") && !hoa.shows("Hoàng Văn Sơn"), "\(hoa.screen)")
        hoa.type(" khong co ai")
        #expect(hoa.shows("Không có mục nào như vậy."))
        #expect(hoa.press(Key(.enter)).shows("Không có mục nào như vậy."), "Enter chooses nothing")
    }

    @Test func theLogShowsItsEnd() throws {
        let story = try Story()
        try story.advance(to: .leadership)
        for number in 1...30 {
            try story.say("COMMENT 2025-2@1 kind=content level=note <\nÝ kiến số \(number).", by: "bich")
        }
        let bich = story.bich.listen()
        #expect(bich.press(.character("h")).shows("C30"), "\(bich.screen)")
        #expect(bich.press(Key(.escape)).open(2).press(.character("h")).shows("C30"), "\(bich.screen)")
    }

    @Test func aLongRefusalIsReadWhole() throws {
        let story = try Story()
        let hoa = story.hoa
        try story.advance(to: .leadership)
        hoa.listen().open(2)
        let sentence = "Một câu dài hơn một dòng của cửa sổ, để xem có đọc được đến chữ cuối cùng của nó hay không nào."
        var model = hoa.model
        model.tell(.trouble, sentence)
        let words = model.frame().grid
        let screen = (0..<words.size.rows).map { words.text(row: $0) }.joined(separator: " ")
            .split(separator: " ").joined(separator: " ")
        #expect(screen.contains("hay không nào."), "\(screen)")
    }
}

extension Desk {
    fileprivate var lines: [String] { screen.split(separator: "\n").map(String.init) }

    /// The line that is shown reversed, the title's bar aside.
    fileprivate var selectedLine: String {
        let grid = model.frame().grid
        let row = (1..<grid.size.rows).first { row in
            (0..<grid.size.columns).contains { grid[row, $0].attributes.isReversed }
        }
        return row.map { String(grid.text(row: $0).drop { $0 == " " }) } ?? ""
    }
}
