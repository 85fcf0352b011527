/// On whose behalf a comment speaks (domain §2, §5).
public enum Behalf: Sendable, Equatable {
    /// For the person who posted it (cá nhân).
    case person
    /// For an office (phòng).
    case office(OfficeID)
    /// Keyed in thay mặt for a speaker; unconfirmed until the speaker or the chair confirms it.
    case speaker(PersonID)

    /// What `behalf=` says for an office; so no person is called that.
    static let officeWord = "office"

    /// The stored word; nil for oneself.
    var stored: String? {
        switch self {
        case .person: nil
        case .office(let office): "office:\(office)"
        case .speaker(let person): "person:\(person)"
        }
    }

    /// Reads the stored word.
    init?(stored: String) {
        if stored.hasPrefix("office:"), let office = OfficeID(String(stored.dropFirst(7))) {
            self = .office(office)
        } else if stored.hasPrefix("person:"), let person = PersonID(String(stored.dropFirst(7))) {
            self = .speaker(person)
        } else {
            return nil
        }
    }
}

/// A comment (ý kiến) with its thread, disposition and answer.
public struct Comment: Sendable {
    /// The identifier, over all topics.
    public let id: CommentID
    /// The revision it was made on.
    public let revision: Int
    /// Its place in that revision; never changes.
    public let anchor: Anchor
    /// Its place in the newest revision: a view, recomputed with each push.
    public internal(set) var now: PortedAnchor
    /// What it is about.
    public let kind: CommentKind
    /// How much it binds.
    public let level: CommentLevel
    /// The stage (đợt) in which it was made.
    public let stage: Stage
    /// The review round in which it was made.
    public let round: Int
    /// Who posted it.
    public let person: PersonID
    /// Their office at that moment.
    public let office: OfficeID?
    /// On whose behalf.
    public let behalf: Behalf
    /// Whether a remark keyed in thay mặt was confirmed; true for all others.
    public internal(set) var isConfirmed: Bool
    /// When.
    public let time: Instant
    /// Its place in the log.
    let event: Int64
    /// What the quoted words are to become (đề nghị sửa thành).
    public let suggestion: Body?
    /// The thread, the comment itself first.
    public internal(set) var messages: [Message]
    /// Where the thread stands.
    public internal(set) var state: CommentState = .open
    /// What the author side did with it.
    public internal(set) var disposition: Disposition?
    /// The revision that carries an acceptance.
    public internal(set) var settledIn: Int?
    /// Whether the server found that revision, so that a later one which names the comment takes its place.
    public internal(set) var isCarrierFound = false
    /// Whether the commenter maintained it and has not agreed since: the approver has to see it, even if the author side
    /// settled it once more.
    public internal(set) var isMaintained = false
    /// The giải trình in force.
    public internal(set) var explanation: Body?
    /// Who settled it.
    var settledBy: PersonID?
    /// The event that settled it.
    var settling: Int64?
    /// When the state last changed.
    var stateSince: Instant

    /// One message of the thread; never edited.
    public struct Message: Sendable {
        /// What the message did.
        public enum Kind: String, Sendable {
            case comment, answer, settle, maintain, withdraw
        }
        /// What the message did.
        public let kind: Kind
        /// Who.
        public let person: PersonID
        /// Their office at that moment.
        public let office: OfficeID?
        /// When.
        public let time: Instant
        /// The words.
        public let body: Body
        /// Its place in the log.
        let event: Int64
    }

    /// The person whose comment it is: the speaker of a remark keyed in thay mặt, else who posted it.
    public var owner: PersonID {
        switch behalf {
        case .speaker(let person): person
        case .person, .office: person
        }
    }

    /// The comment's own words.
    public var body: Body { messages.first?.body ?? Body("") }

    /// Whether it still binds the authors (not withdrawn).
    public var isLive: Bool { state != .withdrawn }

    /// Whether a revision has to show what was accepted.
    var isToBeCarried: Bool { disposition == .accepted || disposition == .partly }

    /// Whether it is a person's own comment, or one that they keyed in.
    func isBy(_ id: PersonID) -> Bool { owner == id || person == id }
}
