import ReviewCore
import ReviewTestKit
import Testing

@testable import ReviewEngine

@Suite struct ThrottleTests {
    private let start = Instant(milliseconds: 1_750_000_000_000)
    private let minh: [Throttle.Subject] = [.person("minh"), .address("192.0.2.1")]

    @Test func delaysDoubleUpToTheLongest() {
        #expect((0...8).map { Throttle.delay(after: $0) } == [0, 250, 500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000])
        #expect(Throttle.delay(after: .max) == Throttle.longestDelayMilliseconds)
    }

    @Test func aFailureDelaysTheNextAnswerRightOrWrong() {
        var throttle = Throttle()
        #expect(throttle.count(failureOf: minh, now: start) == 0)
        #expect(throttle.count(failureOf: minh, now: start) == 250)
        throttle.begin(minh, now: start)
        #expect(throttle.end(minh, succeeded: true, now: start) == 500)
        // The person is forgiven, the address by one.
        throttle.begin([.person("minh")], now: start)
        #expect(throttle.end([.person("minh")], succeeded: true, now: start) == 0)
        #expect(throttle.count(failureOf: [.address("192.0.2.1")], now: start) == 250)
    }

    @Test func namesAndAddressesAreCountedApart() {
        var throttle = Throttle()
        _ = throttle.count(failureOf: minh, now: start)
        #expect(throttle.count(failureOf: [.person("lan"), .address("192.0.2.2")], now: start) == 0)
        #expect(throttle.count(failureOf: [.person("hoa"), .address("192.0.2.1")], now: start) == 250)
        #expect(throttle.count(failureOf: [.person("minh"), .address("192.0.2.9")], now: start) == 250)
    }

    @Test(arguments: [(59_999, Int64(500)), (60_000, 250), (119_999, 250), (120_000, 0), (3_600_000, 0)])
    func quietMinutesAreForgiven(_ pause: Int, _ delay: Int64) {
        var throttle = Throttle()
        _ = throttle.count(failureOf: minh, now: start)
        _ = throttle.count(failureOf: minh, now: start)
        #expect(throttle.count(failureOf: minh, now: start.adding(milliseconds: Int64(pause))) == delay)
    }

    @Test func twoAtOnceAndNoMore() {
        var throttle = Throttle()
        throttle.begin(minh, now: start)
        #expect(throttle.hasRoom(minh))
        throttle.begin(minh, now: start)
        #expect(!throttle.hasRoom([.person("minh"), .address("192.0.2.2")]))
        #expect(!throttle.hasRoom([.person("lan"), .address("192.0.2.1")]))
        #expect(throttle.hasRoom([.person("lan"), .address("192.0.2.2")]))
        throttle.abandon(minh)
        #expect(throttle.hasRoom(minh))
    }

    @Test func whatIsRememberedIsBounded() {
        var throttle = Throttle()
        throttle.begin([.person("minh")], now: start)
        for number in 0..<(EngineConfiguration.rememberedFailures + 500) {
            _ = throttle.count(failureOf: [.person("x\(number)")], now: start)
            #expect(throttle.count <= EngineConfiguration.rememberedFailures)
        }
        // What is in flight is never forgotten.
        throttle.begin([.person("minh")], now: start)
        #expect(!throttle.hasRoom([.person("minh")]))
    }

    /// Whoever guesses at somebody's password cannot have the failures forgotten by failing under ever new names.
    @Test func manyNamesDoNotMakeRoomByForgettingWhoIsAttacked() {
        var throttle = Throttle()
        for _ in 0..<5 { _ = throttle.count(failureOf: [.person("bich")], now: start) }
        for number in 0..<(2 * EngineConfiguration.rememberedFailures) {
            _ = throttle.count(failureOf: [.person("x\(number)")], now: start)
        }
        #expect(throttle.count(failureOf: [.person("bich")], now: start) == Throttle.delay(after: 5))
    }

    @Test func successesAreNotRemembered() {
        var throttle = Throttle()
        throttle.begin(minh, now: start)
        _ = throttle.end(minh, succeeded: true, now: start)
        #expect(throttle.count == 0)
    }

    @Test func aBucketLetsABurstThroughAndThenTheRate() {
        var bucket = TokenBucket(requestsPerSecond: 10, now: start)
        for _ in 0..<20 { #expect(bucket.take(now: start) == nil) }
        #expect(bucket.take(now: start) == 100)
        #expect(bucket.take(now: start.adding(milliseconds: 99)) == 1)
        #expect(bucket.take(now: start.adding(milliseconds: 100)) == nil)
        #expect(bucket.take(now: start.adding(milliseconds: 100)) != nil)
        // However long nobody came, a burst is no larger.
        let later = start.adding(milliseconds: 3_600_000)
        for _ in 0..<20 { #expect(bucket.take(now: later) == nil) }
        #expect(bucket.take(now: later) != nil)
    }

    @Test func aClockThatGoesBackGivesNothing() {
        var bucket = TokenBucket(requestsPerSecond: 1, now: start)
        #expect(bucket.take(now: start) == nil)
        #expect(bucket.take(now: start) == nil)
        let before = start.adding(milliseconds: -60_000)
        #expect(bucket.take(now: before) == 1_000)
        #expect(bucket.take(now: before) == 1_000)
        // From there on it flows again.
        #expect(bucket.take(now: before.adding(milliseconds: 1_000)) == nil)
    }
}
