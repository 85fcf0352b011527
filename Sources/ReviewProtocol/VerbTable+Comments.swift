extension VerbTable {
    static let kinds = WordKind.oneOf(["content", "legal", "format", "language", "question", "praise"])
    static let levels = WordKind.oneOf(["must", "should", "note"])

    static let commentForms: [VerbForm] = [
        VerbForm(
            .write(.comment),
            [
                .word("revision", .revision), .pair("at", .anchor), .pair("quote", .text(1_000)),
                .needed("kind", kinds),
                .needed("level", levels), .pair("suggest", .text(2_000)),
                .pair("behalf", .any([.oneOf(["office"]), .person])),
            ], body: .required(), group: .comments, who: Who.commenters,
            does: Bilingual(
                "Góp ý vào một bản; behalf=office: thay mặt phòng mình; behalf=mã người: thay mặt người phát biểu",
                "Comment on a revision; behalf=office speaks for my office, behalf=person records what a person said"),
            example: Bilingual(
                "COMMENT 2025-2@1 at=L2 quote=\"57 vụ việc\" kind=content level=must <<\nKhông đồng ý số liệu: báo cáo năm ghi 75 vụ việc.\n.",
                "COMMENT 2025-2@1 at=L2 quote=\"57 vụ việc\" kind=content level=must <<\nThe figure is wrong: the yearly report says 75 cases.\n."
            )),
        VerbForm(
            .write(.answer), [.word("comment", .comment)], body: .required(), group: .comments, who: Who.readers,
            does: Bilingual("Trao đổi thêm trong một ý kiến", "Add a message to a comment's thread"),
            example: Bilingual(
                "ANSWER C88 <<\nĐề nghị cho biết số liệu lấy từ báo cáo nào.\n.",
                "ANSWER C88 <<\nWhich report is the figure from?\n.")),
        VerbForm(
            .write(.settle),
            [
                .word("comment", .comment), .needed("as", .oneOf(["accepted", "partly", "declined", "noted"])),
                .pair("in", .revisionNumber),
            ], body: .optional(), group: .comments, who: Who.authors,
            does: Bilingual(
                "Tiếp thu (kèm in=@n), tiếp thu một phần, không tiếp thu (phải giải trình), hoặc ghi nhận",
                "Accept (with in=@n), accept partly or decline (with an explanation), or note a comment"),
            example: Bilingual(
                "SETTLE C88 as=partly in=@3 <<\nĐã sửa số liệu; giữ nhận định vì khớp với báo cáo của Sở Tư pháp.\n.",
                "SETTLE C88 as=partly in=@3 <<\nThe figure is corrected; the conclusion stays, as the Department reports the same.\n."
            )),
        VerbForm(
            .write(.agree), [.word("comment", .comment)], group: .comments,
            who: Who.commenter,
            does: Bilingual("Đồng ý với việc tiếp thu, giải trình", "Agree with how my comment was settled"),
            example: Bilingual(both: "AGREE C88")),
        VerbForm(
            .write(.maintain), [.word("comment", .comment)], body: .required(), group: .comments,
            who: Who.commenter,
            does: Bilingual("Giữ ý kiến, kèm lý do", "Maintain my comment, with the reason"),
            example: Bilingual(
                "MAINTAIN C88 <<\nSố liệu đã sửa vẫn chưa khớp với báo cáo năm.\n.",
                "MAINTAIN C88 <<\nThe figure still differs from the yearly report.\n.")),
        VerbForm(
            .write(.withdraw), [.word("comment", .comment)], body: .required(), group: .comments,
            who: Who.commenter,
            does: Bilingual("Rút ý kiến, kèm lý do", "Withdraw my comment, with the reason"),
            example: Bilingual(
                "WITHDRAW C88 <<\nTôi đọc nhầm bảng số liệu.\n.", "WITHDRAW C88 <<\nI misread the table.\n.")),
        VerbForm(
            .query(.comments),
            [
                .word("topic", .topic), .pair("open", .yes), .pair("by", .person), .pair("level", levels),
                .pair("kind", kinds), .pair("at", .revisionNumber),
                .pair("state", .oneOf(["open", "settled", "agreed", "maintained", "withdrawn"])),
            ], group: .comments, who: Who.readers,
            does: Bilingual(
                "Danh sách ý kiến và vị trí hiện nay của từng ý kiến", "List the comments and where each sits now"),
            example: Bilingual(both: "COMMENTS 2025-2 open=yes level=must")),
        VerbForm(
            .query(.thread), [.word("comment", .comment)], group: .comments, who: Who.readers,
            does: Bilingual("Xem một ý kiến và mọi trao đổi", "Show a comment with all its messages"),
            example: Bilingual(both: "THREAD C88")),
    ]

    static let reviewForms: [VerbForm] = [
        VerbForm(
            .write(.assess),
            [
                .word("revision", .revision),
                .needed("verdict", .oneOf(["pass", "pass-if-revised", "revise-and-recheck", "fail"])),
            ], body: .required(), group: .review, who: Who.reviewers,
            does: Bilingual(
                "Nộp phiếu nhận xét, phản biện; mẫu trống: FORM name=phieu-phan-bien",
                "File a review; the blank form: FORM name=phieu-phan-bien"),
            example: Bilingual(
                "ASSESS 2025-1@3 verdict=pass-if-revised <<\nƯu điểm: bố cục rõ, số liệu đầy đủ.\nHạn chế: giải pháp còn chung chung.\n.",
                "ASSESS 2025-1@3 verdict=pass-if-revised <<\nGood: clear structure, full figures.\nLimits: the measures are too general.\n."
            )),
        VerbForm(
            .query(.assessments), [.word("topic", .topic)], group: .review, who: Who.readers,
            does: Bilingual("Danh sách phiếu phản biện tôi được xem", "List the reviews that I may see"),
            example: Bilingual(both: "ASSESSMENTS 2025-1")),
        VerbForm(
            .write(.endorse), [.word("review", .review)], group: .review,
            who: Bilingual("Trưởng phòng phản biện", "the review office's head"),
            does: Bilingual("Ký xác nhận phiếu phản biện là ý kiến của phòng", "Endorse a review as the office's"),
            example: Bilingual(both: "ENDORSE P5")),
        VerbForm(
            .write(.opine), [.word("revision", .revision), .needed("as", .oneOf(["direct", "agree", "object"]))],
            body: .optional(), group: .review, who: Who.leaders,
            does: Bilingual(
                "Cho ý kiến chỉ đạo, thống nhất hoặc không thống nhất; as=agree cũng là rút ý kiến không thống nhất của mình",
                "Give directions, agree or object; as=agree also lifts one's own objection"),
            example: Bilingual(
                "OPINION 2025-1@3 as=direct <<\nBổ sung giải pháp truyền thông bằng tiếng Tày, Nùng.\n.",
                "OPINION 2025-1@3 as=direct <<\nAdd information in the Tày and Nùng languages.\n.")),
        VerbForm(
            .write(.lift), [.word("topic", .topic), .word("person", .person)], body: .required(), group: .review,
            who: Bilingual("Giám đốc, hoặc người đã nêu ý kiến đó", "the director, or who objected"),
            does: Bilingual(
                "Gỡ ý kiến không thống nhất của một người, kèm lý do", "Lift a person's objection, with the reason"),
            example: Bilingual(
                "LIFT 2025-1 tung <<\nĐã thống nhất tại cuộc họp ngày 24/3/2025.\n.",
                "LIFT 2025-1 tung <<\nAgreed at the meeting of 24 March 2025.\n.")),
        VerbForm(
            .write(.vouch), [.word("revision", .revision), .pair("as", .oneOf(["vouch", "return"]))], body: .optional(),
            group: .review, who: Who.leadHead,
            does: Bilingual(
                "Chịu trách nhiệm về nội dung của đúng bản này; as=return: trả lại để sửa, kèm lý do",
                "Vouch for the content of exactly this revision; as=return returns it, with the reason"),
            example: Bilingual(both: "VOUCH 2025-1@4")),
        VerbForm(
            .write(.checkFormat), [.word("revision", .revision), .needed("as", .oneOf(["pass", "fail"]))],
            body: .optional(),
            group: .review,
            who: Bilingual("người Giám đốc giao kiểm tra thể thức", "the person named to check the format"),
            does: Bilingual(
                "Xác nhận thể thức, kỹ thuật trình bày đạt hoặc chưa đạt", "Say whether the layout follows the rules"),
            example: Bilingual(
                "FORMAT 2025-1@4 as=fail <<\nThiếu nơi nhận; ngày dưới 10 phải thêm số 0.\n.",
                "FORMAT 2025-1@4 as=fail <<\nThe recipients are missing; days below 10 need a 0.\n.")),
    ]
}

extension Who {
    static let commenter = Bilingual(
        "người đã góp ý; Trưởng phòng, nếu góp ý thay mặt phòng",
        "who made the comment; the office's head, if it was made for the office")
    static let commenters = Bilingual(
        "phòng phản biện, lãnh đạo, và mọi người khi sinh hoạt chuyên đề, tùy bước",
        "the review office, leaders, and in the plenary everybody, as the stage allows")
    static let reviewers = Bilingual("người của phòng phản biện", "people of the review office")
}
