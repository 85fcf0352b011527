package import ReviewClient
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
        case opinion, result, role, milestone, form, change, answer, part, message, gap, access, rule, voteValue, place
        case account

        /// The placeholder for one of its words.
        var label: Bilingual {
            switch self {
            case .stage: Bilingual("BƯỚC", "STAGE")
            case .level: Bilingual("MỨC", "LEVEL")
            case .kind: Bilingual("LOẠI", "KIND")
            case .state, .requirementState: Bilingual("TÌNH-TRẠNG", "STATE")
            case .disposition: Bilingual("XỬ-LÝ", "DISPOSITION")
            case .verdict: Bilingual("KẾT-LUẬN", "VERDICT")
            case .requirement: Bilingual("ĐIỀU-KIỆN", "REQUIREMENT")
            case .position: Bilingual("CHỨC-VỤ", "POSITION")
            case .opinion: Bilingual("Ý-KIẾN-LÃNH-ĐẠO", "OPINION")
            case .result: Bilingual("KẾT-QUẢ", "RESULT")
            case .role: Bilingual("VIỆC", "ROLE")
            case .milestone: Bilingual("MỐC", "MILESTONE")
            case .form: Bilingual("BIỂU-MẪU", "FORM")
            case .act, .now, .vote, .change, .answer, .part, .message, .gap, .access, .rule, .voteValue, .place,
                .account:
                Bilingual("GIÁ-TRỊ", "VALUE")
            }
        }
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
        case .answer: answerTerms
        case .part: partTerms
        case .message: messageTerms
        case .gap: gapTerms
        case .access: accessTerms
        case .rule: ruleTerms
        case .place: placeTerms
        case .account: accountTerms
        case .voteValue: contentVoteTerms + opinionTerms + resultTerms
        }
    }

    /// The words for an identifier; the identifier itself when there are none.
    public static func word(_ domain: Domain, _ identifier: String, _ language: Language) -> String {
        terms(domain).first { $0.identifier == identifier }?.words.text(language) ?? identifier
    }

    /// The identifier of a domain that a person meant: itself, its Vietnamese words, or a part of them that only one term
    /// has; with or without dấu, hyphens and blanks.
    public static func identifier(_ domain: Domain, meant typed: String) -> String? {
        let wanted = Folding.slug(typed)
        guard !wanted.isEmpty else { return nil }
        let names = terms(domain).map { (identifier: $0.identifier, slug: Folding.slug($0.words.vietnamese)) }
        func joined(_ slug: String) -> String { slug.filter { $0 != "-" } }
        if let exact = names.first(where: { $0.identifier == wanted })
            ?? names.first(where: { joined($0.slug) == joined(wanted) })
        {
            return exact.identifier
        }
        /// A part without the word that turns its meaning round is not what was meant.
        func isTurned(_ slug: String) -> Bool {
            ["khong", "chua"].contains { "-\(slug)-".contains("-\($0)-") && !"-\(wanted)-".contains("-\($0)-") }
        }
        let fitting = names.filter { "-\($0.slug)-".contains("-\(wanted)-") }
        let straight = fitting.filter { !isTurned($0.slug) }
        guard let only = straight.first, straight.count == 1 else { return nil }
        // "đạt" is the beginning of one and turned round in the other; "thể thức" only names what both are about.
        return fitting.count == 1 || (only.slug + "-").hasPrefix(wanted + "-") ? only.identifier : nil
    }

    /// The identifiers of a domain, in its order.
    public static func identifiers(_ domain: Domain) -> [String] { terms(domain).map(\.identifier) }

    /// The terms of a domain for somebody who has to choose one: the words, and what is typed for them.
    static func list(_ domain: Domain) -> Bilingual {
        let terms = terms(domain)
        // "tiếp thu, chỉnh sửa" is one term.
        let separator = terms.contains { $0.words.vietnamese.contains(",") } ? "; " : ", "
        return Bilingual(
            terms.map { "\($0.words.vietnamese) (\($0.identifier))" }.joined(separator: separator),
            terms.map(\.identifier).joined(separator: ", "))
    }

    /// Whether nothing is due any more on the topic of a row: it is finished, or laid aside.
    ///
    /// A postponed topic keeps its stage, and says so beside it.
    package static func isOver(_ topic: ReplyRow) -> Bool {
        topic["postponed"] == "yes" || ["approved", "issued", "cancelled"].contains(topic["stage"] ?? "")
    }

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
        Term("open", "chưa giải quyết", "open"),
        Term("settled", "đã tiếp thu, giải trình", "settled"),
        Term("agreed", "đồng ý", "agreed"),
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
        Term("outline", "bố cục theo Kế hoạch", "required outline"),
        Term("reviewed", "phản biện", "reviewed"),
        Term("must", "ý kiến bắt buộc", "must comments"),
        Term("settled", "tiếp thu, giải trình", "comments settled"),
        Term("maintained", "ý kiến được giữ", "maintained comments seen"),
        Term("plenary", "biên bản sinh hoạt chuyên đề", "plenary minutes"),
        Term("content", "Trưởng phòng chịu trách nhiệm nội dung", "content vouched for"),
        Term("format", "kiểm tra thể thức", "format checked"),
        Term("no-objection", "không còn ý kiến không thống nhất", "no standing objection"),
        Term("personal-data", "rà soát dữ liệu cá nhân", "personal-data check"),
        Term("approval", "phê duyệt của Giám đốc", "the director's approval"),
    ]
    private static let requirementStateTerms = [
        Term("met", "đáp ứng", "met"),
        Term("unmet", "chưa đáp ứng", "unmet"),
        Term("overridden", "bỏ qua", "overridden"),
        Term("not-applicable", "không áp dụng", "not applicable"),
    ]
    private static let actTerms = [
        Term("assign", "phân công", "assign people"),
        Term("push", "gửi bản dự thảo", "push a revision"),
        Term("submit", "trình, chuyển bước", "submit to the next stage"),
        Term("opinion", "cho ý kiến", "give an opinion"),
        Term("assess", "lập phiếu phản biện", "file a review"),
        Term("endorse", "xác nhận phiếu của phòng", "endorse the office's review"),
        Term("settle", "tiếp thu, giải trình", "settle a comment"),
        Term("agree", "trả lời: đồng ý hoặc giữ ý kiến", "agree or maintain"),
        Term("vouch", "chịu trách nhiệm nội dung", "vouch for the content"),
        Term("format", "kiểm tra thể thức", "check the format"),
        Term("approve", "phê duyệt", "approve"),
        Term("issue", "cấp số, ban hành", "number and issue"),
        Term("confirm", "xác nhận biên bản hoặc ý kiến", "confirm minutes or a remark"),
        Term("attend", "điểm danh", "take the roll-call"),
        Term("open", "mở buổi sinh hoạt", "open the plenary"),
        Term("close", "kết luận buổi sinh hoạt", "close the plenary"),
        Term("lift", "gỡ ý kiến không thống nhất", "lift an objection"),
        Term("override", "bỏ qua một điều kiện", "override a requirement"),
        Term("appoint", "bổ nhiệm Trưởng phòng, giao phụ trách", "name a head of the office"),
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
        Term("leadership", "ý kiến lãnh đạo", "leaders' opinion"),
        Term("content", "nội dung", "content"),
        Term("format", "thể thức", "format"),
    ]
    private static let contentVoteTerms = [
        Term("vouch", "chịu trách nhiệm về nội dung", "vouches for the content"),
        Term("return", "trả lại để sửa nội dung", "returns the content"),
    ]
    private static let opinionTerms = [
        Term("direct", "ý kiến chỉ đạo", "directs"),
        Term("agree", "thống nhất", "agrees"),
        Term("object", "không thống nhất", "objects"),
    ]
    private static let resultTerms = [
        Term("pass", "đạt thể thức", "format passes"),
        Term("fail", "chưa đạt thể thức", "format fails"),
    ]
    private static let roleTerms = [
        Term("author", "người soạn thảo", "author"),
        Term("reviewer", "người phản biện", "reviewer"),
        Term("secretary", "thư ký", "secretary"),
        Term("format", "người kiểm tra thể thức", "format checker"),
    ]
    private static let milestoneTerms = [
        Term("opinion", "gửi lãnh đạo cho ý kiến", "to leadership for its opinion"),
        Term("review", "phản biện", "review"),
        Term("final", "sinh hoạt và hoàn thiện", "plenary and finishing"),
    ]
    /// The papers that the server makes; the protocol reserves the names of others.
    private static let formTerms = [
        Term(
            "bang-tiep-thu-giai-trinh", "Bảng tổng hợp ý kiến, tiếp thu, giải trình",
            "Table of comments and dispositions"),
        Term("phieu-phan-bien", "Phiếu nhận xét, phản biện", "Review form"),
        Term("bien-ban", "Biên bản sinh hoạt chuyên đề", "Minutes of the plenary"),
        Term("to-trinh", "Tờ trình phê duyệt", "Proposal to approve"),
        Term("ban-so-sanh", "Bản so sánh hai bản dự thảo", "Comparison of two revisions"),
        Term("chuyen-de", "Toàn văn chuyên đề", "The topic paper, laid out"),
    ]
    private static let changeTerms = [
        Term("identical", "không đổi", "identical"),
        Term("cosmetic", "chỉ sửa trình bày", "cosmetic"),
        Term("addressed", "chỉ sửa theo ý kiến", "addressed comments only"),
        Term("other", "sửa nội dung khác", "other changes"),
    ]
    private static let answerTerms = [
        Term("yes", "có", "yes"),
        Term("no", "không", "no"),
    ]
    private static let partTerms = [
        Term("quote", "Trích", "Quote"),
        Term("place", "Địa điểm", "Place"),
        Term("conclusion", "Kết luận", "Conclusion"),
        Term("reason", "Lý do", "Reason"),
        Term("old", "Đoạn khi góp ý", "The passage commented on"),
        Term("new", "Đoạn hiện nay", "The passage now"),
        Term("suggest", "Đề nghị sửa thành", "Suggested instead"),
    ]
    private static let messageTerms = [
        Term("comment", "ý kiến", "comment"),
        Term("answer", "trao đổi", "answer"),
        Term("settle", "giải trình", "settlement"),
        Term("maintain", "giữ ý kiến", "maintained"),
        Term("withdraw", "rút ý kiến", "withdrawn"),
    ]
    private static let gapTerms = [
        Term("empty", "để trống", "empty"),
        Term("missing", "chưa có", "missing"),
    ]
    private static let accessTerms = [Term("title", "tên và tiến độ", "title and schedule")]
    private static let ruleTerms = [
        Term("strict", "trước ngày này", "before this day"),
        Term("inclusive", "hết ngày này", "this day included"),
        Term("working-day", "ngày làm việc liền trước", "the working day before"),
    ]
    /// A list of people says only of whom it is true.
    private static let accountTerms = [Term("yes", "đã khóa", "disabled")]
    private static let placeTerms = [Term("whole", "cả chuyên đề", "the whole topic")]
}
