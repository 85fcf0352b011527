import PhanbienCommands
import ReviewProtocol
import Testing

@Suite struct TransferTests {
    @Test(arguments: [(0, "0%", "0%"), (1_999, "19%", "10%"), (5_000, "50%", "50%"), (9_999, "99%", "90%")])
    func theShareIsNeverMoreThanWhatWentOut(gone: Int, whole: String, step: String) {
        let sending = Transfer.sending(gone: gone, whole: 10_000)
        #expect(sending.words().vietnamese == "đang gửi 10000 byte: \(whole)")
        #expect(sending.words(inSteps: true).english == "sending 10000 byte: \(step)")
    }

    @Test func whatComesInIsSaidInItsSize() {
        #expect(Transfer.receiving(700_000).words().vietnamese == "đang nhận: 683 KB")
        #expect(Transfer.receiving(700_000).words(inSteps: true).english == "receiving: 512 KB")
    }

    @Test func ofARequestThatIsGoneWithinAMomentNobodyIsTold() {
        var meter = TransferMeter()
        meter.sent(16_384, of: 40_000, now: 5_000)
        #expect(meter.told(now: 5_999) == nil)
        #expect(meter.told(now: 6_000) == .sending(gone: 16_384, whole: 40_000))
        meter.sent(32_768, of: 40_000, now: 6_100)
        #expect(meter.told(now: 6_100) == .sending(gone: 32_768, whole: 40_000))
        meter.sent(40_000, of: 40_000, now: 6_200)
        #expect(meter.told(now: 60_000) == nil)
        // The next one has a moment of its own.
        meter.sent(16_384, of: 40_000, now: 61_000)
        #expect(meter.told(now: 61_999) == nil)
    }

    @Test func aReplyIsUnderWayUntilItsEnd() {
        var meter = TransferMeter()
        meter.received(100, isMoreToCome: false, now: 1_000)
        #expect(meter.told(now: 9_000) == nil)
        meter.received(9_000, isMoreToCome: true, now: 10_000)
        meter.received(9_000, isMoreToCome: true, now: 11_500)
        #expect(meter.told(now: 11_500) == .receiving(18_000))
        // What goes out is what the person waits for first.
        meter.sent(16_384, of: 40_000, now: 11_500)
        #expect(meter.told(now: 12_500) == .sending(gone: 16_384, whole: 40_000))
        meter.sent(40_000, of: 40_000, now: 12_600)
        meter.received(500, isMoreToCome: false, now: 12_700)
        #expect(meter.told(now: 60_000) == nil)
    }

    @Test func nothingIsUnderWayOnAConnectionThatIsGone() {
        var meter = TransferMeter()
        meter.sent(16_384, of: 40_000, now: 0)
        meter.received(9_000, isMoreToCome: true, now: 0)
        meter.ended()
        #expect(meter.told(now: 60_000) == nil)
    }
}
