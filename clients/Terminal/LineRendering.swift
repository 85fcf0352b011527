/// How a line with its prompt and cursor looks on rows of a given width.
public struct LineRendering: Sendable, Hashable {
    /// The rows, safe for the screen, none wider than the width.
    public var rows: [String]
    /// In which row the cursor stands, from 0.
    public var cursorRow: Int
    /// In which column the cursor stands, from 0 to the width less one.
    public var cursorColumn: Int

    /// How a line uses the screen.
    public enum Layout: Sendable, Hashable {
        /// One row: a part of the line around the cursor, with `‹` and `›` where it goes on.
        case scrolling
        /// As many rows as it needs, but at most this many: those around the cursor.
        case wrapping(maximumRows: Int)
    }
}

extension LineEditor {
    /// Draws the line.
    ///
    /// - Parameters:
    ///   - prompt: What stands before the line; made safe, and cut so that it leaves half the row.
    ///   - width: In columns; fewer than 8 count as 8.
    ///   - layout: How the line uses the screen.
    public func rendering(prompt: String, width: Int, layout: LineRendering.Layout) -> LineRendering {
        let width = max(width, 8)
        let prompt = LineCell.cells(prompt, columns: width / 2)
        let cells = characters.map { isSecret ? LineCell(text: "•", columns: 1) : LineCell($0) }
        return switch layout {
        case .scrolling: LineCell.scroll(cells, cursor: cursor, prompt: prompt, width: width)
        case .wrapping(let rows): LineCell.wrap(prompt + cells, cursor: prompt.count + cursor, width: width, rows: rows)
        }
    }
}

/// What one grapheme of the line looks like.
private struct LineCell {
    var text: String
    var columns: Int

    init(text: String, columns: Int) {
        self.text = text
        self.columns = columns
    }

    init(_ character: Character) {
        text = character == "\t" ? "    " : SafeText.escape(character)
        columns = DisplayWidth.columns(of: text)
    }

    /// The cells of a text, as far as they fit.
    static func cells(_ text: String, columns: Int) -> [LineCell] {
        var left = columns
        var cells: [LineCell] = []
        for cell in text.map(LineCell.init) {
            left -= cell.columns
            guard left >= 0 else { break }
            cells.append(cell)
        }
        return cells
    }

    /// The whole line when it fits; otherwise a window that moves by half its width when the cursor leaves it.
    static func scroll(_ cells: [LineCell], cursor: Int, prompt: [LineCell], width: Int) -> LineRendering {
        let promptColumns = prompt.reduce(0) { $0 + $1.columns }
        let promptText = prompt.map(\.text).joined()
        let room = width - promptColumns
        let lineColumns = cells.reduce(0) { $0 + $1.columns }
        let cursorColumns = cells[..<cursor].reduce(0) { $0 + $1.columns }
        // At the end of the line the cursor takes a column of its own.
        if lineColumns < room {
            return LineRendering(
                rows: [promptText + cells.map(\.text).joined()], cursorRow: 0,
                cursorColumn: promptColumns + cursorColumns)
        }
        // One column on either side belongs to the signs that the line goes on.
        let window = room - 2
        let step = max(1, window / 2)
        let offset = cursorColumns < window ? 0 : ((cursorColumns - window) / step + 1) * step
        var start = 0
        var skipped = 0
        while start < cursor, skipped < offset {
            skipped += cells[start].columns
            start += 1
        }
        var row = promptText + (start > 0 ? "‹" : "")
        var column = promptColumns + (start > 0 ? 1 : 0)
        var cursorColumn = column
        var end = start
        while end < cells.count, column + cells[end].columns < width {
            row += cells[end].text
            column += cells[end].columns
            end += 1
            if end == cursor { cursorColumn = column }
        }
        if end < cells.count { row += "›" }
        return LineRendering(rows: [row], cursorRow: 0, cursorColumn: min(cursorColumn, width - 1))
    }

    static func wrap(_ cells: [LineCell], cursor: Int, width: Int, rows largest: Int) -> LineRendering {
        var rows = [""]
        var column = 0
        var cursorRow = 0
        var cursorColumn = 0
        func place(_ columns: Int) {
            if column + columns > width {
                rows.append("")
                column = 0
            }
        }
        for (index, cell) in cells.enumerated() {
            // A grapheme shown by its number may be wider than a narrow row: it is parted like a word.
            let parts = cell.columns > width ? cell.text.map { String($0) } : [cell.text]
            for (partIndex, part) in parts.enumerated() {
                let columns = parts.count == 1 ? cell.columns : DisplayWidth.columns(of: part)
                place(columns)
                if index == cursor, partIndex == 0 { (cursorRow, cursorColumn) = (rows.count - 1, column) }
                rows[rows.count - 1] += part
                column += columns
            }
        }
        if cursor >= cells.count {
            place(1)
            (cursorRow, cursorColumn) = (rows.count - 1, column)
        }
        let count = min(max(largest, 1), rows.count)
        let first = min(max(0, cursorRow - count / 2), rows.count - count)
        return LineRendering(
            rows: Array(rows[first..<first + count]), cursorRow: cursorRow - first, cursorColumn: cursorColumn)
    }
}
