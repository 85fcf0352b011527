/// A screenful of cells: what a view draws on, and what a test compares.
///
/// Everything that is put in passes `SafeText`, so nothing that people wrote can drive the terminal. Whatever lies
/// outside of the grid is cut off.
public struct CellGrid: Sendable, Equatable {
    /// One place on the screen.
    public struct Cell: Sendable, Equatable {
        /// The grapheme; a space where nothing stands.
        public var character: Character
        /// How it looks.
        public var attributes: Style.Attributes
        /// Columns that it takes: 1 or 2, and 0 for the right half of the wide one to its left.
        public var width: UInt8

        /// An empty place.
        public static let blank = Self(character: " ", attributes: .plain, width: 1)
    }

    /// No terminal is larger; a larger size is taken as this one, so that memory stays bounded.
    public static let largest = TerminalSize(columns: 1_000, rows: 500)

    /// Its columns and rows.
    public let size: TerminalSize
    private var cells: [Cell]

    /// An empty screen.
    public init(size: TerminalSize) {
        self.size = TerminalSize(
            columns: min(max(size.columns, 1), Self.largest.columns), rows: min(max(size.rows, 1), Self.largest.rows))
        cells = [Cell](repeating: .blank, count: self.size.columns * self.size.rows)
    }

    /// One cell, counted from 0 at the upper left; a blank outside of the grid.
    public subscript(row: Int, column: Int) -> Cell {
        guard contains(row, column) else { return .blank }
        return cells[row * size.columns + column]
    }

    private func contains(_ row: Int, _ column: Int) -> Bool {
        (0..<size.rows).contains(row) && (0..<size.columns).contains(column)
    }

    /// The cells of one row.
    func row(_ row: Int) -> ArraySlice<Cell> { cells[row * size.columns..<(row + 1) * size.columns] }

    /// Writes a text of one line, and returns the column behind it.
    ///
    /// - Parameters:
    ///   - end: the first column that is left alone; nil for the end of the row. A wide grapheme that does not fit
    ///     whole is left out.
    @discardableResult
    public mutating func put(
        _ text: String, row: Int, column: Int, _ attributes: Style.Attributes = .plain, end: Int? = nil
    ) -> Int {
        let end = min(end ?? size.columns, size.columns)
        var place = column
        for character in text {
            if place >= end { break }
            if SafeText.isSafe(character) {
                guard put(character, row: row, at: &place, attributes, end: end) else { return place }
            } else {
                for visible in SafeText.escape(character) {
                    guard put(visible, row: row, at: &place, attributes, end: end) else { return place }
                }
            }
        }
        return place
    }

    /// Writes one safe grapheme; false when there is no room for it.
    private mutating func put(
        _ character: Character, row: Int, at place: inout Int, _ attributes: Style.Attributes, end: Int
    ) -> Bool {
        let width = DisplayWidth.columns(of: character)
        guard width > 0 else { return true }
        guard place + width <= end else { return false }
        defer { place += width }
        guard contains(row, place) else { return true }
        clear(row: row, column: place)
        if width == 2 { clear(row: row, column: place + 1) }
        cells[row * size.columns + place] = Cell(character: character, attributes: attributes, width: UInt8(width))
        if width == 2, contains(row, place + 1) {
            cells[row * size.columns + place + 1] = Cell(character: " ", attributes: attributes, width: 0)
        }
        return true
    }

    /// Empties a cell, together with the other half of a wide grapheme.
    private mutating func clear(row: Int, column: Int) {
        guard contains(row, column) else { return }
        let index = row * size.columns + column
        if cells[index].width == 0, column > 0 { cells[index - 1] = .blank }
        if cells[index].width == 2, column + 1 < size.columns { cells[index + 1] = .blank }
        cells[index] = .blank
    }

    /// Fills columns of a row with one narrow grapheme.
    public mutating func fill(
        row: Int, columns: Range<Int>, with character: Character = " ", _ attributes: Style.Attributes = .plain
    ) {
        let columns = columns.clamped(to: 0..<size.columns)
        var place = columns.lowerBound
        while place < columns.upperBound {
            guard put(character, row: row, at: &place, attributes, end: columns.upperBound) else { return }
        }
    }

    /// Lets cells look otherwise, without changing what stands there.
    public mutating func restyle(
        row: Int, columns: Range<Int>, _ change: (inout Style.Attributes) -> Void
    ) {
        guard (0..<size.rows).contains(row) else { return }
        for column in columns.clamped(to: 0..<size.columns) {
            change(&cells[row * size.columns + column].attributes)
        }
    }

    /// The text of a row, without the blanks at its end.
    public func text(row: Int) -> String {
        guard (0..<size.rows).contains(row) else { return "" }
        var text = ""
        for cell in self.row(row) where cell.width > 0 { text.append(cell.character) }
        while text.last == " " { text.removeLast() }
        return text
    }
}

/// What is on the screen at one moment.
public struct Frame: Sendable, Equatable {
    /// The cells.
    public var grid: CellGrid
    /// Where the cursor blinks, as row and column; nil when it is hidden.
    public var cursor: Cursor?

    /// A place for the cursor.
    public struct Cursor: Sendable, Equatable {
        /// From 0 at the top.
        public var row: Int
        /// From 0 at the left.
        public var column: Int

        /// A place.
        public init(row: Int, column: Int) {
            self.row = row
            self.column = column
        }
    }

    /// A frame.
    public init(grid: CellGrid, cursor: Cursor? = nil) {
        self.grid = grid
        self.cursor = cursor
    }
}
