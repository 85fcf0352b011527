public import ReviewDigest

/// The Director overrode a requirement, with a reason that is printed in the papers.
public struct RequirementOverridden: FactPayload {
    static let type = "REQUIREMENT.OVERRIDDEN"
    /// The topic.
    public let topic: TopicID
    /// Which requirement.
    public let requirement: Requirement
    /// What it covers; nil in logs from before this was kept.
    public let reach: OverrideReach?
    /// Why.
    public let reason: Body

    /// The name of the text that lists what it covers.
    static let missing = "missing"
}

extension RequirementOverridden {
    func write(to fields: inout FactFields) {
        fields.put("topic", topic)
        fields.put("requirement", word: requirement)
        fields.put("revision", reach?.revision)
        fields.put("reason", reason)
        // Titles of sections hold commas, and there may be hundreds of comments: one a line.
        if let missing = reach?.missing, !missing.isEmpty {
            fields.put(Self.missing, Body(missing.joined(separator: "\n")))
        }
    }

    init(from reader: FactReader) throws(CodecProblem) {
        self.init(
            topic: try reader.topic("topic"),
            requirement: try reader.word("requirement"),
            reach: try reader.optionalNumber("revision").map { revision in
                let missing = reader.optionalBody(Self.missing)?.text ?? ""
                return OverrideReach(
                    revision: revision, missing: missing.split(separator: "\n").map { String($0) })
            },
            reason: try reader.body("reason"))
    }
}

/// A revision was approved by its exact digest.
public struct ApprovalGiven: FactPayload {
    static let type = "APPROVAL.GIVEN"
    /// The topic.
    public let topic: TopicID
    /// The revision's number.
    public let revision: Int
    /// SHA-256 of the revision's canonical text.
    public let digest: Digest
    /// Maintained comments that the approver has seen.
    public let seen: [CommentID]
    /// The document under which a deputy approved (KT.); nil for the Director.
    public let delegation: String?
    /// The approver is an author of this topic, or pushed a revision of it: the papers say so (domain §5).
    public let isOwnWork: Bool
    /// The approver's signature; nil where they approved by their login alone.
    public let evidence: Evidence?

    func write(to fields: inout FactFields) {
        fields.put("topic", topic)
        fields.put("revision", revision)
        fields.put("sha256", digest)
        fields.put("seen", list: seen)
        fields.put("ref", delegation)
        fields.put("own-work", flag: isOwnWork)
        guard let evidence else { return }
        fields.put("certificate", evidence.certificate)
        fields.put("signature", evidence.signature)
        fields.put("manifest", evidence.manifest)
        fields.put("authority", evidence.authority)
    }

    init(
        topic: TopicID, revision: Int, digest: Digest, seen: [CommentID], delegation: String?, isOwnWork: Bool,
        evidence: Evidence? = nil
    ) {
        self.topic = topic
        self.revision = revision
        self.digest = digest
        self.seen = seen
        self.delegation = delegation
        self.isOwnWork = isOwnWork
        self.evidence = evidence
    }

    init(from reader: FactReader) throws(CodecProblem) {
        self.init(
            topic: try reader.topic("topic"),
            revision: try reader.number("revision"),
            digest: try reader.digest("sha256"),
            seen: try reader.list("seen") { CommentID($0) },
            delegation: reader.optional("ref"),
            isOwnWork: reader.flag("own-work"),
            evidence: try Self.evidence(reader))
    }

    private static func evidence(_ reader: FactReader) throws(CodecProblem) -> Evidence? {
        guard reader.optional("certificate") != nil else { return nil }
        return Evidence(
            signature: try reader.body("signature"), manifest: try reader.body("manifest"),
            certificate: try reader.digest("certificate"), authority: try reader.body("authority"))
    }
}

/// The clerk numbered and issued the document; the counters keep identifiers unique once its details are no longer loaded.
public struct DocumentIssued: FactPayload {
    static let type = "DOCUMENT.ISSUED"
    /// The topic.
    public let topic: TopicID
    /// The approved revision.
    public let revision: Int
    /// SHA-256 of the revision's canonical text.
    public let digest: Digest
    /// Số, ký hiệu.
    public let number: String
    /// The document's date.
    public let date: CivilDate
    /// The topic's highest comment number, 0 for none.
    public let highestComment: Int
    /// The topic's highest review number, 0 for none.
    public let highestReview: Int
}

extension DocumentIssued {
    func write(to fields: inout FactFields) {
        fields.put("topic", topic)
        fields.put("revision", revision)
        fields.put("sha256", digest)
        fields.put("number", number)
        fields.put("date", date)
        fields.put("highest-comment", highestComment)
        fields.put("highest-review", highestReview)
    }

    init(from reader: FactReader) throws(CodecProblem) {
        self.init(
            topic: try reader.topic("topic"),
            revision: try reader.number("revision"),
            digest: try reader.digest("sha256"),
            number: try reader.text("number"),
            date: try reader.date("date"),
            highestComment: try reader.number("highest-comment"),
            highestReview: try reader.number("highest-review"))
    }
}
