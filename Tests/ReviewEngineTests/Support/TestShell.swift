import ReviewCore
import ReviewDigest
import ReviewEngine
import ReviewProtocol
import ReviewStore
import ReviewTestKit

/// Checks and makes secrets, for tests: at once, and foreseeable.
struct TestPool {
    private var made = 0

    static func hash(_ password: [UInt8]) -> String { "test:" + Digest(hashing: password).description }

    /// Signs nothing that anybody could check, but always the same.
    static let signer = LogKey(octets: Array(1...32)).map { key in
        Signer(key: key) { Digest(hashing: $0).octets + Digest(hashing: Array("khóa".utf8) + $0).octets }
    }

    mutating func perform(_ request: VerifyRequest) -> Verified {
        switch request {
        case .password(let stored, let candidate, let wantsToken):
            let isRight = stored == Self.hash(candidate)
            if isRight, wantsToken { made += 1 }
            return .password(isRight, token: isRight && wantsToken ? "phien-\(made)" : nil)
        case .change(let stored, let current, let new):
            return .changed(newHash: stored == nil || stored == Self.hash(current) ? Self.hash(new) : nil)
        case .invitation:
            made += 1
            return .invitation(code: "MOI-\(made)")
        case .certificate(let request, let subject): return .certificate(Self.certify(request, subject))
        }
    }

    /// A certificate that is none, but another one for each request.
    private static func certify(_ request: [UInt8], _ subject: CertificateSubject) -> Certification {
        let text = String(decoding: request, as: UTF8.self)
        guard text.hasPrefix("-----BEGIN CERTIFICATE REQUEST-----\n") else {
            return .unsuitable(Wording("không phải yêu cầu chứng thư", "no certificate request"))
        }
        if text.contains("vắng khóa") { return .unavailable }
        let digest = Digest(hashing: request)
        return .issued(
            IssuedCertificate(
                text: "-----BEGIN CERTIFICATE-----\n\(subject.person) \(digest)\n-----END CERTIFICATE-----\n",
                digest: digest, from: TestShell.start.adding(milliseconds: -3_600_000),
                until: TestShell.start.adding(milliseconds: 730 * 86_400_000)))
    }

    /// A signature as a test writes one: the signer's certificate and the digest of what is signed.
    static func signature(by certificate: Digest, over content: [UInt8]) -> String {
        "CMS \(certificate) \(Digest(hashing: content))\n"
    }

    /// Knows such a signature.
    static let signatures = SignatureCheck { signature, content, _ in
        let words = String(decoding: signature, as: UTF8.self).split(whereSeparator: \.isWhitespace)
        guard words.count == 3, words[0] == "CMS", let certificate = Digest(hexadecimal: words[1]) else {
            return .unreadable
        }
        if certificate == .zero { return .untrusted }
        guard words[2] == Digest(hashing: content).description else { return .otherContent }
        return .signer(certificate: certificate, authority: "CA\n", signature: words.joined(separator: " ") + "\n")
    }
}

/// The shell around the engine, in memory and with time in the test's hands.
final class TestShell {
    private(set) var engine: Engine
    var log = TestLog()
    var now: Instant
    /// What the next appends meet instead of success.
    var failures: [AppendFailure] = []
    /// Holds appends back until `release()`.
    var holdsAppends = false
    /// Holds verifications back until `verifyHeld()`.
    var holdsVerifications = false
    /// Holds computations back until `computeHeld()`.
    var holdsComputations = false
    private(set) var heldComputations: [(ComputationID, Computation)] = []
    /// Holds answers of the store back, as they were when it was asked, until `loadHeld()`.
    var holdsLoads = false
    private var heldLoads: [Input] = []
    /// Whether the store cannot read.
    var failsLoads = false
    private(set) var heldBatches: [Batch] = []
    private(set) var heldVerifications: [(VerifyID, VerifyRequest)] = []
    private(set) var timer: Instant?
    private(set) var hasStopped = false
    private(set) var loads: [LoadRequest] = []
    /// Sends by connection, one element per effect.
    private(set) var sends: [UInt64: [[UInt8]]] = [:]
    private(set) var paused: Set<UInt64> = []
    private(set) var closed: Set<UInt64> = []
    private(set) var authenticated: Set<UInt64> = []
    private var framers: [UInt64: Framer] = [:]
    private var unread: [UInt64: [UInt8]] = [:]
    private var pool = TestPool()
    private let limits: Limits

    static let start = Instant(rfc3339: "2025-06-16T09:12:00+07:00") ?? Instant(milliseconds: 0)

    /// Where a server begins: its log and the state that is folded from it.
    struct Beginning {
        var state: State
        var events: [Event]
    }

    /// Where it began.
    let founded: Beginning

    /// A server that goes on from somewhere.
    init(
        _ beginning: Beginning, limits: Limits = Limits(), now: Instant = TestShell.start,
        readPlan: @escaping @Sendable ([UInt8]) -> (PlanDraft?, [PlanProblem]) = { _ in (nil, []) },
        signer: Signer? = TestPool.signer
    ) {
        self.now = now
        self.limits = limits
        founded = beginning
        log.events = beginning.events
        engine = Engine(
            configuration: EngineConfiguration(
                limits: limits, readPlan: readPlan, writeRecord: { EventRecord($0).encoded }, signer: signer,
                signatures: TestPool.signatures),
            state: beginning.state,
            epoch: "01J8TEST", now: now)
    }

    convenience init(
        people: [Transcript.Account] = Cast.people, limits: Limits = Limits(), now: Instant = TestShell.start,
        readPlan: @escaping @Sendable ([UInt8]) -> (PlanDraft?, [PlanProblem]) = { _ in (nil, []) }
    ) throws {
        let (state, events) = try Cast.founding(people, at: now)
        self.init(Beginning(state: state, events: events), limits: limits, now: now, readPlan: readPlan)
    }

    // MARK: Connections

    func open(_ connection: UInt64, address: String = "192.0.2.1", certificate: Digest? = nil) {
        framers[connection] = Framer(limits: limits)
        handle(.opened(ConnectionID(connection), address: address, certificate: certificate))
        run()
    }

    /// Hands octets in as one read burst, and lets the engine work on them.
    func send(_ connection: UInt64, _ text: String) {
        feed(connection, Array(text.utf8))
        run()
    }

    func feed(_ connection: UInt64, _ octets: [UInt8]) {
        guard var framer = framers[connection], !closed.contains(connection) else { return }
        framer.append(octets)
        var received: [Received] = []
        while let item = framer.next() { received.append(item) }
        framers[connection] = framer
        handle(.received(ConnectionID(connection), received, pending: framer.pending))
    }

    /// Sends lines and gives the reply's lines.
    @discardableResult
    func ask(_ connection: UInt64, _ lines: String...) -> [String] {
        send(connection, lines.map { $0 + "\n" }.joined())
        return self.lines(connection)
    }

    /// Everything that came since the last look, as lines.
    func lines(_ connection: UInt64) -> [String] {
        let octets = unread[connection] ?? []
        unread[connection] = []
        return String(decoding: octets, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: true).map(
            String.init)
    }

    /// Takes one line; nil when none is there.
    func line(_ connection: UInt64) -> String? {
        guard let octets = unread[connection], let end = octets.firstIndex(of: 0x0A) else { return nil }
        unread[connection] = Array(octets[(end + 1)...])
        return String(decoding: octets[..<end], as: UTF8.self)
    }

    func logIn(_ connection: UInt64, _ person: String, address: String = "192.0.2.1") {
        open(connection, address: address)
        send(connection, "LOGIN \(person) <\nmat khau \(person)\n")
        _ = lines(connection)
    }

    func close(_ connection: UInt64) {
        framers[connection] = nil
        handle(.closed(ConnectionID(connection)))
        run()
    }

    // MARK: The rhythm

    func takeIncidents() -> Incidents { engine.takeIncidents() }

    func handle(_ input: Input) { perform(engine.handle(input, now: now)) }

    /// Turns until nothing is left to do.
    func run() {
        for _ in 0..<10_000 {
            let inputs = inbox
            inbox = []
            for input in inputs { perform(engine.handle(input, now: now)) }
            let effects = engine.handle(.turn, now: now)
            perform(effects)
            if effects.isEmpty, inbox.isEmpty { return }
        }
    }

    private var inbox: [Input] = []

    private func perform(_ effects: [Effect]) {
        for effect in effects {
            switch effect {
            case .send(let id, let octets):
                sends[id.number, default: []].append(octets)
                unread[id.number, default: []] += octets
            case .close(let id): closed.insert(id.number)
            case .authenticated(let id):
                authenticated.insert(id.number)
                framers[id.number]?.authenticated = true
            case .pauseReading(let id): paused.insert(id.number)
            case .resumeReading(let id): paused.remove(id.number)
            case .append(let batch):
                if holdsAppends { heldBatches.append(batch) } else { inbox.append(append(batch)) }
            case .load(let id, let request):
                loads.append(request)
                let loaded = Input.loaded(id, failsLoads ? .failed("x") : log.load(request))
                if holdsLoads { heldLoads.append(loaded) } else { inbox.append(loaded) }
            case .verify(let id, let request):
                if holdsVerifications {
                    heldVerifications.append((id, request))
                } else {
                    inbox.append(.verified(id, pool.perform(request)))
                }
            case .compute(let id, let computation):
                if holdsComputations {
                    heldComputations.append((id, computation))
                } else {
                    inbox.append(.computed(id, computation.run()))
                }
            case .setTimer(let instant): timer = instant
            case .stopped: hasStopped = true
            }
        }
    }

    private func append(_ batch: Batch) -> Input {
        failures.isEmpty ? log.append(batch) : .appendFailed(failures.removeFirst())
    }

    /// Lets the held batches reach the disk.
    func release() {
        let batches = heldBatches
        heldBatches = []
        for batch in batches { handle(append(batch)) }
        run()
    }

    /// Lets the answers that are held come.
    func loadHeld() {
        holdsLoads = false
        inbox += heldLoads
        heldLoads = []
        run()
    }

    /// Lets the pool finish what it holds, or only the first so many.
    func verifyHeld(_ count: Int = .max) {
        let ready = heldVerifications.prefix(count)
        heldVerifications.removeFirst(ready.count)
        for (id, request) in ready { handle(.verified(id, pool.perform(request))) }
        run()
    }

    /// Lets the computations that are held come to their end.
    func computeHeld() {
        let ready = heldComputations
        heldComputations = []
        for (id, computation) in ready { handle(.computed(id, computation.run())) }
        run()
    }

    /// Lets the pool finish what it was asked for last.
    func verifyLast() {
        guard let (id, request) = heldVerifications.popLast() else { return }
        handle(.verified(id, pool.perform(request)))
        run()
    }

    /// Another server over the same log, as after a restart.
    func restarted() throws -> TestShell {
        let shell = try TestShell(limits: limits, now: now)
        var state = State()
        for event in log.events { state.apply(event) }
        shell.log = log
        shell.engine = Engine(
            configuration: EngineConfiguration(
                limits: limits, readPlan: { _ in (nil, []) }, writeRecord: { EventRecord($0).encoded }), state: state,
            epoch: "01J8TEST",
            now: now)
        return shell
    }

    /// Lets time pass, with every timer that is due on the way.
    func pass(milliseconds: Int64) {
        let end = now.adding(milliseconds: milliseconds)
        while let timer, timer <= end {
            if now < timer { now = timer }
            self.timer = nil
            handle(.timer)
            run()
        }
        now = end
    }
}
