/// The lines that were entered, oldest first.
public struct History: Sendable, Hashable {
    /// How many lines are kept.
    public let capacity: Int
    /// The lines, oldest first.
    public private(set) var lines: [String] = []

    /// Begins with lines of earlier days.
    public init(_ lines: [String] = [], capacity: Int = 1_000) {
        self.capacity = max(capacity, 0)
        for line in lines { add(line) }
    }

    /// Keeps a line, unless it is empty, repeats the one before, or begins with a space, by which people ask for that.
    public mutating func add(_ line: String) {
        guard let first = line.first, first != " ", lines.last != line, capacity > 0 else { return }
        lines.append(line)
        if lines.count > capacity { lines.removeFirst(lines.count - capacity) }
    }

    /// The nearest line older than the position that begins with the prefix; composed and decomposed letters are equal.
    func older(than position: Int, prefix: String) -> Int? {
        lines[..<min(max(position, 0), lines.count)].lastIndex { $0.hasPrefix(prefix) }
    }

    /// The nearest line newer than the position that begins with the prefix.
    func newer(than position: Int, prefix: String) -> Int? {
        guard position + 1 < lines.count else { return nil }
        return lines[max(position + 1, 0)...].firstIndex { $0.hasPrefix(prefix) }
    }
}
