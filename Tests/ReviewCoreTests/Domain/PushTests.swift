import ReviewDigest
import Testing

@testable import ReviewCore

@Suite("Revisions")
struct PushTests {
    private func push(_ text: String = Draft.first, base: Int = 0, addresses: [CommentID] = []) -> Command {
        .push(topic(1), base: base, addresses: addresses, note: nil, text: octets(text))
    }

    @Test("the lead office pushes; once authors are assigned, only they and their head")
    func who() throws {
        var world = try World()
        for who in ["lan", "minh", "hanh"] { #expect(world.refused(who, push()) == nil) }
        for who in ["nga", "phuc", "bich", "dung", "van"] {
            #expect(world.refused(who, push()) == .forbidden, "\(who)")
        }
        #expect(world.refused("soat", push()) == .notFound)
        try world.act("hanh", .assign(topic(1), p("lan"), .author))
        #expect(world.refused("lan", push()) == nil)
        #expect(world.refused("hanh", push()) == nil)
        #expect(world.refused("minh", push()) == .forbidden)
    }

    @Test("a Director who is assigned as author pushes, and reads the draft")
    func directorAsAuthor() throws {
        var world = try World()
        #expect(world.state.access(of: p("bich"), to: world[1]) == .title)
        try world.act("hanh", .assign(topic(1), p("bich"), .author))
        try world.push(Draft.first, "bich")
        #expect(world.state.access(of: p("bich"), to: world[1]) == .text)
        #expect(world.state.access(of: p("dung"), to: world[1]) == .title)
    }

    @Test("the text is stored canonical and named by its digest")
    func canonical() throws {
        var world = try World()
        let outcome = try world.push("# Mở đầu\r\nMo\u{302}\u{323}t do\u{300}ng  \r\n\r\n\r\n")
        let stored = "# Mở đầu\nMột dòng\n"
        #expect(world[1].latest.map { octets($0.document.text) } == octets(stored))
        #expect(world[1].latest?.digest == Digest(hashing: stored))
        #expect(outcome.details.contains(Detail("sha256", Digest(hashing: stored).description)))
        #expect(outcome.details.contains(Detail("lines", "2")))
        for text in ["", "\n\n", "a\u{202E}b", "a\u{0}b"] {
            #expect(world.refused("lan", push(text, base: 1)) == .invalid)
        }
        #expect(
            world.refused("lan", .push(topic(1), base: 1, addresses: [], note: nil, text: [0xC3, 0x28])) == .invalid)
    }

    @Test("a push on another revision than the newest is stale, and says who was faster")
    func stale() throws {
        var world = try World()
        #expect(world.refused("lan", push(base: 1)) == .stale)
        try world.push(Draft.first)
        let refusal = try #require(world.refusal("hanh", push(Draft.cosmetic, base: 0)))
        #expect(refusal.code == .stale)
        #expect(refusal.details == [Detail("current", "2025-1@1"), Detail("by", "lan")])
        #expect(world.refused("hanh", push(Draft.cosmetic, base: -1)) == .stale)
        #expect(world.refused("hanh", push(Draft.cosmetic, base: 1)) == nil)
    }

    @Test("authors push while drafting, at leadership, revision and finishing, and at no other stage")
    func stages() throws {
        var world = try World()
        for stage in [Stage.assigned, .drafting, .leadership, .review, .revision, .plenary, .finishing, .approval] {
            try world.reach(stage)
            let isOpen = ![Stage.review, .plenary, .approval].contains(stage)
            #expect(
                world.refused("lan", push(Draft.cosmetic, base: world[1].newest)) == (isOpen ? nil : .stage), "\(stage)"
            )
        }
        try world.reach(.approved)
        #expect(world.refused("lan", push(Draft.cosmetic, base: 1)) == .stage)
        try world.reach(.issued)
        #expect(world.refused("lan", push(Draft.cosmetic, base: 1)) == .stage)
    }

    @Test("only live comments of the topic can be addressed")
    func addressed() throws {
        var world = try World()
        try world.reach(.leadership)
        let gone = try world.comment("bich")
        try world.act("bich", .withdraw(gone, reason: octets("Nhầm.")))
        #expect(world.refused("lan", push(base: 1, addresses: [gone])) == .invalid)
        #expect(world.refused("lan", push(base: 1, addresses: [CommentID(99)])) == .invalid)
        let many = [CommentID](repeating: CommentID(1), count: 501)
        #expect(world.refused("lan", push(base: 1, addresses: many)) == .invalid)
    }

    @Test("an acceptance without revision is carried by the next push that names it; other dispositions are not")
    func carried() throws {
        var world = try World()
        try world.reach(.revision)
        let accepted = try world.comment(at: "II.2/1")
        let declined = try world.comment(at: "I/1")
        let unnamed = try world.comment(at: "II.3/1")
        try world.settle(accepted)
        try world.settle(declined, .declined, "Giữ nguyên.")
        try world.settle(unnamed)
        #expect(world[1].comments[accepted.number]?.settledIn == nil)
        try world.push(Draft.measuresChanged, addresses: [accepted, declined])
        #expect(world[1].comments[accepted.number]?.settledIn == 2)
        #expect(world[1].comments[declined.number]?.settledIn == nil)
        #expect(world[1].comments[unnamed.number]?.settledIn == nil)
    }

    @Test("an acceptance names the revision that claimed to address it, not just the newest")
    func carrier() throws {
        var world = try World()
        try world.reach(.revision)
        let first = try world.comment(at: "II.2/1")
        let other = try world.comment(at: "I/1")
        try world.push(Draft.measuresChanged, addresses: [first])
        try world.push(Draft.rewritten)
        try world.settle(first)
        try world.settle(other)
        #expect(world[1].comments[first.number]?.settledIn == 2)
        #expect(world[1].comments[other.number]?.settledIn == 3)
        let late = try world.comment(at: "I/1")
        #expect(world.refused("lan", .settle(late, .accepted, revision: 2, body: nil)) == .invalid)
        #expect(world.refused("lan", .settle(late, .accepted, revision: 4, body: nil)) == .invalid)
        #expect(world.refused("lan", .settle(late, .accepted, revision: 3, body: nil)) == .invalid, "commented on")
        try world.push(Draft.first)
        #expect(world.refused("lan", .settle(late, .accepted, revision: 4, body: nil)) == nil)
    }

    @Test("nobody is said to have changed the text for what was accepted in part, and no equal text carries anything")
    func unnamedCarrier() throws {
        var world = try World()
        try world.reach(.revision)
        let accepted = try world.comment(at: "II.2/1")
        let partly = try world.comment(at: "I/1")
        let named = try world.comment(at: "I/1")
        let again = try world.push(Draft.first)
        #expect(again.wording.vietnamese.contains("Văn bản giống hệt dự thảo lần 1."))
        try world.settle(accepted)
        try world.settle(partly, .partly, "Đã nêu ngắn.")
        #expect(world[1].comments[accepted.number]?.settledIn == nil, "the text is the one that was commented on")
        func table() throws -> String {
            try Papers.form(
                named: "bang-tiep-thu-giai-trinh", topic: world[1], in: world.state, for: p("lan"), now: world.now)
        }
        #expect(try table().ranges(of: "chưa có bản nào thể hiện").count == 2)
        try world.push(Draft.rewritten, addresses: [named])
        try world.settle(partly, .partly, "Đã nêu ngắn gọn.")
        #expect(world[1].comments[partly.number]?.settledIn == nil)
        let text = try table()
        #expect(text.contains("Tiếp thu một phần (Lý Thị Lan).") && !text.contains("Tiếp thu một phần; "))
        try world.settle(named, .partly, "Đã sửa câu đầu.")
        #expect(world[1].comments[named.number]?.settledIn == 3, "the push named it")
        try world.settle(accepted)
        #expect(world[1].comments[accepted.number]?.settledIn == 3)
    }

    @Test("the same text carries nothing even where its push names comments; the last text that names them does")
    func namedBySameText() throws {
        for isSettledFirst in [true, false] {
            var world = try World()
            try world.reach(.revision)
            let id = try world.comment(at: "I/1")
            func carrier() -> Int? { world[1].comments[id.number]?.settledIn }
            if isSettledFirst { try world.settle(id) }
            try world.push(Draft.first, addresses: [id])
            if !isSettledFirst { try world.settle(id) }
            #expect(carrier() == nil, "nothing has changed")
            try world.push(Draft.rewritten, addresses: [id])
            #expect(carrier() == 3)
            try world.push(Draft.rewritten + "\nThêm một đoạn.\n", addresses: [id])
            #expect(carrier() == 4)
            #expect(difference(world.state, world.restarted()) == nil)
            // Given by hand it stays.
            try world.act("lan", .settle(id, .accepted, revision: 3, body: nil))
            try world.push(Draft.rewritten, addresses: [id])
            #expect(carrier() == 3)
        }
    }

    @Test("comments follow the text: in place, moved, edited, orphaned, and back again")
    func ported() throws {
        var world = try World()
        try world.reach(.revision)
        let opening = try world.comment(at: "I/1", quote: "57 buổi")
        let limits = try world.comment(at: "II.1.2/1")
        let whole = try world.comment()
        func now(_ id: CommentID) -> PortState? { world[1].comments[id.number]?.now.state }
        #expect(now(opening) == .exact && now(limits) == .exact && now(whole) == .exact)

        try world.push(Draft.text(opening: "Lời dẫn được thêm vào đây.\n\n" + Draft.opening))
        #expect(now(opening) == .moved)
        #expect(world[1].comments[opening.number]?.now.target?.description == "I/2")
        #expect(world[1].comments[opening.number]?.anchor.target.description == "I/1", "a comment keeps its own place")

        try world.push(Draft.text(opening: Draft.opening.replacing("57", with: "75")))
        #expect(now(opening) == .edited)

        try world.push(Draft.text(limits: nil))
        #expect(now(limits) == .orphan)
        #expect(now(whole) == .exact)

        try world.push(Draft.first)
        #expect(now(limits) == .exact, "a paragraph that was put back has its comments again")
        #expect(now(opening) == .exact)

        // Seen from a later revision, that one still gives the places that it gave when it was the newest.
        let back = try #require(world[1].latest)
        try world.push(Draft.text(limits: nil))
        let comments = world[1].comments.filter { [limits, opening].contains($0.id) }
        #expect(world[1].ported(comments, to: back).allSatisfy { $0.now.state == .exact })
        try world.push(Draft.first)

        let old = try world.act(
            "phuc",
            .comment(
                RevisionID(topic(1), 2), at: "I/2", quote: nil, kind: .content, level: .note, suggestion: nil,
                behalf: nil,
                body: octets("Nhận xét trên bản trước.")))
        #expect(old.details.contains(Detail("anchor", "I/2")))
        let id = CommentID(world.state.highestComment)
        #expect(world[1].comments[id.number]?.now.target?.description == "I/1")
        #expect(now(id) == .moved)
    }
}

@Suite("Votes when a new revision arrives")
struct VoteCarryTests {
    /// A topic at finishing with a positive and a negative review, both sign-offs and a comment on II.2.
    private func prepared() throws -> (World, CommentID) {
        var world = try World()
        try world.reach(.review)
        let id = try world.comment(at: "II.2/1")
        let pass = try world.assess("phuc", .pass)
        try world.assess("quyen", .reviseAndRecheck)
        try world.act("nga", .endorse(pass))
        try world.act("hanh", .vouch(RevisionID(topic(1), 1), .vouch, body: nil))
        try world.act("van", .checkFormat(RevisionID(topic(1), 1), .pass, body: nil))
        return (world, id)
    }

    @Test("identical text keeps every vote")
    func identical() throws {
        var (world, _) = try prepared()
        try world.push(Draft.first + "\n\n")
        #expect(world[1].latest?.change == .identical)
        #expect(world[1].contentVote != nil && world[1].formatVote != nil)
        #expect(world[1].countingReviews.map(\.verdict) == [.pass, .reviseAndRecheck])
        #expect(world.requirement(.content).state == .met)
        let again = try world.act("hanh", .vouch(RevisionID(topic(1), 2), .vouch, body: nil))
        #expect(again.facts.isEmpty)
    }

    @Test("cosmetic changes void the sign-offs and keep reviews")
    func cosmetic() throws {
        var (world, _) = try prepared()
        try world.push(Draft.cosmetic)
        #expect(world[1].latest?.change == .cosmetic)
        #expect(world[1].contentVote == nil && world[1].formatVote == nil)
        #expect(world[1].countingReviews.map(\.verdict) == [.pass, .reviseAndRecheck])
    }

    @Test("changes within the addressed paragraphs void the sign-offs and keep reviews")
    func addressed() throws {
        var (world, id) = try prepared()
        try world.push(Draft.measuresChanged, addresses: [id])
        #expect(world[1].latest?.change == .addressed)
        #expect(world[1].contentVote == nil && world[1].formatVote == nil)
        #expect(world[1].countingReviews.map(\.verdict) == [.pass, .reviseAndRecheck])
        #expect(world.requirement(.reviewed).state == .met)
    }

    @Test("the same change without a claim lets the positive reviews fall; negative ones stay")
    func other() throws {
        var (world, _) = try prepared()
        try world.push(Draft.measuresChanged)
        #expect(world[1].latest?.change == .other)
        #expect(world[1].countingReviews.map(\.verdict) == [.reviseAndRecheck])
        #expect(world[1].contentVote == nil && world[1].formatVote == nil)
        #expect(world.requirement(.reviewed).state == .unmet)
        #expect(world.tasks("phuc").contains("assess P1"))
        let renewed = try world.assess("phuc", .pass)
        #expect(world.requirement(.reviewed).waiting == [p("nga")])
        try world.act("nga", .endorse(renewed))
        #expect(world.requirement(.reviewed).state == .met)
    }

    @Test("whose objection stands is found in one pass, however many opinions there are", .timeLimit(.minutes(1)))
    func manyOpinions() throws {
        let world = try World()
        var topic = world[1]
        topic.opinions = (0..<40_000).map { number in
            OpinionVote(
                revision: 1, person: p("l\(number % 30_000)"), opinion: number == 39_999 ? .agree : .object, body: nil,
                time: topic.stageSince, event: Int64(number))
        }
        #expect(topic.placesOfStandingObjections == Array(10_000..<39_999))
    }

    @Test("who objects again after it was lifted has it lifted again")
    func objectionAnew() throws {
        var world = try World()
        try world.reach(.leadership)
        for _ in 0..<2 {
            try world.act("dung", .opine(RevisionID(topic(1), 1), .object, body: octets("Thiếu căn cứ.")))
            #expect(world[1].standingObjections.count == 1)
            try world.act("bich", .lift(topic(1), p("dung"), reason: octets("Đã bổ sung.")))
            #expect(world[1].standingObjections.isEmpty)
        }
        #expect(world[1].opinions.allSatisfy { $0.lifted != nil })
        try world.act("bich", .opine(RevisionID(topic(1), 1), .object, body: octets("Chưa ổn.")))
        #expect(world.refused("dung", .lift(topic(1), p("bich"), reason: octets("x"))) == .forbidden, "a deputy")
    }

    @Test("a comment made on an older revision finds a paragraph that was taken out and put back")
    func putBack() throws {
        var world = try World()
        try world.reach(.revision)
        try world.push(Draft.text(opening: "Lời dẫn khác hẳn, chưa có con số nào cả."))
        try world.push(Draft.first)
        try world.act(
            "phuc",
            .comment(
                RevisionID(topic(1), 1), at: "I/1", quote: nil, kind: .content, level: .should, suggestion: nil,
                behalf: nil, body: octets("Cần nguồn của số liệu.")))
        #expect(world[1].comments[1]?.now.state == .exact)
    }

    @Test("an objection stays through every change until its owner or the Director lifts it")
    func objection() throws {
        var world = try World()
        try world.reach(.leadership)
        try world.act("dung", .opine(RevisionID(topic(1), 1), .object, body: octets("Thiếu căn cứ.")))
        try world.push(Draft.rewritten)
        #expect(world[1].standingObjections.map(\.person) == [p("dung")])
        #expect(world.requirement(.noObjection).state == .unmet)
        for who in ["hanh", "nga", "lan"] {
            #expect(world.refused(who, .lift(topic(1), p("dung"), reason: octets("x"))) != nil)
        }
        #expect(world.refused("dung", .lift(topic(1), p("dung"), reason: octets("x"))) == nil)
        #expect(world.refused("bich", .lift(topic(1), p("bich"), reason: octets("x"))) == .conflict)
        try world.act("bich", .lift(topic(1), p("dung"), reason: octets("Đã bổ sung căn cứ.")))
        #expect(world[1].standingObjections.isEmpty)
        #expect(world.refused("dung", .lift(topic(1), p("dung"), reason: octets("x"))) == .conflict)
        try world.act("dung", .opine(RevisionID(topic(1), 2), .object, body: octets("Vẫn thiếu.")))
        #expect(world[1].standingObjections.count == 1)
        try world.act("dung", .opine(RevisionID(topic(1), 2), .direct, body: octets("Làm rõ thêm.")))
        #expect(world[1].standingObjections.count == 1, "directions lift nothing")
        try world.act("dung", .opine(RevisionID(topic(1), 2), .object, body: octets("Vẫn thiếu.")))
        #expect(world[1].standingObjections.count == 1, "one person has one objection")
        try world.act("dung", .opine(RevisionID(topic(1), 2), .agree, body: nil))
        #expect(world[1].standingObjections.isEmpty)
    }

    @Test("who pushes personal data is told where it stands, without the data")
    func personalData() throws {
        var world = try World()
        try world.reach(.drafting)
        let outcome = try world.push(Draft.text(opening: "Bị cáo Nông Văn Hùng, điện thoại 0912345678."))
        #expect(outcome.details.contains(Detail("personal-data", "2")))
        let told = outcome.wording.vietnamese
        #expect(told.contains("2 chỗ") && told.contains("I/1 họ tên đương sự (N. V. H.)"), "\(told)")
        #expect(!told.contains("Hùng") && !told.contains("345678"))
        let clean = try world.push(Draft.text(opening: "Bị cáo Nông Văn A."))
        #expect(!clean.details.contains { $0.key == "personal-data" } && !clean.wording.vietnamese.contains("Rà soát"))
    }
}
