/// An office came into being.
public struct OfficeAdded: FactPayload {
    static let type = "OFFICE.ADDED"
    /// The office.
    public let office: OfficeID
    /// The name.
    public let name: String
}

extension OfficeAdded {
    func write(to fields: inout FactFields) {
        fields.put("office", office.text)
        fields.put("name", name)
    }

    init(from reader: FactReader) throws(CodecProblem) {
        self.init(office: try reader.office("office"), name: try reader.text("name"))
    }
}

/// An office has another name from now on.
public struct OfficeRenamed: FactPayload {
    static let type = "OFFICE.RENAMED"
    /// The office.
    public let office: OfficeID
    /// The new name.
    public let name: String
}

extension OfficeRenamed {
    func write(to fields: inout FactFields) {
        fields.put("office", office.text)
        fields.put("name", name)
    }

    init(from reader: FactReader) throws(CodecProblem) {
        self.init(office: try reader.office("office"), name: try reader.text("name"))
    }
}

/// A person got an account.
public struct PersonAdded: FactPayload {
    static let type = "PERSON.ADDED"
    /// The account name.
    public let person: PersonID
    /// Họ và tên, at most 200 octets.
    public let name: String
    /// The office.
    public let office: OfficeID
    /// The position.
    public let position: Position
}

extension PersonAdded {
    func write(to fields: inout FactFields) {
        fields.put("person", person.text)
        fields.put("name", name)
        fields.put("office", office.text)
        fields.put("position", word: position)
    }

    init(from reader: FactReader) throws(CodecProblem) {
        self.init(
            person: try reader.person("person"), name: try reader.text("name"), office: try reader.office("office"),
            position: try reader.word("position"))
    }
}

/// A person's name, office or position changed; what they did before keeps the old office.
public struct PersonChanged: FactPayload {
    static let type = "PERSON.CHANGED"
    /// Whom it concerns.
    public let person: PersonID
    /// The new name; nil when it stays.
    public let name: String?
    /// The new office; nil when it stays.
    public let office: OfficeID?
    /// The new position; nil when it stays.
    public let position: Position?
}

extension PersonChanged {
    func write(to fields: inout FactFields) {
        fields.put("person", person.text)
        fields.put("name", name)
        fields.put("office", office?.text)
        fields.put("position", position?.rawValue)
    }

    init(from reader: FactReader) throws(CodecProblem) {
        self.init(
            person: try reader.person("person"), name: reader.optional("name"),
            office: try reader.optionalOffice("office"), position: try reader.optionalWord("position"))
    }
}

/// An account was closed; the name stays in everything that was done.
public struct PersonDisabled: FactPayload {
    static let type = "PERSON.DISABLED"
    /// Whom it concerns.
    public let person: PersonID
    /// Why.
    public let reason: Body
}

extension PersonDisabled {
    func write(to fields: inout FactFields) {
        fields.put("person", person.text)
        fields.put("reason", reason)
    }

    init(from reader: FactReader) throws(CodecProblem) {
        self.init(person: try reader.person("person"), reason: try reader.body("reason"))
    }
}

/// The operator opened a disabled account again, with the password that it had.
public struct PersonEnabled: FactPayload {
    static let type = "PERSON.ENABLED"
    /// Whom it concerns.
    public let person: PersonID
}

extension PersonEnabled {
    func write(to fields: inout FactFields) { fields.put("person", person.text) }

    init(from reader: FactReader) throws(CodecProblem) { self.init(person: try reader.person("person")) }
}

/// A person was invited to choose a password with a one-time code, of which only the SHA-256 is kept.
public struct PersonInvited: FactPayload {
    static let type = "PERSON.INVITED"
    /// Whom it concerns.
    public let person: PersonID
    /// SHA-256 (hex) of the code.
    public let code: String
    /// Whether a password that the person had lost its force with it, and every session with that password.
    ///
    /// Events of before this field was there left the password as it was.
    public let endsPassword: Bool
    /// What the code is good for.
    public let purpose: InvitationPurpose

    func write(to fields: inout FactFields) {
        fields.put("person", person.text)
        fields.put("code", code)
        fields.put("ends-password", flag: endsPassword)
        // Events of before there was a choice lack it.
        if purpose != .account { fields.put("for", word: purpose) }
    }

    init(person: PersonID, code: String, endsPassword: Bool = false, purpose: InvitationPurpose = .account) {
        self.person = person
        self.code = code
        self.endsPassword = endsPassword
        self.purpose = purpose
    }

    init(from reader: FactReader) throws(CodecProblem) {
        self.init(
            person: try reader.person("person"), code: try reader.text("code"),
            endsPassword: reader.flag("ends-password"), purpose: try reader.optionalWord("for") ?? .account)
    }
}

/// A person's password was set; the scrypt hash is a body, so that an old one can be removed.
public struct CredentialSet: FactPayload {
    static let type = "CREDENTIAL.SET"
    /// Whom it concerns.
    public let person: PersonID
    /// The scrypt hash.
    public let hash: Body
}

extension CredentialSet {
    func write(to fields: inout FactFields) {
        fields.put("person", person.text)
        fields.put("hash", hash)
    }

    init(from reader: FactReader) throws(CodecProblem) {
        self.init(person: try reader.person("person"), hash: try reader.body("hash"))
    }
}

/// A session token was given out; only its SHA-256 is kept.
public struct TokenIssued: FactPayload {
    static let type = "TOKEN.ISSUED"
    /// Whom it concerns.
    public let person: PersonID
    /// SHA-256 (hex) of the token.
    public let token: String
    /// When it lapses.
    public let expires: Instant
}

extension TokenIssued {
    func write(to fields: inout FactFields) {
        fields.put("person", person.text)
        fields.put("token", token)
        fields.put("expires", expires.rfc3339)
    }

    init(from reader: FactReader) throws(CodecProblem) {
        self.init(
            person: try reader.person("person"), token: try reader.text("token"), expires: try reader.instant("expires")
        )
    }
}

/// A session token of a person lost its force, or all of them.
public struct TokensWithdrawn: FactPayload {
    static let type = "TOKENS.WITHDRAWN"
    /// Whom it concerns.
    public let person: PersonID
    /// Which token, by its SHA-256 (hex); nil for all.
    public let token: String?

    func write(to fields: inout FactFields) {
        fields.put("person", person.text)
        fields.put("token", token)
    }

    init(person: PersonID, token: String? = nil) {
        self.person = person
        self.token = token
    }

    init(from reader: FactReader) throws(CodecProblem) {
        self.init(person: try reader.person("person"), token: reader.optional("token"))
    }
}

/// The Director delegated approval to a deputy for a time, under a document (ký thay, KT.; NĐ 30/2020/NĐ-CP Điều 13).
public struct DelegationGiven: FactPayload {
    static let type = "DELEGATION.GIVEN"
    /// The deputy.
    public let person: PersonID
    /// The first day.
    public let from: CivilDate
    /// The last day, included.
    public let until: CivilDate
    /// The document that says so, at most 1,000 octets.
    public let reference: String
}

extension DelegationGiven {
    func write(to fields: inout FactFields) {
        fields.put("person", person.text)
        fields.put("from", from)
        fields.put("until", until)
        fields.put("ref", reference)
    }

    init(from reader: FactReader) throws(CodecProblem) {
        self.init(
            person: try reader.person("person"), from: try reader.date("from"), until: try reader.date("until"),
            reference: try reader.text("ref"))
    }
}
