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
    /// The same without why it waits for whom it waits: what an override says to be missing.
    let lack: Wording
    /// What those it waits for can do; TODO is made of it, so that the two never disagree.
    let turns: [Turn]

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
        lack = wording
        turns = []
    }

    /// Makes the line of a requirement that is not met.
    ///
    /// The sentence also says why the Director decides where nobody else can.
    init(_ requirement: Requirement, count: Int, missing: [String] = [], turns: [Turn], _ wording: Wording) {
        self.requirement = requirement
        state = .unmet
        self.count = count
        self.missing = missing
        waiting = once(turns.flatMap(\.persons))
        self.turns = turns
        lack = wording
        let reasons = once(turns.filter { $0.act == .override }.map(\.reason))
        self.wording = Wording(
            ([wording] + reasons).map(\.vietnamese).joined(separator: "; "),
            ([wording] + reasons).map(\.english).joined(separator: "; "))
    }

    /// The same line of a topic on which nobody works any more.
    var atRest: RequirementStatus {
        RequirementStatus(requirement, state, count: count, missing: missing, wording: lack)
    }
}

/// What some persons can do about a requirement that is not met.
struct Turn: Sendable, Equatable {
    /// The act.
    let act: TaskAct
    /// The comment, review, person or requirement it is about, as on the wire.
    let object: String?
    /// Who.
    let persons: [PersonID]
    /// Since when it waits; nil for since the stage began.
    let since: Instant?
    /// Why, for the person.
    let reason: Wording

    init(
        _ act: TaskAct, on object: String? = nil, by persons: [PersonID], since: Instant? = nil, _ vietnamese: String,
        _ english: String
    ) {
        self.act = act
        self.object = object
        self.persons = persons
        self.since = since
        reason = Wording(vietnamese, english)
    }

    /// Whether it is done at a stage; before and after that stage it is only known whose turn it will be.
    func isDone(at stage: Stage) -> Bool {
        switch act {
        case .push: [.assigned, .drafting, .leadership, .revision, .finishing].contains(stage)
        case .settle: [.leadership, .revision, .finishing].contains(stage)
        case .assess, .endorse: [.review, .revision, .plenary, .finishing].contains(stage)
        // The sign-offs are for the final text, so the format checker is named when it is there.
        case .assign where object == Assignment.format.rawValue: stage == .finishing
        case .assign: [.review, .revision, .plenary, .finishing].contains(stage)
        case .vouch, .format, .confirm: stage == .finishing
        case .open, .close: stage == .plenary
        case .lift: [.leadership, .review, .revision, .plenary, .finishing, .approval].contains(stage)
        case .override: stage == .finishing || stage == .approval
        case .approve: stage == .approval
        case .submit, .opinion, .agree, .issue, .attend, .appoint: false
        }
    }
}

/// Each element at its first place only.
func once<Element: Hashable>(_ elements: [Element]) -> [Element] {
    var known = Set<Element>()
    return elements.filter { known.insert($0).inserted }
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
    case open, close, lift, override, appoint

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
        case .override: Wording("quyết định bỏ qua một điều kiện", "override a requirement")
        case .appoint: Wording("bổ nhiệm Trưởng phòng hoặc giao người phụ trách phòng", "name a head of the office")
        }
    }
}
