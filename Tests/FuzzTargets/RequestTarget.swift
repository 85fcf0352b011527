import ReviewProtocol

/// Requests: what is written is read as the same request, and what was read can be written and read again.
///
/// The input's first octet chooses: a stream as a peer sends it, or values as a client may have them.
enum RequestTarget {
    static func run(_ octets: [UInt8]) throws(Finding) {
        if (octets.first ?? 0) & 1 == 0 {
            try stream(octets.dropFirst())
        } else {
            var genes = Genes(octets.dropFirst())
            repeat { try value(&genes) } while !genes.isEmpty
        }
    }

    private static func received(_ octets: some Collection<UInt8>) -> [Received] {
        var framer = Framer(limits: Limits())
        framer.authenticated = true
        framer.append(octets)
        var results: [Received] = []
        while let result = framer.next() { results.append(result) }
        return results
    }

    private static func stream(_ octets: ArraySlice<UInt8>) throws(Finding) {
        for result in received(octets) {
            switch result {
            case .request(let request):
                try judge(request)
                var written: [UInt8] = []
                do throws(EncodeError) {
                    try request.write(into: &written)
                } catch {
                    try refused(request, error)
                    continue
                }
                // The first line of a connection may not look like another protocol's, so it is not the first.
                let again = received(Array("PING\n".utf8) + written)
                try promise(
                    again.dropFirst() == [.request(request)],
                    "\(request)\nwas written as \(shown(written)), read as \(again)")
            case .malformed(let malformed): try answer(malformed)
            case .fatal: break
            }
        }
    }

    /// What was read may be unfit for writing for one reason only: its body is no text.
    private static func refused(_ request: Request, _ error: EncodeError) throws(Finding) {
        guard case .text = error, let body = request.body?.octets, TextRules.fault(in: body, place: .body) != nil else {
            throw Finding("\(request) was read and cannot be written: \(error)")
        }
    }

    private static func value(_ genes: inout Genes) throws(Finding) {
        var request = Request(verb: genes.text())
        let form = genes.octet()
        if form & 1 == 1 { request.tag = genes.text() }
        for _ in 0..<genes.below(5) {
            let key = genes.octet() & 1 == 1 ? genes.text() : nil
            request.arguments.append(Argument(key: key, value: genes.text()))
        }
        switch form >> 1 & 7 {
        case 0: request.body = .oneLine(Array(genes.piece()))
        case 1: request.body = .block(Array(genes.piece()))
        case 2: request.body = .literal(Array(genes.piece()))
        case 3: request.body = .cancelled
        default: break
        }
        var limits = Limits()
        limits.line = 256
        limits.body = 256
        let before = Array("PING\n".utf8)
        var written = before
        do throws(EncodeError) {
            try request.write(into: &written, limits: limits)
        } catch {
            return try promise(written == before, "\(error) left something behind: \(shown(written))")
        }
        // Verbs and keys may be written in any case; they are read in one.
        var expected = request
        expected.verb = request.verb.uppercased()
        for index in expected.arguments.indices {
            expected.arguments[index].key = request.arguments[index].key?.lowercased()
        }
        written.append(contentsOf: before)
        let ping = Received.request(Request(verb: "PING"))
        let again = received(written)
        try promise(
            again == [ping, .request(expected), ping], "\(request)\nis written as \(shown(written)), read as \(again)")
        try judge(expected)
    }

    /// Any request is a call or is refused with a line that a client can read.
    private static func judge(_ request: Request) throws(Finding) {
        do throws(Malformed) { _ = try VerbTable.call(for: request) } catch { try answer(error) }
    }

    private static func answer(_ malformed: Malformed) throws(Finding) {
        for language in [Language.vietnamese, .english] {
            let status = malformed.status(language)
            var written: [UInt8] = []
            status.write(into: &written)
            var framer = ReplyFramer()
            framer.append(written)
            let line = Result { () throws(ReplyError) in try framer.next() }
            guard case .success(.status(let read)) = line, framer.buffered == 0 else {
                throw Finding("no status: \(line): \(shown(written))")
            }
            let isSame =
                read.outcome == status.outcome && read.tag == status.tag
                && read.pairs.map(\.key) == status.pairs.map(\.key)
            try promise(isSame, "\(status) is read as \(read)")
        }
    }
}
