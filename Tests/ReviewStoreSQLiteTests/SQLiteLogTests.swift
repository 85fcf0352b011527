import Foundation
import GRDB
import ReviewCore
import ReviewDigest
import ReviewStore
import ReviewStoreTestKit
import Testing

@testable import ReviewStoreSQLite

/// What the durable log promises beyond the contract: life across processes, refusals at start, failing disks.
@Suite struct SQLiteLogTests {
    private func filled(_ directory: String, comments: Int = 6) throws -> SQLiteLog {
        let log = try SQLiteLog.open(directory: directory, creating: true)
        var batch = try Sample.batch((1...comments).map { try Sample.comment("2025-1", $0, "ý kiến số \($0)") })
        batch.replies = [
            StoredReply(key: ReplyKey(person: try #require(PersonID("minh")), key: "k"), request: "r", reply: [1, 2])
        ]
        try log.append(batch)
        return log
    }

    /// Changes a closed database behind the log's back, triggers and all.
    private func alter(_ directory: String, _ sql: String) throws {
        let queue = try DatabaseQueue(path: directory + "/" + SQLiteLog.fileName)
        try queue.writeWithoutTransaction { database in
            try database.execute(
                sql: """
                    DROP TRIGGER events_unchanged; DROP TRIGGER events_undeleted; DROP TRIGGER events_texts_dropped;
                    \(sql)
                    """)
        }
        try queue.close()
    }

    /// Nobody is told that something is stored in a file that nobody will find again.
    @Test(arguments: ["", "-wal"]) func aDatabaseThatWasTakenAwayGetsNoMoreEvents(_ suffix: String) throws {
        try withDirectory { directory throws in
            let log = try filled(directory)
            let (path, files) = (directory + "/" + SQLiteLog.fileName + suffix, FileManager.default)
            func isStored() throws -> Bool {
                let batch = try Sample.batch([Sample.comment("2025-1", 7, "tiếp")], after: log.head)
                do throws(LogError) { try log.append(batch) } catch {
                    guard error == .movedAway(file: path) else { throw error }
                    return false
                }
                return true
            }
            try files.moveItem(atPath: path, toPath: path + ".cu")
            #expect(try !isStored())
            try files.copyItem(atPath: path + ".cu", toPath: path)
            #expect(try !isStored(), "a copy is not the file that is open")
            // With the very file back it goes on, without a restart.
            try files.removeItem(atPath: path)
            try files.moveItem(atPath: path + ".cu", toPath: path)
            #expect(try isStored())
            #expect(log.head == 7)
            try log.close()
        }
    }

    /// A disk that fails for a moment: what nobody can tell is not told, and afterwards writing goes on.
    @Test(arguments: ["", "-wal"]) func aFileThatCannotBeLookedAtIsNotSaidToBeGone(_ suffix: String) throws {
        try withDirectory { directory throws in
            let log = try filled(directory)
            let (path, files) = (directory + "/" + SQLiteLog.fileName + suffix, FileManager.default)
            let next = try Sample.batch([Sample.comment("2025-1", 7, "tiếp")], after: log.head)
            try files.moveItem(atPath: path, toPath: path + ".cu")
            try files.createSymbolicLink(atPath: path, withDestinationPath: path)
            let reason = String(cString: strerror(ELOOP))
            #expect(throws: LogError.unreachable(file: path, reason: reason)) { try log.append(next) }
            #expect(!log.hasFailed)
            try files.removeItem(atPath: path)
            try files.moveItem(atPath: path + ".cu", toPath: path)
            try log.append(next)
            #expect(log.head == 7)
            try log.close()
        }
    }

    /// Somebody who looks into the database with another program, and changes something there, has damaged nothing yet.
    @Test func aDatabaseThatAnotherProcessLocksIsNotCalledUnusable() throws {
        try withDirectory { directory throws in
            let log = try filled(directory)
            let path = directory + "/" + SQLiteLog.fileName
            let other = try DatabaseQueue(path: path)
            let next = try Sample.batch([Sample.comment("2025-1", 7, "tiếp")], after: log.head)
            try other.inTransaction(.immediate) { _ in
                do throws(LogError) {
                    try log.append(next)
                    Issue.record("it was appended")
                } catch {
                    guard case .unreachable(path, let reason) = error else { throw error }
                    #expect(reason.contains("locked") && !error.wording.vietnamese.contains("khôi phục"))
                }
                return .rollback
            }
            try other.close()
            #expect(!log.hasFailed)
            try log.append(next)
            try log.close()
        }
    }

    private func expectDamaged(_ directory: String, _ part: String) {
        do {
            _ = try SQLiteLog.open(directory: directory)
            Issue.record("opened, expected: \(part)")
        } catch {
            guard case .damaged(_, let cause) = error else {
                Issue.record("\(error)")
                return
            }
            #expect(cause.contains(part), "\(cause)")
        }
    }

    @Test func comesBackAfterAnotherStart() throws {
        try withDirectory { directory throws in
            let first = try filled(directory)
            let (events, link, epoch) = (try first.events(after: 0, limit: 100, topic: nil), first.link, first.epoch)
            try first.close()
            let second = try SQLiteLog.open(directory: directory)
            #expect(second.head == 6)
            #expect(second.link == link)
            #expect(second.epoch == epoch)
            #expect(try second.events(after: 0, limit: 100, topic: nil) == events)
            #expect(
                try second.replies([ReplyKey(person: try #require(PersonID("minh")), key: "k")]).map(\.reply) == [
                    [1, 2]
                ])
            try second.append(try Sample.batch([Sample.comment("2025-1", 7, "tiếp")], after: 6))
            #expect(try Verification.run(second).isIntact)
            try second.close()
        }
    }

    /// A process that dies leaves its write-ahead log: everything that was acknowledged must be read from it.
    @Test func comesBackAfterACrash() throws {
        try withDirectory { directory throws in
            let log = try filled(directory, comments: 40)
            let copy = directory + "-copy"
            defer { try? FileManager.default.removeItem(atPath: copy) }
            try FileManager.default.createDirectory(atPath: copy, withIntermediateDirectories: false)
            for suffix in ["", "-wal"] {
                let name = "/" + SQLiteLog.fileName + suffix
                try FileManager.default.copyItem(atPath: directory + name, toPath: copy + name)
            }
            let revived = try SQLiteLog.open(directory: copy)
            #expect(revived.head == 40)
            #expect(revived.link == log.link)
            try revived.close()
            try log.close()
        }
    }

    @Test func everyCommitIsSynchronous() throws {
        try withDirectory { directory throws in
            for _ in 0..<2 {
                let log = try SQLiteLog.open(directory: directory, creating: true)
                try log.queue.writeWithoutTransaction { database throws in
                    #expect(try Int.fetchOne(database, sql: "PRAGMA synchronous") == 2)
                    #expect(try String.fetchOne(database, sql: "PRAGMA journal_mode") == "wal")
                    #expect(try Int.fetchOne(database, sql: "PRAGMA foreign_keys") == 1)
                    #expect(try Int.fetchOne(database, sql: "PRAGMA wal_autocheckpoint") == 6000)
                    #expect(try Int64.fetchOne(database, sql: "PRAGMA application_id") == Schema.applicationID)
                }
                try log.close()
            }
        }
    }

    @Test func aSecondProcessIsRefused() throws {
        try withDirectory { directory throws in
            let log = try filled(directory)
            let problem = OpenProblem.inUse(directory: directory, process: getpid())
            #expect(throws: problem) { try SQLiteLog.open(directory: directory) }
            #expect(problem.wording.vietnamese.contains(String(getpid())))
            try log.close()
            let again = try SQLiteLog.open(directory: directory)
            try again.close()
        }
    }

    /// Root takes the lock in a directory of the service's account, and shall not be led elsewhere by it.
    @Test func theLockIsNoLinkToAnotherFile() throws {
        try withDirectory { directory throws in
            try filled(directory).close()
            let (lock, other) = (directory + "/lock", directory + "/của root")
            try Data("của root".utf8).write(to: URL(filePath: other))
            try FileManager.default.removeItem(atPath: lock)
            try FileManager.default.createSymbolicLink(atPath: lock, withDestinationPath: other)
            #expect(throws: OpenProblem.linked(path: lock)) { try SQLiteLog.open(directory: directory) }
            #expect(try Data(contentsOf: URL(filePath: other)) == Data("của root".utf8))
        }
    }

    /// A folder may be a link, for a larger disk; the database in it may not: its other files would lie elsewhere.
    @Test func aDatabaseThatLiesElsewhereIsRefusedInWords() throws {
        try withDirectory { directory throws in
            try filled(directory).close()
            let (path, other) = (directory + "/" + SQLiteLog.fileName, directory + "/đĩa khác")
            try FileManager.default.moveItem(atPath: path, toPath: other)
            try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: other)
            let before = try FileManager.default.contentsOfDirectory(atPath: directory).sorted()
            #expect(throws: OpenProblem.linked(path: path)) { try SQLiteLog.open(directory: directory) }
            #expect(try FileManager.default.contentsOfDirectory(atPath: directory).sorted() == before)
            try FileManager.default.removeItem(atPath: path)
            try FileManager.default.moveItem(atPath: other, toPath: path)
            let folder = directory + "-liên-kết"
            try FileManager.default.createSymbolicLink(atPath: folder, withDestinationPath: directory)
            defer { try? FileManager.default.removeItem(atPath: folder) }
            let log = try SQLiteLog.open(directory: folder)
            #expect(log.head == 6)
            try log.close()
        }
    }

    @Test func onlyTheOwnerMayReadIt() throws {
        try withDirectory { directory throws in
            let log = try filled(directory)
            for name in [SQLiteLog.fileName, SQLiteLog.fileName + "-wal", "lock"] {
                let mode = try FileManager.default.attributesOfItem(atPath: directory + "/" + name)[.posixPermissions]
                #expect(mode as? Int == 0o600, "\(name)")
            }
            try log.close()
        }
    }

    @Test func refusesWhatIsNotALog() throws {
        try withDirectory { directory throws in
            #expect(throws: OpenProblem.absent(path: directory)) { try SQLiteLog.open(directory: directory) }
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: false)
            #expect(throws: OpenProblem.missing(directory: directory)) { try SQLiteLog.open(directory: directory) }
            let path = directory + "/" + SQLiteLog.fileName
            try Data("đây không phải cơ sở dữ liệu, mà là một tệp văn bản".utf8).write(to: URL(fileURLWithPath: path))
            #expect(throws: OpenProblem.foreign(path: path)) { try SQLiteLog.open(directory: directory) }
            try FileManager.default.removeItem(atPath: path)
            let queue = try DatabaseQueue(path: path)
            try queue.write { try $0.execute(sql: "CREATE TABLE contacts (name TEXT)") }
            try queue.close()
            #expect(throws: OpenProblem.foreign(path: path)) {
                try SQLiteLog.open(directory: directory, creating: true)
            }
        }
    }

    @Test func refusesALaterVersion() throws {
        try withDirectory { directory throws in
            try filled(directory).close()
            try alter(directory, "INSERT INTO grdb_migrations VALUES ('v9')")
            let path = directory + "/" + SQLiteLog.fileName
            #expect(throws: OpenProblem.newer(path: path, migration: "v9")) { try SQLiteLog.open(directory: directory) }
        }
    }

    @Test(arguments: [
        (
            "UPDATE events SET encoded = replace(encoded, 'must', 'note') WHERE seq = 4",
            "event 4 does not fit the chain"
        ),
        ("UPDATE events SET link = zeroblob(32) WHERE seq = 6", "event 6 does not fit the chain"),
        ("UPDATE events SET texts = NULL WHERE seq = 5", "event 5: the record names"),
        ("UPDATE events SET texts = CAST(texts || texts AS BLOB) WHERE seq = 5", "event 5: the record names"),
        ("UPDATE events SET texts = zeroblob(3) WHERE seq = 5", "event 5: the record names"),
        ("UPDATE events SET texts = X'000000ff41' WHERE seq = 5", "event 5: the record names"),
        (
            """
            INSERT INTO bodies (id, seq, digest) VALUES (80, 5, zeroblob(32));
            UPDATE events SET texts = NULL WHERE seq = 5
            """, "event 5: the record names"
        ),
        ("PRAGMA foreign_keys = OFF; DELETE FROM events WHERE seq = 3", "event 3 is missing"),
        ("DELETE FROM meta", "no epoch"),
        ("DROP TABLE topics", "no such table"),
    ])
    func refusesADamagedLog(_ sql: String, _ part: String) throws {
        try withDirectory { directory throws in
            try filled(directory).close()
            try alter(directory, sql)
            expectDamaged(directory, part)
            // The refusal gives the directory free again.
            expectDamaged(directory, part)
        }
    }

    @Test func checksTheLastLinksOfALongLogToo() throws {
        try withDirectory { directory throws in
            try filled(directory, comments: 600).close()
            try SQLiteLog.open(directory: directory).close()
            try alter(directory, "UPDATE events SET encoded = replace(encoded, 'must', 'note') WHERE seq = 400")
            expectDamaged(directory, "event 400 does not fit")
        }
        try withDirectory { directory throws in
            try filled(directory, comments: 600).close()
            try alter(directory, "UPDATE events SET encoded = replace(encoded, 'must', 'note') WHERE seq = 10")
            // Further back is for verification, whose cost grows with the history.
            try SQLiteLog.open(directory: directory).close()
            let findings = try SQLiteArchive.verify(directory: directory, now: Sample.start)
            #expect(findings.records.problems.map(\.sequence) == [10])
            #expect(findings.file.isEmpty)
        }
    }

    @Test func theSchemaItselfForbidsRewriting() throws {
        try withDirectory { directory throws in
            let log = try filled(directory)
            for sql in [
                "UPDATE events SET topic = '2025-2'", "DELETE FROM events WHERE seq = 6",
                "UPDATE events SET key = 'k' WHERE seq = 6", "UPDATE events SET texts = zeroblob(4) WHERE seq = 6",
                "INSERT INTO events (seq, keep, bodies, encoded, link) VALUES (6, 'always', 0, '', zeroblob(32))",
                "INSERT INTO events (seq, keep, bodies, encoded, link) VALUES (7, 'never', 0, '', zeroblob(32))",
                "INSERT INTO bodies (id, seq, digest) VALUES (160, 10, zeroblob(32))",
                "INSERT INTO bodies (id, seq, digest) VALUES (3, 6, zeroblob(32))",
            ] {
                #expect(throws: DatabaseError.self, "\(sql)") {
                    try log.queue.writeWithoutTransaction { try $0.execute(sql: sql) }
                }
            }
            try log.close()
        }
    }

    @Test func onlyADiskThatFailedEndsAppending() throws {
        try withDirectory { directory throws in
            let log = try filled(directory)
            let next = try Sample.batch([Sample.comment("2025-1", 7, "ý kiến số 7")], after: 6)
            var skewed = next
            skewed.events = try Sample.batch([Sample.comment("2025-1", 7, "ý kiến số 7")], after: 7).events
            #expect(throws: LogError.self) { try log.append(skewed) }
            #expect(!log.hasFailed)
            // What the write-ahead log held is gone, and nothing of it is in memory.
            try log.queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA shrink_memory") }
            let file = try #require(FileHandle(forWritingAtPath: directory + "/" + SQLiteLog.fileName + "-wal"))
            try file.truncate(atOffset: 0)
            try file.close()
            for _ in 1...2 {
                #expect(throws: LogError.self) { try log.append(next) }
                #expect(log.hasFailed)
            }
        }
    }

    @Test func aFullDiskLosesNothingAndIsSurvived() throws {
        try withDirectory { directory throws in
            let log = try filled(directory)
            func pages(_ count: Int) throws {
                try log.queue.writeWithoutTransaction { database throws in
                    _ = try Int.fetchOne(database, sql: "PRAGMA max_page_count = \(count)")
                }
            }
            let before = try log.events(after: 0, limit: 100, topic: nil)
            try pages(1)
            var large = try Sample.batch(
                [Sample.revision("2025-1", 1, String(repeating: "a\n", count: 100_000))], after: 6)
            large.replies = [
                StoredReply(key: ReplyKey(person: try #require(PersonID("minh")), key: "k2"), request: "", reply: [])
            ]
            for _ in 0..<3 {
                #expect(throws: LogError.full) { try log.append(large) }
                #expect(log.head == 6)
                #expect(try log.events(after: 0, limit: 100, topic: nil) == before)
                #expect(try log.replies(large.replies.map(\.key)).isEmpty)
            }
            try pages(1_000_000)
            try log.append(large)
            #expect(log.head == 7)
            #expect(try Verification.run(log).isIntact)
            try log.close()
        }
    }

    @Test func anotherWriterIsAConflict() throws {
        try withDirectory { directory throws in
            let log = try filled(directory)
            let other = try DatabaseQueue(path: directory + "/" + SQLiteLog.fileName)
            try other.write {
                try $0.execute(
                    sql:
                        "INSERT INTO events (seq, keep, bodies, encoded, link) VALUES (7, 'always', 0, 'x', zeroblob(32))"
                )
            }
            try other.close()
            #expect(throws: LogError.conflict(head: 7)) {
                try log.append(try Sample.batch([Sample.office()], after: 6))
            }
            try log.close()
        }
    }

    @Test func aReadOnlyDatabaseSaysSo() throws {
        try withDirectory { directory throws in
            let log = try filled(directory)
            try log.queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA query_only = ON") }
            #expect(throws: LogError.readOnly) { try log.append(try Sample.batch([Sample.office()], after: 6)) }
            #expect(try log.events(after: 5, limit: 10, topic: nil).count == 1)
            try log.close()
        }
    }

    /// Replies are found whether they wait in memory, stand in the index, or were read back at a start.
    @Test func repliesAreFoundAcrossMergesAndStarts() throws {
        try withDirectory { directory throws in
            let minh = try #require(PersonID("minh"))
            func reply(_ number: Int) -> StoredReply {
                StoredReply(
                    key: ReplyKey(person: minh, key: "key-\(number &* 7919)"), request: "\(number)",
                    reply: Array("OK \(number)\r\n".utf8))
            }
            var count = 0
            for size in [1, ReplyIndex.maximumRecent - 2, 1, 3, 700, ReplyIndex.maximumRecent + 5, 9] {
                let log = try SQLiteLog.open(directory: directory, creating: true)
                for half in [size / 2, size - size / 2] {
                    var batch = Batch(expected: 0)
                    batch.replies = (0..<half).map { reply(count + $0) }
                    try log.append(batch)
                    count += half
                }
                let keys = (0...count).map { reply($0).key }
                #expect(try log.replies(keys).map(\.request) == (0..<count).map(String.init))
                var again = Batch(expected: 0)
                again.replies = [reply(count / 2)]
                #expect(throws: LogError.self) { try log.append(again) }
                try log.close()
            }
        }
    }

    /// A sweep that a stop cut short is begun again, and what it had done is neither lost nor done twice.
    @Test func aSweepThatAStopCutShortIsBegunAgain() throws {
        try withDirectory { directory throws in
            let minh = try #require(PersonID("minh"))
            var count = 0
            func append(_ size: Int, to log: SQLiteLog) throws {
                var batch = Batch(expected: 0)
                batch.replies = (count..<count + size).map {
                    StoredReply(key: ReplyKey(person: minh, key: "key-\($0)"), request: "\($0)", reply: [])
                }
                try log.append(batch)
                count += size
            }
            var log = try SQLiteLog.open(directory: directory, creating: true)
            try append(ReplyIndex.maximumRecent, to: log)
            for round in 0..<4 {
                for _ in 0..<11 { try append(3 + round * 50, to: log) }
                try log.close()
                let findings = try SQLiteArchive.verify(directory: directory, now: Sample.start)
                #expect(findings.isIntact, "\(findings.projections.differences)")
                log = try SQLiteLog.open(directory: directory)
                let keys = (0...count).map { ReplyKey(person: minh, key: "key-\($0)") }
                #expect(try log.replies(keys).map(\.request) == (0..<count).map(String.init))
            }
            // In an idle moment it comes to its end.
            while try log.settle() {}
            let merged = try log.queue.unsafeRead {
                try String.fetchOne($0, sql: "SELECT value FROM meta WHERE name = 'replies'")
            }
            #expect(merged.flatMap { Int($0) } ?? 0 >= ReplyIndex.maximumRecent)
            try log.close()
        }
    }

    @Test func aPageOfATopicCostsNothingForTheEventsBehindIt() throws {
        try withDirectory { directory throws in
            let log = try filled(directory)
            let plan = try log.queue.unsafeRead { database in
                try Row.fetchAll(
                    database, sql: "EXPLAIN QUERY PLAN " + SQLiteLog.eventsOfTopic, arguments: ["2025-1", 0, 5]
                ).map { try $0.text(3) }
            }
            #expect(plan.contains { $0.hasPrefix("SEARCH place USING PRIMARY KEY") }, "\(plan)")
            #expect(!plan.contains { $0.contains("TEMP B-TREE") || $0.hasPrefix("SCAN") }, "\(plan)")
            try log.close()
        }
    }

    @Test func anIndexOfTopicsThatClaimsTooMuchIsDamage() throws {
        for value in ["7", "-1"] {
            try withDirectory { directory throws in
                try filled(directory).close()
                try alter(directory, "INSERT OR REPLACE INTO meta (name, value) VALUES ('placed', '\(value)')")
                expectDamaged(directory, "index of topics")
            }
        }
    }

    /// Afterwards the database holds everything, and the next commit begins the write-ahead log anew.
    @Test func settlingCarriesTheWriteAheadLogOver() throws {
        try withDirectory { directory throws in
            let log = try filled(directory, comments: 200)
            let path = directory + "/" + SQLiteLog.fileName
            func size(_ path: String) throws -> Int {
                (try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0
            }
            let before = try size(path)
            #expect(try !log.settle())
            #expect(try size(path) > before)
            let logSize = try size(path + "-wal")
            let framed = try framedOctets(ofWriteAheadLog: path + "-wal")
            try log.append(try Sample.batch([Sample.comment("2025-1", 201, "sau")], after: 200))
            #expect(try size(path + "-wal") == logSize)
            let framedNow = try framedOctets(ofWriteAheadLog: path + "-wal")
            #expect(framedNow < framed, "the file is written from its beginning again")
            try log.close()
            #expect(throws: LogError.self) { _ = try log.settle() }
        }
    }

    /// A file that grows makes every sync wait for the file system's own journal.
    @Test func theWriteAheadLogGrowsInStepsOfAMebibyte() throws {
        try withDirectory { directory throws in
            let log = try SQLiteLog.open(directory: directory, creating: true)
            let path = directory + "/" + SQLiteLog.fileName + "-wal"
            var sizes: [Int64] = []
            for number in 1...400 {
                try log.append(try Sample.batch([Sample.comment("2025-1", number, "một")], after: log.head))
                let size = try #require(try FileSystem.size(path))
                #expect(try framedOctets(ofWriteAheadLog: path) <= size)
                if size != sizes.last { sizes.append(size) }
            }
            // The first commit grows it, the second one sees that; and so on once a step is full.
            #expect((3...6).contains(sizes.count), "\(sizes)")
            for (before, after) in zip(sizes, sizes.dropFirst()) where after - before > 1_000_000 {
                #expect(after == before + WriteAheadSpace.step)
            }
            // What a process that is killed now leaves is read to the last commit, and not beyond it.
            let copy = directory + "-copy"
            defer { try? FileManager.default.removeItem(atPath: copy) }
            try FileManager.default.copyItem(atPath: directory, toPath: copy)
            let revived = try SQLiteLog.open(directory: copy)
            #expect(revived.head == 400)
            #expect(revived.link == log.link)
            #expect(try Verification.run(revived).isIntact)
            try revived.close()
            try log.close()
        }
    }

    /// A step is due only after a commit that grew the file, whatever room is behind its last frame.
    @Test func aStepFollowsACommitThatGrewTheFile() throws {
        try withDirectory { directory throws in
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: false)
            let path = directory + "/log"
            #expect(throws: OpenProblem.self) { _ = try WriteAheadSpace(path: path) }
            try Data(count: 100).write(to: URL(filePath: path))
            let space = try WriteAheadSpace(path: path)
            space.lengthen()
            #expect(try FileSystem.size(path) == 100, "nothing has grown it")
            try Data(count: 4_152).write(to: URL(filePath: path))
            space.lengthen()
            #expect(try FileSystem.size(path) == 4_152 + WriteAheadSpace.step)
            space.lengthen()
            #expect(try FileSystem.size(path) == 4_152 + WriteAheadSpace.step)
        }
    }

    @Test func theIndexGoesOnWhereItStoodBeforeAStart() throws {
        try withDirectory { directory throws in
            let topic = try Sample.topic("2025-1")
            func hits(_ log: SQLiteLog, _ text: String) throws -> Int {
                try log.searchEverything(
                    SearchQuery(text: text, topics: [topic], hidden: [], through: .max, limit: 500)
                ).count
            }
            var log = try filled(directory, comments: 50)
            #expect(try log.indexSome(limit: 20))
            try log.close()
            log = try SQLiteLog.open(directory: directory)
            #expect(try hits(log, "ý kiến") == 50)
            let text = (1...300).map { "Đoạn \($0) nói về kinh phí.\n" }.joined(separator: "\n")
            try log.append(try Sample.batch([Sample.revision("2025-1", 1, text)], after: 50))
            #expect(try log.indexSome(limit: 7))
            try log.close()
            log = try SQLiteLog.open(directory: directory)
            #expect(try hits(log, "kinh phí") == 300)
            try log.close()
        }
    }

    /// What is read at once is bounded in octets too, and nothing is left out for it: not by a check, not by a start.
    @Test func recordsWithLongTextsComeAFewAtATime() throws {
        try withDirectory { directory throws in
            var log = try SQLiteLog.open(directory: directory, creating: true)
            let text = String(repeating: "ý ", count: 150_000)
            try log.append(try Sample.batch((1...8).map { try Sample.comment("2025-1", $0, text) }))
            #expect(try log.records(after: 0, limit: 500).map(\.sequence) == [1, 2, 3])
            #expect(try log.records(after: 3, limit: 2).map(\.sequence) == [4, 5])
            let report = try Verification.run(log)
            #expect(report.isIntact && report.events == 8)
            try log.close()
            log = try SQLiteLog.open(directory: directory)
            #expect(log.head == 8 && log.link == report.chain.link)
            try log.close()
        }
    }

    @Test func aRemovedBodyCanStillBeLoaded() throws {
        try withDirectory { directory throws in
            try filled(directory).close()
            try alter(
                directory,
                """
                INSERT INTO bodies (id, seq, digest) VALUES (32, 2, X'\(Digest(hashing: "ý kiến số 2"))');
                UPDATE events SET texts = NULL WHERE seq = 2
                """)
            let log = try SQLiteLog.open(directory: directory)
            let event = try #require(try log.events(after: 1, limit: 1, topic: nil).first)
            #expect(event.fact.fields.bodies.first?.body.text == nil)
            #expect(event.fact.fields.bodies.first?.body.digest == Digest(hashing: "ý kiến số 2"))
            let hits = try log.searchEverything(
                SearchQuery(text: "ý kiến", topics: [Sample.topic("2025-1")], hidden: [], through: .max, limit: 9))
            #expect(hits.map(\.sequence) == [6, 5, 4, 3, 1])
            #expect(try Verification.run(log).redacted == 1)
            try log.close()
        }
    }
}

@Suite struct SQLiteArchiveTests {
    private func filled(_ directory: String) throws -> SQLiteLog {
        let log = try SQLiteLog.open(directory: directory, creating: true)
        try log.append(try Sample.batch((1...30).map { try Sample.comment("2025-1", $0, "ý kiến \($0)") }))
        return log
    }

    @Test func backsUpAndVerifiesWhileTheServerRuns() throws {
        try withDirectory { directory throws in
            let log = try filled(directory)
            let findings = try SQLiteArchive.verify(directory: directory, now: Sample.start)
            #expect(findings.isIntact, "\(findings)")
            #expect(findings.records.chain.link == log.link)
            let target = directory + "/sao-luu.db"
            #expect(try SQLiteArchive.backup(directory: directory, to: target) == 30)
            #expect(throws: OpenProblem.exists(path: target)) {
                try SQLiteArchive.backup(directory: directory, to: target)
            }
            // The log goes on, and the backup stays what it was: one file.
            try log.append(try Sample.batch([Sample.comment("2025-1", 31, "sau")], after: 30))
            #expect(try SQLiteArchive.verify(path: target, now: Sample.start).records.events == 30)
            let names = try FileManager.default.contentsOfDirectory(atPath: directory).filter {
                $0.hasPrefix("sao-luu")
            }
            #expect(names == ["sao-luu.db"])
            let mode = try FileManager.default.attributesOfItem(atPath: target)[.posixPermissions]
            #expect(mode as? Int == 0o600)
            try log.close()
        }
    }

    @Test func aRestoredLogHasANewEpoch() throws {
        try withDirectory { directory throws in
            let log = try filled(directory)
            let backup = directory + "/sao-luu.db"
            _ = try SQLiteArchive.backup(directory: directory, to: backup)
            try log.append(try Sample.batch([Sample.comment("2025-1", 31, "sau")], after: 30))
            let (epoch, events) = (log.epoch, try log.events(after: 0, limit: 30, topic: nil))
            // Not under a running server.
            #expect(throws: OpenProblem.inUse(directory: directory, process: getpid())) {
                try SQLiteArchive.restore(backup, to: directory, now: Sample.start, replacing: true)
            }
            try log.close()
            #expect(throws: OpenProblem.exists(path: directory + "/" + SQLiteLog.fileName)) {
                try SQLiteArchive.restore(backup, to: directory, now: Sample.start)
            }
            let (head, former) = try SQLiteArchive.restore(backup, to: directory, now: Sample.start, replacing: true)
            #expect(head == 30)
            let restored = try SQLiteLog.open(directory: directory)
            #expect(restored.head == 30)
            #expect(restored.epoch != epoch)
            #expect(try restored.events(after: 0, limit: 100, topic: nil) == events)
            try restored.close()
            // What was there before is kept whole.
            #expect(try SQLiteArchive.verify(path: try #require(former), now: Sample.start).records.events == 31)
        }
    }

    /// Stopped behind any of its moves, a replacement is finished by the next one, and the former database is whole: its
    /// newest events stand in the log that went first.
    @Test(arguments: 0...3) func aReplacementThatWasCutOffIsFinishedByTheNext(moves: Int) throws {
        try withDirectory { directory throws in
            let log = try filled(directory)
            let backup = directory + "/sao-luu.db"
            _ = try SQLiteArchive.backup(directory: directory, to: backup)
            try log.append(try Sample.batch([Sample.comment("2025-1", 31, "sau")], after: 30))
            // As a killed process leaves it, but for the mark, without which nothing else keeps a start from going on.
            let killed = directory + "/killed"
            try FileManager.default.createDirectory(atPath: killed, withIntermediateDirectories: false)
            for suffix in ["", "-wal", "-shm"] {
                try FileManager.default.copyItem(
                    atPath: directory + "/" + SQLiteLog.fileName + suffix,
                    toPath: killed + "/" + SQLiteLog.fileName + suffix)
            }
            try log.close()
            let path = killed + "/" + SQLiteLog.fileName
            let kept = try SQLiteArchive.nameAside(path)
            for suffix in ["-wal", "-shm", ""].prefix(moves) {
                try FileManager.default.moveItem(atPath: path + suffix, toPath: kept + suffix)
            }
            let (_, former) = try SQLiteArchive.restore(backup, to: killed, now: Sample.start, replacing: true)
            #expect(former == (moves == 3 ? nil : kept))
            #expect(try SQLiteArchive.verify(path: kept, now: Sample.start).records.events == 31)
            let restored = try SQLiteLog.open(directory: killed)
            #expect(restored.head == 30)
            try restored.close()
        }
    }

    /// A log without its database is set aside, too: SQLite would read it as the new database's.
    @Test func aLogWithoutItsDatabaseIsNotTheRestoredOnes() throws {
        try withDirectory { directory throws in
            let log = try filled(directory)
            let backup = directory + "/sao-luu.db"
            _ = try SQLiteArchive.backup(directory: directory, to: backup)
            try log.append(try Sample.batch([Sample.comment("2025-1", 31, "sau")], after: 30))
            let orphaned = directory + "/orphaned"
            try FileManager.default.createDirectory(atPath: orphaned, withIntermediateDirectories: false)
            let path = orphaned + "/" + SQLiteLog.fileName
            try FileManager.default.copyItem(
                atPath: directory + "/" + SQLiteLog.fileName + "-wal", toPath: path + "-wal")
            try log.close()
            let (_, former) = try SQLiteArchive.restore(backup, to: orphaned, now: Sample.start, replacing: true)
            #expect(FileManager.default.fileExists(atPath: try #require(former)), "what is named is there")
            let restored = try SQLiteLog.open(directory: orphaned)
            #expect(restored.head == 30)
            try restored.close()
        }
    }

    /// A name that is taken is not written over.
    @Test func twoFormerDatabasesAreKeptApart() throws {
        try withDirectory { directory throws in
            try filled(directory).close()
            let backup = directory + "/sao-luu.db"
            _ = try SQLiteArchive.backup(directory: directory, to: backup)
            let path = directory + "/" + SQLiteLog.fileName
            let taken = try SQLiteArchive.nameAside(path)
            try Data("của tôi".utf8).write(to: URL(filePath: taken))
            let (_, former) = try SQLiteArchive.restore(backup, to: directory, now: Sample.start, replacing: true)
            #expect(former != taken)
            #expect(try Data(contentsOf: URL(filePath: taken)) == Data("của tôi".utf8))
            #expect(try SQLiteArchive.verify(path: try #require(former), now: Sample.start).records.events == 30)
        }
    }

    @Test func aDamagedBackupIsNotRestored() throws {
        try withDirectory { directory throws in
            try filled(directory).close()
            let backup = directory + "/sao-luu.db"
            _ = try SQLiteArchive.backup(directory: directory, to: backup)
            let queue = try DatabaseQueue(path: backup)
            try queue.write {
                try $0.execute(
                    sql: """
                        DROP TRIGGER events_texts_dropped;
                        UPDATE events SET texts = X'00000003616263' WHERE seq = 3
                        """)
            }
            try queue.close()
            #expect(throws: OpenProblem.self) {
                try SQLiteArchive.restore(backup, to: directory + "/moi", now: Sample.start)
            }
            #expect(!FileManager.default.fileExists(atPath: directory + "/moi"))
            #expect(throws: OpenProblem.self) {
                try SQLiteArchive.restore(directory + "/none.db", to: directory + "/moi", now: Sample.start)
            }
        }
    }

    @Test func aBackupRestoresIntoAnEmptyDirectory() throws {
        try withDirectory { directory throws in
            let log = try filled(directory)
            let backup = directory + "/sao-luu.db"
            _ = try SQLiteArchive.backup(directory: directory, to: backup)
            let far = directory + "/chưa-có/moi"
            #expect(throws: OpenProblem.noParent(path: far)) {
                try SQLiteArchive.restore(backup, to: far, now: Sample.start)
            }
            #expect(throws: OpenProblem.noParent(path: far)) { try SQLiteArchive.backup(directory: directory, to: far) }
            // Neither into a folder with other things in it, such as what is left of a database.
            try FileManager.default.createDirectory(atPath: directory + "/cu", withIntermediateDirectories: false)
            try Data("x".utf8).write(to: URL(filePath: directory + "/cu/phanbien.db-wal"))
            #expect(throws: OpenProblem.notEmpty(directory: directory + "/cu", holds: "phanbien.db-wal")) {
                try SQLiteArchive.restore(backup, to: directory + "/cu", now: Sample.start)
            }
            #expect(FileSystem.names(in: directory + "/cu") == ["phanbien.db-wal"])
            let (_, former) = try SQLiteArchive.restore(backup, to: directory + "/moi", now: Sample.start)
            #expect(former == nil)
            let restored = try SQLiteLog.open(directory: directory + "/moi")
            #expect(restored.link == log.link)
            try restored.append(try Sample.batch([Sample.comment("2025-1", 31, "tiếp")], after: 30))
            try restored.close()
            try log.close()
        }
    }
}
