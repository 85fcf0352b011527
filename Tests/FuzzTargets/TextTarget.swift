import ReviewCore

/// Canonical text, outline, anchors and their porting, comparison and kind of change, on two revisions.
///
/// The input: one octet of choices; the old text up to FF hex; then either edits of three octets each that make the new
/// revision out of the old one, or, after `T`, the new text itself. Without the old text's end there is one revision.
enum TextTarget {
    static func run(_ octets: [UInt8]) throws(Finding) {
        var genes = Genes(octets.dropFirst())
        // Repeated, a text becomes long without becoming a long input: what is quadratic shows as a timeout.
        let copies = octets.first == 0x2A ? 20 : 1
        let written = Array(genes.piece())
        guard let old = try document(repeated(written, copies)) else { return }
        try outline(old)
        try identical(old)
        var edits = genes
        let newOctets: [UInt8]
        if edits.octet() == 0x54 {
            newOctets = repeated(Array(edits.piece()), copies)
        } else {
            newOctets = TextEdits.edited(old, &genes)
        }
        guard let new = try document(newOctets) else { return }
        try PortingPromises(old: old, new: new).check(quoteSeed: octets.count)
        try ComparisonPromises(old: old, new: new).check()
    }

    private static func repeated(_ octets: [UInt8], _ copies: Int) -> [UInt8] {
        copies == 1 ? octets : Array((0..<copies).map { _ in octets }.joined(separator: [0x0A, 0x0A]))
    }

    // MARK: Canonical text

    private static func document(_ octets: [UInt8]) throws(Finding) -> Document? {
        try body(octets)
        let text: String
        do throws(TextProblem) {
            text = try CanonicalText.document(octets)
        } catch {
            let lines = octets.count { $0 == 0x0A } + 1
            try promise((0...lines).contains(error.line), "a problem in line \(error.line) of \(lines)")
            return nil
        }
        try canonical(text)
        try promise(text.utf8.last == 0x0A && !text.utf8.dropLast().isEmpty, "no final LF: \(shown(text.utf8))")
        try promise(!text.utf8.dropLast().reversed().starts(with: [0x0A]), "two final LF: \(shown(text.utf8))")
        var again: String?
        again = try? CanonicalText.document(Array(text.utf8))
        try promise(again.map { $0.utf8.elementsEqual(text.utf8) } ?? false, "not idempotent: \(shown(text.utf8))")
        // Looser forms of the same text have the same canonical one.
        let lines = text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false)
        let loose = Array(lines.joined(separator: [0x20, 0x0D, 0x0A])) + [0x0A]
        again = try? CanonicalText.document(loose)
        try promise(again.map { $0.utf8.elementsEqual(text.utf8) } ?? false, "CRLF differs: \(shown(text.utf8))")
        return Document(text)
    }

    private static func body(_ octets: [UInt8]) throws(Finding) {
        // What is refused is no text, or none of one line; what is canonical is never refused.
        if let text = try? CanonicalText.body(octets) {
            try promise(text.utf8.first != 0x0A && text.utf8.last != 0x0A, "blank lines around: \(shown(text.utf8))")
            let again = try? CanonicalText.body(Array(text.utf8))
            try promise(again?.utf8.elementsEqual(text.utf8) ?? false, "not idempotent: \(shown(text.utf8))")
        }
        if let field = try? CanonicalText.field(String(decoding: octets, as: UTF8.self), maximumOctets: 4_000) {
            let again = try? CanonicalText.field(field, maximumOctets: 4_000)
            try promise(again?.utf8.elementsEqual(field.utf8) ?? false, "not idempotent: \(shown(field.utf8))")
        }
    }

    /// NFC by the standard library's comparison, and nothing that a reader could not see.
    private static func canonical(_ text: String) throws(Finding) {
        for scalar in text.unicodeScalars {
            let isLine = scalar == "\n" || scalar == "\t"
            try promise(isLine || scalar.properties.generalCategory != .control, "a control: \(shown(text.utf8))")
            try promise(scalar.properties.generalCategory != .format, "a format character: \(shown(text.utf8))")
        }
    }

    // MARK: Outline

    private static func outline(_ document: Document) throws(Finding) {
        let joined = document.lines.joined(separator: "\n") + "\n"
        try promise(joined.utf8.elementsEqual(document.text.utf8), "lines are lost: \(shown(document.text.utf8))")
        var next: [SectionPath?: Int] = [:]
        var last = 0
        for paragraph in document.paragraphs {
            let number = (next[paragraph.section] ?? 0) + 1
            next[paragraph.section] = number
            try promise(paragraph.number == number, "\(paragraph.anchor) is the \(number). of its section")
            try promise(paragraph.lines.lowerBound > last, "\(paragraph.anchor) overlaps")
            last = paragraph.lines.upperBound
            let lines = document.lines[paragraph.lines.lowerBound - 1..<paragraph.lines.upperBound]
            try promise(lines.joined(separator: "\n") == paragraph.text, "\(paragraph.anchor) has other lines")
            try promise(
                document.paragraph(section: paragraph.section, number: number) == paragraph
                    && document.paragraph(atLine: paragraph.lines.lowerBound) == paragraph
                    && document.paragraph(atLine: last) == paragraph, "\(paragraph.anchor) is not found")
            try named(AnchorTarget(paragraph), document, line: last)
        }
        var previous: SectionPath?
        for section in document.sections {
            if let previous { try promise(previous < section.path, "\(section.path) after \(previous)") }
            previous = section.path
            try promise(document.section(section.path) == section, "\(section.path) is not found")
            try promise(document.section(atLine: section.line) == section, "\(section.path) is not found by line")
            try promise(SectionPath(section.path.description) == section.path, "\(section.path) is not read back")
            try promise(!section.title.utf8.contains(0x0A), "a title of two lines")
            let inside = document.paragraphs(within: section.path)
            try promise(inside.map { !$0.isEmpty } == section.hasText, "\(section.path): hasText is wrong")
            try named(.section(section.path), document, line: section.line)
        }
        for (index, line) in document.lines.enumerated() {
            let isBlank = line.utf8.allSatisfy { $0 == 0x20 || $0 == 0x09 }
            let holders = [
                document.paragraph(atLine: index + 1) != nil, document.section(atLine: index + 1) != nil, isBlank,
            ]
            try promise(holders.count { $0 } == 1, "line \(index + 1) is in \(holders): \(shown(document.text.utf8))")
        }
    }

    /// What is written of a place names that place, by name and by line.
    private static func named(_ target: AnchorTarget, _ document: Document, line: Int) throws(Finding) {
        try promise(AnchorTarget(target.description) == target, "\(target.description) is not read back")
        for place in [target.description, "L\(line)"] {
            let found = Result { () throws(AnchorProblem) in try Anchor.resolve(at: place, quote: nil, in: document) }
            try promise(found == .success(Anchor(target: target)), "\(place) is \(found)")
        }
    }

    /// Nothing moves between equal revisions.
    private static func identical(_ document: Document) throws(Finding) {
        let porting = Porting(from: document, to: Document(document.text))
        for anchor in PortingPromises.anchors(document, seed: 0) {
            let found = porting.port(anchor)
            try promise(
                found == PortedAnchor(state: .exact, target: anchor.target),
                "\(anchor) moves between equal revisions: \(found)\n\(shown(document.text.utf8))")
        }
        try promise(ChangeKind.classify(porting, addressed: []) == .identical, "equal revisions are not identical")
    }
}
