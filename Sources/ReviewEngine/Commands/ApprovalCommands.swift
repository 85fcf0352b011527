import ReviewCore
import ReviewProtocol

extension CommandReader {
    /// APPROVE, OVERRIDE and ISSUE.
    func approvals() throws(Refusal) -> Command {
        switch call.form.name {
        case "APPROVE":
            return .approve(
                try word("revision") { RevisionID($0) }, digest: call.pair("sha256") ?? "",
                seen: try list("seen") { CommentID($0) })
        case "OVERRIDE":
            return .override(
                try word("topic") { TopicID($0) }, try pair("requirement") { Requirement(rawValue: $0) }, reason: octets
            )
        default:
            return .issue(
                try word("topic") { TopicID($0) }, number: call.pair("number") ?? "",
                date: try pair("date") { CivilDate($0) })
        }
    }
}
