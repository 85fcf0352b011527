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

    /// The reply with one notice in place of its texts; nil when it repeats none.
    static func removed(from reply: [UInt8], notice: String) -> [UInt8]? {
        let lines = reply.split(separator: lineEnd, omittingEmptySubsequences: true)
        guard lines.contains(where: { $0.first == bar }) else { return nil }
        var result: [UInt8] = []
        var isTold = false
        for line in lines {
            if line.first == bar {
                guard !isTold else { continue }
                isTold = true
                result += self.notice(notice)
            } else {
                result += line
                result.append(lineEnd)
            }
        }
        return result
    }
}
