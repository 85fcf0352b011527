import GRDB
import ReviewCore
import ReviewDigest
import ReviewStore

/// Writes the rows of one batch, inside the transaction that its caller began.
struct BatchWriter {
    /// What a batch changes in memory, once it is committed.
    struct Written {
        /// The chain after the batch.
        var chain: Chain
        /// Topics that got a row in `topics`.
        var newTopics = Set<String>()
        /// What the batch changes in the index of replies.
        var replies = ReplyIndex.Change()
        /// The last event that has its place in the index of topics.
        var placed: Int64 = 0
    }

    private static let insertionOfEvents = RowStatement.Insertion(
        into: "events",
        [
            "seq", "topic", "comment", "review", "keep", "expires", "encoded", "bodies", "link", "person", "key",
            "request", "echo", "reply", "texts",
        ])

    private var written: Written
    private let topics: Set<String>
    private let database: Database
    private var events: RowStatement
    /// The replies that stand in the rows of their events, those of the batch's last events first.
    private var waiting: [StoredReply]

    /// Writes events, replies and read positions.
    ///
    /// - Parameter drop: takes a text out of the database; its event is written already.
    /// - Throws: `DatabaseError`; `LogError.broken` when an event has too many bodies, or a key a reply already.
    static func write(
        _ batch: Batch, after chain: Chain, topics: Set<String>, replies: ReplyIndex, places: PlaceIndex,
        to database: Database, dropping drop: (BodyRedacted) throws -> Void
    ) throws -> Written {
        var writer = try BatchWriter(
            chain: chain, topics: topics, replies: batch.replies.filter { $0.sequence != nil }, database: database)
        for event in batch.events {
            try writer.insert(event)
            guard case .bodyRedacted(let fact) = event.fact else { continue }
            // The text may have come with this batch.
            try writer.events.finish()
            try drop(fact)
        }
        try writer.events.finish()
        writer.written.replies = try replies.insert(batch.replies, head: writer.written.chain.head, into: database)
        for position in batch.positions { try writer.insert(position) }
        writer.written.placed = try places.advanced(to: writer.written.chain.head, in: database)
        return writer.written
    }

    private init(chain: Chain, topics: Set<String>, replies: [StoredReply], database: Database) throws {
        written = Written(chain: chain)
        self.topics = topics
        self.database = database
        waiting = replies.reversed()
        events = try RowStatement(Self.insertionOfEvents, in: database)
    }

    private mutating func insert(_ event: Event) throws {
        let columns = EventColumns(event)
        events.add(event.sequence)
        events.add(columns.topic)
        events.add(columns.comment)
        events.add(columns.review)
        events.add(columns.keep)
        events.add(columns.expires)
        let (texts, line) = events.add(text: { EventRecord.write(event, into: &$0) })
        guard texts.count <= Schema.bodiesPerEvent else {
            throw LogError.broken("event \(event.sequence) has \(texts.count) bodies")
        }
        guard texts.allSatisfy({ $0.text != nil }) else {
            throw LogError.broken("event \(event.sequence) comes without its text")
        }
        written.chain.append(Chain.leaf(events[line]))
        events.add(Int64(texts.count))
        let link = written.chain.link
        events.add(blob: { link.appendOctets(to: &$0) })
        insertReply(to: event, texts)
        if texts.isEmpty {
            events.add(Int64?.none)
        } else {
            events.add(blob: { EventTexts.write(texts, into: &$0) })
        }
        try events.endRow()
        if let topic = columns.topic { try insert(topic, of: event) }
    }

    /// The reply that belongs to an event goes into its row; a text of the event with which it begins is not written twice.
    private mutating func insertReply(to event: Event, _ texts: [Body]) {
        guard let reply = waiting.last, reply.sequence == event.sequence else {
            for _ in 0..<5 { events.add(Int64?.none) }
            return
        }
        waiting.removeLast()
        events.add(reply.key.person.text)
        events.add(reply.key.key)
        events.add(reply.request)
        let rest = texts.last?.text.flatMap { ReplyEcho.end(of: $0, in: reply.reply) }
        events.add(rest == nil ? nil : Int64(texts.count - 1))
        events.add(blob: { $0.append(contentsOf: reply.reply[(rest ?? 0)...]) })
    }

    /// A new topic gets its row; one that this event finishes is marked.
    private mutating func insert(_ topic: String, of event: Event) throws {
        if event.fact.closesTopic {
            var closed = try RowStatement(
                """
                INSERT INTO topics (topic, closed) VALUES (?1, ?2)
                ON CONFLICT DO UPDATE SET closed = coalesce(closed, ?2)
                """, in: database)
            closed.add(topic)
            closed.add(event.sequence)
            try closed.run()
        } else if !topics.contains(topic), written.newTopics.insert(topic).inserted {
            var opened = try RowStatement("INSERT OR IGNORE INTO topics (topic) VALUES (?)", in: database)
            opened.add(topic)
            try opened.run()
        }
    }

    private func insert(_ position: ReadPosition) throws {
        var statement = try RowStatement(
            "INSERT OR REPLACE INTO positions (person, client, seq) VALUES (?, ?, ?)", in: database)
        statement.add(position.person.text)
        statement.add(position.client)
        statement.add(position.sequence)
        try statement.run()
    }
}
