import Testing

@testable import ReviewSignatures

@Suite struct SecureRandomTests {
    @Test func countsAreBounded() throws {
        #expect(try SecureRandom.octets(0).isEmpty)
        #expect(try SecureRandom.octets(65_536).count == 65_536)
        #expect(throws: SignatureError.self) { try SecureRandom.octets(65_537) }
        #expect(throws: SignatureError.self) { try SecureRandom.octets(-1) }
    }

    @Test func octetsDoNotRepeat() throws {
        #expect(try SecureRandom.octets(32) != SecureRandom.octets(32))
    }

    @Test func tokens() {
        let alphabet = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
        let tokens = (0..<200).map { _ in SecureRandom.token() }
        #expect(tokens.allSatisfy { $0.count == 43 && $0.allSatisfy(alphabet.contains) })
        #expect(Set(tokens).count == 200)
    }

    @Test func invitationCodes() {
        let codes = (0..<500).map { _ in SecureRandom.invitationCode() }
        #expect(Set(codes).count == 500)
        var seen: Set<Character> = []
        for code in codes {
            #expect(code.split(separator: "-").map(\.count) == [5, 5, 5], "\(code)")
            seen.formUnion(code)
        }
        // 7,500 draws of 27 symbols: that one never appears has a probability below 10^-120.
        #expect(seen == Set("-0123456789BCFGHJKMNPQRSTVXZ"))
    }

    /// What Telex or VNI would change: vowels, Y, W, D.
    @Test func symbolsSurviveVietnameseInputMethods() {
        #expect(InvitationCode.alphabet.allSatisfy { !Array("AEIOUYWDL".utf8).contains($0) })
    }
}
