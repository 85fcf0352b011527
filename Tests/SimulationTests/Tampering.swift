@testable import ReviewCore

/// Bugs of the domain itself, planted without touching it: after an event was taken in, what it should have changed is put
/// back, or spoilt, wherever the state is folded, live and from the log alike.
///
/// So no comparison of the two can notice; only a second writing-down of the rules can.
extension Mutant {
    /// Spoils a state that has just taken an event in.
    func tamper(_ state: inout State, with event: Event, before: State) {
        guard let id = event.fact.topic else {
            switch (self, event.fact) {
            case (.coreForgetsDisabling, .personDisabled(let fact)):
                state.people[fact.person] = before.people[fact.person]
            case (.coreForgetsDeletion, .certificateDeleted): state.certificates = before.certificates
            case (.coreKeepsCode, .certificateIssued(let fact)):
                state.people[fact.certificate.person] = before.people[fact.certificate.person]
            default: break
            }
            return
        }
        switch (self, event.fact) {
        case (.corePushKeepsVouch, .revisionPushed):
            state.topics[id]?.contentVotes = before.topics[id]?.contentVotes ?? []
        case (.corePushKeepsFormat, .revisionPushed):
            state.topics[id]?.formatVotes = before.topics[id]?.formatVotes ?? []
        case (.corePushKeepsReviews, .revisionPushed): state.topics[id]?.reviews.updateAll { $0.isInForce = true }
        case (.coreNumbersTwice, .commentAdded(let fact)):
            if fact.comment.number % 3 == 0 { state.highestComment = fact.comment.number - 1 }
        case (.coreForgetsSettlement, .commentSettled(let fact)):
            guard let old = before.topics[id]?.comments[fact.comment.number], old.disposition != nil else { return }
            state.topics[id]?.comments.update(fact.comment.number) { $0 = old }
        case (.coreForgetsMaintained, .commentMaintained(let fact)):
            state.topics[id]?.comments.update(fact.comment.number) { $0.isMaintained = false }
        case (.coreForgetsPostponing, .topicPostponed): state.topics[id]?.postponements = []
        case (.coreForgetsMembers, .memberAssigned):
            state.topics[id]?.members = before.topics[id]?.members ?? []
        default: break
        }
    }

    /// Takes an event in as this bug would.
    static func apply(_ event: Event, to state: inout State, _ mutant: Mutant?) {
        guard let mutant, mutant.isInCore else { return state.apply(event) }
        let before = state
        state.apply(event)
        mutant.tamper(&state, with: event, before: before)
    }
}
