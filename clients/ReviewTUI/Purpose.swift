import PhanbienCommands
import ReviewClient
import ReviewCore
import ReviewProtocol

/// What a request was sent for: what its reply means.
enum Purpose: Sendable, Equatable {
    case whoami, people, offices, topics, tasks
    case topic(String)
    case comments(String)
    /// The comments of a topic with their places in a revision that is not the newest.
    case formerComments(of: String, in: Int)
    case thread(String)
    case check(String)
    case text(String)
    /// What a reply has to be read for: a command of the palette, a paper.
    case command(Request, title: String)
    /// The same, or what was found, for a page on which it stands already.
    case reread(page: Int)
    /// A paper as a file.
    case wordFile(name: String)
    /// A command that cannot be undone was tried; the real one follows when the person says yes.
    case trial(PreparedCommand)
    /// Where a comment sits in exactly this revision, to put its suggestion there.
    case places(comment: String, topic: String, revision: Int)
    /// A write of the outbox, by its key.
    case write(key: String)
    /// The blank form for a review page.
    case blank(page: Int)
    case search(String)
    /// The milestones as a file.
    case calendar
    /// The files of a topic's dossier, and each of them.
    case dossier(String), dossierFile
    /// What is known of a topic, to find the Word file of this revision; and the file itself.
    case originalOf(String), original(OriginalDownload)
    /// How much the server takes.
    case limits
    /// The manifest of the revision that the person approves, to be signed.
    case manifest(String)
    /// A stretch of the log, from an event on; nil: only to learn where the log ends.
    ///
    /// - Parameter page: where the log is read already.
    case history(topic: String?, after: Int?, page: Int?)
}

/// A command with everything that it needs.
struct PreparedCommand: Sendable, Equatable {
    let name: String
    /// The words that were chosen for it, such as which opinion it is.
    var chosen = ""
    var request: Request
    /// Whether it makes no sense without a text.
    var needsText = true
    /// Whether it cannot be undone.
    var isFinal = true
    /// What this machine knows of it and the server does not say.
    var details = ""
    /// The writing page that its text stands on, and the draft of that text.
    var page: Int?
    var draft: String?
    /// What has to be allowed, too, and is tried before: what follows upon the request.
    var first: Request?
    /// The words that it changes, shown before it is done.
    var change: [DiffPiece] = []
    /// Where it is half of an act.
    var half: ActHalf?
    /// The Word file that is to be kept with the text, unless the person leaves it out.
    var original: WordFile?

    /// What stands above its text, and above the question whether to do it.
    var title: String { chosen.isEmpty ? name : "\(name): \(chosen)" }
}

extension Purpose {
    /// Whether its answer comes up by itself, as a question or as a page of its own.
    var comesUp: Bool {
        switch self {
        case .command, .trial, .places, .search: true
        case .history(_, _, let page): page == nil
        case .whoami, .people, .offices, .topics, .tasks, .topic, .comments, .thread, .check, .text, .write, .blank,
            .calendar, .dossier, .dossierFile, .manifest, .wordFile, .originalOf, .original, .limits, .reread,
            .formerComments:
            false
        }
    }
}

/// Where a person is: an answer that they waited for may come up only there.
struct Spot: Sendable, Equatable {
    let depth: Int
    let place: Place
    let topic: String?
    /// Where text is written any key leads on: the next one would go to what came up.
    let presses: Int?
}

extension Model {
    /// Sends a request whose reply comes back to `take(_:_:)`.
    ///
    /// - Parameter pause: how long the server asked to wait before.
    mutating func ask(_ request: Request, for purpose: Purpose, after pause: Milliseconds? = nil) {
        requestCount += 1
        let identifier = RequestIdentifier(requestCount)
        pending[identifier] = purpose
        if purpose.comesUp { spots[identifier] = spot }
        effects.append(pause.map { .sendLater(identifier, request, milliseconds: $0) } ?? .send(identifier, request))
    }

    private var spot: Spot {
        Spot(depth: pages.count, place: page.place, topic: page.topic, presses: isWriting ? pressCount : nil)
    }

    /// Whether what was asked for may come up now; somebody who went on elsewhere is told that it came too late.
    ///
    /// Their next key is meant for what is before them, and an act that cannot be undone may hang on it.
    mutating func isExpected(_ identifier: RequestIdentifier, _ purpose: Purpose) -> Bool {
        guard let asked = spots.removeValue(forKey: identifier) else { return true }
        // A page over a page that is only read costs a key to leave; a question is another matter.
        var isQuestion = false
        switch purpose {
        case .trial, .places: isQuestion = true
        default: break
        }
        guard overlay != nil || (isQuestion || isWriting) && asked != spot else { return true }
        switch purpose {
        case .trial(let command): leaveUndone(command)
        case .places(let comment, _, _): tellNotDone(nameOfApplying(comment))
        case .command(_, let title) where !title.isEmpty:
            tell(
                .news, "“\(title)” đã có nhưng đến muộn: hãy mở lại khi cần.",
                "“\(title)” came too late: open it again when you need it.")
        case .search(let words):
            tell(
                .news, "Kết quả tìm “\(words)” đến muộn: hãy tìm lại khi cần.",
                "What was found for “\(words)” came too late: search again when you need it.")
        case .history:
            tell(
                .news, "Nhật ký đến muộn: hãy mở lại khi cần.", "The log came too late: open it again when you need it."
            )
        case .command, .whoami, .people, .offices, .topics, .tasks, .topic, .comments, .thread, .check, .text, .write,
            .blank, .calendar, .dossier, .dossierFile, .manifest, .wordFile, .originalOf, .original, .limits, .reread,
            .formerComments:
            break
        }
        return false
    }

    /// A trial whose question did not come up: nothing was done.
    private mutating func tellNotDone(_ name: String) {
        tell(
            .trouble, "CHƯA thực hiện “\(name)”: câu hỏi xác nhận không còn đúng lúc, hãy làm lại.",
            "“\(name)” was NOT done: its question is out of date; begin it again.")
    }

    /// The same of a command whose text stands on a page: there it can be changed and sent again.
    private mutating func leaveUndone(_ command: PreparedCommand) {
        endSending(command.page)
        tellNotDone(command.name)
    }

    /// The connection broke: what a trial said before says nothing any more.
    mutating func dropTrials() {
        for (identifier, purpose) in pending {
            switch purpose {
            case .trial(let command): leaveUndone(command)
            case .places(let comment, _, _): tellNotDone(nameOfApplying(comment))
            default: continue
            }
            pending[identifier] = nil
            spots[identifier] = nil
        }
        if case .confirm(let confirmation) = overlay {
            overlay = nil
            leaveUndone(confirmation.command)
        }
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

    /// Sends a request whose reply is to be read on a page.
    mutating func read(_ request: Request, title: String) { ask(request, for: .command(request, title: title)) }

    /// Asks anew for what is read on the page on top.
    mutating func readPageAnew() {
        switch page {
        case .reading(let page):
            guard let request = page.request else { return }
            if request.verb == "LOG" {
                // A log is read in stretches, one after another.
                let isUnderWay = pending.values.contains { if case .history = $0 { true } else { false } }
                return isUnderWay ? () : readHistory(of: page.topic, page: page.number)
            }
            askAnew(request, for: .reread(page: page.number))
        case .search(let page):
            askAnew(SearchPage.request(page.words, in: page.topic), for: .reread(page: page.number))
        // The others follow what is known.
        case .home, .topic, .writing, .comparison, .approval, .plenary, .review: break
        }
    }

    mutating func readTopic(_ id: String) {
        askOnce(.of("SHOW", id), for: .topic(id))
        askOnce(.of("COMMENTS", id), for: .comments(id))
    }

    /// Where the comments sit in the text that is shown, where it is not the newest.
    mutating func readFormerComments(of page: TopicPage, anew: Bool = false) {
        guard let revision = page.revision, let name = page.revisionName,
            let newest = library.topic(page.topic)?.revision, revision < newest,
            anew || library.formerComments[name] == nil && library.refused["comments-" + name] == nil
        else { return }
        let request = Request.of("COMMENTS", page.topic).adding("at", "@\(revision)")
        let purpose = Purpose.formerComments(of: page.topic, in: revision)
        if anew { askAnew(request, for: purpose) } else { askOnce(request, for: purpose) }
    }

    mutating func readOverview() {
        askAnew(.of("TODO"), for: .tasks)
        askAnew(.of("LIST"), for: .topics)
    }

    mutating func readText(_ revision: String) {
        guard library.texts[revision] == nil, library.refused[revision] == nil else { return }
        askOnce(.of("SHOW", revision), for: .text(revision))
    }

    mutating func readThread(_ comment: String) {
        guard library.threads[comment] == nil, library.refused[comment] == nil else { return }
        askOnce(.of("THREAD", comment), for: .thread(comment))
    }
}
