import ReviewCore
import Testing

@Suite struct AnchorTests {
    private let document = Document(
        """
        Lời dẫn chung.

        # Mở đầu
        Năm 2024 Trung tâm thực hiện 57 vụ việc
        tham gia tố tụng.

        # Nội dung
        Trung tâm có 12 viên chức.

        ## Thực trạng
        Trung tâm thực hiện tốt.
        - Phòng Nghiệp vụ chủ trì.

        """)

    private func anchor(_ place: String?, _ quote: String? = nil) throws -> String {
        let found = try Anchor.resolve(at: place, quote: quote, in: document)
        return found.target.description + (found.quote.map { " " + $0 } ?? "")
    }

    private func problem(_ place: String?, _ quote: String? = nil) -> AnchorProblem? {
        do throws(AnchorProblem) {
            _ = try Anchor.resolve(at: place, quote: quote, in: document)
            return nil
        } catch { return error }
    }

    @Test(arguments: [
        ("I/1", "I/1"), ("II.1/2", "II.1/2"), ("ii.1/2", "II.1/2"), ("II", "II"), ("0/1", "0/1"), ("L1", "0/1"),
        ("L4", "I/1"),
        ("L5", "I/1"), ("l11", "II.1/1"), ("L3", "I"), ("L10", "II.1"), ("whole", "whole"),
    ])
    func places(_ place: String, _ expected: String) throws { #expect(try anchor(place) == expected) }

    @Test func noPlaceIsTheWhole() throws { #expect(try anchor(nil) == "whole") }

    @Test(
        arguments: [
            ("III", .noSection(SectionPath([3]) ?? nil)), ("I/2", .noParagraph(SectionPath([1]), 2)),
            ("0/2", .noParagraph(nil, 2)),
            ("L13", .noLine(13, of: 12)), ("L2", .blankLine(2)), ("L0", .syntax),
            ("L", .noSection(SectionPath([50]) ?? nil)),
            ("1.1", .syntax), ("", .syntax), ("0", .syntax), ("L99999999", .syntax),
        ] as [(String, ExpectedProblem)])
    func wrongPlaces(_ place: String, _ expected: ExpectedProblem) { #expect(problem(place) == expected.problem) }

    /// Builds problems out of optional paths, so that the table above stays a table.
    enum ExpectedProblem: Sendable {
        case noSection(SectionPath?)
        case noParagraph(SectionPath?, Int)
        case noLine(Int, of: Int)
        case blankLine(Int)
        case syntax

        var problem: AnchorProblem? {
            switch self {
            case .noSection(let path): path.map { .noSection($0) }
            case .noParagraph(let path, let number): .noParagraph(path, number)
            case .noLine(let line, let last): .noLine(line, of: last)
            case .blankLine(let line): .blankLine(line)
            case .syntax: .syntax
            }
        }
    }

    @Test func quotesAreCheckedAgainstTheirPlace() throws {
        #expect(try anchor("L4", "57 vụ việc") == "I/1 57 vụ việc")
        #expect(try anchor("I/1", "vụ việc tham gia") == "I/1 vụ việc tham gia", "a quote may run over a line end")
        #expect(try anchor("I/1", " vụ  việc\ntham gia ") == "I/1 vụ việc tham gia")
        #expect(
            try anchor("I/1", "57 vu\u{323} vie\u{323}\u{302}c") == "I/1 57 vụ việc", "a decomposed quote is composed")
        let found = problem("I/1", "12 viên chức")
        #expect(found == .quoteNotFound(.paragraph(SectionPath([1]), 1), elsewhere: [.paragraph(SectionPath([2]), 1)]))
        #expect(found?.text(vietnamese: true) == "Không tìm thấy đoạn trích trong mục I, đoạn 1; có ở: II/1")
        #expect(problem("I/1", "75 vụ việc") == .quoteNotFound(.paragraph(SectionPath([1]), 1), elsewhere: []))
    }

    @Test func aQuoteNarrowsASection() throws {
        #expect(try anchor("II", "12 viên chức") == "II/1 12 viên chức")
        #expect(try anchor("II", "Nghiệp vụ") == "II.1/2 Nghiệp vụ")
        #expect(try anchor("II", "Trung tâm") == "II Trung tâm", "several paragraphs have it")
        #expect(try anchor("L3", "Mở đầu") == "I Mở đầu", "the heading has it")
        #expect(try anchor("II", "Thực trạng") == "II Thực trạng", "the heading of a subsection has it")
    }

    @Test func aQuoteAloneMustBeUnique() throws {
        #expect(try anchor(nil, "57 vụ việc") == "I/1 57 vụ việc")
        #expect(try anchor(nil, "Mở đầu") == "I Mở đầu")
        let places: [AnchorTarget] = [
            .paragraph(SectionPath([1]), 1), .paragraph(SectionPath([2]), 1), .paragraph(SectionPath([2, 1]), 1),
        ]
        #expect(problem(nil, "Trung tâm") == .quoteAmbiguous(places))
        #expect(problem(nil, "không có") == .quoteNotFound(.whole, elsewhere: []))
    }

    @Test func quotesEndWhereCharactersEnd() {
        let document = Document("Chữ x\u{301} lạ.\n")
        #expect(throws: AnchorProblem.self) { try Anchor.resolve(at: "0/1", quote: "x", in: document) }
        #expect(throws: Never.self) { try Anchor.resolve(at: "0/1", quote: "x\u{301}", in: document) }
    }

    @Test func illegalQuotesAreRefused() {
        #expect(problem("I/1", "\u{202E}") == .quoteText(TextProblemSample.bidi))
        #expect(problem("I/1", " ") != nil)
        #expect(problem("I/1", String(repeating: "a", count: 4001)) != nil)
    }

    private enum TextProblemSample {
        static let bidi: TextProblem = {
            do throws(TextProblem) {
                _ = try CanonicalText.field("\u{202E}", maximumOctets: 10)
            } catch { return error }
            preconditionFailure("the field was accepted")
        }()
    }

    @Test func searchingForRepetitionsIsLinear() throws {
        // Quadratic search would need 4,000 times 2 million steps here.
        let text = Document(String(repeating: "a", count: 2_000_000) + "\n")
        let quote = String(repeating: "a", count: 3999) + "b"
        #expect(throws: AnchorProblem.self) { try Anchor.resolve(at: nil, quote: quote, in: text) }
    }

    @Test func everyPlaceHasAText() {
        let problems: [AnchorProblem] = [
            .syntax, .noParagraph(nil, 3), .noLine(4, of: 2), .blankLine(2), .quoteAmbiguous([.whole]),
            .quoteText(TextProblemSample.bidi), .quoteNotFound(.whole, elsewhere: []),
        ]
        for problem in problems {
            #expect(!problem.text(vietnamese: true).isEmpty)
            #expect(problem.text(vietnamese: true) != problem.text(vietnamese: false))
        }
    }
}
