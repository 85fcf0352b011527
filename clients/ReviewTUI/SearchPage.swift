import PhanbienCommands
import ReviewClient
import ReviewProtocol
import Terminal

/// What a search found; Enter goes there.
struct SearchPage: Sendable {
    let number: Int
    let words: String
    /// The topic that was searched; nil for all of them.
    let topic: String?
    private(set) var hits: [ReplyRow]
    /// Where in its text each hit stands, as far as the text is known.
    private var places: [Int: String] = [:]
    /// The texts in which the hits have been looked up.
    private var searched: Set<String> = []
    var selected = 0
    var top = 0

    init(number: Int, words: String, topic: String?, reply: Reply) {
        self.number = number
        self.words = words
        self.topic = topic
        hits = Self.hits(reply)
    }

    private static func hits(_ reply: Reply) -> [ReplyRow] { reply.rows.filter { $0.word == "hit" } }

    static func request(_ words: String, in topic: String?) -> Request { .of("FIND", words).adding("topic", topic) }

    /// Takes what was found anew.
    mutating func take(_ reply: Reply) {
        hits = Self.hits(reply)
        (places, searched) = ([:], [])
        selected = min(selected, max(hits.count - 1, 0))
    }

    /// What the server gives at most.
    private static let most = 100

    /// Looks the hits up in the texts that are here by now, once in each.
    mutating func settle(in model: Model) {
        for revision in Set(hits.compactMap { $0["at"] }) where !searched.contains(revision) {
            guard let text = model.library.texts[revision] else { continue }
            searched.insert(revision)
            let layout = TextLayout(text.document, width: 80)
            for (index, hit) in hits.enumerated() where hit["at"] == revision && hit["id"] == nil {
                guard let passage = passage(of: index), let place = passage.place(in: layout) else { continue }
                places[index] = layout.blocks[place].anchor
            }
        }
    }

    /// The words of a hit, and the how-manieth of the same words it is: what looks alike is told apart by its order.
    private func passage(of index: Int) -> FoundPassage? {
        guard hits[index]["at"] != nil, let words = hits[index]["text"] else { return nil }
        let same = hits[..<index].count { $0["text"] == words && $0["at"] == hits[index]["at"] && $0["id"] == nil }
        return FoundPassage(snippet: words, ordinal: same)
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
            topic, comment: id.hasPrefix("C") ? id : nil, passage: id.isEmpty ? passage(of: selected) : nil)
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
            let source = hit["id"] ?? hit["at"] ?? ""
            let comment = hit["id"].flatMap { model.library.comment($0, of: topic) }
            let place = comment.map(\.place) ?? places[index] ?? ""
            let name =
                source.hasPrefix(topic) ? source : [topic, source].filter { !$0.isEmpty }.joined(separator: "  ")
            let shown = place == "whole" ? model.text("cả chuyên đề", "the whole topic") : place
            let head = [name, shown, title].filter { !$0.isEmpty }
            lines.append((head.joined(separator: " · "), .bold, index))
            for row in WordWrap.lines(SafeText.escape(hit["text"] ?? ""), width: max(model.size.columns - 6, 10)) {
                lines.append(("    " + row, .plain, index))
            }
        }
        return lines
    }

    func draw(on canvas: inout Canvas, _ model: Model) {
        let count =
            hits.count < Self.most
            ? String(hits.count) : model.text("\(hits.count) kết quả đầu", "the first \(hits.count)")
        canvas.title(model.text("Tìm", "Search") + ": \(words) (\(count))", model)
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

/// A paragraph that a search found: the words around the match, perhaps cut at their ends, and which of several that read
/// the same.
struct FoundPassage: Sendable, Equatable {
    let snippet: String
    let ordinal: Int

    /// Its block in a text; nil where the words are no longer in it.
    func place(in layout: TextLayout) -> Int? {
        let isCutBefore = snippet.hasPrefix("…")
        let isCutAfter = snippet.hasSuffix("…")
        let wanted = Self.plain(snippet.dropFirst(isCutBefore ? 1 : 0).dropLast(isCutAfter ? 1 : 0))
        guard !wanted.isEmpty else { return nil }
        let places = layout.blocks.indices.filter { index in
            let text = Self.plain(layout.blocks[index].text[...])
            return switch (isCutBefore, isCutAfter) {
            case (false, false): text == wanted
            case (false, true): text.hasPrefix(wanted)
            case (true, false): text.hasSuffix(wanted)
            case (true, true): text.contains(wanted)
            }
        }
        return places.indices.contains(ordinal) ? places[ordinal] : places.first
    }

    /// Words with one blank between them, as snippets have them.
    private static func plain(_ text: Substring) -> String {
        Folding.plain(text.split(whereSeparator: \.isWhitespace).joined(separator: " "))
    }
}
