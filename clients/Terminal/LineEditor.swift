/// One line that a person types, as a value: keys go in, outcomes come out, and nothing is read or written.
///
/// Keys: the arrows, Home, End, Delete and Backspace; Control with A E B F D H (as in Emacs), K U W Y (cut to the end, to
/// the beginning, the word; put back), Z or _ (undo), P N (history), L (redraw), C (cancel), D (end, on an empty line);
/// Alt with B F D and Backspace (words); Tab (completion). Up and Down go through the history lines that begin with what
/// stands before the cursor.
public struct LineEditor: Sendable {
    /// What a key led to.
    public enum Outcome: Sendable, Hashable {
        /// The line may look different now.
        case editing
        /// Lines are complete: one by Enter, or several by a paste (`LineBreaks.submit`). The editor is empty again, or
        /// holds the last line of the paste.
        case submitted([String])
        /// Tab: the caller answers with `complete`.
        case completionRequested
        /// Control-C: the line is empty again.
        case cancelled
        /// Control-D on an empty line.
        case endOfInput
        /// Control-L.
        case redrawRequested
        /// The key means nothing here; a bell may ring.
        case refused
    }

    /// What a line break in a paste means.
    public enum LineBreaks: Sendable, Hashable {
        /// Commands: a space, as for a tab, so that nothing runs which the person has not seen and confirmed by Enter.
        case join
        /// The text of a body: every line but the last is submitted as if Enter had been pressed.
        case submit
    }

    /// A line holds no more graphemes; more are refused.
    public static let largestCount = 100_000
    /// How many steps can be undone.
    static let undoCapacity = 100

    /// The lines entered so far.
    public var history: History
    /// What a line break in a paste means.
    public var lineBreaks: LineBreaks

    private var buffer = EditBuffer()
    private var undoSteps: [EditBuffer] = []
    private var killed = ""
    private var lastAction = Action.other
    private var search: Search?

    private enum Action: Sendable {
        case typing, killing, other
    }

    private struct Search: Sendable {
        var prefix: String
        var position: Int
        var original: EditBuffer
    }

    /// Begins with an empty line.
    public init(history: History = History(), lineBreaks: LineBreaks = .join) {
        self.history = history
        self.lineBreaks = lineBreaks
    }

    /// The line as it stands, composed and decomposed letters as they came.
    public var text: String { buffer.text }
    /// The graphemes of the line.
    public var characters: [Character] { buffer.characters }
    /// How many graphemes stand before the cursor.
    public var cursor: Int { buffer.cursor }
    /// What stands before the cursor: the part that a completion looks at.
    public var textBeforeCursor: String { String(buffer.beforeCursor) }

    /// Takes a key.
    public mutating func handle(_ key: Key) -> Outcome {
        let action = lastAction
        let running = search
        lastAction = .other
        search = nil
        switch key.code {
        case .character(let character):
            if key.modifiers.contains(.control) { return handleControl(character, action, running) }
            if key.modifiers.contains(.alt) { return handleAlt(character, action) }
            return type(character, action)
        case .paste(let text): return paste(text)
        case .enter: return submit()
        case .tab: return key.modifiers.isEmpty ? .completionRequested : .refused
        case .backspace:
            if key.modifiers.contains(.alt) { return kill(from: buffer.wordStart(before: cursor), to: cursor, action) }
            return delete(cursor - 1..<cursor)
        case .delete: return delete(cursor..<cursor + 1)
        case .left:
            return move(to: key.modifiers.isEmpty ? cursor - 1 : buffer.wordStart(before: cursor))
        case .right:
            return move(to: key.modifiers.isEmpty ? cursor + 1 : buffer.wordEnd(after: cursor))
        case .home: return move(to: 0)
        case .end: return move(to: characters.count)
        case .up: return goOlder(running)
        case .down: return goNewer(running)
        case .escape, .insert, .pageUp, .pageDown, .function, .mouse: return .refused
        }
    }

    private mutating func handleControl(_ character: Character, _ action: Action, _ running: Search?) -> Outcome {
        switch character {
        case "a": return move(to: 0)
        case "e": return move(to: characters.count)
        case "b": return move(to: cursor - 1)
        case "f": return move(to: cursor + 1)
        case "d": return characters.isEmpty ? .endOfInput : delete(cursor..<cursor + 1)
        case "h": return delete(cursor - 1..<cursor)
        case "k": return kill(from: cursor, to: characters.count, action)
        case "u": return kill(from: 0, to: cursor, action)
        case "w": return kill(from: buffer.argumentStart(before: cursor), to: cursor, action)
        case "y": return killed.isEmpty ? .refused : insert(killed)
        case "z", "_": return undo()
        case "p": return goOlder(running)
        case "n": return goNewer(running)
        case "l": return .redrawRequested
        case "c":
            clear()
            return .cancelled
        default: return .refused
        }
    }

    private mutating func handleAlt(_ character: Character, _ action: Action) -> Outcome {
        switch character {
        case "b": move(to: buffer.wordStart(before: cursor))
        case "f": move(to: buffer.wordEnd(after: cursor))
        case "d": kill(from: cursor, to: buffer.wordEnd(after: cursor), action)
        default: .refused
        }
    }

    private mutating func type(_ character: Character, _ action: Action) -> Outcome {
        guard characters.count < Self.largestCount else { return .refused }
        // A run of typing is one step to undo, up to the end of a word.
        if action != .typing || character == " " { remember() }
        buffer.replace(cursor..<cursor, with: String(character))
        lastAction = .typing
        return .editing
    }

    private mutating func insert(_ text: String) -> Outcome {
        guard characters.count + text.count <= Self.largestCount else { return .refused }
        remember()
        buffer.replace(cursor..<cursor, with: text)
        return .editing
    }

    private mutating func paste(_ text: String) -> Outcome {
        switch lineBreaks {
        case .join:
            // A line break at the end of the selection is an accident of marking with the mouse.
            var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            while lines.last?.isEmpty == true { lines.removeLast() }
            let joined = lines.joined(separator: " ")
            return insert(String(joined.map { $0 == "\t" ? " " : $0 }))
        case .submit:
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            guard lines.count > 1, let last = lines.last else { return insert(text) }
            let after = String(buffer.afterCursor)
            var submitted = Array(lines.dropLast())
            submitted[0] = textBeforeCursor + submitted[0]
            clear()
            buffer.replace(0..<0, with: last + after)
            buffer.move(to: last.count)
            return .submitted(submitted)
        }
    }

    private mutating func submit() -> Outcome {
        let line = text
        history.add(line)
        clear()
        return .submitted([line])
    }

    private mutating func clear() {
        buffer = EditBuffer()
        undoSteps = []
    }

    private mutating func delete(_ range: Range<Int>) -> Outcome {
        guard range.lowerBound >= 0, range.upperBound <= characters.count else { return .refused }
        remember()
        buffer.replace(range, with: "")
        return .editing
    }

    private mutating func kill(from start: Int, to end: Int, _ action: Action) -> Outcome {
        guard start < end else { return .refused }
        let text = String(characters[start..<end])
        // What is cut in one go is put back in one go; cutting backwards grows at the front.
        switch (action, end == cursor) {
        case (.killing, true): killed = text + killed
        case (.killing, false): killed += text
        case (.typing, _), (.other, _): killed = text
        }
        remember()
        buffer.replace(start..<end, with: "")
        lastAction = .killing
        return .editing
    }

    private mutating func move(to position: Int) -> Outcome {
        guard (0...characters.count).contains(position) else { return .refused }
        buffer.move(to: position)
        return .editing
    }

    private mutating func remember() {
        if undoSteps.last == buffer { return }
        undoSteps.append(buffer)
        if undoSteps.count > Self.undoCapacity { undoSteps.removeFirst() }
    }

    private mutating func undo() -> Outcome {
        guard let step = undoSteps.popLast() else { return .refused }
        buffer = step
        return .editing
    }

    private mutating func goOlder(_ running: Search?) -> Outcome {
        var search =
            running ?? Search(prefix: textBeforeCursor, position: history.lines.count, original: buffer)
        var position = search.position
        // Lines that look like the one shown would seem to make the key idle.
        repeat {
            guard let older = history.older(than: position, prefix: search.prefix) else {
                self.search = running
                return .refused
            }
            position = older
        } while history.lines[position] == text
        if running == nil { remember() }
        search.position = position
        show(history.lines[position], search)
        return .editing
    }

    private mutating func goNewer(_ running: Search?) -> Outcome {
        guard var search = running else { return .refused }
        if let position = history.newer(than: search.position, prefix: search.prefix) {
            search.position = position
            show(history.lines[position], search)
        } else {
            buffer = search.original
        }
        return .editing
    }

    /// Puts the cursor at the end, from where people go on; the prefix to search for is remembered.
    private mutating func show(_ line: String, _ search: Search) {
        buffer.replace(0..<characters.count, with: line)
        self.search = search
    }

    /// Enters what the caller found for the text before the cursor.
    public mutating func complete(_ completion: Completion) -> Completion.Result {
        let replaced = min(max(completion.replacedCount, 0), cursor)
        guard let first = completion.candidates.first else { return .none }
        if completion.candidates.count == 1 {
            remember()
            // A space that stands there already is not doubled.
            let follows = !completion.suffix.isEmpty && String(buffer.afterCursor).hasPrefix(completion.suffix)
            buffer.replace(cursor - replaced..<cursor, with: first + (follows ? "" : completion.suffix))
            if follows { buffer.move(to: cursor + completion.suffix.count) }
            return .completed
        }
        let prefix = completion.commonPrefix
        // A shorter beginning would take away what the person typed (candidates that differ in case, for example).
        if prefix.count >= replaced, prefix != Array(characters[cursor - replaced..<cursor]) {
            remember()
            buffer.replace(cursor - replaced..<cursor, with: String(prefix))
        }
        return .ambiguous(completion.candidates)
    }
}
