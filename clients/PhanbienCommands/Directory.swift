package import ReviewClient
package import ReviewProtocol

/// The names behind account names and short names of offices: officials know each other by name.
public struct Directory: Sendable, Equatable {
    private let people: [String: String]
    private let offices: [String: String]

    /// A directory that knows nobody: what the server says stays as it is.
    public static let empty = Directory(people: [:], offices: [:])

    /// Names that are known already.
    package init(people: [String: String], offices: [String: String]) {
        self.people = people
        self.offices = offices
    }

    /// Asks the server for all names; a request that fails only costs the names, not the command.
    public static func read(from surroundings: any Surroundings) -> Directory {
        func names(_ verb: String) -> [String: String] {
            var names: [String: String] = [:]
            for row in (try? surroundings.perform(.of(verb)))?.rows ?? [] {
                if let id = row["id"], let name = row["name"], !name.isEmpty { names[id] = name }
            }
            return names
        }
        return Directory(people: names("PEOPLE"), offices: names("OFFICES"))
    }

    /// Keys whose values are persons, one or several behind commas.
    private static let personKeys: Set<String> = [
        "by", "person", "waiting", "chair", "secretary", "endorsed-by", "lifted-by", "confirmed-by", "present",
        "absent",
    ]
    /// Keys whose values are offices.
    private static let officeKeys: Set<String> = ["office", "lead", "coordinator"]

    /// Whether any row of a reply names somebody.
    static func isWanted(by reply: Reply) -> Bool {
        reply.rows.contains { row in
            row.pairs.contains {
                personKeys.contains($0.key) || officeKeys.contains($0.key) || isReviewOffice($0, row)
                    || isTaskObject($0, row)
            }
        }
    }

    /// `review=` of a topic, and of the event that planned it, is an office; elsewhere it is a review.
    private static func isReviewOffice(_ pair: Pair, _ row: ReplyRow) -> Bool {
        pair.key == "review" && (row.word == "topic" || row["type"] == "TOPIC.PLANNED")
    }

    /// The reply with names in the place of account names; a list of people keeps both.
    package func naming(_ reply: Reply) -> Reply {
        var named = reply
        named.parts = reply.parts.map { part in
            guard case .row(let row) = part else { return part }
            return .row(naming(row))
        }
        return named
    }

    /// The row with names in the place of account names.
    package func naming(_ row: ReplyRow) -> ReplyRow {
        var named = row
        named.pairs = row.pairs.map { Pair($0.key, name($0, in: row)) }
        return named
    }

    /// Whose word a comment is: whoever spoke, with whoever keyed it in for them.
    ///
    /// - Parameter comment: a row with names.
    package static func giver(of comment: ReplyRow, _ language: Language) -> String {
        let writer = comment["by"] ?? ""
        guard let speaker = comment["behalf"] else { return writer }
        return language == .vietnamese ? "\(speaker) (\(writer) ghi)" : "\(speaker) (keyed in by \(writer))"
    }

    /// The event with names in the place of account names.
    package func naming(_ event: EventLine) -> EventLine {
        let row = ReplyRow("event", event.pairs + [Pair("type", event.type)])
        var named = event
        named.pairs = event.pairs.map { Pair($0.key, name($0, in: row)) }
        return named
    }

    private func name(_ pair: Pair, in row: ReplyRow) -> String {
        if Self.personKeys.contains(pair.key) {
            return pair.value.split(separator: ",").map { people[String($0)] ?? String($0) }.joined(separator: ", ")
        }
        if Self.officeKeys.contains(pair.key) || Self.isReviewOffice(pair, row) {
            return offices[pair.value] ?? pair.value
        }
        if Self.isTaskObject(pair, row) { return named(pair.value, of: row["act"]) }
        return pair.key == "behalf" ? speaker(pair.value, in: row) : pair.value
    }

    /// A task may be about a person, whose objection stands, or about an office, which is to have a head.
    private static func isTaskObject(_ pair: Pair, _ row: ReplyRow) -> Bool {
        row.word == "task" && pair.key == "object" && ["lift", "appoint"].contains(row["act"])
    }

    private func named(_ object: String, of act: String?) -> String {
        switch act {
        case "lift": people[object] ?? object
        case "appoint": offices[object] ?? object
        default: object
        }
    }

    /// What a task is about, as people read it: a name, a role, a requirement; the number of a comment or review as it is.
    package func object(_ object: String, of act: String, _ language: Language) -> String {
        Vocabulary.word(act == "override" ? .requirement : .role, named(object, of: act), language)
    }

    /// On whose behalf a comment speaks: a row says `office` or a person, an event `office:hcth` or `person:son`.
    private func speaker(_ value: String, in row: ReplyRow) -> String {
        let id = String(value.split(separator: ":").last ?? "")
        if value == "office" { return row["office"].flatMap { offices[$0] } ?? value }
        return (value.hasPrefix("office:") ? offices[id] : people[id]) ?? id
    }
}
