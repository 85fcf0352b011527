/// The tree of RFC 6962 section 2.1 over a list that only grows: its hashes, its proofs, and the check of proofs.
///
/// Whoever prints a proof and whoever checks one use this same code; nothing here knows where hashes are kept. A list has
/// indices from 0; a subtree is named by the range of its leaves.
public enum MerkleTree {
    /// The hash of an empty list.
    public static let empty = Digest(hashing: [])

    /// The hash of a leaf: SHA-256 of 0x00 and the leaf's text.
    public static func leaf(_ text: String) -> Digest {
        var stream = DigestStream()
        stream.update([0x00])
        stream.update(text)
        return stream.finish()
    }

    /// The hash of a node: SHA-256 of 0x01 and the hashes below it.
    public static func node(_ left: Digest, _ right: Digest) -> Digest {
        var stream = DigestStream()
        stream.update([0x01])
        stream.update(left)
        stream.update(right)
        return stream.finish()
    }

    /// The root over hashes of neighbours: leaves, or subtrees that are complete and of one size but for the last.
    public static func root(of hashes: some Sequence<Digest>) -> Digest {
        // Complete subtrees from left to right, each larger than the next one, as the ones of a binary number.
        var parts: [(hash: Digest, height: Int)] = []
        for hash in hashes {
            var part = (hash: hash, height: 0)
            while let last = parts.last, last.height == part.height {
                parts.removeLast()
                part = (node(last.hash, part.hash), part.height + 1)
            }
            parts.append(part)
        }
        guard var root = parts.popLast()?.hash else { return empty }
        while let left = parts.popLast() { root = node(left.hash, root) }
        return root
    }

    // MARK: What a proof is made of

    /// The subtrees whose hashes prove that a leaf is in the list of a size, in the order of RFC 6962 section 2.1.1; none
    /// where there is no such leaf.
    public static func inclusion(of index: Int64, in size: Int64) -> [Range<Int64>] {
        guard index >= 0, index < size else { return [] }
        var parts: [Range<Int64>] = []
        var tree = 0..<size
        while tree.upperBound - tree.lowerBound > 1 {
            let middle = middle(of: tree)
            if index < middle {
                parts.append(middle..<tree.upperBound)
                tree = tree.lowerBound..<middle
            } else {
                parts.append(tree.lowerBound..<middle)
                tree = middle..<tree.upperBound
            }
        }
        return parts.reversed()
    }

    /// The subtrees whose hashes prove that the list of a size begins with the list that it once was, in the order of RFC
    /// 6962 section 2.1.2; none where nothing has to be proved.
    public static func consistency(from old: Int64, to size: Int64) -> [Range<Int64>] {
        guard old > 0, old < size else { return [] }
        var parts: [Range<Int64>] = []
        var tree = 0..<size
        while tree.upperBound != old {
            let middle = middle(of: tree)
            if old <= middle {
                parts.append(middle..<tree.upperBound)
                tree = tree.lowerBound..<middle
            } else {
                parts.append(tree.lowerBound..<middle)
                tree = middle..<tree.upperBound
            }
        }
        // A beginning that is a subtree itself is known to who asks.
        if tree.lowerBound > 0 { parts.append(tree) }
        return parts.reversed()
    }

    /// Where a tree of two leaves or more is parted: behind the largest power of two leaves that is not all of them.
    private static func middle(of tree: Range<Int64>) -> Int64 {
        let count = tree.upperBound - tree.lowerBound
        return tree.lowerBound + 1 << Int64(Int64.bitWidth - 1 - (count - 1).leadingZeroBitCount)
    }

    // MARK: Checking

    /// The root of the list of a size to which a leaf's proof leads; nil when the proof is not of this form (RFC 9162,
    /// section 2.1.3.2).
    public static func root(
        leaf: Digest, at index: Int64, in size: Int64, path: [Digest]
    ) -> Digest? {
        guard index >= 0, index < size else { return nil }
        var (place, last) = (index, size - 1)
        var root = leaf
        for hash in path {
            guard last > 0 else { return nil }
            if place & 1 == 1 || place == last {
                root = node(hash, root)
                while place & 1 == 0, place != 0 { (place, last) = (place >> 1, last >> 1) }
            } else {
                root = node(root, hash)
            }
            (place, last) = (place >> 1, last >> 1)
        }
        return last == 0 ? root : nil
    }

    /// Whether a proof shows that the list of a size begins with the one that had another root and size (RFC 9162,
    /// section 2.1.4.2).
    public static func isConsistent(
        from old: Int64, _ oldRoot: Digest, to size: Int64, _ root: Digest, path: [Digest]
    ) -> Bool {
        guard old > 0, old <= size else { return false }
        if old == size { return path.isEmpty && oldRoot == root }
        // A beginning that is a subtree is not in the path.
        let hashes = old & (old - 1) == 0 ? [oldRoot] + path : path
        guard let first = hashes.first else { return false }
        var (place, last) = (old - 1, size - 1)
        while place & 1 == 1 { (place, last) = (place >> 1, last >> 1) }
        var (before, after) = (first, first)
        for hash in hashes.dropFirst() {
            guard last > 0 else { return false }
            if place & 1 == 1 || place == last {
                before = node(hash, before)
                after = node(hash, after)
                while place & 1 == 0, place != 0 { (place, last) = (place >> 1, last >> 1) }
            } else {
                after = node(after, hash)
            }
            (place, last) = (place >> 1, last >> 1)
        }
        return last == 0 && before == oldRoot && after == root
    }
}
