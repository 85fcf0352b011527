public import ReviewProtocol

/// What an operand or the value of an option is; decides its label in help, and what completion offers.
public enum ValueKind: Sendable, Equatable {
    case topic
    case revision
    case topicOrRevision
    /// What can be read: a topic, a revision or a review.
    case readable
    /// What can be confirmed: the minutes of a topic, or a comment.
    case topicOrComment
    /// The number of a revision of a topic that is known otherwise.
    case revisionNumber
    case comment
    case comments
    case review
    case person
    case people
    case office
    case place
    case year
    case file
    case folder
    case text
    case date
    case moment
    case number
    case address
    case word(Bilingual)
    case choice([String])
    case term(Vocabulary.Domain)

    /// The only values it takes; nil when there are too many to list.
    public var choices: [String]? {
        switch self {
        case .choice(let values): values
        case .term(let domain): Vocabulary.identifiers(domain)
        case .topic, .revision, .topicOrRevision, .readable, .topicOrComment, .revisionNumber, .comment, .comments,
            .review, .person, .people, .office, .place, .year, .file, .folder, .text, .date, .moment, .number, .address,
            .word:
            nil
        }
    }

    /// The placeholder in a synopsis.
    public var label: Bilingual {
        switch self {
        case .topic: Bilingual("CHUYÊN-ĐỀ", "TOPIC")
        case .revision: Bilingual("CHUYÊN-ĐỀ@BẢN", "TOPIC@N")
        case .topicOrRevision: Bilingual("CHUYÊN-ĐỀ[@BẢN]", "TOPIC[@N]")
        case .readable: Bilingual("CHUYÊN-ĐỀ[@BẢN]|PHIẾU", "TOPIC[@N]|REVIEW")
        case .topicOrComment: Bilingual("CHUYÊN-ĐỀ|Ý-KIẾN", "TOPIC|COMMENT")
        case .revisionNumber: Bilingual("@BẢN", "@N")
        case .comment: Bilingual("Ý-KIẾN", "COMMENT")
        case .comments: Bilingual("Ý-KIẾN,Ý-KIẾN", "COMMENT,COMMENT")
        case .review: Bilingual("PHIẾU", "REVIEW")
        case .person: Bilingual("NGƯỜI", "PERSON")
        case .people: Bilingual("NGƯỜI,NGƯỜI", "PERSON,PERSON")
        case .office: Bilingual("PHÒNG", "OFFICE")
        case .place: Bilingual("VỊ-TRÍ", "PLACE")
        case .year: Bilingual("NĂM", "YEAR")
        case .file: Bilingual("TỆP", "FILE")
        case .folder: Bilingual("THƯ-MỤC", "FOLDER")
        case .text: Bilingual("NỘI-DUNG", "TEXT")
        case .date: Bilingual("NGÀY", "DATE")
        case .moment: Bilingual("GIỜ-NGÀY", "TIME-DATE")
        case .number: Bilingual("SỐ", "NUMBER")
        case .address: Bilingual("MÁY-CHỦ:CỔNG", "HOST:PORT")
        case .word(let label): label
        case .choice(let values): Bilingual(both: values.joined(separator: "|"))
        case .term(let domain): domain.label
        }
    }
}

/// One operand of a command, by its place.
public struct Operand: Sendable {
    /// Its name in `CommandForm.wire`.
    public let name: String
    /// What it is.
    public let kind: ValueKind
    /// Whether it must be given.
    public let required: Bool
    /// Whether it takes every word that follows (text).
    public let repeats: Bool

    init(_ name: String, _ kind: ValueKind, required: Bool = true, repeats: Bool = false) {
        self.name = name
        self.kind = kind
        self.required = required
        self.repeats = repeats
    }
}

/// One option of a command: `--at II.1/2`.
public struct OptionForm: Sendable {
    /// The name without its dashes.
    public let name: String
    /// What its value is; nil for a switch.
    public let kind: ValueKind?
    /// Whether the command cannot do without it.
    public let required: Bool
    /// The key of the request that carries it; nil when only the client uses it.
    public let wire: String?
    /// What it does.
    public let summary: Bilingual

    init(_ name: String, _ kind: ValueKind?, wire: String? = nil, required: Bool = false, _ summary: Bilingual) {
        self.name = name
        self.kind = kind
        self.required = required
        self.wire = wire
        self.summary = summary
    }
}

/// Whether a command carries a text, and how.
public enum TextRule: Sendable, Equatable {
    /// It carries none.
    case none
    /// It may carry one; none is asked for.
    case optional
    /// It carries one: from its argument, a file, standard input, or the editor.
    case required
}

/// The groups of the help's first page.
public enum CommandGroup: Int, CaseIterable, Sendable {
    case everyday, text, comments, reviews, stages, papers, events, people, plan, connection

    /// The heading of the group.
    public var title: Bilingual {
        switch self {
        case .everyday: Bilingual("Việc hằng ngày", "Every day")
        case .text: Bilingual("Văn bản chuyên đề", "The text")
        case .comments: Bilingual("Ý kiến, tiếp thu, giải trình", "Comments and dispositions")
        case .reviews: Bilingual("Phản biện, ý kiến lãnh đạo, kiểm tra", "Reviews and sign-offs")
        case .stages: Bilingual("Chuyển bước, sinh hoạt, phê duyệt", "Stages, plenary, approval")
        case .papers: Bilingual("Biểu mẫu, hồ sơ", "Papers and dossiers")
        case .events: Bilingual("Theo dõi, nhật ký", "Events and the log")
        case .people: Bilingual("Người dùng", "People")
        case .plan: Bilingual("Kế hoạch, phân công", "Plan and assignments")
        case .connection: Bilingual("Kết nối, trợ giúp", "Connection and help")
        }
    }
}

/// Who carries a command out.
public enum Conduct: Sendable, Equatable {
    /// One request made from `wire`, one reply printed.
    case request
    case login, logout, enrol, changePassword
    case show, push, attach, original, comment, apply, review, approve, watch, differences, log, calendar, dossier,
        fetch
    case checkpoint, proof
    case screen, shell, completions, help, version

    /// Whether it may have to sign, or is about the login itself.
    package var needsCertificate: Bool {
        switch self {
        case .approve, .screen, .shell, .login, .enrol: true
        case .request, .logout, .changePassword, .show, .push, .attach, .original, .comment, .apply, .review, .watch,
            .differences, .log, .calendar, .dossier, .fetch, .checkpoint, .proof, .completions, .help, .version:
            false
        }
    }
}

/// One command of `phanbien`: the parser, the help, the completions and the requests all come from this row.
public struct CommandForm: Sendable {
    /// The words that name it: `["plenary", "open"]`.
    public let path: [String]
    /// Its Vietnamese names, without dấu, so that they can be typed on every keyboard.
    public let alias: [String]
    /// Where the help lists it.
    public let group: CommandGroup
    /// Its operands, in order.
    public let operands: [Operand]
    /// Its own options; the global ones are in `CommandTable.globalOptions`.
    public let options: [OptionForm]
    /// Whether it carries a text.
    public let text: TextRule
    /// Whether it changes something: then it takes `--key` and `--dry-run`, and its request carries `key=`.
    public let writes: Bool
    /// Whether it cannot be undone (domain §3): it is tried first, shown, and confirmed.
    public let irreversible: Bool
    /// The request: verb, literals, and `{operand}`; empty for commands that make their own.
    public let wire: String
    /// Who carries it out.
    public let conduct: Conduct
    /// What it does, in one line.
    public let summary: Bilingual
    /// An example that works as it stands.
    public let example: String

    init(
        _ path: String, _ alias: String, _ group: CommandGroup, _ operands: [Operand] = [],
        options: [OptionForm] = [], text: TextRule = .none, writes: Bool = false, irreversible: Bool = false,
        wire: String = "", conduct: Conduct = .request, _ vietnamese: String, _ english: String, example: String
    ) {
        self.path = path.split(separator: " ").map(String.init)
        self.alias = alias.split(separator: " ").map(String.init)
        self.group = group
        self.operands = operands
        self.options =
            text == .none
            ? options
            : options + [
                OptionForm(
                    "file", .file,
                    Bilingual(
                        "lấy nội dung từ tệp (\"-\": đầu vào chuẩn)",
                        "take the text from a file (\"-\": standard input)"))
            ]
        self.text = text
        self.writes = writes
        self.irreversible = irreversible
        self.wire = wire
        self.conduct = conduct
        summary = Bilingual(vietnamese, english)
        self.example = example
    }

    /// The words that name it, as one string.
    public var name: String { path.joined(separator: " ") }

    /// The one line that shows how it is written.
    public func synopsis(_ language: Language) -> String {
        var parts = ["phanbien", name]
        for operand in operands {
            let label = operand.kind.label.text(language) + (operand.repeats ? "…" : "")
            parts.append(operand.required ? label : "[\(label)]")
        }
        for option in options {
            let flag = "--" + option.name + (option.kind.map { " " + $0.label.text(language) } ?? "")
            parts.append(option.required ? flag : "[\(flag)]")
        }
        return parts.joined(separator: " ")
    }
}
