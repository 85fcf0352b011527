/// How alike two texts are, by their words: twice the shared words divided by all words; 0 to 1.
///
/// Both arguments are sorted numbers of words, with repetition. Texts without words are like nothing.
func similarity(_ left: [Int32], _ right: [Int32]) -> Double {
    guard !left.isEmpty, !right.isEmpty else { return 0 }
    var shared = 0
    var (place, target) = (0, 0)
    while place < left.count, target < right.count {
        if left[place] == right[target] {
            shared += 1
            place += 1
            target += 1
        } else if left[place] < right[target] {
            place += 1
        } else {
            target += 1
        }
    }
    return Double(2 * shared) / Double(left.count + right.count)
}

/// How alike two texts with so many words can be at most: when all of the shorter one stands in the longer one.
private func mostAlike(_ left: Int, _ right: Int) -> Double {
    2 * Double(min(left, right)) / Double(max(1, left + right))
}

/// The words of the paragraphs of two revisions as sorted numbers, made when they are first needed.
struct WordTable {
    private var interner = OctetInterner()
    /// The words of the old paragraphs that have been prepared.
    private(set) var old: [[Int32]]
    /// The words of the new paragraphs that have been prepared.
    private(set) var new: [[Int32]]
    private var isOldPrepared: [Bool]
    private var isNewPrepared: [Bool]

    init(old: Int, new: Int) {
        self.old = Array(repeating: [], count: old)
        self.new = Array(repeating: [], count: new)
        isOldPrepared = Array(repeating: false, count: old)
        isNewPrepared = Array(repeating: false, count: new)
    }

    /// How many different words are known.
    var numbers: Int { interner.count }

    mutating func prepareOld(_ place: Int, _ text: String) {
        guard !isOldPrepared[place] else { return }
        old[place] = numbers(of: text)
        isOldPrepared[place] = true
    }

    mutating func prepareNew(_ place: Int, _ text: String) {
        guard !isNewPrepared[place] else { return }
        new[place] = numbers(of: text)
        isNewPrepared[place] = true
    }

    /// The words of a text, sorted.
    mutating func numbers(of text: String) -> [Int32] {
        var text = text
        var numbers: [Int32] = []
        text.withUTF8 { octets in
            for token in wordTokens(octets) where token.kind == .word {
                let word = UnsafeBufferPointer(rebasing: octets[token.range])
                numbers.append(interner.number(of: UnsafeRawBufferPointer(word)))
            }
        }
        numbers.sort()
        return numbers
    }

    /// How many words a text has.
    func count(in text: String) -> Int {
        var text = text
        return text.withUTF8 { octets in wordTokens(octets).count { $0.kind == .word } }
    }
}

/// Partners among changed texts in one place: the best of each other, and clearly so.
///
/// When both sides have the same number of texts, position is evidence too: the text at the same place is accepted
/// without a margin as long as no other one is more alike.
struct SimilarPairs {
    private(set) var found: [(row: Int, column: Int)] = []

    /// - Parameters:
    ///   - rows: the texts of one side, each as the sorted numbers of its words; `columns` those of the other.
    ///   - band: how far from the same relative position a partner may stand; bounds the work on long stretches.
    ///   - least: pairs that are less alike are not looked at. The default is too little to be a partner, and even to
    ///     come near one: so the result is that of looking at all. A giant among thousands of short texts would else
    ///     be read through for each of them.
    init(rows: [[Int32]], columns: [[Int32]], threshold: Double, band: Int, least: Double? = nil) {
        let least = least ?? threshold - DocumentAlignment.margin - 1e-6
        var bestOfRow = [Contest](repeating: Contest(), count: rows.count)
        var bestOfColumn = [Contest](repeating: Contest(), count: columns.count)
        var onDiagonal = [Double](repeating: 0, count: rows.count)
        let isSquare = rows.count == columns.count
        for row in rows.indices {
            let middle = isSquare ? row : row * columns.count / rows.count
            for column in max(0, middle - band)..<min(columns.count, middle + band + 1)
            where mostAlike(rows[row].count, columns[column].count) >= least {
                let value = similarity(rows[row], columns[column])
                bestOfRow[row].enter(column, value)
                bestOfColumn[column].enter(row, value)
                if row == column { onDiagonal[row] = value }
            }
        }
        for row in rows.indices {
            let best = bestOfRow[row]
            if isSquare, onDiagonal[row] >= threshold, onDiagonal[row] >= best.value,
                onDiagonal[row] >= bestOfColumn[row].value
            {
                found.append((row, row))
            } else if best.place >= 0, best.value >= threshold, best.isClear(by: DocumentAlignment.margin),
                bestOfColumn[best.place].place == row,
                bestOfColumn[best.place].isClear(by: DocumentAlignment.margin)
            {
                found.append((row, best.place))
            }
        }
    }
}

/// The best of several candidates and how good the second best is.
struct Contest {
    private(set) var place = -1
    private(set) var value = 0.0
    private var second = 0.0

    mutating func enter(_ candidate: Int, _ similarity: Double) {
        if similarity > value {
            second = value
            value = similarity
            place = candidate
        } else if similarity > second {
            second = similarity
        }
    }

    /// Whether every other candidate is worse by a margin.
    func isClear(by margin: Double) -> Bool { value - second >= margin - 1e-9 }
}

/// Finds texts by their rare words.
struct WordIndex {
    /// For each word the texts that have it, one stretch after the other.
    private let holders: [Int32]
    private let starts: [Int]

    init(_ texts: [[Int32]], numbers: Int) {
        var starts = [Int](repeating: 0, count: numbers + 1)
        for words in texts { Self.visit(words) { starts[Int($0) + 1] += 1 } }
        for number in 0..<numbers { starts[number + 1] += starts[number] }
        var holders = [Int32](repeating: 0, count: starts[numbers])
        var next = starts
        for (place, words) in texts.enumerated() {
            Self.visit(words) { word in
                holders[next[Int(word)]] = Int32(truncatingIfNeeded: place)
                next[Int(word)] += 1
            }
        }
        self.starts = starts
        self.holders = holders
    }

    /// Each different word of a sorted list once.
    private static func visit(_ words: [Int32], _ body: (Int32) -> Void) {
        var last: Int32 = -1
        for word in words where word != last {
            body(word)
            last = word
        }
    }

    /// The one text that is similar enough when every other text is clearly less so; nil when there is none, or when
    /// deciding would take too long.
    func clearlyBest(_ words: [Int32], _ texts: [[Int32]], _ comparisons: inout Int) -> Int? {
        guard let contest = closest(to: words, texts, &comparisons),
            contest.value >= DocumentAlignment.similarityElsewhere,
            contest.isClear(by: DocumentAlignment.marginElsewhere)
        else { return nil }
        return contest.place
    }

    /// The most similar text and how similar the next one is; nil when deciding would take too long.
    ///
    /// Candidates come from the rarest words. A text as similar as the runner-up may be (0.4) shares at least a quarter
    /// of the words asked for, so once less than a quarter of them is left, every such text has been seen.
    func closest(to words: [Int32], _ texts: [[Int32]], _ comparisons: inout Int) -> Contest? {
        var groups: [(word: Int32, count: Int, holders: Int)] = []
        for word in words {
            if let last = groups.last, last.word == word {
                groups[groups.count - 1].count += 1
            } else {
                groups.append((word, 1, starts[Int(word) + 1] - starts[Int(word)]))
            }
        }
        groups.sort { ($0.holders, $0.word) < ($1.holders, $1.word) }
        var left = words.count
        var candidates: [Int32] = []
        for group in groups {
            if left * 4 < words.count { break }
            left -= group.count
            guard candidates.count + group.holders <= 2048 else { return nil }
            candidates.append(contentsOf: holders[starts[Int(group.word)]..<starts[Int(group.word) + 1]])
        }
        candidates.sort()
        var contest = Contest()
        var last: Int32 = -1
        for candidate in candidates where candidate != last {
            last = candidate
            comparisons -= 1 + (words.count + texts[Int(candidate)].count) / 64
            contest.enter(Int(candidate), similarity(words, texts[Int(candidate)]))
        }
        return contest
    }
}
