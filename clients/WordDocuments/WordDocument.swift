import ReviewCore
public import ReviewProtocol

/// The text of a Word file (.docx, ECMA-376), in the form in which drafts are sent: headings with `#`, paragraphs between
/// blank lines, the numbers of lists written out.
public struct WordDocument: Sendable, Equatable {
    /// The text, in UTF-8 with LF line ends.
    public let text: String
    /// How many headings it has.
    public let headings: Int
    /// Whether the headings were told by their look: the author made them bold instead of choosing a heading style.
    public let isOutlineGuessed: Bool
    /// Whether the file brings programs with it (VBA), whatever its name says.
    public let hasMacros: Bool
    private let leftOut: LeftOut

    /// Letters in fonts of the time before Unicode with which a text is taken to be written in one.
    private static let strangeLetters = 10

    /// Whether a file begins as one of today's office documents, or any other archive.
    public static func isPackage(_ octets: [UInt8]) -> Bool { octets.starts(with: [0x50, 0x4B, 0x03, 0x04]) }

    /// Reads a file.
    ///
    /// - Throws: `WordProblem`, which says what is wrong with it and what to do.
    public init(_ octets: [UInt8]) throws(WordProblem) {
        let archive = try ZipArchive(octets)
        guard let main = try Self.mainPart(of: archive) else { throw .notWord }
        let related = try Relations.of(main, in: archive)
        hasMacros = related["vbaProject"] != nil
        var styles = Styles()
        try Self.read(related["styles"], in: archive, to: &styles)
        var numbering = Numbering()
        try Self.read(related["numbering"], in: archive, to: &numbering)
        var footnotes = Notes(element: "footnote")
        try Self.read(related["footnotes"], in: archive, to: &footnotes)
        var endnotes = Notes(element: "endnote")
        try Self.read(related["endnotes"], in: archive, to: &endnotes)
        var notes: [String: String] = [:]
        for (id, text) in footnotes.texts { notes["f" + id] = text }
        for (id, text) in endnotes.texts { notes["e" + id] = text }

        var body = Body(styles: styles, numbering: numbering, notes: notes)
        guard try Self.read(main, in: archive, to: &body), body.isWord else { throw .notWord }
        if let (font, letters, converted) = body.ancient, letters > Self.strangeLetters, letters > 10 * converted {
            throw .ancientFont(font)
        }
        guard !body.blocks.isEmpty else { throw .empty }

        let styled = body.blocks.count { $0.level != nil }
        let guessed = styled > 1 ? Headings.Found() : Headings.find(in: body.blocks)
        // Often the paper's own title is the only line with the style of a heading.
        isOutlineGuessed = guessed.levels.count > styled
        var count = 0
        var lines: [String] = []
        for (place, block) in body.blocks.enumerated() {
            if isOutlineGuessed, guessed.titles.contains(place) {
                lines[lines.count - 1] += " " + Self.title(block)
            } else if let level = isOutlineGuessed ? guessed.levels[place] : block.level {
                let marks = String(repeating: "#", count: min(level + 1, SectionPath.maximumDepth))
                lines.append(marks + " " + Self.title(block))
                count += 1
            } else {
                lines.append(Self.plain(block.marked))
            }
        }
        text = lines.joined(separator: "\n\n") + "\n"
        headings = count
        leftOut = body.leftOut
    }

    /// A heading is one line.
    private static func title(_ block: Block) -> String {
        block.marked.split(separator: "\n").joined(separator: " ")
    }

    /// A text in which no line is taken for a heading: one that begins with `#`, as the first row of a table may, gets a
    /// blank before it.
    private static func plain(_ text: String) -> String {
        text.split(separator: "\n").map { $0.first == "#" ? " " + $0 : String($0) }.joined(separator: "\n")
    }

    /// What was made of the file, and what of it is not in the text.
    public var summary: Bilingual {
        var outline = Bilingual("Đọc từ tệp Word: \(headings) đề mục", "Read from a Word file: \(headings) headings")
        if headings == 0 {
            outline = Bilingual(
                "Đọc từ tệp Word: không thấy đề mục nào (trong Word, chọn kiểu Heading 1, 2, 3 cho đề mục)",
                "Read from a Word file: no headings (choose the styles Heading 1, 2, 3 for them in Word)")
        } else if isOutlineGuessed {
            outline.vietnamese += " (nhận ra theo chữ đậm và số thứ tự, xin xem lại)"
            outline.english += " (told by bold type and numbers; please look at them)"
        }
        guard let losses else { return Bilingual(outline.vietnamese + ".", outline.english + ".") }
        return Bilingual(
            "\(outline.vietnamese); \(losses.vietnamese).", "\(outline.english); \(losses.english).")
    }

    /// What of the file is not in the text, or otherwise than the file shows it; nil where nothing is.
    public var losses: Bilingual? {
        func list(_ pictures: String, _ comments: String) -> String {
            [(leftOut.pictures, pictures), (leftOut.comments, comments)].filter { $0.0 > 0 }
                .map { "\($0.0) \($0.1)" }.joined(separator: ", ")
        }
        var parts: [Bilingual] = []
        if leftOut.pictures + leftOut.comments > 0 {
            parts.append(
                Bilingual(
                    "bỏ lại " + list("hình", "ghi chú bên lề của Word"),
                    "left out: " + list(leftOut.pictures == 1 ? "picture" : "pictures", "of Word's own comments")))
        }
        if leftOut.changes > 0 {
            parts.append(
                Bilingual(
                    "coi như đã chấp nhận \(leftOut.changes) thay đổi đang theo dõi",
                    "\(leftOut.changes) tracked changes taken as accepted"))
        }
        guard !parts.isEmpty else { return nil }
        return Bilingual(
            parts.map(\.vietnamese).joined(separator: "; "), parts.map(\.english).joined(separator: "; "))
    }

    // MARK: Parts

    /// The part that holds the text: the package says which (ECMA-376, part 2, annex E).
    private static func mainPart(of archive: ZipArchive) throws(WordProblem) -> String? {
        guard archive.holds("[Content_Types].xml"),
            let part = try Relations.of("", in: archive)["officeDocument"], archive.holds(part)
        else { return nil }
        return part
    }

    /// Reads a part; false when there is none.
    @discardableResult
    private static func read(
        _ part: String?, in archive: ZipArchive, to receiver: inout some MarkupReceiver
    ) throws(WordProblem) -> Bool {
        guard let part, let octets = try archive.part(part) else { return false }
        try Markup.read(octets, part: part, to: &receiver)
        return true
    }
}

/// Which parts belong to a part, by what they are for.
private struct Relations: MarkupReceiver {
    private var targets: [String: String] = [:]

    /// The parts to which a part refers, by the last word of their relation's type; "" is the package itself.
    static func of(_ part: String, in archive: ZipArchive) throws(WordProblem) -> [String: String] {
        let cut = part.lastIndex(of: "/").map { part.index(after: $0) } ?? part.startIndex
        let folder = String(part[..<cut])
        let list = folder + "_rels/" + part[cut...] + ".rels"
        guard let octets = try archive.part(list) else { return [:] }
        var relations = Relations()
        try Markup.read(octets, part: list, to: &relations)
        return relations.targets.mapValues { resolved($0, in: folder) }
    }

    /// The name of a part, from where it is named: `../word/./styles.xml` in `word/` is `word/styles.xml`.
    private static func resolved(_ target: String, in folder: String) -> String {
        var steps: [Substring] = []
        for step in (target.hasPrefix("/") ? target : folder + target).split(separator: "/") where step != "." {
            if step == ".." { _ = steps.popLast() } else { steps.append(step) }
        }
        return steps.joined(separator: "/")
    }

    mutating func begin(_ name: String, _ space: Markup.Space, _ attributes: [String: String]) {
        guard name == "Relationship", attributes["TargetMode"] != "External",
            let kind = attributes["Type"]?.split(separator: "/").last, let target = attributes["Target"]
        else { return }
        targets[String(kind)] = target
    }

    mutating func end(_ name: String, _ space: Markup.Space) {}

    mutating func text(_ text: String) {}
}

/// Why a file cannot be read as a Word document.
public enum WordProblem: Error, Sendable, Equatable {
    /// It breaks off, or a part of it is not what it should be.
    case damaged(part: String?)
    /// It is locked with a password.
    case encrypted
    /// It is a spreadsheet, a presentation, or any other archive.
    case notWord
    /// Unpacked it is larger than any draft may be.
    case tooLarge
    /// It is written in a font of the time before Unicode, whose letters mean others.
    case ancientFont(String)
    /// There is no text in it.
    case empty

    /// What is wrong.
    public var what: Bilingual {
        switch self {
        case .damaged(let part):
            Bilingual(
                "tệp Word bị hỏng" + (part.map { " (phần \($0))" } ?? ""),
                "the Word file is damaged" + (part.map { " (part \($0))" } ?? ""))
        case .encrypted: Bilingual("tệp có đặt mật khẩu", "the file is locked with a password")
        case .notWord:
            Bilingual(
                "không phải tệp Word (.docx) mà là Excel, OpenDocument hoặc tệp nén",
                "no Word file (.docx) but Excel, OpenDocument or an archive")
        case .tooLarge: Bilingual("văn bản quá lớn", "the text is too large")
        case .ancientFont(let font):
            Bilingual("văn bản dùng phông chữ cũ “\(font)”, không phải Unicode", "written in “\(font)”, not in Unicode")
        case .empty: Bilingual("tệp Word không có chữ nào", "there is no text in the Word file")
        }
    }

    /// What to do about it.
    public var advice: Bilingual {
        switch self {
        case .damaged:
            Bilingual("mở tệp bằng Word rồi lưu lại thành .docx", "open it in Word and save it again as .docx")
        case .encrypted: Bilingual("bỏ mật khẩu trong Word rồi lưu lại", "take the password off in Word and save it")
        case .notWord: Bilingual("lưu văn bản thành .docx hoặc .txt (UTF-8)", "save the text as .docx or .txt (UTF-8)")
        case .tooLarge:
            Bilingual(
                "bớt nội dung, hoặc lưu thành văn bản thuần (.txt, UTF-8) rồi ghi “# ” trước mỗi đề mục",
                "shorten it, or save it as plain text (.txt, UTF-8) and write “# ” before each heading")
        case .ancientFont:
            Bilingual(
                "chuyển mã sang Unicode (ví dụ bằng UniKey Toolkit) rồi chọn Times New Roman",
                "convert it to Unicode (with UniKey's toolkit, say) and choose Times New Roman")
        case .empty: Bilingual("xem lại có chọn đúng tệp không", "look whether it is the right file")
        }
    }
}
