import ReviewDigest

/// Phiếu nhận xét, phản biện: blank, with everything filled in that the server knows; without a topic, with the places to
/// fill in.
struct ReviewForm {
    let state: State
    let topic: Topic?
    let reviewer: Person
    let now: Instant

    /// Whether the reader is one who may review the topic: for anybody else the places of the reviewer are left open.
    private var isReviewer: Bool { topic.map { Policy.isReviewSide(reviewer, $0) } ?? true }

    private static let blankWord = "………………"

    var sheet: PaperSheet {
        // What the newest plan asks of every topic holds for the next one, too.
        let plan = topic.map { state.plan($0.plan) } ?? state.plans.last
        var sheet = PaperSheet()
        // The form goes out from the reviewer's office, below the Centre.
        sheet.letterhead(
            parent: plan?.issuer ?? "",
            issuer: state.officeName(topic.flatMap { isReviewer ? nil : $0.review } ?? reviewer.office), date: now.date)
        sheet.title("PHIẾU NHẬN XÉT, PHẢN BIỆN", "Chuyên đề \(topic?.id.code ?? Self.blankWord)")
        sheet.blank()
        heading(&sheet)
        sheet.blank()
        sheet.heading("I. NHẬN XÉT CHUNG (ưu điểm)")
        own([.praise], &sheet)
        sheet.dots(3)
        sheet.blank()
        criteria(plan, &sheet)
        sheet.heading("III. HẠN CHẾ, VẤN ĐỀ CẦN LÀM RÕ")
        sheet.dots(3)
        sheet.blank()
        sheet.heading("IV. ĐỀ NGHỊ CHỈNH SỬA CỤ THỂ (vị trí – nội dung – đề nghị – lý do – mức)")
        own([.content, .legal, .format, .language], &sheet)
        sheet.dots(3)
        sheet.blank()
        sheet.heading("V. CÂU HỎI")
        own([.question], &sheet)
        sheet.dots()
        sheet.blank()
        sheet.heading("VI. KẾT LUẬN (đánh dấu một ô)")
        for verdict in Verdict.allCases {
            sheet.paragraph("[ ] \(verdict.wording.vietnamese) (\(verdict.rawValue))", indent: 2)
        }
        sheet.paragraph("Lý do (nếu không đạt hoặc cần xem lại): \(Self.blankWord)./.")
        sheet.signature(
            title: ["NGƯỜI PHẢN BIỆN"], name: isReviewer ? reviewer.name : "",
            recipients: [
                topic.map { state.officeName($0.lead, of: $0) } ?? Self.blankWord, "Ban lãnh đạo Trung tâm",
                "Lưu: VT, \((topic?.review ?? reviewer.office).text.uppercased())",
            ])
        return sheet
    }

    private func heading(_ sheet: inout PaperSheet) {
        sheet.paragraph("Tên chuyên đề: \(topic?.title ?? Self.blankWord)")
        sheet.paragraph("Phòng chủ trì: \(topic.map { state.officeName($0.lead, of: $0) } ?? Self.blankWord)")
        sheet.paragraph("Phòng phản biện: \(topic.map { state.officeName($0.review, of: $0) } ?? Self.blankWord)")
        sheet.paragraph("Người phản biện: \(isReviewer ? reviewer.name : Self.blankWord)")
        sheet.paragraph(
            "Chức vụ: "
                + (isReviewer
                    ? "\(reviewer.position.wording.vietnamese), \(state.officeName(reviewer.office))" : Self.blankWord))
        if let latest = topic?.latest {
            sheet.paragraph(
                "Dự thảo lần: \(latest.number), ngày \(latest.time.date.onPaper) (SHA-256 \(latest.digest.description.prefix(16))…)"
            )
        } else {
            sheet.paragraph("Dự thảo lần: \(Self.blankWord), ngày \(Self.blankWord)")
        }
        if topic == nil { sheet.paragraph("Thời hạn phản biện: \(Self.blankWord)") }
        if let date = topic?.date(of: .review) {
            let deadline = Deadline(date: date, rule: state.beforeDate)
            sheet.paragraph("Thời hạn phản biện: \(deadline.onPaper)")
        }
        if let topic, topic.round > 0 { sheet.paragraph("Đợt phản biện: \(topic.round)") }
    }

    /// The general content requirements of the plan (II.2) and the outline, each with a mark and its evidence.
    private func criteria(_ plan: Plan?, _ sheet: inout PaperSheet) {
        sheet.heading("II. ĐÁNH GIÁ THEO TIÊU CHÍ (yêu cầu chung về nội dung và bố cục của Kế hoạch)")
        let requirements = plan?.requirements.map(\.text) ?? []
        for (index, requirement) in (requirements + ["Bố cục theo Kế hoạch"]).enumerated() {
            sheet.paragraph("\(index + 1). \(requirement)")
            if index == requirements.count { outline(&sheet) }
            sheet.paragraph("Mức (đạt / đạt một phần / chưa đạt): \(Self.blankWord)", indent: 3)
            sheet.paragraph("Minh chứng (mục, đoạn): \(Self.blankWord)", indent: 3)
        }
        sheet.blank()
    }

    private func outline(_ sheet: inout PaperSheet) {
        guard let topic, !topic.outline.isEmpty, let document = topic.latest?.document else { return }
        let gaps = OutlineCheck.gaps(topic.outline, in: document)
        let found =
            gaps.isEmpty
            ? "có đủ các mục"
            : "thiếu hoặc trống: "
                + gaps.map { "“\($0.title)”" + ($0.isEmpty ? " (trống)" : "") }.joined(separator: ", ")
        sheet.paragraph("(Hệ thống kiểm tra: \(found).)", indent: 3)
    }

    /// The reviewer's own comments of this round, of some kinds.
    private func own(_ kinds: Set<CommentKind>, _ sheet: inout PaperSheet) {
        guard let topic, isReviewer else { return }
        let comments = topic.comments.filter {
            $0.owner == reviewer.id && $0.isLive && topic.round > 0 && $0.round == topic.round
                && kinds.contains($0.kind)
        }
        for comment in comments {
            let place = (comment.now.target ?? comment.anchor.target).text(vietnamese: true)
            sheet.paragraph("- \(comment.id) – \(place) – mức: \(comment.level.wording.vietnamese):", indent: 2)
            sheet.paragraph(state.shown(comment.body), indent: 4)
            if let quote = comment.anchor.quote { sheet.paragraph("Trích: “\(quote)”", indent: 4) }
            if let suggestion = comment.suggestion {
                sheet.paragraph("Đề nghị sửa thành: “\(state.shown(suggestion))”", indent: 4)
            }
        }
    }
}
