import Foundation
import Glibc
import Testing

/// A server of its own for one test: own data, own certificates, own port on loopback.
final class ServerProcess {
    let scratch: Scratch
    private var process: Process?
    private(set) var port = 0

    /// Everybody's password in tests.
    static let password = "mật khẩu thử"

    static let people = """
        id,name,office,position,password
        bich,Hoàng Thị Bích,leadership,director,\(password)
        tung,Lương Thanh Tùng,leadership,deputy,\(password)
        hoa,Nông Thị Hoa,hcth,head,\(password)
        minh,Trần Văn Minh,hcth,staff,\(password)
        van,Đàm Thị Vân,hcth,clerk,\(password)
        quan,Bế Minh Quân,hcth,admin,\(password)
        son,Hoàng Văn Sơn,nv,head,\(password)
        lan,Nguyễn Thị Lan,nv,staff,\(password)
        dung,Lý Tiến Dũng,nv,staff,\(password)

        """

    /// Sets up data, certificates, the plan and the people; the server is not started yet.
    init(
        people: String = ServerProcess.people,
        plan: String = Programs.top.appending(path: "clients/demo/ke-hoach-2025.yaml").path, options: [String] = []
    ) throws {
        scratch = try Scratch()
        data = scratch.path("data")
        certificates = scratch.path("certs")
        let csv = try scratch.write(people, "nhan-su.csv")
        try operate(["init", "--data", data, "--certs", certificates])
        try operate(["plan", "load", "--data", data, plan])
        try operate(["people", "import", "--data", data] + options + [csv])
    }

    /// A server on a copy of prepared folders, `data` and `certs`.
    init(copying prepared: Scratch) throws {
        scratch = try Scratch()
        data = scratch.path("data")
        certificates = scratch.path("certs")
        try FileManager.default.copyItem(atPath: prepared.path("data"), toPath: data)
        try FileManager.default.copyItem(atPath: prepared.path("certs"), toPath: certificates)
    }

    /// A server on data and certificates that are there.
    init(data: String, certificates: String) throws {
        scratch = try Scratch()
        self.data = data
        self.certificates = certificates
    }

    let data: String
    let certificates: String
    var authority: String { certificates + "/ca.pem" }
    var processIdentifier: pid_t { process?.processIdentifier ?? 0 }

    @discardableResult
    func operate(_ arguments: [String]) throws -> Outcome {
        // A long log is verified for minutes on a busy machine.
        let outcome = try run(Programs.server, arguments, seconds: 600)
        try #require(outcome.status == 0, "phanbiend \(arguments.first ?? ""): \(outcome.errors)\(outcome.output)")
        return outcome
    }

    /// Starts the server and waits for its LISTENING line.
    func start(_ options: [String] = [], environment: [String: String] = [:]) throws {
        let ending = try attempt(options, environment: environment)
        try #require(ending == nil, "the server ended with \(ending ?? 0): \(log.suffix(2_000))")
    }

    /// Starts the server.
    ///
    /// - Returns: nil once it listens; its exit status, or the negative number of the signal, if it ended before.
    func attempt(_ options: [String] = [], environment: [String: String] = [:]) throws -> Int32? {
        let process = Process()
        process.executableURL = Programs.server
        process.arguments =
            ["serve", "--data", data, "--certs", certificates, "--listen", "127.0.0.1:\(port)"] + options
        let output = Pipe()
        let log = scratch.path("server.log")
        if !FileManager.default.fileExists(atPath: log) {
            _ = FileManager.default.createFile(atPath: log, contents: nil)
        }
        let handle = try FileHandle(forWritingTo: URL(filePath: log))
        try handle.seekToEnd()
        process.standardOutput = output
        process.standardError = handle
        process.standardInput = FileHandle.nullDevice
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        try process.run()
        self.process = process
        // The pipe stays open as long as the server runs, or its next line of output would end it.
        self.output = output
        let line: String
        do {
            line = try LineReader(descriptor: output.fileHandleForReading.fileDescriptor).line(seconds: 300)
        } catch let error as LineReader.TimedOut where error.isEnd {
            process.waitUntilExit()
            forget()
            return process.terminationReason == .uncaughtSignal ? -process.terminationStatus : process.terminationStatus
        }
        let words = line.split(separator: " ")
        try #require(words.first == "LISTENING", "the server said: \(line)")
        port = try #require(words.last?.split(separator: ":").last.flatMap { Int($0) })
        return nil
    }

    private var output: Pipe?

    var log: String { (try? String(contentsOfFile: scratch.path("server.log"), encoding: .utf8)) ?? "" }

    /// The line with which it greets.
    func hello() throws -> String { try HandConnection(self).line() }

    /// Ends the server as an operator would, and gives its exit code.
    @discardableResult
    func stop() -> Int32 {
        guard let process else { return -1 }
        if process.isRunning { kill(process.processIdentifier, SIGTERM) }
        process.waitUntilExit()
        forget()
        return process.terminationStatus
    }

    /// Waits until the server has ended by itself.
    ///
    /// - Returns: Its exit status, the negative number of the signal, or nil when it still runs after that time.
    func ending(within seconds: Double) -> Int32? {
        guard let process else { return nil }
        let deadline = Date().addingTimeInterval(seconds)
        while process.isRunning {
            if Date() > deadline { return nil }
            usleep(5_000)
        }
        process.waitUntilExit()
        forget()
        return process.terminationReason == .uncaughtSignal ? -process.terminationStatus : process.terminationStatus
    }

    /// Ends the server without warning.
    func killHard() {
        guard let process else { return }
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        forget()
    }

    /// Lets go of a process that has ended.
    ///
    /// Foundation keeps what was a `Process` for long, and its pipes with it; a test that starts hundreds of servers would
    /// run out of descriptors.
    private func forget() {
        process = nil
        try? output?.fileHandleForReading.close()
        output = nil
    }

    deinit {
        if let process, process.isRunning {
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
        }
        forget()
    }
}

/// Reads lines from a descriptor with a bound of time.
final class LineReader {
    struct TimedOut: Error, CustomStringConvertible {
        let description: String
        /// Whether the other side has ended, rather than being slow.
        var isEnd = false
    }

    private let descriptor: Int32
    private var buffer: [UInt8] = []

    init(descriptor: Int32) { self.descriptor = descriptor }

    /// The next line without its end; throws at the end of input or when time is up.
    func line(seconds: Double = 20) throws -> String {
        let deadline = Date().addingTimeInterval(seconds)
        while true {
            if let end = buffer.firstIndex(of: 0x0A) {
                let line = String(decoding: buffer[..<end], as: UTF8.self)
                buffer.removeSubrange(...end)
                return line
            }
            let left = deadline.timeIntervalSinceNow
            guard left > 0 else {
                throw TimedOut(
                    description: "no line in \(seconds) s; so far: \(String(decoding: buffer, as: UTF8.self))")
            }
            var query = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&query, 1, Int32(min(left * 1000, 1000))) > 0 else { continue }
            var chunk = [UInt8](repeating: 0, count: 65_536)
            let count = read(descriptor, &chunk, chunk.count)
            guard count > 0 else {
                throw TimedOut(
                    description: "end of input; so far: \(String(decoding: buffer, as: UTF8.self))", isEnd: true)
            }
            buffer += chunk[..<count]
        }
    }
}

/// A person at `openssl s_client -quiet`: what they type goes in, what the server prints comes out.
final class HandConnection {
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()
    private let reader: LineReader

    convenience init(_ server: ServerProcess, identity: (certificate: String, key: String)? = nil) throws {
        try self.init(port: server.port, authority: server.authority, identity: identity)
    }

    /// A server that ends takes `openssl` along: writing to it then is an error to be caught, not the end of the tests.
    private static let ignoresBrokenPipes: Void = { _ = signal(SIGPIPE, SIG_IGN) }()

    /// - Parameter identity: the files of a client certificate and its key.
    init(port: Int, authority: String, identity: (certificate: String, key: String)? = nil) throws {
        Self.ignoresBrokenPipes
        process.executableURL = URL(filePath: "/usr/bin/openssl")
        process.arguments = [
            "s_client", "-quiet", "-connect", "127.0.0.1:\(port)", "-CAfile", authority,
            "-verify_return_error",
        ]
        if let identity { process.arguments? += ["-cert", identity.certificate, "-key", identity.key] }
        process.standardInput = input
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        reader = LineReader(descriptor: output.fileHandleForReading.fileDescriptor)
    }

    func type(_ text: String) throws {
        try input.fileHandleForWriting.write(contentsOf: Data((text + "\n").utf8))
    }

    func write(_ octets: [UInt8]) throws { try input.fileHandleForWriting.write(contentsOf: Data(octets)) }

    func line(seconds: Double = 20) throws -> String { try reader.line(seconds: seconds) }

    /// Types a request and reads its reply: everything up to the status, events and prompts left out.
    func ask(_ text: String, seconds: Double = 20) throws -> [String] {
        try type(text)
        return try reply(seconds: seconds)
    }

    func reply(seconds: Double = 20) throws -> [String] {
        var lines: [String] = []
        while true {
            let line = try line(seconds: seconds)
            let word = line.prefix { $0 != " " }
            switch word {
            case "EVENT", "SYNC", "NOTE", "+": continue
            case "OK", "NO", "BAD", "BYE": return lines + [line]
            default: lines.append(line)
            }
        }
    }

    func logIn(_ person: String, password: String = ServerProcess.password) throws {
        let hello = try line()
        try #require(hello.hasPrefix("HELLO phanbien/1 "), "\(hello)")
        let reply = try ask("LOGIN \(person) <\n\(password)")
        try #require(reply.last?.hasPrefix("OK ") == true, "\(reply)")
    }

    deinit {
        if process.isRunning {
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
        }
        try? input.fileHandleForWriting.close()
        try? output.fileHandleForReading.close()
    }
}
