import Testing

@testable import ReviewCore

@Suite struct DocumentDiffTests {
    private let old = Document("# A\nmột hai ba\n\nbốn năm sáu\n\n# B\nbảy tám chín mười\n\n# C\nmười một\n")

    private func kinds(_ new: String) -> [String] {
        DocumentDiff.changes(old, Document(new)).map { change in
            let place = { (paragraph: Paragraph?) -> String in
                paragraph.map { $0.number == 0 ? $0.section?.description ?? "" : $0.anchor } ?? "–"
            }
            return "\(change.kind) \(place(change.old)) \(place(change.new))"
        }
    }

    @Test func equalRevisionsHaveOnlyEqualParagraphs() {
        #expect(
            kinds(old.text) == [
                "equal I I", "equal I/1 I/1", "equal I/2 I/2", "equal II II", "equal II/1 II/1", "equal III III",
                "equal III/1 III/1",
            ])
        #expect(DocumentDiff.unified(old, old, context: 3) == [])
    }

    @Test func headingsAndParagraphsAreCompared() {
        #expect(
            kinds("# A\nmột hai bốn\n\nmới hẳn ra\n\n# D\n\n# B\nbảy tám chín mười\n") == [
                "equal I I", "edited I/1 I/1", "removed I/2 –", "added – I/2", "added – II", "equal II III",
                "equal II/1 III/1", "removed III –", "removed III/1 –",
            ])
    }

    @Test func sectionsThatChangePlacesAreMoved() {
        let changes = kinds("# A\nmột hai ba\n\nbốn năm sáu\n\n# C\nmười một\n\n# B\nbảy tám chín mười\n")
        #expect(changes.count { $0.hasPrefix("moved") } == 2)
        #expect(changes.count { $0.hasPrefix("removed") || $0.hasPrefix("added") } == 0)
    }

    @Test func unifiedLinesMarkTheWords() {
        let new = Document(old.text.replacing("năm", with: "NĂM"))
        #expect(
            DocumentDiff.unified(old, new, context: 1) == [
                "@@ I/1", "  một hai ba", "- bốn [-năm-] sáu", "+ bốn {+NĂM+} sáu", "  # B",
            ])
        #expect(DocumentDiff.unified(old, new, context: 0) == ["@@ I/2", "- bốn [-năm-] sáu", "+ bốn {+NĂM+} sáu"])
        #expect(DocumentDiff.unified(old, new, context: .max).count == 9)
        #expect(DocumentDiff.unified(old, new, context: -1).count == 3)
    }

    @Test func everyLineOfAParagraphHasItsMark() {
        let lines = DocumentDiff.unified(Document("a\n"), Document("a\n\nmột\nhai\n"), context: 0)
        #expect(lines == ["@@ 0/2", "+ một", "+ hai"])
    }

    @Test(arguments: 0..<40)
    func nothingIsLost(_ seed: Int) throws {
        var random = SplitMix64(seed: UInt64(seed))
        let old = try SeedPlan.structured()
        var blocks = old.text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        for _ in 0..<Int.random(in: 1...12, using: &random) {
            let place = Int.random(in: 0..<blocks.count, using: &random)
            switch Int.random(in: 0..<4, using: &random) {
            case 0: blocks.remove(at: place)
            case 1: blocks.insert("# Mục mới \(place)", at: place)
            case 2: blocks.swapAt(place, Int.random(in: 0..<blocks.count, using: &random))
            default: blocks[place] += " thêm"
            }
        }
        let new = Document(try CanonicalText.document(Array(blocks.joined(separator: "\n").utf8)))
        let changes = DocumentDiff.changes(old, new)
        let expectedNew = (new.paragraphs.map(\.text) + new.sections.map { new.heading($0).text }).sorted()
        let expectedOld = (old.paragraphs.map(\.text) + old.sections.map { old.heading($0).text }).sorted()
        #expect(changes.compactMap(\.new?.text).sorted() == expectedNew, "seed \(seed)")
        #expect(changes.compactMap(\.old?.text).sorted() == expectedOld, "seed \(seed)")
        let newLines = changes.compactMap(\.new?.lines.lowerBound)
        #expect(newLines == newLines.sorted(), "the order is that of the new revision; seed \(seed)")
        for change in changes {
            #expect(change.pieces.filter { $0.kind != .added }.map(\.text).joined() == change.old?.text ?? "")
            #expect(change.pieces.filter { $0.kind != .removed }.map(\.text).joined() == change.new?.text ?? "")
        }
    }

    @Test("All comparisons of words share one budget; without it a change is shown whole, and its ends stay")
    func theBudgetIsShared() {
        var random = SplitMix64(seed: 7)
        let paragraphs = (0..<2).map { _ in
            (0..<900).map { _ in ["một", "hai", "ba", "bốn", "năm"][Int(random.next() % 5)] }
        }
        func text(_ paragraphs: [[String]]) -> Document {
            Document(paragraphs.map { "# Mục\n\nmở \($0.joined(separator: " ")) kết\n" }.joined(separator: "\n"))
        }
        // The same words in another order.
        let (old, new) = (text(paragraphs), text(paragraphs.map { $0.shuffled(using: &random) }))
        let porting = Porting(from: old, to: new)
        func pieces(_ budget: Int) -> [Int] {
            DocumentDiff.changes(porting, comparingWords: true, budget: budget).filter { $0.kind == .edited }
                .map(\.pieces.count)
        }
        let fine = pieces(DocumentDiff.budget)
        #expect(fine.count == 2)
        #expect(fine.allSatisfy { $0 > 4 })
        let coarse = pieces(0)
        #expect(coarse == [4, 4])
        let first = WordComparison(old.paragraphs[0].text, new.paragraphs[0].text).steps
        #expect(first > 0)
        #expect(pieces(first + 1) == [fine[0], 4])
    }
}
