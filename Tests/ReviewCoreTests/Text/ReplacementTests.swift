import ReviewCore
import Testing

/// A suggestion in the place of the words that it replaces: exactly there, or nowhere.
@Suite struct ReplacementTests {
    private static let text = """
        Lời dẫn chung.

        # I. Mở đầu

        Năm 2024 Trung tâm thực hiện 57 vụ việc
        tham gia tố tụng.

        # Nội dung

        ## 1. Kết quả đạt được

        Thực hiện 75 vụ việc, trong đó 75 vụ việc dân sự.

        - Phòng Nghiệp vụ chủ trì.
        - Phòng Hành chính phối hợp.

        ## Hạn chế

        Hồ sơ còn chậm.

        """

    private let document = Document(Self.text)

    private func target(_ place: String) throws -> AnchorTarget { try #require(AnchorTarget(place)) }

    private func problem(_ place: String, _ quote: String?, _ suggestion: String) throws -> ReplacementProblem? {
        let target = try target(place)
        do throws(ReplacementProblem) {
            _ = try document.replacing(quote, at: target, with: suggestion)
            return nil
        } catch { return error }
    }

    /// Place, words, suggestion; what stands there before and after, and whether nothing else of the text is touched.
    @Test(arguments: [
        ("I/1", "57 vụ việc", "75 vụ việc", "57 vụ việc", "75 vụ việc"),
        ("0/1", "chung", "ngắn", "chung", "ngắn"),
        // At the beginning, at the end, over a line's end.
        ("I/1", "Năm 2024", "Năm 2025", "Năm 2024", "Năm 2025"),
        ("I/1", "tố tụng.", "tố tụng năm ấy.", "tố tụng.", "tố tụng năm ấy."),
        ("I/1", "vụ việc tham gia", "vụ, việc tham gia", "vụ việc\ntham gia", "vụ, việc tham gia"),
        // What is replaced may be part of what replaces it.
        ("II.1/2", "chủ trì", "chủ trì, báo cáo hằng quý", "chủ trì", "chủ trì, báo cáo hằng quý"),
        // A list item keeps its mark, unless the mark was quoted.
        (
            "II.1/3", "- Phòng Hành chính phối hợp.", "- Phòng Hành chính – Tổng hợp phối hợp.", "- Phòng Hành chính",
            "- Phòng Hành chính – Tổng hợp"
        ),
        // A heading keeps its marks and the number that was typed.
        ("II.1", "Kết quả đạt được", "Kết quả nổi bật", "1. Kết quả đạt được", "1. Kết quả nổi bật"),
        ("I", "Mở đầu", "Đặt vấn đề", "# I. Mở đầu", "# I. Đặt vấn đề"),
        // A section: the one paragraph in it that has the words; the whole text likewise.
        ("II", "Hồ sơ còn chậm", "Hồ sơ chậm 10 ngày", "Hồ sơ còn chậm", "Hồ sơ chậm 10 ngày"),
        ("whole", "Lời dẫn", "Lời mở đầu", "Lời dẫn", "Lời mở đầu"),
        // Only blanks and line ends differ: a paragraph is parted.
        (
            "II.1/1", "Thực hiện 75 vụ việc, trong đó 75 vụ việc dân sự.",
            "Thực hiện 75 vụ việc,\n\ntrong đó 75 vụ việc dân sự.", "vụ việc, trong", "vụ việc,\n\ntrong"
        ),
        // A suggestion of several paragraphs.
        (
            "II.2/1", "còn chậm.", "còn chậm.\n\nNguyên nhân: thiếu người.", "còn chậm.",
            "còn chậm.\n\nNguyên nhân: thiếu người."
        ),
    ])
    func onlyTheWordsAreReplaced(
        _ place: String, _ quote: String, _ suggestion: String, _ before: String, _ after: String
    ) throws {
        let found = try document.replacing(quote, at: target(place), with: suggestion)
        let expected = Self.text.replacing(before, with: after, maxReplacements: 1)
        #expect(Array(found.text.utf8) == Array(expected.utf8))
        #expect(Document(found.text).sections.map(\.path) == document.sections.map(\.path))
    }

    @Test func theParagraphIsShownBeforeAndAfter() throws {
        let found = try document.replacing("57 vụ việc", at: target("I/1"), with: "75 vụ việc")
        #expect(found.target.description == "I/1")
        #expect(found.before == "Năm 2024 Trung tâm thực hiện 57 vụ việc\ntham gia tố tụng.")
        #expect(found.after == "Năm 2024 Trung tâm thực hiện 75 vụ việc\ntham gia tố tụng.")
        let heading = try document.replacing("Kết quả", at: target("II"), with: "Thành tích")
        #expect(heading.target.description == "II.1")
        #expect(heading.before == "Kết quả đạt được" && heading.after == "Thành tích đạt được")
    }

    @Test func withoutWordsTheWholeParagraphIsReplaced() throws {
        let found = try document.replacing(nil, at: target("II.2/1"), with: "Hồ sơ chậm.\nThiếu người.")
        #expect(found.before == "Hồ sơ còn chậm." && found.after == "Hồ sơ chậm.\nThiếu người.")
        #expect(found.text.hasSuffix("## Hạn chế\n\nHồ sơ chậm.\nThiếu người.\n"))
        for place in ["II.2", "whole"] { #expect(try problem(place, nil, "x") == .noWords) }
    }

    @Test(
        arguments: [
            // Twice in the paragraph, and in no other; twice in the section.
            ("II.1/1", "75 vụ việc", "75 vụ, việc", .quoteRepeated(2)), ("II.1", "Phòng", "phòng", .quoteRepeated(2)),
            ("whole", "Trung tâm thực hiện", "x", nil), ("whole", "vụ việc", "x", .quoteRepeated(3)),
            // Not there, also when it stands elsewhere.
            ("II.2/1", "57 vụ việc", "75 vụ việc", .quoteGone), ("I/1", "57 vụ viê", "x", .quoteGone),
            // The number that was typed is not the heading's title.
            ("II.1", "1. Kết quả", "2. Kết quả", .quoteGone),
            ("III/1", "x", "y", .placeGone), ("I/2", "x", "y", .placeGone), ("IV", "x", "y", .placeGone),
            // A heading stays one, and text stays text.
            ("II.1", "đạt được", "đạt\nđược", .headingsChanged), ("II.2/1", nil, "# Kết luận", .headingsChanged),
            ("I/1", "tố tụng.", "tố tụng.\n\n## Mục mới\n\nx", .headingsChanged),
        ] as [(String, String?, String, ReplacementProblem?)])
    func nothingIsGuessed(
        _ place: String, _ quote: String?, _ suggestion: String, _ expected: ReplacementProblem?
    ) throws { #expect(try problem(place, quote, suggestion) == expected) }

    @Test(arguments: [
        ("II.1/1", "75 vụ việc", 2), ("whole", "vụ việc", 3), ("I/1", "57", 1), ("I/1", "7", 0), ("IX/1", "57", 0),
    ])
    func wordsAreCountedAtTheirPlace(_ place: String, _ words: String, _ expected: Int) throws {
        #expect(document.count(of: words, at: try target(place)) == expected)
    }

    @Test func whatMayNotBeStoredIsNotPutIntoTheText() throws {
        guard case .text(let problem) = try problem("II.2/1", "chậm", "chậm\u{1B}") else {
            Issue.record("it was taken")
            return
        }
        #expect(problem.kind == .control && problem.line == 19 && problem.column == 15)
    }

    /// Whatever was suggested, applying it once more changes nothing: either the words are gone, or it is seen that they
    /// stand within the suggestion.
    @Test(
        arguments: [
            ("I/1", "57 vụ việc", "75 vụ việc"), ("I/1", "tố tụng", "tố tụng hình sự"),
            ("I/1", "57", "57 (năm mươi bảy)"),
            ("I/1", "tham gia", "đã\ntham gia"), ("II.2/1", "chậm.", "chậm.\n\nCòn chậm."),
            ("I/1", "vụ việc tham gia", "vụ việc tham gia"), ("I/1", "57 vụ việc", "57\nvụ việc"),
            ("II.2/1", nil, "Hồ sơ còn chậm, thiếu."), ("II.1", "đạt được", "đạt được trong năm"),
            ("II.2/1", "Hồ sơ còn chậm.", "Một số.\n\nHồ sơ còn chậm."),
        ] as [(String, String?, String)])
    func twiceIsNotMoreThanOnce(_ place: String, _ quote: String?, _ suggestion: String) throws {
        let target = try target(place)
        let new = Document(try document.replacing(quote, at: target, with: suggestion).text)
        #expect(new.reads(suggestion, at: target) && !new.offers(quote, at: target, with: suggestion))
        #expect(document.offers(quote, at: target, with: suggestion))
        do throws(ReplacementProblem) {
            let again = try new.replacing(quote, at: target, with: suggestion)
            Issue.record("applied twice: \(again.after)")
        } catch { #expect([.alreadyThere, .quoteGone].contains(error)) }
    }

    /// "75 đợt" is not in "275 đợt".
    @Test func aPartOfALongerWordIsNotTheWord() throws {
        let target = try target("I/1")
        let longer = Document("# A\n\nTổ chức 275 đợt.\n")
        #expect(throws: ReplacementProblem.quoteGone) { try longer.replacing("75 đợt", at: target, with: "57 đợt") }
        #expect(!longer.offers("75 đợt", at: target, with: "57 đợt"))
        let both = Document("# A\n\nTổ chức 275 đợt, 75 đợt ở xã.\n")
        let replaced = try both.replacing("75 đợt", at: target, with: "57 đợt")
        #expect(replaced.after == "Tổ chức 275 đợt, 57 đợt ở xã.")
        let behind = Document("# A\n\nTổ chức 75 đợtx.\n")
        #expect(throws: ReplacementProblem.quoteGone) { try behind.replacing("75 đợt", at: target, with: "57 đợt") }
        // Marks around a word are no part of it.
        #expect(try Document("# A\n\n(75 đợt)\n").replacing("75 đợt", at: target, with: "57").after == "(57)")
    }

    @Test func anEmptyTextHasNoPlaces() throws {
        let empty = Document("")
        for place in ["whole", "I", "I/1", "0/1"] {
            let target = try target(place)
            #expect(!empty.reads("x", at: target) && !empty.offers("x", at: target, with: "y"))
            #expect(throws: ReplacementProblem.self) { try empty.replacing("x", at: target, with: "y") }
        }
    }

    @Test func whatStandsElsewhereIsNotTakenForIt() throws {
        #expect(try !document.reads("75 vụ việc", at: target("I/1")))
        #expect(try document.reads("75 vụ việc", at: target("II.1/1")))
        #expect(try document.reads("Phòng Nghiệp vụ", at: target("II.1/3")), "all of the section")
        #expect(try !document.reads("Phòng Nghiệp vụ", at: target("II.2")) && !document.reads("x", at: target("whole")))
        #expect(try document.reads("còn chậm", at: target("II")) && !document.reads("còn chậm", at: target("I")))
        #expect(try document.reads("chung", at: target("0/1")) && !document.reads("57", at: target("0/1")))
        #expect(try document.reads("còn chậm", at: target("IX/1")), "the section is gone: anywhere")
    }
}
