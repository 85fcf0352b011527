/// A leader gave an opinion.
public struct OpinionGiven: FactPayload {
    static let type = "OPINION.GIVEN"
    /// The topic.
    public let topic: TopicID
    /// The revision's number.
    public let revision: Int
    /// The opinion.
    public let opinion: Opinion
    /// The words; none are needed to agree.
    public let body: Body?
}

extension OpinionGiven {
    func write(to fields: inout FactFields) {
        fields.put("topic", topic)
        fields.put("revision", revision)
        fields.put("as", word: opinion)
        fields.put("body", body)
    }

    init(from reader: FactReader) throws(CodecProblem) {
        self.init(
            topic: try reader.topic("topic"),
            revision: try reader.number("revision"),
            opinion: try reader.word("as"),
            body: reader.optionalBody("body"))
    }
}

/// The Director lifted a leader's objection, with a reason.
public struct ObjectionLifted: FactPayload {
    static let type = "OBJECTION.LIFTED"
    /// The topic.
    public let topic: TopicID
    /// Whose objection.
    public let person: PersonID
    /// Why.
    public let reason: Body
}

extension ObjectionLifted {
    func write(to fields: inout FactFields) {
        fields.put("topic", topic)
        fields.put("person", person.text)
        fields.put("reason", reason)
    }

    init(from reader: FactReader) throws(CodecProblem) {
        self.init(
            topic: try reader.topic("topic"),
            person: try reader.person("person"),
            reason: try reader.body("reason"))
    }
}

/// The head of the lead office answered for the content, or returned it (khoản 1 Điều 12 NĐ 30/2020/NĐ-CP).
public struct ContentVouched: FactPayload {
    static let type = "CONTENT.VOUCHED"
    /// The topic.
    public let topic: TopicID
    /// The revision's number.
    public let revision: Int
    /// The vote.
    public let vote: ContentVote
    /// The words; none are needed to vouch.
    public let body: Body?
}

extension ContentVouched {
    func write(to fields: inout FactFields) {
        fields.put("topic", topic)
        fields.put("revision", revision)
        fields.put("as", word: vote)
        fields.put("body", body)
    }

    init(from reader: FactReader) throws(CodecProblem) {
        self.init(
            topic: try reader.topic("topic"),
            revision: try reader.number("revision"),
            vote: try reader.word("as"),
            body: reader.optionalBody("body"))
    }
}

/// The person named by the Director checked the format (khoản 2 Điều 12 NĐ 30/2020/NĐ-CP).
public struct FormatChecked: FactPayload {
    static let type = "FORMAT.CHECKED"
    /// The topic.
    public let topic: TopicID
    /// The revision's number.
    public let revision: Int
    /// The vote.
    public let vote: FormatVote
    /// The faults; none are needed to pass.
    public let body: Body?
}

extension FormatChecked {
    func write(to fields: inout FactFields) {
        fields.put("topic", topic)
        fields.put("revision", revision)
        fields.put("as", word: vote)
        fields.put("body", body)
    }

    init(from reader: FactReader) throws(CodecProblem) {
        self.init(
            topic: try reader.topic("topic"),
            revision: try reader.number("revision"),
            vote: try reader.word("as"),
            body: reader.optionalBody("body"))
    }
}
