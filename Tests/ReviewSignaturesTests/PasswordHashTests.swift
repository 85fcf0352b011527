import Testing

@testable import ReviewSignatures

@Suite struct ScryptTests {
    struct Vector: Sendable, CustomTestStringConvertible {
        let password: String
        let salt: String
        let cost: (log2N: Int, blockSize: Int, parallelisation: Int)
        let derived: String
        var testDescription: String { "\(password)/\(salt)" }
    }

    /// RFC 7914 §12, except for the last vector, which takes 1 GiB.
    static let vectors = [
        Vector(
            password: "", salt: "", cost: (4, 1, 1),
            derived: "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442"
                + "fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906"),
        Vector(
            password: "pleaseletmein", salt: "SodiumChloride", cost: (14, 8, 1),
            derived: "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2"
                + "d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887"),
    ]

    @Test(arguments: vectors) func published(vector: Vector) throws {
        let cost = try #require(
            ScryptCost(
                log2N: vector.cost.log2N, blockSize: vector.cost.blockSize,
                parallelisation: vector.cost.parallelisation))
        let derived = try Scrypt.derive(
            password: Array(vector.password.utf8), salt: Array(vector.salt.utf8), cost: cost, octetCount: 64)
        #expect(hexadecimal(derived) == vector.derived)
    }

    /// RFC 7914 §12: the second vector has p = 16, beyond what accounts may ask for, so it stands outside of the type.
    @Test func parametersAboveTheBoundsAreRefused() {
        #expect(ScryptCost(log2N: 10, blockSize: 8, parallelisation: 16) == nil)
        #expect(ScryptCost(log2N: 17, blockSize: 16, parallelisation: 8) != nil)
        #expect(ScryptCost(log2N: 18, blockSize: 16, parallelisation: 8) == nil)
        #expect(ScryptCost(log2N: 17, blockSize: 17, parallelisation: 8) == nil)
        #expect(ScryptCost(log2N: 17, blockSize: 16, parallelisation: 9) == nil)
        #expect(ScryptCost(log2N: 1, blockSize: 1, parallelisation: 1) != nil)
        #expect(ScryptCost(log2N: 0, blockSize: 1, parallelisation: 1) == nil)
        #expect(ScryptCost(log2N: 1, blockSize: 0, parallelisation: 1) == nil)
        #expect(ScryptCost(log2N: 1, blockSize: 1, parallelisation: 0) == nil)
        #expect(ScryptCost(log2N: -1, blockSize: -1, parallelisation: -1) == nil)
    }

    /// The memory limit handed to OpenSSL must admit every cost that the type admits.
    @Test func theMemoryLimitAdmitsALargeBlockSize() throws {
        let cost = try #require(ScryptCost(log2N: 1, blockSize: 16, parallelisation: 8))
        #expect(try Scrypt.derive(password: [1], salt: [2], cost: cost, octetCount: 32).count == 32)
    }
}

@Suite struct PasswordHashTests {
    static let salt: [UInt8] = Array(0..<16)
    static let password = Array("Mật khẩu của Hoà".utf8)

    @Test func matchesItsPasswordOnly() throws {
        let hash = try PasswordHash.derive(password: Self.password, salt: Self.salt, cost: .quick)
        #expect(hash.matches(password: Self.password))
        #expect(!hash.matches(password: []))
        #expect(!hash.matches(password: Self.password + [1]))
        #expect(!hash.matches(password: Array(Self.password.dropLast())))
        #expect(!hash.matches(password: Array("mật khẩu của Hoà".utf8)))
    }

    @Test func theStandardCostIsTheDefault() throws {
        let hash = try PasswordHash.derive(password: Self.password, salt: Self.salt)
        #expect(hash.encoded.hasPrefix("scrypt$15$8$3$AAECAwQFBgcICQoLDA0ODw$"))
        #expect(hash.matches(password: Self.password))
    }

    @Test func encodingRoundTrip() throws {
        for saltCount in [8, 15, 16, 17, 64] {
            let salt = Array(repeating: UInt8(250), count: saltCount)
            let hash = try PasswordHash.derive(password: [1, 2], salt: salt, cost: .quick)
            #expect(PasswordHash(encoded: hash.encoded) == hash)
            #expect(PasswordHash(encoded: hash.encoded)?.matches(password: [1, 2]) == true)
        }
    }

    @Test(arguments: [0, 7, 65]) func saltsOfOtherLengthsAreRefused(count: Int) {
        #expect(throws: SignatureError.invalidParameter("a salt has 8 to 64 octets, not \(count)")) {
            try PasswordHash.derive(password: [1], salt: [UInt8](repeating: 0, count: count), cost: .quick)
        }
    }

    static let goodSalt = "AAECAwQFBgcICQoLDA0ODw"
    static let goodHash = String(repeating: "A", count: 43)

    @Test func theSampleIsWellFormed() {
        #expect(PasswordHash(encoded: "scrypt$15$8$3$\(Self.goodSalt)$\(Self.goodHash)") != nil)
    }

    @Test(
        arguments: [
            "", "scrypt", "$$$$$", "scrypt$18$8$3$\(goodSalt)$\(goodHash)", "scrypt$15$17$3$\(goodSalt)$\(goodHash)",
            "scrypt$15$8$9$\(goodSalt)$\(goodHash)", "scrypt$015$8$3$\(goodSalt)$\(goodHash)",
            "scrypt$+15$8$3$\(goodSalt)$\(goodHash)", "scrypt$-1$8$3$\(goodSalt)$\(goodHash)",
            "scrypt$99999999999999999999$8$3$\(goodSalt)$\(goodHash)", "scrypt$١٥$8$3$\(goodSalt)$\(goodHash)",
            "Scrypt$15$8$3$\(goodSalt)$\(goodHash)", "scrypt$15$8$3$\(goodSalt)==$\(goodHash)",
            "scrypt$15$8$3$\(goodSalt)$\(goodHash)=", "scrypt$15$8$3$\(goodSalt)$\(goodHash)$",
            "scrypt$15$8$3$\(goodSalt)$\(goodHash.dropLast())", "scrypt$15$8$3$\(goodSalt)$\(goodHash)A",
            "scrypt$15$8$3$\(goodSalt)$\(goodHash.dropLast())B", "scrypt$15$8$3$AAAA$\(goodHash)",
            "scrypt$15$8$3$\(goodSalt)\n$\(goodHash)", " scrypt$15$8$3$\(goodSalt)$\(goodHash)",
            "scrypt$15$8$3$\(String(repeating: "A", count: 1_000_000))$\(goodHash)",
        ].map { String($0.prefix(400)) }) func malformedIsRefused(encoded: String)
    {
        #expect(PasswordHash(encoded: encoded) == nil)
    }

    @Test func nobodyMatchesTheDummy() {
        let dummy = PasswordHash.dummy(cost: .quick)
        #expect(!dummy.matches(password: []))
        #expect(!dummy.matches(password: Self.password))
        #expect(dummy.cost == .quick)
        #expect(PasswordHash(encoded: dummy.encoded) == dummy)
    }

    @Test func descriptionsShowNoHash() throws {
        let hash = try PasswordHash.derive(password: Self.password, salt: Self.salt, cost: .quick)
        var dumped = ""
        dump(hash, to: &dumped)
        #expect("\(hash)" == "PasswordHash(scrypt 10/8/1)")
        #expect(!dumped.contains("hash:") && dumped.count < 60, "\(dumped)")
    }
}

@Suite struct SecretOctetsTests {
    @Test func eraseEmpties() {
        var octets: [UInt8] = [1, 2, 3]
        SecretOctets.erase(&octets)
        #expect(octets.isEmpty)
        SecretOctets.erase(&octets)
        #expect(octets.isEmpty)
    }

    @Test func comparison() {
        #expect(SecretOctets.areEqual([], []))
        #expect(SecretOctets.areEqual([1, 2], [1, 2]))
        #expect(!SecretOctets.areEqual([1, 2], [1, 3]))
        #expect(!SecretOctets.areEqual([1, 2], [1]))
    }
}

func hexadecimal(_ octets: [UInt8]) -> String {
    octets.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}
