import Foundation
import Glibc
import ReviewTestKit
import Testing

/// The operator's commands are killed, lose their power, or meet a full or failing disk at every call in turn: afterwards
/// the same command succeeds, the data is what it was before or what it should become, and no command traps.
///
/// PHANBIEN_DISK_STEP=1 tries every call (every 17th in an ordinary run).
@Suite(.serialized) struct OperatorFaultTests {
    private static let step = ProcessInfo.processInfo.environment["PHANBIEN_DISK_STEP"].flatMap { Int($0) } ?? 17

    /// A command that an operator runs, and what may be said of the data afterwards.
    private struct Task {
        let name: String
        /// Makes the folder that the command works on.
        let prepare: (Scratch) throws -> Void
        /// The command line, for the n-th attempt.
        let arguments: (Scratch, Int) -> [String]
        /// What the second attempt may end with, beside 0, when the first was killed after its work was done.
        var doneStatus: Int32?
        /// What the data has to be when all is done.
        let check: (Scratch) throws -> Void
    }

    private static let plan = Programs.top.appending(path: "clients/demo/ke-hoach-2025.yaml").path

    private static func copy(_ source: String, _ scratch: Scratch, _ name: String) throws {
        try FileManager.default.copyItem(atPath: source, toPath: scratch.path(name))
    }

    private static func verify(_ arguments: [String], events: Int? = nil) throws {
        let outcome = try run(Programs.server, ["verify"] + arguments)
        try #require(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
        if let events { #expect(outcome.output.contains("EVENTS \(events)\n"), "\(outcome.output)") }
    }

    private static func tasks() throws -> [Task] {
        let founded = try Prepared.founded.get()
        return [
            Task(
                name: "init",
                prepare: {
                    try FileManager.default.createDirectory(
                        atPath: $0.path("data"), withIntermediateDirectories: false,
                        attributes: [.posixPermissions: 0o700])
                },
                arguments: { ["init", "--data", $0.path("data"), "--certs", $0.path("certs\($1)")] },
                check: { try verify(["--data", $0.path("data")], events: 0) }),
            Task(
                name: "plan load",
                prepare: { scratch in
                    let outcome = try run(
                        Programs.server, ["init", "--data", scratch.path("data"), "--certs", scratch.path("certs")])
                    try #require(outcome.status == 0)
                },
                arguments: { scratch, _ in ["plan", "load", "--data", scratch.path("data"), plan] },
                check: { try verify(["--data", $0.path("data")], events: 7) }),
            Task(
                name: "people import",
                prepare: { scratch in
                    _ = try scratch.write(ServerProcess.people, "nhan-su.csv")
                    for arguments in [
                        ["init", "--data", scratch.path("data"), "--certs", scratch.path("certs")],
                        ["plan", "load", "--data", scratch.path("data"), plan],
                    ] {
                        let outcome = try run(Programs.server, arguments)
                        try #require(outcome.status == 0)
                    }
                },
                arguments: { scratch, _ in
                    [
                        "people", "import", "--data", scratch.path("data"), "--scrypt-log2n", "4",
                        scratch.path("nhan-su.csv"),
                    ]
                },
                doneStatus: 65, check: { try verify(["--data", $0.path("data")]) }),
            Task(
                name: "backup", prepare: { try copy(founded.path("data"), $0, "data") },
                arguments: { scratch, _ in
                    ["backup", "--data", scratch.path("data"), scratch.path("data") + "/sao-luu.partial.db"]
                },
                doneStatus: 73,
                check: {
                    try verify(["--file", $0.path("data") + "/sao-luu.partial.db"])
                    try verify(["--data", $0.path("data")])
                }),
            Task(
                name: "restore",
                prepare: { scratch in
                    try backup(founded.path("data"), scratch)
                    try FileManager.default.createDirectory(
                        atPath: scratch.path("data"), withIntermediateDirectories: false,
                        attributes: [.posixPermissions: 0o700])
                },
                arguments: { scratch, _ in ["restore", "--data", scratch.path("data"), scratch.path("sao-luu.db")] },
                doneStatus: 73, check: { try verify(["--data", $0.path("data")]) }),
            Task(
                name: "restore --replace",
                prepare: { scratch in
                    try backup(founded.path("data"), scratch)
                    try copy(try Prepared.reviewed.get().path("data"), scratch, "data")
                },
                arguments: { scratch, _ in
                    ["restore", "--replace", "--data", scratch.path("data"), scratch.path("sao-luu.db")]
                },
                check: { try verify(["--data", $0.path("data")]) }),
            Task(
                name: "verify", prepare: { try copy(founded.path("data"), $0, "data") },
                arguments: { scratch, _ in ["verify", "--data", scratch.path("data")] },
                check: { try verify(["--data", $0.path("data")]) }),
        ]
    }

    private static func backup(_ data: String, _ scratch: Scratch) throws {
        let outcome = try run(Programs.server, ["backup", "--data", data, scratch.path("sao-luu.db")])
        try #require(outcome.status == 0, "\(outcome.errors)")
    }

    @Test(arguments: ["kill-before", "kill-after", "enospc", "eio-once"]) func everyCallMayBeTheLast(
        _ action: String
    ) throws {
        var dice = SplitMix64(seed: 11)
        for task in try Self.tasks() {
            var number = 1
            var (faults, survived) = (0, 0)
            while true {
                let scratch = try Scratch()
                try task.prepare(scratch)
                let folder = scratch.path("data")
                let isKill = action.hasPrefix("kill")
                let power = isKill ? try PowerCut(folder: folder) : nil
                let fault = try Fault("any:any:\(number):\(action)", folder: folder)
                let first = try run(
                    Programs.server, task.arguments(scratch, 1),
                    environment: fault.environment(keepsJournal: isKill), seconds: 60)
                guard fault.wasMet else {
                    try #require(first.status == 0, "\(task.name): \(first.errors)")
                    break
                }
                faults += 1
                let place = "\(task.name), call \(number) \(action)"
                if isKill {
                    try #require(first.status == SIGKILL, "\(place): ended with \(first.status) \(first.errors)")
                    if number % 2 == 0, let power {
                        try power.follow(fault.journal)
                        let survivals = PowerCut.Survival.allCases
                        try power.cut(survivals[number / 2 % survivals.count], &dice)
                    }
                } else if first.status == 0 {
                    survived += 1
                } else {
                    // One of sysexits with a sentence in both languages, never a trap.
                    #expect((64...78).contains(first.status), "\(place): ended with \(first.status)")
                    #expect(first.errors.contains("phanbiend: "), "\(place): \(first.errors)")
                }
                let second = try run(Programs.server, task.arguments(scratch, 2), seconds: 60)
                #expect(
                    second.status == 0 || second.status == task.doneStatus,
                    "\(place), again: ended with \(second.status) \(second.errors)\(second.output)")
                do { try task.check(scratch) } catch { Issue.record("\(place): \(error)") }
                number += Self.step
            }
            print("operator: \(task.name) \(action): \(faults) calls, \(survived) not needed")
        }
    }

    /// The other half of `init`: a key that could not be written whole is in nobody's way.
    @Test(arguments: ["write:any:%:enospc", "any:any:%:eio-once"]) func noHalfOfAKeyIsInTheWay(
        _ instruction: String
    ) throws {
        var number = 1
        while true {
            let scratch = try Scratch()
            let (data, certificates) = (scratch.path("data"), scratch.path("certs"))
            try FileManager.default.createDirectory(atPath: certificates, withIntermediateDirectories: false)
            let fault = try Fault(instruction.replacing("%", with: String(number)), folder: certificates)
            let arguments = ["init", "--data", data, "--certs", certificates]
            let first = try run(Programs.server, arguments, environment: fault.environment(), seconds: 60)
            guard fault.wasMet else {
                try #require(first.status == 0, "\(first.errors)")
                break
            }
            #expect((64...78).contains(first.status) && first.errors.contains("phanbiend: "), "\(first.errors)")
            let second = try run(Programs.server, arguments, seconds: 60)
            #expect(second.status == 0, "call \(number): \(second.errors)")
            number += 1
        }
        #expect(number > 4, "four files are written")
    }
}
