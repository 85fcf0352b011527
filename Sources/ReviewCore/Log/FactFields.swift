import ReviewDigest

/// Why a stored event cannot be read: a file that was damaged, or written by a later version.
public enum CodecProblem: Error, Sendable, Equatable {
    /// The type is not one of ours.
    case unknownType(String)
    /// A field is missing.
    case missing(type: String, field: String)
    /// A field's value is not of its form.
    case malformed(type: String, field: String, value: String)
}

/// The stored form of a fact: short fields in a fixed order, and texts kept apart under their digests.
///
/// Names are frozen by storage: a field is never renamed, only added.
public struct FactFields: Sendable, Equatable {
    /// Short values in the order in which they were written.
    public private(set) var pairs: [Detail] = []
    /// Long or personal texts by name.
    public private(set) var bodies: [NamedBody] = []

    /// A text with the name of the field that refers to it.
    public struct NamedBody: Sendable, Equatable {
        /// The field's name.
        public let name: String
        /// The text with its digest.
        public let body: Body

        /// Pairs name and text.
        public init(name: String, body: Body) {
            self.name = name
            self.body = body
        }
    }

    /// Most facts have no more short values.
    private static let usualPairs = 12

    /// No fields yet.
    public init() { pairs.reserveCapacity(Self.usualPairs) }

    /// What storage read back.
    public init(pairs: [Detail], bodies: [NamedBody]) {
        self.pairs = pairs
        self.bodies = bodies
    }

    mutating func put(_ key: String, _ value: String) { pairs.append(Detail(key, value)) }
    mutating func put(_ key: String, _ value: String?) {
        if let value { put(key, value) }
    }
    mutating func put(_ key: String, _ value: Int) { put(key, String(value)) }
    mutating func put(_ key: String, _ value: (some CustomStringConvertible)?) {
        if let value { put(key, value.description) }
    }
    mutating func put(_ key: String, word value: some WireWord) { put(key, value.rawValue) }
    mutating func put(_ key: String, flag value: Bool) {
        if value { put(key, "yes") }
    }
    mutating func put(_ key: String, list values: [some CustomStringConvertible]) {
        if !values.isEmpty { put(key, values.map(\.description).joined(separator: ",")) }
    }
    mutating func put(_ name: String, _ body: Body?) {
        if let body { bodies.append(NamedBody(name: name, body: body)) }
    }
}

/// Reads a fact back from its fields; every failure names the type, the field and the value.
struct FactReader {
    let type: String
    let fields: FactFields

    func optional(_ key: String) -> String? { fields.pairs.first { $0.key == key }?.value }

    func text(_ key: String) throws(CodecProblem) -> String {
        guard let value = optional(key) else { throw .missing(type: type, field: key) }
        return value
    }

    private func convert<Value>(_ key: String, _ make: (String) -> Value?) throws(CodecProblem) -> Value {
        let value = try text(key)
        guard let made = make(value) else { throw .malformed(type: type, field: key, value: value) }
        return made
    }

    private func convertOptional<Value>(_ key: String, _ make: (String) -> Value?) throws(CodecProblem) -> Value? {
        guard let value = optional(key) else { return nil }
        guard let made = make(value) else { throw .malformed(type: type, field: key, value: value) }
        return made
    }

    func number(_ key: String) throws(CodecProblem) -> Int { try convert(key) { Int($0) } }
    func optionalNumber(_ key: String) throws(CodecProblem) -> Int? { try convertOptional(key) { Int($0) } }
    func person(_ key: String) throws(CodecProblem) -> PersonID { try convert(key) { PersonID($0) } }
    func office(_ key: String) throws(CodecProblem) -> OfficeID { try convert(key) { OfficeID($0) } }
    func optionalOffice(_ key: String) throws(CodecProblem) -> OfficeID? { try convertOptional(key) { OfficeID($0) } }
    func optionalTopic(_ key: String) throws(CodecProblem) -> TopicID? { try convertOptional(key) { TopicID($0) } }
    func sequence(_ key: String) throws(CodecProblem) -> Int64 { try convert(key) { Int64($0) } }
    func topic(_ key: String) throws(CodecProblem) -> TopicID { try convert(key) { TopicID($0) } }
    func comment(_ key: String) throws(CodecProblem) -> CommentID { try convert(key) { CommentID($0) } }
    func review(_ key: String) throws(CodecProblem) -> ReviewID { try convert(key) { ReviewID($0) } }
    func date(_ key: String) throws(CodecProblem) -> CivilDate { try convert(key) { CivilDate($0) } }
    func digest(_ key: String) throws(CodecProblem) -> Digest { try convert(key) { Digest(hexadecimal: $0) } }
    func instant(_ key: String) throws(CodecProblem) -> Instant { try convert(key) { Instant(rfc3339: $0) } }
    func word<Word: WireWord>(_ key: String) throws(CodecProblem) -> Word { try convert(key) { Word(rawValue: $0) } }
    func optionalWord<Word: WireWord>(_ key: String) throws(CodecProblem) -> Word? {
        try convertOptional(key) { Word(rawValue: $0) }
    }
    func flag(_ key: String) -> Bool { optional(key) == "yes" }

    func list<Value>(_ key: String, _ make: (Substring) -> Value?) throws(CodecProblem) -> [Value] {
        guard let value = optional(key) else { return [] }
        var made: [Value] = []
        for part in value.split(separator: ",") {
            guard let item = make(part) else { throw .malformed(type: type, field: key, value: value) }
            made.append(item)
        }
        return made
    }

    func optionalBody(_ name: String) -> Body? { fields.bodies.first { $0.name == name }?.body }

    func body(_ name: String) throws(CodecProblem) -> Body {
        guard let body = optionalBody(name) else { throw .missing(type: type, field: name) }
        return body
    }
}

/// A fact's own part: its frozen type name and how it is written and read.
protocol FactPayload: Sendable, Equatable {
    static var type: String { get }
    func write(to fields: inout FactFields)
    init(from reader: FactReader) throws(CodecProblem)
}
