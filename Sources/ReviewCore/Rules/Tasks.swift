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
private struct TaskFinder {
    let state: State
    let topic: Topic
    let person: Person
    let now: Instant

    private var isLeadHead: Bool { person.position == .head && person.office == topic.lead }
    private var isReviewHead: Bool { person.position == .head && person.office == topic.review }
    private var isAuthor: Bool { state.authors(of: topic).contains(person.id) }
    private var isReviewer: Bool { state.reviewers(of: topic).contains(person.id) }

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
        switch topic.stage {
        case .assigned: assigning + drafting
        case .drafting: drafting
        case .leadership: leadership + settling + answering + remarks
        case .review: reviewing + remarks
        case .revision: settling + answering + rechecking + revisionSteps + remarks
        case .plenary: plenary
        case .finishing: settling + answering + rechecking + signingOff
        case .approval: approving
        case .approved: issuing
        case .issued, .cancelled: []
        }
    }

    private var assigning: [ReviewTask] {
        guard isLeadHead, topic.assigned(as: .author).isEmpty else { return [] }
        return [task(.assign, on: "author", "chưa phân công người soạn thảo", "no author is assigned")]
    }

    private var drafting: [ReviewTask] {
        if topic.newest == 0 {
            return isAuthor ? [task(.push, "chưa có bản dự thảo", "there is no draft yet")] : []
        }
        return isLeadHead
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

    private var reviewing: [ReviewTask] {
        var tasks: [ReviewTask] = []
        if isReviewHead, topic.assigned(as: .reviewer).isEmpty {
            tasks.append(task(.assign, on: "reviewer", "chưa phân công người phản biện", "no reviewer is assigned"))
        }
        let filed = topic.countingReviews
        if isReviewer, !filed.contains(where: { $0.person == person.id }), Policy.isReviewSide(person, topic) {
            tasks.append(task(.assess, "chưa lập phiếu nhận xét, phản biện", "your review is not filed yet"))
        }
        if isReviewHead {
            for review in filed where review.endorsedBy == nil {
                tasks.append(
                    task(
                        .endorse, on: review.id.description, since: review.time,
                        "phiếu của \(state.personName(review.person)) chờ xác nhận",
                        "\(state.personName(review.person))'s review waits for your endorsement"))
            }
        }
        return tasks
    }

    private var settling: [ReviewTask] {
        guard isAuthor else { return [] }
        return topic.comments.filter { $0.state == .open }.map { comment in
            task(
                .settle, on: comment.id.description, since: comment.time,
                "ý kiến của \(state.personName(comment.owner)) chưa có tiếp thu, giải trình",
                "\(state.personName(comment.owner))'s comment is not settled")
        }
    }

    private var answering: [ReviewTask] {
        topic.comments.filter { $0.state == .settled && $0.owner == person.id }.map { comment in
            task(
                .agree, on: comment.id.description, since: comment.stateSince,
                "ý kiến của bạn đã được giải trình: đồng ý hay giữ ý kiến",
                "your comment was settled: agree or maintain")
        }
    }

    private var rechecking: [ReviewTask] {
        var tasks: [ReviewTask] = []
        let mine = topic.reviews.filter { $0.person == person.id && $0.round == topic.round && !$0.isSuperseded }
        if let last = mine.last, Policy.isReviewSide(person, topic),
            !last.isInForce || (last.verdict == .reviseAndRecheck && topic.newest > last.revision)
        {
            tasks.append(
                task(
                    .assess, on: last.id.description,
                    last.isInForce
                        ? "bạn yêu cầu xem lại: đã có bản dự thảo mới"
                        : "phiếu của bạn hết hiệu lực vì văn bản đã thay đổi",
                    last.isInForce
                        ? "you asked to recheck: there is a new revision" : "your review fell: the text changed"))
        }
        if let review = state.reviewToRenew(of: topic), !state.canReview(review.person, topic), isReviewer,
            !review.isInForce || topic.newest > review.revision
        {
            tasks.append(
                task(
                    .assess, on: review.id.description,
                    "cần phiếu mới thay phiếu của \(state.personName(review.person)), người không còn phản biện chuyên đề này",
                    "a new review is needed in place of that of \(state.personName(review.person)), who is gone"))
        }
        if isReviewHead {
            for review in topic.countingReviews where review.endorsedBy == nil {
                tasks.append(
                    task(
                        .endorse, on: review.id.description, since: review.time,
                        "phiếu của \(state.personName(review.person)) chờ xác nhận",
                        "\(state.personName(review.person))'s review waits for your endorsement"))
            }
        }
        return tasks
    }

    private var revisionSteps: [ReviewTask] {
        guard isLeadHead, !topic.comments.contains(where: { $0.state == .open }) else { return [] }
        return [
            task(
                .submit, "mọi ý kiến đã giải trình: mời sinh hoạt chuyên đề",
                "all comments are settled: call the plenary")
        ]
    }

    private var plenary: [ReviewTask] {
        guard let plenary = topic.plenary, state.takesPart(plenary.chair, in: topic) else {
            let opening =
                isLeadHead || person.position == .director
                ? [task(.open, "mở buổi sinh hoạt chuyên đề", "open the plenary")] : []
            return opening + answering + remarks
        }
        var tasks: [ReviewTask] = []
        if plenary.secretary == person.id, plenary.present.isEmpty {
            tasks.append(task(.attend, since: plenary.opened, "điểm danh người dự", "take the roll-call"))
        }
        if plenary.chair == person.id {
            tasks.append(task(.close, since: plenary.opened, "kết luận buổi sinh hoạt", "close with a conclusion"))
        }
        return tasks + answering + remarks
    }

    private var remarks: [ReviewTask] {
        topic.comments.filter { $0.isLive && !$0.isConfirmed && $0.owner == person.id }.map { comment in
            task(
                .confirm, on: comment.id.description, since: comment.time, "ý kiến ghi thay mặt bạn chờ xác nhận",
                "a remark keyed in on your behalf waits for you")
        }
    }

    private var signingOff: [ReviewTask] {
        var tasks: [ReviewTask] = []
        if let plenary = topic.plenary, plenary.conclusion != nil,
            plenary.chair == person.id || plenary.secretary == person.id, !plenary.confirmedBy.contains(person.id)
        {
            tasks.append(
                task(
                    .confirm, on: topic.id.description, since: plenary.closed, "biên bản chờ bạn xác nhận",
                    "the minutes wait for you"))
        }
        let isAllSettled = !topic.comments.contains { $0.state == .open }
        if isLeadHead, topic.contentVote?.vote != .vouch, isAllSettled {
            tasks.append(task(.vouch, "chịu trách nhiệm nội dung bản cuối", "vouch for the final content"))
        }
        if topic.formatVote == nil, isAllSettled {
            if topic.assigned(as: .format).contains(person.id) {
                tasks.append(task(.format, "kiểm tra thể thức bản cuối", "check the final format"))
            } else if topic.assigned(as: .format).isEmpty, person.position == .director {
                tasks.append(
                    task(.assign, on: "format", "chưa giao người kiểm tra thể thức", "nobody is named for the format"))
            }
        }
        tasks += objecting + overriding
        if isLeadHead {
            let missing = state.requirements(of: topic, seen: [], now: now).filter {
                $0.state == .unmet && $0.requirement != .maintained && $0.requirement != .approval
            }
            if missing.isEmpty {
                tasks.append(task(.submit, "đủ điều kiện: trình Giám đốc phê duyệt", "ready: submit for approval"))
            }
        }
        return tasks + remarks
    }

    /// One's own objection; to the Director also those of leaders who are gone.
    private var objecting: [ReviewTask] {
        topic.standingObjections.map(\.person).compactMap { owner in
            if owner == person.id {
                return task(
                    .lift, on: owner.text, "ý kiến không thống nhất của bạn đang hiệu lực", "your objection stands")
            }
            guard person.position == .director, !state.takesPart(owner, in: topic) else { return nil }
            return task(
                .lift, on: owner.text,
                "ý kiến không thống nhất của \(state.personName(owner)), người không còn tham gia, đang hiệu lực",
                "the objection of \(state.personName(owner)), who is gone, stands")
        }
    }

    /// What only an override mends, because whoever it waited for is gone.
    private var overriding: [ReviewTask] {
        guard person.position == .director else { return [] }
        var stuck: [(requirement: Requirement, vietnamese: String, english: String)] = []
        if let plenary = topic.plenary, plenary.unconfirmed.contains(where: { !state.takesPart($0, in: topic) }) {
            stuck.append(
                (.plenary, "người phải xác nhận biên bản không còn tham gia", "who confirms the minutes is gone"))
        }
        if topic.standingFailures.contains(where: { !state.canReview($0.person, topic) }) {
            stuck.append(
                (.noObjection, "người lập phiếu không đạt không còn phản biện", "who filed a failing review is gone"))
        }
        return stuck.filter { one in !topic.overrides.contains { $0.requirement == one.requirement } }
            .map { task(.override, on: $0.requirement.rawValue, $0.vietnamese, $0.english) }
    }

    private var approving: [ReviewTask] {
        guard state.mayApprove(person, now: now) else { return objecting }
        return objecting + overriding + [
            task(
                .approve, on: RevisionID(topic.id, topic.newest).description, "chuyên đề chờ phê duyệt",
                "the topic waits for approval")
        ]
    }

    private var issuing: [ReviewTask] {
        guard person.position == .clerk else { return [] }
        return [task(.issue, "chuyên đề đã phê duyệt: cấp số, ban hành", "approved: number and issue it")]
    }
}
