import NIOCore
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
    private let loop: any EventLoop
    private let handler: NIOLoopBound<ConnectionHandler>

    /// Only on the connection's loop.
    init(_ handler: ConnectionHandler, loop: any EventLoop) {
        self.loop = loop
        self.handler = NIOLoopBound(handler, eventLoop: loop)
    }

    func perform(_ actions: [ConnectionAction]) {
        if loop.inEventLoop {
            handler.value.perform(actions)
        } else {
            loop.execute { handler.value.perform(actions) }
        }
    }

    /// Cuts the connection without another word: the end of the process does not wait.
    func cut() {
        if loop.inEventLoop {
            handler.value.cut()
        } else {
            loop.execute { handler.value.cut() }
        }
    }
}

/// The way from a connection to the engine.
struct EnginePort: Sendable {
    private let loop: any EventLoop
    private let host: NIOLoopBound<EngineHost>

    /// Only on the engine's loop.
    init(_ host: EngineHost, loop: any EventLoop) {
        self.loop = loop
        self.host = NIOLoopBound(host, eventLoop: loop)
    }

    func submit(_ input: Input) {
        if loop.inEventLoop {
            host.value.submit(input)
        } else {
            loop.execute { host.value.submit(input) }
        }
    }

    func open(_ connection: ConnectionID, address: String, port: ConnectionPort) {
        if loop.inEventLoop {
            host.value.open(connection, address: address, port: port)
        } else {
            loop.execute { host.value.open(connection, address: address, port: port) }
        }
    }

    func close(_ connection: ConnectionID) {
        if loop.inEventLoop {
            host.value.close(connection)
        } else {
            loop.execute { host.value.close(connection) }
        }
    }
}
