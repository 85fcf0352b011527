/// The plenary (buổi sinh hoạt chuyên đề) was opened; the text is frozen at its revision.
public struct PlenaryOpened: FactPayload {
    static let type = "PLENARY.OPENED"
    /// The topic.
    public let topic: TopicID
    /// The revision at which the text is frozen.
    public let revision: Int
    /// The time as announced, `2025-06-25T08:00`.
    public let at: String
    /// Who chairs it.
    public let chair: PersonID
    /// Who takes the minutes.
    public let secretary: PersonID
    /// Where; empty when not said.
    public let place: Body
}

extension PlenaryOpened {
    func write(to fields: inout FactFields) {
        fields.put("topic", topic)
        fields.put("revision", revision)
        fields.put("at", at)
        fields.put("chair", chair.text)
        fields.put("secretary", secretary.text)
        fields.put("place", place)
    }

    init(from reader: FactReader) throws(CodecProblem) {
        self.init(
            topic: try reader.topic("topic"),
            revision: try reader.number("revision"),
            at: try reader.text("at"),
            chair: try reader.person("chair"),
            secretary: try reader.person("secretary"),
            place: try reader.body("place"))
    }
}

/// The secretary took the roll-call; a later one replaces it.
public struct AttendanceTaken: FactPayload {
    static let type = "ATTENDANCE.TAKEN"
    /// The topic.
    public let topic: TopicID
    /// Who is there.
    public let present: [PersonID]
    /// Who is not.
    public let absent: [PersonID]
}

extension AttendanceTaken {
    func write(to fields: inout FactFields) {
        fields.put("topic", topic)
        fields.put("present", list: present)
        fields.put("absent", list: absent)
    }

    init(from reader: FactReader) throws(CodecProblem) {
        self.init(
            topic: try reader.topic("topic"),
            present: try reader.list("present") { PersonID(String($0)) },
            absent: try reader.list("absent") { PersonID(String($0)) })
    }
}

/// The chair closed the plenary with a conclusion.
public struct PlenaryClosed: FactPayload {
    static let type = "PLENARY.CLOSED"
    /// The topic.
    public let topic: TopicID
    /// The chair's words.
    public let conclusion: Body
}

extension PlenaryClosed {
    func write(to fields: inout FactFields) {
        fields.put("topic", topic)
        fields.put("conclusion", conclusion)
    }

    init(from reader: FactReader) throws(CodecProblem) {
        self.init(
            topic: try reader.topic("topic"),
            conclusion: try reader.body("conclusion"))
    }
}

/// The chair or the secretary confirmed the minutes.
public struct MinutesConfirmed: FactPayload {
    static let type = "MINUTES.CONFIRMED"
    /// The topic.
    public let topic: TopicID
}

extension MinutesConfirmed {
    func write(to fields: inout FactFields) {
        fields.put("topic", topic)
    }

    init(from reader: FactReader) throws(CodecProblem) {
        self.init(
            topic: try reader.topic("topic"))
    }
}
