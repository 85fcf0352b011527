/// Biên bản sinh hoạt chuyên đề: the minutes of the last plenary, in the order of NĐ 30/2020/NĐ-CP, Phụ lục III, mẫu 1.9.
///
/// They can be printed from the opening on, with places to fill in for what has not happened yet.
struct Minutes {
    private let state: State
    private let topic: Topic
    private let plenary: Plenary

    /// - Throws: `stage` before the first plenary.
    init(of topic: Topic, in state: State) throws(Refusal) {
        guard let plenary = topic.plenary else {
            throw Refusal(
                .stage,
                Wording(
                    "Chuyên đề \(topic.id) chưa mở buổi sinh hoạt nào, nên chưa có biên bản.",
                    "Topic \(topic.id) has had no plenary yet, so there are no minutes."),
                details: [Detail("stage", topic.stage.rawValue)])
        }
        self.state = state
        self.topic = topic
        self.plenary = plenary
    }

    var sheet: PaperSheet {
        let plan = state.plan(topic.plan)
        var sheet = PaperSheet()
        sheet.letterhead(
            parent: plan?.parent ?? "", issuer: plan?.issuer ?? "", number: "Số: ……/BB-……", place: .absent)
        sheet.title("BIÊN BẢN", "Sinh hoạt chuyên đề “\(topic.title)”")
        if plenary.conclusion == nil { sheet.centred("(buổi sinh hoạt chưa kết luận)") }
        sheet.blank()
        opening(&sheet)
        sheet.blank()
        sheet.heading("Nội dung:")
        draft(&sheet)
        opinions(&sheet)
        conclusion(&sheet)
        sheet.signatures(
            PaperSheet.Signatory(title: "THƯ KÝ", name: state.personName(plenary.secretary)),
            PaperSheet.Signatory(title: "CHỦ TỌA", name: state.personName(plenary.chair)),
            recipients: [
                "Ban lãnh đạo Trung tâm", state.officeName(topic.lead), state.officeName(topic.review),
                "Lưu: VT, Hồ sơ chuyên đề \(topic.id.code)",
            ])
        return sheet
    }

    private func opening(_ sheet: inout PaperSheet) {
        sheet.paragraph("Thời gian bắt đầu: \(plenary.opened.administrative)")
        // What is announced and what happens differ; the paper says both.
        if let announced = Instant(rfc3339: plenary.at + ":00+07:00") {
            sheet.paragraph("(theo thông báo: \(announced.administrative))")
        }
        let place = state.shown(plenary.place)
        sheet.paragraph("Địa điểm: \(place.isEmpty ? "………………" : place)")
        sheet.paragraph("Chủ trì (chủ tọa): \(state.introduced(plenary.chair))")
        sheet.paragraph("Thư ký (người ghi biên bản): \(state.introduced(plenary.secretary))")
        guard !plenary.present.isEmpty || !plenary.absent.isEmpty else {
            sheet.paragraph("Thành phần tham dự: ……………… (chưa điểm danh)")
            return
        }
        sheet.paragraph("Thành phần tham dự: \(plenary.present.count) người")
        for (place, person) in plenary.present.enumerated() {
            sheet.paragraph("\(place + 1). \(state.introduced(person))", indent: 2)
        }
        let absent = plenary.absent.map { state.introduced($0) }
        sheet.paragraph("Vắng mặt: " + (absent.isEmpty ? "không" : absent.joined(separator: "; ")))
    }

    private func draft(_ sheet: inout PaperSheet) {
        sheet.paragraph(
            "1. \(state.officeName(topic.lead)) trình bày dự thảo lần \(plenary.revision) của chuyên đề \(topic.id.code)"
                + (topic.revision(plenary.revision).map { ", mã SHA-256 \($0.digest)" } ?? "") + ".")
    }

    /// What was said: comments of the plenary's time and stage, with what was answered on the spot.
    private func opinions(_ sheet: inout PaperSheet) {
        let spoken = topic.comments.filter { $0.stage == .plenary && isDuring($0.time) }
        sheet.paragraph("2. Ý kiến tại buổi sinh hoạt: " + (spoken.isEmpty ? "không có." : "\(spoken.count) ý kiến."))
        for comment in spoken {
            let place = comment.anchor.target.text(vietnamese: true)
            sheet.paragraph(
                "- \(speaker(of: comment)) (\(comment.id), \(comment.kind.wording.vietnamese), mức: \(comment.level.wording.vietnamese), \(place)\(comment.isLive ? "" : ", đã rút")):",
                indent: 2)
            sheet.paragraph(state.shown(comment.body), indent: 4)
            if let suggestion = comment.suggestion {
                sheet.paragraph("Đề nghị sửa thành: “\(state.shown(suggestion))”", indent: 4)
            }
            for message in comment.messages where message.kind == .answer && isDuring(message.time) {
                sheet.paragraph("\(state.personName(message.person)) trả lời: \(state.shown(message.body))", indent: 4)
            }
        }
    }

    private func speaker(of comment: Comment) -> String {
        switch comment.behalf {
        case .person: return state.introduced(comment.person)
        case .office(let office): return "\(state.officeName(office)) (\(state.personName(comment.person)) phát biểu)"
        case .speaker(let speaker):
            return state.introduced(speaker) + (comment.isConfirmed ? "" : " [ghi thay mặt, chưa xác nhận]")
        }
    }

    private func isDuring(_ time: Instant) -> Bool {
        time >= plenary.opened && plenary.closed.map { time <= $0 } ?? true
    }

    private func conclusion(_ sheet: inout PaperSheet) {
        sheet.heading("3. Kết luận của người chủ trì:")
        if let conclusion = plenary.conclusion {
            sheet.paragraph(state.shown(conclusion), indent: 2)
        } else {
            sheet.dots(3)
        }
        sheet.blank()
        let end = plenary.closed.map(\.administrative) ?? "…… giờ …… phút, ngày …… tháng …… năm ………"
        sheet.paragraph("Buổi sinh hoạt kết thúc vào \(end)./.")
        guard plenary.conclusion != nil else { return }
        func listed(_ persons: [PersonID]) -> String { persons.map { state.personName($0) }.joined(separator: ", ") }
        var notes: [String] = []
        if !plenary.confirmedBy.isEmpty { notes.append("đã xác nhận biên bản: \(listed(plenary.confirmedBy))") }
        if !plenary.unconfirmed.isEmpty { notes.append("chưa xác nhận: \(listed(plenary.unconfirmed))") }
        sheet.paragraph("(Trên hệ thống, \(notes.joined(separator: "; ")).)")
    }
}
