public import NIOCore

/// Where to listen: `127.0.0.1:7443`, `[::1]:7443`, `localhost:0`, `:7443` (every address of IPv4).
public struct ListenAddress: Sendable, Equatable, CustomStringConvertible {
    /// The port of the protocol where none is asked for.
    public static let standardPort = 7443

    /// A name or an address, without brackets.
    public let host: String
    /// 0 for a free one.
    public let port: Int

    /// A host and a port.
    public init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// Reads the written form; nil when it is not one.
    public init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":") else { return nil }
        let digits = text[text.index(after: colon)...]
        guard (1...5).contains(digits.utf8.count), digits.utf8.allSatisfy({ (48...57).contains($0) }),
            let port = Int(digits), port <= 65_535
        else { return nil }
        let host = text[..<colon]
        if host.hasPrefix("[") {
            guard host.hasSuffix("]"), host.contains(":") else { return nil }
            self.init(host: String(host.dropFirst().dropLast()), port: port)
        } else {
            // Without brackets nobody knows where an IPv6 address ends and the port begins.
            guard !host.contains(":") else { return nil }
            self.init(host: host.isEmpty ? "0.0.0.0" : String(host), port: port)
        }
    }

    /// The written form: `127.0.0.1:7443`, `[::1]:7443`.
    public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

    /// The form of an address that a socket is bound to.
    public init?(_ address: SocketAddress?) {
        guard let address, let host = address.ipAddress, let port = address.port else { return nil }
        self.init(host: host, port: port)
    }
}
