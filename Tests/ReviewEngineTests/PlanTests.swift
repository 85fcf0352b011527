import ReviewCore
import ReviewTestKit
import Testing

@testable import ReviewEngine

@Suite struct PlanTests {
    /// Understands three files: a good plan, one with faults, and nothing.
    private static let read: @Sendable ([UInt8]) -> (PlanDraft?, [PlanProblem]) = { octets in
        let text = String(decoding: octets, as: UTF8.self)
        var draft = Cast.plan
        draft.year = 2026
        if text.contains("good") { return (draft, []) }
        if text.contains("faults") {
            draft.topics[0].title = ""
            draft.unread = [.fatal(7, column: 3, "không hiểu khóa này", "this key is not understood")]
            return (draft, draft.unread)
        }
        return (nil, [.fatal(1, "không phải YAML", "this is not YAML")])
    }

    private func shell() throws -> TestShell {
        let shell = try TestShell(readPlan: Self.read)
        shell.logIn(1, "bich")
        shell.logIn(2, "minh")
        return shell
    }

    @Test func checkingPrintsWhatWasUnderstoodAndEveryProblem() throws {
        let shell = try shell()
        let before = shell.log.events.count
        let lines = shell.ask(1, "PLAN CHECK <", "faults")
        #expect(
            lines.contains {
                $0.hasPrefix("- plan id=2026 number=\"\" reference=29/KH-TGPL date=2025-01 coordinator=hcth")
            })
        #expect(lines.contains { $0.hasPrefix("- office id=nv name=\"Phòng Nghiệp vụ\"") })
        let topic = "- topic id=2026-2 lead=nv review=hcth quarter=2 opinion-date=2025-06-15"
        #expect(lines.contains { $0.hasPrefix(topic) })
        #expect(lines.contains("- problem line=7 column=3 fatal=yes text=\"không hiểu khóa này\""))
        #expect(lines.last?.hasPrefix("OK loadable=no problems=") == true)
        #expect(shell.log.events.count == before)
    }

    @Test func loadingIsAllOrNothing() throws {
        let shell = try shell()
        let before = shell.log.events.count
        let lines = shell.ask(1, "PLAN LOAD <", "faults")
        #expect(lines.contains("- problem line=7 column=3 fatal=yes text=\"không hiểu khóa này\""))
        #expect(lines.last?.hasPrefix("NO INVALID retry=fix") == true)
        #expect(shell.log.events.count == before)
        let none = shell.ask(1, "PLAN LOAD <", "chẳng có gì")
        #expect(none.first == "- problem line=1 fatal=yes text=\"không phải YAML\"")
        #expect(none.last?.hasPrefix("NO INVALID retry=fix") == true)
        #expect(shell.ask(1, "PLAN CHECK <", "good").last?.hasPrefix("OK loadable=yes") == true)
        #expect(shell.ask(1, "PLAN LOAD dry-run=yes <", "good").last?.hasPrefix("OK dry-run=yes plan=2026") == true)
        #expect(shell.log.events.count == before)
        #expect(shell.ask(1, "PLAN LOAD key=p <", "good").last?.hasPrefix("OK plan=2026 topics=3 seq=") == true)
        #expect(shell.ask(1, "PLAN LOAD key=p <", "good").last?.hasPrefix("OK replay=yes plan=2026") == true)
        #expect(shell.ask(2, "SHOW 2026-1").last == "OK topic=2026-1")
    }

    @Test(
        "Whoever may load no plan is told so before anybody reads the file",
        arguments: ["PLAN LOAD", "PLAN LOAD dry-run=yes", "PLAN LOAD key=k", "PLAN CHECK"])
    func onlyPlannersLoadAndCheck(_ verb: String) throws {
        let shell = try TestShell(readPlan: { _ in
            Issue.record("the file was read")
            return (nil, [])
        })
        shell.logIn(2, "minh")
        #expect(shell.ask(2, "\(verb) <", "good").last?.hasPrefix("NO FORBIDDEN") == true)
    }

    @Test func theHeadOfAnotherOfficeIsRefusedOnceTheFileIsRead() throws {
        let shell = try shell()
        shell.logIn(3, "son")
        shell.logIn(4, "hoa")
        #expect(shell.ask(3, "PLAN LOAD <", "good").last?.hasPrefix("NO FORBIDDEN") == true)
        #expect(shell.ask(4, "PLAN LOAD dry-run=yes <", "good").last?.hasPrefix("OK dry-run=yes") == true)
    }

    @Test("A file is read beside the engine, also in a dry run", arguments: ["", " dry-run=yes"])
    func othersDoNotWaitForTheReading(_ more: String) throws {
        let shell = try shell()
        shell.holdsComputations = true
        shell.send(1, "#p PLAN LOAD\(more) <\ngood\n")
        #expect(shell.heldComputations.count == 1)
        #expect(shell.lines(1) == [])
        #expect(shell.ask(2, "PING").first?.hasPrefix("OK") == true)
        shell.computeHeld()
        #expect(shell.heldComputations.isEmpty)
        #expect(shell.lines(1).last?.hasPrefix("OK #p ") == true)
    }
}
