import ReviewCore

/// The columns beside a record that repeat what queries look for; writing and checking have them from here.
struct EventColumns {
    let topic: String?
    let comment: Int64?
    let review: Int64?
    let keep: String
    let expires: Int64?
    private let event: Event

    /// Who writes the record knows it already.
    var bodies: Int64 { Int64(event.fact.fields.bodies.count) }

    init(_ event: Event) {
        topic = event.fact.topic?.description
        if case .commentAdded(let fact) = event.fact { comment = Int64(fact.comment.number) } else { comment = nil }
        if case .reviewFiled(let fact) = event.fact { review = Int64(fact.review.number) } else { review = nil }
        (keep, expires) =
            switch event.fact.retention {
            case .always: ("always", nil)
            case .whileOpen: ("open", nil)
            case .until(let end): ("until", end.milliseconds)
            }
        self.event = event
    }
}
