import Foundation
import GRDB
public import ReviewCore
public import ReviewDigest
public import ReviewStore

/// The log in an SQLite database: one file, one writer, durable on return.
///
/// Journal mode WAL with `synchronous=FULL`: every commit waits for one fdatasync of the write-ahead log. That file is
/// carried over to the database in idle moments, and after `checkpointPages` by the commit that comes to it; then it is
/// written from its beginning again instead of growing, which makes a sync cheaper. Both happen on the one connection that
/// writes: up to SQLite 3.51.2 a checkpoint of another connection may, in a rare race with a commit, damage the file
/// (sqlite.org/wal.html, the WAL-reset bug). Pages have SQLite's default of 4,096 octets, the size of the file system's
/// own, since every commit writes whole pages. One connection serves reads and writes: the log is used from one thread.
public final class SQLiteLog: EventLog, VerifiableLog {
    /// The database's name inside the data directory.
    public static let fileName = "phanbien.db"

    /// Pages of the write-ahead log after which a commit carries them over: some 300 commits of a crowd, so that fewer than
    /// one of a hundred waits for it, and no more than a start reads back in a moment (24 MiB).
    static let checkpointPages = 6000

    /// How many of the last links are recomputed when a log is opened.
    static let checkedLinks: Int64 = 256

    let queue: DatabaseQueue
    private let lock: DirectoryLock
    /// The files that belong together, as they were when they were opened.
    private let files: [(path: String, identity: FileIdentity)]
    private let mark: HeadMark
    private let space: WriteAheadSpace
    private var chain: Chain
    /// Topics that have a row in `topics`, so that a commit touches that table only for a new one.
    private var topics: Set<String>
    var replies: ReplyIndex
    private var places: PlaceIndex
    var hashes: TreeStore
    /// Why appending has ended: after a failed write to the disk nobody knows what it holds, so only a restart,
    /// which reads everything back, may go on.
    private var failure: LogError?
    private var isClosed = false
    /// The passages of the event that is being indexed, when it has more than fit one step.
    var pendingPassages: (sequence: Int64, passages: [SearchPassage])?
    /// The passages of the revision that is leaving the index.
    var leavingPassages: (sequence: Int64, passages: [SearchPassage])?

    /// The passages of the event in which a search goes on.
    var searchedPassages: (sequence: Int64, passages: [SearchPassage])?

    /// What `log=` says.
    public let epoch: String

    /// How this start brought the database up to date; nil when it was.
    public let upgrade: Upgrade?

    /// The sequence of the last event.
    public var head: Int64 { chain.head }

    /// The link of the last event: what a checkpoint or a dossier prints.
    public var link: Digest { chain.link }

    /// Opens the log of a data directory for writing; refuses what is in use, foreign, newer or damaged.
    ///
    /// - Parameter creating: whether a missing directory or database is made.
    public static func open(directory: String, creating: Bool = false) throws(OpenProblem) -> SQLiteLog {
        try open(directory: directory, creating: creating, migrator: Schema.migrator)
    }

    /// The same with other migrations, for the test of those that are still to come.
    static func open(
        directory: String, creating: Bool = false, migrator: DatabaseMigrator
    ) throws(OpenProblem) -> SQLiteLog {
        let path = directory + "/" + fileName
        if creating { try FileSystem.makeDirectory(directory) }
        if let problem = try withoutDatabase(directory) {
            // One that is gone is not made anew: whoever looks for it would take the empty one for all there is.
            guard creating, case .missing = problem else { throw problem }
        }
        // SQLite keeps what belongs to a database where that really is, and another directory might lead there, too, whose
        // lock is another one.
        for suffix in ["", "-wal", "-shm"] where FileSystem.isLink(path + suffix) {
            throw .linked(path: path + suffix)
        }
        let lock = try DirectoryLock(directory: directory)
        if try !FileSystem.exists(path) {
            try FileSystem.makeFile(path)
            try FileSystem.synchronize(directory)
        }
        do {
            try StartCheck.unopened(directory: directory, path: path)
            return try SQLiteLog(directory: directory, path: path, lock: lock, migrator: migrator)
        } catch {
            throw OpenProblem(error, path: path)
        }
    }

    /// Why a directory has no database; nil when it has one.
    static func withoutDatabase(_ directory: String) throws(OpenProblem) -> OpenProblem? {
        let path = directory + "/" + fileName
        guard try FileSystem.size(path) ?? 0 == 0 else { return nil }
        guard try FileSystem.exists(directory) else { return .absent(path: directory) }
        if let mark = try HeadMark.read(directory), mark.head > 0 {
            return .lostEnd(path: path, head: 0, marked: mark.head)
        }
        return .missing(directory: directory)
    }

    private init(directory: String, path: String, lock: DirectoryLock, migrator: DatabaseMigrator) throws {
        self.lock = lock
        var configuration = Configuration()
        configuration.label = "log"
        // Readers of other processes (backup, verify) never hold a lock for long.
        configuration.busyMode = .timeout(5)
        queue = try DatabaseQueue(path: path, configuration: configuration)
        try queue.writeWithoutTransaction { database in
            try StartCheck.file(database, path: path)
            try StartCheck.claim(database)
            try Self.makeDurable(database, path: path)
        }
        upgrade = try Upgrade.run(migrator, on: queue, path: path)
        let start = try queue.writeWithoutTransaction { database in
            // Asked last, of the connection that writes: GRDB resets it in some of its modes.
            try Self.assertDurable(database, path: path)
            let start = try StartCheck.content(database, path: path)
            if let mark = try HeadMark.read(directory),
                let problem = try StartCheck.problem(with: mark, in: database, path: path)
            {
                throw problem
            }
            return start
        }
        try Self.confirm(queue, path: path)
        space = try WriteAheadSpace(path: path + "-wal")
        var files: [(path: String, identity: FileIdentity)] = []
        for file in [path, path + "-wal"] {
            guard let identity = try FileSystem.identity(file) else {
                throw OpenProblem.system(path: file, code: ENOENT)
            }
            files.append((file, identity))
        }
        self.files = files
        chain = start.chain
        epoch = start.epoch
        mark = try HeadMark(
            directory: directory,
            HeadMark.Position(epoch: start.epoch, head: start.chain.head, link: start.chain.link))
        topics = start.topics
        replies = start.replies
        places = start.places
        hashes = start.tree
    }

    private static func makeDurable(_ database: Database, path: String) throws {
        let mode = try String.fetchOne(database, sql: "PRAGMA journal_mode = WAL")
        guard mode == "wal" else {
            throw OpenProblem.failing(path: path, cause: "the file system allows no write-ahead log")
        }
        // 16 MiB: the inner pages of every index and the last leaves, for some hundred thousand events.
        // In memory: what a statement of several rows would need to be undone; it is never more than a batch.
        try database.execute(
            sql: """
                PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = \(checkpointPages);
                PRAGMA cache_size = -16384; PRAGMA temp_store = MEMORY
                """)
        try assertDurable(database, path: path)
    }

    /// Brings what was read to stable storage before anybody is told of it.
    ///
    /// A process that was killed between writing a commit and syncing it leaves a write-ahead log that this start reads
    /// whole, though the disk may not hold it yet: the sender would be told that the write was done before, and a loss of
    /// power would undo it. The checkpoint writes it once more, since a sync that failed may have marked it as clean.
    private static func confirm(_ queue: DatabaseQueue, path: String) throws {
        let log = path + "-wal"
        if try FileSystem.exists(log) { try FileSystem.synchronize(log) }
        try queue.writeWithoutTransaction { try checkpoint($0) }
    }

    /// Carries the write-ahead log over to the database, as far as nobody reads it.
    private static func checkpoint(_ database: Database) throws {
        try database.execute(sql: "PRAGMA wal_checkpoint(PASSIVE)")
    }

    private static func assertDurable(_ database: Database, path: String) throws {
        guard try Int.fetchOne(database, sql: "PRAGMA synchronous") == 2,
            try Int.fetchOne(database, sql: "PRAGMA foreign_keys") == 1,
            try Int.fetchOne(database, sql: "PRAGMA wal_autocheckpoint") == checkpointPages
        else { throw OpenProblem.failing(path: path, cause: "the connection is not set up to be durable") }
    }

    // MARK: - Writing

    /// Appends a batch: durable on return, all of it or nothing.
    public func append(_ batch: Batch) throws(LogError) {
        try check()
        if let failure { throw failure }
        guard batch.expected == head else { throw .conflict(head: head) }
        if let problem = batch.numberingProblem { throw .broken(problem) }
        guard !batch.isEmpty else { return }
        // SQLite does not look in this mode: it would go on writing to a file that has no name any more, and whose end
        // is the end of this process.
        for file in files {
            let found: FileIdentity?
            do throws(OpenProblem) { found = try FileSystem.identity(file.path) } catch {
                throw .unreachable(file: file.path, reason: error.reason)
            }
            if found != file.identity { throw .movedAway(file: file.path) }
        }
        let written: BatchWriter.Written
        do {
            // Not in GRDB's transaction, which is compiled and observed anew each time.
            written = try queue.unsafeReentrantWrite { database in
                try database.inImmediateTransaction {
                    space.lengthen()
                    return try BatchWriter.write(
                        batch, after: chain, topics: topics, replies: replies, places: places, to: database
                    ) { try drop($0, in: database) }
                }
            }
        } catch {
            throw refused(error)
        }
        chain = written.chain
        if !batch.events.isEmpty {
            mark.advance(to: HeadMark.Position(epoch: epoch, head: chain.head, link: chain.link))
        }
        topics.formUnion(written.newTopics)
        replies.apply(written.replies)
        places.apply(written.placed)
    }

    /// Whether a disk that failed has ended appending.
    public var hasFailed: Bool { failure != nil }

    /// What a failed transaction means: whether anything of it was written, and whether anything may be any more.
    private func refused(_ error: any Error) -> LogError {
        let problem = logError(error)
        if case .uncertain = problem { failure = problem }
        guard case .broken = problem, let code = (error as? DatabaseError)?.resultCode else { return problem }
        switch code {
        case .SQLITE_CONSTRAINT:
            // The lock keeps other processes of ours away, but not somebody's shell.
            let stored = try? queue.unsafeRead { try Int64.fetchOne($0, sql: "SELECT max(seq) FROM events") }
            if let stored, stored != head { return .conflict(head: stored) }
        case .SQLITE_BUSY, .SQLITE_LOCKED: return .unreachable(file: queue.path, reason: problem.cause)
        case .SQLITE_IOERR, .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_CANTOPEN: failure = problem
        default: break
        }
        return problem
    }

    /// One step of ending what commits began: the index of replies first, then the write-ahead log is carried over.
    public func settle() throws(LogError) -> Bool {
        try check()
        if replies.isSweeping {
            replies.apply(try write { try replies.slice(into: $0) })
            return true
        }
        // Whatever comes of it, the write-ahead log holds everything: commits go on.
        do { try queue.writeWithoutTransaction { try Self.checkpoint($0) } } catch { throw logError(error) }
        return false
    }

    // MARK: - Life

    /// Refuses the use of a closed log.
    func check() throws(LogError) {
        if isClosed { throw .broken("the log is closed") }
    }

    /// Runs a read on the one connection.
    func read<Value>(_ value: (Database) throws -> Value) throws(LogError) -> Value {
        try check()
        do { return try queue.unsafeRead(value) } catch { throw logError(error) }
    }

    /// Runs a transaction that is not an append: the search index.
    func write<Value>(_ change: (Database) throws -> Value) throws(LogError) -> Value {
        try check()
        do {
            return try queue.writeWithoutTransaction { database in
                try database.inImmediateTransaction { try change(database) }
            }
        } catch {
            throw refused(error)
        }
    }

    /// Checkpoints, closes the files and gives the directory free.
    public func close() throws(LogError) {
        guard !isClosed else { return }
        isClosed = true
        defer { lock.release() }
        mark.settle()
        do { try queue.close() } catch { throw logError(error) }
    }
}
