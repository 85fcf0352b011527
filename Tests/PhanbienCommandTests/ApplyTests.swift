import PhanbienCommands
import ReviewClient
import ReviewProtocol
import Testing

/// A suggestion is put into the text and the comment is settled: both, or it is said what is missing.
struct ApplyTests {
    private static let text = "# Mở đầu\n\nNăm 2024 có 57 vụ việc.\n\nCó 12 viên chức, 12 cộng tác viên.\n"
    private static let applied = "# Mở đầu\n\nNăm 2024 có 75 vụ việc.\n\nCó 12 viên chức, 12 cộng tác viên.\n"

    /// A server with one comment on revision 1, and `revision` as its newest.
    private static func office(
        quote: String? = "57 vụ việc", suggestion: String? = "75 vụ việc", text: String = text, revision: Int = 1,
        more: String = "now=exact", state: String = "state=open", anchor: String = "I/1", addresses: String = "",
        answer: @escaping (Request) -> String? = { _ in nil }
    ) -> ScriptedSurroundings {
        let world = ScriptedSurroundings()
        let row =
            "- comment id=C14 by=minh kind=content level=must \(state) revision=1 anchor=\(anchor) \(more)"
            + (suggestion == nil ? "" : " suggest=yes")
        let digest = world.sha256(Array(text.utf8))
        world.respond = { request in
            let line = ScriptedSurroundings.line(request)
            if let own = answer(request) { return reply(own) }
            switch line {
            case "THREAD C14":
                return reply(
                    row + "\n" + (quote.map { "- text kind=quote\n| \($0)\n" } ?? "")
                        + (suggestion.map { "- text kind=suggest\n= {\($0.utf8.count)}\n\($0)" } ?? "")
                        + "- message n=1 by=minh kind=comment\n| Sai.\nOK id=C14 topic=2025-2 messages=1")
            case "SHOW 2025-2":
                return reply(
                    "- topic id=2025-2 stage=revision revision=\(revision) title=x\n- revision number=1 by=lan"
                        + (revision > 1 ? "\n- revision number=\(revision) by=lan\(addresses)" : "")
                        + "\nOK topic=2025-2")
            case "SHOW 2025-2@\(revision)":
                return reply("= {\(text.utf8.count)}\n\(text)OK revision=2025-2@\(revision) sha256=\(digest)")
            case "COMMENTS 2025-2 at=@\(revision)": return reply(row + "\nOK topic=2025-2 comments=1")
            case _ where line.hasPrefix("PUSH"):
                return reply("OK revision=2025-2@\(revision + 1) seq=9 :Đã nhận bản \(revision + 1).")
            case _ where line.hasPrefix("SETTLE"): return reply("OK id=C14 state=settled seq=10 :C14: tiếp thu.")
            default: return reply("NO NOT-FOUND retry=never :\(line)")
            }
        }
        return world
    }

    private static let reads = ["THREAD C14", "SHOW 2025-2", "SHOW 2025-2@1", "COMMENTS 2025-2 at=@1"]
    private static let push = "PUSH 2025-2 if=@1 addresses=C14 note=\"Áp dụng đề nghị sửa C14\""

    /// What a person was told and shown, wherever the lines broke.
    private func said(_ world: ScriptedSurroundings) -> String {
        (world.shown + world.told).split { $0 == " " || $0 == "\n" }.joined(separator: " ")
    }

    private func writes(_ world: ScriptedSurroundings) -> [String] {
        world.lines.filter { ($0.hasPrefix("PUSH") || $0.hasPrefix("SETTLE")) && !$0.contains("dry-run") }
    }

    // MARK: The act

    @Test func itIsTriedShownAskedSentAndSettled() {
        let world = Self.office()
        world.canAsk = true
        world.answers = ["có"]
        #expect(run("ap-dung", "14", in: world) == .done)
        #expect(
            world.lines == Self.reads + [
                Self.push + " dry-run=yes | " + Self.applied, "SETTLE C14 as=accepted dry-run=yes",
                Self.push + " key=key-1 | " + Self.applied, "SETTLE C14 as=accepted in=@2 key=key-2",
            ])
        #expect(world.shown.contains("- Năm 2024 có [-57-] vụ việc."), "\(world.shown)")
        #expect(world.shown.contains("+ Năm 2024 có {+75+} vụ việc."))
        #expect(world.questions.count == 1 && world.remembered["revision-2025-2"] == "2 01J8")
    }

    @Test func whoSaysNoChangesNothing() {
        for answers in [["không"], [nil]] {
            let world = Self.office()
            world.canAsk = true
            world.answers = answers
            #expect(run("apply", "C14", in: world) == .refused)
            #expect(writes(world).isEmpty && world.told.contains("không thay đổi gì"))
        }
    }

    @Test func withoutATerminalItWantsYes() {
        let world = Self.office()
        #expect(run("apply", "C14", in: world) == .usage)
        #expect(writes(world).isEmpty && world.told.contains("--yes"))
        #expect(run("apply", "C14", "--yes", in: world) == .done)
        #expect(writes(world).count == 2)
    }

    @Test func aTrialChangesNothing() {
        let world = Self.office()
        #expect(run("apply", "C14", "--dry-run", in: world) == .done)
        #expect(writes(world).isEmpty && world.lines.count { $0.contains("dry-run=yes") } == 2)
        #expect(world.shown.contains("{+75+}"))
    }

    @Test func forProgramsEachAnswerIsALine() {
        let world = Self.office()
        world.screen.isJSON = true
        #expect(run("apply", "C14", "--yes", "--json", "--key", "k", in: world) == .done)
        #expect(world.shown.split(separator: "\n").count == 2 && world.shown.hasPrefix("{"), "\(world.shown)")
        #expect(writes(world).map { $0.contains("key=k ") || $0.hasSuffix("key=k.2") } == [true, true])
        #expect(run("apply", "C14", "--yes", "--key", String(repeating: "k", count: 63), in: Self.office()) == .usage)
    }

    // MARK: What is not guessed

    @Test(arguments: [
        ("12", "13", "I/2", "now=exact", "có 2 chỗ"),
        ("58 vụ việc", "75 vụ việc", "I/1", "now=edited", "Không còn chữ"),
        ("57 vụ việc", "75", "I/1", "now=orphan", "không còn trong bản 1"),
        ("57 vụ việc", "75", "I/7", "now=exact", "Không còn"), ("Mở đầu", "Mở\nđầu", "I", "now=exact", "đề mục"),
        ("57 vụ việc", "57 vụ việc", "I/1", "now=exact", "đã có đúng chữ"),
        ("57 vụ việc", "[nội dung đã xóa theo 05/QĐ-TGPL]", "I/1", "now=exact", "đã bị xóa"),
    ])
    func whereThePlaceIsNotPlainNothingIsSent(
        quote: String, suggestion: String, anchor: String, more: String, reason: String
    ) {
        let world = Self.office(quote: quote, suggestion: suggestion, more: more, anchor: anchor)
        #expect(run("apply", "C14", "--yes", in: world) == .refused)
        #expect(world.lines == Self.reads)
        #expect(said(world).contains(reason) && said(world).contains("Không thay đổi gì."), "\(world.told)")
        #expect(said(world).contains("phanbien push 2025-2 TỆP --addresses C14"))
    }

    /// Of two places with the same words one was edited away: which of them was meant was never said.
    @Test(arguments: [("now=edited", "12 viên chức", "15 viên chức"), ("now=exact", "12 cộng tác", "15 cộng tác")])
    func whatIsLeftOfSeveralPlacesIsNotTakenForTheOneThatWasMeant(more: String, old: String, new: String) {
        let world = Self.office(
            quote: "12", suggestion: "13", text: Self.text.replacing(old, with: new), revision: 2, more: more,
            anchor: "I/2"
        ) { request in
            ScriptedSurroundings.line(request) == "SHOW 2025-2@1"
                ? "= {\(Self.text.utf8.count)}\n\(Self.text)OK revision=2025-2@1" : nil
        }
        #expect(run("apply", "C14", "--yes", in: world) == .refused)
        #expect(writes(world).isEmpty && world.lines.last == "SHOW 2025-2@1", "\(world.lines)")
        #expect(said(world).contains("có 2 chỗ ở") && said(world).contains("phải sửa tay"), "\(world.told)")
        #expect(said(world).contains("phanbien push 2025-2 TỆP --addresses C14"))
        // Where they stood once, they are the ones.
        let once = Self.office(text: Self.text.replacing(old, with: new), revision: 2, more: more) { request in
            ScriptedSurroundings.line(request) == "SHOW 2025-2@1"
                ? "= {\(Self.text.utf8.count)}\n\(Self.text)OK revision=2025-2@1" : nil
        }
        #expect(run("apply", "C14", "--yes", in: once) == .done && writes(once).count == 2)
    }

    @Test func aParagraphThatWasChangedIsNotReplacedAsAWhole() {
        let world = Self.office(quote: nil, more: "now=edited")
        #expect(run("apply", "C14", "--yes", in: world) == .refused)
        #expect(said(world).contains("sửa khác đi"))
        let whole = Self.office(quote: nil, suggestion: "Năm 2024: 75 vụ việc.")
        #expect(run("apply", "C14", "--yes", in: whole) == .done)
        #expect(writes(whole).first?.contains("Năm 2024: 75 vụ việc.\n\nCó 12") == true)
    }

    @Test func withoutASuggestionThereIsNothingToApply() {
        let world = Self.office(suggestion: nil)
        #expect(run("apply", "C14", "--yes", in: world) == .refused)
        #expect(said(world).contains("không kèm đề nghị sửa"))
        for state in ["state=withdrawn", "state=agreed as=declined in=\"\""] {
            #expect(run("apply", "C14", "--yes", in: Self.office(state: state)) == .refused)
        }
    }

    @Test func aTextThatIsNotTheStoredOneIsNotSentBack() {
        let world = Self.office { request in
            ScriptedSurroundings.line(request) == "SHOW 2025-2@1"
                ? "| Năm 2024 có 57 vụ việc.\nOK revision=2025-2@1 sha256=0123456789abcdef" : nil
        }
        #expect(run("apply", "C14", "--yes", in: world) == .protocolError)
        #expect(writes(world).isEmpty)
    }

    /// A few digits fit many texts, and none fits every text.
    @Test(arguments: [0, 1, 15]) func aDigestThatIsCutShortSaysNothing(digits: Int) {
        let digest = ScriptedSurroundings().sha256(Array(Self.text.utf8)).prefix(digits)
        let world = Self.office { request in
            ScriptedSurroundings.line(request) == "SHOW 2025-2@1"
                ? "= {\(Self.text.utf8.count)}\n\(Self.text)OK revision=2025-2@1 sha256=\"\(digest)\"" : nil
        }
        #expect(run("apply", "C14", "--yes", in: world) == .protocolError)
        #expect(writes(world).isEmpty)
    }

    // MARK: Halves

    @Test(arguments: ["PUSH", "SETTLE"]) func whatWouldBeRefusedIsNotBegun(verb: String) {
        let world = Self.office { request in
            request.verb == verb && request.value("dry-run") == "yes"
                ? "NO STAGE retry=refresh :Ở bước “phản biện” không làm được." : nil
        }
        #expect(run("apply", "C14", "--yes", in: world) == .refused)
        #expect(writes(world).isEmpty && said(world).contains("Không thay đổi gì."), "\(world.told)")
    }

    @Test func aNewerRevisionThatCameMeanwhileIsNotTouched() {
        let world = Self.office { request in
            request.verb == "PUSH" && request.value("key") != nil
                ? "NO STALE retry=refresh current=2025-2@2 by=son :Bản mới nhất là 2025-2@2 (Hoàng Văn Sơn)." : nil
        }
        #expect(run("apply", "C14", "--yes", in: world) == .refused)
        #expect(writes(world).count == 1, "nothing is settled")
        #expect(said(world).contains("gõ lại: phanbien apply C14"), "\(world.told)")
    }

    @Test(arguments: [true, false]) func aSettlementThatFailedIsSaidAndCanBeMadeUpFor(isCut: Bool) {
        let world = Self.office { request in
            guard !isCut, request.verb == "SETTLE", request.value("key") != nil else { return nil }
            return "NO READ-ONLY retry=later after=60000 :Máy chủ tạm thời không ghi được."
        }
        if isCut { world.failsAt = { $0.verb == "SETTLE" && $0.value("key") != nil } }
        #expect(run("apply", "C14", "--yes", in: world) == (isCut ? .unavailable : .tryLater))
        #expect(said(world).contains("(bản @2) nhưng CHƯA ghi C14"), "\(world.told)")
        #expect(said(world).contains("phanbien settle C14 accepted --in @2"))

        // The same command again: the text has it, so nothing is pushed.
        let again = Self.office(text: Self.applied, revision: 2, more: "now=edited", addresses: " addresses=C3,C14")
        #expect(run("apply", "C14", "--yes", in: again) == .done)
        #expect(writes(again) == ["SETTLE C14 as=accepted in=@2 key=key-2"])
        #expect(said(again).contains("chỉ ghi C14"), "\(again.shown)")
    }

    /// After a restore C14 may be another comment, and @2 another text.
    @Test func aSettlementForAnotherLogIsNotSaidToBeMadeUpFor() {
        let world = Self.office()
        world.loss = ScriptedSurroundings.restored
        world.failsAt = { $0.verb == "SETTLE" && $0.value("key") != nil }
        #expect(run("apply", "C14", "--yes", in: world) == .unavailable)
        #expect(said(world).contains("Hãy xem lại.") && !said(world).contains("phanbien settle"), "\(world.told)")
    }

    /// `phanbien apply … | head`: what nobody has seen nobody says yes to.
    @Test func aChangeThatWentIntoAClosedPipeIsNotMade() {
        let world = Self.office()
        world.canAsk = true
        world.answers = ["có"]
        world.isOutputGone = true
        #expect(run("apply", "C14", in: world) == .inputOutput)
        #expect(writes(world).isEmpty && world.questions.isEmpty)
    }

    /// So much of the paragraph was replaced that it counts as another one.
    @Test func itIsFoundAgainWhereTheCommentLostItsPlace() {
        for (addresses, expected) in [(" addresses=C14", ExitCode.done), (" addresses=C3", .refused), ("", .refused)] {
            let world = Self.office(text: Self.applied, revision: 2, more: "now=orphan", addresses: addresses)
            #expect(run("apply", "C14", "--yes", in: world) == expected)
            #expect(writes(world).count == (expected == .done ? 1 : 0))
        }
    }

    @Test func whatIsDoneStaysDone() {
        let world = Self.office(
            text: Self.applied, revision: 2, more: "now=edited", state: "state=settled as=accepted in=@2",
            addresses: " addresses=C14")
        #expect(run("apply", "C14", "--yes", in: world) == .done)
        #expect(writes(world).isEmpty && said(world).contains("không còn gì phải làm"))
        // A program reads one answer, as after every write.
        let program = Self.office(
            text: Self.applied, revision: 2, more: "now=edited", state: "state=settled as=accepted in=@2",
            addresses: " addresses=C14")
        program.screen.isJSON = true
        #expect(run("apply", "C14", "--yes", "--json", in: program) == .done)
        #expect(
            program.shown
                == #"{"rows":[],"status":{"outcome":"OK","human":"Văn bản đã có chữ được đề nghị và C14 đã được tiếp thu: không còn gì phải làm.","id":"C14","topic":"2025-2","already":"yes"}}"#
                + "\n")
        #expect(writes(program).isEmpty && program.told.isEmpty)
    }

    /// Accepted first and agreed on; only the text is missing.
    @Test func whatWasAgreedOnIsOnlyPutIntoTheText() {
        let world = Self.office(state: "state=agreed as=accepted in=\"\"")
        #expect(run("apply", "C14", "--yes", in: world) == .done)
        #expect(writes(world) == [Self.push + " key=key-1 | " + Self.applied])
    }

    /// Where the words stay within what replaces them, once is enough.
    @Test func whatHoldsTheWordsIsNotAppliedTwice() {
        let text = Self.text.replacing("57 vụ việc", with: "57 vụ việc tham gia tố tụng")
        let world = Self.office(suggestion: "57 vụ việc tham gia tố tụng", text: text, revision: 2)
        #expect(run("apply", "C14", "--yes", in: world) == .done)
        #expect(writes(world) == ["SETTLE C14 as=accepted in=@2 key=key-2"])
    }

    /// Also where what replaces them has them twice.
    @Test func whatHoldsTheWordsTwiceIsRecognised() {
        let suggestion = "57 vụ việc tố tụng, 57 vụ việc tư vấn"
        let text = Self.text.replacing("57 vụ việc", with: suggestion)
        let world = Self.office(suggestion: suggestion, text: text, revision: 2, addresses: " addresses=C14")
        #expect(run("apply", "C14", "--yes", in: world) == .done)
        #expect(writes(world) == ["SETTLE C14 as=accepted in=@2 key=key-2"])
    }

    @Test func whoMayNotReadIsToldSo() {
        let world = ScriptedSurroundings([("THREAD", reply("NO NOT-FOUND retry=never :Không có ý kiến C14."))])
        #expect(run("apply", "C14", "--yes", in: world) == .refused)
        #expect(world.told.contains("Không có ý kiến C14."))
    }
}
