import Glibc
import PhanbienCommands
import ReviewClient
import ReviewDigest
import ReviewProtocol
import ReviewSignatures
import ReviewTUI
import Terminal

/// The world of a command: a real server, terminal and folder.
final class World: Surroundings {
    let program: Program
    let screen: Screen
    let keyboard = Keyboard()
    /// Made with the first request.
    private var link: Link?
    private(set) var profile: Profile?
    /// The person's certificate, once it was looked for.
    var opening: Opening?
    private(set) var isOutputGone = false
    /// The names, once they were asked for.
    private var known: Directory?

    init(_ program: Program) {
        self.program = program
        screen = program.screen
    }

    var canAsk: Bool { keyboard.canAsk }
    var hasPipedInput: Bool { !RawTerminal.isTerminal(0) }
    var logIdentity: String? { link?.logIdentity }

    // MARK: - The server

    /// The connection as the person of the last login, or of `--as`.
    func connection(patient: Bool = false, persistent: Bool = false) throws(CommandFailure) -> Link {
        if let link { return link }
        let profile = try program.profile()
        guard let authority = profile.authority else {
            throw CommandFailure(
                .notPermitted, "Chưa đăng nhập máy chủ \(profile.address.text) trên máy này.",
                "Nobody has logged in to \(profile.address.text) on this machine.",
                next: Bilingual(
                    "Gõ: phanbien login \(profile.address.text) \(profile.person)",
                    "Type: phanbien login \(profile.address.text) \(profile.person)"))
        }
        var configuration = ClientConfiguration(language: screen.language)
        if patient { configuration.laterAttempts = nil }
        if persistent { configuration.firstAttempts = .max }
        let identity = try identity(of: profile)
        let link = try Link(
            profile, authority: authority, configuration: configuration, identity: identity,
            credentials: profile.token.map { [.token($0)] } ?? [],
            timeoutSeconds: program.invocation.global.timeoutSeconds ?? 60,
            password: passwordSource(profile))
        self.profile = profile
        self.link = link
        link.hear = { [weak self] happening in self?.tellOfConnection(happening) }
        if RawTerminal.isTerminal(2), program.environment["TERM"] != "dumb" {
            link.measure = { [screen, unowned link] transfer in
                // Elsewhere a person types, or events are written as they come.
                if link.isAwaited { Self.show(transfer, screen) }
            }
        }
        return link
    }

    /// Takes over a connection that was made otherwise, by `login`.
    func adopt(_ link: Link, _ profile: Profile) {
        self.link = link
        self.profile = profile
    }

    /// The password: once from a script's file, else from the person, three times at most.
    func passwordSource(_ profile: Profile) -> (Status?) throws(CommandFailure) -> [UInt8] {
        var asked = 0
        return { [program, screen, keyboard] status throws(CommandFailure) in
            if let status, case .no(let code) = status.outcome, NoCode(rawValue: code)?.retry == .later {
                throw CommandFailure(
                    .tryLater, status.human ?? "Máy chủ đang bận; thử lại sau.",
                    status.human ?? "The server is busy; try again later.")
            }
            asked += 1
            let wrong = CommandFailure(
                .notPermitted, "Sai tên người dùng hoặc mật khẩu.", "Wrong name or password.",
                next: Bilingual(
                    "Gõ: phanbien login \(profile.address.text) \(profile.person)",
                    "Type: phanbien login \(profile.address.text) \(profile.person)"))
            if let scripted = try program.scriptedPassword() {
                guard asked == 1 else { throw wrong }
                return scripted
            }
            guard keyboard.canAsk else {
                throw CommandFailure(
                    .notPermitted, "Phiên của \(profile.person) đã hết hạn hoặc chưa đăng nhập.",
                    "The session of \(profile.person) has ended.",
                    next: Bilingual(
                        "Gõ: phanbien login \(profile.address.text) \(profile.person), hoặc dùng --password-file TỆP",
                        "Type: phanbien login \(profile.address.text) \(profile.person), or use --password-file FILE"))
            }
            guard asked <= 3 else { throw wrong }
            if asked > 1 { World.print(screen.text(wrong.message), to: 2) }
            let prompt = screen.text(Bilingual("Mật khẩu của \(profile.person): ", "Password of \(profile.person): "))
            guard let typed = keyboard.secret(prompt), !typed.isEmpty else {
                throw CommandFailure(.interrupted, "Đã thôi.", "Given up.")
            }
            return typed
        }
    }

    private func tellOfConnection(_ happening: Happening) {
        guard case .note = happening else { return }
        for line in EventText.lines(happening, screen) { tell(line) }
    }

    /// One line of the terminal that is written anew, and empty in the end.
    private static func show(_ transfer: Transfer?, _ screen: Screen) {
        let words = transfer.map { screen.text($0.words()) } ?? ""
        _ = Files.write(Array(("\r" + words + "\u{1B}[K").utf8), to: 2)
    }

    func perform(_ request: Request) throws(CommandFailure) -> Reply {
        let reply = try connection().perform(request)
        if request.verb == "CERT" { forgetCertificate(reply) }
        return reply
    }

    func directory() -> Directory {
        if let known { return known }
        let read = Directory.read(from: self)
        known = read
        return read
    }

    func follow(_ subscription: Subscription, each: (Happening) -> Bool) throws(CommandFailure) {
        let link = try connection(patient: true)
        // Control-C is the proper end of watching.
        signal(SIGINT) { _ in _exit(0) }
        var heard: [Happening] = []
        link.hear = { heard.append($0) }
        try link.watch(subscription)
        while true {
            while !heard.isEmpty {
                if !each(heard.removeFirst()) { return }
            }
            if let failure = link.failure { throw failure }
            _ = try link.step(until: nil)
        }
    }

    func pause(milliseconds: Int) {
        _ = poll(nil, 0, Int32(clamping: milliseconds))
    }

    func newKey() -> String {
        var generator = SystemRandomNumberGenerator()
        func digits(_ value: UInt64) -> String {
            let text = String(value, radix: 36)
            return String(repeating: "0", count: 13 - text.count) + text
        }
        return "c" + digits(generator.next()) + digits(generator.next())
    }

    func sha256(_ octets: [UInt8]) -> String { Digest(hashing: octets).description }

    func verifies(_ signature: [UInt8], of octets: [UInt8], by publicKey: [UInt8]) -> Bool {
        SigningKey.verifies(signature, of: octets, by: publicKey)
    }

    // MARK: - The person

    func ask(_ question: String) -> String? {
        guard keyboard.canAsk else { return nil }
        var editor = LineEditor()
        guard case .text(let answer) = keyboard.line(question, &editor) else { return nil }
        return answer
    }

    func askSecret(_ question: String) -> [UInt8]? { keyboard.secret(question) }

    /// A Word file with its pictures; what is sent of it is less.
    private static let largestFile = 67_108_864

    func readFile(_ path: String) throws(CommandFailure) -> [UInt8] {
        do {
            if path == "-" { return try Files.readAll(0, largest: Self.largestFile) }
            return try Files.read(path, largest: Self.largestFile)
        } catch {
            let named = SafeText.escape(path == "-" ? screen.text(Bilingual("đầu vào chuẩn", "standard input")) : path)
            let reason = Self.reason(error.code)
            throw CommandFailure(
                .noInput, "Không đọc được \(named): \(reason.vietnamese).",
                "\(named) cannot be read: \(reason.english).")
        }
    }

    /// The system's reason for refusing a file, a folder or a connection, in words.
    static func reason(_ code: Int32) -> Bilingual {
        switch code {
        case ENOENT: Bilingual("không có tệp này", "there is no such file")
        case EACCES, EPERM: Bilingual("không có quyền", "permission denied")
        case EISDIR: Bilingual("đây là thư mục", "it is a folder")
        case ENOTDIR: Bilingual("có tệp ở chỗ của thư mục", "a file stands where a folder should be")
        case EEXIST: Bilingual("đã có tệp hoặc thư mục cùng tên", "there is a file or folder of that name")
        case EFBIG: Bilingual("tệp quá lớn", "it is too large")
        case EROFS: Bilingual("ổ đĩa chỉ cho đọc", "the file system is read-only")
        case ENOSPC, EDQUOT: Bilingual("ổ đĩa đã đầy", "the disk is full")
        case EMFILE, ENFILE: Bilingual("mở quá nhiều tệp", "too many files are open")
        case ENETUNREACH, EHOSTUNREACH: Bilingual("không có đường mạng đến máy đó", "there is no route to it")
        default: Bilingual(both: String(cString: strerror(code)))
        }
    }

    func edit(_ text: [UInt8], name: String) throws(CommandFailure) -> [UInt8] {
        try EditorProcess.edit(text, name: name, in: drafts, environment: program.environment)
    }

    // MARK: - What stays

    /// The folder of the person's unsent texts; that of the machine's user while nobody has logged in.
    ///
    /// Not the one of the full-screen client, which takes every file of its folder for a draft of its own.
    private var drafts: PrivateFolder {
        ((profile ?? (try? program.profile()))?.own ?? program.home).folder("texts")
    }

    var draftNames: [String] { drafts.names }

    func keepDraft(_ name: String, _ text: [UInt8]) -> Bool { (try? drafts.create(name, text)) != nil }

    func draftPath(_ name: String) -> String { drafts.path(of: name) }

    func draft(_ name: String) -> [UInt8]? { drafts.read(name) }

    func discardDraft(_ name: String) { drafts.remove(name) }

    func recall(_ memory: Memory) -> String? { folder(of: memory)?.text(memory.name) }

    func remember(_ memory: Memory, _ value: String) {
        // Only a convenience: losing it costs a person one look more.
        try? folder(of: memory)?.write(memory.name, Array((value + "\n").utf8), durable: false)
    }

    func keep(_ memory: Memory, _ value: String) throws(CommandFailure) {
        guard let folder = folder(of: memory) else { return }
        do {
            try folder.write(memory.name, Array((value + "\n").utf8))
        } catch {
            throw PrivateFolder.failure(error, at: folder.path(of: memory.name))
        }
    }

    private func folder(of memory: Memory) -> PrivateFolder? {
        (profile ?? (try? program.profile())).map { memory.isOfServer ? $0.server : $0.own }
    }

    func saveFolder(
        _ name: String, at path: String?, _ files: [DossierDownload.File]
    ) throws(CommandFailure) -> String {
        if let path {
            do throws(Files.Failure) { return try DocumentFolder.save(files, at: path) } catch {
                throw Self.unsaved(
                    path, error,
                    next: Bilingual(
                        "Ghi sau --folder một thư mục chưa có, ở nơi ghi được.",
                        "Name a folder behind --folder that is not there yet, where it can be written."))
            }
        }
        return try Self.path(DocumentFolder().save(files, as: name))
    }

    func saveFile(_ name: String, at path: String?, _ octets: [UInt8]) throws(CommandFailure) -> String {
        if let path {
            do throws(Files.Failure) { return try DocumentFolder.save(octets, at: path) } catch {
                throw Self.unsaved(
                    path, error,
                    next: Bilingual(
                        "Ghi sau --file một tệp chưa có, ở nơi ghi được.",
                        "Name a file behind --file that is not there yet, where it can be written."))
            }
        }
        return try Self.path(DocumentFolder().save(octets, as: name))
    }

    private static func unsaved(_ path: String, _ failure: Files.Failure, next: Bilingual) -> CommandFailure {
        let (named, reason) = (SafeText.escape(path), Self.reason(failure.code))
        return CommandFailure(
            .cannotCreate, "Không lưu được \(named): \(reason.vietnamese).",
            "\(named) cannot be saved: \(reason.english).", next: next)
    }

    private static func path(_ saved: Saved) throws(CommandFailure) -> String {
        switch saved {
        case .at(let path): return path
        case .failed(let reason): throw CommandFailure(.cannotCreate, reason.vietnamese, reason.english)
        }
    }

    // MARK: - The screen

    func write(_ octets: [UInt8]) {
        guard !Files.write(octets, to: 1) else { return }
        let code = errno
        // Whoever read the output has gone ("phanbien log | head"): there is nobody to tell. What was begun is ended all the
        // same, and how the program ends says what came of it.
        guard code != EPIPE else {
            let form = program.invocation.form
            guard form.writes || form.conduct == .shell else { _exit(0) }
            isOutputGone = true
            return
        }
        // A file that was to take it is cut short, and looks like any other.
        let reason = Self.reason(code)
        let words = Bilingual(
            "Không ghi được kết quả ra tệp: \(reason.vietnamese). Kết quả chưa đủ, đừng dùng.",
            "The output cannot be written: \(reason.english). It is not complete; do not use it.")
        tell(screen.text(words))
        _exit(ExitCode.inputOutput.rawValue)
    }

    func tell(_ text: String) { Self.print(text, to: 2) }

    static func print(_ text: String, to descriptor: Int32) {
        _ = Files.write(Array((text + "\n").utf8), to: descriptor)
    }

    /// Ends the connection politely.
    func close() { link?.close() }
}
