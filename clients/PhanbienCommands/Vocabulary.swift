public import ReviewProtocol

/// The words that people read for the identifiers on the wire (the domain's terms).
///
/// What is unknown is shown as it came.
public enum Vocabulary {
    struct Term: Sendable {
        let identifier: String
        let words: Bilingual

        init(_ identifier: String, _ vietnamese: String, _ english: String) {
            self.identifier = identifier
            words = Bilingual(vietnamese, english)
        }
    }

    /// The kinds of identifiers.
    public enum Domain: CaseIterable, Sendable {
        case stage, level, kind, state, disposition, verdict, requirement, requirementState, act, position, now, vote
        case opinion, result, role, milestone, form, change, side, answer
    }

    static func terms(_ domain: Domain) -> [Term] {
        switch domain {
        case .stage: stageTerms
        case .level: levelTerms
        case .kind: kindTerms
        case .state: stateTerms
        case .disposition: dispositionTerms
        case .verdict: verdictTerms
        case .requirement: requirementTerms
        case .requirementState: requirementStateTerms
        case .act: actTerms
        case .position: positionTerms
        case .now: nowTerms
        case .vote: voteTerms
        case .opinion: opinionTerms
        case .result: resultTerms
        case .role: roleTerms
        case .milestone: milestoneTerms
        case .form: formTerms
        case .change: changeTerms
        case .side: sideTerms
        case .answer: answerTerms
        }
    }

    /// The words for an identifier; the identifier itself when there are none.
    public static func word(_ domain: Domain, _ identifier: String, _ language: Language) -> String {
        terms(domain).first { $0.identifier == identifier }?.words.text(language) ?? identifier
    }

    /// The identifier that a person meant: itself, or its Vietnamese words with or without dấu.
    public static func identifier(among choices: [String], meant typed: String) -> String? {
        if choices.contains(typed) { return typed }
        let wanted = Folding.slug(typed)
        guard !wanted.isEmpty else { return nil }
        for choice in choices {
            if choice == wanted { return choice }
            for domain in Domain.allCases {
                for term in terms(domain) where term.identifier == choice {
                    if Folding.slug(term.words.vietnamese) == wanted { return choice }
                }
            }
        }
        return nil
    }

    /// The words for a choice, wherever it is defined; used by help.
    static func explanation(of choice: String, _ language: Language) -> String? {
        for domain in Domain.allCases {
            for term in terms(domain) where term.identifier == choice { return term.words.text(language) }
        }
        return nil
    }

    static let stages = stageTerms.map(\.identifier)
    static let states = stateTerms.map(\.identifier)
    static let levels = levelTerms.map(\.identifier)
    static let kinds = kindTerms.map(\.identifier)
    static let dispositions = dispositionTerms.map(\.identifier)
    static let verdicts = verdictTerms.map(\.identifier)
    static let requirements = requirementTerms.map(\.identifier)
    static let opinions = opinionTerms.map(\.identifier)
    static let results = resultTerms.map(\.identifier)
    static let roles = roleTerms.map(\.identifier)
    static let milestones = milestoneTerms.map(\.identifier)
    static let forms = formTerms.map(\.identifier)
    static let positions = positionTerms.map(\.identifier)

    private static let stageTerms = [
        Term("assigned", "đã giao", "assigned"),
        Term("drafting", "đang soạn thảo", "drafting"),
        Term("leadership", "lãnh đạo cho ý kiến", "leadership"),
        Term("review", "phản biện", "review"),
        Term("revision", "tiếp thu, chỉnh sửa", "revision"),
        Term("plenary", "sinh hoạt chuyên đề", "plenary"),
        Term("finishing", "hoàn thiện", "finishing"),
        Term("approval", "trình phê duyệt", "approval"),
        Term("approved", "đã phê duyệt", "approved"),
        Term("issued", "ban hành, lưu hồ sơ", "issued"),
        Term("postponed", "tạm hoãn", "postponed"),
        Term("cancelled", "đã hủy", "cancelled"),
    ]
    private static let levelTerms = [
        Term("must", "bắt buộc", "must"),
        Term("should", "nên sửa", "should"),
        Term("note", "tham khảo", "note"),
    ]
    private static let kindTerms = [
        Term("content", "nội dung", "content"),
        Term("legal", "pháp lý", "legal"),
        Term("format", "thể thức", "format"),
        Term("language", "chính tả, câu chữ", "language"),
        Term("question", "câu hỏi", "question"),
        Term("praise", "ghi nhận ưu điểm", "praise"),
    ]
    private static let stateTerms = [
        Term("open", "chưa giải trình", "open"),
        Term("settled", "đã giải trình", "settled"),
        Term("agreed", "đã đồng ý", "agreed"),
        Term("maintained", "giữ ý kiến", "maintained"),
        Term("withdrawn", "đã rút", "withdrawn"),
    ]
    private static let dispositionTerms = [
        Term("accepted", "tiếp thu", "accepted"),
        Term("partly", "tiếp thu một phần", "partly accepted"),
        Term("declined", "không tiếp thu", "declined"),
        Term("noted", "ghi nhận", "noted"),
    ]
    private static let verdictTerms = [
        Term("pass", "đạt", "pass"),
        Term("pass-if-revised", "đạt nếu chỉnh sửa", "pass if revised"),
        Term("revise-and-recheck", "chỉnh sửa và xem lại", "revise and recheck"),
        Term("fail", "không đạt", "fail"),
    ]
    private static let requirementTerms = [
        Term("outline", "Đủ các mục của đề cương", "Every section of the outline"),
        Term("reviewed", "Phiếu phản biện được Trưởng phòng xác nhận", "An endorsed review"),
        Term("must", "Không còn ý kiến bắt buộc chưa giải quyết", "No open must comment"),
        Term("settled", "Mọi ý kiến đã tiếp thu, giải trình", "Every comment has its disposition"),
        Term("maintained", "Người phê duyệt đã xem ý kiến được giữ", "Maintained comments seen by the approver"),
        Term("plenary", "Biên bản sinh hoạt được xác nhận", "Minutes of the plenary confirmed"),
        Term("content", "Trưởng phòng chịu trách nhiệm nội dung", "The head vouches for the content"),
        Term("format", "Kiểm tra thể thức đạt", "The format check passed"),
        Term("no-objection", "Không còn ý kiến không đồng ý, không đạt", "No standing objection or fail"),
        Term("personal-data", "Đã rà soát dữ liệu cá nhân", "Personal data checked"),
        Term("approval", "Giám đốc phê duyệt đúng bản này", "Approval of exactly this revision"),
    ]
    private static let requirementStateTerms = [
        Term("met", "đủ", "met"),
        Term("unmet", "chưa đủ", "unmet"),
        Term("overridden", "được bỏ qua", "overridden"),
        Term("not-applicable", "không áp dụng", "not applicable"),
    ]
    private static let actTerms = [
        Term("author", "soạn thảo", "write the draft"),
        Term("draft", "soạn thảo", "write the draft"),
        Term("push", "nộp văn bản", "upload the text"),
        Term("submit", "chuyển giai đoạn", "submit"),
        Term("settle", "tiếp thu, giải trình", "settle the comment"),
        Term("answer", "trả lời", "answer"),
        Term("agree", "đồng ý hoặc giữ ý kiến", "agree or maintain"),
        Term("respond", "đồng ý hoặc giữ ý kiến", "agree or maintain"),
        Term("comment", "góp ý kiến", "comment"),
        Term("assess", "lập phiếu phản biện", "file a review"),
        Term("review", "lập phiếu phản biện", "file a review"),
        Term("endorse", "xác nhận phiếu phản biện", "endorse the review"),
        Term("opinion", "cho ý kiến", "give an opinion"),
        Term("vouch", "chịu trách nhiệm nội dung", "vouch for the content"),
        Term("format", "kiểm tra thể thức", "check the format"),
        Term("assign", "phân công", "assign people"),
        Term("plenary", "tổ chức sinh hoạt chuyên đề", "hold the plenary"),
        Term("open", "mở buổi sinh hoạt", "open the plenary"),
        Term("close", "kết thúc buổi sinh hoạt", "close the plenary"),
        Term("attend", "điểm danh", "take the roll-call"),
        Term("confirm", "xác nhận biên bản", "confirm the minutes"),
        Term("check", "kiểm tra điều kiện", "check the requirements"),
        Term("approve", "phê duyệt", "approve"),
        Term("override", "xem xét bỏ qua điều kiện", "consider an override"),
        Term("issue", "cấp số, ban hành", "issue"),
        Term("see", "xem ý kiến được giữ", "see the maintained comment"),
        Term("revise", "chỉnh sửa, nộp bản mới", "revise and upload"),
        Term("waive", "xem xét dữ liệu cá nhân", "look at the personal data"),
    ]
    private static let positionTerms = [
        Term("director", "Giám đốc", "director"),
        Term("deputy", "Phó Giám đốc", "deputy director"),
        Term("head", "Trưởng phòng", "head of office"),
        Term("staff", "viên chức", "staff"),
        Term("clerk", "văn thư", "clerk"),
        Term("observer", "quan sát viên", "observer"),
        Term("admin", "quản trị hệ thống", "administrator"),
    ]
    private static let nowTerms = [
        Term("exact", "đúng chỗ", "exact"),
        Term("moved", "đã dời", "moved"),
        Term("edited", "đã sửa", "edited"),
        Term("orphan", "mồ côi", "orphan"),
    ]
    private static let voteTerms = [
        Term("vouch", "chịu trách nhiệm nội dung", "vouched"),
        Term("return", "trả lại", "returned"),
        Term("approve", "phê duyệt", "approved"),
    ]
    private static let opinionTerms = [
        Term("direct", "chỉ đạo", "direct"),
        Term("agree", "đồng ý", "agree"),
        Term("object", "không đồng ý", "object"),
    ]
    private static let resultTerms = [
        Term("pass", "đạt", "pass"),
        Term("fail", "chưa đạt", "fail"),
    ]
    private static let roleTerms = [
        Term("author", "soạn thảo", "author"),
        Term("reviewer", "phản biện", "reviewer"),
        Term("secretary", "thư ký", "secretary"),
        Term("format", "kiểm tra thể thức", "format check"),
    ]
    private static let milestoneTerms = [
        Term("opinion", "gửi lãnh đạo cho ý kiến", "leaders' opinion"),
        Term("review", "phản biện", "review"),
        Term("final", "hoàn thiện", "final"),
    ]
    private static let formTerms = [
        Term(
            "bang-tiep-thu-giai-trinh", "Bảng tổng hợp ý kiến, tiếp thu, giải trình",
            "Table of comments and dispositions"),
        Term("phieu-phan-bien", "Phiếu nhận xét, phản biện", "Review form"),
        Term("bien-ban", "Biên bản sinh hoạt chuyên đề", "Minutes of the plenary"),
        Term("to-trinh", "Tờ trình phê duyệt", "Submission for approval"),
        Term("ban-so-sanh", "Bản so sánh", "Comparison"),
        Term("bao-cao-nam", "Báo cáo kết quả thực hiện kế hoạch năm", "Yearly report"),
        Term("chuyen-de", "Chuyên đề hoàn chỉnh", "The finished text"),
    ]
    private static let changeTerms = [
        Term("identical", "không đổi", "identical"),
        Term("cosmetic", "chỉ sửa trình bày", "cosmetic"),
        Term("addressed", "chỉ sửa theo ý kiến", "addressed comments only"),
        Term("other", "sửa nội dung khác", "other changes"),
    ]
    private static let sideTerms = [
        Term("lead", "chủ trì", "lead"),
        Term("review", "phản biện", "review"),
        Term("leadership", "lãnh đạo", "leadership"),
        Term("participant", "tham gia", "participant"),
    ]
    private static let answerTerms = [
        Term("yes", "có", "yes"),
        Term("no", "không", "no"),
    ]
}
