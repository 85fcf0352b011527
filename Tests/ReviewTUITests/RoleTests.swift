import Terminal
import Testing

@testable import ReviewTUI

/// Each role's whole part in a topic, key by key, against the real engine in memory.
@Suite struct RoleTests {
    @Test func theAuthorSettlesWhatTheReviewersSaid() throws {
        let story = try Story()
        try story.advance(to: .revision)
        let lan = story.lan
        // The first task leads to its comment.
        lan.press(Key(.home), Key(.enter))
        #expect(lan.shows("C1 bắt buộc"))
        lan.press(.character("D"))
        #expect(lan.shows("thực hiện 75 vụ việc") && !lan.shows("{+") && !lan.shows("@@"), "\(lan.screen)")
        #expect(lan.looks.contains("gg") && lan.looks.contains("rr"), "\(lan.looks)")
        lan.press(Key(.escape), .character("s"), Key(.tab, .shift)).type("1").press(.control("s"))
        #expect(lan.shows("Ý kiến C1: tiếp thu"))
        try lan.goTo("II.2").press(.character("s"), Key(.tab, .shift)).type("3").press(.control("s"))
        #expect(lan.shows("phải giải trình"))
        lan.type("Đã thay bằng nội dung khác.").press(.control("s"))
        #expect(lan.shows("Ý kiến C3: không tiếp thu"))
    }

    @Test func theReviewerAgreesOrMaintains() throws {
        let story = try Story()
        try story.advance(to: .revision)
        try story.act("lan", "SETTLE C1 as=accepted in=@2", "SETTLE C3 as=declined <\nKhông cần.")
        let minh = story.minh.open(2).press(.character("b"))
        try minh.goTo("I/1").press(.character("y"))
        #expect(minh.shows("Đã đồng ý với việc tiếp thu, giải trình C1"))
        try minh.goTo("II.2").press(.character("m")).type("Vẫn cần.").press(.control("s"))
        #expect(minh.shows("giữ ý kiến") && minh.unsent.isEmpty)
    }

    @Test func theSecretaryKeysInRemarksForWhoeverSpoke() throws {
        let story = try Story()
        try story.advance(to: .plenary)
        let lan = story.lan.open(2)
        try lan.goTo("I/1").press(.character("c")).type("Cần nêu thêm kinh phí.")
        // Whom it is keyed in for: the third field, by its arrows.
        lan.press(Key(.tab, .shift), Key(.right), Key(.right)).press(.control("s"))
        #expect(lan.shows("Đã ghi ý kiến C5"))
        #expect(lan.press(Key(.tab), Key(.down)).shows("chưa xác nhận"), "\(lan.screen)")
        // Nobody takes it for the secretary's own word: who spoke is named in the text, at the wall, and to whoever approves.
        let speaker = "Hoàng Thị Bích (Nguyễn Thị Lan ghi)"
        let remark = try #require(lan.model.library.comment("C5", of: "2025-2"))
        #expect(lan.model.title(of: remark).hasSuffix("— \(speaker)"))
        #expect(lan.resize(80, 40).shows(speaker), "\(lan.screen)")
        lan.press(.character("M"), .character("a"))
        for _ in 0..<8 where !lan.shows("— \(speaker)") { lan.press(Key(.down)) }
        #expect(lan.shows("— \(speaker)"), "\(lan.screen)")
    }

    @Test func theSecretaryTakesTheRollAndTheChairConcludes() throws {
        let story = try Story()
        try story.advance(to: .revision)
        try story.act(
            "lan", "SETTLE C1 as=accepted in=@2", "SETTLE C2 as=accepted in=@2", "SETTLE C3 as=noted",
            "SETTLE C4 as=noted")
        try story.act("son", "SUBMIT 2025-2")
        try story.act(
            "bich", "PLENARY 2025-2 OPEN at=2025-06-25T08:00 place=\"Phòng họp\" chair=bich secretary=lan")
        let lan = story.lan.open(2).press(.character("M"), .character("R"))
        #expect(lan.shows("Điểm danh"))
        lan.press(Key(.enter))
        #expect(lan.shows("Chưa điểm danh ai"))
        lan.press(.character("*"), Key(.down), .character("v"), Key(.enter))
        #expect(lan.shows("Đã điểm danh: 7 có mặt, 1 vắng"), "\(lan.screen)")
        let bich = story.bich.open(2).command("ket thuc")
        bich.type("Thống nhất nội dung; hoàn thiện trước ngày 28/6.").press(.control("s"))
        #expect(bich.shows("Việc này không rút lại được."), "\(bich.screen)")
        bich.confirm()
        #expect(bich.shows("Đã kết luận buổi sinh hoạt"), "\(bich.screen)")
        // Which minutes they are is known; they are shown before they are confirmed.
        bich.press(.character("w"))
        #expect(bich.shows("Chạy thử") && !bich.shows("CHUYÊN-ĐỀ"), "\(bich.screen)")
        bich.confirm()
        #expect(bich.shows("Đã xác nhận biên bản"), "\(bich.screen)")
    }

    @Test func theHeadVouchesAndTheDirectorApprovesExactlyWhatWasRead() throws {
        let story = try Story()
        try story.advance(to: .approval)
        let bich = story.bich
        // The task of approving opens the page.
        bich.press(Key(.home), Key(.enter))
        #expect(bich.shows("Phê duyệt 2025-2@2"))
        bich.press(Key(.end)).type("0000").press(Key(.enter))
        #expect(bich.shows("chưa xem"))
        bich.press(Key(.up), Key(.enter), Key(.end))
        #expect(bich.shows("Nguyên nhân hồ sơ chậm vẫn cần được nêu."))
        bich.press(Key(.enter))
        #expect(bich.shows("Gõ đúng bốn ký tự đầu"))
        let line = try #require(bich.screen.split(separator: "\n").first { $0.hasPrefix("   ") && $0.count == 42 })
        for _ in 0..<4 { bich.press(Key(.backspace)) }
        bich.type(String(line.drop { $0 == " " }.prefix(4))).press(Key(.enter))
        #expect(bich.shows("Đã phê duyệt"))
        #expect(story.lan.listen().open(2).shows("đã phê duyệt"))
    }

    @Test func theDirectorWhoReadAnEarlierRevisionIsShownWhatChangedSince() throws {
        let story = try Story()
        try story.advance(to: .review)
        let bich = story.bich.open(2)
        #expect(bich.shows("bản 1"))
        try story.act("minh", "ASSESS 2025-2@1 verdict=pass <\nĐạt.")
        try story.act("hoa", "ENDORSE P1")
        try story.push(Story.secondDraft, onto: 1)
        bich.open(2).press(.character("A"))
        #expect(bich.shows("Thay đổi từ bản 1 bạn đã xem"))
    }

    @Test func whoOpensATextForTheFirstTimeIsNotToldThatTheyHadSeenIt() throws {
        let story = try Story()
        try story.advance(to: .approval)
        let bich = story.bich.open(2).press(.character("A"))
        #expect(bich.shows("Bạn chưa xem bản nào trước bản này"))
    }

    @Test func anyTwoRevisionsAreCompared() throws {
        let story = try Story()
        try story.advance(to: .revision)
        try story.push(Story.secondDraft.replacing("75 vụ việc", with: "76 vụ việc"), onto: 2)
        let lan = story.lan.open(2).press(.character("b"), .character("d"))
        #expect(lan.shows("bản 2 → bản 3"))
        lan.press(.character("["))
        #expect(lan.shows("bản 1 → bản 3") && lan.shows("5776"))
        lan.press(.character("["))
        #expect(lan.shows("từ bản 1 đến bản 3"))
        lan.press(.character("{"))
        #expect(lan.shows("bản 1 → bản 2") && lan.shows("5775"))
    }

    @Test func revisionNumbersAtTheEndOfTheirRangeAreRefusedAsAnyOther() throws {
        var model = try Story().lan.open(2).model
        model.open(.comparison(ComparisonPage(topic: "2025-2", from: 1, to: .max)))
        for key in ["[", "]", "{", "}"] as [Character] { _ = model.update(.keys([.character(key)])) }
        #expect(model.page.place == .comparison)
    }

    @Test func whoOnlyReadsFindsTheParagraphThatASearchFound() throws {
        let story = try Story()
        try story.advance(to: .review)
        let hoa = story.hoa
        hoa.press(.character("/")).type("boi duong ky nang moi quy").press(Key(.enter))
        #expect(hoa.shows("Tìm: boi duong ky nang moi quy (1)"))
        hoa.press(Key(.enter))
        let line = hoa.screen.split(separator: "\n").first { $0.contains("mỗi quý") }
        #expect(line?.hasPrefix("▌") == true, "\(hoa.screen)")
        hoa.press(Key(.escape)).press(Key(.escape)).press(.character("/")).type("không có đâu").press(Key(.enter))
        #expect(hoa.shows("Không tìm thấy"))
    }

    @Test func aTextWrittenWithoutANetworkLeavesItsPageAndIsNotLost() throws {
        let story = try Story()
        try story.advance(to: .review)
        let minh = story.minh.open(2)
        minh.cut(true)
        try minh.goTo("I/1").press(.character("c")).type("Ngoại tuyến.").press(.control("s"))
        #expect(minh.shows("đã giữ lại trên máy"))
        #expect(minh.shows("57 vụ việc") && minh.unsent.count == 1)
        // Another one on the same paragraph is another text.
        minh.press(.character("c"))
        #expect(!minh.shows("Ngoại tuyến."))
        minh.type("Thêm nữa.").press(.control("s"))
        minh.cut(false)
        #expect(minh.unsent.isEmpty && minh.drafts.isEmpty)
        #expect(try minh.goTo("I/1").shows("Ngoại tuyến.") || minh.press(Key(.tab), Key(.down)).shows("Ngoại tuyến."))
    }

    @Test func aTextThatIsRefusedAfterTheNetworkCameBackIsStillADraft() throws {
        let story = try Story()
        try story.advance(to: .review)
        let minh = story.minh.open(2)
        minh.cut(true)
        try minh.goTo("I/1").press(.character("c")).type("Quá muộn.").press(.control("s"))
        try story.act("bich", "CANCEL 2025-2 <\nKhông làm nữa.")
        minh.cut(false)
        #expect(minh.unsent.isEmpty)
        #expect(minh.drafts.values.contains("Quá muộn."))
    }

    @Test func wordsTypedWhileAListIsChosenFromGoIntoTheText() throws {
        let story = try Story()
        try story.advance(to: .review)
        let minh = story.minh.open(2)
        try minh.goTo("I/1").press(.character("c"), Key(.tab), Key(.tab)).type("2Báo cáo năm 2024")
        #expect(minh.shows("[pháp lý]") && minh.shows("  Báo cáo năm 2024"))
    }

    @Test func quittingKeepsEveryTextAndEveryWrite() throws {
        let story = try Story()
        try story.advance(to: .review)
        let minh = story.minh.open(2)
        try minh.goTo("I/1").press(.character("c")).type("Nháp một").press(Key(.escape))
        try minh.goTo("II.1/1").press(.character("c")).type("Nháp hai")
        minh.press(.control("c"))
        #expect(minh.shows("Thoát phanbien?") && minh.shows("2 bản nháp"))
        minh.press(.character("c"))
        #expect(minh.hasQuit)
        #expect(Set(minh.drafts.values) == ["Nháp một", "Nháp hai"])
    }
}
