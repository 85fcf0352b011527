extension State {
    /// The requirements before approval with their state, the facts counted, and whose turn it is (domain §4).
    ///
    /// - Parameters:
    ///   - seen: maintained comments that the approver says to have seen, besides those of an approval given.
    ///   - reader: who is told. What it says to a reviewer is the same whatever the reviews say that are not open to
    ///     them yet (domain §2).
    public func requirements(
        of topic: Topic, seen: Set<CommentID>, now: Instant, for reader: PersonID? = nil
    ) -> [RequirementStatus] {
        guard let reader, hidesReviews(of: topic, from: reader) else {
            return Requirement.allCases.map { status(of: $0, topic, seen: seen, now: now) }
        }
        let shown = topic.shown(to: reader, in: self)
        return Requirement.allCases.map { requirement in
            let status = status(of: requirement, shown, seen: seen, now: now)
            return outstanding(status, topic, for: reader) ?? status
        }
    }

    /// One requirement with its state, as it stands beside what the Director overrode.
    func status(
        of requirement: Requirement, _ topic: Topic, seen: Set<CommentID>, now: Instant
    ) -> RequirementStatus {
        let status = status(of: requirement, topic, seen: seen, now: now, beyond: [])
        guard status.state == .unmet else { return status }
        // Of what is approved or given up nothing waits for anybody.
        if topic.stage.order >= Stage.approved.order { return overridden(status, topic) ?? status.atRest }
        if let overridden = overridden(status, topic) { return overridden }
        let covered = topic.covered(of: requirement)
        return covered.isEmpty
            ? status : self.status(of: requirement, topic, seen: seen, now: now, beyond: covered)
    }

    /// An override covers what was missing when it was given, and nothing that came later.
    private func overridden(_ status: RequirementStatus, _ topic: Topic) -> RequirementStatus? {
        let overrides = topic.overrides.filter { $0.requirement == status.requirement }
        guard !overrides.isEmpty else { return nil }
        let isCovered =
            overrides.contains { $0.reach == nil }
            || Set(status.missing).isSubset(of: topic.covered(of: status.requirement))
        guard isCovered else { return nil }
        return RequirementStatus(
            status.requirement, .overridden, count: status.count, missing: status.missing,
            wording: Wording(
                status.lack.vietnamese + " (Giám đốc quyết định bỏ qua)",
                status.lack.english + " (overridden by the Director)"))
    }

    /// - Parameter covered: what is left out, because the Director overrode it.
    private func status(
        of requirement: Requirement, _ topic: Topic, seen: Set<CommentID>, now: Instant, beyond covered: Set<String>
    )
        -> RequirementStatus
    {
        switch requirement {
        case .outline: outlineStatus(topic, covered)
        case .reviewed: reviewedStatus(topic)
        case .must: mustStatus(topic, covered)
        case .settled: settledStatus(topic, covered)
        case .maintained: maintainedStatus(topic, seen, now, covered)
        case .plenary: plenaryStatus(topic, covered)
        case .content: contentStatus(topic)
        case .format: formatStatus(topic)
        case .noObjection: objectionStatus(topic, covered)
        case .personalData: personalDataStatus(topic, covered)
        case .approval: approvalStatus(topic, now)
        }
    }

    /// What is said of `reviewed`, and of `no-objection` when nothing that one may see stands against it, while some
    /// reviews are not open to a reader: that the round is not over, which tells neither a verdict nor a person.
    private func outstanding(
        _ status: RequirementStatus, _ topic: Topic, for reader: PersonID
    ) -> RequirementStatus? {
        guard status.requirement == .reviewed || (status.requirement == .noObjection && status.state == .met) else {
            return nil
        }
        return RequirementStatus(
            status.requirement, .unmet, count: 1,
            waiting: reviewers(of: topic).contains(reader) ? [reader] : active(.head, in: topic.review),
            wording: Wording(
                "đợt phản biện chưa xong; phiếu của đồng nghiệp xem được sau khi bạn nộp phiếu của mình",
                "the review is not over; your colleagues' reviews are open to you once yours is filed"))
    }

    func met(_ requirement: Requirement, _ vietnamese: String, _ english: String) -> RequirementStatus {
        RequirementStatus(requirement, .met, wording: Wording(vietnamese, english))
    }

    private func ids(_ comments: [Comment]) -> [String] { comments.map(\.id.description) }

    func shown(_ comments: [Comment]) -> String {
        let first = comments.prefix(12).map(\.id.description).joined(separator: ", ")
        return comments.count > 12 ? first + ", …" : first
    }

    // MARK: Whose turn

    /// The persons who write: the assigned authors who still can, else who pushed the newest revision, else the head of
    /// the lead office.
    func authors(of topic: Topic) -> [PersonID] {
        func canPush(_ id: PersonID) -> Bool { people[id].map { Policy.canPush($0, topic, self) } ?? false }
        let assigned = topic.assigned(as: .author).filter(canPush)
        if !assigned.isEmpty { return assigned }
        if let writer = topic.latest?.person, canPush(writer) { return [writer] }
        return active(.head, in: topic.lead).filter(canPush)
    }

    /// The persons who can settle a comment: the authors, else the head of the lead office, else whoever is of it; never
    /// whose comment it is (domain §5).
    private func settlers(of comment: Comment, in topic: Topic, authors: [PersonID]) -> [PersonID] {
        func others(_ persons: [PersonID]) -> [PersonID] { persons.filter { !comment.isBy($0) } }
        let writing = others(authors)
        if !writing.isEmpty { return writing }
        let heads = others(active(.head, in: topic.lead))
        return heads.isEmpty ? others(active(.staff, in: topic.lead)) : heads
    }

    /// The persons who review: the assigned reviewers who still can, else the head of the review office.
    func reviewers(of topic: Topic) -> [PersonID] {
        let assigned = topic.assigned(as: .reviewer).filter { canReview($0, topic) }
        return assigned.isEmpty ? active(.head, in: topic.review) : assigned
    }

    /// Whether a person can still file a review of a topic.
    func canReview(_ id: PersonID, _ topic: Topic) -> Bool {
        people[id].map { !$0.isDisabled && Policy.isReviewSide($0, topic) } ?? false
    }

    /// Whether a person still has a part in a topic: its text is open to them, which no closed account reads.
    func takesPart(_ id: PersonID, in topic: Topic) -> Bool { access(of: id, to: topic) == .text }

    /// What only the Director can decide, because whoever it waited for is not there.
    func deciding(_ requirement: Requirement, _ vietnamese: String, _ english: String) -> Turn {
        Turn(.override, on: requirement.rawValue, by: active(.director), vietnamese, english)
    }

    /// An office's turn; the Director's, when it has nobody: an office without its head does nothing.
    func turn(_ turn: Turn, of office: OfficeID, for requirement: Requirement) -> Turn {
        guard turn.persons.isEmpty else { return turn }
        return deciding(
            requirement, "chưa có Trưởng phòng (\(officeName(office)))", "\(officeName(office)) has no head")
    }

    func writing(_ topic: Topic, for requirement: Requirement, _ vietnamese: String, _ english: String) -> Turn {
        turn(Turn(.push, by: authors(of: topic), vietnamese, english), of: topic.lead, for: requirement)
    }

    private func settling(_ comments: [Comment], _ topic: Topic, for requirement: Requirement) -> [Turn] {
        let authors = authors(of: topic)
        return comments.map { comment in
            turn(
                Turn(
                    .settle, on: comment.id.description, by: settlers(of: comment, in: topic, authors: authors),
                    since: comment.time,
                    "ý kiến của \(personName(comment.owner)) chưa có tiếp thu, giải trình",
                    "\(personName(comment.owner))'s comment is not settled"), of: topic.lead, for: requirement)
        }
    }

    // MARK: Each requirement

    private func outlineStatus(_ topic: Topic, _ covered: Set<String>) -> RequirementStatus {
        guard let document = topic.latest?.document else {
            return RequirementStatus(
                .outline, count: topic.outline.outlineText.split(separator: "\n").count,
                turns: [writing(topic, for: .outline, "chưa có bản dự thảo", "there is no draft yet")],
                Wording("chưa có bản dự thảo", "there is no revision yet"))
        }
        if let gone = removedStatus(.outline, topic) { return gone }
        let gaps = OutlineCheck.gaps(topic.outline, in: document).filter { !covered.contains($0.title) }
        guard !gaps.isEmpty else {
            return met(.outline, "Đủ các mục theo bố cục của Kế hoạch.", "All required sections are there.")
        }
        let names = gaps.map { "“\($0.title)”" + ($0.isEmpty ? " (trống)" : "") }.joined(separator: ", ")
        let english = gaps.map { "“\($0.title)”" + ($0.isEmpty ? " (empty)" : "") }.joined(separator: ", ")
        return RequirementStatus(
            .outline, count: gaps.count, missing: gaps.map(\.title),
            turns: [
                writing(
                    topic, for: .outline, "thiếu hoặc trống \(gaps.count) mục của bố cục theo Kế hoạch",
                    "\(gaps.count) required sections are missing or empty")
            ],
            Wording(
                "thiếu hoặc trống \(gaps.count) mục của bố cục theo Kế hoạch: \(names)",
                "\(gaps.count) required sections are missing or empty: \(english)"))
    }

    /// What can be said of a text that was removed: that it cannot be looked at any more.
    func removedStatus(_ requirement: Requirement, _ topic: Topic) -> RequirementStatus? {
        guard let latest = topic.latest, let notice = notice(of: latest) else { return nil }
        return RequirementStatus(
            requirement, .notApplicable,
            wording: Wording("Không xét lại được: \(notice).", "Cannot be looked at any more: the text was removed."))
    }

    private func mustStatus(_ topic: Topic, _ covered: Set<String>) -> RequirementStatus {
        let open = topic.comments.filter {
            $0.level == .must && $0.state == .open && !covered.contains($0.id.description)
        }
        guard !open.isEmpty else {
            return met(.must, "Không còn ý kiến bắt buộc chưa giải quyết.", "No must comment is open.")
        }
        return RequirementStatus(
            .must, count: open.count, missing: ids(open), turns: settling(open, topic, for: .must),
            Wording(
                "còn \(open.count) ý kiến bắt buộc chưa giải quyết: \(shown(open)); phải giải quyết hết trước khi trình",
                "\(open.count) must comments are open: \(shown(open)); all are settled before the topic is submitted"))
    }

    /// Comments without a disposition, or without the giải trình that it needs, beyond those that were overridden.
    private func unsettled(_ topic: Topic, _ covered: Set<String>) -> [Comment] {
        topic.comments.filter { comment in
            guard comment.isLive, !covered.contains(comment.id.description) else { return false }
            guard let disposition = comment.disposition else { return true }
            return disposition.needsExplanation && comment.explanation == nil
        }
    }

    private func settledStatus(_ topic: Topic, _ covered: Set<String>) -> RequirementStatus {
        let open = unsettled(topic, covered)
        guard open.isEmpty else {
            return RequirementStatus(
                .settled, count: open.count, missing: ids(open), turns: settling(open, topic, for: .settled),
                Wording(
                    "còn \(open.count) ý kiến chưa có tiếp thu, giải trình: \(shown(open)); mỗi ý kiến phải có tiếp thu hoặc giải trình",
                    "\(open.count) comments have no disposition or explanation: \(shown(open)); every comment needs one"
                ))
        }
        let promised = topic.comments.filter(topic.isPromised)
        guard !promised.isEmpty else {
            return met(
                .settled, "Mọi ý kiến đã được tiếp thu hoặc giải trình.", "Every comment has its disposition.")
        }
        return met(
            .settled,
            "Mọi ý kiến đã được tiếp thu hoặc giải trình; \(promised.count) ý kiến tiếp thu chưa có bản nào thể hiện: \(shown(promised)).",
            "Every comment has its disposition; \(promised.count) accepted ones are carried by no revision yet: \(shown(promised))."
        )
    }

    private func maintainedStatus(
        _ topic: Topic, _ seen: Set<CommentID>, _ now: Instant, _ covered: Set<String>
    ) -> RequirementStatus {
        let known = seen.union(topic.approval?.seen ?? [])
        let maintained = topic.comments.filter {
            $0.isMaintained && $0.isLive && !known.contains($0.id) && !covered.contains($0.id.description)
        }
        guard !maintained.isEmpty else {
            return met(
                .maintained, "Không còn ý kiến được giữ mà người phê duyệt chưa xem.",
                "Every maintained comment was seen.")
        }
        return RequirementStatus(
            .maintained, count: maintained.count, missing: ids(maintained), turns: [approving(topic, now)],
            Wording(
                "người phê duyệt phải xem \(maintained.count) ý kiến được giữ trước khi phê duyệt: \(shown(maintained))",
                "the approver has to see \(maintained.count) maintained comments before approving: \(shown(maintained))"
            ))
    }

    private func plenaryStatus(_ topic: Topic, _ covered: Set<String>) -> RequirementStatus {
        let heads = active(.head, in: topic.lead)
        func opening(_ persons: [PersonID]) -> Turn {
            Turn(.open, by: persons, "mở buổi sinh hoạt chuyên đề", "open the plenary")
        }
        guard let plenary = topic.plenary else {
            return RequirementStatus(
                .plenary, count: 1, turns: [opening(heads.isEmpty ? active(.director) : heads)],
                topic.plenaryToRepeat
                    ?? Wording(
                        "chưa tổ chức sinh hoạt chuyên đề (\(topic.planCited.vietnamese))",
                        "no plenary was held yet (\(topic.planCited.english))"))
        }
        guard plenary.conclusion != nil else {
            // Without its chair it is opened anew.
            let turn =
                takesPart(plenary.chair, in: topic)
                ? Turn(
                    .close, by: [plenary.chair], since: plenary.opened, "kết luận buổi sinh hoạt",
                    "close with a conclusion") : opening(heads + active(.director))
            return RequirementStatus(
                .plenary, count: 1, turns: [turn],
                Wording(
                    "buổi sinh hoạt chưa kết luận (\(topic.planCited.vietnamese))",
                    "the plenary is not closed (\(topic.planCited.english))"))
        }
        let unconfirmed = plenary.unconfirmed.filter { !covered.contains($0.text) }
        guard !unconfirmed.isEmpty else {
            return met(
                .plenary, "Biên bản đã được chủ trì và thư ký xác nhận.",
                "The minutes are confirmed by chair and secretary.")
        }
        let turns = unconfirmed.map { person in
            takesPart(person, in: topic)
                ? Turn(
                    .confirm, on: topic.id.description, by: [person], since: plenary.closed,
                    "biên bản chờ bạn xác nhận", "the minutes wait for you")
                : deciding(
                    .plenary, "người phải xác nhận biên bản không còn tham gia", "who confirms the minutes is gone")
        }
        return RequirementStatus(
            .plenary, count: unconfirmed.count, missing: unconfirmed.map(\.text), turns: turns,
            Wording(
                "biên bản sinh hoạt chưa được xác nhận đủ; chủ trì và thư ký đều phải xác nhận",
                "the minutes are not confirmed by both chair and secretary"))
    }

    /// Whether the text still changes: it is signed off once every comment is settled.
    func isUnsettled(_ topic: Topic) -> Bool {
        let overrides = topic.overrides.filter { $0.requirement == .settled }
        return !overrides.contains { $0.reach == nil } && !unsettled(topic, topic.covered(of: .settled)).isEmpty
    }

    private func contentStatus(_ topic: Topic) -> RequirementStatus {
        if let vote = topic.contentVote, vote.vote == .vouch {
            return met(
                .content, "Trưởng phòng chủ trì chịu trách nhiệm nội dung bản này.",
                "The head vouches for this revision.")
        }
        if topic.contentVote?.vote == .return {
            return RequirementStatus(
                .content, count: 1, missing: [ContentVote.return.rawValue],
                turns: [
                    writing(
                        topic, for: .content, "Trưởng phòng chủ trì trả lại để sửa nội dung",
                        "the head of the lead office returned the content")
                ],
                Wording(
                    "Trưởng phòng chủ trì trả lại để sửa nội dung (khoản 1 Điều 12 NĐ 30/2020/NĐ-CP)",
                    "the head of the lead office returned the content (Decree 30/2020, Article 12.1)"))
        }
        return RequirementStatus(
            .content, count: 1,
            turns: [
                turn(
                    Turn(
                        .vouch, by: active(.head, in: topic.lead), "chịu trách nhiệm nội dung bản cuối",
                        "vouch for the final content"), of: topic.lead, for: .content)
            ],
            Wording(
                "Trưởng phòng chủ trì chưa chịu trách nhiệm nội dung bản này (khoản 1 Điều 12 NĐ 30/2020/NĐ-CP)",
                "the head of the lead office has not vouched for this revision (Decree 30/2020, Article 12.1)"))
    }

    /// The persons named for the format who can still check it.
    private func formatCheckers(of topic: Topic) -> [PersonID] {
        topic.assigned(as: .format).filter { id in
            people[id].map { !$0.isDisabled && $0.position != .admin && $0.position != .observer } ?? false
        }
    }

    private func formatStatus(_ topic: Topic) -> RequirementStatus {
        if let vote = topic.formatVote, vote.vote == .pass {
            return met(.format, "Thể thức bản này đã được kiểm tra: đạt.", "The format of this revision passes.")
        }
        if topic.formatVote?.vote == .fail {
            return RequirementStatus(
                .format, count: 1, missing: [FormatVote.fail.rawValue],
                turns: [
                    writing(topic, for: .format, "thể thức chưa đạt, cần sửa", "the format fails and is to be mended")
                ],
                Wording(
                    "thể thức chưa đạt, cần sửa (khoản 2 Điều 12 NĐ 30/2020/NĐ-CP)",
                    "the format fails and is to be mended (Decree 30/2020, Article 12.2)"))
        }
        let checkers = formatCheckers(of: topic)
        guard checkers.isEmpty else {
            return RequirementStatus(
                .format, count: 1,
                turns: [Turn(.format, by: checkers, "kiểm tra thể thức bản cuối", "check the final format")],
                Wording(
                    "chưa kiểm tra thể thức bản này (khoản 2 Điều 12 NĐ 30/2020/NĐ-CP)",
                    "the format of this revision is not checked (Decree 30/2020, Article 12.2)"))
        }
        // The head of the coordinating office names one, too, where there is no Director.
        let directors = active(.director)
        let namers = directors.isEmpty ? plan(topic.plan).map { active(.head, in: $0.coordinator) } ?? [] : directors
        return RequirementStatus(
            .format, count: 1,
            turns: [
                Turn(
                    .assign, on: Assignment.format.rawValue, by: namers, "chưa giao người kiểm tra thể thức",
                    "nobody is named for the format")
            ],
            Wording(
                "Giám đốc chưa giao người kiểm tra thể thức (khoản 2 Điều 12 NĐ 30/2020/NĐ-CP)",
                "the Director has named nobody to check the format (Decree 30/2020, Article 12.2)"))
    }

    private func objectionStatus(_ topic: Topic, _ covered: Set<String>) -> RequirementStatus {
        let objecting = topic.standingObjections.map(\.person).filter { !covered.contains($0.text) }
        let failed = topic.standingFailures.filter { !covered.contains($0.id.description) }
        guard !(objecting.isEmpty && failed.isEmpty) else {
            return met(.noObjection, "Không có ý kiến không thống nhất đang hiệu lực.", "No objection stands.")
        }
        let missing = objecting.map(\.text) + failed.map(\.id.description)
        let names = objections(missing, in: topic, asOf: topic.restedAt)
        return RequirementStatus(
            .noObjection, count: missing.count, missing: missing,
            turns: objecting.map { lifting($0, topic) } + failed.map { answering($0, topic) },
            Wording(
                "còn \(names.vietnamese); phải xử lý xong trước khi phê duyệt",
                "\(names.english) stand; they are dealt with before approval"))
    }

    /// Whose objections and failing reviews stand, by the ids that `missing=` gives; the people as they were when an event
    /// happened, nil for the present.
    func objections(_ missing: [String], in topic: Topic, asOf event: Int64?) -> Wording {
        let failed = missing.compactMap { ReviewID($0) }
        let owners = missing.filter { ReviewID($0) == nil }.compactMap { PersonID($0) }
            .map { personName($0, asOf: event) }
        func list(_ object: String, _ review: String, _ of: String) -> String {
            let reviews = failed.map { id in
                "\(review) \(id)"
                    + (topic.reviews[id.number].map { " \(of) \(personName($0.person, asOf: event))" } ?? "")
            }
            return ((owners.isEmpty ? [] : ["\(object) \(of) \(owners.joined(separator: ", "))"]) + reviews)
                .joined(separator: "; ")
        }
        return Wording(
            list("ý kiến không thống nhất", "phiếu không đạt", "của"), list("objections", "failing review", "of"))
    }

    /// An objection's owner lifts it; the Director, when the owner is gone.
    private func lifting(_ owner: PersonID, _ topic: Topic) -> Turn {
        guard !takesPart(owner, in: topic) else {
            return Turn(
                .lift, on: owner.text, by: [owner], "ý kiến không thống nhất của bạn đang hiệu lực",
                "your objection stands")
        }
        return Turn(
            .lift, on: owner.text, by: active(.director),
            "ý kiến không thống nhất của \(personName(owner)), người không còn tham gia, đang hiệu lực",
            "the objection of \(personName(owner)), who is gone, stands")
    }

    /// A failing review is filed anew once there is a new revision, or a new round; before that the authors revise.
    private func answering(_ review: Review, _ topic: Topic) -> Turn {
        guard canReview(review.person, topic) else {
            return deciding(
                .noObjection, "người lập phiếu không đạt không còn phản biện",
                "who filed a failing review is gone")
        }
        guard review.round == topic.round, !topic.hasChanged(since: review.revision) else {
            return Turn(
                .assess, on: review.id.description, by: [review.person],
                "phiếu không đạt của bạn đang hiệu lực: cần phiếu mới trên bản mới nhất",
                "your failing review stands: file a new one on the newest revision")
        }
        return writing(
            topic, for: .noObjection, "phiếu \(review.id) kết luận không đạt: cần bản dự thảo mới",
            "review \(review.id) fails the topic: a new revision is needed")
    }

    private func approving(_ topic: Topic, _ now: Instant) -> Turn {
        Turn(
            .approve, on: RevisionID(topic.id, topic.newest).description, by: approvers(now: now),
            "chuyên đề chờ phê duyệt", "the topic waits for approval")
    }

    private func approvalStatus(_ topic: Topic, _ now: Instant) -> RequirementStatus {
        if topic.approval != nil || topic.stage.isApproved {
            return met(.approval, "Đã phê duyệt đúng văn bản này.", "Exactly this text is approved.")
        }
        return RequirementStatus(
            .approval, count: 1, turns: [approving(topic, now)],
            Wording(
                "Giám đốc chưa phê duyệt văn bản này (khoản 1 Điều 11 NĐ 30/2020/NĐ-CP)",
                "the Director has not approved this text (Decree 30/2020, Article 11.1)"))
    }
}
