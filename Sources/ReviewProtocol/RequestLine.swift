/// A command line, read.
///
/// Whatever is wrong with it, it still says whether a body follows.
struct RequestLine {
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

    var tag: String?
    var verb = ""
    var arguments: [Argument] = []
    var introduction = Introduction.none
    var fault: Malformed?

    // request = [ tag SP ] verb *( SP arg ) [ SP body-intro ]
    /// Reads one line; nil when it holds nothing but spaces.
    static func read(_ octets: [UInt8], _ range: Range<Int>, limit: Int) -> RequestLine? {
        var lexer = Lexer(octets, range)
        lexer.skipSpaces()
        guard !lexer.atEnd else { return nil }
        var line = RequestLine()
        do throws(Lexer.Fault) {
            try line.read(&lexer)
        } catch {
            // The line does not lex, so its tokens cannot say what its last one is. The octets after the last space do, so
            // that a body meant for this line is never run as requests. Inside an open quotation there is no token at all.
            line.introduction = error.openQuote ? .none : lastToken(octets, range)
            let start = range.lowerBound
            let before = String(decoding: octets[start..<error.index], as: UTF8.self).unicodeScalars.count
            var token = Lexer(octets, error.index..<range.upperBound)
            let found = token.takeToken()
            line.fault = Malformed(
                code: .syntax, tag: line.tag, line: 1, column: before + 1,
                found: found.isEmpty ? nil : token.text(found),
                expected: error.reason)
        }
        // What cannot be text is named before what cannot be a request: it is the nearer cause.
        if let fault = TextRules.fault(in: octets, range, place: .line) {
            let mark = fault.found == "U+FEFF" && fault.column == 1
            line.fault = Malformed(
                fault, tag: line.tag, precedingLines: 0,
                expected: mark
                    ? Bilingual(
                        "dữ liệu bắt đầu bằng dấu BOM của UTF-8, hãy lưu tệp dạng UTF-8 không BOM",
                        "the data begins with a UTF-8 byte order mark; save the file as UTF-8 without one")
                    : nil)
        }
        if range.count > limit {
            line.fault = Malformed(
                code: .lineTooLong, tag: line.tag, line: 1,
                expected: Bilingual(
                    "tối đa \(limit) octet, dòng này có \(range.count)",
                    "at most \(limit) octets, this one has \(range.count)"))
        }
        return line
    }

    private mutating func read(_ lexer: inout Lexer) throws(Lexer.Fault) {
        if lexer.current == Octet.hash {
            guard let tag = lexer.takeTag() else {
                throw Lexer.Fault(
                    index: lexer.index,
                    reason: Bilingual(
                        "nhãn là # và 1 đến 32 chữ cái không dấu, chữ số hoặc - _ .",
                        "a tag is # and 1 to 32 of A–Z a–z 0–9 - _ ."))
            }
            self.tag = tag
            lexer.skipSpaces()
        }
        try readVerb(&lexer)
        while true {
            lexer.skipSpaces()
            guard let first = lexer.current else { return }
            if first == Octet.less || first == Octet.openBrace {
                try readIntroduction(&lexer)
                return
            }
            let start = lexer.index
            let argument = try lexer.takeArgument()
            if let key = argument.key, fault == nil, arguments.contains(where: { $0.key == key }) {
                fault = Malformed(
                    code: .duplicateArgument, tag: tag, line: 1, column: column(of: start, in: lexer), argument: key)
            }
            arguments.append(argument)
        }
    }

    private func column(of index: Int, in lexer: Lexer) -> Int? {
        // Only the text before it counts; a line with a text fault reports that one instead.
        var start = index
        while start > 0, lexer.octets[start - 1] != Octet.lineFeed { start -= 1 }
        return lexer.text(start..<index).unicodeScalars.count + 1
    }

    // verb = ALPHA *15( ALPHA / DIGIT ) ; case-insensitive
    private mutating func readVerb(_ lexer: inout Lexer) throws(Lexer.Fault) {
        let token = lexer.takeToken()
        var lower = false
        var valid = !token.isEmpty && token.count <= 16 && Octet.isAlpha(lexer.octets[token.lowerBound])
        for octet in lexer.octets[token] {
            if !Octet.isAlphaOrDigit(octet) { valid = false }
            if octet >= 0x61 { lower = true }
        }
        guard valid else {
            throw Lexer.Fault(
                index: token.lowerBound,
                reason: Bilingual(
                    "dòng lệnh bắt đầu bằng tên lệnh, ví dụ: HELP", "a line begins with a command's name, such as HELP")
            )
        }
        let text = lexer.text(token)
        verb = lower ? text.uppercased() : text
    }

    private mutating func readIntroduction(_ lexer: inout Lexer) throws(Lexer.Fault) {
        let token = lexer.takeToken()
        lexer.skipSpaces()
        let read = RequestLine.introduction(lexer.octets, token)
        guard lexer.atEnd, read != .none else {
            throw Lexer.Fault(
                index: token.lowerBound,
                reason: Bilingual(
                    "cuối dòng chỉ có thể là <, << hoặc {số octet}; chữ có < { } phải đặt trong ngoặc kép",
                    "a line ends with <, << or {octets}; text with < { } must be quoted"))
        }
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
}
