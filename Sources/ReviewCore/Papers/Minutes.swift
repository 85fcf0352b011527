/// Biên bản sinh hoạt chuyên đề: the minutes of a plenary, in the order of NĐ 30/2020/NĐ-CP, Phụ lục III, mẫu 1.9.
///
/// They can be printed from the opening on, with places to fill in for what has not happened yet.
struct Minutes {
    private let state: State
    private let topic: Topic
    private let plenary: Plenary

    /// Of the plenary that was opened last; once the topic was sent back, of the last one that was held.
    ///
    /// - Throws: `stage` before the first plenary.
    init(of topic: Topic, in state: State) throws(Refusal) {
        guard let plenary = topic.plenary ?? topic.earlierPlenaries.last else {
            throw Refusal(
                .stage,
                Wording(
                    "Chuyên đề \(topic.id) chưa mở buổi sinh hoạt nào, nên chưa có biên bản.",
                    "Topic \(topic.id) has had no plenary yet, so there are no minutes."),
                details: [Detail("stage", topic.stage.rawValue)])
        }
        self.init(plenary, of: topic, in: state)
    }

    init(_ plenary: Plenary, of topic: Topic, in state: State) {
        self.state = state
        self.topic = topic
        self.plenary = plenary
    }

    var sheet: PaperSheet {
        let plan = state.plan(of: topic)
        var sheet = PaperSheet()
        sheet.letterhead(
            parent: plan?.parent ?? "", issuer: plan?.issuer ?? "", number: "Số: ……/BB-……", place: .absent)
        sheet.title("BIÊN BẢN", "Sinh hoạt chuyên đề “\(topic.title)”")
        if plenary.conclusion == nil {
            sheet.centred("(buổi sinh hoạt \(plenary.brokenOff == nil ? "chưa kết luận" : "không có kết luận"))")
        }
        sheet.blank()
        opening(&sheet)
        sheet.blank()
        sheet.heading("Nội dung:")
        draft(&sheet)
        opinions(&sheet)
        conclusion(&sheet)
        sheet.signatures(
            PaperSheet.Signatory(title: "THƯ KÝ", name: state.personName(plenary.secretary, asOf: plenary.ending)),
            PaperSheet.Signatory(title: "CHỦ TỌA", name: state.personName(plenary.chair, asOf: plenary.ending)),
            recipients: [
                "Ban lãnh đạo Trung tâm", state.officeName(topic.lead, of: topic),
                state.officeName(topic.review, of: topic),
                "Lưu: VT, Hồ sơ chuyên đề \(topic.id.code)",
            ])
        return sheet
    }

    private func opening(_ sheet: inout PaperSheet) {
        sheet.paragraph("Thời gian bắt đầu: \(plenary.start?.administrative ?? "………………")")
        // Where the program was told at another time than people met, the paper says so.
        if let announced = plenary.announced, plenary.start != announced {
            let isEarly = plenary.start.map { $0 < announced } ?? true
            sheet.paragraph("(\(isEarly ? "sớm hơn" : "khác") thông báo: \(announced.administrative))")
        } else if plenary.opened.date != plenary.day {
            sheet.paragraph("(theo thông báo; mở trên hệ thống vào \(plenary.opened.administrative))")
        }
        let place = state.shown(plenary.place)
        sheet.paragraph("Địa điểm: \(place.isEmpty ? "………………" : place)")
        attendance(&sheet)
        sheet.paragraph("Chủ trì (chủ tọa): \(state.introduced(plenary.chair, asOf: plenary.ending, of: topic))")
        sheet.paragraph(
            "Thư ký (người ghi biên bản): \(state.introduced(plenary.secretary, asOf: plenary.ending, of: topic))")
    }

    private func attendance(_ sheet: inout PaperSheet) {
        guard !plenary.present.isEmpty || !plenary.absent.isEmpty else {
            sheet.paragraph("Thành phần tham dự: ……………… (chưa điểm danh)")
            return
        }
        sheet.paragraph("Thành phần tham dự: \(plenary.present.count) người")
        func inOrder(_ people: [PersonID]) -> [PersonID] { state.byRank(people, asOf: plenary.ending, of: topic) }
        for (place, person) in inOrder(plenary.present).enumerated() {
            sheet.paragraph("\(place + 1). \(state.introduced(person, asOf: plenary.ending, of: topic))", indent: 2)
        }
        let absent = inOrder(plenary.absent).map { state.introduced($0, asOf: plenary.ending, of: topic) }
        sheet.paragraph("Vắng mặt: " + (absent.isEmpty ? "không" : absent.joined(separator: "; ")))
    }

    private func draft(_ sheet: inout PaperSheet) {
        sheet.paragraph(
            "1. \(state.officeName(topic.lead, of: topic)) trình bày dự thảo lần \(plenary.revision) của chuyên đề \(topic.id.code)"
                + (topic.revision(plenary.revision).map { ", mã SHA-256 \($0.digest)" } ?? "") + ".")
    }

    /// What was said: comments of the plenary's time and stage, with what was answered on the spot.
    private func opinions(_ sheet: inout PaperSheet) {
        let spoken = topic.comments.filter { $0.stage == .plenary && isDuring($0.event) }
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
            for message in comment.messages where message.kind == .answer && isDuring(message.event) {
                sheet.paragraph(
                    "\(state.personName(message.person, asOf: message.event)) trả lời: \(state.shown(message.body))",
                    indent: 4)
            }
        }
    }

    private func speaker(of comment: Comment) -> String {
        switch comment.behalf {
        case .person: return state.introduced(comment.person, asOf: comment.event, of: topic)
        case .office(let office):
            return
                "\(state.officeName(office, of: topic)) (\(state.personName(comment.person, asOf: comment.event)) phát biểu)"
        case .speaker(let speaker):
            return state.introduced(speaker, asOf: comment.event, of: topic)
                + (comment.isConfirmed ? "" : " [ghi thay mặt, chưa xác nhận]")
        }
    }

    private func isDuring(_ event: Int64) -> Bool {
        event > plenary.opening && plenary.ending.map { event < $0 } ?? true
    }

    private func conclusion(_ sheet: inout PaperSheet) {
        sheet.heading("3. Kết luận của người chủ trì:")
        if let conclusion = plenary.conclusion {
            sheet.paragraph(state.shown(conclusion), indent: 2)
        } else if let moment = plenary.brokenOff {
            sheet.paragraph("Buổi sinh hoạt không có kết luận; trên hệ thống dừng vào \(moment.administrative)./.")
            return
        } else {
            sheet.dots(3)
        }
        sheet.blank()
        let end = plenary.closed?.administrative ?? "…… giờ …… phút, ngày …… tháng …… năm ………"
        let isKnown = plenary.closed.map { $0.date == plenary.day } ?? true
        sheet.paragraph("\(isKnown ? "Buổi sinh hoạt kết thúc" : "Kết luận được ghi trên hệ thống") vào \(end)./.")
        guard plenary.conclusion != nil else { return }
        func listed(_ persons: [PersonID]) -> String {
            persons.map { state.personName($0, asOf: plenary.ending) }.joined(separator: ", ")
        }
        var notes: [String] = []
        if !plenary.confirmedBy.isEmpty { notes.append("đã xác nhận biên bản: \(listed(plenary.confirmedBy))") }
        if !plenary.unconfirmed.isEmpty { notes.append("chưa xác nhận: \(listed(plenary.unconfirmed))") }
        sheet.paragraph("(Trên hệ thống, \(notes.joined(separator: "; ")).)")
    }
}
