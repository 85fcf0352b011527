import Testing

@testable import ReviewCore

@Suite("The whole life of a topic")
struct LifeTests {
    @Test("from assigned to issued, each stage left by its own act")
    func wholeLife() throws {
        var world = try World()
        #expect(world[1].stage == .assigned)
        try world.act("hanh", .assign(topic(1), p("lan"), .author))
        try world.act("nga", .assign(topic(1), p("phuc"), .reviewer))
        try world.act("hanh", .assign(topic(1), p("van"), .format))
        try world.push(Draft.first)
        #expect(world[1].stage == .drafting)

        try world.act("hanh", .submit(topic(1)))
        #expect(world[1].stage == .leadership)
        let direction = try world.comment("bich", at: "II.2/1", level: .must, "Nêu rõ nguồn kinh phí.")
        try world.act(
            "bich", .opine(RevisionID(topic(1), 1), .direct, body: octets("Bổ sung số liệu năm 2024.")))
        try world.act("dung", .submit(topic(1)))
        #expect(world[1].stage == .review)
        #expect(world[1].round == 1)

        let number = try world.comment(at: "I/1", quote: "57 buổi", level: .must, "Báo cáo năm ghi 75 buổi.")
        let wish = try world.comment(at: "II.3/1", level: .note)
        let review = try world.assess("phuc", .passIfRevised)
        let endorsed = try world.act("nga", .endorse(review))
        #expect(endorsed.details.contains(Detail("stage", "revision")))
        #expect(world[1].stage == .revision)

        try world.push(
            Draft.text(
                opening: "Năm 2024 Trung tâm tổ chức 75 buổi truyền thông ở vùng cao.",
                measures: Draft.measures + " Kinh phí từ dự toán năm."), addresses: [number, direction])
        #expect(world[1].latest?.change == .addressed)
        #expect(world[1].countingReviews.map(\.id) == [review])
        try world.settle(number)
        try world.settle(direction, .partly, "Đã nêu nguồn, chưa nêu mức.")
        try world.settle(wish, .declined, "Nội dung này thuộc chuyên đề 3.")
        #expect(world[1].comments[number.number]?.settledIn == 2)
        try world.act("phuc", .agree(number))
        try world.act("phuc", .maintain(wish, body: octets("Vẫn đề nghị nêu.")))

        try world.act("hanh", .submit(topic(1)))
        #expect(world[1].stage == .plenary)
        try world.act(
            "bich",
            .openPlenary(topic(1), at: "2025-03-25T08:00", place: nil, chair: nil, secretary: p("minh")))
        #expect(world[1].plenary?.chair == p("bich"))
        try world.act("minh", .attend(topic(1), present: [p("lan"), p("phuc")], absent: [p("quyen")]))
        let spoken = try world.comment("minh", behalf: "quyen", "Nên thêm ảnh minh họa.")
        #expect(world[1].comments[spoken.number]?.isConfirmed == false)
        try world.act("quyen", .confirmRemark(spoken))
        #expect(world[1].comments[spoken.number]?.isConfirmed == true)
        try world.act("bich", .closePlenary(topic(1), conclusion: octets("Nhất trí.")))
        #expect(world[1].stage == .finishing)

        let early = world.refusal("hanh", .submit(topic(1)))
        #expect(early?.code == .unmet)
        #expect(early?.requirements.map(\.requirement) == [.settled, .plenary, .content, .format])
        #expect(
            early?.wording.vietnamese.hasPrefix(
                "Chưa trình được. Thiếu 4 việc: (1) còn 1 ý kiến chưa có tiếp thu, giải trình: \(spoken); mỗi ý kiến phải có tiếp thu hoặc giải trình — chờ: Lý Thị Lan; (2)"
            ) == true)
        try world.settle(spoken, .noted)
        try world.act("bich", .confirmMinutes(topic(1)))
        try world.act("minh", .confirmMinutes(topic(1)))
        try world.act("hanh", .vouch(RevisionID(topic(1), 2), .vouch, body: nil))
        try world.act("van", .checkFormat(RevisionID(topic(1), 2), .pass, body: nil))
        try world.act("hanh", .submit(topic(1)))
        #expect(world[1].stage == .approval)

        let blind = world.refusal("bich", world.approval())
        #expect(blind?.requirements.map(\.requirement) == [.maintained])
        #expect(blind?.requirements.first?.missing == [wish.description])
        try world.approve(seen: [wish])
        #expect(world[1].stage == .approved)
        #expect(world[1].approval?.seen == [wish])
        #expect(world[1].approval?.isOwnWork == false)

        try world.act("van", .issue(topic(1), number: "05/CĐ-TGPL", date: world.now.date))
        #expect(world[1].stage == .issued)
        #expect(world[1].issued?.number == "05/CĐ-TGPL")
        #expect(world[1].isArchived)
        #expect(world[1].newest == 2)
        #expect(world[1].comments.isEmpty)
        #expect(world.state.highestComment == spoken.number)
    }

    @Test("an archived topic comes back whole for reading, and only for reading")
    func revived() throws {
        var world = try World()
        try world.reach(.issued)
        let revived = world.state.reviving(topic(1), events: world.events)
        let full = try #require(revived.topics[topic(1)])
        #expect(!full.isArchived)
        #expect(full.stage == .issued)
        #expect(full.revisions.count == 1)
        #expect(full.reviews.count == 1)
        #expect(full.plenary?.isConfirmed == true)
        #expect(full.passages.last?.to == .issued)
        #expect(world[1].isArchived)
        #expect(world.refused("hanh", .submit(topic(1))) == .stage)
    }

    @Test("numbers of comments and reviews are not given twice after their topic is archived")
    func numbersGoOn() throws {
        var world = try World()
        try world.reach(.review)
        try world.comment()
        try world.assess()
        try world.act("bich", .cancel(topic(1), reason: octets("Trùng nội dung.")))
        #expect(world[1].isArchived)
        var restarted = State()
        for event in world.events where event.fact.retention == .always { restarted.apply(event) }
        #expect(restarted.highestComment == 1)
        #expect(restarted.highestReview == 1)
    }

    @Test("the wrong person or stage for SUBMIT is named in the refusal")
    func submitting() throws {
        var world = try World()
        #expect(world.refused("hanh", .submit(topic(1))) == .stage)
        try world.reach(.drafting)
        for who in ["lan", "nga", "bich", "van", "tri"] {
            #expect(world.refused(who, .submit(topic(1))) == .forbidden)
        }
        try world.reach(.leadership)
        #expect(world.refused("hanh", .submit(topic(1))) == .forbidden)
        #expect(world.refused("dung", .submit(topic(1))) == nil)
        try world.reach(.review)
        #expect(world.refused("hanh", .submit(topic(1))) == .forbidden)
        #expect(world.refused("nga", .submit(topic(1))) == .forbidden)
        #expect(world.refused("dung", .submit(topic(1))) == nil)
        try world.reach(.revision)
        #expect(world.refused("bich", .submit(topic(1))) == .forbidden)
        try world.reach(.plenary)
        #expect(world.refused("hanh", .submit(topic(1))) == .stage)
        try world.reach(.approval)
        #expect(world.refused("hanh", .submit(topic(1))) == .stage)
        try world.reach(.approved)
        #expect(world.refused("hanh", .submit(topic(1))) == .stage)
        #expect(world.refused("hanh", .submit(topic(9))) == .notFound)
    }

    @Test("a leader may close the review round without an endorsed review")
    func roundClosed() throws {
        var world = try World()
        try world.reach(.review)
        try world.act("bich", .submit(topic(1)))
        #expect(world[1].stage == .revision)
        #expect(world.requirement(.reviewed).state == .unmet)
        let review = try world.assess()
        try world.act("nga", .endorse(review))
        #expect(world[1].stage == .revision)
        #expect(world.requirement(.reviewed).state == .met)
    }
}
