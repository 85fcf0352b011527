import ReviewCore
import ReviewProtocol
import Terminal

/// A comparison word by word, wrapped to a width.
struct ChangeText: Sendable {
    /// One row: pieces of text with their looks.
    private(set) var pieces: [(text: String, look: Style.Attributes)] = []

    func draw(on canvas: inout Canvas, row: Int, column: Int, end: Int) {
        var place = column
        for piece in pieces { place = canvas.grid.put(piece.text, row: row, column: place, piece.look, end: end) }
    }

    /// How removed and added words look; without colours they are marked by signs as well.
    static func look(_ kind: DiffPiece.Kind) -> Style.Attributes {
        switch kind {
        case .equal: .plain
        case .removed: .init(colour: .red, isFaint: true)
        case .added: .init(colour: .green, isUnderlined: true)
        }
    }

    /// The pieces without what stands far from any change.
    static func near(_ pieces: [DiffPiece]) -> [DiffPiece] {
        let kept = 120
        return pieces.enumerated().map { index, piece in
            let (isFirst, isLast) = (index == 0, index == pieces.count - 1)
            guard piece.kind == .equal, piece.text.count > (isFirst || isLast ? kept : 2 * kept) + 20 else {
                return piece
            }
            // Cut between words.
            let before = String(piece.text.prefix(kept).reversed().drop { $0 != " " && $0 != "\n" }.reversed())
            let after = String(piece.text.suffix(kept).drop { $0 != " " && $0 != "\n" })
            return DiffPiece(kind: .equal, text: (isFirst ? "" : before) + "…" + (isLast ? "" : after))
        }
    }

    /// The rows of a comparison; `only` leaves the other side's words out.
    static func rows(
        _ pieces: [DiffPiece], width: Int, hasColour: Bool, without omitted: DiffPiece.Kind? = nil,
        prefix: String = ""
    ) -> [ChangeText] {
        let width = max(width, 8)
        var rows: [ChangeText] = []
        var row = ChangeText()
        var columns = 0
        func end() {
            rows.append(row)
            row = ChangeText()
            columns = 0
        }
        func add(_ word: Substring, _ look: Style.Attributes) {
            let word = SafeText.escape(String(word))
            let needed = DisplayWidth.columns(of: word)
            if columns > 0, columns + needed > width, !word.allSatisfy({ $0 == " " }) { end() }
            if columns == 0, word.allSatisfy({ $0 == " " }), !rows.isEmpty { return }
            // A word longer than the row is cut.
            var rest = word[...]
            while !rest.isEmpty {
                var part = ""
                while let character = rest.first, columns + DisplayWidth.columns(of: character) <= width || part.isEmpty
                {
                    part.append(character)
                    columns += DisplayWidth.columns(of: character)
                    rest = rest.dropFirst()
                }
                row.pieces.append((part, look))
                if !rest.isEmpty { end() }
            }
        }
        if !prefix.isEmpty { add(prefix[...], .bold) }
        for piece in pieces where piece.kind != omitted {
            let look = look(piece.kind)
            if !hasColour, piece.kind != .equal { add(piece.kind == .added ? "{+" : "[-", look) }
            for (index, line) in piece.text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
                if index > 0 { end() }
                for word in words(line) { add(word, look) }
            }
            if !hasColour, piece.kind != .equal { add(piece.kind == .added ? "+}" : "-]", look) }
        }
        end()
        return rows
    }

    /// Words and the spaces between them.
    private static func words(_ line: Substring) -> [Substring] {
        var words: [Substring] = []
        var rest = line
        while let first = rest.first {
            let isSpace = first == " "
            let word = rest.prefix { ($0 == " ") == isSpace }
            words.append(word)
            rest = rest.dropFirst(word.count)
        }
        return words
    }
}
