import Foundation
import Testing

/// The commands of the operator's documents are run as they are written, with the machine's folders replaced.
@Suite struct OperationsDocsTests {
    private static func commands(_ path: String) throws -> [String] {
        let text = try String(contentsOf: Programs.top.appending(path: path), encoding: .utf8)
        var commands: [String] = []
        var isShell = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("```") {
                isShell = line == "```sh"
            } else if isShell, !line.isEmpty {
                commands.append(String(line))
            }
        }
        return commands
    }

    @Test func bothLanguagesHaveTheSameCommandsAndTheyWork() throws {
        let commands = try Self.commands("docs/van-hanh.md")
        #expect(try Self.commands("docs/operations.md") == commands)
        let scratch = try Scratch()
        for name in ["ke-hoach-2025.yaml", "nhan-su.csv"] {
            try FileManager.default.copyItem(
                atPath: Programs.top.appending(path: "clients/demo/\(name)").path, toPath: scratch.path(name))
        }
        let backups = scratch.path("backups")
        try FileManager.default.createDirectory(atPath: backups, withIntermediateDirectories: false)
        let environment = [
            "PATH": Programs.folder.path + ":" + (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin")
        ]
        let prefix = "runuser -u phanbien -- "
        var count = 0
        for command in commands {
            guard command.hasPrefix(prefix) else {
                // Root makes the drill's folder, since the service's account may not, and removes it again.
                let drill = "/var/lib/phanbien-thu"
                switch command {
                case "install -d -o phanbien -g phanbien -m 700 \(drill)":
                    try FileManager.default.createDirectory(
                        atPath: scratch.path("thu"), withIntermediateDirectories: false)
                case "rm -r \(drill)": try FileManager.default.removeItem(atPath: scratch.path("thu"))
                default:
                    // What needs systemd is not run; it is one of these.
                    #expect(["apt-get ", "systemctl ", "journalctl "].contains { command.hasPrefix($0) }, "\(command)")
                }
                continue
            }
            if command.contains(" restore ") {
                #expect(
                    FileManager.default.fileExists(atPath: scratch.path("thu")), "in /var/lib only root makes folders")
            }
            // Nor does it read what lies in root's own folder: that comes by standard input.
            #expect(!command.contains(".csv") || command.contains(" - < "), "\(command)")
            if command.contains(" redact "), count > 0, command.contains("--dry-run") { try addAComment(scratch) }
            let newest = try FileManager.default.contentsOfDirectory(atPath: backups).sorted().last ?? ""
            let line = String(command.dropFirst(prefix.count)).replacing(
                "/var/lib/phanbien-thu", with: scratch.path("thu")
            )
            .replacing("/var/lib/phanbien", with: scratch.path("data"))
            .replacing("/etc/phanbien/certs", with: scratch.path("certs"))
            .replacing("/var/backups/phanbien", with: backups).replacing("MOI-NHAT", with: newest)
            let outcome = try run(
                URL(filePath: "/bin/bash"), ["-c", line], environment: environment, folder: scratch.url)
            #expect(outcome.status == 0, "\(command)\n\(outcome.output)\(outcome.errors)")
            count += 1
        }
        #expect(count == 11)
        let verified = try run(Programs.server, ["verify", "--data", scratch.path("data")])
        #expect(verified.status == 0 && verified.output.contains("REDACTED 1\n"), "\(verified.output)")
    }

    private func addAComment(_ scratch: Scratch) throws {
        let server = try ServerProcess(data: scratch.path("data"), certificates: scratch.path("certs"))
        try server.start()
        try OperationTests.openForComments(server, password: "chuyen-de-2025")
        let director = try HandConnection(server)
        try director.logIn("bich", password: "chuyen-de-2025")
        #expect(
            try director.ask("COMMENT 2025-1@1 kind=content level=note <\nTên một người.").last?.hasPrefix("OK id=C1")
                == true)
        #expect(server.stop() == 0)
    }
}
