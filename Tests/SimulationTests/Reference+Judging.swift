import ReviewCore
import ReviewDigest
import ReviewProtocol

/// What the sequential model says to a write.
extension Reference {
    /// The judgement of one write at one moment.
    struct Judgement {
        /// Each of these alone is enough to refuse it.
        var reasons: Reasons = []
        /// These may be given, too, by rules that are not written down here.
        var possible: Reasons = []

        mutating func refuse(_ code: NoCode, if condition: Bool) { if condition { reasons.insert(code) } }
    }

    /// What a person's request would meet now; nil for verbs that are not written down here.
    func judge(_ name: String, _ request: Request) -> Judgement? {
        guard let person = people[name] else { return nil }
        var judgement = Judgement()
        judgement.refuse(.forbidden, if: person.isDisabled)
        let target = request.words.first ?? ""
        switch request.verb {
        case "PUSH": onTopic(target, name, needsText: false, &judgement) { push($1, person, name, request, &$0) }
        case "ATTACH":
            onRevision(target, name, &judgement) { judgement, topic, revision in
                write(topic, person, name, id: target.split(separator: "@").first.map(String.init) ?? "", &judgement)
                if revision >= 1, revision <= topic.drafts.count {
                    judgement.refuse(.forbidden, if: topic.drafts[revision - 1].person != name)
                }
                judgement.refuse(.stage, if: !stands(topic, [.drafting, .leadership, .revision, .finishing]))
                judgement.refuse(.stale, if: revision != topic.drafts.count)
                let file = request.body?.octets.flatMap { Base64.decode($0) }.map { Digest(hashing: $0) }
                judgement.refuse(.conflict, if: topic.originals[revision].map { $0 != file } ?? false)
            }
        case "COMMENT": onRevision(target, name, &judgement) { comment($1, $2, person, name, request, &$0) }
        case "SETTLE": onThread(target, name, &judgement) { settle($1, $2, person, name, &$0) }
        case "AGREE", "MAINTAIN":
            onThread(target, name, &judgement) { judgement, topic, thread in
                judgement.refuse(.forbidden, if: thread.owner != name)
                judgement.refuse(.stage, if: !stands(topic, [.leadership, .revision, .plenary, .finishing]))
                judgement.refuse(.conflict, if: thread.disposition == nil)
            }
        case "ASSESS":
            onRevision(target, name, &judgement) { judgement, topic, revision in
                judgement.refuse(.forbidden, if: !isReviewer(person, name, topic))
                judgement.refuse(.stage, if: !stands(topic, [.review, .revision, .plenary, .finishing]))
                judgement.refuse(.stale, if: revision != topic.drafts.count)
            }
        case "ENDORSE":
            guard let sheet = Int(target.dropFirst()).flatMap({ sheets[$0] }), let topic = topics[sheet.topic] else {
                judgement.reasons.insert(.notFound)
                break
            }
            // A colleague's review may be hidden from who has not filed their own.
            judgement.possible.insert(.notFound)
            judgement.refuse(.notFound, if: reads(name, topic) != true)
            judgement.refuse(.forbidden, if: person.position != .head || person.office != topic.review)
            judgement.refuse(.stage, if: !stands(topic, [.review, .revision, .plenary, .finishing]))
            judgement.refuse(.conflict, if: !isEndorsable(sheet, topic))
        case "VOUCH":
            onRevision(target, name, &judgement) { judgement, topic, revision in
                judgement.refuse(.forbidden, if: person.position != .head || person.office != topic.lead)
                judgement.refuse(.stage, if: !stands(topic, Self.signing))
                judgement.refuse(.stale, if: revision != topic.drafts.count)
            }
        case "FORMAT":
            onRevision(target, name, &judgement) { judgement, topic, revision in
                judgement.refuse(.forbidden, if: topic.members[.format]?.contains(name) != true)
                judgement.refuse(.stage, if: !stands(topic, Self.signing))
                judgement.refuse(.stale, if: revision != topic.drafts.count)
            }
        case "SUBMIT": onTopic(target, name, needsText: false, &judgement) { submit(target, $1, person, &$0) }
        case "APPROVE": onRevision(target, name, &judgement) { approve($1, $2, person, name, request, &$0) }
        case "ISSUE":
            onTopic(target, name, needsText: false, &judgement) { judgement, topic in
                judgement.refuse(.forbidden, if: person.position != .clerk)
                judgement.refuse(.stage, if: !stands(topic, [.approved]))
                // What day it is when the server decides is not written down here.
                judgement.possible.insert(.invalid)
            }
        case "OVERRIDE":
            onTopic(target, name, needsText: true, &judgement) { judgement, topic in
                judgement.possible.insert(.conflict)
                judgement.refuse(.forbidden, if: person.position != .director)
                judgement.refuse(.stage, if: !stands(topic, [.finishing, .approval]))
            }
        case "DELEGATE": judgement.refuse(.forbidden, if: person.position != .director)
        case "PERSON", "INVITE":
            judgement.possible.insert(.conflict)
            judgement.refuse(.forbidden, if: person.position != .admin)
        case "CERT":
            let digits = request.words.last ?? ""
            let isKnown = certificates.contains { certificate, owner in
                certificate.description.hasPrefix(digits) && (owner == name || person.position == .admin)
            }
            judgement.refuse(.notFound, if: !isKnown)
        default: return nil
        }
        return judgement
    }

    private static let signing: [Stage] = [.drafting, .leadership, .review, .revision, .plenary, .finishing]

    private func stands(_ topic: Topic, _ stages: [Stage]) -> Bool {
        stages.contains(topic.stage) && !topic.isPostponed
    }

    private func isReviewer(_ person: Person, _ name: String, _ topic: Topic) -> Bool {
        person.office == topic.review && person.office != topic.lead && person.isWorker && !topic.hasPushed(name)
    }

    // MARK: Finding

    private func onTopic(
        _ id: String, _ name: String, needsText: Bool, _ judgement: inout Judgement,
        _ judge: (inout Judgement, Topic) -> Void
    ) {
        guard let topic = topics[id] else {
            judgement.reasons.insert(.notFound)
            return
        }
        // Of what is over the details are no longer at hand, and any of its codes may come first.
        if topic.stage == .issued || topic.stage == .cancelled {
            judgement.possible.formUnion([.stage, .notFound, .conflict, .stale, .forbidden])
        }
        let access = reads(name, topic)
        judgement.refuse(.notFound, if: needsText ? access != true : access == nil)
        judge(&judgement, topic)
    }

    private func onRevision(
        _ word: String, _ name: String, _ judgement: inout Judgement,
        _ judge: (inout Judgement, Topic, Int) -> Void
    ) {
        let parts = word.split(separator: "@").map(String.init)
        let revision = parts.count == 2 ? Int(parts[1]) ?? 0 : 0
        onTopic(parts.first ?? "", name, needsText: true, &judgement) { judgement, topic in
            judgement.refuse(.notFound, if: revision < 1 || revision > topic.drafts.count)
            judge(&judgement, topic, revision)
        }
    }

    private func onThread(
        _ word: String, _ name: String, _ judgement: inout Judgement,
        _ judge: (inout Judgement, Topic, Thread) -> Void
    ) {
        guard let thread = Int(word.dropFirst()).flatMap({ threads[$0] }) else {
            judgement.reasons.insert(.notFound)
            return
        }
        judgement.refuse(.conflict, if: thread.state == .withdrawn)
        onTopic(thread.topic, name, needsText: true, &judgement) { judge(&$0, $1, thread) }
    }

    // MARK: Verbs with more than one rule

    private func push(
        _ topic: Topic, _ person: Person, _ name: String, _ request: Request, _ judgement: inout Judgement
    ) {
        write(topic, person, name, id: request.words.first ?? "", &judgement)
        judgement.refuse(.stage, if: !stands(topic, [.assigned, .drafting, .leadership, .revision, .finishing]))
        judgement.refuse(.stale, if: request.value("if") != "@\(topic.drafts.count)")
    }

    private func write(
        _ topic: Topic, _ person: Person, _ name: String, id: String, _ judgement: inout Judgement
    ) {
        let authors = topic.members[.author] ?? []
        let isHead = person.position == .head && person.office == topic.lead
        let isInside = (person.office == topic.lead && person.isWorker) || (person.isLeader && authors.contains(name))
        judgement.refuse(.forbidden, if: !isInside)
        judgement.refuse(.forbidden, if: !authors.isEmpty && !authors.contains(name) && !isHead)
        judgement.refuse(.forbidden, if: sheets.values.contains { $0.topic == id && $0.person == name })
    }

    private func comment(
        _ topic: Topic, _ revision: Int, _ person: Person, _ name: String, _ request: Request,
        _ judgement: inout Judgement
    ) {
        judgement.refuse(.stage, if: !stands(topic, [.leadership, .review, .revision, .plenary, .finishing]))
        // Whoever is not heard at this stage is at another one.
        switch topic.stage {
        case .leadership: judgement.refuse(.stage, if: !person.isLeader)
        case .review, .revision: judgement.refuse(.stage, if: !person.isLeader && !isReviewer(person, name, topic))
        case .finishing: judgement.refuse(.stage, if: !person.isLeader && request.value("level") == "must")
        case .assigned, .drafting, .plenary, .approval, .approved, .issued, .cancelled: break
        }
        // Observers and the administrator say nothing anywhere.
        judgement.refuse(.forbidden, if: person.position == .observer || person.position == .admin)
    }

    private func settle(
        _ topic: Topic, _ thread: Thread, _ person: Person, _ name: String, _ judgement: inout Judgement
    ) {
        let isInside =
            (person.office == topic.lead && person.isWorker) || topic.members[.author]?.contains(name) == true
        judgement.refuse(.forbidden, if: !isInside)
        judgement.refuse(.forbidden, if: thread.owner == name)
        judgement.refuse(.stage, if: !stands(topic, [.leadership, .revision, .finishing]))
        judgement.refuse(.conflict, if: thread.state == .agreed)
    }

    private func submit(_ id: String, _ topic: Topic, _ person: Person, _ judgement: inout Judgement) {
        judgement.refuse(.stage, if: topic.isPostponed)
        switch topic.stage {
        case .drafting, .revision, .finishing:
            judgement.refuse(.forbidden, if: person.position != .head || person.office != topic.lead)
            judgement.refuse(.unmet, if: topic.stage == .finishing && lacks(id, topic))
        case .leadership, .review: judgement.refuse(.forbidden, if: !person.isLeader)
        case .assigned, .plenary, .approval, .approved, .issued, .cancelled: judgement.reasons.insert(.stage)
        }
    }

    private func approve(
        _ topic: Topic, _ revision: Int, _ person: Person, _ name: String, _ request: Request,
        _ judgement: inout Judgement
    ) {
        let id = request.words.first?.split(separator: "@").first.map(String.init) ?? ""
        let mayApprove = person.position == .director || (person.position == .deputy && delegates.contains(name))
        judgement.refuse(.forbidden, if: !mayApprove)
        judgement.refuse(.stage, if: !stands(topic, [.approval]))
        judgement.refuse(.stale, if: revision != topic.drafts.count)
        let digest = revision >= 1 && revision <= topic.drafts.count ? topic.drafts[revision - 1].digest : ""
        judgement.refuse(.conflict, if: !digest.hasPrefix(request.value("sha256") ?? "-"))
        let seen = Set((request.value("seen") ?? "").split(separator: ",").map(String.init))
        // What MANIFEST says is not written down here; that the signed one was the present one is judged by the log.
        if request.body != nil { judgement.possible.insert(.conflict) }
        judgement.refuse(.unmet, if: lacks(id, topic) || !unseen(id, topic).isSubset(of: seen))
    }
}
