import ReviewCore
import ReviewDigest
import ReviewEngine
import ReviewProtocol
import ReviewStore

/// Asks an engine over the wire, without anybody noticing: on a copy of the engine, with an account of its own.
struct Probe {
    private var engine: Engine
    private var framer = Framer(limits: Limits())
    private var output: [UInt8] = []
    private let now: Instant
    private let load: (LoadRequest) -> Loaded
    private static let connection = ConnectionID(.max)

    /// Logs in with the password that the account has had from the beginning.
    init(_ engine: Engine, person: String, now: Instant, load: @escaping (LoadRequest) -> Loaded) {
        self.engine = engine
        self.now = now
        self.load = load
        perform(self.engine.handle(.opened(Self.connection, address: "probe"), now: now))
        if ask("LOGIN \(person) <\n\(Cast.password(person))").isEmpty {
            // All places are taken by checks that nobody will answer in this copy: they give them back.
            output = []
            for number in 1...4_096 as ClosedRange<UInt64> {
                perform(self.engine.handle(.verified(VerifyID(number), .busy), now: now))
            }
            _ = ask("")
        }
        framer.authenticated = true
    }

    /// Everything that the engine says to one request.
    mutating func ask(_ request: String) -> String {
        output = []
        framer.append(Array((request + "\n").utf8))
        var received: [Received] = []
        while let next = framer.next() { received.append(next) }
        perform(engine.handle(.received(Self.connection, received, pending: framer.pending), now: now))
        for _ in 0..<8 {
            let effects = engine.handle(.turn, now: now)
            if effects.isEmpty { break }
            perform(effects)
        }
        return String(decoding: output, as: UTF8.self)
    }

    private mutating func perform(_ effects: [Effect]) {
        for effect in effects {
            switch effect {
            case .send(Self.connection, let octets): output += octets
            case .load(let name, let request): perform(engine.handle(.loaded(name, load(request)), now: now))
            case .verify(let name, let request):
                perform(
                    engine.handle(.verified(name, Simulation.verified(request, token: "", code: "")), now: now))
            case .compute(let name, let computation):
                perform(engine.handle(.computed(name, computation.run()), now: now))
            case .send, .close, .authenticated, .pauseReading, .resumeReading, .append, .setTimer, .stopped: break
            }
        }
    }
}

/// The live engine answers exactly as one that was folded from the whole log.
extension Simulation {
    func compare() {
        guard report.problem == nil else { return }
        report.marks.hit(.compared)
        let now = clock.read(timeline.now)
        // What is on the disk and not told to the engine yet is not part of its state.
        let known = disk.events.prefix(Int(server.view.lastSequence))
        var state = State()
        for event in known { state.apply(event) }
        let folded = Self.process(0, state, on: disk, now: now, isPrompt: true).engine
        let read: (LoadRequest) -> Loaded = { [disk] request in
            switch request {
            case .topic(let topic): .events(disk.events.filter { $0.fact.topic == topic })
            default: .failed("the probe asks for nothing else")
            }
        }
        var questions = ["LIST", "PEOPLE"]
        if let topic = dice.pick(state.topicsInOrder.filter { $0.newest > 0 }) {
            questions += ["SHOW \(topic.id)", "COMMENTS \(topic.id)", "CHECK \(topic.id)", "ASSESSMENTS \(topic.id)"]
        }
        questions.append("TODO")
        let person = dice.pick(Cast.probes) ?? "soat1"
        var live = Probe(server.engine, person: person, now: now, load: read)
        var other = Probe(folded, person: person, now: now, load: read)
        for question in questions {
            let (one, two) = (live.ask(question), other.ask(question))
            if one != two {
                return fail("\(question) of \(person): the live engine says\n\(one)and the log gives\n\(two)")
            }
        }
        for topic in state.topicsInOrder where !topic.isArchived && topic.newest > 0 {
            checkDispositions(topic)
        }
    }

    /// A comment's disposition is that of the last settlement in the log.
    private func checkDispositions(_ topic: Topic) {
        guard server.view.lastSequence == Int64(ledger.events.count) else { return }
        let insider = topic.lead.text == "hcth" ? "soat2" : "soat3"
        var probe = Probe(server.engine, person: insider, now: clock.read(timeline.now)) { _ in .failed("none") }
        var framer = ReplyFramer()
        framer.append(Array(probe.ask("COMMENTS \(topic.id)").utf8))
        var shown: [Int: String] = [:]
        while let line = (try? framer.next()).flatMap({ $0 }) {
            guard case .row("comment", let pairs) = line, let id = pairs.first(where: { $0.key == "id" })?.value,
                let number = Int(id.dropFirst())
            else { continue }
            shown[number] = pairs.first { $0.key == "as" }?.value ?? ""
        }
        let known = ledger.topics[topic.id]?.dispositions ?? [:]
        for number in shown.keys.sorted() where shown[number] != known[number]?.rawValue ?? "" {
            fail("C\(number) is shown as “\(shown[number] ?? "")”, settled as “\(known[number]?.rawValue ?? "")”")
        }
    }
}
