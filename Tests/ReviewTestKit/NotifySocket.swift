import Foundation
import Glibc

/// The service manager's end of the notify socket, for the length of a test.
public final class NotifySocket {
    /// Why there is none.
    public struct Problem: Error {
        /// The system's number.
        public let code: Int32
    }

    /// What `NOTIFY_SOCKET` would say.
    public let name: String
    private let descriptor: Int32
    private let path: String?

    /// Listens.
    ///
    /// - Parameter isAbstract: whether the name lies in the abstract namespace, as in many containers.
    public init(isAbstract: Bool) throws {
        let unique = UUID().uuidString.prefix(12)
        path = isAbstract ? nil : "\(NSTemporaryDirectory())phanbien-\(unique)"
        name = path ?? "@phanbien/\(unique)"
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw Problem(code: errno) }
        let family = withUnsafeBytes(of: sa_family_t(AF_UNIX)) { Array($0) }
        let address = family + (path.map { Array($0.utf8) + [0] } ?? [0] + name.utf8.dropFirst())
        let status = address.withUnsafeBytes { octets in
            octets.baseAddress.map {
                bind(descriptor, $0.assumingMemoryBound(to: sockaddr.self), socklen_t(octets.count))
            }
        }
        guard status == 0 else { throw Problem(code: errno) }
    }

    deinit {
        close(descriptor)
        if let path { unlink(path) }
    }

    /// The variables of a process that this manager started.
    public func environment(_ more: [String: String] = [:]) -> [String: String] {
        more.merging(["NOTIFY_SOCKET": name]) { $1 }
    }

    /// The next datagram; nil when there is none.
    public func next() -> String? {
        var octets = [UInt8](repeating: 0, count: 4_096)
        let count = recv(descriptor, &octets, octets.count, Int32(MSG_DONTWAIT))
        return count < 0 ? nil : String(decoding: octets.prefix(count), as: UTF8.self)
    }

    /// Waits for a datagram that begins so; others are passed over.
    ///
    /// - Returns: nil when none came in time.
    public func next(beginning text: String, seconds: Double = 60) -> String? {
        let deadline = Date().addingTimeInterval(seconds)
        while true {
            let left = deadline.timeIntervalSinceNow
            guard left > 0 else { return nil }
            var query = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&query, 1, Int32(min(left * 1_000, 1_000))) > 0 else { continue }
            if let datagram = next(), datagram.hasPrefix(text) { return datagram }
        }
    }

    /// Everything that came.
    public func all() -> [String] {
        var datagrams: [String] = []
        while let datagram = next() { datagrams.append(datagram) }
        return datagrams
    }
}
