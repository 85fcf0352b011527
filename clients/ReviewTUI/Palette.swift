import PhanbienCommands
import ReviewProtocol
import Terminal

/// Every command by its name, typed with or without dấu.
struct Palette: Sendable {
    struct Entry: Sendable {
        let form: CommandForm
        let words: String
        /// What is typed is looked for in here: names and summary, without dấu.
        let folded: String
    }

    private(set) var editor = LineEditor()
    private let entries: [Entry]
    private(set) var selected = 0
    private(set) var isOver = false

    init(_ model: Model) {
        entries = CommandTable.forms.compactMap { form in
            switch form.conduct {
            case .request, .comment, .review, .approve, .push: break
            // What this client does otherwise, or cannot do inside of its window.
            case .show, .watch, .differences, .login, .logout, .changePassword, .screen, .shell, .completions,
                .help,
                .version:
                return nil
            }
            if form.conduct != .push, form.operands.contains(where: { $0.kind == .file || $0.kind == .folder }) {
                return nil
            }
            let summary = form.summary.text(model.language)
            let name = form.alias.joined(separator: " ")
            return Entry(
                form: form, words: summary,
                folded: Folding.plain(
                    [form.name, name, form.summary.vietnamese, form.summary.english].joined(separator: " ")))
        }
    }

    /// The entries that fit what was typed: every word of it, in any order.
    var matches: [Entry] {
        let words = Folding.plain(editor.text).split { $0 == " " || $0 == "-" }
        guard !words.isEmpty else { return entries }
        let found = entries.filter { entry in words.allSatisfy { entry.folded.contains($0) } }
        // A command whose name begins so comes first.
        let typed = words.joined(separator: " ")
        let isNamed: (Entry) -> Bool = {
            $0.form.name.hasPrefix(typed) || $0.form.alias.joined(separator: " ").replacingHyphens.hasPrefix(typed)
        }
        return found.filter(isNamed) + found.filter { !isNamed($0) }
    }

    /// Takes a key; the chosen command when the key chose one.
    mutating func press(_ key: Key) -> CommandForm? {
        switch key.code {
        case .up: selected = max(selected - 1, 0)
        case .down: selected = min(selected + 1, max(matches.count - 1, 0))
        case .pageUp: selected = max(selected - 10, 0)
        case .pageDown: selected = min(selected + 10, max(matches.count - 1, 0))
        case .escape: isOver = true
        case .enter:
            isOver = true
            let matches = matches
            return matches.indices.contains(selected) ? matches[selected].form : nil
        default:
            switch editor.handle(key) {
            case .cancelled, .endOfInput: isOver = true
            default: selected = 0
            }
        }
        return nil
    }
}

extension String {
    fileprivate var replacingHyphens: String { String(map { $0 == "-" ? " " : $0 }) }
}

/// A command whose values are asked for one after another.
struct CommandFilling: Sendable {
    /// What is still missing, in the order in which it is asked for.
    enum Slot: Sendable {
        case operand(Operand)
        case option(OptionForm)

        var kind: ValueKind? {
            switch self {
            case .operand(let operand): operand.kind
            case .option(let option): option.kind
            }
        }
    }

    var invocation: Invocation
    private(set) var missing: [Slot] = []

    init(_ form: CommandForm, known: [String: String]) {
        invocation = Invocation(form: form, operands: known)
        for operand in form.operands where operand.required && known[operand.name] == nil && !operand.repeats {
            missing.append(.operand(operand))
        }
        for operand in form.operands where operand.repeats && operand.required && form.text == .none {
            missing.append(.operand(operand))
        }
        for option in form.options where option.required { missing.append(.option(option)) }
    }

    var next: Slot? { missing.first }

    /// Takes a value for the next slot; why not, when it does not fit.
    mutating func take(_ words: String, _ language: Language) -> String? {
        guard let slot = missing.first else { return nil }
        do throws(UsageError) {
            switch slot {
            case .operand(let operand):
                invocation.operands[operand.name] = try CommandLineParser.check(
                    words, operand.kind, label: operand.kind.label.text(language), invocation.form)
            case .option(let option):
                invocation.options[option.name] = try CommandLineParser.check(
                    words, option.kind, label: option.summary.text(language), invocation.form)
            }
        } catch {
            return error.message.text(language)
        }
        missing.removeFirst()
        return nil
    }
}

extension Model {
    /// A command was chosen: what is known is filled in, the rest is asked for.
    mutating func choose(_ form: CommandForm) {
        switch form.conduct {
        case .approve:
            guard let topic = currentTopic else { return tellChooseTopic() }
            return openApproval(topic)
        case .comment, .review:
            guard case .topic(var topic) = page else { return tellChooseTopic() }
            topic.press(Key(.escape), form.conduct == .comment ? .comment : .review, in: &self)
            return put(topic)
        case .push: return openUpload()
        default: if form.name == "attend" { return openRollCall() }
        }
        var known: [String: String] = [:]
        for operand in form.operands {
            switch operand.kind {
            case .topic: known[operand.name] = operand.required ? currentTopic : nil
            case .topicOrRevision, .revision: known[operand.name] = currentRevision
            case .comment: if case .topic(let topic) = page { known[operand.name] = topic.currentComment?.id }
            default: break
            }
        }
        fill(CommandFilling(form, known: known))
    }

    private mutating func tellChooseTopic() {
        tell(.trouble, "Mở một chuyên đề rồi mới dùng lệnh này.", "Open a topic first.")
    }

    /// The revision that is shown, or the newest of the topic that is selected.
    private var currentRevision: String? {
        if case .topic(let topic) = page { return topic.revisionName }
        guard let topic = currentTopic, let revision = library.topic(topic)?.revision, revision > 0 else { return nil }
        return "\(topic)@\(revision)"
    }

    /// Asks for the next value, or carries the command out.
    mutating func fill(_ filling: CommandFilling) {
        if let slot = filling.next {
            let choices = choices(slot.kind)
            // A list says by itself what is to be chosen; an empty line does not.
            let label: String? =
                switch slot {
                case .operand(let operand): choices.isEmpty ? operand.kind.label.text(language) : nil
                case .option(let option): option.summary.text(language)
                }
            let title = [filling.invocation.form.summary.text(language), label].compactMap { $0 }
            overlay = .prompt(
                Prompt(title: title.joined(separator: " – "), purpose: .value(filling), choices: choices))
            return
        }
        carryOut(filling.invocation)
    }

    private func choices(_ kind: ValueKind?) -> [(words: String, value: String)] {
        switch kind {
        case .term(let domain): Vocabulary.identifiers(domain).map { (word(domain, $0), $0) }
        case .choice(let values): values.map { ($0, $0) }
        case .topic: library.topics.map { ($0.id + "  " + $0.title, $0.id) }
        case .person: library.people.sorted { $0.key < $1.key }.map { ($0.value + "  (\($0.key))", $0.key) }
        case .office: library.offices.sorted { $0.key < $1.key }.map { ($0.value + "  (\($0.key))", $0.key) }
        default: []
        }
    }

    private mutating func carryOut(_ invocation: Invocation) {
        let form = invocation.form
        let command = PreparedCommand(name: form.summary.text(language), request: invocation.request())
        if form.text == .required {
            return openWriting(
                .command(command), topic: currentTopic, object: command.request.words.joined(separator: " "),
                context: [])
        }
        if form.irreversible {
            var trial = command.request
            trial.arguments.append(Argument(key: "dry-run", value: "yes"))
            ask(trial, for: .trial(command))
        } else if form.writes {
            write(command.request)
        } else {
            ask(command.request, for: .command(title: command.name))
        }
    }
}
