import PhanbienCommands
import ReviewClient
import ReviewCore
import ReviewProtocol
import Terminal
import Testing

@testable import ReviewTUI

/// Whether what stands on the screen is as it is now, and whether one is told where it is not.
@Suite struct ReadingTests {
    private func story(_ stage: Stage) throws -> Story {
        let story = try Story()
        try story.advance(to: stage)
        return story
    }

    /// The requirements stay as they were read, say that something happened, and are read anew where the person is.
    @Test func aPageThatIsOutdatedSaysSoAndIsReadAnew() throws {
        let story = try story(.approval)
        let bich = story.bich.open(2)
        bich.press(.character("t"))
        #expect(bich.shows("Điều kiện phê duyệt 2025-2") && !bich.shows("Có thay đổi"), "\(bich.screen)")
        bich.press(Key(.down))
        // What happens elsewhere is not about it.
        try story.act("hoa", "ASSIGN 2025-1 minh as=author")
        #expect(!bich.shows("Có thay đổi"), "\(bich.screen)")
        try story.act("tung", "OPINION 2025-2@2 as=object <\nChưa rõ nguồn số liệu.")
        #expect(bich.shows("Có thay đổi (Ctrl-L) · Điều kiện"), "\(bich.screen)")
        let count = bich.model.pages.count
        bich.press(.control("l"))
        #expect(!bich.shows("Có thay đổi") && bich.model.pages.count == count, "\(bich.screen)")
        #expect(bich.shows("Lương Thanh Tùng"), "\(bich.screen)")
    }

    /// The same of a topic's log, which goes to its newest lines.
    @Test func theLogIsReadAnewToo() throws {
        let story = try story(.review)
        let minh = story.minh.open(2).press(.character("h"))
        #expect(minh.shows("Nhật ký chuyên đề 2025-2"), "\(minh.screen)")
        minh.press(Key(.home))
        try story.act("minh", "COMMENT 2025-2@1 kind=content level=note <\nNội dung mới.")
        #expect(minh.shows("Có thay đổi") && !minh.shows("C5"), "\(minh.screen)")
        minh.press(.control("l"))
        #expect(minh.shows("C5") && !minh.shows("Có thay đổi"), "\(minh.screen)")
        #expect(minh.model.pages.count == 3)
    }

    @Test func whatIsFoundIsLookedForAgain() throws {
        let story = try story(.review)
        let minh = story.minh.open(2).press(.character("/")).type("cột mốc").press(Key(.enter))
        #expect(minh.shows("Tìm: cột mốc (0)"), "\(minh.screen)")
        try story.act("minh", "COMMENT 2025-2@1 kind=content level=note <\nThiếu cột mốc.")
        let count = minh.model.pages.count
        minh.press(.control("l"))
        #expect(minh.shows("Tìm: cột mốc (1)") && minh.shows("Thiếu cột mốc."), "\(minh.screen)")
        #expect(minh.model.pages.count == count)
    }

    /// An answer that comes when its page was left brings no page back.
    @Test func whatIsReadAnewComesUpNowhereElse() throws {
        let story = try story(.review)
        let minh = story.minh.open(2).press(.character("i"))
        #expect(minh.shows("Chuyên đề 2025-2"))
        minh.cut(true)
        minh.press(.control("l"), Key(.escape))
        minh.cut(false)
        #expect(minh.model.page.place == .topic, "\(minh.screen)")
    }

    /// A comment of a revision before the one that is read on has its place in that one, wherever it is in the newest.
    @Test func commentsHaveTheirPlacesInTheRevisionThatIsRead() throws {
        let story = try story(.review)
        try story.act("hoa", "ASSESS 2025-2@1 verdict=pass <\nĐạt.", "ENDORSE P1")
        try story.push(Story.secondDraft, onto: 1)
        let minh = story.minh.open(2)
        #expect(try minh.goTo("II.1/2").shows("C2 nên sửa"), "\(minh.screen)")
        try story.push(
            Story.secondDraft.replacing(
                "Viên chức được bồi dưỡng", with: "Trung tâm có mười viên chức.\n\nViên chức được bồi dưỡng"), onto: 2)
        #expect(minh.shows("đã có bản 3, phím b"), "\(minh.screen)")
        #expect(try minh.goTo("II.1/2").shows("C2 nên sửa"), "\(minh.screen)")
        // What happens to it is told there, too.
        try story.act("lan", "SETTLE C2 as=accepted in=@3")
        #expect(
            try minh.goTo("II.1/2").shows("C2 nên sửa · chính tả, câu chữ · phòng chủ trì: tiếp thu"), "\(minh.screen)")
        #expect(try minh.press(.character("b")).goTo("II.1/3").shows("C2 nên sửa"), "\(minh.screen)")
        // Of a revision that nobody looks at any more nothing is kept that events make outdated.
        #expect(!minh.model.library.formerComments.isEmpty)
        try story.act("lan", "SETTLE C2 as=noted <\nGhi nhận.")
        #expect(minh.model.library.formerComments.isEmpty)
    }

    /// A client with what it kept of a topic.
    private func model(_ kept: [String: String]) -> Model {
        Model(
            Model.Configuration(
                person: "minh", server: "localhost:7443", language: .vietnamese,
                size: TerminalSize(columns: 80, rows: 24), hasColour: true,
                today: CalendarDay("2025-06-16") ?? CalendarDay(number: 0), keySeed: "k",
                replies: kept.mapValues { Array(($0 + "\n").utf8) }))
    }

    private func topic(_ revision: Int) -> String {
        "- topic id=2025-1 stage=revision revision=\(revision) lead=nv review=hcth title=A\nOK topics=1"
    }

    private func asked(_ effects: [Effect], _ line: String) -> RequestIdentifier? {
        for case .send(let identifier, let request) in effects where request.described == line { return identifier }
        return nil
    }

    /// What the server refuses just now is not asked for with every key.
    @Test func placesThatAreRefusedAreAskedForOnce() throws {
        var model = model([
            "topics": topic(1), "topic-2025-1": topic(1), "comments-2025-1": "OK topic=2025-1 comments=0",
            "text-2025-1@1": "| # M\n|\n| Một đoạn.\nOK revision=2025-1@1 sha256=00",
        ])
        let list = try #require(asked(model.start(), "LIST"))
        _ = model.update(.keys([Key(.enter)]))
        let effects = model.update(.reply(list, try reply(topic(2))))
        let places = try #require(asked(effects, "COMMENTS 2025-1 at=@1"))
        #expect(asked(model.update(.keys([Key(.down)])), "COMMENTS 2025-1 at=@1") == nil)
        let refused = model.update(.reply(places, try reply("NO RATE retry=later after=1000 :Nhiều quá.")))
        #expect(asked(refused, "COMMENTS 2025-1 at=@1") == nil)
        #expect(asked(model.update(.keys([Key(.down)])), "COMMENTS 2025-1 at=@1") == nil)
    }

    /// That a text may not be read is said only where that is so.
    @Test func aTextThatDoesNotComeIsNotCalledForbidden() throws {
        var model = model(["topics": topic(1), "topic-2025-1": topic(1)])
        _ = model.start()
        func shows(_ words: String) -> Bool {
            let grid = model.frame().grid
            return (0..<grid.size.rows).contains { grid.text(row: $0).contains(words) }
        }
        let text = try #require(asked(model.update(.keys([Key(.enter)])), "SHOW 2025-1@1"))
        let busy = model.update(.reply(text, try reply("NO BUSY retry=later after=2000 :Đang bận.")))
        var later: RequestIdentifier?
        for case .sendLater(let identifier, let request, 2_000) in busy where request.described == "SHOW 2025-1@1" {
            later = identifier
        }
        #expect(shows("Đang đọc văn bản …") && !shows("chưa được xem"))
        #expect(asked(model.update(.keys([Key(.down)])), "SHOW 2025-1@1") == nil)
        _ = model.update(.givenUp(try #require(later), .connectionBreaks))
        #expect(shows("Kết nối đứt mỗi lần gửi yêu cầu này") && !shows("chưa được xem"))
        // Whoever reads anew asks for it again, and is told when it is not for them.
        let again = try #require(asked(model.update(.keys([.control("l")])), "SHOW 2025-1@1"))
        _ = model.update(.reply(again, try reply("NO FORBIDDEN retry=never :Chưa được đọc.")))
        #expect(shows("Ở bước này bạn chưa được xem văn bản."))
    }

    private func reply(_ lines: String) throws -> Reply {
        try #require(StoredReply.reply(Array((lines + "\n").utf8)))
    }

    /// The task's comment is shown on the page that is before the person, not on one far below it.
    @Test func ofTwoPagesOfATopicTheUpperOneIsMeant() throws {
        let story = try story(.revision)
        let minh = story.minh.open(2)
        let below = minh.model.pages.count - 1
        minh.press(.character("/")).type("hồ sơ").press(Key(.enter), Key(.enter))
        #expect(minh.model.pages.count == below + 3 && minh.model.page.place == .topic, "\(minh.screen)")
        guard case .topic(let page) = minh.model.page, page.block > 1 else {
            return #expect(Bool(false), "\(minh.screen)")
        }
        var model = minh.model
        model.withTopicPage("2025-2") { page, _ in page.pane = .text }
        guard case .topic(let same) = model.page else { return }
        #expect(same.block == page.block, "it is where it was")
    }

    /// That nothing waits is not said of yesterday.
    @Test func whatWasKeptDoesNotSayThatNothingWaits() throws {
        let office = try Story().office
        let again = Desk("minh", at: office, after: Desk("minh", at: office), startsCut: true)
        #expect(again.kept["tasks"] != nil)
        #expect(again.shows("Chưa đọc được: chưa kết nối được máy chủ."), "\(again.screen)")
        again.cut(false)
        #expect(again.shows("Không có việc nào đang chờ bạn.") && again.rings.isEmpty, "\(again.screen)")
    }
}

extension Request {
    /// Its words and pairs as one line.
    fileprivate var described: String {
        ([verb] + arguments.map { $0.key.map { $0 + "=" } ?? "" }.enumerated().map { $1 + arguments[$0].value }).joined(
            separator: " ")
    }
}
