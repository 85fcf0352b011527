public import ReviewDigest

/// Everything the server knows, as a value: the fold of the log's events.
///
/// `decide` judges a command and changes nothing; `apply` takes a fact in and cannot fail. Replaying the log gives the
/// live state. Finished topics keep their heading only, so that memory grows with open work, not with history.
public struct State: Sendable {
    /// The rule that "trước ngày" is read by (domain §6).
    public let beforeDate: BeforeDateRule
    /// The last event taken in, 0 for none.
    public private(set) var lastSequence: Int64 = 0
    /// Everybody who ever had an account.
    public internal(set) var people: [PersonID: Person] = [:]
    /// The offices in the order of adding; leadership first.
    public private(set) var offices: [Office] = [Office(id: .leadership, name: "Ban lãnh đạo")]
    /// The plans in the order of loading.
    public internal(set) var plans: [Plan] = []
    /// The topics of all plans.
    public internal(set) var topics = TopicTable()
    /// Delegations to each deputy, in the order of giving; which one is in force says `delegation(of:on:)`.
    public internal(set) var delegations: [PersonID: [Delegation]] = [:]
    /// Session tokens by their SHA-256 (hex); lapsed ones are dropped by `forgetExpired`.
    public internal(set) var tokens: [String: SessionToken] = [:]
    /// Client certificates that were not deleted, lapsed ones among them, by the SHA-256 of their DER form.
    public internal(set) var certificates: [Digest: ClientCertificate] = [:]
    /// Texts that were removed, by the digests under which they were kept.
    public internal(set) var redactions: [Digest: Redaction] = [:]
    /// The highest comment number ever given.
    public internal(set) var highestComment = 0
    /// The highest review number ever given.
    public internal(set) var highestReview = 0

    /// An empty state.
    public init(beforeDate: BeforeDateRule = .strict) { self.beforeDate = beforeDate }

    /// The office with this name.
    public func office(_ id: OfficeID) -> Office? { offices.first { $0.id == id } }

    mutating func add(_ office: Office) {
        if self.office(office.id) == nil { offices.append(office) }
    }

    mutating func rename(_ id: OfficeID, _ name: String, _ event: Event) {
        guard let place = offices.firstIndex(where: { $0.id == id }) else { return }
        offices[place].former.append(offices[place].name, until: event.sequence)
        offices[place].name = name
    }

    /// An office's full name, or its short one if it is unknown.
    public func officeName(_ id: OfficeID?) -> String { id.map { office($0)?.name ?? $0.text } ?? "" }

    /// An office's name when an event happened; nil for the present.
    func officeName(_ id: OfficeID?, asOf event: Int64?) -> String {
        id.flatMap { office($0)?.former.value(asOf: event) } ?? officeName(id)
    }

    /// An office's name as papers about a topic have it: once it is approved, no later name changes them.
    func officeName(_ id: OfficeID?, of topic: Topic) -> String { officeName(id, asOf: topic.approval?.event) }

    /// A person's full name, or the account name if it is unknown.
    func personName(_ id: PersonID) -> String { people[id]?.name ?? id.text }

    /// A person as they were when an event happened: what they are later rewrites nothing (domain §1).
    ///
    /// - Parameter event: nil for the present, where a paper says what is not over yet.
    func person(_ id: PersonID, asOf event: Int64?) -> Person? { people[id]?.asOf(event) }

    /// The full name that a person had when an event happened; nil for the present.
    func personName(_ id: PersonID, asOf event: Int64?) -> String { person(id, asOf: event)?.name ?? id.text }

    /// Everybody by the order of Vietnamese names: tên first, then họ and đệm.
    public var peopleInOrder: [Person] {
        people.values.map { (VietnameseKey(name: $0.name), $0) }
            .sorted { ($0.0, $0.1.id) < ($1.0, $1.1.id) }.map(\.1)
    }

    /// The topics by year and number.
    public var topicsInOrder: [Topic] { topics.values.sorted { $0.id < $1.id } }

    /// Those whose details are in memory, by year and number.
    public var openTopicsInOrder: [Topic] { topics.open.sorted { $0.id < $1.id } }

    /// The plan with this id.
    public func plan(_ id: String) -> Plan? { plans.first { $0.id == id } }

    /// A topic's plan as papers about the topic have it: once it is approved, nothing that is filled in later changes them.
    func plan(of topic: Topic) -> Plan? { plan(topic.plan)?.asOf(topic.approval?.event) }

    /// The open topic that a comment belongs to; nil when no topic in memory has it.
    public func topicID(of comment: CommentID) -> TopicID? {
        topics.owner(of: comment)
    }

    /// The open topic that a review belongs to; nil when no topic in memory has it.
    public func topicID(of review: ReviewID) -> TopicID? {
        topics.owner(of: review)
    }

    /// Whether a session token is known and not lapsed; the person it stands for.
    public func person(ofToken digest: String, now: Instant) -> PersonID? {
        guard let token = tokens[digest], token.expires > now else { return nil }
        return token.person
    }

    /// Drops session tokens that lapsed.
    public mutating func forgetExpired(now: Instant) { tokens = tokens.filter { $0.value.expires > now } }

    /// Says where the log ends when that event itself was not loaded: the last one may be a lapsed session token.
    public mutating func advance(to sequence: Int64) { lastSequence = Swift.max(lastSequence, sequence) }

    /// A copy in which a finished topic's details are back, for reading only.
    public func reviving(_ id: TopicID, events: [Event]) -> State {
        var copy = self
        copy.topics[id] = nil
        for event in events where event.fact.topic == id { copy.take(event, archiving: false) }
        return copy
    }
}

extension State {
    /// Takes an event in.
    ///
    /// It cannot fail: what makes no sense here was refused when it was decided.
    /// - Parameter draft: what the decision worked out about the text of a push.
    public mutating func apply(_ event: Event, draft: PreparedDraft? = nil) {
        take(event, archiving: true, draft: draft)
    }

    private mutating func take(_ event: Event, archiving: Bool, draft: PreparedDraft? = nil) {
        lastSequence = Swift.max(lastSequence, event.sequence)
        switch event.fact {
        case .officeAdded(let fact): apply(fact)
        case .officeRenamed(let fact): rename(fact.office, fact.name, event)
        case .personAdded(let fact): apply(fact)
        case .personChanged(let fact): apply(fact, event)
        case .personDisabled(let fact): apply(fact)
        case .personEnabled(let fact): apply(fact)
        case .personInvited(let fact): apply(fact)
        case .credentialSet(let fact): apply(fact)
        case .tokenIssued(let fact): apply(fact)
        case .tokensWithdrawn(let fact): apply(fact)
        case .certificateIssued(let fact): apply(fact)
        case .certificateDeleted(let fact): apply(fact)
        case .delegationGiven(let fact): apply(fact)
        case .planLoaded(let fact): apply(fact, event)
        case .planNumbered(let fact): apply(fact, event)
        case .topicPlanned(let fact): apply(fact, event)
        case .memberAssigned(let fact): topics.change(fact.topic) { $0.apply(fact, event) }
        case .memberUnassigned(let fact): topics.change(fact.topic) { $0.apply(fact) }
        case .milestoneExtended(let fact): topics.change(fact.topic) { $0.apply(fact, event) }
        case .topicPostponed(let fact): topics.change(fact.topic) { $0.apply(fact, event) }
        case .topicResumed(let fact): topics.change(fact.topic) { $0.endPostponement(event) }
        case .topicCancelled(let fact):
            topics.change(fact.topic) { $0.apply(fact, event, archiving: archiving) }
            highestComment = Swift.max(highestComment, fact.highestComment)
            highestReview = Swift.max(highestReview, fact.highestReview)
        case .topicReturned(let fact): topics.change(fact.topic) { $0.apply(fact) }
        case .stageEntered(let fact): topics.change(fact.topic) { $0.apply(fact, event) }
        case .revisionPushed(let fact): topics.change(fact.topic) { $0.apply(fact, event, draft) }
        case .originalAttached(let fact): topics.change(fact.topic) { $0.apply(fact, event) }
        case .commentAdded(let fact):
            topics.change(fact.topic) { $0.apply(fact, event) }
            highestComment = Swift.max(highestComment, fact.comment.number)
        case .commentAnswered(let fact): topics.change(fact.topic) { $0.apply(fact, event) }
        case .commentSettled(let fact): topics.change(fact.topic) { $0.apply(fact, event) }
        case .commentAgreed(let fact): topics.change(fact.topic) { $0.apply(fact, event) }
        case .commentMaintained(let fact): topics.change(fact.topic) { $0.apply(fact, event) }
        case .commentWithdrawn(let fact): topics.change(fact.topic) { $0.apply(fact, event) }
        case .commentConfirmed(let fact): topics.change(fact.topic) { $0.apply(fact) }
        case .reviewFiled(let fact):
            topics.change(fact.topic) { $0.apply(fact, event) }
            highestReview = Swift.max(highestReview, fact.review.number)
        case .reviewEndorsed(let fact): topics.change(fact.topic) { $0.apply(fact, event) }
        case .opinionGiven(let fact): topics.change(fact.topic) { $0.apply(fact, event) }
        case .objectionLifted(let fact): topics.change(fact.topic) { $0.apply(fact, event) }
        case .contentVouched(let fact): topics.change(fact.topic) { $0.apply(fact, event) }
        case .formatChecked(let fact): topics.change(fact.topic) { $0.apply(fact, event) }
        case .plenaryOpened(let fact): topics.change(fact.topic) { $0.apply(fact, event) }
        case .attendanceTaken(let fact): topics.change(fact.topic) { $0.apply(fact) }
        case .plenaryClosed(let fact): topics.change(fact.topic) { $0.apply(fact, event) }
        case .minutesConfirmed(let fact): topics.change(fact.topic) { $0.apply(fact, event) }
        case .requirementOverridden(let fact): topics.change(fact.topic) { $0.apply(fact, event) }
        case .approvalGiven(let fact): topics.change(fact.topic) { $0.apply(fact, event) }
        case .documentIssued(let fact):
            topics.change(fact.topic) { $0.apply(fact, event, archiving: archiving) }
            highestComment = Swift.max(highestComment, fact.highestComment)
            highestReview = Swift.max(highestReview, fact.highestReview)
        case .bodyRedacted(let fact): apply(fact, event)
        }
        if let topic = event.fact.topic { topics.change(topic) { $0.lastEvent = event.sequence } }
    }
}

extension State {
    /// Judges a command: who may do it, at this stage, on these things.
    ///
    /// Nothing changes.
    /// - Throws: `Refusal` that names what is missing, the rule behind it, and who can mend it.
    public func decide(_ command: Command, by actor: Actor, now: Instant) throws(Refusal) -> Outcome {
        let authorised = try Policy.authorise(command, by: actor, in: self, now: now)
        return try decide(authorised, now: now)
    }

    private func decide(_ authorised: Authorised, now: Instant) throws(Refusal) -> Outcome {
        switch authorised.command {
        case .addOffice(let office, let name): return try decideAddOffice(office, name: name)
        case .addPerson(let person, let name, let office, let position, let credential, let invitation):
            return try decideAddPerson(
                person, name: name, office: office, position: position, credential: credential, invitation: invitation)
        case .changePerson(let person, let name, let office, let position):
            return try decideChangePerson(
                person, name: name, office: office, position: position, by: authorised.actor)
        case .disablePerson(let person, let reason):
            return try decideDisablePerson(person, reason: reason, by: authorised.actor)
        case .enablePerson(let person): return try decideEnablePerson(person)
        case .invite(let person, let code, let purpose):
            return try decideInvite(person, code: code, for: purpose, now: now)
        case .setCredential(let hash): return try decideSetCredential(authorised.person, hash: hash)
        case .setCredentialOf(let person, let hash): return try decideSetCredential(person, hash: hash)
        case .issueToken(let token, let expires):
            return Outcome(
                [.tokenIssued(TokenIssued(person: try authorised.person, token: token, expires: expires))],
                details: [Detail("expires", expires.rfc3339)], wording: Wording("", ""))
        case .withdrawToken(let token):
            let person = try authorised.person
            // One that lapsed, or went with the password, is gone already.
            let isInForce = tokens[token]?.person == person
            return Outcome(
                isInForce ? [.tokensWithdrawn(TokensWithdrawn(person: person, token: token))] : [],
                wording: Wording("Đã thu hồi phiên.", "The session is withdrawn."))
        case .enrol(let certificate): return try decideEnrol(certificate, by: authorised.actingPerson, now: now)
        case .deleteCertificate(let digits):
            return try decideDeleteCertificate(digits, by: authorised.actingPerson)
        case .delegate(let person, let from, let until, let reference):
            return try decideDelegate(person, from: from, until: until, reference: reference, now: now)
        case .loadPlan(let draft, let source): return try decideLoadPlan(draft, source: source)
        case .assign(let topic, let person, let assignment):
            return try decideAssign(authorised.topic(topic, self), person, assignment)
        case .unassign(let topic, let person, let assignment):
            return try decideUnassign(authorised.topic(topic, self), person, assignment)
        case .extend(let topic, let milestone, let to, let reference, let reason):
            return try decideExtend(
                authorised.topic(topic, self), milestone, to: to, reference: reference, reason: reason)
        case .postpone(let topic, let reason):
            return try decidePostpone(authorised.topic(topic, self), reason: reason)
        case .resume(let topic): return try decideResume(authorised.topic(topic, self))
        case .cancel(let topic, let reason): return try decideCancel(authorised.topic(topic, self), reason: reason)
        case .submit(let topic): return try decideSubmit(authorised.topic(topic, self), now: now)
        case .sendBack(let topic, let reason):
            return try decideSendBack(authorised.topic(topic, self), by: authorised.person, reason: reason)
        case .push(let topic, let base, let addresses, let note, let text, let prepared):
            return try decidePush(
                authorised.topic(topic, self), base: base, addresses: addresses, note: note, text: text,
                prepared: prepared, now: now)
        case .attach(let revision, let name, let octets, let prepared):
            return try decideAttach(
                authorised.topic(revision.topic, self), revision: revision.number, name: name, octets: octets,
                prepared: prepared)
        case .comment(let revision, let at, let quote, let kind, let level, let suggestion, let behalf, let body):
            return try decideComment(
                authorised.topic(revision.topic, self), revision: revision.number, by: authorised.actingPerson, at: at,
                quote: quote, kind: kind, level: level, suggestion: suggestion, behalf: behalf, body: body)
        case .answer(let comment, let body): return try decideAnswer(comment, body: body)
        case .settle(let comment, let disposition, let revision, let body):
            return try decideSettle(
                comment, disposition, revision: revision, body: body, by: authorised.person)
        case .agree(let comment): return try decideAgree(comment)
        case .maintain(let comment, let body): return try decideMaintain(comment, body: body)
        case .withdraw(let comment, let reason): return try decideWithdraw(comment, reason: reason)
        case .confirmRemark(let comment): return try decideConfirmRemark(comment)
        case .assess(let revision, let verdict, let body):
            return try decideAssess(
                authorised.topic(revision.topic, self), revision: revision.number, verdict, body: body)
        case .endorse(let review): return try decideEndorse(review, now: now)
        case .opine(let revision, let opinion, let body):
            return try decideOpinion(
                authorised.topic(revision.topic, self), revision: revision.number, opinion, body: body,
                by: authorised.person)
        case .lift(let topic, let person, let reason):
            return try decideLift(authorised.topic(topic, self), person, by: authorised.person, reason: reason)
        case .vouch(let revision, let vote, let body):
            return try decideVouch(authorised.topic(revision.topic, self), revision: revision.number, vote, body: body)
        case .checkFormat(let revision, let vote, let body):
            return try decideFormat(authorised.topic(revision.topic, self), revision: revision.number, vote, body: body)
        case .openPlenary(let topic, let at, let place, let chair, let secretary):
            return try decideOpenPlenary(
                authorised.topic(topic, self), by: authorised.person, at: at, place: place, chair: chair,
                secretary: secretary)
        case .attend(let topic, let present, let absent):
            return try decideAttend(authorised.topic(topic, self), present: present, absent: absent)
        case .closePlenary(let topic, let conclusion):
            return try decideClosePlenary(authorised.topic(topic, self), conclusion: conclusion)
        case .confirmMinutes(let topic):
            return try decideConfirmMinutes(authorised.topic(topic, self), by: authorised.person)
        case .override(let topic, let requirement, let reason):
            return try decideOverride(authorised.topic(topic, self), requirement, reason: reason, now: now)
        case .approve(let revision, let digest, let seen, let evidence):
            return try decideApprove(
                authorised.topic(revision.topic, self), revision: revision.number, digest: digest, seen: seen,
                evidence: evidence, by: authorised.person, now: now)
        case .redact(let event, let document, let reason):
            return try decideRedact(event, document: document, reason: reason)
        case .issue(let topic, let number, let date):
            return try decideIssue(authorised.topic(topic, self), number: number, date: date, now: now)
        }
    }
}
