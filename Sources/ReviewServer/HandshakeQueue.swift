import NIOCore

/// Lets TLS handshakes begin a few at a time, between the work of those who are in.
///
/// A handshake costs a loop about a third of a millisecond that cannot be divided. Thousands that come in the same moment
/// would otherwise be served in one go, while everybody else waits for all of them. The addresses take turns, so that a
/// crowd from one waits longer than the one from another.
///
/// One for each event loop, and used on that loop only.
final class HandshakeQueue {
    /// Handshakes that begin before the loop looks at its sockets again.
    static let atOnce = 4
    /// A little later, not at once: the loop runs whatever may run at once before it looks at its sockets again.
    static let breath = TimeAmount.microseconds(50)

    /// Begins a handshake; false when its connection has gone.
    typealias Begin = () -> Bool

    private let loop: any EventLoop
    private var waiting: [String: CircularBuffer<Begin>] = [:]
    /// The addresses for whom something waits, the next one first.
    private var turns = CircularBuffer<String>()
    /// Handshakes that began since the loop last looked at its sockets.
    private var begun = 0
    private var isScheduled = false

    init(loop: any EventLoop) { self.loop = loop }

    /// How many wait.
    var count: Int { waiting.values.reduce(0) { $0 + $1.count } }

    /// Begins now, or when the address's turn comes.
    func submit(_ address: String, _ begin: @escaping Begin) {
        schedule()
        if begun < Self.atOnce, turns.isEmpty {
            if begin() { begun += 1 }
            return
        }
        if waiting[address] == nil { turns.append(address) }
        waiting[address, default: CircularBuffer(initialCapacity: 1)].append(begin)
    }

    private func schedule() {
        guard !isScheduled else { return }
        isScheduled = true
        // From when this round's work is done: a handshake takes longer than the breath.
        let loop = loop.assumeIsolated()
        loop.execute { loop.scheduleTask(in: Self.breath) { self.step() } }
    }

    private func step() {
        isScheduled = false
        begun = 0
        while begun < Self.atOnce, let address = turns.popFirst() {
            guard let begin = waiting[address]?.popFirst() else { continue }
            if waiting[address]?.isEmpty == true {
                waiting[address] = nil
            } else {
                turns.append(address)
            }
            if begin() { begun += 1 }
        }
        // Also when nobody waits: what began counts until the loop has looked at its sockets.
        if begun > 0 || !turns.isEmpty { schedule() }
    }
}
