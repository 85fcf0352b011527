/// Plain text laid out like an administrative document: the common block of NĐ 30/2020/NĐ-CP, Điều 8 and Phụ lục I, as
/// far as a text without fonts can follow it.
struct PaperSheet {
    /// Columns of the sheet: what every terminal shows.
    static let width = 80
    private static let left = 38

    private(set) var lines: [String] = []

    var text: String { lines.joined(separator: "\n") + "\n" }

    mutating func blank() { lines.append("") }

    /// A paragraph of any length; the lines of a longer text are indented alike.
    mutating func paragraph(_ text: String, indent: Int = 0) {
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            lines.append(line.isEmpty ? "" : String(repeating: " ", count: indent) + line)
        }
    }

    mutating func centred(_ text: String) {
        for line in Self.balanced(text, to: Self.width - 4) { lines.append(Self.centred(line, Self.width)) }
    }

    mutating func rule(_ mark: Character = "-") { lines.append(String(repeating: mark, count: Self.width)) }

    /// Lines to fill in by hand or in an editor.
    mutating func dots(_ count: Int = 2, indent: Int = 0) {
        for _ in 0..<count {
            lines.append(
                String(repeating: " ", count: indent) + String(repeating: ".", count: Self.width - indent))
        }
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

    mutating func letterhead(parent: String, issuer: String, number: String? = nil, date: CivilDate) {
        letterhead(parent: parent, issuer: issuer, number: number, place: .dated(date))
    }

    /// Issuer on the left, quốc hiệu and tiêu ngữ on the right; below them the number, where the paper has one, beside
    /// place and date.
    mutating func letterhead(parent: String, issuer: String, number: String? = nil, place: PlaceLine) {
        var head: [String] = []
        if !parent.isEmpty { head += Self.wrapped(parent.uppercased(), to: Self.left - 2) }
        if !issuer.isEmpty { head += Self.wrapped(issuer.uppercased(), to: Self.left - 2) }
        if !head.isEmpty { head.append("──────────") }
        beside(
            head,
            ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "───────────────────────────"])
        blank()
        let named = Self.place(parent: parent, issuer: issuer)
        var right: [String] = []
        switch place {
        case .dated(let date): right = ["\(named), \(date.administrative)"]
        case .undated: right = ["\(named), ngày …… tháng …… năm ………"]
        case .absent: break
        }
        beside(number.map { [$0] } ?? [], right)
        blank()
    }

    /// "Nơi nhận:" on the left, the signatory on the right.
    mutating func signature(title: [String], name: String, recipients: [String]) {
        blank()
        beside(
            ["Nơi nhận:"] + Self.listed(recipients), title + ["(Ký, ghi rõ họ tên)", "", "", "", name],
            isLeftCentred: false)
    }

    /// Two signatories side by side, and whom the paper goes to below them.
    mutating func signatures(
        _ left: (title: String, name: String), _ right: (title: String, name: String), recipients: [String]
    ) {
        blank()
        let space = ["(Ký, ghi rõ họ tên)", "", "", ""]
        beside([left.title] + space + [left.name], [right.title] + space + [right.name])
        blank()
        lines.append("Nơi nhận:")
        lines += Self.listed(recipients)
    }

    private static func listed(_ recipients: [String]) -> [String] {
        recipients.enumerated().map { "- \($1)" + ($0 == recipients.count - 1 ? "." : ";") }
    }

    private mutating func beside(_ left: [String], _ right: [String], isLeftCentred: Bool = true) {
        let left = left.flatMap { $0.isEmpty ? [""] : Self.wrapped($0, to: Self.left - 2) }
        let right = right.flatMap { $0.isEmpty ? [""] : Self.wrapped($0, to: Self.width - Self.left) }
        for row in 0..<max(left.count, right.count) {
            let one = row < left.count ? left[row] : ""
            let other = row < right.count ? right[row] : ""
            let shown = isLeftCentred && !one.isEmpty ? Self.centred(one, Self.left) : one
            guard !other.isEmpty else {
                lines.append(shown)
                continue
            }
            let gap = String(repeating: " ", count: max(0, Self.left - shown.count))
            lines.append(shown + gap + Self.centred(other, Self.width - Self.left))
        }
    }

    /// Vietnamese letters take one column each once composed, so characters count columns here.
    private static func centred(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, (width - text.count) / 2)) + text
    }

    /// Lines of about the same length, as few as fit the width.
    private static func balanced(_ text: String, to width: Int) -> [String] {
        let lines = wrapped(text, to: width)
        var width = width
        while width > 1, wrapped(text, to: width - 1).count == lines.count { width -= 1 }
        return wrapped(text, to: width)
    }

    private static func wrapped(_ text: String, to width: Int) -> [String] {
        var lines: [String] = []
        var line = ""
        for word in text.split(separator: " ") {
            if !line.isEmpty, line.count + 1 + word.count > width {
                lines.append(line)
                line = ""
            }
            line += line.isEmpty ? String(word) : " " + word
        }
        if !line.isEmpty { lines.append(line) }
        return lines
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
    func headTitle(of office: OfficeID) -> [String] {
        let name = officeName(office).uppercased()
        return name.hasPrefix("PHÒNG ") ? ["TRƯỞNG \(name)"] : ["TRƯỞNG PHÒNG", name]
    }

    /// A person as papers introduce them: name, position, and the office where there is one.
    func introduced(_ id: PersonID) -> String {
        guard let person = people[id] else { return id.text }
        let office = person.position.isLeader ? "" : officeName(person.office)
        return ([person.name, person.position.wording.vietnamese] + (office.isEmpty ? [] : [office]))
            .joined(separator: ", ")
    }

    /// Whose comment it is, as papers name them in a few words.
    func giver(of comment: Comment) -> String {
        switch comment.behalf {
        case .person: personName(comment.person)
        case .office(let office): officeName(office)
        case .speaker(let speaker):
            "\(personName(speaker)), \(personName(comment.person)) ghi thay mặt"
                + (comment.isConfirmed ? "" : ", chưa xác nhận")
        }
    }

    /// The head's name for the signature; empty when the office has none.
    func headName(of office: OfficeID) -> String { active(.head, in: office).first.map { personName($0) } ?? "" }
}
