extension State {
    func decideExtend(
        _ topic: Topic, _ milestone: Milestone, to: CivilDate, reference: String, reason: [UInt8]
    )
        throws(Refusal) -> Outcome
    {
        let reference = try canonicalField(reference, "ref", State.noteOctets)
        let reason = try canonicalBody(reason)
        guard let current = topic.date(of: milestone), to > current else {
            throw Refusal(
                .invalid,
                Wording(
                    "Ngày gia hạn phải sau ngày đang áp dụng (\(topic.date(of: milestone)?.vietnamese ?? "?")).",
                    "The new date must lie after the present one (\(topic.date(of: milestone)?.description ?? "?"))."))
        }
        // The order that PLAN CHECK asks of a plan holds for what becomes of it, too.
        let later = Milestone.allCases.drop { $0 != milestone }.dropFirst()
        if let passed = later.first(where: { other in topic.date(of: other).map { $0 < to } ?? false }),
            let date = topic.date(of: passed)
        {
            throw Refusal(
                .invalid,
                Wording(
                    "Mốc “\(passed.rawValue)” (\(passed.wording.vietnamese)): hạn \(date.vietnamese) sớm hơn mốc “\(milestone.rawValue)” (\(to.vietnamese)). Gia hạn mốc sau trước.",
                    "Milestone “\(passed.rawValue)” (\(passed.wording.english)): \(date) is earlier than milestone “\(milestone.rawValue)” (\(to)). Extend the later one first."
                ),
                details: [Detail("argument", "to"), Detail("milestone", passed.rawValue)])
        }
        return Outcome(
            [
                .milestoneExtended(
                    MilestoneExtended(
                        topic: topic.id, milestone: milestone, to: to, reference: reference, reason: Body(reason)))
            ],
            details: [
                Detail("topic", topic.id.description), Detail("milestone", milestone.rawValue),
                Detail("to", to.description),
            ], echo: reason,
            wording: Wording(
                "Đã gia hạn mốc \(milestone.wording.vietnamese) đến trước ngày \(to.vietnamese) theo \(reference).",
                "Extended \(milestone.wording.english) to before \(to) under \(reference)."))
    }

    func decidePostpone(_ topic: Topic, reason: [UInt8]) throws(Refusal) -> Outcome {
        let reason = try canonicalBody(reason)
        guard topic.postponed == nil else {
            throw Refusal(
                .conflict,
                Wording("Chuyên đề \(topic.id) đang tạm hoãn rồi.", "Topic \(topic.id) is postponed already."))
        }
        return Outcome(
            [.topicPostponed(TopicPostponed(topic: topic.id, reason: Body(reason)))],
            details: [Detail("topic", topic.id.description)], echo: reason,
            wording: Wording("Đã tạm hoãn chuyên đề \(topic.id).", "Postponed \(topic.id)."))
    }

    func decideResume(_ topic: Topic) throws(Refusal) -> Outcome {
        guard topic.postponed != nil else {
            throw Refusal(
                .conflict, Wording("Chuyên đề \(topic.id) không bị tạm hoãn.", "Topic \(topic.id) is not postponed."))
        }
        return Outcome(
            [.topicResumed(TopicResumed(topic: topic.id))], details: [Detail("topic", topic.id.description)],
            wording: Wording("Chuyên đề \(topic.id) tiếp tục.", "Topic \(topic.id) goes on."))
    }

    func decideCancel(_ topic: Topic, reason: [UInt8]) throws(Refusal) -> Outcome {
        let reason = try canonicalBody(reason)
        return Outcome(
            [
                .topicCancelled(
                    TopicCancelled(
                        topic: topic.id, highestComment: topic.comments.highest, highestReview: topic.reviews.highest,
                        revision: topic.newest, reason: Body(reason)))
            ],
            details: [Detail("topic", topic.id.description), Detail("stage", Stage.cancelled.rawValue)],
            echo: reason,
            wording: Wording("Đã hủy chuyên đề \(topic.id).", "Cancelled \(topic.id)."))
    }
}

extension Topic {
    mutating func apply(_ fact: MilestoneExtended, _ event: Event) {
        extensions.append(
            Extension(
                milestone: fact.milestone, to: fact.to, reference: fact.reference, reason: fact.reason,
                time: event.time, person: event.person))
    }

    mutating func apply(_ fact: TopicPostponed, _ event: Event) {
        postponements.append(Postponement(reason: fact.reason, time: event.time, person: event.person))
    }

    /// Work goes on, or is over.
    mutating func endPostponement(_ event: Event) {
        guard postponed != nil, let last = postponements.indices.last else { return }
        postponements[last].until = event.time
    }

    mutating func apply(_ fact: TopicCancelled, _ event: Event, archiving: Bool) {
        stage = .cancelled
        stageSince = event.time
        endPostponement(event)
        cancelled = fact.reason
        newest = fact.revision
        if archiving { archive() }
    }

    /// Drops what is not needed for the row of LIST: it is read from the log again when somebody asks.
    ///
    /// What stays is exactly what the closing event and the plan give, so that a start, which loads only those, finds
    /// the same state.
    mutating func archive() {
        extensions = []
        postponements = []
        passages = []
        members = []
        revisions = []
        portings = [:]
        comments = NumberedList()
        reviews = NumberedList()
        opinions = []
        contentVotes = []
        formatVotes = []
        plenary = nil
        plenariesReopened = 0
        earlierPlenaries = []
        overrides = []
        approval = nil
        round = 0
        returning = nil
        isArchived = true
    }
}
