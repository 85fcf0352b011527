/// The topic paper (chuyên đề) as it goes out: the approved text, or the newest one marked as a draft, between the common
/// blocks of an administrative document.
///
/// The text is not changed: headings take the numbers of their places, `I.`, `1.`, `1.1.`, in the place of their marks.
struct TopicPaper {
    private let state: State
    private let topic: Topic
    private let revision: Revision

    /// - Throws: `stage` while there is no revision.
    init(of topic: Topic, in state: State) throws(Refusal) {
        let newest = try Papers.newest(of: topic)
        revision = topic.approval.flatMap { topic.revision($0.revision) } ?? newest
        self.state = state
        self.topic = topic
    }

    var sheet: PaperSheet {
        let plan = state.plan(of: topic)
        var sheet = PaperSheet()
        sheet.letterhead(
            parent: plan?.parent ?? "", issuer: plan?.issuer ?? "",
            number: "Số: \(topic.issued?.number ?? "……/……")", place: topic.issued.map { .dated($0.date) } ?? .undated)
        sheet.title("CHUYÊN ĐỀ", topic.title)
        if topic.approval == nil { sheet.centred("(DỰ THẢO LẦN \(revision.number), CHƯA PHÊ DUYỆT)") }
        sheet.blank()
        if let notice = state.notice(of: revision) {
            sheet.paragraph(notice)
        } else {
            write(&sheet)
        }
        sheet.signature(
            title: signatory.title, name: signatory.name,
            recipients: (plan.map { $0.parent.isEmpty ? [] : [$0.parent] } ?? []) + [
                "Ban lãnh đạo Trung tâm", "Các phòng thuộc Trung tâm", "Lưu: VT, \(topic.lead.text.uppercased())",
            ])
        sheet.blank()
        sheet.paragraph(
            "(Lập từ dự thảo lần \(revision.number), mã SHA-256 \(revision.digest).)")
        return sheet
    }

    /// Who approved, or who will; a deputy signs for the Director (KT., NĐ 30/2020/NĐ-CP, Điều 13).
    private var signatory: (title: [String], name: String) {
        guard let approval = topic.approval else {
            return (["GIÁM ĐỐC"], state.active(.director).first.map { state.personName($0) } ?? "")
        }
        let title = approval.delegation == nil ? ["GIÁM ĐỐC"] : ["KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"]
        return (title, state.personName(approval.person, asOf: approval.event))
    }

    private func write(_ sheet: inout PaperSheet) {
        let document = revision.document
        let headings = Dictionary(document.sections.map { ($0.line, Self.heading($0)) }) { first, _ in first }
        guard let last = document.lines.lastIndex(where: { !$0.isEmpty }) else { return }
        for (index, line) in document.lines[...last].enumerated() {
            let text = headings[index + 1] ?? String(line)
            let shown = index == last ? Self.ended(text) : text
            if headings[index + 1] == nil { sheet.paragraph(shown) } else { sheet.heading(shown) }
        }
    }

    private static func heading(_ section: Section) -> String {
        guard section.level > 1 else { return "\(section.path). \(section.title.uppercased())" }
        // Below the Roman number of the part the places are numbered in digits.
        let digits = section.path.description.split(separator: ".").dropFirst().joined(separator: ".")
        return "\(digits). \(section.title)"
    }

    /// The mark with which a document's content ends (NĐ 30/2020/NĐ-CP, Phụ lục I).
    private static func ended(_ line: String) -> String {
        if line.hasSuffix("./.") { return line }
        return (line.hasSuffix(".") ? String(line.dropLast()) : line) + "./."
    }
}
