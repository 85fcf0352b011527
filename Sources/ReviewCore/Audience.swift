/// Who may be told of one event, by the state of one moment.
///
/// Everything that is looked up for it is looked up once, however many people are asked about; it is shared by all who ask.
public final class Audience: Sendable {
    private let fact: Fact
    /// The topic of the fact as it is now; nil when it has none, or it is gone.
    private let topic: Topic?

    init(fact: Fact, topic: Topic?) {
        self.fact = fact
        self.topic = topic
    }

    /// Whether a person belongs to it.
    public func includes(_ person: Person) -> Bool {
        guard !person.isDisabled else { return false }
        switch fact {
        case .personInvited(let fact): return person.position == .admin || fact.person == person.id
        case .credentialSet(let fact): return person.position == .admin || fact.person == person.id
        case .tokenIssued(let fact): return person.position == .admin || fact.person == person.id
        case .tokensWithdrawn(let fact): return person.position == .admin || fact.person == person.id
        case .certificateIssued(let fact):
            return person.position == .admin || fact.certificate.person == person.id
        case .certificateDeleted(let fact): return person.position == .admin || fact.person == person.id
        case .officeAdded, .officeRenamed, .personAdded, .personChanged, .personDisabled, .personEnabled,
            .delegationGiven,
            .planLoaded, .planNumbered:
            return true
        case .topicPlanned, .memberAssigned, .memberUnassigned, .milestoneExtended, .topicPostponed, .topicResumed,
            .topicCancelled, .topicReturned, .stageEntered, .documentIssued:
            return topic.map { $0.access(of: person) != .none } ?? false
        case .reviewFiled(let fact):
            guard let topic else { return false }
            guard let review = topic.reviews[fact.review.number] else { return topic.access(of: person) == .text }
            return topic.shows(review, to: person)
        case .revisionPushed, .originalAttached, .commentAdded, .commentAnswered, .commentSettled, .commentAgreed,
            .commentMaintained,
            .commentWithdrawn, .commentConfirmed, .reviewEndorsed, .opinionGiven, .objectionLifted, .contentVouched,
            .formatChecked, .plenaryOpened, .attendanceTaken, .plenaryClosed, .minutesConfirmed, .requirementOverridden,
            .approvalGiven, .bodyRedacted:
            // Without a topic it is the removal of a text about a person, with the digest from which a short one can be guessed.
            if fact.topic == nil { return person.position == .admin }
            return topic.map { $0.access(of: person) == .text } ?? false
        }
    }
}

extension Topic {
    /// Whether a leader is assigned as its author (domain §5: the director may be one).
    ///
    /// Of everybody else the office decides: who was moved to the reviewing office is no author any more, assigned or not.
    func isWritten(byLeader person: Person) -> Bool {
        person.position.isLeader && assigned(as: .author).contains(person.id)
    }

    /// What a person who may log in reads of it.
    func access(of person: Person) -> Access {
        switch person.position {
        case .admin: return .title
        case .observer: return stage.isApproved ? .text : .none
        case .director, .deputy, .head, .staff, .clerk: break
        }
        let isLead = person.office == lead || isWritten(byLeader: person)
        let isReview = person.office == review
        let isLeader = person.position.isLeader
        let readsAnyway = plenary.map { $0.chair == person.id || $0.secretary == person.id } ?? false
        switch stage {
        case .assigned, .drafting: return isLead ? .text : .title
        case .leadership: return isLead || isLeader || readsAnyway ? .text : .title
        case .review, .revision: return isLead || isReview || isLeader || readsAnyway ? .text : .title
        case .plenary, .finishing, .approval, .approved, .issued: return .text
        case .cancelled: return isLead || isReview || isLeader ? .text : .title
        }
    }

    /// The topic with those of its reviews only that a person may see; that one they do not see took the place of another is
    /// not told either.
    public func shown(to person: PersonID, in state: State) -> Topic {
        let seen = reviews.filter { state.canSee($0, in: self, person: person) }
        guard seen.count < reviews.count else { return self }
        var last: [PersonID: ReviewID] = [:]
        for review in seen { last[review.person] = review.id }
        var topic = self
        topic.reviews = NumberedList()
        for var review in seen {
            review.isSuperseded = last[review.person] != review.id
            topic.reviews.append(review, number: review.id.number)
        }
        return topic
    }

    /// Whether a person who may log in sees one of its reviews; the rule is that of `State.canSee`.
    func shows(_ review: Review, to person: Person) -> Bool {
        guard access(of: person) == .text else { return false }
        guard stage == .review, review.round == round, review.person != person.id else { return true }
        guard person.office == self.review, person.position != .head else { return true }
        return reviews.contains { $0.person == person.id && $0.round == round }
    }
}
