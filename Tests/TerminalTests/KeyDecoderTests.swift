import Testing

@testable import Terminal

@Suite struct KeyDecoderTests {
    static func keys(_ octets: some Sequence<UInt8>) -> [Key] {
        var decoder = KeyDecoder()
        return decoder.receive(octets) + decoder.finish()
    }

    static func keys(_ text: String) -> [Key] { keys(text.utf8) }

    @Test func letters() {
        #expect(Self.keys("aế漢👨‍👩‍👧🇻🇳") == "aế漢👨‍👩‍👧🇻🇳".map { Key.character($0) })
    }

    @Test func decomposedLettersAreOneKeyEach() {
        let keys = Self.keys("e\u{302}\u{301}n")
        #expect(keys.count == 2)
        guard case .character(let letter)? = keys.first?.code else {
            Issue.record("no letter: \(keys)")
            return
        }
        #expect(scalars(String(letter)) == ["65", "302", "301"])
    }

    @Test func decomposedLettersOverTwoReads() {
        var decoder = KeyDecoder()
        #expect(decoder.receive("e".utf8) == [])
        #expect(decoder.pending == .grapheme)
        #expect(decoder.receive("\u{302}".utf8) == [])
        #expect(decoder.receive([0xCC]) == [])
        #expect(decoder.pending == .sequence)
        #expect(decoder.receive([0x81]) == [])
        #expect(decoder.flush() == [.character("e\u{302}\u{301}")])
        #expect(decoder.pending == .nothing)
    }

    /// What input methods send for `tieesng`: each keystroke rewrites what stands there.
    @Test(arguments: [UInt8(0x08), 0x7F]) func telexBurst(backspace: UInt8) {
        let b = [backspace]
        let octets = Array("tie".utf8) + b + Array("ê".utf8) + b + Array("ếng".utf8)
        let expected: [Key] =
            [.character("t"), .character("i"), .character("e"), Key(.backspace), .character("ê"), Key(.backspace)]
            + [.character("ế"), .character("n"), .character("g")]
        #expect(Self.keys(octets) == expected)
        var editor = LineEditor()
        for key in Self.keys(octets) { #expect(editor.handle(key) == .editing) }
        #expect(scalars(editor.text) == scalars("tiếng"))
    }

    @Test(arguments: [
        ("\r", Key(.enter)), ("\n", Key(.enter)), ("\t", Key(.tab)), ("\u{7F}", Key(.backspace)),
        ("\u{8}", Key(.backspace)), ("\u{1}", .control("a")), ("\u{1A}", .control("z")), ("\u{0}", .control("@")),
        ("\u{1F}", .control("_")), ("\u{1C}", .control("\\")), ("\u{1B}", Key(.escape)),
        ("\u{1B}[A", Key(.up)), ("\u{1B}OB", Key(.down)), ("\u{1B}[C", Key(.right)), ("\u{1B}[D", Key(.left)),
        ("\u{1B}[H", Key(.home)), ("\u{1B}OF", Key(.end)), ("\u{1B}[1~", Key(.home)), ("\u{1B}[4~", Key(.end)),
        ("\u{1B}[7~", Key(.home)), ("\u{1B}[8~", Key(.end)), ("\u{1B}[3~", Key(.delete)),
        ("\u{1B}[2~", Key(.insert)), ("\u{1B}[5~", Key(.pageUp)), ("\u{1B}[6~", Key(.pageDown)),
        ("\u{1B}[Z", Key(.tab, .shift)), ("\u{1B}[1;5D", Key(.left, .control)), ("\u{1B}[1;3C", Key(.right, .alt)),
        ("\u{1B}[1;2A", Key(.up, .shift)), ("\u{1B}[1;8A", Key(.up, [.shift, .alt, .control])),
        ("\u{1B}[1;9A", Key(.up, .alt)), ("\u{1B}[3;5~", Key(.delete, .control)), ("\u{1B}OP", Key(.function(1))),
        ("\u{1B}[[E", Key(.function(5))), ("\u{1B}[15~", Key(.function(5))), ("\u{1B}[24~", Key(.function(12))),
        ("\u{1B}b", .alt("b")), ("\u{1B}đ", .alt("đ")), ("\u{1B}\u{7F}", Key(.backspace, .alt)),
        ("\u{1B}\u{8}", Key(.backspace, .alt)), ("\u{1B}\r", Key(.enter, .alt)), ("\u{1B}OM", Key(.enter)),
        ("\u{1B}\u{1}", Key(.character("a"), [.control, .alt])),
    ]) func singleKeys(octets: String, expected: Key) {
        #expect(Self.keys(octets) == [expected])
        #expect(Self.keys("x" + octets + "\u{1B}[Ay") == [.character("x"), expected, Key(.up), .character("y")])
    }

    @Test func beginningsOfSequencesByThemselves() {
        #expect(Self.keys("\u{1B}[") == [.alt("[")])
        #expect(Self.keys("\u{1B}O") == [.alt("O")])
    }

    @Test func escapeTwiceAndThenAnArrow() {
        #expect(Self.keys("\u{1B}\u{1B}[A") == [Key(.escape), Key(.up)])
    }

    /// What terminals answer or announce unasked is no key: focus, mouse, positions, sequences without meaning here.
    @Test(arguments: [
        "\u{1B}[I", "\u{1B}[O", "\u{1B}[?62;1c", "\u{1B}[12;40R", "\u{1B}[99~", "\u{1B}[~",
        "\u{1B}[201~", "\u{1B}[99999999999999999999999~", "\u{1B}Oz", "\u{1B}[[Z", "\u{85}", "\u{9B}",
        "\u{1B}[" + String(repeating: "1;", count: 5_000) + "~", "\u{1B}[999999999999;A5~".filter { $0 != "A" },
    ]) func ignored(octets: String) {
        #expect(Self.keys("x" + octets + "y") == [.character("x"), .character("y")])
    }

    @Test func aSequenceBrokenOffByAnotherIsDropped() {
        #expect(Self.keys("\u{1B}[1;\u{1B}[A") == [Key(.up)])
        #expect(Self.keys("\u{1B}[1;\u{3}") == [.control("c")])
        #expect(Self.keys("\u{1B}[1;") == [])
    }

    @Test func carriageReturnAndLineFeedAreOneEnter() {
        #expect(Self.keys("\r\n") == [Key(.enter)])
        #expect(Self.keys("\r\n\r\n") == [Key(.enter), Key(.enter)])
        #expect(Self.keys("\n\n") == [Key(.enter), Key(.enter)])
        #expect(Self.keys("\r\r") == [Key(.enter), Key(.enter)])
        var decoder = KeyDecoder()
        #expect(
            decoder.receive("\r".utf8) + decoder.flush() + decoder.receive("\n".utf8) == [Key(.enter), Key(.enter)])
    }

    @Test func aLoneEscapeIsToldByTime() {
        var decoder = KeyDecoder()
        #expect(decoder.receive([0x1B]) == [])
        #expect(decoder.pending == .sequence)
        #expect(decoder.flush() == [Key(.escape)])
        #expect(decoder.receive("[A".utf8) + decoder.flush() == [.character("["), .character("A")])
    }

    @Test func pastes() {
        #expect(
            Self.keys("\u{1B}[200~một\rhai\r\nba\nbốn\u{1B}[201~x") == [.paste("một\nhai\nba\nbốn"), .character("x")])
        #expect(Self.keys("\u{1B}[200~\u{1B}[201~") == [.paste("")])
        #expect(Self.keys("\u{1B}[200~\u{1B}[A\u{3}\u{1B}[201\u{1B}[201~") == [.paste("\u{1B}[A\u{3}\u{1B}[201")])
        #expect(Self.keys("\u{1B}[200~without end") == [.paste("without end")])
    }

    @Test func aPasteWaitsForItsEnd() {
        var decoder = KeyDecoder()
        #expect(decoder.receive("\u{1B}[200~a".utf8) == [])
        #expect(decoder.pending == .paste)
        #expect(decoder.flush() == [])
        #expect(decoder.receive("b\u{1B}[201~".utf8) == [.paste("ab")])
    }

    /// Memory stays bounded whatever is pasted, and nothing is lost or parted within a letter.
    @Test(arguments: ["ế", "\r\n", "\u{1B}", "\n", "ab\u{1B}[201"]) func longPastesComeInPieces(unit: String) {
        let largest = 1_000
        let count = largest * 5 / 2 / unit.utf8.count
        let text = String(repeating: unit, count: count)
        var decoder = KeyDecoder(largestPasteOctets: largest)
        let keys = decoder.receive("\u{1B}[200~\(text)\u{1B}[201~".utf8)
        var joined = ""
        for key in keys {
            guard case .paste(let part) = key.code else {
                Issue.record("no paste")
                return
            }
            #expect(part.utf8.count <= largest + 8)
            joined += part
        }
        #expect(keys.count == 3)
        let expected = unit == "\r\n" ? String(repeating: "\n", count: count) : text
        #expect(joined.utf8.elementsEqual(expected.utf8))
    }

    @Test func continuationOctetsWithoutEndStayBounded() {
        var decoder = KeyDecoder(largestPasteOctets: 1_000)
        let octets = [UInt8](repeating: 0x80, count: 1_100)
        #expect(decoder.receive("\u{1B}[200~".utf8) + decoder.receive(octets) != [])
    }

    /// Ill-formed octets become U+FFFD as in Swift's own decoding (Unicode 15 §3.9, best practice).
    @Test(
        arguments: [
            [0xC3], [0xC3, 0x41], [0xE1, 0xBA], [0xE1, 0xBA, 0x41], [0xC0, 0xAF], [0xED, 0xA0, 0x80],
            [0xF4, 0x90, 0x80, 0x80],
            [0xF0, 0x9F, 0x98], [0xFF], [0x41, 0xBF, 0x42], [0xE0, 0x80, 0x80], [0xF8, 0x88, 0x80, 0x80, 0x80],
        ] as [[UInt8]]) func illFormed(octets: [UInt8])
    {
        let expected = String(decoding: octets, as: UTF8.self).map { Key.character($0) }
        #expect(Self.keys(octets) == expected)
    }

    @Test func endlessMarksAreCut() {
        let keys = Self.keys("a" + String(repeating: "\u{301}", count: 1_000))
        #expect(keys.count > 10)
        for key in keys {
            guard case .character(let character) = key.code else {
                Issue.record("no letter")
                return
            }
            #expect(character.unicodeScalars.count <= KeyDecoder.largestGraphemeScalars)
        }
    }

    /// Never traps, and yields the same keys however the octets are cut.
    @Test(arguments: 0..<300) func cutsHaveNoInfluence(seed: Int) {
        var random = SplitMix64(seed: UInt64(seed))
        let pieces: [[UInt8]] = [
            [0x1B], Array("\u{1B}[".utf8), Array("\u{1B}[200~".utf8), Array("\u{1B}[201~".utf8), Array("1;5".utf8),
            Array("e\u{302}\u{301}".utf8), Array("ế".utf8), [0x7F], [0x08], [0x0D], [0x0A], Array("🇻🇳".utf8),
            Array("👨‍👩‍👧".utf8), [0xE1, 0xBA], [0xCC], [0xF0, 0x9F], Array("~".utf8), Array("A".utf8), Array("O".utf8),
            [0xC2, 0x9B],
        ]
        var octets: [UInt8] = []
        for _ in 0..<Int.random(in: 1...60, using: &random) {
            if Bool.random(using: &random) {
                octets += pieces.randomElement(using: &random) ?? []
            } else {
                octets.append(UInt8.random(in: 0...255, using: &random))
            }
        }
        let whole = Self.keys(octets)
        var single = KeyDecoder()
        var oneByOne: [Key] = []
        for octet in octets { oneByOne += single.receive([octet]) }
        oneByOne += single.finish()
        #expect(oneByOne == whole, "seed \(seed)")
        var decoder = KeyDecoder()
        var cut: [Key] = []
        var rest = octets[...]
        while !rest.isEmpty {
            let count = Int.random(in: 1...7, using: &random)
            cut += decoder.receive(rest.prefix(count))
            rest = rest.dropFirst(count)
        }
        cut += decoder.finish()
        #expect(cut == whole, "seed \(seed)")
    }

    @Test(arguments: [
        ("\u{1B}[<0;10;3M", Key.Mouse(.press, row: 2, column: 9)),
        ("\u{1B}[<0;10;3m", Key.Mouse(.release, row: 2, column: 9)),
        ("\u{1B}[<32;1;1M", Key.Mouse(.drag, row: 0, column: 0)),
        ("\u{1B}[<64;80;24M", Key.Mouse(.wheelUp, row: 23, column: 79)),
        ("\u{1B}[<81;80;24M", Key.Mouse(.wheelDown, row: 23, column: 79)),
    ]) func readsTheMouse(octets: String, mouse: Key.Mouse) {
        var decoder = KeyDecoder()
        #expect(decoder.receive(Array(octets.utf8)) == [Key(.mouse(mouse))])
    }

    @Test(arguments: ["\u{1B}[<0;0;3M", "\u{1B}[<2;10;3M", "\u{1B}[<0;10M", "\u{1B}[<0;9999;3M", "\u{1B}[<M"])
    func passesOverOtherReports(octets: String) {
        var decoder = KeyDecoder()
        #expect(decoder.receive(Array((octets + "a").utf8)) + decoder.flush() == [.character("a")])
    }
}
