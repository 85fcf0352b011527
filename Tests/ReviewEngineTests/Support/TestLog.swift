import ReviewCore
import ReviewDigest
import ReviewEngine

/// What a store keeps, for tests: all or nothing, and with failures on demand.
struct TestLog {
    var events: [Event] = []
    private(set) var replies: [ReplyKey: StoredReply] = [:]
    /// By person and client.
    var positions: [String: Int64] = [:]
    /// How often something was appended.
    private(set) var appends = 0

    mutating func append(_ batch: Batch) -> Input {
        guard batch.expected == Int64(events.count) else { return .appendFailed(.conflict) }
        for (index, event) in batch.events.enumerated() where event.sequence != batch.expected + Int64(index) + 1 {
            return .appendFailed(.broken("gap at \(event.sequence)"))
        }
        for reply in batch.replies where replies[reply.key] != nil {
            return .appendFailed(.broken("reply stored twice: \(reply.key)"))
        }
        events += batch.events
        for reply in batch.replies { replies[reply.key] = reply }
        for position in batch.positions {
            positions["\(position.person)/\(position.client)"] = position.sequence
        }
        appends += 1
        return .appended
    }

    func load(_ request: LoadRequest) -> Loaded {
        switch request {
        case .replies(let keys): return .replies(keys.compactMap { replies[$0] })
        case .topic(let topic): return .events(events.filter { $0.fact.topic == topic })
        case .topicOfComment(let comment):
            for event in events {
                if case .commentAdded(let fact) = event.fact, fact.comment == comment { return .topic(fact.topic) }
            }
            return .topic(nil)
        case .topicOfReview(let review):
            for event in events {
                if case .reviewFiled(let fact) = event.fact, fact.review == review { return .topic(fact.topic) }
            }
            return .topic(nil)
        case .events(let after, let limit, let topic):
            let found = events.lazy.filter { $0.sequence > after && (topic == nil || $0.fact.topic == topic) }
            return .events(Array(found.prefix(limit)))
        case .event(let sequence): return .events(events.filter { $0.sequence == sequence })
        case .search(let query): return .hits(search(query))
        case .position(let person, let client): return .position(positions["\(person)/\(client)"])
        case .tree(let query):
            let texts = events.prefix(Int(query.size)).map(Self.leaf)
            let leaves = texts.map { MerkleTree.leaf($0) }
            return .tree(
                TreeAnswer(
                    query, leaf: query.event.map { texts[Int($0) - 1] },
                    hashes: query.subtrees.map {
                        MerkleTree.root(of: leaves[Int($0.lowerBound)..<Int($0.upperBound)])
                    }))
        }
    }

    /// The text of a leaf: here without the record, which is the store's.
    static func leaf(of event: Event) -> String {
        String(repeating: "0", count: 32) + " \(event.sequence) \(event.time.rfc3339) \(event.fact.type)"
    }

    private func search(_ query: SearchQuery) -> [SearchHit] {
        // Whoever types dấu means them.
        let isPlain = Folding.folded(query.text) == query.text.lowercased()
        func form(_ text: String) -> String { isPlain ? Folding.folded(text) : text.lowercased() }
        let wanted = form(query.text)
        var hits: [SearchHit] = []
        for event in events.reversed() where event.sequence <= query.through {
            guard let (source, texts) = event.fact.searchable, query.topics.contains(source.topic) else { continue }
            if case .review(let review, _) = source, query.hidden.contains(review) { continue }
            guard let text = texts.compactMap(\.text).first(where: { form($0).contains(wanted) }) else {
                continue
            }
            let line = text.split(separator: "\n").first { form(String($0)).contains(wanted) } ?? ""
            hits.append(SearchHit(source: source, sequence: event.sequence, snippet: String(line.prefix(60))))
        }
        return Array(hits.prefix(query.limit))
    }
}
