/// A conversation with the server as a text file: what is sent, what is expected, on one or more connections.
///
/// ```
/// # Prose begins with a hash.
/// people:
///   minh,Trần Văn Minh,hcth,staff,mat khau 1
/// 1> LOGIN minh <
/// 1> mat khau 1
/// 1< OK person=minh office=hcth position=staff :Xin chào …
/// ```
///
/// - Header lines are `key: value`; indented lines below one belong to it. They end with the first step.
/// - `1> text` sends a line on connection 1 and opens it if need be; its HELLO is then skipped unless the first step of a
///   connection is an expectation. `1> (close)` hangs up.
/// - `1< pattern` is the next line. `…` stands for any characters, `$name` for a value that is kept and must be the
///   same later; in what is sent `$name` is replaced by it. Prompts are skipped unless the pattern begins with `+`.
/// - `1<~ pattern` skips lines until one fits. `1< (closed)`: the server has hung up. `1< (nothing)`: nothing is there.
/// - `@ 2025-06-16T09:12:00+07:00` sets the clock, `@ +250` moves it by milliseconds; only where the header says
///   `clock: fixed`.
public struct Transcript: Sendable {
    /// One step with its line in the file, from 1.
    public struct Step: Sendable {
        /// What a step does.
        public enum Kind: Sendable, Equatable {
            /// Prose, headers and blank lines, kept for rewriting.
            case prose(String)
            /// Sets the clock: an instant, or `+` and milliseconds.
            case clock(String)
            /// Sends a line.
            case send(connection: Int, text: String)
            /// Hangs up.
            case close(connection: Int)
            /// Expects a line; `skipping` looks for it behind others.
            case expect(connection: Int, pattern: String, skipping: Bool)
            /// Expects that the server has hung up.
            case expectClosed(connection: Int)
            /// Expects that nothing more is there.
            case expectNothing(connection: Int)
        }

        /// What it does.
        public let kind: Kind
        /// Where it stands.
        public let line: Int
    }

    /// The file's name, for messages.
    public let name: String
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
        return lines.compactMap { line in
            let fields = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            guard fields.count == 5 else { return nil }
            return Account(id: fields[0], name: fields[1], office: fields[2], position: fields[3], password: fields[4])
        }
    }

    /// The limits of the header, `limits: idle=60 login=5`.
    public var limits: [(name: String, value: String)] {
        (header["limits"] ?? []).flatMap { $0.split(separator: " ") }.compactMap { pair in
            let parts = pair.split(separator: "=")
            return parts.count == 2 ? (String(parts[0]), String(parts[1])) : nil
        }
    }

    /// Reads a transcript.
    ///
    /// - Throws: `TranscriptError` that names the line which is none of the forms above.
    public init(name: String, text: String) throws {
        self.name = name
        var header: [String: [String]] = [:]
        var steps: [Step] = []
        var key: String?
        var isHeader = true
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init).enumerated()
        {
            let number = index + 1
            if line.isEmpty || line.hasPrefix("#") {
                steps.append(Step(kind: .prose(line), line: number))
                continue
            }
            if isHeader, line.hasPrefix("  "), let key {
                header[key, default: []].append(String(line.dropFirst(2)))
                steps.append(Step(kind: .prose(line), line: number))
                continue
            }
            if let kind = Self.kind(of: line) {
                isHeader = false
                steps.append(Step(kind: kind, line: number))
                continue
            }
            guard isHeader, let colon = line.firstIndex(of: ":") else {
                throw TranscriptError(name: name, line: number, problem: "neither a step nor prose: \(line)")
            }
            let found = String(line[..<colon])
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            header[found, default: []] += value.isEmpty ? [] : [String(value)]
            key = found
            steps.append(Step(kind: .prose(line), line: number))
        }
        self.header = header
        // The last LF of the file makes no line of its own.
        if case .prose("") = steps.last?.kind { steps.removeLast() }
        self.steps = steps
    }

    private static func kind(of line: String) -> Step.Kind? {
        if line.hasPrefix("@ ") { return .clock(String(line.dropFirst(2))) }
        let digits = line.prefix { $0.isASCII && $0.isNumber }
        guard let connection = Int(digits), connection > 0 else { return nil }
        let rest = line.dropFirst(digits.count)
        if rest == ">" { return .send(connection: connection, text: "") }
        if rest == "> (close)" { return .close(connection: connection) }
        if rest == "< (closed)" { return .expectClosed(connection: connection) }
        if rest == "< (nothing)" { return .expectNothing(connection: connection) }
        if rest.hasPrefix("> ") { return .send(connection: connection, text: String(rest.dropFirst(2))) }
        if rest.hasPrefix("<~ ") {
            return .expect(connection: connection, pattern: String(rest.dropFirst(3)), skipping: true)
        }
        if rest.hasPrefix("< ") {
            return .expect(connection: connection, pattern: String(rest.dropFirst(2)), skipping: false)
        }
        return nil
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
