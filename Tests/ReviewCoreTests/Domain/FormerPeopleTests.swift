import ReviewDigest
import Testing

@testable import ReviewCore

/// Papers name everybody as they were when they acted (domain §1), whatever changes of them later.
@Suite("People of before in papers")
struct FormerPeopleTests {
    /// A topic in which everybody does what a paper names them for: a review that an objection follows, remarks keyed in, a
    /// plenary with a roll-call, an override that names who is missing, and a signature.
    private func busy() throws -> World {
        var world = try World()
        try world.reach(.review)
        try world.comment("phuc", at: "I/1", level: .must, "Sai số liệu.")  // C1
        try world.comment("van", at: "I/1", behalf: "quyen", "Thiếu nguồn.")  // C2
        try world.comment("nga", behalf: "office", "Phòng đề nghị nêu căn cứ.")  // C3
        try world.act("dung", .opine(RevisionID(topic(1), 1), .object, body: octets("Chưa rõ.")))
        try world.reach(.revision)
        try world.act("lan", .answer(CommentID(1), body: octets("Sẽ sửa.")))
        try world.settle(CommentID(2), .noted)
        try world.settle(CommentID(3), .declined, "Đã nêu.")
        try world.act("phuc", .withdraw(CommentID(1), reason: octets("Đã rõ.")))
        try world.push(Draft.text(opening: "Năm 2024 Trung tâm tổ chức 75 buổi truyền thông."))
        try world.reach(.plenary)
        try world.openPlenary()
        try world.act("quyen", .attend(topic(1), present: [p("dung"), p("hanh"), p("quyen")], absent: [p("phuc")]))
        try world.comment("lan", "Đề nghị nêu rõ.")  // C4
        try world.comment("quyen", kind: .question, behalf: "bich", "Đã hỏi Sở chưa?")  // C5
        try world.act("lan", .answer(CommentID(5), body: octets("Đã có công văn.")))
        try world.act("dung", .closePlenary(topic(1), conclusion: octets("Nhất trí.")))
        for id in [CommentID(4), CommentID(5)] {
            try world.act("hanh", .settle(id, .noted, revision: nil, body: nil))
        }
        try world.act("dung", .confirmMinutes(topic(1)))
        for requirement in [Requirement.reviewed, .plenary, .noObjection, .personalData, .outline] {
            try world.act("bich", .override(topic(1), requirement, reason: octets("Đã cân nhắc.")))
        }
        try world.signOff()
        try world.act("hanh", .submit(topic(1)))
        try world.approve()
        return world
    }

    /// Everybody of the topic has another name, and nearly everybody another office or position.
    private func changeEverybody(_ world: inout World) throws {
        for (id, name, seat) in [
            ("phuc", "Hà Văn Phúc Hậu", "hcth"), ("nga", "Đàm Thị Ngà", "hcth"), ("quyen", "Lương Quyên", "hcth"),
            ("van", "Mã Vân", "nv"), ("lan", "Lý Lan", "nv"), ("hanh", "Nông Hạnh", "nv"),
        ] { try world.act("tri", .changePerson(p(id), name: name, office: office(seat), position: nil)) }
        try world.act("tri", .changePerson(p("nga"), name: nil, office: nil, position: .staff))
        try world.act("tri", .changePerson(p("dung"), name: "Vi Dũng", office: office("nv"), position: .head))
        try world.act("tri", .changePerson(p("hanh"), name: nil, office: .leadership, position: .deputy))
        try world.act("tri", .changePerson(p("bich"), name: "Hoàng Bích", office: office("nv"), position: .staff))
        var numbered = SeedDraft.plan
        numbered.number = "12/KH-TGPL"
        try world.act(nil, .loadPlan(numbered, source: octets(SeedDraft.source + "number: 12/KH-TGPL\n")))
        var plan = SeedDraft.plan(year: 2026)
        plan.offices = plan.offices.map { PlanDraft.Office(id: $0.id, name: $0.name + " và Trợ giúp pháp lý") }
        try world.act(nil, .loadPlan(plan, source: octets("plan: 2026\n")))
        // And once more: what counts is what they were, not what they were last.
        try world.act("tri", .changePerson(p("quyen"), name: "Lương Thị Mỹ Quyên", office: nil, position: .head))
    }

    private func papers(_ state: State, _ world: World) throws -> [String: String] {
        let known = try #require(state.reviving(topic(1), events: world.events).topics[topic(1)])
        var papers: [String: String] = [:]
        for form in Papers.Form.allCases where ![.reviewForm, .yearReport].contains(form) {
            papers[form.rawValue] = try Papers.form(
                named: form.rawValue, topic: known, in: state, for: p("minh"), now: at("2026-01-02"))
        }
        let records = world.events.filter { $0.fact.topic == topic(1) }
            .map { Dossier.Record(sequence: $0.sequence, line: "\($0.sequence) \($0.fact.type)") }
        let reader = try #require(state.people[p("minh")])
        let dossier = try Dossier(of: known, records: records, epoch: "01J8", sealed: nil, in: state, for: reader)
        for file in try dossier.files() { papers[file.name] = file.text }
        return papers
    }

    @Test(
        "no later change of a name, an office or a position changes a paper of a finished topic",
        arguments: [true, false])
    func finished(isIssued: Bool) throws {
        var world = try busy()
        if isIssued { try world.reach(.issued) }
        let before = try papers(world.state, world)
        try changeEverybody(&world)
        for (place, state) in [
            ("at once", world.state), ("after a restart", world.restarted()), ("replayed", try world.replayed()),
        ] {
            let after = try papers(state, world)
            #expect(after.keys.sorted() == before.keys.sorted())
            for (name, text) in before where after[name] != text {
                let lines = zip(text.split(separator: "\n"), (after[name] ?? "").split(separator: "\n"))
                Issue.record("\(name) \(place): \(lines.filter { $0 != $1 })")
            }
        }
        #expect(difference(world.state, world.restarted()) == nil)
        #expect(before["bien-ban"]?.contains("Lương Thị Quyên, viên chức, Phòng Nghiệp vụ") == true)
    }

    @Test("an act after the change has the new name, one before it the old one; what is not over has the present one")
    func inWork() throws {
        var world = try World()
        try world.reach(.review)
        try world.comment("phuc", "Trước khi đổi.")
        try world.act("tri", .changePerson(p("phuc"), name: "Hà Phúc", office: nil, position: nil))
        try world.comment("phuc", "Sau khi đổi.")
        let table = try Papers.form(
            named: "bang-tiep-thu-giai-trinh", topic: world[1], in: world.state, for: p("nga"), now: world.now)
        #expect(table.contains("Hà Văn Phúc, Phòng Nghiệp vụ") && table.contains("Hà Phúc, Phòng Nghiệp vụ"))
        try world.reach(.plenary)
        try world.openPlenary()
        try world.act("tri", .changePerson(p("dung"), name: "Vi Dũng", office: nil, position: nil))
        let minutes = try Papers.form(
            named: "bien-ban", topic: world[1], in: world.state, for: p("nga"), now: world.now)
        #expect(minutes.contains("Vi Dũng, Phó Giám đốc") && !minutes.contains("Vi Văn Dũng"))
        #expect(world.state.personName(p("dung"), asOf: nil) == "Vi Dũng")
    }
}
