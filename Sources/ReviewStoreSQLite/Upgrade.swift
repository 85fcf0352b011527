import GRDB

/// What a start did to bring an earlier version's database up to date.
///
/// The database is copied first: whoever has to go back to the earlier version finds everything up to the upgrade beside
/// it, as the earlier version wrote it.
public struct Upgrade: Sendable, Equatable {
    /// The last migration that the file had.
    public let from: String
    /// The last migration that it has now.
    public let to: String
    /// The copy of the file as it was.
    public let former: String

    /// Copies a database that needs it, and migrates.
    ///
    /// - Returns: nil when there was nothing to do, or nothing to keep.
    /// - Throws: `OpenProblem.system` when the copy cannot be written; the database is then as it was.
    static func run(_ migrator: DatabaseMigrator, on queue: DatabaseQueue, path: String) throws -> Upgrade? {
        let known = migrator.migrations
        let applied = try queue.unsafeRead { try migrator.appliedIdentifiers($0) }
        let pending = known.filter { !applied.contains($0) }
        guard let last = known.last(where: { applied.contains($0) }), let first = pending.first,
            let newest = pending.last
        else {
            try migrator.migrate(queue)
            return nil
        }
        let log = try queue.unsafeRead { try name(of: $0) }
        let former = path + ".before-\(first)-\(log)"
        // An attempt that failed, on a full disk for one, is made again and again: one copy of the same log is enough.
        if try !FileSystem.exists(former) { _ = try SQLiteArchive.copy(queue, to: former) }
        try migrator.migrate(queue)
        return Upgrade(from: last, to: newest, former: former)
    }

    /// What follows from which log it is and how far it goes.
    private static func name(of database: Database) throws -> String {
        let head = try Int64.fetchOne(database, sql: "SELECT max(seq) FROM events") ?? 0
        let epoch = try StartCheck.epoch(database) ?? "-"
        return Epoch.name(of: "\(epoch) \(head)")
    }
}
