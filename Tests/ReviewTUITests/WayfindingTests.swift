import ReviewCore
import ReviewDigest
import ReviewProtocol
import Terminal
import Testing

@testable import ReviewTUI

/// Finding the comment, the paragraph or the person that is meant.
@Suite struct WayfindingTests {
    private func story(_ stage: Stage) throws -> Story {
        let story = try Story()
        try story.advance(to: stage)
        return story
    }

    private func comment(_ story: Story, on anchor: String, _ numbers: ClosedRange<Int>) throws {
        for number in numbers {
            try story.act("minh", "COMMENT 2025-2@1 at=\(anchor) kind=content level=note <\nNội dung số \(number).")
        }
    }

    @Test func whatIsToBeTypedIsNotWhatIsCut() throws {
        // Of a topic without a text nobody knows which revision is meant.
        let minh = Desk("minh", at: try Story().office).open(3)
        minh.press(.character(":")).type("tep-goc").press(Key(.enter))
        #expect(minh.shows("CHUYÊN-ĐỀ[@BẢN] – lấy tệp Word gốc"), "\(minh.screen)")
    }

    /// Where a text is open the command is about that one, and says so.
    @Test func theFileThatIsMeantIsNamed() throws {
        let minh = try story(.review).minh
        minh.press(.character(":")).type("tep-goc")
        #expect(minh.shows("mặc định: bản mới"), "\(minh.screen)")
        minh.press(Key(.escape)).open(2).press(.character(":")).type("tep-goc")
        #expect(minh.shows("lấy tệp Word gốc của bản đang xem"), "\(minh.screen)")
    }

    /// Why something waits is in the server's words.
    @Test func whatTheServerSaysFollowsTheLanguage() throws {
        let son = Desk("son", at: try Story().office)
        #expect(son.shows("chưa có bản dự thảo"), "\(son.screen)")
        son.press(Key(.function(2)))
        #expect(son.shows("there is no draft yet") && !son.shows("chưa có bản dự thảo"), "\(son.screen)")
    }

    @Test func theTextOfEveryCommentIsRead() throws {
        let story = try story(.review)
        try comment(story, on: "I/1", 1...45)
        let minh = story.minh.open(2)
        try minh.goTo("I/1").press(Key(.tab))
        for _ in 0..<50 { minh.press(Key(.down)) }
        #expect(minh.shows("Nội dung số 45."), "\(minh.screen)")
    }

    @Test func aParagraphLongerThanItsWindowIsReadRowByRowAndLeft() throws {
        let story = try Story()
        let long = (1...60).map { "câu thứ \($0) của đoạn," }.joined(separator: " ")
        try story.push(Story.draft.replacing("57 vụ việc", with: "57 vụ việc, \(long)"), onto: 1)
        let lan = try story.lan.open(2).goTo("I/1")
        #expect(lan.shows("câu thứ 1 ") && !lan.shows("câu thứ 60"), "\(lan.screen)")
        for _ in 0..<8 { lan.press(Key(.down)) }
        #expect(lan.shows("câu thứ 60") && !lan.shows("câu thứ 1 "), "\(lan.screen)")
        try lan.goTo("II")
        lan.press(Key(.up))
        #expect(lan.shows("câu thứ 60"), "from below its end comes first: \(lan.screen)")
        for _ in 0..<8 { lan.press(Key(.up)) }
        #expect(lan.shows("câu thứ 1 "), "\(lan.screen)")
    }

    @Test func openCommentsAreFoundOneByOne() throws {
        let story = try story(.review)
        try comment(story, on: "I/1", 5...6)
        try comment(story, on: "II.2/1", 7...7)
        try story.act("minh", "ASSESS 2025-2@1 verdict=pass <\nĐạt.")
        try story.act("hoa", "ENDORSE P1")
        for settled in ["C1", "C3"] { try story.act("lan", "SETTLE \(settled) as=noted") }
        try story.act("lan", "SETTLE C4 as=noted", "SETTLE C2 as=noted")
        let lan = story.lan.open(2).press(Key(.home))
        func current() -> String? {
            guard case .topic(let page) = lan.model.page else { return nil }
            return page.currentComment?.id
        }
        var found: [String?] = []
        for _ in 0..<3 {
            lan.press(.character("]"))
            found.append(current())
        }
        #expect(found == ["C5", "C6", "C7"], "each open one, and none that is settled")
        lan.press(.character("["))
        #expect(lan.shows("▸ C6") && !lan.shows("▸ C1"), "\(lan.screen)")
        lan.press(.character("]"))
        #expect(lan.press(.character("]")).shows("Phía sau không còn"), "\(lan.screen)")
        lan.press(.character("["))
        #expect(current() == "C6")
    }

    @Test func thePageKeysComeBackFromBehindTheEnd() throws {
        let story = try story(.review)
        try comment(story, on: "I/1", 1...8)
        let minh = story.minh.open(2)
        try minh.goTo("I/1").press(Key(.tab))
        for _ in 0..<20 { minh.press(Key(.pageDown)) }
        let end = minh.screen
        #expect(minh.press(Key(.pageUp)).screen != end)
    }

    @Test func tabSaysThatThereIsNothing() throws {
        let story = try story(.review)
        #expect(try story.minh.open(2).goTo("II.1/2").press(Key(.tab)).shows("• Đoạn này chưa có ý kiến."))
    }

    // MARK: Search

    @Test func whatReadsTheSameIsToldApart() throws {
        let story = try story(.leadership)
        let text = Story.draft.replacing("Hồ sơ vụ việc còn chậm.", with: "Không có vụ việc nào bị khiếu nại.")
        try story.push(text, onto: 1)
        let bich = story.bich.open(2).press(.character("b")).press(.character("/")).type("bi khieu nai")
        bich.press(Key(.enter))
        #expect(bich.shows("2025-2@2 · II.1/1") && bich.shows("2025-2@2 · II.2/1"), "\(bich.screen)")
        bich.press(Key(.down), Key(.enter))
        guard case .topic(let page) = bich.model.page else { return #expect(Bool(false), "\(bich.screen)") }
        #expect(page.currentBlock?.anchor == "II.2/1")
    }

    @Test(arguments: [(99, "(99)"), (100, "(100 kết quả đầu)")])
    func aSearchThatStopsAtItsLimitSaysSo(count: Int, said: String) throws {
        var model = try story(.leadership).bich.model
        let rows = (1...count).map { "- hit topic=2025-2 at=2025-2@1 seq=\($0) text=chữ\n" }.joined()
        let reply = try #require(StoredReply.reply(Array((rows + "OK hits=\(count)\n").utf8)))
        model.open(.search(SearchPage(number: 1, words: "chu", topic: nil, reply: reply)))
        #expect(model.frame().grid.text(row: 0).contains(said))
    }

    @Test func whatIsCutAtItsEndsIsFound() {
        func layout(_ text: String) -> TextLayout { TextLayout(Document(text), width: 60) }
        let text = layout("# A\n\nĐầu một hai ba.\n\nMột hai ba.\n\nMột hai ba, bốn.\n")
        func place(_ snippet: String, _ ordinal: Int = 0) -> String? {
            FoundPassage(snippet: snippet, ordinal: ordinal).place(in: text).map { text.blocks[$0].anchor }
        }
        #expect(place("Một hai ba.") == "I/2")
        #expect(place("Một hai…") == "I/2" && place("Một hai…", 1) == "I/3")
        #expect(place("…một hai ba.") == "I/1" && place("…hai ba…", 2) == "I/3")
        #expect(place("không có") == nil && place("…") == nil)
    }

    // MARK: What was said about the topic

    @Test func whoeverOpensAReturnedTopicReadsWhyAtOnce() throws {
        let story = try story(.leadership)
        let lan = story.lan.open(2)
        #expect(!lan.shows("trả lại"), "\(lan.screen)")
        try story.act("bich", "SENDBACK 2025-2 <\nThiếu nguyên nhân của hạn chế.")
        let words = "Bị trả lại (Hoàng Thị Bích): Thiếu nguyên nhân của hạn chế."
        #expect(lan.listen().shows(words) && lan.shows("i: bị trả lại"), "open already: \(lan.screen)")
        // From the list of the work, too, before anything is asked of them.
        let son = story.son.listen().press(Key(.escape), Key(.home), Key(.enter))
        #expect(son.shows(words) && son.shows("Việc của bạn"), "\(son.screen)")
        #expect(try son.goTo("II.1/1").press(Key(.home)).shows("Thiếu nguyên nhân"), "beside the text: \(son.screen)")
        son.press(.character("i"), Key(.pageDown))
        #expect(son.shows("trả lại từ “lãnh đạo cho ý kiến” về “đang soạn thảo”"), "\(son.screen)")
        try story.act("son", "SUBMIT 2025-2")
        #expect(!lan.listen().open(2).shows("Bị trả lại"), "it has gone on: \(lan.screen)")
    }

    @Test func aLongReasonNamesTheKeyForTheRest() throws {
        let story = try story(.leadership)
        try story.act("bich", "SENDBACK 2025-2 <\n" + String(repeating: "Thiếu mục. ", count: 40))
        #expect(story.lan.listen().open(2).shows("(phím i: đọc hết)"), "\(story.lan.screen)")
    }

    @Test func whatLeadersWroteAndWhoMeetsIsReadOnTheScreen() throws {
        let story = try story(.plenary)
        let lan = story.lan.open(2)
        #expect(lan.shows("· i: ý kiến lãnh đạo"), "\(lan.screen)")
        lan.resize(80, 60).press(Key(.home))
        #expect(lan.shows("Bám sát số liệu báo cáo năm."), "\(lan.screen)")
        lan.resize(80, 120).cut(true)
        lan.press(.character("i"))
        for words in [
            "Bám sát số liệu báo cáo năm.", "Phòng họp", "08:00 25/6/2025", "Hoàng Thị Bích", "Nguyễn Thị Lan",
        ] { #expect(lan.shows(words), "\(words): \(lan.screen)") }
    }

    /// What has no room beside the text is scrolled there, though there is no comment on the whole topic.
    @Test(arguments: [80, 120]) func whatWasSaidOfTheTopicIsScrolledBesideTheText(columns: Int) throws {
        let story = try story(.leadership)
        let reason = (1...40).map { "Điểm \($0)." }.joined(separator: "\n")
        try story.act("bich", "SENDBACK 2025-2 <<\n\(reason)\n.")
        let lan = story.lan.listen().open(2).resize(columns, 24).press(Key(.home))
        func page() -> TopicPage? { if case .topic(let page) = lan.model.page { page } else { nil } }
        #expect(page()?.currentComments.isEmpty == true && !lan.shows("Điểm 40."), "\(lan.screen)")
        lan.press(Key(.tab))
        for _ in 0..<10 { lan.press(Key(.pageDown)) }
        #expect(lan.shows("Điểm 40."), "\(lan.screen)")
        lan.press(Key(.tab), Key(.down))
        #expect(page()?.block == 1, "Tab leads back to the text")
    }

    @Test func aFiledReviewIsReadByItsNumber() throws {
        let bich = try story(.revision).bich.open(2).command("xem", "p1")
        #expect(bich.shows("Phiếu P1") && bich.shows("Hạn chế: số liệu chưa khớp."), "\(bich.screen)")
    }

    @Test func withoutColoursTheSignsStayInTheirPlace() throws {
        let story = try Story(hasColour: false)
        try story.advance(to: .revision)
        let lan = story.lan.open(2)
        #expect(try lan.goTo("I/1").press(.character("D")).shows("{+75+}"), "\(lan.screen)")
    }

    // MARK: Who may do what

    @Test func nobodyWritesACommentThatCanOnlyBeRefused() throws {
        let story = try story(.review)
        let lan = story.lan.open(2)
        #expect(!lan.shows("c góp ý"), "\(lan.screen)")
        lan.press(.character("c"))
        let said = lan.screen.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
        #expect(said.contains("! Ở bước này chỉ phòng phản biện và Ban lãnh đạo góp ý; bạn góp ý từ bước sinh hoạt"))
        for desk in [story.minh, story.bich] { #expect(desk.open(2).shows("c góp ý"), "\(desk.screen)") }
    }

    @Test func approvingIsOnlyOfferedToWhomItMayConcern() throws {
        let story = try story(.approval)
        let minh = story.minh.open(2).press(.character("A"))
        #expect(minh.shows("! Chỉ Giám đốc, hoặc Phó Giám đốc được ủy quyền"), "\(minh.screen)")
        #expect(!minh.shows("Phê duyệt 2025-2@2") && !minh.press(.character("?")).shows("A           phê duyệt"))
        minh.press(Key(.escape), .character(":")).type("phe-duyet")
        #expect(!minh.shows("gõ xác nhận"), "\(minh.screen)")
        let bich = story.bich.open(2)
        #expect(bich.resize(80, 60).press(.character("?")).shows("A           phê duyệt"), "\(bich.screen)")
    }

    @Test func aDeputyApprovesUnderADelegationOrIsToldByWhomItIsDone() throws {
        let story = try story(.approval)
        let tung = Desk("tung", at: story.office).open(2).resize(80, 60)
        #expect(!tung.press(.character("?")).shows("A           phê duyệt"), "\(tung.screen)")
        tung.resize(80, 24).press(Key(.escape), .character("A"))
        func isRefused() -> Bool {
            let words = tung.screen.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
            return words.contains(
                "! Bạn chưa có ủy quyền đang hiệu lực. Người phê duyệt: Hoàng Thị Bích. Giám đốc ủy quyền")
                && !tung.shows("Phê duyệt 2025-2@2")
        }
        #expect(isRefused(), "\(tung.screen)")
        tung.press(.character(":")).type("phe-duyet").press(Key(.enter))
        #expect(isRefused(), "\(tung.screen)")
        // One that begins later changes nothing today.
        try story.say("DELEGATE tung from=2025-06-20 until=2025-06-30 ref=15/QĐ-TGPL", by: "bich")
        tung.press(.character("A"))
        #expect(isRefused(), "\(tung.screen)")
        try story.say("DELEGATE tung from=2025-06-16 until=2025-06-30 ref=16/QĐ-TGPL", by: "bich")
        #expect(tung.listen().press(.character("A")).shows("Phê duyệt 2025-2@2"), "\(tung.screen)")
    }

    @Test func anAdministratorIsNotPutOffToALaterStage() throws {
        let story = try story(.approval)
        let quan = Desk("quan", at: story.office).open(2)
        #expect(quan.shows("Quản trị hệ thống chỉ xem tên và tiến độ") && !quan.shows("Ở bước này"), "\(quan.screen)")
    }

    @Test(arguments: [(39, 24, false), (40, 8, true), (80, 7, false)])
    func aWindowThatIsTooSmallIsToldTheTrueBound(columns: Int, rows: Int, isEnough: Bool) throws {
        let lan = try story(.leadership).lan.resize(columns, rows)
        #expect(lan.shows("Cửa sổ nhỏ hơn 40×8.") != isEnough, "\(lan.screen)")
    }

    @Test func nobodyCommentsOnAPostponedTopic() throws {
        let story = try story(.review)
        try story.act("bich", "POSTPONE 2025-2 <\nChờ hướng dẫn.")
        let minh = story.minh.open(2)
        #expect(!minh.shows("c góp ý") && minh.press(.character("c")).shows("đang tạm hoãn"), "\(minh.screen)")
    }

    @Test func anybodyCommentsAtThePlenaryAndNobodyOnceItIsUpForApproval() throws {
        #expect(try story(.plenary).lan.open(2).shows("c góp ý"))
        let bich = try story(.approval).bich.open(2)
        #expect(!bich.shows("c góp ý") && bich.press(.character("c")).shows("không góp ý thêm"), "\(bich.screen)")
    }

    @Test func whoeverCanBeMeantStandsFirst() throws {
        let story = try story(.review)
        let hoa = story.hoa.open(2).press(.character("w"))
        let lines = hoa.screen.split(separator: "\n").map(String.init)
        let first = try #require(lines.firstIndex { $0.contains("│ > ") }, "\(hoa.screen)")
        #expect(lines[first + 1].contains("Phòng Hành chính – Tổng hợp"), "\(hoa.screen)")
        #expect(lines[first + 5].contains("Ban lãnh đạo"), "\(hoa.screen)")
    }

    /// Enter takes the first one, so it must be the one whose account, or name, was typed.
    @Test(arguments: [
        ("hoa", "Nông Thị Hoa"), ("son", "Hoàng Văn Sơn"), ("nong", "Nông Thị Hoa"), ("tran van minh", "Trần Văn Minh"),
        ("thi lan", "Nguyễn Thị Lan"), ("Bích", "Hoàng Thị Bích"),
    ])
    func whoIsCalledAsWasTypedComesFirst(typed: String, name: String) throws {
        let hoa = try story(.review).hoa.open(2).command("phan cong")
        hoa.type(typed)
        let lines = hoa.screen.split(separator: "\n").map(String.init)
        let input = try #require(lines.firstIndex { $0.contains("│ > ") }, "\(hoa.screen)")
        #expect(lines[input + 1].contains(name), "\(hoa.screen)")
    }

    @Test func theCalendarIsSavedAsAFile() throws {
        let lan = try story(.review).lan.open(2).command("lich")
        #expect(lan.shows("Đã lưu: /home/lan/chuyen-de.ics") && !lan.shows("VCALENDAR"), "\(lan.screen)")
        let file = String(decoding: try #require(lan.saved["chuyen-de.ics"]), as: UTF8.self)
        #expect(file.hasPrefix("BEGIN:VCALENDAR\r\n") && file.hasSuffix("END:VCALENDAR\r\n"))
    }

    @Test func whatIsReadIsSavedAsAFile() throws {
        let lan = try story(.approval).lan.open(2)
        lan.command("bieu mau", "bien ban")
        #expect(lan.shows("Biên bản sinh hoạt chuyên đề 2025-2") && lan.shows("s lưu thành tệp"), "\(lan.screen)")
        lan.press(.character("s"))
        let name = "bien-ban-sinh-hoat-chuyen-de-2025-2.txt"
        #expect(lan.shows("Đã lưu: /home/lan/\(name)"), "\(lan.screen)")
        // A paper as it came: its paragraphs are not broken to the window.
        let paper = String(decoding: try #require(lan.saved[name]), as: UTF8.self)
        #expect(paper.contains("Chủ trì (chủ tọa): ") && paper.hasSuffix("2025.\n"), "\(paper.suffix(80))")
        #expect(paper.split(separator: "\n").contains { $0.count > 100 })
        // The same for Word.
        lan.press(.character("W"))
        #expect(lan.shows("Đã lưu: /home/lan/\(name.dropLast(4)).rtf"), "\(lan.screen)")
        let word = String(decoding: try #require(lan.saved[name.dropLast(4) + ".rtf"]), as: UTF8.self)
        #expect(word.hasPrefix("{\\rtf1\\ansi") && word.hasSuffix("}\n"))
        // Anything else as it is shown.
        lan.press(Key(.escape)).press(.character("t"), .character("s"))
        let requirements = try #require(lan.saved.first { $0.key.hasPrefix("dieu-kien-phe-duyet") }?.value)
        #expect(String(decoding: requirements, as: UTF8.self).contains("Tình trạng"))
        #expect(!lan.shows("lưu cho Word") && lan.press(.character("W")).shows("bấm s"), "\(lan.screen)")
        lan.unsavable = Bilingual("Không lưu được x: ổ đĩa đã đầy.", "x cannot be saved: the disk is full.")
        #expect(lan.press(.character("s")).shows("ổ đĩa đã đầy"), "\(lan.screen)")
    }

    @Test func theDossierIsSavedAsAFolder() throws {
        let story = try story(.approval)
        let lan = story.lan.open(2).command("ho so")
        #expect(lan.shows("chưa được phê duyệt nên chưa có hồ sơ") && lan.saved.isEmpty, "\(lan.screen)")
        let digest = Digest(hashing: Story.secondDraft + "\n")
        try story.act("bich", "APPROVE 2025-2@2 sha256=\(digest) seen=C3")
        lan.listen().command("ho so")
        #expect(lan.shows("Đã lưu: /home/lan/ho-so-2025-2"), "\(lan.screen)")
        let manifest = String(decoding: try #require(lan.saved["ho-so-2025-2/manifest.txt"]), as: UTF8.self)
        #expect(manifest.hasPrefix("phanbien-dossier 1\n") && manifest.contains("stage approved"), "\(manifest)")
        let files = manifest.split(separator: "\n").compactMap { line in
            line.firstRange(of: "  ").map { String(line[$0.upperBound...]) }
        }
        #expect(Set(lan.saved.keys) == Set((files + ["manifest.txt"]).map { "ho-so-2025-2/" + $0 }))
        lan.unsavable = Bilingual("Không lưu được: ổ đĩa đã đầy.", "Not saved: the disk is full.")
        #expect(lan.command("ho so").shows("ổ đĩa đã đầy"), "\(lan.screen)")
    }

    // MARK: What waits

    @Test func manyTasksOfOneKindAreOneRow() throws {
        let story = try story(.review)
        try comment(story, on: "I/1", 5...8)
        try story.act("minh", "ASSESS 2025-2@1 verdict=pass <\nĐạt.")
        try story.act("hoa", "ENDORSE P1")
        let lan = story.lan.listen()
        #expect(lan.shows("Chờ tôi xử lý (8)") && lan.shows("tiếp thu, giải trình – 8 ý kiến"), "\(lan.screen)")
        lan.press(Key(.home), Key(.enter))
        #expect(lan.shows("C1 bắt buộc"), "\(lan.screen)")
        lan.press(.character("s"), .control("s"), Key(.escape))
        #expect(lan.shows("tiếp thu, giải trình – 7 ý kiến"), "\(lan.screen)")
        #expect(lan.press(Key(.enter)).shows("Việc của bạn"), "the row is still selected: \(lan.screen)")
        // The topics come behind it.
        #expect(lan.open(3).shows("2025-3"), "\(lan.screen)")
    }

    @Test func aReasonThatOnlyRepeatsTheActIsLeftOut() throws {
        let story = try story(.review)
        #expect(story.hoa.listen().shows("phân công người phản biện "), "\(story.hoa.screen)")
        #expect(!story.hoa.shows("– chưa phân công"), "\(story.hoa.screen)")
    }

    /// Whoever reads an earlier revision on finds its comments at the paragraphs that they were made on.
    @Test func aNewRevisionDoesNotMoveTheCommentsOfTheOneThatIsRead() throws {
        let story = try Story()
        try story.advance(to: .review)
        let minh = story.minh.open(2)
        #expect(try minh.goTo("II.1/1").shows("C2 nên sửa"), "\(minh.screen)")
        try story.act("hoa", "ASSESS 2025-2@1 verdict=pass <\nĐạt.", "ENDORSE P1")
        try story.push(Story.secondDraft, onto: 1)
        #expect(minh.shows("đã có bản 2, phím b"), "\(minh.screen)")
        #expect(try minh.goTo("II.1/1").shows("C2 nên sửa"), "\(minh.screen)")
        #expect(try minh.press(.character("b")).goTo("II.1/2").shows("C2 nên sửa"), "\(minh.screen)")
    }

    /// Whoever has just written goes on with the input method turned on: w comes as ư, as ] does, and d after d as đ.
    @Test(arguments: [Character("ư"), Character("u\u{31B}")])
    func aKeyIsKnownWhateverTheInputMethodMakesOfIt(letter: Character) throws {
        let story = try Story()
        let lan = story.lan
        try story.advance(to: .revision)
        // What begins a task and what goes to the next comment are both this letter here: nothing is guessed.
        lan.open(2).press(.character(letter))
        #expect(lan.model.page.place == .topic && lan.shows("Bộ gõ tiếng Việt đang bật"), "\(lan.screen)")
        #expect(KeyTable.action(Key(.character(letter)), in: .reading) == .task)
        lan.press(.character("w"))
        #expect(lan.model.page.place == .writing, "\(lan.screen)")
        lan.press(.character(letter))
        #expect(lan.shows("  ư"), "where text is written it is text: \(lan.screen)")
        lan.press(Key(.escape), .character("đ"))
        #expect(lan.shows("Bộ gõ tiếng Việt đang bật"), "\(lan.screen)")
        #expect(lan.press(.character("ơ")).model.page.place == .topic && !lan.shows("“ơ” không"), "\(lan.screen)")
    }
}
