import ReviewCore

/// A word of a text: letters, digits and the marks on them, without anything between.
///
/// Vietnamese is written syllable by syllable, so a word here is a syllable, a number, or part of a document's sign:
/// `29/KH-TGPL` is three words.
public struct SearchWord: Sendable, Equatable {
    /// Lower case with dấu.
    public let exact: String
    /// Lower case without dấu, đ as d.
    public let folded: String
    /// Where it stands, in octets of the text.
    public let octets: Range<Int>
}

/// Cuts texts into words, the same way for the index and for the query.
public enum SearchWords {
    /// The longest word that is kept, in octets; what is longer is cut, in the index and in the query alike.
    static let maximumOctets = 128

    /// The words of a text, in order, in linear time.
    public static func words(of text: some StringProtocol) -> [SearchWord] {
        var words: [SearchWord] = []
        var place = 0
        var start = 0
        var open = String.UnicodeScalarView()
        func close() {
            guard !open.isEmpty else { return }
            let word = String(open)
            open = String.UnicodeScalarView()
            let folded = Folding.folded(word)
            // Marks without a letter have no folded form, and would count as a word in one column only.
            guard !folded.isEmpty else { return }
            words.append(SearchWord(exact: Folding.exact(word), folded: folded, octets: start..<place))
        }
        var length = 0
        for scalar in text.unicodeScalars {
            if isWord(scalar) {
                if open.isEmpty {
                    start = place
                    length = 0
                }
                length += UTF8.width(scalar)
                if length <= maximumOctets { open.append(scalar) }
            } else {
                close()
            }
            place += UTF8.width(scalar)
        }
        close()
        return words
    }

    /// Whether a character belongs to words.
    private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: return true
        case 0..<0xAA: return false
        // The letters of Vietnamese and its neighbours, without × and ÷.
        case 0xC0..<0xD7, 0xD8..<0xF7, 0xF8..<0x250, 0x1E00..<0x1F00: return true
        case 0x2000..<0x2070: return false
        default:
            let properties = scalar.properties
            switch properties.generalCategory {
            case .nonspacingMark, .spacingMark, .enclosingMark, .decimalNumber, .letterNumber, .otherNumber: return true
            default: return properties.isAlphabetic
            }
        }
    }
}
