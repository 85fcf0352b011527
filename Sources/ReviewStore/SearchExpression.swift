import ReviewCore

/// A query of FIND, understood (specification §6).
///
/// - Words between blanks must all occur, in any order: `trợ giúp` finds texts with both.
/// - Quotation marks, "…" or “…”, hold a phrase: its words must stand side by side, whatever is between them in the
///   text (blanks, hyphens, a line end). `29/KH-TGPL` is a phrase by itself.
/// - `*` at the end of a word stands for any continuation: `phản b*`. Without it words match whole, since nearly every
///   syllable of Vietnamese is the beginning of another one.
/// - A query without any dấu ignores dấu, đ included; one with a dấu means exactly what it says. Case never matters.
/// - Everything else separates words and has no meaning, so no query is an error.
public struct SearchExpression: Sendable, Equatable {
    /// Words that must stand side by side.
    public struct Phrase: Sendable, Equatable {
        /// The words in the form of the column that is searched.
        public let words: [String]
        /// Whether the last word may continue.
        public let isPrefix: Bool
    }

    /// The most phrases that are looked at; a command line cannot hold a sensible query with more.
    static let maximumPhrases = 32

    /// Phrases that must all occur; empty when the query holds no word.
    public let phrases: [Phrase]
    /// Whether dấu count.
    public let isExact: Bool

    /// Understands a query; any text is one.
    public init(_ query: String) {
        let exact = Folding.hasMarks(query)
        isExact = exact
        var phrases: [Phrase] = []
        for part in Self.parts(of: query) where phrases.count < Self.maximumPhrases {
            let words = SearchWords.words(of: part.text).map { exact ? $0.exact : $0.folded }
            guard !words.isEmpty else { continue }
            phrases.append(Phrase(words: words, isPrefix: part.isPrefix))
        }
        self.phrases = phrases
    }

    /// Whether a text has every phrase, and the range of octets of the first place of the first phrase.
    public func firstMatch(in words: [SearchWord]) -> Range<Int>? {
        var first: Range<Int>?
        for phrase in phrases {
            guard let place = firstPlace(of: phrase, in: words) else { return nil }
            if first == nil { first = place }
        }
        return first
    }

    private func firstPlace(of phrase: Phrase, in words: [SearchWord]) -> Range<Int>? {
        guard words.count >= phrase.words.count else { return nil }
        for start in 0...(words.count - phrase.words.count) {
            let run = words[start..<(start + phrase.words.count)]
            if matches(phrase, run), let first = run.first, let last = run.last {
                return first.octets.lowerBound..<last.octets.upperBound
            }
        }
        return nil
    }

    private func matches(_ phrase: Phrase, _ run: ArraySlice<SearchWord>) -> Bool {
        for (offset, pair) in zip(phrase.words, run).enumerated() {
            let word = (isExact ? pair.1.exact : pair.1.folded).utf8
            let isLast = offset == phrase.words.count - 1
            let isMatch =
                phrase.isPrefix && isLast ? word.starts(with: pair.0.utf8) : word.elementsEqual(pair.0.utf8)
            guard isMatch else { return false }
        }
        return true
    }

    /// The parts between blanks or inside quotation marks, with the star taken off.
    private static func parts(of query: String) -> [(text: String, isPrefix: Bool)] {
        var parts: [(text: String, isPrefix: Bool)] = []
        var open = String.UnicodeScalarView()
        var isQuoted = false
        func close() {
            guard !open.isEmpty else { return }
            parts.append((String(open), open.last == "*"))
            open = String.UnicodeScalarView()
        }
        for scalar in query.unicodeScalars {
            switch scalar {
            case "\"", "“", "”", "„":
                // A star just behind the closing mark would otherwise stand alone; it is ignored.
                close()
                isQuoted.toggle()
            case " ", "\t", "\n", "\r", "\u{A0}":
                if isQuoted { open.append(" ") } else { close() }
            default: open.append(scalar)
            }
        }
        close()
        return parts
    }
}
