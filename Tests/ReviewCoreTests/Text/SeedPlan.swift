import Foundation

@testable import ReviewCore

/// The text of the Centre's plan for 2025: real prose, full of look-alikes.
enum SeedPlan {
    static let octets: [UInt8] = {
        let fixtures = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Fixtures/ke-hoach-chuyen-de-2025.txt")
        return (try? Data(contentsOf: fixtures)).map { Array($0) } ?? []
    }()

    /// As it was typed: no line is a heading.
    static func plain() throws -> Document { Document(try CanonicalText.document(octets)) }

    /// With headings: `I.` at the top, `1.` below, `3.1.` below that, as an author would push it.
    static func structured() throws -> Document {
        let lines = try plain().lines.map { line -> String in
            let first = line.prefix { $0 != " " }
            if ["I.", "II.", "III."].contains(String(first)) { return "# " + line }
            if first.count == 2, first.last == ".", first.first?.isNumber == true, line.count < 80 {
                return "## " + line
            }
            if first.count == 4, first.hasPrefix("3."), first.last == "." { return "### " + line }
            return String(line)
        }
        return Document(try CanonicalText.document(Array(lines.joined(separator: "\n").utf8)))
    }

    /// The document without some of its paragraphs.
    static func without(_ removed: Set<Int>, _ document: Document) -> Document {
        replacing(document) { removed.contains($0) ? nil : $1 }
    }

    /// The document with its paragraphs rewritten; nil takes one out.
    static func replacing(_ document: Document, _ change: (Int, String) -> String?) -> Document {
        var lines = document.lines.map { Optional(String($0)) }
        for (place, paragraph) in document.paragraphs.enumerated() {
            for line in paragraph.lines { lines[line - 1] = nil }
            lines[paragraph.lines.lowerBound - 1] = change(place, paragraph.text)
        }
        return Document(lines.compactMap { $0 }.joined(separator: "\n") + "\n")
    }
}
