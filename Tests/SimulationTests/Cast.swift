import ReviewCore

/// The Centre of every run: its people, their desks, its plan, and the log at the beginning.
enum Cast {
    /// One person.
    struct Member {
        let id: String
        let office: String
        let position: Position
        /// How many desks the person has; 0: nobody but the checks uses the account.
        let desks: Int
        /// How often the person acts, compared with others.
        let zeal: Int64
    }

    static let members: [Member] = [
        Member(id: "bich", office: "leadership", position: .director, desks: 1, zeal: 4),
        Member(id: "lan", office: "leadership", position: .deputy, desks: 1, zeal: 2),
        Member(id: "hung", office: "hcth", position: .head, desks: 1, zeal: 4),
        Member(id: "minh", office: "hcth", position: .staff, desks: 2, zeal: 3),
        Member(id: "hoa", office: "hcth", position: .staff, desks: 1, zeal: 1),
        Member(id: "tuan", office: "nv", position: .head, desks: 1, zeal: 4),
        Member(id: "nga", office: "nv", position: .staff, desks: 1, zeal: 3),
        Member(id: "son", office: "nv", position: .staff, desks: 1, zeal: 1),
        Member(id: "thu", office: "hcth", position: .clerk, desks: 1, zeal: 4),
        Member(id: "quan", office: "hcth", position: .observer, desks: 1, zeal: 1),
        Member(id: "root", office: "hcth", position: .admin, desks: 1, zeal: 2),
        Member(id: "soat1", office: "leadership", position: .deputy, desks: 0, zeal: 0),
        Member(id: "soat2", office: "hcth", position: .staff, desks: 0, zeal: 0),
        Member(id: "soat3", office: "nv", position: .staff, desks: 0, zeal: 0),
        Member(id: "soat4", office: "hcth", position: .observer, desks: 0, zeal: 0),
    ]

    /// Accounts that only the comparison of live state and log uses.
    static let probes = ["soat1", "soat2", "soat3", "soat4"]
    /// People whom the administrator moves and disables; the others keep the topics going.
    static let movable = ["hoa", "son", "moi"]
    /// The account that is invited during a run.
    static let newcomer = "moi"

    /// People who are given certificates, above all those who may lose everything again.
    static let holders = ["bich", "hung", "minh", "nga"] + movable + movable
    /// Whoever has no account, or does not say so.
    static let stranger = "khach"
    /// From when and until when every certificate is valid: longer than any clock is set.
    static let certificateBegin = SimulatedClock.begin.adding(milliseconds: -30 * 86_400_000)
    static let certificateEnd = SimulatedClock.begin.adding(milliseconds: 730 * 86_400_000)

    static func password(_ id: String) -> String { "mat khau \(id)" }

    /// The stored form of a password, in place of a slow hash.
    static func hash(_ password: [UInt8]) -> String { "sim:" + String(decoding: password, as: UTF8.self) }

    static let plan = PlanDraft(
        year: 2025, reference: "29/KH-TGPL", date: PlanDraft.WrittenDate("2025-01"),
        title: "Thực hiện chuyên đề về trợ giúp pháp lý năm 2025", issuer: "Trung tâm Trợ giúp pháp lý nhà nước",
        parent: "Sở Tư pháp", signer: "Hoàng Thị Bích",
        offices: [
            PlanDraft.Office(id: office("hcth"), name: "Phòng Hành chính – Tổng hợp"),
            PlanDraft.Office(id: office("nv"), name: "Phòng Nghiệp vụ"),
        ], coordinator: office("hcth"),
        requirements: [PlanDraft.Requirement(key: "results", text: "Kết quả triển khai thực hiện chuyên đề")],
        topics: [
            topic(1, "Nâng cao năng lực truyền thông", "hcth", "nv", "2025-02-11", "2025-02-14", "2025-02-20"),
            topic(2, "Kỹ năng tham gia tố tụng", "nv", "hcth", "2025-06-15", "2025-06-20", "2025-06-28"),
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
            ], outline: [OutlineItem("Mở đầu"), OutlineItem("Kết luận")])
    }

    static func office(_ id: String) -> OfficeID { OfficeID(id) ?? .leadership }
}
