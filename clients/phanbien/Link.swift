import Glibc
import NIOPosix
import PhanbienCommands
import ReviewClient
import ReviewProtocol

/// Drives a client session on the main thread: makes its connections, moves its octets, keeps its time.
///
/// Everything is synchronous: a command asks, and sleeps until its reply is there.
final class Link {
    /// Where the password comes from when no token is accepted; the status says why it is asked for.
    var password: (Status?) throws(CommandFailure) -> [UInt8]
    /// What became of a request of `send`.
    var answer: (RequestIdentifier, Answer) -> Void = { _, _ in }
    /// The session is logged in.
    var greet: () -> Void = {}
    /// What happens on a followed log.
    var hear: (Happening) -> Void = { _ in }
    /// How far something large is that takes longer than a moment; nil when that is over.
    var measure: (Transfer?) -> Void = { _ in }

    private let profile: Profile
    private let authority: [UInt8]
    /// The person's certificate, while connections present it.
    private var identity: Identity?
    /// Whether the server did not take it.
    private(set) var isCertificateRefused = false
    private let timeoutMilliseconds: Milliseconds
    private let language: Language
    private let mailbox: Mailbox
    private let wire: Wire
    private var session: ClientSession
    private var inputs: [ClientInput] = []
    private var timer: Milliseconds?
    private var count: UInt64 = 0
    private var sent: Set<RequestIdentifier> = []
    private var replies: [RequestIdentifier: Reply] = [:]
    private var refused: [RequestIdentifier: EncodeError] = [:]
    private var givenUp: [RequestIdentifier: GiveUpReason] = [:]
    /// Whether `perform` waits for a reply.
    private(set) var isAwaited = false
    private var meter = TransferMeter()
    /// What `measure` was told last.
    private var measured: Transfer?
    /// When octets last came in or went out.
    private var lastMoved: Milliseconds = 0
    /// What is done in the background, and what becomes of its results.
    private var jobs: [Int: (any Sendable) -> Void] = [:]
    private var jobCount = 0
    private var wireError: WireError?
    private(set) var failure: CommandFailure?

    /// Prepares a connection; nothing is sent before the first request.
    ///
    /// - Parameters:
    ///   - identity: the person's certificate, which is tried before the credentials.
    ///   - credentials: what is tried in this order.
    ///   - password: asks for the password when none of them serves.
    init(
        _ profile: Profile, authority: [UInt8], configuration: ClientConfiguration, identity: Identity? = nil,
        credentials: [Credential], timeoutSeconds: Int,
        password: @escaping (Status?) throws(CommandFailure) -> [UInt8]
    ) throws(CommandFailure) {
        self.profile = profile
        self.authority = authority
        self.identity = identity
        self.password = password
        language = configuration.language
        timeoutMilliseconds = Milliseconds(timeoutSeconds) * 1000
        do {
            mailbox = try Mailbox()
        } catch {
            throw CommandFailure(.inputOutput, "Hệ thống không mở được đường ống.", "The system has no pipe left.")
        }
        wire = Wire(mailbox)
        session = ClientSession(
            configuration: configuration, credentials: (identity == nil ? [] : [.certificate]) + credentials)
    }

    /// Whether the person came in by their certificate, or will.
    var isByCertificate: Bool { identity != nil && !isCertificateRefused }

    /// The identity of the server's log, once connected.
    var logIdentity: String? { session.logIdentity }

    /// What became of a request.
    enum Answer {
        case reply(Reply)
        case refused(EncodeError)
        /// It is not sent any more by itself.
        case givenUp(GiveUpReason)
    }

    /// Sends a request without waiting: `answer` is told what became of it, under the caller's own number.
    func send(_ identifier: RequestIdentifier, _ request: Request) throws(CommandFailure) {
        sent.insert(identifier)
        try feed(.send(identifier, request))
    }

    /// The same after a pause that the server asked for.
    func send(
        _ identifier: RequestIdentifier, _ request: Request, afterMilliseconds pause: Milliseconds
    ) throws(CommandFailure) {
        sent.insert(identifier)
        try feed(.sendLater(identifier, request, milliseconds: pause))
    }

    /// Sends a request and waits for its reply.
    func perform(_ request: Request) throws(CommandFailure) -> Reply {
        count += 1
        // Apart from the numbers of those who do not wait.
        let identifier = RequestIdentifier(count | 1 << 63)
        try feed(.send(identifier, request))
        lastMoved = Self.now()
        isAwaited = true
        defer {
            show(nil)
            isAwaited = false
        }
        while true {
            if let reply = replies.removeValue(forKey: identifier) { return reply }
            if let error = refused.removeValue(forKey: identifier) { throw Self.failure(error) }
            if let reason = givenUp.removeValue(forKey: identifier) { throw Self.failure(reason) }
            if let failure { throw failure }
            // A large file on a slow line takes its time: only a line on which nothing moves is waited for in vain.
            let deadline = lastMoved + timeoutMilliseconds
            guard Self.now() < deadline else {
                throw CommandFailure(
                    .unavailable,
                    "Máy chủ \(profile.address.text) không trả lời sau \(timeoutMilliseconds / 1000) giây.",
                    "No reply from \(profile.address.text) after \(timeoutMilliseconds / 1000) s.",
                    next: Bilingual("Hãy thử lại sau ít phút.", "Try again in a few minutes."))
            }
            _ = try step(until: deadline)
        }
    }

    /// Begins to follow the log; `hear` is told what happens.
    func watch(_ subscription: Subscription) throws(CommandFailure) { try feed(.watch(subscription)) }

    /// Ends following the log.
    func unwatch() throws(CommandFailure) { try feed(.unwatch) }

    /// Lets everything happen that is due, and sleeps until something happens, a key waits, or the moment has come.
    ///
    /// Returns whether there is something to read from `descriptor`.
    func step(until deadline: Milliseconds?, descriptor: Int32? = nil) throws(CommandFailure) -> Bool {
        // Once it is told, what moves tells the rest.
        let moment = [deadline, timer, measured == nil ? meter.due : nil].compactMap { $0 }.min()
        let wait = moment.map { Int(clamping: max($0 - Self.now(), 0)) }
        let isReadable = mailbox.wait(milliseconds: wait, descriptor: descriptor)
        let taken = mailbox.take()
        if taken.wasFull { wire.readOn() }
        for arrival in taken.arrivals { try take(arrival) }
        if let timer, Self.now() >= timer { try feed(.timer) }
        show(meter.told(now: Self.now()))
        return isReadable
    }

    /// Lets something that takes long be done on another thread; a later `step` gives what came of it to `done`, on this one.
    func inBackground<Outcome: Sendable>(
        _ work: @escaping @Sendable () -> Outcome, done: @escaping (Outcome) -> Void
    ) {
        jobCount += 1
        let number = jobCount
        jobs[number] = { result in if let outcome = result as? Outcome { done(outcome) } }
        NIOThreadPool.singleton.submit { [mailbox] _ in mailbox.put(.done(number, work())) }
    }

    /// Lets `step` return also when the window changes its size.
    func wakeWhenTheWindowChanges() { mailbox.wakeWhenTheWindowChanges() }

    /// Ends the connection.
    func close() {
        guard !session.isOver else { return }
        for effect in session.handle(.close, now: Self.now()) {
            if case .disconnect = effect { wire.disconnect() }
        }
    }

    // MARK: - Arrivals and effects

    private func take(_ arrival: Arrival) throws(CommandFailure) {
        switch arrival {
        case .connected(let number):
            if number == wire.current { try feed(.connected) }
        case .octets(let number, let octets):
            guard number == wire.current else { return }
            lastMoved = Self.now()
            try feed(.received(octets))
            meter.received(octets.count, isMoreToCome: session.isAmidReply, now: lastMoved)
        case .wentOut(let number, let gone, let whole):
            guard number == wire.current else { return }
            meter.sent(gone, of: whole, now: Self.now())
            // That it begins says nothing of the line.
            guard gone > 0 else { return }
            lastMoved = Self.now()
            try feed(.wentOut)
        case .ended(let number, let error):
            guard number == wire.current else { return }
            endTransfers()
            wireError = error
            if case .untrusted = error {
                failure = try Trusting.changedAuthority(profile, pinned: authority)
                return
            }
            if case .certificateRefused = error, identity != nil {
                // The server ended the handshake because of it, so nothing was said on this connection. The session need
                // not know that it has another one.
                identity = nil
                isCertificateRefused = true
                hear(.note(.certificateRefused))
                return connect()
            }
            try feed(.disconnected(reason: error.message.text(language), jitter: UInt32.random(in: 0 ... .max)))
        case .done(let number, let result): jobs.removeValue(forKey: number)?(result)
        case .certificates: break
        }
    }

    private func endTransfers() {
        meter.ended()
        show(nil)
    }

    private func show(_ transfer: Transfer?) {
        guard transfer != measured else { return }
        measured = transfer
        measure(transfer)
    }

    private func feed(_ input: ClientInput) throws(CommandFailure) {
        inputs.append(input)
        // Performing an effect may lead to the next input; only the outermost call takes them, in order.
        guard inputs.count == 1 else { return }
        while let next = inputs.first {
            let effects = session.handle(next, now: Self.now())
            do {
                for effect in effects { try perform(effect) }
            } catch {
                inputs = []
                throw error
            }
            inputs.removeFirst()
        }
    }

    private func perform(_ effect: ClientEffect) throws(CommandFailure) {
        switch effect {
        case .connect: connect()
        case .write(let octets): wire.write(octets)
        case .disconnect:
            wire.disconnect()
            endTransfers()
            guard !session.isOver else { return }
            // Where the session has no better word, it waited in vain.
            wireError = nil
            inputs.append(
                .disconnected(
                    reason: WireError.timedOut.message.text(language), jitter: UInt32.random(in: 0 ... .max)))
        case .deliver(let identifier, let reply):
            if sent.remove(identifier) != nil {
                answer(identifier, .reply(reply))
            } else {
                replies[identifier] = reply
            }
        case .refuse(let identifier, let error):
            if sent.remove(identifier) != nil {
                answer(identifier, .refused(error))
            } else {
                refused[identifier] = error
            }
        case .giveUp(let identifier, let reason):
            if sent.remove(identifier) != nil {
                answer(identifier, .givenUp(reason))
            } else {
                givenUp[identifier] = reason
            }
        case .event(let event): hear(.event(event))
        case .synchronised(let sequence): hear(.synchronised(sequence))
        case .note(.certificateRefused):
            // Where the handshake failed for it, that was told already.
            if identity != nil { hear(.note(.certificateRefused)) }
            isCertificateRefused = true
        case .note(let note): hear(.note(note))
        case .keepToken(let token):
            // Without the file the next command asks for the password again; this one goes on.
            try? profile.keepToken(token)
        case .forgetToken: profile.forgetToken()
        case .ready: greet()
        case .needsCredential(let status):
            inputs.append(.credential(.password(person: profile.person, try password(status))))
            // The server is not to blame for how long a person looks for their password.
            lastMoved = Self.now()
        case .setTimer(let moment): timer = moment
        case .failed(let reason): failure = describe(reason)
        }
    }

    private func connect() {
        wire.connect(to: profile.address, trust: .authority(authority), identity: identity)
    }

    private func describe(_ failure: ClientFailure) -> CommandFailure {
        let server = profile.address.text
        switch failure {
        case .unreachable(let reason):
            let words = wireError?.message ?? Bilingual(both: reason)
            return CommandFailure(
                .unavailable, "Không kết nối được máy chủ \(server): \(words.vietnamese).",
                "Cannot connect to \(server): \(words.english).",
                next: Bilingual(
                    "Kiểm tra máy chủ đã chạy chưa, địa chỉ và cổng có đúng không.",
                    "Check that the server runs, and that address and port are right."))
        // Too many connections are no fault of what was sent.
        case .closedByServer(_, let limit?, let human) where limit.hasPrefix("connections") && !human.isEmpty:
            return CommandFailure(.tryLater, human + ".", human + ".")
        case .closedByServer(let code, _, let human):
            let words = human.isEmpty ? code : human
            let exit: ExitCode =
                switch ByeCode(rawValue: code) {
                case .logout: .done
                case .revoked, .authenticationTimeout: .notPermitted
                case .frame, .abuse: .protocolError
                case .idle, .shutdown, nil: .unavailable
                }
            return CommandFailure(
                exit, "Máy chủ đóng kết nối: \(words) (\(code))", "The server closed: \(words) (\(code))")
        case .protocolViolation(let what):
            return CommandFailure(
                .protocolError, "Máy chủ \(server) không nói đúng giao thức phanbien/1: \(what).",
                "\(server) does not speak phanbien/1: \(what).")
        case .closed:
            return CommandFailure(.done, "", "")
        }
    }

    private static func failure(_ reason: GiveUpReason) -> CommandFailure {
        switch reason {
        case .connectionBreaks:
            return CommandFailure(
                .unavailable, "Kết nối đứt mỗi lần gửi lệnh này; đã thôi sau nhiều lần thử.",
                "The connection breaks each time this request is sent; given up.")
        case .logChanged:
            var failure = CommandFailure(
                .unavailable,
                "Máy chủ vừa được khôi phục từ bản sao lưu, nên lệnh này không được gửi lại; chưa rõ đã ghi hay chưa.",
                "The server has just been restored from a backup, so this request is not sent again; whether it took effect is not known.",
                next: Bilingual("Hãy xem lại trước khi làm lại.", "Look before you do it anew."))
            failure.forbidsRepeating = true
            return failure
        }
    }

    private static func failure(_ error: EncodeError) -> CommandFailure {
        switch error {
        case .text(let fault):
            CommandFailure(
                .badData, "Có ký tự không cho phép (\(fault.found)) ở cột \(fault.column).",
                "A character that may not be sent (\(fault.found)) in column \(fault.column).")
        case .lineTooLong(let octets):
            CommandFailure(
                .badData, "Dòng lệnh quá dài (\(octets) byte).", "The request line is too long (\(octets) octets).")
        case .bodyTooBig(let octets):
            CommandFailure(
                .badData, "Nội dung quá lớn (\(octets) byte; tối đa 2 MiB).",
                "The text is too large (\(octets) octets; at most 2 MiB).")
        case .tag(let value), .verb(let value), .key(let value), .duplicateKey(let value):
            CommandFailure(.usage, "Lệnh không đúng: \(value)", "The request makes no sense: \(value)")
        }
    }

    /// Milliseconds on the monotonic clock.
    static func now() -> Milliseconds {
        var clock = timespec()
        clock_gettime(CLOCK_MONOTONIC, &clock)
        return Milliseconds(clock.tv_sec) * 1000 + Milliseconds(clock.tv_nsec) / 1_000_000
    }
}
