import Testing

@testable import Terminal

@Suite struct WordWrapTests {
    @Test func vietnamese() {
        let text = "Căn cứ Luật Ban hành văn bản quy phạm pháp luật ngày 19 tháng 02 năm 2025;"
        #expect(
            WordWrap.lines(text, width: 30) == [
                "Căn cứ Luật Ban hành văn bản", "quy phạm pháp luật ngày 19", "tháng 02 năm 2025;",
            ])
        #expect(WordWrap.lines(text.decomposed, width: 30).map(DisplayWidth.columns) == [28, 26, 18])
    }

    @Test(arguments: [
        ("", 10, [""]), ("a", 10, ["a"]), ("a b", 3, ["a b"]), ("a b", 2, ["a", "b"]), ("abcdef", 4, ["abcd", "ef"]),
        ("ab cdefgh", 4, ["ab", "cdef", "gh"]), ("a  b", 10, ["a  b"]), ("  a b", 10, ["  a b"]),
        ("a\nb", 10, ["a", "b"]),
        ("a\n\nb", 10, ["a", "", "b"]), ("a ", 10, ["a"]), ("漢字漢字", 5, ["漢字", "漢字"]), ("漢字。漢字", 6, ["漢字。", "漢字"]),
        ("漢", 1, ["漢"]), ("a\u{A0}b c", 3, ["a\u{A0}b", "c"]), ("abc def", 3, ["abc", "def"]),
        ("abc def", 0, ["ab", "c", "de", "f"]),
        ("và漢字", 4, ["và漢", "字"]),
    ]) func cases(text: String, width: Int, expected: [String]) {
        #expect(WordWrap.lines(text, width: width) == expected)
    }

    /// What is copied from the terminal is in one piece.
    @Test func aPathIsLeftWholeWhereItIsToBeCopied() {
        let lines = WordWrap.lines("Nội dung ở /nhà/lan/nháp.md. Hết.", width: 12, cutsWords: false)
        #expect(lines == ["Nội dung ở", "/nhà/lan/nháp.md.", "Hết."])
    }

    @Test func continuationLinesAreIndented() {
        #expect(WordWrap.lines("một hai ba bốn", width: 8, continuationIndent: 2) == ["một hai", "  ba bốn"])
        #expect(WordWrap.lines("abcdefgh", width: 4, continuationIndent: 100) == ["abcd", "  ef", "  gh"])
        #expect(WordWrap.lines("a\nb", width: 8, continuationIndent: 2) == ["a", "b"])
    }

    @Test(arguments: 0..<100) func noLineIsWiderAndNothingIsLost(seed: Int) {
        var random = SplitMix64(seed: UInt64(seed))
        let units = ["a", "ế", "e\u{302}\u{301}", "漢", "👍🏽", " ", " ", "  ", "-", "。", "nghiêng"]
        let text = (0..<40).compactMap { _ in units.randomElement(using: &random) }.joined()
        let width = Int.random(in: 2...20, using: &random)
        let lines = WordWrap.lines(text, width: width)
        #expect(lines.allSatisfy { DisplayWidth.columns(of: $0) <= width }, "seed \(seed)")
        #expect(lines.joined().filter { $0 != " " } == text.filter { $0 != " " }, "seed \(seed)")
    }
}

@Suite struct TableLayoutTests {
    static let columns: [TableLayout.Column] = [
        .init("Số", alignment: .trailing), .init("Trạng thái"), .init("Trích yếu", isFlexible: true), .init("Hạn"),
    ]
    static let rows = [
        ["1", "đang góp ý", "Dự thảo Nghị định quy định chi tiết một số điều của Luật Thanh tra", "30/06/2025"],
        ["12", "đã đóng", "Tờ trình 漢字", "01/07/2025"],
    ]

    @Test func at80Columns() {
        let table = TableLayout(columns: Self.columns, width: 80)
        let expected = [
            "Số  Trạng thái  Trích yếu                                             Hạn",
            " 1  đang góp ý  Dự thảo Nghị định quy định chi tiết một số điều của   30/06/2025",
            "                Luật Thanh tra",
            "12  đã đóng     Tờ trình 漢字                                         01/07/2025",
        ]
        #expect(table.lines(rows: Self.rows) == expected)
        #expect(expected.map(DisplayWidth.columns).max() == 80)
    }

    @Test func noWordIsBrokenWhileOtherColumnsMayGiveWay() {
        let table = TableLayout(columns: [.init("Disposition"), .init("Place"), .init("By")], width: 34)
        let lines = table.lines(rows: [["accepted", "II.1. Kết quả đạt được", "Nguyễn Thị Lan"]])
        #expect(
            lines == [
                "Disposition  Place     By", "accepted     II.1.     Nguyễn Thị", "             Kết quả   Lan",
                "             đạt được",
            ])
    }

    @Test func decomposedLettersAlignAlike() {
        let table = TableLayout(columns: [.init("a"), .init("b")], width: 40)
        let composed = table.lines(rows: [["Thẩm định", "x"], ["漢字", "y"]])
        let decomposed = table.lines(rows: [["Thẩm định".decomposed, "x"], ["漢字", "y"]])
        #expect(composed == ["a          b", "Thẩm định  x", "漢字       y"])
        #expect(decomposed.map(DisplayWidth.columns) == composed.map(DisplayWidth.columns))
        #expect(scalars(decomposed.joined()).count > scalars(composed.joined()).count)
    }

    @Test(arguments: [20, 30, 40, 60, 80, 200]) func noLineIsWider(width: Int) {
        let lines = TableLayout(columns: Self.columns, width: width).lines(rows: Self.rows)
        #expect(lines.allSatisfy { DisplayWidth.columns(of: $0) <= max(width, 22) && $0.last != " " })
        let words = lines.joined(separator: " ").split(separator: " ").joined()
        #expect(words.contains("漢"))
    }

    @Test func headingsMayBeMissing() {
        let table = TableLayout(columns: [.init(), .init()], width: 20, gap: 1, indent: 2)
        #expect(table.lines(rows: [["a", "b"], ["cc"], ["d", "e", "f"], []]) == ["  a  b", "  cc", "  d  e", ""])
        #expect(TableLayout(columns: [], width: 20).lines(rows: [["a"]]) == [])
        #expect(table.lines(rows: [[String]]()) == [])
    }

    @Test func foreignTextIsMadeSafeBeforeItIsMeasured() {
        let table = TableLayout(columns: [.init(), .init()], width: 40)
        #expect(table.lines(rows: [["a\u{1B}[2J", "b"], ["x\ny", "c"]]) == ["a\\u{1B}[2J  b", "x           c", "y"])
    }

    @Test func stylesDoNotDisturbTheColumns() {
        let table = TableLayout(columns: [.init("T"), .init("U")], width: 20)
        let lines = table.lines(rows: [[.init("lỗi", .colour(.red)), "b"]], style: Style(isEnabled: true))
        #expect(lines == ["\u{1B}[1mT\u{1B}[0m    \u{1B}[1mU\u{1B}[0m", "\u{1B}[31mlỗi\u{1B}[0m  b"])
        #expect(table.lines(rows: [[.init("lỗi", .colour(.red)), "b"]]) == ["T    U", "lỗi  b"])
    }
}
