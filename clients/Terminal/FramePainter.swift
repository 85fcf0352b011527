/// Turns frames into what has to be written to the terminal: only what changed since the last one.
///
/// It assumes nothing of the terminal but cursor addressing, erasing to the line's end, and SGR (ECMA-48). Updates are
/// marked as synchronised (private mode 2026), which terminals that do not know it pass over.
public struct FramePainter: Sendable {
    /// Whether colours are written; emphasis is written in any case.
    public let hasColour: Bool
    private var shown: Frame?

    /// Signs that the terminal's font lacks, and what is written in their place.
    private let substitutes: [Character: Character]

    /// A painter for a screen of unknown content.
    ///
    /// - Parameter isConsole: whether it is the console of Linux itself (`TERM=linux`), whose fonts have at most 512 signs:
    ///   lines and letters, but no ornaments.
    public init(hasColour: Bool, isConsole: Bool = false) {
        self.hasColour = hasColour
        substitutes = isConsole ? Self.ofTheConsole : [:]
    }

    private static let ofTheConsole: [Character: Character] = [
        "▌": "█", "▸": ">", "▶": ">", "▼": "v", "◇": "*", "○": "o", "•": "*", "✓": "+", "✗": "x", "┃": "│", "…": "~",
        "“": "\"", "”": "\"", "–": "-", "—": "-", "→": ">", "←": "<", "↑": "^", "↓": "v",
    ]

    /// Forgets what the screen shows: another program wrote there, or the window changed its size.
    public mutating func forget() { shown = nil }

    /// The octets that bring the screen from the last frame to this one; none when nothing changed.
    public mutating func paint(_ frame: Frame) -> [UInt8] {
        if shown == frame { return [] }
        var output = Output(hasColour: hasColour, substitutes: substitutes)
        let former = shown.flatMap { $0.grid.size == frame.grid.size ? $0.grid : nil }
        if former == nil { output.escape("[0m\u{1B}[2J") }
        let blank = CellGrid(size: TerminalSize(columns: frame.grid.size.columns, rows: 1))
        for row in 0..<frame.grid.size.rows {
            let old = former.map { $0.row(row) } ?? blank.row(0)
            paint(frame.grid.row(row), over: old, row: row, to: &output)
        }
        output.look(.plain)
        var octets = Array("\u{1B}[?2026h\u{1B}[?25l".utf8) + output.octets
        if let cursor = frame.cursor {
            octets += Array("\u{1B}[\(cursor.row + 1);\(cursor.column + 1)H\u{1B}[?25h".utf8)
        }
        octets += Array("\u{1B}[?2026l".utf8)
        shown = frame
        return octets
    }

    private func paint(
        _ new: ArraySlice<CellGrid.Cell>, over old: ArraySlice<CellGrid.Cell>, row: Int, to output: inout Output
    ) {
        let new = Array(new)
        let old = Array(old)
        if new == old { return }
        // Where the row is blank to its end, erasing is shorter than spaces.
        let text = (new.lastIndex { $0 != .blank } ?? -1) + 1
        var column = 0
        while column < text {
            guard new[column] != old[column] else {
                column += 1
                continue
            }
            // A wide grapheme is written from its left half.
            if new[column].width == 0 { column -= 1 }
            var unchanged = 0
            while column < text, unchanged < Output.shortGap {
                if new[column].width > 0 {
                    output.move(row: row, column: column)
                    output.put(new[column])
                }
                unchanged = new[column] == old[column] ? unchanged + 1 : 0
                column += 1
            }
        }
        if old[text...].contains(where: { $0 != .blank }) {
            output.move(row: row, column: text)
            output.look(.plain)
            output.escape("[K")
        }
    }

    /// What is written, with the terminal's state as far as this painting knows it.
    private struct Output {
        /// Writing so many unchanged cells again is shorter than moving over them.
        static let shortGap = 6

        let hasColour: Bool
        let substitutes: [Character: Character]
        var octets: [UInt8] = []
        /// Where the terminal's cursor stands; nil when that is not known.
        private var place: (row: Int, column: Int)?
        private var attributes: Style.Attributes?

        init(hasColour: Bool, substitutes: [Character: Character]) {
            self.hasColour = hasColour
            self.substitutes = substitutes
        }

        mutating func escape(_ sequence: String) {
            octets.append(0x1B)
            octets.append(contentsOf: sequence.utf8)
        }

        mutating func move(row: Int, column: Int) {
            if let place, place == (row, column) { return }
            escape("[\(row + 1);\(column + 1)H")
            place = (row, column)
        }

        mutating func put(_ cell: CellGrid.Cell) {
            look(cell.attributes)
            let character = substitutes.isEmpty ? cell.character : substitutes[cell.character] ?? cell.character
            octets.append(contentsOf: String(character).utf8)
            // Terminals disagree on wide and joined graphemes: behind one the place is not taken for granted.
            if let place, cell.width == 1, cell.character.unicodeScalars.count == 1 {
                self.place = (place.row, place.column + 1)
            } else {
                place = nil
            }
        }

        mutating func look(_ wanted: Style.Attributes) {
            var wanted = wanted
            if !hasColour { wanted.colour = nil }
            if attributes == wanted { return }
            attributes = wanted
            escape("[" + wanted.codes(resetting: true) + "m")
        }
    }
}
