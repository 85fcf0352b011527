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
        /// A digest of which the beginning is enough.
        case fingerprint
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
        Key("section.level", "Cấp", "Level", .number),
        Key("section.path", "Mục", "Section"),
        Key("section.title", "Tiêu đề", "Title", .text),
        Key("section.required", "Bắt buộc", "Required", .words(.answer)),
        Key("section.empty", "Để trống", "Empty", .words(.answer)),
        Key("gap.title", "Tiêu đề", "Title", .text),
        Key("gap.state", "Tình trạng", "State", .words(.gap)),
        Key("passage.from", "Từ bước", "From", .words(.stage)),
        Key("passage.to", "Sang bước", "To", .words(.stage)),
        Key("topic.returned.to", "Về bước", "To", .words(.stage)),
        Key("text.kind", "Phần", "Part", .words(.part)),
        Key("message.kind", "Loại", "Kind", .words(.message)),
        Key("vote.kind", "Xác nhận về", "On", .words(.vote)),
        Key("vote.value", "Nội dung", "Value", .words(.voteValue)),
        Key("task.text", "Lý do", "Reason", .text),
        Key("requirement.text", "Hiện nay", "Now", .text),
        Key("milestone.text", "Thời hạn", "Deadline", .text),
        Key("milestone.date", "Ngày", "Date", .day),
        Key("member.as", "Việc được giao", "Role", .words(.role)),
        Key("member.person", "Người", "Person"),
        Key("revision.number", "Bản", "Rev.", .number),
        Key("revision.file", "Tệp Word gốc", "Word file", .text),
        Key("status.file", "Tệp Word gốc", "Word file", .text),
        Key("hit.at", "Ở bản", "In"),
        Key("hit.text", "Đoạn tìm thấy", "Found", .text),
        Key("hit.id", "Mã", "Id"),
        Key("content.key", "Mã", "Key"),
        Key("content.text", "Yêu cầu chung", "General requirement", .text),
        Key("figure.name", "Chỉ số", "Figure"),
        Key("figure.value", "Giá trị", "Value", .number),
        Key("problem.text", "Điểm chưa khớp", "Problem", .text),
        Key("problem.fatal", "Lỗi nặng", "Fatal", .words(.answer)),
        Key("plenary.at", "Thời gian", "Time", .moment),
        Key("comment.at", "Nay ở", "Now at"),
        Key("requirement.id", "Điều kiện", "Requirement", .words(.requirement)),
        Key("requirement.state", "Tình trạng", "State", .words(.requirementState)),
        Key("requirement.count", "Số việc", "Count", .number),
        Key("requirement.waiting", "Chờ", "Waiting for"),
        Key("task.act", "Việc", "Act", .words(.act)),
        Key("task.object", "Đối tượng", "Object"),
        Key("task.since", "Từ ngày", "Since", .day),
        Key("topic.review", "Phản biện", "Review"),
        Key("topic.since", "Vào bước này", "In this stage since", .moment),
        Key("comment.as", "Xử lý", "Disposition", .words(.disposition)),
        Key("comment.in", "Ở bản", "In"),
        // A row only says that there is one; the thread has it.
        Key("comment.suggest", "Có đề nghị sửa", "Suggests a text", .words(.answer)),
        Key("comment.state", "Tình trạng", "State", .words(.state)),
        Key("person.id", "Mã người dùng", "Id"),
        Key("office.id", "Mã phòng", "Id"),
        Key("office.name", "Tên phòng", "Name", .text),
        Key("plan.title", "Tên kế hoạch", "Title", .text),
        Key("assignment.as", "Việc được giao", "Role", .words(.role)),
        Key("role.as", "Việc được giao", "Role", .words(.role)),
        Key("opinion.as", "Ý kiến", "Opinion", .words(.opinion)),
        Key("content.vouched.as", "Nội dung", "Value", .words(.voteValue)),
        Key("opinion.given.as", "Ý kiến", "Opinion", .words(.opinion)),
        Key("format.checked.as", "Kết quả", "Result", .words(.result)),
        Key("format.as", "Kết quả", "Result", .words(.result)),
        Key("comment.settled.as", "Xử lý", "Disposition", .words(.disposition)),
        Key("approval.signed", "Ký số bằng chứng thư", "Signed with certificate", .fingerprint),
        Key("certificate.sha256", "Vân tay", "Fingerprint", .fingerprint),
        Key("certificate.from", "Cấp ngày", "Issued", .day),
        Key("postponed.until", "Đến", "Until", .moment),
        Key("certificate.until", "Có giá trị đến hết", "Valid until", .day),
        Key("certificate.lapsed", "Hết hạn", "Lapsed", .words(.answer)),
        Key("certificate.current", "Đang dùng", "In use", .words(.answer)),
        Key("milestone.id", "Mốc", "Milestone", .words(.milestone)),
        Key("milestone.name", "Mốc", "Milestone", .words(.milestone)),
        Key("form.name", "Biểu mẫu", "Form", .words(.form)),
        Key("limit.name", "Giới hạn", "Limit"),
        Key("limit.value", "Giá trị", "Value", .number),
        Key("id", "Mã", "Id"),
        Key("topic", "Chuyên đề", "Topic"),
        Key("title", "Tên chuyên đề", "Title", .text),
        Key("stage", "Bước", "Stage", .words(.stage)),
        Key("lead", "Chủ trì", "Lead"),
        Key("review", "Phiếu", "Review"),
        Key("due", "Hạn", "Due", .deadline),
        Key("opinion-date", "Cho ý kiến trước ngày", "Opinion before", .day),
        Key("review-date", "Phản biện trước ngày", "Reviewed before", .day),
        Key("final-date", "Hoàn thiện trước ngày", "Finished before", .day),
        Key("revision", "Bản", "Rev.", .number),
        Key("anchor", "Vị trí", "Place", .words(.place)),
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
        Key("file.name", "Tệp", "File"),
        Key("file.text", "Nội dung", "What it is", .text),
        Key("name", "Họ và tên", "Name", .text),
        Key("office", "Phòng", "Office"),
        Key("position", "Chức vụ", "Position", .words(.position)),
        Key("disabled", "Tài khoản", "Account", .words(.account)),
        Key("endorsed-by", "Trưởng phòng xác nhận", "Endorsed by"),
        Key("in-force", "Còn hiệu lực", "In force", .words(.answer)),
        Key("superseded", "Đã thay thế", "Superseded", .words(.answer)),
        Key("standing", "Chưa được gỡ", "Standing", .words(.answer)),
        Key("lifted-by", "Người gỡ", "Lifted by"),
        Key("round", "Đợt", "Round", .number),
        Key("overdue", "Quá hạn (ngày)", "Days overdue", .number),
        Key("comments", "Ý kiến", "Comments", .number),
        Key("open", "Chưa giải quyết", "Open", .number),
        Key("messages", "Trao đổi", "Messages", .number),
        Key("access", "Được xem", "Access", .words(.access)),
        Key("postponed", "Tạm hoãn", "Postponed", .words(.answer)),
        Key("confirmed", "Đã xác nhận", "Confirmed", .words(.answer)),
        Key("confirmed-by", "Người xác nhận", "Confirmed by", .text),
        Key("delegation", "Văn bản ủy quyền", "Delegation"),
        Key("own-work", "Tự soạn thảo", "Own work", .words(.answer)),
        Key("seen", "Ý kiến được giữ đã xem", "Seen", .text),
        Key("opened", "Mở lúc", "Opened", .moment),
        Key("past", "Buổi trước", "Earlier one", .words(.answer)),
        Key("closed", "Kết thúc lúc", "Closed", .moment),
        Key("last-day", "Ngày cuối", "Last day", .day),
        Key("planned", "Theo kế hoạch", "Planned", .day),
        Key("rule", "Cách tính", "Rule", .words(.rule)),
        Key("missing", "Còn thiếu", "Missing", .text),
        Key("reference", "Căn cứ", "Reference", .text),
        Key("coordinator", "Phòng tổng hợp", "Coordinator"),
        Key("issuer", "Cơ quan ban hành", "Issuer", .text),
        Key("parent", "Cơ quan chủ quản", "Parent", .text),
        Key("signer", "Người ký", "Signer", .text),
        Key("column", "Cột", "Column", .number),
        Key("invited", "Có mã mời", "Invited", .words(.answer)),
        Key("password", "Có mật khẩu", "Password", .words(.answer)),
        Key("must", "Cần làm ngay", "Must do"),
        Key("signed", "Đã ký số", "Signed digitally", .words(.answer)),
        Key("certificates", "Số chứng thư", "Certificates", .number),
        Key("loadable", "Nạp được", "Loadable", .words(.answer)),
        Key("claimed", "Có ghi là đã sửa", "Claimed", .words(.answer)),
        Key("changed", "Có thay đổi", "Changed", .words(.answer)),
        Key("redacted", "Nội dung đã xóa", "Text removed", .words(.answer)),
        Key("dry-run", "Chỉ thử", "Trial", .words(.answer)),
        Key("people", "Số người", "People", .number),
        Key("reviews", "Số phiếu", "Reviews", .number),
        Key("hidden", "Chưa được xem", "Not to be seen yet", .number),
        Key("sections", "Số mục", "Sections", .number),
        Key("gaps", "Mục thiếu", "Gaps", .number),
        Key("hits", "Số chỗ", "Hits", .number),
        Key("next", "Tiếp từ", "Next", .number),
        Key("tail", "Cuối nhật ký", "Tail", .number),
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
        Key("original", "SHA-256 của tệp gốc", "SHA-256 of the file", .digest),
        Key("encoding", "Cách gửi", "Sent as"),
        Key("file", "Tệp", "File", .text),
        Key("fingerprint", "Vân tay", "Fingerprint", .digest),
        Key("value", "Giá trị", "Value"),
        Key("size", "Kích thước", "Size", .number),
        Key("offices", "Số phòng", "Offices", .number),
        Key("events", "Số sự kiện", "Events", .number),
        Key("plans", "Số kế hoạch", "Plans", .number),
        Key("topics", "Số chuyên đề", "Topics", .number),
        Key("problem", "Điểm chưa khớp", "Problem", .text),
        Key("message", "Nội dung", "Message", .text),
        Key("ref", "Căn cứ", "Reference"),
        Key("code", "Ký hiệu", "Code"),
    ]

    /// The columns of well-known rows: always, and besides those on a wide screen.
    ///
    /// The rest shows when a row stands alone, and in JSON.
    private static let shapes: [(row: String, narrow: [String], wide: [String])] = [
        ("topic", ["id", "stage", "due", "revision", "title"], ["lead", "review", "comments", "open"]),
        (
            "comment", ["id", "anchor", "now", "kind", "level", "state", "as", "by"],
            ["revision", "at", "in", "quote"]
        ),
        ("requirement", ["id", "state", "text", "waiting"], ["count", "missing"]),
        ("task", ["topic", "act", "object", "due", "text"], ["since"]),
        ("person", ["id", "name", "office", "position", "disabled"], ["delegation", "until", "invited", "password"]),
        ("review", ["id", "revision", "by", "verdict", "in-force", "endorsed-by"], ["office", "round", "time"]),
        ("revision", ["number", "by", "time", "change", "file", "note"], ["addresses", "lines", "bytes"]),
        ("milestone", ["id", "date", "text"], ["overdue", "planned", "ref"]),
        ("member", ["person", "as", "since"], []),
        ("section", ["path", "line", "title", "required", "empty"], ["level"]),
        ("hit", ["topic", "at", "id", "text"], ["seq"]),
        ("vote", ["kind", "by", "value", "revision", "time"], ["in-force", "standing", "lifted-by"]),
        ("file", ["name", "bytes", "text"], ["sha256"]),
        ("certificate", ["sha256", "person", "from", "until", "lapsed", "current"], []),
        ("passage", ["from", "to", "time", "by", "overdue"], []),
    ]
    /// From this width on the wide columns have room.
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
        case .fingerprint: Fingerprint.short(value)
        case .words(let domain): Vocabulary.word(domain, value, language)
        case .day, .deadline: MomentText.text(value) ?? CalendarDay(value)?.text ?? value
        case .moment: MomentText.text(value) ?? CalendarDay(value)?.text ?? value
        }
    }

    // MARK: - Cells

    private static func cell(_ value: String, key: String, row: ReplyRow, _ screen: Screen) -> TableLayout.Cell {
        // Nobody takes what was keyed in for somebody for the writer's own word.
        if row.word == "comment", key == "by" { return TableLayout.Cell(Directory.giver(of: row, screen.language)) }
        if row.word == "task", key == "object" {
            return TableLayout.Cell(Directory.empty.object(value, of: row["act"] ?? "", screen.language))
        }
        let words = words(value, key: key, row: row.word, screen.language)
        switch meaning(key, row: row.word) {
        case .deadline:
            // The server says which day is the last one, by the rule that it goes by; on any other day it is "before".
            let last = row["last-day"].flatMap { CalendarDay($0) }
            let date = CalendarDay(value)
            var words = words
            if let last, let date, last < date { words = screen.text("trước \(words)", "before \(words)") }
            guard let day = last ?? date, !Vocabulary.isOver(row) else { return TableLayout.Cell(words) }
            let look: Style.Attributes =
                day < screen.today ? .colour(.red) : day.number - screen.today.number <= 2 ? .colour(.yellow) : .plain
            return TableLayout.Cell(words + "\n" + day.distance(from: screen.today, screen.language), look)
        case .words(.stage) where row["postponed"] == "yes":
            return TableLayout.Cell(screen.text("tạm hoãn (\(words))", "postponed (\(words))"), .colour(.yellow))
        case .words(let domain): return TableLayout.Cell(words, look(domain, value))
        case .plain, .number, .day, .moment, .digest, .fingerprint, .text: return TableLayout.Cell(words)
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
    ///
    /// - Parameter last: the word of the row before, whose heading stands already.
    static func lines(_ rows: [ReplyRow], _ screen: Screen, after last: String? = nil) -> [String] {
        var lines: [String] = []
        var rest = rows[...]
        while let first = rest.first {
            let run = rest.prefix { $0.word == first.word }
            rest = rest.dropFirst(run.count)
            if !lines.isEmpty { lines.append("") }
            if run.count < rows.count, first.word != last, let heading = heading(first.word, screen.language) {
                lines.append(screen.style.apply(.bold, to: heading))
            }
            if first.word == "event" {
                lines += run.flatMap { event($0, screen) }
            } else if run.count == 1, !alwaysTables.contains(first.word) {
                lines += list(first, screen)
            } else {
                lines += table(Array(run), screen)
            }
        }
        return lines
    }

    /// What stands above rows of a kind when a reply has several kinds.
    static func heading(_ row: String, _ language: Language) -> String? {
        let heading: Bilingual? =
            switch row {
            case "milestone": Bilingual("Mốc thời hạn", "Milestones")
            case "member": Bilingual("Phân công", "Assignments")
            case "passage": Bilingual("Quá trình", "Passages")
            case "extension": Bilingual("Gia hạn", "Extensions")
            case "revision": Bilingual("Các bản dự thảo", "Revisions")
            case "review": Bilingual("Phiếu phản biện", "Reviews")
            case "vote": Bilingual("Ý kiến lãnh đạo, xác nhận", "Opinions and sign-offs")
            case "plenary": Bilingual("Sinh hoạt chuyên đề", "Plenary")
            case "override": Bilingual("Điều kiện được bỏ qua", "Overridden requirements")
            case "approval": Bilingual("Phê duyệt", "Approval")
            case "issued": Bilingual("Ban hành", "Issue")
            case "postponed": Bilingual("Tạm hoãn", "Postponed")
            case "cancelled": Bilingual("Hủy", "Cancelled")
            case "gap": Bilingual("Mục còn thiếu", "Missing sections")
            case "problem": Bilingual("Điểm chưa khớp", "Problems")
            case "content": Bilingual("Yêu cầu chung", "General requirements")
            case "office": Bilingual("Các phòng", "Offices")
            default: nil
            }
        return heading?.text(language)
    }

    /// Whether `lines` writes headings for these rows itself, because they are of several kinds.
    static func hasHeading(_ rows: [ReplyRow], _ language: Language) -> Bool {
        rows.contains { $0.word != rows[0].word }
    }

    /// Rows of which a single one still is a list of one.
    private static let alwaysTables = [
        "requirement", "task", "milestone", "member", "section", "gap", "hit", "passage", "vote", "revision", "review",
        "problem", "office",
    ]

    /// A row of the log reads like the event when it happened.
    private static func event(_ row: ReplyRow, _ screen: Screen) -> [String] {
        guard let sequence = row["seq"].flatMap({ Int64($0) }), let type = row["type"], let time = row["time"] else {
            return list(row, screen)
        }
        let own = ["seq", "type", "time"]
        let event = EventLine(
            sequence: sequence, previous: 0, time: time, type: type, pairs: row.pairs.filter { !own.contains($0.key) })
        return EventText.lines(event, screen)
    }

    /// The columns of a run of rows, in their order; none for keys that no row has.
    private static func columns(_ rows: [ReplyRow], width: Int) -> [String] {
        var known: Set<String> = []
        var found: [String] = []
        for row in rows {
            for pair in row.pairs where known.insert(pair.key).inserted { found.append(pair.key) }
        }
        guard let shape = shapes.first(where: { $0.row == rows.first?.word }) else { return found }
        let wanted = width < wide ? shape.narrow : shape.narrow + shape.wide
        return wanted.filter(known.contains)
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
        let cells = rows.map { row in
            keys.map { key -> TableLayout.Cell in
                guard let value = row[key] else { return "" }
                return cell(key == "title" ? shortened(value) : value, key: key, row: row, screen)
            }
        }
        // With many columns every one of them would be a few letters wide: then a list of each row reads better.
        guard keys.count * 10 <= screen.width + 20 else {
            return Array(rows.map { list($0, screen) }.joined(separator: [""]))
        }
        return layout.lines(rows: cells, style: screen.style)
    }

    /// A title for a list: the names of papers here run to five lines, and `show` has them whole.
    private static func shortened(_ title: String) -> String {
        let most = 100
        guard title.count > most else { return title }
        let words = title.prefix(most).split(separator: " ").dropLast()
        return words.joined(separator: " ") + " …"
    }

    /// Columns that may be wrapped although their values are names.
    private static func isLong(_ key: String, _ row: String) -> Bool {
        switch (row, key) {
        case ("requirement", "id"), ("requirement", "waiting"), ("task", "act"), ("topic", "stage"),
            ("comment", "kind"),
            ("comment", "as"), ("comment", "state"), ("comment", "by"):
            true
        default: false
        }
    }

    /// Whether a pair says nothing that the row does not say otherwise: a topic that is laid aside is not late, and whose
    /// word a comment is stands beside the name of its writer.
    private static func isSaid(_ pair: Pair, _ row: ReplyRow) -> Bool {
        switch row.word {
        case "topic": row["postponed"] == "yes" && ["postponed", "overdue"].contains(pair.key)
        case "comment": pair.key == "behalf"
        default: false
        }
    }

    /// One row as "title: value" lines.
    static func list(_ row: ReplyRow, _ screen: Screen) -> [String] {
        let order = shapes.first { $0.row == row.word }?.narrow ?? []
        let pairs =
            order.compactMap { key in row[key].map { Pair(key, $0) } }
            + row.pairs.filter { !order.contains($0.key) && !isSaid($0, row) }
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
