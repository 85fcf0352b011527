/// Requirement `reviewed`: a review of the present round from outside the lead office, endorsed by that office's head
/// (domain §4).
extension State {
    /// Who can make a review that of the office: its head, unless they pushed a revision (domain §5).
    func endorsers(of topic: Topic) -> [PersonID] {
        active(.head, in: topic.review).filter { !topic.hasPushed($0) }
    }

    /// The reviews by which `reviewed` is met, once one of them is endorsed.
    private func meetingReviews(of topic: Topic) -> [Review] {
        topic.countingReviews.filter {
            $0.office != topic.lead && !topic.hasPushed($0.person) && $0.verdict != .reviseAndRecheck
        }
    }

    func reviewedStatus(_ topic: Topic) -> RequirementStatus {
        let counting = meetingReviews(of: topic)
        if let endorsed = counting.first(where: { $0.endorsedBy != nil }) {
            return met(
                .reviewed,
                "Có phiếu phản biện \(endorsed.id) của phòng phản biện, đã xác nhận (kết luận: \(endorsed.verdict.wording.vietnamese)).",
                "Review \(endorsed.id) of the review office is endorsed (verdict: \(endorsed.verdict.wording.english))."
            )
        }
        let endorsable = counting.filter { topic.isEndorsable($0) }
        if let waiting = endorsable.first {
            return RequirementStatus(
                .reviewed, count: 1, missing: [waiting.id.description], turns: endorsable.map { endorsing($0, topic) },
                Wording(
                    "phiếu \(waiting.id) (kết luận: \(waiting.verdict.wording.vietnamese)) chưa được Trưởng phòng phản biện xác nhận (\(topic.planCited.vietnamese))",
                    "review \(waiting.id) (verdict: \(waiting.verdict.wording.english)) is not endorsed by the head of the review office (\(topic.planCited.english))"
                ))
        }
        // Of this round those that fell, or asked to be rechecked, are to be filed anew.
        let last = topic.reviews.filter { $0.round == topic.round && !$0.isSuperseded }
        let asking = last.last { $0.verdict == .reviseAndRecheck }
        // A colleague who asks for a recheck has filed the new one in place of that of somebody who is gone.
        if let fallen = last.last(where: { !$0.isInForce && (asking == nil || canReview($0.person, topic)) }) {
            return fallenStatus(fallen, topic)
        }
        if let asking { return recheckStatus(asking, topic) }
        if let failing = counting.last { return outdatedStatus(failing, topic) }
        if let own = last.last {
            return RequirementStatus(
                .reviewed, count: 1, missing: [own.id.description],
                turns: [
                    reviewing(
                        topic, "cần phiếu phản biện của người không soạn thảo",
                        "somebody who wrote nothing has to review")
                ],
                Wording(
                    "phiếu \(own.id) không được tính vì \(personName(own.person, asOf: topic.restedAt)) đã gửi bản dự thảo; cần phiếu của người khác (\(topic.planCited.vietnamese))",
                    "review \(own.id) does not count because \(personName(own.person, asOf: topic.restedAt)) pushed a revision; another person's is needed (\(topic.planCited.english))"
                ))
        }
        return RequirementStatus(
            .reviewed, count: 1,
            turns: [reviewing(topic, "chưa lập phiếu nhận xét, phản biện", "your review is not filed yet")],
            Wording(
                "chưa có phiếu phản biện của đợt này (\(topic.planCited.vietnamese))",
                "there is no review of the present round (\(topic.planCited.english))"))
    }

    /// A positive review fell with the text that it judged.
    private func fallenStatus(_ review: Review, _ topic: Topic) -> RequirementStatus {
        RequirementStatus(
            .reviewed, count: 1, missing: [review.id.description],
            turns: [
                renewing(
                    review, topic, "phiếu của bạn hết hiệu lực vì văn bản đã thay đổi",
                    "your review fell: the text changed")
            ],
            Wording(
                "phiếu \(review.id) hết hiệu lực vì văn bản được sửa ngoài các đoạn có ý kiến được tiếp thu; cần phiếu mới trên bản \(topic.id)@\(topic.newest)",
                "review \(review.id) fell because the text changed beyond the addressed comments; a new one on \(topic.id)@\(topic.newest) is needed"
            ))
    }

    /// A failing review that nobody endorsed while the text that it judged was the newest.
    private func outdatedStatus(_ review: Review, _ topic: Topic) -> RequirementStatus {
        RequirementStatus(
            .reviewed, count: 1, missing: [review.id.description],
            turns: [
                renewing(
                    review, topic, "phiếu không đạt của bạn lập trên bản cũ: cần phiếu mới trên bản mới nhất",
                    "your failing review is of an older revision: file a new one on the newest")
            ],
            Wording(
                "phiếu \(review.id) (kết luận: \(review.verdict.wording.vietnamese)) lập trên bản cũ \(topic.id)@\(review.revision) và chưa được xác nhận; cần phiếu mới trên bản \(topic.id)@\(topic.newest) (\(topic.planCited.vietnamese))",
                "review \(review.id) (verdict: \(review.verdict.wording.english)) is of the older \(topic.id)@\(review.revision) and was not endorsed; a new one on \(topic.id)@\(topic.newest) is needed (\(topic.planCited.english))"
            ))
    }

    /// Who asked for a recheck gets a new revision first; until there is one the authors are waited for.
    private func recheckStatus(_ review: Review, _ topic: Topic) -> RequirementStatus {
        let isRevised = topic.hasChanged(since: review.revision)
        let turn: Turn
        if topic.stage == .review, review.endorsedBy == nil {
            turn = endorsing(review, topic)
        } else if isRevised {
            turn = renewing(
                review, topic, "bạn yêu cầu xem lại: đã có bản dự thảo mới",
                "you asked to recheck: there is a new revision")
        } else {
            turn = writing(
                topic, for: .reviewed, "phiếu \(review.id) yêu cầu chỉnh sửa và xem lại",
                "review \(review.id) asks to revise and recheck")
        }
        return RequirementStatus(
            .reviewed, count: 1, missing: [review.id.description], turns: [turn],
            isRevised
                ? Wording(
                    "phiếu \(review.id) yêu cầu chỉnh sửa và xem lại: cần phiếu mới trên bản đã sửa",
                    "review \(review.id) asks to revise and recheck: a new review of the revised text is needed")
                : Wording(
                    "phiếu \(review.id) yêu cầu chỉnh sửa và xem lại: cần bản dự thảo mới, rồi phiếu mới trên bản đó",
                    "review \(review.id) asks to revise and recheck: a new revision is needed, and a new review of it"))
    }

    /// The turn of a review's author to file it anew; of the office's other reviewers, when that one is gone.
    private func renewing(_ review: Review, _ topic: Topic, _ vietnamese: String, _ english: String) -> Turn {
        let id = review.id.description
        guard !canReview(review.person, topic) else {
            return Turn(.assess, on: id, by: [review.person], vietnamese, english)
        }
        return reviewing(
            topic, on: id,
            "cần phiếu mới thay phiếu của \(personName(review.person)), người không còn phản biện chuyên đề này",
            "a new review is needed in place of that of \(personName(review.person)), who is gone")
    }

    /// A new review: by those of the office who can, else its head first finds somebody.
    private func reviewing(_ topic: Topic, on object: String? = nil, _ vietnamese: String, _ english: String) -> Turn {
        let able = reviewers(of: topic).filter { canReview($0, topic) }
        guard able.isEmpty else { return Turn(.assess, on: object, by: able, vietnamese, english) }
        return turn(
            Turn(
                .assign, on: Assignment.reviewer.rawValue, by: active(.head, in: topic.review),
                "chưa phân công người phản biện", "no reviewer is assigned"), of: topic.review, for: .reviewed)
    }

    private func endorsing(_ review: Review, _ topic: Topic) -> Turn {
        let able = endorsers(of: topic)
        guard !able.isEmpty || active(.head, in: topic.review).isEmpty else {
            return deciding(
                .reviewed, "Trưởng phòng phản biện đã gửi bản dự thảo nên không xác nhận phiếu",
                "the head of the review office pushed a revision and endorses no review")
        }
        return turn(
            Turn(
                .endorse, on: review.id.description, by: able, since: review.time,
                "phiếu của \(personName(review.person)) chờ xác nhận",
                "\(personName(review.person))'s review waits for your endorsement"), of: topic.review, for: .reviewed)
    }
}
