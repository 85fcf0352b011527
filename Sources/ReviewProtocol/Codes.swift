/// What a program may do after a refusal (specification §3).
///
/// Every NO and every BAD carries one.
public enum Retry: String, CaseIterable, Sendable {
    /// The same request will never succeed.
    case never
    /// The request has to be changed first.
    case fix
    /// The sender's picture is old: read again, then decide again.
    case refresh
    /// The same request may succeed later; `after=` says in how many milliseconds.
    case later
}

/// Why a request was not understood (`BAD`, specification §3).
///
/// Nothing was executed.
///
/// A code never changes its meaning; within phanbien/1 codes are only added.
public enum BadCode: String, CaseIterable, Sendable {
    /// The line, or a value in it, does not follow the grammar.
    case syntax = "SYNTAX"
    /// There is no such verb.
    case unknownVerb = "UNKNOWN-VERB"
    /// The verb does not take this argument.
    ///
    /// Unknown arguments are never ignored: ignoring `if=` would be unsafe.
    case unknownArgument = "UNKNOWN-ARG"
    /// A key stands twice in one line.
    case duplicateArgument = "DUP-ARG"
    /// A required argument is absent.
    case missingArgument = "MISSING-ARG"
    /// The verb needs a body and the line announced none.
    case bodyNeeded = "BODY-NEEDED"
    /// The verb takes no body; the one that came was read and thrown away.
    case bodyUnexpected = "BODY-UNEXPECTED"
    /// A command line or a typed text line is longer than the limit `line`.
    case lineTooLong = "LINE-TOO-LONG"
    /// A body is larger than the limit `body`.
    case bodyTooBig = "BODY-TOO-BIG"
    /// The octets are not valid UTF-8.
    case utf8 = "UTF8"
    /// A control character, a lone CR, or a zero-width character stands in a text.
    case control = "CONTROL"
    /// A character that turns the direction of writing stands in a text.
    case bidi = "BIDI"
    /// A line of a text block begins with one dot and is neither `.` nor `.cancel`.
    case dot = "DOT"

    /// Always `fix`: the same octets can only fail the same way.
    public var retry: Retry { .fix }
}

/// Why an understood request was refused (`NO`, specification §3).
///
/// Nothing was changed.
public enum NoCode: String, CaseIterable, Sendable {
    /// The person may not do this.
    case forbidden = "FORBIDDEN"
    /// There is no such object, or the person may not see it.
    case notFound = "NOT-FOUND"
    /// The same `key=` came before with another request.
    case keyReused = "KEY-REUSED"
    /// The sender ended the body with `.cancel`.
    case cancelled = "CANCELLED"
    /// A newer revision exists than the one the request builds on.
    case stale = "STALE"
    /// Somebody else changed the same object first.
    case conflict = "CONFLICT"
    /// The topic's stage does not allow this now.
    case stage = "STAGE"
    /// The log was restored from a backup; positions in the old one mean nothing.
    case logChanged = "LOG-CHANGED"
    /// The position asked for lies beyond the log's end.
    case cursorAhead = "CURSOR-AHEAD"
    /// Log in first.
    case authenticationNeeded = "AUTH-NEEDED"
    /// The name or the secret is wrong.
    case authenticationFailed = "AUTH-FAILED"
    /// Requirements are not met; one row for each stands before this line.
    case unmet = "UNMET"
    /// A value has the right form and makes no sense.
    case invalid = "INVALID"
    /// The server has too much to do at this moment.
    case busy = "BUSY"
    /// The person sends faster than `requests-per-second`.
    case rate = "RATE"
    /// A store or a count is full.
    case quota = "QUOTA"
    /// The server takes no writes at this moment.
    case readOnly = "READ-ONLY"
    /// The function is not there (now, or in this release).
    case unavailable = "UNAVAILABLE"

    /// What a program may do after this code.
    public var retry: Retry {
        switch self {
        case .forbidden, .notFound, .keyReused, .cancelled: .never
        case .stale, .conflict, .stage, .logChanged, .cursorAhead: .refresh
        case .authenticationNeeded, .authenticationFailed, .unmet, .invalid: .fix
        case .busy, .rate, .quota, .readOnly, .unavailable: .later
        }
    }
}

/// Why the server closes a connection (`BYE`, specification §3).
public enum ByeCode: String, CaseIterable, Sendable {
    /// The person asked for it.
    case logout = "LOGOUT"
    /// Nothing came for longer than the limit `idle`.
    case idle = "IDLE"
    /// Nobody logged in within the limit `login`.
    case authenticationTimeout = "AUTH-TIMEOUT"
    /// The end of a body can no longer be known.
    case frame = "FRAME"
    /// The person's account or session was ended.
    case revoked = "REVOKED"
    /// The server stops.
    case shutdown = "SHUTDOWN"
    /// The peer speaks another protocol or floods this one.
    case abuse = "ABUSE"

    /// What to tell the person whose connection is closed.
    public var human: Bilingual {
        switch self {
        case .logout: Bilingual("Tạm biệt", "Goodbye")
        case .idle:
            Bilingual("Đóng kết nối vì quá lâu không có lệnh nào", "Closed: no request for too long")
        case .authenticationTimeout:
            Bilingual(
                "Đóng kết nối vì chưa đăng nhập trong thời gian cho phép",
                "Closed: nobody logged in within the time allowed")
        case .frame:
            Bilingual(
                "Đóng kết nối vì không xác định được chỗ kết thúc của phần nội dung (số octet trong {n} sai hoặc vượt giới hạn)",
                "Closed: the end of the body cannot be known (the count in {n} is wrong or over the limit)")
        case .revoked:
            Bilingual(
                "Đóng kết nối vì tài khoản hoặc phiên làm việc đã bị thu hồi",
                "Closed: the account or the session was revoked")
        case .shutdown:
            Bilingual("Máy chủ đang dừng; hãy kết nối lại sau", "The server is stopping; please connect again later")
        case .abuse:
            Bilingual(
                "Đóng kết nối vì dữ liệu không đúng giao thức phanbien/1 hoặc vượt giới hạn",
                "Closed: this is not phanbien/1, or it is over the limits")
        }
    }
}
