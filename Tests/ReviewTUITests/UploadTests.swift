import PhanbienCommands
import ReviewProtocol
import Terminal
import Testing

@testable import ReviewTUI

extension Desk {
    /// A folder with a new version of the draft, an older file, a folder, and that folder's content.
    @discardableResult
    func keepDrafts() -> Desk {
        let day = CalendarDay("2025-06-15") ?? CalendarDay(number: 0)
        func file(_ name: String, _ octets: Int) -> FolderListing.Entry {
            FolderListing.Entry(name: name, isFolder: false, octets: octets, day: day)
        }
        let folder = FolderListing.Entry(name: "Quý I", isFolder: true, octets: 4_096, day: day)
        let home = Visit.folder(
            FolderListing(
                path: "/home/lan/Tài liệu",
                entries: [file("chuyên đề 2 – sửa.md", 1_204), file("ghi-chép.txt", 12_288), folder]))
        disk[""] = home
        disk["/home/lan/Tài liệu"] = home
        disk["/home/lan/Tài liệu/Quý I"] = .folder(
            FolderListing(path: "/home/lan/Tài liệu/Quý I", entries: [file("cũ.md", 9)]))
        let draft = Visit.document(
            path: "/home/lan/Tài liệu/chuyên đề 2 – sửa.md", octets: Array(Story.secondDraft.utf8))
        disk["/home/lan/Tài liệu/chuyên đề 2 – sửa.md"] = draft
        disk["~/sửa.md"] = draft
        return self
    }
}

extension Story {
    /// The review is over, and the author has accepted a comment that the next revision will carry.
    func settleBeforeTheRevision() throws {
        try endTheReview()
        try act("lan", "SETTLE C1 as=accepted")
    }
}

/// A new revision from a file, without leaving the window.
@Suite struct UploadTests {
    /// On a village's line it takes minutes, and nothing else of the window is answered meanwhile.
    @Test func howFarALargeRequestIsStandsAtTheFoot() throws {
        let story = try Story()
        let lan = story.lan
        #expect(lan.shows(lan.model.server) && !lan.shows("đang gửi"))
        lan.transfer(.sending(gone: 340_000, whole: 1_400_000))
        #expect(lan.shows("đang gửi 1367 KB: 24%") && !lan.shows(lan.model.server), "\(lan.screen)")
        lan.cut(true)
        #expect(lan.shows("mất kết nối") && !lan.shows("đang gửi"), "\(lan.screen)")
        lan.cut(false)
        lan.transfer(nil)
        #expect(lan.shows(lan.model.server) && !lan.shows("đang gửi"), "\(lan.screen)")
    }

    @Test func theCheckUnderWayIsNoNewsBesideItsQuestion() throws {
        let story = try Story()
        try story.advance(to: .review)
        try story.settleBeforeTheRevision()
        let lan = story.lan.keepDrafts().open(2).press(.character("U"), Key(.enter), Key(.enter), Key(.enter))
        #expect(lan.shows("chuyên đề 2 – sửa.md → 2025-2@2") && !lan.shows("Đang kiểm tra"), "\(lan.screen)")
    }

    @Test func theAuthorSendsANewRevisionFromAFile() throws {
        let story = try Story()
        try story.advance(to: .review)
        try story.settleBeforeTheRevision()
        let lan = story.lan.keepDrafts().open(2).press(.character("U"))
        #expect(lan.shows("/home/lan/Tài liệu") && lan.shows("chuyên đề 2 – sửa.md") && lan.shows("15/6/2025"))
        lan.press(Key(.enter))
        // What was accepted and is in no revision yet is marked; what is still open is not.
        #expect(lan.shows("[x] C1") && lan.shows("[ ] C2"), "\(lan.screen)")
        lan.press(Key(.enter))
        #expect(lan.shows("Bản này sửa gì?"))
        lan.type("Sửa số liệu").press(Key(.enter))
        #expect(lan.shows("chuyên đề 2 – sửa.md → 2025-2@2") && lan.shows("Sửa theo ý kiến: C1"), "\(lan.screen)")
        #expect(lan.shows("Khác bản trước"), "\(lan.screen)")
        #expect(!story.minh.open(2).press(.character("b")).shows("bản 2"), "nothing was sent so far")
        lan.confirm()
        #expect(lan.unsent.isEmpty && lan.model.overlay == nil)
        story.listen()
        #expect(story.minh.press(.character("b")).shows("bản 2"))
        #expect(lan.press(.character("b")).shows("bản 2") && lan.shows("75 vụ việc"), "\(lan.screen)")
        #expect(lan.press(.character("h")).shows("gửi bản dự thảo"), "\(lan.screen)")
    }

    @Test func whatWasMadeOfAWordFileIsSaidBeforeItIsSent() throws {
        let story = try Story()
        let lan = story.lan.keepDrafts()
        lan.disk["/home/lan/Tài liệu/chuyên đề 2 – sửa.md"] = .document(
            path: "/home/lan/Tài liệu/bài.docx", octets: Array(Story.secondDraft.utf8),
            note: Bilingual("Đọc từ tệp Word: 2 đề mục; bỏ lại 1 hình.", "Read from a Word file."))
        lan.open(3).press(.character("U"), Key(.enter))
        #expect(
            lan.shows("bài.docx → 2025-3@1") && lan.shows("2 đề mục; bỏ lại") && lan.shows("Đề mục:"), "\(lan.screen)")
    }

    @Test func theSameFileAgainIsPointedOut() throws {
        let story = try Story()
        try story.advance(to: .revision)
        let lan = story.lan.keepDrafts().open(2).press(.character("U"), Key(.enter), Key(.enter), Key(.enter))
        #expect(lan.shows("GIỐNG HỆT"), "\(lan.screen)")
        lan.press(Key(.escape))
        #expect(lan.shows("không thay đổi gì") && lan.unsent.isEmpty)
    }

    @Test func theFirstRevisionAsksForNothingButTheFile() throws {
        let story = try Story()
        let lan = story.lan.keepDrafts()
        // A topic without a draft: no comments, and no word on what was changed.
        lan.open(3).press(.character("U"), Key(.enter))
        #expect(lan.shows("2025-3@1"), "\(lan.screen)")
        lan.confirm()
        #expect(lan.unsent.isEmpty)
        #expect(lan.model.library.topic("2025-3")?.revision == 1, "\(lan.screen)")
    }

    @Test func foldersAreGoneThroughAndNamesAreTypedWithoutDau() throws {
        let story = try Story()
        try story.advance(to: .revision)
        let lan = story.lan.keepDrafts().open(2).press(.character("U"))
        lan.press(Key(.pageDown), Key(.enter))
        #expect(lan.shows("/home/lan/Tài liệu/Quý I") && lan.shows("cũ.md"))
        lan.press(Key(.left))
        #expect(lan.shows("ghi-chép.txt"))
        lan.type("ghi chep")
        #expect(!lan.shows("Quý I/"), "a space is no hyphen")
        lan.press(.control("u")).type("chuyen de")
        #expect(lan.shows("sửa.md") && !lan.shows("ghi-chép"))
        lan.press(.control("u")).type("~/khong-co.md").press(Key(.enter))
        #expect(lan.shows("Không đọc được ~/khong-co.md"))
        lan.press(.control("u")).type("~/sửa.md").press(Key(.enter))
        #expect(lan.shows("[ ] C1"))
        lan.press(Key(.escape))
        #expect(lan.model.overlay == nil)
    }

    @Test func aRefusalLeavesEverythingAsItWas() throws {
        let story = try Story()
        try story.advance(to: .review)
        let minh = story.minh.keepDrafts().open(2).press(.character("U"), Key(.enter), Key(.enter), Key(.enter))
        #expect(minh.model.overlay == nil)
        #expect(minh.unsent.isEmpty && minh.shows("bản 1"))
        #expect(minh.model.notice?.kind == .trouble, "\(minh.screen)")
    }

    /// Line ends of another system are no difference.
    @Test func aFileFromAnotherSystemIsComparedAsTheServerWillKeepIt() throws {
        let story = try Story()
        try story.advance(to: .revision)
        let lan = story.lan.keepDrafts()
        let text = Story.secondDraft.replacing("\n", with: "\r\n")
        lan.disk["~/sửa.md"] = .document(path: "/home/lan/sửa.md", octets: Array(text.utf8))
        lan.open(2).press(.character("U")).type("~/sửa.md").press(Key(.enter), Key(.enter), Key(.enter))
        #expect(lan.shows("GIỐNG HỆT"), "\(lan.screen)")
    }

    /// Which comments it deals with is asked, or the file is not taken: a list that has not come is not an empty one.
    @Test func withoutTheCommentsNoFileIsTaken() throws {
        let story = try Story()
        try story.advance(to: .revision)
        let lan = story.lan.keepDrafts()
        while lan.model.pages.count > 1 { lan.press(Key(.escape)) }
        let again = Desk("lan", at: story.office, run: 2).keepDrafts()
        let place = again.model.library.tasks.count + 1
        again.press(Key(.home))
        for _ in 0..<place { again.press(Key(.down)) }
        again.cut(true)
        again.press(.character("U"), Key(.enter))
        #expect(again.shows("Đang đọc ý kiến"), "\(again.screen)")
        again.cut(false)
        again.press(Key(.enter))
        #expect(again.shows("[ ] C1"), "\(again.screen)")
    }

    @Test func theTaskLeadsToTheFile() throws {
        let story = try Story()
        let son = story.son.keepDrafts().press(Key(.escape))
        let place = try #require(son.model.library.tasks.firstIndex { $0.act == "push" }, "\(son.screen)")
        #expect(son.shows("phân công người soạn thảo"), "the role is in words: \(son.screen)")
        son.press(Key(.home))
        for _ in 0..<place { son.press(Key(.down)) }
        #expect(son.press(Key(.enter)).shows("chọn tệp"), "\(son.screen)")
    }

    /// Also by the name of the command, and line by line.
    @Test func thePaletteAndThePlainViewKnowItToo() throws {
        let story = try Story()
        try story.advance(to: .revision)
        let lan = story.lan.keepDrafts().open(2).command("gui-ban")
        #expect(lan.shows("chọn tệp"))
        let keys = PlainView.keys("~/sửa.md", lan.model)
        for key in keys { lan.press(key) }
        #expect(lan.shows("[ ] C1"))
        for key in PlainView.keys(".", lan.model) { lan.press(key) }
        #expect(lan.shows("Bản này sửa gì?"))
    }
}
