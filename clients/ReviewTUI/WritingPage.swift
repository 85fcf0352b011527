import PhanbienCommands
import ReviewClient
import ReviewCore
import ReviewProtocol
import Terminal

/// A text that is being written: a comment, an answer, the reason of a step.
///
/// Whatever is typed is kept as a draft at once; leaving the page loses nothing.
struct WritingPage: Sendable {
    enum Kind: Sendable, Equatable {
        /// On a place of a revision, perhaps on quoted words of it.
        case comment(anchor: String?, quote: String?)
        case answer, settle, maintain, withdraw
        /// A command of the palette that carries a text.
        case command(PreparedCommand)
    }

    /// A word that is chosen from a list.
    struct Choice: Sendable {
        /// The key of the request.
        let key: String
        let title: Bilingual
        /// What is sent; nothing is sent for an empty one.
        let values: [String]
        let words: [Bilingual]
        var selected: Int
        /// The one that is selected at first.
        let usual: Int

        init(key: String, title: Bilingual, values: [String], words: [Bilingual], usual: Int) {
            self.key = key
            self.title = title
            self.values = values
            self.words = words
            self.usual = usual
            selected = usual
        }

        var value: String { values[selected] }
    }

    enum Field: Sendable, Equatable {
        case choice(Int)
        case text
        /// The replacement that a commenter suggests.
        case suggestion
    }

    let number: Int
    let kind: Kind
    let topic: String?
    /// The revision, the comment or the review that it is about.
    let object: String
    /// What is quoted, or which topic it is about, shown above the text; a comment that is answered is looked up.
    let context: [String]
    /// The first line of the context that shows.
    private(set) var contextTop = 0
    /// What others have done to the comment since the page was opened; it is asked about before the text goes out.
    var meanwhile: String?
    let draft: String
    var choices: [Choice]
    var editor: TextEditor
    /// The suggestion begins as the words that it would replace.
    let original: String
    var suggestion: TextEditor?
    var field = Field.text
    var isSending = false

    // MARK: Keys

    mutating func press(_ key: Key, _ action: Action?, in model: inout Model) {
        if isSending {
            return model.tell(.news, "Đang gửi, xin chờ …", "Being sent, please wait …")
        }
        if scrollContext(key, model) { return }
        switch action {
        case .send: return send(in: &model)
        case .nextField: return moveField(1)
        case .previousField: return moveField(-1)
        case .editor:
            if field == .text || field == .suggestion {
                model.effects.append(.edit(field == .text ? editor.text : suggestion?.text ?? "", name: draft + ".md"))
            }
            return
        default: break
        }
        // Whoever begins to write without leaving the list means the text.
        if case .choice = field, case .character(let character) = key.code, character.isLetter { field = .text }
        let outcome: TextEditor.Outcome
        switch field {
        case .choice(let index): return pressInChoice(index, key, in: &model)
        case .text: outcome = editor.handle(key, width: Self.editorWidth(model.size))
        case .suggestion:
            var changed = suggestion ?? TextEditor()
            outcome = changed.handle(key, width: Self.editorWidth(model.size))
            suggestion = changed
        }
        switch outcome {
        case .changed:
            model.notice = nil
            keep(in: &model)
            model.tellUndone(key)
        case .moved: model.notice = nil
        case .full: model.tell(.trouble, "Nội dung đã quá dài.", "The text has become too long.")
        case .ignored: break
        }
    }

    /// Alt with the arrows goes through what is answered; the page keys, too, where they have nothing to do in the text.
    private mutating func scrollContext(_ key: Key, _ model: Model) -> Bool {
        guard [.up, .down, .pageUp, .pageDown].contains(key.code) else { return false }
        let parts = screen(model)
        let page = max(parts.contextHeight - 1, 1)
        let step: Int
        switch key.code {
        case .up where key.modifiers == .alt: step = -1
        case .down where key.modifiers == .alt: step = 1
        case .pageUp where isWhole(parts, model): step = -page
        case .pageDown where isWhole(parts, model): step = page
        default: return false
        }
        contextTop = min(max(contextTop + step, 0), max(parts.contextLines.count - page, 0))
        return true
    }

    /// Whether the text that is being written shows from its beginning to its end.
    private func isWhole(_ parts: Parts, _ model: Model) -> Bool {
        let width = Self.editorWidth(model.size)
        return switch field {
        case .choice: true
        case .text: editor.layout(width: width).rows.count <= parts.textHeight
        case .suggestion: (suggestion ?? TextEditor()).layout(width: width).rows.count <= parts.suggestionHeight
        }
    }

    private mutating func pressInChoice(_ index: Int, _ key: Key, in model: inout Model) {
        let count = choices[index].values.count
        defer { keep(in: &model) }
        let step: Int
        switch key.code {
        case .left: step = count - 1
        case .right, .character(" "): step = 1
        // On the way to the text nothing is chosen.
        case .up: return moveField(-1)
        case .down: return moveField(1)
        case .enter where count > Self.mostInSight: return model.offer(choices[index], index, page: number)
        case .enter: return moveField(1)
        case .character(let character):
            // A digit picks one by its number.
            if let digit = character.wholeNumberValue, (1...count).contains(digit) {
                choices[index].selected = digit - 1
            }
            return
        default: return
        }
        choices[index].selected = (choices[index].selected + step) % count
    }

    /// Values that are chosen by the arrows alone; among more than these one looks for a name.
    private static let mostInSight = 7

    /// Takes what was chosen from the list of a field with many values.
    mutating func take(choice value: String, of index: Int, in model: inout Model) {
        guard choices.indices.contains(index), let place = choices[index].values.firstIndex(of: value) else { return }
        choices[index].selected = place
        keep(in: &model)
        moveField(1)
    }

    /// Whether a word is being chosen, not a text written.
    var isChoosing: Bool { if case .choice = field { true } else { false } }

    private var fields: [Field] {
        choices.indices.map { Field.choice($0) } + [.text] + (suggestion == nil ? [] : [.suggestion])
    }

    private mutating func moveField(_ step: Int) {
        let fields = fields
        guard let place = fields.firstIndex(of: field) else { return }
        field = fields[(place + step + fields.count) % fields.count]
    }

    /// Keeps the whole page: a remark that must be heeded has to come back as one.
    private func keep(in model: inout Model) {
        model.keepDraft(draft, editor.text)
        let suggested = suggestion.map { $0.text == original ? "" : $0.text } ?? ""
        let isBegun = !editor.text.isEmpty || !suggested.isEmpty
        var fields = choices.filter { $0.selected != $0.usual }.map { (name: $0.key, value: $0.value) }
        if case .comment(_, let quote) = kind { fields.append(("quote", quote ?? "")) }
        fields.append(("suggest", suggested))
        model.keepDraft(DraftName.choices(of: draft), isBegun ? FieldDraft.text(fields) : "")
    }

    /// Takes up what was chosen the last time.
    mutating func resume(_ kept: [String: String]) {
        for index in choices.indices {
            if let place = choices[index].values.firstIndex(of: kept[choices[index].key] ?? "") {
                choices[index].selected = place
            }
        }
        if suggestion != nil, let text = kept["suggest"] { suggestion = TextEditor(text) }
    }

    /// Takes the text that came back from $EDITOR.
    mutating func take(edited text: String, in model: inout Model) {
        let isWhole =
            field == .suggestion ? suggestion?.replaceAll(with: text) ?? true : editor.replaceAll(with: text)
        model.notice = nil
        keep(in: &model)
        if !isWhole { model.tellCut() }
    }

    mutating func point(row: Int, column: Int, in model: inout Model) {
        let layout = screen(model)
        guard row >= layout.textTop, row < layout.textTop + layout.textHeight else { return }
        field = .text
        editor.point(
            row: row - layout.textTop + layout.firstRow, column: column - 2, width: Self.editorWidth(model.size))
    }

    // MARK: Sending

    /// Whether it answers, settles, maintains or withdraws this comment.
    func isAbout(_ comment: String) -> Bool {
        switch kind {
        case .answer, .settle, .maintain, .withdraw: object == comment
        case .comment, .command: false
        }
    }

    /// Whether the text must say something.
    private var needsText: Bool {
        switch kind {
        case .settle: ["partly", "declined"].contains(choices.first?.value ?? "")
        case .comment, .answer, .maintain, .withdraw: true
        case .command(let command): command.needsText
        }
    }

    private mutating func send(in model: inout Model) {
        if needsText, editor.isBlank {
            field = .text
            return model.tell(
                .trouble,
                kind == .settle
                    ? "Tiếp thu một phần hoặc không tiếp thu thì phải giải trình." : "Chưa có nội dung.",
                kind == .settle ? "Partly accepted or declined needs an explanation." : "There is no text yet.")
        }
        if let meanwhile { return model.overlay = .overwrite(page: number, reason: meanwhile) }
        if case .command(var command) = kind, command.isFinal {
            command.request = request
            (command.page, command.draft) = (number, draft)
            guard model.tryOut(command) else { return }
            isSending = true
            return
        }
        isSending = true
        model.write(request, page: number, draft: draft)
    }

    /// The person wants it sent although others have done something to the comment meanwhile.
    mutating func sendAnyway(in model: inout Model) {
        meanwhile = nil
        send(in: &model)
    }

    var request: Request {
        let text: ReviewProtocol.Body? = editor.isBlank ? nil : .literal(Array(editor.text.utf8))
        var request: Request
        switch kind {
        case .comment(let anchor, let quote):
            request = .of("COMMENT", object).adding("at", anchor)
            if let suggestion, suggestion.text != original, !suggestion.isBlank {
                // Without selected words it is the whole paragraph that would read otherwise.
                request = request.adding("quote", quote ?? original).adding("suggest", suggestion.text)
            } else {
                request = request.adding("quote", quote)
            }
        case .answer: request = .of("ANSWER", object)
        case .settle: request = .of("SETTLE", object)
        case .maintain: request = .of("MAINTAIN", object)
        case .withdraw: request = .of("WITHDRAW", object)
        case .command(let command): request = command.request
        }
        for choice in choices where !choice.value.isEmpty { request = request.adding(choice.key, choice.value) }
        request.body = text
        return request
    }

    // MARK: Drawing

    static func editorWidth(_ size: TerminalSize) -> Int { max(size.columns - 4, 10) }

    /// Where everything stands.
    private struct Parts {
        var contextLines: [String]
        var contextRow = 1
        var contextHeight: Int
        var choiceTop: Int
        var textTop: Int
        var textHeight: Int
        var firstRow: Int
        var suggestionTop: Int?
        var suggestionHeight: Int

        /// Moves everything up, in a window that is too small for all of it.
        mutating func move(up rows: Int) {
            contextRow -= rows
            choiceTop -= rows
            textTop -= rows
            suggestionTop = suggestionTop.map { $0 - rows }
        }
    }

    private func screen(_ model: Model) -> Parts {
        let content = Canvas.contentHeight(model.size)
        let width = Self.editorWidth(model.size)
        var lines: [String] = []
        if let comment = comment(model) {
            model.eachThreadLine(of: comment) { text, _, indent in
                for line in SafeText.lines(text) {
                    lines += WordWrap.lines(line, width: max(width - indent, 8)).map {
                        String(repeating: " ", count: indent) + $0
                    }
                }
            }
        } else {
            lines = context.flatMap { WordWrap.lines(SafeText.escape($0), width: width) }
        }
        // Where nothing is painted nothing is scrolled.
        let contextHeight = min(lines.count, max(model.isPlain ? content - 20 : content / 3, 1))
        let choiceTop = 1 + contextHeight + (lines.isEmpty ? 0 : 1)
        let textTop = choiceTop + choices.count + 1
        let rest = max(1 + content - textTop, suggestion == nil ? 2 : 5)
        let suggestionHeight = suggestion == nil ? 0 : max(rest / 3, 2)
        let textHeight = max(rest - (suggestion == nil ? 0 : suggestionHeight + 1), 1)
        let cursor = editor.layout(width: Self.editorWidth(model.size)).cursorRow
        var parts = Parts(
            contextLines: lines, contextHeight: contextHeight, choiceTop: choiceTop, textTop: textTop,
            textHeight: textHeight,
            firstRow: max(cursor - textHeight + 1, 0),
            suggestionTop: suggestion == nil ? nil : textTop + textHeight + 1, suggestionHeight: suggestionHeight)
        let last =
            switch field {
            case .choice(let index): choiceTop + index
            case .text: textTop + textHeight - 1
            case .suggestion: textTop + textHeight + suggestionHeight
            }
        // The active field shows, whatever else does.
        parts.move(up: max(last - content, 0))
        return parts
    }

    /// The comment that is answered or settled, as it is now.
    private func comment(_ model: Model) -> CommentRow? {
        switch kind {
        case .answer, .settle, .maintain, .withdraw: topic.flatMap { model.library.comment(object, of: $0) }
        case .comment, .command: nil
        }
    }

    func title(_ model: Model) -> String {
        switch kind {
        case .comment: model.text("Góp ý kiến", "Comment") + " " + object
        case .answer: model.text("Trả lời ý kiến", "Reply to") + " " + object
        case .settle: model.text("Tiếp thu, giải trình ý kiến", "Settle") + " " + object
        case .maintain: model.text("Giữ ý kiến", "Maintain") + " " + object
        case .withdraw: model.text("Rút ý kiến", "Withdraw") + " " + object
        case .command(let command): command.title
        }
    }

    func draw(on canvas: inout Canvas, _ model: Model) {
        let parts = screen(model)
        // What has no room above lies under it.
        defer { canvas.title(title(model), model) }
        drawContext(parts, on: &canvas, model)
        for (index, choice) in choices.enumerated() {
            drawChoice(choice, isActive: field == .choice(index), row: parts.choiceTop + index, on: &canvas, model)
        }
        var textLabel = kind == .settle ? model.text("Giải trình", "Explanation") : model.text("Nội dung", "Text")
        if !needsText { textLabel += model.text(" (không bắt buộc)", " (optional)") }
        drawLabel(textLabel, isActive: field == .text, row: parts.textTop - 1, on: &canvas)
        drawEditor(
            editor, isActive: field == .text, top: parts.textTop, height: parts.textHeight, on: &canvas)
        if let suggestion, let top = parts.suggestionTop {
            let label = model.text(
                "Đề nghị sửa thành (không sửa thì để nguyên)", "Suggested text (leave as it is for none)")
            drawLabel(label, isActive: field == .suggestion, row: top - 1, on: &canvas)
            if field == .suggestion || suggestion.text == original {
                drawEditor(
                    suggestion, isActive: field == .suggestion, top: top, height: parts.suggestionHeight, on: &canvas)
            } else {
                let pieces = WordDiff.pieces(original, suggestion.text)
                let rows = ChangeText.rows(pieces, width: canvas.width - 4, hasColour: model.hasColour)
                for (offset, row) in rows.prefix(parts.suggestionHeight).enumerated() {
                    row.draw(on: &canvas, row: top + offset, column: 2, end: canvas.width)
                }
            }
        }
    }

    private func drawContext(_ parts: Parts, on canvas: inout Canvas, _ model: Model) {
        let lines = parts.contextLines
        let isLonger = lines.count > parts.contextHeight
        // Where not all has room the last row says so.
        let room = isLonger ? max(parts.contextHeight - 1, 1) : parts.contextHeight
        let first = min(contextTop, max(lines.count - room, 0))
        var shown = Array(lines.dropFirst(first).prefix(room))
        if isLonger, parts.contextHeight > 1 {
            let rest = lines.count - first - shown.count
            shown.append(
                rest > 0
                    ? model.text("… còn \(rest) dòng (Alt-↑↓ cuộn)", "… \(rest) more lines (Alt-↑↓ scroll)")
                    : model.text("(hết; Alt-↑ xem lại)", "(the end; Alt-↑ goes back)"))
        }
        for (offset, line) in shown.enumerated() {
            canvas.put("│ " + line, row: parts.contextRow + offset, column: 1, .faint, end: canvas.width)
        }
    }

    private func drawLabel(_ words: String, isActive: Bool, row: Int, on canvas: inout Canvas) {
        canvas.grid.put((isActive ? "▸ " : "  ") + words, row: row, column: 0, isActive ? .bold : .faint)
    }

    private func drawChoice(_ choice: Choice, isActive: Bool, row: Int, on canvas: inout Canvas, _ model: Model) {
        drawLabel(choice.title.text(model.language) + ":", isActive: isActive, row: row, on: &canvas)
        let left = 14
        let shown = choice.words.map { $0.text(model.language) }
        let widths = shown.map { DisplayWidth.columns(of: $0) + 2 }
        // Where not all have room, those around the chosen one show.
        var first = 0
        while first < choice.selected,
            left + 2 + widths[first...choice.selected].reduce(0, +) + 2 > canvas.width
        {
            first += 1
        }
        var column = left
        if first > 0 { column = canvas.grid.put("…", row: row, column: column, .faint) }
        for index in shown.indices.dropFirst(first) {
            let isSelected = index == choice.selected
            guard column + widths[index] + (index + 1 < shown.count ? 1 : 0) <= canvas.width else {
                canvas.grid.put("…", row: row, column: column, .faint)
                return
            }
            let look = Style.Attributes(
                isBold: isSelected, isFaint: !isSelected, isReversed: isSelected && isActive)
            column = canvas.grid.put(
                isSelected ? "[\(shown[index])]" : " \(shown[index]) ", row: row, column: column, look)
        }
    }

    private func drawEditor(
        _ editor: TextEditor, isActive: Bool, top: Int, height: Int, on canvas: inout Canvas
    ) {
        let layout = editor.layout(width: canvas.width - 4)
        let first = isActive ? max(layout.cursorRow - height + 1, 0) : 0
        for (offset, row) in layout.rows.dropFirst(first).prefix(height).enumerated() {
            canvas.grid.put(row.text, row: top + offset, column: 2, isActive ? .plain : .faint)
        }
        if isActive {
            canvas.cursor = Frame.Cursor(row: top + layout.cursorRow - first, column: 2 + layout.cursorColumn)
        }
    }
}

extension Model {
    private static func choice(
        _ key: String, _ vietnamese: String, _ english: String, _ domain: Vocabulary.Domain, _ selected: String
    ) -> WritingPage.Choice {
        let values = Vocabulary.identifiers(domain)
        return WritingPage.Choice(
            key: key, title: Bilingual(vietnamese, english), values: values,
            words: values.map {
                Bilingual(Vocabulary.word(domain, $0, .vietnamese), Vocabulary.word(domain, $0, .english))
            }, usual: values.firstIndex(of: selected) ?? 0)
    }

    /// For whom a remark is keyed in (domain §5): in the plenary, whoever spoke.
    private var behalfChoice: WritingPage.Choice {
        let people = library.colleagues.filter { $0 != person }
        return WritingPage.Choice(
            key: "behalf", title: Bilingual("Thay mặt", "On behalf of"),
            values: ["", "office"] + people,
            words: [Bilingual("cá nhân tôi", "myself"), Bilingual("phòng tôi", "my office")]
                + people.map { Bilingual(both: library.name($0)) }, usual: 0)
    }

    /// Opens a page to write on, with the draft of the last time if there is one.
    mutating func openWriting(
        _ kind: WritingPage.Kind, topic: String?, object: String, context: [String], suggestion: String = ""
    ) {
        let draft: String
        var choices: [WritingPage.Choice] = []
        var suggested: TextEditor?
        var kind = kind
        var suggestion = suggestion
        switch kind {
        case .comment(let anchor, let quote):
            draft = draftToWrite("comment-" + Folding.slug(object + "-" + (anchor ?? "whole")))
            // Words that were selected the last time still are what the remark is about, unless others are selected now.
            let words = FieldDraft.values(drafts[DraftName.choices(of: draft)] ?? "")["quote"]
            if quote == nil, let words {
                kind = .comment(anchor: anchor, quote: words)
                suggestion = words
            }
            choices = [
                Self.choice("kind", "Loại", "Kind", .kind, "content"),
                Self.choice("level", "Mức", "Level", .level, "should"), behalfChoice,
            ]
            // A longer paragraph is better suggested in the words of the comment itself: the request line is short.
            if !suggestion.isEmpty, suggestion.utf8.count <= 1_500, !suggestion.contains("\n") {
                suggested = TextEditor(suggestion)
            }
        case .answer: draft = draftToWrite("answer-" + Folding.slug(object))
        case .settle:
            draft = draftToWrite("settle-" + Folding.slug(object))
            choices = [Self.choice("as", "Xử lý", "Disposition", .disposition, "accepted")]
        case .maintain: draft = draftToWrite("maintain-" + Folding.slug(object))
        case .withdraw: draft = draftToWrite("withdraw-" + Folding.slug(object))
        case .command(let command):
            draft = draftToWrite(
                "command-" + Folding.slug(command.name + "-" + command.request.words.joined(separator: "-")))
        }
        let kept = drafts[draft]
        let chosen = drafts[DraftName.choices(of: draft)]
        var page = WritingPage(
            number: newPageNumber(), kind: kind, topic: topic, object: object, context: context, draft: draft,
            choices: choices, editor: TextEditor(kept ?? ""), original: suggestion, suggestion: suggested)
        if let chosen { page.resume(FieldDraft.values(chosen)) }
        open(.writing(page))
        if kept != nil || chosen != nil {
            tell(.news, "Tiếp tục bản nháp đã giữ.", "Going on with the draft that was kept.")
        }
    }

    /// After a change that was taken back, or made again: how to get the other one.
    mutating func tellUndone(_ key: Key) {
        switch key {
        case .control("z"), .control("_"): tell(.news, "Đã hoàn tác; Ctrl-Y làm lại.", "Undone; Ctrl-Y does it again.")
        case .control("y"): tell(.news, "Đã làm lại; Ctrl-Z hoàn tác.", "Done again; Ctrl-Z undoes it.")
        default: break
        }
    }

    /// Somebody did something to a comment: whoever is writing about it learns of it at once, and is asked before the
    /// text goes out.
    ///
    /// - Returns: Whether it concerned a page that is being written on.
    mutating func tellWriters(of comment: String, _ sentence: String) -> Bool {
        var isConcerned = false
        for index in pages.indices {
            guard case .writing(var page) = pages[index], page.isAbout(comment) else { continue }
            page.meanwhile = sentence
            pages[index] = .writing(page)
            isConcerned = true
        }
        if isConcerned { tell(.trouble, sentence) }
        return isConcerned
    }

    mutating func pressInOverwriting(_ key: Key, page number: Int) {
        overlay = nil
        switch key.code {
        case .character("c"), .character("C"), .character("y"), .character("Y"):
            for case .writing(var writing) in pages where writing.number == number {
                // Where there is no connection the page is closed by it.
                writing.sendAnyway(in: &self)
                changeWriting(number) { $0 = writing }
            }
        default: tell(.news, "Chưa gửi; nội dung còn nguyên.", "Not sent; the text is as it was.")
        }
    }

    /// Offers the values of a field that has many, to be looked for by their letters.
    mutating func offer(_ choice: WritingPage.Choice, _ index: Int, page: Int) {
        let entries = zip(choice.words, choice.values).map { (words: $0.text(language), value: $1) }
        overlay = .prompt(
            Prompt(
                title: choice.title.text(language), purpose: .choice(page: page, index: index), choices: entries,
                isSought: true))
    }
}
