import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
public import ReviewMetrics

/// The page that a scraper reads: `GET /metrics`, on the machine itself only.
///
/// There is no login and no TLS on it, so it is never offered to the network: whoever wants the figures elsewhere lets a
/// collector on this machine fetch them.
public struct MetricsEndpoint: Sendable {
    /// Connections that are served at the same time; a collector needs one.
    static let mostConnections = 16
    /// How long one connection may take for its request, and how long it may idle behind its last one.
    static let patience = TimeAmount.seconds(30)

    /// Where it listens; an address of the machine itself.
    public let listen: ListenAddress
    /// Where the figures are kept.
    public let registry: MetricRegistry

    /// An endpoint; nil when the address could be reached from other machines.
    public init?(listen: ListenAddress, registry: MetricRegistry) {
        guard listen.isLoopback else { return nil }
        self.listen = listen
        self.registry = registry
    }

    /// Listens; `refresh` brings the registry up to date, on the loop.
    func start(on loop: any EventLoop, refresh: NIOLoopBound<() -> Void>) async throws -> any Channel {
        let registry = registry
        let count = try await loop.submit { NIOLoopBound(OpenPages(), eventLoop: loop) }.get()
        return try await ServerBootstrap(group: loop)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    guard count.value.enter(channel) else { throw TooManyScrapers() }
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(
                        MetricsPage(registry: registry, refresh: refresh.value))
                }
            }
            .bind(host: listen.host, port: listen.port)
            .get()
    }
}

extension ListenAddress {
    /// Whether nothing but this machine can reach the address: 127.0.0.0/8, ::1, or `localhost`.
    var isLoopback: Bool {
        if host == "localhost" { return true }
        guard let address = try? SocketAddress(ipAddress: host, port: port) else { return false }
        switch address {
        case .v4: return address.ipAddress?.hasPrefix("127.") == true
        case .v6: return address.ipAddress == "::1"
        case .unixDomainSocket: return false
        }
    }
}

/// Why a connection is closed at once: as many as are served at the same time are there.
private struct TooManyScrapers: Error {}

/// How many scrapers are connected; on the loop only.
private final class OpenPages {
    private var count = 0

    /// Whether one more may come.
    func enter(_ channel: any Channel) -> Bool {
        guard count < MetricsEndpoint.mostConnections else { return false }
        count += 1
        channel.closeFuture.assumeIsolated().whenComplete { _ in self.count -= 1 }
        return true
    }
}

/// Answers requests of HTTP/1.1, one after the other.
final class MetricsPage: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let registry: MetricRegistry
    private let refresh: () -> Void
    private var head: HTTPRequestHead?
    private var deadline: Scheduled<Void>?

    init(registry: MetricRegistry, refresh: @escaping () -> Void) {
        self.registry = registry
        self.refresh = refresh
    }

    func handlerAdded(context: ChannelHandlerContext) { arm(context) }

    func handlerRemoved(context: ChannelHandlerContext) { deadline?.cancel() }

    private func arm(_ context: ChannelHandlerContext) {
        deadline?.cancel()
        let channel = context.channel
        deadline = context.eventLoop.scheduleTask(in: MetricsEndpoint.patience) { channel.close(promise: nil) }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): self.head = head
        case .body: break
        case .end:
            guard let head else { return }
            self.head = nil
            answer(head, context)
        }
    }

    private func answer(_ request: HTTPRequestHead, _ context: ChannelHandlerContext) {
        // Whoever goes on asking without reading gets no further pages to be kept for them.
        guard context.channel.isWritable else { return context.close(promise: nil) }
        var status = HTTPResponseStatus.ok
        var type = "text/plain; charset=utf-8"
        var text: String
        let path = request.uri.prefix { $0 != "?" }
        var more: [(String, String)] = []
        switch (request.method, path) {
        case (.GET, "/metrics"), (.HEAD, "/metrics"):
            refresh()
            type = MetricRegistry.contentType
            text = registry.text()
        case (_, "/metrics"):
            status = .methodNotAllowed
            more = [("allow", "GET, HEAD")]
            text = "GET /metrics\n"
        default:
            status = .notFound
            text = "GET /metrics\n"
        }
        var head = HTTPResponseHead(version: request.version, status: status)
        head.headers = HTTPHeaders([("content-type", type), ("content-length", String(text.utf8.count))] + more)
        if !request.isKeepAlive { head.headers.add(name: "connection", value: "close") }
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if request.method == .HEAD { text = "" }
        context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: text)))), promise: nil)
        let sent = context.eventLoop.makePromise(of: Void.self)
        if !request.isKeepAlive {
            let channel = context.channel
            sent.futureResult.whenComplete { _ in channel.close(promise: nil) }
        }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: sent)
        arm(context)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
