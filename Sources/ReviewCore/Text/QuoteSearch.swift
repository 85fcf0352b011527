/// Finds quoted words in a text in linear time, whatever the words are (Knuth, Morris and Pratt).
///
/// Any run of blanks and line ends of the text matches one space of the words, because a quote is one line and a
/// paragraph may be wrapped. A match must end where a character ends: a combining mark after it makes another letter.
struct QuoteSearch: Sendable {
    private let words: [UInt8]
    /// For each place, how much of the beginning of the words also ends there.
    private let borders: [Int32]

    /// `words` has single spaces only and none at its ends, as `Anchor.resolve` makes it.
    init(_ words: String) {
        let words = Array(words.utf8)
        var borders = [Int32](repeating: 0, count: words.count)
        var length = 0
        for place in words.indices.dropFirst() {
            while length > 0, words[place] != words[length] { length = Int(borders[length - 1]) }
            if words[place] == words[length] { length += 1 }
            borders[place] = Int32(length)
        }
        self.words = words
        self.borders = borders
    }

    /// A search for all of a paragraph; nil when it is too short to be recognised in another one.
    init?(wholeText text: String) {
        let words = text.utf8.split(whereSeparator: isBlankOrLineEnd)
        guard words.count >= DocumentAlignment.wordsToMove else { return nil }
        self.init(String(decoding: Array(words.joined(separator: [0x20])), as: UTF8.self))
    }

    func occurs(in text: String) -> Bool { !occurrences(in: text, limit: 1).isEmpty }

    /// Where the words occur, as ranges of octets of the text, which may overlap.
    func occurrences(in text: String, limit: Int) -> [Range<Int>] {
        guard !words.isEmpty else { return [] }
        var text = text
        return text.withUTF8 { text in
            var found: [Range<Int>] = []
            var length = 0
            var position = 0
            while position < text.count, found.count < limit {
                var octet = text[position]
                position += 1
                if isBlankOrLineEnd(octet) {
                    octet = 0x20
                    while position < text.count, isBlankOrLineEnd(text[position]) { position += 1 }
                }
                while length > 0, octet != words[length] { length = Int(borders[length - 1]) }
                if octet == words[length] { length += 1 }
                guard length == words.count else { continue }
                length = Int(borders[length - 1])
                if !isMark(text, position) { found.append(start(of: position, in: text)..<position) }
            }
            return found
        }
    }

    /// Where a match that ends at a position begins: as many characters back as the words have, a run counting as one.
    private func start(of end: Int, in text: UnsafeBufferPointer<UInt8>) -> Int {
        var position = end
        for _ in words {
            guard position > 0 else { break }
            position -= 1
            guard isBlankOrLineEnd(text[position]) else { continue }
            while position > 0, isBlankOrLineEnd(text[position - 1]) { position -= 1 }
        }
        return position
    }

    /// Whether a mark of U+0300 to U+036F stands at a position; their UTF-8 runs from CC 80 to CD AF.
    private func isMark(_ text: UnsafeBufferPointer<UInt8>, _ position: Int) -> Bool {
        guard position + 1 < text.count else { return false }
        return text[position] == 0xCC || (text[position] == 0xCD && text[position + 1] < 0xB0)
    }
}

private func isBlankOrLineEnd(_ octet: UInt8) -> Bool { octet == 0x20 || octet == 0x09 || octet == 0x0A }
