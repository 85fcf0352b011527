import GRDB
public import ReviewCore
public import ReviewStore

/// What the operator does with a data directory from outside: verify, back up, restore (specification §9).
public enum SQLiteArchive {
    /// What a verification found.
    public struct Findings: Sendable {
        /// The records: gapless, readable, chained, and each text the one that was hashed.
        public let records: VerificationReport
        /// What SQLite says about the file's structure; empty when it is sound.
        public let file: [String]
        /// Everything that is kept beside the records, compared with what follows from them.
        public let projections: ProjectionReport

        /// Whether nothing is wrong.
        public var isIntact: Bool { records.isIntact && file.isEmpty && projections.count == 0 }
    }

    /// How far a verification is: events done, events in all, in its second half.
    public typealias Progress = (_ done: Int64, _ of: Int64) -> Void

    /// Recomputes the whole log, replays it, and lets SQLite check the file's structure; works while a server is running.
    public static func verify(
        directory: String, now: Instant, progress: Progress = { _, _ in }
    ) throws(OpenProblem) -> Findings {
        // Read before the log, which a server may be adding to.
        let mark = try HeadMark.read(directory)
        if let problem = try SQLiteLog.withoutDatabase(directory) { throw problem }
        return try verify(
            path: directory + "/" + SQLiteLog.fileName, mark: mark, now: now, progress: progress)
    }

    /// The same for one file, such as a backup.
    public static func verify(
        path: String, now: Instant, progress: Progress = { _, _ in }
    ) throws(OpenProblem) -> Findings {
        try verify(path: path, mark: nil, now: now, progress: progress)
    }

    private static func verify(
        path: String, mark: HeadMark.Position?, now: Instant, progress: Progress
    ) throws(OpenProblem) -> Findings {
        let reader = try SQLiteReader(path: path)
        defer { reader.close() }
        do throws(LogError) {
            let records = try Verification.run(reader)
            var problems = try reader.fileProblems()
            if let mark, let problem = try reader.problem(with: mark, path: path) {
                problems.append("\(problem.wording.vietnamese) / \(problem.wording.english)")
            }
            return Findings(
                records: records, file: problems, projections: try reader.projections(now: now, progress: progress))
        } catch {
            throw OpenProblem(reader.failure ?? error, path: path)
        }
    }

    /// Copies the log to a new file while the server goes on; what the copy holds is one moment of the log.
    ///
    /// The copy is complete and on stable storage once this returns, needs no other file beside it, and can be read by
    /// its owner only: it holds password hashes.
    /// - Returns: the sequence of the last event in the copy.
    public static func backup(directory: String, to target: String) throws(OpenProblem) -> Int64 {
        if let problem = try SQLiteLog.withoutDatabase(directory) { throw problem }
        let reader = try SQLiteReader(path: directory + "/" + SQLiteLog.fileName)
        defer { reader.close() }
        try expectParent(of: target)
        guard try !FileSystem.exists(target) else { throw .exists(path: target) }
        return try copy(reader.queue, to: target, ifOwnedLike: directory)
    }

    /// Puts a backup into a data directory, under a new epoch: whoever watched the old log learns that history changed.
    ///
    /// The backup is verified first. A database that is already there is kept beside the new one when `replacing`;
    /// otherwise whatever is in the directory is refused. What is cut off on the way is finished by doing it again.
    /// - Returns: the sequence of the last event, and where the former database is now.
    public static func restore(
        _ backup: String, to directory: String, now: Instant, replacing: Bool = false,
        progress: Progress = { _, _ in }
    ) throws(OpenProblem) -> (head: Int64, former: String?) {
        let findings = try verify(path: backup, now: now, progress: progress)
        if let problem = findings.records.problems.first {
            throw .damaged(path: backup, cause: problem.wording.english)
        }
        if let problem = findings.file.first { throw .damaged(path: backup, cause: problem) }
        if let problem = findings.projections.differences.first {
            throw .damaged(path: backup, cause: problem.wording.english)
        }
        try expectParent(of: directory)
        try FileSystem.makeDirectory(directory)
        let path = directory + "/" + SQLiteLog.fileName
        if !replacing { try expectEmpty(directory) }
        let lock = try DirectoryLock(directory: directory)
        defer { lock.release() }
        let reader = try SQLiteReader(path: backup)
        let head: Int64
        do {
            defer { reader.close() }
            head = try copy(reader.queue, to: path + ".restored", renewing: true)
        }
        let former = try setAside(path)
        try FileSystem.move(path + ".restored", to: path)
        // It speaks of the former database, so it goes last: until then no start takes one for the other.
        FileSystem.remove(HeadMark.path(directory))
        try FileSystem.synchronize(directory)
        return (head, former)
    }

    private static func expectParent(of path: String) throws(OpenProblem) {
        let parent = FileSystem.directory(of: path)
        guard try FileSystem.exists(parent) else { throw .noParent(path: path) }
    }

    /// Refuses a directory that holds anything but what a former attempt left, or a file system of its own has.
    private static func expectEmpty(_ directory: String) throws(OpenProblem) {
        let names = FileSystem.names(in: directory)
        if names.contains(SQLiteLog.fileName) { throw .exists(path: directory + "/" + SQLiteLog.fileName) }
        let other = names.first {
            $0 != "lock" && $0 != "lost+found" && !$0.hasPrefix(SQLiteLog.fileName + ".restored")
        }
        if let other { throw .notEmpty(directory: directory, holds: other) }
    }

    /// Moves the former database out of the way, with its log: without that it would lose its last events, and SQLite would
    /// read it as the new database's.
    ///
    /// The database goes last. Whoever is stopped on the way finds it where it was, and a second attempt moves it to where its
    /// log is already.
    /// - Returns: where it is now; nil when nothing was there.
    private static func setAside(_ path: String) throws(OpenProblem) -> String? {
        var present: [String] = []
        for suffix in ["-wal", "-shm", ""] where try FileSystem.exists(path + suffix) { present.append(suffix) }
        guard let last = present.last else { return nil }
        var kept = try nameAside(path)
        for suffix in present where try FileSystem.exists(kept + suffix) {
            // Whoever wrote here since then made another database of it.
            kept = path + ".before-" + Epoch.random()
            break
        }
        for suffix in present { try FileSystem.move(path + suffix, to: kept + suffix) }
        return kept + last
    }

    /// The name under which a database is kept: as long as nobody writes to the file, each attempt finds the same one.
    static func nameAside(_ path: String) throws(OpenProblem) -> String {
        let version = try FileSystem.version(path)
        return path + ".before-" + (version.map { Epoch.name(of: $0) } ?? Epoch.random())
    }

    /// Copies every page under one read transaction, beside the target first, so that no half copy bears its name.
    static func copy(
        _ source: DatabaseQueue, to target: String, renewing: Bool = false, ifOwnedLike directory: String? = nil
    ) throws(OpenProblem) -> Int64 {
        let partial = target + ".partial"
        for suffix in ["", "-wal", "-shm", "-journal"] { FileSystem.remove(partial + suffix) }
        try FileSystem.makeFile(partial, ifOwnedLike: directory)
        do {
            let copy = try DatabaseQueue(path: partial)
            try source.backup(to: copy)
            let head = try copy.writeWithoutTransaction { database in
                // A database in WAL mode is three files; a backup is one.
                try database.execute(sql: "PRAGMA journal_mode = DELETE")
                if renewing { try Epoch.store(Epoch.random(), in: database) }
                return try Int64.fetchOne(database, sql: "SELECT max(seq) FROM events") ?? 0
            }
            try copy.close()
            try FileSystem.synchronize(partial)
            try FileSystem.move(partial, to: target)
            return head
        } catch {
            for suffix in ["", "-wal", "-shm", "-journal"] { FileSystem.remove(partial + suffix) }
            // A page that contradicts itself came from there; the copy is gone.
            if case .damaged(_, let cause) = OpenProblem(error, path: target) {
                throw .damaged(path: source.path, cause: cause)
            }
            throw OpenProblem(error, path: target)
        }
    }
}

/// A database opened for reading only, beside the process that writes it and without its lock.
final class SQLiteReader: VerifiableLog {
    let queue: DatabaseQueue
    /// Why the last read failed: a `LogError` does not tell a failing disk from a damaged file.
    private(set) var failure: (any Error)?

    init(path: String) throws(OpenProblem) {
        guard try FileSystem.exists(path) else { throw .absent(path: path) }
        try StartCheck.beginning(path: path)
        var configuration = Configuration()
        configuration.readonly = true
        configuration.label = "reader"
        configuration.busyMode = .timeout(5)
        do {
            queue = try DatabaseQueue(path: path, configuration: configuration)
            try queue.unsafeRead { try StartCheck.file($0, path: path) }
        } catch {
            throw OpenProblem(error, path: path)
        }
    }

    func records(after sequence: Int64, limit: Int) throws(LogError) -> [StoredRecord] {
        try read { try StoredRecords.after(sequence, limit: max(0, limit), in: $0) }
    }

    /// Whether the log still holds what a mark calls durable; nil when it does.
    func problem(with mark: HeadMark.Position, path: String) throws(LogError) -> OpenProblem? {
        try read { try StartCheck.problem(with: mark, in: $0, path: path) }
    }

    /// What is kept beside the records and differs from what follows from them.
    func projections(now: Instant, progress: (Int64, Int64) -> Void) throws(LogError) -> ProjectionReport {
        try read { database in
            // One moment of the log; the server goes on, its write-ahead log grows meanwhile.
            try database.execute(sql: "BEGIN")
            defer { try? database.execute(sql: "COMMIT") }
            guard try Schema.migrator.hasCompletedMigrations(database) else { return .ofAnEarlierSchema }
            return try ProjectionCheck.run(database, now: now, progress: progress)
        }
    }

    /// What SQLite finds wrong with the file, and texts that belong to no event.
    func fileProblems() throws(LogError) -> [String] {
        try read { database in
            var problems: [String] = []
            let rows = try Row.fetchCursor(database, sql: "PRAGMA integrity_check(20)")
            while let row = try rows.next() {
                let line = try row.text(0)
                if line != "ok" { problems.append(line) }
            }
            let loose = try Row.fetchCursor(
                database,
                sql: "SELECT DISTINCT id / 16 FROM bodies WHERE id / 16 NOT IN (SELECT seq FROM events) LIMIT 20")
            while let row = try loose.next() { problems.append("bodies without event \(try row.integer(0))") }
            return problems
        }
    }

    private func read<Value>(_ value: (Database) throws -> Value) throws(LogError) -> Value {
        do { return try queue.unsafeRead(value) } catch {
            failure = error
            throw logError(error)
        }
    }

    func close() {
        // Nothing was written, so nothing can be lost by a close that fails.
        try? queue.close()
    }
}
