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
    /// The first line that shows of what was said.
    private var top = 0

    init(topic: String) { self.topic = topic }

    /// The comments in the order of the text, with the block each sits on.
    private func comments(_ model: Model) -> [(block: Int, comment: CommentRow)] {
        guard let page = page(model), let layout = page.layout else { return [] }
        return model.library.comments(on: page)
            .filter { $0.state != "withdrawn" && (!isUnfinishedOnly || $0.isUnfinished) }
            .map { (layout.place(of: $0.place), $0) }
            .enumerated().sorted { ($0.element.0, $0.offset) < ($1.element.0, $1.offset) }.map(\.element)
    }

    private func layout(_ model: Model) -> TextLayout? { page(model)?.layout }

    private func page(_ model: Model) -> TopicPage? {
        model.topicPage(of: topic)
    }

    mutating func press(_ action: Action?, in model: inout Model) {
        let comments = comments(model)
        switch action {
        case .up, .previousComment: go(to: current - 1, comments.count)
        case .down, .nextComment: go(to: current + 1, comments.count)
        // What is longer than the wall is read on before the next one comes.
        case .pageUp: if top > 0 { scroll(-1, model) } else { go(to: current - 1, comments.count) }
        case .pageDown: if isLonger(model) { scroll(1, model) } else { go(to: current + 1, comments.count) }
        case .top: go(to: 0, comments.count)
        case .bottom: go(to: comments.count - 1, comments.count)
        case .rollCall: model.openRollCall()
        case .everything:
            isUnfinishedOnly.toggle()
            go(to: 0, comments.count)
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

    private mutating func go(to place: Int, _ count: Int) {
        let target = min(max(place, 0), max(count - 1, 0))
        if target != current { top = 0 }
        current = target
    }

    // MARK: Drawing

    /// The lines of the page in two parts: what it is about, which stays, and what was said, which can be longer than the
    /// window.
    private struct Parts {
        var subject: [Line] = []
        var said: [Line] = []
        let width: Int

        typealias Line = (text: String, look: Style.Attributes)

        func wrapped(_ text: String, _ look: Style.Attributes, most: Int = .max) -> [Line] {
            var lines = SafeText.lines(text).flatMap { WordWrap.lines($0, width: width) }
            if lines.count > most {
                lines = Array(lines.prefix(most))
                lines[most - 1] += " …"
            }
            return lines.map { ($0, look) }
        }
    }

    private static func margin(_ size: TerminalSize) -> Int { size.columns / 10 }

    private func parts(_ model: Model) -> Parts {
        let height = Canvas.contentHeight(model.size)
        var parts = Parts(width: max(model.size.columns - 2 * Self.margin(model.size), 10))
        let title = model.library.topic(topic)?.title ?? ""
        parts.subject += parts.wrapped(title, .init(colour: .cyan, isBold: true), most: 2) + [("", .plain)]
        let comments = comments(model)
        guard comments.indices.contains(current), let layout = layout(model) else {
            parts.subject += parts.wrapped(
                isUnfinishedOnly
                    ? model.text("Không còn ý kiến chưa giải quyết.", "Nothing is open.")
                    : model.text("Chưa có ý kiến nào.", "There is no comment."), .bold, most: 2)
            return parts
        }
        let (place, comment) = comments[current]
        let block = layout.blocks[place]
        let shown = block.anchor == "whole" ? model.text("Cả chuyên đề", "The whole topic") : block.anchor
        parts.subject += parts.wrapped(
            model.text(
                "Ý kiến \(current + 1)/\(comments.count) · \(shown)", "\(current + 1)/\(comments.count) · \(shown)"),
            .faint, most: 1)
        parts.subject.append(("", .plain))
        let thread = model.library.threads[comment.id]
        // The paragraph leaves half of the window to what was said about it.
        if comment.isOrphan, let former = thread?.passage("old") {
            parts.subject += parts.wrapped(
                model.text("Đoạn này không còn trong bản hiện nay:", "This paragraph is no longer in the text:"),
                .colour(.yellow), most: 1)
            parts.subject += parts.wrapped(former, .faint, most: max((height - parts.subject.count - 3) / 2, 1))
        } else {
            parts.subject += parts.wrapped(block.text, .plain, most: max((height - parts.subject.count - 3) / 2, 1))
        }
        parts.subject += [("", .plain), (String(repeating: "─", count: parts.width), .faint), ("", .plain)]
        parts.said = parts.wrapped(
            model.title(of: comment), Canvas.look(state: comment.state, level: comment.level), most: 2)
        for message in thread?.messages ?? [] {
            parts.said.append(("", .plain))
            parts.said += parts.wrapped(message.text, .bold)
            let speaker = model.library.speaker(of: message, on: comment, model.language)
            parts.said += parts.wrapped("— " + speaker, .faint, most: 2)
        }
        return parts
    }

    /// Rows for what was said.
    private static func room(_ parts: Parts, _ size: TerminalSize) -> Int {
        max(Canvas.contentHeight(size) - 1 - parts.subject.count, 1)
    }

    /// Whether more was said than shows.
    private func isLonger(_ model: Model) -> Bool {
        let parts = parts(model)
        return top + Self.room(parts, model.size) < parts.said.count
    }

    private mutating func scroll(_ step: Int, _ model: Model) {
        let parts = parts(model)
        let room = Self.room(parts, model.size)
        top = min(max(top + step * max(room - 1, 1), 0), max(parts.said.count - room, 0))
    }

    func draw(on canvas: inout Canvas, _ model: Model) {
        canvas.title(model.text("Sinh hoạt chuyên đề", "Plenary") + " \(topic)", model)
        let parts = parts(model)
        let room = Self.room(parts, model.size)
        let first = min(top, max(parts.said.count - room, 0))
        let margin = Self.margin(model.size)
        for (offset, line) in (parts.subject + parts.said.dropFirst(first).prefix(room)).enumerated() {
            let row = offset + 2
            guard row <= canvas.contentHeight else { break }
            canvas.grid.put(line.text, row: row, column: margin, line.look)
        }
        if first + room < parts.said.count {
            canvas.grid.put(
                "▼ PgDn", row: canvas.contentHeight, column: canvas.width - 7, .bold)
        }
    }
}

extension Model {
    /// Lets something happen on the topic's own page, below the one on top.
    mutating func withTopicPage(_ topic: String, _ change: (inout TopicPage, inout Model) -> Void) {
        guard var page = topicPage(of: topic) else { return }
        change(&page, &self)
        put(page)
    }

    /// The page of a topic on top of others of its kind.
    func topicPage(of topic: String? = nil) -> TopicPage? {
        pages.lazy.reversed().compactMap { if case .topic(let page) = $0 { page } else { nil } }
            .first { topic == nil || $0.topic == topic }
    }
}
