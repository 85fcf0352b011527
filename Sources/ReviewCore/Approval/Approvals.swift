import ReviewDigest

extension State {
    func decideOverride(
        _ topic: Topic, _ requirement: Requirement, reason: [UInt8], now: Instant
    ) throws(Refusal) -> Outcome {
        guard requirement != .approval else {
            throw Refusal(
                .invalid,
                Wording(
                    "Không bỏ qua được phê duyệt: phải phê duyệt đúng văn bản này (khoản 1 Điều 11 NĐ 30/2020/NĐ-CP).",
                    "Approval has no override: exactly this text is approved (Decree 30/2020, Article 11.1)."))
        }
        let text = try canonicalBody(reason)
        let details = [Detail("topic", topic.id.description), Detail("requirement", requirement.rawValue)]
        guard let status = requirements(of: topic, seen: [], now: now).first(where: { $0.requirement == requirement }),
            status.state == .unmet
        else {
            return Outcome(
                [], details: details + [Detail("already", "yes")],
                wording: Wording(
                    "Điều kiện “\(requirement.wording.vietnamese)” không còn thiếu.",
                    "“\(requirement.wording.english)” is not missing."))
        }
        return Outcome(
            [
                .requirementOverridden(
                    RequirementOverridden(
                        topic: topic.id, requirement: requirement,
                        reach: OverrideReach(revision: topic.newest, missing: status.missing), reason: Body(text)))
            ],
            details: details, echo: text,
            wording: Wording(
                "Giám đốc quyết định bỏ qua điều kiện “\(requirement.wording.vietnamese)”; lý do được in trong hồ sơ.",
                "The Director overrides “\(requirement.wording.english)”; the reason is printed in the papers."))
    }

    func decideApprove(
        _ topic: Topic, revision number: Int, digest: String, seen: [CommentID], evidence: Evidence?,
        by person: PersonID, now: Instant
    ) throws(Refusal) -> Outcome {
        let revision = try revision(number, of: topic, mustBeNewest: true)
        let full = revision.digest.description
        guard (16...64).contains(digest.utf8.count), full.hasPrefix(digest.lowercased()) else {
            throw Refusal(
                .conflict,
                Wording(
                    "sha256= không khớp bản \(topic.id)@\(number): hãy đọc lại văn bản rồi phê duyệt đúng bản đã đọc (khoản 1 Điều 11 NĐ 30/2020/NĐ-CP).",
                    "sha256= is not that of \(topic.id)@\(number): read the text again and approve what you read (Decree 30/2020, Article 11.1)."
                ),
                details: [
                    Detail("current", RevisionID(topic.id, number).description), Detail("sha256", full),
                ])
        }
        let details = [
            Detail("revision", RevisionID(topic.id, number).description), Detail("sha256", full),
            Detail("stage", Stage.approved.rawValue),
        ]
        if topic.stage == .approved {
            return Outcome(
                [],
                details: details + (topic.approval?.evidence == nil ? [] : [Detail("signed", "yes")])
                    + [Detail("already", "yes")],
                wording: Wording("Bản này đã được phê duyệt.", "This revision is approved already."))
        }
        if let unknown = seen.first(where: { topic.comments[$0.number] == nil }) {
            throw Refusal(
                .invalid,
                Wording(
                    "seen=: không có ý kiến \(unknown) trong chuyên đề \(topic.id).",
                    "seen=: topic \(topic.id) has no comment \(unknown)."),
                details: [Detail("argument", "seen"), Detail("id", unknown.description)])
        }
        let unmet = requirements(of: topic, seen: Set(seen), now: now)
            .filter { $0.state == .unmet && $0.requirement != .approval }
        guard unmet.isEmpty else { throw unmetRefusal(unmet, "Chưa phê duyệt được", "Not approved") }
        let kept = try evidence.map { evidence throws(Refusal) in
            try evidence.judged(for: topic, number, by: person, in: self, now: now)
        }
        let delegation = people[person]?.position == .director ? nil : delegation(of: person, on: now.date)?.reference
        return Outcome(
            [
                .approvalGiven(
                    ApprovalGiven(
                        topic: topic.id, revision: number, digest: revision.digest, seen: seen,
                        delegation: delegation,
                        isOwnWork: topic.hasPushed(person) || topic.assigned(as: .author).contains(person),
                        evidence: kept)),
                entering(.approved, topic, now: now),
            ],
            details: details + (evidence == nil ? [] : [Detail("signed", "yes")]),
            wording: evidence == nil
                ? Wording(
                    "Đã phê duyệt chuyên đề \(topic.id), dự thảo lần \(number).",
                    "Approved \(topic.id), revision \(number).")
                : Wording(
                    "Đã phê duyệt và ký số chuyên đề \(topic.id), dự thảo lần \(number).",
                    "Approved and signed \(topic.id), revision \(number)."))
    }

    /// A document is dated when it is issued: not before it was approved, and not ahead.
    private func checkIssue(_ date: CivilDate, approved: CivilDate, today: CivilDate) throws(Refusal) {
        guard date < approved || date > today else { return }
        throw Refusal(
            .invalid,
            Wording(
                "Ngày ban hành \(date.vietnamese) phải từ ngày phê duyệt (\(approved.vietnamese)) đến hôm nay (\(today.vietnamese)).",
                "The date \(date) must lie between the approval (\(approved)) and today (\(today))."),
            details: [Detail("argument", "date")])
    }

    func decideIssue(_ topic: Topic, number: String, date: CivilDate, now: Instant) throws(Refusal) -> Outcome {
        let number = try canonicalField(number, "number", 100)
        guard let approval = topic.approval else {
            throw Refusal(.stage, Wording("Chuyên đề chưa được phê duyệt.", "The topic is not approved."))
        }
        try checkIssue(date, approved: approval.time.date, today: now.date)
        if let other = topicsInOrder.first(where: {
            $0.id != topic.id && $0.issued?.number == number && $0.issued?.date.year == date.year
        }) {
            throw Refusal(
                .conflict,
                Wording(
                    "Số \(number) năm \(date.year) đã cấp cho chuyên đề \(other.id).",
                    "Number \(number) of \(date.year) was given to topic \(other.id)."))
        }
        return Outcome(
            [
                .stageEntered(StageEntered(topic: topic.id, stage: .issued, from: topic.stage)),
                .documentIssued(
                    DocumentIssued(
                        topic: topic.id, revision: approval.revision, digest: approval.digest, number: number,
                        date: date,
                        highestComment: topic.comments.highest, highestReview: topic.reviews.highest)),
            ],
            details: [
                Detail("topic", topic.id.description), Detail("number", number), Detail("date", date.description),
                Detail("stage", Stage.issued.rawValue),
            ],
            wording: Wording(
                "Đã ban hành chuyên đề \(topic.id): số \(number), \(date.administrative).",
                "Issued \(topic.id): number \(number), \(date)."))
    }
}

extension Topic {
    mutating func apply(_ fact: RequirementOverridden, _ event: Event) {
        overrides.append(
            Override(
                requirement: fact.requirement, person: event.person ?? PersonID.unknown, reason: fact.reason,
                time: event.time, event: event.sequence, reach: fact.reach))
    }

    /// What the overrides of a requirement cover, as CHECK names it.
    func covered(of requirement: Requirement) -> Set<String> {
        let overrides = overrides.filter { $0.requirement == requirement }
        let covered = Set(overrides.flatMap { $0.reach?.missing ?? [] })
        guard requirement == .noObjection, !covered.isEmpty else { return covered }
        // A leader is named by the same word each time, whatever the objection: one made anew came later.
        let anew = standingObjections.filter { objection in
            !overrides.contains {
                $0.event > objection.event && $0.reach?.missing.contains(objection.person.text) == true
            }
        }
        return covered.subtracting(anew.map(\.person.text))
    }

    mutating func apply(_ fact: ApprovalGiven, _ event: Event) {
        approval = Approval(
            revision: fact.revision, digest: fact.digest, person: event.person ?? PersonID.unknown,
            delegation: fact.delegation, seen: fact.seen, isOwnWork: fact.isOwnWork,
            evidence: fact.evidence, time: event.time, event: event.sequence)
    }

    mutating func apply(_ fact: DocumentIssued, _ event: Event, archiving: Bool) {
        stage = .issued
        stageSince = event.time
        // Logs of earlier versions may hold a topic that was approved while it was postponed.
        endPostponement(event)
        newest = fact.revision
        issued = Issued(number: fact.number, date: fact.date, digest: fact.digest)
        if archiving { archive() }
    }
}
