import ReviewCore

/// Who may be told of an event, written down a second time from domain §3, so that a mistake in the policy or in its use
/// does not hide behind itself.
enum Visibility {
    /// Whether an event speaks of a topic's content, and not only of its title and progress.
    static func isContent(_ fact: Fact) -> Bool {
        switch fact {
        case .revisionPushed, .originalAttached, .commentAdded, .commentAnswered, .commentSettled, .commentAgreed,
            .commentMaintained,
            .commentWithdrawn, .commentConfirmed, .reviewFiled, .reviewEndorsed, .opinionGiven, .objectionLifted,
            .contentVouched, .formatChecked, .plenaryOpened, .attendanceTaken, .plenaryClosed, .minutesConfirmed,
            .requirementOverridden, .approvalGiven:
            true
        default: false
        }
    }

    /// Whether telling this person now is forbidden for certain.
    static func isForbidden(_ event: Event, to person: Person, _ state: State) -> Bool {
        if person.isDisabled { return true }
        switch event.fact {
        case .personInvited(let fact): return person.position != .admin && fact.person != person.id
        case .credentialSet(let fact): return person.position != .admin && fact.person != person.id
        case .tokenIssued(let fact): return person.position != .admin && fact.person != person.id
        case .certificateIssued(let fact):
            return person.position != .admin && fact.certificate.person != person.id
        case .certificateDeleted(let fact): return person.position != .admin && fact.person != person.id
        default: break
        }
        guard let topic = event.fact.topic.flatMap({ state.topics[$0] }) else { return false }
        let isApproved = topic.stage == .approved || topic.stage == .issued
        if person.position == .observer, !isApproved { return true }
        guard isContent(event.fact) else { return false }
        if person.position == .admin { return true }
        let isExcepted =
            topic.members.contains { $0.person == person.id && $0.assignment == .author }
            || topic.plenary?.chair == person.id || topic.plenary?.secretary == person.id
        if isExcepted || person.office == topic.lead { return false }
        let isLeader = person.position == .director || person.position == .deputy
        switch topic.stage {
        case .assigned, .drafting: return true
        case .leadership: return !isLeader
        case .review:
            if person.office != topic.review, !isLeader { return true }
            guard case .reviewFiled(let fact) = event.fact, person.office == topic.review, person.position != .head,
                event.person != person.id, fact.round == topic.round
            else { return false }
            return !topic.reviews.contains { $0.person == person.id && $0.round == topic.round }
        case .revision, .cancelled: return person.office != topic.review && !isLeader
        case .plenary, .finishing, .approval, .approved, .issued: return false
        }
    }

    /// Whether a person who never moved has been free to see the event from the moment it happened.
    static func isCertain(_ event: Event, to person: Person, _ state: State) -> Bool {
        guard let topic = event.fact.topic.flatMap({ state.topics[$0] }) else {
            switch event.fact {
            case .personInvited, .credentialSet, .tokenIssued, .tokensWithdrawn, .certificateIssued,
                .certificateDeleted:
                return person.position == .admin
            default: return true
            }
        }
        if person.position == .observer { return false }
        if !isContent(event.fact) { return true }
        return person.position != .admin && person.office == topic.lead
    }
}
