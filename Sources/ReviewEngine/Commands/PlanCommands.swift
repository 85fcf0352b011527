import ReviewCore
import ReviewProtocol

extension CommandReader {
    /// PLAN LOAD: what the file's reader could not understand stops it, as does every fatal inconsistency.
    func loadPlan() throws(Refusal) -> Command {
        let (draft, problems) = readPlan(octets)
        guard let draft else { throw State.planRefusal(problems) }
        return .loadPlan(draft, source: octets)
    }
}
