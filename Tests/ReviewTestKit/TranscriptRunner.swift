/// Runs a transcript, and can write it anew with what really came.
public struct TranscriptRunner<Host: TranscriptHost> {
    /// How a runner makes sure that no line came which nobody expected.
    public enum EndCheck: Sendable {
        /// Waits a little.
        case idle
        /// Sends PING on each open connection: replies come in the order of the requests, so its OK comes at once after
        /// what was expected, or something else was there.
        case ping
    }

    /// The host, to go on with after the run.
    public private(set) var host: Host
    /// The standing connections after the run.
    public private(set) var standing: Standing
    /// The values of the names after the run.
    public private(set) var values: [String: String]
    /// The most octets that left in one burst.
    public private(set) var longestBurst = 0
    private let transcript: Transcript
    private let delivery: Delivery
    private let endCheck: EndCheck
    private let isRewriting: Bool
    private var opened: [Transcript.ConnectionName] = []
    private var refused: Set<Transcript.ConnectionName> = []
    /// Connections that were opened and whose HELLO nobody has read.
    private var greeting: Set<Transcript.ConnectionName> = []
    private var burst: (connection: Transcript.ConnectionName, octets: [UInt8])?
    private var mismatches: [Mismatch] = []
    private var written: [String] = []
    /// The lines of the certificate that came last.
    private var certificate: [String] = []

    /// A run; `rewriting` fills in what came where an expectation failed or is missing.
    public init(
        _ transcript: Transcript, on host: Host, delivery: Delivery = .whole, values: [String: String] = [:],
        standing: Standing? = nil, endCheck: EndCheck = .idle, rewriting: Bool = false
    ) {
        self.transcript = transcript
        self.host = host
        self.delivery = delivery
        self.values = values
        self.standing = standing ?? Standing(people: transcript.people)
        self.endCheck = endCheck
        isRewriting = rewriting
    }

    /// What did not fit, and the transcript as it would fit.
    public mutating func run() async throws -> (mismatches: [Mismatch], rewritten: String) {
        for step in transcript.steps {
            try await perform(step)
            // One missing line puts all that follow out of step, and a standing connection with it.
            if !mismatches.isEmpty, !isRewriting { break }
        }
        try await flush()
        let end = (transcript.steps.last?.line ?? 0) + 1
        switch endCheck {
        case .idle: try await leftovers(before: end)
        case .ping:
            if mismatches.isEmpty {
                for connection in opened { try await expectNothing(connection, at: end) }
            }
        }
        try await leave()
        return (mismatches, written.joined(separator: "\n") + "\n")
    }

    private mutating func perform(_ step: Transcript.Step) async throws {
        switch step.kind {
        case .send(let connection, let text):
            if isRewriting, burst == nil { try await leftovers(before: step.line) }
            written.append(text.isEmpty ? "\(connection)>" : "\(connection)> \(text)")
            try await gather(connection, Array(Pattern.filled(text, values).utf8) + [0x0A])
            return
        case .sendOctets(let connection, let escaped):
            written.append("\(connection)>\\ \(escaped)")
            guard let octets = Escapes.octets(of: Pattern.filled(escaped, values)) else {
                throw TranscriptError(name: transcript.name, line: step.line, problem: "no such escape: \(escaped)")
            }
            try await gather(connection, octets)
            return
        case .prose, .clock, .open, .login, .close, .expect, .expectClosed, .expectNothing, .expectRefused:
            try await flush()
        }
        switch step.kind {
        case .send, .sendOctets: return
        case .prose(let line):
            if !opened.isEmpty, isRewriting { try await leftovers(before: step.line) }
            written.append(line)
        case .clock(let clock):
            if isRewriting { try await leftovers(before: step.line) }
            written.append("@ \(clock)")
            try await host.setClock(clock)
        case .open(let connection, let words):
            written.append(words.isEmpty ? "\(connection)> (open)" : "\(connection)> (open \(words))")
            guard var options = OpenOptions(Pattern.filled(words, values)) else {
                throw TranscriptError(name: transcript.name, line: step.line, problem: "no such options: \(words)")
            }
            options.certificate?.pem = certificate.map { $0 + "\n" }.joined()
            try await open(connection, options)
        case .login(let connection, let person):
            written.append("\(connection)> (login \(person))")
            try await openIfNeeded(connection)
            try await skipHello(connection)
            try await logIn(connection, as: Pattern.filled(person, values), at: step.line)
        case .close(let connection):
            written.append("\(connection)> (close)")
            try await close(connection)
        case .expect(let connection, let pattern, let skipping):
            try await openIfNeeded(connection)
            greeting.remove(connection)
            try await expect(connection, pattern, skipping: skipping, at: step.line)
        case .expectClosed(let connection):
            let found = try await nextLine(connection, prompts: false)
            guard found == .closed else { return fail(step.line, "(closed)", found, connection) }
            written.append("\(connection)< (closed)")
            forget(connection)
        case .expectNothing(let connection):
            try await expectNothing(connection, at: step.line)
        case .expectRefused(let connection):
            if refused.remove(connection) == nil { fail(step.line, "(refused)", .line("(open)"), connection) }
        }
    }

    // MARK: Connections

    private mutating func open(_ connection: Transcript.ConnectionName, _ options: OpenOptions) async throws {
        guard try await host.open(connection, options) else {
            refused.insert(connection)
            return
        }
        opened.append(connection)
        // Nobody is greeted without TLS.
        if options.version != "none" { greeting.insert(connection) }
    }

    private mutating func openIfNeeded(_ connection: Transcript.ConnectionName) async throws {
        guard !opened.contains(connection) else { return }
        guard Int(connection) == nil else { return try await open(connection, OpenOptions()) }
        opened.append(connection)
        guard !standing.open.contains(connection) else { return }
        guard try await host.open(connection, OpenOptions()) else {
            throw TranscriptError(name: transcript.name, line: 0, problem: "no connection for \(connection)")
        }
        standing.open.insert(connection)
        _ = try await host.nextLine(connection)
        try await logIn(connection, as: connection, at: 0)
    }

    private mutating func skipHello(_ connection: Transcript.ConnectionName) async throws {
        if greeting.remove(connection) != nil { _ = try await host.nextLine(connection) }
    }

    private mutating func logIn(
        _ connection: Transcript.ConnectionName, as person: String, at line: Int
    ) async throws {
        guard let account = standing.people[person] else {
            throw TranscriptError(name: transcript.name, line: line, problem: "nobody is called \(person)")
        }
        let token = standing.tokens?[person]
        let request: String
        if let token {
            request = "AUTH TOKEN <\n\(token)\n"
        } else {
            request = "LOGIN \(person)\(standing.tokens == nil ? "" : " token=yes") <\n\(account.password)\n"
        }
        try await host.send(connection, Array(request.utf8), .whole)
        let found = try await nextLine(connection, prompts: false)
        let wanted = "OK person=\(person) …" + (token == nil && standing.tokens != nil ? " token=$0token …" : "")
        guard case .line(let came) = found, Pattern(wanted).matches(came, &values) else {
            return fail(line, wanted, found, connection)
        }
        if let given = values.removeValue(forKey: "0token") { standing.tokens?[person] = given }
    }

    private mutating func close(_ connection: Transcript.ConnectionName) async throws {
        try await host.close(connection)
        forget(connection)
    }

    private mutating func forget(_ connection: Transcript.ConnectionName) {
        opened.removeAll { $0 == connection }
        greeting.remove(connection)
        standing.open.remove(connection)
    }

    /// Numbered connections end with their transcript; standing ones too when something went wrong.
    private mutating func leave() async throws {
        guard endCheck == .ping else { return }
        for connection in opened where Int(connection) != nil || !mismatches.isEmpty { try await close(connection) }
    }

    // MARK: Sending

    /// Lines that are sent in a row leave together.
    private mutating func gather(_ connection: Transcript.ConnectionName, _ octets: [UInt8]) async throws {
        if let open = burst, open.connection == connection {
            burst?.octets += octets
            return
        }
        try await flush()
        try await openIfNeeded(connection)
        try await skipHello(connection)
        burst = (connection, octets)
    }

    private mutating func flush() async throws {
        guard let ready = burst else { return }
        burst = nil
        longestBurst = max(longestBurst, ready.octets.count)
        try await host.send(ready.connection, ready.octets, delivery)
    }

    // MARK: Expecting

    private mutating func nextLine(
        _ connection: Transcript.ConnectionName, prompts: Bool, idle: Bool = false
    ) async throws -> HostLine {
        while true {
            let found = try await idle ? host.idleLine(connection) : host.nextLine(connection)
            guard case .line(let line) = found else { return found }
            keepCertificate(line)
            guard line.hasPrefix("+"), !prompts else { return found }
        }
    }

    /// Keeps the lines of a certificate, so that it can be presented.
    private mutating func keepCertificate(_ line: String) {
        guard line.hasPrefix("| ") else { return }
        let text = String(line.dropFirst(2))
        if text == "-----BEGIN CERTIFICATE-----" { certificate = [] }
        if text.hasPrefix("-----BEGIN CERTIFICATE-") || !certificate.isEmpty { certificate.append(text) }
    }

    private mutating func expect(
        _ connection: Transcript.ConnectionName, _ text: String, skipping: Transcript.Skipping, at line: Int
    ) async throws {
        let pattern = Pattern(text)
        var passedSyncs = 0
        while true {
            let found = try await nextLine(connection, prompts: text.hasPrefix("+"))
            guard case .line(let came) = found else { return fail(line, text, found, connection) }
            if pattern.matches(came, &values) {
                written.append("\(connection)<\(skipping.rawValue) \(text)")
                return
            }
            switch skipping {
            case .all:
                // A quiet watcher hears SYNC for ever.
                if came.hasPrefix("SYNC ") { passedSyncs += 1 }
                guard passedSyncs < 3 else { return fail(line, text, found, connection) }
            case .rows where !Self.isStatus(came): continue
            case .rows, .nothing: return fail(line, text, found, connection)
            }
        }
    }

    private mutating func expectNothing(_ connection: Transcript.ConnectionName, at line: Int) async throws {
        let found: HostLine
        switch endCheck {
        case .idle: found = try await nextLine(connection, prompts: false, idle: true)
        case .ping:
            try await skipHello(connection)
            try await host.send(connection, Array("#nothing-more PING\n".utf8), .whole)
            let next = try await nextLine(connection, prompts: false)
            if case .line(let came) = next, came.hasPrefix("OK #nothing-more ") {
                found = .nothing
            } else {
                found = next
            }
        }
        guard found == .nothing else { return fail(line, "(nothing)", found, connection) }
        written.append("\(connection)< (nothing)")
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

    private mutating func fail(
        _ line: Int, _ expected: String, _ found: HostLine, _ connection: Transcript.ConnectionName
    ) {
        mismatches.append(
            Mismatch(name: transcript.name, line: line, expected: "\(connection)< \(expected)", found: found.shown))
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
