import PhanbienCommands
public import ReviewProtocol
public import Terminal

/// The client line by line, for screen readers and for terminals that cannot be drawn on.
///
/// Nothing is painted: after each line that a person types, what is new is said, in the order in which it would stand on
/// the screen, and what is selected. The pages, their words and their keys are those of the full-screen client; a line
/// of one letter is that key.
public struct PlainView: Sendable {
    /// The window that the pages are laid out for: so wide that nothing is cut, whatever the terminal's width is, and so
    /// high that nothing has to be scrolled into view.
    public static let size = TerminalSize(columns: 400, rows: 200)

    private struct Row: Hashable {
        let text: String
        let isCurrent: Bool
    }

    private var said: Set<Row> = []

    /// Nothing has been said yet.
    public init() {}

    /// The keys of this way of working, said once at the beginning.
    public static func guide(_ language: Language) -> [String] {
        let lines = [
            Bilingual(
                "Chế độ từng dòng. Enter: dòng kế · k: dòng trước · . (chấm): mở, chọn · q: quay lại · ?: các phím · tên lệnh, ví dụ viec.",
                "Line by line. Enter: next · k: previous · . (a point): open, choose · q: back · ?: keys · or the name of a command, such as todo."
            ),
            Bilingual(
                "Khi viết: mỗi dòng một Enter; dòng chỉ có . để gửi, chỉ có , sang ô kế tiếp, chỉ có .. quay lại (giữ nháp).",
                "When writing: a line with . alone sends, with , alone goes to the next field, with .. alone goes back (the draft is kept)."
            ),
        ]
        return lines.map { $0.text(language) }
    }

    /// What is to be said now: everything that was not there, or was not selected, when something was said last.
    public mutating func announce(_ model: Model) -> [String] {
        let rows = Self.rows(model)
        defer { said = Set(rows) }
        return rows.filter {
            !said.contains($0) && ($0.isCurrent || !said.contains(Row(text: $0.text, isCurrent: true)))
        }
        .map { $0.isCurrent ? "> " + $0.text : $0.text }
    }

    // MARK: What stands there

    private static func rows(_ model: Model) -> [Row] {
        let frame = model.frame(alone: true)
        let grid = frame.grid
        let isOverlaid = model.overlay != nil
        var texts = 2..<2
        if case .topic = model.page, !isOverlaid { texts = 2..<2 + TopicPage.textHeight(grid.size) }
        var rows: [Row] = []
        for index in 0..<grid.size.rows - 1 {
            let line = grid.text(row: index)
            let isMarked = line.contains("▌") || line.contains("▸")
            // Of the text only the paragraph under the cursor is said.
            if texts.contains(index), !isMarked { continue }
            let isReversed = index > 0 && (0..<grid.size.columns).contains { grid[index, $0].attributes.isReversed }
            // What happened and how the connection is share a row, and change each by itself.
            let parts = index == grid.size.rows - 2 && !isOverlaid ? halves(line) : [line]
            for text in parts.map(words) where !text.isEmpty {
                rows.append(Row(text: text, isCurrent: isMarked || isReversed))
            }
        }
        return rows
    }

    /// What stands at the left edge of a row, and what stands at the right one.
    private static func halves(_ line: String) -> [String] {
        guard let gap = line.ranges(of: "   ").last else { return [line] }
        return [String(line[..<gap.lowerBound]), String(line[gap.upperBound...])]
    }

    /// A row without what is drawn; nothing of rows that are drawings, such as the line of the year.
    private static func words(_ line: String) -> String {
        // The title in the frame of a box says what is asked in it.
        let isTitle = line.drop { $0 == " " }.first == "┌"
        if line.contains("──"), !isTitle { return "" }
        let drawn: Set<Character> = ["│", "┌", "┐", "└", "┘", "─", "▌", "▸", "▼", "┃", "◇", "·"]
        var words = line[...]
        while let first = words.first, first == " " || drawn.contains(first) { words = words.dropFirst() }
        while let last = words.last, last == " " || drawn.contains(last) { words = words.dropLast() }
        // What stands at the right edge of the window follows at once.
        var said = ""
        for character in words where character != " " || !said.hasSuffix("  ") { said.append(character) }
        return said
    }

    // MARK: What is typed

    /// The keys that a typed line stands for.
    public static func keys(_ line: String, _ model: Model) -> [Key] {
        let line = String(line.filter { !$0.isNewline })
        if let overlay = model.overlay { return keys(line, over: overlay) }
        switch model.page {
        case .writing(let page): return keys(line, isText: !page.isChoosing)
        case .review(let page): return keys(line, isText: page.isWriting)
        case .approval where line.count == 4 && line.allSatisfy(\.isHexDigit):
            // In the place of what was typed before, which was wrong.
            return [Key(.end)] + Array(repeating: Key(.backspace), count: 4) + characters(line) + [Key(.enter)]
        case .approval where Folding.plain(line).allSatisfy(\.isHexDigit):
            // An input method made a letter of two digits: that is what is said.
            if let letter = line.first(where: { KeyTable.composed(.character($0)) != nil }) {
                return characters([letter])
            }
        case .home, .topic, .comparison, .approval, .reading, .plenary, .search: break
        }
        switch line {
        case "": return [Key(.down)]
        case ".": return [Key(.enter)]
        case "..": return [Key(.escape)]
        case _ where Self.refresh.contains(Folding.slug(line)): return [.control("l")]
        default: return line.count == 1 ? characters(line) : [.character(":")] + characters(line) + [Key(.enter)]
        }
    }

    /// The words for reading anew, as slugs.
    private static let refresh = ["doc-lai", "refresh"]

    private static func keys(_ line: String, over overlay: Overlay) -> [Key] {
        switch (overlay, line) {
        case (_, ".."): return [Key(.escape)]
        case (.prompt(let prompt), _) where prompt.choices.isEmpty: return characters(line) + [Key(.enter)]
        case (.files, let path) where path.count > 1: return characters(path) + [Key(.enter)]
        case (.held, "."): return [.control("s")]
        case (.held, "x"): return [.control("x")]
        // A command that was typed before the question came up is no answer to it, whatever letter it begins with.
        case (.confirm, let words) where words.count > 1, (.overwrite, let words) where words.count > 1:
            return ["co", "dong-y", "yes"].contains(Folding.slug(words)) ? [.character("c")] : [Key(.escape)]
        case (.help, ""), (.confirm, ""), (.held, ""), (.quit, ""): return []
        case (_, ""): return [Key(.down)]
        case (_, "."): return [Key(.enter)]
        case (.prompt, "k"), (.contents, "k"), (.files, "k"): return [Key(.up)]
        default: return characters(line)
        }
    }

    private static func keys(_ line: String, isText: Bool) -> [Key] {
        switch line {
        case ".": [.control("s")]
        case ",": [Key(.tab)]
        case "..": [Key(.escape)]
        default: isText ? characters(line) + [Key(.enter)] : line.isEmpty ? [Key(.tab)] : characters(line)
        }
    }

    /// The line that stands for a key; nil for what no line stands for.
    static func typed(for binding: Binding, isWriting: Bool) -> String? {
        switch binding.action {
        case .open: "."
        case .down: "Enter"
        case .up: "k"
        case .back: isWriting ? ".." : "q .."
        case .send: "."
        case .nextField: ","
        case .refresh: refresh[0]
        default: isWriting ? nil : binding.label.split(separator: " ").first { $0.count == 1 }.map(String.init)
        }
    }

    private static func characters(_ line: some Sequence<Character>) -> [Key] { line.map { .character($0) } }
}
