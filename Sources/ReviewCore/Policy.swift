/// A command that was found to be its actor's right at this moment.
///
/// Only `Policy` can make one, so `decide` never sees a wish that nobody checked.
struct Authorised {
    let command: Command
    let actor: Person?

    fileprivate init(command: Command, actor: Person?) {
        self.command = command
        self.actor = actor
    }

    /// The person who acts; the operator has none, and no command that needs one.
    var person: PersonID {
        get throws(Refusal) { try actingPerson.id }
    }

    var actingPerson: Person {
        get throws(Refusal) {
            guard let actor else {
                throw Refusal(
                    .forbidden,
                    Wording(
                        "Lệnh này phải do một người có tài khoản thực hiện.", "This act needs a person with an account."
                    ))
            }
            return actor
        }
    }

    /// The topic, which `Policy` has found to be visible.
    func topic(_ id: TopicID, _ state: State) throws(Refusal) -> Topic {
        guard let topic = state.topics[id] else { throw Policy.noTopic(id) }
        return topic
    }
}

/// What a person may read of a topic.
public enum Access: Sendable, Equatable {
    /// Nothing: not even that it exists (observers, before approval).
    case none
    /// The row of LIST: title, offices, stage, dates.
    case title
    /// Revisions, comments, reviews as their own rules allow.
    case text
}

/// Who may do what, and when (domain §1, §3, §5): the one place that says so.
enum Policy {
    static func noTopic(_ id: TopicID) -> Refusal {
        Refusal(.notFound, Wording("Không có chuyên đề \(id).", "There is no topic \(id)."))
    }

    static func forbidden(_ vietnamese: String, _ english: String) -> Refusal {
        Refusal(.forbidden, Wording(vietnamese, english))
    }

    /// Judges whether the actor may ask for this at all; what the command says is judged by `decide`.
    static func authorise(
        _ command: Command, by actor: Actor, in state: State, now: Instant
    ) throws(Refusal)
        -> Authorised
    {
        switch actor {
        case .operator:
            guard isOperators(command) else {
                throw forbidden(
                    "Người vận hành máy chủ không làm việc này; hãy đăng nhập bằng tài khoản có thẩm quyền.",
                    "The operator does not do this; log in as a person who may.")
            }
            return Authorised(command: command, actor: nil)
        case .person(let id):
            let person = try active(id, in: state)
            try check(command, by: person, in: state, now: now)
            return Authorised(command: command, actor: person)
        }
    }

    /// A person whose account is in force.
    static func active(_ id: PersonID, in state: State) throws(Refusal) -> Person {
        guard let person = state.people[id], !person.isDisabled else {
            throw forbidden("Tài khoản \(id) không còn hiệu lực.", "Account \(id) is not active.")
        }
        return person
    }

    /// What the operator's commands do at the server's console (specification §9): accounts and plans, never content.
    private static func isOperators(_ command: Command) -> Bool {
        switch command {
        case .addOffice, .addPerson, .changePerson, .disablePerson, .enablePerson, .invite, .setCredentialOf, .loadPlan,
            .redact:
            true
        case .setCredential, .issueToken, .withdrawToken, .enrol, .deleteCertificate, .delegate, .assign, .unassign,
            .extend, .postpone, .resume, .cancel, .submit, .sendBack, .push, .attach, .comment, .answer, .settle,
            .agree,
            .maintain, .withdraw,
            .confirmRemark, .assess, .endorse, .opine, .lift, .vouch, .checkFormat, .openPlenary, .attend,
            .closePlenary, .confirmMinutes, .override, .approve, .issue:
            false
        }
    }

    private static func check(_ command: Command, by person: Person, in state: State, now: Instant) throws(Refusal) {
        switch command {
        case .addOffice, .addPerson, .changePerson, .disablePerson, .invite:
            try require(
                person.position == .admin, "Chỉ quản trị hệ thống quản lý tài khoản.",
                "Only the administrator manages accounts.")
        case .setCredentialOf:
            throw forbidden("Chỉ người vận hành đặt lại mật khẩu.", "Only the operator resets a password.")
        case .enablePerson:
            throw forbidden(
                "Chỉ người vận hành mở lại tài khoản đã khóa, tại máy chủ.",
                "Only the operator opens a disabled account again, at the server.")
        case .redact:
            throw forbidden(
                "Chỉ người vận hành xóa nội dung, tại máy chủ và theo văn bản.",
                "Only the operator removes texts, at the server and under a document.")
        // One's own; whose a certificate is, and that the administrator deletes anybody's, is judged with it.
        case .setCredential, .issueToken, .withdrawToken, .enrol, .deleteCertificate: return
        case .delegate:
            try require(person.position == .director, "Chỉ Giám đốc ủy quyền.", "Only the Director delegates.")
        case .loadPlan(let draft, _): try mayLoadPlan(person, coordinatedBy: draft.coordinator)
        case .assign(let id, _, let assignment), .unassign(let id, _, let assignment):
            let topic = try visible(id, .title, to: person, in: state)
            try mayAssign(assignment, topic, person, state)
            try stage(topic, isNot: { $0.isApproved || $0 == .cancelled }, "phân công", "assign")
        case .extend(let id, _, _, _, _): try maySchedule(id, person, state, "gia hạn", "extend a milestone")
        case .postpone(let id, _): try maySchedule(id, person, state, "tạm hoãn", "postpone")
        case .resume(let id): try maySchedule(id, person, state, "cho tiếp tục", "resume")
        case .cancel(let id, _): try maySchedule(id, person, state, "hủy", "cancel")
        case .submit(let id):
            let topic = try visible(id, .title, to: person, in: state)
            try maySubmit(topic, person, state, now)
            try notPostponed(topic)
        case .sendBack(let id, _):
            let topic = try visible(id, .text, to: person, in: state)
            try maySendBack(topic, person, state, now)
        case .push(let id, _, _, _, _, _):
            let topic = try visible(id, .title, to: person, in: state)
            try mayPush(topic, person, state)
        case .attach(let revision, _, _, _):
            let topic = try visible(revision.topic, .title, to: person, in: state)
            try mayAttach(to: revision.number, topic, person, state)
        case .comment(let revision, _, _, _, let level, _, let behalf, _):
            let topic = try visible(revision.topic, .text, to: person, in: state)
            try mayComment(topic, level, behalf: behalf, person, state)
        case .answer(let comment, _): try mayAnswer(comment, person, state)
        case .settle(let comment, _, _, _): try maySettle(comment, person, state)
        case .agree(let comment): try mayAgree(comment, person, state)
        case .maintain(let comment, _): try mayJudgeSettlement(comment, person, state)
        case .withdraw(let comment, _): try mayWithdraw(comment, person, state)
        case .confirmRemark(let comment): try mayConfirmRemark(comment, person, state)
        case .assess(let revision, _, _):
            let topic = try visible(revision.topic, .text, to: person, in: state)
            try mayAssess(topic, person, state)
        case .endorse(let review): try mayEndorse(review, person, state)
        case .opine(let revision, _, _):
            let topic = try visible(revision.topic, .text, to: person, in: state)
            try require(
                person.position.isLeader, "Chỉ Ban lãnh đạo cho ý kiến chỉ đạo.", "Only leadership gives an opinion.")
            try stage(
                topic, in: [.leadership, .review, .revision, .plenary, .finishing, .approval], "cho ý kiến",
                "give an opinion")
        case .lift(let id, let owner, _):
            let topic = try visible(id, .text, to: person, in: state)
            try require(
                person.position == .director || person.id == owner,
                "Chỉ người nêu rút, hoặc Giám đốc gỡ, ý kiến không thống nhất.",
                "Only its owner or the Director lifts an objection.")
            try stage(
                topic, isNot: { $0.isApproved || $0 == .cancelled },
                person.id == owner ? "rút ý kiến không thống nhất" : "gỡ ý kiến không thống nhất", "lift an objection")
            try notPostponed(topic)
        case .vouch(let revision, _, _):
            let topic = try visible(revision.topic, .text, to: person, in: state)
            try require(
                person.position == .head && person.office == topic.lead,
                "Chỉ Trưởng phòng chủ trì (\(state.officeName(topic.lead))) chịu trách nhiệm nội dung (khoản 1 Điều 12 NĐ 30/2020/NĐ-CP).",
                "Only the head of the lead office answers for the content (Decree 30/2020, Article 12.1).")
            try stage(
                topic, in: [.drafting, .leadership, .review, .revision, .plenary, .finishing], "ký xác nhận nội dung",
                "vouch")
        case .checkFormat(let revision, _, _):
            let topic = try visible(revision.topic, .text, to: person, in: state)
            try require(
                topic.assigned(as: .format).contains(person.id),
                "Chỉ người được Giám đốc giao kiểm tra thể thức (khoản 2 Điều 12 NĐ 30/2020/NĐ-CP) làm việc này.",
                "Only the person named for the format does this (Decree 30/2020, Article 12.2).")
            try stage(
                topic, in: [.drafting, .leadership, .review, .revision, .plenary, .finishing], "kiểm tra thể thức",
                "check the format")
        case .openPlenary(let id, _, _, _, _):
            let topic = try visible(id, .text, to: person, in: state)
            try require(
                person.position.isLeader || (person.position == .head && person.office == topic.lead),
                "Chỉ Ban lãnh đạo hoặc Trưởng phòng chủ trì mở buổi sinh hoạt chuyên đề.",
                "Only a leader or the head of the lead office opens the plenary.")
            if topic.stage == .revision {
                throw Refusal(
                    .stage,
                    Wording(
                        "Chưa mở được ở bước “\(topic.stage.wording.vietnamese)”: Trưởng phòng chủ trì chuyển sang sinh hoạt chuyên đề trước, bằng SUBMIT \(id).",
                        "Not at stage “\(topic.stage.wording.english)” yet: the head of the lead office moves the topic on first, with SUBMIT \(id)."
                    ), details: [Detail("stage", topic.stage.rawValue)])
            }
            try stage(topic, in: [.plenary], "mở buổi sinh hoạt", "open the plenary")
        case .attend(let id, _, _):
            let topic = try visible(id, .text, to: person, in: state)
            try require(
                topic.plenary.map { $0.secretary == person.id || $0.chair == person.id }
                    ?? topic.assigned(as: .secretary).contains(person.id),
                "Chỉ thư ký hoặc chủ trì buổi sinh hoạt điểm danh.",
                "Only the secretary or the chair takes the roll-call.")
            try stage(topic, in: [.plenary], "điểm danh", "take the roll-call")
        case .closePlenary(let id, _):
            let topic = try visible(id, .text, to: person, in: state)
            try stage(topic, in: [.plenary], "kết luận buổi sinh hoạt", "close the plenary")
            try require(
                topic.plenary == nil || topic.plenary?.chair == person.id,
                "Chỉ chủ trì buổi sinh hoạt kết luận: \(topic.plenary.map { state.personName($0.chair) } ?? "").",
                "Only the plenary's chair closes it: \(topic.plenary.map { state.personName($0.chair) } ?? "").")
        case .confirmMinutes(let id):
            let topic = try visible(id, .text, to: person, in: state)
            try stage(topic, in: [.plenary, .finishing], "xác nhận biên bản", "confirm the minutes")
            try require(
                topic.plenary.map { $0.chair == person.id || $0.secretary == person.id } ?? true,
                "Chỉ chủ trì và thư ký xác nhận biên bản.", "Only chair and secretary confirm the minutes.")
        case .override(let id, _, _):
            let topic = try visible(id, .text, to: person, in: state)
            try require(
                person.position == .director, "Chỉ Giám đốc quyết định bỏ qua một điều kiện.",
                "Only the Director overrides a requirement.")
            try stage(topic, in: [.finishing, .approval], "bỏ qua điều kiện", "override")
        case .approve(let revision, _, _, _):
            let topic = try visible(revision.topic, .text, to: person, in: state)
            guard state.mayApprove(person, now: now) else { throw state.notApproving(person, now: now) }
            if topic.stage != .approved { try stage(topic, in: [.approval], "phê duyệt", "approve") }
        case .issue(let id, _, _):
            let topic = try visible(id, .title, to: person, in: state)
            try require(
                person.position == .clerk, "Chỉ văn thư cấp số, ban hành.", "Only the clerk numbers and issues.")
            try stage(topic, in: [.approved], "cấp số, ban hành", "issue")
        }
    }

    /// The schedule is the Director's, as long as a topic is worked on.
    private static func maySchedule(
        _ id: TopicID, _ person: Person, _ state: State, _ vietnamese: String, _ english: String
    ) throws(Refusal) {
        let topic = try visible(id, .title, to: person, in: state)
        try require(
            person.position == .director, "Chỉ Giám đốc gia hạn, tạm hoãn, tiếp tục hoặc hủy chuyên đề.",
            "Only the Director extends, postpones, resumes or cancels.")
        try stage(topic, isNot: { $0.isApproved || $0 == .cancelled }, vietnamese, english)
    }

    static func require(
        _ condition: Bool, _ vietnamese: @autoclosure () -> String, _ english: @autoclosure () -> String
    )
        throws(Refusal)
    {
        guard condition else { throw forbidden(vietnamese(), english()) }
    }

    static func visible(_ id: TopicID, _ needed: Access, to person: Person, in state: State) throws(Refusal) -> Topic {
        guard let topic = state.topics[id] else { throw noTopic(id) }
        switch (topic.access(of: person), needed) {
        case (.text, _), (.title, .title), (.title, .none), (.none, .none): return topic
        case (.title, .text):
            throw topic.unread
        case (.none, .title), (.none, .text): throw noTopic(id)
        }
    }

    static func stage(_ topic: Topic, in stages: [Stage], _ vietnamese: String, _ english: String) throws(Refusal) {
        guard stages.contains(topic.stage) else {
            throw Refusal(
                .stage,
                Wording(
                    "Không \(vietnamese) được ở bước “\(topic.stage.wording.vietnamese)”; chỉ ở: "
                        + stages.map(\.wording.vietnamese).joined(separator: "; ") + ".",
                    "Cannot \(english) at stage “\(topic.stage.wording.english)”; only at: "
                        + stages.map(\.wording.english).joined(separator: "; ") + "."),
                details: [Detail("stage", topic.stage.rawValue)])
        }
        try notPostponed(topic)
    }

    static func stage(
        _ topic: Topic, isNot excluded: (Stage) -> Bool, _ vietnamese: String, _ english: String
    )
        throws(Refusal)
    {
        guard !excluded(topic.stage) else {
            throw Refusal(
                .stage,
                Wording(
                    "Không \(vietnamese) được nữa: chuyên đề \(topic.standing).",
                    "Cannot \(english) any more: the topic is \(topic.stage.wording.english)."),
                details: [Detail("stage", topic.stage.rawValue)])
        }
    }

    static func notPostponed(_ topic: Topic) throws(Refusal) {
        guard topic.postponed == nil else {
            throw Refusal(
                .stage,
                Wording(
                    "Chuyên đề \(topic.id) đang tạm hoãn; Giám đốc cho tiếp tục bằng UNPOSTPONE \(topic.id).",
                    "Topic \(topic.id) is postponed; the Director resumes it with UNPOSTPONE \(topic.id)."),
                details: [Detail("stage", topic.stage.rawValue), Detail("postponed", "yes")])
        }
    }
}

extension State {
    /// What a person may read of a topic at its present stage (domain §3).
    ///
    /// Drafting belongs to the lead office; leadership joins when the draft is submitted, the review office when it is
    /// passed on, everybody at the plenary. Observers read what was approved; the administrator reads no content.
    public func access(of id: PersonID, to topic: Topic) -> Access {
        guard let person = people[id], !person.isDisabled else { return .none }
        return topic.access(of: person)
    }

    /// Colleagues' reviews are seen only after one's own is filed, so that each judges for themselves (domain §2).
    ///
    /// The rule binds the reviewers of the review office while the round lasts; its head, the lead office and
    /// leadership read every review, and once the round is over so does everybody who reads the topic.
    public func canSee(_ review: Review, in topic: Topic, person id: PersonID) -> Bool {
        guard let person = people[id], !person.isDisabled else { return false }
        return topic.shows(review, to: person)
    }

    /// Whether a topic has a review that is not open to a person who reads the topic.
    func hidesReviews(of topic: Topic, from id: PersonID) -> Bool {
        topic.reviews.contains { !canSee($0, in: topic, person: id) }
    }

    /// What is printed for everybody alike, as CHECK says it to those who know every review, is not for whoever may not
    /// know them yet.
    /// - Throws: `stage`.
    public func mayReadResults(of topic: Topic, _ reader: PersonID) throws(Refusal) {
        guard hidesReviews(of: topic, from: reader) else { return }
        throw Refusal(
            .stage,
            Wording(
                "Văn bản này in kết quả kiểm tra, trong đó có phiếu của đồng nghiệp: xem được sau khi bạn nộp phiếu của mình (ASSESS) hoặc khi hết đợt phản biện",
                "This prints what your colleagues' reviews lead to: it is open to you once yours is filed (ASSESS), or the review is over"
            ), details: [Detail("stage", topic.stage.rawValue)])
    }

    /// Whether an event may be told to a person, by the state as it is now (specification §4).
    public func isVisible(_ event: Event, to id: PersonID) -> Bool {
        people[id].map { audience(of: event).includes($0) } ?? false
    }

    /// Who may be told of an event, by the state as it is now.
    public func audience(of event: Event) -> Audience {
        Audience(fact: event.fact, topic: event.fact.topic.flatMap { topics[$0] })
    }

    /// Whether a person may approve today: the Director, or a deputy under a delegation in force (KT.).
    func mayApprove(_ person: Person, now: Instant) -> Bool {
        switch person.position {
        case .director: true
        case .deputy: delegation(of: person.id, on: now.date) != nil
        case .head, .staff, .clerk, .observer, .admin: false
        }
    }

    /// Why a person may not approve; to a deputy, who might be delegated, also by whom it is done and how that is brought about.
    fileprivate func notApproving(_ person: Person, now: Instant) -> Refusal {
        guard person.position == .deputy else {
            return Policy.forbidden(
                "Chỉ Giám đốc (hoặc Phó Giám đốc được ủy quyền) phê duyệt.",
                "Only the Director (or a deputy under delegation) approves.")
        }
        let names = approvers(now: now).map { personName($0) }.joined(separator: ", ")
        return Policy.forbidden(
            "Bạn chưa có ủy quyền đang hiệu lực. Người phê duyệt: \(names.isEmpty ? "hiện chưa có ai" : names). Giám đốc ủy quyền theo văn bản có số, bằng DELEGATE.",
            "No delegation to you is in force. Who approves: \(names.isEmpty ? "nobody at present" : names). The Director delegates under a numbered document, with DELEGATE."
        )
    }

    /// Everybody who may approve today.
    func approvers(now: Instant) -> [PersonID] {
        people.values.filter { !$0.isDisabled && mayApprove($0, now: now) }.map(\.id).sorted()
    }
}
