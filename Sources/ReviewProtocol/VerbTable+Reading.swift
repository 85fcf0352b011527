extension VerbTable {
    /// The stages of domain.md, section 3.
    static let stages = WordKind.oneOf([
        "assigned", "drafting", "leadership", "review", "revision", "plenary", "finishing", "approval", "approved",
        "issued",
        "cancelled",
    ])

    static let readingForms: [VerbForm] = [
        VerbForm(
            .query(.list),
            [.pair("stage", stages), .pair("office", .office), .pair("mine", .yes), .pair("year", .year)],
            group: .reading,
            does: Bilingual("Danh sách chuyên đề tôi được xem", "List the topics that I may see"),
            example: Bilingual(both: "LIST stage=review office=nv")),
        VerbForm(
            .query(.show), [.word("object", .any([.topic, .revision, .review])), .pair("numbers", .yes)],
            group: .reading,
            who: Who.readers,
            does: Bilingual(
                "Xem chuyên đề, toàn văn một bản (numbers=yes: có số dòng), hoặc một phiếu phản biện",
                "Show a topic, the text of a revision (numbers=yes: with line numbers), or a review"),
            example: Bilingual(both: "SHOW 2025-1@3 numbers=yes")),
        VerbForm(
            .query(.check), [.word("topic", .topic)], group: .reading, who: Who.readers,
            does: Bilingual(
                "Các điều kiện trước khi phê duyệt: đạt hay chưa, còn chờ ai",
                "The requirements before approval: met or not, and whose turn it is"),
            example: Bilingual(both: "CHECK 2025-1")),
        VerbForm(
            .query(.toDo), group: .reading,
            does: Bilingual("Việc đang chờ tôi, kèm lý do và thời hạn", "What waits for me, with reason and deadline"),
            example: Bilingual(both: "TODO")),
        VerbForm(
            .query(.log),
            [
                .optionalWord("topic", .topic), .pair("after", .number(0...Int64.max)),
                .pair("limit", .number(1...1_000)),
            ], group: .reading, who: Who.readers,
            does: Bilingual("Nhật ký: ai làm gì, lúc nào", "The log: who did what, and when"),
            example: Bilingual(both: "LOG 2025-1 after=1040 limit=50")),
    ]

    static let textForms: [VerbForm] = [
        VerbForm(
            .write(.push),
            [
                .word("topic", .topic), .needed("if", .revisionNumber), .pair("addresses", .list(.comment)),
                .pair("note", .text(1_000)),
            ], body: .required(mark: "{n}"), group: .text, who: Who.authors,
            does: Bilingual(
                "Gửi bản dự thảo mới; if= là bản đang có (@0 nếu chưa có), addresses= là các ý kiến được xử lý",
                "Push a new revision; if= is the present one (@0 when there is none), addresses= the comments it deals with"
            ),
            example: Bilingual(
                "PUSH 2025-1 if=@1 addresses=C1,C4 note=\"Bổ sung số liệu\" <<\n# Mở đầu\nNăm 2024 Trung tâm thực hiện 75 vụ việc.\n.",
                "PUSH 2025-1 if=@1 addresses=C1,C4 note=\"Figures added\" <<\n# Introduction\nIn 2024 the Centre handled 75 cases.\n."
            )),
        VerbForm(
            .write(.attach), [.word("revision", .revision), .needed("name", .text(200))], body: .required(mark: "{n}"),
            group: .text,
            who: Bilingual("người đã gửi bản đó", "who pushed that revision"),
            does: Bilingual(
                "Gửi kèm tệp Word gốc của bản vừa gửi, ở dạng base64 (base64 tệp.docx)",
                "Attach the Word file from which the newest revision came, in base 64 (base64 file.docx)"),
            example: Bilingual(
                "ATTACH 2025-1@2 name=\"Chuyên đề 1.docx\" <<\nUEsDBBQAAAAIAA==\n.",
                "ATTACH 2025-1@2 name=\"Topic 1.docx\" <<\nUEsDBBQAAAAIAA==\n.")),
        VerbForm(
            .query(.outline), [.word("revision", .revision)], group: .text, who: Who.readers,
            does: Bilingual(
                "Các mục của một bản và mục bắt buộc còn thiếu",
                "The sections of a revision, and required ones that are missing"),
            example: Bilingual(both: "OUTLINE 2025-1@3")),
        VerbForm(
            .query(.difference),
            [
                .word("topic", .topic), .needed("from", .revisionNumber), .needed("to", .revisionNumber),
                .pair("for", .comment),
            ], group: .text, who: Who.readers,
            does: Bilingual(
                "So sánh hai bản; for= chỉ hiện phần sửa theo một ý kiến",
                "Compare two revisions; for= shows only the change that answers one comment"),
            example: Bilingual(both: "DIFF 2025-1 from=@1 to=@2 for=C14")),
    ]

    static let paperForms: [VerbForm] = [
        VerbForm(
            .query(.find), [.word("text", .text(500)), .pair("topic", .topic)], group: .papers, who: Who.readers,
            does: Bilingual(
                "Tìm trong dự thảo và ý kiến; gõ không dấu thì tìm không phân biệt dấu",
                "Search texts and comments; a query without diacritics ignores them"),
            example: Bilingual(both: "FIND \"dân tộc thiểu số\" topic=2025-1")),
        VerbForm(
            .query(.form),
            [
                .needed(
                    "name",
                    .oneOf([
                        "bang-tiep-thu-giai-trinh", "phieu-phan-bien", "bien-ban", "to-trinh", "ban-so-sanh",
                        "bao-cao-nam",
                        "chuyen-de",
                    ])), .optionalWord("topic", .topic), .pair("from", .revisionNumber), .pair("to", .revisionNumber),
                .pair("year", .year), .pair("format", .oneOf(["text", "rtf"])),
            ], group: .papers, who: Who.readers,
            does: Bilingual(
                "In một văn bản của chuyên đề, hoặc báo cáo năm (year=); from=, to= cho bản so sánh; format=rtf để mở bằng Word",
                "Print a paper of a topic, or the year's report (year=); from= and to= for the comparison; format=rtf for Word"
            ),
            example: Bilingual(both: "FORM name=phieu-phan-bien 2025-1")),
        VerbForm(
            .query(.calendar), group: .papers,
            does: Bilingual(
                "Các mốc thời hạn và buổi sinh hoạt đang mở, thành tệp lịch (.ics)",
                "The milestones and open plenaries as a calendar file (.ics)"),
            example: Bilingual(both: "CALENDAR")),
        VerbForm(
            .query(.dossier), [.word("topic", .topic)], group: .papers, who: Who.readers,
            does: Bilingual(
                "Hồ sơ của chuyên đề đã phê duyệt: các tệp để lưu trữ", "The dossier of an approved topic: its files"),
            example: Bilingual(both: "DOSSIER 2025-1")),
        VerbForm(
            .query(.fetch), [.word("sha256", .hexadecimal(64...64)), .pair("topic", .topic)], group: .papers,
            who: Who.readers,
            does: Bilingual(
                "Tải theo mã SHA-256: một bản dự thảo, tệp Word gốc của nó, hoặc một tệp của hồ sơ (của topic=, hoặc của DOSSIER vừa hỏi)",
                "Fetch by SHA-256: a revision, its original file, or a file of a dossier (of topic=, or of the last DOSSIER)"
            ),
            example: Bilingual(both: "FETCH b91611d506bc4220b91611d506bc4220b91611d506bc4220b91611d506bc4220")),
    ]

    static let eventForms: [VerbForm] = [
        VerbForm(
            .session(.watch),
            [
                .optionalWord("topic", .topic), .pair("after", .number(0...Int64.max)), .pair("log", .text(64)),
                .pair("client", client),
            ], group: .events, who: Who.readers,
            does: Bilingual(
                "Theo dõi: nhận mọi sự kiện sau vị trí after=, rồi nhận tiếp khi có",
                "Follow: every event after position after=, then each new one"),
            example: Bilingual(both: "WATCH 2025-1 after=1040 log=01J8")),
        VerbForm(
            .session(.unwatch), [.optionalWord("topic", .topic)], group: .events,
            does: Bilingual("Thôi theo dõi", "Stop following"), example: Bilingual(both: "UNWATCH 2025-1")),
        VerbForm(
            .session(.acknowledge), [.word("sequence", .number(0...Int64.max)), .pair("client", client)],
            group: .events,
            does: Bilingual(
                "Ghi nhớ tôi đã đọc đến sự kiện nào, riêng cho từng chương trình",
                "Remember up to which event I have read, separately for each client"),
            example: Bilingual(both: "ACK 1043 client=phanbien")),
        VerbForm(
            .query(.checkpoint), group: .events,
            does: Bilingual("Mốc kiểm chứng nhật ký, có chữ ký", "A signed checkpoint of the log"),
            example: Bilingual(both: "CHECKPOINT")),
        VerbForm(
            .query(.proof),
            [
                .optionalWord("sequence", .number(1...Int64.max)), .pair("size", .number(1...Int64.max)),
                .pair("from", .number(1...Int64.max)),
            ], group: .events, who: Who.readers,
            does: Bilingual(
                "Chứng minh một sự kiện nằm trong nhật ký, hoặc (from=) nhật ký chỉ được ghi thêm kể từ khi có bấy nhiêu sự kiện",
                "Prove that an event is in the log, or (from=) that the log only grew since it had so many events"),
            example: Bilingual(both: "PROOF 1043 size=1046")),
    ]

    static let administrationForms: [VerbForm] = [
        VerbForm(
            .query(.status), group: .administration, who: Who.admin,
            does: Bilingual(
                "Tình trạng máy chủ: kết nối, nhật ký, thời gian ghi, bộ nhớ, phiên bản",
                "The server's state: connections, log head, commit times, memory, versions"),
            example: Bilingual(both: "STATUS"))
    ]

    /// The name under which a client keeps a person's read position.
    private static let client = WordKind.text(64)
}
