import ReviewCore
import ReviewProtocol

extension CommandReader {
    /// ASSIGN, UNASSIGN, EXTEND, POSTPONE, UNPOSTPONE, CANCEL, SUBMIT, SENDBACK and PUSH.
    func topics() throws(Refusal) -> Command {
        let topic = try word("topic") { TopicID($0) }
        switch call.form.name {
        case "ASSIGN":
            return .assign(topic, try word("person") { PersonID($0) }, try pair("as") { Assignment(rawValue: $0) })
        case "UNASSIGN":
            return .unassign(topic, try word("person") { PersonID($0) }, try pair("as") { Assignment(rawValue: $0) })
        case "EXTEND":
            return .extend(
                topic, try pair("milestone") { Milestone(rawValue: $0) }, to: try pair("to") { CivilDate($0) },
                reference: call.pair("ref") ?? "", reason: octets)
        case "POSTPONE": return .postpone(topic, reason: octets)
        case "UNPOSTPONE": return .resume(topic)
        case "CANCEL": return .cancel(topic, reason: octets)
        case "SUBMIT": return .submit(topic)
        case "SENDBACK": return .sendBack(topic, reason: octets)
        default:
            return .push(
                topic, base: try revisionNumber("if") ?? 0, addresses: try list("addresses") { CommentID($0) },
                note: call.pair("note"), text: octets)
        }
    }
}
