import Foundation
import Testing

/// Every command of the README's tour is run, in its order, as a reader would.
struct ReadmeTests {
    private struct Block {
        let language: String
        let lines: [String]
    }

    /// The fenced blocks between the tour's heading and the next one.
    private func tour() throws -> [Block] {
        let text = try String(contentsOf: Programs.top.appending(path: "README.md"), encoding: .utf8)
        let start = try #require(text.range(of: "## Tự tay dựng một máy chủ"))
        let rest = text[start.upperBound...]
        let end = try #require(rest.range(of: "\n## "))
        var blocks: [Block] = []
        var open: (language: String, lines: [String])?
        for line in rest[..<end.lowerBound].split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("```") {
                if let block = open {
                    blocks.append(Block(language: block.language, lines: block.lines))
                    open = nil
                } else {
                    open = (String(line.dropFirst(3)), [])
                }
            } else {
                open?.lines.append(String(line))
            }
        }
        return blocks
    }

    @Test func theTourWorksAsWritten() throws {
        let scratch = try Scratch()
        try FileManager.default.createSymbolicLink(
            at: scratch.url.appending(path: "clients"), withDestinationURL: Programs.top.appending(path: "clients"))
        let password = try scratch.write("chuyen-de-2025\n", "mat-khau")
        let environment = [
            "PATH": Programs.folder.path + ":" + (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"),
            "PHANBIEN_HOME": scratch.path("home"), "PHANBIEN_PASSWORD_FILE": password, "LC_ALL": "C.UTF-8",
        ]
        var server: Process?
        var port = ""
        defer {
            if let server, server.isRunning {
                server.terminate()
                server.waitUntilExit()
            }
        }
        var commands = 0
        var blocks = try tour()[...]
        while let block = blocks.popFirst() {
            #expect(block.language == "sh", "a block of the tour that nothing runs: \(block.lines.first ?? "")")
            for line in block.lines where !line.isEmpty {
                let command = line.replacing("7443", with: port.isEmpty ? "0" : port)
                commands += 1
                if line.hasPrefix("phanbiend serve") {
                    let process = Process()
                    process.executableURL = URL(filePath: "/bin/bash")
                    process.arguments = ["-c", "exec " + command]
                    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
                    process.currentDirectoryURL = scratch.url
                    let output = Pipe()
                    process.standardOutput = output
                    process.standardError = FileHandle.nullDevice
                    try process.run()
                    server = process
                    let ready = try LineReader(descriptor: output.fileHandleForReading.fileDescriptor).line(seconds: 60)
                    port = try #require(ready.split(separator: ":").last.map(String.init))
                    continue
                }
                // What is typed into openssl stands in the block behind it.
                let typed = line.hasPrefix("openssl") ? blocks.popFirst()?.lines.joined(separator: "\n") : nil
                let outcome = try run(
                    URL(filePath: "/bin/bash"), ["-c", command], environment: environment,
                    input: typed.map { $0 + "\n" }, folder: scratch.url)
                #expect(outcome.status == 0, "\(line)\n\(outcome.output)\(outcome.errors)")
                if typed != nil {
                    #expect(outcome.output.contains("OK person=lan"))
                    #expect(outcome.output.contains("BYE LOGOUT"))
                }
            }
        }
        #expect(commands >= 14)
        // The two commands that the README promises are there.
        let makefile = try String(contentsOf: Programs.top.appending(path: "Makefile"), encoding: .utf8)
        #expect(makefile.contains("\ndemo: setup") && makefile.contains("\ntest: setup"))
    }
}
