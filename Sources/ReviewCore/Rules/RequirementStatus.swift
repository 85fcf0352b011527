/// One line of CHECK: a requirement with its state, the facts counted, and who can mend it next (domain §4).
public struct RequirementStatus: Sendable, Equatable {
    /// Which requirement.
    public let requirement: Requirement
    /// Its state.
    public let state: RequirementState
    /// How many things are missing (0 when met).
    public let count: Int
    /// What exactly is missing, by id or section.
    public let missing: [String]
    /// Who can mend it next; empty when nothing is to be done.
    public let waiting: [PersonID]
    /// The sentence for the person, with the rule behind it.
    public let wording: Wording

    /// Makes a line.
    public init(
        _ requirement: Requirement, _ state: RequirementState, count: Int = 0, missing: [String] = [],
        waiting: [PersonID] = [], wording: Wording
    ) {
        self.requirement = requirement
        self.state = state
        self.count = count
        self.missing = missing
        self.waiting = waiting
        self.wording = wording
    }
}

/// One thing that waits for a person: whose turn, why, since when, until when (specification §8, `- task`).
public struct ReviewTask: Sendable, Equatable {
    /// The topic.
    public let topic: TopicID
    /// The act that is waited for.
    public let act: TaskAct
    /// The comment or review it is about, as on the wire.
    public let object: String?
    /// The deadline, where the plan gives one.
    public let due: CivilDate?
    /// Since which day it waits.
    public let since: CivilDate
    /// Days over the deadline, 0 while on time.
    public let overdueDays: Int
    /// The reason, for the person.
    public let reason: Wording
}

/// Acts that can be waited for; each is done with the verb of the same name unless its wording says otherwise.
public enum TaskAct: String, WireWord {
    case assign, push, submit, opinion, assess, endorse, settle, agree, vouch, format, approve, issue, confirm, attend
    case open, close, lift, override

    /// What a person reads.
    public var wording: Wording {
        switch self {
        case .assign: Wording("phân công", "assign people")
        case .push: Wording("gửi bản dự thảo", "push a revision")
        case .submit: Wording("trình, chuyển bước", "submit to the next stage")
        case .opinion: Wording("cho ý kiến", "give an opinion")
        case .assess: Wording("lập phiếu phản biện", "file a review")
        case .endorse: Wording("xác nhận phiếu của phòng", "endorse the office's review")
        case .settle: Wording("tiếp thu, giải trình", "settle a comment")
        case .agree: Wording("trả lời: đồng ý hoặc giữ ý kiến", "agree or maintain")
        case .vouch: Wording("chịu trách nhiệm nội dung", "vouch for the content")
        case .format: Wording("kiểm tra thể thức", "check the format")
        case .approve: Wording("phê duyệt", "approve")
        case .issue: Wording("cấp số, ban hành", "number and issue")
        case .confirm: Wording("xác nhận biên bản hoặc ý kiến", "confirm minutes or a remark")
        case .attend: Wording("điểm danh", "take the roll-call")
        case .open: Wording("mở buổi sinh hoạt", "open the plenary")
        case .close: Wording("kết luận buổi sinh hoạt", "close the plenary")
        case .lift: Wording("xử lý ý kiến không thống nhất", "lift an objection")
        case .override: Wording("quyết định bỏ qua một yêu cầu", "override a requirement")
        }
    }
}
