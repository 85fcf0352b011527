import Glibc
import ReviewCore
import ReviewServer
import ReviewSignatures
import ReviewStore
import ReviewStoreSQLite

/// The exit statuses that scripts may rely on (sysexits.h).
///
/// 64, for a wrong command line, is the parser's.
enum ExitStatus: Int32 {
    /// What was given is wrong: a plan, a list of people, a certificate, a database.
    case data = 65
    /// What was to be read is not there.
    case noInput = 66
    /// A service is not to be had: the address to listen on.
    case unavailable = 69
    /// A defect of this program.
    case `internal` = 70
    /// A file cannot be made, or is there already.
    case cannotCreate = 73
    /// Reading or writing failed.
    case inputOutput = 74
    /// Later it may go: the data directory is in use.
    case temporary = 75
    /// The system does not permit it.
    case noPermission = 77
    /// Settings or versions do not fit.
    case configuration = 78
}

/// Why a command ends without having done its work.
struct Failure: Error {
    let status: ExitStatus
    let wording: Wording

    init(_ status: ExitStatus, _ vietnamese: String, _ english: String) {
        self.status = status
        wording = Wording(vietnamese, english)
    }

    init(_ status: ExitStatus, _ wording: Wording) {
        self.status = status
        self.wording = wording
    }
}

extension Failure {
    /// The last error of the system, about a path.
    static func system(_ path: String, _ code: Int32 = errno, otherwise: ExitStatus = .inputOutput) -> Failure {
        let reason = String(cString: strerror(code))
        switch code {
        case ENOENT, ENOTDIR:
            return Failure(
                .noInput, "Không có “\(path)”. Kiểm tra lại đường dẫn.", "There is no “\(path)”. Check the path.")
        case EACCES, EPERM, EROFS:
            return Failure(
                .noPermission, "Không có quyền với “\(path)” (\(reason)).", "No permission for “\(path)” (\(reason)).")
        case EEXIST:
            return Failure(.cannotCreate, "“\(path)” đã có.", "“\(path)” exists already.")
        default:
            return Failure(otherwise, "Không dùng được “\(path)”: \(reason).", "Cannot use “\(path)”: \(reason).")
        }
    }

    init(_ problem: OpenProblem) {
        let status: ExitStatus =
            switch problem {
            case .missing: .noInput
            case .inUse, .busy: .temporary
            case .foreign, .damaged, .lostEnd, .otherLog, .unreadableMark: .data
            case .newer: .configuration
            case .exists: .cannotCreate
            case .readOnly: .noPermission
            case .system(_, let code): [EACCES, EPERM, EROFS].contains(code) ? .noPermission : .inputOutput
            case .failing: .inputOutput
            }
        self.init(status, problem.wording)
    }

    init(_ error: LogError) {
        let status: ExitStatus =
            switch error {
            case .conflict: .temporary
            case .full, .uncertain, .broken: .inputOutput
            case .readOnly: .noPermission
            }
        self.init(status, error.wording)
    }

    init(_ refusal: Refusal) { self.init(.data, refusal.wording) }

    init(_ error: SignatureError) {
        switch error {
        case .invalidParameter, .unreadable, .unsuitable:
            self.init(
                .data, "Chứng thư hoặc khóa không dùng được: \(error).", "The certificate or key is unusable: \(error)."
            )
        case .library:
            self.init(.internal, "Lỗi mật mã: \(error).", "A cryptographic operation failed: \(error).")
        }
    }

    init(_ error: ServerError) {
        switch error {
        case .cannotListen(let address, let code, let reason):
            let status: ExitStatus =
                switch code {
                case EACCES, EPERM: .noPermission
                case EADDRINUSE: .temporary
                case nil: .configuration
                default: .unavailable
                }
            self.init(
                status,
                "Không mở được địa chỉ \(address): \(reason). Chọn cổng khác bằng --listen, hoặc dừng chương trình đang giữ cổng.",
                "Cannot listen on \(address): \(reason). Choose another port with --listen, or stop the program that holds it."
            )
        case .logLost(let reason): self.init(reason)
        }
    }
}
