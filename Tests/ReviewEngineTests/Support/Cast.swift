import ReviewCore
import ReviewTestKit

/// The Centre of the seed plan with its people, as far as tests need them.
enum Cast {
    static let people = Transcript.standardPeople

    /// The plan of Tests/Conformance/beginning/ke-hoach-2025.yaml.
    static let plan = PlanDraft(
        year: 2025, reference: "29/KH-TGPL", date: PlanDraft.WrittenDate("2025-01"),
        title: "Thực hiện chuyên đề về trợ giúp pháp lý năm 2025",
        issuer: "Trung tâm Trợ giúp pháp lý nhà nước tỉnh Lạng Sơn", parent: "Sở Tư pháp tỉnh Lạng Sơn",
        signer: "Hoàng Thị Bích",
        offices: [
            PlanDraft.Office(id: office("hcth"), name: "Phòng Hành chính – Tổng hợp", line: 10),
            PlanDraft.Office(id: office("nv"), name: "Phòng Nghiệp vụ", line: 11),
        ], coordinator: office("hcth"),
        requirements: [PlanDraft.Requirement(key: "results", text: "Kết quả triển khai thực hiện chuyên đề", line: 14)],
        topics: [
            topic(
                1, "Nâng cao năng lực truyền thông về trợ giúp pháp lý", "hcth", "nv", "2025-03-15", "2025-03-20",
                "2025-03-28"),
            topic(
                2, "Kỹ năng tham gia tố tụng trong vụ án dân sự", "nv", "hcth", "2025-06-15", "2025-06-20", "2025-06-28"
            ),
            topic(3, "Thẩm định, đánh giá chất lượng vụ việc", "nv", "hcth", "2025-09-15", "2025-09-20", "2025-09-30"),
        ])

    private static func topic(
        _ number: Int, _ title: String, _ lead: String, _ review: String, _ opinion: String, _ middle: String,
        _ final: String
    ) -> PlanDraft.Topic {
        PlanDraft.Topic(
            number: number, title: title, lead: office(lead), review: office(review), quarter: number,
            milestones: [
                PlanDraft.Deadline(.opinion, opinion), PlanDraft.Deadline(.review, middle),
                PlanDraft.Deadline(.final, final),
            ], outline: [OutlineItem("Mở đầu"), OutlineItem("Nội dung"), OutlineItem("Kết luận")], line: 20 + number)
    }

    private static func office(_ id: String) -> OfficeID { OfficeID(id) ?? .leadership }

    /// The log at the start of a test: offices, people and the plan, decided by the operator.
    static func founding(_ accounts: [Transcript.Account], at now: Instant) throws -> (State, [Event]) {
        var state = State()
        var events: [Event] = []
        func perform(_ command: Command) throws {
            for fact in try state.decide(command, by: .operator, now: now).facts {
                let event = Event(sequence: state.lastSequence + 1, time: now, person: nil, office: nil, fact: fact)
                state.apply(event)
                events.append(event)
            }
        }
        try perform(.loadPlan(plan, source: Array("plan: 2025\n".utf8)))
        for account in accounts {
            guard let id = PersonID(account.id), let position = Position(rawValue: account.position) else { continue }
            try perform(
                .addPerson(
                    id, name: account.name, office: office(account.office), position: position,
                    credential: account.password.isEmpty ? nil : TestPool.hash(Array(account.password.utf8)),
                    invitation: nil))
        }
        return (state, events)
    }
}
