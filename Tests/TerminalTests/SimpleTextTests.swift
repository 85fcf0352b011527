import Testing

@testable import Terminal

/// The quick way for usual text gives what the way for every text gives.
@Suite struct SimpleTextTests {
    private static let alphabet: [Character] = Array(" aầđỹƯ–“”…0.,()/ —½ÿ")

    private func texts(_ seed: UInt64) -> [String] {
        var generator = SplitMix64(seed: seed)
        return (0..<200).map { _ in
            String(
                (0..<Int.random(in: 0...40, using: &generator)).map { _ in
                    Self.alphabet[Int.random(in: 0..<Self.alphabet.count, using: &generator)]
                })
        }
    }

    @Test(arguments: 1...5 as ClosedRange<UInt64>) func piecesAreTheSame(_ seed: UInt64) throws {
        for text in texts(seed) {
            let quick = try #require(WordWrap.simplePieces(of: text[...]))
            #expect(quick == WordWrap.pieces(of: text[...]), "\(text)")
        }
    }

    @Test func everySimpleCharacterIsSafeAndOneColumnWide() {
        for value in 0...0x2FFFF as ClosedRange<UInt32> {
            guard let scalar = Unicode.Scalar(value), DisplayWidth.isSimple(scalar) else { continue }
            #expect(DisplayWidth.columns(of: Character(scalar)) == 1, "U+\(String(value, radix: 16))")
            #expect(SafeText.escape(Character(scalar)).unicodeScalars.elementsEqual([scalar]))
            #expect("a\(Character(scalar))a".count == 3, "U+\(String(value, radix: 16)) joins its neighbours")
        }
    }

    @Test(arguments: ["", "\n", "a\n", "a\n\n", "\n\nb", "một\nhai", "e\u{301}\nx", "\u{1B}[31m\n"])
    func linesAreTheSameWithAndWithoutAReturn(_ text: String) {
        // A carriage return before each line feed takes the other way, and means the same.
        #expect(SafeText.lines(text) == SafeText.lines(text.replacing("\n", with: "\r\n")))
    }
}
