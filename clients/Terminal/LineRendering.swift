/// How a line with its prompt and cursor looks on rows of a given width.
public struct LineRendering: Sendable, Hashable {
    /// The rows, safe for the screen, none wider than the width.
    public var rows: [String]
    /// In which row the cursor stands, from 0.
    public var cursorRow: Int
    /// In which column the cursor stands, from 0 to the width less one.
    public var cursorColumn: Int
}

extension LineEditor {
    /// Draws the line.
    ///
    /// - Parameters:
    ///   - prompt: What stands before the line; made safe, and cut so that it leaves half the row.
    ///   - width: In columns; fewer than 8 count as 8.
    ///   - maximumRows: The line takes as many rows as it needs, but at most this many: those around the cursor.
    public func rendering(prompt: String, width: Int, maximumRows: Int) -> LineRendering {
        let width = max(width, 8)
        let prompt = LineCell.cells(prompt, columns: width / 2)
        let cells = characters.map { LineCell($0) }
        return LineCell.wrap(prompt + cells, cursor: prompt.count + cursor, width: width, rows: maximumRows)
    }
}

/// What one grapheme of the line looks like.
private struct LineCell {
    var text: String
    var columns: Int

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
