/// The papers that the office needs out of a topic (domain §9), as plain text for a terminal and for pasting into Word.
///
/// Paragraphs are not broken into lines, so that a word processor can set them; only what NĐ 30/2020/NĐ-CP, Phụ lục I
/// places side by side or in the middle is laid out with blanks.
public enum Papers {
    /// A paper by its name on the wire (specification §8, form names).
    public enum Form: String, CaseIterable, Sendable {
        /// The table of opinions with what became of each.
        case commentTable = "bang-tiep-thu-giai-trinh"
        /// The review form, blank and prefilled.
        case reviewForm = "phieu-phan-bien"
        case minutes = "bien-ban"
        case submission = "to-trinh"
        case comparison = "ban-so-sanh"
        case yearReport = "bao-cao-nam"
        case topic = "chuyen-de"

        /// Whether this version makes it.
        public var isAvailable: Bool {
            switch self {
            case .commentTable, .reviewForm: true
            case .minutes, .submission, .comparison, .yearReport, .topic: false
            }
        }
    }

    /// Makes a paper.
    ///
    /// - Parameter topic: with its details in memory; an archived one has to be revived first. The review form without one is
    ///   blank.
    /// - Throws: `unavailable` for a name that is not made yet, `invalid` for an unknown one and where the topic is missing,
    ///   `notFound` where the person may not read the topic's text.
    public static func form(
        named name: String, topic: Topic?, in state: State, for person: PersonID, now: Instant
    ) throws(Refusal) -> String {
        guard let form = Form(rawValue: name), form.isAvailable else { throw unavailable(name) }
        if topic == nil, form == .reviewForm, let reader = state.people[person], !reader.isDisabled {
            return ReviewForm(state: state, topic: nil, reviewer: reader, now: now).text
        }
        guard let topic else {
            throw Refusal(
                .invalid,
                Wording("Mẫu \(name) lập cho một chuyên đề: ghi thêm mã, như 2025-1.", "Form \(name) needs a topic."),
                details: [Detail("argument", "topic")])
        }
        guard let reader = state.people[person], !reader.isDisabled else { throw Policy.noTopic(topic.id) }
        _ = try Policy.visible(topic.id, .text, to: reader, in: state)
        switch form {
        case .commentTable:
            // A paper names nobody's verdict before its reader may know it (domain §2).
            return CommentTable(state: state, topic: topic.shown(to: person, in: state), now: now).text
        case .reviewForm: return ReviewForm(state: state, topic: topic, reviewer: reader, now: now).text
        case .minutes, .submission, .comparison, .yearReport, .topic: throw unavailable(name)
        }
    }

    private static func unavailable(_ name: String) -> Refusal {
        let made = Form.allCases.filter(\.isAvailable).map(\.rawValue).joined(separator: ", ")
        let later = Form.allCases.filter { !$0.isAvailable }.map(\.rawValue).joined(separator: ", ")
        let isKnown = Form(rawValue: name) != nil
        return Refusal(
            isKnown ? .unavailable : .invalid,
            Wording(
                (isKnown ? "Phiên bản này chưa lập được mẫu \(name)." : "Không có mẫu này.")
                    + " Các mẫu lập được: \(made). Các mẫu sẽ có ở phiên bản sau: \(later).",
                (isKnown ? "This version does not make \(name) yet." : "There is no such form.")
                    + " Forms: \(made). With a later version: \(later)."),
            details: [Detail("argument", "name"), Detail("forms", made)])
    }
}
