extension ServerLine {
    /// Appends the line and its LF.
    ///
    /// Nothing that is written can end a line early or drive a terminal: in body lines and values controls and invisible
    /// characters are shown as `\u{202E}`; in the human part they are left out; pairs whose key is no key, and words that
    /// are no words, would not be readable and are our own mistake.
    public func write(into output: inout [UInt8]) {
        switch self {
        case .hello(let pairs, let human):
            output.append(contentsOf: "HELLO \(ServerLine.version)".utf8)
            LineWriter.append(pairs, human, to: &output)
        case .row(let word, let pairs):
            output.append(contentsOf: "- ".utf8)
            output.append(contentsOf: word.utf8)
            LineWriter.append(pairs, nil, to: &output)
        case .body(let text):
            output.append(0x7C)
            if !text.isEmpty {
                output.append(Octet.space)
                Masking.append(text, to: &output, allowing: "\t")
            }
            output.append(Octet.lineFeed)
        case .literal(let octets):
            output.append(contentsOf: "= {\(octets.count)}\n".utf8)
            output.append(contentsOf: octets)
        case .prompt(let text):
            output.append(contentsOf: "+ ".utf8)
            LineWriter.appendHuman(text, to: &output)
            output.append(Octet.lineFeed)
        case .status(let status):
            status.write(into: &output)
        case .event(let event):
            event.write(into: &output)
        case .sync(let sequence):
            output.append(contentsOf: "SYNC ".utf8)
            LineWriter.append(sequence, to: &output)
            output.append(Octet.lineFeed)
        case .note(let code, let pairs, let human):
            output.append(contentsOf: "NOTE ".utf8)
            output.append(contentsOf: code.utf8)
            LineWriter.append(pairs, human, to: &output)
        case .bye(let code, let pairs, let human):
            output.append(contentsOf: "BYE ".utf8)
            output.append(contentsOf: code.utf8)
            LineWriter.append(pairs, human, to: &output)
        case .unknown(let line):
            LineWriter.appendHuman(line, to: &output)
            output.append(Octet.lineFeed)
        }
    }

    /// Appends a text as body lines; a final LF ends the last line and begins no other.
    public static func writeBody(lines text: String, into output: inout [UInt8]) {
        guard Masking.isClean(text, allowing: "\n") else {
            var lines = text.utf8.split(separator: Octet.lineFeed, omittingEmptySubsequences: false)
            if lines.last?.isEmpty == true { lines.removeLast() }
            for line in lines { ServerLine.body(String(Substring(line))).write(into: &output) }
            return
        }
        var text = text
        // A bridge from a string to its octets that costs nothing here: every text of ours is stored as UTF-8.
        text.withUTF8 { octets in
            var rest = octets[...]
            while !rest.isEmpty {
                let line = rest[..<(rest.firstIndex(of: Octet.lineFeed) ?? rest.endIndex)]
                output.append(0x7C)
                if !line.isEmpty { output.append(Octet.space) }
                output.append(contentsOf: UnsafeBufferPointer(rebasing: line))
                output.append(Octet.lineFeed)
                rest = rest[line.endIndex...].dropFirst()
            }
        }
    }

    /// The protocol's name and version, in HELLO and as the TLS application protocol (ALPN).
    public static let version = "phanbien/1"
}

extension Status {
    /// Appends the status line and its LF.
    public func write(into output: inout [UInt8]) {
        switch outcome {
        case .ok: output.append(contentsOf: "OK".utf8)
        case .no(let code):
            output.append(contentsOf: "NO ".utf8)
            output.append(contentsOf: code.utf8)
        case .bad(let code):
            output.append(contentsOf: "BAD ".utf8)
            output.append(contentsOf: code.utf8)
        }
        if let tag {
            output.append(contentsOf: " #".utf8)
            output.append(contentsOf: tag.utf8)
        }
        LineWriter.append(pairs, human, to: &output)
    }
}

extension EventLine {
    /// Appends the event line and its LF.
    ///
    /// A line over the limit (octets without its LF) loses pairs from its end: events are references, and what they refer
    /// to is fetched. `prev=` counts as wide as the event's own position, so that the line of every watcher has the same
    /// pairs.
    public func write(into output: inout [UInt8], limit: Int = Limits().eventOctets) {
        writeHead(into: &output)
        LineWriter.append(previous, to: &output)
        writeTail(into: &output, limit: limit)
    }

    fileprivate func writeHead(into output: inout [UInt8]) {
        output.append(contentsOf: "EVENT ".utf8)
        LineWriter.append(sequence, to: &output)
        output.append(contentsOf: " prev=".utf8)
    }

    fileprivate func writeTail(into output: inout [UInt8], limit: Int) {
        // "EVENT " and " prev=" are six octets each.
        let room = limit - 12 - 2 * LineWriter.digits(of: sequence)
        let start = output.count
        output.append(Octet.space)
        output.append(contentsOf: time.utf8)
        output.append(Octet.space)
        output.append(contentsOf: type.utf8)
        for pair in pairs {
            let before = output.count
            LineWriter.append(pair, to: &output)
            guard output.count - start <= room else {
                output.removeLast(output.count - before)
                break
            }
        }
        output.append(Octet.lineFeed)
    }
}

/// An event line for many watchers: only `prev=` differs from one to the next, so the rest is written once.
public struct EncodedEvent: Sendable {
    /// The event's position in the log.
    public let sequence: Int64
    private let head: [UInt8]
    private let tail: [UInt8]

    /// Writes everything but the value of `prev=`.
    public init(_ event: EventLine, limit: Int = Limits().eventOctets) {
        sequence = event.sequence
        var octets: [UInt8] = []
        event.writeHead(into: &octets)
        head = octets
        octets = []
        event.writeTail(into: &octets, limit: limit)
        tail = octets
    }

    /// Appends the line for one watcher: the octets that `EventLine.write` would append.
    public func write(previous: Int64, into output: inout [UInt8]) {
        output.append(contentsOf: head)
        LineWriter.append(previous, to: &output)
        output.append(contentsOf: tail)
    }
}

/// How pairs, values and human text stand in a line.
enum LineWriter {
    static func append(_ pairs: [Pair], _ human: String?, to output: inout [UInt8]) {
        for pair in pairs { append(pair, to: &output) }
        if let human {
            output.append(contentsOf: " :".utf8)
            appendHuman(human, to: &output)
        }
        output.append(Octet.lineFeed)
    }

    static func append(_ pair: Pair, to output: inout [UInt8]) {
        output.append(Octet.space)
        output.append(contentsOf: pair.key.utf8)
        output.append(Octet.equals)
        appendValue(pair.value, to: &output)
    }

    /// A word as it is; anything else in quotation marks, by the same rules as in requests.
    static func appendValue(_ value: String, to output: inout [UInt8]) {
        // LF has its own escape, so the mask leaves it alone.
        if Masking.isClean(value, allowing: "\n") {
            appendQuotedOrWord(value, to: &output)
        } else {
            var shown: [UInt8] = []
            Masking.append(value, to: &shown, allowing: "\n")
            appendQuotedOrWord(String(decoding: shown, as: UTF8.self), to: &output)
        }
    }

    /// Quotes exactly what needs it.
    ///
    /// The text holds no control but LF.
    static func appendQuotedOrWord(_ text: String, to output: inout [UInt8]) {
        if !text.isEmpty, text.utf8.allSatisfy(Octet.isWord) {
            output.append(contentsOf: text.utf8)
            return
        }
        output.append(Octet.quote)
        if !text.utf8.contains(where: { $0 == Octet.quote || $0 == Octet.backslash || $0 == Octet.lineFeed }) {
            output.append(contentsOf: text.utf8)
        } else {
            for octet in text.utf8 {
                switch octet {
                case Octet.quote: output.append(contentsOf: "\\\"".utf8)
                case Octet.backslash: output.append(contentsOf: "\\\\".utf8)
                case Octet.lineFeed: output.append(contentsOf: "\\n".utf8)
                default: output.append(octet)
                }
            }
        }
        output.append(Octet.quote)
    }

    /// Human text loses what a terminal must not get; it is one line, and no program reads it.
    static func appendHuman(_ text: String, to output: inout [UInt8]) {
        if Masking.isClean(text) {
            output.append(contentsOf: text.utf8)
            return
        }
        for scalar in text.unicodeScalars where Masking.isVisible(scalar) {
            output.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        }
    }

    /// A decimal number, without a string on the way.
    static func append(_ number: Int64, to output: inout [UInt8]) {
        guard number >= 0 else {
            output.append(contentsOf: String(number).utf8)
            return
        }
        let start = output.count
        var rest = number
        repeat {
            output.append(0x30 + UInt8(truncatingIfNeeded: rest % 10))
            rest /= 10
        } while rest > 0
        output[start...].reverse()
    }

    /// How many octets a number takes.
    static func digits(of number: Int64) -> Int {
        var octets: [UInt8] = []
        append(number, to: &octets)
        return octets.count
    }
}
