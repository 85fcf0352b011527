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
            return requirements(of: topic, seen: seen, now: now, outstanding: { _ in nil })
        }
        return requirements(of: topic.shown(to: reader, in: self), seen: seen, now: now) { status in
            outstanding(status, topic, for: reader)
        }
    }

    /// - Parameter outstanding: what is said in place of a requirement's own line; nil where that is said.
    private func requirements(
        of topic: Topic, seen: Set<CommentID>, now: Instant,
        outstanding: (RequirementStatus) -> RequirementStatus?
    ) -> [RequirementStatus] {
        Requirement.allCases.map { requirement in
            let found = self.status(of: requirement, topic, seen: seen, now: now)
            let status = outstanding(found) ?? found
            guard status.state == .unmet, topic.overrides.contains(where: { $0.requirement == requirement }) else {
                return status
            }
            return RequirementStatus(
                requirement, .overridden, count: status.count, missing: status.missing,
                wording: Wording(
                    status.wording.vietnamese + " (Giám đốc quyết định bỏ qua)",
                    status.wording.english + " (overridden by the Director)"))
        }
    }

    private func status(
        of requirement: Requirement, _ topic: Topic, seen: Set<CommentID>, now: Instant
    )
        -> RequirementStatus
    {
        switch requirement {
        case .outline: outlineStatus(topic)
        case .reviewed: reviewedStatus(topic)
        case .must: mustStatus(topic)
        case .settled: settledStatus(topic)
        case .maintained: maintainedStatus(topic, seen, now)
        case .plenary: plenaryStatus(topic)
        case .content: contentStatus(topic)
        case .format: formatStatus(topic)
        case .noObjection: objectionStatus(topic)
        case .personalData:
            RequirementStatus(
                .personalData, .notApplicable,
                wording: Wording(
                    "Chưa có rà soát dữ liệu cá nhân tự động; người soạn thảo tự kiểm tra.",
                    "There is no automatic personal-data check yet; the authors look themselves."))
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

    private func met(_ requirement: Requirement, _ vietnamese: String, _ english: String) -> RequirementStatus {
        RequirementStatus(requirement, .met, wording: Wording(vietnamese, english))
    }

    /// The persons who write: the assigned authors who still can, else who pushed the newest revision, else the head of
    /// the lead office.
    func authors(of topic: Topic) -> [PersonID] {
        func canWrite(_ id: PersonID) -> Bool {
            people[id].map { !$0.isDisabled && ($0.office == topic.lead || $0.position.isLeader) } ?? false
        }
        let assigned = topic.assigned(as: .author).filter(canWrite)
        if !assigned.isEmpty { return assigned }
        if let writer = topic.latest?.person, canWrite(writer) { return [writer] }
        return active(.head, in: topic.lead)
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

    /// Who can mend what waits for some persons: each of them who still can, in place of the rest the others.
    private func whoCan(_ persons: [PersonID], _ can: (PersonID) -> Bool, else others: [PersonID]) -> [PersonID] {
        once(persons.flatMap { can($0) ? [$0] : others })
    }

    private func once(_ persons: [PersonID]) -> [PersonID] {
        var known = Set<PersonID>()
        return persons.filter { known.insert($0).inserted }
    }

    private func outlineStatus(_ topic: Topic) -> RequirementStatus {
        guard let document = topic.latest?.document else {
            return RequirementStatus(
                .outline, .unmet, count: topic.outline.count, waiting: authors(of: topic),
                wording: Wording("chưa có bản dự thảo", "there is no revision yet"))
        }
        let gaps = OutlineCheck.gaps(topic.outline, in: document)
        guard !gaps.isEmpty else {
            return met(.outline, "Đủ các mục theo bố cục của Kế hoạch.", "All required sections are there.")
        }
        let names = gaps.map { "“\($0.title)”" + ($0.isEmpty ? " (trống)" : "") }.joined(separator: ", ")
        let english = gaps.map { "“\($0.title)”" + ($0.isEmpty ? " (empty)" : "") }.joined(separator: ", ")
        return RequirementStatus(
            .outline, .unmet, count: gaps.count, missing: gaps.map(\.title), waiting: authors(of: topic),
            wording: Wording(
                "thiếu hoặc trống \(gaps.count) mục của bố cục theo Kế hoạch: \(names)",
                "\(gaps.count) required sections are missing or empty: \(english)"))
    }

    /// The reviews by which `reviewed` is met, once one of them is endorsed.
    private func meetingReviews(of topic: Topic) -> [Review] {
        topic.countingReviews.filter {
            $0.office != topic.lead && !topic.hasPushed($0.person) && $0.verdict != .reviseAndRecheck
        }
    }

    /// The review of this round that has to be filed anew, because it fell or asked to be rechecked; nil while another one
    /// is enough.
    func reviewToRenew(of topic: Topic) -> Review? {
        guard meetingReviews(of: topic).isEmpty else { return nil }
        let fallen = topic.reviews.filter { $0.round == topic.round && !$0.isSuperseded && !$0.isInForce }
        return fallen.last ?? topic.countingReviews.last { $0.verdict == .reviseAndRecheck }
    }

    private func reviewedStatus(_ topic: Topic) -> RequirementStatus {
        let counting = meetingReviews(of: topic)
        if let endorsed = counting.first(where: { $0.endorsedBy != nil }) {
            return met(
                .reviewed, "Có phiếu phản biện \(endorsed.id) của phòng phản biện, đã xác nhận.",
                "Review \(endorsed.id) of the review office is endorsed.")
        }
        if let waiting = counting.first {
            return RequirementStatus(
                .reviewed, .unmet, count: 1, missing: [waiting.id.description],
                waiting: active(.head, in: topic.review),
                wording: Wording(
                    "phiếu \(waiting.id) chưa được Trưởng phòng phản biện xác nhận",
                    "review \(waiting.id) is not endorsed by the head of the review office"))
        }
        if let review = reviewToRenew(of: topic) {
            return RequirementStatus(
                .reviewed, .unmet, count: 1, missing: [review.id.description],
                waiting: canReview(review.person, topic) ? [review.person] : reviewers(of: topic),
                wording: review.isInForce
                    ? Wording(
                        "phiếu \(review.id) yêu cầu chỉnh sửa và xem lại: cần phiếu mới trên bản đã sửa",
                        "review \(review.id) asks to revise and recheck: a new review of the revised text is needed")
                    : Wording(
                        "phiếu \(review.id) hết hiệu lực vì văn bản sửa ngoài các đoạn có ý kiến được tiếp thu; cần phiếu mới trên bản \(topic.id)@\(topic.newest)",
                        "review \(review.id) fell because the text changed beyond the addressed comments; a new one on \(topic.id)@\(topic.newest) is needed"
                    ))
        }
        return RequirementStatus(
            .reviewed, .unmet, count: 1, waiting: reviewers(of: topic),
            wording: Wording(
                "chưa có phiếu phản biện của đợt này", "there is no review of the present round"))
    }

    private func mustStatus(_ topic: Topic) -> RequirementStatus {
        let open = topic.comments.filter { $0.level == .must && $0.state == .open }
        guard !open.isEmpty else {
            return met(.must, "Không còn ý kiến bắt buộc chưa giải quyết.", "No must comment is open.")
        }
        return RequirementStatus(
            .must, .unmet, count: open.count, missing: ids(open), waiting: authors(of: topic),
            wording: Wording(
                "còn \(open.count) ý kiến bắt buộc chưa giải quyết: \(shown(open))",
                "\(open.count) must comments are open: \(shown(open))"))
    }

    private func settledStatus(_ topic: Topic) -> RequirementStatus {
        let open = topic.comments.filter { comment in
            guard comment.isLive else { return false }
            guard let disposition = comment.disposition else { return true }
            return disposition.needsExplanation && comment.explanation == nil
        }
        guard !open.isEmpty else {
            return met(
                .settled, "Mọi ý kiến đã được tiếp thu hoặc giải trình.", "Every comment has its disposition.")
        }
        return RequirementStatus(
            .settled, .unmet, count: open.count, missing: ids(open), waiting: authors(of: topic),
            wording: Wording(
                "còn \(open.count) ý kiến chưa có tiếp thu, giải trình: \(shown(open))",
                "\(open.count) comments have no disposition or explanation: \(shown(open))"))
    }

    private func maintainedStatus(_ topic: Topic, _ seen: Set<CommentID>, _ now: Instant) -> RequirementStatus {
        let known = seen.union(topic.approval?.seen ?? [])
        let maintained = topic.comments.filter { $0.isMaintained && $0.isLive && !known.contains($0.id) }
        guard !maintained.isEmpty else {
            return met(
                .maintained, "Không còn ý kiến được giữ mà người phê duyệt chưa xem.",
                "Every maintained comment was seen.")
        }
        return RequirementStatus(
            .maintained, .unmet, count: maintained.count, missing: ids(maintained), waiting: approvers(now: now),
            wording: Wording(
                "người phê duyệt phải xem \(maintained.count) ý kiến được giữ: \(shown(maintained))",
                "the approver has to see \(maintained.count) maintained comments: \(shown(maintained))"))
    }

    private func plenaryStatus(_ topic: Topic) -> RequirementStatus {
        guard let plenary = topic.plenary else {
            return RequirementStatus(
                .plenary, .unmet, count: 1, waiting: active(.head, in: topic.lead),
                wording: Wording("chưa tổ chức sinh hoạt chuyên đề", "no plenary was held yet"))
        }
        guard plenary.conclusion != nil else {
            // Without its chair it is opened anew.
            return RequirementStatus(
                .plenary, .unmet, count: 1,
                waiting: whoCan(
                    [plenary.chair], { takesPart($0, in: topic) },
                    else: active(.head, in: topic.lead) + active(.director)),
                wording: Wording("buổi sinh hoạt chưa kết luận", "the plenary is not closed"))
        }
        let unconfirmed = plenary.unconfirmed
        guard !unconfirmed.isEmpty else {
            return met(
                .plenary, "Biên bản đã được chủ trì và thư ký xác nhận.",
                "The minutes are confirmed by chair and secretary.")
        }
        return RequirementStatus(
            .plenary, .unmet, count: unconfirmed.count,
            waiting: whoCan(unconfirmed, { takesPart($0, in: topic) }, else: active(.director)),
            wording: Wording(
                "biên bản sinh hoạt chưa được xác nhận đủ (chủ trì và thư ký)",
                "the minutes are not confirmed by both chair and secretary"))
    }

    private func contentStatus(_ topic: Topic) -> RequirementStatus {
        if let vote = topic.contentVote, vote.vote == .vouch {
            return met(
                .content, "Trưởng phòng chủ trì chịu trách nhiệm nội dung bản này.",
                "The head vouches for this revision.")
        }
        let isReturned = topic.contentVote?.vote == .return
        return RequirementStatus(
            .content, .unmet, count: 1, waiting: isReturned ? authors(of: topic) : active(.head, in: topic.lead),
            wording: isReturned
                ? Wording(
                    "Trưởng phòng chủ trì trả lại để sửa nội dung (NĐ 30/2020/NĐ-CP, Điều 12 khoản 1)",
                    "the head of the lead office returned the content (Decree 30/2020, Article 12.1)")
                : Wording(
                    "Trưởng phòng chủ trì chưa chịu trách nhiệm nội dung bản này (NĐ 30/2020/NĐ-CP, Điều 12 khoản 1)",
                    "the head of the lead office has not vouched for this revision (Decree 30/2020, Article 12.1)"))
    }

    private func formatStatus(_ topic: Topic) -> RequirementStatus {
        if let vote = topic.formatVote, vote.vote == .pass {
            return met(.format, "Thể thức bản này đã được kiểm tra: đạt.", "The format of this revision passes.")
        }
        let checkers = topic.assigned(as: .format).filter { people[$0]?.isDisabled == false }
        if topic.formatVote?.vote == .fail {
            return RequirementStatus(
                .format, .unmet, count: 1, waiting: authors(of: topic),
                wording: Wording(
                    "chưa đạt thể thức, cần sửa (NĐ 30/2020/NĐ-CP, Điều 12 khoản 2)",
                    "the format fails and is to be mended (Decree 30/2020, Article 12.2)"))
        }
        return RequirementStatus(
            .format, .unmet, count: 1, waiting: checkers.isEmpty ? active(.director) : checkers,
            wording: checkers.isEmpty
                ? Wording(
                    "Giám đốc chưa giao người kiểm tra thể thức (NĐ 30/2020/NĐ-CP, Điều 12 khoản 2)",
                    "the Director has named nobody to check the format (Decree 30/2020, Article 12.2)")
                : Wording(
                    "chưa kiểm tra thể thức bản này (NĐ 30/2020/NĐ-CP, Điều 12 khoản 2)",
                    "the format of this revision is not checked (Decree 30/2020, Article 12.2)"))
    }

    private func objectionStatus(_ topic: Topic) -> RequirementStatus {
        let objections = topic.standingObjections
        let failed = topic.standingFailures
        guard !(objections.isEmpty && failed.isEmpty) else {
            return met(.noObjection, "Không có ý kiến không thống nhất đang hiệu lực.", "No objection stands.")
        }
        let objecting = objections.map(\.person)
        let failing = failed.map(\.person)
        // Where the person is gone the Director lifts the objection, or overrides the requirement for the review.
        let waiting =
            whoCan(objecting, { takesPart($0, in: topic) }, else: active(.director))
            + whoCan(failing, { canReview($0, topic) }, else: active(.director))
        let names = once(objecting + failing).map { personName($0) }.joined(separator: ", ")
        return RequirementStatus(
            .noObjection, .unmet, count: objections.count + failed.count,
            missing: objecting.map(\.text) + failed.map(\.id.description),
            waiting: once(waiting),
            wording: Wording(
                "còn ý kiến không thống nhất hoặc phiếu không đạt của: \(names)",
                "objections or failing reviews stand: \(names)"))
    }

    private func approvalStatus(_ topic: Topic, _ now: Instant) -> RequirementStatus {
        if topic.approval != nil || topic.stage.isApproved {
            return met(.approval, "Đã phê duyệt đúng văn bản này.", "Exactly this text is approved.")
        }
        return RequirementStatus(
            .approval, .unmet, count: 1, waiting: approvers(now: now),
            wording: Wording(
                "Giám đốc chưa phê duyệt văn bản này (NĐ 30/2020/NĐ-CP, Điều 11 khoản 2)",
                "the Director has not approved this text (Decree 30/2020, Article 11.2)"))
    }

    private func ids(_ comments: [Comment]) -> [String] { comments.map(\.id.description) }

    private func shown(_ comments: [Comment]) -> String {
        let first = comments.prefix(12).map(\.id.description).joined(separator: ", ")
        return comments.count > 12 ? first + ", …" : first
    }
}

/// Looks for the plan's required sections in a text.
public enum OutlineCheck {
    /// A required section that is missing or empty.
    public struct Gap: Sendable, Equatable {
        /// Its title in the plan.
        public let title: String
        /// Whether it is there without text.
        public let isEmpty: Bool
    }

    /// A heading as it is compared: without dấu, capitals and punctuation.
    ///
    /// Making one takes time in proportion to the heading, comparing two hardly any.
    public struct Title: Sendable, Equatable {
        private let words: [Substring]

        /// The form of a heading, of a text or of a plan.
        public init(_ heading: String) {
            words = Folding.folded(heading).split { !($0.isLetter || $0.isNumber) }
        }

        /// Whether one heading may stand for the other: the same words, or at least two that the longer one begins with.
        public func agrees(with other: Title) -> Bool {
            let (short, long) =
                words.count < other.words.count ? (words, other.words) : (other.words, words)
            return short.count == long.count ? short == long : short.count >= 2 && long.starts(with: short)
        }
    }

    /// What is missing or empty, in the plan's order.
    ///
    /// The plan's long headings may be shortened or lengthened at the end (`Title.agrees`); the same heading is preferred. A
    /// section that was found is where those below it are looked for; below a missing one they are looked for in the whole
    /// text.
    public static func gaps(_ outline: [OutlineItem], in document: Document) -> [Gap] {
        let sections = document.sections.map { (section: $0, title: Title($0.title)) }
        var gaps: [Gap] = []
        func look(_ items: [OutlineItem], below parent: SectionPath?) {
            for item in items {
                let wanted = Title(item.title)
                let inside = sections.lazy.filter { found in
                    parent.map { $0 != found.section.path && $0.contains(found.section.path) } ?? true
                }
                let found =
                    inside.first { $0.title == wanted } ?? inside.first { $0.title.agrees(with: wanted) }
                if let section = found?.section {
                    if !section.hasText { gaps.append(Gap(title: item.title, isEmpty: true)) }
                    look(item.children, below: section.path)
                } else {
                    gaps.append(Gap(title: item.title, isEmpty: false))
                    look(item.children, below: parent)
                }
            }
        }
        look(outline, below: nil)
        return gaps
    }
}
