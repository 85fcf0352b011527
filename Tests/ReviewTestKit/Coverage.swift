/// Which rule, code and verb is judged by which transcripts.
public struct Coverage: Sendable {
    private let suite: Suite
    /// The transcripts of each rule, by its name.
    private let judging: [String: [Transcript]]

    /// The coverage of a suite.
    public init(_ suite: Suite) {
        self.suite = suite
        judging = Dictionary(grouping: suite.transcripts, by: \.rule)
    }

    /// What is wrong with the suite as such: rules that nobody judges, transcripts that judge no rule.
    public var problems: [String] {
        var problems: [String] = []
        let known = Set(suite.rules.map(\.id))
        if known.count < suite.rules.count { problems.append("a rule's name stands twice") }
        for transcript in suite.transcripts where !known.contains(transcript.rule) {
            problems.append("\(transcript.name): there is no rule \(transcript.rule)")
        }
        for rule in suite.rules {
            let isJudged = judging[rule.id] != nil
            if !isJudged, rule.unjudged == nil { problems.append("\(rule.id) has no transcript and no reason") }
            if isJudged, rule.unjudged != nil { problems.append("\(rule.id) has transcripts and a reason for none") }
        }
        return problems
    }

    /// The codes that replies are expected to have, as `NO STALE`, with how many transcripts expect each.
    public var codes: [String: Int] {
        var count: [String: Int] = [:]
        for transcript in suite.transcripts {
            var found = Set<String>()
            for case .expect(_, let pattern, _) in transcript.steps.map(\.kind) {
                let words = pattern.split(separator: " ", maxSplits: 2)
                if words.count > 1, ["NO", "BAD", "BYE"].contains(words[0]) { found.insert("\(words[0]) \(words[1])") }
            }
            for code in found { count[code, default: 0] += 1 }
        }
        return count
    }

    /// The types of events that are expected, with how many transcripts expect each.
    public var events: [String: Int] {
        var count: [String: Int] = [:]
        for transcript in suite.transcripts + suite.stages.values {
            var found = Set<String>()
            for case .expect(_, let pattern, _) in transcript.steps.map(\.kind) where pattern.hasPrefix("EVENT ") {
                for word in pattern.split(separator: " ") where word.contains(".") && word.first?.isUppercase == true {
                    found.insert(String(word))
                }
            }
            for type in found { count[type, default: 0] += 1 }
        }
        return count
    }

    /// The first words of requests that are answered with OK somewhere, with their fixed words: `PLENARY OPEN`.
    ///
    /// - Parameter forms: The forms to look for, as `PERSON ADD`.
    public func answeredWithOK(_ forms: [String]) -> Set<String> {
        var found = Set<String>()
        for transcript in suite.transcripts + suite.stages.values {
            var last: [Transcript.ConnectionName: String] = [:]
            for step in transcript.steps {
                switch step.kind {
                case .send(let connection, let text), .sendOctets(let connection, let text):
                    if let form = Self.form(of: text, among: forms) { last[connection] = form }
                case .expect(let connection, let pattern, _):
                    guard pattern == "OK" || pattern.hasPrefix("OK ") || pattern.hasPrefix("OK…") else { continue }
                    if let form = last[connection] { found.insert(form) }
                case .prose, .clock, .open, .login, .close, .expectClosed, .expectNothing, .expectRefused: continue
                }
            }
        }
        return found
    }

    private static func form(of text: String, among forms: [String]) -> String? {
        var words = text.split(separator: " ").map(String.init)
        if words.first?.hasPrefix("#") == true { words.removeFirst() }
        guard let verb = words.first else { return nil }
        return forms.first { form in
            let wanted = form.split(separator: " ").map(String.init)
            return wanted[0] == verb && wanted.dropFirst().allSatisfy { words.contains($0) }
        }
    }

    /// The table: every rule with its words and its transcripts, and those without one with the reason.
    public var table: String {
        var text = """
            # What the suite judges

            Written by the tests (`UPDATE_EXPECTED=1 swift test --filter CoverageTests`); the rules are in `rules.txt`, their
            words are those of `docs/protocol.md`.

            \(suite.transcripts.count) transcripts judge \(suite.rules.filter { $0.unjudged == nil }.count) rules; \
            \(suite.rules.filter { $0.unjudged != nil }.count) rules have none, for the reason given.

            | section | rules judged | transcripts | rules without |
            | --- | ---: | ---: | ---: |

            """
        var sections: [String] = []
        for rule in suite.rules where !sections.contains(rule.section) { sections.append(rule.section) }
        sections.sort { Self.number($0) < Self.number($1) }
        for section in sections {
            let rules = suite.rules.filter { $0.section == section }
            let count = suite.transcripts.filter { $0.section == section }.count
            text +=
                "| \(section) | \(rules.filter { $0.unjudged == nil }.count) | \(count) | \(rules.filter { $0.unjudged != nil }.count) |\n"
        }
        for section in sections {
            text += "\n## \(section)\n\n| rule | its words | transcripts |\n| --- | --- | --- |\n"
            for rule in suite.rules where rule.section == section {
                let names = (judging[rule.id] ?? []).map { String($0.title.dropFirst(rule.id.count + 1)) }
                let shown = rule.unjudged.map { "none: \($0)" } ?? "\(names.count): " + names.joined(separator: "; ")
                text += "| \(rule.id) | \(Self.cell(rule.quote)) | \(Self.cell(shown)) |\n"
            }
        }
        text += "\n## Codes\n\n| code | transcripts |\n| --- | ---: |\n"
        for (code, count) in codes.sorted(by: { $0.key < $1.key }) { text += "| \(code) | \(count) |\n" }
        text += "\n## Events\n\n| type | transcripts |\n| --- | ---: |\n"
        for (type, count) in events.sorted(by: { $0.key < $1.key }) { text += "| \(type) | \(count) |\n" }
        return text
    }

    private static func number(_ section: String) -> Int { Int(section.dropFirst()) ?? 0 }

    private static func cell(_ text: String) -> String {
        String(text.map { $0 == "|" ? "¦" : $0 })
    }
}
