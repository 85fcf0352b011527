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
    /// Something was written: a text of a writing page, or a command without a text.
    case write(page: Int?, draft: String?)
    /// The blank review form for a writing page.
    case blank(page: Int)
    case search(String)
    case history(topic: String?)
    /// The approval was tried, or given.
    case approvalTrial(String), approval(String)
}

/// A command with everything that it needs.
struct PreparedCommand: Sendable, Equatable {
    let name: String
    let request: Request
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

    /// A write, with a key of its own so that it takes effect once however often it is sent.
    mutating func write(_ request: Request, for purpose: Purpose) {
        keyCount += 1
        var request = request
        request.arguments.append(Argument(key: "key", value: "\(keySeed)-\(keyCount)"))
        ask(request, for: purpose)
    }

    mutating func readTopic(_ id: String) {
        askOnce(.of("SHOW", id), for: .topic(id))
        askOnce(.of("COMMENTS", id), for: .comments(id))
    }

    mutating func readOverview() {
        askOnce(.of("TODO"), for: .tasks)
        askOnce(.of("LIST"), for: .topics)
    }

    mutating func readText(_ revision: String) {
        guard library.texts[revision] == nil else { return }
        askOnce(.of("SHOW", revision), for: .text(revision))
    }

    /// How many writes have no answer yet.
    var pendingWrites: Int {
        pending.values.count { purpose in
            switch purpose {
            case .write, .approval: true
            default: false
            }
        }
    }
}
