import PhanbienCommands
import ReviewClient
import ReviewProtocol
import Terminal

/// What was said about a topic as a whole: the leaders' opinions, why it was returned, who chairs its plenary.
///
/// All of it is in the reply to SHOW, each text behind its row; what kinds of rows there are is the server's business.
extension Model {
    /// The rows that carry words of people, as `show` prints them.
    func remarkLines(on topic: String, width: Int) -> [String] {
        guard var reply = library.details[topic] else { return [] }
        var parts: [ReplyPart] = []
        for item in reply.items {
            guard let row = item.row, item.text != nil || row.word == "plenary" else { continue }
            parts.append(.row(row))
            if let text = item.text { parts.append(.literal(text)) }
        }
        reply.parts = parts
        return ReplyText.lines(library.named(reply), Screen(language: language, width: width, today: today))
            .flatMap { WordWrap.lines($0, width: max(width, 8)) }
    }

    /// Why the topic came back to the stage in which it is; nil when it was not returned.
    func reasonOfReturn(_ topic: String) -> (by: String, text: String)? {
        guard let passage = library.details[topic]?.items.last(where: { $0.row?.word == "passage" }),
            let row = passage.row, let text = passage.text, row["to"] == library.topic(topic)?.stage
        else { return nil }
        return (library.name(row["by"] ?? ""), String(decoding: text, as: UTF8.self))
    }

    /// The same in one sentence for whoever opens the topic.
    func returnWords(_ topic: String) -> String? {
        guard let (by, reason) = reasonOfReturn(topic) else { return nil }
        let words = reason.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        let shown = words.count > Self.mostOfReason ? words.prefix(Self.mostOfReason) + " … " : words[...]
        return text("Bị trả lại (\(by)): \(shown)", "Returned by \(by): \(shown)")
            + (words.count > Self.mostOfReason ? text("(phím i: đọc hết)", "(the key i shows all)") : "")
    }

    /// Letters of a reason that are shown by themselves; the rest is behind a key.
    private static let mostOfReason = 160

    /// That there is something to read about the topic, with its key, for the line below the title: in full, and for where
    /// there is little room.
    func remarkHints(_ topic: String) -> [String] {
        if reasonOfReturn(topic) != nil { return [text("i: bị trả lại", "i: returned")] }
        let rows = library.details[topic]?.rows ?? []
        return rows.contains { $0.word == "vote" && $0["kind"] == "leadership" }
            ? [text("i: ý kiến lãnh đạo", "i: leaders' opinions"), text("i: lãnh đạo", "i: leaders")] : []
    }

    /// Everything that is known of a topic, as it was read last: without the network, too.
    mutating func openAbout(_ topic: String) {
        let title = text("Chuyên đề \(topic)", "Topic \(topic)")
        guard let reply = library.details[topic] else {
            return read(.of("SHOW", topic), title: title)
        }
        openReading(title: title, .reply(reply), topic: topic, request: .of("SHOW", topic))
    }
}

extension TopicPage {
    /// Lets whoever opens a topic that came back know why, and whoever has it open when it does.
    mutating func tellReturn(in model: inout Model) {
        guard picksFor == nil, let words = model.returnWords(topic), words != toldReturn else { return }
        toldReturn = words
        model.tell(.trouble, words)
    }
}
