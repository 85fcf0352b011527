import ReviewDigest

/// Why a text is no longer there.
public struct Redaction: Sendable, Equatable {
    /// The number and date of the document that ordered it.
    public let document: String
    /// When it was done.
    public let time: Instant

    /// What stands where the text was.
    public var notice: String { Self.notice(document) }

    /// What stands where a text was that this document orders to be removed.
    public static func notice(_ document: String) -> String { "[nội dung đã xóa theo \(document)]" }
}

extension State {
    /// A text as it is read: itself, or the notice that stands in its place.
    public func shown(_ body: Body) -> String {
        if let text = body.text { return text }
        return redactions[body.digest]?.notice ?? body.shown
    }

    /// The notice in place of a revision's text; nil when the text is there.
    public func notice(of revision: Revision) -> String? {
        revision.document.text.isEmpty ? redactions[revision.digest]?.notice : nil
    }

    mutating func apply(_ fact: BodyRedacted, _ event: Event) {
        let redaction = Redaction(document: fact.document, time: event.time)
        redactions[fact.digest] = redaction
        if let topic = fact.topic { topics.change(topic) { $0.apply(redaction, to: fact.target) } }
    }

    /// Removes every text that an event carries.
    ///
    /// The store drops the texts when it stores the facts; memory has them until the log is read again, which is why only
    /// the operator does this, at a server that stands still.
    func decideRedact(_ event: Event, document: String, reason: [UInt8]) throws(Refusal) -> Outcome {
        let document = try canonicalField(document, "document", 200)
        guard !document.isEmpty else {
            throw Refusal(
                .invalid,
                Wording(
                    "Phải ghi số, ngày của văn bản yêu cầu xóa.",
                    "Give number and date of the document that orders the removal."),
                details: [Detail("argument", "document")])
        }
        let words = try canonicalBody(reason)
        try mayRedact(event)
        let bodies = event.fact.fields.bodies.filter {
            $0.body.text != nil && !Self.isWorkedBy($0.name, of: event.fact)
        }
        let facts = bodies.map { named in
            Fact.bodyRedacted(
                BodyRedacted(
                    topic: event.fact.topic, target: event.sequence, field: named.name, digest: named.body.digest,
                    document: document, reason: Body(words)))
        }
        let details = [Detail("event", String(event.sequence)), Detail("texts", String(facts.count))]
        return Outcome(
            facts, details: facts.isEmpty ? details + [Detail("already", "yes")] : details,
            wording: facts.isEmpty
                ? Wording(
                    "Sự kiện \(event.sequence) không còn nội dung nào để xóa.",
                    "Event \(event.sequence) holds no text any more.")
                : Wording(
                    "Đã xóa \(facts.count) nội dung của sự kiện \(event.sequence) theo \(document).",
                    "Removed \(facts.count) texts of event \(event.sequence) under \(document)."))
    }

    /// Whether a text was not written by anybody: the server goes by it.
    private static func isWorkedBy(_ field: String, of fact: Fact) -> Bool {
        if case .requirementOverridden = fact { return field == RequirementOverridden.missing }
        return false
    }

    /// What people wrote may go; what the server works by may not.
    private func mayRedact(_ event: Event) throws(Refusal) {
        switch event.fact {
        case .revisionPushed(let fact):
            // Nobody may vouch for, review or approve a text that is not there.
            guard let topic = topics[fact.topic], topic.newest == fact.revision, !topic.stage.isFinished else { return }
            throw Refusal(
                .conflict,
                Wording(
                    "Bản \(fact.topic)@\(fact.revision) là bản mới nhất của chuyên đề đang làm; hãy gửi một bản mới đã bỏ thông tin đó rồi xóa bản này.",
                    "\(fact.topic)@\(fact.revision) is the newest revision of an open topic; push one without the data first, then remove this one."
                ))
        case .originalAttached, .commentAdded, .commentAnswered, .commentSettled, .commentMaintained, .commentWithdrawn,
            .reviewFiled,
            .opinionGiven, .objectionLifted, .contentVouched, .formatChecked, .plenaryOpened, .plenaryClosed,
            .requirementOverridden, .milestoneExtended, .topicPostponed, .topicCancelled, .topicReturned,
            .personDisabled:
            return
        case .bodyRedacted:
            throw Refusal(
                .invalid,
                Wording(
                    "Sự kiện \(event.sequence) là biên bản của một lần xóa; không xóa được.",
                    "Event \(event.sequence) records a removal; it stays."))
        case .officeAdded, .officeRenamed, .personAdded, .personChanged, .personEnabled, .personInvited, .credentialSet,
            .tokenIssued,
            .tokensWithdrawn, .certificateIssued, .certificateDeleted, .delegationGiven, .planLoaded, .planNumbered,
            .topicPlanned,
            .memberAssigned, .memberUnassigned,
            .topicResumed, .stageEntered, .commentAgreed, .commentConfirmed, .reviewEndorsed,
            .attendanceTaken, .minutesConfirmed, .approvalGiven, .documentIssued:
            throw Refusal(
                .invalid,
                Wording(
                    "Sự kiện \(event.sequence) (\(event.fact.type)) không chứa nội dung do người dùng viết, nên không có gì để xóa.",
                    "Event \(event.sequence) (\(event.fact.type)) holds nothing that people wrote freely, so there is nothing to remove."
                ))
        }
    }
}
