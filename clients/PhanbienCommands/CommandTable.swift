import ReviewProtocol

/// Every command, one row each.
public enum CommandTable {
    /// All commands, in the order of the help.
    public static let forms: [CommandForm] =
        (everyday + text + comments + reviews + stages + papers + events + people + plan + connection)

    /// The options that every command takes.
    public static let globalOptions: [OptionForm] = [
        OptionForm(
            "server", .address, Bilingual("máy chủ (hoặc biến PHANBIEN_SERVER)", "the server (or PHANBIEN_SERVER)")),
        OptionForm(
            "as", .person,
            Bilingual(
                "làm việc với tên người này (đã đăng nhập trên máy)", "act as this person (logged in on this machine)")),
        OptionForm("lang", .choice(["vi", "en"]), Bilingual("ngôn ngữ của màn hình", "language of the screen")),
        OptionForm("json", nil, Bilingual("in kết quả dạng JSON cho chương trình", "print JSON for programs")),
        OptionForm("no-color", nil, Bilingual("không dùng màu", "no colour")),
        OptionForm("yes", nil, Bilingual("không hỏi lại", "do not ask for confirmation")),
        OptionForm(
            "dry-run", nil,
            Bilingual("chỉ thử: nói sẽ làm gì, không thay đổi gì", "only try: say what would happen, change nothing")),
        OptionForm(
            "key", .word(Bilingual("KHÓA", "KEY")),
            Bilingual("khóa chống ghi trùng (mặc định: ngẫu nhiên)", "idempotency key (default: random)")),
        OptionForm(
            "password-file", .file,
            Bilingual(
                "đọc mật khẩu (với enrol: mã mời) từ tệp (hoặc biến PHANBIEN_PASSWORD_FILE)",
                "read the password (for enrol: the code) from a file (or PHANBIEN_PASSWORD_FILE)")),
        OptionForm(
            "password-stdin", nil, Bilingual("đọc mật khẩu từ đầu vào chuẩn", "read the password from standard input")),
        OptionForm(
            "timeout", .number,
            Bilingual(
                "đường truyền im bao nhiêu giây thì thôi chờ (mặc định 60)",
                "give up after so many seconds of silence (default 60)")),
        OptionForm("help", nil, Bilingual("trợ giúp về lệnh", "help on the command")),
    ]

    private static let topic = Operand("topic", .topic)
    private static let revision = Operand("revision", .topicOrRevision)
    private static let comment = Operand("comment", .comment)
    private static let words = Operand("text", .text, required: false, repeats: true)

    static let everyday: [CommandForm] = [
        CommandForm(
            "screen", "man-hinh", .everyday,
            options: [
                OptionForm(
                    "plain", nil,
                    Bilingual(
                        "từng dòng một, cho chương trình đọc màn hình", "line by line, for screen readers")),
                OptionForm(
                    "notify", .choice(["bell", "osc9", "osc777", "none"]),
                    Bilingual(
                        "báo khi có việc mới: chuông, thông báo của hệ điều hành, hoặc không; được nhớ cho lần sau",
                        "how to tell of new work: the bell, a message of the desktop, or not; remembered")),
            ], conduct: .screen,
            "mở màn hình làm việc: đọc, góp ý, phê duyệt (cũng là khi không gõ lệnh nào)",
            "the full-screen client: read, comment, approve (also when no command is given)", example: "phanbien screen"
        ),
        CommandForm(
            "todo", "viec", .everyday, wire: "TODO", "việc đang chờ tôi, kèm lý do và thời hạn",
            "what waits for me, why, and until when", example: "phanbien todo"),
        CommandForm(
            "topics", "chuyen-de", .everyday,
            options: [
                OptionForm(
                    "stage", .term(.stage), wire: "stage",
                    Bilingual("chỉ bước này", "only this stage")),
                OptionForm("office", .office, wire: "office", Bilingual("chỉ phòng này", "only this office")),
                OptionForm("mine", nil, wire: "mine", Bilingual("chỉ chuyên đề của tôi", "only mine")),
                OptionForm("year", .year, wire: "year", Bilingual("chỉ năm này", "only this year")),
            ], wire: "LIST", "danh sách chuyên đề", "list of topics", example: "phanbien topics --mine"),
        CommandForm(
            "show", "xem", .everyday, [Operand("revision", .readable)],
            options: [OptionForm("numbers", nil, wire: "numbers", Bilingual("đánh số dòng", "number the lines"))],
            wire: "SHOW {revision}", conduct: .show, "xem chuyên đề, văn bản của một bản, hoặc một phiếu (P5)",
            "a topic, the text of a revision, or a review (P5)", example: "phanbien show 2025-2@1 --numbers"),
        CommandForm(
            "check", "kiem-tra", .everyday, [topic], wire: "CHECK {topic}",
            "điều kiện phê duyệt: đã đủ gì, còn thiếu gì, chờ ai",
            "requirements: what is met, what is missing, whose turn it is", example: "phanbien check 2025-2"),
        CommandForm(
            "search", "tim", .everyday, [Operand("text", .text, repeats: true)],
            options: [
                OptionForm("topic", .topic, wire: "topic", Bilingual("chỉ trong chuyên đề này", "only in this topic"))
            ],
            wire: "FIND {text}", "tìm trong văn bản và ý kiến (không dấu cũng được)",
            "search texts and comments (dấu may be left out)",
            example: "phanbien search \"ho so vu viec\" --topic 2025-2"),
        CommandForm(
            "calendar", "lich", .everyday, wire: "CALENDAR", conduct: .calendar,
            "các mốc thời hạn và buổi sinh hoạt, thành tệp lịch (.ics) cho điện thoại, Outlook",
            "deadlines and plenaries as a calendar file (.ics) for a phone or Outlook",
            example: "phanbien calendar > chuyen-de.ics"),
    ]

    static let text: [CommandForm] = [
        CommandForm(
            "push", "gui-ban", .text, [topic, Operand("file", .file)],
            options: [
                OptionForm(
                    "addresses", .comments, wire: "addresses",
                    Bilingual("các ý kiến mà bản này tiếp thu", "the comments this revision answers")),
                OptionForm("note", .text, wire: "note", Bilingual("ghi chú đã sửa gì", "a note of what changed")),
                OptionForm(
                    "if", .revisionNumber, wire: "if",
                    Bilingual(
                        "dựa trên bản này (mặc định: bản mới nhất)", "builds on this revision (default: the newest)")),
                OptionForm(
                    "without-original", nil,
                    Bilingual(
                        "chỉ gửi văn bản, không lưu kèm tệp Word gốc",
                        "only the text: do not keep the Word file with it")),
            ], writes: true, conduct: .push, "gửi bản dự thảo mới: tệp Word (.docx) hoặc văn bản thuần",
            "push a new revision: a Word file (.docx) or plain text",
            example: "phanbien push 2025-2 chuyen-de-2.docx --note \"Sửa số liệu mục II\""),
        CommandForm(
            "attach", "kem-tep-goc", .text, [revision, Operand("file", .file)], writes: true, conduct: .attach,
            "lưu kèm tệp Word gốc của bản mới nhất (lúc gửi chưa lưu)",
            "keep the Word file of the newest revision, after its push",
            example: "phanbien attach 2025-2@3 chuyen-de-2.docx"),
        CommandForm(
            "original", "tep-goc", .text, [revision],
            options: [
                OptionForm(
                    "file", .file,
                    Bilingual(
                        "lưu thành tệp mới này (mặc định: tên của tệp gốc)",
                        "save as this new file (default: its own name)"))
            ], conduct: .original, "lấy tệp Word gốc của một bản (mặc định: bản mới nhất có tệp)",
            "save the Word file of a revision (default: the newest that has one)",
            example: "phanbien original 2025-2@3"),
        CommandForm(
            "outline", "de-cuong", .text, [revision], wire: "OUTLINE {revision}", "các mục của văn bản",
            "the sections of the text", example: "phanbien outline 2025-2@1"),
        CommandForm(
            "diff", "so-sanh", .text, [topic],
            options: [
                OptionForm(
                    "from", .revisionNumber, wire: "from",
                    Bilingual("từ bản (mặc định: bản trước)", "from this revision (default: the one before)")),
                OptionForm(
                    "to", .revisionNumber, wire: "to",
                    Bilingual("đến bản (mặc định: bản mới nhất)", "to this revision (default: the newest)")),
                OptionForm(
                    "for", .comment, wire: "for",
                    Bilingual("chỉ chỗ sửa theo ý kiến này", "only the change that answers this comment")),
            ], wire: "DIFF {topic}", conduct: .differences, "so sánh hai bản", "compare two revisions",
            example: "phanbien diff 2025-2 --from @1 --to @2"),
        CommandForm(
            "manifest", "ban-ke", .text, [Operand("revision", .revision)], wire: "MANIFEST {revision}",
            "bản kê để ký số", "the manifest to be signed", example: "phanbien manifest 2025-2@3 > manifest.txt"),
    ]

    static let comments: [CommandForm] = [
        CommandForm(
            "comment", "gop-y", .comments, [revision, words],
            options: [
                OptionForm(
                    "at", .place, wire: "at",
                    Bilingual(
                        "mục và đoạn II.1/2, mục II.1, hoặc dòng L12",
                        "section and paragraph II.1/2, section II.1, or line L12")),
                OptionForm(
                    "quote", .text, wire: "quote", Bilingual("trích đúng chữ trong đoạn", "the exact words meant")),
                OptionForm(
                    "kind", .term(.kind), wire: "kind",
                    Bilingual("loại ý kiến (mặc định: content)", "kind (default: content)")),
                OptionForm(
                    "level", .term(.level), wire: "level",
                    Bilingual("mức độ (mặc định: should)", "level (default: should)")),
                OptionForm(
                    "suggest", .text, wire: "suggest", Bilingual("đề nghị sửa thành", "the text to put instead")),
                OptionForm(
                    "behalf", .word(Bilingual("NGƯỜI-HOẶC-PHÒNG", "PERSON-OR-OFFICE")), wire: "behalf",
                    Bilingual("thay mặt", "on behalf of")),
            ], text: .required, writes: true, wire: "COMMENT {revision}", conduct: .comment, "góp ý kiến",
            "add a comment",
            example:
                "phanbien comment 2025-2@1 --at II.1/2 --quote \"57 vụ việc\" --level must \"Số liệu chưa khớp báo cáo năm.\""
        ),
        CommandForm(
            "comments", "ds-y-kien", .comments, [topic],
            options: [
                OptionForm("open", nil, wire: "open", Bilingual("chỉ ý kiến chưa xong", "only open ones")),
                OptionForm("by", .person, wire: "by", Bilingual("chỉ của người này", "only by this person")),
                OptionForm(
                    "level", .term(.level), wire: "level", Bilingual("chỉ mức này", "only this level")),
                OptionForm(
                    "kind", .term(.kind), wire: "kind", Bilingual("chỉ loại này", "only this kind")),
                OptionForm(
                    "state", .term(.state), wire: "state",
                    Bilingual("chỉ tình trạng này", "only this state")),
                OptionForm(
                    "at", .revisionNumber, wire: "at",
                    Bilingual("vị trí trên bản này", "where they sit in this revision")),
            ], wire: "COMMENTS {topic}", "danh sách ý kiến và tình trạng", "comments and their state",
            example: "phanbien comments 2025-2 --open"),
        CommandForm(
            "thread", "trao-doi", .comments, [comment], wire: "THREAD {comment}", "một ý kiến và toàn bộ trao đổi",
            "a comment with its whole thread", example: "phanbien thread C88"),
        CommandForm(
            "reply", "tra-loi", .comments, [comment, words], text: .required, writes: true, wire: "ANSWER {comment}",
            "trả lời, trao đổi về ý kiến", "answer in a thread",
            example: "phanbien reply C88 \"Đã đối chiếu lại với báo cáo năm.\""),
        CommandForm(
            "settle", "tiep-thu", .comments,
            [comment, Operand("disposition", .term(.disposition)), words],
            options: [
                OptionForm(
                    "in", .revisionNumber, wire: "in",
                    Bilingual("bản đã sửa theo ý kiến", "the revision that carries it"))
            ], text: .optional, writes: true, wire: "SETTLE {comment} as={disposition}",
            "tiếp thu, giải trình một ý kiến", "give a comment its disposition",
            example: "phanbien settle C88 accepted --in @2"),
        CommandForm(
            "apply", "ap-dung", .comments, [comment], writes: true, conduct: .apply,
            "áp dụng đề nghị sửa: sửa đúng chỗ trong bản mới nhất, gửi bản mới, ghi tiếp thu",
            "apply a suggestion: change its place in the newest text, push that, settle the comment",
            example: "phanbien apply C88"),
        CommandForm(
            "agree", "dong-y", .comments, [comment], writes: true, wire: "AGREE {comment}",
            "đồng ý với việc tiếp thu, giải trình", "agree with the disposition", example: "phanbien agree C88"),
        CommandForm(
            "maintain", "giu-y-kien", .comments, [comment, words], text: .required, writes: true,
            wire: "MAINTAIN {comment}", "giữ ý kiến, nêu lý do", "maintain the comment, with a reason",
            example: "phanbien maintain C88 \"Giải trình chưa nêu nguồn số liệu.\""),
        CommandForm(
            "withdraw", "rut-y-kien", .comments, [comment, words], text: .required, writes: true,
            wire: "WITHDRAW {comment}", "rút ý kiến của mình, nêu lý do", "withdraw one's own comment, with a reason",
            example: "phanbien withdraw C88 \"Tôi đọc nhầm bảng số liệu.\""),
    ]

    static let reviews: [CommandForm] = [
        CommandForm(
            "review", "phan-bien", .reviews, [revision],
            options: [
                OptionForm(
                    "verdict", .term(.verdict), wire: "verdict",
                    Bilingual("kết luận (không có thì hỏi)", "the verdict (asked for when absent)"))
            ],
            text: .required, writes: true, wire: "ASSESS {revision}", conduct: .review, "lập phiếu nhận xét, phản biện",
            "file a review", example: "phanbien review 2025-2 --verdict pass-if-revised"),
        CommandForm(
            "reviews", "ds-phieu", .reviews, [topic], wire: "ASSESSMENTS {topic}",
            "danh sách phiếu phản biện tôi được xem", "the reviews that I may see", example: "phanbien reviews 2025-2"),
        CommandForm(
            "endorse", "xac-nhan-phieu", .reviews, [Operand("review", .review)], writes: true, wire: "ENDORSE {review}",
            "Trưởng phòng xác nhận phiếu phản biện của phòng", "the head endorses the office's review",
            example: "phanbien endorse P5"),
        CommandForm(
            "opinion", "cho-y-kien", .reviews, [revision, Operand("opinion", .term(.opinion)), words],
            text: .optional, writes: true, wire: "OPINION {revision} as={opinion}", "ý kiến của lãnh đạo",
            "a leader's opinion", example: "phanbien opinion 2025-2@1 direct \"Bổ sung số liệu năm 2024.\""),
        CommandForm(
            "lift", "go-khong-thong-nhat", .reviews, [topic, Operand("person", .person), words], text: .required,
            writes: true, wire: "LIFT {topic} {person}",
            "gỡ ý kiến không thống nhất của một người, nêu lý do (Giám đốc, hoặc chính người đó)",
            "lift a person's objection, with a reason (the director, or the person)",
            example: "phanbien lift 2025-2 tung \"Đã thống nhất tại cuộc họp ngày 24/6/2025.\""),
        CommandForm(
            "vouch", "chiu-trach-nhiem", .reviews, [revision], writes: true, wire: "VOUCH {revision}",
            "Trưởng phòng chủ trì chịu trách nhiệm về nội dung", "the lead office's head vouches for the content",
            example: "phanbien vouch 2025-2@3"),
        CommandForm(
            "format", "the-thuc", .reviews, [revision, Operand("result", .term(.result)), words],
            text: .optional, writes: true, wire: "FORMAT {revision} as={result}", "kiểm tra thể thức",
            "the format check", example: "phanbien format 2025-2@3 pass"),
    ]

    static let stages: [CommandForm] = [
        CommandForm(
            "submit", "trinh", .stages, [topic], writes: true, irreversible: true, wire: "SUBMIT {topic}",
            "chuyển sang bước tiếp theo", "move to the next stage", example: "phanbien submit 2025-2"),
        CommandForm(
            "send-back", "tra-lai", .stages, [topic, words], text: .required, writes: true, wire: "SENDBACK {topic}",
            "trả lại, nêu lý do", "send back, with a reason",
            example: "phanbien send-back 2025-2 \"Thiếu mục Kết luận.\""),
        CommandForm(
            "plenary open", "sinh-hoat mo", .stages, [topic],
            options: [
                OptionForm(
                    "at", .moment, wire: "at", required: true,
                    Bilingual("giờ và ngày, ví dụ 14:00 25/6/2025", "time and day, such as 14:00 25/6/2025")),
                OptionForm("place", .text, wire: "place", required: true, Bilingual("địa điểm", "place")),
                OptionForm("chair", .person, wire: "chair", required: true, Bilingual("chủ trì", "chair")),
                OptionForm("secretary", .person, wire: "secretary", required: true, Bilingual("thư ký", "secretary")),
            ], writes: true, wire: "PLENARY {topic} OPEN", "mở buổi sinh hoạt chuyên đề", "open the plenary",
            example:
                "phanbien plenary open 2025-2 --at \"14:00 25/6/2025\" --place \"Phòng họp tầng 2\" --chair bich --secretary lan"
        ),
        CommandForm(
            "plenary close", "sinh-hoat ket-thuc", .stages, [topic, words], text: .required, writes: true,
            irreversible: true, wire: "PLENARY {topic} CLOSE", "kết thúc buổi sinh hoạt với kết luận",
            "close the plenary with its conclusion", example: "phanbien plenary close 2025-2 --file ket-luan.txt"),
        CommandForm(
            "attend", "diem-danh", .stages, [topic],
            options: [
                OptionForm(
                    "present", .people, wire: "present",
                    Bilingual("có mặt", "present")),
                OptionForm(
                    "absent", .people, wire: "absent",
                    Bilingual("vắng mặt", "absent")),
            ], writes: true, wire: "ATTEND {topic}", "điểm danh buổi sinh hoạt", "take the roll-call",
            example: "phanbien attend 2025-2 --present minh,lan --absent hoa"),
        CommandForm(
            "confirm", "xac-nhan", .stages, [Operand("object", .topicOrComment)],
            writes: true, wire: "CONFIRM {object}", "xác nhận biên bản sinh hoạt, hoặc ý kiến ghi thay mặt",
            "confirm the minutes, or a remark keyed in for somebody", example: "phanbien confirm 2025-2"),
        CommandForm(
            "approve", "phe-duyet", .stages, [revision],
            options: [
                OptionForm(
                    "signature", .file,
                    Bilingual(
                        "chữ ký số CMS (PEM) trên bản kê, đã ký bằng chương trình khác",
                        "a detached CMS signature (PEM) over the manifest, made by another program")),
                OptionForm(
                    "unsigned", nil,
                    Bilingual(
                        "không ký số, dù máy này có chứng thư", "do not sign, although this machine has a certificate")),
                OptionForm(
                    "seen", .comments,
                    Bilingual(
                        "các ý kiến được giữ đã đọc (thường không cần ghi)",
                        "maintained comments that were read (rarely needed)")),
                OptionForm(
                    "digest", .word(Bilingual("SHA-256", "SHA-256")),
                    Bilingual(
                        "với --yes: mã SHA-256 đã đọc và đồng ý", "with --yes: the SHA-256 that was read and agreed to")
                ),
            ], writes: true, irreversible: true, conduct: .approve,
            "phê duyệt: xem thay đổi, điều kiện, rồi gõ xác nhận",
            "approve: see the changes and requirements, then confirm", example: "phanbien approve 2025-2@3"),
        CommandForm(
            "override", "bo-qua", .stages, [topic, Operand("requirement", .term(.requirement)), words],
            text: .required, writes: true, wire: "OVERRIDE {topic} requirement={requirement}",
            "Giám đốc bỏ qua một điều kiện, nêu lý do", "the director overrides a requirement, with a reason",
            example: "phanbien override 2025-2 plenary \"Đã lấy ý kiến bằng văn bản.\""),
        CommandForm(
            "issue", "ban-hanh", .stages, [topic],
            options: [
                OptionForm(
                    "number", .word(Bilingual("SỐ", "NUMBER")), wire: "number", required: true,
                    Bilingual("số, ký hiệu", "document number")),
                OptionForm("date", .date, wire: "date", required: true, Bilingual("ngày ban hành", "date of issue")),
            ], writes: true, irreversible: true, wire: "ISSUE {topic}", "cấp số, ban hành, lưu hồ sơ",
            "number, issue and file", example: "phanbien issue 2025-2 --number 45/CĐ-TGPL --date 1/7/2025"),
        CommandForm(
            "postpone", "tam-hoan", .stages, [topic, words], text: .required, writes: true, wire: "POSTPONE {topic}",
            "tạm hoãn chuyên đề, nêu lý do", "postpone the topic, with a reason",
            example: "phanbien postpone 2025-2 \"Chờ hướng dẫn của Sở.\""),
        CommandForm(
            "unpostpone", "tiep-tuc", .stages, [topic], writes: true,
            wire: "UNPOSTPONE {topic}", "tiếp tục chuyên đề đã tạm hoãn", "take up a postponed topic again",
            example: "phanbien unpostpone 2025-4"),
        CommandForm(
            "extend", "gia-han", .stages, [topic, words],
            options: [
                OptionForm(
                    "milestone", .term(.milestone), wire: "milestone", required: true,
                    Bilingual("mốc được gia hạn", "the milestone")),
                OptionForm("to", .date, wire: "to", required: true, Bilingual("đến ngày", "the new date")),
                OptionForm(
                    "ref", .text, wire: "ref", required: true,
                    Bilingual("số, ký hiệu văn bản cho gia hạn", "number of the document that allows it")),
            ], text: .required, writes: true, wire: "EXTEND {topic}", "gia hạn một mốc", "extend a milestone",
            example:
                "phanbien extend 2025-2 --milestone review --to 25/6/2025 --ref 12/TB-TGPL \"Người phản biện đi công tác.\""
        ),
        CommandForm(
            "cancel", "huy", .stages, [topic, words], text: .required, writes: true, irreversible: true,
            wire: "CANCEL {topic}", "hủy chuyên đề, nêu lý do", "cancel the topic, with a reason",
            example: "phanbien cancel 2025-4 \"Điều chỉnh kế hoạch năm.\""),
    ]
}
