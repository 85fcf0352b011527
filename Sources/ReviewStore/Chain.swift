public import ReviewDigest

/// The chain over the log: each event's link covers the event and every one before it, so that nothing can be changed,
/// left out or moved without changing every link after it.
///
/// Leaves and links are hashed with different first octets, as RFC 6962 section 2.1 does for leaves and nodes, so that
/// no link can be passed off as an event. A leaf covers the digests of bodies, not their texts: a body can be removed
/// for the protection of personal data, and the chain still verifies.
public struct Chain: Sendable, Equatable {
    /// The sequence of the last event, 0 at the beginning.
    public private(set) var head: Int64
    /// The link of the last event; `Digest.zero` at the beginning.
    public private(set) var link: Digest

    /// A chain as it stands after an event, by default before the first one.
    public init(head: Int64 = 0, link: Digest = .zero) {
        self.head = head
        self.link = link
    }

    /// Adds the next event by its leaf.
    ///
    /// The sequence itself stands inside the encoding that the leaf covers.
    public mutating func append(_ leaf: Digest) {
        link = Self.link(after: link, leaf)
        head &+= 1
    }

    /// SHA-256 of 0x00 and the record's line.
    public static func leaf(_ encoded: String) -> Digest { MerkleTree.leaf(encoded) }

    /// The same of a record's line that was just written.
    public static func leaf(_ encoded: ArraySlice<UInt8>) -> Digest {
        var stream = DigestStream()
        stream.update([0x00])
        stream.update(encoded)
        return stream.finish()
    }

    /// SHA-256 of 0x01, the previous link and the leaf.
    public static func link(after previous: Digest, _ leaf: Digest) -> Digest { MerkleTree.node(previous, leaf) }
}
