import Foundation
import GRDB
import ReviewCore
import ReviewDigest
import ReviewStore
import Testing

@testable import ReviewStoreSQLite

/// Everything that the database keeps beside the records is compared with the log: each lie is found, and named.
@Suite struct ProjectionTests {
    /// A log with something in every table: open and finished topics, merged and waiting replies, earlier revisions,
    /// a removed text, tokens that lapsed and others.
    private static func fill(_ directory: String) throws {
        let log = try SQLiteLog.open(directory: directory, creating: true)
        let minh = try #require(PersonID("minh"))
        var batch = try Sample.batch([
            Sample.office(), Sample.planned("2025-1"), Sample.planned("2025-2"),
            Sample.revision("2025-1", 1, "# Mở đầu\n\nĐoạn một về trợ giúp pháp lý.\n\nĐoạn hai.\n"),
            Sample.comment("2025-1", 1, "Ý kiến thứ nhất.", suggestion: "sửa thành ba"),
            Sample.revision("2025-1", 2, "# Mở đầu\n\nĐoạn một đã sửa.\n"), Sample.review("2025-1", 1, "Đạt."),
            Sample.comment("2025-2", 2, "ở chuyên đề hai"), Sample.cancelled("2025-2", highestComment: 2),
            Sample.token(expires: Sample.start.adding(milliseconds: 1)),
            Sample.token(expires: Sample.start.adding(milliseconds: 100_000_000)),
        ])
        batch.replies = (0..<Self.merged).map { number in
            StoredReply(key: ReplyKey(person: minh, key: "k\(number)"), request: "r", reply: [])
        }
        batch.replies.append(
            StoredReply(
                key: ReplyKey(person: minh, key: "e8"), request: "r",
                reply: Array("| ở chuyên đề hai\nOK seq=8\n".utf8),
                sequence: 8))
        batch.positions = [ReadPosition(person: minh, client: "", sequence: 3)]
        try log.append(batch)
        while try log.indexSome(limit: 1_000) {}
        var later = try Sample.batch(
            [
                Sample.fact(
                    "BODY.REDACTED",
                    [
                        ("topic", "2025-1"), ("event", "5"), ("field", "body"),
                        ("sha256", Body("Ý kiến thứ nhất.").digest.description), ("document", "1/QĐ"),
                    ], [("reason", "x")])
            ], after: batch.events.last?.sequence ?? 0)
        // So many that this commit carries all of the others to the index.
        later.replies = (0..<Self.merged / 2).map { number in
            StoredReply(key: ReplyKey(person: minh, key: "later\(number)"), request: "r", reply: [])
        }
        try log.append(later)
        while try log.indexSome(limit: 1_000) {}
        var last = try Sample.batch([Sample.office(), Sample.comment("2025-1", 3, "sau cùng")], after: log.head)
        last.replies = [
            StoredReply(
                key: ReplyKey(person: minh, key: "e14"), request: "r", reply: Array("OK seq=14\n".utf8), sequence: 14)
        ]
        try log.append(last)
        while try log.indexSome(limit: 1_000) {}
        // All but the last have their place in the index of topics, as after many more of them.
        try log.queue.writeWithoutTransaction { try PlaceIndex.place(after: 0, through: 11, in: $0) }
        try log.close()
    }

    /// How many replies are in the index of keys; half as many wait for it.
    private static let merged = ReplyIndex.maximumRecent + 8

    /// The files of such a log, made once.
    private static let files = Result {
        var files: [String: Data] = [:]
        try withDirectory { directory throws in
            try fill(directory)
            for name in try FileManager.default.contentsOfDirectory(atPath: directory) {
                files[name] = try Data(contentsOf: URL(filePath: directory + "/" + name))
            }
        }
        return files
    }

    private func filled(_ directory: String) throws {
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: false)
        for (name, octets) in try Self.files.get() { try octets.write(to: URL(filePath: directory + "/" + name)) }
    }

    private func alter(_ directory: String, _ sql: String) throws {
        let queue = try DatabaseQueue(path: directory + "/" + SQLiteLog.fileName)
        try queue.writeWithoutTransaction { database in
            try database.execute(
                sql: """
                    PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON;
                    DROP TRIGGER events_unchanged; DROP TRIGGER events_texts_dropped
                    """)
            try database.execute(sql: sql)
        }
        try queue.close()
    }

    private static let now = Sample.start.adding(milliseconds: 1_000)

    @Test func aHealthyLogHasNoDifference() throws {
        try withDirectory { directory throws in
            try filled(directory)
            let findings = try SQLiteArchive.verify(directory: directory, now: Self.now)
            #expect(findings.projections.differences == [])
            #expect(findings.projections.count == 0)
            #expect(findings.projections.events == 14)
            #expect(findings.isIntact, "\(findings)")
        }
    }

    /// Also when the index stands in the middle of a long text.
    @Test func anIndexThatIsStillOnItsWayIsNoDifference() throws {
        try withDirectory { directory throws in
            let log = try SQLiteLog.open(directory: directory, creating: true)
            let text = "# Mục\n\n" + (1...40).map { "Đoạn số \($0).\n\n" }.joined()
            try log.append(
                try Sample.batch([Sample.revision("2025-1", 1, "# A\n\nb\n"), Sample.revision("2025-1", 2, text)]))
            for _ in 0..<6 {
                _ = try log.indexSome(limit: 7)
                let findings = try SQLiteArchive.verify(directory: directory, now: Self.now)
                #expect(findings.isIntact, "\(findings.projections.differences)")
            }
            try log.close()
        }
    }

    /// What is altered, and the place that the report names for it.
    static let lies: [(sql: String, place: String)] = [
        ("UPDATE events SET topic = '2025-9' WHERE seq = 5", "events 5 topic"),
        ("UPDATE events SET topic = NULL WHERE seq = 4", "events 4 topic"),
        ("UPDATE events SET comment = 77 WHERE seq = 5", "events 5 comment"),
        ("UPDATE events SET review = NULL WHERE seq = 7", "events 7 review"),
        ("UPDATE events SET keep = 'always' WHERE seq = 6", "events 6 keep"),
        ("UPDATE events SET keep = 'open' WHERE seq = 1", "events 1 keep"),
        ("UPDATE events SET expires = expires + 1 WHERE seq = 10", "events 10 expires"),
        ("UPDATE topics SET closed = NULL WHERE topic = '2025-2'", "topics 2025-2 closed"),
        ("UPDATE topics SET closed = 4 WHERE topic = '2025-1'", "topics 2025-1 closed"),
        ("DELETE FROM topics WHERE topic = '2025-1'", "topics 2025-1"),
        ("INSERT INTO topics (topic) VALUES ('2030-1')", "topics 2030-1"),
        ("DELETE FROM topic_events WHERE seq = 5", "topic_events 5"),
        ("UPDATE topic_events SET topic = '2025-2' WHERE seq = 5", "topic_events 5"),
        ("INSERT INTO topic_events (topic, seq) VALUES ('2025-1', 1)", "topic_events"),
        ("DELETE FROM comment_events WHERE comment = 2", "comment_events 8"),
        ("UPDATE comment_events SET seq = 4 WHERE comment = 1", "comment_events 5"),
        ("INSERT INTO comment_events (comment, seq) VALUES (9, 5)", "comment_events"),
        ("UPDATE meta SET value = '999' WHERE name = 'placed'", "meta placed"),
        ("DELETE FROM reply_keys WHERE id = 17", "replies 17 reply_keys"),
        ("UPDATE reply_keys SET id = 18 WHERE id = 17", "replies 17 reply_keys"),
        ("INSERT INTO reply_keys (hash, id) VALUES (randomblob(16), 9999)", "reply_keys"),
        ("UPDATE replies SET key = 'k3' WHERE id = 9", "replies 9 reply_keys"),
        ("UPDATE replies SET key = 'k3' WHERE id = 9000", "replies 9000 reply_keys"),
        ("UPDATE replies SET key = 'later3' WHERE id = 9000", "replies 9000"),
        ("UPDATE replies SET seq = 99 WHERE id = 9", "replies 9 seq"),
        ("DELETE FROM reply_keys WHERE id = -8", "events 8 reply_keys"),
        ("UPDATE reply_keys SET id = -14 WHERE id = -8", "events 8 reply_keys"),
        ("UPDATE events SET key = 'k3' WHERE seq = 8", "events 8 reply_keys"),
        ("UPDATE events SET key = 'k3' WHERE seq = 14", "events 14 reply_keys"),
        ("UPDATE events SET key = 'later3' WHERE seq = 14", "events 14"),
        ("UPDATE events SET key = NULL WHERE seq = 14", "events 14 reply"),
        ("UPDATE events SET reply = NULL WHERE seq = 8", "events 8 reply"),
        ("UPDATE events SET reply = X'00' WHERE seq = 5", "events 5 reply"),
        ("UPDATE events SET person = 'lan' WHERE seq = 14", "events 14 person"),
        ("UPDATE events SET person = 'Ai Đó' WHERE seq = 14", "events 14 person"),
        ("UPDATE events SET echo = 1 WHERE seq = 8", "events 8 echo"),
        ("UPDATE events SET echo = 0 WHERE seq = 5", "events 5 echo"),
        ("UPDATE meta SET value = '14' WHERE name = 'event-replies'", "events 14 reply_keys"),
        ("UPDATE positions SET seq = 99", "positions minh "),
        ("UPDATE meta SET value = '99 0' WHERE name = 'indexed'", "meta indexed"),
        ("DELETE FROM passages WHERE id >> 20 = 6", "passages"),
        ("UPDATE passages SET topic = '2025-2' WHERE id >> 20 = 7", "passages 7/0 topic"),
        (
            "INSERT INTO passages (id, topic, kind, number) VALUES (4 << 20 | 1048575, '2025-1', 'revision', 1)",
            "passages 4/0"
        ),
        (
            "INSERT INTO passages (id, topic, kind, number) VALUES (1 << 20, '2025-1', 'topic', 0)",
            "passages 1/1048575"
        ),
        ("INSERT INTO search (rowid, exact, folded) VALUES (7 << 20 | 1048575, 'thêm', 'them')", "search 7/0"),
        ("INSERT INTO search (rowid, exact, folded) VALUES (7, 'lạ', 'la')", "search 0/1048568"),
        ("INSERT INTO search (rowid, exact, folded) VALUES (4 << 20 | 1048575, 'đoạn', 'doan')", "search 4/0"),
        ("INSERT INTO search (rowid, topic) VALUES (6 << 20 | 1048575, '2025t2')", "search 6/0"),
        ("INSERT INTO search (search) VALUES ('delete-all')", "search 6/0"),
    ]

    @Test(arguments: lies.indices)
    func eachLieIsFound(index: Int) throws {
        let lie = Self.lies[index]
        try withDirectory { directory throws in
            try filled(directory)
            try alter(directory, lie.sql)
            let findings = try SQLiteArchive.verify(directory: directory, now: Self.now)
            #expect(!findings.isIntact)
            let places = findings.projections.differences.map(\.place)
            #expect(places.contains(lie.place), "\(lie.sql): \(places)")
            #expect(findings.records.isIntact, "the records themselves are sound")
            for difference in findings.projections.differences {
                #expect(!difference.wording.vietnamese.contains("Ý kiến"), "a report repeats no text")
            }
        }
    }

    /// The columns decide what a start loads; a start that would load less shows in the state as well.
    @Test func aStartThatWouldLoadLessIsFoundInTheState() throws {
        try withDirectory { directory throws in
            try filled(directory)
            try alter(directory, "UPDATE topics SET closed = 4 WHERE topic = '2025-1'")
            let findings = try SQLiteArchive.verify(directory: directory, now: Self.now)
            let places = findings.projections.differences.map(\.place)
            #expect(places.contains { $0.hasPrefix("state topic 2025-1 ") }, "\(places)")
        }
    }

    @Test func manyDifferencesAreCountedAndNotAllListed() throws {
        try withDirectory { directory throws in
            try filled(directory)
            try alter(directory, "DELETE FROM reply_keys")
            let report = try SQLiteArchive.verify(directory: directory, now: Self.now).projections
            #expect(report.differences.count == ProjectionCheck.maximumProblems)
            #expect(report.count >= Self.merged)
        }
    }

    @Test func progressIsTold() throws {
        try withDirectory { directory throws in
            let log = try SQLiteLog.open(directory: directory, creating: true)
            try log.append(try Sample.batch((1...2_500).map { try Sample.comment("2025-1", $0, "số \($0)") }))
            try log.close()
            var told: [Int64] = []
            _ = try SQLiteArchive.verify(directory: directory, now: Self.now) { done, total in
                #expect(total == 2_500)
                told.append(done)
            }
            #expect(told == [1_000, 2_000])
        }
    }
}
