import ReviewCore
import ReviewProtocol
import ReviewTestKit
import Testing

@testable import ReviewEngine

/// Many people, a disk that fails and holds, sockets that block and close: whatever happens, every request gets
/// exactly one answer in its order, what was answered OK is in the log exactly once, and nobody misses an event.
@Suite struct SimulationTests {
    /// What a connection has sent and what came back.
    private struct Peer {
        let person: String
        var sent: [String] = []
        var statuses: [String] = []
        var position: Int64?
        var isBlocked = false
        var isOpen = true
    }

    private static let people = ["bich", "tung", "hoa", "son", "minh", "dung", "lan", "van", "root"]

    @Test(arguments: Array(1...24) as [UInt64])
    func everythingIsAnsweredOnceAndInOrder(_ seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let shell = try TestShell()
        var peers: [UInt64: Peer] = [:]
        var next: UInt64 = 0
        func open() {
            next += 1
            let person = Self.people.randomElement(using: &random) ?? "lan"
            shell.open(next, address: "192.0.2.\(next)")
            shell.send(next, "LOGIN \(person) <\nmat khau \(person)\n")
            let isIn = shell.lines(next).last?.hasPrefix("OK") == true
            peers[next] = Peer(person: person, isOpen: isIn)
        }
        for _ in 0..<6 { open() }
        for round in 0..<60 {
            let ids = peers.filter { $0.value.isOpen }.keys.sorted()
            for _ in 0..<Int.random(in: 1...8, using: &random) {
                guard let id = ids.randomElement(using: &random), var peer = peers[id], peer.isOpen else { continue }
                switch Int.random(in: 0..<40, using: &random) {
                case 0:
                    shell.handle(.closed(ConnectionID(id)))
                    peer.isOpen = false
                case 1, 2:
                    peer.isBlocked.toggle()
                    shell.handle(peer.isBlocked ? .blocked(ConnectionID(id)) : .drained(ConnectionID(id)))
                case 3 where next < 40: open()
                default:
                    var burst = ""
                    for _ in 0..<Int.random(in: 1...4, using: &random) {
                        let tag = "t\(peer.sent.count)"
                        peer.sent.append(tag)
                        burst += "#\(tag) " + request(&random, round) + "\n"
                    }
                    shell.feed(id, Array(burst.utf8))
                }
                peers[id] = peer
            }
            if Int.random(in: 0..<6, using: &random) == 0 {
                shell.failures = [Bool.random(using: &random) ? .full : .broken("x")]
            }
            shell.holdsAppends = Int.random(in: 0..<4, using: &random) == 0
            shell.run()
            if !shell.holdsAppends { shell.release() }
            try collect(shell, &peers, seed)
        }
        shell.failures = []
        shell.holdsAppends = false
        for _ in 0..<100 { shell.release() }
        for (id, peer) in peers where peer.isOpen && peer.isBlocked { shell.handle(.drained(ConnectionID(id))) }
        shell.run()
        for _ in 0..<100 { shell.release() }
        try collect(shell, &peers, seed)

        for (id, peer) in peers.sorted(by: { $0.key < $1.key }) where peer.isOpen {
            #expect(peer.statuses == peer.sent, "seed \(seed), connection \(id)")
            if let position = peer.position {
                // Whoever watched and reads has come to the end, as far as they may see.
                let rest = shell.log.events.filter {
                    $0.sequence > position && shell.engine.isVisibleForTest($0, to: peer.person)
                }
                #expect(rest.isEmpty, "seed \(seed), connection \(id) missed \(rest.map(\.sequence))")
            }
        }
        // The log is gapless, and replaying it gives the state that lives.
        #expect(shell.log.events.map(\.sequence) == Array(1...Int64(shell.log.events.count)), "seed \(seed)")
        var replayed = State()
        for event in shell.log.events { replayed.apply(event) }
        #expect(shell.engine.state.lastSequence == replayed.lastSequence, "seed \(seed)")
        #expect(
            shell.engine.state.topicsInOrder.map {
                "\($0.id) \($0.stage) \($0.newest) \($0.comments.count) \($0.members.count)"
            }
                == replayed.topicsInOrder.map {
                    "\($0.id) \($0.stage) \($0.newest) \($0.comments.count) \($0.members.count)"
                },
            "seed \(seed)")
    }

    /// Takes what came: statuses in the order of their tags, events without a gap.
    private func collect(_ shell: TestShell, _ peers: inout [UInt64: Peer], _ seed: UInt64) throws {
        for id in peers.keys.sorted() {
            guard var peer = peers[id] else { continue }
            for line in shell.lines(id) {
                let words = line.split(separator: " ").map(String.init)
                switch words.first {
                case "OK", "NO", "BAD":
                    let tag = try #require(words.first { $0.hasPrefix("#") }, "seed \(seed): \(line)")
                    peer.statuses.append(String(tag.dropFirst()))
                    if line.contains(" log=01J8TEST"), let after = words.first(where: { $0.hasPrefix("after=") }) {
                        peer.position = Int64(after.dropFirst(6))
                    }
                case "EVENT":
                    let previous = Int64(words[2].dropFirst(5))
                    #expect(previous == peer.position, "seed \(seed), connection \(id): \(line)")
                    peer.position = Int64(words[1])
                default: break
                }
            }
            peers[id] = peer
        }
    }

    private func request(_ random: inout SplitMix64, _ round: Int) -> String {
        let topic = "2025-\(Int.random(in: 1...3, using: &random))"
        let revision = Int.random(in: 0...3, using: &random)
        let comment = Int.random(in: 1...12, using: &random)
        let person = Self.people.randomElement(using: &random) ?? "lan"
        let key = Bool.random(using: &random) ? " key=k\(Int.random(in: 0..<30, using: &random))" : ""
        switch Int.random(in: 0..<22, using: &random) {
        case 0: return "ASSIGN \(topic) \(person) as=author\(key)"
        case 1: return "ASSIGN \(topic) \(person) as=reviewer\(key)"
        case 2, 3: return "PUSH \(topic) if=@\(revision)\(key) <<\n# Mở đầu\n\nBản \(round).\n\n# Nội dung\n\nx\n."
        case 4, 5: return "SUBMIT \(topic)\(key)"
        case 6, 7, 8: return "COMMENT \(topic)@\(max(1, revision)) kind=content level=should\(key) <\nÝ kiến \(round)."
        case 9: return "SETTLE C\(comment) as=noted\(key)"
        case 10: return "AGREE C\(comment)\(key)"
        case 11: return "SENDBACK \(topic)\(key) <\nChưa đủ."
        case 12: return "ASSESS \(topic)@\(max(1, revision)) verdict=pass\(key) <\nĐạt."
        case 13: return "ENDORSE P\(Int.random(in: 1...4, using: &random))\(key)"
        case 14: return "COMMENTS \(topic)"
        case 15: return "SHOW \(topic)"
        case 16: return "LOG \(topic) limit=5"
        case 17: return "WATCH"
        case 18: return "ACK \(Int.random(in: 0...40, using: &random))"
        case 19: return "POSTPONE \(topic) dry-run=yes <\nx"
        case 20: return "THREAD C\(comment)"
        default: return "NONSENSE"
        }
    }
}

extension Engine {
    fileprivate func isVisibleForTest(_ event: Event, to person: String) -> Bool {
        PersonID(person).map { state.isVisible(event, to: $0) } ?? false
    }
}
