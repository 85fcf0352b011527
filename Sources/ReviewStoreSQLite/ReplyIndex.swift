import Foundation
import GRDB
import ReviewCore
import ReviewDigest
import ReviewStore

/// Finds stored replies by their keys without making every commit pay for it.
///
/// Keys are random, so an index over them would dirty a page of its own for nearly every reply of a batch, and the
/// checkpoints would carry those pages too. Replies are therefore only appended; the newest are found through a
/// dictionary in memory, and once that holds `maximumRecent` of them they enter the index together, in its order, many
/// to a page. Opening a log reads back those that are not in the index yet, at most that many and one batch.
struct ReplyIndex {
    /// How many replies wait in memory: enough that a merge writes several to each page of a large index, and so few that
    /// nobody notices the commit that carries it.
    static let maximumRecent = 1024

    private static let insertion = RowStatement.Insertion(
        into: "replies", ["id", "person", "key", "request", "reply", "seq"])

    private var recent: [ReplyKey: Int64] = [:]
    /// Keys that were asked for since the last append and have no reply: theirs come next, and nobody else writes, so they
    /// are not looked for a second time.
    private var absent: Set<ReplyKey> = []
    /// The number of the last reply.
    private var last: Int64

    /// Reads what waits for the index.
    init(_ database: Database) throws {
        last = try Int64.fetchOne(database, sql: "SELECT max(id) FROM replies") ?? 0
        let row = try Row.fetchOne(database, sql: "SELECT value FROM meta WHERE name = 'replies'")
        let indexed = try row.map { try $0.text(0) }.flatMap { Int64($0) } ?? 0
        let rows = try Row.fetchCursor(
            database, sql: "SELECT id, person, key FROM replies WHERE id > ?", arguments: [indexed])
        while let row = try rows.next() {
            guard let person = PersonID(try row.text(1)) else { throw ColumnProblem(column: 1) }
            recent[ReplyKey(person: person, key: try row.text(2))] = try row.integer(0)
        }
    }

    /// What a batch changes here, once it is committed.
    struct Change {
        fileprivate var added: [(key: ReplyKey, id: Int64)] = []
        fileprivate var isMerged = false
    }

    /// Inserts the replies of a batch, and merges the index when it is time; to be applied after the commit.
    ///
    /// - Throws: `LogError.broken` when a key has a reply already.
    func insert(_ replies: [StoredReply], head: Int64, into database: Database) throws -> Change {
        var change = Change()
        var keys = Set<ReplyKey>()
        if replies.isEmpty { return change }
        var rows = try RowStatement(Self.insertion, in: database)
        change.added.reserveCapacity(replies.count)
        for reply in replies {
            guard replies.count == 1 || keys.insert(reply.key).inserted,
                try absent.contains(reply.key) || identifier(of: reply.key, in: database) == nil
            else {
                throw LogError.broken("a reply to \(reply.key.person)'s key \(reply.key.key) is stored already")
            }
            let id = last + Int64(change.added.count) + 1
            rows.add(id)
            rows.add(reply.key.person.text)
            rows.add(reply.key.key)
            rows.add(reply.request)
            rows.add(blob: { $0.append(contentsOf: reply.reply) })
            rows.add(head)
            try rows.endRow()
            change.added.append((reply.key, id))
        }
        try rows.finish()
        if recent.count + change.added.count >= Self.maximumRecent {
            try merge(change.added, in: database)
            change.isMerged = true
        }
        return change
    }

    /// Takes over what a committed batch changed.
    mutating func apply(_ change: Change) {
        last += Int64(change.added.count)
        absent.removeAll(keepingCapacity: true)
        if change.isMerged {
            recent.removeAll(keepingCapacity: true)
        } else {
            for (key, id) in change.added { recent[key] = id }
        }
    }

    /// The stored reply of a key.
    mutating func reply(to key: ReplyKey, in database: Database) throws -> StoredReply? {
        guard let id = try identifier(of: key, in: database) else {
            // Requests that are refused never append theirs.
            if absent.count >= Self.maximumRecent { absent.removeAll(keepingCapacity: true) }
            absent.insert(key)
            return nil
        }
        let statement = try database.cachedStatement(
            sql: "SELECT request, reply FROM replies WHERE id = ? AND person = ? AND key = ?")
        guard let row = try Row.fetchOne(statement, arguments: [id, key.person.text, key.key]) else {
            throw LogError.broken("the index of replies names reply \(id), which belongs to another key")
        }
        return StoredReply(key: key, request: try row.text(0), reply: Array(try row.octets(1)))
    }

    private func identifier(of key: ReplyKey, in database: Database) throws -> Int64? {
        if let id = recent[key] { return id }
        var statement = try RowStatement("SELECT id FROM reply_keys WHERE hash = ?", in: database)
        let digest = Self.digest(key)
        statement.add(blob: { $0.append(contentsOf: digest.octets.prefix(16)) })
        return try statement.integer()
    }

    private func merge(_ added: [(key: ReplyKey, id: Int64)], in database: Database) throws {
        var entries = added.map { (digest: Self.digest($0.key), id: $0.id) }
        for (key, id) in recent { entries.append((Self.digest(key), id)) }
        // The order of digests is that of their first halves, which are the index's own.
        entries.sort { $0.digest < $1.digest }
        // One statement for all of them: the hashes as one blob, the numbers as one list.
        try database.execute(
            sql: "INSERT INTO reply_keys (hash, id) SELECT substr(?1, key * 16 + 1, 16), value FROM json_each(?2)",
            arguments: [
                entries.reduce(into: Data()) { $0.append(Self.hash($1.digest)) },
                "[" + entries.map { String($0.id) }.joined(separator: ",") + "]",
            ])
        try database.execute(
            sql: "INSERT OR REPLACE INTO meta (name, value) VALUES ('replies', ?)",
            arguments: [String(last + Int64(added.count))])
    }

    /// The index's entry of a key.
    static func hash(_ key: ReplyKey) -> Data { hash(digest(key)) }

    private static func digest(_ key: ReplyKey) -> Digest { Digest(hashing: key.person.text + "\n" + key.key) }

    /// Half of the digest of person and key: short entries, and no two keys share one by chance or by design.
    private static func hash(_ digest: Digest) -> Data { Data(digest.octets.prefix(16)) }
}
