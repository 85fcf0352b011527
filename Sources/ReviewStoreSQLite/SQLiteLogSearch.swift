import GRDB
public import ReviewCore
public import ReviewStore

/// The search index: brought forward in small steps beside the commits, never inside one.
extension SQLiteLog {
    /// How many octets of text one step indexes or looks through, and a passage more: a commit waits for it a few
    /// milliseconds, and longer only where a draft of some mebioctets has to be cut first.
    private static let octetsPerStep = 8_192
    /// How many events one step looks at.
    private static let eventsPerStep = 500
    /// What a match costs that turns out to be none of the person's business, in octets of text.
    private static let octetsPerMatch = 8
    /// The most topics that are looked for in the index itself, where matches in others then cost next to nothing; whoever
    /// searches more of them finds enough among the newest matches.
    private static let maximumNamedTopics = 8

    /// Texts that match, newest first, among those that are indexed.
    public func search(_ query: SearchQuery) throws(LogError) -> [SearchHit] {
        var search = SearchProgress(query)
        while !search.isDone { try searchSome(&search) }
        return search.hits
    }

    /// One step: as many hits as can be found in `octetsPerStep` of texts, one at least where there are any nearby.
    public func searchSome(_ search: inout SearchProgress) throws(LogError) {
        try check()
        let expression = SearchExpression(search.query.text)
        guard let match = Self.match(expression, in: search.query.topics), search.hits.count < search.query.limit else {
            search.isDone = true
            return
        }
        // What the query knows nothing of is not looked at; the first passage of an event has its highest number.
        let highest = search.position ?? Self.identifier(min(search.query.through, head), 0)
        let topics = "[" + search.query.topics.map { "\"\($0)\"" }.joined(separator: ",") + "]"
        let hidden = "[" + search.query.hidden.map { String($0.number) }.joined(separator: ",") + "]"
        search = try read { database in
            var search = search
            let statement = try database.cachedStatement(
                sql: """
                    SELECT passages.id, passages.topic IN (SELECT value FROM json_each(?2))
                        AND NOT (kind = 'review' AND number IN (SELECT value FROM json_each(?3)))
                    FROM search CROSS JOIN passages ON passages.id = search.rowid
                    WHERE search MATCH ?1 AND search.rowid <= ?4
                    ORDER BY search.rowid DESC
                    """)
            let rows = try Row.fetchCursor(statement, arguments: [match, topics, hidden, highest])
            var octets = Self.octetsPerStep
            while search.hits.count < search.query.limit, let row = try rows.next() {
                let id = try row.integer(0)
                guard octets > 0 else {
                    search.position = id
                    return search
                }
                octets -= Self.octetsPerMatch
                guard try row.integer(1) == 1 else { continue }
                let (sequence, number) = Self.passage(id)
                // Hits of one event follow one another, and its text is cut only once; that costs a part of looking at it.
                let isCut = searchedPassages?.sequence == sequence
                let passages = try cachedPassages(of: sequence, in: database, \.searchedPassages)
                if !isCut { octets -= passages.reduce(0) { $0 + $1.text.utf8.count } / 8 }
                guard passages.indices.contains(number) else { continue }
                let passage = passages[number]
                octets -= passage.text.utf8.count
                // The index says which texts match; where the match stands is found in the text itself.
                guard let range = expression.shortestMatch(in: SearchWords.words(of: passage.text)) else { continue }
                search.hits.append(
                    SearchHit(
                        source: passage.source, sequence: sequence,
                        snippet: Snippet.around(range, in: passage.text)))
            }
            search.isDone = true
            return search
        }
        if search.isDone { searchedPassages = nil }
    }

    /// Events that the index has not seen yet; all of them when the index does not know where it stands.
    public var unindexedEvents: Int64 { (try? indexed).map { head - $0 } ?? head }

    /// The last event that is indexed whole.
    public var indexed: Int64 {
        get throws(LogError) { try indexCursor().sequence }
    }

    /// One bounded step of the index.
    public func indexSome(limit: Int) throws(LogError) -> Bool {
        try check()
        var cursor = try indexCursor()
        guard cursor.sequence < head else { return false }
        var budget = max(1, limit)
        var octets = Self.octetsPerStep
        var seen = 0
        try write { database in
            while cursor.sequence < head, budget > 0, octets > 0, seen < Self.eventsPerStep {
                let sequence = cursor.sequence + 1
                seen += 1
                let passages = try cachedPassages(of: sequence, in: database, \.pendingPassages)
                if cursor.passage == 0, let first = passages.first,
                    try !retire(before: first.source, &budget, &octets, in: database)
                {
                    break
                }
                while cursor.passage < passages.count, budget > 0, octets > 0 {
                    let passage = passages[cursor.passage]
                    try index(passage, in: database)
                    cursor.passage += 1
                    budget -= 1
                    octets -= passage.text.utf8.count
                }
                if cursor.passage >= passages.count { cursor = (sequence, 0) }
            }
            try database.cachedStatement(sql: "INSERT OR REPLACE INTO meta (name, value) VALUES ('indexed', ?)")
                .execute(arguments: ["\(cursor.sequence) \(cursor.passage)"])
        }
        return cursor.sequence < head
    }

    /// The last event that is indexed whole, and how many passages of the next one are.
    private func indexCursor() throws(LogError) -> (sequence: Int64, passage: Int) {
        try read { database in
            let statement = try database.cachedStatement(sql: "SELECT value FROM meta WHERE name = 'indexed'")
            guard let row = try Row.fetchOne(statement) else { return (0, 0) }
            let parts = try row.text(0).split(separator: " ")
            guard parts.count == 2, let sequence = Int64(parts[0]), let passage = Int(parts[1]),
                (0...head).contains(sequence), passage >= 0
            else { throw LogError.broken("the search index does not know where it stands") }
            return (sequence, passage)
        }
    }

    /// The passages of an event that may take several steps.
    private func cachedPassages(
        of sequence: Int64, in database: Database,
        _ cache: ReferenceWritableKeyPath<SQLiteLog, (sequence: Int64, passages: [SearchPassage])?>
    ) throws -> [SearchPassage] {
        if let pending = self[keyPath: cache], pending.sequence == sequence { return pending.passages }
        let found = try passages(of: sequence, in: database)
        self[keyPath: cache] = found.isEmpty ? nil : (sequence, found)
        return found
    }

    func passages(of sequence: Int64, in database: Database) throws -> [SearchPassage] {
        guard let stored = try StoredRecords.after(sequence - 1, limit: 1, in: database).first,
            stored.sequence == sequence
        else { throw LogError.broken("event \(sequence) is missing") }
        do throws(RecordProblem) { return SearchPassage.passages(of: try stored.record.event()) } catch {
            throw LogError.broken("event \(sequence): \(error.text)")
        }
    }

    func index(_ passage: SearchPassage, in database: Database) throws {
        let id = Self.identifier(passage.sequence, passage.number)
        let (kind, number): (String, Int) =
            switch passage.source {
            case .revision(let revision): ("revision", revision.number)
            case .comment(let comment, _): ("comment", comment.number)
            case .review(let review, _): ("review", review.number)
            case .topic: ("topic", 0)
            }
        try database.cachedStatement(sql: "INSERT INTO passages (id, topic, kind, number) VALUES (?, ?, ?, ?)")
            .execute(arguments: [id, passage.source.topic.description, kind, number])
        try database.cachedStatement(sql: "INSERT INTO search (rowid, exact, folded, topic) VALUES (?, ?, ?, ?)")
            .execute(arguments: Self.words(of: passage, id))
    }

    /// A passage as the index is told it, and told to forget it.
    private static func words(of passage: SearchPassage, _ id: Int64) -> StatementArguments {
        let words = SearchWords.words(of: passage.text)
        return [
            id, words.map(\.exact).joined(separator: " "), words.map(\.folded).joined(separator: " "),
            word(for: passage.source.topic),
        ]
    }

    /// A topic as a single word of the index, whose tokenizer cuts at hyphens: `2025t1`.
    static func word(for topic: TopicID) -> String { "\(topic.year)t\(topic.number)" }

    /// Takes passages of a topic's earlier revisions out of the index before a new one comes in, as many as fit the step:
    /// a search for a frequent word would look at all that were ever written.
    /// - Returns: whether none are left.
    private func retire(
        before source: SearchSource, _ budget: inout Int, _ octets: inout Int, in database: Database
    ) throws -> Bool {
        guard case .revision(let revision) = source else { return true }
        let statement = try database.cachedStatement(
            sql: """
                SELECT id FROM passages WHERE kind = 'revision' AND topic = ? AND number < ? LIMIT ?
                """)
        let ids = try Int64.fetchAll(
            statement, arguments: [revision.topic.description, revision.number, budget])
        for id in ids {
            guard octets > 0 else { return false }
            let (sequence, number) = Self.passage(id)
            let passages = try cachedPassages(of: sequence, in: database, \.leavingPassages)
            try unindex(id, passages, number, in: database)
            budget -= 1
            octets -= passages[number].text.utf8.count
        }
        guard budget > 0 else { return false }
        leavingPassages = nil
        return true
    }

    /// Takes one passage of an event out of the index.
    ///
    /// An index without contents has to be told what it is to forget, so this comes before a text is dropped.
    func unindex(_ id: Int64, _ passages: [SearchPassage], _ number: Int, in database: Database) throws {
        guard passages.indices.contains(number) else { throw LogError.broken("the search index names no text") }
        try database.cachedStatement(
            sql: "INSERT INTO search (search, rowid, exact, folded, topic) VALUES ('delete', ?, ?, ?, ?)"
        ).execute(arguments: Self.words(of: passages[number], id))
        try database.cachedStatement(sql: "DELETE FROM passages WHERE id = ?").execute(arguments: [id])
    }

    static func identifier(_ sequence: Int64, _ number: Int) -> Int64 {
        sequence << Schema.passageBits | ((1 << Schema.passageBits) - 1 - Int64(number))
    }

    static func passage(_ identifier: Int64) -> (sequence: Int64, number: Int) {
        let mask: Int64 = (1 << Schema.passageBits) - 1
        return (identifier >> Schema.passageBits, Int(mask - identifier & mask))
    }

    /// The query in the language of FTS5; nil when it holds no word, or there is no topic to look in.
    ///
    /// Words are letters, digits and marks only, and stand in quotation marks, so nothing a person types can become a
    /// part of the language.
    static func match(_ expression: SearchExpression, in topics: [TopicID]) -> String? {
        guard !expression.phrases.isEmpty, !topics.isEmpty else { return nil }
        let phrases = expression.phrases.map { phrase in
            "\"" + phrase.words.joined(separator: " ") + "\"" + (phrase.isPrefix ? " *" : "")
        }
        let text = (expression.isExact ? "exact" : "folded") + " : (" + phrases.joined(separator: " AND ") + ")"
        guard topics.count <= maximumNamedTopics else { return text }
        return text + " AND topic : (" + topics.map { "\"\(word(for: $0))\"" }.joined(separator: " OR ") + ")"
    }
}
