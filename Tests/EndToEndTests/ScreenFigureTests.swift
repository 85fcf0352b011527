import Foundation
import Glibc
import Testing

/// How long people wait at the full-screen client, through a terminal; `make bench-screen` runs it on the release build.
///
/// Not a test of speed: a slow machine is no error. What it prints stands beside the start of the smallest command, which
/// is the least that any start can cost here.
@Suite(.serialized, .enabled(if: ProcessInfo.processInfo.environment["PHANBIEN_FIGURES"] == "1"))
struct ScreenFigureTests {
    private struct Times {
        var all: [Double] = []

        mutating func measure(_ act: () throws -> Void) rethrows {
            let began = DispatchTime.now().uptimeNanoseconds
            try act()
            all.append(Double(DispatchTime.now().uptimeNanoseconds - began) / 1_000_000)
        }

        var median: Double { all.sorted()[all.count / 2] }
        var p99: Double { all.sorted()[all.count * 99 / 100] }
        var words: String {
            String(format: "min %.1f  p50 %.1f  p99 %.1f  max %.1f ms", all.min() ?? 0, median, p99, all.max() ?? 0)
        }
    }

    @Test func whatAPersonWaitsFor() throws {
        let server = try ServerProcess(options: ["--scrypt-log2n", "10"])
        try server.start(["--limit", "requests-per-second=1000000"])
        let scratch = try Scratch()
        let environment = [
            "PHANBIEN_HOME": scratch.path("home"),
            "PHANBIEN_PASSWORD_FILE": try scratch.write(ServerProcess.password, "m"),
        ]
        let login = ["login", "localhost:\(server.port)", "bich", "--ca", server.authority]
        try #require(try run(Programs.client, login, environment: environment).status == 0)
        try fill(server)

        var starts = Times()
        for _ in 0..<20 {
            let arguments = ["version"]
            try starts.measure { _ = try Pseudoterminal(Programs.client, arguments, environment: environment).end() }
        }
        var firsts = Times()
        for _ in 0..<20 {
            var terminal: Pseudoterminal?
            try firsts.measure {
                let opened = try Pseudoterminal(Programs.client, [], environment: environment)
                try opened.see("2025-4")
                terminal = opened
            }
            terminal?.type("qc")
            _ = try terminal?.end()
        }
        print("phanbien version                       \(starts.words)")
        print(
            "màn hình đầu tiên / first screen       \(firsts.words)  gate < 150 ms \(firsts.median < 150 ? "✓" : "✗")")
        print(String(format: "  = %.1f × phanbien version", firsts.median / starts.median))

        let terminal = try Pseudoterminal(Programs.client, [], environment: environment, columns: 120, rows: 40)
        try terminal.see("2025-4")
        terminal.type("\r")
        try terminal.see("Đoạn 1 bàn")
        try terminal.see("5000 ý kiến")
        var keys = Times()
        let before = terminal.written.count
        for key in Array(repeating: "j", count: 400) + Array(repeating: "n", count: 200) {
            let seen = terminal.written.count
            try keys.measure {
                terminal.type(key)
                try terminal.wait(for: "a repaint") { _ in terminal.written.count > seen }
            }
        }
        let octets = (terminal.written.count - before) / keys.all.count
        print("phím → vẽ lại / key → repaint, 2 MiB, 5.000 ý kiến / comments")
        print("                                       \(keys.words)  gate p99 < 16 ms \(keys.p99 < 16 ? "✓" : "✗")")
        print("octet mỗi phím / octets for a key      \(octets)")
        let status = try String(contentsOfFile: "/proc/\(terminal.processIdentifier)/status", encoding: .utf8)
        let memory = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") } ?? ""
        print(
            "bộ nhớ máy trạm / the client's memory  \(memory.split(whereSeparator: \.isWhitespace).dropFirst().joined(separator: " "))"
        )
        terminal.type("qqc")
        _ = try terminal.end()
    }

    /// A draft of 2 MiB in the first topic, with 5,000 comments all over it.
    private func fill(_ server: ServerProcess) throws {
        var text = ""
        var number = 0
        while text.utf8.count < 2_097_152 - 400 {
            if number.isMultiple(of: 40) { text += "# Mục \(number / 40 + 1)\n\n" }
            number += 1
            text += "Đoạn \(number) bàn về kinh phí trợ giúp pháp lý, số liệu năm \(2000 + number % 30), "
            text += "đề nghị các phòng rà soát và báo cáo trước ngày họp.\n\n"
        }
        let author = try HandConnection(server)
        try author.logIn("hoa")
        let pushed = try author.ask("PUSH 2025-1 if=@0 {\(text.utf8.count)}\n\(text)", seconds: 120)
        try #require(pushed.last?.hasPrefix("OK") == true, "\(pushed)")
        try #require(try author.ask("SUBMIT 2025-1").last?.hasPrefix("OK") == true)
        let leader = try HandConnection(server)
        try leader.logIn("bich")
        for start in stride(from: 1, through: 5_000, by: 100) {
            for index in start..<start + 100 {
                let line = (index * 4 + 3) % (number * 2)
                try leader.type(
                    "COMMENT 2025-1@1 at=L\(line | 1) kind=content level=should <\nÝ kiến \(index) về số liệu của đoạn này."
                )
            }
            for _ in 0..<100 {
                let reply = try leader.reply(seconds: 60)
                try #require(reply.last?.hasPrefix("OK") == true, "\(reply)")
            }
        }
    }
}
