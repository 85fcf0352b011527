import PhanbienCommands
import ReviewClient
import ReviewCore
import ReviewProtocol

/// Which half of an act a write is: a suggestion is applied by a new revision, and by settling the comment; the text of a
/// Word file is sent, and then the file itself.
enum ActHalf: Sendable, Equatable {
    /// The text with the suggestion in it; then this comment is to be settled.
    case revision(comment: String)
    /// The settlement; the text is this revision already.
    case settlement(revision: String)
    /// A text; then this file is to be kept with it.
    case text(original: WordFile)
    /// The file; its text is this revision already.
    case original(revision: String)

    /// Whether it is half of applying a suggestion.
    var isOfSuggestion: Bool {
        switch self {
        case .revision, .settlement: true
        case .text, .original: false
        }
    }
}

extension TopicPage {
    /// Whether a key is named at the foot of the page: where it can do something.
    func offers(_ action: Action, _ model: Model) -> Bool {
        guard reasonAgainst(action, model) == nil else { return false }
        guard action == .apply else { return true }
        if case .lost = model.connection { return false }
        guard let comment = currentComment, let name = revisionName, let text = model.library.texts[name],
            let thread = model.library.threads[comment.id], let suggestion = thread.passage("suggest"),
            !comment.isOrphan, comment.state != "agreed", let target = AnchorTarget(comment.place)
        else { return false }
        let quote = thread.passage("quote")
        if quote == nil, comment.row["now"] == "edited" { return false }
        // Words that stood there twice do not say which of them are left; where that text was not read, the key finds out.
        if let quote, let made = comment.row["revision"].flatMap({ Int($0) }), made != revision,
            let origin = model.library.texts["\(topic)@\(made)"],
            let anchor = AnchorTarget(comment.row["anchor"] ?? ""),
            origin.document.count(of: quote, at: anchor) > 1
        {
            return false
        }
        return text.document.offers(quote, at: target, with: suggestion)
    }

    /// Why no suggestion is applied here; what the words themselves say is looked at when the key is pressed.
    func reasonAgainstApplying(_ row: TopicRow, _ model: Model) -> Bilingual? {
        if row.row["postponed"] == "yes" {
            return Bilingual("Chuyên đề đang tạm hoãn.", "The topic is postponed.")
        }
        switch Stage(rawValue: row.stage) {
        case .leadership, .revision, .finishing, nil: break
        case .assigned, .drafting, .review, .plenary, .approval, .approved, .issued, .cancelled:
            let stage = Bilingual(
                Vocabulary.word(.stage, row.stage, .vietnamese), Vocabulary.word(.stage, row.stage, .english))
            return Bilingual(
                "Ở bước “\(stage.vietnamese)” chưa áp dụng đề nghị sửa được.",
                "At the stage “\(stage.english)” no suggestion is applied.")
        }
        guard isWritten(by: model.person, row, model) else {
            return Bilingual(
                "Chỉ người soạn thảo của phòng chủ trì áp dụng đề nghị sửa.",
                "Only the topic's authors apply a suggestion.")
        }
        guard let comment = currentComment else {
            return Bilingual(
                "Đoạn này chưa có ý kiến nào; phím n đi tới đoạn có ý kiến.",
                "No comment on this paragraph; n goes to the next one.")
        }
        let id = comment.id
        guard comment.row["suggest"] == "yes" else {
            return Bilingual("Ý kiến \(id) không kèm đề nghị sửa.", "Comment \(id) suggests no text.")
        }
        // Nobody closes a comment from both sides (decision 48).
        guard comment.row["by"] != model.person, comment.row["behalf"] != model.person else {
            return Bilingual(
                "\(id) là ý kiến của bạn hoặc do bạn ghi: người khác của phòng chủ trì áp dụng.",
                "\(id) is yours, or was keyed in by you: somebody else of the lead office applies it.")
        }
        guard let revision, revision >= row.revision else {
            return Bilingual(
                "Đề nghị được áp dụng vào bản mới nhất: phím b để xem bản ấy.",
                "A suggestion is applied to the newest revision: b shows it.")
        }
        return nil
    }

    /// Whether a person writes the topic (docs/protocol.md, decision 26); while their office is not known, the server judges.
    private func isWritten(by person: String, _ row: TopicRow, _ model: Model) -> Bool {
        guard !model.me.office.isEmpty else { return true }
        let authors = (model.library.details[topic]?.rows ?? []).filter { $0.word == "member" && $0["as"] == "author" }
        if authors.contains(where: { $0["person"] == person }) { return true }
        return model.me.office == row.row["lead"] && (authors.isEmpty || model.me.position == "head")
    }

    func apply(in model: inout Model) {
        guard let comment = currentComment, let revision else { return }
        model.beginApplying(comment.id, of: topic, to: revision)
    }

    /// Goes on to a revision that was just sent from here.
    mutating func show(revision number: Int) {
        revision = number
        words = nil
    }
}

extension Model {
    func nameOfApplying(_ comment: String) -> String {
        text("Áp dụng đề nghị sửa \(comment)", "Apply the suggestion of \(comment)")
    }

    /// Asks where the comment sits in exactly the text that is before the person; what is known may be of another one.
    mutating func beginApplying(_ comment: String, of topic: String, to revision: Int) {
        if case .lost = connection {
            return tell(
                .trouble, "Mất kết nối: áp dụng đề nghị sửa cần máy chủ. Có mạng rồi làm lại.",
                "No connection: to apply a suggestion takes the server. Try again once there is one.")
        }
        guard !outbox.contains(where: { $0.topic == topic && $0.half?.isOfSuggestion == true }) else {
            return tell(.news, "Đề nghị trước đang được áp dụng.", "An earlier suggestion is being applied.")
        }
        notice = nil
        // The text that it was made on is read before its place comes.
        if let made = library.comment(comment, of: topic)?.row["revision"].flatMap({ Int($0) }), made < revision {
            readText("\(topic)@\(made)")
        }
        // Also what is known of it: a text may have been removed since it was read.
        askAnew(.of("THREAD", comment), for: .thread(comment))
        ask(
            Request.of("COMMENTS", topic).adding("at", "@\(revision)"),
            for: .places(comment: comment, topic: topic, revision: revision))
    }

    /// The place came: the change is tried, shown and asked about.
    mutating func take(_ reply: Reply, of comment: String, in topic: String, _ revision: Int) {
        guard let row = reply.rows.first(where: { $0.word == "comment" && $0["id"] == comment }),
            let text = library.texts["\(topic)@\(revision)"], let thread = library.threads[comment]
        else {
            return tell(
                .trouble, "Chưa đọc xong ý kiến này; xin bấm lại sau giây lát.",
                "The comment has not been read yet; press the key again in a moment.")
        }
        guard text.isGenuine else {
            return tell(
                .trouble, "Văn bản nhận được không khớp mã SHA-256 máy chủ công bố. Không thay đổi gì.",
                "The text does not match the server's SHA-256. Nothing changed.")
        }
        let amendment: Amendment
        do throws(CommandFailure) {
            let quote = thread.passage("quote")
            amendment = try Amendment(
                row, quote: quote, suggestion: thread.passage("suggest"), topic: topic,
                base: revision, document: text.document, revisions: library.details[topic]?.rows ?? [])
            if let quote, let made = amendment.origin(row, quote: quote), case let name = "\(topic)@\(made)",
                library.refused[name] == nil
            {
                guard let origin = library.texts[name] else {
                    readText(name)
                    return tell(
                        .trouble, "Chưa đọc xong bản được góp ý; xin bấm lại sau giây lát.",
                        "The revision commented on has not been read yet; press the key again in a moment.")
                }
                try Amendment.check(row, quote: quote, in: origin.document)
            }
        } catch {
            var failure = error
            failure.next = Bilingual(
                "Sửa tay rồi gửi bản mới: phím U; ghi kết quả: phím s.",
                "U sends a revision changed by hand; s settles the comment.")
            return tell(failure)
        }
        var command = PreparedCommand(
            name: nameOfApplying(comment), request: Amendment.settlement(of: comment, in: amendment.carrier),
            isFinal: false, details: amendment.summary.text(language))
        switch amendment.deed {
        case .nothing: return tell(.news, amendment.summary)
        case .settlement: break
        case .revision(let replacement):
            guard let push = amendment.push else { return }
            command.request = push
            command.change = WordDiff.pieces(replacement.before, replacement.after)
            guard amendment.settles else { break }
            command.first = Amendment.settlement(of: comment, in: nil)
            command.half = .revision(comment: comment)
        }
        _ = tryOut(command)
    }

    /// What follows upon a half that was done: the settlement, or the Word file, upon the revision that the answer names.
    mutating func follow(_ half: ActHalf, _ reply: Reply, at place: Int) {
        guard let revision = reply["revision"] else { return }
        if case .text(let original) = half {
            return write(original.request(for: revision), half: .original(revision: revision), at: place)
        }
        guard case .revision(let comment) = half else { return }
        let parts = revision.split(separator: "@")
        let number = parts.last.flatMap { Int($0) }
        write(
            Amendment.settlement(of: comment, in: number), half: .settlement(revision: revision), at: place)
        guard let number, let topic = parts.first else { return }
        for index in pages.indices {
            guard case .topic(var page) = pages[index], page.topic == topic else { continue }
            page.show(revision: number)
            pages[index] = .topic(page)
        }
    }

    /// A half was refused: what is done and what is not, and how to go on.
    mutating func takeRefusal(of half: ActHalf, _ reply: Reply, topic: String?) {
        if let topic { refresh(topic: topic) }
        let reason = sentence(of: reply)
        switch half {
        case .revision:
            let isStale = reply.status.code == NoCode.stale.rawValue
            let rest =
                isStale ? text(" Xem bản mới (phím b) rồi bấm a lại.", " Look at it (key b), then press a again.") : ""
            tell(.trouble, text("Chưa áp dụng, không thay đổi gì: ", "Not applied, nothing changed: ") + reason + rest)
        case .settlement(let revision):
            tell(
                .trouble,
                text(
                    "Văn bản đã sửa (bản \(revision)) nhưng CHƯA ghi tiếp thu: \(reason) Bấm a lại, hoặc s, để ghi.",
                    "The text is changed (\(revision)) but the comment is NOT settled: \(reason) Press a again, or s."))
        case .text: showRefusal(reply, title: text("Chưa thực hiện được", "Not done"))
        case .original(let revision): tellNotKept(revision, reply)
        }
    }
}
