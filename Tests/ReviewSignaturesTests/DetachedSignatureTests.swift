import Testing

@testable import ReviewSignatures

@Suite struct DetachedSignatureTests {
    private static let start = PersonWithCertificate.start
    private static let content = Array("Bản kê của hồ sơ số 12\r\n".utf8)

    private func signer(
        _ signature: String, content: [UInt8] = content, authority: String, now: Int64 = start
    ) throws -> DetachedSignature.Signer {
        try DetachedSignature.signer(of: Array(signature.utf8), over: content, authorityPEM: authority, now: now)
    }

    private func fixture(_ signature: String, now: Int64 = OpenSSLFixture.now) throws -> DetachedSignature.Signer {
        try signer(signature, content: OpenSSLFixture.content, authority: OpenSSLFixture.authority, now: now)
    }

    @Test func theSignerIsFound() throws {
        let person = try PersonWithCertificate()
        let digest = try CertificateAuthority.digest(certificatePEM: person.certificate)
        for content in [Self.content, [], [0], [UInt8](repeating: 7, count: 300_000)] {
            let signature = try person.key.sign(content, certificatePEM: person.certificate)
            #expect(signature.hasPrefix("-----BEGIN CMS-----\n"))
            let found = try signer(signature, content: content, authority: person.authority.certificatePEM)
            #expect(found.certificateDigest == digest)
            #expect(found.authorityPEM == person.authority.certificatePEM)
        }
    }

    @Test func theAuthorityIsFoundAmongSeveral() throws {
        let person = try PersonWithCertificate()
        // The same names, but another key.
        let other = try CertificateAuthorityTests.authority()
        let signature = try person.key.sign(Self.content, certificatePEM: person.certificate)
        let several = "# cũ\n" + other.certificatePEM + "x\n" + person.authority.certificatePEM
        #expect(try signer(signature, authority: several).authorityPEM == person.authority.certificatePEM)
        for authority in [other.certificatePEM, "", "x", OpenSSLFixture.authority, person.certificate] {
            #expect(throws: DetachedSignature.Problem.untrusted) { try signer(signature, authority: authority) }
        }
    }

    @Test func certificatesMustBeValidAtTheTime() throws {
        let person = try PersonWithCertificate(days: 10)
        let signature = try person.key.sign(Self.content, certificatePEM: person.certificate)
        let end = Self.start + 10 * 86_400 - 1
        // OpenSSL takes the last second for the first one after.
        for now in [Self.start, end - 1] {
            #expect(throws: Never.self) { try signer(signature, authority: person.authority.certificatePEM, now: now) }
        }
        for now in [Self.start - 1, end + 1, 0, -1, Int64.max, Int64.min] {
            #expect(throws: DetachedSignature.Problem.untrusted, "\(now)") {
                try signer(signature, authority: person.authority.certificatePEM, now: now)
            }
        }
    }

    @Test func anyOtherContentIsNoticed() throws {
        let person = try PersonWithCertificate()
        let signature = try person.key.sign(Self.content, certificatePEM: person.certificate)
        var others = Self.content.indices.map { index in
            var changed = Self.content
            changed[index] ^= 1
            return changed
        }
        // Also what a mail program would call the same text.
        others += [[], Self.content + [0], Array(Self.content.dropLast()), Self.content.filter { $0 != 13 }]
        for other in others {
            #expect(throws: DetachedSignature.Problem.notOverThisContent) {
                try signer(signature, content: other, authority: person.authority.certificatePEM)
            }
        }
    }

    @Test func aChangedSignatureNeverCountsForSomebodyElse() throws {
        let person = try PersonWithCertificate()
        let authority = person.authority.certificatePEM
        let signature = try person.key.sign(Self.content, certificatePEM: person.certificate)
        let right = try signer(signature, authority: authority)
        let whole = octets(of: signature)
        var changed = whole
        changed[whole.count - 1] ^= 1
        #expect(throws: DetachedSignature.Problem.notOverThisContent) {
            try signer(pemText(changed, "CMS"), authority: authority)
        }
        // A few octets say nothing, such as the version; whatever is still accepted has the same signer.
        var accepted = 0
        for index in whole.indices {
            var changed = whole
            changed[index] ^= index.isMultiple(of: 2) ? 1 : 0x80
            guard let found = try? signer(pemText(changed, "CMS"), authority: authority) else { continue }
            accepted += 1
            #expect(found.certificateDigest == right.certificateDigest)
            #expect(found.authorityPEM == right.authorityPEM)
        }
        #expect(accepted < 30, "\(accepted)")
    }

    @Test func truncatedIsUnreadable() throws {
        let text = Array(OpenSSLFixture.signature.utf8)
        for count in 0..<text.count - 1 {
            #expect(throws: DetachedSignature.Problem.unreadable) {
                try DetachedSignature.signer(
                    of: Array(text.prefix(count)), over: OpenSSLFixture.content,
                    authorityPEM: OpenSSLFixture.authority, now: OpenSSLFixture.now)
            }
        }
        let whole = octets(of: OpenSSLFixture.signature)
        for count in whole.indices {
            #expect(throws: DetachedSignature.Problem.unreadable) {
                try fixture(pemText(Array(whole.prefix(count)), "CMS"))
            }
        }
    }

    @Test func whatOpenSSLSignedIsRead() throws {
        let found = try fixture(OpenSSLFixture.signature)
        #expect(
            try found.certificateDigest == CertificateAuthority.digest(certificatePEM: OpenSSLFixture.certificate))
        #expect(found.authorityPEM == OpenSSLFixture.authority)
        // As `openssl smime` names it, and with remarks.
        let older = pemText(octets(of: OpenSSLFixture.signature), "PKCS7")
        #expect(try fixture("# chữ ký\n" + older + "hết\n") == found, "what is kept has no remarks")
        #expect(found.signaturePEM == OpenSSLFixture.signature)
        let key = try PersonalKey(pem: OpenSSLFixture.lockedKey, passphrase: OpenSSLFixture.passphrase)
        let ours = try fixture(key.sign(OpenSSLFixture.content, certificatePEM: OpenSSLFixture.certificate))
        #expect(ours.certificateDigest == found.certificateDigest && ours.authorityPEM == found.authorityPEM)
    }

    @Test func otherFormsAreUnreadable() throws {
        for signature in [
            "", "x", OpenSSLFixture.signatureOfTwo, OpenSSLFixture.signatureWithContent,
            OpenSSLFixture.signatureWithoutCertificate, OpenSSLFixture.signatureWithSHA1, OpenSSLFixture.certificate,
            OpenSSLFixture.signature + OpenSSLFixture.signature, OpenSSLFixture.lockedKey,
            OpenSSLFixture.signature + String(repeating: " ", count: 64 * 1024),
        ] {
            #expect(throws: DetachedSignature.Problem.unreadable, "\(signature.prefix(80))") {
                try fixture(signature)
            }
        }
    }

    @Test func aCertificateForTLSAloneDoesNotSign() {
        #expect(throws: DetachedSignature.Problem.untrusted) { try fixture(OpenSSLFixture.signatureByTLSCertificate) }
    }
}
