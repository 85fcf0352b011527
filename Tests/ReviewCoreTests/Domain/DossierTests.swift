import ReviewDigest
import Testing

@testable import ReviewCore

/// The dossier: which files, that they follow from the topic alone, and that the manifest names each of them.
@Suite("Dossier")
struct DossierTests {
    private static let names = [
        "manifest.txt", "HUONG-DAN.txt", "van-ban.txt", "du-thao-1.txt", "chuyen-de.txt", "phieu-P1.txt",
        "bien-ban.txt", "bang-tiep-thu-giai-trinh.txt", "to-trinh.txt", "nhat-ky.txt", "ban-so-sanh.txt",
    ]

    private func dossier(
        _ world: World, _ who: String = "hanh", _ known: Topic? = nil, seal: Dossier.Seal? = nil
    ) throws -> Dossier {
        let reader = try #require(world.state.people[p(who)])
        let records = world.events.filter { $0.fact.topic == topic(1) }
            .map { Dossier.Record(sequence: $0.sequence, line: "\($0.sequence) \($0.fact.type)") }
        return try Dossier(
            of: known ?? world[1], records: records, epoch: "01J8", sealed: seal, in: world.state, for: reader)
    }

    private func file(_ name: String, _ world: World) throws -> Dossier.File {
        try #require(try dossier(world).files().first { $0.name == name })
    }

    /// Approved in its second revision, a day after the proposal.
    private func approved() throws -> World {
        var world = try World()
        try world.reach(.review)
        try world.comment("phuc", at: "I/1", level: .must, "Sai số liệu.")
        try world.reach(.revision)
        world.now = at("2025-03-24")
        try world.settle(CommentID(1))
        try world.push(
            Draft.text(opening: "Năm 2024 Trung tâm tổ chức 75 buổi truyền thông."), addresses: [CommentID(1)])
        try world.reach(.plenary)
        world.now = at("2025-03-25")
        try world.reach(.finishing)
        world.now = at("2025-03-26")
        try world.reach(.approval)
        world.now = at("2025-03-27")
        try world.reach(.approved)
        return world
    }

    @Test("there is none before the approval", arguments: [Stage.assigned, .review, .finishing, .approval, .cancelled])
    func tooEarly(_ stage: Stage) throws {
        var world = try World()
        try world.reach(stage)
        let refusal = #expect(throws: Refusal.self) { try dossier(world) }
        #expect(refusal?.code == .stage)
        #expect(refusal?.details.first == Detail("stage", stage.rawValue))
    }

    @Test("it has the approved text, the drafts, every paper and the log")
    func files() throws {
        let world = try approved()
        let files = try dossier(world).files()
        #expect(files.map(\.name) == Self.names)
        for file in files {
            #expect(file.digest == Digest(hashing: file.text) && file.text.hasSuffix("\n"), "\(file.name)")
            #expect(try dossier(world).file(file.digest)?.name == file.name)
        }
        #expect(try file("van-ban.txt", world).text == world[1].revision(2)?.document.text)
        #expect(try file("du-thao-1.txt", world).digest == world[1].revision(1)?.digest)
        #expect(try dossier(world).file(Digest(hashing: "khác")) == nil)
        let log = try file("nhat-ky.txt", world).text
        #expect(log.split(separator: "\n").count == world.events.filter { $0.fact.topic == topic(1) }.count)
    }

    @Test("it has the minutes of every plenary that was held, each with its own comments")
    func everyPlenary() throws {
        var world = try World()
        try world.reach(.plenary)
        try world.openPlenary()
        try world.comment("lan", "Nói ở buổi đầu.")
        try world.act("dung", .closePlenary(topic(1), conclusion: octets("Làm lại mục II.")))
        try world.act("bich", .sendBack(topic(1), reason: octets("Theo kết luận.")))
        try world.act("hanh", .settle(CommentID(1), .noted, revision: nil, body: nil))
        try world.reach(.plenary)
        try world.openPlenary()
        try world.comment("lan", "Nói ở buổi sau.")
        try world.act("dung", .closePlenary(topic(1), conclusion: octets("Nhất trí.")))
        try world.act("hanh", .settle(CommentID(2), .noted, revision: nil, body: nil))
        try world.reach(.approved)
        let files = Dictionary(try dossier(world).files().map { ($0.name, $0.text) }) { first, _ in first }
        let first = try #require(files["bien-ban-1.txt"])
        let last = try #require(files["bien-ban.txt"])
        #expect(first.contains("Nói ở buổi đầu.") && first.contains("Làm lại mục II."))
        #expect(!first.contains("Nói ở buổi sau.") && !last.contains("Nói ở buổi đầu."))
        #expect(last.contains("Nói ở buổi sau.") && last.contains("Nhất trí."))
        #expect(files["manifest.txt"]?.contains("  bien-ban-1.txt\n") == true)
        try world.reach(.issued)
        #expect(difference(world.state, world.restarted()) == nil)
    }

    @Test("the manifest names plan, revision, requirements, approval, the end of the log, and the digest of every file")
    func manifest() throws {
        let world = try approved()
        let files = try dossier(world).files()
        let lines = files[0].text.split(separator: "\n").map(String.init)
        let digest = try #require(world[1].revision(2)?.digest)
        let last = try #require(world.events.last { $0.fact.topic == topic(1) })
        #expect(lines.first == "phanbien-dossier 1")
        for line in [
            "topic 2025-1 CĐ1/2025", "stage approved", "revision 2025-1@2", "sha256 \(digest)",
            "requirement plenary met 0", "requirement approval met 0",
            "approval 2025-1@2 \(digest) 2025-03-27T09:00:00.000+07:00 bich Hoàng Thị Bích",
            "log 01J8 \(last.sequence)",
        ] { #expect(lines.contains(line), "\(line)\n\(files[0].text)") }
        #expect(lines.suffix(files.count - 1) == files.dropFirst().map { "\($0.digest)  \($0.name)" })
    }

    @Test("a server with a key signs the manifest, which names the key's file and not its own signature")
    func sealed() throws {
        let seal = Dossier.Seal(key: "-----BEGIN PUBLIC KEY-----\n") { "\(Digest(hashing: $0))" }
        let dossier = try dossier(try approved(), seal: seal)
        let files = try dossier.files()
        #expect(
            files.map(\.name) == ["manifest.txt", "manifest.sig.txt", "HUONG-DAN.txt", "khoa-may-chu.pem"]
                + Self.names.dropFirst(2))
        #expect(files[1].text == "\(files[0].digest)\n")
        #expect(files[0].text.contains("  khoa-may-chu.pem\n") && !files[0].text.contains("manifest.sig"))
        #expect(files[2].text.contains("openssl pkeyutl -verify"))
        #expect(try dossier.file(files[1].digest)?.name == "manifest.sig.txt")
        // Who cannot sign just now has a dossier all the same.
        let silent = try self.dossier(try approved(), seal: Dossier.Seal(key: seal.key) { _ in nil }).files()
        #expect(!silent.map(\.name).contains("manifest.sig.txt"))
    }

    @Test("it is the same for everybody, at any time, and once its topic was read back from the log")
    func sameForAll() throws {
        var world = try approved()
        try world.reach(.issued)
        let revived = try #require(world.state.reviving(topic(1), events: world.events).topics[topic(1)])
        let first = try dossier(world, "hanh", revived).files().map(\.digest)
        world.now = at("2031-01-01")
        for who in ["phuc", "bich", "soat", "lan"] {
            #expect(try dossier(world, who, revived).files().map(\.digest) == first, "\(who)")
        }
        #expect(first.count == Self.names.count)
    }

    @Test("who submitted the text signs the proposal, whoever heads the office by then")
    func proposer() throws {
        var world = try approved()
        let before = try file("to-trinh.txt", world).text
        try world.act("tri", .disablePerson(p("hanh"), reason: octets("Nghỉ hưu.")))
        let after = try dossier(world, "lan").files().first { $0.name == "to-trinh.txt" }?.text
        #expect(before.contains("Nông Thị Hạnh") && after == before)
    }

    @Test("of an approved text that was removed nothing is claimed but that it was")
    func approvedTextRemoved() throws {
        var world = try approved()
        try world.reach(.issued)
        let push = try #require(world.events.last { $0.fact.type == "REVISION.PUSHED" })
        let topic = try removing(push, &world)
        let files = try dossier(world, "hanh", topic).files()
        #expect(!files.map(\.name).contains("van-ban.txt"))
        #expect(files[0].text.contains("\nrequirement outline not-applicable 0\n"), "\(files[0].text)")
        #expect(files[0].text.contains("\nrequirement personal-data not-applicable 0\n"))
        let guide = try #require(files.first { $0.name == "HUONG-DAN.txt" }).text
        #expect(guide.contains("dòng \"redacted\"") && !guide.contains("van-ban.txt"))
        let proposal = try #require(files.first { $0.name == "to-trinh.txt" }).text
        #expect(!proposal.contains("CÒN THIẾU"), "\(proposal)")
    }

    @Test("a topic that was approved before there was a check for personal data is not said to lack it")
    func approvedBeforeTheCheck() throws {
        var world = try World()
        try world.reach(.approved)
        let events = world.events.map { event -> Event in
            guard case .revisionPushed(let push) = event.fact, let text = push.text.text else { return event }
            let named = Body(text.replacing(Draft.opening, with: "Bị cáo Nông Văn Hùng."))
            let fact = RevisionPushed(
                topic: push.topic, revision: push.revision, change: push.change, addresses: push.addresses,
                note: push.note, text: named)
            return Event(
                sequence: event.sequence, time: event.time, person: event.person, office: event.office,
                fact: .revisionPushed(fact))
        }
        let topic = try #require(world.state.reviving(topic(1), events: events).topics[topic(1)])
        #expect(topic.latest?.personalData.map(\.kind) == [.name])
        let files = try dossier(world, "hanh", topic).files()
        #expect(files[0].text.contains("\nrequirement personal-data not-applicable 0\n"), "\(files[0].text)")
        #expect(files.first { $0.name == "to-trinh.txt" }?.text.contains("CÒN THIẾU") == false)
    }

    /// The topic as it is read back once the store has dropped the texts of an event.
    private func removing(_ push: Event, _ world: inout World) throws -> Topic {
        try world.act(nil, .redact(push, document: "12/QĐ-TGPL", reason: octets("Có dữ liệu cá nhân.")))
        let gone = FactFields(
            pairs: push.fact.fields.pairs,
            bodies: push.fact.fields.bodies.map {
                FactFields.NamedBody(name: $0.name, body: Body(digest: $0.body.digest, text: nil))
            })
        let bare = Event(
            sequence: push.sequence, time: push.time, person: push.person, office: push.office,
            fact: try Fact(type: push.fact.type, fields: gone))
        let events = world.events.map { $0.sequence == push.sequence ? bare : $0 }
        return try #require(world.state.reviving(topic(1), events: events).topics[topic(1)])
    }

    @Test("papers bear the day of the proposal, never the day on which somebody asks")
    func dates() throws {
        var world = try approved()
        world.now = at("2031-01-01")
        for name in ["to-trinh.txt", "bang-tiep-thu-giai-trinh.txt", "ban-so-sanh.txt"] {
            let text = try file(name, world).text
            #expect(text.contains("Lạng Sơn, ngày 26 tháng 3 năm 2025") && !text.contains("2031"), "\(text)")
        }
        #expect(try !file("chuyen-de.txt", world).text.contains("2031"))
    }

    @Test("a filed review has its head, its verdict and who stands behind it")
    func review() throws {
        let text = try file("phieu-P1.txt", approved()).text
        for phrase in [
            "PHIẾU NHẬN XÉT, PHẢN BIỆN P1\n", "Chuyên đề CĐ1/2025\n", "Người phản biện: Hà Văn Phúc, Phòng Nghiệp vụ\n",
            "Về dự thảo lần: 1 (mã SHA-256 ", "); đợt phản biện: 1\n", "Xác nhận là ý kiến của phòng: Đàm Thị Nga, ",
            "Kết luận: đạt", "\nĐã đọc.\n",
        ] { #expect(text.contains(phrase), "\(phrase)\n\(text)") }
    }

    @Test("without a second revision there is nothing to compare")
    func oneRevision() throws {
        var world = try World()
        try world.reach(.approved)
        let names = try dossier(world).files().map(\.name)
        #expect(names == Self.names.filter { $0 != "du-thao-1.txt" && $0 != "ban-so-sanh.txt" })
    }

    @Test("a text that was removed has no file; the manifest says on whose order")
    func redacted() throws {
        var world = try approved()
        let push = try #require(world.events.first { $0.fact.type == "REVISION.PUSHED" })
        let digest = try #require(world[1].revision(1)?.digest)
        let topic = try removing(push, &world)
        let files = try dossier(world, "hanh", topic).files()
        #expect(!files.map(\.name).contains("du-thao-1.txt"))
        #expect(files[0].text.contains("\nredacted 2025-1@1 \(digest) 12/QĐ-TGPL\n"), "\(files[0].text)")
    }
}

extension Dossier.File {
    /// The text of a file that is one.
    var text: String { if case .text(let text) = content { text } else { "" } }
}
