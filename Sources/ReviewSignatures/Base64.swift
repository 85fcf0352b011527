/// The two alphabets of RFC 4648 §4 and §5, without padding, with one spelling for every octet string.
enum Base64 {
    enum Alphabet {
        case standard
        case forAddresses

        fileprivate var characters: [UInt8] {
            let common = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)
            return switch self {
            case .standard: common + Array("+/".utf8)
            case .forAddresses: common + Array("-_".utf8)
            }
        }
    }

    static func encode(_ octets: [UInt8], alphabet: Alphabet) -> String {
        let characters = alphabet.characters
        var result: [UInt8] = []
        result.reserveCapacity(octets.count * 4 / 3 + 3)
        var bits: UInt32 = 0
        var bitCount = 0
        for octet in octets {
            bits = bits << 8 | UInt32(octet)
            bitCount += 8
            while bitCount >= 6 {
                bitCount -= 6
                result.append(characters[Int(bits >> UInt32(bitCount) & 63)])
            }
            bits &= (1 << UInt32(bitCount)) - 1
        }
        if bitCount > 0 { result.append(characters[Int(bits << UInt32(6 - bitCount) & 63)]) }
        return String(decoding: result, as: UTF8.self)
    }

    /// Decodes the standard alphabet; nil for padding, foreign characters, an impossible length, or bits left over.
    static func decode(_ text: Substring) -> [UInt8]? {
        var result: [UInt8] = []
        var bits: UInt32 = 0
        var bitCount = 0
        for digit in text.utf8 {
            let value: UInt8
            switch digit {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): value = digit - UInt8(ascii: "A")
            case UInt8(ascii: "a")...UInt8(ascii: "z"): value = digit - UInt8(ascii: "a") + 26
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = digit - UInt8(ascii: "0") + 52
            case UInt8(ascii: "+"): value = 62
            case UInt8(ascii: "/"): value = 63
            default: return nil
            }
            bits = bits << 6 | UInt32(value)
            bitCount += 6
            if bitCount >= 8 {
                bitCount -= 8
                result.append(UInt8(truncatingIfNeeded: bits >> UInt32(bitCount)))
                bits &= (1 << UInt32(bitCount)) - 1
            }
        }
        // A lone digit leaves six bits; a second spelling of the same octets leaves bits that are not zero.
        return bitCount < 6 && bits == 0 ? result : nil
    }
}
