/// How many columns of a terminal a text takes: 0, 1 or 2 for each grapheme.
public enum DisplayWidth {
    /// The columns of one grapheme, as a terminal counts them: those of its scalars together, but never more than two.
    ///
    /// So a letter with combining marks takes one column, an ideograph, a flag, or a family of emoji two. A request for
    /// emoji presentation (U+FE0F) makes the grapheme wide (UAX #11 §5). Controls take none.
    public static func columns(of character: Character) -> Int {
        var columns = 0
        for scalar in character.unicodeScalars {
            columns += scalar.value == 0xFE0F && columns == 1 ? 1 : self.columns(of: scalar)
        }
        return min(columns, 2)
    }

    /// The columns of a text without line breaks.
    public static func columns(of text: some StringProtocol) -> Int {
        var count = 0
        for scalar in text.unicodeScalars {
            guard isSimple(scalar) else { return text.reduce(into: 0) { $0 += columns(of: $1) } }
            count += 1
        }
        return count
    }

    /// Whether a scalar is a visible character of one column, and among others of its kind a grapheme by itself.
    ///
    /// Vietnamese in composed form has no others, so the usual text is measured, wrapped and made safe without looking for
    /// graphemes or properties.
    static func isSimple(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        // Without U+00AD, the soft hyphen.
        case 0x20...0x7E, 0xA1...0xAC, 0xAE...0x2FF, 0x1E00...0x1EFF: true
        // Dashes, quotation marks, the ellipsis.
        case 0x2013, 0x2014, 0x2018, 0x2019, 0x201C, 0x201D, 0x2026: true
        default: false
        }
    }

    /// The columns of one scalar by itself.
    static func columns(of scalar: Unicode.Scalar) -> Int {
        switch scalar.value {
        case 0x00...0x1F, 0x7F...0x9F: 0
        case 0x20...0x2FF, 0x1E00...0x1EFF: 1
        default:
            if contains(DisplayWidthTable.zero, scalar.value) {
                0
            } else if contains(DisplayWidthTable.wide, scalar.value) {
                2
            } else {
                1
            }
        }
    }

    private static func contains(_ ranges: [ClosedRange<UInt32>], _ value: UInt32) -> Bool {
        var low = 0
        var high = ranges.count
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].upperBound < value { low = middle + 1 } else { high = middle }
        }
        return low < ranges.count && ranges[low].contains(value)
    }
}
