import ReviewDigest

extension State {
    /// The most comments one push may claim to address.
    static let maximumAddressed = 500

    /// The topic of a push, which may be refused whatever its text is: then nobody need look at the text.
    ///
    /// - Throws: `Refusal` where `decide` would throw it, too.
    public func topic(for push: Command, by actor: Actor, now: Instant) throws(Refusal) -> Topic {
        let authorised = try Policy.authorise(push, by: actor, in: self, now: now)
        guard case .push(let name, let base, _, _, _, _) = push else {
            preconditionFailure("asked about another command")
        }
        let topic = try authorised.topic(name, self)
        guard base == topic.newest else { throw stale(topic) }
        return topic
    }

    func decidePush(
        _ topic: Topic, base: Int, addresses: [CommentID], note: String?, text: [UInt8],
        prepared: PreparedDraft?, now: Instant
    )
        throws(Refusal) -> Outcome
    {
        guard base == topic.newest else { throw stale(topic) }
        var shortNote: String?
        if let note { shortNote = try canonicalField(note, "note", State.noteOctets) }
        guard addresses.count <= State.maximumAddressed else {
            throw Refusal(
                .invalid,
                Wording(
                    "addresses= nêu quá \(State.maximumAddressed) ý kiến.",
                    "addresses= names more than \(State.maximumAddressed) comments."))
        }
        let addresses = once(addresses)
        for id in addresses {
            guard topic.comments[id.number]?.isLive ?? false else {
                throw Refusal(
                    .invalid,
                    Wording(
                        "addresses=: không có ý kiến \(id) đang hiệu lực trong chuyên đề \(topic.id).",
                        "addresses=: topic \(topic.id) has no live comment \(id)."),
                    details: [Detail("argument", "addresses"), Detail("id", id.description)])
            }
        }
        let anchors = topic.anchors(of: addresses)
        let draft =
            prepared.flatMap { $0.fits(text, addressed: anchors, in: topic) ? $0 : nil }
            ?? PreparedDraft(text, addressed: anchors, in: topic)
        let content = try draft.content
        let change = content.change
        let number = topic.newest + 1
        let body = content.body
        var facts: [Fact] = [
            .revisionPushed(
                RevisionPushed(
                    topic: topic.id, revision: number, change: change, addresses: addresses, note: shortNote,
                    text: body))
        ]
        if topic.stage == .assigned { facts.append(entering(.drafting, topic, now: now)) }
        var details = [
            Detail("revision", RevisionID(topic.id, number).description),
            Detail("lines", String(content.document.lines.count)),
            Detail("bytes", String(content.document.text.utf8.count)), Detail("sha256", body.digest.description),
        ]
        if let change { details.append(Detail("change", change.rawValue)) }
        var wording = Wording(
            "Đã nhận dự thảo lần \(number) của chuyên đề \(topic.id).", "Received revision \(number) of \(topic.id).")
        if change == .identical {
            wording = Wording(
                wording.vietnamese + " Văn bản giống hệt dự thảo lần \(topic.newest).",
                wording.english + " Its text is the same as that of revision \(topic.newest).")
        }
        // Who has the text before them masks it more easily than who is refused at its end.
        let findings = content.personalData
        if !findings.isEmpty {
            let listed = PersonalData.listed(findings)
            details.append(Detail("personal-data", String(findings.count)))
            wording = Wording(
                wording.vietnamese
                    + " Rà soát thấy \(findings.count) chỗ có dữ liệu cá nhân: \(listed.vietnamese). Che đi (như “Nông Văn A”) rồi gửi lại.",
                wording.english
                    + " It has \(findings.count) places with personal data: \(listed.english). Mask them (as “Nông Văn A”) and push again."
            )
        }
        return Outcome(facts, details: details, wording: wording, draft: draft)
    }

    /// Somebody works from a revision that is no longer the newest.
    func stale(_ topic: Topic) -> Refusal {
        var details: [Detail] = []
        var by = ""
        if let latest = topic.latest {
            details = [
                Detail("current", RevisionID(topic.id, latest.number).description), Detail("by", latest.person.text),
            ]
            by = " (\(personName(latest.person)), \(latest.time.vietnamese))"
        } else {
            details = [Detail("current", RevisionID(topic.id, 0).description)]
        }
        return Refusal(
            .stale,
            Wording(
                topic.newest == 0
                    ? "Chuyên đề \(topic.id) chưa có bản dự thảo nào."
                    : "Bản mới nhất là \(topic.id)@\(topic.newest)\(by); hãy đọc lại rồi làm tiếp trên bản đó.",
                topic.newest == 0
                    ? "Topic \(topic.id) has no revision yet."
                    : "The newest revision is \(topic.id)@\(topic.newest); read it and go on from there."),
            details: details)
    }

    /// The revision that an act names must exist; and be the newest, where the act needs that.
    func revision(_ number: Int, of topic: Topic, mustBeNewest: Bool) throws(Refusal) -> Revision {
        guard let revision = topic.revision(number) else {
            throw Refusal(
                .notFound,
                Wording("Không có bản \(topic.id)@\(number).", "There is no revision \(topic.id)@\(number)."))
        }
        guard !mustBeNewest || number == topic.newest else { throw stale(topic) }
        return revision
    }
}

extension Topic {
    mutating func apply(_ fact: RevisionPushed, _ event: Event, _ draft: PreparedDraft?) {
        let content =
            draft?.content(of: fact.text, on: newest)
            ?? PreparedDraft.Content(stored: fact.text, change: fact.change, in: self)
        newest = fact.revision
        let revision = Revision(
            number: fact.revision, digest: fact.text.digest, document: content.document,
            personalData: content.personalData, person: event.person ?? PersonID.unknown, office: event.office,
            time: event.time, note: fact.note, addresses: fact.addresses, change: fact.change, event: event.sequence)
        revisions.append(revision)
        moveComments(to: content)
        for id in fact.addresses {
            guard let comment = comments[id.number], comment.isToBeCarried, canCarry(comment, revision),
                comment.settledIn == nil || comment.isCarrierFound
            else { continue }
            comments.update(id.number) {
                $0.settledIn = fact.revision
                // Nobody gave it by hand, so a later one that names the comment takes its place.
                $0.isCarrierFound = true
            }
        }
        // The change decides which votes fall (domain §2, votes).
        if fact.change == .other { reviews.updateAll { if $0.verdict.isPositive { $0.isInForce = false } } }
        if fact.change != .identical {
            for index in contentVotes.indices { contentVotes[index].isInForce = false }
            for index in formatVotes.indices { formatVotes[index].isInForce = false }
            approval = nil
        }
        overrides.removeAll { $0.ends(with: fact.change) }
    }

    /// Where a comment made now on an older revision sits in the newest one.
    mutating func port(_ anchor: Anchor, from origin: Int) -> PortedAnchor {
        guard origin < newest, let first = revision(origin) else {
            return PortedAnchor(state: .exact, target: anchor.target)
        }
        if portings[origin] == nil {
            let documents = revisions[(origin - 1)...].map(\.document)
            for (old, new) in zip(documents, documents.dropFirst()) {
                let step = Porting(from: old, to: new)
                portings[origin] = portings[origin]?.followed(by: step) ?? step
            }
        }
        let ported = portings[origin]?.port(anchor) ?? PortedAnchor(state: .orphan, target: nil)
        guard ported.state == .orphan, origin < newest - 1, let latest else { return ported }
        return Porting(from: first.document, to: latest.document).port(anchor)
    }
}
