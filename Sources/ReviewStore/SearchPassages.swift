public import ReviewCore

/// A text of the search index: a paragraph of a revision, or the whole of another body.
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
    public static let maximumCount = 1 << 20

    /// The passages of an event, in order; none when it brings no text, or its text was removed.
    ///
    /// A revision gives a passage for each paragraph and heading, so that a hit shows the right lines.
    public static func passages(of event: Event) -> [SearchPassage] {
        guard let (source, bodies) = event.fact.searchable else { return [] }
        var texts: [String] = []
        for body in bodies {
            guard let text = body.text else { continue }
            if case .revision = source { texts += paragraphs(of: text) } else { texts.append(text) }
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
}
