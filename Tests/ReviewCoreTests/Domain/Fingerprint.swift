import ReviewDigest

@testable import ReviewCore

/// Everything in a state in one fixed order: two states are the same exactly when their fingerprints are.
func fingerprint(_ state: State) -> String {
    var lines = [
        "\(state.lastSequence) \(state.beforeDate) C\(state.highestComment) P\(state.highestReview)",
        "\(state.offices)", "\(state.plans)",
    ]
    for person in state.people.values.sorted(by: { $0.id < $1.id }) { lines.append("\(person)") }
    for (_, given) in state.delegations.sorted(by: { $0.key < $1.key }) { lines.append("\(given)") }
    for (digest, token) in state.tokens.sorted(by: { $0.key < $1.key }) { lines.append("\(digest) \(token)") }
    for topic in state.topicsInOrder { lines += fingerprint(topic) }
    return lines.joined(separator: "\n")
}

/// The first line in which two states differ; nil when they are the same.
func difference(_ one: State, _ other: State) -> String? {
    let left = fingerprint(one).split(separator: "\n", omittingEmptySubsequences: false)
    let right = fingerprint(other).split(separator: "\n", omittingEmptySubsequences: false)
    for (first, second) in zip(left, right) where first != second { return "\(first)\n\(second)" }
    return left.count == right.count ? nil : "\(left.count) and \(right.count) lines"
}

private func fingerprint(_ topic: Topic) -> [String] {
    let dates = Milestone.allCases.map { "\($0) \(topic.planned[$0]?.description ?? "-")" }
    var lines = [
        "\(topic.id) \(topic.plan) \(topic.title) \(topic.lead) \(topic.review) \(topic.quarter) \(dates)",
        topic.outline.outlineText, "\(topic.extensions)", "\(topic.stage) \(topic.stageSince) \(topic.round)",
        "\(topic.passages)", "\(topic.postponements) \(String(describing: topic.cancelled))",
        "\(topic.members)", "\(topic.opinions)", "\(topic.contentVotes)", "\(topic.formatVotes)",
        "\(String(describing: topic.plenary)) \(topic.earlierPlenaries) \(topic.plenariesReopened)",
        "\(topic.overrides)",
        "\(String(describing: topic.approval))",
        "\(String(describing: topic.issued)) \(topic.isArchived) \(topic.newest) \(String(describing: topic.returning))",
        "\(topic.portings.keys.sorted())",
    ]
    for revision in topic.revisions {
        lines.append(
            "@\(revision.number) \(revision.digest) \(revision.person) \(String(describing: revision.office)) \(revision.time) \(revision.note ?? "-") \(revision.addresses) \(String(describing: revision.change)) \(String(describing: revision.original)) \(revision.document.text)"
        )
    }
    for comment in topic.comments { lines.append("\(comment)") }
    for review in topic.reviews { lines.append("\(review)") }
    return lines
}

extension World {
    /// The log folded from its first event, each fact written and read back as storage does.
    func replayed() throws(CodecProblem) -> State {
        var state = State(beforeDate: state.beforeDate)
        for event in events {
            let fact = try Fact(type: event.fact.type, fields: event.fact.fields)
            state.apply(
                Event(
                    sequence: event.sequence, time: event.time, person: event.person, office: event.office, fact: fact))
        }
        return state
    }

    /// What a start loads: the events that are kept for ever, those of unfinished topics, and tokens in force.
    func restarted() -> State {
        var closed = Set<TopicID>()
        for event in events where event.fact.closesTopic {
            if let topic = event.fact.topic { closed.insert(topic) }
        }
        var state = State(beforeDate: state.beforeDate)
        for event in events {
            switch event.fact.retention {
            case .always: break
            case .whileOpen(let topic): if closed.contains(topic) { continue }
            case .until(let end): if end <= now { continue }
            }
            state.apply(event)
        }
        state.advance(to: events.last?.sequence ?? 0)
        return state
    }
}
