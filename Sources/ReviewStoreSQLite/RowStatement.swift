import GRDB
import GRDBSQLite

/// A prepared statement of SQLite's own interface, run once for each row of a batch.
///
/// GRDB wraps every value in one of its own and every statement in its bookkeeping, which for rows of a few hundred octets
/// costs more than SQLite's work. Here the values of a row are written into one buffer that SQLite reads while the
/// statement runs; no address outlives `run` or `integer`. GRDB still prepares and finalizes the statement.
struct RowStatement {
    private enum Value {
        case null
        case integer(Int64)
        case text(Range<Int>)
        case blob(Range<Int>)
    }

    /// Rows that one step of an insertion takes: opening a table and its indices is done once for all of them.
    private static let rowsAtOnce = 8
    /// Octets of a row of which most are no longer.
    private static let usualOctets = 1_024

    private let statement: Statement
    /// The same for several rows; nil for what is no insertion of rows.
    private let several: Statement?
    private var values: [Value] = []
    private var buffer: [UInt8] = []
    private var rows = 0

    /// Prepares a statement, or takes it from the connection's cache.
    init(_ sql: String, in database: Database) throws {
        statement = try database.cachedStatement(sql: sql)
        several = nil
        values.reserveCapacity(Int(sqlite3_bind_parameter_count(statement.sqliteStatement)))
    }

    /// Prepares the insertion of rows.
    init(_ insertion: Insertion, in database: Database) throws {
        statement = try database.cachedStatement(sql: insertion.ofOne)
        several = try database.cachedStatement(sql: insertion.ofSeveral)
        values.reserveCapacity(insertion.columns * Self.rowsAtOnce)
        buffer.reserveCapacity(Self.usualOctets * Self.rowsAtOnce)
    }

    /// The text of an insertion into columns of a table, written once.
    struct Insertion {
        fileprivate let ofOne: String
        fileprivate let ofSeveral: String
        fileprivate let columns: Int

        /// - Parameter skipping: whether rows that are there already are left as they are.
        init(into table: String, _ columns: [String], skipping: Bool = false) {
            self.columns = columns.count
            let row = "(" + columns.map { _ in "?" }.joined(separator: ", ") + ")"
            let verb = skipping ? "INSERT OR IGNORE" : "INSERT"
            let head = "\(verb) INTO \(table) (\(columns.joined(separator: ", "))) VALUES "
            ofOne = head + row
            ofSeveral = head + Array(repeating: row, count: rowsAtOnce).joined(separator: ", ")
        }
    }

    // MARK: Values, in the order of the statement's parameters

    mutating func add(_ value: Int64) { values.append(.integer(value)) }

    mutating func add(_ value: Int64?) { values.append(value.map { .integer($0) } ?? .null) }

    mutating func add(_ text: String?) {
        guard let text else { return values.append(.null) }
        let start = buffer.count
        buffer.append(contentsOf: text.utf8)
        values.append(.text(start..<buffer.count))
    }

    /// Octets that are UTF-8; what was written is given back for hashing.
    mutating func add<Result>(text write: (inout [UInt8]) -> Result) -> (result: Result, written: Range<Int>) {
        let start = buffer.count
        let result = write(&buffer)
        values.append(.text(start..<buffer.count))
        return (result, start..<buffer.count)
    }

    mutating func add(blob write: (inout [UInt8]) -> Void) {
        let start = buffer.count
        write(&buffer)
        values.append(.blob(start..<buffer.count))
    }

    /// Octets of the row that is being gathered.
    subscript(_ range: Range<Int>) -> ArraySlice<UInt8> { buffer[range] }

    // MARK: Running

    /// Runs the statement with the gathered values.
    ///
    /// - Throws: `DatabaseError`.
    mutating func run() throws {
        _ = try step(statement, values[...]) { _ in }
        forget()
    }

    /// Ends a row of an insertion; it is inserted now or with later ones.
    ///
    /// - Throws: `DatabaseError`.
    mutating func endRow() throws {
        rows += 1
        guard let several, rows == Self.rowsAtOnce else { return }
        _ = try step(several, values[...]) { _ in }
        forget()
    }

    /// Inserts the rows that are still gathered.
    ///
    /// - Throws: `DatabaseError`.
    mutating func finish() throws {
        guard rows > 0 else { return }
        let width = values.count / rows
        for row in 0..<rows { _ = try step(statement, values[(row * width)..<((row + 1) * width)]) { _ in } }
        forget()
    }

    private mutating func forget() {
        values.removeAll(keepingCapacity: true)
        buffer.removeAll(keepingCapacity: buffer.capacity <= 65_536)
        rows = 0
    }

    /// Runs the statement, and gives the first column of its first row; nil when it has no row.
    ///
    /// - Throws: `DatabaseError`, also when the column holds no integer: the file was damaged.
    mutating func integer() throws -> Int64? {
        var found: Int64?
        var isForeign = false
        let hasRow = try step(statement, values[...]) { handle in
            isForeign = sqlite3_column_type(handle, 0) != SQLITE_INTEGER
            found = sqlite3_column_int64(handle, 0)
        }
        forget()
        if isForeign { throw ColumnProblem(column: 0) }
        return hasRow ? found : nil
    }

    /// One step with some of the gathered values; whether there was a row.
    private mutating func step(
        _ statement: Statement, _ values: ArraySlice<Value>, _ read: (OpaquePointer) -> Void
    ) throws -> Bool {
        let handle = statement.sqliteStatement
        // An empty text needs an address, too: without one it would be NULL.
        buffer.append(0)
        let code = buffer.withUnsafeBytes { octets -> Int32 in
            for (index, value) in values.enumerated() {
                let bound = Self.bind(value, at: Int32(index + 1), of: handle, octets)
                if bound != SQLITE_OK { return bound }
            }
            let code = sqlite3_step(handle)
            if code == SQLITE_ROW { read(handle) }
            return code
        }
        let message =
            code == SQLITE_DONE || code == SQLITE_ROW ? nil : String(cString: sqlite3_errmsg(sqlite3_db_handle(handle)))
        sqlite3_reset(handle)
        sqlite3_clear_bindings(handle)
        guard message == nil else {
            throw DatabaseError(resultCode: ResultCode(rawValue: code), message: message, sql: statement.sql)
        }
        return code == SQLITE_ROW
    }

    private static func bind(
        _ value: Value, at place: Int32, of handle: OpaquePointer, _ octets: UnsafeRawBufferPointer
    ) -> Int32 {
        // No destructor: the octets stay where they are until the bindings are cleared.
        switch value {
        case .null: sqlite3_bind_null(handle, place)
        case .integer(let value): sqlite3_bind_int64(handle, place, value)
        case .text(let range):
            sqlite3_bind_text64(
                handle, place, octets.baseAddress.map { ($0 + range.lowerBound).assumingMemoryBound(to: CChar.self) },
                UInt64(range.count), nil, UInt8(SQLITE_UTF8))
        case .blob(let range):
            sqlite3_bind_blob64(
                handle, place, octets.baseAddress.map { $0 + range.lowerBound }, UInt64(range.count), nil)
        }
    }
}

extension Database {
    /// Runs an immediate transaction without GRDB's observation of it; whatever fails undoes all of it.
    func inImmediateTransaction<Value>(_ change: () throws -> Value) throws -> Value {
        try inTransaction("BEGIN IMMEDIATE", change)
    }

    /// Runs several reads on one moment of the database, for the price of one.
    func inReadTransaction<Value>(_ read: () throws -> Value) throws -> Value { try inTransaction("BEGIN", read) }

    /// Both ends are kept statements: GRDB prepares its own anew each time, which costs more than a short read.
    private func inTransaction<Value>(_ begin: String, _ work: () throws -> Value) throws -> Value {
        var begin = try RowStatement(begin, in: self)
        try begin.run()
        do {
            let value = try work()
            var commit = try RowStatement("COMMIT", in: self)
            try commit.run()
            return value
        } catch {
            // After some failures SQLite has ended it already.
            if isInsideTransaction { try? rollback() }
            throw error
        }
    }
}
