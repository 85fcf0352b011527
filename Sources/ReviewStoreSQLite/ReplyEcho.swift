/// The text that a stored reply repeats: the lines that begin with a bar (specification §2).
enum ReplyEcho {
    private static let bar = UInt8(ascii: "|")
    private static let blank: UInt8 = 0x20
    private static let lineEnd: UInt8 = 0x0A

    /// Appends a text as a reply repeats it; a final line end ends the last line and begins no other.
    static func write(_ text: String, into reply: inout [UInt8]) {
        var isLineStart = true
        for octet in text.utf8 {
            if isLineStart {
                reply.append(bar)
                if octet != lineEnd { reply.append(blank) }
            }
            reply.append(octet)
            isLineStart = octet == lineEnd
        }
        if !isLineStart { reply.append(lineEnd) }
    }

    /// Where what repeats a text ends in a reply; nil when the reply does not begin with exactly that.
    ///
    /// Line by line over the octets as they lie there: every commit waits for it.
    static func end(of text: String, in reply: [UInt8]) -> Int? {
        guard reply.first == bar, !text.isEmpty else { return nil }
        var text = text
        return text.withUTF8 { text in reply.withUnsafeBufferPointer { end(of: text[...], in: $0[...]) } }
    }

    private static func end(
        of text: Slice<UnsafeBufferPointer<UInt8>>, in reply: Slice<UnsafeBufferPointer<UInt8>>
    ) -> Int? {
        var (text, rest) = (text, reply)
        while !text.isEmpty {
            let line = text.prefix { $0 != lineEnd }
            text = text[line.endIndex...].dropFirst()
            guard rest.popFirst() == bar, line.isEmpty || rest.popFirst() == blank, rest.starts(with: line) else {
                return nil
            }
            rest = rest.dropFirst(line.count)
            guard rest.popFirst() == lineEnd else { return nil }
        }
        return rest.startIndex
    }

    /// The last event of the request, from `seq=` of the status, which is the last line.
    static func sequence(of reply: [UInt8]) -> Int64? {
        let lines = reply.split(separator: lineEnd)
        guard let status = lines.last else { return nil }
        // Quoted values may hold anything; `seq=` stands outside of them.
        var isQuoted = false
        var word: [UInt8] = []
        for octet in status + [0x20] {
            if octet == UInt8(ascii: "\"") { isQuoted.toggle() }
            guard octet == 0x20, !isQuoted else {
                word.append(octet)
                continue
            }
            if word.starts(with: Array("seq=".utf8)) {
                return Int64(String(decoding: word.dropFirst(4), as: UTF8.self))
            }
            if word.first == UInt8(ascii: ":") { return nil }
            word = []
        }
        return nil
    }

    /// What stands in place of a text that was removed.
    static func notice(_ notice: String) -> [UInt8] { Array("| \(notice)\n".utf8) }

    /// The reply with a notice in place of the text that it repeats; nil when it repeats another text, or none.
    static func removed(_ text: String, from reply: [UInt8], notice: String) -> [UInt8]? {
        guard !text.isEmpty, let end = end(ofShown: text, in: reply[...]) else { return nil }
        guard end == reply.endIndex || reply[end] != bar else { return nil }
        return self.notice(notice) + reply[end...]
    }

    /// Where what shows a text ends in a reply; nil when the reply does not begin with exactly that.
    ///
    /// What would drive or deceive a terminal is shown as `\u{202E}` (specification §2). Which characters these are is the
    /// protocol's business: here each may stand for itself or be shown so.
    private static func end(ofShown text: String, in reply: ArraySlice<UInt8>) -> Int? {
        var rest = reply
        var lines = text.utf8.split(separator: lineEnd, omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        for line in lines {
            guard rest.popFirst() == bar, line.isEmpty || rest.popFirst() == blank else { return nil }
            for scalar in Substring(line).unicodeScalars {
                var form = Array(String(scalar).utf8)
                if !rest.starts(with: form) {
                    let digits = String(scalar.value, radix: 16, uppercase: true)
                    form = Array("\\u{\(String(repeating: "0", count: max(0, 4 - digits.count)))\(digits)}".utf8)
                    guard rest.starts(with: form) else { return nil }
                }
                rest = rest.dropFirst(form.count)
            }
            guard rest.popFirst() == lineEnd else { return nil }
        }
        return rest.startIndex
    }
}
