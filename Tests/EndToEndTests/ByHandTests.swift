import Foundation
import Testing

/// The whole workflow typed by hand through `openssl s_client -quiet` (specification §1.7).
@Suite(.serialized) struct ByHandTests {
    static let draft = """
        # Mở đầu

        Năm 2024 Trung tâm thực hiện 57 vụ việc tham gia tố tụng.

        # Nội dung

        ## Thực trạng thực hiện vụ việc

        ### Kết quả đạt được

        Không có vụ việc nào bị khiếu nại.

        ### Hạn chế tồn tại, khó khăn vướng mắc

        Khó thu thập chứng cứ về nguồn gốc đất.

        ## Chia sẻ kỹ năng, kinh nghiệm

        Rất cần đối chiếu bản đồ địa chính qua các thời kỳ.

        ## Ví dụ về một số vụ việc

        Vụ tranh chấp tại xã vùng biên.

        ## Giải pháp

        Phối hợp với chi nhánh văn phòng đăng ký đất đai.

        # Kết luận

        Quan tâm bồi dưỡng kỹ năng cho người thực hiện trợ giúp pháp lý.
        """

    /// Types a request and requires its status to begin with `status`; gives the whole reply.
    @discardableResult
    private func expect(
        _ status: String, _ person: HandConnection, _ text: String, sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> [String] {
        let reply = try person.ask(text)
        #expect(
            reply.last?.hasPrefix(status) == true, "\(text.prefix(60)) → \(reply.joined(separator: "\n"))",
            sourceLocation: sourceLocation)
        return reply
    }

    private func digest(_ reply: [String]) throws -> String {
        let status = try #require(reply.last)
        let pair = try #require(status.split(separator: " ").first { $0.hasPrefix("sha256=") })
        return String(pair.dropFirst("sha256=".count))
    }

    @Test func aTopicGoesFromDraftToIssue() throws {
        let server = try ServerProcess()
        try server.start()
        func person(_ name: String) throws -> HandConnection {
            let connection = try HandConnection(server)
            try connection.logIn(name)
            return connection
        }
        let bich = try person("bich")
        let hoa = try person("hoa")
        let minh = try person("minh")
        let son = try person("son")
        let lan = try person("lan")
        let van = try person("van")

        try expect("OK ", lan, "WATCH 2025-2 after=0")
        try expect("OK ", son, "ASSIGN 2025-2 lan as=author")
        try expect("OK ", hoa, "ASSIGN 2025-2 minh as=reviewer")
        try expect("OK ", bich, "ASSIGN 2025-2 dung as=secretary")
        try expect("OK ", bich, "ASSIGN 2025-2 van as=format")
        try expect("NO FORBIDDEN retry=never", minh, "PUSH 2025-2 if=@0 <<\nThử.\n.")
        try expect("OK ", lan, "PUSH 2025-2 if=@0 note=\"Dự thảo lần 1\" <<\n\(Self.draft)\n.")
        try expect("NO NOT-FOUND", minh, "SHOW 2025-2@1")
        try expect("OK ", son, "SUBMIT 2025-2")
        try expect("OK ", bich, "OPINION 2025-2@1 as=direct <<\nBám sát số liệu báo cáo năm.\n.")
        try expect("OK ", bich, "SUBMIT 2025-2")

        let shown = try expect("OK ", minh, "SHOW 2025-2@1 numbers=yes")
        #expect(shown.contains("| L3 Năm 2024 Trung tâm thực hiện 57 vụ việc tham gia tố tụng."))
        // Lines that begin with k, K, R, Q arrive whole, because of -quiet.
        let comment = try expect(
            "OK ", minh,
            "COMMENT 2025-2@1 at=L3 quote=\"57 vụ việc\" kind=content level=must <<\nKhông đồng ý số liệu: báo cáo năm ghi 75 vụ việc.\nRất cần đối chiếu.\n."
        )
        #expect(comment.first == "| Không đồng ý số liệu: báo cáo năm ghi 75 vụ việc.")
        #expect(comment.last?.contains("id=C1 anchor=I/1 lines=2 ") == true)
        try expect("OK ", minh, "ASSESS 2025-2@1 verdict=pass-if-revised <<\nƯu điểm: bố cục rõ.\n.")
        try expect("NO FORBIDDEN", minh, "ENDORSE P1")
        try expect("OK ", hoa, "ENDORSE P1")

        let second = Self.draft.replacing("57 vụ việc", with: "75 vụ việc")
        try expect("NO STALE", lan, "PUSH 2025-2 if=@0 <<\n\(second)\n.")
        try expect("OK ", lan, "PUSH 2025-2 if=@1 addresses=C1 <<\n\(second)\n.")
        let comments = try expect("OK ", minh, "COMMENTS 2025-2")
        #expect(comments.first?.contains("now=edited") == true)
        try expect("NO INVALID", lan, "SETTLE C1 as=declined")
        try expect("OK ", lan, "SETTLE C1 as=accepted in=@2")
        try expect("OK ", minh, "AGREE C1")
        try expect("OK ", son, "SUBMIT 2025-2")
        try expect("OK ", bich, "PLENARY 2025-2 OPEN at=2025-06-25T08:00 place=\"Phòng họp\" chair=bich secretary=dung")
        try expect("OK ", bich, "ATTEND 2025-2 present=bich,son,lan,minh absent=tung")
        try expect("OK ", bich, "PLENARY 2025-2 CLOSE <<\nThống nhất nội dung.\n.")
        let refusal = try expect("NO UNMET", son, "SUBMIT 2025-2")
        #expect(refusal.contains { $0.hasPrefix("- requirement id=plenary state=unmet count=2") })
        let dung = try person("dung")
        try expect("OK ", bich, "CONFIRM 2025-2")
        try expect("OK ", dung, "CONFIRM 2025-2")
        try expect("OK ", son, "VOUCH 2025-2@2")
        try expect("OK ", van, "FORMAT 2025-2@2 as=pass")
        try expect("OK ", son, "SUBMIT 2025-2")

        let sha = try digest(try expect("OK ", bich, "SHOW 2025-2@2"))
        #expect(sha.count == 64)
        try expect("NO FORBIDDEN", minh, "APPROVE 2025-2@2 sha256=\(sha.prefix(16))")
        try expect("NO CONFLICT", bich, "APPROVE 2025-2@2 sha256=0123456789abcdef")
        try expect("OK ", bich, "APPROVE 2025-2@2 sha256=\(sha.prefix(16)) key=duyet-1")
        try expect("OK ", bich, "APPROVE 2025-2@2 sha256=\(sha.prefix(16)) key=duyet-1")
        try expect("NO INVALID", van, "ISSUE 2025-2 number=06/CĐ-TGPL date=2025-06-27")
        let clock = try #require(try expect("OK time=", van, "PING").last)
        let today = clock.dropFirst("OK time=".count).prefix("2025-06-27".count)
        try expect("OK ", van, "ISSUE 2025-2 number=06/CĐ-TGPL date=\(today)")
        let thread = try expect("OK ", minh, "THREAD C1")
        #expect(thread.contains("| Không đồng ý số liệu: báo cáo năm ghi 75 vụ việc."))
        let rows = try expect("OK ", minh, "LIST")
        #expect(rows.contains { $0.hasPrefix("- topic id=2025-2 stage=issued lead=nv review=hcth ") })
        #expect(server.stop() == 0)
    }
}
