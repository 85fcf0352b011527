/// The server's blank phiếu nhận xét, phản biện with its gaps found, so that a person fills in fields instead of editing
/// a sheet of 80 columns.
///
/// The paper stays the server's: whatever stands around the gaps is sent back as it came. A form that has other gaps than
/// these is still filled in, field by field.
struct FormSheet: Sendable, Equatable {
    /// Something to be filled in.
    struct Gap: Sendable, Equatable {
        enum Kind: Sendable, Equatable {
            /// Lines of dots: a text of any length.
            case text
            /// The rest of one line.
            case line
            /// One of the words that stand in parentheses.
            case choice([String])
            /// Places of the text.
            case evidence
            /// Boxes, one for each verdict: its words, and what the protocol calls it.
            case verdict(words: [String], values: [String])
        }

        let kind: Kind
        /// The last heading or criterion above it.
        let heading: String
        /// The headings above that one which have nothing of their own to be filled in; only with the first gap below.
        let above: [String]
        /// What stands before it in its own line.
        let label: String
        /// Its lines in the sheet.
        fileprivate(set) var lines: Range<Int>

        /// What a draft calls it.
        var name: String { heading + "|" + label }
    }

    private let lines: [String]
    private(set) var gaps: [Gap] = []

    private static let blank = "………………"

    init(_ text: String) {
        lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        // Those since the last gap; the last of them is that of the next gap.
        var headings: [String] = []
        var heading = Heading()
        for (index, line) in lines.enumerated() {
            let words = line.drop { $0 == " " }
            let former = gaps.count
            if words.count >= 10, words.allSatisfy({ $0 == "." }) {
                extend(.text, heading, label: "", at: index)
            } else if let gap = line.firstRange(of: Self.blank) {
                let label = line[..<gap.lowerBound].trimmed
                add(Self.kind(label), heading, label: label, at: index)
            } else if let box = Self.box(words) {
                extendVerdict(box, heading, at: index)
            } else if Self.isHeading(words) {
                headings.append(String(words))
                heading = Heading(words: String(words), above: Array(headings.dropLast()))
            }
            if gaps.count > former {
                headings = []
                heading.above = []
            }
        }
    }

    /// A heading with those above it that have no gap of their own.
    private struct Heading {
        var words = ""
        var above: [String] = []
    }

    /// What is asked for by the words before a blank.
    private static func kind(_ label: String) -> Gap.Kind {
        if label.hasPrefix("Minh chứng") { return .evidence }
        guard let open = label.firstIndex(of: "("), let close = label[open...].firstIndex(of: ")") else { return .line }
        let words = label[label.index(after: open)..<close].split(separator: "/").map { $0[...].trimmed }
        return words.count > 1 ? .choice(words) : .line
    }

    /// `I. …` in capitals, or `1. …`: a number in Roman or Arabic digits, a point, and words.
    private static func isHeading(_ words: Substring) -> Bool {
        guard let point = words.firstIndex(of: ".") else { return false }
        let number = words[..<point]
        return (1...4).contains(number.count) && number.allSatisfy { "IVX0123456789".contains($0) }
            && words[words.index(after: point)...].hasPrefix(" ")
    }

    /// A box for a verdict, as in `[ ] đạt (pass)`.
    private static func box(_ words: Substring) -> (words: String, value: String)? {
        guard words.hasPrefix("[ ] "), words.hasSuffix(")"), let open = words.lastIndex(of: "(") else { return nil }
        return (
            words[words.index(words.startIndex, offsetBy: 4)..<open].trimmed,
            String(words[words.index(after: open)...].dropLast())
        )
    }

    private mutating func add(_ kind: Gap.Kind, _ heading: Heading, label: String, at index: Int) {
        gaps.append(
            Gap(kind: kind, heading: heading.words, above: heading.above, label: label, lines: index..<index + 1))
    }

    private mutating func extend(_ kind: Gap.Kind, _ heading: Heading, label: String, at index: Int) {
        if let last = gaps.last, last.kind == kind, last.lines.upperBound == index {
            gaps[gaps.count - 1].lines = last.lines.lowerBound..<index + 1
        } else {
            add(kind, heading, label: label, at: index)
        }
    }

    private mutating func extendVerdict(_ box: (words: String, value: String), _ heading: Heading, at index: Int) {
        if let last = gaps.last, case .verdict(let words, let values) = last.kind, last.lines.upperBound == index {
            gaps[gaps.count - 1] = Gap(
                kind: .verdict(words: words + [box.words], values: values + [box.value]), heading: last.heading,
                above: last.above, label: "", lines: last.lines.lowerBound..<index + 1)
        } else {
            add(.verdict(words: [box.words], values: [box.value]), heading, label: "", at: index)
        }
    }

    /// The sheet with what was filled in; a gap without anything stays as it is.
    ///
    /// - Parameter values: what stands in each gap; of a verdict its value in the protocol.
    func filled(_ values: [String]) -> String {
        var result: [String] = []
        var next = 0
        for (gap, value) in zip(gaps, values) {
            result += lines[next..<gap.lines.lowerBound]
            next = gap.lines.upperBound
            let former = Array(lines[gap.lines])
            guard value.contains(where: { !$0.isWhitespace }) else {
                result += former
                continue
            }
            switch gap.kind {
            case .text: result += value.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            case .line, .choice, .evidence:
                let oneLine = value.split(whereSeparator: \.isNewline).joined(separator: " ")
                result += former.map { $0.replacing(Self.blank, with: oneLine, maxReplacements: 1) }
            case .verdict(_, let known):
                for (line, verdict) in zip(former, known) {
                    result.append(
                        verdict == value ? line.replacing("[ ]", with: "[x]", maxReplacements: 1) : line)
                }
            }
        }
        result += lines[next...]
        return result.joined(separator: "\n")
    }
}

extension Substring {
    /// Without the blanks, and the colon, around it.
    fileprivate var trimmed: String {
        var rest = self
        while let first = rest.first, first == " " { rest = rest.dropFirst() }
        while let last = rest.last, last == " " || last == ":" { rest = rest.dropLast() }
        return String(rest)
    }
}
