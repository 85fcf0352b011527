import Glibc
import ReviewCore
import ReviewServer
import ReviewSignatures
import ReviewStore
import ReviewStoreSQLite

/// The exit statuses that scripts may rely on (sysexits.h).
enum ExitStatus: Int32 {
    /// A wrong command line; mostly said by the parser.
    case usage = 64
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
    ///
    /// - Parameter permit: what gives this account the permission that it lacks; nil for a file that is to be its own.
    static func system(
        _ path: String, _ code: Int32 = errno, otherwise: ExitStatus = .inputOutput, permit: Wording? = nil
    ) -> Failure {
        let reason = String(cString: strerror(code))
        switch code {
        case ENOENT, ENOTDIR:
            return Failure(
                .noInput, "Không có “\(path)”. Kiểm tra lại đường dẫn.", "There is no “\(path)”. Check the path.")
        case EACCES, EPERM:
            let permit =
                permit
                ?? Wording(
                    "Chạy bằng tài khoản sở hữu tệp (runuser -u phanbien -- …), hoặc giao tệp cho tài khoản ấy: chown phanbien: \(path)",
                    "Run this as the account that owns the file (runuser -u phanbien -- …), or give the file to it: chown phanbien: \(path)"
                )
            return Failure(
                .noPermission, "Không có quyền với “\(path)” (\(reason)). \(permit.vietnamese)",
                "No permission for “\(path)” (\(reason)). \(permit.english)")
        case EROFS:
            return Failure(
                .noPermission, "Hệ thống tệp của “\(path)” đang chỉ đọc. Xem vì sao: findmnt -T \(path), dmesg.",
                "The file system of “\(path)” is read-only. See why: findmnt -T \(path), dmesg.")
        case EISDIR:
            return Failure(
                .noInput, "“\(path)” là một thư mục; ở đây cần một tệp.",
                "“\(path)” is a directory; a file is needed here.")
        case EEXIST:
            return Failure(.cannotCreate, "“\(path)” đã có.", "“\(path)” exists already.")
        default:
            return Failure(otherwise, "Không dùng được “\(path)”: \(reason).", "Cannot use “\(path)”: \(reason).")
        }
    }

    /// The same of a backup, which need not lie where this account is at home.
    ///
    /// - Parameter permit: what lets this account come to the file.
    init(_ problem: OpenProblem, backup path: String, permit: Wording) {
        if case .system(path, let code) = problem, code == EACCES || code == EPERM {
            self = .system(path, code, permit: permit)
        } else {
            self.init(problem)
        }
    }

    init(_ problem: OpenProblem) {
        let status: ExitStatus =
            switch problem {
            case .missing, .absent: .noInput
            case .inUse, .busy: .temporary
            case .foreign, .damaged, .lostEnd, .otherLog, .unreadableMark: .data
            case .newer, .linked: .configuration
            case .exists, .noParent, .notEmpty: .cannotCreate
            case .readOnly: .noPermission
            case .system(_, EACCES), .system(_, EPERM), .system(_, EROFS): .noPermission
            case .system(_, EISDIR): .noInput
            case .system: .inputOutput
            case .failing: .inputOutput
            }
        self.init(status, problem.wording)
    }

    init(_ error: LogError) {
        let status: ExitStatus =
            switch error {
            case .conflict: .temporary
            case .full, .uncertain, .broken, .movedAway, .unreachable: .inputOutput
            case .readOnly: .noPermission
            }
        self.init(status, error.wording)
    }

    init(_ refusal: Refusal) { self.init(.data, refusal.wording) }

    init(_ error: SignatureError) {
        switch error {
        case .invalidParameter, .unreadable, .unsuitable, .locked:
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
            let (status, why) = Self.whyNotListening(code, reason)
            self.init(
                status, "Không mở được địa chỉ \(address): \(why.vietnamese)",
                "Cannot listen on \(address): \(why.english)")
        case .logLost(let reason): self.init(reason)
        case .listenerLost(let address):
            self.init(
                .unavailable,
                "Hệ thống đã đóng địa chỉ \(address), không ai kết nối thêm được nên máy chủ dừng. Khởi động lại; xem dòng accept.failed trong nhật ký, và tường lửa, card mạng của máy.",
                "The system has closed the address \(address): nobody new could connect, so the server ended. Start it again; see the line accept.failed of the log, and the machine's firewall and network."
            )
        }
    }

    /// What helps; nothing of it is for ever, except that a system forbids it.
    private static func whyNotListening(_ code: Int32?, _ reason: String) -> (ExitStatus, Wording) {
        switch code {
        case EACCES, EPERM:
            (
                .noPermission,
                Wording(
                    "hệ thống không cho phép (cổng dưới 1024 cần quyền riêng). Chọn cổng từ 1024 trở lên bằng --listen.",
                    "the system does not permit it (a port below 1024 needs a privilege). Choose one from 1024 on with --listen."
                )
            )
        case EADDRINUSE:
            (
                .unavailable,
                Wording(
                    "chương trình khác đang giữ cổng này (xem: ss -ltnp). Dừng chương trình ấy, hoặc chọn cổng khác.",
                    "another program holds that port (see: ss -ltnp). Stop it, or choose another port.")
            )
        case EADDRNOTAVAIL:
            (
                .unavailable,
                Wording(
                    "máy này không có địa chỉ ấy (xem: ip address). Dùng một địa chỉ của máy này, hoặc 0.0.0.0.",
                    "this machine does not have that address (see: ip address). Use one of its own, or 0.0.0.0.")
            )
        case nil:
            (
                .unavailable,
                Wording(
                    "không tìm ra địa chỉ của tên này (\(reason)). Kiểm tra tên, hoặc ghi thẳng địa chỉ IP.",
                    "no address was found for that name (\(reason)). Check the name, or give an IP address.")
            )
        case .some(let code):
            (
                .unavailable,
                Wording(
                    "\(String(cString: strerror(code))). Kiểm tra địa chỉ và mạng của máy.",
                    "\(String(cString: strerror(code))). Check the address and the machine's network.")
            )
        }
    }
}
