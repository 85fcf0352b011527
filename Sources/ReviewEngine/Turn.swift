import ReviewCore
import ReviewProtocol

/// What became of the oldest request of a connection.
enum Progress {
    /// It is answered or part of the batch; the next one may be looked at.
    case done
    /// It stays, until what it waits for has come.
    case waits
}

extension Engine {
    /// Puts a connection on the list of those to work on.
    mutating func makeReady(_ id: ConnectionID) {
        guard let place = connections.index(forKey: id), !connections.values[place].isReady else { return }
        connections.values[place].isReady = true
        ready.append(id)
    }

    /// Everything at hand was handed in: answers what can be answered, and stores what was decided as one batch.
    mutating func turn(now: Instant) {
        // Whoever can be decided at once once the keys are known joins the same batch.
        askForKeys()
        let work = ready
        ready = []
        spent.removeAll(keepingCapacity: true)
        for id in work {
            if let place = connections.index(forKey: id) { connections.values[place].isReady = false }
            advance(id, now: now)
        }
        askForKeys()
        seal()
        let late = behind
        behind = []
        for id in late {
            connections[id]?.isBehind = false
            deliver(id)
        }
    }

    /// Works on a connection's requests in their order, until one has to wait.
    private mutating func advance(_ id: ConnectionID, now: Instant) {
        var isWaiting = false
        while !isWaiting, let next = nextRequest(of: id) {
            let before = outputOctets(of: id)
            if case .waits = step(id, next, now: now) { isWaiting = true }
            note(outputOctets(of: id) - before, for: id)
        }
        // Whoever has a place in the pool and does not come for it after all gives it back.
        if granted[id] != nil, connections[id]?.waiting == .nothing { leavePool(id) }
        checkWindow(id)
        if isWaiting { return }
        guard let place = connections.index(forKey: id) else { return }
        if let prompt = connections.values[place].takePrompt() { write(id) { prompt.write(into: &$0.output) } }
    }

    /// What is written for a connection and not sent yet.
    private func outputOctets(of id: ConnectionID) -> Int {
        guard let place = connections.index(forKey: id) else { return 0 }
        return connections.values[place].output.count
    }

    /// The request to work on; nil when there is none, or none may be worked on now.
    private mutating func nextRequest(of id: ConnectionID) -> Queued? {
        guard let index = connections.index(forKey: id) else { return nil }
        guard !connections.values[index].session.isEnded, !connections.values[index].isBlocked,
            connections.values[index].waiting == .nothing, let next = connections.values[index].next
        else { return nil }
        if isStopping, owed[id] != next.serial { return nil }
        let person = connections.values[index].session.identity?.person
        if connections.values[index].output.count > EngineConfiguration.outputOctets
            || person.map({ spent[$0] ?? 0 > EngineConfiguration.outputOctets }) == true
        {
            // So much has to leave first; whoever asks for more than they read must not fill the memory, nor the turn.
            makeReady(id)
            return nil
        }
        return next
    }

    /// Notes what a reply cost the turn: a person's connections share one allowance, and what is short is not counted.
    private mutating func note(_ octets: Int, for id: ConnectionID) {
        guard octets > EngineConfiguration.shortReply, let person = identity(of: id)?.person else { return }
        spent[person, default: 0] += octets
    }

    /// Resumes reading when half of the window is free again.
    mutating func checkWindow(_ id: ConnectionID) {
        guard let index = connections.index(forKey: id), connections.values[index].isPaused else { return }
        let limits = configuration.limits
        guard connections.values[index].unanswered <= limits.windowRequests / 2,
            connections.values[index].queuedOctets <= limits.windowOctets / 2
        else { return }
        connections.values[index].isPaused = false
        effects.append(.resumeReading(id))
    }

    /// The oldest request waits for something.
    mutating func wait(_ id: ConnectionID, for waiting: Waiting) -> Progress {
        if let place = connections.index(forKey: id) { connections.values[place].waiting = waiting }
        if waiting == .batch { waitingForBatch.append(id) }
        return .waits
    }

    /// Answers the oldest request.
    ///
    /// Behind writes that are not durable yet, the answer joins them, so that replies keep the order of the
    /// requests.
    mutating func answer(_ id: ConnectionID, _ reply: Reply, tag: String?, joinsBatch: Bool = false) -> Progress {
        guard let place = connections.index(forKey: id) else { return .done }
        let form = connections.values[place].nextForm
        connections.values[place].dequeue()
        if joinsBatch || connections.values[place].unansweredWrites > 0, writing == .gathering {
            join(Answer(connection: id, tag: tag, form: form, content: .reply(reply)))
        } else {
            write(id, reply, tag: tag, form: form)
        }
        return .done
    }

    /// Lets an answer wait for the batch that is being gathered.
    mutating func join(_ answer: Answer) {
        open?.answers.append(answer)
        connections[answer.connection]?.unansweredWrites += 1
    }

    // A whole connection is never copied on the way of a request: its queue would be copied with the next change.

    /// The language of a connection that is still served.
    func language(of id: ConnectionID) -> Language? {
        guard let index = connections.index(forKey: id), !connections.values[index].session.isEnded else { return nil }
        return connections.values[index].language
    }

    /// Who is logged in on a connection.
    func identity(of id: ConnectionID) -> Identity? {
        guard let place = connections.index(forKey: id) else { return nil }
        return connections.values[place].session.identity
    }

    /// One step on the oldest request of a connection.
    private mutating func step(_ id: ConnectionID, _ next: Queued, now: Instant) -> Progress {
        guard let place = connections.index(forKey: id) else { return .waits }
        let language = connections.values[place].language
        let identity = connections.values[place].session.identity
        let hasUnansweredWrites = connections.values[place].unansweredWrites > 0
        switch next.content {
        case .fatal(let code):
            if hasUnansweredWrites { return wait(id, for: .batch) }
            end(id, code)
            return .waits
        case .malformed(let malformed):
            if hasUnansweredWrites { return wait(id, for: .batch) }
            if let refused = charge(id, next, identity, language, now: now) {
                return answer(id, refused, tag: malformed.tag)
            }
            return answer(id, Replies.malformed(malformed, language), tag: malformed.tag)
        case .call(let call):
            // Whatever reads must see the writes before it on the same connection; whatever writes may join them.
            let joinsBatch =
                identity != nil && (call.form.writes && !call.dryRun || call.form.act == .session(.acknowledge))
            // Once the batch is on its way nothing can join it, and not even a refusal may overtake its replies.
            if hasUnansweredWrites && (!joinsBatch || writing == .inFlight) { return wait(id, for: .batch) }
            if let refused = charge(id, next, identity, language, now: now) {
                return answer(id, refused, tag: call.tag)
            }
            if let refused = gate(call, identity, language) { return answer(id, refused, tag: call.tag) }
            return perform(id, next, call, now: now)
        }
    }

    /// Counts a request against its person's rate, once; the refusal when it came too fast.
    private mutating func charge(
        _ id: ConnectionID, _ next: Queued, _ identity: Identity?, _ language: Language, now: Instant
    ) -> Reply? {
        guard let identity, !next.isCharged else { return nil }
        if let place = connections.index(forKey: id) { connections.values[place].updateNext { $0.isCharged = true } }
        var bucket =
            buckets[identity.person] ?? TokenBucket(requestsPerSecond: configuration.limits.requestsPerSecond, now: now)
        let delay = bucket.take(now: now)
        buckets[identity.person] = bucket
        guard let delay else { return nil }
        return .no(
            .rate,
            Wording("Gửi lệnh quá nhanh; hãy chậm lại", "Too many requests a second; please slow down"),
            afterMilliseconds: delay, language)
    }

    /// What a session may ask at all; nil when it may ask this.
    private func gate(_ call: Call, _ identity: Identity?, _ language: Language) -> Reply? {
        switch (call.form.session, identity) {
        case (.any, _), (.anonymous, nil): break
        case (.authenticated, nil): return Replies.loginFirst(language)
        case (.anonymous, .some(let identity)):
            return .no(
                .invalid,
                Wording(
                    "Kết nối này đã đăng nhập với tên \(identity.person); hãy LOGOUT rồi kết nối lại",
                    "This connection is logged in as \(identity.person); LOGOUT, then connect again"), language)
        case (.authenticated, .some(let identity)):
            if identity.proof == .invitation, call.form.act != .write(.changePassword),
                call.form.act != .query(.whoAmI)
            {
                return .no(
                    .authenticationNeeded,
                    Wording(
                        "Bạn vào bằng mã mời: hãy đặt mật khẩu trước bằng PASSWD <<",
                        "You came with an invitation code: set a password first with PASSWD <<"),
                    pairs: [Pair("must", "passwd")], language)
            }
        }
        return call.isCancelled ? Replies.cancelled(language) : nil
    }

    /// Does what a request that passed the gate asks for.
    private mutating func perform(_ id: ConnectionID, _ next: Queued, _ call: Call, now: Instant) -> Progress {
        switch call.form.act {
        case .session(let act): performSession(act, id, next, call, now: now)
        case .query(let act): performQuery(act, id, next, call, now: now)
        case .write(let act): performWrite(act, id, next, call, now: now)
        }
    }
}
