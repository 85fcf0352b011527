public import ReviewProtocol

/// One list row of a reply: `- topic id=2025-2 stage=review`.
public struct ReplyRow: Sendable, Equatable {
    /// What the row is about, such as `topic` or `comment`.
    public var word: String
    /// Its pairs in the server's order.
    public var pairs: [Pair]

    /// Makes a row.
    public init(_ word: String, _ pairs: [Pair]) {
        self.word = word
        self.pairs = pairs
    }

    /// The first value of a key; nil when the row does not have it.
    public subscript(key: String) -> String? {
        pairs.first { $0.key == key }?.value
    }
}

/// One piece of a reply before its status; the order of the pieces has meaning: a text belongs to the row before it.
public enum ReplyPart: Sendable, Equatable {
    /// A list row.
    case row(ReplyRow)
    /// A body line: stored text as the server masks it, or a printed line.
    case line(String)
    /// Stored text byte for byte.
    case literal([UInt8])
}

/// A whole reply: rows, text, and exactly one status (specification §2).
public struct Reply: Sendable, Equatable {
    /// The pieces in the server's order.
    public var parts: [ReplyPart]
    /// The one status line.
    public var status: Status

    /// Makes a reply.
    public init(_ parts: [ReplyPart] = [], status: Status) {
        self.parts = parts
        self.status = status
    }

    /// The list rows.
    public var rows: [ReplyRow] {
        parts.compactMap { if case .row(let row) = $0 { row } else { nil } }
    }

    /// All text of the reply, its rows left out.
    public var text: [UInt8] {
        parts.reduce(into: []) { octets, part in Self.append(part, to: &octets) }
    }

    /// Whether there is any text.
    public var hasText: Bool {
        parts.contains { if case .row = $0 { false } else { true } }
    }

    /// The first value of a key of the status line.
    public subscript(key: String) -> String? {
        status.pairs.first { $0.key == key }?.value
    }

    /// A row with the text right behind it; without a row for text that comes first.
    public struct Item: Sendable, Equatable {
        /// The row.
        public var row: ReplyRow?
        /// The text behind it; nil when there is none.
        public var text: [UInt8]?
    }

    /// The reply as rows, each with its own text.
    public var items: [Item] {
        var items: [Item] = []
        for part in parts {
            if case .row(let row) = part {
                items.append(Item(row: row, text: nil))
                continue
            }
            if items.isEmpty { items.append(Item(row: nil, text: nil)) }
            var text = items[items.count - 1].text ?? []
            Self.append(part, to: &text)
            items[items.count - 1].text = text
        }
        return items
    }

    private static func append(_ part: ReplyPart, to octets: inout [UInt8]) {
        switch part {
        case .row: break
        case .line(let line):
            octets.append(contentsOf: line.utf8)
            octets.append(0x0A)
        case .literal(let literal): octets.append(contentsOf: literal)
        }
    }
}
