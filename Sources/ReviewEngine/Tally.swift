import ReviewCore
import ReviewProtocol

/// What the engine has done since its start, in plain numbers: the shell reads them now and then, so counting costs the
/// way of a request nothing but an addition.
///
/// The keys are verbs and codes of the protocol's tables, never what a peer sent.
public struct Tally: Sendable, Equatable {
    /// What requests that fit no row of the verb table count under.
    static let notUnderstood = "-"

    /// How requests of one form were answered.
    public struct Answers: Sendable, Equatable {
        /// Done.
        public var ok: Int64 = 0
        /// Understood and refused.
        public var no: Int64 = 0
        /// Not understood.
        public var bad: Int64 = 0
    }

    /// Answers by the form's name (`COMMENT`, `AUTH TOKEN`).
    public private(set) var requests: [String: Answers] = [:]
    /// Refusals by the code of NO and BAD.
    public private(set) var refusals: [String: Int64] = [:]
    /// Connections that the server ended, by the code of BYE.
    public private(set) var goodbyes: [String: Int64] = [:]
    /// Connections beyond a limit, which were told so.
    public var turnedAway: Int64 = 0
    /// People who were let in.
    public var logins: Int64 = 0
    /// EVENT lines to watchers.
    public var deliveries: Int64 = 0

    /// Nothing yet.
    public init() {}

    mutating func count(_ form: String, _ outcome: Status.Outcome) {
        switch outcome {
        case .ok: requests[form, default: Answers()].ok &+= 1
        case .no(let code):
            requests[form, default: Answers()].no &+= 1
            refusals[code, default: 0] &+= 1
        case .bad(let code):
            requests[form, default: Answers()].bad &+= 1
            refusals[code, default: 0] &+= 1
        }
    }

    /// Counts several that were done.
    mutating func count(_ form: String, done: Int) {
        if done > 0 { requests[form, default: Answers()].ok &+= Int64(done) }
    }

    mutating func count(_ code: ByeCode) { goodbyes[code.rawValue, default: 0] &+= 1 }
}

/// How many there are of what at this moment.
public struct Census: Sendable, Equatable {
    /// Connections that nobody has logged in on, those that end included.
    public var anonymous: Int
    /// Connections of people.
    public var authenticated: Int
    /// Connections that watch.
    public var watching: Int
    /// Batches made durable since the start.
    public var batches: Int64
    /// The last event.
    public var head: Int64
    /// People with an account that is not disabled.
    public var people: Int
    /// Topics that are not finished.
    public var openTopics: Int
}

extension Engine {
    /// The present numbers.
    public var census: Census {
        Census(
            anonymous: connections.count - loggedIn, authenticated: loggedIn, watching: watchers.all.count,
            batches: Int64(clamping: appends), head: state.lastSequence,
            people: state.people.values.count { !$0.isDisabled },
            openTopics: state.topics.openCount)
    }
}
