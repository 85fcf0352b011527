import ReviewProtocol
import Testing

/// However a network cuts a stream, it is read the same (specification §1.2: every octet string has one reading).
@Suite struct CutInvarianceTests {
    /// Small limits, so that short streams reach each of them.
    static let limits: Limits = {
        var limits = Limits()
        limits.line = 40
        limits.body = 60
        limits.anonymousLine = 30
        limits.anonymousBody = 20
        limits.enrolBody = 50
        limits.anonymousTotal = 300
        return limits
    }()

    static let streams: [[UInt8]] =
        [
            "PING\n#2 SHOW 2025-1@1 numbers=yes\r\nLOGOUT\n",
            "\n\r\n  \nPING\n",
            "ANSWER C1 <\nmột dòng\nPING\n",
            "#4 ANSWER C1 <<\r\nmột\r\n..hai\r\n\r\n...\r\n.\r\nPING\n",
            "ANSWER C1 <<\nmột\n.cancel\nPING\n",
            "ANSWER C1 <<\n.một\nhai\n.\nPING\n",
            "ANSWER C1 <<\nmột\rhai\n.\nPING\n",
            "ANSWER C1 {9}\nabc\r\n.\n\r\r\nPING\n",
            "ANSWER C1 {3}\nabcd\nPING\n",
            "ANSWER C1 {3}\nabc\rd\nPING\n",
            "ANSWER C1 {0}\r\n\r\nPING\n",
            "ANSWER C1 {61}\nPING\n",
            "ANSWER C1 {60}\n" + String(repeating: "é", count: 30) + "\nPING\n",
            "ANSWER don\"t <<\nPING\n.\nPING\n",
            "ANSWER \"mở <<\nPING\n.\nPING\n",
            "a=1 {4}\nPING\nPING\n",
            "ANSWER a=1 a=2 <\nPING\nPING\n",
            String(repeating: "x", count: 40) + "\n" + String(repeating: "x", count: 41) + "\r\n",
            String(repeating: "x", count: 41) + " <<\nPING\n.\nPING\n",
            String(repeating: "x ", count: 319) + "<\nPING\nPING\n",
            String(repeating: "x", count: 639) + "\r\nPING\n",
            String(repeating: "x", count: 640) + "\r\nPING\n",
            String(repeating: "x", count: 641) + "\r\nPING\n",
            String(repeating: "x", count: 1_000),
            "ANSWER C1 <<\n" + String(repeating: "x", count: 41) + "\nngắn\n.\nPING\n",
            "ANSWER C1 <<\n" + String(repeating: "mười octet\n", count: 5) + ".\nPING\n",
            "ANSWER C1 <<\n" + String(repeating: "0123456789\n", count: 6) + ".\nPING\n",
            "ANSWER C1 <<\n" + String(repeating: "012345678\n", count: 12) + ".\nPING\n",
            "ANSWER C1 <<\n" + String(repeating: "012345678\n", count: 12) + "\n.\nPING\n",
            "ANSWER C1 <<\n" + String(repeating: "012345678\n", count: 13) + ".\nPING\n",
            "ANSWER C1 <<\n" + String(repeating: "012345678\n", count: 12) + ".cancel\nPING\n",
            "ANSWER C1 <<\n" + String(repeating: "x", count: 500) + "\n.\nPING\n",
            "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
            "\u{FEFF}PING\nPING\n",
            "LOGIN minh <\nmật khẩu\nPING\n",
            "LOGIN minh <\n" + String(repeating: "y", count: 21) + "\nPING\n",
            "LOGIN minh <\n" + String(repeating: "y", count: 31) + "\nPING\n",
            "ENROL c {50}\n" + String(repeating: "y", count: 50) + "\nENROL c {51}\n",
            String(repeating: "\n", count: 299) + "PING\n",
            String(repeating: "PING\n", count: 60) + "PING\n",
            String(repeating: "PING\n", count: 55) + "ANSWER {12}\nhai muoi ab\r\n",
            String(repeating: "PING\n", count: 56) + "X {13}\nhai muoi abc\n",
            "PING\u{0}\nPING \u{85}\nPING\n", "SHOW \u{202E}\nPING\n",
        ].map { Array($0.utf8) } + [
            [0x16, 0x03, 0x01, 0x02], [0x53, 0x20, 0xC3, 0x28, 0x0A, 0x50, 0x0A],
            [0xFF, 0x20, 0x3C, 0x0A, 0xFF, 0x0A, 0x50, 0x0A],
        ]

    @Test(arguments: streams.indices, [true, false])
    func everyCutGivesTheSame(index: Int, authenticated: Bool) {
        let stream = Self.streams[index]
        func results(_ pieces: [ArraySlice<UInt8>]) -> [Received] {
            received(pieces, limits: Self.limits, authenticated: authenticated)
        }
        let whole = results([stream[...]])
        #expect(results(stream.indices.map { stream[$0...$0] }) == whole, "octet by octet")
        for first in stream.indices {
            let rest = stream[first...]
            #expect(results([stream[..<first], rest]) == whole, "cut at \(first)")
        }
        // Two cuts at every offset, the second one at each distance that can split CR LF, a dot or an ending.
        for first in stream.indices {
            for distance in 1...9 where first + distance < stream.count {
                let second = first + distance
                let pieces = [stream[..<first], stream[first..<second], stream[second...]]
                #expect(results(pieces) == whole, "cuts at \(first) and \(second)")
            }
        }
    }

    @Test(arguments: 0..<60)
    func everyMixtureCutAtRandomGivesTheSame(seed: Int) {
        var random = SplitMix64(seed: UInt64(seed))
        var stream: [UInt8] = []
        for _ in 0..<20 { stream += Self.streams.randomElement(using: &random) ?? [] }
        for index in stream.indices where Int.random(in: 0..<400, using: &random) == 0 {
            stream[index] = UInt8.random(in: 0...255, using: &random)
        }
        let authenticated = Bool.random(using: &random)
        let whole = received([stream[...]], limits: Self.limits, authenticated: authenticated)
        for _ in 0..<5 {
            var pieces: [ArraySlice<UInt8>] = []
            var start = 0
            while start < stream.count {
                let end = min(stream.count, start + Int.random(in: 1...60, using: &random))
                pieces.append(stream[start..<end])
                start = end
            }
            let cut = received(pieces, limits: Self.limits, authenticated: authenticated)
            #expect(cut == whole, "seed \(seed)")
        }
    }

    /// A session long enough that used-up octets are given back many times, with requests across every seam.
    @Test(arguments: [1, 7, 1_400, 4_099, 5_000, 9_001])
    func aLongSessionLosesNothing(piece: Int) {
        var stream: [UInt8] = []
        for number in 0..<1_500 {
            stream += octets("#\(number) ANSWER C\(number + 1) <<\nDòng một\n..hai\n.\n#x\(number) PING\n")
        }
        let pieces = stride(from: 0, to: stream.count, by: piece).map { stream[$0..<min($0 + piece, stream.count)] }
        let results = received(pieces)
        #expect(results.count == 3_000)
        for (index, result) in results.enumerated() {
            let number = index / 2
            let ping = Request(tag: "x\(number)", verb: "PING")
            let answer = Request(
                tag: "\(number)", verb: "ANSWER", arguments: [Argument(value: "C\(number + 1)")],
                body: .block(octets("Dòng một\n.hai")))
            #expect(result == .request(index % 2 == 0 ? answer : ping))
        }
    }

    /// Whatever octets come, the framer answers, keeps within its bounds, and does not stop the process.
    @Test(arguments: 0..<40)
    func noiseIsSurvived(seed: Int) {
        var random = SplitMix64(seed: 1_000 + UInt64(seed))
        let alphabet = Array("<{}\"\\ \n\r.=#ab1@,<<\n".utf8) + [0x00, 0x7F, 0xC3, 0xBF, 0xE1, 0xBA, 0xFF]
        var framer = Framer(limits: Self.limits)
        framer.authenticated = seed % 2 == 0
        for _ in 0..<4_000 {
            framer.append(CollectionOfOne(alphabet.randomElement(using: &random) ?? 0))
            while let result = framer.next() {
                if case .request(let request) = result { _ = try? VerbTable.call(for: request) }
                if case .fatal = result {
                    framer = Framer(limits: Self.limits)
                    framer.authenticated = seed % 2 == 0
                }
            }
            #expect(framer.buffered <= Self.limits.line * Framer.patience + 2 + Self.limits.body)
        }
    }

    /// Cuts never change what the client reads, either.
    @Test func everyCutOfAReplyGivesTheSame() throws {
        let lines: [ServerLine] = [
            .hello(pairs: [Pair("log", "01J8"), Pair("auth", "PLAIN,LOGIN")], human: "Gõ HELP để xem hướng dẫn"),
            .prompt("Mật khẩu:"), .row(word: "topic", pairs: [Pair("title", "Nâng cao \"năng lực\"\n")]),
            .body("Không đồng ý"), .body(""), .literal(octets("OK giả\n| \r\n")), .literal([]),
            .status(Status(.no(.stale), tag: "4", pairs: [Pair("current", "2025-1@2")], human: "Đã có bản 2")),
            .event(EventLine(sequence: 7, previous: 3, time: "2025-06-16T09:12:01.101+07:00", type: "COMMENT.ADDED")),
            .sync(7), .note(code: "MAINTENANCE", pairs: [], human: nil), .bye(.logout, language: .vietnamese),
            .unknown("LATER a b"),
        ]
        var stream: [UInt8] = []
        for line in lines { line.write(into: &stream) }
        func results(_ pieces: [ArraySlice<UInt8>]) throws -> [ServerLine] {
            var framer = ReplyFramer()
            var lines: [ServerLine] = []
            for piece in pieces {
                framer.append(piece)
                while let line = try framer.next() { lines.append(line) }
            }
            return lines
        }
        #expect(try results([stream[...]]) == lines)
        #expect(try results(stream.indices.map { stream[$0...$0] }) == lines)
        for cut in stream.indices {
            #expect(try results([stream[..<cut], stream[cut...]]) == lines, "cut at \(cut)")
        }
    }
}
