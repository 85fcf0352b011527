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
    private var painter: FramePainter
    private var reader: KeyReader
    private var inputs: [Input] = []
    private var isOver = false
    private var failure: CommandFailure?

    init(_ program: Program, _ world: World) {
        self.program = program
        self.world = world
        painter = FramePainter(hasColour: program.screen.style.isEnabled)
        reader = KeyReader(terminal: RawTerminal(input: 0, output: 1))
    }

    func run() throws(CommandFailure) -> ExitCode {
        guard terminal.isInteractive, program.environment["TERM"] != "dumb" else {
            // A program or a screen reader reads the list of commands; everything can be done by them.
            world.write(Array(HelpText.overview(program.screen.language).utf8))
            return .done
        }
        let profile = try program.profile()
        let link = try world.connection(patient: true)
        // The first request logs in, and may ask for the password, while the terminal is still as it was.
        _ = try link.perform(Request(verb: "PING"))
        let drafts = profile.own.folder("drafts")
        var model = Model(
            Model.Configuration(
                person: profile.person, server: profile.address.text, language: program.screen.language,
                size: terminal.size ?? TerminalSize(columns: 80, rows: 24), hasColour: program.screen.style.isEnabled,
                today: Self.today(), keySeed: world.newKey(), drafts: Self.read(drafts),
                lastRevisions: Self.lastRevisions(profile)))
        link.answer = { [unowned self] identifier, answer in
            switch answer {
            case .reply(let reply): inputs.append(.reply(identifier, reply))
            case .refused(let error): inputs.append(.refused(identifier, error))
            }
        }
        link.hear = { [unowned self] happening in inputs.append(.heard(happening)) }
        link.greet = { [unowned self] in inputs.append(.ready) }
        let ask = link.password
        link.password = { [unowned self] status throws(CommandFailure) in
            // The session has ended on the server: the password is asked for on the ordinary screen.
            terminal.restore()
            let typed = try ask(status)
            enter()
            return typed
        }
        enter()
        defer { terminal.restore() }
        try perform(model.start(), &model, link, drafts)
        while !isOver {
            show(model)
            try wait(&model, link)
            let arrived = inputs
            inputs = []
            for input in arrived { try perform(model.update(input), &model, link, drafts) }
            if let failure = failure ?? link.failure { throw failure }
        }
        return .done
    }

    // MARK: The terminal

    private func enter() {
        do {
            try terminal.enterRawMode(fullScreen: true)
        } catch {
            failure = CommandFailure(
                .inputOutput, "Không dùng được màn hình: \(error).", "The terminal cannot be used: \(error).")
        }
        painter.forget()
    }

    private func show(_ model: Model) {
        let octets = painter.paint(model.frame())
        if !octets.isEmpty, !Files.write(octets, to: 1) { isOver = true }
    }

    /// Sleeps until a key, the network or the clock has something.
    private func wait(_ model: inout Model, _ link: Link) throws(CommandFailure) {
        let isReadable = try link.step(until: Link.now() + 30_000, descriptor: 0)
        if let size = terminal.size, size != lastSize {
            lastSize = size
            inputs.append(.resized(size))
        }
        let today = Self.today()
        if today != lastDay {
            lastDay = today
            inputs.append(.day(today))
        }
        guard isReadable else { return }
        switch try? reader.next(timeoutMilliseconds: 0) {
        case .keys(let keys): inputs.append(.keys(keys))
        case .timedOut, .interrupted: break
        case .endOfInput, nil: isOver = true
        }
    }

    private lazy var lastSize = terminal.size
    private lazy var lastDay = Self.today()

    private static func today() -> CalendarDay {
        var clock = timespec()
        clock_gettime(CLOCK_REALTIME, &clock)
        return CalendarDay(secondsSince1970: clock.tv_sec)
    }

    // MARK: Effects

    private func perform(
        _ effects: [Effect], _ model: inout Model, _ link: Link, _ drafts: PrivateFolder
    ) throws(CommandFailure) {
        for effect in effects {
            switch effect {
            case .send(let identifier, let request): try link.send(identifier, request)
            case .watch: try link.watch(Subscription())
            case .keepDraft(let name, let text): _ = drafts.write(name, Array(text.utf8), durable: false)
            case .discardDraft(let name): drafts.remove(name)
            case .edit(let text, let name): inputs.append(.edited(edit(text, name)))
            case .remember(let memory, let value): world.remember(memory, value)
            case .ring: terminal.write("\u{7}")
            case .repaint: painter.forget()
            case .suspend:
                terminal.restore()
                raise(SIGTSTP)
                enter()
            case .quit: isOver = true
            }
        }
    }

    private func edit(_ text: String, _ name: String) -> String? {
        terminal.restore()
        defer { enter() }
        do {
            return String(decoding: try world.edit(Array(text.utf8), name: name), as: UTF8.self)
        } catch {
            return nil
        }
    }

    // MARK: What stays

    private static func read(_ drafts: PrivateFolder) -> [String: String] {
        var texts: [String: String] = [:]
        for name in drafts.names {
            if let octets = drafts.read(name) { texts[name] = String(decoding: octets, as: UTF8.self) }
        }
        return texts
    }

    private static func lastRevisions(_ profile: Profile) -> [String: Int] {
        var revisions: [String: Int] = [:]
        for name in profile.own.names where name.hasPrefix("revision-") {
            revisions[String(name.dropFirst("revision-".count))] = profile.own.text(name).flatMap { Int($0) }
        }
        return revisions
    }
}
