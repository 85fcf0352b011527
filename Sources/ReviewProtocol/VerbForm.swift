/// Whether a verb takes a body, and what its octets are.
public struct BodyRule: Sendable, Equatable {
    /// Whether a body may or must come.
    public enum Presence: Sendable { case none, optional, required }

    /// What the octets are.
    ///
    /// Texts are checked by the text rules; the others are only framed.
    public enum Octets: Sendable { case text, credential, signature }

    /// Whether a body may or must come.
    public var presence: Presence
    /// What the octets are.
    public var octets: Octets
    /// The form that the synopsis shows.
    ///
    /// Every form is accepted everywhere: framing never depends on meaning.
    public var mark: String

    /// No body.
    public static let none = BodyRule(presence: .none, octets: .text, mark: "")

    /// A body that must come.
    public static func required(_ octets: Octets = .text, mark: String = "<<") -> BodyRule {
        BodyRule(presence: .required, octets: octets, mark: mark)
    }

    /// A body that may come.
    public static func optional(_ octets: Octets = .text, mark: String = "<<") -> BodyRule {
        BodyRule(presence: .optional, octets: octets, mark: mark)
    }
}

/// In which state of the session a verb is taken.
public enum SessionState: Sendable {
    /// Before and after login.
    case any
    /// Before login only.
    case anonymous
    /// After login only.
    case authenticated
}

/// One part of a verb's arguments.
public enum Part: Sendable, Equatable {
    /// A fixed word that tells the forms of one verb apart, such as OPEN; in any case.
    case literal(String)
    /// A positional value that must be there.
    case word(String, WordKind)
    /// A positional value at the end that may be absent.
    case optionalWord(String, WordKind)
    /// An argument with a key.
    case pair(String, WordKind, required: Bool)

    /// A pair that may be absent.
    public static func pair(_ key: String, _ kind: WordKind) -> Part { .pair(key, kind, required: false) }
    /// A pair that must be there.
    public static func needed(_ key: String, _ kind: WordKind) -> Part { .pair(key, kind, required: true) }
}

/// The groups in which HELP lists the verbs, in its order.
public enum VerbGroup: CaseIterable, Sendable {
    case session, people, plans, reading, assignment, text, comments, review, steps, plenary, approval, papers, events
    case administration

    /// The group's heading.
    public var title: Bilingual {
        switch self {
        case .session: Bilingual("Phiên làm việc", "Session")
        case .people: Bilingual("Người dùng, phòng, ủy quyền", "People, offices, delegation")
        case .plans: Bilingual("Kế hoạch chuyên đề", "Plans")
        case .reading: Bilingual("Xem chuyên đề và việc cần làm", "Topics and tasks")
        case .assignment: Bilingual("Phân công, thời hạn", "Assignment and deadlines")
        case .text: Bilingual("Dự thảo chuyên đề", "The text")
        case .comments: Bilingual("Ý kiến, tiếp thu, giải trình", "Comments and what became of them")
        case .review: Bilingual("Phản biện, cho ý kiến, xác nhận", "Reviews, opinions, sign-offs")
        case .steps: Bilingual("Chuyển bước", "From stage to stage")
        case .plenary: Bilingual("Sinh hoạt chuyên đề", "The plenary")
        case .approval: Bilingual("Phê duyệt, ban hành", "Approval and issue")
        case .papers: Bilingual("Tìm kiếm, biểu mẫu, hồ sơ", "Search, forms, dossier")
        case .events: Bilingual("Theo dõi thay đổi", "Following what happens")
        case .administration: Bilingual("Quản trị hệ thống", "Administration")
        }
    }
}

/// One row of the verb table.
///
/// It is everything that the parser, HELP, completion and the specification's table know of one form of a verb
/// (architecture rule 3). A row is one reference, so it costs little to pass around.
public struct VerbForm: Sendable {
    /// A positional argument, prepared for the parser.
    struct Position: Sendable {
        var name: String
        /// nil for a fixed word.
        var kind: WordKind?
        var required: Bool
    }

    /// An argument with a key, prepared for the parser.
    struct Row: Sendable {
        var key: String
        var kind: WordKind
        var required: Bool
    }

    private final class Details: Sendable {
        let act: Act
        let name: String
        let verb: String
        let pattern: [Part]
        let positions: [Position]
        let rows: [Row]
        let body: BodyRule
        let writes: Bool
        let session: SessionState
        let group: VerbGroup
        let permission: Bilingual
        let summary: Bilingual
        let example: Bilingual

        init(
            act: Act, pattern: [Part], body: BodyRule, session: SessionState, group: VerbGroup,
            permission: Bilingual, summary: Bilingual, example: Bilingual
        ) {
            if case .write = act { writes = true } else { writes = false }
            var positions: [Position] = []
            var rows: [Row] = []
            for part in pattern + (writes ? VerbForm.writePairs : []) {
                switch part {
                case .literal(let word): positions.append(Position(name: word, kind: nil, required: true))
                case .word(let name, let kind): positions.append(Position(name: name, kind: kind, required: true))
                case .optionalWord(let name, let kind):
                    positions.append(Position(name: name, kind: kind, required: false))
                case .pair(let key, let kind, let required): rows.append(Row(key: key, kind: kind, required: required))
                }
            }
            self.act = act
            name = act.name
            verb = String(name.prefix { $0 != " " })
            self.pattern = pattern
            self.positions = positions
            self.rows = rows
            self.body = body
            self.session = session
            self.group = group
            self.permission = permission
            self.summary = summary
            self.example = example
        }
    }

    private let details: Details

    /// What it does.
    public var act: Act { details.act }
    /// The verb with its fixed words: `PLENARY OPEN`.
    public var name: String { details.name }
    /// The verb alone: `PLENARY`.
    public var verb: String { details.verb }
    /// The arguments, the positional ones in their order on the wire.
    ///
    /// Writes also take `key=` and `dry-run=`.
    public var pattern: [Part] { details.pattern }
    /// The body.
    public var body: BodyRule { details.body }
    /// Whether it changes what is stored; such a form takes `key=` and `dry-run=yes`.
    public var writes: Bool { details.writes }
    /// When it is taken.
    public var session: SessionState { details.session }
    /// Where HELP lists it.
    public var group: VerbGroup { details.group }
    /// Who may use it, in words.
    public var permission: Bilingual { details.permission }
    /// What it does, in one sentence.
    public var summary: Bilingual { details.summary }
    /// A line that works, with its body if it has one; lines are separated by LF.
    public var example: Bilingual { details.example }

    var positions: [Position] { details.positions }
    var rows: [Row] { details.rows }

    init(
        _ act: Act, _ pattern: [Part] = [], body: BodyRule = .none, session: SessionState = .authenticated,
        group: VerbGroup,
        who permission: Bilingual = Who.everybody, does summary: Bilingual, example: Bilingual
    ) {
        details = Details(
            act: act, pattern: pattern, body: body, session: session, group: group, permission: permission,
            summary: summary, example: example)
    }

    /// How the form is written: `COMMENT topic@n [at=II.1/2] … <<`.
    ///
    /// `key=` and `dry-run=` of writes are not repeated here.
    public var synopsis: String {
        var words = [verb]
        for part in pattern {
            switch part {
            case .literal(let word): words.append(word)
            case .word(let name, let kind): words.append(VerbForm.placeholder(name, kind))
            case .optionalWord(let name, let kind): words.append("[\(VerbForm.placeholder(name, kind))]")
            case .pair(let key, let kind, let required):
                let pair = "\(key)=\(kind.placeholder)"
                words.append(required ? pair : "[\(pair)]")
            }
        }
        switch body.presence {
        case .none: break
        case .optional: words.append("[\(body.mark)]")
        case .required: words.append(body.mark)
        }
        return words.joined(separator: " ")
    }

    /// A free text is known by what it means; only the text to search for is just text.
    private static func placeholder(_ name: String, _ kind: WordKind) -> String {
        if case .text = kind, name != "text" { return name }
        return kind.placeholder
    }

    /// The pairs that every write takes (specification §4).
    static let writePairs: [Part] = [.pair("key", .retryKey), .pair("dry-run", .yes)]

    /// The keys that the form takes, those of every write included.
    public var keys: [String] { details.rows.map(\.key) }
}

/// Who may, in the words that several rows share.
enum Who {
    static let everybody = Bilingual("mọi người đã đăng nhập", "everybody who has logged in")
    static let anyone = Bilingual("mọi kết nối, kể cả chưa đăng nhập", "every connection, also before login")
    static let newcomers = Bilingual("kết nối chưa đăng nhập", "a connection that has not logged in")
    static let readers = Bilingual("người được xem chuyên đề", "everybody who may see the topic")
    static let admin = Bilingual("quản trị hệ thống", "the administrator")
    static let director = Bilingual("Giám đốc", "the director")
    static let leadHead = Bilingual("Trưởng phòng chủ trì", "the lead office's head")
    static let leaders = Bilingual("Giám đốc, Phó Giám đốc", "the director and deputies")
    static let authors = Bilingual("người soạn thảo, phòng chủ trì", "authors and the lead office")
    static let clerk = Bilingual("văn thư", "the clerk")
}
