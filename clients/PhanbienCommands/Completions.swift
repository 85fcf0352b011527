import ReviewProtocol

/// Completions for bash, zsh and fish, written from the command table.
enum Completions {
    /// Every name a command can be called by, as words.
    private static var paths: [(words: [String], form: CommandForm)] {
        CommandTable.forms.flatMap { form in [(form.path, form), (form.alias, form)] }
    }

    private static func flags(_ form: CommandForm) -> [String] {
        (form.options + CommandTable.globalOptions).map { "--" + $0.name }
    }

    /// The values a word can have at the operand's place; files are left to the shell.
    private static func values(_ kind: ValueKind) -> [String] {
        if case .choice(let values) = kind { values } else { [] }
    }

    /// The bash function: complete -F.
    static func bash() -> String {
        var lines = [
            "# bash completion of phanbien: phanbien completions bash",
            "_phanbien() {",
            "    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}",
            "    local first=${COMP_WORDS[1]} second=${COMP_WORDS[2]:-}",
            "    COMPREPLY=()",
            "    if [ \"$COMP_CWORD\" -eq 1 ]; then",
            "        COMPREPLY=($(compgen -W \"\(firstWords(vietnamese: true).joined(separator: " "))\" -- \"$current\"))",
            "        return",
            "    fi",
            "    case \"$previous\" in",
        ]
        for option in distinctOptions() {
            guard let kind = option.kind else { continue }
            switch kind {
            case .choice(let values):
                lines.append(
                    "        --\(option.name)) COMPREPLY=($(compgen -W \"\(values.joined(separator: " "))\" -- \"$current\")); return ;;"
                )
            case .file: lines.append("        --\(option.name)) COMPREPLY=($(compgen -f -- \"$current\")); return ;;")
            default: lines.append("        --\(option.name)) return ;;")
            }
        }
        lines += ["    esac", "    local command=$first"]
        let families = Set(paths.filter { $0.words.count == 2 }.map { $0.words[0] })
        for family in families.sorted() {
            let seconds = paths.filter { $0.words.count == 2 && $0.words[0] == family }.map { $0.words[1] }
            lines.append(
                "    if [ \"$first\" = \(family) ]; then if [ \"$COMP_CWORD\" -eq 2 ]; then COMPREPLY=($(compgen -W \"\(seconds.joined(separator: " "))\" -- \"$current\")); return; fi; command=\"$first $second\"; fi"
            )
        }
        lines.append("    case \"$command\" in")
        for form in CommandTable.forms {
            let choices = form.operands.flatMap { values($0.kind) }
            let wantsFile = form.operands.contains { $0.kind == .file }
            lines.append("        \(pattern(form.path))|\(pattern(form.alias)))")
            lines.append(
                "            if [[ $current == -* ]]; then COMPREPLY=($(compgen -W \"\(flags(form).joined(separator: " "))\" -- \"$current\"))"
            )
            if wantsFile {
                lines.append("            else COMPREPLY=($(compgen -f -- \"$current\")); fi ;;")
            } else if !choices.isEmpty {
                lines.append(
                    "            else COMPREPLY=($(compgen -W \"\(choices.joined(separator: " "))\" -- \"$current\")); fi ;;"
                )
            } else {
                lines.append("            fi ;;")
            }
        }
        lines += ["    esac", "}", "complete -o filenames -F _phanbien phanbien", ""]
        return lines.joined(separator: "\n")
    }

    /// The zsh function: #compdef.
    static func zsh(_ language: Language) -> String {
        var lines = [
            "#compdef phanbien", "# zsh completion of phanbien: phanbien completions zsh", "_phanbien() {",
            "    local -a commands",
        ]
        lines.append("    commands=(")
        for (word, summary) in firstWordsWithSummaries(language) {
            lines.append("        '\(word):\(quoted(summary))'")
        }
        lines += [
            "    )", "    if (( CURRENT == 2 )); then _describe 'phanbien' commands; return; fi",
            "    local command=$words[2]",
        ]
        let families = Set(paths.filter { $0.words.count == 2 }.map { $0.words[0] })
        for family in families.sorted() {
            lines.append("    if [[ $command == \(family) ]]; then")
            lines.append(
                "        if (( CURRENT == 3 )); then compadd -- \(paths.filter { $0.words.count == 2 && $0.words[0] == family }.map { $0.words[1] }.joined(separator: " ")); return; fi"
            )
            lines.append("        command=\"$command $words[3]\"")
            lines.append("    fi")
        }
        lines.append("    case $command in")
        for form in CommandTable.forms {
            lines.append("        (\(pattern(form.path))|\(pattern(form.alias))) _arguments \\")
            for option in form.options + CommandTable.globalOptions {
                lines.append(
                    "            '--\(option.name)[\(quoted(option.summary.text(language)))]\(zshAction(option.kind, language))' \\"
                )
            }
            let rest = form.operands.contains { $0.kind == .file } ? "_files" : choicesAction(form)
            lines.append("            '*:\(quoted(language == .vietnamese ? "đối số" : "argument")):\(rest)' ;;")
        }
        lines += ["    esac", "}", "_phanbien \"$@\"", ""]
        return lines.joined(separator: "\n")
    }

    private static func choicesAction(_ form: CommandForm) -> String {
        let choices = form.operands.flatMap { values($0.kind) }
        return choices.isEmpty ? " " : "(\(choices.joined(separator: " ")))"
    }

    private static func zshAction(_ kind: ValueKind?, _ language: Language) -> String {
        switch kind {
        case nil: ""
        case .choice(let values): ":\(language == .vietnamese ? "giá trị" : "value"):(\(values.joined(separator: " ")))"
        case .file: ":\(language == .vietnamese ? "tệp" : "file"):_files"
        default: ":\(language == .vietnamese ? "giá trị" : "value"): "
        }
    }

    /// The fish commands: complete -c.
    static func fish(_ language: Language) -> String {
        var lines = ["# fish completion of phanbien: phanbien completions fish", "complete -c phanbien -f"]
        for (word, summary) in firstWordsWithSummaries(language) {
            lines.append("complete -c phanbien -n __fish_use_subcommand -a \(word) -d '\(quoted(summary))'")
        }
        for form in CommandTable.forms {
            for path in [form.path, form.alias] {
                let seen = "'\(path.map { "__fish_seen_subcommand_from \($0)" }.joined(separator: "; and "))'"
                if path.count == 2 {
                    lines.append(
                        "complete -c phanbien -n '__fish_seen_subcommand_from \(path[0])' -a \(path[1]) -d '\(quoted(form.summary.text(language)))'"
                    )
                }
                for option in form.options { lines.append(fish(option, condition: seen, language)) }
                for operand in form.operands {
                    if operand.kind == .file { lines.append("complete -c phanbien -n \(seen) -F") }
                    let choices = values(operand.kind)
                    if !choices.isEmpty {
                        lines.append("complete -c phanbien -n \(seen) -a '\(choices.joined(separator: " "))'")
                    }
                }
            }
        }
        for option in CommandTable.globalOptions { lines.append(fish(option, condition: nil, language)) }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func fish(_ option: OptionForm, condition: String?, _ language: Language) -> String {
        var line = "complete -c phanbien"
        if let condition { line += " -n \(condition)" }
        line += " -l \(option.name)"
        switch option.kind {
        case nil: break
        case .choice(let values): line += " -x -a '\(values.joined(separator: " "))'"
        case .file: line += " -r -F"
        default: line += " -x"
        }
        return line + " -d '\(quoted(option.summary.text(language)))'"
    }

    private static func firstWords(vietnamese: Bool) -> [String] {
        var seen: Set<String> = []
        return paths.map { $0.words[0] }.filter { seen.insert($0).inserted }
    }

    private static func firstWordsWithSummaries(_ language: Language) -> [(String, String)] {
        var seen: Set<String> = []
        var result: [(String, String)] = []
        for (words, form) in paths where seen.insert(words[0]).inserted {
            result.append((words[0], words.count == 1 ? form.summary.text(language) : form.group.title.text(language)))
        }
        return result
    }

    private static func distinctOptions() -> [OptionForm] {
        var seen: Set<String> = []
        return (CommandTable.globalOptions + CommandTable.forms.flatMap(\.options)).filter { option in
            // The same name may have different choices in two commands; then the values are left to the person.
            seen.insert(option.name).inserted
        }
    }

    private static func pattern(_ words: [String]) -> String {
        words.count == 1 ? words[0] : "\"\(words.joined(separator: " "))\""
    }

    private static func quoted(_ text: String) -> String {
        text.replacing("'", with: "’").replacing("[", with: "(").replacing("]", with: ")").replacing(":", with: " –")
    }
}
