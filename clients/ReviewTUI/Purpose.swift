import PhanbienCommands
import ReviewClient
import ReviewProtocol

/// What a request was sent for: what its reply means.
enum Purpose: Sendable, Equatable {
    case whoami, people, offices, topics, tasks
    case topic(String)
    case comments(String)
    case thread(String)
    case check(String)
    case text(String)
    /// A command of the palette whose answer is to be read.
    case command(title: String)
    /// A command that cannot be undone was tried; the real one follows when the person says yes.
    case trial(PreparedCommand)
    /// A write of the outbox, by its key.
    case write(key: String)
    /// The blank form for a review page.
    case blank(page: Int)
    case search(String)
    /// A stretch of the log, from an event on; nil: only to learn where the log ends.
    case history(topic: String?, after: Int?)
}

/// A command with everything that it needs.
struct PreparedCommand: Sendable, Equatable {
    let name: String
    let request: Request
    /// Whether it makes no sense without a text.
    var needsText = true
    /// Whether it cannot be undone.
    var isFinal = true
    /// What this machine knows of it and the server does not say.
    var details = ""
}

extension Model {
    /// Sends a request whose reply comes back to `take(_:_:)`.
    @discardableResult
    mutating func ask(_ request: Request, for purpose: Purpose) -> RequestIdentifier {
        requestCount += 1
        let identifier = RequestIdentifier(requestCount)
        pending[identifier] = purpose
        effects.append(.send(identifier, request))
        return identifier
    }

    /// Sends a request unless the same is on its way already.
    mutating func askOnce(_ request: Request, for purpose: Purpose) {
        guard !pending.values.contains(purpose) else { return }
        ask(request, for: purpose)
    }

    /// Sends a request because what was read has changed; when the same is on its way already, once more after it.
    ///
    /// So a burst of a hundred events costs two requests.
    mutating func askAnew(_ request: Request, for purpose: Purpose) {
        guard pending.values.contains(purpose) else {
            ask(request, for: purpose)
            return
        }
        if !again.contains(where: { $0.purpose == purpose }) { again.append((purpose, request)) }
    }

    /// After a reply: asks again what has changed meanwhile.
    mutating func askAgain(after purpose: Purpose) {
        guard let index = again.firstIndex(where: { $0.purpose == purpose }) else { return }
        let next = again.remove(at: index)
        ask(next.request, for: next.purpose)
    }

    mutating func readTopic(_ id: String) {
        askOnce(.of("SHOW", id), for: .topic(id))
        askOnce(.of("COMMENTS", id), for: .comments(id))
    }

    mutating func readOverview() {
        askAnew(.of("TODO"), for: .tasks)
        askAnew(.of("LIST"), for: .topics)
    }

    mutating func readText(_ revision: String) {
        guard library.texts[revision] == nil, !library.refused.contains(revision) else { return }
        askOnce(.of("SHOW", revision), for: .text(revision))
    }

    mutating func readThread(_ comment: String) {
        guard library.threads[comment] == nil, !library.refused.contains(comment) else { return }
        askOnce(.of("THREAD", comment), for: .thread(comment))
    }
}
