import NIOCore
import ReviewDigest
import ReviewEngine

/// What the engine's host has a connection do; the order is that of doing.
enum ConnectionAction: Sendable {
    /// Write octets. Several of one turn become one write.
    case send([UInt8])
    /// Close after everything is flushed.
    case close
    /// The framer's limits before login end.
    case authenticated
    case pauseReading
    case resumeReading
}

/// The way from the engine's loop to a connection, which may live on another one.
struct ConnectionPort: Sendable {
    fileprivate let loop: any EventLoop
    private let handler: NIOLoopBound<ConnectionHandler>

    /// Only on the connection's loop.
    init(_ handler: ConnectionHandler, loop: any EventLoop) {
        self.loop = loop
        self.handler = NIOLoopBound(handler, eventLoop: loop)
    }

    /// Whether the connection lives on the loop that is asking.
    var isHere: Bool { loop.inEventLoop }

    /// Only on the connection's loop.
    func perform(_ actions: [ConnectionAction]) { handler.value.perform(actions) }

    /// Cuts the connection without another word: the end of the process does not wait.
    func cut() {
        if isHere {
            handler.value.cut()
        } else {
            loop.execute { handler.value.cut() }
        }
    }
}

/// What one turn of the engine has for the connections of other loops.
///
/// A hop wakes a thread, which costs more than what it brings: each loop gets one.
struct Crossing {
    private typealias Freight = (loop: any EventLoop, deliveries: [(port: ConnectionPort, actions: [ConnectionAction])])

    private var freights: [ObjectIdentifier: Freight] = [:]

    mutating func add(_ actions: [ConnectionAction], for port: ConnectionPort) {
        freights[ObjectIdentifier(port.loop), default: (port.loop, [])].deliveries.append((port, actions))
    }

    /// Sends everything off.
    func go() {
        for (loop, deliveries) in freights.values {
            loop.execute { for (port, actions) in deliveries { port.perform(actions) } }
        }
    }
}

/// The way to the engine for the connections of one event loop; used on that loop only.
///
/// On the engine's own loop everything arrives at once. From another one, all that a round of the loop brought goes over in
/// one hop when the round ends, in the order in which it came.
final class EnginePort {
    private enum Message: Sendable {
        case open(ConnectionID, address: String, certificate: Digest?, port: ConnectionPort)
        case input(Input)
        case close(ConnectionID)

        func arrive(at host: EngineHost) {
            switch self {
            case .open(let connection, let address, let certificate, let port):
                host.open(connection, address: address, certificate: certificate, port: port)
            case .input(let input): host.submit(input)
            case .close(let connection): host.close(connection)
            }
        }
    }

    private let host: NIOLoopBound<EngineHost>
    private let engineLoop: any EventLoop
    private let loop: NIOIsolatedEventLoop
    private let isHere: Bool
    /// What goes over when the round ends.
    private var waiting: [Message] = []

    /// Only on the connections' loop.
    init(_ host: NIOLoopBound<EngineHost>, on engineLoop: any EventLoop, from loop: any EventLoop) {
        self.host = host
        self.engineLoop = engineLoop
        self.loop = loop.assumeIsolated()
        isHere = engineLoop === loop
    }

    func submit(_ input: Input) {
        if isHere { host.value.submit(input) } else { send(.input(input)) }
    }

    func open(_ connection: ConnectionID, address: String, certificate: Digest?, port: ConnectionPort) {
        if isHere {
            host.value.open(connection, address: address, certificate: certificate, port: port)
        } else {
            send(.open(connection, address: address, certificate: certificate, port: port))
        }
    }

    func close(_ connection: ConnectionID) {
        if isHere { host.value.close(connection) } else { send(.close(connection)) }
    }

    private func send(_ message: Message) {
        waiting.append(message)
        if waiting.count == 1 { loop.execute { self.cross() } }
    }

    private func cross() {
        let messages = waiting
        waiting = []
        engineLoop.execute { [host] in for message in messages { message.arrive(at: host.value) } }
    }
}
