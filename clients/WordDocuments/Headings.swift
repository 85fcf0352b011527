/// Finds the headings of a document whose author made them bold or wrote them in capitals instead of saying that they are
/// headings.
///
/// Only a short line counts that stands out whole and begins with a number of the kinds that papers use (Phần, Chương, I.,
/// 1., 1.1., a), or says one of a few titles that stand for themselves. What else may be bold, as letterhead, signature and
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
    /// Titles without a number; they stand at the top.
    private static let titles: Set<String> = [
        "mở đầu", "lời mở đầu", "lời nói đầu", "phần mở đầu", "đặt vấn đề", "nội dung", "phần nội dung",
        "giải quyết vấn đề",
        "kết luận", "phần kết luận", "kiến nghị", "đề xuất, kiến nghị", "kiến nghị, đề xuất", "kết luận và kiến nghị",
        "kết luận, kiến nghị", "tài liệu tham khảo", "danh mục tài liệu tham khảo", "phụ lục",
    ]

    /// The levels of the blocks, from 0, by their places; empty when none was found.
    static func levels(of blocks: [Block]) -> [Int: Int] {
        var counts: [Int: Count] = [:]
        var titled: [Int] = []
        for (place, block) in blocks.enumerated() where standsOut(block) {
            if let count = count(of: block) {
                counts[place] = count
            } else if titles.contains(plainTitle(block.text)) {
                titled.append(place)
            }
        }
        // The kinds that occur, so that a paper without parts begins at its Roman numbers.
        let used = Set(counts.values).sorted()
        var levels = counts.mapValues { used.firstIndex(of: $0) ?? 0 }
        for place in titled { levels[place] = 0 }
        return levels
    }

    private static func standsOut(_ block: Block) -> Bool {
        guard !block.isRow, block.text.count <= longest, !block.text.contains("\n") else { return false }
        return block.isBold || block.isCapitals || isUpper(block.text)
    }

    private static func isUpper(_ text: String) -> Bool {
        var letters = 0
        for scalar in text.unicodeScalars where scalar.properties.isAlphabetic {
            guard scalar.properties.isUppercase else { return false }
            letters += 1
        }
        return letters > 1
    }

    private static func plainTitle(_ text: String) -> String {
        var title = text.lowercased()
        while let last = title.last, last == ":" || last == "." || last == " " { title.removeLast() }
        return title
    }

    private static func count(of block: Block) -> Count? {
        let text = block.mark.isEmpty ? block.text : block.mark + " " + block.text
        let first = text.prefix { $0 != " " }
        let word = first.lowercased()
        let rest = text.dropFirst(first.count + 1)
        if let found = words.first(where: { $0.word == word }) {
            // "Phần mở đầu" is a title; "Phần I", "Phần thứ nhất", "Chương 2" are counted.
            let next = rest.prefix { $0 != " " && $0 != "." && $0 != ":" }
            let isCounted =
                next.lowercased() == "thứ" || !next.isEmpty && next.allSatisfy { $0.isNumber || "IVXLC".contains($0) }
            return isCounted ? found.count : nil
        }
        guard !rest.isEmpty, let end = first.last, end == "." || end == ")" || end.isNumber else { return nil }
        let body = end.isNumber ? first[...] : first.dropLast()
        let groups = body.split(separator: ".", omittingEmptySubsequences: false)
        if groups.allSatisfy({ !$0.isEmpty && $0.count <= 2 && $0.allSatisfy { ("0"..."9").contains($0) } }) {
            switch groups.count {
            // A lone number without a mark, as in "12 vụ việc", is none.
            case 1: return end.isNumber ? nil : .one
            case 2: return .two
            case 3: return .three
            default: return .four
            }
        }
        guard !end.isNumber, body.count <= 7 else { return nil }
        if body.allSatisfy({ "IVX".contains($0) }) { return .roman }
        guard body.count == 1, let letter = body.first, letter.isLetter else { return nil }
        // A small letter opens items far more often than headings, so capitals alone do not make one.
        if letter.isLowercase { return block.isBold ? .small : nil }
        return .letter
    }
}
