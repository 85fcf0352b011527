import NIOCore
import NIOEmbedded
import NIOHTTP1
import NIOPosix
import NIOSSL
import ReviewCore
import ReviewMetrics
import ReviewProtocol
import ReviewStore
import ReviewTestKit
import Testing

@testable import ReviewServer

@Suite(.timeLimit(.minutes(10))) struct MetricsEndpointTests {
    private func endpoint() throws -> MetricsEndpoint {
        try #require(
            MetricsEndpoint(
                listen: ListenAddress(host: "127.0.0.1", port: 0), registry: MetricRegistry(MetricTable.families)))
    }

    /// Sends a request and gives everything that came until the server closed.
    private func ask(_ server: Loopback, _ request: String) async throws -> (head: String, body: String) {
        let address = try #require(server.server.metricsAddress)
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: address.host, port: address.port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        let answer = try await channel.executeThenClose { inbound, outbound in
            try await outbound.write(ByteBuffer(string: request))
            var answer = ByteBuffer()
            for try await part in inbound { answer.writeImmutableBuffer(part) }
            return String(buffer: answer)
        }
        let parts = answer.split(separator: "\r\n\r\n", maxSplits: 1, omittingEmptySubsequences: false)
        return (String(parts[0]), parts.count > 1 ? String(parts[1]) : "")
    }

    private static func get(_ method: String = "GET", _ path: String = "/metrics") -> String {
        "\(method) \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    }

    @Test func thePageIsValidAndCountsWhatHappened() async throws {
        try await Loopback.serve(metrics: try endpoint()) { server in
            var client = try await server.connect()
            _ = await client.line()
            #expect(try await client.ask("LOGIN minh <\nsai mật khẩu\n").last?.hasPrefix("NO AUTH-FAILED") == true)
            #expect(try await client.ask("LOGIN minh <\n\(TestOffice.password)\n").last?.hasPrefix("OK") == true)
            #expect(try await client.ask("WATCH\n").last?.hasPrefix("OK") == true)
            #expect(try await client.ask("ACK 3 client=test\n").last?.hasPrefix("OK") == true)
            #expect(try await client.ask("NONSENSE\n").last?.hasPrefix("BAD UNKNOWN-VERB") == true)
            let (head, body) = try await ask(server, Self.get())
            #expect(head.hasPrefix("HTTP/1.1 200 "), "\(head)")
            #expect(head.lowercased().contains("content-type: \(MetricRegistry.contentType)"), "\(head)")
            let page = try OpenMetricsParser(body)
            #expect(page.value("phanbien_build_info", ["version": "9.9"]) == 1)
            #expect(page.value("phanbien_connections", ["state": "authenticated"]) == 1)
            #expect(page.value("phanbien_connections", ["state": "anonymous"]) == 0)
            #expect(page.value("phanbien_connections", ["state": "handshaking"]) == 0)
            #expect(page.value("phanbien_connections_accepted_total") == 1)
            #expect(page.value("phanbien_watchers") == 1)
            #expect(page.value("phanbien_requests_total", ["verb": "LOGIN", "status": "ok"]) == 1)
            #expect(page.value("phanbien_requests_total", ["verb": "LOGIN", "status": "no"]) == 1)
            #expect(page.value("phanbien_requests_total", ["verb": "ACK", "status": "ok"]) == 1)
            #expect(page.value("phanbien_requests_total", ["verb": "-", "status": "bad"]) == 1)
            #expect(page.value("phanbien_refusals_total", ["code": "AUTH-FAILED"]) == 1)
            #expect(page.value("phanbien_refusals_total", ["code": "UNKNOWN-VERB"]) == 1)
            #expect(page.value("phanbien_logins_total") == 1)
            #expect(page.value("phanbien_commit_duration_seconds_count") == 1)
            #expect(page.value("phanbien_batch_events_count") == 1)
            #expect(page.value("phanbien_commit_failures_total", ["cause": "full"]) == 0)
            #expect(page.value("phanbien_people") == 3)
            #expect((page.value("phanbien_resident_memory_bytes") ?? 0) > 1_000_000)
            #expect((page.value("phanbien_open_files") ?? 0) > 3)
            let ends = try #require(page.value("phanbien_certificate_expiry_timestamp_seconds"))
            #expect(ends > Double(WallClock.now().milliseconds) / 1_000)
            // Nobody's name, and every family is one of the table.
            for family in page.families {
                #expect(MetricTable.families.contains { $0.name == family.name })
                for sample in family.samples {
                    for value in sample.labels.values {
                        #expect(!["minh", "lan", "bich", "NONSENSE"].contains(value))
                    }
                }
            }
            try await client.close()
        }
    }

    @Test func failuresOfCommitsAndHandshakesAreCounted() async throws {
        try await Loopback.serve(metrics: try endpoint()) { server in
            var client = try await server.connect()
            _ = await client.line()
            _ = try await client.ask("LOGIN lan <\n\(TestOffice.password)\n")
            server.control.fail(with: .full)
            #expect(try await client.ask("ACK 2\n").last?.hasPrefix("NO READ-ONLY") == true)
            // What an operator must not answer by stopping the server is told from a disk that fails.
            server.control.fail(with: .movedAway(file: "phanbien.db"))
            #expect(try await client.ask("ACK 2\n").last?.hasPrefix("NO ") == true)
            server.control.fail(with: nil)
            var refused = try await server.connect(version: (.tlsv12, .tlsv12))
            #expect(await refused.rest().isEmpty)
            let page = try OpenMetricsParser(try await ask(server, Self.get()).body)
            #expect(page.value("phanbien_commit_failures_total", ["cause": "full"]) == 1)
            #expect(page.value("phanbien_commit_failures_total", ["cause": "moved"]) == 1)
            #expect(page.value("phanbien_commit_failures_total", ["cause": "broken"]) == 0)
            #expect(page.value("phanbien_requests_total", ["verb": "ACK", "status": "no"]) == 2)
            #expect(page.value("phanbien_requests_total", ["verb": "ACK", "status": "ok"]) == 0)
            #expect(page.value("phanbien_tls_failures_total") == 1)
            try await client.close()
        }
    }

    @Test func onlyOnePageIsThere() async throws {
        try await Loopback.serve(metrics: try endpoint()) { server in
            #expect(try await ask(server, Self.get("GET", "/")).head.hasPrefix("HTTP/1.1 404 "))
            let posted = try await ask(server, Self.get("POST")).head
            #expect(posted.hasPrefix("HTTP/1.1 405 "))
            #expect(posted.lowercased().contains("allow: get, head"))
            let head = try await ask(server, Self.get("HEAD"))
            #expect(head.head.hasPrefix("HTTP/1.1 200 "))
            #expect(head.body.isEmpty)
            #expect(try await ask(server, Self.get("GET", "/metrics?x=1")).head.hasPrefix("HTTP/1.1 200 "))
            // Octets that are no HTTP end the connection and nothing else.
            _ = try await ask(server, "\u{16}\u{3}\u{1}\r\n\r\n")
            #expect(try await ask(server, Self.get()).head.hasPrefix("HTTP/1.1 200 "))
        }
    }

    @Test func asManyAreServedAtOnceAsABoundAllows() async throws {
        try await Loopback.serve(metrics: try endpoint()) { server in
            let address = try #require(server.server.metricsAddress)
            var idle: [any Channel] = []
            for _ in 0..<MetricsEndpoint.mostConnections {
                let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                    .connect(host: address.host, port: address.port).get()
                idle.append(channel)
            }
            // Closed at once, with the request still unread: the system may call that a reset.
            func isServed() async -> Bool { (try? await ask(server, Self.get()).head.isEmpty) == false }
            #expect(await !isServed())
            try await idle.removeLast().close().get()
            // The server hears of it a little later.
            while await !isServed() {}
            for channel in idle { try await channel.close().get() }
        }
    }

    @Test func aConnectionMayIdleForHalfAMinuteBehindEachRequest() throws {
        let page = try Page()
        page.channel.embeddedEventLoop.advanceTime(by: .seconds(29))
        #expect(try page.ask().first == .ok)
        page.channel.embeddedEventLoop.advanceTime(by: .seconds(29))
        #expect(try page.ask().first == .ok)
        page.channel.embeddedEventLoop.advanceTime(by: .seconds(29))
        #expect(page.channel.isActive)
        page.channel.embeddedEventLoop.advanceTime(by: .seconds(1))
        #expect(!page.channel.isActive)
    }

    @Test func whoAsksWithoutReadingIsLeft() throws {
        let page = try Page()
        page.channel.isWritable = false
        #expect(try page.ask().isEmpty)
        #expect(!page.channel.isActive)
    }

    /// The page's handler alone, with time in the test's hands.
    private struct Page {
        let channel: EmbeddedChannel

        init() throws {
            let loop = EmbeddedEventLoop()
            channel = EmbeddedChannel(
                handler: MetricsPage(registry: MetricRegistry(MetricTable.families), refresh: {}), loop: loop)
            try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        }

        /// Asks for the page, and gives the status of each answer.
        func ask() throws -> [HTTPResponseStatus] {
            let head = HTTPRequestHead(version: .http1_1, method: .GET, uri: "/metrics")
            try channel.writeInbound(HTTPServerRequestPart.head(head))
            try channel.writeInbound(HTTPServerRequestPart.end(nil))
            var statuses: [HTTPResponseStatus] = []
            while let part = try channel.readOutbound(as: HTTPServerResponsePart.self) {
                if case .head(let head) = part { statuses.append(head.status) }
            }
            return statuses
        }
    }

    /// STATUS and the page are made from one observation, and growth is told once.
    @Test func statusTellsTheSameFigures() throws {
        let registry = MetricRegistry(MetricTable.families)
        var rig: ShellRig? = try ShellRig()
        let host = try #require(rig?.host)
        let person = try #require(try rig?.open(as: "minh"))
        _ = try person.ask("PING\nPING\nNO-SUCH\n")
        var reporter = MetricReporter(factory: registry, version: "1", started: TestOffice.start)
        let seen = host.observation()
        reporter.report(seen)
        reporter.report(seen)
        let page = try OpenMetricsParser(registry.text())
        let status = Dictionary(uniqueKeysWithValues: seen.statusPairs.map { ($0.key, $0.value) })
        #expect(page.value("phanbien_requests_total", ["verb": "PING", "status": "ok"]) == 2)
        #expect(status["requests"] == "4", "AUTH TOKEN, two PING, and what is no verb")
        #expect(status["refusals"] == "1")
        #expect(status["logins"] == "1")
        #expect(page.value("phanbien_logins_total") == 1)
        #expect(status["last-backup"] == "-")
        #expect(page.family("phanbien_last_backup_timestamp_seconds") == nil)
        #expect(status["certificate-days"] == "-")
        rig = nil
    }

    @Test(arguments: [
        ("127.0.0.1:9464", true), ("127.1.2.3:0", true), ("[::1]:9464", true), ("localhost:9464", true),
        ("0.0.0.0:9464", false), (":9464", false), ("[::]:9464", false), ("10.0.0.7:9464", false),
        ("127.0.0.1.example.org:9464", false), ("[::ffff:127.0.0.1]:1", false), ("example.org:9464", false),
    ])
    func onlyTheMachineItselfIsServed(text: String, isTaken: Bool) throws {
        let address = try #require(ListenAddress(text))
        #expect((MetricsEndpoint(listen: address, registry: MetricRegistry([])) != nil) == isTaken)
    }
}
