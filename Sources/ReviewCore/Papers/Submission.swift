/// Tờ trình phê duyệt: the lead office proposes the final text to the Director, with everything that a decision needs.
struct Submission {
    private let state: State
    private let topic: Topic
    private let revision: Revision
    private let now: Instant

    /// - Throws: `stage` while there is no revision.
    init(of topic: Topic, in state: State, now: Instant) throws(Refusal) {
        revision = try Papers.newest(of: topic)
        self.state = state
        self.topic = topic
        self.now = now
    }

    var sheet: PaperSheet {
        let plan = state.plan(of: topic)
        let office = state.officeName(topic.lead, of: topic)
        let issuer = plan?.issuer ?? "Trung tâm"
        var sheet = PaperSheet()
        sheet.letterhead(
            parent: plan?.issuer ?? "", issuer: office, number: "Số: ……/TTr-\(topic.lead.text.uppercased())",
            date: now.date)
        sheet.title("TỜ TRÌNH", "Về việc phê duyệt chuyên đề “\(topic.title)”")
        sheet.blank()
        sheet.centred("Kính gửi: Giám đốc \(issuer)")
        sheet.blank()
        if let plan { sheet.paragraph("Căn cứ \(plan.citation).") }
        sheet.paragraph(
            "\(office) được giao chủ trì xây dựng chuyên đề \(topic.id.code), \(state.officeName(topic.review, of: topic)) phản biện. \(office) kính trình Giám đốc xem xét, phê duyệt chuyên đề với các nội dung sau:"
        )
        sheet.blank()
        course(&sheet)
        reviews(&sheet)
        comments(&sheet)
        plenary(&sheet)
        requirements(&sheet)
        sheet.blank()
        sheet.paragraph(
            "\(office) kính trình Giám đốc xem xét, phê duyệt dự thảo lần \(revision.number) (nhận ngày \(revision.time.date.onPaper), \(revision.octets) byte, mã SHA-256 \(revision.digest))."
        )
        sheet.paragraph("Hồ sơ kèm theo: \(enclosures.joined(separator: "; "))./.")
        sheet.signature(
            title: state.headTitle(of: topic.lead, asOf: topic.approval?.event), name: state.leadName(of: topic),
            recipients: [
                "Như trên", state.officeName(topic.review, of: topic), "Lưu: VT, \(topic.lead.text.uppercased())",
            ])
        return sheet
    }

    /// What there is of the papers that go with the proposal: the Director may have waived a review or a plenary.
    private var enclosures: [String] {
        var enclosures = ["dự thảo lần \(revision.number)"]
        if !topic.countingReviews.isEmpty { enclosures.append("phiếu nhận xét, phản biện") }
        if topic.plenary?.wasHeld == true || !topic.earlierPlenaries.isEmpty {
            enclosures.append("biên bản sinh hoạt chuyên đề")
        }
        return enclosures + ["bảng tổng hợp ý kiến, tiếp thu, giải trình"]
    }

    private func course(_ sheet: inout PaperSheet) {
        sheet.heading("1. Quá trình thực hiện")
        // What follows the proposal is no part of it.
        for passage in topic.passages where passage.to.order <= Stage.approval.order {
            var line = "- \(passage.time.date.onPaper): “\(passage.to.wording.vietnamese)”"
            if passage.to.order < passage.from.order {
                line += " (trả lại từ bước “\(passage.from.wording.vietnamese)”)"
            }
            if passage.overdueDays > 0 { line += ", quá hạn \(passage.overdueDays) ngày" }
            if let reason = passage.reason { line += "; lý do: \(state.shown(reason))" }
            sheet.paragraph(line, indent: 2)
        }
        for one in topic.extensions {
            sheet.paragraph(
                "- Gia hạn mốc “\(one.milestone.wording.vietnamese)” đến trước ngày \(one.to.onPaper), theo văn bản \(one.reference); lý do: \(state.shown(one.reason))",
                indent: 2)
        }
        for one in topic.postponements {
            let end = one.until.map { " đến ngày \($0.date.onPaper)" } ?? ""
            sheet.paragraph(
                "- Tạm hoãn từ ngày \(one.time.date.onPaper)\(end); lý do: \(state.shown(one.reason))", indent: 2)
        }
        sheet.paragraph("- Số lần gửi dự thảo: \(topic.newest); số đợt phản biện: \(topic.round)", indent: 2)
    }

    private func reviews(_ sheet: inout PaperSheet) {
        let counting = topic.countingReviews
        sheet.paragraph(
            "2. Kết quả phản biện: " + (counting.isEmpty ? "chưa có phiếu được tính." : "\(counting.count) phiếu."))
        for review in counting {
            let endorsed =
                review.endorsedBy.map {
                    "; \(state.personName($0, asOf: review.endorsing)) xác nhận là ý kiến của phòng"
                } ?? ""
            sheet.paragraph(
                "- Phiếu \(review.id), \(state.personName(review.person, asOf: review.event)) (\(state.officeName(review.office, of: topic))), về dự thảo lần \(review.revision): \(review.verdict.wording.vietnamese)\(endorsed)",
                indent: 2)
        }
        for vote in topic.standingObjections {
            sheet.paragraph(
                "- \(state.introduced(vote.person, asOf: vote.event, of: topic)): không thống nhất, về dự thảo lần \(vote.revision)"
                    + (vote.body.map { " (\(state.shown($0)))" } ?? ""), indent: 2)
        }
    }

    private func comments(_ sheet: inout PaperSheet) {
        let totals = CommentTotals(of: topic)
        sheet.paragraph("3. Ý kiến góp ý: \(totals.all) ý kiến. Trong đó:")
        for line in totals.lines { sheet.paragraph("- " + line, indent: 2) }
        // These the approver has to have seen (domain §4, requirement 5).
        for comment in topic.comments where comment.isMaintained && comment.isLive {
            sheet.paragraph(
                "- Đề nghị Giám đốc xem ý kiến được giữ \(comment.id) của \(state.giver(of: comment, in: topic)): \(state.shown(comment.body))",
                indent: 2)
        }
        if let unconfirmed = totals.unconfirmedLine { sheet.paragraph(unconfirmed) }
    }

    private func plenary(_ sheet: inout PaperSheet) {
        guard let plenary = topic.plenary, let conclusion = plenary.conclusion else {
            let state = topic.plenaryToRepeat?.vietnamese ?? "chưa có kết luận"
            sheet.paragraph("4. Sinh hoạt chuyên đề: \(state).")
            return
        }
        sheet.paragraph(
            "4. Sinh hoạt chuyên đề \(plenary.day.administrative), \(state.introduced(plenary.chair, asOf: plenary.ending, of: topic)) chủ trì; có mặt \(plenary.present.count), vắng \(plenary.absent.count). Kết luận:"
        )
        sheet.paragraph(state.shown(conclusion), indent: 2)
    }

    /// What CHECK says of all that comes before the approver's own part.
    private func requirements(_ sheet: inout PaperSheet) {
        let own: Set<Requirement> = [.maintained, .approval]
        let statuses = state.requirements(of: topic, seen: [], now: now).filter { !own.contains($0.requirement) }
        let missing = statuses.filter { $0.state == .unmet }
        let overridden = statuses.filter { $0.state == .overridden }
        let left = "\(overridden.count) điều kiện được Giám đốc quyết định bỏ qua:"
        let verdict =
            missing.isEmpty
            ? (overridden.isEmpty ? "đã đủ." : "đã đủ, trong đó có \(left)") : "CÒN THIẾU \(missing.count) việc:"
        sheet.paragraph("5. Điều kiện trình phê duyệt: \(verdict)")
        for status in missing {
            let waiting = status.waiting.map { state.personName($0) }.joined(separator: ", ")
            sheet.paragraph(
                "- \(status.wording.vietnamese)" + (waiting.isEmpty ? "" : " — chờ: \(waiting)"), indent: 2)
        }
        if !missing.isEmpty, !overridden.isEmpty { sheet.paragraph("Ngoài ra có \(left)") }
        for status in overridden { sheet.paragraph("- \(status.wording.vietnamese)", indent: 2) }
    }
}
