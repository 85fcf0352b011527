/// HMAC-SHA-256 (RFC 2104) under one key; what follows from the key alone is computed once.
public struct MessageAuthentication: Sendable {
    private static let blockOctets = 64

    private let inner: DigestStream
    private let outer: DigestStream

    /// Takes a key of any length.
    public init(key: [UInt8]) {
        var block = key.count > Self.blockOctets ? Digest(hashing: key).octets : key
        block += repeatElement(0, count: Self.blockOctets - block.count)
        var inner = DigestStream()
        inner.update(block.map { $0 ^ 0x36 })
        self.inner = inner
        var outer = DigestStream()
        outer.update(block.map { $0 ^ 0x5C })
        self.outer = outer
    }

    /// The code of a text's octets.
    public func code(of text: String) -> Digest {
        var inner = inner
        inner.update(text)
        var outer = outer
        outer.update(inner.finish())
        return outer.finish()
    }
}
