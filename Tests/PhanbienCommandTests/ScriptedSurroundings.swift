import PhanbienCommands
import ReviewClient
import ReviewDigest
import ReviewProtocol
import Terminal

/// The world of a command as a script: replies in order, answers in order, and everything that was sent and shown.
final class ScriptedSurroundings: Surroundings {
    var screen: Screen
    var canAsk = false
    var hasPipedInput = false
    var logIdentity: String? = "01J8"
    /// Replies to requests whose words begin with the key.
    var replies: [(prefix: String, reply: Reply)]
    /// Answers what no reply is written for.
    var respond: (Request) -> Reply = { _ in Reply(status: Status(.ok)) }
    var answers: [String?] = []
    var secrets: [[UInt8]] = []
    var files: [String: [UInt8]] = [:]
    var edited: [UInt8]?
    /// Whether the editor is left without saving.
    var leavesThePage = false
    var happenings: [Happening] = []
    var remembered: [String: String] = [:]
    var drafts: [String: [UInt8]] = [:]
    /// Saved files, by their paths.
    var saved: [String: [UInt8]] = [:]
    /// Why no request is answered.
    var failure: CommandFailure?
    /// Requests after which the connection is lost.
    var failsAt: (Request) -> Bool = { _ in false }
    /// What the lost connection means.
    var loss = CommandFailure(.unavailable, "Mất kết nối.", "The connection is lost.")
    /// What the person can sign with.
    var signing = Signer.none
    /// Whether nothing more can be kept.
    var isFull = false
    /// Whether nobody reads the output any more.
    var isOutputGone = false

    var known = Directory.empty

    private(set) var requests: [Request] = []
    private(set) var output: [UInt8] = []
    private(set) var told = ""
    private(set) var questions: [String] = []
    private(set) var offered: [UInt8]?
    private(set) var pauses: [Int] = []
    private var keys = 0

    init(
        _ replies: [(prefix: String, reply: Reply)] = [], language: Language = .vietnamese, json: Bool = false,
        terminal: Bool = true
    ) {
        self.replies = replies
        screen = Screen(
            language: language, isJSON: json, isTerminal: terminal,
            today: CalendarDay("2025-06-18") ?? CalendarDay(number: 0))
    }

    /// The connection is there again, and leads to a log that was restored from a backup.
    static var restored: CommandFailure {
        var failure = CommandFailure(
            .unavailable, "Máy chủ vừa được khôi phục.", "The server was restored.",
            next: Bilingual("Hãy xem lại.", "Look first."))
        failure.forbidsRepeating = true
        return failure
    }

    var shown: String { String(decoding: output, as: UTF8.self) }

    /// The request as one line, its body behind a bar.
    static func line(_ request: Request) -> String {
        var words = [request.verb]
        words += request.arguments.map {
            ($0.key.map { "\($0)=" } ?? "") + ($0.value.contains(" ") ? "\"\($0.value)\"" : $0.value)
        }
        let body = request.body?.octets.map { " | " + String(decoding: $0, as: UTF8.self) } ?? ""
        return words.joined(separator: " ") + body
    }

    var lines: [String] { requests.map(Self.line) }

    func perform(_ request: Request) throws(CommandFailure) -> Reply {
        requests.append(request)
        if let failure { throw failure }
        if failsAt(request) { throw loss }
        let line = Self.line(request)
        guard let index = replies.firstIndex(where: { line.hasPrefix($0.prefix) }) else {
            return respond(request)
        }
        return replies.remove(at: index).reply
    }

    func follow(_ subscription: Subscription, each: (Happening) -> Bool) throws(CommandFailure) {
        requests.append(
            Request(
                verb: "WATCH",
                arguments: [subscription.topic, subscription.after.map(String.init)].compactMap { $0 }.map {
                    Argument(value: $0)
                }))
        for happening in happenings where !each(happening) { return }
    }

    func directory() -> Directory { known }
    func pause(milliseconds: Int) { pauses.append(milliseconds) }
    func newKey() -> String {
        keys += 1
        return "key-\(keys)"
    }
    func sha256(_ octets: [UInt8]) -> String {
        "ab12" + String(repeating: "0", count: 60 - String(octets.count).count) + String(octets.count)
    }
    func ask(_ question: String) -> String? {
        questions.append(question)
        return answers.isEmpty ? nil : answers.removeFirst()
    }
    func askSecret(_ question: String) -> [UInt8]? {
        questions.append(question)
        return secrets.isEmpty ? nil : secrets.removeFirst()
    }
    func readFile(_ path: String) throws(CommandFailure) -> [UInt8] {
        guard let octets = files[path] else { throw CommandFailure(.noInput, "Không có \(path)", "No \(path)") }
        return octets
    }
    func edit(_ text: [UInt8], name: String) throws(CommandFailure) -> [UInt8] {
        offered = text
        if leavesThePage { return text }
        guard let edited else { throw CommandFailure(.noInput, "hỏng", "broken") }
        return edited
    }
    var draftNames: [String] { drafts.keys.sorted() }
    func keepDraft(_ name: String, _ text: [UInt8]) -> Bool {
        guard !isFull, drafts[name] == nil else { return false }
        drafts[name] = text
        return true
    }
    func draftPath(_ name: String) -> String { "/nhà/" + name }
    func draft(_ name: String) -> [UInt8]? { drafts[name] }
    func discardDraft(_ name: String) { drafts[name] = nil }
    func saveFolder(
        _ name: String, at path: String?, _ files: [DossierDownload.File]
    ) throws(CommandFailure) -> String {
        if isFull { throw CommandFailure(.cannotCreate, "Đĩa đầy", "The disk is full") }
        let folder = path ?? name
        for file in files { saved[folder + "/" + file.name] = file.octets }
        return "/nhà/" + folder
    }
    func saveFile(_ name: String, at path: String?, _ octets: [UInt8]) throws(CommandFailure) -> String {
        if isFull { throw CommandFailure(.cannotCreate, "Đĩa đầy", "The disk is full") }
        let path = path ?? name
        guard saved[path] == nil else { throw CommandFailure(.cannotCreate, "Đã có \(path)", "\(path) is there") }
        saved[path] = octets
        return "/nhà/" + path
    }
    func recall(_ memory: Memory) -> String? { remembered[memory.name] }
    func remember(_ memory: Memory, _ value: String) { remembered[memory.name] = value }
    func keep(_ memory: Memory, _ value: String) throws(CommandFailure) {
        guard !isFull else { throw CommandFailure(.cannotCreate, "đầy", "full") }
        remembered[memory.name] = value
    }
    /// Nothing is signed here: a signature is right when it repeats the beginning of what is signed and the key.
    func verifies(_ signature: [UInt8], of octets: [UInt8], by publicKey: [UInt8]) -> Bool {
        signature == Self.signature(of: octets, by: publicKey)
    }
    static func signature(of octets: [UInt8], by publicKey: [UInt8]) -> [UInt8] {
        Digest(hashing: octets + publicKey).octets + publicKey
    }
    func signer() throws(CommandFailure) -> Signer { signing }
    /// A signature names what it is over.
    func sign(_ octets: [UInt8]) throws(CommandFailure) -> [UInt8] {
        Array("CMS over \(Digest(hashing: octets))".utf8)
    }
    func write(_ octets: [UInt8]) { output += octets }
    func tell(_ text: String) { told += text + "\n" }
}

/// Reads a reply as the server would write it.
func reply(_ text: String) -> Reply {
    var framer = ReplyFramer()
    framer.append(Array((text + "\n").utf8))
    var parts: [ReplyPart] = []
    while let line = try? framer.next() {
        switch line {
        case .row(let word, let pairs): parts.append(.row(ReplyRow(word, pairs)))
        case .body(let text): parts.append(.line(text))
        case .literal(let octets): parts.append(.literal(octets))
        case .status(let status): return Reply(parts, status: status)
        case .hello, .prompt, .event, .sync, .note, .bye, .unknown: continue
        }
    }
    return Reply(parts, status: Status(.bad("TEST")))
}

/// Runs a command line in a scripted world.
@discardableResult
func run(_ words: String..., in surroundings: ScriptedSurroundings) -> ExitCode {
    do {
        return CommandRunner(try CommandLineParser.parse(words), in: surroundings).run()
    } catch {
        surroundings.tell(error.message.text(surroundings.screen.language))
        return .usage
    }
}
