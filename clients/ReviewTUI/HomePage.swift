import PhanbienCommands
import ReviewClient
import ReviewProtocol
import Terminal

/// "Việc của tôi": what waits for the person, all topics, and the year.
struct HomePage: Sendable {
    /// The item that is selected: tasks first, then topics.
    var selected = 0
    /// Whether the person has chosen it: until then it is what stands first.
    private var isChosen = false
    /// The first line that shows, when there are more than fit.
    var top = 0

    /// One line of the page.
    private struct Line {
        var text: String
        var look: Style.Attributes = .plain
        /// The item that this line belongs to.
        var item: Int?
        /// The deadline at the right, and how it looks.
        var right = ""
        var rightLook: Style.Attributes = .plain
        /// Signs on the line of the year: where, what, and how they look.
        var marks: [(column: Int, text: String, look: Style.Attributes)] = []
    }

    /// What can be selected: tasks, of which many of one kind are one row, then topics.
    private enum Row {
        case tasks([TaskRow])
        case topic(TopicRow)
    }

    /// Tasks of one kind on one topic that are rows of their own; more are one row, so that the others are seen.
    private static let mostOfOneKind = 5

    private static func rows(in library: Library) -> [Row] {
        let kinds = Dictionary(grouping: library.tasks) { $0.topic + " " + $0.act }
        var joined: Set<String> = []
        var rows: [Row] = []
        for task in library.tasks {
            let kind = task.topic + " " + task.act
            let alike = kinds[kind] ?? []
            if alike.count <= mostOfOneKind {
                rows.append(.tasks([task]))
            } else if joined.insert(kind).inserted {
                rows.append(.tasks(alike))
            }
        }
        return rows + library.topics.map { .topic($0) }
    }

    /// How many rows there are before the topics.
    static func taskRowCount(in library: Library) -> Int { rows(in: library).count - library.topics.count }

    private func count(in model: Model) -> Int { Self.rows(in: model.library).count }

    /// The topic of the selected item.
    func selectedTopic(in model: Model) -> String? {
        switch item(in: model.library) {
        case .task(let task): task.topic
        case .topic(let id): id
        case nil: nil
        }
    }

    mutating func press(_ action: Action?, in model: inout Model) {
        let last = max(count(in: model) - 1, 0)
        if action != nil { isChosen = true }
        switch action {
        case .up: selected = max(selected - 1, 0)
        case .down: selected = min(selected + 1, last)
        case .pageUp: selected = max(selected - 10, 0)
        case .pageDown: selected = min(selected + 10, last)
        case .top: selected = 0
        case .bottom: selected = last
        case .open: openSelected(in: &model)
        default: break
        }
        follow(model)
    }

    private mutating func openSelected(in model: inout Model) {
        guard let topic = selectedTopic(in: model) else { return }
        guard case .task(let task) = item(in: model.library) else { return model.openTopic(topic) }
        model.openTopic(topic, comment: task.object)
        model.withTopicPage(topic) { page, _ in page.chosenTask = task }
        switch task.act {
        case "approve": model.openApproval(topic)
        // Whoever got it back reads why before they choose a file.
        case "push" where model.returnWords(topic) == nil: model.openUpload()
        case "assess": model.openReview(of: task)
        case "endorse": if let review = task.object { model.readReview(review) }
        default: model.tellTask(task)
        }
    }

    /// What is selected, whatever comes before it.
    enum Item: Equatable {
        case task(TaskRow)
        case topic(String)
    }

    func item(in library: Library) -> Item? {
        let rows = Self.rows(in: library)
        guard rows.indices.contains(selected) else { return nil }
        switch rows[selected] {
        case .tasks(let tasks): return tasks.first.map { .task($0) }
        case .topic(let topic): return .topic(topic.id)
        }
    }

    /// Stays on an item when the lists have changed; the next one when it is gone.
    mutating func keep(to item: Item?, in library: Library) {
        let rows = Self.rows(in: library)
        func place(_ isWanted: (TaskRow) -> Bool) -> Int? {
            rows.firstIndex { if case .tasks(let tasks) = $0 { tasks.contains(where: isWanted) } else { false } }
        }
        switch item {
        case .task(let task):
            // When the first of many of one kind is done the next one takes its place.
            let joined = rows.firstIndex { row in
                guard case .tasks(let alike) = row, alike.count > 1, let first = alike.first else { return false }
                return first.topic == task.topic && first.act == task.act
            }
            if let place = place({ $0.isSame(as: task) }) ?? joined { selected = place }
        case .topic(let id) where isChosen:
            if let place = rows.firstIndex(where: { if case .topic(let topic) = $0 { topic.id == id } else { false } })
            {
                selected = place
            }
        case .topic, nil: break
        }
        selected = min(selected, max(rows.count - 1, 0))
    }

    mutating func point(row: Int, in model: inout Model) {
        let lines = lines(model)
        let index = top + row - 1
        guard lines.indices.contains(index), let item = lines[index].item else { return }
        if selected == item { openSelected(in: &model) }
        selected = item
        isChosen = true
    }

    /// Keeps the selected line in the window.
    private mutating func follow(_ model: Model) {
        let lines = lines(model)
        let height = Canvas.contentHeight(model.size)
        guard let first = lines.firstIndex(where: { $0.item == selected }) else { return }
        if first < top + 1 { top = max(first - 1, 0) }
        if first >= top + height { top = first - height + 1 }
        top = min(top, max(lines.count - height, 0))
    }

    func draw(on canvas: inout Canvas, _ model: Model) {
        canvas.title(model.text("Việc của tôi", "My work"), model)
        let lines = lines(model)
        for (offset, line) in lines.dropFirst(top).prefix(canvas.contentHeight).enumerated() {
            let row = offset + 1
            let isSelected = line.item == selected
            let end = canvas.width - (line.right.isEmpty ? 0 : DisplayWidth.columns(of: line.right) + 2)
            canvas.put(line.text, row: row, column: 0, line.look, end: end)
            canvas.grid.put(line.right, row: row, column: end + 1, line.rightLook)
            for mark in line.marks { canvas.grid.put(mark.text, row: row, column: mark.column, mark.look) }
            if isSelected { canvas.grid.restyle(row: row, columns: 0..<canvas.width) { $0.isReversed = true } }
        }
    }

    // MARK: Lines

    private func lines(_ model: Model) -> [Line] {
        var lines: [Line] = []
        let tasks = model.library.tasks
        let heading = model.text("Chờ tôi xử lý", "Waiting for me")
        lines.append(Line(text: tasks.isEmpty ? heading : "\(heading) (\(tasks.count))", look: .bold))
        if tasks.isEmpty {
            let words =
                model.library.hasTasks
                ? model.text("Không có việc nào đang chờ bạn.", "Nothing waits for you.")
                : model.isLost
                    ? model.text("Chưa đọc được: chưa kết nối được máy chủ.", "Not read yet: no connection.")
                    : model.text("Đang đọc từ máy chủ …", "Reading from the server …")
            lines.append(Line(text: "  " + words, look: .faint))
        }
        let rows = Self.rows(in: model.library)
        let taskCount = Self.taskRowCount(in: model.library)
        for (index, row) in rows.prefix(taskCount).enumerated() {
            guard case .tasks(let alike) = row, let task = alike.first else { continue }
            var line = Line(text: "  \(task.topic)  " + words(of: alike, task, model), item: index)
            (line.right, line.rightLook) = deadline(task.due, model)
            lines.append(line)
        }
        lines.append(Line(text: ""))
        let topics = model.library.topics
        lines.append(Line(text: model.text("Các chuyên đề", "Topics") + " (\(topics.count))", look: .bold))
        for (index, topic) in topics.enumerated() {
            let open = topic.row["open"].flatMap { Int($0) } ?? 0
            let comments = open > 0 ? model.text(" · \(open) ý kiến chưa giải quyết", " · \(open) open") : ""
            let stage = topic.stageWords(model)
            var line = Line(text: "  \(topic.id)  [\(stage)\(comments)] \(topic.title)", item: taskCount + index)
            (line.right, line.rightLook) = deadline(topic.due, model)
            lines.append(line)
        }
        // The line of the year says nothing to who hears it; the deadlines above do.
        return model.isPlain ? lines : lines + year(model)
    }

    /// What is to be done, on what, and why.
    private func words(of alike: [TaskRow], _ task: TaskRow, _ model: Model) -> String {
        let act = model.word(.act, task.act)
        guard alike.count == 1 else {
            return ["settle", "agree"].contains(task.act)
                ? model.text("\(act) – \(alike.count) ý kiến", "\(act) – \(alike.count) comments")
                : model.text("\(act) – \(alike.count) việc", "\(act) – \(alike.count) tasks")
        }
        let said = act + model.library.object(of: task, model.language)
        return task.text.isEmpty || Self.repeats(task.text, said) ? said : "\(said) – \(task.text)"
    }

    /// Whether a reason says nothing but the act once more: "chưa lập phiếu nhận xét, phản biện".
    private static func repeats(_ reason: String, _ act: String) -> Bool {
        func words(_ text: String) -> Set<Substring> { Set(Folding.slug(text).split(separator: "-")) }
        let said = words(act)
        return said.isSubset(of: words(reason)) && words(reason).subtracting(said).count <= 3
    }

    /// A deadline in words, late ones in red.
    private func deadline(_ day: CalendarDay?, _ model: Model) -> (String, Style.Attributes) {
        guard let day else { return ("", .plain) }
        let days = day.number - model.today.number
        let look: Style.Attributes =
            days < 0 ? .init(colour: .red, isBold: true) : days <= 2 ? .colour(.yellow) : .plain
        return (day.distance(from: model.today, model.language), look)
    }

    // MARK: The year

    /// The plan as a line for each topic: its milestones in their months, and today.
    private func year(_ model: Model) -> [Line] {
        let topics = model.library.topics.filter { model.library.details[$0.id] != nil }
        guard let year = topics.compactMap({ $0.id.split(separator: "-").first.flatMap { Int($0) } }).max(),
            let first = CalendarDay("\(year)-01-01"), let last = CalendarDay("\(year)-12-31")
        else { return [] }
        let left = 10
        let width = max(min(model.size.columns - left - 1, 120), 24)
        func column(_ day: CalendarDay) -> Int? {
            guard day >= first, day <= last else { return nil }
            return left + (day.number - first.number) * width / (last.number - first.number + 1)
        }
        var ruler = Line(text: "")
        for month in 1...12 {
            let number = month < 10 ? "0\(month)" : "\(month)"
            if let place = CalendarDay("\(year)-\(number)-01").flatMap(column) {
                ruler.marks.append((place, model.text("T\(month)", "\(month)"), .faint))
            }
        }
        let title = Line(text: model.text("Kế hoạch năm \(year)", "Plan of \(year)"), look: .bold)
        var lines = [Line(text: ""), title, ruler]
        for topic in topics where topic.id.hasPrefix("\(year)-") {
            var line = Line(text: "  " + topic.id)
            line.marks.append((left, String(repeating: "─", count: width), .faint))
            if let today = column(model.today) { line.marks.append((today, "┃", .colour(.cyan))) }
            let milestones = model.library.details[topic.id]?.rows.filter { $0.word == "milestone" } ?? []
            for (index, milestone) in milestones.enumerated() {
                guard let day = milestone["date"].flatMap({ CalendarDay($0) }), let place = column(day) else {
                    continue
                }
                let isLate = milestone["overdue"] != nil
                line.marks.append(
                    (place, "\(index + 1)", isLate ? .init(colour: .red, isBold: true) : .bold))
            }
            lines.append(line)
        }
        let legend = model.text(
            "  ┃ hôm nay · 1 gửi lãnh đạo · 2 phản biện · 3 hoàn thiện · đỏ: quá hạn",
            "  ┃ today · 1 to leadership · 2 review · 3 finishing · red: late")
        return lines + [Line(text: legend, look: .faint)]
    }
}
