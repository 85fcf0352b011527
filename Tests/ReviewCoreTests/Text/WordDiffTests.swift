import ReviewCore
import Testing

@Suite struct WordDiffTests {
    private func marked(_ old: String, _ new: String) -> String {
        WordDiff.pieces(old, new).map { piece in
            switch piece.kind {
            case .equal: piece.text
            case .removed: "[-\(piece.text)-]"
            case .added: "{+\(piece.text)+}"
            }
        }.joined()
    }

    @Test(arguments: [
        ("", "", ""), ("a", "a", "a"), ("", "a", "{+a+}"), ("a", "", "[-a-]"),
        ("thực hiện 57 vụ việc.", "thực hiện 75 vụ việc.", "thực hiện [-57-]{+75+} vụ việc."),
        ("trước ngày 15/3/2025", "trước ngày 20/3/2025", "trước ngày [-15-]{+20+}/3/2025"),
        ("một hai ba", "một ba", "một [-hai -]ba"), ("một, hai", "một hai", "một[-,-] hai"),
        ("a b c d", "a x y d", "a [-b c-]{+x y+} d"), ("hoà giải", "hòa giải", "[-hoà-]{+hòa+} giải"),
        ("một\nhai", "một hai", "một[-\n-]{+ +}hai"), ("“a”", "\"a\"", "[-“-]{+\"+}a[-”-]{+\"+}"),
    ])
    func changesAreWordByWord(_ old: String, _ new: String, _ expected: String) {
        #expect(marked(old, new) == expected)
    }

    @Test(arguments: 0..<40)
    func piecesMakeBothTexts(_ seed: Int) {
        var random = SplitMix64(seed: UInt64(seed))
        let words = ["không", "có", " ", " ", "\n", ",", ".", "57", "đề", "–", "🙂", "a"]
        for _ in 0..<100 {
            let texts = (0..<2).map { _ in
                (0..<Int.random(in: 0..<20, using: &random)).map { _ in
                    words[Int.random(in: 0..<words.count, using: &random)]
                }
                .joined()
            }
            let pieces = WordDiff.pieces(texts[0], texts[1])
            #expect(pieces.filter { $0.kind != .added }.map(\.text).joined() == texts[0], "seed \(seed)")
            #expect(pieces.filter { $0.kind != .removed }.map(\.text).joined() == texts[1], "seed \(seed)")
            #expect(!pieces.contains { $0.text.isEmpty })
            if texts[0] == texts[1] { #expect(pieces.allSatisfy { $0.kind == .equal }) }
            let repeated = zip(pieces, pieces.dropFirst()).contains {
                $0.kind == $1.kind || ($0.kind == .added && $1.kind == .removed)
            }
            #expect(!repeated, "within one change what was removed comes first; seed \(seed)")
        }
    }

    @Test func textsThatDifferTooMuchAreReplaced() {
        let old = "đầu " + (0..<3000).map { "a\($0)" }.joined(separator: " ") + " cuối"
        let new = "đầu " + (0..<3000).map { "b\($0)" }.joined(separator: " ") + " cuối"
        #expect(WordDiff.pieces(old, new).map(\.kind) == [.equal, .removed, .added, .equal])
    }
}
