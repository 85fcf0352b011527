import ReviewCore
import ReviewProtocol

extension Reading {
    /// COMMENTS topic [open=yes] [by=] [level=] [kind=] [state=] [at=@n]: `at=` says in which revision to look for their
    /// places; without it, in the newest.
    func comments() throws(Interruption) -> Reply {
        let topic = try readable(call.word("topic"))
        var wanted = topic.comments.filter(isWanted)
        var pairs = [Pair("topic", topic.id.description), Pair("comments", String(wanted.count))]
        if let number = call.number("at").flatMap({ Int(exactly: $0) }), number != topic.newest {
            guard let shown = topic.revision(number) else { throw notFound("\(topic.id)@\(number)") }
            wanted = topic.ported(wanted, to: shown)
            pairs.append(Pair("at", "@\(number)"))
        }
        return done(pairs, parts: wanted.map { row($0) })
    }

    private func isWanted(_ comment: Comment) -> Bool {
        if call.flag("open"), comment.state != .open { return false }
        if let by = call.pair("by"), comment.person.text != by, comment.owner.text != by { return false }
        if let level = call.pair("level"), comment.level.rawValue != level { return false }
        if let kind = call.pair("kind"), comment.kind.rawValue != kind { return false }
        if let wanted = call.pair("state"), comment.state.rawValue != wanted { return false }
        return true
    }

    /// `- comment …` (specification §8).
    func row(_ comment: Comment) -> Reply.Part {
        var pairs = [Pair("id", comment.id.description), Pair("by", comment.person.text)]
        pairs.add("office", comment.office?.text)
        pairs += [
            Pair("kind", comment.kind.rawValue), Pair("level", comment.level.rawValue),
            Pair("state", comment.state.rawValue), Pair("revision", String(comment.revision)),
            Pair("anchor", comment.anchor.target.description), Pair("now", comment.now.state.rawValue),
        ]
        if let disposition = comment.disposition {
            pairs.append(Pair("as", disposition.rawValue))
            pairs.append(Pair("in", comment.settledIn.map { "@\($0)" } ?? ""))
        }
        // Where it sits in the newest revision, when that is another place.
        if let target = comment.now.target, target != comment.anchor.target {
            pairs.append(Pair("at", target.description))
        }
        switch comment.behalf {
        case .person: break
        case .office: pairs.append(Pair("behalf", "office"))
        case .speaker(let speaker): pairs.append(Pair("behalf", speaker.text))
        }
        if !comment.isConfirmed { pairs.append(Pair("confirmed", "no")) }
        pairs.append(Pair("stage", comment.stage.rawValue))
        pairs.append(Pair("time", comment.time.rfc3339))
        pairs.append(Pair("messages", String(comment.messages.count)))
        pairs.add("suggest", flag: comment.suggestion != nil)
        pairs.add("quote", comment.anchor.quote)
        return .row("comment", pairs)
    }

    /// THREAD C88: the comment's row, what it is about then and now, and its messages, each text behind its row.
    func thread() throws(Interruption) -> Reply {
        let (topic, comment) = try comment(call.word("comment"))
        var parts = [row(comment)]
        func add(_ kind: String, _ text: String?) {
            guard let text else { return }
            parts.append(.row("text", [Pair("kind", kind)]))
            parts.append(.text(text))
        }
        add("quote", comment.anchor.quote)
        add("old", comment.now.oldText)
        add("new", comment.now.newText)
        add("suggest", comment.suggestion.map { state.shown($0) })
        for (index, message) in comment.messages.enumerated() {
            var pairs = [Pair("n", String(index + 1)), Pair("by", message.person.text)]
            pairs.add("office", message.office?.text)
            pairs.append(Pair("time", message.time.rfc3339))
            pairs.append(Pair("kind", message.kind.rawValue))
            parts.append(.row("message", pairs))
            if !state.shown(message.body).isEmpty { parts.append(.text(state.shown(message.body))) }
        }
        return done(
            [
                Pair("id", comment.id.description), Pair("topic", topic.id.description),
                Pair("messages", String(comment.messages.count)),
            ], parts: parts)
    }
}
