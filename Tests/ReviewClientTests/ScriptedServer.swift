import ReviewProtocol

@testable import ReviewClient

/// A server of a few lines that keeps the promises of specification §4: a write with a known key is answered from memory.
struct ScriptedServer {
    static let token = Array("session-token-1".utf8)
    static let password = Array("bí mật".utf8)

    /// What stays over connections.
    var log = "01J8"
    var effects: [String] = []
    var stored: [String: (request: Request, sequence: Int64)] = [:]
    var events: [EventLine] = []
    var acceptsCertificate = false
    var acceptsToken = true
    var acceptsPassword = true
    var logins: [String] = []

    /// One connection.
    private var framer = Framer(limits: Limits())
    private var loggedIn = false
    private var watchedAfter: Int64?
    var output: [UInt8] = []

    mutating func open() {
        framer = Framer(limits: Limits())
        loggedIn = false
        watchedAfter = nil
        output = []
        say("HELLO phanbien/1 log=\(log) tail=\(events.last?.sequence ?? 0) :Xin chào")
    }

    private mutating func say(_ line: String) {
        output.append(contentsOf: Array((line + "\n").utf8))
    }

    mutating func receive(_ octets: [UInt8]) {
        framer.append(octets)
        while let received = framer.next() {
            switch received {
            case .request(let request): answer(request)
            case .malformed(let malformed): say("BAD \(malformed.code.rawValue)")
            case .fatal(let code): say("BYE \(code.rawValue)")
            }
        }
    }

    private mutating func answer(_ request: Request) {
        let tag = request.tag.map { "#\($0)" } ?? ""
        switch request.verb {
        case "AUTH" where request.words == ["EXTERNAL"]:
            logins.append("certificate")
            loggedIn = acceptsCertificate
            framer.authenticated = loggedIn
            say(loggedIn ? "OK \(tag) person=minh" : "NO AUTH-FAILED \(tag) retry=fix")
        case "AUTH":
            logins.append("token")
            loggedIn = acceptsToken && request.body?.octets == Self.token
            framer.authenticated = loggedIn
            say(loggedIn ? "OK \(tag) person=minh" : "NO AUTH-FAILED \(tag) retry=fix")
        case "LOGIN":
            logins.append("password")
            loggedIn = acceptsPassword && request.body?.octets == Self.password
            framer.authenticated = loggedIn
            say(
                loggedIn
                    ? "OK \(tag) person=minh token=\(String(decoding: Self.token, as: UTF8.self))"
                    : "NO AUTH-FAILED \(tag) retry=fix")
        case "WATCH":
            let after = request.value("after").flatMap { Int64($0) } ?? events.last?.sequence ?? 0
            if let given = request.value("log"), given != log {
                say("NO LOG-CHANGED \(tag) retry=refresh")
                return
            }
            watchedAfter = after
            say("OK \(tag) after=\(after)")
            for event in events where event.sequence > after { tell(event) }
            say("SYNC \(max(events.last?.sequence ?? 0, after))")
        case "COMMENT":
            let key = request.value("key") ?? ""
            if let known = stored[key] {
                say("OK \(tag) id=C\(known.sequence) seq=\(known.sequence) replay=yes")
                return
            }
            effects.append(key)
            let sequence = (events.last?.sequence ?? 1000) + 1
            stored[key] = (request, sequence)
            let event = EventLine(
                sequence: sequence, previous: 0, time: "2025-06-16T09:12:01.101+07:00", type: "COMMENT.ADDED",
                pairs: [Pair("topic", "2025-2"), Pair("id", "C\(sequence)")])
            events.append(event)
            say("OK \(tag) id=C\(sequence) seq=\(sequence)")
            if watchedAfter != nil { tell(event) }
        case "SHOW":
            say("- topic id=2025-2 title=\"Kỹ năng \\\"tranh tụng\\\"\"")
            output.append(contentsOf: Array("= {10}\n| OK\nNO x\n".utf8))
            say("OK \(tag) revision=2025-2@1")
        default: say("OK \(tag)")
        }
    }

    private mutating func tell(_ event: EventLine) {
        say(
            "EVENT \(event.sequence) prev=\(watchedAfter ?? 0) \(event.time) \(event.type) topic=2025-2 id=C\(event.sequence)"
        )
        watchedAfter = event.sequence
    }

    /// An event that somebody else causes.
    mutating func happen(_ sequence: Int64) {
        let event = EventLine(
            sequence: sequence, previous: 0, time: "2025-06-16T09:12:01.101+07:00", type: "STAGE.ENTERED")
        events.append(event)
        if watchedAfter != nil { tell(event) }
    }
}

/// Runs a session against the scripted server, with connections that break after a given number of octets.
struct Rehearsal {
    var session: ClientSession
    var server = ScriptedServer()
    var now: Milliseconds = 0
    /// Octets that pass before each connection breaks, in both directions together; then the next entry counts.
    var budgets: [Int]
    private(set) var isConnected = false
    private(set) var delivered: [(RequestIdentifier, Reply)] = []
    private(set) var events: [Int64] = []
    private(set) var notes: [ClientNote] = []
    private(set) var failures: [ClientFailure] = []
    private(set) var givenUp: [RequestIdentifier] = []
    private(set) var tokens: [[UInt8]] = []
    private(set) var asked = 0
    private(set) var passed = 0
    private var remaining: Int?
    private var timer: Milliseconds?
    private var outbound: [UInt8] = []

    init(
        credentials: [Credential], budgets: [Int] = [],
        configuration: ClientConfiguration = ClientConfiguration()
    ) {
        session = ClientSession(configuration: configuration, credentials: credentials)
        self.budgets = budgets
    }

    /// What effects lead to is fed in after all effects of one input are performed, as a shell must.
    mutating func input(_ input: ClientInput) {
        var inputs = [input]
        while !inputs.isEmpty {
            for effect in session.handle(inputs.removeFirst(), now: now) { inputs += perform(effect) }
        }
    }

    private mutating func perform(_ effect: ClientEffect) -> [ClientInput] {
        switch effect {
        case .connect:
            isConnected = true
            remaining = budgets.isEmpty ? nil : budgets.removeFirst()
            outbound = []
            server.open()
            return [.connected]
        case .write(let octets): outbound += octets
        case .disconnect:
            isConnected = false
            outbound = []
            server.output = []
            return [.disconnected(reason: "dropped", jitter: 0)]
        case .deliver(let identifier, let reply): delivered.append((identifier, reply))
        case .refuse: break
        case .giveUp(let identifier, _): givenUp.append(identifier)
        case .event(let event): events.append(event.sequence)
        case .synchronised: break
        case .note(let note): notes.append(note)
        case .keepToken(let token): tokens.append(token)
        case .forgetToken, .ready: break
        case .needsCredential: asked += 1
        case .setTimer(let moment): timer = moment
        case .failed(let failure): failures.append(failure)
        }
        return []
    }

    /// Moves octets, `cut` at a time, until nothing moves and no reconnection waits.
    mutating func run(cut: Int = 7) {
        var steps = 0
        while steps < 1_000_000 {
            steps += 1
            guard isConnected else {
                guard let moment = timer, session.unanswered > 0 || session.position != nil else { return }
                now = max(now, moment)
                input(.timer)
                if !isConnected { return }
                continue
            }
            if !outbound.isEmpty {
                let part = Array(outbound.prefix(allowed(cut)))
                outbound.removeFirst(part.count)
                server.receive(part)
                if spent(part.count) { break_() }
            } else if !server.output.isEmpty {
                let part = Array(server.output.prefix(allowed(cut)))
                server.output.removeFirst(part.count)
                input(.received(part))
                if isConnected, spent(part.count) { break_() }
            } else {
                return
            }
        }
    }

    private func allowed(_ cut: Int) -> Int { min(cut, max(remaining ?? cut, 0)) }

    private mutating func spent(_ octets: Int) -> Bool {
        passed += octets
        guard let left = remaining else { return false }
        remaining = left - octets
        return left - octets <= 0
    }

    mutating func break_() {
        isConnected = false
        outbound = []
        server.output = []
        input(.disconnected(reason: "broken", jitter: 7))
    }
}

func comment(_ number: Int) -> Request {
    Request(
        verb: "COMMENT",
        arguments: [
            Argument(value: "2025-2@1"), Argument(key: "kind", value: "content"), Argument(key: "level", value: "must"),
            Argument(key: "key", value: "k\(number)"),
        ], body: .literal(Array("Ý kiến số \(number)\nOK không phải là trả lời.\n".utf8)))
}
