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
        // A process that was asked to end lets nobody in.
        guard report.problem == nil, !server.isStopping else { return }
        report.marks.hit(.compared)
        let now = clock.read(timeline.now)
        // What is on the disk and not told to the engine yet is not part of its state.
        let known = disk.events.prefix(Int(server.view.lastSequence))
        var state = State()
        for event in known { Mutant.apply(event, to: &state, mutant) }
        let folded = Self.process(0, state, on: disk, now: now, isPrompt: true).engine
        let read: (LoadRequest) -> Loaded = { [disk] request in
            switch request {
            case .topic(let topic): .events(disk.events.filter { $0.fact.topic == topic })
            case .events(let after, _, let topic):
                .events(known.filter { $0.sequence > after && (topic == nil || $0.fact.topic == topic) })
            case .tree(let query): (try? disk.tree(query)).map { .tree($0) } ?? .failed("the disk cannot be read")
            default: .failed("the probe asks for nothing else")
            }
        }
        var questions = ["LIST", "PEOPLE"]
        if let topic = dice.pick(state.topicsInOrder.filter { $0.newest > 0 }) {
            questions += ["SHOW \(topic.id)", "COMMENTS \(topic.id)", "CHECK \(topic.id)", "ASSESSMENTS \(topic.id)"]
        }
        questions.append("TODO")
        if dice.chance(20) {
            questions.append(dice.chance(50) ? "PROOF \(dice.between(1, state.lastSequence))" : "CHECKPOINT")
        }
        let person = dice.pick(Cast.probes) ?? "soat1"
        var live = Probe(server.engine, person: person, now: now, load: read)
        var other = Probe(folded, person: person, now: now, load: read)
        for question in questions {
            let (one, two) = (live.ask(question), other.ask(question))
            if one != two {
                return fail("\(question) of \(person): the live engine says\n\(one)and the log gives\n\(two)")
            }
        }
        if dice.chance(30) { checkTree(&live) }
        if dice.chance(40), let topic = dice.pick(state.topicsInOrder.filter { $0.stage.isApproved }) {
            // It follows from the log alone, whoever asks, and when.
            let later = now.adding(milliseconds: dice.between(0, 40 * 86_400_000))
            var another = Probe(folded, person: dice.pick(Cast.probes) ?? "soat1", now: later, load: read)
            let (one, two) = (live.ask("DOSSIER \(topic.id)"), another.ask("DOSSIER \(topic.id)"))
            if one != two || !one.contains("\nOK ") { return fail("the dossier says\n\(one)and then\n\(two)") }
        }
        for topic in state.topicsInOrder where !topic.isArchived && topic.newest > 0 {
            checkShown(topic)
        }
    }

    /// The log still begins with what the last checkpoint covered, and has a new one.
    private func checkTree(_ probe: inout Probe) {
        guard !disk.isUnreadable else { return }
        func value(_ key: String, _ reply: String) -> String? {
            reply.split(separator: "\n").last.flatMap { line in
                line.split(separator: " ").first { $0.hasPrefix("\(key)=") }.map { String($0.dropFirst(key.count + 1)) }
            }
        }
        if let checkpoint {
            let reply = probe.ask("PROOF from=\(checkpoint.size)")
            if value("from-root", reply) != checkpoint.root {
                return fail(
                    "a checkpoint of \(checkpoint.size) events had the root \(checkpoint.root), and now\n\(reply)")
            }
            report.marks.hit(.consistent)
        }
        let reply = probe.ask("CHECKPOINT")
        guard let size = value("size", reply), let root = value("root", reply) else {
            return fail("no checkpoint: \(reply)")
        }
        checkpoint = (size, root)
    }

    /// What an insider is shown is what the sequential model says at that event.
    private func checkShown(_ topic: Topic) {
        let place = Int(server.view.lastSequence)
        guard ledger.references.indices.contains(place), let model = ledger.references[place].topics["\(topic.id)"]
        else {
            return
        }
        report.marks.hit(.shownAsModelled)
        let insider = model.lead == "hcth" ? "soat2" : "soat3"
        var probe = Probe(server.engine, person: insider, now: clock.read(timeline.now)) { _ in .failed("none") }
        let heading = rows(probe.ask("SHOW \(topic.id)"))
        let first = heading.first { $0.word == "topic" }
        func expect(_ what: String, _ shown: String?, _ expected: String?) {
            if shown != expected {
                fail(
                    "\(topic.id), event \(place): \(what) is shown as \(shown ?? "nothing"), modelled as \(expected ?? "nothing")"
                )
            }
        }
        expect("the stage", first?["stage"], model.stage.rawValue)
        expect("the revision", first?["revision"], "\(model.drafts.count)")
        expect("the lead office", first?["lead"], model.lead)
        expect("postponed", first?["postponed"], model.isPostponed ? "yes" : nil)
        func vote(_ kind: String) -> String? {
            heading.last { $0.word == "vote" && $0["kind"] == kind && $0["in-force"] == "yes" }?["value"]
        }
        expect("the content sign-off", vote("content"), model.vouch?.rawValue)
        expect("the format check", vote("format"), model.format?.rawValue)
        let members = heading.filter { $0.word == "member" }.map { "\($0["as"] ?? "") \($0["person"] ?? "")" }
        let modelled = model.members.flatMap { assignment, people in people.map { "\(assignment.rawValue) \($0)" } }
        expect("the members", members.sorted().joined(separator: ", "), modelled.sorted().joined(separator: ", "))
        var threads: [String] = []
        for row in rows(probe.ask("COMMENTS \(topic.id)")) where row.word == "comment" {
            threads.append(
                "\(row["id"] ?? "") \(row["by"] ?? "") \(row["level"] ?? "") \(row["state"] ?? "") \(row["as"] ?? "-")")
        }
        let known = ledger.references[place].threads.filter { $0.value.topic == "\(topic.id)" }.sorted {
            $0.key < $1.key
        }
        let expected = known.map { number, thread in
            "C\(number) \(thread.owner) \(thread.level.rawValue) \(thread.state.rawValue) \(thread.disposition?.rawValue ?? "-")"
        }
        expect("comments", threads.joined(separator: ", "), expected.joined(separator: ", "))
        var sheets: [String] = []
        for row in rows(probe.ask("ASSESSMENTS \(topic.id)")) where row.word == "review" {
            sheets.append(
                "\(row["id"] ?? "") \(row["by"] ?? "") \(row["in-force"] ?? "") \(row["endorsed-by"] == nil ? "-" : "endorsed")"
            )
        }
        let filed = ledger.references[place].sheets.filter { $0.value.topic == "\(topic.id)" }.sorted {
            $0.key < $1.key
        }
        let assessed = filed.map { number, sheet in
            "P\(number) \(sheet.person) \(sheet.counts ? "yes" : "no") \(sheet.isEndorsed ? "endorsed" : "-")"
        }
        expect("reviews", sheets.joined(separator: ", "), assessed.joined(separator: ", "))
    }

    /// One row of a reply.
    private struct Row {
        let word: String
        let pairs: [Pair]

        subscript(_ key: String) -> String? { pairs.first { $0.key == key }?.value }
    }

    private func rows(_ reply: String) -> [Row] {
        var framer = ReplyFramer()
        framer.append(Array(reply.utf8))
        var found: [Row] = []
        while let line = (try? framer.next()).flatMap({ $0 }) {
            if case .row(let word, let pairs) = line { found.append(Row(word: word, pairs: pairs)) }
        }
        return found
    }
}
