import ReviewClient
import ReviewProtocol
import Terminal

/// Which columns the rows of a reply have, what they are called, and how their values read.
enum RowTable {
    /// The meaning of a value, which decides how it is written.
    enum Meaning: Equatable {
        case plain
        case number
        case words(Vocabulary.Domain)
        case day
        case deadline
        case moment
        case digest
        case text
    }

    struct Key {
        let key: String
        let title: Bilingual
        let meaning: Meaning

        init(_ key: String, _ vietnamese: String, _ english: String, _ meaning: Meaning = .plain) {
            self.key = key
            title = Bilingual(vietnamese, english)
            self.meaning = meaning
        }
    }

    /// The keys with their titles.
    ///
    /// A row's own key (`requirement.state`) goes before the general one.
    private static let keys: [Key] = [
        Key("requirement.id", "Điều kiện", "Requirement", .words(.requirement)),
        Key("requirement.state", "Tình trạng", "State", .words(.requirementState)),
        Key("requirement.count", "Số việc", "Count", .number),
        Key("requirement.waiting", "Chờ", "Waiting for"),
        Key("task.act", "Việc", "Act", .words(.act)),
        Key("task.object", "Đối tượng", "Object"),
        Key("task.since", "Từ ngày", "Since", .day),
        Key("topic.review", "Phản biện", "Review"),
        Key("comment.as", "Xử lý", "Disposition", .words(.disposition)),
        Key("comment.in", "Ở bản", "In"),
        Key("comment.state", "Tình trạng", "State", .words(.state)),
        Key("person.id", "Mã người dùng", "Id"),
        Key("office.id", "Mã phòng", "Id"),
        Key("office.name", "Tên phòng", "Name", .text),
        Key("plan.title", "Tên kế hoạch", "Title", .text),
        Key("assignment.as", "Việc được giao", "Role", .words(.role)),
        Key("role.as", "Việc được giao", "Role", .words(.role)),
        Key("opinion.as", "Ý kiến", "Opinion", .words(.opinion)),
        Key("opinion.given.as", "Ý kiến", "Opinion", .words(.opinion)),
        Key("format.checked.as", "Kết quả", "Result", .words(.result)),
        Key("format.as", "Kết quả", "Result", .words(.result)),
        Key("comment.settled.as", "Xử lý", "Disposition", .words(.disposition)),
        Key("vote.value", "Giá trị", "Value", .words(.vote)),
        Key("vote.kind", "Loại", "Kind", .words(.requirement)),
        Key("milestone.id", "Mốc", "Milestone", .words(.milestone)),
        Key("milestone.name", "Mốc", "Milestone", .words(.milestone)),
        Key("form.name", "Biểu mẫu", "Form", .words(.form)),
        Key("limit.name", "Giới hạn", "Limit"),
        Key("limit.value", "Giá trị", "Value", .number),
        Key("id", "Mã", "Id"),
        Key("topic", "Chuyên đề", "Topic"),
        Key("title", "Tên chuyên đề", "Title", .text),
        Key("stage", "Giai đoạn", "Stage", .words(.stage)),
        Key("lead", "Chủ trì", "Lead"),
        Key("review", "Phiếu", "Review"),
        Key("due", "Hạn", "Due", .deadline),
        Key("revision", "Bản", "Rev.", .number),
        Key("anchor", "Vị trí", "Place"),
        Key("now", "Hiện nay", "Now", .words(.now)),
        Key("kind", "Loại", "Kind", .words(.kind)),
        Key("level", "Mức", "Level", .words(.level)),
        Key("state", "Tình trạng", "State", .words(.state)),
        Key("as", "Là", "As", .words(.role)),
        Key("in", "Ở bản", "In"),
        Key("by", "Người", "By"),
        Key("person", "Người", "Person"),
        Key("waiting", "Chờ", "Waiting for"),
        Key("count", "Số lượng", "Count", .number),
        Key("act", "Việc", "Act", .words(.act)),
        Key("requirement", "Điều kiện", "Requirement", .words(.requirement)),
        Key("milestone", "Mốc", "Milestone", .words(.milestone)),
        Key("verdict", "Kết luận", "Verdict", .words(.verdict)),
        Key("opinion", "Ý kiến", "Opinion", .words(.opinion)),
        Key("result", "Kết quả", "Result", .words(.result)),
        Key("change", "Thay đổi", "Change", .words(.change)),
        Key("name", "Họ và tên", "Name", .text),
        Key("office", "Phòng", "Office"),
        Key("position", "Chức vụ", "Position", .words(.position)),
        Key("disabled", "Đã khóa", "Disabled", .words(.answer)),
        Key("endorsed", "Xác nhận", "Endorsed"),
        Key("quote", "Trích", "Quote", .text),
        Key("suggest", "Đề nghị sửa thành", "Suggested", .text),
        Key("behalf", "Thay mặt", "On behalf of"),
        Key("note", "Ghi chú", "Note", .text),
        Key("reason", "Lý do", "Reason", .text),
        Key("text", "Nội dung", "Text", .text),
        Key("path", "Mục", "Section"),
        Key("section", "Mục", "Section"),
        Key("line", "Dòng", "Line", .number),
        Key("lines", "Số dòng", "Lines", .number),
        Key("bytes", "Số byte", "Bytes", .number),
        Key("paragraphs", "Số đoạn", "Paragraphs", .number),
        Key("seq", "Sự kiện số", "Event", .number),
        Key("sequence", "Sự kiện số", "Event", .number),
        Key("type", "Loại sự kiện", "Type"),
        Key("time", "Thời gian", "Time", .moment),
        Key("at", "Lúc", "At", .moment),
        Key("date", "Ngày", "Date", .day),
        Key("from", "Từ", "From", .day),
        Key("to", "Đến", "To", .day),
        Key("until", "Đến hết", "Until", .day),
        Key("since", "Từ", "Since", .day),
        Key("number", "Số, ký hiệu", "Number"),
        Key("year", "Năm", "Year"),
        Key("quarter", "Quý", "Quarter", .number),
        Key("place", "Địa điểm", "Place", .text),
        Key("chair", "Chủ trì", "Chair"),
        Key("secretary", "Thư ký", "Secretary"),
        Key("present", "Có mặt", "Present", .text),
        Key("absent", "Vắng mặt", "Absent", .text),
        Key("addresses", "Tiếp thu ý kiến", "Addresses"),
        Key("sha256", "SHA-256", "SHA-256", .digest),
        Key("file", "Tệp", "File", .text),
        Key("fingerprint", "Vân tay", "Fingerprint", .digest),
        Key("value", "Giá trị", "Value"),
        Key("size", "Kích thước", "Size", .number),
        Key("offices", "Số phòng", "Offices", .number),
        Key("topics", "Số chuyên đề", "Topics", .number),
        Key("problem", "Điểm chưa khớp", "Problem", .text),
        Key("message", "Nội dung", "Message", .text),
        Key("ref", "Căn cứ", "Reference"),
        Key("code", "Ký hiệu", "Code"),
    ]

    /// The order in which the columns of well-known rows stand; other keys follow in the server's order.
    private static let orders: [(row: String, keys: [String])] = [
        ("topic", ["id", "stage", "due", "revision", "lead", "review", "title"]),
        ("comment", ["id", "anchor", "now", "kind", "level", "state", "as", "by"]),
        ("requirement", ["id", "state", "count", "waiting"]),
        ("task", ["topic", "act", "object", "due"]),
        ("person", ["id", "name", "office", "position"]),
        ("event", ["seq", "time", "topic", "type"]),
    ]

    /// Keys that a table leaves out on a narrow screen; a single row is shown whole.
    private static let omitted: [(row: String, keys: [String])] = [
        ("comment", ["office", "revision", "in", "quote", "topic"]),
        ("topic", ["lead", "review"]),
        ("task", ["since"]),
    ]
    /// From this width on nothing is left out.
    private static let wide = 110

    private static func definition(_ key: String, row: String) -> Key? {
        let own = row + "." + key
        return keys.first { $0.key == own } ?? keys.first { $0.key == key }
    }

    static func title(_ key: String, row: String, _ language: Language) -> String {
        definition(key, row: row)?.title.text(language) ?? key
    }

    static func meaning(_ key: String, row: String) -> Meaning {
        definition(key, row: row)?.meaning ?? .plain
    }

    /// The words for a value, without the distance of a deadline.
    static func words(_ value: String, key: String, row: String, _ language: Language) -> String {
        switch meaning(key, row: row) {
        case .plain, .number, .text: value
        case .digest: value
        case .words(let domain): Vocabulary.word(domain, value, language)
        case .day, .deadline: MomentText.text(value) ?? CalendarDay(value)?.text ?? value
        case .moment: MomentText.text(value) ?? CalendarDay(value)?.text ?? value
        }
    }

    // MARK: - Cells

    private static func cell(_ value: String, key: String, row: ReplyRow, _ screen: Screen) -> TableLayout.Cell {
        let words = words(value, key: key, row: row.word, screen.language)
        switch meaning(key, row: row.word) {
        case .deadline:
            // What is finished, or laid aside, is no longer late.
            let isOver = ["approved", "issued", "postponed", "cancelled"].contains(row["stage"] ?? "")
            guard let day = CalendarDay(value), !isOver else { return TableLayout.Cell(words) }
            let look: Style.Attributes =
                day <= screen.today ? .colour(.red) : day.number - screen.today.number <= 2 ? .colour(.yellow) : .plain
            return TableLayout.Cell(words + "\n" + day.distance(from: screen.today, screen.language), look)
        case .words(let domain): return TableLayout.Cell(words, look(domain, value))
        case .plain, .number, .day, .moment, .digest, .text: return TableLayout.Cell(words)
        }
    }

    private static func look(_ domain: Vocabulary.Domain, _ value: String) -> Style.Attributes {
        switch (domain, value) {
        case (.requirementState, "met"), (.state, "agreed"), (.state, "settled"): .colour(.green)
        case (.requirementState, "unmet"), (.level, "must"), (.state, "maintained"), (.now, "orphan"): .colour(.red)
        case (.requirementState, "overridden"), (.state, "open"), (.now, "edited"): .colour(.yellow)
        case (.requirementState, "not-applicable"), (.state, "withdrawn"): .faint
        default: .plain
        }
    }

    // MARK: - Lines

    /// The lines for the rows of a reply: a table for each run of rows of one word, a list for a row that stands alone.
    static func lines(_ rows: [ReplyRow], _ screen: Screen) -> [String] {
        var lines: [String] = []
        var rest = rows[...]
        while let first = rest.first {
            let run = rest.prefix { $0.word == first.word }
            rest = rest.dropFirst(run.count)
            if !lines.isEmpty { lines.append("") }
            lines +=
                run.count == 1 && first.word != "requirement" && first.word != "task"
                ? list(first, screen) : table(Array(run), screen)
        }
        return lines
    }

    /// The columns of a run of rows, in their order.
    private static func columns(_ rows: [ReplyRow], width: Int) -> [String] {
        let word = rows.first?.word ?? ""
        var known: Set<String> = []
        var found: [String] = []
        for row in rows {
            for pair in row.pairs where known.insert(pair.key).inserted { found.append(pair.key) }
        }
        let order = orders.first { $0.row == word }?.keys ?? []
        let left = width < wide ? omitted.first { $0.row == word }?.keys ?? [] : []
        return order.filter { known.contains($0) && !left.contains($0) }
            + found.filter { !order.contains($0) && !left.contains($0) }
    }

    /// A table; when its columns cannot stand side by side, each row becomes a list.
    static func table(_ rows: [ReplyRow], _ screen: Screen) -> [String] {
        guard let word = rows.first?.word else { return [] }
        let keys = columns(rows, width: screen.width)
        let layout = TableLayout(
            columns: keys.map { key in
                let meaning = meaning(key, row: word)
                return TableLayout.Column(
                    title(key, row: word, screen.language), alignment: meaning == .number ? .trailing : .leading,
                    isFlexible: meaning == .text || isLong(key, word))
            }, width: screen.width)
        let cells = rows.map { row in keys.map { key in row[key].map { cell($0, key: key, row: row, screen) } ?? "" } }
        // With many columns every one of them would be a few letters wide: then a list of each row reads better.
        guard keys.count * 10 <= screen.width + 20 else {
            return Array(rows.map { list($0, screen) }.joined(separator: [""]))
        }
        return layout.lines(rows: cells, style: screen.style)
    }

    /// Columns that may be wrapped although their values are names.
    private static func isLong(_ key: String, _ row: String) -> Bool {
        switch (row, key) {
        case ("requirement", "id"), ("requirement", "waiting"), ("task", "act"), ("topic", "stage"): true
        default: false
        }
    }

    /// One row as "title: value" lines.
    static func list(_ row: ReplyRow, _ screen: Screen) -> [String] {
        let order = orders.first { $0.row == row.word }?.keys ?? []
        let pairs =
            order.compactMap { key in row[key].map { Pair(key, $0) } } + row.pairs.filter { !order.contains($0.key) }
        let layout = TableLayout(
            columns: [TableLayout.Column(), TableLayout.Column(isFlexible: true)], width: screen.width)
        return layout.lines(
            rows: pairs.map { pair in
                var cell = cell(pair.value, key: pair.key, row: row, screen)
                cell.text = cell.text.split(separator: "\n").joined(separator: " – ")
                return [TableLayout.Cell(title(pair.key, row: row.word, screen.language), .faint), cell]
            }, style: screen.style)
    }
}
