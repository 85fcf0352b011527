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
        let places: PlaceIndex
        let tree: TreeStore
    }

    /// Everything that can be checked without writing: a start that is refused leaves every file as it was.
    ///
    /// SQLite itself would, on closing a database that it may write to, carry what it can read of the write-ahead log over
    /// and remove that file, and with it what an expert might still find in it.
    static func unopened(directory: String, path: String) throws {
        let mark = try HeadMark.read(directory)
        // A transaction from before the write-ahead log, at the very first start, is taken back by whoever may write.
        guard try FileSystem.size(path) ?? 0 > 0, try !FileSystem.exists(path + "-journal") else { return }
        let reader = try SQLiteReader(path: path)
        defer { reader.close() }
        try reader.queue.unsafeRead { database in
            // A database of an earlier version is looked at once it has been brought up to date.
            if try Schema.migrator.hasCompletedMigrations(database), try epoch(database) != nil {
                _ = try content(database, path: path)
            }
        }
        if let mark, let problem = try reader.problem(with: mark, path: path) { throw problem }
    }

    /// Whether a file begins as SQLite's do, or is empty.
    ///
    /// SQLite itself would not look when the write-ahead log holds the first page, and call a foreign file a damaged one.
    static func beginning(path: String) throws(OpenProblem) {
        let magic = Array("SQLite format 3\0".utf8)
        let head = try FileSystem.head(path, octets: magic.count)
        if !head.isEmpty, head != magic { throw .foreign(path: path) }
    }

    /// Whether the log still holds what a mark calls durable; nil when it does.
    static func problem(
        with mark: HeadMark.Position, in database: Database, path: String
    ) throws -> OpenProblem? {
        if let epoch = try epoch(database), epoch != mark.epoch { return .otherLog(path: path) }
        guard mark.head > 0 else { return nil }
        guard let marked = try StoredRecords.after(mark.head - 1, limit: 1, in: database).first,
            marked.sequence == mark.head
        else {
            let head = try Int64.fetchOne(database, sql: "SELECT max(seq) FROM events") ?? 0
            return head < mark.head ? .lostEnd(path: path, head: head, marked: mark.head) : nil
        }
        return marked.link == mark.link ? nil : .otherLog(path: path)
    }

    /// Makes an empty file ours, before anything else is written to it: half a beginning is then known for what it is.
    static func claim(_ database: Database) throws {
        if try Int64.fetchOne(database, sql: "SELECT count(*) FROM sqlite_master") == 0 {
            try database.execute(sql: "PRAGMA application_id = \(Schema.applicationID)")
        }
    }

    /// Whether the file is ours, or empty, and not of a later version.
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
        try StoredRecords.each(after: first, through: head, in: database) { stored in
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
            replies: try ReplyIndex(database), places: try PlaceIndex(database, head: head),
            tree: try TreeStore(database, head: head))
    }

    private static func topics(_ database: Database) throws -> Set<String> {
        var topics = Set<String>()
        let rows = try Row.fetchCursor(database, sql: "SELECT topic FROM topics")
        while let row = try rows.next() { topics.insert(try row.text(0)) }
        return topics
    }

    /// The epoch of a log; nil before its first start.
    static func epoch(_ database: Database) throws -> String? {
        try Row.fetchOne(database, sql: "SELECT value FROM meta WHERE name = 'epoch'")?.text(0)
    }

    private static func epoch(_ database: Database, path: String, head: Int64) throws -> String {
        if let epoch = try epoch(database) { return epoch }
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

    /// Twelve letters and digits that follow from a text.
    static func name(of text: String) -> String {
        String(Digest(hashing: text).octets.prefix(12).map { alphabet[Int($0 & 31)] })
    }

    static func store(_ epoch: String, in database: Database) throws {
        try database.execute(
            sql: "INSERT OR REPLACE INTO meta (name, value) VALUES ('epoch', ?)", arguments: [epoch])
    }
}
