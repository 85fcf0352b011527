import ReviewCore
import ReviewDigest
import ReviewProtocol

extension Reading {
    // MARK: LIST

    /// LIST [stage=] [office=] [mine=yes] [year=].
    func list() -> Reply {
        var parts: [Reply.Part] = []
        for topic in state.topicsInOrder {
            let access = state.access(of: person.id, to: topic)
            guard access != .none, isWanted(topic) else { continue }
            parts.append(row(topic, access))
        }
        return done([Pair("topics", String(parts.count))], parts: parts)
    }

    private func isWanted(_ topic: Topic) -> Bool {
        if let stage = call.pair("stage"), topic.stage.rawValue != stage { return false }
        if let office = call.pair("office"), topic.lead.text != office, topic.review.text != office { return false }
        if let year = call.pair("year"), String(topic.id.year) != year { return false }
        if call.flag("mine") {
            let isMember = topic.members.contains { $0.person == person.id }
            return isMember || topic.lead == person.office || topic.review == person.office
        }
        return true
    }

    /// `- topic …` (specification §8).
    func row(_ topic: Topic, _ access: Access) -> Reply.Part { .row("topic", pairs(topic, access)) }

    /// What that row says.
    func pairs(_ topic: Topic, _ access: Access) -> [Pair] {
        var pairs = [
            Pair("id", topic.id.description), Pair("stage", topic.stage.rawValue), Pair("lead", topic.lead.text),
            Pair("review", topic.review.text),
        ]
        pairs.add("due", topic.due?.description)
        pairs.append(Pair("revision", String(topic.newest)))
        pairs.append(Pair("title", topic.title))
        pairs.append(Pair("code", topic.id.code))
        pairs.append(Pair("quarter", String(topic.quarter)))
        pairs.append(Pair("since", topic.stageSince.rfc3339))
        if let deadline = topic.deadline(state.beforeDate) {
            pairs.append(Pair("last-day", deadline.lastDay.description))
            let overdue = deadline.overdueDays(at: now)
            if overdue > 0 { pairs.append(Pair("overdue", String(overdue))) }
        }
        pairs.add("postponed", flag: topic.postponed != nil)
        if access == .text, !topic.isArchived {
            pairs.append(Pair("comments", String(topic.comments.count)))
            pairs.append(Pair("open", String(topic.openComments)))
        }
        if access == .title { pairs.append(Pair("access", "title")) }
        pairs.add("number", topic.issued?.number)
        return pairs
    }

    // MARK: SHOW

    /// SHOW topic, SHOW topic@n or SHOW P5.
    func show() throws(Interruption) -> Reply {
        let object = call.word("object")
        if TopicID(object) != nil { return try showTopic(object) }
        if RevisionID(object) != nil { return try showRevision(object) }
        return try showReview(object)
    }

    /// The text as it is stored: its octets are what the digest is about.
    private func showRevision(_ object: String) throws(Interruption) -> Reply {
        let (topic, revision) = try revision(object)
        var pairs = [
            Pair("revision", "\(topic.id)@\(revision.number)"), Pair("lines", String(revision.lines)),
            Pair("bytes", String(revision.octets)), Pair("sha256", revision.digest.description),
        ]
        addOriginal(of: revision, to: &pairs)
        if let notice = state.notice(of: revision) {
            // The digest is that of the text that was; the notice is no part of it, so it is no stored text either.
            pairs.append(Pair("redacted", "yes"))
            return done(pairs, parts: [.line(notice)])
        }
        if call.flag("numbers") {
            let lines = revision.document.lines.enumerated().map { number($0.offset + 1, $0.element) }
            return done(pairs, parts: lines)
        }
        return done(pairs, parts: [.text(revision.document.text)])
    }

    /// `L12` and the line, so that a comment can say `at=L12`; nothing behind the number of a blank line.
    private func number(_ line: Int, _ text: Substring) -> Reply.Part {
        .line(text.isEmpty ? "L\(line)" : "L\(line) \(text)")
    }

    private func showReview(_ object: String) throws(Interruption) -> Reply {
        let (topic, review) = try review(object)
        return done(
            [Pair("id", review.id.description), Pair("bytes", String(state.shown(review.body).utf8.count))],
            parts: [row(review, of: topic), .text(state.shown(review.body))])
    }

    private func showTopic(_ object: String) throws(Interruption) -> Reply {
        let (known, access) = try known(object)
        let topic = access == .text ? try whole(known) : known
        var parts = [row(topic, access)]
        for milestone in Milestone.allCases {
            guard let planned = topic.planned[milestone] else { continue }
            parts.append(milestoneRow(milestone, planned, topic))
        }
        for member in topic.members {
            parts.append(
                .row(
                    "member",
                    [
                        Pair("person", member.person.text), Pair("as", member.assignment.rawValue),
                        Pair("since", member.since.rfc3339),
                    ]))
        }
        guard access == .text else {
            return done(
                [Pair("topic", topic.id.description), Pair("access", "title")],
                Wording(
                    "Ở bước “\(topic.stage.wording.vietnamese)” bạn chỉ xem được tên và tiến độ",
                    "At stage “\(topic.stage.wording.english)” only title and schedule are open to you"), parts: parts)
        }
        return done([Pair("topic", topic.id.description)], parts: parts + rows(of: topic))
    }

    private func milestoneRow(_ milestone: Milestone, _ planned: CivilDate, _ topic: Topic) -> Reply.Part {
        let date = topic.date(of: milestone) ?? planned
        let deadline = Deadline(date: date, rule: state.beforeDate)
        var pairs = [
            Pair("id", milestone.rawValue), Pair("date", date.description), Pair("rule", state.beforeDate.rawValue),
            Pair("last-day", deadline.lastDay.description),
        ]
        if date != planned {
            pairs.append(Pair("planned", planned.description))
            pairs.add("ref", topic.extensions.last { $0.milestone == milestone }?.reference)
        }
        if topic.milestone == milestone, deadline.isLate(at: now) {
            pairs.append(Pair("overdue", String(deadline.overdueDays(at: now))))
        }
        pairs.append(Pair("text", deadline.text(vietnamese: language == .vietnamese)))
        return .row("milestone", pairs)
    }

    /// Everything that is said of a topic below its row; a text stands right behind the row it belongs to.
    private func rows(of topic: Topic) -> [Reply.Part] {
        var parts: [Reply.Part] = []
        func add(_ word: String, _ pairs: [Pair], _ texts: ReviewCore.Body?...) {
            parts.append(.row(word, pairs))
            for text in texts { if let text { parts.append(.text(state.shown(text))) } }
        }
        for passage in topic.passages {
            var pairs = [
                Pair("from", passage.from.rawValue), Pair("to", passage.to.rawValue),
                Pair("time", passage.time.rfc3339),
            ]
            pairs.add("by", passage.person?.text)
            if passage.overdueDays > 0 { pairs.append(Pair("overdue", String(passage.overdueDays))) }
            add("passage", pairs, passage.reason)
        }
        for one in topic.extensions {
            var pairs = [
                Pair("milestone", one.milestone.rawValue), Pair("to", one.to.description), Pair("ref", one.reference),
                Pair("time", one.time.rfc3339),
            ]
            pairs.add("by", one.person?.text)
            add("extension", pairs, one.reason)
        }
        for one in topic.postponements {
            var pairs = [Pair("topic", topic.id.description), Pair("time", one.time.rfc3339)]
            pairs.add("by", one.person?.text)
            pairs.add("until", one.until?.rfc3339)
            add("postponed", pairs, one.reason)
        }
        for revision in topic.revisions { parts.append(row(revision)) }
        for review in topic.shown(to: person.id, in: state).reviews { parts.append(row(review, of: topic)) }
        let standing = Set(topic.placesOfStandingObjections)
        for (place, vote) in topic.opinions.enumerated() {
            var pairs = voteRow("leadership", vote.person, vote.opinion.rawValue, vote.revision, vote.time)
            pairs.add("standing", flag: standing.contains(place))
            pairs.add("lifted-by", vote.lifted?.person.text)
            add("vote", pairs, vote.body, vote.lifted?.reason)
        }
        // A sign-off takes the place of the one before: only the last is in force, if the text did not end it.
        for (place, vote) in topic.contentVotes.enumerated() {
            var pairs = voteRow("content", vote.person, vote.vote.rawValue, vote.revision, vote.time)
            let isLast = place == topic.contentVotes.count - 1
            pairs.append(Pair("in-force", isLast && vote.isInForce ? "yes" : "no"))
            add("vote", pairs, vote.body)
        }
        for (place, vote) in topic.formatVotes.enumerated() {
            var pairs = voteRow("format", vote.person, vote.vote.rawValue, vote.revision, vote.time)
            let isLast = place == topic.formatVotes.count - 1
            pairs.append(Pair("in-force", isLast && vote.isInForce ? "yes" : "no"))
            add("vote", pairs, vote.body)
        }
        let held = topic.earlierPlenaries.map { ($0, isPast: true) }
        for (plenary, isPast) in held + (topic.plenary.map { [($0, isPast: false)] } ?? []) {
            add("plenary", row(plenary, isPast: isPast))
            add("text", [Pair("kind", "place")], plenary.place)
            if let conclusion = plenary.conclusion { add("text", [Pair("kind", "conclusion")], conclusion) }
        }
        for override in topic.overrides {
            var pairs = [
                Pair("requirement", override.requirement.rawValue), Pair("by", override.person.text),
                Pair("time", override.time.rfc3339),
            ]
            if let reach = override.reach {
                pairs.append(Pair("revision", String(reach.revision)))
                pairs.add("missing", list: reach.missing)
            }
            add("override", pairs, override.reason)
        }
        if let approval = topic.approval { parts.append(.row("approval", row(approval))) }
        if let issued = topic.issued {
            parts.append(
                .row(
                    "issued",
                    [
                        Pair("number", issued.number), Pair("date", issued.date.description),
                        Pair("sha256", issued.digest.description),
                    ]))
        }
        if let cancelled = topic.cancelled { add("cancelled", [Pair("topic", topic.id.description)], cancelled) }
        return parts
    }

    private func voteRow(
        _ kind: String, _ person: PersonID, _ value: String, _ revision: Int, _ time: Instant
    ) -> [Pair] {
        [
            Pair("kind", kind), Pair("by", person.text), Pair("value", value), Pair("revision", String(revision)),
            Pair("time", time.rfc3339),
        ]
    }

    private func row(_ revision: Revision) -> Reply.Part {
        var pairs = [
            Pair("number", String(revision.number)), Pair("sha256", revision.digest.description),
            Pair("by", revision.person.text), Pair("time", revision.time.rfc3339),
        ]
        pairs.add("office", revision.office?.text)
        pairs.add("change", revision.change?.rawValue)
        pairs.append(Pair("lines", String(revision.lines)))
        pairs.append(Pair("bytes", String(revision.octets)))
        pairs.add("addresses", list: revision.addresses)
        pairs.add("note", revision.note)
        addOriginal(of: revision, to: &pairs)
        return .row("revision", pairs)
    }

    /// The digest and the name of a revision's original file.
    private func addOriginal(of revision: Revision, to pairs: inout [Pair]) {
        guard let original = revision.keptOriginal else { return }
        pairs.append(Pair("original", original.digest.description))
        pairs.append(Pair("file", original.name))
    }

    /// - Parameter isPast: whether it was held and counts no more, because the topic was sent back.
    private func row(_ plenary: Plenary, isPast: Bool) -> [Pair] {
        var pairs = [
            Pair("revision", String(plenary.revision)), Pair("at", plenary.at), Pair("chair", plenary.chair.text),
            Pair("secretary", plenary.secretary.text), Pair("opened", plenary.opened.rfc3339),
        ]
        pairs.add("closed", plenary.closed?.rfc3339)
        pairs.add("present", list: plenary.present)
        pairs.add("absent", list: plenary.absent)
        pairs.add("confirmed-by", list: plenary.confirmedBy)
        pairs.add("past", flag: isPast)
        return pairs
    }

    private func row(_ approval: Approval) -> [Pair] {
        var pairs = [
            Pair("revision", String(approval.revision)), Pair("sha256", approval.digest.description),
            Pair("by", approval.person.text), Pair("time", approval.time.rfc3339),
        ]
        pairs.add("delegation", approval.delegation)
        pairs.add("seen", list: approval.seen)
        pairs.add("own-work", flag: approval.isOwnWork)
        pairs.add("signed", approval.evidence?.certificate.description)
        return pairs
    }

    // MARK: ASSESSMENTS

    /// ASSESSMENTS topic: the reviews one may see; how many others are filed is said, not what they hold.
    func assessments() throws(Interruption) -> Reply {
        let topic = try readable(call.word("topic"))
        let parts = topic.shown(to: person.id, in: state).reviews.map { row($0, of: topic) }
        let hidden = topic.reviews.count - parts.count
        var pairs = [Pair("topic", topic.id.description), Pair("reviews", String(parts.count))]
        guard hidden > 0 else { return done(pairs, parts: parts) }
        pairs.append(Pair("hidden", String(hidden)))
        return done(
            pairs,
            Wording(
                "Còn \(hidden) phiếu của đồng nghiệp: xem được sau khi bạn nộp phiếu của mình",
                "\(hidden) more of your colleagues: open to you once yours is filed"), parts: parts)
    }

    /// `- review …`.
    func row(_ review: Review, of topic: Topic) -> Reply.Part {
        var pairs = [
            Pair("id", review.id.description), Pair("revision", "\(topic.id)@\(review.revision)"),
            Pair("by", review.person.text),
        ]
        pairs.add("office", review.office?.text)
        pairs.append(Pair("verdict", review.verdict.rawValue))
        pairs.append(Pair("round", String(review.round)))
        pairs.append(Pair("time", review.time.rfc3339))
        pairs.append(Pair("in-force", review.isInForce && !review.isSuperseded ? "yes" : "no"))
        pairs.add("superseded", flag: review.isSuperseded)
        pairs.add("endorsed-by", review.endorsedBy?.text)
        return .row("review", pairs)
    }

    // MARK: CHECK and TODO

    /// CHECK topic.
    func check() throws(Interruption) -> Reply {
        let topic = try readable(call.word("topic"))
        let statuses = state.requirements(of: topic, seen: [], now: now, for: person.id)
        let unmet = statuses.filter { $0.state == .unmet }.count
        let wording =
            unmet == 0
            ? Wording("Đủ các điều kiện", "Every requirement is met")
            : Wording("Còn \(unmet) điều kiện chưa đáp ứng", "\(unmet) requirements are not met")
        return done(
            [Pair("topic", topic.id.description), Pair("unmet", String(unmet))], wording,
            parts: statuses.map { Replies.requirement($0, language) })
    }

    /// TODO.
    func toDo() -> Reply {
        let tasks = state.tasks(for: person.id, now: now)
        let parts = tasks.map { task -> Reply.Part in
            var pairs = [Pair("topic", task.topic.description), Pair("act", task.act.rawValue)]
            pairs.add("object", task.object)
            pairs.add("due", task.due?.description)
            pairs.append(Pair("since", task.since.description))
            let deadline = task.due.map { Deadline(date: $0, rule: state.beforeDate) }
            pairs.add("last-day", deadline?.lastDay.description)
            pairs.add("reminder", deadline?.reminder(at: now).map { String($0) })
            if task.overdueDays > 0 { pairs.append(Pair("overdue", String(task.overdueDays))) }
            pairs.append(Pair("text", said(task.reason)))
            return .row("task", pairs)
        }
        let wording =
            tasks.isEmpty
            ? Wording("Không có việc nào chờ bạn", "Nothing waits for you")
            : Wording("\(tasks.count) việc chờ bạn", "\(tasks.count) tasks wait for you")
        return done([Pair("tasks", String(tasks.count))], wording, parts: parts)
    }
}
