@_spi(_Unicode) import Swift

/// A password as the octets that are counted and hashed.
///
/// Vietnamese letters can be typed as one code point or as a letter with combining marks, depending on the keyboard; both
/// look the same to the person, so both are brought to NFC. Octets that are not UTF-8 stay as they are.
public enum PasswordForm {
    /// Fewest and most octets of a new password, however it is set: eight characters are the least that a slow hash
    /// protects.
    public static let allowedOctets = 8...128

    /// Longer ones stay as they are typed: they are refused, or wrong, in any case.
    private static let longestTyped = 1_024

    /// The octets to count and to hash.
    public static func octets(_ typed: [UInt8]) -> [UInt8] {
        // Short by the limits before login; the bound here keeps a careless caller from long runs of combining marks.
        guard typed.count <= longestTyped, typed.contains(where: { $0 >= 0x80 }),
            let text = String(validating: typed, as: UTF8.self)
        else { return typed }
        var composed = String.UnicodeScalarView()
        for scalar in text._nfc { composed.append(scalar) }
        return Array(String(composed).utf8)
    }

    /// Whether this may become somebody's password.
    public static func allows(_ typed: [UInt8]) -> Bool { allowedOctets.contains(octets(typed).count) }
}
