@_spi(_Unicode) import Swift

/// Forms of a text for searching and comparing; never stored in place of the author's spelling.
public enum Folding {
    /// Lower case, without dấu, đ as d: what a query without dấu is compared with.
    ///
    /// Unicode decomposition leaves đ alone, so it has its own rule here. Linear, except on long runs of combining marks,
    /// which `CanonicalText` has refused before.
    public static func folded(_ text: String) -> String {
        var octets: [UInt8] = []
        octets.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars { appendFolded(scalar, to: &octets) }
        return String(decoding: octets, as: UTF8.self)
    }

    /// Whether a text has dấu or đ, so that a search for it must respect them.
    public static func hasMarks(_ text: String) -> Bool {
        text.unicodeScalars.contains { scalar in
            guard scalar.value >= 0x80 else { return false }
            var octets: [UInt8] = []
            appendFolded(scalar, to: &octets)
            return !octets.elementsEqual(scalar.properties.lowercaseMapping.utf8)
        }
    }

    /// Lower case in NFC, with dấu: what a query with dấu is compared with.
    public static func exact(_ text: String) -> String {
        var octets: [UInt8] = []
        octets.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            if scalar.value < 0x80 {
                octets.append((0x41...0x5A).contains(scalar.value) ? UInt8(scalar.value) + 0x20 : UInt8(scalar.value))
            } else {
                octets.append(contentsOf: scalar.properties.lowercaseMapping.utf8)
            }
        }
        return CanonicalText.normalized(String(decoding: octets, as: UTF8.self))
    }

    /// The same words with tones where the older convention puts them.
    ///
    /// `hoà` becomes `hòa`, `thuỷ` `thủy`; `hoàn`, `quý` and `già` stay. For comparing only. Expects NFC.
    public static func tonePlacement(_ text: String) -> String { TonePlacement.canonical(text) }

    private static func appendFolded(_ scalar: Unicode.Scalar, to octets: inout [UInt8]) {
        let value = Int(scalar.value)
        if value < 0x80 {
            octets.append((0x41...0x5A).contains(value) ? UInt8(value) + 0x20 : UInt8(value))
        } else if value < table.count, table[value] != 0 {
            octets.append(table[value])
        } else {
            octets.append(contentsOf: slowlyFolded(scalar))
        }
    }

    /// The letters that fold to one ASCII character, up to the end of the Vietnamese letters at U+1EFF; 0 for others.
    private static let table: [UInt8] = (0..<0x1F00).map { value in
        guard value >= 0x80, let scalar = Unicode.Scalar(UInt32(value)) else { return 0 }
        let folded = slowlyFolded(scalar)
        return folded.count == 1 && folded[0] < 0x80 ? folded[0] : 0
    }

    private static func slowlyFolded(_ scalar: Unicode.Scalar) -> [UInt8] {
        var octets: [UInt8] = []
        for lower in scalar.properties.lowercaseMapping.unicodeScalars {
            for part in String(lower)._nfd {
                if part == "đ" {
                    octets.append(0x64)
                } else if part.properties.generalCategory != .nonspacingMark {
                    octets.append(contentsOf: UTF8.encode(part) ?? UTF8.encodedReplacementCharacter)
                }
            }
        }
        return octets
    }
}
