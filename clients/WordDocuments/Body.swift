import ReviewCore

/// A piece of a document: a paragraph, or a row of a table.
struct Block {
    var text = ""
    /// The mark that the document's numbering puts before it.
    var mark = ""
    /// The level of a heading, from 0; nil for what is none.
    var level: Int?
    /// Whether all of its text is bold.
    var isBold = false
    /// Whether all of its text is shown in capitals by its look.
    var isCapitals = false
    var isRow = false

    /// The text behind its mark.
    var marked: String { mark.isEmpty ? text : mark + " " + text }
}

/// What a document holds that a text does not.
struct LeftOut: Equatable {
    var pictures = 0
    /// Remarks in the margin.
    var comments = 0
    /// Insertions and deletions that were taken as accepted.
    var changes = 0
}

/// Reads the text of a document: its paragraphs in their order, each with what tells whether it is a heading.
struct Body: MarkupReceiver {
    /// Octets of text; what may be sent is less.
    private static let largestText = 16_777_216

    private let styles: Styles
    private var numbering: Numbering
    /// The notes at the foot of pages, by their numbers in the file.
    private let notes: [String: String]

    private(set) var blocks: [Block] = []
    private(set) var leftOut = LeftOut()
    /// Whether this is a text at all: a spreadsheet is a package like it.
    private(set) var isWord = false
    /// Whether there is more text than a draft may ever have; what follows is not read any more.
    private(set) var isFull = false
    /// A font of the time before Unicode, with how many letters are written for it, and how many beside them that only
    /// Unicode has: the font may have stayed when the text was converted.
    private(set) var ancient: (font: String, letters: Int, converted: Int)?

    /// What is written in a paragraph.
    private struct Content {
        var text = ""
        var letters = 0
        var boldLetters = 0
        var capitalLetters = 0
        var notes: [String] = []
    }

    private struct Paragraph {
        var content = Content()
        var style: String?
        var list: Int?
        var listLevel: Int?
        var outlineLevel: Int?
        /// The paragraph's end is deleted: the next one goes on with it.
        var isJoined = false
        /// What its runs say beside the style.
        var run = Look()
        var runStyle: String?
    }

    private struct Table {
        /// The cells of the row that is being read.
        var cells: [[Block]] = []
        var isRowDeleted = false
    }

    private var paragraphs: [Paragraph] = []
    private var tables: [Table] = []
    /// What stands in a paragraph whose end was deleted, for the next one to begin with.
    private var pending: Content?
    /// Elements inside of one that is left out; the first of them counts.
    private var skipped = 0
    private var octets = 0
    private var noteCount = 0
    private var isText = false
    private var isInParagraphProperties = false
    private var isInRowProperties = false

    init(styles: Styles, numbering: Numbering, notes: [String: String]) {
        self.styles = styles
        self.numbering = numbering
        self.notes = notes
    }

    // MARK: Elements

    mutating func begin(_ name: String, _ space: Markup.Space, _ attributes: [String: String]) {
        if skipped > 0 { return skipped += 1 }
        switch space {
        case .word: beginWord(name, attributes)
        case .mathematics: beginMathematics(name)
        case .compatibility: beginAlternative(name)
        case .picture: if ["pic", "chart", "relIds"].contains(name) { picture() }
        case .vector: if name == "imagedata" { picture() }
        case .other: break
        }
    }

    private mutating func beginWord(_ name: String, _ attributes: [String: String]) {
        let value = attributes["val"]
        switch name {
        case "del" where isInParagraphProperties, "moveFrom" where isInParagraphProperties:
            current { $0.isJoined = true }
        case "del" where isInRowProperties: if !tables.isEmpty { tables[tables.count - 1].isRowDeleted = true }
        case "ins" where isInParagraphProperties || isInRowProperties: break
        case "ins", "moveTo": leftOut.changes += 1
        case "del", "moveFrom":
            leftOut.changes += 1
            skipped = 1
        case "pPrChange", "rPrChange", "tblPrChange", "trPrChange", "tcPrChange", "sectPrChange", "numberingChange",
            "instrText", "delText", "delInstrText", "sectPr", "tblPr", "tblGrid", "tcPr", "fldData":
            skipped = 1
        case "body": isWord = true
        case "docPartGallery": if value == "Table of Contents" { tableOfContents = contents.count }
        case "sdt": contents.append(blocks.count)
        case "p":
            // The look and the level of two that were joined are those of the end that stayed.
            paragraphs.append(Paragraph(content: pending ?? Content()))
            pending = nil
        case "pPr": isInParagraphProperties = true
        case "trPr": isInRowProperties = true
        case "pStyle": current { $0.style = value }
        case "numId": current { $0.list = value.flatMap { Int($0) } }
        case "ilvl": current { $0.listLevel = value.flatMap { Int($0) } }
        case "outlineLvl": current { $0.outlineLevel = value.flatMap { Int($0) } }
        case "r": current { ($0.run, $0.runStyle) = (Look(), nil) }
        case "rStyle": current { $0.runStyle = value }
        case "b", "caps", "vanish", "rFonts":
            if !isInParagraphProperties { current { $0.run.take(name, attributes) } }
        case "t": isText = true
        case "tab" where !isInParagraphProperties: add(" ")
        case "br":
            // Where a page or a column ends is no matter of the text.
            if attributes["type"] == nil || attributes["type"] == "textWrapping" { add("\n") }
        case "cr": add("\n")
        case "noBreakHyphen": add("-")
        case "sym":
            let code = attributes["char"].flatMap { UInt32($0, radix: 16) }.flatMap { Unicode.Scalar($0) }
            add(code.map { Symbols.text($0, font: attributes["font"]) } ?? Symbols.unknown)
        case "commentReference": leftOut.comments += 1
        case "footnoteReference", "endnoteReference":
            let kind = name == "footnoteReference" ? "f" : "e"
            if let id = attributes["id"], let note = notes[kind + id], !note.isEmpty {
                // A note may be referred to again and again.
                guard hasRoom(for: note) else { return }
                noteCount += 1
                let number = noteCount
                add("[\(number)]")
                current { $0.content.notes.append("[\(number)] \(note)") }
            }
        case "tbl":
            endPending()
            tables.append(Table())
        case "tr": if !tables.isEmpty { tables[tables.count - 1].cells = [] }
        case "tc": if !tables.isEmpty { tables[tables.count - 1].cells.append([]) }
        default: break
        }
    }

    /// For each set of alternatives that stands open, whether one of them was read.
    private var alternatives: [Bool] = []

    /// The same is said several times, for newer and older programs: the first is enough (ECMA-376, part 3, 9.3).
    private mutating func beginAlternative(_ name: String) {
        if name == "AlternateContent" { alternatives.append(false) }
        guard name == "Choice" || name == "Fallback", !alternatives.isEmpty else { return }
        let place = alternatives.count - 1
        if alternatives[place] { skipped = 1 } else { alternatives[place] = true }
    }

    /// Where the blocks of each controlled piece of content begin, and how many of them stood open at the one that holds
    /// the table of contents.
    private var contents: [Int] = []
    private var tableOfContents: Int?

    mutating func end(_ name: String, _ space: Markup.Space) {
        if skipped > 0 { return skipped -= 1 }
        guard space == .word else {
            if space == .mathematics { endMathematics(name) }
            if space == .compatibility, name == "AlternateContent" { _ = alternatives.popLast() }
            return
        }
        switch name {
        case "t": isText = false
        case "pPr": isInParagraphProperties = false
        case "trPr": isInRowProperties = false
        case "p": endParagraph()
        case "tc", "txbxContent", "body": endPending()
        case "tr": endRow()
        case "tbl": if !tables.isEmpty { tables.removeLast() }
        case "sdt":
            let start = contents.popLast() ?? blocks.count
            if let place = tableOfContents, place == contents.count + 1 {
                // Its lines repeat the headings, with the numbers of pages that are none any more.
                blocks.removeSubrange(min(start, blocks.count)...)
                tableOfContents = nil
            }
        default: break
        }
    }

    mutating func text(_ text: String) {
        guard skipped == 0, isText else { return }
        add(text)
    }

    /// An equation in one line: a fraction without its bar would be another number.
    private mutating func beginMathematics(_ name: String) {
        isText = name == "t"
        switch name {
        case "num": add("(")
        case "den": add("/(")
        case "sup": add("^(")
        case "sub": add("_(")
        case "rad": add("√(")
        default: break
        }
    }

    private mutating func endMathematics(_ name: String) {
        isText = false
        if ["num", "den", "sup", "sub", "rad"].contains(name) { add(")") }
    }

    // MARK: Text

    private mutating func current(_ change: (inout Paragraph) -> Void) {
        guard !paragraphs.isEmpty else { return }
        change(&paragraphs[paragraphs.count - 1])
    }

    private mutating func picture() {
        leftOut.pictures += 1
        add("[hình]")
    }

    /// Whether a text may be added; every text is counted once, here.
    private mutating func hasRoom(for text: String) -> Bool {
        octets += text.utf8.count
        if octets > Self.largestText { isFull = true }
        return !isFull
    }

    private mutating func add(_ text: String) {
        guard !paragraphs.isEmpty else { return }
        let look = look(of: paragraphs[paragraphs.count - 1])
        guard look.isHidden != true, hasRoom(for: text) else { return }
        var text = text
        if text.unicodeScalars.contains(where: Symbols.isPrivate) {
            text = text.unicodeScalars.map {
                Symbols.isPrivate($0) ? Symbols.text($0, font: look.font) : String(Character($0))
            }.joined()
        }
        let letters = text.unicodeScalars.count { $0.properties.isAlphabetic }
        if let font = look.font, Self.isAncient(font) { countAncient(text, font) }
        current {
            $0.content.text += text
            $0.content.letters += letters
            if look.isBold == true { $0.content.boldLetters += letters }
            if look.isCapitals == true { $0.content.capitalLetters += letters }
        }
    }

    /// How the run of a paragraph looks that is being read.
    private func look(of paragraph: Paragraph) -> Look {
        paragraph.run.over(styles.resolved(paragraph.runStyle)?.look ?? Look())
            .over(styles.resolved(paragraph.style ?? styles.defaultParagraph)?.look ?? Look()).over(styles.defaults)
    }

    private mutating func countAncient(_ text: String, _ font: String) {
        var found = ancient ?? (font, 0, 0)
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0xA1...0xFF: found.letters += 1
            // ă, đ, ĩ, ũ, ơ, ư; marks that stand for themselves; and letters with two marks.
            case 0x102...0x1B0, 0x300...0x323, 0x1EA0...0x1EF9: found.converted += 1
            default: break
            }
        }
        if found.letters > 0 { ancient = found }
    }

    /// Fonts whose letters stand in the places of others: TCVN 5712 (ABC) and VNI.
    private static func isAncient(_ font: String) -> Bool {
        let name = font.lowercased()
        return name.hasPrefix(".vn") || name.hasPrefix("vni-")
    }

    private mutating func endParagraph() {
        guard let paragraph = paragraphs.popLast() else { return }
        if paragraph.isJoined { pending = paragraph.content } else { append(paragraph) }
    }

    /// What was to be joined to the next paragraph of its cell, its frame or the text stands alone when none comes.
    private mutating func endPending() {
        guard let content = pending else { return }
        pending = nil
        append(Paragraph(content: content))
    }

    private mutating func append(_ paragraph: Paragraph) {
        let found = [finished(paragraph)] + paragraph.content.notes.map { Block(text: $0) }
        let written = found.filter { !$0.text.isEmpty }
        if !tables.isEmpty, !tables[tables.count - 1].cells.isEmpty {
            let cell = tables[tables.count - 1].cells.count - 1
            tables[tables.count - 1].cells[cell] += written
        } else {
            blocks += written
        }
    }

    /// The paragraph with its mark and its level.
    private mutating func finished(_ paragraph: Paragraph) -> Block {
        let style = styles.resolved(paragraph.style ?? styles.defaultParagraph)
        var block = Block()
        block.text = Self.tidied(paragraph.content.text)
        // "toc 1" and so on: the lines of a table of contents that stands in nothing.
        if let name = style?.name, name.hasPrefix("toc ") { return Block() }
        if let list = paragraph.list ?? style?.numbering.list, list > 0 {
            let level =
                paragraph.listLevel ?? style?.numbering.level
                ?? numbering.level(of: list, style: paragraph.style ?? styles.defaultParagraph)
            // An empty item says nothing, but it is counted.
            block.mark = numbering.mark(list: list, level: level)
            guard hasRoom(for: block.mark) else { return Block() }
        }
        if let level = paragraph.outlineLevel ?? style?.outlineLevel, (0..<9).contains(level) { block.level = level }
        let content = paragraph.content
        block.isBold = content.letters > 0 && content.boldLetters == content.letters
        block.isCapitals = content.letters > 0 && content.capitalLetters == content.letters
        return block
    }

    private mutating func endRow() {
        guard !tables.isEmpty else { return }
        let table = tables[tables.count - 1]
        tables[tables.count - 1].cells = []
        tables[tables.count - 1].isRowDeleted = false
        guard !table.isRowDeleted, table.cells.contains(where: { !$0.isEmpty }) else { return }
        // A frame around a text is a table of one cell.
        let rows = table.cells.count == 1 ? table.cells[0].map(Self.framed) : [Self.row(table.cells)]
        if tables.count > 1, !tables[tables.count - 2].cells.isEmpty {
            let cell = tables[tables.count - 2].cells.count - 1
            tables[tables.count - 2].cells[cell] += rows
        } else {
            blocks += rows
        }
    }

    private static func framed(_ block: Block) -> Block {
        var block = block
        block.text = block.text.split(separator: "\n").joined(separator: " ")
        block.isRow = true
        return block
    }

    /// The cells of a row side by side; an empty one at an end leaves no blank there.
    private static func row(_ cells: [[Block]]) -> Block {
        let texts = cells.map { $0.map(\.marked).joined(separator: " ") }
        var block = framed(Block(text: texts.joined(separator: " | ")))
        block.text = tidied(block.text)
        return block
    }

    /// Without what no text may hold since nobody would see it, runs of blanks, and blanks at the ends of lines.
    static func tidied(_ text: String) -> String {
        var tidy = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x0A, 0x2028, 0x2029, 0x0B: tidy.append("\n")
            case 0x09, 0x20, 0xA0, 0x2000...0x200A, 0x202F, 0x205F, 0x3000: if tidy.last != " " { tidy.append(" ") }
            case _ where CanonicalText.refuses(scalar): break
            default: tidy.append(scalar)
            }
        }
        return String(tidy).split(separator: "\n").map { line in
            var line = line
            while line.first == " " { line.removeFirst() }
            while line.last == " " { line.removeLast() }
            return line
        }.filter { !$0.isEmpty }.joined(separator: "\n")
    }
}

/// Reads the notes at the foot of pages, or at the end: a text for each number.
struct Notes: MarkupReceiver {
    /// How the notes' element is called.
    let element: String
    private(set) var texts: [String: String] = [:]
    private var open: (id: String, text: String)?
    private var isText = false
    private var skipped = 0

    init(element: String) { self.element = element }

    mutating func begin(_ name: String, _ space: Markup.Space, _ attributes: [String: String]) {
        if skipped > 0 { return skipped += 1 }
        guard space == .word else { return }
        switch name {
        // Those with a type are the lines between text and notes.
        case element: open = attributes["type"] == nil ? attributes["id"].map { ($0, "") } : nil
        case "t": isText = true
        case "p", "tab", "br": open?.text += " "
        case "del", "moveFrom": skipped = 1
        default: break
        }
    }

    mutating func end(_ name: String, _ space: Markup.Space) {
        if skipped > 0 { return skipped -= 1 }
        guard space == .word else { return }
        if name == "t" { isText = false }
        if name == element, let (id, text) = open {
            texts[id] = Body.tidied(text)
            open = nil
        }
    }

    mutating func text(_ text: String) {
        if isText, skipped == 0 { open?.text += text }
    }
}
