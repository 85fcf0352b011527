package import ReviewProtocol

/// The server's sentences as people read them who never see the protocol.
///
/// The server speaks to everybody, also to those who type its lines by hand: `xác nhận bằng ENDORSE P2`, `in=: …`. Here
/// the command of this program stands in place of the line, and the option in place of the key.
package enum ServerWording {
    /// Where a sentence is read: beside a command line, or in the full-screen client, where nothing is typed behind a
    /// command's name and the options are questions.
    package enum Reader: Sendable, Equatable {
        case commandLine
        case fullScreen(Language)
    }

    /// A sentence with commands and options in place of verbs and keys.
    package static func spoken(_ sentence: String, to reader: Reader = .commandLine) -> String {
        var words: [String] = []
        // How a text is given depends on where one writes; whoever shows the sentence adds it.
        var rest = sentence.replacing("thêm << và ", with: "thêm ").replacing("add << and ", with: "add ")
            .split(separator: " ", omittingEmptySubsequences: false).map(String.init)[...]
        while let word = rest.popFirst() {
            let (before, core, after) = parts(word)
            if let command = command(core, after, &rest, reader) {
                words.append(before + command)
            } else if let option = option(core, reader) {
                // A key without its value says nothing where there are no keys.
                if !option.isEmpty { words.append(before + option + after) }
            } else {
                words.append(word)
            }
        }
        let spoken = words.joined(separator: " ")
        return sentence.first?.isUppercase == true || reader == .commandLine
            ? spoken : spoken.prefix(1).uppercased() + spoken.dropFirst()
    }

    /// Whether a sentence asks for a text.
    static func asksForText(_ sentence: String) -> Bool { sentence.contains("<<") }

    /// A word without the punctuation around it.
    private static func parts(_ word: String) -> (before: String, core: String, after: String) {
        let before = word.prefix { $0 == "(" || $0 == "“" }
        let behind = word.dropFirst(before.count)
        let after = String(behind.reversed().prefix { ".,;:)”".contains($0) }.reversed())
        return (String(before), String(behind.dropLast(after.count)), after)
    }

    /// The command for a verb and the words behind it that belong to it, which are taken; nil for any other word.
    private static func command(
        _ verb: String, _ after: String, _ rest: inout ArraySlice<String>, _ reader: Reader
    ) -> String? {
        var best: (form: CommandForm, words: [String], taken: Int, after: String)?
        for form in CommandTable.forms {
            guard let match = match(form, verb, after, rest), match.taken > best?.taken ?? -1 else { continue }
            best = (form, match.words, match.taken, match.after)
        }
        guard var best else { return nil }
        rest = rest.dropFirst(best.taken)
        // "PASSWD <<": that a text follows is the protocol's business.
        if best.after.isEmpty, let next = rest.first, ["<", "<<"].contains(parts(next).core) {
            best.after = parts(next).after
            rest = rest.dropFirst()
        }
        if case .fullScreen(let language) = reader, best.form.isOfFullScreen {
            let name = language == .vietnamese ? best.form.alias.joined(separator: " ") : best.form.name
            return (language == .vietnamese ? "lệnh “\(name)” (phím :)" : "the command “\(name)” (key :)") + best.after
        }
        return "“" + (["phanbien", best.form.name] + best.words).joined(separator: " ") + "”" + best.after
    }

    /// How many of the words behind a verb a command's row takes, and what they are to it; nil when the verb is not its own,
    /// or a fixed word is missing.
    private static func match(
        _ form: CommandForm, _ verb: String, _ after: String, _ rest: ArraySlice<String>
    ) -> (words: [String], taken: Int, after: String)? {
        let pattern = form.wire.split(separator: " ")
        // Commands that make their own requests have the verb's name.
        guard let own = pattern.first.map(String.init) ?? (sends(form) ? form.name.uppercased() : nil), own == verb
        else { return nil }
        var words: [String] = []
        var taken = 0
        var after = after
        for part in pattern.dropFirst() {
            let isFixed = part.utf8.allSatisfy { (0x41...0x5A).contains($0) }
            guard after.isEmpty, let next = rest.dropFirst(taken).first.map(parts), next.before.isEmpty else {
                if isFixed { return nil }
                break
            }
            if isFixed {
                guard next.core == part else { return nil }
            } else if let equals = part.firstIndex(of: "=") {
                guard next.core.hasPrefix(part[...equals]) else { break }
                words.append(String(next.core.dropFirst(part[...equals].count)))
            } else {
                // A code, or a place for one in capitals; a word of the sentence is neither.
                guard next.core.contains(where: \.isNumber) || isCapital(next.core) else { break }
                words.append(next.core)
            }
            taken += 1
            after = next.after
        }
        return (words, taken, after)
    }

    private static func sends(_ form: CommandForm) -> Bool {
        switch form.conduct {
        case .push, .attach, .approve, .watch, .changePassword, .enrol: true
        default: false
        }
    }

    private static func isCapital(_ word: String) -> Bool {
        word.count > 1 && word.allSatisfy { $0.isUppercase || $0 == "-" }
    }

    /// `in=` as `--in`, `at=II.1` as `--at II.1`; nil for what is no key of an option.
    private static func option(_ word: String, _ reader: Reader) -> String? {
        guard let equals = word.firstIndex(of: "=") else { return nil }
        let key = word[..<equals]
        let value = word[word.index(after: equals)...]
        if key == "sha256" { return "SHA-256" }
        let options = CommandTable.forms.flatMap(\.options) + CommandTable.globalOptions
        guard let option = options.first(where: { ($0.wire ?? $0.name) == key }) else { return nil }
        guard case .fullScreen(let language) = reader else {
            return "--" + option.name + (value.isEmpty ? "" : " " + value)
        }
        guard case .term(let domain) = option.kind, !value.isEmpty else { return String(value) }
        return "“" + Vocabulary.word(domain, String(value), language) + "”"
    }
}

extension CommandForm {
    /// Whether the full-screen client lists it: not what it does otherwise, or cannot do inside of its window.
    package var isOfFullScreen: Bool {
        switch conduct {
        case .watch, .differences, .login, .logout, .enrol, .changePassword, .screen, .shell, .completions,
            .help,
            .version, .checkpoint, .proof:
            return false
        case .push: return true
        case .request, .show, .log, .calendar, .dossier, .fetch, .original, .attach, .comment, .apply, .review,
            .approve:
            return !operands.contains { $0.kind == .file || $0.kind == .folder }
        }
    }
}
