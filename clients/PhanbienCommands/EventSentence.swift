package import ReviewProtocol

/// Events as sentences: "9:12 16/6/2025  #1043  2025-2  minh góp ý kiến C88 (bắt buộc)".
package enum EventSentence {
    /// Sentences by type; `{key}` stands for a pair, `[…]` is left out when a pair in it is absent.
    static let templates: [(type: String, sentence: Bilingual)] = [
        (
            "PLAN.NUMBERED",
            Bilingual(
                "{by} bổ sung số, ngày của kế hoạch {plan}: {number}",
                "{by} filled in number and date of the plan {plan}: {number}")
        ),
        ("PLAN.LOADED", Bilingual("{by} nạp kế hoạch {plan}", "{by} loaded the plan {plan}")),
        (
            "TOPIC.PLANNED",
            Bilingual(
                "chuyên đề theo kế hoạch[, chủ trì {lead}][, phản biện {review}]",
                "a planned topic[, lead {lead}][, review {review}]")
        ),
        ("MEMBER.ASSIGNED", Bilingual("{by} phân công {person}: {as}", "{by} assigned {person}: {as}")),
        (
            "MEMBER.UNASSIGNED",
            Bilingual("{by} thôi phân công {person}: {as}", "{by} took an assignment from {person}: {as}")
        ),
        (
            "REVISION.PUSHED",
            Bilingual(
                "{by} gửi bản dự thảo {revision}[ ({change})][, xử lý {addresses}]",
                "{by} pushed revision {revision}[ ({change})][, addressing {addresses}]")
        ),
        (
            "ORIGINAL.ATTACHED",
            Bilingual(
                "{by} lưu tệp Word gốc của dự thảo lần {revision}", "{by} kept the Word file of revision {revision}")
        ),
        (
            "COMMENT.ADDED",
            Bilingual(
                "{by} góp ý kiến {id}[ tại {anchor}][ ({level})][, thay mặt {behalf}]",
                "{by} added comment {id}[ at {anchor}][ ({level})][, for {behalf}]")
        ),
        ("COMMENT.ANSWERED", Bilingual("{by} trả lời ở ý kiến {id}", "{by} answered in {id}")),
        (
            "COMMENT.SETTLED",
            Bilingual(
                "{by} giải trình ý kiến {id}[: {as}][, ở bản {in}]", "{by} settled {id}[: {as}][, in revision {in}]")
        ),
        ("COMMENT.AGREED", Bilingual("{by} đồng ý với giải trình ý kiến {id}", "{by} agreed on {id}")),
        ("COMMENT.MAINTAINED", Bilingual("{by} giữ ý kiến {id}", "{by} maintains {id}")),
        ("COMMENT.WITHDRAWN", Bilingual("{by} rút ý kiến {id}", "{by} withdrew {id}")),
        ("COMMENT.CONFIRMED", Bilingual("{by} xác nhận ý kiến {id}", "{by} confirmed {id}")),
        (
            "REVIEW.FILED",
            Bilingual("{by} lập phiếu phản biện {id}[: {verdict}]", "{by} filed review {id}[: {verdict}]")
        ),
        ("REVIEW.ENDORSED", Bilingual("{by} xác nhận phiếu phản biện {id}", "{by} endorsed review {id}")),
        (
            "OPINION.GIVEN",
            Bilingual(
                "{by} cho ý kiến[ về bản {revision}][: {as}]", "{by} gave an opinion[ on revision {revision}][: {as}]")
        ),
        (
            "OBJECTION.LIFTED",
            Bilingual("{by} gỡ ý kiến không thống nhất của {person}", "{by} lifted the objection of {person}")
        ),
        (
            "CONTENT.VOUCHED",
            Bilingual(
                "{by} xác nhận nội dung[ bản {revision}][: {as}]",
                "{by} on the content[ of revision {revision}][: {as}]")
        ),
        (
            "FORMAT.CHECKED",
            Bilingual(
                "{by} kiểm tra thể thức[ bản {revision}][: {as}]",
                "{by} checked the format[ of revision {revision}][: {as}]")
        ),
        (
            "STAGE.ENTERED",
            Bilingual(
                "chuyển sang bước {stage}[ (do {by})][, quá hạn {overdue} ngày]",
                "entered the stage {stage}[ (by {by})][, {overdue} days late]")
        ),
        ("TOPIC.RETURNED", Bilingual("{by} trả lại[, về bước {to}]", "{by} sent it back[ to {to}]")),
        ("TOPIC.POSTPONED", Bilingual("{by} tạm hoãn chuyên đề", "{by} postponed the topic")),
        ("TOPIC.RESUMED", Bilingual("{by} tiếp tục chuyên đề đã tạm hoãn", "{by} took up the postponed topic")),
        ("TOPIC.CANCELLED", Bilingual("{by} hủy chuyên đề", "{by} cancelled the topic")),
        (
            "MILESTONE.EXTENDED",
            Bilingual(
                "{by} gia hạn mốc {milestone}[ đến {to}][, theo {ref}]",
                "{by} extended {milestone}[ to {to}][, under {ref}]")
        ),
        (
            "PLENARY.OPENED",
            Bilingual(
                "{by} mở buổi sinh hoạt chuyên đề[, chủ trì {chair}]", "{by} opened the plenary[, chaired by {chair}]")
        ),
        ("ATTENDANCE.TAKEN", Bilingual("{by} điểm danh buổi sinh hoạt", "{by} took the roll-call")),
        ("PLENARY.CLOSED", Bilingual("{by} kết thúc buổi sinh hoạt chuyên đề", "{by} closed the plenary")),
        ("MINUTES.CONFIRMED", Bilingual("{by} xác nhận biên bản sinh hoạt", "{by} confirmed the minutes")),
        ("REQUIREMENT.OVERRIDDEN", Bilingual("{by} bỏ qua điều kiện: {requirement}", "{by} overrode: {requirement}")),
        ("APPROVAL.GIVEN", Bilingual("{by} phê duyệt[ bản {revision}]", "{by} approved[ revision {revision}]")),
        (
            "BODY.REDACTED",
            Bilingual(
                "nội dung của sự kiện {event} đã được xóa[ theo {document}]",
                "a text of event {event} was removed[ under {document}]")
        ),
        (
            "DOCUMENT.ISSUED",
            Bilingual("{by} ban hành[ số {number}][ ngày {date}]", "{by} issued it[ as {number}][ on {date}]")
        ),
        ("OFFICE.RENAMED", Bilingual("phòng {office} đổi tên: {name}", "office {office} is now {name}")),
        ("OFFICE.ADDED", Bilingual("thêm phòng {office}", "office {office} was added")),
        ("PERSON.ADDED", Bilingual("{by} thêm người dùng {person}", "{by} added {person}")),
        ("PERSON.CHANGED", Bilingual("{by} sửa thông tin của {person}", "{by} changed {person}")),
        ("PERSON.DISABLED", Bilingual("{by} khóa tài khoản {person}", "{by} disabled {person}")),
        ("PERSON.ENABLED", Bilingual("tài khoản {person} được mở lại", "{person}'s account was opened again")),
        ("PERSON.INVITED", Bilingual("{by} cấp mã mời cho {person}", "{by} invited {person}")),
        ("CREDENTIAL.SET", Bilingual("{person} đổi mật khẩu", "{person} changed the password")),
        (
            "CERTIFICATE.ISSUED",
            Bilingual(
                "{person} nhận chứng thư[, có giá trị đến {until}]",
                "{person} got a certificate[, valid until {until}]")
        ),
        (
            "CERTIFICATE.DELETED",
            Bilingual("{by} xóa một chứng thư của {person}", "{by} took a certificate of {person} away")
        ),
        ("TOKEN.ISSUED", Bilingual("{person} đăng nhập", "{person} logged in")),
        ("TOKENS.WITHDRAWN", Bilingual("thu hồi phiên đăng nhập của {person}", "{person} was logged out")),
        (
            "DELEGATION.GIVEN",
            Bilingual(
                "{by} ủy quyền phê duyệt cho {person}[ đến hết {until}]",
                "{by} delegated approval to {person}[ until {until}]")
        ),
    ]

    /// The event in words, without its time and number.
    ///
    /// Not yet made safe for a screen.
    package static func text(_ event: EventLine, _ language: Language) -> String {
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
                // What the operator does on the server itself has nobody's name.
                let operation = Bilingual("người vận hành máy chủ", "the operator")
                guard let value = event.value(key) ?? (key == "by" ? operation.text(language) : nil) else { return nil }
                // The sentence says that it is a revision; the sign is for rows.
                let plain = key == "in" ? String(value.drop { $0 == "@" }) : value
                result += RowTable.words(plain, key: key, row: event.type.lowercased(), language)
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
