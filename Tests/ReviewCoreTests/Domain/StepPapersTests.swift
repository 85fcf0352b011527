import ReviewDigest
import Testing

@testable import ReviewCore

/// The papers that go with a step: minutes of the plenary, the proposal to approve, and the topic paper itself.
@Suite("Papers of the steps")
struct StepPapersTests {
    private func paper(_ name: String, _ world: World, _ who: String = "hanh") throws -> String {
        try Papers.form(named: name, topic: world[1], in: world.state, for: p(who), now: world.now)
    }

    private func refusal(_ name: String, _ world: World, _ who: String = "hanh") -> RefusalCode? {
        let refusal = #expect(throws: Refusal.self) { try paper(name, world, who) }
        return refusal?.code
    }

    private func expect(_ text: String, _ phrases: [String]) {
        for phrase in phrases { #expect(text.contains(phrase), "\(phrase)\n\(text)") }
        #expect(text.hasSuffix("\n") && !text.contains("\r") && !text.contains("\t"))
    }

    /// A plenary with a remark of each kind, answered or not.
    private func met() throws -> World {
        var world = try World()
        try world.reach(.plenary)
        try world.comment("phuc", "Viết trước khi họp.")  // C1
        world.now = at("2025-03-25", "08:05")
        try world.openPlenary()
        try world.act(
            "quyen", .attend(topic(1), present: [p("quyen"), p("hanh"), p("dung")], absent: [p("phuc")]))
        world.now = at("2025-03-25", "08:30")
        try world.comment("nga", at: "I/1", level: .must, behalf: "office", "Phòng đề nghị nêu căn cứ.")  // C2
        try world.comment("quyen", kind: .question, behalf: "bich", "Đã hỏi Sở chưa?")  // C3
        try world.act("lan", .answer(CommentID(3), body: octets("Đã có công văn.")))
        return world
    }

    @Test("there are no minutes before a plenary")
    func noMinutes() throws {
        var world = try World()
        try world.reach(.plenary)
        #expect(refusal("bien-ban", world) == .stage)
    }

    @Test("minutes follow the form of Phụ lục III, mẫu 1.9, and leave open what has not happened")
    func openMinutes() throws {
        let text = try paper("bien-ban", met())
        expect(
            text,
            [
                "BIÊN BẢN\n", "Sinh hoạt chuyên đề “Nâng cao", "(buổi sinh hoạt chưa kết luận)",
                "Thời gian bắt đầu: 08 giờ 00 phút, ngày 25 tháng 3 năm 2025\nĐịa điểm: Hội trường",
                "Chủ trì (chủ tọa): Vi Văn Dũng, Phó Giám đốc\n",
                "Thư ký (người ghi biên bản): Lương Thị Quyên, viên chức, Phòng Nghiệp vụ",
                "Thành phần tham dự: 3 người\n  1. Vi Văn Dũng, Phó Giám đốc\n  2. Nông Thị Hạnh, Trưởng phòng, ",
                "\n  3. Lương Thị Quyên, viên chức, Phòng Nghiệp vụ\n",
                "Vắng mặt: Hà Văn Phúc, viên chức, Phòng Nghiệp vụ", "trình bày dự thảo lần 1 của chuyên đề CĐ1/2025",
                "2. Ý kiến tại buổi sinh hoạt: 2 ý kiến.",
                "  - Phòng Nghiệp vụ (Đàm Thị Nga phát biểu) (C2, nội dung, mức: bắt buộc, mục I, đoạn 1):\n    Phòng đề nghị nêu căn cứ.",
                "  - Hoàng Thị Bích, Giám đốc [ghi thay mặt, chưa xác nhận] (C3, câu hỏi,",
                "    Lý Thị Lan trả lời: Đã có công văn.", "3. Kết luận của người chủ trì:\n.....",
                "kết thúc vào …… giờ …… phút, ngày …… tháng …… năm ………./.", "THƯ KÝ", "CHỦ TỌA", "Nơi nhận:",
                "Số: ……/BB-……",
            ])
        #expect(!text.contains("Viết trước khi họp") && !text.contains("Trên hệ thống"))
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.contains { $0.contains("Lương Thị Quyên") && $0.hasSuffix("Vi Văn Dũng") }, "names side by side")
        // Mẫu 1.9 has no line of place and date: the minutes say both themselves.
        #expect(!text.contains("Lạng Sơn, ngày"))
    }

    @Test("closed minutes have the conclusion, the end, and who confirmed them; later remarks are not of the meeting")
    func closedMinutes() throws {
        var world = try met()
        world.now = at("2025-03-25", "10:15")
        try world.act("dung", .closePlenary(topic(1), conclusion: octets("Nhất trí.\nGiao phòng hoàn thiện.")))
        try world.act("dung", .confirmMinutes(topic(1)))
        world.now = at("2025-03-25", "11:00")
        try world.act("lan", .answer(CommentID(3), body: octets("Trả lời sau buổi họp.")))
        let text = try paper("bien-ban", world)
        expect(
            text,
            [
                "3. Kết luận của người chủ trì:\n  Nhất trí.\n  Giao phòng hoàn thiện.",
                "kết thúc vào 10 giờ 15 phút, ngày 25 tháng 3 năm 2025./.",
                "đã xác nhận biên bản: Vi Văn Dũng; chưa xác nhận: Lương Thị Quyên",
            ])
        #expect(!text.contains("Trả lời sau buổi họp") && !text.contains("chưa kết luận"))
        #expect(try paper("bien-ban", world, "phuc") == text, "everybody who reads the topic has the same")
        #expect(refusal("bien-ban", world, "soat") == .notFound)
    }

    @Test(
        "a meeting began when it was announced, whenever it was opened in the program; what is not known is not said",
        arguments: [
            (
                ("2025-03-24", "16:30"), ("2025-03-25", "10:15"), "25 tháng 3 năm 2025",
                [
                    "Thời gian bắt đầu: 08 giờ 00 phút, ngày 25 tháng 3 năm 2025\n(theo thông báo; mở trên hệ thống vào 16 giờ 30 phút, ngày 24 tháng 3 năm 2025)\n",
                    "Buổi sinh hoạt kết thúc vào 10 giờ 15 phút, ngày 25 tháng 3 năm 2025./.",
                ]
            ),
            (
                ("2025-03-27", "09:00"), ("2025-03-27", "09:30"), "25 tháng 3 năm 2025",
                [
                    "Thời gian bắt đầu: 08 giờ 00 phút, ngày 25 tháng 3 năm 2025\n(theo thông báo; mở trên hệ thống vào 09 giờ 00 phút, ngày 27 tháng 3 năm 2025)\n",
                    "Kết luận được ghi trên hệ thống vào 09 giờ 30 phút, ngày 27 tháng 3 năm 2025./.",
                ]
            ),
            (
                ("2025-03-25", "07:00"), ("2025-03-25", "07:50"), "25 tháng 3 năm 2025",
                [
                    "Thời gian bắt đầu: 07 giờ 00 phút, ngày 25 tháng 3 năm 2025\n(sớm hơn thông báo: 08 giờ 00 phút, ngày 25 tháng 3 năm 2025)\n",
                    "Buổi sinh hoạt kết thúc vào 07 giờ 50 phút, ngày 25 tháng 3 năm 2025./.",
                ]
            ),
            (
                ("2025-03-20", "15:00"), ("2025-03-21", "10:00"), "21 tháng 3 năm 2025",
                [
                    "Thời gian bắt đầu: ………………\n(sớm hơn thông báo: 08 giờ 00 phút, ngày 25 tháng 3 năm 2025)\n",
                    "Buổi sinh hoạt kết thúc vào 10 giờ 00 phút, ngày 21 tháng 3 năm 2025./.",
                ]
            ),
        ])
    func meetingTime(
        opened: (String, String), closed: (String, String), day: String, phrases: [String]
    ) throws {
        var world = try World()
        try world.reach(.plenary)
        world.now = at(opened.0, opened.1)
        try world.openPlenary()
        world.now = at(closed.0, closed.1)
        try world.act("dung", .closePlenary(topic(1), conclusion: octets("Nhất trí.")))
        expect(try paper("bien-ban", world), phrases)
        expect(try paper("to-trinh", world), ["4. Sinh hoạt chuyên đề ngày \(day), "])
    }

    @Test("minutes of a plenary that was held stay when the topic is sent back, until the next one is opened")
    func minutesAfterReturn() throws {
        var world = try met()
        world.now = at("2025-03-25", "10:15")
        try world.act("dung", .closePlenary(topic(1), conclusion: octets("Nhất trí.")))
        let held = try paper("bien-ban", world)
        world.now = at("2025-03-26")
        try world.act("bich", .sendBack(topic(1), reason: octets("Bổ sung số liệu.")))
        #expect(world[1].plenary == nil, "it counts no more")
        #expect(world.requirement(.plenary).state == .unmet)
        #expect(try paper("bien-ban", world) == held)
        for id in [CommentID(1), CommentID(2), CommentID(3)] { try world.settle(id, .noted) }
        try world.act("hanh", .submit(topic(1)))
        #expect(try paper("bien-ban", world) == held)
        world.now = at("2025-03-27", "08:05")
        try world.openPlenary()
        try world.comment("lan", "Ý kiến của buổi sau.")  // C4
        let second = try paper("bien-ban", world)
        #expect(
            second.contains("1 ý kiến.") && second.contains("Ý kiến của buổi sau.") && !second.contains("Nhất trí."))
        // One that is broken off was held if somebody came.
        try world.act("bich", .sendBack(topic(1), reason: octets("Mất điện.")))
        #expect(try paper("bien-ban", world) == held)
        try world.act("hanh", .submit(topic(1)))
        try world.openPlenary()
        try world.act("quyen", .attend(topic(1), present: [p("dung"), p("quyen")], absent: []))
        world.now = at("2025-03-27", "08:20")
        try world.act("bich", .sendBack(topic(1), reason: octets("Mất điện.")))
        expect(
            try paper("bien-ban", world),
            [
                "(buổi sinh hoạt không có kết luận)", "Thành phần tham dự: 2 người",
                "Buổi sinh hoạt không có kết luận; trên hệ thống dừng vào 08 giờ 20 phút, ngày 27 tháng 3 năm 2025./.",
            ])
        #expect(world[1].earlierPlenaries.count == 2)
    }

    @Test("a plenary without a roll-call or remarks says so")
    func bareMinutes() throws {
        var world = try World()
        try world.reach(.plenary)
        try world.openPlenary()
        expect(
            try paper("bien-ban", world),
            ["Thành phần tham dự: ……………… (chưa điểm danh)", "2. Ý kiến tại buổi sinh hoạt: không có."])
    }

    @Test("the proposal has the course, the reviews, the figures, and what is missing with whose turn it is")
    func submission() throws {
        var world = try World()
        #expect(refusal("to-trinh", world) == .stage)
        try world.reach(.review)
        try world.comment("phuc", at: "I/1", level: .must, "Sai số liệu.")
        world.now = at("2025-03-25")
        let review = try world.assess("phuc", .passIfRevised)
        try world.act("nga", .endorse(review))
        try world.settle(CommentID(1), .declined, "Theo báo cáo năm.")
        try world.act("phuc", .maintain(CommentID(1), body: octets("Chưa đúng.")))
        let text = try paper("to-trinh", world)
        expect(
            text,
            [
                "TỜ TRÌNH\n", "Về việc phê duyệt chuyên đề “Nâng cao", "Kính gửi: Giám đốc Trung tâm Trợ giúp pháp lý",
                // Phụ lục I: each ground of a document is a line that ends with “;”, the last one with a full stop.
                "Căn cứ Kế hoạch số ……", "”.\nPhòng Hành chính – Tổng hợp được giao", "Số: ……/TTr-HCTH",
                "1. Quá trình thực hiện", "“phản biện”",
                "- 25/3/2025: “tiếp thu, chỉnh sửa”, quá hạn",
                "- Phiếu P1, Hà Văn Phúc (Phòng Nghiệp vụ), về dự thảo lần 1: đạt nếu chỉnh sửa; Đàm Thị Nga xác nhận là ý kiến của phòng",
                "3. Ý kiến góp ý: 1 ý kiến. Trong đó:", "- không tiếp thu: 1",
                "- Đề nghị Giám đốc xem ý kiến được giữ C1 của Hà Văn Phúc: Sai số liệu.",
                "4. Sinh hoạt chuyên đề: chưa có kết luận.", "5. Điều kiện trình phê duyệt: CÒN THIẾU",
                "— chờ: Nông Thị Hạnh", "kính trình Giám đốc xem xét, phê duyệt dự thảo lần 1 (nhận ngày 03/3/2025",
                world[1].latest?.digest.description ?? "-", "TRƯỞNG PHÒNG HÀNH CHÍNH – TỔNG HỢP", "- Như trên;",
                "Hồ sơ kèm theo: dự thảo lần 1; phiếu nhận xét, phản biện; bảng tổng hợp ý kiến, tiếp thu, giải trình./.\n",
            ])
    }

    @Test("the proposal encloses what there is")
    func enclosures() throws {
        var world = try World()
        try world.reach(.review)
        expect(try paper("to-trinh", world), ["Hồ sơ kèm theo: dự thảo lần 1; bảng tổng hợp ý kiến, "])
        try world.reach(.plenary)
        try world.openPlenary()
        #expect(!(try paper("to-trinh", world).contains("biên bản sinh hoạt chuyên đề;")), "it has no conclusion yet")
        try world.act("dung", .closePlenary(topic(1), conclusion: octets("Nhất trí.")))
        let minutes = "phiếu nhận xét, phản biện; biên bản sinh hoạt chuyên đề; bảng tổng hợp"
        expect(try paper("to-trinh", world), [minutes])
        try world.act("bich", .sendBack(topic(1), reason: octets("Bổ sung số liệu.")))
        #expect(world[1].plenary == nil)
        expect(
            try paper("to-trinh", world),
            [
                "4. Sinh hoạt chuyên đề: phải tổ chức lại sinh hoạt chuyên đề, vì chuyên đề bị trả lại ngày",
                "biên bản sinh hoạt chuyên đề; bảng tổng hợp",
            ])
    }

    @Test("the proposal names every extension and every time of rest with its reason")
    func extendedAndPostponed() throws {
        var world = try World()
        try world.reach(.revision)
        try world.act(
            "bich",
            .extend(
                topic(1), .final, to: day("2025-04-10"), reference: "12/QĐ-TGPL", reason: octets("Chờ số liệu quý I.")))
        try world.act("bich", .postpone(topic(1), reason: octets("Chờ hướng dẫn của Sở.")))
        world.now = at("2025-03-12")
        try world.act("bich", .resume(topic(1)))
        #expect(world[1].postponed == nil)
        try world.act("bich", .postpone(topic(1), reason: octets("Lũ lụt.")))
        #expect(world[1].postponed?.text == "Lũ lụt.")
        expect(
            try paper("to-trinh", world),
            [
                "đến trước ngày 10/4/2025, theo văn bản 12/QĐ-TGPL; lý do: Chờ số liệu quý I.\n",
                "- Tạm hoãn từ ngày 03/3/2025 đến ngày 12/3/2025; lý do: Chờ hướng dẫn của Sở.\n",
                "- Tạm hoãn từ ngày 12/3/2025; lý do: Lũ lụt.\n",
            ])
        let report = try Papers.form(
            named: "bao-cao-nam", topic: nil, in: world.state, for: p("hanh"), now: world.now)
        expect(
            report,
            [
                "gia hạn đến trước ngày 10/4/2025 theo 12/QĐ-TGPL (lý do: Chờ số liệu quý I.); chưa hoàn thành",
                "+ Tạm hoãn từ ngày 03/3/2025 đến ngày 12/3/2025, lý do: Chờ hướng dẫn của Sở.\n",
                "đang tạm hoãn, lý do: Lũ lụt.",
            ])
        try world.reach(.cancelled)
        #expect(difference(world.state, world.restarted()) == nil)
    }

    @Test("once the text was returned, who heads the lead office now signs its papers")
    func newHead() throws {
        var world = try World()
        try world.reach(.approval)
        try world.act("bich", .sendBack(topic(1), reason: octets("Sửa phần kết luận.")))
        try world.act("tri", .changePerson(p("hanh"), name: nil, office: nil, position: .staff))
        try world.act("tri", .changePerson(p("minh"), name: nil, office: nil, position: .head))
        for name in ["to-trinh", "bang-tiep-thu-giai-trinh"] {
            let text = try paper(name, world, "minh")
            #expect(text.contains("Trần Văn Minh\n") && !text.contains("Nông Thị Hạnh"), "\(text)")
        }
        try world.act("minh", .submit(topic(1)))
        try world.act("tri", .changePerson(p("minh"), name: nil, office: nil, position: .staff))
        #expect(try paper("to-trinh", world).contains("Trần Văn Minh\n"), "who proposed it signs")
    }

    @Test("a topic that lacks nothing is proposed without reserve; the approver's own part is not held against it")
    func completeSubmission() throws {
        var world = try World()
        try world.reach(.approval)
        let text = try paper("to-trinh", world, "bich")
        expect(
            text,
            [
                "5. Điều kiện trình phê duyệt: đã đủ.",
                "4. Sinh hoạt chuyên đề ngày 03 tháng 3 năm 2025, Vi Văn Dũng, Phó Giám đốc chủ trì; có mặt 0, vắng 0. Kết luận:\n  Nhất trí; giao phòng hoàn thiện.",
            ])
        #expect(!text.contains("CÒN THIẾU"))
        try world.reach(.approved)
        #expect(!(try paper("to-trinh", world, "bich").contains("đã phê duyệt")), "what follows is no part of it")
    }

    @Test("what the Director overrode is proposed as that, and not as met or missing")
    func overriddenSubmission() throws {
        var world = try World()
        try world.reach(.finishing)
        try world.act("bich", .override(topic(1), .plenary, reason: octets("Thư ký đi công tác.")))
        expect(
            try paper("to-trinh", world),
            [
                "5. Điều kiện trình phê duyệt: CÒN THIẾU 2 việc:\n",
                "Ngoài ra có 1 điều kiện được Giám đốc quyết định bỏ qua:\n",
            ])
        try world.act("hanh", .vouch(RevisionID(topic(1), 1), .vouch, body: nil))
        try world.act("van", .checkFormat(RevisionID(topic(1), 1), .pass, body: nil))
        expect(
            try paper("to-trinh", world),
            [
                "5. Điều kiện trình phê duyệt: đã đủ, trong đó có 1 điều kiện được Giám đốc quyết định bỏ qua:\n  - biên bản sinh hoạt chưa được xác nhận đủ"
            ])
    }

    @Test("the proposal tells no reviewer what colleagues' reviews say before their own is filed")
    func hiddenReviews() throws {
        var world = try World()
        try world.reach(.review)
        try world.act("nga", .assign(topic(1), p("quyen"), .reviewer))
        try world.assess("phuc")
        #expect(refusal("to-trinh", world, "quyen") == .stage)
        try world.assess("quyen")
        #expect(try paper("to-trinh", world, "quyen").contains("Phiếu P1"))
    }

    @Test("a draft is laid out as one, with the numbers of its places")
    func draftPaper() throws {
        var world = try World()
        #expect(refusal("chuyen-de", world) == .stage)
        try world.act("hanh", .assign(topic(1), p("lan"), .author))
        try world.push(
            "Lời đầu.\n\n# I. Mở đầu\n\nĐoạn một.\n\n# Nội dung\n\n## 2.1 Kết quả\n\n### Số liệu\n\n- 75 vụ\n\nHết.\n")
        let text = try paper("chuyen-de", world)
        expect(
            text,
            [
                "CHUYÊN ĐỀ\n", "(DỰ THẢO LẦN 1, CHƯA PHÊ DUYỆT)", "Số: ……/……", "Lạng Sơn, ngày …… tháng …… năm ………",
                "\nLời đầu.\n\nI. MỞ ĐẦU\n\nĐoạn một.\n\nII. NỘI DUNG\n\n1. Kết quả\n\n1.1. Số liệu\n\n- 75 vụ\n\nHết./.\n",
                "GIÁM ĐỐC", "Hoàng Thị Bích", "- Các phòng thuộc Trung tâm;", "- Lưu: VT, HCTH.",
            ])
        #expect(!text.contains("KT. GIÁM ĐỐC"))
        #expect(refusal("chuyen-de", world, "phuc") == .notFound, "a draft is the lead office's own")
    }

    @Test("the issued paper has its number, its date and who signed it")
    func issuedPaper() throws {
        var world = try World()
        try world.act(
            "bich", .delegate(p("dung"), from: day("2025-03-01"), until: day("2025-12-31"), reference: "12/QĐ"))
        try world.reach(.approval)
        try world.approve("dung")
        world.now = at("2025-03-28")
        try world.reach(.issued)
        let revived = world.state.reviving(topic(1), events: world.events)
        let text = try Papers.form(
            named: "chuyen-de", topic: revived.topics[topic(1)], in: world.state, for: p("soat"), now: world.now)
        expect(
            text,
            [
                "Số: 05/CĐ-TGPL", "Lạng Sơn, ngày 28 tháng 3 năm 2025", "KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC", "Vi Văn Dũng",
                "(Lập từ dự thảo lần 1, mã SHA-256 \(world.state.topics[topic(1)]?.issued?.digest.description ?? "-").)",
            ])
        #expect(!text.contains("DỰ THẢO LẦN"))
    }
}
