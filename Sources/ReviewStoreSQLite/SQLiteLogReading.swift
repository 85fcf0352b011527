import GRDB
public import ReviewCore
public import ReviewStore

extension SQLiteLog {
    /// What has to be loaded at start, in order; finished topics cost nothing.
    public func openEvents(now: Instant) throws(LogError) -> [Event] {
        try events(
            """
            SELECT seq, encoded, bodies FROM events WHERE keep = 'always'
            UNION ALL
            SELECT seq, encoded, bodies FROM topics CROSS JOIN events USING (topic)
                WHERE topics.closed IS NULL AND keep = 'open'
            UNION ALL
            SELECT seq, encoded, bodies FROM events WHERE expires > ?
            ORDER BY seq
            """, [now.milliseconds])
    }

    /// At most `limit` events after a sequence.
    public func events(after sequence: Int64, limit: Int, topic: TopicID?) throws(LogError) -> [Event] {
        // SQLite would take a negative limit for none.
        let limit = max(0, limit)
        guard let topic else {
            return try events(
                "SELECT seq, encoded, bodies FROM events WHERE seq > ? ORDER BY seq LIMIT ?", [sequence, limit])
        }
        return try events(
            "SELECT seq, encoded, bodies FROM events WHERE topic = ? AND seq > ? ORDER BY seq LIMIT ?",
            [topic.description, sequence, limit])
    }

    /// Every event of a topic.
    public func events(of topic: TopicID) throws(LogError) -> [Event] {
        try events("SELECT seq, encoded, bodies FROM events WHERE topic = ? ORDER BY seq", [topic.description])
    }

    private func events(_ sql: String, _ arguments: StatementArguments) throws(LogError) -> [Event] {
        try read { database in
            var found: [Event] = []
            let rows = try Row.fetchCursor(try database.cachedStatement(sql: sql), arguments: arguments)
            while let row = try rows.next() {
                let sequence = try row.integer(0)
                let record = EventRecord(
                    encoded: try row.text(1),
                    bodies: try StoredRecords.bodies(of: sequence, count: try row.integer(2), in: database))
                do throws(RecordProblem) { found.append(try record.event()) } catch {
                    throw LogError.broken("event \(sequence): \(error.text)")
                }
            }
            return found
        }
    }

    /// The records as stored.
    public func records(after sequence: Int64, limit: Int) throws(LogError) -> [StoredRecord] {
        try read { try StoredRecords.after(sequence, limit: max(0, limit), in: $0) }
    }

    /// The topic of a comment.
    public func topic(of comment: CommentID) throws(LogError) -> TopicID? {
        try topic("SELECT topic FROM events WHERE comment = ?", comment.number)
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
        try read { database in try keys.compactMap { try replies.reply(to: $0, in: database) } }
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
