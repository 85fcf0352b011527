import ReviewProtocol
import Testing

/// Every BAD code, where it points, and what it tells a person.
@Suite struct MalformedTests {
    @Test func eachCodeHasAStreamThatGivesIt() {
        let streams: [(BadCode, String)] = [
            (.syntax, "SHOW don\"t\n"), (.syntax, "COMMENT 2025-1@1 kind=nosuch level=must <\nx\n"),
            (.unknownVerb, "NOSUCH\n"), (.unknownArgument, "PING if=@1\n"), (.unknownArgument, "PING x\n"),
            (.duplicateArgument, "LIST stage=review STAGE=review\n"), (.missingArgument, "SHOW\n"),
            (.missingArgument, "COMMENT 2025-1@1 kind=content <\nx\n"), (.missingArgument, "PLAN\n"),
            (.bodyNeeded, "ANSWER C1\n"), (.bodyNeeded, "ANSWER C1 <\n\n"), (.bodyUnexpected, "PING <\nx\n"),
            (.lineTooLong, String(repeating: "x", count: 4_001) + "\n"),
            (
                .bodyTooBig,
                "ANSWER C1 <<\n" + String(repeating: String(repeating: "x", count: 3_999) + "\n", count: 525) + ".\n"
            ),
            (.control, "ANSWER C1 <\na\u{0}b\n"), (.control, "ANSWER C1 <\na\u{85}b\n"),
            (.control, "ANSWER C1 <\na\u{7F}b\n"),
            (.control, "SHOW\t2025-1\n"), (.control, "ANSWER C1 <\na\u{200B}b\n"), (.bidi, "ANSWER C1 <\na\u{202E}b\n"),
            (.bidi, "FIND \"a\u{2066}b\"\n"), (.dot, "ANSWER C1 <<\n.x\n.\n"),
        ]
        for (code, stream) in streams {
            #expect(fault(stream)?.code == code, "\(stream.prefix(60))")
        }
        let covered = streams.map(\.0) + [.utf8]
        #expect(BadCode.allCases.allSatisfy(covered.contains))
    }

    @Test(
        arguments: [
            [0xFF], [0xC3], [0xC3, 0x28], [0xC0, 0x80], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80],
            [0xF0, 0x80, 0x80, 0x80],
            [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xE1, 0xBA], [0x80],
        ] as [[UInt8]])
    func whatIsNoUTF8IsNamedWithItsPlace(bad: [UInt8]) {
        var line = octets("#5 FIND \"Việt ")
        line += bad + octets("\"\n")
        let expected = Malformed(code: .utf8, tag: "5", line: 1, column: 15, found: hexadecimal(bad[0]))
        #expect(received([line[...]]) == [.malformed(expected)])
        var body = octets("ANSWER C1 <<\nmột\nđây là ")
        body += bad + octets("\n.\n")
        guard case .request(let request)? = received([body[...]]).first else {
            Issue.record("the body was not framed")
            return
        }
        #expect(throws: Malformed(code: .utf8, line: 3, column: 8, found: hexadecimal(bad[0]))) {
            try VerbTable.call(for: request)
        }
    }

    private func hexadecimal(_ octet: UInt8) -> String {
        "0x" + String(octet, radix: 16, uppercase: true)
    }

    /// The definition of a valid text is Unicode's; the standard library decides the same about UTF-8.
    @Test(arguments: 0..<30)
    func whetherOctetsAreUTF8AgreesWithTheStandardLibrary(seed: Int) {
        var random = SplitMix64(seed: UInt64(seed))
        let interesting: [UInt8] = [
            0x41, 0x7E, 0x80, 0xBF, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xED, 0xEF, 0xF0, 0xF3, 0xF4, 0xF5, 0x8F, 0x90, 0x9F,
            0xA0,
        ]
        for _ in 0..<2_000 {
            let text = (0..<6).map { _ in interesting.randomElement(using: &random) ?? 0 }
            let fault = TextRules.fault(in: text, place: .body)
            if String(validating: text, as: UTF8.self) == nil {
                // A control that is valid UTF-8 may stand before the octets that are not.
                #expect(fault != nil, "\(text)")
            } else {
                #expect(fault?.code != .utf8, "\(text)")
            }
        }
    }

    @Test func everyScalarIsJudgedAsWritten() {
        let bidi: [ClosedRange<UInt32>] = [0x61C...0x61C, 0x200E...0x200F, 0x202A...0x202E, 0x2066...0x2069]
        let control: [ClosedRange<UInt32>] = [
            0...0x1F, 0x7F...0x9F, 0x200B...0x200D, 0x2060...0x2060, 0xFEFF...0xFEFF,
        ]
        for value in UInt32(0)...0x11_000 {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let expected: BadCode? =
                bidi.contains { $0.contains(value) } ? .bidi : control.contains { $0.contains(value) } ? .control : nil
            let text = String(scalar)
            #expect(TextRules.fault(in: text, place: .line)?.code == expected, "U+\(String(value, radix: 16))")
            // In a body TAB and LF are text as well.
            let inBody = value == 9 || value == 10 ? nil : expected
            #expect(TextRules.fault(in: text, place: .body)?.code == inBody, "U+\(String(value, radix: 16))")
        }
    }

    @Test func linesOfALiteralAreCountedToo() {
        #expect(
            fault("ANSWER C1 {14}\nmột\r\nhai\u{1}\r\nx\n")
                == Malformed(code: .control, line: 3, column: 4, found: "U+0001"))
        #expect(fault("ANSWER C1 {3}\na\rb\n") == Malformed(code: .control, line: 2, column: 2, found: "U+000D"))
    }

    @Test func anUnknownVerbSuggestsTheNearestOne() {
        let typed = [
            "COMENT": "COMMENT", "COMMNET": "COMMENT", "SHWO": "SHOW", "LISTE": "LIST", "APROVE": "APPROVE",
            "ASSIG": "ASSIGN",
            "QUIT": "LOGOUT", "EXIT": "LOGOUT", "REVIEW": "ASSESS", "RESOLVE": "SETTLE", "RESUME": "UNPOSTPONE",
            "PLENA": "PLENARY", "HLEP": "HELP",
        ]
        for (verb, near) in typed.sorted(by: { $0.key < $1.key }) {
            #expect(fault("\(verb)\n")?.near == near, "\(verb)")
        }
        for verb in ["XYZZY", "Z", "ABCDEFGHIJKL"] {
            #expect(fault("\(verb)\n").map { $0.near } == .some(nil), "\(verb)")
        }
    }

    @Test func aWrongValueNamesTheArgumentAndTheFormExpected() throws {
        let found = try #require(fault("COMMENT 2025-2@1 kind=noidung level=must <\nx\n"))
        #expect(found.argument == "kind")
        #expect(found.found == "noidung")
        #expect(found.human(.vietnamese).contains("content, legal, format"))
        let unknown = try #require(fault("COMMENT 2025-2@1 kind=content levle=must <\nx\n"))
        #expect(unknown.near == "level")
        let form = try #require(fault("PLAN LAOD <\nx\n"))
        #expect(form.near == "LOAD")
        #expect(form.human(.english).contains("SHOW, CHECK, LOAD"))
    }

    @Test func theBadLineCarriesEverything() {
        var output: [UInt8] = []
        fault("#3 COMENT x\n")?.status(.vietnamese).write(into: &output)
        #expect(
            String(decoding: output, as: UTF8.self)
                == "BAD UNKNOWN-VERB #3 line=1 found=COMENT near=COMMENT retry=fix :Không có lệnh “COMENT”. Có phải COMMENT? Gõ HELP COMMENT\n"
        )
        output = []
        fault("ANSWER C1 <<\nmột\nhai\u{202E}\n.\n")?.status(.english).write(into: &output)
        #expect(
            String(decoding: output, as: UTF8.self)
                == "BAD BIDI line=3 column=4 found=U+202E retry=fix :The text has a character that turns the direction of writing “U+202E” (line 2 of the body, column 4). Delete that character and send it again\n"
        )
    }

    @Test func everyCodeSpeaksBothLanguages() {
        for code in BadCode.allCases {
            let bare = Malformed(code: code)
            let full = Malformed(
                code: code, tag: "1", line: 2, column: 3, near: "LIST", found: "x", argument: "y",
                expected: Bilingual("dạng đúng", "the right form"))
            for malformed in [bare, full] {
                let vietnamese = malformed.human(.vietnamese)
                let english = malformed.human(.english)
                #expect(vietnamese != english, "\(code)")
                #expect(!vietnamese.contains("  ") && !english.contains("  "), "\(code)")
                #expect(vietnamese.count < 300)
            }
            #expect(full.human(.vietnamese).contains("dạng đúng"), "\(code)")
            #expect(bare.status(.english).value("retry") == "fix")
        }
    }

    @Test func whatAPeerSentIsShortenedBeforeItIsSentBack() {
        let long = String(repeating: "x", count: 3_000)
        #expect(fault("SHOW \(long)\n")?.found?.count == 40)
        #expect(fault("PING \(String(repeating: "k", count: 32))=1\n")?.argument?.count == 32)
    }

    @Test func everyRefusalSaysWhetherToTryAgain() {
        for code in NoCode.allCases {
            #expect(Status(.no(code)).value("retry") == code.retry.rawValue)
        }
        #expect(Status(.no(.unavailable), pairs: [Pair("retry", "never")]).pairs == [Pair("retry", "never")])
        #expect(Status(.ok).pairs == [])
        #expect(NoCode.forbidden.retry == .never && NoCode.stale.retry == .refresh)
        #expect(NoCode.unmet.retry == .fix && NoCode.busy.retry == .later)
    }
}
