import Testing

@testable import ReviewCore

/// What tells who a person is, and what does not: it blocks an approval, so both matter.
@Suite("Personal data")
struct PersonalDataTests {
    private func found(_ text: String) -> [PersonalData.Kind] {
        PersonalData.findings(in: Document(text + "\n")).map(\.kind)
    }

    @Test(
        "what is found",
        arguments: [
            ("Ông có số định danh 024099001234.", PersonalData.Kind.nationalID),
            ("Căn cước số: 123456789012", .nationalID),
            ("CMND 080123456 cấp năm 2010", .nationalID), ("định danh cá nhân số 123456789012", .nationalID),
            ("(số 001203012345)", .nationalID),
            ("Điện thoại 0912345678.", .phone), ("Gọi 0912 345 678 khi cần", .phone), ("0987.654.321", .phone),
            ("098-7654-321", .phone), ("+84912345678", .phone), ("+84 912 345 678", .phone),
            ("SĐT:0355123456,", .phone),
            ("Thư gửi nong.van.hung@gmail.com nhé", .email), ("hung@nhagov.vn", .email),
            ("hung_1@mail.example.vn.", .email),
            ("Số tài khoản: 0611001234567", .account), ("chuyển vào STK 123456", .account),
            ("sinh ngày 12/3/2007 tại Lạng Sơn", .birth), ("Ngày sinh: 01-02-2010", .birth),
            ("ngày sinh: 2010-02-01", .birth),
            ("sinh ngày 5 tháng 6 năm 2008", .birth), ("trú tại thôn Nà Lả, xã Hữu Khánh", .residence),
            ("Thường trú: số nhà 15, phường Vĩnh Trại", .residence), ("Hộ khẩu ở tổ 3, khối 5", .residence),
            ("nơi ở hiện nay: bản Khuổi Tẳm", .residence), ("bị cáo Nông Văn Hùng phạm tội", .name),
            ("Bị cáo là anh Hoàng Văn Thụ", .name), ("nguyên đơn: bà Đặng Thị Ánh", .name),
            ("người được trợ giúp pháp lý Vàng A Páo", .name), ("bị hại Ly Thị Mỷ (16 tuổi)", .name),
            ("cháu Nguyễn Ngọc Ánh bị xâm hại", .name), ("em Triệu Mùi Nái học lớp 10", .name),
            ("người được TGPL Lý A Sính", .name), ("Đương sự\nLương Thị Ước nộp đơn", .name),
            ("bị cáo ÂU VĂN ĐỨC", .name), ("người chưa thành niên Ứng Văn Ơn", .name),
            ("bị cáo **Nông Văn Hùng**", .name), ("bị hại “Lý Thị Mỷ”", .name), ("bị cáo - Nông Văn Hùng", .name),
            ("BỊ CÁO: Nguyễn Văn Hùng", .name), ("BỊ HẠI: HOÀNG THỊ ÉN", .name),
            ("CCCD 012 345 678 901", .nationalID), ("căn cước số 0123 4567 8901.", .nationalID),
            ("SỐ CĂN CƯỚC: 024.099.001.234", .nationalID), ("cccd 024099001234", .nationalID),
            ("nạn nhân (Hoàng Thị Én)", .name), ("số chứng minh nhân dân: 080123456", .nationalID),
        ])
    func isFound(_ text: String, _ kind: PersonalData.Kind) { #expect(found(text) == [kind], "\(text)") }

    @Test(
        "what is not",
        arguments: [
            "Bị cáo Nông Văn A phạm tội lần đầu.", "bị hại Nguyễn Thị B", "bị cáo N.V.H", "em T. ở xã biên giới",
            "cháu X", "Bị cáo là người chưa thành niên.", "bị cáo. Nông Văn Hùng chủ trì", "trẻ em Việt Nam",
            "trẻ em Vũ Quang", "hồ sơ số 12/0912345678",
            "các em Trường Trung học phổ thông Chu Văn An", "nguyên đơn Công ty Cổ phần Xi măng",
            "bị đơn Ủy ban nhân dân xã",
            "bị cáo theo Điều 51 Bộ luật Hình sự", "BỊ CÁO LÀ NGƯỜI CHƯA THÀNH NIÊN", "anh em Tày, Nùng",
            "trợ giúp pháp lý Nhà nước", "Trung tâm Trợ giúp pháp lý nhà nước tỉnh Lạng Sơn",
            "ông Hoàng Văn Sơn, Trưởng phòng Nghiệp vụ", "vướng mắc phát sinh ngày 12/3/2025",
            "giấy khai sinh ngày 12/3/2025", "ngày sinh hoạt chuyên đề 25/3/2025", "sinh năm 2008", "học sinh năm 2024",
            "người dân cư trú tại các xã biên giới", "trú tại thôn, bản đặc biệt khó khăn",
            "Nơi ở của người dân. Đường Trần Hưng Đạo", "57 vụ việc, 1.234.567.890 đồng", "hồ sơ 012 345 678 901",
            "căn cước của 120 300 người",
            "từ 09/12/2024 đến 31/12/2024",
            "số 29/KH-TGPL ngày 05.02.2025", "điện thoại 02053 123 456", "091234567", "09123456789", "0912xxx678",
            "số 123456789", "123456789012 đồng", "024.099.001.234", "097012345678", "a@b", "@", "0912 34 56 78 90 12",
            "stp@langson.gov.vn", "STP@LANGSON.GOV.VN", "tài khoản cấp cho 12 viên chức", "thư điện tử: x@",
            "Năm 2024, 2025 và 2026", "",
            "Hội Người khuyết tật Cao Bằng", "người được TGPL Lạng Sơn", "Quyền Của Bị Cáo Trong Vụ Án Hình Sự",
            "liệt sĩ hy sinh ngày 27/7/1972", "chứng minh thiệt hại là 250000000 đồng", "danh sách 100000000",
            "mã số thuế 0312345678", "nộp vào tài khoản 50000000 đồng", "bị hại Hà Nội", "bị hại HÀ NỘI",
            "bị cáo, Nông Văn Hùng chủ trì",
            "0", "+84", "+", "STK", "sinh ngày", "trú tại", "bị cáo", "em",
        ])
    func isNotFound(_ text: String) { #expect(found(text).isEmpty, "\(text): \(found(text))") }

    @Test("each kind once in a paragraph, with its place and a hint that tells nobody")
    func places() {
        let document = Document(
            """
            Lời dẫn 0912345678.

            # Vụ án của bị cáo Nông Văn Hùng

            ## Nội dung

            Không có gì.

            Bị hại Lý Thị Mỷ, 0912345678, 0987654321.

            """)
        let findings = PersonalData.findings(in: document)
        #expect(findings.map(\.id) == ["I:name", "0/1:phone", "I.1/2:name", "I.1/2:phone"])
        let hints = findings.map(\.hint).joined(separator: " ")
        for whole in ["Hùng", "Nông", "Mỷ", "345678"] { #expect(!hints.contains(whole), "\(hints)") }
    }

    @Test("the plan itself and the drafts of the tests have none")
    func clean() {
        for text in [Draft.first, SeedDraft.source] {
            #expect(PersonalData.findings(in: Document(text)).isEmpty, "\(text)")
        }
    }

    @Test("no octets can break it, and a long text has a bounded list")
    func anything() {
        var seed: UInt64 = 7
        func next(_ bound: Int) -> Int {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(seed >> 33) % bound
        }
        let parts = [
            "bị cáo ", "Nông ", "Văn ", "A", "Ầ", "0912", "345", "678", "@", ".", "gmail.com", "+84", " ", "\n",
            "sinh ngày ",
            "12/", "trú tại ", "thôn ", "Đ", "đ", "Ự", "🙂", "–", "“", "024099001234", "STK ", "em ", ":", "-",
        ]
        for _ in 0..<400 {
            let text = (0..<next(40)).map { _ in parts[next(parts.count)] }.joined()
            _ = found(text)
        }
        let many = String(repeating: "bị cáo Nông Văn Hùng 0912345678\n\n", count: 500)
        #expect(found(many).count <= PersonalData.most + 1)
    }

    @Test("one long paragraph takes time in proportion to it, and no hint is long")
    func longParagraph() {
        for part in ["Em ", "Bị Cáo ", "em Nông ", "a@a.", "0912-", "cháu Lý Lý Lý ", "trú tại ", "STK "] {
            let text = String(repeating: part, count: 400_000 / part.utf8.count)
            let findings = PersonalData.findings(in: Document(text + "\n"))
            #expect(findings.count <= PersonalData.Kind.allCases.count)
            #expect(findings.allSatisfy { $0.hint.utf8.count < 200 }, "\(part)")
        }
        let name = PersonalData.findings(in: Document("bị cáo" + String(repeating: " Nông", count: 6_000) + "\n"))
        #expect(name.map(\.hint) == ["N. N. N. N. N. N."])
    }
}
