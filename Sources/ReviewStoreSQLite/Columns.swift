import Foundation
import GRDB
import ReviewCore
import ReviewDigest
import ReviewStore

/// Reads columns without trusting the file: GRDB's own conversions stop the process when a value has another type.
extension Row {
    private func storage(_ column: Int) -> DatabaseValue.Storage {
        let value: DatabaseValue = self[column]
        return value.storage
    }

    func integer(_ column: Int) throws -> Int64 {
        guard case .int64(let value) = storage(column) else { throw ColumnProblem(column: column) }
        return value
    }

    func text(_ column: Int) throws -> String {
        guard case .string(let value) = storage(column) else { throw ColumnProblem(column: column) }
        return value
    }

    func octets(_ column: Int) throws -> Data {
        guard case .blob(let value) = storage(column) else { throw ColumnProblem(column: column) }
        return value
    }

    func optionalOctets(_ column: Int) throws -> Data? {
        if case .null = storage(column) { return nil }
        return try octets(column)
    }

    func optionalInteger(_ column: Int) throws -> Int64? {
        if case .null = storage(column) { return nil }
        return try integer(column)
    }

    func optionalText(_ column: Int) throws -> String? {
        if case .null = storage(column) { return nil }
        return try text(column)
    }
}

/// A column holds a value of a type that the schema forbids: the file was damaged.
struct ColumnProblem: Error {
    let column: Int
}

/// What fails when octets were perhaps written, and perhaps not: a restart may find the transaction whole.
private let halfway: [ResultCode] = [
    .SQLITE_IOERR_WRITE, .SQLITE_IOERR_FSYNC, .SQLITE_IOERR_DIR_FSYNC, .SQLITE_IOERR_TRUNCATE,
    .SQLITE_IOERR_SHMMAP, .SQLITE_IOERR_SHMSIZE,
]

/// Maps what SQLite reports to what a log may throw.
func logError(_ error: any Error) -> LogError {
    switch error {
    case let error as LogError: return error
    case let error as DatabaseError:
        switch error.resultCode {
        case .SQLITE_FULL: return .full
        case .SQLITE_READONLY, .SQLITE_PERM: return .readOnly
        case .SQLITE_IOERR where halfway.contains(error.extendedResultCode):
            return .uncertain("SQLite \(error.extendedResultCode.rawValue): \(error.message ?? "")")
        default: return .broken("SQLite \(error.extendedResultCode.rawValue): \(error.message ?? "")")
        }
    case let error as ColumnProblem: return .broken("column \(error.column) holds a value of another type")
    default: return .broken(String(describing: error))
    }
}

/// The records of a database, for the log itself and for verification alike.
enum StoredRecords {
    /// Texts of records that are read at once, in octets, and one record more.
    private static let textsAtOnce = 1_048_576

    /// At most `limit` records after a sequence, fewer where their texts are long, but one if there is one.
    static func after(_ sequence: Int64, limit: Int, in database: Database) throws -> [StoredRecord] {
        let statement = try database.cachedStatement(
            sql: "SELECT seq, encoded, bodies, link FROM events WHERE seq > ? ORDER BY seq LIMIT ?")
        var found: [StoredRecord] = []
        var octets = 0
        let rows = try Row.fetchCursor(statement, arguments: [sequence, limit])
        while let row = try rows.next() {
            let sequence = try row.integer(0)
            let record = try record(sequence, try row.text(1), bodies: try row.integer(2), in: database)
            found.append(
                StoredRecord(sequence: sequence, record: record, link: Digest(octets: try row.octets(3))))
            octets += record.bodies.reduce(0) { $0 + ($1.text?.utf8.count ?? 0) }
            if octets >= textsAtOnce { break }
        }
        return found
    }

    /// Every record after a sequence up to another one, a few at a time: their texts may be any size together.
    static func each(
        after sequence: Int64, through last: Int64, in database: Database, _ use: (StoredRecord) throws -> Void
    ) throws {
        var place = sequence
        while place < last {
            let records = try after(place, limit: Int(min(last - place, 500)), in: database)
            for record in records { try use(record) }
            // Whoever reads finds for themselves that one is missing.
            guard let end = records.last?.sequence, end > place else { return }
            place = end
        }
    }

    /// The events that a start loads, in order.
    static func openEvents(now: Instant, in database: Database) throws -> [Event] {
        try events(
            """
            SELECT seq, encoded, bodies FROM events WHERE keep = 'always'
            UNION ALL
            SELECT events.seq, encoded, bodies
                FROM topics CROSS JOIN topic_events AS place ON place.topic = topics.topic
                    CROSS JOIN events ON events.seq = place.seq
                WHERE topics.closed IS NULL AND keep = 'open'
            UNION ALL
            SELECT seq, encoded, bodies FROM events CROSS JOIN topics USING (topic)
                WHERE seq > \(PlaceIndex.last) AND topics.closed IS NULL AND keep = 'open'
            UNION ALL
            SELECT seq, encoded, bodies FROM events INDEXED BY events_expiring WHERE expires > ?
            ORDER BY seq
            """, [now.milliseconds], withFiles: false, in: database)
    }

    /// The events that a query gives as `seq, encoded, bodies`.
    ///
    /// - Parameter withFiles: whether files that came beside a text are read, too: they are long, and the state only keeps
    ///   where they are.
    static func events(
        _ sql: String, _ arguments: StatementArguments, withFiles: Bool, in database: Database
    ) throws -> [Event] {
        var found: [Event] = []
        let rows = try Row.fetchCursor(try database.cachedStatement(sql: sql), arguments: arguments)
        while let row = try rows.next() {
            let (sequence, encoded) = (try row.integer(0), try row.text(1))
            let record: EventRecord? =
                withFiles || !EventRecord.isOfFile(encoded)
                ? try record(sequence, encoded, bodies: try row.integer(2), in: database) : nil
            do throws(RecordProblem) {
                if let record {
                    found.append(try record.event())
                } else {
                    found.append(try EventRecord.reference(encoded))
                }
            } catch {
                throw LogError.broken("event \(sequence): \(error.text)")
            }
        }
        return found
    }

    /// The events that a query gives as `seq, encoded, …`, with the digests of their texts alone.
    static func references(_ sql: String, _ arguments: StatementArguments, in database: Database) throws -> [Event] {
        var found: [Event] = []
        let rows = try Row.fetchCursor(try database.cachedStatement(sql: sql), arguments: arguments)
        while let row = try rows.next() {
            let (sequence, encoded) = (try row.integer(0), try row.text(1))
            do throws(RecordProblem) { found.append(try EventRecord.reference(encoded)) } catch {
                throw LogError.broken("event \(sequence): \(error.text)")
            }
        }
        return found
    }

    /// A record with its texts, wherever they stand.
    static func record(
        _ sequence: Int64, _ encoded: String, bodies count: Int64, in database: Database
    ) throws -> EventRecord {
        guard count > 0 else { return EventRecord(encoded: encoded, bodies: []) }
        // A database of an earlier version is verified before it is brought up to date.
        if try database.columns(in: "events").contains(where: { $0.name == "texts" }) {
            let statement = try database.cachedStatement(sql: "SELECT texts FROM events WHERE seq = ?")
            if let octets = try Row.fetchOne(statement, arguments: [sequence])?.optionalOctets(0) {
                return EventRecord(encoded: encoded, bodies: EventTexts.bodies(of: encoded, octets) ?? [])
            }
        }
        return EventRecord(encoded: encoded, bodies: try separateBodies(of: sequence, in: database))
    }

    /// The bodies of an event that have rows of their own, in order.
    private static func separateBodies(of sequence: Int64, in database: Database) throws -> [Body] {
        let (first, overflow) = sequence.multipliedReportingOverflow(by: Schema.bodiesPerEvent)
        guard !overflow else { return [] }
        let statement = try database.cachedStatement(
            sql: "SELECT digest, octets FROM bodies WHERE id BETWEEN ? AND ? ORDER BY id")
        var found: [Body] = []
        let rows = try Row.fetchCursor(statement, arguments: [first, first | (Schema.bodiesPerEvent - 1)])
        while let row = try rows.next() {
            let digest = Digest(octets: try row.octets(0)) ?? .zero
            found.append(
                Body(digest: digest, text: try row.optionalOctets(1).map { String(decoding: $0, as: UTF8.self) }))
        }
        return found
    }
}
