import ReviewDigest
import Testing

@testable import ReviewCore

@Suite("Approval, overrides, issue")
struct ApprovalTests {
    @Test("the Director approves, a deputy only while the delegation lasts")
    func who() throws {
        var world = try World()
        try world.reach(.approval)
        for who in ["dung", "hanh", "lan", "nga", "van"] {
            #expect(world.refused(who, world.approval()) == .forbidden, "\(who)")
        }
        #expect(world.refused("bich", world.approval()) == nil)
        #expect(
            world.refusal("dung", world.approval())?.wording.vietnamese
                == "Bạn chưa có ủy quyền đang hiệu lực. Người phê duyệt: \(world.state.personName(p("bich"))). Giám đốc ủy quyền theo văn bản có số, bằng DELEGATE."
        )
        try world.act(
            "bich", .delegate(p("dung"), from: day("2025-03-04"), until: day("2025-03-05"), reference: "07/UQ-TGPL"))
        #expect(world.refused("dung", world.approval()) == .forbidden, "not yet")
        world.now = at("2025-03-06", "00:00")
        #expect(world.refused("dung", world.approval()) == .forbidden, "lapsed")
        world.now = at("2025-03-05", "23:59")
        try world.approve("dung")
        #expect(world[1].approval?.person == p("dung"))
        #expect(world[1].approval?.delegation == "07/UQ-TGPL")
        #expect(try world.act("bich", world.approval()).facts.isEmpty)
    }

    @Test("exactly the digest, by at least 16 digits, of the newest revision")
    func digest() throws {
        var world = try World()
        try world.reach(.approval)
        let full = try #require(world[1].latest?.digest.description)
        func approve(_ digest: String, revision: Int = 1) -> RefusalCode? {
            world.refused("bich", .approve(RevisionID(topic(1), revision), digest: digest, seen: []))
        }
        for length in [0, 1, 15] { #expect(approve(String(full.prefix(length))) == .conflict, "\(length) digits") }
        for length in [16, 17, 63, 64] { #expect(approve(String(full.prefix(length))) == nil, "\(length) digits") }
        #expect(approve(full.uppercased()) == nil)
        #expect(approve(full + "0") == .conflict)
        #expect(approve(String(full.dropFirst())) == .conflict)
        var wrong = Array(full.prefix(16))
        wrong[15] = wrong[15] == "0" ? "1" : "0"
        #expect(approve(String(wrong)) == .conflict)
        #expect(approve(full, revision: 2) == .notFound)

        var older = try World()
        try older.reach(.finishing)
        let first = try #require(older[1].latest?.digest.description)
        try older.push(Draft.cosmetic)
        try older.confirmMinutes()
        try older.signOff()
        try older.act("hanh", .submit(topic(1)))
        let stale = older.refusal("bich", .approve(RevisionID(topic(1), 1), digest: first, seen: []))
        #expect(stale?.code == .stale)
        #expect(stale?.details.first == Detail("current", "2025-1@2"))
    }

    @Test("approval is a matter of its stage")
    func stage() throws {
        var world = try World()
        for stage in [Stage.leadership, .review, .revision, .plenary, .finishing] {
            try world.reach(stage)
            #expect(world.refused("bich", world.approval()) == .stage, "\(stage)")
        }
    }

    /// A topic before its approver, with a comment that was declined and is maintained.
    private static func maintained() throws -> (World, CommentID) {
        var world = try World()
        try world.reach(.revision)
        let id = try world.comment()
        try world.settle(id, .declined, "Không.")
        try world.act("phuc", .maintain(id, body: octets("Giữ.")))
        try world.reach(.approval)
        return (world, id)
    }

    @Test("maintained comments are seen by id, and only comments of the topic")
    func seen() throws {
        let (start, id) = try Self.maintained()
        var world = start
        #expect(world.refused("bich", world.approval()) == .unmet)
        #expect(world.refused("bich", world.approval(seen: [CommentID(77)])) == .invalid)
        #expect(world.refused("bich", world.approval(seen: [id])) == nil)
        try world.act("bich", .override(topic(1), .maintained, reason: octets("Đã nghe trực tiếp.")))
        #expect(world.refused("bich", world.approval()) == nil)
    }

    @Test("what the approver has seen is still told as seen once it is approved")
    func seenAndApproved() throws {
        let (start, id) = try Self.maintained()
        var world = start
        #expect(world.requirement(.maintained).state == .unmet)
        try world.approve(seen: [id])
        #expect(world.requirement(.maintained).state == .met)
    }

    @Test("an approver who wrote is named in the record", arguments: [true, false])
    func ownWork(pushes: Bool) throws {
        var world = try World()
        try world.act("hanh", .assign(topic(1), p("bich"), .author))
        if pushes { try world.push(Draft.first, "bich") }
        try world.act("hanh", .assign(topic(1), p("lan"), .author))
        if !pushes { try world.push(Draft.first) }
        try world.act("bich", .assign(topic(1), p("van"), .format))
        try world.act("bich", .assign(topic(1), p("quyen"), .secretary))
        if pushes { try world.act("hanh", .unassign(topic(1), p("bich"), .author)) }
        try world.reach(.approved)
        #expect(world[1].approval?.isOwnWork == true)
    }

    @Test("only the Director overrides, with a reason, never approval itself, and only what is missing")
    func overriding() throws {
        var world = try World()
        try world.reach(.plenary)
        #expect(world.refused("bich", .override(topic(1), .format, reason: octets("x"))) == .stage)
        try world.reach(.finishing)
        for who in ["dung", "hanh", "van"] {
            #expect(world.refused(who, .override(topic(1), .format, reason: octets("x"))) == .forbidden)
        }
        #expect(world.refused("bich", .override(topic(1), .approval, reason: octets("x"))) == .invalid)
        #expect(world.refused("bich", .override(topic(1), .format, reason: octets(" "))) == .invalid)
        #expect(try world.act("bich", .override(topic(1), .outline, reason: octets("x"))).facts.isEmpty, "it is met")
        try world.act("bich", .override(topic(1), .format, reason: octets("Người kiểm tra nghỉ ốm.")))
        #expect(world.requirement(.format).state == .overridden && world.requirement(.format).waiting.isEmpty)
        #expect(world[1].overrides.map(\.reason.text) == ["Người kiểm tra nghỉ ốm."])
        try world.confirmMinutes()
        try world.act("hanh", .vouch(RevisionID(topic(1), 1), .vouch, body: nil))
        try world.act("hanh", .submit(topic(1)))
        try world.act("bich", .sendBack(topic(1), reason: octets("Sửa câu cuối.")))
        #expect(world.requirement(.format).state == .overridden, "still the same approval")
        try world.act("bich", .sendBack(topic(1), reason: octets("Viết lại.")))
        #expect(world[1].overrides.isEmpty, "sent back for revision, it is judged anew")
    }

    @Test("the clerk issues under a number that no other document of the year has")
    func issuing() throws {
        var world = try World()
        world.now = at("2025-03-27")
        let issue = Command.issue(topic(1), number: "05/CĐ-TGPL", date: day("2025-03-27"))
        try world.reach(.approval)
        #expect(world.refused("van", issue) == .stage)
        try world.reach(.approved)
        for who in ["bich", "hanh", "lan"] { #expect(world.refused(who, issue) == .forbidden) }
        #expect(world.refused("van", .issue(topic(1), number: " ", date: day("2025-03-27"))) == .invalid)
        world.now = at("2025-03-29")
        for date in ["2025-03-26", "2025-03-30"] {
            let refusal = try #require(world.refusal("van", .issue(topic(1), number: "1", date: day(date))))
            #expect(refusal.code == .invalid && refusal.details == [Detail("argument", "date")])
            #expect(refusal.wording.vietnamese.contains("ngày phê duyệt (27/3/2025) đến hôm nay (29/3/2025)"))
        }
        #expect(world.refused("van", .issue(topic(1), number: "1", date: day("2025-03-29"))) == nil)
        try world.act("van", issue)
        #expect(world[1].issued?.date == day("2025-03-27"))
        #expect(world[1].issued?.digest == Digest(hashing: Draft.first + "\n"))
        #expect(world.refused("van", issue) == .stage)
    }

    @Test("a number given to another topic of the year is taken, also after that topic was archived")
    func taken() throws {
        var world = try World()
        try world.reach(.issued)
        // The same life again for topic 2, whose sides are swapped.
        let second = topic(2)
        try world.act(
            "phuc", .push(second, base: 0, addresses: [], note: nil, text: octets(Draft.first)))
        try world.act("nga", .submit(second))
        try world.act("bich", .submit(second))
        try world.act("bich", .submit(second))
        try world.act("nga", .submit(second))
        try world.act("bich", .openPlenary(second, at: "2025-03-25T08:00", place: nil, chair: nil, secretary: p("lan")))
        try world.act("bich", .closePlenary(second, conclusion: octets("Xong.")))
        for requirement in [Requirement.reviewed, .plenary, .content, .format] {
            try world.act("bich", .override(second, requirement, reason: octets("Thử.")))
        }
        try world.act("nga", .submit(second))
        let digest = try #require(world[2].latest?.digest.description)
        try world.act("bich", .approve(RevisionID(second, 1), digest: digest, seen: []))
        world.now = at("2026-01-05")
        #expect(world.refused("van", .issue(second, number: "05/CĐ-TGPL", date: day("2025-09-01"))) == .conflict)
        #expect(world.refused("van", .issue(second, number: "05/CĐ-TGPL", date: day("2026-01-05"))) == nil)
        #expect(world.refused("van", .issue(second, number: "06/CĐ-TGPL", date: day("2025-09-01"))) == nil)
    }
}
