import ReviewProtocol

extension ClientSession {
    /// HELLO came: remember the log's identity and prove who is there.
    mutating func greeted(_ pairs: [Pair], _ now: Milliseconds) {
        guard phase == .greeting else {
            violated("HELLO in the middle of a session", now)
            return
        }
        let identity = pairs.first { $0.key == "log" }?.value
        if let identity {
            if let known = cursor?.log ?? log, known != identity {
                if cursor != nil { effects.append(.note(.logChanged(from: known, to: identity))) }
                cursor?.forget()
                giveUpWrites()
            }
            log = identity
            cursor?.log = identity
        }
        if configuration.isAnonymous { return begin(now) }
        guard !credentials.isEmpty else {
            enter(.waitingForCredential, now)
            effects.append(.needsCredential(nil))
            return
        }
        authenticate(with: 0, now)
    }

    /// Sends the credential at a position.
    ///
    /// Nothing is pipelined behind it: what follows depends on its answer.
    mutating func authenticate(with position: Int, _ now: Milliseconds) {
        let request: Request
        switch credentials[position] {
        case .certificate:
            request = Request(
                tag: nil, verb: "AUTH", arguments: [Argument(key: nil, value: "EXTERNAL")], body: nil)
        case .token(let token):
            request = Request(
                tag: nil, verb: "AUTH", arguments: [Argument(key: nil, value: "TOKEN")], body: .literal(token))
        case .password(let person, let password):
            request = Request(
                tag: nil, verb: "LOGIN",
                arguments: [Argument(key: nil, value: person), Argument(key: "token", value: "yes")],
                body: .oneLine(password))
        }
        do {
            let entry = try entry(request, owner: .credential)
            inFlight = [entry]
            inFlightOctets = entry.octets.count
            enter(.authenticating(position), now)
            effects.append(.write(entry.octets))
        } catch {
            // A password that cannot even be written down is a wrong password.
            refused(position, nil, now)
        }
    }

    /// The answer to a credential.
    mutating func authenticated(_ reply: Reply, _ now: Milliseconds) {
        guard case .authenticating(let position) = phase else { return }
        guard case .ok = reply.status.outcome else {
            refused(position, reply.status, now)
            return
        }
        if case .password = credentials[position] { keepToken(of: reply) }
        begin(now)
    }

    /// The connection takes requests.
    private mutating func begin(_ now: Milliseconds) {
        enter(.ready, now)
        failures = 0
        prepare()
        let resent = waiting.count(where: { $0.sends > 0 })
        if everReady { effects.append(.note(.resumed(resent: resent))) }
        everReady = true
        effects.append(.ready)
        establishWatch()
        pump()
    }

    private mutating func keepToken(of reply: Reply) {
        let token = reply["token"].map { Array($0.utf8) } ?? (reply.hasText ? reply.text : nil)
        guard let token, !token.isEmpty else { return }
        let trimmed = token.last == 0x0A ? Array(token.dropLast()) : token
        credentials.removeAll { if case .token = $0 { true } else { false } }
        credentials.insert(.token(trimmed), at: credentials.first == .certificate ? 1 : 0)
        effects.append(.keepToken(trimmed))
    }

    private mutating func refused(_ position: Int, _ status: Status?, _ now: Milliseconds) {
        // BUSY, RATE and UNAVAILABLE say nothing about the credential.
        let isFinal: Bool
        if let status, case .no(let code) = status.outcome {
            isFinal = NoCode(rawValue: code).map { $0.retry != .later } ?? true
        } else {
            isFinal = true
        }
        if isFinal {
            switch credentials[position] {
            case .certificate: effects.append(.note(.certificateRefused))
            case .token: effects.append(.forgetToken)
            case .password: break
            }
            credentials.remove(at: position)
        }
        let next = isFinal ? position : position + 1
        if let status, !isFinal, everReady || configuration.firstAttempts > 1 {
            // Nobody has to do anything about it: the server is asked again when it said.
            lastRefusal = (status.human ?? status.code ?? "", Self.pause(status, otherwise: 1))
            drop(now)
        } else if next < credentials.count {
            authenticate(with: next, now)
        } else {
            enter(.waitingForCredential, now)
            effects.append(.needsCredential(status))
        }
    }

    /// What every connection of this client wants: text byte for byte, and its language.
    private mutating func prepare() {
        enqueueInternal(
            Request(tag: nil, verb: "SET", arguments: [Argument(key: "body", value: "literal")], body: nil),
            owner: .preparation)
        guard language != .vietnamese else { return }
        enqueueInternal(
            Request(
                tag: nil, verb: "LANG", arguments: [Argument(key: nil, value: language.rawValue)],
                body: nil), owner: .preparation)
    }
}
