/// The pattern of an expected line: literal text, `…` for anything, `$name` for a value.
public struct Pattern: Sendable {
    private enum Piece: Sendable, Equatable {
        case text([Unicode.Scalar])
        case anything
        case variable(String)
    }

    private let pieces: [Piece]

    /// Reads a pattern.
    public init(_ text: String) {
        var pieces: [Piece] = []
        var literal: [Unicode.Scalar] = []
        func flush() {
            if !literal.isEmpty { pieces.append(.text(literal)) }
            literal = []
        }
        let scalars = Array(text.unicodeScalars)
        var index = 0
        while index < scalars.count {
            if scalars[index] == "…" {
                flush()
                pieces.append(.anything)
                index += 1
                continue
            }
            if scalars[index] == "$" {
                let name = scalars[(index + 1)...].prefix { Self.isName($0) }
                if !name.isEmpty {
                    flush()
                    pieces.append(.variable(String(String.UnicodeScalarView(name))))
                    index += 1 + name.count
                    continue
                }
            }
            literal.append(scalars[index])
            index += 1
        }
        flush()
        self.pieces = pieces
    }

    private static func isName(_ scalar: Unicode.Scalar) -> Bool {
        ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || ("0"..."9").contains(scalar)
    }

    /// Whether a line fits; the values that it gives to names not seen before are added.
    public func matches(_ line: String, _ values: inout [String: String]) -> Bool {
        var tried = values
        guard match(pieces[...], Array(line.unicodeScalars)[...], &tried) else { return false }
        values = tried
        return true
    }

    private func match(
        _ pieces: ArraySlice<Piece>, _ rest: ArraySlice<Unicode.Scalar>, _ values: inout [String: String]
    ) -> Bool {
        guard let piece = pieces.first else { return rest.isEmpty }
        let others = pieces.dropFirst()
        switch piece {
        case .text(let text): return rest.starts(with: text) && match(others, rest.dropFirst(text.count), &values)
        case .anything:
            for length in 0...rest.count where match(others, rest.dropFirst(length), &values) { return true }
            return false
        case .variable(let name):
            if let value = values[name] {
                let known = Array(value.unicodeScalars)
                return rest.starts(with: known) && match(others, rest.dropFirst(known.count), &values)
            }
            let word = rest.prefix { $0 != " " && $0 != "\"" }
            for length in stride(from: word.count, through: 1, by: -1) {
                var tried = values
                tried[name] = String(String.UnicodeScalarView(rest.prefix(length)))
                if match(others, rest.dropFirst(length), &tried) {
                    values = tried
                    return true
                }
            }
            return false
        }
    }

    /// What is sent: every `$name` that has a value is replaced by it.
    public static func filled(_ text: String, _ values: [String: String]) -> String {
        var result = ""
        for piece in Pattern(text).pieces {
            switch piece {
            case .text(let text): result.unicodeScalars.append(contentsOf: text)
            case .anything: result += "…"
            case .variable(let name): result += values[name] ?? "$" + name
            }
        }
        return result
    }
}
