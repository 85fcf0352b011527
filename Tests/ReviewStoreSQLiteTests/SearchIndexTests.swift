import Foundation
import GRDB
import ReviewCore
import ReviewDigest
import ReviewStore
import Testing

@testable import ReviewStoreSQLite

/// What the durable index holds: a search costs what can be found, not what was ever written.
@Suite struct SearchIndexTests {
    private static let paragraphs = 60

    private func text(_ word: String) -> String {
        (1...Self.paragraphs).map { "Đoạn \($0) nói về \(word)." }.joined(separator: "\n\n") + "\n"
    }

    /// Passages of a revision that have a row, and words that have a place in the index.
    private func held(_ log: SQLiteLog, revision: Int, word: String) throws -> (rows: Int, words: Int) {
        try log.queue.writeWithoutTransaction { database in
            try database.execute(sql: "CREATE VIRTUAL TABLE temp.held USING fts5vocab(main, search, instance)")
            defer { try? database.execute(sql: "DROP TABLE temp.held") }
            return (
                try Int.fetchOne(
                    database, sql: "SELECT count(*) FROM passages WHERE kind = 'revision' AND number = ?",
                    arguments: [revision]) ?? -1,
                try Int.fetchOne(
                    database, sql: "SELECT count(*) FROM temp.held WHERE term = ? AND col = 'exact'",
                    arguments: [word]) ?? -1
            )
        }
    }

    private func find(_ word: String, in log: SQLiteLog) throws -> Int {
        try log.search(SearchQuery(text: word, topics: [try Sample.topic("2025-1")], hidden: [], limit: 1_000)).count
    }

    /// Earlier revisions leave in steps as small as those in which the new one comes, across starts; the index is right
    /// after each.
    @Test func earlierRevisionsLeaveInSteps() throws {
        try withDirectory { directory throws in
            var log = try SQLiteLog.open(directory: directory, creating: true)
            try log.append(try Sample.batch([Sample.planned("2025-1"), Sample.revision("2025-1", 1, text("cam"))]))
            while try log.indexSome(limit: 1_000) {}
            try log.append(try Sample.batch([Sample.revision("2025-1", 2, text("bưởi"))], after: 2))
            var (steps, former) = (0, Self.paragraphs)
            while try log.indexSome(limit: 7) {
                steps += 1
                let (rows, words) = try held(log, revision: 1, word: "cam")
                #expect(rows == words && rows <= former && former - rows <= 7)
                former = rows
                #expect(try find("cam", in: log) == rows)
                guard steps % 5 == 0 else { continue }
                #expect(try SQLiteArchive.verify(directory: directory, now: Sample.start).isIntact, "step \(steps)")
                try log.close()
                log = try SQLiteLog.open(directory: directory)
            }
            #expect(steps >= 2 * Self.paragraphs / 7)
            #expect(try held(log, revision: 1, word: "cam") == (0, 0))
            #expect(try held(log, revision: 2, word: "bưởi") == (Self.paragraphs, Self.paragraphs))
            #expect(try find("cam", in: log) == 0 && find("bưởi", in: log) == Self.paragraphs)
            // What has left is removed like everything else.
            try log.append(try Sample.batch([try removal()], after: 3))
            #expect(try SQLiteArchive.verify(directory: directory, now: Sample.start).isIntact)
            try log.close()
        }
    }

    /// The text of the first revision goes, whose words are "cam".
    private func removal() throws -> Fact {
        try Sample.fact(
            "BODY.REDACTED",
            [
                ("topic", "2025-1"), ("event", "2"), ("field", "text"),
                ("sha256", Digest(hashing: text("cam")).description), ("document", "1/QĐ"),
            ], [("reason", "x")])
    }

    /// A removal between two steps: what has not left yet is gone as well, and the rest goes on.
    @Test func aRevisionThatIsRemovedWhileItLeavesIsGone() throws {
        try withDirectory { directory throws in
            let log = try SQLiteLog.open(directory: directory, creating: true)
            try log.append(try Sample.batch([Sample.planned("2025-1"), Sample.revision("2025-1", 1, text("cam"))]))
            while try log.indexSome(limit: 1_000) {}
            try log.append(try Sample.batch([Sample.revision("2025-1", 2, text("bưởi"))], after: 2))
            #expect(try log.indexSome(limit: 7))
            try log.append(try Sample.batch([try removal()], after: 3))
            #expect(try held(log, revision: 1, word: "cam") == (0, 0))
            while try log.indexSome(limit: 7) {}
            #expect(try find("bưởi", in: log) == Self.paragraphs)
            #expect(try SQLiteArchive.verify(directory: directory, now: Sample.start).isIntact)
            try log.close()
        }
    }

    /// Earlier versions marked what was superseded and left its words: it is not found, and it is no fault.
    @Test func whatAnEarlierVersionMarkedIsNotFound() throws {
        try withDirectory { directory throws in
            let log = try SQLiteLog.open(directory: directory, creating: true)
            try log.append(try Sample.batch([Sample.planned("2025-1"), Sample.revision("2025-1", 1, text("cam"))]))
            while try log.indexSome(limit: 1_000) {}
            try log.queue.writeWithoutTransaction { try $0.execute(sql: "UPDATE passages SET superseded = 1") }
            try log.append(try Sample.batch([Sample.revision("2025-1", 2, text("bưởi"))], after: 2))
            while try log.indexSome(limit: 1_000) {}
            #expect(try held(log, revision: 1, word: "cam") == (Self.paragraphs, Self.paragraphs))
            #expect(try find("cam", in: log) == 0 && find("bưởi", in: log) == Self.paragraphs)
            #expect(try SQLiteArchive.verify(directory: directory, now: Sample.start).isIntact)
            try log.close()
        }
    }
}
