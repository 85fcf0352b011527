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

    /// The last two rows: what happened, and which keys there are.
    mutating func foot(_ model: Model) {
        let row = height - 2
        guard row > 0 else { return }
        let state = connectionWords(model)
        let end = width - DisplayWidth.columns(of: state.text) - 1
        if let notice = model.notice {
            let look: Style.Attributes =
                switch notice.kind {
                case .done: .colour(.green)
                case .news: .colour(.cyan)
                case .trouble: .init(colour: .red, isBold: true)
                }
            let sign =
                switch notice.kind {
                case .done: "✓ ";
                case .news: "• ";
                case .trouble: "! "
                }
            put(sign + notice.text, row: row, column: 0, look, end: end)
        }
        grid.put(state.text, row: row, column: end + 1, state.look)
        keys(model)
    }

    private func connectionWords(_ model: Model) -> (text: String, look: Style.Attributes) {
        let waiting = model.outbox.count
        let queue = waiting > 0 ? model.text("\(waiting) chờ gửi · ", "\(waiting) to be sent · ") : ""
        return switch model.connection {
        case .connecting: (queue + model.text("đang kết nối …", "connecting …"), .colour(.yellow))
        case .online: (queue + (model.isPlain ? "" : model.server), .faint)
        case .lost:
            (queue + model.text("mất kết nối, đang thử lại", "connection lost, trying again"), .colour(.yellow))
        }
    }

    private mutating func keys(_ model: Model) {
        let hints = Self.hints(model)
        // Whoever is lost looks for help and the way back: these have their places however narrow the window is.
        let kept: Set<Action> = [.help, .back, .quit]
        var room = width - hints.filter { kept.contains($0.action) }.reduce(0) { $0 + $1.columns + 2 } + 2
        var column = 0
        for hint in hints {
            if kept.contains(hint.action) { room += hint.columns + 2 }
            guard column + hint.columns <= room else { continue }
            column = grid.put(hint.key, row: height - 1, column: column, .bold)
            column = grid.put(" " + hint.words, row: height - 1, column: column, .faint) + 2
        }
    }

    private static func hints(_ model: Model) -> [Hint] {
        let bindings = KeyTable.bindings(in: model.page.place)
        guard case .topic(let topic) = model.page, topic.picksFor != nil else {
            // What a finished topic can only refuse is not offered.
            let isFinished = model.page.topic.flatMap(model.library.topic)?.isFinished == true
            return bindings.filter { !isFinished || $0.action != .comment }.compactMap { Hint($0, model.language) }
        }
        // While evidence is chosen only the ways through the text are open.
        return [Hint(.open, "Enter", model.text("lấy đoạn này", "take this paragraph"))]
            + bindings.filter { TopicPage.ways.contains($0.action) || [.help, .back].contains($0.action) }.compactMap {
                Hint($0, model.language)
            }
    }

    /// A key and what it does, for the foot of the page.
    private struct Hint {
        let action: Action
        let key: String
        let words: String

        init(_ action: Action, _ key: String, _ words: String) {
            self.action = action
            self.key = key
            self.words = words
        }

        init?(_ binding: Binding, _ language: Language) {
            guard let short = binding.short else { return nil }
            action = binding.action
            key = binding.label.split(separator: " ").first.map(String.init) ?? binding.label
            words = short.text(language)
        }

        var columns: Int { DisplayWidth.columns(of: key) + 1 + DisplayWidth.columns(of: words) }
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
