/// Where a server listens: `HOST:PORT`, with 7443 when no port is named.
public struct ServerAddress: Sendable, Equatable {
    /// The name or number of the host.
    public let host: String
    /// The port, 1 to 65535.
    public let port: Int

    /// The port of phanbien/1.
    static let usualPort = 7443

    /// Reads `HOST`, `HOST:PORT`, `[IPv6]` or `[IPv6]:PORT`; nil for anything else.
    public init?(_ text: String) {
        var rest = Substring(text)
        let name: Substring
        if rest.first == "[" {
            guard let end = rest.firstIndex(of: "]") else { return nil }
            name = rest[rest.index(after: rest.startIndex)..<end]
            rest = rest[rest.index(after: end)...]
        } else {
            name = rest.prefix { $0 != ":" }
            rest = rest.dropFirst(name.count)
        }
        guard (1...253).contains(name.utf8.count), name.utf8.allSatisfy(Self.isHostOctet) else { return nil }
        if rest.isEmpty {
            port = Self.usualPort
        } else {
            let digits = rest.dropFirst()
            guard rest.first == ":", (1...5).contains(digits.utf8.count),
                digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(digits),
                (1...65_535).contains(number)
            else { return nil }
            port = number
        }
        host = String(name)
    }

    private static func isHostOctet(_ octet: UInt8) -> Bool {
        switch octet {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x3A, 0x5F: true
        default: false
        }
    }

    /// As it is written: brackets around a host with colons.
    public var text: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

    /// A folder's name for it.
    public var folderName: String {
        String(host.lowercased().map { $0 == ":" ? "-" : $0 }) + "_\(port)"
    }
}
