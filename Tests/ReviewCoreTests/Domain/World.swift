import ReviewDigest
import Testing

@testable import ReviewCore

/// A person's account name in a test.
func p(_ text: String) -> PersonID {
    guard let id = PersonID(text) else { preconditionFailure("no account name: \(text)") }
    return id
}

/// An office's name in a test.
func office(_ text: String) -> OfficeID {
    guard let id = OfficeID(text) else { preconditionFailure("no office name: \(text)") }
    return id
}

/// Topic `number` of the seed's plan.
func topic(_ number: Int) -> TopicID {
    guard let id = TopicID(year: 2025, number: number) else { preconditionFailure("no topic: \(number)") }
    return id
}

/// A moment in Vietnam, `2025-03-10` at nine o'clock unless a time is given.
func at(_ date: String, _ time: String = "09:00") -> Instant {
    guard let instant = Instant(rfc3339: "\(date)T\(time):00+07:00") else { preconditionFailure("no moment: \(date)") }
    return instant
}

func day(_ text: String) -> CivilDate {
    guard let date = CivilDate(text) else { preconditionFailure("no date: \(text)") }
    return date
}

func octets(_ text: String) -> [UInt8] { Array(text.utf8) }

/// A state with its log: decides and applies commands as the server does.
///
/// The seed's plan with two offices: `hcth` leads topic 1 and reviews 2 to 4, `nv` the other way round.
struct World {
    var state: State
    var events: [Event] = []
    var now = at("2025-03-03")

    /// The seed's plan is loaded, and everybody has an account.
    init(beforeDate: BeforeDateRule = .strict) throws {
        state = State(beforeDate: beforeDate)
        try act(nil, .loadPlan(SeedDraft.plan, source: octets(SeedDraft.source)))
        for (id, name, place, position) in Self.people {
            try act(
                nil,
                .addPerson(
                    p(id), name: name, office: office(place), position: position, credential: nil, invitation: nil))
        }
    }

    static let people: [(String, String, String, Position)] = [
        ("bich", "Hoàng Thị Bích", "leadership", .director), ("dung", "Vi Văn Dũng", "leadership", .deputy),
        ("hanh", "Nông Thị Hạnh", "hcth", .head), ("lan", "Lý Thị Lan", "hcth", .staff),
        ("minh", "Trần Văn Minh", "hcth", .staff), ("nga", "Đàm Thị Nga", "nv", .head),
        ("phuc", "Hà Văn Phúc", "nv", .staff), ("quyen", "Lương Thị Quyên", "nv", .staff),
        ("van", "Mã Thị Vân", "hcth", .clerk), ("soat", "Phùng Văn Soát", "hcth", .observer),
        ("tri", "Chu Văn Trí", "hcth", .admin),
    ]

    /// Decides a command and takes its facts in; nil acts as the operator.
    @discardableResult
    mutating func act(_ who: String?, _ command: Command) throws(Refusal) -> Outcome {
        let person = who.map { p($0) }
        let outcome = try state.decide(command, by: person.map { .person($0) } ?? .operator, now: now)
        let seat = person.flatMap { state.people[$0]?.office }
        for fact in outcome.facts {
            let event = Event(
                sequence: state.lastSequence + 1, time: now, person: person, office: seat, fact: fact)
            events.append(event)
            state.apply(event, draft: outcome.draft)
        }
        return outcome
    }

    /// The code with which a command is refused; nil when it is not.
    func refused(_ who: String?, _ command: Command) -> RefusalCode? { refusal(who, command)?.code }

    /// The refusal of a command; nil when there is none.
    func refusal(_ who: String?, _ command: Command) -> Refusal? {
        do throws(Refusal) {
            _ = try state.decide(command, by: who.map { .person(p($0)) } ?? .operator, now: now)
            return nil
        } catch { return error }
    }

    subscript(_ number: Int) -> Topic {
        guard let found = state.topics[topic(number)] else { preconditionFailure("no topic \(number)") }
        return found
    }

    func requirement(_ requirement: Requirement, _ number: Int = 1) -> RequirementStatus {
        let all = state.requirements(of: self[number], seen: [], now: now)
        guard let found = all.first(where: { $0.requirement == requirement }) else { preconditionFailure("incomplete") }
        return found
    }

    /// The acts that wait for a person on topic 1, in order, with their objects.
    func tasks(_ who: String) -> [String] {
        state.tasks(for: p(who), now: now).filter { $0.topic == topic(1) }
            .map { task in [task.act.rawValue, task.object].compactMap { $0 }.joined(separator: " ") }
    }
}

/// Short forms of the acts on topic 1 that tests repeat.
extension World {
    @discardableResult
    mutating func push(_ text: String, _ who: String = "lan", addresses: [CommentID] = []) throws(Refusal) -> Outcome {
        try act(
            who, .push(topic(1), base: self[1].newest, addresses: addresses, note: nil, text: octets(text)))
    }

    /// The identifier of the new comment.
    @discardableResult
    mutating func comment(
        _ who: String = "phuc", at place: String? = nil, quote: String? = nil, kind: CommentKind = .content,
        level: CommentLevel = .should, behalf: String? = nil, _ body: String = "Cần bổ sung số liệu."
    ) throws(Refusal) -> CommentID {
        try act(who, newComment(at: place, quote: quote, kind: kind, level: level, behalf: behalf, body))
        return CommentID(state.highestComment)
    }

    func newComment(
        at place: String? = nil, quote: String? = nil, kind: CommentKind = .content, level: CommentLevel = .should,
        suggestion: String? = nil, behalf: String? = nil, _ body: String = "Cần bổ sung số liệu."
    ) -> Command {
        .comment(
            RevisionID(topic(1), self[1].newest), at: place, quote: quote, kind: kind, level: level,
            suggestion: suggestion, behalf: behalf, body: octets(body))
    }

    @discardableResult
    mutating func settle(
        _ id: CommentID, _ disposition: Disposition = .accepted, _ body: String? = nil, _ who: String = "lan"
    ) throws(Refusal) -> Outcome {
        try act(who, .settle(id, disposition, revision: nil, body: body.map { octets($0) }))
    }

    @discardableResult
    mutating func assess(
        _ who: String = "phuc", _ verdict: Verdict = .pass, _ body: String = "Đã đọc."
    ) throws(Refusal)
        -> ReviewID
    {
        try act(who, .assess(RevisionID(topic(1), self[1].newest), verdict, body: octets(body)))
        return ReviewID(state.highestReview)
    }

    /// Brings topic 1 to a stage by the shortest regular way; the clerk is named for the format, `quyen` takes minutes.
    mutating func reach(_ stage: Stage) throws(Refusal) {
        if stage == .cancelled { try act("bich", .cancel(topic(1), reason: octets("Không còn cần."))) }
        while self[1].stage != stage {
            switch self[1].stage {
            case .assigned:
                try act("hanh", .assign(topic(1), p("lan"), .author))
                try act("nga", .assign(topic(1), p("phuc"), .reviewer))
                try act("bich", .assign(topic(1), p("van"), .format))
                try act("bich", .assign(topic(1), p("quyen"), .secretary))
                try push(Draft.first)
            case .drafting: try act("hanh", .submit(topic(1)))
            case .leadership: try act("bich", .submit(topic(1)))
            case .review:
                let review = try assess()
                try act("nga", .endorse(review))
            case .revision: try act("hanh", .submit(topic(1)))
            case .plenary:
                try openPlenary()
                try act("dung", .closePlenary(topic(1), conclusion: octets("Nhất trí; giao phòng hoàn thiện.")))
            case .finishing:
                try confirmMinutes()
                try signOff()
                try act("hanh", .submit(topic(1)))
            case .approval: try approve()
            case .approved:
                try act("van", .issue(topic(1), number: "05/CĐ-TGPL", date: now.date))
            case .issued, .cancelled: preconditionFailure("\(stage) cannot be reached any more")
            }
        }
    }

    mutating func openPlenary() throws(Refusal) {
        try act(
            "hanh",
            .openPlenary(
                topic(1), at: "2025-03-25T08:00", place: "Hội trường", chair: p("dung"), secretary: nil))
    }

    mutating func confirmMinutes() throws(Refusal) {
        try act("dung", .confirmMinutes(topic(1)))
        try act("quyen", .confirmMinutes(topic(1)))
    }

    mutating func signOff() throws(Refusal) {
        let revision = RevisionID(topic(1), self[1].newest)
        try act("hanh", .vouch(revision, .vouch, body: nil))
        try act("van", .checkFormat(revision, .pass, body: nil))
    }

    @discardableResult
    mutating func approve(_ who: String = "bich", seen: [CommentID] = []) throws(Refusal) -> Outcome {
        try act(who, approval(seen: seen))
    }

    func approval(digits: Int = 16, seen: [CommentID] = []) -> Command {
        let digest = self[1].latest?.digest.description ?? ""
        return .approve(RevisionID(topic(1), self[1].newest), digest: String(digest.prefix(digits)), seen: seen)
    }
}
