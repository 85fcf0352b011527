public import ReviewCore
import ReviewDigest
import ReviewProtocol

/// The whole server without input and output: what came in goes to `handle`, what is to be done comes out.
///
/// The shell hands in everything at hand, then `turn`. Reads are answered from the state; writes are decided against a
/// scratch copy and stored as one batch; their replies and events come out when the batch is durable, never earlier
/// (specification §1.5).
public struct Engine: Sendable {
    /// What is being written.
    enum Writing: Sendable {
        /// Nothing.
        case idle
        /// `open` still grows.
        case gathering
        /// The shell makes `open` durable.
        case inFlight
    }

    /// What a load is for.
    enum LoadPurpose: Sendable {
        /// The keys of these requests, and how many batches were stored when they were asked for.
        case keys([(connection: ConnectionID, serial: Int, key: ReplyKey)], appends: UInt64)
        /// One request; a finished topic is named, so that its events make it whole again, and of a page of the log how
        /// many events were asked for.
        case request(ConnectionID, serial: Int, topic: TopicID?, events: Int)
        /// A page after a position for the subscription of a connection; the log's end when it was asked for.
        case page(ConnectionID, topic: TopicID?, after: Int64, tail: Int64)
    }

    let configuration: EngineConfiguration
    let epoch: String
    let started: Instant
    /// What is durable.
    var state: State
    var connections = ConnectionTable()
    var connectionsByAddress: [String: Int] = [:]
    var connectionsByPerson: [PersonID: [ConnectionID]] = [:]
    /// How many connections are logged in.
    var loggedIn = 0
    /// Connections with requests to work on, in the order in which they came.
    var ready: [ConnectionID] = []
    /// Connections with output, and those that end after it.
    var withOutput: [ConnectionID] = []
    var closing: [ConnectionID] = []
    var effects: [Effect] = []

    var writing = Writing.idle
    /// The batch that is being gathered or is on its way; it stands beside `writing`, so that a look at it copies nothing.
    var open: OpenBatch?
    /// Batches stored since the start: what was looked up before the last one may be outdated.
    var appends: UInt64 = 0
    var waitingForBatch: [ConnectionID] = []
    /// Requests whose keys have to be looked up before the batch is complete.
    var keysToAsk: [(connection: ConnectionID, serial: Int, key: ReplyKey)] = []
    var keyLoads = 0

    var loads: [LoadID: LoadPurpose] = [:]
    var lastLoad: UInt64 = 0
    var computations: [ComputationID: (connection: ConnectionID, serial: Int, person: PersonID)] = [:]
    /// The people for whom something is computed, each with the connections that wait for their turn, in order.
    var computing: [PersonID: [ConnectionID]] = [:]
    var lastComputation: UInt64 = 0
    var verifications: [VerifyID: PendingVerification] = [:]
    var lastVerification: UInt64 = 0
    /// Connections that wait for a place in the pool.
    var loginQueue = LoginQueue()
    /// Verifications of passwords in flight.
    var checking = 0
    /// Connections that have a place in the pool and come for it in the next turn.
    var granted: [ConnectionID: [Throttle.Subject]] = [:]
    var knownPlaces = KnownPlaces()
    var throttle = Throttle()
    var buckets: [PersonID: TokenBucket] = [:]
    /// Octets of long replies in this turn, by person.
    var spent: [PersonID: Int] = [:]

    var watchers = ConnectionList()
    var behind: [ConnectionID] = []
    var ring: EventRing
    var revived = RevivedTopics()
    var replies = ReplyCache()

    /// What was done since the start.
    public internal(set) var tally = Tally()
    /// Whom it refused at the door since the shell last asked.
    var incidents = Incidents()

    var alarms = Alarms()
    /// The instant of the timer that is set.
    var armed: Instant?
    var figures = ServerFigures()
    /// When lapsed session tokens were last dropped.
    var forgotten: Instant
    /// The time of the last input.
    var latest: Instant
    var isStopping = false
    /// Requests whose password was being checked when the end was asked for: they are finished, by connection.
    var owed: [ConnectionID: Int] = [:]
    var hasStopped = false

    /// An engine over a state that was read from the log.
    ///
    /// - Parameter epoch: changes when a backup is restored (`log=`).
    public init(configuration: EngineConfiguration, state: State, epoch: String, now: Instant) {
        self.configuration = configuration
        self.state = state
        self.epoch = epoch
        started = now
        forgotten = now
        latest = now
        ring = EventRing(after: state.lastSequence, lineOctets: configuration.limits.eventOctets)
    }

    /// Takes one input in, and gives what is to be done about it, in this order.
    public mutating func handle(_ input: Input, now: Instant) -> [Effect] {
        guard !hasStopped else { return [] }
        if now < latest { timeWentBack(to: now) }
        latest = now
        switch input {
        case .opened(let id, let address, let certificate):
            open(id, address: address, certificate: certificate, now: now)
        case .received(let id, let received, let pending): receive(id, received, pending: pending, now: now)
        case .drained(let id): drain(id)
        case .blocked(let id): connections[id]?.isBlocked = true
        case .closed(let id): remove(id)
        case .turn: turn(now: now)
        case .appended: appended(now: now)
        case .appendFailed(let failure): appendFailed(failure, now: now)
        case .loaded(let load, let loaded): take(load, loaded, now: now)
        case .computed(let computation, let computed): take(computation, computed)
        case .verified(let verification, let verified): take(verification, verified, now: now)
        case .timer: ring(now: now)
        case .stop: stop()
        case .observed(let figures): self.figures = figures
        }
        if isStopping { finishIfDone() }
        flush()
        var hasMore = false
        if case .turn = input { hasMore = !ready.isEmpty || !behind.isEmpty }
        armTimer(now: now, atOnce: hasMore)
        let done = effects
        effects = []
        return done
    }
}

// MARK: - Connections come and go

extension Engine {
    private mutating func noteTurnedAway(_ address: String) {
        tally.turnedAway &+= 1
        incidents.noteTurnedAway(address)
    }

    private mutating func open(_ id: ConnectionID, address: String, certificate: Digest?, now: Instant) {
        guard connections[id] == nil else { return }
        connections[id] = Connection(id: id, address: address, certificate: certificate, now: now)
        let sameAddress = (connectionsByAddress[address] ?? 0) + 1
        connectionsByAddress[address] = sameAddress
        let limits = configuration.limits
        if isStopping {
            return end(id, .shutdown)
        }
        if sameAddress > limits.connectionsPerAddress {
            noteTurnedAway(address)
            return end(
                id, .abuse, pairs: [Pair("limit", "connections-per-address")],
                wording: Wording(
                    "Máy của bạn đã mở quá nhiều kết nối; hãy đóng bớt rồi thử lại",
                    "Too many connections from your address; close some and try again"))
        }
        if connections.count > limits.connections {
            noteTurnedAway(address)
            return end(
                id, .abuse, pairs: [Pair("limit", "connections")],
                wording: Wording("Máy chủ đã đủ kết nối; hãy thử lại sau", "The server is full; try again later"))
        }
        let hello = ServerLine.hello(
            pairs: [
                Pair("server", configuration.serverName), Pair("log", epoch), Pair("tail", String(state.lastSequence)),
                Pair("auth", "EXTERNAL,PLAIN,LOGIN,TOKEN"), Pair("line", String(limits.line)),
                Pair("body", String(limits.body)),
                Pair("window", String(limits.windowRequests)),
            ],
            human: "Gõ HELP để xem hướng dẫn")
        write(id) { hello.write(into: &$0.output) }
        alarms.add(
            Alarm(instant: now.adding(milliseconds: Int64(limits.loginSeconds) * 1_000), connection: id, kind: .login))
    }

    private mutating func receive(_ id: ConnectionID, _ received: [Received], pending: Framer.Pending, now: Instant) {
        guard let index = connections.index(forKey: id), !connections.values[index].session.isEnded, !isStopping else {
            return
        }
        let answered = answerAgain(received, at: index, now: now)
        for item in received[answered...] {
            switch item {
            case .request(let request):
                let octets = request.retainedOctets
                do throws(Malformed) {
                    connections.values[index].enqueue(.call(try VerbTable.call(for: request)), octets: octets)
                } catch {
                    connections.values[index].enqueue(.malformed(error), octets: 64)
                }
            case .malformed(let malformed): connections.values[index].enqueue(.malformed(malformed), octets: 64)
            case .fatal(let code): connections.values[index].enqueue(.fatal(code), octets: 64)
            }
        }
        // Whoever is sending a body is not idle; how fast it has to come is watched where it is read.
        if !received.isEmpty || pending.isBody { connections.values[index].lastActivity = now }
        if !received.isEmpty { askAhead(id, at: index) }
        connections.values[index].notice(pending, after: received.count)
        let limits = configuration.limits
        if !connections.values[index].isPaused,
            connections.values[index].unanswered > limits.windowRequests
                || connections.values[index].queuedOctets > limits.windowOctets
        {
            connections.values[index].isPaused = true
            effects.append(.pauseReading(id))
        }
        if answered < received.count || received.isEmpty || connections.values[index].isPromptDue { makeReady(id) }
    }

    private mutating func drain(_ id: ConnectionID) {
        guard connections[id] != nil else { return }
        connections[id]?.isBlocked = false
        makeReady(id)
        makeBehind(id)
    }

    private mutating func remove(_ id: ConnectionID) {
        guard let connection = connections[id] else { return }
        forgetIdentity(of: id)
        watchers.remove(id)
        leavePool(id)
        connections[id] = nil
        let rest = (connectionsByAddress[connection.address] ?? 1) - 1
        connectionsByAddress[connection.address] = rest > 0 ? rest : nil
        // Alarms of connections that are gone ring for nobody; coming and going must not pile them up.
        if alarms.count > 1_024 + 8 * connections.count {
            alarms.keep { connections[$0.connection] != nil }
        }
    }

    /// Takes a connection off its person's account.
    mutating func forgetIdentity(of id: ConnectionID) {
        guard let person = connections[id]?.session.identity?.person else { return }
        loggedIn -= 1
        connectionsByPerson[person]?.removeAll { $0 == id }
        if connectionsByPerson[person]?.isEmpty == true { connectionsByPerson[person] = nil }
    }

    /// Says BYE; the connection is closed after its last octet.
    mutating func end(_ id: ConnectionID, _ code: ByeCode, pairs: [Pair] = [], wording: Wording? = nil) {
        guard let language = language(of: id) else { return }
        tally.count(code)
        let bye = ServerLine.bye(
            code: code.rawValue, pairs: pairs,
            human: wording?.text(language) ?? code.human.text(language))
        write(id) { bye.write(into: &$0.output) }
        forgetIdentity(of: id)
        watchers.remove(id)
        leavePool(id)
        connections[id]?.abandon()
        connections[id]?.session = .ended
        closing.append(id)
    }
}

// MARK: - Output and timer

extension Engine {
    /// Lets something be written to a connection, and remembers that it has output.
    mutating func write(_ id: ConnectionID, _ writer: (inout Connection) -> Void) {
        guard let index = connections.index(forKey: id), !connections.values[index].session.isEnded else { return }
        writer(&connections.values[index])
        hasWritten(at: index)
    }

    /// Remembers that a connection may have output.
    mutating func hasWritten(at place: Int) {
        guard !connections.values[place].hasOutput, !connections.values[place].output.isEmpty else { return }
        connections.values[place].hasOutput = true
        withOutput.append(connections.values[place].id)
    }

    /// Writes the reply to a request of this form.
    mutating func write(_ id: ConnectionID, _ reply: Reply, tag: String?, form: String) {
        tally.count(form, reply.status.outcome)
        write(id) { $0.write(reply, tag: tag) }
    }

    /// Turns what was written into one send per connection.
    private mutating func flush() {
        let written = withOutput
        withOutput = []
        effects.reserveCapacity(effects.count + written.count + closing.count + 1)
        for id in written {
            guard let index = connections.index(forKey: id) else { continue }
            connections.values[index].hasOutput = false
            var output: [UInt8] = []
            swap(&output, &connections.values[index].output)
            if case .anonymous = connections.values[index].session {
                let sent = connections.values[index].anonymousOctets + output.count
                connections.values[index].anonymousOctets = sent
                if sent > configuration.limits.anonymousTotal {
                    // Before login nobody gets more than that, whatever they ask for (specification §2).
                    end(id, .abuse, pairs: [Pair("limit", "anonymous-total")])
                    output = connections[id]?.output ?? []
                    connections[id]?.output = []
                    connections[id]?.hasOutput = false
                }
            }
            if !output.isEmpty { effects.append(.send(id, output)) }
        }
        withOutput = []
        for id in closing { effects.append(.close(id)) }
        closing = []
    }

    /// Asks for the next timer: at the earliest alarm, or at once when a turn ended at one of its bounds.
    private mutating func armTimer(now: Instant, atOnce: Bool) {
        guard !hasStopped, let earliest = atOnce ? now : alarms.earliest else { return }
        if let armed, armed <= earliest { return }
        armed = earliest
        effects.append(.setTimer(earliest))
    }

    /// The timer rang: everything whose time has come is looked at.
    private mutating func ring(now: Instant) {
        armed = nil
        while let alarm = alarms.take(at: now) {
            guard let connection = connections[alarm.connection], !connection.session.isEnded else { continue }
            switch alarm.kind {
            case .login:
                guard connection.session.identity == nil else { continue }
                if connection.isOwedLogin, !connection.isOvertime {
                    // It is the server that lets them wait; but whoever only goes on trying is not waited for twice.
                    connections[alarm.connection]?.isOvertime = true
                    let again = now.adding(milliseconds: Int64(configuration.limits.loginSeconds) * 1_000)
                    alarms.add(Alarm(instant: again, connection: alarm.connection, kind: .login))
                } else {
                    end(alarm.connection, .authenticationTimeout)
                }
            case .idle:
                let idle = Int64(configuration.limits.idleSeconds) * 1_000
                let due = connection.lastActivity.adding(milliseconds: idle)
                // Somebody who does not read what they asked for is idle, however much they still wait for.
                if due > now || (connection.unanswered > 0 && !connection.isBlocked) {
                    let again = max(due, now.adding(milliseconds: 1_000))
                    alarms.add(Alarm(instant: again, connection: alarm.connection, kind: .idle))
                } else {
                    end(alarm.connection, .idle)
                }
            case .delay:
                guard connection.waiting == .delay else { continue }
                connections[alarm.connection]?.waiting = .nothing
                makeReady(alarm.connection)
            case .sync: syncAlarm(alarm.connection, now: now)
            }
        }
        forgetExpired(now: now)
    }

    /// Somebody set the machine's clock back: whatever was to happen in a while happens in the same while, not when the
    /// clock is as late again.
    private mutating func timeWentBack(to now: Instant) {
        alarms.move(milliseconds: now.milliseconds - latest.milliseconds)
        armed = nil
        throttle.timeWentBack(to: now)
        forgotten = min(forgotten, now)
        for index in connections.values.indices {
            connections.values[index].lastActivity = min(connections.values[index].lastActivity, now)
        }
    }

    /// Drops lapsed session tokens now and then: they are refused anyhow, this only frees memory.
    private mutating func forgetExpired(now: Instant) {
        guard now.milliseconds - forgotten.milliseconds >= 600_000 else { return }
        forgotten = now
        state.forgetExpired(now: now)
    }
}

// MARK: - The end

extension Engine {
    private mutating func stop() {
        guard !isStopping else { return }
        isStopping = true
        // Whoever sent a new password would not know which one holds, nor a token's owner that there is one.
        for id in connections.keys {
            guard let connection = connections[id], let next = connection.next, connection.waiting != .delay else {
                continue
            }
            let isBegun =
                connection.waiting == .verification || connection.login != nil || next.materials.verified != nil
            if isBegun { owed[id] = next.serial }
        }
        // What was decided is made durable and answered; it would be hard to explain otherwise.
        if writing == .gathering, let open {
            writing = .inFlight
            effects.append(.append(open.batch))
        }
    }

    /// Ends as soon as nothing is under way any more that has to be answered.
    private mutating func finishIfDone() {
        guard !hasStopped, writing == .idle else { return }
        owed = owed.filter { id, serial in
            guard let connection = connections[id], !connection.session.isEnded else { return false }
            // A wrong password's delay is not waited for.
            return connection.unansweredWrites > 0
                || connection.next?.serial == serial && connection.waiting != .delay
        }
        if owed.isEmpty { finish() }
    }

    /// Everything is answered: BYE to everybody.
    mutating func finish() {
        for id in connections.keys.sorted() { end(id, .shutdown) }
        flush()
        hasStopped = true
        effects.append(.stopped)
    }
}

extension Request {
    /// About how much memory the request holds, in octets.
    fileprivate var retainedOctets: Int {
        var octets = 64 + (body?.octets?.count ?? 0)
        for argument in arguments { octets += 32 + argument.value.utf8.count }
        return octets
    }
}
