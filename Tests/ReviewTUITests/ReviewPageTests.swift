import Terminal
import Testing

@testable import ReviewTUI

/// The review form filled in field by field, against the real engine.
@Suite struct ReviewPageTests {
    private func inReview() throws -> Story {
        let story = try Story()
        try story.advance(to: .review)
        return story
    }

    @Test func aReviewerFillsInTheFormWithEvidenceSeesItWholeAndFilesIt() throws {
        let story = try inReview()
        let minh = story.minh.open(2).press(.character("P"))
        minh.type("Bố cục rõ.").press(Key(.tab)).type("2").press(.control("g"))
        #expect(minh.shows("Chọn mục hoặc đoạn làm minh chứng"))
        minh.press(.character("c"))
        #expect(minh.shows("Đang chọn minh chứng"), "no comment is begun by mistake")
        try minh.goTo("I/1").press(Key(.enter), .control("g"))
        try minh.goTo("II.1/1").press(Key(.enter))
        #expect(minh.shows("Minh chứng (mục, đoạn): I/1, II.1/1"))
        minh.press(.control("s"))
        #expect(minh.shows("Chưa chọn kết luận."))
        minh.type("2").press(.control("s"))
        #expect(minh.shows("Nộp phiếu: ĐẠT NẾU CHỈNH SỬA") && minh.shows("1 tiêu chí chưa đánh giá"))
        minh.press(Key(.end))
        #expect(minh.shows("[x] đạt nếu chỉnh sửa"))
        minh.press(.control("s"))
        #expect(minh.shows("Đã nộp phiếu P1"))
        #expect(minh.drafts.isEmpty && minh.unsent.isEmpty)
        // What was filed is the whole paper.
        let hoa = story.hoa.listen().open(2).command("ds-phieu")
        #expect(hoa.shows("P1"))
    }

    /// Whoever goes on to the reason of a verdict has not chosen the last one of the list on the way.
    @Test func goingThroughTheVerdictsChoosesNothing() throws {
        let story = try inReview()
        let minh = story.minh.open(2).press(.character("P"), Key(.tab, .shift), Key(.tab, .shift)).type("2")
        #expect(minh.shows("▸ [x] đạt nếu chỉnh sửa"), "\(minh.screen)")
        minh.press(Key(.down))
        #expect(minh.shows("▸ [ ] chỉnh sửa và xem lại") && minh.shows("[x] đạt nếu chỉnh sửa"), "\(minh.screen)")
        minh.press(Key(.down), Key(.down)).type("Xem mục III.")
        #expect(minh.shows("cần xem lại): Xem mục III.") && minh.shows("  [x] đạt nếu chỉnh sửa"), "\(minh.screen)")
        // On the way back, too.
        minh.press(Key(.up), Key(.up), Key(.up), .control("s"))
        #expect(minh.shows("Nộp phiếu: ĐẠT NẾU CHỈNH SỬA"), "\(minh.screen)")
    }

    /// The reason is one line of the form, and as long as it has to be.
    @Test(arguments: [80, 50]) func aLongReasonIsSeenWhileItIsWritten(columns: Int) throws {
        let story = try inReview()
        let minh = story.minh.open(2).resize(columns, 24).press(.character("P"), Key(.tab, .shift))
        minh.type((1...25).map { "lý-do-\($0)" }.joined(separator: " "))
        #expect(minh.shows("lý-do-1 ") && minh.shows("lý-do-13") && minh.shows("lý-do-25"), "\(minh.screen)")
        minh.press(Key(.home)).type("x")
        #expect(minh.shows(" xlý-do-") && minh.shows("lý-do-25"), "\(minh.screen)")
        // The arrows go through its rows, and leave it at its ends.
        minh.press(Key(.up)).type("y")
        #expect(minh.shows("▸ Lý do") && minh.shows(" xlý-do-") && minh.shows(" lyý-do-"), "\(minh.screen)")
        for _ in 0..<20 where minh.shows("▸ Lý do") { minh.press(Key(.up)) }
        #expect(!minh.shows("▸ Lý do"), "\(minh.screen)")
        minh.press(Key(.tab))
        #expect(minh.shows("▸ Lý do"), "\(minh.screen)")
    }

    @Test func aMarkIsChosenByItsOwnKeys() throws {
        let story = try inReview()
        let minh = story.minh.open(2).press(.character("P"), Key(.tab), Key(.right))
        #expect(minh.shows("[ ] đạt ▸[ ] đạt một phần") && !minh.shows("[x]"), "\(minh.screen)")
        minh.press(.character(" "))
        #expect(minh.shows("▸[x] đạt một phần"), "\(minh.screen)")
        minh.press(Key(.left), Key(.down), Key(.up))
        #expect(minh.shows("▸[x] đạt một phần"), "coming back leads to what is chosen: \(minh.screen)")
        minh.press(Key(.backspace))
        #expect(!minh.shows("[x]"))
    }

    @Test func leavingThePreviewGoesBackToWriting() throws {
        let story = try inReview()
        let minh = story.minh.open(2).press(.character("P")).press(Key(.tab, .shift), Key(.tab, .shift)).type("1")
        minh.press(.control("s"))
        #expect(minh.shows("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"))
        minh.press(Key(.escape))
        #expect(minh.shows("I. NHẬN XÉT CHUNG") || minh.shows("VI. KẾT LUẬN"))
        #expect(!minh.shows("CỘNG HÒA"))
    }

    @Test func aVerdictAgainstItNeedsItsReason() throws {
        let story = try inReview()
        let minh = story.minh.open(2).press(.character("P")).press(Key(.tab, .shift), Key(.tab, .shift)).type("4")
        minh.press(.control("s"))
        #expect(minh.shows("phải nêu lý do"))
        minh.type("Số liệu sai.").press(.control("s"))
        #expect(!minh.shows("phải nêu lý do"))
    }

    @Test func aFormThatWasBegunIsTakenUpAgain() throws {
        let story = try inReview()
        let minh = story.minh.open(2).press(.character("P"))
        minh.type("Dòng một\nDòng hai").press(Key(.tab)).type("3")
        minh.press(Key(.escape))
        let later = Desk("minh", at: story.office, run: 2, after: minh).open(2).press(.character("P"))
        #expect(later.shows("Tiếp tục phiếu đã viết dở."))
        #expect(later.shows("Dòng hai") && later.shows("[x] chưa đạt"))
    }

    // MARK: The sheet

    private static let blank = """
        PHIẾU

        I. NHẬN XÉT
        ..........
        ..........

        II. TIÊU CHÍ
        1. Kết quả
           Mức (đạt / chưa đạt): ………………
           Minh chứng (mục, đoạn): ………………
        VI. KẾT LUẬN
          [ ] đạt (pass)
          [ ] không đạt (fail)
        Lý do (nếu không đạt): ………………./.
        Ký tên
        """

    @Test func theGapsAreFound() {
        let sheet = FormSheet(Self.blank)
        #expect(
            sheet.gaps.map(\.kind) == [
                .text, .choice(["đạt", "chưa đạt"]), .evidence,
                .verdict(words: ["đạt", "không đạt"], values: ["pass", "fail"]), .line,
            ])
        #expect(
            sheet.gaps.map(\.heading) == ["I. NHẬN XÉT", "1. Kết quả", "1. Kết quả", "VI. KẾT LUẬN", "VI. KẾT LUẬN"])
    }

    @Test func aHeadingWithoutAFieldOfItsOwnStandsAboveItsCriteria() throws {
        #expect(FormSheet(Self.blank).gaps.map(\.above) == [[], ["II. TIÊU CHÍ"], [], [], []])
        let minh = try inReview().minh.open(2).press(.character("P"))
        #expect(minh.shows("II. ĐÁNH GIÁ THEO"), "\(minh.screen)")
    }

    @Test func whatIsFilledInStandsInItsPlaceAndNothingElseChanges() {
        let sheet = FormSheet(Self.blank)
        #expect(sheet.filled(["", "", "", "", ""]) == Self.blank)
        let filled = sheet.filled(["Rõ.\nĐủ.", "đạt", "I/1", "fail", "Sai"])
        #expect(
            filled == """
                PHIẾU

                I. NHẬN XÉT
                Rõ.
                Đủ.

                II. TIÊU CHÍ
                1. Kết quả
                   Mức (đạt / chưa đạt): đạt
                   Minh chứng (mục, đoạn): I/1
                VI. KẾT LUẬN
                  [ ] đạt (pass)
                  [x] không đạt (fail)
                Lý do (nếu không đạt): Sai./.
                Ký tên
                """)
    }

    @Test(arguments: ["", "\n", "…", ".........", "[ ] x ()", "1. \n………………………………", "[ ] (a)\n[ ] b (c"])
    func anySheetIsRead(_ text: String) {
        let sheet = FormSheet(text)
        #expect(sheet.filled(sheet.gaps.map { _ in "" }) == text)
        #expect(!sheet.filled(sheet.gaps.map { _ in "chữ" }).isEmpty || text.isEmpty)
    }

    @Test func aFormWithoutGapsIsOnlyLookedAt() throws {
        let story = try inReview()
        var model = story.minh.open(2).model
        model.open(.review(ReviewPage(number: 99, topic: "2025-2", revision: "2025-2@1", draft: "x")))
        model.changeReview(99) { $0.take(blank: "Chỉ có chữ.", kept: nil) }
        for key in [Key(.tab), .control("s"), .control("g"), .control("o"), .character("1"), Key(.enter), Key(.up)] {
            _ = model.update(.keys([key]))
        }
        #expect(model.page.place == .review)
        #expect(model.frame().grid.text(row: 0).contains("Phiếu"))
    }

    @Test func aReviewersTaskLeadsToTheForm() throws {
        let story = try inReview()
        try story.act("hoa", "ASSIGN 2025-2 minh as=reviewer")
        let minh = story.minh.listen()
        #expect(minh.shows("lập phiếu phản biện"), "\(minh.screen)")
        #expect(minh.press(Key(.home), Key(.enter)).shows("NHẬN XÉT CHUNG"), "\(minh.screen)")
    }

    @Test func aDraftComesBackAsItWas() {
        let values: [(name: String, value: String)] = [("1. a|b", "một\n# hai\n|ba"), ("c|", "x"), ("d|", " ")]
        #expect(FieldDraft.values(FieldDraft.text(values)) == ["1. a|b": "một\n# hai\n|ba", "c|": "x"])
    }

    /// What can be chosen is read whole, in a narrow window too.
    @Test func everyWordOfAChoiceIsSeen() throws {
        let story = try Story()
        try story.advance(to: .review)
        let minh = story.minh.open(2).press(.character("P"), Key(.tab)).resize(40, 12)
        #expect(minh.shows("▸[ ] đạt  [ ] đạt một phần\n") && minh.shows("  [ ] chưa đạt"), "\(minh.screen)")
        minh.press(Key(.right), Key(.right), .character(" "))
        #expect(minh.shows("▸[x] chưa đạt"), "\(minh.screen)")
        let rows = minh.screen.split(separator: "\n", omittingEmptySubsequences: false)
        let row = try #require(rows.firstIndex { $0.contains("▸[x]") })
        #expect(minh.shows("── cursor \(row):"), "\(minh.screen)")
    }
}
