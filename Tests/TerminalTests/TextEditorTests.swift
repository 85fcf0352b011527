import Testing

@testable import Terminal

@Suite struct TextEditorTests {
    private func type(_ keys: [Key], into editor: inout TextEditor, width: Int = 20) {
        for key in keys { _ = editor.handle(key, width: width) }
    }

    private func keys(_ text: String) -> [Key] {
        text.map { $0 == "\n" ? Key(.enter) : .character($0) }
    }

    @Test func aTelexBurstRewritesTheSyllable() {
        var decoder = KeyDecoder()
        var editor = TextEditor()
        // What an input method sends while somebody types "tieengs".
        let octets =
            Array("tie".utf8) + [0x08] + Array("ê".utf8) + Array("ng".utf8) + [0x7F, 0x7F, 0x7F] + Array("ếng".utf8)
        type(decoder.receive(octets) + decoder.flush(), into: &editor)
        #expect(editor.text == "tiếng")
        #expect(editor.handle(.control("z"), width: 20) == .changed)
        #expect(editor.text.isEmpty)
        #expect(editor.handle(.control("y"), width: 20) == .changed)
        #expect(editor.text == "tiếng")
    }

    @Test func backspaceTakesAWholeDecomposedLetter() {
        var editor = TextEditor("Nguye\u{302}\u{303}")
        #expect(editor.handle(Key(.backspace), width: 20) == .changed)
        #expect(editor.text == "Nguy")
        type([Key(.delete), Key(.home), Key(.backspace)], into: &editor)
        #expect(editor.text == "Nguy")
    }

    @Test func wrapsAtSpacesAndCutsLongWords() {
        let editor = TextEditor("một hai ba bốn năm\n\nkhôngcódấucáchnào")
        let rows = editor.layout(width: 9).rows
        #expect(rows.map(\.text) == ["một hai ", "ba bốn ", "năm", "", "khôngcód", "ấucáchnà", "o"])
        #expect(rows.map(\.isContinued) == [true, true, false, false, true, true, false])
    }

    @Test func upAndDownKeepTheColumn() {
        var editor = TextEditor("một hai\nb\nbốn năm")
        type([Key(.up), Key(.up)], into: &editor)
        #expect(editor.cursor == 7)
        type([Key(.down), Key(.down)], into: &editor)
        #expect(editor.cursor == 17)
        #expect(editor.handle(Key(.down), width: 20) == .ignored)
    }

    @Test func aPasteComesWhole() {
        var editor = TextEditor("a")
        #expect(editor.handle(.paste("b\r\nc\td\u{200B}\u{1B}e"), width: 20) == .changed)
        #expect(editor.text == "ab\nc    de")
        #expect(editor.handle(.control("z"), width: 20) == .changed)
        #expect(editor.text == "a")
    }

    /// What nobody sees goes, and takes no letter with it.
    @Test(arguments: ["e\u{200D}", "e\u{200C}", "e\u{FE0F}", "e\u{34F}", "e\u{200D}\u{301}"])
    func anInvisibleMarkGoesWithoutItsLetter(letter: String) {
        var editor = TextEditor("a")
        #expect(editor.handle(.paste("b" + letter + "c"), width: 20) == .changed)
        #expect(editor.text == (letter.unicodeScalars.last == "\u{301}" ? "abéc" : "abec"))
        #expect(TextEditor(letter + "c").text.count == 2)
    }

    @Test func refusesWhatIsTooLong() {
        var editor = TextEditor(String(repeating: "a", count: TextEditor.largestCount))
        #expect(editor.handle(.character("b"), width: 20) == .full)
        #expect(editor.handle(.paste("b"), width: 20) == .full)
        #expect(editor.text.count == TextEditor.largestCount)
    }

    @Test(arguments: 0..<60) func everyRowFitsAndNothingIsLost(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var editor = TextEditor()
        let keys: [Key] = [
            .character("a"), .character("ế"), .character(" "), .character("字"), Key(.enter), Key(.backspace),
            Key(.delete), Key(.up), Key(.down), Key(.left), Key(.right), Key(.home), Key(.end), .control("k"),
            .control("w"), .control("z"), .control("y"), .paste("một\nhai ba"), Key(.pageUp), Key(.left, .control),
            .character("\u{302}"),
        ]
        let width = Int.random(in: 2...12, using: &random)
        for _ in 0..<200 {
            _ = editor.handle(keys.randomElement(using: &random) ?? Key(.up), width: width)
            let layout = editor.layout(width: width)
            let text = zip(layout.rows, layout.rows.indices).map { row, index in
                row.text + (row.isContinued || index == layout.rows.count - 1 ? "" : "\n")
            }.joined()
            #expect(text == editor.text)
            for row in layout.rows {
                #expect(DisplayWidth.columns(of: row.text.trimmingSpaces) <= max(width, 2))
            }
            #expect((0..<max(width, 2)).contains(layout.cursorColumn))
            #expect(layout.rows.indices.contains(layout.cursorRow))
        }
    }
}

extension String {
    fileprivate var trimmingSpaces: String {
        var text = self
        while text.last == " " { text.removeLast() }
        return text
    }
}
