import ReviewCore
import ReviewProtocol

extension CommandReader {
    /// COMMENT, ANSWER, SETTLE, AGREE, MAINTAIN and WITHDRAW.
    func comments() throws(Refusal) -> Command {
        if call.form.name == "COMMENT" {
            return .comment(
                try word("revision") { RevisionID($0) }, at: call.pair("at"), quote: call.pair("quote"),
                kind: try pair("kind") { CommentKind(rawValue: $0) },
                level: try pair("level") { CommentLevel(rawValue: $0) }, suggestion: call.pair("suggest"),
                behalf: call.pair("behalf"), body: octets)
        }
        let comment = try word("comment") { CommentID($0) }
        switch call.form.name {
        case "ANSWER": return .answer(comment, body: octets)
        case "SETTLE":
            return .settle(
                comment, try pair("as") { Disposition(rawValue: $0) }, revision: try revisionNumber("in"),
                body: call.octets)
        case "AGREE": return .agree(comment)
        case "MAINTAIN": return .maintain(comment, body: octets)
        default: return .withdraw(comment, reason: octets)
        }
    }
}
