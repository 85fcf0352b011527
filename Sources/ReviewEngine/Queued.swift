import ReviewCore
import ReviewProtocol

/// A request that came and is not answered yet.
struct Queued: Sendable {
    /// What the framer and the verb table made of it.
    enum Content: Sendable {
        /// A request that fits the table.
        case call(Call)
        /// A request that was not understood.
        case malformed(Malformed)
        /// Nothing more can be read.
        case fatal(ByeCode)
    }

    /// Its number on this connection, rising by one.
    let serial: Int
    /// What came.
    let content: Content
    /// About how much memory it holds, in octets.
    let octets: Int
    /// What was fetched for it so far.
    var materials = Materials()
    /// Whether it was counted against its person's rate.
    var isCharged = false

    /// Takes in a finished topic that was fetched for it; nil: it could not be read.
    ///
    /// Of each that a year's report asks for its course is kept, since the next one takes its place.
    mutating func take(_ topic: Topic?) {
        materials.topic = topic
        guard let topic else {
            materials.hasFailed = true
            return
        }
        guard case .call(let call) = content, call.form.act == .query(.form),
            call.pair("name") == Papers.Form.yearReport.rawValue
        else { return }
        var courses = materials.courses?.value ?? [:]
        courses[topic.id] = TopicCourse(of: topic)
        materials.courses = Box(courses)
    }
}

/// What was fetched for one request: it is worked on again from its start whenever more has come.
struct Materials: Sendable {
    /// What is known of an earlier use of a write's key.
    enum KeyLookup: Sendable {
        /// Nothing yet.
        case unknown
        /// The store was asked.
        case asked
        /// The store's answer, good as long as nothing was appended since.
        case answered(appends: UInt64, StoredReply?)
    }

    var key = KeyLookup.unknown
    /// The topic of a comment or review that is not in memory; the inner nil: there is none.
    var owner: TopicID??
    /// A finished topic with its details; in a box, since every copy of a request would copy it.
    var boxedTopic: Box<Topic>?
    var topic: Topic? {
        get { boxedTopic?.value }
        set { boxedTopic = newValue.map { Box($0) } }
    }
    /// The courses of finished topics that were fetched for a year's report; in a box, as the stretch is.
    var courses: Box<[TopicID: TopicCourse]>?
    /// A stretch of the log, as far as it was read; in a box, since hardly any request has one and every place for a
    /// request would be larger.
    var stretch: Box<Stretch>?
    /// What a search found.
    var hits: [SearchHit]?
    /// A stored read position; the inner nil: none is stored.
    var position: Int64??
    /// Hashes of the tree over the log; in a box, as the stretch is.
    var tree: Box<TreeAnswer>?
    /// What a long text that is pushed was found to mean.
    var draft: PreparedDraft?
    /// What a long file that is attached was found to be, or why it is refused; in a box, as the stretch is.
    var original: Box<Result<OriginalContent, Refusal>>?
    /// What a plan file that is loaded was understood as; in a box, as the stretch is.
    var plan: Box<PlanReading>?
    /// What the pool checked or made.
    var verified: Verified?
    /// The store could not read.
    var hasFailed = false
}

/// A part of the log that is read page by page.
struct Stretch: Sendable {
    /// What its reader may see of it, and what the state did not hold yet when it was read.
    var events: [Event] = []
    /// How many events were read, those included that are not kept.
    var read = 0
    /// The position of the last of them; nil before the first.
    var last: Int64?
    /// Whether there is nothing behind it.
    var isAtEnd = false
}
