import Foundation
import GRDB
import ReviewCore
import ReviewDigest
public import ReviewStore

/// How a text leaves the database: the row that holds it, the words of the search index, and the stored reply that
/// repeated it to its author.
extension SQLiteLog {
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
        try database.execute(
            sql: "UPDATE bodies SET octets = NULL WHERE id = ?",
            arguments: [fact.target * Schema.bodiesPerEvent + Int64(place)])
        try reindex(fact.target, in: database)
        try dropEcho(of: event, notice: Redaction.notice(fact.document), in: database)
    }

    /// Takes the event's passages out of the index.
    ///
    /// An index without contents has to be told what it is to forget, so this comes before the text is dropped.
    private func unindex(_ event: Event, in database: Database) throws {
        let first = event.sequence << Schema.passageBits
        let rows = try Row.fetchAll(
            database, sql: "SELECT id FROM passages WHERE id BETWEEN ? AND ?",
            arguments: [first, first | ((1 << Schema.passageBits) - 1)])
        let passages = SearchPassage.passages(of: event)
        for row in rows {
            let id = try row.integer(0)
            let number = Self.passage(id).number
            guard passages.indices.contains(number) else { throw LogError.broken("the search index names no text") }
            let words = SearchWords.words(of: passages[number].text)
            try database.execute(
                sql: "INSERT INTO search (search, rowid, exact, folded) VALUES ('delete', ?, ?, ?)",
                arguments: [
                    id, words.map(\.exact).joined(separator: " "), words.map(\.folded).joined(separator: " "),
                ])
            try database.execute(sql: "DELETE FROM passages WHERE id = ?", arguments: [id])
        }
    }

    /// Puts the texts that the event still has back into the index, if the index was past it.
    private func reindex(_ sequence: Int64, in database: Database) throws {
        pendingPassages = nil
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
    /// A stored reply knows the end of its batch and, in its status, the last event of its request: the author's first
    /// one that ends at the event or behind it is the one.
    private func dropEcho(of event: Event, notice: String, in database: Database) throws {
        guard let person = event.person,
            let end = try Int64.fetchOne(
                database, sql: "SELECT min(seq) FROM replies WHERE seq >= ?", arguments: [event.sequence])
        else { return }
        let rows = try Row.fetchAll(
            database, sql: "SELECT id, reply FROM replies WHERE person = ? AND seq = ?", arguments: [person.text, end])
        var nearest: (id: Int64, sequence: Int64, reply: [UInt8])?
        for row in rows {
            let reply = Array(try row.octets(1))
            guard let sequence = ReplyEcho.sequence(of: reply), sequence >= event.sequence,
                sequence < nearest?.sequence ?? .max
            else { continue }
            nearest = (try row.integer(0), sequence, reply)
        }
        guard let nearest, let without = ReplyEcho.removed(from: nearest.reply, notice: notice) else { return }
        try database.execute(
            sql: "UPDATE replies SET reply = ? WHERE id = ?", arguments: [Data(without), nearest.id])
    }

    /// Leaves nothing of dropped texts behind in the files: not in the index's older parts, not in free pages, not in the
    /// write-ahead log.
    ///
    /// Writes the whole database anew, so it needs as much space again and is not for a server that serves.
    /// - Throws: `LogError.full` without that space; `broken` while another process reads the database.
    public func scrub() throws(LogError) {
        try check()
        do {
            try queue.writeWithoutTransaction { database in
                try database.execute(sql: "PRAGMA secure_delete = ON")
                try database.execute(sql: "INSERT INTO search (search) VALUES ('optimize')")
                try database.execute(sql: "VACUUM")
                let row = try Row.fetchOne(database, sql: "PRAGMA wal_checkpoint(TRUNCATE)")
                guard let row, try row.integer(0) == 0 else {
                    throw LogError.broken("another process is reading the database: end it, and do this again")
                }
            }
        } catch {
            throw logError(error)
        }
    }
}

/// The text that a stored reply repeats: the lines that begin with a bar (specification §2).
enum ReplyEcho {
    private static let bar = UInt8(ascii: "|")
    private static let lineEnd: UInt8 = 0x0A

    /// The last event of the request, from `seq=` of the status, which is the last line.
    static func sequence(of reply: [UInt8]) -> Int64? {
        let lines = reply.split(separator: lineEnd)
        guard let status = lines.last else { return nil }
        // Quoted values may hold anything; `seq=` stands outside of them.
        var isQuoted = false
        var word: [UInt8] = []
        for octet in status + [0x20] {
            if octet == UInt8(ascii: "\"") { isQuoted.toggle() }
            guard octet == 0x20, !isQuoted else {
                word.append(octet)
                continue
            }
            if word.starts(with: Array("seq=".utf8)) {
                return Int64(String(decoding: word.dropFirst(4), as: UTF8.self))
            }
            if word.first == UInt8(ascii: ":") { return nil }
            word = []
        }
        return nil
    }

    /// The reply with one notice in place of its texts; nil when it repeats none.
    static func removed(from reply: [UInt8], notice: String) -> [UInt8]? {
        let lines = reply.split(separator: lineEnd, omittingEmptySubsequences: true)
        guard lines.contains(where: { $0.first == bar }) else { return nil }
        var result: [UInt8] = []
        var isTold = false
        for line in lines {
            if line.first == bar {
                guard !isTold else { continue }
                isTold = true
                result += Array("| \(notice)".utf8)
            } else {
                result += line
            }
            result.append(lineEnd)
        }
        return result
    }
}
