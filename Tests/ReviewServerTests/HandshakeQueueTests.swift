import NIOCore
import NIOEmbedded
import Testing

@testable import ReviewServer

@Suite struct HandshakeQueueTests {
    private final class Record {
        var begun: [String] = []
    }

    private let loop = EmbeddedEventLoop()
    private let record = Record()

    private func submit(_ queue: HandshakeQueue, _ address: String, _ name: String, isThere: Bool = true) {
        queue.submit(address) { [record] in
            if isThere { record.begun.append(name) }
            return isThere
        }
    }

    @Test func aFewBeginAtOnceAndTheRestAfterABreath() {
        let queue = HandshakeQueue(loop: loop)
        for number in 1...10 { submit(queue, "a", "\(number)") }
        #expect(record.begun.count == HandshakeQueue.atOnce)
        loop.advanceTime(by: HandshakeQueue.breath)
        #expect(record.begun.count == 2 * HandshakeQueue.atOnce)
        loop.advanceTime(by: HandshakeQueue.breath)
        #expect(record.begun == (1...10).map(String.init))
        #expect(queue.count == 0)
    }

    @Test func addressesTakeTurns() {
        let queue = HandshakeQueue(loop: loop)
        for number in 1...12 { submit(queue, "crowd", "crowd\(number)") }
        submit(queue, "one", "one")
        loop.advanceTime(by: HandshakeQueue.breath)
        #expect(record.begun.firstIndex(of: "one").map { $0 <= 5 } == true, "\(record.begun)")
    }

    @Test func whoHasGoneCostsNoTurn() {
        let queue = HandshakeQueue(loop: loop)
        for number in 1...4 { submit(queue, "a", "\(number)") }
        for _ in 1...100 { submit(queue, "a", "gone", isThere: false) }
        submit(queue, "a", "last")
        loop.advanceTime(by: HandshakeQueue.breath)
        #expect(record.begun == ["1", "2", "3", "4", "last"])
    }

    @Test func whenItIsQuietEverybodyBeginsAtOnce() {
        let queue = HandshakeQueue(loop: loop)
        for number in 1...20 {
            submit(queue, "a", "\(number)")
            #expect(record.begun.count == number)
            loop.advanceTime(by: .milliseconds(1))
        }
    }

    /// Octets that come while the hello waits its turn are kept with it, and handed on as one.
    @Test func aGateWaitsForItsTurn() throws {
        let queue = HandshakeQueue(loop: loop)
        for number in 1...4 { submit(queue, "a", "\(number)") }
        let channel = EmbeddedChannel(handler: ApplicationProtocolGate(queue: queue, logger: .quiet), loop: loop)
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        let hello = HelloOctets.hello(["phanbien/1"])
        try channel.writeInbound(ByteBuffer(bytes: hello))
        try channel.writeInbound(ByteBuffer(bytes: [7, 8]))
        #expect(try channel.readInbound(as: ByteBuffer.self) == nil)
        loop.advanceTime(by: HandshakeQueue.breath)
        let passed = try #require(try channel.readInbound(as: ByteBuffer.self))
        #expect(Array(passed.readableBytesView) == hello + [7, 8])
        _ = try channel.finish()
    }

    @Test func aGateThatIsFloodedWhileItWaitsCloses() throws {
        let queue = HandshakeQueue(loop: loop)
        for number in 1...4 { submit(queue, "a", "\(number)") }
        let channel = EmbeddedChannel(handler: ApplicationProtocolGate(queue: queue, logger: .quiet), loop: loop)
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        try channel.writeInbound(ByteBuffer(bytes: HelloOctets.hello(["phanbien/1"])))
        try channel.writeInbound(ByteBuffer(repeating: 0, count: ClientHello.longestBufferedOctets))
        #expect(!channel.isActive)
        loop.advanceTime(by: HandshakeQueue.breath)
        #expect(try channel.readInbound(as: ByteBuffer.self) == nil)
    }
}
