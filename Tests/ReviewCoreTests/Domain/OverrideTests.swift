import ReviewDigest
import Testing

@testable import ReviewCore

@Suite("What an override covers")
struct OverrideTests {
    private func finishing() throws -> World {
        var world = try World()
        try world.reach(.finishing)
        return world
    }

    private func override(_ requirement: Requirement, _ world: inout World) throws {
        try world.act("bich", .override(topic(1), requirement, reason: octets("Đã cân nhắc.")))
    }

    private func object(_ who: String, _ world: inout World) throws {
        try world.act(who, .opine(RevisionID(topic(1), world[1].newest), .object, body: octets("Không.")))
    }

    @Test("an objection and a failing review that come later are not covered")
    func laterObjection() throws {
        var world = try finishing()
        try object("dung", &world)
        try override(.noObjection, &world)
        #expect(world[1].overrides.map(\.reach) == [OverrideReach(revision: 1, missing: ["dung"])])
        #expect(world.requirement(.noObjection).state == .overridden)
        try world.assess("phuc", .fail)
        let status = world.requirement(.noObjection)
        #expect(status.state == .unmet && status.missing == ["P2"] && status.count == 1)
        try object("bich", &world)
        #expect(world.requirement(.noObjection).missing == ["bich", "P2"])
        #expect(world.tasks("bich").contains("lift bich") && !world.tasks("dung").contains("lift dung"))
        #expect(world.refused("hanh", .submit(topic(1))) == .unmet)
        try override(.noObjection, &world)
        #expect(world.requirement(.noObjection).state == .overridden, "the two cover all three")
        #expect(world[1].overrides.map { $0.reach?.missing } == [["dung"], ["bich", "P2"]])
    }

    @Test("an objection that its leader makes anew is not covered, whatever the text")
    func objectionMadeAnew() throws {
        var world = try finishing()
        try object("dung", &world)
        try override(.noObjection, &world)
        try world.act("dung", .opine(RevisionID(topic(1), 1), .direct, body: octets("Chú ý.")))
        #expect(world.requirement(.noObjection).state == .overridden, "directions are none")
        try object("dung", &world)
        let status = world.requirement(.noObjection)
        #expect(status.state == .unmet && status.missing == ["dung"])
        #expect(world.tasks("dung").contains("lift dung"))
        try override(.noObjection, &world)
        #expect(world.requirement(.noObjection).state == .overridden)
        try world.push(Draft.cosmetic)
        #expect(world.requirement(.noObjection).state == .overridden)
    }

    @Test("a must comment that comes later is not covered, and what was covered may be settled")
    func laterComment() throws {
        var world = try finishing()
        let first = try world.comment("dung", level: .must)
        try override(.must, &world)
        try override(.settled, &world)
        #expect(world.requirement(.must).state == .overridden && world.tasks("lan").isEmpty)
        let second = try world.comment("dung", level: .must)
        #expect(world.requirement(.must).missing == [second.description])
        #expect(world.tasks("lan") == ["settle \(second)"])
        try world.settle(second)
        #expect(world.requirement(.must).state == .overridden)
        try world.settle(first)
        #expect(world.requirement(.must).state == .met && world.requirement(.settled).state == .met)
    }

    @Test("a return or a failed check after the override is not covered")
    func laterReturn() throws {
        var world = try finishing()
        try override(.content, &world)
        try override(.format, &world)
        try world.act("hanh", .vouch(RevisionID(topic(1), 1), .return, body: octets("Sửa.")))
        try world.act("van", .checkFormat(RevisionID(topic(1), 1), .fail, body: octets("Sai phông.")))
        #expect(world.requirement(.content).state == .unmet && world.requirement(.content).missing == ["return"])
        #expect(world.requirement(.format).state == .unmet && world.requirement(.format).missing == ["fail"])
    }

    @Test("personal data that was let pass is looked at again in any other text")
    func personalData() throws {
        let named = Draft.opening + " Người được trợ giúp, CCCD 024099001234."
        var world = try finishing()
        try world.push(Draft.text(opening: named))
        #expect(world.requirement(.personalData).state == .unmet)
        try override(.personalData, &world)
        #expect(world.requirement(.personalData).state == .overridden)
        try world.push(Draft.text(opening: named.replacing("giúp,", with: "giúp")))
        #expect(world[1].latest?.change == .cosmetic)
        #expect(world.requirement(.personalData).state == .unmet)
    }

    @Test("another text ends it: sign-offs with any change, the rest with one that was judged by nobody")
    func anotherText() throws {
        var world = try finishing()
        try object("dung", &world)
        for requirement in [Requirement.content, .format, .plenary, .noObjection] { try override(requirement, &world) }
        try world.push(Draft.first)
        #expect(world[1].overrides.count == 4, "the same text")
        try world.push(Draft.cosmetic)
        #expect(world[1].overrides.map(\.requirement) == [.plenary, .noObjection])
        #expect(world.requirement(.content).state == .unmet && world.requirement(.format).state == .unmet)
        try world.push(Draft.rewritten)
        #expect(world[1].overrides.isEmpty && world.requirement(.noObjection).missing == ["dung"])
        let replayed = try world.replayed()
        #expect(difference(replayed, world.state) == nil)
    }

    @Test("minutes: who confirmed since does not matter, and the outline is overridden by its titles")
    func minutesAndOutline() throws {
        var world = try World()
        try world.reach(.revision)
        try world.push(Draft.text(limits: nil))
        let review = try world.assess()
        try world.act("nga", .endorse(review))
        try world.reach(.finishing)
        try override(.plenary, &world)
        try override(.outline, &world)
        #expect(world[1].overrides.last?.reach?.missing == ["Hạn chế tồn tại, khó khăn vướng mắc"])
        try world.act("dung", .confirmMinutes(topic(1)))
        #expect(world.requirement(.plenary).state == .overridden)
        #expect(world.requirement(.plenary).missing == ["quyen"])
        let replayed = try world.replayed()
        #expect(difference(replayed, world.state) == nil)
    }

    @Test("one from an old log covers whatever is missing, in whatever text")
    func oldLog() throws {
        var world = try finishing()
        let old = RequirementOverridden(topic: topic(1), requirement: .content, reach: nil, reason: Body("Cũ."))
        #expect(!Fact.requirementOverridden(old).fields.pairs.contains { $0.key == "revision" })
        world.take(.requirementOverridden(old), by: "bich")
        try world.push(Draft.rewritten)
        try world.act("hanh", .vouch(RevisionID(topic(1), 2), .return, body: octets("Sửa.")))
        #expect(world.requirement(.content).state == .overridden)
    }

    @Test("the table says what is missing, not what ought to be there")
    func printed() throws {
        var world = try finishing()
        try object("dung", &world)
        try world.assess("phuc", .fail)
        try override(.noObjection, &world)
        let table = try Papers.form(
            named: "bang-tiep-thu-giai-trinh", topic: world[1], in: world.state, for: p("hanh"), now: world.now)
        #expect(
            table.contains(
                "- Còn ý kiến không thống nhất của Vi Văn Dũng; phiếu không đạt P2 của Hà Văn Phúc; Giám đốc quyết định bỏ qua, lý do: Đã cân nhắc. (Hoàng Thị Bích"
            ), "\(table)")
    }

    @Test("the operator cannot remove what it covers")
    func redaction() throws {
        var world = try finishing()
        try object("dung", &world)
        try override(.noObjection, &world)
        let event = try #require(world.events.last)
        let outcome = try world.act(nil, .redact(event, document: "01/QĐ", reason: octets("Theo yêu cầu.")))
        #expect(
            outcome.facts.map { fact in
                guard case .bodyRedacted(let removed) = fact else { return "" }
                return removed.field
            } == ["reason"])
    }
}

extension World {
    /// Takes a fact in that no command makes any more.
    mutating func take(_ fact: Fact, by who: String) {
        let event = Event(
            sequence: state.lastSequence + 1, time: now, person: p(who), office: state.people[p(who)]?.office,
            fact: fact)
        events.append(event)
        state.apply(event)
    }
}
