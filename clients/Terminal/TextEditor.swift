/// A text of several lines that a person writes: graphemes, a cursor, undo, and lines wrapped to the window.
///
/// It knows keys and nothing of the terminal. Vietnamese input methods take letters back and write others in one burst:
/// each of these keys is an ordinary one here, and a burst is one step to undo.
public struct TextEditor: Sendable, Equatable {
    /// What became of a key.
    public enum Outcome: Sendable, Hashable {
        /// The text changed.
        case changed
        /// The cursor moved.
        case moved
        /// The key means nothing to the editor, or there is nothing to do: the caller may use it.
        case ignored
        /// The text would become too long; nothing changed.
        case full
    }

    /// The most graphemes of a text.
    public static let largestCount = 100_000
    private static let undoCapacity = 200

    private enum Action: Sendable, Hashable {
        case typing, erasing, other
    }

    /// A former state, as octets: graphemes one by one take many times their room, and a long text has two hundred states.
    private struct Step: Sendable, Equatable {
        let text: String
        let cursor: Int

        init(_ buffer: EditBuffer) { (text, cursor) = (buffer.text, buffer.cursor) }

        var buffer: EditBuffer {
            var buffer = EditBuffer()
            buffer.replace(0..<0, with: text)
            buffer.move(to: cursor)
            return buffer
        }
    }

    private var buffer = EditBuffer()
    private var undone: [Step] = []
    private var done: [Step] = []
    private var lastAction = Action.other
    /// The column to which going up and down returns.
    private var wantedColumn: Int?

    /// Begins with a text, and the cursor at its end.
    public init(_ text: String = "") {
        buffer.replace(0..<0, with: String(Self.clean(text).prefix(Self.largestCount)))
    }

    /// The text, with LF between its lines.
    public var text: String { buffer.text }
    /// Whether nothing but white space stands there.
    public var isBlank: Bool { buffer.characters.allSatisfy(\.isWhitespace) }
    /// How many graphemes stand before the cursor.
    public var cursor: Int { buffer.cursor }

    /// Puts a text in the place of everything; can be undone.
    ///
    /// Returns whether all of it found room: a text that is too long loses its end.
    @discardableResult
    public mutating func replaceAll(with text: String) -> Bool {
        remember()
        let clean = Self.clean(text)
        let beginning = clean.prefix(Self.largestCount)
        buffer.replace(0..<buffer.characters.count, with: String(beginning))
        lastAction = .other
        wantedColumn = nil
        return beginning.endIndex == clean.endIndex
    }

    /// Takes a key; `width` is that of the window, in columns, which decides what is above and below.
    public mutating func handle(_ key: Key, width: Int) -> Outcome {
        let action = lastAction
        lastAction = .other
        let column = wantedColumn
        wantedColumn = nil
        switch key.code {
        case .character(let character):
            if key.modifiers.contains(.control) { return handleControl(character, width: width) }
            if key.modifiers.contains(.alt) { return handleAlt(character) }
            return type(String(character), action)
        case .paste(let text): return insert(Self.clean(text))
        case .enter: return insert("\n")
        case .backspace:
            if key.modifiers.contains(.alt) || key.modifiers.contains(.control) {
                return erase(buffer.wordStart(before: cursor)..<cursor, action: .other)
            }
            return erase(cursor - 1..<cursor, action: action)
        case .delete: return erase(cursor..<cursor + 1, action: action)
        case .left: return move(to: key.modifiers.isEmpty ? cursor - 1 : buffer.wordStart(before: cursor))
        case .right: return move(to: key.modifiers.isEmpty ? cursor + 1 : buffer.wordEnd(after: cursor))
        case .home: return key.modifiers.isEmpty ? moveInRow(toEnd: false, width) : move(to: 0)
        case .end:
            return key.modifiers.isEmpty ? moveInRow(toEnd: true, width) : move(to: buffer.characters.count)
        case .up: return moveRows(-1, column, width)
        case .down: return moveRows(1, column, width)
        case .pageUp: return moveRows(-10, column, width)
        case .pageDown: return moveRows(10, column, width)
        case .tab, .escape, .insert, .function, .mouse: return .ignored
        }
    }

    private mutating func handleControl(_ character: Character, width: Int) -> Outcome {
        switch character {
        case "a": return moveInRow(toEnd: false, width)
        case "e": return moveInRow(toEnd: true, width)
        case "k":
            let end = buffer.afterCursor.firstIndex(of: "\n") ?? buffer.characters.count
            return erase(cursor..<max(end, min(cursor + 1, buffer.characters.count)), action: .other)
        case "w": return erase(buffer.wordStart(before: cursor)..<cursor, action: .other)
        case "z", "_": return step(back: true)
        case "y": return step(back: false)
        default: return .ignored
        }
    }

    private mutating func handleAlt(_ character: Character) -> Outcome {
        switch character {
        case "b": move(to: buffer.wordStart(before: cursor))
        case "f": move(to: buffer.wordEnd(after: cursor))
        case "d": erase(cursor..<buffer.wordEnd(after: cursor), action: .other)
        default: .ignored
        }
    }

    // MARK: Changing

    private mutating func type(_ text: String, _ action: Action) -> Outcome {
        guard buffer.characters.count < Self.largestCount else { return .full }
        // A word is one step to undo, with what an input method took back and wrote anew.
        if action == .other || text == " " { remember() }
        buffer.replace(cursor..<cursor, with: text)
        lastAction = .typing
        return .changed
    }

    private mutating func insert(_ text: String) -> Outcome {
        guard !text.isEmpty else { return .ignored }
        guard buffer.characters.count + text.count <= Self.largestCount else { return .full }
        remember()
        buffer.replace(cursor..<cursor, with: text)
        return .changed
    }

    private mutating func erase(_ range: Range<Int>, action: Action) -> Outcome {
        guard !range.isEmpty, range.lowerBound >= 0, range.upperBound <= buffer.characters.count else {
            return .ignored
        }
        if action == .other { remember() }
        buffer.replace(range, with: "")
        lastAction = action == .other ? .erasing : action
        return .changed
    }

    private mutating func remember() {
        undone = []
        let step = Step(buffer)
        if done.last == step { return }
        done.append(step)
        if done.count > Self.undoCapacity { done.removeFirst() }
    }

    private mutating func step(back: Bool) -> Outcome {
        guard let other = back ? done.popLast() : undone.popLast() else { return .ignored }
        if back { undone.append(Step(buffer)) } else { done.append(Step(buffer)) }
        buffer = other.buffer
        return .changed
    }

    /// Text as a body may hold it: line breaks as LF, tabs as blanks, and without characters that nobody can see.
    private static func clean(_ text: String) -> String {
        var result = ""
        for character in text {
            switch character {
            case "\n", "\r", "\r\n": result.append("\n")
            case "\t": result.append("    ")
            default: result += SafeText.visible(character)
            }
        }
        return result
    }

    // MARK: Moving

    private mutating func move(to position: Int) -> Outcome {
        guard (0...buffer.characters.count).contains(position), position != cursor else { return .ignored }
        buffer.move(to: position)
        return .moved
    }

    private mutating func moveInRow(toEnd: Bool, _ width: Int) -> Outcome {
        let layout = layout(width: width)
        let row = layout.rows[layout.cursorRow]
        var end = row.characters.upperBound
        // Behind the last grapheme of a wrapped row is already the next row.
        if row.isContinued, end > row.characters.lowerBound { end -= 1 }
        return move(to: toEnd ? end : row.characters.lowerBound)
    }

    private mutating func moveRows(_ count: Int, _ column: Int?, _ width: Int) -> Outcome {
        let layout = layout(width: width)
        let wanted = column ?? layout.cursorColumn
        wantedColumn = wanted
        let target = min(max(layout.cursorRow + count, 0), layout.rows.count - 1)
        guard target != layout.cursorRow else { return .ignored }
        return move(to: layout.position(row: target, column: wanted, buffer.characters))
    }

    /// Puts the cursor where the mouse pointed, in rows and columns of the layout.
    public mutating func point(row: Int, column: Int, width: Int) {
        let layout = layout(width: width)
        guard !layout.rows.isEmpty else { return }
        let row = min(max(row, 0), layout.rows.count - 1)
        buffer.move(to: layout.position(row: row, column: column, buffer.characters))
        lastAction = .other
        wantedColumn = nil
    }

    // MARK: Layout

    /// The text in rows of a width.
    public struct Layout: Sendable, Equatable {
        /// One row on the screen.
        public struct Row: Sendable, Equatable {
            /// The graphemes that stand in it, without the line break at its end.
            public var characters: Range<Int>
            /// What is to be shown.
            public var text: String
            /// Whether the same line goes on in the next row.
            public var isContinued: Bool
        }

        /// At least one row.
        public var rows: [Row]
        /// The row with the cursor, from 0.
        public var cursorRow: Int
        /// The columns before the cursor.
        public var cursorColumn: Int

        /// The position nearest to a column of a row.
        func position(row: Int, column: Int, _ characters: [Character]) -> Int {
            let row = rows[row]
            var position = row.characters.lowerBound
            var columns = 0
            while position < row.characters.upperBound {
                let width = DisplayWidth.columns(of: characters[position])
                if columns + width > column { break }
                columns += width
                position += 1
            }
            if row.isContinued, position == row.characters.upperBound, position > row.characters.lowerBound {
                position -= 1
            }
            return position
        }
    }

    /// Wraps the text at spaces to rows of `width` columns, at least 2; a longer word is cut.
    public func layout(width: Int) -> Layout {
        let width = max(width, 2)
        let characters = buffer.characters
        var rows: [Layout.Row] = []
        var start = 0
        var columns = 0
        /// Where the row may end: behind its last space.
        var lastSpace: Int?
        func end(at position: Int, continued: Bool) {
            rows.append(
                Layout.Row(
                    characters: start..<position, text: String(characters[start..<position]), isContinued: continued))
        }
        var index = 0
        while index < characters.count {
            let character = characters[index]
            if character == "\n" {
                end(at: index, continued: false)
                start = index + 1
                columns = 0
                lastSpace = nil
                index += 1
                continue
            }
            let columnCount = DisplayWidth.columns(of: character)
            // One column stays free for the cursor behind the last grapheme; a space may hang there.
            if columns + columnCount > width - 1, index > start, character != " " {
                let cut = lastSpace ?? index
                end(at: cut, continued: true)
                start = cut
                lastSpace = nil
                columns = characters[start..<index].reduce(0) { $0 + DisplayWidth.columns(of: $1) }
            }
            columns += columnCount
            index += 1
            if character == " " { lastSpace = index }
        }
        end(at: characters.count, continued: false)
        let row = rows.lastIndex { $0.characters.lowerBound <= cursor } ?? 0
        let before = characters[rows[row].characters.lowerBound..<cursor]
        let column = before.reduce(0) { $0 + DisplayWidth.columns(of: $1) }
        return Layout(rows: rows, cursorRow: row, cursorColumn: min(column, width - 1))
    }
}
