public import ReviewCore
public import ReviewDigest

/// What keeps whoever holds a proof from guessing the events beside the one that it is of: a verdict has two values, and
/// the hash of a leaf that anybody can spell would tell which.
///
/// Every leaf begins with a salt of its own, the first 16 octets of HMAC-SHA-256(secret, number of the event). The secret
/// is made once with the log, lives as long as it, and goes with its backups: the salts are a part of every checkpoint.
public struct LeafSecret: Sendable {
    /// The octets of a secret.
    public static let octetCount = 32
    /// The hexadecimal digits of a salt.
    private static let saltDigits = 32

    private let authentication: MessageAuthentication

    /// Reads 64 hexadecimal digits; nil for anything else.
    public init?(hexadecimal: String) {
        guard let octets = Digest(hexadecimal: hexadecimal)?.octets else { return nil }
        authentication = MessageAuthentication(key: octets)
    }

    /// The text of a leaf: `salt SP record-line`.
    public func text(of sequence: Int64, _ encoded: String) -> String {
        var digits: [UInt8] = []
        authentication.code(of: String(sequence)).appendHexadecimal(to: &digits)
        return String(decoding: digits.prefix(Self.saltDigits), as: UTF8.self) + " " + encoded
    }

    /// The hash of a leaf.
    public func leaf(_ sequence: Int64, _ encoded: String) -> Digest {
        MerkleTree.leaf(text(of: sequence, encoded))
    }
}

/// How a log keeps hashes of its tree: of complete subtrees of 256 leaves (level 1), of 256 of those (level 2), and so on.
///
/// A proof then reads at most some hundred hashes a level, however long the log is.
public enum TreeTiles {
    /// The children of a stored hash.
    public static let width: Int64 = 256
    /// More levels than a log can have: 256⁷ leaves are more than fit its numbers.
    public static let levels = 7

    /// The range of a log's events that a query may name; why it does not, nil when it does.
    public static func problem(with query: TreeQuery, head: Int64) -> String? {
        guard (0...head).contains(query.size) else { return "a tree of \(query.size) events of \(head)" }
        if let event = query.event, event < 1 || event > query.size { return "the leaf of event \(event)" }
        for part in query.subtrees where part.lowerBound < 0 || part.upperBound > query.size {
            return "the subtree \(part) of \(query.size)"
        }
        return nil
    }
}
