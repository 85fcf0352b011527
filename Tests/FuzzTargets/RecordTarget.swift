import ReviewCore
import ReviewDigest
import ReviewStore

/// Stored records: any octets give an event or a problem, and reading and writing are inverse.
///
/// The input's first octet chooses. A record as storage gives it back: the line, then after each FF hex a body;
/// `sha256:*` in the line stands for the digest of the next body, which no fuzzer could guess. Or values: a type, and
/// fields.
enum RecordTarget {
    static func run(_ octets: [UInt8]) throws(Finding) {
        var genes = Genes(octets.dropFirst())
        if (octets.first ?? 0) & 1 == 0 { try record(&genes) } else { try value(&genes) }
    }

    private static func record(_ genes: inout Genes) throws(Finding) {
        var line = genes.text()
        var bodies: [Body] = []
        while !genes.isEmpty, bodies.count < 8 {
            let body = Body(genes.text())
            bodies.append(body)
            guard let place = line.firstRange(of: "sha256:*") else { continue }
            line.replaceSubrange(place, with: "sha256:\(body.digest)")
        }
        // Storage asks this of any line, before anything is known of it.
        let named = EventRecord.digests(of: line, count: bodies.count)
        let event: Event
        do throws(RecordProblem) {
            event = try EventRecord(encoded: line, bodies: bodies).event()
        } catch {
            if case .malformed(let octet) = error {
                try promise((0...line.utf8.count).contains(octet), "a problem at octet \(octet) of \(line.utf8.count)")
            }
            return try promise(!error.text.isEmpty, "no words")
        }
        try promise(named == bodies.map(\.digest), "the line does not end with the digests of its bodies")
        let again = EventRecord(event)
        try comesBack(again, event)
        // A fact passes over fields that a later version added; those apart, every record has one form.
        guard event.fact.fields.pairs.count == fields(of: line), again.bodies.count == bodies.count else { return }
        try promise(
            again.encoded.utf8.elementsEqual(line.utf8), "\(line)\nis read as \(event)\nand written as \(again.encoded)"
        )
        try promise(again.bodies == bodies, "other bodies come back")
    }

    /// How many fields a line has that are no bodies: equals signs outside quotation marks.
    private static func fields(of line: String) -> Int {
        let octets = Array(line.utf8)
        var count = 0
        var isQuoted = false
        var place = 0
        while place < octets.count {
            switch octets[place] {
            case 0x5C: place += 1
            case 0x22: isQuoted.toggle()
            case 0x3D where !isQuoted: if !octets[place...].starts(with: "=sha256:".utf8) { count += 1 }
            default: break
            }
            place += 1
        }
        return count
    }

    private static func comesBack(_ record: EventRecord, _ event: Event) throws(Finding) {
        try promise(
            record.encoded.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }, "not one line: \(shown(record.encoded.utf8))")
        switch Result(catching: { () throws(RecordProblem) in try record.event() }) {
        case .success(let back):
            try promise(back == event, "\(event)\nis written as \(record.encoded)\nand read as \(back)")
        case .failure(let problem):
            throw Finding("\(event)\nis written as \(record.encoded)\nand cannot be read: \(problem.text)")
        }
    }

    // MARK: Values

    private static func value(_ genes: inout Genes) throws(Finding) {
        let type = genes.choice(types, or: "OFFICE.ADDED")
        var pairs: [Detail] = []
        for _ in 0..<genes.below(10) { pairs.append(Detail(genes.choice(names, or: "topic"), genes.text())) }
        var bodies: [FactFields.NamedBody] = []
        for _ in 0..<genes.below(4) {
            bodies.append(FactFields.NamedBody(name: genes.choice(texts, or: "body"), body: Body(genes.text())))
        }
        let fact: Fact
        do throws(CodecProblem) {
            fact = try Fact(type: type, fields: FactFields(pairs: pairs, bodies: bodies))
        } catch {
            return
        }
        try promise(fact.type == type, "\(type) is read as \(fact.type)")
        let sequence = max(1, genes.number() & .max)
        let time = Instant(milliseconds: genes.number() % 200_000_000_000_000)
        let event = Event(
            sequence: sequence, time: time, person: PersonID(genes.text()), office: OfficeID(genes.text()), fact: fact)
        // What a watcher is told is short and one line of words.
        let octets = fact.reference.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count }
        try promise(octets <= 240, "a reference of \(octets) octets")
        _ = fact.searchable
        _ = fact.retention
        // An instant outside the years that RFC 3339 can write is not one that any clock gives.
        guard Instant(rfc3339: time.rfc3339) == time else { return }
        try comesBack(EventRecord(event), event)
    }

    private static let types = [
        "APPROVAL.GIVEN", "ATTENDANCE.TAKEN", "BODY.REDACTED", "COMMENT.ADDED", "COMMENT.AGREED", "COMMENT.ANSWERED",
        "COMMENT.CONFIRMED", "COMMENT.MAINTAINED", "COMMENT.SETTLED", "COMMENT.WITHDRAWN", "CONTENT.VOUCHED",
        "CREDENTIAL.SET", "DELEGATION.GIVEN", "DOCUMENT.ISSUED", "FORMAT.CHECKED", "MEMBER.ASSIGNED",
        "MEMBER.UNASSIGNED", "MILESTONE.EXTENDED", "MINUTES.CONFIRMED", "OBJECTION.LIFTED", "OFFICE.ADDED",
        "OFFICE.RENAMED", "PLAN.NUMBERED",
        "OPINION.GIVEN", "PERSON.ADDED", "PERSON.CHANGED", "PERSON.DISABLED", "PERSON.ENABLED", "PERSON.INVITED",
        "PLAN.LOADED",
        "PLENARY.CLOSED", "PLENARY.OPENED", "REQUIREMENT.OVERRIDDEN", "REVIEW.ENDORSED", "REVIEW.FILED",
        "REVISION.PUSHED", "STAGE.ENTERED", "TOKEN.ISSUED", "TOKENS.WITHDRAWN", "TOPIC.CANCELLED", "TOPIC.PLANNED",
        "TOPIC.POSTPONED", "TOPIC.RESUMED", "TOPIC.RETURNED", "CERTIFICATE.DELETED", "CERTIFICATE.ISSUED",
        "ORIGINAL.ATTACHED",
    ]

    private static let names = [
        "topic", "revision", "id", "person", "office", "name", "position", "as", "level", "kind", "stage", "round",
        "at", "quote", "behalf", "verdict", "review", "lead", "quarter", "plan", "opinion-date", "review-date",
        "final-date", "from", "until", "to", "ref", "milestone", "overdue", "change", "addresses", "note", "in",
        "token",
        "expires", "code", "number", "date", "chair", "secretary", "present", "absent", "requirement", "sha256", "seen",
        "highest-comment", "highest-review", "title", "coordinator", "anchor", "own-work", "issuer", "parent", "signer",
        "reference", "event", "field", "document", "ends-password", "bytes",
    ]

    private static let texts = [
        "body", "text", "reason", "title", "outline", "suggest", "quote", "hash", "conclusion", "place", "source",
        "requirements", "content",
    ]
}
