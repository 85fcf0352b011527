/// A conversation with the server as text: what is sent, what is expected, on one or more connections.
///
/// ```
/// # Prose begins with a hash.
/// people:
///   minh,Trần Văn Minh,hcth,staff,mat khau 1
/// == §2-lf A line ends with LF
/// topic: review
/// 1> LOGIN minh <
/// 1> mat khau 1
/// 1< OK person=minh office=hcth position=staff :Xin chào …
/// ```
///
/// - A line `== title` begins a transcript; a file without one is a single transcript. Header lines are `key: value`;
///   indented lines below one belong to it. They end with the first step; those above the first title hold for all.
/// - `1> text` sends a line on connection 1 and opens it if need be; its HELLO is then skipped unless the first step of a
///   connection is an expectation. Lines sent in a row on one connection leave as one burst.
/// - `1>\ text` sends octets and adds no line's end: `\n`, `\r`, `\t`, `\\`, `\xFF`, `\u{202E}`, and `\{4000*ab}` for
///   4,000 times `ab`.
/// - `1> (login minh)` logs in, `1> (close)` hangs up, `1> (open alpn=none tls=1.2)` opens in an unusual way.
/// - A connection with a person's name, `minh> text`, is a standing one on which that person is logged in.
/// - `1< pattern` is the next line. `…` stands for any characters, `$name` for a value that is kept and must be the
///   same later; in what is sent `$name` is replaced by it. Prompts are skipped unless the pattern begins with `+`.
/// - `1<~ pattern` skips lines until one fits, but never a status; `1<* pattern` passes those, too. `1< (closed)`: the server has hung up. `1< (nothing)`: nothing is there.
///   `1< (refused)`: the handshake failed.
/// - `@ 2025-06-16T09:12:00+07:00` sets the clock, `@ +250` moves it by milliseconds; only where the header says
///   `clock: fixed`.
public struct Transcript: Sendable {
    /// The name of a connection: a number, or a person for a standing one.
    public typealias ConnectionName = String

    /// Which lines may stand in front of the one that is expected.
    public enum Skipping: String, Sendable {
        /// None.
        case nothing = ""
        /// Those of the same reply: a status is never passed.
        case rows = "~"
        /// Any.
        case all = "*"
    }

    /// One step with its line in the file, from 1.
    public struct Step: Sendable {
        /// What a step does.
        public enum Kind: Sendable, Equatable {
            /// Prose, headers and blank lines, kept for rewriting.
            case prose(String)
            /// Sets the clock: an instant, or `+` and milliseconds.
            case clock(String)
            /// Sends a line.
            case send(connection: ConnectionName, text: String)
            /// Sends octets that are written with escapes.
            case sendOctets(connection: ConnectionName, escaped: String)
            /// Opens a connection in an unusual way: the words behind `open`.
            case open(connection: ConnectionName, options: String)
            /// Logs in.
            case login(connection: ConnectionName, person: String)
            /// Hangs up.
            case close(connection: ConnectionName)
            /// Expects a line, perhaps behind others.
            case expect(connection: ConnectionName, pattern: String, skipping: Skipping)
            /// Expects that the server has hung up.
            case expectClosed(connection: ConnectionName)
            /// Expects that nothing more is there.
            case expectNothing(connection: ConnectionName)
            /// Expects that the handshake failed.
            case expectRefused(connection: ConnectionName)
        }

        /// What it does.
        public let kind: Kind
        /// Where it stands.
        public let line: Int
    }

    /// The file's name, for messages.
    public let name: String
    /// What stands behind `==`; empty for a file that is a single transcript.
    public let title: String
    /// The values of the header: the text behind the colon and the indented lines below.
    public let header: [String: [String]]
    /// The steps in order, prose included.
    public let steps: [Step]

    /// Whether time stands still unless the transcript moves it.
    ///
    /// Others run against a real clock as well.
    public var hasFixedClock: Bool { header["clock"]?.first == "fixed" }

    /// One person of the header's `people:`.
    public struct Account: Sendable, Equatable {
        /// The account name.
        public let id: String
        /// The full name.
        public let name: String
        /// The office.
        public let office: String
        /// The position.
        public let position: String
        /// The password; empty for an account that was not set up.
        public let password: String

        /// An account.
        public init(id: String, name: String, office: String, position: String, password: String) {
            self.id = id
            self.name = name
            self.office = office
            self.position = position
            self.password = password
        }

        /// An account from a line `id,name,office,position,password`; nil when it is none.
        public init?(line: String) {
            let fields = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            guard fields.count == 5 else { return nil }
            self.init(
                id: fields[0], name: fields[1], office: fields[2], position: fields[3], password: fields[4])
        }
    }

    /// The people of a transcript whose header names none; everybody's password is `mat khau` and the account name.
    public static let standardPeople: [Account] = [
        ("bich", "Hoàng Thị Bích", "leadership", "director"), ("tung", "Lý Văn Tùng", "leadership", "deputy"),
        ("hoa", "Nguyễn Thị Hoa", "hcth", "head"), ("son", "Vi Văn Sơn", "nv", "head"),
        ("minh", "Trần Văn Minh", "hcth", "staff"), ("dung", "Lê Thị Dung", "hcth", "staff"),
        ("lan", "Nông Thị Lan", "nv", "staff"), ("van", "Đặng Thị Vân", "hcth", "clerk"),
        ("sotp", "Phạm Quang Sở", "hcth", "observer"), ("root", "Quản trị", "hcth", "admin"),
    ].map { Account(id: $0.0, name: $0.1, office: $0.2, position: $0.3, password: "mat khau \($0.0)") }

    /// The people of the header, in order; the standard ones when it names none.
    public var people: [Account] {
        guard let lines = header["people"] else { return Self.standardPeople }
        return lines.compactMap { Account(line: $0) }
    }

    /// The limits of the header, `limits: idle=60 login=5`.
    public var limits: [(name: String, value: String)] {
        (header["limits"] ?? []).flatMap { $0.split(separator: " ") }.compactMap { pair in
            let parts = pair.split(separator: "=")
            return parts.count == 2 ? (String(parts[0]), String(parts[1])) : nil
        }
    }

    /// Reads a file that is a single transcript.
    ///
    /// - Throws: `TranscriptError` that names the line which is none of the forms above.
    public init(name: String, text: String) throws {
        let all = try Self.all(in: text, name: name)
        guard all.count == 1 else {
            throw TranscriptError(name: name, line: 1, problem: "one transcript was expected, there are \(all.count)")
        }
        self = all[0]
    }

    private init(_ draft: TranscriptParser.Draft, name: String) {
        self.name = name
        title = draft.title
        header = draft.header
        steps = draft.steps
    }

    /// Reads all transcripts of a file.
    ///
    /// - Throws: `TranscriptError` that names the line which is none of the forms above.
    public static func all(in text: String, name: String) throws -> [Transcript] {
        var parser = TranscriptParser(name: name)
        return try parser.parse(text).map { Transcript($0, name: name) }
    }
}

/// A line that is no part of a transcript.
public struct TranscriptError: Error, CustomStringConvertible {
    /// The file.
    public let name: String
    /// The line, from 1.
    public let line: Int
    /// What is wrong.
    public let problem: String

    /// An error in a line of a transcript.
    public init(name: String, line: Int, problem: String) {
        self.name = name
        self.line = line
        self.problem = problem
    }

    /// Where, and what.
    public var description: String { "\(name):\(line): \(problem)" }
}
