/// What the framer made of the octets.
public enum Received: Sendable, Equatable {
    /// A request that follows the grammar, with its whole body.
    case request(Request)
    /// A request that does not; its body, if it announced one, is used up.
    ///
    /// The server answers BAD.
    indirect case malformed(Malformed)
    /// Nothing after this can be read.
    ///
    /// The server answers BYE and closes.
    case fatal(ByeCode)
}

/// The server's reading side: octets in, requests out (specification §1.1, §1.2, §2).
///
/// - The result never depends on how the octets were cut.
/// - LF ends a line and one CR before it is dropped; every other CR is a fault.
/// - The last token of a line alone says whether a body follows, and that body is always used up.
/// - What is held is bounded: sixteen times the line limit, or the announced body.
///
/// Before login the smaller limits apply. A connection that has read a LOGIN or AUTH should not call `next()` again before
/// it knows the outcome and has set `authenticated`; then the limits of the requests behind it do not depend on timing.
public struct Framer: Sendable {
    /// A line may be this many times longer than its limit before the connection ends: so much is read and thrown away to
    /// find the line's end and to answer BAD.
    public static let patience = 16

    /// What an unfinished request waits for.
    public enum Pending: Sendable, Equatable {
        /// No request has begun.
        case nothing
        /// A command line has begun and has no end yet.
        case line
        /// The line ended with `<`.
        case oneLineBody
        /// The line ended with `<<`.
        case blockBody
        /// The line ended with `{n}`; so many octets are still missing (0: only the line's end after them).
        case literalBody(remaining: Int)
    }

    /// A text block on its way.
    private struct Block {
        var limit: Int
        var content: [UInt8] = []
        /// Octets of the content so far, one LF after each line counted, whether kept or thrown away.
        var size = 0
        var lines = 0
        var fault: RequestLine.Fault?
    }

    private enum State {
        case line
        case oneLine(limit: Int)
        case block
        case literal(count: Int)
        case ended
    }

    /// The limits in force.
    public let limits: Limits
    /// Whether somebody has logged in; false means the limits before login.
    public var authenticated = false

    private var buffer = OctetBuffer()
    private var state = State.line
    /// The line whose body is on its way.
    ///
    /// It and the block stand beside the state, not in it, so that nothing copies a growing body.
    private var line = RequestLine()
    private var block = Block(limit: 0)
    /// Octets used up before login.
    private var anonymousOctets = 0
    /// Nothing but empty lines has come so far.
    private var untouched = true

    /// A framer for a new connection, before login.
    public init(limits: Limits) {
        self.limits = limits
    }

    /// Octets held: everything that no returned request has used up.
    ///
    /// A text block that is still arriving counts as well.
    public var buffered: Int {
        buffer.count + block.content.count
    }

    /// What the unfinished request waits for.
    ///
    /// Meaningful after `next()` has returned nil.
    public var pending: Pending {
        switch state {
        case .line: buffer.count == 0 ? .nothing : .line
        case .oneLine: .oneLineBody
        case .block: .blockBody
        case .literal(let count): .literalBody(remaining: max(0, count - buffer.count))
        case .ended: .nothing
        }
    }

    /// Takes octets from the peer.
    ///
    /// A contiguous sequence (an array, a buffer's bytes) is copied in one piece.
    public mutating func append(_ octets: some Sequence<UInt8>) {
        if case .ended = state { return }
        buffer.append(octets)
    }

    /// The next request, or nil when more octets are needed.
    ///
    /// After a fatal result it is nil for ever.
    public mutating func next() -> Received? {
        while true {
            let step: Step
            switch state {
            case .line: step = readLine()
            case .oneLine(let limit): step = readOneLine(limit: limit)
            case .block: step = readBlock()
            case .literal(let count): step = readLiteral(count: count)
            case .ended: return nil
            }
            switch step {
            case .more: return nil
            case .again: continue
            case .done(let received):
                buffer.shrink()
                return received
            case .fatal(let code):
                state = .ended
                buffer.clear()
                block = Block(limit: 0)
                return .fatal(code)
            }
        }
    }

    private enum Step {
        case more, again
        case done(Received)
        case fatal(ByeCode)
    }

    // MARK: Lines

    private enum Scanned {
        case more
        case line(content: Range<Int>, next: Int)
        case abuse
    }

    /// The next line, with the bound of all octets before login.
    private mutating func scan(bound: Int) -> Scanned {
        switch buffer.scanLine(bound: bound) {
        case .more:
            return withinTotal(buffer.count) ? .more : .abuse
        case .line(let content, let next):
            return withinTotal(next - buffer.head) ? .line(content: content, next: next) : .abuse
        case .overBound:
            return .abuse
        }
    }

    private func withinTotal(_ further: Int) -> Bool {
        authenticated || anonymousOctets + further <= limits.anonymousTotal
    }

    private mutating func consume(to next: Int) {
        if !authenticated { anonymousOctets += next - buffer.head }
        buffer.consume(to: next)
    }

    private var lineLimit: Int { limits.lineOctets(authenticated: authenticated) }

    // MARK: Command line

    private mutating func readLine() -> Step {
        if untouched, Stranger.isHandshake(buffer.first) { return .fatal(.abuse) }
        let limit = lineLimit
        switch scan(bound: limit * Framer.patience) {
        case .more: return .more
        case .abuse: return .fatal(.abuse)
        case .line(let content, let next):
            guard line.read(buffer.octets, content, limit: limit) else {
                // People press Enter to see whether anybody is there; an empty line is no request.
                consume(to: next)
                return .again
            }
            if untouched, Stranger.isGreeting(buffer.octets, content) { return .fatal(.abuse) }
            untouched = false
            consume(to: next)
            return begin()
        }
    }

    private mutating func begin() -> Step {
        let limit = limits.bodyOctets(authenticated: authenticated, verb: line.verb)
        switch line.introduction {
        case .none: return finish(body: nil, fault: nil)
        case .uncountable: return .fatal(.frame)
        case .oneLine: state = .oneLine(limit: limit)
        case .block:
            block = Block(limit: limit)
            state = .block
        case .literal(let count):
            guard count <= limit else { return .fatal(.frame) }
            // At least an LF must follow, so the bound can be known before the octets come.
            guard withinTotal(count + 1) else { return .fatal(.abuse) }
            state = .literal(count: count)
        }
        return .again
    }

    /// Hands a request over.
    ///
    /// The line's fault is named before the body's.
    private mutating func finish(body: Body?, fault: RequestLine.Fault?) -> Step {
        state = .line
        if let fault = line.fault ?? fault { return .done(.malformed(fault.malformed)) }
        return .done(.request(Request(tag: line.tag, verb: line.verb, arguments: line.arguments, body: body)))
    }

    // MARK: Bodies

    // one-line = text EOL
    private mutating func readOneLine(limit: Int) -> Step {
        switch scan(bound: lineLimit * Framer.patience) {
        case .more: return .more
        case .abuse: return .fatal(.abuse)
        case .line(let content, let next):
            var fault = lineFault(content, number: 2)
            if fault == nil, content.count > limit { fault = tooBig(limit) }
            let body = fault == nil ? Array(buffer.octets[content]) : []
            consume(to: next)
            return finish(body: .oneLine(body), fault: fault)
        }
    }

    // text-block = *( text-line EOL ) ( "." / ".cancel" ) EOL
    private mutating func readBlock() -> Step {
        while true {
            // Room for the longest ending, so that a body of exactly twice the limit can still be ended.
            let bound = min(lineLimit * Framer.patience, max(0, 2 * block.limit - block.size) + 8)
            switch scan(bound: bound) {
            case .more: return .more
            case .abuse: return .fatal(.abuse)
            case .line(let content, let next):
                let ending = readTextLine(content)
                consume(to: next)
                if let ending {
                    let fault = block.fault
                    block = Block(limit: 0)
                    return finish(body: ending, fault: ending == .cancelled ? nil : fault)
                }
                guard block.size - 1 <= 2 * block.limit else { return .fatal(.abuse) }
            }
        }
    }

    /// Adds one line to the block, or returns the body when the line is the block's end.
    private mutating func readTextLine(_ content: Range<Int>) -> Body? {
        var text = content
        block.lines += 1
        let number = block.lines + 1
        var fault = block.fault ?? lineFault(content, number: number)
        if !content.isEmpty, buffer.octets[content.lowerBound] == Octet.dot {
            if content.count == 1 { return .block(block.content) }
            if content.count == 7, buffer.octets[content].elementsEqual(".cancel".utf8) { return .cancelled }
            if buffer.octets[content.lowerBound + 1] == Octet.dot {
                text = (content.lowerBound + 1)..<content.upperBound
            } else if fault == nil {
                fault = RequestLine.Fault(Malformed(code: .dot, tag: line.tag, line: number, column: 1))
            }
        }
        block.size += text.count + 1
        if fault == nil, block.size - 1 > block.limit { fault = tooBig(block.limit) }
        block.fault = fault
        if fault == nil, line.fault == nil {
            if block.lines > 1 { block.content.append(Octet.lineFeed) }
            block.content.append(contentsOf: buffer.octets[text])
        } else if !block.content.isEmpty {
            block.content = []
        }
        return nil
    }

    // literal = n octets EOL ; anything but EOL there is BYE FRAME
    private mutating func readLiteral(count: Int) -> Step {
        guard buffer.count > count else { return .more }
        let end = buffer.head + count
        var next = end
        if buffer.octets[next] == Octet.carriageReturn {
            next += 1
            guard next < buffer.octets.count else { return .more }
            guard withinTotal(count + 2) else { return .fatal(.abuse) }
        }
        guard buffer.octets[next] == Octet.lineFeed else { return .fatal(.frame) }
        let body = line.fault == nil ? Array(buffer.octets[buffer.head..<end]) : []
        consume(to: next + 1)
        return finish(body: .literal(body), fault: nil)
    }

    // MARK: Faults

    /// What makes a typed line no line: its length, or a CR that ends nothing.
    private func lineFault(_ content: Range<Int>, number: Int) -> RequestLine.Fault? {
        if content.count > lineLimit {
            return RequestLine.Fault(.tooLong(content.count, limit: lineLimit, tag: line.tag, line: number))
        }
        guard let index = buffer.octets[content].firstIndex(of: Octet.carriageReturn) else { return nil }
        let column = Lexer(buffer.octets, content).column(of: index)
        return RequestLine.Fault(
            Malformed(code: .control, tag: line.tag, line: number, column: column, found: "U+000D"))
    }

    private func tooBig(_ limit: Int) -> RequestLine.Fault {
        RequestLine.Fault(
            Malformed(
                code: .bodyTooBig, tag: line.tag,
                expected: Bilingual("tối đa \(limit) octet", "at most \(limit) octets")))
    }
}
