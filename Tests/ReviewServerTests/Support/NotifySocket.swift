import Foundation
import Glibc
import Testing

/// The service manager's end of the notify socket, for the length of a test.
final class NotifySocket {
    /// What `NOTIFY_SOCKET` would say.
    let name: String
    private let descriptor: Int32
    private let path: String?

    /// - Parameter isAbstract: whether the name lies in the abstract namespace, as in many containers.
    init(isAbstract: Bool) throws {
        let unique = UUID().uuidString.prefix(12)
        path = isAbstract ? nil : "\(NSTemporaryDirectory())phanbien-\(unique)"
        name = path ?? "@phanbien/\(unique)"
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        try #require(descriptor >= 0)
        let family = withUnsafeBytes(of: sa_family_t(AF_UNIX)) { Array($0) }
        let address = family + (path.map { Array($0.utf8) + [0] } ?? [0] + name.utf8.dropFirst())
        let status = address.withUnsafeBytes { octets in
            octets.baseAddress.map {
                bind(descriptor, $0.assumingMemoryBound(to: sockaddr.self), socklen_t(octets.count))
            }
        }
        try #require(status == 0, "bind: \(String(cString: strerror(errno)))")
    }

    deinit {
        close(descriptor)
        if let path { unlink(path) }
    }

    /// The variables of a process that this manager started.
    func environment(_ more: [String: String] = [:]) -> [String: String] {
        more.merging(["NOTIFY_SOCKET": name]) { $1 }
    }

    /// The next datagram; nil when there is none.
    func next() -> String? {
        var octets = [UInt8](repeating: 0, count: 4_096)
        let count = recv(descriptor, &octets, octets.count, Int32(MSG_DONTWAIT))
        return count < 0 ? nil : String(decoding: octets.prefix(count), as: UTF8.self)
    }

    /// Everything that came.
    func all() -> [String] {
        var datagrams: [String] = []
        while let datagram = next() { datagrams.append(datagram) }
        return datagrams
    }
}
