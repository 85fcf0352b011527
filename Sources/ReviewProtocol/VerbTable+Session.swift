extension VerbTable {
    static let sessionForms: [VerbForm] = [
        VerbForm(
            .session(.login), [.word("person", .person), .pair("token", .yes)], body: .required(mark: "<"),
            session: .anonymous,
            group: .session, who: Who.newcomers,
            does: Bilingual(
                "Đăng nhập; dòng tiếp theo là mật khẩu, hoặc mã mời nếu là lần đầu",
                "Log in; the next line is the password, or the invitation code the first time"),
            example: Bilingual("LOGIN minh <\nmật khẩu của tôi", "LOGIN minh <\nmy password")),
        VerbForm(
            .session(.authPlain), [.literal("PLAIN"), .pair("token", .yes)], body: .required(.credential, mark: "{n}"),
            session: .anonymous, group: .session, who: Who.newcomers,
            does: Bilingual(
                "Đăng nhập cho chương trình: n octet gồm NUL, mã người dùng, NUL, mật khẩu (RFC 4616)",
                "Log in, for programs: n octets that are NUL, person, NUL, password (RFC 4616)"),
            example: Bilingual(both: "AUTH PLAIN {13}")),
        VerbForm(
            .session(.authToken), [.literal("TOKEN")], body: .required(.credential, mark: "{n}"), session: .anonymous,
            group: .session,
            who: Who.newcomers,
            does: Bilingual(
                "Đăng nhập lại bằng mã phiên mà LOGIN … token=yes đã cấp (dùng được 12 giờ)",
                "Log in again with the session token that LOGIN … token=yes gave (good for 12 hours)"),
            example: Bilingual(both: "AUTH TOKEN {43}")),
        VerbForm(
            .session(.authExternal), [.literal("EXTERNAL")], session: .anonymous, group: .session, who: Who.newcomers,
            does: Bilingual(
                "Đăng nhập bằng chứng thư mà kết nối này đã xuất trình",
                "Log in with the client certificate that this connection presented"),
            example: Bilingual(both: "AUTH EXTERNAL")),
        VerbForm(
            .session(.enrol), [.word("code", .text(64))], body: .required(.credential, mark: "{n}"),
            session: .anonymous,
            group: .session, who: Who.newcomers,
            does: Bilingual(
                "Dùng mã mời và yêu cầu chứng thư (PEM) để được cấp chứng thư người dùng",
                "Exchange an invitation code and a certificate request (PEM) for a client certificate"),
            example: Bilingual(both: "ENROL 7K4M-9QXT {980}")),
        VerbForm(
            .session(.logout), [.pair("token", .yes)], session: .any, group: .session, who: Who.anyone,
            does: Bilingual(
                "Kết thúc phiên, máy chủ đóng kết nối; token=yes hủy luôn mã phiên",
                "End the session; the server closes the connection; token=yes also withdraws its session token"),
            example: Bilingual(both: "LOGOUT")),
        VerbForm(
            .query(.whoAmI), group: .session,
            does: Bilingual(
                "Cho biết tôi là ai, ở phòng nào, chức vụ gì, được ủy quyền gì",
                "Say who I am, my office, my position, and delegations to me"),
            example: Bilingual(both: "WHOAMI")),
        VerbForm(
            .write(.changePassword), body: .required(), group: .session,
            does: Bilingual(
                "Đổi mật khẩu: dòng 1 là mật khẩu hiện tại (hoặc mã mời), dòng 2 là mật khẩu mới",
                "Change the password: line 1 the current one (or the invitation code), line 2 the new one"),
            example: Bilingual(
                "PASSWD <<\nmật khẩu hiện tại\nmật khẩu mới\n.", "PASSWD <<\nthe current password\nthe new password\n.")
        ),
        VerbForm(
            .query(.certificates), [.literal("LIST"), .pair("person", .person)], group: .session,
            does: Bilingual(
                "Danh sách chứng thư của tôi; quản trị hệ thống xem được của người khác",
                "List my client certificates; the administrator may name somebody else"),
            example: Bilingual(both: "CERT LIST")),
        VerbForm(
            .write(.deleteCertificate), [.literal("DELETE"), .word("sha256", .hexadecimal(16...64))], group: .session,
            does: Bilingual(
                "Xóa một chứng thư của tôi (quản trị hệ thống: của bất kỳ ai); phiên vào bằng chứng thư đó bị ngắt",
                "Delete one of my client certificates (the administrator: anybody's); sessions that came in with it end"
            ),
            example: Bilingual(both: "CERT DELETE b91611d506bc4220")),
        VerbForm(
            .session(.language), [.word("language", .oneOf(["vi", "en"]))], session: .any, group: .session,
            who: Who.anyone,
            does: Bilingual("Chọn ngôn ngữ của phần cho người đọc", "Choose the language of the part for people"),
            example: Bilingual(both: "LANG en")),
        VerbForm(
            .session(.set), [.needed("body", .oneOf(["lines", "literal"]))], session: .any, group: .session,
            who: Who.anyone,
            does: Bilingual(
                "Chọn cách máy chủ gửi văn bản: từng dòng “| ” hoặc nguyên khối {n}",
                "Choose how the server sends texts: lines that begin with “| ”, or counted octets {n}"),
            example: Bilingual(both: "SET body=literal")),
        VerbForm(
            .session(.limits), session: .any, group: .session, who: Who.anyone,
            does: Bilingual("Liệt kê các giới hạn của máy chủ", "List the limits of the server"),
            example: Bilingual(both: "LIMITS")),
        VerbForm(
            .session(.ping), session: .any, group: .session, who: Who.anyone,
            does: Bilingual(
                "Kiểm tra máy chủ còn trả lời không; được tính là có hoạt động",
                "Ask whether the server is there; counts as activity"),
            example: Bilingual(both: "PING")),
        VerbForm(
            .session(.help), [.optionalWord("verb", .text(32)), .optionalWord("form", .text(32))], session: .any,
            group: .session,
            who: Who.anyone,
            does: Bilingual(
                "Liệt kê các lệnh, hoặc giải thích một lệnh kèm ví dụ",
                "List the commands, or explain one with an example"),
            example: Bilingual(both: "HELP COMMENT")),
    ]
}
