/// A person was assigned to a topic.
public struct MemberAssigned: FactPayload {
    static let type = "MEMBER.ASSIGNED"
    /// The topic.
    public let topic: TopicID
    /// Who.
    public let person: PersonID
    /// As what.
    public let assignment: Assignment
}

extension MemberAssigned {
    func write(to fields: inout FactFields) {
        fields.put("topic", topic)
        fields.put("person", person.text)
        fields.put("as", word: assignment)
    }

    init(from reader: FactReader) throws(CodecProblem) {
        self.init(
            topic: try reader.topic("topic"), person: try reader.person("person"), assignment: try reader.word("as"))
    }
}

/// A person's assignment ended.
public struct MemberUnassigned: FactPayload {
    static let type = "MEMBER.UNASSIGNED"
    /// The topic.
    public let topic: TopicID
    /// Who.
    public let person: PersonID
    /// As what.
    public let assignment: Assignment
}

extension MemberUnassigned {
    func write(to fields: inout FactFields) {
        fields.put("topic", topic)
        fields.put("person", person.text)
        fields.put("as", word: assignment)
    }

    init(from reader: FactReader) throws(CodecProblem) {
        self.init(
            topic: try reader.topic("topic"), person: try reader.person("person"), assignment: try reader.word("as"))
    }
}

/// A milestone got a new date under a document (gia hạn).
public struct MilestoneExtended: FactPayload {
    static let type = "MILESTONE.EXTENDED"
    /// The topic.
    public let topic: TopicID
    /// Which milestone.
    public let milestone: Milestone
    /// The new date.
    public let to: CivilDate
    /// The document that says so, at most 1,000 octets.
    public let reference: String
    /// Why.
    public let reason: Body
}

extension MilestoneExtended {
    func write(to fields: inout FactFields) {
        fields.put("topic", topic)
        fields.put("milestone", word: milestone)
        fields.put("to", to)
        fields.put("ref", reference)
        fields.put("reason", reason)
    }

    init(from reader: FactReader) throws(CodecProblem) {
        self.init(
            topic: try reader.topic("topic"), milestone: try reader.word("milestone"), to: try reader.date("to"),
            reference: try reader.text("ref"), reason: try reader.body("reason"))
    }
}

/// Work on a topic rests (tạm hoãn).
public struct TopicPostponed: FactPayload {
    static let type = "TOPIC.POSTPONED"
    /// The topic.
    public let topic: TopicID
    /// Why.
    public let reason: Body
}

extension TopicPostponed {
    func write(to fields: inout FactFields) {
        fields.put("topic", topic)
        fields.put("reason", reason)
    }

    init(from reader: FactReader) throws(CodecProblem) {
        self.init(topic: try reader.topic("topic"), reason: try reader.body("reason"))
    }
}

/// Work on a postponed topic goes on.
public struct TopicResumed: FactPayload {
    static let type = "TOPIC.RESUMED"
    /// The topic.
    public let topic: TopicID
}

extension TopicResumed {
    func write(to fields: inout FactFields) { fields.put("topic", topic) }

    init(from reader: FactReader) throws(CodecProblem) { self.init(topic: try reader.topic("topic")) }
}

/// A topic was given up (hủy); the counters keep identifiers unique once its details are no longer loaded.
public struct TopicCancelled: FactPayload {
    static let type = "TOPIC.CANCELLED"
    /// The topic.
    public let topic: TopicID
    /// The topic's highest comment number, 0 for none.
    public let highestComment: Int
    /// The topic's highest review number, 0 for none.
    public let highestReview: Int
    /// The newest revision's number, 0 for none.
    public let revision: Int
    /// Why.
    public let reason: Body
}

extension TopicCancelled {
    func write(to fields: inout FactFields) {
        fields.put("topic", topic)
        fields.put("highest-comment", highestComment)
        fields.put("highest-review", highestReview)
        fields.put("revision", revision)
        fields.put("reason", reason)
    }

    init(from reader: FactReader) throws(CodecProblem) {
        self.init(
            topic: try reader.topic("topic"), highestComment: try reader.number("highest-comment"),
            highestReview: try reader.number("highest-review"), revision: try reader.number("revision"),
            reason: try reader.body("reason"))
    }
}

/// A topic went back with a reason (trả lại, rút lại); `STAGE.ENTERED` follows.
public struct TopicReturned: FactPayload {
    static let type = "TOPIC.RETURNED"
    /// The topic.
    public let topic: TopicID
    /// The stage left.
    public let from: Stage
    /// The stage it goes back to.
    public let to: Stage
    /// Why.
    public let reason: Body
}

extension TopicReturned {
    func write(to fields: inout FactFields) {
        fields.put("topic", topic)
        fields.put("from", word: from)
        fields.put("to", word: to)
        fields.put("reason", reason)
    }

    init(from reader: FactReader) throws(CodecProblem) {
        self.init(
            topic: try reader.topic("topic"), from: try reader.word("from"), to: try reader.word("to"),
            reason: try reader.body("reason"))
    }
}

/// A topic entered a stage; late by so many days, if the stage it left had a milestone.
public struct StageEntered: FactPayload {
    static let type = "STAGE.ENTERED"
    /// The topic.
    public let topic: TopicID
    /// The stage entered.
    public let stage: Stage
    /// The stage left.
    public let from: Stage
    /// Days over the milestone that was passed by this act (quá hạn n ngày), 0 when on time.
    public let overdueDays: Int

    func write(to fields: inout FactFields) {
        fields.put("topic", topic)
        fields.put("stage", word: stage)
        fields.put("from", word: from)
        if overdueDays > 0 { fields.put("overdue", overdueDays) }
    }

    init(topic: TopicID, stage: Stage, from: Stage, overdueDays: Int = 0) {
        self.topic = topic
        self.stage = stage
        self.from = from
        self.overdueDays = overdueDays
    }

    init(from reader: FactReader) throws(CodecProblem) {
        self.init(
            topic: try reader.topic("topic"), stage: try reader.word("stage"), from: try reader.word("from"),
            overdueDays: try reader.optionalNumber("overdue") ?? 0)
    }
}

/// An author pushed a revision (dự thảo lần n).
public struct RevisionPushed: FactPayload {
    static let type = "REVISION.PUSHED"
    /// The topic.
    public let topic: TopicID
    /// Its number, from 1.
    public let revision: Int
    /// The kind of change from the revision before, computed and never declared; nil for the first.
    public let change: ChangeKind?
    /// The comments that it claims to address.
    public let addresses: [CommentID]
    /// What changed, in the author's words, one line.
    public let note: String?
    /// The canonical text; its digest is the revision's SHA-256.
    public let text: Body
}

extension RevisionPushed {
    func write(to fields: inout FactFields) {
        fields.put("topic", topic)
        fields.put("revision", revision)
        fields.put("change", change?.rawValue)
        fields.put("addresses", list: addresses)
        fields.put("note", note)
        fields.put("text", text)
    }

    init(from reader: FactReader) throws(CodecProblem) {
        var change: ChangeKind?
        if let word = reader.optional("change") {
            guard let kind = ChangeKind(rawValue: word) else {
                throw CodecProblem.malformed(type: reader.type, field: "change", value: word)
            }
            change = kind
        }
        self.init(
            topic: try reader.topic("topic"), revision: try reader.number("revision"), change: change,
            addresses: try reader.list("addresses") { CommentID($0) }, note: reader.optional("note"),
            text: try reader.body("text"))
    }
}
