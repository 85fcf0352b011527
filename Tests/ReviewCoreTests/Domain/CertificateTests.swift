import ReviewDigest
import Testing

@testable import ReviewCore

@Suite("Client certificates and signed approvals")
struct CertificateTests {
    private func certificate(_ who: String, _ name: String, code: String, days: Int64 = 730) -> ClientCertificate {
        ClientCertificate(
            person: p(who), digest: Digest(hashing: name), from: at("2025-01-01"),
            until: at("2025-01-01").adding(milliseconds: days * 86_400_000), code: code,
            request: Digest(hashing: "request " + name), text: Body("PEM \(name)\n"))
    }

    @Test("a code for a certificate leaves the password and its sessions alone, and is good once")
    func enrolment() throws {
        var world = try World()
        try world.act(nil, .setCredentialOf(p("lan"), hash: "h"))
        try world.act("lan", .issueToken(token: "t", expires: at("2025-03-04")))
        try world.act("tri", .invite(p("lan"), code: "c", for: .certificate))
        #expect(world.state.people[p("lan")]?.credential == "h")
        #expect(world.state.people[p("lan")]?.invitation == nil, "it sets no password")
        #expect(world.state.person(ofToken: "t", now: world.now) == p("lan"))
        #expect(world.state.person(invitedBy: "c")?.id == p("lan"))
        #expect(world.refused("minh", .enrol(certificate("minh", "a", code: "c"))) == .forbidden, "another's code")
        #expect(world.refused("minh", .enrol(certificate("lan", "a", code: "c"))) == .forbidden, "for somebody else")
        let outcome = try world.act("lan", .enrol(certificate("lan", "a", code: "c")))
        #expect(outcome.echo == "PEM a\n")
        #expect(world.state.certificates(of: p("lan")).map(\.digest) == [Digest(hashing: "a")])
        #expect(world.state.person(invitedBy: "c") == nil)
        #expect(world.refused("lan", .enrol(certificate("lan", "b", code: "c"))) == .forbidden)
        #expect(
            world.state.certificate(for: "c", request: Digest(hashing: "request a"))?.digest == Digest(hashing: "a"))
        #expect(world.state.certificate(for: "c", request: Digest(hashing: "request b")) == nil)
    }

    @Test("a code for an account is good for a certificate, and then for no password")
    func account() throws {
        var world = try World()
        try world.act("tri", .invite(p("lan"), code: "c"))
        try world.act("lan", .enrol(certificate("lan", "a", code: "c")))
        #expect(world.state.people[p("lan")]?.invitation == nil)
        try world.act("tri", .invite(p("lan"), code: "d", for: .certificate))
        try world.act("tri", .invite(p("lan"), code: "e"))
        #expect(world.state.person(invitedBy: "d") == nil, "whoever is invited anew may have lost the code before")
        try world.act("tri", .disablePerson(p("lan"), reason: octets("Chuyển công tác.")))
        #expect(world.state.person(invitedBy: "e") == nil)
        #expect(world.state.certificate(for: "c", request: Digest(hashing: "request a")) == nil)
        try world.act(nil, .enablePerson(p("lan")))
        #expect(world.state.certificates.isEmpty, "what was taken with a machine does not come back")
    }

    @Test("only the owner and the administrator delete a certificate, by enough digits")
    func deletion() throws {
        var world = try World()
        for name in ["a", "b"] {
            try world.act("tri", .invite(p("lan"), code: name, for: .certificate))
            try world.act("lan", .enrol(certificate("lan", name, code: name)))
        }
        let digits = Digest(hashing: "a").description
        for who in ["minh", "bich", "hanh"] {
            #expect(world.refused(who, .deleteCertificate(digits)) == .notFound, "\(who)")
        }
        #expect(world.refused("lan", .deleteCertificate(String(digits.prefix(15)))) == .notFound)
        #expect(world.refused("lan", .deleteCertificate("")) == .notFound)
        try world.act("lan", .deleteCertificate(String(digits.prefix(16)).uppercased()))
        #expect(world.state.certificates(of: p("lan")).map(\.digest) == [Digest(hashing: "b")])
        try world.act("tri", .deleteCertificate(Digest(hashing: "b").description))
        #expect(world.state.certificates.isEmpty)
        #expect(world.refused("lan", .deleteCertificate(digits)) == .notFound)
    }

    @Test("a person has sixteen certificates at most")
    func bound() throws {
        var world = try World()
        for number in 1...16 {
            try world.act("tri", .invite(p("lan"), code: "\(number)", for: .certificate))
            try world.act("lan", .enrol(certificate("lan", "\(number)", code: "\(number)")))
        }
        #expect(world.refused("tri", .invite(p("lan"), code: "17", for: .certificate)) == .conflict)
        try world.act("tri", .invite(p("lan"), code: "17"))
        #expect(world.refused("lan", .enrol(certificate("lan", "17", code: "17"))) == .conflict)
        try world.act("lan", .deleteCertificate(Digest(hashing: "1").description))
        #expect(world.refused("tri", .invite(p("lan"), code: "17", for: .certificate)) == nil)
    }

    // MARK: The signature of an approval

    private static let check = SignatureCheck { signature, content, _ in
        switch String(decoding: signature, as: UTF8.self) {
        case "of a over \(Digest(hashing: content))":
            .signer(
                certificate: Digest(hashing: "a"), authority: "CA\n",
                signature: String(decoding: signature, as: UTF8.self))
        case "untrusted": .untrusted
        case let text where text.hasPrefix("of a over "): .otherContent
        default: .unreadable
        }
    }

    private func approval(_ world: World, _ manifest: ApprovalManifest, _ signature: String) throws -> Command {
        guard case .approve(let revision, let digest, let seen, _) = world.approval() else { return world.approval() }
        return .approve(
            revision, digest: digest, seen: seen,
            evidence: try Self.check.evidence(octets(signature), over: manifest, now: world.now))
    }

    private func manifest(_ world: World) throws -> ApprovalManifest {
        world.state.approvalManifest(of: world[1], try #require(world[1].latest), epoch: "E", now: world.now)
    }

    @Test("an approval signed over the present manifest keeps the signature, and the dossier has it")
    func signed() throws {
        var world = try World()
        try world.reach(.approval)
        try world.act("tri", .invite(p("bich"), code: "c", for: .certificate))
        try world.act("bich", .enrol(certificate("bich", "a", code: "c")))
        let manifest = try manifest(world)
        let command = try approval(world, manifest, "of a over \(Digest(hashing: manifest.text))")
        let outcome = try world.act("bich", command)
        #expect(outcome.details.contains(Detail("signed", "yes")))
        let evidence = try #require(world[1].approval?.evidence)
        #expect(evidence.manifest.text == manifest.text && evidence.certificate == Digest(hashing: "a"))
        let dossier = try Dossier(
            of: world[1], records: [], epoch: "E", sealed: nil, in: world.state,
            for: try #require(world.state.people[p("bich")]))
        let files = try dossier.files()
        func text(_ name: String) -> String? { files.first { $0.name == name }?.text }
        #expect(text("ban-ke-phe-duyet.txt") == manifest.text)
        #expect(text("chu-ky-phe-duyet.pem") == "of a over \(Digest(hashing: manifest.text))")
        #expect(text("ca.pem") == "CA\n")
        #expect(text("manifest.txt")?.contains("\nsigned \(Digest(hashing: "a"))\n") == true)
        let guide = try #require(text("HUONG-DAN.txt"))
        let seconds = try #require(world[1].approval).time.milliseconds / 1_000
        #expect(
            guide.contains(
                "-in chu-ky-phe-duyet.pem -content ban-ke-phe-duyet.txt -CAfile ca.pem -no-CApath -no-CAstore -partial_chain -attime \(seconds) -signer nguoi-ky.pem"
            ))
        #expect(guide.split(separator: "\n").count == 6, "a heading and five lines")
        try world.act("tri", .deleteCertificate(Digest(hashing: "a").description))
        #expect(world[1].approval?.evidence == evidence, "what was signed stays signed")
    }

    @Test("a manifest changes with whatever happens to its topic, and with nothing else")
    func staleness() throws {
        var world = try World()
        try world.reach(.approval)
        try world.act("tri", .invite(p("bich"), code: "c", for: .certificate))
        try world.act("bich", .enrol(certificate("bich", "a", code: "c")))
        let before = try manifest(world)
        let signature = "of a over \(Digest(hashing: before.text))"
        let command = try approval(world, before, signature)
        try world.act("nga", .assign(topic(3), p("phuc"), .author))
        #expect(try manifest(world).text == before.text, "another topic")
        #expect(world.refused("bich", command) == nil)
        try world.act("bich", .opine(RevisionID(topic(1), world[1].newest), .agree, body: nil))
        #expect(try manifest(world).text != before.text)
        #expect(world.refused("bich", command) == .conflict)
        #expect(throws: Refusal.self) {
            try Self.check.evidence(octets(signature), over: manifest(world), now: world.now)
        }
    }

    @Test("a signature by another's, a deleted or a lapsed certificate is none")
    func certificates() throws {
        var world = try World()
        try world.reach(.approval)
        let manifest = try manifest(world)
        let signature = "of a over \(Digest(hashing: manifest.text))"
        let command = try approval(world, manifest, signature)
        #expect(world.refused("bich", command) == .invalid, "nobody's")
        try world.act("tri", .invite(p("lan"), code: "c", for: .certificate))
        try world.act("lan", .enrol(certificate("lan", "a", code: "c")))
        #expect(world.refused("bich", command) == .invalid, "somebody else's")
        #expect(world.refused("lan", command) == .forbidden)
        var other = try World()
        try other.reach(.approval)
        try other.act("tri", .invite(p("bich"), code: "c", for: .certificate))
        try other.act("bich", .enrol(certificate("bich", "a", code: "c", days: 1)))
        #expect(
            other.refused(
                "bich",
                try approval(other, self.manifest(other), "of a over \(Digest(hashing: self.manifest(other).text))"))
                == .invalid)
        for (signature, code) in [("untrusted", RefusalCode.invalid), ("x", .invalid), ("of a over x", .conflict)] {
            do {
                _ = try Self.check.evidence(octets(signature), over: manifest, now: world.now)
                Issue.record("\(signature) was taken")
            } catch let refusal { #expect(refusal.code == code, "\(signature)") }
        }
    }

    @Test("the last event of a topic is the same after a restart")
    func replayed() throws {
        var world = try World()
        try world.reach(.approval)
        var state = State()
        for event in world.events { state.apply(event) }
        #expect(state.topics[topic(1)]?.lastEvent == world[1].lastEvent)
        #expect(world[1].lastEvent == world.events.last { $0.fact.topic == topic(1) }?.sequence)
    }
}
