import ReviewCore
import ReviewEngine
import ReviewProtocol
import ReviewStore
import ReviewStoreTestKit

/// The server in memory: the real engine over a log in memory, on a clock that stands still.
final class Office {
    static let start = Instant(rfc3339: "2025-06-16T09:12:00+07:00") ?? Instant(milliseconds: 0)

    private var engine: Engine
    private let log = MemoryLog(epoch: "01J8TEST")
    private var inbox: [Input] = []
    private var now = Office.start
    private var framers: [UInt64: Framer] = [:]
    private var sent: [UInt64: [UInt8]] = [:]
    private var opened: UInt64 = 0

    init() throws {
        var state = State()
        for command in Self.founding {
            for fact in try state.decide(command, by: .operator, now: now).facts {
                let event = Event(sequence: state.lastSequence + 1, time: now, person: nil, office: nil, fact: fact)
                var batch = Batch(expected: log.head)
                batch.events = [event]
                try log.append(batch)
                state.apply(event)
            }
        }
        engine = Engine(
            configuration: EngineConfiguration(
                limits: Limits(), readPlan: { _ in (nil, []) }, writeRecord: { EventRecord($0).encoded }), state: state,
            epoch: log.epoch, now: now)
    }

    /// Opens a connection; its number.
    func open() -> UInt64 {
        opened += 1
        framers[opened] = Framer(limits: Limits())
        inbox.append(.opened(ConnectionID(opened), address: "192.0.2.1"))
        run()
        return opened
    }

    func close(_ connection: UInt64) {
        framers[connection] = nil
        inbox.append(.closed(ConnectionID(connection)))
        run()
    }

    func send(_ connection: UInt64, _ octets: [UInt8]) {
        guard var framer = framers[connection] else { return }
        framer.append(octets)
        // Before login one request is answered before the next one is framed, as the server's shell does it.
        while let item = framer.next() {
            framers[connection] = framer
            inbox.append(.received(ConnectionID(connection), [item], pending: framer.pending))
            run()
            framer = framers[connection] ?? framer
        }
        framers[connection] = framer
    }

    /// What a connection was sent since the last look.
    func take(_ connection: UInt64) -> [UInt8] { sent.removeValue(forKey: connection) ?? [] }

    private func run() {
        for _ in 0..<10_000 {
            let inputs = inbox
            inbox = []
            for input in inputs { perform(engine.handle(input, now: now)) }
            let effects = engine.handle(.turn, now: now)
            perform(effects)
            if effects.isEmpty, inbox.isEmpty { return }
        }
    }

    private func perform(_ effects: [Effect]) {
        for effect in effects {
            switch effect {
            case .send(let id, let octets): sent[id.number, default: []] += octets
            case .authenticated(let id): framers[id.number]?.authenticated = true
            case .append(let batch):
                inbox.append((try? log.append(batch)) == nil ? .appendFailed(.broken("x")) : .appended)
            case .load(let id, let request): inbox.append(.loaded(id, load(request)))
            case .verify(let id, let request):
                switch request {
                case .password(let stored, let candidate, _):
                    let isRight = stored == String(decoding: candidate, as: UTF8.self)
                    inbox.append(.verified(id, .password(isRight, token: isRight ? "phien" : nil)))
                case .change: inbox.append(.verified(id, .changed(newHash: nil)))
                case .invitation: inbox.append(.verified(id, .invitation(code: "MOI")))
                case .certificate: inbox.append(.verified(id, .certificate(.unavailable)))
                }
            case .compute(let id, let computation): inbox.append(.computed(id, computation.run()))
            case .close, .pauseReading, .resumeReading, .setTimer, .stopped: break
            }
        }
    }

    private func load(_ request: LoadRequest) -> Loaded {
        do {
            return switch request {
            case .replies(let keys): .replies(try log.replies(keys))
            case .topic(let topic): .events(try log.events(of: topic))
            case .topicOfComment(let comment): .topic(try log.topic(of: comment))
            case .topicOfReview(let review): .topic(try log.topic(of: review))
            case .events(let after, let limit, let topic):
                .events(try log.references(after: after, limit: limit, topic: topic))
            case .event(let sequence): .events(try log.events(after: sequence - 1, limit: 1, topic: nil))
            case .search(let query): .hits(try log.searchEverything(query))
            case .position(let person, let client): .position(try log.position(of: person, client: client))
            case .tree(let query): .tree(try log.tree(query))
            }
        } catch {
            return .failed("\(error)")
        }
    }

    // MARK: The Centre

    private static func office(_ id: String) -> OfficeID { OfficeID(id) ?? .leadership }

    private static let founding: [Command] = {
        let plan = PlanDraft(
            year: 2025, reference: "29/KH-TGPL", date: PlanDraft.WrittenDate("2025-01"),
            title: "Thực hiện chuyên đề về trợ giúp pháp lý năm 2025",
            issuer: "Trung tâm Trợ giúp pháp lý nhà nước tỉnh Lạng Sơn", parent: "Sở Tư pháp tỉnh Lạng Sơn",
            signer: "Hoàng Thị Bích",
            offices: [
                PlanDraft.Office(id: office("hcth"), name: "Phòng Hành chính – Tổng hợp", line: 10),
                PlanDraft.Office(id: office("nv"), name: "Phòng Nghiệp vụ", line: 11),
            ], coordinator: office("hcth"),
            requirements: [
                PlanDraft.Requirement(key: "results", text: "Kết quả triển khai thực hiện chuyên đề", line: 14)
            ],
            topics: [
                topic(1, "Nâng cao năng lực truyền thông về trợ giúp pháp lý", "hcth", "nv", "03"),
                topic(2, "Kỹ năng tham gia tố tụng trong vụ án dân sự", "nv", "hcth", "06"),
                topic(3, "Thẩm định, đánh giá chất lượng vụ việc", "nv", "hcth", "09"),
                topic(4, "Trợ giúp pháp lý cho người dưới 18 tuổi", "nv", "hcth", "11"),
            ])
        let people: [(String, String, String, Position)] = [
            ("bich", "Hoàng Thị Bích", "leadership", .director), ("tung", "Lương Thanh Tùng", "leadership", .deputy),
            ("hoa", "Nông Thị Hoa", "hcth", .head), ("minh", "Trần Văn Minh", "hcth", .staff),
            ("van", "Đàm Thị Vân", "hcth", .clerk), ("son", "Hoàng Văn Sơn", "nv", .head),
            ("lan", "Nguyễn Thị Lan", "nv", .staff), ("quan", "Bế Minh Quân", "hcth", .admin),
        ]
        return [.loadPlan(plan, source: Array("plan: 2025\n".utf8))]
            + people.compactMap { id, name, office, position in
                PersonID(id).map {
                    .addPerson(
                        $0, name: name, office: Office.office(office), position: position, credential: "mật khẩu",
                        invitation: nil)
                }
            }
    }()

    private static func topic(
        _ number: Int, _ title: String, _ lead: String, _ review: String, _ month: String
    ) -> PlanDraft.Topic {
        PlanDraft.Topic(
            number: number, title: title, lead: office(lead), review: office(review), quarter: (number + 1) / 2,
            milestones: [
                PlanDraft.Deadline(.opinion, "2025-\(month)-15"), PlanDraft.Deadline(.review, "2025-\(month)-20"),
                PlanDraft.Deadline(.final, "2025-\(month)-28"),
            ], outline: [OutlineItem("Mở đầu"), OutlineItem("Nội dung"), OutlineItem("Kết luận")], line: 20 + number)
    }
}
