import Testing

@testable import ReviewCore

/// A draft that was prepared beforehand changes nothing but the time it takes.
@Suite struct PreparedDraftTests {
    /// Topic 1 with two revisions and a leader's comments on both.
    private func world() throws -> World {
        var world = try World()
        try world.reach(.leadership)
        for place in ["I/1", "II.2/1", "II.1", "III/1"] { try world.comment("dung", at: place) }
        try world.push(Draft.measuresChanged)
        try world.comment("dung", at: "I/1")
        return world
    }

    private func push(_ text: String, _ world: World, addressing: [CommentID] = [], _ draft: PreparedDraft?) -> Command
    {
        .push(topic(1), base: world[1].newest, addresses: addressing, note: nil, text: octets(text), prepared: draft)
    }

    private func prepare(_ text: String, _ world: World, addressing: [CommentID] = []) -> PreparedDraft {
        PreparedDraft(octets(text), addressing: addressing, in: world[1])
    }

    @Test func itGivesWhatDecidingAtOnceGives() throws {
        for text in [Draft.first, Draft.cosmetic, Draft.rewritten, Draft.measuresChanged, "\u{FEFF}"] {
            let world = try world()
            var (one, other) = (world, world)
            let draft = prepare(text, world, addressing: [CommentID(2)])
            let refusal = one.refusal("lan", push(text, world, addressing: [CommentID(2)], nil))
            #expect(other.refusal("lan", push(text, world, addressing: [CommentID(2)], draft)) == refusal)
            guard refusal == nil else { continue }
            let outcome = try other.act("lan", push(text, world, addressing: [CommentID(2)], draft))
            #expect(outcome.draft === draft)
            #expect(try one.act("lan", push(text, world, addressing: [CommentID(2)], nil)) == outcome)
            #expect(difference(one.state, other.state) == nil)
            #expect(difference(try other.replayed(), other.state) == nil)
        }
    }

    @Test func commentsThatCameMeanwhileAreMoved() throws {
        var world = try world()
        let draft = prepare(Draft.first, world)
        try world.comment("dung", at: "II.2/1")
        try world.act(
            "dung",
            .comment(
                RevisionID(topic(1), 1), at: "II.3/1", quote: nil, kind: .content, level: .should, suggestion: nil,
                behalf: nil, body: octets("Nêu rõ cơ quan.")))
        var fresh = world
        let outcome = try world.act("lan", push(Draft.first, world, draft))
        #expect(outcome.draft === draft)
        try fresh.act("lan", push(Draft.first, fresh, nil))
        #expect(difference(world.state, fresh.state) == nil)
        #expect(difference(try world.replayed(), world.state) == nil)
    }

    @Test func itIsNotUsedForAnythingElse() throws {
        var world = try world()
        let draft = prepare(Draft.first, world)
        let outcome = try world.state.decide(push(Draft.cosmetic, world, draft), by: .person(p("lan")), now: world.now)
        #expect(outcome.draft !== draft)
        #expect(
            outcome == (try world.state.decide(push(Draft.cosmetic, world, nil), by: .person(p("lan")), now: world.now))
        )
        // Addressing other comments, it may be another kind of change.
        let addressing = try world.state.decide(
            push(Draft.first, world, addressing: [CommentID(1)], draft), by: .person(p("lan")), now: world.now)
        #expect(addressing.draft !== draft)
        try world.act("lan", push(Draft.rewritten, world, nil))
        let later = try world.state.decide(push(Draft.first, world, draft), by: .person(p("lan")), now: world.now)
        #expect(later.draft !== draft)
        let stale = Command.push(
            topic(1), base: 2, addresses: [], note: nil, text: octets(Draft.first), prepared: draft)
        #expect(world.refused("lan", stale) == .stale)
    }

    @Test func whatIsRefusedWhateverTheTextIsSaidFirst() throws {
        let world = try world()
        func refused(_ who: String, _ command: Command) -> RefusalCode? {
            do throws(Refusal) {
                _ = try world.state.topic(for: command, by: .person(p(who)), now: world.now)
                return nil
            } catch { return error.code }
        }
        #expect(refused("lan", push("x", world, nil)) == nil)
        #expect(refused("phuc", push("x", world, nil)) == world.refused("phuc", push(Draft.first, world, nil)))
        #expect(refused("phuc", push("x", world, nil)) != nil)
        #expect(refused("lan", .push(topic(1), base: 1, addresses: [], note: nil, text: [])) == .stale)
    }
}
