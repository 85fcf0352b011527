import Foundation
import Glibc
import Testing

/// The built client as people's machines run it: without privileges, against servers that are not what they should be.
@Suite struct ClientTests {
    /// What a person was told, wherever the lines broke.
    private func said(_ outcome: Outcome) -> String {
        outcome.errors.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
    }

    /// What takes every privilege away from a program that root starts; nothing where nobody has any, or may not lay them down.
    static let withoutPrivileges: [String] = {
        let words = ["/usr/bin/setpriv", "--bounding-set=-all", "--inh-caps=-all"]
        guard geteuid() == 0,
            let tried = try? run(URL(filePath: words[0]), Array(words.dropFirst()) + ["true"]), tried.status == 0
        else { return [] }
        return words
    }()

    @Test func nobodyNeedsPrivilegesToConnect() throws {
        let place = try ClientHome()
        let words = Self.withoutPrivileges + [Programs.client.path] + place.login("hoa")
        let outcome = try run(
            URL(filePath: words[0]), Array(words.dropFirst()), environment: place.environment)
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.output.contains("Đã đăng nhập"), "\(outcome.output)")
    }

    /// What is stored for good is what was typed, or nothing.
    @Test func aWordThatIsNotUTF8IsRefusedByItsPlace() throws {
        let place = try ClientHome()
        #expect(try place.client(place.login("hoa")).status == 0)
        let line = "exec \"$0\" comment 2025-2@1 --quote x \"$(printf 'Ti\\351ng')\""
        let outcome = try run(
            URL(filePath: "/bin/sh"), ["-c", line, Programs.client.path], environment: place.environment)
        #expect(outcome.status == 65)
        #expect(outcome.errors.contains("Từ thứ 5 sau “phanbien” không phải UTF-8"), "\(outcome.errors)")
    }

    @Test func tooManyConnectionsAreAMatterOfTime() throws {
        let server = try ServerProcess(copying: Prepared.founded.get())
        try server.start(["--limit", "connections-per-address=1"])
        let first = try HandConnection(server)
        _ = try first.line()
        let scratch = try Scratch()
        let outcome = try run(
            Programs.client, ["login", "localhost:\(server.port)", "hoa", "--ca", server.authority],
            environment: ["PHANBIEN_HOME": scratch.path("home"), "LC_ALL": "C.UTF-8"])
        #expect(outcome.status == 75, "\(outcome.errors)")
        #expect(said(outcome).contains("quá nhiều kết nối") && !said(outcome).contains("ABUSE"), "\(outcome.errors)")
    }

    /// A large text on a slow line takes longer than a server that says nothing is waited for.
    @Test func aLineOnWhichSomethingMovesIsWaitedFor() throws {
        let place = try ClientHome()
        let line = try SlowLine(to: place.server.port)
        let login = ["login", "localhost:\(line.port)", "hoa", "--ca", place.server.authority]
        #expect(try place.client(login).status == 0)
        let paragraphs = (1...4_000).map { "Đoạn \($0): " + String(repeating: "truyền thông ", count: 10) }
        let text = try place.scratch.write("# Mở đầu\n\n" + paragraphs.joined(separator: "\n\n") + "\n", "dai.md")
        let terminal = try Pseudoterminal(
            Programs.client, ["--timeout", "3", "--yes", "push", "2025-1", text], environment: place.environment)
        // Who waits sees that it moves, and how far it is; afterwards there is only the result.
        try terminal.wait(for: "how far it is") { $0.text.contains(/đang gửi \d+ KB: [1-9]\d?%/) }
        #expect(try terminal.end() == .status(0), "\(terminal.display.text)")
        #expect(terminal.display.text.contains("Đã nhận dự thảo lần 1"), "\(terminal.display.text)")
        #expect(!terminal.display.text.contains("đang gửi"), "\(terminal.display.text)")
    }

    /// A paper that was cut short by a full disk looks like any other.
    @Test func aResultThatCannotBeWrittenIsAFailureInWords() throws {
        let place = try ClientHome(loggedIn: ["hoa"])
        let outcome = try run(
            URL(filePath: "/bin/sh"), ["-c", "exec \"$0\" topics >/dev/full", Programs.client.path],
            environment: place.environment)
        #expect(outcome.status == 74)
        #expect(said(outcome).contains("Không ghi được kết quả ra tệp: ổ đĩa đã đầy."), "\(outcome.errors)")
    }

    /// Whoever reads the output may go ("| head"): what was asked for is done or refused all the same, and told by the number.
    @Test func aReaderThatHasGoneDoesNotMakeARefusalASuccess() throws {
        let place = try ClientHome(loggedIn: ["hoa"])
        func end(_ words: [String]) throws -> Int32 {
            let pipe = place.scratch.path("ong-\(UUID().uuidString)")
            #expect(mkfifo(pipe, 0o600) == 0)
            // Open at both ends, and then at the writer's alone.
            let line = "p=$1; shift; exec 3<>\"$p\" 4>\"$p\" 3<&-; exec \"$0\" \"$@\" >&4"
            return try run(
                URL(filePath: "/bin/sh"), ["-c", line, Programs.client.path, pipe] + words,
                environment: place.environment, input: "TOPICS\nKHONG CO\n"
            ).status
        }
        #expect(try end(["topics"]) == 0)
        #expect(try end(["--json", "agree", "C999"]) == 1)
        #expect(try end(["shell"]) == 76)
    }

    /// A script that was cut short, or saved in another encoding, does not end as if it had been done.
    @Test func aScriptThatIsNotWholeFails() throws {
        let place = try ClientHome(loggedIn: ["hoa"])
        let cut = try run(
            Programs.client, ["shell"], environment: place.environment,
            input: "WHOAMI\nCOMMENT 2025-1@1 kind=content level=note <<\nChưa hết\n")
        #expect(cut.status == 64, "\(cut.output)")
        #expect(said(cut).contains("Đã bỏ lệnh này."))
        let foreign = try run(
            URL(filePath: "/bin/sh"),
            ["-c", "printf 'WHOAMI\\nFIND Ti\\351ng\\n' | \"$0\" shell", Programs.client.path],
            environment: place.environment)
        #expect(foreign.status == 65 && foreign.output.isEmpty)
        #expect(said(foreign).contains("Dòng 2 không phải UTF-8"), "\(foreign.errors)")
    }

    /// Who mistook the port is told so, and not in the words of a library.
    @Test func aServerThatSpeaksNoTLSIsNamedAsThat() throws {
        let place = try ClientHome()
        let stranger = try PlainServer()
        for words in [["--ca", place.server.authority], ["--fingerprint", String(repeating: "0", count: 64)]] {
            let outcome = try place.client(["login", "localhost:\(stranger.port)", "hoa"] + words)
            #expect(outcome.status == 69)
            #expect(said(outcome).contains("không phải máy chủ phanbien"), "\(outcome.errors)")
            #expect(!said(outcome).contains("SSL") && !said(outcome).contains("/"), "\(outcome.errors)")
        }
    }

    /// As a server does that has too many connections already.
    @Test func aServerThatOnlyClosesIsNotTakenForAnother() throws {
        let place = try ClientHome()
        let server = try PlainServer(greeting: "")
        let outcome = try place.client(["login", "localhost:\(server.port)", "hoa", "--ca", place.server.authority])
        #expect(outcome.status == 69)
        #expect(said(outcome).contains("máy chủ đóng kết nối"), "\(outcome.errors)")
    }

    /// The two fingerprints are compared with a sheet of paper, digit by digit.
    @Test func aChangedAuthorityIsShownInLinesThatAreWhole() throws {
        let place = try ClientHome()
        try #require(try place.client(place.login("hoa")).status == 0)
        let making =
            "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=CA -keyout k -out ca.pem"
        try #require(try run(URL(filePath: "/bin/sh"), ["-c", making], folder: place.scratch.url).status == 0)
        let other = try Data(contentsOf: URL(filePath: place.scratch.path("ca.pem")))
        let home = place.scratch.path("home")
        let pinned = try #require(
            try FileManager.default.subpathsOfDirectory(atPath: home).first { $0.hasSuffix("ca.pem") })
        try other.write(to: URL(filePath: home + "/" + pinned))
        let outcome = try place.client(["whoami"])
        #expect(outcome.status == 77 && said(outcome).contains("ĐÃ THAY ĐỔI"), "\(outcome.errors)")
        let digits = outcome.errors.split(separator: "\n").filter { line in
            line.hasPrefix("  ") && line.dropFirst(2).split(separator: ":").count { $0.count == 2 } == 16
        }
        #expect(digits.count == 4, "\(outcome.errors)")
    }

    @Test func aHomeThatCannotBeWrittenIsNamedWithTheReason() throws {
        let place = try ClientHome()
        let file = try place.scratch.write("", "tep")
        let outcome = try run(
            Programs.client, place.login("hoa"), environment: place.environment.merging(["PHANBIEN_HOME": file]) { $1 })
        #expect(outcome.status == 73)
        #expect(said(outcome).contains("/ca.pem: có tệp ở chỗ của thư mục."), "\(outcome.errors)")
        #expect(said(outcome).contains("PHANBIEN_HOME"))
    }

    /// A host that the certificate does not name, and one whose certificate has ended.
    @Test(arguments: [("khac.example", "365", "không dùng cho tên"), ("localhost", "-1", "đã hết hạn ngày")])
    func aCertificateThatDoesNotServeSaysWhy(name: String, days: String, words: String) throws {
        let place = try ClientHome()
        let issuing = """
            set -e
            openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out key.pem
            openssl req -x509 -new -key key.pem -subj /CN=CA -days 3650 -out ca.pem
            openssl req -new -key key.pem -subj /CN=x -out x.csr
            printf 'subjectAltName=DNS:%s' "$1" >names
            openssl x509 -req -in x.csr -CA ca.pem -CAkey key.pem -days "$2" -extfile names -out x.pem
            """
        let issued = try run(
            URL(filePath: "/bin/sh"), ["-c", issuing, "sh", name, days], folder: place.scratch.url)
        try #require(issued.status == 0, "\(issued.errors)")
        let server = try Stranger(certificates: place.scratch)
        let outcome = try place.client([
            "login", "localhost:\(server.port)", "hoa", "--ca", place.scratch.path("ca.pem"),
        ])
        #expect(outcome.status == 77)
        #expect(said(outcome).contains(words), "\(outcome.errors)")
        #expect(said(outcome).contains(name == "localhost" ? "đồng hồ của máy này" : name), "\(outcome.errors)")
    }
}

/// A TLS server on loopback that is none of ours, with the certificate `x.pem` of a folder.
private final class Stranger {
    private let process = Process()
    private let input = Pipe()
    private(set) var port = 0

    init(certificates: Scratch) throws {
        let output = Pipe()
        process.standardInput = input
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        process.executableURL = URL(filePath: "/usr/bin/openssl")
        process.arguments = [
            "s_server", "-accept", "127.0.0.1:0", "-alpn", "phanbien/1", "-cert", "x.pem", "-key", "key.pem",
            "-cert_chain", "ca.pem",
        ]
        process.currentDirectoryURL = certificates.url
        try process.run()
        let reader = LineReader(descriptor: output.fileHandleForReading.fileDescriptor)
        while port == 0 {
            let line = try reader.line()
            if line.hasPrefix("ACCEPT") { port = line.split(separator: ":").last.flatMap { Int($0) } ?? 0 }
        }
    }

    deinit {
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }
}

/// A server on loopback that greets in plain text, as SSH does, and closes.
private final class PlainServer {
    private let descriptor: Int32
    let port: Int

    init(greeting: String = "SSH-2.0-OpenSSH_9.2\r\n") throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        port = try listenOnLoopback(descriptor)
        Thread { [descriptor] in
            while case let connection = accept(descriptor, nil, nil), connection >= 0 {
                _ = greeting.withCString { write(connection, $0, strlen($0)) }
                var rest = [UInt8](repeating: 0, count: 4096)
                _ = read(connection, &rest, rest.count)
                close(connection)
            }
        }.start()
    }

    deinit {
        shutdown(descriptor, Int32(SHUT_RDWR))
        close(descriptor)
    }
}
