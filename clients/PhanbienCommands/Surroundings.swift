public import ReviewClient
public import ReviewProtocol

/// Why a command ended without doing what it was asked for.
public struct CommandFailure: Error, Sendable, Equatable {
    /// How the program ends.
    public var exit: ExitCode
    /// What happened, for people.
    public var message: Bilingual
    /// What to do next.
    public var next: Bilingual?
    /// Whether the same command must not be typed again, with its key or without.
    public var forbidsRepeating = false

    /// Makes a failure.
    public init(_ exit: ExitCode, _ vietnamese: String, _ english: String, next: Bilingual? = nil) {
        self.exit = exit
        message = Bilingual(vietnamese, english)
        self.next = next
    }
}

/// What happened on a followed log.
public enum Happening: Sendable, Equatable {
    /// An event.
    case event(EventLine)
    /// Everything up to here has been seen.
    case synchronised(Int64)
    /// News about the connection.
    case note(ClientNote)
}

/// What stays with a person between two commands, on their own machine.
public enum Memory: Sendable, Equatable {
    /// The last revision of a topic that this person looked at, and behind a space the identity of its log.
    case lastRevision(topic: String)
    /// The last event seen by `watch`, and behind a space the identity of the log that it belongs to.
    case lastEvent
    /// How the person wants to be told of new work, as `--notify` names it.
    case notification
    /// The folder from which a draft was taken last.
    case folder
    /// The public key with which the server signs what it says of its log.
    case logKey
    /// The last checkpoint of the log that was found right.
    case checkpoint

    /// The name under which it is kept: safe as a file name, whatever a topic is called.
    public var name: String {
        switch self {
        case .lastRevision(let topic): "revision-" + Folding.slug(topic)
        case .notification: "notify"
        case .folder: "folder"
        case .lastEvent: "event"
        // Beside them lie the folders of people, whose names begin with a letter or a digit.
        case .logKey: "_log-key"
        case .checkpoint: "_checkpoint"
        }
    }

    /// Whether it is about the server, whoever logs in there from this account of the machine.
    public var isOfServer: Bool {
        switch self {
        case .logKey, .checkpoint: true
        case .lastRevision, .lastEvent, .notification, .folder: false
        }
    }
}

/// All that a command needs of the world.
///
/// The program talks to a server, a terminal and a folder; tests are a script.
public protocol Surroundings: AnyObject {
    /// How the screen looks.
    var screen: Screen { get }
    /// Whether somebody sits at the keyboard who can be asked.
    var canAsk: Bool { get }
    /// Whether standard input is a file or a pipe that may hold the text.
    var hasPipedInput: Bool { get }

    /// Sends a request and waits for its reply.
    func perform(_ request: Request) throws(CommandFailure) -> Reply
    /// Follows the log until `each` says no, or for ever.
    func follow(_ subscription: Subscription, each: (Happening) -> Bool) throws(CommandFailure)
    /// The identity of the server's log, once connected.
    var logIdentity: String? { get }
    /// The names behind account names, for people to read; asked for only when something is to be shown.
    func directory() -> Directory
    /// Waits.
    func pause(milliseconds: Int)

    /// A new random key for a write.
    func newKey() -> String
    /// SHA-256 as 64 hexadecimal digits.
    func sha256(_ octets: [UInt8]) -> String
    /// Whether a signature (Ed25519) of a public key's owner is over exactly these octets.
    func verifies(_ signature: [UInt8], of octets: [UInt8], by publicKey: [UInt8]) -> Bool
    /// What the person can sign with; a key that is locked is asked for its passphrase.
    func signer() throws(CommandFailure) -> Signer
    /// A detached signature (CMS, PEM) over exactly these octets.
    func sign(_ octets: [UInt8]) throws(CommandFailure) -> [UInt8]

    /// Asks a question on the terminal; nil when the person ends the input or interrupts.
    func ask(_ question: String) -> String?
    /// Asks for a secret; what is typed does not show.
    func askSecret(_ question: String) -> [UInt8]?
    /// Reads a file; `-` is standard input.
    func readFile(_ path: String) throws(CommandFailure) -> [UInt8]
    /// Lets the person edit a text in $EDITOR; `name` ends the temporary file's name.
    func edit(_ text: [UInt8], name: String) throws(CommandFailure) -> [UInt8]

    /// The names of the person's texts that could not be sent.
    var draftNames: [String] { get }
    /// Keeps a text under a name that no other text has; false when it has, or the text cannot be kept.
    func keepDraft(_ name: String, _ text: [UInt8]) -> Bool
    /// Where the text of a name is kept, for people.
    func draftPath(_ name: String) -> String
    /// The text kept under a name.
    func draft(_ name: String) -> [UInt8]?
    /// Throws a kept text away: it has arrived.
    func discardDraft(_ name: String)
    /// Saves files as a folder of their own, all or nothing and over nothing, and gives its path.
    ///
    /// - Parameter path: where exactly; nil for this name, or one like it where that is taken, where the person is.
    func saveFolder(
        _ name: String, at path: String?, _ files: [DossierDownload.File]
    ) throws(CommandFailure) -> String
    /// Saves a file whole and over nothing, and gives its path.
    ///
    /// - Parameter path: where exactly; nil for this name, or one like it where that is taken, where the person is.
    func saveFile(_ name: String, at path: String?, _ octets: [UInt8]) throws(CommandFailure) -> String
    /// What was remembered.
    func recall(_ memory: Memory) -> String?
    /// Remembers, as a convenience.
    func remember(_ memory: Memory, _ value: String)
    /// Remembers what later commands rely on: it is there to stay once this returns.
    func keep(_ memory: Memory, _ value: String) throws(CommandFailure)

    /// Writes a result to standard output.
    func write(_ octets: [UInt8])
    /// Whether whoever read the results has gone, so that they reach nobody.
    var isOutputGone: Bool { get }
    /// Writes a message to standard error.
    func tell(_ text: String)
}

extension Memory {
    /// The number that is kept of a revision; nil where it was seen in another log, as before the server was restored from a
    /// backup: the number may stand for another text now.
    public static func revision(_ kept: String, in log: String?) -> Int? {
        let parts = kept.split(separator: " ")
        // What earlier versions of this program kept names no log.
        guard let log, parts.count > 1, parts[1] != log else { return parts.first.flatMap { Int($0) } }
        return nil
    }

    /// What is kept of a revision that was seen in a log.
    public static func kept(_ revision: Int, in log: String?) -> String {
        String(revision) + (log.map { " " + $0 } ?? "")
    }
}

extension Surroundings {
    func lastRevision(of topic: String) -> Int? {
        recall(.lastRevision(topic: topic)).flatMap { Memory.revision($0, in: logIdentity) }
    }

    func rememberRevision(_ number: Int, of topic: String) {
        remember(.lastRevision(topic: topic), Memory.kept(number, in: logIdentity))
    }

    /// Surroundings without a directory show account names.
    public func directory() -> Directory { .empty }

    /// A reply as people read it: with names.
    func named(_ reply: Reply) -> Reply {
        Directory.isWanted(by: reply) ? directory().naming(reply) : reply
    }

    /// Writes lines of a result.
    func writeLines(_ lines: [String]) {
        guard !lines.isEmpty else { return }
        write(Array((lines.joined(separator: "\n") + "\n").utf8))
    }
}
