import Foundation
import Glibc
import Testing

/// What Tests/Faults/faults.c does to a process that is started with this environment.
///
/// The server knows nothing of it: without LD_PRELOAD there is nothing to trigger.
struct Fault {
    /// The library, compiled once for this run of the tests.
    private static let library = Result {
        let scratch = try Scratch()
        let source = Programs.top.appending(path: "Tests/Faults/faults.c").path
        let target = scratch.path("faults.so")
        let switches = [
            "-std=c11", "-O2", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-o", target, source, "-ldl",
        ]
        // The Swift toolchain brings a C compiler of its own, wherever it is installed.
        var words = ""
        for compiler in ["cc", "clang", "gcc"] {
            let outcome = try run(URL(filePath: "/usr/bin/env"), [compiler] + switches)
            if outcome.status == 0 { return (path: target, scratch: scratch) }
            words += outcome.errors
        }
        throw LineReader.TimedOut(description: "Tests/Faults/faults.c does not compile: \(words)")
    }

    /// CALL:FILE:COUNT:ACTION, as faults.c describes it; nil: nothing fails.
    var instruction: String?
    /// Syncs that are swallowed: "all" or "commit".
    var lie: String?
    /// The folder of data that is watched.
    let folder: String
    /// Beside it: what the fault says, what gates it, what it writes down.
    private let scratch: Scratch

    init(_ instruction: String? = nil, folder: String, lie: String? = nil) throws {
        self.instruction = instruction
        self.folder = folder
        self.lie = lie
        scratch = try Scratch()
    }

    var journal: String { scratch.path("journal") }
    private var gate: String { scratch.path("gate") }
    private var said: String { scratch.path("said") }

    /// The environment of the process that shall fail.
    func environment(isGated: Bool = false, keepsJournal: Bool = false) throws -> [String: String] {
        var environment = [
            "LD_PRELOAD": try Self.library.get().path, "FAULTS_FOLDER": folder, "FAULTS_SAID": said,
        ]
        if let instruction { environment["FAULTS_AT"] = instruction }
        if let lie { environment["FAULTS_LIE"] = lie }
        if isGated { environment["FAULTS_GATE"] = gate }
        if keepsJournal { environment["FAULTS_JOURNAL"] = journal }
        return environment
    }

    /// From now on calls count, and the fault goes on.
    func openGate() { _ = FileManager.default.createFile(atPath: gate, contents: nil) }

    /// From now on nothing fails: the disk was mended.
    func closeGate() { unlink(gate) }

    /// Whether the fault was met.
    var wasMet: Bool { FileManager.default.fileExists(atPath: said) }

    /// Forgets that it was met.
    func clear() { unlink(said) }
}

/// What a long proof says while it goes on.
enum Progress {
    static func say(_ text: String) {
        print(text)
        fflush(nil)
    }
}

/// Beginnings that are made once for all tests of this process, and copied.
enum Prepared {
    /// Plan and people, and nothing done yet.
    static let founded = Result { try ServerProcess(options: ["--scrypt-log2n", "4"]).scratch }

    /// The first topic at its review, so that lan may comment on 2025-1@1.
    static let reviewed = Result {
        let server = try ServerProcess(copying: founded.get())
        try server.start()
        for (person, requests) in [
            ("hoa", ["PUSH 2025-1 if=@0 <<\n# Mở đầu\n\nMột đoạn.\n.", "SUBMIT 2025-1"]), ("bich", ["SUBMIT 2025-1"]),
        ] {
            let connection = try HandConnection(server)
            try connection.logIn(person)
            for request in requests {
                let reply = try connection.ask(request)
                try #require(reply.last?.hasPrefix("OK ") == true, "\(reply)")
            }
        }
        try #require(server.stop() == 0)
        return server.scratch
    }

    /// Lets many connections of one person in.
    static let options = [
        "--limit", "connections-per-person=64", "--limit", "connections-per-address=64", "--limit",
        "requests-per-second=100000", "--log-level", "error",
    ]
}
