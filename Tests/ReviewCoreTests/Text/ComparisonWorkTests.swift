import Testing

@testable import ReviewCore

/// What is called short is short at worst, and what people write is short.
@Suite struct ComparisonWorkTests {
    /// As many octets as are read through in a moment: the server's own bound.
    private static let moment = 65_536

    private func text(_ octets: Int, paragraph: Int) -> String {
        let one = String(repeating: "ab ", count: max(1, paragraph / 3 - 1)) + "ab\n\n"
        return String(repeating: one, count: max(1, octets / one.utf8.count))
    }

    @Test func theLongestParagraphIsKnown() {
        #expect(Document("").longestParagraph == 0)
        #expect(Document("# Một\n").longestParagraph == 0)
        #expect(Document("# Một\n\nab\ncde\n\n- x\n- yz\n").longestParagraph == 6)
    }

    @Test(
        "Many short paragraphs, and few long ones, are work",
        arguments: [(62_000, 3, true), (16_000, 27, true), (8_000, 3, true), (16_000, 300, false), (4_000, 27, false)])
    func aligningGrowsWithTheParagraphs(_ octets: Int, _ paragraph: Int, _ isLong: Bool) {
        let document = Document(text(octets, paragraph: paragraph))
        #expect((ComparisonWork.aligning(document, document) >= Self.moment) == isLong)
    }

    @Test(arguments: [(4_000, 4_000, true), (16_000, 150, false), (1_500, 1_500, false)])
    func comparingWordsGrowsWithTheParagraph(_ octets: Int, _ paragraph: Int, _ isLong: Bool) {
        let document = Document(text(octets, paragraph: paragraph))
        #expect((ComparisonWork.comparingWords(of: document) >= Self.moment) == isLong)
    }
}
