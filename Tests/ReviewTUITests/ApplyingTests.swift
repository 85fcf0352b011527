import PhanbienCommands
import ReviewClient
import ReviewCore
import ReviewDigest
import ReviewProtocol
import Terminal
import Testing

@testable import ReviewTUI

extension Story {
    /// The review of the first revision is over; the comments on it are open, and what they quote still stands there.
    func endTheReview() throws {
        try act("minh", "ASSESS 2025-2@1 verdict=pass-if-revised <\nSố liệu chưa khớp.")
        try act("hoa", "ENDORSE P1")
    }

    static var applied: String { draft.replacing("57 vụ việc", with: "75 vụ việc") }
}

/// A suggestion is put into the text by one key.
@Suite struct ApplyingTests {
    private func story() throws -> Story {
        let story = try Story()
        try story.advance(to: .review)
        try story.endTheReview()
        return story
    }

    private func foot(_ desk: Desk) -> Substring {
        desk.screen.split(separator: "\n", omittingEmptySubsequences: false).dropFirst(23).first ?? ""
    }

    /// What stands on the screen, wherever the lines broke.
    private func said(_ desk: Desk) -> String {
        desk.screen.split { $0 == " " || $0 == "\n" || $0 == "│" }.joined(separator: " ")
    }

    private func comment(_ desk: Desk, _ id: String = "C1") -> CommentRow? {
        desk.model.library.comment(id, of: "2025-2")
    }

    // MARK: The act

    @Test func theAuthorAppliesASuggestionByOneKey() throws {
        let story = try story()
        let lan = try story.lan.open(2).goTo("I/1")
        #expect(foot(lan).contains("a áp dụng đề nghị"), "\(lan.screen)")
        lan.press(.character("a"))
        #expect(lan.shows("Áp dụng đề nghị sửa C1") && lan.shows("Trước: Năm 2024"), "\(lan.screen)")
        #expect(lan.shows("Sau: Năm 2024 Trung tâm thực hiện 75 vụ việc"), "\(lan.screen)")
        #expect(lan.shows("Chạy thử, chưa ghi gì") && lan.unsent.isEmpty)
        #expect(story.minh.open(2).shows("bản 1 ·"), "nothing was sent so far")
        lan.confirm()
        #expect(lan.unsent.isEmpty && lan.model.overlay == nil)
        #expect(said(lan).contains("Đã áp dụng đề nghị sửa: bản 2025-2@2") && lan.shows("bản 2 ·"), "\(lan.screen)")
        #expect(lan.shows("75 vụ việc tham gia") && lan.shows("phòng chủ trì: tiếp thu"), "\(lan.screen)")
        #expect(comment(lan)?.row["in"] == "@2" && comment(lan)?.state == "settled")
        #expect(!foot(lan).contains("áp dụng"), "once is enough: \(foot(lan))")
        #expect(lan.model.library.texts["2025-2@2"]?.document.text == Story.applied + "\n")
        let revision = lan.model.library.details["2025-2"]?.rows.last { $0.word == "revision" }
        #expect(revision?["addresses"] == "C1" && revision?["note"] == "Áp dụng đề nghị sửa C1")
        #expect(revision?["change"] == "addressed")
        lan.press(.character("a"))
        #expect(said(lan).contains("không còn gì phải làm") && lan.model.overlay == nil, "\(lan.screen)")
    }

    @Test func withoutColoursTheChangeIsMarked() throws {
        let story = try Story(language: .english, hasColour: false)
        try story.advance(to: .review)
        try story.endTheReview()
        let lan = try story.lan.open(2).goTo("I/1").press(.character("a"))
        #expect(
            lan.shows("hiện [-57-] vụ việc") && lan.shows("hiện {+75+} vụ việc")
                && said(lan).contains("settles C1 as accepted"), "\(lan.screen)")
        lan.press(Key(.escape))
        #expect(lan.shows("nothing changed") && lan.unsent.isEmpty && lan.shows("revision 1 "))
    }

    @Test func itHasANameAmongTheCommandsToo() throws {
        let lan = try story().lan.open(2).goTo("I/1").command("ap dung")
        #expect(lan.shows("Áp dụng đề nghị sửa C1"), "\(lan.screen)")
        for key in PlainView.keys("c", lan.model) { lan.press(key) }
        #expect(comment(lan)?.state == "settled")
    }

    // MARK: Where the key is offered

    @Test func onlyWhoWritesTheTopicMayAndOnlyWhereThereIsASuggestion() throws {
        let story = try story()
        for (desk, anchor, reason) in [
            (story.minh, "I/1", "Chỉ người soạn thảo"), (story.bich, "I/1", "Chỉ người soạn thảo"),
            (story.lan, "II.1/1", "C2 không kèm đề nghị sửa"), (story.lan, "III/1", "chưa có ý kiến nào"),
        ] {
            try desk.open(2).goTo(anchor)
            #expect(!foot(desk).contains("áp dụng"), "\(desk.screen)")
            desk.press(.character("a"))
            #expect(said(desk).contains(reason) && desk.model.overlay == nil, "\(desk.screen)")
        }
        // Where others are the authors, only they and the head.
        try story.act("son", "ASSIGN 2025-2 son as=author")
        #expect(try !foot(story.lan.open(2).goTo("I/1")).contains("áp dụng"))
        #expect(try foot(story.son.open(2).goTo("I/1")).contains("a áp dụng đề nghị"))
    }

    @Test func theHeadMayAlsoWhereOthersAreTheAuthors() throws {
        let story = try story()
        try story.act("son", "ASSIGN 2025-2 lan as=author")
        #expect(try foot(story.son.open(2).goTo("I/1")).contains("a áp dụng đề nghị"))
    }

    @Test func onlyAtTheStagesThatSettleComments() throws {
        let story = try Story()
        try story.advance(to: .review)
        let lan = try story.lan.open(2).goTo("I/1").press(.character("a"))
        #expect(
            said(lan).contains("Ở bước “phản biện” chưa áp dụng") && !foot(lan).contains("áp dụng"), "\(lan.screen)")
    }

    @Test func onlyOnTheNewestRevision() throws {
        let story = try story()
        let lan = try story.lan.open(2).goTo("I/1")
        try story.say("PUSH 2025-2 if=@1 {\(Story.draft.utf8.count + 3)}\n\(Story.draft)\n\nx", by: "son")
        #expect(!foot(lan).contains("áp dụng"))
        #expect(said(lan.press(.character("a"))).contains("phím b để xem bản ấy"), "\(lan.screen)")
        #expect(foot(lan.press(.character("b"))).contains("a áp dụng đề nghị"), "\(lan.screen)")
    }

    @Test func wordsThatOccurTwiceAreLeftAlone() throws {
        let story = try story()
        try story.push(Story.draft.replacing("57 vụ việc", with: "57 vụ việc, hơn 57 vụ việc"), onto: 1)
        let lan = try story.lan.open(2).goTo("I/1")
        #expect(!foot(lan).contains("áp dụng"), "\(foot(lan))")
        lan.press(.character("a"))
        #expect(
            said(lan).contains("có 2 chỗ") && said(lan).contains("Không thay đổi gì.") && lan.model.overlay == nil,
            "\(lan.screen)")
    }

    /// One of the two was edited away since; the second time the one that is left looks untouched.
    @Test(arguments: ["Cần bồi dưỡng nghiệp vụ, nhất là kỹ năng.", "Cần bồi dưỡng kỹ năng, nhất là nghiệp vụ."])
    func wordsThatOccurredTwiceWhenTheyWereQuotedAreLeftAlone(paragraph: String) throws {
        let story = try story()
        let twice = "Cần bồi dưỡng kỹ năng, nhất là kỹ năng."
        func draft(_ paragraph: String) -> String { Story.draft.replacing("Cần bồi dưỡng kỹ năng.", with: paragraph) }
        try story.push(draft(twice), onto: 1)
        try story.act(
            "hoa",
            "COMMENT 2025-2@2 at=III/1 quote=\"kỹ năng\" kind=content level=should suggest=\"nghề nghiệp\" <\nNêu rõ.")
        try story.push(draft(paragraph), onto: 2)
        // A client that has read nothing of the text of before finds out when the key is pressed.
        let lan = try Desk("lan", at: story.office, run: 2).open(2).goTo("III/1").press(.character("a"))
        #expect(said(lan).contains("có 2 chỗ ở") && said(lan).contains("phải sửa tay"), "\(lan.screen)")
        #expect(lan.model.overlay == nil && lan.unsent.isEmpty)
        #expect(!foot(lan).contains("áp dụng"), "\(foot(lan))")
    }

    @Test func withoutANetworkNothingIsBegun() throws {
        let lan = try story().lan.open(2).goTo("I/1")
        lan.cut(true)
        lan.press(.character("a"))
        #expect(
            said(lan).contains("Mất kết nối: áp dụng đề nghị sửa cần máy chủ") && lan.model.overlay == nil,
            "\(lan.screen)")
    }

    // MARK: Halves

    @Test func aRevisionThatCameWhileThePersonReadTheQuestionIsNotOverwritten() throws {
        let story = try story()
        let lan = try story.lan.open(2).goTo("I/1").press(.character("a"))
        try story.say("PUSH 2025-2 if=@1 {\(Story.draft.utf8.count + 3)}\n\(Story.draft)\n\nx", by: "son")
        lan.confirm()
        #expect(
            said(lan).contains("Chưa áp dụng, không thay đổi gì") && said(lan).contains("(phím b)"), "\(lan.screen)")
        #expect(comment(lan)?.state == "open" && lan.unsent.isEmpty)
        lan.press(.character("b"), .character("a")).confirm()
        #expect(comment(lan)?.row["in"] == "@3", "\(lan.screen)")
    }

    @Test func aSettlementThatIsRefusedIsSaid() throws {
        let story = try story()
        let lan = try story.lan.open(2).goTo("I/1").press(.character("a"))
        try story.act("son", "SETTLE C1 as=declined <\nGiữ nguyên.")
        try story.act("minh", "AGREE C1")
        lan.confirm()
        #expect(said(lan).contains("Văn bản đã sửa (bản 2025-2@2) nhưng CHƯA ghi tiếp thu"), "\(lan.screen)")
        #expect(lan.unsent.isEmpty && lan.shows("bản 2 ·"))
    }

    @Test func whatIsInTheTextAlreadyIsOnlySettled() throws {
        let story = try story()
        try story.push(Story.applied, onto: 1, addresses: "C1")
        let lan = try story.lan.open(2).goTo("I/1").press(.character("a"))
        #expect(said(lan).contains("không gửi bản mới, chỉ ghi C1"), "\(lan.screen)")
        lan.confirm()
        #expect(comment(lan)?.row["in"] == "@2" && lan.model.library.topic("2025-2")?.revision == 2, "\(lan.screen)")
    }

    @Test func whatWouldBeRefusedIsNotBegun() throws {
        let story = try story()
        // The comment is settled and agreed on while the list of comments here is the old one.
        let lan = try story.lan.open(2).goTo("I/1")
        try story.act("son", "SETTLE C1 as=declined <\nGiữ nguyên.")
        try story.act("minh", "AGREE C1")
        lan.press(.character("a"))
        #expect(said(lan).contains("không phải là tiếp thu") && lan.model.overlay == nil, "\(lan.screen)")
        #expect(lan.model.library.topic("2025-2")?.revision == 1)
    }

    @Test func aLongParagraphIsScrolledInItsQuestion() throws {
        let story = try story()
        let long = (1...60).map { "câu thứ \($0) của đoạn," }.joined(separator: " ")
        try story.push(Story.draft.replacing("57 vụ việc", with: "57 vụ việc \(long)"), onto: 1)
        try story.act(
            "hoa",
            "COMMENT 2025-2@2 at=I/1 quote=\"57 vụ việc\" kind=content level=should suggest=\"75 vụ việc\" <\nSai.",
            "COMMENT 2025-2@2 at=II.2/1 quote=\"Hồ sơ vụ việc còn chậm.\" kind=content level=should suggest=\"\(long)\" <\nNêu."
        )
        let lan = try story.lan.open(2).goTo("I/1").press(.character("a"))
        let short = question(lan)
        #expect(short.contains("Sau: Năm 2024") && short.contains("c hoặc y: thực hiện"), "\(short)")
        #expect(
            short.contains("…") && !short.contains("câu thứ 20"), "what is far from the change is left out: \(short)")
        try lan.press(Key(.escape)).goTo("II.2/1")
        lan.press(.character("]"), .character("a"))
        let first = question(lan)
        #expect(first.contains("câu thứ 1 ") && !first.contains("câu thứ 60"), "\(first)")
        #expect(first.contains("↑↓ cuộn: dòng 1–") && first.contains("c hoặc y: thực hiện"), "\(first)")
        lan.press(Key(.mouse(Key.Mouse(.wheelDown, row: 9, column: 30))))
        #expect(question(lan).contains("↑↓ cuộn: dòng 2–"), "\(lan.screen)")
        for _ in 0..<20 { lan.press(Key(.pageDown)) }
        let last = question(lan)
        #expect(last.contains("câu thứ 60") && last.contains("c hoặc y: thực hiện"), "\(last)")
        lan.press(Key(.up)).confirm()
        #expect(comment(lan, "C6")?.row["in"] == "@3", "\(lan.screen)")
    }

    /// The box alone, wherever its lines broke.
    private func question(_ desk: Desk) -> String {
        let grid = desk.model.frame(alone: true).grid
        return (0..<grid.size.rows).map { grid.text(row: $0) }.joined(separator: " ").split { $0 == " " || $0 == "│" }
            .joined(separator: " ")
    }
}

/// The two halves over a connection that breaks, and over a program that ends between them.
@Suite struct ApplyingOutboxTests {
    private static let text = "# M\n\nCó 57 vụ.\n"
    private static let row = "- topic id=2025-1 stage=revision revision=1 lead=nv review=hcth title=A\n"
    private static let comment =
        "- comment id=C7 by=minh kind=content level=must state=open revision=1 anchor=I/1 now=exact suggest=yes quote=57\n"

    private func model(_ writes: [[UInt8]] = []) -> Model {
        var model = Model(
            Model.Configuration(
                person: "lan", server: "localhost:7443", language: .vietnamese,
                size: TerminalSize(columns: 80, rows: 24), hasColour: true,
                today: CalendarDay("2025-06-16") ?? CalendarDay(number: 0), keySeed: "k",
                replies: [
                    "whoami": Array("OK person=lan office=nv position=staff name=Lan\n".utf8),
                    "topics": Array((Self.row + "OK topics=1\n").utf8), "tasks": Array("OK tasks=0\n".utf8),
                    "topic-2025-1": Array((Self.row + "OK topic=2025-1\n").utf8),
                    "comments-2025-1": Array((Self.comment + "OK topic=2025-1 comments=1\n").utf8),
                    "thread-C7": Array(
                        (Self.comment
                            + "- text kind=quote\n| 57\n- text kind=suggest\n| 75\nOK id=C7 topic=2025-1 messages=0\n")
                            .utf8),
                    "text-2025-1@1": Array(
                        "= {\(Self.text.utf8.count)}\n\(Self.text)OK revision=2025-1@1 sha256=\(Digest(hashing: Array(Self.text.utf8)))\n"
                            .utf8),
                ], writes: writes))
        _ = model.start()
        return model
    }

    private func request(_ effects: [Effect], _ verb: String) -> (identifier: RequestIdentifier, request: Request)? {
        for case .send(let identifier, let request) in effects where request.verb == verb {
            return (identifier, request)
        }
        return nil
    }

    private func reply(_ text: String) throws -> Reply { try #require(StoredReply.reply(Array((text + "\n").utf8))) }

    @Test func theSecondHalfFollowsTheFirstWheneverThatIsAnswered() throws {
        var model = self.model()
        _ = model.update(.keys([Key(.enter), Key(.down), Key(.down)]))
        let places = try #require(request(model.update(.keys([.character("a")])), "COMMENTS"))
        #expect(places.request.value("at") == "@1")
        let first = try #require(
            request(model.update(.reply(places.identifier, try reply(Self.comment + "OK comments=1"))), "SETTLE"))
        #expect(first.request.value("dry-run") == "yes")
        let second = try #require(request(model.update(.reply(first.identifier, try reply("OK dry-run=yes"))), "PUSH"))
        #expect(second.request.value("dry-run") == "yes")
        _ = model.update(.reply(second.identifier, try reply("OK dry-run=yes :Chạy thử.")))
        let effects = model.update(.keys([.character("c")]))
        let push = try #require(request(effects, "PUSH"))
        #expect(push.request.value("if") == "@1" && push.request.value("addresses") == "C7")
        #expect(push.request.body == .literal(Array("# M\n\nCó 75 vụ.\n".utf8)))
        let kept = try #require(
            effects.lazy.compactMap { effect -> [UInt8]? in
                if case .keepWrite(_, let octets) = effect { octets } else { nil }
            }.first)

        // The connection breaks, and the session sends it again.
        _ = model.update(.heard(.note(.reconnecting(reason: "mất mạng", afterMilliseconds: 1_000))))
        _ = model.update(.ready)
        let answer = try reply("OK replay=yes revision=2025-1@2 seq=9 :Đã nhận.")
        let after = model.update(.reply(push.identifier, answer))
        try check(after)
        #expect(model.outbox.map(\.half) == [.settlement(revision: "2025-1@2")])

        // The program ended before the answer came: the next run sends it, and goes on.
        var next = self.model([kept])
        #expect(next.outbox.map(\.half) == [.revision(comment: "C7")])
        let key = try #require(push.request.value("key"))
        let identifier = try #require(next.pending.first { $0.value == .write(key: key) }?.key)
        try check(next.update(.reply(identifier, answer)))
    }

    private func check(_ effects: [Effect]) throws {
        let settle = try #require(request(effects, "SETTLE"))
        #expect(settle.request.value("as") == "accepted")
        #expect(settle.request.value("in") == "@2" && settle.request.value("key") != nil)
        // The second half is kept before the first is forgotten.
        let order = effects.compactMap { effect -> String? in
            switch effect {
            case .keepWrite: "keep"
            case .forgetWrite: "forget"
            default: nil
            }
        }
        #expect(order == ["keep", "forget"])
    }

    @Test func aHalfIsKeptAsWhatItIs() throws {
        for half in [ActHalf.revision(comment: "C7"), .settlement(revision: "2025-1@2")] {
            let write = PendingWrite(
                key: "k-1", request: Request.of("PING").adding("key", "k-1"), topic: "2025-1", page: nil, draft: nil,
                sight: nil, isApproval: false, half: half)
            #expect(StoredWrite.write(try StoredWrite.octets(write))?.half == half)
        }
    }
}
