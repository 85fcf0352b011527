import Glibc
import PhanbienCommands
import ReviewClient
import ReviewProtocol
import ReviewTUI
import Terminal

/// `phanbien screen`, and `phanbien` alone: the full-screen client on a terminal and a network.
///
/// It decides nothing: keys, replies and events go into the model, and what the model asks for is done.
final class ScreenCommand {
    private let program: Program
    private let world: World
    private let terminal = RawTerminal(input: 0, output: 1)
    private var presentation: Presentation
    private let notifier: Notifier
    private var reader: KeyReader
    private var inputs: [Input] = []
    private var isOver = false
    /// Texts that are being written, and the files that this window has them in.
    private let drafts: PrivateFolder
    private var draftFiles = DraftFiles([:])
    /// What was read, for reading it again without the server.
    private let kept: PrivateFolder
    /// Writes that the server has not answered.
    private let unsent: PrivateFolder
    private let profile: Profile
    private var failure: CommandFailure?
    /// The log that what this window holds is of, whatever other windows have learned meanwhile.
    private var knownLog: String?
    /// Whether the session has told that the log is another one.
    private var isChangeTold = false

    /// How the person sees it.
    private enum Presentation {
        case fullScreen(FramePainter)
        /// Line by line; octets of the line that has not ended yet.
        case plain(PlainView, [UInt8])

        var isPlain: Bool { if case .plain = self { true } else { false } }
    }

    init(_ program: Program, _ world: World, isPlain: Bool) throws(CommandFailure) {
        profile = try program.profile()
        drafts = profile.own.folder("drafts")
        kept = profile.own.folder("kept")
        unsent = profile.own.folder("unsent")
        for folder in [drafts, kept, unsent] { folder.sweep() }
        self.program = program
        self.world = world
        presentation =
            isPlain
            ? .plain(PlainView(), [])
            : .fullScreen(
                FramePainter(
                    hasColour: program.screen.style.isEnabled, isConsole: program.environment["TERM"] == "linux"))
        if let chosen = program.invocation.options["notify"] { world.remember(.notification, chosen) }
        notifier = Notifier(world.recall(.notification) ?? program.invocation.options["notify"])
        reader = KeyReader(terminal: RawTerminal(input: 0, output: 1))
    }

    func run() throws(CommandFailure) -> ExitCode {
        knownLog = kept.text(Self.logName)
        var replies = Self.contents(kept)
        replies[Self.logName] = nil
        let link = try world.connection(patient: true, persistent: true)
        let arrival = try logIn(link, profile, mayWait: !replies.isEmpty)
        if arrival == .invited { return try exchangeInvitation() }
        let change = arrival == .online ? keepLog(of: link) : nil
        if change != nil { replies = [:] }
        let written = Self.contents(drafts)
        draftFiles = DraftFiles(written)
        var configuration = Model.Configuration(
            person: profile.person, server: profile.address.text, language: program.screen.language,
            size: size, hasColour: program.screen.style.isEnabled && !presentation.isPlain,
            today: Self.today(), keySeed: world.newKey(),
            drafts: written.mapValues { String(decoding: $0, as: UTF8.self) },
            lastRevisions: Self.lastRevisions(profile, in: knownLog), replies: replies,
            writes: storedWrites(after: change),
            isOnline: arrival == .online, isPlain: presentation.isPlain)
        configuration.store = profile.own.path
        configuration.signer = try world.signer()
        var model = Model(configuration)
        link.answer = { [unowned self] identifier, answer in
            switch answer {
            case .reply(let reply): inputs.append(.reply(identifier, reply))
            case .refused(let error): inputs.append(.refused(identifier, error))
            case .givenUp(let reason): inputs.append(.givenUp(identifier, reason))
            }
        }
        link.hear = { [unowned self] happening in
            if case .note(.logChanged) = happening { isChangeTold = true }
            inputs.append(.heard(happening))
        }
        link.measure = { [unowned self] transfer in inputs.append(.transfer(transfer)) }
        link.greet = { [unowned self] in
            // Without a connection at the start nothing was compared yet.
            if let note = keepLog(of: link), !isChangeTold { inputs.append(.heard(.note(note))) }
            isChangeTold = false
            inputs.append(.ready)
        }
        let ask = link.password
        link.password = { [unowned self] status throws(CommandFailure) in
            // The session has ended on the server: the password is asked for on the ordinary screen.
            terminal.restore()
            let typed = try ask(status)
            enter()
            return typed
        }
        link.wakeWhenTheWindowChanges()
        enter()
        defer { terminal.restore() }
        if presentation.isPlain { say(PlainView.guide(program.screen.language)) }
        try perform(model.start(), &model, link)
        while !isOver {
            show(model)
            if isInputOver, typed.isEmpty, inputs.isEmpty, !isReading, !awaitsAnswers(model) { break }
            // What was done at once, such as listing a folder, has its result here already; a line that was typed ahead waits
            // for the file that is being read.
            if !hasLine(model), inputs.isEmpty { try wait(&model, link) }
            let arrived = inputs
            inputs = []
            for input in arrived { try perform(model.update(input), &model, link) }
            if hasLine(model) {
                answersUntil = Link.now() + Self.longestWait
                let keys = PlainView.keys(typed.removeFirst(), model)
                try perform(model.update(.keys(keys)), &model, link)
            }
            if let failure = failure ?? link.failure { throw failure }
        }
        return .done
    }

    /// How the person came in.
    private enum Arrival {
        case online
        /// The server is out of reach, and there is something to read without it.
        case offline
        /// With an invitation code, which opens nothing before there is a password.
        case invited
    }

    /// Logs in, with the password asked for while the terminal is still as it was.
    private func logIn(_ link: Link, _ profile: Profile, mayWait: Bool) throws(CommandFailure) -> Arrival {
        var greeting: Reply?
        var isAnswered = false
        var reason: String?
        let start = Link.now()
        link.answer = { _, answer in
            isAnswered = true
            if case .reply(let reply) = answer { greeting = reply }
        }
        link.hear = { [world] happening in
            if case .note(.reconnecting(let words, _)) = happening { reason = words }
            // The password is asked for next, and this is why.
            world.tellOfCertificate(happening)
        }
        try link.send(RequestIdentifier(0), Request(verb: "WHOAMI"))
        while !isAnswered {
            _ = try link.step(until: Link.now() + 1_000)
            if let failure = link.failure { throw failure }
            // Whoever has something to read does not look at an empty screen until the server may answer.
            if mayWait, reason != nil || Link.now() >= start + Self.patience { return .offline }
            guard let reason else { continue }
            throw CommandFailure(
                .unavailable, "Không kết nối được máy chủ \(profile.address.text): \(reason).",
                "Cannot connect to \(profile.address.text): \(reason).",
                next: Bilingual(
                    "Kiểm tra máy chủ đã chạy chưa, địa chỉ và cổng có đúng không.",
                    "Check that the server runs, and that address and port are right."))
        }
        return greeting?["must"] == "passwd" ? .invited : .online
    }

    /// Whoever came with an invitation code comes in again with the password that they set.
    private func exchangeInvitation() throws(CommandFailure) -> ExitCode {
        let exit = try world.exchangeInvitation(program.screen)
        guard exit == .done else { return exit }
        profile.forgetToken()
        let next = World(program)
        next.opening = world.opening
        return try ScreenCommand(program, next, isPlain: presentation.isPlain).run()
    }

    private static let patience: Milliseconds = 3_000

    private static let logName = "log"

    /// Remembers which log the kept replies are of; when they are of another one, they go, and that is told.
    private func keepLog(of link: Link) -> ClientNote? {
        guard let log = link.logIdentity, log != knownLog else { return nil }
        defer { knownLog = log }
        // Another window of this person may have found that out before, and what is kept now is what it has read since.
        let former = kept.text(Self.logName)
        if former != log {
            // First, so that after a sudden end in between none of them goes out unasked.
            if former != nil { markWrites() }
            kept.empty()
            try? kept.write(Self.logName, Array((log + "\n").utf8), durable: false)
        }
        return .logChanged(from: knownLog, to: log)
    }

    // MARK: The terminal

    /// The window; where nothing is painted, one in which everything has room.
    private var size: TerminalSize {
        presentation.isPlain ? PlainView.size : terminal.size ?? TerminalSize(columns: 80, rows: 24)
    }

    private func enter() {
        guard case .fullScreen(var painter) = presentation else { return }
        do {
            try terminal.enterRawMode(fullScreen: true)
        } catch {
            failure = CommandFailure(
                .inputOutput, "Không dùng được màn hình: \(error).", "The terminal cannot be used: \(error).")
        }
        painter.forget()
        presentation = .fullScreen(painter)
    }

    private func show(_ model: Model) {
        switch presentation {
        case .fullScreen(var painter):
            let octets = painter.paint(model.frame())
            presentation = .fullScreen(painter)
            if !octets.isEmpty, !Files.write(octets, to: 1) { isOver = true }
        case .plain(var view, let rest):
            let lines = view.announce(model)
            presentation = .plain(view, rest)
            say(lines)
        }
    }

    private func say(_ lines: [String]) {
        guard !lines.isEmpty else { return }
        if !Files.write(Array((lines.joined(separator: "\n") + "\n").utf8), to: 1) { isOver = true }
    }

    private func forgetScreen() {
        guard case .fullScreen(var painter) = presentation else { return }
        painter.forget()
        presentation = .fullScreen(painter)
    }

    /// Lines that a person typed, each as the keys that it stands for.
    private func takeLines(_ model: Model) {
        guard case .plain(let view, var rest) = presentation else { return }
        switch try? terminal.read(timeoutMilliseconds: 0) {
        case .octets(let octets): rest += octets
        case .timedOut, .interrupted: return
        case .endOfInput, nil:
            isInputOver = true
            answersUntil = Link.now() + Self.longestWait
            // The last line of a file need not end.
            if !rest.isEmpty { rest.append(UInt8(ascii: "\n")) }
        }
        // One line at a time: what it does decides what the next one means.
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            typed.append(String(decoding: rest[..<end], as: UTF8.self))
            rest.removeSubrange(...end)
        }
        if rest.count > Self.longestLine { rest = [] }
        presentation = .plain(view, rest)
    }

    /// Lines that were typed and are still to be taken.
    private var typed: [String] = []
    private static let longestLine = 65_536
    /// Whether no more lines come; what was asked for is still answered.
    private var isInputOver = false
    /// Whether the lines come from a person, who sees what they answer, and not from a file or another program.
    private let isTyped = isatty(0) == 1
    /// How long answers are waited for at most.
    private var answersUntil = Link.now() + longestWait
    private static let longestWait: Milliseconds = 30_000

    /// Whether a line may be taken: one from a file waits for the answers to what those before it did.
    private func hasLine(_ model: Model) -> Bool {
        !typed.isEmpty && !isReading && (isTyped || !awaitsAnswers(model))
    }

    private func awaitsAnswers(_ model: Model) -> Bool { model.awaitsAnswers && Link.now() < answersUntil }

    /// Sleeps until a key, the network or the clock has something.
    private func wait(_ model: inout Model, _ link: Link) throws(CommandFailure) {
        // An input that is over can be read at any time.
        let isReadable = try link.step(
            until: awaitsAnswers(model) ? answersUntil : Link.now() + Self.longestWait,
            descriptor: isInputOver ? nil : 0)
        if size != lastSize {
            lastSize = size
            inputs.append(.resized(size))
        }
        let today = Self.today()
        if today != lastDay {
            lastDay = today
            inputs.append(.day(today))
        }
        guard isReadable else { return }
        if presentation.isPlain { return takeLines(model) }
        switch try? reader.next(timeoutMilliseconds: 0) {
        case .keys(let keys): inputs.append(.keys(keys))
        case .timedOut, .interrupted: break
        case .endOfInput, nil: isOver = true
        }
    }

    private lazy var lastSize = size
    private lazy var lastDay = Self.today()

    private static func today() -> CalendarDay {
        var clock = timespec()
        clock_gettime(CLOCK_REALTIME, &clock)
        return CalendarDay(secondsSince1970: clock.tv_sec)
    }

    // MARK: Effects

    private func perform(
        _ effects: [Effect], _ model: inout Model, _ link: Link
    ) throws(CommandFailure) {
        for effect in effects {
            switch effect {
            case .send(let identifier, let request): try link.send(identifier, request)
            case .sendLater(let identifier, let request, let pause):
                try link.send(identifier, request, afterMilliseconds: pause)
            case .watch: try link.watch(Subscription())
            case .keepDraft(let name, let text):
                for (file, octets) in draftFiles.writes(of: name, Array(text.utf8), read: drafts.read) {
                    do throws(Files.Failure) { try drafts.write(file, octets, durable: false) } catch {
                        inputs.append(.notKept)
                    }
                }
            case .discardDraft(let name):
                if let file = draftFiles.fileToRemove(of: name, read: drafts.read) { drafts.remove(file) }
            case .keepReply(let name, let octets): try? kept.write(name, octets, durable: false)
            case .forgetReply(let name): kept.remove(name)
            case .forgetReplies: for name in kept.names where name != Self.logName { kept.remove(name) }
            case .keepWrite(let key, let octets):
                let octets = draftFiles.naming(octets, read: drafts.read)
                do throws(Files.Failure) { try unsent.write(key, octets) } catch { inputs.append(.notKept) }
            case .forgetWrite(let key): unsent.remove(key)
            case .edit(let text, let name): inputs.append(edit(text, name))
            case .visit(let path): visit(path, link)
            case .save(let name, let octets):
                inputs.append(.saved(DocumentFolder(world: world).save(octets, as: name)))
            case .saveFolder(let name, let files):
                inputs.append(.saved(DocumentFolder(world: world).save(files, as: name)))
            case .sign(let revision, let manifest):
                do throws(CommandFailure) {
                    inputs.append(.signed(revision, .by(try world.sign(manifest))))
                } catch {
                    inputs.append(.signed(revision, .failed(error.message)))
                }
            case .remember(let topic, let revision):
                world.remember(.lastRevision(topic: topic), Memory.kept(revision, in: knownLog))
            case .ring(let words): if let octets = notifier.octets(words) { terminal.write(octets) }
            case .repaint: forgetScreen()
            case .suspend:
                terminal.restore()
                raise(SIGTSTP)
                enter()
            case .quit: isOver = true
            }
        }
    }

    /// Looks at a path; a file is made a text of on another thread, and the window goes on meanwhile.
    private func visit(_ path: String, _ link: Link) {
        visits += 1
        let number = visits
        isReading = false
        let visitor = FileVisitor(world: world, home: program.environment["HOME"])
        switch visitor.visit(path) {
        case .seen(let visit): inputs.append(.visited(visit))
        case .file(let path, let octets):
            isReading = true
            link.inBackground {
                FileVisitor.read(octets, at: path)
            } done: { [unowned self] visit in
                // Whoever looks elsewhere by now does not want this one any more.
                guard number == visits else { return }
                isReading = false
                if case .document(let path, _, _, _) = visit { visitor.rememberFolder(of: path) }
                inputs.append(.visited(visit))
            }
        }
    }

    /// Paths that were looked at.
    private var visits = 0
    /// Whether what lies at the last one is being read.
    private var isReading = false

    private func edit(_ text: String, _ name: String) -> Input {
        terminal.restore()
        defer { enter() }
        do throws(CommandFailure) {
            return .edited(String(decoding: try world.edit(Array(text.utf8), name: name), as: UTF8.self))
        } catch {
            return .notEdited(error)
        }
    }

    // MARK: What stays

    /// Files of a folder by their names.
    private static func contents(_ folder: PrivateFolder) -> [String: [UInt8]] {
        var contents: [String: [UInt8]] = [:]
        for name in folder.names { contents[name] = folder.read(name) }
        return contents
    }

    /// Writes that were not answered, in the order in which they were made.
    private func storedWrites(after change: ClientNote?) -> [[UInt8]] {
        let writes = unsentInOrder.compactMap { unsent.read($0) }
        // Also where there was no room to mark them.
        guard case .logChanged(.some, _) = change else { return writes }
        return writes.map { StoredWrite.ofOtherLog($0) ?? $0 }
    }

    /// Notes on every write that was not answered that it was made for a log that is not there any more.
    private func markWrites() {
        for name in unsentInOrder {
            guard let octets = unsent.read(name), let marked = StoredWrite.ofOtherLog(octets) else { continue }
            try? unsent.write(name, marked)
        }
    }

    /// Their names, in that order: the names of two runs say nothing about it.
    private var unsentInOrder: [String] {
        /// Keys end with a number that counts the writes of one run: of the same moment the smaller one came first.
        func order(_ key: String) -> (seconds: Int, nanoseconds: Int, number: Int) {
            let moment = unsent.moment(of: key) ?? (0, 0)
            return (moment.seconds, moment.nanoseconds, key.split(separator: "-").last.flatMap { Int($0) } ?? 0)
        }
        return unsent.names.map { (order($0), $0) }.sorted { $0.0 < $1.0 }.map(\.1)
    }

    private static func lastRevisions(_ profile: Profile, in log: String?) -> [String: Int] {
        var revisions: [String: Int] = [:]
        for name in profile.own.names where name.hasPrefix("revision-") {
            revisions[String(name.dropFirst("revision-".count))] = profile.own.text(name).flatMap {
                Memory.revision($0, in: log)
            }
        }
        return revisions
    }
}
