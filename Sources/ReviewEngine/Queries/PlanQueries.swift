import ReviewCore
import ReviewDigest
import ReviewProtocol

extension Reading {
    /// PLANS.
    func plans() -> Reply {
        done([Pair("plans", String(state.plans.count))], parts: state.plans.map { row($0) })
    }

    private func row(_ plan: Plan) -> Reply.Part {
        .row(
            "plan",
            [
                Pair("id", plan.id), Pair("number", plan.number), Pair("reference", plan.reference),
                Pair("date", plan.date),
                Pair("coordinator", plan.coordinator.text), Pair("issuer", plan.issuer), Pair("parent", plan.parent),
                Pair("signer", plan.signer), Pair("sha256", plan.source.digest.description), Pair("title", plan.title),
            ])
    }

    /// PLAN SHOW: the plan, what every topic must answer, and the topics one may know of.
    func showPlan() throws(Interruption) -> Reply {
        let id = call.word("plan")
        guard let plan = state.plan(id) else { throw notFound("Kế hoạch năm \(id)", "plan of \(id)") }
        let topics = state.topicsInOrder.filter { $0.plan == plan.id }
        let named = Set(topics.flatMap { [$0.lead, $0.review] } + [plan.coordinator])
        var parts = [row(plan)]
        for office in state.offices where named.contains(office.id) { parts.append(Self.row(office.id, office.name)) }
        parts += plan.requirements.map { Self.row($0.key, $0.text) }
        var count = 0
        for topic in topics {
            let access = state.access(of: person.id, to: topic)
            guard access != .none else { continue }
            count += 1
            var pairs = pairs(topic, access)
            // What was extended of a finished topic is not in memory: SHOW tells it.
            for milestone in Milestone.allCases where !topic.isArchived {
                pairs.add(Self.key(milestone), topic.date(of: milestone)?.description)
            }
            parts.append(.row("topic", pairs))
            parts += Self.lines(topic.outline)
        }
        return done([Pair("plan", plan.id), Pair("topics", String(count))], parts: parts)
    }

    /// PLAN CHECK: what was understood, and every inconsistency.
    ///
    /// Nothing is stored.
    func checkPlan() throws(Interruption) -> Reply {
        do throws(Refusal) { try state.checkMayLoadPlans(person.id) } catch { throw .refused(error) }
        let octets = call.octets ?? []
        let (draft, unread) = readPlan(octets)
        let problems = draft.map { state.problems(of: $0) } ?? PlanProblem.inOrder(unread)
        var refusal: Refusal?
        if let draft {
            do throws(Refusal) {
                _ = try state.decide(.loadPlan(draft, source: octets), by: .person(person.id), now: now)
            } catch {
                if error.code == .forbidden { return Replies.refused(error, language) }
                refusal = error
            }
        }
        var parts = draft.map { understood($0) } ?? []
        parts += problems.map { Replies.problem($0, language) }
        let fatal = problems.filter(\.isFatal).count
        let isLoadable = draft != nil && refusal == nil
        var pairs = [
            Pair("loadable", isLoadable ? "yes" : "no"), Pair("problems", String(problems.count)),
            Pair("fatal", String(fatal)),
        ]
        pairs.add("plan", draft.map { String($0.year) })
        pairs.add("topics", draft?.topics.count)
        let wording: Wording
        if isLoadable {
            wording = Wording("Nạp được bằng PLAN LOAD; chưa ghi gì", "PLAN LOAD would take it; nothing was stored")
        } else if let refusal, refusal.problems.isEmpty {
            wording = refusal.wording
        } else {
            wording = Wording(
                "Chưa nạp được: \(fatal) lỗi", "Not loadable: \(fatal) \(fatal == 1 ? "error" : "errors")")
        }
        return done(pairs, wording, parts: parts)
    }

    /// What a plan file was understood as.
    private func understood(_ draft: PlanDraft) -> [Reply.Part] {
        var pairs = [Pair("id", String(draft.year)), Pair("number", draft.number), Pair("reference", draft.reference)]
        pairs.add("date", draft.date?.text)
        pairs.add("coordinator", draft.coordinator?.text)
        pairs += [
            Pair("issuer", draft.issuer), Pair("parent", draft.parent), Pair("signer", draft.signer),
            Pair("title", draft.title),
        ]
        var parts = [Reply.Part.row("plan", pairs)]
        parts += draft.offices.map { Self.row($0.id, $0.name) }
        parts += draft.requirements.map { Self.row($0.key, $0.text) }
        for topic in draft.topics {
            var pairs = [Pair("id", "\(draft.year)-\(topic.number)")]
            pairs.add("lead", topic.lead?.text)
            pairs.add("review", topic.review?.text)
            pairs.add("quarter", topic.quarter)
            for milestone in topic.milestones {
                pairs.add(Self.key(milestone.milestone), milestone.date?.description ?? milestone.text)
            }
            pairs.append(Pair("title", topic.title))
            parts.append(.row("topic", pairs))
            parts += Self.lines(topic.outline)
        }
        return parts
    }

    private static func row(_ office: OfficeID, _ name: String) -> Reply.Part {
        .row("office", [Pair("id", office.text), Pair("name", name)])
    }

    private static func row(_ requirement: String, _ text: String) -> Reply.Part {
        .row("content", [Pair("key", requirement), Pair("text", text)])
    }

    /// The required outline, two blanks of indentation a level.
    private static func lines(_ outline: [OutlineItem]) -> [Reply.Part] {
        outline.outlineText.shownLines.map { .line(String($0)) }
    }

    /// The name of a milestone's date, as in TOPIC.PLANNED: `review=` of a topic is its reviewing office.
    private static func key(_ milestone: Milestone) -> String { milestone.rawValue + "-date" }
}
