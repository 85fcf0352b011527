import ReviewEngine

/// The connections, and what one turn of the engine wants done on each, in the order in which they came up.
///
/// - `Port`: the way to a connection.
struct Outbox<Port> {
    /// A connection; an object, so that a turn looks it up once.
    fileprivate final class Peer {
        let port: Port
        var actions: [ConnectionAction] = []

        init(_ port: Port) { self.port = port }
    }

    /// The longest list that a connection keeps: less than a hundred octets.
    private static var keptActions: Int { 4 }

    /// Octets to be sent.
    private(set) var octets = 0
    private var peers: [ConnectionID: Peer] = [:]
    /// Those with something to do.
    private var due: [Peer] = []

    /// How many connections there are.
    var count: Int { peers.count }

    /// Every way, in the order of the connections' numbers.
    var ports: [Port] { peers.sorted { $0.key < $1.key }.map(\.value.port) }

    /// Takes a connection in.
    mutating func connect(_ connection: ConnectionID, _ port: Port) { peers[connection] = Peer(port) }

    /// Takes a connection out, with what it was to do; whether it was in.
    mutating func disconnect(_ connection: ConnectionID) -> Bool {
        guard let peer = peers.removeValue(forKey: connection) else { return false }
        peer.actions = []
        return true
    }

    /// Adds something to do; nothing for a connection that is gone.
    mutating func add(_ action: ConnectionAction, for connection: ConnectionID) {
        guard let peer = peers[connection] else { return }
        if case .send(let sent) = action { octets += sent.count }
        if peer.actions.isEmpty { due.append(peer) }
        peer.actions.append(action)
    }

    /// Takes everything out, and leaves nothing.
    mutating func take() -> Deliveries {
        defer {
            octets = 0
            due = []
        }
        return Deliveries(peers: due)
    }

    /// What a turn has for the connections; they may come and go while it is handed out.
    struct Deliveries {
        fileprivate let peers: [Peer]

        /// Hands out what is still wanted.
        func perform(_ body: (Port, [ConnectionAction]) -> Void) {
            for peer in peers {
                var actions: [ConnectionAction] = []
                swap(&actions, &peer.actions)
                if actions.isEmpty { continue }
                body(peer.port, actions)
                // What a watcher gets with each event needs no new list each time; a long one is let go of.
                if peer.actions.isEmpty, actions.capacity <= Outbox.keptActions {
                    actions.removeAll(keepingCapacity: true)
                    swap(&actions, &peer.actions)
                }
            }
        }
    }
}
