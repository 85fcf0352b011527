import GRDB
import Glibc
public import ReviewCore
import ReviewStore

/// Why a data directory cannot be used, and what the operator can do.
public enum OpenProblem: Error, Sendable, Equatable {
    /// There is no database in this directory.
    case missing(directory: String)
    /// There is no such directory, or file.
    case absent(path: String)
    /// Another process is using it.
    case inUse(directory: String, process: Int32?)
    /// The file is not a database of this program.
    case foreign(path: String)
    /// The database lies elsewhere, and a link to it here.
    case linked(path: String)
    /// A later version of this program wrote it.
    case newer(path: String, migration: String)
    /// The database contradicts itself: what it holds is not what was written.
    case damaged(path: String, cause: String)
    /// A process that is no server of ours locks the database.
    case busy(path: String)
    /// The database may not be written.
    case readOnly(path: String)
    /// The disk, or what stands between it and SQLite, failed; what the file holds is not known to be wrong.
    case failing(path: String, cause: String)
    /// The log ends before an event that this directory's mark calls durable: acknowledged events are gone.
    case lostEnd(path: String, head: Int64, marked: Int64)
    /// The log is not the one that this directory's mark speaks of: another file was put in its place.
    case otherLog(path: String)
    /// The mark beside the database cannot be read.
    case unreadableMark(path: String)
    /// The system refuses; the code is its own (errno).
    case system(path: String, code: Int32)
    /// Something stands where the result is to be written.
    case exists(path: String)
    /// The directory in which the result is to be written is not there.
    case noParent(path: String)
    /// A directory that has to be empty is not.
    case notEmpty(directory: String, holds: String)

    /// The sentence for the operator.
    public var wording: Wording {
        switch self {
        case .missing(let directory):
            Wording(
                "Thư mục “\(directory)” chưa có cơ sở dữ liệu. Chạy “phanbiend init --data \(directory)” trước.",
                "There is no database in “\(directory)”. Run “phanbiend init --data \(directory)” first.")
        case .absent(let path):
            Wording("Không có “\(path)”. Kiểm tra lại đường dẫn.", "There is no “\(path)”. Check the path.")
        case .inUse(let directory, let process):
            Wording(
                "Thư mục “\(directory)” đang được tiến trình \(process.map(String.init) ?? "khác") sử dụng. Dừng tiến trình đó trước, hoặc chọn thư mục khác.",
                "“\(directory)” is in use by process \(process.map(String.init) ?? "(unknown)"). Stop it first, or choose another directory."
            )
        case .foreign(let path):
            Wording(
                "Tệp “\(path)” không phải cơ sở dữ liệu của phanbien. Kiểm tra lại đường dẫn.",
                "“\(path)” is not a database of phanbien. Check the path.")
        case .linked(let path):
            Wording(
                "“\(path)” chỉ là liên kết. Cơ sở dữ liệu phải nằm ngay trong thư mục dữ liệu, cùng các tệp “-wal” và “lock”. Trả tệp về đó; muốn dùng đĩa khác thì chuyển cả thư mục rồi ghi --data, hoặc liên kết cả thư mục.",
                "“\(path)” is a link. The database has to lie in the data directory itself, with the files “-wal” and “lock”. Put it back; for another disk move the whole directory and name it by --data, or link the whole directory."
            )
        case .newer(let path, let migration):
            Wording(
                "Tệp “\(path)” do phiên bản mới hơn ghi (\(migration)). Cài phiên bản mới, hoặc khôi phục bản sao lưu cũ.",
                "“\(path)” was written by a later version (\(migration)). Install that version, or restore an older backup."
            )
        case .damaged(let path, let cause):
            Wording(
                "Cơ sở dữ liệu “\(path)” bị hỏng (\(cause)). Giữ nguyên tệp, chạy “phanbiend verify”, rồi khôi phục từ bản sao lưu gần nhất.",
                "The database “\(path)” is damaged (\(cause)). Keep the file, run “phanbiend verify”, then restore the latest backup."
            )
        case .lostEnd(let path, let head, let marked):
            Wording(
                """
                Cơ sở dữ liệu “\(path)” chỉ còn đến sự kiện \(head), trong khi đã ghi nhận đến sự kiện \(marked): mất \
                \(marked - head) sự kiện cuối (tệp “-wal” bị cắt, hỏng hoặc mất, hay tệp cũ bị chép đè). Giữ nguyên các tệp. \
                Tìm lại tệp “\(path)-wal” nếu nó bị chuyển đi; không được thì khôi phục: “phanbiend restore --replace” với bản \
                sao lưu gần nhất, hoặc với bản sao của phần còn lại (“phanbiend backup”), bản nào đến sự kiện lớn hơn.
                """,
                """
                The database “\(path)” ends at event \(head), but event \(marked) was acknowledged: the last \
                \(marked - head) are gone (the “-wal” file was cut, damaged or lost, or an older file was copied over). Keep the \
                files. Put “\(path)-wal” back if it was moved away; otherwise run “phanbiend restore --replace” with the latest \
                backup, or with a copy of what is left (“phanbiend backup”), whichever goes further.
                """)
        case .otherLog(let path):
            Wording(
                """
                Cơ sở dữ liệu “\(path)” không phải là cơ sở dữ liệu đã phục vụ lần trước (tệp “\(HeadMark.fileName)” bên cạnh \
                ghi khác). Trả lại tệp cũ; muốn dùng tệp này thì không chép đè mà dùng “phanbiend restore --replace”, để máy \
                trạm biết lịch sử đã thay đổi.
                """,
                """
                The database “\(path)” is not the one that was served before (“\(HeadMark.fileName)” beside it says \
                otherwise). Put the former file back; to go on with this one use “phanbiend restore --replace” instead of \
                copying, so that clients learn that history changed.
                """)
        case .unreadableMark(let path):
            Wording(
                """
                Không đọc được tệp mốc “\(path)”. Đĩa có thể hỏng: chạy “phanbiend verify” và đối chiếu sự kiện cuối (HEAD) với \
                bản sao lưu gần nhất. Nếu nguyên vẹn và đủ thì xóa tệp mốc rồi khởi động lại; nếu không thì khôi phục từ bản sao \
                lưu.
                """,
                """
                The mark “\(path)” cannot be read. The disk may be failing: run “phanbiend verify” and compare the last event \
                (HEAD) with the latest backup. If all is there, remove the mark and start again; if not, restore the backup.
                """)
        case .busy(let path):
            Wording(
                "Tiến trình khác đang khóa cơ sở dữ liệu “\(path)”. Đợi hoặc dừng tiến trình đó rồi chạy lại; dữ liệu không hỏng.",
                "Another process locks the database “\(path)”. Wait for it or stop it, then run this again; the data is not damaged."
            )
        case .readOnly(let path):
            Wording(
                "Không ghi được vào cơ sở dữ liệu “\(path)”. Kiểm tra chủ tệp, quyền ghi, và hệ thống tệp có đang chỉ đọc không, rồi chạy lại.",
                "The database “\(path)” cannot be written. Check its owner, its permissions, and whether the file system is read-only; then run this again."
            )
        case .failing(let path, let cause):
            Wording(
                "Đĩa hoặc hệ thống tệp báo lỗi khi dùng “\(path)” (\(cause)). Xem đĩa có đầy không, rồi xem nhật ký của nhân (dmesg) và SMART; sau đó chạy lại. Chỉ khôi phục khi “phanbiend verify” báo không nguyên vẹn.",
                "The disk or the file system failed on “\(path)” (\(cause)). See whether the disk is full, then look at the kernel's log (dmesg) and SMART; then run this again. Restore only if “phanbiend verify” says that it is not intact."
            )
        case .system(let path, let code): Self.wording(path, code)
        case .exists(let path):
            Wording(
                "“\(path)” đã có. Chọn tên khác hoặc chuyển tệp đó đi chỗ khác trước.",
                "“\(path)” exists already. Choose another name, or move it away first.")
        case .noParent(let path):
            Wording(
                "Không tạo được “\(path)”: chưa có thư mục “\(FileSystem.directory(of: path))”. Tạo thư mục ấy trước, hoặc kiểm tra lại đường dẫn.",
                "“\(path)” cannot be made: there is no directory “\(FileSystem.directory(of: path))”. Make it first, or check the path."
            )
        case .notEmpty(let directory, let name):
            Wording(
                "Thư mục “\(directory)” không trống (đang có “\(name)”). Khôi phục vào thư mục mới hoặc trống; đây là thư mục dữ liệu của máy chủ thì dùng --replace.",
                "“\(directory)” is not empty (it holds “\(name)”). Restore into a new or an empty directory; for the server's own data use --replace."
            )
        }
    }

    /// The bare cause of what the system refused, in its own words; empty for any other problem.
    var reason: String { if case .system(_, let code) = self { String(cString: strerror(code)) } else { "" } }

    /// What the system refused, with what helps where that is known.
    private static func wording(_ path: String, _ code: Int32) -> Wording {
        let reason = String(cString: strerror(code))
        return switch code {
        case ENOSPC, EDQUOT:
            Wording(
                "Hết chỗ trên đĩa chứa “\(path)” (\(reason)). Dọn chỗ trống rồi chạy lại; dữ liệu không hỏng, không cần khôi phục.",
                "No space is left on the disk of “\(path)” (\(reason)). Free some, then run this again; the data is not damaged, and nothing has to be restored."
            )
        case EACCES, EPERM:
            Wording(
                "Không có quyền với “\(path)” (\(reason)). Chạy bằng tài khoản sở hữu dữ liệu (runuser -u phanbien -- …), hoặc trả lại chủ tệp: chown -R phanbien: THƯ-MỤC.",
                "No permission for “\(path)” (\(reason)). Run this as the account that owns the data (runuser -u phanbien -- …), or give its files back: chown -R phanbien: DIRECTORY."
            )
        case EROFS:
            Wording(
                "Hệ thống tệp của “\(path)” đang chỉ đọc. Xem vì sao (findmnt -T, dmesg); nếu đĩa hỏng thì chép cả thư mục dữ liệu sang đĩa khác rồi chạy “phanbiend verify” ở đó.",
                "The file system of “\(path)” is read-only. See why (findmnt -T, dmesg); if the disk is failing, copy the whole data directory to another one and run “phanbiend verify” there."
            )
        case EISDIR:
            Wording(
                "“\(path)” là một thư mục; ở đây cần một tệp.", "“\(path)” is a directory; a file is needed here.")
        default: Wording("Không dùng được “\(path)”: \(reason).", "Cannot use “\(path)”: \(reason).")
        }
    }

    /// Free octets below which a disk counts as full: what SQLite needs at the least to open a database (its `-shm` file).
    private static let leastFreeOctets: UInt64 = 65_536

    /// Why files may not be made or lengthened beside the one at a path, which SQLite does not tell; nil when they may.
    private static func reason(_ path: String) -> OpenProblem? {
        let directory = FileSystem.directory(of: path)
        if let code = FileSystem.refusal(directory) { return .system(path: directory, code: code) }
        return FileSystem.lacks(leastFreeOctets, directory) ? .system(path: path, code: ENOSPC) : nil
    }

    /// What an error of the store means for whoever wanted to use the file at a path.
    ///
    /// Only what says that the contents are wrong is damage: a disk that is full, write-protected or failing is mended
    /// otherwise than by a backup, and a start may be tried again.
    init(_ error: any Error, path: String) {
        if let problem = error as? OpenProblem {
            self = problem
            return
        }
        let problem = logError(error)
        let code = (error as? DatabaseError)?.resultCode
        self =
            switch (problem, code) {
            case (.full, _): .system(path: path, code: ENOSPC)
            case (.readOnly, _): .readOnly(path: path)
            case (_, .SQLITE_BUSY?), (_, .SQLITE_LOCKED?), (_, .SQLITE_PROTOCOL?): .busy(path: path)
            case (_, .SQLITE_NOMEM?): .system(path: path, code: ENOMEM)
            case (.uncertain, _), (.unreachable, _), (_, .SQLITE_IOERR?), (_, .SQLITE_CANTOPEN?):
                Self.reason(path) ?? .failing(path: path, cause: problem.cause)
            case (_, .SQLITE_NOTADB?): .foreign(path: path)
            case (.conflict, _), (.broken, _), (.movedAway, _): .damaged(path: path, cause: problem.cause)
            }
    }
}
