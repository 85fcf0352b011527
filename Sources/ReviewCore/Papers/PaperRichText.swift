/// A paper as Rich Text Format, which every word processor opens: A4, Times New Roman, margins, sizes and weights of NĐ
/// 30/2020/NĐ-CP, Phụ lục I.
///
/// The file is ASCII in short lines, since RTF 1.9 writes any other letter as `\u` and its number, and ends of lines within
/// it mean nothing.
struct PaperRichText {
    /// Twentieths of a point: A4 is 210 × 297 mm; margins 20 mm, on the left 30 mm (Phụ lục I, phần I, mục I.2).
    private enum Measure {
        static let width = 11_906
        static let height = 16_838
        static let margin = 1_134
        static let left = 1_701
        static var text: Int { width - left - margin }
        /// The first line of a paragraph: 1 cm.
        static let firstLine = 567
        /// A column of a terminal's indent.
        static let column = 120
        /// How wide the issuer's side is.
        static let issuer = 3_800
    }

    /// Half points, by what Phụ lục I gives each part.
    private enum Size {
        static let text = 28
        static let head = 24
        /// Tiêu ngữ, the number, place and date.
        static let motto = 26
        static let page = 26
        static let table = 24
        static let recipients = 22
    }

    private enum Alignment: String {
        case left = "ql"
        case centre = "qc"
        case justified = "qj"
    }

    private static let lineOctets = 120
    /// Columns by which a terminal indents the items of a list.
    private static let firstIndent = 2
    private static let longWord = 64

    private var octets: [UInt8] = []
    private var lineStart = 0
    private var inTable = false
    /// Whether the cell has a paragraph that is not ended: the end of a cell ends its last one.
    private var isOpen = false

    init(_ sheet: PaperSheet) {
        code(
            "{\\rtf1\\ansi\\ansicpg1252\\uc1\\deff0\\deflang1066{\\fonttbl{\\f0\\froman\\fcharset0 Times New Roman;}}")
        end()
        code(
            "\\paperw\(Measure.width)\\paperh\(Measure.height)\\margl\(Measure.left)\\margr\(Measure.margin)\\margt\(Measure.margin)\\margb\(Measure.margin)"
        )
        end()
        // Pages are numbered from the second on, in the middle of the upper margin (Phụ lục I, phần I, mục I.7).
        code("\\titlepg{\\header\\pard\\qc\\fs\(Size.page)\\chpgn\\par}")
        end()
        for block in sheet.blocks { add(block) }
        code("}")
        end()
    }

    var text: String { String(decoding: octets, as: UTF8.self) }

    // MARK: Blocks

    private mutating func add(_ block: PaperSheet.Block) {
        switch block {
        case .letterhead(let head): add(head)
        case .title(let text): paragraph(text, .centre, isBold: true, below: 0)
        case .titleRule: shortRule(by: Measure.text * 2 / 5, below: 240)
        case .centred(let text): paragraph(text, .centre)
        case .heading(let text):
            paragraph(text, .justified, firstLine: Measure.firstLine, isBold: true, staysWithNext: true)
        case .paragraph(let text, let indent):
            for line in text.split(separator: "\n", omittingEmptySubsequences: true) {
                // A digest would tear a justified line apart. The first indent is that of every paragraph's first line.
                let hasLongWord = line.split(separator: " ").contains { $0.utf8.count >= Self.longWord }
                paragraph(
                    line, hasLongWord ? .left : .justified, indent: max(0, indent - Self.firstIndent) * Measure.column,
                    firstLine: Measure.firstLine)
            }
        // Paragraphs keep their distance by themselves.
        case .blank: break
        case .rule:
            code("\\pard\\brdrb\\brdrs\\brdrw5\\sa60\\fs8\\par")
            end()
        case .dots(let count, let indent):
            for _ in 0..<count {
                code("\\pard\\li\(indent * Measure.column)\\tqr\\tldot\\tx\(Measure.text)\\fs\(Size.text)\\tab\\par")
                end()
            }
        case .signature(let title, let name, let recipients):
            space()
            beside(
                Measure.issuer + 600, { $0.add(recipients: recipients) }, { $0.add(signatory: title, name) })
        case .signatures(let left, let right, let recipients):
            space()
            beside(
                Measure.text / 2, { $0.add(signatory: [left.title], left.name) },
                { $0.add(signatory: [right.title], right.name) })
            add(recipients: recipients)
        case .table(let table): add(table)
        }
    }

    private mutating func add(_ head: PaperSheet.Letterhead) {
        beside(
            Measure.issuer,
            { sheet in
                if !head.parent.isEmpty {
                    sheet.paragraph(head.parent.uppercased(), .centre, below: 0, size: Size.head)
                }
                if !head.issuer.isEmpty {
                    sheet.paragraph(head.issuer.uppercased(), .centre, isBold: true, below: 0, size: Size.head)
                    sheet.shortRule(by: Measure.issuer / 3, below: 0)
                }
            },
            { sheet in
                sheet.paragraph(
                    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", .centre, isBold: true, below: 0, size: Size.head)
                sheet.paragraph("Độc lập - Tự do - Hạnh phúc", .centre, isBold: true, below: 0, size: Size.motto)
                sheet.shortRule(by: (Measure.text - Measure.issuer) / 5, below: 0)
            })
        let (number, place) = (head.number, head.placeLine)
        guard number != nil || place != nil else { return space() }
        beside(
            Measure.issuer, { if let number { $0.paragraph(number, .centre, size: Size.motto) } },
            { if let place { $0.paragraph(place, .centre, isItalic: true, size: Size.motto) } })
        space()
    }

    private mutating func add(recipients: [String]) {
        paragraph("Nơi nhận:", .left, isBold: true, isItalic: true, below: 0, size: Size.table)
        for line in PaperSheet.listed(recipients) { paragraph(line, .left, below: 0, size: Size.recipients) }
    }

    private mutating func add(signatory title: [String], _ name: String) {
        for line in title { paragraph(line, .centre, isBold: true, below: 0) }
        paragraph("(Ký, ghi rõ họ tên)", .centre, isItalic: true, below: 1_200)
        paragraph(name, .centre, isBold: true)
    }

    private mutating func add(_ table: PaperSheet.Table) {
        row(table.columns, isHeading: true, table.columns.map { [$0.heading] })
        for cells in table.rows { row(table.columns, isHeading: false, cells) }
        space()
    }

    private mutating func row(_ columns: [PaperSheet.Table.Column], isHeading: Bool, _ cells: [[String]]) {
        code("\\trowd\\trgaph70\\trleft0" + (isHeading ? "\\trhdr" : ""))
        var edge = 0
        for column in columns {
            edge += Measure.text * column.share / 100
            for side in ["t", "l", "b", "r"] { code("\\clbrdr\(side)\\brdrs\\brdrw10") }
            code("\\cellx\(edge)")
            end()
        }
        for cell in cells {
            inTable = true
            for text in cell {
                for line in text.split(separator: "\n", omittingEmptySubsequences: true) {
                    paragraph(
                        line, isHeading ? .centre : .left, isBold: isHeading, below: 60, size: Size.table,
                        staysWithNext: isHeading)
                }
            }
            endCell()
        }
        code("\\row")
        end()
    }

    // MARK: Side by side

    /// Two cells without borders.
    private mutating func beside(
        _ width: Int, _ left: (inout PaperRichText) -> Void, _ right: (inout PaperRichText) -> Void
    ) {
        code("\\trowd\\trgaph70\\trleft0\\trkeep\\cellx\(width)\\cellx\(Measure.text)")
        end()
        inTable = true
        left(&self)
        endCell()
        inTable = true
        right(&self)
        endCell()
        code("\\row")
        end()
    }

    private mutating func endCell() {
        if !isOpen { code("\\pard\\intbl") }
        code("\\cell")
        end()
        isOpen = false
        inTable = false
    }

    // MARK: Paragraphs

    private mutating func paragraph(
        _ text: some StringProtocol, _ alignment: Alignment, indent: Int = 0, firstLine: Int = 0, isBold: Bool = false,
        isItalic: Bool = false, below: Int = 120, size: Int = Size.text, staysWithNext: Bool = false
    ) {
        begin(alignment, indent: indent, firstLine: firstLine, below: below, size: size)
        if staysWithNext { code("\\keepn") }
        code((isBold ? "\\b" : "\\b0") + (isItalic ? "\\i " : "\\i0 "))
        write(text)
        close()
    }

    /// A line that leaves so much on either side.
    private mutating func shortRule(by inset: Int, below: Int) {
        begin(.centre, indent: inset, right: inset, below: below, size: 8)
        code("\\sb50\\brdrt\\brdrs\\brdrw10 ")
        close()
    }

    private mutating func space() {
        begin(.left, below: 0, size: Size.recipients)
        close()
    }

    private mutating func begin(
        _ alignment: Alignment, indent: Int = 0, right: Int = 0, firstLine: Int = 0, below: Int, size: Int
    ) {
        if isOpen {
            code("\\par")
            end()
        }
        code(
            "\\pard" + (inTable ? "\\intbl" : "")
                + "\\\(alignment.rawValue)\\li\(indent)\\ri\(right)\\fi\(firstLine)\\sa\(below)\\fs\(size)")
        isOpen = inTable
    }

    private mutating func close() {
        guard !inTable else { return }
        code("\\par")
        end()
    }

    // MARK: Octets

    private mutating func code(_ text: String) { octets += text.utf8 }

    private mutating func end() {
        octets.append(0x0A)
        lineStart = octets.count
    }

    /// Letters as RTF writes them; the mark behind a number stands for the letter where it is not known.
    private mutating func write(_ text: some StringProtocol) {
        for unit in text.utf16 {
            if octets.count - lineStart > Self.lineOctets { end() }
            switch unit {
            case 0x09: code("\\tab ")
            case 0x5C, 0x7B, 0x7D: octets += [0x5C, UInt8(truncatingIfNeeded: unit)]
            case 0x20..<0x7F: octets.append(UInt8(truncatingIfNeeded: unit))
            case 0x80...: code("\\u\(Int16(bitPattern: unit))?")
            // Control characters come with no stored text.
            default: break
            }
        }
    }
}
