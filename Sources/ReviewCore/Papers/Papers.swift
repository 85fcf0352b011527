/// The papers that the office needs out of a topic (domain §9), as plain text for a terminal and for pasting into Word.
///
/// Paragraphs are not broken into lines, so that a word processor can set them; only what NĐ 30/2020/NĐ-CP, Phụ lục I
/// places side by side or in the middle is laid out with blanks.
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
    /// - Parameter topic: with its details in memory; an archived one has to be revived first. The review form without one is
    ///   blank, and a year's report takes none.
    /// - Throws: `invalid` for an unknown name, an argument that the form does not take, and where the topic is missing;
    ///   `notFound` where the person may not read the topic's text, or the year has no plan; `stage` for what does not
    ///   exist yet, or prints what the person may not know yet.
    public static func form(
        named name: String, topic: Topic?, _ arguments: Arguments = Arguments(), in state: State,
        for person: PersonID, now: Instant
    ) throws(Refusal) -> String {
        guard let form = Form(rawValue: name) else { throw unknown() }
        try judge(arguments, topic, of: form)
        guard let reader = state.people[person], !reader.isDisabled else {
            throw Refusal(.forbidden, Wording("Tài khoản đã khóa.", "The account is disabled."))
        }
        switch (form, topic) {
        case (.yearReport, _): return try YearReport(arguments, reader: person, in: state, now: now).text
        case (.reviewForm, nil): return ReviewForm(state: state, topic: nil, reviewer: reader, now: now).text
        case (_, nil):
            throw Refusal(
                .invalid,
                Wording("Mẫu \(name) lập cho một chuyên đề: ghi thêm mã, như 2025-1.", "Form \(name) needs a topic."),
                details: [Detail("argument", "topic")])
        case (_, let topic?):
            _ = try Policy.visible(topic.id, .text, to: reader, in: state)
            return try paper(form, of: topic, arguments, in: state, for: reader, now: now)
        }
    }

    private static func paper(
        _ form: Form, of topic: Topic, _ arguments: Arguments, in state: State, for reader: Person, now: Instant
    ) throws(Refusal) -> String {
        // A paper names nobody's verdict before its reader may know it (domain §2).
        let shown = topic.shown(to: reader.id, in: state)
        switch form {
        case .commentTable: return CommentTable(state: state, topic: shown, now: now).text
        case .reviewForm: return ReviewForm(state: state, topic: topic, reviewer: reader, now: now).text
        case .minutes: return try Minutes(of: topic, in: state).text
        case .submission:
            // It says what CHECK says to everybody.
            try state.mayReadResults(of: topic, reader.id)
            return try Submission(of: topic, in: state, now: now).text
        case .comparison: return try Comparison(of: topic, arguments, in: state, now: now).text
        case .topic: return try TopicPaper(of: topic, in: state).text
        case .yearReport: return try YearReport(arguments, reader: reader.id, in: state, now: now).text
        }
    }

    /// Arguments of another form would otherwise be ignored, and the paper not be what was asked for.
    private static func judge(_ arguments: Arguments, _ topic: Topic?, of form: Form) throws(Refusal) {
        var strange: [String] = []
        if form == .yearReport {
            if topic != nil { strange.append("topic") }
        } else if arguments.year != nil {
            strange.append("year")
        }
        if form != .comparison {
            if arguments.from != nil { strange.append("from") }
            if arguments.to != nil { strange.append("to") }
        }
        guard let first = strange.first else { return }
        throw Refusal(
            .invalid,
            Wording(
                "Mẫu \(form.rawValue) không dùng \(first): from=, to= chỉ cho ban-so-sanh; year= chỉ cho bao-cao-nam, "
                    + "mẫu này không cần chuyên đề.",
                "Form \(form.rawValue) takes no \(first): from= and to= are for ban-so-sanh; year= is for bao-cao-nam, "
                    + "which takes no topic."), details: [Detail("argument", first)])
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
