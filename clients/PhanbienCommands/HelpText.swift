public import ReviewProtocol
import Terminal

/// The help, written from the command table, for 80 columns.
public enum HelpText {
    private static let width = 80

    /// The first page: every command in its group.
    public static func overview(_ language: Language) -> String {
        let vietnamese = language == .vietnamese
        var lines =
            vietnamese
            ? ["phanbien – góp ý, phản biện và phê duyệt chuyên đề", "", "Cách dùng: phanbien LỆNH [TÙY CHỌN…]"]
            : ["phanbien – comment on, review and approve papers", "", "Usage: phanbien COMMAND [OPTIONS…]"]
        for group in CommandGroup.allCases {
            lines += ["", group.title.text(language)]
            lines += rows(
                CommandTable.forms.filter { $0.group == group }.map { [$0.name, $0.summary.text(language)] }, first: 16)
        }
        lines += ["", vietnamese ? "Tùy chọn chung" : "Options of every command"]
        lines += options(CommandTable.globalOptions, language)
        lines += ["", vietnamese ? "Mã thoát" : "Exit codes"]
        lines += rows(ExitCode.allCases.map { [String($0.rawValue), $0.meaning.text(language)] }, first: 4)
        lines.append("")
        lines +=
            vietnamese
            ? [
                "Mọi lệnh có tên tiếng Việt, gõ có dấu hay không dấu đều được: phanbien help LỆNH",
                "Bắt đầu: phanbien login MÁY-CHỦ:CỔNG TÊN-NGƯỜI-DÙNG",
            ]
            : [
                "Every command also has a Vietnamese name: phanbien help COMMAND",
                "Begin with: phanbien login HOST:PORT PERSON",
            ]
        return lines.joined(separator: "\n") + "\n"
    }

    /// The page of one command.
    public static func page(_ form: CommandForm, _ language: Language) -> String {
        let vietnamese = language == .vietnamese
        var lines = WordWrap.lines(form.synopsis(language), width: width, continuationIndent: 4)
        lines.append("")
        func say(_ text: String) {
            lines += WordWrap.lines(text, width: width - 2).map { "  " + $0 }
        }
        say(capitalised(form.summary.text(language)) + ".")
        if form.irreversible {
            say(
                vietnamese
                    ? "Việc này không rút lại được: lệnh thử trước, cho xem kết quả, rồi mới hỏi."
                    : "This cannot be undone: the command tries it first, shows the result, then asks.")
        }
        if form.text != .none, form.operands.contains(where: { $0.kind == .text }) {
            say(
                vietnamese
                    ? "Nội dung lấy từ dòng lệnh, từ --file, từ đầu vào chuẩn (\"-\"), hoặc mở trình soạn thảo ($EDITOR)."
                    : "The text comes from the command line, --file, standard input (\"-\"), or $EDITOR.")
        }
        if !form.options.isEmpty {
            lines += ["", vietnamese ? "Tùy chọn" : "Options"]
            lines += options(form.options, language)
        }
        var explained: [Vocabulary.Domain] = []
        for kind in form.operands.map(\.kind) + form.options.compactMap(\.kind) {
            guard case .term(let domain) = kind, !explained.contains(domain) else { continue }
            explained.append(domain)
            lines += ["", kind.label.text(language)]
            lines += rows(
                Vocabulary.identifiers(domain).map { [$0, Vocabulary.word(domain, $0, language)] }, first: 20)
        }
        lines += [
            "",
            (vietnamese ? "Tên tiếng Việt: " : "Vietnamese name: ") + "phanbien " + form.alias.joined(separator: " "),
        ]
        lines += WordWrap.lines(
            (vietnamese ? "Ví dụ: " : "Example: ") + form.example, width: width, continuationIndent: 4)
        return lines.joined(separator: "\n") + "\n"
    }

    private static func options(_ forms: [OptionForm], _ language: Language) -> [String] {
        rows(
            forms.map { option in
                let flag = "--" + option.name + (option.kind.map { " " + $0.label.text(language) } ?? "")
                let required = option.required ? (language == .vietnamese ? " (bắt buộc)" : " (required)") : ""
                return [flag, option.summary.text(language) + required]
            }, first: 24)
    }

    /// Two columns, the first of at least so many columns, so that the parts of a page stand in line.
    private static func rows(_ rows: [[String]], first: Int) -> [String] {
        let widest = rows.map { DisplayWidth.columns(of: $0[0]) }.max() ?? 0
        let indent = max(widest, first) + 4
        return rows.flatMap { row in
            let head = "  " + row[0] + String(repeating: " ", count: indent - 2 - DisplayWidth.columns(of: row[0]))
            return WordWrap.lines(row[1], width: width - indent).enumerated().map { index, text in
                (index == 0 ? head : String(repeating: " ", count: indent)) + text
            }
        }
    }

    private static func capitalised(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }
}
