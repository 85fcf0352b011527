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
    private(set) var isTooLarge = false
    /// A font of the time before Unicode, with how many letters are written for it.
    private(set) var ancient: (font: String, letters: Int)?

    private struct Paragraph {
        var text = ""
        var style: String?
        var list: Int?
        var listLevel: Int?
        var outlineLevel: Int?
        var letters = 0
        var boldLetters = 0
        var capitalLetters = 0
        /// The paragraph's end is deleted: the next one goes on with it.
        var isJoined = false
        var notes: [String] = []
        /// What its runs say beside the style.
        var run = Look()
        var runStyle: String?
    }

    private struct Table {
        var rows: [[String]] = []
        var cells: [[String]] = []
        var isRowDeleted = false
    }

    private var paragraphs: [Paragraph] = []
    private var tables: [Table] = []
    /// The beginning of a paragraph whose end was deleted.
    private var pending: Paragraph?
    /// Elements inside of one that is left out; the first of them counts.
    private var skipped = 0
    private var octets = 0
    private var noteCount = 0
    private var isText = false
    private var isInParagraphProperties = false
    private var isInRowProperties = false
    /// Properties of before a tracked change.
    private var isMark = false

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
        case .mathematics: isText = name == "t"
        // The same once more, for older programs.
        case .compatibility: if name == "Fallback" { skipped = 1 }
        case .picture: if name == "pic" { picture() }
        case .vector: if name == "imagedata" { picture() }
        case .other: break
        }
    }

    private mutating func beginWord(_ name: String, _ attributes: [String: String]) {
        let value = attributes["val"]
        switch name {
        case "del" where isInParagraphProperties: current { $0.isJoined = true }
        case "del" where isInRowProperties: if !tables.isEmpty { tables[tables.count - 1].isRowDeleted = true }
        case "ins" where isInParagraphProperties || isInRowProperties: break
        case "ins", "moveTo": leftOut.changes += 1
        case "del", "moveFrom":
            leftOut.changes += 1
            skipped = 1
        case "pPrChange", "rPrChange", "tblPrChange", "trPrChange", "tcPrChange", "sectPrChange", "numberingChange",
            "instrText", "delText", "delInstrText", "sectPr", "tblPr", "tblGrid", "tcPr", "fldData":
            skipped = 1
        case "docPartGallery": if value == "Table of Contents" { tableOfContents = contents.count }
        case "sdt": contents.append(blocks.count)
        case "p": paragraphs.append(Paragraph())
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
        case "commentReference": leftOut.comments += 1
        case "footnoteReference", "endnoteReference":
            let kind = name == "footnoteReference" ? "f" : "e"
            if let id = attributes["id"], let note = notes[kind + id], !note.isEmpty {
                // A note may be referred to again and again.
                octets += note.utf8.count
                noteCount += 1
                let number = noteCount
                add("[\(number)]")
                current { $0.notes.append("[\(number)] \(note)") }
            }
        case "tbl": tables.append(Table())
        case "tr": if !tables.isEmpty { tables[tables.count - 1].cells = [] }
        case "tc": if !tables.isEmpty { tables[tables.count - 1].cells.append([]) }
        default: break
        }
    }

    /// Where the blocks of each controlled piece of content begin, and the one that holds the table of contents.
    private var contents: [Int] = []
    private var tableOfContents: Int?

    mutating func end(_ name: String, _ space: Markup.Space) {
        if skipped > 0 { return skipped -= 1 }
        guard space == .word else {
            if space == .mathematics { isText = false }
            return
        }
        switch name {
        case "t": isText = false
        case "pPr": isInParagraphProperties = false
        case "trPr": isInRowProperties = false
        case "p": endParagraph()
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

    // MARK: Text

    private mutating func current(_ change: (inout Paragraph) -> Void) {
        guard !paragraphs.isEmpty else { return }
        change(&paragraphs[paragraphs.count - 1])
    }

    private mutating func picture() {
        leftOut.pictures += 1
        add("[hình]")
    }

    private mutating func add(_ text: String) {
        guard let paragraph = paragraphs.last, !isTooLarge else { return }
        let look = paragraph.run.over(styles.resolved(paragraph.runStyle)?.look ?? Look()).over(look(of: paragraph))
        guard look.isHidden != true else { return }
        octets += text.utf8.count
        guard octets <= Self.largestText else { return isTooLarge = true }
        let letters = text.unicodeScalars.count { $0.properties.isAlphabetic }
        if let font = look.font, Self.isAncient(font) {
            let strange = text.unicodeScalars.count { (0xA1...0xFF).contains($0.value) }
            if strange > 0 { ancient = (font, (ancient?.letters ?? 0) + strange) }
        }
        current {
            $0.text += text
            $0.letters += letters
            if look.isBold == true { $0.boldLetters += letters }
            if look.isCapitals == true { $0.capitalLetters += letters }
        }
    }

    /// How a paragraph looks where its runs say nothing.
    private func look(of paragraph: Paragraph) -> Look {
        (styles.resolved(paragraph.style ?? styles.defaultParagraph)?.look ?? Look()).over(styles.defaults)
    }

    /// Fonts whose letters stand in the places of others: TCVN 5712 (ABC) and VNI.
    private static func isAncient(_ font: String) -> Bool {
        let name = font.lowercased()
        return name.hasPrefix(".vn") || name.hasPrefix("vni-")
    }

    private mutating func endParagraph() {
        guard var paragraph = paragraphs.popLast() else { return }
        if var earlier = pending {
            pending = nil
            earlier.text += paragraph.text
            earlier.letters += paragraph.letters
            earlier.boldLetters += paragraph.boldLetters
            earlier.capitalLetters += paragraph.capitalLetters
            earlier.notes += paragraph.notes
            earlier.isJoined = paragraph.isJoined
            paragraph = earlier
        }
        if paragraph.isJoined { return pending = paragraph }
        let block = finished(paragraph)
        if !tables.isEmpty, !tables[tables.count - 1].cells.isEmpty {
            let words = ([block.mark, block.text].filter { !$0.isEmpty }).joined(separator: " ")
            let cell = tables[tables.count - 1].cells.count - 1
            for text in [words] + paragraph.notes where !text.isEmpty {
                tables[tables.count - 1].cells[cell].append(text)
            }
            return
        }
        if !block.text.isEmpty { blocks.append(block) }
        for note in paragraph.notes { blocks.append(Block(text: note)) }
    }

    /// The paragraph with its mark and its level.
    private mutating func finished(_ paragraph: Paragraph) -> Block {
        let style = styles.resolved(paragraph.style ?? styles.defaultParagraph)
        var block = Block()
        block.text = Self.tidied(paragraph.text)
        // An empty item of a list shows no number, and the next one gets it.
        guard !block.text.isEmpty else { return block }
        // "toc 1" and so on: the lines of a table of contents that stands in nothing.
        if let name = style?.name, name.hasPrefix("toc ") { return Block() }
        if let list = paragraph.list ?? style?.numbering.list, list > 0 {
            let level =
                paragraph.listLevel ?? style?.numbering.level
                ?? numbering.level(of: list, style: paragraph.style ?? styles.defaultParagraph)
            block.mark = numbering.mark(list: list, level: level)
        }
        if let level = paragraph.outlineLevel ?? style?.outlineLevel, (0..<9).contains(level) { block.level = level }
        block.isBold = paragraph.letters > 0 && paragraph.boldLetters == paragraph.letters
        block.isCapitals = paragraph.letters > 0 && paragraph.capitalLetters == paragraph.letters
        return block
    }

    private mutating func endRow() {
        guard !tables.isEmpty else { return }
        let table = tables[tables.count - 1]
        tables[tables.count - 1].cells = []
        tables[tables.count - 1].isRowDeleted = false
        guard !table.isRowDeleted, table.cells.contains(where: { !$0.isEmpty }) else { return }
        // A frame around a text is a table of one cell.
        let rows =
            table.cells.count == 1
            ? table.cells[0] : [table.cells.map { $0.joined(separator: " ") }.joined(separator: " | ")]
        if tables.count > 1, !tables[tables.count - 2].cells.isEmpty {
            let cell = tables[tables.count - 2].cells.count - 1
            tables[tables.count - 2].cells[cell] += rows
        } else {
            for row in rows {
                var block = Block(text: row.split(separator: "\n").joined(separator: " "))
                block.isRow = true
                blocks.append(block)
            }
        }
    }

    /// Without what cannot be seen, runs of blanks, and blanks at the ends of lines.
    static func tidied(_ text: String) -> String {
        var tidy = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x0A, 0x2028, 0x2029, 0x0B: tidy.append("\n")
            case 0x09, 0x20, 0xA0, 0x2000...0x200A, 0x202F, 0x205F, 0x3000: if tidy.last != " " { tidy.append(" ") }
            case 0..<0x20, 0x7F...0x9F, 0xAD, 0x61C, 0x200B...0x200F, 0x202A...0x202E, 0x2060...0x206F, 0xFE00...0xFE0F,
                0xFEFF, 0xFFF0...0xFFFB:
                break
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
