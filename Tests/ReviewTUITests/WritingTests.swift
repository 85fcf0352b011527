import ReviewProtocol
import Terminal
import Testing

@testable import ReviewTUI

/// What stands above a text while it is written, and what others do meanwhile.
@Suite struct WritingTests {
    private func settling() throws -> (Story, Desk) {
        let story = try Story()
        try story.advance(to: .revision)
        let lan = story.lan.open(2)
        try lan.goTo("I/1").press(.character("s"))
        return (story, lan)
    }

    @Test func whoSettlesWhatAColleagueHasJustSettledIsAsked() throws {
        let (story, lan) = try settling()
        lan.type("Theo báo cáo năm.")
        try story.act("son", "SETTLE C1 as=accepted in=@2")
        #expect(lan.shows("! Hoàng Văn Sơn giải trình ý kiến C1"), "\(lan.screen)")
        #expect(lan.shows("phòng chủ trì: tiếp thu"), "the title is as it is now: \(lan.screen)")
        lan.press(.control("s"))
        #expect(lan.shows("Ghi đè?") && lan.shows("Hoàng Văn Sơn giải trình"), "\(lan.screen)")
        lan.press(Key(.escape))
        #expect(lan.shows("Chưa gửi") && lan.shows("Theo báo cáo năm."), "\(lan.screen)")
        lan.press(.control("s")).confirm()
        #expect(lan.shows("Ý kiến C1: tiếp thu"), "\(lan.screen)")
        #expect(lan.drafts.isEmpty)
    }

    @Test func overwritingWithoutANetworkWaitsLikeAnyOtherText() throws {
        let (story, lan) = try settling()
        try story.act("son", "SETTLE C1 as=accepted in=@2")
        lan.cut(true)
        lan.press(.control("s")).confirm()
        #expect(lan.unsent.count == 1 && lan.shows("75 vụ việc"), "\(lan.screen)")
    }

    @Test func whatTouchesAnotherCommentIsNoMatter() throws {
        let (story, lan) = try settling()
        try story.act("son", "SETTLE C2 as=accepted in=@2")
        lan.press(.control("s"))
        #expect(lan.shows("Ý kiến C1: tiếp thu"), "\(lan.screen)")
    }

    @Test func theWholeThreadIsReadWhileItIsAnswered() throws {
        let story = try Story()
        try story.advance(to: .revision)
        let long = (1...12).map { "Dòng \($0) của ý kiến." }.joined(separator: "\n")
        try story.act("lan", "SETTLE C1 as=declined <<\n\(long)\n.", "ANSWER C1 <\nĐã hỏi Sở.")
        try story.act("minh", "MAINTAIN C1 <\nLý do giữ ý kiến.")
        let lan = story.lan.open(2)
        try lan.goTo("I/1").press(.character("s"))
        #expect(lan.shows("C1 bắt buộc") && lan.shows("… còn") && !lan.shows("Lý do giữ"), "\(lan.screen)")
        for _ in 0..<40 { lan.press(Key(.down, .alt)) }
        #expect(lan.shows("Lý do giữ ý kiến.") && !lan.shows("… còn"), "\(lan.screen)")
        // While the text is short the page keys do it, too; the text stays as it is.
        lan.type("Viết").press(Key(.pageUp), Key(.pageUp), Key(.pageUp), Key(.pageUp), Key(.pageUp))
        #expect(lan.shows("C1 bắt buộc") && lan.shows("  Viết"), "\(lan.screen)")
    }

    @Test func whatWasTakenBackCanBeMadeAgain() throws {
        let (_, lan) = try settling()
        lan.type("Một").press(.control("z"))
        #expect(lan.shows("Đã hoàn tác; Ctrl-Y làm lại.") && !lan.shows("  Một"), "\(lan.screen)")
        lan.press(.control("y"))
        #expect(lan.shows("  Một"), "\(lan.screen)")
    }

    @Test func goingThroughTheDispositionsChoosesNothing() throws {
        let (_, lan) = try settling()
        lan.press(Key(.tab, .shift), Key(.down)).type("x")
        #expect(lan.shows("[tiếp thu]") && lan.shows("  x"), "\(lan.screen)")
    }

    @Test func theHelpNamesTheKeysOfTheText() throws {
        let (_, lan) = try settling()
        lan.resize(80, 60).press(Key(.function(1)))
        for key in ["Ctrl-Z", "Ctrl-Y", "Ctrl-W", "Ctrl-K", "Alt-↑↓", "Ctrl-S"] { #expect(lan.shows(key), "\(key)") }
    }

    /// The ways on and out stand at the foot however narrow the window is.
    @Test func theFootKeepsWhatWritersNeed() throws {
        let story = try Story()
        try story.advance(to: .review)
        let minh = story.minh.open(2).press(.character("P"))
        for columns in [64, 80, 120] {
            minh.resize(columns, 24)
            for key in ["Ctrl-S gửi", "Tab ô sau", "F1 trợ giúp", "Esc quay lại"] {
                #expect(minh.shows(key), "\(columns): \(minh.screen)")
            }
        }
    }
}
