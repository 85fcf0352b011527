/// A comment (ý kiến) was posted.
public struct CommentAdded: FactPayload {
    static let type = "COMMENT.ADDED"
    /// The topic.
    public let topic: TopicID
    /// The revision's number.
    public let revision: Int
    /// The comment.
    public let comment: CommentID
    /// Its place in that revision.
    public let anchor: Anchor
    /// The quoted words as they are stored: once they are removed their digest is still one of the event's.
    public let quote: Body?
    /// What it is about.
    public let kind: CommentKind
    /// How much it binds.
    public let level: CommentLevel
    /// The stage (đợt) in which it was made.
    public let stage: Stage
    /// The review round.
    public let round: Int
    /// On whose behalf it speaks.
    public let behalf: Behalf
    /// The words proposed instead of the quoted ones.
    public let suggestion: Body?
    /// The words.
    public let body: Body

    func write(to fields: inout FactFields) {
        fields.put("topic", topic)
        fields.put("revision", revision)
        fields.put("id", comment)
        if anchor.target != .whole { fields.put("anchor", anchor.target.description) }
        fields.put("kind", word: kind)
        fields.put("level", word: level)
        fields.put("stage", word: stage)
        fields.put("round", round)
        fields.put("behalf", behalf.stored)
        fields.put("quote", quote)
        fields.put("suggest", suggestion)
        fields.put("body", body)
    }

    init(
        topic: TopicID, revision: Int, comment: CommentID, anchor: Anchor, kind: CommentKind, level: CommentLevel,
        stage: Stage, round: Int, behalf: Behalf, suggestion: Body?, body: Body
    ) {
        self.init(
            topic: topic, revision: revision, comment: comment, target: anchor.target,
            quote: anchor.quote.map { Body($0) }, kind: kind, level: level, stage: stage, round: round, behalf: behalf,
            suggestion: suggestion, body: body)
    }

    private init(
        topic: TopicID, revision: Int, comment: CommentID, target: AnchorTarget, quote: Body?, kind: CommentKind,
        level: CommentLevel, stage: Stage, round: Int, behalf: Behalf, suggestion: Body?, body: Body
    ) {
        self.topic = topic
        self.revision = revision
        self.comment = comment
        anchor = Anchor(target: target, quote: quote?.text)
        self.quote = quote
        self.kind = kind
        self.level = level
        self.stage = stage
        self.round = round
        self.behalf = behalf
        self.suggestion = suggestion
        self.body = body
    }

    init(from reader: FactReader) throws(CodecProblem) {
        var target = AnchorTarget.whole
        if let text = reader.optional("anchor") {
            guard let parsed = AnchorTarget(text) else {
                throw CodecProblem.malformed(type: reader.type, field: "anchor", value: text)
            }
            target = parsed
        }
        var behalf = Behalf.person
        if let text = reader.optional("behalf") {
            guard let parsed = Behalf(stored: text) else {
                throw CodecProblem.malformed(type: reader.type, field: "behalf", value: text)
            }
            behalf = parsed
        }
        self.init(
            topic: try reader.topic("topic"), revision: try reader.number("revision"),
            comment: try reader.comment("id"),
            target: target, quote: reader.optionalBody("quote"),
            kind: try reader.word("kind"), level: try reader.word("level"), stage: try reader.word("stage"),
            round: try reader.number("round"), behalf: behalf, suggestion: reader.optionalBody("suggest"),
            body: try reader.body("body"))
    }
}

/// A message was added to a comment's thread.
public struct CommentAnswered: FactPayload {
    static let type = "COMMENT.ANSWERED"
    /// The topic.
    public let topic: TopicID
    /// The comment.
    public let comment: CommentID
    /// The words.
    public let body: Body
}

extension CommentAnswered {
    func write(to fields: inout FactFields) {
        fields.put("topic", topic)
        fields.put("id", comment)
        fields.put("body", body)
    }

    init(from reader: FactReader) throws(CodecProblem) {
        self.init(
            topic: try reader.topic("topic"), comment: try reader.comment("id"), body: try reader.body("body"))
    }
}

/// The author side gave its disposition (tiếp thu, giải trình).
public struct CommentSettled: FactPayload {
    static let type = "COMMENT.SETTLED"
    /// The topic.
    public let topic: TopicID
    /// The comment.
    public let comment: CommentID
    /// What was done with it.
    public let disposition: Disposition
    /// The revision that carries it, where one does.
    public let revision: Int?
    /// Whether the server found that revision, because the author named none.
    public let isCarrierFound: Bool
    /// The giải trình.
    public let body: Body?

    func write(to fields: inout FactFields) {
        fields.put("topic", topic)
        fields.put("id", comment)
        fields.put("as", word: disposition)
        fields.put("in", revision)
        // Logs from before this field say nothing, and there the revision stays as it was written.
        fields.put("in-found", flag: isCarrierFound)
        fields.put("body", body)
    }

    init(
        topic: TopicID, comment: CommentID, disposition: Disposition, revision: Int?, isCarrierFound: Bool = false,
        body: Body?
    ) {
        self.topic = topic
        self.comment = comment
        self.disposition = disposition
        self.revision = revision
        self.isCarrierFound = isCarrierFound
        self.body = body
    }

    init(from reader: FactReader) throws(CodecProblem) {
        self.init(
            topic: try reader.topic("topic"), comment: try reader.comment("id"), disposition: try reader.word("as"),
            revision: try reader.optionalNumber("in"), isCarrierFound: reader.flag("in-found"),
            body: reader.optionalBody("body"))
    }
}

/// The commenter agreed with the disposition (đồng ý).
public struct CommentAgreed: FactPayload {
    static let type = "COMMENT.AGREED"
    /// The topic.
    public let topic: TopicID
    /// The comment.
    public let comment: CommentID
}

extension CommentAgreed {
    func write(to fields: inout FactFields) {
        fields.put("topic", topic)
        fields.put("id", comment)
    }

    init(from reader: FactReader) throws(CodecProblem) {
        self.init(topic: try reader.topic("topic"), comment: try reader.comment("id"))
    }
}

/// The commenter maintains the comment (giữ ý kiến), with a reason.
public struct CommentMaintained: FactPayload {
    static let type = "COMMENT.MAINTAINED"
    /// The topic.
    public let topic: TopicID
    /// The comment.
    public let comment: CommentID
    /// The words.
    public let body: Body
}

extension CommentMaintained {
    func write(to fields: inout FactFields) {
        fields.put("topic", topic)
        fields.put("id", comment)
        fields.put("body", body)
    }

    init(from reader: FactReader) throws(CodecProblem) {
        self.init(
            topic: try reader.topic("topic"), comment: try reader.comment("id"), body: try reader.body("body"))
    }
}

/// The commenter took the comment back, with a reason; it stays in the record.
public struct CommentWithdrawn: FactPayload {
    static let type = "COMMENT.WITHDRAWN"
    /// The topic.
    public let topic: TopicID
    /// The comment.
    public let comment: CommentID
    /// Why.
    public let reason: Body
}

extension CommentWithdrawn {
    func write(to fields: inout FactFields) {
        fields.put("topic", topic)
        fields.put("id", comment)
        fields.put("reason", reason)
    }

    init(from reader: FactReader) throws(CodecProblem) {
        self.init(
            topic: try reader.topic("topic"), comment: try reader.comment("id"), reason: try reader.body("reason"))
    }
}

/// A remark keyed in thay mặt was confirmed by its speaker or the chair.
public struct CommentConfirmed: FactPayload {
    static let type = "COMMENT.CONFIRMED"
    /// The topic.
    public let topic: TopicID
    /// The comment.
    public let comment: CommentID
}

extension CommentConfirmed {
    func write(to fields: inout FactFields) {
        fields.put("topic", topic)
        fields.put("id", comment)
    }

    init(from reader: FactReader) throws(CodecProblem) {
        self.init(topic: try reader.topic("topic"), comment: try reader.comment("id"))
    }
}
