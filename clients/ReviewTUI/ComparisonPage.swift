import PhanbienCommands
import ReviewCore
import ReviewProtocol
import Terminal

/// Two revisions compared word by word, in one column or in two.
struct ComparisonPage: Sendable {
    let topic: String
    private(set) var from: Int
    private(set) var to: Int
    var top = 0
    var isSideBySide = false

    /// One row of the page.
    private struct Row {
        var left = ChangeText()
        var right: ChangeText?
        /// Whether a change begins here.
        var beginsChange = false
        var gap: String?
    }

    /// All that the rows follow from.
    private struct Basis: Equatable {
        let digests: [String]
        let width: Int
        let isWide: Bool
        let language: Language
    }

    private var basis: Basis?
    private var changes: [ParagraphChange] = []
    /// Nil while a text is missing.
    private var rows: [Row]?

    /// Compares the texts and lays the rows out, when they would come out otherwise than the last time.
    mutating func settle(in model: Model) {
        guard let old = model.library.texts["\(topic)@\(from)"], let new = model.library.texts["\(topic)@\(to)"] else {
            (basis, rows) = (nil, nil)
            return
        }
        let now = Basis(
            digests: [old.digest, new.digest], width: model.size.columns,
            isWide: isSideBySide && model.size.columns >= 80, language: model.language)
        guard now != basis else { return }
        if now.digests != basis?.digests { changes = DocumentDiff.changes(old.document, new.document) }
        basis = now
        rows = Self.rows(changes, now, model)
    }

    private static func rows(_ changes: [ParagraphChange], _ basis: Basis, _ model: Model) -> [Row] {
        let width = basis.width
        let isWide = basis.isWide
        var rows: [Row] = []
        var skipped = 0
        func endSkipping() {
            guard skipped > 0 else { return }
            var row = Row()
            row.gap = model.text("  ··· \(skipped) đoạn không thay đổi ···", "  ··· \(skipped) unchanged ···")
            rows += [Row(), row]
            skipped = 0
        }
        for change in changes {
            guard change.kind != .equal else {
                skipped += 1
                continue
            }
            endSkipping()
            let paragraph = change.new ?? change.old
            let place = paragraph?.anchor ?? ""
            let sign: String =
                switch change.kind {
                case .added: model.text("thêm", "added")
                case .removed: model.text("bỏ", "removed")
                case .moved:
                    change.old.map { model.text("dời từ \($0.anchor)", "moved from \($0.anchor)") }
                        ?? model.text("dời", "moved")
                case .edited, .equal: model.text("sửa", "edited")
                }
            var heading = Row()
            heading.left =
                ChangeText.rows([], width: width - 2, hasColour: model.hasColour, prefix: "\(place) – \(sign)")[0]
            heading.beginsChange = true
            rows += [Row(), heading]
            if isWide {
                let half = width / 2 - 3
                let left = ChangeText.rows(change.pieces, width: half, hasColour: model.hasColour, without: .added)
                let right = ChangeText.rows(change.pieces, width: half, hasColour: model.hasColour, without: .removed)
                for index in 0..<max(left.count, right.count) {
                    var row = Row()
                    if left.indices.contains(index) { row.left = left[index] }
                    row.right = right.indices.contains(index) ? right[index] : ChangeText()
                    rows.append(row)
                }
            } else {
                for text in ChangeText.rows(change.pieces, width: width - 4, hasColour: model.hasColour) {
                    var row = Row()
                    row.left = text
                    rows.append(row)
                }
            }
        }
        endSkipping()
        return Array(rows.drop { $0.left.pieces.isEmpty && $0.gap == nil })
    }

    init(topic: String, from: Int, to: Int) {
        self.topic = topic
        self.from = from
        self.to = to
    }

    /// Takes another revision for one of the two; the older one stays before the newer one.
    private mutating func choose(from: Int, to: Int, in model: inout Model) {
        let newest = model.library.topic(topic)?.revision ?? self.to
        guard from >= 1, from < to, to <= newest else {
            return model.tell(
                .news, "Chỉ so sánh được bản trước với bản sau, từ bản 1 đến bản \(newest).",
                "An earlier revision is compared with a later one, from 1 to \(newest).")
        }
        model.notice = nil
        (self.from, self.to, top) = (from, to, 0)
        model.readText("\(topic)@\(from)")
        model.readText("\(topic)@\(to)")
    }

    mutating func press(_ action: Action?, in model: inout Model) {
        switch action {
        // The numbers come from the server, so they may be the largest there are.
        case .earlierFrom: return choose(from: from &- 1, to: to, in: &model)
        case .laterFrom: return choose(from: from &+ 1, to: to, in: &model)
        case .earlierTo: return choose(from: from, to: to &- 1, in: &model)
        case .laterTo: return choose(from: from, to: to &+ 1, in: &model)
        default: break
        }
        guard let rows else { return }
        let height = Canvas.contentHeight(model.size)
        let last = max(rows.count - height, 0)
        switch action {
        case .up: top -= 1
        case .down: top += 1
        case .pageUp: top -= height - 1
        case .pageDown: top += height - 1
        case .top: top = 0
        case .bottom: top = last
        case .nextChange: top = rows.indices.first { $0 > top && rows[$0].beginsChange } ?? top
        case .previousChange: top = rows.indices.last { $0 < top && rows[$0].beginsChange } ?? 0
        case .sideBySide:
            isSideBySide.toggle()
            top = 0
            if isSideBySide, model.size.columns < 80 {
                model.tell(.news, "Cửa sổ hẹp hơn 80 cột: xem một cột.", "Narrower than 80 columns: one column.")
            }
        default: break
        }
        top = min(max(top, 0), last)
    }

    func draw(on canvas: inout Canvas, _ model: Model) {
        canvas.title(model.text("So sánh \(topic): bản \(from) → bản \(to)", "\(topic): @\(from) → @\(to)"), model)
        guard let rows else {
            canvas.grid.put(model.text("Đang đọc hai bản …", "Reading both revisions …"), row: 2, column: 1, .faint)
            return
        }
        if rows.allSatisfy({ $0.gap != nil || $0.left.pieces.isEmpty }) {
            canvas.grid.put(model.text("Hai bản giống hệt nhau.", "Both are the same."), row: 2, column: 1)
            return
        }
        for (offset, row) in rows.dropFirst(top).prefix(canvas.contentHeight).enumerated() {
            let line = offset + 1
            if let gap = row.gap { canvas.grid.put(gap, row: line, column: 0, .faint) }
            row.left.draw(on: &canvas, row: line, column: row.beginsChange ? 1 : 2, end: canvas.width)
            if let right = row.right {
                canvas.grid.put("│", row: line, column: canvas.width / 2, .faint)
                right.draw(on: &canvas, row: line, column: canvas.width / 2 + 2, end: canvas.width)
            }
        }
    }
}

extension Model {
    mutating func openComparison(topic: String, from: Int, to: Int) {
        readText("\(topic)@\(from)")
        readText("\(topic)@\(to)")
        open(.comparison(ComparisonPage(topic: topic, from: from, to: to)))
    }

    /// - Parameter passage: the paragraph to go to.
    mutating func openTopic(_ topic: String, comment: String? = nil, passage: FoundPassage? = nil) {
        readTopic(topic)
        var page = TopicPage(topic: topic, comment: comment, passage: passage)
        page.settle(in: &self)
        open(.topic(page))
    }
}
