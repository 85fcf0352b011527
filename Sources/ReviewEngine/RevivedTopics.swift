import ReviewCore

/// The finished topics that somebody asked for last, with their details; nothing in them can change any more.
struct RevivedTopics: Sendable {
    private var topics: [Topic] = []

    /// How many are kept.
    var count: Int { topics.count }

    /// A topic that is at hand; it counts as asked for last.
    mutating func find(_ id: TopicID) -> Topic? {
        guard let index = topics.firstIndex(where: { $0.id == id }) else { return nil }
        let topic = topics.remove(at: index)
        topics.append(topic)
        return topic
    }

    /// Keeps a topic; the one not asked for longest goes.
    mutating func keep(_ topic: Topic) {
        topics.removeAll { $0.id == topic.id }
        topics.append(topic)
        if topics.count > EngineConfiguration.revivedTopics { topics.removeFirst() }
    }
}
