import PhanbienCommands
import ReviewClient
import ReviewProtocol
import Terminal

/// `shell`: the line protocol by hand, with history, completion, and events between the replies.
final class ShellCommand {
    private static let historyName = "lich-su"
    private let program: Program
    private let world: World
    private let profile: Profile
    private let link: Link
    private var known = KnownNames()
    private var editor: LineEditor
    private var heard: [Happening] = []
    /// The line of a body that is being typed, and lines of a paste that stand before it.
    private var body = LineEditor(lineBreaks: .submit)
    private var pasted: [String] = []
    /// Why the connection ended for good while nobody typed.
    private var failure: CommandFailure?
    private var screen: Screen { program.screen }

    init(_ program: Program, _ world: World) throws(CommandFailure) {
        self.program = program
        self.world = world
        profile = try program.profile()
        link = try world.connection(patient: true)
        let lines = profile.own.text(Self.historyName)?.split(separator: "\n").map(String.init) ?? []
        editor = LineEditor(history: History(lines))
    }

    func run() throws(CommandFailure) -> ExitCode {
        link.hear = { [weak self] happening in
            if case .event(let event) = happening { self?.known.learn(event) }
            self?.heard.append(happening)
        }
        guard world.canAsk else { return try runScript() }
        print(try perform(Request(verb: "WHOAMI")))
        world.tell(
            screen.text(
                Bilingual(
                    "Gõ HELP để xem lệnh, WATCH để nhận sự kiện, Tab để gợi ý, Ctrl-D để thoát.",
                    "HELP lists the verbs, WATCH brings events, Tab completes, Ctrl-D ends.")))
        while true {
            tellHappenings()
            let prompt = "\(profile.person)> "
            let line = world.keyboard.line(
                prompt, &editor, complete: { [known] in ShellCompletion.offer(before: $0, known: known) }, idle: idle)
            switch line {
            case .cancelled: continue
            case .endOfInput:
                tellHappenings()
                if let failure { throw failure }
                return .done
            case .text(let text):
                guard !text.isEmpty else { continue }
                if isEnd(text) { return .done }
                saveHistory()
                body = LineEditor(lineBreaks: .submit)
                // What was pasted behind the end of a body is no request: nothing runs that nobody has confirmed.
                pasted = []
                do throws(CommandFailure) {
                    try execute(text, nextLine: bodyLine)
                } catch {
                    // A reply that did not come in time ends the request, not the shell.
                    CommandRunner(program.invocation, in: world).tell(error)
                }
                if let failure = link.failure { throw failure }
            }
        }
    }

    /// Without a terminal the lines come from a file or a pipe; the first refusal decides how the program ends.
    private func runScript() throws(CommandFailure) -> ExitCode {
        var exit = ExitCode.done
        let octets = try world.readFile("-")
        if let place = Self.unreadableLine(octets) {
            throw CommandFailure(
                .badData, "Dòng \(place) không phải UTF-8; hãy lưu tệp với bảng mã UTF-8. Chưa chạy dòng nào.",
                "Line \(place) is not UTF-8; save the file as UTF-8. Nothing was run.")
        }
        var lines = SplitInput(octets)
        while let line = lines.next() {
            guard !line.isEmpty, !isEnd(line) else { continue }
            let end = try execute(line) { _ in lines.next() }
            tellHappenings()
            if exit == .done, let end { exit = end }
            if let failure = link.failure { throw failure }
        }
        return exit
    }

    /// The first line that is not UTF-8: as text it would have other characters than its writer wrote, and be stored so.
    private static func unreadableLine(_ octets: [UInt8]) -> Int? {
        let lines = octets.split(separator: 0x0A, omittingEmptySubsequences: false)
        return lines.firstIndex { String(validating: $0, as: UTF8.self) == nil }.map { $0 + 1 }
    }

    private func isEnd(_ text: String) -> Bool {
        ShellCompletion.localWords.contains(Folding.slug(text).uppercased())
    }

    /// Waits for a key while events come in; they are printed above the line.
    private func idle() -> Keyboard.Idle {
        do {
            if try link.step(until: nil, descriptor: 0) { return .keys }
        } catch {
            failure = error
            return .end
        }
        failure = link.failure
        return failure == nil ? .nothing(takeHappenings()) : .end
    }

    private func takeHappenings() -> [String] {
        defer { heard = [] }
        return heard.flatMap { EventText.lines($0, screen) }
    }

    private func tellHappenings() {
        for line in takeHappenings() { world.write(Array((line + "\n").utf8)) }
    }

    private func saveHistory() {
        try? profile.own.write(
            Self.historyName, Array((editor.history.lines.joined(separator: "\n") + "\n").utf8), durable: false)
    }

    // MARK: - One request

    /// Reads the rest of a request whose first line is given, by the protocol's own framing, and performs it.
    ///
    /// Returns how a program that is this request alone would end; nil where there was none.
    @discardableResult
    private func execute(_ first: String, nextLine: (_ isSecret: Bool) -> String?) throws(CommandFailure) -> ExitCode? {
        var framer = Framer(limits: Limits())
        framer.authenticated = true
        framer.append(Array((first + "\n").utf8))
        while true {
            switch framer.next() {
            case .request(let request): return try perform(request).map { ExitCode($0) }
            case .malformed(let malformed):
                print(malformed.status(screen.language))
                return ExitCode(malformed.status(screen.language))
            case .fatal(let code):
                world.tell(screen.text(code.human))
                return .usage
            case nil: break
            }
            guard framer.pending != .nothing else { return nil }
            guard let line = nextLine(isSecret(first)) else {
                world.tell(screen.text(Bilingual("Đã bỏ lệnh này.", "The request was dropped.")))
                return .usage
            }
            framer.append(Array((line + "\n").utf8))
        }
    }

    private func isSecret(_ line: String) -> Bool {
        let verb = line.split(separator: " ").first { !$0.hasPrefix("#") }?.uppercased() ?? ""
        return verb == "PASSWD" || verb == "LOGIN" || verb == "AUTH"
    }

    /// A line of a body: typed, or one of a whole text that was pasted.
    private func bodyLine(isSecret: Bool) -> String? {
        if !pasted.isEmpty { return pasted.removeFirst() }
        if isSecret {
            return world.keyboard.secret("· ").map { String(decoding: $0, as: UTF8.self) }
        }
        guard case .text(let text) = world.keyboard.line("· ", &body) else { return nil }
        pasted = world.keyboard.pasted
        return text
    }

    /// Performs a request; following is the session's own business, because it has to outlive the connection.
    private func perform(_ request: Request) throws(CommandFailure) -> Status? {
        switch request.verb {
        case "WATCH":
            try link.watch(
                Subscription(
                    topic: request.words.first, after: request.value("after").flatMap { Int64($0) },
                    log: request.value("log")))
            return nil
        case "UNWATCH":
            try link.unwatch()
            return nil
        default: break
        }
        var request = request
        if request.value("key") == nil, let call = try? VerbTable.call(for: request), call.form.writes, !call.dryRun {
            request.arguments.append(Argument(key: "key", value: world.newKey()))
        }
        let reply: Reply = try link.perform(request)
        known.learn(reply)
        for line in ProtocolText.lines(reply, screen) { world.write(Array((line + "\n").utf8)) }
        return reply.status
    }

    private func print(_ status: Status?) {
        guard let status, !status.isOK else { return }
        for line in ProtocolText.lines(Reply(status: status), screen) { world.write(Array((line + "\n").utf8)) }
    }
}

/// The lines of a script.
private struct SplitInput {
    private var rest: ArraySlice<String>

    init(_ octets: [UInt8]) {
        rest =
            octets.split(separator: 0x0A, omittingEmptySubsequences: false)
            .map { String(decoding: $0.last == 0x0D ? $0.dropLast() : $0, as: UTF8.self) }[...]
        // A line feed at the end closes the last line and begins none.
        if rest.last?.isEmpty == true { rest.removeLast() }
    }

    mutating func next() -> String? { rest.popFirst() }
}
