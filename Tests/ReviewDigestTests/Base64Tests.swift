import ReviewDigest
import Testing

@Suite struct Base64Tests {
    /// RFC 4648 section 10.
    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"), ("\0minh\0sai", "AG1pbmgAc2Fp"),
    ]) func published(text: String, encoded: String) {
        let octets = Array(text.utf8)
        #expect(Base64.encode(octets) == encoded)
        #expect(Base64.decode(encoded.utf8) == octets)
        let unpadded = encoded.filter { $0 != "=" }
        #expect(Base64.encode(octets, as: .unpadded) == unpadded)
        #expect(Base64.decode(unpadded.utf8, as: .unpadded) == octets)
    }

    /// Lacking and misplaced padding, a lone digit, bits left over, foreign characters, the other alphabet.
    @Test(arguments: [
        "Zg", "Zg=", "Zh==", "Zg==Zg==", "Zg===", "=", "==", "====", "A", "A=", "A==", "A===", "=Zg=", "Zm9v\n", "Zm9 ",
        "Z g=", "Zm=v", "Zé==", "Zm-_",
    ]) func anotherSpellingIsRefused(text: String) { #expect(Base64.decode(text.utf8) == nil) }

    @Test(arguments: ["Zh", "Zm9", "A", "AAAAA", "Zg==", "Z g", "Zé", "-_-_"])
    func anotherSpellingIsRefusedWithoutPadding(text: String) {
        #expect(Base64.decode(text.utf8, as: .unpadded) == nil)
    }

    @Test func alphabets() {
        #expect(Base64.encode([0xFB, 0xFF, 0xBF], as: .unpadded) == "+/+/")
        #expect(Base64.encode([0xFB, 0xFF, 0xBF], as: .forAddresses) == "-_-_")
        #expect(Base64.decode("-_-_".utf8, as: .forAddresses) == [0xFB, 0xFF, 0xBF])
        #expect(Base64.decode("+/+/".utf8, as: .forAddresses) == nil)
    }

    @Test(arguments: [Base64.Spelling.padded, .unpadded, .forAddresses])
    func roundTripOfAllLengths(spelling: Base64.Spelling) {
        for count in 0...64 {
            let octets = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ count) }
            #expect(Base64.decode(Base64.encode(octets, as: spelling).utf8, as: spelling) == octets)
        }
    }
}
