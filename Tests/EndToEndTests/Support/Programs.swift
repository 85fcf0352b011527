import Foundation
import Glibc

/// The built programs and the checkout they were built from.
enum Programs {
    /// The checkout's top folder.
    static let top = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// The folder of the programs to be tested: PROGRAMS, else beside the running tests, else the debug build.
    static let folder: URL = {
        if let named = ProcessInfo.processInfo.environment["PROGRAMS"] { return URL(filePath: named) }
        let running = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        let candidates = [running, top.appending(path: ".build/debug")]
        return candidates.first { FileManager.default.isExecutableFile(atPath: $0.appending(path: "phanbiend").path) }
            ?? running
    }()

    static var server: URL { folder.appending(path: "phanbiend") }
    static var client: URL { folder.appending(path: "phanbien") }
}

/// A folder of its own for one test, removed when the test is over.
final class Scratch: Sendable {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "phanbien-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func path(_ name: String) -> String { url.appending(path: name).path }

    func write(_ text: String, _ name: String) throws -> String {
        try text.write(to: url.appending(path: name), atomically: true, encoding: .utf8)
        return path(name)
    }
}

/// What a program printed and how it ended.
struct Outcome: Sendable {
    let status: Int32
    let output: String
    let errors: String
}

/// Runs a program to its end, within a bound of seconds, after which it is killed by its own process id.
func run(
    _ program: URL, _ arguments: [String], environment: [String: String] = [:], input: String? = nil,
    folder: URL? = nil, seconds: Int = 120
) throws -> Outcome {
    let process = Process()
    process.executableURL = program
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    if let folder { process.currentDirectoryURL = folder }
    let outputs = FileManager.default.temporaryDirectory.appending(path: "phanbien-out-\(UUID().uuidString)")
    let failures = FileManager.default.temporaryDirectory.appending(path: "phanbien-err-\(UUID().uuidString)")
    defer {
        try? FileManager.default.removeItem(at: outputs)
        try? FileManager.default.removeItem(at: failures)
    }
    _ = FileManager.default.createFile(atPath: outputs.path, contents: nil)
    _ = FileManager.default.createFile(atPath: failures.path, contents: nil)
    process.standardOutput = try FileHandle(forWritingTo: outputs)
    process.standardError = try FileHandle(forWritingTo: failures)
    if let input {
        let source = FileManager.default.temporaryDirectory.appending(path: "phanbien-in-\(UUID().uuidString)")
        try input.write(to: source, atomically: true, encoding: .utf8)
        process.standardInput = try FileHandle(forReadingFrom: source)
        try? FileManager.default.removeItem(at: source)
    } else {
        process.standardInput = FileHandle.nullDevice
    }
    try process.run()
    let child = process.processIdentifier
    let guardian = Thread {
        for _ in 0..<(seconds * 20) {
            if !process.isRunning { return }
            usleep(50_000)
        }
        kill(child, SIGKILL)
    }
    guardian.start()
    process.waitUntilExit()
    return Outcome(
        status: process.terminationStatus, output: (try? String(contentsOf: outputs, encoding: .utf8)) ?? "",
        errors: (try? String(contentsOf: failures, encoding: .utf8)) ?? "")
}
