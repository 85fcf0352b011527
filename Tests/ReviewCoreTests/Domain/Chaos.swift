import ReviewDigest

@testable import ReviewCore

/// Makes commands at random: plausible ones, so that a run goes far, or garbage, so that nothing can trap.
struct Chaos {
    var random: SplitMix64

    init(seed: UInt64) { random = SplitMix64(seed: seed) }

    mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &random) }
    mutating func one<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }
    mutating func chance(_ percent: Int) -> Bool { below(100) < percent }

    static let names = World.people.map(\.0)

    mutating func person() -> PersonID { p(one(Self.names)) }

    /// The names in an order of chance.
    mutating func everybody() -> [String] { Self.names.shuffled(using: &random) }

    mutating func sentence() -> String {
        let words = [
            "trợ giúp", "pháp lý", "số liệu", "năm 2024", "57 buổi", "người dân tộc", "hoà giải", "hòa giải",
            "Tày, Nùng",
            "cần bổ sung", "không đồng ý", "kinh phí", "xã Bình Gia",
        ]
        return (0...below(5)).map { _ in one(words) }.joined(separator: " ") + "."
    }

    /// A text of topic 1 with paragraphs of chance; sections may be missing.
    mutating func draft() -> String {
        var text = Draft.text(
            opening: sentence(), results: chance(80) ? Draft.results : sentence(), limits: sentence(),
            measures: chance(50) ? Draft.measures : sentence(), proposals: Draft.proposals, ending: sentence())
        if chance(15) { text = text.split(separator: "\n").dropLast(below(8)).joined(separator: "\n") }
        return text
    }

    mutating func comment(of topic: Topic) -> CommentID {
        let numbers = topic.comments.map(\.id.number)
        return CommentID(numbers.isEmpty || chance(5) ? below(40) : one(numbers))
    }

    mutating func review(of topic: Topic) -> ReviewID {
        let numbers = topic.reviews.map(\.id.number)
        return ReviewID(numbers.isEmpty || chance(5) ? below(20) : one(numbers))
    }

    mutating func revision(of topic: Topic) -> RevisionID {
        RevisionID(topic.id, chance(90) ? topic.newest : below(topic.newest + 2))
    }

    /// A command that may make sense on a topic as it stands.
    mutating func command(on topic: Topic, in world: World) -> Command {
        let id = topic.id
        let body = octets(sentence())
        switch below(46) {
        case 0, 1: return .assign(id, person(), one(Assignment.allCases))
        case 2: return .unassign(id, person(), one(Assignment.allCases))
        case 3:
            return .extend(
                id, one(Milestone.allCases), to: day("2025-05-01").adding(days: below(300)), reference: "12/QĐ",
                reason: body)
        case 4: return chance(30) ? .postpone(id, reason: body) : .submit(id)
        case 5, 6: return .resume(id)
        case 7: return chance(1) ? .cancel(id, reason: body) : .sendBack(id, reason: body)
        case 8, 9, 10, 11, 12: return .submit(id)
        case 13, 14, 15, 16:
            let addressed = (0..<below(3)).map { _ in comment(of: topic) }
            let text = chance(10) ? topic.latest?.document.text ?? draft() : draft()
            return .push(
                id, base: chance(95) ? topic.newest : below(9), addresses: addressed,
                note: chance(30) ? sentence() : nil,
                text: octets(text))
        case 17, 18, 19, 20: return remark(on: topic)
        case 21: return .answer(comment(of: topic), body: body)
        case 22, 23, 24, 25:
            return .settle(
                comment(of: topic), one(Disposition.allCases), revision: chance(20) ? below(topic.newest + 2) : nil,
                body: chance(80) ? body : nil)
        case 26: return .agree(comment(of: topic))
        case 27: return .maintain(comment(of: topic), body: body)
        case 28: return .withdraw(comment(of: topic), reason: body)
        case 29: return .confirmRemark(comment(of: topic))
        case 30: return .assess(revision(of: topic), one(Verdict.allCases), body: body)
        case 31: return .endorse(review(of: topic))
        case 32: return .opine(revision(of: topic), one(Opinion.allCases), body: chance(70) ? body : nil)
        case 33: return .lift(id, person(), reason: body)
        case 34, 35: return .vouch(revision(of: topic), chance(80) ? .vouch : .return, body: chance(60) ? body : nil)
        case 36, 37: return .checkFormat(revision(of: topic), chance(80) ? .pass : .fail, body: chance(60) ? body : nil)
        case 38:
            return .openPlenary(
                id, at: chance(90) ? "2025-06-25T08:00" : "2025-06-25", place: nil, chair: chance(50) ? person() : nil,
                secretary: person())
        case 39: return .attend(id, present: [person(), person()], absent: [person()])
        case 40: return .closePlenary(id, conclusion: body)
        case 41: return .confirmMinutes(id)
        case 42, 43: return .override(id, one(Requirement.allCases), reason: body)
        case 44:
            let digest = topic.latest?.digest.description ?? ""
            return .approve(
                revision(of: topic), digest: String(digest.prefix(chance(90) ? 16 : below(65))),
                seen: topic.comments.filter(\.isMaintained).map(\.id))
        default:
            guard topic.stage != .approved else { return .issue(id, number: "\(below(30))/CĐ", date: world.now.date) }
            return officeWork(world.now)
        }
    }

    /// What the server says that somebody ought to do next.
    mutating func duty(in world: World) -> Command? {
        let tasks = Self.names.flatMap { world.state.tasks(for: p($0), now: world.now) }
        guard !tasks.isEmpty else { return nil }
        return command(for: one(tasks), in: world)
    }

    /// What a task asks for; nil when no command is at hand.
    mutating func command(for task: ReviewTask, in world: World) -> Command? {
        guard let topic = world.state.topics[task.topic] else { return nil }
        let newest = RevisionID(topic.id, topic.newest)
        let object = task.object ?? ""
        switch task.act {
        case .assign: return Assignment(rawValue: object).map { .assign(topic.id, person(), $0) }
        case .push:
            // What is waited for is another text.
            let text = topic.latest?.document.text == Draft.first ? Draft.cosmetic : Draft.first
            return .push(topic.id, base: topic.newest, addresses: [], note: nil, text: octets(text))
        case .submit: return .submit(topic.id)
        case .opinion: return .opine(newest, .agree, body: nil)
        case .assess: return .assess(newest, .passIfRevised, body: octets(sentence()))
        case .endorse: return ReviewID(object).map { .endorse($0) }
        case .settle: return CommentID(object).map { .settle($0, .partly, revision: nil, body: octets("Đã sửa.")) }
        case .agree: return CommentID(object).map { .agree($0) }
        case .vouch: return .vouch(newest, .vouch, body: nil)
        case .format: return .checkFormat(newest, .pass, body: nil)
        case .approve:
            let seen = topic.comments.filter(\.isMaintained).map(\.id)
            return .approve(newest, digest: topic.latest?.digest.description ?? "", seen: seen)
        case .issue: return .issue(topic.id, number: "\(below(30))/CĐ", date: world.now.date)
        case .confirm: return CommentID(object).map { .confirmRemark($0) } ?? .confirmMinutes(topic.id)
        case .attend: return .attend(topic.id, present: [person()], absent: [])
        case .open:
            return .openPlenary(
                topic.id, at: "2025-06-25T08:00", place: nil, chair: p("bich"), secretary: p("quyen"))
        case .close: return .closePlenary(topic.id, conclusion: octets(sentence()))
        case .lift: return PersonID(object).map { .lift(topic.id, $0, reason: octets(sentence())) }
        case .override: return Requirement(rawValue: object).map { .override(topic.id, $0, reason: octets(sentence())) }
        case .appoint: return nil
        }
    }

    private mutating func remark(on topic: Topic) -> Command {
        let paragraphs = topic.latest?.document.paragraphs ?? []
        let place = paragraphs.isEmpty || chance(20) ? nil : one(paragraphs)
        let behalf = chance(25) ? (chance(50) ? "office" : person().text) : nil
        return .comment(
            revision(of: topic), at: place?.anchor, quote: chance(30) ? place?.text : nil,
            kind: one(CommentKind.allCases),
            level: one(CommentLevel.allCases), suggestion: chance(20) ? sentence() : nil, behalf: behalf,
            body: octets(sentence()))
    }

    /// Accounts, sessions and delegations.
    private mutating func officeWork(_ now: Instant) -> Command {
        switch below(6) {
        case 0:
            return .changePerson(
                p(one(["lan", "minh", "phuc", "quyen"])), name: nil, office: office(one(["hcth", "nv"])), position: nil)
        case 1: return .issueToken(token: "\(random.next())", expires: now.adding(milliseconds: 43_200_000))
        case 2: return .withdrawToken("\(random.next())")
        case 3: return .setCredential(hash: "scrypt \(random.next())")
        case 4: return .invite(person(), code: "\(random.next())")
        default:
            let from = now.date.adding(days: below(9) - 4)
            return .delegate(p("dung"), from: from, until: from.adding(days: below(9)), reference: "07/UQ")
        }
    }

    // MARK: Garbage

    mutating func junk() -> String { String(decoding: junkOctets(), as: UTF8.self) }

    mutating func junkOctets() -> [UInt8] {
        switch below(7) {
        case 0: return []
        case 1: return (0..<below(40)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        case 2: return octets(String(repeating: "ế\u{301}", count: below(400)))
        case 3: return octets("\r\n.\n\n\u{202E}\u{0}\u{200B}")
        case 4: return [UInt8](repeating: 0x20, count: below(5000))
        case 5: return octets("- # ## ### 1. a) " + sentence())
        default:
            return octets(
                one(["L0", "L99999999999", "I/0", "0/1", "II.1/2", "whole", "office", "lan", "2025-99", "/"]))
        }
    }

    mutating func number() -> Int { one([0, 1, 2, -1, 7, 999, Int.max, Int.min, Int.max - 1]) }

    mutating func anyTopic() -> TopicID { one([topic(1), topic(2), topic(999)]) }
    mutating func anyRevision() -> RevisionID { RevisionID(anyTopic(), number()) }
    mutating func anyPerson() -> PersonID { chance(70) ? person() : p("zz" + String(below(9))) }
    mutating func anyDate() -> CivilDate { day(one(["0001-01-01", "9999-12-31", "2025-02-28"])) }

    /// Any command at all, with arguments that no honest peer sends.
    mutating func garbage() -> Command {
        let commands: [(inout Chaos) -> Command] = [
            { .addOffice(office("nv"), name: $0.junk()) },
            {
                .addPerson(
                    $0.anyPerson(), name: $0.junk(), office: office("nv"), position: $0.one(Position.allCases),
                    credential: $0.junk(), invitation: $0.junk())
            },
            {
                .changePerson(
                    $0.anyPerson(), name: $0.junk(), office: office("leadership"), position: $0.one(Position.allCases))
            },
            { .disablePerson($0.anyPerson(), reason: $0.junkOctets()) }, { .invite($0.anyPerson(), code: $0.junk()) },
            { .setCredential(hash: $0.junk()) }, { .setCredentialOf($0.anyPerson(), hash: $0.junk()) },
            // No two tokens are alike, whatever else they are.
            { .issueToken(token: $0.junk() + "\($0.random.next())", expires: $0.anyDate().startInstant) },
            { .withdrawToken($0.junk()) },
            {
                let name = $0.junk() + "\($0.random.next())"
                return .enrol(
                    ClientCertificate(
                        person: $0.anyPerson(), digest: Digest(hashing: name), from: $0.anyDate().startInstant,
                        until: $0.anyDate().startInstant, code: $0.junk(), request: Digest(hashing: $0.junk()),
                        text: Body($0.junk())))
            },
            { .deleteCertificate($0.junk()) },
            { .invite($0.anyPerson(), code: $0.junk(), for: .certificate) },
            { .delegate($0.anyPerson(), from: $0.anyDate(), until: $0.anyDate(), reference: $0.junk()) },
            {
                .loadPlan(
                    PlanDraft(year: $0.number(), title: $0.junk(), offices: [], topics: []), source: $0.junkOctets())
            },
            { .assign($0.anyTopic(), $0.anyPerson(), $0.one(Assignment.allCases)) },
            { .unassign($0.anyTopic(), $0.anyPerson(), $0.one(Assignment.allCases)) },
            {
                .extend(
                    $0.anyTopic(), $0.one(Milestone.allCases), to: $0.anyDate(), reference: $0.junk(),
                    reason: $0.junkOctets())
            },
            { .postpone($0.anyTopic(), reason: $0.junkOctets()) }, { .resume($0.anyTopic()) },
            { .cancel($0.anyTopic(), reason: $0.junkOctets()) }, { .submit($0.anyTopic()) },
            { .sendBack($0.anyTopic(), reason: $0.junkOctets()) },
            {
                .push(
                    $0.anyTopic(), base: $0.number(), addresses: [CommentID($0.number())], note: $0.junk(),
                    text: $0.junkOctets())
            },
            {
                .comment(
                    $0.anyRevision(), at: $0.junk(), quote: $0.junk(), kind: .content, level: .must,
                    suggestion: $0.junk(), behalf: $0.junk(), body: $0.junkOctets())
            },
            { .answer(CommentID($0.number()), body: $0.junkOctets()) },
            { .settle(CommentID($0.number()), .partly, revision: $0.number(), body: $0.junkOctets()) },
            { .agree(CommentID($0.number())) }, { .maintain(CommentID($0.number()), body: $0.junkOctets()) },
            { .withdraw(CommentID($0.number()), reason: $0.junkOctets()) }, { .confirmRemark(CommentID($0.number())) },
            { .assess($0.anyRevision(), .fail, body: $0.junkOctets()) }, { .endorse(ReviewID($0.number())) },
            { .opine($0.anyRevision(), .object, body: $0.junkOctets()) },
            { .lift($0.anyTopic(), $0.anyPerson(), reason: $0.junkOctets()) },
            { .vouch($0.anyRevision(), .return, body: $0.junkOctets()) },
            { .checkFormat($0.anyRevision(), .fail, body: $0.junkOctets()) },
            {
                .openPlenary(
                    $0.anyTopic(), at: $0.junk(), place: $0.junk(), chair: $0.anyPerson(), secretary: $0.anyPerson())
            },
            { .attend($0.anyTopic(), present: [$0.anyPerson()], absent: [$0.anyPerson()]) },
            { .closePlenary($0.anyTopic(), conclusion: $0.junkOctets()) }, { .confirmMinutes($0.anyTopic()) },
            { .override($0.anyTopic(), $0.one(Requirement.allCases), reason: $0.junkOctets()) },
            { .approve($0.anyRevision(), digest: $0.junk(), seen: [CommentID($0.number())]) },
            { .issue($0.anyTopic(), number: $0.junk(), date: $0.anyDate()) },
        ]
        return one(commands)(&self)
    }
}
