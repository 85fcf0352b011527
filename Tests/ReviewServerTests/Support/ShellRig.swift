import Logging
import NIOCore
import NIOEmbedded
import NIOPosix
import NIOTLS
import ReviewCore
import ReviewEngine
import ReviewProtocol
import ReviewSignatures
import Synchronization

@testable import ReviewServer

/// The engine's host and connections on one embedded loop: no sockets, no threads, and a clock that the test turns.
final class ShellRig {
    let loop = EmbeddedEventLoop()
    let host: EngineHost
    let control: MemoryLog.Control
    let limits: Limits
    private let clock = Hands()
    private var last: UInt64 = 0

    private final class Hands: Sendable {
        private let milliseconds = Mutex(TestOffice.start.milliseconds)
        var now: Instant { Instant(milliseconds: milliseconds.withLock { $0 }) }
        func advance(_ distance: Int64) { milliseconds.withLock { $0 += distance } }
    }

    init(
        limits: Limits = Limits(), manager: ServiceManager? = nil, certificateEnds: Instant? = nil,
        logger: Logger = .quiet
    ) throws {
        self.limits = limits
        control = MemoryLog.Control()
        let clock = clock
        host = EngineHost(
            core: try TestOffice().core(limits: limits, control: control), loop: loop,
            credentials: CredentialPool(threads: NIOThreadPool(numberOfThreads: 1), loop: loop, cost: .quick),
            computing: ComputingThread(thread: NIOThreadPool(numberOfThreads: 1), loop: loop), clock: { clock.now },
            elapsed: Self.steps(),
            logger: logger, monitoring: Monitoring(manager: manager, certificateEnds: { certificateEnds }))
        loop.run()
    }

    /// Time that passes by the looks at it, however slow the machine is: a turn has forty.
    private static func steps() -> () -> NIODeadline {
        var now = NIODeadline.uptimeNanoseconds(0)
        return {
            now = now + .microseconds(100)
            return now
        }
    }

    deinit {
        // Also after a failure: the loop must not be freed with timers of the host in it.
        try? host.closeLog()
        try? loop.syncShutdownGracefully()
    }

    func advance(seconds: Int64) {
        // Both clocks go in small steps, so that a timer which was set on one is due on the other as well.
        for _ in 0..<(seconds * 10) {
            clock.advance(100)
            loop.advanceTime(by: .milliseconds(100))
        }
    }

    /// Lets days pass, of which the loop has a moment each.
    func advance(days: Int) {
        for _ in 0..<days {
            clock.advance(86_400_000)
            loop.advanceTime(by: FigureKeeper.interval)
        }
    }

    /// The machine's clock is set back.
    func turnBack(days: Int64) { clock.advance(-days * 86_400_000) }

    /// A connection whose TLS handshake is still to come.
    func connect() throws -> RigConnection {
        last += 1
        let handler = ConnectionHandler(
            id: ConnectionID(last), engine: EnginePort(NIOLoopBound(host, eventLoop: loop), on: loop, from: loop),
            limits: limits, logger: .quiet)
        let channel = EmbeddedChannel(handler: handler, loop: loop)
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        return RigConnection(channel)
    }

    /// A connection that was greeted.
    func open() throws -> RigConnection {
        let connection = try connect()
        connection.completeHandshake()
        loop.run()
        let hello = try connection.lines()
        guard hello.count == 1, hello[0].hasPrefix("HELLO phanbien/1 ") else { throw RigError.unexpected(hello) }
        return connection
    }

    /// A connection that logged in with a session token.
    func open(as person: String) throws -> RigConnection {
        let connection = try open()
        let reply = try connection.ask(RigConnection.login(person))
        guard reply.count == 1, reply[0].hasPrefix("OK person=\(person) ") else { throw RigError.unexpected(reply) }
        return connection
    }
}

enum RigError: Error { case unexpected([String]) }

/// The peer's side of a connection in the rig.
final class RigConnection {
    let channel: EmbeddedChannel

    init(_ channel: EmbeddedChannel) { self.channel = channel }

    var isOpen: Bool { channel.isActive }

    /// Whether the server wants to read at all.
    var isRead: Bool {
        channel.options.last { $0.option is ChannelOptions.Types.AutoReadOption }?.value as? Bool ?? true
    }

    static func login(_ person: String) -> String {
        let token = TestOffice.token(person)
        return "AUTH TOKEN {\(token.utf8.count)}\n\(token)\n"
    }

    func completeHandshake() {
        channel.pipeline.fireUserInboundEventTriggered(TLSUserEvent.handshakeCompleted(negotiatedProtocol: nil))
    }

    /// One read burst.
    func send(_ text: String) throws { try channel.writeInbound(ByteBuffer(string: text)) }

    /// Sends, lets the loop run, and gives what came back.
    func ask(_ text: String) throws -> [String] {
        try send(text)
        channel.embeddedEventLoop.run()
        return try lines()
    }

    /// The lines that came since the last look.
    func lines() throws -> [String] { try writes().joined().split(separator: "\n").map(String.init) }

    /// The writes that came since the last look.
    func writes() throws -> [String] {
        var all: [String] = []
        while let buffer = try channel.readOutbound(as: ByteBuffer.self) { all.append(String(buffer: buffer)) }
        return all
    }

    func setWritable(_ isWritable: Bool) {
        channel.isWritable = isWritable
        channel.pipeline.fireChannelWritabilityChanged()
    }
}
