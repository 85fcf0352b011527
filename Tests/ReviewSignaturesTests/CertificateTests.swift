import Foundation
import Testing

@testable import ReviewSignatures

/// 2025-06-01 00:00:00 UTC.
///
/// Our own certificates are checked at this time, with `-attime`, whatever the clock says.
private let start: Int64 = 1_748_736_000
private let dayLater = "\(start + 86_400)"

@Suite struct CertificateAuthorityTests {
    static func authority(days: Int = CertificateAuthority.authorityDays) throws -> CertificateAuthority {
        try CertificateAuthority.create(
            commonName: "phanbien – chứng thư gốc", organisation: "Bộ Tư pháp nước Cộng hòa xã hội chủ nghĩa Việt Nam",
            notBefore: start, days: days)
    }

    @Test func storedAuthoritiesAreTakenBack() throws {
        let authority = try Self.authority()
        let again = try CertificateAuthority(certificatePEM: authority.certificatePEM, keyPEM: authority.keyPEM)
        #expect(again.certificatePEM == authority.certificatePEM)
        #expect(authority.certificatePEM.hasPrefix("-----BEGIN CERTIFICATE-----\n"))
        #expect(authority.keyPEM.hasPrefix("-----BEGIN PRIVATE KEY-----\n"))
        #expect(
            try CertificateAuthority.notAfter(certificatePEM: authority.certificatePEM) == start + 3_650 * 86_400 - 1)
    }

    @Test func whatIsNoAuthorityIsRefused() throws {
        let authority = try Self.authority()
        let other = try Self.authority()
        let server = try authority.issueServer(hosts: [], notBefore: start)
        #expect(throws: SignatureError.unsuitable("the private key belongs to another certificate")) {
            try CertificateAuthority(certificatePEM: authority.certificatePEM, keyPEM: other.keyPEM)
        }
        #expect(throws: SignatureError.unsuitable("the certificate is not a certificate authority's")) {
            try CertificateAuthority(certificatePEM: server.certificatePEM, keyPEM: server.keyPEM)
        }
        #expect(throws: SignatureError.unreadable("certificate")) {
            try CertificateAuthority(certificatePEM: authority.keyPEM, keyPEM: authority.keyPEM)
        }
        for text in ["", "x", String(authority.keyPEM.dropLast(60)), String(repeating: "A", count: 70_000)] {
            #expect(throws: SignatureError.self) {
                try CertificateAuthority(certificatePEM: authority.certificatePEM, keyPEM: text)
            }
        }
    }

    @Test func whatClientsWillRefuseIsKnownBefore() throws {
        let authority = try Self.authority()
        let other = try Self.authority()
        let server = try authority.issueServer(hosts: [], notBefore: start, days: 10)
        let end = start + 10 * 86_400 - 1
        func problem(
            now: Int64 = start, key: String? = nil, authorities: String? = nil
        ) throws -> ServerCertificateProblem? {
            try CertificateAuthority.problem(
                certificatePEM: server.certificatePEM, keyPEM: key ?? server.keyPEM,
                authorityPEM: authorities ?? authority.certificatePEM, now: now)
        }
        #expect(try problem() == nil)
        #expect(try problem(now: end) == nil)
        #expect(try problem(now: end + 1) == .ended(end))
        #expect(try problem(now: start - 1) == .notYetValid(start))
        #expect(try problem(key: other.keyPEM) == .otherKey)
        #expect(try problem(authorities: other.certificatePEM) == .otherAuthority)
        #expect(try problem(authorities: "# mới\n" + other.certificatePEM + authority.certificatePEM) == nil)
        #expect(throws: SignatureError.unreadable("certificate")) { try problem(authorities: "x") }
        #expect(throws: SignatureError.unreadable("private key")) { try problem(key: "x") }
        for name in ["trạm.vn", "a b", "", "10.0.0.256"] { #expect(!CertificateAuthority.isHost(name), "\(name)") }
        for name in ["xn--trm-8la.vn", "10.0.0.5", "::1"] { #expect(CertificateAuthority.isHost(name), "\(name)") }
    }

    /// With OpenSSL's own reader this test would wait for a passphrase on the terminal.
    @Test func encryptedKeysAreRefusedWithoutAsking() throws {
        let authority = try Self.authority()
        let encrypted = """
            -----BEGIN ENCRYPTED PRIVATE KEY-----
            MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAjRHlQxrcpKvAICCAAw
            DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEAvyJ6i1r0GvKzY3wT4Wd8YEgZB3
            -----END ENCRYPTED PRIVATE KEY-----

            """
        #expect(throws: SignatureError.unreadable("private key")) {
            try CertificateAuthority(certificatePEM: authority.certificatePEM, keyPEM: encrypted)
        }
    }

    @Test(arguments: ["", String(repeating: "ế", count: 65), "a\0b", "a\nb", "a\u{202E}b", "a\u{200B}b"])
    func namesOutOfBoundsAreRefused(name: String) {
        #expect(throws: SignatureError.self) {
            try CertificateAuthority.create(commonName: name, organisation: "Bộ Tư pháp", notBefore: start)
        }
        #expect(throws: SignatureError.self) {
            try CertificateAuthority.create(commonName: "phanbien", organisation: name, notBefore: start)
        }
    }

    @Test func theLongestNamesAreAccepted() throws {
        let name = String(repeating: "ế", count: 64)
        let authority = try CertificateAuthority.create(commonName: name, organisation: name, notBefore: start)
        #expect(try CertificateAuthority.fingerprint(certificatePEM: authority.certificatePEM).count == 95)
    }

    @Test func validitiesAreBounded() throws {
        for (notBefore, days) in [(-1, 1), (start, 0), (start, -1), (start, 36_526), (Int64.max, 1), (Int64.min, 1)] {
            #expect(throws: SignatureError.self) {
                try CertificateAuthority.create(commonName: "a", organisation: "b", notBefore: notBefore, days: days)
            }
        }
        // Beyond 2049 the format of the time changes (RFC 5280 §4.1.2.5).
        let long = try Self.authority(days: 36_525)
        #expect(try CertificateAuthority.notAfter(certificatePEM: long.certificatePEM) == start + 36_525 * 86_400 - 1)
    }

    @Test func aServerNeverOutlivesTheAuthority() throws {
        let authority = try Self.authority(days: 100)
        let short = try authority.issueServer(hosts: [], notBefore: start, days: 99)
        #expect(try CertificateAuthority.notAfter(certificatePEM: short.certificatePEM) == start + 99 * 86_400 - 1)
        let clipped = try authority.issueServer(hosts: [], notBefore: start, days: 101)
        #expect(try CertificateAuthority.notAfter(certificatePEM: clipped.certificatePEM) == start + 100 * 86_400 - 1)
        #expect(throws: SignatureError.unsuitable("the certificate authority has expired")) {
            try authority.issueServer(hosts: [], notBefore: start + 101 * 86_400)
        }
    }

    @Test func fingerprintsOfBothFormsAgree() throws {
        let authority = try Self.authority()
        let lines = authority.certificatePEM.split(separator: "\n").dropFirst().dropLast()
        let octets = try #require(Data(base64Encoded: lines.joined()))
        #expect(
            try CertificateAuthority.fingerprint(certificatePEM: authority.certificatePEM)
                == CertificateAuthority.fingerprint(certificateDER: Array(octets)))
        // SHA-256 of nothing, FIPS 180-4.
        #expect(CertificateAuthority.fingerprint(certificateDER: []).hasPrefix("E3:B0:C4:42:98:FC:1C:14:9A:FB:F4:C8"))
    }

    @Test func descriptionsShowNoKey() throws {
        var dumped = ""
        dump(try Self.authority(), to: &dumped)
        #expect(!dumped.contains("KEY"))
    }

    @Test(arguments: [
        "10.0.0.256", "1.2.3", "a..b", "-a", "a-", "a_b", "*.example.vn", "a b", "", ".", "máy.vn", "a\0b", "::1%lo",
        "localhost,IP:10.0.0.1", String(repeating: "a", count: 64), "a/b",
    ]) func whatIsNoHostIsRefused(host: String) throws {
        #expect(HostName(host) == nil)
    }

    /// What a renewal takes over: everything that was asked for, and what is always there.
    @Test func theNamesOfACertificateAreReadBack() throws {
        let authority = try Self.authority()
        let local = ["localhost", "127.0.0.1", "::1"]
        let names = ["phanbien.example.vn", "10.0.0.5", "fe80::1", "xn--my-chu-9za.vn"]
        let first = try authority.issueServer(hosts: names, notBefore: start)
        #expect(try CertificateAuthority.hosts(certificatePEM: first.certificatePEM) == names + local)
        #expect(try CertificateAuthority.hosts(certificatePEM: authority.certificatePEM) == [])
        #expect(throws: SignatureError.unreadable("certificate")) {
            try CertificateAuthority.hosts(certificatePEM: "x")
        }
        // The most that can be asked for can be asked for again, with what was added.
        let most = (1...100).map { "may-\($0).vn" }
        let full = try authority.issueServer(hosts: most, notBefore: start)
        let read = try CertificateAuthority.hosts(certificatePEM: full.certificatePEM)
        #expect(read == most + local)
        let again = try authority.issueServer(hosts: read, notBefore: start)
        #expect(try CertificateAuthority.hosts(certificatePEM: again.certificatePEM) == read)
        #expect(throws: SignatureError.invalidParameter("at most 100 hosts")) {
            try authority.issueServer(hosts: read + ["mot-nua.vn"], notBefore: start)
        }
    }

    @Test func hosts() {
        #expect(HostName("10.0.0.5") == .address([10, 0, 0, 5]))
        #expect(HostName("::1") == .address([UInt8](repeating: 0, count: 15) + [1]))
        #expect(HostName("PhanBien.Example.VN") == .name("phanbien.example.vn"))
        #expect(HostName("xn--my-chu-9za.vn") == .name("xn--my-chu-9za.vn"))
        #expect(HostName("3com.vn") == .name("3com.vn"))
        #expect(HostName(String(repeating: "a", count: 63)) != nil)
    }
}

/// What stock OpenSSL says about our certificates, and what its own become with certs/openssl.cnf.
@Suite(.enabled(if: OpenSSLCommand.isInstalled)) struct StockOpenSSLTests {
    @Test func theChainVerifies() throws {
        let folder = try Folder()
        let authority = try CertificateAuthorityTests.authority()
        let server = try authority.issueServer(hosts: ["phanbien.moj.vn", "10.1.2.3", "fe80::5"], notBefore: start)
        try folder.write("ca.pem", authority.certificatePEM)
        try folder.write("server.pem", server.certificatePEM)
        let common = ["verify", "-x509_strict", "-purpose", "sslserver", "-attime", dayLater, "-CAfile", "ca.pem"]
        for accepted in [
            ["-verify_hostname", "phanbien.moj.vn"], ["-verify_hostname", "localhost"], ["-verify_ip", "127.0.0.1"],
            ["-verify_ip", "10.1.2.3"], ["-verify_ip", "::1"], ["-verify_ip", "fe80::5"],
        ] {
            let result = try folder.openssl(common + accepted + ["server.pem"])
            #expect(result.status == 0, "\(accepted): \(result.output)")
        }
        for refused in [["-verify_hostname", "other.moj.vn"], ["-verify_ip", "10.1.2.4"], ["-purpose", "sslclient"]] {
            #expect(try folder.openssl(common + refused + ["server.pem"]).status != 0, "\(refused)")
        }
        let strangers = try CertificateAuthorityTests.authority()
        try folder.write("ca.pem", strangers.certificatePEM)
        #expect(try folder.openssl(common + ["server.pem"]).status != 0)
    }

    /// An office's certificate may come from an authority below the one that clients know; the file then holds both.
    @Test func aChainLeadsByWayOfIntermediateAuthorities() throws {
        let folder = try Folder()
        let key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc"]
        let signs = ["-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign"]
        for command in [
            ["req", "-x509", "-days", "3000", "-subj", "/CN=root", "-keyout", "ca.key", "-out", "ca.pem"] + key + signs,
            ["req", "-x509", "-days", "100", "-subj", "/CN=middle", "-CA", "ca.pem", "-CAkey", "ca.key"]
                + ["-keyout", "middle.key", "-out", "middle.pem"] + key + signs,
            ["req", "-x509", "-days", "800", "-subj", "/CN=server", "-CA", "middle.pem", "-CAkey", "middle.key"]
                + ["-keyout", "server.key", "-out", "server.pem", "-addext", "basicConstraints=CA:FALSE"] + key,
        ] {
            let result = try folder.openssl(command)
            try #require(result.status == 0, "\(command): \(result.output)")
        }
        let (root, middle, own) = try (folder.read("ca.pem"), folder.read("middle.pem"), folder.read("server.pem"))
        let stranger = try CertificateAuthorityTests.authority().certificatePEM
        let now = try CertificateAuthority.notBefore(certificatePEM: own)
        func problem(_ text: String, _ authorities: String, now: Int64) throws -> ServerCertificateProblem? {
            try CertificateAuthority.problem(
                certificatePEM: text, keyPEM: folder.read("server.key"), authorityPEM: authorities, now: now)
        }
        // Also with more than is needed, and in another order.
        for text in [own + middle, "# máy chủ\n" + own + root + middle, own + stranger + middle] {
            #expect(try problem(text, stranger + root, now: now) == nil)
            let chain = try CertificateAuthority.chain(certificatePEM: text, authorityPEM: stranger + root)
            #expect(chain?.certificatePEMs == [own, middle, root])
        }
        #expect(try problem(own, root, now: now) == .otherAuthority)
        #expect(try problem(own + middle, stranger, now: now) == .otherAuthority)
        // Our clients trust roots alone.
        #expect(try problem(own + middle, middle, now: now) == .otherAuthority)
        // The root with the same key for longer: what ended is not asked any more.
        let longer = try folder.openssl(
            ["req", "-x509", "-days", "4000", "-subj", "/CN=root", "-key", "ca.key", "-out", "longer.pem"] + signs)
        try #require(longer.status == 0, "\(longer.output)")
        let roots = try root + folder.read("longer.pem")
        let chosen = try CertificateAuthority.chain(certificatePEM: own + middle, authorityPEM: roots)
        #expect(try chosen?.certificatePEMs.last == folder.read("longer.pem"))
        // So with the intermediate, in whatever order the file has the two.
        let renewal = try folder.openssl(
            ["req", "-x509", "-days", "900", "-subj", "/CN=middle", "-CA", "ca.pem", "-CAkey", "ca.key"]
                + ["-key", "middle.key", "-out", "renewed.pem"] + signs)
        try #require(renewal.status == 0, "\(renewal.output)")
        let renewed = try folder.read("renewed.pem")
        for text in [own + middle + renewed, own + renewed + middle] {
            let chain = try CertificateAuthority.chain(certificatePEM: text, authorityPEM: root)
            #expect(chain?.certificatePEMs == [own, renewed, root])
        }
        // Whoever keeps the intermediate with the root is understood, too.
        let beside = try CertificateAuthority.chain(certificatePEM: own, authorityPEM: root + middle)
        #expect(beside?.certificatePEMs == [own, middle, root])
        // The server's own certificate is still good by then.
        let end = try CertificateAuthority.notAfter(certificatePEM: middle)
        #expect(try problem(own + middle, root, now: end + 1) == .ended(end))
        let broken = own + "-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n"
        #expect(throws: SignatureError.unreadable("certificate")) { try problem(broken, root, now: now) }
        #expect(!CertificateAuthority.isReadable(certificatesPEM: broken))
        #expect(CertificateAuthority.isReadable(certificatesPEM: own + middle))
    }

    @Test func contents() throws {
        let folder = try Folder()
        let authority = try CertificateAuthorityTests.authority()
        let server = try authority.issueServer(
            hosts: ["phanbien.moj.vn", "PHANBIEN.moj.vn", "127.0.0.1"], notBefore: start)
        try folder.write("ca.pem", authority.certificatePEM)
        try folder.write("server.pem", server.certificatePEM)
        try folder.write("server.key", server.keyPEM)
        let show = ["x509", "-noout", "-text", "-nameopt", "utf8,sep_comma_plus", "-in"]
        let authorityText = try folder.openssl(show + ["ca.pem"]).output
        let serverText = try folder.openssl(show + ["server.pem"]).output
        for expected in [
            "Version: 3 (0x2)", "Signature Algorithm: ecdsa-with-SHA256", "CN=phanbien – chứng thư gốc",
            "O=Bộ Tư pháp nước Cộng hòa xã hội chủ nghĩa Việt Nam", "X509v3 Basic Constraints: critical",
            "CA:TRUE, pathlen:0", "X509v3 Key Usage: critical", "Certificate Sign, CRL Sign",
            "X509v3 Subject Key Identifier:", "X509v3 Authority Key Identifier:", "NIST CURVE: P-256",
            "Not Before: Jun  1 00:00:00 2025 GMT",
        ] {
            #expect(authorityText.contains(expected), "\(expected)")
        }
        for expected in [
            "X509v3 Basic Constraints: critical", "CA:FALSE", "Digital Signature", "TLS Web Server Authentication",
            "DNS:phanbien.moj.vn, IP Address:127.0.0.1, DNS:localhost, IP Address:0:0:0:0:0:0:0:1\n",
        ] {
            #expect(serverText.contains(expected), "\(expected)")
        }
        let fingerprint = try folder.openssl(["x509", "-noout", "-fingerprint", "-sha256", "-in", "ca.pem"]).output
        let ours = try CertificateAuthority.fingerprint(certificatePEM: authority.certificatePEM)
        #expect(fingerprint.hasSuffix("=" + ours + "\n"))
        let key = try folder.openssl(["pkey", "-noout", "-check", "-in", "server.key"])
        #expect(key.status == 0, "\(key.output)")
    }

    /// The commands of certs/README.md.
    @Test func theProfileMakesTheSameByHand() throws {
        let folder = try Folder()
        let profile = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("certs/openssl.cnf").path
        let key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc"]
        for command in [
            ["req", "-x509", "-config", profile, "-extensions", "authority", "-days", "3650"] + key
                + ["-subj", "/C=VN/O=Bộ Tư pháp/CN=phanbien", "-keyout", "ca.key", "-out", "ca.pem"],
            ["req", "-new", "-config", profile] + key
                + ["-subj", "/CN=localhost", "-keyout", "server.key", "-out", "server.csr"],
            [
                "x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-days", "825", "-extfile",
                profile, "-extensions", "server", "-out", "server.pem",
            ],
            [
                "verify", "-x509_strict", "-purpose", "sslserver", "-verify_hostname", "localhost", "-CAfile", "ca.pem",
                "server.pem",
            ],
            ["verify", "-x509_strict", "-verify_ip", "::1", "-CAfile", "ca.pem", "server.pem"],
        ] {
            let result = try folder.openssl(command)
            #expect(result.status == 0, "\(command): \(result.output)")
        }
        let authority = try CertificateAuthority(
            certificatePEM: folder.read("ca.pem"), keyPEM: folder.read("ca.key"))
        let notBefore = try CertificateAuthority.notAfter(certificatePEM: authority.certificatePEM) - 86_400
        let ours = try authority.issueServer(hosts: [], notBefore: notBefore)
        try folder.write("ours.pem", ours.certificatePEM)
        // Both kinds carry the same extensions with the same content, apart from the key.
        let extensions = try ["server.pem", "ours.pem"].map { name in
            try folder.openssl([
                "x509", "-noout", "-in", name, "-ext",
                "basicConstraints,keyUsage,extendedKeyUsage,subjectAltName,authorityKeyIdentifier",
            ]).output.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
                .map { $0.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }.sorted() }
                .map { $0.joined(separator: ",") }.sorted()
        }
        #expect(extensions[0] == extensions[1])
        #expect(extensions[0].count == 10)
    }
}

enum OpenSSLCommand {
    static let path = "/usr/bin/openssl"
    static var isInstalled: Bool { FileManager.default.isExecutableFile(atPath: path) }
}

/// A folder of its own for one test, removed with the last reference.
final class Folder {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("phanbien-test-" + UUID().uuidString)

    init() throws { try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) }
    deinit { try? FileManager.default.removeItem(at: url) }

    func write(_ name: String, _ text: String) throws {
        try text.write(to: url.appendingPathComponent(name), atomically: false, encoding: .utf8)
    }

    func read(_ name: String) throws -> String {
        try String(contentsOf: url.appendingPathComponent(name), encoding: .utf8)
    }

    func openssl(_ arguments: [String]) throws -> (status: Int32, output: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: OpenSSLCommand.path)
        process.arguments = arguments
        process.currentDirectoryURL = url
        process.standardInput = FileHandle.nullDevice
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: output, as: UTF8.self))
    }
}
