/// The tokens that requests and server lines share: tags, pairs, words and quoted strings (specification §2).
///
/// The lexer walks over octets and never builds a character. The octets it is given are one line without its end, and are
/// known to be valid text when strings are taken from it.
struct Lexer {
    let octets: [UInt8]
    private let lineStart: Int
    let end: Int
    var index: Int

    init(_ octets: [UInt8], _ range: Range<Int>) {
        self.octets = octets
        lineStart = range.lowerBound
        index = lineStart
        end = range.upperBound
    }

    /// Why a token could not be read, and where.
    struct Fault: Error {
        var index: Int
        var reason: Reason

        /// The line ended inside a quoted string.
        var openQuote: Bool { reason == .openQuote }
    }

    /// What would be right instead.
    enum Reason: Sendable {
        case tag, verb, introduction, emptyValue, word, escape, openQuote, afterQuote
        /// A server line that does not follow its production; nobody is told in words.
        case reply

        var human: Bilingual {
            switch self {
            case .tag:
                Bilingual(
                    "nhãn là # và 1 đến 32 chữ cái không dấu, chữ số hoặc - _ .",
                    "a tag is # and 1 to 32 of A–Z a–z 0–9 - _ .")
            case .verb:
                Bilingual(
                    "dòng lệnh bắt đầu bằng tên lệnh, ví dụ: HELP", "a line begins with a command's name, such as HELP")
            case .introduction:
                Bilingual(
                    "cuối dòng chỉ có thể là <, << hoặc {số octet}; chữ có < { } phải đặt trong ngoặc kép",
                    "a line ends with <, << or {octets}; text with < { } must be quoted")
            case .emptyValue:
                Bilingual(
                    "sau dấu “=” phải có giá trị; giá trị rỗng viết là \"\"",
                    "a value must follow “=”; an empty one is written \"\"")
            case .word:
                Bilingual(
                    "giá trị có dấu cách hoặc một trong các ký tự \" < { } phải đặt trong ngoặc kép; < và << chỉ đứng cuối dòng",
                    "a value with a space or one of \" < { } must be quoted; < and << stand only at the end of the line"
                )
            case .escape:
                Bilingual(
                    "trong ngoặc kép chỉ có \\\" \\\\ và \\n sau dấu \\",
                    "inside quotes only \\\" \\\\ and \\n may follow \\")
            case .openQuote: Bilingual("thiếu dấu ngoặc kép đóng", "the closing quotation mark is missing")
            case .afterQuote:
                Bilingual("sau dấu ngoặc kép đóng phải có dấu cách", "a space must follow the closing quotation mark")
            case .reply: Bilingual(both: "")
            }
        }
    }

    /// The column of an octet in the line, counted from 1 in Unicode scalars; octets that are no UTF-8 count as they may.
    func column(of position: Int) -> Int {
        text(lineStart..<position).unicodeScalars.count + 1
    }

    var atEnd: Bool { index >= end }
    var current: UInt8? { index < end ? octets[index] : nil }

    /// Runs of spaces separate tokens like one space: people who type by hand leave some.
    mutating func skipSpaces() {
        while index < end, octets[index] == Octet.space { index += 1 }
    }

    func text(_ range: Range<Int>) -> String {
        String(decoding: octets[range], as: UTF8.self)
    }

    /// Reads octets up to the next space, whatever they are.
    mutating func takeToken() -> Range<Int> {
        let start = index
        while index < end, octets[index] != Octet.space { index += 1 }
        return start..<index
    }

    // tag = "#" 1*32( ALPHA / DIGIT / "-" / "_" / "." )
    /// The tag at the index; nil when what stands there is no tag, and then nothing is used up.
    mutating func takeTag() -> String? {
        guard index < end, octets[index] == Octet.hash else { return nil }
        let start = index + 1
        var stop = start
        while stop < end, Octet.isTag(octets[stop]) { stop += 1 }
        guard stop > start, stop - start <= 32, stop == end || octets[stop] == Octet.space else { return nil }
        index = stop
        return text(start..<stop)
    }

    // arg = key "=" ( word / quoted ) / word / quoted
    /// One argument; the pair form is tried first.
    mutating func takeArgument() throws(Fault) -> Argument {
        if let key = takeKey() {
            return Argument(key: key, value: try takeValue())
        }
        return Argument(key: nil, value: try takeValue())
    }

    // key = ALPHA *31( ALPHA / DIGIT / "-" )
    /// The key and its "=", in lower case; nil when no key stands here, and then nothing is used up.
    mutating func takeKey() -> String? {
        guard index < end, Octet.isAlpha(octets[index]) else { return nil }
        var stop = index + 1
        var upper = octets[index] < 0x61
        while stop < end, Octet.isKey(octets[stop]) {
            if octets[stop] &- 0x41 < 26 { upper = true }
            stop += 1
        }
        guard stop < end, octets[stop] == Octet.equals, stop - index <= 32 else { return nil }
        let key = text(index..<stop)
        index = stop + 1
        return upper ? key.lowercased() : key
    }

    private mutating func takeValue() throws(Fault) -> String {
        guard index < end, octets[index] != Octet.space else {
            throw Fault(index: index, reason: .emptyValue)
        }
        if octets[index] == Octet.quote { return try takeQuoted() }
        let start = index
        while index < end, octets[index] != Octet.space {
            guard Octet.isWord(octets[index]) else {
                throw Fault(index: index, reason: .word)
            }
            index += 1
        }
        return text(start..<index)
    }

    // quoted = DQUOTE *( any but DQUOTE "\" CTL / "\" DQUOTE / "\\" / "\n" ) DQUOTE
    private mutating func takeQuoted() throws(Fault) -> String {
        let opening = index
        index += 1
        let start = index
        while index < end, octets[index] != Octet.quote, octets[index] != Octet.backslash { index += 1 }
        if index < end, octets[index] == Octet.quote {
            let value = text(start..<index)
            try closeQuoted()
            return value
        }
        var value = Array(octets[start..<index])
        while index < end {
            let octet = octets[index]
            if octet == Octet.quote {
                try closeQuoted()
                return String(decoding: value, as: UTF8.self)
            }
            if octet == Octet.backslash {
                index += 1
                guard index < end else { break }
                switch octets[index] {
                case Octet.quote: value.append(Octet.quote)
                case Octet.backslash: value.append(Octet.backslash)
                case 0x6E: value.append(Octet.lineFeed)
                default:
                    throw Fault(index: index, reason: .escape)
                }
            } else {
                value.append(octet)
            }
            index += 1
        }
        throw Fault(index: opening, reason: .openQuote)
    }

    private mutating func closeQuoted() throws(Fault) {
        index += 1
        guard index >= end || octets[index] == Octet.space else {
            throw Fault(index: index, reason: .afterQuote)
        }
    }
}
