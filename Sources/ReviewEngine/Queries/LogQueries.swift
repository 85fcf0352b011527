import ReviewCore
import ReviewProtocol

extension Reading {
    /// The rows that LOG gives when it is not told how many.
    private static let defaultLimit = 100

    /// The events that one LOG looks at, whoever may see them.
    private static let longestStretch = 4_096

    /// LOG [topic] [after=] [limit=]: the next events of the log that the person may see, as many as they asked for.
    ///
    /// Those that they may not see are passed over: neither their number nor their places are told. `next=` is where the
    /// next stretch begins, `more=yes` that there is one.
    func log() throws(Interruption) -> Reply {
        var topic: TopicID?
        if let text = call.optionalWord("topic") { topic = try known(text).topic.id }
        let after = call.number("after") ?? 0
        let limit = Int(call.number("limit") ?? Int64(Self.defaultLimit))
        guard after <= state.lastSequence else {
            throw .answered(
                .no(
                    .cursorAhead,
                    Wording(
                        "Nhật ký chỉ đến sự kiện \(state.lastSequence)", "The log ends at event \(state.lastSequence)"),
                    pairs: [Pair("tail", String(state.lastSequence))], language))
        }
        let stretch = materials.stretch?.value ?? Stretch()
        // What is durable but not part of the state yet comes with the next request.
        let events = stretch.events.filter {
            $0.sequence <= state.lastSequence && state.isVisible($0, to: person.id)
        }
        let last = stretch.last ?? after
        let isRead = stretch.isAtEnd || last >= state.lastSequence
        if events.count < limit, !isRead, stretch.read < Self.longestStretch {
            // Page by page, so that nobody else waits for a long stretch; longer pages where little is to be seen.
            let page = min(
                max(limit - events.count, stretch.read), EngineConfiguration.eventPage,
                Self.longestStretch - stretch.read)
            throw .needs(.events(after: last, limit: page, topic: topic))
        }
        let shown = events.prefix(limit)
        var parts: [Reply.Part] = []
        for event in shown {
            var pairs = [
                Pair("seq", String(event.sequence)), Pair("time", event.time.rfc3339), Pair("type", event.fact.type),
            ]
            pairs += event.shownPairs
            parts.append(.row("event", pairs))
        }
        var next = isRead ? state.lastSequence : last
        if shown.count == limit { next = shown.last?.sequence ?? next }
        var pairs = [
            Pair("events", String(parts.count)), Pair("next", String(next)), Pair("tail", String(state.lastSequence)),
        ]
        pairs.add("more", flag: next < state.lastSequence)
        return done(pairs, parts: parts)
    }

    /// FIND "text" [topic=]: what one may not read is neither searched nor counted.
    func find() throws(Interruption) -> Reply {
        var wanted: TopicID?
        if let text = call.pair("topic") {
            let (topic, access) = try known(text)
            guard access == .text else { throw notFound(text) }
            wanted = topic.id
        }
        var topics: [TopicID] = []
        var hidden: [ReviewID] = []
        for topic in state.topicsInOrder where wanted == nil || wanted == topic.id {
            guard state.access(of: person.id, to: topic) == .text else { continue }
            topics.append(topic.id)
            for review in topic.reviews where !state.canSee(review, in: topic, person: person.id) {
                hidden.append(review.id)
            }
        }
        guard let hits = materials.hits else {
            throw .needs(
                .search(
                    SearchQuery(
                        text: call.word("text"), topics: topics, hidden: hidden, through: state.lastSequence,
                        limit: 100)))
        }
        // The search took its time: what one may see now counts, not what one might when it was asked.
        let readable = Set(topics)
        let parts = hits.filter { readable.contains($0.source.topic) && canSee($0.source) }.map { hit -> Reply.Part in
            var pairs = [Pair("topic", hit.source.topic.description)]
            switch hit.source {
            case .revision(let revision): pairs.append(Pair("at", revision.description))
            case .comment(let comment, _): pairs.append(Pair("id", comment.description))
            case .review(let review, _): pairs.append(Pair("id", review.description))
            case .topic: break
            }
            pairs.append(Pair("seq", String(hit.sequence)))
            pairs.append(Pair("text", hit.snippet))
            return .row("hit", pairs)
        }
        return done([Pair("hits", String(parts.count))], parts: parts)
    }

    /// Whether what a text of a readable topic belongs to is open: all but a colleague's review is.
    private func canSee(_ source: SearchSource) -> Bool {
        guard case .review(let id, let name) = source, let topic = state.topics[name], !topic.isArchived else {
            return true
        }
        return topic.reviews[id.number].map { state.canSee($0, in: topic, person: person.id) } ?? false
    }

    /// STATUS: figures only, neither texts nor secrets.
    func status() throws(Interruption) -> Reply {
        guard person.position == .admin else {
            throw .refused(
                Refusal(
                    .forbidden,
                    Wording(
                        "Chỉ quản trị hệ thống xem tình trạng máy chủ", "Only the administrator sees the server's state"
                    )))
        }
        let figures = [
            Pair("server-time", now.rfc3339), Pair("started", engine.started.rfc3339), Pair("log", engine.epoch),
            Pair("tail", String(state.lastSequence)), Pair("connections", String(engine.connections)),
            Pair("logged-in", String(engine.authenticated)), Pair("watching", String(engine.watching)),
            Pair("people", String(state.people.count)), Pair("topics", String(state.topics.count)),
            Pair("topics-open", String(state.topics.openCount)), Pair("batches", String(engine.appends)),
            Pair("commits", String(engine.server.commits)),
            Pair("commit-median-us", String(engine.server.commitMedianMicroseconds)),
            Pair("commit-p99-us", String(engine.server.commitHighMicroseconds)),
            Pair("memory-bytes", String(engine.server.residentOctets)),
            Pair("store-bytes", String(engine.server.storeOctets)),
            Pair("uptime-seconds", String(engine.server.uptimeSeconds)),
        ]
        let all = figures + engine.server.others + engine.versions.map { Pair("version-\($0.key)", $0.value) }
        return done(
            [Pair("figures", String(all.count))],
            parts: all.map { .row("figure", [Pair("name", $0.key), Pair("value", $0.value)]) })
    }
}
