/// A person's account name: `[a-z0-9][a-z0-9._-]{1,31}` (specification §5).
public struct PersonID: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The name as written, 2 to 32 octets of ASCII.
    public let text: String

    /// Reads a name; nil when it is not one.
    public init?(_ text: String) {
        guard isAccountName(text) else { return nil }
        self.text = text
    }

    private init(known text: String) { self.text = text }

    /// Stands where an event lost its person, which only a damaged log can have.
    static let unknown = PersonID(known: "unknown.person")

    /// The name as written.
    public var description: String { text }

    /// Orders by octets, so that lists are the same on every machine.
    public static func < (left: PersonID, right: PersonID) -> Bool { left.text < right.text }
}

/// An office's short name, of the same form as a person's (specification §5).
public struct OfficeID: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The name as written, 2 to 32 octets of ASCII.
    public let text: String

    /// Reads a name; nil when it is not one.
    public init?(_ text: String) {
        guard isAccountName(text) else { return nil }
        self.text = text
    }

    private init(known text: String) { self.text = text }

    /// The built-in office of the Director and the deputies (Ban lãnh đạo; specification §9).
    public static let leadership = OfficeID(known: "leadership")

    /// The name as written.
    public var description: String { text }

    /// Orders by octets.
    public static func < (left: OfficeID, right: OfficeID) -> Bool { left.text < right.text }
}

private func isAccountName(_ text: String) -> Bool {
    let octets = text.utf8
    guard (2...32).contains(octets.count), let first = octets.first else { return false }
    func isLetterOrDigit(_ octet: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(octet)
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(octet)
    }
    return isLetterOrDigit(first)
        && octets.dropFirst().allSatisfy {
            isLetterOrDigit($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-")
        }
}

/// Reads a decimal number without sign or leading zero, at most nine digits, so that no arithmetic can overflow.
func smallNumber(_ octets: ArraySlice<UInt8>) -> Int? {
    guard (1...9).contains(octets.count), octets.first != UInt8(ascii: "0") || octets.count == 1 else { return nil }
    var value = 0
    for octet in octets {
        guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(octet) else { return nil }
        value = value * 10 + Int(octet - UInt8(ascii: "0"))
    }
    return value
}

/// Reads a letter in either case and a number from 1.
///
/// By octets: the first character may be the letter with a mark on it, and is then another one.
private func smallNumber(_ octets: ArraySlice<UInt8>, after letter: UInt8) -> Int? {
    guard let first = octets.first, first | 0x20 == letter, let number = smallNumber(octets.dropFirst()), number >= 1
    else { return nil }
    return number
}

/// A topic: year and number in its plan, `2025-1` (specification §5).
public struct TopicID: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The plan's year, 1900 to 9999.
    public let year: Int
    /// The topic's number in the plan, 1 to 999.
    public let number: Int

    /// Makes an identifier; nil when a part is out of bounds.
    public init?(year: Int, number: Int) {
        guard (1900...9999).contains(year), (1...999).contains(number) else { return nil }
        self.year = year
        self.number = number
    }

    /// Reads `2025-1`; nil when it is not one.
    public init?(_ text: String) { self.init(octets: ArraySlice(text.utf8)) }

    /// Reads `2025-1`; nil when it is not one.
    public init?(_ text: Substring) { self.init(octets: ArraySlice(text.utf8)) }

    fileprivate init?(octets: ArraySlice<UInt8>) {
        // A second hyphen would stand in the number, where it is no digit.
        guard let hyphen = octets.firstIndex(of: UInt8(ascii: "-")), let year = smallNumber(octets[..<hyphen]),
            let number = smallNumber(octets[(hyphen + 1)...])
        else { return nil }
        self.init(year: year, number: number)
    }

    /// `2025-1`.
    public var description: String { "\(year)-\(number)" }

    /// The code printed in papers: `CĐ1/2025`.
    public var code: String { "CĐ\(number)/\(year)" }

    /// Orders by year, then number.
    public static func < (left: TopicID, right: TopicID) -> Bool {
        (left.year, left.number) < (right.year, right.number)
    }
}

/// One revision of one topic: `2025-1@3` (specification §5).
public struct RevisionID: Hashable, Sendable, CustomStringConvertible {
    /// The topic.
    public let topic: TopicID
    /// The revision's number, from 1.
    public let number: Int

    /// Names revision `number` of `topic`.
    public init(_ topic: TopicID, _ number: Int) {
        self.topic = topic
        self.number = number
    }

    /// Reads `2025-1@3`; nil when it is not one.
    public init?(_ text: String) {
        let octets = ArraySlice(text.utf8)
        guard let sign = octets.firstIndex(of: UInt8(ascii: "@")), let topic = TopicID(octets: octets[..<sign]),
            let number = smallNumber(octets[(sign + 1)...]), number >= 1
        else { return nil }
        self.init(topic, number)
    }

    /// `2025-1@3`.
    public var description: String { "\(topic)@\(number)" }
}

/// A comment, numbered over all topics: `C88` (specification §5).
public struct CommentID: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The number, from 1.
    public let number: Int

    /// Names comment `number`.
    public init(_ number: Int) { self.number = number }

    /// Reads `C88` (or `c88`, as people type it); nil when it is not one.
    public init?(_ text: String) {
        guard let number = smallNumber(ArraySlice(text.utf8), after: UInt8(ascii: "c")) else { return nil }
        self.number = number
    }

    /// Reads `C88` (or `c88`, as people type it); nil when it is not one.
    public init?(_ text: Substring) {
        guard let number = smallNumber(ArraySlice(text.utf8), after: UInt8(ascii: "c")) else { return nil }
        self.number = number
    }

    /// `C88`.
    public var description: String { "C\(number)" }

    /// Orders by number, which is the order of posting.
    public static func < (left: CommentID, right: CommentID) -> Bool { left.number < right.number }
}

/// A review (phiếu nhận xét, phản biện), numbered over all topics: `P5` (specification §5).
public struct ReviewID: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The number, from 1.
    public let number: Int

    /// Names review `number`.
    public init(_ number: Int) { self.number = number }

    /// Reads `P5` (or `p5`); nil when it is not one.
    public init?(_ text: String) {
        guard let number = smallNumber(ArraySlice(text.utf8), after: UInt8(ascii: "p")) else { return nil }
        self.number = number
    }

    /// `P5`.
    public var description: String { "P\(number)" }

    /// Orders by number.
    public static func < (left: ReviewID, right: ReviewID) -> Bool { left.number < right.number }
}
