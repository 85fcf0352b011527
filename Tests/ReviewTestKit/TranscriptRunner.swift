/// What a transcript runs against: the engine in memory, a server on the loopback, the built program.
public protocol TranscriptHost {
    /// Opens a connection.
    mutating func open(_ connection: Int) async throws
    /// Sends octets and lets the server work on them.
    mutating func send(_ connection: Int, _ octets: [UInt8]) async throws
    /// The next line of the server, without its LF; waits for it as long as the host finds reasonable.
    mutating func nextLine(_ connection: Int) async throws -> HostLine
    /// The next line where none is expected: a host on a real clock does not wait long for it.
    mutating func idleLine(_ connection: Int) async throws -> HostLine
    /// Hangs up.
    mutating func close(_ connection: Int) async throws
    /// Sets the clock: an instant of RFC 3339, or `+` and milliseconds.
    ///
    /// Hosts with a real clock never get this.
    mutating func setClock(_ step: String) async throws
}

extension TranscriptHost {
    /// Hosts that know at once whether a line is there need no second way to ask.
    public mutating func idleLine(_ connection: Int) async throws -> HostLine { try await nextLine(connection) }
}

/// What a host read.
public enum HostLine: Sendable, Equatable {
    /// A line.
    case line(String)
    /// None came.
    case nothing
    /// The server has hung up, and every line was read.
    case closed
}

/// An expectation that was not met.
public struct Mismatch: Sendable, CustomStringConvertible {
    /// The transcript.
    public let name: String
    /// The line of the file.
    public let line: Int
    /// What should have come.
    public let expected: String
    /// What came.
    public let found: String

    /// Where, and what.
    public var description: String { "\(name):\(line)\n  expected: \(expected)\n  found:    \(found)" }
}

/// Runs a transcript, and can write it anew with what really came.
public struct TranscriptRunner<Host: TranscriptHost> {
    private var host: Host
    private let transcript: Transcript
    private let isRewriting: Bool
    private var values: [String: String] = [:]
    private var opened: [Int] = []
    private var mismatches: [Mismatch] = []
    private var written: [String] = []

    /// A run; `rewriting` fills in what came where an expectation failed or is missing.
    public init(_ transcript: Transcript, on host: Host, rewriting: Bool = false) {
        self.transcript = transcript
        self.host = host
        isRewriting = rewriting
    }

    /// What did not fit, and the transcript as it would fit.
    public mutating func run() async throws -> (mismatches: [Mismatch], rewritten: String) {
        for step in transcript.steps {
            switch step.kind {
            case .prose(let line):
                if !opened.isEmpty { try await leftovers(before: step.line) }
                written.append(line)
            case .clock(let clock):
                try await leftovers(before: step.line)
                written.append("@ \(clock)")
                try await host.setClock(clock)
            case .send(let connection, let text):
                try await leftovers(before: step.line)
                try await openIfNeeded(connection, skipsHello: true)
                written.append(text.isEmpty ? "\(connection)>" : "\(connection)> \(text)")
                try await host.send(connection, Array(Pattern.filled(text, values).utf8) + [0x0A])
            case .close(let connection):
                try await leftovers(before: step.line)
                written.append("\(connection)> (close)")
                try await host.close(connection)
                opened.removeAll { $0 == connection }
            case .expect(let connection, let pattern, let skipping):
                try await openIfNeeded(connection, skipsHello: false)
                try await expect(connection, pattern, skipping: skipping, at: step.line)
            case .expectClosed(let connection):
                let found = try await nextLine(connection, prompts: false)
                if found == .closed {
                    written.append("\(connection)< (closed)")
                    opened.removeAll { $0 == connection }
                } else {
                    fail(step.line, "(closed)", found, connection)
                }
            case .expectNothing(let connection):
                let found = try await nextLine(connection, prompts: false, idle: true)
                if found == .nothing {
                    written.append("\(connection)< (nothing)")
                } else {
                    fail(step.line, "(nothing)", found, connection)
                }
            }
            if mismatches.count > 10, !isRewriting { break }
        }
        try await leftovers(before: (transcript.steps.last?.line ?? 0) + 1)
        return (mismatches, written.joined(separator: "\n") + "\n")
    }

    private mutating func openIfNeeded(_ connection: Int, skipsHello: Bool) async throws {
        guard !opened.contains(connection) else { return }
        opened.append(connection)
        try await host.open(connection)
        if skipsHello { _ = try await host.nextLine(connection) }
    }

    private mutating func nextLine(_ connection: Int, prompts: Bool, idle: Bool = false) async throws -> HostLine {
        while true {
            let found = try await idle ? host.idleLine(connection) : host.nextLine(connection)
            guard case .line(let line) = found, line.hasPrefix("+"), !prompts else { return found }
        }
    }

    private mutating func expect(_ connection: Int, _ text: String, skipping: Bool, at line: Int) async throws {
        let pattern = Pattern(text)
        while true {
            let found = try await nextLine(connection, prompts: text.hasPrefix("+"))
            guard case .line(let came) = found else { return fail(line, text, found, connection) }
            if pattern.matches(came, &values) {
                written.append("\(connection)<\(skipping ? "~" : "") \(text)")
                return
            }
            // A skipping expectation never passes the end of a reply.
            guard skipping, !Self.isStatus(came) else { return fail(line, text, found, connection) }
        }
    }

    /// Before something is sent, everything expected must have been named: lines nobody expected are a mistake,
    /// too.
    private mutating func leftovers(before line: Int) async throws {
        guard isRewriting || line > (transcript.steps.last?.line ?? 0) else { return }
        for connection in opened {
            while case .line(let came) = try await nextLine(connection, prompts: false, idle: true) {
                if isRewriting {
                    written.append("\(connection)< \(portable(came))")
                } else {
                    mismatches.append(
                        Mismatch(name: transcript.name, line: line, expected: "(end)", found: "\(connection)< \(came)"))
                }
            }
        }
    }

    private mutating func fail(_ line: Int, _ expected: String, _ found: HostLine, _ connection: Int) {
        let text: String
        switch found {
        case .line(let came): text = came
        case .nothing: text = "(nothing)"
        case .closed: text = "(closed)"
        }
        mismatches.append(Mismatch(name: transcript.name, line: line, expected: expected, found: text))
        if case .line(let came) = found { written.append("\(connection)< \(portable(came))") }
        if case .closed = found, expected != "(closed)" { written.append("\(connection)< (closed)") }
    }

    private static func isStatus(_ line: String) -> Bool {
        line.hasPrefix("OK") || line.hasPrefix("NO ") || line.hasPrefix("BAD ") || line.hasPrefix("BYE ")
    }

    /// A line as a transcript without a fixed clock may expect it: what differs from run to run is left open.
    private func portable(_ line: String) -> String {
        guard !transcript.hasFixedClock else { return line }
        guard
            line.hasPrefix("OK") || line.hasPrefix("- ") || line.hasPrefix("EVENT ") || line.hasPrefix("SYNC ")
                || line.hasPrefix("HELLO ")
        else { return line }
        let varying = [
            "seq", "time", "since", "expires", "token", "log", "tail", "after", "prev", "next", "opened", "closed",
            "overdue",
            "code", "server",
        ]
        var words = line.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        if line.hasPrefix("EVENT "), words.count > 3 {
            words[1] = "…"
            words[3] = "…"
        }
        if line.hasPrefix("SYNC "), words.count > 1 { words[1] = "…" }
        var isQuoted = false
        for index in words.indices {
            if !isQuoted, let equals = words[index].firstIndex(of: "="),
                varying.contains(String(words[index][..<equals])),
                !words[index].contains("\""), !words[index].hasPrefix(":")
            {
                // Topic codes such as CĐ1/2025 are the same everywhere; only secrets and positions vary.
                if !words[index].contains("/") { words[index] = words[index][...equals] + "…" }
            }
            if words[index].filter({ $0 == "\"" }).count % 2 == 1 { isQuoted.toggle() }
        }
        return words.joined(separator: " ")
    }
}
