/// Reads a file of transcripts line by line.
struct TranscriptParser {
    /// A transcript on its way.
    struct Draft {
        var title = ""
        var header: [String: [String]] = [:]
        var steps: [Transcript.Step] = []
    }

    private let name: String

    init(name: String) { self.name = name }

    mutating func parse(_ text: String) throws -> [Draft] {
        var finished: [Draft] = []
        var shared: [String: [String]] = [:]
        var draft = Draft()
        var key: String?
        var isHeader = true
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        for (index, line) in lines.enumerated() {
            let number = index + 1
            if line.hasPrefix("== ") {
                if draft.title.isEmpty {
                    guard isHeader else { throw error(number, "steps before the first title") }
                    shared = draft.header
                } else {
                    finished.append(draft)
                }
                draft = Draft(title: String(line.dropFirst(3)), header: shared)
                key = nil
                isHeader = true
                continue
            }
            if line.isEmpty || line.hasPrefix("#") {
                draft.steps.append(Transcript.Step(kind: .prose(line), line: number))
            } else if isHeader, line.hasPrefix("  "), let key {
                draft.header[key, default: []].append(String(line.dropFirst(2)))
                draft.steps.append(Transcript.Step(kind: .prose(line), line: number))
            } else if let kind = Self.kind(of: line) {
                isHeader = false
                draft.steps.append(Transcript.Step(kind: kind, line: number))
            } else {
                guard isHeader, let colon = line.firstIndex(of: ":") else {
                    throw error(number, "neither a step nor prose: \(line)")
                }
                let found = String(line[..<colon])
                let value = line[line.index(after: colon)...].drop { $0 == " " }
                // What a transcript says itself replaces what its file says for all.
                draft.header[found] = value.isEmpty ? [] : [String(value)]
                key = found
                draft.steps.append(Transcript.Step(kind: .prose(line), line: number))
            }
        }
        // The last LF of the file makes no line of its own.
        if case .prose("") = draft.steps.last?.kind { draft.steps.removeLast() }
        return finished + [draft]
    }

    private func error(_ line: Int, _ problem: String) -> TranscriptError {
        TranscriptError(name: name, line: line, problem: problem)
    }

    /// The step that a line is; nil when it is none.
    private static func kind(of line: String) -> Transcript.Step.Kind? {
        if line.hasPrefix("@ ") { return .clock(String(line.dropFirst(2))) }
        let name = String(line.prefix { ("a"..."z").contains($0) || ("0"..."9").contains($0) })
        guard !name.isEmpty else { return nil }
        let rest = line.dropFirst(name.count)
        if rest.first == ">" { return sending(rest.dropFirst(), on: name) }
        guard rest.first == "<" else { return nil }
        switch rest.dropFirst() {
        case " (closed)": return .expectClosed(connection: name)
        case " (nothing)": return .expectNothing(connection: name)
        case " (refused)": return .expectRefused(connection: name)
        case let pattern where pattern.hasPrefix("~ "):
            return .expect(connection: name, pattern: String(pattern.dropFirst(2)), skipping: .rows)
        case let pattern where pattern.hasPrefix("* "):
            return .expect(connection: name, pattern: String(pattern.dropFirst(2)), skipping: .all)
        case let pattern where pattern.hasPrefix(" "):
            return .expect(connection: name, pattern: String(pattern.dropFirst()), skipping: .nothing)
        default: return nil
        }
    }

    private static func sending(_ rest: Substring, on name: String) -> Transcript.Step.Kind? {
        if rest.isEmpty { return .send(connection: name, text: "") }
        if rest.hasPrefix("\\ ") { return .sendOctets(connection: name, escaped: String(rest.dropFirst(2))) }
        guard rest.first == " " else { return nil }
        let text = rest.dropFirst()
        if text == "(close)" { return .close(connection: name) }
        if text == "(open)" { return .open(connection: name, options: "") }
        if text.hasSuffix(")") {
            let words = text.dropLast()
            if words.hasPrefix("(open ") { return .open(connection: name, options: String(words.dropFirst(6))) }
            if words.hasPrefix("(login ") { return .login(connection: name, person: String(words.dropFirst(7))) }
        }
        return .send(connection: name, text: String(text))
    }
}
