import ReviewClient
import ReviewCore
import ReviewDigest

/// A person at a screen with the real client session, and what the person's program remembers.
struct Desk {
    /// What a program that follows the log was told.
    struct Following {
        let topic: TopicID?
        /// Where it began; nil until that is known.
        var begin: Int64?
        var told: [Int64] = []
    }

    let person: String
    let zeal: Int64
    var session: ClientSession
    /// At whose desk somebody sits who is no user of the server; nil: at their own.
    var place: String?
    /// The client certificate that is presented with each connection.
    var certificate: Digest?
    /// Nobody comes back: the account was closed, or its secret is lost.
    var isGone = false
    /// How many sessions there were.
    var sessions = 0
    var link: Int?
    var timerTicket = 0
    /// Whether the session can take wishes.
    var isRunning = false
    /// Sendings without a reply, in order.
    var unanswered: [Int] = []
    var token: [UInt8]?
    /// How many of the person's secrets were tried on this connection.
    var secretsTried = 0
    var following: Following?
    /// Up to where it was told everything when its last session ended.
    var position: Int64?
    /// Whether it reads what the server sends.
    var isSlow = false
    /// Whether it was logged in at least once.
    var wasReady = false
}

/// What a person knows of their own secrets.
struct Secrets {
    /// The newest last; the last one may not be in force yet, or never come into force.
    var known: [String]
    /// The one that was in force when the server last said so.
    var confirmed: String
    /// Whether a change is on its way.
    var isChanging = false
}
