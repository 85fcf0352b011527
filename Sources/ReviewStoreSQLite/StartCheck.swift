import GRDB
import ReviewDigest
import ReviewStore

/// The quick checks before a log is used.
///
/// A full check grows with the history and belongs to `phanbiend verify`. These cost the same for any size: whose file
/// it is, which version wrote it, and whether the last events still carry the chain.
enum StartCheck {
    struct Start {
        let chain: Chain
        let epoch: String
        let topics: Set<String>
        let replies: ReplyIndex
    }

    /// Whether the file is ours, and not of a later version; an empty file becomes ours.
    static func file(_ database: Database, path: String) throws {
        let isEmpty = try Int64.fetchOne(database, sql: "SELECT count(*) FROM sqlite_master") == 0
        let identifier = try Int64.fetchOne(database, sql: "PRAGMA application_id")
        if isEmpty, identifier == 0 { return }
        guard identifier == Schema.applicationID else { throw OpenProblem.foreign(path: path) }
        let known = Set(Schema.migrator.migrations)
        let applied = try Schema.migrator.appliedIdentifiers(database)
        if let unknown = applied.subtracting(known).min() {
            throw OpenProblem.newer(path: path, migration: unknown)
        }
    }

    /// The head with the last links recomputed, the epoch (made here for a new log), the topics, the last replies.
    static func content(_ database: Database, path: String) throws -> Start {
        func damaged(_ cause: String) -> OpenProblem { .damaged(path: path, cause: cause) }
        let head = try Int64.fetchOne(database, sql: "SELECT max(seq) FROM events") ?? 0
        guard head >= 0 else { throw damaged("head \(head)") }
        let first = max(0, head - SQLiteLog.checkedLinks)
        var chain = Chain(head: first)
        if first > 0 {
            guard let link = try StoredRecords.after(first - 1, limit: 1, in: database).first?.link else {
                throw damaged("event \(first)")
            }
            chain = Chain(head: first, link: link)
        }
        for stored in try StoredRecords.after(first, limit: Int(SQLiteLog.checkedLinks), in: database) {
            guard stored.sequence == chain.head + 1 else { throw damaged("event \(chain.head + 1) is missing") }
            chain.append(stored.record.leaf)
            guard stored.link == chain.link else { throw damaged("event \(stored.sequence) does not fit the chain") }
            do throws(RecordProblem) { _ = try stored.record.event() } catch {
                throw damaged("event \(stored.sequence): \(error.text)")
            }
        }
        guard chain.head == head else { throw damaged("event \(chain.head + 1) is missing") }
        return Start(
            chain: chain, epoch: try epoch(database, path: path, head: head), topics: try topics(database),
            replies: try ReplyIndex(database))
    }

    private static func topics(_ database: Database) throws -> Set<String> {
        var topics = Set<String>()
        let rows = try Row.fetchCursor(database, sql: "SELECT topic FROM topics")
        while let row = try rows.next() { topics.insert(try row.text(0)) }
        return topics
    }

    private static func epoch(_ database: Database, path: String, head: Int64) throws -> String {
        if let row = try Row.fetchOne(database, sql: "SELECT value FROM meta WHERE name = 'epoch'") {
            return try row.text(0)
        }
        guard head == 0 else { throw OpenProblem.damaged(path: path, cause: "the log has no epoch") }
        let epoch = Epoch.random()
        try Epoch.store(epoch, in: database)
        return epoch
    }
}

/// The name of one life of a log: a client that sees another one knows that history may have been put back.
enum Epoch {
    /// Digits and letters that cannot be mistaken for one another (Crockford's base 32, in lower case).
    private static let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz")

    /// Twelve letters and digits, 60 random bits.
    static func random() -> String {
        var generator = SystemRandomNumberGenerator()
        return String((0..<12).map { _ in alphabet[Int.random(in: 0..<32, using: &generator)] })
    }

    static func store(_ epoch: String, in database: Database) throws {
        try database.execute(
            sql: "INSERT OR REPLACE INTO meta (name, value) VALUES ('epoch', ?)", arguments: [epoch])
    }
}
