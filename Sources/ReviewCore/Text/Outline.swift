/// A run of lines that are neither blank nor headings; every list item starts one of its own.
public struct Paragraph: Sendable, Equatable {
    /// The section whose heading precedes it; nil before the first heading.
    public let section: SectionPath?
    /// Its number inside its section, from 1, counting only paragraphs between this heading and the next one.
    public let number: Int
    /// The lines it occupies, from 1, as they are shown.
    public let lines: ClosedRange<Int>
    /// Its lines, joined by LF, with list marks and indentation as typed.
    public let text: String

    /// A paragraph at its place in a document.
    public init(section: SectionPath?, number: Int, lines: ClosedRange<Int>, text: String) {
        self.section = section
        self.number = number
        self.lines = lines
        self.text = text
    }

    /// How people and rows write the place, `II.1/2`; `0/2` before the first heading.
    public var anchor: String { AnchorTarget.paragraph(section, number).description }
}

/// A heading and what belongs to it.
public struct Section: Sendable, Equatable {
    /// Its place, by position.
    public let path: SectionPath
    /// The heading without its `#` and without a typed number such as `1.`, `I.` or `a)`.
    public let title: String
    /// 1 at the top; a heading that skips a level counts as the next level down.
    public let level: Int
    /// The line of the heading, from 1.
    public let line: Int
    /// The section's own paragraphs, without those of its subsections, as places in `Document.paragraphs`.
    public let paragraphs: Range<Int>
    /// Whether the section or one of its subsections has any text.
    public let hasText: Bool
}

/// A canonical text and its outline (specification §5).
///
/// Built once in one pass, in linear time; looking up a section or a paragraph takes logarithmic time.
public struct Document: Sendable, Equatable {
    /// The canonical text.
    public let text: String
    /// The lines as they are shown, without their LF; line 1 is the first.
    public let lines: [Substring]
    /// The sections in the order of their headings.
    public let sections: [Section]
    /// All paragraphs, in order.
    public let paragraphs: [Paragraph]
    /// The octets of the longest paragraph, 0 when there is none.
    public let longestParagraph: Int

    /// The outline of a text from `CanonicalText.document`.
    public init(_ canonical: String) {
        var builder = OutlineBuilder()
        var source = canonical
        source.makeContiguousUTF8()
        source.utf8.withContiguousStorageIfAvailable { builder.read($0, of: source) }
        builder.finish()
        text = source
        lines = builder.lines
        sections = builder.sections
        paragraphs = builder.paragraphs
        longestParagraph = builder.longestParagraph
    }

    /// Documents are equal when their texts are; everything else follows from the text.
    public static func == (left: Document, right: Document) -> Bool {
        haveSameOctets(left.text, right.text)
    }

    /// The paragraph that occupies a line, from 1; nil for a heading, a blank line, or no line at all.
    public func paragraph(atLine line: Int) -> Paragraph? {
        let place = paragraphs.firstPlace { $0.lines.upperBound >= line }
        guard place < paragraphs.count, paragraphs[place].lines.contains(line) else { return nil }
        return paragraphs[place]
    }

    /// A paragraph by its section (nil: before the first heading) and its number there.
    public func paragraph(section: SectionPath?, number: Int) -> Paragraph? {
        paragraphPlace(section: section, number: number).map { paragraphs[$0] }
    }

    /// A section by its path.
    public func section(_ path: SectionPath) -> Section? { sectionPlace(path).map { sections[$0] } }

    /// The section whose heading stands on a line, from 1.
    public func section(atLine line: Int) -> Section? {
        let place = sections.firstPlace { $0.line >= line }
        guard place < sections.count, sections[place].line == line else { return nil }
        return sections[place]
    }

    /// The places in `paragraphs` of everything in a section and its subsections; nil when there is no such section.
    public func paragraphs(within path: SectionPath) -> Range<Int>? {
        guard let place = sectionPlace(path) else { return nil }
        let level = sections[place].level
        let next = sections[(place + 1)...].first { $0.level <= level }
        return sections[place].paragraphs.lowerBound..<(next?.paragraphs.lowerBound ?? paragraphs.count)
    }

    /// The place of a section in `sections`.
    func sectionPlace(_ path: SectionPath) -> Int? {
        let place = sections.firstPlace { !($0.path < path) }
        return place < sections.count && sections[place].path == path ? place : nil
    }

    /// The place of a paragraph in `paragraphs`.
    func paragraphPlace(section: SectionPath?, number: Int) -> Int? {
        let own: Range<Int>
        if let section {
            guard let place = sectionPlace(section) else { return nil }
            own = sections[place].paragraphs
        } else {
            own = leadingParagraphs
        }
        guard number >= 1, number <= own.count else { return nil }
        return own.lowerBound + number - 1
    }

    /// The paragraphs before the first heading.
    var leadingParagraphs: Range<Int> { 0..<(sections.first?.paragraphs.lowerBound ?? paragraphs.count) }
}

extension Array {
    /// The first place whose element satisfies a condition that holds for all elements after it; `count` if none does.
    func firstPlace(where condition: (Element) -> Bool) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = low + (high - low) / 2
            if condition(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}

/// Cuts a text into lines, sections and paragraphs.
private struct OutlineBuilder {
    private(set) var lines: [Substring] = []
    private(set) var sections: [Section] = []
    private(set) var paragraphs: [Paragraph] = []
    private(set) var longestParagraph = 0

    private struct Heading {
        let path: SectionPath
        let title: String
        let line: Int
        let firstParagraph: Int
    }

    private var headings: [Heading] = []
    /// The numbers of `#` of the open headings, from the top level down.
    private var typedLevels: [Int] = []
    private var numbers: [Int] = []
    /// The octets and the lines of the paragraph being read.
    private var open: (octets: Range<Int>, lines: ClosedRange<Int>)?

    mutating func read(_ octets: UnsafeBufferPointer<UInt8>, of text: String) {
        var start = 0
        while start < octets.count {
            var end = start
            while end < octets.count, octets[end] != 0x0A { end += 1 }
            let line = Slice(base: octets, bounds: start..<end)
            lines.append(substring(text, start..<end))
            if let typed = headingLevel(line) {
                closeParagraph(text)
                openSection(typed, title: String(decoding: line.dropFirst(typed), as: UTF8.self))
            } else if line.allSatisfy(isBlank) {
                closeParagraph(text)
            } else {
                if open != nil, isListItem(line) { closeParagraph(text) }
                let begun = open ?? (octets: start..<end, lines: lines.count...lines.count)
                open = (begun.octets.lowerBound..<end, begun.lines.lowerBound...lines.count)
            }
            start = end + 1
        }
        closeParagraph(text)
    }

    /// Gives every heading its paragraphs, once all of them are known.
    mutating func finish() {
        var withText = Set<Int>()
        var openSections: [Int] = []
        for place in headings.indices {
            while let last = openSections.last, headings[last].path.numbers.count >= headings[place].path.numbers.count
            {
                openSections.removeLast()
            }
            openSections.append(place)
            if !ownParagraphs(place).isEmpty { withText.formUnion(openSections) }
        }
        sections = headings.indices.map { place in
            Section(
                path: headings[place].path, title: headings[place].title, level: headings[place].path.numbers.count,
                line: headings[place].line, paragraphs: ownParagraphs(place), hasText: withText.contains(place))
        }
    }

    private func ownParagraphs(_ place: Int) -> Range<Int> {
        let next = place + 1 < headings.count ? headings[place + 1].firstParagraph : paragraphs.count
        return headings[place].firstParagraph..<next
    }

    private mutating func closeParagraph(_ text: String) {
        guard let run = open else { return }
        open = nil
        longestParagraph = max(longestParagraph, run.octets.count)
        let section = headings.last
        paragraphs.append(
            Paragraph(
                section: section?.path, number: paragraphs.count - (section?.firstParagraph ?? 0) + 1,
                lines: run.lines, text: String(substring(text, run.octets))))
    }

    private mutating func openSection(_ typed: Int, title: String) {
        while let last = typedLevels.last, last >= typed { typedLevels.removeLast() }
        typedLevels.append(typed)
        let level = typedLevels.count
        while numbers.count > level { numbers.removeLast() }
        if numbers.count < level { numbers.append(1) } else { numbers[level - 1] += 1 }
        guard let path = SectionPath(numbers) else { return }
        headings.append(
            Heading(
                path: path, title: withoutTypedNumber(title), line: lines.count, firstParagraph: paragraphs.count))
    }

    private func substring(_ text: String, _ range: Range<Int>) -> Substring {
        let start = text.utf8.index(text.startIndex, offsetBy: range.lowerBound)
        return text[start..<text.utf8.index(start, offsetBy: range.count)]
    }
}

private func isBlank(_ octet: UInt8) -> Bool { octet == 0x20 || octet == 0x09 }

private func isDigit(_ octet: UInt8) -> Bool { octet >= 0x30 && octet <= 0x39 }

/// The number of `#` of a heading line; nil when it is not one.
private func headingLevel(_ line: some Collection<UInt8>) -> Int? {
    let marks = line.prefix(while: { $0 == 0x23 }).count
    guard marks >= 1, marks <= SectionPath.maximumDepth, let next = line.dropFirst(marks).first, isBlank(next)
    else { return nil }
    return marks
}

/// Whether a line opens a list item: `-`, `+`, `*`, `1.`, `1.2.`, `1)`, `a)`, `đ)`, then a blank.
private func isListItem(_ line: some Collection<UInt8>) -> Bool {
    let content = line.drop(while: isBlank)
    guard let first = content.first else { return false }
    let mark: Int
    if first == 0x2D || first == 0x2B || first == 0x2A {
        mark = 1
    } else if let length = numberMark(content) {
        mark = length
    } else if (0x61...0x7A).contains(first), content.dropFirst().first == 0x29 {
        mark = 2
    } else if content.starts(with: [0xC4, 0x91, 0x29]) {
        // đ) in UTF-8: the fifth letter of an enumeration in Vietnamese documents.
        mark = 3
    } else {
        return false
    }
    guard let next = content.dropFirst(mark).first else { return false }
    return isBlank(next)
}

/// The length of `1.`, `1.2.`, `1.2` or `1)`.
///
/// A lone `1` is not a mark, nor is a year, nor `1.000`: a number with the thousands dot that happens to open a line.
private func numberMark(_ content: some Collection<UInt8>) -> Int? {
    var rest = content[...]
    var length = 0
    var groups = 0
    while true {
        let digits = rest.prefix(while: isDigit).count
        guard digits <= (groups == 0 ? 3 : 2) else { return nil }
        guard digits > 0 else { return groups > 0 ? length : nil }
        groups += 1
        length += digits
        rest = rest.dropFirst(digits)
        switch rest.first {
        case 0x2E:
            length += 1
            rest = rest.dropFirst()
        case 0x29: return length + 1
        default: return groups > 1 ? length : nil
        }
    }
}

/// A heading without the number its author typed, unless nothing would remain.
private func withoutTypedNumber(_ title: String) -> String {
    let octets = Array(title.utf8)
    var content = octets[...].drop(while: isBlank)
    let whole = content
    if let length = numberMark(content) ?? letterMark(content),
        let next = content.dropFirst(length).first, isBlank(next)
    {
        content = content.dropFirst(length).drop(while: isBlank)
    }
    while content.last.map(isBlank) ?? false { content.removeLast() }
    return String(decoding: content.isEmpty ? whole : content, as: UTF8.self)
}

/// The length of `I.`, `IV)`, `A.`, `a)` or `đ)`.
private func letterMark(_ content: some Collection<UInt8>) -> Int? {
    let roman = content.prefix(while: { "IVXLC".utf8.contains($0) }).count
    let letters: Int
    if roman > 0, roman <= 7 {
        letters = roman
    } else if let first = content.first, (0x41...0x5A).contains(first) || (0x61...0x7A).contains(first) {
        letters = 1
    } else if content.starts(with: [0xC4, 0x91]) || content.starts(with: [0xC4, 0x90]) {
        letters = 2
    } else {
        return nil
    }
    guard let mark = content.dropFirst(letters).first, mark == 0x2E || mark == 0x29 else { return nil }
    return letters + 1
}
