import ReviewCore
import ReviewEngine
import ReviewProtocol

/// Listens to everything the server says on one connection, at the moment it is said.
struct Wiretap {
    /// A request that waits for its reply.
    private struct Expected {
        let tag: String?
        let request: Request?
    }

    /// What a subscription has been told.
    private struct Chain {
        let topic: String?
        var previous: Int64
    }

    /// What the tap compares with.
    struct Surroundings {
        /// Who sits at the other end.
        let person: PersonID
        /// What the server has been told is durable.
        let view: State
        /// What lies on the disk.
        let disk: [Event]
        /// What the server was just told.
        let cause: Input
    }

    private var framer = ReplyFramer()
    private var expected: [Expected] = []
    private var chains: [Chain] = []
    private(set) var isOver = false
    private(set) var isLoggedIn = false
    private(set) var wasBlocked = false
    /// What the server said about requests since the last look: the request and the status.
    private(set) var statuses: [(request: Request?, status: Status)] = []
    private(set) var byes: [String] = []
    private(set) var told = 0
    private(set) var hidden = 0
    private(set) var synchronised = 0
    private(set) var problem: String?

    /// What was told last to a subscription to everything; nil without one.
    var previousOfEverything: Int64? { chains.first { $0.topic == nil }?.previous }

    var isWatching: Bool { !chains.isEmpty }

    /// Starts a new look.
    mutating func clear() {
        statuses = []
        byes = []
        told = 0
        hidden = 0
        synchronised = 0
    }

    mutating func found(_ text: String) { if problem == nil { problem = text } }

    /// What the server was handed.
    mutating func hears(_ received: [Received]) {
        for item in received {
            switch item {
            case .request(let request): expected.append(Expected(tag: request.tag, request: request))
            case .malformed(let malformed): expected.append(Expected(tag: malformed.tag, request: nil))
            case .fatal: break
            }
        }
    }

    /// What the server says.
    mutating func says(_ octets: [UInt8], _ surroundings: Surroundings) {
        if isOver { found("octets after BYE") }
        framer.append(octets)
        do {
            while let line = try framer.next() { take(line, surroundings) }
        } catch {
            found("the server's output cannot be read: \(error)")
        }
        let isDisabled = surroundings.view.people[surroundings.person]?.isDisabled ?? false
        if isDisabled, isLoggedIn, !isOver { found("\(surroundings.person) is disabled and still served") }
    }

    private mutating func take(_ line: ServerLine, _ surroundings: Surroundings) {
        switch line {
        case .status(let status): answer(status, surroundings)
        case .event(let event): follow(event, surroundings)
        case .sync(let sequence):
            synchronised += 1
            if chains.isEmpty { found("SYNC \(sequence) without a subscription") }
            if sequence > surroundings.view.lastSequence { found("SYNC \(sequence) beyond the log's end") }
        case .bye(let code, _, _):
            isOver = true
            byes.append(code)
        case .hello, .row, .body, .literal, .prompt, .note, .unknown: break
        }
    }

    private mutating func answer(_ status: Status, _ surroundings: Surroundings) {
        guard !expected.isEmpty else { return found("a status that nobody waits for") }
        let next = expected.removeFirst()
        guard next.tag == status.tag else {
            return found("the reply to #\(status.tag ?? "") where #\(next.tag ?? "") is due")
        }
        statuses.append((next.request, status))
        guard status.isOK else { return }
        if let text = status.value("seq"), let sequence = Int64(text), sequence > Int64(surroundings.disk.count) {
            found("seq=\(sequence) was promised before it was durable (the log ends at \(surroundings.disk.count))")
        }
        guard let request = next.request else { return }
        switch request.verb {
        case "LOGIN", "AUTH": isLoggedIn = true
        case "WATCH":
            let topic = request.words.first
            let begin = status.value("after").flatMap { Int64($0) } ?? 0
            chains.removeAll { topic == nil || $0.topic == nil || $0.topic == topic }
            chains.append(Chain(topic: topic, previous: begin))
        case "UNWATCH":
            let topic = request.words.first
            chains.removeAll { topic == nil || $0.topic == topic }
        default: break
        }
    }

    private mutating func follow(_ line: EventLine, _ surroundings: Surroundings) {
        told += 1
        let place = "EVENT \(line.sequence) to \(surroundings.person)"
        guard line.sequence >= 1, line.sequence <= Int64(surroundings.disk.count),
            line.sequence <= surroundings.view.lastSequence
        else { return found("\(place): it is not durable") }
        let event = surroundings.disk[Int(line.sequence) - 1]
        if event.fact.type != line.type { found("\(place): \(line.type) is \(event.fact.type) in the log") }
        let topic = event.fact.topic?.description
        if line.value("topic") != topic { found("\(place): of topic \(line.value("topic") ?? "none")") }
        guard let index = chains.firstIndex(where: { $0.topic == nil || $0.topic == topic }) else {
            return found("\(place): nobody asked for it")
        }
        if line.previous != chains[index].previous {
            found("\(place): prev=\(line.previous), told before was \(chains[index].previous)")
        }
        if line.sequence <= chains[index].previous { found("\(place): told twice") }
        let skipped = Int(max(chains[index].previous, 0))..<max(Int(line.sequence) - 1, Int(chains[index].previous))
        chains[index].previous = line.sequence
        guard let person = surroundings.view.people[surroundings.person] else { return found("\(place): nobody") }
        if chains[index].topic == nil, skipped.contains(where: { Visibility.isContent(surroundings.disk[$0].fact) }) {
            hidden += 1
        }
        if Visibility.isForbidden(event, to: person, surroundings.view)
            || !surroundings.view.isVisible(event, to: person.id)
        {
            found("\(place) (\(event.fact.type)): not for these eyes")
        }
    }
}
