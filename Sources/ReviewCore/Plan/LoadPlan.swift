extension State {
    /// Judges whether a person may load any plan at all: before that is known nobody need read the file.
    ///
    /// Which office coordinates stands in the file, so every head passes.
    ///
    /// - Throws: `Refusal` where `decide` would throw it of every plan.
    public func checkMayLoadPlans(_ id: PersonID) throws(Refusal) {
        let person = try Policy.active(id, in: self)
        try Policy.mayLoadPlan(person, coordinatedBy: person.office)
    }

    /// Loads a plan: all of it or nothing.
    ///
    /// Every inconsistency is reported with its line.
    func decideLoadPlan(_ draft: PlanDraft, source: [UInt8]) throws(Refusal) -> Outcome {
        let id = String(draft.year)
        // Editors put a mark of byte order in front; it is no part of the plan.
        let text = try Self.canonicalDocument(
            source.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(source.dropFirst(3)) : source)
        let known = plan(id)
        if let known, known.source.digest == Body(text).digest {
            return Outcome(
                [], details: [Detail("plan", id), Detail("already", "yes")],
                wording: Wording("Kế hoạch năm \(id) đã nạp đúng như vậy.", "Plan \(id) is loaded already, as it is."))
        }
        let problems = problems(of: draft)
        guard let coordinator = draft.coordinator, !problems.contains(where: \.isFatal) else {
            throw Self.planRefusal(problems)
        }
        if let known { return try decideNumberPlan(known, draft, text) }
        var facts: [Fact] = []
        for office in draft.offices {
            guard let known = self.office(office.id) else {
                facts.append(.officeAdded(OfficeAdded(office: office.id, name: office.name)))
                continue
            }
            if known.name != office.name {
                facts.append(.officeRenamed(OfficeRenamed(office: office.id, name: office.name)))
            }
        }
        facts.append(
            .planLoaded(
                PlanLoaded(
                    plan: id, number: draft.number, reference: draft.reference, date: draft.date?.text ?? "",
                    title: draft.title, issuer: draft.issuer, parent: draft.parent, signer: draft.signer,
                    coordinator: coordinator,
                    requirements: Body(draft.requirements.map { "\($0.key)\t\($0.text)" }.joined(separator: "\n")),
                    source: Body(text))))
        for topic in draft.topics {
            guard let topicID = TopicID(year: draft.year, number: topic.number), let lead = topic.lead,
                let review = topic.review, let quarter = topic.quarter, let opinion = topic.date(of: .opinion),
                let reviewDate = topic.date(of: .review), let final = topic.date(of: .final)
            else { throw Self.planRefusal(problems) }
            facts.append(
                .topicPlanned(
                    TopicPlanned(
                        topic: topicID, plan: id, lead: lead, review: review, quarter: quarter, opinion: opinion,
                        reviewDate: reviewDate, final: final, title: Body(topic.title),
                        outline: Body(topic.outline.outlineText))))
        }
        return Outcome(
            facts, details: [Detail("plan", id), Detail("topics", String(draft.topics.count))],
            wording: Wording(
                "Đã nạp Kế hoạch năm \(id): \(draft.topics.count) chuyên đề.",
                "Loaded plan \(id) with \(draft.topics.count) topics."))
    }

    /// Every inconsistency of a plan in itself and with what is known here, in the order of its lines.
    public func problems(of draft: PlanDraft) -> [PlanProblem] {
        var found: [PlanProblem] = []
        for office in draft.offices {
            guard let known = self.office(office.id), known.name != office.name else { continue }
            if office.id == .leadership {
                found.append(
                    .fatal(
                        office.line,
                        "phòng \(office.id) trong hệ thống tên là “\(known.name)”, không phải “\(office.name)”",
                        "office \(office.id) is named “\(known.name)” in the system, not “\(office.name)”"))
            } else if known.name != known.id.text, plan(String(draft.year)) == nil {
                // Whoever came with a list of people before any plan named the office has its short name until now.
                found.append(
                    .warning(
                        office.line, "Phòng \(office.id) đổi tên: “\(known.name)” thành “\(office.name)”.",
                        "Office \(office.id) gets another name: “\(office.name)” instead of “\(known.name)”."))
            }
        }
        found += Self.unclean(draft)
        return found.isEmpty ? draft.problems() : PlanProblem.inOrder(draft.problems() + found)
    }

    /// Where a file first says something else than the one that is loaded, but for the two lines that a clerk fills in.
    private static func difference(_ text: String, from loaded: String) -> Wording? {
        func rest(_ text: String) -> [(number: Int, line: Substring)] {
            text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().compactMap { index, line in
                [PlanDraft.Key.number, .date].contains { line.utf8.starts(with: ($0.rawValue + ":").utf8) }
                    ? nil : (index + 1, line)
            }
        }
        let (given, known) = (rest(text), rest(loaded))
        var place = 0
        while place < given.count, place < known.count, given[place].line == known[place].line { place += 1 }
        guard place < max(given.count, known.count) else { return nil }
        // Where lines are missing at its end, that is the place.
        let number = (place < given.count ? given[place] : given.last)?.number ?? 1
        return Wording("dòng \(number)", "line \(number)")
    }

    /// Which of the two would not be filled in, but changed.
    private static func refill(_ draft: PlanDraft, _ date: String, of known: Plan) -> Wording? {
        if !known.number.isEmpty, known.number != draft.number {
            return Wording("số đã ghi là \(known.number)", "its number is \(known.number)")
        }
        guard !date.utf8.starts(with: known.date.utf8) else { return nil }
        return Wording("ngày đã ghi là \(known.date)", "its date is \(known.date)")
    }

    /// A plan that is loaded takes in what its document had left blank, and nothing else.
    private func decideNumberPlan(_ known: Plan, _ draft: PlanDraft, _ text: String) throws(Refusal) -> Outcome {
        let date = draft.date?.text ?? ""
        if let place = Self.difference(text, from: known.source.text ?? "") ?? Self.refill(draft, date, of: known) {
            throw Refusal(
                .conflict,
                Wording(
                    "Kế hoạch năm \(known.id) đã nạp với nội dung khác (\(place.vietnamese)): chỉ bổ sung được số và ngày còn để trống; thời hạn thì Giám đốc gia hạn (EXTEND).",
                    "Plan \(known.id) is loaded with another content (\(place.english)): only a blank number and date can be filled in; the Director changes dates with EXTEND."
                ))
        }
        let details = [Detail("plan", known.id), Detail("number", draft.number), Detail("date", date)]
        guard known.number != draft.number || known.date != date else {
            return Outcome(
                [], details: details + [Detail("already", "yes")],
                wording: Wording(
                    "Kế hoạch năm \(known.id) đã nạp đúng như vậy.", "Plan \(known.id) is loaded already, as it is."))
        }
        return Outcome(
            [.planNumbered(PlanNumbered(plan: known.id, number: draft.number, date: date, source: Body(text)))],
            details: details,
            wording: Wording(
                "Đã bổ sung số, ngày của Kế hoạch năm \(known.id): số \(draft.number), ngày \(CivilDate(date)?.vietnamese ?? date).",
                "Filled in number and date of plan \(known.id): \(draft.number), \(date)."))
    }

    /// Texts of the plan that are not one clean line: an escape in the file can smuggle in what its octets do not show.
    private static func unclean(_ draft: PlanDraft) -> [PlanProblem] {
        var problems: [PlanProblem] = []
        func check(_ name: String, _ text: String, _ line: Int) {
            let canonical = try? CanonicalText.field(text, maximumOctets: noteOctets)
            guard !text.isEmpty, canonical?.utf8.elementsEqual(text.utf8) != true else { return }
            problems.append(
                .fatal(
                    line, "“\(name)”: phải là một dòng không có ký tự ẩn, không quá \(noteOctets) byte.",
                    "“\(name)” must be one line without hidden characters, at most \(noteOctets) octets."))
        }
        func check(_ items: [OutlineItem], _ line: Int) {
            for item in items {
                check(PlanDraft.Topic.Key.outline.rawValue, item.title, line)
                check(item.children, line)
            }
        }
        for (key, text) in [
            (PlanDraft.Key.number, draft.number), (.reference, draft.reference), (.title, draft.title),
            (.issuer, draft.issuer), (.parent, draft.parent), (.signer, draft.signer),
        ] {
            check(key.rawValue, text, draft.lines[key] ?? 0)
        }
        for office in draft.offices { check(office.id.text, office.name, office.line) }
        for requirement in draft.requirements {
            check(PlanDraft.Key.requirements.rawValue, requirement.key, requirement.line)
            check(PlanDraft.Key.requirements.rawValue, requirement.text, requirement.line)
        }
        for topic in draft.topics {
            check(PlanDraft.Topic.Key.title.rawValue, topic.title, topic.lines[.title] ?? topic.line)
            check(topic.outline, topic.lines[.outline] ?? topic.line)
        }
        return problems
    }

    /// The refusal of a plan file: its problems in the order of lines.
    public static func planRefusal(_ problems: [PlanProblem]) -> Refusal {
        let fatal = problems.filter(\.isFatal).count
        return Refusal(
            .invalid,
            Wording(
                "Chưa nạp được Kế hoạch: \(fatal) lỗi cần sửa trong tệp (xem từng dòng).",
                "The plan cannot be loaded: \(fatal) \(fatal == 1 ? "error" : "errors") to mend in the file (see the lines)."
            ),
            problems: PlanProblem.inOrder(problems))
    }
}

extension State {
    mutating func apply(_ fact: PlanLoaded, _ event: Event) {
        let requirements = (fact.requirements.text ?? "").split(separator: "\n").map { line in
            let parts = line.split(separator: "\t", maxSplits: 1)
            return Plan.ContentRequirement(
                key: String(parts.first ?? ""), text: parts.count > 1 ? String(parts[1]) : "")
        }
        plans.append(
            Plan(
                id: fact.plan, number: fact.number, reference: fact.reference, date: fact.date, title: fact.title,
                issuer: fact.issuer, parent: fact.parent, signer: fact.signer, coordinator: fact.coordinator,
                requirements: requirements, source: fact.source, loaded: event.time))
    }

    mutating func apply(_ fact: PlanNumbered, _ event: Event) {
        guard let place = plans.firstIndex(where: { $0.id == fact.plan }) else { return }
        let plan = plans[place]
        plans[place].former.append(
            Plan.Head(number: plan.number, date: plan.date, source: plan.source), until: event.sequence)
        plans[place].number = fact.number
        plans[place].date = fact.date
        plans[place].source = fact.source
    }

    mutating func apply(_ fact: TopicPlanned, _ event: Event) {
        topics[fact.topic] = Topic(
            id: fact.topic, plan: fact.plan, title: fact.title.shown, lead: fact.lead, review: fact.review,
            quarter: fact.quarter, outline: [OutlineItem](outlineText: fact.outline.text ?? "") ?? [],
            planned: [.opinion: fact.opinion, .review: fact.reviewDate, .final: fact.final], stageSince: event.time)
    }
}
