import COpenSSL

/// What may be done with octets that nobody else should learn.
public enum SecretOctets {
    /// Overwrites the octets with zeroes, in a way the compiler does not remove, and empties the array.
    ///
    /// Only this array's storage is reached: copies made before keep their content.
    public static func erase(_ octets: inout [UInt8]) {
        octets.withUnsafeMutableBytes { buffer in
            guard let start = buffer.baseAddress else { return }
            OPENSSL_cleanse(start, buffer.count)
        }
        octets.removeAll()
    }

    /// Compares in a time that depends on the lengths alone, so that an answer's delay tells nothing about the octets.
    public static func areEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        guard left.count == right.count else { return false }
        return CRYPTO_memcmp(left, right, left.count) == 0
    }
}
