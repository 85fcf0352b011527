extension VerbTable {
    /// The lines of HELP: all commands in groups, or one command with its arguments, who may use it, and an example.
    ///
    /// No line is longer than 200 characters.
    ///
    /// - Parameter verb: a verb (`PLAN`) or one of its forms (`PLAN LOAD`), in any case; nil for the list.
    public static func help(_ verb: String?, language: Language) -> [String] {
        guard let verb else { return overview(language) }
        let name = verb.uppercased().split(separator: " ").joined(separator: " ")
        var forms = forms.filter { $0.name == name }
        if forms.isEmpty { forms = VerbTable.forms(of: String(name.prefix { $0 != " " })) ?? [] }
        guard !forms.isEmpty else { return unknown(name, language) }
        var lines: [String] = []
        for form in forms {
            if !lines.isEmpty { lines.append("") }
            lines += help(of: form, language)
        }
        return lines
    }

    private static func overview(_ language: Language) -> [String] {
        var lines = [
            Bilingual(
                "Kết nối bằng tay: openssl s_client -quiet -connect MÁY:7443 -CAfile ca.pem (thiếu -quiet sẽ mất dòng bắt đầu bằng k, K, B, Q, R)",
                "By hand: openssl s_client -quiet -connect HOST:7443 -CAfile ca.pem (without -quiet, lines that begin with k, K, B, Q, R get lost)"
            ),
            Bilingual(
                "Cuối dòng lệnh: < nhập một dòng; << nhập nhiều dòng, kết thúc bằng dòng chỉ có “.”, bỏ bằng “.cancel”; {n} gửi đúng n octet",
                "At a line's end: < one line follows; << lines follow, ended by a line “.” or dropped by “.cancel”; {n} exactly n octets follow"
            ),
            Bilingual(
                "Dòng nội dung bắt đầu bằng dấu chấm phải gõ hai dấu chấm. Giá trị có dấu cách đặt trong ngoặc kép: quote=\"57 vụ việc\"",
                "A line of a body that begins with a dot needs two. A value with spaces is quoted: quote=\"57 vụ việc\""
            ),
            Bilingual(
                "Gõ HELP và tên lệnh để xem mẫu và ví dụ. [ ] là phần có thể bỏ; / là chọn một.",
                "HELP and a command's name show its form and an example. [ ] may be left out; / means one of."),
        ].map { $0.text(language) }
        for group in VerbGroup.allCases {
            lines.append("")
            lines.append("\(group.title.text(language)):")
            for form in forms where form.group == group {
                lines.append("  \(form.name) — \(form.summary.text(language))")
            }
        }
        return lines
    }

    private static func help(of form: VerbForm, _ language: Language) -> [String] {
        var lines = [form.synopsis, "  \(form.summary.text(language))"]
        let who = Bilingual("Ai được dùng", "Who may").text(language)
        lines.append("  \(who): \(form.permission.text(language))")
        for part in form.pattern {
            switch part {
            case .literal: continue
            case .word(let name, let kind): lines.append("  \(name): \(kind.expected.text(language))")
            case .optionalWord(let name, let kind): lines.append("  [\(name)]: \(kind.expected.text(language))")
            case .pair(let key, let kind, let required):
                lines.append("  \(required ? "\(key)=" : "[\(key)=]"): \(kind.expected.text(language))")
            }
        }
        if form.writes {
            lines.append(
                "  "
                    + Bilingual(
                        "[key=] mã tự chọn để gửi lại không bị ghi hai lần; [dry-run=yes] chỉ thử, không ghi",
                        "[key=] your own code, so that sending again changes nothing twice; [dry-run=yes] only tries"
                    ).text(language))
        }
        lines.append("  \(Bilingual("Ví dụ", "Example").text(language)):")
        lines += form.example.text(language).split(separator: "\n").map { "    \($0)" }
        return lines
    }

    private static func unknown(_ name: String, _ language: Language) -> [String] {
        var octets = name.utf8.prefix(32)
        octets = octets.prefix { $0 < 0x80 }
        let shown = String(decoding: octets, as: UTF8.self)
        let near = nearestVerb(to: shown)
        var line = Bilingual("Không có lệnh “\(shown)”.", "There is no command “\(shown)”.").text(language)
        if let near { line += Bilingual(" Có phải \(near)?", " Is it \(near)?").text(language) }
        return [line] + (near.map { help($0, language: language) } ?? overview(language))
    }
}
