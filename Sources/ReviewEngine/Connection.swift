import ReviewCore
import ReviewDigest
import ReviewProtocol

/// What a connection's next request waits for.
enum Waiting: Sendable, Equatable {
    /// Nothing: it can be worked on.
    case nothing
    /// An answer of the store.
    case load
    /// The result of a computation.
    case computation
    /// The end of a computation for another connection of the same person.
    case turn
    /// An answer of the pool.
    case verification
    /// A place in the pool.
    case place
    /// The end of a login's delay.
    case delay
    /// The batch that is being written.
    case batch
}

/// One connection with everything that is kept for it.
struct Connection: Sendable {
    /// Its number.
    let id: ConnectionID
    /// The peer's address, without port.
    let address: String
    /// The client certificate that the peer presented, by its SHA-256.
    let certificate: Digest?
    /// How far the login has come.
    var session = Session.anonymous
    /// The language of what people read.
    var language = Language.vietnamese
    /// Whether stored texts are sent as literals (`SET body=literal`).
    var sendsLiterals = false

    /// The topic whose dossier was asked for last: FETCH finds its files.
    var dossier: TopicID?

    /// Requests that came and are neither answered nor part of a batch, the oldest first.
    private(set) var queue: [Queued] = []
    /// How many at the front of `queue` are done: taking them out one by one would cost a move each.
    private var done = 0
    private var nextSerial = 0
    /// About how much memory the queue holds, in octets.
    private(set) var queuedOctets = 0
    /// Writes that are in a batch and not answered yet.
    var unansweredWrites = 0
    /// What the next request waits for.
    var waiting = Waiting.nothing
    /// What became of a login whose answer is delayed.
    var login: LoginOutcome?
    /// Whether it stands in the list of connections to work on.
    var isReady = false

    /// Whether reading was paused because the window is full.
    var isPaused = false
    /// Whether the socket takes no more.
    var isBlocked = false
    /// What was written since the last send.
    var output: [UInt8] = []
    /// Whether it stands in the list of connections with output.
    var hasOutput = false
    /// Octets sent before login.
    var anonymousOctets = 0
    /// Whether the time to log in is over and the answer to a login was still owed.
    var isOvertime = false

    /// What the framer waits for.
    var pending = Framer.Pending.nothing
    /// Whether a prompt is due as soon as everything before it is answered.
    var isPromptDue = false
    /// When the last request came, or a part of a body that is on its way.
    var lastActivity: Instant
    /// What it watches.
    var subscriptions: [Subscription] = []
    /// Events that were written since they were last counted.
    var delivered: Int64 = 0
    /// Pages of the log that were asked for and have not come.
    var pagesAsked = 0
    /// Whether it still has events to get that are at hand.
    var isBehind = false
    /// Whether an alarm for its next SYNC is set.
    var hasSyncAlarm = false

    /// A connection that has just been opened.
    init(id: ConnectionID, address: String, certificate: Digest?, now: Instant) {
        self.id = id
        self.address = address
        self.certificate = certificate
        lastActivity = now
    }

    /// The oldest request that is not worked on.
    var next: Queued? { done < queue.count ? queue[done] : nil }

    /// The name of the form of the oldest request that is not worked on.
    var nextForm: String {
        guard done < queue.count, case .call(let call) = queue[done].content else { return Tally.notUnderstood }
        return call.form.name
    }

    /// Whether the oldest request is a write whose key nobody has asked for yet.
    var nextAsksForItsKey: Bool {
        guard done < queue.count, case .unknown = queue[done].materials.key, case .call(let call) = queue[done].content
        else { return false }
        return !call.isCancelled && call.key != nil
    }

    /// How many requests wait for their replies.
    var unanswered: Int { queue.count - done + unansweredWrites }

    /// Whether a login waits for the server: for a place, the check, its delay or the disk.
    var isOwedLogin: Bool {
        switch waiting {
        case .place, .verification, .delay, .batch: true
        default: unansweredWrites > 0
        }
    }

    /// Adds what came.
    mutating func enqueue(_ content: Queued.Content, octets: Int) {
        queue.append(Queued(serial: nextSerial, content: content, octets: octets))
        nextSerial += 1
        queuedOctets += octets
    }

    /// Takes the oldest request out: it is answered, or part of a batch.
    mutating func dequeue() {
        guard done < queue.count else { return }
        queuedOctets -= queue[done].octets
        // The body may be large; it must not outlive its request in the part that is done.
        queue[done] = Queued(serial: queue[done].serial, content: .fatal(.frame), octets: 0)
        done += 1
        if done == queue.count {
            queue.removeAll(keepingCapacity: done <= 64)
            done = 0
        } else if done >= 64 {
            queue.removeFirst(done)
            done = 0
        }
    }

    /// The requests that are not worked on, from the oldest.
    var indicesOfWaiting: Range<Int> { done..<queue.count }

    /// Changes what is kept for the oldest request.
    mutating func updateNext(_ change: (inout Queued) -> Void) {
        if done < queue.count { change(&queue[done]) }
    }

    /// Changes what is kept for the request at a place of `indicesOfWaiting`.
    mutating func update(at index: Int, _ change: (inout Queued) -> Void) {
        if indicesOfWaiting.contains(index) { change(&queue[index]) }
    }

    /// Changes what is kept for a request, if it is still here.
    mutating func update(serial: Int, _ change: (inout Queued) -> Void) {
        guard let first = next?.serial, serial >= first, serial - first < queue.count - done else { return }
        change(&queue[done + serial - first])
    }

    /// Forgets everything that waits: the connection ends.
    mutating func abandon() {
        queue.removeAll()
        done = 0
        queuedOctets = 0
        subscriptions.removeAll()
        login = nil
        isPromptDue = false
    }

    /// Appends a reply to what is to be sent.
    mutating func write(_ reply: Reply, tag: String?) {
        reply.write(tag: tag, literal: sendsLiterals, into: &output)
    }
}
