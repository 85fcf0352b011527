import ReviewProtocol
import Testing

/// Every limit that the framer keeps, one below and one above (architecture rule 8).
@Suite struct LimitTests {
    private func text(_ count: Int) -> String { String(repeating: "x", count: count) }

    /// A line of so many octets whose verb is PING.
    private func ping(_ count: Int) -> String { "PING " + text(count - 5) }

    @Test(arguments: [(true, 4_000), (false, 1_024)])
    func commandLine(authenticated: Bool, limit: Int) {
        for ending in ["\n", "\r\n"] {
            #expect(codes(ping(limit) + ending, authenticated: authenticated) == ["PING"])
            #expect(codes(ping(limit + 1) + ending, authenticated: authenticated) == ["BAD LINE-TOO-LONG"])
        }
    }

    @Test func aCommandLineIsReadToItsEndUpToSixteenTimesTheLimit() {
        let bound = 4_000 * Framer.patience
        #expect(codes(text(bound) + "\nPING\n") == ["BAD LINE-TOO-LONG", "PING"])
        #expect(codes(text(bound) + "\r\nPING\n") == ["BAD LINE-TOO-LONG", "PING"])
        #expect(codes(text(bound + 1) + "\nPING\n") == ["BYE ABUSE"])
        // Without its end, too: nobody holds more than that.
        #expect(codes(text(bound)) == [])
        #expect(codes(text(bound + 1)) == ["BYE ABUSE"])
    }

    @Test func typedTextLine() {
        for form in ["<\n%\n", "<<\n%\n.\n"] {
            func stream(_ count: Int) -> String {
                "ANSWER C1 " + form.split(separator: "%").joined(separator: text(count))
            }
            #expect(codes(stream(4_000)) == ["ANSWER"])
            #expect(codes(stream(4_001) + "PING\n") == ["BAD LINE-TOO-LONG", "PING"])
            #expect(codes(stream(64_000) + "PING\n") == ["BAD LINE-TOO-LONG", "PING"])
            #expect(codes(stream(64_001) + "PING\n") == ["BYE ABUSE"])
        }
        #expect(fault("ANSWER C1 <<\na\n\(text(4_001))\n.\n")?.line == 3)
        // A literal has no lines, so no line in it can be too long.
        #expect(codes("ANSWER C1 {4001}\n\(text(4_001))\n") == ["ANSWER"])
    }

    @Test func literal() {
        let limit = Limits().body
        #expect(codes("PUSH {\(limit)}\n\(text(limit))\n") == ["PUSH"])
        #expect(codes("PUSH {\(limit + 1)}\n") == ["BYE FRAME"])
    }

    @Test func textBlock() {
        let limit = Limits().body
        let line = text(1_023) + "\n"
        let full = String(repeating: line, count: limit / 1_024)
        #expect(codes("PUSH <<\n\(full.dropLast())x\n.\nPING\n") == ["PUSH", "PING"])
        #expect(codes("PUSH <<\n\(full)x\n.\nPING\n") == ["BAD BODY-TOO-BIG", "PING"])
        #expect(codes("PUSH <<\n\(full)\(full.dropLast())x\n.\nPING\n") == ["BAD BODY-TOO-BIG", "PING"])
        #expect(codes("PUSH <<\n\(full)\(full)x\n.\nPING\n") == ["BYE ABUSE"])
    }

    @Test func aBlockAtItsBoundCanStillBeEnded() {
        var limits = Limits()
        limits.body = 300
        let full = String(repeating: text(299) + "\n", count: 2) + "\n"
        #expect(codes("PUSH <<\n\(full).\nPING\n", limits: limits) == ["BAD BODY-TOO-BIG", "PING"])
        #expect(codes("PUSH <<\n\(full).cancel\r\nPING\n", limits: limits) == ["PUSH", "PING"])
        #expect(codes("PUSH <<\n\(full)\n.\nPING\n", limits: limits) == ["BYE ABUSE"])
    }

    @Test func bodiesBeforeLogin() {
        for (verb, limit) in [("LOGIN minh", 256), ("AUTH PLAIN", 256)] {
            #expect(codes("\(verb) <\n\(text(limit))\n", authenticated: false).first?.hasPrefix("BAD") == false)
            #expect(codes("\(verb) <\n\(text(limit + 1))\n", authenticated: false) == ["BAD BODY-TOO-BIG"])
            #expect(codes("\(verb) {\(limit)}\n\(text(limit))\n", authenticated: false).first?.hasPrefix("B") == false)
            #expect(codes("\(verb) {\(limit + 1)}\n", authenticated: false) == ["BYE FRAME"])
            #expect(codes("\(verb) <<\n\(text(limit))\n.\n", authenticated: false).first?.hasPrefix("B") == false)
            #expect(codes("\(verb) <<\n\(text(limit + 1))\n.\n", authenticated: false) == ["BAD BODY-TOO-BIG"])
            #expect(codes("\(verb) <<\n\(text(2 * limit))\n.\n", authenticated: false) == ["BAD BODY-TOO-BIG"])
            #expect(codes("\(verb) <<\n\(text(2 * limit + 1))\n.\n", authenticated: false) == ["BYE ABUSE"])
        }
        // The limit of a connection that has logged in does not hold here, nor this one there.
        #expect(codes("LOGIN minh {257}\n\(text(257))\n") == ["LOGIN"])
    }

    @Test func bodyOfEnrol() {
        var limits = Limits()
        limits.anonymousTotal = 40_000
        func results(_ count: Int) -> [String] {
            codes("ENROL code {\(count)}\n\(text(count))\n", limits: limits, authenticated: false)
        }
        #expect(results(16_384) == ["ENROL"])
        #expect(results(16_385) == ["BYE FRAME"])
    }

    @Test func everythingBeforeLogin() {
        let line = ping(1_023) + "\n"
        let full = String(repeating: line, count: 16)
        #expect(codes(full, authenticated: false).count == 16)
        #expect(codes(full, authenticated: false).allSatisfy { $0 == "PING" })
        #expect(codes(full + "\n", authenticated: false).last == "BYE ABUSE")
        #expect(codes(full + "P", authenticated: false).last == "BYE ABUSE")
        // Empty lines answer nothing and count all the same.
        #expect(codes(String(repeating: "\n", count: 16_384), authenticated: false) == [])
        #expect(codes(String(repeating: "\n", count: 16_385), authenticated: false) == ["BYE ABUSE"])
        // A literal that cannot fit is refused before its octets come.
        var limits = Limits()
        limits.anonymousTotal = 100
        limits.anonymousBody = 99
        #expect(codes("AUTH TOKEN {83}\n\(text(83))\n", limits: limits, authenticated: false) == ["AUTH"])
        #expect(codes("AUTH TOKEN {84}\n", limits: limits, authenticated: false) == ["BYE ABUSE"])
        #expect(codes("AUTH TOKEN {83}\n\(text(83))\r\n", limits: limits, authenticated: false) == ["BYE ABUSE"])
    }

    @Test func loggingInLiftsTheLimitsBeforeLogin() {
        var framer = Framer(limits: Limits())
        framer.append(octets("LOGIN minh <\nsecret\n"))
        #expect(framer.next() != nil)
        framer.authenticated = true
        framer.append(octets(ping(4_000) + "\n"))
        guard case .request(let request)? = framer.next() else {
            Issue.record("the longer line was refused")
            return
        }
        #expect(request.verb == "PING")
        for _ in 0..<10 {
            framer.append(octets(ping(4_000) + "\n"))
            #expect(framer.next() != nil)
        }
    }

    @Test func wordsOfTheGrammar() {
        #expect(request("\(String(repeating: "V", count: 16)) x\n") != nil)
        #expect(codes("\(String(repeating: "V", count: 17)) x\n") == ["BAD SYNTAX"])
        let key = String(repeating: "k", count: 32)
        #expect(request("X \(key)=1\n")?.value(key) == "1")
        // One more letter and it is no key: the pair form does not fit, and the whole token is a word.
        #expect(request("X \(key)k=1\n")?.words == ["\(key)k=1"])
    }

    @Test func everyLimitHasANameARangeAndAPlaceInTheList() throws {
        #expect(Set(Limits.names).count == Limits.names.count)
        #expect(Limits().pairs.map(\.key) == Limits.names)
        #expect(
            Limits.names == [
                "line", "body", "anonymous-line", "anonymous-body", "enrol-body", "anonymous-total",
                "connections-per-person", "connections-per-address", "connections", "window-requests", "window-octets",
                "requests-per-second", "handshake", "login", "started-line", "body-octets-per-second", "idle", "sync",
                "watches", "event-octets",
            ])
        for name in Limits.names {
            let range = try #require(Limits.range(of: name))
            let original = try #require(Limits()[name])
            #expect(range.contains(original), "\(name)")
            var limits = Limits()
            try limits.set(name, to: String(range.lowerBound))
            #expect(limits[name] == range.lowerBound)
            try limits.set(name, to: String(range.upperBound))
            #expect(limits[name] == range.upperBound)
            for value in [
                String(range.lowerBound - 1), String(range.upperBound + 1), "", "x", "99999999999999999999", "1 ",
            ] {
                #expect(throws: LimitError.outOfRange(name: name, value: value, range: range)) {
                    try limits.set(name, to: value)
                }
            }
            #expect(limits[name] == range.upperBound, "a refused value changes nothing")
        }
        var limits = Limits()
        #expect(throws: LimitError.unknownName("nosuch")) { try limits.set("nosuch", to: "1") }
        #expect(limits == Limits())
        #expect(limits["nosuch"] == nil)
    }

    @Test func theDefaultsAreThoseOfTheSpecification() {
        let limits = Limits()
        #expect(limits.line == 4_000)
        #expect(limits.body == 2 * 1_024 * 1_024)
        #expect(limits.anonymousLine == 1_024)
        #expect(limits.anonymousBody == 256)
        #expect(limits.anonymousTotal == 16 * 1_024)
        #expect(limits.connectionsPerPerson == 8)
        #expect(limits.connectionsPerAddress == 16)
        #expect(limits.windowRequests == 64)
        #expect(limits.windowOctets == 256 * 1_024)
        #expect(limits.handshakeSeconds == 10)
        #expect(limits.idleSeconds == 30 * 60)
        #expect(limits.eventOctets == 500)
    }

    /// What an earlier version took is refused with the value that takes its place (docs/operations.md, section 5).
    @Test(arguments: [
        ("body", "8388608", "body=2097152", "2097152"), ("body", "99999999999999999999", "body=2097152", "2097152"),
        ("enrol-body", "65536", "enrol-body=16384", "16384"), ("line", "255", "line=256", "4000"),
        ("line", "4k", "line=4000", "4000"), ("line", "", "line=4000", "4000"), ("idle", "-1", "idle=1800", "1800"),
    ])
    func aRefusalNamesTheValueToWrite(name: String, value: String, right: String, usual: String) throws {
        var limits = Limits()
        let error = try #require(throws: LimitError.self) { try limits.set(name, to: value) }
        #expect(error.human.vietnamese.contains("không phải “\(value)”. Sửa thành \(right), hoặc bỏ"), "\(error.human)")
        #expect(error.human.vietnamese.hasSuffix("mặc định \(usual)"))
        #expect(error.human.english.contains("Write \(right), or leave") && error.human.english.hasSuffix(usual))
        let parts = right.split(separator: "=")
        try limits.set(String(parts[0]), to: String(parts[1]))
    }
}
