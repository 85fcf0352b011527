import ReviewDigest

/// Bản so sánh: what changed between two revisions, paragraph by paragraph, with the comments that the newer ones claim to
/// deal with.
///
/// Old and new text are printed one below the other in each row, as the columns of the table of comments are. Rows are
/// grouped by section in the order of the newer revision; what did not change is not repeated.
struct Comparison {
    private let state: State
    private let topic: Topic
    private let now: Instant
    private let old: Revision
    private let new: Revision
    /// nil where one of the two texts was removed, so that there is nothing to compare.
    private let porting: Porting?
    /// Everything of both texts, unchanged paragraphs as well.
    private let all: [ParagraphChange]
    private let changes: [ParagraphChange]
    private let claims: [Claim]

    init(of topic: Topic, _ arguments: Papers.Arguments, in state: State, now: Instant) throws(Refusal) {
        (old, new) = try Papers.compared(arguments, of: topic)
        self.topic = topic
        self.state = state
        self.now = now
        let isWhole = state.notice(of: old) == nil && state.notice(of: new) == nil
        porting = isWhole ? Porting(from: old.document, to: new.document) : nil
        all = porting.map { DocumentDiff.changes($0) } ?? []
        changes = all.filter { $0.kind != .equal }
        claims = Self.claims(of: topic, from: old, to: new, isPlaced: isWhole)
    }

    var sheet: PaperSheet {
        var sheet = PaperSheet()
        // It comes from the lead office, below the Centre, and is an enclosure: it has no number of its own.
        sheet.letterhead(
            parent: state.plan(of: topic)?.issuer ?? "", issuer: state.officeName(topic.lead, of: topic),
            date: now.date)
        sheet.title(
            "BẢN SO SÁNH", "DỰ THẢO LẦN \(old.number) VỚI DỰ THẢO LẦN \(new.number) CỦA CHUYÊN ĐỀ “\(topic.title)”")
        sheet.blank()
        opening(&sheet)
        kinds(&sheet)
        sheet.heading("3. Thay đổi cụ thể")
        rows(&sheet)
        otherClaims(&sheet)
        sheet.paragraph(
            "Trên đây là bản so sánh dự thảo lần \(old.number) với dự thảo lần \(new.number) của chuyên đề \(topic.id.code)./."
        )
        sheet.signature(
            title: state.headTitle(of: topic.lead, asOf: topic.approval?.event), name: state.leadName(of: topic),
            recipients: [
                "Ban lãnh đạo Trung tâm", state.officeName(topic.review, of: topic),
                "Lưu: VT, \(topic.lead.text.uppercased())",
            ])
        return sheet
    }

    // MARK: Opening

    private func opening(_ sheet: inout PaperSheet) {
        if let plan = state.plan(of: topic) { sheet.paragraph("Căn cứ \(plan.citation).") }
        sheet.paragraph(
            "Chuyên đề \(topic.id.code); bước: \(topic.stage.wording.vietnamese). \(state.officeName(topic.lead, of: topic)) chủ trì, \(state.officeName(topic.review, of: topic)) phản biện."
        )
        sheet.blank()
        sheet.heading("1. Các dự thảo")
        // Of those between, too: what they say of themselves is part of what changed.
        for number in min(old.number, new.number)...max(old.number, new.number) {
            guard let revision = topic.revision(number) else { continue }
            draft(revision, &sheet)
        }
        sheet.blank()
    }

    private func draft(_ revision: Revision, _ sheet: inout PaperSheet) {
        let isCompared = revision.number == old.number || revision.number == new.number
        let office = revision.office.map { " (\(state.officeName($0, of: topic)))" } ?? ""
        sheet.paragraph(
            "- Dự thảo lần \(revision.number): \(state.personName(revision.person, asOf: revision.event))\(office) gửi lúc \(revision.time.onPaper), SHA-256 \(revision.digest.description.prefix(16))…"
                + (isCompared ? "" : " (không so sánh tại đây)"), indent: 2)
        // The oldest one's note and kind are about the step before it.
        guard revision.number > min(old.number, new.number) else { return }
        sheet.paragraph("Ghi chú của người soạn thảo: " + (revision.note.map { "“\($0)”" } ?? "không có"), indent: 4)
        if let change = revision.change {
            sheet.paragraph("So với dự thảo lần \(revision.number - 1): \(change.text(vietnamese: true))", indent: 4)
        }
    }

    // MARK: How much

    private func kinds(_ sheet: inout PaperSheet) {
        sheet.heading("2. Tính chất, số lượng thay đổi (hệ thống xác định)")
        if let kind { sheet.paragraph("- tính chất: \(kind)", indent: 2) }
        if porting == nil {
            sheet.paragraph("- số lượng: không xác định được, vì có nội dung đã xóa", indent: 2)
        } else {
            sheet.paragraph("- đoạn: \(counts(ofHeadings: false))", indent: 2)
            sheet.paragraph("- đề mục: \(counts(ofHeadings: true))", indent: 2)
        }
        sheet.blank()
    }

    /// As DIFF says it.
    private var kind: String? {
        if let porting { return topic.change(from: old, to: new, porting).wording.vietnamese }
        return new.number == old.number + 1 ? new.change?.text(vietnamese: true) : nil
    }

    private func counts(ofHeadings: Bool) -> String {
        let kinds = changes.filter { $0.isHeading == ofHeadings }.map(\.kind)
        let words: [(ParagraphChange.Kind, String)] = [
            (.edited, "sửa"), (.added, "thêm"), (.removed, "bỏ"), (.moved, "chuyển chỗ"),
        ]
        return words.map { kind, word in "\(word) \(kinds.count { $0 == kind })" }.joined(separator: ", ")
    }

    // MARK: Rows

    /// A section of the newer revision, or one of the older that is gone, which stands where it stood.
    private struct Group: Comparable {
        /// Its place among the sections of the newer revision, -1 before the first; of one that is gone, that of the section
        /// before it.
        let place: Int
        /// Its place in the older revision, from 1; 0 when it is not gone.
        let gone: Int

        static func < (left: Group, right: Group) -> Bool { (left.place, left.gone) < (right.place, right.gone) }
    }

    private func rows(_ sheet: inout PaperSheet) {
        guard let porting else { return removedTexts(&sheet) }
        guard !changes.isEmpty else {
            sheet.rule("=")
            let isSame = porting.old == porting.new
            sheet.paragraph(
                isSame
                    ? "Hai dự thảo giống hệt nhau."
                    : "Không đoạn, đề mục nào thay đổi: hai dự thảo chỉ khác dòng trống.")
            return sheet.rule("=")
        }
        sheet.paragraph(
            "Chữ bỏ đi ghi trong [-…-], chữ thêm vào ghi trong {+…+}. Đoạn, đề mục không thay đổi thì không ghi lại.")
        let named = Dictionary(grouping: claims.filter { $0.place != nil }) { $0.place }
        // As in the comparison itself, the headings share what comparing their words may take.
        var budget = DocumentDiff.budget
        var last: Group?
        var (rows, plain) = ([[[String]]](), PaperSheet())
        for (group, change) in grouped(porting) {
            let title = group == last ? nil : title(group)
            last = group
            let claims = change.old.flatMap { named[target($0)] } ?? []
            guard let row = row(change, Texts(change, budget: &budget), number: rows.count + 1, claims) else {
                continue
            }
            if let title {
                plain.rule("=")
                plain.paragraph(title)
            }
            row.write(to: &plain)
            rows.append(row.cells(under: title))
        }
        plain.rule("=")
        sheet.table(PaperSheet.Table(columns: columns, rows: rows, plain: plain.blocks))
    }

    private var columns: [PaperSheet.Table.Column] {
        [
            PaperSheet.Table.Column(heading: "Vị trí, thay đổi", share: 18),
            PaperSheet.Table.Column(heading: "Dự thảo lần \(old.number)", share: 30),
            PaperSheet.Table.Column(heading: "Dự thảo lần \(new.number)", share: 30),
            PaperSheet.Table.Column(heading: "Ý kiến được nêu là đã xử lý", share: 22),
        ]
    }

    /// What a change's row says, for both ways of printing it.
    private struct Row {
        let head: String
        /// Of each draft, how it is announced in plain text, what is said of it, and its text.
        let drafts: [(announced: String, remark: String, text: String?)]
        let claims: [String]

        func cells(under title: String?) -> [[String]] {
            [[title, head].compactMap { $0 }]
                + drafts.map { [$0.remark, $0.text ?? ""].filter { !$0.isEmpty } } + [claims]
        }

        func write(to sheet: inout PaperSheet) {
            sheet.rule()
            sheet.paragraph(head)
            for draft in drafts where !draft.announced.isEmpty {
                sheet.paragraph(draft.announced, indent: 2)
                if let text = draft.text { sheet.paragraph(text, indent: 6) }
            }
            guard !claims.isEmpty else { return }
            sheet.paragraph("Ý kiến được nêu là đã xử lý:", indent: 2)
            for line in claims { sheet.paragraph(line, indent: 6) }
        }
    }

    private func removedTexts(_ sheet: inout PaperSheet) {
        sheet.rule("=")
        sheet.paragraph("Không so sánh được từng đoạn:")
        for revision in [old, new] {
            sheet.paragraph(
                "Dự thảo lần \(revision.number): \(state.notice(of: revision) ?? "còn đủ nội dung, không ghi lại tại đây")",
                indent: 2)
        }
        sheet.rule("=")
    }

    /// The changes with their groups, those of a group together.
    private func grouped(_ porting: Porting) -> [(group: Group, change: ParagraphChange)] {
        var last = -1
        var rows: [(group: Group, change: ParagraphChange, order: Int)] = []
        for (order, change) in all.enumerated() {
            var group = Group(place: -1, gone: 0)
            if let now = change.new {
                last = now.section.flatMap { porting.new.sectionPlace($0) } ?? -1
                group = Group(place: last, gone: 0)
            } else if let then = change.old?.section.flatMap({ porting.old.sectionPlace($0) }) {
                let place = Int(porting.alignment.sections[then])
                group = place >= 0 ? Group(place: place, gone: 0) : Group(place: last, gone: then + 1)
            }
            if change.kind != .equal { rows.append((group, change, order)) }
        }
        return rows.sorted { ($0.group, $0.order) < ($1.group, $1.order) }.map { ($0.group, $0.change) }
    }

    private func title(_ group: Group) -> String {
        if group.gone > 0 {
            let section = old.document.sections[group.gone - 1]
            return
                "\(section.path). \(section.title) (mục của dự thảo lần \(old.number); dự thảo lần \(new.number) không có mục này)"
        }
        guard group.place >= 0 else {
            return new.document.sections.isEmpty ? "Toàn văn" : "Phần trước đề mục đầu tiên"
        }
        let section = new.document.sections[group.place]
        return "\(section.path). \(section.title)"
    }

    private func row(_ change: ParagraphChange, _ texts: Texts, number: Int, _ claims: [Claim]) -> Row? {
        guard let shown = change.new ?? change.old else { return nil }
        var before = (announced: "", remark: "", text: String?.none)
        if let then = change.old {
            if !texts.isSame {
                // Of one that was moved, its former place stands beside the new text.
                let former = change.kind == .edited && target(then) != target(shown) ? "(\(place(then)))" : ""
                before = (
                    "Dự thảo lần \(old.number)" + (former.isEmpty ? "" : " " + former) + ":", former, texts.old
                )
            }
        } else {
            before = ("Dự thảo lần \(old.number): (không có)", "(không có)", nil)
        }
        let remark = remark(change, texts)
        let after = (
            announced: "Dự thảo lần \(new.number):" + (remark.isEmpty ? "" : " " + remark), remark: remark,
            text: change.new == nil ? nil : texts.new
        )
        return Row(
            head: "STT \(number) · \(place(shown)) · \(word(change, texts))", drafts: [before, after],
            claims: claims.flatMap { lines(of: $0) })
    }

    private func word(_ change: ParagraphChange, _ texts: Texts) -> String {
        switch change.kind {
        case .equal: "không thay đổi"
        case .edited: texts.isSame ? "đổi cấp đề mục" : "sửa"
        case .added: "thêm mới"
        case .removed: "bỏ"
        case .moved: texts.isSame ? "chuyển chỗ" : "chuyển chỗ, có sửa"
        }
    }

    private func remark(_ change: ParagraphChange, _ texts: Texts) -> String {
        switch change.kind {
        case .added: "(thêm mới)"
        case .removed: "(bỏ)"
        case .moved: "(chuyển từ \(change.old.map { place($0) } ?? "")\(texts.isSame ? "; giữ nguyên văn" : ""))"
        case .edited: texts.isSame ? "(giữ nguyên lời, đổi cấp đề mục từ \(texts.marks))" : ""
        case .equal: ""
        }
    }

    private func place(_ paragraph: Paragraph) -> String {
        paragraph.number == 0
            ? "đề mục \(paragraph.section?.description ?? "")" : AnchorTarget(paragraph).text(vietnamese: true)
    }

    private func target(_ paragraph: Paragraph) -> AnchorTarget {
        if paragraph.number == 0, let section = paragraph.section { return .section(section) }
        return AnchorTarget(paragraph)
    }

    /// The two texts of a change with their changed words marked, headings without their `#`.
    private struct Texts {
        let old: String
        let new: String
        /// Whether the words are the same.
        let isSame: Bool
        /// The `#` of both, where only these differ.
        let marks: String

        init(_ change: ParagraphChange, budget: inout Int) {
            guard let then = change.old, let now = change.new else {
                let text = (change.old ?? change.new)?.text ?? ""
                old = change.isHeading ? Self.heading(text).words : text
                new = old
                isSame = false
                marks = ""
                return
            }
            var pieces = change.pieces
            var marks = ""
            if change.isHeading {
                let (before, after) = (Self.heading(then.text), Self.heading(now.text))
                pieces = WordDiff.pieces(before.words, after.words, budget: &budget)
                marks = "“\(before.marks)” thành “\(after.marks)”"
            }
            old = DocumentDiff.marked(pieces, .removed)
            new = DocumentDiff.marked(pieces, .added)
            isSame = pieces.allSatisfy { $0.kind == .equal }
            self.marks = marks
        }

        private static func heading(_ line: String) -> (marks: String, words: String) {
            let marks = line.utf8.prefix { $0 == 0x23 }
            let words = line.utf8.dropFirst(marks.count).drop { $0 == 0x20 || $0 == 0x09 }
            return (String(decoding: marks, as: UTF8.self), String(decoding: words, as: UTF8.self))
        }
    }

    // MARK: Comments

    /// A comment that the newer revisions claim to deal with.
    private struct Claim {
        let comment: Comment
        /// The revisions that claim it.
        let revisions: [Int]
        /// Where it sits in the older revision; nil when it is not there.
        let place: AnchorTarget?
    }

    /// As DIFF with `for=` counts claims: a revision names a comment in `addresses=`, or its settlement names the revision.
    ///
    /// From a newer revision to an older one there are none.
    private static func claims(
        of topic: Topic, from old: Revision, to new: Revision, isPlaced: Bool
    ) -> [Claim] {
        guard old.number < new.number else { return [] }
        var claiming: [CommentID: [Int]] = [:]
        for revision in topic.revisions[old.number..<new.number] {
            for id in Set(revision.addresses) { claiming[id, default: []].append(revision.number) }
        }
        for comment in topic.comments {
            guard let number = comment.settledIn, number > old.number, number <= new.number,
                claiming[comment.id]?.contains(number) != true
            else { continue }
            claiming[comment.id, default: []].append(number)
        }
        let claimed = topic.comments.filter { claiming[$0.id] != nil }
        return (isPlaced ? topic.ported(claimed, to: old) : claimed).map {
            Claim(
                comment: $0, revisions: (claiming[$0.id] ?? []).sorted(), place: isPlaced ? $0.now.target : nil)
        }
    }

    /// Those that no row names.
    private func otherClaims(_ sheet: inout PaperSheet) {
        guard old.number < new.number else { return }
        let ids = claims.map(\.comment.id.description).joined(separator: ", ")
        let drafts =
            new.number == old.number + 1
            ? "dự thảo lần \(new.number)" : "các dự thảo từ lần \(old.number + 1) đến lần \(new.number)"
        sheet.paragraph(
            "4. Ý kiến được nêu là đã xử lý trong \(drafts): "
                + (claims.isEmpty ? "không có." : "\(claims.count) (\(ids))."))
        let shown = Set(changes.compactMap { $0.old.map(target) })
        let others = claims.filter { claim in claim.place.map { !shown.contains($0) } ?? true }
        if !others.isEmpty {
            if others.count < claims.count { sheet.paragraph("Trong đó chưa ghi ở phần 3:") }
            for claim in others {
                sheet.paragraph("- \(whereabouts(claim)):", indent: 2)
                for line in lines(of: claim) { sheet.paragraph(line, indent: 4) }
            }
        }
        sheet.blank()
    }

    private func whereabouts(_ claim: Claim) -> String {
        let then = claim.comment.anchor.target.text(vietnamese: true)
        guard let porting else { return "\(then) (dự thảo lần \(claim.comment.revision))" }
        guard let place = claim.place else {
            return "\(then) (dự thảo lần \(claim.comment.revision); dự thảo lần \(old.number) không có chỗ này)"
        }
        let words = "\(place.text(vietnamese: true)) (dự thảo lần \(old.number)"
        switch place {
        case .whole: return place.text(vietnamese: true)
        case .paragraph: return words + "; đoạn này giữ nguyên)"
        case .section(let path):
            let later = porting.port(Anchor(target: place)).target?.section
            let isChanged = changes.contains { change in
                change.old?.section.map { path.contains($0) } ?? false
                    || change.new?.section.flatMap { section in later?.contains(section) } ?? false
            }
            return words + (isChanged ? "; trong mục có thay đổi, xem phần 3)" : "; mục này giữ nguyên)")
        }
    }

    private func lines(of claim: Claim) -> [String] {
        let comment = claim.comment
        let drafts = claim.revisions.map { "dự thảo lần \($0)" }.joined(separator: ", ")
        let given =
            "\(comment.id) (\(state.giver(of: comment, in: topic)); mức: \(comment.level.wording.vietnamese); \(drafts) nêu là đã xử lý): \(state.shown(comment.body))"
        guard comment.isLive else { return [given, "Kết quả: người góp ý đã rút."] }
        guard let disposition = comment.disposition else {
            return [given, "Kết quả: chưa có tiếp thu, giải trình."]
        }
        let explanation = comment.explanation.map { "; \(reason(disposition)): \(state.shown($0))" } ?? "."
        return [given, "Kết quả: \(disposition.wording.vietnamese)\(explanation)"]
            + (comment.isMaintained ? ["Người góp ý giữ ý kiến."] : [])
    }

    private func reason(_ disposition: Disposition) -> String {
        disposition.needsExplanation ? "giải trình" : "ghi chú"
    }
}

extension Papers {
    /// The two revisions of a comparison: without numbers the newest and the one before it.
    ///
    /// From a newer one to an older one may be asked for: it shows what going back would change.
    /// - Throws: `stage` while there are not two; `notFound` for a number without a revision; `invalid` where both are the
    ///   same, or nothing stands before the first.
    public static func compared(
        _ arguments: Arguments, of topic: Topic
    ) throws(Refusal) -> (old: Revision, new: Revision) {
        var new = try newest(of: topic)
        let isOnly = new.number == 1
        if let number = arguments.to { new = try revision(number, of: topic) }
        if let number = arguments.from {
            let old = try revision(number, of: topic)
            guard old.number != new.number else {
                throw Refusal(
                    .invalid,
                    Wording(
                        "Hai dự thảo để so sánh là một (\(topic.id)@\(new.number)): ghi from=, to= của hai bản khác nhau.",
                        "Both revisions are the same (\(topic.id)@\(new.number)): give from= and to= of two different ones."
                    ), details: [Detail("argument", "from")])
            }
            return (old, new)
        }
        guard new.number > 1 else {
            guard isOnly else {
                throw Refusal(
                    .invalid,
                    Wording(
                        "Trước dự thảo lần 1 không có bản nào: ghi thêm from= để so sánh \(topic.id)@1 với bản khác.",
                        "Nothing stands before revision 1: give from= to compare \(topic.id)@1 with another one."),
                    details: [Detail("argument", "from")])
            }
            throw Refusal(
                .stage,
                Wording(
                    "Chuyên đề \(topic.id) mới có dự thảo lần 1, chưa có bản thứ hai để so sánh.",
                    "Topic \(topic.id) has revision 1 only; there is no second one to compare it with."),
                details: [Detail("stage", topic.stage.rawValue)])
        }
        return (try revision(new.number - 1, of: topic), new)
    }

    private static func revision(_ number: Int, of topic: Topic) throws(Refusal) -> Revision {
        guard let revision = topic.revision(number) else {
            throw Refusal(
                .notFound,
                Wording(
                    "Không có \(topic.id)@\(number), hoặc bạn chưa được xem",
                    "There is no \(topic.id)@\(number), or it is not open to you"))
        }
        return revision
    }
}
