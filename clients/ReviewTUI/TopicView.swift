import PhanbienCommands
import ReviewClient
import ReviewProtocol
import Terminal

extension TopicPage {
    /// Columns left of the text: the bar of the current block, and the signs of comments.
    static let margin = 4
    /// From this width on the comments stand beside the text.
    private static let wide = 100

    static func isWide(_ size: TerminalSize) -> Bool { size.columns >= wide }

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
        if Self.isWide(canvas.grid.size) {
            let left = Self.margin + Self.textWidth(canvas.grid.size) + 1
            for line in 2..<max(canvas.height - 2, 2) { canvas.grid.put("│", row: line, column: left, .faint) }
            drawComments(
                on: &canvas, rows: 2..<max(canvas.height - 2, 3), columns: left + 2..<canvas.width, model)
        } else {
            let line = 2 + Self.textHeight(canvas.grid.size)
            canvas.grid.fill(row: line, columns: 0..<canvas.width, with: "─", .faint)
            drawComments(
                on: &canvas, rows: line + 1..<max(canvas.height - 2, line + 2), columns: 1..<canvas.width, model)
        }
    }

    /// The line below the title: stage, deadline, revision, comments.
    private func drawState(_ row: TopicRow?, on canvas: inout Canvas, _ model: Model) {
        guard let row else {
            canvas.grid.put(model.text("Đang đọc …", "Reading …"), row: 1, column: 1, .faint)
            return
        }
        var parts = [row.stageWords(model)]
        if let due = row.due { parts.append(due.distance(from: model.today, model.language)) }
        if let revision {
            let isNewest = revision == row.revision
            let newer = model.text(
                " – đã có bản \(row.revision), phím b", " – revision \(row.revision) is there, key b")
            parts.append(model.text("bản \(revision)", "revision \(revision)") + (isNewest ? "" : newer))
        }
        let comments = model.library.comments[topic] ?? []
        let open = comments.count(where: \.isUnfinished)
        parts.append(
            model.text("\(comments.count) ý kiến, \(open) chưa xong", "\(comments.count) comments, \(open) unfinished"))
        canvas.put(parts.joined(separator: " · "), row: 1, column: 1, .colour(.cyan), end: canvas.width)
    }

    /// What stands there while there is no text to show.
    private func drawAbsence(_ row: TopicRow?, on canvas: inout Canvas, _ model: Model) {
        let words: String
        if row?.row["access"] == "title" {
            words = model.text(
                "Ở bước này bạn mới được xem tên chuyên đề.", "At this stage you may see the title only.")
        } else if row?.revision == 0 {
            words = model.text("Chưa có bản dự thảo nào.", "There is no revision yet.")
        } else if let revisionName, model.library.refused.contains(revisionName) {
            words = model.text(
                "Ở bước này bạn chưa được xem văn bản.", "At this stage you may not read the text yet.")
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
        let sign =
            switch gravest.level {
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
        guard !currentComments.isEmpty else {
            let isFinished = model.library.topic(topic)?.isFinished == true
            let words =
                isFinished
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
            add(model.title(of: comment), look)
            guard let thread = model.library.threads[comment.id] else {
                add("…", .faint)
                continue
            }
            for passage in thread.passages {
                let label = model.word(.part, passage.kind)
                add("\(label): \(passage.text)", .faint, indent: 1)
            }
            for message in thread.messages {
                let head = [
                    model.library.name(message.by), model.moment(message.time), model.word(.message, message.kind),
                ]
                add(head.filter { !$0.isEmpty }.joined(separator: " · "), .init(isUnderlined: true), indent: 1)
                add(message.text, .plain, indent: 2)
            }
        }
        return lines
    }
}

extension Model {
    /// A comment in one line: "C88 bắt buộc · nội dung · chưa giải quyết · đã sửa".
    func title(of comment: CommentRow) -> String {
        let row = comment.row
        var parts = [word(.level, comment.level), word(.kind, row["kind"] ?? "")]
        var state = word(.state, comment.state)
        if let disposition = row["as"] { state += ": " + word(.disposition, disposition) }
        parts.append(state)
        if let now = row["now"], now != "exact" { parts.append(word(.now, now)) }
        if row["confirmed"] == "no" { parts.append(text("chưa xác nhận", "unconfirmed")) }
        return comment.id + " " + parts.joined(separator: " · ") + " — " + library.name(row["by"] ?? "")
    }

    /// A moment as people write it.
    func moment(_ time: String) -> String { MomentText.text(time) ?? time }
}
