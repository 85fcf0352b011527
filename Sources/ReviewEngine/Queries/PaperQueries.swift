import ReviewCore
import ReviewProtocol

extension Reading {
    /// FORM name= [topic].
    func form() throws(Interruption) -> Reply {
        var topic: Topic?
        if let text = call.optionalWord("topic") { topic = try readable(text) }
        let name = call.pair("name") ?? ""
        let text: String
        do throws(Refusal) {
            text = try Papers.form(named: name, topic: topic, in: state, for: person.id, now: now)
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
