public import ReviewClient
import ReviewProtocol
import Terminal

/// Carries one command out, against a server, a terminal and a folder that it only knows as `Surroundings`.
///
/// `login`, `logout`, `enrol`, `screen` and `shell` belong to the program itself and do not come here.
public struct CommandRunner {
    let invocation: Invocation
    let surroundings: any Surroundings
    var screen: Screen { surroundings.screen }
    var form: CommandForm { invocation.form }

    /// Prepares a command.
    public init(_ invocation: Invocation, in surroundings: any Surroundings) {
        self.invocation = invocation
        self.surroundings = surroundings
    }

    /// Does it, and says how the program ends.
    ///
    /// Nothing is thrown: failures are told on standard error.
    public func run() -> ExitCode {
        do throws(CommandFailure) {
            if invocation.global.help {
                surroundings.write(Array(HelpText.page(form, screen.language).utf8))
                return .done
            }
            switch form.conduct {
            case .request: return try runRequest()
            case .show: return try show()
            case .push: return try push()
            case .attach: return try attach()
            case .original: return try original()
            case .comment: return try comment()
            case .apply: return try apply()
            case .review: return try review()
            case .approve: return try approve()
            case .watch: return try watch()
            case .differences: return try differences()
            case .log: return try log()
            case .calendar: return try calendar()
            case .dossier: return try dossier()
            case .fetch: return try fetch()
            case .checkpoint: return try checkpoint()
            case .proof: return try proof()
            case .changePassword: return try changePassword()
            case .help: return try help()
            case .completions: return completions()
            case .version:
                surroundings.writeLines(["phanbien 1.0 (phanbien/1)"])
                return .done
            case .login, .logout, .enrol, .screen, .shell:
                throw CommandFailure(.software, "Lệnh này không chạy được ở đây", "this command cannot run here")
            }
        } catch {
            tell(error)
            return error.exit
        }
    }

    // MARK: - One request, one reply

    private func runRequest() throws(CommandFailure) -> ExitCode {
        var command = self
        if needsRevision { command = try withNewestRevision() }
        guard let text = try command.text() else { return try command.send(text: nil) }
        return try command.sendKept(text)
    }

    /// Whether the request names a revision: the newest is meant when the person named none.
    private var needsRevision: Bool {
        form.operands.contains { $0.kind == .topicOrRevision }
    }

    /// Sends the command's request, asks before what cannot be undone, and prints what came.
    func send(text: [UInt8]?) throws(CommandFailure) -> ExitCode {
        if form.irreversible || invocation.global.dryRun {
            let trial = try perform(invocation.request(text: text, dryRun: true))
            guard trial.status.isOK, !invocation.global.dryRun else { return finish(trial) }
            try confirm(after: trial)
        }
        let key = form.writes ? invocation.global.key ?? surroundings.newKey() : nil
        return finish(try perform(invocation.request(text: text, key: key)))
    }

    /// Shows what a trial said and asks; without a terminal only `--yes` goes on.
    private func confirm(after trial: Reply) throws(CommandFailure) {
        if invocation.global.yes { return }
        guard surroundings.canAsk else {
            throw CommandFailure(
                .usage, "Việc này không rút lại được, cần xác nhận", "this cannot be undone and needs a confirmation",
                next: Bilingual("Thêm --yes nếu chắc chắn.", "Add --yes if you are sure."))
        }
        for line in describe(trial) { surroundings.tell(line) }
        surroundings.tell(screen.text("Việc này không rút lại được.", "This cannot be undone."))
        guard Answer.isYes(surroundings.ask(screen.text("Gõ \"có\" để thực hiện: ", "Type \"yes\" to go on: "))) else {
            throw Self.cancelled
        }
    }

    /// What was to be read before a decision went into a pipe that nobody reads.
    static let unread = CommandFailure(
        .inputOutput, "Không thay đổi gì: chương trình nhận kết quả đã đóng trước khi đọc hết những gì phải xem.",
        "Nothing changed: the program that takes the output has ended before it read what has to be seen.")

    static let cancelled = CommandFailure(.refused, "Đã thôi, không thay đổi gì.", "Left as it was; nothing changed.")

    /// Sends a request; what the server is too busy for is tried again a few times, with the same key.
    func perform(_ request: Request) throws(CommandFailure) -> Reply {
        var tries = 0
        while true {
            let reply: Reply
            do throws(CommandFailure) {
                reply = try surroundings.perform(request)
            } catch {
                throw Self.withKey(error, of: request)
            }
            tries += 1
            guard case .no(let code) = reply.status.outcome, tries <= 3,
                code == NoCode.busy.rawValue || code == NoCode.rate.rawValue,
                let wait = reply["after"].flatMap({ Int($0) }), (1...5_000).contains(wait)
            else { return reply }
            surroundings.pause(milliseconds: wait)
        }
    }

    /// A write without an answer may have happened: the same command with its key cannot happen twice.
    private static func withKey(_ failure: CommandFailure, of request: Request) -> CommandFailure {
        guard failure.exit == .unavailable, !failure.forbidsRepeating, let key = request.value("key") else {
            return failure
        }
        var failure = failure
        failure.next = Bilingual(
            "Chưa rõ máy chủ đã ghi hay chưa. Gõ lại đúng lệnh này và thêm --key \(key): sẽ không bị ghi hai lần.",
            "The server may have written it or not. Type the same command again with --key \(key): it happens once.")
        return failure
    }

    /// Sends a request that must succeed for the command to go on.
    func require(_ request: Request) throws(CommandFailure) -> Reply {
        let reply = try perform(request)
        guard reply.status.isOK else {
            // The refusal is printed with all its rows; the failure only carries how the program ends.
            throw CommandFailure(finish(reply), "", "")
        }
        return reply
    }

    // MARK: - What came

    /// Prints a reply; says how the program ends.
    @discardableResult
    public func finish(_ reply: Reply) -> ExitCode {
        if screen.isJSON {
            surroundings.writeLines([reply.json.text])
        } else if reply.status.isOK {
            show(reply)
            // The one pair that its reader must have word for word; a repeated request does not bring it again.
            if form.name == "invite", let code = reply["code"] {
                surroundings.writeLines([
                    screen.text("Mã mời: ", "Invitation code: ") + screen.style.apply(.bold, to: SafeText.escape(code))
                ])
            }
            let line = closingLine(reply)
            if let line {
                // The words after a text are about it, not of it: they do not belong into a file.
                if reply.hasText, !form.writes { surroundings.tell(line) } else { surroundings.writeLines([line]) }
            }
        } else {
            for line in Refusal.lines(surroundings.named(reply), topic: topic, screen) { surroundings.tell(line) }
        }
        return ExitCode(reply.status)
    }

    /// Prints rows and text.
    ///
    /// Text alone goes to a file byte for byte; to a terminal everything is made safe.
    func show(_ reply: Reply) {
        if reply.rows.isEmpty, reply.hasText, !screen.isTerminal, !form.writes {
            let text = reply.text
            // Only what was printed for people may lack its last line end; a stored text goes out as it is stored.
            let isPrinted = form.conduct == .differences && text.last != 0x0A
            surroundings.write(isPrinted ? text + [0x0A] : text)
        } else {
            surroundings.writeLines(ReplyText.lines(surroundings.named(reply), screen))
        }
    }

    private func describe(_ reply: Reply) -> [String] {
        ReplyText.lines(reply, screen) + (closingLine(reply).map { [$0] } ?? [])
    }

    /// The human words of an OK; what the rows alone cannot say when they are absent.
    func closingLine(_ reply: Reply) -> String? {
        if let human = reply.status.human, !human.isEmpty {
            // The server's help is about the protocol itself.
            let words = form.name == "verbs" ? human : ServerWording.spoken(human)
            guard screen.isTerminal else { return screen.style.apply(.colour(.green), to: SafeText.escape(words)) }
            return screen.paragraph(words, .colour(.green)).joined(separator: "\n")
        }
        if reply.rows.isEmpty, !reply.hasText, isCountOfNothing(reply) { return emptyLine }
        let pairs = reply.status.pairs.filter { $0.key != "replay" }
        // Below a text only what identifies it: the revision with its digest.
        if !pairs.isEmpty, reply.rows.isEmpty, !reply.hasText || reply["sha256"] != nil {
            let words = pairs.map { pair in
                let title = RowTable.title(pair.key, row: form.wire.isEmpty ? "" : "status", screen.language)
                return title + ": " + RowTable.words(pair.value, key: pair.key, row: "status", screen.language)
            }.joined(separator: " · ")
            return screen.isTerminal
                ? screen.paragraph(words).joined(separator: "\n") : SafeText.escape(words)
        }
        if reply.rows.isEmpty, !reply.hasText { return form.writes ? screen.text("Đã xong.", "Done.") : emptyLine }
        return nil
    }

    /// Whether a list was asked for and is empty, and nothing is said of rows that are hidden.
    private func isCountOfNothing(_ reply: Reply) -> Bool {
        let counts = ["tasks", "topics", "comments", "reviews", "hits", "events", "plans", "certificates"]
        return !form.writes && reply["hidden"] == nil
            && reply.status.pairs.contains { counts.contains($0.key) && $0.value == "0" }
    }

    private var emptyLine: String {
        switch form.name {
        case "todo": screen.text("Không có việc nào đang chờ.", "Nothing waits for you.")
        case "comments": noComments
        case "topics": screen.text("Không có chuyên đề nào.", "No topics.")
        case "reviews": screen.text("Chưa có phiếu phản biện nào.", "No reviews.")
        case "log": screen.text("Không có sự kiện nào.", "No events.")
        case "plans": screen.text("Chưa có kế hoạch nào.", "No plans.")
        case "certificates": screen.text("Chưa có chứng thư nào.", "No certificates.")
        case "search":
            screen.text(
                "Không tìm thấy \"\(SafeText.escape(invocation.operand("text") ?? ""))\".",
                "\"\(SafeText.escape(invocation.operand("text") ?? ""))\" was not found.")
        default: screen.text("Không có gì.", "Nothing.")
        }
    }

    /// That there are none of those that were asked for; there may be others.
    private var noComments: String {
        func word(_ option: String, _ domain: Vocabulary.Domain) -> String? {
            invocation.option(option).map { Vocabulary.word(domain, $0, screen.language) }
        }
        let wanted = [
            invocation.option("open").map { _ in screen.text("chưa giải quyết", "open") },
            word("state", .state), word("level", .level).map { screen.text("mức “\($0)”", "level “\($0)”") },
            word("kind", .kind).map { screen.text("loại “\($0)”", "kind “\($0)”") },
            invocation.option("by").map { screen.text("của \(SafeText.escape($0))", "by \(SafeText.escape($0))") },
        ].compactMap { $0 }
        guard !wanted.isEmpty else { return screen.text("Không có ý kiến nào.", "No comments.") }
        let words = wanted.joined(separator: ", ")
        return screen.text("Không có ý kiến nào \(words).", "No comments that are \(words).")
    }

    /// Tells of a failure on standard error, and what to do next.
    public func tell(_ failure: CommandFailure) {
        let message = screen.text(failure.message)
        if !message.isEmpty {
            for line in screen.paragraph(message, .colour(.red), cutsWords: false) { surroundings.tell(line) }
        }
        if let next = failure.next {
            for line in screen.paragraph(screen.text(next), .faint, cutsWords: false) { surroundings.tell(line) }
        }
    }

    // MARK: - Topics and revisions

    /// The topic that the command is about, if it names one.
    var topic: String? {
        let named = invocation.operand("topic") ?? invocation.operand("revision") ?? invocation.operand("object")
        return named.map { String($0.split(separator: "@", maxSplits: 1)[0]) }
    }

    /// The number of the newest revision of a topic; nil while there is none.
    func newestRevision(of topic: String) throws(CommandFailure) -> Int? {
        let reply = try require(.of("SHOW", topic))
        let row = reply.rows.first { $0.word == "topic" }
        guard let number = (row?["revision"] ?? reply["revision"]).flatMap({ Int($0) }), number > 0 else { return nil }
        return number
    }

    /// The same command with `@n` behind its topic.
    func withNewestRevision() throws(CommandFailure) -> CommandRunner {
        guard let named = invocation.operand("revision"), !named.contains("@") else { return self }
        guard let number = try newestRevision(of: named) else {
            throw CommandFailure(
                .refused, "Chuyên đề \(SafeText.escape(named)) chưa có bản nào.",
                "Topic \(SafeText.escape(named)) has no revision yet.",
                next: Bilingual("Gõ: phanbien push \(named) TỆP", "Type: phanbien push \(named) FILE"))
        }
        var invocation = invocation
        invocation.operands["revision"] = "\(named)@\(number)"
        return CommandRunner(invocation, in: surroundings)
    }

    // MARK: - Help

    private func help() throws(CommandFailure) -> ExitCode {
        guard let words = invocation.operand("command")?.split(separator: " ").map(String.init), !words.isEmpty else {
            surroundings.write(Array(HelpText.overview(screen.language).utf8))
            return .done
        }
        if let form = CommandLineParser.form(named: words) {
            surroundings.write(Array(HelpText.page(form, screen.language).utf8))
            return .done
        }
        let whole = words.map(Folding.slug).joined(separator: "-")
        let family = CommandTable.forms.filter { $0.path.first == whole || $0.alias.count > 1 && $0.alias[0] == whole }
        guard !family.isEmpty else {
            let name = SafeText.escape(words.joined(separator: " "))
            throw CommandFailure(
                .usage, "Không có lệnh \"\(name)\".", "There is no command \"\(name)\".",
                next: Bilingual("Gõ: phanbien help", "Type: phanbien help"))
        }
        let pages = family.map { HelpText.page($0, screen.language) }
        surroundings.write(Array(pages.joined(separator: "\n").utf8))
        return .done
    }

    private func completions() -> ExitCode {
        let text: String =
            switch invocation.operand("shell") {
            case "bash": Completions.bash()
            case "zsh": Completions.zsh(screen.language)
            default: Completions.fish(screen.language)
            }
        surroundings.write(Array(text.utf8))
        return .done
    }
}

/// What counts as a yes.
enum Answer {
    static func isYes(_ answer: String?) -> Bool {
        guard let answer else { return false }
        return ["co", "c", "dong-y", "yes", "y"].contains(Folding.slug(answer))
    }
}
