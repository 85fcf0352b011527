extension State {
    func decideComment(
        _ topic: Topic, revision number: Int, by person: Person, at: String?, quote: String?, kind: CommentKind,
        level: CommentLevel, suggestion: String?, behalf: String?, body: [UInt8]
    ) throws(Refusal) -> Outcome {
        let revision = try revision(number, of: topic, mustBeNewest: false)
        let speaks = try self.behalf(behalf, topic, person, level)
        let text = try canonicalBody(body)
        var replacement: Body?
        if let suggestion { replacement = Body(try canonicalLines(suggestion, "suggest")) }
        let anchor = try resolve(at: at, quote: quote, in: revision)
        guard replacement == nil || anchor.quote != nil else {
            throw Refusal(
                .invalid,
                Wording(
                    "suggest= cần quote= cho biết sửa từ chữ nào.",
                    "suggest= needs quote= to say which words it replaces."),
                details: [Detail("argument", "suggest")])
        }
        let id = CommentID(highestComment + 1)
        return Outcome(
            [
                .commentAdded(
                    CommentAdded(
                        topic: topic.id, revision: number, comment: id, anchor: anchor, kind: kind, level: level,
                        stage: topic.stage, round: topic.round, behalf: speaks, suggestion: replacement,
                        body: Body(text)))
            ],
            details: [
                Detail("id", id.description), Detail("anchor", anchor.target.description),
                Detail("lines", String(lineCount(of: text))),
            ],
            echo: text, wording: Wording("Đã ghi ý kiến \(id).", "Recorded comment \(id)."))
    }

    /// Over the octets as they lie there: every comment waits for it.
    private func lineCount(of text: String) -> Int {
        var text = text
        return text.withUTF8 { octets in
            var lines = 1
            for octet in octets where octet == 0x0A { lines += 1 }
            return lines
        }
    }

    private func resolve(at: String?, quote: String?, in revision: Revision) throws(Refusal) -> Anchor {
        do { return try Anchor.resolve(at: at, quote: quote, in: revision.document) } catch {
            throw Refusal(
                .invalid,
                Wording(error.text(vietnamese: true) + ".", error.text(vietnamese: false) + "."),
                details: [Detail("argument", at == nil ? "quote" : "at")])
        }
    }

    /// `behalf=office` speaks for one's own office; `behalf=person` keys in another's remark thay mặt (domain §5).
    private func behalf(
        _ word: String?, _ topic: Topic, _ person: Person, _ level: CommentLevel
    ) throws(Refusal) -> Behalf {
        guard let word else { return .person }
        if word == Behalf.officeWord { return .office(person.office) }
        guard let speaker = PersonID(word), let known = people[speaker], !known.isDisabled else {
            throw Refusal(
                .invalid,
                Wording(
                    "behalf= là office hoặc tài khoản của người phát biểu; không có \(word).",
                    "behalf= is office or the speaker's account; there is no \(word)."),
                details: [Detail("argument", "behalf")])
        }
        let isSecretary =
            topic.assigned(as: .secretary).contains(person.id) || topic.plenary?.secretary == person.id
            || topic.plenary?.chair == person.id
        guard speaker == person.id || person.position == .clerk || isSecretary else {
            throw Refusal(
                .forbidden,
                Wording(
                    "Chỉ văn thư, thư ký hoặc chủ trì nhập ý kiến thay mặt người khác.",
                    "Only the clerk, the secretary or the chair keys in another's remark."))
        }
        let stages = Policy.speaking(known, topic, level)
        guard !stages.isEmpty else {
            throw Refusal(
                .forbidden,
                Wording(
                    "\(known.name) (\(known.position.wording.vietnamese)) không góp ý chuyên đề.",
                    "\(known.name) (\(known.position.wording.english)) comments on no topic."))
        }
        guard stages.contains(topic.stage) else {
            let present = topic.stage.wording
            throw Refusal(
                .stage,
                (topic.stage == .finishing
                    ? Wording(
                        "Ở bước “\(present.vietnamese)” chỉ Ban lãnh đạo nêu ý kiến bắt buộc: hãy chọn level=should hoặc level=note. Ý kiến bắt buộc của \(known.name) chỉ nhận",
                        "At stage “\(present.english)” only leaders make must comments: choose level=should or level=note. \(known.name)'s must comments are taken"
                    )
                    : Wording(
                        "\(known.name) không góp ý ở bước “\(present.vietnamese)”, chỉ",
                        "\(known.name) does not comment at stage “\(present.english)”, only")).at(stages),
                details: [Detail("stage", topic.stage.rawValue)])
        }
        return speaker == person.id ? .person : .speaker(speaker)
    }

    private func known(_ id: CommentID) throws(Refusal) -> (topic: Topic, comment: Comment) {
        guard let found = find(id) else {
            throw Refusal(.notFound, Wording("Không có ý kiến \(id).", "There is no comment \(id)."))
        }
        guard found.comment.isLive else {
            throw Refusal(
                .conflict, Wording("Ý kiến \(id) đã được rút.", "Comment \(id) was withdrawn."),
                details: [Detail("state", found.comment.state.rawValue)])
        }
        return found
    }

    private func replied(_ id: CommentID, _ state: CommentState, more: [Detail] = []) -> [Detail] {
        [Detail("id", id.description), Detail("state", state.rawValue)] + more
    }

    func decideAnswer(_ id: CommentID, body: [UInt8]) throws(Refusal) -> Outcome {
        let (topic, comment) = try known(id)
        let text = try canonicalBody(body)
        return Outcome(
            [.commentAnswered(CommentAnswered(topic: topic.id, comment: id, body: Body(text)))],
            details: replied(id, comment.state), echo: text,
            wording: Wording("Đã ghi trả lời cho \(id).", "Recorded an answer to \(id)."))
    }

    func decideSettle(
        _ id: CommentID, _ disposition: Disposition, revision: Int?, body: [UInt8]?, by person: PersonID
    ) throws(Refusal)
        -> Outcome
    {
        let (topic, comment) = try known(id)
        guard comment.state != .agreed else {
            throw Refusal(
                .conflict,
                Wording(
                    "\(personName(comment.owner)) đã đồng ý với việc tiếp thu, giải trình \(id); không giải trình lại.",
                    "\(personName(comment.owner)) has agreed on \(id); it is not settled again."),
                details: [Detail("state", comment.state.rawValue)])
        }
        let text = try canonicalBody(optional: body)
        guard text != nil || !disposition.needsExplanation else {
            throw Refusal(
                .invalid,
                Wording(
                    "“\(disposition.wording.vietnamese)” phải có giải trình bằng văn bản: thêm << và nội dung.",
                    "“\(disposition.wording.english)” needs a written explanation: add << and the text."),
                details: [Detail("argument", "body")])
        }
        var carrier = revision
        if let revision {
            guard topic.revision(revision) != nil, revision > comment.revision else {
                throw Refusal(
                    .invalid,
                    Wording(
                        "in=: không có bản @\(revision) nào sau bản @\(comment.revision) (bản được góp ý).",
                        "in=: there is no revision @\(revision) after @\(comment.revision), the one commented on."),
                    details: [Detail("argument", "in")])
            }
        } else if disposition == .accepted || disposition == .partly {
            // Without in=, the last revision that claims to address it carries it; else the newest one; each only if its
            // text is another one than that commented on. What is accepted in part may ask for no change of the text, so there
            // nobody is said to have made one. Failing all that, it is the next push that names it.
            carrier =
                topic.revisions.last { $0.addresses.contains(id) && topic.canCarry(comment, $0) }?.number
                ?? (disposition == .accepted && topic.hasChanged(since: comment.revision) ? topic.newest : nil)
        }
        var details = replied(id, .settled, more: [Detail("as", disposition.rawValue)])
        details.append(Detail("in", carrier.map { "@\($0)" } ?? ""))
        let isFound = revision == nil && carrier != nil
        // The author who named none learns which one was taken.
        let found = isFound ? carrier : nil
        // Who settles it in the place of another answers for it from then on.
        if text == nil, comment.state == .settled, comment.settledBy == person, comment.disposition == disposition,
            comment.explanation == nil, comment.settledIn == carrier, comment.isCarrierFound == isFound
        {
            return Outcome(
                [], details: details,
                wording: Wording(
                    "Ý kiến \(id) đã được ghi như vậy.", "Comment \(id) is settled like this already."))
        }
        return Outcome(
            [
                .commentSettled(
                    CommentSettled(
                        topic: topic.id, comment: id, disposition: disposition, revision: carrier,
                        isCarrierFound: isFound, body: text.map { Body($0) }))
            ],
            details: details, echo: text,
            wording: Wording(
                "Ý kiến \(id): \(disposition.wording.vietnamese)\(found.map { "; sửa tại dự thảo lần \($0)" } ?? "").",
                "Comment \(id): \(disposition.wording.english)\(found.map { "; revision \($0) carries it" } ?? "")."))
    }

    private func settled(_ id: CommentID) throws(Refusal) -> (topic: Topic, comment: Comment) {
        let found = try known(id)
        guard found.comment.disposition != nil else {
            throw Refusal(
                .conflict,
                Wording("Ý kiến \(id) chưa được tiếp thu, giải trình.", "Comment \(id) is not settled yet."),
                details: [Detail("state", found.comment.state.rawValue)])
        }
        return found
    }

    func decideAgree(_ id: CommentID) throws(Refusal) -> Outcome {
        let (topic, comment) = try settled(id)
        guard comment.state != .agreed else {
            return Outcome(
                [], details: replied(id, .agreed, more: [Detail("already", "yes")]),
                wording: Wording("Đã đồng ý với \(id) từ trước.", "\(id) was agreed on already."))
        }
        return Outcome(
            [.commentAgreed(CommentAgreed(topic: topic.id, comment: id))], details: replied(id, .agreed),
            wording: Wording("Đã đồng ý với việc tiếp thu, giải trình \(id).", "Agreed on \(id)."))
    }

    func decideMaintain(_ id: CommentID, body: [UInt8]) throws(Refusal) -> Outcome {
        let (topic, _) = try settled(id)
        let text = try canonicalBody(body)
        return Outcome(
            [.commentMaintained(CommentMaintained(topic: topic.id, comment: id, body: Body(text)))],
            details: replied(id, .maintained), echo: text,
            wording: Wording(
                "Giữ ý kiến \(id); người phê duyệt sẽ phải xem.", "Maintained \(id); the approver will have to see it.")
        )
    }

    func decideWithdraw(_ id: CommentID, reason: [UInt8]) throws(Refusal) -> Outcome {
        let (topic, _) = try known(id)
        let text = try canonicalBody(reason)
        return Outcome(
            [.commentWithdrawn(CommentWithdrawn(topic: topic.id, comment: id, reason: Body(text)))],
            details: replied(id, .withdrawn), echo: text, wording: Wording("Đã rút ý kiến \(id).", "Withdrew \(id)."))
    }

    func decideConfirmRemark(_ id: CommentID) throws(Refusal) -> Outcome {
        let (topic, comment) = try known(id)
        guard !comment.isConfirmed else {
            return Outcome(
                [], details: replied(id, comment.state, more: [Detail("already", "yes")]),
                wording: Wording("Ý kiến \(id) đã được xác nhận.", "\(id) is confirmed already."))
        }
        return Outcome(
            [.commentConfirmed(CommentConfirmed(topic: topic.id, comment: id))], details: replied(id, comment.state),
            wording: Wording("Đã xác nhận ý kiến \(id).", "Confirmed \(id)."))
    }
}

extension Topic {
    mutating func apply(_ fact: CommentAdded, _ event: Event) {
        let person = event.person ?? PersonID.unknown
        let now = port(fact.anchor, from: fact.revision)
        var isConfirmed = true
        if case .speaker = fact.behalf { isConfirmed = false }
        comments.append(
            Comment(
                id: fact.comment, revision: fact.revision, anchor: fact.anchor, now: now, kind: fact.kind,
                level: fact.level, stage: fact.stage, round: fact.round, person: person, office: event.office,
                behalf: fact.behalf, isConfirmed: isConfirmed, time: event.time, event: event.sequence,
                suggestion: fact.suggestion,
                messages: [
                    Comment.Message(
                        kind: .comment, person: person, office: event.office, time: event.time, body: fact.body,
                        event: event.sequence)
                ], stateSince: event.time),
            number: fact.comment.number)
    }

    private mutating func say(_ id: CommentID, _ kind: Comment.Message.Kind, _ body: Body?, _ event: Event) {
        guard let body else { return }
        comments.update(id.number) {
            $0.messages.append(
                Comment.Message(
                    kind: kind, person: event.person ?? PersonID.unknown, office: event.office, time: event.time,
                    body: body, event: event.sequence))
        }
    }

    mutating func apply(_ fact: CommentAnswered, _ event: Event) { say(fact.comment, .answer, fact.body, event) }

    mutating func apply(_ fact: CommentSettled, _ event: Event) {
        comments.update(fact.comment.number) {
            $0.state = .settled
            $0.disposition = fact.disposition
            $0.settledIn = fact.revision
            $0.isCarrierFound = fact.isCarrierFound
            $0.explanation = fact.body
            $0.settledBy = event.person
            $0.settling = event.sequence
            $0.stateSince = event.time
        }
        say(fact.comment, .settle, fact.body, event)
    }

    mutating func apply(_ fact: CommentAgreed, _ event: Event) {
        comments.update(fact.comment.number) {
            $0.state = .agreed
            $0.isMaintained = false
            $0.stateSince = event.time
        }
    }

    mutating func apply(_ fact: CommentMaintained, _ event: Event) {
        comments.update(fact.comment.number) {
            $0.state = .maintained
            $0.isMaintained = true
            $0.stateSince = event.time
        }
        say(fact.comment, .maintain, fact.body, event)
    }

    mutating func apply(_ fact: CommentWithdrawn, _ event: Event) {
        comments.update(fact.comment.number) {
            $0.state = .withdrawn
            $0.stateSince = event.time
        }
        say(fact.comment, .withdraw, fact.reason, event)
    }

    mutating func apply(_ fact: CommentConfirmed) { comments.update(fact.comment.number) { $0.isConfirmed = true } }
}
