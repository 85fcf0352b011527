import Foundation
import GRDB
import ReviewCore
import ReviewDigest
import ReviewStore

/// Finds stored replies by their keys without making every commit pay for it.
///
/// Keys are random, so an index over them would dirty a page of its own for nearly every reply of a batch, and the
/// checkpoints would carry those pages too. Replies are therefore only appended; the newest are found through a
/// dictionary in memory. Once that holds `maximumRecent` of them a sweep brings them into the index in its order, many to
/// a page, and a slice with each commit, so that none is much longer than another. Opening a log reads back those that
/// are not known to be in the index: at most twice as many, and one batch.
///
/// A reply to a request that changed something stands in the row of the request's last event, and its number is that
/// event's, negative. Others have rows and numbers of their own.
struct ReplyIndex {
    /// Half of the digest of person and key: short entries, and no two keys share one by chance or by design.
    private static let hashOctets = 16
    /// How many replies wait in memory: enough that a slice writes several to each page of a large index, in a megabyte or
    /// two.
    static let maximumRecent = 8192
    /// How many of them a commit carries to the index; more if it brings more itself, so that a sweep ends before the next
    /// one is due.
    private static let slice = 256

    private static let insertion = RowStatement.Insertion(
        into: "replies", ["id", "person", "key", "request", "reply", "seq"])

    /// After a sweep that a stop of the server cut short, some are there already.
    private static let insertionOfKeys = RowStatement.Insertion(into: "reply_keys", ["hash", "id"], skipping: true)

    /// A reply that waits for the index.
    fileprivate struct Entry {
        let key: ReplyKey
        let digest: Digest
        let id: Int64
    }

    /// How far replies go: those in rows of their own, and those in the rows of events.
    struct Position {
        /// The names under which `meta` keeps how far the index is.
        static let rowsName = "replies"
        static let eventsName = "event-replies"

        /// The number of the last reply in a row of its own.
        var row: Int64 = 0
        /// The last event with a reply in its row.
        var event: Int64 = 0

        /// How far the index is known to be.
        static func indexed(_ database: Database) throws -> Position {
            func value(_ name: String) throws -> Int64 {
                let row = try Row.fetchOne(database, sql: "SELECT value FROM meta WHERE name = ?", arguments: [name])
                return try row.map { try $0.text(0) }.flatMap { Int64($0) } ?? 0
            }
            return Position(row: try value(rowsName), event: try value(eventsName))
        }

        /// Notes that the index is as far as this.
        func store(in database: Database) throws {
            let statement = try database.cachedStatement(sql: "INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)")
            try statement.execute(arguments: [Self.rowsName, String(row)])
            try statement.execute(arguments: [Self.eventsName, String(event)])
        }

        mutating func take(_ id: Int64) {
            if let event = ReplyIndex.event(id) { self.event = max(self.event, event) } else { row = max(row, id) }
        }
    }

    /// The event in whose row a reply stands; nil for one in a row of its own.
    static func event(_ id: Int64) -> Int64? { id < 0 ? 0 &- id : nil }

    /// The number of a reply in the row of an event.
    static func id(ofEvent sequence: Int64) -> Int64 { 0 &- sequence }

    /// A walk through the buckets in the index's order; it ends with everything in the index that waited when it began.
    fileprivate struct Sweep {
        /// The bucket that comes next.
        var next = 0
        /// How far replies went when it began.
        let last: Position
    }

    private var recent: [ReplyKey: Int64] = [:]
    /// What waits, by the first octet of its digest.
    private var buckets: [[Entry]] = Array(repeating: [], count: 256)
    private var sweep: Sweep?
    /// Keys that were asked for since the last append and have no reply: theirs come next, and nobody else writes, so they
    /// are neither digested nor looked for a second time.
    private var absent: [ReplyKey: Digest] = [:]
    /// How far replies go.
    private var last: Position

    /// Reads what waits for the index.
    init(_ database: Database) throws {
        let indexed = try Position.indexed(database)
        last = indexed
        last.take(try Int64.fetchOne(database, sql: "SELECT max(id) FROM replies") ?? 0)
        let rows = try Row.fetchCursor(
            database,
            sql: """
                SELECT id, person, key FROM replies WHERE id > ?
                UNION ALL
                SELECT -seq, person, key FROM events WHERE seq > ? AND key IS NOT NULL
                """, arguments: [indexed.row, indexed.event])
        while let row = try rows.next() {
            guard let person = PersonID(try row.text(1)) else { throw ColumnProblem(column: 1) }
            let key = ReplyKey(person: person, key: try row.text(2))
            let id = try row.integer(0)
            last.take(id)
            remember(Entry(key: key, digest: Self.digest(key), id: id))
        }
    }

    /// What a batch changes here, once it is committed.
    struct Change {
        fileprivate var added: [Entry] = []
        /// Buckets whose entries are in the index then.
        fileprivate var merged = 0..<0
        fileprivate var sweep: Sweep?
    }

    /// Takes the replies of a batch in, inserts those that stand in the row of no event, and a slice of the index when it is
    /// time; to be applied after the commit.
    ///
    /// - Throws: `LogError.broken` when a key has a reply already.
    func insert(_ replies: [StoredReply], head: Int64, into database: Database) throws -> Change {
        var change = Change(sweep: sweep)
        var keys = Set<ReplyKey>()
        if replies.isEmpty { return change }
        var search = try Search(database)
        var apart: [StoredReply] = []
        change.added.reserveCapacity(replies.count)
        for reply in replies {
            let known = absent[reply.key]
            let digest = known ?? Self.digest(reply.key)
            guard replies.count == 1 || keys.insert(reply.key).inserted,
                try known != nil || identifier(of: reply.key, digest, &search) == nil
            else {
                throw LogError.broken("a reply to \(reply.key.person)'s key \(reply.key.key) is stored already")
            }
            let id: Int64
            if let sequence = reply.sequence {
                id = Self.id(ofEvent: sequence)
            } else {
                apart.append(reply)
                id = last.row + Int64(apart.count)
            }
            change.added.append(Entry(key: reply.key, digest: digest, id: id))
        }
        // Hardly a batch has any.
        if !apart.isEmpty { try insert(rows: apart, head: head, into: database) }
        try continueSweep(&change, in: database)
        return change
    }

    /// Inserts replies that stand in the row of no event, with the numbers that come next.
    private func insert(rows replies: [StoredReply], head: Int64, into database: Database) throws {
        var rows = try RowStatement(Self.insertion, in: database)
        for (place, reply) in replies.enumerated() {
            rows.add(last.row + Int64(place) + 1)
            rows.add(reply.key.person.text)
            rows.add(reply.key.key)
            rows.add(reply.request)
            rows.add(blob: { $0.append(contentsOf: reply.reply) })
            rows.add(head)
            try rows.endRow()
        }
        try rows.finish()
    }

    /// Whether a sweep is on its way, or due.
    var isSweeping: Bool { sweep != nil || recent.count >= Self.maximumRecent }

    /// Carries one slice of a sweep to the index without a batch; to be applied after the commit.
    ///
    /// Without this a server that is stopped before each sweep has come to its end would begin it again and again.
    func slice(into database: Database) throws -> Change {
        var change = Change(sweep: sweep)
        try continueSweep(&change, in: database)
        return change
    }

    /// Takes over what a committed batch changed.
    mutating func apply(_ change: Change) {
        absent.removeAll(keepingCapacity: true)
        for bucket in change.merged {
            for entry in buckets[bucket] { recent[entry.key] = nil }
            buckets[bucket] = []
        }
        for entry in change.added {
            remember(entry)
            last.take(entry.id)
        }
        sweep = change.sweep
    }

    /// Looks keys up in the index: one statement for as many as are asked for at once.
    struct Search {
        fileprivate var statement: RowStatement

        init(_ database: Database) throws {
            statement = try RowStatement("SELECT id FROM reply_keys WHERE hash = ?", in: database)
        }
    }

    /// The stored reply of a key.
    mutating func reply(to key: ReplyKey, _ search: inout Search, in database: Database) throws -> StoredReply? {
        let digest = Self.digest(key)
        guard let id = try identifier(of: key, digest, &search) else {
            // Requests that are refused never append theirs.
            if absent.count >= Self.maximumRecent { absent.removeAll(keepingCapacity: true) }
            absent[key] = digest
            return nil
        }
        let statement = try database.cachedStatement(
            sql: """
                SELECT request, reply, NULL, NULL, NULL FROM replies WHERE id = ?1 AND person = ?2 AND key = ?3
                UNION ALL
                SELECT request, reply, echo, encoded, bodies FROM events WHERE seq = -?1 AND person = ?2 AND key = ?3
                """)
        guard let row = try Row.fetchOne(statement, arguments: [id, key.person.text, key.key]) else {
            throw LogError.broken("the index of replies names reply \(id), which belongs to another key")
        }
        let (request, rest) = (try row.text(0), Array(try row.octets(1)))
        let sequence = Self.event(id)
        guard let sequence, let echo = try row.optionalInteger(2) else {
            return StoredReply(key: key, request: request, reply: rest, sequence: sequence)
        }
        let bodies = try StoredRecords.record(
            sequence, try row.text(3), bodies: try row.integer(4), in: database
        ).bodies
        guard let place = Int(exactly: echo), bodies.indices.contains(place), let text = bodies[place].text else {
            throw LogError.broken("the reply of event \(sequence) repeats a text that is not there")
        }
        var reply: [UInt8] = []
        ReplyEcho.write(text, into: &reply)
        return StoredReply(key: key, request: request, reply: reply + rest, sequence: sequence)
    }

    private mutating func remember(_ entry: Entry) {
        recent[entry.key] = entry.id
        buckets[Int(entry.digest.firstOctet)].append(entry)
    }

    private func identifier(of key: ReplyKey, _ digest: Digest, _ search: inout Search) throws -> Int64? {
        if let id = recent[key] { return id }
        search.statement.add(blob: { digest.appendOctets(to: &$0, first: Self.hashOctets) })
        return try search.statement.integer()
    }

    /// Carries the next buckets of a sweep to the index, or begins one when enough replies wait.
    private func continueSweep(_ change: inout Change, in database: Database) throws {
        guard var sweep = sweep ?? (recent.count >= Self.maximumRecent ? Sweep(last: last) : nil) else { return }
        let first = sweep.next
        var entries: [Entry] = []
        while sweep.next < buckets.count, entries.count < max(Self.slice, 2 * change.added.count) {
            entries += buckets[sweep.next].sorted { $0.digest < $1.digest }
            sweep.next += 1
        }
        var rows = try RowStatement(Self.insertionOfKeys, in: database)
        for entry in entries {
            rows.add(blob: { entry.digest.appendOctets(to: &$0, first: Self.hashOctets) })
            rows.add(entry.id)
            try rows.endRow()
        }
        try rows.finish()
        change.merged = first..<sweep.next
        change.sweep = sweep
        guard sweep.next == buckets.count else { return }
        change.sweep = nil
        try sweep.last.store(in: database)
    }

    /// The index's entry of a key.
    static func hash(_ key: ReplyKey) -> Data { Data(digest(key).octets.prefix(hashOctets)) }

    /// A person's name holds no LF, so different pairs are different texts.
    private static func digest(_ key: ReplyKey) -> Digest {
        var stream = DigestStream()
        stream.update(key.person.text)
        stream.update("\n")
        stream.update(key.key)
        return stream.finish()
    }
}
