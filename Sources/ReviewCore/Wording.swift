/// A sentence in both languages: Vietnamese for the official, English for the engineer.
public struct Wording: Sendable, Hashable {
    /// What an official reads.
    public let vietnamese: String
    /// The same in English.
    public let english: String

    /// Pairs the two texts.
    public init(_ vietnamese: String, _ english: String) {
        self.vietnamese = vietnamese
        self.english = english
    }

    /// This sentence with another one behind it, if there is one.
    func followed(by next: Wording?) -> Wording {
        guard let next else { return self }
        return Wording(vietnamese + " " + next.vietnamese, english + " " + next.english)
    }
}

/// A closed list of words that stand on the wire, in storage and (translated) on the screen.
public protocol WireWord: RawRepresentable<String>, CaseIterable, Hashable, Sendable {
    /// What a person reads.
    var wording: Wording { get }
}

extension WireWord {
    /// All words in their order, for messages that list what is allowed.
    public static var listed: String { allCases.map(\.rawValue).joined(separator: "/") }
}

/// Why a command is refused although it was understood; each maps to one code of specification §3.
public enum RefusalCode: String, Sendable, CaseIterable {
    case forbidden = "FORBIDDEN"
    case notFound = "NOT-FOUND"
    case cancelled = "CANCELLED"
    case stale = "STALE"
    case conflict = "CONFLICT"
    case stage = "STAGE"
    case unmet = "UNMET"
    case invalid = "INVALID"
    /// This server is not set up for it, or cannot now.
    case unavailable = "UNAVAILABLE"
}

/// A refusal: what is wrong, the rule behind it, and what to do (domain §4: "the refusal is the product").
public struct Refusal: Error, Sendable, Equatable {
    /// The class of the refusal.
    public let code: RefusalCode
    /// The sentence for the person.
    public let wording: Wording
    /// Facts for programs, in order, such as `current=2025-1@3` or `line=12`.
    public let details: [Detail]
    /// The requirements that are not met, when the code is `unmet`.
    public let requirements: [RequirementStatus]
    /// Problems of a plan file, one row each.
    public let problems: [PlanProblem]

    /// Makes a refusal.
    public init(
        _ code: RefusalCode, _ wording: Wording, details: [Detail] = [], requirements: [RequirementStatus] = [],
        problems: [PlanProblem] = []
    ) {
        self.code = code
        self.wording = wording
        self.details = details
        self.requirements = requirements
        self.problems = problems
    }
}

/// One `key=value` of a reply, in the order in which it is to be printed.
public struct Detail: Sendable, Equatable {
    /// The key, as on the wire.
    public let key: String
    /// The value, unquoted.
    public let value: String

    /// Pairs key and value.
    public init(_ key: String, _ value: String) {
        self.key = key
        self.value = value
    }
}
