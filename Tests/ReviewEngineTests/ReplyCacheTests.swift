import ReviewCore
import ReviewProtocol
import ReviewTestKit
import Testing

@testable import ReviewEngine

/// A reply that is given again is the reply that would be given now.
@Suite struct ReplyCacheTests {
    private static let people = ["son", "lan", "hoa", "minh", "bich", "root", "dung"]
    private static let reads = [
        "LIST", "LIST mine=yes", "LIST stage=drafting", "SHOW 2025-1", "SHOW 2025-2", "SHOW 2025-2@1", "SHOW 2025-2@2",
        "SHOW 2025-2@1 numbers=yes", "OUTLINE 2025-2@1", "COMMENTS 2025-2", "COMMENTS 2025-2 open=yes", "THREAD C1",
        "THREAD C2", "SHOW 2025-9", "#x LIST", "#y-1 THREAD C1",
    ]

    /// What may happen next; what is refused changes nothing, which is as good.
    private static let writes: [(String, String)] = [
        ("son", "ASSIGN 2025-2 lan as=author"), ("son", "UNASSIGN 2025-2 lan as=author"),
        ("lan", "PUSH 2025-2 if=@0 <<\n# A\nMột hai ba bốn.\n."), ("lan", "PUSH 2025-2 if=@1 <<\n# A\nMột hai.\n."),
        ("son", "SUBMIT 2025-2"), ("bich", "SUBMIT 2025-2"),
        ("bich", "COMMENT 2025-2@1 at=I/1 kind=content level=must <<\nNêu rõ.\n."),
        ("hoa", "COMMENT 2025-2@1 kind=legal level=note <<\nXem lại.\n."),
        ("bich", "COMMENT 2025-2@2 at=I kind=content level=should <\nBổ sung."), ("son", "ANSWER C1 <\nĐã rõ."),
        ("lan", "SETTLE C1 as=accepted"), ("bich", "WITHDRAW C1 <\nThôi."),
        ("bich", "OPINION 2025-2@1 as=agree <\nĐồng ý."),
        ("bich", "POSTPONE 2025-1 <\nChờ."), ("bich", "UNPOSTPONE 2025-1"),
        ("bich", "EXTEND 2025-2 milestone=opinion to=2025-07-01 ref=12/QD <\nBận."),
        ("hoa", "ASSESS 2025-2@1 verdict=pass-if-revised <\nĐược."), ("hoa", "ENDORSE P1"),
        ("root", "PERSON SET minh office=nv"), ("root", "PERSON SET minh office=hcth"),
        ("root", "PERSON SET lan name=\"Nguyễn Lan\""), ("bich", "CANCEL 2025-3 <\nThừa."),
        ("minh", "SET body=literal"), ("minh", "SET body=lines"), ("hoa", "LANG en"), ("hoa", "LANG vi"),
    ]

    @Test(arguments: 1...3 as ClosedRange<UInt64>)
    func isWhatAFreshEngineSays(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        var limits = Limits()
        limits.idleSeconds = 100_000_000
        let shell = try TestShell(limits: limits)
        for (number, person) in Self.people.enumerated() {
            shell.logIn(UInt64(number + 1), person, address: "192.0.2.\(number)")
        }
        var again = 0
        var forms: [String: [String]] = [:]
        for _ in 0..<36 {
            let (who, line) = Self.writes[Int(random.next() % UInt64(Self.writes.count))]
            shell.ask(Self.connection(of: who), line)
            if line.hasPrefix("SET ") || line.hasPrefix("LANG") { forms[who, default: []].append(line) }
            if random.next() % 8 == 0 { shell.pass(milliseconds: 9 * 3_600_000) }
            let fresh = try shell.restarted()
            for (number, person) in Self.people.enumerated() where random.next() % 3 == 0 {
                let connection = UInt64(number + 1)
                fresh.logIn(connection, person, address: "192.0.2.\(number)")
                for form in forms[person] ?? [] { fresh.ask(connection, form) }
                for read in Self.reads where random.next() % 3 == 0 {
                    let expected = fresh.ask(connection, read)
                    #expect(shell.ask(connection, read) == expected, "\(person): \(read)")
                    // The second time it is certainly one that was kept, when it may be kept at all.
                    #expect(shell.ask(connection, read) == expected, "\(person) again: \(read)")
                    again += 1
                }
            }
        }
        #expect(again > 60)
    }

    private static func connection(of person: String) -> UInt64 {
        UInt64((people.firstIndex(of: person) ?? 0) + 1)
    }

    @Test func itIsKeptAndGivenAgain() throws {
        let shell = try TestShell()
        shell.logIn(1, "son")
        shell.logIn(2, "son")
        let first = shell.ask(1, "#a LIST")
        let ready = shell.engine.ready
        shell.feed(2, Array("#b LIST\n#c LIST\n".utf8))
        // Answered before the turn: nothing waits for it.
        #expect(shell.engine.ready == ready)
        let rows = first.dropLast()
        let lines = shell.lines(2)
        #expect(lines.count == 2 * first.count)
        #expect(Array(lines.prefix(rows.count)) == Array(rows))
        #expect(lines[rows.count].hasPrefix("OK #b topics="))
        #expect(lines.last?.hasPrefix("OK #c topics=") == true)
    }

    @Test func itKeepsItsPlaceBehindAWrite() throws {
        let shell = try TestShell()
        shell.logIn(1, "son")
        shell.ask(1, "LIST")
        shell.ask(1, "LIST")
        shell.holdsAppends = true
        shell.send(1, "#a ASSIGN 2025-2 lan as=author\n#b LIST\n")
        shell.send(1, "#c LIST\n")
        #expect(shell.lines(1) == [])
        shell.release()
        let tags = shell.lines(1).filter { $0.hasPrefix("OK") }.map { String($0.prefix(5)) }
        #expect(tags == ["OK #a", "OK #b", "OK #c"])
    }

    @Test func itCountsAgainstTheRate() throws {
        var limits = Limits()
        limits.requestsPerSecond = 2
        let shell = try TestShell(limits: limits)
        shell.logIn(1, "son")
        shell.send(1, String(repeating: "LIST\n", count: 6))
        #expect(shell.lines(1).filter { $0.hasPrefix("NO RATE") }.count >= 2)
    }

    @Test("Every answer is counted, whichever way it takes")
    func everyAnswerIsCounted() throws {
        let shell = try TestShell()
        shell.logIn(1, "son")
        shell.logIn(2, "lan")
        func counted(_ form: String) -> Int64 { shell.engine.tally.requests[form]?.ok ?? 0 }
        shell.ask(1, "LIST")
        #expect(counted("LIST") == 1)
        // Of the same view, then what was asked before, with others between.
        shell.ask(2, "LIST")
        #expect(counted("LIST") == 2)
        shell.ask(1, "SHOW 2025-1")
        shell.ask(1, "LIST", "LIST", "SHOW 2025-1", "LIST")
        #expect(counted("LIST") == 5)
        #expect(counted("SHOW") == 2)
        // What another thread works out.
        let text = String(repeating: "Năm 2024.\n\n", count: 8_000)
        shell.ask(1, "ASSIGN 2025-2 lan as=author")
        shell.send(2, "PUSH 2025-2 if=@0 {\(text.utf8.count)}\n\(text)\n")
        shell.holdsComputations = true
        shell.send(2, "SHOW 2025-2@1\n")
        #expect(shell.heldComputations.count == 1)
        #expect(counted("SHOW") == 2)
        shell.computeHeld()
        #expect(counted("SHOW") == 3)
    }

    @Test("What is kept is bounded with its requests, however short the replies")
    func requestsCountAsWell() throws {
        var cache = ReplyCache()
        let form = ReplyCache.Form(language: .english, sendsLiterals: false)
        let person = try #require(PersonID("son"))
        let day = TestShell.start.date
        func request(_ number: Int) -> Request {
            Request(verb: "COMMENTS", arguments: [Argument(key: "by", value: "\(number)")])
        }
        func isKept(_ number: Int) -> Bool {
            cache.viewer(person, form).flatMap { cache.reply(to: request(number), of: $0, on: day) } != nil
        }
        let most = ReplyCache.capacity / ReplyCache.entryOctets
        for number in 0..<most {
            _ = cache.keep(
                .ok([], nil, .english), to: request(number), named: "COMMENTS", about: .everyTopic, of: person,
                seeing: .text,
                in: form, on: day)
            #expect(isKept(number))
        }
        #expect(!isKept(0))
        #expect(cache.reply(to: request(0), of: person, seeing: .text, in: form, on: day) == nil)
    }

    @Test func longRepliesAreNotKept() {
        var cache = ReplyCache()
        let request = Request(verb: "LIST")
        let form = ReplyCache.Form(language: .english, sendsLiterals: false)
        guard let person = PersonID("son") else { return }
        let day = TestShell.start.date
        func keep(_ text: String) -> Bool {
            let kept = cache.keep(
                .ok([Pair("topics", "1")], parts: [.line(text)], .english), to: request, named: "LIST",
                about: .everyTopic, of: person, seeing: .person(person), in: form, on: day)
            #expect((kept != nil) == (text == "a"))
            return cache.reply(to: request, of: person, seeing: .person(person), in: form, on: day) != nil
        }
        #expect(!keep(String(repeating: "-", count: ReplyCache.longestReply)))
        #expect(keep("a"))
        var output: [UInt8] = []
        cache.reply(to: request, of: person, seeing: .person(person), in: form, on: day)?.write(tag: "t", into: &output)
        #expect(String(decoding: output, as: UTF8.self) == "| a\nOK #t topics=1\n")
        cache.take([])
        #expect(cache.viewer(person, form).flatMap { cache.reply(to: request, of: $0, on: day) } != nil)
        #expect(cache.viewer(person, form).flatMap { cache.reply(to: request, of: $0, on: day.adding(days: 1)) } == nil)
    }
}
