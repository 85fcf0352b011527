/// What a target found: a promise that does not hold for these octets.
public struct Finding: Error, Sendable, Equatable, CustomStringConvertible {
    /// The promise that was broken, and what was seen instead.
    public let description: String

    init(_ description: String) { self.description = description }
}

/// One room that is fuzzed: any octets go in, and either every promise holds or the room has a bug.
///
/// The fuzzer of Tests/Fuzz and the ordinary tests run the same body. A trap is a finding too; only the process that
/// runs the body can tell.
public struct FuzzTarget: Sendable {
    /// The name of the target and of its folders under Tests/Fuzz.
    public let name: String
    /// The longest input that the fuzzer makes, in octets: long enough to reach every rule, short enough to be quick.
    public let maximumOctets: Int
    private let body: @Sendable ([UInt8]) throws(Finding) -> Void

    init(_ name: String, maximumOctets: Int, _ body: @escaping @Sendable ([UInt8]) throws(Finding) -> Void) {
        self.name = name
        self.maximumOctets = maximumOctets
        self.body = body
    }

    /// Holds the room to its promises.
    ///
    /// - Throws: `Finding`, the first promise that does not hold.
    public func run(_ octets: [UInt8]) throws(Finding) { try body(octets) }

    /// Every target, in the order in which `make fuzz` runs them.
    public static let all: [FuzzTarget] = [
        FuzzTarget("framer", maximumOctets: 2_048) { octets throws(Finding) in try FramerTarget.run(octets) },
        FuzzTarget("requests", maximumOctets: 2_048) { octets throws(Finding) in try RequestTarget.run(octets) },
        FuzzTarget("replies", maximumOctets: 2_048) { octets throws(Finding) in try ReplyTarget.run(octets) },
        FuzzTarget("records", maximumOctets: 1_024) { octets throws(Finding) in try RecordTarget.run(octets) },
        FuzzTarget("plan", maximumOctets: 4_096) { octets throws(Finding) in try PlanTarget.run(octets) },
        FuzzTarget("people", maximumOctets: 2_048) { octets throws(Finding) in try PeopleTarget.run(octets) },
        FuzzTarget("anchors", maximumOctets: 4_096) { octets throws(Finding) in try TextTarget.run(octets) },
        FuzzTarget("session", maximumOctets: 2_048) { octets throws(Finding) in try SessionTarget.run(octets) },
        FuzzTarget("word", maximumOctets: 4_096) { octets throws(Finding) in try WordTarget.run(octets) },
    ]

    /// The target of a name; nil when there is none.
    public static func named(_ name: String) -> FuzzTarget? { all.first { $0.name == name } }
}

/// A promise: throws when it does not hold.
func promise(_ isKept: Bool, _ broken: @autoclosure () -> String) throws(Finding) {
    if !isKept { throw Finding(broken()) }
}

/// Octets for a message: printable ones as they are, the others as `\xHH`.
func shown(_ octets: some Sequence<UInt8>) -> String {
    var text = ""
    for octet in octets {
        if octet >= 0x20, octet < 0x7F, octet != 0x5C {
            text.unicodeScalars.append(Unicode.Scalar(octet))
        } else {
            text += "\\x" + (octet < 16 ? "0" : "") + String(octet, radix: 16)
        }
    }
    return text
}

/// Values made from the fuzzer's octets: every octet decides something, so a changed octet makes a nearby value.
struct Genes {
    private let octets: ArraySlice<UInt8>
    private var place: Int

    init(_ octets: some Collection<UInt8>) {
        self.octets = Array(octets)[...]
        place = self.octets.startIndex
    }

    /// Whether everything was used up; what is asked for afterwards is zero.
    var isEmpty: Bool { place >= octets.endIndex }

    mutating func octet() -> UInt8 {
        guard place < octets.endIndex else { return 0 }
        defer { place += 1 }
        return octets[place]
    }

    /// A number from 0 below a bound of at most 256.
    mutating func below(_ bound: Int) -> Int { bound <= 1 ? 0 : Int(octet()) % bound }

    /// A 64-bit number whose size varies with the first octet.
    mutating func number() -> Int64 {
        var value: UInt64 = 0
        for _ in 0..<below(9) { value = value << 8 | UInt64(octet()) }
        return Int64(bitPattern: value)
    }

    mutating func choice<Value>(_ values: [Value], or other: Value) -> Value {
        values.isEmpty ? other : values[below(values.count)]
    }

    /// The octets up to the next FF hex, which never stands in UTF-8.
    mutating func piece() -> ArraySlice<UInt8> {
        let start = place
        while place < octets.endIndex, octets[place] != 0xFF { place += 1 }
        defer { place = min(place + 1, octets.endIndex) }
        return octets[start..<place]
    }

    /// The text up to the next FF hex; what is no UTF-8 is replaced.
    mutating func text() -> String { String(decoding: piece(), as: UTF8.self) }
}
