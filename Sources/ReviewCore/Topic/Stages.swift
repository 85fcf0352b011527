extension Stage {
    /// Where a topic goes that is sent back from this stage (trả lại).
    var previous: Stage? {
        switch self {
        case .leadership, .review: .drafting
        case .revision: .review
        case .plenary: .revision
        case .finishing: .revision
        case .approval: .finishing
        case .assigned, .drafting, .approved, .issued, .cancelled: nil
        }
    }
}

extension State {
    /// The fact of entering a stage, stamped with the days over the milestone that this act passes (quá hạn n ngày).
    func entering(_ stage: Stage, _ topic: Topic, now: Instant) -> Fact {
        let passes = Milestone.allCases.contains { $0.stage == topic.stage }
        let late = passes ? topic.deadline(beforeDate)?.overdueDays(at: now) ?? 0 : 0
        return .stageEntered(StageEntered(topic: topic.id, stage: stage, from: topic.stage, overdueDays: late))
    }

    private func entered(_ stage: Stage, _ topic: Topic, _ facts: [Fact], echo: String? = nil) -> Outcome {
        var details = [Detail("topic", topic.id.description), Detail("stage", stage.rawValue)]
        for case .stageEntered(let fact) in facts where fact.overdueDays > 0 {
            details.append(Detail("overdue", String(fact.overdueDays)))
        }
        return Outcome(
            facts, details: details, echo: echo,
            wording: Wording(
                "Chuyên đề \(topic.id) chuyển sang bước “\(stage.wording.vietnamese)”.",
                "Topic \(topic.id) enters stage “\(stage.wording.english)”."))
    }

    func decideSubmit(_ topic: Topic, now: Instant) throws(Refusal) -> Outcome {
        let next: Stage
        switch topic.stage {
        case .drafting: next = .leadership
        case .leadership: next = .review
        case .review: next = .revision
        case .revision: next = .plenary
        case .finishing:
            try checkRequirements(topic, except: [.maintained, .approval], now: now)
            next = .approval
        case .assigned, .plenary, .approval, .approved, .issued, .cancelled:
            preconditionFailure("submit in \(topic.stage.rawValue): Policy refuses it")
        }
        return entered(next, topic, [entering(next, topic, now: now)])
    }

    /// Refuses with the list of what is missing and whose turn it is (domain §4).
    func checkRequirements(_ topic: Topic, except excluded: Set<Requirement>, now: Instant) throws(Refusal) {
        let unmet = requirements(of: topic, seen: [], now: now)
            .filter { $0.state == .unmet && !excluded.contains($0.requirement) }
        guard unmet.isEmpty else { throw unmetRefusal(unmet, "Chưa trình được", "Not submitted") }
    }

    func unmetRefusal(_ unmet: [RequirementStatus], _ vietnamese: String, _ english: String) -> Refusal {
        func list(_ text: (RequirementStatus) -> String, _ waits: String) -> String {
            unmet.enumerated().map { index, status in
                let waiting = status.waiting.map { personName($0) }.joined(separator: ", ")
                return "(\(index + 1)) \(text(status))" + (waiting.isEmpty ? "" : " — \(waits): \(waiting)")
            }.joined(separator: "; ")
        }
        return Refusal(
            .unmet,
            Wording(
                "\(vietnamese). Thiếu \(unmet.count) việc: " + list({ $0.wording.vietnamese }, "chờ") + ".",
                "\(english). \(unmet.count == 1 ? "1 thing is" : "\(unmet.count) things are") missing: "
                    + list({ $0.wording.english }, "waiting for") + "."),
            requirements: unmet)
    }

    func decideSendBack(_ topic: Topic, by person: PersonID, reason: [UInt8]) throws(Refusal) -> Outcome {
        let reason = try canonicalBody(reason)
        guard let previous = topic.stage.previous else {
            preconditionFailure("send back in \(topic.stage.rawValue): Policy refuses it")
        }
        return entered(
            previous, topic,
            [
                .topicReturned(
                    TopicReturned(topic: topic.id, from: topic.stage, to: previous, reason: Body(reason))),
                .stageEntered(StageEntered(topic: topic.id, stage: previous, from: topic.stage)),
            ], echo: reason)
    }
}

extension Topic {
    /// Why nothing more is done with a topic that is issued or cancelled.
    public var finished: Refusal {
        Refusal(
            .stage,
            Wording(
                "Chuyên đề \(id) \(standing), không thay đổi được nữa.",
                "Topic \(id) is \(stage.wording.english); nothing of it changes any more."),
            details: [Detail("stage", stage.rawValue)])
    }

    /// Why somebody who sees its title does not read its text.
    public var unread: Refusal {
        Refusal(
            .notFound,
            Wording(
                "Ở bước “\(stage.wording.vietnamese)” bạn chưa được đọc văn bản của chuyên đề \(id).",
                "At stage “\(stage.wording.english)” the text of \(id) is not open to you."))
    }

    mutating func apply(_ fact: TopicReturned) {
        returning = fact.reason
    }

    mutating func apply(_ fact: StageEntered, _ event: Event) {
        passages.append(
            Passage(
                from: fact.from, to: fact.stage, time: event.time, person: event.person, overdueDays: fact.overdueDays,
                reason: returning, event: event.sequence))
        returning = nil
        stage = fact.stage
        stageSince = event.time
        // A new round of review begins each time the topic is passed on to the review office (domain §2).
        if fact.stage == .review { round += 1 }
        // Going back before the plenary opens the text again: a later plenary is a new one.
        if fact.stage.order < Stage.plenary.order { endPlenary(event) }
        // A return to finishing leaves standing what the Director overrode; going back further, it is judged anew.
        if fact.stage.order < Stage.finishing.order { overrides = [] }
        if fact.stage.order < Stage.approved.order { approval = nil }
    }
}
