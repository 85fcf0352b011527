import PhanbienCommands
import ReviewCore
import ReviewProtocol
public import Terminal

extension Model {
    /// What the window shows now.
    public func frame() -> Frame { frame(alone: false) }

    /// What the window shows; an overlay alone, if it is not to lie over the page.
    func frame(alone: Bool) -> Frame {
        var canvas = Canvas(size: size)
        if alone, overlay != nil {
            draw(overlay, on: &canvas)
            return Frame(grid: canvas.grid, cursor: canvas.cursor)
        }
        let (columns, rows) = (40, 8)
        guard size.columns >= columns, size.rows >= rows else {
            canvas.grid.put(
                text("Cửa sổ nhỏ hơn \(columns)×\(rows).", "Window below \(columns)×\(rows)."), row: 0, column: 0)
            return Frame(grid: canvas.grid)
        }
        switch page {
        case .home(let home): home.draw(on: &canvas, self)
        case .topic(let topic): topic.draw(on: &canvas, self)
        case .writing(let writing): writing.draw(on: &canvas, self)
        case .comparison(let comparison): comparison.draw(on: &canvas, self)
        case .approval(let approval): approval.draw(on: &canvas, self)
        case .reading(let reading): reading.draw(on: &canvas, self)
        case .plenary(let plenary): plenary.draw(on: &canvas, self)
        case .review(let review): review.draw(on: &canvas, self)
        case .search(let search): search.draw(on: &canvas, self)
        }
        canvas.foot(self)
        draw(overlay, on: &canvas)
        return Frame(grid: canvas.grid, cursor: canvas.cursor)
    }

    // MARK: Overlays

    private func draw(_ overlay: Overlay?, on canvas: inout Canvas) {
        switch overlay {
        case nil: break
        case .help(let top):
            let lines = helpLines.map { BoxLine($0.text, $0.look) }
            let leave = isPlain ? ".." : "Esc"
            drawBox(
                text("Trợ giúp – \(leave) để đóng", "Help – \(leave) closes"), Array(lines.dropFirst(top)), on: &canvas)
        case .palette(let palette): draw(palette, on: &canvas)
        case .prompt(let prompt): draw(prompt, on: &canvas)
        case .contents(let contents):
            let lines = contents.entries.enumerated().map { index, entry in
                BoxLine(entry.text, index == contents.selected ? .init(isReversed: true) : .plain)
            }
            let jump = isPlain ? "." : "Enter"
            drawBox(
                text("Mục lục – \(jump) để nhảy tới", "Contents – \(jump) jumps"),
                window(lines, contents.selected, canvas), on: &canvas)
        case .confirm, .held, .overwrite:
            guard let overlay, let question = question(overlay, canvas.width) else { break }
            draw(question, overlay.top, on: &canvas)
        case .rollCall(let roll):
            let lines = roll.people.indices.map { index in
                BoxLine(roll.words(index, self), index == roll.selected ? .init(isReversed: true) : .plain)
            }
            let (record, leave) = isPlain ? (". ", ".. ") : ("Enter", "Esc")
            drawBox(
                text(
                    "Điểm danh – c: có mặt · v: vắng · *: đủ · \(record): ghi · \(leave): thôi",
                    "Roll-call – c present · v absent · * everybody · \(record) · \(leave)"),
                window(lines, roll.selected, canvas), on: &canvas)
        case .files(let picker): draw(picker, on: &canvas)
        case .addresses(let list):
            let lines = list.comments.indices.map { index in
                BoxLine(list.words(index, self), index == list.selected ? .init(isReversed: true) : .plain)
            }
            drawBox(
                isPlain
                    ? text(
                        "Sửa theo ý kiến nào? – x: đánh dấu · *: tất cả · . : tiếp",
                        "Which comments does it deal with? – x marks · * all · . goes on")
                    : text(
                        "Sửa theo ý kiến nào? – dấu cách: đánh dấu · *: tất cả · Enter",
                        "Which comments does it deal with? – space marks · * all · Enter"),
                window(lines, list.selected, canvas), on: &canvas)
        case .quit:
            var lines = [
                BoxLine(
                    isPlain
                        ? text("c, y hoặc q: thoát · dòng khác: ở lại", "y, c or q: quit · any other line: stay")
                        : text("Enter, c, y, q: thoát · phím khác: ở lại", "Enter, y, c, q: quit · any other key: stay")
                )
            ]
            if isUnkept, !outbox.isEmpty || !drafts.isEmpty {
                let words = text(
                    "Máy này KHÔNG ghi được tệp (\(store)): việc chưa gửi và bản nháp có thể mất khi thoát.",
                    "This machine could NOT write its files (\(store)): what was not sent may be lost.")
                lines = wrapped(words, canvas).map { BoxLine($0.text, .colour(.red)) } + lines
            } else if !outbox.isEmpty {
                let words = text(
                    "Còn \(outbox.count) việc chưa gửi tới máy chủ: được giữ trên máy này, lần sau mở lại sẽ gửi.",
                    "\(outbox.count) not yet sent to the server: kept on this machine, to be sent next time.")
                lines = wrapped(words, canvas).map { BoxLine($0.text, .colour(.yellow)) } + lines
            } else if !drafts.isEmpty {
                lines.insert(
                    BoxLine(
                        text("\(draftCount) bản nháp được giữ lại trên máy này.", "\(draftCount) drafts are kept.")),
                    at: 0)
            }
            drawBox(text("Thoát phanbien?", "Quit phanbien?"), lines, on: &canvas)
        }
    }

    private struct BoxLine {
        var text: String
        var look: Style.Attributes
        /// Where the cursor stands in it.
        var cursor: Int?
        /// What stands there in place of the text.
        var change: ChangeText?

        init(_ text: String, _ look: Style.Attributes = .plain, cursor: Int? = nil) {
            self.text = text
            self.look = look
            self.cursor = cursor
        }

        init(_ change: ChangeText) {
            self.init("")
            self.change = change
        }
    }

    private func wrapped(_ words: String, _ canvas: Canvas) -> [BoxLine] { wrapped(words, canvas.width) }

    private func wrapped(_ words: String, _ columns: Int, _ look: Style.Attributes = .plain) -> [BoxLine] {
        WordWrap.lines(SafeText.escape(words), width: boxWidth(columns) - 4).map { BoxLine($0, look) }
    }

    /// What is to be read before it is answered, and what is asked.
    private struct Question {
        let title: String
        /// What stands above, if there is room.
        var head: [BoxLine] = []
        /// What is scrolled where not all of it has room.
        var body: [BoxLine] = []
        /// What stands below that, in all but a very small window.
        var words: [BoxLine] = []
        /// The answers there are, which are seen whole however much there is to read before.
        var asked: [BoxLine] = []

        /// The question in three parts: what stays above, what can be scrolled, of which so many rows have room, and what stays
        /// below.
        func parts(_ rows: Int) -> (head: [BoxLine], scrolled: [BoxLine], foot: [BoxLine], room: Int) {
            let foot = words + asked
            let room = rows - 5 - head.count - foot.count
            // Below what can be scrolled stands the line that tells how.
            guard room < (body.isEmpty ? -1 : min(body.count, 3)) else { return (head, body, foot, max(room, 1)) }
            let rest = rows - 5 - foot.count
            // In a very small window even what stands below is scrolled.
            guard rest < 1 else { return ([], head + body, foot, rest) }
            return ([], head + body + words, asked, max(rows - 5 - asked.count, 1))
        }
    }

    /// What an overlay asks; nil for one that asks nothing in words.
    private func question(_ overlay: Overlay, _ columns: Int) -> Question? {
        switch overlay {
        case .confirm(let confirmation): question(confirmation, columns)
        case .held(let key, let reason, _): question(aboutHeld: key, reason, columns)
        case .overwrite(_, let reason, _):
            Question(
                title: text("Ghi đè?", "Overwrite?"), body: wrapped(reason, columns),
                words: wrapped(
                    text("Trong lúc bạn viết, ý kiến này đã thay đổi.", "The comment changed while you wrote."),
                    columns,
                    .bold),
                asked: wrapped(
                    text(
                        "c hoặc y: vẫn gửi, ghi đè · phím khác: xem lại",
                        "y or c: send it over that · any other key: look again"), columns))
        case .help, .palette, .prompt, .contents, .rollCall, .files, .addresses, .quit: nil
        }
    }

    private func question(_ confirmation: Confirmation, _ columns: Int) -> Question {
        let command = confirmation.command
        var question = Question(title: command.title, body: changeRows(confirmation, columns).map { BoxLine($0) })
        if !command.details.isEmpty { question.head = wrapped(command.details, columns, .bold) }
        if !command.change.isEmpty { question.head.append(BoxLine("")) }
        question.words = wrapped(confirmation.words, columns) + [BoxLine("")]
        if command.isFinal {
            question.asked.append(BoxLine(text("Việc này không rút lại được.", "This cannot be undone."), .bold))
        }
        question.asked += wrapped(
            command.original == nil
                ? text("c hoặc y: thực hiện · phím khác: thôi", "y or c: go on · any other key: leave it")
                : text(
                    "c hoặc y: gửi cả tệp gốc · v: chỉ gửi văn bản · phím khác: thôi",
                    "y or c: send both · v: the text alone · any other key: leave it"), columns)
        return question
    }

    private func question(aboutHeld key: String, _ reason: String, _ columns: Int) -> Question {
        let isVote = outbox.contains { $0.key == key && !$0.isGivenUp }
        return Question(
            title: isVote
                ? text("Xin xác nhận lại", "Please confirm again")
                : text("Chưa rõ đã gửi được chưa", "Not known to have arrived"),
            body: wrapped(reason, columns),
            words: wrapped(
                isVote
                    ? text("Ý kiến đồng ý của bạn còn chờ gửi.", "Your vote still waits.")
                    : text("Chưa rõ máy chủ đã ghi hay chưa.", "Whether the server has it is not known."), columns,
                .bold),
            asked: wrapped(
                isPlain
                    ? text(". : vẫn gửi · x : bỏ · .. : để sau", ". : send it · x : drop it · .. : later")
                    : text(
                        "Ctrl-S: vẫn gửi · Ctrl-X: bỏ · Esc: để sau", "Ctrl-S: send it · Ctrl-X: drop it · Esc: later"),
                columns))
    }

    private func draw(_ question: Question, _ top: Int, on canvas: inout Canvas) {
        let parts = question.parts(canvas.height)
        let top = min(top, max(parts.scrolled.count - parts.room, 0))
        var rows = Array(parts.scrolled.dropFirst(top).prefix(parts.room))
        if !rows.isEmpty {
            let (last, all) = (top + rows.count, parts.scrolled.count)
            let words = text("↑↓ cuộn: dòng \(top + 1)–\(last) / \(all)", "↑↓ scroll: rows \(top + 1)–\(last) / \(all)")
            rows.append(BoxLine(all > parts.room ? words : "", .faint))
        }
        drawBox(question.title, parts.head + rows + parts.foot, on: &canvas)
    }

    /// The change that is asked about, before and after.
    private func changeRows(_ confirmation: Confirmation, _ columns: Int) -> [ChangeText] {
        let change = confirmation.command.change
        guard !change.isEmpty else { return [] }
        let near = ChangeText.near(change)
        func side(_ title: String, without omitted: DiffPiece.Kind) -> [ChangeText] {
            ChangeText.rows(
                near, width: boxWidth(columns) - 4, hasColour: hasColour, without: omitted, prefix: title)
        }
        return side(text("Trước: ", "Before: "), without: .added) + side(text("Sau: ", "After: "), without: .removed)
    }

    /// Where what is to be read before a question is answered shows after a key; nil for a key that does not scroll it.
    func scrolled(_ key: Key, in overlay: Overlay) -> Int? {
        guard let parts = question(overlay, size.columns)?.parts(size.rows), parts.scrolled.count > parts.room else {
            return nil
        }
        let step =
            switch (key.code, key.mouseAct) {
            case (.up, _), (_, .wheelUp): -1
            case (.down, _), (_, .wheelDown): 1
            case (.pageUp, _): -parts.room
            case (.pageDown, _): parts.room
            default: 0
            }
        guard step != 0 else { return nil }
        return min(max(overlay.top + step, 0), parts.scrolled.count - parts.room)
    }

    /// Where nothing is painted nothing has to be narrow, and nothing may be cut.
    private func boxWidth(_ canvas: Canvas) -> Int { boxWidth(canvas.width) }
    private func boxWidth(_ columns: Int) -> Int { isPlain ? columns : min(columns - 4, 90) }

    /// The lines around the selected one, as many as a box holds.
    private func window(_ lines: [BoxLine], _ selected: Int, _ canvas: Canvas, reserved: Int = 0) -> [BoxLine] {
        let height = max(canvas.height - 4 - reserved, 1)
        let first = min(max(selected - height / 2, 0), max(lines.count - height, 0))
        return Array(lines.dropFirst(first).prefix(height))
    }

    /// A frame with a title over the middle of the page.
    private func drawBox(_ title: String, _ lines: [BoxLine], on canvas: inout Canvas) {
        let width = boxWidth(canvas)
        let height = min(lines.count + 2, canvas.height - 2)
        let left = (canvas.width - width) / 2
        let top = max((canvas.height - height) / 2, 0)
        canvas.cursor = nil
        for offset in 0..<height {
            canvas.grid.fill(row: top + offset, columns: left..<left + width)
            canvas.grid.put("│", row: top + offset, column: left)
            canvas.grid.put("│", row: top + offset, column: left + width - 1)
        }
        for row in [top, top + height - 1] {
            canvas.grid.fill(row: row, columns: left..<left + width, with: "─")
        }
        canvas.grid.put("┌", row: top, column: left)
        canvas.grid.put("┐", row: top, column: left + width - 1)
        canvas.grid.put("└", row: top + height - 1, column: left)
        canvas.grid.put("┘", row: top + height - 1, column: left + width - 1)
        if lines.count > height - 2 {
            canvas.grid.put(" ▼ ", row: top + height - 1, column: left + width - 6, .bold)
        }
        canvas.put(" \(title) ", row: top, column: left + 2, .bold, end: left + width - 2)
        for (offset, line) in lines.prefix(height - 2).enumerated() {
            let row = top + 1 + offset
            if let change = line.change {
                change.draw(on: &canvas, row: row, column: left + 2, end: left + width - 2)
                continue
            }
            canvas.put(line.text, row: row, column: left + 2, line.look, end: left + width - 2)
            if let cursor = line.cursor {
                canvas.cursor = Frame.Cursor(row: row, column: min(left + 2 + cursor, left + width - 3))
            }
        }
    }

    private func draw(_ palette: Palette, on canvas: inout Canvas) {
        let matches = palette.matches
        let lines = matches.enumerated().map { index, entry in
            let name = entry.form.alias.joined(separator: " ")
            let shown = language == .vietnamese ? name : entry.form.name
            let padding = String(repeating: " ", count: max(22 - shown.count, 1))
            return BoxLine(shown + padding + entry.words, index == palette.selected ? .init(isReversed: true) : .plain)
        }
        let input = inputLine(palette.editor)
        let rest =
            lines.isEmpty
            ? [BoxLine(text("Không có lệnh nào như vậy.", "No such command."), .faint)]
            : window(lines, palette.selected, canvas, reserved: 1)
        drawBox(text("Lệnh – gõ tên, không dấu cũng được", "Commands – type a name"), [input] + rest, on: &canvas)
    }

    private func inputLine(_ editor: LineEditor) -> BoxLine {
        BoxLine("> " + editor.text, .bold, cursor: 2 + DisplayWidth.columns(of: editor.textBeforeCursor))
    }

    private func draw(_ prompt: Prompt, on canvas: inout Canvas) {
        var lines: [BoxLine]
        if prompt.choices.isEmpty {
            lines = [inputLine(prompt.editor)]
        } else {
            let choices = prompt.matches.enumerated().map { index, choice in
                BoxLine(choice.words, index == prompt.selected ? .init(isReversed: true) : .plain)
            }
            // A long list, and that of people, is looked through by its letters.
            let isSought = prompt.isSought || prompt.choices.count > 10 || !prompt.editor.text.isEmpty
            lines = isSought ? [inputLine(prompt.editor)] : []
            lines +=
                choices.isEmpty
                ? [BoxLine(text("Không có mục nào như vậy.", "Nothing like that."), .faint)]
                : window(choices, prompt.selected, canvas, reserved: lines.count)
        }
        if !prompt.complaint.isEmpty {
            lines += wrapped(prompt.complaint, canvas).map { BoxLine($0.text, .colour(.red)) }
        }
        drawBox(prompt.title, lines, on: &canvas)
    }

    private func draw(_ picker: FilePicker, on canvas: inout Canvas) {
        var lines = [inputLine(picker.editor)]
        if let complaint = picker.complaint {
            lines += wrapped(complaint.text(language), canvas).map { BoxLine($0.text, .colour(.red)) }
        } else if let file = picker.reading {
            let name = SafeText.escape(file.split(separator: "/").last.map(String.init) ?? file)
            lines += wrapped(text("Đang đọc tệp \(name) …", "Reading \(name) …"), canvas)
        }
        lines.append(
            BoxLine(picker.folder.map { SafeText.escape($0.path) } ?? text("Đang đọc thư mục …", "Reading …"), .faint))
        let matches = picker.matches
        let width = boxWidth(canvas) - 4
        let entries = matches.enumerated().map { index, entry in
            let left = SafeText.escape(entry.name) + (entry.isFolder ? "/" : "")
            let right = entry.isFolder ? "" : FileSize.words(entry.octets) + "  " + entry.day.text
            let room = max(width - DisplayWidth.columns(of: left) - DisplayWidth.columns(of: right), 1)
            return BoxLine(
                left + String(repeating: " ", count: room) + right,
                index == picker.selected ? .init(isReversed: true) : .plain)
        }
        if entries.isEmpty, picker.folder != nil, picker.complaint == nil {
            lines.append(
                BoxLine(
                    picker.editor.text.isEmpty
                        ? text(
                            "Không có tệp .docx, .md hay .txt. Tệp .doc: mở bằng Word, lưu thành .docx.",
                            "No .docx, .md or .txt file. A .doc file: save it as .docx in Word.")
                        : picker.isPath
                            ? text("Enter: mở đường dẫn này.", "Enter opens this path.")
                            : text("Không có tệp nào như vậy trong thư mục này.", "No such file in this folder."),
                    .faint))
        }
        drawBox(
            text("Gửi bản mới của \(picker.topic) – chọn tệp", "New revision of \(picker.topic) – choose a file")
                + (isPlain
                    ? text(" · .. : thôi", " · .. leaves")
                    : text(" · ←: thư mục trên · Esc: thôi", " · ← folder above · Esc")),
            lines + window(entries, picker.selected, canvas, reserved: lines.count), on: &canvas)
    }

    // MARK: Help

    /// What is kept on this machine, and where.
    private var keptWords: [String] {
        let texts = library.texts.count
        return [
            text(
                "Giữ trên máy này: \(texts) văn bản đã đọc, \(draftCount) bản nháp, \(outbox.count) việc chờ gửi;",
                "Kept on this machine: \(texts) texts, \(draftCount) drafts, \(outbox.count) to be sent;"),
            signer == .none
                ? text(
                    "không giữ mật khẩu, chỉ mã phiên; riêng bạn đọc được.",
                    "no password, only the session's token; for you alone.")
                : text(
                    "không giữ mật khẩu, chỉ mã phiên, chứng thư, khóa riêng; riêng bạn đọc.",
                    "no password, only a token, the certificate, its key; for you alone."),
            text("Thư mục: ", "Folder: ") + store,
        ]
    }

    /// Columns for the keys, before what they do.
    private static let helpIndent = 12

    /// What the keys do within a text, which the key table leaves to the editor.
    private static let editingKeys: [(label: String, name: Bilingual)] =
        [
            (
                "Alt-↑↓",
                Bilingual(
                    "cuộn phần trích ở trên (cả PgUp/PgDn khi nội dung ngắn)",
                    "scroll what is quoted above (PgUp/PgDn, too, while the text is short)")
            ),
            (
                "←→ 1–9",
                Bilingual(
                    "trong ô chọn: đổi mục; Enter: ô kế tiếp, hoặc mở danh sách dài",
                    "in a choice: another value; Enter: the next field, or a long list")
            ),
        ] + textKeys
    private static let reviewKeys: [(label: String, name: Bilingual)] =
        [
            ("↑↓ ←→", Bilingual("trong ô chọn: dời ▸, chưa chọn gì", "in a choice: move ▸; nothing is chosen yet")),
            (
                "Space 1–9",
                Bilingual(
                    "trong ô chọn: đánh dấu (cả Enter); Backspace: bỏ đánh dấu",
                    "in a choice: mark (Enter, too); Backspace takes the mark away")
            ),
        ] + textKeys
    private static let textKeys: [(label: String, name: Bilingual)] = [
        ("Ctrl-Z", Bilingual("hoàn tác", "undo")),
        ("Ctrl-Y", Bilingual("làm lại", "do it again")),
        ("Ctrl-W", Bilingual("xóa từ trước con trỏ", "delete the word before the cursor")),
        ("Alt-D", Bilingual("xóa từ sau con trỏ", "delete the word behind the cursor")),
        ("Ctrl-K", Bilingual("xóa đến cuối dòng", "delete to the end of the line")),
        ("Ctrl-A/E", Bilingual("về đầu, về cuối dòng (Home, End)", "to the beginning, the end of the row (Home, End)")),
        ("Ctrl-←→", Bilingual("sang từ trước, từ sau", "a word back, a word on")),
        ("Ctrl-Home", Bilingual("về đầu nội dung; Ctrl-End: về cuối", "to the text's beginning; Ctrl-End to its end")),
    ]

    /// The keys of the page, from the key table.
    var helpLines: [(text: String, look: Style.Attributes)] {
        var lines: [(text: String, look: Style.Attributes)] = []
        let width = max(boxWidth(size.columns) - 4, 2 * Self.helpIndent)
        // What is longer than the box goes on below its own words.
        func add(_ label: String, _ name: Bilingual) {
            for (index, words) in WordWrap.lines(name.text(language), width: width - Self.helpIndent).enumerated() {
                let before = index == 0 ? label : ""
                let padding = String(repeating: " ", count: max(Self.helpIndent - DisplayWidth.columns(of: before), 1))
                lines.append((before + padding + words, .plain))
            }
        }
        func addNote(_ words: String) {
            let isWide = DisplayWidth.columns(of: words) > width
            for row in isWide ? WordWrap.lines(words, width: width) : [words] { lines.append((row, .faint)) }
        }
        // What somebody can never do is not offered to them.
        for binding in KeyTable.bindings(in: page.place)
        where binding.action != .approve || reasonAgainstApproving == nil {
            let isForm = KeyTable.forms.contains(page.place)
            let label = isPlain ? PlainView.typed(for: binding, isWriting: isForm) : binding.label(in: page.place)
            if let label { add(label, binding.name) }
        }
        if !isPlain {
            switch page {
            case .writing: for key in Self.editingKeys { add(key.label, key.name) }
            case .review: for key in Self.reviewKeys { add(key.label, key.name) }
            case .home, .topic, .comparison, .approval, .reading, .plenary, .search: break
            }
        }
        if case .home = page {
            lines.append(("", .plain))
            for words in keptWords { addNote(words) }
        }
        if case .topic = page {
            lines.append(("", .plain))
            addNote(
                text(
                    "Dấu ở lề:  ! bắt buộc   + nên sửa   · tham khảo   ✓ đã xong",
                    "Margin:  ! must   + should   · note   ✓ done"))
            addNote(
                text(
                    "Màu: đỏ, vàng chưa giải quyết · xanh đã tiếp thu, giải trình · tím giữ ý kiến",
                    "Colours: red, yellow open · green settled · magenta maintained"))
        }
        return lines
    }
}
