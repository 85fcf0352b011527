/// A request that was not understood: what is wrong, where, and what would be right.
///
/// The server answers `BAD`.
public struct Malformed: Error, Sendable, Equatable {
    /// The class of the fault.
    public var code: BadCode
    /// The request's tag, whenever it could be read.
    public var tag: String?
    /// The line of the request, counted from 1: the command line is 1, the first line of its body 2.
    public var line: Int?
    /// The column in that line, counted from 1 in Unicode scalars, as editors count.
    public var column: Int?
    /// The nearest known name, when a name is unknown.
    public var near: String?
    /// What was read there, shortened: a word, `U+202E`, or `0xFF`.
    public var found: String?
    /// The argument concerned.
    public var argument: String?
    /// The form that would be right.
    public var expected: Bilingual?
    /// Whether the body that is missing is one line, as a password is.
    public var expectsOneLine: Bool

    /// A fault; what is not known stays nil.
    public init(
        code: BadCode, tag: String? = nil, line: Int? = nil, column: Int? = nil, near: String? = nil,
        found: String? = nil, argument: String? = nil, expected: Bilingual? = nil, expectsOneLine: Bool = false
    ) {
        self.code = code
        self.tag = tag
        self.line = line
        self.column = column
        self.near = near
        self.found = found.map(Malformed.shortened)
        self.argument = argument.map(Malformed.shortened)
        self.expected = expected
        self.expectsOneLine = expectsOneLine
    }

    /// A fault of a text; `precedingLines` is the number of the request's lines before it.
    public init(_ fault: TextRules.Fault, tag: String?, precedingLines: Int, expected: Bilingual? = nil) {
        self.init(
            code: fault.code, tag: tag, line: fault.line + precedingLines, column: fault.column, found: fault.found,
            expected: expected)
    }

    /// Long values are not sent back whole: the sender knows them, and a reply line has a bound.
    private static func shortened(_ text: String) -> String {
        let scalars = text.unicodeScalars
        return scalars.count <= 40 ? text : String(String.UnicodeScalarView(scalars.prefix(39))) + "…"
    }

    /// The pairs of the BAD line, without `retry=`, which the line adds itself.
    public var pairs: [Pair] {
        var pairs: [Pair] = []
        if let line { pairs.append(Pair("line", String(line))) }
        if let column { pairs.append(Pair("column", String(column))) }
        if let argument { pairs.append(Pair("argument", argument)) }
        if let found { pairs.append(Pair("found", found)) }
        if let near { pairs.append(Pair("near", near)) }
        return pairs
    }

    /// The whole BAD line.
    public func status(_ language: Language) -> Status {
        Status(.bad(code), tag: tag, pairs: pairs, human: human(language))
    }

    /// What a person reads: what is wrong, where, and what to do.
    public func human(_ language: Language) -> String {
        human.text(language)
    }

    private var human: Bilingual {
        var text = problem
        let place = place
        text.vietnamese += place.vietnamese
        text.english += place.english
        if let expected {
            text.vietnamese += "; \(expected.vietnamese)"
            text.english += "; \(expected.english)"
        }
        let advice = advice
        text.vietnamese += ". \(advice.vietnamese)"
        text.english += ". \(advice.english)"
        return text
    }

    /// What is wrong.
    private var problem: Bilingual {
        let found = found.map { " “\($0)”" } ?? ""
        let argument = argument.map { " \($0)" } ?? ""
        switch code {
        case .syntax:
            if self.argument != nil {
                return Bilingual(
                    "Giá trị\(found) của\(argument) không đúng dạng",
                    "The value\(found) of\(argument) has the wrong form")
            }
            return Bilingual("Dòng lệnh sai cú pháp\(found)", "The command line does not follow the grammar\(found)")
        case .unknownVerb: return Bilingual("Không có lệnh\(found)", "There is no command\(found)")
        case .unknownArgument:
            return Bilingual(
                "Lệnh này không nhận tham số\(argument)\(found)", "This command takes no argument\(argument)\(found)")
        case .duplicateArgument:
            return Bilingual("Tham số\(argument) được ghi hai lần", "The argument\(argument) stands twice")
        case .missingArgument: return Bilingual("Thiếu tham số\(argument)", "The argument\(argument) is missing")
        case .bodyNeeded: return Bilingual("Lệnh này cần có nội dung kèm theo", "This command needs a body")
        case .bodyUnexpected:
            return Bilingual("Lệnh này không nhận nội dung kèm theo", "This command takes no body")
        case .lineTooLong: return Bilingual("Dòng quá dài", "The line is too long")
        case .bodyTooBig: return Bilingual("Nội dung quá lớn", "The body is too large")
        case .utf8: return Bilingual("Văn bản không phải UTF-8 hợp lệ\(found)", "The text is not valid UTF-8\(found)")
        case .control:
            return Bilingual(
                "Văn bản có ký tự điều khiển hoặc ký tự ẩn\(found)",
                "The text has a control or invisible character\(found)")
        case .bidi:
            return Bilingual(
                "Văn bản có ký tự đảo chiều viết\(found)",
                "The text has a character that turns the direction of writing\(found)")
        case .dot:
            return Bilingual(
                "Dòng bắt đầu bằng dấu chấm mà không phải “.” hay “.cancel”",
                "The line begins with a dot and is neither “.” nor “.cancel”")
        }
    }

    /// Where it is.
    ///
    /// People count the lines of what they typed, so a body's first line is its line 1 here, and 2 in `line=`.
    private var place: Bilingual {
        guard let line else { return Bilingual(both: "") }
        let column = Bilingual(
            column.map { ", cột \($0)" } ?? "", column.map { ", column \($0)" } ?? "")
        if line <= 1 {
            return column.english.isEmpty
                ? Bilingual(both: "")
                : Bilingual(" (dòng lệnh\(column.vietnamese))", " (command line\(column.english))")
        }
        return Bilingual(
            " (dòng \(line - 1) của nội dung\(column.vietnamese))", " (line \(line - 1) of the body\(column.english))")
    }

    /// What to do about it.
    private var advice: Bilingual {
        switch code {
        case .syntax, .unknownArgument, .missingArgument, .duplicateArgument:
            if code == .unknownArgument, let near {
                return Bilingual(
                    "Có phải \(near)? Gõ HELP kèm tên lệnh để xem mẫu",
                    "Is it \(near)? HELP and the command's name show the form")
            }
            return Bilingual("Gõ HELP kèm tên lệnh để xem mẫu", "HELP and the command's name show the form")
        case .unknownVerb:
            if let near { return Bilingual("Có phải \(near)? Gõ HELP \(near)", "Is it \(near)? Type HELP \(near)") }
            return Bilingual("Gõ HELP để xem các lệnh", "Type HELP for the list of commands")
        case .bodyNeeded where expectsOneLine:
            return Bilingual(
                "Thêm < vào cuối dòng lệnh rồi nhập nội dung trên một dòng",
                "Add < at the end of the line, then type the body in one line")
        case .bodyNeeded:
            return Bilingual(
                "Thêm << vào cuối dòng lệnh rồi nhập nội dung, kết thúc bằng dòng chỉ có “.”",
                "Add << at the end of the line, then type the body and end it with a line that is just “.”")
        case .bodyUnexpected:
            return Bilingual(
                "Nội dung đã được bỏ qua; gửi lại lệnh, không kèm < hay <<",
                "The body was thrown away; send the command again without < or <<")
        case .lineTooLong:
            return Bilingual(
                "Chia thành nhiều dòng, hoặc dùng chương trình phanbien",
                "Split it into several lines, or use the program phanbien")
        case .bodyTooBig: return Bilingual("Gõ LIMITS để xem giới hạn", "Type LIMITS for the limits")
        case .utf8:
            return Bilingual("Chuyển văn bản sang UTF-8 rồi gửi lại", "Convert the text to UTF-8 and send it again")
        case .control, .bidi: return Bilingual("Xóa ký tự đó rồi gửi lại", "Delete that character and send it again")
        case .dot:
            return Bilingual(
                "Dòng bắt đầu bằng dấu chấm phải gửi với hai dấu chấm",
                "Send a line that begins with a dot with two dots")
        }
    }
}
