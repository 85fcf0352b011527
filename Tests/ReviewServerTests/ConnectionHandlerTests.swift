import NIOCore
import NIOEmbedded
import ReviewProtocol
import Testing

@testable import ReviewServer

@Suite struct ConnectionHandlerTests {
    @Test func aHandshakeHasTenSeconds() throws {
        let rig = try ShellRig()
        let connection = try rig.connect()
        rig.advance(seconds: 9)
        #expect(connection.isOpen)
        rig.advance(seconds: 1)
        #expect(!connection.isOpen)
        #expect(try connection.lines().isEmpty)
    }

    @Test func theServerGreetsAfterTheHandshakeAndNotBefore() throws {
        let rig = try ShellRig()
        let connection = try rig.connect()
        rig.loop.run()
        #expect(try connection.lines().isEmpty)
        connection.completeHandshake()
        rig.loop.run()
        #expect(try connection.lines().first?.hasPrefix("HELLO phanbien/1 ") == true)
    }

    @Test func nobodyHasMoreThanAMinuteToLogIn() throws {
        let rig = try ShellRig()
        let connection = try rig.open()
        rig.advance(seconds: 59)
        #expect(connection.isOpen)
        rig.advance(seconds: 1)
        #expect(try connection.lines().first?.hasPrefix("BYE AUTH-TIMEOUT") == true)
        #expect(!connection.isOpen)
    }

    @Test func aStartedLineThatDoesNotEndIsAbuse() throws {
        let rig = try ShellRig()
        let connection = try rig.open(as: "minh")
        try connection.send("PI")
        rig.advance(seconds: 40)
        try connection.send("N")
        rig.advance(seconds: 19)
        #expect(connection.isOpen)
        #expect(try connection.lines().isEmpty)
        rig.advance(seconds: 1)
        #expect(try connection.lines().first?.hasPrefix("BYE ABUSE") == true)
        #expect(!connection.isOpen)
    }

    @Test func aPersonWhoTypesABlockMayThink() throws {
        let rig = try ShellRig()
        let connection = try rig.open(as: "minh")
        #expect(try connection.ask("PASSWD <<\n").first?.hasPrefix("+ ") == true)
        rig.advance(seconds: 600)
        #expect(connection.isOpen)
        #expect(try connection.ask("cũ\n.cancel\n").first?.hasPrefix("NO CANCELLED") == true)
    }

    @Test func aCountedBodyThatDoesNotComeIsAbuse() throws {
        let rig = try ShellRig()
        let connection = try rig.open(as: "minh")
        try connection.send("PLAN CHECK {100000}\n")
        rig.advance(seconds: 9)
        try connection.send(String(repeating: "x", count: 5_000))
        rig.advance(seconds: 10)
        #expect(connection.isOpen, "5,000 octets earned ten more seconds")
        rig.advance(seconds: 1)
        #expect(try connection.lines().first?.hasPrefix("BYE ABUSE") == true)
        #expect(!connection.isOpen)
    }

    @Test func halfARequestAndAnEndLeaveNothingBehind() throws {
        let rig = try ShellRig()
        let connection = try rig.open(as: "minh")
        try connection.send("PLAN CHECK {100}\nabc")
        #expect(rig.host.connectionCount == 1)
        try connection.channel.close().wait()
        rig.loop.run()
        #expect(rig.host.connectionCount == 0)
        #expect(try connection.lines().isEmpty, "nothing is written after the end")
        #expect(try rig.open().isOpen)
    }

    @Test func repliesComeInTheOrderOfPipelinedRequests() throws {
        let rig = try ShellRig()
        let connection = try rig.open(as: "minh")
        let requests = (1...500).map { "#\($0) PING\n" }.joined()
        let replies = try connection.ask(requests)
        #expect(replies.count == 500)
        for (index, reply) in replies.enumerated() { #expect(reply.hasPrefix("OK #\(index + 1) ")) }
    }

    @Test(arguments: [1, 2, 7, 100])
    func howTheOctetsAreCutChangesNothing(piece: Int) throws {
        let rig = try ShellRig()
        let connection = try rig.open()
        let octets = Array((RigConnection.login("lan") + "#a PING\n#b LANG en\n#c NIX\n#d PING\n").utf8)
        var replies: [String] = []
        for start in stride(from: 0, to: octets.count, by: piece) {
            let part = octets[start..<min(start + piece, octets.count)]
            try connection.channel.writeInbound(ByteBuffer(bytes: part))
            if piece > 2 { rig.loop.run() }
            replies += try connection.lines()
        }
        rig.loop.run()
        replies += try connection.lines()
        #expect(
            replies.map { $0.split(separator: " ").prefix(2).joined(separator: " ") } == [
                "OK person=lan", "OK #a", "OK #b", "BAD UNKNOWN-VERB", "OK #d",
            ])
    }

    /// The limits before login must not meet what was pipelined behind the login.
    @Test func whatFollowsALoginInTheSameBurstHasTheLimitsAfterIt() throws {
        let rig = try ShellRig()
        let connection = try rig.open()
        let long = String(repeating: "x", count: 3_000)
        let replies = try connection.ask(
            "#1 LANG en\n" + RigConnection.login("minh") + "#2 FIND \"\(long)\"\n#3 PING\n")
        #expect(replies.count == 4)
        #expect(!replies.contains { $0.contains("LINE-TOO-LONG") })
        #expect(replies.last?.hasPrefix("OK #3 ") == true)
    }

    @Test func beforeLoginALongLineIsTooLong() throws {
        let rig = try ShellRig()
        let connection = try rig.open()
        let replies = try connection.ask("#2 FIND \"\(String(repeating: "x", count: 3_000))\"\n")
        #expect(replies.first?.hasPrefix("BAD LINE-TOO-LONG") == true)
    }

    @Test func aPeerThatDoesNotReadIsNotReadEither() throws {
        let rig = try ShellRig()
        let connection = try rig.open(as: "minh")
        connection.setWritable(false)
        rig.loop.run()
        var sent = 0
        while connection.isRead, sent < 100 {
            sent += 1
            try connection.send((1...40).map { "#\(sent).\($0) PING\n" }.joined())
            rig.loop.run()
        }
        #expect(sent * 40 <= 200, "the window is 64 requests")
        #expect(try connection.lines().isEmpty)
        connection.setWritable(true)
        rig.loop.run()
        rig.advance(seconds: 1)
        #expect(connection.isRead)
        #expect(try connection.lines().count == sent * 40)
    }

    @Test func oneTurnIsOneWrite() throws {
        let rig = try ShellRig()
        let connection = try rig.open(as: "minh")
        try connection.send((1...20).map { "#\($0) PING\n" }.joined())
        rig.loop.run()
        #expect(try connection.writes().count == 1)
    }

    @Test func logoutClosesAfterTheGoodbye() throws {
        let rig = try ShellRig()
        let connection = try rig.open(as: "minh")
        let replies = try connection.ask("PING\nLOGOUT\nPING\n")
        #expect(replies.map { $0.split(separator: " ").prefix(1).joined() } == ["OK", "OK", "BYE"])
        #expect(!connection.isOpen)
        #expect(rig.host.connectionCount == 0)
    }

    @Test func octetsAfterTheEndOfFramingAreThrownAway() throws {
        let rig = try ShellRig()
        let connection = try rig.open(as: "minh")
        let replies = try connection.ask("PLAN CHECK {9999999}\n" + String(repeating: "PING\n", count: 1_000))
        #expect(replies.count == 1)
        #expect(replies.first?.hasPrefix("BYE FRAME") == true)
    }

    @Test func whenTheServerStopsAHandshakeEndsAtOnce() throws {
        let rig = try ShellRig()
        let connection = try rig.connect()
        connection.channel.pipeline.fireUserInboundEventTriggered(ServerStopping.now)
        rig.loop.run()
        #expect(!connection.isOpen)
    }
}
