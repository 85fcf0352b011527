import PhanbienCommands
import ReviewClient
import ReviewProtocol
import Terminal

extension TopicPage {
    /// Columns left of the text: the bar of the current block, and the signs of comments.
    static let margin = 4
    /// From this width on the comments stand beside the text.
    private static let wide = 100

    /// What is read out line by line has nothing beside it.
    static func isWide(_ size: TerminalSize) -> Bool { size.columns >= wide && size != PlainView.size }

    static func textWidth(_ size: TerminalSize) -> Int {
        let room = isWide(size) ? size.columns * 3 / 5 - margin - 1 : size.columns - margin - 1
        return min(max(room, 10), 100)
    }

    /// Rows of the text: below the title and the line of the topic.
    static func textHeight(_ size: TerminalSize) -> Int {
        let height = Canvas.contentHeight(size) - 1
        return max(isWide(size) ? height : height * 3 / 5, 1)
    }

    func draw(on canvas: inout Canvas, _ model: Model) {
        let row = model.library.topic(topic)
        canvas.title("\(topic)  \(row?.title ?? "")", model)
        drawState(row, on: &canvas, model)
        guard let layout else { return drawAbsence(row, on: &canvas, model) }
        drawText(layout, on: &canvas, model)
        let area = Self.commentArea(canvas.grid.size)
        if Self.isWide(canvas.grid.size) {
            for line in 2..<max(canvas.height - 2, 2) {
                canvas.grid.put("│", row: line, column: area.columns.lowerBound - 2, .faint)
            }
        } else {
            canvas.grid.fill(row: area.rows.lowerBound - 1, columns: 0..<canvas.width, with: "─", .faint)
        }
        drawComments(on: &canvas, rows: area.rows, columns: area.columns, model)
    }

    /// Where the comments stand: beside the text, or below it.
    private static func commentArea(_ size: TerminalSize) -> (rows: Range<Int>, columns: Range<Int>) {
        if isWide(size) {
            return (2..<max(size.rows - 2, 3), margin + textWidth(size) + 3..<size.columns)
        }
        let line = 3 + textHeight(size)
        return (line..<max(size.rows - 2, line + 1), 1..<max(size.columns, 1))
    }

    /// How far the comments can be scrolled beyond the selected one.
    func lastCommentTop(_ model: Model) -> Int {
        let area = Self.commentArea(model.size)
        let lines = commentLines(width: area.columns.count, model)
        let selected = lines.firstIndex { $0.comment == comment } ?? 0
        return max(lines.count - area.rows.count - selected, 0)
    }

    /// The line below the title: stage, deadline, revision, comments.
    private func drawState(_ row: TopicRow?, on canvas: inout Canvas, _ model: Model) {
        guard let row else {
            canvas.grid.put(model.text("Đang đọc …", "Reading …"), row: 1, column: 1, .faint)
            return
        }
        var parts = [row.stageWords(model)]
        if let revision {
            let isNewest = revision >= row.revision
            let newer = model.text(
                " – đã có bản \(row.revision), phím b", " – revision \(row.revision) is there, key b")
            parts.append(model.text("bản \(revision)", "revision \(revision)") + (isNewest ? "" : newer))
        }
        let (hints, isReturned) = (model.remarkHints(topic), model.reasonOfReturn(topic) != nil)
        if isReturned { parts += hints }
        let comments = model.library.comments[topic] ?? []
        let open = comments.count(where: \.isUnfinished)
        var count = model.text("chưa có ý kiến", "no comments yet")
        var briefly = ""
        if !comments.isEmpty {
            count = model.text(
                "\(comments.count) ý kiến, \(open) chưa xong", "\(comments.count) comments, \(open) unfinished")
            briefly = model.text("còn \(open)/\(comments.count) ý kiến", "\(open)/\(comments.count) comments open")
        }
        // What may be cut stands last: what is to be done, and until when, may not.
        func line(_ count: String, _ hint: String?) -> String {
            let due = row.due.map { $0.distance(from: model.today, model.language) }
            return (parts + [count, due ?? "", hint ?? ""]).filter { !$0.isEmpty }.joined(separator: " · ")
        }
        var lines = [line(count, nil), line(briefly, nil)]
        if !isReturned, let full = hints.first, let short = hints.last {
            lines = [line(count, full), line(briefly, full), line(count, short), line(briefly, short)] + lines
        }
        lines.append(line("", nil))
        let fitting = lines.first { DisplayWidth.columns(of: $0) < canvas.width }
        canvas.put(fitting ?? lines[lines.count - 1], row: 1, column: 1, .colour(.cyan), end: canvas.width)
    }

    /// What stands there while there is no text to show.
    private func drawAbsence(_ row: TopicRow?, on canvas: inout Canvas, _ model: Model) {
        let words: String
        if model.me.position == "admin" {
            // Whoever runs the server never reads what is written on it, at no stage.
            words = model.text(
                "Quản trị hệ thống chỉ xem tên và tiến độ, không đọc văn bản.",
                "An administrator sees title and schedule, and reads no text.")
        } else if row?.row["access"] == "title" {
            words = model.text(
                "Ở bước này bạn mới được xem tên chuyên đề.", "At this stage you may see the title only.")
        } else if row?.revision == 0 {
            words = model.text("Chưa có bản dự thảo nào.", "There is no revision yet.")
        } else if let revisionName, let reason = model.library.refused[revisionName] {
            words =
                reason.isEmpty
                ? model.text("Ở bước này bạn chưa được xem văn bản.", "At this stage you may not read the text yet.")
                : reason
        } else {
            words = model.text("Đang đọc văn bản …", "Reading the text …")
        }
        canvas.put(words, row: 3, column: 1, .faint, end: canvas.width)
        var line = 5
        for milestone in model.library.details[topic]?.rows.filter({ $0.word == "milestone" }) ?? [] {
            let name = model.word(.milestone, milestone["id"] ?? "")
            let words = SafeText.escape("\(name): \(milestone["text"] ?? "")")
            for text in WordWrap.lines(words, width: canvas.width - 2, continuationIndent: 2) {
                guard line <= canvas.contentHeight else { return }
                canvas.put(text, row: line, column: 1, end: canvas.width)
                line += 1
            }
        }
    }

    // MARK: The text

    private func drawText(_ layout: TextLayout, on canvas: inout Canvas, _ model: Model) {
        let height = Self.textHeight(canvas.grid.size)
        let end = Self.margin + layout.width
        for offset in 0..<height {
            let index = top + offset
            guard layout.rows.indices.contains(index) else { break }
            let row = layout.rows[index]
            let block = layout.blocks[row.block]
            let isCurrent = row.block == self.block
            let isFirst = layout.firstRows[row.block] == index
            let line = offset + 2
            if isCurrent, !row.text.isEmpty || row.block == 0 {
                canvas.grid.put("▌", row: line, column: 0, pane == .text ? .colour(.cyan) : .faint)
            }
            if isFirst { drawSign(row.block, row: line, on: &canvas) }
            if row.block == 0 {
                let words = model.text("Ý kiến chung về cả chuyên đề", "Comments on the whole topic")
                canvas.grid.put("◇ " + words, row: line, column: Self.margin, .faint, end: end)
                continue
            }
            let look: Style.Attributes =
                block.isHeading ? .init(colour: block.level == 1 ? .blue : nil, isBold: true) : .plain
            canvas.grid.put(row.text, row: line, column: Self.margin, look, end: end)
        }
        drawWords(layout, on: &canvas)
    }

    /// The sign of the gravest comment of a block, and how many there are.
    private func drawSign(_ block: Int, row: Int, on canvas: inout Canvas) {
        guard let comments = commentsByBlock[block],
            let gravest = comments.max(by: { Self.weight($0) < Self.weight($1) })
        else { return }
        // What is done with is told by its sign as well: not everybody sees colours.
        let sign =
            switch gravest.level {
            case _ where !gravest.isUnfinished: "✓"
            case "must": "!";
            case "should": "+";
            default: "·"
            }
        let count = comments.count > 9 ? "*" : comments.count > 1 ? "\(comments.count)" : ""
        canvas.grid.put(sign + count, row: row, column: 1, Canvas.look(state: gravest.state, level: gravest.level))
    }

    private static func weight(_ comment: CommentRow) -> Int {
        let level =
            switch comment.level {
            case "must": 3;
            case "should": 2;
            default: 1
            }
        return comment.state == "withdrawn" ? 0 : comment.isUnfinished ? level + 10 : level
    }

    /// Shows the selected words reversed, wherever they were wrapped.
    private func drawWords(_ layout: TextLayout, on canvas: inout Canvas) {
        guard let words else { return }
        // Rows hold the paragraph's graphemes in order, less the white space at which they were broken.
        let characters = Array(layout.blocks[block].text)
        var position = 0
        for index in layout.rows(of: block) {
            var column = Self.margin
            for character in layout.rows[index].text {
                while position < characters.count, characters[position] != character, characters[position].isWhitespace
                {
                    position += 1
                }
                let width = DisplayWidth.columns(of: character)
                let line = index - top + 2
                if words.range.contains(position), (2..<2 + Self.textHeight(canvas.grid.size)).contains(line) {
                    canvas.grid.restyle(row: line, columns: column..<column + width) { $0.isReversed = true }
                }
                column += width
                position += 1
            }
        }
    }

    // MARK: The comments

    private func drawComments(on canvas: inout Canvas, rows: Range<Int>, columns: Range<Int>, _ model: Model) {
        let lines = commentLines(width: columns.count, model)
        let first = min(commentStart(lines), max(lines.count - rows.count, 0))
        for (offset, line) in lines.dropFirst(first).prefix(rows.count).enumerated() {
            canvas.grid.put(
                line.text, row: rows.lowerBound + offset, column: columns.lowerBound, line.look, end: columns.upperBound
            )
        }
        if first + rows.count < lines.count {
            canvas.grid.put("▼", row: rows.upperBound - 1, column: columns.upperBound - 1, .faint)
        }
    }

    private func commentStart(_ lines: [CommentLine]) -> Int {
        let selected = lines.firstIndex { $0.comment == comment } ?? 0
        return selected + commentTop
    }

    private struct CommentLine {
        var text: String
        var look: Style.Attributes
        var comment: Int
    }

    private func commentLines(width: Int, _ model: Model) -> [CommentLine] {
        // What was said about the whole topic stands beside its comments on the whole topic.
        let last = max(currentComments.count - 1, 0)
        let remarks = (block == 0 ? model.remarkLines(on: topic, width: width) : []).map {
            CommentLine(text: $0, look: .plain, comment: last)
        }
        guard !currentComments.isEmpty else {
            if !remarks.isEmpty { return remarks }
            let words =
                reasonAgainst(.comment, model) != nil
                ? model.text("Đoạn này không có ý kiến.", "No comment on this paragraph.")
                : model.text("Đoạn này chưa có ý kiến. Phím c: góp ý.", "No comment on this paragraph. c: comment.")
            return WordWrap.lines(words, width: width).map { CommentLine(text: $0, look: .faint, comment: 0) }
        }
        var lines: [CommentLine] = []
        for (index, comment) in currentComments.enumerated() {
            func add(_ text: String, _ look: Style.Attributes, indent: Int = 0) {
                for line in SafeText.lines(text) {
                    for row in WordWrap.lines(line, width: max(width - indent, 8)) {
                        lines.append(
                            CommentLine(text: String(repeating: " ", count: indent) + row, look: look, comment: index))
                    }
                }
            }
            if index > 0 { lines.append(CommentLine(text: "", look: .plain, comment: index)) }
            var look = Canvas.look(state: comment.state, level: comment.level)
            look.isReversed = pane == .comments && index == self.comment
            // Among several it must be seen which one a key is about, wherever the keys go.
            let isMarked = currentComments.count > 1 && index == self.comment
            add((isMarked ? "▸ " : "") + model.title(of: comment), look)
            if model.library.threads[comment.id] == nil { add("…", .faint) }
            model.eachThreadLine(of: comment, withTitle: false) { add($0, $1, indent: $2) }
        }
        if !remarks.isEmpty { lines += [CommentLine(text: "", look: .plain, comment: last)] + remarks }
        return lines
    }
}

extension Model {
    /// A comment with what it is about and what was said, in the order in which it is read: each text with its look and its
    /// indent.
    func eachThreadLine(
        of comment: CommentRow, withTitle: Bool = true, _ add: (String, Style.Attributes, Int) -> Void
    ) {
        if withTitle { add(title(of: comment), .bold, 0) }
        guard let thread = library.threads[comment.id] else { return }
        // Who is read to hears this when it arrives, perhaps long after the comment's own line.
        let id = isPlain ? comment.id : ""
        for passage in thread.passages {
            add((isPlain ? id + " · " : "") + "\(word(.part, passage.kind)): \(passage.text)", .faint, 1)
        }
        for message in thread.messages {
            let speaker = library.speaker(of: message, on: comment, language)
            let head = [id, speaker, moment(message.time), word(.message, message.kind)]
            add(head.filter { !$0.isEmpty }.joined(separator: " · "), .init(isUnderlined: true), 1)
            add(message.text, .plain, 2)
        }
    }

    /// How a comment stands; whose word is whose, where both sides have spoken.
    func stateWords(of comment: CommentRow, isShort: Bool = false) -> String {
        let state = word(.state, comment.state)
        guard let value = comment.row["as"] else { return state }
        let disposition = word(.disposition, value)
        if comment.state == "settled" {
            return text("phòng chủ trì: \(disposition)", "lead office: \(disposition)")
        }
        guard ["maintained", "agreed"].contains(comment.state) else { return "\(state): \(disposition)" }
        if isShort { return text("\(state) (phòng: \(disposition))", "\(state) (office: \(disposition))") }
        return text(
            "phòng chủ trì: \(disposition); người góp ý: \(state)",
            "lead office: \(disposition); commenter: \(state)")
    }

    /// A comment in one line: "C88 bắt buộc · nội dung · chưa giải quyết · đã sửa".
    func title(of comment: CommentRow) -> String {
        let row = comment.row
        var parts = [word(.level, comment.level), word(.kind, row["kind"] ?? "")]
        parts.append(stateWords(of: comment))
        if let now = row["now"], now != "exact" { parts.append(word(.now, now)) }
        if row["confirmed"] == "no" { parts.append(text("chưa xác nhận", "unconfirmed")) }
        return comment.id + " " + parts.joined(separator: " · ") + " — " + library.giver(of: comment, language)
    }

    /// A moment as people write it.
    func moment(_ time: String) -> String { MomentText.text(time) ?? time }
}
