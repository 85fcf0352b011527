import Logging
import NIOCore
import NIOEmbedded
import Testing

@testable import ReviewServer

@Suite struct ApplicationProtocolGateTests {
    private func channel() throws -> EmbeddedChannel {
        let loop = EmbeddedEventLoop()
        let channel = EmbeddedChannel(
            handler: ApplicationProtocolGate(queue: HandshakeQueue(loop: loop), logger: .quiet), loop: loop)
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        return channel
    }

    private func buffer(_ octets: some Sequence<UInt8>) -> ByteBuffer { ByteBuffer(bytes: octets) }

    @Test func refusesAClientThatOffersOnlyOtherProtocols() throws {
        let channel = try channel()
        try channel.writeInbound(buffer(HelloOctets.hello(["h2", "http/1.1"])))
        let answer = try #require(try channel.readOutbound(as: ByteBuffer.self))
        #expect(Array(answer.readableBytesView) == [21, 3, 3, 0, 2, 2, 120])
        channel.embeddedEventLoop.run()
        #expect(!channel.isActive)
        #expect(try channel.readInbound(as: ByteBuffer.self) == nil)
    }

    @Test func aNameThatOnlyBeginsAlikeIsAnotherProtocol() throws {
        let channel = try channel()
        try channel.writeInbound(buffer(HelloOctets.hello(["phanbien/10", "phanbien"])))
        #expect(try channel.readOutbound(as: ByteBuffer.self) != nil)
        #expect(!channel.isActive)
    }

    @Test(arguments: [["phanbien/1"], ["h2", "phanbien/1"], []])
    func handsOnTheOctetsUnchangedAndLeaves(names: [String]) throws {
        let channel = try channel()
        let octets =
            names.isEmpty ? HelloOctets.records(HelloOctets.message(extensions: [])) : HelloOctets.hello(names)
        try channel.writeInbound(buffer(octets.prefix(40)))
        #expect(try channel.readInbound(as: ByteBuffer.self) == nil)
        try channel.writeInbound(buffer(octets.dropFirst(40) + [1, 2, 3]))
        let passed = try #require(try channel.readInbound(as: ByteBuffer.self))
        #expect(Array(passed.readableBytesView) == octets + [1, 2, 3])
        channel.embeddedEventLoop.run()
        #expect(throws: (any Error).self) {
            try channel.pipeline.syncOperations.handler(type: ApplicationProtocolGate.self)
        }
        try channel.writeInbound(buffer([4]))
        #expect(try channel.readInbound(as: ByteBuffer.self) == buffer([4]))
        _ = try channel.finish()
    }

    @Test func aHelloThatTricklesInIsNotReadForEver() throws {
        let channel = try channel()
        let octets = HelloOctets.hello(["h2"])
        var passed = 0
        for octet in octets.prefix(80) {
            try channel.writeInbound(buffer([octet]))
            while let piece = try channel.readInbound(as: ByteBuffer.self) { passed += piece.readableBytes }
        }
        #expect(passed == 80)
        _ = try channel.finish()
    }
}

extension Logger {
    /// Writes nothing.
    static var quiet: Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }
}
