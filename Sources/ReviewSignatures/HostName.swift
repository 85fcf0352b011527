import Glibc

/// A name or address under which a server is reached, as a certificate lists it (RFC 5280 §4.2.1.6).
enum HostName: Hashable {
    case name(String)
    /// Four or sixteen octets, in the order of the network.
    case address([UInt8])

    /// What every server certificate lists, so that a client on the same machine needs no exception.
    static let local: [HostName] = [
        .name("localhost"), .address([127, 0, 0, 1]), .address([UInt8](repeating: 0, count: 15) + [1]),
    ]

    /// Reads an IPv4 address, an IPv6 address, or a DNS name (RFC 1123 §2.1: letters, digits, hyphens).
    ///
    /// A name outside ASCII is given in its `xn--` form; a wildcard is refused, because one server needs none.
    init?(_ text: String) {
        if let address = Self.octets(text, family: AF_INET, count: 4) ?? Self.octets(text, family: AF_INET6, count: 16)
        {
            self = .address(address)
            return
        }
        let name = text.lowercased()
        guard (1...253).contains(name.utf8.count) else { return nil }
        let labels = name.split(separator: ".", omittingEmptySubsequences: false)
        for label in labels {
            let octets = label.utf8
            guard (1...63).contains(octets.count), octets.first != UInt8(ascii: "-"),
                octets.last != UInt8(ascii: "-"), octets.allSatisfy(Self.isLetterDigitHyphen)
            else { return nil }
        }
        // A name that ends in a number is a mistyped address (`10.0.0.256`).
        guard let last = labels.last, !last.utf8.allSatisfy(Self.isDigit) else { return nil }
        self = .name(name)
    }

    /// An IPv4 or IPv6 address as people write it; nil for octets that are neither.
    static func text(address octets: [UInt8]) -> String? {
        guard octets.count == 4 || octets.count == 16 else { return nil }
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        guard inet_ntop(octets.count == 4 ? AF_INET : AF_INET6, octets, &text, socklen_t(text.count)) != nil else {
            return nil
        }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private static func octets(_ text: String, family: Int32, count: Int) -> [UInt8]? {
        // A C string would end at the first zero octet.
        guard !text.utf8.contains(0) else { return nil }
        var octets = [UInt8](repeating: 0, count: count)
        return inet_pton(family, text, &octets) == 1 ? octets : nil
    }

    private static func isDigit(_ octet: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(octet)
    }

    private static func isLetterDigitHyphen(_ octet: UInt8) -> Bool {
        isDigit(octet) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(octet) || octet == UInt8(ascii: "-")
    }
}
