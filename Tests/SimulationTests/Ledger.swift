import ReviewCore
import ReviewDigest
import ReviewProtocol

/// What is on the disk, kept beside the server: the state folded from the log, and a small sequential model of the facts
/// that matter, which shares no code with the domain.
struct Ledger {
    /// One topic as the model knows it.
    struct TopicModel {
        var stage = Stage.assigned
        var digests: [Digest] = []
        var dispositions: [Int: Disposition] = [:]
        var isApproved = false
    }

    /// An operation that was answered OK, with the last event that its reply named.
    struct Acknowledged {
        let operation: Int
        let event: Event
    }

    private(set) var events: [Event] = []
    /// The fold of all events, lapsed or not, finished topics or not.
    private(set) var state = State()
    private(set) var topics: [TopicID: TopicModel] = [:]
    /// The sequential model behind every event; the first one is behind none.
    private(set) var references = [Reference()]
    private let mutant: Mutant?
    /// Where the text of each operation stands.
    private(set) var marked: [Int: [Int64]] = [:]
    /// How often each act without a text stands in the log.
    private(set) var signatures: [String: Int] = [:]
    private(set) var acknowledged: [Acknowledged] = []
    /// How many writes and refusals the sequential model judged.
    private(set) var judged = 0
    private(set) var judgedRefusals = 0
    /// The invitation codes for which a certificate was issued.
    private var codesUsed: Set<String> = []
    private var claimed: [Int64: Int] = [:]
    private var comments = 0
    private var reviews = 0
    private var secrets: [PersonID: String] = [:]
    /// With what secret each session token was obtained, by the token's SHA-256.
    var secretOfToken: [String: String] = [:]
    /// The first thing found wrong.
    private(set) var problem: String?

    /// A ledger that begins with what was done before anybody was asked.
    init(_ events: [Event], mutant: Mutant? = nil) {
        self.mutant = mutant
        for event in events { take(event) }
        signatures = [:]
    }

    /// The sequential model behind the last event.
    var present: Reference { references[references.count - 1] }

    mutating func found(_ text: String) { if problem == nil { problem = text } }

    /// An event became durable.
    mutating func take(_ event: Event) {
        if event.sequence != Int64(events.count) + 1 { found("event \(event.sequence) behind event \(events.count)") }
        let previous = events.last
        events.append(event)
        check(event)
        Mutant.apply(event, to: &state, mutant)
        var reference = references[references.count - 1]
        reference.take(event)
        references.append(reference)
        if let number = event.mark { marked[number, default: []].append(event.sequence) }
        if let signature = event.signature(after: previous) { signatures[signature, default: 0] += 1 }
    }

    /// The rules of the domain that the model knows by itself.
    private mutating func check(_ event: Event) {
        let place = "event \(event.sequence) \(event.fact.type)"
        if let by = event.person, present.people[by.text]?.isDisabled == true {
            found("\(place): done by \(by), who was disabled before")
        }
        switch event.fact {
        case .topicPlanned(let fact): topics[fact.topic] = TopicModel()
        case .stageEntered(let fact):
            if topics[fact.topic]?.stage != fact.from { found("\(place): comes from another stage than the topic's") }
            topics[fact.topic]?.stage = fact.stage
            if fact.stage != .approved, fact.stage != .issued { topics[fact.topic]?.isApproved = false }
        case .revisionPushed(let fact):
            let known = topics[fact.topic]?.digests.count ?? 0
            if fact.revision != known + 1 { found("\(place): revision \(fact.revision) behind revision \(known)") }
            if fact.text.text.map({ Digest(hashing: $0) }) != fact.text.digest { found("\(place): wrong digest") }
            topics[fact.topic]?.digests.append(fact.text.digest)
            switch topics[fact.topic]?.stage {
            case .assigned, .drafting, .leadership, .revision, .finishing: break
            case .review, .plenary, .approval, .approved, .issued, .cancelled, nil:
                found("\(place): the text is frozen")
            }
        case .commentAdded(let fact):
            if fact.comment.number != comments + 1 { found("\(place): \(fact.comment) behind C\(comments)") }
            comments = fact.comment.number
        case .commentSettled(let fact): topics[fact.topic]?.dispositions[fact.comment.number] = fact.disposition
        case .reviewFiled(let fact):
            if fact.review.number != reviews + 1 { found("\(place): \(fact.review) behind P\(reviews)") }
            reviews = fact.review.number
        case .approvalGiven(let fact):
            guard let topic = topics[fact.topic] else { return found("\(place): no such topic") }
            if topic.stage != .approval { found("\(place): at stage \(topic.stage.rawValue)") }
            if fact.revision != topic.digests.count { found("\(place): not the newest revision") }
            if fact.digest != topic.digests.last { found("\(place): not the digest of the newest revision") }
            topics[fact.topic]?.isApproved = true
            if let evidence = fact.evidence { check(evidence, of: fact, event, place) }
        case .certificateIssued(let fact):
            let code = fact.certificate.code
            if !codesUsed.insert(code).inserted { found("\(place): a second one for the same code") }
            if present.holder(of: code) != fact.certificate.person.text || event.person != fact.certificate.person {
                found("\(place): for a code that is not in force")
            }
        case .certificateDeleted(let fact):
            if present.certificates[fact.digest] != fact.person.text { found("\(place): was not in force") }
        case .documentIssued(let fact):
            if topics[fact.topic]?.isApproved != true { found("\(place): without approval") }
            if fact.digest != topics[fact.topic]?.digests.last { found("\(place): not the approved text") }
        case .topicCancelled(let fact): topics[fact.topic]?.stage = .cancelled
        case .credentialSet(let fact): secrets[fact.person] = fact.hash.text
        case .tokenIssued(let fact):
            // A token must not outlive the secret by which it was obtained (whoever changes a stolen password relies on it).
            if let secret = secretOfToken[fact.token], let valid = secrets[fact.person], secret != valid {
                found("\(place): \(fact.person) got a session by a password that had been replaced")
            }
        default: break
        }
    }

    /// A signature covers the manifest that is kept, which was the topic's present one, and is by the approver's certificate.
    private mutating func check(_ evidence: Evidence, of fact: ApprovalGiven, _ event: Event, _ place: String) {
        let manifest = evidence.manifest.text ?? ""
        if evidence.signature.text != Simulation.signature(by: evidence.certificate, over: Array(manifest.utf8)) {
            found("\(place): the signature covers something else than the manifest")
        }
        let last = events.dropLast().last { $0.fact.topic == fact.topic }?.sequence ?? 0
        if !manifest.hasSuffix("log simulated001 \(last)\n") {
            found("\(place): signed over a manifest that is not that of event \(last)")
        }
        if present.certificates[evidence.certificate] != event.person?.text {
            found("\(place): signed by a certificate that is not the approver's")
        }
    }

    /// ENROL was answered with a certificate, perhaps not for the first time.
    mutating func acknowledge(
        _ number: Int, _ operation: Operation, certificate digest: Digest, of person: String, sequence: Int64?
    ) {
        let place = "op\(number) ENROL, answered with certificate \(digest)"
        let issued = events.first { event in
            guard case .certificateIssued(let fact) = event.fact else { return false }
            return fact.certificate.digest == digest
        }
        guard let issued, case .certificateIssued(let fact) = issued.fact else {
            return found("\(place): it is not in the log")
        }
        // A code gives one certificate at most, so that it is always the same for the same.
        if fact.certificate.code != operation.code || fact.certificate.request != operation.content
            || fact.certificate.person.text != person
        {
            found("\(place): event \(issued.sequence) is for another code, request or person")
        }
        if let sequence, sequence != issued.sequence { found("\(place): is event \(issued.sequence)") }
        acknowledged.append(Acknowledged(operation: number, event: issued))
    }

    /// ENROL was told that its code is wrong: it was, at some moment between asking and answer.
    mutating func checkCodeRefusal(_ number: Int, _ operation: Operation, from: Int64) {
        let moments = references[Int(min(max(from, 0), Int64(events.count)))...]
        if moments.allSatisfy({ $0.honours(operation.code, operation.content) }) {
            found("op\(number) ENROL: its code was in force from event \(from) to \(events.count), and is refused")
        }
    }

    /// An operation was answered OK for the first time.
    mutating func acknowledge(_ number: Int, _ operation: Operation, sequence: Int64) {
        let place = "op\(number) \(operation.request.verb) of \(operation.person), acknowledged with seq=\(sequence)"
        guard sequence >= 1, sequence <= Int64(events.count) else { return found("\(place): no such event") }
        let event = events[Int(sequence) - 1]
        let before = sequence > 1 ? events[Int(sequence) - 2] : nil
        let beforeThat = sequence > 2 ? events[Int(sequence) - 3] : nil
        if event.person?.text != operation.person {
            found("\(place): the event is \(event.person?.text ?? "nobody")'s")
        }
        if operation.isMarked {
            let places = marked[number] ?? []
            if places.isEmpty { found("\(place): its text is not in the log") }
            if let place = places.last, place != sequence, place + 1 != sequence {
                found("op\(number): acknowledged as \(sequence), stands at \(place)")
            }
        }
        if let signature = operation.signature, event.signature(after: before) != signature,
            before?.signature(after: beforeThat) != signature
        {
            found("\(place): “\(signature)” is not there but \(event.fact.type)")
        }
        if let other = claimed[sequence], other != number { found("\(place): op\(other) was told the same event") }
        claimed[sequence] = number
        if sequence <= operation.sentAt {
            found("\(place): was sent when the log stood at \(operation.sentAt), and is said to have happened before")
        }
        judge(place, operation, event, before)
        checkPromise(place, operation, event, before)
        acknowledged.append(Acknowledged(operation: number, event: event))
    }

    /// What was acknowledged was possible at its place in the log.
    private mutating func judge(_ place: String, _ operation: Operation, _ event: Event, _ before: Event?) {
        var first = Int(event.sequence)
        if let before, before.person == event.person, before.time == event.time, before.fact.topic == event.fact.topic {
            switch (before.fact, event.fact) {
            case (.revisionPushed, .stageEntered), (.reviewEndorsed, .stageEntered), (.approvalGiven, .stageEntered),
                (.documentIssued, .stageEntered), (.stageEntered, .documentIssued):
                first -= 1
            default: break
            }
        }
        guard let judgement = references[first - 1].judge(operation.person, operation.request) else { return }
        judged += 1
        if !judgement.reasons.isEmpty {
            let reasons = judgement.reasons.map(\.rawValue).sorted().joined(separator: " ")
            found("\(place): the sequential model refuses it there: \(reasons)")
        }
    }

    /// A refusal was due at some moment between asking and answer.
    mutating func checkRefusal(_ number: Int, _ operation: Operation, _ code: NoCode, from: Int64) {
        guard [.stale, .stage, .forbidden, .conflict, .unmet, .notFound].contains(code) else { return }
        var isJudged = false
        for reference in references[Int(min(max(from, 0), Int64(events.count)))...] {
            guard let judgement = reference.judge(operation.person, operation.request) else { return }
            isJudged = true
            if judgement.reasons.contains(code) || judgement.possible.contains(code) {
                judgedRefusals += 1
                return
            }
        }
        if isJudged {
            found(
                "op\(number) \(operation.request.verb) \(operation.request.words) of \(operation.person): refused with "
                    + "\(code.rawValue), which was due at no moment from event \(from) to \(events.count)")
        }
    }

    /// What the request named is what happened.
    private mutating func checkPromise(_ place: String, _ operation: Operation, _ event: Event, _ before: Event?) {
        for fact in [event.fact, before?.fact].compactMap({ $0 }) {
            switch (operation.request.verb, fact) {
            case ("PUSH", .revisionPushed(let fact)):
                if operation.request.value("if") != "@\(fact.revision - 1)" {
                    found("\(place): based on \(operation.request.value("if") ?? ""), became revision \(fact.revision)")
                }
                return
            case ("ATTACH", .originalAttached(let fact)):
                let sent = operation.request.body?.octets.flatMap { Base64.decode($0) }
                if operation.request.words.first != "\(fact.topic)@\(fact.revision)"
                    || sent.map({ Digest(hashing: $0) }) != fact.digest || sent?.count != fact.octets
                    || fact.content.text.flatMap({ Base64.decode($0.utf8) }) != sent
                {
                    found("\(place): asked for \(operation.request.words), another file is kept")
                }
                return
            case ("APPROVE", .approvalGiven(let fact)):
                let wanted = operation.request.value("sha256") ?? ""
                if operation.request.words.first != "\(fact.topic)@\(fact.revision)" || wanted.utf8.count < 16
                    || !fact.digest.description.hasPrefix(wanted)
                {
                    found("\(place): asked for \(operation.request.words) sha256=\(wanted), approved another text")
                }
                let sent = operation.request.body?.octets.map { String(decoding: $0, as: UTF8.self) }
                if fact.evidence?.signature.text != sent {
                    found("\(place): its signature is not the one that was sent")
                }
                return
            default: continue
            }
        }
    }

    /// Whatever was acknowledged is still there, as it was.
    mutating func checkAcknowledged(on disk: [Event]) {
        for known in acknowledged {
            let place = Int(known.event.sequence) - 1
            guard place < disk.count, disk[place] == known.event else {
                return found("op\(known.operation): acknowledged, and event \(known.event.sequence) is gone")
            }
        }
    }

    /// What lies on the disk at a start: everything that was durable, and perhaps what a crash kept from being told.
    mutating func resume(_ disk: [Event]) {
        checkAcknowledged(on: disk)
        guard disk.count >= events.count else { return found("\(events.count - disk.count) durable events are gone") }
        for (known, found) in zip(events, disk) where known != found {
            return self.found("event \(known.sequence) is another one than before")
        }
        for event in disk[events.count...] { take(event) }
    }

    /// Every operation has happened as often as it was answered.
    mutating func close(_ operations: [Operation]) {
        var done: [String: Int] = [:]
        var perhaps: [String: Int] = [:]
        for (number, operation) in operations.enumerated() {
            let count = marked[number]?.count ?? 0
            if count > 1 {
                found("op\(number) \(operation.request.verb) of \(operation.person) happened \(count) times")
            }
            switch operation.outcome {
            case .done(_, let sequence):
                if operation.kind == .write, operation.isMarked, sequence != nil, count != 1 {
                    found("op\(number) \(operation.request.verb): acknowledged, stands \(count) times in the log")
                }
                if operation.kind != .write, count != 0 { found("op\(number): was only tried, and happened") }
                if sequence != nil, let signature = operation.signature { done[signature, default: 0] += 1 }
            case .refused(let code):
                // Another sending of the same wish that nobody was told of may have been done.
                let mayBe = operation.openSendings > 0
                if count != 0, !mayBe {
                    found("op\(number) \(operation.request.verb): refused (\(code)), and happened")
                }
                if mayBe, let signature = operation.signature { perhaps[signature, default: 0] += 1 }
            case .open:
                if let signature = operation.signature { perhaps[signature, default: 0] += 1 }
            }
        }
        for signature in signatures.keys.sorted() {
            let count = signatures[signature] ?? 0
            let least = done[signature] ?? 0
            let most = least + (perhaps[signature] ?? 0)
            if count < least || count > most {
                found("“\(signature)” happened \(count) times; \(least) were acknowledged, \(most) could be")
            }
        }
        for signature in done.keys.sorted() where signatures[signature] == nil {
            found("“\(signature)” was acknowledged and never happened")
        }
    }
}
