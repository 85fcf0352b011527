import ReviewProtocol

/// Server lines: the client's reading side survives anything, and what one side writes the other reads.
///
/// The input's first octet chooses: a stream as a server sends it, or values as the engine may have them.
enum ReplyTarget {
    private static let lineLimit = 1_000
    private static let literalLimit = 3_000

    static func run(_ octets: [UInt8]) throws(Finding) {
        let choice = octets.first ?? 0
        if choice & 1 == 0 {
            try stream(octets.dropFirst(), piece: Int(choice >> 1 & 31) + 1)
        } else {
            var genes = Genes(octets.dropFirst())
            repeat { try value(&genes) } while !genes.isEmpty
        }
    }

    private static func lines(
        _ octets: ArraySlice<UInt8>, pieces: Int
    ) throws(Finding) -> (lines: [ServerLine], end: ReplyError?) {
        var framer = ReplyFramer(lineLimit: lineLimit, literalLimit: literalLimit)
        var lines: [ServerLine] = []
        var rest = octets
        do throws(ReplyError) {
            while !rest.isEmpty {
                framer.append(rest.prefix(pieces))
                rest = rest.dropFirst(pieces)
                while let line = try framer.next() { lines.append(line) }
            }
        } catch {
            return (lines, error)
        }
        let bound = max(lineLimit, literalLimit) + 2
        try promise(framer.buffered <= bound, "the reader holds \(framer.buffered) octets, bound \(bound)")
        return (lines, nil)
    }

    private static func stream(_ octets: ArraySlice<UInt8>, piece: Int) throws(Finding) {
        let whole = try lines(octets, pieces: max(1, octets.count))
        for pieces in [1, piece] {
            let cut = try lines(octets, pieces: pieces)
            try promise(cut.lines == whole.lines, "in pieces of \(pieces): \(cut)\nas a whole: \(whole)")
            // How much of a line that has no end is shown depends on how much of it is there.
            try promise((cut.end == nil) == (whole.end == nil), "in pieces of \(pieces): \(cut)\nas a whole: \(whole)")
        }
        for line in whole.lines {
            // The server never says what it does not know.
            if case .unknown = line { continue }
            let once = written(line)
            let again = try lines(once[...], pieces: once.count)
            // The mask makes lines longer, so that one of these may not fit.
            if again.end == .lineTooLong { continue }
            guard again.lines.count == 1, again.end == nil else {
                throw Finding("\(line) was written as \(shown(once)), read as \(again)")
            }
            try promise(written(again.lines[0]) == once, "\(shown(once)) does not come back: \(again)")
        }
    }

    private static func written(_ line: ServerLine) -> [UInt8] {
        var output: [UInt8] = []
        line.write(into: &output)
        return output
    }

    // MARK: Values

    private static let words = ["topic", "comment", "X-1", "đề", "problem"]
    private static let keys = ["id", "text", "a-1", "k"]

    private static func pairs(_ genes: inout Genes) -> [Pair] {
        (0..<genes.below(4)).map { _ in Pair(genes.choice(keys, or: "id"), genes.text()) }
    }

    private static func human(_ genes: inout Genes) -> String? { genes.octet() & 1 == 1 ? genes.text() : nil }

    private static func value(_ genes: inout Genes) throws(Finding) {
        let line: ServerLine
        switch genes.below(10) {
        case 0: line = .hello(pairs: pairs(&genes), human: human(&genes))
        case 1: line = .row(word: genes.choice(words, or: "topic"), pairs: pairs(&genes))
        case 2: line = .body(genes.text())
        case 3: line = .literal(Array(genes.piece()))
        case 4: line = .prompt(genes.text())
        case 5:
            let tag: String? = genes.octet() & 1 == 1 ? "t-1" : nil
            line = .status(Status(.ok, tag: tag, pairs: pairs(&genes), human: human(&genes)))
        case 6:
            let code = genes.choice(NoCode.allCases, or: .busy)
            line = .status(Status(.no(code), pairs: pairs(&genes), human: human(&genes)))
        case 7: line = try event(&genes)
        case 8: line = .sync(genes.number() & .max)
        default: line = .bye(code: "ABUSE", pairs: pairs(&genes), human: human(&genes))
        }
        let octets = written(line)
        var framer = ReplyFramer()
        framer.append(octets)
        switch Result(catching: { () throws(ReplyError) in try framer.next() }) {
        case .success(let read?) where framer.buffered == 0: try compare(line, read, octets)
        case .success: throw Finding("\(line) was written as more or less than one line: \(shown(octets))")
        case .failure(let error): throw Finding("\(line) was written as \(shown(octets)): \(error)")
        }
    }

    private static func event(_ genes: inout Genes) throws(Finding) -> ServerLine {
        let sequence = genes.number() & .max
        let event = EventLine(
            sequence: sequence, previous: min(sequence, genes.number() & .max), time: "2025-06-16T09:12:01.101+07:00",
            type: "COMMENT.ADDED", pairs: pairs(&genes))
        var once: [UInt8] = []
        event.write(into: &once)
        var shared: [UInt8] = []
        EncodedEvent(event).write(previous: event.previous, into: &shared)
        try promise(once == shared, "one watcher gets \(shown(once)), many get \(shown(shared))")
        try promise(once.count <= Limits().eventOctets + 1, "an event line of \(once.count) octets")
        return .event(event)
    }

    /// What came back is what was written, where nothing had to be masked, left out or cut.
    private static func compare(_ line: ServerLine, _ read: ServerLine, _ octets: [UInt8]) throws(Finding) {
        let isText: Bool
        if case .literal = line {
            isText = false
        } else {
            isText = true
            for part in octets.split(separator: 0x0A) {
                let fault = TextRules.fault(in: Array(part), place: part.first == 0x7C ? .body : .line)
                try promise(fault == nil, "\(shown(octets)) may drive a terminal: \(String(describing: fault))")
            }
        }
        switch (line, read) {
        case (.literal(let one), .literal(let other)): try promise(one == other, "a literal changed")
        case (.hello, .hello), (.row, .row), (.body, .body), (.prompt, .prompt), (.status, .status), (.event, .event),
            (.sync, .sync), (.bye, .bye):
            try promise(isText && written(read) == octets, "\(line)\nis read as \(read)")
        default: throw Finding("\(line)\nis read as \(read)")
        }
    }
}
