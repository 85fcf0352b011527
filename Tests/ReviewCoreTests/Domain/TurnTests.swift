import Testing

@testable import ReviewCore

@Suite("Whose turn: CHECK and TODO")
struct TurnTests {
    private func reject(_ verdict: Verdict, _ world: inout World) throws -> ReviewID {
        try world.reach(.review)
        let review = try world.assess("phuc", verdict)
        try world.act("nga", .endorse(review))
        return review
    }

    private func disable(_ who: String, _ world: inout World) throws {
        try world.act("tri", .disablePerson(p(who), reason: octets("Nghỉ việc.")))
    }

    private func move(_ who: String, to place: String, _ world: inout World) throws {
        try world.act("tri", .changePerson(p(who), name: nil, office: office(place), position: nil))
    }

    @Test("nobody waits for an account that was closed, nor for a format checker who may only read")
    func gone() throws {
        var world = try World()
        try world.reach(.finishing)
        #expect(world.requirement(.approval).waiting == [p("bich")] && world.requirement(.format).waiting == [p("van")])
        try world.act("tri", .changePerson(p("van"), name: nil, office: nil, position: .observer))
        #expect(world.requirement(.format).waiting == [p("bich")] && world.tasks("bich").contains("assign format"))
        try disable("bich", &world)
        #expect(world.requirement(.approval).waiting.isEmpty)
    }

    @Test("nobody signs off a text while comments are to be settled")
    func early() throws {
        var world = try World()
        try world.reach(.leadership)
        let first = try world.comment("bich")
        #expect(world.tasks("lan").contains("settle \(first)"), "also while leadership has it")
        try world.settle(first, .noted)
        try world.reach(.finishing)
        #expect(world.tasks("hanh").contains("vouch") && world.tasks("van") == ["format"])
        let second = try world.comment("dung")
        #expect(!world.tasks("hanh").contains("vouch") && world.tasks("van").isEmpty)
        try world.settle(second, .noted)
        #expect(world.tasks("hanh").contains("vouch") && world.tasks("van") == ["format"])
    }

    @Test("in a new round a failing review is filed anew, also on the same text")
    func newRound() throws {
        var world = try World()
        let review = try reject(.fail, &world)
        #expect(world.requirement(.noObjection).waiting == [p("lan")])
        try world.act("bich", .sendBack(topic(1), reason: octets("Phản biện lại.")))
        #expect(world[1].stage == .review && world[1].newest == 1)
        #expect(world.requirement(.noObjection).waiting == [p("phuc")])
        #expect(world.tasks("phuc").contains("assess \(review)"))
    }

    @Test("of a reviewer's reviews the last one says what is missing")
    func lastReview() throws {
        var world = try World()
        try world.reach(.revision)
        try world.push(Draft.rewritten)
        #expect(world.requirement(.reviewed).missing == ["P1"], "it fell with its text")
        let second = try world.assess("phuc", .reviseAndRecheck)
        #expect(world.requirement(.reviewed).missing == [second.description])
        #expect(world.tasks("lan").contains("push"))
    }

    @Test("a returned content and a failed format wait for the authors")
    func returned() throws {
        var world = try World()
        try world.reach(.finishing)
        try world.act("hanh", .vouch(RevisionID(topic(1), 1), .return, body: octets("Sửa.")))
        #expect(world.requirement(.content).waiting == [p("lan")])
        #expect(world.tasks("lan") == ["push"] && !world.tasks("hanh").contains("vouch"))
        try world.act("van", .checkFormat(RevisionID(topic(1), 1), .fail, body: octets("Sai phông.")))
        #expect(world.requirement(.format).waiting == [p("lan")] && world.tasks("van").isEmpty)
        try world.push(Draft.cosmetic)
        #expect(world.tasks("lan").isEmpty && world.tasks("hanh") == ["vouch"] && world.tasks("van") == ["format"])
    }

    @Test("a review that fails or asks for more waits for a new revision, then for its author")
    func rejected() throws {
        for verdict in [Verdict.reviseAndRecheck, .fail] {
            var world = try World()
            let review = try reject(verdict, &world)
            let requirement: Requirement = verdict == .fail ? .noObjection : .reviewed
            #expect(world.requirement(requirement).waiting == [p("lan")])
            #expect(world.tasks("lan") == ["push"] && world.tasks("phuc").isEmpty)
            try world.push(Draft.rewritten)
            #expect(world.requirement(requirement).waiting == [p("phuc")])
            #expect(world.tasks("phuc") == ["assess \(review)"] && world.tasks("lan").isEmpty)
            try world.reach(.finishing)
            #expect(world.tasks("phuc").first == "assess \(review)")
            let second = try world.assess()
            #expect(world.tasks("phuc").isEmpty)
            if verdict != .fail { #expect(world.tasks("nga") == ["endorse \(second)"]) }
        }
        var fresh = try World()
        try fresh.reach(.review)
        let asking = try fresh.assess("phuc", .reviseAndRecheck)
        #expect(fresh.requirement(.reviewed).waiting == [p("nga")] && fresh.tasks("nga") == ["endorse \(asking)"])
    }

    @Test("the same text pushed again answers no review")
    func sameText() throws {
        for verdict in [Verdict.reviseAndRecheck, .fail] {
            var world = try World()
            let review = try reject(verdict, &world)
            let requirement: Requirement = verdict == .fail ? .noObjection : .reviewed
            try world.push(Draft.first)
            #expect(world[1].newest == 2 && world.requirement(requirement).waiting == [p("lan")])
            #expect(world.tasks("lan") == ["push"] && world.tasks("phuc").isEmpty, "\(review)")
        }
        var world = try World()
        try world.reach(.review)
        try world.act("bich", .submit(topic(1)))
        let late = try world.assess("phuc", .fail)
        try world.push(Draft.first)
        #expect(world.refused("nga", .endorse(late)) == nil, "its text is still the newest")
        try world.push(Draft.rewritten)
        #expect(world.refused("nga", .endorse(late)) == .conflict)
    }

    @Test("a round that a leader closed without a review still waits for one")
    func closedRound() throws {
        var world = try World()
        try world.reach(.review)
        try world.act("bich", .submit(topic(1)))
        for stage in [Stage.revision, .plenary, .finishing] {
            try world.reach(stage)
            #expect(world.requirement(.reviewed).waiting == [p("phuc")])
            #expect(world.tasks("phuc") == ["assess"], "\(stage)")
        }
    }

    @Test("an objection waits for its owner from the stage on in which it was made")
    func objecting() throws {
        var world = try World()
        try world.reach(.leadership)
        try world.act("dung", .opine(RevisionID(topic(1), 1), .object, body: octets("Không.")))
        for stage in [Stage.leadership, .review, .revision, .plenary, .finishing] {
            try world.reach(stage)
            #expect(world.tasks("dung").contains("lift dung"), "\(stage)")
        }
    }

    @Test("gaps of the outline are asked of the authors wherever they may push")
    func gaps() throws {
        var world = try World()
        try world.reach(.revision)
        try world.push(Draft.text(limits: nil))
        let review = try world.assess()
        try world.act("nga", .endorse(review))
        #expect(world.tasks("lan") == ["push"])
        try world.reach(.plenary)
        #expect(world.tasks("lan").isEmpty)
        try world.reach(.finishing)
        #expect(world.tasks("lan") == ["push"])
        try world.act("bich", .override(topic(1), .outline, reason: octets("Ngắn.")))
        #expect(world.tasks("lan").isEmpty)
    }

    @Test("a format checker who is gone is replaced by the Director")
    func goneChecker() throws {
        var world = try World()
        try world.reach(.finishing)
        try disable("van", &world)
        #expect(world.requirement(.format).waiting == [p("bich")] && world.tasks("bich") == ["assign format"])
    }

    @Test("an office without a head: the Director is told, and why")
    func headless() throws {
        var world = try World()
        try world.reach(.finishing)
        for who in ["hanh", "lan", "minh"] { try disable(who, &world) }
        try world.comment("dung", level: .must)
        for requirement in [Requirement.must, .settled, .content] {
            let status = world.requirement(requirement)
            #expect(status.waiting == [p("bich")])
            #expect(status.wording.vietnamese.hasSuffix("chưa có Trưởng phòng (Phòng Hành chính – Tổng hợp)"))
            #expect(world.tasks("bich").contains("override \(requirement.rawValue)"))
        }
        try disable("phuc", &world)
        try world.act("bich", .sendBack(topic(1), reason: octets("Làm lại.")))
        try world.act("bich", .sendBack(topic(1), reason: octets("Làm lại.")))
        for who in ["nga", "quyen"] { try disable(who, &world) }
        #expect(world.requirement(.reviewed).waiting == [p("bich")])
        #expect(world.requirement(.reviewed).wording.vietnamese.hasSuffix("chưa có Trưởng phòng (Phòng Nghiệp vụ)"))
    }

    @Test("a step of the lead office's head alone: without one the Director is told, or a deputy, until there is one")
    func headlessSteps() throws {
        for stage in [Stage.assigned, .drafting, .revision, .finishing] {
            var world = try World()
            try world.reach(stage)
            for member in world[1].members where member.assignment == .author {
                try world.act("hanh", .unassign(topic(1), member.person, .author))
            }
            #expect(!world.tasks("bich").contains("appoint hcth"))
            try disable("hanh", &world)
            #expect(world.tasks("bich").contains("appoint hcth"), "\(stage)")
            #expect(!world.tasks("dung").contains("appoint hcth") && !world.tasks("tri").contains("appoint hcth"))
            try disable("bich", &world)
            #expect(world.tasks("dung").contains("appoint hcth") && !world.tasks("tri").contains("appoint hcth"))
            try world.act("tri", .changePerson(p("lan"), name: nil, office: nil, position: .head))
            #expect(!world.tasks("dung").contains("appoint hcth"), "\(stage)")
        }
        // An author who is there takes the topic on; one who is gone does not.
        var world = try World()
        try world.act("hanh", .assign(topic(1), p("lan"), .author))
        #expect(world[1].stage == .assigned)
        try disable("hanh", &world)
        #expect(!world.tasks("bich").contains("appoint hcth"))
        try disable("lan", &world)
        #expect(world.tasks("bich").contains("appoint hcth"))
        for stage in [Stage.leadership, .review, .plenary] {
            var world = try World()
            try world.reach(stage)
            try disable("hanh", &world)
            #expect(!world.tasks("bich").contains("appoint hcth"), "others take the topic on from \(stage)")
        }
    }

    @Test("a round of review that no head can end waits for the leaders, once its reviewers have filed")
    func endlessRound() throws {
        var world = try World()
        try world.reach(.review)
        try disable("nga", &world)
        #expect(world.tasks("phuc") == ["assess"] && world.tasks("bich").isEmpty)
        try world.assess()
        #expect(world.tasks("bich") == ["submit"] && world.tasks("dung") == ["submit"])
        try world.act("dung", .submit(topic(1)))
        #expect(world[1].stage == .revision && world.requirement(.reviewed).waiting == [p("bich")])
    }

    @Test("nobody settles their own comment, nor one that they keyed in; others of the office are asked")
    func ownComment() throws {
        var world = try World()
        try world.reach(.review)
        let id = try world.comment("phuc", level: .must)
        try world.act("bich", .submit(topic(1)))
        try move("phuc", to: "hcth", &world)
        #expect(world.refused("phuc", .settle(id, .noted, revision: nil, body: nil)) == .forbidden)
        #expect(world.refused("lan", .settle(id, .noted, revision: nil, body: nil)) == nil)
        try world.reach(.plenary)
        try world.openPlenary()
        let keyed = try world.comment("quyen", behalf: "nga")
        let own = try world.comment("lan")
        try world.act("dung", .closePlenary(topic(1), conclusion: octets("Xong.")))
        try move("quyen", to: "hcth", &world)
        #expect(world.refused("quyen", .settle(keyed, .noted, revision: nil, body: nil)) == .forbidden)
        #expect(world.refused("lan", .settle(own, .noted, revision: nil, body: nil)) == .forbidden)
        #expect(world.tasks("lan").filter { $0.hasPrefix("settle") } == ["settle \(id)", "settle \(keyed)"])
        #expect(world.tasks("hanh").contains("settle \(own)"), "the head, where the author may not")
        #expect(world.requirement(.settled).waiting == [p("lan"), p("hanh")])
    }

    @Test("an office's comment is answered by its present head, and by its author only while there")
    func officeComment() throws {
        var world = try World()
        try world.reach(.revision)
        let id = try world.comment("nga", behalf: "office")
        try world.settle(id, .declined, "Không.")
        #expect(world.tasks("nga") == ["agree \(id)"])
        try move("nga", to: "hcth", &world)
        try world.act("tri", .changePerson(p("quyen"), name: nil, office: nil, position: .head))
        #expect(world.tasks("quyen") == ["agree \(id)"] && !world.tasks("nga").contains("agree \(id)"))
        for command in [
            Command.agree(id), .maintain(id, body: octets("x")), .withdraw(id, reason: octets("x")),
        ] {
            #expect(world.refused("nga", command) == .forbidden)
            #expect(world.refused("quyen", command) == nil)
        }
    }

    @Test("who reviewed does not write, whatever office they are in now")
    func reviewerWrites() throws {
        var world = try World()
        try world.reach(.review)
        let review = try world.assess("phuc", .passIfRevised)
        try world.act("nga", .endorse(review))
        try move("phuc", to: "hcth", &world)
        try world.act("hanh", .unassign(topic(1), p("lan"), .author))
        let push = Command.push(topic(1), base: 1, addresses: [], note: nil, text: octets(Draft.rewritten))
        #expect(world.refused("phuc", push) == .forbidden && world.refused("minh", push) == nil)
        // A log from before this rule.
        world.take(
            .revisionPushed(
                RevisionPushed(
                    topic: topic(1), revision: 2, change: .cosmetic, addresses: [], note: nil,
                    text: Body(Draft.cosmetic))
            ), by: "phuc")
        let status = world.requirement(.reviewed)
        #expect(status.state == .unmet && status.missing == [review.description])
        #expect(status.wording.vietnamese.contains("không được tính vì Hà Văn Phúc đã gửi bản dự thảo"))
        #expect(status.waiting == [p("nga")] && world.tasks("nga") == ["assess"])
    }

    @Test("of a cancelled topic nothing waits for anybody")
    func cancelled() throws {
        var world = try World()
        try world.reach(.review)
        try world.act("bich", .cancel(topic(1), reason: octets("Thôi.")))
        let revived = world.state.reviving(topic(1), events: world.events)
        let whole = try #require(revived.topics[topic(1)])
        let all = revived.requirements(of: whole, seen: [], now: world.now)
        #expect(all.contains { $0.state == .unmet } && all.allSatisfy { $0.waiting.isEmpty })
    }

    /// At which stages a requirement is worked on: written down a second time, without looking at acts.
    private static let worked: [Requirement: Set<Stage>] = [
        .reviewed: [.review, .revision, .finishing], .must: [.leadership, .revision, .finishing],
        .settled: [.leadership, .revision, .finishing], .plenary: [.plenary, .finishing], .content: [.finishing],
        .format: [.finishing], .noObjection: [.finishing, .approval], .outline: [.leadership, .revision, .finishing],
        .maintained: [.approval], .approval: [.approval],
    ]

    @Test("in any state: who is waited for has a task, and nobody is told what they may not do", arguments: 61...66)
    func agree(seed: UInt64) throws {
        var chaos = Chaos(seed: seed)
        var world = try World()
        var checked = 0
        var judged = 0
        for step in 0..<900 {
            world.now = world.now.adding(milliseconds: Int64(chaos.below(2_000_000)))
            let open = world.state.topicsInOrder.filter { !$0.stage.isFinished }
            guard let topic = open.isEmpty ? nil : chaos.one(open) else { break }
            let command =
                chaos.chance(1)
                ? .disablePerson(
                    p(chaos.one(["lan", "minh", "phuc", "quyen", "van", "dung"])), reason: octets("Nghỉ."))
                : (chaos.chance(30) ? chaos.duty(in: world) : nil) ?? chaos.command(on: topic, in: world)
            for who in chaos.everybody() where world.refused(who, command) == nil {
                try world.act(who, command)
                break
            }
            guard step % 3 == 0 else { continue }
            let tasks = Dictionary(
                uniqueKeysWithValues: Chaos.names.map { ($0, world.state.tasks(for: p($0), now: world.now)) })
            checked += check(world, tasks)
            // In a fixed order: each command takes from the seed.
            for who in Chaos.names {
                for task in tasks[who] ?? [] {
                    guard let command = chaos.command(for: task, in: world) else { continue }
                    let code = world.refused(who, command)
                    judged += 1
                    #expect(
                        ![.forbidden, .stage, .notFound].contains(code),
                        "\(who) is told \(task.act) \(task.object ?? "") on \(task.topic): \(String(describing: code))")
                }
            }
        }
        #expect(checked > 100 && judged > 100, "\(checked) \(judged)")
    }

    private func check(_ world: World, _ tasks: [String: [ReviewTask]]) -> Int {
        var checked = 0
        for topic in world.state.openTopicsInOrder where !topic.stage.isFinished && topic.postponed == nil {
            for status in world.state.requirements(of: topic, seen: [], now: world.now) where status.state == .unmet {
                guard Self.worked[status.requirement]?.contains(topic.stage) == true else { continue }
                for person in status.waiting {
                    checked += 1
                    let isTold = tasks[person.text]?.contains { $0.topic == topic.id } == true
                    let isEarly =
                        topic.stage != .finishing && topic.stage != .approval
                        && status.turns.filter { $0.persons.contains(person) }.allSatisfy { $0.act == .override }
                    // A sign-off waits for its signer, who is told once every comment is settled.
                    let isUnsettled =
                        world.state.isUnsettled(topic)
                        && status.turns.allSatisfy { $0.act == .vouch || $0.act == .format }
                    #expect(
                        isTold || isEarly || isUnsettled,
                        "\(person) for \(status.requirement) of \(topic.id) at \(topic.stage)")
                }
            }
        }
        return checked
    }
}
