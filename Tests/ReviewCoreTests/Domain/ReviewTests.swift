import Testing

@testable import ReviewCore

@Suite("Reviews")
struct ReviewTests {
    private func assess(_ verdict: Verdict = .pass, revision: Int = 1, _ body: String = "Đã đọc.") -> Command {
        .assess(RevisionID(topic(1), revision), verdict, body: octets(body))
    }

    @Test("the review office reviews, nobody of the lead office, no leader, no clerk")
    func who() throws {
        var world = try World()
        try world.reach(.review)
        for who in ["phuc", "quyen", "nga"] { #expect(world.refused(who, assess()) == nil, "\(who)") }
        for who in ["lan", "minh", "hanh", "bich", "dung", "van"] {
            #expect(world.refused(who, assess()) == .forbidden, "\(who)")
        }
        for who in ["soat", "tri"] { #expect(world.refused(who, assess()) == .notFound) }
    }

    @Test("an office that neither leads nor reviews files no review, although it reads from the plenary on")
    func thirdOffice() throws {
        var world = try World()
        try world.act(nil, .addOffice(office("tc"), name: "Phòng Tổ chức"))
        try world.act(
            nil,
            .addPerson(
                p("khach"), name: "Khách", office: office("tc"), position: .staff, credential: nil, invitation: nil))
        try world.reach(.review)
        #expect(world.refused("khach", assess()) == .notFound)
        try world.reach(.plenary)
        #expect(world.refused("khach", assess()) == .forbidden)
        #expect(world.refused("khach", world.newComment()) == nil)
        #expect(world.refused("nga", .assign(topic(1), p("khach"), .reviewer)) == .invalid)
    }

    @Test("who pushed any revision never reviews it, also after a transfer")
    func pushedBefore() throws {
        var world = try World()
        try world.reach(.drafting)
        try world.push(Draft.cosmetic, "hanh")
        try world.act("tri", .changePerson(p("hanh"), name: nil, office: office("nv"), position: .staff))
        try world.act("tri", .changePerson(p("minh"), name: nil, office: nil, position: .head))
        try world.act("minh", .submit(topic(1)))
        try world.act("bich", .submit(topic(1)))
        #expect(world.refused("hanh", assess(revision: 2)) == .forbidden)
        let refusal = try #require(world.refusal("nga", .assign(topic(1), p("hanh"), .reviewer)))
        #expect(refusal.code == .invalid && refusal.wording.vietnamese.contains("đã gửi bản dự thảo"))
        #expect(world.refused("hanh", world.newComment()) == .stage, "as everybody, from the plenary on")
        #expect(world.refused("phuc", assess(revision: 2)) == nil)
    }

    @Test("a head who pushed endorses no review, and nothing waits for them")
    func pushedHead() throws {
        var world = try World()
        try world.reach(.drafting)
        try world.push(Draft.cosmetic, "hanh")
        try world.act("hanh", .submit(topic(1)))
        try world.act("bich", .submit(topic(1)))
        try world.act("tri", .changePerson(p("nga"), name: nil, office: nil, position: .staff))
        try world.act("tri", .changePerson(p("hanh"), name: nil, office: office("nv"), position: nil))
        // Somebody may still be assigned, whose review comes first.
        #expect(!world.tasks("bich").contains("submit"))
        let review = try world.assess()
        #expect(world.tasks("bich").contains("submit"))
        #expect(world.refused("hanh", .endorse(review)) == .forbidden)
        #expect(!world.tasks("hanh").contains { $0.hasPrefix("endorse") })
        let status = world.requirement(.reviewed)
        #expect(status.state == .unmet && status.waiting == [p("bich")])
        #expect(status.wording.vietnamese.hasSuffix("đã gửi bản dự thảo nên không xác nhận phiếu"))
        try world.act("tri", .changePerson(p("nga"), name: nil, office: nil, position: .head))
        #expect(world.requirement(.reviewed).waiting == [p("nga")])
        try world.act("nga", .endorse(review))
        #expect(world[1].stage == .revision)
        // Nor does who ended the review write on.
        try world.act("tri", .changePerson(p("nga"), name: nil, office: office("hcth"), position: nil))
        let next = Command.push(
            topic(1), base: world[1].newest, addresses: [], note: nil, text: octets(Draft.first))
        #expect(world.refused("nga", next) == .forbidden)
    }

    @Test("a review is of the newest revision, at review, revision, plenary and finishing")
    func stages() throws {
        var world = try World()
        for stage in [Stage.drafting, .leadership, .review, .revision, .plenary, .finishing, .approval, .approved] {
            try world.reach(stage)
            let code = world.refused("phuc", assess())
            switch stage {
            case .review, .revision, .plenary, .finishing: #expect(code == nil, "\(stage)")
            case .drafting, .leadership: #expect(code == .notFound, "\(stage)")
            default: #expect(code == .stage, "\(stage)")
            }
        }
        var other = try World()
        try other.reach(.revision)
        try other.push(Draft.cosmetic)
        #expect(other.refused("phuc", assess(revision: 1)) == .stale)
        #expect(other.refused("phuc", assess(revision: 3)) == .notFound)
        #expect(other.refused("phuc", assess(revision: 2, "")) == .invalid)
    }

    @Test("a filed review is never overwritten; a later one of its person takes its place")
    func superseded() throws {
        var world = try World()
        try world.reach(.review)
        let first = try world.assess("phuc", .fail)
        let second = try world.assess("phuc", .pass)
        #expect(world[1].reviews.count == 2)
        #expect(world[1].reviews[first.number]?.body.text == "Đã đọc.")
        #expect(world[1].countingReviews.map(\.id) == [second])
        #expect(world[1].standingFailures.isEmpty)
        #expect(world.refused("nga", .endorse(first)) == .conflict)
    }

    @Test("a review of a later round takes the place of its person's earlier one, as CHECK counts them")
    func supersededInALaterRound() throws {
        var world = try World()
        try world.reach(.review)
        let first = try world.assess("phuc", .fail)
        try world.act("nga", .endorse(first))
        #expect(world.requirement(.noObjection).missing == [first.description])
        try world.act("bich", .sendBack(topic(1), reason: octets("Xem lại.")))
        let second = try world.assess("phuc", .pass)
        #expect(world.requirement(.noObjection).state == .met)
        #expect(world[1].reviews.map(\.isSuperseded) == [true, false])
        let review = try #require(world[1].reviews[first.number])
        let text = PaperText(FiledReview(review, of: world[1], in: world.state).sheet).text
        #expect(text.contains("Kết luận: không đạt (đã có phiếu sau của cùng người thay thế)\n"), "\(text)")
        // Who does not see the second one is not told that there is one.
        let shown = world[1].shown(to: p("quyen"), in: world.state)
        #expect(shown.reviews.map(\.id) == [first] && shown.reviews.map(\.isSuperseded) == [false])
        #expect(world[1].shown(to: p("nga"), in: world.state).reviews.map(\.id) == [first, second])
    }

    @Test("the head of the review office endorses, once, and the topic moves on")
    func endorsing() throws {
        var world = try World()
        try world.reach(.review)
        let review = try world.assess()
        for who in ["phuc", "bich", "van"] {
            #expect(world.refused(who, .endorse(review)) == .forbidden, "\(who)")
        }
        for who in ["hanh", "lan"] { #expect(world.refused(who, .endorse(review)) == .forbidden, "\(who)") }
        #expect(world.refused("nga", .endorse(ReviewID(9))) == .notFound)
        #expect(world.refused("quyen", .endorse(review)) == .notFound, "not before filing their own")
        try world.act("nga", .endorse(review))
        #expect(world[1].stage == .revision)
        #expect(world[1].reviews[review.number]?.endorsedBy == p("nga"))
        #expect(try world.act("nga", .endorse(review)).facts.isEmpty)
    }

    @Test("a review that fell with its text is not endorsed any more")
    func fallen() throws {
        var world = try World()
        try world.reach(.review)
        let first = try world.assess("phuc")
        let second = try world.assess("quyen")
        try world.act("nga", .endorse(first))
        try world.push(Draft.rewritten)
        #expect(world.refused("nga", .endorse(second)) == .conflict)
    }

    @Test("a reviewer sees colleagues' reviews only after filing their own; others see them at once")
    func independent() throws {
        var world = try World()
        try world.reach(.review)
        let first = try world.assess("phuc")
        let review = try #require(world[1].reviews[first.number])
        func sees(_ who: String) -> Bool { world.state.canSee(review, in: world[1], person: p(who)) }
        let filed = try #require(world.events.last)
        #expect(!sees("quyen") && !world.state.isVisible(filed, to: p("quyen")))
        for who in ["phuc", "nga", "lan", "hanh", "bich", "dung"] { #expect(sees(who), "\(who)") }
        for who in ["soat", "tri"] { #expect(!sees(who) && !world.state.isVisible(filed, to: p(who))) }
        try world.assess("quyen")
        #expect(sees("quyen") && world.state.isVisible(filed, to: p("quyen")))
        var other = world
        try other.act("bich", .submit(topic(1)))
        #expect(other.state.canSee(review, in: other[1], person: p("quyen")))
    }

    @Test("a new round makes new reviews; a failing one of an earlier round stands until its person files anew")
    func rounds() throws {
        var world = try World()
        try world.reach(.review)
        let failing = try world.assess("quyen", .fail)
        let pass = try world.assess("phuc")
        try world.act("nga", .endorse(pass))
        try world.act("bich", .sendBack(topic(1), reason: octets("Xem lại lần nữa.")))
        #expect(world[1].stage == .review && world[1].round == 2)
        #expect(world.requirement(.reviewed).state == .unmet)
        #expect(world.refused("nga", .endorse(pass)) == nil, "it was endorsed already")
        let second = try world.assess("phuc")
        try world.act("nga", .endorse(second))
        #expect(world.requirement(.reviewed).state == .met)
        #expect(world[1].standingFailures.map(\.id) == [failing])
        #expect(world.requirement(.noObjection).missing == [failing.description])
        try world.assess("quyen", .passIfRevised)
        #expect(world.requirement(.noObjection).state == .met)
    }

    @Test(
        "a failing review of an older text is not asked to be endorsed: it waits for its author, or for the office's new one"
    )
    func failingOnAnOlderText() throws {
        var world = try World()
        try world.reach(.review)
        let failing = try world.assess("quyen", .fail)
        var closed = world
        let pass = try world.assess("phuc")
        try world.act("nga", .endorse(pass))
        #expect(world.requirement(.reviewed).state == .met)
        try world.push(Draft.rewritten)
        // The office's review fell: it is filed anew, and nobody is sent to the one that failed the text of before.
        #expect(world.requirement(.reviewed).missing == [pass.description])
        #expect(world.requirement(.reviewed).waiting == [p("phuc")])
        #expect(!world.tasks("nga").contains { $0.hasPrefix("endorse") }, "\(world.tasks("nga"))")
        #expect(world.refused("nga", .endorse(failing)) == .conflict)
        #expect(world.requirement(.noObjection).missing == [failing.description], "it stands all the same")
        #expect(world.requirement(.noObjection).waiting == [p("quyen")])
        let again = try world.assess("phuc")
        #expect(world.requirement(.reviewed).missing == [again.description])
        #expect(world.tasks("nga").filter { $0.hasPrefix("endorse") } == ["endorse \(again)"])
        try world.act("nga", .endorse(again))
        #expect(world.requirement(.reviewed).state == .met)

        // Alone it is endorsed while its text is there, and filed anew after that.
        try closed.act("bich", .submit(topic(1)))
        #expect(closed.tasks("nga").contains("endorse \(failing)"))
        try closed.push(Draft.cosmetic)
        #expect(closed.requirement(.reviewed).missing == [failing.description])
        #expect(closed.requirement(.reviewed).waiting == [p("quyen")])
        #expect(closed.tasks("quyen").filter { $0.hasPrefix("assess") } == ["assess \(failing)"])
        #expect(!closed.tasks("nga").contains { $0.hasPrefix("endorse") })
        #expect(closed.refused("nga", .endorse(failing)) == .conflict)
    }

    @Test("a colleague's request to recheck stands in place of the fallen review of somebody who is gone")
    func recheckInPlaceOfFallen() throws {
        var world = try World()
        try world.reach(.revision)
        try world.push(Draft.text(opening: "Hoàn toàn khác."))
        #expect(world.requirement(.reviewed).missing == ["P1"] && world.tasks("phuc").contains("assess P1"))
        try world.assess("quyen", .reviseAndRecheck)
        #expect(world.requirement(.reviewed).missing == ["P1"], "whose author can file it anew")
        try world.act("tri", .disablePerson(p("phuc"), reason: octets("Nghỉ.")))
        #expect(world.requirement(.reviewed).missing == ["P2"] && world.tasks("lan").contains("push"))
        #expect(!world.tasks("quyen").contains { $0.hasPrefix("assess") })
        try world.push(Draft.text(opening: "Lại khác."))
        #expect(world.requirement(.reviewed).missing == ["P2"] && world.tasks("quyen").contains("assess P2"))
    }

    @Test("revise-and-recheck wants a new review of the revised text")
    func recheck() throws {
        var world = try World()
        try world.reach(.review)
        let first = try world.assess("phuc", .reviseAndRecheck)
        try world.act("nga", .endorse(first))
        #expect(world.requirement(.reviewed).waiting == [p("lan")], "the text is revised first")
        try world.push(Draft.rewritten)
        #expect(world.requirement(.reviewed).waiting == [p("phuc")])
        #expect(world.tasks("phuc").contains("assess \(first)"))
        let again = try world.assess("phuc", .pass)
        try world.act("nga", .endorse(again))
        #expect(world.requirement(.reviewed).state == .met)
    }
}

@Suite("Sign-offs")
struct SignOffTests {
    @Test("the head of the lead office alone answers for the content, of the newest revision")
    func content() throws {
        var world = try World()
        try world.reach(.finishing)
        let vouch = Command.vouch(RevisionID(topic(1), 1), .vouch, body: nil)
        for who in ["lan", "nga", "bich", "dung", "van"] { #expect(world.refused(who, vouch) == .forbidden, "\(who)") }
        #expect(world.refused("hanh", .vouch(RevisionID(topic(1), 1), .return, body: nil)) == .invalid)
        #expect(world.refused("hanh", .vouch(RevisionID(topic(1), 2), .vouch, body: nil)) == .notFound)
        try world.act("hanh", .vouch(RevisionID(topic(1), 1), .return, body: octets("Sửa số liệu.")))
        #expect(world.requirement(.content).state == .unmet)
        #expect(world.requirement(.content).waiting == [p("lan")])
        try world.push(Draft.cosmetic)
        #expect(world.refused("hanh", vouch) == .stale)
        try world.act("hanh", .vouch(RevisionID(topic(1), 2), .vouch, body: nil))
        #expect(world.requirement(.content).state == .met)
    }

    @Test("a second return with another reason is kept, too; vouching twice is not")
    func returnedAgain() throws {
        var world = try World()
        try world.reach(.finishing)
        for reason in ["Sửa số liệu.", "Còn thiếu căn cứ."] {
            let again = Command.vouch(RevisionID(topic(1), 1), .return, body: octets(reason))
            #expect(try world.act("hanh", again).facts.count == 1, "\(reason)")
        }
        let vouch = Command.vouch(RevisionID(topic(1), 1), .vouch, body: nil)
        #expect(try world.act("hanh", vouch).facts.count == 1)
        #expect(try world.act("hanh", vouch).facts.isEmpty)
    }

    @Test("the person named for the format checks it, the clerk too; nobody unnamed does")
    func format() throws {
        var world = try World()
        try world.reach(.finishing)
        let check = Command.checkFormat(RevisionID(topic(1), 1), .pass, body: nil)
        for who in ["bich", "hanh", "lan", "nga", "dung"] { #expect(world.refused(who, check) == .forbidden, "\(who)") }
        #expect(world.refused("van", check) == nil)
        try world.act("hanh", .unassign(topic(1), p("van"), .format))
        #expect(world.refused("van", check) == .forbidden)
        #expect(world.requirement(.format).waiting == [p("bich")])
        try world.act("hanh", .assign(topic(1), p("van"), .format))
        #expect(world.refused("van", .checkFormat(RevisionID(topic(1), 1), .fail, body: nil)) == .invalid)
        try world.act("van", .checkFormat(RevisionID(topic(1), 1), .fail, body: octets("Sai lề.")))
        #expect(world.requirement(.format).state == .unmet && world.requirement(.format).waiting == [p("lan")])
        try world.act("van", check)
        #expect(world.requirement(.format).state == .met)
    }

    @Test("leaders give opinions from leadership to approval; directing and objecting need words")
    func opinions() throws {
        var world = try World()
        for stage in [Stage.drafting, .leadership, .review, .revision, .plenary, .finishing, .approval, .approved] {
            try world.reach(stage)
            let opinion = Command.opine(RevisionID(topic(1), 1), .agree, body: nil)
            let code = world.refused("dung", opinion)
            #expect(code == (stage == .drafting ? .notFound : stage == .approved ? .stage : nil), "\(stage)")
            #expect([.forbidden, .notFound].contains(world.refused("hanh", opinion)))
        }
        var other = try World()
        try other.reach(.leadership)
        for opinion in [Opinion.direct, .object] {
            #expect(other.refused("bich", .opine(RevisionID(topic(1), 1), opinion, body: nil)) == .invalid)
        }
        #expect(other.refused("bich", .opine(RevisionID(topic(1), 2), .agree, body: nil)) == .notFound)
    }
}
