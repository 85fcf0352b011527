/// What a transcript runs against: the engine in memory, a server on the loopback, the built program.
public protocol TranscriptHost {
    /// Opens a connection; false when the handshake was refused.
    mutating func open(_ connection: Transcript.ConnectionName, _ options: OpenOptions) async throws -> Bool
    /// Sends octets and lets the server work on them.
    mutating func send(
        _ connection: Transcript.ConnectionName, _ octets: [UInt8], _ delivery: Delivery
    ) async throws
    /// The next line of the server, without its LF; waits for it as long as the host finds reasonable.
    mutating func nextLine(_ connection: Transcript.ConnectionName) async throws -> HostLine
    /// The next line where none is expected: a host on a real clock does not wait long for it.
    mutating func idleLine(_ connection: Transcript.ConnectionName) async throws -> HostLine
    /// Hangs up.
    mutating func close(_ connection: Transcript.ConnectionName) async throws
    /// Sets the clock: an instant of RFC 3339, or `+` and milliseconds.
    ///
    /// Hosts with a real clock never get this.
    mutating func setClock(_ step: String) async throws
}

extension TranscriptHost {
    /// Hosts that know at once whether a line is there need no second way to ask.
    public mutating func idleLine(_ connection: Transcript.ConnectionName) async throws -> HostLine {
        try await nextLine(connection)
    }
}

/// What a host read.
public enum HostLine: Sendable, Equatable {
    /// A line.
    case line(String)
    /// None came.
    case nothing
    /// The server has hung up, and every line was read.
    case closed

    /// What it was, for messages.
    var shown: String {
        switch self {
        case .line(let line): line
        case .nothing: "(nothing)"
        case .closed: "(closed)"
        }
    }
}

/// How a connection is opened.
public struct OpenOptions: Sendable, Equatable {
    /// The application protocols that are offered (ALPN); empty for none.
    public var applicationProtocols = ["phanbien/1"]
    /// The one version of TLS that is spoken: `1.2`, `1.3`, or `none` for plain octets.
    public var version = "1.3"
    /// The client certificate that is presented; nil for none.
    public var certificate: ClientCertificate?

    /// A certificate that the transcript was given.
    public struct ClientCertificate: Sendable, Equatable {
        /// SHA-256 of its DER form, in hexadecimal digits.
        public var digits: String
        /// PEM; its key is `ClientKey.pem`.
        public var pem = ""
    }

    /// TLS 1.3 and `phanbien/1`.
    public init() {}

    /// Reads `alpn=none`, `alpn=h2,http/1.1`, `tls=1.2`, `tls=none`, `certificate=DIGITS`; nil when a word is none of
    /// these.
    public init?(_ words: String) {
        for word in words.split(separator: " ") {
            let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2 else { return nil }
            switch parts[0] {
            case "alpn":
                applicationProtocols = parts[1] == "none" ? [] : parts[1].split(separator: ",").map(String.init)
            case "tls": version = parts[1]
            case "certificate": certificate = ClientCertificate(digits: parts[1])
            default: return nil
            }
        }
    }
}

/// An expectation that was not met.
public struct Mismatch: Sendable, CustomStringConvertible {
    /// The transcript's file.
    public let name: String
    /// The line of the file.
    public let line: Int
    /// What should have come.
    public let expected: String
    /// What came.
    public let found: String

    /// An expectation of a line that was not met.
    public init(name: String, line: Int, expected: String, found: String) {
        self.name = name
        self.line = line
        self.expected = expected
        self.found = found
    }

    /// Where, and what.
    public var description: String { "\(name):\(line)\n  expected: \(expected)\n  found:    \(found)" }
}

/// The connections that stay open from one transcript to the next, one a person, and what logs in on them.
public struct Standing: Sendable {
    /// Who can log in, by account name.
    public let people: [String: Transcript.Account]
    /// Session tokens, where logins are repeated: passwords are slow on purpose.
    public var tokens: [String: String]?
    /// The persons whose connection is open.
    public internal(set) var open: Set<Transcript.ConnectionName> = []

    /// Nobody is logged in yet.
    ///
    /// - Parameter usesTokens: Whether later logins of a person use the session token that the first one gave.
    public init(people: [Transcript.Account] = Transcript.standardPeople, usesTokens: Bool = false) {
        self.people = Dictionary(people.map { ($0.id, $0) }) { first, _ in first }
        tokens = usesTokens ? [:] : nil
    }
}
