import Logging
import NIOCore
import ReviewProtocol

/// How many connections there are, altogether and by address, those in their TLS handshake included.
///
/// The engine tells a person politely that an address or a person has too many connections; it knows a connection only
/// after its handshake. This keeps handshakes, and the memory they cost, within bounds before that.
struct AdmissionCounter {
    /// Connections above a limit that are still let in, so that the engine can tell them in words.
    static let roomForWords = 16

    private let most: Int
    private let mostPerAddress: Int
    private(set) var count = 0
    private var countByAddress: [String: Int] = [:]

    init(limits: Limits) {
        most = limits.connections + Self.roomForWords
        mostPerAddress = limits.connectionsPerAddress + Self.roomForWords
    }

    /// Whether one more may come; if so it is counted.
    mutating func admit(_ address: String) -> Bool {
        let here = countByAddress[address] ?? 0
        guard count < most, here < mostPerAddress else { return false }
        count += 1
        countByAddress[address] = here + 1
        return true
    }

    /// One that was admitted is gone.
    mutating func release(_ address: String) {
        count -= 1
        guard let here = countByAddress[address] else { return }
        countByAddress[address] = here > 1 ? here - 1 : nil
    }
}

/// Stands in the listener's pipeline: closes at once what is too much, before any work was done for it, and keeps the
/// server accepting when file descriptors run out.
final class Admission: ChannelInboundHandler {
    typealias InboundIn = Channel
    typealias InboundOut = Channel

    private var counter: AdmissionCounter
    private var throttle = LogThrottle()
    private let logger: Logger
    private let accepted: ConnectionSet
    private let door: DoorCounters

    init(limits: Limits, accepted: ConnectionSet, door: DoorCounters, logger: Logger) {
        self.door = door
        counter = AdmissionCounter(limits: limits)
        self.accepted = accepted
        self.logger = logger
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let channel = unwrapInboundIn(data)
        let address = PeerAddress.text(channel.remoteAddress)
        guard counter.admit(address) else {
            door.isRefused()
            warn("connection.refused", ["address": "\(address)", "reason": "too many connections"])
            channel.close(promise: nil)
            return
        }
        door.isAccepted()
        accepted.insert(channel)
        channel.closeFuture.hop(to: context.eventLoop).assumeIsolated().whenComplete { _ in
            self.counter.release(address)
            self.accepted.remove(channel)
        }
        context.fireChannelRead(data)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // Descriptors or memory ran out, or a peer gave up while it waited; the backoff handler tries again in a moment.
        door.isUnacceptable()
        warn("accept.failed", ["error": "\(error)"])
    }

    private func warn(_ message: Logger.Message, _ metadata: Logger.Metadata) {
        guard let suppressed = throttle.admit(at: .now()) else { return }
        var metadata = metadata
        if suppressed > 0 { metadata["suppressed"] = "\(suppressed)" }
        logger.warning(message, metadata: metadata)
    }
}

/// The connections that were accepted and are not closed; used on the accepting loop only.
final class ConnectionSet {
    private var channels: [ObjectIdentifier: any Channel] = [:]

    /// How many there are.
    var count: Int { channels.count }

    func insert(_ channel: any Channel) { channels[ObjectIdentifier(channel)] = channel }

    func remove(_ channel: any Channel) { channels[ObjectIdentifier(channel)] = nil }

    /// Tells each that the server stops.
    func announceStop() {
        for channel in channels.values { channel.pipeline.fireUserInboundEventTriggered(ServerStopping.now) }
    }
}

/// Lets one warning a second through, so that a flood of them does not become a flood of lines.
struct LogThrottle {
    private var last: NIODeadline?
    private var suppressed = 0

    /// How many were kept back since the last one, if this one may be written.
    mutating func admit(at now: NIODeadline) -> Int? {
        if let last, now < last + .seconds(1) {
            suppressed += 1
            return nil
        }
        defer { suppressed = 0 }
        last = now
        return suppressed
    }
}
