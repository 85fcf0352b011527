import ReviewDigest
import Testing

@testable import ReviewCore

@Suite("Facts in their stored form")
struct FactTests {
    /// One fact of every kind, with values of chance.
    private func facts(_ chaos: inout Chaos) -> [Fact] {
        func body(_ chaos: inout Chaos) -> Body {
            Body(chaos.sentence() + (chaos.chance(50) ? "\n" + chaos.sentence() : ""))
        }
        func maybe(_ chaos: inout Chaos) -> Body? { chaos.chance(50) ? body(&chaos) : nil }
        func number(_ chaos: inout Chaos) -> Int { chaos.below(1_000_000) }
        func date(_ chaos: inout Chaos) -> CivilDate { day("1900-01-01").adding(days: chaos.below(3_000_000)) }
        func text(_ chaos: inout Chaos) -> String { chaos.chance(20) ? "" : chaos.sentence() }
        func ids(_ chaos: inout Chaos) -> [CommentID] {
            (0..<chaos.below(5)).map { _ in CommentID(1 + chaos.below(999)) }
        }
        func people(_ chaos: inout Chaos) -> [PersonID] { (0..<chaos.below(5)).map { _ in chaos.person() } }
        let id = topic(1 + chaos.below(999))
        let person = chaos.person()
        let place = office(chaos.one(["hcth", "nv"]))
        let comment = CommentID(1 + number(&chaos))
        let review = ReviewID(1 + number(&chaos))
        let digest = Digest(hashing: chaos.sentence())
        let target = chaos.one(["whole", "II.1", "II.1/2", "0/1"])
        let anchor = Anchor(
            target: AnchorTarget(target) ?? .whole, quote: chaos.chance(50) ? chaos.sentence() : nil)
        let behalf: Behalf = chaos.one([.person, .office(place), .speaker(person)])
        return [
            .officeAdded(OfficeAdded(office: place, name: text(&chaos))),
            .officeRenamed(OfficeRenamed(office: place, name: text(&chaos))),
            .planNumbered(PlanNumbered(plan: "2025", number: text(&chaos), date: "2025-01-13", source: body(&chaos))),
            .personAdded(
                PersonAdded(person: person, name: text(&chaos), office: place, position: chaos.one(Position.allCases))),
            .personChanged(
                PersonChanged(
                    person: person, name: chaos.chance(50) ? text(&chaos) : nil,
                    office: chaos.chance(50) ? place : nil,
                    position: chaos.chance(50) ? chaos.one(Position.allCases) : nil)),
            .personDisabled(PersonDisabled(person: person, reason: body(&chaos))),
            .personEnabled(PersonEnabled(person: person)),
            .personInvited(
                PersonInvited(person: person, code: digest.description, endsPassword: chaos.chance(50))),
            .personInvited(PersonInvited(person: person, code: digest.description, purpose: .certificate)),
            .credentialSet(CredentialSet(person: person, hash: body(&chaos))),
            .tokenIssued(
                TokenIssued(
                    person: person, token: digest.description, expires: Instant(milliseconds: Int64(number(&chaos))))),
            .tokensWithdrawn(TokensWithdrawn(person: person)),
            .tokensWithdrawn(TokensWithdrawn(person: person, token: "ab12")),
            .certificateIssued(
                CertificateIssued(
                    ClientCertificate(
                        person: person, digest: digest, from: Instant(milliseconds: Int64(number(&chaos))),
                        until: Instant(milliseconds: Int64(number(&chaos))), code: digest.description, request: digest,
                        text: body(&chaos)))),
            .certificateDeleted(CertificateDeleted(person: person, digest: digest)),
            .delegationGiven(
                DelegationGiven(person: person, from: date(&chaos), until: date(&chaos), reference: text(&chaos))),
            .planLoaded(
                PlanLoaded(
                    plan: "2025", number: text(&chaos), reference: text(&chaos), date: "2025-01", title: text(&chaos),
                    issuer: text(&chaos), parent: text(&chaos), signer: text(&chaos), coordinator: place,
                    requirements: body(&chaos), source: body(&chaos))),
            .topicPlanned(
                TopicPlanned(
                    topic: id, plan: "2025", lead: place, review: place, quarter: 1 + chaos.below(4),
                    opinion: date(&chaos), reviewDate: date(&chaos), final: date(&chaos), title: body(&chaos),
                    outline: body(&chaos))),
            .memberAssigned(MemberAssigned(topic: id, person: person, assignment: chaos.one(Assignment.allCases))),
            .memberUnassigned(MemberUnassigned(topic: id, person: person, assignment: chaos.one(Assignment.allCases))),
            .milestoneExtended(
                MilestoneExtended(
                    topic: id, milestone: chaos.one(Milestone.allCases), to: date(&chaos), reference: text(&chaos),
                    reason: body(&chaos))),
            .topicPostponed(TopicPostponed(topic: id, reason: body(&chaos))),
            .topicResumed(TopicResumed(topic: id)),
            .topicCancelled(
                TopicCancelled(
                    topic: id, highestComment: number(&chaos), highestReview: number(&chaos), revision: number(&chaos),
                    reason: body(&chaos))),
            .topicReturned(
                TopicReturned(
                    topic: id, from: chaos.one(Stage.allCases), to: chaos.one(Stage.allCases), reason: body(&chaos))),
            .stageEntered(
                StageEntered(
                    topic: id, stage: chaos.one(Stage.allCases), from: chaos.one(Stage.allCases),
                    overdueDays: chaos.below(400))),
            .revisionPushed(
                RevisionPushed(
                    topic: id, revision: number(&chaos),
                    change: chaos.chance(50) ? chaos.one(ChangeKind.allCases) : nil,
                    addresses: ids(&chaos), note: chaos.chance(50) ? chaos.sentence() : nil, text: body(&chaos))),
            .originalAttached(
                OriginalAttached(
                    topic: id, revision: number(&chaos), name: chaos.sentence(),
                    digest: Digest(hashing: chaos.sentence()),
                    octets: number(&chaos), content: body(&chaos))),
            .commentAdded(
                CommentAdded(
                    topic: id, revision: number(&chaos), comment: comment, anchor: anchor,
                    kind: chaos.one(CommentKind.allCases), level: chaos.one(CommentLevel.allCases),
                    stage: chaos.one(Stage.allCases), round: number(&chaos), behalf: behalf, suggestion: maybe(&chaos),
                    body: body(&chaos))),
            .commentAnswered(CommentAnswered(topic: id, comment: comment, body: body(&chaos))),
            .commentSettled(
                CommentSettled(
                    topic: id, comment: comment, disposition: chaos.one(Disposition.allCases),
                    revision: chaos.chance(50) ? number(&chaos) : nil, isCarrierFound: chaos.chance(50),
                    body: maybe(&chaos))),
            .commentAgreed(CommentAgreed(topic: id, comment: comment)),
            .commentMaintained(CommentMaintained(topic: id, comment: comment, body: body(&chaos))),
            .commentWithdrawn(CommentWithdrawn(topic: id, comment: comment, reason: body(&chaos))),
            .commentConfirmed(CommentConfirmed(topic: id, comment: comment)),
            .reviewFiled(
                ReviewFiled(
                    topic: id, revision: number(&chaos), review: review, verdict: chaos.one(Verdict.allCases),
                    round: number(&chaos), body: body(&chaos))),
            .reviewEndorsed(ReviewEndorsed(topic: id, review: review)),
            .opinionGiven(
                OpinionGiven(
                    topic: id, revision: number(&chaos), opinion: chaos.one(Opinion.allCases), body: maybe(&chaos))),
            .objectionLifted(ObjectionLifted(topic: id, person: person, reason: body(&chaos))),
            .contentVouched(
                ContentVouched(
                    topic: id, revision: number(&chaos), vote: chaos.one(ContentVote.allCases), body: maybe(&chaos))),
            .formatChecked(
                FormatChecked(
                    topic: id, revision: number(&chaos), vote: chaos.one(FormatVote.allCases), body: maybe(&chaos))),
            .plenaryOpened(
                PlenaryOpened(
                    topic: id, revision: number(&chaos), at: "2025-06-25T08:00", chair: person,
                    secretary: chaos.person(), place: body(&chaos))),
            .attendanceTaken(AttendanceTaken(topic: id, present: people(&chaos), absent: people(&chaos))),
            .plenaryClosed(PlenaryClosed(topic: id, conclusion: body(&chaos))),
            .minutesConfirmed(MinutesConfirmed(topic: id)),
            .requirementOverridden(
                RequirementOverridden(
                    topic: id, requirement: chaos.one(Requirement.allCases),
                    reach: chaos.chance(50)
                        ? OverrideReach(
                            revision: number(&chaos), missing: (0..<chaos.below(4)).map { _ in chaos.sentence() })
                        : nil,
                    reason: body(&chaos))),
            .approvalGiven(
                ApprovalGiven(
                    topic: id, revision: number(&chaos), digest: digest, seen: ids(&chaos),
                    delegation: chaos.chance(50) ? text(&chaos) : nil, isOwnWork: chaos.chance(50),
                    evidence: chaos.chance(50)
                        ? Evidence(
                            signature: body(&chaos), manifest: body(&chaos), certificate: digest,
                            authority: body(&chaos)) : nil)),
            .documentIssued(
                DocumentIssued(
                    topic: id, revision: number(&chaos), digest: digest, number: text(&chaos), date: date(&chaos),
                    highestComment: number(&chaos), highestReview: number(&chaos))),
            .bodyRedacted(
                BodyRedacted(
                    topic: chaos.chance(50) ? id : nil, target: Int64(1 + number(&chaos)),
                    field: chaos.one(["body", "quote", "text"]), digest: digest, document: text(&chaos),
                    reason: body(&chaos))),
        ]
    }

    @Test("every kind survives being written and read, with any values", arguments: [41, 42, 43] as [UInt64])
    func roundTrip(seed: UInt64) throws {
        var chaos = Chaos(seed: seed)
        for _ in 0..<200 {
            let facts = facts(&chaos)
            #expect(Set(facts.map(\.type)).count == 47)
            for fact in facts {
                let fields = fact.fields
                let read = try Fact(type: fact.type, fields: fields)
                #expect(read == fact)
                #expect(read.fields == fields)
            }
        }
    }

    /// Else the store could not tell any more what the event is, and every copy of the log would count as damaged.
    @Test("a fact whose texts were removed, any of them, is still the same fact", arguments: [45, 46] as [UInt64])
    func redacted(seed: UInt64) throws {
        var chaos = Chaos(seed: seed)
        for fact in (0..<50).flatMap({ _ in facts(&chaos) }) {
            let bodies = fact.fields.bodies.map { named in
                // What an override covers is no text of anybody's: nobody can remove it.
                named.name != "missing" && chaos.chance(60)
                    ? FactFields.NamedBody(name: named.name, body: Body(digest: named.body.digest, text: nil)) : named
            }
            let fields = FactFields(pairs: fact.fields.pairs, bodies: bodies)
            #expect(try Fact(type: fact.type, fields: fields).fields == fields, "\(fact.type)")
        }
    }

    @Test("a missing or malformed field is named, and none is read as something else")
    func damaged() throws {
        var chaos = Chaos(seed: 44)
        for fact in facts(&chaos) {
            let fields = fact.fields
            for (index, pair) in fields.pairs.enumerated() {
                var pairs = fields.pairs
                pairs.remove(at: index)
                let shorter = FactFields(pairs: pairs, bodies: fields.bodies)
                switch Result(catching: { () throws(CodecProblem) in try Fact(type: fact.type, fields: shorter) }) {
                case .success(let read): #expect(read != fact, "\(fact.type) without \(pair.key)")
                case .failure(let problem): #expect(problem == .missing(type: fact.type, field: pair.key))
                }
            }
            for index in fields.bodies.indices {
                var bodies = fields.bodies
                let name = bodies.remove(at: index).name
                let shorter = FactFields(pairs: fields.pairs, bodies: bodies)
                switch Result(catching: { () throws(CodecProblem) in try Fact(type: fact.type, fields: shorter) }) {
                case .success(let read): #expect(read != fact, "\(fact.type) without \(name)")
                case .failure(let problem): #expect(problem == .missing(type: fact.type, field: name))
                }
            }
        }
        #expect(throws: CodecProblem.unknownType("TOPIC.EATEN")) {
            try Fact(type: "TOPIC.EATEN", fields: FactFields())
        }
        #expect(throws: CodecProblem.malformed(type: "STAGE.ENTERED", field: "stage", value: "lunch")) {
            try Fact(
                type: "STAGE.ENTERED",
                fields: FactFields(
                    pairs: [Detail("topic", "2025-1"), Detail("stage", "lunch"), Detail("from", "review")], bodies: []))
        }
    }

    @Test("an event line tells references only, short ones, and no secret", arguments: [45] as [UInt64])
    func references(seed: UInt64) {
        var chaos = Chaos(seed: seed)
        for _ in 0..<50 {
            for fact in facts(&chaos) {
                let shown = fact.reference
                let length = shown.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count + 4 }
                #expect(length <= 400, "\(fact.type): \(length)")
                let keys = Set(shown.map(\.key))
                #expect(keys.isDisjoint(with: ["token", "code", "hash", "note", "name", "title", "expires"]))
                if let topic = fact.topic { #expect(shown.first == Detail("topic", topic.description)) }
            }
        }
    }

    @Test("a text that was redacted keeps its digest, and the state goes on")
    func redacted() throws {
        var world = try World()
        try world.reach(.review)
        try world.comment("phuc", at: "II.2/1", quote: "song ngữ")
        var state = State()
        for event in world.events {
            let fields = event.fact.fields
            let gone = fields.bodies.map {
                FactFields.NamedBody(name: $0.name, body: Body(digest: $0.body.digest, text: nil))
            }
            let isPlan = event.fact.type == TopicPlanned.type || event.fact.type == PlanLoaded.type
            let fact = try Fact(
                type: event.fact.type, fields: FactFields(pairs: fields.pairs, bodies: isPlan ? fields.bodies : gone))
            state.apply(
                Event(
                    sequence: event.sequence, time: event.time, person: event.person, office: event.office, fact: fact))
        }
        let topic = try #require(state.topics[topic(1)])
        #expect(topic.stage == .review)
        #expect(topic.latest?.digest == world[1].latest?.digest)
        #expect(topic.comments[1]?.body.shown == "[nội dung đã xóa]")
    }
}
