/// A command line, read.
///
/// Whatever is wrong with it, it still says whether a body follows.
struct RequestLine: Sendable {
    // body-intro = "<" / "<<" / "{" 1*7DIGIT "}" ; only as the last token
    /// Which body the line announces.
    enum Introduction: Equatable {
        case none
        case oneLine
        case block
        case literal(Int)
        /// A count that the grammar does not have (`{12+}`, `{12345678}`): nobody can say where the body ends.
        case uncountable
    }

    /// A fault on the heap: it is large, and almost always absent.
    final class Fault: Sendable {
        let malformed: Malformed

        init(_ malformed: Malformed) { self.malformed = malformed }
    }

    /// Most lines have no more.
    private static let usualArguments = 6

    private(set) var tag: String?
    private(set) var verb = ""
    private(set) var arguments: [Argument] = []
    private(set) var introduction = Introduction.none
    private(set) var fault: Fault?

    // request = [ tag SP ] verb *( SP arg ) [ SP body-intro ]
    /// Reads one line in place of the last one; false when it holds nothing but spaces.
    mutating func read(_ octets: [UInt8], _ range: Range<Int>, limit: Int) -> Bool {
        var lexer = Lexer(octets, range)
        lexer.skipSpaces()
        guard !lexer.atEnd else { return false }
        tag = nil
        verb = ""
        arguments = []
        introduction = .none
        fault = nil
        do throws(Lexer.Fault) {
            try read(&lexer)
        } catch {
            // The line does not lex, so its tokens cannot say what its last one is. The octets after the last space do,
            // so that a body meant for this line is never run as requests. Inside an open quotation there is no token.
            introduction = error.openQuote ? .none : RequestLine.lastToken(octets, range)
            refuse(error, octets, range)
        }
        // What cannot be text is named before what cannot be a request: it is the nearer cause.
        if let fault = TextRules.fault(in: octets, range, place: .line) { refuse(fault) }
        if range.count > limit {
            fault = Fault(.tooLong(range.count, limit: limit, tag: tag, line: 1))
        }
        return true
    }

    private mutating func read(_ lexer: inout Lexer) throws(Lexer.Fault) {
        if lexer.current == Octet.hash {
            tag = lexer.takeTag()
            guard tag != nil else { throw Lexer.Fault(index: lexer.index, reason: .tag) }
            lexer.skipSpaces()
        }
        try readVerb(&lexer)
        // A handful of keys is compared one by one; a line full of them must not cost the square of their number.
        var keys: Set<String> = []
        arguments.reserveCapacity(Self.usualArguments)
        while true {
            lexer.skipSpaces()
            guard let first = lexer.current else { return }
            if first == Octet.less || first == Octet.openBrace { return try readIntroduction(&lexer) }
            let start = lexer.index
            let argument = try lexer.takeArgument()
            if let key = argument.key, fault == nil, isKnown(key, &keys) {
                fault = Fault(
                    Malformed(
                        code: .duplicateArgument, tag: tag, line: 1, column: lexer.column(of: start), argument: key))
            }
            arguments.append(argument)
        }
    }

    /// Whether a key came before in this line.
    private func isKnown(_ key: String, _ keys: inout Set<String>) -> Bool {
        if arguments.count < 16 { return arguments.contains { $0.key == key } }
        if keys.isEmpty { keys = Set(arguments.compactMap(\.key)) }
        return !keys.insert(key).inserted
    }

    // verb = ALPHA *15( ALPHA / DIGIT ) ; case-insensitive
    private mutating func readVerb(_ lexer: inout Lexer) throws(Lexer.Fault) {
        let start = lexer.index
        var lower = false
        while let octet = lexer.current, octet != Octet.space {
            guard Octet.isAlphaOrDigit(octet), lexer.index > start || Octet.isAlpha(octet), lexer.index - start < 16
            else {
                throw Lexer.Fault(index: start, reason: .verb)
            }
            if octet >= 0x61 { lower = true }
            lexer.index += 1
        }
        guard lexer.index > start else { throw Lexer.Fault(index: start, reason: .verb) }
        let text = lexer.text(start..<lexer.index)
        verb = lower ? text.uppercased() : text
    }

    private mutating func readIntroduction(_ lexer: inout Lexer) throws(Lexer.Fault) {
        let token = lexer.takeToken()
        lexer.skipSpaces()
        let read = RequestLine.introduction(lexer.octets, token)
        guard lexer.atEnd, read != .none else { throw Lexer.Fault(index: token.lowerBound, reason: .introduction) }
        introduction = read
    }

    /// The body-intro of a line that does not lex: its last octets between spaces.
    private static func lastToken(_ octets: [UInt8], _ range: Range<Int>) -> Introduction {
        var end = range.upperBound
        while end > range.lowerBound, octets[end - 1] == Octet.space { end -= 1 }
        var start = end
        while start > range.lowerBound, octets[start - 1] != Octet.space { start -= 1 }
        return introduction(octets, start..<end)
    }

    private static func introduction(_ octets: [UInt8], _ token: Range<Int>) -> Introduction {
        guard let first = octets[token].first else { return .none }
        if first == Octet.less {
            if token.count == 1 { return .oneLine }
            return token.count == 2 && octets[token.lowerBound + 1] == Octet.less ? .block : .none
        }
        guard first == Octet.openBrace, token.count >= 2, Octet.isDigit(octets[token.lowerBound + 1]) else {
            return .none
        }
        let digits = octets[token].dropFirst().dropLast()
        guard octets[token.upperBound - 1] == Octet.closeBrace, digits.count <= 7, digits.allSatisfy(Octet.isDigit)
        else {
            return .uncountable
        }
        return .literal(digits.reduce(0) { $0 * 10 + Int($1 - 0x30) })
    }

    // MARK: Faults

    private mutating func refuse(_ error: Lexer.Fault, _ octets: [UInt8], _ range: Range<Int>) {
        var rest = Lexer(octets, error.index..<range.upperBound)
        let found = rest.takeToken()
        let column = Lexer(octets, range).column(of: error.index)
        fault = Fault(
            Malformed(
                code: .syntax, tag: tag, line: 1, column: column, found: found.isEmpty ? nil : rest.text(found),
                expected: error.reason.human))
    }

    private mutating func refuse(_ text: TextRules.Fault) {
        let mark = Bilingual(
            "dữ liệu bắt đầu bằng dấu BOM của UTF-8, hãy lưu tệp dạng UTF-8 không BOM",
            "the data begins with a UTF-8 byte order mark; save the file as UTF-8 without one")
        let isMark = text.found == "U+FEFF" && text.column == 1
        fault = Fault(Malformed(text, tag: tag, precedingLines: 0, expected: isMark ? mark : nil))
    }
}

extension Malformed {
    /// A command line or a typed line over its limit.
    static func tooLong(_ count: Int, limit: Int, tag: String?, line: Int) -> Malformed {
        Malformed(
            code: .lineTooLong, tag: tag, line: line,
            expected: Bilingual(
                "tối đa \(limit) octet, dòng này có \(count)", "at most \(limit) octets, this one has \(count)"))
    }
}
