import PhanbienCommands
import ReviewClient
import ReviewProtocol
import Terminal
import Testing

@testable import ReviewTUI

/// What becomes of a write whose answer is late, or is that the server cannot just now.
@Suite struct OutboxTests {
    private var model: Model

    /// The text of a topic is open, with a comment written on its first paragraph and sent.
    init() {
        let row = "- topic id=2025-1 stage=review revision=1 lead=nv review=hcth title=A\n"
        model = Model(
            Model.Configuration(
                person: "minh", server: "localhost:7443", language: .vietnamese,
                size: TerminalSize(columns: 80, rows: 24), hasColour: true,
                today: CalendarDay("2025-06-16") ?? CalendarDay(number: 0), keySeed: "k",
                replies: [
                    "topics": Array((row + "OK topics=1\n").utf8), "tasks": Array("OK tasks=0\n".utf8),
                    "topic-2025-1": Array((row + "OK topic=2025-1\n").utf8),
                    "comments-2025-1": Array("OK topic=2025-1 comments=0\n".utf8),
                    "text-2025-1@1": Array("| # M\n|\n| Một đoạn.\nOK revision=2025-1@1 sha256=00\n".utf8),
                ]))
        _ = model.start()
        _ = press(Key(.enter), Key(.down), .character("c"), .character("a"))
    }

    private mutating func press(_ keys: Key...) -> [Effect] { model.update(.keys(keys)) }

    private func sent(_ effects: [Effect]) -> (identifier: RequestIdentifier, request: Request)? {
        for case .send(let identifier, let request) in effects where request.verb == "COMMENT" {
            return (identifier, request)
        }
        return nil
    }

    private func reply(_ line: String) throws -> Reply { try #require(StoredReply.reply(Array((line + "\n").utf8))) }

    @Test mutating func sendingAgainAfterTheServerWasBusyIsOneWrite() throws {
        let first = try #require(sent(press(.control("s"))))
        _ = model.update(.reply(first.identifier, try reply("NO BUSY retry=later :Đang bận.")))
        #expect(model.outbox.isEmpty && model.drafts.values.contains("a"))
        #expect(model.page.place == .writing, "the text is still there")
        // What is changed meanwhile is what goes out, whatever becomes of the connection.
        _ = press(.character("b"))
        _ = model.update(.heard(.note(.reconnecting(reason: "mất mạng", afterMilliseconds: 1_000))))
        _ = model.update(.ready)
        #expect(model.page.place == .writing && model.drafts.values.contains("ab"))
        let second = try #require(sent(press(.control("s"))))
        #expect(model.outbox.count == 1)
        #expect(model.outbox.first?.key == second.request.value("key"))
        #expect(second.request.body == .literal(Array("ab".utf8)))
        _ = model.update(.reply(second.identifier, try reply("OK id=C1 seq=5 :Đã ghi ý kiến C1.")))
        #expect(model.outbox.isEmpty)
        #expect(model.page.place == .topic)
    }

    @Test mutating func nobodyWaitsOnAPageWhileTheConnectionIsMadeAgain() throws {
        let first = try #require(sent(press(.control("s"))))
        _ = model.update(.heard(.note(.reconnecting(reason: "mất mạng", afterMilliseconds: 1_000))))
        #expect(model.page.place == .topic)
        #expect(model.outbox.count == 1)
        #expect(model.notice?.text == "Mất kết nối: đã giữ lại trên máy, sẽ gửi khi có mạng.")
        // It is sent again by the session; when it is refused then, the text is still a draft.
        _ = model.update(.reply(first.identifier, try reply("NO STAGE retry=refresh :Hết hạn góp ý.")))
        #expect(model.outbox.isEmpty)
        #expect(model.drafts.values.contains("a"))
    }

    @Test mutating func aWriteBelongsToTheTopicThatItNames() {
        model.write(.of("OPINION", "2025-1@1").adding("as", "agree"))
        #expect(model.outbox.last?.topic == "2025-1")
    }

    // MARK: What breaks each connection

    /// A comment of a desk whose line never carries it, after the tries that a session gives it.
    private static func stuck() throws -> Desk {
        let story = try Story()
        try story.advance(to: .review)
        let minh = story.minh.open(2)
        minh.breaking = "Số liệu sai."
        minh.press(Key(.down), .character("c")).type("Số liệu sai.").press(.control("s"))
        for _ in 0..<5 { minh.cut(false) }
        return minh
    }

    @Test func whatBreaksEachConnectionIsGivenUpAndTheRestGoesOn() throws {
        let minh = try Self.stuck()
        #expect(
            minh.shows("Chưa rõ đã gửi được chưa") && minh.shows("Kết nối đứt mỗi lần gửi việc này"), "\(minh.screen)")
        #expect(minh.model.connection == .online && minh.unsent.count == 1)
        // Later: it stays on this machine, and the connection serves for everything else.
        minh.press(Key(.escape), .character("/")).type("vụ việc").press(Key(.enter))
        #expect(minh.shows("Tìm: vụ việc"), "\(minh.screen)")
    }

    @Test func whatWasGivenUpIsSentAgainWhenThePersonSaysSo() throws {
        let minh = try Self.stuck()
        minh.breaking = nil
        minh.press(.control("s"))
        #expect(minh.unsent.isEmpty && minh.model.outbox.isEmpty && minh.model.overlay == nil, "\(minh.screen)")
        // A draft goes when its text has arrived, and only then.
        #expect(!minh.drafts.values.contains("Số liệu sai."))
    }

    @Test func whatWasGivenUpIsDroppedWhenThePersonSaysSoAndItsTextStaysADraft() throws {
        let minh = try Self.stuck()
        minh.press(.control("x"))
        #expect(minh.shows("Đã thôi gửi; chưa rõ máy chủ đã ghi hay chưa") && minh.unsent.isEmpty, "\(minh.screen)")
        #expect(minh.drafts.values.contains("Số liệu sai."))
    }

    /// Nobody has looked at what happened since a vote was given up: the topic is read before it goes out.
    @Test mutating func aVoteThatWasGivenUpGoesOutOnceTheTopicWasReadAnew() throws {
        func asked(_ effects: [Effect], _ verb: String) -> RequestIdentifier? {
            for case .send(let identifier, let request) in effects where request.verb == verb { return identifier }
            return nil
        }
        _ = press(Key(.escape))
        let row = "- topic id=2025-1 stage=review revision=1 lead=nv review=hcth title=A\n"
        let opened = try #require(model.pending.first { $0.value == .topic("2025-1") }).key
        _ = model.update(.reply(opened, try reply(row + "OK topic=2025-1")))
        model.write(.of("OPINION", "2025-1@1").adding("as", "agree"))
        let first = try #require(asked(model.effects, "OPINION"))
        _ = model.update(.givenUp(first, .connectionBreaks))
        let again = press(.control("s"))
        let show = try #require(asked(again, "SHOW"))
        #expect(asked(again, "OPINION") == nil)
        #expect(asked(model.update(.reply(show, try reply(row + "OK topic=2025-1"))), "OPINION") != nil)
    }

    /// A server that is busy as the topic is read anew decides nothing about the vote: it is asked again when it said.
    @Test mutating func aBusyServerIsAskedAgainBeforeAVoteGoesOut() throws {
        func asked(_ effects: [Effect], _ verb: String) -> (RequestIdentifier, Milliseconds)? {
            for effect in effects {
                switch effect {
                case .send(let identifier, let request) where request.verb == verb: return (identifier, 0)
                case .sendLater(let identifier, let request, let pause) where request.verb == verb:
                    return (identifier, pause)
                default: continue
                }
            }
            return nil
        }
        _ = press(Key(.escape))
        let row = "- topic id=2025-1 stage=review revision=1 lead=nv review=hcth title=A\n"
        let opened = try #require(model.pending.first { $0.value == .topic("2025-1") }).key
        _ = model.update(.reply(opened, try reply(row + "OK topic=2025-1")))
        _ = model.update(.heard(.note(.reconnecting(reason: "mất mạng", afterMilliseconds: 1_000))))
        model.write(.of("OPINION", "2025-1@1").adding("as", "agree"))
        let show = try #require(asked(model.update(.ready), "SHOW"))
        let busy = model.update(.reply(show.0, try reply("NO BUSY retry=later after=2000 :Đang bận.")))
        let again = try #require(asked(busy, "SHOW"))
        #expect(again.1 == 2_000 && model.overlay == nil && model.outbox.map(\.state) == [.checking])
        let read = model.update(.reply(again.0, try reply(row + "OK topic=2025-1")))
        #expect(asked(read, "OPINION") != nil)
    }

    /// That the server is busy is said once, however often the same write has to wait for it.
    @Test mutating func aBusyServerIsSpokenOfOnce() throws {
        func later(_ effects: [Effect]) -> RequestIdentifier? {
            for case .sendLater(let identifier, let request, 2_000) in effects where request.verb == "COMMENT" {
                return identifier
            }
            return nil
        }
        let first = try #require(sent(press(.control("s"))))
        // Nobody is on its page any more.
        _ = model.update(.heard(.note(.reconnecting(reason: "mất mạng", afterMilliseconds: 1_000))))
        _ = model.update(.ready)
        let busy = try reply("NO BUSY retry=later after=2000 :Máy chủ đang bận.")
        let second = try #require(later(model.update(.reply(first.identifier, busy))))
        #expect(model.notice?.kind == .trouble)
        model.notice = nil
        #expect(later(model.update(.reply(second, busy))) != nil)
        #expect(model.notice == nil && model.outbox.count == 1)
    }

    // MARK: Another log

    @Test mutating func aWriteForAnotherLogGoesOutOnlyWhenThePersonSaysSo() throws {
        let first = try #require(sent(press(.control("s"))))
        _ = model.update(.heard(.note(.reconnecting(reason: "mất mạng", afterMilliseconds: 1_000))))
        _ = model.update(.heard(.note(.logChanged(from: "A", to: "B"))))
        #expect(sent(model.update(.givenUp(first.identifier, .logChanged))) == nil)
        #expect(sent(model.update(.ready)) == nil)
        guard case .held(_, let reason, _)? = model.overlay else { return #expect(Bool(false), "nothing is asked") }
        #expect(reason.contains("khôi phục từ bản sao lưu"))
        // Whoever looks at the topic first is asked again when they have.
        _ = press(Key(.escape))
        #expect(model.overlay == nil && sent(press(Key(.down))) == nil && model.overlay == nil)
        _ = press(.control("l"))
        let second = try #require(sent(press(.control("s"))))
        #expect(second.request.value("key") == first.request.value("key"))
    }

    /// However small the window is, what is asked is read to its end, and the answers stay in sight.
    @Test(arguments: [8, 9, 10, 12, 24]) mutating func whatIsAskedAboutAHeldWriteCanBeRead(rows: Int) throws {
        let first = try #require(sent(press(.control("s"))))
        _ = model.update(.heard(.note(.logChanged(from: "A", to: "B"))))
        _ = model.update(.givenUp(first.identifier, .logChanged))
        _ = model.update(.resized(TerminalSize(columns: 40, rows: rows)))
        guard case .held(_, let reason, _)? = model.overlay else { return #expect(Bool(false), "nothing is asked") }
        var words: Set<Substring> = []
        for _ in 0..<12 {
            let grid = model.frame().grid
            let box = (0..<rows - 1).map { grid.text(row: $0) }.filter { $0.contains("│") }
            words.formUnion(box.flatMap { $0.split(separator: " ") })
            #expect(box.contains { $0.contains("Ctrl-S: vẫn gửi · Ctrl-X: bỏ") }, "\(box)")
            _ = press(Key(.down))
        }
        #expect(words.isSuperset(of: reason.split(separator: " ")) && words.contains("chưa."))
        // Through the end and back, and an answer is an answer.
        _ = press(Key(.pageUp), Key(.escape))
        #expect(model.overlay == nil && model.outbox.count == 1)
    }

    /// A revision that was seen in another log is none that was seen: its number may stand for another text now.
    @Test mutating func whatWasSeenInAnotherLogWasNotSeen() throws {
        #expect(model.lastRevisions == ["2025-1": 1])
        _ = press(Key(.escape))
        _ = model.update(.heard(.note(.logChanged(from: "A", to: "B"))))
        #expect(model.lastRevisions.isEmpty && model.formerRevisions.isEmpty)
    }

    /// Nothing is said to be sent that stands behind what the person has not decided yet.
    @Test mutating func ofTwoThingsAboutOneTopicTheFirstIsAskedAboutFirst() throws {
        let first = try #require(sent(press(.control("s"))))
        _ = model.update(.heard(.note(.reconnecting(reason: "mất mạng", afterMilliseconds: 1_000))))
        model.write(.of("COMMENT", "2025-1@1").adding("kind", "content"))
        _ = model.update(.heard(.note(.logChanged(from: "A", to: "B"))))
        _ = model.update(.givenUp(first.identifier, .logChanged))
        _ = model.update(.ready)
        func asked() -> String? { if case .held(let key, _, _)? = model.overlay { key } else { nil } }
        let keys = model.outbox.map(\.key)
        #expect(keys.count == 2 && asked() == keys.first)
        _ = press(Key(.escape))
        #expect(asked() == nil)
        _ = press(.control("l"))
        #expect(asked() == keys.first)
        let again = try #require(sent(press(.control("s"))))
        #expect(again.request.value("key") == keys.first && asked() == nil)
        _ = model.update(.reply(again.identifier, try reply("OK id=C1 seq=5 :Đã ghi ý kiến C1.")))
        #expect(asked() == keys.last)
        #expect(sent(press(.control("s")))?.request.value("key") == keys.last)
    }

    /// The shell marks them before it notes the new log: a window that ends in between leaves them marked.
    @Test mutating func aStoredWriteForAnotherLogWaitsToo() throws {
        var kept = press(.control("s")).compactMap { effect -> [UInt8]? in
            if case .keepWrite(_, let octets) = effect { octets } else { nil }
        }
        func begin() -> [Effect] {
            model = Model(
                Model.Configuration(
                    person: "minh", server: "localhost:7443", language: .vietnamese,
                    size: TerminalSize(columns: 80, rows: 24), hasColour: true,
                    today: CalendarDay("2025-06-16") ?? CalendarDay(number: 0), keySeed: "n", writes: kept))
            return model.start()
        }
        #expect(kept.count == 1 && sent(begin()) != nil)
        kept = [try #require(StoredWrite.ofOtherLog(kept[0]))]
        #expect(StoredWrite.ofOtherLog(kept[0]) == nil && StoredWrite.ofOtherLog(Array("write\n".utf8)) == nil)
        #expect(sent(begin()) == nil && model.outbox.count == 1)
        guard case .held? = model.outbox.first?.state else { return #expect(Bool(false), "it is not held") }
    }

    // MARK: What breaks each connection, once more

    @Test mutating func aQuestionThatBreaksEachConnectionIsNotAskedForEver() throws {
        let effects = press(Key(.escape), .character("/"), .character("a"), .character("b"), Key(.enter))
        let asked = effects.compactMap { effect -> RequestIdentifier? in
            if case .send(let identifier, let request) = effect, request.verb == "FIND" { identifier } else { nil }
        }
        let identifier = try #require(asked.last)
        #expect(model.update(.givenUp(identifier, .connectionBreaks)).isEmpty)
        #expect(model.notice?.text == "Kết nối đứt mỗi lần gửi yêu cầu này nên máy đã thôi gửi.")
    }
}
