import GRDB
public import ReviewCore
public import ReviewStore

extension SQLiteLog {
    /// What has to be loaded at start, in order; finished topics cost nothing.
    public func openEvents(now: Instant) throws(LogError) -> [Event] {
        try read { try StoredRecords.openEvents(now: now, in: $0) }
    }

    /// At most `limit` events after a sequence.
    public func events(after sequence: Int64, limit: Int, topic: TopicID?) throws(LogError) -> [Event] {
        let (sql, arguments) = Self.page(after: sequence, limit: limit, topic: topic)
        return try events(sql, arguments, withFiles: true)
    }

    /// At most `limit` events after a sequence, without their texts.
    public func references(after sequence: Int64, limit: Int, topic: TopicID?) throws(LogError) -> [Event] {
        let (sql, arguments) = Self.page(after: sequence, limit: limit, topic: topic)
        return try read { try StoredRecords.references(sql, arguments, in: $0) }
    }

    private static func page(after sequence: Int64, limit: Int, topic: TopicID?) -> (String, StatementArguments) {
        // SQLite would take a negative limit for none.
        let limit = max(0, limit)
        guard let topic else {
            return ("SELECT seq, encoded, bodies FROM events WHERE seq > ? ORDER BY seq LIMIT ?", [sequence, limit])
        }
        return (eventsOfTopic, [topic.description, sequence, limit])
    }

    /// Every event of a topic, without its files.
    public func events(of topic: TopicID) throws(LogError) -> [Event] {
        try events(Self.eventsOfTopic, [topic.description, 0, Int64.max], withFiles: false)
    }

    /// Those that have their place, and those that wait for it, both already in order: a page costs nothing for the events
    /// behind it.
    static let eventsOfTopic = """
        SELECT place.seq AS seq, encoded, bodies FROM topic_events AS place CROSS JOIN events ON events.seq = place.seq
            WHERE place.topic = ?1 AND place.seq > ?2
        UNION ALL
        SELECT seq, encoded, bodies FROM events WHERE seq > max(?2, \(PlaceIndex.last)) AND topic = ?1
        ORDER BY seq LIMIT ?3
        """

    private func events(
        _ sql: String, _ arguments: StatementArguments, withFiles: Bool
    ) throws(LogError) -> [Event] {
        try read { try StoredRecords.events(sql, arguments, withFiles: withFiles, in: $0) }
    }

    /// The records as stored.
    public func records(after sequence: Int64, limit: Int) throws(LogError) -> [StoredRecord] {
        try read { try StoredRecords.after(sequence, limit: max(0, limit), in: $0) }
    }

    /// The topic of a comment.
    public func topic(of comment: CommentID) throws(LogError) -> TopicID? {
        try topic(
            """
            SELECT topic FROM comment_events AS place CROSS JOIN events ON events.seq = place.seq
                WHERE place.comment = ?1
            UNION ALL
            SELECT topic FROM events WHERE seq > \(PlaceIndex.last) AND comment = ?1
            """, comment.number)
    }

    /// The topic of a review.
    public func topic(of review: ReviewID) throws(LogError) -> TopicID? {
        try topic("SELECT topic FROM events WHERE review = ?", review.number)
    }

    private func topic(_ sql: String, _ number: Int) throws(LogError) -> TopicID? {
        try read { database in
            let row = try Row.fetchOne(try database.cachedStatement(sql: sql), arguments: [number])
            return try row?.optionalText(0).flatMap { TopicID($0) }
        }
    }

    /// The stored replies of those keys that have one.
    public func replies(_ keys: [ReplyKey]) throws(LogError) -> [StoredReply] {
        try read { database in
            var search = try ReplyIndex.Search(database)
            func find() throws -> [StoredReply] {
                try keys.compactMap { try replies.reply(to: $0, &search, in: database) }
            }
            // One alone is one statement, or two that only this process could come between.
            return keys.count == 1 ? try find() : try database.inReadTransaction(find)
        }
    }

    /// A read position.
    public func position(of person: PersonID, client: String) throws(LogError) -> Int64? {
        try read { database in
            let statement = try database.cachedStatement(
                sql: "SELECT seq FROM positions WHERE person = ? AND client = ?")
            return try Row.fetchOne(statement, arguments: [person.text, client])?.integer(0)
        }
    }
}
