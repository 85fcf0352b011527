import ReviewDigest
import Testing

@testable import ReviewCore

/// The Word file of a revision (domain §2, §10): who attaches it, to what, and where it is found again.
@Suite("Original files")
struct OriginalFileTests {
    private static let file: [UInt8] = [0x50, 0x4B, 0x03, 0x04, 0x00, 0xFF, 0x0A, 0x0D]

    private func attach(
        _ revision: Int = 1, name: String = "Chuyên đề 1.docx", _ file: [UInt8] = file
    ) -> Command {
        .attach(RevisionID(topic(1), revision), name: name, octets: octets(Base64.encode(file)))
    }

    private func drafted(_ stage: Stage = .drafting) throws -> World {
        var world = try World()
        try world.reach(stage)
        return world
    }

    @Test("the author attaches it to the revision that they pushed; it is kept octet for octet")
    func attached() throws {
        var world = try drafted()
        let outcome = try world.act("lan", attach())
        let digest = Digest(hashing: Self.file)
        #expect(
            outcome.details == [
                Detail("revision", "2025-1@1"), Detail("name", "Chuyên đề 1.docx"), Detail("bytes", "8"),
                Detail("sha256", digest.description),
            ])
        let original = try #require(world[1].latest?.original)
        #expect(original.digest == digest && original.octets == 8 && original.name == "Chuyên đề 1.docx")
        #expect(original.event == world.events.last?.sequence)
        guard case .originalAttached(let fact) = world.events.last?.fact else { throw Missing() }
        #expect(fact.content.text.flatMap { Base64.decode($0.utf8) } == Self.file)
        #expect(difference(world.state, try world.replayed()) == nil)
    }

    private struct Missing: Error {}

    @Test("line ends may stand anywhere in what is sent, and are not kept")
    func lines() throws {
        var world = try drafted()
        let text = Base64.encode(Self.file)
        let folded = "\r\n" + text.prefix(3) + "\n" + text.dropFirst(3) + "\r\n\n"
        try world.act(
            "lan", .attach(RevisionID(topic(1), 1), name: "a.docx", octets: octets(String(folded))))
        #expect(world[1].latest?.original?.digest == Digest(hashing: Self.file))
        guard case .originalAttached(let fact) = world.events.last?.fact else { throw Missing() }
        #expect(fact.content.text == text)
    }

    @Test("the same file again changes nothing; another one, or another name, needs another revision")
    func again() throws {
        var world = try drafted()
        try world.act("lan", attach())
        let again = try world.act("lan", attach())
        #expect(again.facts.isEmpty && again.details.last == Detail("already", "yes"))
        #expect(world.refused("lan", attach(1, Self.file + [1])) == .conflict)
        #expect(world.refused("lan", attach(name: "khác.docx")) == .conflict)
        try world.push(Draft.text(opening: "Năm 2024 khác."))
        #expect(world.refused("lan", attach(1)) == .stale)
        try world.act("lan", attach(2, Self.file + [1]))
        #expect(world[1].revisions.map { $0.original?.octets } == [8, 9])
    }

    @Test(
        "only who pushed the revision attaches it",
        arguments: [("hanh", RefusalCode.forbidden), ("phuc", .forbidden), ("bich", .forbidden), ("tri", .forbidden)])
    func others(_ who: String, _ code: RefusalCode) throws {
        #expect(try drafted().refused(who, attach()) == code)
    }

    @Test("it is attached while the text may be pushed, and never under those who signed off")
    func stages() throws {
        for stage in [Stage.leadership, .revision, .finishing] {
            #expect(try drafted(stage).refused("lan", attach()) == nil, "\(stage)")
        }
        for stage in [Stage.review, .plenary, .approval, .approved, .issued, .cancelled] {
            #expect(try drafted(stage).refused("lan", attach()) == .stage, "\(stage)")
        }
        #expect(try World().refused("hanh", attach()) == .stage)
        #expect(try drafted().refused("lan", attach(2)) == .notFound)
    }

    @Test(
        "what is no such file is refused, with the argument that is wrong",
        arguments: [
            ("a.docm", "UEsDBA==", "name"), ("a.doc", "UEsDBA==", "name"), (".docx", "UEsDBA==", "name"),
            ("../a.docx", "UEsDBA==", "name"), ("C:\\a.docx", "UEsDBA==", "name"), (" ", "UEsDBA==", "name"),
            (String(repeating: "a", count: 196) + ".docx", "UEsDBA==", "name"), ("a\u{202E}.docx", "UEsDBA==", "name"),
            ("a.docx", "UEsDBA", "body"), ("a.docx", "UEsDBA==UEsDBA==", "body"), ("a.docx", "U EsDBA==", "body"),
            ("a.docx", "", "body"), ("a.docx", "0M8R4KGxGuE=", "body"), ("a.docx", "UEsD", "body"),
        ])
    func refused(_ name: String, _ body: String, _ argument: String) throws {
        let refusal = try drafted().refusal(
            "lan", .attach(RevisionID(topic(1), 1), name: name, octets: octets(body)))
        #expect(refusal?.code == .invalid)
        #expect(refusal?.details.contains(Detail("argument", argument)) == true, "\(String(describing: refusal))")
    }

    @Test("a name is a file's: any case of its ending, up to 200 octets, and composed")
    func names() throws {
        for name in ["A.DOCX", String(repeating: "a", count: 195) + ".docx", "Chuye\u{302}n đề.docx"] {
            var world = try drafted()
            try world.act("lan", attach(name: name))
            #expect(world[1].latest?.original.map { Array($0.name.unicodeScalars).count } == name.precomposed.count)
        }
    }

    @Test("what was prepared beforehand is what is decided")
    func prepared() throws {
        let world = try drafted()
        let sent = octets(Base64.encode(Self.file))
        let content = try OriginalContent(sent)
        let revision = RevisionID(topic(1), 1)
        let now = world.now
        let one = try world.state.decide(
            .attach(revision, name: "a.docx", octets: sent), by: .person(p("lan")), now: now)
        let other = try world.state.decide(
            .attach(revision, name: "a.docx", octets: [], prepared: content), by: .person(p("lan")), now: now)
        #expect(one == other)
        for (who, number, code) in [("phuc", 1, RefusalCode.forbidden), ("lan", 2, .notFound)] {
            let command = attach(number)
            let refusal = #expect(throws: Refusal.self) {
                try world.state.mayAttach(
                    to: RevisionID(topic(1), number), by: .person(p(who)), command, now: now)
            }
            #expect(refusal?.code == code)
        }
    }

    @Test("attaching voids no sign-off; the manifest that the approver signs names the file")
    func signOffs() throws {
        var world = try drafted(.finishing)
        try world.act("hanh", .vouch(RevisionID(topic(1), 1), .vouch, body: nil))
        try world.act("lan", attach())
        #expect(world[1].contentVote?.vote == .vouch)
        let revision = try #require(world[1].latest)
        let manifest = Papers.manifest(of: world[1], revision, in: world.state, now: world.now)
        #expect(manifest.contains("original \(Digest(hashing: Self.file)) 8 Chuyên đề 1.docx"), "\(manifest)")
    }

    private func dossier(_ world: World) throws -> [Dossier.File] {
        let reader = try #require(world.state.people[p("hanh")])
        return try Dossier(of: world[1], records: [], epoch: "01J8", sealed: nil, in: world.state, for: reader).files()
    }

    @Test("the dossier has it, with its own digest; once it is removed, only the manifest says so")
    func inTheDossier() throws {
        var world = try drafted()
        try world.act("lan", attach())
        let event = try #require(world.events.last)
        try world.push(Draft.text(opening: "Năm 2024 khác."))
        try world.act("lan", attach(2, Self.file + [1]))
        try world.reach(.approved)
        let files = try dossier(world)
        let file = try #require(files.first { $0.name == "van-ban-goc.docx" })
        #expect(file.digest == Digest(hashing: Self.file + [1]) && file.octets == 9)
        #expect(file.wording.vietnamese.contains("Chuyên đề 1.docx"))
        #expect(files.contains { $0.name == "du-thao-1-goc.docx" && $0.digest == Digest(hashing: Self.file) })
        let manifest = files[0].text
        #expect(manifest.contains("\n\(file.digest)  van-ban-goc.docx\n"), "\(manifest)")
        #expect(files[1].text.contains("van-ban-goc.docx"))

        try world.act(nil, .redact(event, document: "12/QĐ-TGPL", reason: octets("Có dữ liệu cá nhân.")))
        #expect(world[1].revision(1).map { $0.keptOriginal == nil } == true)
        let without = try dossier(world)
        #expect(!without.contains { $0.name == "du-thao-1-goc.docx" })
        let line = "\nredacted-original 2025-1@1 \(Digest(hashing: Self.file)) 12/QĐ-TGPL\n"
        #expect(without[0].text.contains(line), "\(without[0].text)")
    }

    @Test("one that was removed does not come back to the same revision")
    func removed() throws {
        var world = try drafted()
        try world.act("lan", attach())
        let event = try #require(world.events.last)
        try world.act(nil, .redact(event, document: "12/QĐ-TGPL", reason: octets("Có dữ liệu cá nhân.")))
        for name in ["Chuyên đề 1.docx", "b.docx"] {
            let refusal = try #require(world.refusal("lan", attach(name: name)))
            #expect(refusal.code == .conflict && refusal.wording.vietnamese.contains("đã xóa theo 12/QĐ-TGPL"))
        }
    }

    @Test("the same file of another revision is another event: it stays, and may come after the removal")
    func removedElsewhere() throws {
        for isBefore in [true, false] {
            var world = try drafted()
            try world.act("lan", attach())
            let event = try #require(world.events.last)
            try world.push(Draft.text(opening: "Năm 2024 khác."))
            if isBefore { try world.act("lan", attach(2)) }
            try world.act(nil, .redact(event, document: "12/QĐ-TGPL", reason: octets("Có dữ liệu cá nhân.")))
            if !isBefore { try world.act("lan", attach(2)) }
            #expect(world[1].revisions.map { $0.keptOriginal != nil } == [false, true])
            #expect(difference(world.state, try world.replayed()) == nil)
            try world.reach(.approved)
            let files = try dossier(world)
            #expect(files.contains { $0.name == "van-ban-goc.docx" && $0.digest == Digest(hashing: Self.file) })
            #expect(files[0].text.contains("\nredacted-original 2025-1@1 "))
            #expect(!files[0].text.contains("redacted-original 2025-1@2"), "\(files[0].text)")
        }
    }
}

extension String {
    fileprivate var precomposed: [Unicode.Scalar] {
        Array((try? CanonicalText.field(self, maximumOctets: 400))?.unicodeScalars ?? "".unicodeScalars)
    }
}
