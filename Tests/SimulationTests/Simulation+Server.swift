import ReviewCore
import ReviewDigest
import ReviewProtocol
import ReviewStore

@testable import ReviewEngine

/// The shell around the real engine: the same rhythm and the same framing as the network server, under the simulated
/// clock.
extension Simulation {
    // MARK: Lives of the process

    /// Starts a process as the real one starts: reads what is open, and goes on from the head of the log.
    func startProcess(_ number: Int) {
        guard !server.isUp else { return }
        ledger.resume(disk.events)
        disk.isUnreadable = false
        let now = clock.read(timeline.now)
        var state = State()
        do {
            for event in try disk.openEvents(now: now) { Mutant.apply(event, to: &state, mutant) }
            state.advance(to: disk.head)
        } catch {
            fail("the log cannot be read: \(error)")
        }
        note("process \(number) starts at event \(state.lastSequence)", number, Int(state.lastSequence))
        server = Self.process(number, state, on: disk, now: now, isPrompt: dice.chance(40), mutant)
        if number > 2 {
            report.marks.hit(.comparedAfterRestart)
            compare()
        }
    }

    /// The process ends without another word.
    func crash() {
        note("crash")
        report.figures.crashes += 1
        let batch = server.flight.flatMap { $0.isDurable ? nil : $0.batch }
        do throws(LogError) { try disk.loseProcess(writing: batch) } catch { fail("the disk: \(error)") }
        end(cutting: dice.chance(50))
    }

    /// The process is gone: connections end, and somebody starts the next one.
    private func end(cutting: Bool) {
        server.isUp = false
        for link in server.connections.keys.sorted() where !links[link].isCut {
            // What the system took from the process may still arrive.
            if cutting || links[link].toClient.octets.isEmpty {
                links[link].isCut = true
                timeline.after(dice.between(1, 300), .clientNotices(link: link))
            } else {
                links[link].closesWhenRead = true
                moveToClient(link)
            }
        }
        server.connections = [:]
        timeline.after(dice.between(50, 3_000), .startProcess(process: server.number + 1))
    }

    /// SIGTERM.
    func stop() {
        guard server.isUp, !server.isStopping else { return }
        note("stop")
        server.isStopping = true
        submit(.stop)
        timeline.after(Self.stopTime, .giveUp(process: server.number))
    }

    /// Whoever does not take the last octets in time is not waited for.
    func giveUp() {
        note("the process does not wait any longer")
        report.marks.hit(.gaveUp)
        end(cutting: true)
    }

    /// How long a process that was asked to end waits for those who do not read, in milliseconds: as the real one does.
    private static var stopTime: Int64 { 7_000 }

    func endIfDone() {
        guard server.isUp, server.hasStopped, server.connections.isEmpty || !server.isStopping else { return }
        end(cutting: false)
    }

    // MARK: Connections

    func openAtServer(_ link: Int, address: String, certificate: Digest?) {
        server.connections[link] = ServerProcess.Connection(limits: SimulatedLimits.server, certificate: certificate)
        submit(.opened(ConnectionID(UInt64(link)), address: address, certificate: certificate))
    }

    /// Whether the server reads from a connection now.
    func readsFrom(_ link: Int) -> Bool {
        guard let connection = server.connections[link] else { return false }
        return !connection.isPaused && connection.framer.buffered <= SimulatedLimits.server.anonymousTotal
    }

    func arrive(_ link: Int, _ octets: [UInt8]) {
        guard let connection = server.connections[link], !connection.isEnding else { return }
        connection.framer.append(octets)
        frame(link)
    }

    /// Hands the engine what can be framed now: at most one window of requests.
    func frame(_ link: Int) {
        guard let connection = server.connections[link], !connection.isEnding else { return }
        var received: [Received] = []
        let most = connection.framer.authenticated ? SimulatedLimits.server.windowRequests : 1
        connection.hasMore = false
        while !connection.isPaused, !connection.awaitsAnswer {
            guard received.count < most else {
                connection.hasMore = true
                break
            }
            guard let next = connection.framer.next() else { break }
            received.append(next)
            if case .fatal = next {
                connection.isEnding = true
                break
            }
            if !connection.framer.authenticated { connection.awaitsAnswer = true }
        }
        let isDrained = !connection.isPaused && !connection.awaitsAnswer && !connection.hasMore
        let pending = isDrained ? connection.framer.pending : .nothing
        if !received.isEmpty || pending != connection.told {
            connection.told = pending
            report.figures.requests += received.count
            let handed = received.map { meddle($0, link) }
            connection.tap.hears(received)
            submit(.received(ConnectionID(UInt64(link)), handed, pending: pending))
        }
        if connection.hasMore { timeline.after(3, .frame(process: server.number, link: link)) }
        moveToServer(link)
    }

    /// What planted bugs do to a request.
    private func meddle(_ received: Received, _ link: Int) -> Received {
        guard case .request(var request) = received else { return received }
        switch (mutant, request.verb) {
        case (.shellMendsStalePush, "PUSH"):
            guard let topic = request.words.first.flatMap({ TopicID($0) }).flatMap({ server.view.topics[$0] }) else {
                break
            }
            request.replace("if", "@\(topic.newest)")
        case (.shellMendsApproval, "APPROVE"):
            guard let revision = request.words.first.flatMap({ RevisionID($0) }),
                let latest = server.view.topics[revision.topic]?.latest
            else { break }
            request.arguments[0].value = "\(revision.topic)@\(latest.number)"
            request.replace("sha256", latest.digest.description)
        case (.shellShowsUnseen, "APPROVE"):
            guard let id = request.words.first?.split(separator: "@").first.flatMap({ TopicID(String($0)) }),
                let topic = server.view.topics[id]
            else { break }
            let maintained = topic.comments.filter { $0.isMaintained }.map(\.id.description)
            request.arguments.removeAll { $0.key == "seen" }
            if !maintained.isEmpty {
                request.arguments.append(Argument(key: "seen", value: maintained.joined(separator: ",")))
            }
        case (.shellMistakesPerson, "LOGIN") where desks[links[link].desk].person == "quan":
            request.arguments[0].value = "bich"
            request.body = .oneLine(Array((secrets["bich"]?.confirmed ?? "").utf8))
        default: break
        }
        return .request(request)
    }

    func drainIfRead(_ link: Int) {
        guard isAlive(links[link].process), let connection = server.connections[link], connection.isBlocked,
            links[link].toClient.octets.count < Link.lowWatermark
        else { return }
        connection.isBlocked = false
        submit(.drained(ConnectionID(UInt64(link))))
    }

    private func deliver() {
        let actions = server.outbox
        server.outbox = []
        var touched: [Int] = []
        for (link, action) in actions {
            guard let connection = server.connections[link] else { continue }
            if !touched.contains(link) { touched.append(link) }
            switch action {
            case .send(let octets):
                if octets.first != UInt8(ascii: "+") { connection.awaitsAnswer = false }
                if links[link].isCut { continue }
                links[link].toClient.octets += octets
                moveToClient(link)
            case .close:
                connection.isEnding = true
                links[link].closesWhenRead = true
                moveToClient(link)
            case .authenticated: connection.framer.authenticated = true
            case .pause:
                report.marks.hit(.windowPaused)
                connection.isPaused = true
            case .resume:
                report.marks.hit(.windowResumed)
                connection.isPaused = false
            }
        }
        for link in touched {
            guard let connection = server.connections[link] else { continue }
            if !connection.isBlocked, links[link].toClient.octets.count > Link.highWatermark {
                report.marks.hit(.blocked)
                connection.isBlocked = true
                connection.blockedAt = server.view.lastSequence
                submit(.blocked(ConnectionID(UInt64(link))))
            }
            frame(link)
        }
    }

    // MARK: Turns

    func submit(_ input: Input) {
        guard server.isUp else { return }
        server.inbox.append(input)
        guard !server.isTurnScheduled else { return }
        server.isTurnScheduled = true
        timeline.after(dice.between(0, 3), .turn(process: server.number))
    }

    func turn() {
        server.isTurnScheduled = false
        server.hasRung = false
        let number = server.number
        for _ in 0..<16 {
            let inputs = server.inbox
            server.inbox = []
            let now = clock.read(timeline.now)
            var effects: [Effect] = []
            for input in inputs { effects += handle(input, now: now) }
            effects += handle(.turn, now: now)
            for effect in effects {
                perform(effect, now: now)
                // A crash in the middle of an append leaves nobody to do the rest.
                guard isAlive(number) else { return }
            }
            if server.inbox.isEmpty { break }
        }
        deliver()
        endIfDone()
    }

    private func handle(_ input: Input, now: Instant) -> [Effect] {
        report.steps += 1
        switch input {
        case .appended: server.view = ledger.state
        case .timer: server.hasRung = true
        default: break
        }
        var effects = server.engine.handle(input, now: now)
        if case .appended = input, let mutant, mutant.isInCore { server.engine.state = server.view }
        if mutant == .shellForgetsCertificate { forgetCertificates() }
        if mutant == .shellTellsHidden { effects += leaked(effects) }
        if mutant == .shellSwapsReplies { effects = effects.map(Self.swapped) }
        for case .send(let id, let octets) in effects { listen(Int(id.number), octets, cause: input) }
        switch input {
        case .appended, .appendFailed: server.flight = nil
        default: break
        }
        return effects
    }

    /// The planted bug of a shell that does not remember by which certificate somebody came in.
    private func forgetCertificates() {
        for link in server.connections.keys {
            let id = ConnectionID(UInt64(link))
            guard let identity = server.engine.connections[id]?.session.identity, identity.certificate != nil else {
                continue
            }
            server.engine.connections[id]?.session = .authenticated(
                Identity(person: identity.person, proof: identity.proof))
        }
    }

    /// The planted bug of a shell that tells the observer what somebody else is told.
    private func leaked(_ effects: [Effect]) -> [Effect] {
        guard
            let observer = server.connections.keys.sorted().first(where: { desks[links[$0].desk].person == "quan" }),
            let previous = server.connections[observer]?.tap.previousOfEverything
        else { return [] }
        for case .send(let id, let octets) in effects where Int(id.number) != observer {
            let lines = String(decoding: octets, as: UTF8.self).split(separator: "\n")
            guard let line = lines.first(where: { $0.hasPrefix("EVENT ") && $0.contains("COMMENT.ADDED") }) else {
                continue
            }
            let words = line.split(separator: " ").map { $0.hasPrefix("prev=") ? "prev=\(previous)" : String($0) }
            return [
                .send(ConnectionID(UInt64(observer)), Array((words.joined(separator: " ") + "\n").utf8))
            ]
        }
        return []
    }

    /// The planted bug of a shell that lets one reply overtake another.
    private static func swapped(_ effect: Effect) -> Effect {
        guard case .send(let id, let octets) = effect else { return effect }
        var lines = octets.split(separator: 0x0A, omittingEmptySubsequences: true).map(Array.init)
        let places = lines.indices.filter { lines[$0].starts(with: "OK #".utf8) || lines[$0].starts(with: "NO ".utf8) }
        guard places.count >= 2 else { return effect }
        lines.swapAt(places[0], places[1])
        return .send(id, Array(lines.joined(separator: [0x0A])) + [0x0A])
    }

    private func perform(_ effect: Effect, now: Instant) {
        switch effect {
        case .send(let id, let octets): server.outbox.append((Int(id.number), .send(octets)))
        case .close(let id): server.outbox.append((Int(id.number), .close))
        case .authenticated(let id): server.outbox.append((Int(id.number), .authenticated))
        case .pauseReading(let id): server.outbox.append((Int(id.number), .pause))
        case .resumeReading(let id): server.outbox.append((Int(id.number), .resume))
        case .append(let batch): append(batch)
        case .load(let name, let request): answer(.loaded(name, load(request)))
        case .verify(let name, let request): verify(name, request)
        case .compute(let name, let computation):
            report.marks.hit(.computed)
            timeline.after(
                dice.between(1, 200), .answer(process: server.number, .computed(name, computation.run())))
        case .setTimer(let instant): setTimer(instant, now: now)
        case .stopped:
            server.hasStopped = true
            if server.isStopping { report.marks.hit(.gracefulStop) }
        }
    }

    /// Gives the engine an answer: in the same turn, as the real shell does, or later.
    private func answer(_ input: Input) {
        if server.isPrompt {
            server.inbox.append(input)
        } else {
            timeline.after(dice.between(0, 12), .answer(process: server.number, input))
        }
    }

    // MARK: The disk

    private func append(_ batch: Batch) {
        guard server.flight == nil else { return fail("a second batch while one is in flight") }
        note("append of \(batch.events.count) events behind \(batch.expected)", batch.events.count, Int(batch.expected))
        server.flight = ServerProcess.Flight(batch: batch)
        if mutant == .shellReleasesEarly {
            server.flight = nil
            server.late.append(batch)
            server.inbox.append(.appended)
            timeline.after(dice.between(5, 60), .commit(process: server.number))
            return
        }
        if server.isPrompt {
            commit()
        } else {
            report.marks.hit(.slowAppend)
            timeline.after(dice.between(0, 60), .commit(process: server.number))
        }
    }

    /// The moment of truth: a crash may come before it, after it, or not at all.
    func commit() {
        if mutant == .shellReleasesEarly {
            guard !server.late.isEmpty else { return }
            let batch = server.late.removeFirst()
            try? disk.append(batch)
            takeIn(batch)
            return
        }
        guard let batch = server.flight?.batch else { return }
        if !isWindingDown, dice.chance(perMille: 8) {
            report.marks.hit(.crashBeforeAppend)
            return crash()
        }
        if !isWindingDown, dice.chance(perMille: 4) { intrude() }
        let result: Input
        do throws(LogError) {
            try disk.append(batch)
            takeIn(batch)
            result = .appended
        } catch {
            note("append fails: \(error)")
            report.figures.faults += 1
            if case .uncertain = error {
                report.marks.hit(disk.trouble == .halfwayStored ? .halfwayStored : .halfwayLost)
                // Durable, though nobody knows.
                takeIn(batch)
            }
            result = mutant == .shellHidesFailure ? .appended : .appendFailed(failure(error))
        }
        server.flight?.isDurable = true
        if !isWindingDown, dice.chance(perMille: 8) {
            report.marks.hit(.crashAfterAppend)
            return crash()
        }
        answer(result)
    }

    private func takeIn(_ batch: Batch) {
        for event in disk.events[ledger.events.count...] { ledger.take(event) }
    }

    /// What the real shell makes of a log's error.
    private func failure(_ error: LogError) -> AppendFailure {
        switch error {
        case .conflict: .conflict
        case .full: .full
        case .readOnly: .broken(error.wording.english)
        case .uncertain where mutant == .shellTakesHalfwayForNothing: .broken(error.wording.english)
        case .uncertain: .uncertain(error.wording.english)
        case .broken, .movedAway, .unreachable: .broken(error.wording.english)
        }
    }

    /// Somebody else writes to the log, against all rules.
    private func intrude() {
        guard server.flight != nil, disk.trouble == .none, let office = OfficeID("phong\(disk.head)") else { return }
        report.marks.hit(.foreignWriter)
        report.figures.faults += 1
        note("a foreign writer appends")
        var batch = Batch(expected: disk.head)
        let fact = try? ledger.state.decide(
            .addOffice(office, name: "Phòng \(disk.head)"), by: .operator, now: clock.read(now))
        for fact in fact?.facts ?? [] {
            batch.events.append(
                Event(sequence: disk.head + 1, time: clock.read(now), person: nil, office: nil, fact: fact))
        }
        try? disk.append(batch)
        takeIn(batch)
    }

    func load(_ request: LoadRequest) -> Loaded {
        do throws(LogError) {
            switch request {
            case .replies(let keys): return .replies(try disk.replies(keys))
            case .topic(let topic):
                report.marks.hit(.archivedRead)
                return .events(try disk.events(of: topic))
            case .topicOfComment(let comment): return .topic(try disk.topic(of: comment))
            case .topicOfReview(let review): return .topic(try disk.topic(of: review))
            case .events(let after, let limit, let topic):
                if limit == 256 { report.marks.hit(.pageFromLog) }
                return .events(try disk.references(after: after, limit: limit, topic: topic))
            case .event(let sequence):
                report.marks.hit(.eventFromLog)
                return .events(try disk.events(after: sequence - 1, limit: 1, topic: nil))
            case .search(let query): return .hits(try disk.search(query))
            case .position(let person, let client): return .position(try disk.position(of: person, client: client))
            case .tree(let query): return .tree(try disk.tree(query))
            }
        } catch {
            return .failed("\(error)")
        }
    }

    // MARK: Pool and timer

    private func verify(_ name: VerifyID, _ request: VerifyRequest) {
        let verified: Verified
        if !isWindingDown, dice.chance(perMille: 15) {
            report.marks.hit(.poolBusy)
            verified = .busy
        } else if !isWindingDown, case .certificate = request, dice.chance(15) {
            verified = .certificate(.unavailable)
        } else {
            verified = Self.verified(request, token: "phien-\(tokensMade)", code: "moi-\(tokensMade)")
            if case .password(true, let token?) = verified, case .password(_, let candidate, _) = request {
                ledger.secretOfToken[Digest(hashing: token).description] = Cast.hash(candidate)
            }
            tokensMade += 1
        }
        timeline.after(dice.between(20, 500), .answer(process: server.number, .verified(name, verified)))
    }

    /// The pool, with a foreseeable hash in place of a slow one.
    static func verified(_ request: VerifyRequest, token: String, code: String) -> Verified {
        switch request {
        case .password(let stored, let candidate, let wantsToken):
            let isRight = stored == Cast.hash(candidate)
            return .password(isRight, token: isRight && wantsToken ? token : nil)
        case .change(let stored, let current, let new):
            return .changed(newHash: stored == nil || stored == Cast.hash(current) ? Cast.hash(new) : nil)
        case .invitation: return .invitation(code: code)
        case .certificate(let request, _): return .certificate(certify(request, token))
        }
    }

    private func setTimer(_ instant: Instant, now: Instant) {
        server.timer = instant
        server.timerTicket += 1
        // As the real shell: a day at most, and looked at again, because the clock may be set meanwhile.
        let wait = min(max(instant.milliseconds - now.milliseconds, 1), 86_400_000)
        if mutant == .shellLosesTimer, dice.chance(50) { return }
        timeline.after(wait, .serverTimer(process: server.number, ticket: server.timerTicket))
    }

    func timerRings(_ ticket: Int) {
        guard ticket == server.timerTicket, let instant = server.timer else { return }
        let now = clock.read(timeline.now)
        guard now >= instant else { return setTimer(instant, now: now) }
        server.timer = nil
        submit(.timer)
    }
}

extension Request {
    /// Puts another value in the place of a key's.
    mutating func replace(_ key: String, _ value: String) {
        for index in arguments.indices where arguments[index].key == key { arguments[index].value = value }
    }
}
