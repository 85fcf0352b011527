import ReviewCore
import ReviewTestKit
import Testing

@testable import ReviewEngine

/// Finished topics: their details are read from the log when somebody asks.
@Suite struct ArchiveTests {
    private func shell() throws -> TestShell {
        let shell = try TestShell()
        shell.logIn(1, "bich")
        shell.logIn(2, "son")
        shell.logIn(3, "lan")
        shell.ask(2, "ASSIGN 2025-3 lan as=author")
        shell.ask(3, "PUSH 2025-3 if=@0 <<", "# Mở đầu", "", "Một đoạn.", ".")
        shell.ask(2, "SUBMIT 2025-3")
        shell.ask(1, "COMMENT 2025-3@1 kind=content level=should <", "Thêm số liệu.")
        shell.ask(1, "CANCEL 2025-3 <", "Thôi.")
        return shell
    }

    @Test func detailsComeBackOnce() throws {
        let shell = try shell()
        _ = shell.lines(3)
        let before = shell.loads.count
        #expect(shell.ask(3, "COMMENTS 2025-3").first?.hasPrefix("- comment id=C1 by=bich") == true)
        #expect(shell.loads.count == before + 1)
        #expect(shell.ask(3, "SHOW 2025-3@1").last?.hasPrefix("OK revision=2025-3@1") == true)
        // The topic is at hand now; only whose the comment is has to be looked up.
        #expect(shell.loads.count == before + 1)
        #expect(shell.ask(3, "THREAD C1").contains("| Thêm số liệu."))
        #expect(shell.loads.count == before + 2)
        #expect(shell.ask(3, "THREAD C2").last?.hasPrefix("NO NOT-FOUND") == true)
        #expect(shell.ask(3, "SHOW P1").last?.hasPrefix("NO NOT-FOUND") == true)
    }

    @Test func numbersGoOn() throws {
        let shell = try shell()
        shell.ask(2, "ASSIGN 2025-2 lan as=author")
        shell.ask(3, "PUSH 2025-2 if=@0 <<", "# Mở đầu", "", "x", ".")
        shell.ask(2, "SUBMIT 2025-2")
        let lines = shell.ask(1, "COMMENT 2025-2@1 kind=content level=should <", "Ý kiến.")
        #expect(lines.last?.hasPrefix("OK id=C2 ") == true)
    }

    @Test func whoeverMayNotReadIsNotToldThatItIsThere() throws {
        let shell = try shell()
        shell.logIn(4, "sotp")
        #expect(shell.ask(4, "THREAD C1").last == shell.ask(4, "THREAD C9").last?.replacing("C9", with: "C1"))
        #expect(shell.ask(4, "SHOW 2025-3@1").last?.hasPrefix("NO NOT-FOUND") == true)
        // Nor by a write, which tells those who read it that its time is over.
        func answer(_ connection: UInt64, _ comment: String) -> String? {
            shell.ask(connection, "ANSWER \(comment) <", "Lời đáp.").last
        }
        #expect(answer(3, "C1")?.hasPrefix("NO STAGE ") == true)
        #expect(answer(4, "C1") == answer(4, "C9")?.replacing("C9", with: "C1"))
    }

    @Test func onlyAFewAreKept() {
        var topics = RevivedTopics()
        let founded = try? Cast.founding(Cast.people, at: TestShell.start)
        let all = founded?.0.topicsInOrder ?? []
        #expect(all.count == 3)
        for topic in all { topics.keep(topic) }
        #expect(all.allSatisfy { topics.find($0.id) != nil })
        #expect(topics.count == 3)
        for topic in all + all { topics.keep(topic) }
        #expect(topics.count <= EngineConfiguration.revivedTopics)
    }
}
