/// Aligns two sequences of numbers: which element of the second, if any, is each element of the first.
///
/// Equal beginnings and ends are taken at once. Then elements that occur once on both sides are aligned in their longest
/// common order and cut the problem into pieces (patience), and each piece without such elements goes through the
/// O(ND) algorithm of Myers. Work is bounded: a piece that would cost more stays unaligned, which is never wrong.
struct SequenceAlignment {
    private let first: [Int32]
    private let second: [Int32]
    private let maximumEdits: Int
    /// Steps that are left of what was allowed.
    private(set) var work: Int
    private var occurrences: [(first: Int32, second: Int32)] = []

    /// For each element of the first sequence the place in the second one, or -1; increasing where it is not -1.
    private(set) var places: [Int32]

    /// What one comparison may take: some hundredths of a second.
    static let usualBudget = 4_000_000

    /// - Parameters:
    ///   - numbers: how many different numbers there are, when elements that occur once may cut the problem; nil to go
    ///     straight to Myers, whose result is a shortest edit script.
    ///   - maximumEdits: how many removals and additions one piece may need.
    ///   - budget: how many steps it may take beside those that are in proportion to both sequences.
    init(
        _ first: [Int32], _ second: [Int32], numbers: Int?, maximumEdits: Int, budget: Int = Self.usualBudget
    ) {
        self.first = first
        self.second = second
        self.maximumEdits = maximumEdits
        work = 40 * (first.count + second.count) + budget
        places = [Int32](repeating: -1, count: first.count)
        if let numbers { occurrences = Array(repeating: (0, 0), count: numbers) }
        var pieces = [(first: first.indices, second: second.indices)]
        while let piece = pieces.popLast(), work > 0 {
            let (left, right) = trimmed(piece.first, piece.second)
            if left.isEmpty || right.isEmpty { continue }
            let anchors = numbers == nil ? [] : commonOrder(left, right)
            if anchors.isEmpty {
                shortestEdit(left, right)
                continue
            }
            var start = (left.lowerBound, right.lowerBound)
            for anchor in anchors {
                places[anchor.first] = Int32(anchor.second)
                pieces.append((start.0..<anchor.first, start.1..<anchor.second))
                start = (anchor.first + 1, anchor.second + 1)
            }
            pieces.append((start.0..<left.upperBound, start.1..<right.upperBound))
        }
    }

    /// Aligns the equal beginning and the equal end of two ranges and returns what lies between.
    private mutating func trimmed(_ left: Range<Int>, _ right: Range<Int>) -> (Range<Int>, Range<Int>) {
        var (low, high) = (left.lowerBound, left.upperBound)
        var (start, end) = (right.lowerBound, right.upperBound)
        while low < high, start < end, first[low] == second[start] {
            places[low] = Int32(start)
            low += 1
            start += 1
        }
        while low < high, start < end, first[high - 1] == second[end - 1] {
            high -= 1
            end -= 1
            places[high] = Int32(end)
        }
        work -= left.count - (high - low) + 1
        return (low..<high, start..<end)
    }

    /// The elements that occur once in both ranges, in their longest common order.
    private mutating func commonOrder(_ left: Range<Int>, _ right: Range<Int>) -> [(first: Int, second: Int)] {
        work -= 2 * (left.count + right.count)
        for place in left { occurrences[Int(first[place])].first += 1 }
        for place in right { occurrences[Int(second[place])].second += 1 }
        defer {
            for place in left { occurrences[Int(first[place])] = (0, 0) }
            for place in right { occurrences[Int(second[place])] = (0, 0) }
        }
        // The place on the left of each number, kept where its count was: 1 becomes -(place + 1).
        var candidates: [(first: Int, second: Int)] = []
        for place in left where occurrences[Int(first[place])] == (1, 1) {
            occurrences[Int(first[place])].first = -Int32(place) - 1
        }
        for place in right where occurrences[Int(second[place])].first < 0 {
            candidates.append((Int(-occurrences[Int(second[place])].first - 1), place))
        }
        let kept = increasingSubsequence(candidates.map(\.first))
        return kept.map { candidates[$0] }
    }

    /// Myers, "An O(ND) Difference Algorithm and Its Variations" (1986): the greedy forward search, with its trace.
    private mutating func shortestEdit(_ left: Range<Int>, _ right: Range<Int>) {
        let (height, width) = (left.count, right.count)
        let limit = min(maximumEdits, height + width)
        let offset = limit + 1
        var reach = [Int](repeating: 0, count: 2 * limit + 3)
        var trace: [[Int32]] = []
        search: for edits in 0...limit {
            trace.append((-edits...edits).map { Int32(reach[offset + $0]) })
            work -= edits + 1
            if work <= 0 { return }
            for diagonal in stride(from: -edits, through: edits, by: 2) {
                let isDown =
                    diagonal == -edits
                    || (diagonal != edits && reach[offset + diagonal - 1] < reach[offset + diagonal + 1])
                // x counts elements of the second sequence, y of the first: down is a removal.
                var x = isDown ? reach[offset + diagonal + 1] : reach[offset + diagonal - 1] + 1
                var y = x - diagonal
                while x < width, y < height, first[left.lowerBound + y] == second[right.lowerBound + x] {
                    x += 1
                    y += 1
                    work -= 1
                }
                reach[offset + diagonal] = x
                if x >= width, y >= height {
                    backtrack(trace, left, right)
                    return
                }
            }
        }
    }

    private mutating func backtrack(_ trace: [[Int32]], _ left: Range<Int>, _ right: Range<Int>) {
        var x = right.count
        var y = left.count
        for edits in stride(from: trace.count - 1, through: 0, by: -1) {
            let row = trace[edits]
            let diagonal = x - y
            let reach = { (diagonal: Int) -> Int in
                diagonal >= -edits && diagonal <= edits ? Int(row[diagonal + edits]) : 0
            }
            var (startX, startY) = (0, 0)
            if edits > 0 {
                let isDown =
                    diagonal == -edits || (diagonal != edits && reach(diagonal - 1) < reach(diagonal + 1))
                let previous = isDown ? diagonal + 1 : diagonal - 1
                startX = reach(previous)
                startY = startX - previous
            }
            while x > startX, y > startY, first[left.lowerBound + y - 1] == second[right.lowerBound + x - 1] {
                x -= 1
                y -= 1
                places[left.lowerBound + y] = Int32(right.lowerBound + x)
            }
            (x, y) = (startX, startY)
        }
    }
}

/// The places of one longest strictly increasing subsequence, in order.
func increasingSubsequence(_ values: [Int]) -> [Int] {
    var tails: [Int] = []
    var previous = [Int](repeating: -1, count: values.count)
    for (place, value) in values.enumerated() {
        let pile = tails.firstPlace { values[$0] >= value }
        if pile > 0 { previous[place] = tails[pile - 1] }
        if pile == tails.count { tails.append(place) } else { tails[pile] = place }
    }
    var chain: [Int] = []
    var place = tails.last ?? -1
    while place >= 0 {
        chain.append(place)
        place = previous[place]
    }
    return chain.reversed()
}
