/// Puts scalars together from octets that come one by one (RFC 3629 §4); what is no UTF-8 becomes U+FFFD.
struct UTF8Assembler: Sendable {
    private var value: UInt32 = 0
    private var missing = 0
    /// Which octets may come next: narrower after a first octet that could begin an overlong form or a surrogate.
    private var continuation: ClosedRange<UInt8> = 0x80...0xBF

    /// Whether the first octets of a scalar have come, and not yet its last.
    var isWithinScalar: Bool { missing > 0 }

    /// Takes an octet and returns the scalars that end with it: none, one, or a replacement and one.
    mutating func take(_ octet: UInt8) -> [Unicode.Scalar] {
        if missing > 0 {
            guard continuation.contains(octet) else {
                missing = 0
                return ["\u{FFFD}"] + take(octet)
            }
            value = value << 6 | UInt32(octet & 0x3F)
            missing -= 1
            continuation = 0x80...0xBF
            return missing == 0 ? [Unicode.Scalar(value) ?? "\u{FFFD}"] : []
        }
        switch octet {
        case 0x00...0x7F: return [Unicode.Scalar(octet)]
        case 0xC2...0xDF: begin(octet & 0x1F, 1, 0x80...0xBF)
        case 0xE0: begin(octet & 0x0F, 2, 0xA0...0xBF)
        case 0xED: begin(octet & 0x0F, 2, 0x80...0x9F)
        case 0xE1...0xEF: begin(octet & 0x0F, 2, 0x80...0xBF)
        case 0xF0: begin(octet & 0x07, 3, 0x90...0xBF)
        case 0xF1...0xF3: begin(octet & 0x07, 3, 0x80...0xBF)
        case 0xF4: begin(octet & 0x07, 3, 0x80...0x8F)
        default: return ["\u{FFFD}"]
        }
        return []
    }

    /// Gives up a scalar whose last octets did not come.
    mutating func finish() -> Unicode.Scalar? {
        guard missing > 0 else { return nil }
        missing = 0
        return "\u{FFFD}"
    }

    private mutating func begin(_ bits: UInt8, _ count: Int, _ next: ClosedRange<UInt8>) {
        value = UInt32(bits)
        missing = count
        continuation = next
    }
}
