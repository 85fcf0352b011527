extension State {
    func decideAssess(
        _ topic: Topic, revision number: Int, _ verdict: Verdict, body: [UInt8]
    ) throws(Refusal) -> Outcome {
        _ = try revision(number, of: topic, mustBeNewest: true)
        let text = try canonicalBody(body)
        let id = ReviewID(highestReview + 1)
        return Outcome(
            [
                .reviewFiled(
                    ReviewFiled(
                        topic: topic.id, revision: number, review: id, verdict: verdict, round: topic.round,
                        body: Body(text)))
            ],
            details: [
                Detail("id", id.description), Detail("verdict", verdict.rawValue), Detail("round", String(topic.round)),
            ],
            echo: text,
            wording: Wording(
                "Đã nộp phiếu \(id): \(verdict.wording.vietnamese); Trưởng phòng phản biện xác nhận bằng ENDORSE \(id).",
                "Filed review \(id): \(verdict.wording.english); the head endorses it with ENDORSE \(id)."))
    }

    func decideEndorse(_ id: ReviewID, now: Instant) throws(Refusal) -> Outcome {
        guard let (topic, review) = find(id) else {
            throw Refusal(.notFound, Wording("Không có phiếu \(id).", "There is no review \(id)."))
        }
        var details = [Detail("id", id.description), Detail("verdict", review.verdict.rawValue)]
        guard review.endorsedBy == nil else {
            return Outcome(
                [], details: details + [Detail("already", "yes")],
                wording: Wording("Phiếu \(id) đã được xác nhận.", "Review \(id) is endorsed already."))
        }
        guard topic.isEndorsable(review) else {
            throw Refusal(
                .conflict,
                Wording(
                    "Phiếu \(id) không còn hiệu lực (đã sang đợt khác, có phiếu mới hơn, hoặc văn bản đã thay đổi).",
                    "Review \(id) no longer counts: a later round, a newer review, or a changed text."))
        }
        var facts: [Fact] = [.reviewEndorsed(ReviewEndorsed(topic: topic.id, review: id))]
        if topic.stage == .review {
            facts.append(entering(.revision, topic, now: now))
            details.append(Detail("stage", Stage.revision.rawValue))
        }
        return Outcome(
            facts, details: details,
            wording: Wording(
                "Đã xác nhận phiếu \(id) là phiếu của \(officeName(topic.review)).",
                "Review \(id) is the office's review now."))
    }
}

extension Topic {
    mutating func apply(_ fact: ReviewFiled, _ event: Event) {
        let person = event.person ?? PersonID.unknown
        reviews.updateAll { if $0.person == person { $0.isSuperseded = true } }
        reviews.append(
            Review(
                id: fact.review, revision: fact.revision, round: fact.round, person: person, office: event.office,
                verdict: fact.verdict, body: fact.body, time: event.time, event: event.sequence),
            number: fact.review.number)
    }

    mutating func apply(_ fact: ReviewEndorsed, _ event: Event) {
        reviews.update(fact.review.number) {
            $0.endorsedBy = event.person
            $0.endorsedAt = event.time
            $0.endorsing = event.sequence
        }
    }

    /// Failing reviews that stand: the last review of its person says `fail`, in whichever round (negative verdicts stay
    /// when the text changes; domain §2, votes).
    public var standingFailures: [Review] {
        var last: [PersonID: ReviewID] = [:]
        for review in reviews { last[review.person] = review.id }
        return reviews.filter { $0.verdict == .fail && last[$0.person] == $0.id }
    }

    /// The reviews that count now: of this round, the last of each person, not fallen.
    public var countingReviews: [Review] {
        reviews.filter { $0.round == round && !$0.isSuperseded && $0.isInForce }
    }

    /// Whether a review may become the office's: it counts, and is none that failed a text which has changed since.
    ///
    /// That one stands as an objection until its author files anew (docs/protocol.md, decision 50), and is no review of the
    /// text that is there now.
    func isEndorsable(_ review: Review) -> Bool {
        review.round == round && !review.isSuperseded && review.isInForce
            && (review.verdict.isPositive || !hasChanged(since: review.revision))
    }
}
