import ReviewCore
import ReviewProtocol

/// Turns the calls of writes into commands, where that takes nothing but the call.
///
/// The verb table has checked their form; what does not exist is said here.
///
/// One file per noun holds the verbs of that noun.
struct CommandReader {
    /// The call.
    let call: Call

    /// The command that the call asks for.
    func command() throws(Refusal) -> Command {
        switch call.form.name {
        case "PERSON ADD", "PERSON SET", "PERSON DISABLE", "DELEGATE": return try people()
        case "CERT DELETE": return .deleteCertificate(call.word("sha256"))
        case "ASSIGN", "UNASSIGN", "EXTEND", "POSTPONE", "UNPOSTPONE", "CANCEL", "SUBMIT", "SENDBACK", "PUSH":
            return try topics()
        case "COMMENT", "ANSWER", "SETTLE", "AGREE", "MAINTAIN", "WITHDRAW": return try comments()
        case "ASSESS", "ENDORSE", "OPINION", "LIFT", "VOUCH", "FORMAT": return try reviews()
        case "PLENARY OPEN", "PLENARY CLOSE", "ATTEND", "CONFIRM": return try plenaries()
        case "APPROVE", "OVERRIDE", "ISSUE": return try approvals()
        default:
            throw Refusal(
                .invalid,
                Wording("Máy chủ chưa xử lý lệnh \(call.form.name)", "The server does not handle \(call.form.name)"))
        }
    }

    // MARK: Values

    /// The body, empty when there is none.
    var octets: [UInt8] { call.octets ?? [] }

    /// A positional value that is one of the identifiers.
    func word<Value>(_ name: String, _ make: (String) -> Value?) throws(Refusal) -> Value {
        try value(call.word(name), of: name, make)
    }

    /// A pair that the table requires.
    func pair<Value>(_ key: String, _ make: (String) -> Value?) throws(Refusal) -> Value {
        try value(call.pair(key) ?? "", of: key, make)
    }

    /// A pair that may be absent.
    func optionalPair<Value>(_ key: String, _ make: (String) -> Value?) throws(Refusal) -> Value? {
        guard let text = call.pair(key) else { return nil }
        return try value(text, of: key, make)
    }

    /// A list of identifiers; empty when it is absent.
    func list<Value>(_ key: String, _ make: (String) -> Value?) throws(Refusal) -> [Value] {
        var values: [Value] = []
        for text in call.list(key) { values.append(try value(text, of: key, make)) }
        return values
    }

    /// A revision's number from `@3`; nil when it is absent.
    func revisionNumber(_ key: String) throws(Refusal) -> Int? {
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
