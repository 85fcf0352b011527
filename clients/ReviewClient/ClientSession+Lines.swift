import ReviewProtocol

extension ClientSession {
    mutating func received(_ octets: [UInt8], _ now: Milliseconds) {
        switch phase {
        case .greeting, .authenticating, .waitingForCredential, .ready: break
        case .idle, .connecting, .dropping, .waiting, .ended: return
        }
        lastMoved = now
        framer.append(octets)
        while true {
            do {
                guard let line = try framer.next() else { return }
                take(line, now)
            } catch {
                violated("\(error)", now)
            }
            switch phase {
            case .greeting, .authenticating, .waitingForCredential, .ready: continue
            case .idle, .connecting, .dropping, .waiting, .ended: return
            }
        }
    }

    private mutating func take(_ line: ServerLine, _ now: Milliseconds) {
        switch line {
        case .hello(let pairs, _): greeted(pairs, now)
        case .row(let word, let pairs):
            collect(octets: pairs.reduce(word.utf8.count) { $0 + $1.key.utf8.count + $1.value.utf8.count }, now) {
                $0.parts.append(.row(ReplyRow(word, pairs)))
            }
        case .body(let text):
            collect(octets: text.utf8.count, now) { $0.parts.append(.line(text)) }
        case .literal(let octets):
            collect(octets: octets.count, now) { $0.parts.append(.literal(octets)) }
        case .prompt: break
        case .status(let status): complete(status, now)
        case .event(let event): follow(event, now)
        case .sync(let sequence):
            guard watchStands else { return }
            cursor?.synchronise(sequence)
            effects.append(.synchronised(sequence))
        case .note(let code, let pairs, let human):
            effects.append(.note(.server(code: code, pairs: pairs, human: human ?? "")))
        case .bye(let code, let pairs, let human):
            // The transport's end follows; it decides what happens next.
            lastBye = (code, pairs.first { $0.key == "limit" }?.value, human ?? "")
        case .unknown:
            // Within phanbien/1 only additions: what is unknown is passed over (specification §3).
            break
        }
    }

    private mutating func collect(octets: Int, _ now: Milliseconds, _ keep: (inout Self) -> Void) {
        guard !inFlight.isEmpty else {
            violated("a reply that nobody asked for", now)
            return
        }
        // A row costs memory beyond its octets.
        replyOctets += octets + 32
        guard replyOctets <= configuration.replyOctets else {
            violated("a reply of more than \(configuration.replyOctets) octets", now)
            return
        }
        keep(&self)
    }

    private mutating func complete(_ status: Status, _ now: Milliseconds) {
        guard let entry = inFlight.first else {
            violated("a status that nobody asked for", now)
            return
        }
        // A tag is repeated when the server could read it; another one means that both sides count differently.
        if let tag = status.tag, tag != entry.tag {
            violated("the reply to #\(tag) instead of #\(entry.tag)", now)
            return
        }
        inFlight.removeFirst()
        inFlightOctets -= entry.octets.count
        let reply = Reply(parts, status: status)
        clearReply()
        switch entry.owner {
        case .caller(let identifier): effects.append(.deliver(identifier, reply))
        case .credential: authenticated(reply, now)
        case .watch: if watchesOnWire != 1 || !postpone(entry, status, now) { watchAnswered(reply) }
        case .preparation, .unwatch: _ = postpone(entry, status, now)
        case .sign: break
        }
        pump()
    }

    /// Keeps one of the session's own requests that the server refused for the moment (RATE, BUSY), to send it again when
    /// the server said; false when it was not refused so.
    private mutating func postpone(_ entry: Entry, _ status: Status, _ now: Milliseconds) -> Bool {
        guard case .no(let code) = status.outcome, NoCode(rawValue: code)?.retry == .later else { return false }
        putOff(entry, Self.pause(status, otherwise: 1_000), now)
        return true
    }

    /// How long the server asks to wait: its `after=`, a minute at most.
    static func pause(_ status: Status, otherwise: Milliseconds) -> Milliseconds {
        min(max(status.value("after").flatMap { Milliseconds($0) } ?? otherwise, 1), 60_000)
    }

    /// Sends a request only after a pause.
    mutating func putOff(_ entry: Entry, _ pause: Milliseconds, _ now: Milliseconds) {
        let moment = now + min(max(pause, 1), 60_000)
        // Somebody who asked for longer is asked again a little sooner, and says so again.
        postponedUntil = postponed.isEmpty ? moment : min(postponedUntil, moment)
        postponed.append(entry)
    }

    /// Sends again what was refused for the moment, in its order: the session's own before the caller's.
    mutating func sendPostponed() {
        let wanted = postponed.filter { isWanted($0) }
        postponed = []
        let own = wanted.filter { if case .caller = $0.owner { false } else { true } }
        waiting.insert(contentsOf: own, at: placeOfInternal)
        waiting.append(contentsOf: wanted.filter { if case .caller = $0.owner { true } else { false } })
        pump()
    }

    /// Whether a request that was put off makes sense still: the end of a subscription does not, once the server has put
    /// another one in its place.
    private func isWanted(_ entry: Entry) -> Bool {
        guard case .unwatch(let ended) = entry.owner, let cursor else { return true }
        return ended != nil && cursor.topic != nil && ended != cursor.topic
    }

    // MARK: - Following the log

    /// Puts the subscription on the wire, when there is one and it does not stand yet.
    mutating func establishWatch() {
        guard phase == .ready, !watching, cursor != nil else { return }
        cursor?.resume()
        guard let request = cursor?.request else { return }
        watching = true
        watchesOnWire += 1
        enqueueInternal(request, owner: .watch)
    }

    private mutating func watchAnswered(_ reply: Reply) {
        watchesOnWire -= 1
        // The answer to a subscription that another one has replaced meanwhile means nothing any more.
        guard cursor != nil, watching, watchesOnWire == 0 else { return }
        switch reply.status.outcome {
        case .ok:
            let begin = reply["after"] ?? reply["seq"] ?? reply["tail"]
            cursor?.begin(after: begin.flatMap { Int64($0) })
            watchStands = true
        case .no(let code) where code == NoCode.logChanged.rawValue || code == NoCode.cursorAhead.rawValue:
            guard cursor?.seen != nil else {
                refuseWatch(reply.status)
                return
            }
            effects.append(.note(.logChanged(from: cursor?.log, to: log)))
            cursor?.forget()
            cursor?.log = log
            watching = false
            establishWatch()
        case .no, .bad: refuseWatch(reply.status)
        }
    }

    private mutating func refuseWatch(_ status: Status) {
        cursor = nil
        watching = false
        watchStands = false
        effects.append(.note(.watchRefused(status)))
    }

    private mutating func follow(_ event: EventLine, _ now: Milliseconds) {
        // After UNWATCH, and before the answer to a new WATCH, events of the old subscription may still arrive.
        // The subscription of another topic may go on for a while when the server was too busy to end it.
        if let topic = cursor?.topic, event.value("topic") != topic { return }
        guard watchStands, let verdict = cursor?.take(event) else { return }
        switch verdict {
        case .known: break
        case .next: effects.append(.event(event))
        case .gap(let expected, let askAgain):
            effects.append(
                .note(.gap(expected: expected, found: event.previous, sequence: event.sequence)))
            if askAgain {
                // Resuming from the last good event on a fresh connection is the one way that loses nothing.
                drop(now)
            } else {
                effects.append(.event(event))
            }
        }
    }

    mutating func violated(_ what: String, _ now: Milliseconds) {
        effects.append(.disconnect)
        end(.protocolViolation(what))
    }
}
