/// One paragraph or heading of a comparison of two revisions.
public struct ParagraphChange: Sendable, Equatable {
    /// What happened to it.
    public enum Kind: Sendable, Equatable {
        /// Same text, same order.
        case equal
        /// Other text, same order.
        case edited
        /// Only in the old revision.
        case removed
        /// Only in the new revision.
        case added
        /// It changed places with others; its text may have changed as well, see the pieces.
        case moved
    }

    /// What happened to it.
    public let kind: Kind
    /// It in the old revision.
    ///
    /// A heading is a paragraph with the number 0 whose text is the whole heading line.
    public let old: Paragraph?
    /// It in the new revision.
    public let new: Paragraph?
    /// Its text, word by word.
    public let pieces: [DiffPiece]

    /// Whether it is a heading.
    public var isHeading: Bool { (new ?? old)?.number == 0 }
}

/// Compares two revisions paragraph by paragraph, with the same alignment that carries comments.
public enum DocumentDiff {
    /// All paragraphs and headings of both revisions in the order of the new one; a removed one stands where it was.
    public static func changes(_ old: Document, _ new: Document) -> [ParagraphChange] {
        changes(Porting(from: old, to: new))
    }

    /// The same for two revisions that have been aligned before.
    ///
    /// When a great many long paragraphs were rewritten, the later ones are shown as replaced between their common
    /// beginning and end.
    public static func changes(_ porting: Porting) -> [ParagraphChange] { changes(porting, comparingWords: true) }

    /// What all comparisons of words in two revisions may take: a few tenths of a second.
    static let budget = 20_000_000

    /// - Parameters:
    ///   - comparingWords: whether texts are compared word by word; without that there are no pieces.
    ///   - budget: how many steps the comparisons of words may take together.
    static func changes(
        _ porting: Porting, comparingWords: Bool, budget: Int = Self.budget
    ) -> [ParagraphChange] {
        var budget = budget
        let old = blocks(porting.old)
        let new = blocks(porting.new)
        let partners = new.blocks.map { block -> Int in
            let place =
                block.isHeading
                ? porting.alignment.sectionsBack[block.place] : porting.alignment.paragraphsBack[block.place]
            guard place >= 0 else { return -1 }
            return block.isHeading ? old.headings[Int(place)] : old.paragraphs[Int(place)]
        }
        let paired = partners.indices.filter { partners[$0] >= 0 }
        var isInOrder = [Bool](repeating: false, count: partners.count)
        for place in increasingSubsequence(paired.map { partners[$0] }) { isInOrder[paired[place]] = true }
        var isKept = [Bool](repeating: false, count: old.blocks.count)
        for partner in partners where partner >= 0 { isKept[partner] = true }

        // What stays in order cuts both revisions into stretches; in each, what was removed comes first.
        var anchors = partners.indices.filter { isInOrder[$0] }.map { partners[$0] }[...]
        var changes: [ParagraphChange] = []
        changes.reserveCapacity(new.blocks.count)
        var next = 0
        func emitRemoved(before end: Int) {
            for place in next..<max(next, end) where !isKept[place] {
                let paragraph = old.blocks[place].paragraph
                changes.append(
                    ParagraphChange(
                        kind: .removed, old: paragraph, new: nil,
                        pieces: comparingWords ? [DiffPiece(kind: .removed, text: paragraph.text)] : []))
            }
            next = max(next, end)
        }
        emitRemoved(before: anchors.first ?? old.blocks.count)
        for (place, block) in new.blocks.enumerated() {
            guard partners[place] >= 0 else {
                changes.append(
                    ParagraphChange(
                        kind: .added, old: nil, new: block.paragraph,
                        pieces: comparingWords ? [DiffPiece(kind: .added, text: block.paragraph.text)] : []))
                continue
            }
            let before = old.blocks[partners[place]].paragraph
            let isEqual = haveSameOctets(before.text, block.paragraph.text)
            changes.append(
                ParagraphChange(
                    kind: !isInOrder[place] ? .moved : isEqual ? .equal : .edited, old: before, new: block.paragraph,
                    pieces: !comparingWords
                        ? []
                        : isEqual
                            ? [DiffPiece(kind: .equal, text: before.text)]
                            : WordDiff.pieces(before.text, block.paragraph.text, budget: &budget)))
            if isInOrder[place] {
                anchors.removeFirst()
                emitRemoved(before: anchors.first ?? old.blocks.count)
            }
        }
        return changes
    }

    /// The comparison as lines of text: `  ` unchanged, `- ` removed or old, `+ ` added or new, with `[-…-]` and `{+…+}`
    /// around the changed words, and a line `@@ II.1/2` wherever unchanged paragraphs were left out.
    /// - Parameter context: how many unchanged paragraphs to show around each change.
    public static func unified(_ old: Document, _ new: Document, context: Int) -> [String] {
        unified(changes(old, new), context: context)
    }

    /// The same for changes already computed or filtered.
    public static func unified(_ changes: [ParagraphChange], context: Int) -> [String] {
        let context = max(0, min(context, changes.count))
        var isShown = [Bool](repeating: false, count: changes.count)
        var shownUpTo = 0
        for (place, change) in changes.enumerated() where change.kind != .equal {
            let end = min(changes.count, place + context + 1)
            for neighbour in max(shownUpTo, place - context)..<max(shownUpTo, end) { isShown[neighbour] = true }
            shownUpTo = max(shownUpTo, end)
        }
        var lines: [String] = []
        for (place, change) in changes.enumerated() where isShown[place] {
            if place == 0 || !isShown[place - 1] || change.kind == .moved { lines.append(header(change)) }
            switch change.kind {
            case .equal: append(change.new?.text ?? "", "  ", &lines)
            case .removed: append(change.old?.text ?? "", "- ", &lines)
            case .added: append(change.new?.text ?? "", "+ ", &lines)
            case .moved where change.old?.text == change.new?.text: append(change.new?.text ?? "", "  ", &lines)
            case .edited, .moved:
                append(marked(change.pieces, .removed), "- ", &lines)
                append(marked(change.pieces, .added), "+ ", &lines)
            }
        }
        return lines
    }

    private static func header(_ change: ParagraphChange) -> String {
        let then = change.old.map(place) ?? ""
        let now = change.new.map(place) ?? then
        return change.kind == .moved && then != now ? "@@ \(then) → \(now)" : "@@ \(now)"
    }

    private static func place(_ paragraph: Paragraph) -> String {
        paragraph.number == 0 ? paragraph.section?.description ?? "0" : paragraph.anchor
    }

    private static func append(_ text: String, _ mark: String, _ lines: inout [String]) {
        for line in text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false) {
            lines.append(mark + String(Substring(line)))
        }
    }

    /// One side of a comparison, with `[-…-]` around what was removed from the old text, `{+…+}` around what the new one
    /// has more.
    static func marked(_ pieces: [DiffPiece], _ kind: DiffPiece.Kind) -> String {
        pieces.reduce(into: "") { text, piece in
            switch piece.kind {
            case .equal: text += piece.text
            case .removed: if kind == .removed { text += "[-\(piece.text)-]" }
            case .added: if kind == .added { text += "{+\(piece.text)+}" }
            }
        }
    }

    private struct Block {
        let isHeading: Bool
        let place: Int
        let paragraph: Paragraph
    }

    private struct Blocks {
        var blocks: [Block] = []
        /// For each heading, and for each paragraph, its place among the blocks.
        var headings: [Int] = []
        var paragraphs: [Int] = []
    }

    /// Headings and paragraphs in the order of their lines.
    private static func blocks(_ document: Document) -> Blocks {
        var result = Blocks()
        func appendParagraphs(_ range: Range<Int>) {
            for place in range {
                result.paragraphs.append(result.blocks.count)
                result.blocks.append(Block(isHeading: false, place: place, paragraph: document.paragraphs[place]))
            }
        }
        appendParagraphs(document.leadingParagraphs)
        for (place, section) in document.sections.enumerated() {
            result.headings.append(result.blocks.count)
            result.blocks.append(Block(isHeading: true, place: place, paragraph: document.heading(section)))
            appendParagraphs(section.paragraphs)
        }
        return result
    }
}

extension Document {
    /// The heading line of a section, as a paragraph with the number 0.
    func heading(_ section: Section) -> Paragraph {
        let isKnown = section.line >= 1 && section.line <= lines.count
        return Paragraph(
            section: section.path, number: 0, lines: section.line...section.line,
            text: isKnown ? String(lines[section.line - 1]) : section.title)
    }
}
