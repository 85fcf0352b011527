import Foundation
import Glibc
import Testing

/// The built client as people's machines run it: without privileges, against servers that are not what they should be.
@Suite struct ClientTests {
    /// A founded server that runs, and a home of its own for the client.
    private struct Place {
        let server: ServerProcess
        let scratch: Scratch

        init() throws {
            server = try ServerProcess(copying: Prepared.founded.get())
            try server.start()
            scratch = try Scratch()
            _ = try scratch.write(ServerProcess.password + "\n", "mat-khau")
        }

        var environment: [String: String] {
            [
                "PHANBIEN_HOME": scratch.path("home"), "PHANBIEN_PASSWORD_FILE": scratch.path("mat-khau"),
                "LC_ALL": "C.UTF-8",
            ]
        }

        var login: [String] { ["login", "localhost:\(server.port)", "hoa", "--ca", server.authority] }

        func client(_ words: [String]) throws -> Outcome {
            try run(Programs.client, words, environment: environment)
        }
    }

    /// What takes every privilege away from a program that root starts; nothing where nobody has any, or may not lay them down.
    private static let withoutPrivileges: [String] = {
        let words = ["/usr/bin/setpriv", "--bounding-set=-all", "--inh-caps=-all"]
        guard geteuid() == 0,
            let tried = try? run(URL(filePath: words[0]), Array(words.dropFirst()) + ["true"]), tried.status == 0
        else { return [] }
        return words
    }()

    @Test func nobodyNeedsPrivilegesToConnect() throws {
        let place = try Place()
        let words = Self.withoutPrivileges + [Programs.client.path] + place.login
        let outcome = try run(
            URL(filePath: words[0]), Array(words.dropFirst()), environment: place.environment)
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.output.contains("Đã đăng nhập"), "\(outcome.output)")
    }
}
