import NIOCore
import NIOSSL
import ReviewCore
import ReviewProtocol
import ReviewSignatures
import ReviewStore
import Testing

@testable import ReviewServer

@Suite(.timeLimit(.minutes(10))) struct LoopbackTests {
    @Test func aClientThatOffersTheProtocolGetsIt() async throws {
        try await Loopback.serve { server in
            var client = try await server.connect(protocols: ["h2", "phanbien/1"])
            #expect(await client.line()?.hasPrefix("HELLO phanbien/1 ") == true)
            #expect(client.negotiated == "phanbien/1")
            try await client.close()
        }
    }

    @Test func aClientThatOffersNothingIsTolerated() async throws {
        try await Loopback.serve { server in
            var client = try await server.connect(protocols: [])
            #expect(await client.line()?.hasPrefix("HELLO phanbien/1 ") == true)
            #expect(client.negotiated == nil)
            try await client.close()
        }
    }

    @Test func aClientThatOffersAnotherProtocolIsRefused() async throws {
        try await Loopback.serve { server in
            var client = try await server.connect(protocols: ["h2", "http/1.1"])
            #expect(await client.rest().isEmpty)
            #expect(client.failures.contains { $0.contains("NO_APPLICATION_PROTOCOL") }, "\(client.failures)")
        }
    }

    @Test func aClientWithoutTLS13IsRefused() async throws {
        try await Loopback.serve { server in
            var client = try await server.connect(version: (.tlsv12, .tlsv12))
            #expect(await client.rest().isEmpty)
            #expect(client.failures.contains { $0.contains("PROTOCOL_VERSION") }, "\(client.failures)")
        }
    }

    @Test(arguments: [1, 3])
    func aPersonLogsInWithAPasswordAndWrites(loops: Int) async throws {
        try await Loopback.serve(loops: loops) { server in
            var client = try await server.connect()
            #expect(await client.line()?.hasPrefix("HELLO ") == true)
            #expect(try await client.ask("LOGIN minh <\nsai mật khẩu\n").last?.hasPrefix("NO AUTH-FAILED") == true)
            let welcome = try await client.ask("LOGIN minh <\n\(TestOffice.password)\n")
            #expect(welcome.last?.hasPrefix("OK person=minh office=hcth position=head") == true, "\(welcome)")
            let before = server.control.appends.count
            #expect(try await client.ask("ACK 3 client=test\n").last?.hasPrefix("OK") == true)
            #expect(server.control.appends.count == before + 1)
            #expect(try await client.ask("LOGOUT\n").last?.hasPrefix("OK") == true)
            let rest = await client.rest()
            #expect(rest.count == 1)
            #expect(rest.first?.hasPrefix("BYE LOGOUT") == true)
        }
    }

    /// A password takes its time, and so long nothing behind it is framed: it would meet the limits before login.
    @Test(arguments: [1, 2])
    func whatFollowsAPasswordInTheSameBurstHasTheLimitsAfterIt(loops: Int) async throws {
        try await Loopback.serve(loops: loops) { server in
            var client = try await server.connect()
            _ = await client.line()
            let long = String(repeating: "x", count: 3_000)
            try await client.send("LOGIN lan <\n\(TestOffice.password)\n#2 FIND \"\(long)\"\n#3 PING\n")
            #expect(await client.reply().last?.hasPrefix("OK person=lan") == true)
            let found = await client.reply()
            #expect(found.last?.contains(" #2 ") == true && found.last?.contains("LINE-TOO-LONG") == false, "\(found)")
            #expect(await client.reply().last?.hasPrefix("OK #3 ") == true)
            try await client.close()
        }
    }

    @Test(arguments: [1, 2])
    func pipelinedRequestsAreAnsweredInOrder(loops: Int) async throws {
        try await Loopback.serve(loops: loops) { server in
            var client = try await server.connect()
            _ = await client.line()
            // Before the answer to the login is known, and in one flight.
            let requests = (1...2_000).map { "#\($0) PING\n" }.joined()
            try await client.send("LOGIN lan <\n\(TestOffice.password)\n" + requests)
            #expect(await client.reply().last?.hasPrefix("OK person=lan") == true)
            for number in 1...2_000 {
                guard await client.line()?.hasPrefix("OK #\(number) ") == true else {
                    Issue.record("reply \(number) is not there")
                    return
                }
            }
            try await client.close()
        }
    }

    /// Each connection gets every event once and in order, whichever loop it lives on.
    @Test(arguments: [1, 3])
    func everybodyOnEveryLoopGetsEveryEvent(loops: Int) async throws {
        var office = try TestOffice()
        try office.add("quan", name: "Bế Minh Quân", office: "hcth", position: .admin)
        try await Loopback.serve(office: office, loops: loops) { server in
            var clients: [TestClient] = []
            for _ in 0..<4 {
                var client = try await server.connect()
                _ = await client.line()
                #expect(try await client.ask(RigConnection.login("quan")).last?.hasPrefix("OK") == true)
                #expect(try await client.ask("WATCH\n").last?.hasPrefix("OK") == true)
                clients.append(client)
            }
            let rounds = 8
            var seen = Array(repeating: [Substring](), count: clients.count)
            for round in 0..<rounds {
                // All at once, so that events and requests cross on their way.
                for index in clients.indices {
                    try await clients[index].send("PERSON SET lan name=\"Lan \(round)-\(index)\"\n")
                }
                for index in clients.indices {
                    var isAnswered = false
                    while !isAnswered || seen[index].count < (round + 1) * clients.count {
                        let line = await clients[index].line() ?? "the end"
                        switch line.split(separator: " ").first {
                        case "EVENT": seen[index].append(line.split(separator: " ")[1])
                        case "OK": isAnswered = true
                        case "NO", "BAD", "BYE", "the":
                            Issue.record("round \(round), \(index): \(line)")
                            return
                        default: break
                        }
                    }
                }
            }
            let numbers = seen[0].compactMap { Int($0) }
            #expect(
                numbers.count == rounds * clients.count && numbers == numbers.sorted()
                    && Set(numbers).count == numbers.count)
            #expect(seen.allSatisfy { $0 == seen[0] })
            for client in clients { try await client.close() }
        }
    }

    @Test(arguments: [1, 3])
    func halfARequestAndAnEndDoNotDisturbTheOthers(loops: Int) async throws {
        try await Loopback.serve(loops: loops) { server in
            var other = try await server.connect()
            _ = await other.line()
            for _ in 0..<3 {
                var client = try await server.connect()
                _ = await client.line()
                #expect(try await client.ask(RigConnection.login("minh")).last?.hasPrefix("OK") == true)
                try await client.send("PLAN CHECK {1000}\nhalf of it")
                try await client.close()
            }
            #expect(try await other.ask("PING\n").last?.hasPrefix("OK") == true)
            try await other.close()
        }
    }

    @Test func manyConnectionsOfOneAddressAreToldThatTheyAreTooMany() async throws {
        var limits = Limits()
        limits.connectionsPerAddress = 3
        try await Loopback.serve(limits: limits) { server in
            var clients: [TestClient] = []
            for _ in 0..<3 {
                var client = try await server.connect()
                #expect(await client.line()?.hasPrefix("HELLO") == true)
                clients.append(client)
            }
            var tooMany = try await server.connect()
            let words = await tooMany.rest()
            #expect(words.count == 1)
            #expect(words.first?.hasPrefix("BYE ABUSE limit=connections-per-address") == true, "\(words)")
            for client in clients { try await client.close() }
        }
    }

    @Test(arguments: [1, 3])
    func aStopSaysGoodbyeAndComesToItsEnd(loops: Int) async throws {
        try await Loopback.serve(loops: loops) { server in
            var anonymous = try await server.connect()
            _ = await anonymous.line()
            var known = try await server.connect()
            _ = await known.line()
            #expect(try await known.ask(RigConnection.login("minh")).last?.hasPrefix("OK") == true)
            server.server.stop()
            #expect(await anonymous.rest().last?.hasPrefix("BYE SHUTDOWN") == true)
            #expect(await known.rest().last?.hasPrefix("BYE SHUTDOWN") == true)
            guard case .asked = await server.server.end() else {
                Issue.record("the server failed")
                return
            }
        }
    }

    /// A server that accepts nobody any more would look alive to whoever watches it.
    @Test func aServerWhoseListenerIsLostEnds() async throws {
        let control = MemoryLog.Control()
        let server = Server(
            configuration: ServerConfiguration(listen: ListenAddress(host: "127.0.0.1", port: 0)),
            certificates: try Loopback.certificates(), logger: .quiet,
            open: { try TestOffice().core(control: control) }, announce: { _ in })
        let running = try await server.start()
        var client = try await Loopback(server: running, control: control).connect()
        #expect(await client.line()?.hasPrefix("HELLO ") == true)
        try await running.listener.close().get()
        do {
            try await server.serve(running)
            Issue.record("the server ended as if it had been asked to")
        } catch ServerError.listenerLost(let address) {
            #expect(address == running.address)
        }
        #expect(await client.rest().last?.hasPrefix("BYE SHUTDOWN") == true)
        #expect(control.isClosed)
    }

    @Test func aSecondServerOnTheSamePortSaysWhatIsWrong() async throws {
        try await Loopback.serve { server in
            let control = MemoryLog.Control()
            let second = Server(
                configuration: ServerConfiguration(listen: server.server.address),
                certificates: try Loopback.certificates(),
                logger: .quiet, open: { try TestOffice().core(control: control) }, announce: { _ in })
            await #expect(throws: ServerError.self) { _ = try await second.start() }
            #expect(control.isClosed, "the log is given free again")
        }
    }

    /// Whoever has nothing but a fingerprint on paper compares it with what the server itself sends.
    @Test func theAuthorityIsSentAlongWithTheServersCertificate() async throws {
        try await Loopback.serve { server in
            let (chains, continuation) = AsyncStream.makeStream(of: [NIOSSLCertificate].self)
            let client = try await server.connect { certificates, promise in
                continuation.yield(certificates)
                promise.succeed(.certificateVerified)
            }
            let chain = try #require(await chains.first { _ in true })
            #expect(chain.count == 2)
            let sent = try CertificateAuthority.fingerprint(certificateDER: #require(chain.last).toDERBytes())
            let authority = try Loopback.authority.get()
            #expect(try sent == CertificateAuthority.fingerprint(certificatePEM: authority.certificatePEM))
            try await client.close()
        }
    }

    /// While one authority follows another, what a person compares is the one that vouches for the server.
    @Test func ofSeveralAuthoritiesTheOneThatVouchesIsSent() async throws {
        let authority = try Loopback.authority.get()
        let former = try CertificateAuthority.create(
            commonName: "former", organisation: "test", notBefore: WallClock.now().milliseconds / 1_000 - 3_600)
        try await Loopback.serve(authorities: authority.certificatePEM + former.certificatePEM) { server in
            let (chains, continuation) = AsyncStream.makeStream(of: [NIOSSLCertificate].self)
            let client = try await server.connect { certificates, promise in
                continuation.yield(certificates)
                promise.succeed(.certificateVerified)
            }
            let chain = try #require(await chains.first { _ in true })
            #expect(chain.count == 2)
            let sent = try CertificateAuthority.fingerprint(certificateDER: #require(chain.last).toDERBytes())
            #expect(try sent == CertificateAuthority.fingerprint(certificatePEM: authority.certificatePEM))
            try await client.close()
        }
    }

    @Test func aKeyOfAnotherCertificateIsRefusedAtTheStart() throws {
        let authority = try Loopback.authority.get()
        let issued = try Loopback.issue()
        let other = try Loopback.issue()
        #expect(throws: (any Error).self) {
            try ServerCertificates(
                certificatePEM: issued.certificatePEM, keyPEM: other.keyPEM, authorityPEM: authority.certificatePEM)
        }
    }
}
