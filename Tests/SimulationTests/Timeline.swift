import ReviewEngine

/// What can happen next, anywhere in the simulated office.
enum Happening {
    /// A person at a desk wants something.
    case think(desk: Int)
    /// A desk starts its client, or starts it again.
    case startSession(desk: Int)
    /// A slow desk reads again.
    case readAgain(desk: Int)
    /// The timer of a client session.
    case deskTimer(desk: Int, ticket: Int)
    /// A person types another password.
    case offerSecret(desk: Int)
    /// A request that was put off is sent again.
    case sendAgain(desk: Int, sending: Int)
    /// A connection is there, or is refused because nobody listens.
    case connect(link: Int)
    /// Octets move.
    case flowToServer(link: Int)
    case flowToClient(link: Int)
    /// A side notices that the connection is gone.
    case serverNotices(link: Int)
    case clientNotices(link: Int)
    /// The server's loop.
    case turn(process: Int)
    case frame(process: Int, link: Int)
    case serverTimer(process: Int, ticket: Int)
    /// The batch reaches the disk; then the server learns of it.
    case commit(process: Int)
    case answer(process: Int, Input)
    /// The end of a process, and the beginning of the next one.
    case crash
    case stop
    case giveUp(process: Int)
    case startProcess(process: Int)
    /// Something goes wrong, or is mended.
    case trouble
    case mend
    /// Live state and log are compared.
    case compare
}

/// The one order of everything: by virtual time in milliseconds, and in the order of scheduling within the same
/// millisecond.
struct Timeline {
    private struct Entry {
        let time: Int64
        let order: UInt64
        let happening: Happening

        func precedes(_ other: Entry) -> Bool { (time, order) < (other.time, other.order) }
    }

    private var heap: [Entry] = []
    private var scheduled: UInt64 = 0
    /// Virtual milliseconds since the beginning; never goes back.
    private(set) var now: Int64 = 0

    /// Schedules something so many milliseconds from now.
    mutating func after(_ milliseconds: Int64, _ happening: Happening) {
        scheduled += 1
        heap.append(Entry(time: now + max(milliseconds, 0), order: scheduled, happening: happening))
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard heap[child].precedes(heap[parent]) else { return }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    /// Takes the next happening, and moves the time to it.
    mutating func next() -> Happening? {
        guard let first = heap.first, let last = heap.popLast() else { return nil }
        now = first.time
        guard !heap.isEmpty else { return first.happening }
        heap[0] = last
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count && heap[child].precedes(heap[least])
            {
                least = child
            }
            guard least != parent else { return first.happening }
            heap.swapAt(parent, least)
            parent = least
        }
    }
}
