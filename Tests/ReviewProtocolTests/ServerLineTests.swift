import ReviewProtocol
import Testing

@Suite struct ServerLineTests {
    @Test func theLinesOfTheSessionByHand() {
        #expect(
            written(
                .hello(
                    pairs: [Pair("log", "01J8"), Pair("tail", "1040"), Pair("auth", "PLAIN,LOGIN")],
                    human: "Gõ HELP để xem hướng dẫn"))
                == "HELLO phanbien/1 log=01J8 tail=1040 auth=PLAIN,LOGIN :Gõ HELP để xem hướng dẫn\n")
        #expect(written(.prompt("Mật khẩu:")) == "+ Mật khẩu:\n")
        #expect(written(.body("Không đồng ý")) == "| Không đồng ý\n")
        #expect(written(.body("")) == "|\n")
        #expect(
            written(.row(word: "person", pairs: [Pair("id", "minh"), Pair("name", "Trần Văn Minh")]))
                == "- person id=minh name=\"Trần Văn Minh\"\n")
        #expect(written(.literal(octets("a\nb"))) == "= {3}\na\nb")
        #expect(
            written(.status(Status(.ok, tag: "7", pairs: [Pair("id", "C88")], human: "Đã ghi ý kiến C88")))
                == "OK #7 id=C88 :Đã ghi ý kiến C88\n")
        #expect(
            written(.status(Status(.no(.forbidden), human: "Chỉ Giám đốc phê duyệt")))
                == "NO FORBIDDEN retry=never :Chỉ Giám đốc phê duyệt\n")
        #expect(written(.sync(1_043)) == "SYNC 1043\n")
        #expect(written(.bye(.logout, language: .vietnamese)) == "BYE LOGOUT :Tạm biệt\n")
    }

    @Test func noTextImitatesAnotherLine() {
        // Whatever a text holds, its line is one line and begins with its own mark.
        for text in ["OK id=1", "\nOK", "\r\nBYE LOGOUT", "\u{1B}[2J", "| x", ".", "a\u{2028}OK"] {
            let line = written(.body(text))
            #expect(line.hasPrefix("| "), "\(text)")
            #expect(line.utf8.count { $0 == 0x0A } == 1, "\(text)")
            let row = written(.row(word: "x", pairs: [Pair("title", text)]))
            #expect(row.utf8.count { $0 == 0x0A } == 1, "\(text)")
            let human = written(.status(Status(.ok, human: text)))
            #expect(human.utf8.count { $0 == 0x0A } == 1 && !human.utf8.contains(0x1B), "\(text)")
        }
    }

    @Test func aTextIsWrittenLineByLine() {
        for (text, expected) in [
            ("", ""), ("a", "| a\n"), ("a\n", "| a\n"), ("\n", "|\n"), ("a\n\nÝ kiến", "| a\n|\n| Ý kiến\n"),
            ("\n\nb\n\n", "|\n|\n| b\n|\n"), ("a\u{202E}\n\u{1}\n", "| a\\u{202E}\n| \\u{0001}\n"),
            ("OK\nBYE LOGOUT", "| OK\n| BYE LOGOUT\n"),
        ] {
            var output: [UInt8] = []
            ServerLine.writeBody(lines: text, into: &output)
            #expect(String(decoding: output, as: UTF8.self) == expected, "\(text.debugDescription)")
        }
    }

    @Test func controlsAndInvisibleCharactersAreShown() {
        #expect(written(.body("a\u{202E}b")) == "| a\\u{202E}b\n")
        #expect(written(.body("\u{FEFF}a\u{AD}b\u{200B}")) == "| \\u{FEFF}a\\u{00AD}b\\u{200B}\n")
        #expect(written(.body("a\tb\u{1}\u{7F}\u{85}")) == "| a\tb\\u{0001}\\u{007F}\\u{0085}\n")
        #expect(written(.body("\u{2028}\u{2029}\u{2060}\u{E0041}")) == "| \\u{2028}\\u{2029}\\u{2060}\\u{E0041}\n")
        #expect(written(.body("\u{34F}\u{115F}\u{3164}")) == "| \\u{034F}\\u{115F}\\u{3164}\n")
        #expect(written(.row(word: "x", pairs: [Pair("t", "a\u{202E}b")])) == "- x t=\"a\\\\u{202E}b\"\n")
        #expect(written(.row(word: "x", pairs: [Pair("t", "a\tb")])) == "- x t=\"a\\\\u{0009}b\"\n")
        #expect(written(.status(Status(.ok, human: "a\u{1B}[31m\u{202E}b"))) == "OK :a[31mb\n")
        let vietnamese = "Đề nghị sửa: “từ … thành …” – Tie\u{302}\u{301}ng, Tày, Nùng; 1 m² ≥ 2 → 3 ✓️ 🇻🇳"
        #expect(written(.body(vietnamese)) == "| \(vietnamese)\n")
    }

    /// Everything that Unicode calls a format character is shown, everything that has a shape passes.
    @Test func everyScalarEitherPassesOrIsShown() {
        for value in UInt32(0x20)...0x3_FFFF {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let shown = written(.body(String(scalar))).contains("\\u{")
            switch scalar.properties.generalCategory {
            case .format, .control, .lineSeparator, .paragraphSeparator: #expect(shown, "U+\(String(value, radix: 16))")
            case .uppercaseLetter, .lowercaseLetter, .decimalNumber, .mathSymbol, .currencySymbol, .dashPunctuation:
                #expect(!shown, "U+\(String(value, radix: 16))")
            default: break
            }
        }
    }

    @Test func longBodyLinesAreNotCut() throws {
        let text = String(repeating: "đoạn ", count: 50_000)
        var framer = ReplyFramer()
        framer.append(octets(written(.body(text))))
        #expect(try framer.next() == .body(text))
    }

    @Test func anEventLineStaysWithinItsBound() {
        var event = EventLine(
            sequence: 9_000, previous: 8_999, time: "2025-06-16T09:12:01.101+07:00", type: "COMMENT.ADDED",
            pairs: [Pair("topic", "2025-2"), Pair("id", "C88")])
        let short = written(.event(event))
        #expect(
            short
                == "EVENT 9000 prev=8999 2025-06-16T09:12:01.101+07:00 COMMENT.ADDED topic=2025-2 id=C88\n")
        let room = 500 - (short.utf8.count - 1) - " note=".utf8.count
        event.pairs.append(Pair("note", String(repeating: "x", count: room)))
        #expect(written(.event(event)).utf8.count == 501)
        event.pairs[2].value += "x"
        #expect(written(.event(event)) == short)
        var encoded: [UInt8] = []
        EncodedEvent(event).write(previous: 8_999, into: &encoded)
        #expect(String(decoding: encoded, as: UTF8.self) == short)
        EncodedEvent(event).write(previous: 7, into: &encoded)
        #expect(
            String(decoding: encoded, as: UTF8.self) == short + short.split(separator: "8999").joined(separator: "7"))
        event.pairs.append(Pair("z", "1"))
        #expect(written(.event(event)) == short, "what comes after a dropped pair is dropped too")
    }
}

@Suite struct ReplyFramerTests {
    private func results(_ text: String) throws -> [ServerLine] {
        var framer = ReplyFramer(lineLimit: 100, literalLimit: 200)
        framer.append(octets(text))
        var lines: [ServerLine] = []
        while let line = try framer.next() { lines.append(line) }
        return lines
    }

    private func refusal(_ text: String) -> ReplyError? {
        do {
            _ = try results(text)
            return nil
        } catch {
            return error as? ReplyError
        }
    }

    @Test func unknownLinesAreSkippable() throws {
        #expect(
            try results("LATER x y=1\nSYNC 3\n\nok\n") == [
                .unknown("LATER x y=1"), .sync(3), .unknown(""), .unknown("ok"),
            ])
    }

    @Test func unknownCodesPairsAndNotesAreKept() throws {
        #expect(
            try results("NO FUTURE #1 retry=never new=x :vì sao\nNOTE SOON at=1\n") == [
                .status(
                    Status(.no("FUTURE"), tag: "1", pairs: [Pair("retry", "never"), Pair("new", "x")], human: "vì sao")),
                .note(code: "SOON", pairs: [Pair("at", "1")], human: nil),
            ])
    }

    @Test func boundsAreKept() throws {
        let word = String(repeating: "x", count: 100)
        #expect(try results("\(word)\n") == [.unknown(word)])
        #expect(refusal("\(word)x\n") == .lineTooLong)
        #expect(refusal("\(word)x") == .lineTooLong)
        let text = String(repeating: "x", count: 198)
        #expect(try results("| \(text)\n") == [.body(text)])
        #expect(refusal("| \(text)x\n") == .lineTooLong)
        #expect(try results("= {200}\n\(text)xxSYNC 1\n") == [.literal(octets(text + "xx")), .sync(1)])
        #expect(refusal("= {201}\n") == .literalTooBig(201))
        #expect(refusal("= {99999999999999999999}\n") == .literalTooBig(.max))
    }

    @Test func anotherVersionIsNamed() {
        #expect(refusal("HELLO phanbien/2 x=1\n") == .version("phanbien/2"))
        #expect(refusal("HELLO\n") == .version(""))
    }

    @Test(arguments: [
        "EVENT x prev=1 t A.B\n", "EVENT 1 prev=x t A.B\n", "EVENT 1 t A.B\n",
        "EVENT 99999999999999999999 prev=1 t A\n",
        "SYNC\n", "SYNC -1\n", "NO\n", "BAD \n", "BYE\n", "-\n", "OK x\n", "OK k=\n", "OK k=\"a\n", "|x\n", "= {x}\n",
        "= 3\n",
        "=\n", "- a b=\"c\"d\n",
    ])
    func aKnownLineThatIsWrongIsAnError(line: String) {
        #expect(refusal(line) == .malformed(String(line.dropLast())))
    }

    @Test func whatIsNoUTF8IsAnError() {
        var framer = ReplyFramer()
        framer.append([0x7C, 0x20, 0xFF, 0x0A] as [UInt8])
        #expect(throws: ReplyError.malformed("| \u{FFFD}")) { try framer.next() }
        // The same error for ever after: nothing behind it can be trusted.
        framer.append(octets("SYNC 1\n"))
        #expect(throws: ReplyError.malformed("| \u{FFFD}")) { try framer.next() }
        #expect(framer.buffered == 0)
    }
}
