import Terminal
import Testing

@testable import ReviewTUI

/// What people do at the full-screen client, key by key, against the real engine in memory.
@Suite struct StoryTests {
    private func atLeadership() throws -> (Office, Story) {
        let story = try Story()
        return (story.office, story)
    }

    @Test func theHomePageShowsWhatWaitsTheTopicsAndTheYear() throws {
        let (_, story) = try atLeadership()
        let screen = story.bich.listen().screen
        #expect(screen.contains("Chờ tôi xử lý"))
        #expect(screen.contains("2025-2"))
        #expect(screen.contains("Kế hoạch năm 2025"))
        #expect(screen.contains("Hoàng Thị Bích"))
    }

    @Test func aLeaderCommentsOnAParagraph() throws {
        let (_, story) = try atLeadership()
        let bich = story.bich.listen().open(2)
        try bich.goTo("I/1").press(.character("c"))
        bich.type("Báo cáo năm ghi 75 vụ việc.").press(.control("s"))
        #expect(bich.shows("Đã ghi ý kiến C1"))
        #expect(bich.shows("Báo cáo năm ghi 75 vụ việc."))
        #expect(bich.drafts.isEmpty && bich.unsent.isEmpty)
    }

    /// Nobody is led to write what can only be refused.
    @Test func aFinishedTopicIsOnlyRead() throws {
        let (_, story) = try atLeadership()
        let bich = story.bich.listen().open(2)
        try bich.goTo("I/1")
        #expect(bich.shows("Phím c: góp ý") && bich.shows("c góp ý"))
        try story.say("CANCEL 2025-2 <\nĐiều chỉnh kế hoạch.", by: "bich")
        bich.listen()
        #expect(bich.shows("đã hủy"))
        #expect(!bich.shows("Phím c: góp ý") && !bich.shows("c góp ý"), "neither the pane nor the foot")
        bich.press(.character("c"))
        #expect(bich.shows("chỉ đọc, không góp ý thêm"))
        #expect(bich.shows("57 vụ việc"), "still the text, not a page to write on")
    }

    @Test func whatIsBeingWrittenSurvivesLeavingThePage() throws {
        let (office, story) = try atLeadership()
        let bich = story.bich.listen().open(2)
        try bich.goTo("I/1").press(.character("c"))
        bich.type("Chưa viết xong").press(Key(.escape))
        #expect(bich.drafts.values.contains("Chưa viết xong"))
        let later = Desk("bich", at: office, run: 2, after: bich).open(2)
        try later.goTo("I/1").press(.character("c"))
        #expect(later.shows("Chưa viết xong"))
    }

    @Test func withoutANetworkTheTextIsReadAndWritesWait() throws {
        let (office, story) = try atLeadership()
        let bich = story.bich.listen().open(2)
        bich.cut(true)
        try bich.goTo("I/1").press(.character("c"))
        bich.type("Viết khi mất mạng.").press(.control("s"))
        #expect(bich.unsent.count == 1)
        // The client is left, and opened again without a network.
        let later = Desk("bich", at: office, run: 2, after: bich, startsCut: true)
        #expect(later.open(2).shows("57 vụ việc"))
        later.cut(false)
        #expect(later.unsent.isEmpty)
        #expect(later.shows("Viết khi mất mạng.") || later.shows("C1"))
    }

    @Test(arguments: [true, false]) func aVoteThatWaitedIsHeldWhenTheTextChangedMeanwhile(sends: Bool) throws {
        let (_, story) = try atLeadership()
        let bich = story.bich.listen().open(2)
        bich.cut(true)
        bich.command("cho y kien").press(Key(.down), Key(.enter)).press(.control("s"))
        #expect(bich.unsent.count == 1)
        try story.push(Story.draft + "\n\nThêm một câu.", onto: 1)
        bich.cut(false)
        #expect(bich.shows("Xin xác nhận lại"))
        #expect(bich.shows("đã có bản 2"))
        #expect(bich.unsent.count == 1)
        bich.press(.control(sends ? "s" : "x"))
        #expect(bich.unsent.isEmpty)
        #expect(bich.shows("Đã bỏ, không gửi.") != sends)
    }

    @Test func aVoteThatWaitedGoesOutWhenNothingChanged() throws {
        let (_, story) = try atLeadership()
        let bich = story.bich.listen().open(2)
        bich.cut(true)
        bich.command("cho y kien").press(Key(.down), Key(.enter)).press(.control("s"))
        bich.cut(false)
        #expect(bich.unsent.isEmpty)
        #expect(bich.shows("Đã ghi ý kiến lãnh đạo"))
    }

    @Test func nothingThatIsNewMovesWhatIsRead() throws {
        let (_, story) = try atLeadership()
        let bich = story.bich.listen().open(2)
        try bich.goTo("II.1/1")
        let before = bich.screen
        try story.push(Story.draft + "\n\nThêm một câu.", onto: 1)
        let line = { (screen: String) in screen.split(separator: "\n").first { $0.contains("khiếu nại") } }
        #expect(line(bich.screen) == line(before))
        #expect(bich.shows("đã có bản 2"))
        bich.press(.character("b"))
        #expect(bich.shows("Thêm một câu.") || bich.press(Key(.end)).shows("Thêm một câu."))
    }

    @Test func theKeyTableHasNoKeyTwice() {
        for place in Place.allCases {
            var seen: Set<Key> = []
            for binding in KeyTable.bindings(in: place) {
                for key in binding.keys { #expect(seen.insert(key).inserted, "\(place) \(binding.label)") }
            }
        }
    }

    @Test func everySizeOfWindowCanBeDrawn() throws {
        let (_, story) = try atLeadership()
        let bich = story.bich.listen().open(2)
        for columns in [1, 20, 40, 79, 80, 100, 120, 300] {
            for rows in [1, 5, 8, 24, 40, 100] {
                bich.resize(columns, rows)
                #expect(!bich.screen.isEmpty)
                bich.press(.character("c")).press(Key(.escape), .character("?"), Key(.escape))
            }
        }
    }
}
