public import ReviewCore
import SwiftCSV

/// Reads a list of people, as spreadsheets write it: the header `id,name,office,position,password`, a person a line.
public enum PeopleFile {
    /// The largest file, in octets.
    public static let maximumOctets = 4_194_304
    /// The longest line, in octets, and the longest name.
    private static let maximumLineOctets = 4000
    private static let maximumNameOctets = 200
    /// The most errors that are reported, and the most notes beside them.
    private static let maximumProblems = 100

    /// One person of the list.
    public struct Row: Sendable, Equatable {
        /// The account.
        public let id: PersonID
        /// The full name, canonical.
        public let name: String
        /// The office; `leadership` is the built-in one.
        public let office: OfficeID
        /// The position.
        public let position: Position
        /// The first password as written; empty for an invitation code instead.
        public let password: String
        /// The line in the file, from 1.
        public let line: Int
    }

    /// The columns, in the order of the form; a file may have them in another one.
    private enum Column: String, CaseIterable {
        case id, name, office, position, password
    }

    /// Reads the list, as far as it can be understood.
    ///
    /// Total. A byte order mark is dropped; columns may be separated by commas, semicolons (as spreadsheets in
    /// Vietnamese write them) or tabs, whichever the header uses. Blanks around a field do not count unless it stands in
    /// quotation marks.
    /// - Returns: the rows that could be read, and every problem in the order of the lines.
    public static func read(_ octets: [UInt8]) -> (rows: [Row], problems: [PlanProblem]) {
        let text: String
        switch FileText.read(octets, maximumOctets: maximumOctets) {
        case .success(let canonical): text = canonical
        case .failure(let problem): return ([], [problem])
        }
        var reader = PeopleReader()
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if reader.isHopeless {
                reader.leaveTheRest()
                break
            }
            reader.read(line, number: index + 1)
        }
        reader.finish()
        return (reader.rows, reader.problems)
    }

    /// Takes the lines one by one.
    private struct PeopleReader {
        private(set) var rows: [Row] = []
        private(set) var problems: [PlanProblem] = []
        private var columns: [Column?]?
        private var delimiter = CSVDelimiter.comma
        private var lineOfID: [PersonID: Int] = [:]
        private var hasMore = false
        private var errors = 0
        private var notes = 0
        private var lastLine = 0

        /// Whether the header could not be understood, so that no line can; or more errors stand there than are reported.
        var isHopeless: Bool { columns == nil && !problems.isEmpty || errors >= PeopleFile.maximumProblems }

        mutating func read(_ line: Substring, number: Int) {
            // Spreadsheets end a table with lines of bare separators, not always of the table's own.
            guard !line.allSatisfy({ " \t,;".contains($0) }) else { return }
            lastLine = number
            // Excel's own note of the separator, before the header.
            if columns == nil, line.utf8.count <= 8, line.drop(while: { $0 == "\"" }).lowercased().hasPrefix("sep=") {
                return
            }
            guard line.utf8.count <= PeopleFile.maximumLineOctets else {
                report(
                    number, "Dòng quá dài. Kiểm tra dấu ngoặc kép.", "The line is too long. Check the quotation marks.")
                return
            }
            guard columns != nil else { return readHeader(line, number) }
            guard let fields = fields(line, number) else { return }
            // The same with every field in quotation marks.
            if fields.allSatisfy(\.isEmpty) { return }
            readRow(fields, number)
        }

        /// There are more lines, which nobody looks at.
        mutating func leaveTheRest() { hasMore = true }

        mutating func finish() {
            if columns == nil, problems.isEmpty {
                report(0, "Tệp trống.", "The file is empty.")
            } else if columns != nil, rows.isEmpty, problems.isEmpty {
                report(0, "Tệp chỉ có dòng tiêu đề, chưa có người nào.", "The file has a header and nobody in it.")
            } else if hasMore, errors >= PeopleFile.maximumProblems {
                report(
                    lastLine, "Quá nhiều lỗi, phần còn lại chưa được xem. Sửa các lỗi trên rồi chạy lại.",
                    "Too many errors; the rest was not looked at. Mend these and run it again.")
            }
            let unlisted = notes - PeopleFile.maximumProblems
            if unlisted > 0 {
                problems.append(
                    .warning(
                        lastLine, "Còn \(unlisted) lưu ý nữa như trên.",
                        "There are \(unlisted) more notes like those above."))
            }
        }

        private mutating func report(_ line: Int, _ vietnamese: String, _ english: String) {
            errors += 1
            problems.append(.fatal(line, vietnamese, english))
        }

        /// Everybody is taken over all the same: a list is read to its end however many notes there are.
        private mutating func note(_ line: Int, _ vietnamese: String, _ english: String) {
            notes += 1
            if notes <= PeopleFile.maximumProblems { problems.append(.warning(line, vietnamese, english)) }
        }

        /// The fields of one line; a quotation mark left open would otherwise swallow the following lines.
        private mutating func fields(_ line: Substring, _ number: Int) -> [String]? {
            let marks = line.utf8.reduce(into: 0) { if $1 == UInt8(ascii: "\"") { $0 += 1 } }
            var found: [String]?
            if marks.isMultiple(of: 2),
                let csv = try? CSV<Enumerated>(string: String(line), delimiter: delimiter, loadColumns: false)
            {
                found = csv.header
            }
            if found == nil {
                report(
                    number, "Dấu ngoặc kép không khớp. Mỗi giá trị trong ngoặc kép phải đóng trên cùng dòng.",
                    "Quotation marks do not match. A value in quotation marks must end on its line.")
            }
            return found
        }

        private mutating func readHeader(_ line: Substring, _ number: Int) {
            if line.contains(";") {
                delimiter = .semicolon
            } else if line.contains("\t") {
                delimiter = .tab
            }
            guard let names = fields(line, number) else { return }
            var found: [Column?] = []
            for written in names {
                let name = written.trimmed
                let column = Column(rawValue: name.lowercased())
                if column == nil, !name.isEmpty {
                    let near = Spelling.nearest(to: name, among: Column.allCases.map(\.rawValue))
                    let hint = near.map { Wording("; có phải là “\($0)”?", "; did you mean “\($0)”?") }
                    report(
                        number, "Không có cột “\(name)”\(hint?.vietnamese ?? ".") \(Self.expected.vietnamese)",
                        "There is no column “\(name)”\(hint?.english ?? ".") \(Self.expected.english)")
                } else if let column, found.contains(column) {
                    report(number, "Cột “\(name)” có hai lần.", "There are two columns “\(name)”.")
                }
                found.append(column)
            }
            for column in Column.allCases where column != .password && !found.contains(column) {
                report(
                    number, "Thiếu cột “\(column.rawValue)”. \(Self.expected.vietnamese)",
                    "The column “\(column.rawValue)” is missing. \(Self.expected.english)")
            }
            if problems.isEmpty { columns = found }
        }

        private static let expected = Wording(
            "Dòng đầu phải là: id,name,office,position,password.",
            "The first line has to be: id,name,office,position,password.")

        private mutating func readRow(_ fields: [String], _ number: Int) {
            guard let columns else { return }
            if fields.count > columns.count {
                report(
                    number,
                    "Dòng có \(fields.count) cột, tiêu đề có \(columns.count). Giá trị có dấu phẩy thì đặt trong ngoặc kép.",
                    "The line has \(fields.count) columns, the header \(columns.count). Put values with commas in quotation marks."
                )
                return
            }
            var values: [Column: String] = [:]
            for (column, field) in zip(columns, fields) {
                if let column { values[column] = field }
            }
            let before = problems.count
            let id = identifier(values[.id]?.trimmed ?? "", number)
            let name = name(values[.name] ?? "", number)
            let office = office(values[.office]?.trimmed ?? "", number)
            let position = position(values[.position]?.trimmed ?? "", number)
            guard problems.count == before, let id, let name, let office, let position else { return }
            if position.isLeader != (office == .leadership) {
                note(
                    number,
                    "“\(id)” là \(position.wording.vietnamese) nhưng thuộc phòng “\(office)”. Giám đốc, Phó Giám đốc thuộc “leadership”; kiểm tra lại.",
                    "“\(id)” is \(position.wording.english) in office “\(office)”. Director and deputies belong to “leadership”; please check."
                )
            }
            lineOfID[id] = number
            rows.append(
                Row(
                    id: id, name: name, office: office, position: position, password: values[.password] ?? "",
                    line: number))
        }

        private mutating func identifier(_ written: String, _ number: Int) -> PersonID? {
            guard let id = PersonID(written) else {
                report(
                    number,
                    "“\(written)” không phải tên tài khoản: 2 đến 32 ký tự a–z, 0–9, dấu chấm, gạch nối, gạch dưới.",
                    "“\(written)” is not an account name: 2 to 32 of a–z, 0–9, dot, hyphen, underscore.")
                return nil
            }
            if let first = lineOfID[id] {
                report(
                    number, "Tài khoản “\(id)” đã có ở dòng \(first). Mỗi người một tài khoản.",
                    "The account “\(id)” already stands in line \(first). One account for each person.")
                return nil
            }
            return id
        }

        private mutating func name(_ written: String, _ number: Int) -> String? {
            do throws(TextProblem) {
                return try CanonicalText.field(written, maximumOctets: PeopleFile.maximumNameOctets)
            } catch {
                report(
                    number, "Họ và tên: \(error.text(vietnamese: true)).", "Name: \(error.text(vietnamese: false)).")
                return nil
            }
        }

        private mutating func office(_ written: String, _ number: Int) -> OfficeID? {
            if let office = OfficeID(written) { return office }
            report(
                number, "“\(written)” không phải mã phòng. Ghi mã như trong kế hoạch (hcth, nv), hoặc “leadership”.",
                "“\(written)” is not an office's short name. Write it as in the plan (hcth, nv), or “leadership”.")
            return nil
        }

        private mutating func position(_ written: String, _ number: Int) -> Position? {
            if let position = Position(rawValue: written.lowercased()) { return position }
            let known = Position.allCases.map { "\($0.rawValue) (\($0.wording.vietnamese))" }.joined(separator: ", ")
            report(
                number, "“\(written)” không phải chức vụ. Ghi một trong: \(known).",
                "“\(written)” is not a position. Write one of: \(Position.listed).")
            return nil
        }
    }
}

extension String {
    /// Without blanks at its ends.
    fileprivate var trimmed: String {
        let content = unicodeScalars.drop { $0 == " " || $0 == "\t" }
        var end = content.endIndex
        while end > content.startIndex {
            let previous = content.index(before: end)
            guard content[previous] == " " || content[previous] == "\t" else { break }
            end = previous
        }
        return String(content[..<end])
    }
}
