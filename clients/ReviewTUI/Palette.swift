import PhanbienCommands
import ReviewClient
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
        var isTextOpen = false
        if case .topic(let topic) = model.page { isTextOpen = topic.revisionName != nil }
        // A deputy who may not approve today is told by whom, and how they might.
        let mayApprove = model.me.position == "deputy" || model.reasonAgainstApproving == nil
        let forms = CommandTable.forms.filter { $0.isOfFullScreen && ($0.conduct != .approve || mayApprove) }
        entries = forms.map { form in
            // Where a text is open it is about that one.
            let summary =
                form.conduct == .original && isTextOpen
                ? model.text("lấy tệp Word gốc của bản đang xem", "save the Word file of the revision shown")
                : form.summary.text(model.language)
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
    /// Whether what it would do is shown and confirmed, once nothing is missing, before it is done.
    let asksFirst: Bool
    private(set) var missing: [Slot] = []

    init(_ form: CommandForm, known: [String: String], asksFirst: Bool) {
        invocation = Invocation(form: form, operands: known)
        self.asksFirst = asksFirst
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
    ///
    /// - Parameters:
    ///   - values: Operands that are known already.
    ///   - asksFirst: Whether it is tried out and confirmed before it is done.
    mutating func choose(_ form: CommandForm, with values: [String: String] = [:], asksFirst: Bool = false) {
        switch form.conduct {
        case .approve:
            guard let topic = currentTopic else { return tellChooseTopic() }
            return openApproval(topic)
        case .push: return openUpload()
        case .show where currentTopic == nil: return tellChooseTopic()
        case .log: return readHistory(of: page.topic)
        case .calendar: return ask(.of("CALENDAR"), for: .calendar)
        default: if form.name == "attend" { return openRollCall() }
        }
        if let action = Self.actionsOfTopicPage[form.name] {
            if case .topic(var topic) = page {
                topic.press(Key(.escape), action, in: &self)
                return put(topic)
            }
            if form.conduct != .request { return tellChooseTopic() }
        }
        var known = values
        for operand in form.operands where known[operand.name] == nil {
            switch operand.kind {
            case .topicOrComment: known[operand.name] = objectToConfirm
            // On the first page a command that can do without a topic is about all of them.
            case .topic: known[operand.name] = operand.required ? currentTopic : page.topic
            // Where no text is open it is the newest one that has a file, as the command says of itself.
            case .topicOrRevision where form.conduct == .original && !page.isTopic:
                known[operand.name] = currentTopic
            case .topicOrRevision, .revision: known[operand.name] = currentRevision
            case .comment: if case .topic(let topic) = page { known[operand.name] = topic.currentComment?.id }
            case .review: if case .reading(let reading) = page { known[operand.name] = reading.review }
            default: break
            }
        }
        fill(CommandFilling(form, known: known, asksFirst: asksFirst || Self.confirmedCommands.contains(form.name)))
    }

    /// Commands that are asked about although somebody can undo them: not whoever gave them, or what they are about was
    /// found by itself.
    private static let confirmedCommands: Set<String> = ["confirm", "endorse", "vouch", "plenary open", "delegate"]

    /// What waits to be confirmed here: a remark, or the minutes of the topic.
    private var objectToConfirm: String? {
        guard let topic = currentTopic else { return nil }
        let waiting = tasks(of: topic).filter { $0.act == "confirm" }.map { $0.object ?? topic }
        // The remark under the cursor, if it waits for this person, or if nothing else does.
        if case .topic(let page) = page, let comment = page.currentComment, comment.row["confirmed"] == "no",
            waiting.isEmpty || waiting.contains(comment.id)
        {
            return comment.id
        }
        return waiting.first ?? topic
    }

    /// Commands that are a key of the topic's page.
    private static let actionsOfTopicPage: [String: Action] = [
        "comment": .comment, "review": .review, "reply": .reply, "settle": .settle, "apply": .apply, "agree": .agree,
        "maintain": .maintain, "withdraw": .withdraw,
    ]

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
            let choices = choices(slot.kind, filling.invocation)
            // What is known already belongs to the question: as what somebody is to be assigned.
            var title = [filling.invocation.form.summary.text(language)] + terms(of: filling.invocation)
            switch slot {
            // A list says by itself what is to be chosen; an empty line does not, and its end may be cut.
            case .operand(let operand):
                if choices.isEmpty { title.insert(operand.kind.label.text(language), at: 0) }
            case .option(let option): title.append(option.summary.text(language))
            }
            overlay = .prompt(
                Prompt(
                    title: title.joined(separator: " – "), purpose: .value(filling), choices: choices,
                    isSought: slot.kind == .person))
            return
        }
        carryOut(filling.invocation, asksFirst: filling.asksFirst)
    }

    private func choices(_ kind: ValueKind?, _ invocation: Invocation) -> [(words: String, value: String)] {
        switch kind {
        case .term(let domain): Vocabulary.identifiers(domain).map { (word(domain, $0), $0) }
        case .choice(let values): values.map { ($0, $0) }
        case .topic: library.topics.map { ($0.id + "  " + $0.title, $0.id) }
        case .readable: readable
        case .person: people(for: invocation)
        case .office: library.offices.sorted { $0.key < $1.key }.map { ($0.value + "  (\($0.key))", $0.key) }
        default: []
        }
    }

    /// What there is to read of the topic besides its text: what is known of it, and its reviews.
    private var readable: [(words: String, value: String)] {
        guard let topic = currentTopic.flatMap({ library.topic($0) }) else { return [] }
        let reviews = library.details[topic.id]?.rows.filter { $0.word == "review" } ?? []
        return [(topic.id + "  " + topic.title, topic.id)]
            + reviews.compactMap { review in
                guard let id = review["id"] else { return nil }
                let words = [library.name(review["by"] ?? ""), word(.verdict, review["verdict"] ?? "")]
                return (id + "  " + words.joined(separator: " · "), id)
            }
    }

    /// Everybody with their office; whoever can be meant by an assignment stands first.
    private func people(for invocation: Invocation) -> [(words: String, value: String)] {
        let topic = invocation.operands["topic"].flatMap { library.topic($0) }
        let offices: [String?] =
            switch (invocation.form.name, invocation.operands["role"]) {
            case ("assign", "author"): [topic?.row["lead"]]
            case ("assign", "reviewer"): [topic?.row["review"]]
            // Heads assign people of their own office.
            case ("assign", nil): [me.office]
            default: []
            }
        func isEligible(_ person: String) -> Bool {
            library.officesOfPeople[person].map { offices.contains($0) } ?? false
        }
        let people = library.everybody
        return (people.filter { isEligible($0) } + people.filter { !isEligible($0) }).map { id in
            let office = library.officesOfPeople[id].map { " · " + library.office($0) } ?? ""
            return ("\(library.name(id))\(office)  (\(id))", id)
        }
    }

    /// The words that were chosen for a command: which opinion, which result, for which work.
    private func terms(of invocation: Invocation) -> [String] {
        invocation.form.operands.compactMap { operand in
            guard case .term(let domain) = operand.kind else { return nil }
            return invocation.operands[operand.name].map { word(domain, $0) }
        }
    }

    private mutating func carryOut(_ invocation: Invocation, asksFirst: Bool) {
        let form = invocation.form
        let request = invocation.request()
        let command = PreparedCommand(
            name: form.summary.text(language), chosen: terms(of: invocation).joined(separator: ", "), request: request,
            needsText: form.text == .required || Self.valuesThatNeedText.contains(request.value("as") ?? ""),
            isFinal: form.irreversible, details: (about(request) + filled(invocation)).joined(separator: " · "))
        if form.conduct == .dossier {
            guard !isDownloading else {
                return tell(.news, "Một hồ sơ khác đang được tải về.", "Another dossier is being fetched.")
            }
            return askOnce(request, for: .dossier(topic(of: request) ?? ""))
        }
        if form.conduct == .original, let object = invocation.operands["revision"] {
            return askOnce(.of("SHOW", String(object.prefix { $0 != "@" })), for: .originalOf(object))
        }
        if form.text != .none {
            return openWriting(
                .command(command), topic: topic(of: request) ?? currentTopic,
                object: command.request.words.joined(separator: " "), context: about(request))
        }
        if form.irreversible || asksFirst {
            _ = tryOut(command)
        } else if form.writes {
            write(command.request)
        } else {
            read(request, title: title(of: invocation))
        }
    }

    /// What stands above the answer to a command: a paper's own name rather than that it is printed.
    private func title(of invocation: Invocation) -> String {
        if invocation.form.name == "report" {
            return text("Báo cáo kết quả thực hiện Kế hoạch năm", "Report on the year's plan")
        }
        if invocation.form.conduct == .show, let object = invocation.operands["revision"] {
            return library.topic(object) == nil
                ? text("Phiếu \(object)", "Review \(object)") : text("Chuyên đề \(object)", "Topic \(object)")
        }
        guard let paper = invocation.operands["name"], invocation.form.name == "form" else {
            return invocation.form.summary.text(language)
        }
        return ([word(.form, paper)] + [invocation.operands["topic"]].compactMap { $0 }).joined(separator: " ")
    }

    /// Asks the server what a command would do; the real one follows when the person says yes.
    ///
    /// - Returns: Whether it was asked.
    mutating func tryOut(_ command: PreparedCommand) -> Bool {
        if case .lost = connection {
            tell(
                .trouble, "Mất kết nối: việc không rút lại được phải hỏi máy chủ trước. Có mạng rồi làm lại.",
                "No connection: what cannot be undone is asked of the server first. Try again once there is one.")
            return false
        }
        var command = command
        if command.details.isEmpty { command.details = about(command.request).joined(separator: " · ") }
        var trial = command.first ?? command.request
        trial.arguments.append(Argument(key: "dry-run", value: "yes"))
        ask(trial, for: .trial(command))
        return true
    }

    /// Who and what was chosen or typed for a command, as people read it.
    private func filled(_ invocation: Invocation) -> [String] {
        func words(_ value: String, _ kind: ValueKind?) -> String {
            switch kind {
            case .person, .people: library.name(value)
            case .office: library.office(value)
            case .term(let domain): word(domain, value)
            case .moment, .date: moment(value)
            default: value
            }
        }
        let form = invocation.form
        let operands = form.operands.compactMap { operand -> String? in
            switch operand.kind {
            case .person, .review: invocation.operands[operand.name].map { words($0, operand.kind) }
            default: nil
            }
        }
        let options = form.options.compactMap { option -> String? in
            // What an option is, without its example.
            let name = option.summary.text(language).prefix { $0 != "," }
            return invocation.options[option.name].map { "\(name): " + words($0, option.kind) }
        }
        return operands + options
    }

    /// Which topic a request is about, and where it stands: nobody should cancel another one than they mean.
    private func about(_ request: Request) -> [String] {
        guard let id = topic(of: request), let row = library.topic(id) else { return [] }
        return [
            "\(row.id)  \(row.title)", text("Bước hiện nay: ", "Stage: ") + row.stageWords(self),
        ]
    }

    /// An opinion, a check or a disposition that must say why (domain §4).
    private static let valuesThatNeedText: Set<String> = ["direct", "object", "fail", "partly", "declined"]
}
