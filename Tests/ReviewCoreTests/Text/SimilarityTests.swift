import Testing

@testable import ReviewCore

@Suite struct SimilarityTests {
    /// Sorted words of a text; few different ones, so that texts are often alike.
    private func text(_ random: inout SplitMix64) -> [Int32] {
        let words = Int.random(in: 0...3, using: &random) == 0 ? 40 : 8
        return (0..<Int.random(in: 0...words, using: &random)).map { _ in Int32.random(in: 0..<6, using: &random) }
            .sorted()
    }

    @Test(arguments: 0..<40)
    func whatIsHopelessChangesNothing(_ seed: Int) {
        var random = SplitMix64(seed: UInt64(seed))
        for _ in 0..<40 {
            let rows = (0...Int.random(in: 0..<12, using: &random)).map { _ in text(&random) }
            let columns = (0...Int.random(in: 0..<12, using: &random)).map { _ in text(&random) }
            for threshold in [DocumentAlignment.similarityInPlace, DocumentAlignment.similarityElsewhere] {
                let band = Int.random(in: 1...12, using: &random)
                let quick = SimilarPairs(rows: rows, columns: columns, threshold: threshold, band: band).found
                let whole = SimilarPairs(rows: rows, columns: columns, threshold: threshold, band: band, least: 0).found
                #expect(quick.map { [$0.row, $0.column] } == whole.map { [$0.row, $0.column] }, "seed \(seed)")
            }
        }
    }

    @Test func aPartnerIsTheClearlyBest() {
        let rows: [[Int32]] = [[1, 2, 3, 4], [5, 6, 7, 8], [20, 21, 22, 23]]
        let columns: [[Int32]] = [[5, 6, 7, 9], [1, 2, 3, 4, 10]]
        let found = SimilarPairs(rows: rows, columns: columns, threshold: 0.5, band: 3).found
        #expect(found.map { [$0.row, $0.column] } == [[0, 1], [1, 0]])
        // Two that are equally alike: neither is taken.
        #expect(
            SimilarPairs(rows: [[1, 2, 3]], columns: [[1, 2, 3], [1, 2, 3]], threshold: 0.5, band: 3).found.isEmpty)
    }
}
