import ReviewProtocol
import Testing

/// No character that drives or deceives a terminal gets in, in whatever field of whatever verb it stands.
@Suite struct HostileTextTests {
    /// One of each kind that the rules name, and octets that are no text at all.
    static let hostile: [(name: String, octets: [UInt8])] =
        [
            "\u{1B}[2J", "\u{1B}]0;x\u{7}", "\u{0}", "\u{7}", "\u{8}", "\u{B}", "\u{C}", "\u{E}", "\u{7F}", "\u{85}",
            "\u{90}q", "\u{9B}31m", "\u{9D}0;x\u{9C}", "\u{61C}", "\u{200B}", "\u{200C}", "\u{200D}", "\u{200E}",
            "\u{200F}", "\u{202A}", "\u{202D}", "\u{202E}", "\u{2060}", "\u{2066}", "\u{2069}", "\u{FEFF}",
        ].map { (name: $0.unicodeScalars.map { "U+\(String($0.value, radix: 16))" }.joined(), octets: Array($0.utf8)) }
        + [
            (name: "C0 AF", octets: [0xC0, 0xAF]), (name: "ED A0 80", octets: [0xED, 0xA0, 0x80]),
            (name: "F4 90 80 80", octets: [0xF4, 0x90, 0x80, 0x80]), (name: "FF", octets: [0xFF]),
            (name: "E2 80", octets: [0xE2, 0x80]),
        ]

    /// A value that each kind takes.
    private static func value(_ kind: WordKind) -> String {
        switch kind {
        case .topic: "2025-1"
        case .revision: "2025-1@1"
        case .revisionNumber: "@1"
        case .comment: "C1"
        case .review: "P1"
        case .person, .office: "minh"
        case .date: "2025-03-15"
        case .moment: "2025-03-15T08:00"
        case .year: "2025"
        case .number(let range): String(range.lowerBound)
        case .anchor: "II.1/2"
        case .yes: "yes"
        case .oneOf(let words): words.first ?? ""
        case .hexadecimal(let digits): String(repeating: "a", count: digits.lowerBound)
        case .list(let kind): value(kind)
        case .any(let kinds): kinds.first.map(value) ?? ""
        case .text, .retryKey: "abc"
        }
    }

    /// The verb's line with one more string at the end of its n-th value, and how many values it has.
    private static func line(
        _ form: VerbForm, spoiling place: Int, with octets: [UInt8]
    ) -> (line: [UInt8], values: Int) {
        var line = Array(form.verb.utf8)
        var index = 0
        func add(_ before: String, _ value: String) {
            line += Array(" \(before)\"\(value)".utf8)
            if index == place { line += octets }
            line += Array("\"".utf8)
            index += 1
        }
        for part in form.pattern {
            switch part {
            case .literal(let word): line += Array(" \(word)".utf8)
            case .word(_, let kind), .optionalWord(_, let kind): add("", value(kind))
            case .pair(let key, let kind, _): add("\(key)=", value(kind))
            }
        }
        if form.writes {
            add("key=", "k1")
            add("dry-run=", "yes")
        }
        return (line, index)
    }

    @Test(arguments: VerbTable.forms.map(\.name))
    func noFieldTakesIt(name: String) throws {
        let form = try #require(VerbTable.forms.first { $0.name == name })
        let count = Self.line(form, spoiling: -1, with: []).values
        // The line itself is one that the table takes; otherwise the refusals below would prove nothing.
        let plain =
            Self.line(form, spoiling: -1, with: []).line
            + (form.body.presence == .none ? [0x0A] : Array(" <\nx\n".utf8))
        let requests = received([plain[...]])
        #expect(codes(requests) == [form.verb], "\(String(decoding: plain, as: UTF8.self))")
        for place in 0..<count {
            for (hostile, octets) in Self.hostile {
                let line = Self.line(form, spoiling: place, with: octets).line + [0x0A]
                let results = codes(received([line[...]]))
                #expect(
                    results == ["BAD CONTROL"] || results == ["BAD BIDI"] || results == ["BAD UTF8"],
                    "\(name), value \(place), \(hostile): \(results)")
            }
        }
    }

    @Test(arguments: VerbTable.forms.filter { $0.body.presence != .none && $0.body.octets == .text }.map(\.name))
    func noBodyTakesIt(name: String) throws {
        let form = try #require(VerbTable.forms.first { $0.name == name })
        let head = Self.line(form, spoiling: -1, with: []).line
        for (hostile, octets) in Self.hostile {
            let content = Array("một ".utf8) + octets + Array(" hai".utf8)
            for body in [
                Array(" <\n".utf8) + content + [0x0A], Array(" <<\nx\n".utf8) + content + Array("\n.\n".utf8),
                Array(" {\(content.count)}\n".utf8) + content + [0x0A],
            ] {
                let whole = head + body
                let faults = received([whole[...]]).map { result -> BadCode? in
                    switch result {
                    case .malformed(let malformed): return malformed.code
                    case .fatal: return nil
                    case .request(let request):
                        do throws(Malformed) {
                            _ = try VerbTable.call(for: request)
                            return nil
                        } catch {
                            return error.code
                        }
                    }
                }
                #expect(
                    faults == [.control] || faults == [.bidi] || faults == [.utf8],
                    "\(name), \(hostile), \(String(decoding: body.prefix(4), as: UTF8.self)): \(faults)")
            }
        }
    }

    /// And whatever the server had stored all the same, no line of its own carries it to a terminal.
    @Test func noServerLineCarriesIt() {
        for (name, octets) in Self.hostile {
            let text = String(decoding: octets, as: UTF8.self)
            let hostile = "a\(text)b"
            for line in [
                ServerLine.body(hostile), .row(word: "x", pairs: [Pair("t", hostile)]),
                .status(Status(.ok, pairs: [Pair("t", hostile)], human: hostile)),
                .bye(code: "ABUSE", pairs: [Pair("t", hostile)], human: hostile),
                .hello(pairs: [Pair("t", hostile)], human: hostile),
            ] {
                let shown = written(line)
                for scalar in shown.unicodeScalars {
                    let isPlain = scalar == "\n" || !(scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value))
                    #expect(isPlain && scalar.properties.generalCategory != .format, "\(name): \(shown)")
                }
                #expect(shown.utf8.count { $0 == 0x0A } == 1, "\(name)")
            }
        }
    }
}
