/// The rules about one topic's people: sides, stages, separation of duties (domain §1, §3, §5).
extension Policy {
    private static func isLeadHead(_ person: Person, _ topic: Topic) -> Bool {
        person.position == .head && person.office == topic.lead
    }

    private static func isReviewHead(_ person: Person, _ topic: Topic) -> Bool {
        person.position == .head && person.office == topic.review
    }

    /// The author side: staff and head of the lead office.
    static func isAuthorSide(_ person: Person, _ topic: Topic) -> Bool {
        person.office == topic.lead && (person.position == .head || person.position == .staff)
    }

    /// The review side: staff and head of the review office who pushed no revision of the topic.
    static func isReviewSide(_ person: Person, _ topic: Topic) -> Bool {
        person.office == topic.review && person.office != topic.lead
            && (person.position == .head || person.position == .staff) && !topic.hasPushed(person.id)
    }

    static func mayLoadPlan(_ person: Person, coordinatedBy coordinator: OfficeID?) throws(Refusal) {
        try require(
            person.position == .director || person.position == .clerk
                || (person.position == .head && person.office == coordinator),
            "Chỉ Giám đốc, văn thư hoặc Trưởng phòng tổng hợp nạp Kế hoạch.",
            "Only the Director, the clerk or the head of the coordinating office loads a plan.")
    }

    static func mayAssign(_ assignment: Assignment, _ topic: Topic, _ person: Person, _ state: State) throws(Refusal) {
        switch assignment {
        case .author:
            try require(
                isLeadHead(person, topic),
                "Chỉ Trưởng phòng chủ trì (\(state.officeName(topic.lead))) phân công người soạn thảo.",
                "Only the head of the lead office assigns authors.")
        case .reviewer:
            try require(
                isReviewHead(person, topic),
                "Chỉ Trưởng phòng phản biện (\(state.officeName(topic.review))) phân công người phản biện.",
                "Only the head of the review office assigns reviewers.")
        case .secretary, .format:
            let coordinator = state.plan(topic.plan)?.coordinator
            try require(
                person.position == .director || (person.position == .head && person.office == coordinator),
                "Chỉ Giám đốc hoặc Trưởng phòng tổng hợp cử thư ký, người kiểm tra thể thức.",
                "Only the Director or the head of the coordinating office names the secretary and the format checker.")
        }
    }

    static func maySubmit(_ topic: Topic, _ person: Person, _ state: State, _ now: Instant) throws(Refusal) {
        switch topic.stage {
        case .drafting, .revision, .finishing:
            try require(
                isLeadHead(person, topic),
                "Chỉ Trưởng phòng chủ trì (\(state.officeName(topic.lead))) trình chuyên đề ở bước “\(topic.stage.wording.vietnamese)”.",
                "Only the head of the lead office submits at stage “\(topic.stage.wording.english)”.")
        case .leadership:
            try require(
                person.position.isLeader, "Chỉ Ban lãnh đạo chuyển chuyên đề sang phản biện.",
                "Only a leader passes the topic on to review.")
        case .review:
            try require(
                person.position.isLeader,
                "Bước phản biện kết thúc khi Trưởng phòng phản biện xác nhận phiếu (ENDORSE), hoặc lãnh đạo kết thúc.",
                "The review ends when its head endorses a review, or a leader closes the round.")
        case .assigned:
            throw Refusal(
                .stage, Wording("Chưa có bản dự thảo nào để trình.", "There is no revision to submit yet."),
                details: [Detail("stage", topic.stage.rawValue)])
        case .plenary:
            throw Refusal(
                .stage,
                Wording(
                    "Buổi sinh hoạt kết thúc khi chủ trì kết luận: PLENARY \(topic.id) CLOSE.",
                    "The plenary ends with its chair's PLENARY \(topic.id) CLOSE."),
                details: [Detail("stage", topic.stage.rawValue)])
        case .approval:
            throw Refusal(
                .stage,
                Wording("Chuyên đề đang chờ phê duyệt (APPROVE).", "The topic waits for approval (APPROVE)."),
                details: [Detail("stage", topic.stage.rawValue)])
        case .approved, .issued, .cancelled:
            throw Refusal(
                .stage,
                Wording(
                    "Chuyên đề \(topic.standing), không còn bước trình nào.",
                    "The topic is \(topic.stage.wording.english); there is nothing to submit."),
                details: [Detail("stage", topic.stage.rawValue)])
        }
    }

    /// Who may send a topic back, by stage; where it goes is `Stage.previous`.
    static func maySendBack(_ topic: Topic, _ person: Person, _ state: State, _ now: Instant) throws(Refusal) {
        try stage(
            topic, in: [.leadership, .review, .revision, .plenary, .finishing, .approval], "trả lại", "send back")
        switch topic.stage {
        case .approval:
            // Returned by the approver with a reason, or taken back by the head who submitted it.
            try require(
                state.mayApprove(person, now: now) || isLeadHead(person, topic),
                "Chỉ người phê duyệt trả lại, hoặc Trưởng phòng chủ trì rút lại.",
                "Only the approver returns it, or the head of the lead office takes it back.")
        case .assigned, .drafting, .leadership, .review, .revision, .plenary, .finishing, .approved, .issued,
            .cancelled:
            try require(
                person.position.isLeader, "Chỉ Ban lãnh đạo trả lại chuyên đề.", "Only a leader sends a topic back.")
        }
    }

    /// Whether a person is one of those who write a topic; the stage aside.
    static func canPush(_ person: Person, _ topic: Topic, _ state: State) -> Bool {
        !person.isDisabled && (try? mayWrite(topic, person, state)) != nil
    }

    static func mayPush(_ topic: Topic, _ person: Person, _ state: State) throws(Refusal) {
        try mayWrite(topic, person, state)
        try stage(topic, in: [.assigned, .drafting, .leadership, .revision, .finishing], "gửi bản dự thảo", "push")
    }

    /// Only who pushed the revision knows from which file it came; and once others sign off, the dossier must not change under
    /// them.
    static func mayAttach(to number: Int, _ topic: Topic, _ person: Person, _ state: State) throws(Refusal) {
        try mayWrite(topic, person, state)
        try stage(
            topic, in: [.drafting, .leadership, .revision, .finishing], "gửi kèm tệp Word gốc",
            "attach the original file")
        guard let revision = topic.revision(number) else { return }
        try require(
            revision.person == person.id,
            "Chỉ người đã gửi bản \(topic.id)@\(number) (\(state.personName(revision.person))) gửi kèm tệp Word gốc của bản đó.",
            "Only who pushed \(topic.id)@\(number) attaches its original file.")
    }

    private static func mayWrite(_ topic: Topic, _ person: Person, _ state: State) throws(Refusal) {
        let authors = topic.assigned(as: .author)
        try require(
            isAuthorSide(person, topic) || topic.isWritten(byLeader: person),
            "Chỉ phòng chủ trì (\(state.officeName(topic.lead))) gửi bản dự thảo của chuyên đề này.",
            "Only the lead office pushes revisions of this topic.")
        try require(
            !topic.hasReviewed(person.id), "Bạn đã phản biện chuyên đề này nên không soạn thảo.",
            "You reviewed this topic and cannot be its author.")
        try require(
            authors.isEmpty || authors.contains(person.id) || isLeadHead(person, topic),
            "Chuyên đề đã giao cho: \(authors.map { state.personName($0) }.joined(separator: ", ")); Trưởng phòng phân công thêm bằng ASSIGN.",
            "The topic is assigned to: \(authors.map { state.personName($0) }.joined(separator: ", ")).")
    }

    /// The stages at which comments are made (domain §3), in order.
    private static let commenting: [Stage] = [.leadership, .review, .revision, .plenary, .finishing]

    /// Those of them at which what a person says is heard; none for whoever never comments.
    static func speaking(_ person: Person, _ topic: Topic, _ level: CommentLevel) -> [Stage] {
        guard person.position != .observer, person.position != .admin else { return [] }
        let isLeader = person.position.isLeader
        return commenting.filter { stage in
            switch stage {
            case .leadership: isLeader
            case .review, .revision: isLeader || isReviewSide(person, topic)
            case .plenary: true
            case .finishing: isLeader || level != .must
            case .assigned, .drafting, .approval, .approved, .issued, .cancelled: false
            }
        }
    }

    /// `behalf` is the word as sent: what is keyed in thay mặt is judged by its speaker, in `decide`.
    ///
    /// - Throws: `stage` where the same comment of the same person is taken at another stage, `forbidden` where it never is.
    static func mayComment(
        _ topic: Topic, _ level: CommentLevel, behalf: String?, _ person: Person, _ state: State
    ) throws(Refusal) {
        let own = speaking(person, topic, level)
        let isKeyedIn = behalf != nil && behalf != Behalf.officeWord
        let stages = commenting.filter { stage in
            let isKeying = isKeyedIn && !own.isEmpty && (person.position == .clerk || stage == .finishing)
            return isKeying || own.contains(stage)
        }
        try require(
            !stages.isEmpty, "Bạn là \(person.position.wording.vietnamese) nên không góp ý chuyên đề.",
            "The \(person.position.wording.english) comments on no topic.")
        if commenting.contains(topic.stage), !stages.contains(topic.stage) {
            throw notNow(topic, level, person, stages, state)
        }
        let act = commenting(level)
        try stage(topic, in: stages, act.vietnamese, act.english)
    }

    /// What is not taken at every stage at which others of the same person are.
    private static func commenting(_ level: CommentLevel) -> Wording {
        level == .must ? Wording("nêu ý kiến bắt buộc", "make a must comment") : Wording("góp ý", "comment")
    }

    /// Whose turn it is to comment at the present stage, and when it is the person's.
    private static func notNow(
        _ topic: Topic, _ level: CommentLevel, _ person: Person, _ stages: [Stage], _ state: State
    ) -> Refusal {
        let act = commenting(level)
        let reason: Wording
        switch topic.stage {
        case .finishing:
            reason = Wording(
                "Ở bước hoàn thiện chỉ Ban lãnh đạo nêu ý kiến bắt buộc: hãy chọn level=should hoặc level=note. Bạn \(act.vietnamese)",
                "At finishing only leaders make must comments: choose level=should or level=note. You \(act.english)"
            )
        case .assigned, .drafting, .leadership, .review, .revision, .plenary, .approval, .approved, .issued, .cancelled:
            if person.position == .clerk {
                reason = Wording(
                    "Ở bước này văn thư chỉ nhập ý kiến thay mặt người khác: thêm behalf=TÀI-KHOẢN của người phát biểu. Bạn tự \(act.vietnamese)",
                    "At this stage the clerk keys in remarks on behalf of others: add behalf=PERSON. For yourself you \(act.english)"
                )
            } else if topic.stage == .leadership {
                reason = Wording(
                    "Ở bước này chỉ Ban lãnh đạo cho ý kiến. Bạn \(act.vietnamese)",
                    "At this stage only leadership comments. You \(act.english)")
            } else {
                reason = Wording(
                    "Ở bước này chỉ phòng phản biện (\(state.officeName(topic.review))) và Ban lãnh đạo góp ý. Bạn \(act.vietnamese)",
                    "At this stage only the review office and leadership comment. You \(act.english)")
            }
        }
        return Refusal(
            .stage, reason.at(stages), details: [Detail("stage", topic.stage.rawValue)])
    }

    private static func find(_ id: CommentID, _ person: Person, _ state: State) throws(Refusal) -> (Topic, Comment) {
        guard let found = state.find(id), found.topic.access(of: person) == .text else {
            throw Refusal(.notFound, Wording("Không có ý kiến \(id).", "There is no comment \(id)."))
        }
        return found
    }

    static func mayAnswer(_ id: CommentID, _ person: Person, _ state: State) throws(Refusal) {
        let (topic, comment) = try find(id, person, state)
        try stage(topic, in: [.leadership, .review, .revision, .plenary, .finishing], "trả lời ý kiến", "answer")
        // Another stage lets the same person answer, so this is no refusal for good.
        if topic.stage == .review, isAuthorSide(person, topic) {
            throw Refusal(
                .stage,
                Wording(
                    "Ở bước “phản biện” phòng chủ trì chỉ đọc; trả lời ở bước “tiếp thu, chỉnh sửa”.",
                    "During the review the lead office only reads; answer at the revision stage."),
                details: [Detail("stage", topic.stage.rawValue)])
        }
        let mayJoin =
            isAuthorSide(person, topic) || isReviewSide(person, topic) || person.position.isLeader
            || comment.owner == person.id || comment.person == person.id || topic.stage == .plenary
        try require(
            mayJoin, "Chỉ phòng chủ trì, phòng phản biện, lãnh đạo và người nêu ý kiến trả lời.",
            "Only both offices, leadership and the commenter answer.")
    }

    static func maySettle(_ id: CommentID, _ person: Person, _ state: State) throws(Refusal) {
        let (topic, comment) = try find(id, person, state)
        try require(
            isAuthorSide(person, topic) || topic.isWritten(byLeader: person),
            "Chỉ phòng chủ trì (\(state.officeName(topic.lead))) tiếp thu, giải trình.",
            "Only the lead office settles comments.")
        // Nobody closes their own comment from both sides (domain §5).
        try require(
            !comment.isBy(person.id),
            "Người nêu hoặc người ghi ý kiến không tự tiếp thu, giải trình ý kiến đó; người khác của \(state.officeName(topic.lead)) làm.",
            "Whose comment it is, or who keyed it in, does not settle it; somebody else of the lead office does.")
        try stage(topic, in: [.leadership, .revision, .finishing], "tiếp thu, giải trình", "settle")
    }

    /// Whether a comment is a person's to answer for: their own; or their office's, if they are its head or wrote it there.
    static func answers(for comment: Comment, _ person: Person) -> Bool {
        guard case .office(let office) = comment.behalf else { return comment.owner == person.id }
        return person.office == office && (person.position == .head || comment.person == person.id)
    }

    /// Those who answer for a comment, as a refusal names them.
    private static func answerer(for comment: Comment, _ state: State) -> Wording {
        guard case .office(let office) = comment.behalf else {
            let name = state.personName(comment.owner)
            return Wording("người nêu ý kiến (\(name))", "the commenter (\(name))")
        }
        let name = state.officeName(office)
        return Wording(
            "Trưởng phòng (\(name)), hoặc người ghi khi còn ở phòng đó,",
            "the head of \(name), or who wrote it while there,"
        )
    }

    static func mayJudgeSettlement(_ id: CommentID, _ person: Person, _ state: State) throws(Refusal) {
        let (topic, comment) = try find(id, person, state)
        try require(
            answers(for: comment, person),
            "Chỉ \(answerer(for: comment, state).vietnamese) đồng ý hoặc giữ ý kiến.",
            "Only \(answerer(for: comment, state).english) agrees or maintains.")
        try stage(
            topic, in: [.leadership, .revision, .plenary, .finishing], "trả lời việc tiếp thu, giải trình",
            "answer a settlement")
    }

    /// Nobody closes a comment from both sides: the lead office's head answers for its own comments, and may have settled one.
    static func mayAgree(_ id: CommentID, _ person: Person, _ state: State) throws(Refusal) {
        let (topic, comment) = try find(id, person, state)
        try require(
            !answers(for: comment, person) || comment.settledBy != person.id,
            "Bạn đã giải trình ý kiến \(id) nên không tự đồng ý; người khác của \(state.officeName(topic.lead)) giải trình lại, hoặc để người nêu ý kiến đồng ý.",
            "You settled \(id) and do not agree to it yourself; somebody else of the lead office settles it anew, or whoever wrote it agrees."
        )
        try mayJudgeSettlement(id, person, state)
    }

    static func mayWithdraw(_ id: CommentID, _ person: Person, _ state: State) throws(Refusal) {
        let (topic, comment) = try find(id, person, state)
        // Who keyed in a remark may take a slip back until its speaker has confirmed it.
        try require(
            answers(for: comment, person) || (comment.person == person.id && !comment.isConfirmed),
            "Chỉ \(answerer(for: comment, state).vietnamese) rút ý kiến.",
            "Only \(answerer(for: comment, state).english) withdraws it.")
        try stage(topic, in: [.leadership, .review, .revision, .plenary, .finishing], "rút ý kiến", "withdraw")
    }

    static func mayConfirmRemark(_ id: CommentID, _ person: Person, _ state: State) throws(Refusal) {
        let (topic, comment) = try find(id, person, state)
        guard case .speaker(let speaker) = comment.behalf else {
            throw Refusal(
                .invalid,
                Wording("Ý kiến \(id) không phải ghi thay mặt.", "Comment \(id) was not keyed in on behalf of anybody.")
            )
        }
        try require(
            speaker == person.id || topic.plenary?.chair == person.id,
            "Chỉ người phát biểu (\(state.personName(speaker))) hoặc chủ trì xác nhận.",
            "Only the speaker (\(state.personName(speaker))) or the chair confirms.")
        try stage(
            topic, in: [.leadership, .review, .revision, .plenary, .finishing], "xác nhận ý kiến", "confirm a remark")
    }

    static func mayAssess(_ topic: Topic, _ person: Person, _ state: State) throws(Refusal) {
        try require(
            person.office != topic.lead,
            "Không ai phản biện chuyên đề do phòng mình chủ trì.", "Nobody reviews a topic that their own office leads."
        )
        try require(
            !topic.hasPushed(person.id),
            "Bạn đã gửi bản dự thảo của chuyên đề này nên không là người phản biện.",
            "You pushed a revision of this topic, so you are not its reviewer.")
        try require(
            isReviewSide(person, topic),
            "Chỉ phòng phản biện (\(state.officeName(topic.review))) lập phiếu nhận xét, phản biện.",
            "Only the review office files reviews.")
        try stage(topic, in: [.review, .revision, .plenary, .finishing], "lập phiếu phản biện", "file a review")
    }

    static func mayEndorse(_ id: ReviewID, _ person: Person, _ state: State) throws(Refusal) {
        guard let (topic, review) = state.find(id), state.canSee(review, in: topic, person: person.id) else {
            throw Refusal(.notFound, Wording("Không có phiếu \(id).", "There is no review \(id)."))
        }
        try require(
            isReviewHead(person, topic) && person.office != topic.lead,
            "Chỉ Trưởng phòng phản biện (\(state.officeName(topic.review))) xác nhận phiếu của phòng.",
            "Only the head of the review office endorses its review.")
        try require(
            !topic.hasPushed(person.id),
            "Bạn đã gửi bản dự thảo của chuyên đề này nên không xác nhận phiếu phản biện.",
            "You pushed a revision of this topic, so you do not endorse its review.")
        try stage(topic, in: [.review, .revision, .plenary, .finishing], "xác nhận phiếu", "endorse")
    }
}

extension Wording {
    /// A sentence that ends with the stages at which something is done.
    func at(_ stages: [Stage]) -> Wording {
        Wording(
            vietnamese + " ở bước: " + stages.map(\.wording.vietnamese).joined(separator: "; ") + ".",
            english + " at: " + stages.map(\.wording.english).joined(separator: "; ") + ".")
    }
}

extension State {
    /// A comment with its topic, while the topic's details are in memory.
    public func find(_ id: CommentID) -> (topic: Topic, comment: Comment)? {
        guard let topic = topics.owner(of: id).flatMap({ topics[$0] }), let comment = topic.comments[id.number] else {
            return nil
        }
        return (topic, comment)
    }

    /// A review with its topic, while the topic's details are in memory.
    public func find(_ id: ReviewID) -> (topic: Topic, review: Review)? {
        guard let topic = topics.owner(of: id).flatMap({ topics[$0] }), let review = topic.reviews[id.number] else {
            return nil
        }
        return (topic, review)
    }
}
