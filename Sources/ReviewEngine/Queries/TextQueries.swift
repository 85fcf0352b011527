import ReviewCore
import ReviewDigest
import ReviewProtocol

extension Reading {
    // MARK: OUTLINE

    /// OUTLINE topic@n: the sections with their numbers, and what the plan requires and the text lacks.
    func outline() throws(Interruption) -> Reply {
        let (topic, revision) = try revision(call.word("revision"))
        let document = revision.document
        // The comparison that CHECK goes by; each heading is brought to its form once.
        let required = topic.outline.titles.map { OutlineCheck.Title($0) }
        var parts: [Reply.Part] = []
        for section in document.sections {
            let title = OutlineCheck.Title(section.title)
            let isRequired = required.contains { $0.agrees(with: title) }
            parts.append(
                .row(
                    "section",
                    [
                        Pair("path", section.path.description), Pair("level", String(section.level)),
                        Pair("line", String(section.line)), Pair("title", section.title),
                        Pair("required", isRequired ? "yes" : "no"), Pair("empty", section.hasText ? "no" : "yes"),
                    ]))
        }
        let gaps = OutlineCheck.gaps(topic.outline, in: document)
        for gap in gaps {
            parts.append(.row("gap", [Pair("title", gap.title), Pair("state", gap.isEmpty ? "empty" : "missing")]))
        }
        return done(
            [
                Pair("revision", "\(topic.id)@\(revision.number)"), Pair("sections", String(document.sections.count)),
                Pair("gaps", String(gaps.count)),
            ],
            gaps.isEmpty
                ? Wording("Đủ các mục theo bố cục của Kế hoạch", "All required sections are there")
                : Wording(
                    "Thiếu hoặc trống \(gaps.count) mục theo bố cục của Kế hoạch",
                    "\(gaps.count) required sections are missing or empty"), parts: parts)
    }

    // MARK: DIFF

    /// DIFF topic from=@n to=@m [for=C14].
    func difference() throws(Interruption) -> Reply {
        let topic = try readable(call.word("topic"))
        let old = try revision("from", of: topic)
        let new = try revision("to", of: topic)
        if let text = call.pair("for"), CommentID(text).flatMap({ topic.comments[$0.number] }) == nil {
            throw notFound(text)
        }
        if let notice = state.notice(of: old) ?? state.notice(of: new) {
            // Compared with a text that was removed, everything would read as added or left out.
            return done(
                [
                    Pair("from", "\(topic.id)@\(old.number)"), Pair("to", "\(topic.id)@\(new.number)"),
                    Pair("redacted", "yes"),
                ], parts: [.line(notice)])
        }
        let porting = Porting(from: old.document, to: new.document)
        var changes = DocumentDiff.changes(porting)
        var pairs = [Pair("from", "\(topic.id)@\(old.number)"), Pair("to", "\(topic.id)@\(new.number)")]
        let change = topic.change(from: old, to: new, porting)
        pairs.append(Pair("change", change.kind.rawValue))
        var wording = change.wording
        if let text = call.pair("for") {
            guard let id = CommentID(text), let comment = topic.comments[id.number] else { throw notFound(text) }
            let anchor = place(of: comment, in: old, topic)
            changes = changes.filter { touches($0, anchor, porting) }
            // A revision claims it by addresses= of its PUSH, or SETTLE by in=.
            let claims = topic.revisions.contains {
                $0.number > old.number && $0.number <= new.number
                    && ($0.addresses.contains(id) || comment.settledIn == $0.number)
            }
            let isChanged = changes.contains { $0.kind != .equal }
            // Of a comment on the whole topic its place would show everything, whoever claims nothing.
            if !claims, anchor == .whole { changes = [] }
            pairs.append(Pair("for", id.description))
            pairs.append(Pair("claimed", claims ? "yes" : "no"))
            pairs.append(Pair("changed", isChanged ? "yes" : "no"))
            if !isChanged {
                wording = Wording(
                    "Chỗ có ý kiến \(id) không thay đổi giữa hai bản",
                    "The place of \(id) did not change between the two revisions")
            }
        }
        let lines = DocumentDiff.unified(changes, context: 1)
        pairs.append(Pair("lines", String(lines.count)))
        return done(pairs, wording, parts: lines.isEmpty ? [] : [.text(lines.joined(separator: "\n"))])
    }

    /// Where a comment sits in the revision that the comparison starts from; nil when it is not there.
    private func place(of comment: Comment, in old: Revision, _ topic: Topic) -> AnchorTarget? {
        topic.ported([comment], to: old).first?.now.target
    }

    /// Whether a change is at a comment's place: its paragraph, its section, or a paragraph added beside it.
    ///
    /// The place is one of the old revision. A section of the new one may bear another number there, or be new: then it
    /// belongs to what encloses it.
    private func touches(_ change: ParagraphChange, _ anchor: AnchorTarget?, _ porting: Porting) -> Bool {
        guard let anchor else { return false }
        switch anchor {
        case .whole: return true
        case .section(let path):
            if let old = change.old { return old.section.map { path.contains($0) } ?? false }
            var section = change.new?.section
            while let new = section {
                if let former = porting.formerSection(new) { return path.contains(former) }
                section = new.parent
            }
            return false
        case .paragraph(let path, let number):
            if let old = change.old { return old.section == path && old.number == number }
            guard let new = change.new, !change.isHeading else { return false }
            guard let section = new.section else { return path == nil }
            return path != nil && porting.formerSection(section) == path
        }
    }

    // MARK: MANIFEST

    /// MANIFEST topic@n: a text that is the same for everybody, octet by octet, as long as nothing happens to the topic.
    func manifest() throws(Interruption) -> Reply {
        let (topic, revision) = try revision(call.word("revision"))
        // It prints what CHECK says to everybody, so it is not for those to whom CHECK says less.
        do throws(Refusal) { try state.mayReadResults(of: topic, person.id) } catch {
            throw .refused(error)
        }
        let text = state.approvalManifest(of: topic, revision, epoch: engine.epoch, now: now).text
        return done(
            [
                Pair("revision", "\(topic.id)@\(revision.number)"), Pair("lines", String(text.shownLines.count)),
                Pair("bytes", String(text.utf8.count)), Pair("sha256", Digest(hashing: text).description),
            ], parts: [.text(text)])
    }
}

extension [OutlineItem] {
    /// All titles of the outline, those of every level.
    fileprivate var titles: [String] {
        outlineText.shownLines.map { line in String(Substring(line.utf8.drop { $0 == 0x20 })) }
    }
}
