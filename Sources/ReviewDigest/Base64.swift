/// Base 64 (RFC 4648), with one spelling for every octet string.
public enum Base64 {
    /// How octets are spelled.
    public enum Spelling: Sendable {
        /// The alphabet of section 4, with `=` up to a multiple of four.
        case padded
        /// The same without padding.
        case unpadded
        /// The alphabet of section 5, every letter of which may stand in an address, without padding.
        case forAddresses
    }

    private static let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)
    private static let alphabet = letters + Array("+/".utf8)
    private static let alphabetForAddresses = letters + Array("-_".utf8)
    private static let padding = UInt8(ascii: "=")

    private static func alphabet(of spelling: Spelling) -> [UInt8] {
        switch spelling {
        case .padded, .unpadded: alphabet
        case .forAddresses: alphabetForAddresses
        }
    }

    /// Encodes octets.
    public static func encode(_ octets: [UInt8], as spelling: Spelling = .padded) -> String {
        String(decoding: digits(of: octets, as: spelling), as: UTF8.self)
    }

    private static func digits(of octets: [UInt8], as spelling: Spelling) -> [UInt8] {
        let alphabet = alphabet(of: spelling)
        var digits: [UInt8] = []
        digits.reserveCapacity((octets.count + 2) / 3 * 4)
        var (bits, bitCount) = (UInt32(0), UInt32(0))
        for octet in octets {
            bits = bits << 8 | UInt32(octet)
            bitCount += 8
            while bitCount >= 6 {
                bitCount -= 6
                digits.append(alphabet[Int(bits >> bitCount & 63)])
            }
        }
        if bitCount > 0 { digits.append(alphabet[Int(bits << (6 - bitCount) & 63)]) }
        if spelling == .padded {
            while !digits.count.isMultiple(of: 4) { digits.append(padding) }
        }
        return digits
    }

    /// Decodes the octets of a text; nil unless it is exactly what `encode` gives for some octets.
    public static func decode(_ text: some Collection<UInt8>, as spelling: Spelling = .padded) -> [UInt8]? {
        // A copy of the octets costs nothing beside looking at each through the caller's own kind of collection.
        decode(digits: Array(text), as: spelling)
    }

    private static func decode(digits: [UInt8], as spelling: Spelling) -> [UInt8]? {
        let values = values(of: spelling)
        var octets: [UInt8] = []
        octets.reserveCapacity(digits.count / 4 * 3 + 2)
        var (bits, bitCount) = (UInt32(0), UInt32(0))
        for digit in digits {
            if digit == padding { break }
            let value = values[Int(digit)]
            guard value != noValue else { return nil }
            bits = bits << 6 | UInt32(value)
            bitCount += 6
            if bitCount >= 8 {
                bitCount -= 8
                octets.append(UInt8(truncatingIfNeeded: bits >> bitCount))
            }
        }
        // Padding in other places, a lone digit, or bits left over: a second spelling would be another text.
        return self.digits(of: octets, as: spelling) == digits ? octets : nil
    }

    private static let noValue = UInt8.max
    private static let values = table(of: alphabet)
    private static let valuesForAddresses = table(of: alphabetForAddresses)

    /// What each octet stands for.
    private static func values(of spelling: Spelling) -> [UInt8] {
        switch spelling {
        case .padded, .unpadded: values
        case .forAddresses: valuesForAddresses
        }
    }

    private static func table(of alphabet: [UInt8]) -> [UInt8] {
        var values = [UInt8](repeating: noValue, count: 256)
        for (value, digit) in alphabet.enumerated() { values[Int(digit)] = UInt8(truncatingIfNeeded: value) }
        return values
    }
}
