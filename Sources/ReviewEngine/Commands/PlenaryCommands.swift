import ReviewCore
import ReviewProtocol

extension CommandReader {
    /// PLENARY, ATTEND and CONFIRM.
    func plenaries() throws(Refusal) -> Command {
        if call.form.name == "CONFIRM" {
            let object = call.word("object")
            if let comment = CommentID(object) { return .confirmRemark(comment) }
            return .confirmMinutes(try word("object") { TopicID($0) })
        }
        let topic = try word("topic") { TopicID($0) }
        switch call.form.name {
        case "PLENARY OPEN":
            return .openPlenary(
                topic, at: call.pair("at") ?? "", place: call.pair("place"),
                chair: try optionalPair("chair") { PersonID($0) },
                secretary: try optionalPair("secretary") { PersonID($0) })
        case "PLENARY CLOSE": return .closePlenary(topic, conclusion: octets)
        default:
            return .attend(
                topic, present: try list("present") { PersonID($0) }, absent: try list("absent") { PersonID($0) })
        }
    }
}
