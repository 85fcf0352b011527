extension VerbTable {
    static let stepForms: [VerbForm] = [
        VerbForm(
            .write(.submit), [.word("topic", .topic)], group: .steps,
            who: Bilingual(
                "Trưởng phòng chủ trì; Giám đốc, Phó Giám đốc ở bước lãnh đạo cho ý kiến và bước phản biện",
                "the lead office's head; leaders in the stages leadership and review"),
            does: Bilingual("Chuyển chuyên đề sang bước tiếp theo", "Move the topic to its next stage"),
            example: Bilingual(both: "SUBMIT 2025-1")),
        VerbForm(
            .write(.sendBack), [.word("topic", .topic)], body: .required(), group: .steps,
            who: Bilingual(
                "Giám đốc, Phó Giám đốc; ở bước trình phê duyệt: người phê duyệt, Trưởng phòng chủ trì (rút lại)",
                "leaders; once submitted for approval: the approver, or the lead office's head, who takes it back"),
            does: Bilingual("Trả lại bước trước, kèm lý do", "Send the topic back, with the reason"),
            example: Bilingual(
                "SENDBACK 2025-1 <<\nPhần giải pháp chưa có lộ trình thực hiện.\n.",
                "SENDBACK 2025-1 <<\nThe measures have no timetable.\n.")),
    ]

    static let plenaryForms: [VerbForm] = [
        VerbForm(
            .write(.openPlenary),
            [
                .word("topic", .topic), .literal("OPEN"), .needed("at", .moment), .needed("place", .text(200)),
                .needed("chair", .person), .needed("secretary", .person),
            ], group: .plenary,
            who: Bilingual("Giám đốc, Phó Giám đốc, Trưởng phòng chủ trì", "leaders and the lead office's head"),
            does: Bilingual(
                "Mở buổi sinh hoạt chuyên đề; dự thảo giữ nguyên ở bản đang trình bày",
                "Open the plenary; the text is frozen at its revision"),
            example: Bilingual(
                "PLENARY 2025-1 OPEN at=2025-03-25T08:00 place=\"Phòng họp tầng 2\" chair=bich secretary=minh",
                "PLENARY 2025-1 OPEN at=2025-03-25T08:00 place=\"Meeting room, second floor\" chair=bich secretary=minh"
            )),
        VerbForm(
            .write(.closePlenary), [.word("topic", .topic), .literal("CLOSE")], body: .required(), group: .plenary,
            who: Bilingual("người chủ trì buổi sinh hoạt", "the plenary's chair"),
            does: Bilingual("Kết luận và bế mạc buổi sinh hoạt", "Close the plenary with the conclusion"),
            example: Bilingual(
                "PLENARY 2025-1 CLOSE <<\nThống nhất thông qua; phòng chủ trì hoàn thiện trước ngày 28/3/2025.\n.",
                "PLENARY 2025-1 CLOSE <<\nAccepted; the lead office finishes it before 28 March 2025.\n.")),
        VerbForm(
            .write(.attend),
            [.word("topic", .topic), .pair("present", .list(.person)), .pair("absent", .list(.person))],
            group: .plenary, who: Bilingual("thư ký, chủ trì buổi sinh hoạt", "the plenary's secretary and chair"),
            does: Bilingual(
                "Điểm danh người có mặt, vắng mặt; lần sau thay cả danh sách trước",
                "The roll-call: who is present, who is absent; a later one takes the place of the whole list"),
            example: Bilingual(both: "ATTEND 2025-1 present=minh,lan absent=hoa")),
        VerbForm(
            .write(.confirm), [.word("object", .any([.topic, .comment]))], group: .plenary,
            who: Bilingual(
                "chủ trì và thư ký (biên bản); người phát biểu hoặc chủ trì (ý kiến ghi thay mặt)",
                "chair and secretary (minutes); the speaker or the chair (a remark keyed in for somebody)"),
            does: Bilingual(
                "Xác nhận biên bản của chuyên đề, hoặc ý kiến ghi thay mặt",
                "Confirm a topic's minutes, or a remark that was keyed in for somebody"),
            example: Bilingual(both: "CONFIRM C88")),
    ]

    static let approvalForms: [VerbForm] = [
        VerbForm(
            .query(.manifest), [.word("revision", .revision)], group: .approval, who: Who.readers,
            does: Bilingual(
                "Bản kê để người phê duyệt ký số, đúng từng byte",
                "The exact octets that the approver's signature covers"),
            example: Bilingual(both: "MANIFEST 2025-1@4")),
        VerbForm(
            .write(.approve),
            [
                .word("revision", .revision), .needed("sha256", .hexadecimal(16...64)), .pair("seen", .list(.comment)),
            ], body: .optional(.signature, mark: "{n}"), group: .approval,
            who: Bilingual(
                "Giám đốc, hoặc Phó Giám đốc được ủy quyền", "the director, or a deputy under a delegation in force"),
            does: Bilingual(
                "Phê duyệt đúng bản này; seen= là các ý kiến được giữ mà người phê duyệt đã xem; kèm theo được chữ ký số CMS (PEM) trên MANIFEST",
                "Approve exactly this revision; seen= names the maintained comments that were read; the body is a CMS signature (PEM) over MANIFEST"
            ),
            example: Bilingual(both: "APPROVE 2025-1@4 sha256=b91611d506bc4220 seen=C3,C9")),
        VerbForm(
            .write(.override),
            [
                .word("topic", .topic),
                .needed(
                    "requirement",
                    .oneOf([
                        "outline", "reviewed", "must", "settled", "maintained", "plenary", "content", "format",
                        "no-objection", "personal-data", "approval",
                    ])),
            ], body: .required(), group: .approval, who: Who.director,
            does: Bilingual(
                "Bỏ qua một điều kiện, kèm lý do được in vào hồ sơ (không áp dụng cho phê duyệt)",
                "Override a requirement, with a reason that the dossier prints (never the approval itself)"),
            example: Bilingual(
                "OVERRIDE 2025-1 requirement=plenary <<\nĐã lấy ý kiến bằng văn bản của toàn thể viên chức.\n.",
                "OVERRIDE 2025-1 requirement=plenary <<\nEverybody was asked in writing.\n.")),
        VerbForm(
            .write(.issue), [.word("topic", .topic), .needed("number", .text(64)), .needed("date", .date)],
            group: .approval, who: Who.clerk,
            does: Bilingual(
                "Cấp số, ghi ngày và ban hành chuyên đề đã phê duyệt", "Number, date and issue an approved topic"),
            example: Bilingual(both: "ISSUE 2025-1 number=\"12/CĐ-TGPL\" date=2025-03-28")),
    ]
}
