import ReviewCore
import ReviewProtocol

extension CommandReader {
    /// ASSESS, ENDORSE, OPINION, LIFT, VOUCH and FORMAT.
    func reviews() throws(Refusal) -> Command {
        switch call.form.name {
        case "ENDORSE": return .endorse(try word("review") { ReviewID($0) })
        case "LIFT":
            return .lift(
                try word("topic") { TopicID($0) }, try word("person") { PersonID($0) }, reason: octets)
        default: break
        }
        let revision = try word("revision") { RevisionID($0) }
        switch call.form.name {
        case "ASSESS":
            return .assess(revision, try pair("verdict") { Verdict(rawValue: $0) }, body: octets)
        case "OPINION": return .opine(revision, try pair("as") { Opinion(rawValue: $0) }, body: call.octets)
        case "VOUCH":
            let vote = call.pair("as").flatMap { ContentVote(rawValue: $0) } ?? .vouch
            return .vouch(revision, vote, body: call.octets)
        default: return .checkFormat(revision, try pair("as") { FormatVote(rawValue: $0) }, body: call.octets)
        }
    }
}
