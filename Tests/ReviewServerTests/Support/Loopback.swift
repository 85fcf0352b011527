import NIOCore
import NIOPosix
import NIOSSL
import NIOTLS
import ReviewCore
import ReviewProtocol
import ReviewSignatures
import Testing

@testable import ReviewServer

/// A server on a free port of the loopback, over TLS, for the length of a test.
struct Loopback {
    /// One authority for all tests: keys cost time.
    static let authority = Result {
        try CertificateAuthority.create(commonName: "test", organisation: "test", notBefore: anHourAgo)
    }

    private static var anHourAgo: Int64 { WallClock.now().milliseconds / 1_000 - 3_600 }

    /// A certificate of the authority for a server, with its key.
    static func issue() throws -> (certificatePEM: String, keyPEM: String) {
        try authority.get().issueServer(hosts: [], notBefore: anHourAgo)
    }

    static func certificates(authorities: String? = nil) throws -> ServerCertificates {
        let issued = try issue()
        return try ServerCertificates(
            certificatePEM: issued.certificatePEM, keyPEM: issued.keyPEM,
            authorityPEM: authorities ?? authority.get().certificatePEM)
    }

    let server: RunningServer
    let control: MemoryLog.Control

    /// Serves, lets the test do its part, and stops.
    static func serve(
        office: TestOffice? = nil, limits: Limits = Limits(), loops: Int = 1, metrics: MetricsEndpoint? = nil,
        manager: ServiceManager? = nil, authorities: String? = nil,
        _ test: (Loopback) async throws -> Void
    ) async throws {
        var configuration = ServerConfiguration(listen: ListenAddress(host: "127.0.0.1", port: 0), limits: limits)
        configuration.loops = loops
        configuration.passwordCost = .quick
        configuration.metrics = metrics
        configuration.manager = manager
        configuration.version = "9.9"
        // The office's day, at the speed of the machine's clock.
        let begun = WallClock.now().milliseconds
        configuration.clock = { TestOffice.start.adding(milliseconds: WallClock.now().milliseconds - begun) }
        let control = MemoryLog.Control()
        let office = try office ?? TestOffice()
        let server = Server(
            configuration: configuration, certificates: try certificates(authorities: authorities), logger: .quiet,
            open: { office.core(limits: limits, control: control) }, announce: { _ in })
        let running = try await server.start()
        do {
            try await test(Loopback(server: running, control: control))
        } catch {
            try await running.close()
            throw error
        }
        try await running.close()
        #expect(control.isClosed)
    }

    /// A client that trusts the authority alone.
    func connect(
        protocols: [String] = ["phanbien/1"], version: (least: TLSVersion, most: TLSVersion) = (.tlsv12, .tlsv13),
        verify: (@Sendable ([NIOSSLCertificate], EventLoopPromise<NIOSSLVerificationResult>) -> Void)? = nil
    ) async throws -> TestClient {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.trustRoots = .certificates(
            try NIOSSLCertificate.fromPEMBytes(Array(try Self.authority.get().certificatePEM.utf8)))
        configuration.applicationProtocols = protocols
        configuration.minimumTLSVersion = version.least
        configuration.maximumTLSVersion = version.most
        let context = try NIOSSLContext(configuration: configuration)
        let (lines, continuation) = AsyncStream.makeStream(of: TestClient.Event.self)
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let tls =
                        if let verify {
                            try NIOSSLClientHandler(
                                context: context, serverHostname: "localhost", customVerificationCallback: verify)
                        } else {
                            try NIOSSLClientHandler(context: context, serverHostname: "localhost")
                        }
                    try channel.pipeline.syncOperations.addHandlers(tls, LineCollector(continuation))
                }
            }
            .connect(host: server.address.host, port: server.address.port)
            .get()
        return TestClient(channel: channel, events: lines.makeAsyncIterator())
    }
}

/// The peer's side of a loopback connection; used by one test, in order.
struct TestClient {
    enum Event: Sendable {
        case negotiated(String?)
        case line(String)
        case failed(String)
    }

    let channel: any Channel
    private var events: AsyncStream<Event>.Iterator
    /// What the handshake agreed on; nil for no handshake or no protocol.
    private(set) var negotiated: String?
    /// What went wrong below the lines.
    private(set) var failures: [String] = []

    init(channel: any Channel, events: AsyncStream<Event>.Iterator) {
        self.channel = channel
        self.events = events
    }

    func send(_ text: String) async throws {
        try await channel.writeAndFlush(ByteBuffer(string: text)).get()
    }

    func close() async throws { try await channel.close().get() }

    /// The next line; nil when the connection has ended.
    mutating func line() async -> String? {
        while let event = await events.next() {
            switch event {
            case .line(let line): return line
            case .negotiated(let name): negotiated = name
            case .failed(let reason): failures.append(reason)
            }
        }
        return nil
    }

    /// Lines up to the first that ends a reply.
    mutating func reply() async -> [String] {
        var lines: [String] = []
        while let line = await line() {
            lines.append(line)
            if ["OK", "NO", "BAD", "BYE"].contains(line.split(separator: " ").first.map(String.init)) { break }
        }
        return lines
    }

    mutating func ask(_ text: String) async throws -> [String] {
        try await send(text)
        return await reply()
    }

    /// Everything up to the end.
    mutating func rest() async -> [String] {
        var lines: [String] = []
        while let line = await line() { lines.append(line) }
        return lines
    }
}

private final class LineCollector: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let events: AsyncStream<TestClient.Event>.Continuation
    private var held: [UInt8] = []

    init(_ events: AsyncStream<TestClient.Event>.Continuation) { self.events = events }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .handshakeCompleted(let name) = event as? TLSUserEvent { events.yield(.negotiated(name)) }
        context.fireUserInboundEventTriggered(event)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        held += unwrapInboundIn(data).readableBytesView
        while let end = held.firstIndex(of: UInt8(ascii: "\n")) {
            events.yield(.line(String(decoding: held[..<end], as: UTF8.self)))
            held.removeSubrange(...end)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        events.yield(.failed("\(error)"))
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        events.finish()
        context.fireChannelInactive()
    }
}
