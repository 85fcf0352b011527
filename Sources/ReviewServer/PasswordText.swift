public import ReviewSignatures
@_spi(_Unicode) import Swift

/// A password as the octets that are hashed.
///
/// Vietnamese letters can be typed as one code point or as a letter with combining marks, depending on the keyboard; both
/// look the same to the person, so both are brought to NFC. Octets that are not UTF-8 stay as they are.
public enum PasswordText {
    /// Passwords longer than this are refused before any work.
    public static let longestOctets = 256

    /// The octets to hash.
    public static func octets(_ typed: [UInt8]) -> [UInt8] {
        // Short by the limits before login; the bound here keeps a careless caller from long runs of combining marks.
        guard typed.count <= 4 * longestOctets, typed.contains(where: { $0 >= 0x80 }),
            let text = String(validating: typed, as: UTF8.self)
        else { return typed }
        var composed = String.UnicodeScalarView()
        for scalar in text._nfc { composed.append(scalar) }
        return Array(String(composed).utf8)
    }

    /// The stored form of a new password; nil when memory is exhausted.
    public static func hash(of password: [UInt8], cost: ScryptCost) -> String? {
        var octets = Self.octets(password)
        defer { SecretOctets.erase(&octets) }
        guard let salt = try? SecureRandom.octets(16) else { return nil }
        return try? PasswordHash.derive(password: octets, salt: salt, cost: cost).encoded
    }
}
