import ReviewProtocol

/// The client's side of phanbien/1 without any input or output: login, pipelining, resending, following the log.
///
/// What it promises its caller:
/// - every request handed in is answered once (`deliver`), in order, unless it was given up (`giveUp`) because it broke
///   each connection or is a write that waited for another log, or the session ends with `failed`;
/// - what was not answered when a connection broke is sent again, octet for octet and with the same `key=`, so that a
///   write happens once however often the line breaks (specification §4);
/// - every event is given on once, in order, and a missing one is noticed by its successor's `prev=`.
///
/// The shell makes connections, moves octets, keeps time and supplies random numbers. See `handle(_:now:)`.
public struct ClientSession: Sendable {
    /// Where the session stands.
    enum Phase: Sendable, Equatable {
        /// No connection and none wanted.
        case idle
        /// The shell was asked to connect.
        case connecting
        /// Waiting for HELLO.
        case greeting
        /// Waiting for the answer to the credential at this position.
        case authenticating(Int)
        /// Every credential was refused; the caller was asked for another.
        case waitingForCredential
        /// Logged in.
        case ready
        /// The shell was told to drop the connection and has not confirmed it yet.
        case dropping
        /// Waiting to connect again.
        case waiting(until: Milliseconds)
        /// Over.
        case ended
    }

    /// For whom a request was sent.
    enum Owner: Sendable, Equatable {
        case caller(RequestIdentifier)
        case credential
        case preparation
        case watch
        /// The end of a subscription: of this topic, or of everything.
        case unwatch(topic: String?)
        case sign
    }

    struct Entry: Sendable {
        let owner: Owner
        let tag: String
        /// Whether it is a write, which bears a `key=`.
        let isKeyed: Bool
        let octets: [UInt8]
        var sends = 0
    }

    let configuration: ClientConfiguration
    var credentials: [Credential]
    var phase = Phase.idle
    var framer = ReplyFramer()
    /// Requests not on this connection's wire yet, oldest first.
    var waiting: [Entry] = []
    /// Requests on the wire without a reply, oldest first.
    var inFlight: [Entry] = []
    var inFlightOctets = 0
    /// The reply that is being read.
    var parts: [ReplyPart] = []
    var replyOctets = 0
    var cursor: Cursor?
    /// Whether the subscription was asked for on this connection.
    var watching = false
    /// Whether the server has answered that it stands: what it tells of the log before is about an earlier one.
    var watchStands = false
    /// WATCH requests without an answer; only the last one counts.
    var watchesOnWire = 0
    /// Requests that the server refused for the moment, and when they are sent again: the session's own and the caller's.
    var postponed: [Entry] = []
    var postponedUntil: Milliseconds = 0
    /// The identity of the server's log, from its last HELLO.
    var log: String?
    var lastBye: (code: String, limit: String?, human: String)?
    /// The server could not even log in just now: its words, and how long it asked to wait.
    var lastRefusal: (words: String, pause: Milliseconds)?
    /// The language of the server's words, as it was asked for last.
    var language: Language
    var failures = 0
    var everConnected = false
    var everReady = false
    var tagCount: UInt64 = 0
    /// When octets last came in, or went out after they had waited.
    var lastMoved: Milliseconds = 0
    var phaseSince: Milliseconds = 0
    var timer: Milliseconds?
    var effects: [ClientEffect] = []

    /// Makes a session that will log in with the first credential that the server accepts.
    public init(configuration: ClientConfiguration, credentials: [Credential]) {
        self.configuration = configuration
        language = configuration.language
        self.credentials = credentials
    }

    /// Whether the session is logged in and nothing waits for a reply.
    public var isQuiet: Bool { phase == .ready && inFlight.isEmpty && waiting.isEmpty && postponed.isEmpty }

    /// Whether a reply, or a line of the log, has come in part.
    public var isAmidReply: Bool { !parts.isEmpty || framer.buffered > 0 }

    /// Whether the session is over.
    public var isOver: Bool { phase == .ended }

    /// The number of requests without a reply.
    public var unanswered: Int { waiting.count + inFlight.count + postponed.count }

    /// The last number of the log that the caller has seen, while it follows; the place to resume from another day.
    public var position: Int64? { cursor?.seen }

    /// The identity of the server's log (`log=` of HELLO), once a connection was made.
    public var logIdentity: String? { log }

    /// Takes in what happened and says what to do, in order.
    ///
    /// - Parameters:
    ///   - input: what happened.
    ///   - now: the time, which never goes back.
    /// - Returns: the effects, to be performed in their order.
    public mutating func handle(_ input: ClientInput, now: Milliseconds) -> [ClientEffect] {
        effects = []
        guard phase != .ended else { return [] }
        switch input {
        case .connected: connected(now)
        case .received(let octets): received(octets, now)
        case .wentOut: lastMoved = now
        case .disconnected(let reason, let jitter): disconnected(reason, jitter, now)
        case .send(let identifier, let request): send(identifier, request, nil, now)
        case .sendLater(let identifier, let request, let pause): send(identifier, request, pause, now)
        case .watch(let subscription): watch(subscription, now)
        case .unwatch: unwatch(now)
        case .credential(let credential): add(credential, now)
        case .timer: timerFired(now)
        case .close: close()
        }
        renewTimer(now)
        defer { effects = [] }
        return effects
    }

    // MARK: - The caller's wishes

    private mutating func send(
        _ identifier: RequestIdentifier, _ request: Request, _ pause: Milliseconds?, _ now: Milliseconds
    ) {
        // What the person has chosen holds for the connections that follow, too.
        if request.verb == "LANG", let chosen = request.words.first.flatMap({ Language(rawValue: $0) }) {
            language = chosen
        }
        do {
            let new = try entry(request, owner: .caller(identifier))
            if let pause {
                putOff(new, pause, now)
            } else {
                waiting.append(new)
            }
        } catch {
            effects.append(.refuse(identifier, error))
            return
        }
        connectIfNeeded(now)
        pump()
    }

    private mutating func watch(_ subscription: Subscription, _ now: Milliseconds) {
        var cursor = Cursor(subscription)
        if let log, let known = cursor.log, known != log {
            effects.append(.note(.logChanged(from: known, to: log)))
            cursor.forget()
        }
        // Each topic is a subscription of its own on the server: the old one ends before another topic's begins.
        if watching, let old = self.cursor?.topic, let new = cursor.topic, old != new { endWatch(of: old) }
        self.cursor = cursor
        forgetWatch()
        connectIfNeeded(now)
        establishWatch()
        pump()
    }

    private mutating func unwatch(_ now: Milliseconds) {
        guard let old = cursor else { return }
        cursor = nil
        guard watching else { return }
        forgetWatch()
        endWatch(of: old.topic)
        pump()
    }

    private mutating func endWatch(of topic: String?) {
        var request = Request(tag: nil, verb: "UNWATCH", arguments: [], body: nil)
        if let topic { request.arguments.append(Argument(key: nil, value: topic)) }
        enqueueInternal(request, owner: .unwatch(topic: topic))
    }

    /// The subscription on this connection is no longer the one that is wanted.
    private mutating func forgetWatch() {
        watching = false
        watchStands = false
        let count = postponed.count
        postponed.removeAll { $0.owner == .watch }
        watchesOnWire -= count - postponed.count
    }

    private mutating func add(_ credential: Credential, _ now: Milliseconds) {
        credentials.append(credential)
        switch phase {
        case .waitingForCredential:
            authenticate(with: credentials.count - 1, now)
        case .idle:
            connectIfNeeded(now)
        case .connecting, .greeting, .authenticating, .ready, .dropping, .waiting, .ended:
            break
        }
    }

    private mutating func close() {
        switch phase {
        case .idle, .waiting: break
        case .connecting, .greeting, .authenticating, .waitingForCredential, .ready, .dropping:
            effects.append(.disconnect)
        case .ended: return
        }
        end(.closed)
    }

    // MARK: - The connection

    mutating func connectIfNeeded(_ now: Milliseconds) {
        guard phase == .idle else { return }
        enter(.connecting, now)
        effects.append(.connect)
    }

    private mutating func connected(_ now: Milliseconds) {
        guard phase == .connecting else { return }
        framer = ReplyFramer()
        clearReply()
        lastBye = nil
        everConnected = true
        lastMoved = now
        enter(.greeting, now)
    }

    private mutating func disconnected(_ reason: String, _ jitter: UInt32, _ now: Milliseconds) {
        switch phase {
        case .idle, .waiting, .ended: return
        case .connecting, .greeting, .authenticating, .waitingForCredential, .ready, .dropping: break
        }
        let askedForCredential = phase == .waitingForCredential
        takeBack()
        if let bye = lastBye, !mayReturn(after: bye.code) {
            end(.closedByServer(code: bye.code, limit: bye.limit, human: bye.human))
            return
        }
        giveUpWornRequest()
        if unanswered == 0, cursor == nil, everReady || askedForCredential {
            // Nothing waits for the connection: it is made again with the next wish.
            enter(.idle, now)
            return
        }
        failures += 1
        let refusal = lastRefusal
        let spoken = lastBye.map { $0.human.isEmpty ? $0.code : $0.human } ?? refusal?.words ?? reason
        lastBye = nil
        lastRefusal = nil
        if let most = everConnected ? configuration.laterAttempts : configuration.firstAttempts,
            failures >= max(most, 1)
        {
            end(.unreachable(reason: spoken))
            return
        }
        let wait = max(
            configuration.backOff.milliseconds(afterFailures: failures, jitter: jitter), refusal?.pause ?? 0)
        effects.append(.note(.reconnecting(reason: spoken, afterMilliseconds: wait)))
        enter(.waiting(until: now + wait), now)
    }

    /// Takes the oldest request out that was sent in vain so often that it may be what breaks the connection.
    ///
    /// Those behind it were on the same connections: they get their tries anew.
    private mutating func giveUpWornRequest() {
        guard let place = waiting.firstIndex(where: { $0.sends >= configuration.sendsPerRequest }),
            case .caller(let identifier) = waiting[place].owner
        else { return }
        waiting.remove(at: place)
        for index in waiting.indices { waiting[index].sends = 0 }
        effects.append(.giveUp(identifier, .connectionBreaks))
    }

    /// Takes the writes out that waited for another log: a number that they name may stand for something else in this one.
    mutating func giveUpWrites() {
        let writes = (waiting + postponed).filter { entry in
            if case .caller = entry.owner { entry.isKeyed } else { false }
        }
        for case .caller(let identifier) in writes.map(\.owner) { effects.append(.giveUp(identifier, .logChanged)) }
        let tags = Set(writes.map(\.tag))
        waiting.removeAll { tags.contains($0.tag) }
        postponed.removeAll { tags.contains($0.tag) }
    }

    /// Everything that was on the wire goes back to the head of the queue, in order; the session's own requests are
    /// made anew on the next connection.
    private mutating func takeBack() {
        let unanswered = inFlight + postponed + waiting
        waiting = unanswered.filter { if case .caller = $0.owner { true } else { false } }
        inFlight = []
        inFlightOctets = 0
        watching = false
        watchStands = false
        watchesOnWire = 0
        postponed = []
        clearReply()
    }

    /// Whether coming back makes sense after this BYE (specification §3).
    ///
    /// An unknown code is taken as final.
    private func mayReturn(after code: String) -> Bool {
        switch ByeCode(rawValue: code) {
        case .idle, .shutdown, .authenticationTimeout: true
        case .logout, .frame, .revoked, .abuse, nil: false
        }
    }

    mutating func drop(_ now: Milliseconds) {
        enter(.dropping, now)
        effects.append(.disconnect)
    }

    mutating func end(_ failure: ClientFailure) {
        phase = .ended
        effects.append(.failed(failure))
    }

    mutating func enter(_ next: Phase, _ now: Milliseconds) {
        phase = next
        phaseSince = now
    }

    // MARK: - Time

    private mutating func timerFired(_ now: Milliseconds) {
        timer = nil
        switch phase {
        case .waiting(let until):
            guard now >= until else { return }
            enter(.connecting, now)
            effects.append(.connect)
        case .connecting, .greeting, .authenticating:
            if now >= phaseSince + configuration.loginMilliseconds { drop(now) }
        case .ready:
            if !postponed.isEmpty, now >= postponedUntil { sendPostponed() }
            if now >= lastMoved + configuration.deadMilliseconds {
                drop(now)
            } else if now >= lastMoved + configuration.quietMilliseconds, !isSignAsked {
                enqueueInternal(Request(tag: nil, verb: "PING", arguments: [], body: nil), owner: .sign)
                pump()
            }
        case .idle, .waitingForCredential, .dropping, .ended:
            break
        }
    }

    /// Whether a sign of life has been asked for; where a large request fills the window it waits behind it.
    private var isSignAsked: Bool {
        inFlight.contains { $0.owner == .sign } || waiting.contains { $0.owner == .sign }
    }

    private mutating func renewTimer(_ now: Milliseconds) {
        var wanted: Milliseconds?
        switch phase {
        case .waiting(let until): wanted = until
        case .connecting, .greeting, .authenticating: wanted = phaseSince + configuration.loginMilliseconds
        case .ready:
            // An idle connection that nobody listens to needs no sign of life.
            if cursor == nil, inFlight.isEmpty, waiting.isEmpty {
                wanted = nil
            } else if isSignAsked {
                wanted = lastMoved + configuration.deadMilliseconds
            } else {
                wanted = max(lastMoved + configuration.quietMilliseconds, now)
            }
        case .idle, .waitingForCredential, .dropping, .ended: wanted = nil
        }
        if phase == .ready, !postponed.isEmpty { wanted = min(wanted ?? postponedUntil, postponedUntil) }
        guard wanted != timer else { return }
        timer = wanted
        effects.append(.setTimer(wanted))
    }

    // MARK: - Requests on the wire

    mutating func entry(_ request: Request, owner: Owner) throws(EncodeError) -> Entry {
        tagCount += 1
        let tag = "c" + String(tagCount)
        var request = request
        request.tag = tag
        var octets: [UInt8] = []
        try request.write(into: &octets)
        return Entry(owner: owner, tag: tag, isKeyed: request.value("key") != nil, octets: octets)
    }

    /// Puts one of the session's own requests before what the caller has waiting.
    mutating func enqueueInternal(_ request: Request, owner: Owner) {
        do {
            let new = try entry(request, owner: owner)
            waiting.insert(new, at: placeOfInternal)
        } catch {
            end(.protocolViolation("\(request.verb): \(error)"))
        }
    }

    /// Behind the session's own requests, before what the caller has waiting.
    var placeOfInternal: Int {
        waiting.firstIndex { if case .caller = $0.owner { true } else { false } } ?? waiting.endIndex
    }

    /// Writes what waits, as far as the window allows, with one write.
    mutating func pump() {
        guard phase == .ready else { return }
        var octets: [UInt8] = []
        var count = 0
        while count < waiting.count, inFlight.count < max(configuration.windowRequests, 1) {
            let size = waiting[count].octets.count
            guard inFlight.isEmpty || inFlightOctets + size <= configuration.windowOctets else { break }
            waiting[count].sends += 1
            octets.append(contentsOf: waiting[count].octets)
            inFlightOctets += size
            inFlight.append(waiting[count])
            count += 1
        }
        guard count > 0 else { return }
        waiting.removeFirst(count)
        effects.append(.write(octets))
    }

    mutating func clearReply() {
        parts = []
        replyOctets = 0
    }
}
