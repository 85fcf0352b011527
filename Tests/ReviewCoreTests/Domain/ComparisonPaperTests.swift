import Testing

@testable import ReviewCore

@Suite("Paper: comparison of two revisions")
struct ComparisonPaperTests {
    private func paper(_ world: World, from: Int? = nil, to: Int? = nil, _ who: String = "hanh") throws -> String {
        try Papers.form(
            named: "ban-so-sanh", topic: world[1], Papers.Arguments(from: from, to: to), in: world.state, for: p(who),
            now: world.now)
    }

    private func refusal(_ world: World, from: Int? = nil, to: Int? = nil, _ who: String = "hanh") -> Refusal? {
        #expect(throws: Refusal.self) { try paper(world, from: from, to: to, who) }
    }

    /// Every kind of change, and comments at changed places, at unchanged ones, and on more than a paragraph.
    private static let revised = """
        Lời dẫn: chuyên đề năm 2025.

        # Mở đầu
        \(Draft.opening.replacing("57", with: "75"))
        # Nội dung
        ## Thực trạng công tác truyền thông
        ### Kết quả đạt được
        \(Draft.results)
        ## Đề xuất, kiến nghị
        \(Draft.proposals)
        - Đề nghị các xã cùng tham gia.
        ## Giải pháp
        \(Draft.measures) Mở rộng phát thanh tiếng dân tộc.
        # Kết luận
        \(Draft.ending)
        """

    private func changed() throws -> World {
        var world = try World()
        try world.reach(.review)
        try world.comment(at: "II.3/1", level: .must, "Chưa rõ cơ quan nhận.")  // C1
        try world.comment(at: "I/1", quote: "57 buổi", level: .must, "Phải là 75 buổi.")  // C2
        try world.comment("quyen", at: "II.1.1/1", kind: .question, "Nguồn số liệu?")  // C3
        try world.comment("nga", behalf: "office", "Cả phòng nhất trí bố cục.")  // C4
        try world.comment("van", at: "II.1.2/1", behalf: "quyen", "Thiếu bản tiếng Dao.")  // C5
        try world.comment(at: "II.2", level: .note, "Giải pháp sát thực tế.")  // C6
        try world.act("bich", .submit(topic(1)))
        try world.act(
            "lan",
            .push(
                topic(1), base: 1, addresses: [1, 2, 3, 4, 6].map { CommentID($0) },
                note: "Sửa số liệu theo báo cáo năm.", text: octets(Self.revised)))
        try world.settle(CommentID(2))
        try world.settle(CommentID(1), .declined, "Đã nêu Sở Tư pháp.")
        try world.act("quyen", .withdraw(CommentID(3), reason: octets("Đã rõ.")))
        return world
    }

    @Test("each change stands in its section, with both texts and the changed words marked")
    func changes() throws {
        let text = try paper(changed())
        for phrase in [
            "Chữ bỏ đi ghi trong [-…-], chữ thêm vào ghi trong {+…+}.",
            """
            Phần trước đề mục đầu tiên
            \(String(repeating: "-", count: 80))
            STT 1 · phần trước đề mục đầu tiên, đoạn 1 · thêm mới
              Dự thảo lần 1: (không có)
              Dự thảo lần 2: (thêm mới)
                  Lời dẫn: chuyên đề năm 2025.
            """,
            """
            I. Mở đầu
            \(String(repeating: "-", count: 80))
            STT 2 · mục I, đoạn 1 · sửa
              Dự thảo lần 1:
                  Năm 2024 Trung tâm tổ chức [-57-] buổi truyền thông ở vùng cao.
              Dự thảo lần 2:
                  Năm 2024 Trung tâm tổ chức {+75+} buổi truyền thông ở vùng cao.
              Ý kiến được nêu là đã xử lý:
                  C2 (Hà Văn Phúc; mức: bắt buộc; dự thảo lần 2 nêu là đã xử lý): Phải là 75 buổi.
                  Kết quả: tiếp thu.
            """,
            " · đề mục II.1 · sửa\n  Dự thảo lần 1:\n      Thực trạng ",
            "II.1.2. Hạn chế tồn tại, khó khăn vướng mắc (mục của dự thảo lần 1; dự thảo lần 2 không có mục này)",
            " · đề mục II.1.2 · bỏ\n  Dự thảo lần 1:\n      Hạn chế tồn tại, khó khăn vướng mắc\n  Dự thảo lần 2: (bỏ)\n",
            "      \(Draft.limits)\n  Dự thảo lần 2: (bỏ)\n",
            "  Dự thảo lần 2: (thêm mới)\n      - Đề nghị các xã cùng tham gia.\n",
            "{+ Mở rộng phát thanh tiếng dân tộc.+}", "(chuyển từ đề mục II.",
        ] {
            #expect(text.contains(phrase), "\(phrase)\n\(text)")
        }
        #expect(!text.contains(Draft.results) && !text.contains(Draft.ending), "unchanged paragraphs are not repeated")
        #expect(!text.contains("#"), "headings stand without their marks")
        let rows = text.split(separator: "\n").filter { $0.hasPrefix("STT ") }
        #expect(rows.indices.allSatisfy { rows[$0].hasPrefix("STT \($0 + 1) · ") }, "\(rows)")
        let lines = text.split(separator: "\n")
        let groups = lines.indices.filter { lines[$0].hasPrefix("=") }.compactMap { place in
            lines.dropFirst(place + 1).first?.split(separator: ".").dropLast().joined(separator: ".")
        }
        #expect(groups.dropLast() == ["", "I", "II.1", "II.1.2", "II.2", "II.3"], "\(text)")
    }

    @Test("a heading that only changes its level says so")
    func levels() throws {
        var world = try World()
        try world.reach(.drafting)
        try world.push(Draft.first.replacing("## Đề xuất", with: "# Đề xuất"))
        let text = try paper(world)
        #expect(
            text.contains(
                """
                 · đề mục III · đổi cấp đề mục
                  Dự thảo lần 2: (giữ nguyên lời, đổi cấp đề mục từ “##” thành “#”)
                      Đề xuất, kiến nghị
                """), "\(text)")
        #expect(text.contains("- đoạn: sửa 0, thêm 0, bỏ 0, chuyển chỗ 0\n  - đề mục: sửa 1, thêm 0"), "\(text)")
    }

    @Test("sections that are gone stand where they stood, in their order")
    func goneSections() throws {
        var world = try World()
        try world.reach(.assigned)
        try world.act("hanh", .assign(topic(1), p("lan"), .author))
        let kept = ["# Mở đầu\n\nLý do chọn chuyên đề.\n\n", "# Kết luận\n\nĐề nghị phê duyệt.\n"]
        let gone = "# Căn cứ\n\nLuật Trợ giúp pháp lý năm 2017.\n\n# Phạm vi\n\nCác xã vùng cao, biên giới.\n\n"
        try world.push(kept[0] + gone + kept[1])
        try world.push(kept[0] + kept[1])
        let text = try paper(world)
        let titles = text.split(separator: "\n").filter { $0.contains("không có mục này") }
        #expect(titles.map { $0.prefix { $0 != "(" } } == ["II. Căn cứ ", "III. Phạm vi "], "\(text)")
    }

    @Test("the revisions, the author's note, the kind of change and the counts are said")
    func opening() throws {
        let text = try paper(changed())
        for phrase in [
            "- Dự thảo lần 1: Lý Thị Lan (Phòng Hành chính – Tổng hợp) gửi lúc 09:00 ngày 03/3/2025, SHA-256 ",
            "Ghi chú của người soạn thảo: “Sửa số liệu theo báo cáo năm.”",
            "So với dự thảo lần 1: có sửa ngoài các đoạn có ý kiến",
            "- tính chất: có sửa ngoài các đoạn có ý kiến", "- đoạn: sửa ", "- đề mục: sửa ",
        ] {
            #expect(text.contains(phrase), "\(phrase)\n\(text)")
        }
    }

    @Test("every comment that the newer revisions claim is named once, with what became of it")
    func claims() throws {
        let world = try changed()
        let text = try paper(world)
        #expect(text.contains("4. Ý kiến được nêu là đã xử lý trong dự thảo lần 2: 5 (C1, C2, C3, C4, C6)."))
        for number in [1, 2, 3, 4, 6] {
            #expect(text.ranges(of: "C\(number) (").count == 1, "C\(number)\n\(text)")
        }
        for phrase in [
            "- mục II.1.1, đoạn 1 (dự thảo lần 1; đoạn này giữ nguyên):\n    C3 (Lương Thị Quyên; mức: nên sửa; dự thảo lần 2 nêu là đã xử lý): Nguồn số liệu?\n    Kết quả: người góp ý đã rút.",
            "- toàn bộ chuyên đề:\n    C4 (Phòng Nghiệp vụ; mức: nên sửa; dự thảo lần 2 nêu là đã xử lý): Cả phòng nhất trí bố cục.\n    Kết quả: chưa có tiếp thu, giải trình.",
            "Kết quả: không tiếp thu; giải trình: Đã nêu Sở Tư pháp.",
        ] {
            #expect(text.contains(phrase), "\(phrase)\n\(text)")
        }
        #expect(!text.contains("C5"), "nobody claims it")
        var settled = world
        try settled.act("lan", .settle(CommentID(5), .accepted, revision: 2, body: nil))
        #expect(try paper(settled).contains("C5 (Lương Thị Quyên, Mã Thị Vân ghi thay mặt, chưa xác nhận; "))
    }

    @Test("numbers may be left out, skip revisions, and lead back")
    func numbers() throws {
        var world = try changed()
        try world.push(Draft.first)
        #expect(try paper(world).contains("DỰ THẢO LẦN 2 VỚI DỰ THẢO LẦN 3"))
        #expect(try paper(world, to: 2).contains("DỰ THẢO LẦN 1 VỚI DỰ THẢO LẦN 2"))
        let same = try paper(world, from: 1)
        for phrase in [
            "Hai dự thảo giống hệt nhau.", "- tính chất: không thay đổi",
            "Dự thảo lần 2: Lý Thị Lan", "(không so sánh tại đây)", "C2 (",
        ] {
            #expect(same.contains(phrase), "\(phrase)\n\(same)")
        }
        let back = try paper(world, from: 2, to: 1)
        #expect(
            back.contains("Năm 2024 Trung tâm tổ chức [-75-] buổi") && back.contains("- tính chất: có sửa nội dung"))
        #expect(!back.contains("C2"), "an older revision claims nothing")
        try world.push(Draft.cosmetic)
        #expect(try paper(world, from: 1, to: 4).contains("- tính chất: chỉ sửa trình bày, dấu câu"))
    }

    @Test("over several revisions the kind says what all of them kept to, and no more than is certain")
    func kindOverSeveral() throws {
        var world = try World()
        try world.reach(.revision)
        let id = try world.comment(at: "I/1", level: .must)
        for count in ["75", "76"] {
            try world.push(Draft.text(opening: Draft.opening.replacing("57", with: count)), addresses: [id])
        }
        #expect(world[1].revisions.dropFirst().allSatisfy { $0.change == .addressed })
        #expect(try paper(world, from: 1).contains("- tính chất: chỉ sửa các đoạn có ý kiến được tiếp thu\n"))
        #expect(try paper(world, from: 3, to: 1).contains("- tính chất: có sửa nội dung\n"))
        try world.push(Draft.rewritten)
        #expect(try paper(world, from: 1).contains("- tính chất: có sửa nội dung\n"))
        #expect(try paper(world, from: 3).contains("- tính chất: có sửa ngoài các đoạn có ý kiến\n"))
    }

    @Test("refused: no revision, only one, one that is not there, twice the same")
    func refusals() throws {
        var world = try World()
        #expect(refusal(world)?.code == .stage)
        try world.reach(.drafting)
        let only = refusal(world)
        #expect(only?.code == .stage && only?.details == [Detail("stage", "drafting")])
        #expect(only?.wording.vietnamese == "Chuyên đề 2025-1 mới có dự thảo lần 1, chưa có bản thứ hai để so sánh.")
        #expect(refusal(world, to: 1)?.code == .stage)
        #expect(refusal(world, from: 1)?.code == .invalid)
        try world.push(Draft.cosmetic)
        for (from, to) in [(7, nil), (nil, 7), (1, 7), (0, 2)] as [(Int?, Int?)] {
            let absent = refusal(world, from: from, to: to)
            #expect(absent?.code == .notFound, "\(String(describing: from)) \(String(describing: to))")
            #expect(absent?.wording.vietnamese.hasSuffix(", hoặc bạn chưa được xem") == true)
        }
        #expect(refusal(world, from: 2, to: 2)?.details == [Detail("argument", "from")])
        #expect(refusal(world, from: 2)?.code == .invalid)
        #expect(refusal(world, to: 1)?.code == .invalid)
    }

    @Test("only who reads the text gets it, at every stage")
    func readers() throws {
        var world = try World()
        try world.reach(.drafting)
        try world.push(Draft.cosmetic)
        for stage in [
            Stage.drafting, .leadership, .review, .revision, .plenary, .finishing, .approval, .approved,
        ] {
            try world.reach(stage)
            for who in Chaos.names where world.state.access(of: p(who), to: world[1]) != .text {
                #expect(refusal(world, who)?.code == .notFound, "\(who) at \(stage)")
            }
            let text = try paper(world)
            #expect(text.contains("bước: \(stage.wording.vietnamese)."), "\(stage)")
        }
        let before = try paper(world)
        try world.reach(.issued)
        let revived = world.state.reviving(topic(1), events: world.events)
        let after = try Papers.form(
            named: "ban-so-sanh", topic: revived.topics[topic(1)], in: world.state, for: p("soat"), now: world.now)
        #expect(after.replacing("ban hành, lưu hồ sơ", with: "đã phê duyệt") == before)
    }

    @Test("a removed text has its notice, and nothing is compared with it")
    func redacted() throws {
        let world = try changed()
        let pushed = try #require(world.events.first { $0.fact.type == "REVISION.PUSHED" })
        let outcome = try world.state.decide(
            .redact(pushed, document: "05/QĐ-TGPL", reason: octets("Có tên trẻ em.")), by: .operator, now: world.now)
        var events = world.events.map { event -> Event in
            guard event.sequence == pushed.sequence, case .revisionPushed(let fact) = event.fact else { return event }
            let gone = RevisionPushed(
                topic: fact.topic, revision: fact.revision, change: fact.change, addresses: fact.addresses,
                note: fact.note, text: Body(digest: fact.text.digest, text: nil))
            return Event(
                sequence: event.sequence, time: event.time, person: event.person, office: event.office,
                fact: .revisionPushed(gone))
        }
        for (place, fact) in outcome.facts.enumerated() {
            events.append(
                Event(
                    sequence: world.state.lastSequence + Int64(place) + 1, time: world.now, person: nil, office: nil,
                    fact: fact))
        }
        var state = State()
        for event in events { state.apply(event) }
        let text = try Papers.form(
            named: "ban-so-sanh", topic: state.topics[topic(1)], in: state, for: p("hanh"), now: world.now)
        for phrase in [
            "Không so sánh được từng đoạn:", "Dự thảo lần 1: [nội dung đã xóa theo 05/QĐ-TGPL]",
            "Dự thảo lần 2: còn đủ nội dung", "- số lượng: không xác định được, vì có nội dung đã xóa",
            "- mục I, đoạn 1 (dự thảo lần 1):\n    C2 (Hà Văn Phúc;",
        ] {
            #expect(text.contains(phrase), "\(phrase)\n\(text)")
        }
        #expect(!text.contains("57 buổi truyền thông") && !text.contains("STT 1"))
    }

    @Test("it is laid out as an enclosure of the lead office")
    func layout() throws {
        var world = try changed()
        world.now = at("2025-04-05")
        let text = try paper(world)
        for phrase in [
            "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "TRUNG TÂM TRỢ GIÚP PHÁP LÝ NHÀ NƯỚC ",
            "Lạng Sơn, ngày 05 tháng 4 năm 2025", "BẢN SO SÁNH",
            "của chuyên đề CĐ1/2025./.", "TRƯỞNG PHÒNG HÀNH CHÍNH – TỔNG HỢP", "Nông Thị Hạnh", "- Phòng Nghiệp vụ;",
            "- Lưu: VT, HCTH.",
        ] {
            #expect(text.contains(phrase), "\(phrase)\n\(text)")
        }
        #expect(text.hasSuffix("\n") && !text.contains("\r") && !text.contains("\t"))
    }
}
