import Foundation
import Glibc
import Synchronization
import Testing

/// `kill -9` under load: nothing that was acknowledged is lost, nothing is there twice.
///
/// PHANBIEN_CRASHES sets how many times (3 in an ordinary run).
@Suite(.serialized) struct CrashTests {
    /// One writer: posts comments one after another, each with its own key, and sends the same request again after a crash.
    private final class Writer: Sendable {
        struct Progress {
            var acknowledged: [(key: String, id: String)] = []
            var pending: String?
            var next = 0
            var failure: String?
        }
        let name: Int
        let progress = Mutex(Progress())

        init(name: Int) { self.name = name }

        /// Posts until the connection breaks.
        func run(_ connect: () throws -> HandConnection) {
            do {
                let connection = try connect()
                while true {
                    let key = progress.withLock { progress in
                        if let pending = progress.pending { return pending }
                        progress.next += 1
                        let key = "w\(name)-\(progress.next)"
                        progress.pending = key
                        return key
                    }
                    let reply = try connection.ask(
                        "COMMENT 2025-1@1 kind=content level=note key=\(key) <\nGóp ý \(key).", seconds: 30)
                    guard let status = reply.last, status.hasPrefix("OK "),
                        let id = status.split(separator: " ").first(where: { $0.hasPrefix("id=") })
                    else {
                        if reply.last?.hasPrefix("NO ") == true || reply.last?.hasPrefix("BAD ") == true {
                            progress.withLock { $0.failure = reply.last }
                        }
                        return
                    }
                    progress.withLock { progress in
                        progress.acknowledged.append((key, String(id.dropFirst(3))))
                        progress.pending = nil
                    }
                }
            } catch {
                // The server was killed: what was pending is sent again on the next connection.
            }
        }
    }

    @Test func nothingAcknowledgedIsLostOrDoubled() throws {
        let crashes = ProcessInfo.processInfo.environment["PHANBIEN_CRASHES"].flatMap { Int($0) } ?? 3
        var generator = SystemRandomNumberGenerator()
        let server = try ServerProcess()
        try server.start()
        let hoa = try HandConnection(server)
        try hoa.logIn("hoa")
        try #require(try hoa.ask("PUSH 2025-1 if=@0 <<\n# Mở đầu\n\nMột đoạn.\n.").last?.hasPrefix("OK ") == true)
        try #require(try hoa.ask("SUBMIT 2025-1").last?.hasPrefix("OK ") == true)
        let bich = try HandConnection(server)
        try bich.logIn("bich")
        try #require(try bich.ask("SUBMIT 2025-1").last?.hasPrefix("OK ") == true)
        // One session token for all writers: a password takes a third of a second of hashing each.
        let lan = try HandConnection(server)
        _ = try lan.line()
        let login = try #require(try lan.ask("LOGIN lan token=yes <\n\(ServerProcess.password)").last)
        let token = try #require(
            login.split(separator: " ").first { $0.hasPrefix("token=") }.map { String($0.dropFirst(6)) })
        server.stop()

        let writers = (1...6).map { Writer(name: $0) }
        for crash in 1...crashes {
            try server.start(["--limit", "connections-per-person=32", "--limit", "connections-per-address=64"])
            let group = DispatchGroup()
            let authority = Connector(server: server, token: token)
            for writer in writers {
                let thread = Thread { [authority] in
                    writer.run { try authority.connect() }
                    group.leave()
                }
                group.enter()
                thread.start()
            }
            usleep(UInt32.random(in: 250_000...900_000, using: &generator))
            server.killHard()
            #expect(group.wait(timeout: .now() + 60) == .success, "writers of crash \(crash) did not end")
        }

        try server.start()
        let reader = try HandConnection(server)
        try reader.logIn("lan")
        let rows = try reader.ask("COMMENTS 2025-1", seconds: 60).filter { $0.hasPrefix("- comment ") }
        let ids = rows.compactMap { row in
            row.split(separator: " ").first { $0.hasPrefix("id=") }.map { String($0.dropFirst(3)) }
        }
        #expect(Set(ids).count == ids.count, "a comment is listed twice")
        var acknowledged = 0
        var pending = 0
        for writer in writers {
            let progress = writer.progress.withLock { $0 }
            #expect(progress.failure == nil, "\(progress.failure ?? "")")
            acknowledged += progress.acknowledged.count
            for (key, id) in progress.acknowledged {
                #expect(ids.contains(id), "\(key) was acknowledged as \(id) and is lost")
            }
            if progress.pending != nil { pending += 1 }
        }
        #expect(acknowledged > 0)
        // What was in flight at a crash was sent again with its key: at most the last pending ones lack an acknowledgement.
        #expect(
            ids.count >= acknowledged && ids.count <= acknowledged + pending,
            "\(ids.count) comments, \(acknowledged) acknowledged, \(pending) pending")
        try server.operate(["verify", "--data", server.data])
        #expect(server.stop() == 0)
        print("crashes=\(crashes) acknowledged=\(acknowledged) stored=\(ids.count) pending=\(pending)")
    }
}

/// What a writer's thread needs to connect, without the server object, which belongs to the test's thread.
struct Connector: Sendable {
    let port: Int
    let authority: String
    let token: String

    init(server: ServerProcess, token: String) {
        port = server.port
        authority = server.authority
        self.token = token
    }

    func connect() throws -> HandConnection {
        let connection = try HandConnection(port: port, authority: authority)
        _ = try connection.line()
        let octets = token.utf8.count
        let reply = try connection.ask("AUTH TOKEN {\(octets)}\n\(token)")
        guard reply.last?.hasPrefix("OK ") == true else {
            throw LineReader.TimedOut(description: "AUTH TOKEN: \(reply)")
        }
        return connection
    }
}
