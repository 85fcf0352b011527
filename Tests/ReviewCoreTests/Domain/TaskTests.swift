import ReviewDigest
import Testing

@testable import ReviewCore

@Suite("What waits for whom")
struct TaskTests {
    private func expect(_ world: World, _ expected: [String: [String]], _ stage: Stage) {
        for who in Chaos.names { #expect(world.tasks(who) == expected[who] ?? [], "\(who) at \(stage)") }
    }

    @Test("each stage in its regular course")
    func stages() throws {
        var world = try World()
        expect(world, ["hanh": ["assign author", "push"]], .assigned)
        try world.act("hanh", .assign(topic(1), p("lan"), .author))
        expect(world, ["lan": ["push"]], .assigned)
        try world.reach(.drafting)
        expect(world, ["hanh": ["submit"]], .drafting)
        try world.reach(.leadership)
        expect(world, ["bich": ["opinion", "submit"], "dung": ["opinion", "submit"]], .leadership)
        try world.act("bich", .opine(RevisionID(topic(1), 1), .agree, body: nil))
        #expect(world.tasks("bich") == ["submit"])
        try world.reach(.review)
        expect(world, ["phuc": ["assess"]], .review)
        let id = try world.comment()
        let review = try world.assess()
        expect(world, ["nga": ["endorse \(review)"]], .review)
        try world.act("nga", .endorse(review))
        expect(world, ["lan": ["settle \(id)"]], .revision)
        try world.settle(id, .noted)
        expect(world, ["phuc": ["agree \(id)"], "hanh": ["submit"]], .revision)
        try world.reach(.plenary)
        expect(world, ["phuc": ["agree \(id)"], "hanh": ["open"], "bich": ["open"]], .plenary)
        try world.act("phuc", .agree(id))
        try world.openPlenary()
        expect(world, ["quyen": ["attend"], "dung": ["close"]], .plenary)
        try world.act("quyen", .attend(topic(1), present: [p("lan")], absent: []))
        #expect(world.tasks("quyen").isEmpty)
        try world.act("dung", .closePlenary(topic(1), conclusion: octets("Xong.")))
        expect(
            world,
            [
                "dung": ["confirm 2025-1"], "quyen": ["confirm 2025-1"], "hanh": ["vouch"], "van": ["format"],
            ], .finishing)
        try world.confirmMinutes()
        try world.signOff()
        expect(world, ["hanh": ["submit"]], .finishing)
        try world.act("hanh", .submit(topic(1)))
        expect(world, ["bich": ["approve 2025-1@1"]], .approval)
        try world.act(
            "bich", .delegate(p("dung"), from: day("2025-03-01"), until: day("2025-03-09"), reference: "07/UQ"))
        #expect(world.tasks("dung") == ["approve 2025-1@1"])
        try world.approve()
        expect(world, ["van": ["issue"]], .approved)
        try world.reach(.issued)
        expect(world, [:], .issued)
    }

    @Test("every task can be done by whom it waits for", arguments: [51, 52] as [UInt64])
    func feasible(seed: UInt64) throws {
        var world = try World()
        var chaos = Chaos(seed: seed)
        var done = 0
        // Doing only what TODO says brings all four topics to their end.
        for _ in 0..<600 {
            guard let who = chaos.everybody().first(where: { !world.state.tasks(for: p($0), now: world.now).isEmpty })
            else {
                break
            }
            let task = chaos.one(world.state.tasks(for: p(who), now: world.now))
            guard let command = command(for: task, world) else {
                Issue.record("no command for \(task)")
                return
            }
            let refusal = world.refusal(who, command)
            #expect(refusal == nil, "\(who): \(task.act) \(task.object ?? "") of \(task.topic)")
            guard refusal == nil else { return }
            try world.act(who, command)
            done += 1
        }
        #expect(world.state.topicsInOrder.map(\.stage) == [.issued, .issued, .issued, .issued])
        #expect(done > 60)
    }

    private func command(for task: ReviewTask, _ world: World) -> Command? {
        guard let topic = world.state.topics[task.topic] else { return nil }
        let newest = RevisionID(topic.id, topic.newest)
        let staff = topic.lead == office("hcth") ? ("lan", "phuc") : ("phuc", "lan")
        switch task.act {
        case .assign:
            switch task.object.flatMap({ Assignment(rawValue: $0) }) {
            case .author: return .assign(topic.id, p(staff.0), .author)
            case .reviewer: return .assign(topic.id, p(staff.1), .reviewer)
            case .format: return .assign(topic.id, p("van"), .format)
            case .secretary, nil: return nil
            }
        case .push: return .push(topic.id, base: topic.newest, addresses: [], note: nil, text: octets(Draft.first))
        case .submit: return .submit(topic.id)
        case .opinion: return .opine(newest, .agree, body: nil)
        case .assess: return .assess(newest, .pass, body: octets("Đạt."))
        case .endorse: return task.object.flatMap { ReviewID($0) }.map { .endorse($0) }
        case .settle:
            return task.object.flatMap { CommentID($0) }.map { .settle($0, .noted, revision: nil, body: nil) }
        case .agree: return task.object.flatMap { CommentID($0) }.map { .agree($0) }
        case .vouch: return .vouch(newest, .vouch, body: nil)
        case .format: return .checkFormat(newest, .pass, body: nil)
        case .approve: return .approve(newest, digest: topic.latest?.digest.description ?? "", seen: [])
        case .issue: return .issue(topic.id, number: "\(topic.id.number)/CĐ", date: world.now.date)
        case .confirm:
            return task.object.flatMap { CommentID($0) }.map { .confirmRemark($0) } ?? .confirmMinutes(topic.id)
        case .attend: return .attend(topic.id, present: [p("lan")], absent: [])
        case .open:
            return .openPlenary(
                topic.id, at: "2025-06-25T08:00", place: nil, chair: p("bich"), secretary: p("minh"))
        case .close: return .closePlenary(topic.id, conclusion: octets("Xong."))
        case .lift: return task.object.flatMap { PersonID($0) }.map { .lift(topic.id, $0, reason: octets("Rút.")) }
        case .override:
            return task.object.flatMap { Requirement(rawValue: $0) }
                .map { .override(topic.id, $0, reason: octets("Bỏ qua.")) }
        // Decided on paper; every office has its head here.
        case .appoint: return nil
        }
    }

    @Test("late ones first, then by date; a postponed topic waits for nobody")
    func order() throws {
        var world = try World()
        world.now = at("2025-06-16")
        let all = world.state.tasks(for: p("nga"), now: world.now)
        #expect(all.map(\.topic).first == topic(2))
        #expect(all.first?.overdueDays == 2 && all.first?.due == day("2025-06-15"))
        #expect(all.last?.overdueDays == 0)
        #expect(all.map(\.topic) == all.map(\.topic).sorted())
        try world.act("bich", .postpone(topic(2), reason: octets("Chờ văn bản.")))
        #expect(!world.state.tasks(for: p("nga"), now: world.now).contains { $0.topic == topic(2) })
    }

    @Test("an objection waits for its owner until it is lifted, also at approval")
    func objecting() throws {
        var world = try World()
        try world.reach(.approval)
        try world.act("dung", .opine(RevisionID(topic(1), 1), .object, body: octets("Không.")))
        #expect(world.tasks("dung") == ["lift dung"])
        #expect(world.refused("bich", world.approval()) == .unmet)
        try world.act("dung", .lift(topic(1), p("dung"), reason: octets("Rút.")))
        #expect(world.tasks("dung").isEmpty)
        try world.approve()
    }

    @Test("what waited for somebody who is gone waits for whoever can mend it instead")
    func gone() throws {
        func disable(_ who: String, _ world: inout World) throws {
            try world.act("tri", .disablePerson(p(who), reason: octets("Nghỉ việc.")))
        }
        var world = try World()
        try world.reach(.approval)
        try world.act("dung", .opine(RevisionID(topic(1), 1), .object, body: octets("Không.")))
        try disable("dung", &world)
        #expect(world.requirement(.noObjection).waiting == [p("bich")])
        #expect(world.requirement(.noObjection).missing == ["dung"])
        #expect(world.tasks("bich") == ["lift dung", "approve 2025-1@1"])
        try world.act("bich", .lift(topic(1), p("dung"), reason: octets("Đã rõ.")))
        #expect(world.tasks("bich") == ["approve 2025-1@1"])

        var failed = try World()
        try failed.reach(.review)
        try failed.assess("quyen", .fail)
        try failed.reach(.finishing)
        #expect(failed.requirement(.noObjection).waiting == [p("lan")])
        try disable("quyen", &failed)
        try disable("dung", &failed)
        #expect(failed.requirement(.noObjection).waiting == [p("bich")])
        #expect(failed.requirement(.plenary).waiting == [p("bich")] && failed.requirement(.plenary).count == 2)
        #expect(failed.tasks("bich") == ["override plenary", "override no-objection"])
        try failed.act("bich", .override(topic(1), .plenary, reason: octets("Đã nghỉ việc.")))
        #expect(failed.tasks("bich") == ["override no-objection"])
    }

    @Test("a review to be filed anew waits for its author, or for the office when that one is gone")
    func goneReviewer() throws {
        for verdict in [Verdict.pass, .reviseAndRecheck] {
            var world = try World()
            try world.reach(.review)
            let first = try world.assess("phuc", verdict)
            try world.act("nga", .endorse(first))
            try world.push(Draft.rewritten)
            #expect(world.requirement(.reviewed).waiting == [p("phuc")])
            try world.act("tri", .disablePerson(p("phuc"), reason: octets("Nghỉ việc.")))
            #expect(world.requirement(.reviewed).waiting == [p("nga")], "nobody else is assigned")
            #expect(world.tasks("nga") == ["assess \(first)"])
            try world.act("nga", .assign(topic(1), p("quyen"), .reviewer))
            #expect(world.requirement(.reviewed).waiting == [p("quyen")])
            #expect(world.tasks("quyen") == ["assess \(first)"] && world.tasks("nga").isEmpty)
            let second = try world.assess("quyen")
            #expect(world.tasks("quyen").isEmpty && world.tasks("nga") == ["endorse \(second)"])
        }
    }

    @Test("a plenary whose chair is gone is opened anew")
    func goneChair() throws {
        var world = try World()
        try world.reach(.plenary)
        try world.openPlenary()
        #expect(
            world.refused(
                "bich", .openPlenary(topic(1), at: "2025-03-26T08:00", place: nil, chair: nil, secretary: nil))
                == .conflict)
        try world.act("tri", .disablePerson(p("dung"), reason: octets("Nghỉ việc.")))
        #expect(world.requirement(.plenary).waiting == [p("hanh"), p("bich")])
        #expect(world.tasks("hanh") == ["open"] && world.tasks("bich") == ["open"])
        try world.act("bich", .openPlenary(topic(1), at: "2025-03-26T08:00", place: nil, chair: nil, secretary: nil))
        #expect(world.requirement(.plenary).waiting == [p("bich")])
    }
}
