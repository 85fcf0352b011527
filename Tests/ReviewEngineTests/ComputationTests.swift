import ReviewCore
import ReviewProtocol
import ReviewTestKit
import Testing

@testable import ReviewEngine

/// Long work is done beside the engine: its connection waits, everybody else goes on, and the outcome is the same.
@Suite struct ComputationTests {
    private static let text =
        (1...900).map { "## Mục \($0)\n\nNăm 2024 Trung tâm thực hiện \($0) vụ việc tham gia tố tụng.\n" }
        .joined(separator: "\n")
    private static let changed = text.replacing(" 7 vụ việc", with: " 70 vụ việc")

    private func shell() throws -> TestShell {
        let shell = try TestShell()
        shell.logIn(1, "son")
        shell.logIn(2, "lan")
        shell.logIn(3, "hoa")
        shell.logIn(4, "lan")
        shell.ask(1, "ASSIGN 2025-2 lan as=author")
        shell.holdsComputations = true
        return shell
    }

    private func push(_ text: String, if base: Int, _ more: String = "") -> String {
        "#p PUSH 2025-2 if=@\(base)\(more) {\(text.utf8.count)}\n\(text)\n"
    }

    private func statuses(_ shell: TestShell, _ connection: UInt64) -> [String] {
        shell.lines(connection).filter { !$0.hasPrefix("|") && !$0.hasPrefix("-") }
            .map { String($0.prefix(while: { $0 != "=" })) }
    }

    @Test func aLongPushIsPreparedAndThenStored() throws {
        let shell = try shell()
        let appends = shell.log.appends
        shell.send(2, push(Self.text, if: 0) + "#n PING\n")
        #expect(shell.heldComputations.count == 1)
        #expect(shell.log.appends == appends)
        #expect(shell.lines(2) == [])
        // Others are served meanwhile, in writing too.
        #expect(shell.ask(3, "#d ASSIGN 2025-1 minh as=author").map { $0.hasPrefix("OK #d ") } == [true])
        shell.computeHeld()
        #expect(statuses(shell, 2) == ["OK #p revision", "OK #n time"])
        #expect(shell.heldComputations.isEmpty)
        shell.holdsComputations = false
        let shown = shell.ask(2, "SHOW 2025-2@1")
        #expect(shown.dropLast().count == Self.text.split(separator: "\n", omittingEmptySubsequences: false).count - 1)
        #expect(shell.ask(2, "SHOW 2025-2").contains { $0.hasPrefix("- revision number=1 ") })
    }

    @Test func whoComesSecondIsStale() throws {
        let shell = try shell()
        shell.send(2, push(Self.text, if: 0))
        shell.send(4, push(Self.changed, if: 0))
        // Both are of one person, and take turns; what is stale by then costs nobody the work.
        #expect(shell.heldComputations.count == 1)
        shell.computeHeld()
        #expect(statuses(shell, 2) == ["OK #p revision"])
        #expect(statuses(shell, 4) == ["NO STALE #p retry"])
        // What is stale already costs nobody the work.
        shell.send(4, push(Self.changed, if: 0))
        #expect(shell.heldComputations.isEmpty)
        #expect(statuses(shell, 4) == ["NO STALE #p retry"])
    }

    @Test func aDryRunAndAKeyAreTheSameAsAlways() throws {
        let shell = try shell()
        shell.send(2, push(Self.text, if: 0, " dry-run=yes"))
        shell.computeHeld()
        #expect(statuses(shell, 2) == ["OK #p dry-run"])
        let appends = shell.log.appends
        shell.send(2, push(Self.text, if: 0, " key=k1"))
        shell.ask(3, "ASSIGN 2025-1 minh as=author")
        shell.computeHeld()
        #expect(statuses(shell, 2) == ["OK #p revision"])
        #expect(shell.log.appends == appends + 2)
        shell.send(2, push(Self.text, if: 0, " key=k1"))
        #expect(statuses(shell, 2) == ["OK #p replay"])
        #expect(shell.heldComputations.isEmpty)
    }

    @Test("A dry run goes by what is durable: its refusal tells of nothing that is not")
    func aDryRunDoesNotTellOfTheBatch() throws {
        let shell = try shell()
        shell.holdsAppends = true
        shell.feed(4, Array("#w PUSH 2025-2 if=@0 <<\n# A\n.\n".utf8))
        shell.feed(2, Array(push(Self.text, if: 0, " dry-run=yes").utf8))
        shell.run()
        #expect(shell.heldBatches.count == 1)
        #expect(shell.lines(2) == [])
        shell.computeHeld()
        #expect(statuses(shell, 2) == ["OK #p dry-run"])
        shell.release()
        #expect(statuses(shell, 4) == ["OK #w revision"])
    }

    @Test("What is short and still takes long to compare is worked out beside the engine")
    func manyShortParagraphsAreLongWork() throws {
        let shell = try shell()
        let text = String(repeating: "a b\n\n", count: 4_000)
        shell.send(2, push(text, if: 0))
        #expect(shell.heldComputations.count == 1)
        shell.computeHeld()
        #expect(statuses(shell, 2) == ["OK #p revision"])
        shell.send(2, push(text + "c\n", if: 1))
        #expect(shell.heldComputations.count == 1)
        shell.computeHeld()
        #expect(statuses(shell, 2) == ["OK #p revision"])
        for comparison in [
            "DIFF 2025-2 from=@1 to=@2", "FORM name=ban-so-sanh 2025-2", "FORM name=ban-so-sanh 2025-2 from=@1",
        ] {
            shell.send(2, comparison + "\n")
            #expect(shell.heldComputations.count == 1, "\(comparison)")
            shell.computeHeld()
            #expect(statuses(shell, 2).last?.hasPrefix("OK ") == true, "\(comparison)")
        }
    }

    @Test("A draft as people write them is answered at once")
    func ordinaryDraftsAreShortWork() throws {
        let shell = try shell()
        let paragraph = String(repeating: "Trung tâm thực hiện 57 vụ việc tham gia tố tụng. ", count: 5)
        let text = String(repeating: paragraph + "\n\n", count: 50)
        #expect(text.utf8.count > 14_000)
        for base in 0...2 { shell.send(2, push(text + "Lần \(base).", if: base)) }
        #expect(shell.heldComputations.isEmpty)
        #expect(statuses(shell, 2) == ["OK #p revision", "OK #p revision", "OK #p revision"])
    }

    @Test func aLongAnswerIsTheSnapshotAndKeepsItsPlace() throws {
        let shell = try shell()
        shell.holdsComputations = false
        shell.send(2, push(Self.text, if: 0))
        shell.send(2, push(Self.changed, if: 1))
        _ = shell.lines(2)
        let expected = shell.ask(2, "#s DIFF 2025-2 from=@1 to=@2")
        #expect(expected.last?.hasPrefix("OK #s ") == true)
        shell.holdsComputations = true
        shell.send(2, "#s DIFF 2025-2 from=@1 to=@2\n#t SHOW 2025-2@9\n#l LIST\n")
        shell.ask(1, "#a ASSIGN 2025-2 dung as=author")
        #expect(shell.lines(2) == [])
        shell.computeHeld()
        let lines = shell.lines(2)
        #expect(Array(lines.prefix(expected.count)) == expected)
        #expect(lines.dropFirst(expected.count).first?.hasPrefix("NO NOT-FOUND #t ") == true)
        #expect(lines.last?.hasPrefix("OK #l ") == true)
    }

    @Test func literalsAreSentAsLiterals() throws {
        let shell = try shell()
        shell.holdsComputations = false
        shell.send(2, push(Self.text, if: 0) + "SET body=literal\n")
        _ = shell.lines(2)
        let lines = shell.ask(2, "#s SHOW 2025-2@1")
        #expect(lines.first == "= {\(Self.text.utf8.count)}")
    }

    @Test func aLongTextIsFetchedBesideTheEngine() throws {
        let shell = try shell()
        shell.holdsComputations = false
        let pushed = shell.ask(2, "PUSH 2025-2 if=@0 {\(Self.text.utf8.count)}\n\(Self.text)").last ?? ""
        let digest = try #require(pushed.split(separator: " ").first { $0.hasPrefix("sha256=") }?.dropFirst(7))
        shell.holdsComputations = true
        shell.send(2, "FETCH \(digest)\n")
        #expect(shell.heldComputations.count == 1 && shell.lines(2) == [])
        shell.computeHeld()
        #expect(shell.lines(2).last?.hasPrefix("OK revision=2025-2@1 ") == true)
    }

    @Test func whoIsGoneIsForgotten() throws {
        let shell = try shell()
        shell.send(2, push(Self.text, if: 0))
        shell.close(2)
        shell.send(4, push(Self.text, if: 0) + "LOGOUT\n")
        shell.close(4)
        shell.computeHeld()
        shell.logIn(5, "lan")
        #expect(shell.ask(5, "SHOW 2025-2").contains { $0.contains(" revision=0 ") })
    }

    @Test func aRevokedPersonGetsNothing() throws {
        let shell = try shell()
        shell.holdsComputations = false
        shell.send(2, push(Self.text, if: 0))
        _ = shell.lines(2)
        shell.holdsComputations = true
        shell.send(2, "SHOW 2025-2@1\n")
        #expect(shell.heldComputations.count == 1)
        shell.logIn(6, "root")
        shell.ask(6, "PERSON DISABLE lan <", "Nghỉ việc.")
        shell.computeHeld()
        #expect(shell.lines(2).map { String($0.prefix(11)) } == ["BYE REVOKED"])
    }

    /// However many connections somebody asks on, others wait for one computation of theirs at most.
    @Test func peopleTakeTurns() throws {
        let shell = try shell()
        shell.holdsComputations = false
        shell.send(2, push(Self.text, if: 0))
        shell.send(2, push(Self.changed, if: 1))
        for id in 5...8 as ClosedRange<UInt64> { shell.logIn(id, "lan") }
        _ = shell.lines(2)
        shell.holdsComputations = true
        for id in 5...8 as ClosedRange<UInt64> {
            shell.send(id, "#a DIFF 2025-2 from=@1 to=@2\n#b DIFF 2025-2 from=@1 to=@2\n")
        }
        #expect(shell.heldComputations.count == 1)
        shell.send(1, "#s SHOW 2025-2@1\n")
        #expect(shell.heldComputations.count == 2)
        // One goes while it waits for its turn, and one while it has it.
        shell.close(6)
        shell.close(5)
        shell.computeHeld()
        #expect(statuses(shell, 1) == ["OK #s revision"])
        #expect(shell.heldComputations.count == 1)
        // The connections of one person take turns as well.
        shell.computeHeld()
        shell.computeHeld()
        #expect(statuses(shell, 7) == ["OK #a from"] && statuses(shell, 8) == ["OK #a from"])
        shell.computeHeld()
        shell.computeHeld()
        #expect(statuses(shell, 7) == ["OK #b from"] && statuses(shell, 8) == ["OK #b from"])
        #expect(shell.heldComputations.isEmpty)
        #expect(shell.engine.computing.isEmpty)
    }

    /// What shows texts of any number and size is made beside the others' work, as the texts themselves are.
    @Test func longThreadsAndVotesAreShownBesideTheOthersWork() throws {
        let shell = try shell()
        shell.holdsComputations = false
        shell.send(2, push("# Mở đầu\n\nA.", if: 0))
        for (id, person) in [(5 as UInt64, "bich"), (6, "minh")] { shell.logIn(id, person) }
        func ask(_ id: UInt64, _ lines: String...) {
            shell.send(id, lines.map { $0 + "\n" }.joined())
            let answer = shell.lines(id).last ?? ""
            #expect(answer.hasPrefix("OK "), "\(lines[0].prefix(40)): \(answer)")
        }
        ask(1, "SUBMIT 2025-2")
        let long = (1...4_000).map { "Ý thứ \($0) của bản này." }.joined(separator: "\n")
        ask(5, "OPINION 2025-2@1 as=direct <<", long, ".")
        ask(5, "SUBMIT 2025-2")
        ask(6, "COMMENT 2025-2@1 kind=content level=must <<", long, ".")
        ask(6, "ASSESS 2025-2@1 verdict=pass <<", long, ".")
        shell.holdsComputations = true
        for request in ["SHOW 2025-2", "THREAD C1", "SHOW P1"] {
            shell.send(6, request + "\n")
            #expect(shell.heldComputations.count == 1, "\(request)")
            shell.computeHeld()
            #expect(shell.lines(6).last?.hasPrefix("OK ") == true)
        }
        shell.send(6, "ASSESSMENTS 2025-2\n")
        #expect(shell.heldComputations.isEmpty)
    }
}
