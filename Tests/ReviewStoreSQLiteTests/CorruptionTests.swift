import Foundation
import GRDB
import ReviewCore
import ReviewStore
import ReviewStoreTestKit
import ReviewTestKit
import Testing

@testable import ReviewStoreSQLite

/// Damage anywhere in the database: a start refuses it, or `verify` finds it, or the log itself is what it was.
///
/// Never a trap, and never a silent repair.
///
/// The chain covers what happened: events, their links, the digests and texts of their bodies. Whatever else a database
/// holds is made from that, or stands beside it (stored replies, read positions), and is counted apart.
///
/// `PHANBIEN_CORRUPTIONS=5000` tries more places, `PHANBIEN_SEED=7` others.
@Suite struct CorruptionTests {
    private enum Damage: String, CaseIterable {
        case flippedBit, otherOctet, zeroedSector, zeroedPage, randomSector, cut
    }

    private static let variables = ProcessInfo.processInfo.environment
    private static let count = variables["PHANBIEN_CORRUPTIONS"].flatMap { Int($0) } ?? 36
    private static let seed = variables["PHANBIEN_SEED"].flatMap { UInt64($0) } ?? 1

    /// A log with everything in it: long and short bodies, replies in the index and beside it, positions, search words.
    private func filled(_ directory: String) throws -> Data {
        let log = try SQLiteLog.open(directory: directory, creating: true)
        let minh = try #require(PersonID("minh"))
        try log.append(try Sample.batch([Sample.office(), Sample.planned("2025-1")]))
        try log.append(
            try Sample.batch(
                [Sample.revision("2025-1", 1, String(repeating: "Một đoạn dài.\n", count: 400))], after: log.head))
        for number in 1...120 {
            var batch = try Sample.batch(
                [Sample.comment("2025-1", number, "Ý kiến số \(number) về số liệu của báo cáo")], after: log.head)
            batch.replies = [
                StoredReply(
                    key: ReplyKey(person: minh, key: "khóa \(number)"), request: "\(number)",
                    reply: Array("OK id=C\(number)\n".utf8))
            ]
            if number % 50 == 0 {
                batch.positions = [ReadPosition(person: minh, client: "máy \(number)", sequence: Int64(number))]
            }
            try log.append(batch)
        }
        while try log.indexSome(limit: 50) {}
        try log.close()
        return try Data(contentsOf: URL(fileURLWithPath: directory + "/" + SQLiteLog.fileName))
    }

    /// What the chain covers, and every row of every other table, as SQLite reads them.
    private struct Content: Equatable {
        var log: [String] = []
        var rest: [String] = []
    }

    private func content(_ path: String) throws -> Content {
        var configuration = Configuration()
        configuration.readonly = true
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        defer { try? queue.close() }
        return try queue.read { database in
            var found = Content()
            for sql in [
                "SELECT seq, encoded, link FROM events ORDER BY seq",
                "SELECT id, digest, octets FROM bodies ORDER BY id",
                "SELECT value FROM meta WHERE name = 'epoch'",
            ] {
                let rows = try Row.fetchCursor(database, sql: sql)
                while let row = try rows.next() { found.log.append(row.description) }
            }
            let tables = try String.fetchAll(
                database,
                sql: "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
            for table in tables where table != "search" {
                let rows = try Row.fetchCursor(database, sql: "SELECT * FROM \"\(table)\"")
                while let row = try rows.next() { found.rest.append(table + row.description) }
            }
            return found
        }
    }

    private func spoil(_ good: Data, _ damage: Damage, _ dice: inout SplitMix64) -> Data {
        var bad = good
        let place = Int(dice.next() % UInt64(good.count))
        switch damage {
        case .flippedBit: bad[place] ^= 1 << UInt8(dice.next() % 8)
        case .otherOctet: bad[place] = UInt8(truncatingIfNeeded: dice.next())
        case .zeroedSector: for octet in (place & ~511)..<min(place & ~511 + 512, bad.count) { bad[octet] = 0 }
        case .zeroedPage: for octet in (place & ~4095)..<min(place & ~4095 + 4096, bad.count) { bad[octet] = 0 }
        case .randomSector:
            for octet in (place & ~511)..<min(place & ~511 + 512, bad.count) {
                bad[octet] = UInt8(truncatingIfNeeded: dice.next())
            }
        case .cut: bad.removeSubrange(place...)
        }
        return bad
    }

    @Test func damageIsRefusedOrFound() throws {
        try withDirectory { directory throws in
            let good = try filled(directory)
            let path = directory + "/" + SQLiteLog.fileName
            let mark = try Data(contentsOf: URL(fileURLWithPath: HeadMark.path(directory)))
            let content = try content(path)
            var dice = SplitMix64(seed: Self.seed)
            var counts: [String: Int] = [:]
            for round in 0..<Self.count {
                let damage = Damage.allCases[round % Damage.allCases.count]
                let bad = spoil(good, damage, &dice)
                if bad == good { continue }
                for suffix in ["-wal", "-shm", "-journal"] {
                    try? FileManager.default.removeItem(atPath: path + suffix)
                }
                try bad.write(to: URL(fileURLWithPath: path))
                try mark.write(to: URL(fileURLWithPath: HeadMark.path(directory)))
                let outcome = outcome(directory, path, content)
                counts["\(damage.rawValue) \(outcome)", default: 0] += 1
                if outcome == "unnoticed" {
                    let place = zip(good, bad).enumerated().first { $0.element.0 != $0.element.1 }?.offset ?? bad.count
                    Issue.record("round \(round), seed \(Self.seed): \(damage) at octet \(place): unnoticed")
                }
            }
            let summary = counts.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
            print("corruption: \(summary)")
        }
    }

    private func outcome(_ directory: String, _ path: String, _ content: Content) -> String {
        do {
            let findings = try SQLiteArchive.verify(directory: directory, now: Sample.start)
            let isFound = !findings.isIntact
            do {
                let log = try SQLiteLog.open(directory: directory)
                // A log that opens must be usable without a trap, whatever it then says.
                _ = try? log.openEvents(now: Sample.start)
                _ = try? log.events(after: 0, limit: 1_000, topic: nil)
                _ = try? log.searchEverything(
                    SearchQuery(text: "số liệu", topics: [Sample.topic("2025-1")], hidden: [], through: .max, limit: 50)
                )
                try? log.close()
                if isFound { return "found" }
            } catch {
                return "refused"
            }
        } catch {
            return "refused"
        }
        guard let now = try? self.content(path), now.log == content.log else { return "unnoticed" }
        return now.rest == content.rest ? "harmless" : "beside the log"
    }
}
