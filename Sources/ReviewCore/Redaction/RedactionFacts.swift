public import ReviewDigest

/// A text was removed from the store, under a document that orders it; its digest stays in the log, so the chain still
/// verifies.
public struct BodyRedacted: FactPayload {
    static let type = "BODY.REDACTED"
    /// The topic that the text belonged to, if it belonged to one.
    public let topic: TopicID?
    /// The event that carried the text.
    public let target: Int64
    /// The name of the event's field, such as `body`, `quote` or `text`.
    public let field: String
    /// The digest under which the text was kept.
    public let digest: Digest
    /// The number and date of the document that orders it.
    public let document: String
    /// Why; never a repetition of what is removed.
    public let reason: Body
}

extension BodyRedacted {
    func write(to fields: inout FactFields) {
        fields.put("topic", topic)
        fields.put("event", String(target))
        fields.put("field", field)
        fields.put("sha256", digest)
        fields.put("document", document)
        fields.put("reason", reason)
    }

    init(from reader: FactReader) throws(CodecProblem) {
        self.init(
            topic: try reader.optionalTopic("topic"), target: try reader.sequence("event"),
            field: try reader.text("field"), digest: try reader.digest("sha256"),
            document: try reader.text("document"), reason: try reader.body("reason"))
    }
}
