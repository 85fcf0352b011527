import Testing

@testable import ReviewCore

@Suite("Loading a plan")
struct PlanTests {
    @Test("the seed's plan gives offices, four topics and their dates")
    func seed() throws {
        let world = try World()
        #expect(world.state.offices.map(\.id.text) == ["leadership", "hcth", "nv"])
        let plan = try #require(world.state.plan("2025"))
        #expect(plan.coordinator == office("hcth"))
        #expect(plan.requirements.map(\.key) == ["results", "experience", "difficulties", "solutions", "proposals"])
        #expect(world.state.topicsInOrder.map(\.id.description) == ["2025-1", "2025-2", "2025-3", "2025-4"])
        #expect(world[1].lead == office("hcth") && world[1].review == office("nv"))
        #expect(world[2].lead == office("nv") && world[2].review == office("hcth"))
        #expect(world[1].date(of: .opinion) == day("2025-03-15"))
        #expect(world[1].outline.map(\.title) == ["Mở đầu", "Nội dung", "Kết luận"])
        #expect(world[1].id.code == "CĐ1/2025")
    }

    @Test("the Director, the clerk or the coordinating head loads it")
    func who() throws {
        let world = try World()
        let command = Command.loadPlan(SeedDraft.plan(year: 2026), source: octets("plan: 2026\n"))
        for who in ["bich", "van", "hanh", nil] { #expect(world.refused(who, command) == nil) }
        for who in ["nga", "dung", "lan", "soat", "tri"] { #expect(world.refused(who, command) == .forbidden) }
    }

    @Test("the same file again is fulfilled already; another one of that year is a conflict")
    func again() throws {
        var world = try World()
        let same = try world.act("van", .loadPlan(SeedDraft.plan, source: octets(SeedDraft.source)))
        #expect(same.facts.isEmpty)
        #expect(world.refused("van", .loadPlan(SeedDraft.plan, source: octets("plan: 2025\n# khác\n"))) == .conflict)
    }

    @Test("what the document had left blank is filled in, once, and nothing else with it")
    func filledIn() throws {
        var world = try World()
        let head = "plan: 2025\ntitle: Thực hiện chuyên đề về trợ giúp pháp lý năm 2025\n"
        func load(_ number: String, _ date: String, _ more: String = "") -> Command {
            var plan = SeedDraft.plan
            (plan.number, plan.date) = (number, PlanDraft.WrittenDate(date))
            return .loadPlan(plan, source: octets("number: \"\(number)\"\n\(head)date: \(date)\n\(more)"))
        }
        #expect(world.refused("van", load("12/KH-TGPL", "2025-01-13", "# khác\n")) == .conflict, "something else")
        #expect(world.refused("van", load("12/KH-TGPL", "2025-02-13")) == .conflict, "another month")
        func place(_ command: Command) -> String? {
            let words = world.refusal("van", command)?.wording.english
            return words?.split(separator: "(").dropFirst().first?.split(separator: ")").first.map(String.init)
        }
        #expect(place(load("12/KH-TGPL", "2025-01-13", "# khác\n")) == "line 5", "as the file counts them")
        let short = octets("number: \"\"\nplan: 2025\n")
        #expect(place(.loadPlan(SeedDraft.plan, source: short)) == "line 3", "where the rest is missing")
        #expect(place(load("12/KH-TGPL", "2025-02-13")) == "its date is 2025-01")
        #expect(world.refused("nga", load("12/KH-TGPL", "2025-01-13")) == .forbidden)
        let filled = try world.act("van", load("12/KH-TGPL", "2025-01-13"))
        #expect(filled.facts.map(\.type) == ["PLAN.NUMBERED"])
        let plan = try #require(world.state.plan("2025"))
        #expect(plan.origin == Body(SeedDraft.source).digest && plan.source.digest != plan.origin)
        #expect(plan.number == "12/KH-TGPL" && plan.date == "2025-01-13" && plan.coordinator == office("hcth"))
        #expect(try world.act("van", load("12/KH-TGPL", "2025-01-13")).facts.isEmpty)
        #expect(world.refused("van", load("15/KH-TGPL", "2025-01-13")) == .conflict, "it has a number")
        #expect(place(load("15/KH-TGPL", "2025-01-13")) == "its number is 12/KH-TGPL")
        #expect(world.refused("van", load("12/KH-TGPL", "2025-01-14")) == .conflict, "it has a day")
        #expect(world.refused("van", load("", "2025-01")) == .conflict, "what is there does not go")
        #expect(world.state.topics.count == 4)
    }

    @Test("errors of a file come before the refusal that the year is loaded")
    func errorsFirst() throws {
        let world = try World()
        var plan = SeedDraft.plan
        plan.topics[0].lead = nil
        #expect(world.refused("van", .loadPlan(plan, source: octets("plan: 2025\nx\n"))) == .invalid)
    }

    @Test("a plan with a fatal problem is refused whole, with its lines")
    func allOrNothing() throws {
        let world = try World()
        var plan = SeedDraft.plan(year: 2026)
        plan.topics[1].lead = nil
        plan.topics[1].line = 17
        let refusal = try #require(world.refusal("van", .loadPlan(plan, source: octets("x\n"))))
        #expect(refusal.code == .invalid)
        #expect(refusal.problems.contains { $0.isFatal && $0.line == 17 })
    }

    @Test(
        "an escape in the file cannot smuggle in a hidden character or a line end",
        arguments: [
            "a\u{202E}b", "a\nb", "a\u{200B}b", " a", "a  b", "a\u{7}b", "e\u{301}", String(repeating: "ă", count: 501),
        ])
    func smuggled(text: String) throws {
        let world = try World()
        func isRefused(_ change: (inout PlanDraft) -> Void) -> Bool {
            var plan = SeedDraft.plan(year: 2026)
            change(&plan)
            return world.refused("van", .loadPlan(plan, source: octets("x\n"))) == .invalid
        }
        #expect(!isRefused { _ in })
        #expect(isRefused { $0.topics[0].title = text })
        #expect(isRefused { $0.title = text })
        #expect(isRefused { $0.signer = text })
        #expect(isRefused { $0.requirements[0] = PlanDraft.Requirement(key: "results", text: text) })
        #expect(isRefused { $0.offices.append(PlanDraft.Office(id: office("tc"), name: text)) })
        #expect(isRefused { $0.topics[0].outline = [OutlineItem("Mở đầu", children: [OutlineItem(text)])] })
    }

    @Test("a plan names the offices: a new name is noted, one after a list of people is not, leadership has its own")
    func officeName() throws {
        var world = try World()
        var plan = SeedDraft.plan(year: 2026)
        plan.offices[1] = PlanDraft.Office(id: office("nv"), name: "Phòng Nghiệp vụ 2", line: 7)
        plan.offices.append(PlanDraft.Office(id: office("stp"), name: "Sở Tư pháp", line: 8))
        try world.act(nil, .addOffice(office("stp"), name: "stp"))
        let notes = world.state.problems(of: plan).filter { !SeedDraft.plan(year: 2026).problems().contains($0) }
        #expect(notes.map(\.line) == [7] && notes.allSatisfy { !$0.isFatal })
        let loaded = try world.act("van", .loadPlan(plan, source: octets("x\n")))
        #expect(loaded.facts.filter { $0.type == "OFFICE.RENAMED" }.count == 2)
        #expect(world.state.officeName(office("nv")) == "Phòng Nghiệp vụ 2")
        #expect(world.state.officeName(office("stp")) == "Sở Tư pháp")
        plan.offices[1] = PlanDraft.Office(id: .leadership, name: "Ban Giám đốc")
        #expect(world.refused("van", .loadPlan(plan, source: octets("y\n"))) == .invalid)
    }
}
