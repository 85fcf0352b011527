import Glibc
import Synchronization

/// What the network thread has to say to the main thread.
enum Arrival: Sendable {
    /// The TLS connection of this number stands.
    case connected(Int)
    /// Octets of a connection.
    case octets(Int, [UInt8])
    /// Octets of a request that goes in pieces went out on a connection: so many of so many.
    case wentOut(Int, gone: Int, whole: Int)
    /// A connection ended, or could not be made.
    case ended(Int, WireError)
    /// Something that was done in the background, by its number: what came of it.
    case done(Int, any Sendable)
    /// The certificates that a server showed, as DER: its own first.
    case certificates(Int, [[UInt8]])
}

/// Hands arrivals from the network thread to the main thread, which sleeps in `poll` on this and on the keyboard together.
final class Mailbox: Sendable {
    private struct Content {
        var arrivals: [Arrival] = []
        var octets = 0
        var isFull = false
    }

    /// When so many octets have arrived and nobody has taken them, no more are read: the main thread may be at a password or
    /// in an editor for an hour.
    private static let largestOctets = 1_048_576

    private let content = Mutex(Content())
    private let readEnd: Int32
    private let writeEnd: Int32

    /// Opens the pipe that wakes the main thread.
    init() throws(WireError) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw WireError.other(World.reason(errno)) }
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        readEnd = ends[0]
        writeEnd = ends[1]
    }

    /// Wakes the main thread also when the window changes its size, whichever thread the signal reaches.
    func wakeWhenTheWindowChanges() {
        Self.wakened.store(writeEnd, ordering: .relaxed)
        signal(SIGWINCH) { _ in
            // Calls only what POSIX allows in a handler.
            let former = errno
            var octet: UInt8 = 1
            _ = write(Mailbox.wakened.load(ordering: .relaxed), &octet, 1)
            errno = former
        }
    }

    /// Where the handler writes; there is one mailbox for the program's life.
    private static let wakened = Atomic<Int32>(-1)

    deinit {
        _ = Self.wakened.compareExchange(expected: writeEnd, desired: -1, ordering: .relaxed)
        close(readEnd)
        close(writeEnd)
    }

    /// Called on the network thread; answers whether nothing more should be read before somebody has taken it.
    @discardableResult
    func put(_ arrival: Arrival) -> Bool {
        let (wasEmpty, isFull) = content.withLock { content in
            content.arrivals.append(arrival)
            if case .octets(_, let octets) = arrival { content.octets += octets.count }
            content.isFull = content.octets >= Self.largestOctets
            return (content.arrivals.count == 1, content.isFull)
        }
        // One octet in the pipe is enough; when it is full, the main thread will wake anyway.
        if wasEmpty {
            var octet: UInt8 = 1
            _ = write(writeEnd, &octet, 1)
        }
        return isFull
    }

    /// Takes everything that has arrived; says whether reading had to stop for it.
    func take() -> (arrivals: [Arrival], wasFull: Bool) {
        var octets = [UInt8](repeating: 0, count: 64)
        while read(readEnd, &octets, octets.count) > 0 {}
        return content.withLock { content in
            defer { content = Content() }
            return (content.arrivals, content.isFull)
        }
    }

    /// Sleeps until something arrives, a key may be read from `descriptor`, or the time is over.
    ///
    /// Returns whether there is something to read from `descriptor`.
    func wait(milliseconds: Int?, descriptor: Int32? = nil) -> Bool {
        var watched = [pollfd(fd: readEnd, events: Int16(POLLIN), revents: 0)]
        if let descriptor { watched.append(pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)) }
        let timeout = milliseconds.map { Int32(clamping: max($0, 0)) } ?? -1
        guard poll(&watched, nfds_t(watched.count), timeout) > 0 else { return false }
        return descriptor != nil && watched[1].revents != 0
    }
}
