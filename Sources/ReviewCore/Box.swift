/// An immutable value behind a reference: an array of boxes is copied at a pointer each, however large the values are.
public final class Box<Value: Sendable>: Sendable {
    /// The value.
    public let value: Value

    /// Boxes a value.
    public init(_ value: Value) { self.value = value }
}

/// Values numbered in rising order (comments, reviews), found by binary search and copied cheaply.
public struct NumberedList<Value: Sendable>: Sendable, Sequence {
    private var numbers: [Int] = []
    private var boxes: [Box<Value>] = []

    /// An empty list.
    public init() {}

    /// How many there are.
    public var count: Int { boxes.count }
    /// Whether there are none.
    public var isEmpty: Bool { boxes.isEmpty }
    /// The highest number, 0 for an empty list.
    public var highest: Int { numbers.last ?? 0 }

    private func index(of number: Int) -> Int? {
        var low = 0
        var high = numbers.count
        while low < high {
            let middle = (low + high) / 2
            if numbers[middle] < number { low = middle + 1 } else { high = middle }
        }
        return low < numbers.count && numbers[low] == number ? low : nil
    }

    /// The value with this number, if there is one.
    public subscript(number: Int) -> Value? { index(of: number).map { boxes[$0].value } }

    /// Adds a value whose number is above all others; one that is not, which only a damaged log can bring, is dropped.
    mutating func append(_ value: Value, number: Int) {
        guard number > highest else { return }
        numbers.append(number)
        boxes.append(Box(value))
    }

    /// Replaces the value with this number by what `change` makes of it; nothing happens where there is none.
    mutating func update(_ number: Int, _ change: (inout Value) -> Void) {
        guard let position = index(of: number) else { return }
        var value = boxes[position].value
        change(&value)
        boxes[position] = Box(value)
    }

    /// Rewrites every value.
    mutating func updateAll(_ change: (inout Value) -> Void) {
        for position in boxes.indices {
            var value = boxes[position].value
            change(&value)
            boxes[position] = Box(value)
        }
    }

    /// Walks the values in the order of their numbers.
    public func makeIterator() -> AnyIterator<Value> {
        var iterator = boxes.makeIterator()
        return AnyIterator { iterator.next()?.value }
    }
}
