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
        #expect(bich.shows("Việc này không rút lại được.") && bich.shows("c: thực hiện"), "\(bich.screen)")
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
