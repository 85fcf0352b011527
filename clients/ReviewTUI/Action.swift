import ReviewProtocol
import Terminal

/// Everything that a key can ask for.
enum Action: String, Sendable, CaseIterable {
    case up, down, pageUp, pageDown, top, bottom, open, back
    case switchPane, nextComment, previousComment, nextOpen, previousOpen, nextSection, previousSection, contents
    case comment, words, reply, settle, apply, agree, maintain, withdraw
    case compare, requirements, about, review, upload, approve, history, newest, projector, everything, rollCall
    case sideBySide, nextChange, previousChange, answers
    case earlierFrom, laterFrom, earlierTo, laterTo
    case send, editor, nextField, previousField, evidence, preview
    case save, saveForWord, task, search, palette, help, language, refresh, suspend, quit
}

/// In which places a key means something.
enum Place: Sendable, CaseIterable {
    case home, topic, writing, comparison, approval, reading, plenary, review, search
}

/// One row of the key table: what is pressed, what it does, where, and what it is called.
///
/// The keys, the help, the foot of each page and the palette all come from these rows.
struct Binding: Sendable {
    let action: Action
    let keys: [Key]
    /// How the keys are written, with a space between them.
    let label: String
    let places: Set<Place>
    let name: Bilingual
    /// A shorter name for the foot of the page; nil when it is not shown there.
    let short: Bilingual?

    init(
        _ action: Action, _ keys: [Key], _ label: String, _ places: Set<Place>, _ vietnamese: String, _ english: String,
        short: Bilingual? = nil
    ) {
        self.action = action
        self.keys = keys
        self.label = label
        self.places = places
        name = Bilingual(vietnamese, english)
        self.short = short
    }

    /// How the keys are written that mean this in a place: where text is written a letter is text.
    func label(in place: Place) -> String {
        guard KeyTable.forms.contains(place) else { return label }
        return label.split(separator: " ").filter { $0.count > 1 }.joined(separator: " ")
    }
}

/// The key table.
enum KeyTable {
    private static let lists: Set<Place> = [.home, .topic, .comparison, .approval, .reading, .plenary, .search]
    static let forms: Set<Place> = [.writing, .review]

    static let bindings: [Binding] = [
        Binding(
            .open, [Key(.enter)], "Enter", [.home, .approval, .search], "mở mục đang chọn", "open what is selected",
            short: Bilingual("mở", "open")),
        Binding(.up, [Key(.up), .character("k")], "↑ k", lists, "lên", "up"),
        Binding(.down, [Key(.down), .character("j")], "↓ j", lists, "xuống", "down"),
        Binding(.pageUp, [Key(.pageUp), .control("b")], "PgUp", lists, "lên một trang", "a page up"),
        Binding(
            .pageDown, [Key(.pageDown), .control("f"), .character(" ")], "PgDn", lists, "xuống một trang",
            "a page down"),
        Binding(.top, [Key(.home), .character("g")], "Home g", lists, "về đầu", "to the beginning"),
        Binding(.bottom, [Key(.end), .character("G")], "End G", lists, "về cuối", "to the end"),

        Binding(
            .task, [.character("w")], "w", [.topic, .reading], "làm việc đang chờ tôi ở chuyên đề này",
            "begin what waits for me on this topic"),
        Binding(
            .apply, [.character("a")], "a", [.topic],
            "áp dụng đề nghị sửa của ý kiến vào văn bản, ghi tiếp thu",
            "apply the comment's suggestion to the text, and settle it", short: Bilingual("áp dụng đề nghị", "apply")),
        Binding(
            .comment, [.character("c")], "c", [.topic, .plenary], "góp ý kiến về đoạn đang chọn",
            "comment on the paragraph", short: Bilingual("góp ý", "comment")),
        Binding(
            .words, [.character("v")], "v", [.topic],
            "chọn từ trong đoạn để trích (←→ dời, Shift+←→ hoặc < > kéo dài)",
            "select words of the paragraph to quote (←→ move, Shift+←→ or < > extend)"),
        Binding(
            .switchPane, [Key(.tab), Key(.enter)], "Tab", [.topic], "chuyển giữa văn bản và ý kiến",
            "between text and comments", short: Bilingual("ý kiến", "comments")),
        Binding(
            .nextComment, [.character("n")], "n", [.topic, .plenary], "đoạn có ý kiến kế tiếp", "next comment",
            short: Bilingual("ý kiến sau", "next comment")),
        Binding(
            .previousComment, [.character("N"), .character("p")], "N p", [.topic, .plenary], "đoạn có ý kiến trước",
            "previous comment"),
        Binding(.nextOpen, [.character("]")], "]", [.topic], "ý kiến chưa giải quyết kế tiếp", "next open comment"),
        Binding(
            .previousOpen, [.character("[")], "[", [.topic], "ý kiến chưa giải quyết trước",
            "previous open comment"),
        Binding(.nextSection, [.character("}")], "}", [.topic], "mục kế tiếp", "next section"),
        Binding(.previousSection, [.character("{")], "{", [.topic], "mục trước", "previous section"),
        Binding(
            .contents, [.character("o")], "o", [.topic], "mục lục, chọn để nhảy tới", "table of contents",
            short: Bilingual("mục lục", "contents")),
        Binding(.reply, [.character("r")], "r", [.topic], "trả lời ý kiến", "reply to the comment"),
        Binding(
            .settle, [.character("s")], "s", [.topic, .plenary], "tiếp thu, giải trình ý kiến", "settle the comment"),
        Binding(.agree, [.character("y")], "y", [.topic], "đồng ý với giải trình", "agree"),
        Binding(.maintain, [.character("m")], "m", [.topic], "giữ ý kiến", "maintain the comment"),
        Binding(.withdraw, [.character("x")], "x", [.topic], "rút ý kiến", "withdraw the comment"),
        Binding(
            .compare, [.character("d")], "d", [.topic, .approval], "so sánh với bản trước",
            "compare with the revision before", short: Bilingual("so sánh", "compare")),
        Binding(
            .requirements, [.character("t")], "t", [.topic], "điều kiện phê duyệt: còn thiếu gì, chờ ai",
            "requirements: what is missing, whose turn it is"),
        Binding(
            .about, [.character("i")], "i", [.home, .topic],
            "về chuyên đề: ý kiến lãnh đạo, lý do trả lại, phân công",
            "the topic: leaders' opinions, reasons, people"),
        Binding(.review, [.character("P")], "P", [.topic], "lập phiếu nhận xét, phản biện", "file a review"),
        Binding(
            .upload, [.character("U")], "U", [.home, .topic], "gửi bản dự thảo từ tệp trên máy này",
            "send a new revision from a file of this machine"),
        Binding(.approve, [.character("A")], "A", [.topic], "phê duyệt", "approve"),
        Binding(.newest, [.character("b")], "b", [.topic], "chuyển sang bản mới nhất", "to the newest revision"),
        Binding(
            .projector, [.character("M"), Key(.function(5))], "M F5", [.topic],
            "màn hình chiếu cho buổi sinh hoạt", "the projector's view for a plenary"),
        Binding(
            .everything, [.character("a")], "a", [.plenary], "mọi ý kiến, hoặc chỉ ý kiến chưa giải quyết",
            "every comment, or the open ones only", short: Bilingual("tất cả/chưa xong", "all/open")),
        Binding(
            .rollCall, [.character("R")], "R", [.plenary], "điểm danh", "take the roll-call",
            short: Bilingual("điểm danh", "roll-call")),
        Binding(.history, [.character("h")], "h", [.home, .topic], "nhật ký", "the log"),

        Binding(
            .nextChange, [.character("n")], "n", [.comparison], "chỗ thay đổi kế tiếp", "next change",
            short: Bilingual("thay đổi sau", "next change")),
        Binding(
            .previousChange, [.character("N"), .character("p")], "N p", [.comparison], "chỗ thay đổi trước",
            "previous change"),
        Binding(
            .sideBySide, [.character("s")], "s", [.comparison], "hai cột hoặc một cột", "side by side or inline",
            short: Bilingual("hai cột", "side by side")),

        Binding(
            .earlierFrom, [.character("["), Key(.left)], "[ ←", [.comparison], "so với bản trước nữa",
            "from an earlier revision", short: Bilingual("bản trước nữa", "earlier")),
        Binding(
            .laterFrom, [.character("]"), Key(.right)], "] →", [.comparison], "so với bản sau hơn",
            "from a later revision"),
        Binding(.earlierTo, [.character("{")], "{", [.comparison], "xem đến bản sớm hơn", "up to an earlier revision"),
        Binding(.laterTo, [.character("}")], "}", [.comparison], "xem đến bản muộn hơn", "up to a later revision"),
        Binding(
            .answers, [.character("D")], "D", [.topic], "chỉ xem phần sửa để trả lời ý kiến này",
            "only the changes that answer this comment"),
        Binding(.send, [.control("s")], "Ctrl-S", forms, "gửi", "send", short: Bilingual("gửi", "send")),
        Binding(
            .evidence, [.control("g")], "Ctrl-G", [.review], "mở văn bản, chọn đoạn làm minh chứng",
            "open the text and choose a paragraph as evidence", short: Bilingual("minh chứng", "evidence")),
        Binding(
            .preview, [.control("v")], "Ctrl-V", [.review], "xem trước phiếu như sẽ nộp", "preview the form",
            short: Bilingual("xem trước", "preview")),
        Binding(
            .nextField, [Key(.tab)], "Tab", forms, "ô kế tiếp", "next field",
            short: Bilingual("ô sau", "next field")),
        Binding(.previousField, [Key(.tab, .shift)], "Shift-Tab", forms, "ô trước", "previous field"),
        Binding(
            .editor, [.control("o")], "Ctrl-O", forms, "viết trong trình soạn thảo $EDITOR",
            "write in $EDITOR", short: Bilingual("soạn thảo ngoài", "editor")),

        Binding(
            .save, [.character("s")], "s", [.reading], "lưu thành tệp trên máy này", "save as a file of this machine",
            short: Bilingual("lưu thành tệp", "save")),
        Binding(
            .saveForWord, [.character("W")], "W", [.reading], "lưu văn bản in thành tệp mở bằng Word",
            "save a paper as a file for Word", short: Bilingual("lưu cho Word", "for Word")),
        Binding(
            .search, [.character("/")], "/", [.home, .topic, .reading, .search], "tìm trong văn bản và ý kiến",
            "search texts and comments", short: Bilingual("tìm", "search")),
        Binding(
            .palette, [.character(":"), .control("p")], ": Ctrl-P", lists.union(forms), "mọi lệnh, gõ tên để chọn",
            "every command, by name", short: Bilingual("lệnh", "commands")),
        Binding(
            .refresh, [.control("l")], "Ctrl-L", Set(Place.allCases), "vẽ lại màn hình, đọc lại từ máy chủ",
            "paint anew, read anew"),
        Binding(
            .language, [Key(.function(2))], "F2", Set(Place.allCases), "tiếng Việt / English",
            "English / tiếng Việt"),
        Binding(
            .help, [.character("?"), Key(.function(1))], "? F1", Set(Place.allCases), "trợ giúp, danh sách phím",
            "help, list of keys", short: Bilingual("trợ giúp", "help")),
        Binding(
            .back, [Key(.escape), .character("q")], "Esc q", lists.subtracting([.home]),
            "quay lại", "back", short: Bilingual("quay lại", "back")),
        Binding(
            .back, [Key(.escape)], "Esc", forms, "quay lại, giữ bản nháp", "back, the draft is kept",
            short: Bilingual("quay lại, giữ nháp", "back, keep draft")),
        Binding(
            .suspend, [.control("z")], "Ctrl-Z", lists, "tạm ra dấu nhắc lệnh (gõ fg để trở lại)",
            "to the shell for a while (fg comes back)"),
        Binding(
            .quit, [.character("q"), .control("c")], "q", [.home], "thoát", "quit",
            short: Bilingual("thoát", "quit")),
        Binding(
            .quit, [.control("c")], "Ctrl-C", lists.union(forms).subtracting([.home]),
            "thoát, không mất gì", "quit; nothing is lost"),
    ]

    /// What a key does in a place; nil when it means nothing there.
    ///
    /// Where text is written, a character is text.
    static func action(_ key: Key, in place: Place) -> Action? {
        let character: Character? =
            if case .character(let character) = key.code, key.modifiers.isEmpty { character } else { nil }
        if forms.contains(place), character != nil { return nil }
        func bound(_ key: Key) -> Action? {
            bindings.first { $0.places.contains(place) && $0.keys.contains(key) }?.action
        }
        let meant = character.flatMap { telex[$0] } ?? []
        guard let first = meant.first else { return bound(key) }
        // Where the letter may come of two keys that both mean something, nobody knows which one was pressed.
        let actions = meant.compactMap { bound(.character($0)) }
        return actions.count > 1 ? nil : bound(.character(first)) ?? actions.first
    }

    /// Keys that an input method for Telex turns into letters by themselves, by those letters.
    private static let telex: [Character: [Character]] = [
        "ư": ["w", "]"], "Ư": ["W", "}"], "ơ": ["["], "Ơ": ["{"],
    ]

    /// The letter that a key is, where no keyboard has it: an input method made it, and no page knows it as a key.
    static func composed(_ key: Key) -> Character? {
        guard case .character(let character) = key.code, key.modifiers.isEmpty, character.isLetter, !character.isASCII
        else { return nil }
        return character
    }

    /// The rows of a place, in the order of the table.
    static func bindings(in place: Place) -> [Binding] { bindings.filter { $0.places.contains(place) } }
}

extension Page {
    var place: Place {
        switch self {
        case .home: .home
        case .topic: .topic
        case .writing: .writing
        case .comparison: .comparison
        case .approval: .approval
        case .reading: .reading
        case .plenary: .plenary
        case .review: .review
        case .search: .search
        }
    }
}
