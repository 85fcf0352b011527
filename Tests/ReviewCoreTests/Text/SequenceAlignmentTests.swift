import Testing

@testable import ReviewCore

@Suite struct SequenceAlignmentTests {
    /// The length of a longest common subsequence, by the textbook table.
    private func longestCommon(_ first: [Int32], _ second: [Int32]) -> Int {
        var row = [Int](repeating: 0, count: second.count + 1)
        for left in first {
            var diagonal = 0
            for (place, right) in second.enumerated() {
                let above = row[place + 1]
                row[place + 1] = left == right ? diagonal + 1 : max(above, row[place])
                diagonal = above
            }
        }
        return row[second.count]
    }

    private func check(_ places: [Int32], _ first: [Int32], _ second: [Int32]) -> Bool {
        let aligned = places.enumerated().filter { $0.element >= 0 }
        return zip(aligned, aligned.dropFirst()).allSatisfy { $0.element < $1.element }
            && aligned.allSatisfy { first[$0.offset] == second[Int($0.element)] }
    }

    @Test(arguments: 0..<60)
    func shortestEditIsShortest(_ seed: Int) {
        var random = SplitMix64(seed: UInt64(seed))
        for _ in 0..<30 {
            let letters = Int32.random(in: 1...6, using: &random)
            let first = (0..<Int.random(in: 0...25, using: &random)).map { _ in
                Int32.random(in: 0..<letters, using: &random)
            }
            let second = (0..<Int.random(in: 0...25, using: &random)).map { _ in
                Int32.random(in: 0..<letters, using: &random)
            }
            let exact = SequenceAlignment(first, second, numbers: nil, maximumEdits: 100).places
            #expect(check(exact, first, second), "seed \(seed)")
            #expect(exact.count { $0 >= 0 } == longestCommon(first, second), "seed \(seed): \(first) \(second)")
            let bounded = SequenceAlignment(first, second, numbers: nil, maximumEdits: 3).places
            #expect(check(bounded, first, second), "seed \(seed)")
            let unique = SequenceAlignment(first, second, numbers: Int(letters), maximumEdits: 100).places
            #expect(check(unique, first, second), "seed \(seed)")
        }
    }

    @Test func uniqueElementsCutTheProblem() {
        // 8 and 7 occur once on both sides and hold their places, although leaving them would align more zeros.
        let first: [Int32] = [9, 0, 0, 8, 0, 7, 6]
        let second: [Int32] = [5, 8, 0, 0, 0, 7, 4]
        let aligned = SequenceAlignment(first, second, numbers: 10, maximumEdits: 9).places
        #expect(aligned == [-1, -1, -1, 1, 4, 5, -1] || aligned == [-1, -1, -1, 1, 2, 5, -1])
    }

    @Test(
        arguments: [
            ([], []), ([3], [0]), ([1, 2, 3], [0, 1, 2]), ([3, 2, 1], [2]),
            ([2, 5, 3, 7, 11, 8, 10, 13, 6], [0, 2, 3, 5, 6, 7]),
        ] as [([Int], [Int])])
    func increasingSubsequences(_ values: [Int], _ expected: [Int]) {
        #expect(increasingSubsequence(values) == expected)
    }
}
