import Logging
import NIOCore
import ReviewCore
import ReviewDigest
import ReviewEngine
import ReviewStore

/// The one place of truth: owns the engine and the log, and lives on one event loop.
///
/// Its rhythm is group commit (architecture §1). The first input of a loop's round asks for a turn at the round's end, so
/// that every readable connection is drained first. A turn then feeds everything, lets the engine decide, appends once,
/// and gives each connection what is meant for it as one write. The commit happens on the loop's own thread: handing it
/// to another one was measured to be slower.
final class EngineHost {
    /// How often the answers to loads and appends are fed back within one turn before the connections have their say.
    private static let mostRounds = 16
    /// Octets for connections after which a turn is cut short, so that a slow reader is noticed before more is made for it.
    private static let mostOutputOctets = 1_048_576
    /// A little later, not at once: the loop runs whatever may run at once before it looks at its sockets again.
    ///
    /// It counts from the end of a turn. Were it set within one, letting go of what the turn had could take as long, and
    /// the next turn would be due before anybody was heard.
    private static let breath = TimeAmount.microseconds(50)
    /// How long one turn may read from the store and answer before the connections have their say; then the rest waits for
    /// the next one.
    private static let longestTurn = TimeAmount.milliseconds(4)
    /// Texts of a step for which somebody waits with a search; the octets that a step may take are what bounds it.
    private static let textsPerIndexingForSearch = 1000

    /// Where the host stands.
    private enum Phase {
        case running
        case stopping
        /// The engine has said its last word.
        case stopped
        /// The log is closed, too.
        case closed
    }

    private let loop: NIOIsolatedEventLoop
    private let loopTime: () -> NIODeadline
    /// The time that passes while the loop works: what a turn takes is measured by it.
    private let elapsed: () -> NIODeadline
    private var engine: Engine
    private let log: any EventLog
    private let credentials: CredentialPool
    private let computing: ComputingThread
    private var clock: SteadyClock
    private let logger: Logger
    private let started: Instant
    private let storeFigures: () -> StoreFigures
    private let monitoring: Monitoring
    private var figures = FigureKeeper()
    private var reporter: MetricReporter
    private var sentence = ""

    private var phase = Phase.running
    private var inbox: [Input] = []
    /// What is still to be read from the store, the oldest first; each waits for one connection, so others do not wait
    /// for it.
    private var reads = CircularBuffer<(LoadID, LoadRequest)>()
    /// Searches; each wants the index as far as it looks.
    ///
    /// They come after the other reads, and the index is brought forward for them in steps, however long its backlog is.
    private var searches = CircularBuffer<(name: LoadID, progress: SearchProgress)>()
    /// Questions about the tree; each wants it grown as far as it reaches, in steps as the searches want their index.
    private var proofs = CircularBuffer<(name: LoadID, query: TreeQuery)>()
    private var isTurnScheduled = false
    /// Everybody who was accepted, those in their handshake included.
    var accepted: ConnectionSet?
    private var outbox = Outbox<ConnectionPort>()
    private var timer: (instant: Instant, task: Scheduled<Void>)?
    private var indexing: Scheduled<Void>?
    private var settling: Scheduled<Void>?
    private var pace = IdlePace()
    /// Turns so far.
    private var turns: Int64 = 0
    private var observing: Scheduled<Void>?
    private var watchdog: Scheduled<Void>?
    private var incidents = IncidentLog()
    private var certificate: CertificateNotice
    private var hasEnded = false
    /// Why an append failed last, for who ends with it.
    private var lastFailure: LogError?
    private let ended: EventLoopPromise<EngineEnd>

    /// How the engine came to its end.
    enum EngineEnd: Sendable {
        /// It was asked to stop, and everybody has gone.
        case asked
        /// It cannot go on: somebody else wrote to the log, or the disk failed in the midst of a write.
        case failed(LogError)
    }

    /// Only on the loop.
    init(
        core: ServerCore, loop: any EventLoop, credentials: CredentialPool, computing: ComputingThread,
        clock: @escaping @Sendable () -> Instant, elapsed: @escaping () -> NIODeadline = { .now() }, logger: Logger,
        monitoring: Monitoring = Monitoring()
    ) {
        self.elapsed = elapsed
        self.loop = loop.assumeIsolated()
        loopTime = { loop.now }
        engine = core.engine
        log = core.log
        self.credentials = credentials
        self.computing = computing
        self.clock = SteadyClock(clock)
        self.logger = logger
        self.monitoring = monitoring
        storeFigures = core.storeFigures
        started = self.clock.now()
        certificate = CertificateNotice(started: started)
        reporter = MetricReporter(factory: monitoring.factory, version: monitoring.version, started: started)
        ended = loop.makePromise()
        observe()
        stayAlive()
        continueIndexing(in: IdlePace.pause)
    }

    /// Succeeds once, when nothing is left to do.
    var end: EventLoopFuture<EngineEnd> { ended.futureResult }

    /// Connections whose handshake is done and that are not closed.
    var connectionCount: Int { outbox.count }

    // MARK: Input

    func open(_ connection: ConnectionID, address: String, certificate: Digest?, port: ConnectionPort) {
        outbox.connect(connection, port)
        switch phase {
        case .running, .stopping: break
        // It came while the listener closed; nobody is there to greet it.
        case .stopped, .closed: return port.cut()
        }
        logger.debug("connection.opened", metadata: ["connection": "\(connection.number)", "address": "\(address)"])
        submit(.opened(connection, address: address, certificate: certificate))
    }

    func close(_ connection: ConnectionID) {
        guard outbox.disconnect(connection) else { return }
        logger.debug("connection.closed", metadata: ["connection": "\(connection.number)"])
        submit(.closed(connection))
        endIfDone()
    }

    func submit(_ input: Input) {
        inbox.append(input)
        guard !isTurnScheduled else { return }
        isTurnScheduled = true
        loop.execute { self.turn() }
    }

    /// Asks the engine for its end; `end` follows.
    func stop() {
        guard phase == .running else { return }
        phase = .stopping
        submit(.stop)
    }

    /// Cuts every connection that is still there.
    func cutAll() {
        for port in outbox.ports { port.cut() }
    }

    /// Ends although somebody is still there.
    func giveUp() {
        if outbox.count > 0 { logger.warning("server.cut", metadata: ["connections": "\(outbox.count)"]) }
        finish(.asked)
    }

    /// Closes the log.
    ///
    /// After this nothing may be submitted any more.
    func closeLog() throws(LogError) {
        guard phase != .closed else { return }
        phase = .closed
        sayWhoWasRefused()
        finish(.asked)
        timer?.task.cancel()
        indexing?.cancel()
        settling?.cancel()
        observing?.cancel()
        watchdog?.cancel()
        try log.close()
    }

    // MARK: Turn

    private func turn() {
        isTurnScheduled = false
        guard phase != .closed else { return }
        turns &+= 1
        let deadline = elapsed() + Self.longestTurn
        for round in 1... {
            let inputs = inbox
            inbox = []
            let now = clock.now()
            for input in inputs { perform(engine.handle(input, now: now)) }
            perform(engine.handle(.turn, now: now))
            readSome(until: deadline)
            searchSome(until: deadline)
            proveSome(until: deadline)
            if inbox.isEmpty || round == Self.mostRounds || outbox.octets > Self.mostOutputOctets { break }
            if elapsed() >= deadline { break }
        }
        deliver()
        // Delivering shows which sockets are full, which is news as well.
        if !(inbox.isEmpty && reads.isEmpty && searches.isEmpty && proofs.isEmpty), !isTurnScheduled {
            isTurnScheduled = true
            loop.execute { self.loop.scheduleTask(in: Self.breath) { self.turn() } }
        }
        endIfDone()
    }

    private func perform(_ effects: [Effect]) {
        for effect in effects { perform(effect) }
    }

    private func perform(_ effect: Effect) {
        switch effect {
        case .send(let connection, let octets): outbox.add(.send(octets), for: connection)
        case .close(let connection): outbox.add(.close, for: connection)
        case .authenticated(let connection):
            logger.debug("connection.authenticated", metadata: ["connection": "\(connection.number)"])
            outbox.add(.authenticated, for: connection)
        case .pauseReading(let connection): outbox.add(.pauseReading, for: connection)
        case .resumeReading(let connection): outbox.add(.resumeReading, for: connection)
        case .append(let batch): inbox.append(append(batch))
        case .load(let name, let request):
            switch request {
            // Every write of the batch waits for its keys, and the batch for all of them.
            case .replies: inbox.append(.loaded(name, load(request)))
            // Without a word nothing can match, however far the index is.
            case .search(let query) where SearchExpression(query.text).phrases.isEmpty: reads.append((name, request))
            case .search(let query): searches.append((name, SearchProgress(query)))
            case .tree(let query): proofs.append((name, query))
            case .topic, .topicOfComment, .topicOfReview, .events, .event, .position: reads.append((name, request))
            }
        case .verify(let name, let request):
            credentials.perform(request) { self.submit(.verified(name, $0)) }
        case .compute(let name, let computation):
            computing.perform(computation) { self.submit(.computed(name, $0)) }
        case .setTimer(let instant): setTimer(instant)
        case .stopped:
            if phase == .running {
                finish(.failed(lastFailure ?? .broken("the engine stopped")))
            }
            phase = .stopped
        }
    }

    private func deliver() {
        var crossing = Crossing()
        outbox.take().perform { port, actions in
            if port.isHere { port.perform(actions) } else { crossing.add(actions, for: port) }
        }
        crossing.go()
    }

    private func endIfDone() {
        if phase == .stopped, outbox.count == 0 { finish(.asked) }
    }

    private func finish(_ end: EngineEnd) {
        guard !hasEnded else { return }
        hasEnded = true
        ended.succeed(end)
    }

    // MARK: Log

    private func append(_ batch: Batch) -> Input {
        let started = elapsed()
        do {
            try log.append(batch)
        } catch {
            logger.error(
                "log.append-failed",
                metadata: ["events": "\(batch.events.count)", "error": "\(error.wording.vietnamese)"])
            lastFailure = error
            reporter.failed(error)
            return .appendFailed(AppendFailure(error, isFinal: log.hasFailed))
        }
        let time = elapsed() - started
        figures.committed(in: time)
        reporter.committed(in: time, events: batch.events.count)
        continueIndexing(in: IdlePace.pause)
        return .appended
    }

    /// Reads what was asked for: one at least, and then as long as there is time.
    private func readSome(until deadline: NIODeadline) {
        while let (name, request) = reads.popFirst() {
            inbox.append(.loaded(name, load(request)))
            if elapsed() >= deadline { return }
        }
    }

    /// Answers searches, or brings the index forward for the oldest of them: one step at least, and then as long as there
    /// is time.
    private func searchSome(until deadline: NIODeadline) {
        while var search = searches.first {
            let began = elapsed()
            do {
                if try log.indexed < search.progress.query.through {
                    _ = try log.indexSome(limit: Self.textsPerIndexingForSearch)
                } else {
                    try log.searchSome(&search.progress)
                    searches.removeFirst()
                    if search.progress.isDone {
                        inbox.append(.loaded(search.name, .hits(search.progress.hits)))
                    } else {
                        searches.prepend(search)
                    }
                }
            } catch {
                logger.error("log.index-failed", metadata: ["error": "\(error.wording.vietnamese)"])
                searches.removeFirst()
                inbox.append(.loaded(search.name, .failed(error.wording.english)))
            }
            // Another step takes about as long as this one, and others wait for the whole of it.
            let ended = elapsed()
            if ended + (ended - began) >= deadline { return }
        }
    }

    /// Answers questions about the tree, or lets it grow for the oldest of them: one step at least, and then as long as
    /// there is time.
    private func proveSome(until deadline: NIODeadline) {
        while let proof = proofs.first {
            let began = elapsed()
            do {
                if log.treeReaches(proof.query.size) {
                    proofs.removeFirst()
                    inbox.append(.loaded(proof.name, .tree(try log.tree(proof.query))))
                } else {
                    _ = try log.growTree()
                }
            } catch {
                logger.error("log.index-failed", metadata: ["error": "\(error.wording.vietnamese)"])
                if proofs.first?.name == proof.name { proofs.removeFirst() }
                inbox.append(.loaded(proof.name, .failed(error.wording.english)))
            }
            let ended = elapsed()
            if ended + (ended - began) >= deadline { return }
        }
    }

    private func load(_ request: LoadRequest) -> Loaded {
        do {
            return switch request {
            case .replies(let keys): .replies(try log.replies(keys))
            case .topic(let topic): .events(try log.events(of: topic))
            case .topicOfComment(let comment): .topic(try log.topic(of: comment))
            case .topicOfReview(let review): .topic(try log.topic(of: review))
            case .events(let after, let limit, let topic):
                .events(try log.references(after: after, limit: limit, topic: topic))
            case .event(let sequence): .events(try log.events(after: sequence - 1, limit: 1, topic: nil))
            case .search(let query): .hits(try log.search(query))
            case .position(let person, let client): .position(try log.position(of: person, client: client))
            case .tree(let query): .tree(try log.tree(query))
            }
        } catch {
            logger.error("log.read-failed", metadata: ["error": "\(error.wording.vietnamese)"])
            return .failed(error.wording.english)
        }
    }

    /// Lets the search index, and then the tree, catch up in small steps, between the connections' work and a little after a commit.
    private func continueIndexing(in pause: TimeAmount) {
        guard indexing == nil else { return }
        indexing = loop.scheduleTask(in: pause) {
            self.indexing = nil
            self.indexSome()
        }
    }

    private func indexSome() {
        // The turns do it while somebody waits for a search or a proof; two tasks that take turns at being due would keep
        // the loop from its sockets.
        guard searches.isEmpty, proofs.isEmpty else { return continueIndexing(in: IdlePace.pause) }
        guard case .index(let texts) = pace.next(commits: figures.commits, isBusy: isTurnScheduled, now: loopTime())
        else {
            return continueIndexing(in: IdlePace.pause)
        }
        let began = elapsed()
        do throws(LogError) {
            // The tree comes once nothing is left to index.
            var hasMore = try log.indexSome(limit: texts)
            if !hasMore { hasMore = try log.growTree() }
            guard hasMore else { return settleLater() }
            continueIndexing(
                in: texts == IdlePace.texts ? pace.rest(after: elapsed() - began, turns: turns) : IdlePace.pause
            )
        } catch {
            // A search will try again, and say what is wrong.
            logger.error("log.index-failed", metadata: ["error": "\(error.wording.vietnamese)"])
        }
    }

    /// Lets the store put things in their place when nobody has written for a while, so that no commit has to.
    private func settleLater(in pause: TimeAmount = IdlePace.settlingPause) {
        settling?.cancel()
        let commits = figures.commits
        settling = loop.scheduleTask(in: pause) {
            self.settling = nil
            // The next commit asks for it again.
            guard self.figures.commits == commits else { return }
            if self.isTurnScheduled { return self.settleLater() }
            do throws(LogError) {
                if try self.log.settle() { self.settleLater(in: IdlePace.pause) }
            } catch {
                self.logger.error("log.settle-failed", metadata: ["error": "\(error.wording.vietnamese)"])
            }
        }
    }

    // MARK: Time

    private func setTimer(_ instant: Instant) {
        if let timer {
            if timer.instant == instant { return }
            timer.task.cancel()
        }
        let (distance, overflow) = instant.milliseconds.subtractingReportingOverflow(clock.now().milliseconds)
        // A day at most: the machine's clock may be set meanwhile, so a long wait is looked at again.
        let wait = overflow ? 86_400_000 : min(max(distance, 1), 86_400_000)
        let task = loop.scheduleTask(in: .milliseconds(wait)) {
            self.timer = nil
            if self.clock.now() >= instant { self.submit(.timer) } else { self.setTimer(instant) }
        }
        timer = (instant, task)
    }

    /// Looks at everything now and then, for STATUS, the metrics and the service manager.
    private func observe() {
        publish()
        sayWhoWasRefused()
        sayWhenTheCertificateEnds()
        observing = loop.scheduleTask(in: FigureKeeper.interval) { self.observe() }
    }

    /// The one place where an operator finds the address from which somebody guesses passwords.
    private func sayWhoWasRefused() {
        for line in incidents.due(engine.takeIncidents(), at: elapsed()) {
            let metadata: Logger.Metadata = ["address": "\(line.address)", "count": "\(line.count)"]
            switch line.kind {
            case .failedLogin: logger.notice("login.failed", metadata: metadata)
            case .turnedAway:
                logger.warning(
                    "connection.refused", metadata: metadata.merging(["reason": "too many connections"]) { $1 })
            }
        }
    }

    private func sayWhenTheCertificateEnds() {
        guard let days = certificate.due(ends: monitoring.certificateEnds(), now: clock.now()) else { return }
        logger.log(level: days < 0 ? .error : .warning, "certificate.ends", metadata: ["days": "\(days)"])
    }

    /// Tells everybody who asks what is measured now.
    func publish() {
        guard phase != .closed else { return }
        let seen = observation()
        reporter.report(seen)
        submit(.observed(figures.figures(seen)))
        guard let manager = monitoring.manager, phase == .running, seen.sentence != sentence else { return }
        sentence = seen.sentence
        manager.says(sentence)
    }

    /// Everything that is measured, now.
    func observation() -> Observation {
        Observation(
            census: engine.census, tally: engine.tally, door: monitoring.door.counts,
            handshaking: max(0, (accepted?.count ?? outbox.count) - outbox.count),
            passwordQueue: credentials.outstanding, store: storeFigures(), process: .now(),
            certificateEnds: monitoring.certificateEnds(), started: started, now: clock.now())
    }

    /// Tells the service manager that this loop, on which everything is decided and stored, still turns.
    private func stayAlive() {
        guard let manager = monitoring.manager, let interval = manager.watchdogInterval else { return }
        manager.isAlive()
        watchdog = loop.scheduleTask(in: interval) { self.stayAlive() }
    }
}

extension AppendFailure {
    /// What the engine has to know of a log's error.
    ///
    /// - Parameter isFinal: whether the log takes no further append of this process.
    init(_ error: LogError, isFinal: Bool) {
        self =
            switch error {
            case .conflict: .conflict
            case .full: .full
            case .readOnly: .readOnly
            case .uncertain: .uncertain(error.wording.english)
            case .movedAway, .unreachable: .broken(error.wording.english)
            case .broken: isFinal ? .final(error.wording.english) : .broken(error.wording.english)
            }
    }
}
