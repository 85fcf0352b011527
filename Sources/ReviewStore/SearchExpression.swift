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

    /// The shortest stretch of a text, in octets, that has every phrase; the first of them where several are as short, nil
    /// when a phrase is nowhere.
    public func shortestMatch(in words: [SearchWord]) -> Range<Int>? {
        var places: [(phrase: Int, octets: Range<Int>)] = []
        for (number, phrase) in phrases.enumerated() {
            let found = self.places(of: phrase, in: words)
            guard !found.isEmpty else { return nil }
            places += found.map { (number, $0) }
        }
        places.sort { $0.octets.lowerBound < $1.octets.lowerBound }
        // A window over the places in their order: it grows until it has every phrase, and leaves behind what it has twice.
        var shortest: Range<Int>?
        var held = [Int](repeating: 0, count: phrases.count)
        var missing = phrases.count
        var first = 0
        for (last, place) in places.enumerated() {
            if held[place.phrase] == 0 { missing -= 1 }
            held[place.phrase] += 1
            while held[places[first].phrase] > 1 {
                held[places[first].phrase] -= 1
                first += 1
            }
            guard missing == 0 else { continue }
            let start = places[first].octets.lowerBound
            let end = places[first...last].lazy.map(\.octets.upperBound).max() ?? place.octets.upperBound
            if shortest.map({ end - start < $0.count }) ?? true { shortest = start..<end }
        }
        return shortest
    }

    private func places(of phrase: Phrase, in words: [SearchWord]) -> [Range<Int>] {
        guard words.count >= phrase.words.count else { return [] }
        return (0...(words.count - phrase.words.count)).compactMap { start in
            let run = words[start..<(start + phrase.words.count)]
            guard matches(phrase, run), let first = run.first, let last = run.last else { return nil }
            return first.octets.lowerBound..<last.octets.upperBound
        }
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
