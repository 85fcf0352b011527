import NIOCore

/// The address of a peer, as limits count it and the operator's log names it.
enum PeerAddress {
    /// An address without its port; an IPv4 address that came through an IPv6 socket is the same address.
    static func text(_ address: SocketAddress?) -> String {
        guard let text = address?.ipAddress else { return "unknown" }
        let mapped = "::ffff:"
        return text.hasPrefix(mapped) && text.contains(".") ? String(text.dropFirst(mapped.count)) : text
    }
}
