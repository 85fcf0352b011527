import PhanbienCommands
import ReviewClient
import ReviewProtocol
import Terminal
import Testing

@testable import ReviewTUI

/// What comes late, out of order, or not at all: nobody's key does what they did not mean.
@Suite struct LateReplyTests {
    private var model = Self.model(isOnline: true)

    private static let row = "- topic id=2025-1 stage=review revision=1 lead=nv review=hcth title=A\n"

    private static func model(isOnline: Bool, hasDetails: Bool = true) -> Model {
        var replies = [
            "topics": Array((row + "OK topics=1\n").utf8), "tasks": Array("OK tasks=0\n".utf8),
            "comments-2025-1": Array("OK topic=2025-1 comments=0\n".utf8),
            "text-2025-1@1": Array("| # M\n|\n| Một đoạn.\nOK revision=2025-1@1 sha256=00\n".utf8),
        ]
        if hasDetails { replies["topic-2025-1"] = Array((row + "OK topic=2025-1\n").utf8) }
        var model = Model(
            Model.Configuration(
                person: "minh", server: "localhost:7443", language: .vietnamese,
                size: TerminalSize(columns: 80, rows: 24), hasColour: true,
                today: CalendarDay("2025-06-16") ?? CalendarDay(number: 0), keySeed: "k", replies: replies,
                isOnline: isOnline))
        _ = model.start()
        return model
    }

    @discardableResult
    private mutating func press(_ keys: Key...) -> [Effect] { model.update(.keys(keys)) }

    private func reply(_ lines: String) throws -> Reply { try #require(StoredReply.reply(Array((lines + "\n").utf8))) }

    /// What goes out, with what it waits for.
    private func sent(_ effects: [Effect]) -> [(identifier: RequestIdentifier, words: String)] {
        effects.compactMap { effect in
            switch effect {
            case .send(let identifier, let request): (identifier, Self.words(request))
            case .sendLater(let identifier, let request, let pause): (identifier, Self.words(request) + " +\(pause)")
            default: nil
            }
        }
    }

    private static func words(_ request: Request) -> String {
        ([request.verb] + request.words + [request.value("as") ?? ""]).filter { !$0.isEmpty }.joined(separator: " ")
    }

    private mutating func answer(_ words: String, _ effects: [Effect], _ lines: String) throws -> [Effect] {
        let found = try #require(sent(effects).first { $0.words == words }, "\(words) among \(sent(effects))")
        return model.update(.reply(found.identifier, try reply(lines)))
    }

    private mutating func write(_ value: String) -> [Effect] {
        model.write(.of("OPINION", "2025-1@1").adding("as", value))
        return model.update(.day(model.today))
    }

    private mutating func tryOut() -> [Effect] {
        let request = Request.of("SUBMIT", "2025-1")
        model.ask(
            request.adding("dry-run", "yes"), for: .trial(PreparedCommand(name: "Trình", request: request)))
        return model.update(.day(model.today))
    }

    // MARK: Questions

    @Test mutating func aQuestionComesUpOnlyWhereItWasAsked() throws {
        press(Key(.enter))
        _ = try answer("SUBMIT 2025-1", tryOut(), "OK topic=2025-1 :Sẽ trình.")
        #expect(sent(press(.character("c"))).map(\.words) == ["SUBMIT 2025-1"])

        let trial = tryOut()
        press(Key(.down), .character("c"))
        #expect(model.page.place == .writing)
        _ = try answer("SUBMIT 2025-1", trial, "OK topic=2025-1 :Sẽ trình.")
        #expect(model.overlay == nil)
        #expect(model.notice?.text.contains("CHƯA thực hiện “Trình”") == true)
        #expect(sent(press(.character("c"))).isEmpty)
        #expect(model.drafts.values.contains("c"))
    }

    @Test mutating func aQuestionAskedWhileWritingIsGoneWithTheNextKey() throws {
        press(Key(.enter), Key(.down), .character("c"))
        _ = try answer("SUBMIT 2025-1", tryOut(), "OK topic=2025-1 :Sẽ trình.")
        guard case .confirm = model.overlay else {
            Issue.record("no question")
            return
        }
        press(Key(.escape))
        let trial = tryOut()
        press(.character("a"))
        _ = try answer("SUBMIT 2025-1", trial, "OK topic=2025-1 :Sẽ trình.")
        #expect(model.overlay == nil)
    }

    @Test mutating func aTrialDoesNotOutliveItsConnection() throws {
        let trial = tryOut()
        _ = model.update(.heard(.note(.reconnecting(reason: "mất mạng", afterMilliseconds: 1_000))))
        #expect(model.notice?.text.contains("CHƯA thực hiện “Trình”") == true)
        _ = model.update(.ready)
        _ = try answer("SUBMIT 2025-1", trial, "OK topic=2025-1 :Sẽ trình.")
        #expect(model.overlay == nil)
        // A question that stands already says no more than that.
        _ = try answer("SUBMIT 2025-1", tryOut(), "OK topic=2025-1 :Sẽ trình.")
        _ = model.update(.heard(.note(.reconnecting(reason: "mất mạng", afterMilliseconds: 1_000))))
        press(.character("c"))
        #expect(model.outbox.isEmpty)
    }

    /// A paper with many long headings, in a small window: what is asked is seen, and the rest can be read.
    @Test(arguments: [(80, 24), (60, 16), (40, 12)].map { TerminalSize(columns: $0.0, rows: $0.1) })
    mutating func whatIsAskedIsSeenHoweverMuchThereIsToRead(size: TerminalSize) throws {
        _ = model.update(.resized(size))
        let request = Request.of("SUBMIT", "2025-1")
        let details =
            (1...30).map { "\($0). Kết quả thực hiện công tác trợ giúp pháp lý." }.joined(separator: " ") + " HẾT."
        model.ask(
            request.adding("dry-run", "yes"),
            for: .trial(PreparedCommand(name: "Trình", request: request, details: details)))
        _ = try answer(
            "SUBMIT 2025-1", model.update(.day(model.today)),
            "OK topic=2025-1 :Sẽ trình chuyên đề này lên bước tiếp theo và báo cho mọi người liên quan biết ngay hôm nay."
        )
        func shows(_ words: String) -> Bool {
            let grid = model.frame().grid
            return (0..<grid.size.rows).contains { grid.text(row: $0).contains(words) }
        }
        #expect(shows("Việc này không rút lại được.") && shows("c hoặc y: thực hiện") && shows("│ 1. Kết quả"))
        #expect(shows("↑↓ cuộn: dòng 1–") && !shows("HẾT."))
        for _ in 0..<90 where !shows("HẾT.") { press(Key(.down)) }
        #expect(shows("HẾT.") && shows("c hoặc y: thực hiện"))
        #expect(sent(press(.character("c"))).map(\.words) == ["SUBMIT 2025-1"])
    }

    /// Ctrl-C leaves; it is not the letter that says yes.
    @Test(arguments: [Key.control("c"), .control("y"), .alt("c"), .alt("y")])
    mutating func aLetterWithControlIsNoYes(key: Key) throws {
        _ = try answer("SUBMIT 2025-1", tryOut(), "OK topic=2025-1 :Sẽ trình.")
        #expect(sent(press(key)).isEmpty && model.overlay == nil)
        #expect(model.notice?.text.contains("không thay đổi gì") == true)
        model.overlay = .rollCall(RollCall(topic: "2025-1", people: [("lan", "Lan")]))
        press(key)
        if case .rollCall(let roll) = model.overlay { #expect(roll.request == nil, "nobody is marked") }
        #expect((model.overlay == nil) == (key == .control("c")))
    }

    /// The text of a command that was only tried is there to be changed, whatever became of the trial.
    @Test mutating func aTextWhoseTrialCameToNothingCanBeWrittenOn() throws {
        let request = Request.of("CANCEL", "2025-1")
        model.openWriting(
            .command(PreparedCommand(name: "Hủy", request: request)), topic: "2025-1", object: "2025-1", context: [])
        press(.character("a"))
        let late = press(.control("s"))
        press(.character("x"))
        _ = try answer("CANCEL 2025-1", late, "OK topic=2025-1 :Sẽ hủy.")
        #expect(model.notice?.text.contains("CHƯA thực hiện “Hủy”") == true)
        press(.character("b"))
        #expect(model.drafts.values.contains("ab"))

        press(.control("s"))
        _ = model.update(.heard(.note(.reconnecting(reason: "mất mạng", afterMilliseconds: 1_000))))
        _ = model.update(.ready)
        press(.character("c"))
        #expect(model.drafts.values.contains("abc"))

        _ = try answer("CANCEL 2025-1", press(.control("s")), "OK topic=2025-1 :Sẽ hủy.")
        _ = model.update(.heard(.note(.reconnecting(reason: "mất mạng", afterMilliseconds: 1_000))))
        _ = model.update(.ready)
        press(.character("d"))
        #expect(model.drafts.values.contains("abcd"))

        let refused = try #require(sent(press(.control("s"))).first { $0.words == "CANCEL 2025-1" })
        _ = model.update(.refused(refused.identifier, .lineTooLong(9_000)))
        press(.character("e"))
        #expect(model.drafts.values.contains("abcde") && model.outbox.isEmpty)
    }

    @Test mutating func whatASuggestionIsAppliedByDoesNotOutliveItsConnection() throws {
        press(Key(.enter))
        model.beginApplying("C1", of: "2025-1", to: 1)
        _ = model.update(.heard(.note(.reconnecting(reason: "mất mạng", afterMilliseconds: 1_000))))
        #expect(model.notice?.text.contains("CHƯA thực hiện “Áp dụng đề nghị sửa C1”") == true)
        let places = Purpose.places(comment: "C1", topic: "2025-1", revision: 1)
        #expect(!model.pending.values.contains(places))
    }

    @Test mutating func nothingComesUpOverATextThatIsWritten() throws {
        press(Key(.enter), Key(.down))
        let log = press(.character("h"))
        let found = press(.character("/"), .character("x"), Key(.enter))
        press(.character("c"))
        _ = try answer("LOG 2025-1", log, "OK events=0 tail=9")
        _ = try answer("FIND x", found, "OK hits=0")
        #expect(model.page.place == .writing)
        #expect(model.notice?.text.contains("đến muộn") == true)
    }

    // MARK: The order of votes

    @Test mutating func votesOfATopicArriveInTheOrderInWhichTheyWereGiven() throws {
        model = Self.model(isOnline: false)
        _ = write("agree")
        _ = write("object")
        let ready = model.update(.ready)
        #expect(sent(ready).map(\.words) == ["SHOW 2025-1"])
        let checked = try answer("SHOW 2025-1", ready, Self.row + "OK topic=2025-1")
        #expect(sent(checked).map(\.words) == ["OPINION 2025-1@1 agree"])
        let next = try answer("OPINION 2025-1@1 agree", checked, "OK topic=2025-1 seq=5")
        #expect(sent(next).map(\.words).contains("OPINION 2025-1@1 object"))
        _ = try answer("OPINION 2025-1@1 object", next, "OK topic=2025-1 seq=6")
        #expect(model.outbox.isEmpty)
    }

    @Test mutating func whatFollowsAVoteThatIsHeldWaitsWithIt() throws {
        model = Self.model(isOnline: false)
        _ = write("agree")
        let ready = model.update(.ready)
        // The person is writing when the text turns out to be another one.
        press(Key(.enter), Key(.down), .character("c"), .character("a"))
        let newer = Self.row.replacing("revision=1", with: "revision=2")
        _ = try answer("SHOW 2025-1", ready, newer + "OK topic=2025-1")
        #expect(model.overlay == nil)
        #expect(model.notice?.text.contains("chờ xác nhận lại") == true)
        #expect(sent(press(.control("s"))).allSatisfy { !$0.words.hasPrefix("COMMENT") })
        // The page is done with, so the question can come up; a letter is no answer to it.
        guard case .held = model.overlay else {
            Issue.record("no question")
            return
        }
        #expect(press(.character("c"), .character("y"), .character("x")).isEmpty)
        let vote = press(.control("s"))
        #expect(sent(vote).map(\.words) == ["OPINION 2025-1@1 agree"])
        let next = try answer("OPINION 2025-1@1 agree", vote, "NO STALE retry=refresh :Đã có bản 2.")
        #expect(sent(next).map(\.words).contains { $0.hasPrefix("COMMENT") })
    }

    @Test mutating func aVoteThatIsLaidAsideIsAskedAboutWithTheNextConnection() throws {
        model = Self.model(isOnline: false)
        _ = write("agree")
        let refused = try answer("SHOW 2025-1", model.update(.ready), "NO FORBIDDEN :Không được xem.")
        #expect(sent(refused).isEmpty)
        guard case .held = model.overlay else {
            Issue.record("what cannot be read anew is for the person to decide")
            return
        }
        press(Key(.escape))
        #expect(model.overlay == nil && model.outbox.count == 1)
        _ = model.update(.ready)
        guard case .held = model.overlay else {
            Issue.record("not asked again")
            return
        }
        press(.control("x"))
        #expect(model.outbox.isEmpty && model.overlay == nil)
    }

    @Test mutating func aTopicThatWasNeverReadDoesNotStopItsVotes() throws {
        model = Self.model(isOnline: false, hasDetails: false)
        let vote = write("agree")
        #expect(sent(vote).isEmpty)
        var told = sent(model.update(.ready)).filter { $0.words == "SHOW 2025-1" }
        if told.isEmpty { told = sent(press(.control("l"))).filter { $0.words == "SHOW 2025-1" } }
        let asked = try #require(told.first)
        let checked = model.update(.reply(asked.identifier, try reply(Self.row + "OK topic=2025-1")))
        #expect(sent(checked).map(\.words) == ["OPINION 2025-1@1 agree"])
    }

    // MARK: Refusals for the moment, and for good

    @Test mutating func aWriteWithoutAPageIsSentAgainByItself() throws {
        let refused = try answer(
            "OPINION 2025-1@1 object", write("object"), "NO BUSY retry=later after=1000 :Máy chủ đang bận.")
        #expect(sent(refused).map(\.words) == ["OPINION 2025-1@1 object +1000"])
        #expect(model.notice?.text == "Máy chủ đang bận.")
        _ = try answer("OPINION 2025-1@1 object +1000", refused, "OK topic=2025-1 seq=5")
        #expect(model.outbox.isEmpty)
    }

    @Test mutating func whatCannotBeSentIsSaidAtOnceAndNotKept() {
        model = Self.model(isOnline: false)
        let effects = write("a\u{1}b")
        #expect(!effects.contains { if case .keepWrite = $0 { true } else { false } })
        #expect(model.outbox.isEmpty)
        #expect(model.notice?.kind == .trouble)
    }

    // MARK: What is said

    /// However many are at work: that something was not sent stays until the person has pressed a key.
    @Test mutating func whatWentWrongIsNotHiddenByWhatOthersDo() {
        func event(_ sequence: Int64) -> Input {
            .heard(
                .event(
                    EventLine(
                        sequence: sequence, previous: sequence - 1, time: "2025-06-16T09:12:01.101+07:00",
                        type: "REVISION.PUSHED",
                        pairs: [Pair("topic", "2025-1"), Pair("revision", "2"), Pair("by", "son")])))
        }
        model.tell(.trouble, "Chưa gửi được.")
        _ = model.update(event(5))
        #expect(model.notice?.text == "Chưa gửi được.")
        press(Key(.insert))
        _ = model.update(event(6))
        #expect(model.notice?.text == "2025-1: son gửi bản dự thảo 2")
    }

    @Test mutating func nobodyIsToldThatNothingWaitsBeforeItWasRead() throws {
        func shows(_ words: String) -> Bool {
            let grid = model.frame().grid
            return (0..<grid.size.rows).contains { grid.text(row: $0).contains(words) }
        }
        model = Model(
            Model.Configuration(
                person: "minh", server: "localhost:7443", language: .vietnamese,
                size: TerminalSize(columns: 80, rows: 24), hasColour: true,
                today: CalendarDay("2025-06-16") ?? CalendarDay(number: 0), keySeed: "k", isOnline: false))
        let start = model.start()
        #expect(!shows("Không có việc nào") && shows("Chưa đọc được: chưa kết nối được máy chủ."))
        _ = try answer("TODO", start, "OK tasks=0")
        #expect(shows("Không có việc nào đang chờ bạn."))
        // The person and the office that a task is about are named.
        _ = try answer("PEOPLE", start, "- person id=tung name=Tùng office=leadership position=deputy\nOK people=1")
        _ = try answer("OFFICES", start, "- office id=nv name=\"Phòng Nghiệp vụ\"\nOK offices=1")
        _ = model.update(.ready)
        model.library.tasks = []
        let again = press(.control("l"))
        _ = try answer(
            "TODO", again,
            "- task topic=2025-1 act=lift object=tung\n- task topic=2025-2 act=appoint object=nv\nOK tasks=2")
        #expect(shows("gỡ ý kiến không thống nhất Tùng") && shows("giao phụ trách Phòng Nghiệp vụ"))
    }

    /// What is sent takes the place of what is recorded.
    @Test mutating func aRollCallBeginsWithWhatIsRecordedOrNotAtAll() throws {
        model = Self.model(isOnline: true, hasDetails: false)
        model.openRollCall()
        #expect(model.overlay == nil && model.notice?.kind == .trouble)
        model.library.details["2025-1"] = try reply(
            Self.row + "- plenary present=lan absent=son\nOK topic=2025-1")
        model.library.take(
            people: try reply(
                """
                - person id=dung name=Dũng office=nv position=staff disabled=yes
                - person id=lan name=Lan office=nv position=staff
                - person id=quyen name=Quyên office=nv position=staff
                - person id=son name=Sơn office=nv position=head disabled=yes
                - person id=tung name=Tùng office=leadership position=deputy
                - person id=van name=Vân office=nv position=head
                OK people=6
                """))
        model.openRollCall()
        guard case .rollCall(var roll) = model.overlay else {
            Issue.record("no roll-call")
            return
        }
        #expect(roll.request?.value("present") == "lan" && roll.request?.value("absent") == "son")
        // Leadership and heads first; nobody whose account was closed before the meeting, for "all present" would name them.
        #expect(roll.people.map(\.id) == ["tung", "van", "lan", "quyen", "son"])
        let taken = roll.press(Key(.character("*")))
        #expect(taken && roll.request?.value("present") == "tung,van,lan,quyen,son")
    }

    @Test func aDraftKeepsALineThatBeginsWithAMarkAlone() {
        let text = "một\n\u{301}hai"
        let kept = FieldDraft.values(FieldDraft.text([("a", text), ("b", "ba")]))
        #expect(kept["a"]?.unicodeScalars.elementsEqual(text.unicodeScalars) == true && kept["b"] == "ba")
    }

    // MARK: What a server says

    @Test(arguments: [Int.min, -1, 0, 500, 501, Int.max]) mutating func anyEndOfTheLogIsTaken(tail: Int) throws {
        let next = try answer("LOG", press(.character("h")), "OK events=0 tail=\(tail)")
        _ = try answer("LOG", next, "OK events=0 more=yes next=\(Int.max) tail=\(tail)")
        _ = try answer("LOG", model.update(.day(model.today)) + lastAsked(), "OK events=0")
    }

    private func lastAsked() -> [Effect] { [.send(RequestIdentifier(model.requestCount), .of("LOG"))] }

    @Test mutating func nothingOfAnotherLogIsShown() {
        press(Key(.enter))
        #expect(model.library.texts["2025-1@1"] != nil)
        let effects = model.update(.heard(.note(.logChanged(from: "A", to: "B"))))
        #expect(effects.contains(.forgetReplies))
        #expect(model.library.texts.isEmpty && model.library.comments.isEmpty)
    }

    @Test mutating func whatCannotBeKeptIsNotSaidToBeKept() {
        model = Self.model(isOnline: false)
        _ = write("object")
        _ = model.update(.notKept)
        #expect(model.notice?.kind == .trouble)
        #expect(model.notice?.text.contains("KHÔNG ghi được") == true)
        press(.character("q"))
        let frame = model.frame()
        let screen = (0..<frame.grid.size.rows).map { frame.grid.text(row: $0) }.joined()
        #expect(screen.contains("KHÔNG ghi được") && !screen.contains("được giữ trên máy này"))
    }

    @Test mutating func keysThatComeTogetherAreKeptOnce() {
        press(Key(.enter), Key(.down), .character("c"))
        let kept = press(.character("a"), .character("b"), .character("c")).filter {
            if case .keepDraft = $0 { true } else { false }
        }
        #expect(kept.count == 1)
    }
}
