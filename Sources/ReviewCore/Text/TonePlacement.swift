/// Where a Vietnamese syllable carries its tone: `hoà` and `hòa`, `thuỷ` and `thủy` are the same word.
///
/// Both placements are in use, and NFC does not unify them. Here the tone is taken off and put back by one rule: on the
/// vowel with a mark of its own (ă â ê ô ơ ư); before a final consonant on the last vowel; otherwise on the middle one of
/// three and on the first one of two. `qu` and `gi` count as initial consonants. What is not such a syllable stays.
enum TonePlacement {
    /// A text with every syllable in that placement.
    static func canonical(_ text: String) -> String {
        var octets: [UInt8] = []
        octets.reserveCapacity(text.utf8.count)
        let append = { (scalar: Unicode.Scalar) in
            octets.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        }
        var word: [Unicode.Scalar] = []
        for scalar in text.unicodeScalars {
            if isLetter(scalar) {
                word.append(scalar)
            } else {
                for letter in syllable(word) { append(letter) }
                word.removeAll(keepingCapacity: true)
                append(scalar)
            }
        }
        for letter in syllable(word) { append(letter) }
        return String(decoding: octets, as: UTF8.self)
    }

    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x80
            ? (0x41...0x5A).contains(scalar.value & ~0x20) : scalar.properties.isAlphabetic
    }

    /// One word with its tone in place; unchanged unless it is one Vietnamese syllable with exactly one tone.
    private static func syllable(_ word: [Unicode.Scalar]) -> [Unicode.Scalar] {
        guard word.count >= 2, word.count <= 7 else { return word }
        let letters = word.map { VietnameseLetter($0) }
        let toned = letters.indices.filter { (letters[$0]?.tone ?? 0) > 0 }
        guard toned.count == 1, let tone = letters[toned[0]]?.tone else { return word }
        let bases = word.indices.map { place -> Unicode.Scalar in
            (letters[place]?.toneless ?? word[place]).lowercased
        }
        var start = bases.prefix { !VietnameseLetter.isVowel($0) }.count
        if start == 1, bases[0] == "q", bases.count > 2, bases[1] == "u" { start = 2 }
        if start == 1, bases[0] == "g", bases.count > 2, bases[1] == "i", VietnameseLetter.isVowel(bases[2]) {
            start = 2
        }
        let vowels = bases[start...].prefix { VietnameseLetter.isVowel($0) }
        let end = start + vowels.count
        let coda = String(String.UnicodeScalarView(bases[end...]))
        guard !vowels.isEmpty, vowels.count <= 3, ["", "c", "ch", "m", "n", "ng", "nh", "p", "t"].contains(coda)
        else { return word }
        let place: Int
        if let marked = vowels.lastIndex(where: { "ăâêôơư".unicodeScalars.contains($0) }) {
            place = marked
        } else if !coda.isEmpty {
            place = end - 1
        } else {
            place = vowels.count == 3 ? start + 1 : start
        }
        guard place != toned[0] else { return word }
        var result = word
        for index in start..<end {
            result[index] = letters[index]?.with(tone: index == place ? tone : 0) ?? word[index]
        }
        if toned[0] < start, let letter = letters[toned[0]] { result[toned[0]] = letter.with(tone: 0) }
        return result
    }
}

/// A vowel of the Vietnamese alphabet with its tone.
struct VietnameseLetter {
    /// 0 none (ngang), then huyền, hỏi, ngã, sắc, nặng: the order of dictionaries.
    let tone: Int
    private let row: Int

    private static let rows: [[Unicode.Scalar]] = [
        "aàảãáạ", "ăằẳẵắặ", "âầẩẫấậ", "eèẻẽéẹ", "êềểễếệ", "iìỉĩíị", "oòỏõóọ", "ôồổỗốộ", "ơờởỡớợ", "uùủũúụ", "ưừửữứự",
        "yỳỷỹýỵ",
        "AÀẢÃÁẠ", "ĂẰẲẴẮẶ", "ÂẦẨẪẤẬ", "EÈẺẼÉẸ", "ÊỀỂỄẾỆ", "IÌỈĨÍỊ", "OÒỎÕÓỌ", "ÔỒỔỖỐỘ", "ƠỜỞỠỚỢ", "UÙỦŨÚỤ", "ƯỪỬỮỨỰ",
        "YỲỶỸÝỴ",
    ].map { Array($0.unicodeScalars) }

    private static let known: [UInt32: VietnameseLetter] = {
        var known: [UInt32: VietnameseLetter] = [:]
        for (row, letters) in rows.enumerated() {
            for (tone, letter) in letters.enumerated() {
                known[letter.value] = VietnameseLetter(tone: tone, row: row)
            }
        }
        return known
    }()

    private init(tone: Int, row: Int) {
        self.tone = tone
        self.row = row
    }

    /// A composed vowel; nil for any other character.
    init?(_ scalar: Unicode.Scalar) {
        guard let letter = Self.known[scalar.value] else { return nil }
        self = letter
    }

    /// The letter without its tone; its own mark, as in ă or ơ, stays.
    var toneless: Unicode.Scalar { Self.rows[row][0] }

    /// The same letter with another tone, 0 to 5.
    func with(tone: Int) -> Unicode.Scalar { Self.rows[row].indices.contains(tone) ? Self.rows[row][tone] : toneless }

    /// Whether a lower-case letter without tone is a vowel.
    static func isVowel(_ scalar: Unicode.Scalar) -> Bool { "aăâeêioôơuưy".unicodeScalars.contains(scalar) }
}

extension Unicode.Scalar {
    /// The lower-case form when it is one character, as it is for every letter used in Vietnamese; itself otherwise.
    var lowercased: Unicode.Scalar {
        let mapping = properties.lowercaseMapping.unicodeScalars
        guard mapping.count == 1, let first = mapping.first else { return self }
        return first
    }
}
