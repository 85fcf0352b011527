import ReviewCore
import ReviewProtocol

/// A reply before it is written: rows, texts, and the status that ends it (specification §2).
struct Reply: Sendable {
    /// One part before the status.
    enum Part: Sendable {
        /// `- word …`.
        case row(String, [Pair])
        /// A stored text: body lines, or a literal after `SET body=literal`.
        case text(String)
        /// One printed line that is no stored text; always a body line.
        case line(String)
    }

    /// What comes before the status.
    var parts: [Part] = []
    /// The end; its tag is put in when it is written.
    var status: Status

    /// Done.
    static func ok(_ pairs: [Pair] = [], _ wording: Wording? = nil, parts: [Part] = [], _ language: Language) -> Reply {
        Reply(parts: parts, status: Status(.ok, pairs: pairs, human: wording?.text(language)))
    }

    /// Understood and refused; `retry=` stands first, since it is what a program asks for.
    static func no(
        _ code: NoCode, _ wording: Wording, pairs: [Pair] = [], afterMilliseconds: Int64? = nil, parts: [Part] = [],
        _ language: Language
    ) -> Reply {
        var all = [Pair("retry", code.retry.rawValue)]
        if code.retry == .later { all.append(Pair("after", String(max(1, afterMilliseconds ?? 1_000)))) }
        all += pairs
        return Reply(parts: parts, status: Status(.no(code), pairs: all, human: wording.text(language)))
    }

    /// About how many octets it is written with: enough that most are written without moving what is there already.
    var usualOctets: Int {
        var octets = 256
        for part in parts {
            switch part {
            case .row: octets += 128
            case .text(let text), .line(let text): octets += text.utf8.count + 64
            }
        }
        return octets
    }

    /// Writes the reply with its request's tag.
    func write(tag: String?, literal: Bool, into output: inout [UInt8]) {
        writeParts(literal: literal, into: &output)
        var status = status
        status.tag = tag
        status.write(into: &output)
    }

    /// Writes what comes before the status.
    func writeParts(literal: Bool, into output: inout [UInt8]) {
        for part in parts {
            switch part {
            case .row(let word, let pairs): ServerLine.row(word: word, pairs: pairs).write(into: &output)
            case .line(let text): ServerLine.body(text).write(into: &output)
            case .text(let text):
                if literal {
                    ServerLine.literal(Array(text.utf8)).write(into: &output)
                } else {
                    ServerLine.writeBody(lines: text, into: &output)
                }
            }
        }
    }
}

extension String {
    /// The lines of a text; a final LF ends the last line and begins no other.
    var shownLines: [Substring] {
        var lines = utf8.split(separator: 0x0A, omittingEmptySubsequences: false).map(Substring.init)
        if lines.last?.isEmpty == true { lines.removeLast() }
        return lines
    }
}

extension Wording {
    /// Both sentences, each cut where it is longer than a line has room for it.
    func shortened(to octets: Int) -> Wording {
        func shortened(_ text: String) -> String {
            guard text.utf8.count > octets else { return text }
            var left = octets
            return text.prefix { character in
                left -= character.utf8.count
                return left >= 0
            } + "…"
        }
        return Wording(shortened(vietnamese), shortened(english))
    }

    /// The sentence in one language.
    func text(_ language: Language) -> String {
        switch language {
        case .vietnamese: vietnamese
        case .english: english
        }
    }
}

extension Bilingual {
    /// The same sentence as the domain's kind of sentence.
    var wording: Wording { Wording(vietnamese, english) }
}

extension [Detail] {
    /// The same facts as pairs of a line.
    var pairs: [Pair] { map { Pair($0.key, $0.value) } }
}

extension [Pair] {
    /// Adds a pair when there is a value.
    mutating func add(_ key: String, _ value: String?) {
        if let value { append(Pair(key, value)) }
    }

    /// Adds a pair when there is a value.
    mutating func add(_ key: String, _ value: Int?) {
        if let value { append(Pair(key, String(value))) }
    }

    /// Adds a flag when it is set.
    mutating func add(_ key: String, flag: Bool) {
        if flag { append(Pair(key, "yes")) }
    }

    /// Adds a list, separated by commas, when it is not empty.
    mutating func add(_ key: String, list: [some CustomStringConvertible]) {
        if !list.isEmpty { append(Pair(key, list.map(\.description).joined(separator: ","))) }
    }
}
