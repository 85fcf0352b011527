/// Connections in the order of their numbers: one walk over all, without the accidental order of a set.
struct ConnectionList: Sendable {
    private(set) var all: [ConnectionID] = []

    private func place(of id: ConnectionID) -> Int {
        var low = 0
        var high = all.count
        while low < high {
            let middle = (low + high) / 2
            if all[middle] < id { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Adds a connection, once.
    mutating func insert(_ id: ConnectionID) {
        let place = place(of: id)
        if place == all.count || all[place] != id { all.insert(id, at: place) }
    }

    /// Takes a connection out, if it is in.
    mutating func remove(_ id: ConnectionID) {
        let place = place(of: id)
        if place < all.count, all[place] == id { all.remove(at: place) }
    }
}
