import ReviewClient
import ReviewProtocol

/// A reply as octets, in the protocol's own words, so that what was read can be read again away from the network.
enum StoredReply {
    /// The octets; nil for what cannot be written.
    static func octets(_ reply: Reply) -> [UInt8] {
        var octets: [UInt8] = []
        for part in reply.parts {
            switch part {
            case .row(let row): ServerLine.row(word: row.word, pairs: row.pairs).write(into: &octets)
            case .line(let line): ServerLine.body(line).write(into: &octets)
            case .literal(let literal): ServerLine.literal(literal).write(into: &octets)
            }
        }
        ServerLine.status(reply.status).write(into: &octets)
        return octets
    }

    /// The reply of stored octets; nil when they are not exactly one.
    static func reply(_ octets: [UInt8]) -> Reply? {
        var framer = ReplyFramer()
        framer.append(octets)
        var parts: [ReplyPart] = []
        while let line = try? framer.next() {
            switch line {
            case .row(let word, let pairs): parts.append(.row(ReplyRow(word, pairs)))
            case .body(let text): parts.append(.line(text))
            case .literal(let literal): parts.append(.literal(literal))
            case .status(let status): return Reply(parts, status: status)
            case .hello, .prompt, .event, .sync, .note, .bye, .unknown: return nil
            }
        }
        return nil
    }
}

extension Purpose {
    /// The name under which its reply is kept on this machine; nil when it is not.
    var storedName: String? {
        switch self {
        case .whoami: "whoami"
        case .people: "people"
        case .offices: "offices"
        case .topics: "topics"
        case .tasks: "tasks"
        case .topic(let id): "topic-" + id
        case .comments(let id): "comments-" + id
        case .thread(let id): "thread-" + id
        case .check(let id): "check-" + id
        case .text(let revision): "text-" + revision
        case .command, .reread, .formerComments, .wordFile, .trial, .places, .write, .blank, .search, .calendar,
            .dossier, .dossierFile,
            .manifest, .originalOf, .original, .limits, .history:
            nil
        }
    }

    /// What a kept reply was the answer to.
    init?(storedName name: String) {
        func rest(_ prefix: String) -> String? { name.hasPrefix(prefix) ? String(name.dropFirst(prefix.count)) : nil }
        switch name {
        case "whoami": self = .whoami
        case "people": self = .people
        case "offices": self = .offices
        case "topics": self = .topics
        case "tasks": self = .tasks
        default:
            if let id = rest("topic-") {
                self = .topic(id)
            } else if let id = rest("comments-") {
                self = .comments(id)
            } else if let id = rest("thread-") {
                self = .thread(id)
            } else if let id = rest("check-") {
                self = .check(id)
            } else if let revision = rest("text-") {
                self = .text(revision)
            } else {
                return nil
            }
        }
    }
}
