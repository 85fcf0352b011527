import ReviewCore
import ReviewDigest
import ReviewEngine
import ReviewProtocol
import ReviewServer
import ReviewSignatures
import ReviewStore
import Testing

/// A small office without topics: a few people, and a session token for each.
struct TestOffice {
    static let start = Instant(milliseconds: 1_750_000_000_000)
    static let password = "mật khẩu của minh"

    private(set) var events: [Event] = []
    private(set) var state = State()

    /// The session token of a person, in the clear.
    static func token(_ person: String) -> String { "token-of-\(person)" }

    init() throws {
        let hash = try #require(PasswordText.hash(of: Array(Self.password.utf8), cost: .quick))
        try decide(.addOffice(Self.office("hcth"), name: "Phòng Hành chính – Tổng hợp"))
        try decide(.addOffice(Self.office("nv"), name: "Phòng Nghiệp vụ"))
        for (id, name, office, position) in [
            ("bich", "Hoàng Thị Bích", "leadership", Position.director), ("minh", "Trần Văn Minh", "hcth", .head),
            ("lan", "Nguyễn Thị Lan", "nv", .head),
        ] {
            try add(id, name: name, office: office, position: position, hash: hash)
        }
    }

    /// Somebody more, with the password and a token of their own.
    mutating func add(_ id: String, name: String, office: String, position: Position) throws {
        let hash = try #require(PasswordText.hash(of: Array(Self.password.utf8), cost: .quick))
        try add(id, name: name, office: office, position: position, hash: hash)
    }

    private mutating func add(
        _ id: String, name: String, office: String, position: Position, hash: String
    ) throws {
        try decide(
            .addPerson(
                Self.person(id), name: name, office: Self.office(office), position: position, credential: hash,
                invitation: nil))
        try decide(
            .issueToken(
                token: Digest(hashing: Self.token(id)).description,
                expires: Self.start.adding(milliseconds: 86_400_000)), by: id)
    }

    static func person(_ id: String) throws -> PersonID { try #require(PersonID(id)) }
    static func office(_ id: String) throws -> OfficeID { try #require(OfficeID(id)) }

    mutating func decide(_ command: Command, by person: String? = nil) throws {
        let actor: Actor = try person.map { .person(try Self.person($0)) } ?? .operator
        for fact in try state.decide(command, by: actor, now: Self.start).facts {
            let event = Event(
                sequence: Int64(events.count) + 1, time: Self.start, person: actor.person, office: nil, fact: fact)
            events.append(event)
            state.apply(event)
        }
    }

    /// What the server opens.
    func core(limits: Limits = Limits(), control: MemoryLog.Control = MemoryLog.Control()) -> ServerCore {
        let log = MemoryLog(events, control: control)
        let engine = Engine(
            configuration: EngineConfiguration(
                limits: limits, readPlan: { _ in (nil, []) }, writeRecord: { EventRecord($0).encoded },
                signer: LogKey(octets: Array(1...32)).map { Signer(key: $0) { Array($0.prefix(64)) } }),
            state: state, epoch: log.epoch, now: Self.start)
        return ServerCore(engine: engine, log: log)
    }
}
