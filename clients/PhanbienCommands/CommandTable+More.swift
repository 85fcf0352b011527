import ReviewProtocol

extension CommandTable {
    private static let topic = Operand("topic", .topic)
    private static let person = Operand("person", .person)
    private static let words = Operand("text", .text, required: false, repeats: true)

    private static let format = OptionForm(
        "format", .choice(["text", "rtf"]), wire: "format",
        Bilingual("rtf: tệp mở bằng Word, đúng thể thức (mặc định: text)", "rtf: a file for Word (default: text)"))

    static let papers: [CommandForm] = [
        CommandForm(
            "form", "bieu-mau", .papers, [Operand("name", .term(.form)), topic],
            options: [
                format,
                OptionForm(
                    "from", .revisionNumber, wire: "from",
                    Bilingual("bản so sánh: từ bản (mặc định: bản trước)", "comparison: from (default: the one before)")
                ),
                OptionForm(
                    "to", .revisionNumber, wire: "to",
                    Bilingual("bản so sánh: đến bản (mặc định: bản mới nhất)", "comparison: to (default: the newest)")),
            ], wire: "FORM name={name} {topic}", "in một văn bản của chuyên đề", "print a paper of a topic",
            example: "phanbien form bien-ban 2025-2 --format rtf > bien-ban.rtf"),
        CommandForm(
            "report", "bao-cao", .papers,
            options: [
                OptionForm(
                    "year", .number, wire: "year",
                    Bilingual("của năm nào (mặc định: Kế hoạch mới nhất)", "of which year (default: the newest plan)")),
                format,
            ], wire: "FORM name=bao-cao-nam", "in báo cáo kết quả thực hiện Kế hoạch năm",
            "print the report on the year's plan", example: "phanbien report --year 2025 --format rtf > bao-cao.rtf"),
        CommandForm(
            "dossier", "ho-so", .papers, [topic],
            options: [
                OptionForm(
                    "folder", .folder,
                    Bilingual(
                        "lưu vào thư mục mới này (mặc định: ho-so-…)", "save as this new folder (default: ho-so-…)")),
                OptionForm("list", nil, Bilingual("chỉ liệt kê các tệp", "only list the files")),
            ], wire: "DOSSIER {topic}", conduct: .dossier, "lưu hồ sơ chuyên đề đã phê duyệt thành thư mục",
            "save the dossier of an approved topic as a folder", example: "phanbien dossier 2025-2"),
        CommandForm(
            "fetch", "tai-ve", .papers, [Operand("digest", .word(Bilingual(both: "SHA-256")))],
            options: [
                OptionForm(
                    "topic", .topic, wire: "topic",
                    Bilingual(
                        "tệp của chuyên đề này (hồ sơ, chuyên đề đã xong)",
                        "a file of this topic (dossier, finished topic)"))
            ], wire: "FETCH {digest}", conduct: .fetch, "tải một tệp theo mã SHA-256", "fetch a file by its SHA-256",
            example: "phanbien fetch b91611d506bc4220b91611d506bc4220b91611d506bc4220b91611d506bc4220 > tep.txt"),
    ]

    static let events: [CommandForm] = [
        CommandForm(
            "watch", "theo-doi", .events, [Operand("topic", .topic, required: false)],
            options: [
                OptionForm("after", .number, Bilingual("bắt đầu sau sự kiện số", "begin after this event")),
                OptionForm(
                    "resume", nil, Bilingual("tiếp tục từ lần theo dõi trước", "go on where the last watch ended")),
            ], conduct: .watch, "theo dõi sự kiện đang diễn ra (Ctrl-C để dừng)",
            "follow events as they happen (Ctrl-C ends)", example: "phanbien watch 2025-2"),
        CommandForm(
            "log", "nhat-ky", .events, [Operand("topic", .topic, required: false)],
            options: [
                OptionForm(
                    "after", .number, wire: "after",
                    Bilingual("từ sau sự kiện số này trở đi", "from behind this event on")),
                OptionForm(
                    "before", .number, Bilingual("các sự kiện ngay trước số này", "those just before this event")),
                OptionForm(
                    "limit", .number, wire: "limit",
                    Bilingual(
                        "nhiều nhất bao nhiêu (mặc định: 100 sự kiện mới nhất)",
                        "at most so many (default: the newest 100)")),
            ], wire: "LOG {topic}", conduct: .log, "nhật ký sự kiện", "the log of events",
            example: "phanbien log 2025-2 --limit 20"),
        CommandForm(
            "ack", "da-xem", .events, [Operand("sequence", .number)], wire: "ACK {sequence}",
            "ghi nhớ đã xem đến sự kiện số", "remember what has been read", example: "phanbien ack 1046"),
        CommandForm(
            "checkpoint", "moc-nhat-ky", .events,
            options: [
                OptionForm(
                    "kept", .file,
                    Bilingual(
                        "kiểm tra cả với mốc đã giữ trong tệp này", "check against the checkpoint in this file, too"))
            ], wire: "CHECKPOINT", conduct: .checkpoint,
            "mốc có chữ ký; kiểm tra nhật ký chỉ được ghi thêm",
            "the log's signed checkpoint; checks that the log only grew", example: "phanbien checkpoint > moc.txt"),
        CommandForm(
            "proof", "chung-minh", .events, [Operand("sequence", .number)],
            options: [
                OptionForm(
                    "kept", .file,
                    Bilingual(
                        "ở mốc đã giữ trong tệp này (mặc định: mốc hiện nay)",
                        "at the checkpoint in this file (default: the present one)"))
            ], wire: "PROOF {sequence}", conduct: .proof, "kiểm tra một sự kiện nằm trong nhật ký",
            "check that an event is in the log", example: "phanbien proof 1046"),
    ]

    static let people: [CommandForm] = [
        CommandForm(
            "people", "nguoi-dung", .people, wire: "PEOPLE", "danh sách người dùng", "list of people",
            example: "phanbien people"),
        CommandForm(
            "offices", "phong", .people, wire: "OFFICES", "danh sách phòng", "list of offices",
            example: "phanbien offices"),
        CommandForm(
            "person add", "nguoi them", .people, [person],
            options: [
                OptionForm("name", .text, wire: "name", required: true, Bilingual("họ và tên", "full name")),
                OptionForm("office", .office, wire: "office", required: true, Bilingual("phòng", "office")),
                OptionForm(
                    "position", .term(.position), wire: "position", required: true,
                    Bilingual("chức vụ", "position")),
            ], writes: true, wire: "PERSON ADD {person}", "thêm người dùng", "add a person",
            example: "phanbien person add hoa --name \"Lý Thị Hoa\" --office nv --position staff"),
        CommandForm(
            "person set", "nguoi sua", .people, [person],
            options: [
                OptionForm("name", .text, wire: "name", Bilingual("họ và tên", "full name")),
                OptionForm("office", .office, wire: "office", Bilingual("phòng", "office")),
                OptionForm(
                    "position", .term(.position), wire: "position", Bilingual("chức vụ", "position")),
            ], writes: true, wire: "PERSON SET {person}", "sửa thông tin người dùng", "change a person",
            example: "phanbien person set hoa --position head"),
        CommandForm(
            "person disable", "nguoi khoa", .people, [person, words], text: .required, writes: true,
            wire: "PERSON DISABLE {person}", "khóa tài khoản, nêu lý do", "disable an account, with a reason",
            example: "phanbien person disable hoa \"Chuyển công tác.\""),
        CommandForm(
            "invite", "moi", .people, [person],
            options: [
                OptionForm(
                    "for", .choice(["certificate"]), wire: "for",
                    Bilingual(
                        "certificate: chỉ để nhận chứng thư, mật khẩu giữ nguyên",
                        "certificate: only to get a certificate; the password stays"))
            ], writes: true, wire: "INVITE {person}",
            "cấp mã mời dùng một lần để đặt mật khẩu, hoặc để nhận chứng thư",
            "give a code, good once, to set a password or to get a certificate",
            example: "phanbien invite hoa --for certificate"),
        CommandForm(
            "delegate", "uy-quyen", .people, [person],
            options: [
                OptionForm("from", .date, wire: "from", required: true, Bilingual("từ ngày", "first day")),
                OptionForm("until", .date, wire: "until", required: true, Bilingual("đến hết ngày", "last day")),
                OptionForm(
                    "ref", .text, wire: "ref", required: true,
                    Bilingual("số, ký hiệu văn bản ủy quyền", "number of the delegation")),
            ], writes: true, wire: "DELEGATE {person}", "Giám đốc ủy quyền phê duyệt",
            "the director delegates approval",
            example: "phanbien delegate tung --from 20/6/2025 --until 30/6/2025 --ref 15/QĐ-TGPL"),
        CommandForm(
            "whoami", "toi", .people, wire: "WHOAMI", "tôi đang đăng nhập với tên ai", "who am I",
            example: "phanbien whoami"),
        CommandForm(
            "passwd", "doi-mat-khau", .people, writes: true, conduct: .changePassword, "đổi mật khẩu",
            "change the password", example: "phanbien passwd"),
        CommandForm(
            "certificates", "chung-thu", .people,
            options: [
                OptionForm(
                    "person", .person, wire: "person",
                    Bilingual("của người này (quản trị hệ thống)", "of this person (admin)"))
            ], wire: "CERT LIST", "chứng thư của tôi", "my certificates", example: "phanbien certificates"),
        CommandForm(
            "certificate delete", "chung-thu xoa", .people,
            [Operand("fingerprint", .word(Bilingual("VÂN-TAY", "FINGERPRINT")))], writes: true, irreversible: true,
            wire: "CERT DELETE {fingerprint}", "xóa một chứng thư: không đăng nhập, không ký số bằng nó được nữa",
            "take a certificate away: nobody logs in or signs with it any more",
            example: "phanbien certificate delete 3f9a2c11d0e84b57"),
    ]

    static let plan: [CommandForm] = [
        CommandForm(
            "plans", "ke-hoach", .plan, wire: "PLANS", "danh sách kế hoạch", "list of plans", example: "phanbien plans"),
        CommandForm(
            "plan show", "ke-hoach xem", .plan, [Operand("plan", .year)],
            wire: "PLAN SHOW {plan}", "xem một kế hoạch", "show a plan", example: "phanbien plan show 2025"),
        CommandForm(
            "plan check", "ke-hoach kiem-tra", .plan, [Operand("file", .file)], text: .required, wire: "PLAN CHECK",
            "đọc thử tệp kế hoạch, nêu mọi điểm chưa khớp", "read a plan file and report every inconsistency",
            example: "phanbien plan check ke-hoach-2025.yaml"),
        CommandForm(
            "plan load", "ke-hoach nap", .plan, [Operand("file", .file)], text: .required, writes: true,
            wire: "PLAN LOAD", "nạp kế hoạch (đủ cả hoặc không gì cả)", "load a plan (all or nothing)",
            example: "phanbien plan load ke-hoach-2025.yaml"),
        CommandForm(
            "assign", "phan-cong", .plan, [topic, person, Operand("role", .term(.role))],
            writes: true, wire: "ASSIGN {topic} {person} as={role}", "phân công người thực hiện", "assign a person",
            example: "phanbien assign 2025-2 minh reviewer"),
        CommandForm(
            "unassign", "thoi-phan-cong", .plan, [topic, person, Operand("role", .term(.role))],
            writes: true, wire: "UNASSIGN {topic} {person} as={role}", "thôi phân công", "take an assignment back",
            example: "phanbien unassign 2025-2 minh reviewer"),
    ]

    /// How a server is believed that this machine does not know yet.
    private static let trusting = [
        OptionForm("ca", .file, Bilingual("tệp chứng thư CA của máy chủ", "the server's CA certificate")),
        OptionForm(
            "fingerprint", .word(Bilingual("VÂN-TAY", "FINGERPRINT")),
            Bilingual("vân tay SHA-256 của CA đã biết trước", "the CA's SHA-256 fingerprint, known beforehand")),
    ]

    static let connection: [CommandForm] = [
        CommandForm(
            "login", "dang-nhap", .connection, [Operand("address", .address), person],
            options: trusting, conduct: .login, "đăng nhập, ghi nhớ máy chủ và người dùng",
            "log in; remembers the server and the person", example: "phanbien login localhost:7443 minh"),
        CommandForm(
            "enrol", "ghi-danh", .connection, [Operand("address", .address), person], options: trusting,
            conduct: .enrol, "nhận chứng thư cho máy này bằng mã mời: đăng nhập và ký số bằng chứng thư",
            "get a certificate for this machine with an invitation code: to log in and to sign with",
            example: "phanbien enrol localhost:7443 bich"),
        CommandForm(
            "logout", "dang-xuat", .connection, conduct: .logout, "đăng xuất, xóa phiên đã lưu",
            "log out and forget the session", example: "phanbien logout"),
        CommandForm(
            "shell", "dong-lenh", .connection, conduct: .shell, "gõ thẳng lệnh giao thức, có lịch sử và gợi ý",
            "type protocol lines, with history and completion", example: "phanbien shell"),
        CommandForm(
            "ping", "thu-ket-noi", .connection, wire: "PING", "thử kết nối", "try the connection",
            example: "phanbien ping"),
        CommandForm(
            "limits", "gioi-han", .connection, wire: "LIMITS", "các giới hạn của máy chủ", "the server's limits",
            example: "phanbien limits"),
        CommandForm(
            "status", "tinh-trang", .connection, wire: "STATUS", "tình trạng máy chủ (quản trị hệ thống)",
            "state of the server (admin)", example: "phanbien status"),
        CommandForm(
            "verbs", "cau-lenh", .connection, [Operand("verb", .word(Bilingual("LỆNH", "VERB")), required: false)],
            wire: "HELP {verb}", "trợ giúp của máy chủ về lệnh giao thức", "the server's help on protocol verbs",
            example: "phanbien verbs COMMENT"),
        CommandForm(
            "completions", "goi-y", .connection, [Operand("shell", .choice(["bash", "zsh", "fish"]))],
            conduct: .completions, "in tệp gợi ý lệnh cho bash, zsh, fish", "print completions for bash, zsh or fish",
            example: "phanbien completions bash > ~/.local/share/bash-completion/completions/phanbien"),
        CommandForm(
            "help", "tro-giup", .connection,
            [Operand("command", .word(Bilingual("LỆNH", "COMMAND")), required: false, repeats: true)], conduct: .help,
            "trợ giúp", "help", example: "phanbien help comment"),
        CommandForm(
            "version", "phien-ban", .connection, conduct: .version, "phiên bản", "version", example: "phanbien version"),
    ]
}
