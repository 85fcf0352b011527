import GRDB
public import ReviewCore
import ReviewDigest
import ReviewStore

/// Compares everything that the database keeps beside the records with what follows from the records alone: columns,
/// finished topics, the indices of topics and of replies, read positions, the hashes of the tree, the search index, and the
/// state that a start loads.
///
/// Memory grows with open topics and with some 16 octets a passage of the search index, not with the texts. All of it is
/// read in one transaction, so a server may write meanwhile.
struct ProjectionCheck {
    /// The most differences that are listed; further ones are only counted.
    static let maximumProblems = 100
    /// How often progress is told, in events.
    private static let step: Int64 = 1_000

    private let database: Database
    private let now: Instant
    private var report = ProjectionReport()
    /// Every topic of the log, and the event that finished it.
    private var topics: [String: Int64?] = [:]
    private var state = State()
    /// Every passage that is indexed: what its words add up to.
    private var passages: [Int64: Int] = [:]
    /// The highest revision of a topic that the index has seen with its text.
    private var newest: [String: Int] = [:]
    /// Revisions whose text is gone: whether those before them left the index depends on when it went.
    private var removed: [String: Int] = [:]
    /// The revision that comes in next: those before it are leaving.
    private var leaving: [String: Int] = [:]
    /// What an indexed event is the revision of.
    private var revisions: [Int64: (topic: String, revision: Int)] = [:]
    private var indexed: (sequence: Int64, passage: Int) = (0, 0)
    /// Complete subtrees of 256 events whose hashes are stored.
    private var tiles: Int64 = 0

    init(_ database: Database, now: Instant) {
        self.database = database
        self.now = now
    }

    /// Runs the whole check.
    static func run(
        _ database: Database, now: Instant, progress: (Int64, Int64) -> Void
    ) throws -> ProjectionReport {
        var check = ProjectionCheck(database, now: now)
        let head = try Int64.fetchOne(database, sql: "SELECT max(seq) FROM events") ?? 0
        try check.readIndexCursor(head)
        try check.readEvents(head, progress)
        try check.checkTopics()
        try check.checkPlaces(head)
        try check.checkReplies(head)
        try check.checkPositions(head)
        try check.checkPassages()
        try check.checkWords()
        try check.checkState()
        return check.report
    }

    private mutating func found(_ place: String, _ expected: String, _ stored: String) {
        report.found(ProjectionReport.Difference(place: place, expected: expected, stored: stored))
    }

    private mutating func compare<Value: Equatable>(_ place: String, _ expected: Value?, _ stored: Value?) {
        func shown(_ value: Value?) -> String { value.map { "\($0)" } ?? "-" }
        if expected != stored { found(place, shown(expected), shown(stored)) }
    }

    // MARK: Events

    private mutating func readEvents(_ head: Int64, _ progress: (Int64, Int64) -> Void) throws {
        var tree = try beginTree(head)
        let rows = try Row.fetchCursor(
            database,
            sql: """
                SELECT seq, encoded, bodies, topic, comment, review, keep, expires, person, key, request, echo, reply IS NULL
                FROM events ORDER BY seq
                """)
        while let row = try rows.next() {
            let sequence = try row.integer(0)
            if sequence % Self.step == 0 { progress(sequence, head) }
            let record = try StoredRecords.record(
                sequence, try row.text(1), bodies: try row.integer(2), in: database)
            for (level, position, hash) in tree?.add(sequence, try row.text(1)) ?? [] {
                try checkHash(level, position, hash)
            }
            // What cannot be read is reported by the check of the chain.
            guard let event = try? record.event() else { continue }
            let columns = EventColumns(event)
            let place = "events \(sequence)"
            compare("\(place) bodies", columns.bodies, try row.integer(2))
            compare("\(place) topic", columns.topic, try row.optionalText(3))
            compare("\(place) comment", columns.comment, try row.optionalInteger(4))
            compare("\(place) review", columns.review, try row.optionalInteger(5))
            compare("\(place) keep", columns.keep, try row.text(6))
            compare("\(place) expires", columns.expires, try row.optionalInteger(7))
            try checkReply(in: row, of: event, record.bodies)
            if let topic = columns.topic {
                let closed = topics[topic] ?? nil
                topics[topic] = .some(closed ?? (event.fact.closesTopic ? sequence : nil))
            }
            if sequence <= indexed.sequence + (indexed.passage > 0 ? 1 : 0) {
                expectPassages(of: event)
            } else if sequence == indexed.sequence + 1, case .revisionPushed(let fact) = event.fact {
                // Those before it leave the index, step by step, before it comes in.
                leaving[fact.topic.description] = fact.revision
            }
            state.apply(event)
        }
        report.events = head
    }

    // MARK: The tree

    /// How far the tree has grown, which fixes how many hashes of each level there are; nil without a secret to compute any.
    private mutating func beginTree(_ head: Int64) throws -> TreeCheck? {
        tiles = try TreeStore.count(1, in: database)
        if tiles < 0 || tiles > head / TreeTiles.width { found("tree 1", "0…\(head / TreeTiles.width)", "\(tiles)") }
        var (expected, level) = (Int64(0), tiles)
        while level > 0 { (expected, level) = (expected + level, level / TreeTiles.width) }
        compare("tree", expected, try Int64.fetchOne(database, sql: "SELECT count(*) FROM tree"))
        guard let secret = try TreeStore.secret(database) else {
            found("meta leaf-secret", "a secret", "-")
            return nil
        }
        return TreeCheck(secret)
    }

    /// A hash that follows from the records is stored, unless the tree has still to grow there.
    private mutating func checkHash(_ level: Int, _ position: Int64, _ hash: Digest) throws {
        var there = tiles
        for _ in 1..<level { there /= TreeTiles.width }
        guard position < there else { return }
        let statement = try database.cachedStatement(sql: "SELECT hash FROM tree WHERE level = ? AND position = ?")
        let row = try Row.fetchOne(statement, arguments: [level, position])
        compare("tree \(level)/\(position)", hash, try row.flatMap { Digest(octets: try $0.octets(0)) })
    }

    /// A reply is whole, belongs to who made the event, and repeats a text that is there.
    private mutating func checkReply(in row: Row, of event: Event, _ bodies: [Body]) throws {
        let place = "events \(event.sequence)"
        let parts = [try row.optionalText(8) != nil, try row.optionalText(9) != nil, try row.optionalText(10) != nil]
        let hasReply = try row.integer(12) == 0
        guard parts.allSatisfy({ $0 == hasReply }) else {
            return found("\(place) reply", "person, key, request and reply, or none of them", "some of them")
        }
        if hasReply { compare("\(place) person", event.person?.text, try row.optionalText(8)) }
        guard let echo = try row.optionalInteger(11) else { return }
        let isThere = Int(exactly: echo).map { bodies.indices.contains($0) && bodies[$0].text != nil } ?? false
        if !hasReply || !isThere { found("\(place) echo", "a text of the event", "\(echo)") }
    }

    private mutating func checkTopics() throws {
        var stored = Set<String>()
        let rows = try Row.fetchCursor(database, sql: "SELECT topic, closed FROM topics ORDER BY topic")
        while let row = try rows.next() {
            let topic = try row.text(0)
            stored.insert(topic)
            guard let closed = topics[topic] else {
                found("topics \(topic)", "-", "a row")
                continue
            }
            compare("topics \(topic) closed", closed, try row.optionalInteger(1))
        }
        for topic in topics.keys.sorted() where !stored.contains(topic) { found("topics \(topic)", "a row", "-") }
    }

    /// The index of topics and comments holds exactly the events that have their place.
    private mutating func checkPlaces(_ head: Int64) throws {
        let placed = try Int64.fetchOne(database, sql: "SELECT \(PlaceIndex.last)") ?? 0
        if placed < 0 || placed > head { found("meta placed", "0…\(head)", "\(placed)") }
        for (table, column) in [("topic_events", "topic"), ("comment_events", "comment")] {
            let lost = try Row.fetchCursor(
                database,
                sql: """
                    SELECT seq FROM events WHERE seq <= ? AND \(column) IS NOT NULL AND NOT EXISTS
                    (SELECT 1 FROM \(table) AS place WHERE place.\(column) = events.\(column) AND place.seq = events.seq)
                    """, arguments: [placed])
            var missing: Int64 = 0
            while let row = try lost.next() {
                missing += 1
                found("\(table) \(try row.integer(0))", "a row", "-")
            }
            let expected = try Int64.fetchOne(
                database, sql: "SELECT count(*) FROM events WHERE seq <= ? AND \(column) IS NOT NULL",
                arguments: [placed])
            compare(
                table, expected.map { $0 - missing }, try Int64.fetchOne(database, sql: "SELECT count(*) FROM \(table)")
            )
        }
    }

    // MARK: Replies and positions

    private mutating func checkReplies(_ head: Int64) throws {
        let merged = try ReplyIndex.Position.indexed(database)
        let rows = try Row.fetchCursor(
            database,
            sql: """
                SELECT id, person, key, seq FROM replies
                UNION ALL
                SELECT -seq, person, key, seq FROM events WHERE key IS NOT NULL
                """)
        var expected: Int64 = 0
        var waiting = Set<ReplyKey>()
        while let row = try rows.next() {
            let id = try row.integer(0)
            let event = ReplyIndex.event(id)
            let place = event.map { "events \($0)" } ?? "replies \(id)"
            guard let person = PersonID(try row.text(1)) else {
                found("\(place) person", "a person", try row.text(1))
                continue
            }
            let sequence = try row.integer(3)
            if sequence < 0 || sequence > head { found("\(place) seq", "0…\(head)", "\(sequence)") }
            // Every merged reply is found by its hash, and no hash belongs to two: so no key has two merged replies.
            let key = ReplyKey(person: person, key: try row.text(2))
            let isMerged = event.map { $0 <= merged.event } ?? (id <= merged.row)
            if isMerged {
                expected += 1
            } else if !waiting.insert(key).inserted {
                found(place, "one", "two of a key")
            }
            let entry = try Row.fetchOne(
                try database.cachedStatement(sql: "SELECT id FROM reply_keys WHERE hash = ?"),
                arguments: [ReplyIndex.hash(key)])
            let found = try entry?.integer(0)
            // Later ones may be on their way into it.
            if !isMerged, found == nil { continue }
            if !isMerged { expected += 1 }
            compare("\(place) reply_keys", id, found)
        }
        compare("reply_keys", expected, try Int64.fetchOne(database, sql: "SELECT count(*) FROM reply_keys"))
    }

    private mutating func checkPositions(_ head: Int64) throws {
        let rows = try Row.fetchCursor(
            database, sql: "SELECT person, client, seq FROM positions WHERE seq < 0 OR seq > ?", arguments: [head])
        while let row = try rows.next() {
            found("positions \(try row.text(0)) \(try row.text(1))", "0…\(head)", "\(try row.integer(2))")
        }
    }

    // MARK: Search

    private mutating func readIndexCursor(_ head: Int64) throws {
        guard let row = try Row.fetchOne(database, sql: "SELECT value FROM meta WHERE name = 'indexed'") else { return }
        let text = try row.text(0)
        let parts = text.split(separator: " ")
        guard parts.count == 2, let sequence = Int64(parts[0]), let passage = Int(parts[1]),
            (0...head).contains(sequence), passage >= 0
        else {
            found("meta indexed", "0…\(head)", text)
            return
        }
        indexed = (sequence, passage)
    }

    private mutating func expectPassages(of event: Event) {
        var found = SearchPassage.passages(of: event)
        if event.sequence > indexed.sequence { found = Array(found.prefix(indexed.passage)) }
        if case .revisionPushed(let fact) = event.fact {
            let topic = fact.topic.description
            if fact.text.text == nil {
                removed[topic] = max(removed[topic] ?? 0, fact.revision)
            } else {
                newest[topic] = max(newest[topic] ?? 0, fact.revision)
            }
            revisions[event.sequence] = (topic, fact.revision)
        }
        for passage in found {
            var sum = Self.mixed(SQLiteLog.word(for: passage.source.topic), "topic", 0)
            for (place, word) in SearchWords.words(of: passage.text).enumerated() {
                sum &+= Self.mixed(word.exact, "exact", place) &+ Self.mixed(word.folded, "folded", place)
            }
            passages[SQLiteLog.identifier(passage.sequence, passage.number)] = sum
        }
    }

    /// One word at its place; sums of these do not depend on the order in which they come.
    private static func mixed(_ word: String, _ column: String, _ place: Int) -> Int {
        var hasher = Hasher()
        hasher.combine(word)
        hasher.combine(column)
        hasher.combine(place)
        return hasher.finalize()
    }

    private mutating func checkPassages() throws {
        let rows = try Row.fetchCursor(
            database,
            sql: """
                SELECT passages.id, passages.topic, kind, number, events.topic
                FROM passages LEFT JOIN events ON events.seq = passages.id >> \(Schema.passageBits)
                """)
        var count = 0
        // Those of earlier revisions that have not left yet.
        var staying = Set<Int64>()
        while let row = try rows.next() {
            let id = try row.integer(0)
            let (sequence, number) = SQLiteLog.passage(id)
            let place = "passages \(sequence)/\(number)"
            guard passages[id] != nil else {
                found(place, "-", "a row")
                continue
            }
            count += 1
            let topic = try row.text(1)
            compare("\(place) topic", try row.optionalText(4), topic)
            guard try row.text(2) == "revision" else { continue }
            let revision = Int(try row.integer(3))
            if newest[topic] ?? 0 > revision { found(place, "-", "a row") }
            if mayHaveLeft(topic, revision) { staying.insert(id) }
        }
        // What left the index has no row, and may have no words.
        for id in Array(passages.keys) where !staying.contains(id) {
            guard let (topic, revision) = revisions[SQLiteLog.passage(id).sequence], mayHaveLeft(topic, revision)
            else { continue }
            passages[id] = nil
        }
        if count < passages.count { found("passages", "\(passages.count)", "\(count)") }
    }

    /// Whether a revision's passages may be gone, since a later one has come or is coming.
    private func mayHaveLeft(_ topic: String, _ revision: Int) -> Bool {
        max(newest[topic] ?? 0, removed[topic] ?? 0, leaving[topic] ?? 0) > revision
    }

    /// The index has no contents to compare, but its words can be listed, each with its place.
    private mutating func checkWords() throws {
        try database.execute(
            sql: "CREATE VIRTUAL TABLE IF NOT EXISTS temp.indexed_words USING fts5vocab(main, search, instance)")
        defer { try? database.execute(sql: "DROP TABLE IF EXISTS temp.indexed_words") }
        let rows = try Row.fetchCursor(database, sql: "SELECT term, doc, col, offset FROM temp.indexed_words")
        var unknown = Set<Int64>()
        while let row = try rows.next() {
            let id = try row.integer(1)
            guard let rest = passages[id] else {
                unknown.insert(id)
                continue
            }
            passages[id] = rest &- Self.mixed(try row.text(0), try row.text(2), Int(try row.integer(3)))
        }
        for id in unknown.sorted() {
            let (sequence, number) = SQLiteLog.passage(id)
            found("search \(sequence)/\(number)", "-", "words")
        }
        for (id, rest) in passages.sorted(by: { $0.key < $1.key }) where rest != 0 {
            let (sequence, number) = SQLiteLog.passage(id)
            found("search \(sequence)/\(number)", "the words of the text", "others")
        }
    }

    // MARK: State

    /// The state that a start loads must be the one that the whole log gives.
    private mutating func checkState() throws {
        var loaded = State()
        for event in try StoredRecords.openEvents(now: now, in: database) { loaded.apply(event) }
        loaded.advance(to: state.lastSequence)
        state.forgetExpired(now: now)
        loaded.forgetExpired(now: now)
        for place in StateComparison.differences(state, loaded) {
            found("state \(place)", "the log's", "another")
        }
    }
}

/// What the check found.
public struct ProjectionReport: Sendable, Equatable {
    /// Events that were replayed.
    public internal(set) var events: Int64 = 0
    /// The first differences, in the order of the check.
    public private(set) var differences: [Difference] = []
    /// How many there are in all.
    public private(set) var count = 0
    /// Whether an earlier version wrote the file: what it keeps beside the records is made anew by the upgrade, so there
    /// is nothing to compare yet.
    public private(set) var isOfAnEarlierSchema = false

    static var ofAnEarlierSchema: ProjectionReport {
        var report = ProjectionReport()
        report.isOfAnEarlierSchema = true
        return report
    }

    /// One thing that the database keeps otherwise than the records say.
    public struct Difference: Sendable, Equatable {
        /// Table, row and column.
        public let place: String
        /// What follows from the records.
        public let expected: String
        /// What is stored.
        public let stored: String

        /// The sentence for the operator.
        public var wording: Wording {
            Wording(
                "\(place): theo nhật ký phải là “\(expected)”, đang lưu “\(stored)”.",
                "\(place): the log says “\(expected)”, stored is “\(stored)”.")
        }
    }

    init() {}

    mutating func found(_ difference: Difference) {
        count += 1
        if differences.count < ProjectionCheck.maximumProblems { differences.append(difference) }
    }
}
