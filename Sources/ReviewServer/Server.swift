import Glibc
public import Logging
import NIOCore
import NIOPosix
import NIOSSL
public import ReviewEngine
public import ReviewStore
public import ServiceLifecycle
import Synchronization

/// What the server serves: the engine with its state, and the log that the state was read from.
public struct ServerCore {
    /// The engine, at the log's head.
    public var engine: Engine
    /// The log; from now on used by the server alone.
    public var log: any EventLog
    /// What the store's files say, for STATUS and the metrics; asked every few seconds.
    public var storeFigures: () -> StoreFigures

    /// Pairs engine and log.
    public init(
        engine: Engine, log: any EventLog, storeFigures: @escaping () -> StoreFigures = { StoreFigures() }
    ) {
        self.engine = engine
        self.log = log
        self.storeFigures = storeFigures
    }
}

/// Why the server ended other than by being asked to.
public enum ServerError: Error, Sendable {
    /// The address cannot be listened on: the system's error number, if it is the system's refusal, and the reason.
    case cannotListen(ListenAddress, code: Int32?, reason: String)
    /// The log cannot be gone on with: another process wrote to it, or the disk failed in the midst of a write.
    case logLost(LogError)
    /// The system took the address away: nobody new could come in, however well those were served who were there.
    case listenerLost(ListenAddress)
}

/// The network shell: TLS connections in, the engine's effects out (architecture §1).
public final class Server: Service {
    private let configuration: ServerConfiguration
    private let certificates: ServerCertificates
    private let logger: Logger
    private let open: @Sendable () throws -> ServerCore
    private let announce: @Sendable (ListenAddress) -> Void

    /// Prepares a server; nothing is opened yet.
    ///
    /// - Parameters:
    ///   - open: Opens the log and makes the engine; called once, on the loop on which both will live.
    ///   - announce: Called with the address, once connections are accepted.
    public init(
        configuration: ServerConfiguration, certificates: ServerCertificates, logger: Logger,
        open: @escaping @Sendable () throws -> ServerCore, announce: @escaping @Sendable (ListenAddress) -> Void
    ) {
        self.configuration = configuration
        self.certificates = certificates
        self.logger = logger
        self.open = open
        self.announce = announce
    }

    /// Serves until the task or the service group is asked to shut down.
    ///
    /// - Throws: What `open` threw; `ServerError`.
    public func run() async throws {
        let running = try await start()
        if let address = running.metricsAddress {
            logger.notice("metrics.listening", metadata: ["address": "\(address)"])
        }
        announce(running.address)
        try await serve(running)
    }

    /// Serves until the end.
    func serve(_ running: RunningServer) async throws {
        configuration.manager?.isReady(status: "Đang phục vụ tại \(running.address)")
        let end = await withTaskCancellationOrGracefulShutdownHandler {
            await running.end()
        } onCancelOrGracefulShutdown: {
            running.stop()
        }
        do {
            try await running.close()
        } catch {
            // What ended the server is the cause, what closing meets after it a consequence.
            guard case .failed = end else { throw error }
            logger.error("log.close-failed", metadata: ["error": "\(error)"])
        }
        if case .failed(let reason) = end { throw ServerError.logLost(reason) }
        if running.hasLostListener { throw ServerError.listenerLost(running.address) }
    }

    /// Opens the log and listens.
    func start() async throws -> RunningServer {
        let loops = EventLoops(min(max(configuration.loops, 1), 64))
        let threads = WorkThreads()
        if !ThreadPriority.isAllowed { logger.info("threads.not-lowered") }
        do {
            return try await start(on: loops, threads: threads)
        } catch {
            await threads.shutDown()
            await loops.shutDown()
            throw error
        }
    }

    private func start(on loops: EventLoops, threads: WorkThreads) async throws -> RunningServer {
        let loop = loops.engine
        let configuration = configuration
        let logger = logger
        let monitoring = Monitoring(configuration, certificates)
        let host = try await loop.submit { [open] in
            let credentials = CredentialPool(
                threads: threads.credentials, loop: loop, cost: configuration.passwordCost,
                certify: configuration.certify)
            let host = EngineHost(
                core: try open(), loop: loop, credentials: credentials,
                computing: ComputingThread(thread: threads.computing, loop: loop), clock: configuration.clock,
                logger: logger, monitoring: monitoring)
            return NIOLoopBound(host, eventLoop: loop)
        }.get()
        let accepted = try await loop.submit {
            let accepted = ConnectionSet()
            host.value.accepted = accepted
            return NIOLoopBound(accepted, eventLoop: loop)
        }.get()
        var page: (any Channel)?
        do {
            // The figures come first: a server whose monitoring cannot start should not look as if it were watched.
            page = try await serveMetrics(on: loop, host: host)
            let listener = try await listen(
                on: loop, children: loops.connections, host: host, accepted: accepted, door: monitoring.door)
            return RunningServer(
                listener: listener, page: page, loops: loops, threads: threads, host: host, accepted: accepted,
                stopTime: configuration.stopTime, manager: configuration.manager, logger: logger)
        } catch {
            try? await page?.close()
            try await loop.submit { try host.value.closeLog() }.get()
            if let error = error as? ServerError { throw error }
            throw ServerError.cannotListen(
                configuration.listen, code: (error as? IOError)?.errnoCode, reason: "\(error)")
        }
    }

    private func serveMetrics(
        on loop: any EventLoop, host: NIOLoopBound<EngineHost>
    ) async throws(ServerError) -> (any Channel)? {
        guard let endpoint = configuration.metrics else { return nil }
        do {
            let refresh = try await loop.submit { NIOLoopBound({ host.value.publish() }, eventLoop: loop) }.get()
            return try await endpoint.start(on: loop, refresh: refresh)
        } catch {
            throw .cannotListen(endpoint.listen, code: (error as? IOError)?.errnoCode, reason: "\(error)")
        }
    }

    private func listen(
        on loop: any EventLoop, children: MultiThreadedEventLoopGroup, host: NIOLoopBound<EngineHost>,
        accepted: NIOLoopBound<ConnectionSet>, door: DoorCounters
    ) async throws -> any Channel {
        let limits = configuration.limits
        let logger = logger
        let certificates = certificates
        var desks: [ObjectIdentifier: NIOLoopBound<ConnectionDesk>] = [:]
        for child in children.makeIterator() {
            desks[ObjectIdentifier(child)] = try await child.submit {
                let desk = ConnectionDesk(
                    handshakes: HandshakeQueue(loop: child), engine: EnginePort(host, on: loop, from: child))
                return NIOLoopBound(desk, eventLoop: child)
            }.get()
        }
        let ready = desks
        let lastConnection = Counter()
        return try await ServerBootstrap(group: loop, childGroup: children)
            .serverChannelOption(.backlog, value: 1_024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandlers(
                        AcceptBackoffHandler(backoffProvider: Self.backoff),
                        Admission(limits: limits, accepted: accepted.value, door: door, logger: logger))
                }
            }
            // A turn's output is one write, so waiting for more to send would only delay it.
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            // One burst a round: whoever sends a lot waits for the others, and keeps a small buffer.
            .childChannelOption(.maxMessagesPerRead, value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    guard let desk = ready[ObjectIdentifier(channel.eventLoop)]?.value else {
                        preconditionFailure("a connection on a loop that is not the group's")
                    }
                    try channel.pipeline.syncOperations.addHandlers(
                        ApplicationProtocolGate(queue: desk.handshakes, logger: logger),
                        NIOSSLServerHandler(context: certificates.context),
                        ConnectionHandler(
                            id: ConnectionID(lastConnection.next()), engine: desk.engine, limits: limits,
                            logger: logger, door: door))
                }
            }
            .bind(host: configuration.listen.host, port: configuration.listen.port)
            .get()
    }
}

extension Server {
    /// How long accepting rests after an error: only where descriptors or memory ran out.
    ///
    /// A peer that went away while it waited says nothing about the next one.
    fileprivate static func backoff(after error: IOError) -> TimeAmount? {
        [EMFILE, ENFILE, ENOBUFS, ENOMEM].contains(error.errnoCode) ? .milliseconds(200) : nil
    }
}

/// What the connections of one event loop share.
private struct ConnectionDesk {
    let handshakes: HandshakeQueue
    let engine: EnginePort
}

/// The threads of the network.
///
/// One serves everybody and has the engine as well: right for an office. With more of them the first has the engine and the
/// log to itself, and the others have sockets and TLS, so that deciding and storing go on while they read and write.
private struct EventLoops: Sendable {
    private let engineGroup: MultiThreadedEventLoopGroup
    let engine: any EventLoop
    let connections: MultiThreadedEventLoopGroup

    /// - Parameter count: at least one.
    init(_ count: Int) {
        engineGroup = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        engine = engineGroup.next()
        connections = count > 1 ? MultiThreadedEventLoopGroup(numberOfThreads: count - 1) : engineGroup
    }

    /// The connections' loops come first: what they still have goes to the engine's.
    func shutDown() async {
        if connections !== engineGroup { try? await connections.shutdownGracefully() }
        try? await engineGroup.shutdownGracefully()
    }
}

/// Numbers, each given once, from any thread.
private final class Counter: Sendable {
    private let last = Atomic<UInt64>(0)

    func next() -> UInt64 { last.wrappingAdd(1, ordering: .relaxed).newValue }
}

/// A server that listens.
final class RunningServer: Sendable {
    /// Where it listens.
    let address: ListenAddress
    /// Where metrics are read.
    let metricsAddress: ListenAddress?
    let listener: any Channel
    /// Whether somebody wanted it to close.
    private let isEnding = Atomic<Bool>(false)
    private let listenerIsLost = Atomic<Bool>(false)
    private let page: (any Channel)?
    private let loop: any EventLoop
    private let loops: EventLoops
    private let threads: WorkThreads
    private let host: NIOLoopBound<EngineHost>
    private let accepted: NIOLoopBound<ConnectionSet>
    private let stopTime: TimeAmount
    private let manager: ServiceManager?
    private let logger: Logger

    fileprivate init(
        listener: any Channel, page: (any Channel)?, loops: EventLoops, threads: WorkThreads,
        host: NIOLoopBound<EngineHost>, accepted: NIOLoopBound<ConnectionSet>, stopTime: TimeAmount,
        manager: ServiceManager?, logger: Logger
    ) {
        metricsAddress = ListenAddress(page?.localAddress)
        self.page = page
        self.manager = manager
        address = ListenAddress(listener.localAddress) ?? ListenAddress(host: "unknown", port: 0)
        self.listener = listener
        loop = loops.engine
        self.loops = loops
        self.threads = threads
        self.host = host
        self.accepted = accepted
        self.stopTime = stopTime
        self.logger = logger
        listener.closeFuture.whenComplete { [weak self] _ in self?.listenerHasClosed() }
    }

    /// Whether the server ended because it could not accept any more.
    var hasLostListener: Bool { listenerIsLost.load(ordering: .acquiring) }

    /// A server that accepts nobody looks alive to everybody who is in: better that it ends, and is started again.
    private func listenerHasClosed() {
        guard !isEnding.load(ordering: .acquiring) else { return }
        listenerIsLost.store(true, ordering: .releasing)
        logger.error("listener.lost", metadata: ["address": "\(address)"])
        stop()
    }

    /// Accepts no more, and has the engine answer what is in flight and say BYE SHUTDOWN to everybody.
    func stop() {
        isEnding.store(true, ordering: .releasing)
        logger.notice("server.stopping")
        manager?.isStopping(status: "Đang dừng")
        listener.close(promise: nil)
        loop.execute { [host, accepted, loop, stopTime] in
            accepted.value.announceStop()
            host.value.stop()
            // Whoever does not take the last octets by then is not waited for.
            loop.scheduleTask(in: stopTime) { host.value.giveUp() }
        }
    }

    /// Waits for the engine's end.
    func end() async -> EngineHost.EngineEnd {
        do {
            return try await loop.flatSubmit { [host] in host.value.end }.get()
        } catch {
            return .failed(.broken("\(error)"))
        }
    }

    /// Closes the log and gives the threads back.
    func close() async throws {
        isEnding.store(true, ordering: .releasing)
        listener.close(promise: nil)
        page?.close(promise: nil)
        let closed = await loop.submit { [host] in
            host.value.cutAll()
            try host.value.closeLog()
        }.asResult()
        await threads.shutDown()
        await loops.shutDown()
        try closed.get()
        logger.notice("server.stopped")
    }
}

extension EventLoopFuture where Value: Sendable {
    /// The outcome as a value, so that what has to follow in any case can follow.
    fileprivate func asResult() async -> Result<Value, any Error> {
        do {
            return .success(try await get())
        } catch {
            return .failure(error)
        }
    }
}
