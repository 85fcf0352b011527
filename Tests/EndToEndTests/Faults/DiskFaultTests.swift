import Foundation
import Glibc
import Testing

/// The disk is full, or fails, at every write of a script in turn.
///
/// Whoever asked is told the truth, reading goes on where it can, and the same request with the same key succeeds once the
/// disk is mended. Nothing is half-done.
///
/// PHANBIEN_DISK_STEP=1 tries every write (every 17th in an ordinary run).
@Suite(.serialized) struct DiskFaultTests {
    private static let step = ProcessInfo.processInfo.environment["PHANBIEN_DISK_STEP"].flatMap { Int($0) } ?? 17

    /// A way of failing.
    private struct Failing: CustomStringConvertible {
        let calls: String
        let action: String
        var description: String { "\(calls) \(action)" }
    }

    private static let ways = [
        Failing(calls: "write:any", action: "enospc"), Failing(calls: "write:any", action: "short"),
        Failing(calls: "write:any", action: "eio-once"), Failing(calls: "sync:any", action: "eio-once"),
    ]

    /// The script: who asks for what, each with its own key.
    private static let script: [(person: String, request: String)] = [
        (
            "hoa",
            "PUSH 2025-1 if=@0 key=d1 <<\n# Mở đầu\n\n\(String(repeating: "Một đoạn khá dài của dự thảo.\n\n", count: 250))."
        ),
        ("hoa", "SUBMIT 2025-1 key=d2"), ("bich", "SUBMIT 2025-1 key=d3"),
        ("lan", "COMMENT 2025-1@1 at=L1 kind=content level=must key=d4 <\nSố liệu chưa khớp."),
        ("lan", "ASSESS 2025-1@1 verdict=pass key=d5 <\nBố cục rõ ràng."), ("son", "ENDORSE P1 key=d6"),
        ("hoa", "SETTLE C1 as=declined key=d7 <\nĐã đối chiếu."), ("lan", "ACK 9"),
        ("lan", "MAINTAIN C1 key=d8 <\nVẫn giữ."),
    ]

    /// The people of the script at their keyboards.
    private final class Office {
        let server: ServerProcess
        private var people: [String: HandConnection] = [:]

        init(_ server: ServerProcess) { self.server = server }

        func logIn() throws {
            people = [:]
            for person in ["hoa", "bich", "lan", "son"] {
                let connection = try HandConnection(server)
                try connection.logIn(person)
                people[person] = connection
            }
        }

        /// The status of a request; nil when the server ended instead of answering.
        func ask(_ person: String, _ request: String) throws -> String? {
            let connection = try #require(people[person])
            do {
                let status = try connection.ask(request, seconds: 60).last
                return status?.hasPrefix("BYE ") == true ? nil : status
            } catch let error as LineReader.TimedOut where error.isEnd {
                return nil
            }
        }

        /// What the log holds, without the times.
        func story() throws -> [String] {
            let connection = try HandConnection(server)
            try connection.logIn("bich")
            return try connection.ask("LOG 2025-1 limit=500").filter { $0.hasPrefix("- event ") }.map { row in
                row.split(separator: " ").filter { !$0.hasPrefix("time=") }.joined(separator: " ")
            }
        }
    }

    /// What a write with a failing disk may be answered.
    private static func isTrue(_ status: String) -> Bool {
        status.hasPrefix("OK ") || status.hasPrefix("NO READ-ONLY retry=later after=")
            || status.hasPrefix("NO UNAVAILABLE retry=later after=")
    }

    @Test func everyWriteMayFail() throws {
        var plain: [String] = []
        do {
            let office = Office(try ServerProcess(copying: Prepared.founded.get()))
            try office.server.start()
            try office.logIn()
            for (person, request) in Self.script {
                let status = try office.ask(person, request)
                try #require(status?.hasPrefix("OK ") == true, "\(request.prefix(60)): \(status ?? "nothing")")
            }
            plain = try office.story()
            try #require(office.server.stop() == 0)
        }
        #expect(plain.count >= Self.script.count)
        var table: [String] = []
        for way in Self.ways {
            var figures = (faults: 0, refused: 0, ended: 0, absorbed: 0)
            var number = 1
            while try play(way, number, plain, &figures) { number += Self.step }
            #expect(figures.faults > 0, "\(way)")
            table.append(
                "disk: \(way): \(figures.faults) faults, \(figures.refused) refused and then done, \(figures.ended) ended "
                    + "the server and then done, \(figures.absorbed) not noticed by anybody")
        }
        print(table.joined(separator: "\n"))
    }

    /// A checkpoint carries over what is durable already: whatever stops it, nobody who writes is refused, and the next
    /// one does its work.
    @Test(arguments: ["write:db:9:enospc", "write:db:30:eio-once", "sync:db:1:eio-once"], [true, false])
    func aCheckpointThatFailsHarmsNobody(_ instruction: String, isQuietBetween: Bool) throws {
        let office = Office(try ServerProcess(copying: Prepared.founded.get()))
        let fault = try Fault(instruction, folder: office.server.data)
        try office.server.start(environment: fault.environment(isGated: true))
        try office.logIn()
        fault.openGate()
        var revision = 0
        func push() throws {
            // Large, and quick to read: few paragraphs of one long word each.
            let text = String(repeating: String(repeating: "a", count: 3_900) + "\n\n", count: 300)
            let status = try office.ask("hoa", "PUSH 2025-1 if=@\(revision) key=p\(revision) <<\n# Mở đầu\n\n\(text).")
            try #require(status?.hasPrefix("OK ") == true, "\(instruction): \(status ?? "nothing")")
            revision += 1
        }
        // In a commit, when enough was written, or in the first quiet moment.
        let deadline = Date().addingTimeInterval(60)
        while !fault.wasMet, revision < 40 {
            try push()
            while isQuietBetween, !fault.wasMet, Date() < deadline { usleep(20_000) }
        }
        try #require(fault.wasMet, "\(instruction): \(revision) revisions were no reason for a checkpoint")
        for _ in 0..<2 { try push() }
        fault.closeGate()
        for _ in 0..<2 { try push() }
        #expect(office.server.stop() == 0)
        try office.server.operate(["verify", "--data", office.server.data])
    }

    /// Plays the script with one fault; false when the fault was not met, because the script has no so many such calls.
    private func play(
        _ way: Failing, _ number: Int, _ plain: [String],
        _ figures: inout (faults: Int, refused: Int, ended: Int, absorbed: Int)
    ) throws -> Bool {
        let office = Office(try ServerProcess(copying: Prepared.founded.get()))
        let fault = try Fault("\(way.calls):\(number):\(way.action)", folder: office.server.data)
        try office.server.start(environment: fault.environment(isGated: true))
        try office.logIn()
        fault.openGate()
        var (refused, ended) = (0, 0)
        for (person, request) in Self.script {
            let place = "\(way) at \(number), \(request.prefix(50))"
            if let status = try office.ask(person, request) {
                try #require(Self.isTrue(status), "\(place): \(status)")
                if status.hasPrefix("OK ") { continue }
                refused += 1
                // Reading goes on while nothing can be written.
                let read = try office.ask("bich", "SHOW 2025-1")
                #expect(read?.hasPrefix("OK ") == true, "\(place): reading says \(read ?? "nothing")")
            } else {
                // The disk failed halfway, so neither OK nor NO would be certain to be true.
                ended += 1
                let ending = office.server.ending(within: 20)
                try #require(ending == 74, "\(place): ended with \(ending ?? 0): \(office.server.log.suffix(600))")
                #expect(office.server.log.contains("Kiểm tra đĩa"), "\(place): says what to do")
                try office.server.start()
                try office.logIn()
            }
            fault.closeGate()
            let again = try office.ask(person, request)
            try #require(again?.hasPrefix("OK ") == true, "\(place), sent again: \(again ?? "nothing")")
        }
        fault.closeGate()
        #expect(try office.story() == plain, "\(way) at \(number): another story")
        let ending = office.server.stop()
        #expect(ending == 0, "\(way) at \(number): ended with \(ending)")
        try office.server.operate(["verify", "--data", office.server.data])
        guard fault.wasMet else { return false }
        figures.faults += 1
        figures.refused += refused
        figures.ended += ended
        if refused + ended == 0 { figures.absorbed += 1 }
        return true
    }
}
