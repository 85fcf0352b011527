import NIOCore
import ReviewProtocol
import Testing

@testable import ReviewServer

@Suite struct ReadDeadlineTests {
    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000_000)

    private func deadline() -> ReadDeadline { ReadDeadline(limits: Limits()) }

    private func at(_ seconds: Int64) -> NIODeadline { start + .seconds(seconds) }

    private func arrive(_ text: String, _ deadline: inout ReadDeadline, _ seconds: Int64) {
        Array(text.utf8).withUnsafeBytes { deadline.arrived($0, now: at(seconds)) }
    }

    @Test func nothingBegunHasNoDeadline() {
        var deadline = deadline()
        #expect(deadline.due == nil)
        arrive("PING\n", &deadline, 1)
        deadline.framed(pending: .nothing, finished: true, now: at(1))
        #expect(deadline.due == nil)
    }

    @Test func aStartedLineHasSixtySecondsHoweverItTrickles() {
        var deadline = deadline()
        arrive("PI", &deadline, 0)
        deadline.framed(pending: .line, finished: false, now: at(0))
        #expect(deadline.due == at(60))
        arrive("N", &deadline, 50)
        deadline.framed(pending: .line, finished: false, now: at(50))
        #expect(deadline.due == at(60))
        arrive("G\nPI", &deadline, 55)
        deadline.framed(pending: .line, finished: true, now: at(55))
        #expect(deadline.due == at(115))
        arrive("NG\n", &deadline, 56)
        deadline.framed(pending: .nothing, finished: true, now: at(56))
        #expect(deadline.due == nil)
    }

    @Test func eachLineOfATypedBlockIsAStartedLine() {
        var deadline = deadline()
        arrive("COMMENT 2025-1@1 <<\n", &deadline, 0)
        deadline.framed(pending: .blockBody, finished: false, now: at(0))
        #expect(deadline.due == nil, "a person may think before the first line")
        arrive("Khô", &deadline, 300)
        deadline.framed(pending: .blockBody, finished: false, now: at(300))
        #expect(deadline.due == at(360))
        arrive("ng đồng ý\n", &deadline, 310)
        deadline.framed(pending: .blockBody, finished: false, now: at(310))
        #expect(deadline.due == nil)
    }

    @Test func aCountedBodyMustKeepItsPace() {
        var deadline = deadline()
        arrive("PUSH 2025-1 {10000}\n", &deadline, 0)
        deadline.framed(pending: .literalBody(remaining: 10_000), finished: false, now: at(0))
        #expect(deadline.due == at(10))
        arrive(String(repeating: "x", count: 2_000), &deadline, 9)
        deadline.framed(pending: .literalBody(remaining: 8_000), finished: false, now: at(9))
        #expect(deadline.due == at(14))
        arrive(String(repeating: "x", count: 8_000), &deadline, 13)
        deadline.framed(pending: .literalBody(remaining: 0), finished: false, now: at(13))
        #expect(deadline.due == at(30))
        arrive("\n", &deadline, 14)
        deadline.framed(pending: .nothing, finished: true, now: at(14))
        #expect(deadline.due == nil)
    }

    @Test func theNextBodyHasItsOwnTime() {
        var deadline = deadline()
        deadline.framed(pending: .literalBody(remaining: 100), finished: false, now: at(0))
        deadline.framed(pending: .literalBody(remaining: 5_000), finished: true, now: at(8))
        #expect(deadline.due == at(18))
    }

    @Test func thePeersTimeStandsStillWhileTheServerDoesNotRead() {
        var deadline = deadline()
        arrive("PI", &deadline, 0)
        deadline.framed(pending: .line, finished: false, now: at(0))
        deadline.suspend(now: at(20))
        #expect(deadline.due == nil)
        deadline.suspend(now: at(30))
        deadline.resume(now: at(120))
        #expect(deadline.due == at(160))
        deadline.resume(now: at(500))
        #expect(deadline.due == at(160))
    }

    @Test func aLineThatBeginsWhileTheServerDoesNotReadBeginsWhenItReads() {
        var deadline = deadline()
        deadline.suspend(now: at(10))
        arrive("PI", &deadline, 40)
        deadline.resume(now: at(100))
        deadline.framed(pending: .line, finished: false, now: at(100))
        #expect(deadline.due == at(160))
    }
}
