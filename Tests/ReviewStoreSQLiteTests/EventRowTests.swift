import Foundation
import GRDB
import ReviewCore
import ReviewDigest
import ReviewStore
import Testing

@testable import ReviewStoreSQLite

/// An event's row holds its texts and its reply, and each text once.
@Suite struct EventRowTests {
    private func reply(_ key: String, _ reply: String, to sequence: Int64?) throws -> StoredReply {
        StoredReply(
            key: ReplyKey(person: try #require(PersonID("minh")), key: key), request: "r \(key)",
            reply: Array(reply.utf8), sequence: sequence)
    }

    /// A batch in which the second event, Minh's, is a comment.
    private func batch(_ text: String, suggestion: String? = nil, after head: Int64) throws -> Batch {
        try Sample.batch([Sample.office(), Sample.comment("2025-1", 1, text, suggestion: suggestion)], after: head)
    }

    // MARK: Texts

    @Test(arguments: [[], [""], ["một"], ["", "hai\n", "ba\u{0}bốn"], ["chữ ", "sau"]], [1, 20_000])
    func textsComeBackAsTheyWere(texts: [String], times: Int) throws {
        let bodies = texts.map { Body(String(repeating: $0, count: times)) }
        var octets: [UInt8] = []
        EventTexts.write(bodies, into: &octets)
        let named = bodies.enumerated().map { " b\($0)=sha256:\($1.digest)" }.joined()
        #expect(EventTexts.bodies(of: "1 now X - -" + named, Data(octets)) == bodies)
        // A slice of other octets is read from its own beginning.
        #expect(EventTexts.bodies(of: named, Data([9] + octets).dropFirst()) == bodies)
        // One octet more or less is no list of texts any more, nor is one text more than the record names.
        #expect(EventTexts.bodies(of: named, Data(octets + [0])) == nil)
        if !octets.isEmpty { #expect(EventTexts.bodies(of: named, Data(octets.dropLast())) == nil) }
        #expect(EventTexts.bodies(of: named, Data(octets + [0, 0, 0, 0])) == nil)
        for end in octets.indices.prefix(64) {
            // Whatever is cut off, nothing traps, and what is read is no longer than what was there.
            let read = EventTexts.bodies(of: named, Data(octets[..<end])) ?? []
            #expect(read.count < max(1, bodies.count) || read == bodies)
        }
    }

    @Test func anEventWithoutItsTextIsRefused() throws {
        try withDirectory { directory throws in
            let log = try SQLiteLog.open(directory: directory, creating: true)
            let whole = try Sample.comment("2025-1", 1, "một")
            let body = FactFields.NamedBody(name: "body", body: Body(digest: Digest(hashing: "một"), text: nil))
            let fact = try Fact(type: whole.type, fields: FactFields(pairs: whole.fields.pairs, bodies: [body]))
            #expect(throws: LogError.self) { try log.append(try Sample.batch([fact])) }
            #expect(log.head == 0)
            try log.append(try Sample.batch([whole]))
            try log.close()
        }
    }

    // MARK: Replies

    /// Replies that repeat the text, in part, wrongly, or not at all: each comes back octet by octet.
    @Test(arguments: [
        "một dòng", "hai\ndòng", "cuối dòng\n", "\n", "\n\n", "a\n\nb\n", "", "có\ttab", "| gạch", "a\u{1}b",
    ])
    func aReplyComesBackAsItWas(text: String) throws {
        try withDirectory { directory throws in
            var log = try SQLiteLog.open(directory: directory, creating: true)
            var echo: [UInt8] = []
            ReplyEcho.write(text, into: &echo)
            let repeated = String(decoding: echo, as: UTF8.self)
            var expected: [StoredReply] = []
            for (number, form) in [
                repeated + "OK id=C1\n", "OK id=C1\n", repeated, "", String(repeated.dropLast()), "| khác\nOK\n",
                repeated + repeated + "OK\n", "- row a=b\n" + repeated + "OK\n",
            ].enumerated() {
                var batch = try batch(text, suggestion: number.isMultiple(of: 2) ? "đề nghị" : nil, after: log.head)
                batch.replies = [
                    try reply("e\(number)", form, to: log.head + 2), try reply("n\(number)", form, to: nil),
                ]
                try log.append(batch)
                expected += batch.replies
            }
            for _ in 0..<2 {
                #expect(try log.replies(expected.map(\.key)) == expected)
                try log.close()
                #expect(try SQLiteArchive.verify(directory: directory, now: Sample.start).isIntact)
                log = try SQLiteLog.open(directory: directory)
            }
            // What repeats the text is stored without it.
            let stored = try log.queue.read {
                try Row.fetchOne($0, sql: "SELECT echo, CAST(reply AS TEXT) FROM events WHERE key = 'e0'")
            }
            let row = try #require(stored)
            #expect(try row.optionalInteger(0) == (text.isEmpty ? nil : 1))
            #expect(try row.text(1) == "OK id=C1\n")
            try log.close()
        }
    }

    /// In memory, in the index, read back at a start: replies of events beside those of requests that changed nothing.
    @Test func bothKindsOfRepliesAreFoundAcrossMergesAndStarts() throws {
        try withDirectory { directory throws in
            var expected: [StoredReply] = []
            for size in [2, ReplyIndex.maximumRecent + 5, 40, 600] {
                let log = try SQLiteLog.open(directory: directory, creating: true)
                for size in [size / 2, size - size / 2] {
                    var batch = try Sample.batch(
                        try (0..<size).map { try Sample.comment("2025-1", Int(log.head) + $0 + 1, "số \($0)") },
                        after: log.head)
                    batch.replies = try batch.events.enumerated().map { offset, event in
                        try reply(
                            "k\(event.sequence)", "| số \(offset)\nOK\n",
                            to: event.person == nil ? nil : event.sequence)
                    }
                    try log.append(batch)
                    expected += batch.replies
                    var again = try self.batch("x", after: log.head)
                    again.replies = [try reply(expected[expected.count / 2].key.key, "", to: log.head + 2)]
                    #expect(throws: LogError.self) { try log.append(again) }
                }
                #expect(try log.replies(expected.map(\.key)) == expected)
                try log.close()
                let findings = try SQLiteArchive.verify(directory: directory, now: Sample.start)
                #expect(findings.isIntact, "\(findings.projections.differences)")
            }
        }
    }

    @Test(arguments: LogKind.allCases) func aReplyBelongsToAnEventOfItsBatch(_ kind: LogKind) throws {
        try kind.withLog { log throws in
            for wrong in [[0], [-1], [3], [.max], [2, 1], [2, 2]] as [[Int64]] {
                var batch = try batch("một", after: 0)
                batch.replies = try wrong.enumerated().map { try reply("k\($0)", "", to: $1) }
                #expect(throws: LogError.self, "\(wrong)") { try log.append(batch) }
                #expect(log.head == 0)
            }
            var batch = try batch("một", after: 0)
            batch.replies = [try reply("k", "OK\n", to: 2)]
            try log.append(batch)
            #expect(try log.replies(batch.replies.map(\.key)) == batch.replies)
        }
    }

    /// The index is a file's, too: a number that is none of ours ends in a message.
    @Test(arguments: ["9223372036854775807", "-9223372036854775807", "-9223372036854775807 - 1", "0", "-1", "1"])
    func anIndexThatNamesNothingIsSaid(id: String) throws {
        try withDirectory { directory throws in
            let log = try SQLiteLog.open(directory: directory, creating: true)
            let key = try reply("k", "", to: nil).key
            try log.queue.writeWithoutTransaction {
                try $0.execute(
                    sql: "INSERT INTO reply_keys (hash, id) VALUES (?, \(id))", arguments: [ReplyIndex.hash(key)])
            }
            #expect(throws: LogError.self) { try log.replies([key]) }
            try log.close()
        }
    }

    // MARK: Removal

    /// The reply stands in the text's own row, or in that of an event which the same request made after it.
    @Test(arguments: [false, true]) func aRemovedTextLeavesTheReplyToo(isRepeatedLater: Bool) throws {
        try withDirectory { directory throws in
            let log = try SQLiteLog.open(directory: directory, creating: true)
            var batch = try Sample.batch([
                Sample.office(), Sample.comment("2025-1", 1, "bí mật\nhai dòng", suggestion: "ở lại"),
                Sample.comment("2025-1", 2, "lời khác"), Sample.office(), Sample.comment("2025-1", 3, "lời sau"),
            ])
            let end: Int64 = isRepeatedLater ? 3 : 2
            batch.replies = [
                try reply("k", "| bí mật\n| hai dòng\nOK seq=\(end)\n", to: end),
                try reply("l", "| lời sau\nOK seq=5\n", to: 5),
            ]
            try log.append(batch)
            let text = "bí mật\nhai dòng"
            let fact = try Sample.fact(
                "BODY.REDACTED",
                [
                    ("topic", "2025-1"), ("event", "2"), ("field", "body"),
                    ("sha256", Digest(hashing: text).description), ("document", "15/QĐ"),
                ], [("reason", "Theo yêu cầu.")])
            try log.append(try Sample.batch([fact], after: 5))
            let replies = try log.replies(batch.replies.map(\.key))
            #expect(
                replies.map { String(decoding: $0.reply, as: UTF8.self) } == [
                    "| [nội dung đã xóa theo 15/QĐ]\nOK seq=\(end)\n", "| lời sau\nOK seq=5\n",
                ])
            #expect(replies.map(\.request) == ["r k", "r l"])
            #expect(replies.map(\.sequence) == [end, 5])
            let bodies = try log.events(after: 1, limit: 1, topic: nil).first?.fact.fields.bodies.map(\.body)
            #expect(bodies == [Body("ở lại"), Body(digest: Digest(hashing: text), text: nil)])
            try log.scrub()
            try log.close()
            for name in try FileManager.default.contentsOfDirectory(atPath: directory) {
                let octets = try Data(contentsOf: URL(filePath: directory + "/" + name))
                #expect(octets.range(of: Data("hai dòng".utf8)) == nil, "\(name)")
            }
            #expect(try SQLiteArchive.verify(directory: directory, now: Sample.start).isIntact)
        }
    }

    /// A text with a soft hyphen is shown with a sign in its place; the reply repeats it in that form, and loses it all the
    /// same.
    ///
    /// Another text of the event leaves the reply as it is.
    @Test(arguments: [("bí\u{AD}mật", "body"), ("đề nghị", "suggest")])
    func aTextThatIsShownOtherwiseLeavesTheReplyToo(text: String, field: String) throws {
        try withDirectory { directory throws in
            let log = try SQLiteLog.open(directory: directory, creating: true)
            let isBody = field == "body"
            var batch = try batch(isBody ? text : "ở lại", suggestion: isBody ? nil : text, after: 0)
            let reply = try reply("k", isBody ? "| bí\\u{00AD}mật\nOK seq=2\n" : "| ở lại\nOK seq=2\n", to: 2)
            batch.replies = [reply]
            try log.append(batch)
            let fact = try Sample.fact(
                "BODY.REDACTED",
                [
                    ("topic", "2025-1"), ("event", "2"), ("field", field),
                    ("sha256", Digest(hashing: text).description), ("document", "15/QĐ"),
                ], [("reason", "Theo yêu cầu.")])
            try log.append(try Sample.batch([fact], after: 2))
            let left = try log.replies([reply.key]).map { String(decoding: $0.reply, as: UTF8.self) }
            #expect(left == [isBody ? "| [nội dung đã xóa theo 15/QĐ]\nOK seq=2\n" : "| ở lại\nOK seq=2\n"])
            try log.close()
            #expect(try SQLiteArchive.verify(directory: directory, now: Sample.start).isIntact)
        }
    }

    // MARK: Cost

    /// What one comment costs when nobody else writes: a page for its row, and now and then one more where the table grows.
    @Test func aCommitOfOneCommentWritesLittleMoreThanOnePage() throws {
        try withDirectory { directory throws in
            let log = try SQLiteLog.open(directory: directory, creating: true)
            let path = directory + "/" + SQLiteLog.fileName + "-wal"
            func pages() throws -> Int { try framedOctets(ofWriteAheadLog: path) / (4_096 + 24) }
            let text = String(repeating: "Số liệu chưa khớp báo cáo năm. ", count: 7)
            var before = 0
            for number in 0..<101 {
                if number == 1 { before = try pages() }
                var batch = try Sample.batch(
                    [Sample.comment("2025-1", number + 1, text)], after: log.head)
                batch.replies = [
                    try reply("01JZ8QX5T2\(number)", "| \(text)\nOK id=C\(number) seq=\(number)\n", to: log.head + 1)
                ]
                try log.append(batch)
            }
            let written = try pages() - before
            #expect((100...180).contains(written), "\(written) pages for 100 commits")
            try log.close()
        }
    }

    /// A start, and who looks at a finished topic, would read megabytes for each revision, of which the state keeps nothing.
    @Test func aFileBesideATextIsReadOnlyWhenItIsAskedFor() throws {
        try withDirectory { directory throws in
            let log = try SQLiteLog.open(directory: directory, creating: true)
            let batch = try Sample.batch([
                Sample.planned("2025-1"), Sample.revision("2025-1", 1, "# Mở đầu\n"),
                Sample.fact(
                    Fact.typeOfFiles,
                    [
                        ("topic", "2025-1"), ("revision", "1"), ("name", "ORIGINAL.ATTACHED .docx"),
                        ("sha256", Digest(hashing: "PK").description), ("bytes", "2"),
                    ], [("content", "UEs=")]),
            ])
            try log.append(batch)
            let topic = try Sample.topic("2025-1")
            for events in [try log.openEvents(now: Sample.start), try log.events(of: topic)] {
                #expect(events.map { EventRecord($0).encoded } == batch.events.map { EventRecord($0).encoded })
                let texts = events.suffix(2).map { $0.fact.fields.bodies.map(\.body.text) }
                #expect(texts == [["# Mở đầu\n"], [nil]])
            }
            #expect(try log.events(after: 2, limit: 1, topic: topic) == [batch.events[2]])
            #expect(try log.events(after: 0, limit: 9, topic: nil) == batch.events)
            try log.close()
        }
    }
}
