import ReviewProtocol
import Testing

/// What one side writes, the other reads as the same value.
@Suite struct RoundTripTests {
    private static let scalars: [Unicode.Scalar] = Array(
        "aZ09 .-_=:\"\\<>{}#@|đĐưƯăâêôơáàảãạ\u{302}\u{301}\n→💡".unicodeScalars)

    private func text(_ random: inout SplitMix64, most: Int, lineFeeds: Bool = true) -> String {
        var view = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0...most, using: &random) {
            let scalar = Self.scalars.randomElement(using: &random) ?? "a"
            if scalar != "\n" || lineFeeds { view.append(scalar) }
        }
        return String(view)
    }

    private func name(_ random: inout SplitMix64, _ alphabet: String, _ count: ClosedRange<Int>) -> String {
        let characters = Array(alphabet)
        return String(
            (0..<Int.random(in: count, using: &random)).map { _ in characters.randomElement(using: &random) ?? "a" })
    }

    private func pairs(_ random: inout SplitMix64) -> [Pair] {
        (0..<Int.random(in: 0...5, using: &random)).map { index in
            Pair("k\(index)" + name(&random, "abc-9", 0...5), text(&random, most: 12))
        }
    }

    @Test(arguments: 0..<300)
    func requests(seed: Int) throws {
        var random = SplitMix64(seed: UInt64(seed))
        var request = Request(verb: "V" + name(&random, "ABC123", 0...15))
        if Bool.random(using: &random) { request.tag = name(&random, "aB9-_.", 1...32) }
        for pair in pairs(&random) {
            let keyed = Bool.random(using: &random)
            request.arguments.append(Argument(key: keyed ? pair.key : nil, value: pair.value))
        }
        // A word that reads like a pair, and one that reads like a tag or a body-intro.
        request.arguments.append(
            Argument(value: ["a=b", "a=\\b\"", "#x", "<", "<<", "{3}", ""].randomElement(using: &random) ?? ""))
        switch Int.random(in: 0..<5, using: &random) {
        case 0: request.body = .oneLine(octets(text(&random, most: 40, lineFeeds: false)))
        case 1: request.body = .block(octets(text(&random, most: 200) + "x\n.\n..\n.cancel"))
        case 2: request.body = .literal((0..<50).map { _ in UInt8.random(in: 0...255, using: &random) })
        case 3: request.body = .cancelled
        default: break
        }
        var stream: [UInt8] = []
        try request.write(into: &stream)
        #expect(received([stream[...]]) == [.request(request)], "seed \(seed)")
        // Whatever was written before it stays, and a second one follows it.
        try Request(verb: "PING").write(into: &stream)
        #expect(received([stream[...]]) == [.request(request), .request(Request(verb: "PING"))], "seed \(seed)")
    }

    @Test(arguments: 0..<300)
    func serverLines(seed: Int) throws {
        var random = SplitMix64(seed: UInt64(seed))
        let human: String? = Bool.random(using: &random) ? text(&random, most: 30, lineFeeds: false) : nil
        let tag: String? = Bool.random(using: &random) ? name(&random, "aB9-_.", 1...32) : nil
        let sequence = Int64.random(in: 0...Int64.max, using: &random)
        let lines: [ServerLine] = [
            .hello(pairs: pairs(&random), human: human),
            .row(word: name(&random, "abc-", 1...10), pairs: pairs(&random)),
            .body(text(&random, most: 60, lineFeeds: false)), .prompt(text(&random, most: 20, lineFeeds: false)),
            .literal((0..<80).map { _ in UInt8.random(in: 0...255, using: &random) }),
            .status(Status(.ok, tag: tag, pairs: pairs(&random), human: human)),
            .status(Status(.no(NoCode.allCases.randomElement(using: &random) ?? .busy), tag: tag, human: human)),
            .status(Status(.no("FUTURE"), tag: tag, pairs: pairs(&random), human: human)),
            .status(Status(.bad(BadCode.allCases.randomElement(using: &random) ?? .dot), tag: tag, human: human)),
            .event(
                EventLine(
                    sequence: sequence, previous: sequence / 2, time: "2025-06-16T09:12:01.101+07:00",
                    type: "COMMENT.ADDED",
                    pairs: pairs(&random))), .sync(sequence), .note(code: "X-1", pairs: pairs(&random), human: human),
            .bye(
                code: ByeCode.allCases.randomElement(using: &random)?.rawValue ?? "", pairs: pairs(&random),
                human: human),
        ]
        var stream: [UInt8] = []
        for line in lines { line.write(into: &stream) }
        var framer = ReplyFramer()
        framer.append(stream)
        for line in lines {
            #expect(try framer.next() == line, "seed \(seed)")
        }
        #expect(try framer.next() == nil)
    }

    @Test func whatMayNotBeSentIsRefusedBeforeAnythingIsWritten() {
        func refusal(_ request: Request, limits: Limits = Limits()) -> EncodeError? {
            var output: [UInt8] = [0x41]
            do throws(EncodeError) {
                try request.write(into: &output, limits: limits)
                return nil
            } catch {
                #expect(output == [0x41])
                return error
            }
        }
        func text(_ code: BadCode, _ line: Int, _ column: Int, _ found: String) -> EncodeError {
            .text(TextRules.Fault(code: code, line: line, column: column, found: found))
        }
        #expect(refusal(Request(tag: "", verb: "PING")) == .tag(""))
        #expect(refusal(Request(tag: "a b", verb: "PING")) == .tag("a b"))
        #expect(refusal(Request(tag: String(repeating: "t", count: 33), verb: "P")) != nil)
        #expect(refusal(Request(verb: "")) == .verb(""))
        #expect(refusal(Request(verb: "1A")) == .verb("1A"))
        #expect(refusal(Request(verb: "PING\nQUIT")) == .verb("PING\nQUIT"))
        #expect(refusal(Request(verb: "P", arguments: [Argument(key: "a b", value: "")])) == .key("a b"))
        #expect(refusal(Request(verb: "P", arguments: [Argument(key: "", value: "x")])) == .key(""))
        #expect(
            refusal(Request(verb: "P", arguments: [Argument(key: "a", value: "1"), Argument(key: "A", value: "2")]))
                == .duplicateKey("A"))
        #expect(refusal(Request(verb: "P", arguments: [Argument(value: "a\u{0}")])) == text(.control, 1, 2, "U+0000"))
        #expect(refusal(Request(verb: "P", arguments: [Argument(value: "a\r\n")])) == text(.control, 1, 2, "U+000D"))
        #expect(refusal(Request(verb: "P", arguments: [Argument(value: "\u{202E}")])) == text(.bidi, 1, 1, "U+202E"))
        #expect(refusal(Request(verb: "P", body: .oneLine(octets("a\nb")))) == text(.control, 1, 1, "U+000A"))
        #expect(refusal(Request(verb: "P", body: .oneLine(octets("a\r")))) == text(.control, 1, 2, "U+000D"))
        #expect(refusal(Request(verb: "P", body: .block(octets("a\nb\r\nc")))) == text(.control, 2, 1, "U+000D"))
        #expect(refusal(Request(verb: "P", body: .block([0xFF]))) == text(.utf8, 1, 1, "0xFF"))
        let long = String(repeating: "x", count: 4_000)
        #expect(refusal(Request(verb: "P", arguments: [Argument(value: long)])) == .lineTooLong(4_002))
        #expect(refusal(Request(verb: "P", body: .oneLine(octets(long)))) == nil)
        #expect(refusal(Request(verb: "P", body: .oneLine(octets(long + "x")))) == .lineTooLong(4_001))
        #expect(refusal(Request(verb: "P", body: .block(octets("." + long.dropFirst())))) == .lineTooLong(4_000))
        var limits = Limits()
        limits.body = 300
        #expect(refusal(Request(verb: "P", body: .literal([UInt8](repeating: 0, count: 300))), limits: limits) == nil)
        #expect(
            refusal(Request(verb: "P", body: .literal([UInt8](repeating: 0, count: 301))), limits: limits)
                == .bodyTooBig(301))
    }
}
