import ReviewClient
import ReviewCore
import ReviewDigest
import ReviewProtocol

/// What a person wants of the server once, however often it has to be sent.
struct Operation {
    /// What kind of wish it is.
    enum Kind: Equatable {
        /// A write with a key.
        case write
        /// A write that is only tried.
        case dryRun
        /// Another request under the key of an earlier write.
        case reuse(of: Int)
        /// Anything that stores nothing.
        case query
    }

    /// What became of it.
    enum Outcome {
        /// No reply yet.
        case open
        /// Done: the first OK, and the last event it named.
        case done(Reply, sequence: Int64?)
        /// Refused for good, or given up after refusals that may pass.
        case refused(String)
    }

    let person: String
    let request: Request
    let kind: Kind
    /// Whether its number stands at the beginning of a text that it stores.
    let isMarked: Bool
    /// What an event of it looks like, when it stores no text.
    let signature: String?
    /// The secret that it sets.
    var newSecret: String?
    var outcome = Outcome.open
    /// Sendings that have no reply yet.
    var openSendings = 0
    /// Where the log ended when it was first sent: it cannot happen before.
    var sentAt: Int64 = .max
    /// How often it was put off.
    var delays = 0

    var key: String? { request.value("key") }
    /// Of ENROL: the digest of the code, and that of the certificate request.
    var code: String { InvitationDigest.digest(of: (request.words.first ?? "").utf8) }
    var content: Digest { Digest(hashing: request.body?.octets ?? []) }

    /// The mark at the beginning of a stored text.
    static func mark(_ number: Int) -> String { "op\(number) " }

    /// The operation whose mark a text begins with.
    static func number(in text: String) -> Int? {
        let octets = text.utf8
        guard octets.starts(with: "op".utf8) else { return nil }
        var number = 0
        for octet in octets.dropFirst(2).prefix(9) {
            if octet == UInt8(ascii: " ") { return number }
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(octet) else { return nil }
            number = number * 10 + Int(octet - UInt8(ascii: "0"))
        }
        return nil
    }
}

/// One sending of an operation: the number that the client session hands back with the reply.
struct Sending {
    let operation: Int
    let desk: Int
    /// Whether the operation had been answered OK before: then the reply has to be the same.
    let wasDone: Bool
    /// Up to where the server knew the log when it was sent: no older state may judge it.
    let knownAt: Int64
}

extension Event {
    /// The operation whose text it stores.
    var mark: Int? {
        for named in fact.fields.bodies {
            if let text = named.body.text, let number = Operation.number(in: text) { return number }
        }
        return nil
    }

    /// What it is, for acts that store no text; nil for the others, and for what comes along with another act.
    func signature(after previous: Event?) -> String? {
        guard let by = person?.text else { return nil }
        switch fact {
        case .stageEntered(let fact):
            return isSubmission(fact, after: previous) ? "\(by) submits \(fact.topic)" : nil
        case .memberAssigned(let fact): return "\(by) assigns \(fact.topic) \(fact.person) \(fact.assignment.rawValue)"
        case .memberUnassigned(let fact):
            return "\(by) unassigns \(fact.topic) \(fact.person) \(fact.assignment.rawValue)"
        case .commentAgreed(let fact): return "\(by) agrees \(fact.comment)"
        case .commentConfirmed(let fact): return "\(by) confirms \(fact.comment)"
        case .reviewEndorsed(let fact): return "\(by) endorses \(fact.review)"
        case .originalAttached(let fact): return "\(by) attaches \(fact.topic)@\(fact.revision)"
        case .contentVouched(let fact): return "\(by) vouches \(fact.topic)@\(fact.revision)"
        case .attendanceTaken(let fact): return "\(by) attends \(fact.topic)"
        case .minutesConfirmed(let fact): return "\(by) confirms \(fact.topic)"
        case .approvalGiven(let fact): return "\(by) approves \(fact.topic)@\(fact.revision)"
        case .documentIssued(let fact): return "\(by) issues \(fact.topic)"
        case .delegationGiven(let fact): return "\(by) delegates \(fact.person)"
        case .personAdded(let fact): return "\(by) adds \(fact.person)"
        case .personChanged(let fact): return "\(by) changes \(fact.person)"
        case .personInvited(let fact): return "\(by) invites \(fact.person) \(fact.purpose.rawValue)"
        case .certificateDeleted(let fact): return "\(by) deletes \(fact.digest)"
        case .credentialSet(let fact): return "\(by) sets \(fact.person)"
        default: return nil
        }
    }

    /// A stage is entered by SUBMIT, unless the event before it says by what.
    private func isSubmission(_ entered: StageEntered, after previous: Event?) -> Bool {
        if entered.stage == .issued { return false }
        guard let previous, previous.sequence == sequence - 1, previous.person == person,
            previous.fact.topic == entered.topic, previous.time == time
        else { return true }
        switch previous.fact {
        case .revisionPushed: return entered.from != .assigned
        case .reviewEndorsed, .plenaryClosed, .approvalGiven, .topicReturned: return false
        default: return true
        }
    }
}
