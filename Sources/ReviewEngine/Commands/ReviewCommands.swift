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
            guard call.pair("behalf") == nil else {
                throw Refusal(
                    .invalid,
                    Wording(
                        "Phiếu do cá nhân nộp; Trưởng phòng xác nhận bằng ENDORSE thì thành phiếu của phòng",
                        "A person files a review; the head makes it the office's with ENDORSE"))
            }
            return .assess(revision, try pair("verdict") { Verdict(rawValue: $0) }, body: octets)
        case "OPINION": return .opine(revision, try pair("as") { Opinion(rawValue: $0) }, body: call.octets)
        case "VOUCH": return .vouch(revision, .vouch, body: nil)
        default: return .checkFormat(revision, try pair("as") { FormatVote(rawValue: $0) }, body: call.octets)
        }
    }
}
