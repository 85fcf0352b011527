import ReviewTestKit

/// Every choice of a run comes from here, so that a seed is the whole run.
struct Dice {
    private var generator: SplitMix64

    init(seed: UInt64) { generator = SplitMix64(seed: seed) }

    /// A number from 0 up to, not including, a bound; 0 for a bound below 1.
    mutating func below(_ bound: Int) -> Int { bound < 1 ? 0 : Int(generator.next() % UInt64(bound)) }

    /// A number within a range, both ends included.
    mutating func between(_ low: Int64, _ high: Int64) -> Int64 {
        low + Int64(generator.next() % UInt64(max(high - low, 0) + 1))
    }

    /// True so many times in a thousand.
    mutating func chance(perMille: Int) -> Bool { below(1_000) < perMille }

    /// True so many times in a hundred.
    mutating func chance(_ percent: Int) -> Bool { below(100) < percent }

    /// One element; nil of nothing.
    mutating func pick<Element>(_ elements: [Element]) -> Element? {
        elements.isEmpty ? nil : elements[below(elements.count)]
    }

    /// Spreads reconnections.
    mutating func jitter() -> UInt32 { UInt32(truncatingIfNeeded: generator.next()) }
}
