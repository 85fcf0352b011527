import PhanbienCommands
import ReviewClient
import ReviewProtocol
import Terminal

/// What a search found; Enter goes there.
struct SearchPage: Sendable {
    let words: String
    /// The topic that was searched; nil for all of them.
    let topic: String?
    let hits: [ReplyRow]
    var selected = 0
    var top = 0

    init(words: String, topic: String?, reply: Reply) {
        self.words = words
        self.topic = topic
        hits = reply.rows.filter { $0.word == "hit" }
    }

    mutating func press(_ action: Action?, in model: inout Model) {
        let last = max(hits.count - 1, 0)
        switch action {
        case .up: selected = max(selected - 1, 0)
        case .down: selected = min(selected + 1, last)
        case .pageUp: selected = max(selected - 5, 0)
        case .pageDown: selected = min(selected + 5, last)
        case .top: selected = 0
        case .bottom: selected = last
        case .open: open(in: &model)
        default: break
        }
    }

    mutating func point(row: Int, in model: inout Model) {
        let lines = lines(model)
        let index = first(lines, Canvas.contentHeight(model.size)) + row - 1
        guard lines.indices.contains(index) else { return }
        if lines[index].hit == selected { open(in: &model) }
        selected = lines[index].hit
    }

    private func open(in model: inout Model) {
        guard hits.indices.contains(selected), let topic = hits[selected]["topic"] else { return }
        let id = hits[selected]["id"] ?? ""
        if id.hasPrefix("P") { return model.readReview(id) }
        model.openTopic(
            topic, comment: id.hasPrefix("C") ? id : nil, text: id.isEmpty ? hits[selected]["text"] : nil)
    }

    private func first(_ lines: [(text: String, look: Style.Attributes, hit: Int)], _ height: Int) -> Int {
        let start = lines.firstIndex { $0.hit == selected } ?? 0
        return min(max(start - height / 2, 0), max(lines.count - height, 0))
    }

    /// Each hit: where, and the words around it.
    private func lines(_ model: Model) -> [(text: String, look: Style.Attributes, hit: Int)] {
        var lines: [(text: String, look: Style.Attributes, hit: Int)] = []
        for (index, hit) in hits.enumerated() {
            let topic = hit["topic"] ?? ""
            let title = model.library.topic(topic)?.title ?? ""
            let place = hit["id"] ?? hit["at"] ?? ""
            let head = [place.isEmpty ? topic : "\(topic)  \(place)", title].filter { !$0.isEmpty }
            lines.append((head.joined(separator: " · "), .bold, index))
            for row in WordWrap.lines(SafeText.escape(hit["text"] ?? ""), width: max(model.size.columns - 6, 10)) {
                lines.append(("    " + row, .plain, index))
            }
        }
        return lines
    }

    func draw(on canvas: inout Canvas, _ model: Model) {
        canvas.title(model.text("Tìm", "Search") + ": \(words) (\(hits.count))", model)
        guard !hits.isEmpty else {
            canvas.put(
                model.text("Không tìm thấy. Bỏ bớt chữ, hoặc gõ không dấu.", "Nothing found. Try fewer words."),
                row: 2, column: 1, end: canvas.width)
            return
        }
        let lines = lines(model)
        let first = first(lines, canvas.contentHeight)
        for (offset, line) in lines.dropFirst(first).prefix(canvas.contentHeight).enumerated() {
            canvas.put(line.text, row: offset + 1, column: 1, line.look, end: canvas.width)
            if line.hit == selected {
                canvas.grid.restyle(row: offset + 1, columns: 0..<canvas.width) { $0.isReversed = true }
            }
        }
    }
}
