import ReviewCore
import Testing

@Suite struct CanonicalTextTests {
    private func document(_ text: String) throws -> String { try CanonicalText.document(Array(text.utf8)) }

    private func problem(_ octets: [UInt8]) -> TextProblem? {
        do throws(TextProblem) {
            _ = try CanonicalText.document(octets)
            return nil
        } catch { return error }
    }

    private func octets(_ text: String) -> [UInt8] { Array(text.utf8) }

    @Test(arguments: [
        ("a", "a\n"), ("a\n", "a\n"), ("a\n\n\n", "a\n"), ("a  \t\nb", "a\nb\n"), ("a\r\nb\r\n", "a\nb\n"),
        ("\n\na", "\n\na\n"), ("a\n \n\t\nb", "a\n\n\nb\n"), ("a\u{A0}b\u{3000}", "a b\n"), ("\ta", "\ta\n"),
        ("a\n  \n", "a\n"), ("“–”…₫", "“–”…₫\n"), ("한국어 漢字 🙂", "한국어 漢字 🙂\n"),
    ])
    func documentsHaveOneForm(_ input: String, _ expected: String) throws {
        let result = try document(input)
        #expect(octets(result) == octets(expected))
        #expect(octets(try document(result)) == octets(expected), "canonical text is a fixed point")
    }

    @Test func decomposedTextIsComposed() throws {
        // Unikey "Unicode tổ hợp" sends e with a hat and a combining dot; other systems send everything apart.
        let apart = "Nghi\u{65}\u{323}\u{302}p v\u{1EE5} \u{2013} \u{110}\u{65}\u{302}\u{300} c\u{1B0}\u{1A1}ng"
        let half = "Nghi\u{EA}\u{323}p v\u{75}\u{323} \u{2013} \u{110}\u{EA}\u{300} c\u{75}\u{31B}\u{6F}\u{31B}ng"
        let expected = octets("Nghi\u{1EC7}p v\u{1EE5} \u{2013} \u{110}\u{1EC1} c\u{1B0}\u{1A1}ng\n")
        #expect(octets(try document(apart)) == expected)
        #expect(octets(try document(half)) == expected)
        #expect(octets(try document("\u{212B}\u{2126}")) == octets("\u{C5}\u{3A9}\n"), "singletons are replaced")
    }

    @Test func spellingOfTonesStays() throws { #expect(try document("hoà hòa") == "hoà hòa\n") }

    @Test(
        arguments: [
            ([0x61, 0xFF], 1, 2), ([0x61, 0x0A, 0xC3], 2, 1), ([0xC0, 0xAF], 1, 1), ([0xE0, 0x80, 0x80], 1, 1),
            ([0xED, 0xA0, 0x80], 1, 1), ([0xF4, 0x90, 0x80, 0x80], 1, 1), ([0xC3, 0xA0, 0x80], 1, 2),
            ([0xF0, 0x9F, 0x99], 1, 1), ([0xF5, 0x80, 0x80, 0x80], 1, 1), ([0xF0, 0x80, 0x80, 0x80], 1, 1),
        ] as [([UInt8], Int, Int)])
    func brokenOctetsAreNamed(_ input: [UInt8], _ line: Int, _ column: Int) {
        let found = problem(input)
        #expect(found?.kind == .utf8)
        #expect(found?.line == line)
        #expect(found?.column == column)
    }

    @Test(
        arguments: [
            (0x00, .control), (0x07, .control), (0x1B, .control), (0x7F, .control), (0x85, .control), (0x9B, .control),
            (0x2028, .control), (0x2029, .control), (0xFFFE, .control), (0x1FFFF, .control), (0xFDD0, .control),
            (0x202E, .bidi), (0x200E, .bidi), (0x2066, .bidi), (0x61C, .bidi), (0x200B, .invisible),
            (0x200D, .invisible),
            (0x2060, .invisible), (0xFEFF, .invisible), (0xAD, .invisible), (0xFE0F, .invisible), (0xE0041, .invisible),
            (0x34F, .invisible), (0x3164, .invisible), (0x180E, .invisible),
        ] as [(UInt32, TextProblem.Kind)])
    func dangerousCharactersAreRefusedWithTheirPlace(_ value: UInt32, _ kind: TextProblem.Kind) throws {
        let scalar = try #require(Unicode.Scalar(value))
        let found = problem(octets("một\nđề\(scalar) x"))
        #expect(found?.kind == kind)
        #expect(found?.line == 2)
        #expect(found?.column == 3)
        #expect(found?.scalar == value)
        #expect(throws: TextProblem.self) { try CanonicalText.body(octets("a\(scalar)")) }
        #expect(throws: TextProblem.self) { try CanonicalText.field("a\(scalar)", maximumOctets: 100) }
    }

    @Test func byteOrderMarkIsRefused() {
        #expect(problem([0xEF, 0xBB, 0xBF, 0x61]).map { [$0.line, $0.column] } == [1, 1])
    }

    @Test func carriageReturnsEndLinesOrAreRefused() {
        #expect(problem(octets("a\rb"))?.kind == .control)
        #expect(problem(octets("a\r"))?.kind == .control)
        #expect(problem(octets("a\r\r\nb")).map { [$0.line, $0.column] } == [1, 2])
    }

    @Test func marksNeedALetterAndAreBounded() throws {
        #expect(problem(octets("a\n\u{301}b")).map { [$0.line, $0.column] } == [2, 1])
        #expect(problem(octets("a \u{301}b"))?.kind == .combining)
        let thirty = "a" + String(repeating: "\u{316}", count: 30)
        #expect(try document(thirty).unicodeScalars.count == 32)
        #expect(problem(octets(thirty + "\u{316}"))?.kind == .combining)
        // A run that would make normalisation quadratic is refused before it.
        #expect(problem(octets("a" + String(repeating: "\u{301}\u{323}", count: 300_000)))?.column == 32)
    }

    @Test(arguments: ["", "\n", " \n\t\n", "\u{A0}"])
    func nothingIsNotADocument(_ input: String) {
        #expect(problem(octets(input))?.kind == .empty)
        #expect(throws: TextProblem.self) { try CanonicalText.body(octets(input)) }
    }

    @Test(arguments: [
        ("a", "a"), ("\n\n a \n\n", " a"), ("a\n\nb  \n", "a\n\nb"), ("a\tb", "a\tb"), ("a\r\n", "a"),
    ])
    func bodiesHaveNoBlankEdges(_ input: String, _ expected: String) throws {
        #expect(octets(try CanonicalText.body(octets(input))) == octets(expected))
    }

    @Test func fieldsAreOneTidyLine() throws {
        #expect(try CanonicalText.field("  Trần \u{A0} Văn  Minh ", maximumOctets: 100) == "Trần Văn Minh")
        #expect(throws: TextProblem.self) { try CanonicalText.field("a\nb", maximumOctets: 100) }
        #expect(throws: TextProblem.self) { try CanonicalText.field("a\tb", maximumOctets: 100) }
        #expect(throws: TextProblem.self) { try CanonicalText.field(" ", maximumOctets: 100) }
        #expect(throws: TextProblem.self) { try CanonicalText.field(" \u{301}a", maximumOctets: 100) }
    }

    @Test func limitsHoldAtTheirEdge() throws {
        #expect(try CanonicalText.field("Đà", maximumOctets: 4) == "Đà")
        #expect(throws: TextProblem.self) { try CanonicalText.field("Đàx", maximumOctets: 4) }
        #expect(try CanonicalText.document(octets("abc"), maximumOctets: 4) == "abc\n")
        #expect(throws: TextProblem.self) { try CanonicalText.document(octets("abcd"), maximumOctets: 4) }
        // U+1D160 grows from four octets to twelve.
        #expect(throws: TextProblem.self) { try CanonicalText.body(octets("\u{1D160}"), maximumOctets: 11) }
        #expect(try CanonicalText.body(octets("\u{1D160}"), maximumOctets: 12).utf8.count == 12)
    }

    @Test func problemsSpeakBothLanguages() throws {
        let found = try #require(problem(octets("ab\u{202E}")))
        #expect(found.text(vietnamese: true) == "Ký tự đảo chiều chữ U+202E không được phép (dòng 1, cột 3)")
        #expect(found.text(vietnamese: false) == "Bidirectional control U+202E is not allowed (line 1, column 3)")
    }

    @Test(arguments: 0..<40)
    func randomTextIsAFixedPointOrRefused(_ seed: Int) {
        var random = SplitMix64(seed: UInt64(seed))
        let pieces: [[UInt8]] =
            [
                "a", "ế", "e\u{302}\u{301}", "e\u{301}\u{302}", " ", "\t", "\n", "\r\n", "đ", "\u{A0}", "–", "\u{323}",
                "가",
                "\u{1100}\u{1161}", "🙂", "\u{958}", "\u{1D160}",
            ].map { Array($0.utf8) } + [[0x80], [0x0D], [0xE2, 0x80]]
        for _ in 0..<200 {
            let input = (0..<Int.random(in: 0..<12, using: &random)).flatMap { _ in
                pieces[Int.random(in: 0..<pieces.count, using: &random)]
            }
            guard let once = try? CanonicalText.document(input) else { continue }
            #expect((try? CanonicalText.document(octets(once))).map(octets) == octets(once), "seed \(seed): \(input)")
            #expect(once.utf8.last == 0x0A)
            #expect(!once.contains(" \n") && !once.contains("\t\n"))
        }
    }
}
