/// What something was before each change of it, in order: papers tell what happened then as it was then (domain §1).
struct Formers<Value: Sendable & Equatable>: Sendable, Equatable {
    private struct Span: Sendable, Equatable {
        let value: Value
        /// The event by which it was over.
        let until: Int64
    }

    private var spans: [Span] = []

    /// What it was at the very beginning; nil when it never changed.
    var first: Value? { spans.first?.value }

    /// Keeps what an event puts an end to; events come in their order.
    mutating func append(_ value: Value, until event: Int64) { spans.append(Span(value: value, until: event)) }

    /// What it was when an event happened.
    ///
    /// - Returns: nil when it has not changed since, and for the present, which is no event.
    func value(asOf event: Int64?) -> Value? {
        guard let event else { return nil }
        return spans.first { $0.until > event }?.value
    }
}
