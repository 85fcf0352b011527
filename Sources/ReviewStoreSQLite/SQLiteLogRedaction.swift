import Foundation
import GRDB
import ReviewCore
import ReviewDigest
import ReviewStore

/// How a text leaves the database: the row that holds it, the words of the search index, and the stored reply that
/// repeated it to its author.
extension SQLiteLog {
    /// A request with a text makes that text's event and a few behind it: a stage that is entered, for one.
    private static let eventsBehindAText: Int64 = 16

    /// Drops one text, in the transaction that stores the fact of it.
    func drop(_ fact: BodyRedacted, in database: Database) throws {
        guard
            let stored = try StoredRecords.after(fact.target - 1, limit: 1, in: database).first,
            stored.sequence == fact.target,
            let place = stored.record.bodies.firstIndex(where: { $0.digest == fact.digest && $0.text != nil })
        else { throw LogError.broken("event \(fact.target) holds no text \(fact.digest)") }
        let event: Event
        do throws(RecordProblem) { event = try stored.record.event() } catch {
            throw LogError.broken("event \(fact.target): \(error.text)")
        }
        try unindex(event, in: database)
        try dropText(place, of: stored, in: database)
        try reindex(fact.target, in: database)
        try dropEcho(
            place, of: event, stored.record.bodies[place], notice: Redaction.notice(fact.document), in: database)
    }

    /// Lets each text of the event have a row of its own, but for the one that goes.
    private func dropText(_ place: Int, of stored: StoredRecord, in database: Database) throws {
        let first = stored.sequence * Schema.bodiesPerEvent
        try database.execute(sql: "UPDATE events SET texts = NULL WHERE seq = ?", arguments: [stored.sequence])
        for (index, body) in stored.record.bodies.enumerated() {
            try database.execute(
                sql: "INSERT OR REPLACE INTO bodies (id, seq, digest, octets) VALUES (?, ?, ?, ?)",
                arguments: [
                    first + Int64(index), stored.sequence, Data(body.digest.octets),
                    index == place ? nil : body.text.map { Data($0.utf8) },
                ])
        }
    }

    /// Takes the event's passages out of the index.
    private func unindex(_ event: Event, in database: Database) throws {
        let first = event.sequence << Schema.passageBits
        let rows = try Row.fetchAll(
            database, sql: "SELECT id FROM passages WHERE id BETWEEN ? AND ?",
            arguments: [first, first | ((1 << Schema.passageBits) - 1)])
        let passages = SearchPassage.passages(of: event)
        for row in rows {
            let id = try row.integer(0)
            try unindex(id, passages, Self.passage(id).number, in: database)
        }
    }

    /// Puts the texts that the event still has back into the index, if the index was past it.
    private func reindex(_ sequence: Int64, in database: Database) throws {
        pendingPassages = nil
        leavingPassages = nil
        searchedPassages = nil
        guard let row = try Row.fetchOne(database, sql: "SELECT value FROM meta WHERE name = 'indexed'"),
            let indexed = try row.text(0).split(separator: " ").first.flatMap({ Int64($0) })
        else { return }
        guard indexed >= sequence else {
            // It may stand in the middle of this event; what it had of it is gone.
            if indexed + 1 == sequence {
                try database.execute(
                    sql: "UPDATE meta SET value = ? WHERE name = 'indexed'", arguments: ["\(indexed) 0"])
            }
            return
        }
        for passage in try passages(of: sequence, in: database) { try index(passage, in: database) }
    }

    /// Takes the text out of the reply that its author got, so that the same key still gets an answer, without the text.
    ///
    /// It stands in the row of the event, or of one that the same request made after it. A request without a key left no
    /// reply, so what stands in the next row with a key may belong to another request: only a reply that repeats this very
    /// text is changed.
    private func dropEcho(
        _ place: Int, of event: Event, _ body: Body, notice: String, in database: Database
    ) throws {
        guard let person = event.person, let text = body.text else { return }
        let rows = try Row.fetchAll(
            database,
            sql: """
                SELECT seq, echo, reply FROM events WHERE seq BETWEEN ? AND ? AND person = ? AND key IS NOT NULL
                ORDER BY seq
                """,
            arguments: [event.sequence, event.sequence + Self.eventsBehindAText, person.text])
        for row in rows {
            let (sequence, echo, reply) = (try row.integer(0), try row.optionalInteger(1), Array(try row.octets(2)))
            var without: [UInt8]?
            if let echo {
                // What begins with a text of its own row repeats that one.
                if sequence == event.sequence, echo == Int64(place) { without = ReplyEcho.notice(notice) + reply }
            } else {
                without = ReplyEcho.removed(text, from: reply, notice: notice)
            }
            if let without, try !isRepeated(body, after: event.sequence, to: sequence, in: database) {
                try database.execute(
                    sql: "UPDATE events SET echo = NULL, reply = ? WHERE seq = ?", arguments: [Data(without), sequence])
                return
            }
            // An event with a key of its own ends its request.
            if sequence == event.sequence { return }
        }
        try dropEarlierEcho(body, text, of: event, person, notice, in: database)
    }

    /// The same where an earlier version kept replies in rows of their own, which know the end of their batch and, in their
    /// status, the last event of their request.
    private func dropEarlierEcho(
        _ body: Body, _ text: String, of event: Event, _ person: PersonID, _ notice: String, in database: Database
    ) throws {
        guard
            let end = try Int64.fetchOne(
                database, sql: "SELECT min(seq) FROM replies WHERE seq >= ?", arguments: [event.sequence])
        else { return }
        let rows = try Row.fetchAll(
            database, sql: "SELECT id, reply FROM replies WHERE person = ? AND seq = ?", arguments: [person.text, end])
        var nearest: (id: Int64, sequence: Int64, reply: [UInt8])?
        for row in rows {
            let reply = Array(try row.octets(1))
            guard let sequence = ReplyEcho.sequence(of: reply), sequence >= event.sequence,
                sequence < nearest?.sequence ?? .max,
                let without = ReplyEcho.removed(text, from: reply, notice: notice)
            else { continue }
            nearest = (try row.integer(0), sequence, without)
        }
        guard let nearest, try !isRepeated(body, after: event.sequence, to: nearest.sequence, in: database) else {
            return
        }
        try database.execute(
            sql: "UPDATE replies SET reply = ? WHERE id = ?", arguments: [Data(nearest.reply), nearest.id])
    }

    /// Whether a later event brought the same text once more: a reply behind it repeats that one.
    private func isRepeated(_ body: Body, after sequence: Int64, to last: Int64, in database: Database) throws -> Bool {
        guard last > sequence else { return false }
        var isRepeated = false
        try StoredRecords.each(
            after: sequence, through: min(last, sequence + Self.eventsBehindAText), in: database
        ) { stored in
            if stored.record.bodies.contains(where: { $0.digest == body.digest && $0.text != nil }) {
                isRepeated = true
            }
        }
        return isRepeated
    }

    /// Leaves nothing of dropped texts behind in the files: not in the index's older parts, not in free pages, not in the
    /// write-ahead log.
    ///
    /// Writes the whole database anew, so it needs twice as much space again and is not for a server that serves.
    /// - Throws: `OpenProblem.system` with ENOSPC without that space; `busy` while another process reads the database. The
    ///   log is as it was, and this may be tried again.
    public func scrub() throws(OpenProblem) {
        do {
            try check()
            try queue.writeWithoutTransaction { database in
                try database.execute(sql: "PRAGMA secure_delete = ON")
                // The new database stands in a file until it is whole: in memory, where this connection keeps what is for
                // a moment, it would not fit a small machine. Beside the database, since that is the disk which is said to
                // be full then.
                let directory = FileSystem.directory(of: queue.path).replacing("'", with: "''")
                try database.execute(
                    sql: "PRAGMA temp_store = FILE; PRAGMA temp_store_directory = '\(directory)'")
                try database.execute(sql: "INSERT INTO search (search) VALUES ('optimize')")
                try database.execute(sql: "VACUUM")
                let row = try Row.fetchOne(database, sql: "PRAGMA wal_checkpoint(TRUNCATE)")
                guard let row, try row.integer(0) == 0 else { throw OpenProblem.busy(path: queue.path) }
            }
        } catch {
            throw OpenProblem(error, path: queue.path)
        }
    }
}
