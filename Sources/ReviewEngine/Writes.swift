import ReviewCore
import ReviewDigest
import ReviewProtocol

/// The one funnel of everything that changes something: resolve keys, decide, batch, append, apply, reply, publish,
/// in that order (architecture rule 4).
extension Engine {
    // MARK: Keys

    /// One write on its way through the funnel.
    mutating func performWrite(
        _ act: Act.Write, _ id: ConnectionID, _ next: Queued, _ call: Call, now: Instant
    ) -> Progress {
        guard let language = language(of: id), let identity = identity(of: id) else { return .waits }
        if call.dryRun, call.key == nil { return tryOut(act, id, next, call, identity, language, now: now) }
        if writing == .inFlight || open?.isFull == true { return wait(id, for: .batch) }
        var replyKey: ReplyKey?
        var request = ""
        if let key = call.key {
            let wanted = ReplyKey(person: identity.person, key: key)
            if let earlier = open?.stored[wanted] { return repeatReply(id, earlier, call, language) }
            switch next.materials.key {
            case .answered(let appends, let earlier) where appends == self.appends:
                if let earlier { return repeatReply(id, earlier, call, language) }
            case .asked: return wait(id, for: .load)
            case .answered, .unknown:
                collectKeys(id, identity.person)
                return wait(id, for: .load)
            }
            request = call.identity
            if next.materials.hasFailed { return answer(id, Replies.notRead(language), tag: call.tag) }
            replyKey = wanted
        }
        if call.dryRun { return tryOut(act, id, next, call, identity, language, now: now) }
        do throws(Refusal) {
            switch try prepare(act, id, next, call, identity, now: now) {
            case .command(let command, let secret):
                return try decide(
                    id, call, command, by: identity, key: replyKey, request: request, secret: secret, language, now: now
                )
            case .pool: return .waits
            case .refused(let reply): return answer(id, reply, tag: call.tag)
            }
        } catch {
            if error.code == .notFound, let progress = judgeFinished(id, next, call, identity, language) {
                return progress
            }
            // It may have been judged by what other writes of the batch changed, so it is said when they are true.
            return answer(id, Replies.refused(error, language), tag: call.tag, joinsBatch: true)
        }
    }

    /// Notes the keys of writes that just came to an idle connection: their first step could only wait for them.
    mutating func askAhead(_ id: ConnectionID, at place: Int) {
        guard connections.values[place].waiting == .nothing, connections.values[place].login == nil,
            let identity = connections.values[place].session.identity, identity.proof != .invitation,
            connections.values[place].nextAsksForItsKey
        else { return }
        collectKeys(id, identity.person)
        connections.values[place].waiting = .load
    }

    /// Notes the keys of this write and of those right behind it, so that all are looked up at once.
    private mutating func collectKeys(_ id: ConnectionID, _ person: PersonID) {
        guard let place = connections.index(forKey: id) else { return }
        for index in connections.values[place].indicesOfWaiting {
            let queued = connections.values[place].queue[index]
            guard case .call(let call) = queued.content, call.form.writes else { return }
            guard let key = call.key else { continue }
            keysToAsk.append((id, queued.serial, ReplyKey(person: person, key: key)))
            connections.values[place].update(at: index) { $0.materials.key = .asked }
        }
    }

    /// Asks the store for all keys that were noted.
    mutating func askForKeys() {
        guard !keysToAsk.isEmpty else { return }
        let asked = keysToAsk
        keysToAsk = []
        keyLoads += 1
        load(.replies(asked.map(\.key)), for: .keys(asked, appends: appends))
    }

    /// The store's answer about keys, which knows nothing of what was stored after it was asked.
    mutating func takeReplies(
        _ asked: [(connection: ConnectionID, serial: Int, key: ReplyKey)], of appends: UInt64, _ loaded: Loaded
    ) {
        keyLoads -= 1
        var found: [ReplyKey: StoredReply] = [:]
        var hasFailed = true
        if case .replies(let replies) = loaded {
            for reply in replies { found[reply.key] = reply }
            hasFailed = false
        }
        for (id, serial, key) in asked {
            guard let place = connections.index(forKey: id) else { continue }
            connections.values[place].update(serial: serial) {
                $0.materials.key = .answered(appends: appends, found[key])
                $0.materials.hasFailed = hasFailed
            }
            if connections.values[place].waiting == .load { connections.values[place].waiting = .nothing }
            makeReady(id)
        }
    }

    /// Answers a request whose key came before: the stored reply, or the refusal when it is another request.
    private mutating func repeatReply(
        _ id: ConnectionID, _ earlier: StoredReply, _ call: Call, _ language: Language
    ) -> Progress {
        guard earlier.request == call.identity else {
            return answer(
                id,
                .no(
                    .keyReused,
                    Wording(
                        "Mã key= này đã dùng cho một lệnh khác; hãy dùng mã mới",
                        "This key= was used with another request; use a new one"), language), tag: call.tag)
        }
        let octets = StoredReplies.repeated(
            earlier.reply, tag: call.tag, isTried: call.dryRun, literal: connections[id]?.sendsLiterals ?? false)
        connections[id]?.dequeue()
        if writing == .gathering,
            open?.stored[earlier.key] != nil || (connections[id]?.unansweredWrites ?? 0) > 0
        {
            join(Answer(connection: id, tag: call.tag, form: call.form.name, content: .replay(octets)))
        } else {
            tally.count(call.form.name, .ok)
            write(id) { $0.output.append(contentsOf: octets) }
        }
        return .done
    }

    // MARK: Decide

    /// Decides a command and takes it into the batch; what is refused is answered and not stored, so that the same
    /// key may come again once the reason is mended.
    private mutating func decide(
        _ id: ConnectionID, _ call: Call, _ command: Command, by identity: Identity, key: ReplyKey?, request: String,
        secret: Pair?, _ language: Language, now: Instant
    ) throws(Refusal) -> Progress {
        var batch = open.take() ?? OpenBatch(on: state)
        defer { gather(batch) }
        // It may have been deleted by what goes before in the batch.
        if let certificate = identity.certificate, batch.scratch.certificates[certificate] == nil {
            throw Self.deletedCertificate
        }
        let outcome = try batch.scratch.decide(command, by: .person(identity.person), now: now)
        batch.take(outcome, by: identity.person, now: now)
        var reply = Self.reply(to: outcome, language)
        if !outcome.facts.isEmpty {
            reply.status.pairs.append(Pair("seq", String(batch.scratch.lastSequence)))
        }
        var content = Answer.Content.reply(reply)
        if let key {
            // The stored reply must not keep a secret for ever: a repeated request gets the rest of it, and is told so.
            var kept = reply
            if secret != nil { kept.status.human = Self.secretIsGone.text(language) }
            var octets: [UInt8] = []
            octets.reserveCapacity(reply.usualOctets)
            kept.write(tag: nil, literal: false, into: &octets)
            let stored = StoredReply(
                key: key, request: request, reply: octets,
                sequence: outcome.facts.isEmpty ? nil : batch.scratch.lastSequence)
            batch.batch.replies.append(stored)
            batch.stored[key] = stored
            batch.writes += 1
            // What is stored is what is sent, unless texts go as literals.
            if let place = connections.index(forKey: id), !connections.values[place].sendsLiterals {
                content = .stored(octets)
            }
        } else if !outcome.facts.isEmpty {
            batch.writes += 1
        }
        batch.octets += call.request.body?.octets?.count ?? 0
        if let secret {
            reply.status.pairs.append(secret)
            content = .reply(reply)
        }
        if outcome.facts.isEmpty, key == nil { return answerUnchanged(id, reply, call, &batch) }
        if call.form.act == .write(.changePassword) { batch.newPasswords[identity.person] = id }
        guard let place = connections.index(forKey: id) else { return .done }
        connections.values[place].dequeue()
        connections.values[place].unansweredWrites += 1
        batch.answers.append(Answer(connection: id, tag: call.tag, form: call.form.name, content: content))
        return .done
    }

    /// What a repeated INVITE is told instead of its code.
    private static var secretIsGone: Wording {
        Wording(
            "Mã đã cấp chỉ hiện một lần, không in lại; nếu không nhận được, hãy cấp mã khác (INVITE)",
            "The code was shown once and is not repeated; if it did not arrive, give another one (INVITE)"
        )
    }

    private static var deletedCertificate: Refusal {
        Refusal(
            .forbidden,
            Wording(
                "Chứng thư mà bạn đăng nhập vừa bị xóa.", "The certificate that you logged in with was just deleted."))
    }

    /// Nothing has to be stored: the answer may go out at once, unless earlier writes of the connection wait.
    private mutating func answerUnchanged(
        _ id: ConnectionID, _ reply: Reply, _ call: Call, _ batch: inout OpenBatch
    ) -> Progress {
        connections[id]?.dequeue()
        if batch.writes > 0 {
            batch.answers.append(
                Answer(connection: id, tag: call.tag, form: call.form.name, content: .reply(reply)))
            connections[id]?.unansweredWrites += 1
        } else {
            write(id, reply, tag: call.tag, form: call.form.name)
        }
        return .done
    }

    /// The reply to an outcome, without `seq=`.
    static func reply(to outcome: Outcome, _ language: Language) -> Reply {
        let isSilent = outcome.wording.vietnamese.isEmpty
        var pairs: [Pair] = []
        pairs.reserveCapacity(outcome.details.count + 2)
        for detail in outcome.details { pairs.add(detail.key, detail.value) }
        // The wish was fulfilled before: there is no event, so the reply says why it has no `seq=`.
        if outcome.facts.isEmpty, !pairs.contains(where: { $0.key == "already" }) { pairs.add("already", flag: true) }
        return .ok(
            pairs, isSilent ? nil : outcome.wording, parts: outcome.echo.map { [.text($0)] } ?? [],
            language)
    }

    /// `dry-run=yes`: says what would happen under a key that was not used before, or without one.
    ///
    /// Nothing is stored, not even under the key.
    private mutating func tryOut(
        _ act: Act.Write, _ id: ConnectionID, _ next: Queued, _ call: Call, _ identity: Identity, _ language: Language,
        now: Instant
    ) -> Progress {
        let reply: Reply
        do throws(Refusal) {
            guard let command = try rehearse(act, id, next, call, identity, now: now) else { return .waits }
            let outcome = try state.decide(command, by: .person(identity.person), now: now)
            var tried = Self.reply(to: outcome, language)
            tried.status.pairs.insert(Pair("dry-run", "yes"), at: 0)
            tried.status.human = Wording(
                "Chạy thử, chưa ghi gì. Nếu làm thật: \(outcome.wording.vietnamese)",
                "Dry run, nothing was stored. It would say: \(outcome.wording.english)"
            ).text(language)
            reply = tried
        } catch {
            if error.code == .notFound, let progress = judgeFinished(id, next, call, identity, language) {
                return progress
            }
            reply = Replies.refused(error, language)
        }
        return answer(id, reply, tag: call.tag)
    }

    /// A comment or review that no topic in memory has may belong to a finished one: whoever reads it there is told that
    /// its time is over, not that it does not exist.
    ///
    /// - Returns: nil when it stays NOT-FOUND.
    private mutating func judgeFinished(
        _ id: ConnectionID, _ next: Queued, _ call: Call, _ identity: Identity, _ language: Language
    ) -> Progress? {
        let request: LoadRequest
        if let comment = (call.optionalWord("comment") ?? call.optionalWord("object")).flatMap({ CommentID($0) }) {
            guard state.topicID(of: comment) == nil else { return nil }
            request = .topicOfComment(comment)
        } else if let review = call.optionalWord("review").flatMap({ ReviewID($0) }) {
            guard state.topicID(of: review) == nil else { return nil }
            request = .topicOfReview(review)
        } else {
            return nil
        }
        if next.materials.hasFailed { return answer(id, Replies.notRead(language), tag: call.tag) }
        guard let owner = next.materials.owner else { return fetch(request, for: id, next) }
        guard let topic = owner.flatMap({ state.topics[$0] }), topic.isArchived,
            state.access(of: identity.person, to: topic) == .text
        else { return nil }
        return answer(id, Replies.refused(topic.finished, language), tag: call.tag, joinsBatch: true)
    }

    // MARK: Append

    /// Hands the batch to the shell, unless keys are still being looked up or another batch is on its way.
    mutating func seal() {
        guard keyLoads == 0, writing == .gathering, let open else { return }
        writing = .inFlight
        effects.append(.append(open.batch))
    }

    /// Keeps what a batch has become; one that holds no write is dropped.
    mutating func gather(_ batch: OpenBatch) {
        writing = batch.writes > 0 ? .gathering : .idle
        open = batch.writes > 0 ? batch : nil
    }

    /// The batch is durable: apply, reply, publish.
    mutating func appended(now: Instant) {
        guard writing == .inFlight, let batch = open.take() else { return }
        writing = .idle
        appends += 1
        state = batch.scratch
        replies.take(batch.batch.events)
        for event in batch.batch.events { ring.append(event) }
        for answer in batch.answers { release(answer, now: now) }
        for event in batch.batch.events { revoke(after: event, sparing: batch.newPasswords) }
        wakeAfterBatch()
        publish(after: batch.batch.expected)
    }

    private mutating func release(_ answer: Answer, now: Instant) {
        let id = answer.connection
        guard let place = connections.index(forKey: id) else { return }
        connections.values[place].unansweredWrites -= 1
        switch answer.content {
        case .reply(let reply): write(id, reply, tag: answer.tag, form: answer.form)
        case .stored(let octets):
            tally.count(answer.form, .ok)
            write(id) { StoredReplies.write(octets, tag: answer.tag, to: &$0.output) }
        case .replay(let octets):
            tally.count(answer.form, .ok)
            write(id) { $0.output.append(contentsOf: octets) }
        case .login(let acceptance): welcome(id, acceptance, tag: answer.tag, form: answer.form, now: now)
        case .logout: leave(id, tag: answer.tag, form: answer.form)
        }
        checkWindow(id)
        // A connection without further requests has nothing to be worked on but a prompt.
        guard let place = connections.index(forKey: id) else { return }
        if connections.values[place].next != nil || connections.values[place].isPromptDue { makeReady(id) }
    }

    /// Nothing of the batch was stored: everybody in it is told so, and the state stays as it was.
    ///
    /// When that is not certain nobody gets a reply: OK might be untrue, and NO as well. The connections end, and who
    /// sends the same key again after the restart gets the answer that is true.
    mutating func appendFailed(_ failure: AppendFailure, now: Instant) {
        guard writing == .inFlight, let batch = open.take() else { return }
        writing = .idle
        if case .uncertain = failure { return finish() }
        for answer in batch.answers {
            let id = answer.connection
            guard let place = connections.index(forKey: id) else { continue }
            connections.values[place].unansweredWrites -= 1
            let refused = Replies.notStored(failure, connections.values[place].language)
            write(id, refused, tag: answer.tag, form: answer.form)
            connections[id]?.login = nil
            checkWindow(id)
            makeReady(id)
        }
        wakeAfterBatch()
        if failure.endsProcess { finish() }
    }

    private mutating func wakeAfterBatch() {
        let waiting = waitingForBatch
        waitingForBatch = []
        for id in waiting where connections[id]?.waiting == .batch {
            connections[id]?.waiting = .nothing
            makeReady(id)
        }
    }

    /// Ends the sessions that an event takes away.
    ///
    /// A disabled person loses all; after a new password only the one that set it stays, and those by client certificate; a
    /// new invitation code ends what came in with an old one, and with the password that it takes the force of.
    private mutating func revoke(after event: Event, sparing newPasswords: [PersonID: ConnectionID]) {
        let person: PersonID
        var proofs: [Identity.Proof] = [.password, .token, .invitation]
        var spared: ConnectionID?
        var token: String?
        var certificate: Digest?
        switch event.fact {
        case .personDisabled(let fact):
            person = fact.person
            proofs.append(.certificate)
        case .certificateIssued(let fact):
            person = fact.certificate.person
            // A code for an account is used up, and so is what came in with it.
            if state.people[person]?.invitation != nil { return }
            proofs = [.invitation]
        case .certificateDeleted(let fact):
            person = fact.person
            proofs = [.certificate]
            certificate = fact.digest
        case .credentialSet(let fact):
            person = fact.person
            spared = newPasswords[person]
        case .tokensWithdrawn(let fact):
            person = fact.person
            proofs = [.token]
            token = fact.token
        case .personInvited(let fact):
            person = fact.person
            // Without a password there is nothing but an older code.
            if fact.purpose == .certificate { return }
            if !fact.endsPassword { proofs = [.invitation] }
        default: return
        }
        for id in connectionsByPerson[person] ?? [] {
            guard let identity = connections[id]?.session.identity, proofs.contains(identity.proof),
                token == nil || identity.token == token, certificate == nil || identity.certificate == certificate
            else { continue }
            if id == spared {
                connections[id]?.session = .authenticated(Identity(person: person, proof: .password))
            } else {
                end(id, .revoked)
            }
        }
    }
}

extension OpenBatch {
    /// Gives facts their places and applies them to the scratch copy.
    mutating func take(_ outcome: Outcome, by person: PersonID, now: Instant) {
        let office = scratch.people[person]?.office
        for fact in outcome.facts {
            let event = Event(
                sequence: scratch.lastSequence + 1, time: now, person: person, office: office, fact: fact)
            batch.events.append(event)
            scratch.apply(event, draft: outcome.draft)
        }
    }
}

/// How stored replies are sent again.
enum StoredReplies {
    /// Appends the reply with its request's tag.
    static func write(_ reply: [UInt8], tag: String?, to output: inout [UInt8]) {
        guard let tag else { return output.append(contentsOf: reply) }
        let head = endOfHead(reply)
        if output.isEmpty { output.reserveCapacity(reply.count + tag.utf8.count + 2) }
        output.append(contentsOf: reply[..<head])
        output.append(UInt8(ascii: " "))
        output.append(UInt8(ascii: "#"))
        output.append(contentsOf: tag.utf8)
        output.append(contentsOf: reply[head...])
    }

    /// The reply with the new request's tag and `replay=yes`; the status is its last line, which never holds an LF.
    ///
    /// - Parameters:
    ///   - isTried: the repeated request is a dry run, and this is what it would be answered.
    ///   - literal: its text goes as a literal.
    static func repeated(_ reply: [UInt8], tag: String?, isTried: Bool, literal: Bool) -> [UInt8] {
        let head = endOfHead(reply)
        let status = startOfStatus(reply)
        var repeated = literal ? withLiteral(reply[..<status]) : Array(reply[..<status])
        repeated.append(contentsOf: reply[status..<head])
        if let tag { repeated.append(contentsOf: " #\(tag)".utf8) }
        if isTried { repeated.append(contentsOf: " dry-run=yes".utf8) }
        repeated.append(contentsOf: " replay=yes".utf8)
        repeated.append(contentsOf: reply[head...])
        return repeated
    }

    /// The body lines of a stored reply as a literal.
    ///
    /// All that a write's reply holds before its status is one text, and what is stored has nothing that body lines mask.
    private static func withLiteral(_ lines: ArraySlice<UInt8>) -> [UInt8] {
        guard !lines.isEmpty else { return [] }
        let text = lines.dropLast().split(separator: 0x0A, omittingEmptySubsequences: false)
            .map { $0.dropFirst($0.count > 1 ? 2 : 1) }.joined(separator: [0x0A])
        var octets: [UInt8] = []
        ServerLine.literal(Array(text)).write(into: &octets)
        return octets
    }

    /// Where the status begins.
    private static func startOfStatus(_ reply: [UInt8]) -> Int {
        let end = reply.last == 0x0A ? reply.count - 1 : reply.count
        return reply[..<end].lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
    }

    /// Where the tag belongs: behind the first word of the status.
    private static func endOfHead(_ reply: [UInt8]) -> Int {
        let end = reply.last == 0x0A ? reply.count - 1 : reply.count
        // What is stored are replies to done writes: they begin with OK.
        return min(startOfStatus(reply) + 2, end)
    }
}
