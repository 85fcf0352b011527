import Testing

@testable import ReviewCore

@Suite struct OutlineCheckTests {
    @Test(
        "Headings stand for each other by their words",
        arguments: [
            ("Mở đầu", "MO DAU", true), ("Kết luận", "Kết luận.", true), ("Kết luận", "Mở đầu", false),
            ("Kết quả đạt được", "Kết quả", true), ("Kết quả", "Kết quả đạt được", true),
            ("Kết quả đạt được", "Kết", false), ("Kết", "Kết", true), ("Kết quả đạt được", "Kết quả thực hiện", false),
            ("2. Mở đầu", "Mở đầu", false), ("…", "", true), ("", "Mở đầu", false),
        ])
    func headingsAgree(_ one: String, _ other: String, _ isSame: Bool) {
        let (one, other) = (OutlineCheck.Title(one), OutlineCheck.Title(other))
        #expect(one.agrees(with: other) == isSame)
        #expect(other.agrees(with: one) == isSame)
    }

    @Test func theSameHeadingIsPreferred() {
        let document = Document("# Kết quả đạt được\n\n# Kết quả\n\nBa vụ việc.\n")
        #expect(OutlineCheck.gaps([OutlineItem("Kết quả")], in: document) == [])
    }

    @Test func belowASectionOnlyItsOwnCount() {
        let document = Document("# Nội dung\n\n## Kết quả\n\nBa vụ việc.\n\n# Kết luận\n\n## Đề xuất\n\nKhông.\n")
        let outline = [OutlineItem("Nội dung", children: [OutlineItem("Kết quả"), OutlineItem("Đề xuất")])]
        #expect(OutlineCheck.gaps(outline, in: document) == [OutlineCheck.Gap(title: "Đề xuất", isEmpty: false)])
        // Where the section is missing, the whole text is looked at.
        let elsewhere = [OutlineItem("Mở đầu", children: [OutlineItem("Đề xuất")])]
        #expect(OutlineCheck.gaps(elsewhere, in: document) == [OutlineCheck.Gap(title: "Mở đầu", isEmpty: false)])
    }
}
