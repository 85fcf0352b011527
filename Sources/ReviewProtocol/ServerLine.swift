/// A line of the event log on its way to a watcher (specification §2 `event`, §4).
public struct EventLine: Sendable, Equatable {
    /// The event's position in the log.
    public var sequence: Int64
    /// The previous event on this subscription, which proves that none is missing.
    public var previous: Int64
    /// When it happened: RFC 3339 with milliseconds and offset.
    public var time: String
    /// The type, `NOUN.PAST`.
    public var type: String
    /// The pairs, the most important first: those at the end are dropped when the line would be too long.
    public var pairs: [Pair]

    /// An event line.
    public init(sequence: Int64, previous: Int64, time: String, type: String, pairs: [Pair] = []) {
        self.sequence = sequence
        self.previous = previous
        self.time = time
        self.type = type
        self.pairs = pairs
    }

    /// The first value of a key.
    public func value(_ key: String) -> String? {
        pairs.first { $0.key == key }?.value
    }
}

/// Everything the server can say, one case per first word (specification §2, `server-line`).
public enum ServerLine: Sendable, Equatable {
    /// `HELLO phanbien/1 …`, the first line of a connection.
    case hello(pairs: [Pair], human: String?)
    /// `- word …`, a row of a list.
    case row(word: String, pairs: [Pair])
    /// `| text`, one line of stored or printed text.
    case body(String)
    /// `= {n}` and n octets, instead of body lines after `SET body=literal`.
    case literal([UInt8])
    /// `+ text`, which may follow a `<` or `<<` line; programs skip it.
    case prompt(String)
    /// OK, NO or BAD: the end of a reply.
    case status(Status)
    /// `EVENT …`.
    case event(EventLine)
    /// `SYNC n`: everything up to n was sent.
    case sync(Int64)
    /// `NOTE code …`.
    case note(code: String, pairs: [Pair], human: String?)
    /// `BYE code …`: the server closes.
    case bye(code: String, pairs: [Pair], human: String?)
    /// A line whose first word this release does not know; clients skip it.
    case unknown(String)

    /// A BYE with a code of this release.
    public static func bye(_ code: ByeCode, pairs: [Pair] = [], language: Language) -> ServerLine {
        .bye(code: code.rawValue, pairs: pairs, human: code.human.text(language))
    }
}
