import Logging
import NIOCore
import NIOEmbedded
import ReviewCore
import ReviewEngine
import ReviewProtocol
import ReviewStore
import Synchronization
import Testing

@testable import ReviewServer

@Suite struct EngineHostTests {
    /// Group commit: whatever arrived in one round of the loop is one transaction.
    @Test func writesOfAllConnectionsInOneRoundAreOneCommit() throws {
        let rig = try ShellRig()
        let connections = try ["bich", "minh", "lan"].map { try rig.open(as: $0) }
        let before = rig.control.appends.count
        for connection in connections { try connection.send("ACK 1\nACK 2 client=x\n") }
        rig.loop.run()
        #expect(rig.control.appends.count == before + 1)
        for connection in connections { #expect(try connection.lines().filter { $0.hasPrefix("OK") }.count == 2) }
    }

    @Test func nothingIsAnsweredBeforeItIsStored() throws {
        let rig = try ShellRig()
        let connection = try rig.open(as: "minh")
        rig.control.fail(with: .full)
        let refused = try connection.ask("ACK 1\n")
        #expect(refused.count == 1)
        #expect(refused.first?.hasPrefix("NO ") == true)
        rig.control.fail(with: nil)
        rig.advance(seconds: 60)
        #expect(try connection.ask("ACK 1\n").first?.hasPrefix("OK") == true)
    }

    @Test func stoppingSaysGoodbyeToEverybodyAndEnds() throws {
        let rig = try ShellRig()
        let anonymous = try rig.open()
        let known = try rig.open(as: "lan")
        var end: EngineHost.EngineEnd?
        rig.host.end.assumeIsolated().whenSuccess { end = $0 }
        rig.host.stop()
        rig.loop.run()
        for connection in [anonymous, known] {
            #expect(try connection.lines().last?.hasPrefix("BYE SHUTDOWN") == true)
            #expect(!connection.isOpen)
        }
        guard case .asked? = end else {
            Issue.record("the host did not end: \(String(describing: end))")
            return
        }
        try rig.host.closeLog()
        #expect(rig.control.isClosed)
    }

    @Test func whoComesWhenItHasStoppedIsCut() throws {
        let rig = try ShellRig()
        rig.host.stop()
        rig.loop.run()
        let late = try rig.connect()
        late.completeHandshake()
        rig.loop.run()
        #expect(!late.isOpen)
    }

    @Test func anotherWriterInTheLogEndsTheServer() throws {
        let rig = try ShellRig()
        let connection = try rig.open(as: "minh")
        var end: EngineHost.EngineEnd?
        rig.host.end.assumeIsolated().whenSuccess { end = $0 }
        rig.control.fail(with: .conflict(head: 99))
        _ = try connection.ask("ACK 1\n")
        guard case .failed? = end else {
            Issue.record("the host went on: \(String(describing: end))")
            return
        }
    }

    @Test func aWriteThatFailedHalfwayEndsTheServerWithItsReason() throws {
        let rig = try ShellRig()
        let connection = try rig.open(as: "minh")
        var end: EngineHost.EngineEnd?
        rig.host.end.assumeIsolated().whenSuccess { end = $0 }
        rig.control.fail(with: .uncertain("SQLite 1034: disk I/O error"))
        let lines = try connection.ask("ACK 1\n")
        #expect(lines.allSatisfy { $0.hasPrefix("BYE SHUTDOWN") }, "\(lines)")
        guard case .failed(.uncertain)? = end else {
            Issue.record("\(String(describing: end))")
            return
        }
    }

    @Test(
        "A disk that failed for good ends the server; anything else is answered, and the next write is tried",
        arguments: [true, false])
    func aBrokenLogEndsTheServerWhenNothingElseHelps(_ isFinal: Bool) throws {
        let rig = try ShellRig()
        let connection = try rig.open(as: "minh")
        var end: EngineHost.EngineEnd?
        rig.host.end.assumeIsolated().whenSuccess { end = $0 }
        rig.control.fail(with: .broken("SQLite 11: malformed"), isFinal: isFinal)
        let lines = try connection.ask("ACK 1\n")
        #expect(lines.first?.hasPrefix("NO UNAVAILABLE") == true)
        #expect(connection.isOpen == !isFinal)
        if case .failed(.broken)? = end { #expect(isFinal) } else { #expect(!isFinal && end == nil) }
        rig.control.fail(with: nil)
        if !isFinal { #expect(try connection.ask("ACK 1\n").first?.hasPrefix("OK") == true) }
    }

    /// A search wants everything indexed that was stored before it, and nobody else waits for that.
    @Test func othersAreServedWhileASearchWaitsForItsIndex() throws {
        let rig = try ShellRig()
        let searching = try rig.open(as: "minh")
        let other = try rig.open(as: "lan")
        // More than any machine does in one turn.
        rig.control.indexingSteps = 1_000_000_000
        #expect(try searching.ask("FIND \"kinh phí\"\n").isEmpty)
        for request in ["PING\n", "ACK 1\n"] {
            try other.send(request)
            // The next turns come a breath later each: one decides, the next one answers.
            rig.loop.advanceTime(by: .microseconds(200))
            #expect(try other.lines().first?.hasPrefix("OK") == true)
        }
        #expect(try searching.lines().isEmpty)
        rig.control.indexingSteps = 3
        rig.loop.advanceTime(by: .milliseconds(1))
        rig.loop.run()
        #expect(try searching.lines().last?.hasPrefix("OK") == true)
        #expect(rig.control.indexingSteps == 0)
    }

    /// A checkpoint wants the tree as far as the log, and nobody else waits for that.
    @Test func othersAreServedWhileACheckpointWaitsForItsTree() throws {
        let rig = try ShellRig()
        let asking = try rig.open(as: "minh")
        let other = try rig.open(as: "lan")
        rig.control.growingSteps = 1_000_000_000
        #expect(try asking.ask("CHECKPOINT\n").isEmpty)
        for request in ["PING\n", "ACK 1\n", "FIND \"kinh phí\"\n"] {
            try other.send(request)
            rig.loop.advanceTime(by: .microseconds(200))
            #expect(try other.lines().first?.hasPrefix("OK") == true)
        }
        #expect(try asking.lines().isEmpty)
        rig.control.growingSteps = 3
        rig.loop.advanceTime(by: .milliseconds(1))
        rig.loop.run()
        #expect(try asking.lines().last?.hasPrefix("OK size=") == true)
        #expect(rig.control.growingSteps == 0)
        rig.control.growingSteps = 1
        rig.control.fail(with: .full)
        #expect(try asking.ask("PROOF from=1\n").last?.hasPrefix("NO UNAVAILABLE") == true)
        rig.control.fail(with: nil)
    }

    /// In quiet moments the tree grows once nothing is left to index, and then the store is settled.
    @Test func theTreeGrowsWhenNobodyWrites() throws {
        let rig = try ShellRig()
        let person = try rig.open(as: "minh")
        rig.loop.advanceTime(by: .seconds(3))
        rig.control.growingSteps = 5
        #expect(try person.ask("ACK 1\n").last?.hasPrefix("OK") == true)
        let settled = rig.control.settled
        rig.loop.advanceTime(by: .seconds(4))
        #expect(rig.control.growingSteps == 0 && rig.control.settled > settled)
    }

    /// Nothing can match it, however far the index is.
    @Test func aSearchWithoutAWordWaitsForNoIndex() throws {
        let rig = try ShellRig()
        let searching = try rig.open(as: "minh")
        rig.control.indexingSteps = 1_000_000_000
        #expect(try searching.ask("FIND \"*\"\n").last?.hasPrefix("OK hits=0") == true)
    }

    /// What nobody waits for is done when nobody writes, and then once.
    @Test func theStoreIsSettledWhenItHasBeenQuietForAWhile() throws {
        let rig = try ShellRig()
        let person = try rig.open(as: "minh")
        rig.loop.advanceTime(by: .seconds(3))
        let before = rig.control.settled
        for _ in 0..<5 {
            #expect(try person.ask("ACK 1\n").last?.hasPrefix("OK") == true)
            rig.loop.advanceTime(by: .milliseconds(600))
        }
        #expect(rig.control.settled == before, "somebody writes now and then")
        rig.loop.advanceTime(by: .seconds(2))
        #expect(rig.control.settled == before + 2)
        rig.loop.advanceTime(by: .seconds(60))
        #expect(rig.control.settled == before + 2, "there is nothing new to settle")
        #expect(try person.ask("ACK 1\n").last?.hasPrefix("OK") == true)
        rig.control.fail(with: .full)
        rig.loop.advanceTime(by: .seconds(2))
        rig.control.fail(with: nil)
        #expect(rig.control.settled == before + 2)
        #expect(try person.ask("PING\n").last?.hasPrefix("OK") == true, "a store that cannot settle harms nobody")
    }

    @Test func aSearchWhoseIndexCannotBeWrittenSaysSo() throws {
        let rig = try ShellRig()
        let searching = try rig.open(as: "minh")
        rig.control.indexingSteps = 3
        rig.control.fail(with: .full)
        #expect(try searching.ask("FIND \"kinh phí\"\n").last?.hasPrefix("NO ") == true)
        rig.control.fail(with: nil)
        #expect(try searching.ask("FIND \"kinh phí\"\n").last?.hasPrefix("OK") == true)
    }

    @Test func whoIsIdleForHalfAnHourIsLetGo() throws {
        var limits = Limits()
        limits.idleSeconds = 120
        let rig = try ShellRig(limits: limits)
        let connection = try rig.open(as: "minh")
        rig.advance(seconds: 100)
        #expect(try connection.ask("PING\n").count == 1)
        rig.advance(seconds: 100)
        #expect(connection.isOpen)
        rig.advance(seconds: 30)
        #expect(try connection.lines().last?.hasPrefix("BYE IDLE") == true)
        #expect(!connection.isOpen)
    }

    /// Whoever is sending a body within its own deadline is not idle, however long that takes; whoever stops sending is.
    @Test(arguments: ["PLAN CHECK {90000}\n", "PASSWD <<\n"])
    func whoSendsABodyIsNotIdle(_ request: String) throws {
        var limits = Limits()
        limits.idleSeconds = 60
        let rig = try ShellRig(limits: limits)
        let connection = try rig.open(as: "minh")
        try connection.send(request)
        for _ in 0..<15 {
            try connection.send(String(repeating: "x", count: 99) + "\n")
            // A literal has to come at its pace.
            if request.contains("{") { try connection.send(String(repeating: "x", count: 5_000)) }
            rig.advance(seconds: 10)
            #expect(connection.isOpen)
        }
        _ = try connection.lines()
        if request.contains("{") {
            // What is then thought of it takes its time on another thread.
            try connection.send(String(repeating: "x", count: 90_000 - 15 * 5_100) + "\n")
            rig.advance(seconds: 59)
            #expect(connection.isOpen)
        } else {
            rig.advance(seconds: 49)
            #expect(connection.isOpen)
            rig.advance(seconds: 2)
            #expect(try connection.lines().last?.hasPrefix("BYE IDLE") == true)
        }
    }

    /// A server that is not started again for years says all the same that nobody will be able to connect.
    @Test func theLogSaysEachDayThatTheCertificateEnds() throws {
        let lines = Mutex<[String]>([])
        let logger = Logger(label: "test") { _ in
            LineLogHandler(level: .warning, form: .journal) { line in lines.withLock { $0.append(line) } }
        }
        let ends = TestOffice.start.adding(milliseconds: 32 * 86_400_000 + 3_600_000)
        let rig = try ShellRig(certificateEnds: ends, logger: logger)
        rig.advance(days: 2)
        #expect(lines.withLock { $0 } == [])
        rig.advance(days: 2)
        #expect(lines.withLock { $0 } == ["<4>certificate.ends days=29\n", "<4>certificate.ends days=28\n"])
        rig.advance(days: 30)
        #expect(lines.withLock { $0.count } == 32)
        #expect(lines.withLock { $0.last } == "<3>certificate.ends days=-2\n")
        rig.turnBack(days: 20)
        rig.advance(days: 1)
        #expect(lines.withLock { $0.last } == "<4>certificate.ends days=17\n")
    }

    @Test func aLogThatMayNotBeWrittenIsReadOnlyAndNotBroken() {
        #expect(AppendFailure(.readOnly, isFinal: false) == .readOnly)
    }
}
