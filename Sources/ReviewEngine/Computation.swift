import ReviewCore
import ReviewProtocol

/// Work on values alone that takes longer than others should wait for; the shell runs it on another thread.
///
/// It holds a snapshot of everything it looks at, so its result is the same wherever and whenever it runs.
public struct Computation: Sendable {
    enum Work: Sendable {
        /// What follows from a pushed text.
        case draft([UInt8], addressing: [CommentID], Topic)
        /// A file in base 64.
        case original([UInt8])
        /// What a plan file is understood as, by its reader.
        case plan([UInt8], @Sendable ([UInt8]) -> (PlanDraft?, [PlanProblem]))
        /// The answer to a query.
        case answer(Reading, sendsLiterals: Bool)
        /// A finished topic with its details, from its events.
        case revival(TopicID, [Event], State)
    }

    let work: Work

    init(_ work: Work) { self.work = work }

    /// Does the work.
    public func run() -> Computed {
        switch work {
        case .draft(let octets, let addresses, let topic):
            return Computed(.draft(PreparedDraft(octets, addressing: addresses, in: topic)))
        case .original(let octets):
            return Computed(.original(Result { () throws(Refusal) in try OriginalContent(octets) }))
        case .plan(let octets, let read):
            let (draft, problems) = read(octets)
            return Computed(.plan(PlanReading(draft: draft, problems: problems)))
        case .answer(let reading, let sendsLiterals):
            do throws(Interruption) {
                var octets: [UInt8] = []
                let reply = try reading.answer()
                reply.write(tag: reading.call.tag, literal: sendsLiterals, into: &octets)
                return Computed(.answer(octets, reply.status.outcome))
            } catch {
                return Computed(.interruption(error))
            }
        case .revival(let topic, let events, let state):
            return Computed(.revival(state.reviving(topic, events: events).topics[topic]))
        }
    }
}

/// What a computation gave.
public struct Computed: Sendable {
    enum Content: Sendable {
        case draft(PreparedDraft)
        case original(Result<OriginalContent, Refusal>)
        case plan(PlanReading)
        /// A whole reply as it is sent, and what it says.
        case answer([UInt8], Status.Outcome)
        case interruption(Interruption)
        /// nil: the events do not make the topic.
        case revival(Topic?)
    }

    let content: Content

    init(_ content: Content) { self.content = content }

    /// Whether the request is answered by it.
    var isAnswer: Bool {
        switch content {
        case .answer: true
        case .draft, .original, .plan, .interruption, .revival: false
        }
    }
}

extension Engine {
    /// Has something computed for the oldest request of a connection, which waits for it.
    ///
    /// One computation of a person is under way at a time, so people take turns at the one thread that computes, whatever
    /// each of them asks for. Where another connection of the person has it, this request is worked on anew afterwards.
    mutating func compute(_ work: Computation.Work, for id: ConnectionID, serial: Int) {
        guard let person = identity(of: id)?.person else { return }
        if computing[person] != nil {
            computing[person]?.append(id)
            connections[id]?.waiting = .turn
            return
        }
        computing[person] = []
        lastComputation += 1
        let name = ComputationID(lastComputation)
        computations[name] = (id, serial, person)
        connections[id]?.waiting = .computation
        effects.append(.compute(name, Computation(work)))
    }

    /// A computation is done; nobody may be there any more who asked for it.
    mutating func take(_ name: ComputationID, _ computed: Computed) {
        guard let (id, serial, person) = computations.removeValue(forKey: name) else { return }
        let others = computing.removeValue(forKey: person) ?? []
        let place = connections.index(forKey: id).flatMap { place in
            let isWaiting = connections.values[place].waiting == .computation
            return isWaiting && connections.values[place].next?.serial == serial ? place : nil
        }
        // A request that goes on comes before those that wait for its turn, the next one of its connection behind them.
        if place != nil, !computed.isAnswer { makeReady(id) }
        for other in others where connections[other]?.waiting == .turn {
            connections[other]?.waiting = .nothing
            makeReady(other)
        }
        guard let place else { return }
        connections.values[place].waiting = .nothing
        makeReady(id)
        switch computed.content {
        case .draft(let draft): connections.values[place].updateNext { $0.materials.draft = draft }
        case .original(let original): connections.values[place].updateNext { $0.materials.original = Box(original) }
        case .plan(let plan): connections.values[place].updateNext { $0.materials.plan = Box(plan) }
        case .answer(let octets, let outcome):
            tally.count(connections.values[place].nextForm, outcome)
            connections.values[place].dequeue()
            write(id) { $0.output.append(contentsOf: octets) }
        case .interruption(let interruption): interrupt(id, interruption)
        case .revival(let topic):
            if let topic { revived.keep(topic) }
            connections.values[place].updateNext { $0.take(topic) }
        }
    }

    private mutating func interrupt(_ id: ConnectionID, _ interruption: Interruption) {
        guard let next = connections[id]?.next, case .call(let call) = next.content,
            let language = language(of: id)
        else { return }
        _ = settle(interruption, id, next, call, language)
    }
}

extension Reading {
    /// About how many octets have to be looked at for the answer, and so how long it takes.
    ///
    /// It looks at one topic at most, but for what is about all of them, counts a comment or another row like a paragraph of
    /// text, and a comparison of texts by the work that it is at worst.
    var weight: Int {
        switch query {
        case .show:
            return revision(named: "object").map { $0.1.octets } ?? review?.body.octets ?? topic(named: "object")?
                .rowsWeight ?? 0
        case .thread: return comment?.weight ?? 0
        case .assessments: return (topic(named: "topic")?.reviews.count ?? 0) * Topic.rowWeight
        case .outline: return revision(named: "revision").map { $0.1.outlineWeight } ?? 0
        case .manifest: return revision(named: "revision").map { $0.0.weight } ?? 0
        case .check: return topic(named: "topic")?.weight ?? 0
        case .form: return paperWeight
        case .dossier: return dossierWeight(of: topic(named: "topic"))
        case .fetch:
            return fetchedRevision.map { $0.revision.octets } ?? fetchedOriginal?.original.octets
                ?? dossierWeight(of: details(fetchedTopic))
        case .calendar: return state.topics.openCount * Topic.calendarWeight
        case .comments:
            guard let topic = topic(named: "topic") else { return 0 }
            let comments = topic.comments.count * Topic.rowWeight
            // From each revision with comments they are followed through those between.
            return call.pair("at") == nil
                ? comments : comments + topic.followingWeight(through: topic.newest) * topic.revisions.count
        case .difference: return differenceWeight
        case .checkPlan: return (call.body?.octets?.count ?? 0) * 16
        case .showPlan: return state.plan(call.word("plan"))?.source.octets ?? 0
        case .whoAmI, .certificates, .people, .offices, .plans, .list, .toDo, .log, .find, .checkpoint,
            .proof, .status:
            return 0
        }
    }

    private var differenceWeight: Int {
        guard let topic = topic(named: "topic"), let old = number("from").flatMap({ topic.revision($0) }),
            let new = number("to").flatMap({ topic.revision($0) })
        else { return 0 }
        let weight = old.comparisonWeight(with: new)
        // The place of the comment is found first.
        return call.pair("for") == nil ? weight : weight + topic.followingWeight(through: max(old.number, new.number))
    }

    private var paperWeight: Int {
        let form = call.pair("name").flatMap { Papers.Form(rawValue: $0) }
        guard let topic = topic(named: "topic") else {
            // A year's report counts the comments of every topic.
            return form == .yearReport
                ? state.topics.values.reduce(0) { $0 + $1.comments.count * Topic.rowWeight } : 0
        }
        switch form {
        case .topic: return topic.latest?.octets ?? 0
        case .comparison:
            return comparisonWeight(of: topic, Papers.Arguments(from: number("from"), to: number("to")))
        case .commentTable, .reviewForm, .minutes, .submission, .yearReport, nil: return topic.weight
        }
    }

    private func comparisonWeight(of topic: Topic, _ arguments: Papers.Arguments) -> Int {
        guard let (old, new) = try? Papers.compared(arguments, of: topic) else { return 0 }
        let comments = topic.comments.count * Topic.rowWeight
        let weight = old.comparisonWeight(with: new) + comments
        // The comments that the newer ones name are followed from the revisions on which they were made.
        return comments == 0 ? weight : weight + topic.followingWeight(through: new.number) * topic.revisions.count
    }

    /// Every paper of a topic, and the digests of all.
    private func dossierWeight(of topic: Topic?) -> Int {
        guard let topic, let approved = topic.approval?.revision else { return 0 }
        let reviews = topic.reviews.reduce(0) { $0 + $1.body.octets }
        return topic.weight * Papers.Form.allCases.count + reviews
            + (approved > 1 ? comparisonWeight(of: topic, Papers.Arguments(from: 1, to: approved)) : 0)
    }

    private func number(_ key: String) -> Int? { call.number(key).flatMap { Int(exactly: $0) } }

    private func topic(named name: String) -> Topic? {
        guard let id = call.optionalWord(name).flatMap({ TopicID($0) }), let topic = state.topics[id] else {
            return nil
        }
        return topic.isArchived ? materials.topic : topic
    }

    /// The comment of THREAD.
    private var comment: Comment? {
        guard let id = CommentID(call.word("comment")) else { return nil }
        return details(state.topicID(of: id))?.comments[id.number]
    }

    /// The review of SHOW.
    private var review: Review? {
        guard let id = ReviewID(call.word("object")) else { return nil }
        return details(state.topicID(of: id))?.reviews[id.number]
    }

    /// The topic in memory, or the one that the store was asked about, with its details.
    private func details(_ known: TopicID?) -> Topic? {
        guard let id = known ?? materials.owner ?? nil, let topic = state.topics[id] else { return nil }
        return topic.isArchived ? materials.topic : topic
    }

    private func revision(named name: String) -> (Topic, Revision)? {
        guard let id = RevisionID(call.word(name)), let known = state.topics[id.topic],
            let topic = known.isArchived ? materials.topic : known, let revision = topic.revision(id.number)
        else { return nil }
        return (topic, revision)
    }
}

extension Topic {
    /// What a comment, or anything else that has a row, costs a query, in octets of text.
    fileprivate static let rowWeight = 256

    /// What a topic in the calendar costs: an event for each milestone, of about a kibibyte.
    fileprivate static let calendarWeight = Milestone.allCases.count * 1_024

    /// What SHOW prints of a topic below its own row, all of which may be any number.
    fileprivate var rowsWeight: Int {
        var texts: [ReviewCore.Body?] = [cancelled, plenary?.place, plenary?.conclusion]
        for earlier in earlierPlenaries { texts += [earlier.place, earlier.conclusion] }
        for vote in opinions { texts += [vote.body, vote.lifted?.reason] }
        texts += contentVotes.map(\.body)
        texts += formatVotes.map(\.body)
        texts += passages.map(\.reason)
        texts += extensions.map(\.reason)
        texts += postponements.map(\.reason)
        texts += overrides.map(\.reason)
        let rows = texts.count + members.count + revisions.count + reviews.count
        return texts.reduce(rows * Self.rowWeight) { $0 + ($1?.octets ?? 0) }
    }

    /// The newest text with its headings and all comments.
    fileprivate var weight: Int { (latest?.outlineWeight ?? 0) + comments.count * Self.rowWeight }

    /// Following comments from revision to revision, up to one of them, and comparing the words of what changed.
    fileprivate func followingWeight(through last: Int) -> Int {
        let documents = revisions.prefix(max(0, last)).map(\.document)
        let steps = zip(documents, documents.dropFirst()).reduce(0) { $0 + ComparisonWork.aligning($1.0, $1.1) }
        return documents.reduce(steps) { $0 + $1.text.utf8.count + ComparisonWork.comparingWords(of: $1) }
    }
}

extension Comment {
    /// What THREAD prints.
    fileprivate var weight: Int {
        let texts = [anchor.quote, now.oldText, now.newText].reduce(0) { $0 + ($1?.utf8.count ?? 0) }
        return messages.reduce(texts + (suggestion?.octets ?? 0)) { $0 + $1.body.octets + Topic.rowWeight }
    }
}

extension ReviewCore.Body {
    fileprivate var octets: Int { text?.utf8.count ?? 0 }
}

extension Revision {
    /// What a heading costs where the sections of the plan are looked for, in octets of text.
    private static let headingWeight = 128

    /// Comparing it with another one, paragraph by paragraph and word by word.
    fileprivate func comparisonWeight(with other: Revision) -> Int {
        octets + other.octets + ComparisonWork.aligning(document, other.document)
            + ComparisonWork.comparingWords(of: document)
    }

    /// The text and its headings.
    fileprivate var outlineWeight: Int { octets + document.sections.count * Self.headingWeight }
}
