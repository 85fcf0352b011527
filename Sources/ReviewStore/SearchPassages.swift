public import ReviewCore

/// A text of the search index: a paragraph of a revision, or another body, and a piece of either where it is long.
public struct SearchPassage: Sendable, Equatable {
    /// What it belongs to.
    public let source: SearchSource
    /// The event that brought it.
    public let sequence: Int64
    /// Which of the event's passages it is, from 0.
    public let number: Int
    /// The text, as it was written.
    public let text: String

    /// The most passages of one event: a revision of two mebioctets cannot have more paragraphs.
    static let maximumCount = 1 << 20

    /// The most octets of one passage: so much is indexed, or looked through for the place of a match, in a few
    /// milliseconds, whatever people write.
    public static let maximumOctets = 4_096

    /// The passages of an event, in order; none when it brings no text, or its text was removed.
    ///
    /// A revision gives a passage for each paragraph and heading, so that a hit shows the right lines. What is longer than
    /// `maximumOctets` is cut further. How it is cut is part of the index: it is told what to forget by it.
    public static func passages(of event: Event) -> [SearchPassage] {
        guard let (source, bodies) = event.fact.searchable else { return [] }
        var texts: [String] = []
        for body in bodies {
            guard let text = body.text else { continue }
            if case .revision = source {
                for paragraph in paragraphs(of: text) { texts += pieces(of: paragraph) }
            } else {
                texts += pieces(of: text)
            }
        }
        return texts.prefix(maximumCount).enumerated().map { number, text in
            SearchPassage(source: source, sequence: event.sequence, number: number, text: text)
        }
    }

    private static func paragraphs(of text: String) -> [String] {
        let document = Document(text)
        var headings = document.sections[...]
        var found: [String] = []
        for paragraph in document.paragraphs {
            while let heading = headings.first, heading.line < paragraph.lines.lowerBound {
                found.append(heading.title)
                headings.removeFirst()
            }
            found.append(paragraph.text)
        }
        return found + headings.map(\.title)
    }

    /// A text in pieces of at most `maximumOctets`, cut at an end of a line where there is one, else at a blank.
    private static func pieces(of text: String) -> [String] {
        guard text.utf8.count > maximumOctets else { return [text] }
        let octets = Array(text.utf8)
        var pieces: [String] = []
        var start = 0
        while octets.count - start > maximumOctets {
            let end = cut(octets, from: start)
            pieces.append(String(decoding: octets[start..<end], as: UTF8.self))
            start = end
        }
        pieces.append(String(decoding: octets[start...], as: UTF8.self))
        return pieces
    }

    /// Where a piece that begins at `start` ends, when more than a piece is left: in its second half.
    private static func cut(_ octets: [UInt8], from start: Int) -> Int {
        let (half, bound) = (start + maximumOctets / 2, start + maximumOctets)
        for end in [UInt8(ascii: "\n"), UInt8(ascii: " ")] {
            if let place = octets[half..<bound].lastIndex(of: end) { return place + 1 }
        }
        // One word without an end: it is cut between two characters.
        var place = bound
        while place > half, octets[place] & 0xC0 == 0x80 { place -= 1 }
        return place
    }
}
