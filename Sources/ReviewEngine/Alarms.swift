import ReviewCore

/// Something that has to be looked at, at an instant.
///
/// Whether it still matters is decided then, so nothing is ever taken out of the middle.
struct Alarm: Sendable {
    /// What has to be looked at.
    enum Kind: Sendable {
        /// Nobody has logged in.
        case login
        /// No request came.
        case idle
        /// The delayed answer to a login.
        case delay
        /// A quiet subscription gets its SYNC.
        case sync
    }

    /// When.
    let instant: Instant
    /// Whose.
    let connection: ConnectionID
    /// What.
    let kind: Kind
}

/// All alarms as a binary heap: the earliest one is at hand, adding and taking cost O(log n).
struct Alarms: Sendable {
    private var heap: [Alarm] = []

    /// The earliest instant.
    var earliest: Instant? { heap.first?.instant }

    /// How many there are, those included that matter no more.
    var count: Int { heap.count }

    /// Forgets the others.
    mutating func keep(where matters: (Alarm) -> Bool) {
        // Sorted by time an array is a heap.
        heap = heap.filter(matters).sorted { $0.instant < $1.instant }
    }

    /// Adds an alarm.
    mutating func add(_ deadline: Alarm) {
        heap.append(deadline)
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard heap[child].instant < heap[parent].instant else { return }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    /// Moves every alarm by the same distance, which keeps their order.
    mutating func move(milliseconds: Int64) {
        for index in heap.indices {
            let alarm = heap[index]
            heap[index] = Alarm(
                instant: alarm.instant.adding(milliseconds: milliseconds), connection: alarm.connection,
                kind: alarm.kind)
        }
    }

    /// Takes the earliest alarm if its time has come.
    mutating func take(at now: Instant) -> Alarm? {
        guard let first = heap.first, first.instant <= now else { return nil }
        let last = heap.removeLast()
        guard !heap.isEmpty else { return first }
        heap[0] = last
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2]
            where child < heap.count && heap[child].instant < heap[least].instant {
                least = child
            }
            guard least != parent else { return first }
            heap.swapAt(parent, least)
            parent = least
        }
    }
}
