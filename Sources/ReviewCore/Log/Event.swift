/// A fact at its place in the log: what happened, when, and who did it from which office.
///
/// The office is the one that the person was in when they acted; a later transfer rewrites nothing (domain §1).
public struct Event: Sendable, Equatable {
    /// Place in the log, from 1, without gaps.
    public let sequence: Int64
    /// When it was decided.
    public let time: Instant
    /// Who did it; nil for the operator's own commands on the server's machine.
    public let person: PersonID?
    /// The office the person was in at that moment.
    public let office: OfficeID?
    /// What happened.
    public let fact: Fact

    /// Puts a fact at its place.
    public init(sequence: Int64, time: Instant, person: PersonID?, office: OfficeID?, fact: Fact) {
        self.sequence = sequence
        self.time = time
        self.person = person
        self.office = office
        self.fact = fact
    }
}

/// How long an event has to be loaded again at start.
public enum Retention: Sendable, Equatable {
    /// Always: people, plans, and the last word on a finished topic.
    case always
    /// While its topic is open; afterwards only when somebody asks for that topic.
    case whileOpen(TopicID)
    /// Until an instant, after which it has no effect any more (session tokens).
    case until(Instant)
}

/// A write's answer, kept for ever beside its effect so that the same key gets the same answer (specification §4).
public struct StoredReply: Sendable, Equatable {
    /// Who sent the request.
    public let key: ReplyKey
    /// SHA-256 of the request's canonical form: another request under the same key is KEY-REUSED.
    public let request: String
    /// The reply: lines of the wire without the tag, to be sent again with `replay=yes`.
    public let reply: [UInt8]
    /// The last event of the request, which is in the same batch; nil when the request changed nothing.
    public let sequence: Int64?

    /// Makes an entry.
    public init(key: ReplyKey, request: String, reply: [UInt8], sequence: Int64? = nil) {
        self.key = key
        self.request = request
        self.reply = reply
        self.sequence = sequence
    }
}

/// A person's key of a write (specification §4: 1 to 64 characters, unique per person).
public struct ReplyKey: Sendable, Hashable {
    /// Who sent it.
    public let person: PersonID
    /// The key as sent.
    public let key: String

    /// Names a key.
    public init(person: PersonID, key: String) {
        self.person = person
        self.key = key
    }

    /// Two keys are the same when their octets are, as they are stored: String would also take é and e with an accent
    /// behind it for one key, which the log has as two.
    public static func == (one: ReplyKey, other: ReplyKey) -> Bool {
        one.person == other.person && one.key.utf8.elementsEqual(other.key.utf8)
    }

    /// Of the octets.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(person)
        var key = key
        key.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
}

/// A person's read position for one client name (specification §4, ACK).
public struct ReadPosition: Sendable, Equatable {
    /// Whose.
    public let person: PersonID
    /// The client's name, empty for none.
    public let client: String
    /// The last event read.
    public let sequence: Int64

    /// Makes a position.
    public init(person: PersonID, client: String, sequence: Int64) {
        self.person = person
        self.client = client
        self.sequence = sequence
    }
}

/// What is appended as one transaction: all of it becomes durable, or none.
public struct Batch: Sendable, Equatable {
    /// The last event that the writer knows; another head in the log is a conflict.
    public var expected: Int64
    /// New events, numbered `expected + 1` and onward.
    public var events: [Event] = []
    /// Replies to keep, in the order of the events to which they belong.
    public var replies: [StoredReply] = []
    /// Read positions to keep (the later one of a person and client wins).
    public var positions: [ReadPosition] = []

    /// An empty batch after `expected`.
    public init(expected: Int64) { self.expected = expected }

    /// Whether there is nothing to write.
    public var isEmpty: Bool { events.isEmpty && replies.isEmpty && positions.isEmpty }
}

/// A search of texts: visibility is decided before anything is matched or counted (HotCRP's lesson: search leaks).
public struct SearchQuery: Sendable, Equatable {
    /// The words, as typed.
    public let text: String
    /// Topics whose texts the person may read.
    public let topics: [TopicID]
    /// Reviews (P5) inside those topics that the person may not see yet.
    public let hidden: [ReviewID]
    /// The last event that is searched: `topics` and `hidden` know nothing of what came after it.
    public let through: Int64
    /// The most hits to give, 1 to 500.
    public let limit: Int

    /// Makes a query.
    public init(text: String, topics: [TopicID], hidden: [ReviewID], through: Int64, limit: Int) {
        self.text = text
        self.topics = topics
        self.hidden = hidden
        self.through = through
        self.limit = limit
    }
}

/// What a text of the search index belongs to.
public enum SearchSource: Sendable, Equatable, Hashable {
    /// A paragraph or the whole of a revision.
    case revision(RevisionID)
    /// A comment, or a message in its thread.
    case comment(CommentID, topic: TopicID)
    /// A review.
    case review(ReviewID, topic: TopicID)
    /// A plenary's conclusion, a leader's opinion, a reason.
    case topic(TopicID)

    /// The topic.
    public var topic: TopicID {
        switch self {
        case .revision(let revision): revision.topic
        case .comment(_, let topic), .review(_, let topic), .topic(let topic): topic
        }
    }
}

/// One hit of a search.
public struct SearchHit: Sendable, Equatable {
    /// Where the text stands.
    public let source: SearchSource
    /// The event that brought it.
    public let sequence: Int64
    /// Some words around the match, at most 200 characters, one line.
    public let snippet: String

    /// Makes a hit.
    public init(source: SearchSource, sequence: Int64, snippet: String) {
        self.source = source
        self.sequence = sequence
        self.snippet = snippet
    }
}
