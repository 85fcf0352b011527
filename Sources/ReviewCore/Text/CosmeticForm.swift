/// A text reduced to what a cosmetic change must leave alone: its words, numbers and symbols, and its headings.
struct CosmeticForm {
    private enum Kind { case word, number, symbol, heading }

    private struct Token {
        let kind: Kind
        let text: String
        /// Punctuation between the token before and this one, without blanks.
        let separator: String
        let isNegation: Bool
        /// A capitalised word inside a sentence.
        let isName: Bool

        /// Whether punctuation between two such tokens carries meaning: "5, 6" is not "5 - 6".
        var isSensitive: Bool { kind == .number || isName }
    }

    private var tokens: [Token] = []
    private var trailing = ""

    /// Words that turn a sentence round; punctuation beside them and their own letters count.
    private static let negations: Set<String> = [
        "không", "chưa", "chẳng", "chả", "đừng", "chớ", "miễn", "trừ", "cấm", "khỏi", "vô", "bất", "phi", "not", "no",
        "except", "unless", "without",
    ]

    /// The punctuation that may come and go. What is not listed, as % / & §, is a symbol and must stay.
    private static let punctuation = Set(".,;:!?…'\"“”‘’«»()[]{}-–—*_`#•·".unicodeScalars.map(\.value))

    /// The form of one paragraph or heading.
    init(_ text: String) { append(text) }

    /// The form of a whole document. Breaks between paragraphs are blanks; headings and their levels must stay.
    init(_ document: Document) {
        append(document, document.leadingParagraphs)
        for section in document.sections {
            tokens.append(
                Token(kind: .heading, text: String(section.level), separator: takeTrailing(), isNegation: false, isName: false))
            append(document.heading(section).text)
            tokens.append(
                Token(kind: .heading, text: "", separator: takeTrailing(), isNegation: false, isName: false))
            append(document, section.paragraphs)
        }
    }

    private mutating func append(_ document: Document, _ range: Range<Int>) {
        for place in range { append(document.paragraphs[place].text) }
    }

    private mutating func takeTrailing() -> String {
        defer { trailing = "" }
        return trailing
    }

    /// Whether two texts differ in nothing but form.
    func differsOnlyInForm(from other: CosmeticForm) -> Bool {
        guard tokens.count == other.tokens.count else { return false }
        for (place, (left, right)) in zip(tokens, other.tokens).enumerated() {
            guard left.kind == right.kind else { return false }
            if left.text != right.text {
                guard left.kind == .word, !left.isNegation, !right.isNegation, !left.isName, !right.isName,
                    Folding.tonePlacement(left.text) == Folding.tonePlacement(right.text)
                else { return false }
            }
            if left.separator != right.separator {
                let before = place > 0 ? [tokens[place - 1], other.tokens[place - 1]] : []
                if left.isNegation || before.contains(where: \.isNegation) { return false }
                if left.isSensitive || right.isSensitive, before.contains(where: \.isSensitive) { return false }
            }
        }
        return trailing == other.trailing || !(tokens.last?.isNegation ?? false)
    }

    private mutating func append(_ text: String) {
        var text = text
        text.withUTF8 { octets in
            let pieces = wordTokens(octets)
            var isSentenceStart = true
            var place = 0
            while place < pieces.count {
                let piece = pieces[place]
                if let end = Self.numberEnd(pieces, place, octets) {
                    let range = piece.range.lowerBound..<pieces[end - 1].range.upperBound
                    append(.number, Self.text(octets, range), isName: false)
                    isSentenceStart = false
                    place = end
                    continue
                }
                let content = Self.text(octets, piece.range)
                switch piece.kind {
                case .blank: break
                case .word:
                    let isCapital = content.unicodeScalars.first.map { $0 != $0.lowercased } ?? false
                    append(.word, content, isName: isCapital && !isSentenceStart)
                    isSentenceStart = false
                case .punctuation:
                    let isOpening = place == 0
                    if isOpening && content == "+" || content.unicodeScalars.allSatisfy({ Self.punctuation.contains($0.value) }) {
                        trailing += content
                        if ".!?…".contains(content) || content == ")" && place == 1 { isSentenceStart = true }
                    } else {
                        append(.symbol, content, isName: false)
                        isSentenceStart = false
                    }
                }
                place += 1
            }
        }
    }

    private mutating func append(_ kind: Kind, _ text: String, isName: Bool) {
        tokens.append(
            Token(
                kind: kind, text: text, separator: takeTrailing(),
                isNegation: kind == .word && Self.negations.contains(Folding.exact(text)), isName: isName))
    }

    private static func text(_ octets: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> String {
        String(decoding: octets[range], as: UTF8.self)
    }

    /// Where a number ends that starts here: `1.234,5`, `15/3/2025`, `15-20`, `-5`, all as one; nil when none does.
    private static func numberEnd(
        _ pieces: [WordToken], _ start: Int, _ octets: UnsafeBufferPointer<UInt8>
    ) -> Int? {
        var place = start
        let isSign = pieces[place].kind == .punctuation && ["-", "–", "−", "+"].contains(text(octets, pieces[place].range))
        if isSign {
            guard start == 0 || pieces[start - 1].kind == .blank else { return nil }
            place += 1
        }
        guard place < pieces.count, startsWithDigit(pieces[place], octets) else { return nil }
        place += 1
        while place + 1 < pieces.count, pieces[place].kind == .punctuation,
            startsWithDigit(pieces[place + 1], octets),
            [".", ",", "/", "-", "–", ":"].contains(text(octets, pieces[place].range))
        {
            place += 2
        }
        return place
    }

    private static func startsWithDigit(_ piece: WordToken, _ octets: UnsafeBufferPointer<UInt8>) -> Bool {
        piece.kind == .word && octets[piece.range.lowerBound] >= 0x30 && octets[piece.range.lowerBound] <= 0x39
    }
}
