import ReviewCore
import ReviewStore
import Testing

/// Reproducible chance (SplitMix64): a failing seed replays the failure.
struct SplitMix64: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// Facts by their stored form: tests use only what storage itself has.
enum Sample {
    static func fact(_ type: String, _ pairs: [(String, String)], _ bodies: [(String, String)] = []) throws -> Fact {
        try Fact(
            type: type,
            fields: FactFields(
                pairs: pairs.map { Detail($0.0, $0.1) },
                bodies: bodies.map { FactFields.NamedBody(name: $0.0, body: Body($0.1)) }))
    }

    static func office(_ name: String = "Phòng Nghiệp vụ") throws -> Fact {
        try fact("OFFICE.ADDED", [("office", "nv"), ("name", name)])
    }

    static func token(expires: Instant) throws -> Fact {
        try fact(
            "TOKEN.ISSUED",
            [
                ("person", "minh"), ("token", String(repeating: "ab", count: 32)),
                ("expires", expires.rfc3339),
            ])
    }

    static func planned(_ topic: String) throws -> Fact {
        try fact(
            "TOPIC.PLANNED",
            [
                ("topic", topic), ("plan", "2025"), ("lead", "nv"), ("review", "hcth"), ("quarter", "1"),
                ("opinion-date", "2025-03-15"), ("review-date", "2025-03-20"), ("final-date", "2025-03-28"),
            ], [("title", "Chuyên đề \(topic)"), ("outline", "Mở đầu\nKết luận")])
    }

    static func revision(_ topic: String, _ number: Int, _ text: String) throws -> Fact {
        try fact("REVISION.PUSHED", [("topic", topic), ("revision", String(number))], [("text", text)])
    }

    static func comment(_ topic: String, _ number: Int, _ text: String, suggestion: String? = nil) throws -> Fact {
        try fact(
            "COMMENT.ADDED",
            [
                ("topic", topic), ("revision", "1"), ("id", "C\(number)"), ("kind", "content"), ("level", "must"),
                ("stage", "review"), ("round", "1"),
            ], (suggestion.map { [("suggest", $0)] } ?? []) + [("body", text)])
    }

    static func review(_ topic: String, _ number: Int, _ text: String) throws -> Fact {
        try fact(
            "REVIEW.FILED",
            [
                ("topic", topic), ("revision", "1"), ("id", "P\(number)"), ("verdict", "pass"),
                ("round", "1"),
            ], [("body", text)])
    }

    static func cancelled(_ topic: String, highestComment: Int = 0) throws -> Fact {
        try fact(
            "TOPIC.CANCELLED",
            [
                ("topic", topic), ("highest-comment", String(highestComment)), ("highest-review", "0"),
                ("revision", "0"),
            ], [("reason", "Không còn phù hợp")])
    }

    static let start = Instant(milliseconds: 1_750_000_000_123)

    static func events(_ facts: [Fact], after head: Int64 = 0) throws -> [Event] {
        let person = try #require(PersonID("minh"))
        let office = try #require(OfficeID("nv"))
        return facts.enumerated().map { offset, fact in
            Event(
                sequence: head + Int64(offset) + 1, time: start.adding(milliseconds: head + Int64(offset)),
                person: offset.isMultiple(of: 3) ? nil : person, office: offset.isMultiple(of: 3) ? nil : office,
                fact: fact)
        }
    }

    static func batch(_ facts: [Fact], after head: Int64 = 0) throws -> Batch {
        var batch = Batch(expected: head)
        batch.events = try events(facts, after: head)
        return batch
    }

    static func topic(_ text: String) throws -> TopicID { try #require(TopicID(text)) }
}
