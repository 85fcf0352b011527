import GRDB
import ReviewCore
import ReviewStore

/// Finds the events of a topic, and that of a comment, without making every commit pay for it.
///
/// Events are only appended. Once `step` of them wait, the commit that brings them to that number places them all, sorted,
/// so that a topic's page is written once for many of its events. Whoever looks for events reads those behind the last
/// placed one as well, which are at most `step` and one batch.
struct PlaceIndex {
    /// How many events wait for their place: few enough that reading all of them costs a query less than a millisecond.
    static let step: Int64 = 256

    /// The last placed event, for the text of a query.
    static let last = "coalesce((SELECT CAST(value AS INTEGER) FROM meta WHERE name = 'placed'), 0)"

    /// The last event that has its place.
    private var placed: Int64

    /// Reads how far the index is.
    ///
    /// - Throws: `LogError.broken` when it claims more than there is.
    init(_ database: Database, head: Int64) throws {
        placed = try Int64.fetchOne(database, sql: "SELECT \(Self.last)") ?? 0
        guard (0...max(0, head)).contains(placed) else {
            throw LogError.broken("the index of topics does not know where it stands")
        }
    }

    /// Places what waits, if it is time, in the transaction that wrote the last of it.
    ///
    /// - Returns: the last placed event; to be kept once the transaction is durable.
    func advanced(to head: Int64, in database: Database) throws -> Int64 {
        guard head - placed >= Self.step else { return placed }
        try Self.place(after: placed, through: head, in: database)
        return head
    }

    /// Takes over what a durable transaction placed.
    mutating func apply(_ placed: Int64) { self.placed = placed }

    /// Places the events of a range.
    ///
    /// That a comment's number is given once is the domain's business, and a verification's: a commit much later must not
    /// fail for it.
    static func place(after: Int64, through head: Int64, in database: Database) throws {
        let range: StatementArguments = [after, head]
        try database.cachedStatement(
            sql: """
                INSERT OR IGNORE INTO topic_events (topic, seq)
                SELECT topic, seq FROM events WHERE seq > ? AND seq <= ? AND topic IS NOT NULL ORDER BY topic, seq
                """
        ).execute(arguments: range)
        try database.cachedStatement(
            sql: """
                INSERT OR IGNORE INTO comment_events (comment, seq)
                SELECT comment, seq FROM events WHERE seq > ? AND seq <= ? AND comment IS NOT NULL ORDER BY comment
                """
        ).execute(arguments: range)
        try database.cachedStatement(sql: "INSERT OR REPLACE INTO meta (name, value) VALUES ('placed', ?)")
            .execute(arguments: [String(head)])
    }
}
