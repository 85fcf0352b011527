import ReviewCore
import Yams

/// Turns the parsed file into a draft; collects what it cannot understand and goes on, so that all is reported at once.
struct PlanNodeReader {
    private(set) var problems: [PlanProblem] = []

    /// The longest title, in octets, and the longest of the other fields.
    private static let titleOctets = 2_000
    private static let fieldOctets = 1_000
    /// The most topics of a plan, and items of a list or an outline.
    private static let maximumItems = 999

    mutating func draft(_ mapping: Node.Mapping) -> PlanDraft {
        var lines: [PlanDraft.Key: Int] = [:]
        var values: [PlanDraft.Key: Node] = [:]
        for (key, value) in mapping {
            guard let name = key.scalar?.string else {
                problems.append(notAKey(key))
                continue
            }
            guard let known = PlanDraft.Key(rawValue: name) else {
                unknown(name, line(key), PlanDraft.Key.allCases.map(\.rawValue))
                continue
            }
            lines[known] = line(key)
            values[known] = value
        }
        let topics = sequence(values[.topics], "topics").compactMap { topic($0) }
        var date: PlanDraft.WrittenDate?
        if let node = values[.date], let text = field(node, "date"), !text.isEmpty {
            date = PlanDraft.WrittenDate(text)
            if date == nil {
                problems.append(
                    .fatal(
                        line(node), column: node.mark?.column,
                        "date: “\(text)” không phải ngày; ghi 2025-01-13, hoặc 2025-01 khi ngày để trống",
                        "date: “\(text)” is no date; write 2025-01-13, or 2025-01 while the day is blank"))
            }
        }
        let result = PlanDraft(
            year: year(values[.plan]), number: text(values[.number], "number"),
            reference: text(values[.reference], "reference"), date: date, title: title(values[.title], "title"),
            issuer: text(values[.issuer], "issuer"), parent: text(values[.parent], "parent"),
            signer: text(values[.signer], "signer"), offices: offices(values[.offices]),
            coordinator: office(values[.coordinator], "coordinator"), requirements: requirements(values[.requirements]),
            topics: topics, lines: lines, unread: [])
        var draft = result
        draft.unread = PlanProblem.inOrder(problems)
        return draft
    }

    // MARK: Small parts

    private func line(_ node: Node) -> Int { node.mark?.line ?? 0 }

    private func notAKey(_ node: Node) -> PlanProblem {
        .fatal(line(node), "ở đây cần một khóa, ví dụ “title:”", "a key such as “title:” belongs here")
    }

    /// A key that no plan has: a slip of the pen when it is near a known one, otherwise reported and passed over.
    private mutating func unknown(_ name: String, _ line: Int, _ known: [String]) {
        let shown = name.prefix(40)
        if let near = known.first(where: { isNear(name, $0) }) {
            problems.append(
                .fatal(
                    line, "không có khóa “\(shown)”; có phải “\(near)”?",
                    "there is no key “\(shown)”; is it “\(near)”?"))
        } else {
            problems.append(
                .warning(
                    line,
                    "khóa “\(shown)” không thuộc tệp kế hoạch, được bỏ qua; các khóa: \(known.joined(separator: ", "))",
                    "the key “\(shown)” is not a plan's and is passed over; keys: \(known.joined(separator: ", "))"))
        }
    }

    /// At most two letters apart.
    private func isNear(_ one: String, _ other: String) -> Bool {
        let left = Array(one.utf8.prefix(40))
        let right = Array(other.utf8)
        var row = Array(0...right.count)
        for (i, octet) in left.enumerated() {
            var previous = row[0]
            row[0] = i + 1
            for j in right.indices {
                let here = min(row[j + 1] + 1, row[j] + 1, previous + (octet == right[j] ? 0 : 1))
                previous = row[j + 1]
                row[j + 1] = here
            }
        }
        return (row.last ?? 3) <= 2 && right.count > 3
    }

    /// A scalar's text as a canonical field; nil (and a problem) when it is none.
    private mutating func field(_ node: Node, _ key: String, maximumOctets: Int = Self.fieldOctets) -> String? {
        guard let scalar = node.scalar else {
            problems.append(
                .fatal(
                    line(node), "\(key): cần một giá trị trên một dòng, không phải danh sách",
                    "\(key): one value is needed here, not a list"))
            return nil
        }
        let joined = String(decoding: scalar.string.utf8.map { $0 == 0x0A ? 0x20 : $0 }, as: UTF8.self)
        if joined.utf8.allSatisfy({ $0 == 0x20 }) { return "" }
        do { return try CanonicalText.field(joined, maximumOctets: maximumOctets) } catch {
            problems.append(
                .fatal(
                    line(node), column: node.mark?.column, "\(key): " + error.text(vietnamese: true),
                    "\(key): " + error.text(vietnamese: false)))
            return nil
        }
    }

    private mutating func text(_ node: Node?, _ key: String) -> String { node.flatMap { field($0, key) } ?? "" }

    private mutating func title(_ node: Node?, _ key: String) -> String {
        node.flatMap { field($0, key, maximumOctets: Self.titleOctets) } ?? ""
    }

    private mutating func number(_ node: Node?, _ key: String, _ range: ClosedRange<Int>) -> Int? {
        guard let node, let written = field(node, key) else { return nil }
        guard written.utf8.count <= 9, let value = Int(written), range.contains(value) else {
            problems.append(
                .fatal(
                    line(node), column: node.mark?.column,
                    "\(key): “\(written)” không phải số từ \(range.lowerBound) đến \(range.upperBound)",
                    "\(key): “\(written)” is no number from \(range.lowerBound) to \(range.upperBound)"))
            return nil
        }
        return value
    }

    private mutating func year(_ node: Node?) -> Int {
        if node == nil {
            problems.append(
                .fatal(
                    1, "thiếu năm của Kế hoạch: thêm dòng “plan: 2025”", "the plan's year is missing: add “plan: 2025”")
            )
        }
        return number(node, "plan", 1900...9999) ?? 0
    }

    private mutating func office(_ node: Node?, _ key: String) -> OfficeID? {
        guard let node, let written = field(node, key), !written.isEmpty else { return nil }
        guard let office = OfficeID(written) else {
            problems.append(
                .fatal(
                    line(node), column: node.mark?.column,
                    "\(key): “\(written)” không phải mã phòng (2–32 chữ thường không dấu, số, dấu . _ -)",
                    "\(key): “\(written)” is no office's short name (2–32 of a–z, 0–9, . _ -)"))
            return nil
        }
        return office
    }

    private mutating func sequence(_ node: Node?, _ key: String) -> [Node] {
        guard let node else { return [] }
        guard case .sequence(let items) = node, items.count <= Self.maximumItems else {
            problems.append(
                .fatal(
                    line(node), "\(key): cần một danh sách, mỗi mục bắt đầu bằng “- ”, tối đa \(Self.maximumItems) mục",
                    "\(key): a list is needed, each item behind “- ”, \(Self.maximumItems) at most"))
            return []
        }
        return Array(items)
    }

    private mutating func pairs(_ node: Node?, _ key: String) -> [(name: String, key: Node, value: Node)] {
        guard let node else { return [] }
        guard case .mapping(let mapping) = node, mapping.count <= Self.maximumItems else {
            problems.append(
                .fatal(
                    line(node), "\(key): cần các dòng “khóa: giá trị”, tối đa \(Self.maximumItems) dòng",
                    "\(key): “key: value” lines are needed, \(Self.maximumItems) at most"))
            return []
        }
        var found: [(name: String, key: Node, value: Node)] = []
        for (key, value) in mapping {
            if let name = key.scalar?.string { found.append((name, key, value)) } else { problems.append(notAKey(key)) }
        }
        return found
    }

    // MARK: Parts of a plan

    private mutating func offices(_ node: Node?) -> [PlanDraft.Office] {
        pairs(node, "offices").compactMap { name, key, value in
            let text = field(value, "offices") ?? ""
            guard let id = OfficeID(name) else {
                problems.append(
                    .fatal(
                        line(key), column: key.mark?.column,
                        "offices: “\(name.prefix(40))” không phải mã phòng (2–32 chữ thường không dấu, số, dấu . _ -)",
                        "offices: “\(name.prefix(40))” is no office's short name (2–32 of a–z, 0–9, . _ -)"))
                return nil
            }
            return PlanDraft.Office(id: id, name: text, line: line(key))
        }
    }

    private mutating func requirements(_ node: Node?) -> [PlanDraft.Requirement] {
        pairs(node, "requirements").map { name, key, value in
            PlanDraft.Requirement(
                key: field(key, "requirements") ?? String(name.prefix(40)),
                text: field(value, "requirements", maximumOctets: Self.titleOctets) ?? "", line: line(key))
        }
    }

    private mutating func topic(_ node: Node) -> PlanDraft.Topic? {
        var lines: [PlanDraft.Topic.Key: Int] = [:]
        var values: [PlanDraft.Topic.Key: Node] = [:]
        for (name, key, value) in pairs(node, "topics") {
            guard let known = PlanDraft.Topic.Key(rawValue: name) else {
                unknown(name, line(key), PlanDraft.Topic.Key.allCases.map(\.rawValue))
                continue
            }
            lines[known] = line(key)
            values[known] = value
        }
        if values[.number] == nil {
            problems.append(
                .fatal(
                    line(node), "chuyên đề chưa có số thứ tự: thêm “number: 1”",
                    "the topic has no number: add “number: 1”"))
        }
        guard let number = number(values[.number], "number", 1...999) else { return nil }
        return PlanDraft.Topic(
            number: number, title: title(values[.title], "title"), lead: office(values[.lead], "lead"),
            review: office(values[.review], "review"), quarter: self.number(values[.quarter], "quarter", 1...4),
            milestones: milestones(values[.milestones]), outline: outline(values[.outline], depth: 1), line: line(node),
            lines: lines)
    }

    private mutating func milestones(_ node: Node?) -> [PlanDraft.Deadline] {
        pairs(node, "milestones").compactMap { name, key, value in
            guard let milestone = Milestone(rawValue: name) else {
                unknown(name, line(key), Milestone.allCases.map(\.rawValue))
                return nil
            }
            return PlanDraft.Deadline(milestone, field(value, name) ?? "", line: line(key))
        }
    }

    /// Headings as words, or as `heading:` with those below it; the prescan has bounded how deep.
    private mutating func outline(_ node: Node?, depth: Int) -> [OutlineItem] {
        guard depth <= OutlineItem.maximumDepth + 1 else { return [] }
        return sequence(node, "outline").flatMap { item -> [OutlineItem] in
            if item.scalar != nil {
                guard let title = field(item, "outline"), !title.isEmpty else { return [] }
                return [OutlineItem(title)]
            }
            return pairs(item, "outline").compactMap { name, key, value in
                guard let title = field(key, "outline"), !title.isEmpty else { return nil }
                return OutlineItem(title, children: outline(value, depth: depth + 1))
            }
        }
    }
}
