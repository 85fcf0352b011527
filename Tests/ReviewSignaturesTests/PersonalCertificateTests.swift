import Foundation
import Testing

@testable import ReviewSignatures

/// An authority, a person's key, and its certificate.
struct PersonWithCertificate {
    /// 2025-06-01 00:00:00 UTC.
    static let start: Int64 = 1_748_736_000
    static let minh = CertificateAuthority.Person(
        account: "minh", name: "Trần Quang Minh", title: "Cục trưởng", office: "Cục Kiểm tra văn bản")

    let authority: CertificateAuthority
    let key: PersonalKey
    let certificate: String

    init(_ person: CertificateAuthority.Person = minh, days: Int = CertificateAuthority.personDays) throws {
        authority = try CertificateAuthorityTests.authority()
        key = try PersonalKey.create()
        let request = try CertificateRequest(pem: Array(key.request(commonName: "không ai").utf8))
        certificate = try authority.issue(to: person, for: request, notBefore: Self.start, days: days)
    }
}

@Suite struct PersonalCertificateTests {
    private static let start = PersonWithCertificate.start

    @Test func itSaysWhatTheServerKnows() throws {
        let person = try PersonWithCertificate()
        let certificate = octets(of: person.certificate)
        for part in ["Trần Quang Minh", "Cục trưởng", "Cục Kiểm tra văn bản", "minh", "VN"] {
            #expect(certificate.contains(part), "\(part)")
        }
        #expect(!certificate.contains("không ai"))
        #expect(try CertificateAuthority.notBefore(certificatePEM: person.certificate) == Self.start)
        #expect(
            try CertificateAuthority.notAfter(certificatePEM: person.certificate) == Self.start + 730 * 86_400 - 1)
        #expect(
            try CertificateAuthority.problem(
                certificatePEM: person.certificate, keyPEM: person.key.pem,
                authorityPEM: person.authority.certificatePEM, now: Self.start) == nil)
    }

    @Test func digestsAreOfTheWholeCertificate() throws {
        let pem = try PersonWithCertificate().certificate
        let digest = try CertificateAuthority.digest(certificatePEM: pem)
        #expect(digest.count == 32)
        let pairs = try CertificateAuthority.fingerprint(certificatePEM: pem).split(separator: ":").joined()
        #expect(hexadecimal(digest) == pairs.lowercased())
        #expect(
            CertificateAuthority.fingerprint(certificateDER: octets(of: pem))
                == (try CertificateAuthority.fingerprint(certificatePEM: pem)))
        #expect(throws: SignatureError.unreadable("certificate")) {
            try CertificateAuthority.digest(certificatePEM: "x")
        }
        #expect(throws: SignatureError.unreadable("certificate")) {
            try CertificateAuthority.notBefore(certificatePEM: "x")
        }
    }

    @Test func whatACertificateCannotHoldIsCut() throws {
        let long = String(repeating: "ế", count: 64)
        let certificate = try PersonWithCertificate(
            .init(account: "minh", name: long + "x", title: "A\u{202E}\nB/C=\"D\",+", office: " \0\u{200B}")
        ).certificate
        let whole = octets(of: certificate)
        #expect(whole.contains(long) && !whole.contains(long + "x"))
        #expect(whole.contains("AB/C=\"D\",+"))
    }

    @Test func fittedNames() {
        #expect(CertificateName.fitted("Trần Quang Minh") == "Trần Quang Minh")
        #expect(CertificateName.fitted(" \t a b \u{7F}\n") == "a b")
        #expect(CertificateName.fitted("\u{200B}") == "")
        #expect(CertificateName.fitted(String(repeating: "a", count: 63) + " b") == String(repeating: "a", count: 63))
        // In the decomposed form a letter has three characters, of which none stays alone.
        let decomposed = String(repeating: "e\u{302}\u{301}", count: 30)
        #expect(CertificateName.fitted(decomposed).unicodeScalars.count == 63)
        #expect(CertificateName.isAcceptable(CertificateName.fitted(decomposed)))
    }

    @Test func whatNamesNobodyIsRefused() throws {
        for person in [
            CertificateAuthority.Person(account: "", name: "a", title: "b", office: "c"),
            .init(account: String(repeating: "a", count: 65), name: "a", title: "b", office: "c"),
            .init(account: "a\nb", name: "a", title: "b", office: "c"),
            .init(account: "a", name: " \0", title: "b", office: "c"),
        ] {
            #expect(throws: SignatureError.self) { try PersonWithCertificate(person) }
        }
        #expect(throws: SignatureError.self) { try PersonWithCertificate(days: 0) }
    }

    @Test func aPersonNeverOutlivesTheAuthority() throws {
        let authority = try CertificateAuthorityTests.authority(days: 100)
        let request = try CertificateRequest(pem: Array(OpenSSLFixture.requestRSA2048.utf8))
        let certificate = try authority.issue(to: PersonWithCertificate.minh, for: request, notBefore: Self.start)
        #expect(try CertificateAuthority.notAfter(certificatePEM: certificate) == Self.start + 100 * 86_400 - 1)
    }
}

/// What stock OpenSSL says about people's certificates, keys and signatures.
@Suite(.enabled(if: OpenSSLCommand.isInstalled)) struct StockOpenSSLPersonTests {
    private static let dayLater = "\(PersonWithCertificate.start + 86_400)"

    @Test func certificatesAndRequests() throws {
        let folder = try Folder()
        let person = try PersonWithCertificate()
        try folder.write("ca.pem", person.authority.certificatePEM)
        try folder.write("minh.pem", person.certificate)
        try folder.write("minh.csr", person.key.request(commonName: "Trần \"Minh\"/CN=x"))
        for (purpose, isMeant) in [("sslclient", true), ("smimesign", true), ("sslserver", false)] {
            let result = try folder.openssl([
                "verify", "-x509_strict", "-purpose", purpose, "-attime", Self.dayLater, "-CAfile", "ca.pem",
                "minh.pem",
            ])
            #expect((result.status == 0) == isMeant, "\(purpose): \(result.output)")
        }
        let names = ["-nameopt", "utf8,sep_comma_plus"]
        let shown = try folder.openssl(["x509", "-noout", "-text", "-in", "minh.pem"] + names).output
        for expected in [
            "Subject: C=VN,O=Cục Kiểm tra văn bản,title=Cục trưởng,CN=Trần Quang Minh,UID=minh\n",
            "X509v3 Basic Constraints: critical", "CA:FALSE", "X509v3 Key Usage: critical",
            "Digital Signature, Non Repudiation\n", "TLS Web Client Authentication, E-mail Protection\n",
            "X509v3 Subject Key Identifier:", "X509v3 Authority Key Identifier:",
        ] {
            #expect(shown.contains(expected), "\(expected): \(shown)")
        }
        let request = try folder.openssl(["req", "-verify", "-noout", "-subject", "-in", "minh.csr"] + names)
        #expect(request.status == 0 && request.output.contains("verify OK"), "\(request.output)")
        #expect(request.output.contains("CN=Trần \"Minh\"/CN=x"), "\(request.output)")
    }

    @Test func lockedKeys() throws {
        let folder = try Folder()
        let key = try PersonalKey.create()
        try folder.write("key.pem", key.locked(passphrase: Array("mật khẩu".utf8)))
        try folder.write("right", "mật khẩu\n")
        try folder.write("wrong", "mat khau\n")
        #expect(
            try folder.openssl(["pkey", "-in", "key.pem", "-passin", "file:right", "-out", "plain.pem"]).status == 0)
        #expect(try folder.read("plain.pem") == key.pem)
        #expect(try folder.openssl(["pkey", "-in", "key.pem", "-passin", "file:wrong", "-noout"]).status != 0)
        let shown = try folder.openssl(["asn1parse", "-in", "key.pem"]).output
        // 600,000 rounds.
        for expected in [":PBES2", ":PBKDF2", ":0927C0", ":hmacWithSHA256", ":aes-256-cbc"] {
            #expect(shown.contains(expected), "\(expected): \(shown)")
        }
    }

    @Test func signatures() throws {
        let folder = try Folder()
        let person = try PersonWithCertificate()
        let content = "Bản kê\r\nsố 1\n"
        try folder.write("ca.pem", person.authority.certificatePEM)
        try folder.write("content", content)
        try folder.write("other", content + "\n")
        try folder.write("sig.pem", person.key.sign(Array(content.utf8), certificatePEM: person.certificate))
        func verify(_ content: String, _ more: [String] = []) throws -> (status: Int32, output: String) {
            try folder.openssl(
                [
                    "cms", "-verify", "-binary", "-inform", "PEM", "-in", "sig.pem", "-content", content, "-CAfile",
                    "ca.pem", "-attime", Self.dayLater, "-out", "/dev/null",
                ] + more)
        }
        let plain = try verify("content")
        #expect(plain.status == 0, "\(plain.output)")
        let advanced = try verify("content", ["-cades"])
        #expect(advanced.status == 0, "\(advanced.output)")
        #expect(try verify("other").status != 0)
        let shown = try folder.openssl(["cms", "-cmsout", "-print", "-noout", "-inform", "PEM", "-in", "sig.pem"])
            .output
        for expected in ["sha256", "signingTime", "id-smime-aa-signingCertificateV2", "eContent: <ABSENT>"] {
            #expect(shown.contains(expected), "\(expected): \(shown)")
        }
        #expect(!shown.contains("S/MIME Capabilities"))
    }
}
