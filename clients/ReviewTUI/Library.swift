import PhanbienCommands
import ReviewClient
import ReviewCore
import ReviewDigest
import ReviewProtocol

/// One topic as LIST tells it.
struct TopicRow: Sendable, Equatable {
    let row: ReplyRow
    let id: String
    let stage: String
    let title: String
    let revision: Int

    init?(_ row: ReplyRow) {
        guard row.word == "topic", let id = row["id"] else { return nil }
        self.row = row
        self.id = id
        stage = row["stage"] ?? ""
        title = row["title"] ?? ""
        revision = row["revision"].flatMap { Int($0) } ?? 0
    }

    /// Whether nothing more can happen to it.
    var isFinished: Bool { Stage(rawValue: stage)?.isFinished == true }

    /// Where it stands; what is laid aside says so first.
    func stageWords(_ model: Model) -> String {
        let words = model.word(.stage, stage)
        return row["postponed"] == "yes" ? model.text("tạm hoãn, \(words)", "postponed, \(words)") : words
    }

    /// The last day on time; nil when nothing is due any more.
    var due: CalendarDay? {
        if Vocabulary.isOver(row) { return nil }
        return (row["last-day"] ?? row["due"]).flatMap { CalendarDay($0) }
    }
}

/// One thing that waits for the person.
struct TaskRow: Sendable, Equatable {
    let topic: String
    let act: String
    let object: String?
    let due: CalendarDay?
    let text: String

    init?(_ row: ReplyRow) {
        guard row.word == "task", let topic = row["topic"] else { return nil }
        self.topic = topic
        act = row["act"] ?? ""
        object = row["object"]
        due = (row["last-day"] ?? row["due"]).flatMap { CalendarDay($0) }
        text = row["text"] ?? ""
    }

    func isSame(as other: TaskRow) -> Bool {
        topic == other.topic && act == other.act && object == other.object
    }
}

/// One comment as COMMENTS tells it.
struct CommentRow: Sendable, Equatable {
    let row: ReplyRow
    let id: String
    let state: String
    let level: String

    init?(_ row: ReplyRow) {
        guard row.word == "comment", let id = row["id"] else { return nil }
        self.row = row
        self.id = id
        state = row["state"] ?? ""
        level = row["level"] ?? ""
    }

    /// Where it sits in the revision that was asked for: an orphan under the section in which its paragraph was, since
    /// another one may have that number now.
    var place: String {
        let place = row["at"] ?? row["anchor"] ?? "whole"
        guard isOrphan, let cut = place.lastIndex(of: "/") else { return place }
        return String(place[..<cut])
    }
    /// As it is in the revision that it was made on, whatever came afterwards.
    var inItsRevision: CommentRow {
        let pairs = row.pairs.filter { !["at", "now"].contains($0.key) }
        return CommentRow(ReplyRow(row.word, pairs + [Pair("now", "exact")])) ?? self
    }
    var isOpen: Bool { state == "open" }
    /// Whether its paragraph is gone.
    var isOrphan: Bool { row["now"] == "orphan" }
    /// Whether its author side, or its commenter, still has to do something.
    var isUnfinished: Bool { state == "open" || state == "maintained" }
}

/// A comment with everything that was said about it.
struct CommentThread: Sendable, Equatable {
    struct Passage: Sendable, Equatable {
        let kind: String
        let text: String
    }
    struct Message: Sendable, Equatable {
        let kind: String
        let by: String
        let time: String
        let text: String
    }

    let comment: CommentRow
    let passages: [Passage]
    let messages: [Message]

    init?(_ reply: Reply) {
        guard let comment = reply.rows.lazy.compactMap({ CommentRow($0) }).first else { return nil }
        self.comment = comment
        var passages: [Passage] = []
        var messages: [Message] = []
        for item in reply.items {
            guard let row = item.row else { continue }
            let text = String(decoding: item.text ?? [], as: UTF8.self)
            switch row.word {
            case "text": passages.append(Passage(kind: row["kind"] ?? "", text: text))
            case "message":
                messages.append(
                    Message(kind: row["kind"] ?? "", by: row["by"] ?? "", time: row["time"] ?? "", text: text))
            default: break
            }
        }
        self.passages = passages
        self.messages = messages
    }

    func passage(_ kind: String) -> String? { passages.first { $0.kind == kind }?.text }
}

/// The text of a revision, cut as the server cuts it.
struct RevisionText: Sendable, Equatable {
    let document: Document
    /// SHA-256 of the octets as they arrived, computed here: 64 hexadecimal digits.
    let digest: String
    /// What the server claims it to be.
    let claimed: String

    init(_ reply: Reply) {
        let octets = reply.text
        document = Document(String(decoding: octets, as: UTF8.self))
        digest = Digest(hashing: octets).description
        claimed = reply["sha256"]?.lowercased() ?? ""
    }

    /// Whether the text is the one whose digest the server names.
    var isGenuine: Bool { claimed.utf8.count >= 16 && digest.hasPrefix(claimed) }
}

/// One requirement as CHECK tells it.
struct RequirementRow: Sendable, Equatable {
    let id: String
    let state: String
    let waiting: String
    let text: String

    init?(_ row: ReplyRow) {
        guard row.word == "requirement", let id = row["id"] else { return nil }
        self.id = id
        state = row["state"] ?? ""
        waiting = row["waiting"] ?? ""
        text = row["text"] ?? ""
    }

    var isUnmet: Bool { state == "unmet" }
}

/// What has been read from the server, and is shown without asking again until an event says that it changed.
struct Library: Sendable {
    var topics: [TopicRow] = []
    var tasks: [TaskRow] = []
    /// Whether they were read in this run: until then nobody can say that there are none, and afterwards what is new is news.
    var hasTasks = false
    /// The reply to SHOW of a topic.
    var details: [String: Reply] = [:]
    /// The newest comments of a topic, with their places in its newest revision.
    var comments: [String: [CommentRow]] = [:]
    /// The same with their places in a revision that is shown although it is not the newest, by `2025-1@3`.
    var formerComments: [String: [CommentRow]] = [:]
    var threads: [String: CommentThread] = [:]
    var checks: [String: [RequirementRow]] = [:]
    /// By `2025-1@3`; a revision never changes.
    private(set) var texts: [String: RevisionText] = [:]
    private var textOrder: [String] = []
    /// Texts, threads and places of comments that the server refused; they are not asked for again before something has changed.
    ///
    /// By name; behind it why, where the person is not simply not to read it.
    var refused: [String: String] = [:]
    var people: [String: String] = [:]
    var officesOfPeople: [String: String] = [:]
    /// Accounts that are in use, as offices list their people: leadership first, then office by office, each with its head
    /// first.
    private(set) var colleagues: [String] = []
    /// Who approves: the director, then deputies with a delegation in force on the day when it was read.
    private(set) var approvers: [String] = []
    var offices: [String: String] = [:]

    /// Texts that are kept at the same time; the one read longest ago goes first.
    private static let mostTexts = 6

    /// Keeps a text; the names of those that had to go.
    mutating func keep(_ text: RevisionText, as revision: String) -> [String] {
        textOrder.removeAll { $0 == revision }
        textOrder.append(revision)
        texts[revision] = text
        var gone: [String] = []
        while textOrder.count > Self.mostTexts { gone.append(textOrder.removeFirst()) }
        for name in gone { texts[name] = nil }
        return gone
    }

    /// Takes in what PEOPLE told.
    mutating func take(people reply: Reply) {
        let rows = reply.rows.filter { $0.word == "person" }
        people = [:]
        officesOfPeople = [:]
        for row in rows {
            guard let id = row["id"] else { continue }
            if let name = row["name"], !name.isEmpty { people[id] = name }
            if let office = row["office"] { officesOfPeople[id] = office }
        }
        let active = rows.filter { $0["disabled"] != "yes" }
        colleagues =
            active.compactMap { row in row["id"].map { (rank: Self.rank(of: row), id: $0) } }
            .sorted { $0.rank != $1.rank ? $0.rank < $1.rank : $0.id < $1.id }.map(\.id)
        approvers =
            (active.filter { $0["position"] == "director" }
            + active.filter { $0["position"] == "deputy" && $0["delegation"] != nil }).compactMap { $0["id"] }
    }

    /// Where a person stands in the list of an office's people.
    private static func rank(of row: ReplyRow) -> (Int, String, Int) {
        let position = row["position"].flatMap { Position(rawValue: $0) }
        let place = position.flatMap { Position.allCases.firstIndex(of: $0) } ?? .max
        return position?.isLeader == true ? (0, "", place) : (1, row["office"] ?? "", place)
    }

    /// Everybody who is known: colleagues first, then accounts that are closed.
    var everybody: [String] { colleagues + Set(people.keys).subtracting(colleagues).sorted() }

    mutating func forgetTexts() {
        texts = [:]
        textOrder = []
    }

    func topic(_ id: String) -> TopicRow? {
        topics.first { $0.id == id } ?? details[id]?.rows.lazy.compactMap { TopicRow($0) }.first
    }

    /// The comments of a topic with their places in the revision that a page shows.
    ///
    /// Until they were read, where another is the newest, only those that were made on exactly that text are known to stand
    /// where they were put.
    func comments(on page: TopicPage) -> [CommentRow] {
        let known = comments[page.topic] ?? []
        guard let revision = page.revision, revision < topic(page.topic)?.revision ?? 0 else { return known }
        return formerComments["\(page.topic)@\(revision)"]
            ?? known.map { $0.row["revision"] == String(revision) ? $0.inItsRevision : $0 }
    }

    func comment(_ id: String, of topic: String) -> CommentRow? { comments[topic]?.first { $0.id == id } }

    /// The name of a person, or of several behind commas; what is unknown is shown as it came.
    func name(_ person: String) -> String {
        person.split(separator: ",").map { people[String($0)] ?? String($0) }.joined(separator: ", ")
    }

    func office(_ id: String) -> String { offices[id] ?? id }

    /// Whose word a comment is, with whoever keyed it in for them.
    func giver(of comment: CommentRow, _ language: Language) -> String {
        Directory.giver(of: directory.naming(comment.row), language)
    }

    /// Who says a message of a comment's thread; the first one is the comment itself.
    func speaker(of message: CommentThread.Message, on comment: CommentRow, _ language: Language) -> String {
        message.kind == "comment" ? giver(of: comment, language) : name(message.by)
    }

    /// The reply with names in the place of account names.
    func named(_ reply: Reply) -> Reply { directory.naming(reply) }

    /// What a task is about, behind a space; nothing where that is its topic, which stands there already.
    func object(of task: TaskRow, _ language: Language) -> String {
        guard let object = task.object, object != task.topic else { return "" }
        return " " + directory.object(object, of: task.act, language)
    }

    var directory: Directory { Directory(people: people, offices: offices) }
}
