/// The place of a section in a document: `II.1.2` (specification §5).
///
/// Numbers come from the position of the heading, whatever the author typed. The first is written in Roman numerals up
/// to 3999 and in plain digits beyond; the text before the first heading has no path and is written `0`.
public struct SectionPath: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The numbers from the top level down, each at least 1; never empty.
    public let numbers: [Int]

    /// The deepest level of a path, that of a heading with six `#`.
    public static let maximumDepth = 6

    /// A path of the given numbers; nil when there is none, one is below 1, or they are too many.
    public init?(_ numbers: [Int]) {
        guard !numbers.isEmpty, numbers.count <= Self.maximumDepth, numbers.allSatisfy({ (1...9_999_999).contains($0) })
        else { return nil }
        self.numbers = numbers
    }

    /// The path in its written form, Roman numerals in either case; nil when it is not one.
    public init?(_ text: String) {
        let parts = text.utf8.split(separator: 0x2E, omittingEmptySubsequences: false)
        guard let first = parts.first, parts.count <= Self.maximumDepth else { return nil }
        var numbers: [Int] = []
        if let roman = Self.number(roman: first) {
            numbers.append(roman)
        } else if let plain = Self.number(first), plain > 3999 {
            numbers.append(plain)
        } else {
            return nil
        }
        for part in parts.dropFirst() {
            guard let number = Self.number(part) else { return nil }
            numbers.append(number)
        }
        self.init(numbers)
    }

    /// The path of the enclosing section; nil at the top level.
    public var parent: SectionPath? { SectionPath(Array(numbers.dropLast())) }

    /// Whether `other` is this section or lies inside it.
    public func contains(_ other: SectionPath) -> Bool { other.numbers.starts(with: numbers) }

    /// The written form, `II.1.2`.
    public var description: String {
        numbers.enumerated().map { $0.offset == 0 ? Self.roman($0.element) : String($0.element) }
            .joined(separator: ".")
    }

    /// The order of the document: a section before its subsections, those before the next section.
    public static func < (left: SectionPath, right: SectionPath) -> Bool {
        left.numbers.lexicographicallyPrecedes(right.numbers)
    }

    /// A number of one to seven digits without a leading zero.
    static func number(_ digits: some Collection<UInt8>) -> Int? {
        guard let first = digits.first, first != 0x30, digits.count <= 7 else { return nil }
        var value = 0
        for digit in digits {
            guard digit >= 0x30, digit <= 0x39 else { return nil }
            value = value * 10 + Int(digit - 0x30)
        }
        return value
    }

    private static let numerals: [(value: Int, text: String)] = [
        (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"),
        (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
    ]

    /// A number from 1 to 3999 as a Roman numeral; any other one in digits.
    public static func roman(_ number: Int) -> String {
        guard (1...3999).contains(number) else { return String(number) }
        var rest = number
        var text = ""
        for (value, numeral) in numerals {
            while rest >= value {
                text += numeral
                rest -= value
            }
        }
        return text
    }

    /// The value of a Roman numeral; nil unless it is the one way to write that number.
    private static func number(roman octets: some Collection<UInt8>) -> Int? {
        guard octets.count <= 15 else { return nil }
        let upper = String(decoding: octets.map { (0x61...0x7A).contains($0) ? $0 - 0x20 : $0 }, as: UTF8.self)
        var rest = Substring(upper)
        var value = 0
        for (weight, numeral) in numerals {
            while rest.utf8.starts(with: numeral.utf8) {
                rest.removeFirst(numeral.utf8.count)
                value += weight
            }
        }
        return rest.isEmpty && value > 0 && value <= 3999 && roman(value) == upper ? value : nil
    }
}
