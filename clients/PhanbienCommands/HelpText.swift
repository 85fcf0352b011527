public import ReviewProtocol

/// The help, written from the command table.
///
/// Plain text, at most 80 columns where the table allows.
public enum HelpText {
    /// The first page: every command in its group.
    public static func overview(_ language: Language) -> String {
        var lines: [String] = []
        switch language {
        case .vietnamese:
            lines += [
                "phanbien – góp ý, phản biện và phê duyệt chuyên đề", "", "Cách dùng: phanbien LỆNH [TÙY CHỌN…]", "",
            ]
        case .english:
            lines += ["phanbien – comment on, review and approve papers", "", "Usage: phanbien COMMAND [OPTIONS…]", ""]
        }
        for group in CommandGroup.allCases {
            lines.append(group.title.text(language))
            for form in CommandTable.forms where form.group == group {
                lines.append("  " + padded(form.name, 16) + form.summary.text(language))
            }
            lines.append("")
        }
        lines.append(language == .vietnamese ? "Tùy chọn chung" : "Options of every command")
        lines += options(CommandTable.globalOptions, language)
        lines += ["", exitCodes(language)]
        lines.append(
            language == .vietnamese
                ? "\nMọi lệnh có tên tiếng Việt không dấu, xem: phanbien help LỆNH\nBắt đầu: phanbien login MÁY-CHỦ:CỔNG TÊN-NGƯỜI-DÙNG"
                : "\nEvery command also has a Vietnamese name, see: phanbien help COMMAND\nBegin with: phanbien login HOST:PORT PERSON"
        )
        return lines.joined(separator: "\n") + "\n"
    }

    /// The page of one command.
    public static func page(_ form: CommandForm, _ language: Language) -> String {
        var lines: [String] = [form.synopsis(language), "", "  " + capitalised(form.summary.text(language)) + "."]
        let vietnamese = language == .vietnamese
        if form.irreversible {
            lines.append(
                vietnamese
                    ? "  Việc này không rút lại được: lệnh thử trước, cho xem kết quả, rồi mới hỏi."
                    : "  This cannot be undone: the command tries it first, shows the result, then asks.")
        }
        switch form.text {
        case .none: break
        case .optional, .required:
            if form.operands.contains(where: { $0.kind == .text }) {
                lines.append(
                    vietnamese
                        ? "  Nội dung lấy từ dòng lệnh, từ --file, từ đầu vào chuẩn (\"-\"), hoặc mở trình soạn thảo ($EDITOR)."
                        : "  The text comes from the command line, --file, standard input (\"-\"), or $EDITOR.")
            }
        }
        let choices = form.operands.compactMap { operand -> (String, [String])? in
            if case .choice(let values) = operand.kind { (operand.name, values) } else { nil }
        }
        for (_, values) in choices {
            lines.append("")
            for value in values {
                let explanation = Vocabulary.explanation(of: value, language)
                lines.append("  " + padded(value, 20) + (explanation == value ? "" : explanation ?? ""))
            }
        }
        if !form.options.isEmpty {
            lines += ["", vietnamese ? "Tùy chọn" : "Options"]
            lines += options(form.options, language)
        }
        if !form.alias.isEmpty {
            lines += [
                "",
                (vietnamese ? "Tên tiếng Việt: " : "Vietnamese name: ") + "phanbien "
                    + form.alias.joined(separator: " "),
            ]
        }
        lines += ["", (vietnamese ? "Ví dụ: " : "Example: ") + form.example]
        return lines.map(trimmed).joined(separator: "\n") + "\n"
    }

    /// What the exit codes mean.
    static func exitCodes(_ language: Language) -> String {
        let title = language == .vietnamese ? "Mã thoát" : "Exit codes"
        return ([title] + ExitCode.allCases.map { "  " + padded(String($0.rawValue), 5) + $0.meaning.text(language) })
            .joined(separator: "\n")
    }

    private static func options(_ forms: [OptionForm], _ language: Language) -> [String] {
        forms.map { option in
            let flag = "--" + option.name + (option.kind.map { " " + $0.label.text(language) } ?? "")
            let required = option.required ? (language == .vietnamese ? " (bắt buộc)" : " (required)") : ""
            let text = option.summary.text(language) + required
            return scalars(flag) <= 24
                ? "  " + padded(flag, 26) + text : "  " + flag + "\n" + String(repeating: " ", count: 28) + text
        }
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(width - scalars(text), 1))
    }

    private static func scalars(_ text: String) -> Int { text.count }

    private static func capitalised(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }

    private static func trimmed(_ line: String) -> String {
        var line = Substring(line)
        while line.last == " " { line = line.dropLast() }
        return String(line)
    }
}
