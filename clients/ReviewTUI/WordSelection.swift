import Terminal

/// Words of one paragraph that are selected to be quoted.
struct WordSelection: Sendable {
    /// The words of the paragraph, as ranges of its graphemes.
    let wordRanges: [Range<Int>]
    private let characters: [Character]
    /// The selected words, from first to last.
    private(set) var first = 0
    private(set) var last = 0

    /// Begins with the first word; nil where there is none.
    init?(_ paragraph: String) {
        characters = Array(paragraph)
        var ranges: [Range<Int>] = []
        var start: Int?
        for (index, character) in characters.enumerated() {
            if character.isWhitespace {
                if let begin = start { ranges.append(begin..<index) }
                start = nil
            } else if start == nil {
                start = index
            }
        }
        if let begin = start { ranges.append(begin..<characters.count) }
        guard !ranges.isEmpty else { return nil }
        wordRanges = ranges
    }

    /// The graphemes from the first selected word to the last.
    var range: Range<Int> { wordRanges[first].lowerBound..<wordRanges[last].upperBound }

    /// What is quoted: exactly as it stands in the paragraph.
    var text: String { String(characters[range]) }

    mutating func move(_ step: Int) {
        let target = min(max((step < 0 ? first : last) + step, 0), wordRanges.count - 1)
        first = target
        last = target
    }

    mutating func extend(_ step: Int) {
        last = min(max(last + step, first), wordRanges.count - 1)
    }

    /// How many words are selected.
    var count: Int { last - first + 1 }
}

extension TopicPage {
    mutating func beginWords(in model: inout Model) {
        guard let block = currentBlock, !block.isHeading, let selection = WordSelection(block.text) else {
            return model.tell(
                .news, "Chọn một đoạn văn rồi mới chọn từ.", "Select a paragraph first, then words.")
        }
        pane = .text
        words = selection
        tellWords(in: &model)
    }

    /// Whether the selection took the key.
    mutating func pressInWords(_ key: Key, _ action: Action?, in model: inout Model) -> Bool {
        guard words != nil else { return false }
        let isExtending = key.modifiers.contains(.shift)
        switch key.code {
        case .left: if isExtending { words?.extend(-1) } else { words?.move(-1) }
        case .right: if isExtending { words?.extend(1) } else { words?.move(1) }
        case .character("<"): words?.extend(-1)
        case .character(">"): words?.extend(1)
        default:
            if action == .words {
                words = nil
                model.notice = nil
                return true
            }
            return false
        }
        tellWords(in: &model)
        return true
    }

    private func tellWords(in model: inout Model) {
        guard let words else { return }
        model.tell(
            .news, "Trích \(words.count) từ: “\(words.text)” – c để góp ý, v để bỏ chọn",
            "Quoting \(words.count): “\(words.text)” – c comments, v ends the selection")
    }
}
