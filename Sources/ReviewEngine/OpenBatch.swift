import ReviewCore
import ReviewProtocol

/// What a request of the batch is answered once the batch is durable.
struct Answer: Sendable {
    /// What the answer is.
    enum Content: Sendable {
        /// A reply.
        case reply(Reply)
        /// The reply as it is stored under its key.
        case stored([UInt8])
        /// The octets that repeat the reply of an earlier request under the same key.
        case replay([UInt8])
        /// A login whose session token is stored with this batch.
        case login(LoginOutcome.Acceptance)
        /// A logout whose session token is withdrawn with this batch.
        case logout
    }

    /// Whose.
    let connection: ConnectionID
    /// The request's tag.
    let tag: String?
    /// The name of the request's form.
    let form: String
    /// The answer.
    let content: Content

    /// Whether it lets a person in.
    func isLogin(of person: PersonID) -> Bool {
        guard case .login(let acceptance) = content else { return false }
        return acceptance.person == person
    }
}

/// A batch on its way: what is appended, the state as it will be then, and everybody who waits for it.
struct OpenBatch: Sendable {
    /// What is appended.
    var batch: Batch
    /// The state with everything in the batch applied.
    var scratch: State
    /// The answers, in the order of the requests.
    var answers: [Answer] = []
    /// What the batch's own requests have stored under their keys.
    var stored: [ReplyKey: StoredReply] = [:]
    /// Who set a new password with this batch, and on which connection: that session stays.
    var newPasswords: [PersonID: ConnectionID] = [:]
    /// Writes so far.
    var writes = 0
    /// Texts so far, in octets.
    var octets = 0

    /// An empty batch on a state.
    init(on state: State) {
        batch = Batch(expected: state.lastSequence)
        scratch = state
    }

    /// Whether further writes wait for the next batch.
    var isFull: Bool {
        writes >= EngineConfiguration.batchWrites || octets >= EngineConfiguration.batchOctets
    }
}
