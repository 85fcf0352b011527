/// Vietnamese letters without their marks, so that what is typed without dấu finds what is written with them.
///
/// Unicode's own folding leaves đ as it is and needs Foundation; a table of the 67 letters is smaller and exact.
public enum Folding {
    private static let groups: [(base: Unicode.Scalar, letters: String)] = [
        ("a", "àáảãạăằắẳẵặâầấẩẫậ"), ("e", "èéẻẽẹêềếểễệ"), ("i", "ìíỉĩị"), ("o", "òóỏõọôồốổỗộơờớởỡợ"),
        ("u", "ùúủũụưừứửữự"), ("y", "ỳýỷỹỵ"), ("d", "đ"),
    ]

    private static let bases: [Unicode.Scalar: Unicode.Scalar] = {
        var table: [Unicode.Scalar: Unicode.Scalar] = [:]
        for group in groups {
            for scalar in group.letters.unicodeScalars { table[scalar] = group.base }
        }
        return table
    }()

    /// The text in lower case, without marks, whether they were written composed or as combining characters.
    public static func plain(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.lowercased().unicodeScalars {
            // Grave, acute, tilde, hook, dot below, circumflex, breve and horn as combining characters.
            switch scalar.value {
            case 0x300, 0x301, 0x302, 0x303, 0x306, 0x309, 0x31B, 0x323: continue
            default: result.append(bases[scalar] ?? scalar)
            }
        }
        return String(result)
    }

    /// The text as a word for a command line: `tiếp thu một phần` becomes `tiep-thu-mot-phan`.
    public static func slug(_ text: String) -> String {
        var result = ""
        for scalar in plain(text).unicodeScalars {
            switch scalar {
            case "a"..."z", "0"..."9": result.unicodeScalars.append(scalar)
            default: if !result.isEmpty, !result.hasSuffix("-") { result.append("-") }
            }
        }
        return result.hasSuffix("-") ? String(result.dropLast()) : result
    }
}
