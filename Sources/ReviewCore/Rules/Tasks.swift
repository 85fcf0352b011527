extension State {
    /// What waits for a person: whose turn, why, since when, until when; late ones first (domain §4, specification §8).
    public func tasks(for id: PersonID, now: Instant) -> [ReviewTask] {
        guard let person = people[id], !person.isDisabled else { return [] }
        var tasks: [ReviewTask] = []
        for topic in openTopicsInOrder where !topic.stage.isFinished && topic.postponed == nil {
            tasks += TaskFinder(state: self, topic: topic, person: person, now: now).tasks
        }
        return tasks.enumerated().sorted { one, other in
            (one.element.overdueDays == 0 ? 1 : 0, one.element.due ?? Self.farDate, one.offset)
                < (other.element.overdueDays == 0 ? 1 : 0, other.element.due ?? Self.farDate, other.offset)
        }.map(\.element)
    }

    private static let farDate = Instant(milliseconds: 253_000_000_000_000).date
}

/// Collects what one topic wants of one person.
///
/// What a requirement waits for is told as CHECK tells it (`RequirementStatus.turns`); the rest are the steps of a topic.
private struct TaskFinder {
    let state: State
    let topic: Topic
    let person: Person
    let now: Instant

    private var isLeadHead: Bool { person.position == .head && person.office == topic.lead }
    private var isReviewHead: Bool { person.position == .head && person.office == topic.review }

    private func task(
        _ act: TaskAct, on object: String? = nil, since: Instant? = nil, _ vietnamese: String, _ english: String
    )
        -> ReviewTask
    {
        ReviewTask(
            topic: topic.id, act: act, object: object, due: topic.due, since: (since ?? topic.stageSince).date,
            overdueDays: topic.deadline(state.beforeDate)?.overdueDays(at: now) ?? 0,
            reason: Wording(vietnamese, english))
    }

    var tasks: [ReviewTask] {
        let unmet = self.unmet
        let found: [ReviewTask] =
            switch topic.stage {
            case .assigned: assigning + turns(unmet)
            case .drafting: submitting + turns(unmet)
            case .leadership: leadership + turns(unmet) + answering + remarks
            case .review: reviewing + turns(unmet) + remarks
            case .revision: turns(unmet) + answering + revisionSteps + remarks
            case .plenary: plenary + turns(unmet) + answering + remarks
            case .finishing: turns(unmet) + finishing(unmet) + answering + remarks
            case .approval: turns(unmet)
            case .approved: issuing
            case .issued, .cancelled: []
            }
        // One act may mend several requirements; it is asked for once, for the first of them.
        var known = Set<[String]>()
        return (found + appointing).filter { known.insert([$0.act.rawValue, $0.object ?? ""]).inserted }
    }

    /// The requirements that are not met.
    ///
    /// Those about the text and what was said of it take a look at all of that, so only for whom they may wait: the lead
    /// office and leadership.
    private var unmet: [RequirementStatus] {
        guard !topic.stage.isApproved else { return [] }
        let mayWrite = person.office == topic.lead || person.position.isLeader
        return Requirement.allCases
            .filter { mayWrite || ![.outline, .must, .settled].contains($0) }
            .map { state.status(of: $0, topic, seen: [], now: now) }.filter { $0.state == .unmet }
    }

    /// What the requirements wait for, of what is done at this stage.
    private func turns(_ unmet: [RequirementStatus]) -> [ReviewTask] {
        // A sign-off that is given while the text still changes falls with the next revision: nobody is sent to it before.
        let isEarly = state.isUnsettled(topic)
        return unmet.flatMap(\.turns).filter { turn in
            turn.persons.contains(person.id) && turn.isDone(at: topic.stage)
                && !(isEarly && (turn.act == .vouch || turn.act == .format))
        }.map { task($0.act, on: $0.object, since: $0.since, $0.reason.vietnamese, $0.reason.english) }
    }

    private var assigning: [ReviewTask] {
        guard isLeadHead, topic.assigned(as: .author).isEmpty else { return [] }
        return [task(.assign, on: "author", "chưa phân công người soạn thảo", "no author is assigned")]
    }

    /// Where the lead office has no head, nobody can take the steps that are the head's alone, and the topic would wait in
    /// silence: the Director, who has nothing to override there, sees to it that the office has one.
    ///
    /// Where the post of Director is vacant, it is for the deputies.
    private var appointing: [ReviewTask] {
        let isStopped =
            switch topic.stage {
            // Who was assigned and is gone writes nothing, and nobody else may.
            case .assigned: state.authors(of: topic).isEmpty
            case .drafting, .revision, .finishing: true
            case .leadership, .review, .plenary, .approval, .approved, .issued, .cancelled: false
            }
        guard isStopped, person.position.isLeader, state.active(.head, in: topic.lead).isEmpty,
            person.position == .director || state.active(.director).isEmpty
        else { return [] }
        let office = state.officeName(topic.lead)
        return [
            task(
                .appoint, on: topic.lead.text,
                "phòng chủ trì (\(office)) chưa có Trưởng phòng để phân công, trình chuyên đề: cần bổ nhiệm Trưởng phòng hoặc giao người phụ trách phòng; quản trị hệ thống ghi chức vụ mới vào tài khoản của người ấy",
                "\(office) has no head to assign people and submit the topic: name one; the administrator enters the new position with the account"
            )
        ]
    }

    private var submitting: [ReviewTask] {
        isLeadHead
            ? [task(.submit, "trình lãnh đạo cho ý kiến khi bản dự thảo đã xong", "submit the draft to leadership")]
            : []
    }

    private var leadership: [ReviewTask] {
        guard person.position.isLeader else { return [] }
        var tasks: [ReviewTask] = []
        let hasSpoken = topic.opinions.contains { $0.person == person.id && $0.time >= topic.stageSince }
        if !hasSpoken {
            tasks.append(task(.opinion, "chuyên đề chờ lãnh đạo cho ý kiến", "the topic waits for your opinion"))
        }
        tasks.append(task(.submit, "chuyển sang phản biện sau khi cho ý kiến", "pass it on to the review office"))
        return tasks
    }

    /// While the review lasts everybody who was assigned files their own, and its head may choose among them.
    private var reviewing: [ReviewTask] {
        var tasks: [ReviewTask] = []
        if isReviewHead, topic.assigned(as: .reviewer).isEmpty {
            tasks.append(task(.assign, on: "reviewer", "chưa phân công người phản biện", "no reviewer is assigned"))
        }
        let filed = topic.countingReviews
        func isYetToFile(_ id: PersonID) -> Bool {
            state.canReview(id, topic) && !filed.contains { $0.person == id }
        }
        if state.reviewers(of: topic).contains(person.id), isYetToFile(person.id) {
            tasks.append(task(.assess, "chưa lập phiếu nhận xét, phản biện", "your review is not filed yet"))
        }
        let endorsers = state.endorsers(of: topic)
        if endorsers.contains(person.id) {
            for review in filed where review.endorsedBy == nil {
                tasks.append(
                    task(
                        .endorse, on: review.id.description, since: review.time,
                        "phiếu của \(state.personName(review.person)) chờ xác nhận",
                        "\(state.personName(review.person))'s review waits for your endorsement"))
            }
        }
        let hasHead = !state.active(.head, in: topic.review).isEmpty
        // A head who may not endorse may still assign somebody, whose review comes first.
        if person.position.isLeader, endorsers.isEmpty, !filed.isEmpty || !hasHead,
            !state.reviewers(of: topic).contains(where: isYetToFile)
        {
            tasks.append(
                hasHead
                    ? task(
                        .submit,
                        "Trưởng phòng phản biện đã gửi bản dự thảo nên không xác nhận phiếu: kết thúc đợt phản biện",
                        "the head of the review office pushed a revision and endorses no review: end the round")
                    : task(
                        .submit, "phòng phản biện không có Trưởng phòng để xác nhận phiếu: kết thúc đợt phản biện",
                        "the review office has no head to endorse a review: end the round"))
        }
        return tasks
    }

    private var answering: [ReviewTask] {
        guard state.takesPart(person.id, in: topic) else { return [] }
        return topic.comments.filter {
            $0.state == .settled && $0.settledBy != person.id && Policy.answers(for: $0, person)
        }.map { comment in
            task(
                .agree, on: comment.id.description, since: comment.stateSince,
                "ý kiến \(comment.owner == person.id ? "của bạn" : "của phòng") đã được giải trình: đồng ý hay giữ ý kiến",
                "your comment was settled: agree or maintain")
        }
    }

    private var revisionSteps: [ReviewTask] {
        guard isLeadHead, !topic.comments.contains(where: { $0.state == .open }) else { return [] }
        return [
            task(
                .submit, "mọi ý kiến đã tiếp thu, giải trình: mời sinh hoạt chuyên đề",
                "all comments are settled: call the plenary")
        ]
    }

    private var plenary: [ReviewTask] {
        guard let plenary = topic.plenary, state.takesPart(plenary.chair, in: topic) else {
            return isLeadHead || person.position == .director
                ? [task(.open, "mở buổi sinh hoạt chuyên đề", "open the plenary")] : []
        }
        guard plenary.secretary == person.id, plenary.present.isEmpty else { return [] }
        return [task(.attend, since: plenary.opened, "điểm danh người dự", "take the roll-call")]
    }

    private var remarks: [ReviewTask] {
        guard state.takesPart(person.id, in: topic) else { return [] }
        return topic.comments.filter { $0.isLive && !$0.isConfirmed && $0.owner == person.id }.map { comment in
            task(
                .confirm, on: comment.id.description, since: comment.time, "ý kiến ghi thay mặt bạn chờ xác nhận",
                "a remark keyed in on your behalf waits for you")
        }
    }

    /// The head submits once only what is the approver's own is missing.
    private func finishing(_ unmet: [RequirementStatus]) -> [ReviewTask] {
        guard isLeadHead, unmet.allSatisfy({ $0.requirement == .maintained || $0.requirement == .approval }) else {
            return []
        }
        return [task(.submit, "đủ điều kiện: trình Giám đốc phê duyệt", "ready: submit for approval")]
    }

    private var issuing: [ReviewTask] {
        guard person.position == .clerk else { return [] }
        return [task(.issue, "chuyên đề đã phê duyệt: cấp số, ban hành", "approved: number and issue it")]
    }
}
