/// A run of text that both versions have, or only one of them.
public struct DiffPiece: Sendable, Equatable {
    /// Which of the two versions has the text.
    public enum Kind: Sendable, Equatable { case equal, removed, added }

    /// Which of the two versions has the text.
    public let kind: Kind
    /// The text, never empty.
    public let text: String

    /// A piece of a comparison.
    public init(kind: Kind, text: String) {
        self.kind = kind
        self.text = text
    }
}

/// Compares two short texts word by word.
public enum WordDiff {
    /// How many tokens may be removed and added before the rest counts as replaced.
    static let maximumEdits = 1500

    /// The pieces that lead from one text to the other: equal and removed ones make the old text, equal and added ones
    /// the new.
    ///
    /// Words, punctuation marks and runs of blanks are compared whole. Within one change what was removed comes first.
    /// Texts that differ by more than 1,500 tokens are shown as replaced between their common beginning and end.
    public static func pieces(_ old: String, _ new: String) -> [DiffPiece] {
        var budget = SequenceAlignment.usualBudget
        return pieces(old, new, budget: &budget)
    }

    /// The same for one of many texts that share what they may take.
    ///
    /// - Parameter budget: steps that are left, and then those that are left after this one; without any, what is between
    ///   the common beginning and end counts as replaced unless it is short.
    static func pieces(_ old: String, _ new: String, budget: inout Int) -> [DiffPiece] {
        let comparison = WordComparison(old, new, budget: min(budget, SequenceAlignment.usualBudget))
        budget -= comparison.steps
        var pieces: [DiffPiece] = []
        for run in comparison.runs {
            if !run.old.isEmpty, run.isEqual {
                pieces.append(DiffPiece(kind: .equal, text: comparison.oldText(run.old)))
                continue
            }
            if !run.old.isEmpty { pieces.append(DiffPiece(kind: .removed, text: comparison.oldText(run.old))) }
            if !run.new.isEmpty { pieces.append(DiffPiece(kind: .added, text: comparison.newText(run.new))) }
        }
        return pieces
    }
}

/// Two texts cut into tokens and aligned.
struct WordComparison {
    /// A stretch of tokens of both texts, equal or changed.
    struct Run {
        var isEqual: Bool
        var old: Range<Int>
        var new: Range<Int>
    }

    private let oldOctets: [UInt8]
    private let newOctets: [UInt8]
    let oldTokens: [WordToken]
    let newTokens: [WordToken]
    /// For each token of the old text its place in the new one, or -1.
    private let places: [Int32]
    /// Steps that the comparison took of its budget, 0 when those in proportion to the texts were enough.
    let steps: Int
    private let oldNumbers: [Int32]
    private let newNumbers: [Int32]

    init(_ old: String, _ new: String, budget: Int = SequenceAlignment.usualBudget) {
        oldOctets = Array(old.utf8)
        newOctets = Array(new.utf8)
        var interner = OctetInterner(expected: (oldOctets.count + newOctets.count) / 6)
        let (left, leftNumbers) = Self.numbered(oldOctets, &interner)
        let (right, rightNumbers) = Self.numbered(newOctets, &interner)
        oldTokens = left
        newTokens = right
        oldNumbers = leftNumbers
        newNumbers = rightNumbers
        let alignment = SequenceAlignment(
            leftNumbers, rightNumbers, numbers: nil, maximumEdits: WordDiff.maximumEdits, budget: budget)
        places = alignment.places
        steps = max(0, budget - max(0, alignment.work))
    }

    private static func numbered(_ octets: [UInt8], _ interner: inout OctetInterner) -> ([WordToken], [Int32]) {
        octets.withUnsafeBufferPointer { buffer in
            let tokens = wordTokens(buffer)
            let numbers = tokens.map {
                interner.number(of: UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: buffer[$0.range])))
            }
            return (tokens, numbers)
        }
    }

    func oldText(_ tokens: Range<Int>) -> String { Self.text(oldOctets, oldTokens, tokens) }

    func newText(_ tokens: Range<Int>) -> String { Self.text(newOctets, newTokens, tokens) }

    private static func text(_ octets: [UInt8], _ tokens: [WordToken], _ range: Range<Int>) -> String {
        guard let first = range.first, let last = range.last else { return "" }
        return String(decoding: octets[tokens[first].range.lowerBound..<tokens[last].range.upperBound], as: UTF8.self)
    }

    /// Whether the words around these octets of the old text stand unbroken and unchanged in the new one.
    ///
    /// They do when the shortest edit leaves them alone, or when both texts have them exactly once: a sentence that only
    /// changed its place in the paragraph is untouched.
    func keeps(_ octets: Range<Int>) -> Bool {
        let start = oldTokens.firstPlace { $0.range.upperBound > octets.lowerBound }
        let end = oldTokens.firstPlace { $0.range.lowerBound >= octets.upperBound }
        guard start < end else { return false }
        let isUnbroken = (start..<end).allSatisfy {
            places[$0] >= 0 && Int(places[$0]) == Int(places[start]) + $0 - start
        }
        if isUnbroken { return true }
        // Looking for it elsewhere is quadratic at worst, so very long texts do without.
        guard (end - start) * (oldNumbers.count + newNumbers.count) <= 4_000_000 else { return false }
        let quoted = oldNumbers[start..<end]
        return Self.count(quoted, in: oldNumbers) == 1 && Self.count(quoted, in: newNumbers) == 1
    }

    private static func count(_ quoted: ArraySlice<Int32>, in numbers: [Int32]) -> Int {
        guard let first = quoted.first, numbers.count >= quoted.count else { return 0 }
        return (0...(numbers.count - quoted.count)).count {
            numbers[$0] == first && numbers[$0..<($0 + quoted.count)].elementsEqual(quoted)
        }
    }

    /// Equal and changed stretches in turn; blanks alone between two changes belong to the change, which reads better.
    var runs: [Run] {
        var runs: [Run] = []
        var (left, right) = (0, 0)
        while left < oldTokens.count || right < newTokens.count {
            let (startLeft, startRight) = (left, right)
            while left < oldTokens.count, places[left] == Int32(right) {
                left += 1
                right += 1
            }
            if left > startLeft { runs.append(Run(isEqual: true, old: startLeft..<left, new: startRight..<right)) }
            let (changeLeft, changeRight) = (left, right)
            while left < oldTokens.count, places[left] < 0 { left += 1 }
            right = left < oldTokens.count ? Int(places[left]) : newTokens.count
            if left > changeLeft || right > changeRight {
                runs.append(Run(isEqual: false, old: changeLeft..<left, new: changeRight..<right))
            }
        }
        var merged: [Run] = []
        for (place, run) in runs.enumerated() {
            let isBetween = run.isEqual && place > 0 && place + 1 < runs.count
            let isBlank = isBetween && run.old.allSatisfy { oldTokens[$0].kind == .blank }
            if let last = merged.last, !last.isEqual, isBlank || !run.isEqual {
                merged[merged.count - 1].old = last.old.lowerBound..<run.old.upperBound
                merged[merged.count - 1].new = last.new.lowerBound..<run.new.upperBound
            } else {
                merged.append(run)
            }
        }
        return merged
    }
}
