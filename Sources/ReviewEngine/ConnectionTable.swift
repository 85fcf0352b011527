/// The connections by their numbers.
///
/// A dictionary would give copies of its values, and a copy of a connection takes a dozen reference counts; here it is read
/// and changed where it lies. A place is good until the next connection is removed. The accessors are inlined: as
/// functions of their own each would take its frame from the heap.
struct ConnectionTable: Sendable {
    /// The connections in no particular order.
    struct Values: Sendable {
        fileprivate var slots: [Connection?] = []

        /// All places.
        var indices: Range<Int> { slots.indices }

        /// The connection at a place that `index(forKey:)` gave; any other place is our own mistake, as with an array.
        // swift-format-ignore: NeverForceUnwrap
        subscript(place: Int) -> Connection {
            @inline(__always) _read { yield slots[place]! }
            @inline(__always) _modify { yield &slots[place]! }
        }
    }

    /// The connections.
    var values = Values()
    private var places: [ConnectionID: Int] = [:]

    /// How many there are.
    var count: Int { places.count }

    /// Their numbers, in no particular order.
    var keys: [ConnectionID] { Array(places.keys) }

    /// Where a connection is.
    func index(forKey id: ConnectionID) -> Int? { places[id] }

    /// A connection; nil when there is none, and setting nil removes it.
    subscript(id: ConnectionID) -> Connection? {
        @inline(__always) _read {
            if let place = places[id] { yield values.slots[place] } else { yield nil }
        }
        @inline(__always) _modify {
            if let place = places[id] {
                defer { if values.slots[place] == nil { vacate(place, of: id) } }
                yield &values.slots[place]
            } else {
                var added: Connection?
                defer {
                    if let added {
                        places[id] = values.slots.count
                        values.slots.append(added)
                    }
                }
                yield &added
            }
        }
    }

    /// Fills the place of a connection that is gone with the last one.
    private mutating func vacate(_ place: Int, of id: ConnectionID) {
        places[id] = nil
        let last = values.slots.count - 1
        if place != last {
            values.slots.swapAt(place, last)
            if let moved = values.slots[place] { places[moved.id] = place }
        }
        values.slots.removeLast()
    }
}
