import Testing

@testable import ReviewCore

@Suite("Requirements before approval")
struct RequirementTests {
    @Test("all eleven in their order; unmet ones say what is missing and whose turn it is")
    func fresh() throws {
        let world = try World()
        let all = world.state.requirements(of: world[1], seen: [], now: world.now)
        #expect(all.map(\.requirement) == Requirement.allCases)
        #expect(
            all.map(\.state) == [
                .unmet, .unmet, .met, .met, .met, .unmet, .unmet, .unmet, .met, .met, .unmet,
            ])
        #expect(
            all.map(\.waiting) == [
                [p("hanh")], [p("nga")], [], [], [], [p("hanh")], [p("hanh")], [p("bich")], [], [], [p("bich")],
            ])
        for status in all where status.state == .unmet { #expect(status.count > 0) }
    }

    @Test("outline: missing and empty sections by their title")
    func outline() throws {
        var world = try World()
        try world.reach(.revision)
        #expect(world.requirement(.outline).state == .met)
        try world.push(Draft.text(limits: nil).replacing("## Đề xuất, kiến nghị", with: "## Phụ lục"))
        let status = world.requirement(.outline)
        #expect(status.state == .unmet && status.count == 2 && status.waiting == [p("lan")])
        #expect(status.missing == ["Hạn chế tồn tại, khó khăn vướng mắc", "Đề xuất, kiến nghị"])
        #expect(status.wording.vietnamese.contains("“Hạn chế tồn tại, khó khăn vướng mắc” (trống)"))
    }

    @Test("must and settled: counted, by id, for the author")
    func comments() throws {
        var world = try World()
        try world.reach(.revision)
        let must = try world.comment(level: .must)
        let note = try world.comment(level: .note)
        #expect(world.requirement(.must).missing == ["C1"] && world.requirement(.must).count == 1)
        #expect(
            world.requirement(.settled).missing == ["C1", "C2"] && world.requirement(.settled).waiting == [p("lan")])
        try world.settle(must)
        try world.settle(note, .declined, "Không.")
        #expect(world.requirement(.must).state == .met && world.requirement(.settled).state == .met)
    }

    @Test("reviewed: none, not endorsed, endorsed; each names the next person")
    func reviewed() throws {
        var world = try World()
        try world.reach(.review)
        #expect(world.requirement(.reviewed).waiting == [p("phuc")])
        let review = try world.assess()
        #expect(world.requirement(.reviewed).waiting == [p("nga")])
        #expect(world.requirement(.reviewed).missing == [review.description])
        try world.act("nga", .endorse(review))
        #expect(world.requirement(.reviewed).state == .met)
    }

    @Test("no-objection: standing objections and failing reviews, by name")
    func objections() throws {
        var world = try World()
        try world.reach(.review)
        try world.assess("quyen", .fail)
        try world.act("dung", .opine(RevisionID(topic(1), 1), .object, body: octets("Không.")))
        let status = world.requirement(.noObjection)
        #expect(status.state == .unmet && status.count == 2)
        #expect(status.waiting == [p("dung"), p("lan")], "the failed text is revised first")
        #expect(status.missing == ["dung", "P1"])
        #expect(
            status.wording.vietnamese.contains(
                "ý kiến không thống nhất của Vi Văn Dũng; phiếu không đạt P1 của Lương Thị Quyên"))
    }

    @Test("what a reviewer is told does not depend on reviews that are not open to them")
    func hiddenReviews() throws {
        var before = try World()
        try before.reach(.review)
        func told(_ who: String, _ world: World) -> [RequirementStatus] {
            world.state.requirements(of: world[1], seen: [], now: world.now, for: p(who))
        }
        func table(_ who: String, _ world: World) throws -> String {
            try Papers.form(
                named: "bang-tiep-thu-giai-trinh", topic: world[1], in: world.state, for: p(who), now: world.now)
        }
        var said: [[RequirementStatus]] = []
        for verdict in Verdict.allCases {
            var world = before
            try world.assess("phuc", verdict)
            said.append(told("quyen", world))
            #expect(try table("quyen", world) == table("quyen", before))
            for who in ["phuc", "nga", "lan", "bich"] {
                #expect(told(who, world) == world.state.requirements(of: world[1], seen: [], now: world.now))
            }
            #expect(try table("lan", world).contains("Hà Văn Phúc (ngày") == (verdict == .pass))
            try world.assess("quyen")
            #expect(told("quyen", world) == told("nga", world), "open once one's own is filed")
        }
        #expect(said.allSatisfy { $0 == said[0] })
        let changed = said[0].filter { $0.requirement == .reviewed || $0.requirement == .noObjection }
        for status in changed {
            #expect(status.state == .unmet && status.count == 1 && status.missing.isEmpty)
            #expect(status.waiting == [p("nga")], "phuc is the one who was assigned")
        }
        try before.act("nga", .assign(topic(1), p("quyen"), .reviewer))
        try before.act("dung", .opine(RevisionID(topic(1), 1), .object, body: octets("Không.")))
        try before.assess("phuc", .fail)
        let rows = told("quyen", before)
        #expect(rows.first { $0.requirement == .reviewed }?.waiting == [p("quyen")])
        #expect(rows.first { $0.requirement == .noObjection }?.missing == ["dung"], "what one may see is said")
    }

    @Test("approval: waits for whoever may approve today, and is met once given")
    func approval() throws {
        var world = try World()
        try world.reach(.approval)
        #expect(world.requirement(.approval).waiting == [p("bich")])
        try world.act(
            "bich", .delegate(p("dung"), from: day("2025-03-01"), until: day("2025-03-09"), reference: "07/UQ"))
        #expect(world.requirement(.approval).waiting == [p("bich"), p("dung")])
        try world.approve()
        #expect(world.requirement(.approval).state == .met)
    }

    @Test("submitting for approval leaves only what is the approver's own")
    func submission() throws {
        var world = try World()
        try world.reach(.finishing)
        let id = try world.comment("lan", level: .should)
        let refusal = try #require(world.refusal("hanh", .submit(topic(1))))
        #expect(refusal.requirements.map(\.requirement) == [.settled, .plenary, .content, .format])
        #expect(refusal.wording.vietnamese.contains("chờ: Vi Văn Dũng, Lương Thị Quyên"))
        #expect(refusal.wording.english.hasPrefix("Not submitted. 4 things are missing: (1)"))
        try world.settle(id, .declined, "Không.", "hanh")
        try world.act("lan", .maintain(id, body: octets("Giữ.")))
        try world.confirmMinutes()
        try world.signOff()
        #expect(world.refused("hanh", .submit(topic(1))) == nil, "maintained waits for the approver")
    }

    @Test("an unassigned, disabled or moved author is never who one waits for")
    func whoseTurn() throws {
        var world = try World()
        try world.reach(.revision)
        try world.comment()
        #expect(world.requirement(.settled).waiting == [p("lan")])
        try world.act("tri", .changePerson(p("lan"), name: nil, office: office("nv"), position: nil))
        #expect(world.requirement(.settled).waiting == [p("hanh")])
        #expect(world.tasks("hanh").contains("settle C1") && !world.tasks("lan").contains("settle C1"))
        let settlement = Command.settle(CommentID(1), .noted, revision: nil, body: nil)
        #expect(world.refused("lan", settlement) == .forbidden && world.refused("hanh", settlement) == nil)
    }

    @Test("an author who was moved to the reviewing office reads the draft no sooner than it")
    func movedAuthorReads() throws {
        var world = try World()
        try world.reach(.drafting)
        #expect(world[1].assigned(as: .author).contains(p("lan")))
        #expect(world.state.access(of: p("lan"), to: world[1]) == .text)
        try world.act("tri", .changePerson(p("lan"), name: nil, office: office("nv"), position: nil))
        #expect(world.state.access(of: p("lan"), to: world[1]) == .title)
    }
}
