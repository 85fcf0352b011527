/// The signs of fonts that have no letters but pictures: Word keeps them under numbers that mean nothing in another font.
///
/// An arrow typed as `-->` or `==>` becomes one of them, and the box of a form, and a tick.
enum Symbols {
    /// What stands for a sign that is in no list.
    static let unknown = "[ký hiệu]"

    /// Whether a character means something only together with its font.
    static func isPrivate(_ scalar: Unicode.Scalar) -> Bool { (0xF000...0xF0FF).contains(scalar.value) }

    /// The sign as everybody sees it.
    static func text(_ scalar: Unicode.Scalar, font: String?) -> String {
        // Word writes the same sign with and without the offset of the private area.
        let code = isPrivate(scalar) ? scalar.value - 0xF000 : scalar.value
        let list: [UInt32: String]? =
            switch font?.lowercased() {
            case "wingdings": wingdings
            case "wingdings 2": wingdings2
            case "symbol": symbol
            default: nil
            }
        if let list { return list[code] ?? unknown }
        return isPrivate(scalar) ? unknown : String(Character(scalar))
    }

    private static let wingdings: [UInt32: String] = [
        0x20: " ", 0x4A: "☺", 0x6C: "●", 0x6D: "○", 0x6E: "■", 0x6F: "□", 0x71: "□", 0x72: "□", 0x75: "◆", 0x76: "❖",
        0x77: "◆", 0x9F: "•", 0xA1: "○", 0xA7: "▪", 0xA8: "□", 0xD8: "➢", 0xDF: "←", 0xE0: "→", 0xE1: "↑", 0xE2: "↓",
        0xE7: "←", 0xE8: "➔", 0xEF: "⇦", 0xF0: "⇨", 0xF3: "⇔", 0xF4: "⇕", 0xFB: "✗", 0xFC: "✓", 0xFD: "☒", 0xFE: "☑",
    ]

    private static let wingdings2: [UInt32: String] = [
        0x20: " ", 0x4F: "✗", 0x50: "✓", 0x52: "☑", 0x53: "☒", 0x54: "☒", 0xA3: "□",
    ]

    private static let symbol: [UInt32: String] = [
        0x20: " ", 0x2B: "+", 0x2D: "−", 0x3D: "=", 0x61: "α", 0x62: "β", 0x64: "δ", 0x6C: "λ", 0x6D: "μ", 0x70: "π",
        0x73: "σ", 0x44: "Δ", 0x53: "Σ", 0x57: "Ω", 0xA3: "≤", 0xA5: "∞", 0xAB: "↔", 0xAC: "←", 0xAD: "↑", 0xAE: "→",
        0xAF: "↓", 0xB0: "°", 0xB1: "±", 0xB3: "≥", 0xB4: "×", 0xB7: "•", 0xB8: "÷", 0xB9: "≠", 0xBA: "≡", 0xBB: "≈",
        0xC5: "⊕", 0xD6: "√", 0xD7: "⋅", 0xDB: "⇔", 0xDC: "⇐", 0xDE: "⇒", 0xE5: "∑", 0xF2: "∫",
    ]
}
