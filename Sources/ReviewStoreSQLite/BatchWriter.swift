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
        into: "events", ["seq", "topic", "comment", "review", "keep", "expires", "encoded", "bodies", "link"])
    private static let insertionOfBodies = RowStatement.Insertion(into: "bodies", ["id", "seq", "digest", "octets"])

    private var written: Written
    private let topics: Set<String>
    private let database: Database
    private var events: RowStatement
    private var bodies: RowStatement

    /// Writes events, replies and read positions.
    ///
    /// - Parameter drop: takes a text out of the database; its event is written already.
    /// - Throws: `DatabaseError`; `LogError.broken` when an event has too many bodies, or a key a reply already.
    static func write(
        _ batch: Batch, after chain: Chain, topics: Set<String>, replies: ReplyIndex, places: PlaceIndex,
        to database: Database, dropping drop: (BodyRedacted) throws -> Void
    ) throws -> Written {
        var writer = try BatchWriter(chain: chain, topics: topics, database: database)
        for event in batch.events {
            try writer.insert(event)
            guard case .bodyRedacted(let fact) = event.fact else { continue }
            // The text may have come with this batch.
            try writer.finish()
            try drop(fact)
        }
        try writer.finish()
        writer.written.replies = try replies.insert(batch.replies, head: writer.written.chain.head, into: database)
        for position in batch.positions { try writer.insert(position) }
        writer.written.placed = try places.advanced(to: writer.written.chain.head, in: database)
        return writer.written
    }

    private init(chain: Chain, topics: Set<String>, database: Database) throws {
        written = Written(chain: chain)
        self.topics = topics
        self.database = database
        events = try RowStatement(Self.insertionOfEvents, in: database)
        bodies = try RowStatement(Self.insertionOfBodies, in: database)
    }

    /// Inserts the rows that are still gathered.
    private mutating func finish() throws {
        try events.finish()
        try bodies.finish()
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
        written.chain.append(Chain.leaf(events[line]))
        events.add(Int64(texts.count))
        let link = written.chain.link
        events.add(blob: { link.appendOctets(to: &$0) })
        try events.endRow()
        for (place, body) in texts.enumerated() {
            bodies.add(event.sequence * Schema.bodiesPerEvent + Int64(place))
            bodies.add(event.sequence)
            bodies.add(blob: { body.digest.appendOctets(to: &$0) })
            if let text = body.text {
                bodies.add(blob: { $0.append(contentsOf: text.utf8) })
            } else {
                bodies.add(Int64?.none)
            }
            // Bodies name their event, which has to be there first.
            if bodies.isLastOfSeveral { try events.finish() }
            try bodies.endRow()
        }
        if let topic = columns.topic { try insert(topic, of: event) }
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
