import ReviewCore
import ReviewDigest
import ReviewProtocol

/// Why a query does not give its reply: it is refused, or it needs something from the store first.
enum Interruption: Error {
    /// Refused.
    case refused(Refusal)
    /// Refused with a code that the domain does not have.
    case answered(Reply)
    /// It is asked again when this was read.
    case needs(LoadRequest)
}

/// Everything that a query may look at.
///
/// It reads and changes nothing, so every query is a function of this value.
struct Reading {
    /// What is durable.
    let state: State
    /// Who asks.
    let person: Person
    /// How they logged in.
    let proof: Identity.Proof
    /// The client certificate that they logged in with.
    let certificate: Digest?
    /// The moment.
    let now: Instant
    /// The language of what they read.
    let language: Language
    /// What is asked.
    let query: Act.Query
    /// The request.
    let call: Call
    /// What was fetched for this request so far.
    let materials: Materials
    /// Understands a plan file.
    let readPlan: @Sendable ([UInt8]) -> (PlanDraft?, [PlanProblem])
    /// The line as which an event is stored.
    let writeRecord: @Sendable (Event) -> String
    /// The topic whose dossier this connection asked for last.
    let dossier: TopicID?
    /// For STATUS, MANIFEST and DOSSIER.
    let engine: EngineFigures

    /// The reply.
    func answer() throws(Interruption) -> Reply {
        switch query {
        case .whoAmI: whoAmI()
        case .certificates: try certificates()
        case .people: people()
        case .offices: offices()
        case .plans: plans()
        case .showPlan: try showPlan()
        case .checkPlan: try checkPlan()
        case .list: list()
        case .show: try show()
        case .check: try check()
        case .toDo: toDo()
        case .log: try log()
        case .comments: try comments()
        case .thread: try thread()
        case .assessments: try assessments()
        case .outline: try outline()
        case .difference: try difference()
        case .manifest: try manifest()
        case .form: try form()
        case .calendar: calendar()
        case .dossier: try showDossier()
        case .fetch: try fetch()
        case .find: try find()
        case .checkpoint: try checkpoint()
        case .proof: try treeProof()
        case .status: try status()
        }
    }

    // MARK: What queries have in common

    /// Both languages are at hand; one is printed.
    func said(_ wording: Wording) -> String { wording.text(language) }

    /// A reply without anything to say to a person.
    func done(_ pairs: [Pair] = [], _ wording: Wording? = nil, parts: [Reply.Part] = []) -> Reply {
        .ok(pairs, wording, parts: parts, language)
    }

    /// What one may not see does not exist (specification §3).
    ///
    /// - Parameter english: what it is called in English, where a code does not say it in both languages.
    func notFound(_ what: String, _ english: String? = nil) -> Interruption {
        .refused(
            Refusal(
                .notFound,
                Wording(
                    "Không có \(what), hoặc bạn chưa được xem",
                    "There is no \(english ?? what), or it is not open to you")))
    }

    /// A topic that the person may know of, perhaps without its details.
    func known(_ text: String) throws(Interruption) -> (topic: Topic, access: Access) {
        guard let id = TopicID(text), let topic = state.topics[id] else { throw notFound(text) }
        let access = state.access(of: person.id, to: topic)
        guard access != .none else { throw notFound(text) }
        return (topic, access)
    }

    /// A topic whose texts the person may read, with its details: those of a finished one are read from the log
    /// first.
    func readable(_ text: String) throws(Interruption) -> Topic {
        let (topic, access) = try known(text)
        guard access == .text else { throw .refused(topic.unread) }
        return try whole(topic)
    }

    /// The topic with its details.
    func whole(_ topic: Topic) throws(Interruption) -> Topic {
        guard topic.isArchived else { return topic }
        if let revived = materials.topic, revived.id == topic.id { return revived }
        throw .needs(.topic(topic.id))
    }

    /// A revision that the person may read.
    func revision(_ text: String) throws(Interruption) -> (topic: Topic, revision: Revision) {
        guard let id = RevisionID(text) else { throw notFound(text) }
        let topic = try readable(id.topic.description)
        guard let revision = topic.revision(id.number) else { throw notFound(text) }
        return (topic, revision)
    }

    /// The topic of a comment, and the comment, if the person may read it.
    func comment(_ text: String) throws(Interruption) -> (topic: Topic, comment: Comment) {
        guard let id = CommentID(text) else { throw notFound(text) }
        let owner = try owner(state.topicID(of: id), .topicOfComment(id), text)
        // Not to tell apart what is hidden from what does not exist, the words are those of the comment.
        guard let topic = state.topics[owner], state.access(of: person.id, to: topic) == .text,
            let comment = try whole(topic).comments[id.number]
        else { throw notFound(text) }
        return (try whole(topic), comment)
    }

    /// The topic of a review, and the review, if the person may read it.
    func review(_ text: String) throws(Interruption) -> (topic: Topic, review: Review) {
        guard let id = ReviewID(text) else { throw notFound(text) }
        let owner = try owner(state.topicID(of: id), .topicOfReview(id), text)
        guard let topic = state.topics[owner], state.access(of: person.id, to: topic) == .text else {
            throw notFound(text)
        }
        let details = try whole(topic)
        guard let review = details.shown(to: person.id, in: state).reviews[id.number] else { throw notFound(text) }
        return (details, review)
    }

    private func owner(_ known: TopicID?, _ request: LoadRequest, _ text: String) throws(Interruption) -> TopicID {
        if let known { return known }
        guard let found = materials.owner else { throw .needs(request) }
        guard let found else { throw notFound(text) }
        return found
    }

    /// A revision number from a pair such as `from=@1`.
    func revision(_ key: String, of topic: Topic) throws(Interruption) -> Revision {
        let text = call.pair(key) ?? ""
        guard let number = call.number(key).flatMap({ Int(exactly: $0) }), let revision = topic.revision(number) else {
            throw notFound("\(topic.id)\(text)")
        }
        return revision
    }
}

/// What queries are told of the engine itself.
struct EngineFigures {
    /// The log's name.
    let epoch: String
    /// Connections, those that are logged in, those that watch.
    let connections: Int
    let authenticated: Int
    let watching: Int
    /// Batches since the start.
    let appends: UInt64
    /// When the engine began.
    let started: Instant
    /// What the shell measured.
    let server: ServerFigures
    /// What the server is built from.
    let versions: [Pair]
    /// Signs what the server says of its log.
    let signer: Signer?
}
