import ReviewCore
import ReviewTestKit
import Testing

@testable import ReviewEngine

@Suite struct OutlineTests {
    @Test("OUTLINE says of a heading what CHECK would, also where a number stands behind the typed one")
    func whatIsRequiredIsWhatCheckLooksFor() throws {
        let shell = try TestShell()
        shell.logIn(1, "son")
        shell.logIn(2, "lan")
        shell.ask(1, "ASSIGN 2025-2 lan as=author")
        shell.ask(2, "PUSH 2025-2 if=@0 <<", "# 1. 2. Mở đầu", "", "x", "# NOI DUNG", "# Kết luận.", "", "y", ".")
        let rows = shell.ask(2, "OUTLINE 2025-2@1").dropLast()
        #expect(rows.filter { $0.hasPrefix("- section") }.map { $0.contains(" required=yes ") } == [false, true, true])
        #expect(
            rows.filter { $0.hasPrefix("- gap") } == [
                "- gap title=\"Mở đầu\" state=missing", "- gap title=\"Nội dung\" state=empty",
            ])
    }
}
