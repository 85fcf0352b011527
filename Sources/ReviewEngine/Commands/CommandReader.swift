import ReviewCore
import ReviewProtocol

/// What a write asks for.
enum Wish {
    /// PASSWD: the pool checks and hashes first.
    case password
    /// INVITE: whom, and what for; the pool makes the code first.
    case invitation(PersonID, InvitationPurpose)
    /// PLAN LOAD: the file is understood first.
    case plan
    /// Anything else, read from nothing but the call.
    case command(Command)
}

/// Reads what writes ask for.
///
/// The verb table has checked the form of a call; what does not exist is said here.
struct CommandReader {
    /// The call.
    let call: Call

    /// What the call asks for.
    func wish(_ act: Act.Write) throws(Refusal) -> Wish {
        let command: Command
        switch act {
        case .changePassword: return .password
        case .invite:
            return .invitation(
                try person, try optionalPair("for") { InvitationPurpose(rawValue: $0) } ?? .account)
        case .loadPlan: return .plan

        case .deleteCertificate: command = .deleteCertificate(call.word("sha256"))
        case .addPerson:
            command = .addPerson(
                try person, name: call.pair("name") ?? "", office: try pair("office") { OfficeID($0) },
                position: try pair("position") { Position(rawValue: $0) }, credential: nil, invitation: nil)
        case .changePerson:
            command = .changePerson(
                try person, name: call.pair("name"), office: try optionalPair("office") { OfficeID($0) },
                position: try optionalPair("position") { Position(rawValue: $0) })
        case .disablePerson: command = .disablePerson(try person, reason: octets)
        case .delegate:
            command = .delegate(
                try person, from: try pair("from") { CivilDate($0) }, until: try pair("until") { CivilDate($0) },
                reference: call.pair("ref") ?? "")

        case .assign: command = .assign(try topic, try person, try pair("as") { Assignment(rawValue: $0) })
        case .unassign: command = .unassign(try topic, try person, try pair("as") { Assignment(rawValue: $0) })
        case .extend:
            command = .extend(
                try topic, try pair("milestone") { Milestone(rawValue: $0) }, to: try pair("to") { CivilDate($0) },
                reference: call.pair("ref") ?? "", reason: octets)
        case .postpone: command = .postpone(try topic, reason: octets)
        case .resume: command = .resume(try topic)
        case .cancel: command = .cancel(try topic, reason: octets)
        case .submit: command = .submit(try topic)
        case .sendBack: command = .sendBack(try topic, reason: octets)
        case .push:
            command = .push(
                try topic, base: try revisionNumber("if") ?? 0, addresses: try list("addresses") { CommentID($0) },
                note: call.pair("note"), text: octets)

        case .attach:
            command = .attach(try revision, name: call.pair("name") ?? "", octets: octets)

        case .comment:
            command = .comment(
                try revision, at: call.pair("at"), quote: call.pair("quote"),
                kind: try pair("kind") { CommentKind(rawValue: $0) },
                level: try pair("level") { CommentLevel(rawValue: $0) }, suggestion: call.pair("suggest"),
                behalf: call.pair("behalf"), body: octets)
        case .answer: command = .answer(try comment, body: octets)
        case .settle:
            command = .settle(
                try comment, try pair("as") { Disposition(rawValue: $0) }, revision: try revisionNumber("in"),
                body: call.octets)
        case .agree: command = .agree(try comment)
        case .maintain: command = .maintain(try comment, body: octets)
        case .withdraw: command = .withdraw(try comment, reason: octets)

        case .assess:
            command = .assess(try revision, try pair("verdict") { Verdict(rawValue: $0) }, body: octets)
        case .endorse: command = .endorse(try word("review") { ReviewID($0) })
        case .opine: command = .opine(try revision, try pair("as") { Opinion(rawValue: $0) }, body: call.octets)
        case .lift: command = .lift(try topic, try person, reason: octets)
        case .vouch:
            let vote = call.pair("as").flatMap { ContentVote(rawValue: $0) } ?? .vouch
            command = .vouch(try revision, vote, body: call.octets)
        case .checkFormat:
            command = .checkFormat(try revision, try pair("as") { FormatVote(rawValue: $0) }, body: call.octets)

        case .openPlenary:
            command = .openPlenary(
                try topic, at: call.pair("at") ?? "", place: call.pair("place"),
                chair: try optionalPair("chair") { PersonID($0) },
                secretary: try optionalPair("secretary") { PersonID($0) })
        case .closePlenary: command = .closePlenary(try topic, conclusion: octets)
        case .attend:
            command = .attend(
                try topic, present: try list("present") { PersonID($0) },
                absent: try list("absent") { PersonID($0) })
        case .confirm:
            if let comment = CommentID(call.word("object")) {
                command = .confirmRemark(comment)
            } else {
                command = .confirmMinutes(try word("object") { TopicID($0) })
            }

        case .approve:
            command = .approve(
                try revision, digest: call.pair("sha256") ?? "", seen: try list("seen") { CommentID($0) })
        case .override:
            command = .override(
                try topic, try pair("requirement") { Requirement(rawValue: $0) }, reason: octets)
        case .issue:
            command = .issue(
                try topic, number: call.pair("number") ?? "", date: try pair("date") { CivilDate($0) })
        }
        return .command(command)
    }

    // MARK: Values

    /// The body, empty when there is none.
    private var octets: [UInt8] { call.octets ?? [] }

    private var person: PersonID { get throws(Refusal) { try word("person") { PersonID($0) } } }
    private var topic: TopicID { get throws(Refusal) { try word("topic") { TopicID($0) } } }
    private var revision: RevisionID { get throws(Refusal) { try word("revision") { RevisionID($0) } } }
    private var comment: CommentID { get throws(Refusal) { try word("comment") { CommentID($0) } } }

    /// A positional value that is one of the identifiers.
    private func word<Value>(_ name: String, _ make: (String) -> Value?) throws(Refusal) -> Value {
        try value(call.word(name), of: name, make)
    }

    /// A pair that the table requires.
    private func pair<Value>(_ key: String, _ make: (String) -> Value?) throws(Refusal) -> Value {
        try value(call.pair(key) ?? "", of: key, make)
    }

    /// A pair that may be absent.
    private func optionalPair<Value>(_ key: String, _ make: (String) -> Value?) throws(Refusal) -> Value? {
        guard let text = call.pair(key) else { return nil }
        return try value(text, of: key, make)
    }

    /// A list of identifiers; empty when it is absent.
    private func list<Value>(_ key: String, _ make: (String) -> Value?) throws(Refusal) -> [Value] {
        var values: [Value] = []
        for text in call.list(key) { values.append(try value(text, of: key, make)) }
        return values
    }

    /// A revision's number from `@3`; nil when it is absent.
    private func revisionNumber(_ key: String) throws(Refusal) -> Int? {
        guard let number = call.number(key) else { return nil }
        return try value(String(number), of: key) { Int($0) }
    }

    /// The table knows the form of a value only; a year 0000 or a topic 2025-0 has the form and still is none.
    private func value<Value>(_ text: String, of name: String, _ make: (String) -> Value?) throws(Refusal) -> Value {
        if let made = make(text) { return made }
        throw Refusal(
            .invalid,
            Wording("Giá trị “\(text)” của \(name) không dùng được", "The value “\(text)” of \(name) cannot be used"),
            details: [Detail("argument", name)])
    }
}
