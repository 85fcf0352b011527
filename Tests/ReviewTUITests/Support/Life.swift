import ReviewProtocol
import Testing

/// How far the topic 2025-2 has come, beyond the leaders' opinion.
enum Stage: Int, Comparable {
    case leadership, review, revision, plenary, finishing, approval

    static func < (one: Self, other: Self) -> Bool { one.rawValue < other.rawValue }
}

extension Story {
    /// The second revision: a number corrected, a paragraph gone, one moved, one new.
    static let secondDraft = """
        # Mở đầu

        Năm 2024 Trung tâm thực hiện 75 vụ việc tham gia tố tụng.

        # Nội dung

        ## Kết quả đạt được

        Viên chức được bồi dưỡng kỹ năng mỗi quý.

        Không có vụ việc nào bị khiếu nại, tố cáo trong năm.

        ## Tồn tại, hạn chế

        Một số vụ án dân sự kéo dài, phải hoãn phiên tòa nhiều lần.

        # Kết luận

        Cần bồi dưỡng kỹ năng.
        """

    /// What others do, in the protocol's own words: each request has to succeed.
    func act(_ person: String, _ requests: String...) throws {
        let connection = office.open()
        office.send(connection, Array("LOGIN \(person) <\nmật khẩu\n".utf8))
        _ = office.take(connection)
        for request in requests {
            office.send(connection, Array((request + "\n").utf8))
            let answer = String(decoding: office.take(connection), as: UTF8.self)
            let status = answer.split(separator: "\n").last ?? ""
            try #require(status.hasPrefix("OK"), "\(request): \(answer)")
        }
        office.close(connection)
        listen()
    }

    func listen() { for desk in [lan, son, minh, hoa, bich] { desk.listen() } }

    /// The topic's life up to a stage, with a comment in every state.
    func advance(to stage: Stage) throws {
        guard stage >= .review else { return }
        try act("bich", "OPINION 2025-2@1 as=direct <\nBám sát số liệu báo cáo năm.", "SUBMIT 2025-2")
        try act(
            "minh",
            "COMMENT 2025-2@1 at=I/1 quote=\"57 vụ việc\" kind=content level=must suggest=\"75 vụ việc\" <\nKhông đồng ý số liệu: báo cáo năm ghi 75 vụ việc.",
            "COMMENT 2025-2@1 at=II.1/1 kind=language level=should <\nNói rõ hơn: khiếu nại hay tố cáo.",
            "COMMENT 2025-2@1 at=II.2/1 kind=content level=should <\nNêu nguyên nhân hồ sơ chậm.",
            "COMMENT 2025-2@1 kind=praise level=note <\nBố cục rõ ràng.")
        guard stage >= .revision else { return }
        try act("minh", "ASSESS 2025-2@1 verdict=pass-if-revised <\nƯu điểm: bố cục rõ. Hạn chế: số liệu chưa khớp.")
        try act("hoa", "ENDORSE P1")
        try push(Self.secondDraft, onto: 1, addresses: "C1,C2")
        guard stage >= .plenary else { return }
        try act(
            "lan", "SETTLE C1 as=accepted in=@2", "SETTLE C2 as=accepted in=@2",
            "SETTLE C3 as=declined <\nĐã thay bằng nội dung khác.", "SETTLE C4 as=noted")
        try act("minh", "AGREE C1", "MAINTAIN C3 <\nNguyên nhân hồ sơ chậm vẫn cần được nêu.")
        try act("son", "SUBMIT 2025-2")
        try act(
            "bich",
            "PLENARY 2025-2 OPEN at=2025-06-25T08:00 place=\"Phòng họp\" chair=bich secretary=lan",
            "ATTEND 2025-2 present=bich,son,lan,minh absent=tung")
        guard stage >= .finishing else { return }
        try act("bich", "PLENARY 2025-2 CLOSE <\nThống nhất nội dung.", "CONFIRM 2025-2", "ASSIGN 2025-2 van as=format")
        try act("lan", "CONFIRM 2025-2")
        guard stage >= .approval else { return }
        // More was changed than the comments asked for, so the review of the first revision is no longer in force.
        try act("minh", "ASSESS 2025-2@2 verdict=pass <\nSố liệu đã khớp.")
        try act("hoa", "ENDORSE P2")
        try act("son", "VOUCH 2025-2@2")
        try act("van", "FORMAT 2025-2@2 as=pass")
        try act("son", "SUBMIT 2025-2")
    }
}
