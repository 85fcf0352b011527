import Foundation
import GRDB
import Glibc
import ReviewCore
import ReviewStore
import Testing

@testable import ReviewStoreSQLite

/// What an error of SQLite means for the one who wanted to open the file.
@Suite struct OpenProblemTests {
    /// In a folder that can be written, on a disk with space.
    private static let path = NSTemporaryDirectory() + "phanbien.db"

    /// What stands in the way for a while, or can be mended, is not called damage: that would send people to their backups.
    @Test(
        arguments: [
            (.SQLITE_FULL, .system(path: path, code: ENOSPC)), (.SQLITE_READONLY, .readOnly(path: path)),
            (.SQLITE_PERM, .readOnly(path: path)), (.SQLITE_BUSY, .busy(path: path)),
            (.SQLITE_BUSY_SNAPSHOT, .busy(path: path)), (.SQLITE_LOCKED, .busy(path: path)),
            (.SQLITE_PROTOCOL, .busy(path: path)), (.SQLITE_NOMEM, .system(path: path, code: ENOMEM)),
            (.SQLITE_IOERR_READ, .failing(path: path, cause: "SQLite 266: x")),
            (.SQLITE_IOERR_FSYNC, .failing(path: path, cause: "SQLite 1034: x")),
            (.SQLITE_CANTOPEN, .failing(path: path, cause: "SQLite 14: x")), (.SQLITE_NOTADB, .foreign(path: path)),
            (.SQLITE_CORRUPT, .damaged(path: path, cause: "SQLite 11: x")),
            (.SQLITE_CONSTRAINT, .damaged(path: path, cause: "SQLite 19: x")),
        ] as [(ResultCode, OpenProblem)])
    func onlyWhatContradictsItselfIsDamaged(code: ResultCode, problem: OpenProblem) {
        #expect(OpenProblem(DatabaseError(resultCode: code, message: "x"), path: Self.path) == problem)
        let isDamage = if case .damaged = problem { true } else { false }
        #expect(problem.wording.vietnamese.contains("khôi phục từ bản sao lưu") == isDamage)
        #expect(problem.wording.english.contains("restore the latest backup") == isDamage)
    }

    /// SQLite says no more than that it cannot open or lengthen a file; the folder tells why.
    @Test func whatSQLiteDoesNotTellTheFileSystemDoes() {
        for code in [ResultCode.SQLITE_CANTOPEN, .SQLITE_IOERR_SHMSIZE] {
            #expect(
                OpenProblem(DatabaseError(resultCode: code), path: "/none/phanbien.db")
                    == .system(path: "/none", code: ENOENT))
        }
        let folder = NSTemporaryDirectory()
        #expect(FileSystem.refusal(folder) == nil)
        #expect(!FileSystem.lacks(1, folder) && FileSystem.lacks(.max, folder))
        // What has no end is never full, and what is not there says nothing.
        #expect(!FileSystem.lacks(.max, "/proc") && !FileSystem.lacks(.max, "/none"))
    }

    /// What is not there, what may not be looked at, and what is gone though it was there are three things.
    @Test func aDirectoryWithoutADatabaseIsToldFromOneThatMayNotBeEntered() throws {
        try withDirectory { directory throws in
            let path = directory + "/" + SQLiteLog.fileName
            let (now, target) = (Instant(milliseconds: 0), directory + ".copy")
            func all(say problem: OpenProblem) {
                #expect(throws: problem) { try SQLiteLog.open(directory: directory) }
                #expect(throws: problem) { try SQLiteArchive.verify(directory: directory, now: now) }
                #expect(throws: problem) { try SQLiteArchive.backup(directory: directory, to: target) }
            }
            all(say: .absent(path: directory))
            #expect(throws: OpenProblem.absent(path: path)) { try SQLiteArchive.verify(path: path, now: now) }
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: false)
            all(say: .missing(directory: directory))
            let log = try SQLiteLog.open(directory: directory, creating: true)
            try log.append(try Sample.batch([Sample.office()]))
            try log.close()
            try FileManager.default.removeItem(atPath: path)
            all(say: .lostEnd(path: path, head: 0, marked: 1))
            // What the system does not let anybody look at, here for its circular name, is not said to be lost.
            try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: path)
            all(say: .system(path: path, code: ELOOP))
            // Root is kept out of nothing; a name that is too long is refused to everybody.
            let long = directory + "/" + String(repeating: "x", count: 300)
            #expect(throws: OpenProblem.system(path: long, code: ENAMETOOLONG)) { try FileSystem.exists(long) }
            guard geteuid() != 0 else { return }
            chmod(directory, 0)
            defer { chmod(directory, 0o700) }
            #expect(throws: OpenProblem.system(path: path, code: EACCES)) { try SQLiteLog.open(directory: directory) }
        }
    }

    @Test func whatTheStoreSaysItselfIsKept() {
        #expect(
            OpenProblem(OpenProblem.lostEnd(path: "a", head: 1, marked: 2), path: Self.path)
                == .lostEnd(path: "a", head: 1, marked: 2))
        #expect(OpenProblem(LogError.full, path: Self.path) == .system(path: Self.path, code: ENOSPC))
        #expect(
            OpenProblem(LogError.broken("event 7 is missing"), path: Self.path)
                == .damaged(path: Self.path, cause: "event 7 is missing"))
    }

    /// A backup on a file system whose directories know no sync is a backup.
    @Test func aDirectoryThatKnowsNoSyncIsNoFailure() throws {
        try FileSystem.synchronize("/proc")
        #expect(throws: OpenProblem.system(path: "/proc/none", code: ENOENT)) {
            try FileSystem.synchronize("/proc/none")
        }
    }

    @Test func whatTheSystemRefusesComesWithItsNumber() throws {
        #expect(throws: OpenProblem.system(path: "/proc/none", code: ENOENT)) {
            try FileSystem.makeDirectory("/proc/none")
        }
        let full = OpenProblem.system(path: "a", code: ENOSPC).wording
        #expect(full.vietnamese.contains("Dọn chỗ trống") && full.english.contains("Free some"))
        let refused = OpenProblem.system(path: "a", code: EACCES).wording
        #expect(refused.vietnamese.contains("chown -R phanbien:") && refused.english.contains("permission"))
        let readOnly = OpenProblem.system(path: "a", code: EROFS).wording
        #expect(readOnly.vietnamese.contains("sang đĩa khác") && readOnly.english.contains("read-only"))
    }
}
