/// A filed review as a paper: who judged which revision how, and the form as it was filled in.
struct FiledReview {
    private let state: State
    private let topic: Topic
    private let review: Review

    init(_ review: Review, of topic: Topic, in state: State) {
        self.review = review
        self.topic = topic
        self.state = state
    }

    var sheet: PaperSheet {
        var sheet = PaperSheet()
        sheet.letterhead(
            parent: state.plan(of: topic)?.issuer ?? "", issuer: state.officeName(review.office, of: topic),
            date: review.time.date)
        sheet.title("PHIẾU NHẬN XÉT, PHẢN BIỆN \(review.id)", "Chuyên đề \(topic.id.code)")
        sheet.blank()
        sheet.paragraph("Tên chuyên đề: \(topic.title)")
        sheet.paragraph(
            "Người phản biện: \(state.personName(review.person, asOf: review.event)), \(state.officeName(review.office, of: topic))"
        )
        sheet.paragraph("Về dự thảo lần: \(review.revision)\(digest); đợt phản biện: \(review.round)")
        sheet.paragraph("Gửi lúc: \(review.time.administrative)")
        sheet.paragraph("Kết luận: \(review.verdict.wording.vietnamese)\(standing)")
        if let head = review.endorsedBy {
            let moment = review.endorsedAt.map { ", \($0.administrative)" } ?? ""
            sheet.paragraph("Xác nhận là ý kiến của phòng: \(state.personName(head, asOf: review.endorsing))\(moment)")
        }
        sheet.rule()
        sheet.paragraph(state.shown(review.body))
        return sheet
    }

    private var digest: String {
        topic.revision(review.revision).map { " (mã SHA-256 \($0.digest))" } ?? ""
    }

    private var standing: String {
        if review.isSuperseded { return " (đã có phiếu sau của cùng người thay thế)" }
        return review.isInForce ? "" : " (hết hiệu lực vì văn bản đã thay đổi)"
    }
}
