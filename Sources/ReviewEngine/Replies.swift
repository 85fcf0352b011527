import ReviewCore
import ReviewProtocol

/// The one place where errors become reply lines (architecture rule 10).
enum Replies {
    /// When to ask again for what this server cannot do: an operator would have to set it up.
    private static let unlikelySoon: Int64 = 86_400_000

    /// A refusal of the domain; the only ones that ask to come later are those of what this server cannot do.
    ///
    /// Requirements and problems stand before it, one row each.
    static func refused(_ refusal: Refusal, _ language: Language) -> Reply {
        .no(
            code(of: refusal.code), refusal.wording.shortened(to: statusOctets), pairs: refusal.details.pairs,
            afterMilliseconds: unlikelySoon,
            parts: refusal.requirements.map { requirement($0, language) }
                + refusal.problems.map { problem($0, language) },
            language)
    }

    /// A request that was not understood.
    static func malformed(_ malformed: Malformed, _ language: Language) -> Reply {
        var status = malformed.status(language)
        // What a program asks for stands first, as in NO.
        status.pairs.removeAll { $0.key == "retry" }
        status.pairs.insert(Pair("retry", malformed.code.retry.rawValue), at: 0)
        return Reply(status: status)
    }

    /// The batch was not stored: nobody's write happened.
    static func notStored(_ failure: AppendFailure, _ language: Language) -> Reply {
        switch failure {
        case .full:
            .no(
                .readOnly,
                Wording(
                    "Ổ đĩa của máy chủ đã đầy: tạm thời chỉ đọc được. Chưa có gì được ghi; hãy báo quản trị hệ thống",
                    "The server's disk is full: reading only for now. Nothing was stored; please tell the administrator"
                ),
                afterMilliseconds: 60_000, language)
        case .readOnly:
            .no(
                .readOnly,
                Wording(
                    "Máy chủ không được ghi vào thư mục dữ liệu: tạm thời chỉ đọc được. Chưa có gì được ghi; hãy báo quản trị hệ thống",
                    "The server may not write to its data directory: reading only for now. Nothing was stored; please tell the administrator"
                ),
                afterMilliseconds: 60_000, language)
        case .broken, .conflict, .uncertain, .final:
            .no(
                .unavailable,
                Wording(
                    "Máy chủ không ghi được. Chưa có gì thay đổi; hãy gửi lại sau",
                    "The server could not store it. Nothing was changed; please send it again later"),
                afterMilliseconds: 5_000, language)
        }
    }

    /// The store could not read.
    static func notRead(_ language: Language) -> Reply {
        .no(
            .unavailable,
            Wording(
                "Máy chủ không đọc được dữ liệu; hãy gửi lại sau",
                "The server could not read; please send it again later"),
            afterMilliseconds: 5_000, language)
    }

    /// Only after login.
    static func loginFirst(_ language: Language) -> Reply {
        .no(
            .authenticationNeeded,
            Wording(
                "Hãy đăng nhập trước: LOGIN, tên của bạn, rồi dấu <",
                "Please log in first: LOGIN, your name, then <"), language)
    }

    /// The sender took the body back.
    static func cancelled(_ language: Language) -> Reply {
        .no(.cancelled, Wording("Đã bỏ, chưa có gì được ghi", "Cancelled, nothing was stored"), language)
    }

    /// The octets of what a line says to a person, of its list of what is missing and of that of persons: together, with
    /// every mark escaped, they are below the longest line (specification §13, decision 23).
    private static let statusOctets = 8_000
    private static let textOctets = 3_500
    private static let missingOctets = 3_500
    private static let waitingOctets = 1_000

    /// A row of CHECK, and before NO UNMET (specification §8).
    ///
    /// Lists that are too long for a line are cut behind a whole item; `count=` says how many there are.
    static func requirement(_ status: RequirementStatus, _ language: Language) -> Reply.Part {
        var pairs = [
            Pair("id", status.requirement.rawValue), Pair("state", status.state.rawValue),
            Pair("count", String(status.count)),
        ]
        pairs.add("waiting", list: beginning(of: status.waiting.map(\.text), separator: ",", within: waitingOctets))
        // Titles of sections may hold commas themselves.
        let separator =
            status.missing.contains { $0.utf8.contains(UInt8(ascii: ",")) || $0.utf8.contains(UInt8(ascii: " ")) }
            ? "; " : ","
        let missing = beginning(of: status.missing, separator: separator, within: missingOctets)
        if !missing.isEmpty { pairs.append(Pair("missing", missing.joined(separator: separator))) }
        pairs.append(Pair("text", status.wording.shortened(to: textOctets).text(language)))
        return .row("requirement", pairs)
    }

    /// As many items as fit with their separators.
    private static func beginning(of items: [String], separator: String, within octets: Int) -> [String] {
        var left = octets
        return Array(
            items.prefix { item in
                left -= item.utf8.count + separator.utf8.count
                return left >= 0
            })
    }

    /// A row for a problem of a plan file.
    static func problem(_ problem: PlanProblem, _ language: Language) -> Reply.Part {
        var pairs = [Pair("line", String(problem.line))]
        pairs.add("column", problem.column)
        pairs.append(Pair("fatal", problem.isFatal ? "yes" : "no"))
        pairs.append(Pair("text", problem.wording.text(language)))
        return .row("problem", pairs)
    }

    private static func code(of code: RefusalCode) -> NoCode {
        switch code {
        case .forbidden: .forbidden
        case .notFound: .notFound
        case .cancelled: .cancelled
        case .stale: .stale
        case .conflict: .conflict
        case .stage: .stage
        case .unmet: .unmet
        case .invalid: .invalid
        case .unavailable: .unavailable
        }
    }
}
