import ReviewCore
import Terminal

/// A revision wrapped to a width: which rows there are, and to which block of the text each belongs.
///
/// Built once for a text and a width; everything that a key does afterwards only looks rows up.
struct TextLayout: Sendable {
    /// What a comment can be tied to: the whole topic, a heading, or a paragraph.
    struct Block: Sendable, Equatable {
        /// `whole`, `II.1`, `II.1/2`.
        let anchor: String
        let isHeading: Bool
        /// Its text, with LF between its lines.
        let text: String
        /// The level of a heading, from 1.
        let level: Int
    }

    /// One row on the screen.
    struct Row: Sendable {
        /// The place of its block in `blocks`.
        let block: Int
        let text: String
    }

    let width: Int
    let blocks: [Block]
    private(set) var rows: [Row] = []
    /// The first row of each block.
    private(set) var firstRows: [Int] = []
    private let places: [String: Int]

    init(_ document: Document, width: Int) {
        self.width = width
        var blocks = [Block(anchor: "whole", isHeading: false, text: "", level: 0)]
        var paragraph = 0
        func take(until line: Int) {
            while paragraph < document.paragraphs.count, document.paragraphs[paragraph].lines.lowerBound < line {
                let next = document.paragraphs[paragraph]
                blocks.append(Block(anchor: next.anchor, isHeading: false, text: next.text, level: 0))
                paragraph += 1
            }
        }
        for section in document.sections {
            take(until: section.line)
            let path = section.path.description
            blocks.append(Block(anchor: path, isHeading: true, text: section.title, level: section.level))
        }
        take(until: .max)
        self.blocks = blocks
        var places: [String: Int] = [:]
        for (index, block) in blocks.enumerated() { places[block.anchor] = index }
        self.places = places
        rows.append(Row(block: 0, text: ""))
        firstRows = [0]
        for (index, block) in blocks.enumerated().dropFirst() {
            // A blank row before each block, as on paper.
            rows.append(Row(block: index, text: ""))
            firstRows.append(rows.count)
            let shown = block.isHeading ? "\(block.anchor). \(block.text)" : block.text
            for line in SafeText.lines(shown) {
                for row in WordWrap.lines(line, width: width) { rows.append(Row(block: index, text: row)) }
            }
        }
    }

    /// The block of an anchor; where it is not in the text, the nearest section around it; else the whole topic.
    func place(of anchor: String) -> Int {
        var anchor = anchor[...]
        while !anchor.isEmpty {
            if let place = places[String(anchor)] { return place }
            guard let cut = anchor.lastIndex(where: { $0 == "/" || $0 == "." }) else { break }
            anchor = anchor[..<cut]
        }
        return 0
    }

    /// The rows of a block, without the blank one before it.
    func rows(of block: Int) -> Range<Int> {
        let end = block + 1 < firstRows.count ? firstRows[block + 1] - 1 : rows.count
        return firstRows[block]..<max(end, firstRows[block] + 1)
    }
}
