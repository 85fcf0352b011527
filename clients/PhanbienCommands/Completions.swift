import ReviewProtocol

/// Completions for bash, zsh and fish, written from the command table.
enum Completions {
    /// Every name a command can be called by, as words.
    private static var paths: [(words: [String], form: CommandForm)] {
        CommandTable.forms.flatMap { form in [(form.path, form), (form.alias, form)] }
    }

    /// The first words of commands that have two, each with its second words.
    private static var families: [(first: String, seconds: [String])] {
        let pairs = paths.map(\.words).filter { $0.count == 2 }
        return Set(pairs.map { $0[0] }).sorted().map { first in
            (first, pairs.filter { $0[0] == first }.map { $0[1] })
        }
    }

    private static func values(_ form: CommandForm) -> [String] { form.operands.flatMap { $0.kind.choices ?? [] } }

    private static func takesFile(_ form: CommandForm) -> Bool { form.operands.contains { $0.kind == .file } }

    private static func list(_ words: [String]) -> String { words.joined(separator: " ") }

    // MARK: - bash

    /// The bash function.
    ///
    /// Names are read with `mapfile`, so that a file's name may hold spaces.
    static func bash() -> String {
        func offer(_ words: [String]) -> String {
            "mapfile -t COMPREPLY < <(compgen -W '\(list(words))' -- \"$current\")"
        }
        let files = "mapfile -t COMPREPLY < <(compgen -f -- \"$current\")"
        let valued = distinctOptions().filter { $0.kind != nil }
        var lines = [
            "# bash completion of phanbien, written by: phanbien completions bash",
            "_phanbien() {",
            "    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} words=() index",
            "    COMPREPLY=()",
            "    for ((index = 1; index < COMP_CWORD; index++)); do",
            "        case \"${COMP_WORDS[index]}\" in",
            "            \(valued.map { "--" + $0.name }.joined(separator: "|"))) ((index++)) ;;",
            "            -*) ;;",
            "            *) words+=(\"${COMP_WORDS[index]}\") ;;",
            "        esac",
            "    done",
            "    case \"$previous\" in",
        ]
        for option in valued {
            let offer = option.kind?.choices.map(offer) ?? (option.kind == .file ? files : ":")
            lines.append("        --\(option.name)) \(offer); return ;;")
        }
        lines += [
            "    esac",
            "    if [ ${#words[@]} -eq 0 ]; then",
            "        if [[ $current == -* ]]; then \(offer(CommandTable.globalOptions.map { "--" + $0.name }))",
            "        else \(offer(firstWords())); fi",
            "        return",
            "    fi",
            "    local command=${words[0]}",
            "    case \"$command\" in",
        ]
        for (first, seconds) in families {
            lines.append(
                "        \(first)) if [ ${#words[@]} -eq 1 ]; then \(offer(seconds)); return; fi; command=\"$command ${words[1]}\" ;;"
            )
        }
        lines += ["    esac", "    case \"$command\" in"]
        for form in CommandTable.forms {
            let flags = (form.options + CommandTable.globalOptions).map { "--" + $0.name }
            let values = values(form)
            let otherwise = takesFile(form) ? files : values.isEmpty ? ":" : offer(values)
            lines.append("        \(pattern(form.path))|\(pattern(form.alias)))")
            lines.append("            if [[ $current == -* ]]; then \(offer(flags)); else \(otherwise); fi ;;")
        }
        lines += ["    esac", "}", "complete -o filenames -F _phanbien phanbien", ""]
        return lines.joined(separator: "\n")
    }

    // MARK: - zsh

    /// The zsh function.
    static func zsh(_ language: Language) -> String {
        var lines = [
            "#compdef phanbien", "# zsh completion of phanbien, written by: phanbien completions zsh", "_phanbien() {",
            "    local -a commands", "    commands=(",
        ]
        for (word, summary) in firstWordsWithSummaries(language) {
            lines.append("        '\(word):\(quoted(summary))'")
        }
        lines += [
            "    )", "    if (( CURRENT == 2 )); then _describe 'phanbien' commands; return; fi",
            "    local command=$words[2]", "    case $command in",
        ]
        for (first, seconds) in families {
            lines.append("        (\(first)) if (( CURRENT == 3 )); then compadd -- \(list(seconds)); return; fi")
            lines.append("            command=\"$command $words[3]\" ;;")
        }
        lines += ["    esac", "    case $command in"]
        let argument = language == .vietnamese ? "đối số" : "argument"
        for form in CommandTable.forms {
            lines.append("        (\(pattern(form.path))|\(pattern(form.alias))) _arguments \\")
            for option in form.options + CommandTable.globalOptions {
                lines.append(
                    "            '--\(option.name)[\(quoted(option.summary.text(language)))]\(zshAction(option.kind, language))' \\"
                )
            }
            let values = values(form)
            let rest = takesFile(form) ? "_files" : values.isEmpty ? " " : "(\(list(values)))"
            lines.append("            '*:\(argument):\(rest)' ;;")
        }
        lines += ["    esac", "}", "_phanbien \"$@\"", ""]
        return lines.joined(separator: "\n")
    }

    private static func zshAction(_ kind: ValueKind?, _ language: Language) -> String {
        guard let kind else { return "" }
        let value = language == .vietnamese ? "giá trị" : "value"
        if let values = kind.choices { return ":\(value):(\(list(values)))" }
        return kind == .file ? ":\(value):_files" : ":\(value): "
    }

    // MARK: - fish

    /// The fish commands.
    static func fish(_ language: Language) -> String {
        var lines = [
            "# fish completion of phanbien, written by: phanbien completions fish", "complete -c phanbien -f",
        ]
        for (word, summary) in firstWordsWithSummaries(language) {
            lines.append("complete -c phanbien -n __fish_use_subcommand -a \(word) -d '\(quoted(summary))'")
        }
        for (path, form) in paths {
            if path.count == 2 {
                lines.append(
                    "complete -c phanbien -n '__fish_seen_subcommand_from \(path[0])' -a \(path[1]) -d '\(quoted(form.summary.text(language)))'"
                )
            }
            let seen = "'\(path.map { "__fish_seen_subcommand_from \($0)" }.joined(separator: "; and "))'"
            for option in form.options { lines.append(fish(option, condition: seen, language)) }
            if takesFile(form) { lines.append("complete -c phanbien -n \(seen) -F") }
            let values = values(form)
            if !values.isEmpty { lines.append("complete -c phanbien -n \(seen) -a '\(list(values))'") }
        }
        for option in CommandTable.globalOptions { lines.append(fish(option, condition: nil, language)) }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func fish(_ option: OptionForm, condition: String?, _ language: Language) -> String {
        var line = "complete -c phanbien"
        if let condition { line += " -n \(condition)" }
        line += " -l \(option.name)"
        if let values = option.kind?.choices {
            line += " -x -a '\(list(values))'"
        } else if option.kind == .file {
            line += " -r -F"
        } else if option.kind != nil {
            line += " -x"
        }
        return line + " -d '\(quoted(option.summary.text(language)))'"
    }

    // MARK: - Names

    private static func firstWords() -> [String] {
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
        return (CommandTable.globalOptions + CommandTable.forms.flatMap(\.options)).filter {
            seen.insert($0.name).inserted
        }
    }

    private static func pattern(_ words: [String]) -> String {
        words.count == 1 ? words[0] : "\"\(words.joined(separator: " "))\""
    }

    /// Text inside single quotes and brackets of all three shells.
    private static func quoted(_ text: String) -> String {
        text.replacing("'", with: "’").replacing("[", with: "(").replacing("]", with: ")").replacing(":", with: " –")
    }
}
