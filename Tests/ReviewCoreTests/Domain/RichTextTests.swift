import Testing

@testable import ReviewCore

/// Papers for a word processor: well-formed, in ASCII, and with every word that the plain text has.
@Suite("Papers as rich text")
struct RichTextTests {
    /// What a word processor shows, a line for each paragraph; nil where the braces do not fit.
    private static func shown(_ text: String) -> String? {
        var shown: [UInt16] = []
        var depth = 0
        /// Groups that are no text: the table of fonts, the header.
        var silent: Int?
        var rest = Substring(text)
        while let letter = rest.popFirst() {
            switch letter {
            case "{":
                depth += 1
                if silent == nil, rest.hasPrefix("\\fonttbl") || rest.hasPrefix("\\header") { silent = depth }
            case "}":
                if silent == depth { silent = nil }
                depth -= 1
                if depth < 0 { return nil }
            case "\n": break
            case "\\":
                if let escaped = rest.first, "\\{}".contains(escaped) {
                    shown += String(rest.removeFirst()).utf16
                    continue
                }
                let word = rest.prefix { $0.isASCII && $0.isLetter }
                rest = rest.dropFirst(word.count)
                let number = rest.prefix { $0 == "-" || $0.isASCII && $0.isNumber }
                rest = rest.dropFirst(number.count)
                if word == "u" {
                    guard let unit = Int16(number), rest.popFirst() == "?" else { return nil }
                    shown.append(UInt16(bitPattern: unit))
                } else if rest.first == " " {
                    rest.removeFirst()
                }
                if ["par", "cell", "row", "tab"].contains(word), silent == nil { shown += "\n".utf16 }
            default: if silent == nil { shown += String(letter).utf16 }
            }
        }
        return depth == 0 ? String(decoding: shown, as: UTF16.self) : nil
    }

    /// The words without what only the layout of one of the two has.
    private static func words(_ text: String) -> [Substring] {
        text.split { " \n".contains($0) }.filter { word in !word.allSatisfy { "─-=.…".contains($0) } }
    }

    private func paper(
        _ name: String, _ format: Papers.Format, _ world: World, _ arguments: Papers.Arguments = Papers.Arguments()
    ) throws -> String {
        let topic = name == Papers.Form.yearReport.rawValue ? nil : world[1]
        return try Papers.form(
            named: name, topic: topic, arguments, as: format, in: world.state, for: p("hanh"), now: world.now)
    }

    private func lived() throws -> World {
        var world = try World()
        try world.reach(.review)
        try world.comment("phuc", at: "I/1", level: .must, #"Sai {số liệu} ở C:\2024 – “57” thành “75”."#)
        try world.comment("phuc", "Hai đoạn.\nĐoạn sau.")
        try world.reach(.revision)
        try world.push(Draft.first + "\n\nBổ sung 🙂 số liệu.\n", addresses: [CommentID(1)])
        try world.settle(CommentID(1), .declined, "Theo báo cáo năm.")
        try world.reach(.plenary)
        try world.openPlenary()
        return world
    }

    @Test("every paper is well-formed ASCII in short lines", arguments: Papers.Form.allCases)
    func wellFormed(_ form: Papers.Form) throws {
        let text = try paper(form.rawValue, .richText, lived())
        #expect(text.hasPrefix("{\\rtf1\\ansi") && text.hasSuffix("}\n"))
        #expect(text.utf8.allSatisfy { $0 == 0x0A || (0x20..<0x7F).contains($0) })
        #expect(text.split(separator: "\n").allSatisfy { $0.utf8.count < 400 })
        #expect(Self.shown(text) != nil, "\(text)")
    }

    @Test(
        "it says what the plain text says, word by word",
        arguments: Papers.Form.allCases.filter { ![.commentTable, .comparison, .reviewForm].contains($0) })
    func sameWords(_ form: Papers.Form) throws {
        let world = try lived()
        let shown = try #require(Self.shown(paper(form.rawValue, .richText, world)))
        // What stands side by side is read in another order there.
        #expect(Self.words(shown).sorted() == Self.words(try paper(form.rawValue, .text, world)).sorted())
    }

    @Test("the comments stand in a table of four columns, a row each")
    func table() throws {
        let text = try paper("bang-tiep-thu-giai-trinh", .richText, lived())
        let rows = text.components(between: "\\trhdr", and: "\\sa0\\fs22\\par").split(separator: "\\row")
        #expect(rows.count == 3 + 1, "the heading, two comments, and what follows")
        for row in rows.prefix(3) { #expect(row.split(separator: "\\cell\n").count == 4, "\(row)") }
        let shown = try #require(Self.shown(text))
        for phrase in [
            "Nhóm vấn đề/mục\nChủ thể góp ý\nNội dung góp ý\nNội dung tiếp thu, giải trình\n",
            #"Sai {số liệu} ở C:\2024 – “57” thành “75”."#, "\nHai đoạn.\nĐoạn sau.\n", "Giải trình: Theo báo cáo năm.",
            "số dòng: 2 (đủ",
        ] { #expect(shown.contains(phrase), "\(phrase)\n\(shown)") }
    }

    @Test("the changes stand in a table with both drafts side by side")
    func changes() throws {
        let text = try paper("ban-so-sanh", .richText, lived())
        let shown = try #require(Self.shown(text))
        for phrase in [
            "Vị trí, thay đổi\nDự thảo lần 1\nDự thảo lần 2\nÝ kiến được nêu là đã xử lý\n", "STT 1 · ",
            "\n(không có)\n",
            "(thêm mới)\nBổ sung 🙂 số liệu.\n",
        ] { #expect(shown.contains(phrase), "\(phrase)\n\(shown)") }
    }

    @Test("a table without comments says so")
    func emptyTable() throws {
        var world = try World()
        try world.reach(.review)
        let shown = try #require(Self.shown(paper("bang-tiep-thu-giai-trinh", .richText, world)))
        #expect(shown.contains("Không có ý kiến nào."))
    }

    @Test("the page is A4 in Times New Roman with the margins of the decree, numbered from the second on")
    func page() throws {
        let text = try paper("chuyen-de", .richText, lived())
        for code in [
            "Times New Roman", "\\paperw11906\\paperh16838", "\\margl1701\\margr1134\\margt1134\\margb1134",
            "\\titlepg",
            "\\chpgn",
        ] { #expect(text.contains(code), "\(code)") }
    }
}

extension String {
    fileprivate func components(between start: String, and end: String) -> Substring {
        guard let first = firstRange(of: start) else { return "" }
        let rest = self[first.upperBound...]
        return rest[..<(rest.firstRange(of: end)?.lowerBound ?? rest.endIndex)]
    }
}
