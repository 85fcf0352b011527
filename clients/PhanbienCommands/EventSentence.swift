import ReviewProtocol

/// Events as sentences: "9:12 16/6/2025  #1043  2025-2  minh góp ý kiến C88 (bắt buộc)".
enum EventSentence {
    /// Sentences by type; `{key}` stands for a pair, `[…]` is left out when a pair in it is absent.
    static let templates: [(type: String, sentence: Bilingual)] = [
        ("PLAN.LOADED", Bilingual("{by} nạp kế hoạch[ {plan}]", "{by} loaded the plan[ {plan}]")),
        ("TOPIC.ADDED", Bilingual("chuyên đề mới", "a new topic")),
        ("TOPIC.OPENED", Bilingual("chuyên đề mới", "a new topic")),
        ("TOPIC.ASSIGNED", Bilingual("{by} phân công {person}[: {as}]", "{by} assigned {person}[: {as}]")),
        ("PERSON.ASSIGNED", Bilingual("{by} phân công {person}[: {as}]", "{by} assigned {person}[: {as}]")),
        (
            "PERSON.UNASSIGNED",
            Bilingual("{by} thôi phân công {person}[: {as}]", "{by} took an assignment from {person}[: {as}]")
        ),
        ("ASSIGNMENT.ADDED", Bilingual("{by} phân công {person}[: {as}]", "{by} assigned {person}[: {as}]")),
        (
            "ASSIGNMENT.REMOVED",
            Bilingual("{by} thôi phân công {person}[: {as}]", "{by} took an assignment from {person}[: {as}]")
        ),
        ("REVISION.PUSHED", Bilingual("{by} nộp bản {revision}", "{by} pushed revision {revision}")),
        ("COMMENT.ADDED", Bilingual("{by} góp ý kiến {id}[ ({level})]", "{by} added comment {id}[ ({level})]")),
        ("COMMENT.ANSWERED", Bilingual("{by} trả lời ở ý kiến {id}", "{by} answered in {id}")),
        ("COMMENT.SETTLED", Bilingual("{by} giải trình ý kiến {id}[: {as}]", "{by} settled {id}[: {as}]")),
        ("COMMENT.AGREED", Bilingual("{by} đồng ý với giải trình ý kiến {id}", "{by} agreed on {id}")),
        ("COMMENT.MAINTAINED", Bilingual("{by} giữ ý kiến {id}", "{by} maintains {id}")),
        ("COMMENT.WITHDRAWN", Bilingual("{by} rút ý kiến {id}", "{by} withdrew {id}")),
        ("COMMENT.CONFIRMED", Bilingual("{by} xác nhận ý kiến {id}", "{by} confirmed {id}")),
        (
            "REVIEW.FILED",
            Bilingual("{by} lập phiếu phản biện {id}[: {verdict}]", "{by} filed review {id}[: {verdict}]")
        ),
        ("REVIEW.ENDORSED", Bilingual("{by} xác nhận phiếu phản biện {id}", "{by} endorsed review {id}")),
        ("OPINION.GIVEN", Bilingual("{by} cho ý kiến[: {as}]", "{by} gave an opinion[: {as}]")),
        (
            "CONTENT.VOUCHED",
            Bilingual("{by} chịu trách nhiệm nội dung[ bản {revision}]", "{by} vouched for[ revision {revision}]")
        ),
        ("FORMAT.CHECKED", Bilingual("{by} kiểm tra thể thức[: {as}]", "{by} checked the format[: {as}]")),
        (
            "STAGE.ENTERED",
            Bilingual("chuyển sang giai đoạn {stage}[ (do {by})]", "entered the stage {stage}[ (by {by})]")
        ),
        ("STAGE.RETURNED", Bilingual("{by} trả lại[, về giai đoạn {stage}]", "{by} sent it back[ to {stage}]")),
        ("TOPIC.RETURNED", Bilingual("{by} trả lại[, về giai đoạn {stage}]", "{by} sent it back[ to {stage}]")),
        (
            "MILESTONE.EXTENDED",
            Bilingual("{by} gia hạn mốc {milestone}[ đến {to}]", "{by} extended {milestone}[ to {to}]")
        ),
        ("TOPIC.POSTPONED", Bilingual("{by} tạm hoãn chuyên đề", "{by} postponed the topic")),
        ("TOPIC.CANCELLED", Bilingual("{by} hủy chuyên đề", "{by} cancelled the topic")),
        (
            "PLENARY.OPENED",
            Bilingual("{by} mở buổi sinh hoạt chuyên đề[ tại {place}]", "{by} opened the plenary[ at {place}]")
        ),
        ("PLENARY.ATTENDED", Bilingual("{by} điểm danh buổi sinh hoạt", "{by} took the roll-call")),
        ("PLENARY.CLOSED", Bilingual("{by} kết thúc buổi sinh hoạt chuyên đề", "{by} closed the plenary")),
        ("MINUTES.CONFIRMED", Bilingual("{by} xác nhận biên bản", "{by} confirmed the minutes")),
        ("REQUIREMENT.OVERRIDDEN", Bilingual("{by} bỏ qua điều kiện: {requirement}", "{by} overrode: {requirement}")),
        ("APPROVAL.GIVEN", Bilingual("{by} phê duyệt[ bản {revision}]", "{by} approved[ revision {revision}]")),
        ("DOCUMENT.ISSUED", Bilingual("{by} ban hành[ số {number}]", "{by} issued it[ as {number}]")),
        ("PERSON.ADDED", Bilingual("{by} thêm người dùng {id}", "{by} added {id}")),
        ("PERSON.CHANGED", Bilingual("{by} sửa thông tin người dùng {id}", "{by} changed {id}")),
        ("PERSON.DISABLED", Bilingual("{by} khóa tài khoản {id}", "{by} disabled {id}")),
        (
            "DELEGATION.GIVEN",
            Bilingual(
                "{by} ủy quyền phê duyệt cho {person}[ đến {until}]",
                "{by} delegated approval to {person}[ until {until}]")
        ),
    ]

    /// The event in words, without its time and number.
    ///
    /// Not yet made safe for a screen.
    static func text(_ event: EventLine, _ language: Language) -> String {
        guard let template = templates.first(where: { $0.type == event.type }),
            let sentence = fill(template.sentence.text(language)[...], event, language)
        else {
            // What this release has no words for is shown as it came: nothing is hidden.
            return ([event.type] + event.pairs.filter { $0.key != "topic" }.map { "\($0.key)=\($0.value)" })
                .joined(separator: " ")
        }
        return sentence
    }

    /// Fills a template; nil when a pair outside of `[…]` is absent.
    private static func fill(_ template: Substring, _ event: EventLine, _ language: Language) -> String? {
        var rest = template
        var result = ""
        while let character = rest.popFirst() {
            switch character {
            case "{":
                guard let end = rest.firstIndex(of: "}") else { return nil }
                let key = String(rest[..<end])
                rest = rest[rest.index(after: end)...]
                guard let value = event.value(key) else { return nil }
                result += RowTable.words(value, key: key, row: event.type.lowercased(), language)
            case "[":
                guard let end = rest.firstIndex(of: "]") else { return nil }
                let optional = rest[..<end]
                rest = rest[rest.index(after: end)...]
                result += fill(optional, event, language) ?? ""
            default: result.append(character)
            }
        }
        return result
    }
}
