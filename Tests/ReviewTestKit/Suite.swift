/// A rule of the specification that transcripts judge.
public struct Rule: Sendable, Equatable {
    /// Its section and a short name: `§2-lf`.
    public let id: String
    /// Its words in the specification.
    public let quote: String
    /// Why no transcript judges it; nil when some do.
    public let unjudged: String?

    /// `§2`.
    public var section: String { String(id.prefix { $0 != "-" }) }
}

/// All transcripts with what they stand on: the rules they judge, and how a topic comes to a stage.
public struct Suite: Sendable {
    /// The transcripts in the order of their files.
    public let transcripts: [Transcript]
    /// How a topic gets to a stage, by the stage's name: from the stage that its header `from:` names.
    public let stages: [String: Transcript]
    /// The rules in the order of the specification.
    public let rules: [Rule]

    /// One file's name and text.
    public typealias File = (name: String, text: String)

    /// Reads a suite.
    ///
    /// - Parameters:
    ///   - rules: Lines of `id || quote`, or `id || quote || why it is not judged`.
    ///   - stages: Transcripts titled with a stage's name.
    /// - Throws: `TranscriptError` that names file and line.
    public init(transcripts files: [File], stages: File, rules: File) throws {
        var transcripts: [Transcript] = []
        for file in files { transcripts += try Transcript.all(in: file.text, name: file.name) }
        self.transcripts = transcripts
        var ladder: [String: Transcript] = [:]
        for stage in try Transcript.all(in: stages.text, name: stages.name) { ladder[stage.title] = stage }
        self.stages = ladder
        var read: [Rule] = []
        for (index, line) in rules.text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            guard !line.isEmpty, !line.hasPrefix("#") else { continue }
            let fields = line.split(separator: " || ").map { Self.trimmed($0) }
            guard fields.count == 2 || fields.count == 3, fields[0].hasPrefix("§") else {
                throw TranscriptError(name: rules.name, line: index + 1, problem: "no rule: \(line)")
            }
            read.append(Rule(id: fields[0], quote: fields[1], unjudged: fields.count == 3 ? fields[2] : nil))
        }
        self.rules = read
        for transcript in transcripts {
            guard let stage = transcript.stage, stage != "assigned", ladder[stage] == nil else { continue }
            throw TranscriptError(
                name: transcript.name, line: transcript.firstLine, problem: "no topic can begin at stage \(stage)")
        }
    }

    private static func trimmed(_ text: Substring) -> String {
        var rest = text.drop { $0 == " " }
        while rest.last == " " { rest = rest.dropLast() }
        return String(rest)
    }
}

extension Transcript {
    /// The rule that it judges: the first word of its title.
    public var rule: String { String(title.prefix { $0 != " " }) }

    /// `§2`.
    public var section: String { String(rule.prefix { $0 != "-" }) }

    /// Where its first step stands.
    public var firstLine: Int { steps.first?.line ?? 1 }

    /// The stage in which a fresh topic waits as `$topic`; nil when none is needed.
    public var stage: String? { header["topic"]?.first }

    /// Whether it can run against a server, whose clock does not move.
    public var runsOverTLS: Bool { !hasFixedClock && header["only"]?.first != "memory" }

    /// Whether it can run without a network.
    public var runsInMemory: Bool { header["only"]?.first != "tls" }

    /// Whether it needs all connections of its address or its persons for itself.
    public var isAlone: Bool { header["alone"] != nil }

    /// How often it is repeated; `few` where each run costs a slow password check, `once` where repeating would change
    /// what the server answers.
    public enum Repetition: String, Sendable {
        /// As often as there are ways to send it.
        case all
        /// Each way once, and a few cuts.
        case few
        /// In one piece only.
        case once
    }

    /// How often it is repeated.
    public var repetition: Repetition { header["repeat"]?.first.flatMap(Repetition.init(rawValue:)) ?? .all }

    /// Whether it mentions a name such as `plan`.
    func mentions(_ name: String) -> Bool {
        steps.contains { step in
            switch step.kind {
            case .send(_, let text), .sendOctets(_, let text), .expect(_, let text, _): text.contains("$" + name)
            case .prose, .clock, .open, .login, .close, .expectClosed, .expectNothing, .expectRefused: false
            }
        }
    }
}
