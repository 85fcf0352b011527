public import ReviewCore

/// Why a data directory cannot be used, and what the operator can do.
public enum OpenProblem: Error, Sendable, Equatable {
    /// There is no database in this directory.
    case missing(directory: String)
    /// Another process is using it.
    case inUse(directory: String, process: Int32?)
    /// The file is not a database of this program.
    case foreign(path: String)
    /// A later version of this program wrote it.
    case newer(path: String, migration: String)
    /// The database contradicts itself, or cannot be read.
    case damaged(path: String, cause: String)
    /// The log ends before an event that this directory's mark calls durable: acknowledged events are gone.
    case lostEnd(path: String, head: Int64, marked: Int64)
    /// The log is not the one that this directory's mark speaks of: another file was put in its place.
    case otherLog(path: String)
    /// The mark beside the database cannot be read.
    case unreadableMark(path: String)
    /// The file system refuses; the cause is the system's own text.
    case system(path: String, cause: String)
    /// Something stands where the result is to be written.
    case exists(path: String)

    /// The sentence for the operator.
    public var wording: Wording {
        switch self {
        case .missing(let directory):
            Wording(
                "Thư mục “\(directory)” chưa có cơ sở dữ liệu. Chạy “phanbiend init --data \(directory)” trước.",
                "There is no database in “\(directory)”. Run “phanbiend init --data \(directory)” first.")
        case .inUse(let directory, let process):
            Wording(
                "Thư mục “\(directory)” đang được tiến trình \(process.map(String.init) ?? "khác") sử dụng. Dừng tiến trình đó trước, hoặc chọn thư mục khác.",
                "“\(directory)” is in use by process \(process.map(String.init) ?? "(unknown)"). Stop it first, or choose another directory."
            )
        case .foreign(let path):
            Wording(
                "Tệp “\(path)” không phải cơ sở dữ liệu của phanbien. Kiểm tra lại đường dẫn.",
                "“\(path)” is not a database of phanbien. Check the path.")
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
        case .system(let path, let cause):
            Wording("Không dùng được “\(path)”: \(cause).", "Cannot use “\(path)”: \(cause).")
        case .exists(let path):
            Wording(
                "“\(path)” đã có. Chọn tên khác hoặc chuyển tệp đó đi chỗ khác trước.",
                "“\(path)” exists already. Choose another name, or move it away first.")
        }
    }
}
