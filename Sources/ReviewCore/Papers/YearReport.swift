/// Báo cáo kết quả thực hiện Kế hoạch năm: the coordinating office's report to the Director, who reports to the body above
/// (III.1 of the plan).
///
/// It covers the topics that its reader may know of, and says so when these are not all. Of a finished topic whose course is
/// not at hand it prints what the working memory keeps; everything else is neither guessed nor printed as nothing.
struct YearReport {
    /// The most finished topics whose courses are fetched for one report.
    private static let maximumCourses = 64

    private let state: State
    private let plan: Plan
    private let reader: PersonID
    private let now: Instant
    /// How many topics the plan has.
    private let planned: Int
    private let topics: [Topic]
    private let courses: [TopicID: TopicCourse]

    init(_ arguments: Papers.Arguments, reader: PersonID, in state: State, now: Instant) throws(Refusal) {
        guard let plan = Self.plan(of: arguments.year, in: state) else { throw Self.noPlan(arguments.year, state) }
        self.state = state
        self.plan = plan
        self.reader = reader
        self.now = now
        courses = arguments.courses
        let all = state.topicsInOrder.filter { $0.plan == plan.id }
        planned = all.count
        topics = all.filter { state.access(of: reader, to: $0) != .none }
    }

    private static func plan(of year: Int?, in state: State) -> Plan? {
        year.map { state.plan(String($0)) } ?? state.plans.max { (Int($0.id) ?? 0, $0.id) < (Int($1.id) ?? 0, $1.id) }
    }

    /// The finished topics whose courses belong into the report; none where they are too many.
    static func finishedTopics(of year: Int?, for reader: PersonID, in state: State) -> [TopicID] {
        guard let plan = plan(of: year, in: state) else { return [] }
        let found = state.topicsInOrder.filter {
            $0.plan == plan.id && $0.isArchived && state.access(of: reader, to: $0) == .text
        }
        return found.count > maximumCourses ? [] : found.map(\.id)
    }

    /// A topic's course: an open one's from memory.
    private func course(of topic: Topic) -> TopicCourse? {
        topic.isArchived ? courses[topic.id] : TopicCourse(of: topic)
    }

    private static func noPlan(_ year: Int?, _ state: State) -> Refusal {
        let known = state.plans.map(\.id).sorted().joined(separator: ", ")
        guard let year, !known.isEmpty else {
            return Refusal(.notFound, Wording("Chưa có Kế hoạch năm nào được nạp.", "No plan is loaded yet."))
        }
        return Refusal(
            .notFound,
            Wording(
                "Không có Kế hoạch năm \(year); đã nạp Kế hoạch năm: \(known).",
                "There is no plan of \(year); plans are loaded of: \(known)."), details: [Detail("argument", "year")])
    }

    var sheet: PaperSheet {
        let office = state.officeName(plan.coordinator)
        let sign = plan.coordinator.text.uppercased()
        var sheet = PaperSheet()
        // The office reports to the Director, so its paper comes from below the Centre.
        sheet.letterhead(parent: plan.issuer, issuer: office, number: "Số: ……/BC-\(sign)", date: now.date)
        sheet.title("BÁO CÁO", "Kết quả thực hiện Kế hoạch “\(plan.title)”")
        sheet.blank()
        sheet.centred("Kính gửi: Giám đốc \(plan.issuer)")
        sheet.blank()
        sheet.paragraph(
            "Thực hiện \(plan.citation), \(office) báo cáo kết quả tính đến ngày \(now.date.onPaper) như sau:")
        scope(&sheet)
        sheet.blank()
        overview(&sheet)
        sheet.heading("II. KẾT QUẢ TỪNG CHUYÊN ĐỀ")
        if topics.isEmpty { sheet.paragraph("Không có chuyên đề nào để tổng hợp.") }
        for (place, topic) in topics.enumerated() { details(topic, number: place + 1, &sheet) }
        sheet.blank()
        shortcomings(&sheet)
        sheet.heading("IV. NHẬN XÉT, ĐỀ XUẤT, KIẾN NGHỊ")
        sheet.paragraph("1. Nhận xét, đánh giá chung:")
        sheet.dots(3)
        sheet.paragraph("2. Đề xuất, kiến nghị:")
        sheet.dots(3)
        sheet.blank()
        let above = plan.parent.isEmpty ? "cơ quan cấp trên" : plan.parent
        sheet.paragraph(
            "Trên đây là báo cáo kết quả thực hiện Kế hoạch năm \(plan.id), \(office) kính trình Giám đốc xem xét, báo cáo \(above) theo quy định./."
        )
        sheet.signature(
            title: state.headTitle(of: plan.coordinator), name: state.headName(of: plan.coordinator),
            recipients: [
                "Như trên", above, "Các phòng thuộc Trung tâm", "Lưu: VT, \(sign)",
            ])
        return sheet
    }

    // MARK: I

    private func scope(_ sheet: inout PaperSheet) {
        guard topics.count < planned else { return }
        sheet.paragraph(
            "Phạm vi: báo cáo này chỉ tổng hợp \(topics.count)/\(planned) chuyên đề của Kế hoạch; \(planned - topics.count) chuyên đề còn lại chưa mở cho người lập báo cáo (\(state.personName(reader)))."
        )
    }

    private func overview(_ sheet: inout PaperSheet) {
        sheet.heading("I. TÌNH HÌNH CHUNG")
        let covered = topics.count < planned ? ", trong đó tổng hợp \(topics.count)" : ""
        sheet.paragraph("1. Tổng số chuyên đề theo Kế hoạch: \(planned)\(covered). Cụ thể:")
        for fate in Fate.allCases {
            sheet.paragraph("- \(fate.name): " + list(topics.filter { Fate(of: $0) == fate }), indent: 2)
        }
        let late = topics.filter { !overdue($0).isEmpty }
        sheet.paragraph("2. Số chuyên đề đang quá hạn: \(list(late)).")
        sheet.paragraph("3. Cách tính hạn: \(state.beforeDate.reading). Gia hạn theo văn bản thì tính theo ngày mới.")
        sheet.blank()
    }

    private func list(_ topics: [Topic]) -> String {
        topics.isEmpty ? "0" : "\(topics.count) (\(topics.map(\.id.code).joined(separator: ", ")))"
    }

    /// What became of a topic so far; each has exactly one.
    private enum Fate: CaseIterable {
        case issued, approved, working, postponed, cancelled

        init(of topic: Topic) {
            switch topic.stage {
            case .issued: self = .issued
            case .cancelled: self = .cancelled
            case _ where topic.postponed != nil: self = .postponed
            case .approved: self = .approved
            case .assigned, .drafting, .leadership, .review, .revision, .plenary, .finishing, .approval: self = .working
            }
        }

        var name: String {
            switch self {
            case .issued: "đã ban hành"
            case .approved: "đã phê duyệt, chưa ban hành"
            case .working: "đang thực hiện"
            case .postponed: "đang tạm hoãn"
            case .cancelled: "đã hủy"
            }
        }
    }

    // MARK: II

    private func details(_ topic: Topic, number: Int, _ sheet: inout PaperSheet) {
        sheet.blank()
        sheet.paragraph("\(number). Chuyên đề \(topic.id.code): \(topic.title)")
        sheet.paragraph(
            "- \(state.officeName(topic.lead)) chủ trì; \(state.officeName(topic.review)) phản biện; thực hiện trong Quý \(Self.quarters[topic.quarter] ?? String(topic.quarter))/\(topic.id.year)",
            indent: 2)
        sheet.paragraph("- Kết quả: \(standing(topic))", indent: 2)
        let course = course(of: topic)
        sheet.paragraph(course == nil ? "- Hạn theo Kế hoạch:" : "- Tiến độ:", indent: 2)
        for milestone in Milestone.allCases {
            sheet.paragraph("+ \(schedule(milestone, of: topic, course))", indent: 4)
        }
        // One that lasts stands beside what became of the topic.
        for one in course?.postponements ?? [] {
            guard let until = one.until else { continue }
            sheet.paragraph(
                "+ Tạm hoãn từ ngày \(one.time.date.onPaper) đến ngày \(until.date.onPaper)"
                    + (reason(one.reason, of: topic).map { ", lý do: \($0)" } ?? ""), indent: 4)
        }
        if let course {
            comments(topic, course, &sheet)
        } else {
            sheet.paragraph(
                "- Gia hạn, tạm hoãn (nếu có), ngày hoàn thành từng mốc và số liệu ý kiến: xem hồ sơ lưu của chuyên đề",
                indent: 2
            )
        }
    }

    private static let quarters = [1: "I", 2: "II", 3: "III", 4: "IV"]

    private func standing(_ topic: Topic) -> String {
        let since = topic.stageSince.date.onPaper
        let draft = topic.newest > 0 ? "; dự thảo lần \(topic.newest)" : "; chưa có dự thảo"
        var words: String
        switch topic.stage {
        case .issued:
            words = "đã ban hành"
            if let issued = topic.issued { words += " số \(issued.number) ngày \(issued.date.onPaper)" }
        case .cancelled:
            words = "đã hủy ngày \(since)"
            if let reason = reason(topic.cancelled, of: topic) { words += ", lý do: \(reason)" }
        case .approved: words = "đã phê duyệt ngày \(since), chưa ban hành"
        case .assigned, .drafting, .leadership, .review, .revision, .plenary, .finishing, .approval:
            words = "bước “\(topic.stage.wording.vietnamese)” từ ngày \(since)\(draft)"
        }
        if topic.postponed != nil {
            words += "; đang tạm hoãn"
            if let reason = reason(topic.postponed, of: topic) { words += ", lý do: \(reason)" }
        }
        return words
    }

    /// What SHOW prints of it to those who read the text, and to nobody else.
    private func reason(_ body: Body?, of topic: Topic) -> String? {
        guard let body, state.access(of: reader, to: topic) == .text else { return nil }
        return state.shown(body)
    }

    private func schedule(_ milestone: Milestone, of topic: Topic, _ course: TopicCourse?) -> String {
        var words = name(milestone)
        if let date = topic.planned[milestone] { words += ": trước ngày \(date.onPaper)" }
        guard let course else { return words }
        for longer in course.extensions where longer.milestone == milestone {
            words += "; gia hạn đến trước ngày \(longer.to.onPaper) theo \(longer.reference)"
            if let reason = reason(longer.reason, of: topic) { words += " (lý do: \(reason))" }
        }
        let passes = milestone.passes(of: course)
        for (place, pass) in passes.enumerated() {
            words += place == 0 ? "; hoàn thành" : "; bị trả lại, hoàn thành lại"
            words += " ngày \(pass.time.date.onPaper), "
            words += pass.overdueDays > 0 ? "quá hạn \(pass.overdueDays) ngày" : "đúng hạn"
        }
        guard !milestone.isPassed(by: topic) else { return words }
        words += passes.isEmpty ? "; chưa hoàn thành" : "; bị trả lại, đang làm lại"
        guard let deadline = deadline(milestone, of: topic) else { return words }
        let left = deadline.daysLeft(at: now)
        if left < 0 { return words + ", quá hạn \(deadline.overdueDays(at: now)) ngày" }
        return words + (left == 0 ? ", hôm nay là ngày cuối" : ", còn \(left) ngày")
    }

    private func name(_ milestone: Milestone) -> String {
        "Mốc \((Milestone.allCases.firstIndex(of: milestone) ?? 0) + 1), \(milestone.wording.vietnamese)"
    }

    private func deadline(_ milestone: Milestone, of topic: Topic) -> Deadline? {
        topic.date(of: milestone).map { Deadline(date: $0, rule: state.beforeDate) }
    }

    private func comments(_ topic: Topic, _ course: TopicCourse, _ sheet: inout PaperSheet) {
        guard state.access(of: reader, to: topic) == .text else {
            return sheet.paragraph("- Ý kiến góp ý: ở bước này chưa mở cho người lập báo cáo", indent: 2)
        }
        let totals = course.totals
        guard totals.all > 0 else { return sheet.paragraph("- Ý kiến góp ý: chưa có", indent: 2) }
        sheet.paragraph(
            "- Ý kiến góp ý: \(totals.all) (của \(totals.owners) cá nhân, \(totals.offices) phòng), trong đó \(totals.lines.joined(separator: "; "))",
            indent: 2)
        for line in [totals.maintainedLine, totals.unconfirmedLine].compactMap(\.self) {
            sheet.paragraph(line, indent: 4)
        }
    }

    // MARK: III

    private func shortcomings(_ sheet: inout PaperSheet) {
        sheet.heading("III. TỒN TẠI, HẠN CHẾ")
        let late = topics.flatMap { overdue($0) }
        sheet.paragraph("1. Đang quá hạn:" + (late.isEmpty ? " không có." : ""))
        for line in late { sheet.paragraph("- " + line, indent: 2) }
        let passed = topics.flatMap { passedLate($0) }
        sheet.paragraph("2. Đã hoàn thành nhưng chậm:" + (passed.isEmpty ? " không có." : ""))
        for line in passed { sheet.paragraph("- " + line, indent: 2) }
        let archived = topics.filter { course(of: $0) == nil }
        if !archived.isEmpty {
            sheet.paragraph(
                "Mục này không xét các chuyên đề đã lưu hồ sơ: \(archived.map(\.id.code).joined(separator: ", ")).")
        }
        sheet.paragraph("3. Nguyên nhân:")
        sheet.dots(3)
        sheet.blank()
    }

    /// Milestones that were not reached in time; and what LIST calls overdue of one that the office did reach, where the
    /// step after it waits for leadership.
    private func overdue(_ topic: Topic) -> [String] {
        guard !topic.isArchived, topic.milestone != nil else { return [] }
        return Milestone.allCases.compactMap { milestone in
            guard let deadline = deadline(milestone, of: topic), deadline.isLate(at: now) else { return nil }
            let isPassed = milestone.isPassed(by: topic)
            guard !isPassed || topic.milestone == milestone else { return nil }
            return
                "\(topic.id.code), \(name(milestone)) (trước ngày \(deadline.date.onPaper)): quá hạn \(deadline.overdueDays(at: now)) ngày"
                + (isPassed ? "; phòng chủ trì đã trình, đang chờ ở bước “\(topic.stage.wording.vietnamese)”" : "")
                + (topic.postponed == nil ? "" : "; chuyên đề đang tạm hoãn")
        }
    }

    private func passedLate(_ topic: Topic) -> [String] {
        guard let course = course(of: topic) else { return [] }
        return Milestone.allCases.flatMap { milestone in
            milestone.passes(of: course).filter { $0.overdueDays > 0 }.map {
                "\(topic.id.code), \(name(milestone)): hoàn thành ngày \($0.time.date.onPaper), quá hạn \($0.overdueDays) ngày"
            }
        }
    }
}

/// What a year's report says of one topic besides what the working memory keeps of every one: it is small, so that a report
/// can have those of all finished topics.
public struct TopicCourse: Sendable {
    let passages: [Topic.Passage]
    let extensions: [Topic.Extension]
    let postponements: [Topic.Postponement]
    let totals: CommentTotals

    /// The course of a topic with its details.
    public init(of topic: Topic) {
        passages = topic.passages
        extensions = topic.extensions
        postponements = topic.postponements
        totals = CommentTotals(of: topic)
    }
}

extension Milestone {
    /// The steps by which a topic reached it: more than one where it was sent back.
    fileprivate func passes(of course: TopicCourse) -> [Topic.Passage] {
        course.passages.filter { $0.from == stage && $0.to.order > stage.order }
    }

    /// Whether a topic is past it now.
    fileprivate func isPassed(by topic: Topic) -> Bool { topic.stage.order > stage.order }
}

extension BeforeDateRule {
    /// The rule in words, of no certain date.
    fileprivate var reading: String {
        switch self {
        case .strict: "“trước ngày” là xong trước khi ngày đó bắt đầu"
        case .inclusive: "“trước ngày” tính cả ngày đó"
        case .workday: "“trước ngày” là chậm nhất ngày làm việc cuối cùng trước ngày đó"
        }
    }
}
