import ReviewCore
import Yams

/// Turns the nodes of a plan file into a draft; what it cannot read it reports and leaves out.
struct PlanReader {
    private(set) var problems: [PlanProblem] = []
    /// The last line of the file.
    private let lastLine: Int

    /// A reader of a file with so many lines.
    init(lines: Int) { lastLine = lines }

    /// The line of a node; the library puts what is missing at the file's end behind its last line.
    private func line(_ node: Node) -> Int? { node.mark.map { min($0.line, lastLine) } }

    /// The most problems that are noted; after that one more error says so, and nothing is looked at any longer.
    private static let maximumProblems = 100
    /// The most topics, offices, requirements, and items of one outline: far above any plan, and what keeps the work
    /// on a hostile file small.
    private static let maximumItems = 300

    /// The longest title, requirement or name, in octets of UTF-8.
    static let maximumTitleOctets = 1000

    /// The draft; nil when there is no year to name it by.
    mutating func read(_ root: Node?) -> PlanDraft? {
        guard let root, case .mapping(let mapping) = root else {
            note(
                .fatal(
                    root.flatMap { self.line($0) } ?? 0, "Tệp không có dạng “khóa: giá trị”. Xem tệp kế hoạch mẫu.",
                    "The file has no “key: value” lines. See the sample plan."))
            return nil
        }
        var found: [PlanDraft.Key: (line: Int, node: Node)] = [:]
        for (keyNode, node) in mapping {
            guard let key = known(PlanDraft.Key.self, keyNode) else { continue }
            found[key] = (self.line(keyNode) ?? 0, node)
        }
        guard let year = year(found[.plan]) else { return nil }
        var draft = PlanDraft(year: year, title: "", offices: [], topics: [])
        draft.lines = found.mapValues(\.line)
        draft.number = text(found[.number], "number", maximumOctets: 100)
        draft.reference = text(found[.reference], "reference", maximumOctets: 200)
        draft.date = date(found[.date])
        draft.title = text(found[.title], "title")
        draft.issuer = text(found[.issuer], "issuer")
        draft.parent = text(found[.parent], "parent")
        draft.signer = text(found[.signer], "signer", maximumOctets: 200)
        draft.offices = offices(found[.offices])
        draft.coordinator = office(found[.coordinator], "coordinator")
        draft.requirements = requirements(found[.requirements])
        draft.topics = topics(found[.topics])
        draft.unread = problems
        return draft
    }

    private var isFull: Bool { problems.count > Self.maximumProblems }

    private mutating func note(_ problem: PlanProblem) {
        guard problems.count < Self.maximumProblems else {
            guard !isFull else { return }
            // An error, so that nothing that was passed over can be loaded.
            problems.append(
                .fatal(
                    problem.line, "Quá nhiều lỗi, phần còn lại chưa được kiểm tra. Sửa các lỗi trên rồi kiểm tra lại.",
                    "Too many problems; the rest was not looked at. Mend these and check again."))
            return
        }
        problems.append(problem)
    }

    /// The beginning of a list; one that is too long is an error.
    private mutating func bounded<Item>(_ items: [Item], _ name: String, _ line: Int) -> [Item] {
        guard items.count > Self.maximumItems else { return items }
        note(
            .fatal(
                line, "“\(name)” có \(items.count) mục, nhiều nhất \(Self.maximumItems).",
                "“\(name)” has \(items.count) items, \(Self.maximumItems) at most."))
        return Array(items.prefix(Self.maximumItems))
    }

    // MARK: - Keys

    /// The key of this name; a name that is nearly one of ours is an error, any other one is passed over with a note.
    private mutating func known<Key: RawRepresentable<String> & CaseIterable>(_ type: Key.Type, _ node: Node) -> Key? {
        let name = node.scalar?.string ?? ""
        if let key = Key(rawValue: name) { return key }
        guard !isFull else { return nil }
        let line = self.line(node) ?? 0
        let names = Key.allCases.map(\.rawValue)
        if let near = Spelling.nearest(to: name, among: names) {
            note(
                .fatal(
                    line, column: node.mark?.column, "Không có khóa “\(name)”; có phải là “\(near)”? Sửa lại cho đúng.",
                    "There is no key “\(name)”; did you mean “\(near)”? Please correct it."))
        } else {
            note(
                .warning(
                    line, column: node.mark?.column,
                    "Khóa “\(name)” không dùng đến nên được bỏ qua. Các khóa có nghĩa: \(names.joined(separator: ", ")).",
                    "The key “\(name)” has no meaning here and is passed over. Known are: \(names.joined(separator: ", "))."
                ))
        }
        return nil
    }

    // MARK: - Values

    /// What was written as one value; nil, and reported, for a list or a mapping.
    private mutating func scalar(_ node: Node, _ name: String, _ line: Int) -> String? {
        guard case .scalar(let scalar) = node else {
            note(
                .fatal(
                    line, "“\(name)” phải là một giá trị trên một dòng, không phải danh sách.",
                    "“\(name)” must be one value on one line, not a list."))
            return nil
        }
        let isNull = scalar.style == .plain && ["~", "null", "Null", "NULL"].contains(scalar.string)
        return isNull ? "" : scalar.string
    }

    /// A line of text in canonical form; empty when blank, missing, or (reported) not acceptable.
    private mutating func text(
        _ value: (line: Int, node: Node)?, _ name: String, maximumOctets: Int = maximumTitleOctets
    ) -> String {
        guard let value, let written = scalar(value.node, name, value.line) else { return "" }
        return canonical(written, name, value.line, maximumOctets: maximumOctets)
    }

    private mutating func canonical(
        _ written: String, _ name: String, _ line: Int, maximumOctets: Int = maximumTitleOctets
    ) -> String {
        do throws(TextProblem) {
            return try CanonicalText.field(written, maximumOctets: maximumOctets)
        } catch {
            if error.kind == .empty { return "" }
            note(
                .fatal(
                    line, "“\(name)”: \(error.text(vietnamese: true)). Sửa lại dòng này.",
                    "“\(name)”: \(error.text(vietnamese: false)). Please correct this line."))
            return ""
        }
    }

    /// A number of at most four digits.
    private static func number(_ text: String) -> Int? {
        guard (1...4).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        return Int(text)
    }

    private mutating func year(_ value: (line: Int, node: Node)?) -> Int? {
        guard let value else {
            note(
                .fatal(0, "Chưa ghi năm của kế hoạch. Thêm dòng “plan: 2025”.", "No year. Add a line “plan: 2025”."))
            return nil
        }
        guard let written = scalar(value.node, "plan", value.line) else { return nil }
        guard let year = Self.number(written), (1900...9999).contains(year) else {
            note(
                .fatal(
                    value.line, "“plan: \(shown(written))” không phải năm. Ghi bốn chữ số, như “plan: 2025”.",
                    "“plan: \(shown(written))” is not a year. Write four digits, as in “plan: 2025”."))
            return nil
        }
        return year
    }

    private mutating func date(_ value: (line: Int, node: Node)?) -> PlanDraft.WrittenDate? {
        guard let value, let written = scalar(value.node, "date", value.line), !written.isEmpty else { return nil }
        guard let date = PlanDraft.WrittenDate(written) else {
            note(
                .fatal(
                    value.line,
                    "“date: \(shown(written))” không phải ngày có thật. Ghi dạng 2025-01-13, hoặc 2025-01 nếu chưa có ngày.",
                    "“date: \(shown(written))” is not a date that exists. Write 2025-01-13, or 2025-01 while the day is blank."
                ))
            return nil
        }
        return date
    }

    private mutating func office(_ value: (line: Int, node: Node)?, _ name: String) -> OfficeID? {
        guard let value, let written = scalar(value.node, name, value.line), !written.isEmpty else { return nil }
        if let office = OfficeID(written) { return office }
        reportOffice(written, value.line)
        return nil
    }

    private mutating func reportOffice(_ written: String, _ line: Int) {
        note(
            .fatal(
                line,
                "“\(shown(written))” không phải mã phòng: 2 đến 32 ký tự a–z, 0–9, dấu chấm, gạch nối, gạch dưới.",
                "“\(shown(written))” is not an office's short name: 2 to 32 of a–z, 0–9, dot, hyphen, underscore."))
    }

    /// What somebody wrote, short enough for a message.
    private func shown(_ written: String) -> String {
        written.count > 60 ? written.prefix(60) + "…" : written
    }

    // MARK: - Lists

    private mutating func pairs(_ value: (line: Int, node: Node)?, _ name: String) -> [(key: Node, node: Node)] {
        guard let value, !isBlank(value.node) else { return [] }
        guard case .mapping(let mapping) = value.node else {
            note(
                .fatal(
                    value.line, "“\(name)” phải gồm các dòng “mã: nội dung” thụt vào.",
                    "“\(name)” must hold indented lines “name: text”."))
            return []
        }
        return bounded(mapping.map { ($0.key, $0.value) }, name, value.line)
    }

    private func isBlank(_ node: Node) -> Bool {
        if case .scalar(let scalar) = node { return scalar.string.isEmpty }
        return false
    }

    private mutating func offices(_ value: (line: Int, node: Node)?) -> [PlanDraft.Office] {
        var found: [PlanDraft.Office] = []
        for (key, node) in pairs(value, "offices") {
            let line = self.line(key) ?? 0
            guard let written = scalar(key, "offices", line) else { continue }
            guard let id = OfficeID(written) else {
                reportOffice(written, line)
                continue
            }
            found.append(PlanDraft.Office(id: id, name: text((line, node), id.text, maximumOctets: 500), line: line))
        }
        return found
    }

    private mutating func requirements(_ value: (line: Int, node: Node)?) -> [PlanDraft.Requirement] {
        var found: [PlanDraft.Requirement] = []
        for (key, node) in pairs(value, "requirements") {
            let line = self.line(key) ?? 0
            guard let written = scalar(key, "requirements", line) else { continue }
            let isName =
                (1...32).contains(written.utf8.count)
                && written.utf8.allSatisfy {
                    (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == UInt8(ascii: "-")
                }
            guard isName else {
                note(
                    .fatal(
                        line, "“\(shown(written))” không phải mã yêu cầu: 1 đến 32 ký tự a–z, 0–9, gạch nối.",
                        "“\(shown(written))” is not a requirement's short name: 1 to 32 of a–z, 0–9, hyphen."))
                continue
            }
            found.append(PlanDraft.Requirement(key: written, text: text((line, node), written), line: line))
        }
        return found
    }

    private mutating func items(_ node: Node, _ name: String, _ line: Int) -> [Node] {
        if isBlank(node) { return [] }
        guard case .sequence(let sequence) = node else {
            note(
                .fatal(
                    line, "“\(name)” phải là danh sách, mỗi mục bắt đầu bằng “- ”.",
                    "“\(name)” must be a list, each item beginning with “- ”."))
            return []
        }
        return bounded(Array(sequence), name, line)
    }

    // MARK: - Topics

    private mutating func topics(_ value: (line: Int, node: Node)?) -> [PlanDraft.Topic] {
        guard let value else { return [] }
        var found: [PlanDraft.Topic] = []
        for node in items(value.node, "topics", value.line) {
            if let topic = topic(node) { found.append(topic) }
        }
        return found
    }

    private mutating func topic(_ node: Node) -> PlanDraft.Topic? {
        let line = self.line(node) ?? 0
        guard case .mapping(let mapping) = node else {
            note(
                .fatal(
                    line, "Mỗi chuyên đề gồm các dòng “number:”, “title:”, … Xem tệp kế hoạch mẫu.",
                    "Each topic holds lines “number:”, “title:”, … See the sample plan."))
            return nil
        }
        var values: [PlanDraft.Topic.Key: (line: Int, node: Node)] = [:]
        for (keyNode, node) in mapping {
            guard let key = known(PlanDraft.Topic.Key.self, keyNode) else { continue }
            values[key] = (self.line(keyNode) ?? line, node)
        }
        // The number comes first, since every other message is about “topic 3”; the others are read all the same, so
        // that one missing number does not hide further problems.
        let number = topicNumber(values[.number], line)
        let topic = PlanDraft.Topic(
            number: number ?? 0, title: text(values[.title], "title"), lead: office(values[.lead], "lead"),
            review: office(values[.review], "review"), quarter: quarter(values[.quarter]),
            milestones: milestones(values[.milestones]), outline: outline(values[.outline]), line: line,
            lines: values.mapValues(\.line))
        return number == nil ? nil : topic
    }

    private mutating func topicNumber(_ value: (line: Int, node: Node)?, _ line: Int) -> Int? {
        guard let value else {
            note(
                .fatal(
                    line, "Chuyên đề bắt đầu ở dòng này chưa có số thứ tự (“number”).",
                    "The topic that begins here has no number (“number”)."))
            return nil
        }
        guard let written = scalar(value.node, "number", value.line) else { return nil }
        guard let number = Self.number(written), (1...999).contains(number) else {
            note(
                .fatal(
                    value.line, "“number: \(shown(written))” không phải số thứ tự chuyên đề, từ 1 đến 999.",
                    "“number: \(shown(written))” is not a topic's number, 1 to 999."))
            return nil
        }
        return number
    }

    private mutating func quarter(_ value: (line: Int, node: Node)?) -> Int? {
        guard let value, let written = scalar(value.node, "quarter", value.line), !written.isEmpty else { return nil }
        guard let quarter = Self.number(written), (1...4).contains(quarter) else {
            note(
                .fatal(
                    value.line, "“quarter: \(shown(written))” không phải quý. Ghi 1, 2, 3 hoặc 4.",
                    "“quarter: \(shown(written))” is not a quarter. Write 1, 2, 3 or 4."))
            return nil
        }
        return quarter
    }

    private mutating func milestones(_ value: (line: Int, node: Node)?) -> [PlanDraft.Deadline] {
        var found: [PlanDraft.Deadline] = []
        for (key, node) in pairs(value, "milestones") {
            let line = self.line(key) ?? value?.line ?? 0
            guard let milestone = known(Milestone.self, key), let written = scalar(node, milestone.rawValue, line)
            else { continue }
            found.append(PlanDraft.Deadline(milestone, shown(written), line: line))
        }
        return found
    }

    // MARK: - The outline

    private mutating func outline(_ value: (line: Int, node: Node)?) -> [OutlineItem] {
        guard let value else { return [] }
        return outlineItems(value.node, value.line)
    }

    /// Descends at most as deep as `PlanForm` lets a file be nested.
    private mutating func outlineItems(_ node: Node, _ line: Int) -> [OutlineItem] {
        items(node, "outline", line).compactMap { outlineItem($0, line) }
    }

    private mutating func outlineItem(_ node: Node, _ line: Int) -> OutlineItem? {
        let line = self.line(node) ?? line
        switch node {
        case .scalar: return OutlineItem(text((line, node), "outline"))
        case .mapping(let mapping):
            guard mapping.count == 1, let pair = mapping.first else { break }
            return OutlineItem(text((line, pair.key), "outline"), children: outlineItems(pair.value, line))
        case .sequence, .alias: break
        }
        note(
            .fatal(
                line, "Mục của bố cục phải là “- Tên mục”, hoặc “- Tên mục:” với các mục con thụt vào bên dưới.",
                "An item of the outline is “- Title”, or “- Title:” with its own items indented below."))
        return nil
    }
}

/// Finds the word that somebody meant.
enum Spelling {
    /// The nearest of several words, if it is so near that the difference is more likely a slip than a choice.
    static func nearest(to name: String, among words: [String]) -> String? {
        let typed = Array(name.lowercased().utf8.prefix(40))
        var best: (word: String, distance: Int)?
        for word in words {
            let distance = distance(typed, Array(word.utf8))
            let allowed = word.utf8.count <= 4 ? 1 : 2
            if distance <= allowed, distance < (best?.distance ?? .max) { best = (word, distance) }
        }
        return best?.word
    }

    /// How many letters have to be added, dropped, replaced or swapped with their neighbour (Damerau 1964).
    private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for (row, octet) in left.enumerated() {
            var current = [row + 1]
            for (column, other) in right.enumerated() {
                var cost = min(last[column + 1] + 1, current[column] + 1, last[column] + (octet == other ? 0 : 1))
                if row > 0, column > 0, octet == right[column - 1], left[row - 1] == other {
                    cost = min(cost, beforeLast[column - 1] + 1)
                }
                current.append(cost)
            }
            (beforeLast, last) = (last, current)
        }
        return last[right.count]
    }
}
