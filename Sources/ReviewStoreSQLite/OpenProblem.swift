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
        case .system(let path, let cause):
            Wording("Không dùng được “\(path)”: \(cause).", "Cannot use “\(path)”: \(cause).")
        case .exists(let path):
            Wording(
                "“\(path)” đã có. Chọn tên khác hoặc chuyển tệp đó đi chỗ khác trước.",
                "“\(path)” exists already. Choose another name, or move it away first.")
        }
    }
}
