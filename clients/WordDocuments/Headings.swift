/// Finds the headings of a document whose author made them bold or wrote them in capitals instead of saying that they are
/// headings.
///
/// Only a short line counts that stands out whole and begins with a number of the kinds that papers use (Phần, Chương, I.,
/// I/, 1., 1.1., a), or says one of a few titles that stand for themselves. What else may be bold, as letterhead, signature and
/// the title of the paper itself, stays text: a heading that was missed is seen and mended, one too many moves every place.
enum Headings {
    /// How headings are counted, from the top down.
    private enum Count: Int, Comparable {
        case part, chapter, article, letter, roman, one, two, three, four, small

        static func < (left: Count, right: Count) -> Bool { left.rawValue < right.rawValue }
    }

    /// Characters of the longest heading that is looked for.
    private static let longest = 200
    private static let words: [(word: String, count: Count)] = [
        ("phần", .part), ("chương", .chapter), ("mục", .article),
    ]
    /// Numbers in words; "năm" is none of them, since "Phần năm 2024" is the part of a year.
    private static let numberWords: Set<String> = ["một", "hai", "ba", "bốn"]
    /// Letters that count sections; those after them are rather abbreviations, as the Q of an acting director.
    private static let countedLetters = "ABCDĐEFGHIK"
    /// Titles without a number; they stand at the top.
    private static let titles: Set<String> = [
        "mở đầu", "lời mở đầu", "lời nói đầu", "phần mở đầu", "đặt vấn đề", "nội dung", "phần nội dung",
        "giải quyết vấn đề", "kết luận", "phần kết luận", "kiến nghị", "đề xuất, kiến nghị", "kiến nghị, đề xuất",
        "kết luận và kiến nghị",
        "kết luận, kiến nghị", "tài liệu tham khảo", "danh mục tài liệu tham khảo", "phụ lục",
    ]

    /// What the headings of a document are.
    struct Found {
        /// Their levels, from 0, by their places.
        var levels: [Int: Int] = [:]
        /// Places of blocks that go on with the heading before them: "Chương I" has its title in the next line.
        var titles: Set<Int> = []
    }

    /// The headings among the blocks.
    static func find(in blocks: [Block]) -> Found {
        var found = Found()
        var counts: [Int: Count] = [:]
        var titled: [Int] = []
        for (place, block) in blocks.enumerated() where standsOut(block) && !found.titles.contains(place) {
            let text = line(of: block)
            if let (count, isAlone) = count(text, isBold: block.isBold) {
                counts[place] = count
                if isAlone, place + 1 < blocks.count, isTitle(blocks[place + 1]) { found.titles.insert(place + 1) }
            } else if isKnownTitle(text) {
                titled.append(place)
            }
        }
        // The kinds that occur, so that a paper without parts begins at its Roman numbers.
        let used = Set(counts.values).sorted()
        found.levels = counts.mapValues { used.firstIndex(of: $0) ?? 0 }
        for place in titled { found.levels[place] = 0 }
        return found
    }

    private static func line(of block: Block) -> String {
        block.marked.split(separator: "\n").joined(separator: " ")
    }

    private static func standsOut(_ block: Block) -> Bool {
        guard !block.isRow, block.text.count <= longest else { return false }
        let lines = block.text.split(separator: "\n")
        // A long title is broken once; more lines, or a second number, are a list.
        guard lines.count < 3, lines.dropFirst().allSatisfy({ count(String($0), isBold: true) == nil }) else {
            return false
        }
        return block.isBold || block.isCapitals || isUpper(block.text)
    }

    /// Whether a block may be the title of the "Chương I" before it.
    private static func isTitle(_ block: Block) -> Bool {
        let text = line(of: block)
        return block.mark.isEmpty && standsOut(block) && count(text, isBold: true) == nil && !isKnownTitle(text)
    }

    private static func isUpper(_ text: some StringProtocol) -> Bool {
        var letters = 0
        for scalar in text.unicodeScalars where scalar.properties.isAlphabetic {
            guard scalar.properties.isUppercase else { return false }
            letters += 1
        }
        return letters > 1
    }

    private static func isKnownTitle(_ text: String) -> Bool {
        var title = text.lowercased()[...]
        while let last = title.last, last == ":" || last == "." || last == " " { title.removeLast() }
        if titles.contains(String(title)) { return true }
        // "Phụ lục 1", "Phụ lục II: …", and not "Phụ lục kèm theo".
        let appendix = "phụ lục "
        return title.hasPrefix(appendix) && isNumber(firstWord(of: text.dropFirst(appendix.count)))
    }

    private static func firstWord(of text: Substring) -> Substring { text.prefix { !" .:/-–".contains($0) } }

    private static func isNumber(_ word: Substring) -> Bool {
        guard !word.isEmpty, word.count <= 7 else { return false }
        return word.allSatisfy(isDigit) || word.allSatisfy { "IVXLC".contains($0) }
            || word.count == 1 && countedLetters.contains(word)
    }

    private static func isDigit(_ character: Character) -> Bool { ("0"..."9").contains(character) }

    /// How the number counts with which a line begins, and whether nothing comes after it; nil when there is none.
    private static func count(_ text: String, isBold: Bool) -> (count: Count, isAlone: Bool)? {
        let first = text.prefix { $0 != " " }.lowercased()
        if let found = words.first(where: { $0.word == first }) {
            // "Phần mở đầu" is a title; "Phần I", "Phần thứ nhất", "Chương 2" are counted.
            let rest = text.dropFirst(first.count + 1)
            let next = firstWord(of: rest)
            var title = rest.dropFirst(next.count)
            if next.lowercased() == "thứ" {
                // "thứ nhất" is a number of two words.
                title = title.dropFirst()
                title = title.dropFirst(firstWord(of: title).count)
            } else if !isNumber(next), !numberWords.contains(next.lowercased()) {
                return nil
            }
            return (found.count, !title.contains(where: \.isLetter))
        }
        return mark(of: text, isBold: isBold).map { ($0, false) }
    }

    /// How a mark such as `I.`, `1.1`, `2/`, `II -` or `a)` counts that has words behind it.
    private static func mark(of text: String, isBold: Bool) -> Count? {
        let number = text.prefix { $0.isLetter || isDigit($0) || $0 == "." }
        let digits = number.prefix { isDigit($0) || $0 == "." }
        if !digits.isEmpty { return decimal(digits, text.dropFirst(digits.count)) }
        let letters = number.prefix { $0.isLetter }
        let rest = text.dropFirst(letters.count)
        if letters.count <= 7, letters.allSatisfy({ "IVX".contains($0) }) { return isMark(rest) ? .roman : nil }
        guard letters.count == 1, let letter = letters.first else { return nil }
        if letter.isLowercase {
            // A small letter opens items far more often than headings, so capitals alone do not make one.
            return isBold && rest.dropFirst().first == " " && isMark(rest, ends: ".)/") ? .small : nil
        }
        guard countedLetters.contains(letter), isMark(rest, ends: ".)/") else { return nil }
        return rest.dropFirst().first == " " || isUpper(rest) ? .letter : nil
    }

    private static func decimal(_ digits: Substring, _ behind: Substring) -> Count? {
        let hasDot = digits.last == "."
        let groups = digits.dropLast(hasDot ? 1 : 0).split(separator: ".", omittingEmptySubsequences: false)
        // "1.000" is an amount, and "2024." a year.
        guard groups.allSatisfy({ (1...2).contains($0.count) }) else { return nil }
        // A lone number without a mark, as in "12 vụ việc", is none; "1.1 Kết quả" needs none.
        let rest = (hasDot ? "." : "") + behind
        guard isMark(rest[...]) || groups.count > 1 && behind.first == " " && behind.dropFirst().first != " " else {
            return nil
        }
        switch groups.count {
        case 1: return .one
        case 2: return .two
        case 3: return .three
        default: return .four
        }
    }

    /// Whether a text begins with what ends a number, and has words behind it: `. `, `) `, `/ `, ` - `; or, where the blank
    /// was forgotten, with a capital letter behind it, which is no initial: "1.Kết quả", and not "V.I.P" or "15/3/2025".
    private static func isMark(_ text: Substring, ends: String = ".)/:-–") -> Bool {
        let text = text.first == " " && "-–".contains(text.dropFirst().first ?? " ") ? text.dropFirst() : text
        guard let end = text.first, ends.contains(end) else { return false }
        let rest = text.dropFirst()
        guard let next = rest.first else { return false }
        if next == " " {
            let word = rest.drop { $0 == " " }
            // "10 - 12 vụ" is no number with a title.
            return !word.isEmpty && (".)".contains(end) || !isDigit(word.first ?? " "))
        }
        return next.isUppercase && rest.dropFirst().first?.isLetter == true
    }
}
