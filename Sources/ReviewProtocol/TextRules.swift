/// Which characters the protocol lets pass (specification §1.2).
///
/// A text is valid UTF-8 without C0 controls, DEL, C1 controls, characters that turn the direction of writing, and
/// zero-width characters. TAB is allowed in bodies; LF ends the lines of a body, and one CR just before it is tolerated.
public enum TextRules {
    /// Where a text stands, which decides whether TAB and line ends may be in it.
    public enum Place: Sendable {
        /// One line: an argument or a whole command line.
        case line
        /// A body of any number of lines.
        case body
    }

    /// The first character that may not pass.
    public struct Fault: Error, Sendable, Equatable {
        /// `utf8`, `control` or `bidi`.
        public var code: BadCode
        /// The line of the text, counted from 1.
        public var line: Int
        /// The column in that line, counted from 1 in Unicode scalars, as editors count.
        public var column: Int
        /// What stands there: `U+202E`, or `0xFF` for an octet that is no UTF-8.
        public var found: String

        /// A fault at a place.
        public init(code: BadCode, line: Int, column: Int, found: String) {
            self.code = code
            self.line = line
            self.column = column
            self.found = found
        }
    }

    /// The first fault of a text, or nil.
    ///
    /// Linear in the number of octets; plain ASCII takes the fast way.
    public static func fault(in octets: [UInt8], place: Place) -> Fault? {
        fault(in: octets, octets.startIndex..<octets.endIndex, place: place)
    }

    /// The first fault of a string, or nil.
    public static func fault(in text: String, place: Place) -> Fault? {
        fault(in: Array(text.utf8), place: place)
    }

    static func fault(in octets: [UInt8], _ range: Range<Int>, place: Place) -> Fault? {
        var index = range.lowerBound
        let end = range.upperBound
        var line = 1
        var column = 1
        while index < end {
            let octet = octets[index]
            if octet &- 0x20 < 0x5F {  // printable ASCII
                index += 1
                column += 1
                continue
            }
            if octet < 0x80 {
                guard place == .body else {
                    return Fault(code: .control, line: line, column: column, found: scalarName(UInt32(octet)))
                }
                if octet == Octet.lineFeed {
                    line += 1
                    column = 0
                } else if octet == Octet.carriageReturn {
                    guard index + 1 < end, octets[index + 1] == Octet.lineFeed else {
                        return Fault(code: .control, line: line, column: column, found: scalarName(UInt32(octet)))
                    }
                } else if octet != Octet.tab {
                    return Fault(code: .control, line: line, column: column, found: scalarName(UInt32(octet)))
                }
                index += 1
                column += 1
                continue
            }
            guard let (scalar, length) = decode(octets, at: index, end: end) else {
                return Fault(code: .utf8, line: line, column: column, found: octetName(octet))
            }
            if let code = refusal(of: scalar) {
                return Fault(code: code, line: line, column: column, found: scalarName(scalar))
            }
            index += length
            column += 1
        }
        return nil
    }

    /// The code with which a scalar beyond ASCII is refused; nil when it may pass.
    private static func refusal(of scalar: UInt32) -> BadCode? {
        if scalar < 0x2000 {
            if scalar < 0xA0 { return .control }
            return scalar == 0x061C ? .bidi : nil
        }
        switch scalar {
        case 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: return .bidi
        case 0x200B...0x200D, 0x2060, 0xFEFF: return .control
        default: return nil
        }
    }

    /// Decodes the UTF-8 sequence at an index (RFC 3629 section 4); nil when the octets there are no such sequence.
    @inline(__always)
    static func decode(_ octets: [UInt8], at index: Int, end: Int) -> (scalar: UInt32, length: Int)? {
        let lead = octets[index]
        if lead < 0x80 { return (UInt32(lead), 1) }
        func tail(_ offset: Int) -> UInt32? {
            guard index + offset < end else { return nil }
            let octet = octets[index + offset]
            return octet & 0xC0 == 0x80 ? UInt32(octet & 0x3F) : nil
        }
        if lead >= 0xC2, lead < 0xE0 {
            guard let second = tail(1) else { return nil }
            return (UInt32(lead & 0x1F) << 6 | second, 2)
        }
        if lead >= 0xE0, lead < 0xF0 {
            guard let second = tail(1), let third = tail(2) else { return nil }
            let scalar = UInt32(lead & 0x0F) << 12 | second << 6 | third
            // Shorter forms exist below U+0800, and surrogates are no characters.
            guard scalar >= 0x800, scalar & 0xF800 != 0xD800 else { return nil }
            return (scalar, 3)
        }
        if lead >= 0xF0, lead < 0xF5 {
            guard let second = tail(1), let third = tail(2), let fourth = tail(3) else { return nil }
            let scalar = UInt32(lead & 0x07) << 18 | second << 12 | third << 6 | fourth
            guard scalar >= 0x1_0000, scalar <= 0x10_FFFF else { return nil }
            return (scalar, 4)
        }
        return nil
    }

    /// `U+202E`.
    static func scalarName(_ scalar: UInt32) -> String {
        "U+" + hexadecimal(scalar, digits: 4)
    }

    /// `0xFF`.
    static func octetName(_ octet: UInt8) -> String {
        "0x" + hexadecimal(UInt32(octet), digits: 2)
    }

    /// Upper-case hexadecimal, with at least so many digits.
    static func hexadecimal(_ value: UInt32, digits: Int) -> String {
        let text = String(value, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
    }
}
