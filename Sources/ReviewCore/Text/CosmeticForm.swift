/// A text reduced to what a cosmetic change must leave alone: its words, numbers and symbols, and its headings.
///
/// Reading is one pass over octets; what a word means is asked only where two texts differ.
struct CosmeticForm {
    private enum Kind { case word, number, symbol, heading }

    private struct Token {
        let kind: Kind
        /// Its octets.
        let range: Range<Int>
        /// Punctuation between the token before and this one, without blanks.
        let separator: String
        let opensSentence: Bool
    }

    private var octets: [UInt8] = []
    private var tokens: [Token] = []
    private var separator = ""

    /// Words that turn a sentence round; neither they nor the punctuation beside them may change.
    private static let negations: Set<String> = [
        "không", "chưa", "chẳng", "chả", "đừng", "chớ", "miễn", "trừ", "cấm", "khỏi", "vô", "bất", "phi", "not", "no",
        "except", "unless", "without",
    ]

    /// The punctuation that may come and go.
    ///
    /// What is not listed, as % / & §, is a symbol and must stay.
    private static let punctuation = Set(".,;:!?…'\"“”‘’«»()[]{}-–—*_`#•·".unicodeScalars.map(\.value))

    /// The form of one paragraph or heading.
    init(_ text: String) { append(text) }

    private init() {}

    /// Whether two documents differ in nothing but form: breaks between paragraphs are blanks; headings and their levels
    /// must stay.
    ///
    /// It ends at the first difference that matters, and reads nothing of the paragraphs that both have at the same place.
    /// - Parameter readingAll: reads those, too; the result is the same, as a test compares.
    static func isOnlyDifference(between old: Document, and new: Document, readingAll: Bool = false) -> Bool {
        let (left, right) = (blocks(of: old), blocks(of: new))
        var (before, after) = (CosmeticForm(), CosmeticForm())
        var compared = 0
        // Equal blocks that were passed over, from the last one that has a word: what follows looks back at no other token.
        var passed: [Block] = []
        for place in 0..<max(left.count, right.count) {
            let isInStep =
                compared == before.tokens.count && compared == after.tokens.count && before.separator == after.separator
            if !readingAll, isInStep, place < left.count, place < right.count, left[place].isSame(as: right[place]) {
                if left[place].hasWord { passed.removeAll(keepingCapacity: true) }
                passed.append(left[place])
                continue
            }
            for block in passed {
                before.append(block)
                after.append(block)
            }
            passed.removeAll(keepingCapacity: true)
            if place < left.count { before.append(left[place]) }
            if place < right.count { after.append(right[place]) }
            let common = min(before.tokens.count, after.tokens.count)
            guard before.isAlike(after, compared..<common) else { return false }
            compared = common
        }
        return before.tokens.count == after.tokens.count && before.endsLike(after)
    }

    /// A heading with its level, or a paragraph.
    private struct Block {
        let level: Int?
        let text: String

        func isSame(as other: Block) -> Bool { level == other.level && haveSameOctets(text, other.text) }

        /// Whether it certainly has a word or a number.
        var hasWord: Bool { level != nil || text.utf8.contains { $0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A } }
    }

    private static func blocks(of document: Document) -> [Block] {
        var blocks = document.leadingParagraphs.map { Block(level: nil, text: document.paragraphs[$0].text) }
        for section in document.sections {
            blocks.append(Block(level: section.level, text: document.heading(section).text))
            for place in section.paragraphs { blocks.append(Block(level: nil, text: document.paragraphs[place].text)) }
        }
        return blocks
    }

    private mutating func append(_ block: Block) {
        guard let level = block.level else { return append(block.text) }
        let start = octets.count
        octets.append(UInt8(truncatingIfNeeded: level))
        append(.heading, start..<octets.count, opensSentence: true)
        append(block.text)
        append(.heading, octets.count..<octets.count, opensSentence: true)
    }

    /// Whether two texts differ in nothing but form.
    func differsOnlyInForm(from other: CosmeticForm) -> Bool {
        tokens.count == other.tokens.count && isAlike(other, tokens.indices) && endsLike(other)
    }

    /// Whether some tokens differ in nothing but form.
    private func isAlike(_ other: CosmeticForm, _ places: Range<Int>) -> Bool {
        for place in places {
            let (left, right) = (tokens[place], other.tokens[place])
            guard left.kind == right.kind else { return false }
            if !octets[left.range].elementsEqual(other.octets[right.range]) {
                guard left.kind == .word, !isProtected(place), !other.isProtected(place),
                    Folding.tonePlacement(text(left)) == Folding.tonePlacement(other.text(right))
                else { return false }
            }
            if left.separator != right.separator, !mayChangeSeparator(before: place, other) { return false }
        }
        return true
    }

    /// Whether the punctuation at the end may differ as it does.
    private func endsLike(_ other: CosmeticForm) -> Bool {
        separator == other.separator || tokens.isEmpty || !isNegation(tokens.count - 1)
    }

    /// Whether punctuation before a token may change: not beside a negation, and not between two numbers, two letters of an
    /// enumeration or two names, for "5, 6" is not "5 - 6", "điểm a, c" not "điểm a - c", and "Lan, Minh" are two.
    private func mayChangeSeparator(before place: Int, _ other: CosmeticForm) -> Bool {
        if isNegation(place) || place > 0 && isNegation(place - 1) { return false }
        guard place > 0 else { return true }
        if tokens[place].kind == .number, tokens[place - 1].kind == .number { return false }
        if isItemLetter(place), isItemLetter(place - 1) { return false }
        // The first word of a sentence has a capital anyhow; before a name it may be one.
        return !(isName(place) || other.isName(place)) || !isCapitalised(place - 1)
    }

    /// The letter of an item, as in "điểm a, b và đ khoản 1".
    private func isItemLetter(_ place: Int) -> Bool {
        let token = tokens[place]
        guard token.kind == .word, token.range.count <= 2 else { return false }
        let letter = text(token).lowercased()
        return letter == "đ" || token.range.count == 1
    }

    private func text(_ token: Token) -> String { String(decoding: octets[token.range], as: UTF8.self) }

    private func isNegation(_ place: Int) -> Bool {
        tokens[place].kind == .word && Self.negations.contains(Folding.exact(text(tokens[place])))
    }

    /// A capitalised word inside a sentence.
    private func isName(_ place: Int) -> Bool { !tokens[place].opensSentence && isCapitalised(place) }

    private func isCapitalised(_ place: Int) -> Bool {
        guard tokens[place].kind == .word else { return false }
        return text(tokens[place]).unicodeScalars.first.map { $0 != $0.lowercased } ?? false
    }

    private func isProtected(_ place: Int) -> Bool { isNegation(place) || isName(place) }

    // MARK: - Reading

    private mutating func append(_ kind: Kind, _ range: Range<Int>, opensSentence: Bool) {
        tokens.append(Token(kind: kind, range: range, separator: separator, opensSentence: opensSentence))
        separator = ""
    }

    private mutating func append(_ text: String) {
        let start = octets.count
        octets.append(contentsOf: text.utf8)
        let pieces = octets[start...].withUnsafeBufferPointer { wordTokens($0) }
        var opensSentence = true
        var place = 0
        while place < pieces.count {
            let piece = pieces[place]
            if let end = numberEnd(pieces, place, start) {
                let range = piece.range.lowerBound..<pieces[end - 1].range.upperBound
                append(.number, range.shifted(by: start), opensSentence: opensSentence)
                opensSentence = false
                place = end
                continue
            }
            let range = piece.range.shifted(by: start)
            switch piece.kind {
            case .blank: break
            case .word:
                append(.word, range, opensSentence: opensSentence)
                opensSentence = false
            case .punctuation:
                let mark = String(decoding: octets[range], as: UTF8.self)
                let isBullet = place == 0 && mark == "+"
                if isBullet || mark.unicodeScalars.allSatisfy({ Self.punctuation.contains($0.value) }) {
                    separator += mark
                    if [".", "!", "?", "…"].contains(mark) || (mark == ")" && place == 1) { opensSentence = true }
                } else {
                    append(.symbol, range, opensSentence: opensSentence)
                    opensSentence = false
                }
            }
            place += 1
        }
    }

    /// Behind these a dash is a sign; behind others, as in “5%-10%”, it stands between two numbers.
    private static let openings = ["(", "[", "{", "\"", "'", "“", "‘", "«"]

    /// Where a number ends that starts here: `1.234,5`, `15/3/2025`, `15-20`, `-5`, all as one; nil when none does.
    private func numberEnd(_ pieces: [WordToken], _ start: Int, _ offset: Int) -> Int? {
        var place = start
        if pieces[place].kind == .punctuation {
            guard start == 0 || pieces[start - 1].kind == .blank || isOneOf(Self.openings, pieces[start - 1], offset),
                isOneOf(["-", "–", "−", "+"], pieces[place], offset)
            else { return nil }
            place += 1
        }
        guard place < pieces.count, startsWithDigit(pieces[place], offset) else { return nil }
        place += 1
        while place + 1 < pieces.count, pieces[place].kind == .punctuation, startsWithDigit(pieces[place + 1], offset),
            isOneOf([".", ",", "/", "-", "–", ":"], pieces[place], offset)
        {
            place += 2
        }
        return place
    }

    private func isOneOf(_ marks: [String], _ piece: WordToken, _ offset: Int) -> Bool {
        marks.contains { octets[piece.range.shifted(by: offset)].elementsEqual($0.utf8) }
    }

    private func startsWithDigit(_ piece: WordToken, _ offset: Int) -> Bool {
        let octet = octets[offset + piece.range.lowerBound]
        return piece.kind == .word && octet >= 0x30 && octet <= 0x39
    }
}

extension Range<Int> {
    fileprivate func shifted(by distance: Int) -> Range<Int> { lowerBound + distance..<upperBound + distance }
}
