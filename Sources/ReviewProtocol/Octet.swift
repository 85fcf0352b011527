/// The octets that the grammar names, and its character classes (specification §2, RFC 5234 appendix B.1).
enum Octet {
    static let tab: UInt8 = 0x09
    static let lineFeed: UInt8 = 0x0A
    static let carriageReturn: UInt8 = 0x0D
    static let space: UInt8 = 0x20
    static let quote: UInt8 = 0x22
    static let hash: UInt8 = 0x23
    static let minus: UInt8 = 0x2D
    static let dot: UInt8 = 0x2E
    static let colon: UInt8 = 0x3A
    static let less: UInt8 = 0x3C
    static let equals: UInt8 = 0x3D
    static let backslash: UInt8 = 0x5C
    static let underscore: UInt8 = 0x5F
    static let openBrace: UInt8 = 0x7B
    static let closeBrace: UInt8 = 0x7D
    static let delete: UInt8 = 0x7F

    @inline(__always)
    static func isDigit(_ octet: UInt8) -> Bool { octet &- 0x30 < 10 }

    @inline(__always)
    static func isAlpha(_ octet: UInt8) -> Bool { (octet | 0x20) &- 0x61 < 26 }

    @inline(__always)
    static func isAlphaOrDigit(_ octet: UInt8) -> Bool { isAlpha(octet) || isDigit(octet) }

    /// ALPHA / DIGIT / "-".
    @inline(__always)
    static func isKey(_ octet: UInt8) -> Bool { isAlphaOrDigit(octet) || octet == minus }

    /// ALPHA / DIGIT / "-" / "_" / ".".
    @inline(__always)
    static func isTag(_ octet: UInt8) -> Bool { isKey(octet) || octet == underscore || octet == dot }

    /// Any octet >= %x21 but DQUOTE "<" "{" "}" DEL.
    @inline(__always)
    static func isWord(_ octet: UInt8) -> Bool {
        octet >= 0x21 && octet != quote && octet != less && octet != openBrace && octet != closeBrace && octet != delete
    }
}
