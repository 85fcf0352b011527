import Foundation
import GRDB
public import ReviewCore
import ReviewDigest
public import ReviewStore

/// The stored hashes of the tree over the log, and the secret of its leaves.
///
/// Each row of `tree` is a complete subtree, from the left, so none is ever changed; where the next one belongs follows from
/// how many there are.
struct TreeStore {
    /// Subtrees of 256 events that one step makes: a millisecond or two each.
    private static let tilesPerStep: Int64 = 2

    /// The name of the secret in `meta`.
    private static let secretName = "leaf-secret"

    let secret: LeafSecret
    /// Complete subtrees of level 1 that are stored.
    private var tiles: Int64

    /// A secret that nobody can guess, for a log that is being made.
    static func newSecret() -> String {
        // The system's generator is the kernel's.
        var generator = SystemRandomNumberGenerator()
        return (0..<LeafSecret.octetCount).map { _ in UInt8.random(in: 0...255, using: &generator) }.hexadecimal
    }

    /// Reads the secret, and how far the tree has grown.
    ///
    /// - Throws: `LogError.broken` when there is no secret, or there are more hashes than the log has events for.
    init(_ database: Database, head: Int64) throws {
        guard let secret = try Self.secret(database) else {
            throw LogError.broken("the log has no secret of its leaves")
        }
        self.secret = secret
        tiles = try Self.count(1, in: database)
        guard (0...max(0, head) / TreeTiles.width).contains(tiles) else {
            throw LogError.broken("the tree does not know where it stands")
        }
    }

    /// The secret; nil when there is none, or it is none.
    static func secret(_ database: Database) throws -> LeafSecret? {
        try Row.fetchOne(database, sql: "SELECT value FROM meta WHERE name = ?", arguments: [secretName])
            .flatMap { LeafSecret(hexadecimal: try $0.text(0)) }
    }

    /// How many hashes of a level there are, by the last one.
    static func count(_ level: Int, in database: Database) throws -> Int64 {
        let statement = try database.cachedStatement(sql: "SELECT max(position) + 1 FROM tree WHERE level = ?")
        return try Row.fetchOne(statement, arguments: [level])?.optionalInteger(0) ?? 0
    }

    /// Whether every complete subtree of a tree of this size is stored.
    func reaches(_ size: Int64) -> Bool { size / TreeTiles.width <= tiles }

    /// Stores the next hashes, and those above them that become complete.
    ///
    /// - Returns: how many subtrees of level 1 there are then; to be kept once the transaction is durable.
    func growing(to head: Int64, in database: Database) throws -> Int64 {
        let end = min(head / TreeTiles.width, tiles + Self.tilesPerStep)
        for tile in tiles..<max(tiles, end) {
            let first = tile * TreeTiles.width
            let leaves = try Self.leaves(first..<first + TreeTiles.width, secret, in: database)
            try Self.store(MerkleTree.root(of: leaves), level: 1, position: tile, in: database)
            var (level, position) = (1, tile)
            while position % TreeTiles.width == TreeTiles.width - 1, level < TreeTiles.levels {
                let children = try Self.stored(
                    level: level, position - (TreeTiles.width - 1)..<position + 1, in: database)
                (level, position) = (level + 1, position / TreeTiles.width)
                try Self.store(MerkleTree.root(of: children), level: level, position: position, in: database)
            }
        }
        return max(tiles, end)
    }

    /// Takes over what a durable transaction stored.
    mutating func apply(_ tiles: Int64) { self.tiles = tiles }

    /// The hash of a subtree of the log's tree, from its largest stored parts.
    func hash(of range: Range<Int64>, in database: Database) throws -> Digest {
        let count = range.upperBound - range.lowerBound
        guard count > 0 else { return MerkleTree.empty }
        // Its parts are as large as complete subtrees can be that are smaller than it.
        var (level, size) = (0, Int64(1))
        while level < TreeTiles.levels, count > size * TreeTiles.width {
            (level, size) = (level + 1, size * TreeTiles.width)
        }
        guard range.lowerBound % size == 0 else { throw LogError.broken("\(range) is no subtree") }
        if level < TreeTiles.levels, count == size * TreeTiles.width, range.lowerBound % count == 0 {
            let place = range.lowerBound / count
            return try Self.stored(level: level + 1, place..<place + 1, in: database)[0]
        }
        if level == 0 { return MerkleTree.root(of: try Self.leaves(range, secret, in: database)) }
        let end = range.upperBound / size
        var parts = try Self.stored(level: level, range.lowerBound / size..<end, in: database)
        if end * size < range.upperBound { parts.append(try hash(of: end * size..<range.upperBound, in: database)) }
        return MerkleTree.root(of: parts)
    }

    /// The hashes of leaves.
    private static func leaves(
        _ range: Range<Int64>, _ secret: LeafSecret, in database: Database
    ) throws -> [Digest] {
        let statement = try database.cachedStatement(
            sql: "SELECT seq, encoded FROM events WHERE seq > ? AND seq <= ? ORDER BY seq")
        var leaves: [Digest] = []
        let rows = try Row.fetchCursor(statement, arguments: [range.lowerBound, range.upperBound])
        while let row = try rows.next() { leaves.append(secret.leaf(try row.integer(0), try row.text(1))) }
        guard leaves.count == range.count else { throw LogError.broken("events of \(range) are missing") }
        return leaves
    }

    private static func store(_ hash: Digest, level: Int, position: Int64, in database: Database) throws {
        try database.cachedStatement(sql: "INSERT INTO tree (level, position, hash) VALUES (?, ?, ?)")
            .execute(arguments: [level, position, Data(hash.octets)])
    }

    private static func stored(level: Int, _ range: Range<Int64>, in database: Database) throws -> [Digest] {
        let statement = try database.cachedStatement(
            sql: "SELECT hash FROM tree WHERE level = ? AND position >= ? AND position < ? ORDER BY position")
        var found: [Digest] = []
        let rows = try Row.fetchCursor(statement, arguments: [level, range.lowerBound, range.upperBound])
        while let row = try rows.next() {
            guard let hash = Digest(octets: try row.octets(0)) else {
                throw LogError.broken("a hash of the tree is none")
            }
            found.append(hash)
        }
        guard found.count == range.count else {
            throw LogError.broken("hashes of the tree are missing: \(level) \(range)")
        }
        return found
    }
}

/// The tree over the log: brought forward in small steps beside the commits, never inside one.
extension SQLiteLog {
    /// Hashes of the tree, and the text of a leaf.
    public func tree(_ query: TreeQuery) throws(LogError) -> TreeAnswer {
        try check()
        if let problem = TreeTiles.problem(with: query, head: head) { throw .broken(problem) }
        return try read { database in
            var leaf: String?
            if let event = query.event {
                let statement = try database.cachedStatement(sql: "SELECT encoded FROM events WHERE seq = ?")
                guard let row = try Row.fetchOne(statement, arguments: [event]) else {
                    throw LogError.broken("event \(event) is missing")
                }
                leaf = hashes.secret.text(of: event, try row.text(0))
            }
            return TreeAnswer(
                query, leaf: leaf, hashes: try query.subtrees.map { try hashes.hash(of: $0, in: database) })
        }
    }

    /// Whether a query about a tree of this size is answered at once.
    public func treeReaches(_ size: Int64) -> Bool { hashes.reaches(size) }

    /// One bounded step of storing hashes.
    public func growTree() throws(LogError) -> Bool {
        try check()
        guard !hashes.reaches(head) else { return false }
        hashes.apply(try write { try hashes.growing(to: head, in: $0) })
        return !hashes.reaches(head)
    }
}

/// Recomputes the stored hashes from the records, one after the other, for a verification.
struct TreeCheck {
    private let secret: LeafSecret
    /// The hashes from which the next one of a level follows: those of leaves, of level 1, and so on.
    private var children: [[Digest]] = [[]]
    /// How many hashes of each level followed so far, the first of level 1.
    private var counts: [Int64] = []

    init(_ secret: LeafSecret) { self.secret = secret }

    /// Adds the next record.
    ///
    /// - Returns: every hash that is complete with it, the lowest first.
    mutating func add(_ sequence: Int64, _ encoded: String) -> [(level: Int, position: Int64, hash: Digest)] {
        var found: [(level: Int, position: Int64, hash: Digest)] = []
        var hash = secret.leaf(sequence, encoded)
        for level in 0..<TreeTiles.levels {
            if level == children.count { children.append([]) }
            children[level].append(hash)
            guard children[level].count == Int(TreeTiles.width) else { break }
            hash = MerkleTree.root(of: children[level])
            children[level] = []
            if level == counts.count { counts.append(0) }
            found.append((level + 1, counts[level], hash))
            counts[level] += 1
        }
        return found
    }
}
