import ReviewCore
import ReviewDigest
import ReviewProtocol

/// What became of a login or a change of password, to be told when its delay is over.
enum LoginOutcome: Sendable {
    /// The secret is right.
    case accepted(Acceptance)
    /// The name or the secret is wrong; nobody is told which.
    case refused
    /// Too many wait for a place in the pool.
    case busy

    /// Who may come in.
    struct Acceptance: Sendable {
        /// The person.
        let person: PersonID
        /// By what.
        let proof: Identity.Proof
        /// What the account has to hold still when they come in: the hash of the password, of the invitation code, of the
        /// session token, or of the client certificate.
        let secret: String?
        /// A fresh session token in the clear, when one was asked for.
        let token: String?
        /// When the token lapses.
        let expires: Instant
    }
}

/// What the pool works on.
struct PendingVerification: Sendable {
    /// What for.
    enum Purpose: Sendable {
        /// A login: the name as sent, the stored hash it was compared with, and the invitation that the candidate
        /// fits.
        case login(name: String, stored: String?, invitation: String?, wantsToken: Bool)
        /// A new password.
        case password
        /// An invitation code.
        case invitation
        /// A client certificate.
        case certificate
    }

    /// Whose.
    let connection: ConnectionID
    /// The request.
    let serial: Int
    /// What for.
    let purpose: Purpose
    /// Whose failures it counts among.
    let subjects: [Throttle.Subject]

    /// Whether it is one of the slow checks, whose number is bounded.
    var countsInPool: Bool {
        switch purpose {
        case .login, .password: true
        case .invitation, .certificate: false
        }
    }

    /// From where it was sent.
    var address: String? {
        for case .address(let address) in subjects { return address }
        return nil
    }

    /// One that nobody's failures are counted of.
    static func uncounted(_ purpose: Purpose, _ connection: ConnectionID, serial: Int) -> PendingVerification {
        PendingVerification(connection: connection, serial: serial, purpose: purpose, subjects: [])
    }
}

extension Engine {
    // MARK: LOGIN and AUTH

    /// LOGIN, AUTH PLAIN, AUTH TOKEN and AUTH EXTERNAL.
    mutating func logIn(_ id: ConnectionID, _ next: Queued, _ call: Call, now: Instant) -> Progress {
        if let outcome = connections[id]?.login { return conclude(id, outcome, call, now: now) }
        if case .busy = next.materials.verified { return answer(id, busy(id), tag: call.tag) }
        if call.form.act == .session(.authToken) { return presentToken(id, call, now: now) }
        if call.form.act == .session(.authExternal) { return presentCertificate(id, call, now: now) }
        let claim = Claim(call)
        let address = connections[id]?.address ?? ""
        let isKnown = knownPlaces.contains(claim.name, address)
        let wanted: [Throttle.Subject] = [
            isKnown ? .place(person: claim.name, address: address) : .person(claim.name), .address(address),
        ]
        guard let subjects = takePlace(id, wanted) else { return queueForPool(id, isKnown, wanted, now: now) }
        // An unknown or disabled person costs the same work and gets the same words.
        let person = PersonID(claim.name).flatMap { state.people[$0] }.flatMap { $0.isDisabled ? nil : $0 }
        let code = InvitationDigest.digest(of: claim.secret)
        let invitation = person?.invitation == code ? person?.invitation : nil
        let wantsToken = call.flag("token")
        verify(
            .password(stored: person?.credential, candidate: claim.secret, wantsToken: wantsToken),
            for: PendingVerification(
                connection: id, serial: next.serial,
                purpose: .login(
                    name: claim.name, stored: person?.credential, invitation: invitation, wantsToken: wantsToken),
                subjects: subjects))
        return wait(id, for: .verification)
    }

    /// AUTH TOKEN: a session token has 256 random bits, so it is looked up without the slow hash and without a
    /// delay; only wrong ones wait.
    private mutating func presentToken(_ id: ConnectionID, _ call: Call, now: Instant) -> Progress {
        let token = Digest(hashing: call.octets ?? []).description
        if let person = state.person(ofToken: token, now: now), state.people[person]?.isDisabled == false {
            let acceptance = LoginOutcome.Acceptance(
                person: person, proof: .token, secret: token, token: nil, expires: now)
            knownPlaces.insert(person.text, connections[id]?.address ?? "")
            return conclude(id, .accepted(acceptance), call, now: now)
        }
        return refuseGuess(id, now: now)
    }

    /// AUTH EXTERNAL: the handshake has proved that the peer holds the certificate's key, and it is known by its digest.
    private mutating func presentCertificate(_ id: ConnectionID, _ call: Call, now: Instant) -> Progress {
        guard let digest = connections[id]?.certificate else {
            // Nothing was tried, so nothing counts as tried.
            let language = connections[id]?.language ?? .vietnamese
            return answer(
                id,
                .no(
                    .authenticationFailed,
                    Wording(
                        "Kết nối này không xuất trình chứng thư nào; hãy đăng nhập bằng LOGIN",
                        "This connection presented no certificate; log in with LOGIN"), language), tag: call.tag)
        }
        guard let certificate = state.certificates[digest], certificate.isValid(at: now),
            state.people[certificate.person]?.isDisabled == false
        else { return refuseGuess(id, now: now) }
        let acceptance = LoginOutcome.Acceptance(
            person: certificate.person, proof: .certificate, secret: digest.description, token: nil, expires: now)
        knownPlaces.insert(certificate.person.text, connections[id]?.address ?? "")
        return conclude(id, .accepted(acceptance), call, now: now)
    }

    /// What cannot be guessed is looked up at once; only a wrong one waits.
    mutating func refuseGuess(_ id: ConnectionID, now: Instant) -> Progress {
        let address = connections[id]?.address ?? ""
        incidents.noteFailedLogin(from: address)
        let delay = throttle.count(failureOf: [.address(address)], now: now)
        return delayed(id, .refused, milliseconds: delay, now: now)
    }

    func busy(_ id: ConnectionID) -> Reply {
        .no(
            .busy,
            Wording(
                "Máy chủ đang kiểm tra quá nhiều mật khẩu; hãy thử lại sau giây lát",
                "The server is checking too many passwords; try again in a moment"),
            afterMilliseconds: EngineConfiguration.busyMilliseconds, connections[id]?.language ?? .vietnamese)
    }

    /// Keeps the outcome until its delay is over.
    mutating func delayed(
        _ id: ConnectionID, _ outcome: LoginOutcome, milliseconds: Int64, now: Instant
    ) -> Progress {
        guard connections[id]?.session.isEnded == false else { return .waits }
        connections[id]?.login = outcome
        if milliseconds > 0 {
            alarms.add(Alarm(instant: now.adding(milliseconds: milliseconds), connection: id, kind: .delay))
            return wait(id, for: .delay)
        }
        connections[id]?.waiting = .nothing
        makeReady(id)
        return .waits
    }

    /// The delay is over: lets the person in, or says no.
    mutating func conclude(
        _ id: ConnectionID, _ outcome: LoginOutcome, _ call: Call, now: Instant
    ) -> Progress {
        let language = connections[id]?.language ?? .vietnamese
        switch outcome {
        case .refused:
            connections[id]?.login = nil
            return answer(id, Self.refusal(of: call.form.name, language), tag: call.tag)
        case .busy:
            connections[id]?.login = nil
            return answer(id, busy(id), tag: call.tag)
        case .accepted(let acceptance):
            guard Self.isInForce(acceptance, state) else {
                connections[id]?.login = nil
                return answer(id, Self.refusal(of: call.form.name, language), tag: call.tag)
            }
            if let reply = tooMany(of: acceptance.person, language) {
                connections[id]?.login = nil
                return answer(id, reply, tag: call.tag)
            }
            guard acceptance.token != nil else {
                connections[id]?.login = nil
                connections[id]?.dequeue()
                welcome(id, acceptance, tag: call.tag, form: call.form.name, now: now)
                return .done
            }
            return storeToken(id, acceptance, call, now: now)
        }
    }

    /// Whether the account still holds what the person proved themselves with: it may have been replaced while the login
    /// waited for its delay or for the disk, and then nobody comes in by the old one.
    private static func isInForce(_ acceptance: LoginOutcome.Acceptance, _ state: State) -> Bool {
        guard let person = state.people[acceptance.person], !person.isDisabled else { return false }
        return switch acceptance.proof {
        case .password: person.credential == acceptance.secret
        case .invitation: person.invitation == acceptance.secret
        // Looked up in the same moment.
        case .token: true
        case .certificate: state.certificate(acceptance.secret)?.person == acceptance.person
        }
    }

    /// What is said to whoever brings the wrong thing.
    static func refusal(of form: String, _ language: Language) -> Reply {
        let wording: Wording
        switch form {
        case "AUTH EXTERNAL":
            wording = Wording(
                "Chứng thư này không thuộc tài khoản nào, hoặc đã bị xóa",
                "No account has this certificate, or it was deleted")
        case "ENROL":
            wording = Wording(
                "Mã mời không đúng, hoặc đã dùng", "The invitation code is wrong, or was used")
        default: return wrongSecret(language)
        }
        return .no(.authenticationFailed, wording, language)
    }

    private static func wrongSecret(_ language: Language) -> Reply {
        .no(
            .authenticationFailed,
            Wording("Tên hoặc mật khẩu không đúng", "The name or the password is wrong"), language)
    }

    /// The session token is part of the log: the login is answered when it is durable.
    private mutating func storeToken(
        _ id: ConnectionID, _ acceptance: LoginOutcome.Acceptance, _ call: Call, now: Instant
    ) -> Progress {
        guard let token = acceptance.token else { return .waits }
        let command = Command.issueToken(token: Digest(hashing: token).description, expires: acceptance.expires)
        let refused = Self.refusal(of: call.form.name, connections[id]?.language ?? .vietnamese)
        return store(id, command, of: acceptance.person, call, now: now) { scratch, outcome in
            // A new password in the same batch withdraws all tokens, and must not meet a new one.
            guard case .success = outcome, Self.isInForce(acceptance, scratch) else { return .refused(refused) }
            return .stored(.login(acceptance))
        }
    }

    /// What becomes of what somebody does who is not let in yet.
    enum Judgement {
        /// It is stored, and answered when that is durable.
        case stored(Answer.Content)
        /// Nothing is stored.
        case refused(Reply)
    }

    /// Stores what somebody does who is not let in yet; they are answered when it is durable.
    ///
    /// - Parameter judge: what they are answered, by the state with the writes of the batch so far, which count already, and
    ///   by what was decided on it.
    mutating func store(
        _ id: ConnectionID, _ command: Command, of person: PersonID, _ call: Call, now: Instant,
        judge: (State, Result<Outcome, Refusal>) -> Judgement
    ) -> Progress {
        if writing == .inFlight { return wait(id, for: .batch) }
        var batch = open.take() ?? OpenBatch(on: state)
        defer { gather(batch) }
        if batch.isFull { return wait(id, for: .batch) }
        connections[id]?.login = nil
        let scratch = batch.scratch
        let outcome = Result { () throws(Refusal) in try scratch.decide(command, by: .person(person), now: now) }
        let content: Answer.Content
        switch (judge(scratch, outcome), outcome) {
        case (.stored(let answer), .success(let outcome)):
            batch.take(outcome, by: person, now: now)
            batch.writes += 1
            content = answer
        case (.refused(let reply), _):
            guard batch.writes > 0 else { return answer(id, reply, tag: call.tag) }
            content = .reply(reply)
        case (.stored, .failure): preconditionFailure("storing what was refused")
        }
        batch.answers.append(Answer(connection: id, tag: call.tag, form: call.form.name, content: content))
        connections[id]?.dequeue()
        connections[id]?.unansweredWrites += 1
        return .done
    }

    /// The refusal of one connection more, when a person has as many as they may, with logins that only wait for the disk.
    private func tooMany(of person: PersonID, _ language: Language) -> Reply? {
        let most = configuration.limits.connectionsPerPerson
        let coming = open?.answers.filter { $0.isLogin(of: person) }.count ?? 0
        guard (connectionsByPerson[person]?.count ?? 0) + coming >= most else { return nil }
        return .no(
            .quota,
            Wording(
                "Bạn đang mở \(most) kết nối; hãy đóng bớt rồi đăng nhập lại",
                "You hold \(most) connections; close some and log in again"),
            pairs: [Pair("limit", "connections-per-person")], afterMilliseconds: 5_000, language)
    }

    /// Lets a person in for whom there is room.
    mutating func welcome(
        _ id: ConnectionID, _ acceptance: LoginOutcome.Acceptance, tag: String?, form: String, now: Instant
    ) {
        guard let language = language(of: id) else { return }
        guard let person = state.people[acceptance.person], Self.isInForce(acceptance, state) else {
            return write(id, Self.refusal(of: form, language), tag: tag, form: form)
        }
        let limits = configuration.limits
        let token =
            acceptance.proof == .token ? acceptance.secret : acceptance.token.map { Digest(hashing: $0).description }
        let certificate = acceptance.proof == .certificate ? connections[id]?.certificate : nil
        connections[id]?.session = .authenticated(
            Identity(person: person.id, proof: acceptance.proof, token: token, certificate: certificate))
        connectionsByPerson[person.id, default: []].append(id)
        loggedIn += 1
        alarms.add(
            Alarm(instant: now.adding(milliseconds: Int64(limits.idleSeconds) * 1_000), connection: id, kind: .idle))
        effects.append(.authenticated(id))
        var pairs = [
            Pair("person", person.id.text), Pair("office", person.office.text),
            Pair("position", person.position.rawValue),
        ]
        if let token = acceptance.token {
            pairs.append(Pair("token", token))
            pairs.append(Pair("expires", acceptance.expires.rfc3339))
        }
        var wording = Wording("Xin chào \(person.name)", "Welcome, \(person.name)")
        if acceptance.proof == .invitation {
            pairs.append(Pair("must", "passwd"))
            wording = Wording(
                "Xin chào \(person.name). Hãy đặt mật khẩu: gõ PASSWD <<, rồi mật khẩu mới trên một dòng, rồi dòng chỉ có \".\"",
                "Welcome, \(person.name). Set a password: PASSWD <<, the new password in one line, then a line \".\"")
        }
        tally.logins &+= 1
        write(id, .ok(pairs, wording, language), tag: tag, form: form)
    }

    // MARK: PASSWD

    /// PASSWD: the current password (or the invitation code) in the first line, the new one in the second.
    ///
    /// Who came with an invitation code, or with a client certificate to an account without a password, sends the new one
    /// alone.
    mutating func preparePassword(
        _ id: ConnectionID, _ next: Queued, _ call: Call, _ identity: Identity, now: Instant
    ) throws(Refusal) -> Preparation {
        let language = connections[id]?.language ?? .vietnamese
        // What goes before it on the connection may set the password that it names.
        if let place = connections.index(forKey: id), connections.values[place].unansweredWrites > 0 {
            _ = wait(id, for: .batch)
            return .pool
        }
        if connections[id]?.login != nil {
            connections[id]?.login = nil
            return .refused(
                .no(
                    .authenticationFailed,
                    Wording("Mật khẩu hiện tại không đúng", "The current password is wrong"), language))
        }
        switch next.materials.verified {
        case .changed(let hash):
            guard let hash else { break }
            // The one that was checked may have lost its force since then, by a write that goes before in the batch.
            let state = open?.scratch ?? state
            let isInForce = state.people[identity.person]?.credential != nil
            guard isInForce || isFirst(identity, state) else { return .refused(Self.wrongSecret(language)) }
            return .command(.setCredential(hash: hash), secret: nil)
        case .busy: return .refused(busy(id))
        case .password, .invitation, .certificate, nil: break
        }
        if identity.proof == .certificate, let person = state.people[identity.person], person.credential == nil,
            person.invitation != nil
        {
            return .refused(Self.codeFirst(language))
        }
        let (current, new) = try passwords(call, identity)
        let isInvited = isFirst(identity, state)
        guard isInvited || identity.proof != .invitation else { return .refused(Self.wrongSecret(language)) }
        let address = connections[id]?.address ?? ""
        let wanted: [Throttle.Subject] = [.place(person: identity.person.text, address: address)]
        let stored = isInvited ? nil : state.people[identity.person]?.credential
        guard isInvited || stored != nil else { return .refused(Self.wrongSecret(language)) }
        guard let subjects = takePlace(id, wanted) else {
            _ = queueForPool(id, true, wanted, now: now)
            return .pool
        }
        verify(
            .change(stored: stored, current: current, new: new),
            for: PendingVerification(connection: id, serial: next.serial, purpose: .password, subjects: subjects))
        connections[id]?.waiting = .verification
        return .pool
    }

    /// The password ended when the administrator gave out a code, and only that code sets the next one.
    private static func codeFirst(_ language: Language) -> Reply {
        .no(
            .authenticationFailed,
            Wording(
                "Quản trị hệ thống đã cấp mã mời mới, mật khẩu cũ hết hiệu lực: hãy đăng nhập bằng mã ấy rồi đặt mật khẩu",
                "The administrator gave out an invitation code, which ended the old password: log in with the code, then set one"
            ), language)
    }

    /// Whether somebody sets a password that has no former one: by an invitation code that is not used up, or by a client
    /// certificate, unless the administrator gave out a code, for whoever holds it alone.
    private func isFirst(_ identity: Identity, _ state: State) -> Bool {
        guard let person = state.people[identity.person] else { return false }
        if identity.proof == .invitation { return person.invitation != nil }
        guard let digest = identity.certificate, person.credential == nil, person.invitation == nil else {
            return false
        }
        return state.certificates[digest]?.person == identity.person
    }

    /// What PASSWD says: the current password, empty where there is none, and the new one.
    func passwords(_ call: Call, _ identity: Identity) throws(Refusal) -> (current: [UInt8], new: [UInt8]) {
        let lines = (call.octets ?? []).split(separator: 0x0A, omittingEmptySubsequences: false).map(Array.init)
        let isInvited = identity.proof == .invitation || isFirst(identity, state)
        guard lines.count == 2 || (isInvited && lines.count == 1), let new = lines.last else {
            throw Refusal(
                .invalid,
                Wording(
                    "PASSWD cần đúng hai dòng: mật khẩu hiện tại, rồi mật khẩu mới",
                    "PASSWD needs exactly two lines: the current password, then the new one"))
        }
        guard PasswordForm.allows(new) else {
            let allowed = PasswordForm.allowedOctets
            throw Refusal(
                .invalid,
                Wording(
                    "Mật khẩu mới phải có từ \(allowed.lowerBound) đến \(allowed.upperBound) ký tự (chữ có dấu tính nhiều hơn một)",
                    "The new password must have \(allowed.lowerBound) to \(allowed.upperBound) octets"))
        }
        return (isInvited ? [] : lines[0], new)
    }

    // MARK: The pool

    /// Takes a place for a check that begins now; gives those whose failures it counts among, or nil without a place.
    private mutating func takePlace(_ id: ConnectionID, _ subjects: [Throttle.Subject]) -> [Throttle.Subject]? {
        if let counted = granted[id] { return counted }
        guard checking + granted.count < EngineConfiguration.verificationsAtOnce, throttle.hasRoom(subjects) else {
            return nil
        }
        loginQueue.noteTurn(of: connections[id]?.address ?? "")
        throttle.begin(subjects, now: latest)
        return subjects
    }

    /// Lets a connection wait for a place in the pool; whoever has to give up for it is told that the server is busy.
    private mutating func queueForPool(
        _ id: ConnectionID, _ isKnown: Bool, _ subjects: [Throttle.Subject], now: Instant
    ) -> Progress {
        let waiter = LoginQueue.Waiter(
            connection: id, address: connections[id]?.address ?? "", isKnown: isKnown, subjects: subjects)
        connections[id]?.waiting = .place
        if let loser = loginQueue.add(waiter) { turnAway(loser, now: now) }
        return .waits
    }

    /// Tells somebody that too many wait; not at once, or whoever tries again without a pause would be answered without one.
    private mutating func turnAway(_ id: ConnectionID, now: Instant) {
        if connections[id]?.session.identity != nil {
            resume(id, with: .busy)
        } else {
            _ = delayed(id, .busy, milliseconds: EngineConfiguration.busyMilliseconds, now: now)
        }
    }

    /// Gives free places to those who wait.
    private mutating func fillPool() {
        while !isStopping, checking + granted.count < EngineConfiguration.verificationsAtOnce,
            let waiter = loginQueue.next(where: { throttle.hasRoom($0) })
        {
            guard connections[waiter.connection]?.waiting == .place else { continue }
            throttle.begin(waiter.subjects, now: latest)
            granted[waiter.connection] = waiter.subjects
            connections[waiter.connection]?.waiting = .nothing
            makeReady(waiter.connection)
        }
    }

    /// A connection needs no place any more.
    mutating func leavePool(_ id: ConnectionID) {
        loginQueue.remove(id)
        guard let subjects = granted.removeValue(forKey: id) else { return }
        throttle.abandon(subjects)
        fillPool()
    }

    /// Asks the pool for something.
    mutating func verify(_ request: VerifyRequest, for pending: PendingVerification) {
        lastVerification += 1
        if pending.countsInPool {
            granted[pending.connection] = nil
            checking += 1
        }
        let id = VerifyID(lastVerification)
        verifications[id] = pending
        effects.append(.verify(id, request))
    }

    /// The pool's answer.
    ///
    /// It counts also when its connection is gone: nobody escapes the delay by hanging up.
    mutating func take(_ verification: VerifyID, _ verified: Verified, now: Instant) {
        guard let pending = verifications.removeValue(forKey: verification) else { return }
        if pending.countsInPool { checking -= 1 }
        let id = pending.connection
        let isWaiting = connections[id]?.waiting == .verification && connections[id]?.next?.serial == pending.serial
        switch (pending.purpose, verified) {
        case (.login(let name, let stored, let invitation, let wantsToken), .password(let isRight, let token)):
            let acceptance = accept(
                name, stored: stored, invitation: invitation, isRight: isRight, token: wantsToken ? token : nil,
                now: now)
            let delay = throttle.end(pending.subjects, succeeded: acceptance != nil, now: now)
            if let address = pending.address {
                if acceptance == nil {
                    incidents.noteFailedLogin(from: address)
                } else {
                    knownPlaces.insert(name, address)
                }
            }
            if isWaiting {
                _ = delayed(id, acceptance.map { .accepted($0) } ?? .refused, milliseconds: delay, now: now)
            }
        case (.password, .changed(let hash)):
            let delay = throttle.end(pending.subjects, succeeded: hash != nil, now: now)
            guard isWaiting else { break }
            if hash == nil {
                _ = delayed(id, .refused, milliseconds: delay, now: now)
            } else {
                resume(id, with: verified)
            }
        case (.invitation, .invitation), (.certificate, .certificate):
            if isWaiting { resume(id, with: verified) }
        case (.login, _), (.password, _), (.invitation, _), (.certificate, _):
            // Busy; anything else is an answer to another question, and is treated the same.
            throttle.abandon(pending.subjects)
            if isWaiting { resume(id, with: .busy) }
        }
        fillPool()
    }

    private mutating func resume(_ id: ConnectionID, with verified: Verified) {
        connections[id]?.updateNext { $0.materials.verified = verified }
        connections[id]?.waiting = .nothing
        makeReady(id)
    }

    /// Who the secret belongs to, by the state as it is now: an account may have changed while its password was
    /// checked.
    private func accept(
        _ name: String, stored: String?, invitation: String?, isRight: Bool, token: String?, now: Instant
    ) -> LoginOutcome.Acceptance? {
        guard let id = PersonID(name), let person = state.people[id], !person.isDisabled else { return nil }
        let expires = now.adding(milliseconds: EngineConfiguration.tokenLifeMilliseconds)
        if isRight, let stored, person.credential == stored {
            return LoginOutcome.Acceptance(
                person: id, proof: .password, secret: stored, token: token, expires: expires)
        }
        if let invitation, person.invitation == invitation {
            return LoginOutcome.Acceptance(
                person: id, proof: .invitation, secret: invitation, token: nil, expires: expires)
        }
        return nil
    }
}
