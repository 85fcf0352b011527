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
        try log.search(
            SearchQuery(text: word, topics: [try Sample.topic("2025-1")], hidden: [], through: .max, limit: 1_000)
        ).count
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

    /// What matches in other topics is passed over: at once where few topics are searched, in steps where many are.
    @Test func aSearchDoesNotWalkThroughTheMatchesOfOthers() throws {
        try withDirectory { directory throws in
            let log = try SQLiteLog.open(directory: directory, creating: true)
            let others = 5_000
            var facts = try (1...12).map { try Sample.planned("2025-\($0)") }
            facts.append(try Sample.comment("2025-1", 1, "cam"))
            for number in 1...others { facts.append(try Sample.comment("2025-2", 1 + number, "cam")) }
            try log.append(try Sample.batch(facts))
            while try log.indexSome(limit: 1_000) {}
            func steps(_ topics: [Int]) throws -> Int {
                var search = SearchProgress(
                    SearchQuery(
                        text: "cam", topics: try topics.map { try Sample.topic("2025-\($0)") }, hidden: [],
                        through: .max,
                        limit: 10))
                var steps = 0
                while !search.isDone {
                    try log.searchSome(&search)
                    steps += 1
                }
                #expect(search.hits.map(\.sequence) == [13])
                return steps
            }
            #expect(try steps([1]) == 1)
            #expect(try steps([1, 3, 12]) == 1)
            #expect(try steps([1] + Array(3...12)) > 3)
            try log.close()
        }
    }

    /// A search of long texts goes in steps, and so does their coming into the index and their leaving it.
    @Test func nothingIsLookedThroughAtOnce() throws {
        try withDirectory { directory throws in
            let log = try SQLiteLog.open(directory: directory, creating: true)
            let body = (1...100).map { "Dòng \($0): " + String(repeating: "cam ", count: 100) }.joined(separator: "\n")
            var facts = [try Sample.planned("2025-1")]
            for number in 1...4 { facts.append(try Sample.comment("2025-1", number, body)) }
            try log.append(try Sample.batch(facts))
            var steps = 0
            while try log.indexSome(limit: 1_000) { steps += 1 }
            let octets = 4 * body.utf8.count
            #expect(steps >= octets / 16_384)
            var search = SearchProgress(
                SearchQuery(text: "cam", topics: [try Sample.topic("2025-1")], hidden: [], through: .max, limit: 500))
            steps = 0
            while !search.isDone {
                let before = search.hits.count
                try log.searchSome(&search)
                #expect(search.hits.count - before <= 4)
                steps += 1
            }
            #expect(search.hits.count >= octets / SearchPassage.maximumOctets)
            #expect(search.hits == (try log.search(search.query)))
            #expect(steps > 10)
            // What was told is what is forgotten.
            try log.append(
                try Sample.batch(
                    [
                        Sample.fact(
                            "BODY.REDACTED",
                            [
                                ("topic", "2025-1"), ("event", "5"), ("field", "body"),
                                ("sha256", Digest(hashing: body).description), ("document", "1/QĐ"),
                            ], [("reason", "x")])
                    ], after: 5))
            #expect(try log.search(search.query).allSatisfy { $0.sequence != 5 })
            #expect(try SQLiteArchive.verify(directory: directory, now: Sample.start).isIntact)
            try log.close()
        }
    }

    /// An index of an earlier version holds whole texts: the upgrade empties it, and it comes again.
    @Test func theIndexOfAnEarlierVersionIsMadeAnew() throws {
        try withDirectory { directory throws in
            var log = try SQLiteLog.open(directory: directory, creating: true)
            let body = (1...100).map { "Dòng \($0): " + String(repeating: "cam ", count: 100) }.joined(separator: "\n")
            try log.append(
                try Sample.batch([Sample.planned("2025-1"), Sample.comment("2025-1", 1, body)]))
            // As version 3 kept it: the whole comment is one text.
            try log.queue.writeWithoutTransaction { database in
                let words = SearchWords.words(of: body)
                let id = SQLiteLog.identifier(2, 0)
                try database.execute(
                    sql: """
                        DROP TABLE search;
                        DROP TABLE passages;
                        CREATE TABLE passages (
                            id INTEGER PRIMARY KEY NOT NULL, topic TEXT NOT NULL, kind TEXT NOT NULL,
                            number INTEGER NOT NULL, superseded INTEGER NOT NULL DEFAULT 0
                        ) STRICT;
                        CREATE INDEX passages_of_revision ON passages (topic, number)
                            WHERE kind = 'revision' AND superseded = 0;
                        CREATE VIRTUAL TABLE search USING fts5 (
                            exact, folded, content = '', columnsize = 0, tokenize = 'ascii'
                        );
                        """)
                try database.execute(
                    sql: "INSERT INTO passages (id, topic, kind, number) VALUES (?, '2025-1', 'comment', 1)",
                    arguments: [id])
                try database.execute(
                    sql: "INSERT INTO search (rowid, exact, folded) VALUES (?, ?, ?)",
                    arguments: [
                        id, words.map(\.exact).joined(separator: " "), words.map(\.folded).joined(separator: " "),
                    ])
                try database.execute(sql: "INSERT OR REPLACE INTO meta VALUES ('indexed', '2 0')")
                try database.execute(sql: "DELETE FROM grdb_migrations WHERE identifier IN ('v4', 'v5')")
            }
            try log.close()
            log = try SQLiteLog.open(directory: directory)
            #expect(log.upgrade?.to == "v5")
            #expect(try log.indexed == 0)
            #expect(try find("cam", in: log) == 0)
            while try log.indexSome(limit: 1_000) {}
            #expect(try find("cam", in: log) > 5)
            #expect(try SQLiteArchive.verify(directory: directory, now: Sample.start).isIntact)
            try log.close()
        }
    }
}
