import Foundation
import Glibc
import Testing

/// A line to a server that carries little at a time towards it, as a village's does; what comes back is not held up.
final class SlowLine: Sendable {
    /// Octets that go through at a time, and the pause behind them.
    private static let piece = 16_384
    private static let pauseMicroseconds: UInt32 = 110_000

    private let descriptor: Int32
    let port: Int

    /// - Parameter target: The server's port on this machine.
    init(to target: Int) throws {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        self.descriptor = descriptor
        // What is sent is not to wait in this end's memory, where it would look as if it had arrived.
        var size = Int32(Self.piece)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
        port = try listenOnLoopback(descriptor)
        let length = socklen_t(MemoryLayout<sockaddr_in>.size)
        Thread { [length] in
            while case let near = accept(descriptor, nil, nil), near >= 0 {
                let far = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
                var address = loopback(target)
                let isConnected = withUnsafePointer(to: &address) { pointer in
                    pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(far, $0, length) == 0 }
                }
                guard isConnected else {
                    close(near)
                    close(far)
                    continue
                }
                let ends = DispatchGroup()
                Self.carry(near, to: far, pause: Self.pauseMicroseconds, within: ends)
                Self.carry(far, to: near, pause: 0, within: ends)
                ends.notify(queue: .global()) {
                    close(near)
                    close(far)
                }
            }
        }.start()
    }

    deinit {
        shutdown(descriptor, Int32(SHUT_RDWR))
        close(descriptor)
    }

    private static func carry(_ from: Int32, to: Int32, pause: UInt32, within ends: DispatchGroup) {
        ends.enter()
        Thread {
            var octets = [UInt8](repeating: 0, count: piece)
            while case let count = read(from, &octets, piece), count > 0 {
                var sent = 0
                while sent < count {
                    let more = octets[sent..<count].withUnsafeBytes {
                        send(to, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
                    }
                    guard more > 0 else { break }
                    sent += more
                }
                guard sent == count else { break }
                if pause > 0 { usleep(pause) }
            }
            shutdown(from, Int32(SHUT_RDWR))
            shutdown(to, Int32(SHUT_RDWR))
            ends.leave()
        }.start()
    }
}
