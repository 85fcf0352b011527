import COpenSSL

/// How much work and memory a password hash takes (RFC 7914 §2).
///
/// Memory is about 128 × r × N octets, time grows with N × r × p.
public struct ScryptCost: Sendable, Hashable {
    /// The binary logarithm of N, the number of blocks: 1 to 17.
    public let log2N: Int
    /// The block size r, in units of 128 octets: 1 to 16.
    public let blockSize: Int
    /// The parallelisation p: how often the mixing runs, one after the other: 1 to 8.
    public let parallelisation: Int

    /// What accounts use: 32 MiB and about 0.3 s of one core (OWASP's list of equivalent scrypt settings).
    public static let standard = Self(unchecked: 15, 8, 3)
    /// For tests only: 1 MiB and a few milliseconds.
    public static let quick = Self(unchecked: 10, 8, 1)

    /// Takes the three parameters; nil outside of the bounds.
    ///
    /// The bounds keep a stored hash, which may come from an imported file, from costing more than 256 MiB.
    public init?(log2N: Int, blockSize: Int, parallelisation: Int) {
        guard (1...17).contains(log2N), (1...16).contains(blockSize), (1...8).contains(parallelisation) else {
            return nil
        }
        self.init(unchecked: log2N, blockSize, parallelisation)
    }

    private init(unchecked log2N: Int, _ blockSize: Int, _ parallelisation: Int) {
        self.log2N = log2N
        self.blockSize = blockSize
        self.parallelisation = parallelisation
    }
}

/// The key derivation function of RFC 7914.
enum Scrypt {
    /// Derives octets from a password.
    ///
    /// `EVP_PBE_scrypt` rather than `EVP_KDF`: the latter takes its arguments as `OSSL_PARAM`, which keeps pointers to
    /// the names of the parameters longer than Swift keeps the strings.
    static func derive(
        password: [UInt8], salt: [UInt8], cost: ScryptCost, octetCount: Int
    ) throws(SignatureError) -> [UInt8] {
        let blocks = UInt64(1) << UInt64(cost.log2N)
        let blockSize = UInt64(cost.blockSize)
        let parallelisation = UInt64(cost.parallelisation)
        // OpenSSL's own limit is 32 MiB including its working blocks, which the standard cost just exceeds.
        let memoryOctets = 128 * blockSize * (blocks + parallelisation + 2) + 1024 * 1024
        var derived = [UInt8](repeating: 0, count: octetCount)
        let status = password.withUnsafeBytes { password in
            EVP_PBE_scrypt(
                password.baseAddress?.assumingMemoryBound(to: CChar.self), password.count, salt, salt.count, blocks,
                blockSize, parallelisation, memoryOctets, &derived, octetCount)
        }
        guard status == 1 else { throw .fromLibrary("scrypt") }
        return derived
    }
}
