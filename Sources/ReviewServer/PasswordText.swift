import ReviewCore
public import ReviewSignatures

/// The stored form of passwords.
public enum PasswordText {
    /// The stored form of a new password; nil when memory is exhausted.
    public static func hash(of password: [UInt8], cost: ScryptCost) -> String? {
        // The working copy, where there is one; the caller's octets are the caller's.
        var octets = PasswordForm.octets(password)
        defer { SecretOctets.erase(&octets) }
        guard let salt = try? SecureRandom.octets(16) else { return nil }
        return try? PasswordHash.derive(password: octets, salt: salt, cost: cost).encoded
    }
}
