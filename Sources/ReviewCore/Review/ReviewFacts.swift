/// A review (phiếu nhận xét, phản biện) was filed.
public struct ReviewFiled: FactPayload {
    static let type = "REVIEW.FILED"
    /// The topic.
    public let topic: TopicID
    /// The revision's number.
    public let revision: Int
    /// The review.
    public let review: ReviewID
    /// The verdict.
    public let verdict: Verdict
    /// The review round.
    public let round: Int
    /// The filled form.
    public let body: Body
}

extension ReviewFiled {
    func write(to fields: inout FactFields) {
        fields.put("topic", topic)
        fields.put("revision", revision)
        fields.put("id", review)
        fields.put("verdict", word: verdict)
        fields.put("round", round)
        fields.put("body", body)
    }

    init(from reader: FactReader) throws(CodecProblem) {
        self.init(
            topic: try reader.topic("topic"),
            revision: try reader.number("revision"),
            review: try reader.review("id"),
            verdict: try reader.word("verdict"),
            round: try reader.number("round"),
            body: try reader.body("body"))
    }
}

/// The head of the review office endorsed a review: it is the office's from now on.
public struct ReviewEndorsed: FactPayload {
    static let type = "REVIEW.ENDORSED"
    /// The topic.
    public let topic: TopicID
    /// The review.
    public let review: ReviewID
}

extension ReviewEndorsed {
    func write(to fields: inout FactFields) {
        fields.put("topic", topic)
        fields.put("id", review)
    }

    init(from reader: FactReader) throws(CodecProblem) {
        self.init(
            topic: try reader.topic("topic"),
            review: try reader.review("id"))
    }
}
