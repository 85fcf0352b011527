import PhanbienCommands
import ReviewProtocol
import Terminal

/// The projector's view of a plenary: one paragraph and one comment, large and calm, for everybody in the room.
struct PlenaryPage: Sendable {
    let topic: String
    /// The comment that is spoken about, among those of the topic in the order of the text.
    var current = 0
    /// Whether only what is not settled is shown.
    var isUnfinishedOnly = true

    /// The comments in the order of the text, with the block each sits on.
    private func comments(_ model: Model) -> [(block: Int, comment: CommentRow)] {
        guard let layout = layout(model) else { return [] }
        return (model.library.comments[topic] ?? [])
            .filter { $0.state != "withdrawn" && (!isUnfinishedOnly || $0.isUnfinished) }
            .map { (layout.place(of: $0.place), $0) }
            .enumerated().sorted { ($0.element.0, $0.offset) < ($1.element.0, $1.offset) }.map(\.element)
    }

    private func layout(_ model: Model) -> TextLayout? {
        for page in model.pages {
            if case .topic(let page) = page, page.topic == topic { return page.layout }
        }
        return nil
    }

    mutating func press(_ action: Action?, in model: inout Model) {
        let comments = comments(model)
        switch action {
        case .up, .pageUp, .previousComment: current = max(current - 1, 0)
        case .down, .pageDown, .nextComment: current = min(current + 1, max(comments.count - 1, 0))
        case .top: current = 0
        case .bottom: current = max(comments.count - 1, 0)
        case .rollCall: model.openRollCall()
        case .everything:
            isUnfinishedOnly.toggle()
            current = 0
        case .comment, .settle:
            let selected = comments.indices.contains(current) ? comments[current] : nil
            model.withTopicPage(topic) { page, model in
                if let selected {
                    page.moveTo(selected.block)
                    page.select(comment: selected.comment.id)
                }
                page.press(Key(.escape), action, in: &model)
            }
        default: break
        }
        settle(in: &model)
    }

    /// Keeps to a comment that is there, and asks for what was said about it.
    mutating func settle(in model: inout Model) {
        let comments = comments(model)
        current = min(current, max(comments.count - 1, 0))
        if comments.indices.contains(current) { model.readThread(comments[current].comment.id) }
    }

    func draw(on canvas: inout Canvas, _ model: Model) {
        let title = model.library.topic(topic)?.title ?? ""
        canvas.title(model.text("Sinh hoạt chuyên đề", "Plenary") + " \(topic)", model)
        let margin = canvas.width / 10
        let width = canvas.width - 2 * margin
        var row = 2
        func put(_ text: String, _ look: Style.Attributes, most: Int) {
            for line in SafeText.lines(text).flatMap({ WordWrap.lines($0, width: width) }).prefix(most) {
                guard row <= canvas.contentHeight else { return }
                canvas.grid.put(line, row: row, column: margin, look)
                row += 1
            }
        }
        put(title, .init(colour: .cyan, isBold: true), most: 2)
        row += 1
        let comments = comments(model)
        guard comments.indices.contains(current), let layout = layout(model) else {
            put(
                isUnfinishedOnly
                    ? model.text("Không còn ý kiến chưa giải quyết.", "Nothing is open.")
                    : model.text("Chưa có ý kiến nào.", "There is no comment."), .bold, most: 2)
            return
        }
        let (place, comment) = comments[current]
        let block = layout.blocks[place]
        let shown = block.anchor == "whole" ? model.text("Cả chuyên đề", "The whole topic") : block.anchor
        put(
            model.text(
                "Ý kiến \(current + 1)/\(comments.count) · \(shown)", "\(current + 1)/\(comments.count) · \(shown)"),
            .faint, most: 1)
        row += 1
        let thread = model.library.threads[comment.id]
        if comment.isOrphan, let former = thread?.passage("old") {
            put(
                model.text("Đoạn này không còn trong bản hiện nay:", "This paragraph is no longer in the text:"),
                .colour(.yellow), most: 1)
            put(former, .faint, most: max((canvas.contentHeight - row) / 2, 1))
        } else {
            put(block.text, .plain, most: max((canvas.contentHeight - row) / 2, 1))
        }
        row += 1
        if row <= canvas.contentHeight {
            canvas.grid.fill(row: row, columns: margin..<margin + width, with: "─", .faint)
        }
        row += 2
        put(model.title(of: comment), Canvas.look(state: comment.state, level: comment.level), most: 2)
        row += 1
        for message in thread?.messages ?? [] {
            put(message.text, .bold, most: 8)
            put("— " + model.library.name(message.by), .faint, most: 1)
            row += 1
        }
    }
}

extension Model {
    /// Lets something happen on the topic's own page, below the one on top.
    mutating func withTopicPage(_ topic: String, _ change: (inout TopicPage, inout Model) -> Void) {
        for page in pages {
            guard case .topic(var page) = page, page.topic == topic else { continue }
            change(&page, &self)
            return put(page)
        }
    }
}
