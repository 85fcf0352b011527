/// Some words around a match, for one line of a reply.
public enum Snippet {
    /// The longest snippet, in characters, with the dots that mark what was cut.
    public static let maximumCharacters = 200
    /// How many characters before the match are shown.
    private static let charactersBefore = 60

    /// One line of a text around a range of its octets, cut between words where there is a blank.
    ///
    /// Its cost does not grow with the text.
    public static func around(_ match: Range<Int>, in text: String) -> String {
        let count = text.utf8.count
        let place = text.utf8.index(text.startIndex, offsetBy: min(max(0, match.lowerBound), count))
        var before = text[..<place].suffix(charactersBefore)
        let isCutBefore = before.startIndex > text.startIndex
        if isCutBefore, let blank = before.firstIndex(where: \.isWhitespace) { before = before[blank...] }
        var after = text[place...].prefix(maximumCharacters - 2 - before.count)
        let isCutAfter = after.endIndex < text.endIndex
        if isCutAfter, let blank = after.lastIndex(where: \.isWhitespace), blank > after.startIndex {
            after = after[..<blank]
        }
        let words = text[before.startIndex..<after.endIndex].split(whereSeparator: \.isWhitespace)
        return (isCutBefore ? "…" : "") + words.joined(separator: " ") + (isCutAfter ? "…" : "")
    }
}
