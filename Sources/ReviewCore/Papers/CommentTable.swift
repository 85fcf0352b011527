import ReviewDigest

/// Bảng tổng hợp ý kiến, tiếp thu, giải trình: one row for every comment, withdrawn ones included.
///
/// In plain text the four columns are printed one below the other in each row, because Vietnamese opinions are too long to
/// stand side by side there. Rows are grouped by section in the order of the newest revision, each section named once.
struct CommentTable {
    let state: State
    let topic: Topic
    let now: Instant

    private var plan: Plan? { state.plan(of: topic) }

    var sheet: PaperSheet {
        var sheet = PaperSheet()
        // It comes from the lead office, whose head signs it.
        sheet.letterhead(
            parent: plan?.issuer ?? "", issuer: state.officeName(topic.lead, of: topic), number: "Số: ……/……",
            date: now.date)
        sheet.title("BẢNG TỔNG HỢP Ý KIẾN, TIẾP THU, GIẢI TRÌNH", "Ý KIẾN GÓP Ý ĐỐI VỚI CHUYÊN ĐỀ “\(topic.title)”")
        sheet.blank()
        opening(&sheet)
        totals(&sheet)
        agreement(&sheet)
        sheet.blank()
        sheet.heading("2.2. Ý kiến cụ thể")
        let written = rows(&sheet)
        let total = topic.comments.count
        sheet.paragraph(
            "Tổng số ý kiến: \(total); số dòng: \(written) ("
                + (written == total ? "đủ, không thiếu ý kiến nào" : "THIẾU \(total - written) ý kiến") + ").")
        decisions(&sheet)
        sheet.paragraph(
            "Trên đây là tổng hợp ý kiến, tiếp thu, giải trình đối với chuyên đề của \(state.officeName(topic.lead, of: topic))./."
        )
        sheet.signature(
            title: state.headTitle(of: topic.lead, asOf: topic.approval?.event),
            name: state.leadName(of: topic),
            recipients: [
                "Ban lãnh đạo Trung tâm", state.officeName(topic.review, of: topic),
                "Lưu: VT, \(topic.lead.text.uppercased())",
            ])
        return sheet
    }

    // MARK: Opening

    private func opening(_ sheet: inout PaperSheet) {
        if let plan { sheet.paragraph("Căn cứ \(plan.citation).") }
        let draft = topic.latest.map {
            "dự thảo lần \($0.number), nhận ngày \($0.time.date.onPaper), SHA-256 \($0.digest.description.prefix(16))…"
        }
        sheet.paragraph(
            "Chuyên đề \(topic.id.code); \(draft ?? "chưa có bản dự thảo"); bước: \(topic.stage.wording.vietnamese).")
        sheet.paragraph(
            "\(state.officeName(topic.lead, of: topic)) chủ trì, \(state.officeName(topic.review, of: topic)) phản biện, tổng hợp kết quả như sau:"
        )
        sheet.blank()
    }

    private func totals(_ sheet: inout PaperSheet) {
        let totals = CommentTotals(of: topic)
        sheet.paragraph(
            "1. Số cá nhân góp ý: \(totals.owners); số phòng góp ý: \(totals.offices); tổng số ý kiến: \(totals.all). Trong đó:"
        )
        for line in totals.lines { sheet.paragraph("- " + line, indent: 2) }
        if let maintained = totals.maintainedLine { sheet.paragraph(maintained) }
        if let unconfirmed = totals.unconfirmedLine { sheet.paragraph(unconfirmed) }
        sheet.blank()
        sheet.heading("2. Kết quả")
    }

    /// Who agrees without reserve: leaders whose last opinion says so, and reviewers whose verdict in force is `pass`; and
    /// none of whom has a comment in the table.
    private func agreement(_ sheet: inout PaperSheet) {
        var last: [PersonID: OpinionVote] = [:]
        for vote in topic.opinions { last[vote.person] = vote }
        var agreeing: [(person: PersonID, time: Instant, event: Int64)] = []
        for vote in topic.opinions where last[vote.person] == vote && vote.opinion == .agree {
            agreeing.append((vote.person, vote.time, vote.event))
        }
        for review in topic.countingReviews where review.verdict == .pass {
            agreeing.append((review.person, review.time, review.event))
        }
        let names = agreeing.filter { one in !topic.comments.contains { $0.isLive && $0.owner == one.person } }
            .map { "\(state.personName($0.person, asOf: $0.event)) (ngày \($0.time.date.onPaper))" }
        sheet.paragraph(
            "2.1. Thống nhất hoàn toàn: " + (names.isEmpty ? "không có" : names.joined(separator: "; ")) + ".")
    }

    // MARK: Rows

    /// A comment's place in the newest revision, for grouping: the old section where it was lost.
    private struct Place {
        let section: SectionPath?
        let isWhole: Bool
        /// Whether the newest revision has no such section.
        let isGone: Bool
        let paragraph: Int
        let comment: Comment

        /// The draft that had the section, 0 when the newest one has it.
        var gone: Int { isGone && section != nil ? comment.revision : 0 }
    }

    private func place(of comment: Comment) -> Place {
        guard let target = comment.now.target else {
            // Its paragraph is gone: it stands under its old section, wherever that section is now.
            let then = comment.anchor.target.section
            let now = then.flatMap { topic.portings[comment.revision]?.port(Anchor(target: .section($0))).target }
            return Place(
                section: now?.section ?? then, isWhole: false, isGone: now == nil, paragraph: .max, comment: comment)
        }
        var paragraph = 0
        if case .paragraph(_, let number) = target { paragraph = number }
        return Place(
            section: target.section, isWhole: target == .whole, isGone: false, paragraph: paragraph, comment: comment)
    }

    /// Whole topic first, then what stands before the first heading, then by section and paragraph, then by age.
    ///
    /// A section that is gone is another one than that which has its number now, and so is one of another draft.
    private static func isBefore(_ one: Place, _ other: Place) -> Bool {
        if one.isWhole != other.isWhole { return one.isWhole }
        switch (one.section, other.section) {
        case (nil, .some): return true
        case (.some, nil): return false
        case (.some(let first), .some(let second)) where first != second: return first < second
        case (.some, .some), (nil, nil):
            return (one.gone, one.paragraph, one.comment.id) < (other.gone, other.paragraph, other.comment.id)
        }
    }

    private static let none = "Không có ý kiến nào."

    private static let columns = [
        PaperSheet.Table.Column(heading: "Nhóm vấn đề/mục", share: 19),
        PaperSheet.Table.Column(heading: "Chủ thể góp ý", share: 18),
        PaperSheet.Table.Column(heading: "Nội dung góp ý", share: 34),
        PaperSheet.Table.Column(heading: "Nội dung tiếp thu, giải trình", share: 29),
    ]

    private func rows(_ sheet: inout PaperSheet) -> Int {
        var rows: [[[String]]] = []
        var plain = PaperSheet()
        plain.paragraph(
            "Các cột: (1) Nhóm vấn đề/mục · (2) Chủ thể góp ý · (3) Nội dung góp ý · (4) Nội dung tiếp thu, giải trình")
        var group: String?
        for place in topic.comments.map({ self.place(of: $0) }).sorted(by: Self.isBefore) {
            let row = Row(
                head: head(place.comment, number: rows.count + 1), group: heading(place),
                position: position(place.comment), owner: owner(place.comment),
                quote: place.comment.anchor.quote.map { "Trích: “\($0)”" }, given: given(place.comment),
                settled: settlement(place.comment))
            if row.group != group {
                plain.rule("=")
                plain.paragraph("(1) NHÓM VẤN ĐỀ/MỤC: \(row.group)")
            }
            row.write(to: &plain)
            rows.append(row.cells(isFirst: row.group != group))
            group = row.group
        }
        if rows.isEmpty {
            plain.rule()
            plain.paragraph(Self.none)
        }
        plain.rule("=")
        sheet.table(
            PaperSheet.Table(
                columns: Self.columns, rows: rows.isEmpty ? [[[], [], [Self.none], []]] : rows, plain: plain.blocks))
        return rows.count
    }

    /// What a comment's row says, for both ways of printing it.
    private struct Row {
        let head: String
        let group: String
        let position: String
        let owner: String
        let quote: String?
        let given: [String]
        let settled: [String]

        func cells(isFirst: Bool) -> [[String]] {
            [
                (isFirst ? [group] : []) + ["Vị trí: \(position)"], [owner], [head] + [quote].compactMap { $0 } + given,
                settled,
            ]
        }

        func write(to sheet: inout PaperSheet) {
            sheet.rule()
            sheet.paragraph(head)
            sheet.paragraph("Vị trí: \(position)", indent: 2)
            if let quote { sheet.paragraph(quote, indent: 2) }
            sheet.paragraph("(2) Chủ thể góp ý: \(owner)", indent: 2)
            sheet.paragraph("(3) Nội dung góp ý:", indent: 2)
            for text in given { sheet.paragraph(text, indent: 6) }
            sheet.paragraph("(4) Nội dung tiếp thu, giải trình:", indent: 2)
            for text in settled { sheet.paragraph(text, indent: 6) }
        }
    }

    private func heading(_ place: Place) -> String {
        if place.isWhole { return "Toàn bộ chuyên đề" }
        guard let section = place.section else { return "Phần trước đề mục đầu tiên" }
        if !place.isGone { return "\(section). \(topic.latest?.document.section(section)?.title ?? "")" }
        if let removed = removed(place.comment) { return "\(section). (nội dung dự thảo lần \(removed) đã xóa)" }
        let then = topic.revision(place.comment.revision)?.document.section(section)?.title ?? ""
        return "\(section). \(then) (mục của dự thảo lần \(place.comment.revision), nay không còn)"
    }

    private func head(_ comment: Comment, number: Int) -> String {
        "STT \(number) · \(comment.id) · \(comment.kind.wording.vietnamese) · mức: \(comment.level.wording.vietnamese)"
            + (comment.isLive ? "" : " · ĐÃ RÚT")
    }

    /// The comment with what was suggested and answered.
    private func given(_ comment: Comment) -> [String] {
        var texts = [state.shown(comment.body)]
        if let suggestion = comment.suggestion { texts.append("Đề nghị sửa thành: “\(state.shown(suggestion))”") }
        for message in comment.messages where message.kind == .answer {
            texts.append(
                "\(state.personName(message.person, asOf: message.event)) trả lời ngày \(message.time.date.onPaper): \(state.shown(message.body))"
            )
        }
        return texts
    }

    private func position(_ comment: Comment) -> String {
        let then = "\(comment.anchor.target.text(vietnamese: true)) (dự thảo lần \(comment.revision))"
        guard comment.revision != topic.newest else { return then }
        var unit = "đoạn này"
        if case .section = comment.anchor.target { unit = "mục này" }
        switch comment.now.state {
        case .exact: return then
        case .moved:
            return then + "; nay ở \(comment.now.target?.text(vietnamese: true) ?? "") (dự thảo lần \(topic.newest))"
        case .edited: return then + "; \(unit) đã được sửa ở dự thảo lần \(topic.newest)"
        case .orphan:
            guard let removed = removed(comment) else {
                return then + "; \(unit) không còn ở dự thảo lần \(topic.newest)"
            }
            return then + "; không đối chiếu được nữa vì nội dung dự thảo lần \(removed) đã xóa"
        }
    }

    /// The draft whose text was removed, so that nobody can tell where a comment would be; nil when both texts are there.
    private func removed(_ comment: Comment) -> Int? {
        [comment.revision, topic.newest].first { topic.revision($0).flatMap { state.notice(of: $0) } != nil }
    }

    private func owner(_ comment: Comment) -> String {
        let when = "bước “\(comment.stage.wording.vietnamese)”, ngày \(comment.time.date.onPaper)"
        let writer = state.personName(comment.person, asOf: comment.event)
        switch comment.behalf {
        case .person: return "\(writer), \(state.officeName(comment.office, of: topic)); \(when)"
        case .office(let office): return "\(state.officeName(office, of: topic)) (người ghi: \(writer)); \(when)"
        case .speaker(let speaker):
            let confirmed = comment.isConfirmed ? "đã xác nhận" : "chưa xác nhận"
            let person = state.person(speaker, asOf: comment.event)
            return
                "\(person?.name ?? speaker.text), \(state.officeName(person?.office, of: topic)) (\(writer) ghi thay mặt, \(confirmed)); \(when)"
        }
    }

    private func settlement(_ comment: Comment) -> [String] {
        var lines: [String] = []
        if let disposition = comment.disposition {
            var first: String
            switch disposition {
            case .accepted: first = "Tiếp thu"
            case .partly: first = "Tiếp thu một phần"
            case .declined: first = "Không tiếp thu, đề nghị giữ nguyên như dự thảo"
            case .noted: first = "Ghi nhận"
            }
            if topic.isPromised(comment) { first += "; chưa có bản nào thể hiện" }
            if comment.isToBeCarried, let revision = comment.settledIn { first += "; sửa tại dự thảo lần \(revision)" }
            let author = comment.settledBy.map { " (\(state.personName($0, asOf: comment.settling)))" } ?? ""
            lines.append(first + author + ".")
            if let explanation = comment.explanation {
                lines.append("\(disposition.needsExplanation ? "Giải trình" : "Ghi chú"): \(state.shown(explanation))")
            }
        } else if comment.isLive {
            lines.append("Chưa có tiếp thu, giải trình.")
        }
        for message in comment.messages {
            switch message.kind {
            case .maintain: lines.append("Người góp ý giữ ý kiến: \(state.shown(message.body))")
            case .withdraw: lines.append("Đã rút ý kiến, lý do: \(state.shown(message.body))")
            case .comment, .answer, .settle: break
            }
        }
        switch comment.state {
        case .agreed: lines.append("Người góp ý đồng ý (ngày \(comment.stateSince.date.onPaper)).")
        case .maintained: lines.append("Kết quả: giữ ý kiến.")
        case .settled where comment.isMaintained: lines.append("Kết quả: giữ ý kiến; đã giải trình lại, chưa trả lời.")
        case .open, .settled, .withdrawn: break
        }
        return lines
    }

    // MARK: Decisions

    /// What the Director decided besides: overridden requirements with their reasons, and an approver's own work.
    private func decisions(_ sheet: inout PaperSheet) {
        if !topic.overrides.isEmpty {
            sheet.blank()
            sheet.heading("3. Điều kiện được Giám đốc quyết định bỏ qua")
            for override in topic.overrides {
                sheet.paragraph(
                    "- \(lacking(override)); Giám đốc quyết định bỏ qua, lý do: \(state.shown(override.reason)) (\(state.personName(override.person, asOf: override.event)), ngày \(override.time.date.onPaper))",
                    indent: 2)
            }
        }
        var notes: [String] = []
        if let approval = topic.approval {
            let under = approval.delegation.map { ", ký thay theo văn bản ủy quyền số \($0)" } ?? ""
            notes.append(
                "Phê duyệt: \(state.personName(approval.person, asOf: approval.event))\(under), ngày \(approval.time.date.onPaper), dự thảo lần \(approval.revision)."
            )
            if approval.isOwnWork {
                notes.append("Người phê duyệt đồng thời tham gia soạn thảo chuyên đề này.")
            }
        } else if let director = state.active(.director).first(where: {
            topic.hasPushed($0) || topic.assigned(as: .author).contains($0)
        }) {
            notes.append(
                "Giám đốc \(state.personName(director)) tham gia soạn thảo chuyên đề này: việc phê duyệt do Phó Giám đốc được ủy quyền thực hiện, hoặc hồ sơ phê duyệt ghi rõ."
            )
        }
        guard !notes.isEmpty else { return }
        sheet.blank()
        for note in notes { sheet.paragraph(note) }
    }

    /// What was missing, as a fact: a requirement that was overridden is not met.
    private func lacking(_ override: Override) -> String {
        let missing = override.reach?.missing ?? []
        let isNamed = !missing.isEmpty
        let listed = missing.joined(separator: ", ")
        switch override.requirement {
        case .outline:
            return "Thiếu hoặc trống mục của bố cục theo Kế hoạch"
                + (isNamed ? ": " + missing.map { "“\($0)”" }.joined(separator: ", ") : "")
        case .reviewed:
            return "Chưa có phiếu phản biện được tính của đợt phản biện" + (isNamed ? " (\(listed))" : "")
        case .must: return "Còn ý kiến bắt buộc chưa giải quyết" + (isNamed ? ": \(listed)" : "")
        case .settled: return "Còn ý kiến chưa có tiếp thu, giải trình" + (isNamed ? ": \(listed)" : "")
        case .maintained: return "Còn ý kiến được giữ mà người phê duyệt chưa xem" + (isNamed ? ": \(listed)" : "")
        case .plenary:
            let names = missing.compactMap { PersonID($0) }
                .map { state.personName($0, asOf: override.event) }.joined(separator: ", ")
            return "Biên bản sinh hoạt chuyên đề chưa được xác nhận đủ" + (isNamed ? ", còn thiếu: \(names)" : "")
        case .content:
            return missing.contains(ContentVote.return.rawValue)
                ? "Trưởng phòng chủ trì trả lại để sửa nội dung"
                : "Trưởng phòng chủ trì chưa chịu trách nhiệm về nội dung"
        case .format:
            return missing.contains(FormatVote.fail.rawValue) ? "Thể thức chưa đạt" : "Chưa kiểm tra thể thức"
        case .noObjection:
            return isNamed
                ? "Còn \(state.objections(missing, in: topic, asOf: override.event).vietnamese)"
                : "Còn ý kiến không thống nhất hoặc phiếu không đạt"
        case .personalData: return "Còn dữ liệu cá nhân trong văn bản" + (isNamed ? " (\(missing.count) chỗ)" : "")
        case .approval: return "Chưa có phê duyệt của Giám đốc"
        }
    }
}
