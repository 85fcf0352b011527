/// Lays out rows in columns that are aligned by display width; what does not fit is wrapped, never cut off.
public struct TableLayout: Sendable {
    /// On which side of its column a text stands.
    public enum Alignment: Sendable, Hashable {
        case leading
        case trailing
    }

    /// One column.
    public struct Column: Sendable {
        /// The heading; empty for none.
        public var title: String
        /// On which side its texts stand.
        public var alignment: Alignment
        /// Whether this column gives way first when the table is too wide.
        public var isFlexible: Bool

        /// Describes a column.
        public init(_ title: String = "", alignment: Alignment = .leading, isFlexible: Bool = false) {
            self.title = title
            self.alignment = alignment
            self.isFlexible = isFlexible
        }
    }

    /// One cell: text and how it looks.
    public struct Cell: Sendable, ExpressibleByStringInterpolation {
        /// The text, which is made safe on rendering; line feeds part it into lines.
        public var text: String
        /// The look of every line of the text.
        public var attributes: Style.Attributes

        /// Takes a text and its look.
        public init(_ text: String, _ attributes: Style.Attributes = .plain) {
            self.text = text
            self.attributes = attributes
        }

        /// Takes a text that looks plain.
        public init(stringLiteral value: String) { self.init(value) }
    }

    /// Below this a flexible column becomes unreadable, and the other columns give way too.
    static let smallestFlexibleWidth = 20
    /// No column becomes narrower.
    static let smallestWidth = 4

    /// The columns from left to right.
    ///
    /// When none is flexible, the last is.
    public var columns: [Column]
    /// How many columns of the terminal the table may take.
    public var width: Int
    /// How many spaces part two columns.
    public var gap: Int
    /// How many spaces stand before each line.
    public var indent: Int

    /// Describes a table.
    public init(columns: [Column], width: Int, gap: Int = 2, indent: Int = 0) {
        self.columns = columns
        self.width = width
        self.gap = max(gap, 1)
        self.indent = max(indent, 0)
    }

    /// The lines of the table, without spaces at their ends; the headings first, unless all are empty.
    ///
    /// Rows may have fewer cells than there are columns; further cells are ignored.
    public func lines(rows: [[Cell]], style: Style = Style(isEnabled: false)) -> [String] {
        guard !columns.isEmpty else { return [] }
        var table = rows.map { row in row.prefix(columns.count).map { cell in (safe(cell.text), cell.attributes) } }
        if columns.contains(where: { !$0.title.isEmpty }) {
            table.insert(columns.map { (safe($0.title), .bold) }, at: 0)
        }
        let widths = columnWidths(table.map { $0.map(\.0) })
        return table.flatMap { line(of: $0, widths: widths, style: style) }
    }

    /// The same for texts without a look.
    public func lines(rows: [[String]]) -> [String] {
        lines(rows: rows.map { $0.map { Cell($0) } })
    }

    private func safe(_ text: String) -> String {
        SafeText.lines(text).joined(separator: "\n")
    }

    /// The natural widths, reduced until they fit: first the flexible columns, then the widest of all, as long as no word
    /// has to be broken for it.
    func columnWidths(_ rows: [[String]]) -> [Int] {
        var widths = columns.map { _ in 0 }
        var words = columns.map { _ in Self.smallestWidth }
        for row in rows {
            for (index, text) in row.enumerated() {
                for line in text.split(separator: "\n") {
                    widths[index] = max(widths[index], DisplayWidth.columns(of: line))
                    for word in line.split(separator: " ") {
                        words[index] = max(words[index], DisplayWidth.columns(of: word))
                    }
                }
            }
        }
        var flexible = columns.indices.filter { columns[$0].isFlexible }
        if flexible.isEmpty { flexible = [columns.count - 1] }
        var excess = indent + widths.reduce(0, +) + gap * (columns.count - 1) - width
        func reduce(_ indices: [Int], downTo smallest: [Int]) {
            while excess > 0,
                let widest = indices.filter({ widths[$0] > smallest[$0] }).max(by: { widths[$0] < widths[$1] })
            {
                // Down to the next narrower one in a single step, and then all of them alike, column by column.
                let next = indices.map { widths[$0] }.filter { $0 < widths[widest] }.max() ?? 0
                let step = min(excess, max(1, widths[widest] - max(next, smallest[widest])))
                widths[widest] -= step
                excess -= step
            }
        }
        reduce(flexible, downTo: columns.map { _ in Self.smallestFlexibleWidth })
        reduce(Array(columns.indices), downTo: words)
        reduce(Array(columns.indices), downTo: columns.map { _ in Self.smallestWidth })
        return widths
    }

    private func line(of row: [(text: String, attributes: Style.Attributes)], widths: [Int], style: Style) -> [String] {
        let cells = row.enumerated().map { WordWrap.lines($1.text, width: widths[$0]) }
        let height = cells.map(\.count).max() ?? 1
        return (0..<height).map { lineIndex in
            var line = String(repeating: " ", count: indent)
            // Spaces wait until something follows them.
            var spaces = 0
            for (index, cell) in cells.enumerated() {
                let text = lineIndex < cell.count ? cell[lineIndex] : ""
                let padding = max(0, widths[index] - DisplayWidth.columns(of: text))
                if columns[index].alignment == .trailing { spaces += padding }
                if !text.isEmpty {
                    line += String(repeating: " ", count: spaces) + style.apply(row[index].attributes, to: text)
                    spaces = 0
                }
                if columns[index].alignment == .leading { spaces += padding }
                spaces += gap
            }
            return line.allSatisfy { $0 == " " } ? "" : line
        }
    }
}
