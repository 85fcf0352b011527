import Testing

@testable import ReviewCore

@Suite struct ChangeKindTests {
    private let base = Document(
        """
        # Mở đầu
        Năm 2024 Trung tâm đã hoà giải 57 vụ việc tại huyện Hữu Lũng, không có khiếu nại.

        Viên chức thực hiện tốt nhiệm vụ.

        ## Kết quả
        - Hoà giải đạt 1.234 vụ, tăng 5,6%.
        - Chưa phát sinh đơn thư.

        # Kết luận
        Trên đây là kết quả.

        """)

    private func kind(_ old: String, _ new: String, _ addressed: String...) -> ChangeKind {
        precondition(base.text.contains(old))
        return kind(Document(base.text.replacing(old, with: new)), addressed)
    }

    private func kind(_ new: Document, _ addressed: [String]) -> ChangeKind {
        ChangeKind.classify(
            from: base, to: new, addressed: addressed.compactMap { AnchorTarget($0) }.map { Anchor(target: $0) })
    }

    @Test func equalOctetsAreIdentical() { #expect(kind(Document(base.text), []) == .identical) }

    @Test(arguments: [
        ("đã hoà giải", "đã hòa giải"), ("tốt nhiệm vụ.", "tốt  nhiệm vụ"), ("- Hoà giải", "+ Hòa giải"),
        ("Năm 2024 Trung", "Năm 2024, Trung"), ("Viên chức", "\nViên chức"), ("57 vụ việc tại", "57 vụ việc\ntại"),
        ("kết quả.", "“kết quả”."), ("# Kết luận", "#  Kết luận:"), ("Viên chức thực", "Viên chức\n\nthực"),
    ])
    func formAloneIsCosmetic(_ old: String, _ new: String) { #expect(kind(old, new) == .cosmetic) }

    @Test(arguments: [
        ("57", "75"), ("57 vụ", "5 7 vụ"), ("1.234", "1,234"), ("1.234", "1234"), ("5,6%", "5.6%"), ("5,6%", "56%"),
        ("5,6%", "5,6"), ("5,6%", "-5,6%"), ("không có", "có"), (", không có", " không có"), ("Chưa phát", "Đã phát"),
        ("Chưa phát", "Chưa, phát"), ("Hữu Lũng", "Hữu Lủng"), ("Hữu Lũng", "Hữu, Lũng"), ("Hữu Lũng", "hữu Lũng"),
        ("thực hiện tốt", "tốt thực hiện"), ("Viên chức", "Viên chức đã"), ("## Kết quả", "# Kết quả"),
        ("# Kết luận", "Kết luận"), ("tăng", "giảm"), ("Trên đây", "Trên dây"), ("Trên đây", "Trên  Đây"),
    ])
    func substanceIsNotCosmetic(_ old: String, _ new: String) { #expect(kind(old, new) == .other) }

    @Test func tonesOfNamesAreSubstance() {
        let old = Document("Cán bộ huyện Hoà Bình, ông Thuỷ.\n")
        #expect(
            ChangeKind.classify(from: old, to: Document("Cán bộ huyện Hòa Bình, ông Thuỷ.\n"), addressed: []) == .other)
        #expect(
            ChangeKind.classify(from: old, to: Document("Cán bộ huyện Hoà Bình, ông Thuỷ\n"), addressed: [])
                == .cosmetic)
    }

    /// What may change at the end of a sentence, between two numbers, and behind the letter of an item.
    @Test(arguments: [
        ("Vụ việc có khiếu nại.", "Vụ việc có khiếu nại?", ChangeKind.cosmetic),
        ("Vụ việc có khiếu nại hay không.", "Vụ việc có khiếu nại hay không?", .other),
        ("Theo Điều 5, 6 của Luật.", "Theo Điều 5 - 6 của Luật.", .other),
        ("a) Hoà giải ở cơ sở.", "a) Hòa giải ở cơ sở.", .cosmetic),
        ("Tổ (Hoà giải) ở cơ sở.", "Tổ (Hòa giải) ở cơ sở.", .other),
        ("Số thu giảm (-5%).", "Số thu giảm (5%).", .other),
        ("Tăng 5%-10%.", "Tăng 5% - 10%.", .cosmetic),
        ("Tăng 5%-10%.", "Tăng 5% -10%.", .other),
        ("Theo điểm a, c khoản 1.", "Theo điểm a - c khoản 1.", .other),
        ("Theo các điểm c, đ khoản 1.", "Theo các điểm c đ khoản 1.", .other),
        ("Lan, Minh cùng dự họp.", "Lan Minh cùng dự họp.", .other),
        ("Tuy nhiên, Sở đã trả lời.", "Tuy nhiên Sở đã trả lời.", .cosmetic),
        ("Ở 5 huyện: đã xong.", "Ở 5 huyện đã xong.", .cosmetic),
    ])
    func punctuation(_ old: String, _ new: String, _ kind: ChangeKind) {
        #expect(ChangeKind.classify(from: Document(old + "\n"), to: Document(new + "\n"), addressed: []) == kind)
    }

    @Test func withoutHeadingsOnlyWhatIsAddedBesideATiedParagraphIsFree() {
        let old = ["Đoạn đầu của văn bản.", "Đoạn giữa của văn bản.", "Đoạn cuối của văn bản."]
        let tied = [Anchor(target: .paragraph(nil, 2))]
        func kind(addingAt place: Int) -> ChangeKind {
            var new = old
            new.insert("Tiếp thu: bổ sung 57 vụ việc.", at: place)
            return ChangeKind.classify(
                from: Document(old.joined(separator: "\n\n") + "\n"),
                to: Document(new.joined(separator: "\n\n") + "\n"), addressed: tied)
        }
        #expect((0...3).map(kind(addingAt:)) == [.other, .addressed, .addressed, .other])
    }

    @Test func onlyTiedParagraphsMayChange() {
        #expect(kind("57", "75", "I/1") == .addressed)
        #expect(kind("57", "75", "I/2") == .other)
        #expect(kind("57", "75", "I/2", "I/1") == .addressed)
        #expect(kind("1.234", "1.235", "I.1/1") == .addressed)
        #expect(kind("1.234", "1.235", "I.1/2") == .other)
        #expect(kind("1.234", "1.235", "I.1") == .addressed)
        #expect(kind("1.234", "1.235", "I") == .addressed, "a section includes its subsections")
        #expect(kind("1.234", "1.235", "II") == .other)
        #expect(kind("57", "75", "whole") == .other, "a comment on everything ties nothing")
    }

    @Test func formMayChangeBesideAnAddressedParagraph() {
        let text = base.text.replacing("57", with: "75").replacing("tốt nhiệm vụ.", with: "tốt  nhiệm vụ")
        #expect(kind(Document(text), ["I/1"]) == .addressed)
    }

    @Test func removalsAndAdditions() {
        let gone = "Viên chức thực hiện tốt nhiệm vụ.\n\n"
        #expect(kind(gone, "", "I/2") == .addressed)
        #expect(kind(gone, "", "I/1") == .other)
        let added = gone + "Đoạn bổ sung theo ý kiến.\n\n"
        #expect(kind(gone, added, "I/1") == .addressed, "the section of an addressed paragraph")
        #expect(kind(gone, added, "I.1/1") == .other, "a subsection does not tie what is around it")
        #expect(kind(gone, added, "II/1") == .other)
    }

    /// The words stay, and what stands below what does not.
    @Test func anotherPlaceInTheOutlineIsSubstance() {
        #expect(kind("# Mở đầu", "## Mở đầu") == .other, "“Kết quả” is no part of it any more")
        #expect(kind("# Mở đầu", "## Mở đầu", "I") == .addressed)
        let old = Document(
            "# Mở đầu\n\n## Kết quả\n\nTrung tâm đã thực hiện đủ kế hoạch.\n\n## Hạn chế\n\nViên chức còn thiếu kinh nghiệm.\n"
        )
        func addressing(_ new: String) -> ChangeKind {
            let tied = [AnchorTarget("I.1")].compactMap { $0 }.map { Anchor(target: $0) }
            return ChangeKind.classify(from: old, to: Document(new), addressed: tied)
        }
        #expect(addressing(old.text.replacing("## Kết quả", with: "# Kết quả")) == .other, "it has “Hạn chế” below it")
        #expect(addressing(old.text.replacing("## Kết quả", with: "### Kết quả")) == .cosmetic)
        let swapped =
            "# Mở đầu\n\nTrung tâm đã thực hiện đủ kế hoạch.\n\n## Hạn chế\n\n## Kết quả\n\nViên chức còn thiếu kinh nghiệm.\n"
        #expect(addressing(swapped) == .other, "a paragraph of “Hạn chế” stands below “Kết quả”")
    }

    @Test func headingsNeedASection() {
        #expect(kind("## Kết quả", "## Kết quả đạt được", "I.1") == .addressed)
        #expect(kind("## Kết quả", "## Kết quả đạt được", "I") == .addressed)
        #expect(kind("## Kết quả", "## Kết quả đạt được", "I.1/1") == .other)
        let inner = "## Hạn chế\nCòn khó khăn về nhân lực.\n\n# Kết luận"
        #expect(kind("# Kết luận", inner, "I") == .addressed)
        #expect(kind("# Kết luận", inner, "I/1") == .other)
        #expect(kind("# Kết luận", inner.replacing("##", with: "#"), "I") == .other)
    }

    @Test func paragraphsThatChangePlacesAreChanged() {
        let first = "- Hoà giải đạt 1.234 vụ, tăng 5,6%.\n"
        let second = "- Chưa phát sinh đơn thư.\n"
        #expect(kind(first + second, second + first) == .other)
        #expect(kind(first + second, second + first, "I.1") == .addressed)
    }

    @Test func withoutHeadingsAnAdditionMustStandBesideAnAddressedParagraph() {
        let old = Document("Đoạn một nói về kết quả.\n\nĐoạn hai nói về hạn chế.\n\nĐoạn ba nói về giải pháp.\n")
        let anchor = [Anchor(target: .paragraph(nil, 1))]
        let beside = old.text.replacing("Đoạn hai", with: "Bổ sung số liệu.\n\nBổ sung nữa.\n\nĐoạn hai")
        let apart = old.text + "\nBổ sung số liệu.\n"
        #expect(ChangeKind.classify(from: old, to: Document(beside), addressed: anchor) == .addressed)
        #expect(ChangeKind.classify(from: old, to: Document(apart), addressed: anchor) == .other)
    }

    @Test(arguments: 0..<40)
    func unaddressedWordsNeverPass(_ seed: Int) throws {
        var random = SplitMix64(seed: UInt64(seed))
        let old = try SeedPlan.structured()
        let changed = Int.random(in: 0..<old.paragraphs.count, using: &random)
        let tied = Int.random(in: 0..<old.paragraphs.count, using: &random)
        let new = SeedPlan.replacing(old) { place, text in place == changed ? text + " Bổ sung 5 vụ." : text }
        let anchors = [Anchor(target: AnchorTarget(old.paragraphs[tied]))]
        #expect(ChangeKind.classify(from: old, to: new, addressed: anchors) == (tied == changed ? .addressed : .other))
    }
}

/// What is passed over because both texts have it makes no difference.
@Suite struct CosmeticComparisonTests {
    private static let blocks = [
        "# Mở đầu", "## Không", "## Kết quả.", "Không", "không có.", "...", "—", "57, 58", "5", "hoà giải", "hòa giải",
        "Ông Hoà", "- Chưa phát sinh", "Chưa; phát sinh", "“Trên đây”", "1.234", "+ 5", "(5) vụ", "và", "Bình Gia.",
    ]

    @Test(arguments: 0..<40 as Range<UInt64>)
    func passingOverEqualParagraphsIsExact(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var cosmetic = 0
        for _ in 0..<200 {
            let old = (0..<Int.random(in: 1...8, using: &random)).map { _ in
                Self.blocks[Int.random(in: 0..<Self.blocks.count, using: &random)]
            }
            var new = old
            for _ in 0..<Int.random(in: 0...2, using: &random) {
                let place = Int.random(in: 0..<new.count, using: &random)
                switch Int.random(in: 0..<5, using: &random) {
                case 0: new[place] = Self.blocks[Int.random(in: 0..<Self.blocks.count, using: &random)]
                case 1: new[place] += [".", ",", " –", "!"][Int.random(in: 0..<4, using: &random)]
                case 2: new.insert(["...", "—", "và"][Int.random(in: 0..<3, using: &random)], at: place)
                case 3: new[place] = new[place].replacing("hoà", with: "hòa")
                default: if new.count > 1 { new.remove(at: place) }
                }
            }
            let (before, after) = (
                Document(old.joined(separator: "\n\n") + "\n"), Document(new.joined(separator: "\n\n") + "\n")
            )
            let exact = CosmeticForm.isOnlyDifference(between: before, and: after, readingAll: true)
            #expect(CosmeticForm.isOnlyDifference(between: before, and: after) == exact, "\(old) \(new)")
            if exact, before != after { cosmetic += 1 }
        }
        #expect(cosmetic > 0)
    }
}
