import Logging
import NIOCore
import NIOSSL
import NIOTLS
import ReviewDigest
import ReviewEngine
import ReviewProtocol

/// Sent down a connection's pipeline when the server stops: connections that the engine does not know yet end at once.
enum ServerStopping {
    case now
}

/// One connection on its own loop: octets to requests, deadlines of sending, writes, and the end.
///
/// It decides nothing about requests. Each read burst goes to the engine in one hop; each turn of the engine comes back
/// as one list of actions, which becomes one write and one flush.
final class ConnectionHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private enum Phase {
        /// TLS is not agreed yet; the engine knows nothing of this connection.
        case handshaking
        case open
        /// Nothing more is read; the engine will say BYE.
        case ending
        /// The engine asked to close; the last octets are on their way.
        case closing
        case closed
    }

    /// How long the last octets may take when the peer reads them slowly or not at all.
    static let lingerTime = TimeAmount.seconds(30)

    /// How often the engine is told that a body goes on coming, so that its sender does not count as idle.
    static let bodyInterval = TimeAmount.seconds(1)

    private let id: ConnectionID
    private let engine: EnginePort
    private let limits: Limits
    private let logger: Logger
    private let door: DoorCounters

    private var context: ChannelHandlerContext?
    private var phase = Phase.handshaking
    private var framer: Framer
    private var readDeadline: ReadDeadline
    /// When the handshake, or the flush of the last octets, is too late.
    private var phaseDeadline: NIODeadline?
    private var armed: (deadline: NIODeadline, task: Scheduled<Void>)?

    /// The engine's window for this connection is full.
    private var isPausedByEngine = false
    /// Before login one request is answered before the next one is framed: which limits a request has must not depend on
    /// how far the login before it has come.
    private var awaitsAnswer = false
    /// The framer may hold more whole requests; they are framed after the engine has seen the last ones.
    private var hasMore = false
    private var isContinuationScheduled = false
    private var isReading = true
    private var toldPending = Framer.Pending.nothing
    /// When the engine was last told of a body that is on its way.
    private var toldOfBody: NIODeadline?

    init(
        id: ConnectionID, engine: EnginePort, limits: Limits, logger: Logger, door: DoorCounters = DoorCounters()
    ) {
        self.door = door
        self.id = id
        self.engine = engine
        self.limits = limits
        self.logger = logger
        framer = Framer(limits: limits)
        readDeadline = ReadDeadline(limits: limits)
    }

    // MARK: Beginning and end

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        phaseDeadline = context.eventLoop.now + .seconds(Int64(limits.handshakeSeconds))
        armDeadline()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        end()
        self.context = nil
    }

    func channelInactive(context: ChannelHandlerContext) {
        end()
        context.fireChannelInactive()
    }

    private func end() {
        armed?.task.cancel()
        armed = nil
        switch phase {
        case .closed: return
        case .handshaking: door.hasFailedHandshake()
        case .open, .ending, .closing: engine.close(id)
        }
        phase = .closed
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is ServerStopping {
            if phase == .handshaking { context.close(promise: nil) }
            return
        }
        if case .handshakeCompleted = event as? TLSUserEvent, phase == .handshaking {
            phase = .open
            phaseDeadline = nil
            awaitsAnswer = true  // HELLO is the answer to the connection itself.
            engine.open(
                id, address: PeerAddress.text(context.remoteAddress), certificate: Self.certificate(context),
                port: ConnectionPort(self, loop: context.eventLoop))
        }
        context.fireUserInboundEventTriggered(event)
    }

    /// The client certificate that the peer presented: its chain was checked in the handshake.
    ///
    /// Only its digest is looked at: what the names in it say is not read by anybody.
    private static func certificate(_ context: ChannelHandlerContext) -> Digest? {
        let handler = try? context.pipeline.syncOperations.handler(type: NIOSSLServerHandler.self)
        guard let octets = try? handler?.peerCertificate?.toDERBytes() else { return nil }
        return Digest(hashing: octets)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // Many peers end without close_notify; the end itself follows and says enough.
        logger.debug(
            phase == .handshaking ? "tls.failed" : "connection.error",
            metadata: [
                "connection": "\(id.number)", "address": "\(PeerAddress.text(context.remoteAddress))",
                "error": "\(error)",
            ])
        context.close(promise: nil)
    }

    // MARK: Reading

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        // After its end the peer's octets are read and thrown away: closing with unread octets would reset the
        // connection, and the peer would not see BYE.
        guard phase == .open else { return }
        unwrapInboundIn(data).withUnsafeReadableBytes { octets in
            readDeadline.arrived(octets, now: context.eventLoop.now)
            framer.append(octets)
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        frame()
        context.fireChannelReadComplete()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        switch phase {
        case .open, .ending: engine.submit(context.channel.isWritable ? .drained(id) : .blocked(id))
        case .handshaking, .closing, .closed: break
        }
        context.fireChannelWritabilityChanged()
    }

    /// Hands the engine what can be framed now: at most one window of requests, so that it can stop the next one.
    private func frame() {
        guard phase == .open, !isContinuationScheduled, let context else { return }
        var received: [Received] = []
        let most = framer.authenticated ? limits.windowRequests : 1
        hasMore = false
        while !isPausedByEngine, !awaitsAnswer {
            guard received.count < most else {
                hasMore = true
                break
            }
            guard let next = framer.next() else { break }
            received.append(next)
            if case .fatal = next {
                phase = .ending
                break
            }
            if !framer.authenticated { awaitsAnswer = true }
        }
        let isDrained = !isPausedByEngine && !awaitsAnswer && !hasMore
        let pending = isDrained ? framer.pending : .nothing
        if !received.isEmpty || isWorthTelling(pending, now: context.eventLoop.now) {
            toldPending = pending
            engine.submit(.received(id, received, pending: pending))
        }
        if isDrained {
            readDeadline.framed(pending: pending, finished: !received.isEmpty, now: context.eventLoop.now)
        }
        if hasMore {
            // The engine's turn was asked for before this, so it comes first and may pause this connection.
            isContinuationScheduled = true
            context.eventLoop.assumeIsolated().execute {
                self.isContinuationScheduled = false
                self.frame()
            }
        }
        adjustReading()
    }

    /// Whether the peer now waits for a prompt, or no longer does; of a body that goes on coming the engine hears now and
    /// then.
    private func isWorthTelling(_ pending: Framer.Pending, now: NIODeadline) -> Bool {
        switch pending {
        case .nothing, .line: return false
        case .oneLineBody, .blockBody, .literalBody: break
        }
        let isKnown =
            switch (toldPending, pending) {
            case (.oneLineBody, .oneLineBody), (.blockBody, .blockBody), (.literalBody, .literalBody): true
            case (_, _): false
            }
        if isKnown, let told = toldOfBody, now < told + Self.bodyInterval { return false }
        toldOfBody = now
        return true
    }

    /// Reads on unless enough is held already; while nothing is read, the peer's deadlines stand still.
    private func adjustReading() {
        guard let context else { return }
        let isWaiting = phase == .open && (isPausedByEngine || awaitsAnswer || hasMore)
        if isWaiting {
            readDeadline.suspend(now: context.eventLoop.now)
        } else {
            readDeadline.resume(now: context.eventLoop.now)
        }
        // Before login the peer may go on sending for as long as the little that is allowed would fit.
        let wanted = !(isWaiting && (isPausedByEngine || framer.buffered > limits.anonymousTotal))
        if wanted != isReading {
            isReading = wanted
            // Fails only on a channel that is already closed.
            try? context.channel.syncOptions?.setOption(.autoRead, value: wanted)
        }
        armDeadline()
    }

    // MARK: Writing

    /// Does what the engine asks for.
    func perform(_ actions: [ConnectionAction]) {
        guard let context, phase != .closed, phase != .closing else { return }
        var output: ByteBuffer?
        var closes = false
        // What was not framed because of these may be framed now; otherwise nothing is new.
        let wasHeld = isPausedByEngine || awaitsAnswer
        for action in actions {
            switch action {
            case .send(let octets):
                // A prompt answers the beginning of a request, not the request.
                if octets.first != UInt8(ascii: "+") { awaitsAnswer = false }
                if output == nil {
                    output = ByteBuffer(bytes: octets)
                } else {
                    output?.writeBytes(octets)
                }
            case .close: closes = true
            case .authenticated: framer.authenticated = true
            case .pauseReading: isPausedByEngine = true
            case .resumeReading: isPausedByEngine = false
            }
        }
        if closes {
            finish(with: output ?? ByteBuffer())
        } else {
            if let output { context.writeAndFlush(wrapOutboundOut(output), promise: nil) }
            if wasHeld || isPausedByEngine { frame() }
        }
    }

    /// Writes the last octets, and closes when the peer has them.
    private func finish(with output: ByteBuffer) {
        guard let context else { return }
        phase = .closing
        phaseDeadline = context.eventLoop.now + Self.lingerTime
        let flushed = context.eventLoop.makePromise(of: Void.self)
        flushed.futureResult.assumeIsolated().whenComplete { _ in
            // The TLS handler sends close_notify, and waits a little for the peer's.
            self.context?.close(promise: nil)
        }
        context.writeAndFlush(wrapOutboundOut(output), promise: flushed)
        adjustReading()
    }

    /// Closes without waiting for what is not flushed yet.
    func cut() {
        guard phase != .closed else { return }
        context?.close(promise: nil)
    }

    // MARK: Deadlines

    /// Keeps one scheduled task per connection: it fires at the earliest deadline known when it was armed, and looks
    /// again then, so that a read costs no timer.
    private func armDeadline() {
        guard let context, phase != .closed, let due = due else { return }
        if let armed {
            if armed.deadline <= due { return }
            armed.task.cancel()
        }
        let task = context.eventLoop.assumeIsolated().scheduleTask(deadline: due) { self.deadlineReached() }
        armed = (due, task)
    }

    private var due: NIODeadline? {
        switch phase {
        case .handshaking, .closing: phaseDeadline
        case .open: readDeadline.due
        case .ending, .closed: nil
        }
    }

    private func deadlineReached() {
        armed = nil
        guard let context, let due else { return }
        guard due <= context.eventLoop.now else { return armDeadline() }
        switch phase {
        case .handshaking, .closing:
            logger.debug("connection.late", metadata: ["connection": "\(id.number)", "phase": "\(phase)"])
            cut()
        case .open:
            // The engine answers what came before, says BYE ABUSE in the person's language, and closes.
            phase = .ending
            logger.debug("connection.late", metadata: ["connection": "\(id.number)", "phase": "sending"])
            engine.submit(.received(id, [.fatal(.abuse)], pending: .nothing))
            adjustReading()
        case .ending, .closed:
            break
        }
    }
}
