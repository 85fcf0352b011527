import ReviewEngine

/// What one turn of the engine wants done, gathered by connection in the order in which the connections came up.
struct Outbox {
    /// Octets to be sent.
    private(set) var octets = 0
    private var places: [ConnectionID: Int] = [:]
    private var lists: [(connection: ConnectionID, actions: [ConnectionAction])] = []

    mutating func add(_ action: ConnectionAction, for connection: ConnectionID) {
        if case .send(let sent) = action { octets += sent.count }
        if let place = places[connection] {
            lists[place].actions.append(action)
        } else {
            places[connection] = lists.count
            lists.append((connection, [action]))
        }
    }

    /// Everything, and leaves nothing.
    mutating func take() -> [(connection: ConnectionID, actions: [ConnectionAction])] {
        let taken = lists
        self = Outbox()
        return taken
    }
}
