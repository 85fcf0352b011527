import Testing

@testable import ReviewCore

@Suite("Papers")
struct PapersTests {
    private func paper(_ name: String, _ world: World, _ who: String = "hanh") throws -> String {
        try Papers.form(named: name, topic: world[1], in: world.state, for: p(who), now: world.now)
    }

    /// A topic with one comment of every fate.
    private func discussed() throws -> World {
        var world = try World()
        try world.reach(.review)
        try world.comment(at: "II.3/1", level: .must, "Kiến nghị chưa rõ cơ quan nhận.\nCần nêu tên.")  // C1
        try world.comment(at: "I/1", quote: "57 buổi", kind: .content, level: .must, "Phải là 75 buổi.")  // C2
        try world.comment("quyen", at: "II.1.1/1", kind: .question, "Nguồn số liệu?")  // C3
        try world.comment("nga", behalf: "office", "Cả phòng nhất trí bố cục.")  // C4
        try world.comment("van", at: "II.1.2/1", behalf: "quyen", "Thiếu bản tiếng Dao.")  // C5
        try world.comment(at: "II.2/1", kind: .praise, level: .note, "Giải pháp sát thực tế.")  // C6
        let review = try world.assess("phuc", .passIfRevised)
        try world.act("nga", .endorse(review))
        try world.push(
            Draft.text(opening: Draft.opening.replacing("57", with: "75"), limits: nil), addresses: [CommentID(2)])
        try world.settle(CommentID(2))
        try world.settle(CommentID(1), .declined, "Đã nêu Sở Tư pháp.")
        try world.act("phuc", .maintain(CommentID(1), body: octets("Chưa đủ.")))
        try world.settle(CommentID(3), .partly, "Báo cáo năm 2024.")
        try world.act("quyen", .agree(CommentID(3)))
        try world.act("phuc", .withdraw(CommentID(6), reason: octets("Trùng phiếu.")))
        return world
    }

    @Test("the table has one row for every comment, withdrawn ones included, and proves it")
    func complete() throws {
        let world = try discussed()
        let text = try paper("bang-tiep-thu-giai-trinh", world)
        #expect(text.contains("Tổng số ý kiến: 6; số dòng: 6 (đủ, không thiếu ý kiến nào)."))
        for number in 1...6 {
            #expect(text.split(separator: "\n").count { $0.hasPrefix("STT") && $0.contains(" · C\(number) · ") } == 1)
        }
        for phrase in [
            "1. Số cá nhân góp ý: 2; số phòng góp ý: 1; tổng số ý kiến: 6.", "- tiếp thu: 1", "- tiếp thu một phần: 1",
            "- không tiếp thu: 1", "- ghi nhận: 0",
            "- chưa có tiếp thu, giải trình: 2", "- người góp ý đã rút: 1", "Giữ ý kiến: 1 (C1).",
            "Ghi thay mặt, chưa được xác nhận: 1 (C5).", "Tiếp thu; sửa tại dự thảo lần 2 (Lý Thị Lan).",
            "Không tiếp thu, đề nghị giữ nguyên như dự thảo (Lý Thị Lan).", "Giải trình: Đã nêu Sở Tư pháp.",
            "Người góp ý giữ ý kiến: Chưa đủ.", "Kết quả: giữ ý kiến.", "Người góp ý đồng ý (ngày 03/3/2025).",
            "ĐÃ RÚT", "Đã rút ý kiến, lý do: Trùng phiếu.", "Trích: “57 buổi”",
            "Lương Thị Quyên, Phòng Nghiệp vụ (Mã Thị Vân ghi thay mặt, chưa xác nhận)",
            "Phòng Nghiệp vụ (người ghi: Đàm Thị Nga)", "      Kiến nghị chưa rõ cơ quan nhận.\n      Cần nêu tên.",
            "(mục II.1.2, đoạn 1 (dự thảo lần 1); đoạn này không còn ở dự thảo lần 2".dropFirst().description,
        ] {
            #expect(text.contains(phrase), "\(phrase)\n\(text)")
        }
    }

    @Test("who agreed and then objected does not agree without reserve")
    func agreement() throws {
        var world = try World()
        try world.reach(.review)
        for (who, opinion) in [("bich", Opinion.agree), ("dung", .agree), ("bich", .object)] {
            try world.act(who, .opine(RevisionID(topic(1), 1), opinion, body: octets("Đã xem.")))
        }
        let text = try paper("bang-tiep-thu-giai-trinh", world)
        #expect(text.contains("2.1. Thống nhất hoàn toàn: Vi Văn Dũng (ngày 03/3/2025)."), "\(text)")
    }

    @Test("within a section rows follow the paragraphs, whichever comment came first")
    func ordered() throws {
        var world = try World()
        try world.reach(.leadership)
        try world.push(Draft.text(opening: Draft.opening + "\n\nĐoạn thứ hai của phần mở đầu."))
        try world.reach(.review)
        try world.comment(at: "I/2")
        try world.comment(at: "I/1")
        let text = try paper("bang-tiep-thu-giai-trinh", world)
        let rows = text.split(separator: "\n").filter { $0.hasPrefix("STT") }
        #expect(rows.count == 2 && rows[0].contains(" · C2 · ") && rows[1].contains(" · C1 · "), "\(rows)")
    }

    @Test("rows are grouped by section in the order of the document, each section named once")
    func grouped() throws {
        let text = try paper("bang-tiep-thu-giai-trinh", discussed())
        let groups = text.split(separator: "\n").filter { $0.hasPrefix("(1) NHÓM") }.map { $0.dropFirst(21) }
        #expect(
            groups == [
                "Toàn bộ chuyên đề", "I. Mở đầu", "II.1.1. Kết quả đạt được",
                "II.1.2. Hạn chế tồn tại, khó khăn vướng mắc", "II.2. Giải pháp",
                "II.3. Đề xuất, kiến nghị",
            ], "\(groups)")
    }

    @Test("a comment whose section is gone stands where that section stood, and says so")
    func goneSection() throws {
        var world = try World()
        try world.reach(.revision)
        try world.comment(at: "II.2/1")
        try world.push("# Mở đầu\n\n\(Draft.opening)\n\n# Kết luận\n\n\(Draft.ending)\n")
        #expect(
            try paper("bang-tiep-thu-giai-trinh", world).contains(
                "(1) NHÓM VẤN ĐỀ/MỤC: II.2. Giải pháp (mục của dự thảo lần 1, nay không còn)"))
    }

    @Test("a section that is gone and the one that has its number now are two groups, each named once")
    func goneSections() throws {
        var world = try World()
        try world.reach(.revision)
        let kept = "Trung tâm tiếp tục thực hiện các giải pháp nêu trên trong năm 2025."
        let lost = "Kinh phí hội nghị lấy từ nguồn chi thường xuyên của đơn vị."
        try world.push(
            "# Mở đầu\n\n\(Draft.opening)\n\n# Đề xuất\n\nĐề nghị Sở Tư pháp xem xét.\n\n# Kết luận\n\n\(kept)\n\n\(lost)\n"
        )
        for place in ["III/2", "II/1", "III/2"] { try world.comment(at: place) }
        try world.push("# Mở đầu\n\n\(Draft.opening)\n\n# Kết luận\n\n\(kept)\n")
        let groups = try paper("bang-tiep-thu-giai-trinh", world).split(separator: "\n")
            .filter { $0.hasPrefix("(1) NHÓM") }.map { $0.dropFirst(21) }
        #expect(
            groups == ["II. Kết luận", "II. Đề xuất (mục của dự thảo lần 2, nay không còn)"], "\(groups)")
    }

    @Test("of a comment on a section that is gone the section is said to be gone")
    func goneSectionItself() throws {
        var world = try World()
        try world.reach(.revision)
        try world.comment(at: "II.2")
        try world.push("# Mở đầu\n\n\(Draft.opening)\n\n# Kết luận\n\n\(Draft.ending)\n")
        #expect(
            try paper("bang-tiep-thu-giai-trinh", world).contains(
                "Vị trí: mục II.2 (dự thảo lần 1); mục này không còn ở dự thảo lần 2\n"))
    }

    @Test("dates in the running text have the zeros that NĐ 30/2020/NĐ-CP asks for")
    func runningDates() throws {
        #expect(day("2026-02-05").onPaper == "05/02/2026" && day("2026-03-05").onPaper == "05/3/2026")
        #expect(
            day("2026-12-15").onPaper == "15/12/2026" && at("2026-01-09", "08:05").onPaper == "08:05 ngày 09/01/2026")
        let world = try discussed()
        for name in ["bang-tiep-thu-giai-trinh", "to-trinh", "ban-so-sanh", "phieu-phan-bien"] {
            let text = try paper(name, world)
            #expect(text.contains("03/3/2025") && !text.contains(" 3/3/2025"), "\(text)")
        }
        #expect(
            try paper("phieu-phan-bien", world).contains("trước ngày 20/3/2025: chậm nhất hết thứ Tư, ngày 19/3/2025"))
    }

    @Test("the review form names nobody as the reviewer who may not review the topic")
    func formOfOthers() throws {
        let world = try discussed()
        for who in ["hanh", "lan", "bich"] {
            let text = try paper("phieu-phan-bien", world, who)
            #expect(text.contains("Người phản biện: ………………\nChức vụ: ………………\n"), "\(text)")
            #expect(!text.contains(world.state.personName(p(who))) && text.contains("PHÒNG NGHIỆP VỤ"), "\(text)")
        }
    }

    @Test("it is laid out as an administrative paper")
    func layout() throws {
        var world = try discussed()
        world.now = at("2025-01-05")
        let text = try paper("bang-tiep-thu-giai-trinh", world)
        for phrase in [
            "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc",
            "TRUNG TÂM TRỢ GIÚP PHÁP LÝ NHÀ NƯỚC ", "Lạng Sơn, ngày 05 tháng 01 năm 2025",
            "BẢNG TỔNG HỢP Ý KIẾN, TIẾP THU, GIẢI TRÌNH", "TRƯỞNG PHÒNG HÀNH CHÍNH – TỔNG HỢP",
            "Nông Thị Hạnh", "Nơi nhận:", "Số: ……/……",
            "Căn cứ Kế hoạch số …… ngày …… tháng 01 năm 2025 của", "- Ban lãnh đạo Trung tâm;", "- Lưu: VT, HCTH.",
            "Tổng hợp./.",
        ] {
            #expect(text.contains(phrase), "\(phrase)\n\(text)")
        }
        let letterhead = text.split(separator: "\n").prefix(8)
        #expect(letterhead.contains { $0.contains("PHÒNG HÀNH CHÍNH – TỔNG HỢP") }, "who signs it issues it")
        #expect(!letterhead.contains { $0.contains("SỞ TƯ PHÁP") }, "\(letterhead)")
        #expect(letterhead.allSatisfy { $0.count <= 80 }, "\(letterhead)")
        #expect(text.hasSuffix("\n") && !text.contains("\r") && !text.contains("\t"))
    }

    @Test("overridden requirements, deputies and an approver's own work are printed")
    func decisions() throws {
        var world = try World()
        try world.act("hanh", .assign(topic(1), p("bich"), .author))
        try world.push(Draft.first, "bich")
        try world.act("bich", .assign(topic(1), p("quyen"), .secretary))
        #expect(try paper("bang-tiep-thu-giai-trinh", world).contains("Giám đốc Hoàng Thị Bích tham gia soạn thảo"))
        try world.reach(.finishing)
        try world.act("bich", .override(topic(1), .format, reason: octets("Người kiểm tra nghỉ ốm.")))
        try world.confirmMinutes()
        try world.act("hanh", .vouch(RevisionID(topic(1), 1), .vouch, body: nil))
        try world.act("hanh", .submit(topic(1)))
        try world.approve()
        let text = try paper("bang-tiep-thu-giai-trinh", world)
        #expect(
            text.contains(
                "- Chưa kiểm tra thể thức; Giám đốc quyết định bỏ qua, lý do: Người kiểm tra nghỉ ốm. (Hoàng Thị Bích, ngày 03/3/2025)"
            ))
        #expect(text.contains("Người phê duyệt đồng thời tham gia soạn thảo chuyên đề này."))
        #expect(text.contains("Tổng số ý kiến: 0; số dòng: 0"))
    }

    @Test("the review form is filled in with the topic, the reviewer and their own comments of the round")
    func reviewForm() throws {
        let world = try discussed()
        let text = try paper("phieu-phan-bien", world, "phuc")
        for phrase in [
            "PHIẾU NHẬN XÉT, PHẢN BIỆN", "Tên chuyên đề: Nâng cao năng lực truyền thông về trợ giúp pháp lý",
            "Phòng chủ trì: Phòng Hành chính – Tổng hợp", "Người phản biện: Hà Văn Phúc",
            "Chức vụ: viên chức, Phòng Nghiệp vụ", "Dự thảo lần: 2, ngày 03/3/2025", "I. NHẬN XÉT CHUNG (ưu điểm)",
            "1. Kết quả triển khai thực hiện chuyên đề theo quy định", "5. Đề xuất, kiến nghị (nếu có)",
            "6. Bố cục theo Kế hoạch", "thiếu hoặc trống: “Hạn chế tồn tại, khó khăn vướng mắc” (trống)",
            "III. HẠN CHẾ", "IV. ĐỀ NGHỊ CHỈNH SỬA", "- C1 – mục II.3, đoạn 1 – mức: bắt buộc:", "- C2 – mục I, đoạn 1",
            "V. CÂU HỎI", "VI. KẾT LUẬN", "[ ] đạt nếu chỉnh sửa (pass-if-revised)", "NGƯỜI PHẢN BIỆN",
        ] {
            #expect(text.contains(phrase), "\(phrase)\n\(text)")
        }
        #expect(text.split(separator: "\n").count { $0.contains("Mức (") } == 6)
        #expect(text.split(separator: "\n").count { $0.contains("Minh chứng") } == 6)
        for other in ["C3", "C4", "C5", "C6"] { #expect(!text.contains(other), "\(other)") }
        #expect(try paper("phieu-phan-bien", world, "quyen").contains("- C3 – "))
    }

    @Test("an unknown name lists those that there are")
    func names() throws {
        let world = try discussed()
        for name in ["giay-moi", "", "BIEN-BAN"] {
            let refusal = #expect(throws: Refusal.self) { try paper(name, world) }
            #expect(refusal?.code == .invalid)
            for form in Papers.Form.allCases {
                #expect(refusal?.wording.vietnamese.contains(form.rawValue) == true)
            }
        }
        let missing = #expect(throws: Refusal.self) {
            try Papers.form(
                named: "bang-tiep-thu-giai-trinh", topic: nil, in: world.state, for: p("phuc"), now: world.now)
        }
        #expect(missing?.details == [Detail("argument", "topic")])
    }

    @Test("an argument of another form is refused and not ignored")
    func arguments() throws {
        let world = try discussed()
        func refused(_ name: String, _ arguments: Papers.Arguments) -> [Detail]? {
            let refusal = #expect(throws: Refusal.self) {
                try Papers.form(
                    named: name, topic: world[1], arguments, in: world.state, for: p("phuc"), now: world.now)
            }
            #expect(refusal?.code == .invalid)
            return refusal?.details
        }
        for form in Papers.Form.allCases where form != .comparison {
            #expect(
                refused(form.rawValue, Papers.Arguments(to: 1))?.first
                    == Detail("argument", form == .yearReport ? "topic" : "to"))
        }
        for form in Papers.Form.allCases where form != .yearReport {
            #expect(refused(form.rawValue, Papers.Arguments(year: 2025)) == [Detail("argument", "year")])
        }
        #expect(refused("bao-cao-nam", Papers.Arguments()) == [Detail("argument", "topic")])
        let strange = #expect(throws: Refusal.self) {
            try Papers.form(
                named: "bao-cao-nam", topic: nil, Papers.Arguments(from: 1), in: world.state, for: p("phuc"),
                now: world.now)
        }
        #expect(strange?.details == [Detail("argument", "from")])
    }

    @Test("who may not read the text gets no paper")
    func readers() throws {
        let world = try discussed()
        for who in ["soat", "tri"] {
            let refusal = #expect(throws: Refusal.self) { try paper("bang-tiep-thu-giai-trinh", world, who) }
            #expect(refusal?.code == .notFound)
        }
    }

    @Test("an archived topic's paper is the same once it is revived")
    func revived() throws {
        var world = try discussed()
        for id in [CommentID(4), CommentID(5)] { try world.settle(id, .noted) }
        for requirement in [Requirement.outline, .reviewed] {
            try world.reach(.finishing)
            try world.act("bich", .override(topic(1), requirement, reason: octets("Thử.")))
        }
        try world.confirmMinutes()
        try world.signOff()
        try world.act("hanh", .submit(topic(1)))
        try world.approve(seen: [CommentID(1)])
        let before = try paper("bang-tiep-thu-giai-trinh", world)
        try world.reach(.issued)
        let revived = world.state.reviving(topic(1), events: world.events)
        let after = try Papers.form(
            named: "bang-tiep-thu-giai-trinh", topic: revived.topics[topic(1)], in: world.state, for: p("soat"),
            now: world.now)
        #expect(after.replacing("ban hành, lưu hồ sơ", with: "đã phê duyệt") == before)
    }

    @Test(
        "the place of issue is found in the issuer's name",
        arguments: [
            ("Sở Tư pháp tỉnh Lạng Sơn", "Trung tâm Trợ giúp pháp lý nhà nước tỉnh Lạng Sơn", "Lạng Sơn"),
            ("Sở Tư pháp tỉnh Bà Rịa - Vũng Tàu", "Trung tâm", "Bà Rịa - Vũng Tàu"),
            ("Sở Tư pháp thành phố Hà Nội", "", "Hà Nội"),
            ("Sở Tư pháp Thành phố Hồ Chí Minh", "Trung tâm", "Thành phố Hồ Chí Minh"), ("", "Trung tâm", "…………"),
        ])
    func place(parent: String, issuer: String, expected: String) {
        #expect(PaperSheet.Letterhead.place(parent: parent, issuer: issuer) == expected)
    }
}
