import ReviewCore
import ReviewProtocol

/// Replies to queries that may be given again.
///
/// A reply is the same as long as the request, the day (which decides what is overdue), and everything that the query
/// looks at are the same: one topic or all of them, and beside them people, offices and plans. So each reply is kept with
/// the number of changes that these had seen, and every event counts as a change of its topic, or of what belongs to no
/// topic. Nothing is ever refreshed: what does not fit any more is not found.
struct ReplyCache: Sendable {
    /// Replies of more octets are not kept.
    static let longestReply = 32_768
    /// About how much memory everything that was kept since the cache was last empty takes, in octets, before all is
    /// dropped.
    static let capacity = 8 * 1_048_576
    /// What an entry takes besides its reply and its request, in octets.
    static let entryOctets = 512

    /// What a query looks at, besides people, offices and plans.
    enum Subject: Hashable, Sendable {
        case everyTopic
        case topic(TopicID)
    }

    /// What decides, besides the request, who gets the same reply.
    enum View: Hashable, Sendable {
        /// Everybody who may read a topic's text.
        case text
        /// Everybody who sees a topic's row, or also its text and these reviews.
        case topic(Access, [ReviewID])
        /// Everybody who sees the topics in this way, in their order.
        case topics([Access])
        /// One person alone.
        case person(PersonID)
    }

    /// Who reads, and in which form.
    struct Viewer: Hashable, Sendable {
        let person: PersonID
        let form: Form
    }

    /// The form in which replies are written.
    struct Form: Hashable, Sendable {
        let language: Language
        let sendsLiterals: Bool
    }

    /// A reply, cut where the tag of its request goes.
    final class Kept: Sendable {
        /// What its requests count under.
        let form: String
        private let head: [UInt8]
        private let tail: [UInt8]
        fileprivate let stamp: Stamp

        fileprivate init(_ reply: Reply, to form: String, literal: Bool, stamp: Stamp) {
            self.form = form
            var head: [UInt8] = []
            reply.writeParts(literal: literal, into: &head)
            var status: [UInt8] = []
            reply.status.write(into: &status)
            // Only replies that begin with OK are kept. No LF need stand before it: a literal ends with its last octet.
            self.head = head + status.prefix(2)
            tail = Array(status.dropFirst(2))
            self.stamp = stamp
        }

        fileprivate var count: Int { head.count + tail.count }

        /// Writes the reply with its request's tag.
        func write(tag: String?, into output: inout [UInt8]) {
            output.append(contentsOf: head)
            if let tag {
                output.append(0x20)
                output.append(0x23)
                output.append(contentsOf: tag.utf8)
            }
            output.append(contentsOf: tail)
        }
    }

    /// What has to be as it was.
    fileprivate struct Stamp: Equatable, Sendable {
        let subject: Int
        let changes: UInt64
        let general: UInt64
        let day: CivilDate
    }

    private struct Question: Hashable {
        let viewer: Int
        let verb: String
        let arguments: [Argument]
    }

    private struct SharedQuestion: Hashable {
        let view: View
        let form: Form
        let verb: String
        let arguments: [Argument]
    }

    /// Subjects are numbered, the first being every topic; for each the changes it has seen.
    private var subjects: [Subject: Int] = [.everyTopic: 0]
    private var changes: [UInt64] = [0]
    /// Changes of what belongs to no topic.
    private var general: UInt64 = 0
    private var viewers: [Viewer: Int] = [:]
    private var answers: [Question: Kept] = [:]
    private var shared: [SharedQuestion: Kept] = [:]
    /// What was kept since both were last empty; what was replaced meanwhile may still be held by the other one, so it
    /// stays counted.
    private var octets = 0

    /// Takes note of what happened.
    mutating func take(_ events: [Event]) {
        guard !events.isEmpty else { return }
        changes[0] += 1
        for event in events {
            guard let topic = event.fact.topic else {
                general += 1
                continue
            }
            // A topic that no reply was kept of has no number.
            if let number = subjects[.topic(topic)] { changes[number] += 1 }
        }
    }

    /// The number of somebody who has asked before; nil for anybody else.
    func viewer(_ person: PersonID, _ form: Form) -> Int? { viewers[Viewer(person: person, form: form)] }

    /// The reply to a viewer's request that was given before and is still right.
    func reply(to request: Request, of viewer: Int, on day: CivilDate) -> Kept? {
        guard let kept = answers[Question(viewer: viewer, verb: request.verb, arguments: request.arguments)],
            isRight(kept, on: day)
        else { return nil }
        return kept
    }

    /// The reply that somebody with the same view was given and that is still right; it is remembered for this one, too.
    mutating func reply(
        to request: Request, of person: PersonID, seeing view: View, in form: Form, on day: CivilDate
    ) -> Kept? {
        let question = SharedQuestion(view: view, form: form, verb: request.verb, arguments: request.arguments)
        guard let kept = shared[question], isRight(kept, on: day) else { return nil }
        remember(kept, for: request, of: person, in: form)
        return kept
    }

    /// Keeps a reply that says OK and is not too long, and gives it in the form in which it is sent; nil otherwise.
    ///
    /// - Parameter name: that of the request's form, under which it is counted when it is given again.
    mutating func keep(
        _ reply: Reply, to request: Request, named name: String, about subject: Subject, of person: PersonID,
        seeing view: View, in form: Form, on day: CivilDate
    ) -> Kept? {
        // A long one is written once, where it is sent.
        guard reply.status.isOK, reply.usualOctets <= Self.longestReply else { return nil }
        let number = number(of: subject)
        let kept = Kept(
            reply, to: name, literal: form.sendsLiterals,
            stamp: Stamp(subject: number, changes: changes[number], general: general, day: day))
        guard kept.count <= Self.longestReply else { return nil }
        makeRoom(for: kept.count + Self.entryOctets + request.keyOctets)
        shared[SharedQuestion(view: view, form: form, verb: request.verb, arguments: request.arguments)] = kept
        remember(kept, for: request, of: person, in: form)
        return kept
    }

    /// Counts what is about to be kept, and drops everything when it would be too much.
    private mutating func makeRoom(for new: Int) {
        if octets + new > Self.capacity {
            shared = [:]
            answers = [:]
            viewers = [:]
            octets = 0
        }
        octets += new
    }

    private mutating func remember(_ kept: Kept, for request: Request, of person: PersonID, in form: Form) {
        makeRoom(for: Self.entryOctets + request.keyOctets)
        let viewer = Viewer(person: person, form: form)
        let number = viewers[viewer] ?? viewers.count
        viewers[viewer] = number
        answers[Question(viewer: number, verb: request.verb, arguments: request.arguments)] = kept
    }

    private mutating func number(of subject: Subject) -> Int {
        if let number = subjects[subject] { return number }
        subjects[subject] = changes.count
        changes.append(0)
        return changes.count - 1
    }

    private func isRight(_ kept: Kept, on day: CivilDate) -> Bool {
        let stamp = kept.stamp
        return stamp.changes == changes[stamp.subject] && stamp.general == general && stamp.day == day
    }
}

extension Request {
    /// What its arguments take as part of a key, in octets.
    fileprivate var keyOctets: Int { arguments.reduce(0) { $0 + 64 + $1.value.utf8.count } }
}

extension Reading {
    /// What the reply to a query looks at and who gets the same; nil for queries whose replies are not kept.
    var outlook: (subject: ReplyCache.Subject, view: ReplyCache.View)? {
        switch query {
        case .list:
            if call.flag("mine") { return (.everyTopic, .person(person.id)) }
            return (.everyTopic, .topics(state.topicsInOrder.map { state.access(of: person.id, to: $0) }))
        case .show:
            let object = call.word("object")
            if let topic = TopicID(object) { return outlook(on: topic, hasReviews: true) }
            return RevisionID(object).flatMap { outlook(on: $0.topic, hasReviews: false) }
        case .outline:
            return RevisionID(call.word("revision")).flatMap { outlook(on: $0.topic, hasReviews: false) }
        case .comments: return TopicID(call.word("topic")).flatMap { outlook(on: $0, hasReviews: false) }
        case .thread:
            return CommentID(call.word("comment")).flatMap { state.topicID(of: $0) }
                .flatMap { outlook(on: $0, hasReviews: false) }
        case .whoAmI, .certificates, .people, .offices, .plans, .showPlan, .checkPlan, .check, .toDo, .log, .difference,
            .assessments, .manifest, .find, .form, .calendar, .dossier, .fetch, .checkpoint, .proof, .status:
            return nil
        }
    }

    private func outlook(
        on id: TopicID, hasReviews: Bool
    ) -> (subject: ReplyCache.Subject, view: ReplyCache.View)? {
        guard let topic = state.topics[id], !topic.isArchived else { return nil }
        let access = state.access(of: person.id, to: topic)
        guard hasReviews else { return access == .text ? (.topic(id), .text) : nil }
        guard access != .none else { return nil }
        let seen = topic.reviews.filter { state.canSee($0, in: topic, person: person.id) }.map(\.id)
        return (.topic(id), .topic(access, access == .text ? seen : []))
    }
}

extension Engine {
    /// Answers the first requests of a burst that were asked before and whose replies are still right; gives how many.
    ///
    /// Only where nothing waits before them, so that replies keep the order of the requests. Everything else about them
    /// is as always: they count against the rate, and who may not see it any more has another view or no session.
    mutating func answerAgain(_ received: [Received], at place: Int, now: Instant) -> Int {
        guard connections.values[place].hasNothingToDo,
            case .authenticated(let identity) = connections.values[place].session, identity.proof != .invitation
        else { return 0 }
        guard let viewer = replies.viewer(identity.person, connections.values[place].form),
            var bucket = buckets[identity.person]
        else {
            return 0
        }
        let day = now.date
        var answered = 0
        // Mostly the same is asked again and again: one look at the tally for all of a kind in a row.
        var (form, run) = ("", 0)
        for item in received {
            guard case .request(let request) = item, request.body == nil,
                connections.values[place].output.count <= EngineConfiguration.outputOctets,
                let kept = replies.reply(to: request, of: viewer, on: day), bucket.take(now: now) == nil
            else { break }
            kept.write(tag: request.tag, into: &connections.values[place].output)
            answered += 1
            if kept.form != form {
                tally.count(form, done: run)
                (form, run) = (kept.form, 0)
            }
            run += 1
        }
        guard answered > 0 else { return 0 }
        tally.count(form, done: run)
        buckets[identity.person] = bucket
        hasWritten(at: place)
        return answered
    }
}

extension Connection {
    /// Whether no request waits, and the next one may be answered.
    fileprivate var hasNothingToDo: Bool {
        unanswered == 0 && waiting == .nothing && !isBlocked && !isPaused
    }

    /// The form in which its replies are written.
    var form: ReplyCache.Form { ReplyCache.Form(language: language, sendsLiterals: sendsLiterals) }
}
