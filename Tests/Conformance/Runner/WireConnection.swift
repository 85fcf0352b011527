import NIOCore
import NIOPosix
import NIOSSL
import NIOTLS
import ReviewTestKit
import Synchronization

/// One TLS connection to the server under test: octets out as they are told, lines in.
final class WireConnection: Sendable {
    private let channel: any Channel
    private let inbox: Inbox

    private init(channel: any Channel, inbox: Inbox) {
        self.channel = channel
        self.inbox = inbox
    }

    /// Connects and waits for the end of the handshake.
    ///
    /// - Throws: What made the connection or the handshake fail.
    static func connect(
        to server: ServerUnderTest, _ options: OpenOptions, group: any EventLoopGroup
    ) async throws -> WireConnection {
        let context = try server.context(options)
        let inbox = Inbox()
        let channel = try await ClientBootstrap(group: group)
            .connectTimeout(.seconds(10))
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Dribble())
                    if options.version != "none" {
                        try channel.pipeline.syncOperations.addHandler(
                            NIOSSLClientHandler(context: context, serverHostname: server.name))
                    }
                    try channel.pipeline.syncOperations.addHandler(Arrivals(inbox))
                }
            }
            .connect(host: server.host, port: server.port).get()
        if options.version == "none" { return WireConnection(channel: channel, inbox: inbox) }
        do {
            try await inbox.handshake(on: channel.eventLoop).get()
        } catch {
            channel.close(promise: nil)
            throw error
        }
        return WireConnection(channel: channel, inbox: inbox)
    }

    /// Writes pieces, each with a flush and so in a TLS record of its own.
    ///
    /// - Parameter dribbles: Whether the octets of the records leave one by one.
    func write(_ pieces: [[UInt8]], dribbles: Bool, pause: TimeAmount) async throws {
        let channel = channel
        if dribbles { try await channel.triggerUserOutboundEvent(Dribble.Switch.on) }
        if pieces.count == 2, pause > .nanoseconds(0) {
            // Without a pause both pieces would mostly be read at once, and nothing would have been cut.
            channel.writeAndFlush(ByteBuffer(bytes: pieces[0]), promise: nil)
            try await channel.eventLoop.scheduleTask(in: pause) {
                channel.writeAndFlush(ByteBuffer(bytes: pieces[1]), promise: nil)
            }.futureResult.get()
        } else {
            channel.eventLoop.execute {
                for piece in pieces { channel.writeAndFlush(ByteBuffer(bytes: piece), promise: nil) }
            }
        }
        if dribbles { try await channel.triggerUserOutboundEvent(Dribble.Switch.off) }
    }

    /// The next line; `nothing` when none came in time.
    func line(within time: TimeAmount) async throws -> HostLine {
        if let ready = inbox.take() { return ready }
        return try await inbox.wait(within: time, on: channel.eventLoop).get()
    }

    /// Hangs up, and waits until the server has done so as well.
    func close() async { try? await channel.close().get() }
}

/// Where the server under test is, and whom it has to prove to be.
struct ServerUnderTest: Sendable {
    let host: String
    let port: Int
    let authority: [NIOSSLCertificate]

    /// The name that the certificate must bear; nil for an address in numbers, which is compared as an address.
    var name: String? { (try? SocketAddress(ipAddress: host, port: 0)) == nil ? host : nil }

    func context(_ options: OpenOptions) throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        let version: TLSVersion = options.version == "1.2" ? .tlsv12 : .tlsv13
        configuration.minimumTLSVersion = version
        configuration.maximumTLSVersion = version
        configuration.applicationProtocols = options.applicationProtocols
        configuration.certificateVerification = .fullVerification
        configuration.trustRoots = .certificates(authority)
        if let certificate = options.certificate {
            configuration.certificateChain = try NIOSSLCertificate.fromPEMBytes(Array(certificate.pem.utf8))
                .map { .certificate($0) }
            configuration.privateKey = .privateKey(try NIOSSLPrivateKey(bytes: Array(ClientKey.pem.utf8), format: .pem))
        }
        return try NIOSSLContext(configuration: configuration)
    }
}

/// Lines that have come, and who waits for one.
private final class Inbox: Sendable {
    private struct Contents {
        var lines: [String] = []
        var read = 0
        var rest: [UInt8] = []
        var hasEnded = false
        var waiter: EventLoopPromise<HostLine>?
        var handshake: EventLoopPromise<Void>?
        var outcome: Result<Void, any Error>?
    }

    private let contents = Mutex(Contents())

    func take() -> HostLine? {
        contents.withLock { Self.next(of: &$0) }
    }

    private static func next(of contents: inout Contents) -> HostLine? {
        if contents.read < contents.lines.count {
            defer {
                contents.read += 1
                if contents.read == contents.lines.count {
                    contents.lines = []
                    contents.read = 0
                }
            }
            return .line(contents.lines[contents.read])
        }
        return contents.hasEnded ? .closed : nil
    }

    func wait(within time: TimeAmount, on loop: any EventLoop) -> EventLoopFuture<HostLine> {
        let promise = loop.makePromise(of: HostLine.self)
        let ready = contents.withLock { contents -> HostLine? in
            if let ready = Self.next(of: &contents) { return ready }
            contents.waiter = promise
            return nil
        }
        if let ready {
            promise.succeed(ready)
            return promise.futureResult
        }
        let alarm = loop.scheduleTask(in: time) { [self] in
            let waiter = contents.withLock { contents -> EventLoopPromise<HostLine>? in
                defer { contents.waiter = nil }
                return contents.waiter
            }
            waiter?.succeed(.nothing)
        }
        promise.futureResult.whenComplete { _ in alarm.cancel() }
        return promise.futureResult
    }

    func arrived(_ octets: ByteBufferView) {
        wake { contents in
            contents.rest.append(contentsOf: octets)
            var start = contents.rest.startIndex
            while let end = contents.rest[start...].firstIndex(of: 0x0A) {
                contents.lines.append(String(decoding: contents.rest[start..<end], as: UTF8.self))
                start = end + 1
            }
            contents.rest.removeSubrange(..<start)
        }
    }

    func ended() { wake { $0.hasEnded = true } }

    private func wake(_ change: (inout Contents) -> Void) {
        let woken = contents.withLock { contents -> (EventLoopPromise<HostLine>, HostLine)? in
            change(&contents)
            guard let waiter = contents.waiter, let next = Self.next(of: &contents) else { return nil }
            contents.waiter = nil
            return (waiter, next)
        }
        woken?.0.succeed(woken?.1 ?? .nothing)
    }

    // MARK: The handshake

    func handshake(on loop: any EventLoop) -> EventLoopFuture<Void> {
        let promise = loop.makePromise(of: Void.self)
        let outcome = contents.withLock { contents -> Result<Void, any Error>? in
            if contents.outcome == nil { contents.handshake = promise }
            return contents.outcome
        }
        if let outcome { promise.completeWith(outcome) }
        return promise.futureResult
    }

    /// Only the first outcome counts: an error after the handshake is the connection's end.
    func decided(_ outcome: Result<Void, any Error>) {
        let promise = contents.withLock { contents -> EventLoopPromise<Void>? in
            guard contents.outcome == nil else { return nil }
            contents.outcome = outcome
            defer { contents.handshake = nil }
            return contents.handshake
        }
        promise?.completeWith(outcome)
    }
}

/// The end of a connection before its handshake was done.
struct HandshakeFailed: Error {}

private final class Arrivals: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let inbox: Inbox

    init(_ inbox: Inbox) { self.inbox = inbox }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .handshakeCompleted = event as? TLSUserEvent { inbox.decided(.success(())) }
        context.fireUserInboundEventTriggered(event)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        inbox.arrived(unwrapInboundIn(data).readableBytesView)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        inbox.decided(.failure(error))
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        inbox.decided(.failure(HandshakeFailed()))
        inbox.ended()
        context.fireChannelInactive()
    }
}

/// Stands between TLS and the socket, and lets octets go one by one while it is switched on.
private final class Dribble: ChannelOutboundHandler {
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    enum Switch: Sendable { case on, off }

    private var isOn = false

    func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
        guard let turned = event as? Switch else {
            return context.triggerUserOutboundEvent(event, promise: promise)
        }
        isOn = turned == .on
        promise?.succeed()
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard isOn else { return context.write(data, promise: promise) }
        var buffer = unwrapOutboundIn(data)
        while buffer.readableBytes > 1, let octet = buffer.readSlice(length: 1) {
            context.writeAndFlush(wrapOutboundOut(octet), promise: nil)
        }
        context.writeAndFlush(wrapOutboundOut(buffer), promise: promise)
    }
}
