import Foundation
import ReviewCore
import ReviewDigest
import ReviewStore
import Testing

@testable import ReviewStoreSQLite

/// The mark beside the database shows a log that lost its end, which SQLite takes for one that ends there.
@Suite struct HeadMarkTests {
    /// A log whose newest events are only in the write-ahead log, as a killed process leaves it, in a folder of its own.
    private func killed(_ directory: String, comments: Int = 20) throws -> String {
        let log = try SQLiteLog.open(directory: directory, creating: true)
        for number in 1...comments {
            try log.append(try Sample.batch([Sample.comment("2025-1", number, "ý \(number)")], after: log.head))
        }
        let copy = directory + "-killed"
        try FileManager.default.createDirectory(atPath: copy, withIntermediateDirectories: false)
        for name in [SQLiteLog.fileName, SQLiteLog.fileName + "-wal", HeadMark.fileName] {
            try FileManager.default.copyItem(atPath: directory + "/" + name, toPath: copy + "/" + name)
        }
        try log.close()
        return copy
    }

    private func withKilled(_ body: (String) throws -> Void) throws {
        try withDirectory { directory throws in
            let copy = try killed(directory)
            defer { try? FileManager.default.removeItem(atPath: copy) }
            try body(copy)
        }
    }

    private func octets(_ path: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: path)) }

    private func contents(_ directory: String) throws -> [String: Data] {
        var found: [String: Data] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: directory)
        where name.hasPrefix("phanbien.") && !name.hasSuffix("-shm") {
            let octets = try octets(directory + "/" + name)
            // Looking at a database leaves an empty write-ahead log behind.
            if !octets.isEmpty { found[name] = octets }
        }
        return found
    }

    private func problem(_ directory: String) throws -> OpenProblem? {
        do {
            try SQLiteLog.open(directory: directory).close()
            return nil
        } catch let problem as OpenProblem {
            return problem
        }
    }

    /// Refused twice alike, told by `verify` as well, and with every file as it was.
    private func expectRefused(_ directory: String, _ isRight: (OpenProblem) -> Bool) throws {
        let before = try contents(directory)
        for _ in 0..<2 {
            let problem = try #require(try problem(directory))
            #expect(isRight(problem), "\(problem)")
            #expect(problem.wording.vietnamese.contains("restore") && problem.wording.english.contains("restore"))
        }
        #expect(try contents(directory) == before, "a refused start changed something")
        let file = try SQLiteArchive.verify(directory: directory, now: Sample.start).file
        #expect(!file.isEmpty)
    }

    @Test func aKilledLogComesBackWhole() throws {
        try withKilled { directory throws in
            let log = try SQLiteLog.open(directory: directory)
            #expect(log.head == 20)
            try log.close()
            #expect(try HeadMark.read(directory)?.head == 20)
        }
    }

    /// Root starts some commands in a directory of the service's user: a link there must not lead a write elsewhere.
    @Test func aLinkInTheMarksPlaceIsNotWrittenThrough() throws {
        try withKilled { directory throws in
            let (mark, elsewhere) = (HeadMark.path(directory), directory + "/elsewhere")
            try FileManager.default.moveItem(atPath: mark, toPath: elsewhere)
            try FileManager.default.createSymbolicLink(atPath: mark, withDestinationPath: elsewhere)
            let before = try octets(elsewhere)
            #expect(try problem(directory) == .system(path: mark, code: ELOOP))
            #expect(try octets(elsewhere) == before)
        }
    }

    @Test func aMissingWriteAheadLogIsNoticed() throws {
        try withKilled { directory throws in
            let log = directory + "/" + SQLiteLog.fileName + "-wal"
            let away = directory + "/moved-away"
            try FileManager.default.moveItem(atPath: log, toPath: away)
            // The tables, too, stand only in the write-ahead log of such a young database.
            let refusal = try #require(try problem(directory))
            #expect(refusal != .missing(directory: directory))
            // Put back, it is all there.
            try? FileManager.default.removeItem(atPath: log)
            try FileManager.default.moveItem(atPath: away, toPath: log)
            let log2 = try SQLiteLog.open(directory: directory)
            #expect(log2.head == 20)
            try log2.close()
        }
    }

    @Test(arguments: [0.3, 0.6, 0.9, 0.999]) func aTruncatedWriteAheadLogIsNoticed(_ share: Double) throws {
        try withDirectory { directory throws in
            // The tables are in the database, so what is left is a good log that ends too early.
            try SQLiteLog.open(directory: directory, creating: true).close()
            let copy = try killed(directory)
            defer { try? FileManager.default.removeItem(atPath: copy) }
            let path = copy + "/" + SQLiteLog.fileName + "-wal"
            let size = try framedOctets(ofWriteAheadLog: path)
            #expect(truncate(path, off_t(Double(size) * share)) == 0)
            try expectRefused(copy) {
                guard case .lostEnd(_, let head, 20) = $0 else { return false }
                return head < 20
            }
        }
    }

    @Test func aWriteAheadLogWithADamagedMiddleIsNoticed() throws {
        try withDirectory { directory throws in
            try SQLiteLog.open(directory: directory, creating: true).close()
            let copy = try killed(directory)
            defer { try? FileManager.default.removeItem(atPath: copy) }
            let path = copy + "/" + SQLiteLog.fileName + "-wal"
            var damaged = try octets(path)
            damaged[try framedOctets(ofWriteAheadLog: path) / 2] ^= 0x10
            try damaged.write(to: URL(fileURLWithPath: path))
            try expectRefused(copy) {
                guard case .lostEnd(_, let head, 20) = $0 else { return false }
                return head < 20
            }
            damaged = try octets(path)
            for place in 0..<32 { damaged[place] = 0 }
            try damaged.write(to: URL(fileURLWithPath: path))
            try expectRefused(copy) { $0 == .lostEnd(path: copy + "/" + SQLiteLog.fileName, head: 0, marked: 20) }
        }
    }

    @Test func anOlderCopyPutInItsPlaceIsNoticed() throws {
        try withDirectory { directory throws in
            let log = try SQLiteLog.open(directory: directory, creating: true)
            try log.append(try Sample.batch([Sample.comment("2025-1", 1, "một")]))
            let backup = directory + "/sao-luu"
            _ = try SQLiteArchive.backup(directory: directory, to: backup)
            try log.append(try Sample.batch([Sample.comment("2025-1", 2, "hai")], after: 1))
            try log.close()
            let path = directory + "/" + SQLiteLog.fileName
            try FileManager.default.removeItem(atPath: path)
            try FileManager.default.copyItem(atPath: backup, toPath: path)
            try expectRefused(directory) { $0 == .lostEnd(path: path, head: 1, marked: 2) }
            // What the message says helps: under a new epoch the log goes on.
            _ = try SQLiteArchive.restore(backup, to: directory, now: Sample.start, replacing: true)
            let restored = try SQLiteLog.open(directory: directory)
            #expect(restored.head == 1)
            try restored.append(try Sample.batch([Sample.comment("2025-1", 2, "hai lần nữa")], after: 1))
            try restored.close()
            #expect(try problem(directory) == nil)
        }
    }

    /// A log of one comment, closed.
    private func fill(_ directory: String) throws {
        let log = try SQLiteLog.open(directory: directory, creating: true)
        try log.append(try Sample.batch([Sample.comment("2025-1", 1, "một")]))
        try log.close()
    }

    /// Puts a file in the place of the log.
    private func put(_ file: String, inPlaceOf path: String) throws {
        try FileManager.default.removeItem(atPath: path)
        try FileManager.default.copyItem(atPath: file, toPath: path)
    }

    @Test func anotherLogPutInItsPlaceIsNoticed() throws {
        try withDirectory { directory throws in
            try fill(directory)
            try withDirectory { other throws in
                let log = try SQLiteLog.open(directory: other, creating: true)
                try log.append(try Sample.batch([Sample.comment("2025-1", 1, "khác")]))
                try log.append(try Sample.batch([Sample.comment("2025-1", 2, "khác nữa")], after: 1))
                try log.close()
                let path = directory + "/" + SQLiteLog.fileName
                try put(other + "/" + SQLiteLog.fileName, inPlaceOf: path)
            }
            try expectRefused(directory) { $0 == .otherLog(path: directory + "/" + SQLiteLog.fileName) }
        }
    }

    /// Of the same log, so its name tells nothing: its last event is another one.
    @Test func aCopyThatWentOnByItselfIsNoticed() throws {
        try withDirectory { directory throws in
            try fill(directory)
            let path = directory + "/" + SQLiteLog.fileName
            try withDirectory { other throws in
                try FileManager.default.createDirectory(atPath: other, withIntermediateDirectories: false)
                let copy = other + "/" + SQLiteLog.fileName
                try FileManager.default.copyItem(atPath: path, toPath: copy)
                for (place, text) in [(directory, "hai"), (other, "hai lối khác")] {
                    let log = try SQLiteLog.open(directory: place)
                    try log.append(try Sample.batch([Sample.comment("2025-1", 2, text)], after: 1))
                    try log.close()
                }
                try put(copy, inPlaceOf: path)
            }
            try expectRefused(directory) { $0 == .otherLog(path: path) }
        }
    }

    /// The same events under a new name: whoever watched the former log has to learn of it, and `restore` sees to that.
    @Test func aRestoredCopyPutInItsPlaceByHandIsNoticed() throws {
        try withDirectory { directory throws in
            try fill(directory)
            let path = directory + "/" + SQLiteLog.fileName
            try withDirectory { other throws in
                try FileManager.default.createDirectory(atPath: other, withIntermediateDirectories: false)
                _ = try SQLiteArchive.backup(directory: directory, to: other + "/backup")
                _ = try SQLiteArchive.restore(other + "/backup", to: other + "/new", now: Sample.start)
                try put(other + "/new/" + SQLiteLog.fileName, inPlaceOf: path)
            }
            try expectRefused(directory) { $0 == .otherLog(path: path) }
        }
    }

    /// The write-ahead log has all pages of such a young log, so SQLite would not look at the file itself.
    @Test func aForeignFileInItsPlaceIsCalledForeign() throws {
        try withKilled { directory throws in
            let path = directory + "/" + SQLiteLog.fileName
            try Data("đây không phải cơ sở dữ liệu, mà là một tệp văn bản".utf8).write(to: URL(fileURLWithPath: path))
            let before = try contents(directory)
            #expect(try problem(directory) == .foreign(path: path))
            #expect(try contents(directory) == before)
        }
    }

    @Test func aDatabaseThatIsGoneIsNotMadeAnew() throws {
        try withDirectory { directory throws in
            try fill(directory)
            let path = directory + "/" + SQLiteLog.fileName
            let lost = OpenProblem.lostEnd(path: path, head: 0, marked: 1)
            try FileManager.default.removeItem(atPath: path)
            for creating in [false, true] {
                #expect(throws: lost) { try SQLiteLog.open(directory: directory, creating: creating) }
            }
            try Data().write(to: URL(fileURLWithPath: path))
            for creating in [false, true] {
                #expect(throws: lost) { try SQLiteLog.open(directory: directory, creating: creating) }
            }
        }
    }

    @Test func anUnreadableMarkIsSaidAndAMissingOneIsMade() throws {
        try withDirectory { directory throws in
            try fill(directory)
            let path = HeadMark.path(directory)
            let good = try octets(path)
            #expect(good.count == 2 * HeadMark.placeOctets)
            for bad in [Data(), Data(good.prefix(100)), Data(count: 1_024), Data(good.map { $0 == 0x31 ? 0x39 : $0 })] {
                try bad.write(to: URL(fileURLWithPath: path))
                let problem = try #require(try problem(directory), "\(String(decoding: bad, as: UTF8.self))")
                #expect(problem.wording.vietnamese.contains("khôi phục"), "\(problem)")
            }
            try FileManager.default.removeItem(atPath: path)
            #expect(try problem(directory) == nil)
            #expect(try HeadMark.read(directory)?.head == 1)
        }
    }

    /// Whatever a write of the mark that was cut short leaves, the place before it still tells.
    @Test func aWriteThatWasCutShortSpoilsOnlyOnePlace() throws {
        try withDirectory { directory throws in
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: false)
            func position(_ head: Int64) -> HeadMark.Position {
                HeadMark.Position(epoch: "0123456789ab", head: head, link: Digest(hashing: "\(head)"))
            }
            let path = HeadMark.path(directory)
            var mark: HeadMark? = try HeadMark(directory: directory, position(98))
            mark?.advance(to: position(99))
            let before = try octets(path)
            mark?.advance(to: position(100))
            let after = try octets(path)
            mark = nil
            #expect(try HeadMark.read(directory) == position(100))
            for cut in 0...before.count {
                try (after.prefix(cut) + before.dropFirst(cut)).write(to: URL(fileURLWithPath: path))
                let read = try HeadMark.read(directory)
                #expect(read == position(99) || read == position(100), "cut at \(cut): \(String(describing: read))")
            }
            // Taken over, the good place is kept until the other one is whole.
            try (after.prefix(40) + before.dropFirst(40)).write(to: URL(fileURLWithPath: path))
            let again = try HeadMark(directory: directory, position(101))
            #expect(try HeadMark.read(directory) == position(101))
            again.advance(to: position(102))
            #expect(try HeadMark.read(directory) == position(102))
        }
    }

    /// A start writes over the older place, wherever that is: the newest one is whole all the time.
    @Test(arguments: 1...3) func aStartKeepsTheNewestPlace(_ moves: Int64) throws {
        try withDirectory { directory throws in
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: false)
            func position(_ head: Int64) -> HeadMark.Position {
                HeadMark.Position(epoch: "abc", head: head, link: Digest(hashing: "\(head)"))
            }
            let mark = try HeadMark(directory: directory, position(0))
            for head in 1...moves { mark.advance(to: position(head)) }
            _ = try HeadMark(directory: directory, position(moves))
            let path = HeadMark.path(directory)
            let whole = try octets(path)
            for place in 0..<2 {
                var spoilt = whole
                spoilt[place * HeadMark.placeOctets] = 0
                try spoilt.write(to: URL(fileURLWithPath: path))
                #expect(try HeadMark.read(directory)?.head == moves, "place \(place) spoilt")
            }
        }
    }

    /// A mark is older than the log after a loss of power: that is no problem, and it catches up.
    @Test func aMarkThatFellBehindIsTakenForward() throws {
        try withDirectory { directory throws in
            let log = try SQLiteLog.open(directory: directory, creating: true)
            try log.append(try Sample.batch([Sample.comment("2025-1", 1, "một")]))
            let older = try octets(HeadMark.path(directory))
            try log.append(try Sample.batch([Sample.comment("2025-1", 2, "hai")], after: 1))
            try log.close()
            try older.write(to: URL(fileURLWithPath: HeadMark.path(directory)))
            #expect(try problem(directory) == nil)
            #expect(try HeadMark.read(directory)?.head == 2)
        }
    }

    @Test func aMarkReadsBackAsWritten() throws {
        for head in [Int64(0), 1, 999, .max] {
            let position = HeadMark.Position(
                epoch: "0123456789ab", head: head, link: Digest(hashing: "mắt xích \(head)"))
            #expect(HeadMark.position(HeadMark.text(position)) == position)
        }
        #expect(HeadMark.position("") == nil)
        #expect(HeadMark.position("phanbien mark 2") == nil)
    }
}
