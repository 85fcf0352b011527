import Glibc
import NIOCore

/// Tells the service manager how the server is doing, as sd_notify(3) describes: datagrams to the socket that
/// `NOTIFY_SOCKET` names.
///
/// Two system calls are all there is to it, so there is no library. Safe to use from every thread. A datagram that cannot
/// be sent is given up: the manager's own timeouts are what notices.
public final class ServiceManager: Sendable {
    /// The kernel's bound for the path of a socket (unix(7)).
    private static let longestPath = 107
    /// How long a manager that takes nothing may hold the caller, in microseconds.
    private static let patienceMicroseconds = 500_000

    private let descriptor: Int32
    /// The socket's address as the kernel takes it.
    private let address: [UInt8]
    /// How often `isAlive` has to be said; nil when nobody watches.
    let watchdogInterval: TimeAmount?

    /// The manager that this process's environment names; nil when there is none, or its address is not understood.
    ///
    /// - Parameters:
    ///   - environment: The process's variables: NOTIFY_SOCKET, WATCHDOG_USEC, WATCHDOG_PID.
    ///   - process: This process, for which WATCHDOG_PID has to be meant.
    public init?(environment: [String: String], process: Int32) {
        guard let path = environment["NOTIFY_SOCKET"].map({ Array($0.utf8) }), let first = path.first,
            first == UInt8(ascii: "/") || first == UInt8(ascii: "@"), path.count > 1, path.count <= Self.longestPath
        else { return nil }
        // A name that begins with "@" stands for one in the abstract namespace, which begins with a NUL and ends with
        // the address itself.
        let isAbstract = first == UInt8(ascii: "@")
        address =
            withUnsafeBytes(of: sa_family_t(AF_UNIX)) { Array($0) }
            + (isAbstract ? [0] + path.dropFirst() : path + [0])
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        var patience = timeval(tv_sec: 0, tv_usec: Self.patienceMicroseconds)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        // Three times as often as needed: one that is late does no harm.
        let isMeant = environment["WATCHDOG_PID"].map { $0 == String(process) } ?? true
        let microseconds = isMeant ? environment["WATCHDOG_USEC"].flatMap { Int64($0) } : nil
        watchdogInterval = microseconds.flatMap { $0 > 0 ? .microseconds(max($0 / 3, 1_000)) : nil }
    }

    deinit { close(descriptor) }

    /// The server serves; `status` is a sentence for `systemctl status`.
    public func isReady(status: String) { send(["READY=1", Self.status(status)]) }

    /// The server reads its settings again; `isReady` follows.
    public func isReloading() {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        send(["RELOADING=1", "MONOTONIC_USEC=\(Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000)"])
    }

    /// The server ends.
    public func isStopping(status: String) { send(["STOPPING=1", Self.status(status)]) }

    /// What the server is doing.
    public func says(_ status: String) { send([Self.status(status)], waits: false) }

    /// The server still runs: to be said at least every `watchdogInterval`, by whatever must not stand still.
    func isAlive() { send(["WATCHDOG=1"], waits: false) }

    /// One line: a line end would begin an assignment of its own.
    private static func status(_ sentence: String) -> String {
        "STATUS=" + sentence.map { $0.isNewline ? " " : String($0) }.joined()
    }

    /// - Parameter waits: whether a manager that is behind is waited for: not by the engine's loop, which says such things
    ///   again anyhow.
    private func send(_ assignments: [String], waits: Bool = true) {
        let octets = Array(assignments.joined(separator: "\n").utf8)
        address.withUnsafeBytes { address in
            guard let start = address.baseAddress else { return }
            _ = sendto(
                descriptor, octets, octets.count, Int32(waits ? MSG_NOSIGNAL : MSG_NOSIGNAL | MSG_DONTWAIT),
                start.assumingMemoryBound(to: sockaddr.self), socklen_t(address.count))
        }
    }
}
