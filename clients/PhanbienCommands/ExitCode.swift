public import ReviewProtocol

/// How the program ends; the numbers of sysexits.h where they fit.
public enum ExitCode: Int32, CaseIterable, Sendable {
    case done = 0
    case refused = 1
    case notProven = 3
    case usage = 64
    case badData = 65
    case noInput = 66
    case unavailable = 69
    case software = 70
    case cannotCreate = 73
    case inputOutput = 74
    case tryLater = 75
    case protocolError = 76
    case notPermitted = 77
    case interrupted = 130

    /// What it tells a script.
    public var meaning: Bilingual {
        switch self {
        case .done: Bilingual("đã xong", "done")
        case .refused:
            Bilingual(
                "máy chủ từ chối (thiếu điều kiện, sai bước, không tìm thấy …)",
                "refused (requirements, stage, not found …)")
        case .notProven:
            Bilingual(
                "chữ ký sai, hoặc nhật ký không khớp mốc đã giữ",
                "a signature is wrong, or the log does not match a checkpoint")
        case .usage: Bilingual("dòng lệnh sai", "the command line makes no sense")
        case .badData:
            Bilingual(
                "nội dung có ký tự không cho phép hoặc không phải UTF-8",
                "the text holds what may not be sent, or is not UTF-8")
        case .noInput:
            Bilingual("không đọc được tệp, hoặc không có nội dung", "a file cannot be read, or there is no text")
        case .unavailable: Bilingual("không kết nối được máy chủ", "the server cannot be reached")
        case .software: Bilingual("lỗi của chương trình", "a defect of this program")
        case .cannotCreate: Bilingual("không tạo được tệp", "a file cannot be created")
        case .inputOutput: Bilingual("lỗi đọc, ghi", "an input or output error")
        case .tryLater: Bilingual("máy chủ đang bận, thử lại sau", "busy, try again later")
        case .protocolError:
            Bilingual("máy chủ không nói đúng giao thức phanbien/1", "the server does not speak phanbien/1")
        case .notPermitted: Bilingual("chưa đăng nhập hoặc không được phép", "not logged in, or not permitted")
        case .interrupted: Bilingual("bị ngắt bằng Ctrl-C", "interrupted with Ctrl-C")
        }
    }

    /// The exit code for a status line.
    public init(_ status: Status) {
        switch status.outcome {
        case .ok: self = .done
        case .bad: self = .protocolError
        case .no(let code):
            switch NoCode(rawValue: code) {
            case .forbidden, .authenticationNeeded, .authenticationFailed: self = .notPermitted
            case .busy, .rate, .quota, .readOnly, .unavailable: self = .tryLater
            case .notFound, .keyReused, .cancelled, .stale, .conflict, .stage, .logChanged, .cursorAhead, .unmet,
                .invalid, nil:
                self = .refused
            }
        }
    }
}
