import Foundation
import GRDB
import ReviewCore
import ReviewDigest
import ReviewStore
import ReviewStoreTestKit
import Testing

@testable import ReviewStoreSQLite

/// A text that is to go is nowhere any more: not in the rows, the index, the stored replies, the free pages or the
/// write-ahead log.
@Suite struct RedactionTests {
    /// Rare words, so that finding one in a file means something.
    private static let secret = "Nôngvănbímật căncước 098765 trúxóm7"
    private static let words = ["Nôngvănbímật", "nongvanbimat", "nôngvănbímật", "098765", "trúxóm7", "truxom7"]

    private func redaction(of target: Int64, _ text: String, field: String = "body") throws -> Fact {
        try Sample.fact(
            "BODY.REDACTED",
            [
                ("topic", "2025-1"), ("event", String(target)), ("field", field),
                ("sha256", Digest(hashing: text).description), ("document", "15/QĐ-TGPL"),
            ], [("reason", "Theo yêu cầu.")])
    }

    private func reply(_ key: String, _ sequence: Int64, _ text: String) throws -> StoredReply {
        StoredReply(
            key: ReplyKey(person: try #require(PersonID("minh")), key: key), request: "r",
            reply: Array(
                "| \(text)\nOK id=C\(sequence) note=\"a seq=9 b\" seq=\(sequence) :Đã ghi seq=77\n".utf8))
    }

    private func query(_ text: String) throws -> SearchQuery {
        SearchQuery(text: text, topics: [try Sample.topic("2025-1")], hidden: [], through: .max, limit: 100)
    }

    /// Whether any file of the directory holds any of the words.
    private func traces(_ directory: String) throws -> [String] {
        var found: [String] = []
        for name in try FileManager.default.contentsOfDirectory(atPath: directory) {
            let octets = try Data(contentsOf: URL(filePath: directory + "/" + name))
            for word in Self.words where octets.range(of: Data(word.utf8)) != nil { found.append("\(name): \(word)") }
        }
        return found
    }

    /// A comment whose quote was removed, too, is one that every copy of the log can still be compared with.
    @Test func aLogWithoutTheTextsOfACommentIsIntact() throws {
        try withDirectory { directory throws in
            let log = try SQLiteLog.open(directory: directory, creating: true)
            let texts = [("quote", "57 vụ của ông A"), ("suggest", "75 vụ của ông A"), ("body", Self.secret)]
            let comment = try Sample.comment("2025-1", 1, "x").fields
            try log.append(
                try Sample.batch([
                    try Sample.fact("COMMENT.ADDED", comment.pairs.map { ($0.key, $0.value) }, texts),
                    Sample.comment("2025-1", 2, "ý kiến khác ở lại", suggestion: "cũng ở lại"),
                ]))
            try log.append(
                try Sample.batch(texts.map { try redaction(of: 1, $0.1, field: $0.0) }, after: 2))
            while try log.indexSome(limit: 1_000) {}
            let copy = directory + "/sao-luu.db"
            _ = try SQLiteArchive.backup(directory: directory, to: copy)
            try log.close()
            for findings in [
                try SQLiteArchive.verify(directory: directory, now: Sample.start),
                try SQLiteArchive.verify(path: copy, now: Sample.start),
            ] {
                #expect(findings.isIntact, "\(findings)")
                #expect(findings.records.redacted == 3)
            }
        }
    }

    @Test(arguments: LogKind.allCases, [false, true])
    func theTextGoesAndTheChainStays(_ kind: LogKind, isIndexedBefore: Bool) throws {
        try kind.withLog { log throws in
            try log.append(
                try Sample.batch([
                    Sample.comment("2025-1", 1, Self.secret, suggestion: "đề nghị ở lại"),
                    Sample.comment("2025-1", 2, "ý kiến khác ở lại"),
                ]))
            if isIndexedBefore { #expect(try log.searchEverything(try query("098765")).isEmpty == false) }
            try log.append(try Sample.batch([redaction(of: 1, Self.secret)], after: 2))
            let event = try #require(try log.events(after: 0, limit: 1, topic: nil).first)
            let bodies = event.fact.fields.bodies
            #expect(bodies.map(\.name) == ["suggest", "body"])
            #expect(bodies[0].body.text == "đề nghị ở lại")
            #expect(bodies[1].body == Body(digest: Digest(hashing: Self.secret), text: nil))
            #expect(try log.searchEverything(try query("098765")).isEmpty)
            #expect(try log.searchEverything(try query("nongvanbimat")).isEmpty)
            let staying = try log.searchEverything(try query("ở lại")).map(\.sequence)
            #expect(staying == [2, 1], "what stays is still found")
            let report = try Verification.run(log)
            #expect(report.isIntact, "\(report.problems)")
            #expect(report.redacted == 1)
            #expect(report.bodies == 3)
        }
    }

    @Test(arguments: LogKind.allCases)
    func aTextThatIsNotThereIsRefusedAndNothingIsWritten(_ kind: LogKind) throws {
        try kind.withLog { log throws in
            try log.append(try Sample.batch([Sample.comment("2025-1", 1, "một")]))
            for (target, text) in [(Int64(1), "hai"), (7, "một"), (0, "một"), (-1, "một"), (.max, "một")] {
                let fact = try redaction(of: target, text)
                #expect(throws: LogError.self, "\(target) \(text)") {
                    try log.append(try Sample.batch([fact], after: 1))
                }
            }
            #expect(log.head == 1)
            try log.append(try Sample.batch([redaction(of: 1, "một")], after: 1))
            let again = try redaction(of: 1, "một")
            #expect(throws: LogError.self) { try log.append(try Sample.batch([again], after: 2)) }
        }
    }

    @Test func theStoredReplyKeepsItsStatusOnly() throws {
        try withDirectory { directory throws in
            let log = try SQLiteLog.open(directory: directory, creating: true)
            var batch = try Sample.batch([
                Sample.office(), Sample.comment("2025-1", 2, "trước"), Sample.comment("2025-1", 3, Self.secret),
                Sample.office(), Sample.comment("2025-1", 5, "sau"),
            ])
            batch.replies = [try reply("k2", 2, "trước"), try reply("k3", 3, Self.secret), try reply("k5", 5, "sau")]
            try log.append(batch)
            try log.append(try Sample.batch([redaction(of: 3, Self.secret)], after: 5))
            let minh = try #require(PersonID("minh"))
            let replies = try log.replies(["k2", "k3", "k5"].map { ReplyKey(person: minh, key: $0) })
            #expect(replies[0] == batch.replies[0])
            #expect(replies[2] == batch.replies[2])
            #expect(
                String(decoding: replies[1].reply, as: UTF8.self)
                    == "| [nội dung đã xóa theo 15/QĐ-TGPL]\nOK id=C3 note=\"a seq=9 b\" seq=3 :Đã ghi seq=77\n")
            #expect(replies[1].request == "r", "the same request still gets its answer")
            try log.close()
        }
    }

    /// Whether the index ends with the event or in the middle of it: what else it says is still found.
    @Test(arguments: LogKind.allCases, [1_000, 1]) func theRestOfTheLastEventIsStillFound(
        _ kind: LogKind, limit: Int
    ) throws {
        try kind.withLog { log throws in
            let staying =
                "Lời đầu tiên. "
                + (1...3_000).map { "ở lại lần \($0)" }.joined(separator: ", ")
            try log.append(
                try Sample.batch([Sample.comment("2025-1", 1, staying, suggestion: Self.secret)]))
            for _ in 0..<2 { _ = try log.indexSome(limit: limit) }
            try log.append(try Sample.batch([redaction(of: 1, Self.secret, field: "suggest")], after: 1))
            for _ in 0..<2 {
                #expect(try log.searchEverything(try query("098765")).isEmpty)
                #expect(try log.searchEverything(try query("đầu tiên")).map(\.sequence) == [1])
                while try log.indexSome(limit: limit) {}
            }
        }
    }

    private func opinion(_ text: String) throws -> Fact {
        try Sample.fact(
            "OPINION.GIVEN", [("topic", "2025-1"), ("revision", "1"), ("as", "object")], [("body", text)])
    }

    /// SENDBACK: the event with the text, then the stage, whose row holds the reply.
    private func sentBack(_ reason: String) throws -> [Fact] {
        [
            try Sample.fact(
                "TOPIC.RETURNED", [("topic", "2025-1"), ("from", "review"), ("to", "drafting")], [("reason", reason)]),
            try Sample.fact("STAGE.ENTERED", [("topic", "2025-1"), ("stage", "drafting"), ("from", "review")]),
        ]
    }

    /// A request without a key left no reply; the next one's, with a key, is not its.
    @Test(arguments: [false, true]) func theReplyToAnotherRequestStays(hasTheSameText: Bool) throws {
        try withDirectory { directory throws in
            let log = try SQLiteLog.open(directory: directory, creating: true)
            let reason = hasTheSameText ? Self.secret : "Thiếu số liệu."
            // All of one person.
            var batch = try Sample.batch(
                [Sample.office(), opinion(Self.secret)] + sentBack(reason) + [Sample.office()])
            batch.events = batch.events.map { event in
                Event(
                    sequence: event.sequence, time: event.time, person: PersonID("minh"), office: OfficeID("nv"),
                    fact: event.fact)
            }
            let key = ReplyKey(person: try #require(PersonID("minh")), key: "kk9")
            let reply = StoredReply(
                key: key, request: "r", reply: Array("| \(reason)\nOK topic=2025-1 seq=4 :Đã trả lại\n".utf8),
                sequence: 4)
            batch.replies = [reply]
            try log.append(batch)
            try log.append(try Sample.batch([redaction(of: 2, Self.secret)], after: 5))
            #expect(try log.replies([key]) == [reply])
            // Its own text leaves it.
            try log.append(try Sample.batch([redaction(of: 3, reason, field: "reason")], after: 6))
            #expect(
                try log.replies([key]).map { String(decoding: $0.reply, as: UTF8.self) }
                    == ["| [nội dung đã xóa theo 15/QĐ-TGPL]\nOK topic=2025-1 seq=4 :Đã trả lại\n"])
            try log.close()
        }
    }

    /// A reply repeats what a terminal must not get in another form, line by line.
    @Test(
        arguments: [
            ("một", "| một\nOK\n", "OK\n"), ("một\n\nhai\n", "| một\n|\n| hai\nOK\n", "OK\n"),
            ("a\u{AD}b\u{E0001}\u{7}", "| a\\u{00AD}b\\u{E0001}\\u{0007}\nOK\n", "OK\n"),
            ("a\tb", "| a\tb\n", ""), ("một", "| một\n| hai\nOK\n", nil), ("một\nhai", "| một\nOK\n", nil),
            ("một", "| mộ\nOK\n", nil), ("một", "| một hai\nOK\n", nil), ("a\u{AD}", "| a\\u{00AE}\nOK\n", nil),
            ("", "|\nOK\n", nil), ("một", "OK :một\n", nil), ("một", "", nil), ("một", "| một", nil),
        ] as [(String, String, String?)])
    func onlyAReplyThatRepeatsTheTextLosesIt(text: String, reply: String, rest: String?) {
        let removed = ReplyEcho.removed(text, from: Array(reply.utf8), notice: "[x]")
        #expect(removed.map { String(decoding: $0, as: UTF8.self) } == rest.map { "| [x]\n" + $0 })
    }

    @Test func nothingStaysInTheFiles() throws {
        try withDirectory { directory throws in
            let log = try SQLiteLog.open(directory: directory, creating: true)
            let others = try (3...400).map { try Sample.comment("2025-1", $0, "số \($0)") }
            var batch = try Sample.batch([Sample.office(), Sample.comment("2025-1", 2, Self.secret)] + others)
            batch.replies = [try reply("k", 2, Self.secret)]
            try log.append(batch)
            // Long texts lie on overflow pages, which are freed whole.
            let long = String(repeating: Self.secret + "\n", count: 2_000)
            try log.append(try Sample.batch([Sample.revision("2025-1", 1, "# Mục\n\n" + long)], after: 400))
            while try log.indexSome(limit: 1_000) {}
            #expect(!(try traces(directory)).isEmpty, "the test would find it")
            try log.append(
                try Sample.batch(
                    [redaction(of: 2, Self.secret), redaction(of: 401, "# Mục\n\n" + long, field: "text")], after: 401))
            try log.scrub()
            #expect(try traces(directory) == [])
            #expect(try log.searchEverything(try query("399")).count == 1)
            try log.close()
            #expect(try traces(directory) == [])
            let findings = try SQLiteArchive.verify(directory: directory, now: Sample.start)
            #expect(findings.isIntact, "\(findings)")
            #expect(findings.records.redacted == 2)
            // And it is a log as before.
            let again = try SQLiteLog.open(directory: directory)
            try again.append(try Sample.batch([Sample.comment("2025-1", 401, "tiếp")], after: 403))
            #expect(try again.searchEverything(try query("tiếp")).count == 1)
            try again.close()
        }
    }

    /// A reader holds on to what it sees, the dropped text included: the operator is told, and does it again.
    @Test func aReaderInTheWayIsSaidAndTheNextAttemptFinishes() throws {
        try withDirectory { directory throws in
            let log = try SQLiteLog.open(directory: directory, creating: true)
            try log.append(try Sample.batch([Sample.comment("2025-1", 1, Self.secret)]))
            var configuration = Configuration()
            configuration.readonly = true
            configuration.allowsUnsafeTransactions = true
            let reader = try DatabaseQueue(path: directory + "/" + SQLiteLog.fileName, configuration: configuration)
            try reader.unsafeRead { try $0.execute(sql: "BEGIN; SELECT count(*) FROM events") }
            try log.append(try Sample.batch([redaction(of: 1, Self.secret)], after: 1))
            #expect(throws: OpenProblem.busy(path: directory + "/" + SQLiteLog.fileName)) { try log.scrub() }
            try reader.unsafeRead { try $0.execute(sql: "COMMIT") }
            try reader.close()
            try log.scrub()
            #expect(try traces(directory) == [])
            try log.close()
        }
    }

    @Test(
        arguments: [
            ("OK id=C1 seq=12 :Đã ghi\n", 12), ("| a\nOK seq=3\n", 3), ("OK id=C1\n", nil), ("", nil),
            ("OK seq=x\n", nil),
            ("OK note=\"seq=4\" seq=5 :x\n", 5), ("OK :seq=6\n", nil), ("- row seq=1\nOK topic=2025-1 seq=2\n", 2),
        ] as [(String, Int64?)])
    func theEventOfAStoredReplyIsThatOfItsStatus(reply: String, sequence: Int64?) {
        #expect(ReplyEcho.sequence(of: Array(reply.utf8)) == sequence)
    }
}
