public import ReviewClient
public import ReviewProtocol
public import Terminal

/// The names that a shell has seen go by, offered again by completion.
public struct KnownNames: Sendable {
    /// No kind of name keeps more; the oldest give way.
    static let capacity = 500

    private(set) var topics: [String] = []
    private(set) var revisions: [String] = []
    private(set) var comments: [String] = []
    private(set) var reviews: [String] = []
    private(set) var people: [String] = []
    private(set) var offices: [String] = []

    /// Nothing seen yet.
    public init() {}

    /// Takes the names of a reply.
    public mutating func learn(_ reply: Reply) {
        for row in reply.rows { learn(row.pairs, row: row.word) }
        learn(reply.status.pairs, row: "status")
    }

    /// Takes the names of an event.
    public mutating func learn(_ event: EventLine) { learn(event.pairs, row: "event") }

    private mutating func learn(_ pairs: [Pair], row: String) {
        for pair in pairs {
            for kind in [WordKind.topic, .revision, .comment, .review] where kind.canonical(pair.value) == pair.value {
                add(pair.value, kind)
            }
            switch (row, pair.key) {
            case ("person", "id"), (_, "by"), (_, "person"), (_, "waiting"), (_, "chair"), (_, "secretary"):
                for name in pair.value.split(separator: ",") where WordKind.person.canonical(String(name)) != nil {
                    Self.add(String(name), to: &people)
                }
            case ("office", "id"), (_, "office"), (_, "lead"):
                if WordKind.office.canonical(pair.value) != nil { Self.add(pair.value, to: &offices) }
            default: break
            }
        }
    }

    private mutating func add(_ value: String, _ kind: WordKind) {
        switch kind {
        case .topic: Self.add(value, to: &topics)
        case .revision:
            Self.add(value, to: &revisions)
            if let topic = value.split(separator: "@").first { Self.add(String(topic), to: &topics) }
        case .comment: Self.add(value, to: &comments)
        case .review: Self.add(value, to: &reviews)
        default: break
        }
    }

    private static func add(_ value: String, to list: inout [String]) {
        guard !list.contains(value) else { return }
        list.append(value)
        if list.count > capacity { list.removeFirst() }
    }
}

/// What Tab offers in the shell, from the protocol's own verb table and the names seen.
public enum ShellCompletion {
    /// The words that the shell itself understands.
    public static let localWords = ["EXIT", "THOAT"]

    /// The offer for the line before the cursor.
    public static func offer(before text: String, known: KnownNames) -> Completion {
        let words = text.split(separator: " ", omittingEmptySubsequences: true).map(String.init)
        let current = text.hasSuffix(" ") ? "" : words.last ?? ""
        let earlier = text.hasSuffix(" ") ? words : Array(words.dropLast())
        guard let verb = earlier.first?.uppercased() else {
            let verbs = Set(VerbTable.forms.map(\.verb)).sorted() + localWords
            return Completion(
                replacing: current.count, candidates: verbs.filter { $0.hasPrefix(current.uppercased()) })
        }
        if verb == "HELP" {
            let verbs = Set(VerbTable.forms.map(\.verb)).sorted()
            return Completion(
                replacing: current.count, candidates: verbs.filter { $0.hasPrefix(current.uppercased()) })
        }
        guard let forms = VerbTable.forms(of: verb) else { return Completion(replacing: 0, candidates: []) }
        var candidates: [String] = []
        var suffix = " "
        for form in forms {
            let offered = offered(by: form, earlier: Array(earlier.dropFirst()), current: current, known)
            for candidate in offered.candidates where !candidates.contains(candidate) { candidates.append(candidate) }
            if offered.endsInEquals { suffix = "" }
        }
        return Completion(replacing: current.count, candidates: candidates, suffix: suffix)
    }

    private static func offered(
        by form: VerbForm, earlier: [String], current: String, _ known: KnownNames
    ) -> (candidates: [String], endsInEquals: Bool) {
        if let equals = current.firstIndex(of: "=") {
            let key = String(current[..<equals]).lowercased()
            let typed = current[current.index(after: equals)...]
            guard let pair = form.pairsOffered.first(where: { $0.key == key }) else { return ([], false) }
            // In a list the last item is the one being typed.
            let done = typed.lastIndex(of: ",").map { String(typed[...$0]) } ?? ""
            let item = String(typed.dropFirst(done.count))
            let values = values(of: pair.kind, known).filter { $0.hasPrefix(item) }
            return (values.map { "\(key)=\(done)\($0)" }, false)
        }
        let place = earlier.count { !$0.contains("=") }
        let positional = form.pattern.filter { if case .pair = $0 { false } else { true } }
        for (word, part) in zip(earlier.filter { !$0.contains("=") }, positional) {
            if case .literal(let literal) = part, literal != word.uppercased() { return ([], false) }
        }
        if place < positional.count {
            let values: [String] =
                switch positional[place] {
                case .literal(let literal): [literal]
                case .word(_, let kind), .optionalWord(_, let kind): values(of: kind, known)
                case .pair: []
                }
            let lower = current.lowercased()
            let fitting = values.filter { $0.lowercased().hasPrefix(lower) }
            if !fitting.isEmpty { return (fitting, false) }
        }
        let given = earlier.compactMap { $0.contains("=") ? String($0.prefix { $0 != "=" }) : nil }
        let keys = form.pairsOffered.map(\.key).filter { !given.contains($0) && $0.hasPrefix(current.lowercased()) }
        return (keys.map { $0 + "=" }, true)
    }

    private static func values(of kind: WordKind, _ known: KnownNames) -> [String] {
        switch kind {
        case .topic: known.topics
        case .revision: known.revisions + known.topics.map { $0 + "@" }
        case .comment: known.comments
        case .review: known.reviews
        case .person: known.people
        case .office: known.offices
        case .yes: ["yes"]
        case .oneOf(let words): words
        case .list(let kind): values(of: kind, known)
        case .any(let kinds): kinds.flatMap { values(of: $0, known) }
        case .revisionNumber, .date, .moment, .year, .number, .anchor, .hexadecimal, .text, .retryKey: []
        }
    }
}

/// The server's lines for a person who reads the protocol itself.
public enum ProtocolText {
    /// The lines of a reply as the server would write them, controls shown, the status in colour.
    public static func lines(_ reply: Reply, _ screen: Screen) -> [String] {
        var lines: [String] = []
        for part in reply.parts {
            switch part {
            case .row(let row): lines.append(line(.row(word: row.word, pairs: row.pairs)))
            case .line(let text): lines.append(line(.body(text)))
            case .literal(let octets):
                for text in SafeText.lines(String(decoding: octets, as: UTF8.self)) {
                    lines.append(text.isEmpty ? "|" : "| " + text)
                }
            }
        }
        var status = reply.status
        status.tag = nil
        let look: Style.Attributes = status.isOK ? .colour(.green) : .colour(.red)
        lines.append(screen.style.apply(look, to: line(.status(status))))
        return lines
    }

    private static func line(_ line: ServerLine) -> String {
        var octets: [UInt8] = []
        line.write(into: &octets)
        if octets.last == 0x0A { octets.removeLast() }
        return SafeText.escape(String(decoding: octets, as: UTF8.self))
    }
}

extension VerbForm {
    /// The pairs that the form takes, with those of every write.
    fileprivate var pairsOffered: [(key: String, kind: WordKind)] {
        let own = pattern.compactMap { part -> (key: String, kind: WordKind)? in
            if case .pair(let key, let kind, _) = part { (key, kind) } else { nil }
        }
        return own + (writes ? [("key", .retryKey), ("dry-run", .yes)] : [])
    }
}
