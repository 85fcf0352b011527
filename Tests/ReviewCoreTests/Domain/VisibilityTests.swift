import Testing

@testable import ReviewCore

@Suite("Who sees what, when")
struct VisibilityTests {
    /// Access to topic 1, led by hcth, by stage.
    @Test("access by stage")
    func access() throws {
        var world = try World()
        let inside = ["hanh", "lan", "minh", "van"]
        let leaders = ["bich", "dung"]
        let reviewers = ["nga", "phuc", "quyen"]
        let everybody = inside + leaders + reviewers
        let readers: [(Stage, [String])] = [
            (.assigned, inside), (.drafting, inside), (.leadership, inside + leaders), (.review, everybody),
            (.revision, everybody), (.plenary, everybody), (.finishing, everybody), (.approval, everybody),
            (.approved, everybody + ["soat"]), (.issued, everybody + ["soat"]),
        ]
        for (stage, allowed) in readers {
            try world.reach(stage)
            for who in Chaos.names {
                let expected: Access = allowed.contains(who) ? .text : who == "soat" ? .none : .title
                #expect(world.state.access(of: p(who), to: world[1]) == expected, "\(who) at \(stage)")
            }
        }
        #expect(world.state.access(of: p("ai"), to: world[1]) == .none)
    }

    @Test("a cancelled topic stays with those who worked on it")
    func cancelled() throws {
        var world = try World()
        try world.reach(.cancelled)
        for who in ["hanh", "nga", "bich"] { #expect(world.state.access(of: p(who), to: world[1]) == .text) }
        #expect(world.state.access(of: p("soat"), to: world[1]) == .none)
        #expect(world.state.access(of: p("tri"), to: world[1]) == .title)
    }

    @Test("what one may not see is not found, with the same words as what is not there")
    func notFound() throws {
        var world = try World()
        try world.reach(.leadership)
        let id = try world.comment("bich")
        let hidden = world.refusal("soat", .postpone(topic(1), reason: octets("x")))
        let absent = world.refusal("soat", .postpone(topic(9), reason: octets("x")))
        #expect(hidden?.code == .notFound && absent?.code == .notFound)
        #expect(hidden?.wording.vietnamese.replacing("2025-1", with: "2025-9") == absent?.wording.vietnamese)
        #expect(
            world.refusal("phuc", .answer(id, body: octets("x")))?.wording.english
                == world.refusal("phuc", .answer(CommentID(99), body: octets("x")))?.wording.english.replacing(
                    "C99", with: "\(id)"))
    }

    @Test("events are told to those who may read what they refer to")
    func events() throws {
        var world = try World()
        try world.reach(.leadership)
        try world.comment("bich")
        func seers(_ type: String) -> [String] {
            guard let event = world.events.last(where: { $0.fact.type == type }) else { return ["no such event"] }
            return Chaos.names.filter { world.state.isVisible(event, to: p($0)) }
        }
        #expect(seers("COMMENT.ADDED") == ["bich", "dung", "hanh", "lan", "minh", "van"])
        #expect(seers("REVISION.PUSHED") == ["bich", "dung", "hanh", "lan", "minh", "van"])
        #expect(seers("STAGE.ENTERED") == Chaos.names.filter { $0 != "soat" })
        #expect(seers("TOPIC.PLANNED") == Chaos.names.filter { $0 != "soat" }, "topic 4 is not approved")
        #expect(seers("PERSON.ADDED") == Chaos.names)
        try world.act("tri", .invite(p("lan"), code: "c"))
        try world.act("lan", .setCredential(hash: "h"))
        try world.act("lan", .issueToken(token: "t", expires: at("2025-04-01")))
        for type in ["PERSON.INVITED", "CREDENTIAL.SET", "TOKEN.ISSUED"] {
            #expect(seers(type) == ["lan", "tri"], "\(type)")
        }
        try world.reach(.review)
        #expect(seers("COMMENT.ADDED") == ["bich", "dung", "hanh", "lan", "minh", "nga", "phuc", "quyen", "van"])
        try world.reach(.revision)
        try world.settle(CommentID(1), .noted)
        try world.reach(.approved)
        #expect(seers("COMMENT.ADDED") == Chaos.names.filter { $0 != "tri" })
        #expect(seers("APPROVAL.GIVEN") == Chaos.names.filter { $0 != "tri" }, "a vote")
        try world.reach(.issued)
        #expect(seers("COMMENT.ADDED") == Chaos.names.filter { $0 != "tri" }, "also when archived")
        #expect(seers("REVIEW.FILED") == Chaos.names.filter { $0 != "tri" })
    }
}
