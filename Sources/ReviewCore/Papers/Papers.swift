/// The papers that the office needs out of a topic (domain §9): as plain text for a terminal, and for a word processor in
/// the layout of NĐ 30/2020/NĐ-CP, Phụ lục I.
public enum Papers {
    /// A paper by its name on the wire (specification §8, form names).
    public enum Form: String, CaseIterable, Sendable {
        /// The table of opinions with what became of each.
        case commentTable = "bang-tiep-thu-giai-trinh"
        /// The review form, blank and prefilled.
        case reviewForm = "phieu-phan-bien"
        /// The minutes of the plenary.
        case minutes = "bien-ban"
        /// The lead office's proposal to approve the final text.
        case submission = "to-trinh"
        /// What changed between two revisions.
        case comparison = "ban-so-sanh"
        /// How a year's plan was carried out.
        case yearReport = "bao-cao-nam"
        /// The topic paper itself, laid out.
        case topic = "chuyen-de"
    }

    /// What a paper is written as.
    public enum Format: String, CaseIterable, Sendable {
        /// Plain text.
        case text
        /// Rich Text Format, for a word processor.
        case richText = "rtf"
    }

    /// What a paper is made of besides its topic.
    public struct Arguments: Sendable {
        /// The older revision of a comparison, from 1; nil for the one before the newer.
        public let from: Int?
        /// The newer revision of a comparison, from 1; nil for the newest.
        public let to: Int?
        /// The plan's year of a report; nil for the newest plan.
        public let year: Int?
        /// For a report: the courses of finished topics, as far as they are at hand.
        public let courses: [TopicID: TopicCourse]

        /// Makes the arguments; those that a form does not take are refused.
        public init(
            from: Int? = nil, to: Int? = nil, year: Int? = nil, courses: [TopicID: TopicCourse] = [:]
        ) {
            self.from = from
            self.to = to
            self.year = year
            self.courses = courses
        }
    }

    /// The finished topics whose courses belong into a report on a year (nil: the newest plan's), as far as a person may read
    /// them.
    public static func finishedTopics(of year: Int?, for person: PersonID, in state: State) -> [TopicID] {
        YearReport.finishedTopics(of: year, for: person, in: state)
    }

    /// Makes a paper.
    ///
    /// - Parameter format: as what it is written.
    /// - Parameter topic: with its details in memory; an archived one has to be revived first. The review form without one is
    ///   blank, and a year's report takes none.
    /// - Throws: `invalid` for an unknown name, an argument that the form does not take, and where the topic is missing;
    ///   `notFound` where the person may not read the topic's text, or the year has no plan; `stage` for what does not
    ///   exist yet, or prints what the person may not know yet.
    public static func form(
        named name: String, topic: Topic?, _ arguments: Arguments = Arguments(), as format: Format = .text,
        in state: State, for person: PersonID, now: Instant
    ) throws(Refusal) -> String {
        let sheet = try sheet(named: name, topic: topic, arguments, in: state, for: person, now: now)
        switch format {
        case .text: return PaperText(sheet).text
        case .richText: return PaperRichText(sheet).text
        }
    }

    private static func sheet(
        named name: String, topic: Topic?, _ arguments: Arguments, in state: State, for person: PersonID, now: Instant
    ) throws(Refusal) -> PaperSheet {
        guard let form = Form(rawValue: name) else { throw unknown() }
        try judge(arguments, topic, of: form)
        guard let reader = state.people[person], !reader.isDisabled else {
            throw Refusal(.forbidden, Wording("Tài khoản đã khóa.", "The account is disabled."))
        }
        func readable() throws(Refusal) -> Topic {
            guard let topic else {
                throw Refusal(
                    .invalid,
                    Wording(
                        "Mẫu \(name) lập cho một chuyên đề: ghi thêm mã, như 2025-1.", "Form \(name) needs a topic."),
                    details: [Detail("argument", "topic")])
            }
            _ = try Policy.visible(topic.id, .text, to: reader, in: state)
            return topic
        }
        switch form {
        case .commentTable:
            // A paper names nobody's verdict before its reader may know it (domain §2).
            return CommentTable(state: state, topic: try readable().shown(to: person, in: state), now: now).sheet
        case .reviewForm:
            let topic = topic == nil ? nil : try readable()
            return ReviewForm(state: state, topic: topic, reviewer: reader, now: now).sheet
        case .minutes: return try Minutes(of: readable(), in: state).sheet
        case .submission:
            // It says what CHECK says to everybody.
            let topic = try readable()
            try state.mayReadResults(of: topic, person)
            return try Submission(of: topic, in: state, now: now).sheet
        case .comparison: return try Comparison(of: readable(), arguments, in: state, now: now).sheet
        case .yearReport: return try YearReport(arguments, reader: person, in: state, now: now).sheet
        case .topic: return try TopicPaper(of: readable(), in: state).sheet
        }
    }

    /// Arguments of another form would otherwise be ignored, and the paper not be what was asked for.
    private static func judge(_ arguments: Arguments, _ topic: Topic?, of form: Form) throws(Refusal) {
        func refuse(_ argument: String, _ vietnamese: String, _ english: String) throws(Refusal) {
            throw Refusal(.invalid, Wording(vietnamese, english), details: [Detail("argument", argument)])
        }
        if form == .yearReport, topic != nil {
            try refuse(
                "topic", "Báo cáo năm lập cho cả Kế hoạch: bỏ mã chuyên đề đi, cần chọn năm thì ghi year=.",
                "The report is on a whole plan: leave the topic out; year= chooses the plan.")
        }
        if form != .yearReport, arguments.year != nil {
            try refuse(
                "year", "Mẫu \(form.rawValue) lập cho một chuyên đề: bỏ year= đi (chỉ báo cáo năm dùng).",
                "Form \(form.rawValue) is of one topic: leave year= out (the year's report alone takes it).")
        }
        if form != .comparison, arguments.from != nil || arguments.to != nil {
            try refuse(
                arguments.from != nil ? "from" : "to",
                "Mẫu \(form.rawValue) không so sánh hai bản dự thảo: bỏ from=, to= đi (chỉ bản so sánh dùng).",
                "Form \(form.rawValue) compares nothing: leave from= and to= out (the comparison alone takes them).")
        }
    }

    private static func unknown() -> Refusal {
        let names = Form.allCases.map(\.rawValue).joined(separator: ", ")
        return Refusal(
            .invalid, Wording("Không có mẫu này. Các mẫu: \(names).", "There is no such form. Forms: \(names)."),
            details: [Detail("argument", "name"), Detail("forms", names)])
    }

    /// What needs a text refuses a topic that has none.
    static func newest(of topic: Topic) throws(Refusal) -> Revision {
        guard let revision = topic.latest else {
            throw Refusal(
                .stage,
                Wording("Chuyên đề \(topic.id) chưa có bản dự thảo nào.", "Topic \(topic.id) has no revision yet."),
                details: [Detail("stage", topic.stage.rawValue)])
        }
        return revision
    }
}
