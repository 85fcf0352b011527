import Foundation
import GRDB
import ReviewCore
import ReviewDigest
import ReviewStore
import ReviewStoreTestKit
import Testing

@testable import ReviewStoreSQLite

@Suite struct FrozenV1Tests {
    /// What version 1 wrote is opened, migrated, read, continued and searched.
    @Test func isStillUnderstood() throws {
        try withDirectory { directory throws in
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: false)
            let queue = try DatabaseQueue(path: directory + "/" + SQLiteLog.fileName)
            try queue.writeWithoutTransaction { try $0.execute(sql: FrozenV1.sql) }
            try queue.close()
            #expect(try SQLiteArchive.verify(directory: directory, now: Sample.start).isIntact)

            let log = try SQLiteLog.open(directory: directory)
            #expect(log.head == 8)
            #expect(log.link.description == FrozenV1.link)
            #expect(log.epoch == FrozenV1.epoch)
            let events = try log.events(after: 0, limit: 100, topic: nil)
            #expect(
                events.map(\.fact.type) == [
                    "OFFICE.ADDED", "TOPIC.PLANNED", "TOPIC.PLANNED", "REVISION.PUSHED", "COMMENT.ADDED",
                    "REVIEW.FILED",
                    "TOKEN.ISSUED", "TOPIC.CANCELLED",
                ])
            #expect(events[4].time.rfc3339 == "2025-01-13T08:00:05.005+07:00")
            #expect(events[4].person?.text == "minh")
            #expect(
                events[4].fact.fields.bodies.map(\.body.text) == ["57 vụ việc", "75 vụ việc", "Báo cáo năm ghi 75."])
            // Every record is written today as it was then.
            let stored = try log.records(after: 0, limit: 100)
            #expect(events.map { EventRecord($0).encoded } == stored.map(\.record.encoded))

            let midday = try #require(Instant(rfc3339: "2025-01-13T12:00:00.000+07:00"))
            #expect(try log.openEvents(now: midday).map(\.sequence) == Array(1...8))
            #expect(
                try log.openEvents(now: midday.adding(milliseconds: 86_400_000)).map(\.sequence) == [
                    1, 2, 3, 4, 5, 6, 8,
                ])
            #expect(try log.topic(of: CommentID(1)) == Sample.topic("2025-1"))
            #expect(try log.events(of: Sample.topic("2025-1")).map(\.sequence) == [2, 4, 5, 6])
            let minh = try #require(PersonID("minh"))
            #expect(
                try log.replies([ReplyKey(person: minh, key: "01-a")]).map(\.reply) == [
                    Array("OK id=C1 seq=5\r\n".utf8)
                ])
            #expect(try log.position(of: minh, client: "tui") == 4)

            // Its texts stay in rows of their own, and leave them as always.
            try log.append(
                try Sample.batch(
                    [
                        Sample.fact(
                            "BODY.REDACTED",
                            [
                                ("topic", "2025-1"), ("event", "5"), ("field", "suggest"),
                                ("sha256", Digest(hashing: "75 vụ việc").description), ("document", "15/QĐ"),
                            ], [("reason", "Theo yêu cầu.")])
                    ], after: 8))
            #expect(
                try log.events(after: 4, limit: 1, topic: nil).first?.fact.fields.bodies.map(\.body.text) == [
                    "57 vụ việc", nil, "Báo cáo năm ghi 75.",
                ])
            try log.append(try Sample.batch([Sample.comment("2025-1", 2, "Ý kiến sau khi nâng cấp")], after: 9))
            let hits = try log.searchEverything(
                SearchQuery(text: "so lieu", topics: [Sample.topic("2025-1")], hidden: [], through: .max, limit: 5))
            #expect(hits.map(\.snippet) == ["Đề nghị bổ sung số liệu."])
            #expect(try Verification.run(log).isIntact)
            try log.close()
        }
    }
}
