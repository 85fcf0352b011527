import ReviewProtocol
import Testing

@Suite struct FramerTests {
    @Test func aLineBecomesARequest() {
        #expect(
            request("#a.1 comment 2025-2@1 at=L2 quote=\"57 vụ việc\" Kind=content \"đôi \\\"ngoặc\\\" \\\\ \\n\"\n")
                == Request(
                    tag: "a.1", verb: "COMMENT",
                    arguments: [
                        Argument(value: "2025-2@1"), Argument(key: "at", value: "L2"),
                        Argument(key: "quote", value: "57 vụ việc"), Argument(key: "kind", value: "content"),
                        Argument(value: "đôi \"ngoặc\" \\ \n"),
                    ]))
    }

    @Test func valuesOfTheContractAreWords() {
        let line =
            "X sha256=b91611d506bc4220 at=II.1/2 if=@n from=@1 to=2025-03-15 addresses=C1,C4 a=b=c =x 1=2 e=\"\"\n"
        #expect(
            request(line)?.arguments == [
                Argument(key: "sha256", value: "b91611d506bc4220"), Argument(key: "at", value: "II.1/2"),
                Argument(key: "if", value: "@n"), Argument(key: "from", value: "@1"),
                Argument(key: "to", value: "2025-03-15"), Argument(key: "addresses", value: "C1,C4"),
                Argument(key: "a", value: "b=c"), Argument(value: "=x"), Argument(value: "1=2"),
                Argument(key: "e", value: ""),
            ])
    }

    @Test func runsOfSpacesSeparateLikeOne() {
        #expect(
            request("  #1   SHOW  2025-1   \n")
                == Request(tag: "1", verb: "SHOW", arguments: [Argument(value: "2025-1")]))
        #expect(request("ANSWER C1 <<   \n.\n")?.body == .block([]))
    }

    @Test func emptyLinesAreSilent() {
        #expect(codes("\n\r\n   \nPING\n\n") == ["PING"])
    }

    @Test func oneCarriageReturnBeforeTheEndIsDropped() {
        #expect(codes("PING\r\n") == ["PING"])
        #expect(codes("PING\r\r\n") == ["BAD CONTROL"])
        #expect(codes("PI\rNG\n") == ["BAD CONTROL"])
        #expect(request("ANSWER C1 <\r\nmột\r\n")?.body == .oneLine(octets("một")))
        #expect(request("ANSWER C1 <<\r\nmột\r\n\r\nhai\r\n.\r\n")?.body == .block(octets("một\n\nhai")))
        #expect(request("PUSH 2025-1 if=@0 {5}\r\na\r\nb\n\r\n")?.body == .literal(octets("a\r\nb\n")))
    }

    @Test func aLoneCarriageReturnInABodyIsNamedWithItsPlace() {
        #expect(
            fault("#7 ANSWER C1 <<\nmột\nđây\rkia\n.\n")
                == Malformed(code: .control, tag: "7", line: 3, column: 4, found: "U+000D"))
        #expect(fault("ANSWER C1 <\na\rb\n") == Malformed(code: .control, line: 2, column: 2, found: "U+000D"))
    }

    @Test func theThreeBodyForms() {
        #expect(
            request("ANSWER C1 <\n.không phải dấu kết thúc\n")?.body == .oneLine(octets(".không phải dấu kết thúc")))
        #expect(request("ANSWER C1 <<\n.\n")?.body == .block([]))
        #expect(request("ANSWER C1 <<\n..một\n...\nhai\n.\n")?.body == .block(octets(".một\n..\nhai")))
        #expect(request("ANSWER C1 <<\nmột\n.cancel\n")?.body == .cancelled)
        #expect(request("ANSWER C1 {4}\n.\n.\n\n")?.body == .literal(octets(".\n.\n")))
        #expect(request("ANSWER C1 {0}\n\n")?.body == .literal([]))
        #expect(request("ANSWER C1 {007}\n1234567\n")?.body == .literal(octets("1234567")))
    }

    @Test func aLoneDotLineIsAnErrorThatConsumesTheBlock() {
        #expect(
            received("#9 ANSWER C1 <<\nmột\n.hai\n.\nPING\n") == [
                .malformed(Malformed(code: .dot, tag: "9", line: 3, column: 1)), .request(Request(verb: "PING")),
            ])
        // One Character for Swift, two octets for the protocol: the dot counts.
        #expect(codes("ANSWER C1 <<\n.\u{301}x\n.\n") == ["BAD DOT"])
        #expect(request("ANSWER C1 <<\n..\u{301}x\n.\n")?.body == .block(octets(".\u{301}x")))
        #expect(codes("ANSWER C1 <<\n. \n.\n") == ["BAD DOT"])
        #expect(codes("ANSWER C1 <<\n.cancelled\n.\n") == ["BAD DOT"])
    }

    @Test func cancellingWinsOverFaultsOfTheBlockOnly() {
        #expect(request("ANSWER C1 <<\n.sai\n.cancel\n")?.body == .cancelled)
        #expect(codes("ANSWER C1 a=1 a=2 <<\n.cancel\nPING\n") == ["BAD DUP-ARG", "PING"])
    }

    @Test func decomposedTextPassesUnchanged() {
        let decomposed = "Tie\u{302}\u{301}ng Vie\u{323}\u{302}t"
        let body = request("ANSWER C1 <<\n\(decomposed)\n.\n")?.body?.octets
        #expect(body == octets(decomposed))
        #expect(body != octets("Tiếng Việt"))
        #expect(request("FIND \"\(decomposed)\"\n").map { octets($0.words[0]) } == octets(decomposed))
    }

    @Test func theBodyOfARefusedLineIsConsumed() {
        let lines = [
            "ANSWER C1 x=1 x=2", "ANSWER C1 \u{7}", "1234", "ANSWER C1 don\"t", "ANSWER C1 key=", "#! ANSWER C1",
            "ANSWER C1 << x", "ANSWER \"a\"b", "ANSWER \"\\q\"", "Không", String(repeating: "x", count: 5_000),
        ]
        for line in lines {
            #expect(codes("\(line) <<\nSUBMIT 2025-1\n.\nPING\n").dropFirst() == ["PING"], "\(line.prefix(40)) <<")
            #expect(codes("\(line) <\nSUBMIT 2025-1\nPING\n").dropFirst() == ["PING"], "\(line.prefix(40)) <")
            #expect(codes("\(line) {7}\nSUBMIT \nPING\n").dropFirst() == ["PING"], "\(line.prefix(40)) {7}")
            #expect(codes("\(line) <<\nx\n.\n").first?.hasPrefix("BAD ") == true, "\(line.prefix(40))")
        }
    }

    @Test func whatStandsInsideQuotationMarksIntroducesNoBody() {
        #expect(codes("FIND \"a <\"\nPING\n") == ["FIND", "PING"])
        #expect(codes("FIND \"a < b\"\nPING\n") == ["FIND", "PING"])
        #expect(codes("FIND \"a <\nPING\n") == ["BAD SYNTAX", "PING"])
        #expect(codes("FIND quote=\"a \\\" <<\nPING\n") == ["BAD SYNTAX", "PING"])
        #expect(request("ANSWER \"C1 <\" <\nx\n")?.body == .oneLine(octets("x")))
    }

    @Test func whatOnlyLooksLikeABodyIntroductionIsNone() {
        #expect(codes("ANSWER <<<\nPING\n") == ["BAD SYNTAX", "PING"])
        #expect(codes("ANSWER <x\nPING\n") == ["BAD SYNTAX", "PING"])
        #expect(codes("ANSWER x<\nPING\n") == ["BAD SYNTAX", "PING"])
        #expect(codes("ANSWER {x}\nPING\n") == ["BAD SYNTAX", "PING"])
        #expect(codes("ANSWER {}\nPING\n") == ["BAD SYNTAX", "PING"])
        #expect(codes("ANSWER < x\nPING\n") == ["BAD SYNTAX", "PING"])
    }

    @Test func aCountThatNobodyCanFollowEndsTheConnection() {
        for token in ["{12+}", "{12345678}", "{12", "{1x}", "{99999999999999999999}", "{2097153}"] {
            #expect(codes("ANSWER C1 \(token)\nPING\n") == ["BYE FRAME"], "\(token)")
            #expect(codes("1 \(token)\nPING\n") == ["BYE FRAME"], "\(token)")
        }
        #expect(codes("ANSWER C1 {3}\nabcX\nPING\n") == ["BYE FRAME"])
        #expect(codes("ANSWER C1 {3}\nabc\rX\nPING\n") == ["BYE FRAME"])
        #expect(codes("ANSWER C1 {2}\nabc\nPING\n") == ["BYE FRAME"])
    }

    @Test func afterAFatalResultThereIsNothing() {
        var framer = Framer(limits: Limits())
        framer.append(octets("GET / HTTP/1.1\nPING\n"))
        #expect(framer.next() == .fatal(.abuse))
        #expect(framer.next() == nil)
        framer.append(octets("PING\n"))
        #expect(framer.next() == nil)
        #expect(framer.buffered == 0)
        #expect(framer.pending == .nothing)
    }

    @Test(arguments: [
        "GET / HTTP/1.1", "POST /comment HTTP/1.1", "PRI * HTTP/2.0", "EHLO mail.example", "HELO x", "MAIL FROM:<a@b>",
        "DELETE /x HTTP/1.0", "PROPFIND /x HTTP/1.1", "SSH-2.0-OpenSSH_9.6", "get / HTTP/1.1",
        "CAP LS 302", "PASS secret", "*1", "*12",
    ])
    func anotherProtocolIsShownTheDoor(line: String) {
        #expect(codes("\(line)\r\nHost: x\r\n\r\nPING\n", authenticated: false) == ["BYE ABUSE"])
        #expect(codes("\n\(line)\r\n") == ["BYE ABUSE"])
        // Only the first line is looked at: later ones are requests like any other.
        #expect(codes("PING\n\(line)\n").first == "PING")
        #expect(codes("PING\n\(line)\n").last?.hasPrefix("BYE") == false)
    }

    @Test func aLongFirstLineOfAnotherProtocolIsShownTheDoorToo() {
        let line = "GET /" + String(repeating: "x", count: 3_000) + " HTTP/1.1\r\n"
        #expect(codes(line, authenticated: false) == ["BYE ABUSE"])
    }

    @Test func tlsInsideTlsIsSeenAtItsFirstOctet() {
        #expect(received([[0x16]], authenticated: false) == [.fatal(.abuse)])
        #expect(received([[0x0A, 0x16, 0x03, 0x01]], authenticated: false) == [.fatal(.abuse)])
    }

    @Test func aByteOrderMarkIsNamed() throws {
        let found = try #require(fault("\u{FEFF}PING\n"))
        #expect(found.code == .control)
        #expect(found.found == "U+FEFF")
        #expect(found.column == 1)
        #expect(found.human(.vietnamese).contains("BOM"))
        #expect(found.human(.english).contains("byte order mark"))
    }

    @Test func pendingTellsWhatIsMissing() {
        var framer = Framer(limits: Limits())
        framer.authenticated = true
        func after(_ text: String) -> Framer.Pending {
            framer.append(octets(text))
            while framer.next() != nil {}
            return framer.pending
        }
        #expect(after("") == .nothing)
        #expect(after("ANSWER") == .line)
        #expect(after(" C1 <\n") == .oneLineBody)
        #expect(after("một") == .oneLineBody)
        #expect(after("\n") == .nothing)
        #expect(after("ANSWER C1 <<\nmột\n") == .blockBody)
        #expect(after(".\n") == .nothing)
        #expect(after("ANSWER C1 {5}\nab") == .literalBody(remaining: 3))
        #expect(after("cde") == .literalBody(remaining: 0))
        #expect(after("\nPI") == .line)
        #expect(after("NG\n") == .nothing)
        // A line that is refused still has its body to come, and the prompt that goes with it.
        #expect(after("ANSWER a=1 a=2 <<\n") == .blockBody)
    }

    @Test func bufferedCountsWhatIsHeld() {
        var framer = Framer(limits: Limits())
        framer.authenticated = true
        framer.append(octets("PING\nANSWER C1 <<\nmot\nhai\nba"))
        while framer.next() != nil {}
        #expect(framer.buffered == "mot\nhai".utf8.count + 2)
        framer.append(octets("\n.\n"))
        while framer.next() != nil {}
        #expect(framer.buffered == 0)
    }

    @Test func aKeyGivenTwiceIsFoundAmongMany() {
        for count in [2, 15, 16, 17, 18, 200] {
            let keys = (1...count).map { "k\($0)=1" }.joined(separator: " ")
            #expect(codes("LIST word \(keys)\n") == ["LIST"])
            for repeated in [1, count] {
                #expect(fault("LIST word \(keys) K\(repeated)=2\n")?.argument == "k\(repeated)", "\(count)")
                #expect(fault("LIST word \(keys) K\(repeated)=2\n")?.code == .duplicateArgument, "\(count)")
            }
        }
    }

    @Test func tagsAreKeptInEveryFault() {
        let lines = [
            "#t.1 ANSWER don\"t", "#t.1 ANSWER a=1 a=2", "#t.1 PING \u{7}", "#t.1 1", "#t.1", "#t.1 ANSWER \"a",
            "#t.1 " + String(repeating: "x", count: 5_000), "#t.1 ANSWER C1 <<\n.x\n.",
            "#t.1 ANSWER C1 <\n\(String(repeating: "x", count: 4_001))", "#t.1 NOSUCH", "#t.1 PING <\nx",
            "#t.1 ANSWER C1", "#t.1 ANSWER C1 <<\n\u{202E}\n.", "#t.1 COMMENT 2025-1 <<\nx\n.",
        ]
        for line in lines {
            #expect(fault("\(line)\n")?.tag == "t.1", "\(line.prefix(40))")
        }
        #expect(fault("#t! PING\n").map { $0.tag } == .some(nil))
        #expect(fault("#\(String(repeating: "t", count: 33)) PING\n").map { $0.tag } == .some(nil))
        #expect(request("#\(String(repeating: "t", count: 32)) PING\n")?.tag?.utf8.count == 32)
    }
}
