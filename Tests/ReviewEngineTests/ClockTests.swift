import ReviewCore
import ReviewProtocol
import ReviewTestKit
import Testing

@testable import ReviewEngine

/// Clocks that somebody sets, and secrets that somebody replaces while others wait.
@Suite struct ClockTests {
    private static let hours: Int64 = 10 * 3_600_000

    private func setBack(_ shell: TestShell) {
        shell.now = shell.now.adding(milliseconds: -Self.hours)
        shell.run()
    }

    @Test func aClockSetBackDoesNotKeepWatchersWaiting() throws {
        let shell = try TestShell()
        shell.logIn(1, "minh")
        _ = shell.ask(1, "WATCH")
        setBack(shell)
        shell.pass(milliseconds: 31_000)
        #expect(shell.lines(1).contains { $0.hasPrefix("SYNC ") })
    }

    @Test func aClockSetBackDoesNotKeepStrangers() throws {
        let shell = try TestShell()
        shell.open(1)
        setBack(shell)
        shell.pass(milliseconds: 61_000)
        #expect(shell.lines(1).last?.hasPrefix("BYE AUTH-TIMEOUT") == true)
        shell.logIn(2, "minh")
        setBack(shell)
        shell.pass(milliseconds: 1_801_000)
        #expect(shell.lines(2).last?.hasPrefix("BYE IDLE") == true)
    }

    @Test func aClockSetBackDoesNotStopTheFlowOfRequests() {
        let start = Instant(milliseconds: 1_750_000_000_000)
        var bucket = TokenBucket(requestsPerSecond: 1, now: start)
        #expect((0..<3).map { _ in bucket.take(now: start) } == [nil, nil, 1_000])
        let back = start.adding(milliseconds: -Self.hours)
        #expect(bucket.take(now: back) == 1_000)
        #expect(bucket.take(now: back.adding(milliseconds: 1_000)) == nil)
    }

    @Test func aClockSetBackForgivesFailuresAsBefore() {
        let start = Instant(milliseconds: 1_750_000_000_000)
        var throttle = Throttle()
        _ = throttle.count(failureOf: [.person("minh")], now: start)
        let back = start.adding(milliseconds: -Self.hours)
        throttle.timeWentBack(to: back)
        #expect(throttle.count(failureOf: [.person("minh")], now: back.adding(milliseconds: 60_000)) == 0)
    }

    @Test(arguments: ["", " token=yes"])
    func nobodyComesInByAReplacedPassword(_ token: String) throws {
        let shell = try TestShell()
        shell.logIn(1, "minh")
        shell.open(2)
        _ = shell.ask(2, "LOGIN minh <", "sai", "LOGIN minh <", "sai")
        shell.pass(milliseconds: 250)
        _ = shell.lines(2)
        // Right, and its answer is put off; before it comes, the password is another one.
        #expect(shell.ask(2, "LOGIN minh\(token) <", "mat khau minh").isEmpty)
        #expect(shell.ask(1, "PASSWD <<", "mat khau minh", "mat khau khac", ".").last?.hasPrefix("OK") == true)
        shell.pass(milliseconds: 1_000)
        #expect(shell.lines(2).last?.hasPrefix("NO AUTH-FAILED") == true)
    }

    @Test func aTokenDoesNotJoinTheBatchThatReplacesThePassword() throws {
        let shell = try TestShell()
        shell.logIn(1, "minh")
        shell.open(2)
        _ = shell.lines(2)
        shell.holdsVerifications = true
        _ = shell.ask(1, "PASSWD <<", "mat khau minh", "mat khau khac", ".")
        #expect(shell.ask(2, "LOGIN minh token=yes <", "mat khau minh").isEmpty)
        shell.verifyHeld()
        #expect(shell.lines(1).last?.hasPrefix("OK") == true)
        #expect(shell.lines(2).last?.hasPrefix("NO AUTH-FAILED") == true)
    }
}
