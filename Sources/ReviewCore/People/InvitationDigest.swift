import ReviewDigest

/// The stored form of an invitation code: SHA-256 of its symbols as they are meant, however they are typed.
///
/// People copy a code from paper: small letters, missing or added hyphens and blanks, O for 0, I or L for 1 make no
/// difference. Codes have none of those letters.
public enum InvitationDigest {
    /// The digest (64 hexadecimal digits) of a code as typed.
    public static func digest(of typed: some Sequence<UInt8>) -> String {
        var symbols: [UInt8] = []
        for octet in typed {
            switch octet {
            case UInt8(ascii: " "), UInt8(ascii: "-"): continue
            case UInt8(ascii: "O"), UInt8(ascii: "o"): symbols.append(UInt8(ascii: "0"))
            case UInt8(ascii: "I"), UInt8(ascii: "i"), UInt8(ascii: "L"), UInt8(ascii: "l"):
                symbols.append(UInt8(ascii: "1"))
            case UInt8(ascii: "a")...UInt8(ascii: "z"): symbols.append(octet - 32)
            default: symbols.append(octet)
            }
        }
        return Digest(hashing: symbols).description
    }
}
