import ReviewClient
import ReviewCore
import ReviewDigest
import ReviewEngine
import ReviewProtocol
import ReviewStore

/// One run of the whole system: a server with its disk, a network, and people at their desks, all under one scheduler and
/// one seed.
///
/// Nothing sleeps and nothing asks the machine for time or chance, so a seed that fails fails again, at the same step.
final class Simulation {
    /// What a run is made of.
    struct Course {
        let seed: UInt64
        /// How many writes people wish for altogether: most runs are short, some see a topic through to its end.
        var wishes: Int { isLong ? 140 : 30 }
        /// Whether a topic is seen through to its end.
        var isLong: Bool { seed % 6 == 0 }
        var mutant: Mutant?
        /// Gets a line for each thing that happens.
        var trace: ((String) -> Void)?
    }

    /// What a run came to.
    struct Report {
        var problem: String?
        var steps = 0
        var fingerprint: UInt64 = 0xcbf2_9ce4_8422_2325
        var marks = Marks()
        var figures = Figures()
    }

    /// What happened, counted.
    struct Figures {
        var crashes = 0
        var faults = 0
        var connections = 0
        var requests = 0
        var acknowledged = 0
        var events = 0
        var told = 0
        var virtualMilliseconds: Int64 = 0

        mutating func add(_ other: Figures) {
            crashes += other.crashes
            faults += other.faults
            connections += other.connections
            requests += other.requests
            acknowledged += other.acknowledged
            events += other.events
            told += other.told
            virtualMilliseconds += other.virtualMilliseconds
        }
    }

    let course: Course
    var dice: Dice
    var timeline = Timeline()
    var clock = SimulatedClock()
    let disk: SimulatedDisk
    var ledger: Ledger
    var server: ServerProcess
    var links: [Link] = []
    var desks: [Desk] = []
    var operations: [Operation] = []
    var sendings: [Sending] = []
    var secrets: [String: Secrets] = [:]
    var report = Report()
    /// Wishes that are left.
    var wishesLeft: Int
    /// Faults are over: everything that is open comes to its end.
    var isWindingDown = false
    /// Links on which a wish was first written, by its key: for the planted bug of a client that changes keys.
    var firstLinks: [String: Int] = [:]
    var tokensMade = 0
    /// Whether people hurry one topic to its end, which reaches the late stages, or do a little of everything.
    let isFocused: Bool
    /// The read position of each person that was acknowledged last.
    var positions: [String: Int64] = [:]
    /// How many keys of one's own kind each person used: others use the same ones.
    var ownKeys: [String: Int] = [:]
    /// People whom the administrator changed: what they may see is not certain.
    var moved: Set<String> = []
    /// The certificates that people have, the newest last.
    var certificates = Beginning.certificates.mapValues { [$0] }
    /// The requests for certificates.
    var enrolments: [Int] = []
    /// What MANIFEST said last of each topic.
    var manifests: [TopicID: [UInt8]] = [:]
    /// The files of dossiers that somebody was told of.
    var files: [(topic: String, digest: String)] = []
    /// What a checkpoint said last.
    var checkpoint: (size: String, root: String)?
    var mutant: Mutant? { course.mutant }

    init(_ course: Course) throws {
        self.course = course
        dice = Dice(seed: course.seed)
        isFocused = course.seed % 4 != 1
        wishesLeft = course.wishes
        let beginning = course.isLong ? Beginning.founding : dice.pick(Beginning.all) ?? []
        disk = try SimulatedDisk(founding: beginning, mutant: course.mutant)
        ledger = Ledger(disk.events, mutant: course.mutant)
        server = Self.process(1, State(), on: disk, now: SimulatedClock.begin, isPrompt: true, course.mutant)
        server.isUp = false
    }

    static func process(
        _ number: Int, _ state: State, on disk: SimulatedDisk, now: Instant, isPrompt: Bool, _ mutant: Mutant? = nil
    ) -> ServerProcess {
        let engine = Engine(
            configuration: EngineConfiguration(
                limits: SimulatedLimits.server, readPlan: { _ in (nil, []) }, writeRecord: { EventRecord($0).encoded },
                signer: signer, signatures: signatures(mutant), longOctets: SimulatedLimits.longOctets),
            state: state,
            epoch: disk.epoch, now: now)
        return ServerProcess(number: number, engine: engine, view: state, isPrompt: isPrompt)
    }

    var now: Int64 { timeline.now }

    /// Something is wrong: the run ends with this step.
    func fail(_ text: String) { if report.problem == nil { report.problem = text } }

    /// Tells what happens: for the fingerprint of the run, and for whoever looks for a failure's cause.
    func note(_ text: @autoclosure () -> String, _ values: Int...) {
        for value in values {
            report.fingerprint = (report.fingerprint ^ UInt64(truncatingIfNeeded: value)) &* 0x100_0000_01b3
        }
        if let trace = course.trace { trace("\(report.steps) \(now) ms: \(text())") }
    }

    // MARK: The run

    /// Plays the seed to its end.
    func run() -> Report {
        for member in Cast.members {
            secrets[member.id] = Secrets(known: [Cast.password(member.id)], confirmed: Cast.password(member.id))
            for _ in 0..<member.desks { addDesk(member.id, zeal: member.zeal) }
        }
        desks.append(
            Desk(
                person: Cast.stranger, zeal: 0,
                session: ClientSession(configuration: ClientConfiguration(), credentials: []),
                isGone: true))
        startProcess(server.number + 1)
        timeline.after(dice.between(200, 2_000), .trouble)
        timeline.after(dice.between(2_000, 8_000), .compare)
        let end: Int64 = 3_600_000
        var deadline = end
        while report.problem == nil, let happening = timeline.next() {
            report.steps += 1
            perform(happening)
            if let problem = ledger.problem { fail(problem) }
            if !isWindingDown, wishesLeft <= 0 || now > end {
                windDown()
                deadline = now + 900_000
            }
            if isWindingDown, report.steps % 8 == 0, isQuiet { break }
            if now > deadline {
                fail("after 15 minutes without faults: \(stuck)")
            }
        }
        if report.problem == nil { close() }
        report.figures.events = ledger.events.count
        report.figures.virtualMilliseconds = now
        return report
    }

    private func perform(_ happening: Happening) {
        switch happening {
        case .think(let desk): think(desk)
        case .startSession(let desk): startSession(desk)
        case .readAgain(let desk): readAgain(desk)
        case .deskTimer(let desk, let ticket):
            if desks[desk].timerTicket == ticket { tell(desk, .timer) }
        case .offerSecret(let desk): offerSecret(desk)
        case .sendAgain(let desk, let sending): sendAgain(desk, sending)
        case .connect(let link): connect(link)
        case .flowToServer(let link): flowToServer(link)
        case .flowToClient(let link): flowToClient(link)
        case .serverNotices(let link): serverNotices(link)
        case .clientNotices(let link): clientNotices(link)
        case .turn(let process): if isAlive(process) { turn() }
        case .frame(let process, let link): if isAlive(process) { frame(link) }
        case .serverTimer(let process, let ticket): if isAlive(process) { timerRings(ticket) }
        case .commit(let process): if isAlive(process) { commit() }
        case .answer(let process, let input): if isAlive(process) { submit(input) }
        case .crash: if server.isUp { crash() }
        case .stop: stop()
        case .giveUp(let process): if isAlive(process) { giveUp() }
        case .startProcess(let process): startProcess(process)
        case .trouble: if !isWindingDown { trouble() }
        case .mend: mend()
        case .compare:
            if server.isUp, !server.hasStopped { compare() }
            if !isWindingDown { timeline.after(dice.between(5_000, 20_000), .compare) }
        }
    }

    func isAlive(_ process: Int) -> Bool { server.isUp && server.number == process }

    // MARK: The end

    private func windDown() {
        note("winding down")
        isWindingDown = true
        mend()
        for desk in desks.indices where desks[desk].isSlow { readAgain(desk) }
    }

    /// A desk reads again, on every connection that it has: strangers at one desk may have several.
    private func readAgain(_ desk: Int) {
        desks[desk].isSlow = false
        for link in links.indices where links[link].desk == desk { moveToClient(link) }
    }

    /// Whether everybody has their replies and has been told everything.
    private var isQuiet: Bool {
        guard server.isUp, !server.hasStopped, server.flight == nil else { return false }
        return desks.indices.allSatisfy { isQuiet($0) }
    }

    private func isQuiet(_ index: Int) -> Bool {
        let desk = desks[index]
        if desk.isGone { return true }
        guard desk.isRunning, desk.unanswered.isEmpty else { return false }
        guard desk.following != nil else { return true }
        return (desk.session.position ?? -1) >= Int64(disk.events.count)
    }

    /// Who does not come to an end, for the message.
    private var stuck: String {
        let waiting = desks.indices.filter { !isQuiet($0) }.map { index in
            let desk = desks[index]
            return "\(desk.person) (running \(desk.isRunning), \(desk.unanswered.count) unanswered, position "
                + "\(desk.session.position ?? -1) of \(disk.events.count))"
        }
        return "no end of: " + waiting.joined(separator: ", ")
    }

    /// What can only be judged at the end.
    private func close() {
        compare()
        if report.problem != nil { return }
        ledger.checkAcknowledged(on: disk.events)
        ledger.close(operations)
        if disk.events != ledger.events { ledger.found("the log is not what was appended") }
        do {
            let verification = try Verification.run(disk.verifiable)
            if !verification.isIntact || verification.events != disk.events.count {
                ledger.found("the chain is broken")
            }
        } catch {
            ledger.found("the log cannot be verified: \(error)")
        }
        if ledger.judged > 0 { report.marks.hit(.judgedAcknowledged) }
        if ledger.judgedRefusals > 0 { report.marks.hit(.judgedRefusal) }
        for desk in desks where !desk.isGone { checkFollowing(desk) }
        checkPositions()
        if let problem = ledger.problem { fail(problem) }
    }

    /// The read position that is kept is the last one that was acknowledged, or one without an answer.
    ///
    /// Whoever has two desks sends in no certain order.
    private func checkPositions() {
        for member in Cast.members where member.desks == 1 {
            guard let id = PersonID(member.id), let acknowledged = positions[member.id] else { continue }
            let open = operations.filter { $0.request.verb == "ACK" && $0.person == member.id && $0.openSendings > 0 }
            let allowed = [acknowledged] + open.compactMap { $0.request.words.first.flatMap { Int64($0) } }
            guard let kept = try? disk.position(of: id, client: "simulation"), allowed.contains(kept) else {
                return fail("the read position of \(member.id) is none of \(allowed)")
            }
        }
    }

    /// Whoever followed the log was told everything they were certain to be free to see.
    private func checkFollowing(_ desk: Desk) {
        guard let following = desk.following, let begin = following.begin, let position = desk.position,
            !moved.contains(desk.person), let id = PersonID(desk.person), let person = ledger.state.people[id]
        else { return }
        let told = Set(following.told)
        for event in disk.events where event.sequence > begin && event.sequence <= position {
            if following.topic != nil, event.fact.topic != following.topic { continue }
            if Visibility.isCertain(event, to: person, ledger.state), !told.contains(event.sequence) {
                return fail("event \(event.sequence) \(event.fact.type) was never told to \(desk.person)")
            }
        }
    }
}
