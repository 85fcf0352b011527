import Foundation
import Testing

/// Client certificates and signed approvals, by hand: `openssl req`, `s_client`, `cms`, and nothing of the project but the
/// server.
@Suite struct CertificateTests {
    /// Somebody's key and certificate, as files.
    private struct Identity {
        let key: String
        let certificate: String

        var files: (certificate: String, key: String) { (certificate, key) }
    }

    /// A server, the administrator's connection, and a folder for keys.
    private struct Place {
        let server: ServerProcess
        let admin: HandConnection
        let scratch: Scratch

        init() throws {
            server = try ServerProcess(copying: Prepared.founded.get())
            try server.start()
            admin = try HandConnection(server)
            try admin.logIn("quan")
            scratch = try Scratch()
        }

        @discardableResult
        func openssl(_ words: [String], status: Int32 = 0, folder: URL? = nil) throws -> Outcome {
            let outcome = try run(URL(filePath: "/usr/bin/openssl"), words, folder: folder ?? scratch.url)
            try #require(outcome.status == status, "openssl \(words.joined(separator: " ")): \(outcome.errors)")
            return outcome
        }

        /// A key with a request; their paths.
        func request(_ name: String) throws -> (key: String, request: String) {
            let (key, request) = (scratch.path("\(name).key"), scratch.path("\(name).csr"))
            try openssl(["ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", key])
            try openssl(["req", "-new", "-key", key, "-subj", "/CN=\(name)", "-out", request])
            return (key, request)
        }

        /// What INVITE gives.
        func code(for person: String) throws -> String {
            let reply = try admin.ask("INVITE \(person) for=certificate")
            let pair = try #require(reply.last?.split(separator: " ").first { $0.hasPrefix("code=") }, "\(reply)")
            return String(pair.dropFirst("code=".count))
        }

        /// A key, a request, a code, and the certificate for them.
        func enrol(_ person: String) throws -> Identity {
            let (key, request) = try request(person)
            let text = try String(contentsOfFile: request, encoding: .utf8)
            let stranger = try HandConnection(server)
            _ = try stranger.line()
            let reply = try stranger.ask("ENROL \(code(for: person)) {\(text.utf8.count)}\n\(text)")
            try #require(reply.last?.hasPrefix("OK person=\(person) sha256=") == true, "\(reply)")
            let lines = reply.dropLast().map { $0.dropFirst(2) + "\n" }
            let certificate = try scratch.write(lines.joined(), "\(person).pem")
            let fingerprint = try openssl(["x509", "-in", certificate, "-noout", "-fingerprint", "-sha256"]).output
                .filter { $0.isHexDigit }.suffix(64).lowercased()
            #expect(reply.last?.contains(" sha256=\(fingerprint) ") == true)
            return Identity(key: key, certificate: certificate)
        }

        /// Somebody who logs in by certificate.
        func comeIn(_ identity: Identity) throws -> (HandConnection, status: String) {
            let connection = try HandConnection(server, identity: identity.files)
            _ = try connection.line()
            return (connection, try connection.ask("AUTH EXTERNAL").last ?? "")
        }
    }

    @Test func whoPresentsACertificateOfThisServerIsLetInWithoutAPassword() throws {
        let place = try Place()
        let identity = try place.enrol("minh")
        let purposes = try place.openssl(["x509", "-in", identity.certificate, "-noout", "-text"]).output
        #expect(purposes.contains("TLS Web Client Authentication, E-mail Protection"))
        #expect(!purposes.contains("TLS Web Server Authentication"), "it is no server's")
        let (minh, status) = try place.comeIn(identity)
        #expect(status.hasPrefix("OK person=minh office=hcth position=staff"))
        #expect(try minh.ask("CERT LIST").first?.hasSuffix("current=yes") == true)
        // Without it, the password as ever.
        let other = try HandConnection(place.server)
        _ = try other.line()
        #expect(try other.ask("AUTH EXTERNAL").last?.hasPrefix("NO AUTH-FAILED") == true)
        #expect(try other.ask("LOGIN minh <\n\(ServerProcess.password)").last?.hasPrefix("OK person=minh") == true)

        let digits = try #require(minh.ask("CERT LIST").first?.firstMatch(of: #/sha256=([0-9a-f]{64})/#)).1
        #expect(try place.admin.ask("CERT DELETE \(digits)").last?.hasPrefix("OK sha256=\(digits) person=minh") == true)
        #expect(try minh.reply().last?.hasPrefix("BYE REVOKED") == true)
        #expect(try place.comeIn(identity).status.hasPrefix("NO AUTH-FAILED"), "and never again")
    }

    @Test func aCertificateOfAnotherAuthorityOrALapsedOneEndsTheHandshake() throws {
        let place = try Place()
        let (key, request) = try place.request("ke-la")
        let certificates = place.server.certificates
        let own = place.scratch.path("tu-ky.pem")
        try place.openssl(["req", "-x509", "-key", key, "-subj", "/CN=minh", "-days", "30", "-out", own])
        // The server's own authority, but its time is over; and one that is good for nothing but a server.
        let lapsed = place.scratch.path("het-han.pem")
        let extensions = try place.scratch.write("extendedKeyUsage=clientAuth\n", "client.cnf")
        try place.openssl([
            "x509", "-req", "-in", request, "-CA", certificates + "/ca.pem", "-CAkey", certificates + "/ca.key",
            "-CAserial", place.scratch.path("ca.srl"), "-CAcreateserial", "-days", "-1", "-extfile", extensions, "-out",
            lapsed,
        ])
        for (file, keyFile) in [
            (own, key), (lapsed, key), (certificates + "/server.pem", certificates + "/server.key"),
        ] {
            let connection = try HandConnection(place.server, identity: (file, keyFile))
            #expect(throws: LineReader.TimedOut.self, "\(file)") { _ = try connection.line() }
        }
        #expect(try place.server.hello().hasPrefix("HELLO "), "others are served")
    }

    @Test func withoutTheAuthoritysKeyNothingIsIssuedAndTheCodeStaysGood() throws {
        let place = try Place()
        let kept = place.server.certificates + "/ca.key"
        try FileManager.default.moveItem(atPath: kept, toPath: place.scratch.path("ca.key"))
        let text = try String(contentsOfFile: place.request("minh").request, encoding: .utf8)
        let code = try place.code(for: "minh")
        let stranger = try HandConnection(place.server)
        _ = try stranger.line()
        let enrol = "ENROL \(code) {\(text.utf8.count)}\n\(text)"
        #expect(try stranger.ask(enrol).last?.hasPrefix("NO UNAVAILABLE retry=later") == true)
        #expect(place.server.log.contains("certificate.not-issued"))
        try FileManager.default.moveItem(atPath: place.scratch.path("ca.key"), toPath: kept)
        #expect(try stranger.ask(enrol).last?.hasPrefix("OK person=minh") == true)
        #expect(try stranger.ask(enrol).last?.hasPrefix("OK replay=yes person=minh") == true)
    }

    @Test func anApprovalIsSignedByHandAndAStrangerChecksItYearsLater() throws {
        let place = try Place()
        let identity = try place.enrol("bich")
        let (bich, status) = try place.comeIn(identity)
        try #require(status.hasPrefix("OK person=bich"))
        try bringToApproval(place, bich)

        let shown = try #require(bich.ask("SHOW 2025-1@1").last?.firstMatch(of: #/ (sha256=[0-9a-f]{64})/#)).1
        func sign(_ text: String) throws -> String {
            let content = try place.scratch.write(text, "ban-ke.txt")
            let signed = place.scratch.path("chu-ky.pem")
            try place.openssl([
                "cms", "-sign", "-binary", "-in", content, "-signer", identity.certificate, "-inkey", identity.key,
                "-md",
                "sha256", "-outform", "PEM", "-out", signed,
            ])
            return try String(contentsOfFile: signed, encoding: .utf8)
        }
        func approve(_ signature: String) throws -> String {
            try bich.ask("APPROVE 2025-1@1 \(shown) {\(signature.utf8.count)}\n\(signature)").last ?? ""
        }
        let manifest = try bich.ask("MANIFEST 2025-1@1").dropLast().map { $0.dropFirst(2) + "\n" }.joined()
        #expect(try approve(sign(manifest + "\n")).hasPrefix("NO CONFLICT retry=refresh"))
        let other = try place.enrol("tung")
        let foreign = place.scratch.path("khac.pem")
        try place.openssl([
            "cms", "-sign", "-binary", "-in", place.scratch.write(manifest, "ban-ke.txt"), "-signer", other.certificate,
            "-inkey", other.key, "-outform", "PEM", "-out", foreign,
        ])
        #expect(
            try approve(String(contentsOfFile: foreign, encoding: .utf8)).hasPrefix(
                "NO INVALID retry=fix argument=body"))
        let reply = try approve(sign(manifest))
        #expect(reply.hasPrefix("OK revision=2025-1@1") && reply.contains(" signed=yes "), "\(reply)")

        // The dossier, and the command that its guide gives.
        let folder = place.scratch.url.appending(path: "ho-so")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        let files = try bich.ask("DOSSIER 2025-1").compactMap {
            $0.firstMatch(of: #/^- file name=(\S+) .*sha256=([0-9a-f]{64})/#)?.output
        }
        for file in files {
            let text = try bich.ask("FETCH \(file.2)").dropLast().map { $0.dropFirst(2) + "\n" }.joined()
            try text.write(to: folder.appending(path: String(file.1)), atomically: false, encoding: .utf8)
        }
        let guide = try String(contentsOf: folder.appending(path: "HUONG-DAN.txt"), encoding: .utf8)
        let command = try #require(guide.firstMatch(of: #/openssl (cms -verify .*-signer nguoi-ky.pem)/#)).1
        let words = command.split(separator: " ").map(String.init)
        let checked = try place.openssl(words, folder: folder)
        #expect(checked.output == manifest && checked.errors.contains("successful"), "\(checked.errors)")
        #expect(manifest.contains("\nsha256 \(shown.dropFirst("sha256=".count))\n"))
        let fingerprint = try place.openssl(
            ["x509", "-in", "nguoi-ky.pem", "-noout", "-fingerprint", "-sha256"], folder: folder)
        let inventory = try String(contentsOf: folder.appending(path: "manifest.txt"), encoding: .utf8)
        let digits = fingerprint.output.filter(\.isHexDigit).suffix(64).lowercased()
        #expect(inventory.contains("\nsigned \(digits)\n"), "the one who signed is the one whom the manifest names")
        try (manifest + " ").write(
            to: folder.appending(path: "ban-ke-phe-duyet.txt"), atomically: false, encoding: .utf8)
        let altered = try run(URL(filePath: "/usr/bin/openssl"), words, folder: folder)
        #expect(altered.status != 0 && !altered.errors.contains("successful"), "one octet more")
        #expect(place.server.stop() == 0)
        let verified = try run(Programs.server, ["verify", "--data", place.server.data])
        #expect(verified.status == 0, "\(verified.output)")
    }

    /// The first topic, as fast as its rules allow: what is missing is overridden by the Director.
    private func bringToApproval(_ place: Place, _ bich: HandConnection) throws {
        let hoa = try HandConnection(place.server)
        try hoa.logIn("hoa")
        func expect(_ person: HandConnection, _ text: String) throws {
            let reply = try person.ask(text)
            try #require(reply.last?.hasPrefix("OK ") == true, "\(text): \(reply)")
        }
        try expect(hoa, "PUSH 2025-1 if=@0 <<\n# Mở đầu\n\nMột đoạn.\n.")
        try expect(hoa, "SUBMIT 2025-1")
        for _ in 0..<2 { try expect(bich, "SUBMIT 2025-1") }
        try expect(hoa, "SUBMIT 2025-1")
        try expect(bich, "PLENARY 2025-1 OPEN at=2025-03-25T08:00 place=\"Phòng họp\" chair=bich secretary=dung")
        try expect(bich, "PLENARY 2025-1 CLOSE <<\nThống nhất.\n.")
        let unmet = try bich.ask("CHECK 2025-1").compactMap {
            $0.firstMatch(of: #/^- requirement id=(\S+) state=unmet/#)?.1
        }
        for requirement in unmet where requirement != "approval" {
            try expect(bich, "OVERRIDE 2025-1 requirement=\(requirement) <<\nThử.\n.")
        }
        try expect(hoa, "SUBMIT 2025-1")
    }
}
