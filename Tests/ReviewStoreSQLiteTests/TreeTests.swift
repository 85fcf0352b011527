import Foundation
import GRDB
import ReviewCore
import ReviewDigest
import ReviewStore
import ReviewStoreTestKit
import Testing

@testable import ReviewStoreSQLite

/// The tree over a log: the same in every store, grown in steps, across starts and upgrades.
@Suite struct TreeTests {
    private func fill(_ log: any EventLog, to count: Int64) throws {
        while log.head < count {
            let end = min(count, log.head + 200)
            try log.append(
                try Sample.batch(
                    (log.head + 1...end).map { try Sample.comment("2025-1", Int($0), "ý kiến \($0)") }, after: log.head)
            )
        }
    }

    /// The leaves that a log gives, each by a question of its own.
    private func leaves(of log: any EventLog) throws -> [Digest] {
        try (1...log.head).map { event in
            let answer = try log.wholeTree(TreeQuery(size: log.head, event: event, subtrees: []))
            return MerkleTree.leaf(try #require(answer.leaf))
        }
    }

    @Test(arguments: LogKind.allCases) func everyProofOfALogHolds(_ kind: LogKind) throws {
        try kind.withLog { log throws in
            try fill(log, to: 600)
            let leaves = try leaves(of: log)
            for size in [1, 2, 3, 255, 256, 257, 511, 512, 513, 600] as [Int64] {
                let root = MerkleTree.root(of: leaves.prefix(Int(size)))
                for index in [0, 1, 254, 255, 256, 300, 511, 512, 599] as [Int64] where index < size {
                    let parts = MerkleTree.inclusion(of: index, in: size)
                    let answer = try log.wholeTree(
                        TreeQuery(size: size, event: index + 1, subtrees: parts + [0..<size]))
                    #expect(answer.hashes.last == root, "\(size)")
                    let path = Array(answer.hashes.dropLast())
                    #expect(
                        MerkleTree.root(leaf: leaves[Int(index)], at: index, in: size, path: path) == root,
                        "\(index) of \(size)")
                }
                for old in [1, 2, 255, 256, 257, 512, 599] as [Int64] where old <= size {
                    let parts = MerkleTree.consistency(from: old, to: size)
                    let path = try log.wholeTree(TreeQuery(size: size, subtrees: parts)).hashes
                    let before = MerkleTree.root(of: leaves.prefix(Int(old)))
                    #expect(MerkleTree.isConsistent(from: old, before, to: size, root, path: path), "\(old) \(size)")
                }
            }
        }
    }

    /// Salt, blank, and the record's line as it is stored; a text that is removed changes neither.
    @Test(arguments: LogKind.allCases) func aLeafIsTheSaltedLine(_ kind: LogKind) throws {
        try kind.withLog { log throws in
            try fill(log, to: 3)
            let query = TreeQuery(size: 3, event: 2, subtrees: [0..<3])
            let before = try log.wholeTree(query)
            let text = try #require(before.leaf)
            let (salt, line) = (text.prefix(32), text.dropFirst(33))
            #expect(salt.allSatisfy { $0.isHexDigit } && text.dropFirst(32).first == " ")
            #expect(line == (try log.records(after: 1, limit: 1)[0].record.encoded))
            let other = try #require(try log.wholeTree(TreeQuery(size: 3, event: 3, subtrees: [])).leaf)
            #expect(other.prefix(32) != salt, "each leaf has a salt of its own")
            try log.append(
                try Sample.batch(
                    [
                        Sample.fact(
                            "BODY.REDACTED",
                            [
                                ("topic", "2025-1"), ("event", "2"), ("field", "body"),
                                ("sha256", Digest(hashing: "ý kiến 2").description), ("document", "15/QĐ"),
                            ], [("reason", "Theo yêu cầu.")])
                    ], after: 3))
            #expect(try log.wholeTree(query) == before)
        }
    }

    @Test(arguments: LogKind.allCases) func whatThereIsNotIsRefused(_ kind: LogKind) throws {
        try kind.withLog { log throws in
            try fill(log, to: 3)
            for query in [
                TreeQuery(size: 4, subtrees: []), TreeQuery(size: -1, subtrees: []),
                TreeQuery(size: 3, subtrees: [0..<4]),
                TreeQuery(size: 3, subtrees: [-1..<2]), TreeQuery(size: 3, event: 4, subtrees: []),
                TreeQuery(size: 3, event: 0, subtrees: []), TreeQuery(size: .max, subtrees: [0 ..< .max]),
            ] {
                #expect(throws: LogError.self) { try log.wholeTree(query) }
            }
            #expect(try log.wholeTree(TreeQuery(size: 0, subtrees: [0..<0])).hashes == [MerkleTree.empty])
            try log.close()
            #expect(throws: LogError.self) { try log.tree(TreeQuery(size: 1, subtrees: [])) }
        }
    }

    // MARK: Growing

    /// A step makes two subtrees at most; a start goes on where the last one stopped, and every verification passes.
    @Test func growsInStepsAcrossStarts() throws {
        try withDirectory { directory throws in
            var log = try SQLiteLog.open(directory: directory, creating: true)
            try fill(log, to: 1_300)
            var steps = 0
            while try log.growTree() {
                steps += 1
                #expect(log.treeReaches(Int64(steps) * 512 + 255) && !log.treeReaches(Int64(steps) * 512 + 256))
                // What the tree does not reach yet is not made up.
                #expect(throws: LogError.self) { try log.tree(TreeQuery(size: 1_300, subtrees: [0..<1_300])) }
                #expect(try SQLiteArchive.verify(directory: directory, now: Sample.start).isIntact)
                try log.close()
                log = try SQLiteLog.open(directory: directory)
            }
            #expect(steps == 2 && log.treeReaches(1_300) && log.treeReaches(1_535))
            #expect(try log.growTree() == false)
            let answer = try log.tree(TreeQuery(size: 1_300, subtrees: [0..<1_300]))
            #expect(answer.hashes == [MerkleTree.root(of: try leaves(of: log))])
            #expect(try SQLiteArchive.verify(directory: directory, now: Sample.start).isIntact)
            try log.close()
        }
    }

    /// The upper levels, over events that nobody has to append: 256 subtrees of 256 make one of the second level.
    @Test func growsUpwardsAsWell() throws {
        let queue = try DatabaseQueue()
        try Schema.migrator.migrate(queue)
        let head: Int64 = 66_000
        try queue.writeWithoutTransaction { database in
            try database.execute(
                sql: """
                    WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?)
                    INSERT INTO events (seq, keep, bodies, encoded, link)
                    SELECT n, 'open', 0, n || ' dòng', zeroblob(32) FROM numbers
                    """, arguments: [head])
            var store = try TreeStore(database, head: head)
            while !store.reaches(head) { store.apply(try store.growing(to: head, in: database)) }
            #expect(try TreeStore.count(1, in: database) == 257 && TreeStore.count(2, in: database) == 1)
            let leaves = (1...head).map { store.secret.leaf($0, "\($0) dòng") }
            for range in [
                0..<head, 0..<65_536, 0..<65_537, 65_536..<head, 65_536..<65_792, 32_768..<65_536, 65_024..<65_536,
                0..<32_768, 512..<768, 65_999..<head,
            ] as [Range<Int64>] {
                let expected = MerkleTree.root(of: leaves[Int(range.lowerBound)..<Int(range.upperBound)])
                #expect(try store.hash(of: range, in: database) == expected, "\(range)")
            }
            #expect(throws: LogError.self) { try store.hash(of: 1..<600, in: database) }
            var check = TreeCheck(store.secret)
            var found: [(level: Int, position: Int64, hash: Digest)] = []
            for event in 1...head { found += check.add(event, "\(event) dòng") }
            #expect(found.count == 258 && found.contains { $0.level == 2 && $0.position == 0 })
            for (level, position, hash) in found {
                let stored = try Data.fetchOne(
                    database, sql: "SELECT hash FROM tree WHERE level = ? AND position = ?",
                    arguments: [level, position])
                #expect(stored == Data(hash.octets))
            }
        }
    }

    /// The secret lives as long as the log, and goes with its backup: a checkpoint of before still holds after a restore.
    @Test func aRestoreKeepsTheTree() throws {
        try withDirectory { directory throws in
            let log = try SQLiteLog.open(directory: directory, creating: true)
            try fill(log, to: 300)
            let query = TreeQuery(size: 300, event: 7, subtrees: [0..<300])
            let before = try log.wholeTree(query)
            try log.close()
            _ = try SQLiteArchive.backup(directory: directory, to: directory + ".db")
            defer { try? FileManager.default.removeItem(atPath: directory + ".db") }
            let former = log.epoch
            _ = try SQLiteArchive.restore(directory + ".db", to: directory, now: Sample.start, replacing: true)
            let again = try SQLiteLog.open(directory: directory)
            #expect(again.epoch != former)
            #expect(try again.wholeTree(query) == before)
            try again.close()
        }
    }

    @Test func anotherLogHasOtherSalts() throws {
        let first = try #require(LeafSecret(hexadecimal: TreeStore.newSecret()))
        let second = try #require(LeafSecret(hexadecimal: TreeStore.newSecret()))
        #expect(first.text(of: 1, "x") != second.text(of: 1, "x"))
        #expect(LeafSecret(hexadecimal: "ab") == nil)
    }

    // MARK: Verifying

    static let lies = [
        ("UPDATE tree SET hash = randomblob(32) WHERE position = 1", "tree 1/1"),
        ("DELETE FROM tree WHERE position = 0", "tree"),
        ("DELETE FROM tree WHERE position = 0", "tree 1/0"),
        ("INSERT INTO tree VALUES (1, 2, randomblob(32))", "tree 1"),
        ("INSERT INTO tree VALUES (2, 0, randomblob(32))", "tree"),
        ("DELETE FROM meta WHERE name = 'leaf-secret'", "meta leaf-secret"),
        ("UPDATE meta SET value = 'x' WHERE name = 'leaf-secret'", "meta leaf-secret"),
        ("UPDATE meta SET value = hex(randomblob(32)) WHERE name = 'leaf-secret'", "tree 1/0"),
    ]

    @Test(arguments: lies.indices) func eachLieIsFound(index: Int) throws {
        let (sql, place) = Self.lies[index]
        try withDirectory { directory throws in
            let log = try SQLiteLog.open(directory: directory, creating: true)
            try fill(log, to: 600)
            while try log.growTree() {}
            try log.close()
            let queue = try DatabaseQueue(path: directory + "/" + SQLiteLog.fileName)
            try queue.writeWithoutTransaction { try $0.execute(sql: sql) }
            try queue.close()
            let findings = try SQLiteArchive.verify(directory: directory, now: Sample.start)
            let places = findings.projections.differences.map(\.place)
            #expect(places.contains(place), "\(sql): \(places)")
            #expect(findings.records.isIntact)
        }
    }

    /// Without its secret, or with more hashes than it can have, a log is not served.
    @Test(arguments: ["DELETE FROM meta WHERE name = 'leaf-secret'", "INSERT INTO tree VALUES (1, 2, randomblob(32))"])
    func aTreeThatCannotBeIsRefusedAtTheStart(sql: String) throws {
        try withDirectory { directory throws in
            let log = try SQLiteLog.open(directory: directory, creating: true)
            try fill(log, to: 600)
            try log.close()
            let queue = try DatabaseQueue(path: directory + "/" + SQLiteLog.fileName)
            try queue.writeWithoutTransaction { try $0.execute(sql: sql) }
            try queue.close()
            #expect(throws: OpenProblem.self) { try SQLiteLog.open(directory: directory) }
        }
    }
}
