/// Everything that can happen, as past-tense facts.
///
/// Names are frozen by storage: a type or a field is never renamed, only added.
public indirect enum Fact: Sendable, Equatable {
    case officeAdded(OfficeAdded)
    case officeRenamed(OfficeRenamed)
    case personAdded(PersonAdded)
    case personChanged(PersonChanged)
    case personDisabled(PersonDisabled)
    case personEnabled(PersonEnabled)
    case personInvited(PersonInvited)
    case credentialSet(CredentialSet)
    case tokenIssued(TokenIssued)
    case tokensWithdrawn(TokensWithdrawn)
    case certificateIssued(CertificateIssued)
    case certificateDeleted(CertificateDeleted)
    case delegationGiven(DelegationGiven)
    case planLoaded(PlanLoaded)
    case planNumbered(PlanNumbered)
    case topicPlanned(TopicPlanned)
    case memberAssigned(MemberAssigned)
    case memberUnassigned(MemberUnassigned)
    case milestoneExtended(MilestoneExtended)
    case topicPostponed(TopicPostponed)
    case topicResumed(TopicResumed)
    case topicCancelled(TopicCancelled)
    case topicReturned(TopicReturned)
    case stageEntered(StageEntered)
    case revisionPushed(RevisionPushed)
    case originalAttached(OriginalAttached)
    case commentAdded(CommentAdded)
    case commentAnswered(CommentAnswered)
    case commentSettled(CommentSettled)
    case commentAgreed(CommentAgreed)
    case commentMaintained(CommentMaintained)
    case commentWithdrawn(CommentWithdrawn)
    case commentConfirmed(CommentConfirmed)
    case reviewFiled(ReviewFiled)
    case reviewEndorsed(ReviewEndorsed)
    case opinionGiven(OpinionGiven)
    case objectionLifted(ObjectionLifted)
    case contentVouched(ContentVouched)
    case formatChecked(FormatChecked)
    case plenaryOpened(PlenaryOpened)
    case attendanceTaken(AttendanceTaken)
    case plenaryClosed(PlenaryClosed)
    case minutesConfirmed(MinutesConfirmed)
    case requirementOverridden(RequirementOverridden)
    case approvalGiven(ApprovalGiven)
    case documentIssued(DocumentIssued)
    case bodyRedacted(BodyRedacted)

    var payload: any FactPayload {
        switch self {
        case .officeAdded(let fact): fact
        case .officeRenamed(let fact): fact
        case .personAdded(let fact): fact
        case .personChanged(let fact): fact
        case .personDisabled(let fact): fact
        case .personEnabled(let fact): fact
        case .personInvited(let fact): fact
        case .credentialSet(let fact): fact
        case .tokenIssued(let fact): fact
        case .tokensWithdrawn(let fact): fact
        case .certificateIssued(let fact): fact
        case .certificateDeleted(let fact): fact
        case .delegationGiven(let fact): fact
        case .planLoaded(let fact): fact
        case .planNumbered(let fact): fact
        case .topicPlanned(let fact): fact
        case .memberAssigned(let fact): fact
        case .memberUnassigned(let fact): fact
        case .milestoneExtended(let fact): fact
        case .topicPostponed(let fact): fact
        case .topicResumed(let fact): fact
        case .topicCancelled(let fact): fact
        case .topicReturned(let fact): fact
        case .stageEntered(let fact): fact
        case .revisionPushed(let fact): fact
        case .originalAttached(let fact): fact
        case .commentAdded(let fact): fact
        case .commentAnswered(let fact): fact
        case .commentSettled(let fact): fact
        case .commentAgreed(let fact): fact
        case .commentMaintained(let fact): fact
        case .commentWithdrawn(let fact): fact
        case .commentConfirmed(let fact): fact
        case .reviewFiled(let fact): fact
        case .reviewEndorsed(let fact): fact
        case .opinionGiven(let fact): fact
        case .objectionLifted(let fact): fact
        case .contentVouched(let fact): fact
        case .formatChecked(let fact): fact
        case .plenaryOpened(let fact): fact
        case .attendanceTaken(let fact): fact
        case .plenaryClosed(let fact): fact
        case .minutesConfirmed(let fact): fact
        case .requirementOverridden(let fact): fact
        case .approvalGiven(let fact): fact
        case .documentIssued(let fact): fact
        case .bodyRedacted(let fact): fact
        }
    }

    /// The type's name on the wire and in storage: `NOUN.PAST` (specification §8).
    public var type: String { Swift.type(of: payload).type }

    /// The stored form.
    public var fields: FactFields { record.fields }

    /// The type's name and the stored form: what a record needs of a fact, for the price of one.
    public var record: (type: String, fields: FactFields) {
        let payload = payload
        var fields = FactFields()
        payload.write(to: &fields)
        return (Swift.type(of: payload).type, fields)
    }

    /// Reads a fact from its stored form.
    ///
    /// - Throws: `CodecProblem` naming type, field and value.
    public init(type: String, fields: FactFields) throws(CodecProblem) {
        let reader = FactReader(type: type, fields: fields)
        switch type {
        case OfficeAdded.type: self = .officeAdded(try OfficeAdded(from: reader))
        case OfficeRenamed.type: self = .officeRenamed(try OfficeRenamed(from: reader))
        case PersonAdded.type: self = .personAdded(try PersonAdded(from: reader))
        case PersonChanged.type: self = .personChanged(try PersonChanged(from: reader))
        case PersonDisabled.type: self = .personDisabled(try PersonDisabled(from: reader))
        case PersonEnabled.type: self = .personEnabled(try PersonEnabled(from: reader))
        case PersonInvited.type: self = .personInvited(try PersonInvited(from: reader))
        case CredentialSet.type: self = .credentialSet(try CredentialSet(from: reader))
        case TokenIssued.type: self = .tokenIssued(try TokenIssued(from: reader))
        case TokensWithdrawn.type: self = .tokensWithdrawn(try TokensWithdrawn(from: reader))
        case CertificateIssued.type: self = .certificateIssued(try CertificateIssued(from: reader))
        case CertificateDeleted.type: self = .certificateDeleted(try CertificateDeleted(from: reader))
        case DelegationGiven.type: self = .delegationGiven(try DelegationGiven(from: reader))
        case PlanLoaded.type: self = .planLoaded(try PlanLoaded(from: reader))
        case PlanNumbered.type: self = .planNumbered(try PlanNumbered(from: reader))
        case TopicPlanned.type: self = .topicPlanned(try TopicPlanned(from: reader))
        case MemberAssigned.type: self = .memberAssigned(try MemberAssigned(from: reader))
        case MemberUnassigned.type: self = .memberUnassigned(try MemberUnassigned(from: reader))
        case MilestoneExtended.type: self = .milestoneExtended(try MilestoneExtended(from: reader))
        case TopicPostponed.type: self = .topicPostponed(try TopicPostponed(from: reader))
        case TopicResumed.type: self = .topicResumed(try TopicResumed(from: reader))
        case TopicCancelled.type: self = .topicCancelled(try TopicCancelled(from: reader))
        case TopicReturned.type: self = .topicReturned(try TopicReturned(from: reader))
        case StageEntered.type: self = .stageEntered(try StageEntered(from: reader))
        case RevisionPushed.type: self = .revisionPushed(try RevisionPushed(from: reader))
        case OriginalAttached.type: self = .originalAttached(try OriginalAttached(from: reader))
        case CommentAdded.type: self = .commentAdded(try CommentAdded(from: reader))
        case CommentAnswered.type: self = .commentAnswered(try CommentAnswered(from: reader))
        case CommentSettled.type: self = .commentSettled(try CommentSettled(from: reader))
        case CommentAgreed.type: self = .commentAgreed(try CommentAgreed(from: reader))
        case CommentMaintained.type: self = .commentMaintained(try CommentMaintained(from: reader))
        case CommentWithdrawn.type: self = .commentWithdrawn(try CommentWithdrawn(from: reader))
        case CommentConfirmed.type: self = .commentConfirmed(try CommentConfirmed(from: reader))
        case ReviewFiled.type: self = .reviewFiled(try ReviewFiled(from: reader))
        case ReviewEndorsed.type: self = .reviewEndorsed(try ReviewEndorsed(from: reader))
        case OpinionGiven.type: self = .opinionGiven(try OpinionGiven(from: reader))
        case ObjectionLifted.type: self = .objectionLifted(try ObjectionLifted(from: reader))
        case ContentVouched.type: self = .contentVouched(try ContentVouched(from: reader))
        case FormatChecked.type: self = .formatChecked(try FormatChecked(from: reader))
        case PlenaryOpened.type: self = .plenaryOpened(try PlenaryOpened(from: reader))
        case AttendanceTaken.type: self = .attendanceTaken(try AttendanceTaken(from: reader))
        case PlenaryClosed.type: self = .plenaryClosed(try PlenaryClosed(from: reader))
        case MinutesConfirmed.type: self = .minutesConfirmed(try MinutesConfirmed(from: reader))
        case RequirementOverridden.type: self = .requirementOverridden(try RequirementOverridden(from: reader))
        case ApprovalGiven.type: self = .approvalGiven(try ApprovalGiven(from: reader))
        case DocumentIssued.type: self = .documentIssued(try DocumentIssued(from: reader))
        case BodyRedacted.type: self = .bodyRedacted(try BodyRedacted(from: reader))
        default: throw .unknownType(type)
        }
    }

    /// The topic it belongs to, if it belongs to one.
    public var topic: TopicID? {
        switch self {
        case .officeAdded, .officeRenamed, .personAdded, .personChanged, .personDisabled, .personEnabled,
            .personInvited,
            .credentialSet, .tokenIssued, .tokensWithdrawn, .certificateIssued, .certificateDeleted, .delegationGiven,
            .planLoaded, .planNumbered:
            nil
        case .topicPlanned(let fact): fact.topic
        case .memberAssigned(let fact): fact.topic
        case .memberUnassigned(let fact): fact.topic
        case .milestoneExtended(let fact): fact.topic
        case .topicPostponed(let fact): fact.topic
        case .topicResumed(let fact): fact.topic
        case .topicCancelled(let fact): fact.topic
        case .topicReturned(let fact): fact.topic
        case .stageEntered(let fact): fact.topic
        case .revisionPushed(let fact): fact.topic
        case .originalAttached(let fact): fact.topic
        case .commentAdded(let fact): fact.topic
        case .commentAnswered(let fact): fact.topic
        case .commentSettled(let fact): fact.topic
        case .commentAgreed(let fact): fact.topic
        case .commentMaintained(let fact): fact.topic
        case .commentWithdrawn(let fact): fact.topic
        case .commentConfirmed(let fact): fact.topic
        case .reviewFiled(let fact): fact.topic
        case .reviewEndorsed(let fact): fact.topic
        case .opinionGiven(let fact): fact.topic
        case .objectionLifted(let fact): fact.topic
        case .contentVouched(let fact): fact.topic
        case .formatChecked(let fact): fact.topic
        case .plenaryOpened(let fact): fact.topic
        case .attendanceTaken(let fact): fact.topic
        case .plenaryClosed(let fact): fact.topic
        case .minutesConfirmed(let fact): fact.topic
        case .requirementOverridden(let fact): fact.topic
        case .approvalGiven(let fact): fact.topic
        case .documentIssued(let fact): fact.topic
        case .bodyRedacted(let fact): fact.topic
        }
    }

    /// The type of the facts that carry a file which came beside a text.
    public static var typeOfFiles: String { OriginalAttached.type }

    /// The texts it holds, in octets: about what keeping it in memory costs.
    public var textOctets: Int {
        // By far the most frequent one is looked at without writing its fields.
        if case .commentAdded(let fact) = self {
            return [fact.body.text, fact.suggestion?.text, fact.anchor.quote].reduce(0) { $0 + ($1?.utf8.count ?? 0) }
        }
        return fields.bodies.reduce(0) { $0 + ($1.body.text?.utf8.count ?? 0) }
    }

    /// Whether the topic is finished by this fact: its details need not be loaded at the next start.
    public var closesTopic: Bool {
        if case .documentIssued = self { return true }
        if case .topicCancelled = self { return true }
        return false
    }

    /// How long the event must be loaded again at start.
    public var retention: Retention {
        if case .tokenIssued(let fact) = self { return .until(fact.expires) }
        if case .topicPlanned = self { return .always }
        // Where a text was, its notice stands, also in finished topics that somebody asks for.
        if case .bodyRedacted = self { return .always }
        if closesTopic { return .always }
        return topic.map { .whileOpen($0) } ?? .always
    }

    /// The texts that FIND looks through, with what they belong to; the first one names the kind of place.
    public var searchable: (source: SearchSource, texts: [Body])? {
        switch self {
        case .revisionPushed(let fact): (.revision(RevisionID(fact.topic, fact.revision)), [fact.text])
        case .commentAdded(let fact):
            (.comment(fact.comment, topic: fact.topic), [fact.body] + [fact.suggestion].compactMap { $0 })
        case .commentAnswered(let fact): (.comment(fact.comment, topic: fact.topic), [fact.body])
        case .commentSettled(let fact): fact.body.map { (.comment(fact.comment, topic: fact.topic), [$0]) }
        case .commentMaintained(let fact): (.comment(fact.comment, topic: fact.topic), [fact.body])
        case .reviewFiled(let fact): (.review(fact.review, topic: fact.topic), [fact.body])
        case .opinionGiven(let fact): fact.body.map { (.topic(fact.topic), [$0]) }
        case .plenaryClosed(let fact): (.topic(fact.topic), [fact.conclusion])
        case .officeAdded, .officeRenamed, .personAdded, .personChanged, .personDisabled, .personEnabled,
            .personInvited,
            .credentialSet, .tokenIssued, .tokensWithdrawn, .certificateIssued, .certificateDeleted, .delegationGiven,
            .planLoaded, .planNumbered, .topicPlanned,
            .memberAssigned, .memberUnassigned, .milestoneExtended, .topicPostponed, .topicResumed, .topicCancelled,
            .topicReturned, .stageEntered, .originalAttached,
            .commentAgreed, .commentWithdrawn, .commentConfirmed, .reviewEndorsed, .objectionLifted, .contentVouched,
            .formatChecked, .plenaryOpened, .attendanceTaken, .minutesConfirmed, .requirementOverridden,
            .approvalGiven, .documentIssued, .bodyRedacted:
            nil
        }
    }

    /// What a watcher is told: short references, never texts, so that the line stays below 500 octets (specification §4).
    public var reference: [Detail] {
        var shown: [Detail] = []
        var octets = 0
        for pair in fields.pairs where !Self.unreferenced.contains(pair.key) && pair.value.utf8.count <= 80 {
            octets += pair.key.utf8.count + pair.value.utf8.count
            guard octets <= 240 else { break }
            shown.append(pair)
        }
        return shown
    }

    /// Whether its record holds what nobody is told: the digest of a session token or of an invitation code, or the hash of
    /// a password by its digest.
    public var holdsSecret: Bool {
        switch self {
        case .personInvited, .credentialSet, .tokenIssued, .tokensWithdrawn, .certificateIssued: true
        default: false
        }
    }

    /// Fields that no event line shows: secrets with their digests, and what people wrote (specification §1.4).
    private static let unreferenced: Set<String> = [
        "token", "code", "request", "expires", "name", "note", "title", "issuer", "parent", "signer",
    ]
}
