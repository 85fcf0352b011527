/// A paper like an administrative document, block by block: the common blocks of NĐ 30/2020/NĐ-CP, Điều 8 and Phụ lục I.
///
/// It says what the paper consists of; `PaperText` lays it out for a terminal, `PaperRichText` for a word processor.
struct PaperSheet {
    enum Block {
        case letterhead(Letterhead)
        /// What the document is, and what it is about.
        case title(String)
        /// The short line below both.
        case titleRule
        case centred(String)
        /// The heading of a part.
        case heading(String)
        /// Paragraphs, one for each line; the indent in columns.
        case paragraph(String, indent: Int)
        case blank
        /// A line across the sheet, of this mark.
        case rule(Character)
        /// Lines to fill in by hand or in an editor.
        case dots(Int, indent: Int)
        case signature(title: [String], name: String, recipients: [String])
        /// Two signatories side by side, and whom the paper goes to below them.
        case signatures(Signatory, Signatory, recipients: [String])
        case table(Table)
    }

    struct Letterhead {
        let parent: String
        let issuer: String
        let number: String?
        let place: PlaceLine
    }

    struct Signatory {
        let title: String
        let name: String
    }

    /// A table, on paper; where columns are too narrow to stand side by side, the same in other blocks.
    struct Table {
        struct Column {
            let heading: String
            /// Its share of the width, in hundredths.
            let share: Int
        }

        let columns: [Column]
        /// The paragraphs of each cell of each row.
        let rows: [[[String]]]
        let plain: [Block]
    }

    /// What stands below quốc hiệu and tiêu ngữ.
    enum PlaceLine {
        /// Place and date of issue.
        case dated(CivilDate)
        /// The place, and the date to be filled in.
        case undated
        /// Nothing: minutes say their time and place themselves (Phụ lục III, mẫu 1.9).
        case absent
    }

    private(set) var blocks: [Block] = []

    mutating func blank() { blocks.append(.blank) }

    /// A paragraph of any length; the lines of a longer text are indented alike.
    mutating func paragraph(_ text: String, indent: Int = 0) { blocks.append(.paragraph(text, indent: indent)) }

    mutating func heading(_ text: String) { blocks.append(.heading(text)) }

    mutating func centred(_ text: String) { blocks.append(.centred(text)) }

    /// The document's kind (tên loại) and what it is about (trích yếu), with the short line below them (Phụ lục I).
    mutating func title(_ kind: String, _ subject: String) {
        blocks += [.title(kind), .title(subject), .titleRule]
    }

    mutating func rule(_ mark: Character = "-") { blocks.append(.rule(mark)) }

    mutating func dots(_ count: Int = 2, indent: Int = 0) { blocks.append(.dots(count, indent: indent)) }

    mutating func letterhead(parent: String, issuer: String, number: String? = nil, date: CivilDate) {
        letterhead(parent: parent, issuer: issuer, number: number, place: .dated(date))
    }

    /// Issuer on the left, quốc hiệu and tiêu ngữ on the right; below them the number, where the paper has one, beside
    /// place and date.
    mutating func letterhead(parent: String, issuer: String, number: String? = nil, place: PlaceLine) {
        blocks.append(.letterhead(Letterhead(parent: parent, issuer: issuer, number: number, place: place)))
    }

    /// "Nơi nhận:" on the left, the signatory on the right.
    mutating func signature(title: [String], name: String, recipients: [String]) {
        blocks.append(.signature(title: title, name: name, recipients: recipients))
    }

    mutating func signatures(_ left: Signatory, _ right: Signatory, recipients: [String]) {
        blocks.append(.signatures(left, right, recipients: recipients))
    }

    mutating func table(_ table: Table) { blocks.append(.table(table)) }
}

extension PaperSheet.Letterhead {
    /// The line of place and date; nil where the paper has none.
    var placeLine: String? {
        let named = Self.place(parent: parent, issuer: issuer)
        switch place {
        case .dated(let date): return "\(named), \(date.administrative)"
        case .undated: return "\(named), ngày …… tháng …… năm ………"
        case .absent: return nil
        }
    }

    /// The province or city that names the place of issue (địa danh), found at the end of the issuer's name.
    ///
    /// A city named after a person is written out (Phụ lục I): Thành phố Hồ Chí Minh.
    static func place(parent: String, issuer: String) -> String {
        for name in [issuer, parent] {
            let words = name.split(separator: " ")
            let lower = words.map { $0.lowercased() }
            if let mark = lower.lastIndex(of: "tỉnh"), mark + 1 < words.count {
                return words[(mark + 1)...].joined(separator: " ")
            }
            if let mark = lower.indices.dropLast().last(where: { lower[$0] == "thành" && lower[$0 + 1] == "phố" }),
                mark + 2 < words.count
            {
                let city = words[(mark + 2)...].joined(separator: " ")
                return city == "Hồ Chí Minh" ? "Thành phố " + city : city
            }
        }
        return "…………"
    }
}

extension PaperSheet {
    /// The lines of "Nơi nhận".
    static func listed(_ recipients: [String]) -> [String] {
        recipients.enumerated().map { "- \($1)" + ($0 == recipients.count - 1 ? "." : ";") }
    }
}

extension Plan {
    /// The plan as a paper cites it, with places to fill in where its document leaves them blank: Kế hoạch số … ngày … của … về
    /// “…”.
    var citation: String {
        let number = number.isEmpty ? "số ……" : "số \(number)"
        var day = "ngày ……"
        if let date = CivilDate(date) {
            day = date.administrative
        } else if let first = CivilDate(date + "-01") {
            day = "ngày …… " + first.administrative.dropFirst("ngày 01 ".count)
        }
        return "Kế hoạch \(number) \(day) của \(issuer) về “\(title)”"
    }
}

extension State {
    /// The title of an office's head, as it stands above the signature: TRƯỞNG PHÒNG NGHIỆP VỤ.
    func headTitle(of office: OfficeID, asOf event: Int64? = nil) -> [String] {
        let name = officeName(office, asOf: event).uppercased()
        return name.hasPrefix("PHÒNG ") ? ["TRƯỞNG \(name)"] : ["TRƯỞNG PHÒNG", name]
    }

    /// A person as papers introduce them: name, position, and the office where there is one, as they were when an event
    /// happened; nil for the present.
    func introduced(_ id: PersonID, asOf event: Int64?, of topic: Topic) -> String {
        guard let person = person(id, asOf: event) else { return id.text }
        let office = person.position.isLeader ? "" : officeName(person.office, of: topic)
        return ([person.name, person.position.wording.vietnamese] + (office.isEmpty ? [] : [office]))
            .joined(separator: ", ")
    }

    /// People in the order in which papers list them: leadership, the lead office, the review office, others; of each the
    /// highest position first, and equals as they were listed.
    func byRank(_ people: [PersonID], asOf event: Int64?, of topic: Topic) -> [PersonID] {
        func rank(_ id: PersonID) -> (Int, String, Int) {
            guard let person = person(id, asOf: event) else { return (.max, id.text, 0) }
            let position = Position.allCases.firstIndex(of: person.position) ?? .max
            if person.position.isLeader { return (0, "", position) }
            switch person.office {
            case topic.lead: return (1, "", position)
            case topic.review: return (2, "", position)
            default: return (3, person.office.text, position)
            }
        }
        return people.enumerated().map { (rank: rank($1), place: $0, id: $1) }
            .sorted { $0.rank != $1.rank ? $0.rank < $1.rank : $0.place < $1.place }.map(\.id)
    }

    /// Whose comment it is, as papers name them in a few words.
    func giver(of comment: Comment, in topic: Topic) -> String {
        switch comment.behalf {
        case .person: personName(comment.person, asOf: comment.event)
        case .office(let office): officeName(office, of: topic)
        case .speaker(let speaker):
            "\(personName(speaker, asOf: comment.event)), \(personName(comment.person, asOf: comment.event)) ghi thay mặt"
                + (comment.isConfirmed ? "" : ", chưa xác nhận")
        }
    }

    /// The head's name for the signature; empty when the office has none.
    func headName(of office: OfficeID) -> String { active(.head, in: office).first.map { personName($0) } ?? "" }

    /// Who signs for the lead office: the head who submitted the text for approval, else the present one; and once it was
    /// returned, the present one again.
    func leadName(of topic: Topic) -> String {
        guard let last = topic.passages.last, last.to.order >= Stage.approval.order,
            let proposal = topic.passages.last(where: { $0.to == .approval }), let person = proposal.person
        else { return headName(of: topic.lead) }
        return personName(person, asOf: proposal.event)
    }
}
