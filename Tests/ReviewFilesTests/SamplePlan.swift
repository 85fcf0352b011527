import ReviewCore
import ReviewFiles
import Testing

/// The plan of 2025, in the form that PLAN LOAD takes.
enum SamplePlan {
    static let text = #"""
        # The Kế hoạch of ke-hoach-chuyen-de-2025.txt as a plan file: the form that PLAN LOAD takes.
        plan: 2025
        number: ""                      # blank in the document
        reference: 29/KH-TGPL           # the plan it carries out
        date: 2025-01                   # the day is blank in the document
        title: Thực hiện chuyên đề về trợ giúp pháp lý năm 2025
        issuer: Trung tâm Trợ giúp pháp lý nhà nước tỉnh Lạng Sơn
        parent: Sở Tư pháp tỉnh Lạng Sơn
        signer: Hoàng Thị Bích
        offices:
          hcth: Phòng Hành chính – Tổng hợp
          nv: Phòng Nghiệp vụ
        coordinator: hcth               # synthesises and reports (III.1)
        requirements:                   # II.2, what every chuyên đề must answer
          results: Kết quả triển khai thực hiện chuyên đề theo quy định
          experience: Kinh nghiệm thực hiện chuyên đề
          difficulties: Khó khăn, vướng mắc khi triển khai thực hiện
          solutions: Giải pháp phù hợp với đặc điểm tình hình của Trung tâm
          proposals: Đề xuất, kiến nghị (nếu có)
        topics:
          - number: 1
            title: Nâng cao năng lực truyền thông về trợ giúp pháp lý đối với người dân tộc thiểu số cho viên chức Trung tâm Trợ giúp pháp lý nhà nước
            lead: hcth
            review: nv
            quarter: 1
            milestones: {opinion: 2025-03-15, review: 2025-03-20, final: 2025-03-28}
            outline:
              - Mở đầu
              - Nội dung:
                  - Thực trạng truyền thông TGPL cho người dân tộc thiểu số của viên chức Trung tâm:
                      - Kết quả đạt được
                      - Hạn chế tồn tại, khó khăn vướng mắc
                  - Giải pháp
                  - Đề xuất, kiến nghị
              - Kết luận
          - number: 2
            title: Chia sẻ kỹ năng, kinh nghiệm và giải pháp nâng cao hiệu quả trong thực hiện vụ việc TGPL bằng hình thức tham gia tố tụng để bảo vệ quyền và lợi ích hợp pháp cho người được TGPL trong vụ án dân sự về việc “Tranh chấp quyền sử dụng đất, tài sản gắn liền với đất, yêu cầu hủy quyết định cá biệt”
            lead: nv
            review: hcth
            quarter: 2
            milestones: {opinion: 2025-06-15, review: 2025-06-20, final: 2025-06-28}
            outline:
              - Mở đầu
              - Nội dung:
                  - Thực trạng thực hiện vụ việc:
                      - Kết quả đạt được
                      - Hạn chế tồn tại, khó khăn vướng mắc
                  - Chia sẻ kỹ năng, kinh nghiệm
                  - Ví dụ về một số vụ việc
                  - Giải pháp
              - Kết luận
          - number: 3
            title: Thực trạng, giải pháp nâng cao hiệu quả thẩm định, đánh giá chất lượng vụ việc trợ giúp pháp lý
            lead: nv
            review: hcth
            quarter: 3
            milestones: {opinion: 2025-09-15, review: 2025-09-20, final: 2025-09-30}
            outline:
              - Mở đầu
              - Nội dung:
                  - Thực trạng thẩm định, đánh giá chất lượng vụ việc TGPL tại Trung tâm:
                      - Kết quả đạt được
                      - Hạn chế tồn tại, khó khăn vướng mắc
                  - Chia sẻ kỹ năng, kinh nghiệm
                  - Giải pháp
                  - Đề xuất, kiến nghị
              - Kết luận
          - number: 4
            title: Chia sẻ kỹ năng, kinh nghiệm và giải pháp nâng cao hiệu quả trong thực hiện vụ việc TGPL bằng hình thức tham gia tố tụng bào chữa cho người bị buộc tội từ đủ 16 tuổi đến dưới 18 tuổi trong vụ án hình sự “Gây rối trật tự công cộng”
            lead: nv
            review: hcth
            quarter: 4
            milestones: {opinion: 2025-12-15, review: 2025-12-20, final: 2025-12-30}
            outline:
              - Mở đầu
              - Nội dung:
                  - Thực trạng thực hiện vụ việc:
                      - Kết quả đạt được
                      - Hạn chế tồn tại, khó khăn vướng mắc
                  - Chia sẻ kỹ năng, kinh nghiệm
                  - Ví dụ về một số vụ việc
                  - Giải pháp
              - Kết luận

        """#

    /// The plan with one passage replaced; the passage must occur.
    static func replacing(_ passage: String, with other: String, line: Int? = nil) throws -> [UInt8] {
        try #require(text.contains(passage), "\(passage)")
        guard let line else { return Array(text.replacing(passage, with: other, maxReplacements: 1).utf8) }
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        try #require(lines[line - 1].contains(passage), "\(lines[line - 1])")
        lines[line - 1] = lines[line - 1].replacing(passage, with: other)
        return Array(lines.joined(separator: "\n").utf8)
    }
}

extension [PlanProblem] {
    /// Whether any of them stops loading.
    var hasFatal: Bool { contains { $0.isFatal } }
}

/// Reproducible chance (SplitMix64): a failing seed replays the failure.
struct SplitMix64: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
