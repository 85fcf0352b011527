/// Why the client cannot read the server.
///
/// The connection is of no further use.
public enum ReplyError: Error, Sendable, Equatable {
    /// A line is longer than the client is willing to hold.
    case lineTooLong
    /// A literal is larger than the client is willing to hold.
    case literalTooBig(Int)
    /// The server speaks another version; the value is the word after HELLO.
    case version(String)
    /// A line with a known first word does not follow the grammar, or is no valid text; the value is the line, repaired.
    case malformed(String)
}

/// The client's reading side: octets in, server lines out (specification §2, `server-line`).
///
/// The result never depends on how the octets were cut. Lines whose first word is unknown come out as `.unknown`, because
/// releases of phanbien/1 may add some; clients skip them.
public struct ReplyFramer: Sendable {
    private var buffer = OctetBuffer()
    private var literal: Int?
    private var failure: ReplyError?
    private let lineLimit: Int
    private let literalLimit: Int

    /// A framer that holds at most `lineLimit` octets of a line and `literalLimit` octets of a literal.
    ///
    /// A body line may be as long as a literal: a revision's paragraph is one line, however long its author made it.
    public init(lineLimit: Int = 16_384, literalLimit: Int = 16_777_216) {
        self.lineLimit = lineLimit
        self.literalLimit = literalLimit
    }

    /// Octets held.
    public var buffered: Int { buffer.count }

    /// Takes octets from the server.
    public mutating func append(_ octets: some Sequence<UInt8>) {
        if failure == nil { buffer.append(octets) }
    }

    /// The next line, or nil when more octets are needed.
    ///
    /// - Throws: `ReplyError`; every later call throws the same one.
    public mutating func next() throws(ReplyError) -> ServerLine? {
        if let failure { throw failure }
        do {
            return try read()
        } catch {
            failure = error
            buffer.clear()
            throw error
        }
    }

    private mutating func read() throws(ReplyError) -> ServerLine? {
        if let count = literal {
            guard buffer.count >= count else { return nil }
            let octets = Array(buffer.octets[buffer.head..<buffer.head + count])
            buffer.consume(to: buffer.head + count)
            literal = nil
            return .literal(octets)
        }
        guard let first = buffer.first else { return nil }
        switch buffer.scanLine(bound: first == 0x7C ? literalLimit : lineLimit) {
        case .more: return nil
        case .overBound: throw .lineTooLong
        case .line(let content, let next):
            if try readLiteralHead(content) {
                buffer.consume(to: next)
                return try read()
            }
            let line = try ServerLine.read(buffer.octets, content)
            buffer.consume(to: next)
            return line
        }
    }

    // lit = "=" SP "{" n "}" EOL n octets
    /// Whether the line announces a literal; then its count is kept.
    private mutating func readLiteralHead(_ content: Range<Int>) throws(ReplyError) -> Bool {
        let line = buffer.octets[content]
        guard line.first == Octet.equals else { return false }
        let digits = line.dropFirst(3).dropLast()
        guard line.starts(with: "= {".utf8), line.last == Octet.closeBrace, !digits.isEmpty,
            digits.allSatisfy(Octet.isDigit)
        else { throw .malformed(String(decoding: line, as: UTF8.self)) }
        guard digits.count <= 9 else { throw .literalTooBig(.max) }
        let count = digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
        guard count <= literalLimit else { throw .literalTooBig(count) }
        literal = count
        return true
    }
}
