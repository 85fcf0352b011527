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

/// A whole reply: rows, text, and exactly one status (specification §2).
public struct Reply: Sendable, Equatable {
    /// The list rows.
    public var rows: [ReplyRow]
    /// The stored text as it came in body lines: masked by the server, therefore not byte for byte.
    public var lines: [String]
    /// The stored text as it came in counted literals: byte for byte.
    public var literals: [[UInt8]]
    /// The one status line.
    public var status: Status

    /// Makes a reply.
    public init(rows: [ReplyRow] = [], lines: [String] = [], literals: [[UInt8]] = [], status: Status) {
        self.rows = rows
        self.lines = lines
        self.literals = literals
        self.status = status
    }

    /// The text of the reply: its literals one after the other, else its body lines each with its line feed.
    public var text: [UInt8] {
        if !literals.isEmpty { return Array(literals.joined()) }
        var octets: [UInt8] = []
        for line in lines {
            octets.append(contentsOf: line.utf8)
            octets.append(0x0A)
        }
        return octets
    }

    /// Whether there is any text.
    public var hasText: Bool { !literals.isEmpty || !lines.isEmpty }

    /// The first value of a key of the status line.
    public subscript(key: String) -> String? {
        status.pairs.first { $0.key == key }?.value
    }
}
