extension VerbTable {
    /// The positions of domain.md, section 1.
    static let positions = WordKind.oneOf(["director", "deputy", "head", "staff", "clerk", "observer", "admin"])

    static let peopleForms: [VerbForm] = [
        VerbForm(
            .query(.people), group: .people,
            does: Bilingual("Danh sách người dùng, phòng và chức vụ", "List the people, their offices and positions"),
            example: Bilingual(both: "PEOPLE")),
        VerbForm(
            .query(.offices), group: .people,
            does: Bilingual("Danh sách các phòng", "List the offices"), example: Bilingual(both: "OFFICES")),
        VerbForm(
            .write(.addPerson),
            [
                .literal("ADD"), .word("person", .person), .needed("name", .text(200)), .needed("office", .office),
                .needed("position", positions),
            ], group: .people, who: Who.admin,
            does: Bilingual("Thêm người dùng", "Add a person"),
            example: Bilingual(both: "PERSON ADD minh name=\"Trần Văn Minh\" office=hcth position=staff")),
        VerbForm(
            .write(.changePerson),
            [
                .literal("SET"), .word("person", .person), .pair("name", .text(200)), .pair("office", .office),
                .pair("position", positions),
            ], group: .people, who: Who.admin,
            does: Bilingual(
                "Sửa họ tên, phòng hoặc chức vụ; việc đã làm vẫn ghi theo phòng cũ",
                "Change name, office or position; what was done stays with the old office"),
            example: Bilingual(both: "PERSON SET minh office=nv position=head")),
        VerbForm(
            .write(.disablePerson), [.literal("DISABLE"), .word("person", .person)], body: .required(mark: "<"),
            group: .people, who: Who.admin,
            does: Bilingual("Khóa tài khoản, kèm lý do", "Disable an account, with the reason"),
            example: Bilingual(
                "PERSON DISABLE minh <\nChuyển công tác từ ngày 01/7/2025",
                "PERSON DISABLE minh <\nMoved elsewhere on 1 July 2025")),
        VerbForm(
            .write(.invite), [.word("person", .person), .pair("for", .oneOf(["account", "certificate"]))],
            group: .people, who: Who.admin,
            does: Bilingual(
                "Cấp mã mời dùng một lần để người đó đặt mật khẩu; for=certificate: chỉ để nhận chứng thư, mật khẩu vẫn như cũ",
                "Give a code, good once, to set a password; for=certificate: for a client certificate alone, the password stays"
            ),
            example: Bilingual(both: "INVITE minh")),
        VerbForm(
            .write(.delegate),
            [
                .word("person", .person), .needed("from", .date), .needed("until", .date), .needed("ref", .text(200)),
            ], group: .people, who: Who.director,
            does: Bilingual(
                "Ủy quyền cho Phó Giám đốc ký thay (KT.) trong một thời gian, theo văn bản số …",
                "Let a deputy sign on the director's behalf for a time, under a numbered document"),
            example: Bilingual(both: "DELEGATE tung from=2025-06-20 until=2025-06-30 ref=\"15/QĐ-TGPL\"")),
    ]

    static let planForms: [VerbForm] = [
        VerbForm(
            .query(.plans), group: .plans,
            does: Bilingual("Danh sách kế hoạch chuyên đề", "List the plans"), example: Bilingual(both: "PLANS")),
        VerbForm(
            .query(.showPlan), [.literal("SHOW"), .word("plan", .year)], group: .plans,
            does: Bilingual(
                "Xem một kế hoạch: phòng, yêu cầu chung, chuyên đề, mốc thời gian",
                "Show a plan: offices, general requirements, topics, milestones"),
            example: Bilingual(both: "PLAN SHOW 2025")),
        VerbForm(
            .query(.checkPlan), [.literal("CHECK")], body: .required(mark: "{n}"), group: .plans, who: Who.planners,
            does: Bilingual(
                "Đọc thử tệp kế hoạch: in điều đã hiểu và mọi chỗ không khớp, không lưu",
                "Try a plan file: print what was understood and every inconsistency; store nothing"),
            example: Bilingual(
                "PLAN CHECK <<\nplan: 2025\ntitle: Thực hiện chuyên đề về trợ giúp pháp lý năm 2025\n.",
                "PLAN CHECK <<\nplan: 2025\ntitle: Topic papers on legal aid in 2025\n.")),
        VerbForm(
            .write(.loadPlan), [.literal("LOAD")], body: .required(mark: "{n}"), group: .plans, who: Who.planners,
            does: Bilingual(
                "Nạp tệp kế hoạch: hoặc toàn bộ, hoặc không gì cả", "Load a plan file: all of it or nothing"),
            example: Bilingual(
                "PLAN LOAD <<\nplan: 2025\ntitle: Thực hiện chuyên đề về trợ giúp pháp lý năm 2025\n.",
                "PLAN LOAD <<\nplan: 2025\ntitle: Topic papers on legal aid in 2025\n.")),
    ]

    static let assignmentForms: [VerbForm] = [
        VerbForm(
            .write(.assign), [.word("topic", .topic), .word("person", .person), .needed("as", assignments)],
            group: .assignment, who: Who.assigners,
            does: Bilingual(
                "Phân công người soạn thảo, phản biện, thư ký hoặc người kiểm tra thể thức",
                "Assign an author, a reviewer, the secretary, or who checks the format"),
            example: Bilingual(both: "ASSIGN 2025-1 minh as=author")),
        VerbForm(
            .write(.unassign), [.word("topic", .topic), .word("person", .person), .needed("as", assignments)],
            group: .assignment, who: Who.assigners,
            does: Bilingual("Thôi phân công", "Take an assignment back"),
            example: Bilingual(both: "UNASSIGN 2025-1 minh as=author")),
        VerbForm(
            .write(.extend),
            [
                .word("topic", .topic), .needed("milestone", .oneOf(["opinion", "review", "final"])),
                .needed("to", .date),
                .needed("ref", .text(200)),
            ], body: .required(mark: "<"), group: .assignment, who: Who.director,
            does: Bilingual(
                "Gia hạn một mốc thời gian theo văn bản số …, kèm lý do",
                "Extend a milestone under a numbered document, with the reason"),
            example: Bilingual(
                "EXTEND 2025-1 milestone=review to=2025-03-25 ref=\"21/TB-TGPL\" <\nTrùng đợt kiểm tra công tác trợ giúp pháp lý của Sở",
                "EXTEND 2025-1 milestone=review to=2025-03-25 ref=\"21/TB-TGPL\" <\nThe Department inspects legal aid that week"
            )),
        VerbForm(
            .write(.postpone), [.word("topic", .topic)], body: .required(mark: "<"), group: .assignment,
            who: Who.director,
            does: Bilingual("Tạm hoãn chuyên đề, kèm lý do", "Postpone a topic, with the reason"),
            example: Bilingual(
                "POSTPONE 2025-4 <\nChờ văn bản hướng dẫn Luật Tư pháp người chưa thành niên",
                "POSTPONE 2025-4 <\nWaiting for guidance on the juvenile justice law")),
        VerbForm(
            .write(.resume), [.word("topic", .topic)], group: .assignment, who: Who.director,
            does: Bilingual("Tiếp tục chuyên đề đã tạm hoãn, ở bước cũ", "Take up a postponed topic where it stopped"),
            example: Bilingual(both: "UNPOSTPONE 2025-4")),
        VerbForm(
            .write(.cancel), [.word("topic", .topic)], body: .required(mark: "<"), group: .assignment,
            who: Who.director,
            does: Bilingual(
                "Hủy chuyên đề, kèm lý do; không hoàn lại được", "Cancel a topic, with the reason; cannot be undone"),
            example: Bilingual(
                "CANCEL 2025-4 <\nĐiều chỉnh kế hoạch theo Thông báo số 30/TB-TGPL",
                "CANCEL 2025-4 <\nThe plan was changed by notice 30/TB-TGPL")),
    ]

    private static let assignments = WordKind.oneOf(["author", "reviewer", "secretary", "format"])
}

extension Who {
    static let planners = Bilingual(
        "Giám đốc, văn thư, Trưởng phòng tổng hợp",
        "the director, the clerk, the head of the coordinating office")
    static let assigners = Bilingual(
        "Trưởng phòng chủ trì (author); Trưởng phòng phản biện (reviewer); Giám đốc, Trưởng phòng tổng hợp (secretary, format)",
        "the lead office's head (author), the review office's (reviewer); director or coordinating head (secretary, format)"
    )
}
