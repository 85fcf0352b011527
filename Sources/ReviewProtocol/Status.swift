/// The line that ends a reply (specification §2, `status`).
///
/// Every NO and BAD carries `retry=`; the initialiser adds the one of its code when the pairs have none.
public struct Status: Sendable, Equatable {
    /// What became of the request.
    public enum Outcome: Sendable, Equatable {
        /// Done, and durable.
        case ok
        /// Understood and refused; the code may be one that this release does not know.
        case no(String)
        /// Not understood; the code may be one that this release does not know.
        case bad(String)

        /// Refused with a code of this release.
        public static func no(_ code: NoCode) -> Outcome { .no(code.rawValue) }
        /// Not understood, with a code of this release.
        public static func bad(_ code: BadCode) -> Outcome { .bad(code.rawValue) }
    }

    /// What became of the request.
    public var outcome: Outcome
    /// The request's tag, without its `#`.
    public var tag: String?
    /// The pairs, in order.
    public var pairs: [Pair]
    /// What a person reads.
    public var human: String?

    /// A status.
    ///
    /// NO and BAD with a known code and without `retry=` get the code's own.
    public init(_ outcome: Outcome, tag: String? = nil, pairs: [Pair] = [], human: String? = nil) {
        self.outcome = outcome
        self.tag = tag
        self.pairs = pairs
        self.human = human
        let retry: Retry?
        switch outcome {
        case .ok: retry = nil
        case .no(let code): retry = NoCode(rawValue: code)?.retry
        case .bad(let code): retry = BadCode(rawValue: code)?.retry
        }
        if let retry, !pairs.contains(where: { $0.key == "retry" }) {
            self.pairs.append(Pair("retry", retry.rawValue))
        }
    }

    /// Whether the request was done.
    public var isOK: Bool { outcome == .ok }

    /// The code of a NO or BAD.
    public var code: String? {
        switch outcome {
        case .ok: nil
        case .no(let code), .bad(let code): code
        }
    }

    /// The first value of a key.
    public func value(_ key: String) -> String? {
        pairs.first { $0.key == key }?.value
    }
}
