import PhanbienCommands
import ReviewClient
import ReviewDigest
import ReviewProtocol
import Terminal
import Testing

@testable import ReviewTUI

/// The Word file of a text at the full-screen client: it goes along, waits on this machine like every write, and is saved.
@Suite struct OriginalTests {
    private var model: Model
    private static let octets = [UInt8](0...255) + [0x50, 0x4B]
    private static let file = WordFile(octets, at: "/home/lan/Chuyên đề 2.docx")

    /// A topic without a text, and the files of this machine on the screen.
    init() throws {
        model = Self.start()
        model.openUpload()
    }

    private static func start(_ writes: [[UInt8]] = []) -> Model {
        let row = "- topic id=2025-1 stage=drafting revision=0 lead=nv review=hcth title=A\n"
        var model = Model(
            Model.Configuration(
                person: "lan", server: "localhost:7443", language: .vietnamese,
                size: TerminalSize(columns: 80, rows: 24), hasColour: true,
                today: CalendarDay("2025-06-16") ?? CalendarDay(number: 0), keySeed: "k",
                replies: [
                    "topics": Array((row + "OK topics=1\n").utf8), "tasks": Array("OK tasks=0\n".utf8),
                    "topic-2025-1": Array((row + "OK topic=2025-1\n").utf8),
                ], writes: writes))
        _ = model.start()
        return model
    }

    private func reply(_ text: String) throws -> Reply { try #require(StoredReply.reply(Array((text + "\n").utf8))) }

    private static func sent(
        _ effects: [ReviewTUI.Effect], _ verb: String
    ) -> (id: RequestIdentifier, request: Request)? {
        for case .send(let identifier, let request) in effects where request.verb == verb {
            return (identifier, request)
        }
        return nil
    }

    /// Answers what was asked with this verb.
    private mutating func answer(
        _ effects: [ReviewTUI.Effect], _ verb: String, _ text: String
    ) throws -> [ReviewTUI.Effect] {
        let asked = try #require(Self.sent(effects, verb), "\(verb)")
        return model.update(.reply(asked.id, try reply(text)))
    }

    private var screen: String {
        let grid = model.frame().grid
        return (0..<grid.size.rows).map { grid.text(row: $0) }.joined(separator: "\n")
    }

    /// The words of a box, without its frame and the places where lines were broken.
    private var words: String {
        screen.split { $0 == " " || $0 == "\n" || $0 == "│" || $0 == "─" }.joined(separator: " ")
    }

    /// Chooses the file, as far as the question.
    private mutating func choose(_ original: WordFile? = file) throws {
        let effects = model.update(
            .visited(
                .document(
                    path: "/home/lan/Chuyên đề 2.docx", octets: Array("# M\n\nMột.\n".utf8),
                    note: Bilingual("Đọc từ tệp Word: 1 đề mục.", "Read."), original: original)))
        _ = try answer(effects, "PUSH", "OK revision=2025-1@1 dry-run=yes :Sẽ nhận bản 1.")
    }

    private mutating func press(_ key: Character) -> [ReviewTUI.Effect] { model.update(.keys([.character(key)])) }

    // MARK: Sending

    @Test mutating func theFileFollowsItsText() throws {
        try choose()
        #expect(
            words.contains("Tệp Word gốc (258 byte) được lưu kèm") && words.contains("Không muốn lưu kèm: phím v."),
            "\(screen)"
        )
        #expect(words.contains("c hoặc y: gửi cả tệp gốc · v: chỉ gửi văn bản · phím khác: thôi"), "\(screen)")
        let effects = press("c")
        #expect(Self.sent(effects, "ATTACH") == nil, "the text first")
        let next = try answer(effects, "PUSH", "OK revision=2025-1@3 seq=5 :Đã nhận bản 3.")
        let attach = try #require(Self.sent(next, "ATTACH")?.request)
        #expect(attach.words == ["2025-1@3"] && attach.value("name") == "Chuyên đề 2.docx")
        #expect(attach.body?.octets.flatMap { Base64.decode($0) } == Self.octets)
        // The file is kept on this machine before the text is forgotten.
        let kept = next.firstIndex { if case .keepWrite("k-2", _) = $0 { true } else { false } }
        let gone = next.firstIndex { $0 == .forgetWrite("k-1") }
        #expect(try #require(kept) < (try #require(gone)))
        let digest = Digest(hashing: Self.octets)
        _ = try answer(
            next, "ATTACH",
            "OK revision=2025-1@3 name=\"Chuyên đề 2.docx\" bytes=258 sha256=\(digest) seq=6 :Đã lưu.")
        #expect(model.outbox.isEmpty)
        #expect(words.contains("Đã gửi bản 2025-1@3, lưu kèm tệp Word gốc: Chuyên đề 2.docx (258 byte)."), "\(screen)")
    }

    @Test mutating func thePersonSendsTheTextAlone() throws {
        try choose()
        let next = try answer(press("v"), "PUSH", "OK revision=2025-1@1 seq=5 :Đã nhận bản 1.")
        #expect(Self.sent(next, "ATTACH") == nil && model.outbox.isEmpty && words.contains("Đã nhận bản 1."))
    }

    /// Where there is no file to leave out the key is like any other that is not asked for.
    @Test mutating func withoutAFileTheKeyMeansNo() throws {
        try choose(nil)
        #expect(words.contains("c hoặc y: thực hiện") && !words.contains("tệp gốc"), "\(screen)")
        let effects = press("v")
        #expect(Self.sent(effects, "PUSH") == nil && words.contains("không thay đổi gì"))
    }

    @Test mutating func whatDoesNotGoAlongIsSaid() throws {
        model.largestBody = 300
        try choose()
        #expect(words.contains("lớn hơn mức máy chủ nhận (225 byte): hãy giữ tệp ở phòng."), "\(screen)")
        let next = try answer(press("c"), "PUSH", "OK revision=2025-1@1 seq=5")
        #expect(Self.sent(next, "ATTACH") == nil)
    }

    @Test mutating func macrosStayAtTheOffice() throws {
        try choose(WordFile(Self.octets, at: "bài.docm"))
        #expect(words.contains("Chỉ gửi văn bản. Tệp có macro (.docm) không được lưu kèm."), "\(screen)")
        let next = try answer(press("c"), "PUSH", "OK revision=2025-1@1 seq=5")
        #expect(Self.sent(next, "ATTACH") == nil)
    }

    @Test mutating func theServersLimitIsAskedFor() throws {
        model = Self.start()
        model.openUpload()
        let effects = model.update(.keys([]))
        _ = try answer(effects, "LIMITS", "- limit name=body value=4096\nOK")
        #expect(model.largestBody == 4_096)
    }

    @Test mutating func aRefusedTextTakesItsFileBack() throws {
        try choose()
        let next = try answer(press("c"), "PUSH", "NO STALE retry=refresh newest=2025-1@2 :Đã có bản mới hơn.")
        #expect(Self.sent(next, "ATTACH") == nil && model.outbox.isEmpty && words.contains("Đã có bản mới hơn."))
    }

    // MARK: Half done

    @Test(
        arguments: [
            ("NO STALE retry=refresh :Đã có bản mới hơn.", "Hãy giữ tệp ở phòng. Đã có bản mới hơn."),
            ("BAD UNKNOWN-VERB :Không có lệnh ATTACH", "phiên bản cũ, chưa nhận tệp Word: hãy giữ tệp ở phòng."),
            ("OK revision=2025-1@3 sha256=00", "Hãy giữ tệp ở phòng."),
        ])
    mutating func whereTheFileIsNotTakenThatIsSaid(answer text: String, said: String) throws {
        try choose()
        let next = try answer(press("c"), "PUSH", "OK revision=2025-1@3 seq=5")
        _ = try answer(next, "ATTACH", text)
        #expect(words.contains("Văn bản đã gửi xong (bản 2025-1@3) nhưng CHƯA lưu được tệp Word gốc."), "\(screen)")
        #expect(words.contains(said) && model.outbox.isEmpty, "\(screen)")
    }

    @Test mutating func withoutTheNameOfTheRevisionTheFileGoesNowhere() throws {
        try choose()
        let next = try answer(press("c"), "PUSH", "OK seq=5")
        #expect(Self.sent(next, "ATTACH") == nil && words.contains("CHƯA lưu được tệp Word gốc."), "\(screen)")
    }

    @Test mutating func aServerWithoutRoomIsAskedAgain() throws {
        try choose()
        let next = try answer(press("c"), "PUSH", "OK revision=2025-1@3 seq=5")
        let later = try answer(next, "ATTACH", "NO READ-ONLY retry=later after=9000 :Ổ đĩa đầy.")
        #expect(
            later.contains {
                if case .sendLater(_, let request, 9_000) = $0 { request.verb == "ATTACH" } else { false }
            })
        #expect(model.outbox.count == 1)
    }

    /// Both halves survive the program: the file goes with the text, to the revision that the answer names then.
    @Test mutating func theFileWaitsOnThisMachine() throws {
        try choose()
        _ = model.update(.heard(.note(.reconnecting(reason: "mất mạng", afterMilliseconds: 1))))
        // The question was about a server that was there.
        model.write(
            .of("PUSH", "2025-1").adding("if", "@0"), half: .text(original: Self.file))
        let kept = try #require(
            model.update(.keys([])).lazy.compactMap { if case .keepWrite(_, let octets) = $0 { octets } else { nil } }
                .first)
        var next = Self.start([kept])
        #expect(next.outbox.map(\.half) == [.text(original: Self.file)])
        let write = try #require(next.outbox.first)
        next.follow(try #require(write.half), try reply("OK revision=2025-1@9 replay=yes"), at: 0)
        #expect(next.outbox.first?.half == .original(revision: "2025-1@9"))
        #expect(next.outbox.first?.request.words == ["2025-1@9"])
    }

    @Test func whatIsKeptIsReadAgain() throws {
        for half in [ActHalf.text(original: Self.file), .original(revision: "2025-1@2")] {
            var request = Request.of("PUSH", "2025-1").adding("key", "k")
            request.body = .literal(Array("a\n".utf8))
            let write = PendingWrite(
                key: "k", request: request, topic: "2025-1", page: nil, draft: nil, sight: nil, isApproval: false,
                half: half)
            let octets = try StoredWrite.octets(write)
            #expect(StoredWrite.write(octets)?.half == half)
            // A file that was cut off is none; the text is there.
            let cut = StoredWrite.write(octets.dropLast(60))
            if case .text = half { #expect(cut?.half == nil && cut?.request == request) }
        }
    }

    // MARK: Saving

    private static let details = """
        - topic id=2025-1 stage=drafting revision=2 lead=nv review=hcth title=A
        - revision number=1 original=\(Digest(hashing: octets)) file="Chuyên đề 2.docx"
        - revision number=2
        OK
        """

    /// Asks for the file of a revision, as far as what SHOW says.
    private mutating func original(of revision: String) throws -> [ReviewTUI.Effect] {
        let form = try #require(CommandTable.forms.first { $0.name == "original" })
        model.overlay = nil
        _ = model.update(.keys([]))
        model.choose(form, with: ["revision": revision])
        return try answer(model.update(.keys([])), "SHOW", Self.details)
    }

    @Test mutating func theFileOfARevisionIsSaved() throws {
        let asked = try original(of: "2025-1@1")
        let text = Base64.encode(Self.octets)
        let lines = "| \(text.prefix(76))\n| \(text.dropFirst(76))"
        let saved = try answer(asked, "FETCH", "\(lines)\nOK revision=2025-1@1 encoding=base64")
        #expect(saved.contains(.save(name: "Chuyên đề 2.docx", octets: Self.octets)))
    }

    @Test mutating func aFileThatIsNotThereOrAnotherIsNotSaved() throws {
        #expect(Self.sent(try original(of: "2025-1@2"), "FETCH") == nil)
        #expect(
            words.contains("Bản 2025-1@2 không có tệp Word gốc kèm theo. Các bản có tệp gốc: 2025-1@1"), "\(screen)")
        let asked = try original(of: "2025-1@1")
        let saved = try answer(asked, "FETCH", "| AAAA\nOK revision=2025-1@1 encoding=base64")
        #expect(!saved.contains { if case .save = $0 { true } else { false } })
        #expect(words.contains("không đúng mã SHA-256"), "\(screen)")
    }

    @Test mutating func whatIsFetchedAndNoTextIsSavedAndNotShown() throws {
        let digest = Digest(hashing: Self.octets).description
        let form = try #require(CommandTable.forms.first { $0.name == "fetch" })
        model.overlay = nil
        model.choose(form, with: ["digest": digest])
        let saved = try answer(
            model.update(.keys([])), "FETCH",
            "| \(Base64.encode(Self.octets))\nOK revision=2025-1@1 file=x.docx encoding=base64 sha256=\(digest)")
        #expect(saved.contains(.save(name: "x.docx", octets: Self.octets)) && model.pages.count == 1)
    }

    @Test mutating func theListOfRevisionsNamesTheFiles() throws {
        model.overlay = nil
        _ = try original(of: "2025-1@2")
        model.library.details["2025-1"] = try reply(Self.details)
        model.openAbout("2025-1")
        _ = model.update(.keys([]))
        #expect(words.contains("Tệp Word gốc") && words.contains("Chuyên đề 2.docx"), "\(screen)")
    }

    /// The revision itself is the news.
    @Test mutating func thatAFileWasKeptIsNoNewsOfItsOwn() {
        func event(_ sequence: Int64, _ type: String) -> Input {
            .heard(
                .event(
                    EventLine(
                        sequence: sequence, previous: sequence - 1, time: "2025-06-16T09:12:01.101+07:00", type: type,
                        pairs: [Pair("topic", "2025-1"), Pair("revision", "2"), Pair("by", "son")])))
        }
        model.overlay = nil
        _ = model.update(event(5, "REVISION.PUSHED"))
        _ = model.update(event(6, "ORIGINAL.ATTACHED"))
        #expect(model.notice?.text == "2025-1: son gửi bản dự thảo 2")
    }

    @Test mutating func aFileThatBreaksEachConnectionIsSaidNotToBeKept() throws {
        try choose()
        let next = try answer(press("c"), "PUSH", "OK revision=2025-1@1 seq=5 :Đã nhận bản 1.")
        let attach = try #require(Self.sent(next, "ATTACH"))
        _ = model.update(.givenUp(attach.id, .connectionBreaks))
        #expect(words.contains("Kết nối đứt mỗi lần gửi tệp Word gốc của bản 2025-1@1"), "\(screen)")
        #expect(words.contains("Chưa rõ máy chủ đã ghi hay chưa."), "\(screen)")
        let dropped = model.update(.keys([.control("x")]))
        #expect(dropped.contains(.forgetWrite(attach.request.value("key") ?? "")))
        #expect(words.contains("Văn bản đã gửi xong (bản 2025-1@1) nhưng CHƯA lưu được tệp Word gốc."), "\(screen)")
        #expect(words.contains("phanbien attach 2025-1@1 TỆP"), "\(screen)")
    }

    // MARK: Choosing

    @Test mutating func aFileThatIsBeingReadIsNamedAndReadOnce() {
        _ = model.update(
            .visited(
                .folder(
                    FolderListing(
                        path: "/home/lan",
                        entries: [
                            FolderListing.Entry(
                                name: "lớn.docx", isFolder: false, octets: 1_400_000, day: CalendarDay(number: 0))
                        ]))))
        #expect(model.update(.keys([Key(.enter)])) == [.visit("/home/lan/lớn.docx")])
        #expect(words.contains("Đang đọc tệp lớn.docx …"), "\(screen)")
        #expect(model.update(.keys([Key(.enter)])).isEmpty, "once is enough")
        let ahead = "ghi".map { Key(.character($0)) } + [Key(.enter)]
        #expect(model.update(.keys(ahead)).isEmpty, "what is typed ahead chooses no other")
        _ = model.update(.visited(.failed(Bilingual("Không đọc được.", "Cannot."))))
        #expect(words.contains("Không đọc được.") && !words.contains("Đang đọc tệp"), "\(screen)")
        #expect(model.update(.keys([Key(.enter)])) == [.visit("/home/lan/lớn.docx")], "it may be there by now")
    }

    @Test mutating func aFolderWithoutDraftsNamesWordFilesAmongThem() {
        _ = model.update(.visited(.folder(FolderListing(path: "/home/lan", entries: []))))
        #expect(words.contains("Không có tệp .docx, .md hay .txt."), "\(screen)")
    }

    /// Where no text is open it is the newest that has a file, as the command says of itself.
    @Test mutating func ofATopicTheNewestFileIsMeant() throws {
        let form = try #require(CommandTable.forms.first { $0.name == "original" })
        model.overlay = nil
        model.choose(form)
        #expect(model.pending.values.contains(.originalOf("2025-1")))
    }
}
