import Glibc
import NIOCore
import NIOPosix
import NIOSSL
import NIOTLS
import PhanbienCommands
import ReviewProtocol

/// Why a connection could not be made or ended.
enum WireError: Error, Sendable {
    /// The server's certificate was not issued by the pinned authority, or not for this host.
    case untrusted(String)
    /// The server does not take the certificate that this side has presented.
    case certificateRefused
    /// The other side closed.
    case closed
    /// Nobody listens there.
    case refused
    /// No answer in time.
    case timedOut
    /// The host's name is unknown.
    case unknownHost
    /// Somebody is there who speaks no TLS, or another protocol inside it.
    case stranger
    /// Anything else, in words for people.
    case other(Bilingual)

    /// Sorts what NIO throws.
    init(_ error: any Error) {
        let words = "\(error)"
        if let failure = error as? NIOConnectionError {
            let causes = failure.connectionErrors.map(\.error)
            if causes.isEmpty {
                self = .unknownHost
            } else {
                self =
                    causes.lazy.map { WireError($0) }.first { if case .other = $0 { false } else { true } }
                    ?? WireError(causes[0])
            }
        } else if let failure = error as? IOError {
            switch failure.errnoCode {
            case 111: self = .refused
            case 110: self = .timedOut
            case 104: self = .closed
            default: self = .other(World.reason(failure.errnoCode))
            }
        } else if let failure = error as? ChannelError, case .connectTimeout = failure {
            self = .timedOut
        } else if words.contains("_ALERT_"), ["CERTIFICATE", "UNKNOWN_CA", "DECRYPT"].contains(where: words.contains) {
            // The words of the library for what the other side said of a certificate (RFC 8446, section 6.2).
            self = .certificateRefused
        } else if words.contains("CERTIFICATE_VERIFY_FAILED") || words.contains("HOSTNAME")
            || words.contains("failedToValidateHostname")
        {
            self = .untrusted(words)
        } else if case .uncleanShutdown = error as? NIOSSLError {
            self = .closed
        } else if case .handshakeFailed(.sslError(let stack)) = error as? NIOSSLError,
            stack.contains(.eofDuringHandshake)
        {
            // A server that has too much to do closes before it says anything.
            self = .closed
        } else if case .handshakeFailed = error as? NIOSSLError {
            // WRONG_VERSION_NUMBER and its like, with the place in the library's source: for nobody's eyes.
            self = .stranger
        } else {
            self = .other(Bilingual("lỗi mạng không rõ nguyên nhân", "a network error (\(type(of: error)))"))
        }
    }

    /// What happened, for people.
    var message: Bilingual {
        switch self {
        case .untrusted: Bilingual("chứng thư máy chủ không được tin cậy", "the server's certificate is not trusted")
        case .certificateRefused:
            Bilingual(
                "máy chủ không nhận chứng thư của máy này", "the server does not take this machine's certificate")
        case .closed: Bilingual("máy chủ đóng kết nối", "the server closed the connection")
        case .refused: Bilingual("máy chủ từ chối kết nối", "connection refused")
        case .timedOut: Bilingual("máy chủ không trả lời", "no answer")
        case .unknownHost: Bilingual("không tìm thấy tên máy chủ", "the host's name is unknown")
        case .stranger:
            Bilingual(
                "ở địa chỉ và cổng này không phải máy chủ phanbien",
                "no phanbien server is there (it does not speak TLS 1.3, or speaks another protocol)")
        case .other(let words): words
        }
    }
}

/// Whom to trust when a connection is made.
enum Trust: Sendable {
    /// A server whose certificate this authority (PEM) has issued for its host name.
    case authority([UInt8])
    /// Nobody: only look at the certificates that are shown, and leave.
    case inspection
}

/// TLS connections on one network thread.
///
/// Everything that happens goes into the mailbox.
final class Wire {
    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    private let mailbox: Mailbox
    private var connection = 0
    private var channel: EventLoopFuture<any Channel>?

    init(_ mailbox: Mailbox) {
        self.mailbox = mailbox
    }

    /// The number of the newest connection; arrivals of older ones are of no interest.
    var current: Int { connection }

    /// Begins to connect; the mailbox hears how it ends.
    ///
    /// - Parameter identity: the certificate that the server is shown when it asks for one.
    func connect(to address: ServerAddress, trust: Trust, identity: Identity? = nil) {
        connection += 1
        let number = connection
        let mailbox = mailbox
        do {
            let context = try Self.context(trust, identity)
            // An address in numbers is compared with the certificate's addresses; it may not be sent as a name.
            let name = Self.isNumeric(address.host) ? nil : address.host
            let future = ClientBootstrap(group: group)
                .connectTimeout(.seconds(10))
                .channelOption(.tcpOption(.tcp_nodelay), value: 1)
                // What goes out is to be seen going out, and not to vanish in the system's memory at once.
                .channelOption(
                    .tcpOption(.init(rawValue: TCP_NOTSENT_LOWAT)), value: SocketOptionValue(PieceHandler.size)
                )
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        let tls: NIOSSLClientHandler
                        switch trust {
                        case .authority: tls = try NIOSSLClientHandler(context: context, serverHostname: name)
                        case .inspection:
                            tls = try NIOSSLClientHandler(
                                context: context, serverHostname: name,
                                customVerificationCallback: { certificates, promise in
                                    mailbox.put(.certificates(number, certificates.compactMap { try? $0.toDERBytes() }))
                                    promise.succeed(.failed)
                                })
                        }
                        try channel.pipeline.syncOperations.addHandler(tls)
                        try channel.pipeline.syncOperations.addHandler(PieceHandler(mailbox, number))
                        try channel.pipeline.syncOperations.addHandler(ArrivalHandler(mailbox, number))
                    }
                }
                .connect(host: address.host, port: address.port)
            future.whenFailure { mailbox.put(.ended(number, WireError($0))) }
            channel = future
        } catch {
            mailbox.put(.ended(number, WireError(error)))
        }
    }

    /// Writes octets; a failure is heard of as the connection's end.
    func write(_ octets: [UInt8]) {
        channel?.whenSuccess { channel in
            channel.writeAndFlush(ByteBuffer(bytes: octets), promise: nil)
        }
    }

    /// Reads on after the mailbox was full.
    func readOn() {
        channel?.whenSuccess { channel in
            // A connection that has ended meanwhile has nothing to read.
            _ = channel.setOption(.autoRead, value: true)
        }
    }

    /// Closes the newest connection; nothing of it is heard any more.
    func disconnect() {
        connection += 1
        channel?.whenSuccess { $0.close(promise: nil) }
        channel = nil
    }

    private static func context(_ trust: Trust, _ identity: Identity?) throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv13
        configuration.applicationProtocols = [ServerLine.version]
        configuration.certificateVerification = .fullVerification
        switch trust {
        case .authority(let pem):
            configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMBytes(pem))
        case .inspection:
            configuration.trustRoots = .certificates([])
        }
        try identity?.present(in: &configuration)
        return try NIOSSLContext(configuration: configuration)
    }

    private static func isNumeric(_ host: String) -> Bool {
        (try? SocketAddress(ipAddress: host, port: 0)) != nil
    }
}

/// Writes in pieces, each after the one before went out, and tells the mailbox of those of a request that is more than one.
///
/// So a large request on a slow line is seen to move. What is written at once may still lie in this machine, and says
/// nothing of the line.
private final class PieceHandler: ChannelOutboundHandler {
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// At the slowest pace that the server bears, one goes out in half a minute.
    static let size = 16_384

    private let mailbox: Mailbox
    private let number: Int
    private var waiting = ByteBuffer()
    /// All octets since nothing waited last.
    private var whole = 0
    private var isOnItsWay = false

    init(_ mailbox: Mailbox, _ number: Int) {
        self.mailbox = mailbox
        self.number = number
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        var octets = unwrapOutboundIn(data)
        whole += octets.readableBytes
        waiting.writeBuffer(&octets)
        // Nobody waits for the end of what was written; a failure is heard of as the connection's end.
        promise?.succeed()
    }

    func flush(context: ChannelHandlerContext) { writePiece(context) }

    private func writePiece(_ context: ChannelHandlerContext) {
        guard !isOnItsWay, let piece = waiting.readSlice(length: min(waiting.readableBytes, Self.size)),
            piece.readableBytes > 0
        else { return }
        isOnItsWay = true
        if whole > Self.size, whole == waiting.readableBytes + piece.readableBytes {
            mailbox.put(.wentOut(number, gone: 0, whole: whole))
        }
        context.writeAndFlush(wrapOutboundOut(piece)).assumeIsolated().whenSuccess {
            self.isOnItsWay = false
            let left = self.waiting.readableBytes
            if self.whole > Self.size {
                self.mailbox.put(.wentOut(self.number, gone: self.whole - left, whole: self.whole))
            }
            guard left == 0 else { return self.writePiece(context) }
            self.waiting = ByteBuffer()
            self.whole = 0
        }
    }
}

/// Gives everything that happens on a connection to the mailbox.
private final class ArrivalHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let mailbox: Mailbox
    private let number: Int
    private var reason: WireError?

    init(_ mailbox: Mailbox, _ number: Int) {
        self.mailbox = mailbox
        self.number = number
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .handshakeCompleted = event as? TLSUserEvent { mailbox.put(.connected(number)) }
        context.fireUserInboundEventTriggered(event)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if mailbox.put(.octets(number, Array(unwrapInboundIn(data).readableBytesView))) {
            _ = context.channel.setOption(.autoRead, value: false)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // The first error is the cause; what follows are its consequences.
        if reason == nil { reason = WireError(error) }
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        mailbox.put(.ended(number, reason ?? .closed))
        context.fireChannelInactive()
    }
}
