public import ReviewCore
import SwiftCSV

/// Reads the list of people: CSV with the header `id,name,office,position,password` (specification §9).
public enum PeopleFile {
    /// The largest list, in octets.
    public static let maximumOctets = 4_194_304
    /// The header, in its order.
    public static let header = ["id", "name", "office", "position", "password"]

    /// One person of the list.
    public struct Row: Sendable, Equatable {
        /// The account name.
        public let id: PersonID
        /// The full name.
        public let name: String
        /// The office.
        public let office: OfficeID
        /// The position.
        public let position: Position
        /// The password, NFC; empty: an invitation code is to be made.
        public let password: String
        /// The line of the file.
        public let line: Int
    }

    /// Reads a list; with a fatal problem no row of it may be taken.
    public static func read(_ octets: [UInt8]) -> (rows: [Row], problems: [PlanProblem]) {
        guard octets.count <= maximumOctets else {
            return (
                [],
                [
                    .fatal(
                        0, "tệp lớn hơn \(maximumOctets / 1_048_576) MiB",
                        "the file is larger than \(maximumOctets / 1_048_576) MiB")
                ]
            )
        }
        // Spreadsheets put a mark of byte order in front; it says nothing here.
        let isMarked = octets.starts(with: [0xEF, 0xBB, 0xBF])
        let text: String
        do { text = try CanonicalText.document(isMarked ? Array(octets.dropFirst(3)) : octets) } catch {
            return (
                [],
                [
                    .fatal(
                        error.line, column: error.column, error.text(vietnamese: true), error.text(vietnamese: false))
                ]
            )
        }
        let separator: Character = text.prefix { $0 != "\n" }.contains(";") ? ";" : ","
        var found: [[String]] = []
        do {
            let file = try EnumeratedCSV(
                string: text, delimiter: separator == ";" ? .semicolon : .comma, loadColumns: false)
            guard file.header.map({ $0.lowercased().filter { $0 != " " } }) == header else {
                return (
                    [],
                    [
                        .fatal(
                            1, "dòng đầu phải là: \(header.joined(separator: ","))",
                            "the first line must be: \(header.joined(separator: ","))")
                    ]
                )
            }
            found = file.rows
        } catch {
            return (
                [],
                [
                    .fatal(
                        0, "sai cú pháp CSV; kiểm tra dấu ngoặc kép và dấu phẩy",
                        "CSV syntax; look at quotes and commas")
                ]
            )
        }
        var reader = RowReader()
        let lines = rowLines(text, count: found.count)
        for (index, fields) in found.enumerated() where fields != [""] { reader.take(fields, line: lines[index]) }
        return (reader.rows, PlanProblem.inOrder(reader.problems))
    }

    /// The line where each row begins, behind the header.
    ///
    /// A quoted field may hold line ends, so rows and lines are not the same.
    private static func rowLines(_ text: String, count: Int) -> [Int] {
        var lines: [Int] = []
        var line = 1
        var isQuoted = false
        for octet in text.utf8 {
            if octet == UInt8(ascii: "\"") { isQuoted.toggle() }
            if octet == 0x0A {
                line += 1
                if !isQuoted { lines.append(line) }
            }
        }
        while lines.count < count { lines.append(line) }
        return lines
    }
}

/// Checks the rows one by one.
private struct RowReader {
    private(set) var rows: [PeopleFile.Row] = []
    private(set) var problems: [PlanProblem] = []
    private var seen: [PersonID: Int] = [:]

    private mutating func refuse(_ line: Int, _ vietnamese: String, _ english: String) {
        problems.append(.fatal(line, vietnamese, english))
    }

    mutating func take(_ fields: [String], line: Int) {
        let values = fields.map { String($0.drop { $0 == " " }) }
        guard values.count >= 4, values.count <= 5 else {
            return refuse(
                line, "có \(values.count) cột, cần 5: \(PeopleFile.header.joined(separator: ","))",
                "\(values.count) columns instead of 5: \(PeopleFile.header.joined(separator: ","))")
        }
        let person = PersonID(trimmed(values[0]))
        if person == nil {
            refuse(
                line, "id: “\(values[0].prefix(40))” không phải tài khoản (2–32 chữ thường không dấu, số, dấu . _ -)",
                "id: “\(values[0].prefix(40))” is no account name (2–32 of a–z, 0–9, . _ -)")
        }
        var name = ""
        do throws(TextProblem) { name = try CanonicalText.field(values[1], maximumOctets: 200) } catch {
            refuse(line, "name: " + error.text(vietnamese: true), "name: " + error.text(vietnamese: false))
        }
        let office = OfficeID(trimmed(values[2]))
        if office == nil {
            refuse(
                line, "office: “\(values[2].prefix(40))” không phải mã phòng; lãnh đạo ghi leadership",
                "office: “\(values[2].prefix(40))” is no office's short name; leaders are in leadership")
        }
        let position = Position(rawValue: trimmed(values[3]))
        if position == nil {
            refuse(
                line, "position: “\(values[3].prefix(40))” phải là một trong: \(Position.listed)",
                "position: “\(values[3].prefix(40))” must be one of \(Position.listed)")
        }
        if let person, let earlier = seen[person] {
            refuse(
                line, "tài khoản \(person) đã có ở dòng \(earlier)",
                "account \(person) stands on line \(earlier) already")
            return
        }
        guard let person, let office, let position, !name.isEmpty else { return }
        seen[person] = line
        rows.append(
            PeopleFile.Row(
                id: person, name: name, office: office, position: position,
                password: values.count > 4 ? values[4] : "", line: line))
    }

    private func trimmed(_ text: String) -> String {
        String(text.reversed().drop { $0 == " " }.reversed())
    }
}
