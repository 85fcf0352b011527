import Testing

@testable import Terminal

@Suite struct LineEditorTests {
    static func typed(_ text: String, _ editor: LineEditor = LineEditor()) -> LineEditor {
        var editor = editor
        for character in text { _ = editor.handle(.character(character)) }
        return editor
    }

    /// The line with `|` where the cursor is.
    static func picture(_ editor: LineEditor) -> String {
        var characters = editor.characters
        characters.insert("|", at: editor.cursor)
        return String(characters)
    }

    static let edits: [(start: String, keys: [Key], expected: String)] = [
        ("abc", [Key(.left), .character("x")], "abx|c"), ("abc", [Key(.home), Key(.delete)], "|bc"),
        ("abc", [Key(.backspace)], "ab|"), ("abc", [.control("a"), .control("f"), .control("d")], "a|c"),
        ("abc", [.control("b"), .control("h")], "a|c"), ("abc", [Key(.home), .control("e")], "abc|"),
        ("tiếng Việt", [.control("w")], "tiếng |"), ("a/b c/d", [.control("w")], "a/b |"),
        ("a/b c/d", [Key(.backspace, .alt)], "a/b c/|"), ("một hai ba", [.alt("b"), .alt("b")], "một |hai ba"),
        ("một hai ba", [Key(.left, .control), Key(.left, .alt)], "một |hai ba"),
        ("một hai ba", [Key(.home), .alt("f"), Key(.right, .control)], "một hai| ba"),
        ("một hai ba", [Key(.home), .alt("d")], "| hai ba"), ("một hai", [.alt("b"), .control("k")], "một |"),
        ("một hai", [.alt("b"), .control("u")], "|hai"),
        ("một hai", [.alt("b"), .control("u"), .control("e"), .control("y")], "haimột |"),
        ("a b c", [.control("w"), .control("w"), .control("y")], "a b c|"),
        ("a b c", [Key(.home), .alt("d"), .alt("d"), .control("y")], "a b| c"),
        ("abc", [.control("z")], "|"), ("abc def", [.control("z")], "abc|"),
        ("abc def", [.control("_"), .control("z")], "|"),
        ("abc", [Key(.backspace), .control("z")], "abc|"), ("abc", [.control("u"), .control("z")], "abc|"),
        ("漢字👨‍👩‍👧", [Key(.backspace), Key(.backspace)], "漢|"),
    ]

    @Test(arguments: edits.indices) func movesAndEdits(index: Int) {
        let (start, keys, expected) = Self.edits[index]
        var editor = Self.typed(start)
        for key in keys { _ = editor.handle(key) }
        #expect(Self.picture(editor) == expected, "\(start)")
    }

    @Test func atTheEdgesKeysAreRefused() {
        var editor = LineEditor()
        for key in [
            Key(.left), Key(.right), Key(.backspace), Key(.delete), .control("k"), .control("y"), .control("z"),
            Key(.up),
            Key(.down), Key(.escape), Key(.function(1)), .control("q"), .alt("q"), Key(.tab, .shift),
        ] {
            #expect(editor.handle(key) == .refused, "\(key)")
        }
        #expect(editor.text.isEmpty)
    }

    @Test func decomposedLettersAreDeletedWhole() {
        var editor = Self.typed("e\u{302}\u{301}n")
        #expect(editor.cursor == 2)
        _ = editor.handle(Key(.backspace))
        _ = editor.handle(Key(.backspace))
        #expect(editor.text.isEmpty)
    }

    /// A mark whose letter was read before joins it, wherever the cursor is.
    @Test func marksJoinTheirLetter() {
        var editor = Self.typed("en")
        _ = editor.handle(Key(.left))
        _ = editor.handle(.character("\u{302}"))
        #expect(scalars(editor.text) == ["65", "302", "6e"])
        #expect(editor.cursor == 1 && editor.characters.count == 2)
        _ = editor.handle(Key(.home))
        _ = editor.handle(.character("\u{301}"))
        #expect(editor.characters.count == 3)
        _ = editor.handle(Key(.home))
        _ = editor.handle(.character("o"))
        #expect(scalars(editor.text) == ["6f", "301", "65", "302", "6e"])
        #expect(editor.characters.count == 3 && editor.cursor == 1)
    }

    @Test func flagsRegroup() {
        var editor = Self.typed("🇻🇳🇱🇦")
        #expect(editor.characters.count == 2)
        _ = editor.handle(Key(.home))
        _ = editor.handle(.character("\u{1F1F0}"))
        #expect(editor.characters == Array(editor.text))
    }

    @Test func enterSubmitsAndRemembers() {
        var editor = Self.typed("PING")
        _ = editor.handle(Key(.home))
        #expect(editor.handle(Key(.enter)) == .submitted(["PING"]))
        #expect(editor.text.isEmpty && editor.history.lines == ["PING"])
        #expect(editor.handle(Key(.enter)) == .submitted([""]))
        #expect(editor.history.lines == ["PING"])
        #expect(editor.handle(.control("z")) == .refused)
    }

    @Test func signals() {
        var editor = Self.typed("ab")
        #expect(editor.handle(.control("l")) == .redrawRequested)
        #expect(editor.handle(.control("c")) == .cancelled)
        #expect(editor.text.isEmpty)
        #expect(editor.handle(.control("d")) == .endOfInput)
        #expect(editor.handle(Key(.tab)) == .completionRequested)
    }

    @Test func historyByPrefix() {
        var editor = LineEditor(history: History(["LIST a", "READ 1", "LIST b", "READ 2"]))
        #expect(editor.handle(Key(.up)) == .editing)
        #expect(editor.text == "READ 2")
        #expect(editor.handle(.control("p")) == .editing)
        #expect(editor.text == "LIST b")
        #expect(editor.handle(.control("n")) == .editing)
        #expect(editor.handle(Key(.down)) == .editing)
        #expect(editor.text.isEmpty)
        editor = Self.typed("LI", editor)
        #expect(editor.handle(Key(.up)) == .editing && editor.text == "LIST b" && editor.cursor == 6)
        #expect(editor.handle(Key(.up)) == .editing && editor.text == "LIST a")
        #expect(editor.handle(Key(.up)) == .refused && editor.text == "LIST a")
        #expect(editor.handle(Key(.down)) == .editing && editor.text == "LIST b")
        #expect(editor.handle(Key(.down)) == .editing && editor.text == "LI")
        #expect(editor.handle(Key(.up)) == .editing && editor.handle(.control("z")) == .editing && editor.text == "LI")
    }

    @Test func historyFindsDecomposedPrefixes() {
        var editor = LineEditor(history: History(["Thẩm định 1"]))
        editor = Self.typed("Thẩm".decomposed, editor)
        #expect(editor.handle(Key(.up)) == .editing)
        #expect(editor.text == "Thẩm định 1")
    }

    @Test func whatHistoryKeeps() {
        var history = History(capacity: 3)
        for line in ["a", "a", "", " secret", "b", "a", "c", "d"] { history.add(line) }
        #expect(history.lines == ["a", "c", "d"])
        #expect(History(["a"], capacity: 0).lines.isEmpty)
        #expect(History(["a"], capacity: -1).lines.isEmpty)
    }

    @Test func completions() {
        var editor = Self.typed("PH")
        #expect(editor.complete(Completion(replacing: 2, candidates: [])) == .none)
        #expect(
            editor.complete(Completion(replacing: 2, candidates: ["PHIẾU", "PHIÊN"])) == .ambiguous(["PHIẾU", "PHIÊN"]))
        #expect(Self.picture(editor) == "PHI|")
        #expect(editor.complete(Completion(replacing: 3, candidates: ["PHIẾU"])) == .completed)
        #expect(Self.picture(editor) == "PHIẾU |")
        #expect(editor.handle(.control("z")) == .editing)
        #expect(Self.picture(editor) == "PHI|")
        _ = editor.handle(.control("u"))
        _ = editor.handle(.paste("PH x"))
        _ = editor.handle(Key(.left))
        _ = editor.handle(Key(.left))
        #expect(editor.complete(Completion(replacing: 2, candidates: ["PHIẾU"])) == .completed)
        #expect(Self.picture(editor) == "PHIẾU |x")
        #expect(editor.complete(Completion(replacing: 99, candidates: ["a", "B"])) == .ambiguous(["a", "B"]))
        #expect(Self.picture(editor) == "PHIẾU |x")
        #expect(editor.complete(Completion(replacing: -1, candidates: ["y"], suffix: "")) == .completed)
        #expect(Self.picture(editor) == "PHIẾU y|x")
    }

    /// Whatever is typed: the graphemes are those of the text, the cursor is within, a rendering fits, undo leads back.
    @Test(arguments: 0..<200) func randomKeys(seed: Int) {
        var random = SplitMix64(seed: UInt64(seed))
        let keys: [Key] =
            ["a", "ế", "e", "\u{302}", "\u{301}", "漢", "🇻", "🇳", "👨", "\u{200D}", " ", "\u{1F3FD}", "\u{202E}", "\t"]
            .map { Key.character($0) }
            + "abdefhkuwypnz".map { Key.control($0) } + "bfd".map { Key.alt($0) }
            + [Key(.left), Key(.right), Key(.home), Key(.end), Key(.backspace), Key(.delete), Key(.up), Key(.down)]
            + [.paste("x\ny\u{301}"), .paste("\u{302}"), Key(.enter)]
        var editor = LineEditor(history: History(["ab", "\u{301}b", "e"]))
        for _ in 0..<150 {
            guard let key = keys.randomElement(using: &random) else { continue }
            _ = editor.handle(key)
            #expect(editor.characters == Array(editor.text), "seed \(seed)")
            #expect((0...editor.characters.count).contains(editor.cursor), "seed \(seed)")
            let width = Int.random(in: 8...40, using: &random)
            let rendering = editor.rendering(prompt: "phản biện> ", width: width, maximumRows: 3)
            #expect(
                rendering.rows.allSatisfy { DisplayWidth.columns(of: $0) <= width },
                "seed \(seed): \(rendering)")
            #expect(rendering.rows.indices.contains(rendering.cursorRow), "seed \(seed)")
            #expect((0..<width).contains(rendering.cursorColumn), "seed \(seed): \(rendering)")
        }
        while editor.handle(.control("z")) == .editing {}
        #expect(editor.characters == Array(editor.text), "seed \(seed)")
    }
}

@Suite struct LineRenderingTests {
    static func rendering(_ picture: String, width: Int, maximumRows: Int) -> LineRendering {
        var editor = LineEditor()
        let parts = picture.split(separator: "|", omittingEmptySubsequences: false)
        _ = editor.handle(.paste(parts.joined()))
        for _ in 0..<(parts.last?.count ?? 0) { _ = editor.handle(Key(.left)) }
        return editor.rendering(prompt: "> ", width: width, maximumRows: maximumRows)
    }

    @Test func aShortLineIsShownWhole() {
        #expect(
            Self.rendering("tiếng| Việt", width: 20, maximumRows: 2)
                == .init(rows: ["> tiếng Việt"], cursorRow: 0, cursorColumn: 7))
        #expect(
            Self.rendering("漢字|", width: 20, maximumRows: 2) == .init(rows: ["> 漢字"], cursorRow: 0, cursorColumn: 6))
        #expect(Self.rendering("a\u{202E}|b", width: 20, maximumRows: 2).rows == ["> a\\u{202E}b"])
        #expect(Self.rendering("a\u{202E}|b", width: 20, maximumRows: 2).cursorColumn == 11)
    }

    /// Wherever the cursor is, the letter under it is to be seen in its column.
    @Test(arguments: [8, 11, 12, 20, 33]) func theCursorIsAlwaysVisible(width: Int) {
        let letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
        for position in 0...letters.count {
            let picture = letters.prefix(position) + "|" + letters.dropFirst(position)
            let rendering = Self.rendering(String(picture), width: width, maximumRows: 2)
            let row = Array(rendering.rows[rendering.cursorRow])
            let shown: Character? = rendering.cursorColumn < row.count ? row[rendering.cursorColumn] : nil
            #expect(shown == letters.dropFirst(position).first, "\(position): \(rendering)")
        }
    }

    @Test func wrapping() {
        #expect(
            Self.rendering("012345|", width: 8, maximumRows: 9)
                == .init(rows: ["> 012345", ""], cursorRow: 1, cursorColumn: 0))
        #expect(
            Self.rendering("01234漢|x", width: 8, maximumRows: 9)
                == .init(rows: ["> 01234", "漢x"], cursorRow: 1, cursorColumn: 2))
        #expect(
            Self.rendering("|0123456789", width: 8, maximumRows: 1)
                == .init(rows: ["> 012345"], cursorRow: 0, cursorColumn: 2))
        #expect(Self.rendering("a\u{202E}|b", width: 8, maximumRows: 3).rows == ["> a", "\\u{202E}", "b"])
    }

    @Test func aLongPromptLeavesHalfTheRow() {
        let rendering = LineEditorTests.typed("abc").rendering(
            prompt: String(repeating: "漢", count: 30), width: 21, maximumRows: 2)
        #expect(rendering.rows == ["漢漢漢漢漢abc"])
    }

    @Test func painting() {
        var painter = LinePainter()
        #expect(painter.erase() == "")
        let two = LineRendering(rows: ["> ab", "cd"], cursorRow: 0, cursorColumn: 3)
        #expect(painter.paint(two) == "> ab\r\ncd\u{1B}[1A\r\u{1B}[3C")
        #expect(painter.paint(.init(rows: ["x", "y"], cursorRow: 1, cursorColumn: 0)) == "\r\u{1B}[Jx\r\ny\r")
        #expect(painter.erase() == "\u{1B}[1A\r\u{1B}[J")
        #expect(painter.erase() == "")
        _ = painter.paint(two)
        #expect(painter.leave() == "\u{1B}[1B\r\n")
        #expect(painter.leave() == "")
    }
}
