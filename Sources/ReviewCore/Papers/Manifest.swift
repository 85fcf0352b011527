import ReviewDigest

extension Papers {
    /// What an approval rests on, a line each, for programs as much as for people: the plan, the topic, the exact revision,
    /// what was required of it, what was overridden, who approved, and what was issued.
    ///
    /// - Parameter now: the moment at which the requirements are judged.
    public static func manifest(of topic: Topic, _ revision: Revision, in state: State, now: Instant) -> [String] {
        var lines: [String] = []
        if let plan = state.plan(of: topic) {
            lines.append("plan \(plan.id) \(plan.source.digest)")
            lines.append("plan-title \(plan.title)")
        }
        lines.append("topic \(topic.id) \(topic.id.code)")
        lines.append("topic-title \(topic.title)")
        lines.append("lead \(topic.lead) \(state.officeName(topic.lead, of: topic))")
        lines.append("review \(topic.review) \(state.officeName(topic.review, of: topic))")
        lines.append("stage \(topic.stage.rawValue)")
        lines.append("revision \(topic.id)@\(revision.number)")
        lines.append("sha256 \(revision.digest)")
        lines.append("bytes \(revision.octets)")
        if let original = revision.keptOriginal {
            lines.append("original \(original.digest) \(original.octets) \(original.name)")
        }
        lines.append(
            "pushed \(revision.time.rfc3339) \(revision.person) \(state.personName(revision.person, asOf: revision.event))"
        )
        for status in state.requirements(of: topic, seen: [], now: now) {
            lines.append("requirement \(status.requirement.rawValue) \(status.state.rawValue) \(status.count)")
        }
        for override in topic.overrides {
            lines.append(
                "override \(override.requirement.rawValue) \(override.time.rfc3339) \(override.person) \(override.reason.digest)"
            )
        }
        if let approval = topic.approval {
            lines.append(
                "approval \(topic.id)@\(approval.revision) \(approval.digest) \(approval.time.rfc3339) \(approval.person) "
                    + state.personName(approval.person, asOf: approval.event))
            if let delegation = approval.delegation { lines.append("delegation \(delegation)") }
            if let evidence = approval.evidence { lines.append("signed \(evidence.certificate)") }
        }
        if let issued = topic.issued {
            lines.append("issued \(issued.date) \(issued.digest) \(issued.number)")
        }
        return lines
    }
}
