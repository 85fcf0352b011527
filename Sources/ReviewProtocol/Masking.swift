/// Makes characters visible that would otherwise drive or deceive a terminal.
///
/// They appear as `\u{202E}` (specification §2, `body-line`). The mask is for eyes: programs that need the exact text ask
/// for literals.
enum Masking {
    /// Whether every scalar of a text may reach a terminal; LF may not, unless it is among the allowed ones.
    static func isClean(_ text: String, allowing allowed: Unicode.Scalar? = nil) -> Bool {
        if isPlain(text, allowing: allowed) { return true }
        for scalar in text.unicodeScalars where !isVisible(scalar) && scalar != allowed { return false }
        return true
    }

    /// Whether a text is ASCII and Vietnamese letters alone, by its octets: what nearly every text is.
    private static func isPlain(_ text: String, allowing allowed: Unicode.Scalar?) -> Bool {
        let allowed = allowed.map { UInt8(truncatingIfNeeded: $0.value) } ?? 0x20
        return text.utf8.withContiguousStorageIfAvailable { octets in
            var index = 0
            while index < octets.count {
                let octet = octets[index]
                if octet &- 0x20 < 0x5F || octet == allowed {
                    index += 1
                } else if octet >= 0xC3, octet <= 0xCB {
                    // U+00C0 to U+02FF.
                    index += 2
                } else if octet == 0xE1, index + 1 < octets.count, octets[index + 1] >= 0xB8, octets[index + 1] <= 0xBB
                {
                    // U+1E00 to U+1EFF.
                    index += 3
                } else {
                    return false
                }
            }
            return true
        } ?? false
    }

    /// Appends a text; controls and invisible characters but the allowed one appear as `\u{XXXX}`.
    static func append(_ text: String, to output: inout [UInt8], allowing allowed: Unicode.Scalar? = nil) {
        if isClean(text, allowing: allowed) {
            output.append(contentsOf: text.utf8)
            return
        }
        for scalar in text.unicodeScalars {
            if isVisible(scalar) || scalar == allowed {
                output.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
            } else {
                output.append(contentsOf: "\\u{\(TextRules.hexadecimal(scalar.value, digits: 4))}".utf8)
            }
        }
    }

    /// Whether a scalar may reach a terminal as it is.
    @inline(__always)
    static func isVisible(_ scalar: Unicode.Scalar) -> Bool {
        let value = scalar.value
        if value < 0x7F { return value >= 0x20 }
        if value < 0xA0 { return false }
        // Latin with its extensions and the combining marks hold one format character and one filler.
        if value < 0x370 { return value != 0xAD && value != 0x34F }
        // Latin Extended Additional, where most Vietnamese vowels are.
        if value >= 0x1E00, value < 0x1F00 { return true }
        return hasShape(scalar)
    }

    /// The same for scalars that need Unicode's tables.
    private static func hasShape(_ scalar: Unicode.Scalar) -> Bool {
        let properties = scalar.properties
        switch properties.generalCategory {
        case .control, .format, .surrogate, .lineSeparator, .paragraphSeparator: return false
        default: break
        }
        // Variation selectors choose between two visible shapes; they hide nothing.
        if (0xFE00...0xFE0F).contains(scalar.value) { return true }
        return !properties.isDefaultIgnorableCodePoint
    }
}
