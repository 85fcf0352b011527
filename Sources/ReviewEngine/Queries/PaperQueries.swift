import ReviewCore
import ReviewProtocol

extension Reading {
    /// FORM name= [topic] [from=@n] [to=@n] [year=] [format=].
    func form() throws(Interruption) -> Reply {
        var topic: Topic?
        if let text = call.optionalWord("topic") { topic = try readable(text) }
        let name = call.pair("name") ?? ""
        func number(_ key: String) -> Int? { call.number(key).flatMap { Int(exactly: $0) } }
        let year = call.pair("year").flatMap { Int($0) }
        let courses = materials.courses?.value ?? [:]
        if Papers.Form(rawValue: name) == .yearReport {
            // One after another: the engine keeps of each what the report says of it.
            let finished = Papers.finishedTopics(of: year, for: person.id, in: state)
            if let next = finished.first(where: { courses[$0] == nil }) { throw .needs(.topic(next)) }
        }
        let arguments = Papers.Arguments(from: number("from"), to: number("to"), year: year, courses: courses)
        let text: String
        do throws(Refusal) {
            text = try Papers.form(
                named: name, topic: topic, arguments,
                as: call.pair("format").flatMap { Papers.Format(rawValue: $0) } ?? .text, in: state, for: person.id,
                now: now)
        } catch {
            throw .refused(error)
        }
        return done(
            [
                Pair("name", name), Pair("lines", String(text.shownLines.count)),
                Pair("bytes", String(text.utf8.count)),
            ], parts: [.text(text)])
    }
}
