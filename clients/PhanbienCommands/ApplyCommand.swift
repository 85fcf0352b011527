import ReviewClient
import ReviewCore
import ReviewProtocol
import Terminal

/// `apply`: a suggestion into the text and the comment settled by it, in one act.
extension CommandRunner {
    func apply() throws(CommandFailure) -> ExitCode {
        let (amendment, document) = try amendment()
        guard amendment.deed != .nothing else {
            tellNothing(amendment)
            return .done
        }
        let keys = try twoKeys()
        // Both are tried before anything is done: half an act that cannot be ended helps nobody.
        var trials: [Reply] = []
        if let push = amendment.push { trials.append(try perform(push.adding("dry-run", "yes"))) }
        if amendment.settles {
            let settlement = Amendment.settlement(of: amendment.comment, in: amendment.carrier)
            trials.append(try perform(settlement.adding("dry-run", "yes")))
        }
        if let refusal = trials.first(where: { !$0.status.isOK }) { return refuse(refusal, amendment) }
        show(amendment, document)
        if invocation.global.dryRun {
            for trial in trials { finish(trial) }
            return .done
        }
        try confirm(amendment)
        guard let push = amendment.push else { return try settle(amendment, in: amendment.carrier, key: keys.second) }
        let pushed = try perform(push.adding("key", keys.first))
        guard pushed.status.isOK else { return refuse(pushed, amendment) }
        finish(pushed)
        let number = pushed["revision"].flatMap(Self.parts)?.number
        if let number { surroundings.rememberRevision(number, of: amendment.topic) }
        return amendment.settles ? try settle(amendment, in: number, key: keys.second) : .done
    }

    /// That everything is done already; for programs in the form of an answer, which they wait for.
    private func tellNothing(_ amendment: Amendment) {
        let words = screen.text(amendment.summary)
        guard screen.isJSON else {
            for line in screen.paragraph(words) { surroundings.tell(line) }
            return
        }
        let pairs = [Pair("id", amendment.comment), Pair("topic", amendment.topic), Pair("already", "yes")]
        surroundings.writeLines([Reply(status: Status(.ok, pairs: pairs, human: words)).json.text])
    }

    /// Reads the comment, the newest text and the comment's place in exactly that text, whatever comes meanwhile.
    private func amendment() throws(CommandFailure) -> (Amendment, Document) {
        guard let id = invocation.operand("comment") else { throw Self.noText }
        let thread = try require(.of("THREAD", id))
        guard let topic = thread["topic"] else { throw Self.unanswered(id) }
        let details = try require(.of("SHOW", topic))
        guard let base = details.rows.first(where: { $0.word == "topic" })?["revision"].flatMap({ Int($0) }) else {
            throw Self.unanswered(id)
        }
        let text = try require(.of("SHOW", "\(topic)@\(base)"))
        // What is sent back is the text with one change: it must be the stored one, octet by octet.
        guard let claimed = text["sha256"], surroundings.sha256(text.text).hasPrefix(claimed.lowercased()),
            claimed.utf8.count >= 16
        else {
            throw CommandFailure(
                .protocolError, "Văn bản nhận được không khớp mã SHA-256 máy chủ công bố. Không thay đổi gì.",
                "The text does not match the server's SHA-256. Nothing changed.")
        }
        let comments = try require(Request.of("COMMENTS", topic).adding("at", "@\(base)"))
        guard let row = comments.rows.first(where: { $0.word == "comment" && $0["id"] == id }) else {
            throw Self.unanswered(id)
        }
        func passage(_ kind: String) -> String? {
            thread.items.first { $0.row?.word == "text" && $0.row?["kind"] == kind }?.text.map {
                String(decoding: $0, as: UTF8.self)
            }
        }
        let document = Document(String(decoding: text.text, as: UTF8.self))
        do throws(CommandFailure) {
            let quote = passage("quote")
            let amendment = try Amendment(
                row, quote: quote, suggestion: passage("suggest"), topic: topic, base: base, document: document,
                revisions: details.rows)
            if let quote, let made = amendment.origin(row, quote: quote) {
                let old = try require(.of("SHOW", "\(topic)@\(made)"))
                try Amendment.check(row, quote: quote, in: Document(String(decoding: old.text, as: UTF8.self)))
            }
            return (amendment, document)
        } catch {
            var failure = error
            failure.next = Bilingual(
                "Sửa tay thì gõ: phanbien push \(topic) TỆP --addresses \(id); không sửa thì: phanbien settle \(id) …",
                "By hand: phanbien push \(topic) FILE --addresses \(id); or without a change: phanbien settle \(id) …")
            throw failure
        }
    }

    private static func unanswered(_ id: String) -> CommandFailure {
        CommandFailure(
            .protocolError, "Máy chủ không cho biết \(SafeText.escape(id)) ở đâu. Không thay đổi gì.",
            "The server does not say where \(SafeText.escape(id)) is. Nothing changed.")
    }

    /// A key for each of the two writes: the same command with the same `--key` sends the same two.
    func twoKeys() throws(CommandFailure) -> (first: String, second: String) {
        guard let given = invocation.global.key else { return (surroundings.newKey(), surroundings.newKey()) }
        guard given.utf8.count <= 62 else {
            throw CommandFailure(
                .usage, "Lệnh này ghi hai lần, nên --key chỉ được dài 62 ký tự.",
                "This command writes twice, so --key has at most 62 characters.")
        }
        return (given, given + ".2")
    }

    /// The change as `diff` shows it; where the answer is for programs it stands beside it.
    private func show(_ amendment: Amendment, _ document: Document) {
        var lines: [String] = []
        if case .revision(let replacement) = amendment.deed {
            let changes = DocumentDiff.unified(document, Document(replacement.text), context: 1)
            lines = coloured(changes.joined(separator: "\n"))
        }
        lines += screen.paragraph(screen.text(amendment.summary))
        if screen.isJSON { lines.forEach(surroundings.tell) } else { surroundings.writeLines(lines) }
    }

    private func confirm(_ amendment: Amendment) throws(CommandFailure) {
        if invocation.global.yes { return }
        guard !surroundings.isOutputGone else { throw Self.unread }
        guard surroundings.canAsk else {
            throw CommandFailure(
                .usage, "Cần xác nhận trước khi sửa văn bản.", "The change of the text needs a confirmation.",
                next: Bilingual("Thêm --yes nếu chắc chắn.", "Add --yes if you are sure."))
        }
        guard Answer.isYes(surroundings.ask(screen.text("Gõ \"có\" để áp dụng: ", "Type \"yes\" to apply it: "))) else {
            throw Self.cancelled
        }
    }

    /// A refusal before anything was done, and what to do then.
    private func refuse(_ reply: Reply, _ amendment: Amendment) -> ExitCode {
        let exit = finish(reply)
        guard !screen.isJSON else { return exit }
        let isStale = reply.status.code == NoCode.stale.rawValue
        let words =
            isStale
            ? screen.text(
                "Không thay đổi gì. Để áp dụng vào bản mới ấy, gõ lại: phanbien apply \(amendment.comment)",
                "Nothing changed. To apply it to that revision: phanbien apply \(amendment.comment)")
            : screen.text("Không thay đổi gì.", "Nothing changed.")
        for line in screen.paragraph(words, .faint) { surroundings.tell(line) }
        return exit
    }

    /// The second half; where it fails, what is done is said, and how to end it.
    private func settle(
        _ amendment: Amendment, in revision: Int?, key: String
    ) throws(CommandFailure) -> ExitCode {
        let id = amendment.comment
        let carrier = revision.map { "@\($0)" } ?? ""
        let half = Bilingual(
            "Văn bản đã sửa theo đề nghị (bản \(carrier)) nhưng CHƯA ghi \(id): tiếp thu. Gõ lại: phanbien apply \(id) (không gửi bản mới nữa), hoặc: phanbien settle \(id) accepted --in \(carrier)",
            "The text has the suggestion (\(carrier)), but \(id) is NOT settled. Type again: phanbien apply \(id) (nothing is sent twice), or: phanbien settle \(id) accepted --in \(carrier)"
        )
        let reply: Reply
        do throws(CommandFailure) {
            reply = try perform(Amendment.settlement(of: id, in: revision).adding("key", key))
        } catch {
            var failure = error
            // After a restore the comment's number, and the revision's, may stand for others.
            if !failure.forbidsRepeating { failure.next = half }
            throw failure
        }
        let exit = finish(reply)
        if !reply.status.isOK { for line in screen.paragraph(screen.text(half)) { surroundings.tell(line) } }
        return exit
    }
}

extension Amendment {
    /// The revision that carries the suggestion already; nil where it has to be pushed first.
    package var carrier: Int? { if case .settlement(let revision) = deed { revision } else { nil } }
}
