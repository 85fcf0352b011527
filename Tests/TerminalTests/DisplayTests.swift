import Testing

@testable import Terminal

@Suite struct DisplayWidthTests {
    @Test(arguments: [
        ("a", 1), (" ", 1), ("ế", 1), ("e\u{302}\u{301}", 1), ("Đ", 1), ("漢", 2), ("𡨸", 2), ("한", 2),
        ("\u{1112}\u{1161}\u{11AB}", 2), ("ｱ", 1), ("Ａ", 2), ("\u{3000}", 2), ("😀", 2), ("👨‍👩‍👧", 2), ("🇻🇳", 2),
        ("👍🏽", 2), ("❤️", 2), ("❤", 1), ("1️⃣", 2), ("✓", 1), ("…", 1), ("–", 1), ("‹", 1), ("•", 1), ("\u{A0}", 1),
        ("\u{301}", 0), ("\n", 0), ("\u{1B}", 0), ("\u{200B}", 0), ("का", 2), ("ก็", 1), ("\u{1FAE8}", 2), ("", 0),
        ("Thẩm định", 9), ("Thẩm định".decomposed, 9), ("漢字và chữ", 10), ("\r\n", 0),
    ]) func columns(text: String, expected: Int) {
        #expect(DisplayWidth.columns(of: text) == expected)
    }

    @Test(arguments: [DisplayWidthTable.zero, DisplayWidthTable.wide]) func theTableAscends(
        ranges: [ClosedRange<UInt32>]
    ) {
        #expect(zip(ranges, ranges.dropFirst()).allSatisfy { $0.upperBound < $1.lowerBound })
        #expect(ranges.count > 100)
    }

    @Test func everyScalarHasAWidth() {
        for value in UInt32(0)...0x10FFFF {
            guard let scalar = Unicode.Scalar(value) else { continue }
            guard (0...2).contains(DisplayWidth.columns(of: scalar)) else {
                Issue.record("\(value)")
                return
            }
        }
    }
}

@Suite struct SafeTextTests {
    @Test(arguments: [
        "", "Kính gửi: Bộ Tư pháp", "e\u{302}\u{301}", "漢字𡨸", "👨‍👩‍👧 🇻🇳 👍🏽 ❤️ 1️⃣", "a\u{A0}b", "\\u{202E}", "«»…–“”",
    ]) func kept(text: String) {
        #expect(scalars(SafeText.escape(text)) == scalars(text))
    }

    @Test(arguments: [
        ("a\u{202E}b", "a\\u{202E}b"), ("\u{1B}[2J", "\\u{1B}[2J"), ("a\tb", "a\\u{9}b"), ("a\r\nb", "a\\u{D}\\u{A}b"),
        ("\u{7F}", "\\u{7F}"), ("\u{9B}31m", "\\u{9B}31m"), ("a\u{200B}b", "a\\u{200B}b"),
        ("a\u{200D}b", "a\\u{200D}b"),
        ("\u{FEFF}a", "\\u{FEFF}a"), ("a\u{AD}b", "a\\u{AD}b"), ("\u{301}a", "\\u{301}a"),
        ("\u{2066}a\u{2069}", "\\u{2066}a\\u{2069}"),
        ("a\u{FE0F}", "a\\u{FE0F}"), ("👍\u{200D}", "👍\\u{200D}"), ("\u{E0041}", "\\u{E0041}"),
        ("\u{E000}", "\\u{E000}"),
        ("\u{2028}", "\\u{2028}"), ("\u{3164}", "\\u{3164}"), ("a\u{34F}b", "a\\u{34F}b"), ("\u{FFFF}", "\\u{FFFF}"),
        ("\u{0}", "\\u{0}"),
        (
            "a" + String(repeating: "\u{301}", count: 10),
            "a" + String(repeating: "\u{301}", count: 8) + "\\u{301}\\u{301}"
        ),
    ]) func escaped(text: String, expected: String) {
        #expect(scalars(SafeText.escape(text)) == scalars(expected))
    }

    /// Whatever comes in, nothing that drives a terminal comes out.
    @Test func noControlPasses() {
        var random = SplitMix64(seed: 7)
        for _ in 0..<2_000 {
            var text = String.UnicodeScalarView()
            for _ in 0..<20 {
                let large = UInt32.random(in: 0...0x10FFFF, using: &random)
                let small = UInt32.random(in: 0...0x2100, using: &random)
                if let scalar = Unicode.Scalar(Bool.random(using: &random) ? large : small) { text.append(scalar) }
            }
            let isClean = SafeText.escape(String(text)).unicodeScalars.allSatisfy { scalar in
                let isBidi =
                    [0x61C, 0x200E, 0x200F].contains(scalar.value) || (0x202A...0x202E).contains(scalar.value)
                    || (0x2066...0x2069).contains(scalar.value)
                return scalar.value >= 0x20 && !(0x7F...0x9F).contains(scalar.value) && !isBidi
            }
            #expect(isClean, "\(scalars(String(text)))")
        }
    }

    @Test func lines() {
        #expect(SafeText.lines("a\nb\r\nc\rd\n") == ["a", "b", "c", "d"])
        #expect(SafeText.lines("") == [])
        #expect(SafeText.lines("\n") == [""])
        #expect(SafeText.lines("a\n\nb") == ["a", "", "b"])
        #expect(SafeText.lines("ế\tb\u{202E}") == ["ế       b\\u{202E}"])
        #expect(SafeText.expandingTabs("\ta\t漢\tb", tabStop: 4) == "    a   漢  b")
        #expect(SafeText.expandingTabs("a\tb", tabStop: 0) == "a\tb")
    }
}

@Suite struct StyleTests {
    @Test func onlyWhenWanted() {
        #expect(Style(choice: .automatic, isTerminal: true, environment: ["TERM": "xterm"]).isEnabled)
        #expect(!Style(choice: .automatic, isTerminal: false, environment: [:]).isEnabled)
        #expect(!Style(choice: .automatic, isTerminal: true, environment: ["NO_COLOR": "1"]).isEnabled)
        #expect(Style(choice: .automatic, isTerminal: true, environment: ["NO_COLOR": ""]).isEnabled)
        #expect(!Style(choice: .automatic, isTerminal: true, environment: ["TERM": "dumb"]).isEnabled)
        #expect(Style(choice: .always, isTerminal: false, environment: ["NO_COLOR": "1"]).isEnabled)
        #expect(!Style(choice: .never, isTerminal: true, environment: [:]).isEnabled)
    }

    @Test func sequences() {
        let style = Style(isEnabled: true)
        #expect(style.apply(.colour(.red), to: "Lỗi") == "\u{1B}[31mLỗi\u{1B}[0m")
        #expect(
            style.apply(
                .init(colour: .cyan, isBold: true, isFaint: true, isUnderlined: true, isReversed: true), to: "a")
                == "\u{1B}[1;2;4;7;36ma\u{1B}[0m")
        #expect(style.apply(.plain, to: "a") == "a")
        #expect(style.apply(.bold, to: "") == "")
        #expect(Style(isEnabled: false).apply(.bold, to: "a") == "a")
    }
}

extension String {
    /// The letters of the tests, taken apart.
    var decomposed: String {
        var result = self
        for (composed, parts) in [
            ("ẩ", "a\u{302}\u{309}"), ("ị", "i\u{323}"), ("ế", "e\u{302}\u{301}"), ("đ", "đ"), ("à", "a\u{300}"),
            ("ữ", "u\u{31B}\u{303}"),
        ] {
            result = String(result.map { $0 == Character(composed) ? parts : String($0) }.joined())
        }
        return result
    }
}
