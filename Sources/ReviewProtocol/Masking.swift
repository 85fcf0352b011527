/// Makes characters visible that would otherwise drive or deceive a terminal: `\u{202E}` (specification §2, `body-line`).
enum Masking {
    /// Appends a text; controls and invisible characters appear as `\u{XXXX}`.
    ///
    /// TAB passes when `keepTab` says so.
    static func append(_ text: String, to output: inout [UInt8], keepTab: Bool) {
        var text = text
        let plain: Bool? = text.utf8.withContiguousStorageIfAvailable { octets in
            for octet in octets where octet &- 0x20 >= 0x5F { return false }
            return true
        }
        if plain == true {
            output.append(contentsOf: text.utf8)
            return
        }
        text.makeContiguousUTF8()
        for scalar in text.unicodeScalars {
            if isVisible(scalar, keepTab: keepTab) {
                output.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
            } else {
                output.append(contentsOf: "\\u{\(TextRules.hexadecimal(scalar.value, digits: 4))}".utf8)
            }
        }
    }

    /// The text with its controls and invisible characters shown.
    static func masked(_ text: String, keepTab: Bool) -> String {
        var octets: [UInt8] = []
        append(text, to: &octets, keepTab: keepTab)
        return String(decoding: octets, as: UTF8.self)
    }

    /// Whether a scalar may reach a terminal as it is.
    static func isVisible(_ scalar: Unicode.Scalar, keepTab: Bool) -> Bool {
        let value = scalar.value
        if value < 0x7F { return value >= 0x20 || (keepTab && value == 0x09) }
        if value < 0xA0 { return false }
        // Latin with its extensions, combining marks and Vietnamese hold one format character and one filler.
        if value < 0x370 { return value != 0xAD && value != 0x34F }
        if value >= 0x1E00, value < 0x1F00 { return true }
        let properties = scalar.properties
        switch properties.generalCategory {
        case .control, .format, .surrogate, .lineSeparator, .paragraphSeparator: return false
        default: break
        }
        // Variation selectors choose between two visible shapes; they hide nothing.
        if (0xFE00...0xFE0F).contains(value) { return true }
        return !properties.isDefaultIgnorableCodePoint
    }
}
