public import ReviewDigest

/// What is asked of the tree over a log (RFC 6962 section 2.1): hashes of subtrees, and perhaps the text of one leaf.
///
/// The leaf of event n has the index n − 1.
public struct TreeQuery: Sendable, Equatable {
    /// How many events the tree in question covers; no more than the log has.
    public let size: Int64
    /// The event whose leaf is wanted; nil for none.
    public let event: Int64?
    /// The subtrees, each by the indices of its leaves; all of them lie in the tree of `size`.
    public let subtrees: [Range<Int64>]

    /// Makes a query.
    public init(size: Int64, event: Int64? = nil, subtrees: [Range<Int64>]) {
        self.size = size
        self.event = event
        self.subtrees = subtrees
    }
}

/// What a log says of its tree.
public struct TreeAnswer: Sendable, Equatable {
    /// What was asked.
    public let query: TreeQuery
    /// The text of the leaf; nil when none was wanted.
    public let leaf: String?
    /// The hashes, in the order of the subtrees.
    public let hashes: [Digest]

    /// Makes an answer.
    public init(_ query: TreeQuery, leaf: String?, hashes: [Digest]) {
        self.query = query
        self.leaf = leaf
        self.hashes = hashes
    }
}
