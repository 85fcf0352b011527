import Testing

@testable import ReviewServer

/// Builds the messages that a TLS client begins with (RFC 8446 §4.1.2).
enum HelloOctets {
    static func vector(_ content: [UInt8], lengthOctets: Int) -> [UInt8] {
        (0..<lengthOctets).reversed().map { UInt8(truncatingIfNeeded: content.count >> (8 * $0)) } + content
    }

    static func list(_ names: [String]) -> [UInt8] {
        vector(names.flatMap { vector(Array($0.utf8), lengthOctets: 1) }, lengthOctets: 2)
    }

    static func message(extensions: [(type: Int, content: [UInt8])]?, random: UInt8 = 7) -> [UInt8] {
        var body: [UInt8] = [3, 3] + [UInt8](repeating: random, count: 32)
        body += vector([UInt8](repeating: 9, count: 32), lengthOctets: 1)
        body += vector([0x13, 0x01, 0x13, 0x02], lengthOctets: 2)
        body += vector([0], lengthOctets: 1)
        if let extensions {
            let all = extensions.flatMap { [UInt8(0), UInt8($0.type)] + vector($0.content, lengthOctets: 2) }
            body += vector(all, lengthOctets: 2)
        }
        return [1] + vector(body, lengthOctets: 3)
    }

    static func records(_ message: [UInt8], fragment: Int = 16_384) -> [UInt8] {
        stride(from: 0, to: message.count, by: fragment).flatMap { start in
            [22, 3, 1] + vector(Array(message[start..<min(start + fragment, message.count)]), lengthOctets: 2)
        }
    }

    static func hello(_ names: [String]) -> [UInt8] {
        records(message(extensions: [(0, [1, 2, 3]), (16, list(names)), (43, [2, 3, 4])]))
    }
}

@Suite struct ClientHelloTests {
    @Test func readsTheOfferedProtocols() {
        let offer = ClientHello.offer(in: HelloOctets.hello(["h2", "phanbien/1"]))
        #expect(offer == .protocols([Array("h2".utf8), Array("phanbien/1".utf8)]))
    }

    @Test func seesThatNothingIsOffered() {
        #expect(ClientHello.offer(in: HelloOctets.records(HelloOctets.message(extensions: [(0, [1])]))) == .absent)
        #expect(ClientHello.offer(in: HelloOctets.records(HelloOctets.message(extensions: []))) == .absent)
        #expect(ClientHello.offer(in: HelloOctets.records(HelloOctets.message(extensions: nil))) == .absent)
    }

    @Test(arguments: [1, 2, 3, 5, 60, 100])
    func doesNotDependOnTheRecordsThatCarryTheMessage(fragment: Int) {
        let message = HelloOctets.message(extensions: [(16, HelloOctets.list(["http/1.1"]))])
        let octets = HelloOctets.records(message, fragment: fragment)
        #expect(ClientHello.offer(in: octets) == .protocols([Array("http/1.1".utf8)]))
    }

    @Test func waitsForEveryOctet() {
        let octets = HelloOctets.hello(["phanbien/1"])
        for count in 0..<octets.count {
            #expect(ClientHello.offer(in: Array(octets.prefix(count))) == .incomplete, "\(count) of \(octets.count)")
        }
        #expect(ClientHello.offer(in: octets + [20, 3, 3]) == .protocols([Array("phanbien/1".utf8)]))
    }

    @Test func leavesWhatIsNoHelloToTheLibrary() {
        #expect(ClientHello.offer(in: Array("GET / HTTP/1.1\r\n".utf8)) == .unreadable)
        #expect(ClientHello.offer(in: [22, 2, 0, 0, 5]) == .unreadable)
        #expect(ClientHello.offer(in: [22, 3, 1, 0, 0]) == .unreadable)
        #expect(ClientHello.offer(in: [22, 3, 1, 0x40, 0x01]) == .unreadable)
        #expect(ClientHello.offer(in: HelloOctets.records([2, 0, 0, 1, 0])) == .unreadable)
        #expect(ClientHello.offer(in: HelloOctets.records([1, 0, 0x40, 0x01] + [0])) == .unreadable)
    }

    @Test func refusesLengthsThatDoNotMeet() {
        let lists: [[UInt8]] = [
            [], [0], [0, 0], [0, 1, 0], [0, 3, 2, 0x68], [0, 4, 2, 0x68, 0x32], [0, 3, 2, 0x68, 0x32, 0],
            [0xFF, 0xFF, 1, 1],
        ]
        for list in lists {
            let octets = HelloOctets.records(HelloOctets.message(extensions: [(16, list)]))
            #expect(ClientHello.offer(in: octets) == .unreadable, "\(list)")
        }
        var message = HelloOctets.message(extensions: [])
        message[4 + 2 + 32] = 255  // a session identifier longer than the message
        #expect(ClientHello.offer(in: HelloOctets.records(message)) == .unreadable)
    }

    @Test func holdsNoMoreThanItSays() {
        let endless = HelloOctets.records([1, 0, 0x40, 0] + [UInt8](repeating: 0, count: 8_000), fragment: 1)
        #expect(endless.count > ClientHello.longestBufferedOctets)
        #expect(ClientHello.offer(in: endless) == .unreadable)
    }

    /// Whatever a peer sends, the answer is one of the four; a trap would fail the run.
    @Test(arguments: [UInt64(1), 2, 3, 4])
    func survivesDamagedMessages(seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        let whole = HelloOctets.hello(["h2", "phanbien/1"])
        var readable = 0
        for _ in 0..<2_000 {
            var octets = whole
            for _ in 0...Int.random(in: 0...3, using: &generator) {
                octets[Int.random(in: octets.indices, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
            }
            octets = Array(octets.prefix(Int.random(in: 0...octets.count, using: &generator)))
            if case .protocols = ClientHello.offer(in: octets) { readable += 1 }
        }
        #expect(readable < 2_000)
    }
}

/// A generator whose seed repeats a failure exactly.
struct SplitMix64: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
