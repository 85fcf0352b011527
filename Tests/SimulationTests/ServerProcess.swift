import ReviewCore
import ReviewDigest
import ReviewEngine
import ReviewProtocol

/// One life of the server's process: the real engine and framers, in a shell that does what the real one does.
struct ServerProcess {
    /// One connection as the real handler keeps it.
    final class Connection {
        var framer: Framer
        var tap = Wiretap()
        /// Before login one request is answered before the next one is framed.
        var awaitsAnswer = true
        var isPaused = false
        var hasMore = false
        var isBlocked = false
        /// Nothing more is read.
        var isEnding = false
        var told = Framer.Pending.nothing
        /// The head of the log when the socket filled up.
        var blockedAt: Int64?
        /// The certificate that was presented.
        let certificate: Digest?
        /// Whether somebody came in by it.
        var isByCertificate = false

        init(limits: Limits, certificate: Digest?) {
            framer = Framer(limits: limits)
            self.certificate = certificate
        }
    }

    /// A batch on its way to the disk.
    struct Flight {
        let batch: Batch
        var isDurable = false
    }

    let number: Int
    var engine: Engine
    /// Whether it lives.
    var isUp = true
    /// Whether it was asked to end.
    var isStopping = false
    var hasStopped = false
    /// What the engine has been told is durable.
    var view: State
    var connections: [Int: Connection] = [:]
    var inbox: [Input] = []
    var isTurnScheduled = false
    var outbox: [(link: Int, action: Action)] = []
    var flight: Flight?
    var timerTicket = 0
    var timer: Instant?
    /// Whether the timer rang in the turn that is under way.
    var hasRung = false
    /// Whether loads and appends are answered at once, as the real shell does, or later, as the interface allows.
    let isPrompt: Bool
    /// Batches that a planted bug acknowledged before they were written.
    var late: [Batch] = []

    /// What the engine wants done with a connection.
    enum Action {
        case send([UInt8])
        case close, authenticated, pause, resume
    }
}

/// The limits of the simulated server: small, so that every one of them is met.
enum SimulatedLimits {
    /// So low that most queries and many drafts are computed beside the engine.
    static let longOctets = 1_500

    static let server: Limits = {
        var limits = Limits()
        limits.windowRequests = 4
        limits.requestsPerSecond = 8
        limits.connectionsPerPerson = 6
        limits.connectionsPerAddress = 16
        limits.loginSeconds = 25
        return limits
    }()
}
