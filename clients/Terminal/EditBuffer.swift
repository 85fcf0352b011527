/// A line of graphemes and a cursor between them.
///
/// Invariant: the graphemes are those of their joined text. A combining mark that is inserted joins the letter before
/// it, whoever split them.
struct EditBuffer: Sendable, Hashable {
    private(set) var characters: [Character] = []
    /// From 0 to the number of graphemes.
    private(set) var cursor = 0

    var text: String { String(characters) }
    var beforeCursor: ArraySlice<Character> { characters[..<cursor] }
    var afterCursor: ArraySlice<Character> { characters[cursor...] }

    mutating func move(to position: Int) {
        cursor = min(max(position, 0), characters.count)
    }

    /// Replaces a part of the line, and puts the cursor after the replacement.
    mutating func replace(_ range: Range<Int>, with text: String) {
        let range = range.clamped(to: 0..<characters.count)
        let inserted = Array(text)
        characters.replaceSubrange(range, with: inserted)
        cursor = range.lowerBound + inserted.count
        if !isBoundary(range.lowerBound) || !isBoundary(cursor) { regroup() }
    }

    /// Whether the graphemes around a position remain apart when they are joined.
    private func isBoundary(_ position: Int) -> Bool {
        guard position > 0, position < characters.count else { return true }
        let left = String(characters[position - 1])
        let joined = left + String(characters[position])
        return joined.count == 2 && joined.first.map(String.init)?.unicodeScalars.count == left.unicodeScalars.count
    }

    /// Groups the scalars anew; a cursor that comes to stand within a grapheme moves behind it.
    private mutating func regroup() {
        let scalarsBefore = beforeCursor.reduce(0) { $0 + $1.unicodeScalars.count }
        characters = Array(text)
        var count = 0
        cursor = 0
        while cursor < characters.count, count < scalarsBefore {
            count += characters[cursor].unicodeScalars.count
            cursor += 1
        }
    }

    /// Where the word before a position begins.
    func wordStart(before position: Int) -> Int {
        var position = min(max(position, 0), characters.count)
        while position > 0, !Self.isWordPart(characters[position - 1]) { position -= 1 }
        while position > 0, Self.isWordPart(characters[position - 1]) { position -= 1 }
        return position
    }

    /// Where the word after a position ends.
    func wordEnd(after position: Int) -> Int {
        var position = min(max(position, 0), characters.count)
        while position < characters.count, !Self.isWordPart(characters[position]) { position += 1 }
        while position < characters.count, Self.isWordPart(characters[position]) { position += 1 }
        return position
    }

    /// Where the argument before a position begins: words here end at spaces alone.
    func argumentStart(before position: Int) -> Int {
        var position = min(max(position, 0), characters.count)
        while position > 0, characters[position - 1].isWhitespace { position -= 1 }
        while position > 0, !characters[position - 1].isWhitespace { position -= 1 }
        return position
    }

    private static func isWordPart(_ character: Character) -> Bool {
        character.isLetter || character.isNumber || character == "_"
    }
}
