public import ReviewCore

/// Says where two states differ, for the check that what a start loads is what the whole log gives.
public enum StateComparison {
    /// Every place in which they differ; nothing when they are the same.
    ///
    /// Places only: what stands there are texts and secrets, which no report repeats.
    public static func differences(_ one: State, _ other: State) -> [String] {
        var found: [String] = []
        func compare(_ place: String, _ left: Any?, _ right: Any?) {
            if shown(left) != shown(right) { found.append(place) }
        }
        compare("head", one.lastSequence, other.lastSequence)
        compare("highest comment", one.highestComment, other.highestComment)
        compare("highest review", one.highestReview, other.highestReview)
        compare("offices", one.offices, other.offices)
        compare("plans", one.plans, other.plans)
        for id in keys(one.people, other.people) { compare("person \(id)", one.people[id], other.people[id]) }
        for id in keys(one.delegations, other.delegations) {
            compare("delegation \(id)", one.delegations[id], other.delegations[id])
        }
        compare("tokens", one.tokens.sorted { $0.key < $1.key }, other.tokens.sorted { $0.key < $1.key })
        for digest in keys(one.certificates, other.certificates) {
            compare("certificate \(digest)", one.certificates[digest], other.certificates[digest])
        }
        for digest in keys(one.redactions, other.redactions) {
            compare("redaction \(digest)", one.redactions[digest], other.redactions[digest])
        }
        for id in Set(one.topics.keys).union(other.topics.keys).sorted() {
            compareTopics(id, one.topics[id], other.topics[id], compare)
        }
        return found
    }

    private static func compareTopics(
        _ id: TopicID, _ one: Topic?, _ other: Topic?, _ compare: (String, Any?, Any?) -> Void
    ) {
        guard let one, let other else { return compare("topic \(id)", one?.id, other?.id) }
        let place = "topic \(id)"
        compare(
            "\(place) stage", [one.stage.rawValue, one.stageSince.rfc3339],
            [other.stage.rawValue, other.stageSince.rfc3339])
        compare("\(place) archived", one.isArchived, other.isArchived)
        compare("\(place) newest", one.newest, other.newest)
        compare("\(place) last event", one.lastEvent, other.lastEvent)
        compare("\(place) round", one.round, other.round)
        compare("\(place) members", one.members, other.members)
        compare("\(place) extensions", one.extensions, other.extensions)
        compare("\(place) passages", one.passages, other.passages)
        compare("\(place) opinions", one.opinions, other.opinions)
        compare("\(place) content", one.contentVotes, other.contentVotes)
        compare("\(place) format", one.formatVotes, other.formatVotes)
        compare("\(place) plenary", one.plenary, other.plenary)
        compare("\(place) earlier plenaries", one.earlierPlenaries, other.earlierPlenaries)
        compare("\(place) plenaries reopened", one.plenariesReopened, other.plenariesReopened)
        compare("\(place) overrides", one.overrides, other.overrides)
        compare("\(place) approval", one.approval, other.approval)
        compare("\(place) issued", one.issued, other.issued)
        compare("\(place) postponed", one.postponements, other.postponements)
        compare("\(place) cancelled", one.cancelled, other.cancelled)
        compare("\(place) revisions", one.revisions.map(\.digest), other.revisions.map(\.digest))
        compare("\(place) original files", one.revisions.map(\.original), other.revisions.map(\.original))
        let numbers = Set(one.comments.map(\.id.number) + other.comments.map(\.id.number)).sorted()
        for number in numbers { compare("\(place) C\(number)", one.comments[number], other.comments[number]) }
        let reviews = Set(one.reviews.map(\.id.number) + other.reviews.map(\.id.number)).sorted()
        for number in reviews { compare("\(place) P\(number)", one.reviews[number], other.reviews[number]) }
    }

    private static func keys<Key: Comparable & Hashable, Value>(
        _ one: [Key: Value], _ other: [Key: Value]
    ) -> [Key] {
        Set(one.keys).union(other.keys).sorted()
    }

    private static func shown(_ value: Any?) -> String { value.map { String(describing: $0) } ?? "-" }
}
