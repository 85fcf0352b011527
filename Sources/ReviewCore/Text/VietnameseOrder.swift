/// Sorts text as Vietnamese dictionaries and staff lists do (CLDR, locale vi).
///
/// Letters first: a ă â b c d đ e ê … o ô ơ … u ư …; between equal letters tones: ngang, huyền, hỏi, ngã, sắc, nặng;
/// between equal tones lower case first. It owes nothing to the locale of the machine.
public struct VietnameseKey: Comparable, Sendable, Hashable {
    private let parts: [Part]

    private struct Part: Comparable, Hashable, Sendable {
        var letters: [UInt32] = []
        var tones: [UInt8] = []
        var cases: [UInt8] = []

        static func < (left: Part, right: Part) -> Bool {
            if left.letters != right.letters { return left.letters.lexicographicallyPrecedes(right.letters) }
            if left.tones != right.tones { return left.tones.lexicographicallyPrecedes(right.tones) }
            return left.cases.lexicographicallyPrecedes(right.cases)
        }
    }

    /// The key of a person's name: the given name (tên), its last word, before family and middle names (họ đệm).
    public init(name: String) {
        let words = name.split(separator: " ")
        let family = words.dropLast().joined(separator: " ")
        parts = [Self.part(words.last.map(String.init) ?? ""), Self.part(family)]
    }

    /// The key of any other text, read from its beginning.
    public init(text: String) { parts = [Self.part(text)] }

    /// Whether one text comes before another.
    public static func < (left: VietnameseKey, right: VietnameseKey) -> Bool {
        left.parts.lexicographicallyPrecedes(right.parts)
    }

    private static let alphabet: [UInt32: UInt32] = {
        var places: [UInt32: UInt32] = [:]
        for (place, letter) in "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz".unicodeScalars.enumerated() {
            places[letter.value] = UInt32(place) + 1000
        }
        return places
    }()

    private static func part(_ text: String) -> Part {
        var part = Part()
        for scalar in CanonicalText.normalized(text).unicodeScalars {
            let letter = VietnameseLetter(scalar)
            let base = letter?.toneless ?? scalar
            let lower = base.lowercased
            let isUpper = lower != base
            if let place = alphabet[lower.value] {
                part.letters.append(place)
            } else if base.value < 0x80 {
                // Blanks, punctuation and digits come before letters, as their ASCII values say.
                part.letters.append(base.value)
            } else {
                part.letters.append(2000 + lower.value)
            }
            part.tones.append(UInt8(letter?.tone ?? 0))
            part.cases.append(isUpper ? 1 : 0)
        }
        return part
    }
}
