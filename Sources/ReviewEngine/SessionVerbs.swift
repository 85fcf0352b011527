import ReviewCore
import ReviewProtocol

extension Engine {
    /// What concerns the connection itself.
    mutating func performSession(
        _ act: Act.Session, _ id: ConnectionID, _ next: Queued, _ call: Call, now: Instant
    ) -> Progress {
        guard let language = language(of: id) else { return .waits }
        switch act {
        case .login, .authPlain, .authToken, .authExternal: return logIn(id, next, call, now: now)
        case .enrol: return enrol(id, next, call, now: now)
        case .watch: return watch(id, next, call, now: now)
        case .unwatch: return unwatch(id, call)
        case .acknowledge: return acknowledge(id, call)
        case .language:
            let chosen = Language(rawValue: call.word("language")) ?? .vietnamese
            connections[id]?.language = chosen
            return answer(
                id,
                .ok(
                    [Pair("language", chosen.rawValue)],
                    Wording("Từ nay dùng tiếng Việt", "English from now on"), chosen), tag: call.tag)
        case .set:
            let form = call.pair("body") ?? "lines"
            connections[id]?.sendsLiterals = form == "literal"
            return answer(id, .ok([Pair("body", form)], nil, language), tag: call.tag)
        case .ping: return answer(id, .ok([Pair("time", now.rfc3339)], nil, language), tag: call.tag)
        case .help:
            let name = [call.optionalWord("verb"), call.optionalWord("form")].compactMap { $0 }.joined(separator: " ")
            let lines = VerbTable.help(name.isEmpty ? nil : name, language: language)
            return answer(id, .ok(parts: lines.map { .line($0) }, language), tag: call.tag)
        case .limits:
            let rows = configuration.limits.pairs.map { pair in
                Reply.Part.row("limit", [Pair("name", pair.key), Pair("value", pair.value)])
            }
            return answer(id, .ok([Pair("limits", String(rows.count))], nil, parts: rows, language), tag: call.tag)
        case .logout: return logOut(id, call, now: now)
        }
    }

    /// LOGOUT [token=yes]: what ends the session may take its token along, which is part of the log.
    private mutating func logOut(_ id: ConnectionID, _ call: Call, now: Instant) -> Progress {
        guard call.flag("token"), let identity = identity(of: id), let token = identity.token else {
            return leaveAtOnce(id, call)
        }
        if writing == .inFlight { return wait(id, for: .batch) }
        var batch = open.take() ?? OpenBatch(on: state)
        defer { gather(batch) }
        if batch.isFull { return wait(id, for: .batch) }
        guard let outcome = try? batch.scratch.decide(.withdrawToken(token), by: .person(identity.person), now: now),
            !outcome.facts.isEmpty
        else { return leaveAtOnce(id, call) }
        batch.take(outcome, by: identity.person, now: now)
        batch.writes += 1
        batch.answers.append(Answer(connection: id, tag: call.tag, form: call.form.name, content: .logout))
        connections[id]?.dequeue()
        connections[id]?.unansweredWrites += 1
        // What was sent behind it is not done before it is known that the session goes on.
        return wait(id, for: .batch)
    }

    private mutating func leaveAtOnce(_ id: ConnectionID, _ call: Call) -> Progress {
        connections[id]?.dequeue()
        leave(id, tag: call.tag, form: call.form.name)
        return .waits
    }

    /// OK, then BYE LOGOUT.
    mutating func leave(_ id: ConnectionID, tag: String?, form: String) {
        guard let language = language(of: id) else { return }
        write(id, .ok([], nil, language), tag: tag, form: form)
        end(id, .logout)
    }
}
