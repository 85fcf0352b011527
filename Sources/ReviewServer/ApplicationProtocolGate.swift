import Logging
import NIOCore

/// Stands before the TLS handler until the client's first message is complete, refuses a client that offers other
/// application protocols only (specification §1.3: absence is tolerated, a wrong one is refused), and lets the others'
/// handshakes begin when it is their turn.
///
/// What it held it hands on unchanged, and takes itself out of the way.
final class ApplicationProtocolGate: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// The name under which ALPN negotiates this protocol.
    static let name = "phanbien/1"
    /// The fatal alert `no_application_protocol` (RFC 7301 §3.2) in a plaintext record (RFC 8446 §5.1).
    static let alert: [UInt8] = [21, 3, 3, 0, 2, 2, 120]

    private enum State {
        case holding([UInt8], pieces: Int)
        /// The message is complete and waits for its turn.
        case waiting([UInt8])
        case open
        case refused
    }

    /// A message in more pieces than this is nobody's; it is left to the TLS library, so that octets which trickle in one
    /// by one do not have the whole message read again for each of them.
    private static let mostPieces = 64

    private var state = State.holding([], pieces: 0)
    private var isGone = false
    private let queue: HandshakeQueue
    private let logger: Logger

    init(queue: HandshakeQueue, logger: Logger) {
        self.queue = queue
        self.logger = logger
    }

    func handlerRemoved(context: ChannelHandlerContext) { isGone = true }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch state {
        case .open:
            context.fireChannelRead(data)
        case .refused:
            return
        case .waiting(var held):
            held.append(contentsOf: unwrapInboundIn(data).readableBytesView)
            // A client says nothing more before it is answered.
            if held.count > ClientHello.longestBufferedOctets {
                state = .refused
                context.close(promise: nil)
            } else {
                state = .waiting(held)
            }
        case .holding(var held, let pieces):
            held.append(contentsOf: unwrapInboundIn(data).readableBytesView)
            switch ClientHello.offer(in: held) {
            case .incomplete where pieces < Self.mostPieces:
                state = .holding(held, pieces: pieces + 1)
            case .incomplete:
                letThrough(held, context: context)
            case .absent, .unreadable:
                letThrough(held, context: context)
            case .protocols(let names):
                if names.contains(where: { $0.elementsEqual(Self.name.utf8) }) {
                    letThrough(held, context: context)
                } else {
                    refuse(names, context: context)
                }
            }
        }
    }

    private func letThrough(_ held: [UInt8], context: ChannelHandlerContext) {
        state = .waiting(held)
        queue.submit(PeerAddress.text(context.remoteAddress)) { self.begin(context: context) }
    }

    /// Hands on what was held; false when there is nobody any more.
    private func begin(context: ChannelHandlerContext) -> Bool {
        guard !isGone, case .waiting(let held) = state else { return false }
        state = .open
        context.fireChannelRead(wrapInboundOut(context.channel.allocator.buffer(bytes: held)))
        // The read that brought the octets may be long over.
        context.fireChannelReadComplete()
        context.pipeline.syncOperations.removeHandler(self, promise: nil)
        return true
    }

    private func refuse(_ names: [[UInt8]], context: ChannelHandlerContext) {
        state = .refused
        logger.debug(
            "tls.refused",
            metadata: [
                "reason": "no common application protocol",
                "offered": .array(names.prefix(8).map { .string(String(decoding: $0, as: UTF8.self)) }),
            ])
        let alert = context.channel.allocator.buffer(bytes: Self.alert)
        context.writeAndFlush(wrapOutboundOut(alert), promise: nil)
        context.close(promise: nil)
    }
}
