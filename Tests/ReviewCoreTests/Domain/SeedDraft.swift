@testable import ReviewCore

/// The seed's plan as the reader of plan files gives it.
enum SeedDraft {
    static let source = "plan: 2025\ntitle: Thực hiện chuyên đề về trợ giúp pháp lý năm 2025\n"

    static let plan = plan(year: 2025)

    /// The same plan for any year.
    static func plan(year: Int) -> PlanDraft {
        PlanDraft(
            year: year, reference: "29/KH-TGPL", date: PlanDraft.WrittenDate("\(year)-01"),
            title: "Thực hiện chuyên đề về trợ giúp pháp lý năm \(year)",
            issuer: "Trung tâm Trợ giúp pháp lý nhà nước tỉnh Lạng Sơn", parent: "Sở Tư pháp tỉnh Lạng Sơn",
            signer: "Hoàng Thị Bích",
            offices: [
                PlanDraft.Office(id: office("hcth"), name: "Phòng Hành chính – Tổng hợp"),
                PlanDraft.Office(id: office("nv"), name: "Phòng Nghiệp vụ"),
            ],
            coordinator: office("hcth"),
            requirements: [
                PlanDraft.Requirement(key: "results", text: "Kết quả triển khai thực hiện chuyên đề theo quy định"),
                PlanDraft.Requirement(key: "experience", text: "Kinh nghiệm thực hiện chuyên đề"),
                PlanDraft.Requirement(key: "difficulties", text: "Khó khăn, vướng mắc khi triển khai thực hiện"),
                PlanDraft.Requirement(
                    key: "solutions", text: "Giải pháp phù hợp với đặc điểm tình hình của Trung tâm"),
                PlanDraft.Requirement(key: "proposals", text: "Đề xuất, kiến nghị (nếu có)"),
            ],
            topics: [
                topic(
                    year, 1, "Nâng cao năng lực truyền thông về trợ giúp pháp lý", "hcth", "nv",
                    ("03-15", "03-20", "03-28")),
                topic(year, 2, "Tranh chấp quyền sử dụng đất", "nv", "hcth", ("06-15", "06-20", "06-28")),
                topic(year, 3, "Thẩm định, đánh giá chất lượng vụ việc", "nv", "hcth", ("09-15", "09-20", "09-30")),
                topic(year, 4, "Người bị buộc tội dưới 18 tuổi", "nv", "hcth", ("12-15", "12-20", "12-30")),
            ])
    }

    private static func topic(
        _ year: Int, _ number: Int, _ title: String, _ lead: String, _ review: String, _ dates: (String, String, String)
    ) -> PlanDraft.Topic {
        PlanDraft.Topic(
            number: number, title: title, lead: office(lead), review: office(review), quarter: number,
            milestones: [
                PlanDraft.Deadline(.opinion, "\(year)-" + dates.0), PlanDraft.Deadline(.review, "\(year)-" + dates.1),
                PlanDraft.Deadline(.final, "\(year)-" + dates.2),
            ],
            outline: [
                OutlineItem("Mở đầu"),
                OutlineItem(
                    "Nội dung",
                    children: [
                        OutlineItem(
                            "Thực trạng truyền thông",
                            children: [
                                OutlineItem("Kết quả đạt được"),
                                OutlineItem("Hạn chế tồn tại, khó khăn vướng mắc"),
                            ]),
                        OutlineItem("Giải pháp"), OutlineItem("Đề xuất, kiến nghị"),
                    ]),
                OutlineItem("Kết luận"),
            ])
    }
}

/// Texts of topic 1.
enum Draft {
    static let opening = "Năm 2024 Trung tâm tổ chức 57 buổi truyền thông ở vùng cao."
    static let results = "Số người dự là 2.150 lượt, tăng so với năm trước."
    static let limits = "Tài liệu chưa có bản tiếng Tày, tiếng Nùng."
    static let measures = "Biên soạn tài liệu song ngữ và mời người có uy tín cùng tham gia."
    static let proposals = "Đề nghị Sở Tư pháp hỗ trợ kinh phí in tài liệu."
    static let ending = "Chuyên đề được hoàn thiện sau sinh hoạt chuyên môn."

    /// Every required section, with a paragraph each; a nil leaves the text of its section out.
    static func text(
        opening: String? = opening, results: String? = results, limits: String? = limits, measures: String? = measures,
        proposals: String? = proposals, ending: String? = ending
    ) -> String {
        """
        # Mở đầu
        \(opening ?? "")
        # Nội dung
        ## Thực trạng truyền thông
        ### Kết quả đạt được
        \(results ?? "")
        ### Hạn chế tồn tại, khó khăn vướng mắc
        \(limits ?? "")
        ## Giải pháp
        \(measures ?? "")
        ## Đề xuất, kiến nghị
        \(proposals ?? "")
        # Kết luận
        \(ending ?? "")
        """
    }

    static let first = text()
    /// Only blanks and punctuation differ.
    static let cosmetic = text(opening: "Năm 2024, Trung tâm tổ chức 57 buổi truyền thông ở vùng cao.")
    /// The paragraph of II.2 differs.
    static let measuresChanged = text(measures: "Biên soạn tài liệu song ngữ, ghi âm bài phát thanh tiếng dân tộc.")
    /// Many paragraphs differ.
    static let rewritten = text(
        opening: "Đơn vị tổ chức các buổi truyền thông lưu động tại xã vùng sâu.",
        limits: "Kinh phí còn hạn hẹp, cán bộ chưa biết tiếng dân tộc.")
}
