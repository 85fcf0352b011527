/// The connections by their numbers.
///
/// A dictionary would give copies of its values, and a copy of a connection takes a dozen reference counts; here it is changed
/// where it lies, and of a place only what is asked for is copied. A place is good until the next connection is removed. What
/// every request passes therefore asks for a place first, instead of chaining (`connections[id]?.…`).
///
/// The accessors that change are inlined, for which each must yield at one point only, and be left at one. None that reads is
/// a coroutine: where it is not inlined, as in every debug build, the compiler (6.3) lets go of a part of what was read by its
/// place in the coroutine's frame, after the frame was given back and may be somebody else's.
struct ConnectionTable: Sendable {
    /// The connections in no particular order.
    struct Values: Sendable {
        /// The first one stays empty: it stands for connections that are not there.
        fileprivate var slots: [Connection?] = [nil]

        /// All places.
        var indices: Range<Int> { 1..<slots.count }

        /// The connection at a place that `index(forKey:)` gave; any other place is our own mistake, as with an array.
        // swift-format-ignore: NeverForceUnwrap
        subscript(place: Int) -> Connection {
            @inline(__always) get { slots[place]! }
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
        get { values.slots[places[id] ?? 0] }
        @inline(__always) _modify {
            let place = places[id] ?? 0
            defer { if (values.slots[place] == nil) != (place == 0) { settle(place, id) } }
            yield &values.slots[place]
        }
    }

    /// Gives an added connection its place, and takes that of a removed one away.
    private mutating func settle(_ place: Int, _ id: ConnectionID) {
        guard place == 0 else { return vacate(place, of: id) }
        places[id] = values.slots.count
        values.slots.append(values.slots[0].take())
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
