import ReviewCore
import ReviewDigest
import ReviewProtocol

/// The rules of the office written down a second time, as small as they can be: what stands in the specification and in
/// domain.md, and nothing of how the server does it.
///
/// It is folded from the log, one event after another, so it is the sequential system with which the concurrent one is
/// compared: every acknowledged write must be possible at its place in the log, every refusal must have been due at some
/// moment between asking and answer, and what the server shows must be what this says.
struct Reference {
    /// Why a write is refused, as the codes of the specification.
    typealias Reasons = Set<NoCode>

    struct Person {
        var office: String
        var position: Position
        var isDisabled = false
        /// The codes that are in force, by their digests: one for the account, one for a certificate alone.
        var invitation: String?
        var enrolment: String?

        var isLeader: Bool { position == .director || position == .deputy }
        var isWorker: Bool { position == .head || position == .staff }
    }

    struct Thread {
        let topic: String
        let owner: String
        let level: CommentLevel
        var state = CommentState.open
        var disposition: Disposition?
        var isExplained = false
        var isMaintained = false
    }

    struct Sheet {
        let topic: String
        let person: String
        let office: String
        let verdict: Verdict
        let round: Int
        let revision: Int
        var isEndorsed = false
        var counts = true
    }

    struct Topic {
        let lead: String
        let review: String
        var stage = Stage.assigned
        var isPostponed = false
        var round = 0
        /// The digests of the revisions, and who pushed them.
        var drafts: [(digest: String, person: String)] = []
        /// The digests of the original files, by revision.
        var originals: [Int: Digest] = [:]
        var members: [Assignment: Set<String>] = [:]
        var vouch: ContentVote?
        var format: FormatVote?
        var chair: String?
        var secretary: String?
        var isConcluded = false
        var confirmed: Set<String> = []
        /// What the Director overrode, and what of each was missing then.
        var overridden: [Requirement: Set<String>] = [:]
        var objections: Set<String> = []

        func hasPushed(_ person: String) -> Bool { drafts.contains { $0.person == person } }
    }

    private(set) var people: [String: Person] = [:]
    private(set) var topics: [String: Topic] = [:]
    private(set) var threads: [Int: Thread] = [:]
    private(set) var sheets: [Int: Sheet] = [:]
    private(set) var delegates: Set<String> = []
    /// The certificates in force, and whose they are.
    private(set) var certificates: [Digest: String] = [:]
    /// What was issued, by the code and the request.
    private(set) var issued: [String: Digest] = [:]

    // MARK: What happens

    mutating func take(_ event: Event) {
        let by = event.person?.text ?? ""
        let id = event.fact.topic?.description ?? ""
        switch event.fact {
        case .personAdded(let fact):
            people[fact.person.text] = Person(office: fact.office.text, position: fact.position)
        case .personChanged(let fact):
            if let office = fact.office { people[fact.person.text]?.office = office.text }
            if let position = fact.position { people[fact.person.text]?.position = position }
        case .personDisabled(let fact):
            people[fact.person.text]?.isDisabled = true
            people[fact.person.text]?.enrolment = nil
            certificates = certificates.filter { $0.value != fact.person.text }
        case .personInvited(let fact):
            people[fact.person.text]?.enrolment = fact.purpose == .certificate ? fact.code : nil
            if fact.purpose == .account { people[fact.person.text]?.invitation = fact.code }
        case .credentialSet(let fact): people[fact.person.text]?.invitation = nil
        case .certificateIssued(let fact): issue(fact.certificate)
        case .certificateDeleted(let fact): certificates[fact.digest] = nil
        case .personEnabled(let fact): people[fact.person.text]?.isDisabled = false
        case .delegationGiven(let fact): delegates.insert(fact.person.text)
        case .topicPlanned(let fact):
            topics[id] = Topic(lead: fact.lead.text, review: fact.review.text)
        case .memberAssigned(let fact): topics[id]?.members[fact.assignment, default: []].insert(fact.person.text)
        case .memberUnassigned(let fact): topics[id]?.members[fact.assignment]?.remove(fact.person.text)
        case .topicPostponed: topics[id]?.isPostponed = true
        case .topicResumed: topics[id]?.isPostponed = false
        case .topicCancelled: topics[id]?.stage = .cancelled
        case .stageEntered(let fact): enter(id, fact.stage)
        case .revisionPushed(let fact): push(id, fact, by)
        case .originalAttached(let fact): topics[id]?.originals[fact.revision] = fact.digest
        case .commentAdded(let fact):
            threads[fact.comment.number] = Thread(topic: id, owner: by, level: fact.level)
        case .commentSettled(let fact):
            threads[fact.comment.number]?.state = .settled
            threads[fact.comment.number]?.disposition = fact.disposition
            threads[fact.comment.number]?.isExplained = fact.body != nil
        case .commentAgreed(let fact):
            threads[fact.comment.number]?.state = .agreed
            threads[fact.comment.number]?.isMaintained = false
        case .commentMaintained(let fact):
            threads[fact.comment.number]?.state = .maintained
            threads[fact.comment.number]?.isMaintained = true
        case .commentWithdrawn(let fact): threads[fact.comment.number]?.state = .withdrawn
        case .reviewFiled(let fact):
            for (number, sheet) in sheets where sheet.topic == id && sheet.person == by {
                sheets[number]?.counts = false
            }
            sheets[fact.review.number] = Sheet(
                topic: id, person: by, office: event.office?.text ?? "", verdict: fact.verdict, round: fact.round,
                revision: fact.revision)
        case .reviewEndorsed(let fact): sheets[fact.review.number]?.isEndorsed = true
        case .opinionGiven(let fact):
            switch fact.opinion {
            case .object: topics[id]?.objections.insert(by)
            case .agree: topics[id]?.objections.remove(by)
            case .direct: break
            }
        case .objectionLifted(let fact): topics[id]?.objections.remove(fact.person.text)
        case .contentVouched(let fact): topics[id]?.vouch = fact.vote
        case .formatChecked(let fact): topics[id]?.format = fact.vote
        case .plenaryOpened(let fact):
            topics[id]?.chair = fact.chair.text
            topics[id]?.secretary = fact.secretary.text
            topics[id]?.isConcluded = false
            topics[id]?.confirmed = []
        case .plenaryClosed: topics[id]?.isConcluded = true
        case .minutesConfirmed: topics[id]?.confirmed.insert(by)
        case .requirementOverridden(let fact):
            guard let topic = topics[id] else { break }
            let lacking = missing(id, topic)[fact.requirement] ?? []
            topics[id]?.overridden[fact.requirement, default: []].formUnion(lacking)
        case .officeAdded, .officeRenamed, .tokenIssued, .tokensWithdrawn, .planLoaded, .planNumbered,
            .milestoneExtended, .topicReturned,
            .commentAnswered, .commentConfirmed, .attendanceTaken, .bodyRedacted, .approvalGiven, .documentIssued:
            break
        }
    }

    private mutating func enter(_ id: String, _ stage: Stage) {
        topics[id]?.stage = stage
        if stage == .review { topics[id]?.round += 1 }
        switch stage {
        case .assigned, .drafting, .leadership, .review, .revision:
            topics[id]?.chair = nil
            topics[id]?.secretary = nil
            topics[id]?.isConcluded = false
            topics[id]?.confirmed = []
            topics[id]?.overridden = [:]
        case .plenary: topics[id]?.overridden = [:]
        case .finishing, .approval, .approved, .issued, .cancelled: break
        }
    }

    private mutating func push(_ id: String, _ fact: RevisionPushed, _ by: String) {
        let isChanged = topics[id]?.drafts.last?.digest != fact.text.digest.description
        topics[id]?.drafts.append((fact.text.digest.description, by))
        // A sign-off is for one text (NĐ 30/2020, Điều 11, 12): another text has none.
        if isChanged {
            topics[id]?.vouch = nil
            topics[id]?.format = nil
        }
        // What was missing of one text says nothing about another one.
        if isChanged {
            topics[id]?.overridden[.content] = nil
            topics[id]?.overridden[.format] = nil
        }
        guard fact.change == .other else { return }
        topics[id]?.overridden = [:]
        for (number, sheet) in sheets where sheet.topic == id && [.pass, .passIfRevised].contains(sheet.verdict) {
            sheets[number]?.counts = false
        }
    }

    /// A certificate uses its code up.
    private mutating func issue(_ certificate: ClientCertificate) {
        let person = certificate.person.text
        certificates[certificate.digest] = person
        issued["\(certificate.code) \(certificate.request)"] = certificate.digest
        if people[person]?.invitation == certificate.code { people[person]?.invitation = nil }
        if people[person]?.enrolment == certificate.code { people[person]?.enrolment = nil }
    }

    /// Who may have a certificate for a code, by its digest.
    func holder(of code: String) -> String? {
        people.first { !$0.value.isDisabled && ($0.value.invitation == code || $0.value.enrolment == code) }?.key
    }

    /// Whether a code with a request is good for a certificate: a new one, or the one that was given for them.
    func honours(_ code: String, _ request: Digest) -> Bool {
        holder(of: code) != nil || issued["\(code) \(request)"].map { certificates[$0] != nil } == true
    }

    // MARK: What may be read

    /// Whether a person reads a topic's text now; nil when not even its title.
    func reads(_ name: String, _ topic: Topic) -> Bool? {
        guard let person = people[name], !person.isDisabled else { return nil }
        let isOver = topic.stage == .approved || topic.stage == .issued
        if person.position == .admin { return false }
        if person.position == .observer { return isOver ? true : nil }
        if person.office == topic.lead || topic.members[.author]?.contains(name) == true { return true }
        let isReviewer = person.office == topic.review
        let isAtPlenary = topic.chair == name || topic.secretary == name
        switch topic.stage {
        case .assigned, .drafting: return false
        case .leadership: return person.isLeader || isAtPlenary
        case .review, .revision: return isReviewer || person.isLeader || isAtPlenary
        case .cancelled: return isReviewer || person.isLeader
        case .plenary, .finishing, .approval, .approved, .issued: return true
        }
    }

    // MARK: What is missing before approval

    /// Whether something is missing, beside the approval itself and what its giver has to see; what was overridden is
    /// not, but what came after it is.
    func lacks(_ id: String, _ topic: Topic) -> Bool {
        missing(id, topic).contains { requirement, what in
            guard requirement != .maintained, let covered = topic.overridden[requirement] else {
                return requirement != .maintained
            }
            return !what.isSubset(of: covered)
        }
    }

    /// The maintained comments that an approver has to see, beyond those that were overridden.
    func unseen(_ id: String, _ topic: Topic) -> Set<String> {
        (missing(id, topic)[.maintained] ?? []).subtracting(topic.overridden[.maintained] ?? [])
    }

    /// Whether a review may still become the office's.
    func isEndorsable(_ sheet: Sheet, _ topic: Topic) -> Bool {
        sheet.round == topic.round && sheet.counts
            && (sheet.verdict.isPositive || sheet.revision == topic.drafts.count)
    }

    /// What is missing of each requirement; of one that names nothing it is just missing.
    private func missing(_ id: String, _ topic: Topic) -> [Requirement: Set<String>] {
        let mine = threads.filter { $0.value.topic == id && $0.value.state != .withdrawn }
        func names(_ isMissing: (Thread) -> Bool) -> Set<String> {
            Set(mine.filter { isMissing($0.value) }.map { "C\($0.key)" })
        }
        var missing: [Requirement: Set<String>] = [:]
        func lack(_ requirement: Requirement, _ names: Set<String>) {
            if !names.isEmpty { missing[requirement] = names }
        }
        let counting = sheets.filter {
            $0.value.topic == id && $0.value.round == topic.round && $0.value.counts && $0.value.office != topic.lead
                && !topic.hasPushed($0.value.person) && $0.value.verdict != .reviseAndRecheck
        }
        // The oldest of those that wait to be endorsed; what fell is named, too, but only until the text is another one. Where
        // nothing is to be filed anew, it is the last one that failed an older text.
        if !counting.contains(where: { $0.value.isEndorsed }) {
            let waiting = counting.filter { isEndorsable($0.value, topic) }.keys.min()
            let last = Dictionary(grouping: sheets.filter { $0.value.topic == id }, by: \.value.person).values
                .compactMap { $0.max { $0.key < $1.key }?.value }.filter { $0.round == topic.round }
            let isFiledAnew = last.contains { !$0.counts || $0.verdict == .reviseAndRecheck }
            let named = waiting ?? (isFiledAnew ? nil : counting.keys.max())
            missing[.reviewed] = Set(named.map { ["P\($0)"] } ?? [])
        }
        lack(.must, names { $0.level == .must && $0.state == .open })
        lack(
            .settled,
            names { thread in
                guard let disposition = thread.disposition else { return true }
                return (disposition == .partly || disposition == .declined) && !thread.isExplained
            })
        lack(.maintained, names { $0.isMaintained })
        let minutes = [topic.chair, topic.secretary].compactMap { $0 }
        if !topic.isConcluded || minutes.count < 2 {
            missing[.plenary] = []
        } else {
            lack(.plenary, Set(minutes).subtracting(topic.confirmed))
        }
        if topic.vouch != .vouch { missing[.content] = topic.vouch == nil ? [] : ["return"] }
        if topic.format != .pass { missing[.format] = topic.format == nil ? [] : ["fail"] }
        lack(.noObjection, topic.objections)
        return missing
    }
}
