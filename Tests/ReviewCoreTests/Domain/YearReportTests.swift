import Testing

@testable import ReviewCore

@Suite("Paper: report of a year")
struct YearReportTests {
    private func paper(_ world: World, year: Int? = nil, _ who: String = "hanh") throws -> String {
        try Papers.form(
            named: "bao-cao-nam", topic: nil, Papers.Arguments(year: year), in: world.state, for: p(who),
            now: world.now)
    }

    /// The part about topic 1.
    private func first(_ world: World, _ who: String = "hanh") throws -> String {
        let text = try paper(world, who)
        let start = try #require(text.firstRange(of: "\n1. Chuyên đề CĐ1/2025"))
        let rest = text[start.upperBound...]
        return String(rest[..<(rest.firstRange(of: "\n\n")?.lowerBound ?? rest.endIndex)])
    }

    @Test("every stage is told, with the day since when")
    func stages() throws {
        var world = try World()
        for stage in [
            Stage.assigned, .drafting, .leadership, .review, .revision, .plenary, .finishing, .approval,
        ] {
            try world.reach(stage)
            let expected = "- Kết quả: bước “\(stage.wording.vietnamese)” từ ngày 03/3/2025; "
            #expect(try first(world).contains(expected), "\(stage)")
            #expect(try paper(world).contains("- đang thực hiện: 4 (CĐ1/2025, CĐ2/2025, CĐ3/2025, CĐ4/2025)"))
        }
        try world.reach(.approved)
        #expect(try first(world).contains("- Kết quả: đã phê duyệt ngày 03/3/2025, chưa ban hành"))
        #expect(try paper(world).contains("- đã phê duyệt, chưa ban hành: 1 (CĐ1/2025)"))
        try world.reach(.issued)
        #expect(try first(world).contains("- Kết quả: đã ban hành số 05/CĐ-TGPL ngày 03/3/2025"))
        #expect(try paper(world).contains("- đã ban hành: 1 (CĐ1/2025)"))
    }

    @Test("of a finished topic nothing is printed that is not in memory")
    func archived() throws {
        for stage in [Stage.issued, .cancelled] {
            var world = try World()
            try world.reach(.drafting)
            world.now = at("2025-03-20")
            try world.act("hanh", .submit(topic(1)))
            try world.act("bich", .submit(topic(1)))
            try world.comment()
            if stage == .issued {
                try world.reach(.revision)
                try world.settle(CommentID(1), .noted)
            }
            try world.reach(stage)
            world.now = at("2025-05-01")
            let part = try first(world)
            for phrase in [
                "- Hạn theo Kế hoạch:", "+ Mốc 1, gửi lãnh đạo cho ý kiến: trước ngày 15/3/2025\n",
                "+ Mốc 3, sinh hoạt và hoàn thiện: trước ngày 28/3/2025\n", "xem hồ sơ lưu của chuyên đề",
            ] {
                #expect(part.contains(phrase), "\(stage): \(phrase)\n\(part)")
            }
            for word in ["quá hạn", "đúng hạn", "hoàn thành ngày", "Ý kiến góp ý", "chưa hoàn thành"] {
                #expect(!part.contains(word), "\(stage): \(word)\n\(part)")
            }
            let text = try paper(world)
            #expect(text.contains("1. Đang quá hạn: không có.") && text.contains("2. Số chuyên đề đang quá hạn: 0."))
            #expect(text.contains("Mục này không xét các chuyên đề đã lưu hồ sơ: CĐ1/2025."))
        }
    }

    @Test("with its course at hand a finished topic is reported like any other")
    func courses() throws {
        var world = try World()
        #expect(Papers.finishedTopics(of: nil, for: p("hanh"), in: world.state).isEmpty)
        try world.reach(.review)
        try world.comment()
        world.now = at("2025-03-25")
        try world.reach(.revision)
        try world.settle(CommentID(1), .noted)
        try world.reach(.issued)
        #expect(Papers.finishedTopics(of: nil, for: p("hanh"), in: world.state) == [topic(1)])
        #expect(Papers.finishedTopics(of: 2025, for: p("soat"), in: world.state) == [topic(1)])
        #expect(Papers.finishedTopics(of: 2024, for: p("hanh"), in: world.state).isEmpty)
        #expect(Papers.finishedTopics(of: nil, for: p("tri"), in: world.state).isEmpty, "the administrator reads none")
        let revived = try #require(world.state.reviving(topic(1), events: world.events).topics[topic(1)])
        let text = try Papers.form(
            named: "bao-cao-nam", topic: nil, Papers.Arguments(courses: [topic(1): TopicCourse(of: revived)]),
            in: world.state, for: p("hanh"), now: world.now)
        for phrase in [
            "+ Mốc 1, gửi lãnh đạo cho ý kiến: trước ngày 15/3/2025; hoàn thành ngày 03/3/2025, đúng hạn\n",
            "+ Mốc 2, phản biện: trước ngày 20/3/2025; hoàn thành ngày 25/3/2025, quá hạn 6 ngày\n",
            "- Ý kiến góp ý: 1 (của 1 cá nhân, 0 phòng), trong đó",
            "2. Đã hoàn thành nhưng chậm:\n  - CĐ1/2025, Mốc 2, phản biện: hoàn thành ngày 25/3/2025, quá hạn 6 ngày",
        ] {
            #expect(text.contains(phrase), "\(phrase)\n\(text)")
        }
        #expect(!text.contains("xem hồ sơ lưu") && !text.contains("Mục này không xét"))
    }

    @Test("milestones: reached in time, late, again after a return, extended, overdue, still to come")
    func milestones() throws {
        var world = try World()
        try world.reach(.drafting)
        #expect(try first(world).contains("trước ngày 15/3/2025; chưa hoàn thành, còn 11 ngày"))
        world.now = at("2025-03-14")
        #expect(try first(world).contains("trước ngày 15/3/2025; chưa hoàn thành, hôm nay là ngày cuối"))
        try world.act("hanh", .submit(topic(1)))
        #expect(try first(world).contains("trước ngày 15/3/2025; hoàn thành ngày 14/3/2025, đúng hạn\n"))
        world.now = at("2025-03-16")
        #expect(
            try paper(world).contains(
                "- CĐ1/2025, Mốc 1, gửi lãnh đạo cho ý kiến (trước ngày 15/3/2025): quá hạn 2 ngày; phòng chủ trì đã trình, đang chờ ở bước “lãnh đạo cho ý kiến”\n"
            ))
        try world.act("dung", .sendBack(topic(1), reason: octets("Chưa đủ số liệu.")))
        #expect(
            try first(world).contains("hoàn thành ngày 14/3/2025, đúng hạn; bị trả lại, đang làm lại, quá hạn 2 ngày\n")
        )
        world.now = at("2025-03-17")
        try world.act("hanh", .submit(topic(1)))
        #expect(
            try first(world).contains(
                "hoàn thành ngày 14/3/2025, đúng hạn; bị trả lại, hoàn thành lại ngày 17/3/2025, quá hạn 3 ngày\n"))
        try world.act("bich", .submit(topic(1)))
        try world.act(
            "bich",
            .extend(topic(1), .final, to: day("2025-04-10"), reference: "12/QĐ-TGPL", reason: octets("Chờ số liệu.")))
        let part = try first(world)
        #expect(part.contains("+ Mốc 2, phản biện: trước ngày 20/3/2025; chưa hoàn thành, còn 2 ngày\n"), "\(part)")
        #expect(
            part.contains(
                "trước ngày 28/3/2025; gia hạn đến trước ngày 10/4/2025 theo 12/QĐ-TGPL (lý do: Chờ số liệu.); chưa hoàn thành, còn 23 ngày"
            ),
            "\(part)")
        world.now = at("2025-04-10")
        let text = try paper(world)
        for phrase in [
            "2. Số chuyên đề đang quá hạn: 1 (CĐ1/2025).",
            "- CĐ1/2025, Mốc 2, phản biện (trước ngày 20/3/2025): quá hạn 22 ngày\n",
            "- CĐ1/2025, Mốc 3, sinh hoạt và hoàn thiện (trước ngày 10/4/2025): quá hạn 1 ngày\n",
            "- CĐ1/2025, Mốc 1, gửi lãnh đạo cho ý kiến: hoàn thành ngày 17/3/2025, quá hạn 3 ngày\n",
        ] {
            #expect(text.contains(phrase), "\(phrase)\n\(text)")
        }
    }

    @Test("the rule of dates is the one in force, and is printed")
    func rule() throws {
        let expected: [(BeforeDateRule, String, String)] = [
            (.strict, "xong trước khi ngày đó bắt đầu", "quá hạn 1 ngày"),
            (.inclusive, "tính cả ngày đó", "hôm nay là ngày cuối"),
            (.workday, "ngày làm việc cuối cùng trước ngày đó", "quá hạn 1 ngày"),
        ]
        for (rule, words, late) in expected {
            var world = try World(beforeDate: rule)
            world.now = at("2025-03-15")
            #expect(try paper(world).contains(words) && first(world).contains(late), "\(rule)")
        }
    }

    @Test("postponed and cancelled topics give their reason to those who may read it")
    func reasons() throws {
        var world = try World()
        try world.act("bich", .postpone(topic(2), reason: octets("Chờ hướng dẫn.")))
        try world.act("bich", .cancel(topic(3), reason: octets("Trùng Kế hoạch của Sở.")))
        world.now = at("2025-07-01")
        let text = try paper(world, "nga")
        for phrase in [
            "- đang tạm hoãn: 1 (CĐ2/2025)", "- đã hủy: 1 (CĐ3/2025)", "đang tạm hoãn, lý do: Chờ hướng dẫn.",
            "đã hủy ngày 03/3/2025, lý do: Trùng Kế hoạch của Sở.", "ngày; chuyên đề đang tạm hoãn\n",
        ] {
            #expect(text.contains(phrase), "\(phrase)\n\(text)")
        }
        let other = try paper(world, "tri")
        #expect(other.contains("đang tạm hoãn\n") && other.contains("đã hủy ngày 03/3/2025\n"), "\(other)")
        #expect(!other.contains("lý do:"))
    }

    @Test("figures of comments only where the text is open to the reader")
    func figures() throws {
        var world = try World()
        try world.reach(.review)
        try world.comment()
        try world.comment("nga", behalf: "office")
        #expect(
            try first(world, "hanh").contains(
                "- Ý kiến góp ý: 2 (của 1 cá nhân, 1 phòng), trong đó tiếp thu: 0; tiếp thu một phần: 0; không tiếp thu: 0; ghi nhận: 0; chưa có tiếp thu, giải trình: 2; người góp ý đã rút: 0"
            ))
        #expect(try first(world, "tri").contains("- Ý kiến góp ý: ở bước này chưa mở cho người lập báo cáo"))
        var drafting = try World()
        try drafting.reach(.drafting)
        #expect(try first(drafting, "nga").contains("- Ý kiến góp ý: ở bước này chưa mở"))
        #expect(try first(drafting, "lan").contains("- Ý kiến góp ý: chưa có"))
    }

    @Test("an observer's report covers what is approved, and says how many of how many")
    func observers() throws {
        var world = try World()
        let none = try paper(world, "soat")
        #expect(none.contains("chỉ tổng hợp 0/4 chuyên đề của Kế hoạch; 4 chuyên đề còn lại chưa mở"))
        #expect(none.contains("Không có chuyên đề nào để tổng hợp."))
        try world.reach(.issued)
        let text = try paper(world, "soat")
        #expect(text.contains("chỉ tổng hợp 1/4 chuyên đề") && text.contains("(Phùng Văn Soát)"))
        #expect(text.contains("Tổng số chuyên đề theo Kế hoạch: 4, trong đó tổng hợp 1."))
        for other in ["CĐ2", "CĐ3", "CĐ4"] { #expect(!text.contains(other)) }
        #expect(try !paper(world).contains("Phạm vi:"))
    }

    @Test("without a year the newest plan; a year without one is not found")
    func years() throws {
        var world = try World()
        try world.act(nil, .loadPlan(SeedDraft.plan(year: 2026), source: octets("plan: 2026\n")))
        try world.act(nil, .loadPlan(SeedDraft.plan(year: 2024), source: octets("plan: 2024\n")))
        #expect(try paper(world).contains("CĐ1/2026") && !paper(world).contains("CĐ1/2025"))
        #expect(try paper(world, year: 2025).contains("CĐ1/2025"))
        let absent = #expect(throws: Refusal.self) { try paper(world, year: 2031) }
        #expect(absent?.code == .notFound)
        #expect(absent?.wording.vietnamese == "Không có Kế hoạch năm 2031; đã nạp Kế hoạch năm: 2024, 2025, 2026.")
        var empty = try World()
        empty.state.plans = []
        let nothing = #expect(throws: Refusal.self) { try paper(empty) }
        #expect(nothing?.code == .notFound)
        #expect(nothing?.wording.vietnamese == "Chưa có Kế hoạch năm nào được nạp.")
    }

    @Test("it is laid out as a report of the coordinating office to the Director")
    func layout() throws {
        var world = try World()
        world.now = at("2025-12-05")
        let text = try paper(world)
        for phrase in [
            "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "TRUNG TÂM TRỢ GIÚP PHÁP LÝ NHÀ NƯỚC ", "Số: ……/BC-HCTH",
            "Lạng Sơn, ngày 05 tháng 12 năm 2025", "  BÁO CÁO\n",
            "Kính gửi: Giám đốc Trung tâm Trợ giúp pháp lý nhà nước",
            "Thực hiện Kế hoạch số …… ngày …… tháng 01 năm 2025 của",
            "I. TÌNH HÌNH CHUNG", "II. KẾT QUẢ TỪNG CHUYÊN ĐỀ", "III. TỒN TẠI, HẠN CHẾ",
            "IV. NHẬN XÉT, ĐỀ XUẤT, KIẾN NGHỊ", "theo quy định./.", "TRƯỞNG PHÒNG HÀNH CHÍNH – TỔNG HỢP",
            "Nông Thị Hạnh", "- Như trên;", "- Lưu: VT, HCTH.",
            "Phòng Nghiệp vụ chủ trì; Phòng Hành chính – Tổng hợp phản biện; thực hiện trong Quý IV/2025",
        ] {
            #expect(text.contains(phrase), "\(phrase)\n\(text)")
        }
        #expect(text.hasSuffix("\n") && !text.contains("\r") && !text.contains("\t"))
    }
}
