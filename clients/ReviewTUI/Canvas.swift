import PhanbienCommands
import ReviewProtocol
import Terminal

/// The window with its fixed parts: the title above, the notice and the keys below, and the content between them.
struct Canvas {
    var grid: CellGrid
    var cursor: Frame.Cursor?

    init(size: TerminalSize) { grid = CellGrid(size: size) }

    var width: Int { grid.size.columns }
    var height: Int { grid.size.rows }
    /// Rows of the content; it begins in row 1.
    var contentHeight: Int { Self.contentHeight(grid.size) }

    static func contentHeight(_ size: TerminalSize) -> Int { max(size.rows - 3, 1) }

    /// The first row: where one is, and who one is.
    mutating func title(_ words: String, _ model: Model) {
        let words = words.prefix(1).uppercased() + words.dropFirst()
        let bar = Style.Attributes(isReversed: true)
        grid.fill(row: 0, columns: 0..<width, bar)
        let name = model.me.name.isEmpty ? model.person : model.me.name
        let office = model.me.office.isEmpty ? "" : " · " + model.library.office(model.me.office)
        let who = name + office
        // The page's name has the greater part of a narrow window.
        let column = width - min(DisplayWidth.columns(of: who), max(width * 2 / 5, 2)) - 1
        put(" phanbien  " + words, row: 0, column: 0, .init(isBold: true, isReversed: true), end: column - 1)
        put(who, row: 0, column: column, bar, end: width - 1)
    }

    /// Rows of a notice at most; a longer one ends with "…".
    private static let noticeRows = 4

    /// The last two rows: what happened, and which keys there are.
    ///
    /// A notice that is longer than its row takes rows of the page above it: what went wrong has to be read whole.
    mutating func foot(_ model: Model) {
        let row = height - 2
        guard row > 0 else { return }
        for line in [row, row + 1] { grid.fill(row: line, columns: 0..<width) }
        let state = connectionWords(model)
        let end = width - DisplayWidth.columns(of: state.text) - 1
        if let notice = model.notice {
            let look: Style.Attributes =
                switch notice.kind {
                case .done: .colour(.green)
                case .news, .underWay: .colour(.cyan)
                case .trouble: .init(colour: .red, isBold: true)
                }
            let sign =
                switch notice.kind {
                case .done: "✓ ";
                case .news, .underWay: "• ";
                case .trouble: "! "
                }
            let words = SafeText.escape(sign + notice.text)
            if DisplayWidth.columns(of: words) <= end {
                put(words, row: row, column: 0, look, end: end)
            } else {
                wrapNotice(words, look, above: row, lastEnd: end)
            }
        }
        grid.put(state.text, row: row, column: end + 1, state.look)
        keys(model)
    }

    private mutating func wrapNotice(_ words: String, _ look: Style.Attributes, above row: Int, lastEnd end: Int) {
        var lines = WordWrap.lines(words, width: width - 1, continuationIndent: 2)
        // Beside the last line stands the state of the connection.
        if DisplayWidth.columns(of: lines.last ?? "") > end { lines.append("") }
        if lines.count > min(Self.noticeRows, row) {
            lines = Array(lines.prefix(min(Self.noticeRows, row)))
            lines[lines.count - 1] += "…"
        }
        for (offset, line) in lines.enumerated() {
            let place = row - lines.count + 1 + offset
            grid.fill(row: place, columns: 0..<width)
            put(line, row: place, column: 0, look, end: place == row ? end : width)
        }
    }

    private func connectionWords(_ model: Model) -> (text: String, look: Style.Attributes) {
        let waiting = model.outbox.count
        let queue = waiting > 0 ? model.text("\(waiting) chờ gửi · ", "\(waiting) to be sent · ") : ""
        if model.connection == .online, let transfer = model.transfer {
            return (queue + transfer.words(inSteps: model.isPlain).text(model.language), .colour(.yellow))
        }
        return switch model.connection {
        case .online: (queue + (model.isPlain ? "" : model.server), .faint)
        case .lost:
            (queue + model.text("mất kết nối, đang thử lại", "connection lost, trying again"), .colour(.yellow))
        }
    }

    private mutating func keys(_ model: Model) {
        var hints = Self.hints(model)
        let isForm = KeyTable.forms.contains(model.page.place)
        // Whoever is lost looks for help and the way back: these have their places however narrow the window is. Who
        // writes needs to know how to go on and how to send more than the rest.
        let kept: Set<Action> =
            isForm ? [.open, .send, .nextField, .help, .back] : [.task, .palette, .help, .back, .quit]
        for dropped in isForm ? [Action.palette, .preview, .editor] : [] {
            guard hints.reduce(-2, { $0 + $1.columns + 2 }) > width else { break }
            hints.removeAll { $0.action == dropped }
        }
        // Where not even these have room, the first ones are named and the others are keys alone.
        for index in hints.indices.reversed() where kept.contains(hints[index].action) {
            guard hints.filter({ kept.contains($0.action) }).reduce(-2, { $0 + $1.columns + 2 }) > width else { break }
            hints[index].words = ""
        }
        var room = width - hints.filter { kept.contains($0.action) }.reduce(0) { $0 + $1.columns + 2 }
        var column = 0
        for hint in hints {
            if kept.contains(hint.action) { room += hint.columns + 2 }
            guard column + hint.columns <= room else { continue }
            column = grid.put(hint.key, row: height - 1, column: column, .bold)
            if !hint.words.isEmpty { column = grid.put(" " + hint.words, row: height - 1, column: column, .faint) }
            column += 2
        }
    }

    private static func hints(_ model: Model) -> [Hint] {
        if let overlay = model.overlay { return keys(of: overlay, model) }
        let place = model.page.place
        let bindings = KeyTable.bindings(in: place)
        if case .review(let page) = model.page, page.isPreviewing {
            return [
                Hint(.send, "Ctrl-S", model.text("nộp", "file it")),
                Hint(.down, "PgUp/PgDn", model.text("cuộn", "scroll")),
                Hint(.back, "Esc", model.text("sửa tiếp", "go on writing")),
            ] + bindings.filter { $0.action == .help }.compactMap { Hint($0, place, model.language) }
        }
        guard case .topic(let topic) = model.page else {
            var bindings = bindings
            if case .reading(let page) = model.page, page.paper == nil {
                bindings.removeAll { $0.action == .saveForWord }
            }
            return choosing(model) + task(model) + bindings.compactMap { Hint($0, place, model.language) }
        }
        guard topic.picksFor != nil else {
            return task(model)
                + bindings.filter { topic.offers($0.action, model) }.compactMap {
                    Hint($0, place, model.language)
                }
        }
        // While evidence is chosen only the ways through the text are open.
        return [Hint(.open, "Enter", model.text("lấy đoạn này", "take this paragraph"))]
            + bindings.filter { TopicPage.ways.contains($0.action) || [.help, .back].contains($0.action) }.compactMap {
                Hint($0, place, model.language)
            }
    }

    /// The keys of the box that takes them all.
    private static func keys(of overlay: Overlay, _ model: Model) -> [Hint] {
        func hint(_ key: String, _ vietnamese: String, _ english: String) -> Hint {
            Hint(.back, key, model.text(vietnamese, english))
        }
        let leave = hint("Esc", "thôi", "leave")
        let choose = [hint("↑↓", "dời", "move"), hint("Enter", "chọn", "choose"), leave]
        let yes = model.text("c", "y")
        switch overlay {
        case .help: return [hint("↑↓ PgUp PgDn", "cuộn", "scroll"), hint("Esc", "đóng", "close")]
        case .palette, .contents: return choose
        case .prompt(let prompt):
            return prompt.choices.isEmpty
                ? [hint("Enter", "xong", "done"), leave]
                : choose + (prompt.isSought ? [hint("a–z", "tìm theo chữ", "look for letters")] : [])
        case .confirm: return [hint(yes, "thực hiện", "go on"), leave]
        case .rollCall:
            return [
                hint("↑↓", "dời", "move"), hint("c", "có mặt", "present"), hint("v", "vắng", "absent"),
                hint("Backspace", "bỏ dấu", "unmark"), hint("*", "đủ", "everybody"), hint("Enter", "ghi", "record"),
                leave,
            ]
        case .files:
            return [
                hint("↑↓", "dời", "move"), hint("Enter", "mở", "open"), hint("←", "thư mục trên", "folder above"),
                leave,
            ]
        case .addresses:
            return [
                hint("↑↓", "dời", "move"), hint("Space", "đánh dấu", "mark"), hint("*", "tất cả", "all"),
                hint("Enter", "tiếp", "go on"), leave,
            ]
        case .held:
            return [
                hint("Ctrl-S", "vẫn gửi", "send"), hint("Ctrl-X", "bỏ", "drop"), hint("Esc", "để sau", "later"),
            ]
        case .overwrite: return [hint(yes, "vẫn gửi", "send"), hint("Esc", "xem lại", "look again")]
        case .quit: return [hint("Enter \(yes)", "thoát", "quit"), hint("Esc", "ở lại", "stay")]
        }
    }

    /// What waits for the person here.
    private static func task(_ model: Model) -> [Hint] {
        model.taskOfPage.map { [Hint(.task, "w", model.word(.act, $0.act))] } ?? []
    }

    /// How a word of a list is chosen.
    private static func choosing(_ model: Model) -> [Hint] {
        switch model.page {
        case .writing(let page): page.isChoosing ? [Hint(.open, "←→", model.text("chọn", "choose"))] : []
        case .review(let page): page.isChoosing ? [Hint(.open, "Space", model.text("đánh dấu", "mark"))] : []
        case .approval: [Hint(.approve, "0–9 a–f", model.text("gõ mã", "the digest"))]
        case .home, .topic, .comparison, .reading, .plenary, .search: []
        }
    }

    /// A key and what it does, for the foot of the page.
    private struct Hint {
        let action: Action
        let key: String
        var words: String

        init(_ action: Action, _ key: String, _ words: String) {
            self.action = action
            self.key = key
            self.words = words
        }

        init?(_ binding: Binding, _ place: Place, _ language: Language) {
            guard let short = binding.short else { return nil }
            action = binding.action
            let label = binding.label(in: place)
            key = label.split(separator: " ").first.map(String.init) ?? label
            words = short.text(language)
        }

        var columns: Int {
            DisplayWidth.columns(of: key) + (words.isEmpty ? 0 : 1 + DisplayWidth.columns(of: words))
        }
    }

    /// A text that ends with "…" where it does not fit.
    @discardableResult
    mutating func put(
        _ text: String, row: Int, column: Int, _ look: Style.Attributes = .plain, end: Int
    ) -> Int {
        let reached = grid.put(text, row: row, column: column, look, end: end)
        if DisplayWidth.columns(of: SafeText.escape(text)) > end - column, end > column {
            grid.put("…", row: row, column: end - 1, look)
        }
        return reached
    }

    /// Looks for the words of a domain.
    static func look(state: String, level: String) -> Style.Attributes {
        switch state {
        case "open": level == "must" ? .init(colour: .red, isBold: true) : .colour(.yellow)
        case "maintained": .colour(.magenta)
        case "withdrawn": .faint
        default: .colour(.green)
        }
    }
}
