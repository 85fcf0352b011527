import PhanbienCommands
import ReviewClient
import ReviewProtocol
import Terminal

/// The phiếu nhận xét, phản biện, field by field: marks and evidence for each requirement of the plan, what is good and
/// what is not, the verdict; then the whole form as it will be filed.
///
/// A filed review cannot be changed (domain §2), so nothing is sent that was not seen whole.
struct ReviewPage: Sendable {
    let number: Int
    let topic: String
    /// The revision that is reviewed.
    let revision: String
    let draft: String
    private(set) var sheet: FormSheet?
    /// What stands in each gap; of a choice or a verdict its word.
    private(set) var editors: [TextEditor] = []
    private(set) var field = 0
    /// Where one stands among the words of a choice; nothing is chosen by going there.
    private var mark = 0
    private(set) var isPreviewing = false
    /// The first line of the preview that shows.
    private var top = 0
    var isSending = false

    init(number: Int, topic: String, revision: String, draft: String) {
        self.number = number
        self.topic = topic
        self.revision = revision
        self.draft = draft
    }

    /// Takes the blank form, and puts in what was kept of it.
    mutating func take(blank text: String, kept: String?) {
        let sheet = FormSheet(text)
        let values = FieldDraft.values(kept ?? "")
        self.sheet = sheet
        editors = sheet.gaps.map { TextEditor(values[$0.name] ?? "") }
        field = 0
    }

    private var gaps: [FormSheet.Gap] { sheet?.gaps ?? [] }
    private var values: [String] { editors.map(\.text) }

    /// The field in which the verdict is chosen.
    private var verdictField: Int? { gaps.firstIndex { if case .verdict = $0.kind { true } else { false } } }

    /// Whether a text is being written, not a word chosen.
    var isWriting: Bool {
        guard !isPreviewing, gaps.indices.contains(field) else { return false }
        return switch gaps[field].kind {
        case .text, .line, .evidence: true
        case .choice, .verdict: false
        }
    }

    /// Whether a word is being chosen.
    var isChoosing: Bool { !isPreviewing && gaps.indices.contains(field) && !isWriting }

    // MARK: Keys

    mutating func press(_ key: Key, _ action: Action?, in model: inout Model) {
        // A form without gaps, from another server perhaps, can only be looked at.
        guard gaps.indices.contains(field) else { return }
        if isSending { return model.tell(.news, "Đang gửi, xin chờ …", "Being sent, please wait …") }
        if isPreviewing { return pressInPreview(key, action, in: &model) }
        switch action {
        case .send, .preview: return preview(in: &model)
        case .nextField: return move(1)
        case .previousField: return move(-1)
        case .evidence: return pickEvidence(in: &model)
        case .editor:
            if case .text = gaps[field].kind { model.effects.append(.edit(editors[field].text, name: draft + ".md")) }
            return
        default: break
        }
        switch gaps[field].kind {
        case .choice(let words):
            switch key.code {
            case .right: mark = min(mark + 1, words.count - 1)
            case .left: mark = max(mark - 1, 0)
            default: pressInChoice(key, words, in: &model)
            }
        // The verdicts stand below each other: the arrows go through them, and leave them at the ends.
        case .verdict(_, let values):
            switch key.code {
            case .down where mark < values.count - 1: mark += 1
            case .up where mark > 0: mark -= 1
            default: pressInChoice(key, values, in: &model)
            }
        case .line, .evidence:
            switch key.code {
            case .enter: move(1)
            default: writeText(key, in: &model)
            }
        case .text: writeText(key, in: &model)
        }
    }

    private mutating func move(_ step: Int) {
        enter((field + step + gaps.count) % max(gaps.count, 1), from: step)
    }

    /// Goes to a field; among the words of a choice to the chosen one, else to the one next to where one comes from.
    private mutating func enter(_ place: Int, from step: Int = 1) {
        field = place
        switch gaps[place].kind {
        case .choice(let words): mark = words.firstIndex(of: editors[place].text) ?? 0
        case .verdict(_, let values):
            mark = values.firstIndex(of: editors[place].text) ?? (step < 0 ? max(values.count - 1, 0) : 0)
        case .text, .line, .evidence: mark = 0
        }
    }

    /// Space, Enter and the digits choose; going through the words does not, since a person on the way to the next field
    /// would choose what they never meant.
    private mutating func pressInChoice(_ key: Key, _ words: [String], in model: inout Model) {
        switch key.code {
        case .enter where words.indices.contains(mark) && words[mark] == editors[field].text: move(1)
        case .enter, .character(" "): choose(mark, of: words, in: &model)
        case .character(let character):
            if let digit = character.wholeNumberValue { choose(digit - 1, of: words, in: &model) }
        case .backspace, .delete:
            editors[field].replaceAll(with: "")
            keep(in: &model)
        case .down: move(1)
        case .up: move(-1)
        default: break
        }
    }

    private mutating func choose(_ place: Int, of words: [String], in model: inout Model) {
        guard words.indices.contains(place) else { return }
        mark = place
        editors[field].replaceAll(with: words[place])
        keep(in: &model)
    }

    /// The arrows leave a text at its ends.
    private mutating func writeText(_ key: Key, in model: inout Model) {
        let layout = editors[field].layout(width: width(of: field, model.size))
        if key.modifiers.isEmpty {
            if key.code == .up, layout.cursorRow == 0 { return move(-1) }
            if key.code == .down, layout.cursorRow == layout.rows.count - 1 { return move(1) }
        }
        write(key, in: &model)
    }

    private mutating func write(_ key: Key, in model: inout Model) {
        switch editors[field].handle(key, width: width(of: field, model.size)) {
        case .changed:
            keep(in: &model)
            model.tellUndone(key)
        case .moved: model.notice = nil
        case .full: model.tell(.trouble, "Nội dung đã quá dài.", "The text has become too long.")
        case .ignored: break
        }
    }

    private func keep(in model: inout Model) {
        model.notice = nil
        let text = FieldDraft.text(zip(gaps.map(\.name), values).map { ($0, $1) })
        model.keepDraft(draft, text)
    }

    /// Takes the text that came back from $EDITOR.
    mutating func take(edited text: String, in model: inout Model) {
        guard editors.indices.contains(field) else { return }
        let isWhole = editors[field].replaceAll(with: text)
        keep(in: &model)
        if !isWhole { model.tellCut() }
    }

    // MARK: Evidence

    /// The field of evidence that belongs to the current one: itself, or the next under the same heading.
    private var evidenceField: Int? {
        let heading = gaps[field].heading
        return gaps.indices.first { gaps[$0].kind == .evidence && gaps[$0].heading == heading && $0 >= field }
            ?? gaps.indices.first { gaps[$0].kind == .evidence && gaps[$0].heading == heading }
    }

    private mutating func pickEvidence(in model: inout Model) {
        guard let evidence = evidenceField else {
            return model.tell(
                .news, "Ô này không cần minh chứng; chọn ô “Minh chứng” của một tiêu chí.",
                "No evidence is asked for here; choose the evidence field of a criterion.")
        }
        enter(evidence)
        model.pickEvidence(topic: topic, for: number)
        model.tell(
            .news, "Chọn mục hoặc đoạn làm minh chứng rồi Enter; Esc: thôi",
            "Choose the section or paragraph and press Enter; Esc leaves it")
    }

    mutating func take(evidence anchor: String, in model: inout Model) {
        guard gaps.indices.contains(field), gaps[field].kind == .evidence else { return }
        let former = editors[field].text
        let known = former.split(separator: ",").map { $0.drop { $0 == " " } }
        if !known.contains(where: { $0 == anchor }) {
            editors[field].replaceAll(with: former.isEmpty ? anchor : former + ", " + anchor)
        }
        keep(in: &model)
    }

    // MARK: Filing

    private mutating func preview(in model: inout Model) {
        guard let verdictField else {
            return model.tell(
                .trouble, "Mẫu phiếu này không có ô kết luận; dùng lệnh: phanbien review \(topic)",
                "This form has no verdict to choose; use: phanbien review \(topic)")
        }
        let verdict = editors[verdictField].text
        if verdict.isEmpty {
            enter(verdictField)
            return model.tell(.trouble, "Chưa chọn kết luận.", "No verdict is chosen yet.")
        }
        if ["fail", "revise-and-recheck"].contains(verdict),
            let reason = gaps.firstIndex(where: { $0.label.hasPrefix("Lý do") }), editors[reason].isBlank
        {
            enter(reason)
            return model.tell(
                .trouble, "Không đạt hoặc cần xem lại thì phải nêu lý do.",
                "A verdict of not sufficient, or of another look, needs its reason.")
        }
        isPreviewing = true
        top = 0
        let unmarked = zip(gaps, editors).count { gap, editor in
            if case .choice = gap.kind { editor.isBlank } else { false }
        }
        let named = model.word(.verdict, verdict).uppercased()
        let missing =
            unmarked > 0
            ? model.text(
                " Còn \(unmarked) tiêu chí chưa đánh giá.",
                unmarked == 1 ? " One criterion has no mark." : " \(unmarked) criteria have no mark.")
            : model.text(" Phiếu đã nộp không sửa được.", " A filed review cannot be changed.")
        // What matters most stands first: it is what nobody can take back.
        model.tell(
            .news, "Nộp phiếu: \(named) – Ctrl-S nộp, Esc sửa tiếp; PgUp/PgDn cuộn.\(missing)",
            "File the review: \(named) – Ctrl-S files, Esc goes on writing; PgUp/PgDn scroll.\(missing)")
    }

    private mutating func pressInPreview(_ key: Key, _ action: Action?, in model: inout Model) {
        let height = Canvas.contentHeight(model.size)
        let last = max(previewLines(model).count - height, 0)
        switch key.code {
        case .up: top -= 1
        case .down: top += 1
        case .pageUp: top -= height - 1
        case .pageDown, .character(" "): top += height - 1
        case .home: top = 0
        case .end: top = last
        default: if action == .send { file(in: &model) }
        }
        top = min(max(top, 0), last)
    }

    /// Leaves the preview; false when the page itself is to be left.
    mutating func leavePreview() -> Bool {
        defer { isPreviewing = false }
        return isPreviewing
    }

    private mutating func file(in model: inout Model) {
        guard let sheet, let verdictField else { return }
        isSending = true
        var request = Request.of("ASSESS", revision).adding("verdict", editors[verdictField].text)
        request.body = .literal(Array(sheet.filled(values).utf8))
        model.write(request, page: number, draft: draft)
    }

    // MARK: Drawing

    private static let indent = 3

    private static func textWidth(_ size: TerminalSize) -> Int { max(size.columns - indent - 2, 10) }

    private struct Line {
        var text: String
        var look: Style.Attributes = .plain
        var isCurrent = false
        var cursor: Int?
        /// The words of a choice with their places; the chosen one is marked.
        var marks: [(column: Int, text: String, look: Style.Attributes)] = []
    }

    func draw(on canvas: inout Canvas, _ model: Model) {
        canvas.title(model.text("Phiếu nhận xét, phản biện", "Review of") + " " + revision, model)
        guard sheet != nil else {
            canvas.put(
                model.text("Đang đọc mẫu phiếu …", "Reading the blank form …"), row: 2, column: 1, .faint,
                end: canvas.width)
            return
        }
        let height = canvas.contentHeight
        let lines = isPreviewing ? previewLines(model).map { Line(text: $0) } : fieldLines(model)
        var first = min(top, max(lines.count - height, 0))
        if !isPreviewing {
            let from = lines.firstIndex(where: \.isCurrent) ?? 0
            let cursor = lines.lastIndex { $0.cursor != nil } ?? from
            // The heading of the field stays in view as long as the cursor does.
            first = min(max(min(from - 1, cursor), cursor - height + 1, 0), max(lines.count - height, 0))
            if cursor - from < height - 2 { first = min(max(from - height / 3, 0), max(lines.count - height, 0)) }
            // A field that has room is seen whole.
            if let last = lines.lastIndex(where: \.isCurrent), last - from < height {
                first = max(first, last - height + 1)
            }
        }
        for (offset, line) in lines.dropFirst(first).prefix(height).enumerated() {
            let row = offset + 1
            canvas.put(line.text, row: row, column: 1, line.look, end: canvas.width)
            for mark in line.marks { canvas.grid.put(mark.text, row: row, column: mark.column, mark.look) }
            if let cursor = line.cursor { canvas.cursor = Frame.Cursor(row: row, column: cursor) }
        }
        if first + height < lines.count { canvas.grid.put("▼", row: height, column: canvas.width - 1, .faint) }
    }

    private func previewLines(_ model: Model) -> [String] {
        SafeText.lines(sheet?.filled(values) ?? "").flatMap {
            WordWrap.lines($0, width: max(model.size.columns - 2, 10))
        }
    }

    private func fieldLines(_ model: Model) -> [Line] {
        var lines: [Line] = []
        var heading = ""
        for (index, gap) in gaps.enumerated() {
            let isCurrent = index == field
            if gap.heading != heading {
                heading = gap.heading
                if !lines.isEmpty { lines.append(Line(text: "")) }
                for row in (gap.above + [heading]).flatMap({
                    WordWrap.lines(SafeText.escape($0), width: model.size.columns - 2)
                }) {
                    lines.append(Line(text: row, look: .bold, isCurrent: isCurrent))
                }
            }
            let sign = isCurrent ? "▸ " : "  "
            let look: Style.Attributes = isCurrent ? .bold : .faint
            switch gap.kind {
            case .text:
                lines += textLines(editors[index], isCurrent: isCurrent, model)
            case .line, .evidence:
                lines += valueLines(index, sign + SafeText.escape(gap.label) + ":", look, model)
            case .choice(let words):
                lines += choiceLines(sign + model.text("Mức:", "Mark:"), words, index, model)
            case .verdict(let words, let values):
                for (place, word) in words.enumerated() {
                    let isChosen = editors[index].text == values[place]
                    let isHere = isCurrent && place == mark
                    var line = Line(
                        text: (isHere ? "▸ " : "  ") + (isChosen ? "[x] " : "[ ] ") + SafeText.escape(word),
                        look: isChosen || isHere ? .bold : look, isCurrent: isCurrent)
                    if isHere { line.cursor = 4 }
                    lines.append(line)
                }
            }
        }
        return lines
    }

    /// Columns before the value of a field that is one line in the form: those of its label, where enough are left beside it.
    private func indent(of field: Int, _ size: TerminalSize) -> Int {
        let label = DisplayWidth.columns(of: SafeText.escape(gaps[field].label)) + 4
        return size.columns - label < 24 ? Self.indent : label
    }

    /// Columns for what is written in a field.
    private func width(of field: Int, _ size: TerminalSize) -> Int {
        switch gaps[field].kind {
        case .line, .evidence: max(size.columns - indent(of: field, size) - 2, 10)
        case .text, .choice, .verdict: Self.textWidth(size)
        }
    }

    /// A field that is one line in the form, over as many rows as it needs: nobody writes what they cannot see.
    private func valueLines(_ index: Int, _ label: String, _ look: Style.Attributes, _ model: Model) -> [Line] {
        let isCurrent = index == field
        let indent = indent(of: index, model.size)
        let layout = editors[index].layout(width: width(of: index, model.size))
        var lines = layout.rows.enumerated().map { offset, row in
            var line = Line(
                text: String(repeating: " ", count: indent) + SafeText.escape(row.text), look: look,
                isCurrent: isCurrent)
            if isCurrent, offset == layout.cursorRow { line.cursor = 1 + indent + layout.cursorColumn }
            return line
        }
        if indent == Self.indent {
            lines.insert(Line(text: label, look: look, isCurrent: isCurrent), at: 0)
        } else if !lines.isEmpty {
            lines[0].text = label + " " + SafeText.escape(layout.rows[0].text)
        }
        return lines
    }

    private func textLines(_ editor: TextEditor, isCurrent: Bool, _ model: Model) -> [Line] {
        let layout = editor.layout(width: Self.textWidth(model.size))
        let indent = String(repeating: " ", count: Self.indent - 1)
        var lines = layout.rows.enumerated().map { offset, row in
            var line = Line(text: indent + SafeText.escape(row.text), isCurrent: isCurrent)
            if isCurrent, offset == layout.cursorRow { line.cursor = Self.indent + layout.cursorColumn }
            return line
        }
        if editor.text.isEmpty, !lines.isEmpty {
            lines[0].text = indent + String(repeating: "·", count: 20)
            lines[0].look = .faint
        }
        if isCurrent, let first = lines.indices.first { lines[first].marks = [(1, "▸", .bold)] }
        return lines
    }

    /// The words of a choice side by side, over as many rows as they need.
    private func choiceLines(_ label: String, _ words: [String], _ index: Int, _ model: Model) -> [Line] {
        var lines = [Line(text: label, look: index == field ? .bold : .faint, isCurrent: index == field)]
        let left = 1 + DisplayWidth.columns(of: label) + 1
        var column = left
        for word in words {
            let isChosen = editors[index].text == word
            let isHere = index == field && words.indices.contains(mark) && words[mark] == word
            let shown = (isHere ? "▸" : " ") + (isChosen ? "[x] " : "[ ] ") + SafeText.escape(word)
            let columns = DisplayWidth.columns(of: shown)
            if column > left, column + columns > model.size.columns {
                lines.append(Line(text: "", isCurrent: index == field))
                column = left
            }
            lines[lines.count - 1].marks.append(
                (column, shown, .init(isBold: isChosen || isHere, isFaint: !isChosen && !isHere)))
            if isHere { lines[lines.count - 1].cursor = column + 2 }
            column += columns + 1
        }
        return lines
    }
}

extension Model {
    /// Opens the form for a revision, with what was filled in the last time.
    mutating func openReview(of topic: String, revision: String) {
        let number = newPageNumber()
        let page = ReviewPage(
            number: number, topic: topic, revision: revision, draft: draftToWrite("review-" + Folding.slug(revision)))
        open(.review(page))
        if drafts[page.draft] != nil {
            tell(.news, "Tiếp tục phiếu đã viết dở.", "Going on with the form that was begun.")
        }
        ask(.of("FORM", topic).adding("name", "phieu-phan-bien"), for: .blank(page: number))
    }

    mutating func changeReview(_ number: Int, _ change: (inout ReviewPage) -> Void) {
        for index in pages.indices {
            guard case .review(var page) = pages[index], page.number == number else { continue }
            change(&page)
            pages[index] = .review(page)
        }
    }

    /// Shows the text over the form, until a paragraph is chosen or the page left.
    mutating func pickEvidence(topic: String, for review: Int) {
        openTopic(topic)
        guard case .topic(var page) = page else { return }
        page.picksFor = review
        self.page = .topic(page)
    }

    mutating func takeEvidence(_ anchor: String, for review: Int) {
        pages.removeAll { if case .topic(let page) = $0 { page.picksFor == review } else { false } }
        for index in pages.indices {
            guard case .review(var page) = pages[index], page.number == review else { continue }
            page.take(evidence: anchor, in: &self)
            pages[index] = .review(page)
        }
    }
}
