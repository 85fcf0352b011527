import ReviewCore
import ReviewProtocol

/// What a plan file was understood as.
struct PlanReading: Sendable {
    /// The draft, as far as there is one.
    let draft: PlanDraft?
    /// What was found wrong while reading.
    let problems: [PlanProblem]
}

extension Engine {
    /// PLAN LOAD: what the file's reader could not understand stops it, as does every fatal inconsistency.
    ///
    /// A file takes long to understand for its size, so another thread does it, and for nobody who may not load it. nil
    /// while that goes on.
    mutating func preparePlan(
        _ id: ConnectionID, _ next: Queued, _ call: Call, _ identity: Identity
    ) throws(Refusal) -> Command? {
        try basis(of: call).checkMayLoadPlans(identity.person)
        let octets = call.octets ?? []
        guard let reading = next.materials.plan?.value else {
            compute(.plan(octets, configuration.readPlan), for: id, serial: next.serial)
            return nil
        }
        guard let draft = reading.draft else { throw State.planRefusal(reading.problems) }
        return .loadPlan(draft, source: octets)
    }
}
