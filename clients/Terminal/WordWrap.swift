/// Breaks text into lines of a given width.
public enum WordWrap {
    /// The lines of a safe text, none wider than `width` columns unless it is a single word that may not be cut.
    ///
    /// Lines break at spaces, which disappear there, and between ideographs; a word wider than the line is cut between
    /// graphemes. No-break spaces hold their words together. Line breaks in the text stay, as do the spaces at the
    /// beginning of its lines. The empty text is one empty line.
    ///
    /// - Parameters:
    ///   - text: Text that passed `SafeText`, apart from line feeds.
    ///   - width: In columns; fewer than two count as two, so that an ideograph finds room.
    ///   - continuationIndent: How many columns the lines after a broken one are indented; at most half the width.
    ///   - cutsWords: Whether a word wider than the line is cut. A terminal folds it as well, and what is copied from there, as
    ///     a path, is then in one piece.
    public static func lines(
        _ text: String, width: Int, continuationIndent: Int = 0, cutsWords: Bool = true
    ) -> [String] {
        let width = max(width, 2)
        let indent = min(max(continuationIndent, 0), width / 2)
        var lines: [String] = []
        for paragraph in text.split(separator: "\n", omittingEmptySubsequences: false) {
            wrap(paragraph, width: width, indent: indent, cutsWords: cutsWords, into: &lines)
        }
        return lines
    }

    private static func wrap(
        _ paragraph: Substring, width: Int, indent: Int, cutsWords: Bool, into lines: inout [String]
    ) {
        var line = ""
        var lineWidth = 0
        // Spaces wait until the next word shows whether they stand within a line or at its end.
        var spaces = 0
        var isFirstWord = true
        func breakLine() {
            lines.append(line)
            line = String(repeating: " ", count: indent)
            lineWidth = indent
            spaces = 0
            isFirstWord = true
        }
        for piece in simplePieces(of: paragraph) ?? pieces(of: paragraph) {
            if piece.isSpace {
                spaces += piece.width
                continue
            }
            if !isFirstWord, lineWidth + spaces + piece.width > width { breakLine() }
            let leading = min(spaces, max(0, width - lineWidth - 1))
            line += String(repeating: " ", count: leading)
            lineWidth += leading
            spaces = 0
            isFirstWord = false
            if lineWidth + piece.width <= width || !cutsWords {
                line += piece.text
                lineWidth += piece.width
            } else {
                for character in piece.text {
                    let columns = DisplayWidth.columns(of: character)
                    if lineWidth + columns > width { breakLine() }
                    line.append(character)
                    lineWidth += columns
                    isFirstWord = false
                }
            }
        }
        lines.append(line)
    }

    struct Piece: Equatable {
        var text: Substring
        var width: Int
        var isSpace: Bool
    }

    /// The pieces of a text of simple characters; nil for any other.
    static func simplePieces(of paragraph: Substring) -> [Piece]? {
        guard paragraph.unicodeScalars.allSatisfy(DisplayWidth.isSimple) else { return nil }
        var pieces: [Piece] = []
        let octets = paragraph.utf8
        var start = octets.startIndex
        while start < octets.endIndex {
            let isSpace = octets[start] == 0x20
            var width = 0
            var end = start
            while end < octets.endIndex, (octets[end] == 0x20) == isSpace {
                // Octets that continue a character take no column of their own.
                if octets[end] & 0xC0 != 0x80 { width += 1 }
                octets.formIndex(after: &end)
            }
            pieces.append(Piece(text: isSpace ? " " : paragraph[start..<end], width: width, isSpace: isSpace))
            start = end
        }
        return pieces
    }

    /// Spaces, words, and each ideograph by itself with the punctuation that follows it.
    static func pieces(of paragraph: Substring) -> [Piece] {
        var pieces: [Piece] = []
        var start = paragraph.startIndex
        var width = 0
        func end(at index: Substring.Index) {
            if start < index { pieces.append(Piece(text: paragraph[start..<index], width: width, isSpace: false)) }
            start = index
            width = 0
        }
        var previousIsWide = false
        for index in paragraph.indices {
            let character = paragraph[index]
            let columns = DisplayWidth.columns(of: character)
            if character == " " {
                end(at: index)
                if let last = pieces.indices.last, pieces[last].isSpace {
                    pieces[last].width += 1
                } else {
                    pieces.append(Piece(text: " ", width: 1, isSpace: true))
                }
                start = paragraph.index(after: index)
                previousIsWide = false
                continue
            }
            let isWide = columns == 2
            if !character.isPunctuation, isWide || previousIsWide { end(at: index) }
            width += columns
            previousIsWide = isWide
        }
        end(at: paragraph.endIndex)
        return pieces
    }
}
