import ReviewCore
import ReviewProtocol

extension Engine {
    /// LANG, SET, PING, HELP, LIMITS and LOGOUT: they work before login, too.
    mutating func performSessionVerb(_ id: ConnectionID, _ call: Call, now: Instant) -> Progress {
        guard let language = language(of: id) else { return .waits }
        switch call.form.verb {
        case "LANG":
            let chosen = Language(rawValue: call.word("language")) ?? .vietnamese
            connections[id]?.language = chosen
            return answer(
                id,
                .ok(
                    [Pair("language", chosen.rawValue)],
                    Wording("Từ nay dùng tiếng Việt", "English from now on"), chosen), tag: call.tag)
        case "SET":
            let form = call.pair("body") ?? "lines"
            connections[id]?.sendsLiterals = form == "literal"
            return answer(id, .ok([Pair("body", form)], nil, language), tag: call.tag)
        case "PING": return answer(id, .ok([Pair("time", now.rfc3339)], nil, language), tag: call.tag)
        case "HELP":
            let name = [call.optionalWord("verb"), call.optionalWord("form")].compactMap { $0 }.joined(separator: " ")
            let lines = VerbTable.help(name.isEmpty ? nil : name, language: language)
            return answer(id, .ok(parts: lines.map { .line($0) }, language), tag: call.tag)
        case "LIMITS":
            let rows = configuration.limits.pairs.map { pair in
                Reply.Part.row("limit", [Pair("name", pair.key), Pair("value", pair.value)])
            }
            return answer(id, .ok([Pair("limits", String(rows.count))], nil, parts: rows, language), tag: call.tag)
        default:
            _ = answer(id, .ok([], nil, language), tag: call.tag)
            end(id, .logout)
            return .waits
        }
    }
}
