/// A year's plan was loaded (Kế hoạch thực hiện chuyên đề).
public struct PlanLoaded: FactPayload {
    static let type = "PLAN.LOADED"
    /// The plan's id: its year.
    public let plan: String
    /// The document's number; empty while it is blank.
    public let number: String
    /// The plan that it carries out.
    public let reference: String
    /// The date as the document gives it; the day may be blank there (`2025-01`).
    public let date: String
    /// The title.
    public let title: String
    /// The issuing body.
    public let issuer: String
    /// The body above it.
    public let parent: String
    /// Who signs.
    public let signer: String
    /// The office that synthesises and reports (III.1).
    public let coordinator: OfficeID
    /// The general content requirements (II.2), `key<TAB>text` a line.
    public let requirements: Body
    /// The plan file as it was loaded.
    public let source: Body
}

extension PlanLoaded {
    func write(to fields: inout FactFields) {
        fields.put("plan", plan)
        fields.put("number", number)
        fields.put("ref", reference)
        fields.put("date", date)
        fields.put("title", title)
        fields.put("issuer", issuer)
        fields.put("parent", parent)
        fields.put("signer", signer)
        fields.put("coordinator", coordinator.text)
        fields.put("requirements", requirements)
        fields.put("source", source)
    }

    init(from reader: FactReader) throws(CodecProblem) {
        self.init(
            plan: try reader.text("plan"), number: try reader.text("number"), reference: try reader.text("ref"),
            date: try reader.text("date"), title: try reader.text("title"), issuer: try reader.text("issuer"),
            parent: try reader.text("parent"), signer: try reader.text("signer"),
            coordinator: try reader.office("coordinator"), requirements: try reader.body("requirements"),
            source: try reader.body("source"))
    }
}

/// A plan got what its document had left blank: its number and its day, which the clerk gives when it is signed.
public struct PlanNumbered: FactPayload {
    static let type = "PLAN.NUMBERED"
    /// The plan's id: its year.
    public let plan: String
    /// The document's number.
    public let number: String
    /// The date as the document gives it.
    public let date: String
    /// The plan file with both.
    public let source: Body
}

extension PlanNumbered {
    func write(to fields: inout FactFields) {
        fields.put("plan", plan)
        fields.put("number", number)
        fields.put("date", date)
        fields.put("source", source)
    }

    init(from reader: FactReader) throws(CodecProblem) {
        self.init(
            plan: try reader.text("plan"), number: try reader.text("number"), date: try reader.text("date"),
            source: try reader.body("source"))
    }
}

/// A topic of a plan exists from now on, in stage `assigned`.
public struct TopicPlanned: FactPayload {
    static let type = "TOPIC.PLANNED"
    /// The topic.
    public let topic: TopicID
    /// The plan's id.
    public let plan: String
    /// Phòng chủ trì.
    public let lead: OfficeID
    /// Phòng phản biện.
    public let review: OfficeID
    /// The quarter, 1 to 4.
    public let quarter: Int
    /// Before which day the draft goes to leadership.
    public let opinion: CivilDate
    /// Before which day it is reviewed.
    public let reviewDate: CivilDate
    /// Before which day it is finished.
    public let final: CivilDate
    /// The full title.
    public let title: Body
    /// The required outline (bố cục): a title a line, two blanks of indentation a level.
    public let outline: Body
}

extension TopicPlanned {
    func write(to fields: inout FactFields) {
        fields.put("topic", topic)
        fields.put("plan", plan)
        fields.put("lead", lead.text)
        fields.put("review", review.text)
        fields.put("quarter", quarter)
        fields.put("opinion-date", opinion)
        fields.put("review-date", reviewDate)
        fields.put("final-date", final)
        fields.put("title", title)
        fields.put("outline", outline)
    }

    init(from reader: FactReader) throws(CodecProblem) {
        self.init(
            topic: try reader.topic("topic"), plan: try reader.text("plan"), lead: try reader.office("lead"),
            review: try reader.office("review"), quarter: try reader.number("quarter"),
            opinion: try reader.date("opinion-date"), reviewDate: try reader.date("review-date"),
            final: try reader.date("final-date"), title: try reader.body("title"), outline: try reader.body("outline"))
    }
}
