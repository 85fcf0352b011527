import Foundation
import GRDB
import ReviewCore
import ReviewStore
import Testing

@testable import ReviewStoreSQLite

/// A start with a later schema: the file as it was is kept, and the way back is open.
@Suite struct UpgradeTests {
    private struct Interrupted: Error {}

    /// The shipped migrations and one that is still to come.
    private func migrator(failing: Bool = false) -> DatabaseMigrator {
        var migrator = Schema.migrator
        migrator.registerMigration("later") { database in
            try database.execute(sql: "CREATE TABLE later (x INTEGER)")
            if failing { throw Interrupted() }
        }
        return migrator
    }

    private func fill(_ directory: String) throws {
        let log = try SQLiteLog.open(directory: directory, creating: true)
        #expect(log.upgrade == nil, "a new log is no upgrade")
        try log.append(try Sample.batch((1...20).map { try Sample.comment("2025-1", $0, "ý kiến \($0)") }))
        try log.close()
    }

    private func copies(_ directory: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: directory).filter { $0.contains(".before-") }
    }

    @Test func theFileIsCopiedAndThenBroughtUpToDate() throws {
        try withDirectory { directory throws in
            try fill(directory)
            let log = try SQLiteLog.open(directory: directory, migrator: migrator())
            let upgrade = try #require(log.upgrade)
            #expect(upgrade.from == Schema.migrator.migrations.last)
            #expect(upgrade.to == "later")
            #expect(try copies(directory).map { directory + "/" + $0 } == [upgrade.former])
            try log.append(try Sample.batch([Sample.comment("2025-1", 21, "sau nâng cấp")], after: 20))
            try log.close()
            let former = try SQLiteArchive.verify(path: upgrade.former, now: Sample.start)
            #expect(former.isIntact && former.records.events == 20)
            // The earlier version refuses the new file in words, and takes the former one.
            let path = directory + "/" + SQLiteLog.fileName
            let problem = OpenProblem.newer(path: path, migration: "later")
            #expect(throws: problem) { try SQLiteLog.open(directory: directory) }
            #expect(throws: problem) { try SQLiteArchive.verify(directory: directory, now: Sample.start) }
            let (head, _) = try SQLiteArchive.restore(
                upgrade.former, to: directory, now: Sample.start, replacing: true)
            #expect(head == 20)
            let again = try SQLiteLog.open(directory: directory)
            #expect(again.head == 20 && again.upgrade == nil)
            try again.close()
        }
    }

    @Test func anUpgradeThatFailsChangesNothing() throws {
        try withDirectory { directory throws in
            try fill(directory)
            // As a service manager does that starts it again every few seconds.
            var copy: String?
            for _ in 0..<3 {
                #expect(throws: OpenProblem.self) {
                    try SQLiteLog.open(directory: directory, migrator: migrator(failing: true))
                }
                let names = try copies(directory)
                #expect(names.count == 1, "the copy is there, whatever comes of it, and once")
                let version = try names.first.flatMap { try FileSystem.version(directory + "/" + $0) }
                #expect(version != nil && version == copy ?? version, "it is not written again")
                copy = version
            }
            let log = try SQLiteLog.open(directory: directory)
            #expect(log.head == 20 && log.upgrade == nil)
            try log.append(try Sample.batch([Sample.comment("2025-1", 21, "sau")], after: 20))
            try log.close()
            // What was written since then is in a copy of its own.
            let upgraded = try SQLiteLog.open(directory: directory, migrator: migrator())
            #expect(try copies(directory).count == 2)
            let former = try #require(upgraded.upgrade).former
            #expect(try SQLiteArchive.verify(path: former, now: Sample.start).records.events == 21)
            try upgraded.close()
        }
    }
}
