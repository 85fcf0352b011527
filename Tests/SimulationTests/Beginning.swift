import ReviewCore
import ReviewDigest

/// The logs with which runs begin: an empty plan, or a first topic that has already come some way, so that short runs see
/// every stage.
enum Beginning {
    /// Offices, plan and people, and nothing done yet.
    static var founding: [Event] { all.first ?? [] }

    /// The certificates of the beginning: who signs has one, and who may be disabled.
    static let certificates = [
        "bich": Digest(hashing: "chứng thư của bich"), "hoa": Digest(hashing: "chứng thư của hoa"),
    ]

    /// The founding, and then the first topic at ever later stages.
    static let all: [[Event]] = {
        var life = Life()
        life.found()
        var beginnings = [life.events]
        for step in life.steps {
            step(&life)
            beginnings.append(life.events)
        }
        return beginnings
    }()

    /// Decides commands one after another, as the engine would.
    private struct Life {
        private(set) var events: [Event] = []
        private var state = State()
        private let text = "Dự thảo lần đầu.\n\n# Mở đầu\n\nNăm 2024 có 57 vụ việc.\n\n# Kết luận\n\nCần tiếp tục.\n"

        mutating func found() {
            perform(nil, .loadPlan(Cast.plan, source: Array("plan: 2025\n".utf8)))
            for member in Cast.members {
                guard let id = PersonID(member.id) else { continue }
                perform(
                    nil,
                    .addPerson(
                        id, name: "Ông bà \(member.id)", office: Cast.office(member.office), position: member.position,
                        credential: Cast.hash(Array(Cast.password(member.id).utf8)), invitation: nil))
            }
            for (name, certificate) in Beginning.certificates.sorted(by: { $0.key < $1.key }) {
                guard let person = PersonID(name) else { continue }
                let code = InvitationDigest.digest(of: "moi-\(name)".utf8)
                perform("root", .invite(person, code: code, for: .certificate))
                perform(
                    name,
                    .enrol(
                        ClientCertificate(
                            person: person, digest: certificate, from: Cast.certificateBegin,
                            until: Cast.certificateEnd, code: code, request: certificate, text: Body("PEM\n"))))
            }
        }

        private mutating func perform(_ person: String?, _ command: Command) {
            let actor: Actor = person.flatMap { PersonID($0) }.map { .person($0) } ?? .operator
            do throws(Refusal) {
                let outcome = try state.decide(command, by: actor, now: SimulatedClock.begin)
                for fact in outcome.facts {
                    let office = actor.person.flatMap { state.people[$0] }?.office
                    let event = Event(
                        sequence: state.lastSequence + 1, time: SimulatedClock.begin, person: actor.person,
                        office: office,
                        fact: fact)
                    state.apply(event)
                    events.append(event)
                }
            } catch {
                preconditionFailure("the beginning is refused: \(error.wording.english)")
            }
        }

        /// The way of the first topic: to review, to revision, to finishing, to approval, approved.
        let steps: [(inout Life) -> Void] = [
            { $0.toReview() }, { $0.toRevision() }, { $0.toFinishing() }, { $0.toApproval() }, { $0.approve() },
        ]

        private mutating func toReview() {
            guard let topic, let minh = PersonID("minh"), let thu = PersonID("thu") else { return }
            perform("hung", .assign(topic, minh, .author))
            perform("bich", .assign(topic, thu, .format))
            perform("minh", .push(topic, base: 0, addresses: [], note: nil, text: Array(text.utf8)))
            perform("hung", .submit(topic))
            perform("bich", .submit(topic))
        }

        private mutating func toRevision() {
            guard let topic else { return }
            let revision = RevisionID(topic, 1)
            perform(
                "nga",
                .comment(
                    revision, at: "L5", quote: nil, kind: .content, level: .must, suggestion: nil, behalf: nil,
                    body: Array("Số liệu chưa khớp".utf8)))
            perform("nga", .assess(revision, .pass, body: Array("Bố cục rõ".utf8)))
            perform("tuan", .endorse(ReviewID(1)))
        }

        private mutating func toFinishing() {
            guard let topic, let bich = PersonID("bich"), let thu = PersonID("thu") else { return }
            perform("minh", .settle(CommentID(1), .declined, revision: nil, body: Array("Số liệu đã đối chiếu".utf8)))
            perform("nga", .maintain(CommentID(1), body: Array("Vẫn giữ ý kiến".utf8)))
            perform("hung", .submit(topic))
            perform(
                "bich", .openPlenary(topic, at: "2025-06-25T08:00", place: "Phòng họp", chair: bich, secretary: thu))
            perform("bich", .closePlenary(topic, conclusion: Array("Thống nhất".utf8)))
        }

        private mutating func toApproval() {
            guard let topic else { return }
            perform("bich", .confirmMinutes(topic))
            perform("thu", .confirmMinutes(topic))
            perform("hung", .vouch(RevisionID(topic, 1), .vouch, body: nil))
            perform("thu", .checkFormat(RevisionID(topic, 1), .pass, body: nil))
            perform("hung", .submit(topic))
        }

        private mutating func approve() {
            guard let topic, let digest = state.topics[topic]?.latest?.digest.description else { return }
            perform("bich", .approve(RevisionID(topic, 1), digest: digest, seen: [CommentID(1)]))
        }

        private var topic: TopicID? { TopicID(year: 2025, number: 1) }
    }
}
