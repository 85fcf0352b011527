extension State {
    func decideOpinion(
        _ topic: Topic, revision number: Int, _ opinion: Opinion, body: [UInt8]?, by person: PersonID
    ) throws(Refusal) -> Outcome {
        _ = try revision(number, of: topic, mustBeNewest: true)
        let text = try canonicalBody(optional: body)
        guard text != nil || opinion == .agree else {
            throw Refusal(
                .invalid,
                Wording(
                    "“\(opinion.wording.vietnamese)” phải có nội dung: thêm << và ý kiến.",
                    "“\(opinion.wording.english)” needs its words: add << and the text."),
                details: [Detail("argument", "body")])
        }
        let details = [Detail("revision", RevisionID(topic.id, number).description), Detail("as", opinion.rawValue)]
        if text == nil, let last = topic.opinions.last(where: { $0.person == person }), last.revision == number,
            last.opinion == .agree, last.time >= topic.stageSince
        {
            return Outcome(
                [], details: details,
                wording: Wording("Bạn đã thống nhất với bản này.", "You agreed to this revision already."))
        }
        return Outcome(
            [
                .opinionGiven(
                    OpinionGiven(
                        topic: topic.id, revision: number, opinion: opinion, body: text.map { Body($0) }))
            ],
            details: details,
            echo: text,
            wording: Wording(
                "Đã ghi ý kiến lãnh đạo: \(opinion.wording.vietnamese).",
                "Recorded the opinion: \(opinion.wording.english)."))
    }

    func decideLift(
        _ topic: Topic, _ owner: PersonID, by person: PersonID, reason: [UInt8]
    ) throws(Refusal) -> Outcome {
        let text = try canonicalBody(reason)
        guard topic.standingObjections.contains(where: { $0.person == owner }) else {
            throw Refusal(
                .conflict,
                Wording(
                    "\(personName(owner)) không có ý kiến không thống nhất nào đang hiệu lực.",
                    "\(personName(owner)) has no standing objection."))
        }
        return Outcome(
            [.objectionLifted(ObjectionLifted(topic: topic.id, person: owner, reason: Body(text)))],
            details: [Detail("topic", topic.id.description), Detail("person", owner.text)], echo: text,
            wording: Wording(
                "Đã \(person == owner ? "rút" : "gỡ") ý kiến không thống nhất của \(personName(owner)).",
                "Lifted \(personName(owner))'s objection."))
    }

    func decideVouch(
        _ topic: Topic, revision number: Int, _ vote: ContentVote, body: [UInt8]?
    ) throws(Refusal) -> Outcome {
        _ = try revision(number, of: topic, mustBeNewest: true)
        let text = try canonicalBody(optional: body)
        guard text != nil || vote == .vouch else {
            throw Refusal(
                .invalid, Wording("Trả lại nội dung phải nêu lý do.", "Returning the content needs a reason."),
                details: [Detail("argument", "body")])
        }
        let details = [Detail("revision", RevisionID(topic.id, number).description), Detail("as", vote.rawValue)]
        if let standing = topic.contentVote, standing.vote == vote, standing.vote == .vouch {
            return Outcome(
                [], details: details + [Detail("already", "yes")],
                wording: Wording("Đã xác nhận nội dung bản này.", "The content is vouched for already."))
        }
        return Outcome(
            [
                .contentVouched(
                    ContentVouched(topic: topic.id, revision: number, vote: vote, body: text.map { Body($0) }))
            ],
            details: details, echo: text,
            wording: Wording(
                "Trưởng phòng: \(vote.wording.vietnamese) bản \(topic.id)@\(number).",
                "The head \(vote.wording.english) of \(topic.id)@\(number)."))
    }

    func decideFormat(
        _ topic: Topic, revision number: Int, _ vote: FormatVote, body: [UInt8]?
    ) throws(Refusal) -> Outcome {
        _ = try revision(number, of: topic, mustBeNewest: true)
        let text = try canonicalBody(optional: body)
        guard text != nil || vote == .pass else {
            throw Refusal(
                .invalid, Wording("Chưa đạt thể thức phải nêu lỗi.", "A failed format check needs its reasons."),
                details: [Detail("argument", "body")])
        }
        let details = [Detail("revision", RevisionID(topic.id, number).description), Detail("as", vote.rawValue)]
        if let standing = topic.formatVote, standing.vote == vote, vote == .pass {
            return Outcome(
                [], details: details + [Detail("already", "yes")],
                wording: Wording("Đã kiểm tra thể thức bản này.", "The format is checked already."))
        }
        return Outcome(
            [
                .formatChecked(
                    FormatChecked(topic: topic.id, revision: number, vote: vote, body: text.map { Body($0) }))
            ],
            details: details, echo: text,
            wording: Wording(
                "Thể thức bản \(topic.id)@\(number): \(vote == .pass ? "đạt" : "chưa đạt").",
                "Format of \(topic.id)@\(number): \(vote.wording.english)."))
    }
}

extension Topic {
    mutating func apply(_ fact: OpinionGiven, _ event: Event) {
        opinions.append(
            OpinionVote(
                revision: fact.revision, person: event.person ?? PersonID.unknown, opinion: fact.opinion,
                body: fact.body, time: event.time, event: event.sequence))
    }

    mutating func apply(_ fact: ObjectionLifted, _ event: Event) {
        guard let index = opinions.lastIndex(where: { $0.person == fact.person && $0.opinion == .object }) else {
            return
        }
        opinions[index].lifted = OpinionVote.Lift(person: event.person ?? fact.person, reason: fact.reason)
    }

    mutating func apply(_ fact: ContentVouched, _ event: Event) {
        contentVotes.append(
            ContentSignoff(
                revision: fact.revision, person: event.person ?? PersonID.unknown, vote: fact.vote, body: fact.body,
                time: event.time))
    }

    mutating func apply(_ fact: FormatChecked, _ event: Event) {
        formatVotes.append(
            FormatSignoff(
                revision: fact.revision, person: event.person ?? PersonID.unknown, vote: fact.vote, body: fact.body,
                time: event.time))
    }
}
