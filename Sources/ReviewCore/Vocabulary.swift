/// A person's position (domain §1).
public enum Position: String, WireWord {
    case director, deputy, head, staff, clerk, observer, admin

    /// The administrative term.
    public var wording: Wording {
        switch self {
        case .director: Wording("Giám đốc", "director")
        case .deputy: Wording("Phó Giám đốc", "deputy director")
        case .head: Wording("Trưởng phòng", "head of office")
        case .staff: Wording("viên chức", "staff member")
        case .clerk: Wording("văn thư", "clerk")
        case .observer: Wording("quan sát viên", "observer")
        case .admin: Wording("quản trị hệ thống", "system administrator")
        }
    }

    /// Whether the position belongs to the leadership (Ban lãnh đạo).
    public var isLeader: Bool { self == .director || self == .deputy }
}

/// Where a topic stands (domain §3).
public enum Stage: String, WireWord {
    case assigned, drafting, leadership, review, revision, plenary, finishing, approval, approved, issued, cancelled

    /// The administrative term.
    public var wording: Wording {
        switch self {
        case .assigned: Wording("đã giao", "assigned")
        case .drafting: Wording("đang soạn thảo", "drafting")
        case .leadership: Wording("lãnh đạo cho ý kiến", "leadership's opinion")
        case .review: Wording("phản biện", "review")
        case .revision: Wording("tiếp thu, chỉnh sửa", "revision")
        case .plenary: Wording("sinh hoạt chuyên đề", "plenary")
        case .finishing: Wording("hoàn thiện", "finishing")
        case .approval: Wording("trình phê duyệt", "submitted for approval")
        case .approved: Wording("đã phê duyệt", "approved")
        case .issued: Wording("ban hành, lưu hồ sơ", "issued")
        case .cancelled: Wording("đã hủy", "cancelled")
        }
    }

    /// Whether nothing more can happen: the topic's details leave the working memory.
    public var isFinished: Bool { self == .issued || self == .cancelled }
    /// Whether the text was approved (approved or issued).
    public var isApproved: Bool { self == .approved || self == .issued }

    /// How far a topic has come, for "not before this stage".
    var order: Int { Stage.allCases.firstIndex(of: self) ?? 0 }
}

/// A milestone of the plan (mốc).
public enum Milestone: String, WireWord {
    case opinion, review, final

    /// The administrative term.
    public var wording: Wording {
        switch self {
        case .opinion: Wording("gửi lãnh đạo cho ý kiến", "to leadership for its opinion")
        case .review: Wording("phản biện", "review")
        case .final: Wording("sinh hoạt và hoàn thiện", "plenary and finishing")
        }
    }

    /// The stage that is left forward when it is reached: by submitting the draft, ending the review, and submitting for
    /// approval (domain §3).
    var stage: Stage {
        switch self {
        case .opinion: .drafting
        case .review: .review
        case .final: .finishing
        }
    }

    /// How far a topic that works towards it has come.
    var order: Int { Milestone.allCases.firstIndex(of: self) ?? 0 }
}

/// What a person is assigned as on a topic.
public enum Assignment: String, WireWord {
    case author, reviewer, secretary, format

    /// The administrative term.
    public var wording: Wording {
        switch self {
        case .author: Wording("người soạn thảo", "author")
        case .reviewer: Wording("người phản biện", "reviewer")
        case .secretary: Wording("thư ký", "secretary")
        case .format: Wording("người kiểm tra thể thức", "format checker")
        }
    }
}

/// What a comment is about (domain §2).
public enum CommentKind: String, WireWord {
    case content, legal, format, language, question, praise

    /// The administrative term.
    public var wording: Wording {
        switch self {
        case .content: Wording("nội dung", "content")
        case .legal: Wording("pháp lý", "legal")
        case .format: Wording("thể thức", "format")
        case .language: Wording("chính tả, câu chữ", "language")
        case .question: Wording("câu hỏi", "question")
        case .praise: Wording("ghi nhận ưu điểm", "praise")
        }
    }
}

/// How much a comment binds (domain §2).
public enum CommentLevel: String, WireWord {
    case must, should, note

    /// The administrative term.
    public var wording: Wording {
        switch self {
        case .must: Wording("bắt buộc", "must")
        case .should: Wording("nên sửa", "should")
        case .note: Wording("tham khảo", "note")
        }
    }
}

/// Where a comment's thread stands.
public enum CommentState: String, WireWord {
    case open, settled, agreed, maintained, withdrawn

    /// The administrative term.
    public var wording: Wording {
        switch self {
        case .open: Wording("chưa giải quyết", "open")
        case .settled: Wording("đã tiếp thu, giải trình", "settled")
        case .agreed: Wording("đồng ý", "agreed")
        case .maintained: Wording("giữ ý kiến", "maintained")
        case .withdrawn: Wording("đã rút", "withdrawn")
        }
    }
}

/// What the author side did with a comment (domain §2).
public enum Disposition: String, WireWord {
    case accepted, partly, declined, noted

    /// The administrative term.
    public var wording: Wording {
        switch self {
        case .accepted: Wording("tiếp thu", "accepted")
        case .partly: Wording("tiếp thu một phần", "partly accepted")
        case .declined: Wording("không tiếp thu", "declined")
        case .noted: Wording("ghi nhận", "noted")
        }
    }

    /// `partly` and `declined` need a written giải trình.
    public var needsExplanation: Bool { self == .partly || self == .declined }
}

/// A review's verdict (domain §2).
public enum Verdict: String, WireWord {
    case pass
    case passIfRevised = "pass-if-revised"
    case reviseAndRecheck = "revise-and-recheck"
    case fail

    /// The administrative term.
    public var wording: Wording {
        switch self {
        case .pass: Wording("đạt", "pass")
        case .passIfRevised: Wording("đạt nếu chỉnh sửa", "pass if revised")
        case .reviseAndRecheck: Wording("chỉnh sửa và xem lại", "revise and recheck")
        case .fail: Wording("không đạt", "fail")
        }
    }

    /// Positive verdicts may fall with a new revision; negative ones stay (domain §2, votes).
    public var isPositive: Bool { self == .pass || self == .passIfRevised }
}

/// A leader's opinion (domain §2, vote `leadership`).
public enum Opinion: String, WireWord {
    case direct, agree, object

    /// The administrative term.
    public var wording: Wording {
        switch self {
        case .direct: Wording("ý kiến chỉ đạo", "directs")
        case .agree: Wording("thống nhất", "agrees")
        case .object: Wording("không thống nhất", "objects")
        }
    }
}

/// The head's answer for the content (khoản 1 Điều 12 NĐ 30/2020/NĐ-CP).
public enum ContentVote: String, WireWord {
    case vouch
    case `return`

    /// The administrative term.
    public var wording: Wording {
        switch self {
        case .vouch: Wording("chịu trách nhiệm về nội dung", "vouches for the content")
        case .return: Wording("trả lại để sửa nội dung", "returns the content")
        }
    }
}

/// The check of form and presentation (khoản 2 Điều 12 NĐ 30/2020/NĐ-CP).
public enum FormatVote: String, WireWord {
    case pass, fail

    /// The administrative term.
    public var wording: Wording {
        switch self {
        case .pass: Wording("đạt thể thức", "format passes")
        case .fail: Wording("chưa đạt thể thức", "format fails")
        }
    }
}

/// The requirements before approval, in their order (domain §4).
public enum Requirement: String, WireWord {
    case outline, reviewed, must, settled, maintained, plenary, content, format
    case noObjection = "no-objection"
    case personalData = "personal-data"
    case approval

    /// The administrative term.
    public var wording: Wording {
        switch self {
        case .outline: Wording("bố cục theo Kế hoạch", "required outline")
        case .reviewed: Wording("phản biện", "reviewed")
        case .must: Wording("ý kiến bắt buộc", "must comments")
        case .settled: Wording("tiếp thu, giải trình", "comments settled")
        case .maintained: Wording("ý kiến được giữ", "maintained comments seen")
        case .plenary: Wording("biên bản sinh hoạt chuyên đề", "plenary minutes")
        case .content: Wording("Trưởng phòng chịu trách nhiệm nội dung", "content vouched for")
        case .format: Wording("kiểm tra thể thức", "format checked")
        case .noObjection: Wording("không còn ý kiến không thống nhất", "no standing objection")
        case .personalData: Wording("rà soát dữ liệu cá nhân", "personal-data check")
        case .approval: Wording("phê duyệt của Giám đốc", "the Director's approval")
        }
    }
}

/// The state of one requirement.
public enum RequirementState: String, WireWord {
    case met, unmet, overridden
    case notApplicable = "not-applicable"

    /// What a person reads.
    public var wording: Wording {
        switch self {
        case .met: Wording("đạt", "met")
        case .unmet: Wording("chưa đạt", "unmet")
        case .overridden: Wording("Giám đốc quyết định bỏ qua", "overridden by the Director")
        case .notApplicable: Wording("không áp dụng", "not applicable")
        }
    }
}

/// What an invitation code is good for.
public enum InvitationPurpose: String, WireWord {
    /// A password, or a client certificate; a password that there was ends with it.
    case account
    /// A client certificate alone, beside the password.
    case certificate

    /// What a person reads.
    public var wording: Wording {
        switch self {
        case .account: Wording("đặt mật khẩu hoặc nhận chứng thư", "a password or a certificate")
        case .certificate: Wording("nhận chứng thư", "a certificate")
        }
    }
}
