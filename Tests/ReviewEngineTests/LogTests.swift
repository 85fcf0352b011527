import ReviewCore
import Testing

@testable import ReviewEngine

/// LOG: what one may not see is neither counted nor placed.
@Suite struct LogTests {
    private func value(_ key: String, _ lines: [String]) -> Int? {
        lines.last?.split(separator: " ").first { $0.hasPrefix("\(key)=") }.flatMap { Int($0.dropFirst(key.count + 1)) }
    }

    @Test func pagesOfOneStepOverWhatIsHidden() throws {
        let shell = try TestShell()
        shell.logIn(1, "son")
        shell.logIn(2, "lan")
        shell.logIn(3, "minh")
        shell.ask(1, "ASSIGN 2025-3 lan as=author")
        for number in 0..<40 {
            shell.ask(2, "PUSH 2025-3 if=@\(number) <<", "# Mở đầu", "", "Lần \(number).", ".")
        }
        let assigned = shell.ask(1, "UNASSIGN 2025-3 lan as=author")
        let last = try #require(value("seq", assigned))
        // The reviewers' office sees who is assigned and the stages, not the drafts.
        var after = last - 43
        var rows: [String] = []
        var requests = 0
        while requests < 10 {
            let lines = shell.ask(3, "LOG 2025-3 after=\(after) limit=1")
            requests += 1
            rows += lines.dropLast()
            after = try #require(value("next", lines))
            if lines.last?.contains("more=yes") != true { break }
        }
        #expect(rows.allSatisfy { !$0.contains("REVISION.PUSHED") })
        #expect(rows.last?.contains("seq=\(last) ") == true)
        #expect(requests == rows.count, "no page was empty")
        let seen = rows.compactMap { row in row.split(separator: " ").first { $0.hasPrefix("seq=") } }
        #expect(Set(seen).count == rows.count)
    }

    @Test func oneRequestLooksAtABoundedStretch() throws {
        // A long stretch of nothing but what another person alone may see.
        var (state, events) = try Cast.founding(Cast.people, at: TestShell.start)
        let lan = try #require(PersonID("lan"))
        let before = state.lastSequence
        for number in 0..<5_000 {
            let outcome = try state.decide(
                .issueToken(token: "\(number)", expires: TestShell.start), by: .person(lan), now: TestShell.start)
            for fact in outcome.facts {
                let event = Event(
                    sequence: state.lastSequence + 1, time: TestShell.start, person: lan, office: nil, fact: fact)
                state.apply(event)
                events.append(event)
            }
        }
        let shell = TestShell(TestShell.Beginning(state: state, events: events))
        shell.logIn(1, "minh")
        let first = shell.ask(1, "LOG after=\(before) limit=1")
        #expect(first == ["OK events=0 next=\(before + 4_096) tail=\(state.lastSequence) more=yes"])
        #expect(shell.loads.count < 40, "in pages")
        let second = shell.ask(1, "LOG after=\(before + 4_096) limit=1")
        #expect(second == ["OK events=0 next=\(state.lastSequence) tail=\(state.lastSequence)"])
    }
}
