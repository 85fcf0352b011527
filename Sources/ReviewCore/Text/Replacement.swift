/// A document with a suggestion in the place of the words that it is to replace (domain §2: the author applies it in one
/// act).
///
/// Never a guess: words that occur twice at their place, or no longer, are left alone.
public struct Replacement: Sendable, Equatable {
    /// The paragraph that changes, or the section whose heading does.
    public let target: AnchorTarget
    /// That paragraph, or the title of that heading, as it is.
    public let before: String
    /// The same with the suggestion in it.
    public let after: String
    /// The whole text with the suggestion in it, canonical.
    public let text: String
}

/// Why a suggestion cannot be put into a document.
public enum ReplacementProblem: Error, Sendable, Equatable {
    /// The document has no such place.
    case placeGone
    /// A suggestion for all of a section, or of the whole topic: which words it replaces is not said.
    case noWords
    /// The words do not occur at their place.
    case quoteGone
    /// The words occur at their place more than once: how often.
    case quoteRepeated(Int)
    /// The place reads already as it was suggested.
    case alreadyThere
    /// A heading would become text, text a heading, or a heading several lines.
    case headingsChanged
    /// The text with the suggestion in it is not legal, such as too long.
    case text(TextProblem)
}

extension Document {
    /// The document with a suggestion in the place of quoted words, or of a whole paragraph.
    ///
    /// - Parameters:
    ///   - quote: the words, of which any run of blanks matches any other; nil for all of the paragraph.
    ///   - target: where they are now. In a section its headings and paragraphs are looked through, and exactly one of them
    ///     may have the words, once.
    public func replacing(
        _ quote: String?, at target: AnchorTarget, with suggestion: String
    ) throws(ReplacementProblem) -> Replacement {
        let blocks = try blocks(of: target)
        let found = try place(of: quote, in: blocks)
        let octets = Array(text.utf8)
        guard !isWritten(suggestion, over: found.range) else { throw .alreadyThere }
        guard !found.block.isHeading || !suggestion.utf8.contains(0x0A) else { throw .headingsChanged }
        let new: Document
        do throws(TextProblem) {
            let changed = octets[..<found.range.lowerBound] + suggestion.utf8 + octets[found.range.upperBound...]
            new = Document(try CanonicalText.document(Array(changed)))
        } catch {
            throw .text(error)
        }
        // Comments are tied to sections by their numbers, so a suggestion for some words may not move them.
        guard new.sections.map(\.path) == sections.map(\.path) else { throw .headingsChanged }
        let own = found.block.range
        return Replacement(
            target: found.block.target, before: String(decoding: octets[own], as: UTF8.self),
            after: String(
                decoding: octets[own.lowerBound..<found.range.lowerBound] + suggestion.utf8
                    + octets[found.range.upperBound..<own.upperBound], as: UTF8.self),
            text: new.text)
    }

    /// Whether `replacing` would find the words and not the suggestion around them, for what looking at the place costs.
    public func offers(_ quote: String?, at target: AnchorTarget, with suggestion: String) -> Bool {
        guard let blocks = try? blocks(of: target), let found = try? place(of: quote, in: blocks) else { return false }
        return !isWritten(suggestion, over: found.range)
    }

    /// How often words occur at a place, as `replacing` looks for them; 0 where there is no such place.
    public func count(of quote: String, at target: AnchorTarget) -> Int {
        (try? blocks(of: target)).map { occurrences(of: quote, in: $0).count } ?? 0
    }

    /// Whether words stand within a suggestion that was applied already.
    ///
    /// What was suggested may have what it replaces within it, and then that is still there. What differs from it by blanks
    /// and line ends alone is not the same.
    private func isWritten(_ suggestion: String, over range: Range<Int>) -> Bool {
        // What holds the words reaches no further than the suggestion is long; blanks may be more than it has.
        let reach = 2 * suggestion.utf8.count
        var start = max(range.lowerBound - reach, 0)
        while start > 0, isWithinCharacter(start) { start -= 1 }
        var end = min(range.upperBound + reach, text.utf8.count)
        while end < text.utf8.count, isWithinCharacter(end) { end += 1 }
        let around = QuoteSearch(anyBlanks: suggestion).occurrences(in: substring(start..<end), limit: .max)
        return around.contains { found in
            let (first, last) = (start + found.lowerBound, start + found.upperBound)
            if first == range.lowerBound, last == range.upperBound {
                return substring(range).utf8.elementsEqual(suggestion.utf8)
            }
            return first <= range.lowerBound && range.upperBound <= last
        }
    }

    private func isWithinCharacter(_ octet: Int) -> Bool {
        text.utf8[text.utf8.index(text.startIndex, offsetBy: octet)] & 0xC0 == 0x80
    }

    /// Whether what was suggested for a place stands in its section, or before the first heading where that is its place;
    /// where the section is gone, anywhere.
    public func reads(_ suggestion: String, at target: AnchorTarget) -> Bool {
        guard !lines.isEmpty else { return false }
        let search = QuoteSearch(anyBlanks: suggestion)
        var within = 1...lines.count
        if let path = target.section {
            guard let own = section(path) else { return search.occurs(in: text) }
            let next = sections.first { $0.line > own.line && $0.level <= own.level }
            within = own.line...((next?.line ?? lines.count + 1) - 1)
        } else if case .paragraph = target {
            within = 1...max((sections.first?.line ?? lines.count + 1) - 1, 1)
        }
        return search.occurs(in: lines[(within.lowerBound - 1)..<within.upperBound].joined(separator: "\n"))
    }

    /// A paragraph, or a heading's title, with the octets of the text that it takes.
    private struct Block {
        let target: AnchorTarget
        let range: Range<Int>
        let isHeading: Bool
    }

    private func place(
        of quote: String?, in blocks: [Block]
    ) throws(ReplacementProblem) -> (block: Block, range: Range<Int>) {
        guard let quote else {
            guard blocks.count == 1, let block = blocks.first, !block.isHeading else { throw .noWords }
            return (block, block.range)
        }
        let found = occurrences(of: quote, in: blocks)
        guard let place = found.first else { throw .quoteGone }
        guard found.count == 1 else { throw .quoteRepeated(found.count) }
        return place
    }

    private func occurrences(of quote: String, in blocks: [Block]) -> [(block: Block, range: Range<Int>)] {
        let search = QuoteSearch(anyBlanks: quote)
        return blocks.flatMap { block in
            let start = block.range.lowerBound
            return search.occurrences(in: substring(block.range), limit: .max)
                .map { (block, start + $0.lowerBound..<start + $0.upperBound) }.filter { isWhole($0.1) }
        }
    }

    /// Whether words begin and end where words do: "75" is not in "275".
    private func isWhole(_ range: Range<Int>) -> Bool {
        let scalars = text.unicodeScalars
        func isPart(_ scalar: Unicode.Scalar) -> Bool {
            scalar.properties.isAlphabetic || scalar.properties.numericType != nil
        }
        func isCut(at octet: Int) -> Bool {
            let place = text.utf8.index(text.startIndex, offsetBy: octet)
            guard place > text.startIndex, place < text.endIndex else { return false }
            return isPart(scalars[scalars.index(before: place)]) && isPart(scalars[place])
        }
        return !isCut(at: range.lowerBound) && !isCut(at: range.upperBound)
    }

    private func blocks(of target: AnchorTarget) throws(ReplacementProblem) -> [Block] {
        switch target {
        case .whole: return sections.map(block) + paragraphs.map(block)
        case .section(let path):
            guard let inside = paragraphs(within: path) else { throw .placeGone }
            return sections.filter { path.contains($0.path) }.map(block) + paragraphs[inside].map(block)
        case .paragraph(let path, let number):
            guard let paragraph = paragraph(section: path, number: number) else { throw .placeGone }
            return [block(paragraph)]
        }
    }

    private func block(_ paragraph: Paragraph) -> Block {
        let start = start(ofLine: paragraph.lines.lowerBound)
        return Block(
            target: AnchorTarget(paragraph), range: start..<start + paragraph.text.utf8.count, isHeading: false)
    }

    /// A title stands at the end of its line, behind its marks and the number that was typed.
    private func block(_ section: Section) -> Block {
        let end = start(ofLine: section.line) + lines[section.line - 1].utf8.count
        return Block(target: .section(section.path), range: end - section.title.utf8.count..<end, isHeading: true)
    }

    private func start(ofLine line: Int) -> Int {
        text.utf8.distance(from: text.startIndex, to: lines[line - 1].startIndex)
    }

    private func substring(_ range: Range<Int>) -> String {
        let start = text.utf8.index(text.startIndex, offsetBy: range.lowerBound)
        return String(text[start..<text.utf8.index(start, offsetBy: range.count)])
    }
}

extension QuoteSearch {
    /// A search for words whose blanks and line ends are as people typed them.
    fileprivate init(anyBlanks words: String) {
        let words = words.utf8.split { $0 == 0x20 || $0 == 0x09 || $0 == 0x0A }
        self.init(String(decoding: Array(words.joined(separator: [0x20])), as: UTF8.self))
    }
}
