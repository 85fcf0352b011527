import GRDB
import Testing

@testable import ReviewStoreSQLite

/// What is written row by row through SQLite's own interface is what GRDB reads.
@Suite struct RowStatementTests {
    private static let insertion = RowStatement.Insertion(into: "t", ["id", "a", "b"])

    private func database() throws -> DatabaseQueue {
        let queue = try DatabaseQueue()
        try queue.write {
            try $0.execute(sql: "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b BLOB CHECK (length(b) < 9)) STRICT")
        }
        return queue
    }

    /// Whole groups of rows, none, and some left over.
    @Test(arguments: [0, 1, 7, 8, 9, 16, 23])
    func everyRowArrives(count: Int) throws {
        try database().write { database throws in
            let texts = ["", "ab", "Ý kiến", nil, String(repeating: "x", count: 70_000)]
            var rows = try RowStatement(Self.insertion, in: database)
            for number in 0..<count {
                rows.add(Int64(number))
                rows.add(texts[number % texts.count])
                rows.add(blob: { $0.append(contentsOf: Array(repeating: 0, count: number % 3)) })
                try rows.endRow()
            }
            try rows.finish()
            let found = try Row.fetchAll(database, sql: "SELECT id, a, b, typeof(b) FROM t ORDER BY id")
            #expect(found.count == count)
            for (number, row) in found.enumerated() {
                #expect(try row.integer(0) == number)
                #expect(try row.optionalText(1) == texts[number % texts.count])
                #expect(try row.octets(2).count == number % 3)
                // An empty blob is not NULL.
                #expect(try row.text(3) == "blob")
            }
        }
    }

    /// Inserts twelve rows in one transaction, the last of them with so many octets.
    private static func insert(lastOctets: Int, into database: Database) throws {
        try database.inImmediateTransaction {
            var rows = try RowStatement(insertion, in: database)
            for number in 0..<12 {
                let octets = number < 11 ? 1 : lastOctets
                rows.add(Int64(number))
                rows.add("a")
                rows.add(blob: { $0.append(contentsOf: [UInt8](repeating: 0, count: octets)) })
                try rows.endRow()
            }
            try rows.finish()
        }
    }

    private static func count(_ database: Database) throws -> Int64? {
        var count = try RowStatement("SELECT count(*) FROM t", in: database)
        return try count.integer()
    }

    @Test func aRowThatIsRefusedUndoesTheTransaction() throws {
        let queue = try database()
        #expect(throws: DatabaseError.self) {
            try queue.writeWithoutTransaction { try Self.insert(lastOctets: 9, into: $0) }
        }
        #expect(!queue.writeWithoutTransaction { $0.isInsideTransaction })
        #expect(try queue.writeWithoutTransaction { try Self.count($0) } == 0)
        // The statements can be used again.
        try queue.writeWithoutTransaction { try Self.insert(lastOctets: 8, into: $0) }
        #expect(try queue.writeWithoutTransaction { try Self.count($0) } == 12)
    }

    private static func integer(_ sql: String, _ database: Database) throws -> Int64? {
        var statement = try RowStatement(sql, in: database)
        return try statement.integer()
    }

    @Test func aColumnOfAnotherTypeIsDamage() throws {
        let queue = try database()
        #expect(throws: ColumnProblem.self) { try queue.read { try Self.integer("SELECT 'x'", $0) } }
        #expect(try queue.read { try Self.integer("SELECT id FROM t", $0) } == nil)
        #expect(try queue.read { try Self.integer("SELECT 7", $0) } == 7)
    }
}
