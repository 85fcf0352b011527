import Testing

@testable import ReviewSignatures

@Suite struct PersonalKeyTests {
    @Test func isStoredAndReadBack() throws {
        let key = try PersonalKey.create()
        #expect(key.pem.hasPrefix("-----BEGIN PRIVATE KEY-----\n"))
        #expect(try PersonalKey(pem: key.pem).pem == key.pem)
        #expect(try PersonalKey(pem: key.pem, passphrase: [1]).pem == key.pem)
        #expect(try PersonalKey.create().pem != key.pem)
        #expect("\(key)" == "PersonalKey" && Mirror(reflecting: key).children.isEmpty)
        for text in ["", "x", String(key.pem.dropLast(60)), String(repeating: "A", count: 70_000)] {
            #expect(throws: SignatureError.self) { try PersonalKey(pem: text) }
        }
        #expect(throws: SignatureError.unreadable("private key")) { try PersonalKey(pem: OpenSSLFixture.certificate) }
    }

    @Test func onlyItsPassphraseUnlocksAKey() throws {
        let key = try PersonalKey.create()
        let passphrase = Array("Mật khẩu của Hoà".utf8)
        let locked = try key.locked(passphrase: passphrase)
        #expect(locked.hasPrefix("-----BEGIN ENCRYPTED PRIVATE KEY-----\n"))
        // The salt is another one every time.
        #expect(try key.locked(passphrase: passphrase) != locked)
        #expect(try PersonalKey(pem: locked, passphrase: passphrase).pem == key.pem)
        for wrong in [nil, passphrase + [1]] {
            #expect(throws: SignatureError.locked) { try PersonalKey(pem: locked, passphrase: wrong) }
        }
        // A locked key is no damaged one, and the other way round.
        #expect(throws: SignatureError.unreadable("private key")) {
            try PersonalKey(pem: String(locked.prefix(200)), passphrase: passphrase)
        }
    }

    @Test func passphrasesAreBounded() throws {
        let key = try PersonalKey.create()
        for count in [0, 1_025] {
            #expect(throws: SignatureError.invalidParameter("a passphrase has 1 to 1024 octets")) {
                try key.locked(passphrase: [UInt8](repeating: 1, count: count))
            }
        }
        let longest = [UInt8](repeating: 0x80, count: 1_024)
        let locked = try key.locked(passphrase: longest)
        #expect(try PersonalKey(pem: locked, passphrase: longest).pem == key.pem)
        for wrong in [longest + [1], longest.dropLast(), []] {
            #expect(throws: SignatureError.locked) { try PersonalKey(pem: locked, passphrase: Array(wrong)) }
        }
    }

    /// In both forms, of which the older one has its cipher in headers.
    @Test(arguments: [OpenSSLFixture.lockedKey, OpenSSLFixture.oldLockedKey])
    func keysThatOpenSSLLockedAreUnlocked(pem: String) throws {
        let key = try PersonalKey(pem: pem, passphrase: OpenSSLFixture.passphrase)
        #expect(try !key.sign([], certificatePEM: OpenSSLFixture.certificate).isEmpty)
        for wrong in [nil, [], Array("mat khau".utf8), [UInt8](repeating: 1, count: 2_000)] {
            #expect(throws: SignatureError.locked) { try PersonalKey(pem: pem, passphrase: wrong) }
        }
        for count in 0..<pem.count {
            _ = try? PersonalKey(pem: String(pem.prefix(count)), passphrase: OpenSSLFixture.passphrase)
        }
    }

    @Test func otherKeysAreRefused() throws {
        #expect(throws: KeyStrength.problem) { try PersonalKey(pem: try SigningKey.create().keyPEM) }
    }

    @Test(arguments: [
        "minh", "Nguyễn Thị Ánh Tuyết", "a/b=\"c\",+d;<e>\\#", String(repeating: "ế", count: 64),
    ]) func namesOfRequests(name: String) throws {
        let pem = try PersonalKey.create().request(commonName: name)
        #expect(pem.hasPrefix("-----BEGIN CERTIFICATE REQUEST-----\n"))
        #expect(octets(of: pem).contains(name))
        #expect(throws: Never.self) { try CertificateRequest(pem: Array(pem.utf8)) }
    }

    @Test(arguments: ["", String(repeating: "ế", count: 65), "a\0b", "a\nb", "a\u{202E}b"])
    func namesOutOfBoundsAreRefused(name: String) throws {
        let key = try PersonalKey.create()
        #expect(throws: SignatureError.self) { try key.request(commonName: name) }
    }

    @Test func onlyTheOwnCertificateSigns() throws {
        let key = try PersonalKey.create()
        #expect(throws: SignatureError.unsuitable("the private key belongs to another certificate")) {
            try key.sign([1], certificatePEM: OpenSSLFixture.certificate)
        }
        #expect(throws: SignatureError.unreadable("certificate")) { try key.sign([1], certificatePEM: key.pem) }
    }
}
