import Glibc
import Logging
import NIOCore
import ReviewCore
import ReviewEngine
import ReviewProtocol
import ReviewSignatures
import Synchronization
import Testing

@testable import ReviewServer

@Suite struct ListenAddressTests {
    @Test(arguments: [
        ("127.0.0.1:7443", "127.0.0.1", 7443), ("[::1]:0", "::1", 0), ("localhost:65535", "localhost", 65_535),
        (":7443", "0.0.0.0", 7443),
    ])
    func readsWhatPeopleWrite(text: String, host: String, port: Int) {
        #expect(ListenAddress(text) == ListenAddress(host: host, port: port))
    }

    @Test(arguments: [
        "", "7443", "localhost", "localhost:", "localhost:65536", "localhost:-1", "::1:7443", "[::1]", "[a]:1", "a:1x",
        "a:000001",
    ])
    func refusesWhatIsNoAddress(text: String) {
        #expect(ListenAddress(text) == nil)
    }

    @Test func writesBracketsAroundIPv6() {
        #expect(ListenAddress(host: "::1", port: 5).description == "[::1]:5")
        #expect(ListenAddress(host: "10.0.0.1", port: 5).description == "10.0.0.1:5")
    }
}

@Suite struct PeerAddressTests {
    @Test(arguments: [
        ("10.0.0.7", "10.0.0.7"), ("::ffff:10.0.0.7", "10.0.0.7"), ("::ffff:a00:7", "10.0.0.7"), ("::1", "::1"),
        ("2001:db8::ffff:7", "2001:db8::ffff:7"),
    ])
    func anAddressHasOneName(written: String, text: String) throws {
        #expect(PeerAddress.text(try SocketAddress(ipAddress: written, port: 7443)) == text)
    }

    @Test func nobodyKnowsWhereAPeerWithoutAnAddressIs() throws {
        #expect(PeerAddress.text(nil) == "unknown")
        #expect(PeerAddress.text(try SocketAddress(unixDomainSocketPath: "/x")) == "unknown")
    }
}

@Suite struct AdmissionCounterTests {
    @Test func countsAltogetherAndByAddress() {
        var limits = Limits()
        limits.connections = 5
        limits.connectionsPerAddress = 2
        let room = AdmissionCounter.roomForWords
        var counter = AdmissionCounter(limits: limits)
        func admit(_ address: String) -> Bool { counter.admit(address) }
        for _ in 0..<(2 + room) { #expect(admit("10.0.0.1")) }
        #expect(!admit("10.0.0.1"))
        for number in 0..<3 { #expect(admit("10.0.1.\(number)")) }
        #expect(!admit("10.0.0.2"), "five and the room altogether")
        counter.release("10.0.0.1")
        #expect(counter.count == 4 + room)
        #expect(admit("10.0.0.1"))
    }
}

@Suite struct IncidentLogTests {
    private typealias Line = IncidentLog.Line

    @Test func namesAnAddressOnceAMinute() {
        var log = IncidentLog()
        let start = NIODeadline.uptimeNanoseconds(5_000_000_000)
        func due(_ seconds: Int64, _ failed: [String: Int64] = [:], away: [String: Int64] = [:]) -> [Line] {
            log.due(Incidents(failedLogins: failed, turnedAway: away), at: start + .seconds(seconds))
        }
        #expect(due(0) == [])
        #expect(due(5, ["a": 2]) == [Line(kind: .failedLogin, address: "a", count: 2)])
        #expect(due(10, ["a": 1], away: ["a": 4]) == [Line(kind: .turnedAway, address: "a", count: 4)])
        #expect(due(60, ["a": 7, "b": 1]) == [Line(kind: .failedLogin, address: "b", count: 1)])
        #expect(due(65) == [Line(kind: .failedLogin, address: "a", count: 8)])
        #expect(due(300) == [])
    }

    @Test func aFloodFromManyAddressesIsAFewLines() {
        var log = IncidentLog()
        let start = NIODeadline.uptimeNanoseconds(5_000_000_000)
        let flood = Dictionary(uniqueKeysWithValues: (1...100).map { ("10.0.0.\($0)", Int64($0)) })
        let lines = log.due(Incidents(failedLogins: flood), at: start)
        #expect(lines.count == IncidentLog.mostLines + 1)
        #expect(lines.first == Line(kind: .failedLogin, address: "10.0.0.100", count: 100))
        #expect(lines.last == Line(kind: .failedLogin, address: Incidents.others, count: (1...84).reduce(0, +)))
        let again = log.due(Incidents(failedLogins: ["10.0.0.1": 1]), at: start + .seconds(5))
        #expect(again == [Line(kind: .failedLogin, address: "10.0.0.1", count: 1)])
    }
}

@Suite struct ThreadPriorityTests {
    /// What is asked changes nothing, or every test behind it would run below the others.
    @Test func askingLowersNothing() {
        let before = getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0)
        #expect(ThreadPriority.isAllowed)
        #expect(getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0) == before)
    }
}

@Suite struct LogThrottleTests {
    @Test func letsOneASecondThroughAndCountsTheRest() {
        var throttle = LogThrottle()
        let start = NIODeadline.uptimeNanoseconds(5_000_000_000)
        let admitted = [0, 1, 999, 1_000, 2_000].map { throttle.admit(at: start + .milliseconds($0)) }
        #expect(admitted == [0, nil, nil, 2, 0])
    }
}

@Suite struct SteadyClockTests {
    private final class Hands: Sendable {
        let milliseconds: Mutex<Int64>
        init(_ milliseconds: Int64) { self.milliseconds = Mutex(milliseconds) }
        func set(_ value: Int64) { milliseconds.withLock { $0 = value } }
    }

    @Test func waitsOutASmallStepBackAndFollowsALargeOne() {
        let hands = Hands(1_000_000)
        var clock = SteadyClock { Instant(milliseconds: hands.milliseconds.withLock { $0 }) }
        let seen = ([1_000_000, 995_000, 1_000_001, 900_000] as [Int64]).map { time -> Int64 in
            hands.set(time)
            return clock.now().milliseconds
        }
        #expect(seen == [1_000_000, 1_000_000, 1_000_001, 900_000])
    }
}

@Suite struct LineLogHandlerTests {
    private func lines(_ body: (Logger) -> Void) -> [String] {
        let written = Lines()
        var logger = Logger(label: "test") { _ in LineLogHandler(level: .info) { written.add($0) } }
        logger.logLevel = .info
        body(logger)
        return written.all
    }

    private final class Lines: Sendable {
        private let texts = Mutex<[String]>([])
        func add(_ text: String) { texts.withLock { $0.append(text) } }
        var all: [String] { texts.withLock { $0 } }
    }

    @Test func writesOneLineWithItsPairsInOrder() throws {
        let line = try #require(
            lines { $0.warning("connection.refused", metadata: ["reason": "too many", "address": "10.0.0.7"]) }.first)
        #expect(line.hasSuffix(" warning connection.refused address=10.0.0.7 reason=\"too many\"\n"))
        let time = try #require(line.split(separator: " ").first)
        #expect(Instant(rfc3339: String(time)) != nil)
    }

    @Test func writesNothingBelowItsLevel() {
        #expect(lines { $0.debug("connection.opened") }.isEmpty)
    }

    @Test func noValueCanWriteALineOrMoveTheCursor() throws {
        let value = "a\nb\r\u{1B}[2J\u{202E}\u{85}\u{2028}\"\\"
        let line = try #require(lines { $0.info("x", metadata: ["v": "\(value)"]) }.first)
        #expect(line.hasSuffix("v=\"a\\nb\\u{D}\\u{1B}[2J\\u{202E}\\u{85}\\u{2028}\\\"\\\\\"\n"))
        #expect(line.utf8.filter { $0 == 10 }.count == 1)
    }

    @Test func cutsWhatIsTooLong() throws {
        let line = try #require(
            lines { $0.info("x", metadata: ["v": "\(String(repeating: "ạ", count: 5_000))"]) }.first)
        #expect(line.utf8.count < 600)
        #expect(line.contains("…"))
    }

    @Test(arguments: [("", "\"\""), ("a", "a"), ("a b", "\"a b\""), ("a=b", "\"a=b\""), ("Lạng", "Lạng")])
    func quotesWhatIsNoPlainWord(value: String, written: String) {
        #expect(LineLogHandler.quoted(value) == written)
    }
}

@Suite struct CredentialPoolTests {
    private func stored(_ password: String) throws -> String {
        try #require(PasswordText.hash(of: Array(password.utf8), cost: .quick))
    }

    @Test func aRightPasswordGetsATokenOnlyWhenOneIsWanted() throws {
        let stored = try stored("đúng rồi")
        let candidate = Array("đúng rồi".utf8)
        guard
            case .password(true, let token?) = CredentialPool.result(
                of: .password(stored: stored, candidate: candidate, wantsToken: true), cost: .quick)
        else {
            Issue.record("the right password was refused")
            return
        }
        #expect(token.utf8.count == 43)
        guard
            case .password(true, nil) = CredentialPool.result(
                of: .password(stored: stored, candidate: candidate, wantsToken: false), cost: .quick)
        else {
            Issue.record("a token nobody asked for")
            return
        }
    }

    @Test func aWrongPasswordAndNobodysPasswordAreRefused() throws {
        for stored in [try stored("đúng"), nil, "", "scrypt$10$8$1$x$y"] {
            guard
                case .password(false, nil) = CredentialPool.result(
                    of: .password(stored: stored, candidate: Array("sai".utf8), wantsToken: true), cost: .quick)
            else {
                Issue.record("accepted against \(stored == nil ? "nobody" : "a stored hash")")
                return
            }
        }
    }

    @Test func aPasswordIsChangedByWhoeverKnowsTheOldOne() throws {
        let stored = try stored("cũ")
        let new = Array("mới hơn nhiều".utf8)
        guard
            case .changed(let hash?) = CredentialPool.result(
                of: .change(stored: stored, current: Array("cũ".utf8), new: new), cost: .quick)
        else {
            Issue.record("not changed")
            return
        }
        #expect(PasswordHash(encoded: hash)?.matches(password: new) == true)
        guard
            case .changed(newHash: nil) = CredentialPool.result(
                of: .change(stored: stored, current: Array("sai".utf8), new: new), cost: .quick)
        else {
            Issue.record("changed without the old one")
            return
        }
        guard
            case .changed(.some) = CredentialPool.result(of: .change(stored: nil, current: [], new: new), cost: .quick)
        else {
            Issue.record("a session that proved itself by its invitation could not set a password")
            return
        }
    }
}

@Suite struct OutboxTests {
    private func taken(_ outbox: inout Outbox<Int>) -> [[Int]] {
        var all: [[Int]] = []
        outbox.take().perform { port, actions in all.append([port, actions.count]) }
        return all
    }

    @Test func gathersByConnectionInTheOrderOfFirstMention() {
        var outbox = Outbox<Int>()
        outbox.connect(ConnectionID(3), 30)
        outbox.connect(ConnectionID(7), 70)
        #expect(outbox.ports == [30, 70])
        outbox.add(.send([1, 2]), for: ConnectionID(7))
        outbox.add(.send([3]), for: ConnectionID(3))
        outbox.add(.close, for: ConnectionID(7))
        #expect(outbox.octets == 3)
        var all = taken(&outbox)
        #expect(all == [[70, 2], [30, 1]])
        #expect(outbox.octets == 0)
        all = taken(&outbox)
        #expect(all.isEmpty)
    }

    @Test func nothingIsDoneForAConnectionThatIsGone() {
        var outbox = Outbox<Int>()
        outbox.connect(ConnectionID(3), 30)
        outbox.connect(ConnectionID(7), 70)
        outbox.add(.send([3]), for: ConnectionID(3))
        let gone = [outbox.disconnect(ConnectionID(3)), outbox.disconnect(ConnectionID(3))]
        #expect(gone == [true, false])
        outbox.add(.send([3]), for: ConnectionID(3))
        outbox.add(.close, for: ConnectionID(7))
        #expect(outbox.count == 1)
        let all = taken(&outbox)
        #expect(all == [[70, 1]])
    }
}
