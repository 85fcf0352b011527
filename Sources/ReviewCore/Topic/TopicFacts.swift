/// A person was assigned to a topic.
public struct MemberAssigned: FactPayload {
    static let type = "MEMBER.ASSIGNED"
    public let topic: TopicID
    public let person: PersonID
    public let assignment: Assignment

    func write(to fields: inout FactFields) {
        fields.put("topic", topic)
        fields.put("person", person.text)
        fields.put("as", word: assignment)
    }

    init(topic: TopicID, person: PersonID, assignment: Assignment) {
        self.topic = topic
        self.person = person
        self.assignment = assignment
    }

    init(from reader: FactReader) throws(CodecProblem) {
        self.init(
            topic: try reader.topic("topic"), person: try reader.person("person"), assignment: try reader.word("as"))
    }
}

/// A person's assignment ended.
public struct MemberUnassigned: FactPayload {
    static let type = "MEMBER.UNASSIGNED"
    public let topic: TopicID
    public let person: PersonID
    public let assignment: Assignment

    func write(to fields: inout FactFields) {
        fields.put("topic", topic)
        fields.put("person", person.text)
        fields.put("as", word: assignment)
    }

    init(topic: TopicID, person: PersonID, assignment: Assignment) {
        self.topic = topic
        self.person = person
        self.assignment = assignment
    }

    init(from reader: FactReader) throws(CodecProblem) {
        self.init(
            topic: try reader.topic("topic"), person: try reader.person("person"), assignment: try reader.word("as"))
    }
}

/// A milestone got a new date under a document (gia hạn).
public struct MilestoneExtended: FactPayload {
    static let type = "MILESTONE.EXTENDED"
    public let topic: TopicID
    public let milestone: Milestone
    public let to: CivilDate
    public let reference: String
    public let reason: Body

    func write(to fields: inout FactFields) {
        fields.put("topic", topic)
        fields.put("milestone", word: milestone)
        fields.put("to", to)
        fields.put("ref", reference)
        fields.put("reason", reason)
    }

    init(topic: TopicID, milestone: Milestone, to: CivilDate, reference: String, reason: Body) {
        self.topic = topic
        self.milestone = milestone
        self.to = to
        self.reference = reference
        self.reason = reason
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
    public let topic: TopicID
    public let reason: Body

    func write(to fields: inout FactFields) {
        fields.put("topic", topic)
        fields.put("reason", reason)
    }

    init(topic: TopicID, reason: Body) {
        self.topic = topic
        self.reason = reason
    }

    init(from reader: FactReader) throws(CodecProblem) {
        self.init(topic: try reader.topic("topic"), reason: try reader.body("reason"))
    }
}

/// Work on a postponed topic goes on.
public struct TopicResumed: FactPayload {
    static let type = "TOPIC.RESUMED"
    public let topic: TopicID

    func write(to fields: inout FactFields) { fields.put("topic", topic) }

    init(topic: TopicID) { self.topic = topic }

    init(from reader: FactReader) throws(CodecProblem) { self.init(topic: try reader.topic("topic")) }
}

/// A topic was given up (hủy); the counters keep identifiers unique once its details are no longer loaded.
public struct TopicCancelled: FactPayload {
    static let type = "TOPIC.CANCELLED"
    public let topic: TopicID
    public let highestComment: Int
    public let highestReview: Int
    public let revision: Int
    public let reason: Body

    func write(to fields: inout FactFields) {
        fields.put("topic", topic)
        fields.put("highest-comment", highestComment)
        fields.put("highest-review", highestReview)
        fields.put("revision", revision)
        fields.put("reason", reason)
    }

    init(topic: TopicID, highestComment: Int, highestReview: Int, revision: Int, reason: Body) {
        self.topic = topic
        self.highestComment = highestComment
        self.highestReview = highestReview
        self.revision = revision
        self.reason = reason
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
    public let topic: TopicID
    public let from: Stage
    public let to: Stage
    public let reason: Body

    func write(to fields: inout FactFields) {
        fields.put("topic", topic)
        fields.put("from", word: from)
        fields.put("to", word: to)
        fields.put("reason", reason)
    }

    init(topic: TopicID, from: Stage, to: Stage, reason: Body) {
        self.topic = topic
        self.from = from
        self.to = to
        self.reason = reason
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
    public let topic: TopicID
    public let stage: Stage
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
    public let topic: TopicID
    public let revision: Int
    /// The kind of change from the revision before, computed and never declared; nil for the first.
    public let change: ChangeKind?
    public let addresses: [CommentID]
    public let note: String?
    /// The canonical text; its digest is the revision's SHA-256.
    public let text: Body

    func write(to fields: inout FactFields) {
        fields.put("topic", topic)
        fields.put("revision", revision)
        fields.put("change", change?.rawValue)
        fields.put("addresses", list: addresses)
        fields.put("note", note)
        fields.put("text", text)
    }

    init(topic: TopicID, revision: Int, change: ChangeKind?, addresses: [CommentID], note: String?, text: Body) {
        self.topic = topic
        self.revision = revision
        self.change = change
        self.addresses = addresses
        self.note = note
        self.text = text
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
