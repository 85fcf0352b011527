import ReviewDigest
import Testing

@testable import ReviewCore

@Suite("Redaction")
struct RedactionTests {
    private static let document = "15/QĐ-TGPL ngày 3/11/2025"

    private func redact(_ event: Event, _ document: String = document) -> Command {
        .redact(event, document: document, reason: octets("Theo yêu cầu của chủ thể dữ liệu."))
    }

    /// The last event of a type.
    private func last(_ type: String, _ world: World) throws -> Event {
        try #require(world.events.last { $0.fact.type == type })
    }

    /// The world as it is read back once the store has dropped the texts.
    private func reread(_ world: World) throws -> State {
        var dropped: [Int64: Set<Digest>] = [:]
        for case .bodyRedacted(let fact) in world.events.map(\.fact) {
            dropped[fact.target, default: []].insert(fact.digest)
        }
        var state = State()
        for event in world.events {
            let fields = event.fact.fields
            let bodies = fields.bodies.map { named in
                dropped[event.sequence]?.contains(named.body.digest) == true
                    ? FactFields.NamedBody(name: named.name, body: Body(digest: named.body.digest, text: nil)) : named
            }
            let fact = try Fact(type: event.fact.type, fields: FactFields(pairs: fields.pairs, bodies: bodies))
            state.apply(
                Event(
                    sequence: event.sequence, time: event.time, person: event.person, office: event.office, fact: fact))
        }
        return state
    }

    @Test("everything that a comment carries goes, one fact a text, and the notice stands in its place")
    func comment() throws {
        var world = try World()
        try world.reach(.review)
        try world.act(
            "phuc", world.newComment(at: "I/1", quote: "57 buổi", suggestion: "75 buổi", "Ông Nông Văn X, CCCD 0123."))
        try world.comment("quyen", "Ý kiến khác.")
        let target = try #require(world.events.first { $0.fact.type == CommentAdded.type })
        let outcome = try world.act(nil, redact(target))
        #expect(outcome.facts.map(\.type) == Array(repeating: BodyRedacted.type, count: 3))
        var fields: [String] = []
        for case .bodyRedacted(let fact) in outcome.facts {
            #expect(fact.target == target.sequence && fact.topic == topic(1) && fact.document == Self.document)
            fields.append(fact.field)
        }
        #expect(fields == ["quote", "suggest", "body"])
        let state = try reread(world)
        let comment = try #require(state.topics[topic(1)]?.comments[1])
        #expect(state.shown(comment.body) == "[nội dung đã xóa theo 15/QĐ-TGPL ngày 3/11/2025]")
        #expect(comment.suggestion.map { state.shown($0) } == "[nội dung đã xóa theo 15/QĐ-TGPL ngày 3/11/2025]")
        #expect(comment.anchor.quote == nil)
        #expect(comment.anchor.target.description == "I/1", "the place stays")
        let other = try #require(state.topics[topic(1)]?.comments[2])
        #expect(state.shown(other.body) == "Ý kiến khác.")
        let table = try Papers.form(
            named: "bang-tiep-thu-giai-trinh", topic: state.topics[topic(1)], in: state, for: p("hanh"),
            now: world.now)
        #expect(table.contains("[nội dung đã xóa theo 15/QĐ-TGPL ngày 3/11/2025]"))
        #expect(!table.contains("CCCD"))
        #expect(table.contains("số dòng: 2 (đủ"), "no comment is missing because its text is")
    }

    @Test("only the operator does it, with a document and a reason")
    func who() throws {
        var world = try World()
        try world.reach(.review)
        try world.comment()
        let target = try last(CommentAdded.type, world)
        for who in Chaos.names { #expect(world.refused(who, redact(target)) == .forbidden, "\(who)") }
        #expect(world.refused(nil, redact(target, "")) == .invalid)
        #expect(world.refused(nil, redact(target, "a\u{1B}[2J")) == .invalid)
        #expect(world.refused(nil, .redact(target, document: Self.document, reason: [])) == .invalid)
        #expect(world.refused(nil, redact(target)) == nil)
    }

    @Test("the text that people work on stays until there is a new one")
    func revision() throws {
        var world = try World()
        try world.reach(.revision)
        let first = try last(RevisionPushed.type, world)
        #expect(world.refused(nil, redact(first)) == .conflict)
        let digest = try #require(world[1].latest?.digest)
        try world.comment(at: "I/1", level: .note)
        try world.push(Draft.text(opening: Draft.opening.replacing("57", with: "75"), limits: nil))
        try world.act(nil, redact(first))
        let state = try reread(world)
        let topic = try #require(state.topics[topic(1)])
        let table = try Papers.form(
            named: "bang-tiep-thu-giai-trinh", topic: topic, in: state, for: p("nga"), now: world.now)
        #expect(table.contains("không đối chiếu được nữa vì nội dung dự thảo lần 1 đã xóa"), "\(table)")
        #expect(!table.contains("không còn ở dự thảo"))
        let gone = try #require(topic.revision(1))
        #expect(gone.digest == digest, "the digest stays")
        #expect(state.notice(of: gone) == "[nội dung đã xóa theo 15/QĐ-TGPL ngày 3/11/2025]")
        #expect(topic.revision(2).flatMap { state.notice(of: $0) } == nil)
        #expect(topic.stage == .revision)
    }

    @Test("a finished topic has its notices when it is read again")
    func finished() throws {
        var world = try World()
        try world.reach(.review)
        try world.comment(level: .note, "Bà Lò Thị Y, số điện thoại 09x.")
        try world.reach(.revision)
        try world.settle(CommentID(1), .noted)
        try world.reach(.issued)
        let target = try last(CommentAdded.type, world)
        try world.act(nil, redact(target))
        let final = try last(RevisionPushed.type, world)
        #expect(world.refused(nil, redact(final)) == nil, "also the text, once the topic is finished")
        let state = try reread(world)
        #expect(state.topics[topic(1)]?.isArchived == true)
        let events = world.events.filter { $0.fact.topic == topic(1) }.map { event in
            event.sequence == target.sequence ? withoutTexts(event) : event
        }
        let revived = state.reviving(topic(1), events: events)
        let comment = try #require(revived.topics[topic(1)]?.comments[1])
        #expect(revived.shown(comment.body).contains("15/QĐ-TGPL"))
    }

    private func withoutTexts(_ event: Event) -> Event {
        let fields = event.fact.fields
        let bodies = fields.bodies.map {
            FactFields.NamedBody(name: $0.name, body: Body(digest: $0.body.digest, text: nil))
        }
        let fact = try? Fact(type: event.fact.type, fields: FactFields(pairs: fields.pairs, bodies: bodies))
        return Event(
            sequence: event.sequence, time: event.time, person: event.person, office: event.office,
            fact: fact ?? event.fact)
    }

    @Test("what the server works by does not go, and a removal is no text to remove")
    func notTexts() throws {
        var world = try World()
        try world.reach(.review)
        try world.comment()
        for type in [
            PlanLoaded.type, TopicPlanned.type, PersonAdded.type, MemberAssigned.type, StageEntered.type,
            OfficeAdded.type,
        ] {
            #expect(world.refused(nil, redact(try last(type, world))) == .invalid, "\(type)")
        }
        try world.act(nil, redact(try last(CommentAdded.type, world)))
        #expect(world.refused(nil, redact(try last(BodyRedacted.type, world))) == .invalid)
    }

    @Test("a second time there is nothing left to do")
    func again() throws {
        var world = try World()
        try world.reach(.review)
        try world.comment()
        let target = withoutTexts(try last(CommentAdded.type, world))
        let outcome = try world.state.decide(redact(target), by: .operator, now: world.now)
        #expect(outcome.facts.isEmpty)
        #expect(outcome.details.contains(Detail("already", "yes")))
    }

    @Test("those who read the topic are told, the others are not")
    func visibility() throws {
        var world = try World()
        try world.reach(.review)
        try world.comment()
        try world.act(nil, redact(try last(CommentAdded.type, world)))
        let event = try last(BodyRedacted.type, world)
        #expect(world.state.isVisible(event, to: p("hanh")))
        #expect(!world.state.isVisible(event, to: p("tri")), "the administrator reads no content")
        #expect(!world.state.isVisible(event, to: p("soat")))
        let shown = event.fact.reference
        #expect(
            shown.contains(
                Detail("event", String(world.events.last { $0.fact.type == CommentAdded.type }?.sequence ?? 0))))
        #expect(shown.contains(Detail("document", Self.document)))
        #expect(!shown.contains { $0.value.contains("chủ thể") })
    }
}
