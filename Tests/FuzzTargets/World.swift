import ReviewCore
import ReviewDigest
import ReviewEngine
import ReviewFiles
import ReviewProtocol
import ReviewStore

/// The server in memory: engine, framers, store and pool, with time in the test's hands.
///
/// A value: every input starts from a copy of the same prepared one.
struct World {
    static let connections = 4

    /// What a connection has sent and heard since it was prepared.
    struct Heard {
        var sent: [UInt8] = []
        var octets: [UInt8] = []
        /// The tags of all requests that the framer gave out, in order; BYE apart, each has to be answered.
        var tags: [String?] = []
        var isClosed = false
        var hasLiterals = false
    }

    private(set) var heard = [Heard](repeating: Heard(), count: connections)
    private var engine: Engine
    private var framers: [Framer]
    private var bursts = [[UInt8]](repeating: [], count: connections)
    private var inbox: [Input] = []
    private var now: Instant
    private var timer: Instant?
    private var willFail = false
    private var log: [Event]
    private var replies: [ReplyKey: StoredReply] = [:]
    private var positions: [String: Int64] = [:]
    private var secrets = 0
    /// What the store or the engine did wrong.
    private var wrong: String?

    private init(state: State, log: [Event], now: Instant) {
        var configuration = EngineConfiguration(
            readPlan: { PlanFile.read($0) }, writeRecord: { EventRecord($0).encoded })
        configuration.limits.anonymousTotal = 4_096
        configuration.signer = LogKey(octets: Array(1...32)).map { key in
            Signer(key: key) { Digest(hashing: $0).octets + Digest(hashing: $0).octets }
        }
        self.log = log
        self.now = now
        framers = Array(repeating: Framer(limits: configuration.limits), count: Self.connections)
        engine = Engine(configuration: configuration, state: state, epoch: "01J8FUZZ", now: now)
    }

    // MARK: Sending

    mutating func collect(_ octet: UInt8, _ connection: Int) { bursts[connection].append(octet) }

    /// Hands what was collected to the framer, as one read of the socket.
    mutating func burst(_ connection: Int) {
        let octets = bursts[connection]
        bursts[connection] = []
        guard !octets.isEmpty, !heard[connection].isClosed else { return }
        heard[connection].sent += octets
        framers[connection].append(octets)
        read(connection)
    }

    /// Before login one request at a time is read, as the server does: the limits of the next one depend on the reply.
    private mutating func read(_ connection: Int) {
        var received: [Received] = []
        while framers[connection].authenticated || received.isEmpty && isAnswered(connection) {
            guard let item = framers[connection].next() else { break }
            switch item {
            case .request(let request):
                heard[connection].tags.append(request.tag)
                if request.verb == "SET" { heard[connection].hasLiterals = true }
            case .malformed(let malformed): heard[connection].tags.append(malformed.tag)
            case .fatal: break
            }
            received.append(item)
        }
        inbox.append(
            .received(ConnectionID(UInt64(connection)), received, pending: framers[connection].pending))
    }

    private func isAnswered(_ connection: Int) -> Bool {
        heard[connection].tags.count <= statuses[connection]
    }

    /// Replies that each connection has had, counted as they are sent.
    private var statuses = [Int](repeating: 0, count: connections)

    // MARK: Working

    mutating func failNextAppend() { willFail = true }

    mutating func work() throws(Finding) {
        for connection in 0..<Self.connections { burst(connection) }
        for _ in 0..<2_000 {
            let inputs = inbox
            inbox = []
            for input in inputs { perform(engine.handle(input, now: now)) }
            let effects = engine.handle(.turn, now: now)
            perform(effects)
            if let wrong { throw Finding(wrong) }
            guard effects.isEmpty, inbox.isEmpty else { continue }
            // A connection that is not logged in, or just was, goes on to its next request.
            for connection in 0..<Self.connections where !heard[connection].isClosed { read(connection) }
            if inbox.allSatisfy({ if case .received(_, let received, _) = $0 { received.isEmpty } else { false } }) {
                inbox = []
                return
            }
        }
        throw Finding("the engine does not come to rest")
    }

    mutating func pass(milliseconds: Int64) throws(Finding) {
        try work()
        let end = now.adding(milliseconds: milliseconds)
        for _ in 0..<200 {
            guard let due = timer, due <= end else { break }
            now = max(now, due)
            timer = nil
            perform(engine.handle(.timer, now: now))
            try work()
        }
        now = max(now, end)
    }

    /// Works until everything is answered: delayed logins get their time.
    mutating func settle() throws(Finding) {
        try work()
        for _ in 0..<20 {
            try pass(milliseconds: 16_000)
            if (0..<Self.connections).allSatisfy({ heard[$0].isClosed || isAnswered($0) }) { return }
        }
    }

    private mutating func perform(_ effects: [Effect]) {
        for effect in effects {
            switch effect {
            case .send(let id, let octets):
                guard let place = place(id) else { continue }
                heard[place].octets += octets
                count(octets, place)
            case .close(let id):
                guard let place = place(id) else { continue }
                heard[place].isClosed = true
                inbox.append(.closed(id))
            case .authenticated(let id):
                guard let place = place(id) else { continue }
                framers[place].authenticated = true
            case .append(let batch): inbox.append(append(batch))
            case .load(let id, let request): inbox.append(.loaded(id, load(request)))
            case .verify(let id, let request): inbox.append(.verified(id, verify(request)))
            case .compute(let id, let computation): inbox.append(.computed(id, computation.run()))
            case .setTimer(let instant): timer = instant
            case .pauseReading, .resumeReading, .stopped: break
            }
        }
    }

    private func place(_ id: ConnectionID) -> Int? {
        let place = Int(truncatingIfNeeded: id.number)
        return heard.indices.contains(place) ? place : nil
    }

    /// Counts status lines; an anonymous connection gets no literals, so lines are enough.
    private mutating func count(_ octets: [UInt8], _ place: Int) {
        for line in octets.split(separator: 0x0A) {
            let word = line.prefix { $0 != 0x20 }
            if word.elementsEqual("OK".utf8) || word.elementsEqual("NO".utf8) || word.elementsEqual("BAD".utf8) {
                statuses[place] += 1
            }
        }
    }

    // MARK: Store and pool

    private mutating func append(_ batch: Batch) -> Input {
        if willFail {
            willFail = false
            return .appendFailed(.full)
        }
        if batch.expected != Int64(log.count) || batch.numberingProblem != nil {
            wrong = "the engine appends after \(batch.expected) where the log has \(log.count)"
        }
        for event in batch.events {
            let record = EventRecord(event)
            if (try? record.event()) != event { wrong = "an event that cannot be read back: \(record.encoded)" }
            log.append(event)
        }
        for reply in batch.replies where replies.updateValue(reply, forKey: reply.key) != nil {
            wrong = "a second reply to the key \(reply.key.key)"
        }
        for position in batch.positions { positions["\(position.person)/\(position.client)"] = position.sequence }
        return .appended
    }

    private func load(_ request: LoadRequest) -> Loaded {
        switch request {
        case .replies(let keys): return .replies(keys.compactMap { replies[$0] })
        case .topic(let topic): return .events(log.filter { $0.fact.topic == topic })
        case .topicOfComment(let comment):
            for event in log {
                if case .commentAdded(let fact) = event.fact, fact.comment == comment { return .topic(fact.topic) }
            }
            return .topic(nil)
        case .topicOfReview(let review):
            for event in log {
                if case .reviewFiled(let fact) = event.fact, fact.review == review { return .topic(fact.topic) }
            }
            return .topic(nil)
        case .events(let after, let limit, let topic):
            return .events(
                Array(log.lazy.filter { $0.sequence > after && (topic == nil || $0.fact.topic == topic) }.prefix(limit))
            )
        case .event(let sequence): return .events(log.filter { $0.sequence == sequence })
        case .search(let query): return .hits(search(query))
        case .position(let person, let client): return .position(positions["\(person)/\(client)"])
        case .tree(let query):
            // Nobody can make the engine ask for what there is not.
            if let problem = TreeTiles.problem(with: query, head: Int64(log.count)) { preconditionFailure(problem) }
            let texts = log.map { EventRecord($0).encoded }
            let leaves = texts.map { MerkleTree.leaf($0) }
            return .tree(
                TreeAnswer(
                    query, leaf: query.event.map { texts[Int($0) - 1] },
                    hashes: query.subtrees.map {
                        MerkleTree.root(of: leaves[Int($0.lowerBound)..<Int($0.upperBound)])
                    }))
        }
    }

    private func search(_ query: SearchQuery) -> [SearchHit] {
        let expression = SearchExpression(query.text)
        var hits: [SearchHit] = []
        for event in log.reversed() where event.sequence <= query.through {
            guard let (source, texts) = event.fact.searchable, query.topics.contains(source.topic) else { continue }
            for text in texts.compactMap(\.text) {
                guard let range = expression.shortestMatch(in: SearchWords.words(of: text)) else { continue }
                hits.append(
                    SearchHit(source: source, sequence: event.sequence, snippet: Snippet.around(range, in: text)))
            }
        }
        return Array(hits.prefix(query.limit))
    }

    private static func hash(_ password: [UInt8]) -> String { "test:\(Digest(hashing: password))" }

    private mutating func verify(_ request: VerifyRequest) -> Verified {
        secrets += 1
        switch request {
        case .password(let stored, let candidate, let wantsToken):
            let isRight = stored == Self.hash(candidate)
            return .password(isRight, token: isRight && wantsToken ? "phien-\(secrets)" : nil)
        case .change(let stored, let current, let new):
            return .changed(newHash: stored == nil || stored == Self.hash(current) ? Self.hash(new) : nil)
        case .invitation: return .invitation(code: "MOI-\(secrets)")
        case .certificate(let request, let subject):
            let now = self.now
            return .certificate(
                .issued(
                    IssuedCertificate(
                        text: "\(subject.person) \(secrets)\n",
                        digest: Digest(hashing: request + [UInt8(secrets & 255)]),
                        from: now, until: now.adding(milliseconds: 86_400_000))))
        }
    }
}

// MARK: - The beginning

extension World {
    /// A world in which three people are logged in and a topic is under review.
    static func prepared() throws(Finding) -> World {
        switch beginning {
        case .success(let world): return world
        case .failure(let finding): throw finding
        }
    }

    private static let beginning = Result<World, Finding> { () throws(Finding) in try begin() }

    private static let people: [(id: String, office: String, position: Position)] = [
        ("bich", "leadership", .director), ("son", "nv", .head), ("lan", "nv", .staff), ("hoa", "hcth", .head),
        ("minh", "hcth", .staff), ("van", "hcth", .clerk), ("root", "hcth", .admin),
    ]

    private static let plan = """
        plan: 2025
        number: 29/KH
        date: 2025-01-20
        title: Kế hoạch chuyên đề năm 2025
        issuer: Trung tâm Trợ giúp pháp lý
        parent: Sở Tư pháp
        signer: Hoàng Thị Bích
        offices:
          hcth: Phòng Hành chính – Tổng hợp
          nv: Phòng Nghiệp vụ
        coordinator: hcth
        requirements:
          results: Kết quả triển khai
        topics:
          - number: 1
            title: Kỹ năng tham gia tố tụng
            lead: nv
            review: hcth
            quarter: 2
            milestones: {opinion: 2025-06-15, review: 2025-06-20, final: 2025-06-28}
            outline:
              - Mở đầu
              - Kết luận

        """

    private static let script: [(Int, String)] = [
        (0, "LOGIN bich <\nmat khau bich\n"), (1, "LOGIN son <\nmat khau son\n"), (2, "LOGIN hoa <\nmat khau hoa\n"),
        (
            1,
            "PUSH 2025-1 if=@0 <<\n# Mở đầu\n\nNăm 2024 có 57 vụ việc.\n\n- Không ai khiếu nại.\n\n# Kết luận\nCần bồi dưỡng.\n.\n"
        ),
        (1, "SUBMIT 2025-1\n"), (0, "SUBMIT 2025-1\n"),
        (2, "COMMENT 2025-1@1 at=I/1 quote=\"57 vụ việc\" kind=content level=must <<\nBáo cáo ghi 75.\n.\n"),
        (2, "COMMENT 2025-1@1 kind=praise level=note <<\nRõ ràng.\n.\n"),
    ]

    private static func begin() throws(Finding) -> World {
        let now = Instant(milliseconds: 1_750_000_000_000)
        var state = State()
        var log: [Event] = []
        func perform(_ command: Command) throws(Finding) {
            do throws(Refusal) {
                for fact in try state.decide(command, by: .operator, now: now).facts {
                    let event = Event(sequence: state.lastSequence + 1, time: now, person: nil, office: nil, fact: fact)
                    state.apply(event)
                    log.append(event)
                }
            } catch {
                throw Finding("the beginning is refused: \(error.wording.english)")
            }
        }
        let source = Array(plan.utf8)
        let (draft, problems) = PlanFile.read(source)
        guard let draft else { throw Finding("the plan is not read: \(problems)") }
        try perform(.loadPlan(draft, source: source))
        for person in people {
            guard let id = PersonID(person.id), let office = OfficeID(person.office) else { continue }
            try perform(
                .addPerson(
                    id, name: "Người \(person.id)", office: office, position: person.position,
                    credential: hash(Array("mat khau \(person.id)".utf8)), invitation: nil))
        }
        var world = World(state: state, log: log, now: now)
        for connection in 0..<connections {
            world.perform(
                world.engine.handle(
                    .opened(ConnectionID(UInt64(connection)), address: "192.0.2.\(connection)"), now: now))
        }
        for (connection, text) in script {
            for octet in text.utf8 { world.collect(octet, connection) }
            try world.work()
            guard let last = world.heard[connection].octets.dropLast().split(separator: 0x0A).last,
                last.starts(with: "OK".utf8)
            else { throw Finding("the beginning is refused: \(shown(world.heard[connection].octets))") }
        }
        for connection in 0..<connections { world.heard[connection] = Heard() }
        world.statuses = Array(repeating: 0, count: connections)
        return world
    }
}
