/// Octets that have arrived and are not yet used up.
///
/// Remembers how far it has searched for a line's end, so that a line which arrives octet by octet is searched once,
/// not once per octet.
struct OctetBuffer: Sendable {
    /// What a search for the end of a line found.
    enum Scan: Equatable {
        /// No LF yet, and the line may still be within its bound.
        case more
        /// A whole line: its content without LF and without one CR before it, and where the next line begins.
        case line(content: Range<Int>, next: Int)
        /// The line is longer than its bound, whether its end has arrived or not.
        case overBound
    }

    private(set) var octets: [UInt8] = []
    private(set) var head = 0
    private var searched = 0

    /// Octets not yet used up.
    var count: Int { octets.count - head }

    /// The first octet not yet used up.
    var first: UInt8? { head < octets.count ? octets[head] : nil }

    /// Adds octets.
    ///
    /// Used-up room is reclaimed here when it is at least half, so the cost per octet stays constant.
    mutating func append(_ new: some Sequence<UInt8>) {
        if head == octets.count {
            octets.removeAll(keepingCapacity: true)
            head = 0
            searched = 0
        } else if head >= 4_096, head >= octets.count / 2 {
            octets.removeSubrange(..<head)
            searched -= head
            head = 0
        }
        octets.append(contentsOf: new)
    }

    /// Searches the line that begins at the head.
    ///
    /// `bound` is the longest content in octets, without the line's end.
    mutating func scanLine(bound: Int) -> Scan {
        var index = max(searched, head)
        let end = octets.count
        while index < end, octets[index] != Octet.lineFeed { index += 1 }
        guard index < end else {
            searched = end
            // A CR at the very end may be the first half of CR LF, which is not content.
            let held = end - head
            let content = held > 0 && octets[end - 1] == Octet.carriageReturn ? held - 1 : held
            return content > bound ? .overBound : .more
        }
        searched = index
        let stop = index > head && octets[index - 1] == Octet.carriageReturn ? index - 1 : index
        return stop - head > bound ? .overBound : .line(content: head..<stop, next: index + 1)
    }

    /// Uses up the octets before an index.
    mutating func consume(to index: Int) {
        head = index
    }

    /// Gives a large room back once everything in it is used up: a connection that waits, or is idle, costs little.
    mutating func shrink() {
        if head == octets.count, octets.capacity > Self.keptOctets { clear() }
    }

    /// Most requests have room in so many octets; allocating them anew each time would be felt.
    private static let keptOctets = 4_096

    /// Forgets everything.
    mutating func clear() {
        octets = []
        head = 0
        searched = 0
    }
}
