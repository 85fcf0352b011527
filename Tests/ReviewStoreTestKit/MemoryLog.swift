public import ReviewCore
public import ReviewDigest
public import ReviewStore

/// A log that is gone with the process: for tests and simulations, with the same behaviour as the durable ones.
///
/// Events are kept encoded, so that everything a reader gets back has passed through the stored form.
public final class MemoryLog: EventLog, VerifiableLog {
    private var stored: [StoredRecord] = []
    private var chain = Chain()
    private let secret: LeafSecret
    private var leaves: [Digest] = []
    private var storedReplies: [ReplyKey: StoredReply] = [:]
    private var positions: [PositionKey: Int64] = [:]
    private var topicOfComment: [CommentID: TopicID] = [:]
    private var topicOfReview: [ReviewID: TopicID] = [:]
    private var closed: Set<TopicID> = []
    private var passages: [SearchPassage] = []
    private var indexedCount = 0
    private var isClosed = false

    /// What `log=` says.
    public let epoch: String

    private struct PositionKey: Hashable {
        let person: PersonID
        let client: String
    }

    /// An empty log.
    public init(epoch: String = "memory000000") {
        guard let secret = LeafSecret(hexadecimal: Digest(hashing: epoch).description) else {
            preconditionFailure("a digest that is no secret")
        }
        self.epoch = epoch
        self.secret = secret
    }

    /// The sequence of the last event.
    public var head: Int64 { chain.head }

    /// The link of the last event.
    public var link: Digest { chain.link }

    /// Appends a batch: all of it or nothing.
    public func append(_ batch: Batch) throws(LogError) {
        try check()
        guard batch.expected == head else { throw .conflict(head: head) }
        if let problem = batch.numberingProblem { throw .broken(problem) }
        var keys = Set<ReplyKey>()
        for reply in batch.replies where storedReplies[reply.key] != nil || !keys.insert(reply.key).inserted {
            throw .broken("a reply to \(reply.key.person)'s key \(reply.key.key) is stored already")
        }
        for event in batch.events {
            if case .bodyRedacted(let fact) = event.fact, !holds(fact) {
                throw .broken("event \(fact.target) holds no text \(fact.digest)")
            }
        }
        for event in batch.events { add(event) }
        for reply in batch.replies { storedReplies[reply.key] = reply }
        for position in batch.positions {
            positions[PositionKey(person: position.person, client: position.client)] = position.sequence
        }
    }

    private func add(_ event: Event) {
        let record = EventRecord(event)
        chain.append(record.leaf)
        leaves.append(secret.leaf(event.sequence, record.encoded))
        stored.append(StoredRecord(sequence: event.sequence, record: record, link: chain.link))
        if case .commentAdded(let fact) = event.fact { topicOfComment[fact.comment] = fact.topic }
        if case .reviewFiled(let fact) = event.fact { topicOfReview[fact.review] = fact.topic }
        if event.fact.closesTopic, let topic = event.fact.topic { closed.insert(topic) }
        if case .bodyRedacted(let fact) = event.fact { drop(fact) }
    }

    private func holds(_ fact: BodyRedacted) -> Bool {
        guard fact.target >= 1, fact.target <= Int64(stored.count) else { return false }
        return stored[Int(fact.target) - 1].record.bodies.contains { $0.digest == fact.digest && $0.text != nil }
    }

    /// Takes a text out of its record and out of the search.
    private func drop(_ fact: BodyRedacted) {
        let old = stored[Int(fact.target) - 1]
        var bodies = old.record.bodies
        guard let place = bodies.firstIndex(where: { $0.digest == fact.digest && $0.text != nil }) else { return }
        bodies[place] = Body(digest: fact.digest, text: nil)
        let record = EventRecord(encoded: old.record.encoded, bodies: bodies)
        stored[Int(fact.target) - 1] = StoredRecord(sequence: old.sequence, record: record, link: old.link)
        passages.removeAll { $0.sequence == fact.target }
        if fact.target <= Int64(indexedCount), let event = try? record.event() {
            passages += SearchPassage.passages(of: event)
        }
    }

    private func check() throws(LogError) {
        if isClosed { throw .broken("the log is closed") }
    }

    private func events(where isWanted: (Event) -> Bool, limit: Int = .max) throws(LogError) -> [Event] {
        try check()
        var found: [Event] = []
        for record in stored where found.count < limit {
            let event = try event(record)
            if isWanted(event) { found.append(event) }
        }
        return found
    }

    private func event(_ stored: StoredRecord) throws(LogError) -> Event {
        do throws(RecordProblem) { return try stored.record.event() } catch {
            throw .broken("event \(stored.sequence): \(error.text)")
        }
    }

    /// What has to be loaded at start.
    public func openEvents(now: Instant) throws(LogError) -> [Event] {
        try events(where: { event in
            switch event.fact.retention {
            case .always: true
            case .whileOpen(let topic): !closed.contains(topic)
            case .until(let end): now < end
            }
        })
    }

    /// Events after a sequence.
    public func events(after sequence: Int64, limit: Int, topic: TopicID?) throws(LogError) -> [Event] {
        try events(where: { $0.sequence > sequence && (topic == nil || $0.fact.topic == topic) }, limit: limit)
    }

    /// Every event of a topic.
    public func events(of topic: TopicID) throws(LogError) -> [Event] { try events(where: { $0.fact.topic == topic }) }

    /// The topic of a comment.
    public func topic(of comment: CommentID) throws(LogError) -> TopicID? {
        try check()
        return topicOfComment[comment]
    }

    /// The topic of a review.
    public func topic(of review: ReviewID) throws(LogError) -> TopicID? {
        try check()
        return topicOfReview[review]
    }

    /// The stored replies of those keys that have one.
    public func replies(_ keys: [ReplyKey]) throws(LogError) -> [StoredReply] {
        try check()
        return keys.compactMap { storedReplies[$0] }
    }

    /// A read position.
    public func position(of person: PersonID, client: String) throws(LogError) -> Int64? {
        try check()
        return positions[PositionKey(person: person, client: client)]
    }

    /// Matches every passage anew: simple, and the yardstick for the index of the durable log.
    public func search(_ query: SearchQuery) throws(LogError) -> [SearchHit] {
        try check()
        let expression = SearchExpression(query.text)
        guard !expression.phrases.isEmpty, query.limit > 0 else { return [] }
        var newest: [TopicID: Int] = [:]
        let passages = passages.filter { $0.sequence <= query.through }
        for passage in self.passages {
            if case .revision(let revision) = passage.source {
                newest[revision.topic] = max(newest[revision.topic] ?? 0, revision.number)
            }
        }
        var matches: [(passage: SearchPassage, range: Range<Int>)] = []
        for passage in passages where query.topics.contains(passage.source.topic) {
            switch passage.source {
            case .revision(let revision): if newest[revision.topic] != revision.number { continue }
            case .review(let review, _): if query.hidden.contains(review) { continue }
            case .comment, .topic: break
            }
            if let range = expression.shortestMatch(in: SearchWords.words(of: passage.text)) {
                matches.append((passage, range))
            }
        }
        matches.sort { ($1.passage.sequence, $0.passage.number) < ($0.passage.sequence, $1.passage.number) }
        return matches.prefix(query.limit).map { match in
            SearchHit(
                source: match.passage.source, sequence: match.passage.sequence,
                snippet: Snippet.around(match.range, in: match.passage.text))
        }
    }

    /// The last event whose texts can be found.
    public var indexed: Int64 { Int64(indexedCount) }

    /// Takes the passages of at most `limit` further events.
    public func indexSome(limit: Int) throws(LogError) -> Bool {
        try check()
        let end = min(stored.count, indexedCount + max(1, min(limit, 1_000_000)))
        for record in stored[indexedCount..<end] { passages += SearchPassage.passages(of: try event(record)) }
        indexedCount = end
        return end < stored.count
    }

    /// Every hash anew from the leaves: simple, and the yardstick for the durable log.
    public func tree(_ query: TreeQuery) throws(LogError) -> TreeAnswer {
        try check()
        if let problem = TreeTiles.problem(with: query, head: head) { throw .broken(problem) }
        let leaf = query.event.map { secret.text(of: $0, stored[Int($0) - 1].record.encoded) }
        let hashes = query.subtrees.map { MerkleTree.root(of: leaves[Int($0.lowerBound)..<Int($0.upperBound)]) }
        return TreeAnswer(query, leaf: leaf, hashes: hashes)
    }

    /// The records as stored.
    public func records(after sequence: Int64, limit: Int) throws(LogError) -> [StoredRecord] {
        try check()
        return Array(stored.drop { $0.sequence <= sequence }.prefix(limit))
    }

    /// Ends the use of the log; what it holds stays until it is released.
    public func close() throws(LogError) { isClosed = true }
}

/// Where nobody else waits for the log.
extension EventLog {
    /// Lets the whole tree grow, however long that takes, and answers.
    public func wholeTree(_ query: TreeQuery) throws(LogError) -> TreeAnswer {
        while try growTree() {}
        return try tree(query)
    }

    /// Brings the whole index forward, however long that takes, and searches.
    public func searchEverything(_ query: SearchQuery) throws(LogError) -> [SearchHit] {
        while try indexSome(limit: 1000) {}
        return try search(query)
    }
}
