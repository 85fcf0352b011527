import Testing

@testable import ReviewCore

@Suite("Dates, delays, side acts")
struct ScheduleTests {
    /// The stamp of the last stage entered.
    private func overdue(_ world: World) -> Int? { world[1].passages.last?.overdueDays }

    @Test("mốc 1 by submitting, mốc 2 by the endorsed review, mốc 3 by submitting for approval")
    func stamps() throws {
        var world = try World()
        try world.reach(.drafting)
        world.now = at("2025-03-14", "23:59")
        #expect(world.refused("hanh", .submit(topic(1))) == nil)
        world.now = at("2025-03-15", "00:00")
        let late = try world.act("hanh", .submit(topic(1)))
        #expect(late.details.contains(Detail("overdue", "1")) && overdue(world) == 1)
        world.now = at("2025-03-18")
        try world.reach(.review)
        #expect(overdue(world) == 0, "passing on is no milestone")
        world.now = at("2025-03-22")
        try world.reach(.revision)
        #expect(overdue(world) == 3)
        world.now = at("2025-03-26")
        try world.reach(.finishing)
        #expect(overdue(world) == 0)
        world.now = at("2025-04-01")
        try world.reach(.approval)
        #expect(overdue(world) == 5)
        world.now = at("2025-04-20")
        try world.reach(.approved)
        #expect(overdue(world) == 0, "how long the approver takes is not the office's delay")
    }

    @Test(
        "the before-date rule decides the last day on time",
        arguments: [
            (BeforeDateRule.strict, "2025-03-14"), (.inclusive, "2025-03-15"), (.workday, "2025-03-14"),
        ])
    func rules(rule: BeforeDateRule, last: String) throws {
        var world = try World(beforeDate: rule)
        try world.reach(.drafting)
        world.now = at(last, "23:59")
        #expect(try branch(world) == 0)
        world.now = at(day(last).adding(days: 1).description, "00:00")
        #expect(try branch(world) == 1)
    }

    private func branch(_ world: World) throws -> Int? {
        var world = world
        try world.act("hanh", .submit(topic(1)))
        return overdue(world)
    }

    @Test("the working-day rule moves the end before the weekend: mốc 3 of topic 2 lies before Saturday 28 June")
    func workday() throws {
        let world = try World(beforeDate: .workday)
        #expect(world[2].deadline(.workday)?.lastDay == day("2025-06-13"), "before Sunday 15 June")
        #expect(world[2].deadline(.strict)?.lastDay == day("2025-06-14"))
    }

    @Test("the Director extends a milestone under a document, forwards only")
    func extending() throws {
        var world = try World()
        try world.reach(.drafting)
        func extend(_ to: String, _ reference: String = "12/QĐ-TGPL", _ reason: String = "Chờ số liệu.") -> Command {
            .extend(topic(1), .opinion, to: day(to), reference: reference, reason: octets(reason))
        }
        for who in ["dung", "hanh", "van", "tri"] { #expect(world.refused(who, extend("2025-03-20")) == .forbidden) }
        #expect(world.refused("bich", extend("2025-03-15")) == .invalid)
        #expect(world.refused("bich", extend("2025-03-20", "")) == .invalid)
        #expect(world.refused("bich", extend("2025-03-20", "12/QĐ", "")) == .invalid)
        try world.act("bich", extend("2025-03-20"))
        #expect(world[1].due == day("2025-03-20") && world[1].planned[.opinion] == day("2025-03-15"))
        #expect(world.refused("bich", extend("2025-03-18")) == .invalid)
        let passing = try #require(world.refusal("bich", extend("2025-03-21")))
        #expect(passing.code == .invalid && passing.details.contains(Detail("milestone", "review")))
        #expect(passing.wording.vietnamese.contains("hạn 20/3/2025 sớm hơn mốc “opinion” (21/3/2025)"))
        world.now = at("2025-03-19")
        try world.reach(.leadership)
        #expect(overdue(world) == 0)
        try world.reach(.approved)
        #expect(world.refused("bich", extend("2025-05-01")) == .stage)
    }

    @Test("a postponed topic rests until the Director resumes it")
    func postponing() throws {
        var world = try World()
        try world.reach(.revision)
        let id = try world.comment()
        for who in ["dung", "hanh"] {
            #expect(world.refused(who, .postpone(topic(1), reason: octets("x"))) == .forbidden)
        }
        #expect(world.refused("bich", .resume(topic(1))) == .conflict)
        #expect(world.refused("bich", .postpone(topic(1), reason: [])) == .invalid)
        try world.act("bich", .postpone(topic(1), reason: octets("Chờ hướng dẫn.")))
        #expect(world[1].postponed?.text == "Chờ hướng dẫn.")
        #expect(world.refused("bich", .postpone(topic(1), reason: octets("x"))) == .conflict)
        let rests: [(String, Command)] = [
            ("hanh", .submit(topic(1))), ("bich", .sendBack(topic(1), reason: octets("x"))),
            ("lan", .push(topic(1), base: 1, addresses: [], note: nil, text: octets(Draft.cosmetic))),
            ("phuc", world.newComment()), ("lan", .settle(id, .noted, revision: nil, body: nil)),
            ("phuc", .withdraw(id, reason: octets("x"))), ("lan", .answer(id, body: octets("x"))),
            ("phuc", .assess(RevisionID(topic(1), 1), .pass, body: octets("x"))), ("nga", .endorse(ReviewID(1))),
            ("bich", .opine(RevisionID(topic(1), 1), .agree, body: nil)),
            ("hanh", .vouch(RevisionID(topic(1), 1), .vouch, body: nil)),
            ("van", .checkFormat(RevisionID(topic(1), 1), .pass, body: nil)),
            ("dung", .lift(topic(1), p("dung"), reason: octets("x"))),
        ]
        for (who, command) in rests {
            let refusal = world.refusal(who, command)
            #expect(refusal?.code == .stage, "\(command)")
            #expect(refusal?.details.contains(Detail("postponed", "yes")) == true, "\(command)")
        }
        #expect(world.refused("bich", .cancel(topic(1), reason: octets("x"))) == nil)
        #expect(world.refused("hanh", .resume(topic(1))) == .forbidden)
        try world.act("bich", .resume(topic(1)))
        for (who, command) in rests
        where world.refusal(who, command)?.details.contains(Detail("postponed", "yes")) == true {
            Issue.record("\(command) still rests")
        }
    }

    @Test("what is cancelled is not postponed any more")
    func cancelledWhilePostponed() throws {
        var world = try World()
        try world.reach(.revision)
        try world.act("bich", .postpone(topic(1), reason: octets("Chờ hướng dẫn.")))
        world.now = at("2025-03-10")
        try world.act("bich", .cancel(topic(1), reason: octets("Không còn cần.")))
        let read = try #require(world.state.reviving(topic(1), events: world.events).topics[topic(1)])
        #expect(read.postponed == nil && read.postponements.map(\.until) == [world.now])
    }

    @Test("cancelling needs the Director and a reason, and ends everything")
    func cancelling() throws {
        var world = try World()
        try world.reach(.finishing)
        for who in ["dung", "hanh"] {
            #expect(world.refused(who, .cancel(topic(1), reason: octets("x"))) == .forbidden)
        }
        #expect(world.refused("bich", .cancel(topic(1), reason: octets(" "))) == .invalid)
        try world.act("bich", .cancel(topic(1), reason: octets("Trùng Kế hoạch của Sở.")))
        #expect(world[1].stage == .cancelled && world[1].cancelled?.text == "Trùng Kế hoạch của Sở.")
        #expect(world[1].newest == 1 && world[1].isArchived)
        #expect(world.refused("bich", .cancel(topic(1), reason: octets("x"))) == .stage)
        #expect(world.refused("hanh", .submit(topic(1))) == .stage)
        var approved = try World()
        try approved.reach(.approved)
        #expect(approved.refused("bich", .cancel(topic(1), reason: octets("x"))) == .stage)
    }

    @Test("each stage is sent back to its own, with a reason, by leaders; from approval by approver or lead head")
    func sendingBack() throws {
        let back: [(Stage, Stage)] = [
            (.leadership, .drafting), (.review, .drafting), (.revision, .review), (.plenary, .revision),
            (.finishing, .revision), (.approval, .finishing),
        ]
        let command = Command.sendBack(topic(1), reason: octets("Chưa đủ số liệu."))
        for (from, to) in back {
            var world = try World()
            try world.reach(from)
            #expect(world.refused("lan", command) == .forbidden)
            #expect(world.refused("bich", .sendBack(topic(1), reason: [])) == .invalid)
            let isApproval = from == .approval
            #expect(world.refused("hanh", command) == (isApproval ? nil : .forbidden), "\(from)")
            #expect(world.refused("dung", command) == (isApproval ? .forbidden : nil), "\(from)")
            try world.act("bich", command)
            #expect(world[1].stage == to, "\(from)")
            #expect(world[1].passages.last?.reason?.text == "Chưa đủ số liệu.")
            #expect(world[1].round == (from == .revision ? 2 : from == .leadership ? 0 : 1), "\(from)")
        }
        for stage in [Stage.assigned, .drafting, .approved, .issued, .cancelled] {
            var world = try World()
            try world.reach(stage)
            let code = world.refused("bich", command)
            #expect(code == .stage || code == .notFound, "\(stage): \(String(describing: code))")
        }
    }
}
