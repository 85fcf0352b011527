import Testing

@testable import ReviewCore

@Suite("Comments")
struct CommentTests {
    @Test("who comments at which stage")
    func stages() throws {
        var world = try World()
        let open: [(Stage, [String])] = [
            (.drafting, []), (.leadership, ["bich", "dung"]), (.review, ["bich", "dung", "nga", "phuc", "quyen"]),
            (.revision, ["bich", "dung", "nga", "phuc", "quyen"]),
            (.plenary, ["bich", "dung", "hanh", "lan", "minh", "nga", "phuc", "quyen", "van"]),
            (.finishing, ["bich", "dung", "hanh", "lan", "minh", "nga", "phuc", "quyen", "van"]), (.approval, []),
            (.approved, []),
        ]
        for (stage, allowed) in open {
            try world.reach(stage)
            for who in Chaos.names {
                let code = world.refused(who, world.newComment())
                #expect((code == nil) == allowed.contains(who), "\(who) at \(stage): \(String(describing: code))")
            }
        }
    }

    @Test("at finishing only leaders make must comments, also thay mặt")
    func mustAtFinishing() throws {
        var world = try World()
        try world.reach(.finishing)
        for who in ["phuc", "lan", "van"] {
            for behalf in [nil, who, "office"] {
                let refusal = world.refusal(who, world.newComment(level: .must, behalf: behalf))
                #expect(refusal?.code == .stage, "\(who) \(behalf ?? "")")
                #expect(refusal?.wording.vietnamese.contains("hãy chọn level=should") == true)
            }
        }
        #expect(
            world.refusal("phuc", world.newComment(level: .must))?.wording.vietnamese.hasSuffix(
                "Bạn nêu ý kiến bắt buộc ở bước: phản biện; tiếp thu, chỉnh sửa; sinh hoạt chuyên đề.") == true
        )
        #expect(world.refused("dung", world.newComment(level: .must)) == nil)
        #expect(world.refused("van", world.newComment(level: .must, behalf: "bich")) == nil)
        #expect(world.refused("van", world.newComment(level: .must, behalf: "phuc")) == .stage)
        #expect(world.refused("dung", world.newComment(level: .must, behalf: "phuc")) == .stage, "the chair")
        #expect(world.refused("phuc", world.newComment(level: .must, behalf: "quyen")) == .forbidden, "keys in nothing")
    }

    @Test("who comments at another stage is told when; who never does is forbidden; who does not read is told nothing")
    func rightPersonWrongStage() throws {
        var world = try World()
        let later = "ở bước: sinh hoạt chuyên đề; hoàn thiện."
        try world.reach(.drafting)
        #expect(
            world.refusal("lan", world.newComment())?.wording.vietnamese
                == "Không góp ý được ở bước “đang soạn thảo”; chỉ ở: sinh hoạt chuyên đề; hoàn thiện.")
        for stage in [Stage.leadership, .review, .revision] {
            try world.reach(stage)
            for who in ["hanh", "lan", "van"] {
                for behalf in [nil, "office"] {
                    let refusal = world.refusal(who, world.newComment(behalf: behalf))
                    #expect(refusal?.code == .stage && refusal?.details == [Detail("stage", stage.rawValue)], "\(who)")
                    #expect(refusal?.wording.vietnamese.hasSuffix(later) == true, "\(String(describing: refusal))")
                }
            }
            #expect(
                world.refusal("van", world.newComment())?.wording.vietnamese.contains("thêm behalf=TÀI-KHOẢN") == true)
            #expect(world.refused("van", world.newComment(behalf: "lan")) == .stage, "whom the clerk speaks for")
            #expect(world.refused("van", world.newComment(behalf: "van")) == .stage)
            #expect(world.refused("van", world.newComment(behalf: "soat")) == .forbidden)
            #expect(world.refused("van", world.newComment(behalf: "bich")) == nil)
            for who in ["soat", "tri"] { #expect(world.refused(who, world.newComment()) == .notFound, "\(who)") }
            if stage == .leadership { #expect(world.refused("phuc", world.newComment()) == .notFound) }
        }
        try world.act("bich", .postpone(topic(1), reason: octets("Chờ.")))
        #expect(world.refusal("lan", world.newComment())?.details.count == 1, "the stage comes first")
        #expect(world.refusal("phuc", world.newComment())?.details.last == Detail("postponed", "yes"))
        try world.act("bich", .resume(topic(1)))
        try world.reach(.approved)
        #expect(world.refused("soat", world.newComment()) == .forbidden)
        #expect(world.refused("lan", world.newComment()) == .stage)
    }

    @Test("the stored text is echoed, canonical, with id, anchor and lines")
    func stored() throws {
        var world = try World()
        try world.reach(.review)
        let outcome = try world.act(
            "phuc", world.newComment(at: "L2", quote: "57 buổi", level: .must, "Do\u{300}ng một \r\n\r\nDòng ba\n\n"))
        #expect(outcome.echo == "Dòng một\n\nDòng ba")
        #expect(outcome.details == [Detail("id", "C1"), Detail("anchor", "I/1"), Detail("lines", "3")])
        let comment = try #require(world[1].comments[1])
        #expect(comment.anchor == Anchor(target: .paragraph(SectionPath([1]), 1), quote: "57 buổi"))
        #expect(comment.state == .open && comment.round == 1 && comment.stage == .review)
        for body in ["", "  \n ", "a\u{1B}[2Jb", "a\u{202E}b"] {
            #expect(world.refused("phuc", world.newComment(body)) == .invalid)
        }
        #expect(world.refused("phuc", world.newComment(at: "V/9")) == .invalid)
        #expect(world.refused("phuc", world.newComment(at: "I/1", quote: "58 buổi")) == .invalid)
        #expect(world.refused("phuc", world.newComment(suggestion: "75 buổi")) == .invalid, "suggest= without quote=")
        #expect(world.refused("phuc", world.newComment(quote: "57 buổi", suggestion: "75 buổi")) == nil)
        #expect(
            world.refused(
                "phuc",
                .comment(
                    RevisionID(topic(1), 2), at: nil, quote: nil, kind: .praise, level: .note, suggestion: nil,
                    behalf: nil, body: octets("x"))) == .notFound)
    }

    @Test("a remark keyed in thay mặt names its speaker and waits for the speaker or the chair")
    func onBehalf() throws {
        var world = try World()
        try world.reach(.review)
        #expect(world.refused("van", world.newComment()) == .stage)
        #expect(world.refused("phuc", world.newComment(behalf: "quyen")) == .forbidden)
        #expect(world.refused("phuc", world.newComment(behalf: "khong.co")) == .invalid)
        #expect(world.refused("phuc", world.newComment(behalf: "phuc")) == nil)
        #expect(world.refused("van", world.newComment(behalf: "office")) == .stage, "the clerk only keys in now")
        let id = try world.comment("van", behalf: "quyen")
        let comment = try #require(world[1].comments[id.number])
        #expect(comment.owner == p("quyen") && comment.person == p("van") && !comment.isConfirmed)
        #expect(
            world.refused("van", world.newComment(behalf: "lan")) == .stage, "the lead office does not comment now")
        #expect(world.refused("van", world.newComment(behalf: "soat")) == .forbidden)
        #expect(world.tasks("quyen").contains("confirm C1"))
        for who in ["phuc", "van", "bich"] { #expect(world.refused(who, .confirmRemark(id)) == .forbidden) }
        #expect(world.refused("van", .withdraw(id, reason: octets("Ghi nhầm."))) == nil)
        try world.act("quyen", .confirmRemark(id))
        #expect(world[1].comments[id.number]?.isConfirmed == true)
        #expect(world.refused("van", .withdraw(id, reason: octets("x"))) == .forbidden, "it is the speaker's now")
        #expect(world.refused("quyen", .withdraw(id, reason: octets("x"))) == nil)
        #expect(try world.act("quyen", .confirmRemark(id)).facts.isEmpty)
        let own = try world.comment()
        #expect(world.refused("phuc", .confirmRemark(own)) == .invalid)
    }

    @Test("while a remark waits, who keyed it in answers and takes it back; then it waits for nobody")
    func keyedIn() throws {
        var world = try World()
        try world.reach(.leadership)
        #expect(world.refused("van", world.newComment(behalf: "quyen")) == .stage, "not the review office's turn")
        #expect(world.refused("van", world.newComment(behalf: "dung")) == nil)
        try world.reach(.review)
        let id = try world.comment("van", behalf: "quyen")
        #expect(world.refused("van", .answer(id, body: octets("Ghi theo lời phát biểu."))) == nil)
        #expect(world.tasks("quyen").contains("confirm \(id)"))
        try world.act("van", .withdraw(id, reason: octets("Ghi nhầm.")))
        #expect(!world.tasks("quyen").contains("confirm \(id)"))
    }

    @Test("the chair of a plenary keys in what others say, as its secretary does")
    func chairKeysIn() throws {
        var world = try World()
        try world.reach(.plenary)
        #expect(world.refused("dung", world.newComment(behalf: "lan")) == .forbidden, "no plenary yet")
        try world.openPlenary()
        for who in ["dung", "quyen"] { #expect(world.refused(who, world.newComment(behalf: "lan")) == nil, "\(who)") }
        for who in ["hanh", "bich"] { #expect(world.refused(who, world.newComment(behalf: "lan")) == .forbidden) }
    }

    @Test("a comment is maintained until its commenter agrees or takes it back, and waits for no answer meanwhile")
    func maintained() throws {
        var world = try World()
        try world.reach(.revision)
        let id = try world.comment()
        try world.settle(id, .declined, "Không.")
        #expect(world.tasks("phuc").contains("agree \(id)"))
        try world.act("phuc", .maintain(id, body: octets("Giữ.")))
        #expect(!world.tasks("phuc").contains("agree \(id)"))
        #expect(world.requirement(.maintained).missing == [id.description])
        try world.act("phuc", .withdraw(id, reason: octets("Thôi.")))
        #expect(world.requirement(.maintained).state == .met)
    }

    @Test("the lead office's head does not agree to what they settled, although it was said for their office")
    func bothSides() throws {
        var world = try World()
        try world.reach(.plenary)
        let id = try world.comment("minh", level: .must, behalf: "office")
        try world.reach(.finishing)
        #expect(world.refused("minh", .settle(id, .noted, revision: nil, body: nil)) == .forbidden)
        try world.settle(id, .noted, nil, "hanh")
        #expect(world.refused("hanh", .agree(id)) == .forbidden)
        #expect(world.refused("hanh", .maintain(id, body: octets("Giữ."))) == nil, "that closes nothing")
        #expect(!world.tasks("hanh").contains("agree \(id)") && world.tasks("minh").contains("agree \(id)"))
        #expect(world.refused("minh", .agree(id)) == nil)
        try world.settle(id, .noted, nil, "hanh")
        #expect(try world.settle(id, .noted, nil, "hanh").facts.isEmpty, "settled like this already")
        #expect(try world.settle(id, .noted, nil, "lan").facts.count == 1, "somebody else answers for it now")
        try world.settle(id, .declined, "Không.", "lan")
        #expect(world.tasks("hanh").contains("agree \(id)"))
        try world.act("hanh", .agree(id))
        #expect(world[1].comments[id.number]?.state == .agreed)
    }

    @Test("settling once more in the same way, without new words, changes nothing")
    func settledAlready() throws {
        var world = try World()
        try world.reach(.revision)
        let id = try world.comment()
        try world.settle(id, .accepted)
        #expect(try world.settle(id, .accepted).facts.isEmpty)
        #expect(try world.settle(id, .noted).facts.count == 1)
        #expect(try world.settle(id, .noted).facts.isEmpty)
        #expect(try world.settle(id, .noted, "Đã ghi nhận.").facts.count == 1, "new words")
        #expect(try world.settle(id, .noted).facts.count == 1, "they are taken back")
        try world.act("phuc", .maintain(id, body: octets("Giữ.")))
        #expect(try world.settle(id, .noted).facts.count == 1, "it answers the commenter")
        try world.settle(id, .accepted)
        try world.push(Draft.cosmetic)
        #expect(try world.settle(id, .accepted).facts.count == 1, "a revision carries it now")
        #expect(try world.settle(id, .accepted).facts.isEmpty)
        let given = Command.settle(id, .accepted, revision: 2, body: nil)
        #expect(try world.act("lan", given).facts.count == 1, "named by hand, it stays")
        #expect(try world.act("lan", given).facts.isEmpty)
    }

    @Test("the chair confirms a remark of the plenary")
    func chairConfirms() throws {
        var world = try World()
        try world.reach(.plenary)
        try world.openPlenary()
        let id = try world.comment("quyen", behalf: "lan")
        #expect(world.refused("bich", .confirmRemark(id)) == .forbidden)
        try world.act("dung", .confirmRemark(id))
        #expect(world[1].comments[id.number]?.isConfirmed == true)
        let other = try world.comment("quyen", behalf: "minh")
        try world.act("dung", .closePlenary(topic(1), conclusion: octets("Xong.")))
        try world.act("minh", .confirmRemark(other))
        try world.settle(id, .noted, nil, "hanh")
        try world.settle(other, .noted)
        try world.confirmMinutes()
        try world.signOff()
        try world.act("hanh", .submit(topic(1)))
        #expect(world.refused("dung", .confirmRemark(id)) == .stage)
    }

    @Test("settling: the lead office, at leadership, revision and finishing; partly and declined with giải trình")
    func settling() throws {
        var world = try World()
        try world.reach(.review)
        let id = try world.comment()
        #expect(world.refused("lan", .settle(id, .noted, revision: nil, body: nil)) == .stage, "author side only reads")
        try world.reach(.revision)
        for who in ["phuc", "nga", "bich", "van"] {
            #expect(world.refused(who, .settle(id, .noted, revision: nil, body: nil)) == .forbidden, "\(who)")
        }
        for disposition in Disposition.allCases {
            let blank = world.refused("lan", .settle(id, disposition, revision: nil, body: octets(" \n ")))
            #expect((blank == .invalid) == disposition.needsExplanation, "\(disposition)")
            #expect(world.refused("hanh", .settle(id, disposition, revision: nil, body: octets("Vì thế."))) == nil)
        }
        #expect(world.refused("lan", .settle(CommentID(9), .noted, revision: nil, body: nil)) == .notFound)
        try world.settle(id, .declined, "Thuộc chuyên đề khác.")
        #expect(world[1].comments[id.number]?.explanation?.text == "Thuộc chuyên đề khác.")
        try world.settle(id, .partly, "Đã nêu ngắn.")
        #expect(world[1].comments[id.number]?.disposition == .partly)
        #expect(world[1].comments[id.number]?.messages.map(\.kind) == [.comment, .settle, .settle])
    }

    @Test("what was accepted is carried by a later revision: given by hand, or the last one that names the comment")
    func carried() throws {
        var world = try World()
        try world.reach(.revision)
        let given = try world.comment()
        let found = try world.comment()
        try world.settle(found)
        #expect(world[1].comments[found.number]?.settledIn == nil)
        #expect(world.requirement(.settled).state == .unmet)
        func settle(_ revision: Int) -> Command { .settle(given, .accepted, revision: revision, body: nil) }
        #expect(world.refused("lan", settle(1)) == .invalid, "the revision commented on")
        try world.settle(given)
        let promised = world.requirement(.settled)
        #expect(
            promised.state == .met
                && promised.wording.vietnamese.contains("2 ý kiến tiếp thu chưa có bản nào thể hiện: C1, C2"))
        let table = try Papers.form(
            named: "bang-tiep-thu-giai-trinh", topic: world[1], in: world.state, for: p("lan"), now: world.now)
        #expect(table.contains("Tiếp thu; chưa có bản nào thể hiện (Lý Thị Lan)."))
        try world.push(Draft.measuresChanged)
        try world.act("lan", settle(2))
        try world.settle(found)
        #expect(world[1].comments[found.number]?.settledIn == 2, "the newest one")
        try world.push(Draft.rewritten, addresses: [given, found])
        #expect(world[1].comments[found.number]?.settledIn == 3, "the server only supposed so")
        #expect(world[1].comments[given.number]?.settledIn == 2, "said by hand")
        // A log from before the server said which of the two it was.
        world.take(
            .commentSettled(
                CommentSettled(topic: topic(1), comment: found, disposition: .accepted, revision: 2, body: nil)),
            by: "lan")
        try world.push(Draft.first, addresses: [found])
        #expect(world[1].comments[found.number]?.settledIn == 2)
        let replayed = try world.replayed()
        #expect(difference(replayed, world.state) == nil)
    }

    @Test("only the commenter agrees or maintains, only once it is settled")
    func judging() throws {
        var world = try World()
        try world.reach(.revision)
        let id = try world.comment()
        #expect(world.refused("phuc", .agree(id)) == .conflict)
        #expect(world.refused("phuc", .maintain(id, body: octets("x"))) == .conflict)
        try world.settle(id, .declined, "Không.")
        for who in ["quyen", "nga", "lan", "bich"] { #expect(world.refused(who, .agree(id)) == .forbidden) }
        #expect(world.refused("phuc", .maintain(id, body: octets(""))) == .invalid)
        try world.act("phuc", .agree(id))
        #expect(world[1].comments[id.number]?.state == .agreed)
        #expect(try world.act("phuc", .agree(id)).facts.isEmpty)
        #expect(world.refused("lan", .settle(id, .noted, revision: nil, body: nil)) == .conflict)
        let forOffice = try world.comment("phuc", behalf: "office")
        try world.settle(forOffice, .noted)
        #expect(world.refused("nga", .agree(forOffice)) == nil, "the head answers for the office")
        #expect(world.refused("quyen", .agree(forOffice)) == .forbidden)
    }

    @Test("settling a maintained comment again does not hide it from the approver")
    func maintainedStays() throws {
        var world = try World()
        try world.reach(.revision)
        let id = try world.comment()
        try world.settle(id, .declined, "Không.")
        try world.act("phuc", .maintain(id, body: octets("Vẫn giữ.")))
        #expect(world[1].comments[id.number]?.state == .maintained)
        try world.settle(id, .declined, "Vẫn không.")
        #expect(world[1].comments[id.number]?.state == .settled)
        #expect(world.requirement(.maintained).missing == [id.description])
        #expect(world.tasks("phuc").contains("agree \(id)"))
        try world.act("phuc", .agree(id))
        #expect(world.requirement(.maintained).state == .met)
    }

    @Test("a withdrawn comment stays in the record and binds nobody")
    func withdrawn() throws {
        var world = try World()
        try world.reach(.review)
        let id = try world.comment(level: .must)
        for who in ["quyen", "lan", "bich"] {
            #expect(world.refused(who, .withdraw(id, reason: octets("x"))) == .forbidden)
        }
        #expect(world.refused("phuc", .withdraw(id, reason: [])) == .invalid)
        let office = try world.comment(behalf: "office")
        #expect(world.refused("quyen", .withdraw(office, reason: octets("x"))) == .forbidden)
        #expect(world.refused("hanh", .withdraw(office, reason: octets("x"))) == .forbidden, "another office's head")
        try world.act("nga", .withdraw(office, reason: octets("Đã trao đổi trong phòng.")))
        try world.act("phuc", .withdraw(id, reason: octets("Đọc nhầm.")))
        #expect(world[1].comments.count == 2)
        #expect(world.requirement(.must).state == .met && world.requirement(.settled).state == .met)
        #expect(world.refused("phuc", .withdraw(id, reason: octets("x"))) == .conflict)
        #expect(world.refused("phuc", .answer(id, body: octets("x"))) == .conflict)
    }

    @Test("during the review the lead office only reads; afterwards both sides answer")
    func answering() throws {
        var world = try World()
        try world.reach(.review)
        let id = try world.comment()
        #expect(world.refused("lan", .answer(id, body: octets("x"))) == .stage)
        #expect(world.refused("quyen", .answer(id, body: octets("x"))) == nil)
        try world.reach(.revision)
        for who in ["lan", "hanh", "phuc", "nga", "bich"] {
            #expect(world.refused(who, .answer(id, body: octets("x"))) == nil, "\(who)")
        }
        #expect(world.refused("van", .answer(id, body: octets("x"))) == .forbidden)
        #expect(world.refused("soat", .answer(id, body: octets("x"))) == .notFound)
        try world.reach(.plenary)
        #expect(world.refused("van", .answer(id, body: octets("x"))) == nil)
        try world.act("lan", .answer(id, body: octets("Đã nêu ở mục II.")))
        #expect(world[1].comments[id.number]?.messages.map(\.kind) == [.comment, .answer])
    }
}
