import Foundation
import Glibc
import Synchronization
import Testing

/// People who post without pause, each request with its own key, and send again what has no answer.
final class Writers {
    /// One writer.
    final class Writer: Sendable {
        struct Progress {
            /// Keys with the identifiers that their OK named, in order.
            var acknowledged: [(key: String, id: String)] = []
            /// How many of them were acknowledged before the present cycle.
            var settled = 0
            /// Sent, and without an answer.
            var pending: [String] = []
            var next = 0
            /// Whether the texts are long.
            var isVoluminous = false
            /// The first answer that breaks a promise.
            var failure: String?
        }
        let name: Int
        let progress = Mutex(Progress())

        init(name: Int) { self.name = name }

        /// Long texts, under keys that begin with `v`, bring a checkpoint about after some hundred of them.
        static func request(_ key: String) -> String {
            let first = "COMMENT 2025-1@1 kind=content level=note key=\(key) <"
            let text = "Góp ý \(key) về số liệu của báo cáo."
            guard key.hasPrefix("v") else { return first + "\n" + text }
            let line = String(repeating: "Cần dẫn nguồn số liệu. ", count: 100) + "\n"
            return first + "<\n" + text + "\n" + String(repeating: line, count: 6) + "."
        }

        /// Asks for everything that was acknowledged since the last look, and sends again what is pending.
        func settle(_ connection: HandConnection) throws {
            let (known, pending) = progress.withLock { progress in
                (Array(progress.acknowledged[progress.settled...]), progress.pending)
            }
            for start in stride(from: 0, to: known.count, by: 32) {
                let chunk = known[start..<min(start + 32, known.count)]
                for (key, _) in chunk { try connection.type(Self.request(key)) }
                for (key, id) in chunk {
                    let status = try connection.reply(seconds: 300).last ?? ""
                    guard status.hasPrefix("OK replay=yes "), Self.identifier(status) == id else {
                        return fail("\(key) was acknowledged as \(id), and now: \(status)")
                    }
                }
            }
            progress.withLock { $0.settled = $0.acknowledged.count }
            try post(connection, pending)
        }

        /// Posts until the connection breaks or the writer was told enough.
        func run(_ connection: HandConnection, window: Int) throws {
            while progress.withLock({ $0.failure == nil }) {
                let keys = progress.withLock { progress in
                    (1...window).map { "\(progress.isVoluminous ? "v" : "w")\(name)-\(progress.next + $0)" }
                }
                progress.withLock { progress in
                    progress.next += window
                    progress.pending += keys
                }
                try post(connection, keys)
            }
        }

        private func post(_ connection: HandConnection, _ keys: [String]) throws {
            guard !keys.isEmpty else { return }
            try connection.type(keys.map { Self.request($0) }.joined(separator: "\n"))
            for key in keys {
                let status = try connection.reply(seconds: 300).last ?? ""
                if status.hasPrefix("BYE ") { throw LineReader.TimedOut(description: status, isEnd: true) }
                guard status.hasPrefix("OK "), let id = Self.identifier(status) else {
                    return fail("\(key): \(status)")
                }
                progress.withLock { progress in
                    progress.acknowledged.append((key, id))
                    progress.pending.removeAll { $0 == key }
                }
            }
        }

        private func fail(_ text: String) {
            progress.withLock { if $0.failure == nil { $0.failure = text } }
        }

        static func identifier(_ status: String) -> String? {
            status.split(separator: " ").first { $0.hasPrefix("id=") }.map { String($0.dropFirst(3)) }
        }
    }

    let writers: [Writer]
    private var group = DispatchGroup()

    init(_ count: Int) { writers = (1...count).map { Writer(name: $0) } }

    /// Lets everybody post until their connection breaks.
    func start(_ server: ServerProcess, isVoluminous: Bool = false) {
        for writer in writers { writer.progress.withLock { $0.isVoluminous = isVoluminous } }
        let (port, authority) = (server.port, server.authority)
        let group = DispatchGroup()
        self.group = group
        for writer in writers {
            group.enter()
            let thread = Thread {
                defer { group.leave() }
                // The end of the connection is what the test makes happen; anything else is in `failure`.
                do {
                    let connection = try HandConnection(port: port, authority: authority)
                    try connection.logIn("lan")
                    try writer.settle(connection)
                    try writer.run(connection, window: 1 + writer.name % 4 * 3)
                } catch {}
            }
            thread.start()
        }
    }

    /// Waits until everybody has noticed the end.
    func join() -> Bool { group.wait(timeout: .now() + 600) == .success }

    /// Lets everybody post until the server ends by itself, or until it is not going to: measured in work, not in time,
    /// since a machine may be busy.
    func wait(for server: ServerProcess, posts: Int = 2_000) -> Bool {
        let most = acknowledged + posts
        let deadline = Date().addingTimeInterval(300)
        while acknowledged < most, failure == nil, Date() < deadline {
            if server.ending(within: 0.02) != nil { return true }
        }
        return false
    }

    /// The first answer that broke a promise.
    var failure: String? {
        for writer in writers { if let failure = writer.progress.withLock({ $0.failure }) { return failure } }
        return nil
    }

    var acknowledged: Int { writers.reduce(0) { $0 + $1.progress.withLock { $0.acknowledged.count } } }

    /// What one can only say at the end: everything acknowledged is there once, and nothing else but what was pending.
    func check(_ server: ServerProcess) throws {
        let reader = try HandConnection(server)
        try reader.logIn("lan")
        for writer in writers { try writer.settle(reader) }
        if let failure { Issue.record("\(failure)") }
        let rows = try reader.ask("COMMENTS 2025-1", seconds: 300).filter { $0.hasPrefix("- comment ") }
        let ids = rows.compactMap { Writer.identifier($0) }
        let stored = Set(ids)
        #expect(stored.count == ids.count, "a comment is listed twice")
        var acknowledged = Set<String>()
        for writer in writers {
            for (key, id) in writer.progress.withLock({ $0.acknowledged }) {
                #expect(acknowledged.insert(id).inserted, "\(id) was given to two requests, \(key) among them")
                #expect(stored.contains(id), "\(key) was acknowledged as \(id) and is lost")
            }
        }
        // Everybody has settled, so nothing is pending any more.
        #expect(
            stored == acknowledged, "\(stored.subtracting(acknowledged).sorted().prefix(5)) were never acknowledged")
    }
}
