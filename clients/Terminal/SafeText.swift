/// Makes foreign text fit for the screen: what would drive the terminal, reverse the line, or stay invisible is shown as
/// `\u{202E}`, in the notation that the server uses too.
///
/// Kept are visible characters, spaces of every width, combining marks on a base, and what holds an emoji together.
public enum SafeText {
    /// More marks than this on one base serve no language, and let text grow over the neighbouring lines.
    static let largestMarkCount = 8

    /// One line for the screen; tabs and line breaks are shown as escapes too.
    public static func escape(_ text: String) -> String {
        if text.unicodeScalars.allSatisfy(DisplayWidth.isSimple) { return text }
        var result = ""
        for character in text { result += escape(character) }
        return result
    }

    /// One grapheme for the screen.
    public static func escape(_ character: Character) -> String {
        filter(character) { "\\u{\(String($0.value, radix: 16, uppercase: true))}" }
    }

    /// What of a grapheme can be seen: a letter without the invisible joiner that came with it.
    static func visible(_ character: Character) -> String { filter(character) { _ in "" } }

    /// One grapheme, with something in the place of each scalar that does not reach the screen.
    private static func filter(_ character: Character, _ replace: (Unicode.Scalar) -> String) -> String {
        var result = String.UnicodeScalarView()
        var previous: Unicode.Scalar?
        var markCount = 0
        let scalars = Array(character.unicodeScalars)
        for (index, scalar) in scalars.enumerated() {
            let next = index + 1 < scalars.count ? scalars[index + 1] : nil
            if isMark(scalar) { markCount += 1 }
            if isKept(scalar, after: previous, before: next) && markCount <= largestMarkCount {
                result.append(scalar)
            } else {
                result.append(contentsOf: replace(scalar).unicodeScalars)
            }
            previous = scalar
        }
        return String(result)
    }

    /// Whether the grapheme reaches the screen as it is.
    public static func isSafe(_ character: Character) -> Bool {
        escape(character).unicodeScalars.elementsEqual(character.unicodeScalars)
    }

    /// A text of several lines for the screen: parted at LF, CR LF and CR, tabs expanded, each line escaped.
    public static func lines(_ text: String, tabStop: Int = 8) -> [String] {
        if !text.utf8.contains(where: { $0 == 0x09 || $0 == 0x0D }) {
            var lines = text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false).map {
                escape(String(Substring($0)))
            }
            if lines.last == "" { lines.removeLast() }
            return lines
        }
        var lines: [String] = []
        var line = String.UnicodeScalarView()
        var previousWasReturn = false
        func end() {
            lines.append(escape(expandingTabs(String(line), tabStop: tabStop)))
            line = String.UnicodeScalarView()
        }
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n": if !previousWasReturn { end() }
            case "\r": end()
            default: line.append(scalar)
            }
            previousWasReturn = scalar == "\r"
        }
        // A line break at the end closes the last line, and begins none.
        if !line.isEmpty { end() }
        return lines
    }

    /// Replaces each tab by the spaces to the next column that is a multiple of `tabStop`.
    public static func expandingTabs(_ text: String, tabStop: Int = 8) -> String {
        guard tabStop > 0, text.utf8.contains(UInt8(ascii: "\t")) else { return text }
        var result = ""
        var column = 0
        for character in text {
            if character == "\t" {
                let count = tabStop - column % tabStop
                result += String(repeating: " ", count: count)
                column += count
            } else {
                result.append(character)
                column += DisplayWidth.columns(of: character)
            }
        }
        return result
    }

    private static func isKept(
        _ scalar: Unicode.Scalar, after previous: Unicode.Scalar?, before next: Unicode.Scalar?
    ) -> Bool {
        switch scalar.value {
        case 0x20...0x7E: return true
        case 0x00...0x1F, 0x7F...0x9F: return false
        // Between two emoji the joiner makes one of them; anywhere else it is invisible.
        case 0x200D:
            guard let previous, let next else { return false }
            return (isEmoji(previous) || previous.value == 0xFE0F || isEmojiModifier(previous)) && isEmoji(next)
        case 0xFE0E, 0xFE0F: return previous.map(isEmoji) ?? false
        default: break
        }
        if scalar.properties.isDefaultIgnorableCodePoint { return false }
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator:
            return false
        // A mark without a base would settle on whatever stands to the left of the text.
        case .nonspacingMark, .enclosingMark, .spacingMark: return previous != nil
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
            .letterNumber, .otherNumber, .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation,
            .initialPunctuation, .finalPunctuation, .otherPunctuation, .mathSymbol, .currencySymbol, .modifierSymbol,
            .otherSymbol, .spaceSeparator:
            return true
        @unknown default: return false
        }
    }

    private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .spacingMark: true
        default: false
        }
    }

    private static func isEmoji(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.isEmoji }

    private static func isEmojiModifier(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.isEmojiModifier }
}
