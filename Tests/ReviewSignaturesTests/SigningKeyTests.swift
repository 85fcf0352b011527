import ReviewSignatures
import Testing

@Suite struct SigningKeyTests {
    private func octets(_ digits: String) -> [UInt8] {
        let digits = Array(digits.utf8)
        return stride(from: 0, to: digits.count, by: 2).compactMap {
            UInt8(String(decoding: digits[$0..<$0 + 2], as: UTF8.self), radix: 16)
        }
    }

    /// RFC 8032 section 7.1, tests 1 to 3.
    @Test(arguments: [
        (
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
        ),
        (
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
        ),
        (
            "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
        ),
    ]) func published(seed: String, publicKey: String, message: String, signature: String) throws {
        let key = try SigningKey(seed: octets(seed))
        #expect(key.publicKey == octets(publicKey))
        #expect(try key.sign(octets(message)) == octets(signature))
        #expect(SigningKey.verifies(octets(signature), of: octets(message), by: octets(publicKey)))
    }

    @Test func nothingElseVerifies() throws {
        let key = try SigningKey.create()
        let message = Array("Mốc nhật ký".utf8)
        let signature = try key.sign(message)
        #expect(SigningKey.verifies(signature, of: message, by: key.publicKey))
        for bit in 0..<512 {
            var wrong = signature
            wrong[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(!SigningKey.verifies(wrong, of: message, by: key.publicKey))
        }
        #expect(!SigningKey.verifies(signature, of: message + [0], by: key.publicKey))
        #expect(!SigningKey.verifies(signature, of: [], by: key.publicKey))
        #expect(!SigningKey.verifies(signature, of: message, by: try SigningKey.create().publicKey))
        for wrong in [[], Array(signature.dropLast()), signature + [0]] {
            #expect(!SigningKey.verifies(wrong, of: message, by: key.publicKey))
        }
        for wrong in [[], Array(key.publicKey.dropLast()), [UInt8](repeating: 0xFF, count: 32)] {
            #expect(!SigningKey.verifies(signature, of: message, by: wrong))
        }
    }

    @Test func isStoredAndReadBack() throws {
        let key = try SigningKey.create()
        let again = try SigningKey(keyPEM: key.keyPEM)
        #expect(again.publicKey == key.publicKey)
        #expect(try again.sign([1, 2, 3]) == key.sign([1, 2, 3]))
        #expect(try SigningKey.create().publicKey != key.publicKey)
        #expect("\(key)" == "SigningKey" && Mirror(reflecting: key).children.isEmpty)
    }

    @Test func otherKeysAreRefused() throws {
        let authority = try CertificateAuthority.create(
            commonName: "x", organisation: "y", notBefore: 1_700_000_000)
        #expect(throws: SignatureError.unsuitable("the key is not Ed25519")) {
            try SigningKey(keyPEM: authority.keyPEM)
        }
        for wrong in ["", "x", authority.certificatePEM] {
            #expect(throws: SignatureError.unreadable("private key")) { try SigningKey(keyPEM: wrong) }
        }
        #expect(throws: SignatureError.self) { try SigningKey(seed: [1]) }
    }
}
