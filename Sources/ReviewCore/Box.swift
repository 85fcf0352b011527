/// An immutable value behind a reference: an array of boxes is copied at a pointer each, however large the values are.
public final class Box<Value: Sendable>: Sendable {
    /// The value.
    public let value: Value

    /// Boxes a value.
    public init(_ value: Value) { self.value = value }
}

/// Values numbered in rising order (comments, reviews), found by binary search and copied cheaply.
///
/// The values stand in chunks of bounded length. Each batch of writes changes a copy of the state, and what a change to a
/// shared list copies is one chunk and a pointer for each of the others, not every value.
public struct NumberedList<Value: Sendable>: Sendable, Sequence {
    fileprivate struct Entry: Sendable {
        let number: Int
        var box: Box<Value>
    }

    /// About the square root of a large topic's comments, where chunk and list of chunks are alike in length.
    private static var chunkLength: Int { 64 }

    private var chunks: [[Entry]] = []
    /// How many there are.
    public private(set) var count = 0

    /// An empty list.
    public init() {}

    /// Whether there are none.
    public var isEmpty: Bool { count == 0 }
    /// The highest number, 0 for an empty list.
    public var highest: Int { chunks.last?.last?.number ?? 0 }

    /// The first place in `0..<count` whose number is `number` or above, when `numberAt` rises.
    private static func place(of number: Int, count: Int, _ numberAt: (Int) -> Int) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if numberAt(middle) < number { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private func index(of number: Int) -> (chunk: Int, entry: Int)? {
        let chunk = Self.place(of: number, count: chunks.count) { chunks[$0].last?.number ?? 0 }
        guard chunk < chunks.count else { return nil }
        let entry = Self.place(of: number, count: chunks[chunk].count) { chunks[chunk][$0].number }
        return entry < chunks[chunk].count && chunks[chunk][entry].number == number ? (chunk, entry) : nil
    }

    /// The value with this number, if there is one.
    public subscript(number: Int) -> Value? { index(of: number).map { chunks[$0.chunk][$0.entry].box.value } }

    /// Whether there is a value with this number.
    func contains(_ number: Int) -> Bool { index(of: number) != nil }

    /// Adds a value whose number is above all others; one that is not, which only a damaged log can bring, is dropped.
    mutating func append(_ value: Value, number: Int) {
        guard number > highest else { return }
        let entry = Entry(number: number, box: Box(value))
        if let last = chunks.indices.last, chunks[last].count < Self.chunkLength {
            chunks[last].append(entry)
        } else {
            chunks.append([entry])
        }
        count += 1
    }

    /// Replaces the value with this number by what `change` makes of it; nothing happens where there is none.
    mutating func update(_ number: Int, _ change: (inout Value) -> Void) {
        guard let (chunk, entry) = index(of: number) else { return }
        var value = chunks[chunk][entry].box.value
        change(&value)
        chunks[chunk][entry].box = Box(value)
    }

    /// Rewrites every value.
    mutating func updateAll(_ change: (inout Value) -> Void) {
        for chunk in chunks.indices {
            for entry in chunks[chunk].indices {
                var value = chunks[chunk][entry].box.value
                change(&value)
                chunks[chunk][entry].box = Box(value)
            }
        }
    }

    /// How many values fit; given in their boxes, since a copy of a large value costs more than a look at it.
    func count(where fits: (Box<Value>) -> Bool) -> Int {
        var count = 0
        for chunk in chunks {
            for entry in chunk where fits(entry.box) { count += 1 }
        }
        return count
    }

    /// Walks the values in the order of their numbers.
    public struct Iterator: IteratorProtocol {
        private let chunks: [[Entry]]
        private var chunk = 0
        private var entry = 0

        fileprivate init(_ chunks: [[Entry]]) { self.chunks = chunks }

        /// The next value.
        public mutating func next() -> Value? {
            while chunk < chunks.count {
                if entry < chunks[chunk].count {
                    entry += 1
                    return chunks[chunk][entry - 1].box.value
                }
                chunk += 1
                entry = 0
            }
            return nil
        }
    }

    /// Walks the values in the order of their numbers.
    public func makeIterator() -> Iterator { Iterator(chunks) }
}
