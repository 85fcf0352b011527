import Testing

@testable import ReviewCore

@Suite struct OutlineTests {
    @Test func theExampleOfTheSpecification() {
        let document = Document("# Mở đầu\nNăm 2024 Trung tâm thực hiện 57 vụ việc tham gia tố tụng.\n")
        #expect(document.lines.count == 2)
        #expect(document.sections.map(\.path.description) == ["I"])
        #expect(document.paragraph(atLine: 2)?.anchor == "I/1")
        #expect(document.paragraph(atLine: 1) == nil)
        #expect(document.section(atLine: 1)?.title == "Mở đầu")
    }

    @Test func sectionsAreNumberedByPosition() {
        let document = Document(
            """
            Lời dẫn.

            # V. Mở đầu
            ## 9. Một
            ## Hai
            ### b) Sâu
            # Nội dung
            ### Bỏ một cấp
            ### Cùng cấp
            ## Lên một cấp

            """)
        #expect(
            document.sections.map { "\($0.path) \($0.title)" } == [
                "I Mở đầu", "I.1 Một", "I.2 Hai", "I.2.1 Sâu", "II Nội dung", "II.1 Bỏ một cấp", "II.2 Cùng cấp",
                "II.3 Lên một cấp",
            ])
        #expect(document.sections.map(\.level) == [1, 2, 2, 3, 1, 2, 2, 2])
        #expect(document.paragraphs.map(\.anchor) == ["0/1"])
    }

    @Test(arguments: [
        ("# A", true), ("#\tA", true), ("###### A", true), ("####### A", false), ("#A", false), ("#", false),
        (" # A", false),
        ("\\# A", false),
    ])
    func headingsAreHashesAndABlank(_ line: String, _ isHeading: Bool) {
        #expect(Document(line + "\n").sections.count == (isHeading ? 1 : 0))
    }

    @Test(arguments: [
        ("# 1. Mở đầu", "Mở đầu"), ("# I. MỞ ĐẦU", "MỞ ĐẦU"), ("## a) Kết quả", "Kết quả"),
        ("## đ) Kết quả", "Kết quả"),
        ("# 1.2. Thực trạng", "Thực trạng"), ("# 1.2 Thực trạng", "Thực trạng"), ("# 1) A", "A"),
        ("# 2025 là năm", "2025 là năm"),
        ("# 1.", "1."), ("# A. Phần", "Phần"), ("# Điều 1. Phạm vi", "Điều 1. Phạm vi"), ("#   Hai  từ", "Hai  từ"),
        ("# I", "I"), ("# CIVIL. x", "x"), ("# Công tác", "Công tác"),
    ])
    func titlesLoseTheTypedNumber(_ line: String, _ title: String) {
        #expect(Document(line + "\n").sections.first?.title == title)
    }

    @Test func paragraphsAreRunsOfLinesAndListItems() {
        let document = Document(
            """
            # A
            một
            tiếp
            - gạch
              tiếp gạch
            + cộng
            1. số
            1.1. số con
            a) chữ
            đ) chữ đê

            *nghiêng* không phải gạch
            2025 không phải số
            1.000 vụ việc cũng không
            - + hai dấu

            """)
        #expect(
            document.paragraphs.map(\.text) == [
                "một\ntiếp", "- gạch\n  tiếp gạch", "+ cộng", "1. số", "1.1. số con", "a) chữ", "đ) chữ đê",
                "*nghiêng* không phải gạch\n2025 không phải số\n1.000 vụ việc cũng không", "- + hai dấu",
            ])
        #expect(document.paragraphs.map(\.number) == Array(1...9))
        #expect(
            document.paragraphs.map(\.lines) == [2...3, 4...5, 6...6, 7...7, 8...8, 9...9, 10...10, 12...14, 15...15])
        #expect(document.paragraph(atLine: 11) == nil)
        #expect(document.paragraph(atLine: 13)?.number == 8)
        #expect(document.paragraph(atLine: 0) == nil && document.paragraph(atLine: 16) == nil)
    }

    @Test func textIsFoundInSubsections() {
        let document = Document("# A\n## B\n### C\nx\n# D\n# E\ny\n## F\n")
        #expect(
            document.sections.map { "\($0.path) \($0.hasText)" } == [
                "I true", "I.1 true", "I.1.1 true", "II false", "III true", "III.1 false",
            ])
        #expect(SectionPath("I").flatMap { document.paragraphs(within: $0) } == 0..<1)
        #expect(SectionPath("III").flatMap { document.paragraphs(within: $0) } == 1..<2)
        #expect(SectionPath("II").flatMap { document.paragraphs(within: $0) } == 1..<1)
        #expect(SectionPath("IV").flatMap { document.paragraphs(within: $0) } == nil)
    }

    @Test func emptyTextsAreHarmless() {
        #expect(Document("").paragraphs.isEmpty && Document("").lines.isEmpty)
        #expect(Document("\n").lines.count == 1)
        #expect(Document("a").paragraphs.map(\.lines) == [1...1])
    }

    @Test(arguments: 0..<30)
    func everyLineBelongsToOneThing(_ seed: Int) {
        var random = SplitMix64(seed: UInt64(seed))
        let kinds = ["# A", "## B", "### C", "##### D", "", "văn bản", "- mục", "  1. mục", "", "chữ", "a) b"]
        for _ in 0..<50 {
            let lines = (0..<Int.random(in: 1..<30, using: &random)).map { _ in
                kinds[Int.random(in: 0..<kinds.count, using: &random)]
            }
            let document = Document(lines.joined(separator: "\n") + "\n")
            #expect(document.lines.map(String.init) == lines)
            for (place, line) in lines.enumerated() {
                let paragraph = document.paragraph(atLine: place + 1)
                #expect((paragraph != nil) == (!line.isEmpty && !line.hasPrefix("#")), "seed \(seed)")
                #expect((document.section(atLine: place + 1) != nil) == line.hasPrefix("#"), "seed \(seed)")
                if let paragraph {
                    #expect(document.paragraph(section: paragraph.section, number: paragraph.number) == paragraph)
                    #expect(
                        paragraph.text
                            == lines[(paragraph.lines.lowerBound - 1)..<paragraph.lines.upperBound].joined(
                                separator: "\n"))
                }
            }
            #expect(document.sections.map(\.path) == document.sections.map(\.path).sorted())
            for section in document.sections { #expect(document.section(section.path) == section) }
        }
    }
}
