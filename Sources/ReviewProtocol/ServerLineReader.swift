extension ServerLine {
    /// Reads one line without its end; literals are read by `ReplyFramer`.
    static func read(_ octets: [UInt8], _ range: Range<Int>) throws(ReplyError) -> ServerLine {
        guard String(validating: octets[range], as: UTF8.self) != nil else { throw malformed(octets, range) }
        var lexer = Lexer(octets, range)
        if lexer.current == 0x7C { return .body(try readText(octets, range)) }
        let word = lexer.text(lexer.takeToken())
        if word == "+" { return .prompt(try readText(octets, range)) }
        lexer.skipSpaces()
        if word == "HELLO" {
            let version = lexer.text(lexer.takeToken())
            guard version == ServerLine.version else { throw .version(version) }
        }
        do throws(Lexer.Fault) {
            switch word {
            case "HELLO":
                let (pairs, human) = try lexer.takePairs()
                return .hello(pairs: pairs, human: human)
            case "-":
                let row = try lexer.takeWord()
                return .row(word: row, pairs: try lexer.takePairs().0)
            case "OK":
                return .status(try lexer.takeStatus(.ok))
            case "NO":
                return .status(try lexer.takeStatus(.no(try lexer.takeWord())))
            case "BAD":
                return .status(try lexer.takeStatus(.bad(try lexer.takeWord())))
            case "EVENT":
                return .event(try lexer.takeEvent())
            case "SYNC":
                return .sync(try lexer.takeNumber())
            case "NOTE":
                let code = try lexer.takeWord()
                let (pairs, human) = try lexer.takePairs()
                return .note(code: code, pairs: pairs, human: human)
            case "BYE":
                let code = try lexer.takeWord()
                let (pairs, human) = try lexer.takePairs()
                return .bye(code: code, pairs: pairs, human: human)
            default:
                return .unknown(lexer.text(range))
            }
        } catch {
            throw malformed(octets, range)
        }
    }

    private static func malformed(_ octets: [UInt8], _ range: Range<Int>) -> ReplyError {
        .malformed(String(decoding: octets[range].prefix(200), as: UTF8.self))
    }

    // body-line = "|" [ SP text ]
    // prompt = "+" SP human
    /// What follows the mark and one space, spaces and all.
    private static func readText(_ octets: [UInt8], _ range: Range<Int>) throws(ReplyError) -> String {
        if range.count == 1 { return "" }
        guard octets[range.lowerBound + 1] == Octet.space else { throw malformed(octets, range) }
        return String(decoding: octets[(range.lowerBound + 2)..<range.upperBound], as: UTF8.self)
    }
}

extension Lexer {
    fileprivate func fault() -> Fault {
        Fault(index: index, reason: .reply)
    }

    /// A word that is not empty.
    fileprivate mutating func takeWord() throws(Fault) -> String {
        skipSpaces()
        let token = takeToken()
        guard !token.isEmpty, octets[token].allSatisfy(Octet.isWord) else { throw fault() }
        return text(token)
    }

    /// A log position: a decimal number that fits in 63 bits.
    fileprivate mutating func takeNumber() throws(Fault) -> Int64 {
        let word = try takeWord()
        guard word.utf8.allSatisfy(Octet.isDigit), let number = Int64(word) else { throw fault() }
        return number
    }

    // *( SP pair ) [ SP ":" human ]
    fileprivate mutating func takePairs() throws(Fault) -> ([Pair], String?) {
        var pairs: [Pair] = []
        while true {
            skipSpaces()
            guard let first = current else { return (pairs, nil) }
            if first == Octet.colon {
                defer { index = end }
                return (pairs, text(index + 1..<end))
            }
            let argument = try takeArgument()
            guard let key = argument.key else { throw fault() }
            pairs.append(Pair(key, argument.value))
        }
    }

    // status = ( "OK" / "NO" SP code / "BAD" SP code ) [ SP tag ] *( SP pair ) [ SP ":" human ]
    fileprivate mutating func takeStatus(_ outcome: Status.Outcome) throws(Fault) -> Status {
        skipSpaces()
        let tag = takeTag()
        let (pairs, human) = try takePairs()
        return Status(outcome, tag: tag, pairs: pairs, human: human)
    }

    // event = "EVENT" SP seq SP "prev=" seq SP time SP type *( SP pair )
    fileprivate mutating func takeEvent() throws(Fault) -> EventLine {
        let sequence = try takeNumber()
        skipSpaces()
        guard takeKey() == "prev" else { throw fault() }
        let previous = try takeNumber()
        let time = try takeWord()
        let type = try takeWord()
        return EventLine(
            sequence: sequence, previous: previous, time: time, type: type, pairs: try takePairs().0)
    }
}
