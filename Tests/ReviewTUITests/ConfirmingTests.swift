import ReviewProtocol
import Terminal
import Testing

@testable import ReviewTUI

/// Before something that nobody can take back.
@Suite struct ConfirmingTests {
    @Test func aTopicIsNotCancelledWithoutBeingNamedAndConfirmed() throws {
        let story = try Story()
        try story.advance(to: .review)
        let bich = story.bich.open(2).command("huy").type("Điều chỉnh kế hoạch.")
        #expect(bich.shows("│ 2025-2  Kỹ năng tham gia tố tụng") && bich.shows("Bước hiện nay: phản biện"))
        bich.press(.control("s"))
        #expect(bich.shows("Việc này không rút lại được.") && bich.shows("c hoặc y: thực hiện"), "\(bich.screen)")
        #expect(bich.unsent.isEmpty)
        bich.press(Key(.escape))
        #expect(bich.shows("Đã thôi, không thay đổi gì.") && bich.shows("Điều chỉnh kế hoạch."), "\(bich.screen)")
        bich.type(" Thêm.").press(.control("s")).confirm()
        #expect(bich.shows("đã hủy"), "\(bich.screen)")
        #expect(bich.drafts.isEmpty && bich.unsent.isEmpty)
    }

    @Test func whatIsRefusedStaysOnItsPage() throws {
        let story = try Story()
        try story.advance(to: .review)
        let minh = story.minh.open(2).command("huy").type("Thôi.").press(.control("s"))
        #expect(minh.shows("Chỉ Giám đốc") && minh.shows("  Thôi."), "\(minh.screen)")
        #expect(minh.type(" Hẳn.").shows("Thôi. Hẳn."), "it can be written on: \(minh.screen)")
    }

    @Test func withoutANetworkItIsNotEvenAsked() throws {
        let story = try Story()
        try story.advance(to: .review)
        let bich = story.bich.open(2).command("huy").type("Thôi.")
        bich.cut(true)
        bich.press(.control("s"))
        #expect(bich.shows("Mất kết nối: việc không rút lại được") && bich.unsent.isEmpty, "\(bich.screen)")
        #expect(bich.drafts.values.contains("Thôi."))
    }

    /// Whoever opens a plenary cannot take that back, nor correct its chair.
    @Test func aPlenaryIsNotOpenedBeforeItsSummaryIsConfirmed() throws {
        let story = try Story()
        try story.advance(to: .revision)
        try story.act(
            "lan", "SETTLE C1 as=accepted in=@2", "SETTLE C2 as=accepted in=@2", "SETTLE C3 as=noted",
            "SETTLE C4 as=noted")
        try story.act("son", "SUBMIT 2025-2")
        let bich = story.bich.open(2)
        bich.command("sinh hoat mo", "14:00 25/6/2025", "Phòng họp tầng 2", "bich", "lan")
        let words = bich.screen.split { " │\n".contains($0) }.joined(separator: " ")
        for part in [
            "chủ trì: Hoàng Thị Bích", "thư ký: Nguyễn Thị Lan", "14:00 25/6/2025", "địa điểm: Phòng họp tầng 2",
        ] {
            #expect(words.contains(part), "\(part): \(bich.screen)")
        }
        #expect(bich.unsent.isEmpty && bich.press(Key(.escape)).shows("không thay đổi gì"), "\(bich.screen)")
        // The key for what waits asks as well.
        bich.press(.character("w"))
        for value in ["14:00 25/6/2025", "Phòng họp tầng 2", "bich", "lan"] { bich.type(value).press(Key(.enter)) }
        #expect(bich.shows("thực hiện") && bich.confirm().shows("Đã mở"), "\(bich.screen)")
    }

    // MARK: The digest

    @Test func itsDigitsAreTakenWhereverOneStandsOnThePage() throws {
        let story = try Story()
        try story.advance(to: .approval)
        let bich = story.bich.open(2).press(.character("A")).type("0d4e")
        #expect(bich.shows("phê duyệt: 0d4e"), "\(bich.screen)")
        #expect(bich.type("d").shows("phê duyệt: 0d4e"), "a fifth one does not lead away: \(bich.screen)")
        for _ in 0..<4 { bich.press(Key(.backspace)) }
        bich.press(Key(.home), .character("d"))
        #expect(bich.shows("So sánh 2025-2"), "a first d compares: \(bich.screen)")
    }

    @Test func itIsSelectedAsSoonAsItIsSeen() throws {
        let story = try Story()
        try story.advance(to: .approval)
        let bich = story.bich.open(2).press(.character("A"))
        #expect(!bich.shows("Gõ bốn ký tự đầu"))
        bich.press(Key(.pageDown), Key(.pageDown))
        #expect(bich.shows("Gõ bốn ký tự đầu"), "\(bich.screen)")
        #expect(bich.type("d00d").shows("phê duyệt: d00d"), "\(bich.screen)")
        bich.press(Key(.pageUp), Key(.pageUp))
        #expect(bich.shows("Điều kiện"), "\(bich.screen)")
    }

    // MARK: What was maintained

    /// Nobody answers for words that never came: those of a comment that was opened while the network was away.
    @Test func aMaintainedCommentIsReadOnceItsWordsWereThere() throws {
        let story = try Story()
        try story.advance(to: .approval)
        let bich = story.bich.open(2).press(.character("A"), Key(.down))
        bich.cut(true)
        bich.press(Key(.enter), Key(.end), Key(.enter))
        #expect(bich.shows("C3 đã mở nhưng chưa đọc hết") && !bich.shows("✓ C3"), "\(bich.screen)")
        bich.press(Key(.up))
        bich.cut(false)
        #expect(bich.shows("✓ C3") && bich.shows("Nguyên nhân hồ sơ chậm vẫn cần được nêu."), "\(bich.screen)")
        #expect(bich.press(Key(.end), Key(.enter)).shows("Gõ đúng bốn ký tự đầu"), "\(bich.screen)")
    }

    @Test func aLongOneIsScrolledIntoViewAndReadToItsEnd() throws {
        let story = try Story()
        try story.advance(to: .plenary)
        let long = (1...60).map { "Dòng \($0) của ý kiến." }.joined(separator: "\n")
        try story.act("minh", "ANSWER C3 <<\n\(long)\n.")
        let bich = story.bich.open(2).press(.character("A"), Key(.down), Key(.enter))
        #expect(
            bich.shows("○ C3") && bich.shows("Nêu nguyên nhân hồ sơ chậm."), "it opens into the window: \(bich.screen)")
        #expect(bich.press(Key(.end), Key(.enter)).shows("chưa đọc hết"), "\(bich.screen)")
        bich.press(Key(.up))
        for _ in 0..<5 { bich.press(Key(.pageDown)) }
        #expect(bich.press(Key(.end), Key(.enter)).shows("Gõ đúng bốn ký tự đầu"), "\(bich.screen)")
    }

    /// Its lines are others then; those that were read in the narrow window are read once more.
    @Test func aLongOneIsReadToItsEndThoughTheWindowIsWidened() throws {
        let story = try Story()
        try story.advance(to: .plenary)
        let long = (1...30).map { "Dòng \($0) của ý kiến" + String(repeating: ", viết dài", count: 12) }
        try story.act("minh", "ANSWER C3 <<\n\(long.joined(separator: "\n"))\n.")
        let bich = story.bich.open(2).press(.character("A"), Key(.down), Key(.enter))
        bich.press(Key(.pageDown)).resize(200, 24)
        #expect(!bich.shows("✓ C3") && bich.press(Key(.end), Key(.enter)).shows("chưa đọc hết"), "\(bich.screen)")
        bich.press(Key(.home))
        for _ in 0..<10 { bich.press(Key(.pageDown)) }
        #expect(bich.press(Key(.end), Key(.enter)).shows("Gõ đúng bốn ký tự đầu"), "\(bich.screen)")
    }

    // MARK: The mouse

    private func mouse(_ act: Key.Mouse.Act) -> Key { Key(.mouse(Key.Mouse(act, row: 9, column: 30))) }

    @Test func ofTheMouseOnlyAClickAnswersAQuestion() throws {
        let story = try Story()
        try story.advance(to: .review)
        let bich = story.bich.open(2).command("huy").type("Thôi.").press(.control("s"))
        for act in [Key.Mouse.Act.wheelDown, .wheelUp, .drag, .release] {
            #expect(bich.press(mouse(act)).shows("c hoặc y: thực hiện"), "\(act): \(bich.screen)")
        }
        #expect(bich.press(mouse(.press)).shows("Đã thôi, không thay đổi gì."), "\(bich.screen)")
    }

    @Test func theWheelScrollsTheHelp() throws {
        let lan = try Story().lan.press(Key(.function(1)))
        let top = lan.screen
        lan.press(mouse(.wheelDown))
        #expect(lan.model.overlay != nil && lan.screen != top, "\(lan.screen)")
        #expect(lan.press(mouse(.wheelUp)).screen == top)
        #expect(lan.press(mouse(.press)).model.overlay == nil)
    }

    // MARK: The server's sentences

    @Test func theServersVerbsAreNotShown() throws {
        let story = try Story()
        try story.advance(to: .review)
        let minh = story.minh.open(2).press(.character("P"), Key(.tab, .shift), Key(.tab, .shift)).type("1")
        minh.press(.control("s"), .control("s"))
        let told = minh.model.notice?.text ?? ""
        #expect(told.contains("Đã nộp phiếu P1") && told.contains("bằng lệnh “xac-nhan-phieu” (phím :)"), "\(told)")
        #expect(!minh.shows("ENDORSE"))
        try story.act("bich", "POSTPONE 2025-2 <\nChờ hướng dẫn.")
        let hoa = story.hoa.open(2).command("xac-nhan-phieu").type("P1").press(Key(.enter))
        #expect(hoa.shows("lệnh “tiep-tuc”") && !hoa.shows("UNPOSTPONE"), "\(hoa.screen)")
    }
}
