public import ReviewProtocol

/// The options that every command takes, as given.
public struct GlobalOptions: Sendable, Equatable {
    /// `--server HOST:PORT`.
    public var server: String?
    /// `--as PERSON`.
    public var person: String?
    /// `--lang vi|en`.
    public var language: Language?
    /// `--json`.
    public var json = false
    /// `--no-color`.
    public var noColour = false
    /// `--yes`.
    public var yes = false
    /// `--dry-run`.
    public var dryRun = false
    /// `--key KEY`.
    public var key: String?
    /// `--password-file FILE`.
    public var passwordFile: String?
    /// `--password-stdin`.
    public var passwordStandardInput = false
    /// `--timeout SECONDS`.
    public var timeoutSeconds: Int?
    /// `--help`.
    public var help = false

    /// Nothing given.
    public init() {}
}

/// A command line, understood.
public struct Invocation: Sendable {
    /// The command.
    public let form: CommandForm
    /// Its operands by name.
    public var operands: [String: String]
    /// Its own options by name; a switch has the value `yes`.
    public var options: [String: String]
    /// The options that every command takes.
    public var global: GlobalOptions

    /// A command that was chosen otherwise than by a command line.
    package init(form: CommandForm, operands: [String: String]) {
        self.init(form: form, operands: operands, options: [:], global: GlobalOptions())
    }

    init(form: CommandForm, operands: [String: String], options: [String: String], global: GlobalOptions) {
        self.form = form
        self.operands = operands
        self.options = options
        self.global = global
    }

    /// An operand's value.
    public func operand(_ name: String) -> String? { operands[name] }
    /// An option's value.
    public func option(_ name: String) -> String? { options[name] }
}

/// A command line that makes no sense (exit code 64).
public struct UsageError: Error, Sendable, Equatable {
    /// What is wrong.
    public let message: Bilingual
    /// What to type next.
    public let hint: Bilingual

    init(_ vietnamese: String, _ english: String, hint: String = "phanbien help") {
        self.init(Bilingual(vietnamese, english), type: Bilingual(both: hint))
    }

    init(_ message: Bilingual, type command: Bilingual) {
        self.message = message
        hint = Bilingual("Gõ: " + command.vietnamese, "Type: " + command.english)
    }
}

/// Reads command lines by the command table.
public enum CommandLineParser {
    /// Understands the words after the program's name.
    ///
    /// No words at all mean `screen`; no command but `--help` means the overview of all of them.
    ///
    /// - Throws: `UsageError`, which says what to type instead.
    public static func parse(_ arguments: [String]) throws(UsageError) -> Invocation {
        let (form, pathPlaces) = try resolve(arguments)
        var invocation = Invocation(form: form, operands: [:], options: [:], global: GlobalOptions())
        var words: [String] = []
        var index = 0
        var optionsEnded = false
        while index < arguments.count {
            let argument = arguments[index]
            defer { index += 1 }
            if pathPlaces.contains(index) { continue }
            if optionsEnded || argument == "-" || !argument.hasPrefix("-") {
                words.append(argument)
                continue
            }
            if argument == "--" {
                optionsEnded = true
                continue
            }
            let (name, attached) = split(argument)
            guard let option = option(name, form) else {
                throw noOption(argument, name, pathPlaces.isEmpty ? nil : form)
            }
            var value = "yes"
            if option.kind == nil {
                guard attached == nil else {
                    throw UsageError(
                        "Tùy chọn --\(name) không nhận giá trị", "--\(name) takes no value",
                        hint: "phanbien help \(form.name)")
                }
            } else if let attached {
                value = attached
            } else if index + 1 < arguments.count {
                index += 1
                value = arguments[index]
            } else {
                throw UsageError(
                    "Tùy chọn --\(name) cần một giá trị", "--\(name) needs a value", hint: "phanbien help \(form.name)")
            }
            try set(option, to: value, in: &invocation)
        }
        if invocation.global.help {
            guard pathPlaces.isEmpty, let help = Self.form(named: ["help"]) else { return invocation }
            invocation.global.help = false
            return Invocation(form: help, operands: [:], options: [:], global: invocation.global)
        }
        try assign(words, in: &invocation)
        for option in form.options where option.required && invocation.options[option.name] == nil {
            throw UsageError(
                "Lệnh \"\(form.name)\" cần --\(option.name): \(option.summary.vietnamese)",
                "\"\(form.name)\" needs --\(option.name): \(option.summary.english)", hint: "phanbien help \(form.name)"
            )
        }
        return invocation
    }

    /// The language named on a command line, also on one that makes no sense otherwise.
    public static func language(in arguments: [String]) -> Language? {
        for (index, argument) in arguments.enumerated() {
            if argument == "--lang", index + 1 < arguments.count { return Language(rawValue: arguments[index + 1]) }
            if argument.hasPrefix("--lang=") { return Language(rawValue: String(argument.dropFirst(7))) }
        }
        return nil
    }

    // MARK: - Which command

    private static func resolve(_ arguments: [String]) throws(UsageError) -> (CommandForm, Set<Int>) {
        var places: [Int] = []
        var index = 0
        while index < arguments.count, places.count < 2 {
            let argument = arguments[index]
            if argument == "--" { break }
            if argument.hasPrefix("-"), argument != "-" {
                let (name, attached) = split(argument)
                if ["version", "V"].contains(name), places.isEmpty, let form = form(named: ["version"]) {
                    return (form, [index])
                }
                let takesValue = CommandTable.globalOptions.first { $0.name == name }?.kind != nil
                // Behind the command's first word an option may be the command's own: the path has ended there.
                if !places.isEmpty, !CommandTable.globalOptions.contains(where: { $0.name == name }) { break }
                index += takesValue && attached == nil ? 2 : 1
                continue
            }
            places.append(index)
            index += 1
        }
        let words = places.map { arguments[$0] }
        guard let first = words.first else {
            guard let screen = form(named: ["screen"]) else { preconditionFailure("the table has no screen") }
            return (screen, [])
        }
        if words.count == 2, let form = form(named: words) { return (form, Set(places)) }
        if let form = form(named: [first]) { return (form, [places[0]]) }
        let slug = Folding.slug(first)
        let family = CommandTable.forms.filter {
            $0.path.first == slug || ($0.alias.first == slug && $0.alias.count > 1)
        }
        if !family.isEmpty {
            let names = family.map { "\"\($0.name)\"" }.joined(separator: ", ")
            throw UsageError(
                "Lệnh \"\(first)\" cần thêm một từ: \(names)", "\"\(first)\" needs another word: \(names)",
                hint: "phanbien help \(family[0].name)")
        }
        // A word without a letter, as of a script's empty variable, is near to no name.
        let meant = slug.isEmpty ? [] : forms(near: slug)
        if let form = meant.first {
            // With the name that says something to those who do not read English.
            let vietnamese = meant.map { "\"\($0.name)\" (\($0.alias.joined(separator: " ")))" }.joined(separator: ", ")
            let english = meant.map { "\"\($0.name)\"" }.joined(separator: ", ")
            throw UsageError(
                "Không có lệnh \"\(first)\"; ý bạn là \(vietnamese)?",
                "There is no command \"\(first)\"; did you mean \(english)?", hint: "phanbien help \(form.name)")
        }
        throw UsageError("Không có lệnh \"\(first)\"", "There is no command \"\(first)\"")
    }

    /// The command with this name or Vietnamese alias; dấu make no difference.
    public static func form(named words: [String]) -> CommandForm? {
        if let exact = CommandTable.forms.first(where: { $0.path == words }) { return exact }
        let slugs = words.map(Folding.slug)
        // People write "tiếp thu" as two words, where the name has a hyphen.
        let whole = slugs.joined(separator: "-")
        return CommandTable.forms.first { $0.path == slugs } ?? CommandTable.forms.first { $0.alias == slugs }
            ?? CommandTable.forms.first { [$0.path, $0.alias].contains { $0.joined(separator: "-") == whole } }
    }

    /// What somebody may have meant: the commands that send the verb of this name, or the one that is written nearly so.
    private static func forms(near word: String) -> [CommandForm] {
        if let names = otherNames[word] { return CommandTable.forms.filter { names.contains($0.name) } }
        let senders = CommandTable.forms.filter { $0.wire.prefix { $0 != " " }.lowercased() == word }
        return senders.isEmpty ? nearest(to: word).map { [$0] } ?? [] : senders
    }

    /// What people also say, and for what.
    private static let otherNames = [
        "y-kien": ["comment", "comments"], "ykien": ["comment", "comments"], "nop": ["push"], "nop-ban": ["push"],
    ]

    private static func nearest(to word: String) -> CommandForm? {
        let names = CommandTable.forms.flatMap { form in
            [form.name, form.alias.joined(separator: " ")].map { ($0, form) }
        }
        return nearest(to: word, of: names)
    }

    /// What has nearly this name; nil when nothing has.
    private static func nearest<Named>(to word: String, of names: [(name: String, Named)]) -> Named? {
        // Two letters are near to many names; of four, two wrong ones make another word.
        guard (3...40).contains(word.utf8.count) else { return nil }
        let mistakes = word.utf8.count <= 4 ? 1 : 2
        var best: (distance: Int, named: Named)?
        for (name, named) in names {
            let distance = distance(Array(word.utf8), Array(name.utf8))
            if distance <= mistakes, distance < best?.distance ?? .max { best = (distance, named) }
        }
        return best?.named
    }

    /// How many letters have to be put in, left out or changed.
    private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var row = Array(0...right.count)
        for (i, octet) in left.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for j in right.indices {
                let cost = min(diagonal + (octet == right[j] ? 0 : 1), row[j] + 1, row[j + 1] + 1)
                diagonal = row[j + 1]
                row[j + 1] = cost
            }
        }
        return row[right.count]
    }

    // MARK: - Options and operands

    private static func split(_ argument: String) -> (name: String, value: String?) {
        if argument == "-h" { return ("help", nil) }
        let text = argument.dropFirst(argument.hasPrefix("--") ? 2 : 1)
        guard let equals = text.firstIndex(of: "=") else { return (String(text), nil) }
        return (String(text[..<equals]), String(text[text.index(after: equals)...]))
    }

    private static func option(_ name: String, _ form: CommandForm) -> OptionForm? {
        form.options.first { $0.name == name } ?? CommandTable.globalOptions.first { $0.name == name }
    }

    /// An option that the command, or every command, does not have; and the one that was meant.
    private static func noOption(_ argument: String, _ name: String, _ form: CommandForm?) -> UsageError {
        let names = ((form?.options ?? []) + CommandTable.globalOptions).map(\.name)
        var (vietnamese, english) = ("", "")
        if let meant = nearest(to: Folding.slug(name), of: names.map { ($0, $0) }) {
            (vietnamese, english) = ("; ý bạn là --\(meant)?", "; did you mean --\(meant)?")
        }
        guard let form else {
            return UsageError("Không có tùy chọn \(argument)\(vietnamese)", "There is no option \(argument)\(english)")
        }
        return UsageError(
            "Lệnh \"\(form.name)\" không có tùy chọn \(argument)\(vietnamese)",
            "\"\(form.name)\" has no option \(argument)\(english)", hint: "phanbien help \(form.name)")
    }

    private static func set(_ option: OptionForm, to given: String, in invocation: inout Invocation) throws(UsageError)
    {
        let value = try check(given, option.kind, label: "--" + option.name, invocation.form)
        guard invocation.form.options.allSatisfy({ $0.name != option.name }) else {
            guard invocation.options.updateValue(value, forKey: option.name) == nil else {
                throw UsageError(
                    "Tùy chọn --\(option.name) được ghi hai lần", "--\(option.name) is given twice",
                    hint: "phanbien help \(invocation.form.name)")
            }
            return
        }
        switch option.name {
        case "server": invocation.global.server = value
        case "as": invocation.global.person = value
        case "lang": invocation.global.language = Language(rawValue: value)
        case "json": invocation.global.json = true
        case "no-color": invocation.global.noColour = true
        case "yes": invocation.global.yes = true
        case "dry-run":
            guard invocation.form.writes else {
                throw UsageError(
                    "Lệnh \"\(invocation.form.name)\" không thay đổi gì, không cần --dry-run",
                    "\"\(invocation.form.name)\" changes nothing; --dry-run makes no sense",
                    hint: "phanbien help \(invocation.form.name)")
            }
            invocation.global.dryRun = true
        case "key":
            guard (1...64).contains(value.utf8.count) else {
                throw UsageError("--key cần từ 1 đến 64 ký tự", "--key takes 1 to 64 characters")
            }
            invocation.global.key = value
        case "password-file": invocation.global.passwordFile = value
        case "password-stdin": invocation.global.passwordStandardInput = true
        case "timeout": invocation.global.timeoutSeconds = min(max(Int(value) ?? 60, 1), 86_400)
        default: invocation.global.help = true
        }
    }

    /// Brings a value into the form that is sent.
    ///
    /// - Throws: `UsageError` when it is none of the kind.
    package static func check(
        _ value: String, _ kind: ValueKind?, label: String, _ form: CommandForm
    ) throws(UsageError) -> String {
        let hint = "phanbien help \(form.name)"
        switch kind {
        case .choice(let choices):
            guard choices.contains(value) else {
                throw notOneOf(Bilingual(both: choices.joined(separator: ", ")), label, hint)
            }
            return value
        case .term(let domain):
            guard let identifier = Vocabulary.identifier(domain, meant: value) else {
                throw notOneOf(Vocabulary.list(domain), label, hint)
            }
            return identifier
        case .file, .folder, .text, .address, .word, nil:
            guard !value.isEmpty else {
                throw UsageError("\(label) không được để trống", "\(label) must not be empty", hint: hint)
            }
            return value
        case .some(let kind):
            if let value = canonical(value, kind) { return value }
            throw isNot(value, kind, label: label, hint)
        }
    }

    /// A value of a kind with a form of its own, in the protocol's spelling; nil when it has not that form.
    private static func canonical(_ value: String, _ kind: ValueKind) -> String? {
        switch kind {
        case .topic: WrittenForm.topic(value)
        case .revision: WrittenForm.revision(value)
        case .topicOrRevision: WrittenForm.revision(value) ?? WrittenForm.topic(value)
        // A number alone could be anything here.
        case .readable: WrittenForm.revision(value) ?? WrittenForm.topic(value) ?? WordKind.review.canonical(value)
        case .topicOrComment: WrittenForm.topic(value) ?? WordKind.comment.canonical(value)
        case .revisionNumber: WrittenForm.revisionNumber(value)
        case .comment: WrittenForm.comment(value)
        case .comments: WrittenForm.list(value, of: WrittenForm.comment)
        case .review: WrittenForm.review(value)
        case .person, .office: WordKind.person.canonical(value.lowercased())
        case .people: WrittenForm.list(value) { WordKind.person.canonical($0.lowercased()) }
        case .place: WordKind.anchor.canonical(value)
        case .year: WordKind.year.canonical(value)
        case .date: WrittenForm.day(value)
        case .moment: WrittenForm.moment(value)
        case .number: value.utf8.count <= 18 ? WordKind.number(0...Int64.max).canonical(value) : nil
        case .file, .folder, .text, .address, .word, .choice, .term: value
        }
    }

    /// How a value of a kind is written, and which command shows those that there are.
    private static func isNot(_ value: String, _ kind: ValueKind, label: String, _ hint: String) -> UsageError {
        func error(
            _ vietnamese: String, _ english: String, type vietnameseHint: String, _ englishHint: String? = nil
        )
            -> UsageError
        {
            // An operand is named by what it is; an option, or a question of the screen, by its own words.
            let isNamed = kind.label.vietnamese == label || kind.label.english == label
            func sentence(_ words: String, _ not: String) -> String {
                (isNamed ? words.prefix(1).uppercased() + words.dropFirst() : "\(label): \(words)")
                    + ", \(not) \"\(value)\""
            }
            return UsageError(
                Bilingual(sentence(vietnamese, "không phải"), sentence(english, "not")),
                type: Bilingual(vietnameseHint, englishHint ?? vietnameseHint))
        }
        let topics = "phanbien topics"
        switch kind {
        case .topic:
            return error(
                "mã chuyên đề viết như 2025-2 hoặc CĐ2/2025", "a topic is written 2025-2 or CĐ2/2025", type: topics)
        case .revision:
            return error("bản của một chuyên đề viết như 2025-2@1", "a revision is written 2025-2@1", type: topics)
        case .topicOrRevision:
            return error(
                "mã chuyên đề viết như 2025-2 hoặc CĐ2/2025, một bản viết như 2025-2@1",
                "a topic is written 2025-2 or CĐ2/2025, a revision 2025-2@1", type: topics)
        case .readable:
            return error(
                "mã chuyên đề viết như 2025-2 hoặc CĐ2/2025, một bản như 2025-2@1, phiếu phản biện như P5",
                "a topic is written 2025-2 or CĐ2/2025, a revision 2025-2@1, a review P5", type: topics)
        case .topicOrComment:
            return error(
                "mã chuyên đề viết như 2025-2 hoặc CĐ2/2025, mã ý kiến như C14",
                "a topic is written 2025-2 or CĐ2/2025, a comment C14", type: topics)
        case .revisionNumber: return error("số bản viết như @2", "a revision's number is written @2", type: hint)
        case .comment, .comments:
            return error(
                kind == .comment ? "mã ý kiến viết như C14" : "các mã ý kiến viết như C14,C15",
                kind == .comment ? "a comment is written C14" : "comments are written C14,C15",
                type: "phanbien comments CHUYÊN-ĐỀ", "phanbien comments TOPIC")
        case .review:
            return error(
                "mã phiếu phản biện viết như P5", "a review is written P5", type: "phanbien reviews CHUYÊN-ĐỀ",
                "phanbien reviews TOPIC")
        case .person, .people:
            return error(
                kind == .person ? "mã người dùng viết như lan" : "các mã người dùng viết như lan,minh",
                kind == .person ? "a person's id is written lan" : "persons' ids are written lan,minh",
                type: "phanbien people")
        case .office: return error("mã phòng viết như hcth", "an office's id is written hcth", type: "phanbien offices")
        case .place:
            return error(
                "vị trí viết như II.1/2 (mục và đoạn), II.1 (mục) hoặc L12 (dòng)",
                "a place is written II.1/2 (section and paragraph), II.1 (section) or L12 (line)", type: hint)
        case .year: return error("năm viết như 2025", "a year is written 2025", type: hint)
        case .date: return error("ngày viết như 20/6/2025", "a day is written 20/6/2025 or 2025-06-20", type: hint)
        case .moment:
            return error(
                "cần cả giờ và ngày, viết như 14:00 25/6/2025 hoặc 14h00 ngày 25/6/2025",
                "both a time and a day are needed, written 14:00 25/6/2025", type: hint)
        case .number, .file, .folder, .text, .address, .word, .choice, .term:
            return error("cần một số", "a number is needed", type: hint)
        }
    }

    private static func notOneOf(_ list: Bilingual, _ label: String, _ hint: String) -> UsageError {
        UsageError(
            "\(label) nhận một trong: \(list.vietnamese)", "\(label) takes one of: \(list.english)", hint: hint)
    }

    private static func assign(_ words: [String], in invocation: inout Invocation) throws(UsageError) {
        var rest = words[...]
        let form = invocation.form
        for operand in form.operands {
            if operand.repeats {
                if !rest.isEmpty { invocation.operands[operand.name] = rest.joined(separator: " ") }
                rest = []
                let isBlank = invocation.operands[operand.name]?.allSatisfy { $0 == " " } ?? true
                if operand.required, isBlank { throw missing(operand, form) }
                continue
            }
            guard let word = rest.popFirst() else {
                if operand.required { throw missing(operand, form) }
                continue
            }
            invocation.operands[operand.name] = try check(
                word, operand.kind, label: operand.kind.label.vietnamese, form)
        }
        if let extra = rest.first {
            throw UsageError(
                "Thừa \"\(extra)\" sau lệnh \"\(form.name)\"", "\"\(extra)\" is too much after \"\(form.name)\"",
                hint: "phanbien help \(form.name)")
        }
        if form.text != .none, invocation.operands["text"] != nil, invocation.options["file"] != nil {
            throw UsageError(
                "Nội dung được ghi hai lần: trên dòng lệnh và bằng --file",
                "The text is given twice: as words and with --file", hint: "phanbien help \(form.name)")
        }
    }

    private static func missing(_ operand: Operand, _ form: CommandForm) -> UsageError {
        UsageError(
            "Lệnh \"\(form.name)\" còn thiếu \(operand.kind.label.vietnamese)",
            "\"\(form.name)\" lacks \(operand.kind.label.english)", hint: "phanbien help \(form.name)")
    }
}
