/// Why a request cannot be sent.
///
/// Nothing was written.
public enum EncodeError: Error, Sendable, Equatable {
    /// The tag is not 1 to 32 of A–Z a–z 0–9 - _ .
    case tag(String)
    /// The verb is not a letter and up to 15 letters or digits.
    case verb(String)
    /// The key is not a letter and up to 31 letters, digits or hyphens.
    case key(String)
    /// The key stands twice.
    case duplicateKey(String)
    /// An argument or a typed body holds what may not be sent.
    case text(TextRules.Fault)
    /// The command line, or a typed line of the body, is longer than the server takes.
    case lineTooLong(Int)
    /// The body is larger than the server takes.
    case bodyTooBig(Int)
}

extension Request {
    /// Appends the request as octets: the client's writing side.
    ///
    /// What is written is read back as the same request.
    ///
    /// Values that are not plain words are quoted, dots at the beginnings of lines are doubled. Literals are not looked
    /// into; bodies in the other two forms are texts.
    ///
    /// - Parameter limits: what the server announced; the limits after login unless given.
    /// - Throws: `EncodeError`; then nothing was appended.
    public func write(into output: inout [UInt8], limits: Limits = Limits()) throws(EncodeError) {
        var line: [UInt8] = []
        if let tag {
            let octets = Array(tag.utf8)
            guard (1...32).contains(octets.count), octets.allSatisfy(Octet.isTag) else { throw .tag(tag) }
            line.append(Octet.hash)
            line.append(contentsOf: octets)
            line.append(Octet.space)
        }
        let name = Array(verb.utf8)
        guard (1...16).contains(name.count), Octet.isAlpha(name[0]), name.allSatisfy(Octet.isAlphaOrDigit) else {
            throw .verb(verb)
        }
        line.append(contentsOf: name)
        try writeArguments(into: &line)
        try writeIntroduction(into: &line)
        guard line.count <= limits.line else { throw .lineTooLong(line.count) }
        line.append(Octet.lineFeed)
        try writeBody(into: &line, limits: limits)
        output.append(contentsOf: line)
    }

    private func writeArguments(into line: inout [UInt8]) throws(EncodeError) {
        var keys: Set<String> = []
        for argument in arguments {
            line.append(Octet.space)
            try Request.check(argument.value)
            if let key = argument.key {
                let octets = Array(key.utf8)
                guard (1...32).contains(octets.count), Octet.isAlpha(octets[0]), octets.allSatisfy(Octet.isKey) else {
                    throw .key(key)
                }
                guard keys.insert(key.lowercased()).inserted else { throw .duplicateKey(key) }
                line.append(contentsOf: octets)
                line.append(Octet.equals)
                LineWriter.appendQuotedOrWord(argument.value, to: &line)
            } else {
                let start = line.count
                LineWriter.appendQuotedOrWord(argument.value, to: &line)
                // A positional word that reads like a pair would come back as one.
                var lexer = Lexer(line, start..<line.count)
                if lexer.takeKey() != nil {
                    line.insert(Octet.quote, at: start)
                    let escaped = line[(start + 1)...].flatMap { $0 == Octet.backslash ? [$0, $0] : [$0] }
                    line.replaceSubrange((start + 1)..., with: escaped)
                    line.append(Octet.quote)
                }
            }
        }
    }

    /// Arguments are one line of text; LF has its own escape.
    private static func check(_ value: String) throws(EncodeError) {
        let octets = value.utf8.map { $0 == Octet.lineFeed ? Octet.space : $0 }
        if let fault = TextRules.fault(in: octets, place: .line) { throw .text(fault) }
    }

    private func writeIntroduction(into line: inout [UInt8]) throws(EncodeError) {
        switch body {
        case nil: break
        case .oneLine: line.append(contentsOf: " <".utf8)
        case .block, .cancelled: line.append(contentsOf: " <<".utf8)
        case .literal(let octets):
            guard octets.count <= 9_999_999 else { throw .bodyTooBig(octets.count) }
            line.append(contentsOf: " {\(octets.count)}".utf8)
        }
    }

    private func writeBody(into output: inout [UInt8], limits: Limits) throws(EncodeError) {
        if let count = body?.octets?.count, count > limits.body { throw .bodyTooBig(count) }
        switch body {
        case nil: break
        case .cancelled: output.append(contentsOf: ".cancel\n".utf8)
        case .literal(let octets):
            output.append(contentsOf: octets)
            output.append(Octet.lineFeed)
        case .oneLine(let octets):
            if let fault = TextRules.fault(in: octets, place: .body) { throw .text(fault) }
            // A CR at the end would be taken for half of the line's end, and an LF for the whole.
            guard !octets.contains(Octet.lineFeed), octets.last != Octet.carriageReturn else {
                throw .text(TextRules.Fault(code: .control, line: 1, column: 1, found: "U+000A"))
            }
            guard octets.count <= limits.line else { throw .lineTooLong(octets.count) }
            output.append(contentsOf: octets)
            output.append(Octet.lineFeed)
        case .block(let octets):
            if let index = octets.firstIndex(of: Octet.carriageReturn) {
                let line = octets[..<index].count { $0 == Octet.lineFeed } + 1
                throw .text(TextRules.Fault(code: .control, line: line, column: 1, found: "U+000D"))
            }
            if let fault = TextRules.fault(in: octets, place: .body) { throw .text(fault) }
            let lines = octets.isEmpty ? [] : octets.split(separator: Octet.lineFeed, omittingEmptySubsequences: false)
            for line in lines {
                if line.first == Octet.dot { output.append(Octet.dot) }
                guard line.count + (line.first == Octet.dot ? 1 : 0) <= limits.line else {
                    throw .lineTooLong(line.count)
                }
                output.append(contentsOf: line)
                output.append(Octet.lineFeed)
            }
            output.append(contentsOf: ".\n".utf8)
        }
    }
}
