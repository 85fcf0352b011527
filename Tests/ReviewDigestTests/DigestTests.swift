import ReviewDigest
import Testing

@Suite struct DigestTests {
    /// FIPS 180-4 examples and RFC 6234 §8.5.
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
        (
            "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
            "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
        ),
    ]) func published(text: String, expected: String) {
        #expect(Digest(hashing: text).description == expected)
        #expect(Digest(hashing: Array(text.utf8)).description == expected)
    }

    /// RFC 6234 §8.5, TEST3 and TEST4: texts that repeat.
    @Test(arguments: [
        ("a", 1_000_000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
        ("01234567", 80, "594847328451bdfa85056225462cc1d867d877fb388df0ce35f25ab5562bfbb5"),
    ]) func publishedRepetition(unit: String, count: Int, expected: String) {
        #expect(Digest(hashing: String(repeating: unit, count: count)).description == expected)
        var stream = DigestStream()
        for _ in 0..<count { stream.update(unit) }
        #expect(stream.finish().description == expected)
    }

    /// RFC 6234 §8.5, TEST8 and TEST10 of SHA-256: octets that are no text.
    @Test func publishedOctets() {
        #expect(
            Digest(hashing: [0x19]).description == "68aa2e2ee5dff96e3355e6c7ee373e3d6a4e17f75f9518d843709c0c9bc3e3d4")
        #expect(
            Digest(hashing: [
                0xe3, 0xd7, 0x25, 0x70, 0xdc, 0xdd, 0x78, 0x7c, 0xe3, 0x88, 0x7a, 0xb2, 0xcd, 0x68, 0x46, 0x52,
            ]).description == "175ee69b02ba9b58e2b0a5fd13819cea573f3940a94f825128cf4209beabb4e8")
    }

    @Test func composedAndDecomposedTextsDiffer() {
        #expect(Digest(hashing: "\u{1EBF}") != Digest(hashing: "e\u{302}\u{301}"))
        #expect(Digest(hashing: "Thẩm định") == Digest(hashing: Array("Thẩm định".utf8)))
    }

    @Test func octetsRoundTrip() throws {
        let digest = Digest(hashing: "abc")
        #expect(digest.octets.count == Digest.octetCount)
        #expect(digest.octets.first == 0xba && digest.octets.last == 0xad)
        #expect(Digest(octets: digest.octets) == digest)
        #expect(Digest(octets: digest.octets.dropLast()) == nil)
        #expect(Digest(octets: digest.octets + [0]) == nil)
        #expect(Digest(octets: []) == nil)
        var buffer: [UInt8] = [7]
        digest.appendOctets(to: &buffer)
        #expect(buffer == [7] + digest.octets)
    }

    @Test func hexadecimalRoundTrip() {
        let digest = Digest(hashing: "abc")
        let text = digest.description
        #expect(Digest(hexadecimal: text) == digest)
        #expect(Digest(hexadecimal: text.uppercased()) == digest)
        #expect(Digest(hexadecimalOctets: Array(text.utf8)) == digest)
        for wrong in ["", String(text.dropLast()), text + "0", "g" + text.dropFirst(), " " + text.dropFirst()] {
            #expect(Digest(hexadecimal: wrong) == nil, "\(wrong)")
        }
    }

    @Test func zero() {
        #expect(Digest.zero.octets == [UInt8](repeating: 0, count: 32))
        #expect(Digest.zero.description == String(repeating: "0", count: 64))
    }

    @Test func orderIsThatOfTheOctets() {
        let digests = (0..<64).map { Digest(hashing: "\($0)") }
        #expect(
            digests.sorted().map(\.octets) == digests.map(\.octets).sorted { $0.lexicographicallyPrecedes($1) })
    }

    @Test func combiningKeepsPartsApart() {
        let first = Digest(hashing: "a")
        let second = Digest(hashing: "b")
        #expect(Digest.combining([first, second]) == Digest(hashing: first.octets + second.octets))
        #expect(Digest.combining([first, second]) != Digest.combining([second, first]))
        #expect(Digest.combining([[1, 2], [3]]) != Digest.combining([[1], [2, 3]]))
        #expect(Digest.combining([[1], []]) != Digest.combining([[], [1]]))
        #expect(Digest.combining([[5]]) == Digest(hashing: [0, 0, 0, 0, 0, 0, 0, 1, 5]))
    }

    @Test func cutsHaveNoInfluence() {
        let octets = (0..<300).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        let whole = Digest(hashing: octets)
        for cut in 0...octets.count {
            var stream = DigestStream()
            stream.update(octets[..<cut])
            stream.update([])
            stream.update(Array(octets[cut...]))
            #expect(stream.finish() == whole)
        }
    }

    @Test func aCopyOfAStreamContinuesOnItsOwn() {
        var stream = DigestStream()
        stream.update("ab")
        var other = stream
        other.update("d")
        stream.update("c")
        #expect(stream.finish() == Digest(hashing: "abc"))
        #expect(stream.finish() == Digest(hashing: "abc"))
        #expect(other.finish() == Digest(hashing: "abd"))
    }
}
