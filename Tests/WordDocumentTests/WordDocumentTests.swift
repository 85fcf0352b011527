import Foundation
import ReviewCore
import ReviewProtocol
import ReviewTestKit
import Testing
import WordTestKit

@testable import WordDocuments

/// What becomes of the files that offices have.
@Suite struct WordDocumentTests {
    private func text(_ body: String, _ parts: [String: String] = [:]) throws -> String {
        try WordDocument(wordFile(body, parts)).text
    }

    private func fixture(_ name: String) throws -> [UInt8] {
        let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        return Array(try Data(contentsOf: tests.appending(path: "Fixtures/word/" + name)))
    }

    // MARK: Files of real programs

    @Test func headingStylesBecomeHeadingsAndListsKeepTheirMarks() throws {
        let document = try WordDocument(try fixture("heading-styles.docx"))
        #expect(
            document.text == """
                Kỹ năng tham gia tố tụng trong vụ án hình sự

                # Mở đầu

                Năm 2024 Trung tâm thực hiện 57 vụ việc tham gia tố tụng.

                # Nội dung

                ## Kết quả đạt được

                Viên chức được bồi dưỡng kỹ năng mỗi quý.

                - Nghiên cứu hồ sơ

                - Gặp bị can, bị cáo

                1. Bước một

                2. Bước hai

                Năm | Số vụ việc | Ghi chú

                2024 | 57 | tăng 5 %

                ## Hạn chế

                ### Nguyên nhân khách quan

                Địa bàn rộng, đi lại khó khăn.

                # Kết luận

                Kiến nghị Sở Tư pháp bổ sung kinh phí.

                """)
        #expect(document.headings == 6 && !document.isOutlineGuessed)
        #expect(document.summary.vietnamese == "Đọc từ tệp Word: 6 đề mục." && document.losses == nil)
    }

    @Test func boldNumberedLinesAreHeadingsWhereTheAuthorChoseNoStyles() throws {
        let document = try WordDocument(try fixture("bold-headings.docx"))
        #expect(
            document.text == """
                SỞ TƯ PHÁP TỈNH CAO BẰNG TRUNG TÂM TGPL NHÀ NƯỚC | CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM

                CHUYÊN ĐỀ

                Kỹ năng tham gia tố tụng

                # I. ĐẶT VẤN ĐỀ

                Năm 2024 Trung tâm thực hiện 57 vụ việc.

                # II. NỘI DUNG

                ## 1. Cơ sở pháp lý

                Luật Trợ giúp pháp lý năm 2017.

                ## 2. Kết quả

                ### 2.1. Về số lượng

                a) Hình sự: 40 vụ;

                b) Dân sự: 17 vụ.

                12 vụ việc thành công.

                - Một

                - Hai

                # III. KẾT LUẬN

                Đề nghị Sở xem xét.

                GIÁM ĐỐC

                """)
        #expect(document.isOutlineGuessed && document.headings == 6)
        #expect(document.summary.vietnamese.contains("xin xem lại"))
    }

    // MARK: What stands in a paragraph

    @Test func breaksAndHyphensStayAndWhatCannotBeSeenGoes() throws {
        let run = """
            <w:p><w:r><w:t>Điều</w:t><w:tab/><w:t>1.</w:t><w:br/><w:t>Dòng hai</w:t><w:br w:type="page"/>\
            <w:noBreakHyphen/><w:softHyphen/><w:t>\u{200B}ba\u{AD}\u{FEFF}\u{A0}\u{A0}bốn </w:t></w:r></w:p>
            """
        #expect(try text(run) == "Điều 1.\nDòng hai-ba bốn\n")
    }

    @Test func trackedChangesAreTakenAsAccepted() throws {
        let body = """
            <w:p><w:r><w:t xml:space="preserve">Có </w:t></w:r><w:del w:id="1"><w:r><w:delText>57</w:delText></w:r></w:del>\
            <w:ins w:id="2"><w:r><w:t>75</w:t></w:r></w:ins><w:r><w:t xml:space="preserve"> vụ</w:t></w:r></w:p>\
            <w:p><w:pPr><w:rPr><w:del w:id="3"/></w:rPr></w:pPr><w:r><w:t xml:space="preserve">Đoạn một </w:t></w:r></w:p>\
            \(paragraph("liền đoạn hai"))\
            <w:moveFrom w:id="4"><w:r><w:t>dời đi</w:t></w:r></w:moveFrom>
            """
        let document = try WordDocument(wordFile(body))
        #expect(document.text == "Có 75 vụ\n\nĐoạn một liền đoạn hai\n")
        #expect(document.summary.vietnamese.contains("chấp nhận 3 thay đổi"))
        #expect(document.summary.english.contains("3 tracked changes"))
        #expect(document.losses?.vietnamese == "coi như đã chấp nhận 3 thay đổi đang theo dõi")
    }

    private let joined = "<w:rPr><w:del w:id=\"1\"/></w:rPr>"

    @Test func aHeadingBehindADeletedEmptyParagraphStaysOne() throws {
        let body =
            paragraph("", properties: joined) + paragraph("Mở đầu", properties: #"<w:outlineLvl w:val="0"/>"#)
        #expect(try text(body) == "# Mở đầu\n")
    }

    @Test func whatHasNothingToBeJoinedToIsNotLost() throws {
        let table = "<w:tbl><w:tr><w:tc>\(paragraph("trong ô", properties: joined))</w:tc><w:tc/></w:tr></w:tbl>"
        let body = paragraph("trước bảng", properties: joined) + table + paragraph("cuối", properties: joined)
        #expect(try text(body) == "trước bảng\n\ntrong ô |\n\ncuối\n")
    }

    @Test func aDeletedRowAndHiddenTextAreNoText() throws {
        let body = """
            <w:tbl><w:tr><w:trPr><w:del w:id="1"/></w:trPr><w:tc>\(paragraph("bỏ"))</w:tc><w:tc>\(paragraph("cả hàng"))</w:tc></w:tr>\
            <w:tr><w:tc>\(paragraph("giữ"))</w:tc><w:tc>\(paragraph("hàng"))\(paragraph("này"))</w:tc></w:tr></w:tbl>\
            \(paragraph("ẩn", run: "<w:vanish/>"))\(paragraph("hiện", run: "<w:vanish w:val=\"0\"/>"))
            """
        #expect(try text(body) == "giữ | hàng này\n\nhiện\n")
    }

    @Test func aFramedTextKeepsItsParagraphsAndAnInnerTableIsPartOfItsCell() throws {
        let inner = "<w:tbl><w:tr><w:tc>\(paragraph("x"))</w:tc><w:tc>\(paragraph("y"))</w:tc></w:tr></w:tbl>"
        let body = """
            <w:tbl><w:tr><w:tc>\(paragraph("Khung một"))\(paragraph("Khung hai"))</w:tc></w:tr></w:tbl>\
            <w:tbl><w:tr><w:tc>\(inner)\(paragraph("a"))</w:tc><w:tc>\(paragraph("b"))</w:tc></w:tr></w:tbl>
            """
        #expect(try text(body) == "Khung một\n\nKhung hai\n\nx | y a | b\n")
    }

    @Test func aTextBoxIsReadOnceAndPicturesAreCounted() throws {
        let box = "<w:txbxContent>\(paragraph("Trong khung"))</w:txbxContent>"
        let body = """
            <w:p><w:r><w:t>Ngoài</w:t><mc:AlternateContent><mc:Choice><w:drawing>\(box)</w:drawing></mc:Choice>\
            <mc:Fallback><w:pict>\(box)<v:imagedata/></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>\
            <w:p><w:r><w:drawing><pic:pic/></w:drawing></w:r><w:commentReference w:id="0"/></w:p>
            """
        let document = try WordDocument(wordFile(body))
        #expect(document.text == "Trong khung\n\nNgoài\n\n[hình]\n")
        #expect(document.summary.vietnamese.contains("bỏ lại 1 hình, 1 ghi chú bên lề"))
    }

    @Test(arguments: [
        ("<mc:Choice>a</mc:Choice><mc:Choice>b</mc:Choice><mc:Fallback>c</mc:Fallback>", "a"),
        ("<mc:Choice>a</mc:Choice>", "a"),
        ("<mc:Fallback>c</mc:Fallback>", "c"),
        (
            "<mc:Choice><mc:AlternateContent><mc:Choice>a</mc:Choice><mc:Fallback>b</mc:Fallback></mc:AlternateContent>"
                + "d</mc:Choice><mc:Fallback>c</mc:Fallback>", "ad"
        ),
    ])
    func ofAlternativesTheFirstIsRead(_ alternatives: String, _ expected: String) throws {
        let marked = alternatives.replacing(#/>([a-d])</#) { "><w:r><w:t>\($0.1)</w:t></w:r><" }
        let body = "<w:p><mc:AlternateContent>\(marked)</mc:AlternateContent></w:p>"
        #expect(try text(body) == expected + "\n")
    }

    @Test func whatNobodySeesIsLeftOut() throws {
        // Word keeps joiners, fillers and tags that came by pasting; the server would refuse the text for them.
        let unseen = "\u{34F}\u{115F}\u{180E}\u{2028}\u{2800}\u{3164}\u{E0020}\u{FE0F}\u{1D173}"
        let read = try text(paragraph("Chứng\(unseen) cứ"))
        #expect(read == "Chứng\ncứ\n")
        #expect(try CanonicalText.document(Array(read.utf8)) == read)
    }

    @Test func aHeadingInAFrameIsOne() throws {
        let heading = paragraph("Mở đầu", properties: #"<w:outlineLvl w:val="0"/>"#)
        #expect(try text("<w:tbl><w:tr><w:tc>\(heading)</w:tc></w:tr></w:tbl>") == "# Mở đầu\n")
    }

    @Test func textThatBeginsLikeAHeadingIsNone() throws {
        let cells = ["#", "Họ tên", ""].map { "<w:tc>\(paragraph($0))</w:tc>" }.joined()
        let body = "<w:tbl><w:tr>\(cells)</w:tr></w:tbl><w:p><w:r><w:t>a</w:t><w:br/><w:t># b</w:t></w:r></w:p>"
        #expect(try text(body) == " # | Họ tên |\n\na\n # b\n")
    }

    @Test func signsOfPictureFontsAreShownAsWhatTheyLookLike() throws {
        let body = """
            <w:p><w:r><w:t>57</w:t><w:sym w:font="Wingdings" w:char="F0E0"/><w:t>75</w:t><w:sym w:font="Symbol" w:char="B3"/>\
            <w:sym w:font="Webdings" w:char="F041"/><w:sym w:font="Wingdings" w:char="zz"/></w:r></w:p>\
            \(paragraph("\u{F0FE} có", run: #"<w:rFonts w:ascii="Wingdings"/>"#))
            """
        #expect(try text(body) == "57→75≥[ký hiệu][ký hiệu]\n\n☑ có\n")
    }

    @Test func anEquationIsReadInOneLine() throws {
        func number(_ text: String) -> String { "<m:r><m:t>\(text)</m:t></m:r>" }
        let body = """
            <w:p><m:oMath><m:f><m:num>\(number("57"))</m:num><m:den>\(number("75"))</m:den></m:f>\(number("=x"))\
            <m:sup>\(number("2"))</m:sup></m:oMath></w:p>
            """
        #expect(try text(body) == "(57)/(75)=x^(2)\n")
    }

    @Test func aChartIsAPicture() throws {
        let document = try WordDocument(wordFile("<w:p><w:r><w:drawing><c:chart/></w:drawing></w:r></w:p>"))
        #expect(document.text == "[hình]\n" && document.summary.vietnamese.contains("1 hình"))
    }

    @Test func footnotesFollowTheirParagraph() throws {
        let body = """
            <w:p><w:r><w:t>Theo luật</w:t><w:footnoteReference w:id="7"/></w:r></w:p>\(paragraph("Sau đó"))
            """
        let notes = """
            <w:footnote w:type="separator" w:id="0">\(paragraph("---"))</w:footnote>\
            <w:footnote w:id="7">\(paragraph("Luật số 11/2017/QH14"))</w:footnote>
            """
        #expect(
            try text(body, ["footnotes": notes]) == "Theo luật[1]\n\n[1] Luật số 11/2017/QH14\n\nSau đó\n")
    }

    @Test func aTableOfContentsIsNotRepeated() throws {
        let contents = """
            <w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr>\
            <w:sdtContent>\(paragraph("Mục lục"))\(paragraph("Mở đầu 3"))</w:sdtContent></w:sdt>
            """
        let styles = #"<w:style w:type="paragraph" w:styleId="M1"><w:name w:val="toc 1"/></w:style>"#
        let field = paragraph("Nội dung 5", properties: #"<w:pStyle w:val="M1"/>"#)
        let other = "<w:sdt><w:sdtContent>\(paragraph("Ô nhập"))</w:sdtContent></w:sdt>"
        #expect(
            try text(contents + field + other + paragraph("Thân"), ["styles": styles]) == "Ô nhập\n\nThân\n")
    }

    // MARK: Numbers

    private func item(_ text: String, _ list: Int, _ level: Int = 0) -> String {
        paragraph(text, properties: #"<w:numPr><w:ilvl w:val="\#(level)"/><w:numId w:val="\#(list)"/></w:numPr>"#)
    }

    @Test func listsAreNumberedAsWordShowsThem() throws {
        let numbering = """
            <w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="upperRoman"/>\
            <w:lvlText w:val="%1."/></w:lvl><w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/>\
            <w:lvlText w:val="%1.%2."/><w:isLgl/></w:lvl><w:lvl w:ilvl="2"><w:start w:val="1"/>\
            <w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%3)"/></w:lvl></w:abstractNum>\
            <w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val=""/></w:lvl>\
            </w:abstractNum>\
            <w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>\
            <w:num w:numId="2"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/>\
            </w:lvlOverride></w:num><w:num w:numId="3"><w:abstractNumId w:val="1"/></w:num>
            """
        let body =
            item("một", 1) + item("hai", 1) + item("hai một", 1, 1) + item("a", 1, 2) + item("b", 1, 2) + item("", 1, 2)
            + item("hai hai", 1, 1) + item("a lại", 1, 2) + item("ba", 1) + item("gạch", 3) + item("lại từ đầu", 2)
            + item("tiếp", 2) + item("không số", 0) + item("không có danh sách", 9) + item("quá sâu", 1, 12)
        #expect(
            try text(body, ["numbering": numbering]).split(separator: "\n") == [
                "I. một", "II. hai", "2.1. hai một", "a) a", "b) b", "2.2. hai hai", "a) a lại", "III. ba", "- gạch",
                "I. lại từ đầu", "II. tiếp", "không số", "không có danh sách", "quá sâu",
            ])
    }

    @Test func headingsMayHaveTheirNumbersAndLevelsFromTheirStyles() throws {
        let styles = """
            <w:style w:type="paragraph" w:styleId="A"><w:name w:val="Đề mục"/><w:pPr><w:outlineLvl w:val="0"/>\
            <w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>\
            <w:style w:type="paragraph" w:styleId="B"><w:name w:val="Đề mục con"/><w:basedOn w:val="A"/>\
            <w:pPr><w:outlineLvl w:val="1"/></w:pPr></w:style>\
            <w:style w:type="paragraph" w:styleId="C"><w:name w:val="heading 3"/><w:basedOn w:val="C"/></w:style>\
            <w:style w:type="paragraph" w:styleId="D"><w:name w:val="x"/><w:pPr><w:outlineLvl w:val="9"/></w:pPr></w:style>
            """
        let numbering = """
            <w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:numFmt w:val="upperRoman"/><w:lvlText w:val="%1."/>\
            <w:pStyle w:val="A"/></w:lvl><w:lvl w:ilvl="1"><w:numFmt w:val="decimal"/><w:lvlText w:val="%2."/>\
            <w:pStyle w:val="B"/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>
            """
        func styled(_ text: String, _ style: String) -> String {
            paragraph(text, properties: #"<w:pStyle w:val="\#(style)"/>"#)
        }
        let body =
            styled("Một", "A") + styled("Con", "B") + styled("Cháu", "C") + styled("Chữ", "D") + styled("Hai", "A")
        #expect(
            try text(body, ["styles": styles, "numbering": numbering])
                == "# I. Một\n\n## 1. Con\n\n### Cháu\n\nChữ\n\n# II. Hai\n")
    }

    @Test func numbersGoOnWhereTheListSaysSoAndAnEmptyItemIsCounted() throws {
        let numbering = """
            <w:abstractNum w:abstractNumId="0"><w:styleLink w:val="S"/><w:lvl w:ilvl="0"><w:numFmt w:val="upperRoman"/>\
            <w:lvlText w:val="Chương %1."/></w:lvl><w:lvl w:ilvl="1"><w:lvlRestart w:val="0"/><w:lvlText w:val="Điều %2."/>\
            </w:lvl></w:abstractNum><w:abstractNum w:abstractNumId="1"><w:numStyleLink w:val="S"/></w:abstractNum>\
            <w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>
            """
        let body =
            item("một", 1) + item("a", 1, 1) + item("", 1, 1) + item("c", 1, 1) + item("hai", 1) + item("d", 1, 1)
        #expect(
            try text(body, ["numbering": numbering]).split(separator: "\n") == [
                "Chương I. một", "Điều 1. a", "Điều 3. c", "Chương II. hai", "Điều 4. d",
            ])
    }

    @Test func aHeadingOfTheNinthLevelIsAsDeepAsADraftAllows() throws {
        #expect(try text(paragraph("Sâu", properties: #"<w:outlineLvl w:val="8"/>"#)) == "###### Sâu\n")
    }

    // MARK: Headings by their look

    @Test(arguments: [
        ("I. TÌNH HÌNH", "", true), ("I. Tình hình", "", false), ("I. Tình hình", "<w:b/>", true),
        ("I. Tình hình", #"<w:b w:val="0"/>"#, false), ("1. Kết quả", "<w:b/>", true), ("12 vụ việc", "<w:b/>", false),
        ("1.1 Kết quả", "<w:b/>", true), ("1.000 vụ", "<w:b/>", false), ("a) Hình sự", "<w:b/>", true),
        ("A. Hình sự", "<w:caps/>", true), ("Phần thứ nhất", "<w:b/>", true), ("CHƯƠNG II", "", true),
        ("Mục tiêu của chuyên đề", "<w:b/>", false), ("KẾT LUẬN", "", true), ("Kết luận:", "<w:b/>", true),
        ("I/ TÌNH HÌNH", "", true), ("II - TÌNH HÌNH", "", true), ("III – Tình hình", "<w:b/>", true),
        ("1/ Kết quả", "<w:b/>", true), ("2- Kết quả", "<w:b/>", true), ("3.Kết quả", "<w:b/>", true),
        ("1.1.Kết quả", "<w:b/>", true), ("15/3/2025", "<w:b/>", false), ("10 - 12 vụ", "<w:b/>", false),
        ("V.I.P", "<w:b/>", false), ("PHỤ LỤC 1", "", true), ("Phụ lục kèm theo", "<w:b/>", false),
        ("Phần năm 2024", "<w:b/>", false), ("PHẦN MỘT: MỞ ĐẦU", "", true), ("Q. GIÁM ĐỐC", "<w:b/>", false),
        ("P. GIÁM ĐỐC", "", false), ("Đ/c Nông Văn A", "<w:b/>", false), ("1. Một<w:br/>2. Hai", "<w:b/>", false),
        ("KT. GIÁM ĐỐC", "<w:b/>", false), ("Nơi nhận:", "<w:b/>", false), ("I.", "<w:b/>", false),
    ])
    func aLineIsAHeadingWhen(text line: String, run: String, isHeading: Bool) throws {
        let document = try WordDocument(wordFile(paragraph(line, run: run)))
        #expect(document.text.hasPrefix("# ") == isHeading, "\(document.text)")
        #expect(document.headings == (isHeading ? 1 : 0))
        #expect(isHeading || document.summary.vietnamese.contains("Heading 1, 2, 3"))
    }

    @Test func aHeadingOfTwoLinesIsOne() throws {
        let bold = "<w:b/>"
        let broken = "<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>II. THỰC TRẠNG</w:t><w:br/><w:t>TẠI TỈNH</w:t></w:r></w:p>"
        let body =
            paragraph("Phần thứ nhất", run: bold) + paragraph("NHỮNG VẤN ĐỀ CHUNG", run: bold) + broken
            + paragraph("Chương I.", run: bold) + paragraph("1. Một", run: bold) + paragraph("MỤC 2", run: bold)
            + paragraph("chữ thường")
        #expect(
            try text(body).split(separator: "\n") == [
                "# Phần thứ nhất NHỮNG VẤN ĐỀ CHUNG", "#### II. THỰC TRẠNG TẠI TỈNH", "## Chương I.", "##### 1. Một",
                "### MỤC 2", "chữ thường",
            ])
    }

    @Test func aTitleWithTheOnlyHeadingStyleHidesNoHeadings() throws {
        let title = paragraph("CHUYÊN ĐỀ", properties: #"<w:outlineLvl w:val="0"/>"#)
        let one = paragraph("I. MỞ ĐẦU", run: "<w:b/>")
        #expect(
            try text(title + one + paragraph("II. HẾT", run: "<w:b/>")) == "CHUYÊN ĐỀ\n\n# I. MỞ ĐẦU\n\n# II. HẾT\n")
        #expect(try text(title + one) == "# CHUYÊN ĐỀ\n\nI. MỞ ĐẦU\n")
    }

    @Test func aBoldParagraphIsNoHeadingHoweverItBegins() throws {
        let long = "1. " + String(repeating: "dài ", count: 80)
        #expect(try WordDocument(wordFile(paragraph(long, run: "<w:b/>"))).headings == 0)
    }

    @Test func whatASaysOfItsStyleIsBoldAsWell() throws {
        let styles =
            #"<w:style w:type="paragraph" w:default="1" w:styleId="N"><w:name w:val="Normal"/><w:rPr><w:b/></w:rPr></w:style>"#
        #expect(try text(paragraph("I. Mở"), ["styles": styles]) == "# I. Mở\n")
    }

    // MARK: Refusals

    private func problem(_ octets: [UInt8]) -> WordProblem? {
        do throws(WordProblem) {
            _ = try WordDocument(octets)
            return nil
        } catch { return error }
    }

    @Test func whatIsNoWordFileIsNamed() throws {
        var sheet = Archive()
        sheet.add("mimetype", Array("application/vnd.oasis.opendocument.text".utf8))
        #expect(problem(sheet.file) == .notWord)
        var workbook = Archive()
        workbook.add("[Content_Types].xml", [])
        let relation = "<Relationships><Relationship Type='x/officeDocument' Target='xl/workbook.xml'/></Relationships>"
        workbook.add("_rels/.rels", Array(relation.utf8))
        workbook.add("xl/workbook.xml", Array("<workbook><sheets/></workbook>".utf8))
        #expect(problem(workbook.file) == .notWord)
        var locked = Archive()
        locked.add("[Content_Types].xml", Array("<Types/>".utf8))
        locked.add("_rels/.rels", [1, 2, 3], flags: 1)
        #expect(problem(locked.file) == .encrypted)
        var wrong = Archive()
        wrong.add("[Content_Types].xml", [])
        wrong.add("_rels/.rels", Array("<a/>".utf8), checksum: 7)
        #expect(problem(wrong.file) == .damaged(part: "_rels/.rels"))
        #expect(problem(Array("PK\u{3}\u{4}".utf8)) == .damaged(part: nil))
        #expect(problem(wordFile(paragraph(" "))) == .empty)
        #expect(problem(wordFile("<w:p>")) == .damaged(part: "word/main.xml"))
    }

    @Test func aTextOfBeforeUnicodeIsRefusedWithItsFont() throws {
        let font = #"<w:rFonts w:ascii=".VnTime" w:hAnsi=".VnTime"/>"#
        #expect(
            problem(wordFile(paragraph("C«ng t¸c trî gióp ph¸p lý ®­îc thùc hiÖn", run: font)))
                == .ancientFont(".VnTime"))
        // Unicode that only shows itself in such a font is what it says.
        #expect(problem(wordFile(paragraph("Trợ giúp pháp lý miễn phí cho người có công", run: font))) == nil)
        #expect(
            try #require(problem(wordFile(paragraph("ÊÊÊÊÊÊÊÊÊÊÊ", run: font)))).advice.vietnamese.contains("UniKey"))
    }

    @Test func entitiesAndEndlessDepthAreRefused() {
        var archive = Archive()
        archive.add("[Content_Types].xml", [])
        let bomb =
            "<!DOCTYPE a [<!ENTITY a \"xxxxxxxxxx\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">]><a>&b;</a>"
        archive.add("_rels/.rels", Array(bomb.utf8))
        #expect(problem(archive.file) == .damaged(part: "_rels/.rels"))
        let deep = String(repeating: "<w:x>", count: 5_000) + String(repeating: "</w:x>", count: 5_000)
        #expect(problem(wordFile(deep)) == .damaged(part: "word/main.xml"))
    }

    @Test func aTagWithEndlessAttributesIsRefused() {
        let many = (0..<1_000).map { "a\($0)='1'" }.joined(separator: " ")
        #expect(problem(wordFile("<w:x \(many)/>")) == .damaged(part: "word/main.xml"))
        #expect(problem(wordFile(paragraph(String(repeating: "a='1' ", count: 200)))) == nil)
    }

    @Test func aNoteOrANumberThatIsRepeatedWithoutEndIsRefused() {
        let note = "<w:footnote w:id=\"1\">\(paragraph(String(repeating: "n", count: 1_000_000)))</w:footnote>"
        let references = String(repeating: "<w:footnoteReference w:id=\"1\"/>", count: 5_000)
        #expect(problem(wordFile("<w:p>\(references)</w:p>", ["footnotes": note])) == .tooLarge)
        func numbering(_ pattern: String) -> [String: String] {
            let lists = (1...40).map { list in
                """
                <w:num w:numId="\(list)"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0">\
                <w:startOverride w:val="3900"/></w:lvlOverride></w:num>
                """
            }
            let kind = """
                <w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:numFmt w:val="lowerLetter"/>\
                <w:lvlText w:val="\(pattern)"/></w:lvl></w:abstractNum>
                """
            return ["numbering": kind + lists.joined()]
        }
        let items = (1...40).map { String(repeating: item("", $0), count: 99) }.joined()
        #expect(problem(wordFile(items, numbering(String(repeating: "%1", count: 32)))) == .tooLarge)
        // One character of ten thousand scalars.
        let long = "a" + String(repeating: "\u{301}", count: 10_000)
        #expect(problem(wordFile(items + paragraph("a"), numbering(long))) == nil)
    }

    @Test func partsAreFoundHoweverTheirNamesAreWritten() throws {
        for (name, target) in [("word\\Document.xml", "/Word/document.xml"), ("word/a.xml", "./x/../word/a.xml")] {
            var archive = Archive()
            archive.add("[content_types].xml", [])
            archive.add(
                "_rels/.rels",
                Array("<Relationships><Relationship Type='officeDocument' Target='\(target)'/></Relationships>".utf8))
            let word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
            archive.add(name, Array("<q:body xmlns:q='\(word)'><q:p><q:r><q:t>a</q:t></q:r></q:p></q:body>".utf8))
            #expect(try WordDocument(archive.file).text == "a\n")
        }
    }

    @Test func anArchiveThatUnpacksWithoutEndIsRefused() throws {
        // 80 MiB of blanks, which packed are some 80 KiB.
        let bomb = try fixture("bomb.docx")
        #expect(bomb.count < 200_000)
        #expect(problem(bomb) == .tooLarge)
        // Nobody looks at what comes behind the bound: it would have to be unpacked first.
        var spoilt = bomb
        spoilt.replaceSubrange(60_000..<60_064, with: repeatElement(0, count: 64))
        #expect(problem(spoilt) == .tooLarge)
    }

    @Test func aFileThatIsOnlyTooLongIsNotCalledDamaged() {
        let long = wordFile(paragraph("a") + "<!--" + String(repeating: " ", count: 10_000_000) + "-->")
        #expect(problem(long) == .tooLarge)
    }

    @Test(arguments: ["heading-styles", "bold-headings"])
    func aDamagedFileIsReadOrRefused(name: String) throws {
        let whole = try fixture("\(name).docx")
        var random = SplitMix64(seed: 20_251_130)
        var refused = 0
        for _ in 0..<120 {
            var octets = whole
            if random.next() % 4 == 0 { octets.removeLast(Int(random.next() % UInt64(octets.count))) }
            for _ in 0..<(1 + random.next() % 8) where !octets.isEmpty {
                octets[Int(random.next() % UInt64(octets.count))] = UInt8(truncatingIfNeeded: random.next())
            }
            if problem(octets) != nil { refused += 1 }
        }
        // Every part has a checksum; what is still read has its damage in parts that are not looked at.
        #expect(refused > 60)
    }

    @Test func damagedMarkupIsReadOrRefused() throws {
        let body = paragraph("I. Mở đầu", properties: #"<w:pStyle w:val="A"/>"#, run: "<w:b/>") + item("một", 1, 1)
        let styles = #"<w:style w:styleId="A"><w:name w:val="heading 1"/><w:basedOn w:val="A"/></w:style>"#
        var random = SplitMix64(seed: 7)
        let signs = Array("<>/w:=\"'0123456789-&; ".utf8)
        for _ in 0..<600 {
            var broken = Array(body.utf8)
            for _ in 0..<(1 + random.next() % 3) {
                broken[Int(random.next() % UInt64(broken.count))] = signs[Int(random.next() % UInt64(signs.count))]
            }
            if let found = problem(wordFile(String(decoding: broken, as: UTF8.self), ["styles": styles])) {
                #expect(found == .damaged(part: "word/main.xml") || found == .empty)
            }
        }
    }

    /// Foundation's parser traps on one without.
    @Test func anInstructionHasWordsOrThePartIsDamaged() throws {
        for instruction in ["<?a b?>", "<?a ?>", #"<?mso-application progid="Word.Document"?>"#] {
            #expect(try WordDocument(wordFile(instruction + paragraph("một"))).text.contains("một"), "\(instruction)")
        }
        #expect(problem(wordFile("<?a?>" + paragraph("một"))) == .damaged(part: "word/main.xml"))
        #expect(problem(wordFile(paragraph("một") + "<?một")) == .damaged(part: "word/main.xml"))
    }

    /// Whatever the name of the file says.
    @Test func aFileThatBringsProgramsIsRecognised() throws {
        #expect(try WordDocument(wordFile(paragraph("a"), ["vbaProject": ""])).hasMacros)
        #expect(try !WordDocument(wordFile(paragraph("a"), ["styles": ""])).hasMacros)
    }
}
